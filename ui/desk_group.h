/*
 * desk_group.h - the part of the desk that deals with groups: when a series is
 * gathered, its contact sheet, the verdicts of all that are alike.
 */
#ifndef SUMI_DESK_GROUP_H
#define SUMI_DESK_GROUP_H

#include "ui/desk.h"

void desk_group_done(struct desk *d);
/* A verdict on d->item was recorded: gather its series. */
void desk_group_begin(struct desk *d);
/* Layouts changed: gather it again. */
void desk_group_again(struct desk *d);
/* The verdict on a row was taken back. */
void desk_group_reopened(struct desk *d, long long row);
/* Read on, where nothing else is to be read; tell what there is. */
void desk_group_step(struct desk *d);
/* Is this event of the series? */
bool desk_group_worker(struct desk *d, struct worker_event *event);
/* EFFECT_SHEET: of the series that a row belongs to; alike: only when some on
 * it are, else says why there are none. */
void desk_group_sheet(struct desk *d, long long row, bool alike);
/* EFFECT_GROUP. */
void desk_group_approve(struct desk *d);
/* What the last of v's items is to its group. */
void desk_group_mark(struct desk *d, struct view_data *v);
#endif

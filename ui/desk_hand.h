/*
 * desk_hand.h - masks handed on: to the next pictures of a device, to a
 * series, to all of a device and size; and taken back again.
 */
#ifndef SUMI_DESK_HAND_H
#define SUMI_DESK_HAND_H

#include "ui/desk.h"

/* What was remembered before the masks on the screen took its place. */
struct handed {
	struct layouts *in;             /* the desk's layouts or propagated */
	uint8_t key[LAYOUT_DEVICE];
	int columns, rows;
	struct box_list before;
};

/* EFFECT_REMEMBER: the masks on the screen, for the next picture of this
 * device and size. */
void desk_remember(struct desk *d);
/* EFFECT_PROPAGATE: to the others of the series, or of this device and size,
 * as proposals. */
void desk_propagate(struct desk *d);
/* EFFECT_TAKE_BACK: what was there before the last of these two. */
void desk_take_back(struct desk *d);
/* Release what could be taken back. */
void desk_hand_done(struct desk *d);
#endif

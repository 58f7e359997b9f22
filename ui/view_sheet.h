/* view_sheet.h - the contact sheet of a group: a page of its crops. */
#ifndef SUMI_VIEW_SHEET_H
#define SUMI_VIEW_SHEET_H

#include "ui/view.h"

void view_sheet(const struct view_data *v, struct canvas *c);
#endif

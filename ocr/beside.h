/*
 * beside.h - faint lines beside strong ink.  Around letters, rules and ticks
 * of full contrast marks have to stand out by .42 of it (ink.h), which small
 * grey letters beside them don't.  Reads nothing.
 */
#ifndef SUMI_BESIDE_H
#define SUMI_BESIDE_H

#include "base/error.h"
#include "ocr/lines.h"

/*
 * Add to the lines of a plane those that are seen only when strong ink is taken
 * out: sure lines, and what stands out by 80 levels or more in a cell of 32 x
 * 32 pixels that is ground for seven tenths.  Within 32 pixels of it has to be
 * some ink that is too faint beside it, and three quarters of ground.  A line
 * is added when all but seven hundredths of what lies close around it are
 * ground: neither tissue nor squared paper.  view: of the plane, for the lines
 * that are added.
 *
 * telling  hears of each place looked at; may be NULL
 *
 * False with *err ERR_MEMORY.
 */
bool lines_find_beside(const struct grey_plane *p, int view,
		       const struct telling *telling, struct line_list *list,
		       struct error *err);

#endif

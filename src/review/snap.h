/*
 * snap.h - where the text of an area really ends: its line, the block of lines
 * it belongs to, the banner across the picture.  Looks at display values only.
 */
#ifndef SUMI_SNAP_H
#define SUMI_SNAP_H

#include "review/ink.h"

enum snap { SNAP_LINE, SNAP_BLOCK, SNAP_BANNER, SNAPS };

/*
 * The smallest area, 2 pixels around, that holds the ink in `area` and what of
 * the line, or block, reaches beyond: ink closer than a letter beside it (for
 * a block also above and below), and ink that touches it.  A banner is the
 * block over all columns, where nothing lies just above and below it.
 * Ink that goes on over more than 64 rows is no text: the area is then made to
 * fit what of it lies within, and a line with such ink beside it has no block.
 *
 * letter  height of a letter in pixels; at least 4 are taken, and up to 64 as
 *         the line turns out to be high
 *
 * Ink is what differs from the median of the area and a border of three
 * letters around it by 40 grey levels plus twice their median deviation, on
 * the side where the area has more of it.  False: there is none in the area;
 * *snapped is the area then.
 */
bool ink_snap(const struct ink_picture *p, struct region area, int letter,
	      enum snap how, struct region *snapped);
#endif

/*
 * cleared.h - what can't be read and lies over lines that were: the same ink
 * once more, taken down a column of them, for one line or in a piece, or a
 * larger shape around them.  Knows no pixels.
 */
#ifndef SUMI_CLEARED_H
#define SUMI_CLEARED_H

#include "base/error.h"
#include "find/proposal.h"
#include "ocr/telling.h"

/*
 * Make faint ink of each unreadable box or candidate that lies, but for a
 * tenth, on lines that were read, with a tenth at least on cleared ones.
 * A line that was read reaches half its height further: no letter stands
 * between two lines that are as near as that.  A row along a line's edge, or
 * of less than .6 of its height, may be a line of its own and stays.  A line of
 * one letter or digit reaches nowhere.
 *
 * Out of such a box that is more than the row of a cleared line (1.7 times as
 * high, or runs down) and holds four fifths of the line, the line is cut: what
 * is left are one or two boxes, above and below it or beside it, where a letter
 * of 5 pixels has room; where there were more the box stays whole.  Of a box whose shape was not surely text (score
 * below 800) with the line in it the largest piece stays what it was, and the
 * others become candidates.  Boxes may be added.
 *
 * telling  hears of each box; may be NULL
 *
 * False with *err ERR_MEMORY.
 */
bool cleared_settle(struct box_list *list, const struct telling *telling,
		    struct error *err);

#endif

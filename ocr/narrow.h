/*
 * narrow.h - columns of narrow letters, looked at with their columns doubled.
 * Half-width kana and small figures that run down are half as wide as high and
 * set far apart: as wide as high they look more like other letters.  Reads
 * nothing.
 */
#ifndef SUMI_NARROW_H
#define SUMI_NARROW_H

#include "base/error.h"
#include "ocr/lines.h"

/*
 * Look once more around the narrow lines of a plane (10 pixels wide at most)
 * that run down and are not sure (a score below 4), the 24 best of them: six
 * widths above and below and two to either side.  What is found there in twice
 * as many columns and is as narrow is added, half a point less sure.
 *
 * telling  hears of each place looked at; may be NULL
 *
 * False with *err ERR_MEMORY.
 */
bool lines_find_narrow(const struct grey_plane *p,
		       const struct telling *telling, struct line_list *list,
		       struct error *err);

#endif

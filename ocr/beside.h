/*
 * beside.h - faint lines beside strong ones.  Around letters of full contrast
 * marks have to stand out by .42 of it (ink.h), which small grey letters above
 * or below them don't.  Reads nothing.
 */
#ifndef SUMI_BESIDE_H
#define SUMI_BESIDE_H

#include "base/error.h"
#include "ocr/lines.h"

/*
 * Add to the lines of a plane those that are seen around a sure one only when
 * all sure ones are taken out.  Within 32 pixels of one has to be some ink that
 * is too faint beside it; a line is added when nine tenths of what lies close
 * around it are of the level of most pixels there.
 * view: of the plane, for the lines that are added.
 *
 * telling  hears of each sure line; may be NULL
 *
 * False with *err ERR_MEMORY.
 */
bool lines_find_beside(const struct grey_plane *p, int view,
		       const struct telling *telling, struct line_list *list,
		       struct error *err);

#endif

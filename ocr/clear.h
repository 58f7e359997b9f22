/*
 * clear.h - columns of faint or few letters on a ground that is as good as
 * even.  The shape of a row tells letters from texture, and where there is no
 * texture less of it will do.  Reads nothing.
 */
#ifndef SUMI_CLEAR_H
#define SUMI_CLEAR_H

#include "ocr/lines.h"

/*
 * Raise the score of the lines of a view that run down and look like no text
 * for sure to 2.25, with which they are masked, to their ends, when the ground
 * to their left and right is clear: all but a fiftieth of it is no brighter (of
 * dark letters: darker) than its median by more than three fifths of what the
 * letters stand out by (two fifths, of a column wider than 20 pixels, as ribs
 * are; the strongest sixth of their box, 12 levels at least): the dark nuclei
 * of a slide are no bright letters.  An eighth to five ninths of the box are
 * ink, one inked row in ten or more has two strokes or more, unlike ticks, and
 * some rows have none.
 *
 * p     the plane of the view
 * view  lines of another view are left alone
 */
void lines_raise_clear(const struct grey_plane *p, int view,
		       struct line_list *list);

#endif

/*
 * complete.h - the ends of lines that were missed: letters that go on in the
 * same row, weaker or over another ground than the rest, and pieces of a row
 * that lie on either side of a ground as bright (dark) as its letters.  Reads
 * nothing.
 */
#ifndef SUMI_COMPLETE_H
#define SUMI_COMPLETE_H

#include "base/error.h"
#include "ocr/lines.h"
#include "ocr/telling.h"
#include "ocr/views.h"

/*
 * What became of the lines of the frame before: a line that stays, and all
 * around it, is not looked at again.  Zero-initialise, one for a series of
 * frames; release with complete_memory_done().
 */
struct complete_memory {
	struct completed *line;
	size_t count, capacity, old;    /* the first `old` are of before */
	double wait;
	const struct views *before;     /* the caller's; NULL: none */
};
void complete_memory_done(struct complete_memory *m);
/*
 * A frame begins: forget those of the one before the last.  Lines with a score
 * of at most `wait` are looked at once they stand in two frames as they are.
 * before: the planes of the last frame, until this one is done; it may have
 * none or be NULL.
 */
void complete_memory_next(struct complete_memory *m, double wait,
			  const struct views *before);

/*
 * Make the lines of a view longer where letters go on.  Of each line with a
 * score above `least` and letters of 6 to 160 pixels, marks in its row count
 * that are of its polarity, stand out by more than a third of what its own
 * letters do, lie within its height and a quarter to either side, and follow
 * each other within one height, or, of a line with a score above 4 (2, of one
 * that runs down), after a blank of one and a half (two) or of 9/4 of the
 * distance at which its letters begin; 8 heights to either side are looked at,
 * and of such a line 8 more while letters go on to there, 64 at most.
 * In a line that runs across a flat mark near its middle counts too, as wide as
 * a letter: a kanji one.
 * In a line that runs down a stroke counts that is thin and long as a one, and
 * its letters are as wide as the row that it has its score of (line.own).  What
 * looks like one letter with a score above 2, and is of no line with one above
 * 0 that runs down, runs down itself when they go on above or below it, three
 * times as high as wide together; so does what list->gone has of that kind, a
 * letter that better lines hold, beside those.
 * Then lines of one row and nearly one height are joined over a gap of up to
 * 3.5 heights of which a third or more is as bright as their letters; and
 * single letters, digits too, to the line that runs down above or below them.
 *
 * p        the plane of the view
 * view     lines of another view are left alone
 * m        NULL: nothing is remembered.  Else one letter stays one: a moving
 *          picture has no time for it
 * telling  hears of each line; may be NULL
 *
 * False with *err ERR_MEMORY.
 */
bool lines_complete(const struct grey_plane *p, int view, double least,
		    struct line_list *list, struct complete_memory *m,
		    const struct telling *telling, struct error *err);

/*
 * Tell of the lines of a view with a score of -1 to 4 and letters of 16 pixels
 * at most how far they may go on as faint ink (line.far): letters count as
 * above, but of either polarity, and also after a blank of two heights or of 9/4
 * of the distance at which letters begin; a third of it all is the line's.  No
 * line changes else.
 */
bool lines_reach_weak(const struct grey_plane *p, int view,
		      struct line_list *list, const struct telling *telling,
		      struct error *err);

#endif

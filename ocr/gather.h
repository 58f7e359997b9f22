/*
 * gather.h - boxes of one file as they come, frame after frame: what stands at
 * one place in frames that follow each other is one box over all of them.
 */
#ifndef SUMI_GATHER_H
#define SUMI_GATHER_H

#include "find/proposal.h"
#include "ocr/telling.h"

/*
 * Add a box, or join it to one of the list: the same plane, tier, kind, class
 * and place, at most 16 frames between them, and the same words but for digits
 * (a clock, a counter; of what can't be read, any).  Faint ink is joined where
 * it touches, in any frames: its number is bounded by the picture.
 * The joined box covers both, in all frames from the first to the last, so a
 * line that is missed in one frame between is masked there too.  `differs` is
 * set when it does not show the same in all of them.
 *
 * frames  of the file; in a single one nothing is joined
 *
 * False without memory.
 */
bool gather_box(struct box_list *list, const struct box *box, int frames);

/*
 * A box over letters that run down is made to reach over what stands above and
 * below it, as wide as itself (1.4) and three widths away at most, and is too
 * weak to be masked by itself: a part of a name, or all of the line.  Then,
 * of boxes over letters in one column, the upper one is made to reach the
 * lower: as wide as each other (1.4), three widths apart at most; or nearly as
 * wide (1.6), five apart, where a third box or candidate stands in or near
 * them, or both are of several letters (three times as high as wide).  Above
 * and below such a one a box may be half as high as wide: what was seen of a
 * letter.  Half-width kana that run down and names of two kanji are set so far
 * apart; what stands between them belongs to them: a mark of voice, a stroke
 * or a figure one that is no row by itself, a blank.
 *
 * telling  hears of each box, here and below; may be NULL
 */
void gather_columns(struct box_list *list, const struct telling *telling);

/*
 * The same of boxes over letters in one row, of which one is to reach the
 * next: both short (four heights) and three heights apart at most; or one of
 * them, and five, where a third short one, or a single letter that was
 * cleared, stands in or near them; or whatever they are, when such a letter
 * stands between, three heights from either.  Letters are set so far apart in
 * names with spaces between them ("S A T O"), and in dates whose numbers have
 * blanks in front.
 */
void gather_rows(struct box_list *list, const struct telling *telling);

/*
 * Make boxes of candidates that can't be read and hold such a box, of a part
 * of their height (1/3 to 5/7) and a quarter of their length or more: of
 * letters on a ground of stripes a row of parts is surer than the row itself,
 * and a mask over half of their height leaves them to be read.  And of
 * candidates that run down and hold a letter, a box or candidate by itself that
 * is nearly as wide (3/5) and no longer than so much of them: of a row of
 * texture none looks like a letter the other way.  Faint as it is, such a line
 * becomes a box by two letters, which may be faint, too: figures and kanji
 * below each other differ in width, and look like no row.
 */
void gather_parts(struct box_list *list, const struct telling *telling);

/*
 * All of it: what becomes a box by its parts reaches over its ends, too.  At
 * last a letter or letters that run down, four fifths as high as wide at least,
 * reach a box over text above or below them that is no further away than they
 * are wide (of several letters: three times that) and holds all of their width
 * (but two pixels), unless a line that was cleared lies between: of a column on
 * stripes or in a frame letters are found across, with what is beside them.
 */
void gather_lines(struct box_list *list, bool parts,
		  const struct telling *telling);

/*
 * Add faint ink that holds lines and what may go on at their ends, but for what
 * lies in a box or candidate, or in other such ink; the faint ink in it goes.
 * False with *err ERR_MEMORY.
 */
bool gather_far(struct box_list *list, const struct box_list *far,
		struct error *err);

#endif

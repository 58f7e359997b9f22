/*
 * loose.h - ink outside the boxes that may be a line of letters: what nobody
 * proposed, to be shown on the last page of evidence (DESIGN 8.5).  Judges
 * shapes and places of marks only.
 */
#ifndef SUMI_LOOSE_H
#define SUMI_LOOSE_H

#include "review/marks.h"

struct loose_line {
	struct region region;           /* pixels, around its marks */
	int letter_height;              /* pixels: a quarter of the letters is
					   higher (wider, where it runs down)
					   */
	int letters;
	bool down;                      /* it runs down, not across */
};
/* Zero-initialise; release with loose_list_done(). */
struct loose_list {
	struct loose_line *line;
	size_t count, capacity;
};
void loose_list_done(struct loose_list *list);

/*
 * Find lines across and lines that run down among the marks that do not lie
 * under one of the regions (their centres do not).  The list is emptied first;
 * lines of most letters come first.  No line lies by half in one before it.
 *
 * covered  `count` regions, pixels: boxes of all tiers on this frame
 *
 * A line has three letters or more, 5 to 48 pixels high, no further apart than
 * they are high, is straight (no higher than one and a half of its highest)
 * and at least twice as long; two letters and a third of a line do where the
 * rest of it lies under a box, and one letter where that box is more than
 * twice as high as the line: a column or a block that was not made for it.  Two
 * letters are a line where they are 8 pixels high or more, stand on one line
 * and are very clear (120/20): an age, a sex.  Words of a line up to two and a half heights
 * apart are one.  Letters are stronger than texture: 36/20 of what counts as
 * ink, half of them 42/20.  (In the pictures of bench/review that leaves 9 of
 * 10 lines, and of the groups of marks in tissue 1 of 4.)
 *
 * False when there is no memory.
 */
bool loose_find(const struct mark_list *marks, const struct region *covered,
		size_t count, struct loose_list *list);
#endif

/*
 * marks.h - small marks that stand out from what is around them: pieces of
 * letters, found on the screen's own copy of the picture.  Shares nothing with
 * the detector, so that what one of them misses the other may see.
 */
#ifndef SUMI_MARKS_H
#define SUMI_MARKS_H

#include "review/ink.h"

/* Connected ink (eight neighbours) of one polarity. */
struct mark {
	struct region box;              /* pixels */
	bool light;                     /* else dark */
	int strength;                   /* at its strongest, of what counts as
					   ink there: 20 is just that, 255 the
					   most told */
};
enum { MARK_STRENGTH = 20 };
/* Zero-initialise; release with mark_list_done(). */
struct mark_list {
	struct mark *mark;
	size_t count, capacity;
};
void mark_list_done(struct mark_list *list);

enum { MARKS_MOST = 16000 };

/*
 * Find the marks of a picture; the list is emptied first.  Ink is what is left
 * when all that is wider and higher than 11 pixels is taken away (an opening
 * by a square of 11 x 11: strokes of letters up to about 44 pixels high
 * remain) where that exceeds 14 levels and twice its mean over the 48 x 48
 * pixels around.  Where there are more than MARKS_MOST of a polarity (noise)
 * the factor rises until there are fewer.  False when there is no memory.
 */
bool marks_find(const struct ink_picture *p, struct mark_list *list);
#endif

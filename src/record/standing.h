/*
 * standing.h - the masks of a picture that stand in a frame of it: frames are
 * gone through from the first to the last, in runs that have the same masks.
 */
#ifndef SUMI_STANDING_H
#define SUMI_STANDING_H

#include "record/masks.h"

struct standing {
	struct region *region;          /* of the masks that stand now */
	size_t count;
	/* the rest is its own */
	const struct box **mask;        /* all of the picture, by first frame */
	size_t masks, next;             /* the next that will stand */
	const struct box **now;         /* those of region */
};

/* Of all that is masked in the picture (an overlay covers none of it).  m is
 * borrowed.  False: no memory. */
bool standing_init(struct standing *s, const struct masks *m);
void standing_done(struct standing *s);

/* Back to before the first frame. */
void standing_start(struct standing *s);
/*
 * Go on to a frame (0-based), not back: s->region are those that stand there,
 * of those over `part` (NULL: all; the same until the next start).  Returns
 * the last frame, `last` at most, up to which just these do.
 */
int standing_run(struct standing *s, int frame, int last,
		 const struct region *part);
#endif

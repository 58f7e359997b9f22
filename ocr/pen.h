/*
 * pen.h - writing by hand, found by the strokes of a pen where rows of letters
 * do not show.  No file I/O, reads nothing.
 */
#ifndef SUMI_PEN_H
#define SUMI_PEN_H

#include <stdbool.h>
#include <stddef.h>

#include "ocr/ink.h"

/* Marks of a plane that may be strokes; zero-initialise. */
struct pen_mark {
	struct region box;      /* pixels of the whole plane */
	int level;              /* scale at which it was seen: 1 / 2^level */
	bool dark;
	double ink, ground;     /* mean levels of it and around it */
	double wide;            /* of its stroke, pixels of the whole plane */
	int area;               /* pixels at its scale */
};
struct pen_marks {
	struct pen_mark *mark;
	size_t count, capacity;
};
void pen_marks_done(struct pen_marks *m);

/*
 * Keep what may be a stroke of the marks of a plane at a scale (0 to 2): long
 * for its width, of one level, with sharp edges.  False: no memory.
 */
bool pen_see(struct pen_marks *m, int level, bool dark,
	     const struct ink_list *marks);

/*
 * Hand each piece of writing among the marks of plane p to take(), but for
 * marks in one of `known` regions (lines of print).  Writing is 26 to 1000
 * pixels long and 12 to 240 high, of strokes of one width on even ground that
 * hang together and turn often: they cross rows and columns of pixels several
 * times, and few run straight along these for long (grids, tables, rulers) or
 * beside each other (ribs, stripes).  A curve that goes one way (of an ECG,
 * along a bone) crosses a column about once, a contour twice.
 * False: no memory.
 */
bool pen_find(const struct pen_marks *m, const struct grey_plane *p,
	      const struct region *known, size_t known_count,
	      void (*take)(void *self, struct region box), void *self);

#endif

/*
 * ink.h - small marks that stand out from what is around them: pieces of
 * letters, found by shape and contrast alone.  No file I/O, reads nothing.
 */
#ifndef SUMI_INK_H
#define SUMI_INK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "image/region.h"
#include "ocr/plane.h"

/* Sums over a mark. */
enum {
	INK_GREY, INK_GREY2,            /* of level and its square */
	INK_CONTRAST,                   /* of levels above surroundings */
	INK_EDGE,                       /* of steps at ends of runs */
	INK_SUMS
};

/* One connected mark (eight neighbours). */
struct ink {
	struct region box;
	int area;                       /* pixels */
	int runs, falls;                /* horizontal, vertical runs */
	int noise;                      /* mean contrast around it, times 3 */
	double sum[INK_SUMS];
};

struct ink_list {
	struct ink *ink;
	size_t count, capacity;
};

/*
 * Where a mark ends: at .42 of the strongest contrast within 8 to 16 pixels;
 * or, where such marks fill a third of the place, as stripes and the letters
 * on them do, at .6: letters come off lines that are fainter than they.
 */
enum ink_cut { INK_WIDE, INK_SHARP, INK_CUTS };

/*
 * Find the marks of one polarity by each cut, in no promised order.  A mark
 * stands out by 16 levels, or by three times the mean contrast around when
 * that is less, but 8; in a plane with more than 300 000 marks (noise) the
 * bound rises until there are fewer.  The lists are emptied first.
 * False with *err ERR_MEMORY.
 */
bool ink_find(const struct grey_plane *p, bool dark,
	      struct ink_list list[INK_CUTS], struct error *err);
void ink_list_done(struct ink_list *list);

#endif

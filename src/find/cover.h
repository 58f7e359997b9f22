/*
 * cover.h - how far regions lie over one another.  Exact, in whole pixels.
 */
#ifndef SUMI_COVER_H
#define SUMI_COVER_H

#include <stddef.h>

#include "image/region.h"

/* Pixels of `of` inside the union of count regions. */
long long cover_area(struct region of, const struct region *region,
		     size_t count);
/* The same as a share 0..1; 1 of an empty `of`. */
double cover_share(struct region of, const struct region *region,
		   size_t count);

/* Shared area by the area of both together, 0..1 (Jaccard). */
double cover_iou(struct region a, struct region b);

/*
 * How many of a and b can be paired so that each is in one pair at most and
 * every pair has an IoU of at least `least`: pairs in the order of falling
 * IoU, ties by smaller index.  -1: no memory.
 */
long cover_pairs(const struct region *a, size_t as, const struct region *b,
		 size_t bs, double least);
#endif

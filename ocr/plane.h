/*
 * plane.h - eight-bit samples of one picture, or of one made smaller.  No file
 * I/O, reads nothing.
 */
#ifndef SUMI_PLANE_H
#define SUMI_PLANE_H

#include <stddef.h>
#include <stdint.h>

#include "image/region.h"

/* Row y starts at grey + y * stride.  Borrowed. */
struct grey_plane {
	const uint8_t *grey;
	int columns, rows;
	ptrdiff_t stride;               /* bytes */
};

/*
 * Half the size, each sample the mean of four, rounded.  Returns the samples,
 * which half points to and the caller frees; NULL without memory, or of a
 * plane with less than two columns or rows.
 */
uint8_t *plane_halve(const struct grey_plane *p, struct grey_plane *half);

/* Widen least..most so that n samples lie in it. */
void plane_range(const uint8_t *v, size_t n, uint8_t *least, uint8_t *most);

/* The levels between the lowest and the highest of a region of the plane; 0 of
 * an empty one. */
int plane_levels(const struct grey_plane *p, struct region r);

#endif

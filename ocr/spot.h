/*
 * spot.h - one mark of a plane as ink on something: which pixels are inked.
 */
#ifndef SUMI_SPOT_H
#define SUMI_SPOT_H

#include <stdbool.h>

#include "ocr/ink.h"

struct spot {
	const struct grey_plane *plane;
	struct region box;
	bool dark;              /* ink is darker than what is around */
	double ink, ground;     /* mean levels of it and around it */
	int middle;             /* between them, nearer to the ground: worn ink
				   still counts */
};

static inline struct spot spot_of(const struct grey_plane *p, bool dark,
				  const struct ink *k)
{
	double ink = k->sum[INK_GREY] / k->area;
	double contrast = k->sum[INK_CONTRAST] / k->area;
	double ground = dark ? ink + contrast : ink - contrast;

	return (struct spot){ p, k->box, dark, ink, ground,
			      (int)(.42 * ink + .58 * ground) };
}

/* The level nearest to x, y; of the ground outside the plane. */
static inline double spot_level(const struct spot *s, double x, double y)
{
	int u = (int)(x + .5), v = (int)(y + .5);

	if (x < 0 || y < 0 || u >= s->plane->columns || v >= s->plane->rows)
		return s->ground;
	return s->plane->grey[v * s->plane->stride + u];
}

static inline bool spot_inked(const struct spot *s, double x, double y)
{
	return (spot_level(s, x, y) < s->middle) == s->dark;
}

/*
 * A quick look before a thorough one: is what lies `beyond` pixels outside the
 * box mostly ground, and even?
 */
bool spot_stands_alone(const struct spot *s, int beyond);

#endif

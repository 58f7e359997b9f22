/*
 * picture.h - a picture in levels of the display, before it is stored: what
 * backdrops are painted and letters are burned into.
 */
#ifndef SUMI_BURNIN_PICTURE_H
#define SUMI_BURNIN_PICTURE_H

#include <stdbool.h>
#include <stddef.h>

#include "image/region.h"

/*
 * level[(y * columns + x) * samples + s]: 0 is black and 1 white in the
 * window; stored values may lie outside of it.
 */
struct picture {
	int columns, rows;
	int samples;            /* 1 grey, 3 red, green, blue */
	double *level;          /* owned */
};

bool picture_init(struct picture *p, int columns, int rows, int samples);
void picture_done(struct picture *p);

static inline double *picture_at(const struct picture *p, int x, int y)
{
	return p->level + ((size_t)y * (size_t)p->columns + (size_t)x) *
			  (size_t)p->samples;
}

struct ink {
	double level[3];        /* the first alone in a grey picture */
};

/* Clipped to the picture. */
void picture_fill(struct picture *p, struct region r, struct ink ink);
void picture_frame(struct picture *p, struct region r, struct ink ink);
/* Mix ink into a pixel, share 0..1; outside nothing happens. */
void picture_dot(struct picture *p, int x, int y, struct ink ink,
		 double share);
void picture_segment(struct picture *p, int x0, int y0, int x1, int y1,
		     struct ink ink);

/* Weak blur by 1 2 1 both ways, share 0..1 of it: a scanned film. */
void picture_soften(struct picture *p, double share);

/* The region of r inside the picture. */
struct region picture_clip(const struct picture *p, struct region r);

static inline struct ink ink_grey(double level)
{
	return (struct ink){ { level, level, level } };
}

#endif

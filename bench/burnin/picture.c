/* picture.c - levels of a picture, and plain shapes in it. */
#include "config.h"

#include "bench/burnin/picture.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

bool picture_init(struct picture *p, int columns, int rows, int samples)
{
	*p = (struct picture){ columns, rows, samples,
			       mem_array3((size_t)columns, (size_t)rows,
					  (size_t)samples, sizeof(double)) };
	return p->level != NULL;
}

void picture_done(struct picture *p)
{
	free(p->level);
	p->level = NULL;
}

struct region picture_clip(const struct picture *p, struct region r)
{
	return region_intersect(r, (struct region){ 0, 0, p->columns,
						    p->rows });
}

void picture_dot(struct picture *p, int x, int y, struct ink ink, double share)
{
	if (x < 0 || y < 0 || x >= p->columns || y >= p->rows)
		return;
	double *level = picture_at(p, x, y);

	for (int s = 0; s < p->samples; s++)
		level[s] += (ink.level[s] - level[s]) * share;
}

void picture_fill(struct picture *p, struct region r, struct ink ink)
{
	r = picture_clip(p, r);
	for (int y = r.y0; y < r.y1; y++)
		for (int x = r.x0; x < r.x1; x++)
			picture_dot(p, x, y, ink, 1);
}

void picture_frame(struct picture *p, struct region r, struct ink ink)
{
	picture_segment(p, r.x0, r.y0, r.x1 - 1, r.y0, ink);
	picture_segment(p, r.x0, r.y1 - 1, r.x1 - 1, r.y1 - 1, ink);
	picture_segment(p, r.x0, r.y0, r.x0, r.y1 - 1, ink);
	picture_segment(p, r.x1 - 1, r.y0, r.x1 - 1, r.y1 - 1, ink);
}

void picture_segment(struct picture *p, int x0, int y0, int x1, int y1,
		     struct ink ink)
{
	int dx = abs(x1 - x0), dy = abs(y1 - y0);
	int steps = dx > dy ? dx : dy;

	for (int i = 0; i <= steps; i++)
		picture_dot(p, x0 + (steps ? (x1 - x0) * i / steps : 0),
			    y0 + (steps ? (y1 - y0) * i / steps : 0), ink, 1);
}

/* 1 2 1 along `step` for a row of count samples; old holds a copy. */
static void soften_run(double *level, double *old, int count, size_t step,
		       double share)
{
	for (int i = 0; i < count; i++)
		old[i] = level[(size_t)i * step];
	for (int i = 1; i + 1 < count; i++) {
		double even = (old[i - 1] + 2 * old[i] + old[i + 1]) / 4;

		level[(size_t)i * step] += (even - old[i]) * share;
	}
}

void picture_soften(struct picture *p, double share)
{
	int longest = p->columns > p->rows ? p->columns : p->rows;
	double *old = mem_array((size_t)longest, sizeof(*old));
	size_t across = (size_t)p->samples;

	if (!old)
		return;
	for (int s = 0; s < p->samples; s++) {
		for (int y = 0; y < p->rows; y++)
			soften_run(picture_at(p, 0, y) + s, old, p->columns,
				   across, share);
		for (int x = 0; x < p->columns; x++)
			soften_run(picture_at(p, x, 0) + s, old, p->rows,
				   across * (size_t)p->columns, share);
	}
	free(old);
}

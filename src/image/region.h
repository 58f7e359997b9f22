/*
 * region.h - rectangles of pixels, half-open: [x0,x1) x [y0,y1).
 *
 * Coordinates that would not fit an int stay at its limits.
 */
#ifndef SUMI_REGION_H
#define SUMI_REGION_H

#include <limits.h>
#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

struct region {
	int x0, y0, x1, y1;             /* pixels; x a column, y a row */
};

/* A box of DESIGN 5: x y w h. */
struct region region_from_box(int x, int y, int w, int h);

/* Asked for so often that a call would cost more than the answer. */
static inline bool region_empty(struct region r)
{
	return r.x1 <= r.x0 || r.y1 <= r.y0;
}

/* From one edge to the other; never negative. */
static inline int region_side(int from, int to)
{
	long long n = (long long)to - from;

	return n < 0 ? 0 : n > INT_MAX ? INT_MAX : (int)n;
}

static inline int region_width(struct region r)
{
	return region_side(r.x0, r.x1);
}

static inline int region_height(struct region r)
{
	return region_side(r.y0, r.y1);
}

static inline long long region_area(struct region r)
{
	return (long long)region_width(r) * region_height(r);
}

bool region_equal(struct region a, struct region b);
/* An empty region lies in every other; it shares no pixel with any. */
bool region_contains(struct region outer, struct region inner);
bool region_hit(struct region r, int x, int y);

struct region region_clip(struct region r, int columns, int rows);
/* { 0, 0, 0, 0 } when they share no pixel. */
static inline struct region region_intersect(struct region a, struct region b)
{
	struct region r = { a.x0 > b.x0 ? a.x0 : b.x0,
			    a.y0 > b.y0 ? a.y0 : b.y0,
			    a.x1 < b.x1 ? a.x1 : b.x1,
			    a.y1 < b.y1 ? a.y1 : b.y1 };
	struct region none = { 0, 0, 0, 0 };

	return region_empty(r) ? none : r;
}

/* The hull; an empty one does not count. */
struct region region_union(struct region a, struct region b);
/* Every edge n pixels outward (inward when negative). */
struct region region_grow(struct region r, int n);
/* Outward to multiples of step_x, step_y (the MCU grid of a JPEG). */
struct region region_snap(struct region r, int step_x, int step_y);
struct region region_move(struct region r, int dx, int dy);

#ifdef __cplusplus
}
#endif
#endif

/*
 * region.h - rectangles of pixels, half-open: [x0,x1) x [y0,y1).
 *
 * Coordinates that would not fit an int stay at its limits.
 */
#ifndef SUMI_REGION_H
#define SUMI_REGION_H

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

struct region {
	int x0, y0, x1, y1;             /* pixels; x a column, y a row */
};

/* A box of DESIGN 5: x y w h. */
struct region region_from_box(int x, int y, int w, int h);

bool region_empty(struct region r);
int region_width(struct region r);      /* never negative */
int region_height(struct region r);
long long region_area(struct region r);
bool region_equal(struct region a, struct region b);
/* An empty region lies in every other; it shares no pixel with any. */
bool region_contains(struct region outer, struct region inner);
bool region_hit(struct region r, int x, int y);

struct region region_clip(struct region r, int columns, int rows);
/* { 0, 0, 0, 0 } when they share no pixel. */
struct region region_intersect(struct region a, struct region b);
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

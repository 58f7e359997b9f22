/* region.c - rectangles of pixels, half-open: [x0,x1) x [y0,y1). */
#include "config.h"

#include "image/region.h"

#include <assert.h>
#include <limits.h>

static int minimum(int a, int b)
{
	return a < b ? a : b;
}

static int maximum(int a, int b)
{
	return a > b ? a : b;
}

/* A coordinate that stays within int: boxes come from files and keys. */
static int saturate(long long n)
{
	return n < INT_MIN ? INT_MIN : n > INT_MAX ? INT_MAX : (int)n;
}

struct region region_from_box(int x, int y, int w, int h)
{
	return (struct region){ x, y, saturate((long long)x + w),
				saturate((long long)y + h) };
}

bool region_equal(struct region a, struct region b)
{
	return a.x0 == b.x0 && a.y0 == b.y0 && a.x1 == b.x1 && a.y1 == b.y1;
}

bool region_contains(struct region outer, struct region inner)
{
	if (region_empty(inner))
		return true;
	return outer.x0 <= inner.x0 && outer.y0 <= inner.y0 &&
	       outer.x1 >= inner.x1 && outer.y1 >= inner.y1;
}

bool region_hit(struct region r, int x, int y)
{
	return x >= r.x0 && x < r.x1 && y >= r.y0 && y < r.y1;
}

struct region region_clip(struct region r, int columns, int rows)
{
	return region_intersect(r, (struct region){ 0, 0, columns, rows });
}

struct region region_union(struct region a, struct region b)
{
	if (region_empty(a))
		return b;
	if (region_empty(b))
		return a;
	return (struct region){ minimum(a.x0, b.x0), minimum(a.y0, b.y0),
				maximum(a.x1, b.x1), maximum(a.y1, b.y1) };
}

struct region region_grow(struct region r, int n)
{
	return (struct region){ saturate((long long)r.x0 - n),
				saturate((long long)r.y0 - n),
				saturate((long long)r.x1 + n),
				saturate((long long)r.y1 + n) };
}

/* The multiple of step at or below n; step is positive. */
static long long multiple_below(long long n, int step)
{
	long long rest = n % step;

	return n - (rest < 0 ? rest + step : rest);
}

struct region region_snap(struct region r, int step_x, int step_y)
{
	assert(step_x > 0 && step_y > 0);
	return (struct region){
		saturate(multiple_below(r.x0, step_x)),
		saturate(multiple_below(r.y0, step_y)),
		saturate(-multiple_below(-(long long)r.x1, step_x)),
		saturate(-multiple_below(-(long long)r.y1, step_y)),
	};
}

struct region region_move(struct region r, int dx, int dy)
{
	return (struct region){ saturate((long long)r.x0 + dx),
				saturate((long long)r.y0 + dy),
				saturate((long long)r.x1 + dx),
				saturate((long long)r.y1 + dy) };
}

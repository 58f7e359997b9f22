/* cover.c - how far regions lie over one another. */
#include "config.h"

#include "find/cover.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/mem.h"

/* The next place after `at`, at most `end`, where a region begins or ends in
 * one direction. */
static int next_edge(const struct region *r, size_t count, bool down, int at,
		     int end)
{
	for (size_t i = 0; i < count; i++) {
		int first = down ? r[i].y0 : r[i].x0;
		int last = down ? r[i].y1 : r[i].x1;

		if (first > at && first < end)
			end = first;
		if (last > at && last < end)
			end = last;
	}
	return end;
}

static bool is_covered(const struct region *r, size_t count, int x, int y)
{
	for (size_t i = 0; i < count; i++)
		if (region_hit(r[i], x, y))
			return true;
	return false;
}

long long cover_area(struct region of, const struct region *r, size_t count)
{
	long long area = 0;

	for (int y = of.y0; y < of.y1;) {
		int below = next_edge(r, count, true, y, of.y1);

		for (int x = of.x0; x < of.x1;) {
			int right = next_edge(r, count, false, x, of.x1);

			if (is_covered(r, count, x, y))
				area += (long long)(right - x) * (below - y);
			x = right;
		}
		y = below;
	}
	return area;
}

double cover_share(struct region of, const struct region *r, size_t count)
{
	long long area = region_area(of);

	return area > 0 ? (double)cover_area(of, r, count) / (double)area : 1;
}

double cover_iou(struct region a, struct region b)
{
	long long both = region_area(region_intersect(a, b));
	long long all = region_area(a) + region_area(b) - both;

	return all > 0 ? (double)both / (double)all : 0;
}

struct pair { size_t a, b; double iou; };

static int best_first(const void *x, const void *y)
{
	const struct pair *p = x, *q = y;

	if (p->iou > q->iou || p->iou < q->iou)
		return p->iou > q->iou ? -1 : 1;
	if (p->a != q->a)
		return p->a < q->a ? -1 : 1;
	return (p->b > q->b) - (p->b < q->b);
}

/* Take the best pairs of what is not paired yet. */
static long take_pairs(const struct pair *pair, size_t pairs, bool *a_taken,
		       bool *b_taken)
{
	long taken = 0;

	for (size_t i = 0; i < pairs; i++) {
		if (a_taken[pair[i].a] || b_taken[pair[i].b])
			continue;
		a_taken[pair[i].a] = b_taken[pair[i].b] = true;
		taken++;
	}
	return taken;
}

long cover_pairs(const struct region *a, size_t as, const struct region *b,
		 size_t bs, double least)
{
	struct pair *pair = NULL;
	size_t pairs = 0, room = 0;
	bool *taken = mem_array(as + bs + 1, sizeof(*taken));
	bool good = taken != NULL;
	long count = -1;

	for (size_t i = 0; good && i < as * bs; i++) {
		double iou = cover_iou(a[i / bs], b[i % bs]);

		if (iou < least || iou <= 0)
			continue;
		good = mem_grow(&pair, &room, pairs, sizeof(*pair));
		if (good)
			pair[pairs++] = (struct pair){ i / bs, i % bs, iou };
	}
	if (good && pairs > 0)
		qsort(pair, pairs, sizeof(*pair), best_first);
	if (good)
		count = take_pairs(pair, pairs, taken, taken + as);
	free(pair);
	free(taken);
	return count;
}

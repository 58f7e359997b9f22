/* ink.c - does something dark or light cross the edge of a mask? */
#include "config.h"

#include "review/ink.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum {
	DEPTH = 3,              /* pixels looked at on either side */
	AROUND = 8,             /* pixels on either side for the background */
	ALONG = 24,             /* and to either side along the edge */
	STEP = 8,               /* the background is taken every so often */
	CONTRAST = 40,          /* grey levels above the noise */
	LEVELS = 256,
};

/*
 * One edge as a strip: `along` runs on it, depth d from -DEPTH (outermost) to
 * DEPTH - 1 (innermost); d = 0 is the first row of pixels under the mask.
 */
struct edge {
	const struct ink_picture *p;
	int x, y;                       /* where along = 0, d = 0 is */
	int length;
	int along_x, along_y;           /* step of along, 0 or 1 */
	int in_x, in_y;                 /* step of d: -1, 0, 1 */
};

void ink_grey(const struct plane *plane, uint8_t *grey)
{
	size_t count = (size_t)plane->columns * (size_t)plane->rows;

	if (plane->channels == 1)
		memcpy(grey, plane->pixel, count);
	for (size_t i = 0; plane->channels == 3 && i < count; i++) {
		const uint8_t *c = plane->pixel + 3 * i;
		uint8_t high = c[0] > c[1] ? c[0] : c[1];
		uint8_t low = c[0] < c[1] ? c[0] : c[1];

		high = high > c[2] ? high : c[2];
		low = low < c[2] ? low : c[2];
		grey[i] = (uint8_t)((high + low) / 2);
	}
}

bool ink_picture_set(struct ink_picture *p, const struct plane *plane,
		     const uint8_t *grey)
{
	uint8_t *own = mem_array3((size_t)plane->columns,
				  (size_t)plane->rows, 1, 1);

	ink_picture_done(p);
	if (!own)
		return false;
	*p = (struct ink_picture){ plane->columns, plane->rows, own };
	if (grey)
		memcpy(own, grey, (size_t)p->columns * (size_t)p->rows);
	else
		ink_grey(plane, own);
	return true;
}

void ink_picture_done(struct ink_picture *p)
{
	free(p->grey);
	*p = (struct ink_picture){ 0 };
}

void crossing_list_done(struct crossing_list *list)
{
	free(list->crossing);
	*list = (struct crossing_list){ 0 };
}

/* The grey value there, or -1 outside the picture. */
static int grey_at(const struct edge *e, int along, int d)
{
	int x = e->x + along * e->along_x + d * e->in_x;
	int y = e->y + along * e->along_y + d * e->in_y;

	if (x < 0 || y < 0 || x >= e->p->columns || y >= e->p->rows)
		return -1;
	return e->p->grey[(size_t)y * (size_t)e->p->columns + (size_t)x];
}

/* The value below which half of the counted ones lie. */
static int median(const int count[LEVELS], int total)
{
	int seen = 0;

	for (int v = 0; v < LEVELS; v++) {
		seen += count[v];
		if (2 * seen > total)
			return v;
	}
	return 0;
}

/* Background and how far from it ink is, around a place on the edge. */
static void background(const struct edge *e, int along, int *level, int *far)
{
	int count[LEVELS] = { 0 }, deviation[LEVELS] = { 0 }, total = 0;

	for (int a = along - ALONG; a <= along + ALONG; a++)
		for (int d = -AROUND; d < AROUND; d++) {
			int v = grey_at(e, a, d);

			if (v < 0)
				continue;
			count[v]++;
			total++;
		}
	*level = median(count, total);
	for (int v = 0; v < LEVELS; v++)
		deviation[abs(v - *level)] += count[v];
	*far = CONTRAST + 2 * median(deviation, total);
}

/* 1 light ink, -1 dark ink, 0 none. */
static int sign_of(int grey, int level, int far)
{
	if (grey < 0)
		return 0;
	return grey - level > far ? 1 : level - grey > far ? -1 : 0;
}

/* sign[length][2 * DEPTH] of the strip. */
static signed char *signs_of(const struct edge *e)
{
	signed char *sign = mem_array3((size_t)e->length, 2 * DEPTH, 1, 1);
	int level = 0, far = LEVELS;

	for (int a = 0; sign && a < e->length; a++) {
		if (a % STEP == 0)
			background(e, a + STEP / 2, &level, &far);
		for (int d = -DEPTH; d < DEPTH; d++)
			sign[a * 2 * DEPTH + d + DEPTH] = (signed char)
				sign_of(grey_at(e, a, d), level, far);
	}
	return sign;
}

static bool ink_beside(const struct edge *e, const signed char *sign, int a,
		       int d, int wanted, int *where)
{
	for (int b = a - 1; b <= a + 1; b++)
		if (b >= 0 && b < e->length &&
		    sign[b * 2 * DEPTH + d + DEPTH] == wanted) {
			*where = b;
			return true;
		}
	return false;
}

static bool under_other(const struct edge *e, const struct region *mask,
			size_t count, size_t which, int along)
{
	int x = e->x + along * e->along_x - e->in_x;
	int y = e->y + along * e->along_y - e->in_y;

	for (size_t i = 0; i < count; i++)
		if (i != which && region_hit(mask[i], x, y))
			return true;
	return false;
}

/*
 * Does ink cross at `along`: under the mask, right outside it, and one row
 * further (one row alone is the smoothed rim of a letter)?
 */
static bool crosses(const struct edge *e, const signed char *sign, int along,
		    const struct region *mask, size_t count, size_t which)
{
	int inside = sign[along * 2 * DEPTH + DEPTH], outside, further;

	return inside != 0 &&
		ink_beside(e, sign, along, -1, inside, &outside) &&
		ink_beside(e, sign, outside, -2, inside, &further) &&
		!under_other(e, mask, count, which, outside);
}

static struct region part_of(const struct edge *e, int first, int last)
{
	struct region a = {
		e->x + first * e->along_x - DEPTH * e->in_x,
		e->y + first * e->along_y - DEPTH * e->in_y, 0, 0
	}, b = {
		e->x + last * e->along_x + (DEPTH - 1) * e->in_x,
		e->y + last * e->along_y + (DEPTH - 1) * e->in_y, 0, 0
	};

	a.x1 = a.x0 + 1;
	a.y1 = a.y0 + 1;
	b.x1 = b.x0 + 1;
	b.y1 = b.y0 + 1;
	return region_clip(region_union(a, b), e->p->columns, e->p->rows);
}

static bool add(struct crossing_list *list, struct crossing like,
		struct region region)
{
	if (!mem_grow(&list->crossing, &list->capacity, list->count,
		      sizeof(*list->crossing)))
		return false;
	like.region = region;
	list->crossing[list->count++] = like;
	return true;
}

static bool find_on_edge(const struct edge *e, const struct region *mask,
			 size_t count, size_t which, int gap,
			 struct crossing like, struct crossing_list *list)
{
	signed char *sign = signs_of(e);
	int first = -1, last = -1;
	bool ok = sign != NULL;

	for (int a = 0; ok && a < e->length; a++) {
		if (!crosses(e, sign, a, mask, count, which))
			continue;
		if (first >= 0 && a - last > gap) {
			ok = add(list, like, part_of(e, first, last));
			first = a;
		}
		first = first < 0 ? a : first;
		last = a;
	}
	if (ok && first >= 0)
		ok = add(list, like, part_of(e, first, last));
	free(sign);
	return ok;
}

bool ink_crossings(const struct ink_picture *p, const struct region *mask,
		   size_t count, size_t which, int gap, struct crossing like,
		   struct crossing_list *list)
{
	struct region r = region_clip(mask[which], p->columns, p->rows);
	int width = region_width(r), height = region_height(r);
	struct edge edges[] = {
		{ p, r.x0, r.y0, width, 1, 0, 0, 1 },
		{ p, r.x0, r.y1 - 1, width, 1, 0, 0, -1 },
		{ p, r.x0, r.y0, height, 0, 1, 1, 0 },
		{ p, r.x1 - 1, r.y0, height, 0, 1, -1, 0 },
	};

	if (region_empty(r) || !p->grey)
		return true;
	for (size_t i = 0; i < sizeof(edges) / sizeof(edges[0]); i++)
		if (!find_on_edge(&edges[i], mask, count, which, gap, like,
				  list))
			return false;
	return true;
}

/* smooth.c - fills regions smoothly from what is around them. */
#include "config.h"

#include "ocr/smooth.h"

#include <math.h>
#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"

enum { AROUND = 64, LEVELS = 18 };      /* pixels; 2^17 are more than a side */

/* A level: sums of what is known, and how much of it there is (0 to 1). */
struct level {
	int columns, rows;
	float *value, *weight;          /* [rows][columns], owned */
};

struct pyramid {
	struct frame *frame;
	int sample;                     /* of a pixel */
	struct region area;             /* of the frame, at level 0 */
	const uint8_t *unknown;         /* [rows][columns] of the area */
	struct level level[LEVELS];     /* [0] is half the size of the area */
	int levels;
};

#define AT(type) ((double)((const type *)f->sample)[i])
#define SET(type, low, high) (((type *)f->sample)[i] = \
	(type)(v < (low) ? (low) : v > (high) ? (high) : v))

static double get(const struct frame *f, size_t i)
{
	switch (f->type) {
	case SAMPLE_U8: return AT(uint8_t);
	case SAMPLE_U16: return AT(uint16_t);
	case SAMPLE_S16: return AT(int16_t);
	case SAMPLE_U32: return AT(uint32_t);
	case SAMPLE_S32: return AT(int32_t);
	case SAMPLE_F32: return AT(float);
	default: return AT(double);
	}
}

static void set(struct frame *f, size_t i, double v)
{
	if (f->type != SAMPLE_F32 && f->type != SAMPLE_F64)
		v = rint(v);
	switch (f->type) {
	case SAMPLE_U8: SET(uint8_t, 0, UINT8_MAX); break;
	case SAMPLE_U16: SET(uint16_t, 0, UINT16_MAX); break;
	case SAMPLE_S16: SET(int16_t, INT16_MIN, INT16_MAX); break;
	case SAMPLE_U32: SET(uint32_t, 0, UINT32_MAX); break;
	case SAMPLE_S32: SET(int32_t, INT32_MIN, INT32_MAX); break;
	case SAMPLE_F32: ((float *)f->sample)[i] = (float)v; break;
	default: ((double *)f->sample)[i] = v;
	}
}

static bool level_init(struct level *l, int columns, int rows)
{
	*l = (struct level){ .columns = columns, .rows = rows };
	l->value = mem_array3((size_t)rows, (size_t)columns, 1,
			      sizeof(*l->value));
	l->weight = mem_array3((size_t)rows, (size_t)columns, 1,
			       sizeof(*l->weight));
	return l->value && l->weight;
}

static bool pyramid_init(struct pyramid *p)
{
	int columns = region_width(p->area), rows = region_height(p->area);

	while (p->levels < LEVELS && (columns > 1 || rows > 1)) {
		columns = (columns + 1) / 2;
		rows = (rows + 1) / 2;
		if (!level_init(&p->level[p->levels++], columns, rows))
			return false;
	}
	return true;
}

static void pyramid_done(struct pyramid *p)
{
	for (int i = 0; i < p->levels; i++) {
		free(p->level[i].value);
		free(p->level[i].weight);
	}
}

static size_t sample_index(const struct pyramid *p, int x, int y)
{
	const struct frame *f = p->frame;

	return ((size_t)(p->area.y0 + y) * (size_t)f->columns +
		(size_t)(p->area.x0 + x)) * (size_t)f->samples +
	       (size_t)p->sample;
}

/* Of four cells with weights: their mean, and what weight that has. */
static void settle(struct level *to, size_t i)
{
	if (to->weight[i] > 0)
		to->value[i] /= to->weight[i];
	if (to->weight[i] > 1)
		to->weight[i] = 1;
}

static void pull_samples(struct pyramid *p)
{
	struct level *to = &p->level[0];
	int columns = region_width(p->area), rows = region_height(p->area);

	for (int y = 0; y < rows; y++)
		for (int x = 0; x < columns; x++) {
			size_t i = (size_t)(y / 2) * (size_t)to->columns +
				   (size_t)(x / 2);

			if (p->unknown[(size_t)y * (size_t)columns +
				       (size_t)x])
				continue;
			to->value[i] += (float)get(p->frame,
						   sample_index(p, x, y));
			to->weight[i] += 1;
		}
	for (size_t i = 0; i < (size_t)to->columns * (size_t)to->rows; i++)
		settle(to, i);
}

static void pull(const struct level *from, struct level *to)
{
	for (int y = 0; y < from->rows; y++)
		for (int x = 0; x < from->columns; x++) {
			size_t k = (size_t)y * (size_t)from->columns +
				   (size_t)x;
			size_t i = (size_t)(y / 2) * (size_t)to->columns +
				   (size_t)(x / 2);

			to->value[i] += from->weight[k] * from->value[k];
			to->weight[i] += from->weight[k];
		}
	for (size_t i = 0; i < (size_t)to->columns * (size_t)to->rows; i++)
		settle(to, i);
}

static int clamp(int v, int count)
{
	return v < 0 ? 0 : v >= count ? count - 1 : v;
}

/* A level between its cells, at cell (x, y) of one twice as fine. */
static float between(const struct level *l, int x, int y)
{
	int x0 = clamp(x / 2, l->columns), y0 = clamp(y / 2, l->rows);
	int x1 = clamp(x % 2 ? x0 + 1 : x0 - 1, l->columns);
	int y1 = clamp(y % 2 ? y0 + 1 : y0 - 1, l->rows);
	const float *a = l->value + (size_t)y0 * (size_t)l->columns;
	const float *b = l->value + (size_t)y1 * (size_t)l->columns;

	return (9 * a[x0] + 3 * a[x1] + 3 * b[x0] + b[x1]) / 16;
}

static void push(const struct level *from, struct level *to)
{
	for (int y = 0; y < to->rows; y++)
		for (int x = 0; x < to->columns; x++) {
			size_t i = (size_t)y * (size_t)to->columns + (size_t)x;
			float w = to->weight[i];

			if (w < 1)
				to->value[i] = w * to->value[i] +
					       (1 - w) * between(from, x, y);
		}
}

/* Only the pixels of r, which are unknown, are set. */
static void push_samples(struct pyramid *p, struct region r)
{
	for (int y = r.y0; y < r.y1; y++)
		for (int x = r.x0; x < r.x1; x++)
			set(p->frame,
			    sample_index(p, x - p->area.x0, y - p->area.y0),
			    between(&p->level[0], x - p->area.x0,
				    y - p->area.y0));
}

static bool fill_samples(struct frame *f, int sample, struct region area,
			 const uint8_t *unknown, struct region r)
{
	struct pyramid p = { .frame = f, .sample = sample, .area = area,
			     .unknown = unknown };
	bool ok = pyramid_init(&p);
	int last = p.levels - 1;

	if (ok) {
		pull_samples(&p);
		for (int i = 0; i < last; i++)
			pull(&p.level[i], &p.level[i + 1]);
		/* nothing known at all: it stays one constant */
		if (p.level[last].weight[0] > 0) {
			for (int i = last; i > 0; i--)
				push(&p.level[i], &p.level[i - 1]);
			push_samples(&p, r);
		}
	}
	pyramid_done(&p);
	return ok;
}

/* What of the area lies in any of the regions; NULL without memory. */
static uint8_t *mark_unknown(struct region area, const struct region *region,
			     size_t regions)
{
	size_t columns = (size_t)region_width(area);
	uint8_t *unknown = mem_array((size_t)region_height(area), columns);

	for (size_t i = 0; unknown && i < regions; i++) {
		struct region r = region_intersect(region[i], area);

		for (int y = r.y0; y < r.y1; y++)
			for (int x = r.x0; x < r.x1; x++)
				unknown[(size_t)(y - area.y0) * columns +
					(size_t)(x - area.x0)] = 1;
	}
	return unknown;
}

/* Around a region, as far as something known is near. */
static struct region around(const struct frame *f, struct region r)
{
	int side = region_width(r) < region_height(r) ? region_width(r) :
							region_height(r);

	return region_clip(region_grow(r, side + AROUND), f->columns, f->rows);
}

bool smooth_regions(struct frame *f, const struct region *region,
		    size_t regions, struct error *err)
{
	bool ok = true;

	for (size_t i = 0; ok && i < regions; i++) {
		struct region r = region_clip(region[i], f->columns, f->rows);
		struct region area = around(f, r);
		uint8_t *unknown;

		if (region_empty(r) || region_area(area) < 2)
			continue;
		unknown = mark_unknown(area, region, regions);
		for (int s = 0; (ok = ok && unknown) && s < f->samples; s++)
			ok = fill_samples(f, s, area, unknown, r);
		free(unknown);
	}
	return ok || error_set(err, ERR_MEMORY,
			       _("no memory to look for text"));
}

bool smooth_views(struct views *views, const struct region *region,
		  size_t regions, struct error *err)
{
	bool ok = true;

	for (int i = 0; ok && i < views->count; i++) {
		struct frame f = { .rows = views->rows,
				   .columns = views->columns, .samples = 1,
				   .type = SAMPLE_U8,
				   .sample = views->grey[i] };

		ok = smooth_regions(&f, region, regions, err);
	}
	return ok;
}

/* views.c - which planes of a frame are searched for text. */
#include "config.h"

#include "ocr/views.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "image/voi.h"

enum {
	VALUES = 65536,
	LEAST_PIXELS = 40,              /* of a value that is text */
	MOST_PERCENT = 6,               /* of the picture */
	NEIGHBOURS = 8,                 /* occupied values on each side */
	TIMES_NEIGHBOURS = 6,
	LEAST_GAP = 16,                 /* values, and steps of the data */
	STROKE_PERCENT = 30,            /* of a value's pixels, in strokes */
	NOISE = 24,                     /* levels of ground that is even */
	COLOURED = 24,                  /* levels between luma and max */
};

void views_done(struct views *views)
{
	for (int i = 0; i < views->count; i++)
		free(views->grey[i]);
	*views = (struct views){ 0 };
}

void views_take(struct views *views, uint8_t *grey, int columns, int rows)
{
	*views = (struct views){ .grey = { grey }, .count = 1,
				 .columns = columns, .rows = rows };
}

struct grey_plane views_plane(const struct views *views, int index)
{
	return (struct grey_plane){ views->grey[index], views->columns,
				    views->rows, views->columns };
}

void views_contrast(const struct views *views, struct region r,
		    int least[VIEWS_MAX])
{
	for (int i = 0; i < views->count; i++) {
		struct grey_plane p = views_plane(views, i);

		least[i] = plane_levels(&p, r) / 3;
		least[i] = least[i] > NOISE ? least[i] : NOISE;
	}
}

bool views_have_ink(const struct views *views, struct region r,
		    const int least[VIEWS_MAX])
{
	for (int i = 0; i < views->count; i++) {
		struct grey_plane p = views_plane(views, i);

		if (plane_levels(&p, r) > least[i])
			return true;
	}
	return false;
}

/* Take over the samples of a grey plane; false without one. */
static bool add(struct views *v, struct plane *plane)
{
	if (!plane)
		return false;
	v->columns = plane->columns;
	v->rows = plane->rows;
	v->grey[v->count++] = plane->pixel;
	plane->pixel = NULL;
	plane_free(plane);
	return true;
}

static size_t pixels(const struct views *v)
{
	return (size_t)v->columns * (size_t)v->rows;
}

/* Do enough pixels of two planes differ to make one letter? */
static bool differ(const struct views *v, const uint8_t *a, const uint8_t *b,
		   int levels)
{
	int n = 0;

	/* the usual case of 8 bits: the window of the file is the full range */
	if (!memcmp(a, b, pixels(v)))
		return false;
	for (size_t i = 0; i < pixels(v) && n < LEAST_PIXELS; i++)
		n += abs(a[i] - b[i]) > levels;
	return n >= LEAST_PIXELS;
}

static void drop_last(struct views *v)
{
	free(v->grey[--v->count]);
}

static void drop_last_if_like(struct views *v, int levels)
{
	if (v->count > 1 && !differ(v, v->grey[0], v->grey[v->count - 1],
				    levels))
		drop_last(v);
}

/* Are enough pixels of the last plane above a level to make one letter? */
static bool last_shows(const struct views *v, int level)
{
	const uint8_t *grey = v->grey[v->count - 1];
	int n = 0;

	for (size_t i = 0; i < pixels(v) && n < LEAST_PIXELS; i++)
		n += grey[i] > level;
	return n >= LEAST_PIXELS;
}

static bool add_colours(struct views *v, const struct plane *rgb,
			struct error *err)
{
	if (!add(v, plane_luma(rgb, err)) ||
	    !add(v, plane_brightest(rgb, err)))
		return false;
	drop_last_if_like(v, COLOURED);
	if (!add(v, plane_saturation(rgb, err)))
		return false;
	if (!last_shows(v, COLOURED))
		drop_last(v);
	return true;
}

/* ---- text plane ---- */

struct histogram {
	uint32_t count[VALUES];         /* by value - least of the type */
	uint16_t value[VALUES];         /* occupied ones, rising */
	int values;
	uint8_t stands_out[VALUES];
	uint32_t beside[VALUES];        /* pixels of it in a stroke */
};

static bool fill_histogram(struct histogram *h, const struct frame *f)
{
	const uint16_t *u = f->sample;
	const uint16_t flip = f->type == SAMPLE_S16 ? 0x8000 : 0;
	size_t n = (size_t)f->columns * (size_t)f->rows;

	for (size_t i = 0; i < n; i++)
		h->count[u[i] ^ flip]++;
	for (int v = 0; v < VALUES; v++)
		if (h->count[v])
			h->value[h->values++] = (uint16_t)v;
	return h->values > 1;
}

static int rising(const void *a, const void *b)
{
	uint32_t p = *(const uint32_t *)a, q = *(const uint32_t *)b;

	return p < q ? -1 : p > q;
}

/* Median count of the occupied values around the i-th. */
static uint32_t usual_count(const struct histogram *h, int i)
{
	uint32_t near[2 * NEIGHBOURS];
	size_t n = 0;

	for (int k = i - NEIGHBOURS; k <= i + NEIGHBOURS; k++)
		if (k != i && k >= 0 && k < h->values)
			near[n++] = h->count[h->value[k]];
	qsort(near, n, sizeof(*near), rising);
	return n ? near[n / 2] : 0;
}

/* Median step between occupied values. */
static uint32_t usual_step(const struct histogram *h)
{
	uint32_t steps[256] = { 0 };
	uint32_t seen = 0;

	for (int i = 1; i < h->values; i++) {
		int step = h->value[i] - h->value[i - 1];

		steps[step < 255 ? step : 255]++;
	}
	for (uint32_t s = 0; s < 256; s++) {
		seen += steps[s];
		if (2 * seen >= (uint32_t)h->values - 1)
			return s;
	}
	return 255;
}

static bool apart(const struct histogram *h, int i, uint32_t step)
{
	uint32_t gap = LEAST_GAP * (step ? step : 1);

	return (i == 0 || (uint32_t)(h->value[i] - h->value[i - 1]) > gap) &&
	       (i + 1 == h->values ||
		(uint32_t)(h->value[i + 1] - h->value[i]) > gap);
}

/*
 * The slope of a hump is no value of letters: beside the few values of a
 * ground with a little noise, those at its foot have many pixels too.
 */
static void drop_slope(struct histogram *h, int from, int to)
{
	uint16_t above = h->value[from], v = h->value[to];

	if (!h->stands_out[above] && h->count[above] > h->count[v])
		h->stands_out[v] = 0;
}

static void drop_slopes(struct histogram *h, uint32_t step)
{
	for (int i = 1; i < h->values; i++)
		if (!apart(h, i, step))
			drop_slope(h, i - 1, i);
	for (int i = h->values - 1; i > 0; i--)
		if (!apart(h, i - 1, step))
			drop_slope(h, i, i - 1);
}

static bool mark_values(struct histogram *h, size_t n)
{
	uint32_t step = usual_step(h);

	for (int i = 0; i < h->values; i++) {
		uint32_t count = h->count[h->value[i]];

		if (count <= LEAST_PIXELS || count > n * MOST_PERCENT / 100)
			continue;
		if (count > TIMES_NEIGHBOURS * usual_count(h, i) ||
		    apart(h, i, step) || i == 0 || i + 1 == h->values)
			h->stands_out[h->value[i]] = 255;
	}
	drop_slopes(h, step);
	for (int i = 0; i < h->values; i++)
		if (h->stands_out[h->value[i]])
			return true;
	return false;
}

static void fill_plane(const struct histogram *h, const struct frame *f,
		       uint8_t *plane)
{
	const uint16_t *u = f->sample;
	const uint16_t flip = f->type == SAMPLE_S16 ? 0x8000 : 0;
	size_t n = (size_t)f->columns * (size_t)f->rows;

	for (size_t i = 0; i < n; i++)
		plane[i] = h->stands_out[u[i] ^ flip];
}

/* Of the eight around a pixel inside, how many are set? */
static int set_around(const uint8_t *p, ptrdiff_t stride)
{
	const uint8_t *a = p - stride, *b = p + stride;

	return (a[-1] + a[0] + a[1] + p[-1] + p[1] + b[-1] + b[0] + b[1]) /
	       255;
}

/*
 * The pixels of letters lie in strokes.  A value that many have at random,
 * as the black to which the noise of a dark ground is cut, is none of them.
 * False when no value is left.
 */
static bool drop_grain(struct histogram *h, const struct frame *f,
		       const uint8_t *plane)
{
	const uint16_t *u = f->sample;
	const uint16_t flip = f->type == SAMPLE_S16 ? 0x8000 : 0;
	ptrdiff_t stride = f->columns;
	bool any = false;

	for (int y = 1; y + 1 < f->rows; y++)
		for (int x = 1; x + 1 < f->columns; x++) {
			ptrdiff_t i = y * stride + x;

			if (plane[i] && set_around(plane + i, stride) >= 2)
				h->beside[u[i] ^ flip]++;
		}
	for (int i = 0; i < h->values; i++) {
		uint16_t v = h->value[i];

		if (100LL * h->beside[v] < (int64_t)STROKE_PERCENT * h->count[v])
			h->stands_out[v] = 0;
		any |= h->stands_out[v] != 0;
	}
	return any;
}

bool views_text_plane(const struct frame *frame, uint8_t *plane, bool *any,
		      struct error *err)
{
	struct histogram *h = calloc(1, sizeof(*h));
	size_t n = (size_t)frame->columns * (size_t)frame->rows;

	if (!h)
		return error_set(err, ERR_MEMORY,
				 _("no memory to look for text"));
	*any = fill_histogram(h, frame) && mark_values(h, n);
	if (*any) {
		fill_plane(h, frame, plane);
		*any = drop_grain(h, frame, plane);
	}
	if (*any)
		fill_plane(h, frame, plane);
	free(h);
	return true;
}

static bool add_text_plane(struct views *v, const struct frame *frame,
			   struct error *err)
{
	uint8_t *plane;
	bool any;

	if (frame->samples != 1 ||
	    (frame->type != SAMPLE_U16 && frame->type != SAMPLE_S16))
		return true;
	plane = mem_array((size_t)frame->rows, (size_t)frame->columns);
	if (!plane)
		return error_set(err, ERR_MEMORY,
				 _("no memory to look for text"));
	if (!views_text_plane(frame, plane, &any, err)) {
		free(plane);
		return false;
	}
	if (any)
		v->grey[v->count++] = plane;
	else
		free(plane);
	return true;
}

/*
 * Does a picture without a window show each value as it is, from black to
 * white?  Then its smallest and largest are those already.
 */
static bool shows_all(const struct image_info *info, const struct plane *shown)
{
	size_t n = (size_t)shown->columns * (size_t)shown->rows;
	uint8_t least = 255, most = 0;

	/* a full range leaves padding out, and a table need not rise */
	if (info->windows > 0 || info->has_voi_lut || info->has_modality_lut ||
	    info->has_padding)
		return false;
	plane_range(shown->pixel, n, &least, &most);
	return least == 0 && most == 255;
}

bool views_make(const struct image *image, const struct frame *frame,
		struct views *views, struct error *err)
{
	struct plane *shown = voi_render(image, frame, VOI_FILE, err);
	bool ok = shown, all;

	*views = (struct views){ 0 };
	if (ok && shown->channels == 3) {
		/* a grey one is coloured by transparency, whatever its depth */
		ok = add_colours(views, shown, err) &&
		     (image_info(image)->colour ||
		      (add(views, voi_render(image, frame, VOI_FULL, err)) &&
		       add_text_plane(views, frame, err)));
		plane_free(shown);
	} else if (ok) {
		all = shows_all(image_info(image), shown);
		ok = add(views, shown) &&
		     (all ||
		      add(views, voi_render(image, frame, VOI_FULL, err)));
		if (ok)
			drop_last_if_like(views, 2);
		ok = ok && add_text_plane(views, frame, err);
	}
	if (!ok)
		views_done(views);
	return ok;
}

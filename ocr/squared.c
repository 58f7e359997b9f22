/* squared.c - planes without the lines of squared paper. */
#include "config.h"

#include "ocr/squared.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"

enum {
	LEAST_LAG = 3, MOST_LAG = 42,   /* pixels between two lines */
	PERIODS = 3,                    /* at least, of twice the lag */
	AROUND = 40,                    /* pixels, for the level of the ground */
	STRIPS = 3, SAMPLES = 17,       /* of a plane; of a row of a strip */
	BLOCK = 128, WINDOW = 256,      /* pixels done and looked at at once */
	LEAST_TOLERANCE = 4, MOST_TOLERANCE = 24,       /* levels */
	MOST_DEPTH = 144,               /* levels, of a line */
};

/* Of a profile with itself, one or more periods on. */
#define ALIKE .4
/* Root of the mean square of a profile, levels. */
#define LEAST_DEPTH 1.
/* Of the samples of a window, explained by ground, lines and noise. */
#define EXPLAINED .95

/* Levels along one side: medians; then what differs from around. */
struct profile {
	int count;
	float *level;                   /* [count], owned */
	float alike[2 * MOST_LAG + 1];  /* by lag */
};

/* ---- is it squared? ---- */

static int compare_floats(const void *a, const void *b)
{
	float p = *(const float *)a, q = *(const float *)b;

	return p < q ? -1 : p > q;
}

/* Leave what differs from the mean around, at most four times the usual. */
static bool take_ground(struct profile *p)
{
	float *sum = mem_array((size_t)p->count + 1, 2 * sizeof(float));
	float *some = sum ? sum + p->count + 1 : NULL, most;

	if (!sum)
		return false;
	sum[0] = 0;
	for (int i = 0; i < p->count; i++)
		sum[i + 1] = sum[i] + p->level[i];
	for (int i = 0; i < p->count; i++) {
		int from = i > AROUND ? i - AROUND : 0;
		int to = i + AROUND < p->count ? i + AROUND + 1 : p->count;

		p->level[i] -= (sum[to] - sum[from]) / (float)(to - from);
		some[i] = fabsf(p->level[i]);
	}
	qsort(some, (size_t)p->count, sizeof(float), compare_floats);
	most = 4 * some[p->count * 3 / 4];
	for (int i = 0; i < p->count; i++)
		p->level[i] = fmaxf(-most, fminf(p->level[i], most));
	free(sum);
	return true;
}

static float depth_of(const struct profile *p)
{
	float sum = 0;

	for (int i = 0; i < p->count; i++)
		sum += p->level[i] * p->level[i];
	return sqrtf(sum / (float)p->count);
}

static void compare_itself(struct profile *p)
{
	float *v = p->level, all = 0, a, b;

	for (int i = 0; i < p->count; i++)
		all += v[i] * v[i];
	a = b = all;
	for (int lag = 1; lag <= 2 * MOST_LAG; lag++) {
		float sum = 0;

		p->alike[lag] = 0;
		if (lag * PERIODS > p->count)
			continue;
		/* without the first, or the last, of them */
		a -= v[lag - 1] * v[lag - 1];
		b -= v[p->count - lag] * v[p->count - lag];
		for (int i = lag; i < p->count; i++)
			sum += v[i] * v[i - lag];
		if (a > 0 && b > 0)
			p->alike[lag] = sum / sqrtf(a * b);
	}
}

/*
 * Is a lag, and twice it, one at which the profile is like itself, and much
 * less so between?
 */
static bool is_peak(const struct profile *p, int lag)
{
	float least = 1;

	for (int i = 1; i < lag; i++)
		least = fminf(least, p->alike[i]);
	return p->alike[lag] > (float)ALIKE &&
	       p->alike[2 * lag] > (float)ALIKE &&
	       p->alike[lag] > least + (float)ALIKE &&
	       p->alike[lag] >= p->alike[lag - 1] &&
	       p->alike[lag] >= p->alike[lag + 1];
}

/* Do two profiles repeat at one distance? */
static bool repeat_alike(const struct profile *one, const struct profile *other)
{
	for (int lag = LEAST_LAG; lag < MOST_LAG; lag++)
		if (is_peak(one, lag) &&
		    (is_peak(other, lag - 1) || is_peak(other, lag) ||
		     is_peak(other, lag + 1)))
			return true;
	return false;
}

/* How it repeats; *any is false when hardly anything is there. */
static bool look_at(struct profile *p, bool *any)
{
	if (!take_ground(p))
		return false;
	*any = depth_of(p) >= (float)LEAST_DEPTH;
	if (*any)
		compare_itself(p);
	return true;
}

/* The place in counts where half of them, and `below`, are reached. */
static int half_of(const int *count, int places, int all, int *below)
{
	int k = 0;

	while (k < places - 1 && 2 * (*below + count[k]) < all)
		*below += count[k++];
	return k;
}

/* Of few levels: by their upper four bits, then by the lower. */
static int median_of_few(const uint8_t level[SAMPLES])
{
	int upper[16] = { 0 }, lower[16] = { 0 }, below = 0, high;

	for (int i = 0; i < SAMPLES; i++)
		upper[level[i] >> 4]++;
	high = half_of(upper, 16, SAMPLES, &below);
	for (int i = 0; i < SAMPLES; i++)
		lower[level[i] & 15] += level[i] >> 4 == high;
	return high << 4 | half_of(lower, 16, SAMPLES, &below);
}

/* Where the samples of a row or column are, from..to: at no one distance, but
 * parts of the golden ratio. */
static void place_samples(int from, int to, int place[SAMPLES])
{
	for (unsigned i = 0; i < SAMPLES; i++)
		place[i] = from + (int)((uint64_t)(i * 2654435769u) *
					(unsigned)(to - from) >> 32);
}

/* Medians of samples of each column (or row) within a strip of a plane. */
static void find_sampled(const struct grey_plane *p, bool rows, int strip,
			 struct profile *out)
{
	int all = rows ? p->columns : p->rows, place[SAMPLES];
	ptrdiff_t step = rows ? 1 : p->stride, next = rows ? p->stride : 1;

	place_samples(all * strip / STRIPS, all * (strip + 1) / STRIPS, place);
	for (int i = 0; i < out->count; i++) {
		const uint8_t *line = p->grey + i * next;
		uint8_t level[SAMPLES];

		for (int k = 0; k < SAMPLES; k++)
			level[k] = line[place[k] * step];
		out->level[i] = (float)median_of_few(level);
	}
}

static bool look_along(const struct grey_plane *p, bool rows, int strip,
		       struct profile *out, bool *any)
{
	*any = false;
	out->count = rows ? p->rows : p->columns;
	out->level = mem_array((size_t)out->count, sizeof(float));
	if (!out->level)
		return false;
	find_sampled(p, rows, strip, out);
	return look_at(out, any);
}

/* A quick look at a whole plane, by strips: some may hold something else. */
static bool may_be_squared(const struct grey_plane *p, bool *may)
{
	struct profile side[2][STRIPS] = { 0 };
	bool any[2][STRIPS], ok = true;

	for (int k = 0; ok && k < STRIPS; k++)
		ok = look_along(p, false, k, &side[0][k], &any[0][k]) &&
		     look_along(p, true, k, &side[1][k], &any[1][k]);
	*may = false;
	for (int k = 0; ok && !*may && k < STRIPS * STRIPS; k++)
		*may = any[0][k / STRIPS] && any[1][k % STRIPS] &&
		       repeat_alike(&side[0][k / STRIPS],
				    &side[1][k % STRIPS]);
	for (int k = 0; k < STRIPS; k++) {
		free(side[0][k].level);
		free(side[1][k].level);
	}
	return ok;
}

/* ---- a block ---- */

/* What a window of a plane is made of: level = column + row - ground. */
struct ground {
	struct region window;
	int column[WINDOW], row[WINDOW];        /* medians */
	int level;                              /* of it all */
	int tolerance;                          /* levels, noise of a coder */
};

static int median_of(const int count[256], int all)
{
	int below = 0;

	return half_of(count, 256, all, &below);
}

/* Modules of a code, and large letters, are deeper than any line. */
static void limit(int *median, int count, int level)
{
	for (int i = 0; i < count; i++) {
		int far = median[i] - level;

		far = far < -MOST_DEPTH ? -MOST_DEPTH : far;
		median[i] = level + (far > MOST_DEPTH ? MOST_DEPTH : far);
	}
}

static void find_medians(const struct grey_plane *p, struct ground *g)
{
	struct region w = g->window;
	int all[256] = { 0 };

	for (int y = w.y0; y < w.y1; y++) {
		int count[256] = { 0 };

		for (int x = w.x0; x < w.x1; x++)
			count[p->grey[y * p->stride + x]]++;
		g->row[y - w.y0] = median_of(count, region_width(w));
		for (int i = 0; i < 256; i++)
			all[i] += count[i];
	}
	for (int x = w.x0; x < w.x1; x++) {
		int count[256] = { 0 };

		for (int y = w.y0; y < w.y1; y++)
			count[p->grey[y * p->stride + x]]++;
		g->column[x - w.x0] = median_of(count, region_height(w));
	}
	g->level = median_of(all, region_width(w) * region_height(w));
	limit(g->row, region_height(w), g->level);
	limit(g->column, region_width(w), g->level);
}

static int least(int a, int b)
{
	return a < b ? a : b;
}

static int most(int a, int b)
{
	return a > b ? a : b;
}

/*
 * How far a sample is above or below all that its row, its column and both
 * explain.  Lines may add up where they cross, or cover each other.
 */
static int beyond(const struct ground *g, int x, int y, int level)
{
	int c = g->column[x - g->window.x0], r = g->row[y - g->window.y0];
	int both = c + r - g->level;
	int low = least(least(c, r), least(both, g->level));
	int high = most(most(c, r), most(both, g->level));

	return level < low ? level - low : level > high ? level - high : 0;
}

/* Noise: twice what nearly all samples are beyond lines and ground at most. */
static void find_tolerance(const struct grey_plane *p, struct ground *g)
{
	struct region w = g->window;
	int count[256] = { 0 }, all = region_width(w) * region_height(w);
	int n, far = 0;

	for (int y = w.y0; y < w.y1; y++)
		for (int x = w.x0; x < w.x1; x++)
			count[abs(beyond(g, x, y,
					 p->grey[y * p->stride + x])) & 255]++;
	for (n = count[0]; n < EXPLAINED * all && far < 255; n += count[far])
		far++;
	g->tolerance = LEAST_TOLERANCE + 2 * far;
	if (g->tolerance > MOST_TOLERANCE)
		g->tolerance = MOST_TOLERANCE;
}

/* What is left of a sample: all of it when it is far from lines and ground. */
static uint8_t cleared(const struct ground *g, int x, int y, int level)
{
	int far = abs(beyond(g, x, y, level)) - g->tolerance;

	if (far <= 0)
		return (uint8_t)g->level;
	if (far >= g->tolerance)
		return (uint8_t)level;
	return (uint8_t)(g->level + (level - g->level) * far / g->tolerance);
}

static void clear_block(const struct grey_plane *p, struct region block,
			struct ground *g, uint8_t *out)
{
	find_medians(p, g);
	find_tolerance(p, g);
	for (int y = block.y0; y < block.y1; y++)
		for (int x = block.x0; x < block.x1; x++)
			out[(size_t)y * (size_t)p->columns + (size_t)x] =
				cleared(g, x, y, p->grey[y * p->stride + x]);
}

/* The medians of the columns, or of the rows, of a window. */
static bool look_in(const int *median, int count, struct profile *out,
		    bool *any)
{
	out->count = count;
	out->level = mem_array((size_t)count, sizeof(float));
	if (!out->level)
		return false;
	for (int i = 0; i < count; i++)
		out->level[i] = (float)median[i];
	return look_at(out, any);
}

static bool is_squared(const struct grey_plane *p, struct ground *g,
		       bool *squared)
{
	struct profile side[2] = { 0 };
	bool any[2], ok;

	find_medians(p, g);
	ok = look_in(g->column, region_width(g->window), &side[0], &any[0]) &&
	     look_in(g->row, region_height(g->window), &side[1], &any[1]);
	*squared = ok && any[0] && any[1] && repeat_alike(&side[0], &side[1]);
	free(side[0].level);
	free(side[1].level);
	return ok;
}

/* ---- a picture ---- */

/* Up to WINDOW from a place around a block, inside 0..length. */
static int window_from(int from, int length)
{
	from -= (WINDOW - BLOCK) / 2;
	if (from > length - WINDOW)
		from = length - WINDOW;
	return from > 0 ? from : 0;
}

static struct region window_of(struct region block, const struct views *v)
{
	int x = window_from(block.x0, v->columns);
	int y = window_from(block.y0, v->rows);

	return region_clip((struct region){ x, y, x + WINDOW, y + WINDOW },
			   v->columns, v->rows);
}

static bool clear_at(const struct views *views, struct region block,
		     uint8_t *const out[VIEWS_MAX])
{
	struct ground g = { .window = window_of(block, views) };
	struct grey_plane p = views_plane(views, 0);
	bool squared;

	if (!is_squared(&p, &g, &squared))
		return false;
	for (int i = 0; squared && i < views->count; i++) {
		p = views_plane(views, i);
		clear_block(&p, block, &g, out[i]);
	}
	return true;
}

static bool clear_all(const struct views *views, uint8_t *const out[VIEWS_MAX])
{
	bool ok = true;

	for (int y = 0; ok && y < views->rows; y += BLOCK)
		for (int x = 0; ok && x < views->columns; x += BLOCK) {
			struct region block = { x, y, x + BLOCK, y + BLOCK };

			ok = clear_at(views, region_clip(block, views->columns,
							 views->rows), out);
		}
	return ok;
}

/* Clear copies of all planes, which then take their places. */
static bool replace(struct views *views)
{
	size_t n = (size_t)views->columns * (size_t)views->rows;
	uint8_t *out[VIEWS_MAX] = { NULL };
	bool ok = true;

	for (int i = 0; ok && i < views->count; i++) {
		out[i] = mem_array((size_t)views->columns,
				   (size_t)views->rows);
		ok = out[i];
		if (ok)
			memcpy(out[i], views->grey[i], n);
	}
	ok = ok && clear_all(views, out);
	for (int i = 0; i < views->count; i++) {
		free(ok ? views->grey[i] : out[i]);
		if (ok)
			views->grey[i] = out[i];
	}
	return ok;
}

bool squared_clear(struct views *views, struct error *err)
{
	struct grey_plane p = views_plane(views, 0);
	bool may = false;

	if (may_be_squared(&p, &may) && (!may || replace(views)))
		return true;
	return error_set(err, ERR_MEMORY, _("no memory to look for text"));
}

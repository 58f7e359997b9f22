/* prepare.c - polarity, background, scale and contrast before recognition. */
#include "config.h"

#include "ocr/prepare.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "ocr/ints.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum {
	LETTER = 29,            /* pixels, height of a line when read */
	LEAST_SQUARE = 7,       /* structuring element */
	LEAST_CONTRAST = 24,    /* levels; less is not blown up */
	MOST_COLUMNS = 6000,    /* of a prepared line */
	RING = 3,               /* pixels outside a box that are paper */
	CHUNK = 16,             /* samples taken together */
	HARDER = 3,             /* times the contrast */
};
/* Of the line, on each side of it: (36 - 29) / 2 / 29; and of the others. */
static const double margin_share[] = {
	[LOOK_USUAL] = .12, [LOOK_LARGER] = .03, [LOOK_SMALLER] = .25,
	[LOOK_HARD] = .12, [LOOK_QUIET] = .12, [LOOK_SHARP] = .12,
};

void crop_done(struct crop *crop)
{
	free(crop->grey);
	*crop = (struct crop){ 0 };
}

static bool crop_init(struct crop *c, int columns, int rows)
{
	*c = (struct crop){ mem_array((size_t)rows, (size_t)columns), columns,
			    rows };
	return c->grey;
}

/* Replace *c by next. */
static void crop_take(struct crop *c, struct crop *next)
{
	crop_done(c);
	*c = *next;
	*next = (struct crop){ 0 };
}

static uint8_t *at(const struct crop *c, int x, int y)
{
	return c->grey + (size_t)y * (size_t)c->columns + (size_t)x;
}

/* Around a line of height h, for its background. */
static int margin_of(int h)
{
	return imax(3, h / 4);
}

static void count_row(const struct grey_plane *p, int y, int x0, int x1,
		      size_t of_level[256])
{
	const uint8_t *row = p->grey + y * p->stride;

	for (int x = x0; x < x1; x++)
		of_level[row[x]]++;
}

/* The middle level of n samples; 128 of none. */
static int median_level(const size_t of_level[256], size_t n)
{
	size_t seen = 0;

	for (int v = 0; n && v < 256; v++) {
		seen += of_level[v];
		if (2 * seen >= n)
			return v;
	}
	return 128;
}

/*
 * What the samples of r outside the plane may be at most (least, when it is
 * flipped): ink at the border goes no further, or the stem of an L there
 * becomes as wide as what is taken for background.
 */
static int paper_of(const struct grey_plane *p, struct region r)
{
	struct region in = region_clip(r, p->columns, p->rows);
	size_t of_level[256] = { 0 };

	for (int y = in.y0; y < in.y1; y++)
		count_row(p, y, in.x0, in.x1, of_level);
	return median_level(of_level, (size_t)region_area(in));
}

/*
 * The plane inside r, turned; samples outside the plane are their nearest, but
 * no ink.
 */
static bool cut(const struct grey_plane *p, struct region r,
		enum prepare_turn turn, bool flip, struct crop *out)
{
	int w = region_width(r), h = region_height(r);
	bool lie = turn == TURN_LEFT || turn == TURN_RIGHT;
	bool inside = region_contains((struct region){ 0, 0, p->columns,
						       p->rows }, r);
	int paper = inside ? 255 : paper_of(p, r);

	if (!crop_init(out, lie ? h : w, lie ? w : h))
		return false;
	paper = flip && !inside ? 255 - paper : paper;
	for (int y = 0; y < h; y++) {
		int from_y = imin(imax(r.y0 + y, 0), p->rows - 1);
		const uint8_t *row = p->grey + from_y * p->stride;

		for (int x = 0; x < w; x++) {
			int from_x = imin(imax(r.x0 + x, 0), p->columns - 1);
			uint8_t v = flip ? (uint8_t)(255 - row[from_x]) :
					   row[from_x];

			if (from_x != r.x0 + x || from_y != r.y0 + y)
				v = (uint8_t)imin(v, paper);
			if (turn == TURN_LEFT)
				*at(out, y, w - 1 - x) = v;
			else if (turn == TURN_RIGHT)
				*at(out, h - 1 - y, x) = v;
			else
				*at(out, x, y) = v;
		}
	}
	return true;
}

/* Mean of squares of by x by samples. */
static bool shrink(struct crop *c, int by)
{
	struct crop out;
	int columns = imax(1, c->columns / by), rows = imax(1, c->rows / by);

	if (by < 2)
		return true;
	if (!crop_init(&out, columns, rows))
		return false;
	for (int y = 0; y < rows; y++) {
		for (int x = 0; x < columns; x++) {
			long sum = 0;
			int n = 0;

			for (int v = y * by; v < imin((y + 1) * by, c->rows);
			     v++)
				for (int u = x * by;
				     u < imin((x + 1) * by, c->columns); u++) {
					sum += *at(c, u, v);
					n++;
				}
			*at(&out, x, y) = (uint8_t)(sum / imax(n, 1));
		}
	}
	crop_take(c, &out);
	return true;
}

/*
 * The least (greatest) of each sample and the one `by` behind it, in place: of
 * n, rounded up to whole CHUNKs; by + CHUNK more can be read.
 */
static void pick_shifted(uint8_t *sample, size_t n, size_t by, bool greatest)
{
#ifdef __SSE2__
	for (size_t i = 0; i < n; i += CHUNK) {
		__m128i *to = (__m128i *)(void *)(sample + i);
		__m128i a = _mm_loadu_si128(to);
		__m128i b = _mm_loadu_si128(
			(const __m128i *)(const void *)(sample + i + by));

		_mm_storeu_si128(to, greatest ? _mm_max_epu8(a, b) :
						_mm_min_epu8(a, b));
	}
#else
	for (size_t i = 0; i < n; i++) {
		uint8_t a = sample[i], b = sample[i + by];

		sample[i] = (a > b) == greatest ? a : b;
	}
#endif
}

/* Of each sample and the width - 1 that follow it, each a step further. */
static void extreme_of_next(uint8_t *sample, size_t n, size_t step, int width,
			    bool greatest)
{
	int by;

	for (int span = 1; span < width; span += by) {
		by = imin(span, width - span);
		pick_shifted(sample, n, (size_t)by * step, greatest);
	}
}

/*
 * Of the square around each sample; width is odd.  What is outside the crop
 * is never taken, and behind a row stands what is left of the next.
 */
static bool square_extreme(struct crop *c, int width, bool greatest)
{
	size_t half = (size_t)width / 2;
	size_t pitch = (size_t)c->columns + 2 * half;
	size_t rows = (size_t)c->rows + 2 * half, n = rows * pitch;
	size_t room = n + (size_t)width * pitch + 2 * CHUNK;
	uint8_t *wide = malloc(room);

	if (!wide)
		return false;
	memset(wide, greatest ? 0 : 255, room);
	for (int y = 0; y < c->rows; y++)
		memcpy(wide + ((size_t)y + half) * pitch + half, at(c, 0, y),
		       (size_t)c->columns);
	extreme_of_next(wide + half * pitch, (size_t)c->rows * pitch, 1, width,
			greatest);
	extreme_of_next(wide, n, pitch, width, greatest);
	for (int y = 0; y < c->rows; y++)
		memcpy(at(c, 0, y), wide + (size_t)y * pitch,
		       (size_t)c->columns);
	free(wide);
	return true;
}

static bool crop_copy(const struct crop *c, struct crop *copy)
{
	if (!crop_init(copy, c->columns, c->rows))
		return false;
	memcpy(copy->grey, c->grey, (size_t)c->columns * (size_t)c->rows);
	return true;
}

/* Subtract what is wider than the square. */
static bool remove_background(struct crop *c, int width)
{
	struct crop opened;
	bool ok;

	if (!crop_copy(c, &opened))
		return false;
	ok = square_extreme(&opened, width, false) &&
	     square_extreme(&opened, width, true);
	for (size_t i = 0; i < (size_t)c->columns * (size_t)c->rows; i++)
		c->grey[i] = (uint8_t)(c->grey[i] - opened.grey[i]);
	crop_done(&opened);
	return ok;
}

/* Divide by the greatest level around. */
static bool even_out(struct crop *c, int width)
{
	struct crop most;
	bool ok;

	if (!crop_copy(c, &most))
		return false;
	ok = square_extreme(&most, width, true);
	for (size_t i = 0; i < (size_t)c->columns * (size_t)c->rows; i++) {
		int by = imax(most.grey[i], LEAST_CONTRAST);

		c->grey[i] = (uint8_t)imin(255, c->grey[i] * 255 / by);
	}
	crop_done(&most);
	return ok;
}

/* The 2nd to the 99th percentile become 255 (paper) to 0 (ink). */
static void stretch_to_ink(struct crop *c)
{
	size_t n = (size_t)c->columns * (size_t)c->rows, seen = 0;
	size_t of_level[256] = { 0 };
	int low = -1, high = -1;

	for (size_t i = 0; i < n; i++)
		of_level[c->grey[i]]++;
	for (int v = 0; v < 256 && high < 0; v++) {
		seen += of_level[v];
		if (low < 0 && seen * 100 >= n * 2)
			low = v;
		if (seen * 100 >= n * 99)
			high = v;
	}
	if (high <= low)
		high = low + 1;
	for (size_t i = 0; i < n; i++) {
		int v = (c->grey[i] - low) * 255 / (high - low);

		c->grey[i] = (uint8_t)(255 - imin(imax(v, 0), 255));
	}
}

/* Samples `by` from each border taken away. */
static bool trim(struct crop *c, int by)
{
	struct crop out;

	if (by <= 0 || c->columns <= 2 * by || c->rows <= 2 * by)
		return true;
	if (!crop_init(&out, c->columns - 2 * by, c->rows - 2 * by))
		return false;
	for (int y = 0; y < out.rows; y++)
		memcpy(at(&out, 0, y), at(c, by, y + by),
		       (size_t)out.columns);
	crop_take(c, &out);
	return true;
}

/* Rows of letters in a stack: cut where a row holds no ink (0 is paper). */
static bool row_is_blank(const struct crop *c, int y)
{
	for (int x = 0; x < c->columns; x++)
		if (*at(c, x, y) > 96)
			return false;
	return true;
}

/*
 * Upright letters one below the other, side by side instead.  A letter ends
 * at a blank row when it is at least half as high as the stack is wide.
 */
static bool lay_out_stack(struct crop *c)
{
	struct crop out;
	int side = c->columns, gap = side / 8 + 1, x = 0, y = 0;
	int most = c->rows / imax(1, side / 2) + 1;

	if (!crop_init(&out, most * (side + gap), side))
		return false;
	while (y < c->rows) {
		int start, high;

		while (y < c->rows && row_is_blank(c, y))
			y++;
		start = y;
		while (y < c->rows && y - start < out.rows &&
		       (2 * (y - start) < side || !row_is_blank(c, y)))
			y++;
		high = y - start;
		if (high <= 0 || x + side > out.columns)
			break;
		for (int v = 0; v < high; v++)
			memcpy(at(&out, x, (out.rows - high) / 2 + v),
			       at(c, 0, start + v), (size_t)side);
		x += side + gap;
	}
	if (x)
		crop_take(c, &out);
	crop_done(&out);
	return true;
}

static int median_of_ring(const struct grey_plane *p, struct region r)
{
	struct region out = region_clip(region_grow(r, RING), p->columns,
					p->rows);
	struct region in = region_clip(r, p->columns, p->rows);
	size_t of_level[256] = { 0 }, n = 0;

	for (int y = out.y0; y < out.y1; y++) {
		bool beside = y >= in.y0 && y < in.y1 && in.x0 < in.x1;

		count_row(p, y, out.x0, beside ? in.x0 : out.x1, of_level);
		if (beside)
			count_row(p, y, in.x1, out.x1, of_level);
	}
	for (int v = 0; v < 256; v++)
		n += of_level[v];
	return median_level(of_level, n);
}

/* The level below (above) which a tenth of the samples in r lie. */
static int tenth(const struct grey_plane *p, struct region r, bool from_above)
{
	struct region in = region_clip(r, p->columns, p->rows);
	size_t of_level[256] = { 0 }, n = (size_t)region_area(in), seen = 0;

	for (int y = in.y0; y < in.y1; y++)
		for (int x = in.x0; x < in.x1; x++)
			of_level[p->grey[y * p->stride + x]]++;
	for (int i = 0; i < 256; i++) {
		int v = from_above ? 255 - i : i;

		seen += of_level[v];
		if (10 * seen >= n)
			return v;
	}
	return from_above ? 255 : 0;
}

enum polarity prepare_polarity(const struct grey_plane *p,
			       const struct line *line)
{
	struct region bright = line->seen[POLARITY_BRIGHT];
	struct region dark = line->seen[POLARITY_DARK];
	int paper, low, high;
	double r;

	if (region_empty(dark))
		return POLARITY_BRIGHT;
	if (region_empty(bright))
		return POLARITY_DARK;
	paper = median_of_ring(p, line->box);
	low = tenth(p, dark, false);
	high = tenth(p, bright, true);
	r = high > low ? (double)(paper - low) / (high - low) : .5;
	if (r < .3)
		return POLARITY_BRIGHT;
	if (r > .7)
		return POLARITY_DARK;
	return region_area(bright) <= region_area(dark) ? POLARITY_BRIGHT :
							  POLARITY_DARK;
}

/* By how much a line of height h is made smaller. */
static int shrink_of(int h)
{
	return h >= 2 * LETTER ? h / LETTER : 1;
}

/* Of a line that is h high once it was made smaller. */
static int kept_margin(int h, enum prepare_look look)
{
	return imax(1, (int)(h * margin_share[look] + .5));
}

int prepare_margin(int high, enum prepare_look look)
{
	int by = shrink_of(high), margin = margin_of(high) / by;

	return by * imin(margin, kept_margin(imax(1, high / by), look));
}

bool prepare_contrast(const struct grey_plane *p, struct region r, int high,
		      enum polarity polarity, struct crop *crop, int *by,
		      struct error *err)
{
	*by = shrink_of(high);
	*crop = (struct crop){ 0 };
	if (cut(p, r, TURN_NONE, polarity == POLARITY_DARK, crop) &&
	    shrink(crop, *by) &&
	    remove_background(crop, imax(LEAST_SQUARE, high / *by / 2) | 1))
		return true;
	crop_done(crop);
	return error_set(err, ERR_MEMORY, _("no memory to read a line"));
}

static int compare_levels(const void *a, const void *b)
{
	return *(const uint8_t *)a - *(const uint8_t *)b;
}

/* Each sample becomes the middle one of the nine around it. */
static bool quieten(struct crop *c)
{
	struct crop was;

	if (!crop_copy(c, &was))
		return false;
	for (int y = 0; y < c->rows; y++)
		for (int x = 0; x < c->columns; x++) {
			uint8_t v[9];

			for (int i = 0; i < 9; i++)
				v[i] = *at(&was,
					imin(imax(x + i % 3 - 1, 0),
					     c->columns - 1),
					imin(imax(y + i / 3 - 1, 0),
					     c->rows - 1));
			qsort(v, 9, 1, compare_levels);
			*at(c, x, y) = v[4];
		}
	crop_done(&was);
	return true;
}

/* Everything but cutting; h is the line's height in samples of c. */
static bool clean(struct crop *c, int h, enum prepare_turn turn,
		  enum prepare_look look)
{
	int by = shrink_of(h);
	int margin = margin_of(h) / by;

	if (!shrink(c, by))
		return false;
	h = imax(1, h / by);
	if ((look == LOOK_QUIET && !quieten(c)) ||
	    !remove_background(c, imax(LEAST_SQUARE, h / 2) | 1) ||
	    !even_out(c, 2 * h + 1) ||
	    !trim(c, margin - kept_margin(h, look)) ||
	    (turn == TURN_STACK && !lay_out_stack(c)))
		return false;
	stretch_to_ink(c);
	return true;
}

static bool cut_clean(const struct grey_plane *p, const struct line *line,
		      enum polarity polarity, enum prepare_turn turn,
		      enum prepare_look look, struct crop *crop,
		      struct error *err)
{
	int h = turn == TURN_NONE ? region_height(line->box) :
				    region_width(line->box);
	struct region r = region_grow(line->box, margin_of(h));

	*crop = (struct crop){ 0 };
	if (cut(p, r, turn, polarity == POLARITY_DARK, crop) &&
	    clean(crop, imax(h, 1), turn, look))
		return true;
	crop_done(crop);
	return error_set(err, ERR_MEMORY, _("no memory to read a line"));
}

bool prepare_line(const struct grey_plane *p, const struct line *line,
		  enum polarity polarity, enum prepare_turn turn,
		  struct crop *crop, struct error *err)
{
	return cut_clean(p, line, polarity, turn, LOOK_USUAL, crop, err);
}

/* By linear interpolation. */
static void scale_into(const struct crop *c, struct crop *out)
{
	double sx = (double)c->columns / out->columns;
	double sy = (double)c->rows / out->rows;

	for (int y = 0; y < out->rows; y++) {
		double v = (y + .5) * sy - .5;
		int y0 = imin(imax((int)v, 0), c->rows - 1);
		int y1 = imin(y0 + 1, c->rows - 1);
		double dy = v > y0 ? v - y0 : 0;

		for (int x = 0; x < out->columns; x++) {
			double u = (x + .5) * sx - .5;
			int x0 = imin(imax((int)u, 0), c->columns - 1);
			int x1 = imin(x0 + 1, c->columns - 1);
			double dx = u > x0 ? u - x0 : 0;
			double top = *at(c, x0, y0) * (1 - dx) +
				     *at(c, x1, y0) * dx;
			double low = *at(c, x0, y1) * (1 - dx) +
				     *at(c, x1, y1) * dx;

			*at(out, x, y) =
				(uint8_t)(top * (1 - dy) + low * dy + .5);
		}
	}
}

/* Of Catmull and Rom: how much a sample x samples away counts. */
static double cubic(double x)
{
	x = fabs(x);
	return x < 1 ? (1.5 * x - 2.5) * x * x + 1 :
	       x < 2 ? ((2.5 - .5 * x) * x - 4) * x + 2 : 0;
}

/* The sample of c at u, v by cubic interpolation. */
static uint8_t cubic_at(const struct crop *c, double u, double v)
{
	int x0 = (int)floor(u) - 1, y0 = (int)floor(v) - 1;
	double sum = 0;

	for (int y = y0; y < y0 + 4; y++)
		for (int x = x0; x < x0 + 4; x++)
			sum += cubic(u - x) * cubic(v - y) *
			       *at(c, imin(imax(x, 0), c->columns - 1),
				   imin(imax(y, 0), c->rows - 1));
	return (uint8_t)fmin(255, fmax(0, sum + .5));
}

static void scale_sharply(const struct crop *c, struct crop *out)
{
	double sx = (double)c->columns / out->columns;
	double sy = (double)c->rows / out->rows;

	for (int y = 0; y < out->rows; y++)
		for (int x = 0; x < out->columns; x++)
			*at(out, x, y) = cubic_at(c, (x + .5) * sx - .5,
						  (y + .5) * sy - .5);
}

static void harden(struct crop *c)
{
	for (int i = 0; i < c->columns * c->rows; i++) {
		int v = (c->grey[i] - 128) * HARDER + 128;

		c->grey[i] = (uint8_t)imin(255, imax(0, v));
	}
}

static bool scale(const struct crop *line, double stretch,
		  enum prepare_look look, struct crop *crop,
		  struct error *err)
{
	double columns = (double)line->columns * PREPARED_ROWS / line->rows *
			 stretch;

	if (!crop_init(crop, imin(imax((int)(columns + .5), 1), MOST_COLUMNS),
		       PREPARED_ROWS))
		return error_set(err, ERR_MEMORY,
				 _("no memory to read a line"));
	if (look == LOOK_SHARP)
		scale_sharply(line, crop);
	else
		scale_into(line, crop);
	if (look == LOOK_HARD)
		harden(crop);
	return true;
}

bool prepare_scale(const struct crop *line, double stretch, struct crop *crop,
		   struct error *err)
{
	return scale(line, stretch, LOOK_USUAL, crop, err);
}

bool prepare_look(const struct grey_plane *p, const struct line *line,
		  enum polarity polarity, enum prepare_look look,
		  double stretch, struct crop *crop, struct error *err)
{
	struct crop own;
	bool ok;

	if (!cut_clean(p, line, polarity, TURN_NONE, look, &own, err))
		return false;
	ok = scale(&own, stretch, look, crop, err);
	crop_done(&own);
	return ok;
}

/* shapes.c - barcodes by their stripes, QR codes by their finder patterns. */
#include "config.h"

#include "ocr/shapes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "ocr/bits.h"
#include "ocr/lattice.h"
#include "ocr/matrix.h"
#include "ocr/seal.h"

enum {
	CELL = 8,               /* pixels of a side */
	REACH = 2,              /* cells between two of one shape */
	STRIPED = 5, BUSY = 7, DENSE = 8, /* mean step between neighbours,
					      levels */
	COHERENT = 4,           /* times the steps along the bars */
	LEAST_ACROSS = 32,      /* pixels of whole cells */
	LINES = 9,              /* of which a profile is the mean */
	STRETCH = 12,           /* of bars that lean, pixels of them read; of
				   large ones half, which lines of text in a
				   plane made smaller are not alike in */
	PROFILE = 4096,         /* samples of one at most */
	CONTRAST = 40,          /* levels between bars and gaps */
	RUNS = 24, RUNS_MOST = 1024,
	WIDEST = 10,            /* times the narrow ones */
	FARTHEST = 12,          /* times these, a bar of the same code */
	FINDERS = 64,           /* of one part of a picture */
	ROW_STEP = 3,           /* half the middle of a finder, or less */
	CODE_LEAST = 24,        /* pixels of a side */
	FULL_PERCENT = 35,      /* of the area of a code: dense cells */
	SCALE_MOST = 4,         /* modules of 4 times as many pixels */
	SEAL_MOST = 256,        /* pixels across: 25 mm at 260 dots an inch */
};

/* Share of the modules of a finder that must be as they should. */
#define ALIKE .85
/* Variance along the bars, of that across. */
#define UNLIKE .06

const char *const shape_why[SHAPE_KINDS] = {
	[SHAPE_BARCODE] = "shape:barcode",
	[SHAPE_QR] = "shape:qr",
	[SHAPE_MATRIX] = "shape:datamatrix",
	[SHAPE_SEAL] = "shape:seal",
	[SHAPE_HANDWRITING] = "shape:handwriting",
};

/* Steps from pixel to pixel; along[i] is the index of the bars' own. */
enum { WAYS = 4, WAY_BUSY = WAYS, WAY_DENSE, CELL_KINDS };
static const struct way {
	int x, y;               /* across the bars */
	int along;              /* way of the bars */
} ways[WAYS] = {
	{ 1, 0, 1 }, { 0, 1, 0 }, { 1, 1, 3 }, { 1, -1, 2 },
};

/* Cells of a plane: which kinds they are of, one bit each. */
struct cells {
	const struct grey_plane *plane;
	uint8_t *kinds;         /* [rows][columns], and room for eight */
	int *stack;
	int columns, rows;
	int stretch;            /* pixels of the bars that are read at most */
};

static int level(const struct grey_plane *p, int x, int y)
{
	return p->grey[(ptrdiff_t)y * p->stride + x];
}

/*
 * Is box the shape that is known there?  A kind that was told by its own signs
 * says more than that it is some code; in a plane made smaller more of a code
 * may be seen, but less exactly.
 */
static bool join_shape(struct shape *known, struct region box,
		       enum shape_kind kind)
{
	long long was = region_area(known->box), is = region_area(box);
	long long both = region_area(region_intersect(known->box, box));

	if (known->kind == SHAPE_BARCODE &&
	    (kind == SHAPE_QR || kind == SHAPE_MATRIX) &&
	    2 * both > was) {
		*known = (struct shape){ box, kind };
		return true;
	}
	if (region_contains(region_grow(known->box, CELL), box))
		return true;
	if (known->kind != kind || 2 * both < (was < is ? was : is))
		return false;
	if (is > 4 * was)
		known->box = region_union(known->box, box);
	return true;
}

static void add_shape(struct shape_list *list, const struct grey_plane *p,
		      struct region box, enum shape_kind kind)
{
	box = region_clip(box, p->columns, p->rows);
	for (int i = 0; i < list->count; i++)
		if (join_shape(&list->shape[i], box, kind))
			return;
	if (list->count < SHAPES_MAX && !region_empty(box))
		list->shape[list->count++] = (struct shape){ box, kind };
}

/* ---- marks ---- */

bool shapes_see(void *self, const struct grey_plane *p, int level, bool dark,
		const struct ink_list *marks)
{
	struct shape_search *s = self;
	int scale = 1 << level;
	const struct grey_plane whole = { NULL, p->columns * scale + scale - 1,
					  p->rows * scale + scale - 1, 0 };

	for (size_t i = 0; i < marks->count; i++) {
		const struct ink *mark = &marks->ink[i];
		struct region r;
		enum shape_kind kind = SHAPE_KINDS;

		if (matrix_find(p, dark, mark, &r))
			kind = SHAPE_MATRIX;
		else if (region_width(mark->box) * scale < SEAL_MOST &&
			 seal_find(p, dark, mark, &r))
			kind = SHAPE_SEAL;
		if (kind == SHAPE_KINDS)
			continue;
		r = (struct region){ r.x0 * scale, r.y0 * scale,
				     r.x1 * scale, r.y1 * scale };
		add_shape(s->list, &whole, region_grow(r, 1 + scale / 2),
			  kind);
	}
	return pen_see(&s->strokes, level, dark, marks);
}

/* Where writing is added. */
struct written {
	struct shape_list *list;
	const struct grey_plane *plane;
};

static void add_writing(void *self, struct region box)
{
	const struct written *w = self;

	add_shape(w->list, w->plane, region_grow(box, 2), SHAPE_HANDWRITING);
}

bool shapes_end(struct shape_search *s, const struct grey_plane *p,
		const struct region *known, size_t count, struct error *err)
{
	struct written w = { s->list, p };
	bool ok = pen_find(&s->strokes, p, known, count, add_writing, &w);

	pen_marks_done(&s->strokes);
	return ok || error_set(err, ERR_MEMORY,
			       _("no memory to look for text"));
}

/* ---- cells ---- */

/* Sums of steps in two cells side by side. */
enum { TWO = 2 };

/* Add the steps between sixteen pixels and others, eight of each cell. */
static void add_steps(const uint8_t *a, const uint8_t *b, uint64_t sum[TWO])
{
#ifdef __SSE2__
	__m128i *to = (__m128i *)(void *)sum;
	__m128i step = _mm_sad_epu8(
		_mm_loadu_si128((const __m128i *)(const void *)a),
		_mm_loadu_si128((const __m128i *)(const void *)b));

	_mm_storeu_si128(to, _mm_add_epi64(_mm_loadu_si128(to), step));
#else
	for (int x = 0; x < TWO * CELL; x++)
		sum[x / CELL] += (uint64_t)abs(a[x] - b[x]);
#endif
}

/*
 * Sums of steps in two cells that have a pixel right of and below them; of
 * every second row, even and odd, since edges may all lie on even ones.
 */
static void sum_straight(const uint8_t *at, ptrdiff_t stride,
			 uint64_t step[WAYS][TWO])
{
	for (int i = 0; i < CELL / 2; i++) {
		const uint8_t *a = at + (2 * i + (i & 1)) * stride;

		add_steps(a, a + 1, step[0]);
		add_steps(a, a + stride, step[1]);
	}
}

static void sum_diagonal(const uint8_t *at, ptrdiff_t stride,
			 uint64_t step[WAYS][TWO])
{
	for (int i = 0; i < CELL / 2; i++) {
		const uint8_t *a = at + (2 * i + (i & 1)) * stride;

		add_steps(a, a + stride + 1, step[2]);
		add_steps(a + 1, a + stride, step[3]);
	}
}

enum { SAMPLES = CELL * CELL / 2 };     /* steps of a cell */

static bool has_edges(uint64_t step[WAYS][TWO], int cell)
{
	/* a diagonal step is no more than two straight ones */
	return step[0][cell] + step[1][cell] > STRIPED * SAMPLES;
}

static uint8_t kinds_of(uint64_t step[WAYS][TWO], int cell)
{
	uint64_t straight = step[0][cell] + step[1][cell];
	unsigned kinds = 0;

	if (!has_edges(step, cell))
		return 0;
	for (int i = 0; i < WAYS; i++)
		if (step[i][cell] > STRIPED * SAMPLES &&
		    step[i][cell] > COHERENT * step[ways[i].along][cell])
			kinds |= 1u << i;
	if (straight > 2 * BUSY * SAMPLES)
		kinds |= 1u << WAY_BUSY;
	if (straight > 2 * DENSE * SAMPLES)
		kinds |= 1u << WAY_DENSE;
	return (uint8_t)kinds;
}

/* Two cells, of which the pixels and those around lie at `at`. */
static void fill_two(const uint8_t *at, ptrdiff_t stride, uint8_t kinds[TWO])
{
	uint64_t step[WAYS][TWO] = { { 0 } };

	kinds[0] = kinds[1] = 0;
	sum_straight(at, stride, step);
	if (!has_edges(step, 0) && !has_edges(step, 1))
		return;
	sum_diagonal(at, stride, step);
	kinds[0] = kinds_of(step, 0);
	kinds[1] = kinds_of(step, 1);
}

/* One cell at the end of a row: what is right of it may not be there. */
static uint8_t last_kinds(const uint8_t *at, ptrdiff_t stride)
{
	enum { WIDE = TWO * CELL + 1 };
	uint8_t copy[(CELL + 1) * WIDE] = { 0 }, kinds[TWO];

	for (int y = 0; y < CELL + 1; y++)
		memcpy(copy + y * WIDE, at + y * stride, CELL + 1);
	fill_two(copy, WIDE, kinds);
	return kinds[0];
}

static void fill_cells(struct cells *c)
{
	const struct grey_plane *p = c->plane;

	for (int y = 0; y < c->rows; y++) {
		const uint8_t *at = p->grey + (ptrdiff_t)y * CELL * p->stride;
		uint8_t *kinds = c->kinds + y * c->columns;
		int x = 0;

		for (; x + TWO <= c->columns; x += TWO)
			fill_two(at + x * CELL, p->stride, kinds + x);
		if (x < c->columns)
			kinds[x] = last_kinds(at + x * CELL, p->stride);
	}
}

/* Cells of one kind that are near each other. */
struct patch {
	struct region box;      /* pixels */
	/* of the centres, in steps across and along the bars; doubled where
	   the bars are diagonal */
	int least[2], most[2];
	int stretch, cells;
};

static void add_cell(struct patch *p, int kind, int x, int y)
{
	struct region r = { x * CELL, y * CELL, (x + 1) * CELL,
			    (y + 1) * CELL };
	const struct way *a = &ways[kind % WAYS], *b = &ways[a->along];
	const int at[2] = {
		(r.x0 + CELL / 2) * a->x + (r.y0 + CELL / 2) * a->y,
		(r.x0 + CELL / 2) * b->x + (r.y0 + CELL / 2) * b->y,
	};

	for (int i = 0; i < 2; i++) {
		if (p->cells == 0 || at[i] < p->least[i])
			p->least[i] = at[i];
		if (p->cells == 0 || at[i] > p->most[i])
			p->most[i] = at[i];
	}
	if (p->cells++ == 0)
		p->box = r;
	p->box.x0 = r.x0 < p->box.x0 ? r.x0 : p->box.x0;
	p->box.y0 = r.y0 < p->box.y0 ? r.y0 : p->box.y0;
	p->box.x1 = r.x1 > p->box.x1 ? r.x1 : p->box.x1;
	p->box.y1 = r.y1 > p->box.y1 ? r.y1 : p->box.y1;
}

/* May one of the few cells of a row from i on be of a kind?  Eight are looked
 * at, which there is room for. */
static bool any_cell(const struct cells *c, int kind, int i)
{
	const uint64_t wanted = 0x0101010101010101u << kind;
	uint64_t eight;

	memcpy(&eight, c->kinds + i, sizeof(eight));
	return eight & wanted;
}

/* Take the cell and all that hang together with it. */
static struct patch take_patch(struct cells *c, int kind, int start)
{
	const uint8_t bit = (uint8_t)(1u << kind);
	const int reach = kind == WAY_DENSE ? 1 : REACH;
	struct patch p = { .stretch = c->stretch };
	size_t n = 0;

	c->stack[n++] = start;
	c->kinds[start] &= (uint8_t)~bit;
	while (n) {
		int at = c->stack[--n], x = at % c->columns,
		    y = at / c->columns;
		struct region near = region_clip(
			(struct region){ x - reach, y - reach, x + reach + 1,
					 y + reach + 1 },
			c->columns, c->rows);

		add_cell(&p, kind, x, y);
		for (int v = near.y0; v < near.y1; v++) {
			if (!any_cell(c, kind, v * c->columns + near.x0))
				continue;
			for (int u = near.x0; u < near.x1; u++) {
				int next = v * c->columns + u;

				if (!(c->kinds[next] & bit))
					continue;
				c->kinds[next] &= (uint8_t)~bit;
				c->stack[n++] = next;
			}
		}
	}
	return p;
}

/* ---- barcodes ---- */

/* Levels across the bars, each the mean of some lines. */
struct profile {
	double level[PROFILE];
	int count;
	double within;          /* mean variance of what was averaged */
};

/* One point of it. */
struct point {
	double mean, variance;
	int least, most;
};

/*
 * Diagonal steps reach every second pixel of a sum u = x + y and difference
 * v = x - y: x = (u + v) / 2, and both are even or both odd.  False outside
 * the plane.
 */
static bool read_point(const struct grey_plane *p, int kind, int across,
		       const int along[LINES], struct point *out)
{
	const struct way *a = &ways[kind], *b = &ways[a->along];
	int scale = a->x && a->y ? 2 : 1, n = 0;
	double sum = 0, sum2 = 0;

	*out = (struct point){ .least = 255 };
	for (int i = 0; i < LINES; i++) {
		int at = along[i] + (scale == 2 && ((along[i] ^ across) & 1));
		int x = (across * a->x + at * b->x) / scale;
		int y = (across * a->y + at * b->y) / scale, g;

		if (x < 0 || y < 0 || x >= p->columns || y >= p->rows)
			continue;
		g = level(p, x, y);
		sum += g;
		sum2 += g * g;
		n++;
		out->least = g < out->least ? g : out->least;
		out->most = g > out->most ? g : out->most;
	}
	if (!n)
		return false;
	out->mean = sum / n;
	out->variance = sum2 / n - out->mean * out->mean;
	return true;
}

/* Lines through the middle of the bars: half of them, or less. */
static void set_lines(const struct patch *t, int along[LINES])
{
	int middle = (t->least[1] + t->most[1]) / 2;
	int length = (t->most[1] - t->least[1] + 4) / 2;

	if (length > t->stretch)
		length = t->stretch;
	for (int i = 0; i < LINES; i++)
		along[i] = middle - length / 2 + length * i / LINES;
}

static void read_profile(const struct grey_plane *p, int kind,
			 const struct patch *t, struct profile *out)
{
	int scale = ways[kind].x && ways[kind].y ? 2 : 1;
	int beyond = CELL * scale, along[LINES];
	struct point at;

	out->count = 0;
	out->within = 0;
	set_lines(t, along);
	for (int k = t->least[0] - beyond;
	     k < t->most[0] + beyond && out->count < PROFILE; k += scale) {
		if (!read_point(p, kind, k, along, &at))
			continue;
		out->level[out->count++] = at.mean;
		out->within += at.variance;
	}
	out->within /= out->count ? out->count : 1;
}

/* Means of what is above and below the mean; false for too little. */
static bool two_levels(const struct profile *f, double *low, double *high)
{
	double mean = 0, sum[2] = { 0 }, square = 0;
	int n[2] = { 0 };

	for (int i = 0; i < f->count; i++)
		mean += f->level[i] / f->count;
	for (int i = 0; i < f->count; i++) {
		int above = f->level[i] > mean;

		sum[above] += f->level[i];
		n[above]++;
		square += (f->level[i] - mean) * (f->level[i] - mean);
	}
	if (!n[0] || !n[1])
		return false;
	*low = sum[0] / n[0];
	*high = sum[1] / n[1];
	return *high - *low >= CONTRAST && f->within < UNLIKE * square / f->count;
}

/* Widths of bars and gaps, but for what is outside the first and last. */
static int read_runs(const struct profile *f, double low, double high,
		     int run[RUNS_MOST])
{
	double middle = (low + high) / 2, slack = (high - low) / 8;
	bool above = f->level[0] > middle;
	int n = 0, since = -1;

	for (int i = 1; i < f->count && n < RUNS_MOST; i++) {
		if (above ? f->level[i] > middle - slack :
			    f->level[i] < middle + slack)
			continue;
		above = !above;
		if (since >= 0)
			run[n++] = i - since;
		since = i;
	}
	return n;
}

static int by_size(const void *a, const void *b)
{
	int x = *(const int *)a, y = *(const int *)b;

	return (x > y) - (x < y);
}

static int narrow_of(const int *run, int n)
{
	int sorted[RUNS_MOST];

	memcpy(sorted, run, (size_t)n * sizeof(*run));
	qsort(sorted, (size_t)n, sizeof(*sorted), by_size);
	return sorted[n / 5];
}

/* Without the margins of a label at both ends.  Returns how many are left. */
static int trim_ends(int *run, int n)
{
	int most = n ? WIDEST * narrow_of(run, n) : 0, from = 0;

	while (n && run[n - 1] > most)
		n--;
	while (from < n && run[from] > most)
		from++;
	memmove(run, run + from, (size_t)(n - from) * sizeof(*run));
	return n - from;
}

/* Does what comes after some runs look like what was there? */
static bool repeats(const int *run, int n, int after)
{
	int same = 0;

	for (int i = 0; i + after < n; i++)
		same += abs(run[i] - run[i + after]) <= 1 + run[i] / 5;
	return same > .85 * (n - after);
}

/* Are runs rather like the next of their colour (a wave that grows wider)? */
static bool is_smooth(const int *run, int n)
{
	double mean = 0, spread = 0, steps = 0;

	for (int i = 0; i < n; i++)
		mean += (double)run[i] / n;
	for (int i = 0; i < n; i++)
		spread += fabs(run[i] - mean) / n;
	for (int i = 0; i + 2 < n; i++)
		steps += abs(run[i] - run[i + 2]) / (n - 2.);
	return steps < .7 * spread;
}

static bool are_bars(const int *run, int n)
{
	int narrow, few[2] = { 0 }, wide[2] = { 0 };

	if (n < RUNS)
		return false;
	narrow = narrow_of(run, n);
	for (int i = 0; i < n; i++) {
		if (run[i] > WIDEST * narrow)
			return false;
		wide[i & 1] += run[i] >= 1.75 * narrow + .5;
		few[i & 1] += run[i] <= 1.5 * narrow + .5;
	}
	for (int i = 0; i < 2; i++)
		if (wide[i] < .12 * n / 2 || few[i] < .2 * n / 2)
			return false;
	/* narrow runs differ by a pixel, whatever they are */
	return !is_smooth(run, n) &&
	       (narrow <= 2 || !(repeats(run, n, 2) || repeats(run, n, 4)));
}

/*
 * How many steps from an end of the patch the last bar stands: those behind a
 * wide gap are in no cell of it.  way: 1 or -1.
 */
static int bars_beyond(const struct grey_plane *p, int kind,
		       const struct patch *t, int way, double middle,
		       int farthest)
{
	int scale = ways[kind].x && ways[kind].y ? 2 : 1, last = 0;
	int from = way > 0 ? t->most[0] : t->least[0], along[LINES];
	bool known = false, light = false;
	struct point at;

	set_lines(t, along);
	for (int d = 0; d - last <= farthest; d++) {
		if (!read_point(p, kind, from + way * d * scale, along, &at))
			break;
		/* its lines agree */
		if ((at.least > middle) != (at.most > middle))
			continue;
		if (known && light != (at.least > middle))
			last = d;
		light = at.least > middle;
		known = true;
	}
	return last;
}

static struct region whole_box(const struct grey_plane *p, int kind,
			       const struct patch *t, double middle,
			       int farthest)
{
	const struct way *a = &ways[kind];
	int after = bars_beyond(p, kind, t, 1, middle, farthest);
	int before = -bars_beyond(p, kind, t, -1, middle, farthest);
	struct region r = t->box;

	r = region_union(r, region_move(t->box, a->x * after, a->y * after));
	r = region_union(r, region_move(t->box, a->x * before,
					a->y * before));
	return region_grow(r, CELL);
}

static void find_bars(const struct grey_plane *p, int kind,
		      const struct patch *t, struct profile *f,
		      struct shape_list *list)
{
	int scale = ways[kind].x && ways[kind].y ? 2 : 1, run[RUNS_MOST], n;
	double low, high;

	if (t->most[0] - t->least[0] + CELL < LEAST_ACROSS * scale ||
	    /* a line of text made smaller */
	    (t->stretch > STRETCH &&
	     t->most[1] - t->least[1] < CELL * scale))
		return;
	read_profile(p, kind, t, f);
	if (!two_levels(f, &low, &high))
		return;
	n = trim_ends(run, read_runs(f, low, high, run));
	if (are_bars(run, n))
		add_shape(list, p,
			  whole_box(p, kind, t, (low + high) / 2,
				    FARTHEST * narrow_of(run, n)),
			  SHAPE_BARCODE);
}

/* ---- QR codes ---- */

struct finder {
	double x, y, module;    /* centre; pixels along rows and columns */
	bool light;             /* in the middle */
};

struct code {
	const struct grey_plane *plane;
	struct region box;
	int middle;             /* level between dark and light */
	struct finder finder[FINDERS];
	int count;
};

/* Length of a run from x, y (which is not in it) on, at most `most`. */
static int run_from(const struct code *c, int x, int y, int dx, int dy,
		    bool light, int most)
{
	int n = 0;

	for (; n < most; n++) {
		x += dx;
		y += dy;
		if (!region_hit(c->box, x, y) ||
		    (level(c->plane, x, y) > c->middle) != light)
			break;
	}
	return n;
}

static bool near_by(double a, double module, double modules)
{
	return fabs(a - modules * module) <= .4 * modules * module + .6;
}

/*
 * Is x, y in the middle of 1:1:3:1:1 runs, none longer than most?  *centre: of
 * them along dx, dy.  Returns the width of a module, or 0.
 */
static double finder_at(const struct code *c, int x, int y, int dx, int dy,
			int most, double *centre)
{
	bool light = level(c->plane, x, y) > c->middle;
	int run[2][3];
	double module;

	for (int i = 0; i < 2; i++) {
		int s = i ? 1 : -1, at = 0;

		for (int k = 0; k < 3; k++) {
			run[i][k] = run_from(c, x + s * at * dx,
					     y + s * at * dy, s * dx, s * dy,
					     light ^ (k & 1), most);
			at += run[i][k];
		}
	}
	module = (run[0][0] + run[1][0] + 1 + run[0][1] + run[1][1] +
		  run[0][2] + run[1][2]) / 7.;
	*centre = (dx ? x : y) + (run[1][0] - run[0][0]) / 2.;
	if (!near_by(run[0][0] + run[1][0] + 1, module, 3))
		return 0;
	for (int i = 0; i < 2; i++)
		for (int k = 1; k < 3; k++)
			if (!run[i][k] || !near_by(run[i][k], module, 1))
				return 0;
	return module;
}

static void add_finder(struct code *c, struct finder f)
{
	for (int i = 0; i < c->count; i++)
		if (hypot(f.x - c->finder[i].x, f.y - c->finder[i].y) <
		    3 * f.module)
			return;
	if (c->count < FINDERS)
		c->finder[c->count++] = f;
}

/* Is it one on its diagonals too? */
static bool is_finder(const struct code *c, const struct finder *f)
{
	int x = (int)f->x, y = (int)f->y, most = 1 + (int)(6 * f->module);
	double centre;

	return region_hit(c->box, x, y) &&
	       finder_at(c, x, y, 1, 1, most, &centre) > 0 &&
	       finder_at(c, x, y, 1, -1, most, &centre) > 0;
}

/* A finder whose five runs end at x in a row through its middle. */
static void try_finder(struct code *c, int x, int y, const int run[5])
{
	int middle = run[2];
	double b;
	struct finder f = {
		.x = x - run[4] - run[3] - (middle + 1) / 2.,
		.module = (run[0] + run[1] + middle + run[3] + run[4]) / 7.,
	};

	for (int i = 0; i < 5; i++)
		if (!near_by(run[i], f.module, i == 2 ? 3 : 1))
			return;
	b = finder_at(c, (int)f.x, y, 0, 1, 2 * middle, &f.y);
	if (b <= 0 || f.module < 1.5 || fabs(f.module - b) > .35 * b)
		return;
	f.light = level(c->plane, (int)f.x, y) > c->middle;
	f.module = (f.module + b) / 2;
	if (is_finder(c, &f))
		add_finder(c, f);
}

/* A run of a row ended at x: is it the last of five that may be a finder's? */
static void end_run(struct code *c, int x, int y, int run[5], int *since)
{
	memmove(run, run + 1, 4 * sizeof(*run));
	run[4] = x - *since;
	*since = x;
	if (run[2] > 3 && run[2] > run[1] && run[2] > run[3] && run[0])
		try_finder(c, x, y, run);
}

/* Finders whose middle the row crosses. */
static void scan_row(struct code *c, int y)
{
	const uint8_t *row = c->plane->grey + (ptrdiff_t)y * c->plane->stride;
	int run[5] = { 0 }, since = c->box.x0, edge[BITS], x = c->box.x0;
	bool light = row[x] > c->middle;
	uint8_t middle[BITS], last[BITS] = { 0 };

	memset(middle, c->middle, sizeof(middle));
	for (; x < c->box.x1; x += BITS) {
		int n = c->box.x1 - x < BITS ? c->box.x1 - x : BITS, edges;
		uint64_t bits;

		if (n < BITS)           /* the row may end there */
			memcpy(last, row + x, (size_t)n);
		bits = bits_above(n < BITS ? last : row + x, middle);
		edges = bits_edges(bits_changes(bits, light), x, edge);
		light = bits >> (BITS - 1);
		for (int i = 0; i < edges && edge[i] < x + n; i++)
			end_run(c, edge[i], y, run, &since);
	}
	end_run(c, c->box.x1, y, run, &since);
}

/* Do b and c stand at right angles from a, as far, a square apart? */
static bool is_corner(const struct finder *a, const struct finder *b,
		      const struct finder *c)
{
	double bx = b->x - a->x, by = b->y - a->y;
	double cx = c->x - a->x, cy = c->y - a->y;
	double u = hypot(bx, by), v = hypot(cx, cy);

	/* versions 1 to 40: 14 to 170 modules between centres */
	return u > 12 * a->module && u < 190 * a->module &&
	       fabs(u - v) < .15 * u && fabs(bx * cx + by * cy) < .2 * u * v &&
	       fabs(a->module - b->module) < .35 * a->module &&
	       fabs(a->module - c->module) < .35 * a->module;
}

/*
 * Share of the modules of a finder, and of the border around it, that are as
 * they should be.  ux, uy: one module along a side of the code.
 */
static double likeness(const struct code *c, const struct finder *f, double ux,
		       double uy)
{
	int same = 0;

	for (int j = -4; j <= 4; j++)
		for (int i = -4; i <= 4; i++) {
			int far = abs(i) > abs(j) ? abs(i) : abs(j);
			bool dark = far == 3 || far < 2;
			int x = (int)floor(f->x + i * ux - j * uy + .5);
			int y = (int)floor(f->y + i * uy + j * ux + .5);

			if (x < 0 || y < 0 || x >= c->plane->columns ||
			    y >= c->plane->rows)
				continue;
			same += (level(c->plane, x, y) > c->middle) ==
				(dark ? f->light : !f->light);
		}
	return same / 81.;
}

/* Three finders at the corners of a square that stands as they do. */
static bool is_code(const struct code *c, const struct finder *a,
		    const struct finder *b, const struct finder *d)
{
	double ux = b->x - a->x, uy = b->y - a->y, n = hypot(ux, uy);
	/* a row crosses a turned module on a longer way */
	double module = a->module * fmax(fabs(ux), fabs(uy)) / n;

	ux *= module / n;
	uy *= module / n;
	return a->light == b->light && a->light == d->light &&
	       likeness(c, a, ux, uy) > ALIKE &&
	       likeness(c, b, ux, uy) > ALIKE &&
	       likeness(c, d, ux, uy) > ALIKE;
}

static struct region around(double x, double y, double far)
{
	return (struct region){ (int)(x - far), (int)(y - far),
				(int)(x + far) + 1, (int)(y + far) + 1 };
}

static void try_corner(const struct code *code, int i, int j, int k,
		       struct shape_list *list)
{
	const struct finder *a = &code->finder[i], *b = &code->finder[j];
	const struct finder *c = &code->finder[k];
	double far = 6 * a->module;
	struct region r = around(b->x + c->x - a->x, b->y + c->y - a->y, far);

	if (!is_corner(a, b, c) || !is_code(code, a, b, c))
		return;
	r = region_union(r, around(a->x, a->y, far));
	r = region_union(r, around(b->x, b->y, far));
	r = region_union(r, around(c->x, c->y, far));
	add_shape(list, code->plane, r, SHAPE_QR);
}

/* Half way between its darkest and lightest; -1 when these are near. */
static int middle_of(const struct grey_plane *p, struct region box)
{
	int least = 255, most = 0;

	for (int y = box.y0; y < box.y1; y += 3)
		for (int x = box.x0; x < box.x1; x += 3) {
			int g = level(p, x, y);

			least = g < least ? g : least;
			most = g > most ? g : most;
		}
	return most - least < CONTRAST ? -1 : (least + most) / 2;
}

static void find_code(const struct grey_plane *p, struct region box,
		      struct shape_list *list)
{
	struct code c = { .plane = p, .box = region_clip(
		region_grow(box, CELL), p->columns, p->rows) };

	if (region_width(box) < CODE_LEAST || region_height(box) < CODE_LEAST)
		return;
	c.middle = middle_of(p, box);
	if (c.middle < 0)
		return;
	for (int y = c.box.y0; y < c.box.y1; y += ROW_STEP)
		scan_row(&c, y);
	for (int i = 0; i < c.count; i++)
		for (int j = 0; j < c.count; j++)
			for (int k = j + 1; k < c.count; k++)
				if (i != j && i != k)
					try_corner(&c, i, j, k, list);
}

/* ---- codes of other modules ---- */

/* Without a rim, too, of half a cell: what is around hides the two levels of a
 * code.  False: no memory. */
static bool find_modules(const struct grey_plane *p, const struct patch *t,
			 struct shape_list *list)
{
	struct region box = t->box;
	bool found;

	if (region_width(box) < CODE_LEAST ||
	    region_height(box) < CODE_LEAST ||
	    100LL * CELL * CELL * t->cells < FULL_PERCENT * region_area(box))
		return true;
	if (!lattice_find(p, box, CELL / 2, 3, &found))
		return false;
	if (found)
		add_shape(list, p, region_grow(box, 2), SHAPE_BARCODE);
	return true;
}

/* ---- all ---- */

/* The first cell of a kind from i on, eight at a time; or n. */
static int next_cell(const struct cells *c, int kind, int i, int n)
{
	const uint64_t wanted = 0x0101010101010101u << kind;

	for (; i < n; i++) {
		uint64_t eight;

		if (i + 8 <= n) {
			memcpy(&eight, c->kinds + i, sizeof(eight));
			if (!(eight & wanted)) {
				i += 7;
				continue;
			}
		}
		if (c->kinds[i] & 1u << kind)
			return i;
	}
	return n;
}

/* False: no memory. */
static bool find_all(struct cells *c, struct profile *f,
		     struct shape_list *list)
{
	int n = c->columns * c->rows;

	for (int kind = 0; kind < CELL_KINDS; kind++)
		for (int i = 0; i < n; i++) {
			struct patch t;

			i = next_cell(c, kind, i, n);
			if (i == n)
				break;
			t = take_patch(c, kind, i);
			if (kind == WAY_BUSY)
				find_code(c->plane, t.box, list);
			else if (kind != WAY_DENSE)
				find_bars(c->plane, kind, &t, f, list);
			else if (!find_modules(c->plane, &t, list))
				return false;
		}
	return true;
}

/* scale: pixels of the picture that make one of the plane. */
static bool find_at_scale(const struct grey_plane *p, int scale,
			  struct shape_list *list)
{
	/* a cell's steps reach one pixel beyond it */
	struct cells c = { p, NULL, NULL, (p->columns - 1) / CELL,
			   (p->rows - 1) / CELL,
			   scale > 1 ? PROFILE : STRETCH };
	struct profile *f = malloc(sizeof(*f));
	bool ok = true;

	if (c.columns > 0 && c.rows > 0) {
		size_t rows = (size_t)c.rows, columns = (size_t)c.columns;

		c.kinds = mem_array(rows + 8, columns);
		c.stack = mem_array3(rows, columns, 1, sizeof(*c.stack));
		ok = f && c.kinds && c.stack;
		if (ok) {
			fill_cells(&c);
			ok = find_all(&c, f, list);
		}
	}
	free(c.kinds);
	free(c.stack);
	free(f);
	return ok;
}

static struct region scaled(struct region r, int scale)
{
	return (struct region){ r.x0 * scale, r.y0 * scale, r.x1 * scale,
				r.y1 * scale };
}

/* Large bars and modules leave cells without an edge: these are found in a
 * plane made smaller. */
bool shapes_find(const struct grey_plane *p, struct shape_list *list,
		 struct error *err)
{
	struct grey_plane now = *p;
	uint8_t *halved = NULL;
	bool ok = find_at_scale(p, 1, list);

	for (int scale = 2; ok && scale <= SCALE_MOST &&
	     now.columns >= 2 * LEAST_ACROSS && now.rows >= 2 * LEAST_ACROSS;
	     scale *= 2) {
		struct shape_list found = { .count = 0 };
		uint8_t *half = plane_halve(&now, &now);

		free(halved);
		halved = half;
		ok = half && find_at_scale(&now, scale, &found);
		for (int i = 0; i < found.count; i++)
			add_shape(list, p, scaled(found.shape[i].box, scale),
				  found.shape[i].kind);
	}
	free(halved);
	return ok || error_set(err, ERR_MEMORY,
			       _("no memory to look for text"));
}

/* lattice.c - codes of modules by the lattice on which their edges lie. */
#include "config.h"

#include "ocr/lattice.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ocr/twice.h"

enum {
	CONTRAST = 40,          /* levels between light and dark */
	SIDE = 2048,            /* pixels of a side at most */
	MODULES = 7,            /* across at least; and one less down */
	MIXED_PERCENT = 60,     /* of the lines: some of its modules differ */
};

/* Of the edges, at half of the places. */
#define GATHERED .75
/* Of the edges, on the lattice: 1 when all are, 0 when they lie anywhere. */
#define COHERENT .75
/* Of the pixels, near one of the two levels. */
#define TWO_LEVELS .7
/* Of the area, of the rarer level. */
#define RARER .3
/* Of a line of the lattice, where its modules differ. */
#define FEW .12
#define MOST .88

#define MODULE_LEAST 2.0
#define MODULE_STEP 1.01        /* from one width that is tried to the next */

#define PI 3.14159265358979323846

/* Edges along one side of the box. */
struct side {
	int edges[SIDE];        /* from pixel i - 1 to pixel i, in all lines */
	int length, lines;
	int total;
	double module, phase;   /* pixels: lines at phase, phase + module ... */
};

static int level(const struct grey_plane *p, int x, int y)
{
	return p->grey[(ptrdiff_t)y * p->stride + x];
}

/* How often each level stands in a box: of each second pixel of each second
 * row. */
struct levels {
	struct region box;
	int count[256];
};

static void count_levels(const struct grey_plane *p, struct region box,
			 struct levels *l)
{
	/* several: where samples are alike a count would wait for itself */
	int some[4][256] = { { 0 } };

	for (int y = box.y0; y < box.y1; y += 2)
		for (int x = box.x0; x < box.x1; x += 2)
			some[x >> 1 & 3][level(p, x, y)]++;
	for (int g = 0; g < 256; g++)
		l->count[g] = some[0][g] + some[1][g] + some[2][g] +
			      some[3][g];
	l->box = box;
}

/* A part of the box is no longer counted. */
static void leave_out(const struct grey_plane *p, struct levels *l, int x0,
		      int y0, int x1, int y1)
{
	for (int y = y0 + ((y0 - l->box.y0) & 1); y < y1; y += 2)
		for (int x = x0 + ((x0 - l->box.x0) & 1); x < x1; x += 2)
			l->count[level(p, x, y)]--;
}

/* Only what lies within a rim of an even number of pixels is counted. */
static void leave_rim(const struct grey_plane *p, struct levels *l, int rim)
{
	struct region was = l->box, now = region_grow(was, -rim);

	leave_out(p, l, was.x0, was.y0, was.x1, now.y0);
	leave_out(p, l, was.x0, now.y1, was.x1, was.y1);
	leave_out(p, l, was.x0, now.y0, now.x0, now.y1);
	leave_out(p, l, now.x1, now.y0, was.x1, now.y1);
	l->box = now;
}

/* The level between light and dark; -1 when there are not two. */
static int middle_of(const int count[256])
{
	int middle, low, high, slack;
	long long sum[2] = { 0 }, n[2] = { 0 }, all = 0, near = 0;

	for (int g = 0; g < 256; g++) {
		all += count[g];
		sum[0] += (long long)g * count[g];
	}
	middle = (int)(sum[0] / all);
	sum[0] = 0;
	for (int g = 0; g < 256; g++) {
		sum[g > middle] += (long long)g * count[g];
		n[g > middle] += count[g];
	}
	if ((double)n[0] < RARER * (double)all ||
	    (double)n[1] < RARER * (double)all)
		return -1;
	low = (int)(sum[0] / n[0]);
	high = (int)(sum[1] / n[1]);
	slack = (high - low) / 4;
	for (int g = 0; g < 256; g++)
		if (abs(g - low) <= slack || abs(g - high) <= slack)
			near += count[g];
	return high - low < CONTRAST ||
	       (double)near < TWO_LEVELS * (double)all ?
	       -1 : (low + high) / 2;
}

enum { CHUNK = 64 };                    /* pixels done at a time: a fixed
					   count lets the compiler vectorise */

/* Rows of a box, 1 where light; with a pixel before and room behind. */
struct row {
	uint8_t light[1 + SIDE + CHUNK];
};

/* What is counted of both sides at once. */
struct count {
	struct row row[2];
	uint8_t edges[SIDE + CHUNK];    /* across, of some rows: below 256 */
};

/* Bytes side by side, wherever they lie. */
typedef uint8_t bytes __attribute__((vector_size(32), aligned(1), may_alias));

/*
 * Which of CHUNK pixels are light.  They are stored as widely as add_edges()
 * reads them right after: narrower ones it would have to wait for.
 */
INLINED void see_light(const uint8_t *pixel, uint8_t bound, uint8_t *light)
{
	bytes least = { 0 };

	least += bound;
	for (int i = 0; i < CHUNK; i += (int)sizeof(bytes))
		*(bytes *)(light + i) =
			(bytes)(*(const bytes *)(pixel + i) > least) & 1;
}

/* Which pixels of a row are light; as the last of them behind it. */
INLINED void find_light(const uint8_t *grey, int middle, int length,
		       struct row *row)
{
	uint8_t last[CHUNK], bound = (uint8_t)middle;
	int x = 0;

	for (; x + CHUNK <= length; x += CHUNK)
		see_light(grey + x, bound, row->light + 1 + x);
	if (x < length) {
		memset(last, grey[length - 1], sizeof(last));
		memcpy(last, grey + x, (size_t)(length - x));
		see_light(last, bound, row->light + 1 + x);
	}
	row->light[0] = row->light[1];
}

/* How many pixels of a row differ from those above; across: added to. */
INLINED int add_edges(const struct row *above, const struct row *row,
		      int length, uint8_t *across)
{
	uint8_t differ[CHUNK] = { 0 };  /* SIDE / CHUNK at most */
	int sum = 0;

	for (int x = 0; x < length; x += CHUNK) {
		const uint8_t *light = row->light + 1 + x;
		const uint8_t *up = above->light + 1 + x;
		uint8_t left[CHUNK], other[CHUNK];
		int n = length - x < CHUNK ? length - x : CHUNK;

		for (int i = 0; i < CHUNK; i++)
			left[i] = light[i] ^ light[i - 1];
		for (int i = 0; i < CHUNK; i++)
			across[x + i] = (uint8_t)(across[x + i] + left[i]);
		for (int i = 0; i < CHUNK; i++)
			other[i] = light[i] ^ up[i];
		if (n < CHUNK)
			memset(other + n, 0, (size_t)(CHUNK - n));
		for (int i = 0; i < CHUNK; i++)
			differ[i] = (uint8_t)(differ[i] + other[i]);
	}
	for (int i = 0; i < CHUNK; i++)
		sum += differ[i];
	return sum;
}

/* What was counted across goes to its side. */
static void move_edges(uint8_t *edges, struct side *across)
{
	for (int i = 0; i < across->length; i++) {
		across->edges[i] += edges[i];
		across->total += edges[i];
	}
	memset(edges, 0, (size_t)across->length);
}

INLINED void count_all(const struct grey_plane *p, struct region box,
		       int middle, struct count *c, struct side *across,
		       struct side *down)
{
	across->length = down->lines = region_width(box);
	down->length = across->lines = region_height(box);
	for (int y = 0; y < down->length; y++) {
		struct row *now = &c->row[y & 1];
		const struct row *above = y ? &c->row[!(y & 1)] : now;

		find_light(p->grey + (box.y0 + y) * p->stride + box.x0, middle,
			   across->length, now);
		down->edges[y] = add_edges(above, now, across->length,
					   c->edges);
		down->total += down->edges[y];
		if (y % 255 == 254)
			move_edges(c->edges, across);
	}
	move_edges(c->edges, across);
}

static void count_plain(const struct grey_plane *p, struct region box,
			int middle, struct count *c, struct side side[2])
{
	count_all(p, box, middle, c, &side[0], &side[1]);
}

static FAST void count_fast(const struct grey_plane *p, struct region box,
			    int middle, struct count *c, struct side side[2])
{
	count_all(p, box, middle, c, &side[0], &side[1]);
}

/* Do most edges lie at the richer half of places?  A quick look, which letters
 * and noise do not pass. */
static bool is_gathered(const struct side *s)
{
	int places[SIDE + 1] = { 0 }, left = s->length / 2, upper = 0;

	for (int i = 0; i < s->length; i++)
		places[s->edges[i]]++;
	for (int n = SIDE; n > 0 && left > 0; n--) {
		int some = places[n] < left ? places[n] : left;

		upper += some * n;
		left -= some;
	}
	return s->total && upper > GATHERED * s->total;
}

/* Widths of modules that are tried at once. */
enum { AT_ONCE = 16 };

/* How the edges lie on lines that are a module apart, of some widths. */
struct turned {
	double module[AT_ONCE];
	float re[AT_ONCE], im[AT_ONCE];
};

/* Can no sum become as long as `least`, whatever `left` more edges add? */
INLINED bool is_hopeless(const float re[AT_ONCE], const float im[AT_ONCE],
			 float least, float left)
{
	float longest = 0, wanted = least - left;

	for (int k = 0; k < AT_ONCE; k++) {
		float square = re[k] * re[k] + im[k] * im[k];

		longest = longest > square ? longest : square;
	}
	/* sums are rounded */
	return wanted > 0 && longest < .99f * wanted * wanted;
}

/*
 * The sums of the edges, each turned by its place; or less of a sum when that
 * is not coherent.  Several widths at once: each turn waits for the one before
 * it, but not for those of other widths.
 */
INLINED void turn_all(const struct side *s, struct turned *t)
{
	enum { STRETCH = 32 };                  /* turns without a look */
	float c[AT_ONCE], d[AT_ONCE];           /* turned by i edges */
	float turn_c[AT_ONCE], turn_d[AT_ONCE];
	float re[AT_ONCE] = { 0 }, im[AT_ONCE] = { 0 };
	float left = (float)s->total;

	for (int k = 0; k < AT_ONCE; k++) {
		c[k] = 1;
		d[k] = 0;
		turn_c[k] = (float)cos(2 * PI / t->module[k]);
		turn_d[k] = (float)sin(2 * PI / t->module[k]);
	}
	for (int i = 0; i < s->length; i++) {
		float edges = (float)s->edges[i];

		if (i % STRETCH == 0 &&
		    is_hopeless(re, im, (float)COHERENT * (float)s->total,
				left))
			break;
		left -= edges;
		for (int k = 0; k < AT_ONCE; k++) {
			float was = c[k];

			re[k] += edges * c[k];
			im[k] += edges * d[k];
			c[k] = c[k] * turn_c[k] - d[k] * turn_d[k];
			d[k] = d[k] * turn_c[k] + was * turn_d[k];
		}
	}
	memcpy(t->re, re, sizeof(re));
	memcpy(t->im, im, sizeof(im));
}

static void turn_plain(const struct side *s, struct turned *t)
{
	turn_all(s, t);
}

static FAST void turn_fast(const struct side *s, struct turned *t)
{
	turn_all(s, t);
}

/* The widest module on whose lattice the edges lie; false: there is none. */
static bool find_module(struct side *s, int least)
{
	double next = (double)s->length / least;
	float best = 0;

	while (next >= MODULE_LEAST) {
		struct turned t;

		for (int k = 0; k < AT_ONCE; k++, next /= MODULE_STEP)
			t.module[k] = next;
		(can_be_fast() ? turn_fast : turn_plain)(s, &t);
		for (int k = 0; k < AT_ONCE; k++) {
			double m = t.module[k];
			float c = sqrtf(t.re[k] * t.re[k] +
					t.im[k] * t.im[k]) / (float)s->total;

			if (m < MODULE_LEAST)
				break;
			if (c > best && c > (float)COHERENT) {
				double at = atan2((double)t.im[k],
						  (double)t.re[k]) *
					    m / (2 * PI);

				best = c;
				s->module = m;
				s->phase = at < 0 ? at + m : at;
			} else if (best > 0 && m < .8 * s->module) {
				return true;
			}
		}
	}
	return best > 0;
}

/* Edges near line k of the lattice, as a share of its length. */
static double edges_at(const struct side *s, int k)
{
	int half = (int)(s->module / 2), n = 0;
	int at = (int)lround(s->phase + k * s->module);

	for (int i = at - half; i <= at + half; i++)
		if (i >= 0 && i < s->length && (i != at - half || half == 0 ||
						2 * half < s->module))
			n += s->edges[i];
	return (double)n / s->lines;
}

/* Do some modules differ and others not on most lines within the code? */
static bool is_mixed(const struct side *s, int least)
{
	int lines = 0, mixed = 0, count = (int)(s->length / s->module) + 1;
	int first = -1, last = -1;

	for (int k = 0; k < count; k++)
		if (edges_at(s, k) > FEW) {
			first = first < 0 ? k : first;
			last = k;
		}
	for (int k = first; k >= 0 && k <= last; k++) {
		double share = edges_at(s, k);

		lines++;
		mixed += share > FEW && share < MOST;
	}
	return lines > least && mixed * 100 >= MIXED_PERCENT * lines;
}

static bool has_lattice(struct side side[2])
{
	static const int least[2] = { MODULES, MODULES - 1 };
	/* the shorter one takes less time */
	int first = side[1].length < side[0].length, then = !first;

	return is_gathered(&side[0]) && is_gathered(&side[1]) &&
	       find_module(&side[first], least[first]) &&
	       find_module(&side[then], least[then]) &&
	       is_mixed(&side[0], least[0]) && is_mixed(&side[1], least[1]);
}

/* In a box whose light and dark meet at a level.  False: no memory. */
static bool find_in(const struct grey_plane *p, struct region box, int middle,
		    bool *found)
{
	struct side *side = calloc(2, sizeof(*side));
	struct count *count = calloc(1, sizeof(*count));
	bool ok = side && count;

	if (ok) {
		(can_be_fast() ? count_fast : count_plain)(p, box, middle,
							   count, side);
		*found = has_lattice(side);
	}
	free(count);
	free(side);
	return ok;
}

static bool is_large(struct region box)
{
	return region_width(box) >= MODULES && region_height(box) >= MODULES;
}

bool lattice_find(const struct grey_plane *p, struct region box, int rim,
		  int times, bool *found)
{
	struct levels levels;
	bool ok = true;

	*found = false;
	box = region_clip(box, p->columns, p->rows);
	if (!is_large(box))
		return true;
	count_levels(p, box, &levels);
	for (int i = 0; ok && i < times && !*found; i++) {
		int middle;

		if (i && !is_large(region_grow(levels.box, -rim)))
			break;
		if (i)
			leave_rim(p, &levels, rim);
		middle = middle_of(levels.count);
		if (middle >= 0 && region_width(levels.box) <= SIDE &&
		    region_height(levels.box) <= SIDE)
			ok = find_in(p, levels.box, middle, found);
	}
	return ok;
}

/* lattice.c - codes of modules by the lattice on which their edges lie. */
#include "config.h"

#include "ocr/lattice.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

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

/* The level between light and dark, of each second pixel of each second row;
 * -1 when there are not two. */
static int middle_of(const struct grey_plane *p, struct region box)
{
	int count[256] = { 0 }, middle, low, high, slack;
	long long sum[2] = { 0 }, n[2] = { 0 }, all = 0, near = 0;

	for (int y = box.y0; y < box.y1; y += 2)
		for (int x = box.x0; x < box.x1; x += 2)
			count[level(p, x, y)]++;
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
	if (n[0] < RARER * (double)all || n[1] < RARER * (double)all)
		return -1;
	low = (int)(sum[0] / n[0]);
	high = (int)(sum[1] / n[1]);
	slack = (high - low) / 4;
	for (int g = 0; g < 256; g++)
		if (abs(g - low) <= slack || abs(g - high) <= slack)
			near += count[g];
	return high - low < CONTRAST || near < TWO_LEVELS * (double)all ?
	       -1 : (low + high) / 2;
}

static void count_edges(const struct grey_plane *p, struct region box,
			int middle, struct side *across, struct side *down)
{
	for (int i = 0; i < SIDE; i++)
		across->edges[i] = down->edges[i] = 0;
	across->length = down->lines = region_width(box);
	down->length = across->lines = region_height(box);
	across->total = down->total = 0;
	for (int y = 0; y < down->length; y++)
		for (int x = 0; x < across->length; x++) {
			bool light = level(p, box.x0 + x, box.y0 + y) > middle;
			bool left = x && (level(p, box.x0 + x - 1,
						box.y0 + y) > middle) != light;
			bool up = y && (level(p, box.x0 + x,
					      box.y0 + y - 1) > middle) != light;

			across->edges[x] += left;
			across->total += left;
			down->edges[y] += up;
			down->total += up;
		}
}

static int by_count(const void *a, const void *b)
{
	int x = *(const int *)a, y = *(const int *)b;

	return (x < y) - (x > y);
}

/* Do most edges lie at the richer half of places?  A quick look, which letters
 * and noise do not pass. */
static bool is_gathered(const struct side *s)
{
	int sorted[SIDE], upper = 0;

	memcpy(sorted, s->edges, (size_t)s->length * sizeof(*sorted));
	qsort(sorted, (size_t)s->length, sizeof(*sorted), by_count);
	for (int i = 0; i < s->length / 2; i++)
		upper += sorted[i];
	return s->total && upper > GATHERED * s->total;
}

/* How much the edges agree on lines that are module apart; *phase: where. */
static double coherence(const struct side *s, double module, double *phase)
{
	double re = 0, im = 0, c = 1, d = 0;    /* c, d: turned by i edges */
	const double turn_c = cos(2 * PI / module);
	const double turn_d = sin(2 * PI / module);

	for (int i = 0; i < s->length; i++) {
		double was = c;

		re += s->edges[i] * c;
		im += s->edges[i] * d;
		c = c * turn_c - d * turn_d;
		d = d * turn_c + was * turn_d;
	}
	*phase = atan2(im, re) * module / (2 * PI);
	if (*phase < 0)
		*phase += module;
	return hypot(re, im) / s->total;
}

/* The widest module on whose lattice the edges lie; false: there is none. */
static bool find_module(struct side *s, int least)
{
	double phase, best = 0;

	for (double m = (double)s->length / least; m >= MODULE_LEAST;
	     m /= MODULE_STEP) {
		double c = coherence(s, m, &phase);

		if (c > best && c > COHERENT) {
			best = c;
			s->module = m;
			s->phase = phase;
		} else if (best > 0 && m < .8 * s->module) {
			break;
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

bool lattice_find(const struct grey_plane *p, struct region box)
{
	struct side *side;
	int middle;
	bool found;

	box = region_clip(box, p->columns, p->rows);
	if (region_width(box) > SIDE || region_height(box) > SIDE ||
	    region_width(box) < MODULES || region_height(box) < MODULES)
		return false;
	middle = middle_of(p, box);
	if (middle < 0)
		return false;
	side = calloc(2, sizeof(*side));
	if (!side)
		return false;
	count_edges(p, box, middle, &side[0], &side[1]);
	found = is_gathered(&side[0]) && is_gathered(&side[1]) &&
		find_module(&side[0], MODULES) &&
		find_module(&side[1], MODULES - 1) &&
		is_mixed(&side[0], MODULES) && is_mixed(&side[1], MODULES - 1);
	free(side);
	return found;
}

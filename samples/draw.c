/* draw.c - pictures drawn with whole numbers only (see draw.h). */
#include "config.h"

#include "samples/draw.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* Lengths within the drawing of letters are in 1/64 pixel. */
enum { FINE = 64, MAX_POINTS = 256, CURVE_STEPS = 6 };
/* Distances within ellipses are in 1/4096 of their radius. */
static const long long UNIT = 4096;

struct point {
	long long x, y;
};

bool canvas_init(struct canvas *c, int columns, int rows, int samples)
{
	*c = (struct canvas){ .columns = columns, .rows = rows,
			      .samples = samples, .noise = 1 };
	c->value = mem_array3((size_t)columns, (size_t)rows, (size_t)samples,
			      sizeof(*c->value));
	return c->value != NULL;
}

void canvas_done(struct canvas *c)
{
	free(c->value);
	c->value = NULL;
}

static long long square_root(long long n)
{
	long long root = 0;

	for (long long bit = 1LL << 30; bit; bit >>= 1)
		if ((root + bit) * (root + bit) <= n)
			root += bit;
	return root;
}

static long long clamp(long long n, long long low, long long high)
{
	return n < low ? low : n > high ? high : n;
}

/* Lay ink over a pixel; share of FINE parts is ink. */
static void ink_pixel(struct canvas *c, int x, int y, struct colour ink,
		      int share)
{
	if (x < 0 || y < 0 || x >= c->columns || y >= c->rows)
		return;
	int *value = c->value + (y * c->columns + x) * c->samples;

	for (int s = 0; s < c->samples; s++)
		value[s] += (ink.value[s] - value[s]) * share / FINE;
}

void draw_rectangle(struct canvas *c, struct region r, struct colour ink)
{
	for (int y = r.y0; y < r.y1; y++)
		for (int x = r.x0; x < r.x1; x++)
			ink_pixel(c, x, y, ink, FINE);
}

/* How far (x, y) is from the centre: 0 there, UNIT on the rim, squared. */
static long long radius_squared(int dx, int dy, int rx, int ry)
{
	long long x = dx * UNIT / rx, y = dy * UNIT / ry;

	return (x * x + y * y) / UNIT;
}

void draw_ellipse(struct canvas *c, int cx, int cy, int rx, int ry,
		  struct colour ink)
{
	for (int y = cy - ry; y <= cy + ry; y++)
		for (int x = cx - rx; x <= cx + rx; x++) {
			long long d = radius_squared(x - cx, y - cy, rx, ry);

			ink_pixel(c, x, y, ink, (int)
				  clamp((UNIT - d) * FINE * 4 / UNIT, 0, FINE));
		}
}

void draw_ellipsoid(struct canvas *c, int cx, int cy, int rx, int ry,
		    struct colour ink)
{
	for (int y = cy - ry; y <= cy + ry; y++)
		for (int x = cx - rx; x <= cx + rx; x++) {
			long long d = radius_squared(x - cx, y - cy, rx, ry);

			ink_pixel(c, x, y, ink, (int)square_root(
				  clamp(UNIT - d, 0, UNIT) * FINE * FINE /
				  UNIT));
		}
}

void draw_noise(struct canvas *c, struct region r, int amount)
{
	for (int y = r.y0; y < r.y1; y++)
		for (int x = r.x0; x < r.x1; x++) {
			int *value = c->value +
				     (y * c->columns + x) * c->samples;

			/* "quick and dirty" LCG, Numerical Recipes 7.1 */
			c->noise = c->noise * 1664525u + 1013904223u;
			int add = (int)(c->noise >> 16) % (2 * amount + 1) -
				  amount;

			for (int s = 0; s < c->samples; s++)
				value[s] += add;
		}
}

/* One code point; *text moves on.  The texts are our own: well-formed. */
static uint32_t next_letter(const char **text)
{
	const unsigned char *p = (const unsigned char *)*text;
	int more = p[0] >= 0xE0 ? 2 : p[0] >= 0xC0 ? 1 : 0;
	uint32_t letter = more == 2 ? p[0] & 0x0Fu : more ? p[0] & 0x1Fu : p[0];

	for (int i = 1; i <= more; i++)
		letter = letter << 6 | (p[i] & 0x3Fu);
	*text += more + 1;
	return letter;
}

/* Points of one stroke; *strokes moves on to the next.  Returns how many. */
static int read_stroke(const char **strokes, struct point *points, bool *curve)
{
	const char *p = *strokes;
	int count = 0;

	*curve = *p == '~';
	if (*curve)
		p++;
	while (*p && *p != ';' && count < MAX_POINTS) {
		char *end;

		points[count].x = strtol(p, &end, 10);
		points[count].y = strtol(end, &end, 10);
		count++;
		p = end + strspn(end, " ");
	}
	*strokes = *p == ';' ? p + 1 : p;
	return count;
}

/* A point of the Catmull-Rom spline between b and c, step of CURVE_STEPS. */
static long long spline(long long a, long long b, long long c, long long d,
			int step)
{
	const long long n = CURVE_STEPS, t = step;

	return (2 * b * n * n * n + (c - a) * t * n * n +
		(2 * a - 5 * b + 4 * c - d) * t * t * n +
		(3 * b - a - 3 * c + d) * t * t * t) / (2 * n * n * n);
}

/* Put points between those of a curve.  Returns how many there are then. */
static int bend(const struct point *in, int count, struct point *out)
{
	int used = 0;

	for (int i = 0; i + 1 < count; i++) {
		struct point a = in[i ? i - 1 : 0], b = in[i], c = in[i + 1];
		struct point d = in[i + 2 < count ? i + 2 : i + 1];

		for (int step = 0; step < CURVE_STEPS; step++)
			if (used < MAX_POINTS - 1)
				out[used++] = (struct point){
					spline(a.x, b.x, c.x, d.x, step),
					spline(a.y, b.y, c.y, d.y, step) };
	}
	out[used++] = in[count - 1];
	return used;
}

/* Distance of p from the line a b. */
static long long distance(struct point p, struct point a, struct point b)
{
	long long dx = b.x - a.x, dy = b.y - a.y;
	long long length = dx * dx + dy * dy;
	long long along = (p.x - a.x) * dx + (p.y - a.y) * dy;

	along = clamp(along, 0, length);
	long long x = p.x - a.x - (length ? dx * along / length : 0);
	long long y = p.y - a.y - (length ? dy * along / length : 0);

	return square_root(x * x + y * y);
}

/* Raise the share of ink of the pixels near the line a b. */
static void cover_line(int *share, int columns, int rows, struct point a,
		       struct point b, int radius)
{
	long long pad = radius + FINE;
	long long x0 = ((a.x < b.x ? a.x : b.x) - pad) / FINE;
	long long x1 = ((a.x > b.x ? a.x : b.x) + pad) / FINE;
	long long y0 = ((a.y < b.y ? a.y : b.y) - pad) / FINE;
	long long y1 = ((a.y > b.y ? a.y : b.y) + pad) / FINE;

	for (long long y = clamp(y0, 0, rows); y < clamp(y1 + 1, 0, rows); y++)
		for (long long x = clamp(x0, 0, columns);
		     x < clamp(x1 + 1, 0, columns); x++) {
			struct point p = { x * FINE + FINE / 2,
					   y * FINE + FINE / 2 };
			long long ink = radius + FINE / 2 - distance(p, a, b);
			int *at = share + y * columns + x;

			ink = clamp(ink, 0, FINE);
			if (ink > *at)
				*at = (int)ink;
		}
}

/* Share of ink of a letter whose line starts at fine position at. */
static void cover_letter(int *share, const struct canvas *c,
			 const struct glyph *g, struct point at, int size)
{
	struct point points[MAX_POINTS], bent[MAX_POINTS], *line;
	const char *strokes = g->strokes;
	int radius = size * FINE * 8 / (10 * GLYPH_GRID);
	int top = glyph_wide(g) ? 0 : GLYPH_TOP;

	while (*strokes) {
		bool curve;
		int count = read_stroke(&strokes, points, &curve);

		for (int i = 0; i < count; i++) {
			points[i].x = at.x +
				      points[i].x * size * FINE / GLYPH_GRID;
			points[i].y = at.y + (points[i].y + top) * size *
				      FINE / GLYPH_GRID;
		}
		line = points;
		if (curve) {
			count = bend(points, count, bent);
			line = bent;
		}
		for (int i = 0; i + 1 < count; i++)
			cover_line(share, c->columns, c->rows, line[i],
				   line[i + 1], radius);
	}
}

/* Lay the ink on the canvas.  Returns the box of what is at least a quarter
 * ink. */
static struct region lay_ink(struct canvas *c, const int *share,
			     struct colour ink)
{
	struct region box = { 0, 0, 0, 0 };

	for (int y = 0; y < c->rows; y++)
		for (int x = 0; x < c->columns; x++) {
			int part = share[y * c->columns + x];

			if (!part)
				continue;
			ink_pixel(c, x, y, ink, part);
			if (part >= FINE / 4)
				box = region_union(box, region_from_box(x, y,
									1, 1));
		}
	return box;
}

struct region draw_text(struct canvas *c, int x, int y, int size,
			struct colour ink, const char *text)
{
	struct region box = { 0, 0, 0, 0 };
	struct point at = { x * FINE, y * FINE };
	int *share = mem_array3((size_t)c->columns, (size_t)c->rows, 1,
				sizeof(*share));

	if (!share)
		return box;
	while (*text) {
		const struct glyph *g = glyph_find(next_letter(&text));

		if (!g)
			goto done;
		int gap = glyph_wide(g) ? 2 : 3;

		cover_letter(share, c, g, at, size);
		at.x += (g->width + gap) * size * FINE / GLYPH_GRID;
	}
	box = lay_ink(c, share, ink);
done:
	free(share);
	return box;
}

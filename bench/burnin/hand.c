/* hand.c - drawn three times as large, then turned, bent and made smaller. */
#include "config.h"

#include "bench/burnin/hand.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define PI 3.14159265358979

enum { FINE = 3 };              /* pixels of a canvas to one of a mask */

const char *const hand_name[HAND_KINDS] = {
	"round", "oval", "square", "font", "pen", "signature", "matrix"
};

/* What is drawn before it is made smaller: ink 0..1. */
struct canvas {
	int columns, rows;
	float *ink;             /* owned */
};

static bool canvas_init(struct canvas *c, int columns, int rows)
{
	*c = (struct canvas){ columns, rows,
			      mem_array3((size_t)columns, (size_t)rows, 1,
					 sizeof(float)) };
	return c->ink != NULL;
}

static void put_ink(struct canvas *c, int x, int y, double ink)
{
	float *at;

	if (x < 0 || y < 0 || x >= c->columns || y >= c->rows)
		return;
	at = &c->ink[(size_t)y * (size_t)c->columns + (size_t)x];
	if (ink > (double)*at)
		*at = (float)ink;
}

static void put_disc(struct canvas *c, double x, double y, double radius)
{
	int x0 = (int)floor(x - radius), x1 = (int)ceil(x + radius);
	int y0 = (int)floor(y - radius), y1 = (int)ceil(y + radius);

	for (int v = y0; v <= y1; v++)
		for (int u = x0; u <= x1; u++)
			if (hypot(u - x, v - y) <= radius)
				put_ink(c, u, v, 1);
}

/* ---- what a hand does to it ---- */

struct bend {
	double turn, slant;             /* radians; columns a row */
	double far, wave[4];            /* pixels; phases of the waves */
	double length;                  /* of a wave, pixels */
	double worn;                    /* share of ink that may be missing */
};

static struct bend draw_bend(struct dice *d, enum hand_kind kind, int size)
{
	bool seal = hand_is_seal(kind);
	struct bend b = {
		.turn = dice_real(d, -.2, .2) * (seal ? 1 : .4),
		.slant = kind == HAND_FONT || kind == HAND_PEN ?
			 dice_real(d, -.1, .35) : 0,
		.far = seal ? dice_real(d, 0, .015) * size :
		       kind == HAND_FONT ? dice_real(d, .03, .09) * size : 0,
		.length = size * dice_real(d, 1.2, 2.5),
		.worn = dice_real(d, 0, seal ? .45 : .2),
	};

	for (int i = 0; i < 4; i++)
		b.wave[i] = dice_real(d, 0, 2 * PI);
	/* a label lies anyhow in a photograph */
	if (kind == HAND_MATRIX)
		b.turn = dice_chance(d, 600) ? 0 : dice_real(d, -PI, PI);
	return b;
}

static double canvas_at(const struct canvas *c, double x, double y)
{
	int u = (int)floor(x + .5), v = (int)floor(y + .5);

	if (u < 0 || v < 0 || u >= c->columns || v >= c->rows)
		return 0;
	return (double)c->ink[(size_t)v * (size_t)c->columns + (size_t)u];
}

/* Ink of the canvas at a point of the mask, measured from its middle. */
static double bent(const struct canvas *c, const struct bend *b, double x,
		   double y)
{
	double u = x * cos(b->turn) + y * sin(b->turn);
	double v = y * cos(b->turn) - x * sin(b->turn);

	u += b->slant * v;
	u += b->far * sin(2 * PI * v / b->length + b->wave[0] + u / 3 /
			  b->length);
	v += b->far * sin(2 * PI * u / b->length + b->wave[1]);
	return canvas_at(c, c->columns / 2. + FINE * u,
			 c->rows / 2. + FINE * v);
}

/* How well a pen or a stamp touched the paper there, 0..1. */
static double touch(const struct bend *b, double x, double y)
{
	double s = sin(x / b->length * 5 + b->wave[2]) *
		   sin(y / b->length * 4 + b->wave[3]);

	return 1 - b->worn * (.5 + .5 * s);
}

static struct region ink_of(const struct stamp *s)
{
	struct region r = { 0 };

	for (int y = 0; y < s->rows; y++)
		for (int x = 0; x < s->columns; x++)
			if (s->alpha[y * s->columns + x] >= 64)
				r = region_union(r, (struct region){
					x, y, x + 1, y + 1 });
	return r;
}

/* The canvas in the size of the picture; as large as bending may need. */
static bool settle(const struct canvas *c, const struct bend *b,
		   struct stamp *stamp)
{
	int w = c->columns / FINE, h = c->rows / FINE;
	int more = (int)(fmin(fabs(b->turn), .8) * (w > h ? w : h) / 2 +
			 b->slant * h / 2 + b->far) + 2;

	*stamp = (struct stamp){ .columns = w + 2 * more,
				 .rows = h + 2 * more };
	stamp->alpha = mem_array((size_t)stamp->rows, (size_t)stamp->columns);
	for (int y = 0; stamp->alpha && y < stamp->rows; y++)
		for (int x = 0; x < stamp->columns; x++) {
			double u = x - stamp->columns / 2.;
			double v = y - stamp->rows / 2., sum = 0;

			for (int i = 0; i < FINE * FINE; i++)
				sum += bent(c, b, u + (i % FINE) / (double)FINE,
					    v + (double)(i / FINE) / FINE);
			stamp->alpha[y * stamp->columns + x] = (uint8_t)(
				255 * sum / (FINE * FINE) * touch(b, u, v));
		}
	if (stamp->alpha)
		stamp->ink = ink_of(stamp);
	if (stamp->alpha && !region_empty(stamp->ink))
		return true;
	stamp_done(stamp);
	return false;
}

/* ---- seals ---- */

/* Distance to the edge of the seal as a share of its half side: 1 is on it. */
static double edge_of(enum hand_kind kind, double u, double v)
{
	if (kind != HAND_SQUARE)
		return hypot(u, v);
	return pow(pow(fabs(u), 9) + pow(fabs(v), 9), 1 / 9.);
}

static void draw_ring(struct canvas *c, enum hand_kind kind, double thick)
{
	for (int y = 0; y < c->rows; y++)
		for (int x = 0; x < c->columns; x++) {
			double e = edge_of(kind,
				(x + .5) * 2 / c->columns - 1,
				(y + .5) * 2 / c->rows - 1);

			if (e <= 1 && e >= 1 - thick)
				put_ink(c, x, y, 1);
		}
}

/* The letters one below the other, stretched into the middle. */
static bool draw_letters(struct canvas *c, const struct fonts *fonts, int font,
			 const char *text, double share)
{
	struct face_style style = { .px = c->rows / 2, .down = true };
	struct stamp s;
	double w = c->columns * share, h = c->rows * share;

	if (style.px < 8)
		style.px = 8;
	if (!fonts_stamp(fonts, font, text, &style, &s))
		return false;
	for (int y = 0; y < (int)h; y++)
		for (int x = 0; x < (int)w; x++) {
			int u = s.ink.x0 + (int)(x / w * region_width(s.ink));
			int v = s.ink.y0 + (int)(y / h * region_height(s.ink));

			put_ink(c, (int)((c->columns - w) / 2) + x,
				(int)((c->rows - h) / 2) + y,
				s.alpha[v * s.columns + u] / 255.);
		}
	stamp_done(&s);
	return true;
}

static bool draw_seal(struct canvas *c, enum hand_kind kind,
		      const struct fonts *fonts, int font, const char *text,
		      int size, struct dice *d)
{
	int high = FINE * size;
	int wide = kind == HAND_OVAL ? (int)(high * dice_real(d, .66, .85)) :
				       high;
	double thick = fmax(dice_real(d, .08, .17), 2. / size);
	double share = (kind == HAND_SQUARE ? .86 : .72) - thick / 2;

	if (!canvas_init(c, wide, high))
		return false;
	draw_ring(c, kind, thick);
	return draw_letters(c, fonts, font, text, share);
}

/* ---- fonts ---- */

static bool draw_font(struct canvas *c, const struct fonts *fonts, int font,
		      const char *text, int size)
{
	struct face_style style = { .px = FINE * size * 4 / 3 };
	struct stamp s;

	if (!fonts_stamp(fonts, font, text, &style, &s))
		return false;
	if (!canvas_init(c, s.columns, s.rows)) {
		stamp_done(&s);
		return false;
	}
	for (int y = 0; y < s.rows; y++)
		for (int x = 0; x < s.columns; x++)
			put_ink(c, x, y, s.alpha[y * s.columns + x] / 255.);
	stamp_done(&s);
	return true;
}

/* ---- strokes ---- */

struct point {
	double x, y;
};

/* Points on a grid 6 wide and 8 high, two digits each; a space lifts. */
static const struct { char letter; const char *strokes; } letters[] = {
	{ 'A', "0830 3068 1555" }, { 'B', "0008 0040523404 3454564808" },
	{ 'C', "62401004174866" }, { 'D', "0008 003052563808" },
	{ 'E', "50000858 0444" }, { 'F', "500008 0444" },
	{ 'G', "6240100417486664 6434" }, { 'H', "0008 6068 0464" },
	{ 'I', "3038" }, { 'J', "5056381806" }, { 'K', "0008 5005 2458" },
	{ 'L', "000858" }, { 'M', "0800346068" }, { 'N', "08006860" },
	{ 'O', "30020638666230" }, { 'P', "0008 0040523404" },
	{ 'Q', "30020638666230 4568" }, { 'R', "0008 0040523404 3468" },
	{ 'S', "61300234663807" }, { 'T', "0060 3038" },
	{ 'U', "0006386660" }, { 'V', "003860" }, { 'W', "0028324860" },
	{ 'X', "0068 6008" }, { 'Y', "0034 6028" }, { 'Z', "00600868" },
	{ '0', "30020638565230" }, { '1', "123038" }, { '2', "0230520868" },
	{ '3', "01305134563807" }, { '4', "400565 4248" },
	{ '5', "50100433554807" }, { '6', "400418574406" },
	{ '7', "006028" }, { '8', "340230523406386634" },
	{ '9', "523002345248" }, { '/', "6008" }, { '.', "3738" },
	{ '-', "1454" },
};
static const char *strokes_of(char letter)
{
	for (size_t i = 0; i < sizeof(letters) / sizeof(*letters); i++)
		if (letters[i].letter == letter)
			return letters[i].strokes;
	return "";
}

/* A pen that is pressed more or less. */
static void draw_curve(struct canvas *c, const struct point *p, int count,
		       double radius, struct dice *d)
{
	double phase = dice_real(d, 0, 2 * PI);

	for (int i = 0; i + 1 < count; i++) {
		struct point a = p[i ? i - 1 : 0], b = p[i], e = p[i + 1];
		struct point f = p[i + 2 < count ? i + 2 : i + 1];
		int steps = 2 + (int)hypot(e.x - b.x, e.y - b.y);

		for (int k = 0; k <= steps; k++) {
			/* Catmull and Rom 1974 */
			double t = (double)k / steps, t2 = t * t, t3 = t2 * t;
			double wa = (-t3 + 2 * t2 - t) / 2;
			double wb = (3 * t3 - 5 * t2 + 2) / 2;
			double we = (-3 * t3 + 4 * t2 + t) / 2;
			double wf = (t3 - t2) / 2;

			put_disc(c, wa * a.x + wb * b.x + we * e.x + wf * f.x,
				 wa * a.y + wb * b.y + we * e.y + wf * f.y,
				 radius * (1 + .12 * sin(phase + i + t)));
		}
	}
}

enum { CURVE = 2048 };

static double pen_radius(int size, struct dice *d)
{
	double wide = size * dice_real(d, .05, .13);

	return FINE * fmax(wide, 1.1) / 2;
}

static void draw_letter(struct canvas *c, char letter, struct point at,
			double unit, double radius, struct dice *d)
{
	struct point p[16];
	int count = 0;

	for (const char *s = strokes_of(letter); ; ) {
		if (s[0] >= '0' && s[1] && count < 16) {
			p[count].x = at.x + unit * (s[0] - '0' +
						    .35 * dice_bell(d));
			p[count++].y = at.y + unit * (s[1] - '0' +
						      .35 * dice_bell(d));
			s += 2;
			continue;
		}
		draw_curve(c, p, count, radius, d);
		count = 0;
		if (!*s++)
			break;
	}
}

/* Capitals of uneven size and slope beside each other. */
static bool draw_pen(struct canvas *c, const char *text, int size,
		     struct dice *d)
{
	double unit = FINE * size / 8., radius = pen_radius(size, d);
	double pitch = dice_real(d, 7.5, 9.5), climb = dice_real(d, -.02, .08);
	int n = (int)strlen(text);
	struct point at = { 2 * unit, 0 };

	if (!canvas_init(c, (int)(unit * (pitch * n + 6)),
			 (int)(unit * (14 + .4 * n))))
		return false;
	for (int i = 0; i < n; i++) {
		double u = unit * dice_real(d, .8, 1.15);

		at.y = unit * (4 + .2 * n + .35 * dice_bell(d)) -
		       climb * (at.x - c->columns / 2.);
		draw_letter(c, text[i], at, u, radius, d);
		at.x += pitch * u * (text[i] == ' ' ? .6 : 1);
	}
	return true;
}

/* Loops as of a fast hand, the first one large. */
static bool draw_signature(struct canvas *c, int loops, int size,
			   struct dice *d)
{
	struct point p[CURVE];
	double unit = FINE * size, radius = pen_radius(size, d);
	double pitch = unit * dice_real(d, .35, .7);
	double slant = dice_real(d, .1, .6), climb = dice_real(d, -.05, .2);
	int count = 0;

	loops = loops < 4 ? 4 : loops > 16 ? 16 : loops;
	if (!canvas_init(c, (int)(pitch * (loops + 2) + 2 * unit),
			 (int)(4.5 * unit)))
		return false;
	for (int i = 0; i < loops; i++) {
		double up = unit * (i ? dice_real(d, .25, .6) : 1.1);
		double wide = unit * dice_real(d, .05, .35);

		if (dice_chance(d, 250))
			up *= 2;
		for (int k = 0; k < 24 && count < CURVE; k++) {
			double a = 2 * PI * k / 24, y = up * (1 - cos(a)) / 2;

			p[count].x = unit + pitch * (i + k / 24.) +
				     wide * sin(a) * 2 + slant * y;
			p[count].y = 2.9 * unit - y -
				     climb * (p[count].x - unit);
			count++;
		}
	}
	draw_curve(c, p, count, radius, d);
	if (dice_chance(d, 350)) {
		p[0] = (struct point){ unit, 3.3 * unit };
		p[1] = (struct point){ unit + pitch * loops / 2,
				       3.1 * unit };
		p[2] = (struct point){ unit + pitch * loops, 3.2 * unit };
		draw_curve(c, p, 3, radius, d);
	}
	return true;
}

/* ---- codes ---- */

/*
 * Data Matrix (ISO/IEC 16022, 5.2): left and lower side solid, the others
 * alternate; what is inside says nothing.
 */
static bool draw_matrix(struct canvas *c, int size, struct dice *d)
{
	int side = 2 * dice_range(d, 5, 12), wide = FINE * size / side;

	wide = wide < 2 * FINE ? 2 * FINE : wide;
	if (!canvas_init(c, side * wide, side * wide))
		return false;
	for (int v = 0; v < side; v++)
		for (int u = 0; u < side; u++) {
			bool dark = u == 0 || v == side - 1 ||
				    (v == 0 ? u % 2 == 0 : u == side - 1 ?
				     v % 2 == 1 : dice_chance(d, 500));

			for (int i = 0; dark && i < wide * wide; i++)
				put_ink(c, u * wide + i % wide,
					v * wide + i / wide, 1);
		}
	return true;
}

/* ---- all ---- */

bool hand_stamp(enum hand_kind kind, const struct fonts *fonts, int font,
		const char *text, int size, struct dice *d,
		struct stamp *stamp)
{
	struct canvas c = { 0 };
	struct bend b;
	bool ok;

	if (hand_is_seal(kind))
		ok = draw_seal(&c, kind, fonts, font, text, size, d);
	else if (kind == HAND_FONT)
		ok = draw_font(&c, fonts, font, text, size);
	else if (kind == HAND_PEN)
		ok = draw_pen(&c, text, size, d);
	else if (kind == HAND_MATRIX)
		ok = draw_matrix(&c, size, d);
	else
		ok = draw_signature(&c, (int)strlen(text), size, d);
	b = draw_bend(d, kind, size);
	ok = ok && settle(&c, &b, stamp);
	free(c.ink);
	return ok;
}

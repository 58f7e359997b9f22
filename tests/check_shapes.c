/*
 * check_shapes.c - codes, name seals and writing by hand by shape, in drawn
 * pictures.
 */
#include "config.h"

#include "ocr/shapes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ocr/lines.h"
#include "tests/support.h"

enum { COLUMNS = 400, ROWS = 320, PAPER = 180, X0 = 120, Y0 = 90 };

static uint8_t picture[ROWS][COLUMNS];
static struct shape_list found;
static double print_from = 4;           /* score of a line */

/* Level `paper` with noise of +-noise levels. */
static void paint(int paper, int noise)
{
	unsigned random = 4711;

	print_from = 4;
	for (int y = 0; y < ROWS; y++)
		for (int x = 0; x < COLUMNS; x++) {
			int g = paper;

			random = random * 1103515245U + 12345U;
			if (noise)
				g += (int)(random >> 16) % (2 * noise + 1) -
				     noise;
			picture[y][x] = (uint8_t)(g < 0 ? 0 : g > 255 ? 255 :
								       g);
		}
}

/* As text.c does it: what is not sure to be print may be written. */
static void look_at_marks(const struct grey_plane *p)
{
	struct shape_search search = { .list = &found };
	const struct lines_watch watch = { shapes_see, &search };
	const struct lines_progress progress = { NULL, &watch };
	struct line_list lines = { 0 };
	struct region print[64];
	struct error err = { 0 };
	size_t n = 0;

	ck_assert(lines_find(p, LINES_BOTH, &progress, &lines, &err));
	for (size_t i = 0; i < lines.count && n < 64; i++)
		if (lines.line[i].score > print_from)
			print[n++] = lines.line[i].box;
	ck_assert(shapes_end(&search, p, print, n, &err));
	line_list_done(&lines);
}

static void look(void)
{
	struct grey_plane p = { &picture[0][0], COLUMNS, ROWS, COLUMNS };
	struct error err = { 0 };

	found.count = 0;
	ck_assert(shapes_find(&p, &found, &err));
	look_at_marks(&p);
}

static int count_of(enum shape_kind kind)
{
	int n = 0;

	for (int i = 0; i < found.count; i++)
		n += found.shape[i].kind == kind;
	return n;
}

/* Is there one of a kind over all of box, and none far beyond it? */
static bool covered(enum shape_kind kind, struct region box, int beyond)
{
	for (int i = 0; i < found.count; i++)
		if (found.shape[i].kind == kind &&
		    region_contains(region_grow(found.shape[i].box, 2), box) &&
		    region_contains(region_grow(box, beyond),
				    found.shape[i].box))
			return true;
	return false;
}

/* ---- barcodes ---- */

/* Code 39 (ISO/IEC 16388, table 1) of *SUMI01*: bar, gap, bar, ...; 1 wide. */
static const char *const code39[] = {
	"010010100", "001011000", "110000001", "001010010", "001001100",
	"000110100", "100100001", "010010100",
};
/* Code 128 (ISO/IEC 15417, table 1): start B, A, 7, C, check, stop. */
static const char *const code128[] = {
	"211214", "111323", "312131", "131123", "221231", "2331112",
};

/* Bars of modules: 1 dark, 0 light.  Returns the number. */
static int spell(bool is_128, char module[200])
{
	size_t letters = is_128 ? ARRAY_LENGTH(code128) : ARRAY_LENGTH(code39);
	int n = 0;

	for (size_t i = 0; i < letters; i++) {
		const char *c = is_128 ? code128[i] : code39[i];

		for (int k = 0; c[k]; k++) {
			int wide = is_128 ? c[k] - '0' : c[k] == '1' ? 3 : 1;

			while (wide--)
				module[n++] = !(k & 1);
		}
		if (!is_128)
			module[n++] = 0;
	}
	return n;
}

/* Where a pixel lies across and along the bars. */
struct turn {
	int x, y, u, v;         /* across = x * X + y * Y, along = u * X ... */
	int scale;              /* of both */
};
static const struct turn turns[] = {
	{ 1, 0, 0, 1, 1 }, { 0, 1, 1, 0, 1 }, { 1, 1, 1, -1, 2 },
	{ 1, -1, 1, 1, 2 },
};

/* Returns the box of what was drawn. */
static struct region draw_bars(bool is_128, const struct turn *t, int wide,
			       int high, int dark)
{
	char module[200];
	int n = spell(is_128, module) * wide;
	struct region box = { 0 };

	for (int y = -Y0; y < ROWS - Y0; y++)
		for (int x = -X0; x < COLUMNS - X0; x++) {
			int k = x * t->x + y * t->y, m = x * t->u + y * t->v;

			if (k < 0 || m < 0 || k >= n * t->scale ||
			    m >= high * t->scale)
				continue;
			box = region_union(box, (struct region){
				X0 + x, Y0 + y, X0 + x + 1, Y0 + y + 1 });
			if (module[k / t->scale / wide])
				picture[Y0 + y][X0 + x] = (uint8_t)dark;
		}
	return box;
}

static const struct {
	bool is_128;
	int turn, wide, high, paper, dark, noise;
} bars[] = {
	{ false, 0, 2, 24, 180, 20, 0 },
	{ false, 0, 1, 20, 220, 20, 4 },
	{ false, 1, 2, 40, 180, 120, 3 },
	{ false, 1, 1, 20, 180, 90, 4 },
	{ false, 2, 1, 40, 180, 20, 0 },
	{ false, 3, 1, 40, 180, 110, 3 },
	{ false, 0, 2, 30, 0, 200, 4 },         /* light on dark */
	{ false, 1, 2, 17, 30, 90, 2 },
	{ true, 0, 2, 24, 180, 20, 0 },
	{ true, 0, 3, 60, 180, 110, 4 },
	{ true, 1, 2, 40, 255, 0, 0 },
	{ true, 2, 2, 50, 255, 0, 0 },
	{ true, 3, 2, 50, 180, 110, 2 },
	/* wide bars, which leave whole cells without an edge */
	{ false, 0, 4, 90, 180, 20, 4 },
	{ true, 0, 4, 120, 20, 210, 4 },
	{ false, 1, 3, 130, 220, 120, 3 },
};

START_TEST(a_barcode)
{
	struct region box;

	paint(bars[_i].paper, bars[_i].noise);
	box = draw_bars(bars[_i].is_128, &turns[bars[_i].turn], bars[_i].wide,
			bars[_i].high, bars[_i].dark);
	box = region_clip(box, COLUMNS, ROWS);
	look();
	ck_assert_int_eq(found.count, 1);
	ck_assert_int_eq(found.shape[0].kind, SHAPE_BARCODE);
	ck_assert(region_contains(found.shape[0].box, box));
	ck_assert(region_contains(region_grow(box, bars[_i].wide > 2 ? 48 :
								      24),
				  found.shape[0].box));
}
END_TEST

/* One line or more of 3 pixels beside the code, behind a wide gap each. */
static const struct {
	int turn;
	int at[4];              /* pixels across from the code's start */
} far_bars[] = {
	{ 0, { -12, -40, -64, -100 } }, { 1, { -12, -40, -64, -64 } },
	{ 0, { 240, 264, 240, 240 } },
};

START_TEST(bars_behind_wide_gaps)
{
	const struct turn *t = &turns[far_bars[_i].turn];
	struct region box;

	paint(PAPER, 3);
	box = draw_bars(true, t, 3, 40, 30);
	for (int i = 0; i < 4; i++)
		for (int k = 0; k < 3; k++)
			for (int m = 0; m < 40; m++) {
				int a = far_bars[_i].at[i] + k;
				int x = X0 + a * t->x + m * t->u;
				int y = Y0 + a * t->y + m * t->v;

				picture[y][x] = 30;
				box = region_union(box, (struct region){
					x, y, x + 1, y + 1 });
			}
	look();
	ck_assert_int_eq(found.count, 1);
	ck_assert(region_contains(found.shape[0].box, box));
}
END_TEST

/* On a label with little margin, by a lens or a hand not quite straight. */
START_TEST(a_label_that_leans)
{
	enum { MARGIN = 10, HIGH = 48, SLOPE = 25 };
	char module[200];
	int n = spell(true, module) * 2;

	paint(30, 3);
	for (int y = -MARGIN; y < HIGH + MARGIN; y++)
		for (int x = -MARGIN; x < n + MARGIN; x++) {
			/* shifted by a part of a pixel */
			int part = (y + SLOPE) % SLOPE, sum = 0;
			bool inside = x > 0 && x < n && y >= 0 && y < HIGH;

			for (int i = 0; i < 2; i++)
				sum += (i ? part : SLOPE - part) *
				       (inside && module[(x - i) / 2] ? 10 :
									210);
			picture[Y0 + y][X0 + x + (y + SLOPE) / SLOPE - 1] =
				(uint8_t)(sum / SLOPE);
		}
	look();
	ck_assert_int_eq(found.count, 1);
	ck_assert(region_contains(found.shape[0].box,
				  (struct region){ X0, Y0, X0 + n + 1,
						   Y0 + HIGH }));
}
END_TEST

/* ---- QR codes ---- */

enum { QR = 25 };                       /* modules of version 2 */

/* Is a module of a finder pattern at 0, 0 dark?  -1: not of one. */
static int finder_module(int x, int y)
{
	int a = abs(x - 3), b = abs(y - 3), far = a > b ? a : b;

	return far > 4 ? -1 : far == 3 || far < 2;
}

static bool qr_module(int x, int y)
{
	static const int corner[3][2] = { { 0, 0 }, { QR - 7, 0 },
					  { 0, QR - 7 } };
	unsigned random = (unsigned)(x * 131 + y * 1009) * 2654435761U;

	for (int i = 0; i < 3; i++) {
		int dark = finder_module(x - corner[i][0], y - corner[i][1]);

		if (dark >= 0)
			return dark;
	}
	return random >> 20 & 1;
}

static const struct {
	int wide, paper, dark, noise;
	int turn;               /* (3, 4) / 5 instead of (1, 0) */
} codes[] = {
	{ 2, 220, 10, 0, 0 }, { 3, 180, 90, 5, 0 }, { 6, 250, 10, 8, 0 },
	{ 4, 10, 200, 4, 0 }, { 4, 220, 20, 4, 1 },
};

START_TEST(a_qr_code)
{
	int wide = codes[_i].wide, side = QR * wide;
	struct region box = { 0 };

	paint(codes[_i].paper, codes[_i].noise);
	for (int y = -Y0; y < ROWS - Y0; y++)
		for (int x = -200; x < COLUMNS - 200; x++) {
			int u = codes[_i].turn ? (4 * x + 3 * y) / 5 : x;
			int v = codes[_i].turn ? (4 * y - 3 * x) / 5 : y;

			if (u < 0 || v < 0 || u >= side || v >= side)
				continue;
			box = region_union(box, (struct region){
				200 + x, Y0 + y, 201 + x, Y0 + y + 1 });
			if (qr_module(u / wide, v / wide))
				picture[Y0 + y][200 + x] =
					(uint8_t)codes[_i].dark;
		}
	look();
	ck_assert_int_ge(found.count, 1);
	ck_assert_int_eq(found.shape[0].kind, SHAPE_QR);
	ck_assert(region_contains(found.shape[0].box, box));
	ck_assert(region_contains(region_grow(box, 6 * wide),
				  found.shape[0].box));
}
END_TEST

/* ---- ink ---- */

static uint8_t cover[ROWS][COLUMNS];    /* of ink, 255: all of the pixel */
static unsigned seed;

static double chance(double low, double high)
{
	seed = seed * 1103515245U + 12345U;
	return low + (high - low) * (seed >> 8) / 16777216.;
}

static void touch(double x, double y, double radius)
{
	for (int v = (int)(y - radius) - 1; v <= y + radius + 1; v++)
		for (int u = (int)(x - radius) - 1; u <= x + radius + 1; u++) {
			double far = radius + .5 - hypot(u - x, v - y);
			int ink = (int)(255 * fmin(1, fmax(0, far)));

			if (u < 0 || v < 0 || u >= COLUMNS || v >= ROWS)
				continue;
			if (ink > cover[v][u])
				cover[v][u] = (uint8_t)ink;
		}
}

static void stroke(double x0, double y0, double x1, double y1, double wide)
{
	int n = 2 + (int)(2 * hypot(x1 - x0, y1 - y0));

	for (int i = 0; i <= n; i++)
		touch(x0 + (x1 - x0) * i / n, y0 + (y1 - y0) * i / n,
		      wide / 2);
}

/* Mix what was drawn into the picture.  Returns its box. */
static struct region settle(int level)
{
	struct region box = { 0 };

	for (int y = 0; y < ROWS; y++)
		for (int x = 0; x < COLUMNS; x++) {
			int g = picture[y][x];

			if (cover[y][x] > 100)
				box = region_union(box, (struct region){
					x, y, x + 1, y + 1 });
			picture[y][x] = (uint8_t)(g + (level - g) *
						      cover[y][x] / 255);
		}
	memset(cover, 0, sizeof(cover));
	return box;
}

/* ---- Data Matrix ---- */

/* ISO/IEC 16022, 5.2: left and lower side solid, the others alternate. */
static bool matrix_module(int x, int y, int side)
{
	unsigned random = (unsigned)(x * 131 + y * 1009) * 2654435761U;

	if (x == 0 || y == side - 1)
		return true;
	if (y == 0)
		return x % 2 == 0;
	if (x == side - 1)
		return y % 2 == 1;
	return random >> 20 & 1;
}

static const struct {
	int modules, wide, paper, dark, noise;
	double turn;            /* radians */
} matrices[] = {
	{ 10, 3, 220, 10, 0, 0 }, { 12, 2, 200, 40, 4, 0 },
	{ 14, 4, 180, 60, 6, 0 }, { 18, 5, 240, 20, 8, 0 },
	{ 20, 9, 240, 20, 8, 0 }, { 16, 4, 20, 210, 4, 0 },
	{ 14, 5, 220, 20, 4, .35 }, { 18, 4, 220, 20, 4, 1.2 },
	{ 16, 6, 200, 30, 4, 2.5 }, { 16, 5, 200, 30, 4, 4 },
};

START_TEST(a_data_matrix)
{
	int side = matrices[_i].modules, wide = matrices[_i].wide;
	double c = cos(matrices[_i].turn), s = sin(matrices[_i].turn);
	struct region box;

	paint(matrices[_i].paper, matrices[_i].noise);
	for (int y = 0; y < ROWS; y++)
		for (int x = 0; x < COLUMNS; x++) {
			double u = ((x - 200) * c + (y - 160) * s) / wide +
				   side / 2.;
			double v = ((y - 160) * c - (x - 200) * s) / wide +
				   side / 2.;

			if (u >= 0 && v >= 0 && u < side && v < side &&
			    matrix_module((int)u, (int)v, side))
				cover[y][x] = 255;
		}
	box = settle(matrices[_i].dark);
	look();
	ck_assert_int_eq(count_of(SHAPE_MATRIX), 1);
	ck_assert(covered(SHAPE_MATRIX, box, 2 * wide));
}
END_TEST

/* ---- other modules ---- */

/* Square or oblong modules, dark or light at random, as those of PDF417, Aztec
 * and Micro QR codes stand; blurred: as JPEG leaves them. */
static const struct {
	int across, down, wide, high, paper, dark, noise;
	bool blurred;
} lattices[] = {
	{ 15, 15, 4, 4, 220, 20, 0, false }, { 19, 19, 3, 3, 20, 200, 4, false },
	{ 27, 27, 2, 2, 200, 60, 4, false }, { 23, 23, 8, 8, 230, 30, 6, false },
	{ 69, 8, 2, 6, 220, 20, 4, false }, { 86, 6, 3, 9, 200, 90, 4, false },
	{ 11, 11, 6, 6, 240, 20, 4, false }, { 19, 19, 4, 4, 220, 20, 8, true },
	{ 13, 13, 20, 20, 220, 20, 4, false },
};

START_TEST(a_code_of_modules)
{
	const int x0 = 43, y0 = 37;
	struct region box = { x0, y0,
			      x0 + lattices[_i].across * lattices[_i].wide,
			      y0 + lattices[_i].down * lattices[_i].high };

	paint(lattices[_i].paper, lattices[_i].noise);
	for (int y = box.y0; y < box.y1; y++)
		for (int x = box.x0; x < box.x1; x++) {
			int u = (x - x0) / lattices[_i].wide;
			int v = (y - y0) / lattices[_i].high;
			unsigned r = (unsigned)(u * 7919 + v * 104729 + 17) *
				     2654435761U;

			if (r >> 20 & 1)
				picture[y][x] = (uint8_t)lattices[_i].dark;
		}
	if (lattices[_i].blurred)
		for (int y = 0; y + 1 < ROWS; y++)
			for (int x = 0; x + 1 < COLUMNS; x++)
				picture[y][x] = (uint8_t)(
					(picture[y][x] + picture[y][x + 1] +
					 picture[y + 1][x] +
					 picture[y + 1][x + 1]) / 4);
	look();
	ck_assert_int_ge(found.count, 1);
	ck_assert(covered(SHAPE_BARCODE, box, 24));
}
END_TEST

/* ---- seals ---- */

enum ring { ROUND, OVAL, SQUARE };

/* A line round a middle, turned. */
static void draw_ring(enum ring ring, double x, double y, double half,
		      double wide, double turn)
{
	double flat = ring == OVAL ? .75 : 1;

	for (int i = 0; i < 2000; i++) {
		double a = 6.2831853 * i / 2000, u = cos(a), v = sin(a);
		double far = ring == SQUARE ? 1 / pow(pow(fabs(u), 8) +
						      pow(fabs(v), 8), .125) :
					      1;

		u *= far * half * flat;
		v *= far * half;
		touch(x + u * cos(turn) - v * sin(turn),
		      y + u * sin(turn) + v * cos(turn), wide / 2);
	}
}

/* Strokes across and down, as kanji have them; one above the other. */
static void draw_letters(double x, double y, double half, double wide)
{
	for (int n = 0; n < 2; n++) {
		double top = y - half + n * half * 1.1, high = .9 * half;

		for (int i = 0; i < 3; i++)
			stroke(x - half * chance(.6, .9), top + high * i / 2,
			       x + half * chance(.6, .9), top + high * i / 2,
			       wide);
		for (int i = 0; i < 3; i++)
			stroke(x + half * .7 * (i - 1), top + high *
			       chance(0, .3), x + half * .7 * (i - 1),
			       top + high * chance(.7, 1), wide);
	}
}

static const struct {
	enum ring ring;
	int half, paper, ink, noise;
	double wide, turn;
} seals[] = {
	{ ROUND, 11, 240, 110, 0, 1, 0 }, { ROUND, 16, 230, 105, 3, 1.5, 0 },
	{ ROUND, 30, 220, 120, 5, 2.5, 0 }, { ROUND, 58, 240, 60, 5, 5, 0 },
	{ OVAL, 18, 230, 105, 3, 1.5, .1 }, { OVAL, 40, 230, 150, 4, 3, -.15 },
	{ SQUARE, 15, 230, 90, 3, 1.5, 0 }, { SQUARE, 30, 235, 90, 4, 3, .12 },
	{ SQUARE, 55, 235, 120, 4, 4, -.17 },
	{ ROUND, 25, 30, 170, 4, 2, 0 },        /* an inverted film */
};

START_TEST(a_seal)
{
	double inner = seals[_i].ring == SQUARE ? .72 : .55;
	int half = seals[_i].half;
	struct region box;

	seed = 99 + (unsigned)_i;
	paint(seals[_i].paper, seals[_i].noise);
	draw_ring(seals[_i].ring, 200, 160, half, seals[_i].wide,
		  seals[_i].turn);
	draw_letters(200, 160, half * inner, fmax(1, seals[_i].wide * .8));
	box = settle(seals[_i].ink);
	look();
	ck_assert_int_eq(count_of(SHAPE_SEAL), 1);
	ck_assert(covered(SHAPE_SEAL, box, 6 + half / 8));
}
END_TEST

/* ---- writing by hand ---- */

/* Loops of a fast hand, the first one tall. */
static void draw_loops(int loops, double high, double wide)
{
	double x0 = 70, y0 = 200, pitch = high * chance(.4, .6);
	double slant = chance(.1, .5), px = 0, py = 0;

	for (int i = 0; i < loops; i++) {
		double up = high * (i ? chance(.35, .7) : 1.3);
		double round = high * chance(.1, .3);

		for (int k = 0; k < 24; k++) {
			double a = 6.2831853 * k / 24;
			double y = up * (1 - cos(a)) / 2;
			double x = x0 + pitch * (i + k / 24.) +
				   2 * round * sin(a) + slant * y;

			if (i || k)
				stroke(px, py, x, y0 - y, wide);
			px = x;
			py = y0 - y;
		}
	}
}

static const struct {
	int loops, high, paper, ink, noise;
	double wide;
} hands[] = {
	{ 5, 30, 230, 40, 0, 1.5 }, { 7, 30, 230, 40, 4, 2 },
	{ 8, 40, 200, 70, 4, 3 }, { 6, 60, 240, 90, 6, 5 },
	{ 9, 24, 235, 60, 3, 1.6 }, { 7, 45, 20, 200, 5, 3 },
	{ 6, 80, 30, 220, 4, 7 },               /* a felt pen on a film */
};

START_TEST(a_signature)
{
	struct region box;

	seed = 7 + (unsigned)_i;
	paint(hands[_i].paper, hands[_i].noise);
	draw_loops(hands[_i].loops, hands[_i].high, hands[_i].wide);
	box = settle(hands[_i].ink);
	print_from = 99;        /* loops in a row may look like letters */
	look();
	ck_assert_int_ge(count_of(SHAPE_HANDWRITING), 1);
	ck_assert(covered(SHAPE_HANDWRITING, box, 24));
}
END_TEST

/* ---- what is none ---- */

static int plain(int x, int y)
{
	(void)x;
	(void)y;
	return PAPER;
}

static int stripes2(int x, int y)
{
	(void)y;
	return x / 2 % 2 ? 200 : 20;
}

static int stripes3_down(int x, int y)
{
	(void)x;
	return y / 3 % 2 ? 200 : 60;
}

static int stripes_diagonal(int x, int y)
{
	return (x + y) / 4 % 2 ? 200 : 60;
}

static int stripes_uneven(int x, int y)
{
	(void)y;
	return x % 8 < 2 ? 200 : 20;
}

static int double_lines(int x, int y)
{
	(void)y;
	return x % 16 < 3 || (x % 16 >= 6 && x % 16 < 9) ? 200 : 20;
}

static int grid(int x, int y)
{
	return x % 8 < 1 || y % 8 < 1 ? 200 : 20;
}

static int checks(int x, int y)
{
	return (x / 4 + y / 4) % 2 ? 200 : 20;
}

/* Every fifth and tenth is longer. */
static int ticks(int x, int y)
{
	int i = x / 4, high = i % 10 == 0 ? 24 : i % 5 == 0 ? 16 : 10;

	return y >= 100 && y < 100 + high && x % 4 < 1 ? 255 : 20;
}

static int ticks_bold(int x, int y)
{
	int i = x / 9;

	return y >= 100 && y < 124 && x % 9 < (i % 5 ? 2 : 4) ? 255 : 20;
}

/* A bent wave: stripes that grow wider. */
static int wave(int x, int y)
{
	(void)y;
	return x * x / 1600 % 2 ? 200 : 40;
}

static int rings(int x, int y)
{
	int dx = x - 200, dy = y - 160;

	return (dx * dx + dy * dy) / 800 % 2 ? 220 : 20;
}

static int halftone(int x, int y)
{
	int dx = x % 6 - 3, dy = y % 6 - 3;

	return dx * dx + dy * dy < 1 + x / 40 ? 20 : 230;
}

static int wedge(int x, int y)
{
	(void)y;
	return x / 16 * 10;
}

static int steps_uneven(int x, int y)
{
	(void)y;
	return x % 29 * 8;
}

/* A coarse picture shown with 4 pixels for each: levels of all sorts. */
static int large_noise(int x, int y)
{
	unsigned r = (unsigned)(x / 4 * 7919 + y / 4 * 104729) * 2654435761U;

	return (int)(r >> 24);
}

/* Lines of letters of 5 x 7 dots, 3 pixels each, as old consoles draw them. */
static int dot_letters(int x, int y)
{
	int u = x / 3, v = y / 3;
	unsigned r = (unsigned)(u / 6 * 31 + u % 6 * 7919 + v / 10 * 57 +
				v % 10 * 104729) * 2654435761U;

	return u % 6 < 5 && v % 10 < 7 && (r >> 20 & 3) == 0 ? 230 : 10;
}

static const struct {
	const char *what;
	int (*level)(int x, int y);
	int noise;
} negatives[] = {
	{ "plain", plain, 0 }, { "noise", plain, 60 }, { "grain", plain, 15 },
	{ "stripes", stripes2, 0 }, { "stripes, noisy", stripes2, 10 },
	{ "stripes down", stripes3_down, 6 },
	{ "stripes diagonal", stripes_diagonal, 6 },
	{ "stripes uneven", stripes_uneven, 6 },
	{ "double lines", double_lines, 6 },
	{ "grid", grid, 4 }, { "checks", checks, 0 }, { "ticks", ticks, 4 },
	{ "ticks bold", ticks_bold, 4 }, { "wave", wave, 0 },
	{ "rings", rings, 4 }, { "halftone", halftone, 3 },
	{ "wedge", wedge, 0 }, { "steps", steps_uneven, 3 },
	{ "noise made larger", large_noise, 0 },
	{ "letters of large dots", dot_letters, 2 },
};

START_TEST(no_code)
{
	paint(0, negatives[_i].noise);
	for (int y = 0; y < ROWS; y++)
		for (int x = 0; x < COLUMNS; x++) {
			int g = negatives[_i].level(x, y);
			int noise = negatives[_i].noise;

			if (noise) {
				unsigned r = (unsigned)(x * 7919 + y * 104729) *
					     2654435761U;

				g += (int)(r >> 12) % (2 * noise + 1) - noise;
			}
			picture[y][x] = (uint8_t)(g < 0 ? 0 : g > 255 ? 255 :
								       g);
		}
	look();
	ck_assert_msg(found.count == 0, "%s: %d", negatives[_i].what,
		      found.count);
}
END_TEST

/* ---- ink that is none of them ---- */

static void none(void)
{
}

static void draw_circle(void)           /* a lens, an edge of a collimator */
{
	draw_ring(ROUND, 200, 160, 140, 3, 0);
}

static void draw_small_circles(void)
{
	for (int i = 0; i < 12; i++)
		draw_ring(ROUND, 40 + 60 * (i % 6), 80 + 120 * (i / 6),
			  6 + 2 * i, 2, 0);
}

static void draw_marker(void)           /* an R in a circle */
{
	draw_ring(ROUND, 200, 160, 30, 3, 0);
	stroke(190, 145, 190, 176, 4);
	stroke(190, 145, 205, 147, 4);
	stroke(205, 147, 205, 158, 4);
	stroke(205, 158, 190, 160, 4);
	stroke(196, 160, 207, 176, 4);
}

static void draw_target(void)           /* a cross in a circle */
{
	draw_ring(ROUND, 200, 160, 40, 2, 0);
	stroke(150, 160, 250, 160, 2);
	stroke(200, 110, 200, 210, 2);
}

static void draw_ecg(void)
{
	static const double beat[][2] = {
		{ 0, 0 }, { 8, 0 }, { 12, -5 }, { 16, 0 }, { 22, 0 },
		{ 24, 6 }, { 27, -45 }, { 31, 14 }, { 34, 0 }, { 44, 0 },
		{ 52, -10 }, { 60, 0 }, { 70, 0 },
	};

	for (int i = 0; i < 5; i++)
		for (size_t k = 0; k + 1 < ARRAY_LENGTH(beat); k++)
			stroke(20 + 70 * i + beat[k][0], 200 + beat[k][1],
			       20 + 70 * i + beat[k + 1][0],
			       200 + beat[k + 1][1], 1.6);
}

static void draw_ecg_paper(void)
{
	for (int i = 0; i < 40; i++) {
		stroke(0, 10 * i, COLUMNS, 10 * i, i % 5 ? .6 : 1.2);
		stroke(10 * i, 0, 10 * i, ROWS, i % 5 ? .6 : 1.2);
	}
	draw_ecg();
}

static void draw_ribs(void)
{
	for (int i = 0; i < 8; i++)
		for (int k = 0; k < 400; k++) {
			double a = 3.14159 * k / 400;

			touch(200 + 150 * cos(a), 120 + 24 * i - 60 * sin(a),
			      4);
		}
}

static void draw_vessels(void)          /* they fork and grow thin */
{
	for (int i = 0; i < 9; i++) {
		double x = 200, y = 300, a = -2.2 + .16 * i;

		for (int k = 0; k < 260; k++) {
			a += chance(-.06, .06);
			x += cos(a);
			y += sin(a);
			touch(x, y, 4.5 * (1 - k / 280.));
		}
	}
}

static void draw_table(void)
{
	for (int i = 0; i < 9; i++) {
		stroke(40, 40 + 24 * i, 360, 40 + 24 * i, 1.5);
		stroke(40 + 40 * i, 40, 40 + 40 * i, 232, 1.5);
	}
}

static void draw_ruler(void)
{
	stroke(40, 160, 360, 160, 1.5);
	for (int i = 0; i <= 40; i++)
		stroke(40 + 8 * i, 160, 40 + 8 * i,
		       160 - (i % 5 ? 6 : 14), 1.2);
}

static void draw_contours(void)         /* drawn round what is measured */
{
	draw_ring(OVAL, 120, 150, 60, 1.5, .4);
	draw_ring(ROUND, 280, 170, 45, 1.5, 0);
	stroke(90, 120, 150, 190, 1.5);
}

/* A fan of speckle, as of an ultrasound probe. */
static int fan(int x, int y)
{
	double dx = x - 200, dy = y + 20, far = hypot(dx, dy);
	unsigned r = (unsigned)((int)(far / 2) * 7919 +
				(int)(200 * atan2(dx, dy)) * 104729) *
		     2654435761U;

	if (far < 60 || far > 320 || fabs(dx) > dy)
		return 5;
	return 20 + (int)(r >> 25) * (int)(r >> 24 & 3) / 3;
}

static int stripes_bent(int x, int y)   /* fat and muscle */
{
	return 90 + (int)(60 * sin((x + 20 * sin(y / 40.)) / 2.5 +
				   y / 15.));
}

static const struct {
	const char *what;
	void (*draw)(void);
	int (*level)(int x, int y);
	int ink, noise;
} inks[] = {
	{ "circle", draw_circle, plain, 40, 4 },
	{ "small circles", draw_small_circles, plain, 40, 4 },
	{ "marker", draw_marker, plain, 20, 4 },
	{ "target", draw_target, plain, 20, 2 },
	{ "ECG", draw_ecg, plain, 10, 3 },
	{ "ECG paper", draw_ecg_paper, plain, 90, 3 },
	{ "ribs", draw_ribs, plain, 130, 6 },
	{ "vessels", draw_vessels, plain, 80, 6 },
	{ "table", draw_table, plain, 10, 2 },
	{ "ruler", draw_ruler, plain, 10, 2 },
	{ "contours", draw_contours, plain, 250, 3 },
	{ "fan", none, fan, 0, 4 },
	{ "ECG below a fan", draw_ecg, fan, 250, 4 },
	{ "stripes bent", none, stripes_bent, 0, 8 },
};

START_TEST(no_shape)
{
	int noise = inks[_i].noise;

	seed = 3;
	for (int y = 0; y < ROWS; y++)
		for (int x = 0; x < COLUMNS; x++)
			picture[y][x] = (uint8_t)inks[_i].level(x, y);
	inks[_i].draw();
	settle(inks[_i].ink);
	for (int y = 0; y < ROWS; y++)
		for (int x = 0; x < COLUMNS; x++)
			picture[y][x] = (uint8_t)fmin(255, fmax(0,
				picture[y][x] + chance(-noise, noise)));
	look();
	ck_assert_msg(found.count == 0, "%s: %d, of kind %d", inks[_i].what,
		      found.count, (int)found.shape[0].kind);
}
END_TEST

START_TEST(small_planes_have_none)
{
	struct error err = { 0 };
	uint8_t few[64] = { 0 };

	for (int columns = 1; columns <= 8; columns++) {
		struct grey_plane p = { few, columns, 8, 8 };

		ck_assert(shapes_find(&p, &found, &err));
		look_at_marks(&p);
		ck_assert_int_eq(found.count, 0);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("shapes");
	TCase *c = tcase_create("shapes");

	add_rows_test(c, a_barcode, bars);
	add_rows_test(c, bars_behind_wide_gaps, far_bars);
	tcase_add_test(c, a_label_that_leans);
	add_rows_test(c, a_qr_code, codes);
	add_rows_test(c, a_data_matrix, matrices);
	add_rows_test(c, a_code_of_modules, lattices);
	add_rows_test(c, a_seal, seals);
	add_rows_test(c, a_signature, hands);
	add_rows_test(c, no_code, negatives);
	add_rows_test(c, no_shape, inks);
	tcase_add_test(c, small_planes_have_none);
	suite_add_tcase(s, c);
	return support_run(s);
}

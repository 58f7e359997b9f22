/* check_shapes.c - barcodes and QR codes by shape, in drawn pictures. */
#include "config.h"

#include "ocr/shapes.h"

#include <stdlib.h>
#include <string.h>

#include "tests/support.h"

enum { COLUMNS = 400, ROWS = 320, PAPER = 180, X0 = 120, Y0 = 90 };

static uint8_t picture[ROWS][COLUMNS];
static struct shape_list found;

/* Level `paper` with noise of +-noise levels. */
static void paint(int paper, int noise)
{
	unsigned random = 4711;

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

static void look(void)
{
	struct grey_plane p = { &picture[0][0], COLUMNS, ROWS, COLUMNS };
	struct error err = { 0 };

	found.count = 0;
	ck_assert(shapes_find(&p, &found, &err));
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
	ck_assert(region_contains(region_grow(box, 24), found.shape[0].box));
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

START_TEST(small_planes_have_none)
{
	struct error err = { 0 };
	uint8_t few[64] = { 0 };

	for (int columns = 1; columns <= 8; columns++) {
		struct grey_plane p = { few, columns, 8, 8 };

		ck_assert(shapes_find(&p, &found, &err));
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
	add_rows_test(c, no_code, negatives);
	tcase_add_test(c, small_planes_have_none);
	suite_add_tcase(s, c);
	return support_run(s);
}

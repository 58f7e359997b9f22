/* check_lines.c - lines found by shape in drawn pictures. */
#include "config.h"

#include "ocr/beside.h"
#include "ocr/clear.h"
#include "ocr/fine.h"
#include "ocr/lines.h"
#include "ocr/narrow.h"
#include "ocr/tophat.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "tests/glyphs.h"
#include "tests/support.h"

enum { COLUMNS = 400, ROWS = 300, SURE = 3 };

static uint8_t picture[ROWS][COLUMNS];

static struct canvas8 canvas(void)
{
	return (struct canvas8){ &picture[0][0], COLUMNS, ROWS };
}

static struct grey_plane plane(void)
{
	return (struct grey_plane){ &picture[0][0], COLUMNS, ROWS, COLUMNS };
}

/* A slope of `steps` levels from left to right on `level`, with fine noise. */
static void paint_background(int level, int steps, int noise)
{
	unsigned random = 12345;

	for (int y = 0; y < ROWS; y++) {
		for (int x = 0; x < COLUMNS; x++) {
			random = random * 1103515245u + 12345u;
			picture[y][x] = (uint8_t)(
				level + steps * x / COLUMNS +
				(noise ? (int)((random >> 16) %
					       (unsigned)noise) : 0));
		}
	}
}

/* Share of want that boxes of at least `least` cover, in percent. */
static int covered(const struct line_list *list, struct region want,
		   double least)
{
	int in = 0;

	for (int y = want.y0; y < want.y1; y++) {
		for (int x = want.x0; x < want.x1; x++) {
			for (size_t i = 0; i < list->count; i++) {
				if (list->line[i].score > least &&
				    region_hit(list->line[i].box, x, y)) {
					in++;
					break;
				}
			}
		}
	}
	return (int)(100 * in / region_area(want));
}

static size_t surer_than(const struct line_list *list, double least)
{
	size_t n = 0;

	for (size_t i = 0; i < list->count; i++)
		n += list->line[i].score > least;
	return n;
}

static const struct {
	int level, steps, noise;                /* background */
	int scale, ink, down;                   /* letters */
	const char *text;
} cases[] = {
	{ 0, 0, 0, 1, 255, 0, "ID 0023170400" },
	{ 0, 0, 0, 2, 255, 0, "YAMADA TARO" },
	{ 0, 0, 0, 4, 200, 0, "1958/03/04" },
	{ 0, 0, 0, 10, 255, 0, "SUZUKI" },
	{ 250, 0, 0, 2, 0, 0, "YAMADA TARO" },
	{ 250, -200, 0, 3, 0, 0, "SATO HANAKO" },
	{ 40, 120, 6, 2, 255, 0, "SATO HANAKO" },
	{ 90, 0, 6, 2, 130, 0, "LOW CONTRAST 12" },
	{ 0, 0, 0, 2, 255, 1, "YAMADA TARO" },
	{ 200, 0, 8, 3, 10, 1, "0023170400" },
	/* fainter than noise may be, where there is none */
	{ 40, 0, 0, 1, 53, 0, "ID 0023170400" },
	{ 90, 0, 0, 2, 78, 0, "LOW CONTRAST 12" },
};

START_TEST(finds_drawn_text)
{
	struct canvas8 c = canvas();
	struct grey_plane p = plane();
	struct line_list list = { 0 };
	struct error err = { 0 };
	struct region ink;

	paint_background(cases[_i].level, cases[_i].steps, cases[_i].noise);
	ink = glyphs_draw(&c, 20, 20, cases[_i].scale, cases[_i].ink,
			  cases[_i].down, cases[_i].text);
	ck_assert(lines_find(&p, cases[_i].down ? LINES_DOWN :
						 LINES_ACROSS, NULL, &list, &err));
	ck_assert_int_ge(covered(&list, ink, SURE), 98);
	ck_assert_uint_le(surer_than(&list, SURE), 2);
	ck_assert(list.line[0].vertical == cases[_i].down);
	line_list_done(&list);
}
END_TEST

/* Stripes as wide as letters, that stand out as much as they do. */
static void paint_stripes(int level, int contrast)
{
	for (int y = 0; y < ROWS; y++)
		for (int x = 0; x < COLUMNS; x++) {
			int at = (2 * x + 5 * y) % 28;

			picture[y][x] = (uint8_t)(level + contrast *
				((at < 14 ? at : 28 - at) - 7) / 7);
		}
}

/* Small letters on them, bright and dark: strokes without their ground. */
START_TEST(finds_fine_strokes)
{
	struct canvas8 c = canvas();
	struct grey_plane p = plane();
	struct line_list list = { 0 };
	struct error err = { 0 };
	struct region ink;
	int before;

	paint_stripes(120, 60);
	ink = glyphs_draw(&c, 200, 60, 1, _i ? 20 : 220, 1, "YAMADA TARO 12");
	ck_assert(lines_find(&p, LINES_BOTH, NULL, &list, &err));
	before = covered(&list, ink, 1);
	ck_assert(lines_find_fine(&p, NULL, &list, &err));
	ck_assert_int_le(before, 20);
	ck_assert_int_ge(covered(&list, ink, 1), 90);
	line_list_done(&list);
}
END_TEST

/* Small letters across on them are faint ink; higher ones were found before. */
START_TEST(fine_strokes_across_are_faint)
{
	struct canvas8 c = canvas();
	struct grey_plane p = plane();
	struct line_list gone = { 0 }, list = { .gone = &gone };
	struct error err = { 0 };
	struct region ink;

	paint_stripes(120, 60);
	ink = glyphs_draw(&c, 60, 100, _i, 220, 0, "YAMADA TARO 12");
	ck_assert(lines_find_fine(&p, NULL, &list, &err));
	ck_assert_int_eq(covered(&gone, ink, LINES_LEAST) >= 90, _i == 1);
	ck_assert_uint_eq(surer_than(&gone, -1), 0);
	for (size_t i = 0; i < list.count; i++)
		ck_assert(list.line[i].vertical);
	line_list_done(&list);
	line_list_done(&gone);
}
END_TEST

/* What finds lines beside sure ones adds to what is found without it; of lines
 * surer than `least`. */
static int found_beside(struct region want, double least, int *before)
{
	struct grey_plane p = plane();
	struct line_list list = { 0 };
	struct error err = { 0 };
	int after;

	ck_assert(lines_find(&p, LINES_BOTH, NULL, &list, &err));
	*before = covered(&list, want, least);
	ck_assert(lines_find_beside(&p, 1, NULL, &list, &err));
	after = covered(&list, want, least);
	for (size_t i = 0; i < list.count; i++)
		ck_assert(list.line[i].view == 0 ||
			  region_contains(region_grow(want, 4),
					  list.line[i].box));
	line_list_done(&list);
	return after;
}

/* Small grey letters above and below large white ones, and black on white. */
START_TEST(finds_faint_letters_beside_strong_ones)
{
	static const int y_of[] = { 22, 75 };
	const int ground = _i / 2 ? 240 : 10;
	struct canvas8 c = canvas();
	struct region ink;
	int before, after;

	paint_background(ground, 0, 4);
	glyphs_draw(&c, 30, 36, 5, 255 - ground, 0, "YAMADA 1958");
	ink = glyphs_draw(&c, 90, y_of[_i % 2], 1,
			  _i / 2 ? ground - 45 : ground + 45, 0,
			  "ID 0023170400");
	after = found_beside(ink, SURE, &before);
	ck_assert_int_le(before, 30);
	ck_assert_int_ge(after, 95);
}
END_TEST

static void paint_bar(int x, int y, int w, int h, int level)
{
	for (int i = y; i < y + h; i++)
		memset(&picture[i][x], level, (size_t)w);
}

/* Small grey letters below and above black and white ticks. */
START_TEST(finds_faint_letters_beside_ticks)
{
	struct canvas8 c = canvas();
	struct region ink;
	int before, after;

	paint_background(120, 0, 4);
	ink = glyphs_draw(&c, 90, 60, 1, 160, 0, "ID 0023170400");
	for (int x = 90; x < 172; x += 10)
		paint_bar(x, _i ? 51 : 70, 3, 6, x % 20 ? 250 : 0);
	after = found_beside(ink, SURE, &before);
	ck_assert_int_le(before, 60);
	ck_assert_int_ge(after, 90);
}
END_TEST

/* Ticks with an edge of two pixels, of half the contrast of letters. */
static void paint_soft_ticks(int y, int step, int width, int glow)
{
	for (int x = 86; x < 176; x += step) {
		bool bright = x / step % 2 || glow < 0;

		paint_bar(x - 2, y - 2, width + 4, 10,
			  bright ? picture[0][0] + abs(glow) :
				   picture[0][0] - glow);
		paint_bar(x, y, width, 6, bright ? 250 : 0);
	}
}

/* What is taken out has a soft edge, that is taken out with it: of a row of
 * ticks that looks like a line, above and below; of ticks. */
START_TEST(a_soft_edge_hides_no_faint_letters)
{
	const int ground = _i ? 120 : 10;
	struct canvas8 c = canvas();
	struct region ink;
	int before, after;

	paint_background(ground, 0, 2);
	if (_i) {
		paint_soft_ticks(64, 9, 4, 20);
	} else {
		paint_soft_ticks(62, 6, 3, -35);
		paint_soft_ticks(90, 6, 3, -35);
	}
	ink = glyphs_draw(&c, 90, 75, 1, ground + 45, 0, "ID 0023170400");
	after = found_beside(ink, SURE, &before);
	ck_assert_int_le(before, 30);
	ck_assert_int_ge(after, 95);
}
END_TEST

/* Ticks are taken out of ground, not of a field as large: below them another
 * level begins, of so many rows of their cells. */
static const struct field {
	int rows, y, faint, found;      /* letters at y */
} fields[] = {
	{ 2, 60, 45, 95 },
	/* of half of the cells nothing is known */
	{ 8, 80, 30, 0 },
};

START_TEST(ticks_stand_on_ground)
{
	const struct field *f = &fields[_i];
	struct canvas8 c = canvas();
	struct region ink;
	int before, after;

	paint_background(120, 0, 4);
	for (int x = 90; x < 172; x += 10)
		paint_bar(x, 70, 3, 6, x % 20 ? 250 : 0);
	paint_bar(64, 96 - f->rows, 128, f->rows, 90);
	ink = glyphs_draw(&c, 90, f->y, 1, 120 + f->faint, 0,
			  "ID 0023170400");
	after = found_beside(ink, SURE, &before);
	ck_assert_int_le(before, 30);
	ck_assert_int_ge(after, f->found);
}
END_TEST

static void paint_speckle(struct region r, unsigned *random)
{
	for (int y = r.y0; y < r.y1; y++)
		for (int x = r.x0; x < r.x1; x++) {
			*random = *random * 1103515245u + 12345u;
			picture[y][x] = (uint8_t)(10 + (*random >> 16) % 70);
		}
}

/* Speckle beside letters, on the quiet ground of a scan, goes on: no line. */
START_TEST(speckle_beside_letters_is_no_line)
{
	struct canvas8 c = canvas();
	struct grey_plane p = plane();
	struct line_list list = { 0 };
	struct error err = { 0 };
	unsigned random = 12345;
	size_t before;

	paint_background(10, 0, 4);
	paint_speckle((struct region){ 0, 90, COLUMNS, ROWS }, &random);
	glyphs_draw(&c, 30, 40, 5, 255, 0, "YAMADA 1958");
	ck_assert(lines_find(&p, LINES_BOTH, NULL, &list, &err));
	before = surer_than(&list, 0);
	ck_assert_uint_gt(surer_than(&list, SURE), 0);
	ck_assert(lines_find_beside(&p, 1, NULL, &list, &err));
	ck_assert_uint_eq(surer_than(&list, 0), before);
	line_list_done(&list);
}
END_TEST

/* Four specks in a row above letters: where a scan begins below these, a
 * quarter of what lies around is no ground, and they are pieces of it. */
static const struct { int scan_from; bool found; } scans[] = {
	{ 92, true }, { 86, false },
};

START_TEST(specks_beside_a_scan_are_no_line)
{
	const struct region specks = { 100, 22, 124, 28 };
	struct canvas8 c = canvas();
	unsigned random = 12345;
	int before, after;

	paint_background(10, 0, 4);
	paint_speckle((struct region){ 0, scans[_i].scan_from, COLUMNS, ROWS },
		      &random);
	for (int x = specks.x0; x < specks.x1; x += 6)
		paint_speckle((struct region){ x, specks.y0, x + 4,
					       specks.y1 }, &random);
	glyphs_draw(&c, 30, 36, 5, 255, 0, "YAMADA 1958");
	after = found_beside(specks, 0, &before);
	ck_assert_int_eq(before, 0);
	ck_assert_msg((after > 80) == scans[_i].found, "%d", after);
}
END_TEST

/* Digits of four by six pixels below each other, as half-width ones are. */
static struct region draw_narrow(int x, int y, int level, const char *text)
{
	static const uint8_t dots[10][6] = {
		{ 6, 9, 9, 9, 9, 6 },   { 2, 6, 2, 2, 2, 7 },
		{ 6, 9, 1, 6, 8, 15 },  { 14, 1, 6, 1, 9, 6 },
		{ 2, 6, 10, 15, 2, 2 }, { 15, 8, 14, 1, 9, 6 },
		{ 6, 8, 14, 9, 9, 6 },  { 15, 1, 2, 2, 4, 4 },
		{ 6, 9, 6, 9, 9, 6 },   { 6, 9, 9, 7, 1, 6 },
	};
	int top = y;

	for (; *text; text++, y += 9)
		for (int i = 0; i < 6; i++)
			for (int k = 0; k < 4; k++)
				if (dots[*text - '0'][i] & 8 >> k)
					picture[y + i][x + k] = (uint8_t)level;
	return (struct region){ x, top, x + 4, y - 3 };
}

START_TEST(finds_narrow_columns)
{
	struct grey_plane p = plane();
	struct line_list list = { 0 };
	struct error err = { 0 };
	struct region ink;

	paint_background(_i ? 220 : 10, 0, 6);
	ink = draw_narrow(150, 60, _i ? 20 : 200, "9970245861");
	ck_assert(lines_find(&p, LINES_DOWN, NULL, &list, &err));
	ck_assert_int_ge(covered(&list, ink, SURE), 95);
	line_list_done(&list);
}
END_TEST

/* On noise they look like letters when they are made wider; not so when they
 * are wide, lie down, or were found for sure. */
static const struct {
	int noise, before, after;       /* percent of them that are found */
} narrow[] = {
	{ 50, 0, 90 }, { 30, 100, 100 },
};

START_TEST(finds_narrow_columns_on_noise)
{
	struct grey_plane p = plane();
	struct line_list list = { 0 };
	struct error err = { 0 };
	struct region ink;

	paint_background(100, 0, narrow[_i].noise);
	ink = draw_narrow(150, 60, 180, "9970245861");
	ck_assert(lines_find(&p, LINES_DOWN, NULL, &list, &err));
	ck_assert_int_eq(covered(&list, ink, 1), narrow[_i].before);
	ck_assert(lines_find_narrow(&p, NULL, &list, &err));
	ck_assert_int_ge(covered(&list, ink, 1), narrow[_i].after);
	line_list_done(&list);
}
END_TEST

/* Beside a line that is wide, lies down, or is sure, none is looked at; and
 * none is found that is wide. */
static const struct {
	int right;                      /* of the line */
	bool vertical;
	double score;
	int scale;                      /* of letters; 0: narrow digits */
	bool found;
} beside_narrow[] = {
	{ 166, true, 0, 0, true }, { 170, true, 0, 0, true },
	{ 171, true, 0, 0, false }, { 166, false, 0, 0, false },
	{ 166, true, 4, 0, false }, { 170, true, 0, 1, true },
	{ 170, true, 0, 2, false },
};

START_TEST(looks_at_narrow_columns_alone)
{
	struct line one = { .box = { 160, 60, beside_narrow[_i].right, 147 },
			    .vertical = beside_narrow[_i].vertical,
			    .score = beside_narrow[_i].score };
	struct line_list list = { 0 }, more = { .line = &one, .count = 1 };
	int scale = beside_narrow[_i].scale;
	struct canvas8 c = canvas();
	struct grey_plane p = plane();
	struct error err = { 0 };
	struct region ink;

	paint_background(100, 0, scale ? 10 : 50);
	ink = scale ? glyphs_draw(&c, 159 - 9 * scale, 60, scale, 180, 1,
				  "SUZUKI") :
		      draw_narrow(150, 60, 180, "9970245861");
	ck_assert(lines_merge(&list, &more, &err));
	ck_assert(lines_find_narrow(&p, NULL, &list, &err));
	ck_assert_int_eq(covered(&list, ink, .5) > 70,
			 beside_narrow[_i].found);
	line_list_done(&list);
}
END_TEST

/* Twice the columns, each a quarter of the next one. */
static uint8_t *doubled(const struct grey_plane *p, struct grey_plane *twice)
{
	int wide = 2 * p->columns;
	uint8_t *out = mem_array((size_t)p->rows, (size_t)wide);

	ck_assert_ptr_nonnull(out);
	for (int y = 0; y < p->rows; y++)
		for (int x = 0; x < wide; x++) {
			const uint8_t *row = p->grey + y * p->stride;
			int next = x / 2 + (x % 2 ? 1 : -1);

			next = next < 0 || next >= p->columns ? x / 2 : next;
			out[y * wide + x] = (uint8_t)(
				(3 * row[x / 2] + row[next] + 2) / 4);
		}
	*twice = (struct grey_plane){ out, wide, p->rows, wide };
	return out;
}

/* What looks like letters only when it is made wider is half a point less
 * sure: texture does so too. */
START_TEST(widened_letters_are_less_sure)
{
	struct line one = { .box = { 8, 8, 14, 95 }, .vertical = true,
			    .score = LINES_LEAST };
	struct line_list seen = { 0 }, list = { 0 };
	struct line_list more = { .line = &one, .count = 1 };
	struct grey_plane p = { &picture[52][142], 20, 103, COLUMNS }, twice;
	struct error err = { 0 };
	uint8_t *samples;

	paint_background(100, 0, 10);
	draw_narrow(150, 60, 180, "9970245861");
	samples = doubled(&p, &twice);
	ck_assert(lines_find(&twice, LINES_DOWN, NULL, &seen, &err));
	ck_assert(lines_merge(&list, &more, &err));
	ck_assert(lines_find_narrow(&p, NULL, &list, &err));
	ck_assert_uint_gt(surer_than(&seen, 1), 0);
	ck_assert_double_eq(list.line[0].score, seen.line[0].score - .5);
	line_list_done(&seen);
	line_list_done(&list);
	free(samples);
}
END_TEST

/* Of many narrow lines the best are looked at, 24 of them. */
static const struct { int others; bool found; } crowds[] = {
	{ 23, true }, { 24, false },
};

START_TEST(looks_at_the_best_columns)
{
	struct line_list list = { 0 };
	struct grey_plane p = plane();
	struct error err = { 0 };
	struct region ink;

	paint_background(100, 0, 10);
	ink = draw_narrow(50, 60, 180, "9970245861");
	for (int i = 0; i <= crowds[_i].others; i++) {
		int x = 150 + i % 8 * 30, y = 60 + i / 8 * 80;
		struct line one = { .box = { x, y, x + 6, y + 20 },
				    .vertical = true, .score = 1 };
		struct line_list more = { .line = &one, .count = 1 };

		if (i == crowds[_i].others) {
			one.box = region_grow(ink, 1);
			one.score = .5;
		}
		ck_assert(lines_merge(&list, &more, &err));
	}
	ck_assert(lines_find_narrow(&p, NULL, &list, &err));
	ck_assert_int_eq(covered(&list, ink, 1) > 70, crowds[_i].found);
	line_list_done(&list);
}
END_TEST

/* ---- clear ground ---- */

/* A column at 150, 40 of 10 x 200 pixels: what is it of? */
enum of { LETTERS, LARGE, PALE, TICKS, BAR, HAIR, RAILS, DENSE, KANJI, SPARSE,
	  SPOTTED, STRIPED };
#define RAISED 2.25
static const struct {
	enum of of;
	int level, noise;               /* of the ground */
	int ink;
	int view, down;
	double score, becomes;
} grounds[] = {
	/* much noise; larger letters must stand out more */
	{ LETTERS, 40, 40, 100, 0, 1, -1, RAISED },
	{ LARGE, 40, 40, 100, 0, 1, -1, -1 },
	{ LARGE, 40, 8, 100, 0, 1, -1, RAISED },
	{ LETTERS, 40, 8, 80, 0, 1, -1, RAISED },
	{ LETTERS, 200, 8, 160, 0, 1, 1.5, RAISED },
	{ LETTERS, 40, 8, 80, 0, 1, 5, 5 },
	/* of another view; across; hardly above the noise */
	{ LETTERS, 40, 8, 80, 1, 1, -1, -1 },
	{ LETTERS, 40, 8, 80, 0, 0, -1, -1 },
	{ LETTERS, 40, 40, 80, 0, 1, -1, -1 },
	{ PALE, 40, 1, 50, 0, 1, -1, -1 },
	{ TICKS, 40, 8, 200, 0, 1, -1, -1 },
	{ BAR, 40, 8, 200, 0, 1, -1, -1 },
	{ HAIR, 40, 8, 200, 0, 1, -1, -1 },
	{ RAILS, 40, 8, 200, 0, 1, -1, -1 },
	{ DENSE, 40, 8, 200, 0, 1, -1, -1 },
	{ KANJI, 40, 8, 200, 0, 1, -1, RAISED },
	{ SPARSE, 40, 1, 200, 0, 1, -1, -1 },
	/* spots beside and in it, of the other polarity and of its own */
	{ SPOTTED, 100, 8, 200, 0, 1, -1, RAISED },
	{ SPOTTED, 100, 8, 20, 0, 1, -1, -1 },
	{ STRIPED, 120, 0, 200, 0, 1, -1, -1 },
};

static void paint_column(enum of of, int ink)
{
	struct canvas8 c = canvas();

	if (of == STRIPED)
		paint_stripes(120, 60);
	for (int y = 40; y < 240; y++)
		if (of == BAR)
			paint_bar(150, y, 10, 1, ink);
		else if (of == TICKS && y % 10 < 3)
			paint_bar(150, y, 10, 1, ink);
		else if (of == HAIR)
			paint_bar(154, y, 1, 1, ink);
		else if (of == RAILS || (of == DENSE && y % 5) ||
			 (of == KANJI && y % 3) ||
			 (of == SPARSE && y % 5 == 0)) {
			int wide = of == DENSE || of == KANJI ? 4 : 2;

			paint_bar(150, y, wide, 1, ink);
			paint_bar(160 - wide, y, wide, 1, ink);
		}
	if (of == LETTERS || of == PALE || of == SPOTTED || of == STRIPED)
		glyphs_draw(&c, 151, 40, 1, ink, 1,
			    "SATO HANAKO 1958 03 04 YAMADA 123");
	if (of == LARGE)
		glyphs_draw(&c, 151, 40, 3, ink, 1, "SATO 1958 3");
	if (of == SPOTTED)
		for (int y = 44; y < 240; y += 16)
			paint_bar(144, y, 9, 3, 20);
}

START_TEST(clear_ground_raises_columns)
{
	struct grey_plane p = plane();
	struct line line = { .box = { 150, 40, 160, 240 },
			     .score = grounds[_i].score,
			     .view = grounds[_i].view,
			     .vertical = grounds[_i].down };
	struct line_list list = { .line = &line, .count = 1 };

	paint_background(grounds[_i].level, 0, grounds[_i].noise);
	paint_column(grounds[_i].of, grounds[_i].ink);
	if (grounds[_i].of == LARGE)
		line.box.x1 = 173;
	lines_raise_clear(&p, 0, &list);
	ck_assert_double_eq(line.score, grounds[_i].becomes);
}
END_TEST

/* At the border there is ground on one side; or on none; a letter or two. */
START_TEST(clear_ground_on_one_side)
{
	struct canvas8 c = canvas();
	struct grey_plane p = plane();
	struct line line = { .box = { 0, 40, 10, 240 }, .vertical = true };
	struct line_list list = { .line = &line, .count = 1 };

	paint_background(0, 0, 8);
	glyphs_draw(&c, 1, 40, 1, 80, 1, "SATO HANAKO 1958 03 04 YAMADA 123");
	p.columns = 10;
	lines_raise_clear(&p, 0, &list);
	ck_assert_double_eq(line.score, 0);
	p.columns = COLUMNS;
	line.box.y1 = 59;
	lines_raise_clear(&p, 0, &list);
	ck_assert_double_eq(line.score, 0);
	line.box.y1 = 240;
	lines_raise_clear(&p, 0, &list);
	ck_assert_double_eq(line.score, RAISED);
}
END_TEST

/* A slope is all ground, a bar of three pixels too; one of two is none. */
START_TEST(a_fine_plane_is_strokes)
{
	struct grey_plane p = plane(), fine;
	uint8_t *samples;

	paint_background(40, 120, 0);
	for (int y = 50; y < 80; y++) {
		memset(&picture[y][100], 250, 3);
		memset(&picture[y][200], 250, 2);
		memset(&picture[y][300], 0, 2);
	}
	samples = fine_plane(&p, &fine);
	ck_assert_ptr_nonnull(samples);
	ck_assert_int_eq(fine.grey[10 * COLUMNS + 100], 128);
	ck_assert_int_eq(fine.grey[60 * COLUMNS + 101], 128);
	ck_assert_int_gt(fine.grey[60 * COLUMNS + 201], 250);
	ck_assert_int_lt(fine.grey[60 * COLUMNS + 301], 10);
	ck_assert_int_eq(fine.grey[0], 128);
	ck_assert_int_eq(fine.grey[ROWS * COLUMNS - 1], 128);
	free(samples);
}
END_TEST

/* Strokes of a sure line are no other line, whichever way it runs. */
START_TEST(fine_strokes_of_a_sure_line_are_its_own)
{
	struct canvas8 c = canvas();
	struct grey_plane p = plane();
	struct error err = { 0 };
	struct region ink;

	paint_stripes(120, 60);
	ink = glyphs_draw(&c, 200, 60, 1, 220, 1, "YAMADA TARO 12");
	for (int sure = 0; sure < 2; sure++) {
		struct line line = {
			.box = _i ? region_grow(ink, 1) :
				    (struct region){ 150, 60, 250, 140 },
			.score = sure ? SURE + 1 : SURE - 1, .marks = 4,
			.seen_score = { SURE, LINES_NEVER }, .vertical = _i,
		};
		struct line_list list = { 0 };

		list.line = mem_array(1, sizeof(line));
		ck_assert_ptr_nonnull(list.line);
		list.line[0] = line;
		list.count = list.capacity = 1;
		ck_assert(lines_find_fine(&p, NULL, &list, &err));
		ck_assert((covered(&list, ink, SURE + 2) > 0) == !sure);
		line_list_done(&list);
	}
}
END_TEST

enum { WIDE = 1200, HIGH = 400 };
static uint8_t poster[HIGH][WIDE];

/* Letters of 280 pixels with strokes of 40: as high as a part of a picture. */
START_TEST(finds_large_letters)
{
	struct canvas8 c = { &poster[0][0], WIDE, HIGH };
	struct grey_plane p = { &poster[0][0], WIDE, HIGH, WIDE };
	struct line_list list = { 0 };
	struct error err = { 0 };
	struct region ink;

	memset(poster, _i ? 20 : 240, sizeof(poster));
	ink = glyphs_draw(&c, 60, 50, 40, _i ? 240 : 20, 0, "SATO");
	ck_assert(lines_find(&p, LINES_BOTH, NULL, &list, &err));
	ck_assert_int_ge(covered(&list, ink, LINES_LEAST), 98);
	line_list_done(&list);
}
END_TEST

/* Columns of small lines, which look like that from afar, stay lines. */
START_TEST(blocks_are_no_letters)
{
	struct canvas8 c = { &poster[0][0], WIDE, HIGH };
	struct grey_plane p = { &poster[0][0], WIDE, HIGH, WIDE };
	struct line_list list = { 0 };
	struct error err = { 0 };
	size_t high = 0;

	memset(poster, 240, sizeof(poster));
	for (int x = 0; x < 4; x++)
		for (int y = 0; y < 9; y++)
			glyphs_draw(&c, 60 + 240 * x, 60 + 20 * y, 2, 20, 0,
				    y % 2 ? "0023170400" : "SATO HANAKO");
	ck_assert(lines_find(&p, LINES_BOTH, NULL, &list, &err));
	for (size_t i = 0; i < list.count; i++)
		high += region_height(list.line[i].box) > 40 &&
			!list.line[i].vertical;
	ck_assert_uint_eq(high, 0);
	ck_assert_uint_ge(surer_than(&list, SURE), 36);
	line_list_done(&list);
}
END_TEST

START_TEST(touches_the_edge)
{
	static const int corner[][2] = {
		{ 0, 0 }, { COLUMNS - 65 * 2, ROWS - 14 }, { 100, ROWS - 14 },
	};
	struct canvas8 c = canvas();
	struct grey_plane p = plane();

	for (size_t i = 0; i < ARRAY_LENGTH(corner); i++) {
		struct line_list list = { 0 };
		struct error err = { 0 };
		struct region ink;

		paint_background(0, 0, 0);
		ink = glyphs_draw(&c, corner[i][0], corner[i][1], 2, 255, 0,
				  "DAVIDSON 11");
		ck_assert(lines_find(&p, LINES_ACROSS, NULL, &list, &err));
		ck_assert_int_ge(covered(&list, ink, SURE), 98);
		line_list_done(&list);
	}
}
END_TEST

/* ---- what looks like text to a search for small marks ---- */

typedef int level_fn(int x, int y);

static int square(int v)
{
	return v * v;
}

static int flat(int x, int y)
{
	(void)x, (void)y;
	return 60;
}

static int slope(int x, int y)
{
	(void)y;
	return 60 + 150 * x / COLUMNS;
}

static int disc(int x, int y)
{
	return square(x - 200) + square(y - 150) < square(90) ? 220 : 60;
}

static int grid(int x, int y)
{
	return x % 80 == 0 || y % 75 == 0 ? 255 : 60;
}

/* Fat between muscles on MR: parallel bands, slanting. */
static int bands(int x, int y)
{
	int wave = (x / 3 + y) % 12;

	return square(x - 200) / 4 + square(y - 150) < square(95) ?
		       50 + 22 * (wave < 6 ? wave : 12 - wave) : 0;
}

/* A scale at the right edge: a mark every 10 pixels, each fifth is longer. */
static int ticks(int x, int y)
{
	int length = y % 50 == 0 ? 12 : y % 10 == 0 ? 6 : 0;

	return x >= 390 || x < 390 - length ? 0 : 255;
}

/* Bone in a narrow window: all above is white. */
static int saturated(int x, int y)
{
	int d = square(x - 200) + square(y - 150);
	int level = d < square(110) ? 100 + 30 * ((x * x / 50 + y) % 9) : 0;

	return level < 255 ? level : 255;
}

/* The rim of a skull, and of the bed below it. */
static int rims(int x, int y)
{
	int d = square(x - 200) + square(y - 130);
	int bed = square(x - 200) / 90 + 240;

	if (d < square(120) && d > square(112))
		return 255;
	return y >= bed && y < bed + 3 ? 200 : d <= square(112) ? 70 : 0;
}

static const struct {
	level_fn *level;
	int noise, most;                /* lines that may be taken for text */
} textless[] = {
	{ flat, 0, 0 }, { slope, 0, 0 }, { flat, 12, 0 }, { flat, 60, 0 },
	{ disc, 0, 0 }, { disc, 12, 0 }, { grid, 0, 0 }, { grid, 12, 0 },
	{ bands, 0, 1 }, { bands, 12, 1 }, { ticks, 0, 1 },
	{ saturated, 0, 3 }, { saturated, 12, 3 }, { rims, 0, 1 },
	{ rims, 12, 1 },
};

static void paint_textless(int row)
{
	paint_background(0, 0, textless[row].noise);
	for (int y = 0; y < ROWS; y++)
		for (int x = 0; x < COLUMNS; x++) {
			int level = picture[y][x] + textless[row].level(x, y);

			picture[y][x] = (uint8_t)(level < 255 ? level : 255);
		}
}

START_TEST(nothing_there)
{
	struct grey_plane p = plane();
	struct line_list list = { 0 };
	struct error err = { 0 };

	paint_textless(_i);
	ck_assert(lines_find(&p, LINES_BOTH, NULL, &list, &err));
	ck_assert_uint_le(surer_than(&list, SURE), (size_t)textless[_i].most);
	line_list_done(&list);
}
END_TEST

/* A line beside all that is still one. */
START_TEST(found_beside_it)
{
	struct canvas8 c = canvas();
	struct grey_plane p = plane();
	struct line_list list = { 0 };
	struct error err = { 0 };
	struct region ink;

	paint_textless(_i);
	for (int y = 4; y < 26; y++)
		memset(&picture[y][4], 0, 180);
	ink = glyphs_draw(&c, 8, 8, 2, 255, 0, "0023170400");
	ck_assert(lines_find(&p, LINES_BOTH, NULL, &list, &err));
	ck_assert_int_ge(covered(&list, ink, SURE), 98);
	line_list_done(&list);
}
END_TEST

/* Letters on stripes that are half as strong: they run into each other. */
START_TEST(letters_on_stripes)
{
	struct canvas8 c = canvas();
	struct grey_plane p = plane();
	struct line_list list = { 0 };
	struct error err = { 0 };
	struct region ink;

	for (int y = 0; y < ROWS; y++)
		for (int x = 0; x < COLUMNS; x++) {
			int wave = (2 * x + y) % 20;

			picture[y][x] = (uint8_t)(
				60 + 9 * (wave < 10 ? wave : 20 - wave));
		}
	ink = glyphs_draw(&c, 100, 150, _i ? 2 : 1, 230, 0, "2025-12-21");
	ck_assert(lines_find(&p, LINES_BOTH, NULL, &list, &err));
	ck_assert_int_ge(covered(&list, ink, SURE), 80);
	ck_assert_uint_le(surer_than(&list, SURE), 3);
	line_list_done(&list);
}
END_TEST

static void bar(int x, int y, int w, int h)
{
	for (int i = 0; i < h; i++)
		memset(&picture[y + i][x], 255, (size_t)w);
}

/* A name of one letter and the number one, a space apart. */
START_TEST(a_dash_after_a_space)
{
	struct grey_plane p = plane();
	struct line_list list = { 0 };
	struct error err = { 0 };

	paint_background(0, 0, 0);
	bar(20, 20, 13, 2);
	bar(18, 26, 17, 2);
	bar(25, 21, 2, 13);
	bar(21, 22, 2, 3);
	bar(30, 22, 2, 3);
	bar(46, 27, 14, 2);
	ck_assert(lines_find(&p, LINES_ACROSS, NULL, &list, &err));
	ck_assert_int_ge(covered(&list, (struct region){ 18, 20, 60, 34 },
				 LINES_LEAST), 95);
	line_list_done(&list);
}
END_TEST

/* An initial after a wide space, across and down. */
START_TEST(a_letter_apart)
{
	struct canvas8 c = canvas();
	struct grey_plane p = plane();
	struct line_list list = { 0 };
	struct error err = { 0 };
	struct region a, b;

	paint_background(0, 0, 0);
	a = glyphs_draw(&c, 20, 20, 2, 255, _i, "MILLER");
	b = _i ? glyphs_draw(&c, 20, a.y1 + 22, 2, 255, 1, "R") :
		 glyphs_draw(&c, a.x1 + 22, 20, 2, 255, 0, "R");
	ck_assert(lines_find(&p, _i ? LINES_DOWN : LINES_ACROSS, NULL, &list,
			     &err));
	ck_assert_int_ge(covered(&list, b, SURE), 95);
	line_list_done(&list);
}
END_TEST

/* Two lines close together stay two. */
START_TEST(lines_stay_apart)
{
	struct canvas8 c = canvas();
	struct grey_plane p = plane();
	struct line_list list = { 0 };
	struct error err = { 0 };

	paint_background(0, 0, 0);
	glyphs_draw(&c, 20, 20, 2, 255, 0, "YAMADA TARO");
	glyphs_draw(&c, 20, 40, 2, 255, 0, "0023170400");
	ck_assert(lines_find(&p, LINES_ACROSS, NULL, &list, &err));
	ck_assert_uint_eq(surer_than(&list, SURE), 2);
	for (size_t i = 0; i < 2; i++)
		ck_assert_int_le(region_height(list.line[i].box), 20);
	line_list_done(&list);
}
END_TEST

/* A line or a piece as one polarity, or both, saw it. */
static struct line seen_line(struct region box, double bright, double dark)
{
	struct line l = { .box = box, .marks = 1,
			  .score = bright > dark ? bright : dark,
			  .seen_score = { bright, dark } };

	for (int i = 0; i < POLARITIES; i++)
		if (l.seen_score[i] > LINES_NEVER)
			l.seen[i] = box;
	return l;
}

/*
 * A speck of one mark after a bright line that is seen by its dark holes, too:
 * only one that is bright itself, or looks like text, goes on the line.
 */
START_TEST(a_speck_is_no_letter)
{
	static const struct { double bright, dark; size_t lines; } specks[] = {
		{ LINES_NEVER, -1.94, 2 }, { -1.94, LINES_NEVER, 1 },
		{ LINES_NEVER, 1, 1 },
	};
	struct line line[] = {
		seen_line((struct region){ 0, 299, 67, 315 }, 12.5, 11.2),
		seen_line((struct region){ 82, 303, 103, 320 },
			  specks[_i].bright, specks[_i].dark),
	};
	const struct line_list more = { .line = line, .count = 2 };
	struct line_list list = { 0 };
	struct error err = { 0 };

	ck_assert(lines_merge(&list, &more, &err));
	ck_assert_uint_eq(list.count, specks[_i].lines);
	ck_assert_int_eq(list.line[0].box.x1, specks[_i].lines == 2 ? 67 : 103);
	line_list_done(&list);
}
END_TEST

/* A sure line below a shorter one, half behind it, stays a line: the upper one
 * may not grow that far, and would leave its feet open. */
START_TEST(next_line_stays_whole)
{
	struct line line[] = {
		seen_line((struct region){ 7, 81, 107, 96 }, 15.2,
			  LINES_NEVER),
		seen_line((struct region){ 7, 87, 342, 109 }, 12.8,
			  LINES_NEVER),
	};
	const struct line_list more = { .line = line, .count = 2 };
	struct line_list list = { 0 };
	struct error err = { 0 };

	line[1].score = _i ? 12.8 : 2;
	ck_assert(lines_merge(&list, &more, &err));
	ck_assert_uint_eq(list.count, _i ? 2 : 1);
	if (_i)
		ck_assert_int_eq(list.line[1].box.y1, 109);
	line_list_done(&list);
}
END_TEST

/* Two rows of two pieces: what is joined is as sure as its better piece, in
 * whatever order they come up. */
START_TEST(joined_is_as_sure)
{
	struct line line[] = {
		seen_line((struct region){ 0, 299, 67, 315 }, 10, LINES_NEVER),
		seen_line((struct region){ 75, 299, 140, 315 }, 8, LINES_NEVER),
		seen_line((struct region){ 0, 399, 67, 415 }, 7, LINES_NEVER),
		seen_line((struct region){ 75, 400, 140, 416 }, -1,
			  LINES_NEVER),
	};
	const struct line_list more = { .line = line, .count = 4 };
	struct line_list list = { 0 };
	struct error err = { 0 };

	ck_assert(lines_merge(&list, &more, &err));
	ck_assert_uint_eq(list.count, 2);
	ck_assert_int_eq((int)list.line[0].score, 10);
	ck_assert_int_eq((int)list.line[1].score, 7);
	ck_assert_int_eq(list.line[1].box.x1, 140);
	line_list_done(&list);
}
END_TEST

/* A row that grew over the line below it goes as a pile of two; what it was
 * before stays, as neither of them holds it. */
START_TEST(pile_leaves_its_row)
{
	const struct region row = { 85, 481, 177, 499 };
	struct line line[] = {
		seen_line((struct region){ 2, 448, 240, 488 }, 9.9,
			  LINES_NEVER),
		seen_line((struct region){ 2, 473, 258, 534 }, 9.8,
			  LINES_NEVER),
		seen_line((struct region){ 2, 505, 330, 534 }, 9, LINES_NEVER),
	};
	const struct line_list more = { .line = line, .count = 3 };
	struct line_list list = { 0 };
	struct error err = { 0 };

	if (_i)
		line[1].own = row;
	ck_assert(lines_merge(&list, &more, &err));
	ck_assert_uint_eq(list.count, _i ? 3 : 2);
	if (_i)
		ck_assert(region_equal(list.line[1].box, row));
	line_list_done(&list);
}
END_TEST

/*
 * A larger line held a piece, went itself as a part of a sure one, and neither
 * holds the piece now: a sure piece is a line again, another one faint ink.
 */
static const struct gone {
	double score, back;             /* of the piece, and as it comes back */
} gone_rows[] = { { 3.5, 3.5 }, { 1, -1 }, { -2, -2 } };

START_TEST(what_nothing_holds_comes_back)
{
	const struct region piece = { 92, 303, 99, 309 };
	struct line line[] = {
		seen_line((struct region){ 20, 300, 100, 316 }, 4,
			  LINES_NEVER),
		seen_line(piece, gone_rows[_i].score, LINES_NEVER),
		seen_line((struct region){ 0, 280, 93, 336 }, 9, LINES_NEVER),
	};
	const struct line_list first = { .line = line, .count = 2 };
	const struct line_list second = { .line = line + 2, .count = 1 };
	struct line_list gone = { 0 }, list = { .gone = &gone };
	struct error err = { 0 };

	ck_assert(lines_merge(&list, &first, &err));
	ck_assert_uint_eq(list.count, 1);
	ck_assert(lines_merge(&list, &second, &err));
	ck_assert_uint_eq(list.count, 1);
	ck_assert(lines_bring_back(&list, &err));
	ck_assert_uint_eq(list.count, 2);
	ck_assert(region_equal(list.line[1].box, piece));
	ck_assert_double_eq(list.line[1].score, gone_rows[_i].back);
	ck_assert_uint_eq(gone.count, 0);
	line_list_done(&gone);
	line_list_done(&list);
}
END_TEST

/* A list is never cut without a word. */
START_TEST(too_many_are_told)
{
	enum { SIDE = 1600, STEP = 16 };
	uint8_t *grey = mem_array(SIDE, SIDE);
	struct grey_plane p = { grey, SIDE, SIDE, SIDE };
	struct line_list list = { 0 };
	struct error err = { 0 };

	ck_assert_ptr_nonnull(grey);
	for (int y = 0; y < SIDE; y++)
		for (int x = 0; x < SIDE; x++) {
			int u = x % STEP, v = y % STEP;

			if (u < 4 && v < 5 && (x / STEP * 7 + y / STEP * 3 +
					       u * v) % 3)
				grey[y * SIDE + x] = 255;
		}
	ck_assert(lines_find(&p, LINES_ACROSS, NULL, &list, &err));
	ck_assert(list.more);
	p.columns = p.rows = SIDE / 8;
	ck_assert(lines_find(&p, LINES_ACROSS, NULL, &list, &err));
	ck_assert(!list.more);
	line_list_done(&list);
	free(grey);
}
END_TEST

/* Sizes at which strips, tiles and halves end. */
START_TEST(any_size)
{
	static const int sizes[][2] = {
		{ 1, 1 }, { 1, 200 }, { 200, 1 }, { 7, 9 }, { 16, 16 },
		{ 256, 128 }, { 257, 129 }, { 255, 127 }, { 31, 300 },
	};

	for (size_t i = 0; i < ARRAY_LENGTH(sizes); i++) {
		struct grey_plane p = plane();
		struct line_list list = { 0 };
		struct error err = { 0 };

		paint_background(0, 0, 255);
		p.columns = sizes[i][0];
		p.rows = sizes[i][1];
		for (int down = 0; down < 2; down++) {
			ck_assert(lines_find(&p, down ? LINES_DOWN :
						 LINES_ACROSS, NULL, &list, &err));
			for (size_t k = 0; k < list.count; k++)
				ck_assert(region_contains(
					(struct region){ 0, 0, p.columns,
							 p.rows },
					list.line[k].box));
		}
		line_list_done(&list);
	}
}
END_TEST

/* The least (greatest) of the 11x11 samples around one that there are. */
static uint8_t extreme(const uint8_t *in, int columns, int rows, int x, int y,
		       bool most)
{
	uint8_t out = most ? 0 : 255;

	for (int v = y - 5; v <= y + 5; v++)
		for (int u = x - 5; u <= x + 5; u++) {
			uint8_t value;

			if (v < 0 || v >= rows || u < 0 || u >= columns)
				continue;
			value = in[v * columns + u];
			if (most ? value > out : value < out)
				out = value;
		}
	return out;
}

/* The strips are of 480 columns. */
static const struct {
	int columns, rows;
} planes[] = {
	{ 1, 1 }, { 3, 40 }, { 40, 3 }, { 300, 40 }, { 480, 20 }, { 481, 20 },
	{ 993, 24 },
};

static uint8_t noise[993 * 40];

static struct grey_plane random_plane(int i)
{
	struct grey_plane p = { noise, planes[i].columns, planes[i].rows,
				planes[i].columns };
	unsigned random = 99 + (unsigned)i;

	for (int k = 0; k < p.columns * p.rows; k++) {
		random = random * 1103515245u + 12345u;
		noise[k] = (uint8_t)(random >> 16);
	}
	return p;
}

/* The top-hat equals its definition, edges and borders of strips included. */
START_TEST(tophat_is_exact)
{
	static uint8_t out[sizeof(noise)], once[sizeof(noise)];
	struct grey_plane p = random_plane(_i / 2);
	bool dark = _i % 2;

	tophat(&p, dark, out);
	for (int y = 0; y < p.rows; y++)
		for (int x = 0; x < p.columns; x++)
			once[y * p.columns + x] =
				extreme(noise, p.columns, p.rows, x, y, dark);
	for (int y = 0; y < p.rows; y++)
		for (int x = 0; x < p.columns; x++) {
			int back = extreme(once, p.columns, p.rows, x, y,
					   !dark);
			int was = noise[y * p.columns + x];

			ck_assert_int_eq(out[y * p.columns + x],
					 dark ? back - was : was - back);
		}
}
END_TEST

/* Half the size is the mean of four, rounded; a last odd row or column goes. */
START_TEST(halves_are_means)
{
	struct grey_plane p = random_plane(_i), half = { 0 };
	uint8_t *out;

	p.columns -= _i % 2;            /* the stride stays */
	out = plane_halve(&p, &half);
	if (p.columns < 2 || p.rows < 2) {
		ck_assert_ptr_null(out);
		return;
	}
	ck_assert_ptr_eq(half.grey, out);
	ck_assert_int_eq(half.columns, p.columns / 2);
	ck_assert_int_eq(half.rows, p.rows / 2);
	for (int y = 0; y < half.rows; y++)
		for (int x = 0; x < half.columns; x++) {
			const uint8_t *a = p.grey + 2 * y * p.stride + 2 * x;
			const uint8_t *b = a + p.stride;

			ck_assert_int_eq(out[y * half.stride + x],
					 (a[0] + a[1] + b[0] + b[1] + 2) / 4);
		}
	free(out);
}
END_TEST

/* Of a part alone, its first and last columns and rows included. */
START_TEST(levels_are_of_the_part)
{
	static const struct { int x, y, level, levels; } spots[] = {
		{ 20, 30, 90, 50 }, { 29, 39, 10, 30 }, { 19, 30, 90, 0 },
		{ 30, 39, 90, 0 }, { 20, 29, 90, 0 }, { 29, 40, 90, 0 },
	};
	const struct region part = { 20, 30, 30, 40 }, none = { 0 };
	struct grey_plane p = plane();

	paint_background(40, 0, 0);
	paint_bar(spots[_i].x, spots[_i].y, 1, 1, spots[_i].level);
	ck_assert_int_eq(plane_levels(&p, part), spots[_i].levels);
	ck_assert_int_eq(plane_levels(&p, none), 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("lines");
	TCase *tcase = tcase_create("lines");

	add_rows_test(tcase, finds_drawn_text, cases);
	tcase_add_loop_test(tcase, finds_fine_strokes, 0, 2);
	tcase_add_loop_test(tcase, fine_strokes_across_are_faint, 1, 4);
	tcase_add_loop_test(tcase, finds_narrow_columns, 0, 2);
	add_rows_test(tcase, finds_narrow_columns_on_noise, narrow);
	add_rows_test(tcase, looks_at_narrow_columns_alone, beside_narrow);
	tcase_add_test(tcase, widened_letters_are_less_sure);
	add_rows_test(tcase, looks_at_the_best_columns, crowds);
	add_rows_test(tcase, clear_ground_raises_columns, grounds);
	tcase_add_test(tcase, clear_ground_on_one_side);
	tcase_add_test(tcase, a_fine_plane_is_strokes);
	tcase_add_loop_test(tcase, finds_faint_letters_beside_strong_ones, 0,
			    4);
	tcase_add_loop_test(tcase, finds_faint_letters_beside_ticks, 0, 2);
	tcase_add_loop_test(tcase, a_soft_edge_hides_no_faint_letters, 0, 2);
	tcase_add_loop_test(tcase, ticks_stand_on_ground, 0,
			    (int)ARRAY_LENGTH(fields));
	tcase_add_test(tcase, speckle_beside_letters_is_no_line);
	add_rows_test(tcase, specks_beside_a_scan_are_no_line, scans);
	tcase_add_loop_test(tcase, fine_strokes_of_a_sure_line_are_its_own, 0,
			    2);
	tcase_add_loop_test(tcase, finds_large_letters, 0, 2);
	tcase_add_test(tcase, blocks_are_no_letters);
	tcase_add_test(tcase, touches_the_edge);
	add_rows_test(tcase, nothing_there, textless);
	add_rows_test(tcase, found_beside_it, textless);
	tcase_add_loop_test(tcase, letters_on_stripes, 0, 2);
	tcase_add_test(tcase, a_dash_after_a_space);
	tcase_add_loop_test(tcase, a_letter_apart, 0, 2);
	tcase_add_test(tcase, lines_stay_apart);
	tcase_add_loop_test(tcase, next_line_stays_whole, 0, 2);
	tcase_add_loop_test(tcase, a_speck_is_no_letter, 0, 3);
	tcase_add_test(tcase, joined_is_as_sure);
	tcase_add_loop_test(tcase, pile_leaves_its_row, 0, 2);
	add_rows_test(tcase, what_nothing_holds_comes_back, gone_rows);
	tcase_add_test(tcase, too_many_are_told);
	tcase_add_test(tcase, any_size);
	tcase_add_loop_test(tcase, tophat_is_exact, 0,
			    2 * (int)(sizeof(planes) / sizeof(*planes)));
	tcase_add_loop_test(tcase, halves_are_means, 0,
			    (int)(sizeof(planes) / sizeof(*planes)));
	tcase_add_loop_test(tcase, levels_are_of_the_part, 0, 6);
	suite_add_tcase(suite, tcase);
	return support_run(suite);
}

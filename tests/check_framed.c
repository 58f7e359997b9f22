/* check_framed.c - letters in a frame, found, and the frame hidden. */
#include "config.h"

#include "ocr/framed.h"

#include <stdlib.h>
#include <string.h>

#include "tests/glyphs.h"
#include "tests/support.h"

enum { COLUMNS = 300, ROWS = 120, GAP = 4, PAPER = 40, INK = 210 };

static uint8_t picture[ROWS][COLUMNS], before[ROWS][COLUMNS];

static void fill(struct region r, int level)
{
	for (int y = r.y0; y < r.y1; y++)
		memset(&picture[y][r.x0], level, (size_t)region_width(r));
}

enum side { TOP = 1, BOTTOM = 2, LEFT = 4, RIGHT = 8, ALL = 15 };

/* Strokes of r, so thick, at some of its sides. */
static void draw_sides(struct region r, unsigned sides, int thick)
{
	struct region side[] = {
		{ r.x0, r.y0, r.x1, r.y0 + thick },
		{ r.x0, r.y1 - thick, r.x1, r.y1 },
		{ r.x0, r.y0, r.x0 + thick, r.y1 },
		{ r.x1 - thick, r.y0, r.x1, r.y1 },
	};

	for (unsigned i = 0; i < 4; i++)
		if (sides & 1u << i)
			fill(side[i], INK);
}

static const struct {
	const char *text;
	int scale, gap, thick, slack;   /* slack: of the line around it */
	unsigned sides;
	bool found;
} cases[] = {
	{ "SL 1.4", 2, GAP, 1, 0, ALL, true },
	{ "SL 1.4", 2, GAP, 2, 3, ALL, true },
	{ "2D", 1, 3, 1, 2, ALL, true },
	{ "TANAKA", 5, GAP, 2, 0, ALL, true },
	{ "L", 3, GAP, 1, 0, ALL, true },
	{ "SL 1.4", 2, GAP, 1, 0, ALL & ~LEFT, false },
	{ "SL 1.4", 2, GAP, 1, 0, TOP | BOTTOM, false },
	{ "SL 1.4", 2, GAP, 1, 0, 0, false },
	/* letters that touch it may be part of it */
	{ "SL 1.4", 2, 0, 1, 0, ALL, false },
	/* no stroke, but a label */
	{ "SL 1.4", 2, 9, 8, 0, ALL, false },
	/* small beside the frame: it is no frame of theirs */
	{ "1", 1, 16, 1, 0, ALL, false },
	/* there is room for something else in the line beside it */
	{ "SL 1.4", 2, GAP, 1, 7, ALL, false },
};

START_TEST(frames)
{
	struct grey_plane p = { &picture[0][0], COLUMNS, ROWS, COLUMNS };
	struct canvas8 c = { &picture[0][0], COLUMNS, ROWS };
	struct region ink, frame;
	struct line line = { .score = 9 };
	struct error err = { 0 };
	struct framed f;
	uint8_t *saved;

	memset(picture, PAPER, sizeof(picture));
	ink = glyphs_draw(&c, 40, 30, cases[_i].scale, INK, 0,
			  cases[_i].text);
	frame = region_grow(ink, cases[_i].gap + cases[_i].thick);
	draw_sides(frame, cases[_i].sides, cases[_i].thick);
	memcpy(before, picture, sizeof(before));
	line.box = region_grow(frame, cases[_i].slack);
	line.seen[POLARITY_BRIGHT] = line.box;
	ck_assert(framed_find(&p, &line, &f, &err));
	ck_assert_int_eq(f.found, cases[_i].found);
	if (!f.found)
		return;
	ck_assert(region_contains(region_grow(f.line.box, 1), ink));
	ck_assert(region_contains(region_grow(ink, 2), f.line.box));
	ck_assert(framed_hide(&f, &picture[0][0], COLUMNS, &saved, &err));
	for (int y = 0; y < ROWS; y++)
		for (int x = 0; x < COLUMNS; x++)
			ck_assert_int_eq(picture[y][x],
				x >= ink.x0 && x < ink.x1 && y >= ink.y0 &&
				y < ink.y1 ? before[y][x] : PAPER);
	framed_show(&f, &picture[0][0], COLUMNS, saved);
	ck_assert_mem_eq(picture, before, sizeof(before));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("framed");
	TCase *tcase = tcase_create("framed");

	tcase_add_loop_test(tcase, frames, 0, ARRAY_LENGTH(cases));
	suite_add_tcase(suite, tcase);
	return support_run(suite);
}

/* check_loose.c - marks of a picture, and the lines they may be. */
#include "config.h"

#include "review/loose.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support.h"

enum { COLUMNS = 480, ROWS = 400, GREY = 60 };

static uint8_t pixel[ROWS][COLUMNS];
static struct ink_picture picture;
static struct mark_list marks;
static struct loose_list lines;

static void start(void)
{
	memset(pixel, GREY, sizeof(pixel));
	picture = (struct ink_picture){ 0 };
	marks = (struct mark_list){ 0 };
	lines = (struct loose_list){ 0 };
}

static void stop(void)
{
	ink_picture_done(&picture);
	mark_list_done(&marks);
	loose_list_done(&lines);
}

static void draw(int x, int y, int w, int h, int grey)
{
	for (int i = y; i < y + h; i++)
		memset(&pixel[i][x], grey, (size_t)w);
}

/* Letters like an E, `wide` apart, across or down. */
static void letters(int x, int y, int count, int high, int grey, bool down)
{
	int w = high * 2 / 3, stroke = high / 6 + 1;

	for (int i = 0; i < count; i++) {
		draw(x, y, stroke, high, grey);
		for (int k = 0; k < 3; k++)
			draw(x, y + k * (high - stroke) / 2, w, stroke, grey);
		x += down ? 0 : w + 2;
		y += down ? high + 2 : 0;
	}
}

static void noise(int most, unsigned seed)
{
	for (int y = 0; y < ROWS; y++)
		for (int x = 0; x < COLUMNS; x++) {
			seed = seed * 1103515245u + 12345u;
			pixel[y][x] = (uint8_t)(pixel[y][x] +
						(seed >> 16) % (unsigned)most);
		}
}

static void look(const struct region *covered, size_t count)
{
	struct plane plane = { COLUMNS, ROWS, 1, &pixel[0][0] };

	ck_assert(ink_picture_set(&picture, &plane, NULL));
	ck_assert(marks_find(&picture, &marks));
	ck_assert(loose_find(&marks, covered, count, &lines));
}

static bool holds(struct region r)
{
	for (size_t i = 0; i < lines.count; i++)
		if (region_contains(region_grow(lines.line[i].region, 1), r))
			return true;
	return false;
}

static const struct {
	const char *what;
	int count, high, grey, noise;
	bool down, found;
} words[] = {
	{ "a word", 6, 12, 200, 0, false, true },
	{ "a small one", 6, 7, 200, 0, false, true },
	{ "a large one", 5, 24, 200, 0, false, true },
	{ "three letters", 3, 12, 200, 0, false, true },
	{ "two clear letters", 2, 12, 200, 0, false, true },
	{ "two letters", 2, 12, GREY + 60, 0, false, false },
	{ "one letter", 1, 12, 200, 0, false, false },
	{ "fainter than 20 levels", 6, 12, GREY + 18, 0, false, false },
	{ "faint", 6, 12, GREY + 40, 0, false, true },
	{ "dark", 6, 12, 10, 0, false, true },
	{ "running down", 6, 12, 200, 0, true, true },
	{ "in noise", 6, 12, 220, 24, false, true },
	{ "nothing but noise", 0, 12, 200, 60, false, false },
	{ "nothing", 0, 12, 200, 0, false, false },
};

START_TEST(words_are_lines)
{
	int wide = 12 * 2 / 3, high = words[_i].high;
	struct region r = { 60, 70, 60, 70 };

	wide = high * 2 / 3;
	letters(60, 70, words[_i].count, high, words[_i].grey, words[_i].down);
	r.x1 += words[_i].down ? wide : words[_i].count * (wide + 2) - 2;
	r.y1 += words[_i].down ? words[_i].count * (high + 2) - 2 : high;
	if (words[_i].noise)
		noise(words[_i].noise, 7);
	look(NULL, 0);
	if (words[_i].found)
		ck_assert_msg(holds(r), "%s", words[_i].what);
	else
		ck_assert_msg(lines.count == 0, "%s: %zu lines",
			      words[_i].what, lines.count);
}
END_TEST

START_TEST(what_a_box_covers_is_none)
{
	struct region box[] = { { 56, 66, 200, 86 }, { 300, 300, 310, 310 } };

	letters(60, 70, 10, 12, 200, false);
	letters(60, 200, 10, 12, 200, false);
	look(box, 2);
	ck_assert_uint_eq(lines.count, 1);
	ck_assert(holds((struct region){ 60, 200, 158, 212 }));
}
END_TEST

/* The rest of a line that a box cuts is shown with what goes on under it. */
START_TEST(half_a_line_is_shown_whole)
{
	struct region box = { 56, 66, 122, 86 };

	letters(60, 70, 10, 12, 200, false);
	look(&box, 1);
	ck_assert(holds((struct region){ 60, 70, 158, 82 }));
	box.x1 = 154;           /* one letter: ink crosses no edge here */
	look(&box, 1);
	ck_assert_uint_eq(lines.count, 0);
}
END_TEST

/* A box that runs down over many lines was made for none of them. */
START_TEST(a_line_under_a_column_is_shown_whole)
{
	struct region box[] = { { 70, 10, 162, 390 }, { 300, 300, 310, 310 } };

	letters(60, 70, 10, 12, 200, false);
	look(box, 2);
	ck_assert(holds((struct region){ 60, 70, 158, 82 }));
	box[0].x0 = 56;         /* nothing is open */
	look(box, 2);
	ck_assert_uint_eq(lines.count, 0);
	/* its own box covers what the column does not */
	box[0].x0 = 70;
	box[1] = (struct region){ 56, 66, 80, 86 };
	look(box, 2);
	ck_assert_uint_eq(lines.count, 0);
}
END_TEST

START_TEST(a_row_over_lines_that_run_down)
{
	struct region box = { 10, 84, 470, 220 };

	letters(60, 70, 10, 12, 200, true);
	look(&box, 1);
	ck_assert(holds((struct region){ 60, 70, 68, 208 }));
}
END_TEST

START_TEST(words_of_a_line_are_one)
{
	letters(60, 70, 4, 12, 200, false);
	letters(120, 70, 4, 12, 200, false);
	letters(300, 70, 4, 12, 200, false);
	look(NULL, 0);
	ck_assert_uint_eq(lines.count, 2);
	ck_assert(holds((struct region){ 60, 70, 158, 82 }));
	ck_assert(holds((struct region){ 300, 70, 338, 82 }));
}
END_TEST

/* Rules, frames and discs are no letters. */
START_TEST(shapes_are_no_lines)
{
	draw(40, 40, 300, 2, 200);
	draw(40, 60, 2, 200, 200);
	draw(100, 100, 60, 60, 200);
	for (int y = 0; y < 100; y++)
		for (int x = 0; x < 100; x++)
			if ((x - 50) * (x - 50) + (y - 50) * (y - 50) < 2000)
				pixel[250 + y][250 + x] = 180;
	look(NULL, 0);
	ck_assert_uint_eq(lines.count, 0);
}
END_TEST

/* Every other pixel: more marks than anybody wants, and no end of them. */
START_TEST(too_many_marks_are_cut)
{
	for (int y = 0; y < ROWS; y += 2)
		for (int x = 0; x < COLUMNS; x += 2)
			pixel[y][x] = (uint8_t)(x * 7 + y * 13);
	look(NULL, 0);
	ck_assert_uint_le(marks.count, 2 * (MARKS_MOST + 1));
}
END_TEST

/* Sizes that are no whole tile, down to one pixel. */
START_TEST(any_size_is_searched)
{
	static const int side[] = { 1, 2, 7, 16, 191, 192, 193, 385 };
	int w = side[_i % 8], h = side[_i / 8];
	struct plane plane = { w, h, 1, &pixel[0][0] };

	letters(2, 2, 20, 12, 200, false);
	ck_assert(ink_picture_set(&picture, &plane, NULL));
	ck_assert(marks_find(&picture, &marks));
	ck_assert(loose_find(&marks, NULL, 0, &lines));
	for (size_t i = 0; i < marks.count; i++)
		ck_assert(region_contains((struct region){ 0, 0, w, h },
					  marks.mark[i].box));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("loose");
	TCase *c = tcase_create("loose");

	tcase_add_checked_fixture(c, start, stop);
	tcase_add_loop_test(c, words_are_lines, 0,
			    sizeof(words) / sizeof(words[0]));
	tcase_add_test(c, what_a_box_covers_is_none);
	tcase_add_test(c, half_a_line_is_shown_whole);
	tcase_add_test(c, a_line_under_a_column_is_shown_whole);
	tcase_add_test(c, a_row_over_lines_that_run_down);
	tcase_add_test(c, words_of_a_line_are_one);
	tcase_add_test(c, shapes_are_no_lines);
	tcase_add_test(c, too_many_marks_are_cut);
	tcase_add_loop_test(c, any_size_is_searched, 0, 64);
	suite_add_tcase(s, c);
	return support_run(s);
}

/* check_ink.c - ink that crosses the edge of a mask. */
#include "config.h"

#include "review/ink.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support.h"

enum { COLUMNS = 240, ROWS = 120, GAP = 24 };

static uint8_t pixel[ROWS][COLUMNS];
static struct ink_picture picture;
static struct crossing_list found;

static void start(void)
{
	memset(pixel, 0, sizeof(pixel));
	picture = (struct ink_picture){ 0 };
	found = (struct crossing_list){ 0 };
}

static void stop(void)
{
	ink_picture_done(&picture);
	crossing_list_done(&found);
}

static void draw(struct region r, int grey)
{
	for (int y = r.y0; y < r.y1; y++)
		memset(&pixel[y][r.x0], grey, (size_t)region_width(r));
}

static void look(const struct region *mask, size_t count)
{
	struct plane plane = { COLUMNS, ROWS, 1, &pixel[0][0] };

	ck_assert(ink_picture_set(&picture, &plane, NULL));
	ck_assert(ink_crossings(&picture, mask, count, 0, GAP,
			   (struct crossing){ .box = 3, .frame = 2 }, &found));
}

/* One bar of ink against the mask 60,40 to 180,60. */
static const struct region mask = { 60, 40, 180, 60 };
static const struct {
	const char *what;
	struct region bar;
	int crossings;
} bars[] = {
	{ "inside", { 70, 44, 74, 56 }, 0 },
	{ "outside", { 70, 20, 74, 38 }, 0 },
	{ "up to the edge outside", { 70, 20, 74, 40 }, 0 },
	{ "up to the edge inside", { 70, 40, 74, 56 }, 0 },
	{ "across the top", { 70, 30, 74, 50 }, 1 },
	{ "across the bottom", { 70, 50, 74, 70 }, 1 },
	{ "across the left", { 50, 48, 70, 51 }, 1 },
	{ "across the right", { 170, 48, 190, 51 }, 1 },
	{ "across top and bottom", { 100, 30, 104, 70 }, 2 },
	{ "one smoothed row outside", { 70, 39, 74, 50 }, 0 },
	{ "two rows outside", { 70, 38, 74, 50 }, 1 },
	{ "one row inside", { 70, 30, 74, 41 }, 1 },
	{ "one pixel wide", { 70, 30, 71, 50 }, 1 },
};

START_TEST(a_bar)
{
	static const int greys[][2] = { { 0, 255 }, { 255, 0 }, { 100, 160 },
					{ 200, 120 } };

	for (size_t i = 0; i < ARRAY_LENGTH(greys); i++) {
		stop();
		start();
		draw((struct region){ 0, 0, COLUMNS, ROWS }, greys[i][0]);
		draw(bars[_i].bar, greys[i][1]);
		look(&mask, 1);
		ck_assert_msg((int)found.count == bars[_i].crossings,
			      "%s, grey %d on %d: %zu", bars[_i].what,
			      greys[i][1], greys[i][0], found.count);
	}
}
END_TEST

START_TEST(the_place_is_told)
{
	draw((struct region){ 70, 30, 74, 50 }, 255);
	draw((struct region){ 80, 30, 84, 50 }, 255);   /* near: the same */
	draw((struct region){ 140, 30, 144, 50 }, 255);
	look(&mask, 1);
	ck_assert_uint_eq(found.count, 2);
	ck_assert(region_equal(found.crossing[0].region,
			       (struct region){ 70, 37, 84, 43 }));
	ck_assert_int_eq(found.crossing[0].box, 3);
	ck_assert_int_eq(found.crossing[0].frame, 2);
}
END_TEST

START_TEST(a_neighbour_mask_covers_it)
{
	const struct region masks[] = { mask, { 60, 20, 180, 42 } };

	draw((struct region){ 70, 30, 74, 50 }, 255);
	look(masks, 2);
	ck_assert_uint_eq(found.count, 0);
}
END_TEST

START_TEST(the_border_of_the_picture_cuts_nothing)
{
	const struct region corner = { 0, 0, 100, 30 };

	draw((struct region){ 0, 0, 90, 20 }, 255);
	look(&corner, 1);
	ck_assert_uint_eq(found.count, 0);
}
END_TEST

START_TEST(noise_and_slopes_are_no_ink)
{
	unsigned noise = 1;

	for (int y = 0; y < ROWS; y++)
		for (int x = 0; x < COLUMNS; x++) {
			noise = noise * 1103515245U + 12345U;
			pixel[y][x] = (uint8_t)(x / 2 + y / 4 +
						(int)(noise >> 16) % 40);
		}
	look(&mask, 1);
	ck_assert_uint_eq(found.count, 0);
}
END_TEST

START_TEST(colour_becomes_lightness)
{
	static uint8_t rgb[4][3] = { { 255, 0, 0 }, { 0, 0, 255 },
				     { 255, 255, 255 }, { 10, 30, 20 } };
	struct plane plane = { 4, 1, 3, &rgb[0][0] };

	ck_assert(ink_picture_set(&picture, &plane, NULL));
	ck_assert_int_eq(picture.grey[0], 127);
	ck_assert_int_eq(picture.grey[1], 127);
	ck_assert_int_eq(picture.grey[2], 255);
	ck_assert_int_eq(picture.grey[3], 20);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("ink");
	TCase *c = tcase_create("ink");

	tcase_add_checked_fixture(c, start, stop);
	add_rows_test(c, a_bar, bars);
	tcase_add_test(c, the_place_is_told);
	tcase_add_test(c, a_neighbour_mask_covers_it);
	tcase_add_test(c, the_border_of_the_picture_cuts_nothing);
	tcase_add_test(c, noise_and_slopes_are_no_ink);
	tcase_add_test(c, colour_becomes_lightness);
	suite_add_tcase(s, c);
	return support_run(s);
}

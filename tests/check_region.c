/* check_region.c - rectangles of pixels. */
#include "config.h"

#include "image/region.h"

#include <limits.h>

#include "tests/support.h"

static void expect_region(struct region got, struct region want)
{
	ck_assert_int_eq(got.x0, want.x0);
	ck_assert_int_eq(got.y0, want.y0);
	ck_assert_int_eq(got.x1, want.x1);
	ck_assert_int_eq(got.y1, want.y1);
}

static const struct {
	struct region a, b, intersect, hull;
	bool contains;                          /* a holds b */
} pairs[] = {
	{ { 0, 0, 4, 4 }, { 2, 1, 6, 3 }, { 2, 1, 4, 3 }, { 0, 0, 6, 4 },
	  false },
	{ { 0, 0, 4, 4 }, { 1, 1, 3, 4 }, { 1, 1, 3, 4 }, { 0, 0, 4, 4 },
	  true },
	{ { 0, 0, 4, 4 }, { 0, 0, 4, 4 }, { 0, 0, 4, 4 }, { 0, 0, 4, 4 },
	  true },
	{ { 1, 1, 4, 4 }, { 0, 1, 4, 4 }, { 1, 1, 4, 4 }, { 0, 1, 4, 4 },
	  false },
	{ { 1, 1, 4, 4 }, { 1, 0, 4, 4 }, { 1, 1, 4, 4 }, { 1, 0, 4, 4 },
	  false },
	{ { 1, 1, 4, 4 }, { 1, 1, 5, 4 }, { 1, 1, 4, 4 }, { 1, 1, 5, 4 },
	  false },
	{ { 1, 1, 4, 4 }, { 1, 1, 4, 5 }, { 1, 1, 4, 4 }, { 1, 1, 4, 5 },
	  false },
	{ { 0, 0, 4, 4 }, { 4, 0, 8, 4 }, { 0, 0, 0, 0 }, { 0, 0, 8, 4 },
	  false },
	{ { 0, 0, 4, 4 }, { 9, 9, 9, 12 }, { 0, 0, 0, 0 }, { 0, 0, 4, 4 },
	  true },
	{ { 5, 5, 5, 5 }, { 1, 2, 3, 4 }, { 0, 0, 0, 0 }, { 1, 2, 3, 4 },
	  false },
	{ { -4, -4, 4, 4 }, { -2, -9, 9, 0 }, { -2, -4, 4, 0 },
	  { -4, -9, 9, 4 }, false },
};

START_TEST(pair)
{
	struct region a = pairs[_i].a, b = pairs[_i].b;

	expect_region(region_intersect(a, b), pairs[_i].intersect);
	expect_region(region_intersect(b, a), pairs[_i].intersect);
	expect_region(region_union(a, b), pairs[_i].hull);
	expect_region(region_union(b, a), pairs[_i].hull);
	ck_assert(region_contains(a, b) == pairs[_i].contains);
}
END_TEST

static const struct {
	struct region r;
	int step_x, step_y;
	struct region want;
} snaps[] = {
	{ { 1, 1, 2, 2 }, 8, 16, { 0, 0, 8, 16 } },
	{ { 8, 16, 16, 32 }, 8, 16, { 8, 16, 16, 32 } },
	{ { 7, 15, 17, 33 }, 8, 16, { 0, 0, 24, 48 } },
	{ { -1, -8, 1, 0 }, 8, 8, { -8, -8, 8, 0 } },
	{ { 0, 0, INT_MAX, 3 }, 16, 1, { 0, 0, INT_MAX, 3 } },
};

START_TEST(snap)
{
	expect_region(region_snap(snaps[_i].r, snaps[_i].step_x,
				  snaps[_i].step_y), snaps[_i].want);
}
END_TEST

START_TEST(sizes)
{
	struct region r = { 2, 3, 12, 8 }, turned = { 5, 5, 2, 9 };

	ck_assert_int_eq(region_width(r), 10);
	ck_assert_int_eq(region_height(r), 5);
	ck_assert(region_area(r) == 50);
	ck_assert_int_eq(region_width(turned), 0);
	ck_assert(region_area(turned) == 0);
	ck_assert(region_empty(turned));
	ck_assert(!region_empty(r));
	ck_assert(region_equal(r, region_from_box(2, 3, 10, 5)));
	ck_assert(!region_equal(r, region_from_box(2, 3, 10, 4)));
	ck_assert(region_width((struct region){ INT_MIN, 0, INT_MAX, 1 }) ==
		  INT_MAX);
}
END_TEST

START_TEST(hit_is_half_open)
{
	struct region r = { 2, 3, 4, 5 };

	ck_assert(region_hit(r, 2, 3));
	ck_assert(region_hit(r, 3, 4));
	ck_assert(!region_hit(r, 4, 4));
	ck_assert(!region_hit(r, 3, 5));
	ck_assert(!region_hit(r, 1, 3));
	ck_assert(!region_hit(r, 2, 2));
}
END_TEST

START_TEST(clip_grow_move)
{
	struct region r = { 2, 3, 12, 8 };

	expect_region(region_clip(r, 10, 6), (struct region){ 2, 3, 10, 6 });
	ck_assert(region_empty(region_clip(r, 2, 6)));
	expect_region(region_grow(r, 3), (struct region){ -1, 0, 15, 11 });
	expect_region(region_grow(r, -2), (struct region){ 4, 5, 10, 6 });
	ck_assert(region_empty(region_grow(r, -3)));
	expect_region(region_move(r, -2, 5), (struct region){ 0, 8, 10, 13 });
}
END_TEST

START_TEST(coordinates_saturate)
{
	expect_region(region_from_box(INT_MAX - 1, 0, 10, 10),
		      (struct region){ INT_MAX - 1, 0, INT_MAX, 10 });
	expect_region(region_grow((struct region){ INT_MIN, 0, INT_MAX, 1 }, 9),
		      (struct region){ INT_MIN, -9, INT_MAX, 10 });
	expect_region(region_move((struct region){ 0, 0, INT_MAX, 1 }, 5, 0),
		      (struct region){ 5, 0, INT_MAX, 1 });
}
END_TEST

int main(void)
{
	Suite *s = suite_create("region");
	TCase *c = tcase_create("region");

	add_rows_test(c, pair, pairs);
	add_rows_test(c, snap, snaps);
	tcase_add_test(c, sizes);
	tcase_add_test(c, hit_is_half_open);
	tcase_add_test(c, clip_grow_move);
	tcase_add_test(c, coordinates_saturate);
	suite_add_tcase(s, c);
	return support_run(s);
}

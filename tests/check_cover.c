/* check_cover.c - areas of unions, pairs of boxes. */
#include "config.h"

#include "find/cover.h"

#include <math.h>
#include <string.h>

#include "tests/support.h"

enum { SIDE = 24 };

static const struct {
	struct region of;
	struct region by[4];
	size_t count;
	long long area;
} unions[] = {
	{ { 0, 0, 10, 10 }, { { 0 } }, 0, 0 },
	{ { 0, 0, 10, 10 }, { { -5, -5, 30, 30 } }, 1, 100 },
	{ { 0, 0, 10, 10 }, { { 10, 0, 20, 10 } }, 1, 0 },
	{ { 0, 0, 10, 10 }, { { 0, 0, 5, 10 }, { 3, 0, 6, 10 } }, 2, 60 },
	{ { 2, 2, 8, 8 }, { { 0, 0, 4, 4 }, { 6, 6, 9, 9 },
			    { 3, 3, 7, 7 } }, 3, 4 + 4 + 16 - 1 - 1 },
	{ { 3, 3, 3, 9 }, { { 0, 0, 9, 9 } }, 1, 0 },
};

START_TEST(areas)
{
	ck_assert_int_eq(cover_area(unions[_i].of, unions[_i].by,
				    unions[_i].count), unions[_i].area);
}
END_TEST

/* Against painting, over many sets of regions. */
START_TEST(as_painted)
{
	unsigned state = 1;

	for (int round = 0; round < 2000; round++) {
		unsigned char map[SIDE][SIDE] = { { 0 } };
		struct region r[5], of = { 4, 3, 20, 21 };
		long long area = 0;

		for (size_t i = 0; i < ARRAY_LENGTH(r); i++) {
			int v[4];

			for (int k = 0; k < 4; k++) {
				state = state * 1103515245u + 12345u;
				v[k] = (int)(state >> 16) % SIDE;
			}
			r[i] = (struct region){ v[0] < v[1] ? v[0] : v[1],
						v[2] < v[3] ? v[2] : v[3],
						v[0] < v[1] ? v[1] : v[0],
						v[2] < v[3] ? v[3] : v[2] };
			for (int y = r[i].y0; y < r[i].y1; y++)
				memset(&map[y][r[i].x0], 1,
				       (size_t)(r[i].x1 - r[i].x0));
		}
		for (int y = of.y0; y < of.y1; y++)
			for (int x = of.x0; x < of.x1; x++)
				area += map[y][x];
		ck_assert_int_eq(cover_area(of, r, ARRAY_LENGTH(r)), area);
	}
}
END_TEST

START_TEST(overlap)
{
	struct region a = { 0, 0, 10, 10 }, b = { 5, 5, 15, 15 };

	ck_assert(fabs(cover_iou(a, b) - 1. / 7) < 1e-12);
	ck_assert(fabs(cover_iou(a, a) - 1) < 1e-12);
	ck_assert(cover_iou(a, (struct region){ 10, 0, 20, 10 }) <= 0);
	ck_assert(fabs(cover_share(a, &b, 1) - .25) < 1e-12);
	ck_assert(cover_share((struct region){ 3, 3, 3, 3 }, &b, 1) >= 1);
}
END_TEST

START_TEST(pairs)
{
	/* b[0] is best for both of a; a[1] then has to do with b[1] */
	static const struct region a[] = { { 0, 0, 10, 10 }, { 0, 0, 10, 9 } };
	static const struct region b[] = { { 0, 0, 10, 10 }, { 0, 0, 10, 7 },
					   { 50, 50, 60, 60 } };
	static const struct region whole = { 0, 0, 2, 1 },
				   half = { 0, 0, 1, 1 };

	ck_assert_int_eq(cover_pairs(a, 2, b, 3, .5), 2);
	ck_assert_int_eq(cover_pairs(a, 2, b, 1, .5), 1);
	ck_assert_int_eq(cover_pairs(a, 2, b, 3, .8), 1);
	ck_assert_int_eq(cover_pairs(a, 2, b + 2, 1, .5), 0);
	ck_assert_int_eq(cover_pairs(a, 0, b, 3, .5), 0);
	/* half of it is a half, exactly */
	ck_assert_int_eq(cover_pairs(&whole, 1, &half, 1, .5), 1);
	ck_assert_int_eq(cover_pairs(a, 2, b, 0, .5), 0);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("cover");
	TCase *c = tcase_create("cover");

	add_rows_test(c, areas, unions);
	tcase_add_test(c, as_painted);
	tcase_add_test(c, overlap);
	tcase_add_test(c, pairs);
	suite_add_tcase(s, c);
	return support_run(s);
}

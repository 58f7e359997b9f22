/* check_marks.c - marks of a plane beside those that a flood finds. */
#include "config.h"

#include "ocr/ink.h"

#include <stdlib.h>
#include <string.h>

#include "tests/support.h"

enum { SIDE = 220, MOST = 20000, BRIGHT = 128 };

/* Strokes of many lengths, thinner than what is taken for ground. */
static const struct {
	int columns, rows;
	int longest;                    /* run, pixels */
	int share;                      /* of the pixels, percent */
} planes[] = {
	{ 200, 120, 4, 30 }, { 64, 64, 3, 45 }, { 63, 40, 30, 20 },
	{ 65, 40, 30, 25 }, { 220, 90, 150, 12 }, { 128, 33, 70, 15 },
	{ 17, 50, 9, 30 }, { 16, 16, 3, 30 }, { 220, 220, 2, 20 },
};

static uint8_t plane[SIDE * SIDE], seen[SIDE * SIDE];
static int todo[SIDE * SIDE];
static struct ink expected[MOST];

static unsigned roll(unsigned *dice)
{
	*dice = *dice * 1103515245u + 12345u;
	return *dice >> 16;
}

static void draw(int i)
{
	int columns = planes[i].columns, rows = planes[i].rows;
	unsigned dice = 7 + (unsigned)i;
	int left = columns * rows * planes[i].share / 100;

	memset(plane, 0, sizeof(plane));
	while (left > 0) {
		int n = 1 + (int)roll(&dice) % planes[i].longest;
		int x = (int)roll(&dice) % columns;
		int y = (int)roll(&dice) % rows;

		for (; n > 0 && x < columns; n--, x++, left--)
			plane[y * columns + x] =
				(uint8_t)(200 + roll(&dice) % 50);
	}
}

static bool inked(int i, int x, int y)
{
	return x >= 0 && y >= 0 && x < planes[i].columns &&
	       y < planes[i].rows &&
	       plane[y * planes[i].columns + x] >= BRIGHT;
}

static int level(int i, int x, int y)
{
	return plane[y * planes[i].columns + x];
}

/* One pixel of a mark, by the definitions of the header. */
static void add_pixel(int i, int x, int y, struct ink *k)
{
	int v = level(i, x, y);

	k->box = k->area ? region_union(k->box, region_from_box(x, y, 1, 1)) :
			   region_from_box(x, y, 1, 1);
	k->area++;
	k->falls += !inked(i, x, y - 1);
	k->sum[INK_GREY] += v;
	k->sum[INK_GREY2] += v * v;
	k->sum[INK_CONTRAST] += v;
	if (!inked(i, x - 1, y)) {
		k->runs++;
		k->sum[INK_EDGE] += x > 0 ? v - level(i, x - 1, y) : 0;
	}
	if (!inked(i, x + 1, y) && x + 1 < planes[i].columns)
		k->sum[INK_EDGE] += v - level(i, x + 1, y);
}

static struct ink flood(int i, int start)
{
	int columns = planes[i].columns, n = 0;
	struct ink k = { .area = 0 };

	todo[n++] = start;
	seen[start] = 1;
	while (n) {
		int at = todo[--n], x = at % columns, y = at / columns;

		add_pixel(i, x, y, &k);
		for (int v = y - 1; v <= y + 1; v++)
			for (int u = x - 1; u <= x + 1; u++)
				if (inked(i, u, v) && !seen[v * columns + u]) {
					seen[v * columns + u] = 1;
					todo[n++] = v * columns + u;
				}
	}
	return k;
}

static size_t flood_all(int i)
{
	size_t n = 0;

	memset(seen, 0, sizeof(seen));
	for (int at = 0; at < planes[i].columns * planes[i].rows; at++)
		if (plane[at] >= BRIGHT && !seen[at]) {
			ck_assert_uint_lt(n, MOST);
			expected[n++] = flood(i, at);
		}
	return n;
}

static int in_order(const void *a, const void *b)
{
	const struct ink *p = a, *q = b;
	const int one[] = { p->box.y0, p->box.x0, p->box.y1, p->box.x1,
			    p->area, (int)p->sum[INK_GREY] };
	const int two[] = { q->box.y0, q->box.x0, q->box.y1, q->box.x1,
			    q->area, (int)q->sum[INK_GREY] };

	for (size_t i = 0; i < ARRAY_LENGTH(one); i++)
		if (one[i] != two[i])
			return one[i] < two[i] ? -1 : 1;
	return 0;
}

static void same_mark(const struct ink *a, const struct ink *b)
{
	ck_assert(region_equal(a->box, b->box));
	ck_assert_int_eq(a->area, b->area);
	ck_assert_int_eq(a->runs, b->runs);
	ck_assert_int_eq(a->falls, b->falls);
	for (int i = 0; i < INK_SUMS; i++)
		ck_assert(a->sum[i] == b->sum[i]);
}

/* What the sums of dark marks are in the plane that they were drawn in. */
static void turn_levels(struct ink_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		struct ink *k = &list->ink[i];
		double grey = k->sum[INK_GREY];

		k->sum[INK_GREY] = 255. * k->area - grey;
		k->sum[INK_GREY2] += 255. * (255. * k->area - 2 * grey);
	}
}

START_TEST(as_a_flood_finds_them)
{
	int i = _i / 2, columns = planes[i].columns, rows = planes[i].rows;
	struct grey_plane p = { plane, columns, rows, columns };
	struct ink_list list[INK_CUTS] = { { 0 } };
	struct error err = { 0 };
	bool dark = _i % 2;
	size_t n;

	draw(i);
	n = flood_all(i);
	for (int at = 0; dark && at < columns * rows; at++)
		plane[at] = (uint8_t)(255 - plane[at]);
	ck_assert(ink_find(&p, dark, list, &err));
	ck_assert_uint_eq(list[INK_WIDE].count, n);
	ck_assert_uint_gt(n, 3);
	if (dark)
		turn_levels(&list[INK_WIDE]);
	qsort(expected, n, sizeof(*expected), in_order);
	qsort(list[INK_WIDE].ink, n, sizeof(*expected), in_order);
	for (size_t k = 0; k < n; k++)
		same_mark(&list[INK_WIDE].ink[k], &expected[k]);
	for (int cut = 0; cut < INK_CUTS; cut++)
		ink_list_done(&list[cut]);
}
END_TEST

/* A plane without a step has none, however large its level is. */
START_TEST(nothing_stands_out)
{
	struct grey_plane p = { plane, SIDE, SIDE, SIDE };
	struct ink_list list[INK_CUTS] = { { 0 } };
	struct error err = { 0 };

	memset(plane, _i, sizeof(plane));
	for (int dark = 0; dark < 2; dark++) {
		ck_assert(ink_find(&p, dark, list, &err));
		ck_assert_uint_eq(list[INK_WIDE].count, 0);
		ck_assert_uint_eq(list[INK_SHARP].count, 0);
	}
	for (int cut = 0; cut < INK_CUTS; cut++)
		ink_list_done(&list[cut]);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("marks");
	TCase *tcase = tcase_create("marks");

	tcase_add_loop_test(tcase, as_a_flood_finds_them, 0,
			    2 * (int)ARRAY_LENGTH(planes));
	tcase_add_loop_test(tcase, nothing_stands_out, 0, 256);
	suite_add_tcase(suite, tcase);
	return support_run(suite);
}

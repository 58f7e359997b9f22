/* check_squared.c - squared paper without its lines, and what is none. */
#include "config.h"

#include "ocr/squared.h"

#include <stdlib.h>
#include <string.h>

#include "tests/glyphs.h"
#include "tests/support.h"

enum { COLUMNS = 420, ROWS = 300, GROUND = 240 };

enum paper { SQUARED, STROKED, LABELLED, STRIPED, PLAIN, CODE, HALF };

static const struct {
	const char *name;
	enum paper paper;
	int pitch, wide;                /* pixels; every fifth line deeper */
	int line, text;                 /* levels */
	int noise;                      /* levels, up or down */
} cases[] = {
	{ "fine lines", SQUARED, 5, 1, 190, 0, 0 },
	{ "fine lines, a coder's noise", SQUARED, 5, 1, 190, 0, 5 },
	{ "halved colours: blurred", SQUARED, 8, 3, 170, 40, 6 },
	{ "four pixels apart", SQUARED, 4, 1, 200, 60, 3 },
	{ "wide squares", SQUARED, 20, 1, 180, 20, 4 },
	{ "text as deep as the lines", SQUARED, 10, 1, 150, 150, 2 },
	{ "pale text", SQUARED, 7, 1, 200, 170, 3 },
	{ "a stroke of 190 pixels", STROKED, 8, 1, 180, 0, 3 },
	{ "a stroke, wide squares", STROKED, 15, 1, 170, 40, 2 },
	{ "black labels", LABELLED, 15, 1, 220, 0, 2 },
	{ "half a page", HALF, 8, 1, 180, 0, 3 },
	{ "stripes", STRIPED, 8, 1, 180, 0, 3 },
	{ "nothing but text", PLAIN, 8, 1, 0, 0, 3 },
	{ "modules of a code", CODE, 8, 8, 0, 0, 0 },
};

static const char *const text[] = { "YAMADA TARO", "1961/07/30", "ID 48392" };

static uint32_t scatter(uint32_t *state)
{
	*state = *state * 1103515245u + 12345u;
	return *state >> 16;
}

/* Darkness that a line adds at a place along one side: less at its rims. */
static int depth_at(int at, int i)
{
	int far = at % cases[i].pitch, half = cases[i].wide / 2;
	int n = (at + half) / cases[i].pitch;
	int depth = (GROUND - cases[i].line) * (n % 5 ? 2 : 3) / 3;

	far = far > cases[i].pitch / 2 ? cases[i].pitch - far : far;
	return far > half ? 0 : depth / (1 + far);
}

/* Black bars of several lengths. */
static bool is_label(int x, int y, int i)
{
	return cases[i].paper == LABELLED && y % 60 < 20 &&
	       x < 60 + 7 * (y / 60);
}

static int paper_at(int x, int y, int i)
{
	int across = depth_at(y, i), along = depth_at(x, i);
	uint32_t module = (uint32_t)(y / 8 * 97 + x / 8 + 1);

	switch (cases[i].paper) {
	case PLAIN:
		return GROUND;
	case CODE:
		for (int k = 0; k < 3; k++)
			scatter(&module);
		return x >= 64 && x < 304 && y >= 32 && y < 272 &&
		       scatter(&module) & 1 ? 0 : GROUND;
	case STRIPED:
		along = 0;
		break;
	case HALF:
		if (x >= COLUMNS / 2)
			return GROUND;
		break;
	case SQUARED:
	case STROKED:
	case LABELLED:
		break;
	}
	if (is_label(x, y, i))
		return 0;
	return GROUND - (across > along ? across : along);
}

static struct region text_box[ARRAY_LENGTH(text)];

/* Paper, with text on it where ink is not 0. */
static uint8_t *draw(int i, uint8_t *ink)
{
	uint8_t *grey = malloc((size_t)COLUMNS * ROWS);
	struct canvas8 c = { ink, COLUMNS, ROWS };
	uint32_t state = 5;

	ck_assert_ptr_nonnull(grey);
	memset(ink, 0, (size_t)COLUMNS * ROWS);
	/* most of each column that it stands in, and no line */
	for (int y = 40; cases[i].paper == STROKED && y < 230; y++)
		memset(ink + y * COLUMNS + 240, 1, 6);
	for (int k = 0; cases[i].paper != CODE && k < 3; k++)
		text_box[k] = glyphs_draw(&c, 20 + 31 * k, 33 + 91 * k, 2, 1,
					  0, text[k]);
	for (int y = 0; y < ROWS; y++)
		for (int x = 0; x < COLUMNS; x++) {
			int at = y * COLUMNS + x, v = paper_at(x, y, i);
			int n = cases[i].noise;

			if (ink[at] && cases[i].text < v)
				v = cases[i].text;
			v += (int)(scatter(&state) % (uint32_t)(2 * n + 1)) -
			     n;
			grey[at] = (uint8_t)(v < 0 ? 0 : v);
		}
	return grey;
}

/* Where a clear plane has ink, and where it has none.  Wide lines that lie
 * close take the ground with them. */
static void check_clear(int i, const uint8_t *grey, const uint8_t *ink)
{
	int shown = 0, marks = 0, all = 0, none = 0, ground = grey[28 * COLUMNS];

	ck_assert_int_gt(ground, GROUND - 40);
	for (int at = 0; at < COLUMNS * ROWS; at++) {
		bool dark = 2 * grey[at] < ground + cases[i].text + 20;

		if (is_label(at % COLUMNS, at / COLUMNS, i))
			continue;
		all += ink[at];
		none += !ink[at];
		shown += ink[at] && dark;
		marks += !ink[at] && abs(ground - grey[at]) > 12;
	}
	ck_assert_msg(100 * shown > 85 * all, "%s: %d of %d pixels of text",
		      cases[i].name, shown, all);
	ck_assert_msg(marks < none / 200, "%s: %d marks", cases[i].name,
		      marks);
}

START_TEST(clears)
{
	static uint8_t ink[COLUMNS * ROWS];
	uint8_t *grey = draw(_i, ink), *was = malloc(sizeof(ink));
	struct error err = { 0 };
	struct views v;

	ck_assert_ptr_nonnull(was);
	memcpy(was, grey, sizeof(ink));
	views_take(&v, grey, COLUMNS, ROWS);
	ck_assert(squared_clear(&v, &err));
	if (cases[_i].paper <= LABELLED)
		check_clear(_i, v.grey[0], ink);
	else if (cases[_i].paper != HALF)
		ck_assert_mem_eq(v.grey[0], was, sizeof(ink));
	else    /* each letter stays, on lines or beside them */
		for (int at = 0; at < COLUMNS * ROWS; at++)
			ck_assert(!ink[at] || v.grey[0][at] < GROUND / 2);
	free(was);
	views_done(&v);
}
END_TEST

/* Lines that the first plane shows are taken out of the others too. */
START_TEST(clears_all_planes)
{
	static uint8_t ink[COLUMNS * ROWS];
	uint8_t *grey = draw(0, ink), *other = malloc(sizeof(ink));
	struct error err = { 0 };
	struct views v;

	ck_assert_ptr_nonnull(other);
	for (int at = 0; at < COLUMNS * ROWS; at++)
		other[at] = ink[at] ? 255 : 255 - grey[at];
	views_take(&v, grey, COLUMNS, ROWS);
	v.grey[v.count++] = other;
	ck_assert(squared_clear(&v, &err));
	for (int at = 0; at < COLUMNS * ROWS; at++)
		ck_assert_int_eq(v.grey[1][at], ink[at] ? 255 : 15);
	views_done(&v);
}
END_TEST

/* A picture of any size is looked at. */
START_TEST(takes_small_ones)
{
	for (int n = 1; n < 60; n++) {
		uint8_t *grey = malloc((size_t)n * 3);
		struct error err = { 0 };
		struct views v;

		ck_assert_ptr_nonnull(grey);
		for (int i = 0; i < 3 * n; i++)
			grey[i] = i % 3 ? 255 : 0;
		views_take(&v, grey, n % 2 ? n : 3, n % 2 ? 3 : n);
		ck_assert(squared_clear(&v, &err));
		views_done(&v);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("squared");
	TCase *tcase = tcase_create("squared");

	add_rows_test(tcase, clears, cases);
	tcase_add_test(tcase, clears_all_planes);
	tcase_add_test(tcase, takes_small_ones);
	suite_add_tcase(suite, tcase);
	return support_run(suite);
}

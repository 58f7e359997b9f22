/* check_canvas.c - text in cells: widths, cuts, what is never shown. */
#include "config.h"

#include <locale.h>
#include <string.h>

#include "tests/support.h"
#include "ui/canvas.h"

struct text_row {
	const char *what;
	enum charset charset;
	int columns;
	const char *text, *seen;
	int used;
};

static const struct text_row text_rows[] = {
	{ "ASCII", CHARSET_UNICODE, 10, "abc", "abc\n", 3 },
	{ "cut", CHARSET_UNICODE, 2, "abc", "ab\n", 2 },
	{ "wide", CHARSET_UNICODE, 10, "\xe5\xb1\xb1\xe7\x94\xb0",
	  "\xe5\xb1\xb1\xe7\x94\xb0\n", 4 },
	{ "wide never cut in half", CHARSET_UNICODE, 3,
	  "\xe5\xb1\xb1\xe7\x94\xb0", "\xe5\xb1\xb1\n", 2 },
	{ "combining mark", CHARSET_UNICODE, 10, "e\xcc\x81x",
	  "e\xcc\x81x\n", 2 },
	{ "mark without a base", CHARSET_UNICODE, 10, "\xcc\x81x", "x\n", 1 },
	{ "escape sequence", CHARSET_UNICODE, 10, "a\033[2Jb", "a[2Jb\n", 5 },
	{ "C1 control", CHARSET_UNICODE, 10, "a\xc2\x9b" "b", "ab\n", 2 },
	{ "right-to-left override", CHARSET_UNICODE, 10,
	  "a\xe2\x80\xae" "b", "ab\n", 2 },
	{ "private use", CHARSET_UNICODE, 10, "a\xee\x80\x80" "b", "ab\n", 2 },
	{ "bytes that are no UTF-8", CHARSET_UNICODE, 10, "a\xff\xc0\xaf" "b",
	  "a\xef\xbf\xbd\xef\xbf\xbd" "b\n", 4 },
	{ "cut sequence", CHARSET_UNICODE, 10, "a\xe5\xb1", "a\xef\xbf\xbd\n",
	  2 },
	{ "ASCII terminal", CHARSET_ASCII, 10, "\xe5\xb1\xb1x", "?x\n", 2 },
	{ "ambiguous width", CHARSET_NARROW, 10, "\xc2\xb1\xe5\xb1\xb1",
	  "?\xe5\xb1\xb1\n", 3 },
};

START_TEST(text)
{
	const struct text_row *row = &text_rows[_i];
	struct canvas c;
	struct error err;
	struct buffer out = { 0 };

	ck_assert(canvas_init(&c, 12, 1, row->charset, &err));
	int used = canvas_text(&c, 0, 0, row->columns, style_plain, row->text);

	canvas_dump(&c, &out);
	ck_assert_msg(used == row->used, "%s: %d cells", row->what, used);
	ck_assert_msg(!strcmp(out.data, row->seen), "%s: %s", row->what,
		      out.data);
	buffer_done(&out);
	canvas_done(&c);
}
END_TEST

/* Writing over half of a wide character leaves no half behind. */
START_TEST(halves)
{
	struct canvas c;
	struct error err;

	ck_assert(canvas_init(&c, 6, 1, CHARSET_UNICODE, &err));
	for (int column = 0; column < 4; column++) {
		canvas_clear(&c);
		canvas_text(&c, 0, 0, 6, style_plain,
			    "\xe5\xb1\xb1\xe7\x94\xb0");
		canvas_put(&c, column, 0, 'x', style_plain);
		for (int i = 0; i < 6; i++) {
			const struct cell *cell = canvas_at(&c, i, 0);

			if (cell->width == 2)
				ck_assert(canvas_at(&c, i + 1, 0)->width == 0);
			if (cell->width == 0)
				ck_assert(canvas_at(&c, i - 1, 0)->width == 2);
		}
		ck_assert(canvas_at(&c, column, 0)->glyph[0] == 'x');
	}
	canvas_done(&c);
}
END_TEST

/* A wide character over the left half of another. */
START_TEST(wide_over_wide)
{
	struct canvas c;
	struct error err;
	struct buffer out = { 0 };

	ck_assert(canvas_init(&c, 6, 1, CHARSET_UNICODE, &err));
	canvas_text(&c, 1, 0, 5, style_plain, "\xe5\xb1\xb1\xe7\x94\xb0");
	canvas_text(&c, 0, 0, 2, style_plain, "\xe5\xb1\xb1");
	canvas_dump(&c, &out);
	ck_assert_str_eq(out.data, "\xe5\xb1\xb1 \xe7\x94\xb0\n");
	buffer_done(&out);
	canvas_done(&c);
}
END_TEST

START_TEST(outside)
{
	struct canvas c, none;
	struct error err;

	ck_assert(canvas_init(&c, 4, 2, CHARSET_UNICODE, &err));
	ck_assert_int_eq(canvas_text(&c, 0, 2, 4, style_plain, "x"), 0);
	ck_assert_int_eq(canvas_text(&c, -1, 0, 4, style_plain, "x"), 0);
	ck_assert_int_eq(canvas_text(&c, 2, 0, 99, style_plain, "xyz"), 2);
	canvas_put(&c, 4, 0, 'x', style_plain);
	ck_assert(!canvas_init(&none, 0, 1, CHARSET_UNICODE, &err));
	canvas_done(&c);
}
END_TEST

START_TEST(paragraph)
{
	struct canvas c;
	struct error err;
	struct buffer out = { 0 };

	ck_assert(canvas_init(&c, 10, 3, CHARSET_UNICODE, &err));
	int rows = canvas_paragraph(&c, 0, 0, 9, 3, style_plain,
				    "one two three fourteen");

	canvas_dump(&c, &out);
	ck_assert_int_eq(rows, 3);
	ck_assert_str_eq(out.data, "one two\nthree\nfourteen\n");
	buffer_done(&out);
	canvas_done(&c);
}
END_TEST

/* What stands between two blanks stays together where that is half a line. */
START_TEST(paragraph_of_hints)
{
	struct canvas c;
	struct error err;
	struct buffer out = { 0 };

	ck_assert(canvas_init(&c, 12, 3, CHARSET_UNICODE, &err));
	int rows = canvas_paragraph(&c, 0, 0, 12, 3, style_plain,
				    "t take  Esc drop a  bbbbbbb ccccccc");

	canvas_dump(&c, &out);
	ck_assert_int_eq(rows, 3);
	ck_assert_str_eq(out.data, "t take\nEsc drop a\nbbbbbbb\n");
	buffer_done(&out);
	canvas_done(&c);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("canvas");
	TCase *tcase = tcase_create("canvas");

	setlocale(LC_ALL, "C.UTF-8");
	add_rows_test(tcase, text, text_rows);
	tcase_add_test(tcase, halves);
	tcase_add_test(tcase, wide_over_wide);
	tcase_add_test(tcase, outside);
	tcase_add_test(tcase, paragraph);
	tcase_add_test(tcase, paragraph_of_hints);
	suite_add_tcase(suite, tcase);
	return support_run(suite);
}

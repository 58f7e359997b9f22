/* check_picture.c - pictures as cells, and the bytes that draw them. */
#include "config.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support.h"
#include "ui/picture.h"

static struct plane *make_plane(int columns, int rows, int channels)
{
	struct plane *p = calloc(1, sizeof(*p));

	p->columns = columns;
	p->rows = rows;
	p->channels = channels;
	p->pixel = calloc((size_t)columns * (size_t)rows, (size_t)channels);
	return p;
}

static void set(struct plane *p, int x, int y, int value)
{
	for (int k = 0; k < p->channels; k++)
		p->pixel[(y * p->columns + x) * p->channels + k] =
			(uint8_t)value;
}

struct glyph_row {
	const char *what;
	enum picture_mode mode;
	const char *pixels;             /* '#' white, '.' black; row by row */
	uint32_t glyph;
	int32_t fg, bg;
};

enum { WHITE = 0xffffff, BLACK = 0 };

/* One cell, one pixel a sub-pixel. */
static const struct glyph_row glyph_rows[] = {
	{ "empty", PICTURE_SEXTANT, "......", ' ', BLACK, BLACK },
	{ "full", PICTURE_SEXTANT, "######", ' ', WHITE, WHITE },
	{ "first", PICTURE_SEXTANT, "#.....", 0x1fb00, WHITE, BLACK },
	{ "top row", PICTURE_SEXTANT, "##....", 0x1fb02, WHITE, BLACK },
	{ "before the left half", PICTURE_SEXTANT, "..#.#.", 0x1fb13, WHITE,
	  BLACK },
	{ "left half", PICTURE_SEXTANT, "#.#.#.", 0x2590, BLACK, WHITE },
	{ "after the left half", PICTURE_SEXTANT, ".##.#.", 0x1fb14, WHITE,
	  BLACK },
	{ "right half", PICTURE_SEXTANT, ".#.#.#", 0x2590, WHITE, BLACK },
	{ "after the right half", PICTURE_SEXTANT, "##.#.#", 0x1fb28, WHITE,
	  BLACK },
	{ "all but the first", PICTURE_SEXTANT, ".#####", 0x1fb3b, WHITE,
	  BLACK },
	{ "upper", PICTURE_HALF, "#.", 0x2580, WHITE, BLACK },
	{ "lower", PICTURE_HALF, ".#", 0x2580, BLACK, WHITE },
	{ "both", PICTURE_HALF, "##", ' ', WHITE, WHITE },
	{ "first quadrant", PICTURE_QUADRANT, "#...", 0x2598, WHITE, BLACK },
	{ "second", PICTURE_QUADRANT, ".#..", 0x259d, WHITE, BLACK },
	{ "third", PICTURE_QUADRANT, "..#.", 0x2596, WHITE, BLACK },
	{ "fourth", PICTURE_QUADRANT, "...#", 0x2597, WHITE, BLACK },
	{ "rising", PICTURE_QUADRANT, ".##.", 0x259e, WHITE, BLACK },
	{ "falling", PICTURE_QUADRANT, "#..#", 0x259a, WHITE, BLACK },
	{ "all but the last", PICTURE_QUADRANT, "###.", 0x259b, WHITE,
	  BLACK },
	{ "all but the third", PICTURE_QUADRANT, "##.#", 0x259c, WHITE,
	  BLACK },
	{ "all but the second", PICTURE_QUADRANT, "#.##", 0x2599, WHITE,
	  BLACK },
	{ "all but the first", PICTURE_QUADRANT, ".###", 0x259f, WHITE,
	  BLACK },
	{ "top", PICTURE_QUADRANT, "##..", 0x2580, WHITE, BLACK },
	{ "bottom", PICTURE_QUADRANT, "..##", 0x2580, BLACK, WHITE },
	{ "left", PICTURE_QUADRANT, "#.#.", 0x2590, BLACK, WHITE },
	{ "right", PICTURE_QUADRANT, ".#.#", 0x2590, WHITE, BLACK },
	{ "four", PICTURE_QUADRANT, "####", ' ', WHITE, WHITE },
	{ "white space", PICTURE_SPACE, "#", ' ', WHITE, WHITE },
	{ "black space", PICTURE_SPACE, ".", ' ', BLACK, BLACK },
	{ "dots left", PICTURE_BRAILLE, "#.#.#.#.", 0x2847, WHITE, BLACK },
	{ "dots right", PICTURE_BRAILLE, ".#.#.#.#", 0x28b8, WHITE, BLACK },
	{ "dots below", PICTURE_BRAILLE, "......##", 0x28c0, WHITE, BLACK },
	{ "light", PICTURE_ASCII, "#", '@', WHITE, BLACK },
	{ "dark", PICTURE_ASCII, ".", ' ', WHITE, BLACK },
};

START_TEST(glyphs)
{
	const struct glyph_row *row = &glyph_rows[_i];
	const struct picture_mode_info *m = &picture_mode_info[row->mode];
	struct look look = { row->mode, COLOURS_16M, false, 0, 0 };
	struct plane *p = make_plane(m->across, m->down, 1);
	struct picture_part part = { .plane = p,
		.source = { 0, 0, m->across, m->down },
		.columns = 1, .rows = 1 };
	struct canvas c;
	struct error err;

	for (int i = 0; row->pixels[i]; i++)
		set(p, i % m->across, i / m->across,
		    row->pixels[i] == '#' ? 255 : 0);
	ck_assert(canvas_init(&c, 1, 1, CHARSET_UNICODE, &err));
	picture_draw(&look, &part, &c);

	const struct cell *cell = canvas_at(&c, 0, 0);

	ck_assert_msg(cell->glyph[0] == row->glyph, "%s: U+%04X", row->what,
		      cell->glyph[0]);
	ck_assert_msg(cell->fg == row->fg && cell->bg == row->bg,
		      "%s: %06x on %06x", row->what, (unsigned)cell->fg,
		      (unsigned)cell->bg);
	ck_assert(cell->picture);
	canvas_done(&c);
	plane_free(p);
}
END_TEST

/* A sub-pixel is the mean by area, whatever the scale. */
START_TEST(area_mean)
{
	struct look look = { PICTURE_HALF, COLOURS_16M, false, 0, 0 };
	struct plane *p = make_plane(3, 2, 1);
	struct picture_part part = { .plane = p, .source = { 0, 0, 3, 2 },
				     .columns = 2, .rows = 1 };
	struct canvas c;
	struct error err;

	for (int y = 0; y < 2; y++) {
		set(p, 0, y, 90);
		set(p, 1, y, 180);
		set(p, 2, y, 240);
	}
	ck_assert(canvas_init(&c, 2, 1, CHARSET_UNICODE, &err));
	picture_draw(&look, &part, &c);
	/* (90 * 2 + 180) / 3 and (180 + 240 * 2) / 3 */
	ck_assert_int_eq(canvas_at(&c, 0, 0)->bg, 120 * 0x10101);
	ck_assert_int_eq(canvas_at(&c, 1, 0)->bg, 220 * 0x10101);
	canvas_done(&c);
	plane_free(p);
}
END_TEST

/* Enlarged, no pixel is lost: every one shows its own value somewhere. */
START_TEST(enlarged)
{
	struct look look = { PICTURE_HALF, COLOURS_16M, false, 0, 0 };
	struct plane *p = make_plane(5, 4, 1);
	struct picture_part part = { .plane = p, .source = { 0, 0, 5, 4 },
				     .columns = 15, .rows = 6 };
	struct canvas c;
	struct error err;

	ck_assert(canvas_init(&c, 15, 6, CHARSET_UNICODE, &err));
	for (int i = 0; i < 20; i++) {
		bool found = false;

		memset(p->pixel, 0, 20);
		p->pixel[i] = 255;
		picture_draw(&look, &part, &c);
		for (int k = 0; k < 15 * 6; k++)
			found = found || c.cell[k].fg == WHITE ||
				c.cell[k].bg == WHITE;
		ck_assert_msg(found, "pixel %d", i);
	}
	canvas_done(&c);
	plane_free(p);
}
END_TEST

/* What is masked is black under "filled", in every mode; outside stays. */
START_TEST(filled)
{
	struct look look = { (enum picture_mode)_i, COLOURS_16M, false, 0, 0 };
	struct plane *p = make_plane(40, 40, 3);
	struct region fill = { 10, 10, 30, 30 };
	struct picture_part part = { .plane = p, .source = { 0, 0, 40, 40 },
				     .columns = 20, .rows = 20,
				     .fill = &fill, .fill_count = 1 };
	struct canvas c;
	struct error err;

	memset(p->pixel, 255, 40 * 40 * 3);
	ck_assert(canvas_init(&c, 20, 20, CHARSET_UNICODE, &err));
	for (int inverted = 0; inverted < 2; inverted++) {
		part.inverted = inverted;
		if (inverted)
			memset(p->pixel, 0, 40 * 40 * 3);
		picture_draw(&look, &part, &c);
		for (int y = 0; y < 20; y++) {
			for (int x = 0; x < 20; x++) {
				const struct cell *cell = canvas_at(&c, x, y);
				bool in = x >= 5 && x < 15 && y >= 5 && y < 15;

				/* their pixels: check_graphics.c */
				if (picture_has_pixels(look.mode))
					ck_assert(cell->picture);
				else if (look.mode == PICTURE_ASCII)
					ck_assert_int_eq(cell->glyph[0],
							 in ? ' ' : '@');
				else if (look.mode == PICTURE_BRAILLE)
					ck_assert_int_eq(cell->glyph[0],
							 in ? ' ' : 0x28ff);
				else
					ck_assert_int_eq(cell->bg, in ? BLACK :
								   WHITE);
			}
		}
	}
	canvas_done(&c);
	plane_free(p);
}
END_TEST

struct colour_row {
	const char *what;
	enum colours colours;
	bool grey;
	int r, g, b;
	int32_t colour;
};

static const struct colour_row colour_rows[] = {
	{ "truecolour", COLOURS_16M, false, 1, 2, 3, 0x010203 },
	{ "NO_COLOR", COLOURS_16M, true, 255, 0, 0, 0x4c4c4c },
	{ "256 grey", COLOURS_256, false, 128, 128, 128, 244 },
	{ "256 red", COLOURS_256, false, 255, 0, 0, 196 },
	{ "256 white", COLOURS_256, false, 255, 255, 255, 231 },
	{ "16 yellow", COLOURS_16, false, 250, 250, 10, 11 },
	{ "16 grey", COLOURS_16, false, 120, 120, 120, 8 },
	{ "mono", COLOURS_MONO, false, 255, 255, 255, COLOUR_DEFAULT },
};

START_TEST(colours)
{
	const struct colour_row *row = &colour_rows[_i];
	struct look look = { PICTURE_HALF, row->colours, row->grey, 0, 0 };
	struct plane *p = make_plane(1, 2, 3);
	struct picture_part part = { .plane = p, .source = { 0, 0, 1, 2 },
				     .columns = 1, .rows = 1 };
	struct canvas c;
	struct error err;

	for (int y = 0; y < 2; y++) {
		p->pixel[3 * y] = (uint8_t)row->r;
		p->pixel[3 * y + 1] = (uint8_t)row->g;
		p->pixel[3 * y + 2] = (uint8_t)row->b;
	}
	ck_assert(canvas_init(&c, 1, 1, CHARSET_UNICODE, &err));
	picture_draw(&look, &part, &c);
	ck_assert_msg(canvas_at(&c, 0, 0)->bg == row->colour, "%s: %x",
		      row->what, (unsigned)canvas_at(&c, 0, 0)->bg);
	canvas_done(&c);
	plane_free(p);
}
END_TEST

struct outline_row {
	const char *what;
	enum outline_kind kind;
	enum outline_place place;
	char sign;
	const char *seen;
};

/* A box over cells 2..5 x 1..3 of a black picture of 8 x 5 cells. */
static const struct outline_row outline_rows[] = {
	{ "masked", OUTLINE_MASKED, PLACE_ON, '\0',
	  "\n  7--+\n  |  |\n  +--+\n\n" },
	{ "rejected", OUTLINE_REJECTED, PLACE_ON, '\0',
	  "\n  7 .x\n\n  x .x\n\n" },
	{ "candidate", OUTLINE_CANDIDATE, PLACE_ON, '\0',
	  "\n  7  c\n\n  c  c\n\n" },
	{ "selected", OUTLINE_SELECTED, PLACE_ON, '\0',
	  "\n  7==#\n  \"  \"\n  #==#\n\n" },
	{ "missed", OUTLINE_MISSED, PLACE_ON, '\0',
	  "\n  7==!\n  \"  \"\n  !==!\n\n" },
	{ "selected, masked", OUTLINE_SELECTED, PLACE_ON, '+',
	  "\n  7==+\n  \"  \"\n  +==+\n\n" },
	{ "selected, taken off", OUTLINE_SELECTED, PLACE_ON, 'x',
	  "\n  7==x\n  \"  \"\n  x==x\n\n" },
	{ "corners around", OUTLINE_MASKED, PLACE_CORNERS, '\0',
	  " 7    +\n\n\n\n +    +\n" },
	{ "around", OUTLINE_EDITED, PLACE_AROUND, '\0',
	  " 7   ##\n\n #    #\n\n #   ##\n" },
};

START_TEST(outlines)
{
	const struct outline_row *row = &outline_rows[_i];
	struct look look = { PICTURE_HALF, COLOURS_16M, false, 0, 0 };
	struct plane *p = make_plane(80, 100, 1);
	struct outline outline = { { 20, 20, 60, 80 }, row->kind, 7, false,
				   row->sign };
	struct picture_part part = { .plane = p, .source = { 0, 0, 80, 100 },
				     .columns = 8, .rows = 5,
				     .outline = &outline, .outline_count = 1,
				     .place = row->place };
	struct canvas c;
	struct error err;
	struct buffer out = { 0 };

	ck_assert(canvas_init(&c, 8, 5, CHARSET_UNICODE, &err));
	picture_draw(&look, &part, &c);
	canvas_dump(&c, &out);
	ck_assert_msg(!strcmp(out.data, row->seen), "%s:\n%s", row->what,
		      out.data);
	buffer_done(&out);
	canvas_done(&c);
	plane_free(p);
}
END_TEST

/* A box at the edge of the picture has its lines there, when they are drawn
 * further out too; corners of evidence hide nothing of it. */
START_TEST(lines_at_the_edge)
{
	struct look look = { PICTURE_HALF, COLOURS_16M, false, 0, 0 };
	struct plane *p = make_plane(80, 100, 1);
	struct outline outline = { { 40, 40, 80, 100 }, OUTLINE_EDITED, 0,
				   false, '\0' };
	struct picture_part part = { .plane = p, .source = { 0, 0, 80, 100 },
				     .columns = 8, .rows = 5,
				     .outline = &outline, .outline_count = 1,
				     .place = _i ? PLACE_CORNERS :
					      PLACE_AROUND };
	struct canvas c;
	struct error err;
	struct buffer out = { 0 };

	ck_assert(canvas_init(&c, 8, 5, CHARSET_UNICODE, &err));
	picture_draw(&look, &part, &c);
	canvas_dump(&c, &out);
	ck_assert_str_eq(out.data, _i ? "\n   #\n\n\n\n" :
				   "\n   #   #\n\n   #   #\n   #   #\n");
	buffer_done(&out);
	canvas_done(&c);
	plane_free(p);
}
END_TEST

/* Letters that can be typed: dark on light, above all corners, which are
 * dots; and in the middle, where they stand for the whole area. */
START_TEST(letters)
{
	struct look look = { PICTURE_HALF, _i & 2 ? COLOURS_MONO : COLOURS_16M,
			     false, 0, 0 };
	struct plane *p = make_plane(80, 100, 1);
	bool inside = _i & 1;
	struct outline outline = { { 20, 20, 60, 80 }, OUTLINE_CANDIDATE,
				   outline_letters("7\0"), inside, '\0' };
	struct picture_part part = { .plane = p, .source = { 0, 0, 80, 100 },
				     .columns = 8, .rows = 5,
				     .outline = &outline, .outline_count = 1 };
	const struct cell *cell;
	struct canvas c;
	struct error err;
	struct buffer out = { 0 };

	ck_assert(canvas_init(&c, 8, 5, CHARSET_UNICODE, &err));
	picture_draw(&look, &part, &c);
	canvas_dump(&c, &out);
	ck_assert_str_eq(out.data, inside ? "\n  .  .\n   7\n  .  .\n\n" :
					    "\n  7  .\n\n  .  .\n\n");
	cell = inside ? canvas_at(&c, 3, 2) : canvas_at(&c, 2, 1);
	if (_i & 2)
		ck_assert_int_eq(cell->attr, ATTR_REVERSE);
	else
		ck_assert_int_eq(cell->fg, 0);
	ck_assert_int_eq(cell->bg, _i & 2 ? COLOUR_DEFAULT : 0x56b4e9);
	buffer_done(&out);
	canvas_done(&c);
	plane_free(p);
}
END_TEST

/* A corner of the second box lies where the letter of the first stands. */
START_TEST(letters_lie_above)
{
	struct look look = { PICTURE_HALF, COLOURS_16M, false, 0, 0 };
	struct plane *p = make_plane(80, 100, 1);
	struct outline outline[] = {
		{ { 40, 20, 70, 80 }, OUTLINE_CANDIDATE, outline_letters("a\0"),
		  false, '\0' },
		{ { 10, 20, 50, 60 }, OUTLINE_CANDIDATE, outline_letters("b\0"),
		  false, '\0' },
	};
	struct picture_part part = { .plane = p, .source = { 0, 0, 80, 100 },
				     .columns = 8, .rows = 5,
				     .outline = outline, .outline_count = 2 };
	struct canvas c;
	struct error err;
	struct buffer out = { 0 };

	ck_assert(canvas_init(&c, 8, 5, CHARSET_UNICODE, &err));
	picture_draw(&look, &part, &c);
	canvas_dump(&c, &out);
	ck_assert_str_eq(out.data, "\n b  a .\n .  .\n    . .\n\n");
	buffer_done(&out);
	canvas_done(&c);
	plane_free(p);
}
END_TEST

static const struct curve_row {
	struct levels levels;
	bool inverted;
	int value, seen;
} curves[] = {
	{ { 0, 0 }, false, 7, 7 }, { { 0, 0 }, true, 7, 248 },
	{ { 100, 150 }, false, 100, 0 }, { { 100, 150 }, false, 150, 255 },
	{ { 100, 150 }, false, 125, 127 }, { { 100, 150 }, false, 9, 0 },
	{ { 100, 150 }, false, 200, 255 }, { { 100, 150 }, true, 125, 128 },
	{ { 0, 255 }, false, 77, 77 },
};

/* Values are stretched, then inverted; in cells of every kind, masked or not. */
START_TEST(stretched)
{
	const struct curve_row *row = &curves[_i];
	struct region away = { 5, 5, 6, 6 };
	uint8_t curve[256];

	for (int fills = 0; fills < 2; fills++) {
		struct look look = { PICTURE_HALF, COLOURS_16M, false, 0, 0 };
		struct plane *p = make_plane(8, 8, 1);
		struct picture_part part = { .plane = p,
			.source = { 0, 0, 8, 8 }, .columns = 8, .rows = 4,
			.fill = &away, .fill_count = (size_t)fills,
			.inverted = row->inverted, .levels = row->levels };
		struct canvas c;
		struct error err;

		memset(p->pixel, row->value, 64);
		picture_curve(&part, curve);
		ck_assert_int_eq(curve[row->value], row->seen);
		for (int i = 1; i < 256; i++)
			ck_assert(row->inverted ? curve[i] <= curve[i - 1] :
						  curve[i] >= curve[i - 1]);
		ck_assert(canvas_init(&c, 8, 4, CHARSET_UNICODE, &err));
		picture_draw(&look, &part, &c);
		ck_assert_int_eq(canvas_at(&c, 1, 1)->bg, row->seen * 0x10101);
		canvas_done(&c);
		plane_free(p);
	}
}
END_TEST

/* Nothing is drawn outside the part, whatever the box. */
START_TEST(outline_clipped)
{
	static const struct region wild[] = {
		{ -1000, -1000, 2000, 2000 }, { -50, 10, 3, 12 },
		{ 2147483000, 5, 2147483647, 9 },
		{ -2147483647, -2147483647, -2147483000, 5 },
	};
	struct look look = { PICTURE_HALF, COLOURS_16M, false, 0, 0 };
	struct plane *p = make_plane(20, 20, 1);
	struct canvas c;
	struct error err;

	ck_assert(canvas_init(&c, 20, 20, CHARSET_UNICODE, &err));
	for (size_t i = 0; i < ARRAY_LENGTH(wild); i++) {
		struct outline outline = { wild[i], OUTLINE_EDITED, 3, false,
					   '\0' };
		struct picture_part part = { .plane = p,
			.source = { 0, 0, 20, 20 }, .column = 5, .row = 5,
			.columns = 10, .rows = 10, .outline = &outline,
			.outline_count = 1, .place = PLACE_AROUND };

		picture_draw(&look, &part, &c);
	}
	for (int y = 0; y < 20; y++)
		for (int x = 0; x < 20; x++)
			if (x < 5 || y < 5 || x >= 15 || y >= 15)
				ck_assert(!canvas_at(&c, x, y)->picture);
	canvas_done(&c);
	plane_free(p);
}
END_TEST

/* Only what changed is sent, and nothing when nothing did. */
START_TEST(emitted)
{
	struct look look = { PICTURE_HALF, COLOURS_16M, false, 0, 0 };
	struct plane *p = make_plane(100, 100, 1);
	struct picture_part part = { .plane = p, .source = { 0, 0, 100, 100 },
				     .columns = 100, .rows = 50 };
	struct canvas a, b;
	struct error err;
	struct buffer all = { 0 }, none = { 0 }, one = { 0 };

	ck_assert(canvas_init(&a, 100, 50, CHARSET_UNICODE, &err));
	ck_assert(canvas_init(&b, 100, 50, CHARSET_UNICODE, &err));
	for (int i = 0; i < 100 * 100; i++)
		p->pixel[i] = (uint8_t)(i * 7);
	picture_draw(&look, &part, &a);
	picture_emit(&look, &a, NULL, &all);
	ck_assert_uint_gt(all.length, 10000);
	picture_draw(&look, &part, &b);
	picture_emit(&look, &b, &a, &none);
	ck_assert_uint_eq(none.length, 0);
	set(p, 30, 61, 255);
	set(p, 30, 60, 0);
	picture_draw(&look, &part, &b);
	picture_emit(&look, &b, &a, &one);
	/* sextant or not: one move, one pen, one character */
	ck_assert_str_eq(one.data, "\033[31;31H\033[0m"
			 "\033[38;2;0;0;0;48;2;255;255;255m\xe2\x96\x80\033[0m");
	buffer_done(&all);
	buffer_done(&none);
	buffer_done(&one);
	canvas_done(&a);
	canvas_done(&b);
	plane_free(p);
}
END_TEST

START_TEST(fit)
{
	struct look half = { .mode = PICTURE_HALF };
	struct look pixels = { .mode = PICTURE_SIXEL, .cell_width = 9,
			       .cell_height = 20 };
	int columns, rows;

	picture_fit(&half, (struct region){ 0, 0, 1000, 1000 }, 100, 20,
		    &columns, &rows);
	ck_assert_int_eq(columns, 40);
	ck_assert_int_eq(rows, 20);
	picture_fit(&half, (struct region){ 0, 0, 4000, 10 }, 100, 20,
		    &columns, &rows);
	ck_assert_int_eq(columns, 100);
	ck_assert_int_eq(rows, 1);
	picture_fit(&half, (struct region){ 0, 0, 1, 65535 }, 100, 20,
		    &columns, &rows);
	ck_assert_int_eq(columns, 1);
	ck_assert_int_eq(rows, 20);
	/* cells as they are: 20 x 20 pixels high, 400 wide */
	picture_fit(&pixels, (struct region){ 0, 0, 1000, 1000 }, 100, 20,
		    &columns, &rows);
	ck_assert_int_eq(columns, 44);
	ck_assert_int_eq(rows, 20);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("picture");
	TCase *tcase = tcase_create("picture");

	setlocale(LC_ALL, "C.UTF-8");
	add_rows_test(tcase, glyphs, glyph_rows);
	tcase_add_test(tcase, area_mean);
	tcase_add_test(tcase, enlarged);
	tcase_add_loop_test(tcase, filled, 0, PICTURE_MODES);
	add_rows_test(tcase, colours, colour_rows);
	add_rows_test(tcase, outlines, outline_rows);
	tcase_add_loop_test(tcase, lines_at_the_edge, 0, 2);
	tcase_add_loop_test(tcase, letters, 0, 4);
	tcase_add_test(tcase, letters_lie_above);
	add_rows_test(tcase, stretched, curves);
	tcase_add_test(tcase, outline_clipped);
	tcase_add_test(tcase, emitted);
	tcase_add_test(tcase, fit);
	suite_add_tcase(suite, tcase);
	return support_run(suite);
}

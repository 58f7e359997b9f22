/* check_complete.c - ends of lines over edges, bright bands and other text. */
#include "config.h"

#include "ocr/complete.h"

#include <string.h>

#include "base/mem.h"
#include "tests/glyphs.h"
#include "tests/support.h"

enum { COLUMNS = 400, ROWS = 200 };

static uint8_t picture[ROWS][COLUMNS];

static struct canvas8 canvas(void)
{
	return (struct canvas8){ &picture[0][0], COLUMNS, ROWS };
}

static struct grey_plane plane(void)
{
	return (struct grey_plane){ &picture[0][0], COLUMNS, ROWS, COLUMNS };
}

static void fill(struct region r, int level)
{
	for (int y = r.y0; y < r.y1; y++)
		memset(&picture[y][r.x0], level, (size_t)region_width(r));
}

static void noise(int levels)
{
	unsigned random = 4711;

	for (int y = 0; y < ROWS; y++)
		for (int x = 0; x < COLUMNS; x++) {
			random = random * 1103515245u + 12345u;
			picture[y][x] = (uint8_t)(picture[y][x] +
				(int)((random >> 16) % (unsigned)levels));
		}
}

/* The box that holds most of what was drawn. */
static struct region box_over(const struct line_list *list, struct region ink)
{
	struct region best = { 0 };

	for (size_t i = 0; i < list->count; i++)
		if (region_area(region_intersect(list->line[i].box, ink)) >
		    region_area(region_intersect(best, ink)))
			best = list->line[i].box;
	return best;
}

static struct region find(struct region ink, bool complete)
{
	struct grey_plane p = plane();
	struct line_list list = { 0 };
	struct error err = { 0 };
	struct region box;

	ck_assert(lines_find(&p, LINES_BOTH, NULL, &list, &err));
	ck_assert(!complete || lines_complete(&p, 0, 0, &list, NULL, NULL, &err));
	box = box_over(&list, ink);
	line_list_done(&list);
	return box;
}

static const struct {
	struct region ground;           /* of another level */
	int paper, level, ink;
	int down, scale;
} grounds[] = {
	/* from black onto tissue, in the middle of the line */
	{ { 150, 0, 400, 200 }, 0, 150, 235, 0, 2 },
	{ { 0, 0, 120, 200 }, 0, 150, 235, 0, 2 },
	/* a band that hides two letters */
	{ { 150, 0, 174, 200 }, 0, 255, 235, 0, 2 },
	{ { 150, 0, 174, 200 }, 200, 10, 20, 0, 2 },
	/* dark letters onto a darker ground */
	{ { 150, 0, 400, 200 }, 250, 110, 10, 0, 2 },
	{ { 0, 100, 400, 200 }, 0, 150, 235, 1, 2 },
	{ { 200, 0, 400, 200 }, 0, 150, 235, 0, 4 },
};

START_TEST(goes_on_over_another_ground)
{
	struct canvas8 c = canvas();
	struct region ink, box;

	memset(picture, grounds[_i].paper, sizeof(picture));
	fill(grounds[_i].ground, grounds[_i].level);
	ink = glyphs_draw(&c, 20, grounds[_i].down ? 20 : 80,
			  grounds[_i].scale, grounds[_i].ink,
			  grounds[_i].down, "SATO HANAKO 12");
	ink = region_clip(ink, COLUMNS, ROWS);
	box = find(ink, true);
	ck_assert_int_ge(100 * region_area(region_intersect(box, ink)) /
			 region_area(ink), 97);
	/* and not far beyond */
	ck_assert_int_le(region_area(box), 2 * region_area(ink));
}
END_TEST

START_TEST(smaller_letters_beside_it_are_another_line)
{
	struct canvas8 c = canvas();
	struct region big;

	memset(picture, 0, sizeof(picture));
	big = glyphs_draw(&c, 20, 80, 4, 235, 0, "SUZUKI");
	glyphs_draw(&c, big.x1 + 24, 101, 1, 235, 0, "1958/03/04");
	ck_assert(region_equal(find(big, true), find(big, false)));
}
END_TEST

START_TEST(a_sure_line_keeps_its_letters)
{
	struct canvas8 c = canvas();
	struct region label, value, box;

	/* a label and its value, apart */
	memset(picture, 0, sizeof(picture));
	label = glyphs_draw(&c, 20, 80, 2, 235, 0, "DATE:");
	value = glyphs_draw(&c, label.x1 + 30, 80, 2, 235, 0, "1958/03/04");
	box = find(label, true);
	ck_assert(region_empty(region_intersect(box, value)));
}
END_TEST

START_TEST(noise_is_no_letter)
{
	struct canvas8 c = canvas();
	struct region ink, box;

	memset(picture, 60, sizeof(picture));
	noise(50);
	ink = glyphs_draw(&c, 120, 80, 3, 250, 0, "SUZUKI");
	box = find(ink, true);
	ck_assert(region_contains(region_grow(ink, 2 * region_height(ink)),
				  box));
}
END_TEST

/* Letters one below the other, the later ones smaller; '_' is a blank. */
static struct region draw_stack(const char *large, const char *small)
{
	struct canvas8 c = canvas();
	struct region ink = { 0 };
	int y = 8;

	for (int pass = 0; pass < 2; pass++)
		for (const char *at = pass ? small : large; *at; at++) {
			char one[2] = { *at, '\0' };
			int scale = pass ? 2 : 3;

			if (*at != '_')
				ink = region_union(ink, glyphs_draw(&c,
					pass ? 103 : 100, y, scale, 235, 0,
					one));
			y += 8 * scale;
		}
	return ink;
}

static const struct { const char *large, *small; } stacks[] = {
	{ "SATOH_H", "" }, { "SATO", "" }, { "HEISEI", "1058" },
};

START_TEST(a_stack_of_letters_is_one_line)
{
	struct region ink, box;

	memset(picture, 0, sizeof(picture));
	ink = draw_stack(stacks[_i].large, stacks[_i].small);
	ck_assert(region_contains((struct region){ 0, 0, COLUMNS, ROWS },
				  ink));
	box = find(ink, true);
	ck_assert_int_ge(100 * region_area(region_intersect(box, ink)) /
			 region_area(ink), 97);
}
END_TEST

/* ---- lines as a search may leave them ---- */

static struct line bright_line(struct region box, double score, bool down)
{
	struct line l = { .box = box, .reach = region_grow(box, 400),
			  .score = score, .marks = 4, .vertical = down,
			  .seen_score = { LINES_NEVER, LINES_NEVER } };

	l.seen[POLARITY_BRIGHT] = box;
	l.seen_score[POLARITY_BRIGHT] = score;
	return l;
}

/* What becomes of two lines, the one over ink. */
static struct region complete_two(struct line a, struct line b,
				  struct region ink)
{
	struct grey_plane p = plane();
	struct line_list list = { 0 };
	const struct line both[] = { a, b };
	struct line_list more = { .line = (struct line *)both, .count = 2 };
	struct error err = { 0 };
	struct region box;

	ck_assert(lines_merge(&list, &more, &err));
	ck_assert(lines_complete(&p, 0, 0, &list, NULL, NULL, &err));
	box = box_over(&list, ink);
	line_list_done(&list);
	return box;
}

/* The box of the line below reaches a row into these letters. */
START_TEST(a_line_that_touches_takes_no_letter)
{
	struct canvas8 c = canvas();
	struct region start, letter, below, box;

	memset(picture, 0, sizeof(picture));
	start = glyphs_draw(&c, 20, 80, 2, 235, 0, "R4");
	letter = glyphs_draw(&c, start.x1 + 12, 80, 2, 235, 0, "H");
	below = glyphs_draw(&c, letter.x0 - 4, 97, 2, 235, 0, "SATO HANAKO");
	below.y0 = letter.y1 - 1;
	box = complete_two(bright_line(start, 8, false),
			   bright_line(below, 12, false), start);
	ck_assert_int_ge(box.x1, letter.x1);
}
END_TEST

/* Letters of a fixed width: behind a colon a blank is two heights wide. */
START_TEST(a_blank_as_wide_as_its_letters)
{
	enum { PITCH = 18 };
	static const char *const letters[] = { "S", "U", "Z", "U", "K", "I",
					       ":" };
	struct canvas8 c = canvas();
	struct region start = { 0 }, last, far, box;
	size_t n = ARRAY_LENGTH(letters);
	int x = 20;

	memset(picture, 0, sizeof(picture));
	for (size_t i = 0; i < n; i++, x += PITCH) {
		last = glyphs_draw(&c, x, 80, 2, 235, 0, letters[i]);
		start = i ? region_union(start, last) : last;
	}
	last = glyphs_draw(&c, x + PITCH, 80, 2, 235, 0, "T");
	far = glyphs_draw(&c, last.x1 + 80, 80, 2, 235, 0, "T");
	ck_assert_int_gt(last.x0 - start.x1, 2 * region_height(start));
	box = complete_two(bright_line(start, 8, false),
			   bright_line(far, -1, false), start);
	ck_assert_int_ge(box.x1, last.x1);
	ck_assert_int_lt(box.x1, far.x0);
}
END_TEST

/* A sure letter of a long line has it all: more than 8 heights are looked at. */
START_TEST(a_long_line_behind_one_letter)
{
	static const struct region elsewhere = { 10, 10, 40, 24 };
	struct canvas8 c = canvas();
	struct region one, rest, box;

	memset(picture, 0, sizeof(picture));
	one = glyphs_draw(&c, 20, 80, 2, 235, 0, "H");
	rest = glyphs_draw(&c, one.x1 + 2, 80, 2, 235, 0,
			   "UZUKIHANAKO1958HUZUKI");
	ck_assert_int_gt(rest.x1 - one.x1, 16 * region_height(one));
	box = complete_two(bright_line(one, 5, false),
			   bright_line(elsewhere, -1, false), one);
	ck_assert_int_ge(box.x1, rest.x1);
	box = complete_two(bright_line(one, 4, false),
			   bright_line(elsewhere, -1, false), one);
	ck_assert_int_lt(box.x1, one.x1 + 9 * region_height(one));
}
END_TEST

/* A flat mark behind letters of 14 pixels: a kanji one (of KENICHI), or not? */
static const struct flat {
	int y, wide, high;              /* y: from the top of the letters */
	bool letter;
} flats[] = {
	{ 6, 12, 2, true }, { 3, 12, 2, true },
	{ 6, 5, 2, false },             /* a hyphen */
	{ 6, 20, 2, false },            /* a rule */
	{ 6, 12, 5, false },            /* a bar */
	{ 13, 12, 2, false },           /* an underline */
};

START_TEST(a_flat_letter_at_the_end)
{
	const struct flat *f = &flats[_i];
	struct canvas8 c = canvas();
	struct region name, one, box;

	memset(picture, 0, sizeof(picture));
	name = glyphs_draw(&c, 100, 80, 2, 235, 0, "HHHH");
	one.x0 = name.x1 + 8;
	one.y0 = name.y0 + f->y;
	one.x1 = one.x0 + f->wide;
	one.y1 = one.y0 + f->high;
	fill(one, 235);
	box = complete_two(bright_line(name, 8, false),
			   bright_line((struct region){ 10, 10, 40, 24 }, -1,
				       false), name);
	ck_assert_int_eq(region_height(name), 14);
	ck_assert_int_eq(box.x1 >= one.x1, f->letter);
}
END_TEST

/* Letters one below the other, of which one was found: is it a column? */
static const struct lone {
	double score;
	int letters;
	bool column;
} lones[] = {
	{ 2.1, 4, true }, { 2, 4, false }, { 2.1, 2, false },
};

START_TEST(one_letter_runs_down)
{
	const struct lone *l = &lones[_i];
	struct canvas8 c = canvas();
	struct region one = { 0 }, all = { 0 }, box;

	memset(picture, 0, sizeof(picture));
	for (int i = 0; i < l->letters; i++) {
		struct region r = glyphs_draw(&c, 100, 40 + 15 * i, 2, 235, 0,
					      "H");

		one = i == 1 ? r : one;
		all = i ? region_union(all, r) : r;
	}
	box = complete_two(bright_line(one, l->score, false),
			   bright_line((struct region){ 10, 10, 40, 24 }, -1,
				       false), one);
	ck_assert_int_eq(region_contains(region_grow(box, 1), all), l->column);
	if (!l->column)
		ck_assert(region_equal(box, one));
}
END_TEST

/* A letter of a column is up to one and a half times as wide as high. */
START_TEST(a_wide_letter_runs_down)
{
	static const struct region elsewhere = { 10, 10, 40, 24 };

	for (int wide = 15; wide <= 16; wide++) {
		struct region all = { 100, 40, 100 + wide, 110 }, box;
		struct region one = { 100, 60, 100 + wide, 70 };

		memset(picture, 0, sizeof(picture));
		for (int y = all.y0; y < all.y1; y += 20)
			fill((struct region){ all.x0, y, all.x1, y + 10 }, 235);
		box = complete_two(bright_line(one, 4, false),
				   bright_line(elsewhere, -1, false), one);
		ck_assert_int_eq(region_contains(box, all), wide == 15);
	}
}
END_TEST

/* A better line that runs across holds the letter: texture beside it. */
START_TEST(a_letter_that_is_held_runs_down)
{
	const struct lone *l = &lones[_i];
	struct canvas8 c = canvas();
	struct grey_plane p = plane();
	struct region one = { 0 }, all = { 0 }, wide;
	struct line held, holder;
	struct line_list gone = { .line = mem_array(1, sizeof(held)),
				  .count = 1, .capacity = 1 };
	struct line_list list = { .gone = &gone };
	struct line_list more = { .line = &holder, .count = 1 };
	struct error err = { 0 };

	memset(picture, 0, sizeof(picture));
	for (int i = 0; i < l->letters; i++) {
		struct region r = glyphs_draw(&c, 100, 40 + 15 * i, 2, 235, 0,
					      "H");

		one = i == 1 ? r : one;
		all = i ? region_union(all, r) : r;
	}
	held = bright_line(one, l->score, false);
	gone.line[0] = held;
	wide = (struct region){ one.x0 - 60, one.y0, one.x1 + 3, one.y1 };
	holder = bright_line(wide, 3, false);
	ck_assert(lines_merge(&list, &more, &err));
	ck_assert(lines_complete(&p, 0, 0, &list, NULL, NULL, &err));
	ck_assert_int_eq(region_contains(region_grow(box_over(&list, all), 1),
					 all), l->column);
	line_list_done(&list);
	line_list_done(&gone);
}
END_TEST

/* A letter that turns takes a column with it that it reaches into, whole. */
START_TEST(a_letter_that_turns_grows_down)
{
	static const int tops[] = { 20, 80, 95, 110, 125 };
	struct canvas8 c = canvas();
	struct region letter[ARRAY_LENGTH(tops)], box, above;
	struct line one;

	memset(picture, 0, sizeof(picture));
	for (size_t i = 0; i < ARRAY_LENGTH(tops); i++)
		letter[i] = glyphs_draw(&c, 100, tops[i], 2, 235, 0, "H");
	above = region_union(letter[0], letter[1]);
	one = bright_line(letter[2], 6, false);
	one.reach = (struct region){ 0, letter[2].y0 - 5, COLUMNS,
				     letter[2].y1 + 5 };
	box = complete_two(one, bright_line(above, 3, true), letter[2]);
	ck_assert(region_contains(box, above));
	ck_assert(region_contains(box, letter[4]));
}
END_TEST

/* A column that was found is not challenged by one of its letters. */
START_TEST(a_letter_of_a_column_stays)
{
	struct canvas8 c = canvas();
	struct grey_plane p = plane();
	struct region one = { 0 }, all = { 0 };
	struct line lines[2];
	struct line_list more = { .line = lines, .count = 2 }, list = { 0 };
	struct error err = { 0 };

	memset(picture, 0, sizeof(picture));
	for (int i = 0; i < 6; i++) {
		one = glyphs_draw(&c, 100, 20 + 15 * i, 2, 235, 0, "H");
		all = i ? region_union(all, one) : one;
	}
	lines[0] = bright_line(one, 8, false);
	lines[1] = bright_line(all, 3, true);
	ck_assert(lines_merge(&list, &more, &err));
	ck_assert(lines_complete(&p, 0, 0, &list, NULL, NULL, &err));
	for (size_t i = 0; i < list.count; i++)
		ck_assert(!list.line[i].vertical || list.line[i].score < 4);
	ck_assert(region_contains(box_over(&list, all), all));
	line_list_done(&list);
}
END_TEST

/* A sure line of one digit below a column is the next of it, though narrow. */
START_TEST(a_digit_below_a_column)
{
	struct canvas8 c = canvas();
	struct region column = { 0 }, digit, box;

	memset(picture, 0, sizeof(picture));
	for (int i = 0; i < 4; i++) {
		struct region r = glyphs_draw(&c, 100, 20 + 24 * i, 3, 235, 0,
					      "H");

		column = i ? region_union(column, r) : r;
	}
	digit = glyphs_draw(&c, 104, column.y1 + 10, 2, 235, 0, "1");
	ck_assert_int_gt(2 * region_height(digit), 3 * region_width(digit));
	box = complete_two(bright_line(column, 5, true),
			   bright_line(digit, 5, false), digit);
	ck_assert(region_contains(box, column));
}
END_TEST

/*
 * Half-width kana that run down: a blank is twice as high as they are wide,
 * and one more letter has room in what is left of two places.
 */
static const struct narrow {
	double score;
	int late;                       /* rows that the third begins later */
	int ink;                        /* level, but for a stroke within */
	bool on;                        /* goes on below the blank */
} narrow[] = {
	{ 8, 0, 235, true },
	/* not so sure; hardly text */
	{ 3, 0, 235, true }, { 1.5, 0, 235, false },
	/* lower in its place; strokes that are seen by themselves, too */
	{ 8, 4, 235, true }, { 8, 0, 170, true },
};

/* A letter of 6 x 10 pixels, one stroke of which stands out more. */
static void draw_narrow(int y, int ink)
{
	fill((struct region){ 100, y, 106, y + 10 }, ink);
	fill((struct region){ 102, y + 2, 104, y + 8 }, 0);
	fill((struct region){ 101, y + 4, 105, y + 6 }, 235);
}

START_TEST(a_blank_below_narrow_letters)
{
	enum { PITCH = 14, HIGH = 10 };
	const struct region else_ = { 300, 150, 320, 170 };
	const struct narrow *n = &narrow[_i];
	int end = 20 + 2 * PITCH + n->late + HIGH;
	int last = end + 2 * PITCH - HIGH;
	struct region box;

	memset(picture, 0, sizeof(picture));
	draw_narrow(20, n->ink);
	draw_narrow(20 + PITCH, n->ink);
	draw_narrow(end - HIGH, n->ink);
	draw_narrow(last, n->ink);
	box = complete_two(bright_line((struct region){ 100, 20, 106, end },
				       n->score, true),
			   bright_line(else_, -1, false),
			   (struct region){ 100, 20, 106, 60 });
	ck_assert_int_eq(box.y1, n->on ? last + HIGH : end);
}
END_TEST

/* Pieces of the ground beside it made a column four times as wide as its
 * letters: they go on below as they would. */
START_TEST(a_column_is_as_wide_as_its_letters)
{
	const struct region else_ = { 300, 150, 320, 170 };
	struct line line = bright_line((struct region){ 88, 20, 112, 44 }, 8,
				       true);
	struct region box;

	memset(picture, 0, sizeof(picture));
	for (int y = 20; y < 90; y += 14)
		draw_narrow(y, 235);
	line.own = (struct region){ 100, 20, 106, 44 };
	box = complete_two(line, bright_line(else_, -1, false),
			   (struct region){ 100, 20, 106, 44 });
	ck_assert(region_equal(box, (struct region){ 88, 20, 112, 86 }));
}
END_TEST

/* Ones below letters and a stop: thin strokes, and only in the middle. */
START_TEST(ones_below_a_stop_go_on)
{
	struct canvas8 c = canvas();
	const struct region else_ = { 300, 150, 320, 170 };
	struct region start, box;
	int middle, last;

	for (int off = 0; off < 2; off++) {
		memset(picture, 0, sizeof(picture));
		start = region_union(glyphs_draw(&c, 100, 20, 2, 235, 0, "S"),
				     glyphs_draw(&c, 100, 40, 2, 235, 0, "H"));
		middle = (start.x0 + start.x1) / 2 +
			 off * region_width(start) / 2;
		fill((struct region){ start.x1 - 3, start.y1 + 9,
				      start.x1 - 1, start.y1 + 11 }, 235);
		last = start.y1 + 7 * region_width(start) / 4;
		for (int i = 0; i < 2; i++, last += 18)
			fill((struct region){ middle - 1, last, middle + 2,
					      last + 12 }, 235);
		box = complete_two(bright_line(start, 8, true),
				   bright_line(else_, -1, false), start);
		ck_assert_msg((box.y1 >= last - 6) == !off, "%d: %d of %d, %dx%d", off, box.y1, last - 6, region_width(start), start.y1);
	}
}
END_TEST

/* No blank: something stands there, too small or large for letters. */
START_TEST(a_gap_that_is_not_blank)
{
	struct canvas8 c = canvas();
	const struct region else_ = { 300, 150, 320, 170 };
	struct region start, last, box;

	memset(picture, 0, sizeof(picture));
	start = glyphs_draw(&c, 20, 80, 2, 235, 0, "SUZUKI");
	last = glyphs_draw(&c, start.x1 + 18, 80, 2, 235, 0, "T");
	box = complete_two(bright_line(start, 8, false),
			   bright_line(else_, -1, false), start);
	ck_assert_int_ge(box.x1, last.x1);
	for (int y = 80; y < 92; y += 3)
		memset(&picture[y][start.x1 + 4], 235, 6);
	box = complete_two(bright_line(start, 8, false),
			   bright_line(else_, -1, false), start);
	ck_assert_int_lt(box.x1, last.x0);
}
END_TEST

/* "SATO^KEN" (PS3.5 6.2, PN): a caret fills the upper third of its place. */
START_TEST(a_caret_between_two_names)
{
	struct canvas8 c = canvas();
	const struct region else_ = { 300, 150, 320, 170 };
	struct region start, last, box;

	memset(picture, 0, sizeof(picture));
	start = glyphs_draw(&c, 20, 80, 2, 235, 0, "SUZUKI");
	last = glyphs_draw(&c, start.x1 + 18, 80, 2, 235, 0, "KEN");
	for (int y = 0; y < 4; y++) {
		memset(&picture[80 + y][start.x1 + 8 - y], 235, 2);
		memset(&picture[80 + y][start.x1 + 8 + y], 235, 2);
	}
	box = complete_two(bright_line(start, 8, false),
			   bright_line(else_, -1, false), start);
	ck_assert_int_ge(box.x1, last.x1);
}
END_TEST

/* Of letters of 5 pixels the second half was missed. */
START_TEST(the_smallest_letters_go_on)
{
	enum { LETTERS = 8, PITCH = 5, HIGH = 5 };
	const struct region else_ = { 300, 150, 320, 170 };
	struct region start = { 20, 80, 20 + LETTERS / 2 * PITCH, 80 + HIGH };
	struct region box;

	memset(picture, 0, sizeof(picture));
	for (int i = 0; i < LETTERS; i++) {
		int x = start.x0 + i * PITCH;

		fill((struct region){ x, 80, x + 3, 80 + HIGH }, 235);
		fill((struct region){ x + 1, 82, x + 2, 80 + HIGH }, 0);
	}
	box = complete_two(bright_line(start, 8, false),
			   bright_line(else_, -1, false), start);
	ck_assert_int_ge(box.x1, start.x0 + LETTERS * PITCH - 2);
}
END_TEST

/* Stripes stand out by two thirds of what the letters before them do: these
 * are free of them only at a higher level. */
START_TEST(letters_go_on_over_stripes)
{
	const struct region else_ = { 300, 150, 320, 170 };
	struct canvas8 c = canvas();
	struct region start, rest, box;

	memset(picture, 110, sizeof(picture));
	for (int y = 0; y < ROWS; y++)
		for (int x = 96; x < COLUMNS; x++)
			picture[y][x] = (uint8_t)((x / 6) % 2 ? 150 : 60);
	start = glyphs_draw(&c, 20, 80, 2, 240, 0, "SUZUKI");
	rest = glyphs_draw(&c, start.x1 + 8, 80, 2, 240, 0, "HANAKO");
	ck_assert_int_lt(start.x1, 96);
	box = complete_two(bright_line(start, 8, false),
			   bright_line(else_, -1, false), start);
	ck_assert_int_ge(100 * (box.x1 - start.x0) / (rest.x1 - start.x0), 90);
}
END_TEST

/* A square that lies over the end of a column is no next letter of it: all of
 * a sticker's columns would go on in one, which is a pile and dropped. */
START_TEST(what_lies_over_the_end_is_no_next_letter)
{
	struct canvas8 c = canvas();
	struct region column, over, box;

	memset(picture, 0, sizeof(picture));
	column = glyphs_draw(&c, 100, 20, 2, 235, 1, "0123456789");
	over = (struct region){ column.x0, column.y1 - 40, column.x0 + 44,
				column.y1 + 10 };
	box = complete_two(bright_line(column, 12, true),
			   bright_line(over, .5, false), column);
	ck_assert(region_contains(box, column));
	ck_assert_int_le(region_width(box), 2 * region_width(column));
}
END_TEST

/* Of a line that is no sure one the first letters were found, in one of the
 * polarities; what may go on is told beside its box. */
static const struct {
	double score;
	int scale, blank;               /* dots, pixels to the next word */
	enum polarity seen;
	int view;
	bool on;
} weak[] = {
	{ -1, 1, 4, POLARITY_BRIGHT, 0, true },
	{ 3, 2, 6, POLARITY_BRIGHT, 0, true },
	{ -1, 2, 20, POLARITY_BRIGHT, 0, true },
	{ -1, 2, 6, POLARITY_DARK, 0, true },
	/* too far away, sure, hardly text, large, of another view */
	{ -1, 2, 40, POLARITY_BRIGHT, 0, false },
	{ 5, 2, 6, POLARITY_BRIGHT, 0, false },
	{ -1.1, 2, 6, POLARITY_BRIGHT, 0, false },
	{ -1, 3, 6, POLARITY_BRIGHT, 0, false },
	{ -1, 2, 6, POLARITY_BRIGHT, 1, false },
};

START_TEST(weak_lines_tell_how_far_they_go)
{
	struct canvas8 c = canvas();
	struct grey_plane p = plane();
	struct region start, rest;
	struct line line;
	struct line_list list = { .line = &line, .count = 1 };
	struct error err = { 0 };

	memset(picture, 0, sizeof(picture));
	start = glyphs_draw(&c, 20, 80, weak[_i].scale, 235, 0, "SUZUKI");
	rest = glyphs_draw(&c, start.x1 + weak[_i].blank, 80, weak[_i].scale,
			   235, 0, "HANAKO");
	line = bright_line(start, weak[_i].score, false);
	line.view = weak[_i].view;
	if (weak[_i].seen == POLARITY_DARK) {
		line.seen[POLARITY_DARK] = line.seen[POLARITY_BRIGHT];
		line.seen_score[POLARITY_DARK] = weak[_i].score;
		line.seen[POLARITY_BRIGHT] = (struct region){ 0 };
		line.seen_score[POLARITY_BRIGHT] = LINES_NEVER;
	}
	ck_assert(lines_reach_weak(&p, 0, &list, NULL, &err));
	ck_assert(region_equal(line.box, start));
	ck_assert_int_eq(region_contains(line.far, rest), weak[_i].on);
	ck_assert(weak[_i].on || line.far.x1 <= start.x1);
}
END_TEST

/* Texture goes on and on: of a line of which a letter was seen, and far more
 * may belong to it, nothing is told. */
START_TEST(a_third_of_faint_ink_was_seen)
{
	struct canvas8 c = canvas();
	struct grey_plane p = plane();
	struct region all;
	struct line line;
	struct line_list list = { .line = &line, .count = 1 };
	struct error err = { 0 };

	for (int letters = 3; letters <= 5; letters += 2) {
		memset(picture, 0, sizeof(picture));
		all = glyphs_draw(&c, 20, 80, 2, 235, 0, "SUZUKIHANAKO");
		all.x1 = all.x0 + 12 * letters - 2;
		line = bright_line(all, -1, false);
		ck_assert(lines_reach_weak(&p, 0, &list, NULL, &err));
		ck_assert_int_eq(region_empty(line.far), letters == 3);
	}
}
END_TEST

START_TEST(lines_of_other_views_are_left_alone)
{
	struct canvas8 c = canvas();
	struct grey_plane p = plane();
	struct line_list list = { 0 };
	struct error err = { 0 };
	struct region before;

	memset(picture, 0, sizeof(picture));
	fill((struct region){ 150, 0, 400, 200 }, 150);
	glyphs_draw(&c, 20, 80, 2, 235, 0, "SATO HANAKO 12");
	ck_assert(lines_find(&p, LINES_ACROSS, NULL, &list, &err));
	ck_assert_uint_gt(list.count, 0);
	before = list.line[0].box;
	ck_assert(lines_complete(&p, 1, 0, &list, NULL, NULL, &err));
	ck_assert(region_equal(list.line[0].box, before));
	line_list_done(&list);
}
END_TEST

/* Complete a line of which the first letters were found, in one more frame. */
static struct region next_frame(struct complete_memory *m, double wait,
				struct region found)
{
	static uint8_t last[sizeof(picture)];
	struct grey_plane p = plane();
	const struct views before = { .grey = { last }, .count = 1,
				      .columns = p.columns, .rows = p.rows };
	struct line line = { .box = found, .score = 8, .marks = 3,
			     .reach = found,
			     .seen[POLARITY_BRIGHT] = found };
	struct line_list list = { 0 }, one = { .line = &line, .count = 1 };
	struct error err = { 0 };
	struct region box;

	complete_memory_next(m, wait, &before);
	ck_assert(lines_merge(&list, &one, &err));
	ck_assert(lines_complete(&p, 0, 0, &list, m, NULL, &err));
	ck_assert_uint_eq(list.count, 1);
	box = list.line[0].box;
	line_list_done(&list);
	memcpy(last, picture, sizeof(last));
	return box;
}

/* A frame that shows the same gives the same; another is looked at anew. */
START_TEST(lines_that_stay_are_remembered)
{
	struct canvas8 c = canvas();
	struct complete_memory m = { 0 };
	struct region ink, found, whole;

	memset(picture, 0, sizeof(picture));
	ink = glyphs_draw(&c, 20, 80, 2, 235, 0, "SATOHANAKO");
	found = ink;
	found.x1 = ink.x0 + 34;
	whole = next_frame(&m, LINES_LEAST, found);
	ck_assert_int_ge(whole.x1, ink.x1 - 2);
	ck_assert(region_equal(next_frame(&m, LINES_LEAST, found), whole));
	/* the last two letters go */
	fill((struct region){ ink.x1 - 24, 60, ink.x1 + 4, 120 }, 0);
	ck_assert_int_le(next_frame(&m, LINES_LEAST, found).x1, ink.x1 - 20);
	complete_memory_done(&m);
}
END_TEST

START_TEST(weak_lines_wait_for_a_second_frame)
{
	struct canvas8 c = canvas();
	struct complete_memory m = { 0 };
	struct region ink, found;

	memset(picture, 0, sizeof(picture));
	ink = glyphs_draw(&c, 20, 80, 2, 235, 0, "SATOHANAKO");
	found = ink;
	found.x1 = ink.x0 + 34;
	ck_assert(region_equal(next_frame(&m, 9, found), found));
	ck_assert_int_ge(next_frame(&m, 9, found).x1, ink.x1 - 2);
	ck_assert_int_ge(next_frame(&m, 9, found).x1, ink.x1 - 2);
	/* and another that moves */
	ck_assert(region_equal(next_frame(&m, 9, region_move(found, 2, 0)),
			       region_move(found, 2, 0)));
	complete_memory_done(&m);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("complete");
	TCase *c = tcase_create("complete");

	add_rows_test(c, goes_on_over_another_ground, grounds);
	tcase_add_test(c, smaller_letters_beside_it_are_another_line);
	tcase_add_test(c, a_sure_line_keeps_its_letters);
	tcase_add_test(c, noise_is_no_letter);
	add_rows_test(c, a_stack_of_letters_is_one_line, stacks);
	tcase_add_test(c, a_line_that_touches_takes_no_letter);
	tcase_add_test(c, a_blank_as_wide_as_its_letters);
	tcase_add_test(c, a_long_line_behind_one_letter);
	add_rows_test(c, a_flat_letter_at_the_end, flats);
	add_rows_test(c, one_letter_runs_down, lones);
	tcase_add_test(c, a_wide_letter_runs_down);
	add_rows_test(c, a_letter_that_is_held_runs_down, lones);
	tcase_add_test(c, a_letter_that_turns_grows_down);
	tcase_add_test(c, a_letter_of_a_column_stays);
	tcase_add_test(c, a_digit_below_a_column);
	add_rows_test(c, a_blank_below_narrow_letters, narrow);
	tcase_add_test(c, a_column_is_as_wide_as_its_letters);
	tcase_add_test(c, ones_below_a_stop_go_on);
	tcase_add_test(c, a_gap_that_is_not_blank);
	tcase_add_test(c, a_caret_between_two_names);
	tcase_add_test(c, the_smallest_letters_go_on);
	tcase_add_test(c, letters_go_on_over_stripes);
	tcase_add_test(c, what_lies_over_the_end_is_no_next_letter);
	tcase_add_loop_test(c, weak_lines_tell_how_far_they_go, 0,
			    sizeof(weak) / sizeof(*weak));
	tcase_add_test(c, a_third_of_faint_ink_was_seen);
	tcase_add_test(c, lines_of_other_views_are_left_alone);
	tcase_add_test(c, lines_that_stay_are_remembered);
	tcase_add_test(c, weak_lines_wait_for_a_second_frame);
	suite_add_tcase(s, c);
	return support_run(s);
}

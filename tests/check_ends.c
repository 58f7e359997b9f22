/* check_ends.c - a line is cut to its letters, and keeps what holds ink. */
#include "config.h"

#include "ocr/ends.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ocr/prepare.h"
#include "tests/glyphs.h"
#include "tests/support.h"

enum { COLUMNS = 400, ROWS = 100, LEFT = 120, TOP = 40, SCALE = 3,
       HIGH = 7 * SCALE, GROUND = 20, LETTER = 200, FAR = 60, BAR = 30,
       PAD = 3 };

/* Letters, and a bar before or behind them in the same box. */
static const struct scene {
	const char *drawn, *read;
	const char *text;               /* of what is left; NULL: it is not cut
					 */
	bool bar[2];                    /* before, behind */
	bool hidden;                    /* it shows in the second view only */
	bool glued;                     /* nothing is between them */
	bool down;
	int lost;                       /* letters that the reader has no place
					   for */
} scenes[] = {
	{ .drawn = "ADULT", .read = "_ADULT", .text = "ADULT",
	  .bar = { true } },
	{ .drawn = "ADULT", .read = "ADULT 。", .text = "ADULT",
	  .bar = { false, true } },
	{ .drawn = "ADULT", .read = "- ADULT |", .text = "ADULT",
	  .bar = { true, true } },
	{ .drawn = "ADULT", .read = "ーADULT", .text = "ADULT",
	  .bar = { true } },
	{ .drawn = "ADULT", .read = "_ADULT", .text = "ADULT",
	  .bar = { true }, .hidden = true },
	/* blank ends are no ends */
	{ .drawn = "ADULT", .read = "ADULT", .text = "ADULT" },
	{ .drawn = "-60", .read = "-60 _", .text = "-60",
	  .bar = { false, true } },
	/* what touches a letter goes with it */
	{ .drawn = "ADULT", .read = "_ADULT", .text = "ADULT",
	  .bar = { true }, .glued = true },
	{ .drawn = "A", .read = "_A", .bar = { true } },
	{ .drawn = "ADULT", .read = "_ADULT", .bar = { true }, .down = true },
	{ .drawn = "ADULT", .read = "_ADULT", .bar = { true }, .lost = 1 },
	{ .drawn = "ADULT", .read = "_.|", .bar = { true } },
	{ .drawn = "ADULT", .read = "", .bar = { true } },
};

static uint8_t *ground(void)
{
	uint8_t *grey = mem_array(ROWS, COLUMNS);

	ck_assert_ptr_nonnull(grey);
	memset(grey, GROUND, ROWS * COLUMNS);
	return grey;
}

static void draw_bar(uint8_t *grey, int x0, int x1)
{
	for (int y = TOP + HIGH - SCALE; y < TOP + HIGH; y++)
		memset(grey + y * COLUMNS + x0, LETTER, (size_t)(x1 - x0));
}

/* The letters and the bars; where each is. */
static struct region draw(const struct scene *s, struct views *views,
			  struct region bar[2])
{
	struct canvas8 c = { ground(), COLUMNS, ROWS };
	uint8_t *other = ground();
	struct region r = glyphs_draw(&c, LEFT, TOP, SCALE, LETTER, false,
				      s->drawn);
	int gap = s->glued ? 0 : 2 * SCALE;

	bar[0] = (struct region){ r.x0 - gap - BAR, TOP, r.x0 - gap,
				  TOP + HIGH };
	bar[1] = (struct region){ r.x1 + gap, TOP, r.x1 + gap + BAR,
				  TOP + HIGH };
	for (int i = 0; i < 2; i++)
		if (s->bar[i])
			draw_bar(s->hidden ? other : c.grey, bar[i].x0,
				 bar[i].x1);
	views_take(views, c.grey, COLUMNS, ROWS);
	views->grey[views->count++] = other;
	return r;
}

/* Where a reader puts a letter whose middle is at x. */
static void put(struct symbols *all, const struct line *line, int x,
		const char *letter)
{
	int margin = prepare_margin(region_height(line->box), LOOK_USUAL);
	int wide = region_width(line->box) + 2 * margin;
	struct symbol *s = &all->symbol[all->count++];

	s->from = s->to = (uint16_t)(SYMBOLS_WHOLE *
				     (x - line->box.x0 + margin) / wide);
	symbol_look(s, letter);
}

/* The signs before the letters, those, and the signs behind them. */
static struct reading read_as(const struct scene *s, const struct line *line,
			      struct region letters, const struct region bar[2])
{
	struct reading r = { .confidence = 70 };
	const char *found = strstr(s->read, s->drawn);
	int n = (int)strlen(s->drawn), w = region_width(letters);

	snprintf(r.text, sizeof(r.text), "%s", s->read);
	for (const char *p = s->read; *p;) {
		char one[8] = "";
		size_t bytes = 1;
		int at = found ? (int)(p - found) : -1;

		while ((p[bytes] & 0xc0) == 0x80)
			bytes++;
		memcpy(one, p, bytes);
		if (*p != ' ')
			put(&r.symbols, line,
			    at < 0 ? (bar[0].x0 + bar[0].x1) / 2 :
			    at >= n ? (bar[1].x0 + bar[1].x1) / 2 :
			    letters.x0 + (2 * at + 1) * w / (2 * n), one);
		p += bytes;
	}
	r.symbols.count -= s->lost;
	return r;
}

START_TEST(is_cut_to_its_letters)
{
	const struct scene *s = &scenes[_i];
	struct views views = { 0 };
	struct region bar[2], letters = draw(s, &views, bar);
	struct line line = { .score = 9, .marks = 5, .vertical = s->down,
			     .box = { letters.x0 - FAR, TOP - PAD,
				      letters.x1 + FAR, TOP + HIGH + PAD } };
	struct reading r = read_as(s, &line, letters, bar);
	struct ends e;
	bool cut = ends_cut(&views, &line, &r, &e);

	ck_assert_msg(cut == (s->text != NULL), "%s", s->read);
	if (s->glued)
		letters = region_union(letters, bar[0]);
	if (cut) {
		ck_assert_str_eq(e.text, s->text);
		ck_assert(region_contains(e.line.box, letters));
		ck_assert(region_contains(region_grow(letters, 4),
					  e.line.box));
	}
	for (int i = 0; cut && i < 2; i++) {
		bool left = s->bar[i] && !s->glued;

		ck_assert_msg(region_empty(e.rest[i]) == !left, "%s",
			      s->read);
		ck_assert(!left || region_contains(e.rest[i], bar[i]));
		ck_assert(region_empty(region_intersect(e.rest[i],
							letters)));
	}
	views_done(&views);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("ends");
	TCase *tcase = tcase_create("ends");

	tcase_add_loop_test(tcase, is_cut_to_its_letters, 0,
			    (int)ARRAY_LENGTH(scenes));
	suite_add_tcase(suite, tcase);
	return support_run(suite);
}

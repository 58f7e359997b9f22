/* check_probe.c - what terminals answer, and how pictures look there then. */
#include "config.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support.h"
#include "ui/probe.h"

/*
 * Answers to the questions of probe_questions(), in their order, as these
 * terminals gave them (notes of measurements), and the look that follows.
 */
struct terminal {
	const char *what, *answers;
	const char *term, *tmux;
	int cell_width, cell_height;    /* of the kernel */
	enum picture_mode mode;
	enum colours colours;
	int width, height;              /* of a cell, where pixels are sent */
	enum charset charset;
	bool synchronized;
};

#define NARROW "\033[1;2R\033[1;2R"     /* U+2580 and U+1FB00: one cell */
#define WIDE "\033[1;3R\033[1;2R"       /* U+2580: two */

static const struct terminal terminals[] = {
	{ "xterm", "\033P>|XTerm(379)\033\\\033[?2026;0$y" NARROW
	  "\033[?64;1;2;6;9;15;16;17;18;21;22;28c", "xterm-256color", NULL,
	  8, 17, PICTURE_HALF, COLOURS_16M, 0, 0, CHARSET_UNICODE, false },
	{ "xterm as VT340", "\033P>|XTerm(379)\033\\\033[?2026;0$y"
	  "\033[?1;0;256S\033[?2;0;800;680S" NARROW
	  "\033[?63;1;2;4;6;9;15;16;22;28;29c", "xterm-256color", NULL, 8, 17,
	  PICTURE_SIXEL, COLOURS_16M, 8, 17, CHARSET_UNICODE, false },
	{ "kitty", "\033P>|kitty(0.26.5)\033\\\033[?2026;2$y\033[6;20;10t"
	  "\033_Gi=31;OK\033\\" NARROW "\033[?62;c", "xterm-kitty", NULL,
	  0, 0, PICTURE_KITTY, COLOURS_16M, 10, 20, CHARSET_UNICODE, true },
	{ "kitty without a cell", "\033P>|kitty(0.26.5)\033\\"
	  "\033_Gi=31;OK\033\\" NARROW "\033[?62;c", "xterm-kitty", NULL,
	  0, 0, PICTURE_SEXTANT, COLOURS_16M, 0, 0, CHARSET_UNICODE, false },
	{ "kitty that refuses", "\033P>|kitty(0.26.5)\033\\\033[6;20;10t"
	  "\033_Gi=31;EINVAL:no\033\\" NARROW "\033[?62;c", "xterm-kitty",
	  NULL, 0, 0, PICTURE_SEXTANT, COLOURS_16M, 0, 0, CHARSET_UNICODE,
	  false },
	{ "foot", "\033P>|foot(1.13.1)\033\\\033[?2026;2$y\033[6;15;8t"
	  "\033[?1;0;1024S\033[?2;0;1200;900S" NARROW "\033[?62;4;22c",
	  "foot", NULL, 8, 15, PICTURE_SIXEL, COLOURS_16M, 8, 15,
	  CHARSET_UNICODE, true },
	{ "PuTTY", NARROW "\033[?6c", "xterm-256color", NULL, 0, 0,
	  PICTURE_HALF, COLOURS_256, 0, 0, CHARSET_UNICODE, false },
	{ "mlterm", "\033[6;18;9t\033[?1;0;1024S" NARROW
	  "\033[?63;1;2;3;4;7;29c", "mlterm", NULL, 9, 18, PICTURE_SIXEL,
	  COLOURS_256, 9, 18, CHARSET_UNICODE, false },
	{ "mlterm in Japanese", "\033[6;18;9t" WIDE "\033[?63;1;2;3;4;7;29c",
	  "mlterm", NULL, 9, 18, PICTURE_SIXEL, COLOURS_256, 9, 18,
	  CHARSET_NARROW, false },
	{ "xterm -cjk_width", "\033P>|XTerm(379)\033\\" WIDE
	  "\033[?64;1;2;6c", "xterm-256color", NULL, 8, 17, PICTURE_SPACE,
	  COLOURS_16M, 0, 0, CHARSET_NARROW, false },
	/* the terminal around it is what pixels would reach, or not */
	{ "tmux", "\033P>|tmux 3.3a\033\\" NARROW "\033[?1;2c",
	  "tmux-256color", "/tmp/t,1,0", 16, 32, PICTURE_HALF, COLOURS_256, 0,
	  0, CHARSET_UNICODE, false },
	{ "tmux with sixel", "\033P>|tmux 3.4\033\\\033[6;20;10t" NARROW
	  "\033[?1;2;4c", "tmux-256color", "/tmp/t,1,0", 16, 32, PICTURE_HALF,
	  COLOURS_256, 0, 0, CHARSET_UNICODE, false },
	{ "tmux that kitty answers through", "\033P>|kitty(0.26.5)\033\\"
	  "\033[6;20;10t\033_Gi=31;OK\033\\" NARROW "\033[?62;c",
	  "xterm-kitty", "/tmp/t,1,0", 16, 32, PICTURE_SEXTANT, COLOURS_16M,
	  0, 0, CHARSET_UNICODE, false },
	{ "screen", NARROW "\033[?1;2c", "screen-256color", NULL, 8, 16,
	  PICTURE_HALF, COLOURS_256, 0, 0, CHARSET_UNICODE, false },
	{ "nothing", "", "xterm-256color", NULL, 8, 16, PICTURE_HALF,
	  COLOURS_256, 0, 0, CHARSET_UNICODE, false },
	/* made up: no cell is 2 pixels wide, nor 500 */
	{ "a cell of 2", "\033[6;4;2t" NARROW "\033[?62;4c", "xterm-256color",
	  NULL, 2, 4, PICTURE_HALF, COLOURS_256, 0, 0, CHARSET_UNICODE,
	  false },
	{ "a cell of 500", "\033[6;900;500t" NARROW "\033[?62;4c",
	  "xterm-256color", NULL, 0, 0, PICTURE_HALF, COLOURS_256, 0, 0,
	  CHARSET_UNICODE, false },
	/* 4 as the kind of terminal is no attribute; 14 and 42 are others */
	{ "no sixel", "\033[6;20;10t" NARROW "\033[?4;14;42c",
	  "xterm-256color", NULL, 10, 20, PICTURE_HALF, COLOURS_256, 0, 0,
	  CHARSET_UNICODE, false },
};

static void take(struct probe *p, const char *answers)
{
	struct input_decoder decoder = { 0 };
	struct input input;

	for (; *answers; answers++)
		if (input_byte(&decoder, (unsigned char)*answers, &input))
			probe_take(p, &input);
}

static struct surroundings around(const struct terminal *t)
{
	return (struct surroundings){ .term = t->term, .tmux = t->tmux,
		.utf8 = true, .colours = 256, .cell_width = t->cell_width,
		.cell_height = t->cell_height, .mode = -1, .palette = -1,
		.chosen = -1 };
}

START_TEST(known_terminals)
{
	const struct terminal *t = &terminals[_i];
	struct surroundings s = around(t);
	struct probe p = { 0 };

	take(&p, t->answers);

	struct look look = probe_look(&p, &s);

	ck_assert_msg(look.mode == t->mode, "%s: %s", t->what,
		      picture_mode_info[look.mode].name);
	ck_assert_msg(look.colours == t->colours, "%s: %s", t->what,
		      colours_name[look.colours]);
	ck_assert_msg(look.cell_width == t->width &&
		      look.cell_height == t->height, "%s: %dx%d", t->what,
		      look.cell_width, look.cell_height);
	ck_assert_msg(probe_charset(&p, &s) == t->charset, "%s", t->what);
	ck_assert_msg(p.synchronized == t->synchronized, "%s", t->what);
	ck_assert_msg(p.done == (*t->answers != '\0'), "%s", t->what);
	ck_assert(!picture_has_pixels(probe_text_look(&p, &s).mode));
	/* a finer mode is offered where one can be had, and only there */
	ck_assert(!probe_has_finer(&p, &s, PICTURE_KITTY));
	ck_assert_msg(probe_has_finer(&p, &s, PICTURE_SEXTANT) ==
		      (picture_has_pixels(look.mode) ||
		       !strcmp(t->what, "tmux with sixel")), "%s", t->what);
	ck_assert_msg(probe_has_finer(&p, &s, PICTURE_HALF), "%s", t->what);
}
END_TEST

/* What is asked for is done where it can be: not where boxes would lie in the
 * wrong place, nor where characters are two cells wide. */
static const struct {
	int terminal;                   /* of terminals */
	enum picture_mode wanted, is;
} wishes[] = {
	{ 0, PICTURE_QUADRANT, PICTURE_QUADRANT },
	{ 0, PICTURE_SEXTANT, PICTURE_SEXTANT },
	{ 0, PICTURE_BRAILLE, PICTURE_BRAILLE },
	{ 0, PICTURE_SIXEL, PICTURE_SIXEL },
	{ 2, PICTURE_SIXEL, PICTURE_SIXEL },
	{ 2, PICTURE_HALF, PICTURE_HALF },
	{ 3, PICTURE_KITTY, PICTURE_SEXTANT },
	{ 6, PICTURE_SIXEL, PICTURE_HALF },
	{ 9, PICTURE_HALF, PICTURE_SPACE },
	{ 9, PICTURE_QUADRANT, PICTURE_SPACE },
	{ 9, PICTURE_SEXTANT, PICTURE_SEXTANT },
	{ 10, PICTURE_KITTY, PICTURE_HALF },
	{ 10, PICTURE_SIXEL, PICTURE_HALF },
	{ 11, PICTURE_SIXEL, PICTURE_SIXEL },
	{ 11, PICTURE_KITTY, PICTURE_HALF },
	{ 10, PICTURE_SEXTANT, PICTURE_SEXTANT },
};

START_TEST(asked_for)
{
	const struct terminal *t = &terminals[wishes[_i].terminal];
	struct surroundings s = around(t);
	struct probe p = { 0 };

	take(&p, t->answers);
	s.mode = (int)wishes[_i].wanted;
	ck_assert_msg(probe_look(&p, &s).mode == wishes[_i].is, "%s: %s",
		      t->what, picture_mode_info[probe_look(&p, &s).mode].name);
	/* what was chosen on the card counts as much */
	s.mode = -1;
	s.chosen = (int)wishes[_i].wanted;
	if (wishes[_i].wanted == wishes[_i].is)
		ck_assert_int_eq(probe_look(&p, &s).mode, wishes[_i].is);
}
END_TEST

/* Without UTF-8, or with --ascii. */
START_TEST(other_character_sets)
{
	struct surroundings s = around(&terminals[0]);
	struct probe p = { 0 };

	take(&p, terminals[0].answers);
	s.utf8 = false;
	ck_assert_int_eq(probe_look(&p, &s).mode, PICTURE_SPACE);
	s.palette = COLOURS_MONO;
	ck_assert_int_eq(probe_look(&p, &s).mode, PICTURE_ASCII);
	s = around(&terminals[2]);
	take(&p, terminals[2].answers);
	s.ascii = true;
	ck_assert_int_eq(probe_look(&p, &s).mode, PICTURE_ASCII);
	ck_assert_int_eq(probe_charset(&p, &s), CHARSET_ASCII);
	s.ascii = false;
	s.no_color = "1";
	ck_assert(probe_look(&p, &s).grey);
	s.no_color = "";
	ck_assert(!probe_look(&p, &s).grey);
}
END_TEST

/* One batch, DA1 last; nothing that the Linux console would write out. */
START_TEST(questions)
{
	struct surroundings s = around(&terminals[0]);
	struct buffer out = { 0 };

	probe_questions(&s, &out);
	ck_assert_ptr_nonnull(strstr(out.data, "\033_G"));
	ck_assert_str_eq(out.data + out.length - 3, "\033[c");
	buffer_clear(&out);
	s.term = "linux";
	probe_questions(&s, &out);
	ck_assert_ptr_null(strstr(out.data, "\033_"));
	ck_assert_ptr_null(strstr(out.data, "\033P"));
	buffer_done(&out);
}
END_TEST

/* Images no larger than the terminal takes, nor than every one does. */
START_TEST(limits)
{
	struct probe p = { .registers = 1024, .limit_width = 400,
			   .limit_height = 4000 };
	struct sixel_limits l = probe_limits(&p);

	ck_assert_int_eq(l.registers, 1024);
	ck_assert_int_eq(l.width, 400);
	ck_assert_int_eq(l.height, 680);
	p = (struct probe){ .limit_width = 1, .limit_height = -5 };
	l = probe_limits(&p);
	ck_assert_int_eq(l.registers, 16);
	ck_assert_int_eq(l.width, 800);
	ck_assert_int_eq(l.height, 680);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("probe");
	TCase *tcase = tcase_create("probe");

	setlocale(LC_ALL, "C.UTF-8");
	add_rows_test(tcase, known_terminals, terminals);
	add_rows_test(tcase, asked_for, wishes);
	tcase_add_test(tcase, other_character_sets);
	tcase_add_test(tcase, questions);
	tcase_add_test(tcase, limits);
	suite_add_tcase(suite, tcase);
	return support_run(suite);
}

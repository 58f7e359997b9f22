/* check_card.c - the test card, and the choice kept for a terminal. */
#include "config.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support.h"
#include "ui/choice.h"
#include "ui/scene.h"
#include "ui/view_card.h"

static char folder[64];

static void start(void)
{
	snprintf(folder, sizeof(folder), "/tmp/sumi-card-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	setenv("XDG_CONFIG_HOME", folder, 1);
}

static void stop(void)
{
	char name[128];

	snprintf(name, sizeof(name), "%s/suminuri/terminals", folder);
	unlink(name);
	snprintf(name, sizeof(name), "%s/suminuri", folder);
	chmod(name, 0700);
	rmdir(name);
	rmdir(folder);
}

/* Each terminal has its own, the last one counts. */
START_TEST(kept)
{
	struct error err = { 0 };

	ck_assert_int_eq(choice_load("XTerm(379)"), -1);
	ck_assert(choice_save("XTerm(379)", PICTURE_QUADRANT, &err));
	ck_assert(choice_save("foot(1.13.1)", PICTURE_HALF, &err));
	ck_assert_int_eq(choice_load("XTerm(379)"), PICTURE_QUADRANT);
	ck_assert_int_eq(choice_load("foot(1.13.1)"), PICTURE_HALF);
	ck_assert_int_eq(choice_load("XTerm"), -1);
	ck_assert_int_eq(choice_load(""), -1);
	ck_assert(choice_save("XTerm(379)", PICTURE_SIXEL, &err));
	ck_assert_int_eq(choice_load("XTerm(379)"), PICTURE_SIXEL);
	ck_assert_int_eq(choice_load("foot(1.13.1)"), PICTURE_HALF);
}
END_TEST

/* A terminal says what it likes of itself: it stays one line. */
START_TEST(hostile_names)
{
	struct error err = { 0 };

	ck_assert(choice_save("a", PICTURE_HALF, &err));
	ck_assert(choice_save("x\na = kitty\n=", PICTURE_ASCII, &err));
	ck_assert_int_eq(choice_load("a"), PICTURE_HALF);
	ck_assert_int_eq(choice_load("x\na = kitty\n="), PICTURE_ASCII);
	ck_assert(!choice_save("\033\n", PICTURE_ASCII, &err));
}
END_TEST

/* Nothing is kept where nothing can be written, and that is said. */
START_TEST(no_folder)
{
	struct error err = { 0 };

	setenv("XDG_CONFIG_HOME", "/proc/nowhere", 1);
	ck_assert(!choice_save("a", PICTURE_HALF, &err));
	ck_assert_int_eq(err.code, ERR_WRITE);
	setenv("XDG_CONFIG_HOME", "relative", 1);
	unsetenv("HOME");
	ck_assert(!choice_save("a", PICTURE_HALF, &err));
	ck_assert_int_eq(choice_load("a"), -1);
}
END_TEST

static const struct { int columns, rows; enum picture_mode mode; } cards[] = {
	{ 80, 24, PICTURE_HALF }, { 40, 12, PICTURE_SPACE },
	{ 300, 100, PICTURE_SIXEL }, { 1, 1, PICTURE_ASCII },
	{ 60, 20, PICTURE_BRAILLE }, { 80, 24, PICTURE_KITTY },
};

START_TEST(drawn)
{
	struct probe probe = { .half_width = 1, .sextant_width = 1,
			       .cell_width = 8, .cell_height = 16 };
	struct surroundings around = { .term = "xterm", .utf8 = true,
		.colours = 256, .mode = -1, .palette = -1, .chosen = -1 };
	struct look look = { .mode = cards[_i].mode,
			     .colours = COLOURS_256 };
	struct scene scene = { 0 };
	struct card card = { .look = &look, .probe = &probe,
			     .around = &around, .plane = card_plane(),
			     .note = "" };
	struct buffer out = { 0 };
	struct canvas c;
	struct error err;
	bool pixels = picture_has_pixels(look.mode);

	if (pixels) {
		look.cell_width = 8;
		look.cell_height = 16;
	}
	ck_assert(canvas_init(&c, cards[_i].columns, cards[_i].rows,
			      CHARSET_UNICODE, &err));
	c.scene = &scene;
	view_card(&card, &c);
	canvas_dump(&c, &out);
	if (cards[_i].columns >= 40) {
		char in_use[64];

		snprintf(in_use, sizeof(in_use), ">%d %s",
			 (int)look.mode + 1,
			 picture_mode_info[look.mode].name);
		ck_assert_msg(strstr(out.data, in_use), "%s", out.data);
	}
	ck_assert_uint_eq(scene.count, pixels);
	/* every mode has its key, which works only where it is allowed */
	for (int i = 0; i < PICTURE_MODES; i++)
		ck_assert_int_eq(card_choice(&card, '1' + i), i);
	ck_assert_int_eq(card_choice(&card, '9'), -1);
	ck_assert_int_eq(card_choice(&card, ' '), -1);
	probe.half_width = 2;
	ck_assert_int_eq(card_choice(&card, '1' + PICTURE_HALF), -1);
	buffer_done(&out);
	scene_done(&scene);
	canvas_done(&c);
	plane_free((struct plane *)(uintptr_t)card.plane);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("card");
	TCase *tcase = tcase_create("card");

	setlocale(LC_ALL, "C.UTF-8");
	tcase_add_checked_fixture(tcase, start, stop);
	tcase_add_test(tcase, kept);
	tcase_add_test(tcase, hostile_names);
	tcase_add_test(tcase, no_folder);
	add_rows_test(tcase, drawn, cards);
	suite_add_tcase(suite, tcase);
	return support_run(suite);
}

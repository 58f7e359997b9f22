/* check_preferences.c - what a reviewer set for the screen. */
#include "config.h"

#include "ui/preferences.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support.h"

static char folder[] = "/tmp/check_preferences.XXXXXX";
static char file[64];

static void setup(void)
{
	char below[64];

	snprintf(folder, sizeof(folder), "/tmp/check_preferences.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	setenv("XDG_CONFIG_HOME", folder, 1);
	snprintf(below, sizeof(below), "%s/suminuri", folder);
	ck_assert_int_eq(mkdir(below, 0700), 0);
	snprintf(file, sizeof(file), "%s/suminuri/settings", folder);
}

static void teardown(void)
{
	char below[64];

	unlink(file);
	snprintf(below, sizeof(below), "%s/suminuri", folder);
	rmdir(below);
	rmdir(folder);
}

static const struct {
	const char *text;               /* NULL: no file */
	int idle;                       /* -1: refused */
} files[] = {
	{ NULL, PREFERENCES_IDLE }, { "", PREFERENCES_IDLE },
	{ "# nothing\n", PREFERENCES_IDLE },
	{ "idle = 0\n", 0 }, { "idle=1440", 1440 }, { "idle = 3\n", 3 },
	{ "idle = 1441\n", -1 }, { "idle = -1\n", -1 }, { "idle = x\n", -1 },
	{ "idle = 5m\n", -1 }, { "ilde = 5\n", -1 },
};

START_TEST(settings)
{
	struct preferences p;
	struct error err = { 0 };
	bool ok;

	if (files[_i].text) {
		FILE *out = fopen(file, "we");

		ck_assert_ptr_nonnull(out);
		fputs(files[_i].text, out);
		fclose(out);
	}
	ok = preferences_load(&p, &err);
	ck_assert_int_eq(ok, files[_i].idle >= 0);
	if (ok) {
		ck_assert_int_eq(p.idle, files[_i].idle);
	} else {
		ck_assert_int_eq(err.code, ERR_USAGE);
		ck_assert_ptr_nonnull(strstr(err.text, file));
	}
}
END_TEST

START_TEST(what_is_no_file_is_refused)
{
	struct preferences p;
	struct error err = { 0 };

	ck_assert_int_eq(mkdir(file, 0700), 0);
	ck_assert(!preferences_load(&p, &err));
	ck_assert_int_eq(err.code, ERR_USAGE);
	rmdir(file);
}
END_TEST

static const struct { int minutes; long long ms; bool blank; } idle[] = {
	{ 10, 599999, false }, { 10, 600000, true }, { 1, 60000, true },
	{ 1, 59999, false }, { 0, 1000000000, false },
	{ 1440, 86399999, false }, { 1440, 86400000, true },
};

START_TEST(blanked_after_so_many_minutes)
{
	ck_assert_int_eq(preferences_blank(idle[_i].minutes,
					   5000 + idle[_i].ms, 5000),
			 idle[_i].blank);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("preferences");
	TCase *c = tcase_create("preferences");

	tcase_add_checked_fixture(c, setup, teardown);
	tcase_add_loop_test(c, settings, 0, (int)ARRAY_LENGTH(files));
	tcase_add_test(c, what_is_no_file_is_refused);
	tcase_add_loop_test(c, blanked_after_so_many_minutes, 0,
			    (int)ARRAY_LENGTH(idle));
	suite_add_tcase(s, c);
	return support_run(s);
}

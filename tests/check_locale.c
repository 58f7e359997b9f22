/* check_locale.c - which locale and language is asked for. */
#include "config.h"

#include "base/locale.h"

#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/support.h"

static void set(const char *name, const char *value)
{
	if (value)
		setenv(name, value, 1);
	else
		unsetenv(name);
}

static const struct {
	const char *lc_all, *lc_ctype, *lang, *want;
} asked[] = {
	{ NULL, NULL, NULL, "" },
	{ "", "", "", "" },
	{ NULL, NULL, "ja_JP.UTF-8", "ja_JP.UTF-8" },
	{ NULL, "C.UTF-8", "ja_JP.UTF-8", "C.UTF-8" },
	{ "C", "C.UTF-8", "ja_JP.UTF-8", "C" },
	{ "", "", "de_DE", "de_DE" },
};

START_TEST(asked_for)
{
	set("LC_ALL", asked[_i].lc_all);
	set("LC_CTYPE", asked[_i].lc_ctype);
	set("LANG", asked[_i].lang);
	ck_assert_str_eq(locale_asked(), asked[_i].want);
}
END_TEST

static const struct {
	const char *name;
	bool utf8;
	const char *language;                   /* NULL: none */
} names[] = {
	{ "", false, NULL },
	{ "C", false, NULL },
	{ "POSIX", false, NULL },
	{ "C.UTF-8", true, NULL },
	{ "ja_JP.UTF-8", true, "ja_JP" },
	{ "ja_JP.utf8", true, "ja_JP" },
	{ "ja_JP.UTF-8@cjk", true, "ja_JP" },
	{ "ja_JP.eucJP", false, "ja_JP" },
	{ "ja_JP", false, "ja_JP" },
	{ "ja.UTF-16", false, "ja" },
	{ "de_DE@euro", false, "de_DE" },
	{ "a_language_name_too_long.UTF-8", true, NULL },
};

START_TEST(parts_of_a_name)
{
	char language[20];

	ck_assert(locale_is_utf8(names[_i].name) == names[_i].utf8);
	bool found = locale_language(names[_i].name, language,
				     sizeof(language));

	ck_assert(found == (names[_i].language != NULL));
	if (found)
		ck_assert_str_eq(language, names[_i].language);
}
END_TEST

/* Each runs in a process of its own: the locale does not leak. */
static const struct {
	const char *lc_all;
	enum locale_state state;
	const char *codeset, *language;
} starts[] = {
	{ NULL, LOCALE_REPLACED, "UTF-8", NULL },
	{ "C", LOCALE_AS_ASKED, "ANSI_X3.4-1968", NULL },
	{ "C.UTF-8", LOCALE_AS_ASKED, "UTF-8", NULL },
	{ "xx_YY.UTF-8", LOCALE_REPLACED, "UTF-8", "xx_YY" },
	{ "xx_YY.eucJP", LOCALE_ASCII, "ANSI_X3.4-1968", NULL },
	{ "xx_YY", LOCALE_ASCII, "ANSI_X3.4-1968", NULL },
};

START_TEST(start)
{
	char number[8];

	set("LC_ALL", starts[_i].lc_all);
	set("LC_CTYPE", NULL);
	set("LANG", NULL);
	set("LANGUAGE", NULL);
	ck_assert_int_eq(locale_start(), starts[_i].state);
	ck_assert_str_eq(nl_langinfo(CODESET), starts[_i].codeset);
	const char *language = getenv("LANGUAGE");

	if (starts[_i].language) {
		ck_assert_ptr_nonnull(language);
		ck_assert_str_eq(language, starts[_i].language);
	} else {
		ck_assert_ptr_null(language);
	}
	snprintf(number, sizeof(number), "%.1f", 0.5);
	ck_assert_str_eq(number, "0.5");
	ck_assert_str_eq(setlocale(LC_NUMERIC, NULL), "C");
}
END_TEST

START_TEST(own_language_is_kept)
{
	set("LC_ALL", "xx_YY.UTF-8");
	set("LANGUAGE", "en");
	ck_assert_int_eq(locale_start(), LOCALE_REPLACED);
	ck_assert_str_eq(getenv("LANGUAGE"), "en");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("locale");
	TCase *c = tcase_create("locale");

	add_rows_test(c, asked_for, asked);
	add_rows_test(c, parts_of_a_name, names);
	add_rows_test(c, start, starts);
	tcase_add_test(c, own_language_is_kept);
	suite_add_tcase(s, c);
	return support_run(s);
}

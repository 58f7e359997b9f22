/* check_settings.c - settings: the table, the reader, the canonical text. */
#include "config.h"

#include "base/settings.h"

#include <string.h>

#include "tests/support.h"

static const char *const faces[] = { "full", "eyes", NULL };
static const char *const formats[] = { "dicom", "png", "jpeg", NULL };

static const struct settings_row rows[] = {
	{ "age_cap", SETTINGS_NUMBER, NULL, 0, 130, "89" },
	{ "face", SETTINGS_WORD, faces, 0, 0, "full" },
	{ "formats", SETTINGS_SET, formats, 0, 0, "all" },
	{ "lang", SETTINGS_CODE, NULL, 0, 0, "eng+jpn" },
};
enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

static const struct {
	const char *text, *printed;     /* NULL: refused */
	const char *message;
} texts[] = {
	{ "", "age_cap=89\nface=full\nformats=all\nlang=eng+jpn\n", NULL },
	{ "# a comment\n face = eyes ; another\n\nage_cap=0\n",
	  "age_cap=0\nface=eyes\nformats=all\nlang=eng+jpn\n", NULL },
	{ "\xef\xbb\xbf" "formats = jpeg+dicom\nlang=jpn\n",
	  "age_cap=89\nface=full\nformats=dicom+jpeg\nlang=jpn\n", NULL },
	{ "formats = jpeg+png+dicom",
	  "age_cap=89\nface=full\nformats=all\nlang=eng+jpn\n", NULL },
	{ "face = eyes\nface = full\n",
	  "age_cap=89\nface=full\nformats=all\nlang=eng+jpn\n", NULL },
	{ "face = eyes\nfaces = full\n", NULL,
	  "line 2: there is no such setting" },
	{ "Face = eyes\n", NULL, "line 1: there is no such setting" },
	{ "\n\nface = half\n", NULL,
	  "line 3: face: not a value of it; it takes: full, eyes" },
	{ "age_cap = 131\nface=x\n", NULL,
	  "line 1: age_cap: not a value of it; it takes: 0..130" },
	{ "age_cap = 8 9\n", NULL,
	  "line 1: age_cap: not a value of it; it takes: 0..130" },
	{ "age_cap =\n", NULL,
	  "line 1: age_cap: not a value of it; it takes: 0..130" },
	{ "age_cap = 99999999999999999999\n", NULL,
	  "line 1: age_cap: not a value of it; it takes: 0..130" },
	{ "formats = png+png\n", NULL,
	  "line 1: formats: not a value of it; it takes: dicom, png, jpeg" },
	{ "formats = png+\n", NULL,
	  "line 1: formats: not a value of it; it takes: dicom, png, jpeg" },
	{ "lang = eng;rm\n", NULL,
	  "line 1: lang: not a value of it; it takes: eng+jpn" },
	{ "lang = ../x\n", NULL,
	  "line 1: lang: not a value of it; it takes: eng+jpn" },
	{ "[policy]\nface = eyes\n", NULL, "line 2: there are no sections" },
	{ "face\n", NULL, "line 1: no `name = value`" },
};

START_TEST(reads)
{
	struct settings_value value[ROWS];
	struct error err = { 0 };
	struct buffer out = { 0 };

	settings_start(rows, ROWS, value);
	bool good = settings_read(rows, ROWS, value, texts[_i].text, &err);

	ck_assert_msg(good == (texts[_i].printed != NULL), "%s", err.text);
	if (good) {
		settings_print(rows, ROWS, value, &out);
		ck_assert_str_eq(out.data, texts[_i].printed);
	} else {
		ck_assert_int_eq(err.code, ERR_USAGE);
		ck_assert_str_eq(err.text, texts[_i].message);
	}
	buffer_done(&out);
}
END_TEST

START_TEST(numbers)
{
	struct settings_value value[ROWS];

	settings_start(rows, ROWS, value);
	ck_assert_int_eq(value[0].number, 89);
	ck_assert_int_eq(value[1].number, 0);
	ck_assert_int_eq(value[2].number, 7);
	ck_assert(settings_set(rows, ROWS, value, "face", "eyes", NULL));
	ck_assert_int_eq(value[1].number, 1);
	ck_assert(settings_set(rows, ROWS, value, "formats", "jpeg", NULL));
	ck_assert_int_eq(value[2].number, 4);
	ck_assert(!settings_set(rows, ROWS, value, "formats", "", NULL));
	ck_assert_int_eq(value[2].number, 4);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("settings");
	TCase *c = tcase_create("settings");

	add_rows_test(c, reads, texts);
	tcase_add_test(c, numbers);
	suite_add_tcase(s, c);
	return support_run(s);
}

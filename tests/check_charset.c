/* check_charset.c - DICOM character sets to clean UTF-8. */
#include "config.h"

#include "base/charset.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "tests/support.h"

/* Names of PS3.5 Annex H, I, J and K, and what goes wrong in real files. */
static const struct {
	const char *specific, *value, *expected;
} cases[] = {
	{ NULL, "SMITH^JOHN", "SMITH^JOHN" },
	{ "", "SMITH^JOHN", "SMITH^JOHN" },
	{ "ISO_IR 100", "Buc^J\xe9r\xf4me", "Buc^Jérôme" },
	{ "ISO_IR 101", "Wa\xb3\xeasa", "Wałęsa" },
	{ "ISO_IR 109", "\xa6", "Ĥ" },
	{ "ISO_IR 110", "\xa2", "ĸ" },
	{ "ISO_IR 144", "\xbb\xee\xda\xe1\xd5\xdc\xd1\xe3\xe0\xd3",
	  "Люксембург" },
	{ "ISO_IR 126", "\xc4\xe9\xef\xed\xf5\xf3\xe9\xef\xf2", "Διονυσιος" },
	{ "ISO_IR 127", "\xe2\xc8\xc7\xe6\xea^\xe4\xe6\xd2\xc7\xd1",
	  "قباني^لنزار" },
	{ "ISO_IR 138", "\xf9\xf8\xe5\xef^\xe3\xe1\xe5\xf8\xe4",
	  "שרון^דבורה" },
	{ "ISO_IR 148", "\xc7" "avu\xfeo\xf0lu", "Çavuşoğlu" },
	{ "ISO_IR 203", "\xa4", "€" },
	{ "ISO_IR 166", "\xb9\xd2\xc2", "นาย" },
	{ "ISO_IR 192", "Wang^XiaoDong=王^小东=", "Wang^XiaoDong=王^小东=" },
	{ "GB18030", "Wang^XiaoDong=\xcd\xf5^\xd0\xa1\xb6\xab=",
	  "Wang^XiaoDong=王^小东=" },
	{ "GBK", "\xcd\xf5", "王" },
	/* H.3.1: IR 87 alone in G0 */
	{ "\\ISO 2022 IR 87",
	  "Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B="
	  "\x1b$B$d$^$@\x1b(B^\x1b$B$?$m$&\x1b(B",
	  "Yamada^Tarou=山田^太郎=やまだ^たろう" },
	/* H.3.2: half-width katakana first */
	{ "ISO 2022 IR 13\\ISO 2022 IR 87",
	  "\xd4\xcf\xc0\xde^\xc0\xdb\xb3="
	  "\x1b$B;3ED\x1b(J^\x1b$BB@O:\x1b(J="
	  "\x1b$B$d$^$@\x1b(J^\x1b$B$?$m$&\x1b(J",
	  "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう" },
	{ "ISO_IR 13", "\xd4\xcf\xc0\xde", "ﾔﾏﾀﾞ" },
	/* a kanji that holds the byte of the backslash: 本 is 4B 5C */
	{ "\\ISO 2022 IR 87", "\x1b$BK\\\x1b(B", "本" },
	{ "\\ISO 2022 IR 87", "\x1b$BK\\\x1b(B\\B", "本\\B" },
	{ "\\ISO 2022 IR 159", "\x1b$(D0^\x1b(B", "伱" },
	/* the old JIS X 0208 */
	{ "\\ISO 2022 IR 87", "\x1b$@;3\x1b(B", "山" },
	/* I.2: Korean in G1 */
	{ "\\ISO 2022 IR 149",
	  "Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7="
	  "\x1b$)C\xc8\xab^\x1b$)C\xb1\xe6\xb5\xbf",
	  "Hong^Gildong=洪^吉洞=홍^길동" },
	/* K.2: Chinese in G1 */
	{ "\\ISO 2022 IR 58",
	  "Zhang^XiaoDong=\x1b$)A\xd5\xc5^\x1b$)A\xd0\xa1\xb6\xab=",
	  "Zhang^XiaoDong=张^小东=" },
	/* not named, but there */
	{ NULL, "山田", "山田" },
	{ NULL, "\x8eR\x93" "c", "山田" },
	{ "ISO_IR 6", "\xff\xfe", "��" },
	{ "UNHEARD OF", "abc", "abc" },
	/* malformed */
	{ "\\ISO 2022 IR 87", "\x1b$BK", "�" },
	{ "\\ISO 2022 IR 87", "\x1b$B\x7e\x7e\x1b(BA", "�A" },
	{ "\\ISO 2022 IR 87", "A\x1b", "A" },
	{ "ISO_IR 192", "a\xc0\x80z", "a��z" },
	{ "ISO_IR 192", "\xed\xa0\x80", "���" },
	{ "ISO_IR 192", "\xe5\xb1", "��" },
	/* what could steer a terminal or a reader */
	{ NULL, "a\tb\r\nc", "a b  c" },
	{ NULL, "a\x1b[31mb\x07\x7f", "a[31mb" },
	{ "ISO_IR 192", "a\u202eb\u200fc\u2066d\u200be\ufefff", "abcdef" },
	{ "ISO_IR 192", "a\xc2\x85" "b\xc2\x9b" "c", "abc" },
	{ "ISO_IR 100", "a\x9b" "b", "ab" },
};

START_TEST(decode)
{
	struct rlimit before, none;
	struct buffer out = { 0 };

	/* nothing may be opened after charset_warm_up() */
	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = (struct rlimit){ 0, before.rlim_max };
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &none), 0);
	charset_decode(cases[_i].specific, cases[_i].value,
		       strlen(cases[_i].value), &out);
	/* a sanitizer opens files at the end, to look for leaks */
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &before), 0);
	ck_assert(!out.failed);
	ck_assert_str_eq(out.data ? out.data : "", cases[_i].expected);
	buffer_done(&out);
}
END_TEST

START_TEST(empty_and_nul)
{
	struct buffer out = { 0 };

	charset_decode("ISO_IR 100", "", 0, &out);
	charset_decode("ISO_IR 100", "a\0b", 3, &out);
	charset_decode("ISO_IR 192", "c\0d", 3, &out);
	ck_assert_str_eq(out.data, "abcd");
	buffer_done(&out);
}
END_TEST

/* Every string of two bytes after an escape comes out as clean UTF-8. */
START_TEST(any_bytes)
{
	static const char *const terms[] = { "\\ISO 2022 IR 87", "GB18030",
		"ISO_IR 192", "ISO_IR 13", "\\ISO 2022 IR 149", NULL };
	static const char *const starts[] = { "", "\x1b$B", "\x1b$(D",
					      "\x1b$)C", "\x1b-F" };
	struct buffer out = { 0 }, again = { 0 };
	char value[16];

	for (int i = 0; i < 0x10000; i++) {
		const char *start = starts[i % 5];
		size_t n = strlen(start);

		memcpy(value, start, n);
		value[n++] = (char)(i >> 8);
		value[n++] = (char)i;
		buffer_clear(&out);
		buffer_clear(&again);
		charset_decode(terms[i % 6], value, n, &out);
		buffer_append(&out, "", 0);
		charset_clean_append(&again, out.data, out.length);
		ck_assert_uint_eq(out.length, again.length);
		if (out.length)
			ck_assert_mem_eq(out.data, again.data, out.length);
	}
	buffer_done(&out);
	buffer_done(&again);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("charset");
	TCase *tcase = tcase_create("decode");
	struct error err = { 0 };

	if (!charset_warm_up(&err))
		return EXIT_FAILURE;
	add_rows_test(tcase, decode, cases);
	tcase_add_test(tcase, empty_and_nul);
	tcase_add_test(tcase, any_bytes);
	suite_add_tcase(suite, tcase);
	return support_run(suite);
}

/* check_json.c - canonical lines out, checked text in. */
#include "config.h"

#include "base/json.h"

#include <string.h>

#include "tests/support.h"

START_TEST(writes_canonical)
{
	struct buffer out = { 0 };
	struct json_writer w = json_writer(&out, true);
	static const uint8_t bytes[] = { 0x00, 0xab, 0xff };

	json_put_open(&w, NULL, '{');
	json_put_boolean(&w, "a", true);
	json_put_open(&w, "b", '[');
	json_put_integer(&w, NULL, -JSON_INTEGER_MAX);
	json_put_open(&w, NULL, '{');
	json_put_close(&w);
	json_put_open(&w, NULL, '[');
	json_put_close(&w);
	json_put_string(&w, NULL, "");
	json_put_close(&w);
	json_put_hex(&w, "c", bytes, sizeof(bytes));
	json_put_string(&w, "d", "\b\t\n\f\r\"\\/\x01\x1f\x7f\u58a8\U0001F600");
	json_put_base64(&w, "e", bytes, sizeof(bytes));
	json_put_base64(&w, "f", bytes, 2);
	json_put_base64(&w, "g", bytes + 1, 1);
	json_put_base64(&w, "h", bytes, 0);
	json_put_close(&w);
	ck_assert(!out.failed);
	ck_assert_str_eq(out.data,
			 "{\"a\":true,\"b\":[-9007199254740991,{},[],\"\"],"
			 "\"c\":\"00abff\",\"d\":\"\\b\\t\\n\\f\\r\\\"\\\\/"
			 "\\u0001\\u001f\x7f\u58a8\U0001F600\","
			 "\"e\":\"AKv/\",\"f\":\"AKs=\",\"g\":\"qw==\","
			 "\"h\":\"\"}");
	buffer_done(&out);
}
END_TEST

START_TEST(unsorted_writer_keeps_the_order)
{
	struct buffer out = { 0 };
	struct json_writer w = json_writer(&out, false);

	json_put_open(&w, NULL, '{');
	json_put_integer(&w, "v", 1);
	json_put_null(&w, "refused");
	ck_assert(!json_put_lossy(&w, "file", "a\xff\xe5\xa2.dcm"));
	ck_assert(json_put_lossy(&w, "b", "\u58a8"));
	json_put_close(&w);
	ck_assert(!out.failed);
	ck_assert_str_eq(out.data, "{\"v\":1,\"refused\":null,\"file\":"
			 "\"a\uFFFD\uFFFD\uFFFD.dcm\",\"b\":\"\u58a8\"}");
	buffer_done(&out);
}
END_TEST

/* A name of a file may hold what a terminal takes for an order. */
START_TEST(controls)
{
	static const struct {
		bool sorted;
		const char *written;
	} rows[] = {
		{ false, "\"\\u007f\\u0080\\u009b2J\u00a0\\u001b\"" },
		{ true, "\"\x7f\xc2\x80\xc2\x9b" "2J\u00a0\\u001b\"" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct buffer out = { 0 };
		struct json_writer w = json_writer(&out, rows[i].sorted);

		ck_assert(json_put_lossy(&w, NULL, "\x7f\xc2\x80\xc2\x9b"
					 "2J\u00a0\x1b"));
		ck_assert_str_eq(out.data, rows[i].written);
		buffer_done(&out);
	}
}
END_TEST

START_TEST(writer_fails)
{
	struct buffer out = { 0 };
	struct json_writer w = json_writer(&out, true);

	json_put_string(&w, NULL, "\xed\xa0\x80");
	ck_assert(out.failed);
	buffer_done(&out);
	out = (struct buffer){ 0 };
	w = json_writer(&out, true);
	json_put_integer(&w, NULL, JSON_INTEGER_MAX + 1);
	ck_assert(out.failed);
	buffer_done(&out);
}
END_TEST

START_TEST(prints_whole_lines_or_nothing)
{
	struct buffer line = { 0 };
	struct json_writer w = json_writer(&line, true);
	char text[16] = "";
	FILE *to = fmemopen(text, sizeof(text), "w");

	ck_assert_ptr_nonnull(to);
	json_put_open(&w, NULL, '{');
	json_put_integer(&w, "v", 1);
	json_put_close(&w);
	ck_assert(json_print(&line, to));
	ck_assert_ptr_null(line.data);
	w = json_writer(&line, true);
	json_put_string(&w, NULL, "\xff");
	ck_assert(!json_print(&line, to));
	ck_assert_ptr_null(line.data);
	fclose(to);
	ck_assert_str_eq(text, "{\"v\":1}\n");
}
END_TEST

static const struct {
	const char *text;
	bool good;
} texts[] = {
	{ "", true }, { "a", true }, { "\u58a8\u00e9\U0010FFFF", true },
	{ "\x80", false }, { "\xc0\x80", false }, { "\xc1\xbf", false },
	{ "\xe0\x9f\xbf", false }, { "\xed\xa0\x80", false },
	{ "\xf0\x8f\xbf\xbf", false }, { "\xf4\x90\x80\x80", false },
	{ "\xe5\xa2", false }, { "\xe5\xa2\x28", false }, { "\xff", false },
	{ "\xf1\x80\x80", false }, { "a\xc3", false },
};

START_TEST(utf8)
{
	ck_assert(json_utf8(texts[_i].text, strlen(texts[_i].text)) ==
		  texts[_i].good);
}
END_TEST

#define DEEP(x) "[[[[[[[[[[[[[[[" x "]]]]]]]]]]]]]]]"    /* 15 levels */

/* What is read, and its canonical form; NULL: there is none. */
static const struct {
	const char *text;
	bool good;
	const char *canonical;
} reads[] = {
	{ "{\"b\":1,\"a\":[true,\"x\\u000b\\/\"]}", true,
	  "{\"a\":[true,\"x\\u000b/\"],\"b\":1}" },
	{ " 12 \n", true, "12" },
	{ "{\"a\":null}", true, NULL },
	{ "[1.5]", true, NULL },
	{ "[1.0]", true, NULL },
	{ "9007199254740992", true, NULL },
	{ "9007199254740991", true, "9007199254740991" },
	{ "[]", true, "[]" },
	{ DEEP("[]"), true, DEEP("[]") },
	{ DEEP("[[]]"), false, NULL },
	{ DEEP("{\"a\":{}}"), false, NULL },
	{ "", false, NULL },
	{ "{\"a\":1,\"a\":1}", false, NULL },
	{ "{\"a\":1}x", false, NULL },
	{ "{\"a\":1}{}", false, NULL },
	{ "\"\xff\"", false, NULL },
	{ "\"\\u0000\"", false, NULL },
	{ "\"\\ud800\"", false, NULL },
	{ "[1,]", false, NULL },
	{ "99999999999999999999", false, NULL },
	{ "{a:1}", false, NULL },
	{ "nul", false, NULL },
};

START_TEST(reads_strictly)
{
	struct error err = { 0 };
	struct buffer out = { 0 };
	struct json *value = json_read(reads[_i].text, strlen(reads[_i].text),
				       &err);

	ck_assert_msg((value != NULL) == reads[_i].good, "%s", err.text);
	if (!value) {
		ck_assert_int_eq(err.code, ERR_USAGE);
	} else {
		ck_assert(json_canonical(value, &out) ==
			  (reads[_i].canonical != NULL));
		if (reads[_i].canonical)
			ck_assert_str_eq(out.data, reads[_i].canonical);
	}
	buffer_done(&out);
	json_free(value);
}
END_TEST

/* What is wrong is told by place: the text may hold a name. */
START_TEST(error_quotes_nothing)
{
	struct error err = { 0 };
	static const char text[] = "{\"a\": YAMADA}";

	ck_assert_ptr_null(json_read(text, strlen(text), &err));
	ck_assert_ptr_null(strstr(err.text, "YAMADA"));
	ck_assert_ptr_nonnull(strstr(err.text, "at byte"));
}
END_TEST

START_TEST(members)
{
	static const char text[] =
		"{\"i\":-5,\"s\":\"x\",\"t\":true,\"l\":[7,\"y\"],\"n\":null}";
	struct json *value = json_read(text, strlen(text), NULL);
	const struct json *list = json_member(value, "l");
	long long integer = 0;
	bool boolean = false;

	ck_assert_int_eq(json_kind(value), JSON_KIND_OBJECT);
	ck_assert(json_get_integer(value, "i", &integer));
	ck_assert_int_eq(integer, -5);
	ck_assert(!json_get_integer(value, "s", &integer));
	ck_assert(!json_get_integer(value, "none", &integer));
	ck_assert(!json_get_integer(list, "i", &integer));
	ck_assert_str_eq(json_get_string(value, "s"), "x");
	ck_assert_ptr_null(json_get_string(value, "i"));
	ck_assert(json_get_boolean(value, "t", &boolean) && boolean);
	ck_assert(!json_get_boolean(value, "i", &boolean));
	ck_assert_uint_eq(json_count(list), 2);
	ck_assert_uint_eq(json_count(value), 0);
	ck_assert(json_as_integer(json_at(list, 0), &integer));
	ck_assert_int_eq(integer, 7);
	ck_assert_str_eq(json_as_string(json_at(list, 1)), "y");
	ck_assert_ptr_null(json_at(list, 2));
	ck_assert_int_eq(json_kind(json_member(value, "n")), JSON_KIND_NULL);
	ck_assert_int_eq(json_kind(NULL), JSON_KIND_ABSENT);
	json_free(value);
	json_free(NULL);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("json");
	TCase *c = tcase_create("json");

	tcase_add_test(c, writes_canonical);
	tcase_add_test(c, unsorted_writer_keeps_the_order);
	tcase_add_test(c, controls);
	tcase_add_test(c, writer_fails);
	tcase_add_test(c, prints_whole_lines_or_nothing);
	add_rows_test(c, utf8, texts);
	add_rows_test(c, reads_strictly, reads);
	tcase_add_test(c, error_quotes_nothing);
	tcase_add_test(c, members);
	suite_add_tcase(s, c);
	return support_run(s);
}

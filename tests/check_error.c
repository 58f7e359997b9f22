/* check_error.c - why a call failed. */
#include "config.h"

#include "base/error.h"

#include <string.h>

#include "tests/support.h"

START_TEST(set_and_prefix)
{
	struct error err = { .reason = REASON_VIDEO };

	ck_assert(!error_set(&err, ERR_WRITE, "%s is full", "disk"));
	ck_assert_int_eq(err.code, ERR_WRITE);
	ck_assert_int_eq(err.reason, REASON_NONE);
	ck_assert_str_eq(err.text, "disk is full");
	ck_assert(!error_prefix(&err, "frame %d", 3));
	ck_assert(!error_prefix(&err, "a.dcm"));
	ck_assert_str_eq(err.text, "a.dcm: frame 3: disk is full");
	ck_assert(!error_set(NULL, ERR_WRITE, "x"));
	ck_assert(!error_prefix(NULL, "x"));
	ck_assert(!error_refuse(NULL, REASON_VIDEO, NULL, 0));
}
END_TEST

/* A text that does not fit ends with a whole UTF-8 character. */
START_TEST(cut_at_a_character)
{
	struct error err = { 0 };
	char many[ERROR_TEXT * 2] = "";

	for (int i = 0; i < ERROR_TEXT / 3 * 2; i++)
		memcpy(many + 3 * i, "\u58a8", 3);
	error_set(&err, ERR_WRITE, "%.*s%s", _i, "abc", many);
	size_t length = strlen(err.text);

	ck_assert_uint_le(length, ERROR_TEXT - 1);
	ck_assert_uint_ge(length, ERROR_TEXT - 4);
	ck_assert_uint_eq((length - (size_t)_i) % 3, 0);
	error_prefix(&err, "%.*s", _i, "abc");
	ck_assert_uint_le(strlen(err.text), ERROR_TEXT - 1);
	ck_assert_str_eq(err.text + strlen(err.text) - 3, "\u58a8");
}
END_TEST

START_TEST(refuse)
{
	struct error err = { 0 };

	ck_assert(!error_refuse(&err, REASON_SYNTAX_UNKNOWN,
				"1.2.840\033[2J.10008", 0));
	ck_assert_int_eq(err.code, ERR_REFUSED);
	ck_assert_int_eq(err.reason, REASON_SYNTAX_UNKNOWN);
	ck_assert_str_eq(err.uid, "1.2.8402.10008");
	ck_assert_str_eq(err.text,
			 "transfer syntax 1.2.8402.10008 is not known");
	error_refuse(&err, REASON_DAMAGED_FRAME, NULL, 12);
	ck_assert_str_eq(err.text,
			 "frame 12 can't be decoded; get a fresh copy");
	error_refuse(&err, REASON_JPEG_PROCESS, NULL, 0xFFC9);
	ck_assert_str_eq(err.text,
			 "JPEG process with marker 0xFFC9 is not supported");
}
END_TEST

START_TEST(uid_too_long)
{
	struct error err = { 0 };
	char uid[200];

	memset(uid, '1', sizeof(uid) - 1);
	uid[sizeof(uid) - 1] = '\0';
	error_refuse(&err, REASON_VIDEO, uid, 0);
	ck_assert_uint_eq(strlen(err.uid), ERROR_UID - 1);
}
END_TEST

/* Every reason has a code and a sentence that ends without a %-letter. */
START_TEST(every_reason)
{
	char text[ERROR_TEXT], tight[10];
	enum reason reason = (enum reason)_i;

	ck_assert_int_ne(reason_code(reason), REFUSAL_NONE);
	ck_assert_str_ne(refusal_name(reason_code(reason)), "none");
	reason_text(reason, "1.2", 5, false, text, sizeof(text));
	ck_assert_uint_gt(strlen(text), 10);
	ck_assert_ptr_null(strchr(text, '%'));
	reason_text(reason, "1.2", 5, false, tight, sizeof(tight));
	ck_assert_uint_le(strlen(tight), 9);
	ck_assert_mem_eq(tight, text, strlen(tight));
}
END_TEST

START_TEST(names)
{
	ck_assert_str_eq(refusal_name(REFUSAL_NOT_IMAGE), "not-image");
	ck_assert_str_eq(refusal_name(REFUSAL_SPECIAL_FILE), "special-file");
	ck_assert_str_eq(refusal_name(REFUSAL_COUNT), "none");
	for (int i = 1; i < REFUSAL_COUNT; i++)
		ck_assert_ptr_nonnull(refusal_name((enum refusal_code)i));
	ck_assert_int_eq(reason_code(REASON_NONE), REFUSAL_NONE);
	ck_assert_int_eq(reason_code(REASON_VIDEO), REFUSAL_VIDEO);
	ck_assert_int_eq(reason_code(REASON_COUNT), REFUSAL_NONE);
}
END_TEST

static const struct {
	enum error_code code;
	int status;
} statuses[] = {
	{ ERR_NONE, 0 }, { ERR_CHECK, 1 }, { ERR_USAGE, 2 },
	{ ERR_REFUSED, 3 }, { ERR_WRITE, 4 }, { ERR_RANGE, 5 },
	{ ERR_MEMORY, 5 }, { ERR_INTERNAL, 5 },
};

START_TEST(exit_status)
{
	ck_assert_int_eq(error_exit_status(statuses[_i].code),
			 statuses[_i].status);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("error");
	TCase *c = tcase_create("error");

	tcase_add_test(c, set_and_prefix);
	tcase_add_loop_test(c, cut_at_a_character, 0, 4);
	tcase_add_test(c, refuse);
	tcase_add_test(c, uid_too_long);
	tcase_add_loop_test(c, every_reason, 1, REASON_COUNT);
	tcase_add_test(c, names);
	add_rows_test(c, exit_status, statuses);
	suite_add_tcase(s, c);
	return support_run(s);
}

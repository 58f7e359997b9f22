/* check_uid.c - DICOM unique identifiers of our own. */
#include "config.h"

#include "base/uid.h"

#include <stdio.h>
#include <string.h>

#include "tests/support.h"

/* Worked out apart: Python, hmac and int.from_bytes(mac[:16], "big"). */
static const struct {
	const char *old, *mapped;
} maps[] = {
	{ "1.2.840.10008.1.2",
	  "2.25.125436249287317273313058956420186864831" },
	{ "2.25.1", "2.25.337750698015155866464943932266115019699" },
};

static void make_key(uint8_t key[32])
{
	for (uint8_t i = 0; i < 32; i++)
		key[i] = i;
}

START_TEST(known_map)
{
	uint8_t key[32];
	char uid[UID_SIZE], other[UID_SIZE];

	make_key(key);
	ck_assert(uid_map(key, maps[_i].old, uid));
	ck_assert_str_eq(uid, maps[_i].mapped);
	key[31] ^= 1;
	ck_assert(uid_map(key, maps[_i].old, other));
	ck_assert_str_ne(uid, other);
}
END_TEST

/* What is made is always valid, whatever the number's length. */
START_TEST(made_are_valid)
{
	uint8_t key[32];
	char old[16], uid[UID_SIZE], last[UID_SIZE] = "";
	size_t shortest = UID_SIZE;

	make_key(key);
	for (int i = 0; i < 3000; i++) {
		snprintf(old, sizeof(old), "1.%d", i);
		ck_assert(uid_map(key, old, uid));
		ck_assert_msg(uid_valid(uid), "%s", uid);
		ck_assert_int_eq(strncmp(uid, "2.25.", 5), 0);
		if (strlen(uid) < shortest)
			shortest = strlen(uid);
		ck_assert_str_ne(uid, last);
		memcpy(last, uid, sizeof(last));
	}
	/* one in 34 numbers below 2^128 has 38 digits or fewer */
	ck_assert_uint_lt(shortest, 5 + 39);
}
END_TEST

#define SIXTY "1.2.345678901234567890123456789012345678901234567890.1234567"

static const struct {
	const char *uid;
	bool valid;
} uids[] = {
	{ "1.2.840.10008.1.2", true }, { "0.0", true }, { "2", true },
	{ SIXTY "8901", true }, { SIXTY "89012", false },
	{ "", false }, { ".", false }, { "1.", false }, { ".1", false },
	{ "1..2", false }, { "1.02", false }, { "00.1", false },
	{ "1.2 ", false }, { "1.a", false }, { "1.-2", false },
	{ "1.2\0333", false },
};

START_TEST(valid)
{
	ck_assert(uid_valid(uids[_i].uid) == uids[_i].valid);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("uid");
	TCase *c = tcase_create("uid");

	add_rows_test(c, known_map, maps);
	tcase_add_test(c, made_are_valid);
	add_rows_test(c, valid, uids);
	suite_add_tcase(s, c);
	return support_run(s);
}

/* check_hash.c - SHA-256, HMAC, derived keys, hex, random bytes. */
#include "config.h"

#include "base/hash.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support.h"

/* FIPS 180-4 examples and the RFC 6962 vectors (leaf of "" and its tree). */
static const struct {
	const char *text;
	size_t length;
	const char *hex;
} digests[] = {
	{ "", 0,
	  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
	{ "abc", 3,
	  "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
	{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 56,
	  "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
	{ "\0", 1,
	  "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d" },
};

START_TEST(known_digest)
{
	uint8_t digest[HASH_SIZE];
	char hex[HASH_HEX];
	struct hasher *h = hasher_new();

	ck_assert(hash_bytes(digests[_i].text, digests[_i].length, digest));
	hash_hex(digest, HASH_SIZE, hex);
	ck_assert_str_eq(hex, digests[_i].hex);

	/* twice, in pieces of one byte: hasher_end() starts anew */
	for (int run = 0; run < 2; run++) {
		for (size_t i = 0; i < digests[_i].length; i++)
			hasher_add(h, digests[_i].text + i, 1);
		memset(digest, 0, sizeof(digest));
		ck_assert(hasher_end(h, digest));
		hash_hex(digest, HASH_SIZE, hex);
		ck_assert_str_eq(hex, digests[_i].hex);
	}
	hasher_free(h);
	hasher_free(NULL);
}
END_TEST

/* RFC 4231 uses other key lengths; these are its case 1 and 2 with the key
 * filled with zeros to 32 bytes, which HMAC does to a short key anyway. */
static const struct {
	uint8_t key[HASH_SIZE];
	const char *data, *hex;
} macs[] = {
	{ { 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11,
	    11, 11, 11 }, "Hi There",
	  "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7" },
	{ "Jefe", "what do ya want for nothing?",
	  "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843" },
};

START_TEST(known_mac)
{
	uint8_t mac[HASH_SIZE], key[HASH_SIZE];
	char hex[HASH_HEX];

	ck_assert(hash_hmac(macs[_i].key, macs[_i].data,
			    strlen(macs[_i].data), mac));
	hash_hex(mac, HASH_SIZE, hex);
	ck_assert_str_eq(hex, macs[_i].hex);

	/* a derived key is the MAC of its label; result over the input */
	memcpy(key, macs[_i].key, HASH_SIZE);
	ck_assert(hash_derive(key, macs[_i].data, key));
	ck_assert(hash_equal(key, mac, HASH_SIZE));
}
END_TEST

/* The forward-secure vectors of the log note: key 00..1f. */
START_TEST(mac_of_a_log_line)
{
	static const char line[] =
		"{\"ev\":\"session.open\",\"prev\":\"00000000000000000000"
		"00000000000000000000000000000000000000000000\",\"seq\":1,"
		"\"t\":\"2026-11-21T02:22:33.456Z\",\"v\":1,"
		"\"who\":\"r-7f3a\"}";
	uint8_t key[HASH_SIZE], mac[HASH_SIZE];
	char hex[HASH_HEX];

	for (uint8_t i = 0; i < HASH_SIZE; i++)
		key[i] = i;
	ck_assert(hash_hmac(key, line, strlen(line), mac));
	hash_hex(mac, HASH_SIZE, hex);
	ck_assert_str_eq(hex, "bd163118cee116dcb90bb95179f3855806d958e43b2929"
			      "cbc077670805800179");
}
END_TEST

struct seen_progress {
	int calls, stop_at;
	uint64_t last;
};

static bool count_progress(void *self, uint64_t done)
{
	struct seen_progress *seen = self;

	seen->calls++;
	seen->last = done;
	return seen->calls != seen->stop_at;
}

START_TEST(whole_file)
{
	char name[] = "check_hash.XXXXXX";
	int fd = mkstemp(name);
	size_t size = (5 << 20) / 2;
	char *bytes = malloc(size);
	uint8_t wanted[HASH_SIZE], digest[HASH_SIZE];
	struct seen_progress seen = { 0 };
	struct error err = { 0 };

	ck_assert_int_ge(fd, 0);
	ck_assert_ptr_nonnull(bytes);
	unlink(name);
	for (size_t i = 0; i < size; i++)
		bytes[i] = (char)(i * 7 + i / 1000);
	ck_assert_int_eq(write(fd, bytes, size), (ssize_t)size);
	ck_assert(hash_bytes(bytes, size, wanted));
	ck_assert(hash_file(fd, digest, count_progress, &seen, &err));
	ck_assert_mem_eq(digest, wanted, HASH_SIZE);
	ck_assert_int_eq(seen.calls, 3);
	ck_assert_uint_eq(seen.last, size);
	ck_assert_int_eq(lseek(fd, 0, SEEK_CUR), (off_t)size);

	seen = (struct seen_progress){ .stop_at = 2 };
	ck_assert(!hash_file(fd, digest, count_progress, &seen, &err));
	ck_assert_int_eq(err.code, ERR_NONE);
	ck_assert_int_eq(seen.calls, 2);
	close(fd);
	ck_assert(!hash_file(fd, digest, NULL, NULL, &err));
	ck_assert_int_eq(err.code, ERR_REFUSED);
	free(bytes);
}
END_TEST

static const struct {
	const char *hex;
	bool good;
} hexes[] = {
	{ "00ff", true }, { "0a1b", true }, { "00f", false },
	{ "00fff", false }, { "00FF", false }, { "00fg", false },
	{ "", false }, { "0", false }, { "/0:0", false },
};

START_TEST(hex_both_ways)
{
	uint8_t bytes[2];
	char hex[5];

	ck_assert(hash_from_hex(hexes[_i].hex, bytes, 2) == hexes[_i].good);
	if (!hexes[_i].good)
		return;
	hash_hex(bytes, 2, hex);
	ck_assert_str_eq(hex, hexes[_i].hex);
}
END_TEST

START_TEST(random_and_wipe)
{
	uint8_t a[64] = { 0 }, b[64] = { 0 };
	static const uint8_t zero[64];

	ck_assert(hash_warm_up(NULL));
	ck_assert(hash_random(a, sizeof(a), NULL));
	ck_assert(hash_random(b, sizeof(b), NULL));
	ck_assert(!hash_equal(a, b, sizeof(a)));
	ck_assert(!hash_equal(a, zero, sizeof(a)));
	memcpy(b, a, sizeof(a));
	ck_assert(hash_equal(a, b, sizeof(a)));
	b[63] ^= 1;
	ck_assert(!hash_equal(a, b, sizeof(a)));
	hash_wipe(a, sizeof(a));
	ck_assert(hash_equal(a, zero, sizeof(a)));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("hash");
	TCase *c = tcase_create("hash");

	add_rows_test(c, known_digest, digests);
	add_rows_test(c, known_mac, macs);
	tcase_add_test(c, mac_of_a_log_line);
	tcase_add_test(c, whole_file);
	add_rows_test(c, hex_both_ways, hexes);
	tcase_add_test(c, random_and_wipe);
	suite_add_tcase(s, c);
	return support_run(s);
}

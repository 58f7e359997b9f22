/* hash.c - SHA-256, HMAC, derived keys, hex, random bytes through libcrypto. */
#include "config.h"

#include "base/hash.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

enum { READ_SIZE = 1 << 20 };           /* bytes a pread() */

struct hasher {
	EVP_MD *algorithm;              /* fetched once: a fetch takes longer
					   than hashing a log line */
	EVP_MD_CTX *state;
	bool failed;
};

bool hash_warm_up(struct error *err)
{
	uint8_t digest[HASH_SIZE];

	if (!OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL) ||
	    !hash_bytes("", 0, digest) ||
	    !hash_hmac(digest, "", 0, digest))
		return error_set(err, ERR_INTERNAL,
				 "SHA-256 of libcrypto does not work");
	return true;
}

struct hasher *hasher_new(void)
{
	struct hasher *h = calloc(1, sizeof(*h));

	if (!h)
		return NULL;
	/* Harmless when done already; without it a first use reads
	   openssl.cnf. */
	OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
	h->algorithm = EVP_MD_fetch(NULL, "SHA256", NULL);
	h->state = EVP_MD_CTX_new();
	if (!h->algorithm || !h->state ||
	    !EVP_DigestInit_ex2(h->state, h->algorithm, NULL)) {
		hasher_free(h);
		return NULL;
	}
	return h;
}

void hasher_free(struct hasher *h)
{
	if (!h)
		return;
	EVP_MD_CTX_free(h->state);
	EVP_MD_free(h->algorithm);
	free(h);
}

void hasher_add(struct hasher *h, const void *data, size_t length)
{
	if (!EVP_DigestUpdate(h->state, data, length))
		h->failed = true;
}

bool hasher_end(struct hasher *h, uint8_t digest[HASH_SIZE])
{
	bool good = !h->failed;

	if (!EVP_DigestFinal_ex(h->state, digest, NULL))
		good = false;
	h->failed = !EVP_DigestInit_ex2(h->state, h->algorithm, NULL);
	return good;
}

bool hash_bytes(const void *data, size_t length, uint8_t digest[HASH_SIZE])
{
	OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
	return EVP_Digest(data, length, digest, NULL, EVP_sha256(), NULL) == 1;
}

/* Add the whole file to h. */
static bool add_file(struct hasher *h, int fd, uint8_t *chunk,
		     bool (*progress)(void *self, uint64_t done), void *self,
		     struct error *err)
{
	uint64_t done = 0;

	for (;;) {
		ssize_t got = pread(fd, chunk, READ_SIZE, (off_t)done);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return error_refuse(err, REASON_UNREADABLE, NULL, 0);
		if (got == 0)
			return true;
		hasher_add(h, chunk, (size_t)got);
		done += (uint64_t)got;
		if (progress && !progress(self, done))
			return error_set(err, ERR_NONE, "stopped");
	}
}

bool hash_file(int fd, uint8_t digest[HASH_SIZE],
	       bool (*progress)(void *self, uint64_t done), void *self,
	       struct error *err)
{
	struct hasher *h = hasher_new();
	uint8_t *chunk = malloc(READ_SIZE);
	bool good = false;

	if (!h || !chunk)
		error_set(err, ERR_MEMORY, "no memory for hashing");
	else if (add_file(h, fd, chunk, progress, self, err)) {
		good = hasher_end(h, digest);
		if (!good)
			error_set(err, ERR_MEMORY, "no memory for hashing");
	}
	free(chunk);
	hasher_free(h);
	return good;
}

bool hash_hmac(const uint8_t key[HASH_SIZE], const void *data, size_t length,
	       uint8_t mac[HASH_SIZE])
{
	uint8_t result[HASH_SIZE];      /* mac may be where key or data is */

	OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
	if (!HMAC(EVP_sha256(), key, HASH_SIZE, data, length, result, NULL))
		return false;
	memcpy(mac, result, HASH_SIZE);
	hash_wipe(result, sizeof(result));
	return true;
}

bool hash_derive(const uint8_t master[HASH_SIZE], const char *label,
		 uint8_t key[HASH_SIZE])
{
	return hash_hmac(master, label, strlen(label), key);
}

void hash_hex(const uint8_t *bytes, size_t size, char *hex)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < size; i++) {
		*hex++ = digits[bytes[i] >> 4];
		*hex++ = digits[bytes[i] & 15];
	}
	*hex = '\0';
}

/* 0..15, or -1 when it is no lower-case hex digit. */
static int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

bool hash_from_hex(const char *hex, uint8_t *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++, hex += 2) {
		int high = digit_value(hex[0]);
		int low = high < 0 ? -1 : digit_value(hex[1]);

		if (low < 0)
			return false;
		bytes[i] = (uint8_t)(high << 4 | low);
	}
	return *hex == '\0';
}

bool hash_random(void *bytes, size_t size, struct error *err)
{
	uint8_t *to = bytes;

	while (size > 0) {
		ssize_t got = getrandom(to, size, 0);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return error_set(err, ERR_INTERNAL,
					 "the kernel gives no random bytes");
		to += got;
		size -= (size_t)got;
	}
	return true;
}

bool hash_equal(const void *a, const void *b, size_t size)
{
	return CRYPTO_memcmp(a, b, size) == 0;
}

void hash_wipe(void *secret, size_t size)
{
	OPENSSL_cleanse(secret, size);
}

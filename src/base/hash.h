/*
 * hash.h - SHA-256 (FIPS 180-4), HMAC-SHA-256 (RFC 2104), derived keys, hex
 * and random bytes.  With sign.c all that sees libcrypto; no file is opened
 * by name, not even a configuration of that library.
 */
#ifndef SUMI_HASH_H
#define SUMI_HASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { HASH_SIZE = 32, HASH_HEX = 2 * HASH_SIZE + 1 };

#define HASH_CHECKED __attribute__((warn_unused_result))

/*
 * Make the library ready, so that nothing is loaded later.  Call once before
 * the first fork, sandbox or thread.  False with ERR_INTERNAL.
 */
bool hash_warm_up(struct error *err);

/* SHA-256 of length bytes.  False only when there is no memory. */
HASH_CHECKED bool hash_bytes(const void *data, size_t length,
			     uint8_t digest[HASH_SIZE]);

/*
 * Piecewise.  hasher_end() gives the digest of what was added since
 * hasher_new() or the last hasher_end(), and starts anew.  A failure in
 * between is remembered and makes hasher_end() false.
 */
struct hasher;
struct hasher *hasher_new(void);                /* NULL: no memory */
void hasher_free(struct hasher *h);             /* NULL does nothing */
void hasher_add(struct hasher *h, const void *data, size_t length);
HASH_CHECKED bool hasher_end(struct hasher *h, uint8_t digest[HASH_SIZE]);

/*
 * SHA-256 of a whole file through pread() from offset 0; its position stays.
 * progress (may be NULL) is called after each MiB with the bytes done; false
 * stops.  False with *err: ERR_REFUSED unreadable, ERR_MEMORY, or ERR_NONE
 * when progress stopped it.
 */
HASH_CHECKED bool hash_file(int fd, uint8_t digest[HASH_SIZE],
			    bool (*progress)(void *self, uint64_t done),
			    void *self, struct error *err);

HASH_CHECKED bool hash_hmac(const uint8_t key[HASH_SIZE], const void *data,
			    size_t length, uint8_t mac[HASH_SIZE]);

/* A key for one purpose: HMAC-SHA-256(master, label without its NUL). */
HASH_CHECKED bool hash_derive(const uint8_t master[HASH_SIZE],
			      const char *label, uint8_t key[HASH_SIZE]);

/* Lower-case hex: 2 * size digits and a NUL into hex. */
void hash_hex(const uint8_t *bytes, size_t size, char *hex);
/* Back: exactly 2 * size lower-case digits, then the NUL; else false. */
HASH_CHECKED bool hash_from_hex(const char *hex, uint8_t *bytes, size_t size);

/* Bytes of the kernel's generator (getrandom).  False with ERR_INTERNAL. */
HASH_CHECKED bool hash_random(void *bytes, size_t size, struct error *err);

/* Equal?  The time taken does not depend on where they differ. */
bool hash_equal(const void *a, const void *b, size_t size);

/* Overwrite a secret; the compiler may not leave it out. */
void hash_wipe(void *secret, size_t size);

#ifdef __cplusplus
}
#endif
#endif

/*
 * sign.h - Ed25519 (RFC 8032) through libcrypto.  A secret is its 32-byte
 * seed; a public key and a signature are the bytes of the RFC.
 */
#ifndef SUMI_SIGN_H
#define SUMI_SIGN_H

#include "base/hash.h"

enum { SIGN_KEY = 32, SIGN_SIZE = 64 };

/* The public key of a secret.  False only when there is no memory. */
HASH_CHECKED bool sign_public(const uint8_t secret[SIGN_KEY],
			      uint8_t public[SIGN_KEY]);
/* Sign length bytes; the same bytes give the same signature. */
HASH_CHECKED bool sign_make(const uint8_t secret[SIGN_KEY], const void *data,
			    size_t length, uint8_t signature[SIGN_SIZE]);
/* Did the holder of the secret sign exactly this? */
HASH_CHECKED bool sign_holds(const uint8_t public[SIGN_KEY], const void *data,
			     size_t length,
			     const uint8_t signature[SIGN_SIZE]);
#endif

/* sign.c - Ed25519 through libcrypto. */
#include "config.h"

#include "base/sign.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

static EVP_PKEY *load_secret(const uint8_t secret[SIGN_KEY])
{
	/* as in hash.c: no openssl.cnf is read */
	OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
	return EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, secret,
					    SIGN_KEY);
}

bool sign_public(const uint8_t secret[SIGN_KEY], uint8_t public[SIGN_KEY])
{
	EVP_PKEY *key = load_secret(secret);
	size_t length = SIGN_KEY;
	bool good = key && EVP_PKEY_get_raw_public_key(key, public, &length) &&
		    length == SIGN_KEY;

	EVP_PKEY_free(key);
	return good;
}

bool sign_make(const uint8_t secret[SIGN_KEY], const void *data,
	       size_t length, uint8_t signature[SIGN_SIZE])
{
	EVP_PKEY *key = load_secret(secret);
	EVP_MD_CTX *state = EVP_MD_CTX_new();
	size_t size = SIGN_SIZE;
	bool good = key && state &&
		    EVP_DigestSignInit(state, NULL, NULL, NULL, key) == 1 &&
		    EVP_DigestSign(state, signature, &size, data,
				   length) == 1 &&
		    size == SIGN_SIZE;

	EVP_MD_CTX_free(state);
	EVP_PKEY_free(key);
	return good;
}

bool sign_holds(const uint8_t public[SIGN_KEY], const void *data,
		size_t length, const uint8_t signature[SIGN_SIZE])
{
	EVP_PKEY *key;
	EVP_MD_CTX *state = EVP_MD_CTX_new();
	bool good;

	OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
	key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, public,
					  SIGN_KEY);
	good = key && state &&
	       EVP_DigestVerifyInit(state, NULL, NULL, NULL, key) == 1 &&
	       EVP_DigestVerify(state, signature, SIGN_SIZE, data,
				length) == 1;
	EVP_MD_CTX_free(state);
	EVP_PKEY_free(key);
	return good;
}

/* uid.c - DICOM unique identifiers of our own. */
#include "config.h"

#include "base/uid.h"

#include <string.h>

#include "base/hash.h"

enum { NUMBER_BYTES = 16, NUMBER_DIGITS = 39 };         /* 2^128 < 10^39 */

/* "2.25." and the big-endian number in decimal. */
static void write_uid(const uint8_t number[NUMBER_BYTES], char uid[UID_SIZE])
{
	uint8_t rest[NUMBER_BYTES];
	char digits[NUMBER_DIGITS];
	int first = NUMBER_DIGITS;
	bool zero = false;

	memcpy(rest, number, sizeof(rest));
	while (!zero && first > 0) {
		unsigned carry = 0;

		zero = true;
		for (int i = 0; i < NUMBER_BYTES; i++) {
			carry = carry << 8 | rest[i];
			rest[i] = (uint8_t)(carry / 10);
			carry %= 10;
			zero = zero && rest[i] == 0;
		}
		digits[--first] = (char)('0' + carry);
	}
	size_t count = (size_t)(NUMBER_DIGITS - first);

	memcpy(uid, "2.25.", 5);
	memcpy(uid + 5, digits + first, count);
	uid[5 + count] = '\0';
}

bool uid_map(const uint8_t key[32], const char *old, char uid[UID_SIZE])
{
	uint8_t mac[HASH_SIZE];

	if (!hash_hmac(key, old, strlen(old), mac))
		return false;
	write_uid(mac, uid);
	return true;
}

bool uid_valid(const char *uid)
{
	size_t length = strlen(uid), start = 0;

	if (length == 0 || length >= UID_SIZE)
		return false;
	for (size_t i = 0; i <= length; i++) {
		if (i < length && uid[i] >= '0' && uid[i] <= '9')
			continue;
		if (i < length && uid[i] != '.')
			return false;
		if (i == start || (uid[start] == '0' && i > start + 1))
			return false;
		start = i + 1;
	}
	return true;
}

/* base64.c - base64 with padding. */
#include "config.h"

#include "base/base64.h"

#include <string.h>

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			     "abcdefghijklmnopqrstuvwxyz0123456789+/";

/* Four digits of up to three bytes. */
static void put_four(const uint8_t *p, size_t left, char *four)
{
	unsigned bits = (unsigned)p[0] << 16;

	if (left > 1)
		bits |= (unsigned)p[1] << 8;
	if (left > 2)
		bits |= p[2];
	four[0] = digits[bits >> 18];
	four[1] = digits[bits >> 12 & 63];
	four[2] = left > 1 ? digits[bits >> 6 & 63] : '=';
	four[3] = left > 2 ? digits[bits & 63] : '=';
}

void base64_put(struct buffer *out, const void *bytes, size_t size)
{
	enum { AT_ONCE = 4096 };
	const uint8_t *p = bytes;
	char text[AT_ONCE];
	size_t used = 0;

	for (size_t i = 0; i < size; i += 3) {
		put_four(p + i, size - i, text + used);
		used += 4;
		if (used == AT_ONCE || i + 3 >= size) {
			buffer_append(out, text, used);
			used = 0;
		}
	}
}

/* 0..63, or -1 when it is no digit. */
static int digit_value(char c)
{
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* The 24 bits of four characters, of which the last `padding` are '='; -1. */
static long four_value(const char *four, int padding)
{
	long bits = 0;

	for (int i = 0; i < 4; i++) {
		int value = i >= 4 - padding ? 0 : digit_value(four[i]);

		if (value < 0 || (i >= 4 - padding && four[i] != '='))
			return -1;
		bits = bits << 6 | value;
	}
	return bits;
}

long base64_get(const char *text, size_t length, uint8_t *bytes, size_t most)
{
	size_t done = 0;

	if (length % 4)
		return -1;
	for (size_t i = 0; i < length; i += 4) {
		bool last = i + 4 == length;
		int padding = !last || text[i + 3] != '=' ? 0 :
			      text[i + 2] != '=' ? 1 : 2;
		long bits = four_value(text + i, padding);

		/* bits that no byte takes must be zero: one form only */
		if (bits < 0 || (bits & ((1L << (8 * padding)) - 1)) ||
		    most - done < (size_t)(3 - padding))
			return -1;
		for (int k = 0; k < 3 - padding; k++)
			bytes[done++] = (uint8_t)(bits >> (16 - 8 * k));
	}
	return (long)done;
}

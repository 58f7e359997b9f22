/* base64.c - base64 with padding. */
#include "config.h"

#include "base/base64.h"

#include <string.h>

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			     "abcdefghijklmnopqrstuvwxyz0123456789+/";

void base64_put(struct buffer *out, const void *bytes, size_t size)
{
	const uint8_t *p = bytes;

	for (size_t i = 0; i < size; i += 3) {
		size_t left = size - i;
		unsigned bits = (unsigned)p[i] << 16;
		char four[4] = { 0, 0, '=', '=' };

		if (left > 1)
			bits |= (unsigned)p[i + 1] << 8;
		if (left > 2)
			bits |= p[i + 2];
		four[0] = digits[bits >> 18];
		four[1] = digits[bits >> 12 & 63];
		if (left > 1)
			four[2] = digits[bits >> 6 & 63];
		if (left > 2)
			four[3] = digits[bits & 63];
		buffer_append(out, four, sizeof(four));
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

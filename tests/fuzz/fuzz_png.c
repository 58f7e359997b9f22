/*
 * fuzz_png.c - a PNG file, as it is and with the check sums of its chunks put
 * right: else nearly every change ends at the first wrong one.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "tests/fuzz/harness.h"

enum { SIGNATURE = 8, CHUNK_HEAD = 8, CHUNK_SUM = 4 };

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return 0;
}

static size_t be32(const uint8_t *b)
{
	return (size_t)b[0] << 24 | (size_t)b[1] << 16 | (size_t)b[2] << 8 |
	       b[3];
}

/* Each CRC is that of type and data (PNG 5.3). */
static void put_right(uint8_t *png, size_t size)
{
	size_t at = SIGNATURE;

	while (at < size && size - at >= CHUNK_HEAD + CHUNK_SUM) {
		size_t length = be32(png + at);
		uLong sum;

		if (length > size - at - CHUNK_HEAD - CHUNK_SUM)
			return;
		sum = crc32(0, png + at + 4, (uInt)length + 4);
		at += CHUNK_HEAD + length;
		for (int i = 0; i < CHUNK_SUM; i++)
			png[at++] = (uint8_t)(sum >> (24 - 8 * i));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *right = malloc(size + !size);

	harness_picture(data, size);
	if (right) {
		memcpy(right, data, size);
		put_right(right, size);
		if (memcmp(right, data, size) != 0)
			harness_picture(right, size);
	}
	free(right);
	return 0;
}

/*
 * fuzz_png_copy.c - a PNG file made from the input, sound but for what its
 * chunks hold: its masked copy passes verification, or there is none.
 *
 * Boxes (HARNESS_BOXES bytes), form, columns - 1, rows - 1, number of chunks;
 * each chunk as type, length and data; the rest are the rows, again and again
 * until there are enough.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/mem.h"
#include "tests/fuzz/harness.h"

enum { HEAD = HARNESS_BOXES + 4, MOST_CHUNKS = 8, MOST_SIDE = 40, PASSES = 7,
       INTERLACED = 0x80, SHORT = 0x40 };

/* PNG table 11.1 */
static const struct { uint8_t colour, depth, channels; } forms[] = {
	{ 0, 1, 1 }, { 0, 2, 1 }, { 0, 4, 1 }, { 0, 8, 1 }, { 0, 16, 1 },
	{ 2, 8, 3 }, { 2, 16, 3 }, { 3, 1, 1 }, { 3, 2, 1 }, { 3, 4, 1 },
	{ 3, 8, 1 }, { 4, 8, 2 }, { 4, 16, 2 }, { 6, 8, 4 }, { 6, 16, 4 },
};
enum { FORMS = sizeof(forms) / sizeof(forms[0]) };

static const char types[][5] = {
	"PLTE", "tRNS", "gAMA", "cHRM", "sRGB", "cICP", "sBIT", "bKGD",
	"pHYs", "hIST", "tEXt", "zTXt", "iTXt", "eXIf", "tIME", "sPLT",
	"iCCP", "acTL", "fcTL", "fdAT", "oFFs", "pCAL", "sCAL", "prVt",
	"IDAT", "IHDR", "IEND", "mDCV", "cLLI",
};
enum { TYPES = sizeof(types) / sizeof(types[0]) };

/* PNG 8.1: first column and row, and steps, of each Adam7 pass */
static const struct { uint8_t x, y, dx, dy; } pass[PASSES] = {
	{ 0, 0, 8, 8 }, { 4, 0, 8, 8 }, { 0, 4, 4, 8 }, { 2, 0, 4, 4 },
	{ 0, 2, 2, 4 }, { 1, 0, 2, 2 }, { 0, 1, 1, 2 },
};

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return 0;
}

static void put_u32(struct buffer *to, size_t value)
{
	const uint8_t bytes[4] = { (uint8_t)(value >> 24),
				   (uint8_t)(value >> 16),
				   (uint8_t)(value >> 8), (uint8_t)value };

	buffer_append(to, bytes, sizeof(bytes));
}

static void put_chunk(struct buffer *to, const char *type, const void *data,
		      size_t length)
{
	uLong sum = crc32(0, (const Bytef *)type, 4);

	if (length > 0)
		sum = crc32(sum, data, (uInt)length);
	put_u32(to, length);
	buffer_append(to, type, 4);
	buffer_append(to, data, length);
	put_u32(to, sum);
}

static void put_header(struct buffer *to, int form, int columns, int rows,
		       bool interlaced)
{
	const uint8_t header[13] = {
		0, 0, 0, (uint8_t)columns, 0, 0, 0, (uint8_t)rows,
		forms[form].depth, forms[form].colour, 0, 0, interlaced,
	};

	buffer_append(to, "\x89PNG\r\n\x1a\n", 8);
	put_chunk(to, "IHDR", header, sizeof(header));
}

/* Rows of one pass, from data again and again; each has a sound filter. */
static void put_rows(struct buffer *to, int form, int columns, int rows,
		     const uint8_t *data, size_t size, size_t *at)
{
	size_t bits = (size_t)forms[form].depth * forms[form].channels;
	size_t bytes = ((size_t)columns * bits + 7) / 8;

	for (int y = 0; columns > 0 && y < rows; y++)
		for (size_t i = 0; i <= bytes; i++) {
			uint8_t b = size ? data[(*at)++ % size] : 0;

			if (i == 0)
				b %= 5;         /* PNG table 9.1 */
			buffer_append(to, &b, 1);
		}
}

static void put_data(struct buffer *to, const uint8_t *form, int columns,
		     int rows, const uint8_t *data, size_t size)
{
	struct buffer samples = { 0 };
	uint8_t packed[1 << 16];
	uLongf length = sizeof(packed);
	size_t at = 0;

	for (int p = 0; *form & INTERLACED && p < PASSES; p++)
		put_rows(&samples, *form % FORMS,
			 (columns - pass[p].x + pass[p].dx - 1) / pass[p].dx,
			 (rows - pass[p].y + pass[p].dy - 1) / pass[p].dy,
			 data, size, &at);
	if (!(*form & INTERLACED))
		put_rows(&samples, *form % FORMS, columns, rows, data, size,
			 &at);
	if (*form & SHORT && samples.length > 0)
		samples.length--;
	harness_must(!samples.failed &&
		     compress2(packed, &length, (Bytef *)samples.data,
			       samples.length, 1) == Z_OK, "no picture");
	put_chunk(to, "IDAT", packed, length);
	buffer_done(&samples);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buffer png = { 0 };
	const uint8_t *form = data + HARNESS_BOXES, *end = data + size;
	const uint8_t *p = data + HEAD;
	int columns, rows;

	if (size < HEAD)
		return 0;
	columns = 1 + form[1] % MOST_SIDE;
	rows = 1 + form[2] % MOST_SIDE;
	put_header(&png, *form % FORMS, columns, rows, *form & INTERLACED);
	for (int n = form[3] % (MOST_CHUNKS + 1); n > 0 && end - p >= 2; n--) {
		size_t length = p[1], left = (size_t)(end - p) - 2;

		length = length < left ? length : left;
		put_chunk(&png, types[p[0] % TYPES], p + 2, length);
		p += 2 + length;
	}
	put_data(&png, form, columns, rows, p, (size_t)(end - p));
	put_chunk(&png, "IEND", NULL, 0);
	harness_must(!png.failed, "no memory");
	harness_copy((uint8_t *)png.data, png.length, data);
	buffer_done(&png);
	return 0;
}

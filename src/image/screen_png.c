/* screen_png.c - small PNG files in memory, for the screen. */
#include "config.h"

#include "image/screen_png.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

/* bytes of an outline; pictures are larger, and must be fast */
enum { SMALL = 1 << 16, HELD = 1 << 15, GREY = 0, RGB = 2, INDEXED = 3 };

static void put_u32(uint8_t *at, unsigned long value)
{
	for (int i = 0; i < 4; i++)
		at[i] = (uint8_t)(value >> (24 - 8 * i));
}

/* PNG 5.3: length, type, data, CRC over type and data. */
static void put_chunk(struct buffer *out, const char *type,
		      const uint8_t *data, size_t length)
{
	uint8_t word[4];
	unsigned long sum = crc32(crc32(0, NULL, 0), (const Bytef *)type, 4);

	put_u32(word, length);
	buffer_append(out, word, 4);
	buffer_append(out, type, 4);
	if (length) {
		buffer_append(out, data, length);
		sum = crc32(sum, data, (uInt)length);
	}
	put_u32(word, sum);
	buffer_append(out, word, 4);
}

/* Bits of an index: few colours pack well before zlib sees them. */
static int depth_of(const struct screen_png *png)
{
	return !png->colours ? 8 : png->colours <= 2 ? 1 :
	       png->colours <= 4 ? 2 : png->colours <= 16 ? 4 : 8;
}

/* A row as it stands in the file, without its filter byte. */
static void make_row(const struct screen_png *png, int y, uint8_t *row,
		     size_t bytes)
{
	const uint8_t *from = png->pixel + (size_t)y * png->stride;
	int depth = depth_of(png), each = 8 / depth;

	if (depth == 8) {
		for (size_t i = 0; i < bytes; i++)
			row[i] = from[i] ^ png->flip;
		return;
	}
	memset(row, 0, bytes);
	for (int x = 0; x < png->width; x++)
		row[x / each] |= (uint8_t)(from[x] <<
					   (8 - depth * (x % each + 1)));
}

static void put_rows(const struct screen_png *png, struct buffer *data)
{
	size_t bytes = png->colours ?
		       ((size_t)png->width * (size_t)depth_of(png) + 7) / 8 :
		       (size_t)png->width * (size_t)png->channels;
	uint8_t *row = mem_array(bytes + 1, 1), *held = mem_array(HELD, 1);
	z_stream z = { 0 };
	bool small = bytes * (size_t)png->height < SMALL;
	bool ok = row && held && bytes < UINT_MAX &&
		  deflateInit(&z, small ? Z_BEST_COMPRESSION : Z_BEST_SPEED) ==
		  Z_OK;

	for (int y = 0; ok && y <= png->height; y++) {
		bool last = y == png->height;

		if (!last)
			make_row(png, y, row + 1, bytes);
		z.next_in = row;
		z.avail_in = last ? 0 : (uInt)bytes + 1;
		do {
			z.next_out = held;
			z.avail_out = HELD;
			deflate(&z, last ? Z_FINISH : Z_NO_FLUSH);
			buffer_append(data, held, HELD - z.avail_out);
		} while (!z.avail_out);
	}
	if (ok)
		deflateEnd(&z);
	else
		data->failed = true;
	free(row);
	free(held);
}

static void put_palette(const struct screen_png *png, struct buffer *out)
{
	uint8_t rgb[256 * 3], alpha[256];

	for (int i = 0; i < png->colours; i++) {
		memcpy(rgb + 3 * i, png->palette + 4 * i, 3);
		alpha[i] = png->palette[4 * i + 3];
	}
	put_chunk(out, "PLTE", rgb, (size_t)png->colours * 3);
	put_chunk(out, "tRNS", alpha, (size_t)png->colours);
}

void screen_png_write(const struct screen_png *png, struct buffer *out)
{
	static const char signature[] = "\211PNG\r\n\032\n";
	struct buffer data = { 0 };
	uint8_t header[13] = { 0 };

	put_u32(header, (unsigned long)png->width);
	put_u32(header + 4, (unsigned long)png->height);
	header[8] = (uint8_t)depth_of(png);
	header[9] = png->colours ? INDEXED : png->channels == 3 ? RGB : GREY;
	buffer_append(out, signature, sizeof(signature) - 1);
	put_chunk(out, "IHDR", header, sizeof(header));
	if (png->colours)
		put_palette(png, out);
	put_rows(png, &data);
	if (data.failed)
		out->failed = true;
	else
		put_chunk(out, "IDAT", (const uint8_t *)data.data,
			  data.length);
	put_chunk(out, "IEND", NULL, 0);
	buffer_done(&data);
}

/* hostile_png.c - PNG files of the hostile set. */
#include "config.h"

#include "tests/hostile/hostile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "tests/pictures.h"

/* Colour types of PNG 11.2.2 */
enum { GREY = 0, RGB = 2, PALETTE = 3, RGBA = 6 };

static const uint8_t signature[8] = "\x89PNG\r\n\x1a\n";

/* A chunk that says it holds said bytes; its sum is right. */
static void chunk(struct buffer *png, const char *type, const void *data,
		  size_t length, unsigned long said)
{
	uint8_t head[8], sum[4];
	uLong crc;

	put_be32(head, said);
	memcpy(head + 4, type, 4);
	crc = crc32(0, head + 4, 4);
	if (length)
		crc = crc32(crc, data, (uInt)length);
	put_be32(sum, crc);
	buffer_append(png, head, sizeof(head));
	if (length)
		buffer_append(png, data, length);
	buffer_append(png, sum, sizeof(sum));
}

static void begin(struct buffer *png, unsigned long columns,
		  unsigned long rows, int depth, int colour, int interlace)
{
	uint8_t head[13] = { 0 };

	buffer_append(png, signature, sizeof(signature));
	put_be32(head, columns);
	put_be32(head + 4, rows);
	head[8] = (uint8_t)depth;
	head[9] = (uint8_t)colour;
	head[12] = (uint8_t)interlace;
	chunk(png, "IHDR", head, sizeof(head), sizeof(head));
}

/* zlib data of so many zeros. */
static uint8_t *zeros(size_t count, uLongf *length)
{
	uint8_t *plain = calloc(1, count + 1);
	uint8_t *packed = malloc(compressBound(count));

	*length = compressBound(count);
	if (!plain || !packed ||
	    compress2(packed, length, plain, count, 9) != Z_OK)
		exit(EXIT_FAILURE);
	free(plain);
	return packed;
}

static void end(struct buffer *png, const char *name, const char *code)
{
	chunk(png, "IEND", NULL, 0, 0);
	hostile_put(name, png->data, png->length, code);
	buffer_done(png);
}

/* A picture of this head with so many zeros of data. */
static void picture(const char *name, unsigned long columns,
		    unsigned long rows, int depth, int colour, int interlace,
		    size_t data, const char *code)
{
	struct buffer png = { 0 };
	uLongf length;
	uint8_t *packed = zeros(data, &length);

	begin(&png, columns, rows, depth, colour, interlace);
	chunk(&png, "IDAT", packed, length, length);
	end(&png, name, code);
	free(packed);
}

/* A sound 8 x 8 picture with a chunk that unfolds to size zeros. */
static void text_bomb(const char *name, const char *type, const char *head,
		      size_t head_length, size_t size, const char *code)
{
	struct buffer png = { 0 }, body = { 0 };
	uLongf length;
	uint8_t *packed = zeros(size, &length);

	begin(&png, 8, 8, 8, GREY, 0);
	buffer_append(&body, head, head_length);
	buffer_append(&body, packed, length);
	chunk(&png, type, body.data, body.length, body.length);
	free(packed);
	packed = zeros(72, &length);
	chunk(&png, "IDAT", packed, length, length);
	end(&png, name, code);
	buffer_done(&body);
	free(packed);
}

static void bombs(void)
{
	hostile_class("bomb");
	picture("square.png", 65535, 65535, 1, GREY, 0, 1 << 20, "too-large");
	picture("deep.png", 65535, 4096, 16, RGBA, 0, 1 << 20, "too-large");
	picture("interlaced.png", 40000, 40000, 8, RGB, 1, 1 << 20,
		"too-large");
	picture("palette.png", 20000, 20000, 1, PALETTE, 0, 1 << 20,
		"too-large");
	picture("more-than-said.png", 8, 8, 8, GREY, 0, 64 << 20, "8x8x1");
	text_bomb("text.png", "zTXt", "Comment\0", 9, 256 << 20, "8x8x1");
	text_bomb("profile.png", "iCCP", "icc\0", 5, 256 << 20, "8x8x1");
	text_bomb("international.png", "iTXt", "Title\0\1\0\0", 10, 256 << 20,
		  "8x8x1");
}

static void sizes(void)
{
	static const struct {
		const char *name;
		unsigned long columns, rows;
		const char *code;
	} row[] = {
		{ "32-bit.png", 0xffffffff, 0xffffffff, "too-large" },
		{ "31-bit.png", 0x7fffffff, 0x7fffffff, "too-large" },
		{ "65536-wide.png", 65536, 1, "too-large" },
		{ "65536-high.png", 1, 65536, "too-large" },
		{ "product-is-2-32.png", 65536, 65536, "too-large" },
		{ "product-wraps.png", 0x10001, 0xffff, "too-large" },
		{ "no-columns.png", 0, 8, "inconsistent" },
		{ "no-rows.png", 8, 0, "inconsistent" },
	};

	hostile_class("dimensions");
	for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++)
		picture(row[i].name, row[i].columns, row[i].rows, 16, RGBA, 0,
			1024, row[i].code);
}

/* The data chunk says it is of another length. */
static void lengths(void)
{
	static const struct {
		const char *name;
		unsigned long said;
		const char *code;
	} row[] = {
		{ "chunk-0.png", 0, "damaged" },
		{ "chunk-short.png", 4, "truncated" },
		{ "chunk-long.png", 100, "truncated" },
		{ "chunk-31-bit.png", 0x7fffffff, "truncated" },
		{ "chunk-32-bit.png", 0xffffffff, "damaged" },
		{ "chunk-negative.png", 0x80000000, "damaged" },
	};
	uLongf length;
	uint8_t *packed = zeros(72, &length);

	hostile_class("length");
	for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		struct buffer png = { 0 };

		begin(&png, 8, 8, 8, GREY, 0);
		chunk(&png, "IDAT", packed, length, row[i].said);
		end(&png, row[i].name, row[i].code);
	}
	free(packed);
	hostile_class("inconsistent");
	picture("too-few-rows.png", 8, 16, 8, GREY, 0, 72, "damaged");
	picture("no-palette.png", 8, 8, 8, PALETTE, 0, 72, "damaged");
	picture("depth-3.png", 8, 8, 3, GREY, 0, 72, "damaged");
	picture("palette-of-16-bits.png", 8, 8, 16, PALETTE, 0, 72, "damaged");
	picture("colour-5.png", 8, 8, 8, 5, 0, 72, "damaged");
	picture("interlace-2.png", 8, 8, 8, GREY, 2, 72, "damaged");
}

static void cuts(void)
{
	static const int keep[] = { 8, 12, 20, 33, 37, 41, 50 };
	static const struct png_spec spec = { .columns = 24, .rows = 16,
					      .depth = 8, .colour = RGB };
	struct noise noise = { .seed = 7 };
	int fd = make_png(&spec, &noise);
	size_t length;
	unsigned char *png = slurp(fd, &length);
	char name[32];

	hostile_class("truncated");
	for (size_t i = 0; i < sizeof(keep) / sizeof(keep[0]); i++) {
		snprintf(name, sizeof(name), "at-%d.png", keep[i]);
		hostile_put(name, png, (size_t)keep[i], "truncated");
	}
	hostile_put("last-byte.png", png, length - 1, "truncated");
	hostile_put("no-end.png", png, length - 12, "truncated");
	hostile_put("half.png", png, length / 2, "truncated");
	free(png);
	close(fd);
}

void hostile_png(void)
{
	bombs();
	sizes();
	lengths();
	cuts();
}

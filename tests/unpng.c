/* unpng.c - PNG by the specification's third edition; zlib unpacks. */
#include "config.h"

#include "tests/unpng.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "base/mem.h"
#include "tests/pictures.h"

static uint32_t get_u32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[2] << 8 | p[3];
}

static void put_u32(struct buffer *b, uint32_t value)
{
	uint8_t p[4] = { (uint8_t)(value >> 24), (uint8_t)(value >> 16),
			 (uint8_t)(value >> 8), (uint8_t)value };

	buffer_append(b, (const char *)p, 4);
}

static void put_chunk(struct buffer *b, const char *type, const void *data,
		      size_t length)
{
	uLong sum = crc32(crc32(0, NULL, 0), (const Bytef *)type, 4);

	if (length)             /* crc32() of NULL starts anew */
		sum = crc32(sum, data, (uInt)length);
	put_u32(b, (uint32_t)length);
	buffer_append(b, type, 4);
	if (length)
		buffer_append(b, data, length);
	put_u32(b, (uint32_t)sum);
}

/* The chunk at *offset, its sum checked; *offset goes on. */
static const uint8_t *next_chunk(const uint8_t *file, size_t size,
				 size_t *offset, size_t *length)
{
	const uint8_t *p = file + *offset;

	ck_assert_uint_ge(size, *offset + 12);
	*length = get_u32(p);
	ck_assert_uint_ge(size, *offset + 12 + *length);
	ck_assert_uint_eq(crc32(crc32(0, NULL, 0), p + 4, (uInt)*length + 4),
			  get_u32(p + 8 + *length));
	*offset += 12 + *length;
	return p;
}

/* ---- rows ---- */

static uint8_t paeth(int a, int b, int c)
{
	int pa = abs(b - c), pb = abs(a - c), pc = abs(a + b - 2 * c);

	if (pa <= pb && pa <= pc)
		return (uint8_t)a;
	return (uint8_t)(pb <= pc ? b : c);
}

/* row[0] is the filter type; above as unfiltered, bpp bytes a pixel (9.2). */
static void unfilter(uint8_t *row, const uint8_t *above, size_t bytes,
		     size_t bpp)
{
	ck_assert_int_le(row[0], 4);
	for (size_t i = 1; i <= bytes; i++) {
		int a = i > bpp ? row[i - bpp] : 0;
		int b = above ? above[i] : 0;
		int c = above && i > bpp ? above[i - bpp] : 0;
		const int guess[5] = { 0, a, b, (a + b) / 2, paeth(a, b, c) };

		row[i] = (uint8_t)(row[i] + guess[row[0]]);
	}
}

static unsigned sample_of(const uint8_t *row, int index, int depth)
{
	size_t bit = (size_t)index * (size_t)depth;

	if (depth == 16)
		return (unsigned)row[bit / 8] << 8 | row[bit / 8 + 1];
	return (unsigned)row[bit / 8] >> (8 - (size_t)depth - bit % 8) &
	       ((1u << depth) - 1);
}

/* One pass: columns x0, x0 + dx ..., rows y0, y0 + dy ...  Returns the bytes
 * it takes. */
static size_t read_pass(struct unpng *png, uint8_t *packed, size_t left,
			int x0, int y0, int dx, int dy)
{
	size_t bits = (size_t)(png->depth * png->samples);
	size_t width = (size_t)(png->columns - x0 + dx - 1) / (size_t)dx;
	size_t bytes = (width * bits + 7) / 8, at = 0;
	const uint8_t *above = NULL;

	if (x0 >= png->columns)
		return 0;
	for (int y = y0; y < png->rows; y += dy) {
		uint8_t *row = packed + at;

		ck_assert_uint_ge(left, at + bytes + 1);
		unfilter(row, above, bytes, (bits + 7) / 8);
		png->spare_bits |= row[bytes] &
				   ((1u << (bytes * 8 - width * bits)) - 1);
		for (int i = 0; i < (int)width * png->samples; i++) {
			int x = x0 + i / png->samples * dx;

			png->sample[(y * png->columns + x) * png->samples +
				    i % png->samples] =
				(uint16_t)sample_of(row + 1, i, png->depth);
		}
		above = row;
		at += bytes + 1;
	}
	return at;
}

static void read_rows(struct unpng *png, uint8_t *packed, size_t length)
{
	/* 8.2: seven passes over an 8 by 8 pattern */
	static const int adam7[7][4] = {
		{ 0, 0, 8, 8 }, { 4, 0, 8, 8 }, { 0, 4, 4, 8 },
		{ 2, 0, 4, 4 }, { 0, 2, 2, 4 }, { 1, 0, 2, 2 },
		{ 0, 1, 1, 2 },
	};
	static const int plain[1][4] = { { 0, 0, 1, 1 } };
	const int (*pass)[4] = png->interlaced ? adam7 : plain;
	size_t at = 0;

	png->sample = calloc((size_t)png->rows * (size_t)png->columns,
			     (size_t)png->samples * sizeof(*png->sample));
	ck_assert_ptr_nonnull(png->sample);
	for (int i = 0; i < (png->interlaced ? 7 : 1); i++)
		at += read_pass(png, packed + at, length - at, pass[i][0],
				pass[i][1], pass[i][2], pass[i][3]);
	png->left_over += length - at;
}

/* ---- files ---- */

static void read_header(struct unpng *png, const uint8_t *p)
{
	static const int samples[7] = { 1, 0, 3, 1, 2, 0, 4 };

	png->columns = (int)get_u32(p);
	png->rows = (int)get_u32(p + 4);
	png->depth = p[8];
	png->colour = p[9];
	png->interlaced = p[12];
	ck_assert_int_le(png->colour, 6);
	png->samples = samples[png->colour];
	ck_assert_int_gt(png->samples, 0);
}

static void read_chunk(struct unpng *png, const uint8_t *chunk, size_t length,
		       struct buffer *data)
{
	const uint8_t *p = chunk + 8;

	if (!memcmp(chunk + 4, "IHDR", 4))
		read_header(png, p);
	if (!memcmp(chunk + 4, "IDAT", 4) && length)
		buffer_append(data, (const char *)p, length);
	if (!memcmp(chunk + 4, "PLTE", 4)) {
		png->entries = (int)length / 3;
		for (int i = 0; i < png->entries; i++)
			memcpy(png->palette[i], p + 3 * i, 3);
	}
	if (!memcmp(chunk + 4, "tRNS", 4) && png->colour == 3) {
		png->alphas = (int)length;
		for (int i = 0; i < png->alphas; i++)
			png->palette[i][3] = p[i];
	} else if (!memcmp(chunk + 4, "tRNS", 4)) {
		png->has_key = true;
		for (size_t i = 0; i < length / 2 && i < 3; i++)
			png->key[i] = (uint16_t)(p[2 * i] << 8 |
						 p[2 * i + 1]);
	}
}

static void unpack(struct unpng *png, const struct buffer *data)
{
	size_t most = 64 + (size_t)png->rows * 8 +
		      (size_t)png->rows * (size_t)png->columns * 8;
	uint8_t *packed = malloc(most);
	z_stream z = { .next_in = (Bytef *)data->data,
		       .avail_in = (uInt)data->length, .next_out = packed,
		       .avail_out = (uInt)most };

	ck_assert_ptr_nonnull(packed);
	ck_assert_int_eq(inflateInit(&z), Z_OK);
	ck_assert_int_eq(inflate(&z, Z_FINISH), Z_STREAM_END);
	png->left_over = z.avail_in;
	inflateEnd(&z);
	read_rows(png, packed, z.total_out);
	free(packed);
}

void unpng_read(int fd, struct unpng *png)
{
	size_t size, offset = 8, length;
	uint8_t *file = slurp(fd, &size);
	struct buffer data = { 0 };
	const uint8_t *chunk;

	*png = (struct unpng){ 0 };
	for (int i = 0; i < 256; i++)
		png->palette[i][3] = 255;
	ck_assert_uint_ge(size, 8);
	ck_assert_mem_eq(file, "\x89PNG\r\n\x1a\n", 8);
	do {
		chunk = next_chunk(file, size, &offset, &length);
		read_chunk(png, chunk, length, &data);
	} while (memcmp(chunk + 4, "IEND", 4) != 0);
	unpack(png, &data);
	buffer_done(&data);
	free(file);
}

void unpng_done(struct unpng *png)
{
	free(png->sample);
}

int unpng_chunks(int fd, const char *type, uint8_t **data, size_t *length)
{
	size_t size, offset = 8, n;
	uint8_t *file = slurp(fd, &size);
	const uint8_t *chunk;
	int count = 0;

	do {
		chunk = next_chunk(file, size, &offset, &n);
		if (memcmp(chunk + 4, type, 4) != 0)
			continue;
		if (data && count)
			free(*data);
		count++;
		if (data) {
			*data = malloc(n + 1);
			memcpy(*data, chunk + 8, n);
			*length = n;
		}
	} while (memcmp(chunk + 4, "IEND", 4) != 0);
	free(file);
	return count;
}

int unpng_with(int fd, const char *before, const char *type, const void *data,
	       size_t length)
{
	size_t size, offset = 8, n;
	uint8_t *file = slurp(fd, &size);
	struct buffer b = { 0 };
	bool done = false;
	int made;

	buffer_append(&b, (const char *)file, 8);
	while (offset < size) {
		size_t start = offset;
		const uint8_t *chunk = next_chunk(file, size, &offset, &n);

		if (!done && !memcmp(chunk + 4, before, 4)) {
			put_chunk(&b, type, data, length);
			done = true;
		}
		buffer_append(&b, (const char *)file + start, offset - start);
	}
	ck_assert(done);
	made = memory_of(b.data, b.length);
	buffer_done(&b);
	free(file);
	return made;
}

int unpng_replace(int fd, const char *type, const void *data, size_t length)
{
	size_t size, offset = 8, n;
	uint8_t *file = slurp(fd, &size);
	struct buffer b = { 0 };
	int made;

	buffer_append(&b, (const char *)file, 8);
	while (offset < size) {
		size_t start = offset;
		const uint8_t *chunk = next_chunk(file, size, &offset, &n);

		if (!memcmp(chunk + 4, type, 4))
			put_chunk(&b, type, data, length);
		else
			buffer_append(&b, (const char *)file + start,
				      offset - start);
	}
	made = memory_of(b.data, b.length);
	buffer_done(&b);
	free(file);
	return made;
}

int unpng_make(int columns, int rows, int depth, int colour,
	       const void *rows_packed, size_t length)
{
	struct buffer b = { 0 }, header = { 0 };
	const char form[5] = { (char)depth, (char)colour, 0, 0, 0 };
	uLongf most = compressBound((uLong)length);
	Bytef *data = malloc(most);
	int made;

	put_u32(&header, (uint32_t)columns);
	put_u32(&header, (uint32_t)rows);
	buffer_append(&header, form, sizeof(form));
	ck_assert_int_eq(compress(data, &most, rows_packed, (uLong)length),
			 Z_OK);
	buffer_append(&b, "\x89PNG\r\n\x1a\n", 8);
	put_chunk(&b, "IHDR", header.data, header.length);
	put_chunk(&b, "IDAT", data, most);
	put_chunk(&b, "IEND", NULL, 0);
	made = memory_of(b.data, b.length);
	buffer_done(&b);
	buffer_done(&header);
	free(data);
	return made;
}

/* sight_png.c - PNG, all depths and both interlaces, with zlib alone. */
#include "config.h"

#include "tests/judge/sight.h"

#include <stdlib.h>
#include <string.h>

static uint32_t big32(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[2] << 8 | p[3];
}

/* The next chunk; false after the last byte. */
static bool next_chunk(const struct sight *s, size_t *at,
		       const unsigned char **type, const unsigned char **data,
		       size_t *length)
{
	size_t left = s->file.length - *at;

	if (!left)
		return false;
	if (left < 12 || (*length = big32(s->file.data + *at)) > left - 12)
		die("a PNG chunk is cut");
	*type = s->file.data + *at + 4;
	*data = *type + 4;
	*at += *length + 12;
	return true;
}

void sight_png_header(struct sight *s)
{
	static const int samples[] = { 1, 0, 3, 1, 2, 0, 4 };
	const unsigned char *type, *data;
	size_t at = 8, length;

	while (next_chunk(s, &at, &type, &data, &length)) {
		if (!memcmp(type, "IHDR", 4)) {
			s->columns = (int)big32(data);
			s->rows = (int)big32(data + 4);
			s->depth = s->stored = data[8];
			s->colour = data[9];
			s->samples = samples[s->colour];
			s->interlaced = data[12] != 0;
		} else if (!memcmp(type, "PLTE", 4)) {
			s->entries = (int)(length / 3);
			for (size_t i = 0; i < length / 3 && i < 256; i++) {
				memcpy(s->palette + 4 * i, data + 3 * i, 3);
				s->palette[4 * i + 3] = 255;
			}
		} else if (!memcmp(type, "tRNS", 4) && s->colour == 3) {
			for (size_t i = 0; i < length && i < 256; i++)
				s->palette[4 * i + 3] = data[i];
		} else if (!memcmp(type, "IEND", 4)) {
			break;
		}
	}
}

static struct bytes pixels_of(const struct sight *s)
{
	const unsigned char *type, *data;
	size_t at = 8, length;
	struct bytes packed = { need(s->file.length, 1), 0 }, raw;

	while (next_chunk(s, &at, &type, &data, &length)) {
		if (!memcmp(type, "IDAT", 4)) {
			memcpy(packed.data + packed.length, data, length);
			packed.length += length;
		} else if (!memcmp(type, "IEND", 4)) {
			break;
		}
	}
	raw = bytes_inflate(packed.data, packed.length, 15, NULL);
	free(packed.data);
	if (!raw.length)
		die("the pixels of a PNG can't be inflated");
	return raw;
}

static int paeth(int a, int b, int c)
{
	int p = a + b - c, pa = abs(p - a), pb = abs(p - b), pc = abs(p - c);

	return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
}

/* Undo the filter of a row of n bytes; up NULL for the first. */
static void unfilter(unsigned char *row, const unsigned char *up, size_t n,
		     size_t step, int filter)
{
	for (size_t i = 0; i < n; i++) {
		int a = i >= step ? row[i - step] : 0, b = up ? up[i] : 0;
		int c = up && i >= step ? up[i - step] : 0;
		int add = filter == 0 ? 0 : filter == 1 ? a : filter == 2 ? b :
			  filter == 3 ? (a + b) / 2 : paeth(a, b, c);

		row[i] = (unsigned char)(row[i] + add);
	}
}

static uint32_t sample_of(const unsigned char *row, int depth, size_t index)
{
	size_t per = 8 / (size_t)(depth < 8 ? depth : 8);

	if (depth == 16)
		return (uint32_t)row[2 * index] << 8 | row[2 * index + 1];
	return (uint32_t)row[index / per] >>
	       (8 - (size_t)depth * (index % per + 1)) & ((1u << depth) - 1);
}

uint32_t *sight_png(const struct sight *s)
{
	/* x0, y0, dx, dy of each pass of Adam7; last: not interlaced */
	static const unsigned char passes[8][4] = {
		{ 0, 0, 8, 8 }, { 4, 0, 8, 8 }, { 0, 4, 4, 8 },
		{ 2, 0, 4, 4 }, { 0, 2, 2, 4 }, { 1, 0, 2, 2 },
		{ 0, 1, 1, 2 }, { 0, 0, 1, 1 },
	};
	struct bytes raw = pixels_of(s);
	size_t columns = (size_t)s->columns, rows = (size_t)s->rows;
	size_t samples = (size_t)s->samples, at = 0;
	size_t bits = samples * (size_t)s->depth, step = (bits + 7) / 8;
	uint32_t *v = need(columns * rows * samples, sizeof(*v));

	for (int k = s->interlaced ? 0 : 7; k < (s->interlaced ? 7 : 8); k++) {
		const unsigned char *p = passes[k], *up = NULL;
		size_t wide = (columns - p[0] + p[2] - 1u) / p[2];
		size_t n = (wide * bits + 7) / 8;

		if (columns <= p[0])
			continue;
		for (size_t y = p[1]; y < rows; y += p[3]) {
			unsigned char *row = raw.data + at + 1;

			if (at + 1 + n > raw.length)
				die("a PNG has too few rows");
			unfilter(row, up, n, step, raw.data[at]);
			for (size_t i = 0; i < wide * samples; i++)
				v[(y * columns + p[0] + i / samples * p[2]) *
				  samples + i % samples] =
					sample_of(row, s->depth, i);
			up = row;
			at += n + 1;
		}
	}
	free(raw.data);
	return v;
}

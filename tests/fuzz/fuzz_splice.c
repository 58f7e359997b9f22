/*
 * fuzz_splice.c - any bytes as a JPEG stream with boxes made from them: both
 * ways of masking must refuse it or agree, block by block, as another reader
 * sees what they wrote.
 */
#include "config.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "image/format_jpeg.h"
#include "image/jpeg_blocks.h"
#include "mask/wipe_jpeg.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { REGIONS = 3, MOST_PIXELS = 1 << 22 };    /* more only takes time */

static bool put(void *self, const void *data, size_t length, struct error *err)
{
	struct buffer *out = self;

	buffer_append(out, data, length);
	return !out->failed || error_set(err, ERR_MEMORY, "no memory");
}

/* FNV-1a (Fowler, Noll, Vo 1991), so that every byte moves the boxes. */
static uint32_t hash(const uint8_t *data, size_t size)
{
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < size; i++)
		h = (h ^ data[i]) * 16777619u;
	return h;
}

static int below(uint32_t *state, int limit)
{
	*state = *state * 1664525u + 1013904223u;
	return (int)((*state >> 8) % (uint32_t)limit);
}

static void check(bool good)
{
	if (!good)
		abort();
}

static void same_rows(const struct jpeg_blocks_row *a,
		      const struct jpeg_blocks_row *b)
{
	check(a->scan == b->scan && a->row == b->row && a->parts == b->parts);
	for (int i = 0; i < a->parts; i++) {
		size_t blocks = (size_t)a->part[i].across *
				(size_t)a->part[i].down;

		check(a->part[i].across == b->part[i].across &&
		      a->part[i].down == b->part[i].down);
		check(!memcmp(a->part[i].block, b->part[i].block,
			      blocks * JPEG_BLOCK_SIZE * sizeof(int16_t)));
	}
}

static void same_blocks(const struct buffer *a, const struct buffer *b)
{
	struct jpeg_blocks *x = jpeg_blocks_open((const uint8_t *)a->data,
						 a->length, NULL);
	struct jpeg_blocks *y = jpeg_blocks_open((const uint8_t *)b->data,
						 b->length, NULL);
	struct jpeg_blocks_row p, q;
	enum jpeg_blocks_got got;

	check(x && y);
	do {
		got = jpeg_blocks_next(x, &p, NULL);
		check(got != JPEG_BLOCKS_FAILED &&
		      got == jpeg_blocks_next(y, &q, NULL));
		if (got == JPEG_BLOCKS_ROW)
			same_rows(&p, &q);
	} while (got == JPEG_BLOCKS_ROW);
	jpeg_blocks_close(x);
	jpeg_blocks_close(y);
}

/* Does the other reader take all of it? */
static bool is_whole(const uint8_t *data, size_t size)
{
	struct jpeg_blocks *b = jpeg_blocks_open(data, size, NULL);
	enum jpeg_blocks_got got = b ? JPEG_BLOCKS_ROW : JPEG_BLOCKS_FAILED;
	struct jpeg_blocks_row row;

	while (got == JPEG_BLOCKS_ROW)
		got = jpeg_blocks_next(b, &row, NULL);
	jpeg_blocks_close(b);
	return got == JPEG_BLOCKS_END;
}

static bool is_small(const uint8_t *data, size_t size)
{
	struct jpeg_head head;

	return !jpeg_head_read(data, size, &head, NULL) ||
	       (long long)head.columns * head.rows <= MOST_PIXELS;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint32_t state = hash(data, size);
	struct region region[REGIONS];
	struct jpeg_wipe how = { .region = region,
				 .regions = (size_t)below(&state, REGIONS + 1),
				 .level = (enum jpeg_level)below(&state, 3),
				 .rgb = below(&state, 2),
				 .orientation = below(&state, 9) };
	struct jpeg_wiped done;
	struct buffer spliced = { 0 }, strict = { 0 };
	bool a, b;

	if (!is_small(data, size))
		return 0;
	for (int i = 0; i < REGIONS; i++)
		region[i] = region_from_box(below(&state, 80),
					    below(&state, 60),
					    1 + below(&state, 40),
					    1 + below(&state, 30));
	a = jpeg_wipe(data, size, &how, put, &spliced, &done, NULL);
	how.strict = true;
	b = jpeg_wipe(data, size, &how, put, &strict, &done, NULL);
	if (a && b && is_whole(data, size))
		same_blocks(&spliced, &strict);
	buffer_done(&spliced);
	buffer_done(&strict);
	return 0;
}

/* fuzz_codecs.c - code streams of frames, as a hostile file may hold them. */
#include "config.h"

#include "tests/fuzz/fuzz_codecs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "image/format_j2k.h"
#include "image/format_jpeg.h"
#include "image/unpack.h"
#include "mask/clean_stream.h"

enum { MOST_SAMPLES = 1 << 20 };        /* a larger picture only takes time */

static const struct cell_form forms[FUZZ_FORMS] = {
	{ .columns = 8, .rows = 8, .samples = 1, .allocated = 1, .stored = 1 },
	{ .columns = 8, .rows = 8, .samples = 1, .allocated = 8, .stored = 8,
	  .high_bit = 7 },
	{ .columns = 8, .rows = 8, .samples = 3, .allocated = 8, .stored = 8,
	  .high_bit = 7 },
	{ .columns = 8, .rows = 8, .samples = 1, .allocated = 16,
	  .stored = 12, .high_bit = 11 },
};

static void must(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "%s\n", what);
	abort();
}

/* Both NULL, or the same bytes. */
static void same(uint8_t *a, uint8_t *b, size_t bytes, const char *what)
{
	must(!a == !b && (!a || memcmp(a, b, bytes) == 0), what);
	free(a);
	free(b);
}

static void try_rle(const struct cell_form *form, const uint8_t *data,
		    size_t size)
{
	struct cleaned first = { 0 }, second = { 0 };
	uint8_t *cells = unpack_rle(form, data, size, NULL);
	bool ok = clean_rle(form, data, size, &first, NULL);

	must(ok == (cells != NULL), "RLE: cleaned is not unpacked");
	if (first.data) {
		must(clean_rle(form, first.data, first.length, &second, NULL) &&
		     !second.data, "RLE: cleaned once is not clean");
		same(cells, unpack_rle(form, first.data, first.length, NULL),
		     cells_bytes(form), "RLE: cleaning changed the cells");
		cells = NULL;
	}
	free(cells);
	cleaned_done(&first);
	cleaned_done(&second);
}

static void try_deflate(const struct cell_form *form, const uint8_t *data,
			size_t size)
{
	size_t bytes = cells_bytes(form);
	struct cleaned first = { 0 }, second = { 0 };
	uint8_t *cells = unpack_deflate(data, size, bytes, NULL);
	bool ok = clean_deflate(bytes, data, size, &first, NULL);

	must(ok == (cells != NULL), "deflate: cleaned is not unpacked");
	if (first.data) {
		must(clean_deflate(bytes, first.data, first.length, &second,
				   NULL) && !second.data,
		     "deflate: cleaned once is not clean");
		same(cells, unpack_deflate(first.data, first.length, bytes,
					   NULL),
		     bytes, "deflate: cleaning changed the cells");
		cells = NULL;
	}
	free(cells);
	cleaned_done(&first);
	cleaned_done(&second);
}

static void try_jpeg(const uint8_t *data, size_t size)
{
	struct jpeg_head head;

	if (jpeg_head_read(data, size, &head, NULL) && jpeg_is_plain(&head) &&
	    (long long)head.columns * head.rows <= MOST_SAMPLES)
		frame_free(jpeg_decode(data, size, false, NULL));
}

static void try_lossless(const uint8_t *data, size_t size)
{
	struct cleaned first = { 0 }, second = { 0 };

	if (clean_jpeg(data, size, &first, NULL) && first.data)
		must(clean_jpeg(first.data, first.length, &second, NULL) &&
		     !second.data, "JPEG: cleaned once is not clean");
	cleaned_done(&first);
	cleaned_done(&second);
}

static bool is_small(const uint8_t *data, size_t size, struct j2k_head *head)
{
	return j2k_head_read(data, size, head, NULL) && head->uniform &&
	       head->columns > 0 && head->columns <= MOST_SAMPLES &&
	       head->rows > 0 && head->rows <= MOST_SAMPLES &&
	       head->columns * head->rows * head->components <= MOST_SAMPLES;
}

static void try_j2k(const uint8_t *data, size_t size)
{
	struct cleaned first = { 0 }, second = { 0 };
	struct j2k_head head;
	uint8_t *cells = NULL;
	bool small = is_small(data, size, &head);

	if (small) {
		cells = j2k_decode(data, size, 32, NULL);
		j2k_has_slack(data, size);
	}
	if (clean_j2k(data, size, &first, NULL) && first.data) {
		must(clean_j2k(first.data, first.length, &second, NULL) &&
		     !second.data, "JPEG 2000: cleaned once is not clean");
		if (cells) {
			same(cells, j2k_decode(first.data, first.length, 32,
					       NULL),
			     (size_t)(head.columns * head.rows *
				      head.components * 4),
			     "JPEG 2000: cleaning changed the cells");
			cells = NULL;
		}
	}
	free(cells);
	cleaned_done(&first);
	cleaned_done(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < FUZZ_HEAD)
		return 0;
	const struct cell_form *form = &forms[data[1] % FUZZ_FORMS];
	int codec = data[0] % FUZZ_CODECS;

	data += FUZZ_HEAD;
	size -= FUZZ_HEAD;
	if (codec == FUZZ_RLE)
		try_rle(form, data, size);
	else if (codec == FUZZ_DEFLATE)
		try_deflate(form, data, size);
	else if (codec == FUZZ_JPEG)
		try_jpeg(data, size);
	else if (codec == FUZZ_LOSSLESS_JPEG)
		try_lossless(data, size);
	else
		try_j2k(data, size);
	return 0;
}

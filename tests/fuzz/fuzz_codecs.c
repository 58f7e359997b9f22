/* fuzz_codecs.c - code streams of frames, as a hostile file may hold them. */
#include "config.h"

#include "tests/fuzz/fuzz_codecs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/mem.h"
#include "image/deflate.h"
#include "image/format_j2k.h"
#include "image/format_jpeg.h"
#include "image/pack.h"
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

/* What our own packers make of cells unpacks to them again. */
static void try_packers(const struct cell_form *form, const uint8_t *cells)
{
	size_t bytes = cells_bytes(form), length;
	uint8_t *packed = pack_rle(form, cells, &length, NULL), *again;

	must(packed && length % 2 == 0, "RLE: not packed");
	again = unpack_rle(form, packed, length, NULL);
	must(again && !memcmp(again, cells, bytes), "RLE: other cells");
	free(again);
	free(packed);
	packed = pack_deflate(cells, bytes, &length, NULL);
	must(packed && length % 2 == 0, "deflate: not packed");
	again = unpack_deflate(packed, length, bytes, NULL);
	must(again && !memcmp(again, cells, bytes), "deflate: other cells");
	free(again);
	free(packed);
}

static void try_rle(const struct cell_form *form, const uint8_t *data,
		    size_t size)
{
	struct cleaned first = { 0 }, second = { 0 };
	uint8_t *cells = unpack_rle(form, data, size, NULL);
	bool ok = clean_rle(form, data, size, &first, NULL);

	must(ok == (cells != NULL), "RLE: cleaned is not unpacked");
	if (cells)
		try_packers(form, cells);
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
	if (cells)
		try_packers(form, cells);
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

/* ---- long deflate streams in files ---- */

static bool put(void *self, const void *data, size_t length, struct error *err)
{
	(void)err;
	buffer_append(self, data, length);
	return true;
}

static int file_of(const void *data, size_t size)
{
	int fd = memfd_create("stream", MFD_CLOEXEC);

	must(fd >= 0 && (size == 0 ||
			 write(fd, data, size) == (ssize_t)size), "no file");
	return fd;
}

/* What the stream holds, step bytes at once; is it whole? */
static bool inflate_all(const uint8_t *data, size_t size, size_t step,
			struct buffer *out)
{
	int fd = file_of(data, size);
	struct inflater *i = inflater_new(fd, 0, NULL);
	uint8_t piece[4096];
	size_t got = step;
	bool ok = true;

	must(i && step <= sizeof(piece), "inflate: no reader");
	while (ok && got == step && out->length < MOST_SAMPLES) {
		ok = inflater_read(i, piece, step, &got, NULL);
		if (ok)
			buffer_append(out, piece, got);
	}
	ok = ok && got < step;
	must(!ok || (inflater_end(i) >= 0 &&
		     (size_t)inflater_end(i) <= size),
	     "inflate: the end lies behind the file");
	inflater_free(i);
	close(fd);
	return ok;
}

static void try_inflater(const uint8_t *data, size_t size, int form)
{
	static const size_t steps[FUZZ_FORMS] = { 1, 7, 512, 4096 };
	struct buffer first = { 0 }, packed = { 0 }, again = { 0 };
	struct deflater *d;

	if (inflate_all(data, size, steps[form], &first)) {
		d = deflater_new(put, &packed, NULL);
		must(d && deflater_add(d, first.data, first.length / 2, NULL) &&
		     deflater_add(d, first.data ? first.data + first.length / 2
						: NULL,
				  first.length - first.length / 2, NULL) &&
		     deflater_end(d, NULL), "deflate: not made");
		deflater_free(d);
		must(packed.length % 2 == 0 &&
		     inflate_all((uint8_t *)packed.data, packed.length, 512,
				 &again), "deflate: what was made is not read");
		must(again.length == first.length &&
		     (!first.length ||
		      !memcmp(again.data, first.data, first.length)),
		     "deflate: other bytes");
	}
	buffer_done(&first);
	buffer_done(&packed);
	buffer_done(&again);
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
	else if (codec == FUZZ_J2K)
		try_j2k(data, size);
	else
		try_inflater(data, size, (int)(form - forms));
	return 0;
}

/* jpeg_bits.c - bits in and out of entropy-coded segments. */
#include "config.h"

#include "mask/jpeg_bits.h"

#include <string.h>

/* ---- reading ---- */

void jpeg_reader_start(struct jpeg_reader *r, const uint8_t *begin,
		       const uint8_t *end)
{
	r->start = r->next = begin;
	r->end = end;
	r->held = r->position = 0;
	jpeg_reader_fill(r);
}

/* Stuffed bytes that the first count of byte[] were. */
static size_t stuffed_length(const struct jpeg_reader *r, size_t count)
{
	size_t stuffed = count;

	for (size_t i = 0; i < count; i++)
		stuffed += r->byte[i] == 0xff;
	return stuffed;
}

static void drop_read(struct jpeg_reader *r)
{
	size_t read = r->position / 8;

	if (read > r->held)
		read = r->held;
	r->start += stuffed_length(r, read);
	r->held -= read;
	r->position -= read * 8;
	memmove(r->byte, r->byte + read, r->held);
}

void jpeg_reader_fill(struct jpeg_reader *r)
{
	drop_read(r);
	while (r->next < r->end && r->held < JPEG_PIECE) {
		size_t left = (size_t)(r->end - r->next);
		size_t room = JPEG_PIECE - r->held;
		size_t piece = left < room ? left : room;
		const uint8_t *ff = memchr(r->next, 0xff, piece);

		if (ff)
			piece = (size_t)(ff - r->next) + 1;
		memcpy(r->byte + r->held, r->next, piece);
		r->held += piece;
		r->next += piece + (ff ? 1 : 0);
	}
	if (r->next == r->end)
		memset(r->byte + r->held, 0, sizeof(r->byte) - r->held);
}

const uint8_t *jpeg_reader_where(const struct jpeg_reader *r)
{
	return r->start + stuffed_length(r, r->position / 8);
}

/* ---- writing ---- */

void jpeg_writer_start(struct jpeg_writer *w,
		       bool (*put)(void *self, const void *data, size_t length,
				   struct error *err),
		       void *self, struct error *err)
{
	w->put = put;
	w->self = self;
	w->err = err;
	w->failed = false;
	w->bits = 0;
	w->pending = 0;
	w->held = w->ready = 0;
}

static void give_out(struct jpeg_writer *w, const void *data, size_t length)
{
	if (!w->failed)
		w->failed = !w->put(w->self, data, length, w->err);
}

static void give_ready(struct jpeg_writer *w)
{
	if (w->ready)
		give_out(w, w->out, w->ready);
	w->ready = 0;
}

void jpeg_writer_flush(struct jpeg_writer *w)
{
	if (w->ready + 2 * w->held > JPEG_OUT)
		give_ready(w);
	for (size_t i = 0; i < w->held;) {
		const uint8_t *ff = memchr(w->byte + i, 0xff, w->held - i);
		size_t piece = ff ? (size_t)(ff - w->byte) + 1 - i :
				    w->held - i;

		memcpy(w->out + w->ready, w->byte + i, piece);
		w->ready += piece;
		i += piece;
		if (ff)
			w->out[w->ready++] = 0;
	}
	w->held = 0;
}

void jpeg_writer_copy(struct jpeg_writer *w, const uint8_t *byte, size_t from,
		      size_t to)
{
	enum { STEP = 56 };
	unsigned rest;

	for (; to - from > STEP; from += STEP)
		jpeg_append(w, jpeg_peek(byte, from) >> (64 - STEP), STEP);
	rest = (unsigned)(to - from);
	if (rest)
		jpeg_append(w, jpeg_peek(byte, from) >> (64 - rest), rest);
}

void jpeg_writer_end(struct jpeg_writer *w)
{
	unsigned pad = (8 - w->pending) % 8;

	jpeg_append(w, (1u << pad) - 1, pad);
}

void jpeg_writer_raw(struct jpeg_writer *w, const void *data, size_t length)
{
	jpeg_writer_flush(w);
	if (length > JPEG_OUT - w->ready)
		give_ready(w);
	if (length > JPEG_PIECE) {
		give_ready(w);
		give_out(w, data, length);
		return;
	}
	memcpy(w->out + w->ready, data, length);
	w->ready += length;
}

void jpeg_writer_alive(struct jpeg_writer *w)
{
	give_out(w, "", 0);
}

bool jpeg_writer_close(struct jpeg_writer *w)
{
	jpeg_writer_flush(w);
	give_ready(w);
	return !w->failed;
}

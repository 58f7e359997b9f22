/*
 * jpeg_bits.h - the bits of an entropy-coded segment: byte stuffing (ITU-T
 * T.81 F.1.2.3) taken out and put in again in pieces that stay in the cache.
 * Knows no codes.
 */
#ifndef SUMI_JPEG_BITS_H
#define SUMI_JPEG_BITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/*
 * JPEG_AHEAD: one MCU at most: 10 blocks (T.81 B.2.3) of 64 coefficients, each
 * a code of 16 bits and a value of 15; and a word that is read beyond.
 */
enum { JPEG_PIECE = 16 * 1024, JPEG_AHEAD = 10 * 64 * 31 / 8 + 16 };

/* ---- reading ---- */

/* byte[held] without stuffing; zeros follow, so reading ahead does no harm. */
struct jpeg_reader {
	const uint8_t *start;           /* where byte[0] lies in the stream */
	const uint8_t *next, *end;      /* what is not in byte[] yet */
	size_t held;
	size_t position;                /* in bits of byte[] */
	uint8_t byte[JPEG_PIECE + 2 * JPEG_AHEAD];
};

/* Begin with an interval: stuffed bytes without markers. */
void jpeg_reader_start(struct jpeg_reader *r, const uint8_t *begin,
		       const uint8_t *end);

/* May a whole MCU lie beyond byte[]?  Then fill; it moves byte[]. */
static inline bool jpeg_reader_low(const struct jpeg_reader *r)
{
	return r->next < r->end && r->position / 8 + JPEG_AHEAD > r->held;
}
void jpeg_reader_fill(struct jpeg_reader *r);

/* Was more read than there is? */
static inline bool jpeg_reader_beyond(const struct jpeg_reader *r)
{
	return r->position > r->held * 8;
}

/* Where in the stream the byte lies in which position is. */
const uint8_t *jpeg_reader_where(const struct jpeg_reader *r);

/* The next 57 bits at least, from the highest bit of the result on. */
static inline uint64_t jpeg_peek(const uint8_t *byte, size_t position)
{
	const uint8_t *p = byte + position / 8;
	uint64_t word = (uint64_t)p[0] << 56 | (uint64_t)p[1] << 48 |
			(uint64_t)p[2] << 40 | (uint64_t)p[3] << 32 |
			(uint64_t)p[4] << 24 | (uint64_t)p[5] << 16 |
			(uint64_t)p[6] << 8 | p[7];

	return word << position % 8;
}

/* ---- writing ---- */

enum { JPEG_OUT = 4 * JPEG_PIECE };

struct jpeg_writer {
	bool (*put)(void *self, const void *data, size_t length,
		    struct error *err);
	void *self;
	struct error *err;
	bool failed;                    /* put() said no: nothing more goes */
	uint64_t bits;                  /* the lowest pending of them */
	unsigned pending;               /* 0..7 */
	size_t held;                    /* bytes without stuffing */
	size_t ready;                   /* bytes to put() */
	uint8_t byte[JPEG_PIECE + 16];
	uint8_t out[JPEG_OUT];
};

/* Begin anew; put() gets the bytes, and false from it ends with *err. */
void jpeg_writer_start(struct jpeg_writer *w,
		       bool (*put)(void *self, const void *data, size_t length,
				   struct error *err),
		       void *self, struct error *err);

/* Stuff the whole bytes. */
void jpeg_writer_flush(struct jpeg_writer *w);

/* Append the lowest count bits of value (0..56; the others are 0). */
static inline void jpeg_append(struct jpeg_writer *w, uint64_t value,
			       unsigned count)
{
	unsigned bits = w->pending + count;
	uint64_t all = w->bits << count | value;
	uint64_t top = bits ? all << (64 - bits) : 0;
	uint8_t *p = w->byte + w->held;

	p[0] = (uint8_t)(top >> 56);
	p[1] = (uint8_t)(top >> 48);
	p[2] = (uint8_t)(top >> 40);
	p[3] = (uint8_t)(top >> 32);
	p[4] = (uint8_t)(top >> 24);
	p[5] = (uint8_t)(top >> 16);
	p[6] = (uint8_t)(top >> 8);
	p[7] = (uint8_t)top;
	w->held += bits / 8;
	w->pending = bits % 8;
	w->bits = all & ((1u << w->pending) - 1);
	if (w->held > JPEG_PIECE)
		jpeg_writer_flush(w);
}

/* Append the bits of byte[] from one position to another. */
void jpeg_writer_copy(struct jpeg_writer *w, const uint8_t *byte, size_t from,
		      size_t to);

/* End an interval: ones up to a whole byte (T.81 F.1.2.3). */
void jpeg_writer_end(struct jpeg_writer *w);

/* Append bytes as they are, where no bits are pending. */
void jpeg_writer_raw(struct jpeg_writer *w, const void *data, size_t length);

/* A sign of life to put(). */
void jpeg_writer_alive(struct jpeg_writer *w);

/* Put all that is left.  Returns whether all was put. */
bool jpeg_writer_close(struct jpeg_writer *w);

#endif

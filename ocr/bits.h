/*
 * bits.h - 64 pixels of a row at once: which of them stand out, and where that
 * changes.
 */
#ifndef SUMI_BITS_H
#define SUMI_BITS_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { BITS = 64 };

/* Which of 64 pixels exceed their bounds, the first in the lowest bit. */
static inline uint64_t bits_above(const uint8_t *pixel, const uint8_t *bound)
{
	uint64_t bits = 0;

#ifdef __SSE2__
	for (int i = 0; i < BITS; i += 16) {
		__m128i over = _mm_subs_epu8(
			_mm_loadu_si128((const __m128i *)(pixel + i)),
			_mm_loadu_si128((const __m128i *)(bound + i)));
		int none = _mm_movemask_epi8(
			_mm_cmpeq_epi8(over, _mm_setzero_si128()));

		bits |= (uint64_t)(~none & 0xffff) << i;
	}
#else
	for (int i = 0; i < BITS; i++)
		bits |= (uint64_t)(pixel[i] > bound[i]) << i;
#endif
	return bits;
}

/* Which of 16 are not 0, the first in the lowest bit. */
static inline uint32_t bits_of_sixteen(const uint8_t flag[16])
{
	uint32_t bits = 0;

#ifdef __SSE2__
	bits = ~(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(
		       _mm_loadu_si128((const __m128i *)(const void *)flag),
		       _mm_setzero_si128())) & 0xffff;
#else
	for (int i = 0; i < 16; i++)
		bits |= (uint32_t)(flag[i] != 0) << i;
#endif
	return bits;
}

/* The first n of them, at least one. */
static inline uint64_t bits_first(uint64_t bits, int n)
{
	return n < BITS ? bits & (((uint64_t)1 << n) - 1) : bits;
}

/* Which pixels are unlike the one before them, the first unlike last. */
static inline uint64_t bits_changes(uint64_t bits, bool last)
{
	return bits ^ (bits << 1 | last);
}

/*
 * The columns of the set ones, x being that of the first, into edge, which has
 * room for 64: eight at a time, of which the last mean nothing, so that fewer
 * branches are guessed wrong.  Returns how many there are.
 */
static inline int bits_edges(uint64_t changes, int x, int *edge)
{
	const uint64_t last = (uint64_t)1 << (BITS - 1);
	int n = __builtin_popcountll(changes);

	while (changes)
#pragma GCC unroll 8
		for (int i = 0; i < 8; i++) {
			*edge++ = x + __builtin_ctzll(changes | last);
			changes &= changes - 1;
		}
	return n;
}

/* Add each byte, the lowest first, to one of eight. */
static inline void bits_add_bytes(uint64_t bytes, uint8_t *to)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	uint64_t sum;

	memcpy(&sum, to, sizeof(sum));
	sum += bytes;           /* none of them runs over */
	memcpy(to, &sum, sizeof(sum));
#else
	for (int i = 0; i < 8; i++)
		to[i] = (uint8_t)(to[i] + (bytes >> 8 * i & 0xff));
#endif
}

#endif

/* plane.c - planes made smaller, and the levels of a part. */
#include "config.h"

#include "ocr/plane.h"

#include <string.h>

#include "base/mem.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* Samples done at a time: a fixed count lets the compiler vectorise. */
enum { CHUNK = 32 };

#ifdef __SSE2__
/* The sums of two samples beside each other, of 16. */
static __m128i sums_of_two(const uint8_t *v)
{
	__m128i two = _mm_loadu_si128((const __m128i *)(const void *)v);

	return _mm_add_epi16(_mm_and_si128(two, _mm_set1_epi16(255)),
			     _mm_srli_epi16(two, 8));
}

/* Eight means of two columns and two rows. */
static __m128i means_of(const uint8_t *a, const uint8_t *b)
{
	__m128i sum = _mm_add_epi16(sums_of_two(a), sums_of_two(b));

	return _mm_srli_epi16(_mm_add_epi16(sum, _mm_set1_epi16(2)), 2);
}
#endif

/* A row of n means of two columns and two rows. */
static void halve_row(const uint8_t *a, const uint8_t *b, size_t n,
		      uint8_t *out)
{
	size_t x = 0;

#ifdef __SSE2__
	for (; x + 16 <= n; x += 16)
		_mm_storeu_si128((__m128i *)(void *)(out + x),
				 _mm_packus_epi16(
					 means_of(a + 2 * x, b + 2 * x),
					 means_of(a + 2 * x + 16,
						  b + 2 * x + 16)));
#endif
	for (; x < n; x++)
		out[x] = (uint8_t)((a[2 * x] + a[2 * x + 1] + b[2 * x] +
				    b[2 * x + 1] + 2) >> 2);
}

uint8_t *plane_halve(const struct grey_plane *p, struct grey_plane *half)
{
	size_t columns = (size_t)(p->columns / 2), rows = (size_t)(p->rows / 2);
	uint8_t *out = mem_room(rows, columns);

	if (!out)
		return NULL;
	for (size_t y = 0; y < rows; y++) {
		const uint8_t *a = p->grey + 2 * (ptrdiff_t)y * p->stride;

		halve_row(a, a + p->stride, columns, out + y * columns);
	}
	*half = (struct grey_plane){ out, p->columns / 2, p->rows / 2,
				     p->columns / 2 };
	return out;
}

void plane_range(const uint8_t *v, size_t n, uint8_t *least, uint8_t *most)
{
	uint8_t low[CHUNK], high[CHUNK];
	size_t i = 0;

	memset(low, *least, sizeof(low));
	memset(high, *most, sizeof(high));
	for (; i + CHUNK <= n; i += CHUNK)
		for (int k = 0; k < CHUNK; k++) {
			uint8_t x = v[i + (size_t)k];

			low[k] = low[k] < x ? low[k] : x;
			high[k] = high[k] > x ? high[k] : x;
		}
	for (int k = 0; k < CHUNK; k++) {
		*least = *least < low[k] ? *least : low[k];
		*most = *most > high[k] ? *most : high[k];
	}
	for (; i < n; i++) {
		*least = *least < v[i] ? *least : v[i];
		*most = *most > v[i] ? *most : v[i];
	}
}

int plane_levels(const struct grey_plane *p, struct region r)
{
	int least = 255, most = 0;

	for (int y = r.y0; y < r.y1; y++)
		for (int x = r.x0; x < r.x1; x++) {
			int v = p->grey[y * p->stride + x];

			least = v < least ? v : least;
			most = v > most ? v : most;
		}
	return most < least ? 0 : most - least;
}

/* plane.c - planes made smaller. */
#include "config.h"

#include "ocr/plane.h"

#include <string.h>

#include "base/mem.h"
#include "ocr/twice.h"

/* Samples done at a time: a fixed count lets the compiler vectorise. */
enum { CHUNK = 32 };

/* The means of n samples, two columns and two rows each. */
INLINED void mean_of_four(const uint8_t *a, const uint8_t *b, size_t n,
			 uint8_t *out)
{
	uint16_t two_a[CHUNK] = { 0 }, two_b[CHUNK] = { 0 };
	uint8_t mean[CHUNK];

	memcpy(two_a, a, 2 * n);
	memcpy(two_b, b, 2 * n);
	for (int i = 0; i < CHUNK; i++)
		mean[i] = (uint8_t)(((two_a[i] & 0xff) + (two_a[i] >> 8) +
				     (two_b[i] & 0xff) + (two_b[i] >> 8) +
				     2) >> 2);
	memcpy(out, mean, n);
}

/* A row of n means. */
INLINED void halve_row(const uint8_t *a, const uint8_t *b, size_t n,
		       uint8_t *out)
{
	size_t x = 0;

	for (; x + CHUNK <= n; x += CHUNK)
		mean_of_four(a + 2 * x, b + 2 * x, CHUNK, out + x);
	if (x < n)
		mean_of_four(a + 2 * x, b + 2 * x, n - x, out + x);
}

static void halve_plain(const uint8_t *a, const uint8_t *b, size_t n,
			uint8_t *out)
{
	halve_row(a, b, n, out);
}

static FAST void halve_fast(const uint8_t *a, const uint8_t *b, size_t n,
			    uint8_t *out)
{
	halve_row(a, b, n, out);
}

uint8_t *plane_halve(const struct grey_plane *p, struct grey_plane *half)
{
	size_t columns = (size_t)(p->columns / 2), rows = (size_t)(p->rows / 2);
	uint8_t *out = mem_array(rows, columns);
	bool fast = can_be_fast();

	if (!out)
		return NULL;
	for (size_t y = 0; y < rows; y++) {
		const uint8_t *a = p->grey + 2 * (ptrdiff_t)y * p->stride;

		(fast ? halve_fast : halve_plain)(a, a + p->stride, columns,
						  out + y * columns);
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

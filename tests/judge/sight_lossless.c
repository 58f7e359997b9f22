/* sight_lossless.c - JPEG Lossless (ITU-T T.81 annex H), all predictors. */
#include "config.h"

#include "tests/judge/sight.h"

#include <stdlib.h>
#include <string.h>

struct table {
	int count[17];                  /* codes of each length */
	unsigned char symbol[256];
};

struct reader {
	const unsigned char *p, *end;
	uint32_t bits;
	int left;
};

static int next_bit(struct reader *r)
{
	if (!r->left) {
		/* behind the last byte: ones, as the padding is */
		int byte = r->p < r->end ? *r->p : 0xff;

		if (byte == 0xff && r->p + 1 < r->end && r->p[1] != 0)
			byte = 0xff;    /* a marker: stay before it */
		else if (r->p < r->end)
			r->p += byte == 0xff ? 2 : 1;
		r->bits = (uint32_t)byte;
		r->left = 8;
	}
	return (int)(r->bits >> --r->left & 1);
}

/* T.81 F.2.2.3 and H.1.2.2: the difference, of up to 16 bits. */
static int next_difference(struct reader *r, const struct table *t)
{
	int code = 0, first = 0, index = 0, size, value = 0;

	for (int length = 1; length <= 16; length++) {
		code = code << 1 | next_bit(r);
		if (code - first < t->count[length]) {
			size = t->symbol[index + code - first];
			if (size == 16)
				return 32768;
			for (int i = 0; i < size; i++)
				value = value << 1 | next_bit(r);
			return size && value < 1 << (size - 1) ?
			       value - (1 << size) + 1 : value;
		}
		index += t->count[length];
		first = (first + t->count[length]) << 1;
	}
	die("no such Huffman code");
}

static void read_tables(struct table table[4], const unsigned char *p,
			size_t length)
{
	size_t i = 0;

	while (i + 17 <= length) {
		struct table *t = &table[p[i] & 3];
		size_t symbols = 0;

		for (int k = 1; k <= 16; k++) {
			t->count[k] = p[i + (size_t)k];
			symbols += p[i + (size_t)k];
		}
		if (i + 17 + symbols > length || symbols > 256)
			die("a Huffman table is cut");
		memcpy(t->symbol, p + i + 17, symbols);
		i += 17 + symbols;
	}
}

static int predict(int predictor, int a, int b, int c)
{
	switch (predictor) {
	case 1: return a;
	case 2: return b;
	case 3: return c;
	case 4: return a + b - c;
	case 5: return a + ((b - c) >> 1);
	case 6: return b + ((a - c) >> 1);
	default: return (a + b) >> 1;
	}
}

static void restart(struct reader *r)
{
	r->left = 0;
	while (r->p + 1 < r->end && (r->p[0] != 0xff || r->p[1] < 0xd0 ||
				     r->p[1] > 0xd7))
		r->p++;
	r->p += 2;
}

/* One scan; p stands at its header.  Components by their order in SOF. */
static const unsigned char *
read_scan(const struct sight *s, const struct table table[4],
	  const unsigned char *p, const unsigned char *end, size_t interval,
	  const unsigned char ids[4], uint32_t *v)
{
	size_t columns = (size_t)s->columns, n = (size_t)s->samples;
	size_t parts = p[2], since = 0;
	int predictor = p[3 + 2 * parts], shift = p[5 + 2 * parts] & 15;
	struct reader r = { p + (p[0] << 8 | p[1]), end, 0, 0 };
	bool first_row = true;

	for (size_t y = 0; y < (size_t)s->rows; y++) {
		for (size_t x = 0; x < columns; x++, since++) {
			if (interval && since == interval) {
				restart(&r);
				since = 0;
				first_row = true;
			}
			for (size_t k = 0; k < parts; k++) {
				size_t c = 0;
				uint32_t *at;
				int d = next_difference(&r,
					&table[p[4 + 2 * k] >> 4 & 3]), guess;

				while (c < n - 1 && ids[c] != p[3 + 2 * k])
					c++;
				at = v + (y * columns + x) * n + c;
				/* a restart begins anew, at the row's start */
				if (first_row && x == 0)
					guess = 1 << (s->precision - shift - 1);
				else if (first_row || y == 0)
					guess = (int)at[-(ptrdiff_t)n];
				else if (x == 0)
					guess = (int)at[-(ptrdiff_t)
							(n * columns)];
				else
					guess = predict(predictor,
						(int)at[-(ptrdiff_t)n],
						(int)at[-(ptrdiff_t)
							(n * columns)],
						(int)at[-(ptrdiff_t)
							(n * columns + n)]);
				*at = (uint32_t)(guess + d) & 0xffff;
			}
		}
		first_row = false;
	}
	for (size_t i = 0; shift && i < columns * (size_t)s->rows * n; i++)
		v[i] <<= shift;
	return r.p;
}

uint32_t *decode_lossless(const struct sight *s, struct bytes stream)
{
	const unsigned char *p = stream.data + 2;
	const unsigned char *end = stream.data + stream.length;
	unsigned char ids[4] = { 0 };
	struct table table[4] = { 0 };
	size_t interval = 0;
	uint32_t *v = need((size_t)s->columns * (size_t)s->rows *
			   (size_t)s->samples, sizeof(*v));

	while (p + 4 < end && !(p[0] == 0xff && p[1] == 0xd9)) {
		size_t length = (size_t)(p[2] << 8 | p[3]);

		if (p[0] != 0xff || p[1] == 0xff || !p[1] ||
		    (p[1] >= 0xd0 && p[1] <= 0xd7)) {
			p++;
			continue;
		}
		if (length > (size_t)(end - p) - 2)
			die("a JPEG segment is cut");
		if (p[1] == 0xc4)
			read_tables(table, p + 4, length - 2);
		else if (p[1] == 0xdd)
			interval = (size_t)(p[4] << 8 | p[5]);
		else if (p[1] == 0xc3)
			for (size_t i = 0; i < (size_t)s->samples; i++)
				ids[i] = p[10 + 3 * i];
		if (p[1] == 0xda)
			p = read_scan(s, table, p + 2, end, interval, ids, v);
		else
			p += 2 + length;
	}
	return v;
}

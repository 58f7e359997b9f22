/* make_stream.c - a small JPEG encoder of coefficients. */
#include "config.h"

#include "make_stream.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

#include "pictures.h"

struct table {
	int bits[17];
	int count;
	uint8_t symbol[256];
	int code[256], length[256];
};

struct encoder {
	struct stream *stream;
	struct table table[2];          /* DC, AC */
	uint32_t bits;
	int pending;
	int dc[STREAM_COMPONENTS];
};

/* ---- tables ---- */

static void set_codes(struct table *t)
{
	int code = 0, next = 0;

	for (int length = 1; length <= 16; length++) {
		for (int i = 0; i < t->bits[length]; i++) {
			t->code[t->symbol[next]] = code++;
			t->length[t->symbol[next++]] = length;
		}
		code *= 2;
	}
}

static void add_symbol(struct table *t, int length, int symbol)
{
	t->bits[length]++;
	t->symbol[t->count++] = (uint8_t)symbol;
}

static void take_standard(struct table table[2])
{
	struct jpeg_compress_struct c;
	struct jpeg_error_mgr errors;

	c.err = jpeg_std_error(&errors);
	jpeg_create_compress(&c);
	c.in_color_space = JCS_GRAYSCALE;
	c.input_components = 1;
	jpeg_set_defaults(&c);
	for (int i = 0; i < 2; i++) {
		const JHUFF_TBL *from = i ? c.ac_huff_tbl_ptrs[0] :
					    c.dc_huff_tbl_ptrs[0];

		for (int k = 1; k <= 16; k++) {
			table[i].bits[k] = from->bits[k];
			table[i].count += from->bits[k];
		}
		memcpy(table[i].symbol, from->huffval, 256);
	}
	jpeg_destroy_compress(&c);
}

static int category_of(int value)
{
	int category = 0;

	for (value = abs(value); value >> category; category++)
		;
	return category;
}

/* A sparse one has no category above 7: its DCs are small. */
static void make_tables(struct encoder *e)
{
	const struct stream_spec *spec = e->stream->spec;
	int most = spec->tables == STREAM_SPARSE ? 7 : 15;

	if (spec->tables == STREAM_STANDARD) {
		take_standard(e->table);
	} else {
		for (int i = 0; i <= most; i++)
			add_symbol(&e->table[0], 5, i);
		if (spec->tables != STREAM_FULL)
			add_symbol(&e->table[1], 8, 0);
		add_symbol(&e->table[1],
			   spec->tables == STREAM_FULL ? 7 : 8, 0xf0);
		for (int i = 0; i < 16 * 14; i++)
			add_symbol(&e->table[1],
				   spec->tables == STREAM_FULL && i < 30 ?
				   7 : 8, (i / 14) << 4 | (i % 14 + 1));
	}
	set_codes(&e->table[0]);
	set_codes(&e->table[1]);
}

/* ---- segments ---- */

static void put_byte(struct encoder *e, int byte)
{
	const char c = (char)byte;

	buffer_append(&e->stream->bytes, &c, 1);
}

static void put_16(struct encoder *e, int value)
{
	put_byte(e, value >> 8);
	put_byte(e, value);
}

static void put_marker(struct encoder *e, int marker, int length)
{
	put_16(e, 0xff00 | marker);
	if (length)
		put_16(e, length);
}

static void put_head(struct encoder *e)
{
	const struct stream_spec *spec = e->stream->spec;

	put_marker(e, 0xd8, 0);
	put_marker(e, 0xdb, 2 + 1 + 128);
	put_byte(e, 0x10);              /* 16 bits each */
	for (int i = 0; i < 64; i++)
		put_16(e, i ? 1 : spec->quantiser);
	put_marker(e, spec->precision > 8 ? 0xc1 : 0xc0,
		   8 + 3 * spec->components);
	put_byte(e, spec->precision);
	put_16(e, spec->rows);
	put_16(e, spec->columns);
	put_byte(e, spec->components);
	for (int i = 0; i < spec->components; i++) {
		put_byte(e, i + 1);
		put_byte(e, spec->h[i] << 4 | spec->v[i]);
		put_byte(e, 0);
	}
	for (int i = 0; i < 2; i++) {
		put_marker(e, 0xc4, 2 + 17 + e->table[i].count);
		put_byte(e, i << 4);
		for (int k = 1; k <= 16; k++)
			put_byte(e, e->table[i].bits[k]);
		buffer_append(&e->stream->bytes, e->table[i].symbol,
			      (size_t)e->table[i].count);
	}
	put_marker(e, 0xdd, 4);
	put_16(e, spec->restart);
}

/* ---- bits ---- */

static void put_bits(struct encoder *e, unsigned value, int count)
{
	while (count--) {
		e->bits = e->bits << 1 | (value >> count & 1);
		if (++e->pending < 8)
			continue;
		put_byte(e, (int)(e->bits & 0xff));
		if ((e->bits & 0xff) == 0xff)
			put_byte(e, 0);
		e->pending = 0;
	}
}

static void end_bits(struct encoder *e)
{
	if (e->pending)
		put_bits(e, 0xff, 8 - e->pending);
	memset(e->dc, 0, sizeof(e->dc));
}

static void put_symbol(struct encoder *e, int class_, int symbol, int value)
{
	const struct table *t = &e->table[class_];
	int size = class_ ? symbol & 15 : symbol;

	if (!t->length[symbol]) {
		fprintf(stderr, "make_stream: no code for %02x\n",
			(unsigned)symbol);
		abort();
	}
	put_bits(e, (unsigned)t->code[symbol], t->length[symbol]);
	put_bits(e, (unsigned)(value < 0 ? value - 1 : value), size);
}

static void put_block(struct encoder *e, int component, const int16_t *block)
{
	int difference = block[0] - e->dc[component], run = 0;

	put_symbol(e, 0, category_of(difference), difference);
	e->dc[component] = block[0];
	for (int k = 1; k < STREAM_BLOCK; k++) {
		if (!block[k]) {
			run++;
			continue;
		}
		for (; run > 15; run -= 16)
			put_symbol(e, 1, 0xf0, 0);
		put_symbol(e, 1, run << 4 | category_of(block[k]), block[k]);
		run = 0;
	}
	if (run)
		put_symbol(e, 1, 0, 0);
}

/* ---- scans ---- */

static int blocks_of(int pixels, int factor, int mcu)
{
	return (pixels * factor + mcu - 1) / mcu;
}

static void put_mcu(struct encoder *e, const char *scan, int length, int x,
		    int y)
{
	const struct stream *s = e->stream;

	for (int i = 0; i < length; i++) {
		int c = scan[i] - '0';
		int h = length > 1 ? s->spec->h[c] : 1;
		int v = length > 1 ? s->spec->v[c] : 1;

		for (int by = y * v; by < y * v + v; by++)
			for (int bx = x * h; bx < x * h + h; bx++)
				put_block(e, c, s->block[c] +
					  (by * s->across[c] + bx) *
					  STREAM_BLOCK);
	}
}

static void put_scan(struct encoder *e, const char *scan, int length)
{
	const struct stream_spec *spec = e->stream->spec;
	int c = scan[0] - '0', mcu = 0;
	int h = length > 1 ? 1 : spec->h[c], v = length > 1 ? 1 : spec->v[c];
	int across = blocks_of(spec->columns, h, e->stream->mcu_width);
	int down = blocks_of(spec->rows, v, e->stream->mcu_height);

	put_marker(e, 0xda, 6 + 2 * length);
	put_byte(e, length);
	for (int i = 0; i < length; i++) {
		put_byte(e, scan[i] - '0' + 1);
		put_byte(e, 0);
	}
	put_byte(e, 0);
	put_byte(e, 63);
	put_byte(e, 0);
	for (int y = 0; y < down; y++) {
		for (int x = 0; x < across; x++, mcu++) {
			if (spec->restart && mcu && mcu % spec->restart == 0) {
				end_bits(e);
				put_marker(e, 0xd0 + (mcu / spec->restart - 1) %
					   8, 0);
			}
			put_mcu(e, scan, length, x, y);
		}
	}
	end_bits(e);
}

/* ---- coefficients ---- */

static void make_block(const struct stream_spec *spec, uint32_t *random,
		       int16_t *block)
{
	int half = 8 << (spec->precision - 1);
	int steps = half / spec->quantiser > 60 &&
		    spec->tables == STREAM_SPARSE ? 60 :
		    half / spec->quantiser;
	/* the coarsest quantiser leaves three steps */
	int most = steps > 0 ? steps : 1;
	int left = spec->full ? 63 : random_below(random, 12);

	memset(block, 0, STREAM_BLOCK * sizeof(*block));
	block[0] = (int16_t)(random_below(random, 2 * most) - most);
	for (int k = 1; k < STREAM_BLOCK && left; left--) {
		int size = 1 + random_below(random, left % 4 ? 2 : 9);

		block[k] = (int16_t)(random_below(random, 1 << size) -
				     (1 << size >> 1));
		if (!block[k])
			block[k] = 1;
		k += spec->full ? 1 : 1 + random_below(random, 24);
	}
	if (spec->full)
		block[63] = 1;
}

static void make_component(struct stream *s, int c, uint32_t seed,
			   struct region twin, uint32_t twin_seed)
{
	const struct stream_spec *spec = s->spec;
	int width = s->mcu_width, height = s->mcu_height;

	s->across[c] = blocks_of(spec->columns, 1, width) * spec->h[c];
	s->down[c] = blocks_of(spec->rows, 1, height) * spec->v[c];
	s->block[c] = calloc((size_t)(s->across[c] * s->down[c]),
			     STREAM_BLOCK * sizeof(int16_t));
	for (int y = 0; y < s->down[c]; y++) {
		for (int x = 0; x < s->across[c]; x++) {
			int mx = x / spec->h[c] * width;
			int my = y / spec->v[c] * height;
			struct region mcu = { mx, my, mx + width,
					      my + height };
			bool other = !region_empty(region_intersect(mcu, twin));
			uint32_t random = (other ? twin_seed : seed) *
					  2654435761u + (uint32_t)(x * 8191 +
					  y * 131071 + c * 524287) + 1;

			random_next(&random);
			random_next(&random);
			make_block(spec, &random,
				   s->block[c] + (y * s->across[c] + x) *
				   STREAM_BLOCK);
		}
	}
}

void stream_make(struct stream *stream, const struct stream_spec *spec,
		 uint32_t seed, struct region twin, uint32_t twin_seed)
{
	struct encoder e = { .stream = stream };
	int h_most = 1, v_most = 1;

	*stream = (struct stream){ .spec = spec };
	for (int i = 0; i < spec->components; i++) {
		h_most = spec->h[i] > h_most ? spec->h[i] : h_most;
		v_most = spec->v[i] > v_most ? spec->v[i] : v_most;
	}
	stream->mcu_width = 8 * h_most;
	stream->mcu_height = 8 * v_most;
	for (int i = 0; i < spec->components; i++)
		make_component(stream, i, seed, twin, twin_seed);
	make_tables(&e);
	put_head(&e);
	for (const char *scan = spec->scans; *scan;) {
		int length = (int)strcspn(scan, ",");

		put_scan(&e, scan, length);
		scan += length + (scan[length] == ',');
	}
	put_marker(&e, 0xd9, 0);
}

void stream_done(struct stream *stream)
{
	for (int i = 0; i < STREAM_COMPONENTS; i++)
		free(stream->block[i]);
	buffer_done(&stream->bytes);
}

/*
 * recode_jpeg.c - every scan is read twice: to count the symbols that the copy
 * needs, and to write them.
 */
#include "config.h"

#include "mask/recode_jpeg.h"

#include <stdlib.h>
#include <string.h>

#include "mask/jpeg_coder.h"

struct recode {
	struct jpeg_coder *coder;
	bool counting;
};

/* Count a symbol, or write it with the size bits of its value. */
static void emit(struct recode *r, struct jpeg_coding *coding, int symbol,
		 unsigned value, unsigned size)
{
	if (r->counting) {
		coding->frequency[symbol]++;
		return;
	}
	jpeg_append(&r->coder->writer,
		    (uint64_t)coding->codes.code[symbol] << size | value,
		    coding->codes.length[symbol] + size);
}

static bool emit_dc(struct recode *r, const struct jpeg_block *b, int dc)
{
	struct jpeg_coder *c = r->coder;
	int difference = dc - c->out_dc[b->component];
	int category = jpeg_category(difference);

	if (category >= JPEG_CATEGORIES)
		return false;
	emit(r, b->dc, category, jpeg_value_bits(difference, category),
	     (unsigned)category);
	c->out_dc[b->component] = dc;
	return true;
}

/* The AC coefficients of a block; told on unless it is blanked. */
static size_t recode_ac(struct recode *r, const struct jpeg_block *b,
			size_t position, bool masked)
{
	for (unsigned k = 1; k < 64;) {
		uint64_t bits = jpeg_peek(r->coder->reader.byte, position);
		unsigned length = 0, size, value;
		int symbol = jpeg_decoder_symbol(&b->ac->decoder, bits,
						 &length);

		if (symbol < 0 || (!(symbol & 15) && symbol && symbol != 0xf0))
			return 0;
		size = (unsigned)symbol & 15;
		value = (unsigned)(bits << length >> 1 >> (63 - size));
		k += symbol ? (unsigned)(symbol >> 4) + 1 : 64;
		if (symbol && k > 64)
			return 0;
		if (!masked)
			emit(r, b->ac, symbol, value, size);
		position += length + size;
	}
	return position;
}

static bool recode_mcu(struct recode *r, bool masked)
{
	struct jpeg_coder *c = r->coder;
	size_t position = c->reader.position;

	for (int i = 0; i < c->blocks; i++) {
		const struct jpeg_block *b = &c->block[i];
		int k = b->component, difference;

		position = jpeg_read_dc(c->reader.byte, position,
					&b->dc->decoder, &difference);
		if (!position || !jpeg_take_dc(c, k, difference) ||
		    !emit_dc(r, b, masked ? c->black[k] : c->in_dc[k]))
			return false;
		position = recode_ac(r, b, position, masked);
		if (!position)
			return false;
		if (masked)
			emit(r, b->ac, 0, 0, 0);
	}
	c->reader.position = position;
	return true;
}

static bool recode_interval(struct recode *r, size_t number)
{
	struct jpeg_coder *c = r->coder;
	size_t begin, end;

	jpeg_coder_interval(c, number);
	jpeg_coder_range(c, number, &begin, &end);
	for (size_t i = begin; i < end; i++) {
		bool masked = jpeg_fill_masked(c->fill, c->scan, i);

		if (jpeg_reader_low(&c->reader)) {
			jpeg_reader_fill(&c->reader);
			jpeg_writer_alive(&c->writer);
		}
		if (jpeg_reader_beyond(&c->reader))
			break;
		if (!recode_mcu(r, masked))
			return jpeg_coder_damaged(c);
	}
	return jpeg_coder_at_end(c);
}

/* Count or write a scan, by r->counting. */
static bool recode_intervals(struct recode *r)
{
	struct jpeg_coder *c = r->coder;

	for (size_t i = 0; i < c->scan->intervals; i++) {
		if (i && !r->counting)
			jpeg_coder_restart(c, i - 1);
		if (!recode_interval(r, i))
			return false;
		if (!r->counting)
			jpeg_writer_end(&c->writer);
	}
	return true;
}

/* The best tables for what was counted, in the order of class and id. */
static void write_tables(struct jpeg_coder *c)
{
	const struct jpeg_scan *scan = c->scan;
	bool used[JPEG_CLASSES][JPEG_TABLE_IDS] = { { false } };

	for (int i = 0; i < scan->components; i++) {
		const struct jpeg_huffman *table = c->parts->table;

		used[JPEG_DC][table[scan->component[i].dc].id] = true;
		used[JPEG_AC][table[scan->component[i].ac].id] = true;
	}
	for (int class_ = 0; class_ < JPEG_CLASSES; class_++) {
		for (int id = 0; id < JPEG_TABLE_IDS; id++) {
			struct jpeg_coding *coding = &c->coding[class_][id];
			struct jpeg_huffman best = { .class_ = class_,
						     .id = id };

			if (!used[class_][id])
				continue;
			jpeg_huffman_best(&best, coding->frequency);
			jpeg_huffman_codes(&best, &coding->codes);
			jpeg_coder_table(c, &best);
		}
	}
}

static bool recode_scan(struct recode *r, const struct jpeg_piece *piece)
{
	struct jpeg_coder *c = r->coder;

	jpeg_coder_scan(c, &c->parts->scan[piece->first]);
	for (int class_ = 0; class_ < JPEG_CLASSES; class_++)
		for (int id = 0; id < JPEG_TABLE_IDS; id++)
			memset(c->coding[class_][id].frequency, 0,
			       sizeof(c->coding[class_][id].frequency));
	r->counting = true;
	if (!recode_intervals(r))
		return false;
	write_tables(c);
	jpeg_writer_raw(&c->writer, c->parts->stream + piece->begin,
			piece->end - piece->begin);
	r->counting = false;
	return recode_intervals(r);
}

static bool recode_pieces(struct recode *r, const struct jpeg_wipe *how)
{
	struct jpeg_coder *c = r->coder;
	const struct jpeg_parts *parts = c->parts;

	jpeg_coder_head(c, how->orientation);
	for (size_t i = 0; i < parts->pieces; i++) {
		const struct jpeg_piece *piece = &parts->piece[i];

		if (piece->what == JPEG_COPY)
			jpeg_writer_raw(&c->writer,
					parts->stream + piece->begin,
					piece->end - piece->begin);
		if (piece->what == JPEG_QUANTISER)
			jpeg_coder_quantiser(c, piece);
		if (piece->what == JPEG_SCAN && !recode_scan(r, piece))
			return false;
	}
	jpeg_writer_raw(&c->writer, "\xff\xd9", 2);
	return jpeg_writer_close(&c->writer);
}

bool jpeg_recode(const struct jpeg_parts *parts, const struct jpeg_fill *fill,
		 const struct jpeg_wipe *how,
		 bool (*put)(void *self, const void *data, size_t length,
			     struct error *err),
		 void *self, struct error *err)
{
	struct recode r = { .coder = jpeg_coder_new(parts, fill, err) };
	bool ok = false;

	if (r.coder) {
		jpeg_writer_start(&r.coder->writer, put, self, err);
		ok = recode_pieces(&r, how);
	}
	free(r.coder);
	return ok;
}

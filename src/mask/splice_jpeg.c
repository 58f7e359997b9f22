/* splice_jpeg.c - copies the bits of a JPEG around blanked MCUs. */
#include "config.h"

#include "mask/splice_jpeg.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "mask/jpeg_coder.h"
#include "mask/recode_jpeg.h"

enum { MOST_AT_ONCE = 1 << 20 };        /* bytes of intervals */

struct splice {
	struct jpeg_coder *coder;
	const struct jpeg_huffman *table;       /* extended, as in parts */
	const struct jpeg_interval *interval;
	bool writing;           /* else nothing of the interval is out yet */
	size_t copied;          /* bit position in the reader, when writing */
};

/* ---- skipping ---- */

/* One coefficient, run or end by its own code; 0 when there is none such. */
static size_t skip_symbol(const uint8_t *byte, size_t position,
			  const struct jpeg_decoder *decoder, unsigned *k)
{
	unsigned length = 0;
	int symbol = jpeg_decoder_symbol(decoder, jpeg_peek(byte, position),
					 &length);

	if (symbol < 0 || (!(symbol & 15) && symbol && symbol != 0xf0))
		return 0;
	*k += symbol ? (unsigned)(symbol >> 4) + 1 : 64;
	if (symbol && *k > 64)
		return 0;
	return position + length + (unsigned)(symbol & 15);
}

/*
 * The AC coefficients of a block.  Two looks a word: a look skips at most
 * JPEG_LOOK + 15 bits, and 57 are there.
 */
static size_t skip_ac(const uint8_t *byte, size_t position,
		      const struct jpeg_decoder *decoder)
{
	unsigned k = 1;         /* the next coefficient */

	while (k < 64) {
		uint64_t bits = jpeg_peek(byte, position);

		for (int i = 0; i < 2; i++) {
			unsigned run = decoder->run[bits >> (64 - JPEG_LOOK)];
			unsigned skip = run & (JPEG_RUN_END - 1);

			if (!run || k + (run >> JPEG_RUN_BITS) > 63) {
				position = skip_symbol(byte, position, decoder,
						       &k);
				if (!position)
					return 0;
				break;
			}
			k += run >> JPEG_RUN_BITS;
			position += skip;
			if (run & JPEG_RUN_END)
				return position;
			bits <<= skip;
		}
	}
	return position;
}

static bool skip_mcu(struct jpeg_coder *c)
{
	const uint8_t *byte = c->reader.byte;
	size_t position = c->reader.position;

	for (int i = 0; i < c->blocks; i++) {
		const struct jpeg_block *b = &c->block[i];
		int difference;

		position = jpeg_read_dc(byte, position, &b->dc->decoder,
					&difference);
		if (!position || !jpeg_take_dc(c, b->component, difference))
			return false;
		position = skip_ac(byte, position, &b->ac->decoder);
		if (!position)
			return false;
	}
	c->reader.position = position;
	return true;
}

/* ---- writing ---- */

static void copy_to(struct splice *s, size_t position)
{
	struct jpeg_coder *c = s->coder;

	jpeg_writer_copy(&c->writer, c->reader.byte, s->copied, position);
	s->copied = position;
}

/* Have everything before the position written: as it is, while it can be. */
static void write_to(struct splice *s, size_t position)
{
	struct jpeg_coder *c = s->coder;
	const uint8_t *begin = c->parts->stream + s->interval->begin;

	if (!s->writing) {
		size_t now = c->reader.position;

		c->reader.position = position;
		jpeg_writer_raw(&c->writer, begin,
				(size_t)(jpeg_reader_where(&c->reader) -
					 begin));
		c->reader.position = now;
		s->copied = position / 8 * 8;
		s->writing = true;
	}
	copy_to(s, position);
}

static void refill(struct splice *s)
{
	struct jpeg_coder *c = s->coder;

	if (s->writing)
		copy_to(s, c->reader.position);
	else
		jpeg_writer_alive(&c->writer);
	jpeg_reader_fill(&c->reader);
	s->copied = c->reader.position;
}

static bool write_dc(struct jpeg_coder *c, const struct jpeg_block *b, int dc)
{
	int difference = dc - c->out_dc[b->component];
	int category = jpeg_category(difference);
	const struct jpeg_codes *codes = &b->dc->codes;

	if (category >= JPEG_CATEGORIES || !codes->length[category])
		return false;
	jpeg_append(&c->writer, codes->code[category], codes->length[category]);
	jpeg_append(&c->writer, jpeg_value_bits(difference, category),
		    (unsigned)category);
	c->out_dc[b->component] = dc;
	return true;
}

static bool blank_mcu(struct splice *s)
{
	struct jpeg_coder *c = s->coder;

	write_to(s, c->reader.position);
	if (!skip_mcu(c))
		return false;
	for (int i = 0; i < c->blocks; i++) {
		const struct jpeg_block *b = &c->block[i];

		if (!write_dc(c, b, c->black[b->component]))
			return false;
		jpeg_append(&c->writer, b->ac->codes.code[0],
			    b->ac->codes.length[0]);
	}
	s->copied = c->reader.position;
	return true;
}

/* The first block of a component after a blanked one gets a new difference. */
static bool repair_mcu(struct splice *s)
{
	struct jpeg_coder *c = s->coder;
	size_t position = c->reader.position;

	for (int i = 0; i < c->blocks; i++) {
		const struct jpeg_block *b = &c->block[i];
		int k = b->component, difference;
		bool off = c->in_dc[k] != c->out_dc[k];

		if (off)
			write_to(s, position);
		position = jpeg_read_dc(c->reader.byte, position,
					&b->dc->decoder, &difference);
		if (!position || !jpeg_take_dc(c, k, difference))
			return false;
		if (off && !write_dc(c, b, c->in_dc[k]))
			return false;
		if (off)
			s->copied = position;
		c->out_dc[k] = c->in_dc[k];
		position = skip_ac(c->reader.byte, position, &b->ac->decoder);
		if (!position)
			return false;
	}
	c->reader.position = position;
	return true;
}

/* ---- the end of an interval ---- */

/*
 * Must reading go on to the last bit, to know what only fills its byte?  With
 * its bits in other places, a last byte of nothing but filling would be too
 * much.  Filling is ones; after a last 0 bit it is not known what it is.
 */
static bool is_tail_doubtful(const struct splice *s)
{
	const struct jpeg_coder *c = s->coder;
	const uint8_t *end = c->parts->stream + s->interval->end;
	/* 0xff ends with its stuffed byte */
	bool stuffed = s->interval->end - s->interval->begin > 1 && !end[-1] &&
		       end[-2] == 0xff;
	unsigned last = stuffed ? 0xff : end[-1];
	/* bits of the copy's last byte, all from the source's last one */
	unsigned bits = (unsigned)(c->writer.pending + 8 - s->copied % 8) % 8;
	unsigned ones = (1u << bits) - 1;

	return !(last & 1) || (bits && (last & ones) == ones);
}

/* Copy what is left of the interval unread. */
static void copy_rest(struct splice *s)
{
	struct jpeg_coder *c = s->coder;

	for (;;) {
		copy_to(s, c->reader.held * 8);
		c->reader.position = c->reader.held * 8;
		if (c->reader.next == c->reader.end)
			return;
		refill(s);
	}
}

static bool is_off(const struct jpeg_coder *c)
{
	return memcmp(c->in_dc, c->out_dc, sizeof(c->in_dc)) != 0;
}

/*
 * MCUs begin to end - 1, of which the last blanked one is before `last`.
 * What is read beyond the end of the interval is found out at its end.
 */
static bool splice_mcus(struct splice *s, size_t begin, size_t last,
			size_t end)
{
	struct jpeg_coder *c = s->coder;
	bool off = false, doubtful = false;

	for (size_t i = begin; i < end; i++) {
		bool masked = i < last &&
			      jpeg_fill_masked(c->fill, c->scan, i);

		if (jpeg_reader_low(&c->reader))
			refill(s);
		if (jpeg_reader_beyond(&c->reader))
			break;
		if (i >= last && !off && !doubtful) {
			doubtful = is_tail_doubtful(s);
			if (!doubtful) {
				copy_rest(s);
				return true;
			}
		}
		if (!(masked ? blank_mcu(s) : off ? repair_mcu(s) :
						    skip_mcu(c)))
			return jpeg_coder_damaged(c);
		if (masked || off)
			off = is_off(c);
		else
			memcpy(c->out_dc, c->in_dc, sizeof(c->in_dc));
	}
	if (!jpeg_coder_at_end(c))
		return false;
	write_to(s, c->reader.position);
	return true;
}

static bool splice_interval(struct splice *s, size_t number)
{
	struct jpeg_coder *c = s->coder;
	size_t begin, end, last;

	s->interval = &c->parts->interval[c->scan->first_interval + number];
	s->writing = false;
	jpeg_coder_range(c, number, &begin, &end);
	last = jpeg_fill_end(c->fill, c->scan, begin, end);
	if (last == begin) {
		jpeg_writer_raw(&c->writer,
				c->parts->stream + s->interval->begin,
				s->interval->end - s->interval->begin);
		return true;
	}
	jpeg_coder_interval(c, number);
	if (!splice_mcus(s, begin, last, end))
		return false;
	jpeg_writer_end(&c->writer);
	return true;
}

/*
 * How many intervals from one on nothing is blanked in, up to some bytes, that
 * stand with nothing but the markers between them that would be written there.
 */
static size_t untouched(const struct splice *s, size_t number)
{
	const struct jpeg_coder *c = s->coder;
	const uint8_t *stream = c->parts->stream;
	const struct jpeg_interval *first =
		&c->parts->interval[c->scan->first_interval + number], *i = first;
	size_t count = 0, begin, end;

	for (; number + count < c->scan->intervals; count++, i++) {
		jpeg_coder_range(c, number + count, &begin, &end);
		if (jpeg_fill_end(c->fill, c->scan, begin, end) != begin ||
		    i->end - first->begin > MOST_AT_ONCE)
			break;
		if (count && (i->begin != i[-1].end + 2 ||
			      stream[i->begin - 2] != 0xff ||
			      stream[i->begin - 1] !=
				      0xd0 + (number + count - 1) % 8))
			break;
	}
	return count;
}

/* Copy some of them. */
static void copy_intervals(struct splice *s, size_t number, size_t count)
{
	struct jpeg_coder *c = s->coder;
	const struct jpeg_interval *first =
		&c->parts->interval[c->scan->first_interval + number];

	jpeg_writer_raw(&c->writer, c->parts->stream + first->begin,
			first[count - 1].end - first->begin);
}

static bool splice_scan(struct splice *s, const struct jpeg_scan *scan)
{
	struct jpeg_coder *c = s->coder;

	jpeg_coder_scan(c, scan);
	for (int i = 0; i < scan->components; i++) {
		const struct jpeg_huffman *dc =
			&s->table[scan->component[i].dc];
		const struct jpeg_huffman *ac =
			&s->table[scan->component[i].ac];

		jpeg_huffman_codes(dc, &c->coding[JPEG_DC][dc->id].codes);
		jpeg_huffman_codes(ac, &c->coding[JPEG_AC][ac->id].codes);
	}
	for (size_t i = 0, some; i < scan->intervals; i += some) {
		if (i)
			jpeg_coder_restart(c, i - 1);
		some = untouched(s, i);
		if (some)
			copy_intervals(s, i, some);
		else if (!splice_interval(s, i))
			return false;
		else
			some = 1;
	}
	return true;
}

/* A DHT segment: as it is, unless a table was extended or is not used. */
static void write_tables(struct splice *s, const struct jpeg_piece *piece)
{
	const struct jpeg_parts *parts = s->coder->parts;
	bool same = true;

	for (size_t i = piece->first; i < piece->first + piece->count; i++)
		same = same && jpeg_parts_uses(parts, i) &&
		       s->table[i].count == parts->table[i].count;
	if (same)
		jpeg_writer_raw(&s->coder->writer, parts->stream + piece->begin,
				piece->end - piece->begin);
	for (size_t i = piece->first; i < piece->first + piece->count; i++)
		if (!same && jpeg_parts_uses(parts, i))
			jpeg_coder_table(s->coder, &s->table[i]);
}

static bool splice_pieces(struct splice *s, const struct jpeg_wipe *how)
{
	struct jpeg_coder *c = s->coder;
	const struct jpeg_parts *parts = c->parts;

	jpeg_coder_head(c, how->orientation);
	for (size_t i = 0; i < parts->pieces; i++) {
		const struct jpeg_piece *piece = &parts->piece[i];

		if (piece->what == JPEG_TABLES)
			write_tables(s, piece);
		else if (piece->what == JPEG_QUANTISER)
			jpeg_coder_quantiser(c, piece);
		else
			jpeg_writer_raw(&c->writer,
					parts->stream + piece->begin,
					piece->end - piece->begin);
		if (piece->what == JPEG_SCAN &&
		    !splice_scan(s, &parts->scan[piece->first]))
			return false;
	}
	jpeg_writer_raw(&c->writer, "\xff\xd9", 2);
	return jpeg_writer_close(&c->writer);
}

/* ---- tables ---- */

/* T.81 F.1.2.1.1: DC differences of 8 bits have 12 categories, of 12 bits 16.
 * False: a table that is used has no room. */
static bool extend_tables(const struct jpeg_parts *parts,
			  struct jpeg_huffman *table, bool *own)
{
	int categories = parts->frame.precision > 8 ? 16 : 12;

	for (size_t i = 0; i < parts->tables; i++) {
		bool used = jpeg_parts_uses(parts, i);

		*own = *own || (used && !jpeg_huffman_standard(&table[i]));
		if (!jpeg_huffman_extend(&table[i], categories) && used)
			return false;
	}
	return true;
}

bool jpeg_splice(const struct jpeg_parts *parts, const struct jpeg_fill *fill,
		 const struct jpeg_wipe *how,
		 bool (*put)(void *self, const void *data, size_t length,
			     struct error *err),
		 void *self, struct jpeg_wiped *done, struct error *err)
{
	struct jpeg_huffman *table = mem_array(parts->tables, sizeof(*table));
	struct splice s = { .table = table };
	bool ok = false, own = false;

	if (!table)
		return error_set(err, ERR_MEMORY, _("no memory for a JPEG"));
	memcpy(table, parts->table, parts->tables * sizeof(*table));
	if (fill->masked && (how->strict ||
			     !extend_tables(parts, table, &own))) {
		free(table);
		done->method = METHOD_COEFFICIENTS;
		return jpeg_recode(parts, fill, how, put, self, err);
	}
	s.coder = jpeg_coder_new(parts, fill, err);
	if (s.coder) {
		jpeg_writer_start(&s.coder->writer, put, self, err);
		done->method = METHOD_SPLICE;
		done->huffman_tables = own;
		ok = splice_pieces(&s, how);
	}
	free(s.coder);
	free(table);
	return ok;
}

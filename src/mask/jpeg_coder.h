/*
 * jpeg_coder.h - one scan of a sequential Huffman JPEG while it is copied: its
 * bits, tables and DC predictors.  Shared by splice_jpeg.c and recode_jpeg.c.
 */
#ifndef SUMI_JPEG_CODER_H
#define SUMI_JPEG_CODER_H

#include "mask/jpeg_bits.h"
#include "mask/jpeg_fill.h"
#include "mask/jpeg_parts.h"

enum { JPEG_MCU_BLOCKS = 10 };          /* T.81 B.2.3 */

/* A table while it is in use. */
struct jpeg_coding {
	const struct jpeg_huffman *source;
	struct jpeg_decoder decoder;
	struct jpeg_codes codes;        /* to write with */
	uint32_t frequency[JPEG_SYMBOLS];       /* of what is to be written */
};

struct jpeg_block {
	int component;                  /* in the scan */
	struct jpeg_coding *dc, *ac;
};

struct jpeg_coder {
	const struct jpeg_parts *parts;
	const struct jpeg_fill *fill;
	struct error *err;
	const struct jpeg_scan *scan;
	int blocks;                     /* of an MCU of the scan */
	struct jpeg_block block[JPEG_MCU_BLOCKS];
	int black[JPEG_PARTS_COMPONENTS];       /* DC by component of scan */
	/* DC of the block before, of the source and of the copy */
	int in_dc[JPEG_PARTS_COMPONENTS], out_dc[JPEG_PARTS_COMPONENTS];
	struct jpeg_reader reader;
	struct jpeg_writer writer;
	struct jpeg_coding coding[JPEG_CLASSES][JPEG_TABLE_IDS];
};

/* Free with free().  NULL with ERR_MEMORY. */
struct jpeg_coder *jpeg_coder_new(const struct jpeg_parts *parts,
				  const struct jpeg_fill *fill,
				  struct error *err);

/* Take up a scan: blocks, black and decoders; codes are the caller's. */
void jpeg_coder_scan(struct jpeg_coder *c, const struct jpeg_scan *scan);

/* Begin an interval of it: predictors are 0 (T.81 F.1.1.5.1). */
void jpeg_coder_interval(struct jpeg_coder *c, size_t number);

/* SOI, the kept segments, and EXIF with the orientation if it is 2 to 8. */
void jpeg_coder_head(struct jpeg_coder *c, int orientation);

/* A DHT segment with this table. */
void jpeg_coder_table(struct jpeg_coder *c, const struct jpeg_huffman *table);
/* A DQT segment with the one table of a piece. */
void jpeg_coder_quantiser(struct jpeg_coder *c, const struct jpeg_piece *piece);

/* The marker between interval `number` and the next one. */
void jpeg_coder_restart(struct jpeg_coder *c, size_t number);

/*
 * False, refused: an interval of which all MCUs are read has other bits left
 * than those that fill a byte.
 */
bool jpeg_coder_at_end(const struct jpeg_coder *c);

bool jpeg_coder_damaged(const struct jpeg_coder *c);    /* returns false */

/* The MCUs of interval `number`: *begin to *end - 1. */
void jpeg_coder_range(const struct jpeg_coder *c, size_t number, size_t *begin,
		      size_t *end);

/*
 * Read a DC difference at the bit position.  Returns the position after it; 0
 * when there is no such code.
 */
static inline size_t jpeg_read_dc(const uint8_t *byte, size_t position,
				  const struct jpeg_decoder *decoder,
				  int *difference)
{
	uint64_t bits = jpeg_peek(byte, position);
	unsigned length = 0, value;
	int size = jpeg_decoder_symbol(decoder, bits, &length);

	if (size < 0 || size >= JPEG_CATEGORIES)
		return 0;
	/* size 0: shifted in two steps, as 64 would be undefined */
	value = (unsigned)(bits << length >> 1 >> (63 - size));
	*difference = jpeg_extend(value, size);
	return position + length + (unsigned)size;
}

/* The DC of a block by its difference; false beyond what decoders keep. */
static inline bool jpeg_take_dc(struct jpeg_coder *c, int component,
				int difference)
{
	c->in_dc[component] += difference;
	return c->in_dc[component] >= -32768 && c->in_dc[component] <= 32767;
}

#endif

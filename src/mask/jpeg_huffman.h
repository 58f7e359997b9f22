/*
 * jpeg_huffman.h - Huffman tables of a sequential JPEG (ITU-T T.81 Annex C, F,
 * K): read, extended, made anew, and the look-ups that decoding and encoding
 * need.  Knows no stream.
 */
#ifndef SUMI_JPEG_HUFFMAN_H
#define SUMI_JPEG_HUFFMAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { JPEG_DC, JPEG_AC, JPEG_CLASSES };        /* Tc of T.81 B.2.4.2 */
enum { JPEG_CODE_BITS = 16, JPEG_SYMBOLS = 256, JPEG_TABLE_IDS = 4,
       JPEG_CATEGORIES = 16 };          /* of a DC difference: 0 to 15 */

/* As in a DHT segment (T.81 B.2.4.2). */
struct jpeg_huffman {
	int class_;                     /* JPEG_DC or JPEG_AC */
	int id;                         /* Th, 0..3 */
	int bits[JPEG_CODE_BITS + 1];   /* codes of each length; [0] unused */
	int count;                      /* of symbols */
	uint8_t symbol[JPEG_SYMBOLS];   /* by code */
};

/*
 * Read one table of a DHT segment from data[length]; *used bytes of it.
 * False: it is not a prefix code, or names what no sequential JPEG has.
 */
bool jpeg_huffman_read(struct jpeg_huffman *table, const uint8_t *data,
		       size_t length, size_t *used);

/* Is it, but for its id, a table of T.81 K.3? */
bool jpeg_huffman_standard(const struct jpeg_huffman *table);

/*
 * Append a code of 16 bits for each symbol that blanked blocks may need and
 * the table lacks: DC categories 0 to categories - 1, or AC end of block.
 * Codes that are there stay as they are (they are canonical, T.81 C.2).
 * False when there is no room; the table is unchanged then.
 */
bool jpeg_huffman_extend(struct jpeg_huffman *table, int categories);

/*
 * The best table for symbols that occur so often (T.81 K.2), at most 16 bits,
 * no code all ones; class_ and id are left alone.  Depends on nothing else.
 */
void jpeg_huffman_best(struct jpeg_huffman *table,
		       const uint32_t frequency[JPEG_SYMBOLS]);

/*
 * The table as in a DHT segment, without marker and length.  Returns its
 * bytes, at most JPEG_TABLE_BYTES.
 */
enum { JPEG_TABLE_BYTES = 17 + JPEG_SYMBOLS };
size_t jpeg_huffman_write(const struct jpeg_huffman *table,
			  uint8_t out[JPEG_TABLE_BYTES]);

/* ---- encoding ---- */

struct jpeg_codes {
	uint16_t code[JPEG_SYMBOLS];
	uint8_t length[JPEG_SYMBOLS];   /* 0: the table lacks the symbol */
};
void jpeg_huffman_codes(const struct jpeg_huffman *table,
			struct jpeg_codes *codes);

/* ---- decoding ---- */

/* Bits of a look-up: nearly all codes of real tables are shorter. */
enum { JPEG_LOOK = 12, JPEG_LOOKS = 1 << JPEG_LOOK };

/*
 * symbol[]  for the next JPEG_LOOK bits: length of the code, and the symbol
 *           above JPEG_LENGTH_BITS; 0 when the code is longer or none
 * run[]     AC only; as many whole coefficients as these bits tell of: bits
 *           to skip, JPEG_RUN_END when the block ends with them, and the
 *           number of coefficients above JPEG_RUN_BITS; 0 as above
 */
enum { JPEG_LENGTH_BITS = 5, JPEG_RUN_END = 32, JPEG_RUN_BITS = 6 };
struct jpeg_decoder {
	uint16_t symbol[JPEG_LOOKS], run[JPEG_LOOKS];
	int32_t past[JPEG_CODE_BITS + 1];       /* last code of a length + 1 */
	int32_t offset[JPEG_CODE_BITS + 1];     /* index = code + offset */
	uint8_t value[JPEG_SYMBOLS];
};
void jpeg_huffman_decoder(const struct jpeg_huffman *table,
			  struct jpeg_decoder *decoder);

/*
 * The symbol of the code at the start of these 16 bits, and the length of the
 * code; -1 when there is no such code.
 */
int jpeg_decoder_slow(const struct jpeg_decoder *decoder, unsigned bits,
		      unsigned *length);

/*
 * The same through the look-up; bits are the next ones, from the highest on.
 */
static inline int jpeg_decoder_symbol(const struct jpeg_decoder *decoder,
				      uint64_t bits, unsigned *length)
{
	unsigned look = decoder->symbol[bits >> (64 - JPEG_LOOK)];

	if (!look)
		return jpeg_decoder_slow(decoder, (unsigned)(bits >> 48),
					 length);
	*length = look & ((1u << JPEG_LENGTH_BITS) - 1);
	return (int)(look >> JPEG_LENGTH_BITS);
}

/* A difference or coefficient of so many bits (T.81 F.2.2.1, EXTEND). */
static inline int jpeg_extend(unsigned value, int size)
{
	return size && value < 1u << (size - 1) ?
	       (int)value - (1 << size) + 1 : (int)value;
}

/* The category of a value, and the bits that go with it (T.81 F.1.2.1.1). */
static inline int jpeg_category(int value)
{
	unsigned magnitude = (unsigned)(value < 0 ? -value : value);
	int category = 0;

	while (magnitude >> category)
		category++;
	return category;
}

static inline unsigned jpeg_value_bits(int value, int category)
{
	return (unsigned)(value < 0 ? value - 1 : value) &
	       ((1u << category) - 1);
}

#endif

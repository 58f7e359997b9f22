/* jpeg_huffman.c - canonical Huffman tables of sequential JPEG. */
#include "config.h"

#include "mask/jpeg_huffman.h"

#include <string.h>

/* ---- reading and writing ---- */

/* The first code of 16 bits that no symbol has; more than 65536: over-full. */
static long first_free(const struct jpeg_huffman *table)
{
	long code = 0;

	for (int length = 1; length <= JPEG_CODE_BITS; length++)
		code = (code + table->bits[length]) * 2;
	return code / 2;
}

/*
 * DC categories go to 15; an AC symbol is a run and a size, and without size
 * only end of block and the run of 16 mean something (T.81 F.1.2.2.1).
 */
static bool is_symbol(int class_, int symbol)
{
	if (class_ == JPEG_DC)
		return symbol < JPEG_CATEGORIES;
	return symbol & 15 || symbol == 0 || symbol == 0xf0;
}

bool jpeg_huffman_read(struct jpeg_huffman *table, const uint8_t *data,
		       size_t length, size_t *used)
{
	*table = (struct jpeg_huffman){ 0 };
	if (length < 17 || data[0] >> 4 >= JPEG_CLASSES ||
	    (data[0] & 15) >= JPEG_TABLE_IDS)
		return false;
	table->class_ = data[0] >> 4;
	table->id = data[0] & 15;
	for (int i = 1; i <= JPEG_CODE_BITS; i++) {
		table->bits[i] = data[i];
		table->count += data[i];
	}
	if (table->count > JPEG_SYMBOLS ||
	    (size_t)table->count > length - 17)
		return false;
	memcpy(table->symbol, data + 17, (size_t)table->count);
	*used = 17 + (size_t)table->count;
	return first_free(table) <= 1L << JPEG_CODE_BITS;
}

size_t jpeg_huffman_write(const struct jpeg_huffman *table,
			  uint8_t out[JPEG_TABLE_BYTES])
{
	out[0] = (uint8_t)(table->class_ << 4 | table->id);
	for (int i = 1; i <= JPEG_CODE_BITS; i++)
		out[i] = (uint8_t)table->bits[i];
	memcpy(out + 17, table->symbol, (size_t)table->count);
	return 17 + (size_t)table->count;
}

/* T.81 K.3.3, tables K.3 to K.6. */
static const struct jpeg_huffman standards[] = {
	{ JPEG_DC, 0,
	  { 0, 0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0 }, 12,
	  { 0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09,
	    0x0a, 0x0b } },
	{ JPEG_DC, 0,
	  { 0, 0, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0 }, 12,
	  { 0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09,
	    0x0a, 0x0b } },
	{ JPEG_AC, 0,
	  { 0, 0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 125 }, 162,
	  { 0x01, 0x02, 0x03, 0x00, 0x04, 0x11, 0x05, 0x12, 0x21, 0x31,
	    0x41, 0x06, 0x13, 0x51, 0x61, 0x07, 0x22, 0x71, 0x14, 0x32,
	    0x81, 0x91, 0xa1, 0x08, 0x23, 0x42, 0xb1, 0xc1, 0x15, 0x52,
	    0xd1, 0xf0, 0x24, 0x33, 0x62, 0x72, 0x82, 0x09, 0x0a, 0x16,
	    0x17, 0x18, 0x19, 0x1a, 0x25, 0x26, 0x27, 0x28, 0x29, 0x2a,
	    0x34, 0x35, 0x36, 0x37, 0x38, 0x39, 0x3a, 0x43, 0x44, 0x45,
	    0x46, 0x47, 0x48, 0x49, 0x4a, 0x53, 0x54, 0x55, 0x56, 0x57,
	    0x58, 0x59, 0x5a, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69,
	    0x6a, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78, 0x79, 0x7a, 0x83,
	    0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x92, 0x93, 0x94,
	    0x95, 0x96, 0x97, 0x98, 0x99, 0x9a, 0xa2, 0xa3, 0xa4, 0xa5,
	    0xa6, 0xa7, 0xa8, 0xa9, 0xaa, 0xb2, 0xb3, 0xb4, 0xb5, 0xb6,
	    0xb7, 0xb8, 0xb9, 0xba, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7,
	    0xc8, 0xc9, 0xca, 0xd2, 0xd3, 0xd4, 0xd5, 0xd6, 0xd7, 0xd8,
	    0xd9, 0xda, 0xe1, 0xe2, 0xe3, 0xe4, 0xe5, 0xe6, 0xe7, 0xe8,
	    0xe9, 0xea, 0xf1, 0xf2, 0xf3, 0xf4, 0xf5, 0xf6, 0xf7, 0xf8,
	    0xf9, 0xfa } },
	{ JPEG_AC, 0,
	  { 0, 0, 2, 1, 2, 4, 4, 3, 4, 7, 5, 4, 4, 0, 1, 2, 119 }, 162,
	  { 0x00, 0x01, 0x02, 0x03, 0x11, 0x04, 0x05, 0x21, 0x31, 0x06,
	    0x12, 0x41, 0x51, 0x07, 0x61, 0x71, 0x13, 0x22, 0x32, 0x81,
	    0x08, 0x14, 0x42, 0x91, 0xa1, 0xb1, 0xc1, 0x09, 0x23, 0x33,
	    0x52, 0xf0, 0x15, 0x62, 0x72, 0xd1, 0x0a, 0x16, 0x24, 0x34,
	    0xe1, 0x25, 0xf1, 0x17, 0x18, 0x19, 0x1a, 0x26, 0x27, 0x28,
	    0x29, 0x2a, 0x35, 0x36, 0x37, 0x38, 0x39, 0x3a, 0x43, 0x44,
	    0x45, 0x46, 0x47, 0x48, 0x49, 0x4a, 0x53, 0x54, 0x55, 0x56,
	    0x57, 0x58, 0x59, 0x5a, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68,
	    0x69, 0x6a, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78, 0x79, 0x7a,
	    0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x92,
	    0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99, 0x9a, 0xa2, 0xa3,
	    0xa4, 0xa5, 0xa6, 0xa7, 0xa8, 0xa9, 0xaa, 0xb2, 0xb3, 0xb4,
	    0xb5, 0xb6, 0xb7, 0xb8, 0xb9, 0xba, 0xc2, 0xc3, 0xc4, 0xc5,
	    0xc6, 0xc7, 0xc8, 0xc9, 0xca, 0xd2, 0xd3, 0xd4, 0xd5, 0xd6,
	    0xd7, 0xd8, 0xd9, 0xda, 0xe2, 0xe3, 0xe4, 0xe5, 0xe6, 0xe7,
	    0xe8, 0xe9, 0xea, 0xf2, 0xf3, 0xf4, 0xf5, 0xf6, 0xf7, 0xf8,
	    0xf9, 0xfa } },
};

bool jpeg_huffman_standard(const struct jpeg_huffman *table)
{
	for (size_t i = 0; i < sizeof(standards) / sizeof(standards[0]); i++)
		if (table->class_ == standards[i].class_ &&
		    !memcmp(table->bits, standards[i].bits,
			    sizeof(table->bits)) &&
		    !memcmp(table->symbol, standards[i].symbol,
			    (size_t)standards[i].count))
			return true;
	return false;
}

/* ---- extending ---- */

static bool has_symbol(const struct jpeg_huffman *table, int symbol)
{
	return memchr(table->symbol, symbol, (size_t)table->count);
}

bool jpeg_huffman_extend(struct jpeg_huffman *table, int categories)
{
	int needed = table->class_ == JPEG_DC ? categories : 1;
	struct jpeg_huffman longer = *table;
	/* all ones stays free (T.81 C.2) */
	long room = (1L << JPEG_CODE_BITS) - 1 - first_free(table);

	for (int symbol = 0; symbol < needed; symbol++) {
		if (has_symbol(table, symbol))
			continue;
		if (room-- < 1 || longer.count == JPEG_SYMBOLS ||
		    longer.bits[JPEG_CODE_BITS] == 255)
			return false;
		longer.symbol[longer.count++] = (uint8_t)symbol;
		longer.bits[JPEG_CODE_BITS]++;
	}
	*table = longer;
	return true;
}

/* ---- the best table ---- */

/*
 * Lengths of codes by joining the two rarest again and again (T.81 figure
 * K.1).  Of equally rare ones the last is taken, so that the symbol added for
 * the code of all ones gets the longest.
 */
struct tree {
	uint64_t frequency[JPEG_SYMBOLS + 1];
	int length[JPEG_SYMBOLS + 1];
	int other[JPEG_SYMBOLS + 1];    /* of the same branch; -1: the last */
};

static int find_rarest(const struct tree *tree, int except)
{
	int rarest = -1;

	for (int i = 0; i <= JPEG_SYMBOLS; i++)
		if (i != except && tree->frequency[i] &&
		    (rarest < 0 ||
		     tree->frequency[i] <= tree->frequency[rarest]))
			rarest = i;
	return rarest;
}

static void deepen(struct tree *tree, int from, int join)
{
	for (;; from = tree->other[from]) {
		tree->length[from]++;
		if (tree->other[from] < 0)
			break;
	}
	if (join >= 0) {
		tree->other[from] = join;
		deepen(tree, join, -1);
	}
}

static void find_lengths(struct tree *tree)
{
	for (;;) {
		int a = find_rarest(tree, -1);
		int b = find_rarest(tree, a);

		if (b < 0)
			return;
		tree->frequency[a] += tree->frequency[b];
		tree->frequency[b] = 0;
		deepen(tree, a, b);
	}
}

/*
 * No code longer than 16 bits (T.81 figure K.3): a pair of too long ones
 * becomes one, and a shorter one is split for the other.
 */
static void shorten(int codes[JPEG_SYMBOLS + 1])
{
	for (int i = JPEG_SYMBOLS; i > JPEG_CODE_BITS; i--) {
		while (codes[i] > 0) {
			int j = i - 2;

			while (!codes[j])
				j--;
			codes[i] -= 2;
			codes[i - 1]++;
			codes[j + 1] += 2;
			codes[j]--;
		}
	}
}

void jpeg_huffman_best(struct jpeg_huffman *table,
		       const uint32_t frequency[JPEG_SYMBOLS])
{
	struct tree tree = { .frequency = { [JPEG_SYMBOLS] = 1 } };
	int codes[JPEG_SYMBOLS + 1] = { 0 }, longest = JPEG_CODE_BITS;

	for (int i = 0; i < JPEG_SYMBOLS; i++)
		tree.frequency[i] = frequency[i];
	for (int i = 0; i <= JPEG_SYMBOLS; i++)
		tree.other[i] = -1;
	find_lengths(&tree);
	for (int i = 0; i <= JPEG_SYMBOLS; i++)
		codes[tree.length[i]]++;
	shorten(codes);
	/* the longest code is the added symbol's: all ones */
	while (!codes[longest])
		longest--;
	codes[longest]--;
	table->count = 0;
	for (int i = 1; i <= JPEG_CODE_BITS; i++)
		table->bits[i] = codes[i];
	for (int length = 1; length <= JPEG_SYMBOLS; length++)
		for (int i = 0; i < JPEG_SYMBOLS; i++)
			if (tree.length[i] == length)
				table->symbol[table->count++] = (uint8_t)i;
}

/* ---- encoding ---- */

void jpeg_huffman_codes(const struct jpeg_huffman *table,
			struct jpeg_codes *codes)
{
	unsigned code = 0;
	int next = 0;

	memset(codes, 0, sizeof(*codes));
	for (int length = 1; length <= JPEG_CODE_BITS; length++) {
		for (int i = 0; i < table->bits[length]; i++) {
			int symbol = table->symbol[next++];

			codes->code[symbol] = (uint16_t)code++;
			codes->length[symbol] = (uint8_t)length;
		}
		code *= 2;
	}
}

/* ---- decoding ---- */

/* All looks that begin with the code tell the symbol. */
static void fill_looks(struct jpeg_decoder *d, int code, int length,
		       int symbol)
{
	int spare = JPEG_LOOK - length;
	uint16_t look = (uint16_t)(symbol << JPEG_LENGTH_BITS | length);

	for (int i = code << spare; i < (code + 1) << spare; i++)
		d->symbol[i] = look;
}

/* What one look tells of coefficients; see struct jpeg_decoder. */
static uint16_t find_run(const struct jpeg_decoder *d, int look)
{
	int skip = 0, coefficients = 0, end = 0;

	while (!end && skip < JPEG_LOOK) {
		int next = d->symbol[look << skip & (JPEG_LOOKS - 1)];
		int length = next & ((1 << JPEG_LENGTH_BITS) - 1);
		int symbol = next >> JPEG_LENGTH_BITS;
		int more = symbol ? (symbol >> 4) + 1 : 0;

		/* the code must lie in the look; its value need not */
		if (!next || skip + length > JPEG_LOOK ||
		    !is_symbol(JPEG_AC, symbol) ||
		    coefficients + more >= 64)
			break;
		skip += length + (symbol & 15);
		coefficients += more;
		end = symbol ? 0 : JPEG_RUN_END;
	}
	return (uint16_t)(coefficients << JPEG_RUN_BITS | end | skip);
}

void jpeg_huffman_decoder(const struct jpeg_huffman *table,
			  struct jpeg_decoder *d)
{
	int code = 0, next = 0;

	memset(d, 0, sizeof(*d));
	memcpy(d->value, table->symbol, (size_t)table->count);
	for (int length = 1; length <= JPEG_CODE_BITS; length++) {
		d->offset[length] = next - code;
		for (int i = 0; i < table->bits[length]; i++, code++, next++)
			if (length <= JPEG_LOOK)
				fill_looks(d, code, length,
					   table->symbol[next]);
		d->past[length] = code;
		code *= 2;
	}
	if (table->class_ == JPEG_AC)
		for (int i = 0; i < JPEG_LOOKS; i++)
			d->run[i] = find_run(d, i);
}

int jpeg_decoder_slow(const struct jpeg_decoder *d, unsigned bits,
		      unsigned *length)
{
	for (int i = 1; i <= JPEG_CODE_BITS; i++) {
		int code = (int)(bits >> (JPEG_CODE_BITS - i));

		if (code < d->past[i]) {
			*length = (unsigned)i;
			return d->value[code + d->offset[i]];
		}
	}
	return -1;
}

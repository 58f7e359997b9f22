/*
 * jpeg_blocks.c - reads the coefficients of sequential Huffman JPEG.
 *
 * The bits between two markers are unstuffed into one buffer with slack behind
 * it, so that a block can be read without looking for the end at each code;
 * whether it went past is checked once a block.
 */
#include "config.h"

#include "image/jpeg_blocks.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"

/* Marker bytes (T.81 table B.1). */
enum { M_SOF0 = 0xc0, M_SOF1 = 0xc1, M_DHT = 0xc4, M_JPG = 0xc8,
       M_DAC = 0xcc, M_SOF15 = 0xcf, M_RST0 = 0xd0, M_RST7 = 0xd7,
       M_SOI = 0xd8, M_EOI = 0xd9, M_SOS = 0xda, M_DQT = 0xdb, M_DNL = 0xdc,
       M_DRI = 0xdd, M_APP0 = 0xe0, M_APP15 = 0xef, M_COM = 0xfe };

enum {
	TABLES = 4,
	LOOK = 10,                      /* bits looked up at once */
	LEAP = 12,                      /* and where values are not wanted */
	CODE_MOST = 16, SIZE_MOST = 15, /* bits of a code, of a value */
	/* 64 codes with their values, and a word read ahead */
	SLACK = 64 * (CODE_MOST + SIZE_MOST) / 8 + 16,
	MCU_BLOCKS_MOST = 10,           /* B.2.3 */
};

/* What the next LOOK bits begin with. */
struct look {
	int16_t value;                  /* if its bits are among them; else 0 */
	uint8_t length;                 /* of code and value; 0: longer code */
	uint8_t symbol;                 /* run and size */
};

/* As many AC codes with their values as the next LEAP bits hold. */
struct leap {
	uint8_t length;                 /* 0: not even one */
	uint8_t coefficients;           /* passed */
	bool end;                       /* with EOB */
};

struct huffman {
	bool known;
	int counts[CODE_MOST + 1];      /* codes by length */
	int symbols;
	uint8_t symbol[256];
	/* codes of each length, at the top of CODE_MOST bits: the first that
	   is longer; and where its symbols begin */
	int32_t limit[CODE_MOST + 1];
	int first[CODE_MOST + 1];
	struct look look[1 << LOOK];
	struct leap leap[1 << LEAP];
};

struct component {
	int id, h, v, quant;
	int block_columns, block_rows;
	bool seen;
};

/* Bits of the interval; the ones next are at the top of `ahead`. */
struct bits {
	const uint8_t *next;            /* behind those in ahead */
	uint64_t ahead;
	int count;                      /* of bits in ahead that are sure */
};

struct scan {
	int parts;
	struct {
		int component, dc, ac;
		int across, down;       /* blocks of an MCU */
		int16_t *block;         /* a row */
		uint16_t quant[JPEG_BLOCK_SIZE];
	} part[JPEG_BLOCKS_MOST];
	int mcu_columns, mcu_rows;
	int row;                        /* the next one */
};

struct jpeg_blocks {
	const uint8_t *stream;
	size_t length, next;            /* next: what is not read yet */
	int precision, columns, rows, components, h_max, v_max;
	struct component component[JPEG_BLOCKS_MOST];
	struct huffman dc[TABLES], ac[TABLES];
	bool quant_known[TABLES];
	uint16_t quant[TABLES][JPEG_BLOCK_SIZE];
	int restart;                    /* MCUs of an interval, 0: all */
	struct scan scan;
	int scans;                      /* begun */
	bool scanning, failed, ended;
	/* the interval */
	uint8_t *interval;
	size_t interval_bytes, interval_room;
	int interval_number;            /* in the scan */
	int left;                       /* MCUs */
	struct bits bits;
	int predictor[JPEG_BLOCKS_MOST];        /* by part */
	/* the row given last, for those that follow */
	int row_interval;
	size_t row_from, row_to;        /* bits of the interval */
	int row_predictor[JPEG_BLOCKS_MOST];
};

static bool damaged(struct error *err)
{
	return error_refuse(err, REASON_DAMAGED, NULL, 0);
}

static bool damaged_at(int marker, struct error *err)
{
	return error_refuse(err, REASON_DAMAGED_MARKER, NULL, marker);
}

static bool truncated(struct error *err)
{
	return error_refuse(err, REASON_TRUNCATED, NULL, 0);
}

/* ---- tables ---- */

/* The value of `size` bits (T.81 F.2.2.1, EXTEND). */
static inline int extend(unsigned bits, int size)
{
	return bits >> (size - 1) ? (int)bits : (int)bits - (1 << size) + 1;
}

/* All LOOK bits that begin with this code. */
static void fill_look(struct huffman *t, int32_t code, int length,
		      uint8_t symbol)
{
	int size = symbol & 15, rest = LOOK - length;
	unsigned first;

	if (length > LOOK)
		return;
	first = (unsigned)code << rest;
	for (unsigned i = 0; i < 1u << rest; i++) {
		struct look *look = &t->look[first + i];

		*look = (struct look){ .length = (uint8_t)(length + size),
				       .symbol = symbol };
		if (size && size <= rest)
			look->value = (int16_t)extend(i >> (rest - size),
						      size);
	}
}

/* Codes in the order of their lengths (T.81 C.2); false: more than fit. */
static bool make_codes(struct huffman *t)
{
	int32_t code = 0;
	int n = 0;

	memset(t->look, 0, sizeof(t->look));
	for (int length = 1; length <= CODE_MOST; length++) {
		t->first[length] = n - (int)code;
		for (int i = 0; i < t->counts[length]; i++, n++, code++) {
			if (code >= 1 << length)
				return false;
			fill_look(t, code, length, t->symbol[n]);
		}
		t->limit[length] = code << (CODE_MOST - length);
		code <<= 1;
	}
	return true;
}

/* The codes that begin `bits` (LEAP of them); only whole and right ones. */
static struct leap make_leap(const struct huffman *t, unsigned bits)
{
	struct leap leap = { 0 };

	while (leap.length < LEAP && !leap.end) {
		unsigned rest = bits << leap.length & ((1u << LEAP) - 1);
		const struct look *look = &t->look[rest >> (LEAP - LOOK)];
		int run = look->symbol >> 4, size = look->symbol & 15;

		if (!look->length || leap.length + look->length > LEAP ||
		    (!size && run && run != 15) ||
		    leap.coefficients + run + 1 >= JPEG_BLOCK_SIZE)
			break;
		leap.length = (uint8_t)(leap.length + look->length);
		leap.end = !look->symbol;
		if (!leap.end)
			leap.coefficients = (uint8_t)(leap.coefficients +
						      run + 1);
	}
	return leap;
}

/* A DC symbol is a number of bits; libjpeg uses no table with one above 15. */
static bool can_be_dc(const struct huffman *t)
{
	for (int i = 0; i < t->symbols; i++)
		if (t->symbol[i] > 15)
			return false;
	return true;
}

static bool read_dht(struct jpeg_blocks *b, const uint8_t *p, size_t size,
		     struct error *err)
{
	while (size > 0) {
		struct huffman *t;
		size_t symbols = 0;

		if (size < 1 + CODE_MOST || p[0] >> 4 > 1 ||
		    (p[0] & 15) >= TABLES)
			return damaged_at(M_DHT, err);
		t = p[0] >> 4 ? &b->ac[p[0] & 15] : &b->dc[p[0] & 15];
		for (int i = 1; i <= CODE_MOST; i++) {
			t->counts[i] = p[i];
			symbols += p[i];
		}
		p += 1 + CODE_MOST;
		size -= 1 + CODE_MOST;
		if (symbols > sizeof(t->symbol) || symbols > size)
			return damaged_at(M_DHT, err);
		memcpy(t->symbol, p, symbols);
		t->symbols = (int)symbols;
		t->known = make_codes(t);
		if (!t->known)
			return damaged_at(M_DHT, err);
		t->known = p[-1 - CODE_MOST] >> 4 || can_be_dc(t);
		for (unsigned i = 0; i < 1u << LEAP; i++)
			t->leap[i] = make_leap(t, i);
		p += symbols;
		size -= symbols;
	}
	return true;
}

static bool read_dqt(struct jpeg_blocks *b, const uint8_t *p, size_t size,
		     struct error *err)
{
	while (size > 0) {
		size_t width = p[0] >> 4 ? 2 : 1;
		size_t bytes = 1 + width * JPEG_BLOCK_SIZE;
		int id = p[0] & 15;

		if (p[0] >> 4 > 1 || id >= TABLES || size < bytes)
			return damaged_at(M_DQT, err);
		for (size_t k = 0; k < JPEG_BLOCK_SIZE; k++) {
			const uint8_t *q = p + 1 + k * width;

			b->quant[id][k] = (uint16_t)(width == 1 ? q[0] :
						     q[0] << 8 | q[1]);
			if (!b->quant[id][k])
				return damaged_at(M_DQT, err);
		}
		b->quant_known[id] = true;
		p += bytes;
		size -= bytes;
	}
	return true;
}

/* ---- headers ---- */

static int blocks_of(int pixels, int factor, int most)
{
	int samples = (pixels * factor + most - 1) / most;

	return (samples + 7) / 8;
}

static bool read_components(struct jpeg_blocks *b, const uint8_t *p,
			    struct error *err)
{
	b->h_max = b->v_max = 1;
	for (int i = 0; i < b->components; i++, p += 3) {
		struct component *c = &b->component[i];

		*c = (struct component){ .id = p[0], .h = p[1] >> 4,
					 .v = p[1] & 15, .quant = p[2] };
		if (c->h < 1 || c->h > 4 || c->v < 1 || c->v > 4 ||
		    c->quant >= TABLES)
			return damaged_at(M_SOF0, err);
		for (int k = 0; k < i; k++)
			if (b->component[k].id == c->id)
				return damaged_at(M_SOF0, err);
		if (b->components == 1)
			c->h = c->v = 1;
		b->h_max = c->h > b->h_max ? c->h : b->h_max;
		b->v_max = c->v > b->v_max ? c->v : b->v_max;
	}
	for (int i = 0; i < b->components; i++) {
		struct component *c = &b->component[i];

		c->block_columns = blocks_of(b->columns, c->h, b->h_max);
		c->block_rows = blocks_of(b->rows, c->v, b->v_max);
	}
	return true;
}

/* P, Y, X, Nf, then C, H V, Tq each (T.81 B.2.2). */
static bool read_sof(struct jpeg_blocks *b, int marker, const uint8_t *p,
		     size_t size, struct error *err)
{
	if (b->components || size < 6 || p[5] < 1 ||
	    p[5] > JPEG_BLOCKS_MOST || size != 6 + 3 * (size_t)p[5])
		return damaged_at(marker, err);
	b->precision = p[0];
	b->rows = p[1] << 8 | p[2];
	b->columns = p[3] << 8 | p[4];
	b->components = p[5];
	if ((b->precision != 8 && (b->precision != 12 || marker == M_SOF0)) ||
	    !b->rows || !b->columns)
		return damaged_at(marker, err);
	return read_components(b, p + 6, err);
}

static int find_component(const struct jpeg_blocks *b, int id)
{
	for (int i = 0; i < b->components; i++)
		if (b->component[i].id == id)
			return i;
	return -1;
}

/* Take one component into the scan. */
static bool read_part(struct jpeg_blocks *b, int i, const uint8_t *p,
		      struct error *err)
{
	struct scan *s = &b->scan;
	int number = find_component(b, p[0]);
	int dc = p[1] >> 4, ac = p[1] & 15;
	struct component *c = number < 0 ? NULL : &b->component[number];

	if (!c || c->seen || dc >= TABLES || ac >= TABLES ||
	    !b->dc[dc].known || !b->ac[ac].known || !b->quant_known[c->quant])
		return damaged_at(M_SOS, err);
	c->seen = true;
	s->part[i].component = number;
	s->part[i].dc = dc;
	s->part[i].ac = ac;
	s->part[i].across = s->parts > 1 ? c->h : 1;
	s->part[i].down = s->parts > 1 ? c->v : 1;
	memcpy(s->part[i].quant, b->quant[c->quant],
	       sizeof(s->part[i].quant));
	return true;
}

static bool make_rows(struct jpeg_blocks *b, struct error *err)
{
	struct scan *s = &b->scan;
	const struct component *one = &b->component[s->part[0].component];
	int blocks = 0;

	s->mcu_columns = s->parts > 1 ? blocks_of(b->columns, 1, b->h_max) :
					one->block_columns;
	s->mcu_rows = s->parts > 1 ? blocks_of(b->rows, 1, b->v_max) :
				     one->block_rows;
	for (int i = 0; i < s->parts; i++) {
		int of_mcu = s->part[i].across * s->part[i].down;

		blocks += of_mcu;
		free(s->part[i].block);
		s->part[i].block = mem_array3((size_t)s->mcu_columns,
					      (size_t)of_mcu, JPEG_BLOCK_SIZE,
					      sizeof(int16_t));
		if (!s->part[i].block)
			return error_set(err, ERR_MEMORY,
					 _("no memory for a JPEG"));
	}
	return (s->parts == 1 || blocks <= MCU_BLOCKS_MOST) ||
	       damaged_at(M_SOS, err);
}

static bool start_interval(struct jpeg_blocks *b, struct error *err);

/* Ns, then Cs, Td Ta each, then Ss, Se, Ah Al (T.81 B.2.3). */
static bool read_sos(struct jpeg_blocks *b, const uint8_t *p, size_t size,
		     struct error *err)
{
	struct scan *s = &b->scan;

	if (size < 1 || p[0] < 1 || p[0] > b->components ||
	    size != 4 + 2 * (size_t)p[0])
		return damaged_at(M_SOS, err);
	s->parts = p[0];
	s->row = 0;
	for (int i = 0; i < s->parts; i++)
		if (!read_part(b, i, p + 1 + 2 * i, err))
			return false;
	p += 1 + 2 * s->parts;
	if (p[0] || p[2])
		return damaged_at(M_SOS, err);
	b->scans++;
	b->scanning = true;
	b->interval_number = -1;
	return make_rows(b, err) && start_interval(b, err);
}

static bool read_segment(struct jpeg_blocks *b, int marker, const uint8_t *p,
			 size_t size, struct error *err)
{
	switch (marker) {
	case M_DHT:
		return read_dht(b, p, size, err);
	case M_DQT:
		return read_dqt(b, p, size, err);
	case M_DRI:
		if (size != 2)
			return damaged_at(marker, err);
		b->restart = p[0] << 8 | p[1];
		return true;
	case M_SOF0:
	case M_SOF1:
		return read_sof(b, marker, p, size, err);
	case M_SOS:
		return read_sos(b, p, size, err);
	case M_COM:
		return true;
	default:
		break;
	}
	if (marker >= M_SOF0 && marker <= M_SOF15 && marker != M_JPG &&
	    marker != M_DAC)
		return error_refuse(err, REASON_JPEG_PROCESS, NULL, marker);
	return (marker >= M_APP0 && marker <= M_APP15) ||
	       damaged_at(marker, err);
}

/* The marker that has to stand at next; -1 with *err. */
static int read_marker(struct jpeg_blocks *b, struct error *err)
{
	size_t i = b->next;

	if (i < b->length && b->stream[i] != 0xff) {
		damaged(err);
		return -1;
	}
	while (i < b->length && b->stream[i] == 0xff)
		i++;                    /* fill bytes (B.1.1.2) */
	if (i >= b->length) {
		truncated(err);
		return -1;
	}
	b->next = i + 1;
	return b->stream[i];
}

/* Segments up to the first bits of a scan, or to EOI: *end. */
static bool read_segments(struct jpeg_blocks *b, bool *end, struct error *err)
{
	*end = false;
	while (!b->scanning) {
		int marker = read_marker(b, err);
		size_t size, left = b->length - b->next;

		if (marker < 0)
			return false;
		if (marker == M_EOI) {
			*end = true;
			return true;
		}
		if (marker == M_SOI ||
		    (marker >= M_RST0 && marker <= M_RST7))
			return damaged_at(marker, err);
		if (left < 2)
			return truncated(err);
		size = (size_t)b->stream[b->next] << 8 |
		       b->stream[b->next + 1];
		if (size < 2)
			return damaged_at(marker, err);
		if (size > left)
			return truncated(err);
		b->next += size;
		if (!read_segment(b, marker, b->stream + b->next - size + 2,
				  size - 2, err))
			return false;
	}
	return true;
}

/* ---- intervals ---- */

/* Where the marker stands that ends the bits; length when there is none. */
static size_t find_end(const struct jpeg_blocks *b)
{
	size_t i = b->next;

	while (i < b->length) {
		const uint8_t *ff = memchr(b->stream + i, 0xff, b->length - i);

		if (!ff)
			break;
		i = (size_t)(ff - b->stream);
		if (i + 1 < b->length && b->stream[i + 1])
			return i;
		i += 2;
	}
	return b->length;
}

/* Copy without the zeros that follow 0xff (T.81 B.1.1.5). */
static void unstuff(struct jpeg_blocks *b, size_t end)
{
	const uint8_t *in = b->stream + b->next, *last = b->stream + end;
	uint8_t *out = b->interval;

	while (in < last) {
		const uint8_t *ff = memchr(in, 0xff, (size_t)(last - in));
		size_t n = ff ? (size_t)(ff - in) + 1 : (size_t)(last - in);

		memcpy(out, in, n);
		out += n;
		in += n + (ff ? 1 : 0);
	}
	b->interval_bytes = (size_t)(out - b->interval);
	memset(out, 0, SLACK);
}

static void bits_at(struct jpeg_blocks *b, size_t bit)
{
	b->bits.next = b->interval + bit / 8;
	b->bits.ahead = 0;
	b->bits.count = 0;
	if (bit % 8) {
		b->bits.ahead = (uint64_t)*b->bits.next++ << (56 + bit % 8);
		b->bits.count = 8 - (int)(bit % 8);
	}
}

static size_t bit_now(const struct jpeg_blocks *b)
{
	return (size_t)(b->bits.next - b->interval) * 8 -
	       (size_t)b->bits.count;
}

static bool start_interval(struct jpeg_blocks *b, struct error *err)
{
	size_t end = find_end(b), room = end - b->next + SLACK;

	if (end == b->length)
		return truncated(err);
	if (room > b->interval_room) {
		free(b->interval);
		b->interval = malloc(room);
		b->interval_room = b->interval ? room : 0;
		if (!b->interval)
			return error_set(err, ERR_MEMORY,
					 _("no memory for a JPEG"));
	}
	unstuff(b, end);
	b->next = end;
	bits_at(b, 0);
	b->interval_number++;
	b->left = b->restart ? b->restart : INT32_MAX;
	memset(b->predictor, 0, sizeof(b->predictor));
	return true;
}

/* Less than a byte is left, all ones (T.81 F.1.2.3) or all zeros. */
static bool check_padding(const struct jpeg_blocks *b, struct error *err)
{
	size_t bit = bit_now(b), all = b->interval_bytes * 8;
	unsigned last, mask;

	if (bit > all)
		return truncated(err);
	if (all - bit >= 8)
		return damaged(err);
	if (bit == all)
		return true;
	mask = (1u << (all - bit)) - 1;
	last = b->interval[b->interval_bytes - 1] & mask;
	return !last || last == mask || damaged(err);
}

/* From the end of one interval over its restart marker into the next. */
static bool next_interval(struct jpeg_blocks *b, struct error *err)
{
	int marker;

	if (!check_padding(b, err))
		return false;
	marker = read_marker(b, err);
	if (marker < 0)
		return false;
	if (marker != M_RST0 + b->interval_number % 8)
		return damaged_at(marker, err);
	return start_interval(b, err);
}

/* ---- blocks ---- */

static inline uint64_t load_64(const uint8_t *p)
{
	uint64_t value;

	memcpy(&value, p, sizeof(value));
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	value = __builtin_bswap64(value);
#endif
	return value;
}

/* At least 56 bits are in ahead afterwards. */
static inline void refill(struct bits *s)
{
	s->ahead |= load_64(s->next) >> s->count;
	s->next += (63 - s->count) >> 3;
	s->count |= 56;
}

static inline void drop(struct bits *s, int length)
{
	s->ahead <<= length;
	s->count -= length;
}

/* A code longer than LOOK and its value.  False: no such code. */
static bool take_long(struct bits *s, const struct huffman *t, int *symbol,
		      int *value)
{
	int32_t top = (int32_t)(s->ahead >> (64 - CODE_MOST));
	int length = LOOK + 1, size;

	while (length <= CODE_MOST && top >= t->limit[length])
		length++;
	if (length > CODE_MOST)
		return false;
	*symbol = t->symbol[t->first[length] + (top >> (CODE_MOST - length))];
	drop(s, length);
	size = *symbol & 15;
	*value = size ? extend((unsigned)(s->ahead >> (64 - size)), size) : 0;
	drop(s, size);
	return true;
}

/* The next code and the value behind it. */
static inline bool take(struct bits *s, const struct huffman *t, int *symbol,
			int *value)
{
	const struct look *look;
	int size;

	if (s->count < CODE_MOST + SIZE_MOST)
		refill(s);
	look = &t->look[s->ahead >> (64 - LOOK)];
	if (!look->length) {
		struct bits copy = *s;  /* s may stay in registers */
		bool ok = take_long(&copy, t, symbol, value);

		*s = copy;
		return ok;
	}
	*symbol = look->symbol;
	*value = look->value;
	size = look->symbol & 15;
	if (!look->value && size)
		*value = extend((unsigned)(s->ahead >> (64 - look->length)) &
				((1u << size) - 1), size);
	drop(s, look->length);
	return true;
}

/* T.81 F.2.2.  False: a code that is none, or a value out of range. */
static bool take_block(struct bits *bits, const struct huffman *dc,
		       const struct huffman *ac, int *predictor,
		       int16_t *block)
{
	struct bits s = *bits;
	int symbol, value, k = 1;

	memset(block, 0, JPEG_BLOCK_SIZE * sizeof(*block));
	if (!take(&s, dc, &symbol, &value) || symbol > SIZE_MOST)
		return false;
	*predictor += value;
	if (*predictor < INT16_MIN || *predictor > INT16_MAX)
		return false;
	block[0] = (int16_t)*predictor;
	while (k < JPEG_BLOCK_SIZE) {
		if (!take(&s, ac, &symbol, &value))
			return false;
		if (!(symbol & 15)) {
			if (symbol != 0xf0) {
				if (symbol)
					return false;
				break;          /* EOB */
			}
			k += 16;
			if (k >= JPEG_BLOCK_SIZE)
				return false;
			continue;
		}
		k += symbol >> 4;
		if (k >= JPEG_BLOCK_SIZE)
			return false;
		block[k++] = (int16_t)value;
	}
	*bits = s;
	return true;
}

/* The same without the AC values. */
static bool pass_block(struct bits *bits, const struct huffman *dc,
		       const struct huffman *ac, int *predictor)
{
	struct bits s = *bits;
	int symbol, value, k = 1;

	if (!take(&s, dc, &symbol, &value) || symbol > SIZE_MOST)
		return false;
	*predictor += value;
	if (*predictor < INT16_MIN || *predictor > INT16_MAX)
		return false;
	while (k < JPEG_BLOCK_SIZE) {
		const struct leap *leap;

		if (s.count < LEAP)
			refill(&s);
		leap = &ac->leap[s.ahead >> (64 - LEAP)];
		if (leap->length && k + leap->coefficients < JPEG_BLOCK_SIZE) {
			drop(&s, leap->length);
			k += leap->coefficients;
			if (leap->end)
				break;
			continue;
		}
		if (!take(&s, ac, &symbol, &value))
			return false;
		if (!symbol)
			break;          /* EOB */
		if (!(symbol & 15) && symbol != 0xf0)
			return false;
		k += (symbol >> 4) + 1;
		if (k > JPEG_BLOCK_SIZE || (symbol == 0xf0 &&
					    k == JPEG_BLOCK_SIZE))
			return false;
	}
	*bits = s;
	return true;
}

/* All MCUs of a row that lies in one interval; false when it is wrong. */
static bool pass_row(struct jpeg_blocks *b)
{
	const struct scan *s = &b->scan;
	const uint8_t *end = b->interval + b->interval_bytes + 8;

	for (int x = 0; x < s->mcu_columns; x++)
		for (int i = 0; i < s->parts; i++)
			for (int n = s->part[i].across * s->part[i].down; n;
			     n--)
				if (!pass_block(&b->bits,
						&b->dc[s->part[i].dc],
						&b->ac[s->part[i].ac],
						&b->predictor[i]) ||
				    b->bits.next > end)
					return false;
	return bit_now(b) <= b->interval_bytes * 8;
}

static bool take_mcu(struct jpeg_blocks *b, int column, struct error *err)
{
	struct scan *s = &b->scan;
	const uint8_t *end = b->interval + b->interval_bytes + 8;

	for (int i = 0; i < s->parts; i++) {
		int across = s->part[i].across;
		size_t row = (size_t)s->mcu_columns * (size_t)across;

		for (int n = 0; n < across * s->part[i].down; n++) {
			size_t at = (size_t)(n / across) * row +
				    (size_t)(column * across + n % across);

			if (!take_block(&b->bits, &b->dc[s->part[i].dc],
					&b->ac[s->part[i].ac],
					&b->predictor[i], s->part[i].block +
					at * JPEG_BLOCK_SIZE))
				return damaged(err);
			if (b->bits.next > end)
				return truncated(err);
		}
	}
	return true;
}

static bool take_row(struct jpeg_blocks *b, struct error *err)
{
	for (int x = 0; x < b->scan.mcu_columns; x++) {
		if (!b->left && !next_interval(b, err))
			return false;
		if (!x) {
			b->row_interval = b->interval_number;
			b->row_from = bit_now(b);
			memcpy(b->row_predictor, b->predictor,
			       sizeof(b->predictor));
		}
		if (!take_mcu(b, x, err))
			return false;
		b->left--;
	}
	b->row_to = bit_now(b);
	return b->row_to <= b->interval_bytes * 8 || truncated(err);
}

static void describe_row(const struct jpeg_blocks *b,
			 struct jpeg_blocks_row *row)
{
	const struct scan *s = &b->scan;

	*row = (struct jpeg_blocks_row){ .scan = b->scans - 1, .row = s->row,
					 .parts = s->parts };
	for (int i = 0; i < s->parts; i++) {
		row->part[i].component = s->part[i].component;
		row->part[i].across = s->mcu_columns * s->part[i].across;
		row->part[i].down = s->part[i].down;
		row->part[i].first_row = s->row * s->part[i].down;
		row->part[i].block = s->part[i].block;
		row->part[i].quant = s->part[i].quant;
	}
}

/* ---- the interface ---- */

static bool all_seen(const struct jpeg_blocks *b)
{
	for (int i = 0; i < b->components; i++)
		if (!b->component[i].seen)
			return false;
	return b->components > 0;
}

/* Pass the end of a scan that has no row left. */
static bool end_scan(struct jpeg_blocks *b, bool *end, struct error *err)
{
	*end = false;
	if (!b->scanning || b->scan.row < b->scan.mcu_rows)
		return true;
	b->scanning = false;
	if (!check_padding(b, err) || !read_segments(b, end, err))
		return false;
	return !*end || all_seen(b) || damaged(err);
}

struct jpeg_blocks *jpeg_blocks_open(const uint8_t *stream, size_t length,
				     struct error *err)
{
	struct jpeg_blocks *b = calloc(1, sizeof(*b));
	bool end = false;

	if (!b) {
		error_set(err, ERR_MEMORY, _("no memory for a JPEG"));
		return NULL;
	}
	b->stream = stream;
	b->length = length;
	b->next = 2;
	if (length < 2 || stream[0] != 0xff || stream[1] != M_SOI)
		damaged(err);
	else if (read_segments(b, &end, err) && (!end || damaged(err)))
		return b;
	jpeg_blocks_close(b);
	return NULL;
}

void jpeg_blocks_close(struct jpeg_blocks *b)
{
	if (!b)
		return;
	for (int i = 0; i < JPEG_BLOCKS_MOST; i++)
		free(b->scan.part[i].block);
	free(b->interval);
	free(b);
}

void jpeg_blocks_head(const struct jpeg_blocks *b,
		      struct jpeg_blocks_head *head)
{
	*head = (struct jpeg_blocks_head){
		.precision = b->precision, .columns = b->columns,
		.rows = b->rows, .components = b->components,
		.h_max = b->h_max, .v_max = b->v_max,
	};
	for (int i = 0; i < b->components; i++) {
		const struct component *c = &b->component[i];

		head->component[i].id = c->id;
		head->component[i].h = c->h;
		head->component[i].v = c->v;
		head->component[i].block_columns = c->block_columns;
		head->component[i].block_rows = c->block_rows;
	}
}

enum jpeg_blocks_got jpeg_blocks_next(struct jpeg_blocks *b,
				      struct jpeg_blocks_row *row,
				      struct error *err)
{
	if (b->failed) {
		damaged(err);
		return JPEG_BLOCKS_FAILED;
	}
	if ((!b->ended && !end_scan(b, &b->ended, err)) ||
	    (!b->ended && !take_row(b, err))) {
		b->failed = true;
		return JPEG_BLOCKS_FAILED;
	}
	if (b->ended)
		return JPEG_BLOCKS_END;
	describe_row(b, row);
	b->scan.row++;
	return JPEG_BLOCKS_ROW;
}

size_t jpeg_blocks_length(const struct jpeg_blocks *b)
{
	return b->next;
}

/* ---- following ---- */

/* Does every code of a mean the same in b?  b may have more, longest ones. */
static bool same_codes(const struct huffman *a, const struct huffman *b)
{
	return !memcmp(a->counts, b->counts,
		       CODE_MOST * sizeof(a->counts[0])) &&
	       a->counts[CODE_MOST] <= b->counts[CODE_MOST] &&
	       !memcmp(a->symbol, b->symbol, (size_t)a->symbols);
}

static bool same_scan(const struct jpeg_blocks *b,
		      const struct jpeg_blocks *leader)
{
	const struct scan *s = &b->scan, *t = &leader->scan;

	if (b->scans != leader->scans || s->parts != t->parts ||
	    s->mcu_columns != t->mcu_columns)
		return false;
	for (int i = 0; i < s->parts; i++)
		if (s->part[i].component != t->part[i].component ||
		    s->part[i].across != t->part[i].across ||
		    s->part[i].down != t->part[i].down ||
		    memcmp(s->part[i].quant, t->part[i].quant,
			   sizeof(s->part[i].quant)) != 0 ||
		    !same_codes(&b->dc[s->part[i].dc],
				&leader->dc[t->part[i].dc]) ||
		    !same_codes(&b->ac[s->part[i].ac],
				&leader->ac[t->part[i].ac]))
			return false;
	return true;
}

static uint64_t load_bits(const uint8_t *p, size_t bit)
{
	return load_64(p + bit / 8) << bit % 8;
}

/* Both have SLACK behind them. */
static bool same_bits(const uint8_t *a, size_t at, const uint8_t *b,
		      size_t bt, size_t count)
{
	enum { STEP = 56 };

	for (; count > STEP; at += STEP, bt += STEP, count -= STEP)
		if ((load_bits(a, at) ^ load_bits(b, bt)) >> (64 - STEP))
			return false;
	return !count ||
	       !((load_bits(a, at) ^ load_bits(b, bt)) >> (64 - count));
}

/* Is the next row of its scan whole in the interval?  Goes to the next one
 * where the last is used up. */
static bool at_row(struct jpeg_blocks *b)
{
	if (b->failed || b->ended || !b->scanning ||
	    b->scan.row >= b->scan.mcu_rows)
		return false;
	if (!b->left && !next_interval(b, NULL)) {
		b->failed = true;       /* as jpeg_blocks_next() will say */
		return false;
	}
	return b->left >= b->scan.mcu_columns;
}

static void pass_to(struct jpeg_blocks *b, size_t bit, const int *predictor)
{
	bits_at(b, bit);
	memcpy(b->predictor, predictor, sizeof(b->predictor));
	b->left -= b->scan.mcu_columns;
	b->scan.row++;
}

/* The bits from..to of the leader's interval are the next ones here. */
static bool same_row(const struct jpeg_blocks *b,
		     const struct jpeg_blocks *leader, size_t from, size_t to,
		     const int *predictor)
{
	size_t now = bit_now(b);

	return to - from <= b->interval_bytes * 8 - now &&
	       same_scan(b, leader) &&
	       !memcmp(b->predictor, predictor, sizeof(b->predictor)) &&
	       same_bits(b->interval, now, leader->interval, from, to - from);
}

bool jpeg_blocks_follow(struct jpeg_blocks *b,
			const struct jpeg_blocks *leader)
{
	if (leader->failed || leader->row_interval != leader->interval_number ||
	    !at_row(b) || b->scan.row + 1 != leader->scan.row ||
	    !same_row(b, leader, leader->row_from, leader->row_to,
		      leader->row_predictor))
		return false;
	pass_to(b, bit_now(b) + leader->row_to - leader->row_from,
		leader->predictor);
	return true;
}

bool jpeg_blocks_pass(struct jpeg_blocks *a, struct jpeg_blocks *b)
{
	int predictor[JPEG_BLOCKS_MOST];
	struct bits before;
	size_t from, to;

	if (!at_row(a) || !at_row(b) || a->scan.row != b->scan.row)
		return false;
	before = b->bits;
	from = bit_now(b);
	memcpy(predictor, b->predictor, sizeof(predictor));
	to = pass_row(b) ? bit_now(b) : from;
	if (to == from || !same_row(a, b, from, to, predictor)) {
		b->bits = before;
		memcpy(b->predictor, predictor, sizeof(predictor));
		return false;
	}
	pass_to(a, bit_now(a) + to - from, b->predictor);
	b->left -= b->scan.mcu_columns;
	b->scan.row++;
	b->row_interval = -1;           /* there is no row to follow */
	return true;
}

bool jpeg_blocks_place(const struct jpeg_blocks *b,
		       struct jpeg_blocks_row *row)
{
	if (b->failed || b->ended || !b->scanning ||
	    b->scan.row >= b->scan.mcu_rows)
		return false;
	describe_row(b, row);
	return true;
}

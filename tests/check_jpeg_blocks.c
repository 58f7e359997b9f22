/*
 * check_jpeg_blocks.c - the reader of quantised coefficients: right for every
 * sampling, depth and order of scans, and strict.  Its streams are made here
 * from known coefficients, with codes that are all of one length.
 */
#include "config.h"

#include "image/jpeg_blocks.h"

#include <stdlib.h>
#include <string.h>

#include "image/jpeg_arrays.h"
#include "pictures.h"
#include "support.h"
#include "tests/fuzz/fuzz_blocks.h"

enum { BLOCK = JPEG_BLOCK_SIZE, COMPONENTS = 4, BYTES = 1 << 20 };

struct spec {
	int precision, columns, rows, components;
	int h[COMPONENTS], v[COMPONENTS];
	int restart;
	bool apart;                     /* a scan a component */
	int code;                       /* bits of every AC code: 9 to 16 */
};

static const struct spec specs[] = {
	{ 8, 37, 21, 1, { 1 }, { 1 }, 0, false, 9 },
	{ 8, 37, 21, 1, { 2 }, { 2 }, 0, false, 9 },
	{ 8, 61, 43, 3, { 1, 1, 1 }, { 1, 1, 1 }, 0, false, 9 },
	{ 8, 61, 43, 3, { 2, 1, 1 }, { 2, 1, 1 }, 0, false, 16 },
	{ 8, 61, 43, 3, { 2, 1, 1 }, { 1, 1, 1 }, 3, false, 9 },
	{ 8, 61, 43, 3, { 1, 1, 1 }, { 2, 1, 1 }, 1, false, 12 },
	{ 8, 70, 43, 3, { 4, 1, 1 }, { 1, 1, 1 }, 0, false, 9 },
	{ 8, 61, 43, 3, { 2, 1, 2 }, { 2, 2, 1 }, 0, false, 9 },
	{ 8, 61, 43, 4, { 2, 1, 1, 2 }, { 2, 1, 1, 2 }, 2, false, 9 },
	{ 8, 61, 43, 3, { 2, 1, 1 }, { 2, 1, 1 }, 0, true, 9 },
	{ 8, 61, 43, 3, { 2, 1, 1 }, { 2, 1, 1 }, 5, true, 16 },
	{ 12, 37, 21, 1, { 1 }, { 1 }, 0, false, 9 },
	{ 12, 61, 43, 3, { 2, 1, 1 }, { 2, 1, 1 }, 4, false, 16 },
	{ 12, 61, 43, 3, { 2, 1, 1 }, { 2, 1, 1 }, 0, true, 9 },
};

/* ---- making streams ---- */

struct stream {
	uint8_t *data;                  /* [BYTES] */
	size_t length;
	uint64_t bits;                  /* not put yet, count of them */
	int count;
	/* [rows][columns] blocks of each component, whole MCUs */
	int16_t *block[COMPONENTS];
	int across[COMPONENTS], down[COMPONENTS];
};

static void put(struct stream *s, const void *data, size_t length)
{
	ck_assert_uint_lt(s->length + length, BYTES);
	memcpy(s->data + s->length, data, length);
	s->length += length;
}

static void put_byte(struct stream *s, int byte)
{
	uint8_t b = (uint8_t)byte;

	put(s, &b, 1);
}

static void put_word(struct stream *s, int word)
{
	put_byte(s, word >> 8);
	put_byte(s, word & 255);
}

static void put_bits(struct stream *s, unsigned value, int count)
{
	s->bits = s->bits << count | (value & ((1u << count) - 1));
	for (s->count += count; s->count >= 8; s->count -= 8) {
		int byte = (int)(s->bits >> (s->count - 8) & 255);

		put_byte(s, byte);
		if (byte == 255)
			put_byte(s, 0);
	}
}

static void put_padding(struct stream *s)
{
	if (s->count)
		put_bits(s, 255, 8 - s->count);
}

static int size_of(int value)
{
	int size = 0;

	for (value = abs(value); value; value >>= 1)
		size++;
	return size;
}

static void put_value(struct stream *s, int value, int size)
{
	put_bits(s, (unsigned)(value < 0 ? value - 1 : value), size);
}

/* DC codes have 5 bits, AC codes as many as the spec says; code = symbol. */
static void put_block(struct stream *s, const struct spec *spec,
		      const int16_t *block, int *predictor)
{
	int difference = block[0] - *predictor, run = 0;

	*predictor = block[0];
	put_bits(s, (unsigned)size_of(difference), 5);
	put_value(s, difference, size_of(difference));
	for (int k = 1; k < BLOCK; k++) {
		if (!block[k]) {
			run++;
			continue;
		}
		for (; run > 15; run -= 16)
			put_bits(s, 0xf0, spec->code);
		put_bits(s, (unsigned)(run << 4 | size_of(block[k])),
			 spec->code);
		put_value(s, block[k], size_of(block[k]));
		run = 0;
	}
	if (run)
		put_bits(s, 0, spec->code);
}

static void put_table(struct stream *s, int class_, int length, int symbols)
{
	put_word(s, 0xffc4);
	put_word(s, 19 + symbols);
	put_byte(s, class_ << 4);
	for (int i = 1; i <= 16; i++)
		put_byte(s, i == length ? symbols : 0);
	for (int i = 0; i < symbols; i++)
		put_byte(s, i);
}

static void put_head(struct stream *s, const struct spec *spec)
{
	put_word(s, 0xffd8);
	put_word(s, 0xffdb);
	put_word(s, 67);
	put_byte(s, 0);
	for (int k = 0; k < BLOCK; k++)
		put_byte(s, k + 1);
	put_word(s, spec->precision == 8 ? 0xffc0 : 0xffc1);
	put_word(s, 8 + 3 * spec->components);
	put_byte(s, spec->precision);
	put_word(s, spec->rows);
	put_word(s, spec->columns);
	put_byte(s, spec->components);
	for (int i = 0; i < spec->components; i++) {
		put_byte(s, i + 1);
		put_byte(s, spec->h[i] << 4 | spec->v[i]);
		put_byte(s, 0);
	}
	put_table(s, 0, 5, 16);
	/* 255 symbols are more than coding needs, 0xff is none */
	put_table(s, 1, spec->code, 255);
	if (spec->restart) {
		put_word(s, 0xffdd);
		put_word(s, 4);
		put_word(s, spec->restart);
	}
}

static int most(const int *of, int count)
{
	int found = 1;

	for (int i = 0; i < count; i++)
		found = of[i] > found ? of[i] : found;
	return count == 1 ? 1 : found;
}

static int up(int a, int b)
{
	return (a + b - 1) / b;
}

/* Random blocks, flat in three of four, for whole MCUs. */
static void fill_blocks(struct stream *s, const struct spec *spec,
			uint32_t *state)
{
	int h_max = most(spec->h, spec->components);
	int v_max = most(spec->v, spec->components);

	for (int i = 0; i < spec->components; i++) {
		bool one = spec->components == 1;
		size_t blocks;

		s->across[i] = up(spec->columns, 8 * h_max) *
			       (one ? 1 : spec->h[i]);
		s->down[i] = up(spec->rows, 8 * v_max) *
			     (one ? 1 : spec->v[i]);
		blocks = (size_t)s->across[i] * (size_t)s->down[i];
		s->block[i] = calloc(blocks, BLOCK * sizeof(int16_t));
		for (size_t b = 0; b < blocks; b++) {
			int16_t *block = s->block[i] + b * BLOCK;
			int values = b % 4 ? 1 : BLOCK;
			int range = spec->precision == 8 ? 900 : 12000;

			for (int n = 0; n < values; n++)
				block[n ? random_below(state, BLOCK) : 0] =
					(int16_t)(random_below(state,
							       2 * range) -
						  range);
		}
	}
}

struct scan {
	const struct spec *spec;
	int first, parts;               /* components */
	int predictor[COMPONENTS];
	int mcu, restarts;
};

static void put_restart(struct stream *s, struct scan *scan)
{
	const struct spec *spec = scan->spec;

	if (spec->restart && scan->mcu && scan->mcu % spec->restart == 0) {
		put_padding(s);
		put_word(s, 0xffd0 + scan->restarts++ % 8);
		memset(scan->predictor, 0, sizeof(scan->predictor));
	}
	scan->mcu++;
}

static void put_scan(struct stream *s, const struct spec *spec, int first,
		     int parts)
{
	struct scan scan = { .spec = spec, .first = first, .parts = parts };
	int h_max = most(spec->h, spec->components);
	int v_max = most(spec->v, spec->components);
	bool one = parts == 1;
	int columns = up(spec->columns, 8 * h_max);
	int rows = up(spec->rows, 8 * v_max);

	if (one && spec->components > 1) {
		columns = up(up(spec->columns * spec->h[first], h_max), 8);
		rows = up(up(spec->rows * spec->v[first], v_max), 8);
	}
	put_word(s, 0xffda);
	put_word(s, 6 + 2 * parts);
	put_byte(s, parts);
	for (int i = first; i < first + parts; i++)
		put_word(s, (i + 1) << 8);
	put(s, "\0\77\0", 3);
	for (int y = 0; y < rows; y++) {
		for (int x = 0; x < columns; x++) {
			put_restart(s, &scan);
			for (int i = first; i < first + parts; i++) {
				int h = one ? 1 : spec->h[i];
				int v = one ? 1 : spec->v[i];

				for (int n = 0; n < h * v; n++) {
					int bx = x * h + n % h;
					int by = y * v + n / h;

					put_block(s, spec, s->block[i] +
						  (size_t)(by * s->across[i] +
							   bx) * BLOCK,
						  &scan.predictor[i]);
				}
			}
		}
	}
	put_padding(s);
}

static void put_all(struct stream *s, const struct spec *spec)
{
	s->length = 0;
	s->count = 0;
	put_head(s, spec);
	if (spec->apart)
		for (int i = 0; i < spec->components; i++)
			put_scan(s, spec, i, 1);
	else
		put_scan(s, spec, 0, spec->components);
	put_word(s, 0xffd9);
}

static struct stream *make_stream(const struct spec *spec, uint32_t seed)
{
	struct stream *s = calloc(1, sizeof(*s));

	s->data = malloc(BYTES);
	fill_blocks(s, spec, &seed);
	put_all(s, spec);
	return s;
}

static void free_stream(struct stream *s)
{
	for (int i = 0; i < COMPONENTS; i++)
		free(s->block[i]);
	free(s->data);
	free(s);
}

/* ---- reading them ---- */

static enum jpeg_blocks_got read_all(const uint8_t *data, size_t length,
				     int *rows)
{
	struct error err = { 0 };
	struct jpeg_blocks *b = jpeg_blocks_open(data, length, &err);
	enum jpeg_blocks_got got = b ? JPEG_BLOCKS_ROW : JPEG_BLOCKS_FAILED;
	struct jpeg_blocks_row row;

	for (*rows = -1; got == JPEG_BLOCKS_ROW; ++*rows)
		got = jpeg_blocks_next(b, &row, &err);
	if (got == JPEG_BLOCKS_FAILED)
		ck_assert_int_eq(err.code, ERR_REFUSED);
	jpeg_blocks_close(b);
	return got;
}

static void check_row(const struct stream *s, const struct jpeg_blocks_row *r)
{
	for (int i = 0; i < r->parts; i++) {
		int c = r->part[i].component;

		for (int k = 0; k < BLOCK; k++)
			ck_assert_int_eq(r->part[i].quant[k], k + 1);
		for (int y = 0; y < r->part[i].down; y++)
			ck_assert_mem_eq(
				r->part[i].block + (size_t)y *
				(size_t)r->part[i].across * BLOCK,
				s->block[c] + (size_t)(r->part[i].first_row +
						       y) *
				(size_t)s->across[c] * BLOCK,
				(size_t)r->part[i].across * BLOCK *
				sizeof(int16_t));
	}
}

START_TEST(test_coefficients)
{
	const struct spec *spec = &specs[_i];
	struct stream *s = make_stream(spec, 7);
	struct error err = { 0 };
	struct jpeg_blocks *b = jpeg_blocks_open(s->data, s->length, &err);
	struct jpeg_blocks_head head;
	struct jpeg_blocks_row row;
	enum jpeg_blocks_got got;
	long blocks = 0;

	ck_assert_msg(b, "%s", err.text);
	jpeg_blocks_head(b, &head);
	ck_assert_int_eq(head.precision, spec->precision);
	ck_assert_int_eq(head.columns, spec->columns);
	ck_assert_int_eq(head.rows, spec->rows);
	ck_assert_int_eq(head.components, spec->components);
	while ((got = jpeg_blocks_next(b, &row, &err)) == JPEG_BLOCKS_ROW) {
		check_row(s, &row);
		for (int i = 0; i < row.parts; i++)
			blocks += row.part[i].across * row.part[i].down;
	}
	ck_assert_msg(got == JPEG_BLOCKS_END, "%s", err.text);
	ck_assert_int_eq(jpeg_blocks_next(b, &row, &err), JPEG_BLOCKS_END);
	ck_assert_uint_eq(jpeg_blocks_length(b), s->length);
	for (int i = 0; i < spec->components; i++)
		blocks -= spec->apart ? head.component[i].block_columns *
					head.component[i].block_rows :
					s->across[i] * s->down[i];
	ck_assert_int_eq(blocks, 0);
	jpeg_blocks_close(b);
	free_stream(s);
}
END_TEST

/* What libjpeg reads from its own streams; it has them in another order. */
static const struct jpeg_spec by_libjpeg[] = {
	{ 61, 41, JPEG_GREY, 1, 1, 75, .optimize = true },
	{ 61, 41, JPEG_YCC, 2, 2, 75, .optimize = true },
	{ 61, 41, JPEG_YCC, 2, 1, 95, .restart = 2 },
	{ 61, 41, JPEG_CMYK, 1, 1, 30, .restart = 1 },
	{ 61, 41, JPEG_YCCK, 2, 2, 100, .optimize = true },
};

static void compare_part(struct jpeg_arrays *a,
			 const struct jpeg_blocks_head *head,
			 const struct jpeg_blocks_row *row, int i)
{
	/* T.81 figure A.6: zigzag index to natural order */
	static const uint8_t natural[BLOCK] = {
		0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12,
		19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28, 35,
		42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51,
		58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62,
		63,
	};
	int c = row->part[i].component;
	int16_t *want = calloc((size_t)head->component[c].block_columns,
			       BLOCK * sizeof(*want));

	for (int y = 0; y < row->part[i].down; y++) {
		const int16_t *got = row->part[i].block +
				     y * row->part[i].across * BLOCK;

		if (row->part[i].first_row + y >=
		    head->component[c].block_rows)
			break;
		ck_assert(jpeg_arrays_row(a, c, row->part[i].first_row + y,
					  want));
		for (int n = 0; n < head->component[c].block_columns * BLOCK;
		     n++)
			ck_assert_int_eq(got[n], want[n / BLOCK * BLOCK +
						      natural[n % BLOCK]]);
	}
	free(want);
}

START_TEST(test_as_libjpeg)
{
	static const struct noise noise = { .seed = 3 };
	size_t length;
	int fd = make_jpeg(&by_libjpeg[_i], &noise);
	unsigned char *data = slurp(fd, &length);
	struct jpeg_blocks *b = jpeg_blocks_open(data, length, NULL);
	struct jpeg_arrays *a = jpeg_arrays_open(data, length, true, NULL,
						 NULL, NULL);
	struct jpeg_blocks_head head, other;
	struct jpeg_blocks_row row;
	enum jpeg_blocks_got got;

	ck_assert(a && b);
	jpeg_blocks_head(b, &head);
	jpeg_arrays_head(a, &other);
	ck_assert_mem_eq(&head, &other, sizeof(head));
	while ((got = jpeg_blocks_next(b, &row, NULL)) == JPEG_BLOCKS_ROW)
		for (int i = 0; i < row.parts; i++)
			compare_part(a, &head, &row, i);
	ck_assert_int_eq(got, JPEG_BLOCKS_END);
	jpeg_blocks_close(b);
	jpeg_arrays_close(a);
	free(data);
}
END_TEST

/* ---- strict ---- */

/* A stream that ends anywhere is never whole. */
START_TEST(test_truncated)
{
	struct stream *s = make_stream(&specs[_i], 7);
	size_t step = s->length > 4000 ? s->length / 1000 : 1;
	int rows;

	for (size_t n = 0; n < s->length; n += step)
		ck_assert_int_eq(read_all(s->data, n, &rows),
				 JPEG_BLOCKS_FAILED);
	ck_assert_int_eq(read_all(s->data, s->length - 1, &rows),
			 JPEG_BLOCKS_FAILED);
	free_stream(s);
}
END_TEST

/* Any bit may be wrong: it is refused, or the stream still has all rows. */
START_TEST(test_flipped)
{
	struct stream *s = make_stream(&specs[_i], 7);
	size_t bits = 8 * s->length, step = bits / 3000 + 1;
	int rows;

	ck_assert_int_eq(read_all(s->data, s->length, &rows),
			 JPEG_BLOCKS_END);
	for (size_t n = 0; n < bits; n += step) {
		s->data[n / 8] ^= (uint8_t)(1 << n % 8);
		LLVMFuzzerTestOneInput(s->data, s->length);
		/* another height has other rows */
		if (read_all(s->data, s->length, &rows) == JPEG_BLOCKS_END)
			ck_assert_int_ge(rows, 1);
		s->data[n / 8] ^= (uint8_t)(1 << n % 8);
	}
	free_stream(s);
}
END_TEST

/* Bytes put in before the last two (EOI), or others for some. */
static const struct {
	const char *what;
	int spec;
	const char *find;               /* its first place; NULL: EOI */
	size_t find_length;
	size_t cut;                     /* bytes taken out there */
	const char *put;
	size_t length;
} wrong[] = {
	{ "bits left over", 0, NULL, 0, 0, "\x55", 1 },
	{ "a second EOI's worth", 0, NULL, 0, 0, "\xff\0\xff\0", 4 },
	{ "a scan too many", 0, NULL, 0, 0,
	  "\xff\xda\0\x8\1\1\0\0\77\0\0", 11 },
	{ "a restart too many", 4, NULL, 0, 0, "\xff\xd3", 2 },
	{ "a restart missing", 4, "\xff\xd1", 2, 2, "", 0 },
	{ "restarts out of order", 4, "\xff\xd1", 2, 2, "\xff\xd5", 2 },
	{ "no quantiser", 0, "\xff\xdb", 2, 69, "", 0 },
	{ "a quantiser of 0", 0, "\1\2\3\4", 4, 4, "\1\2\0\4", 4 },
	{ "no DC table", 0, "\xff\xc4\0\43\0", 5, 37, "", 0 },
	{ "codes that do not fit", 0, "\xff\xc4\0\43\0\0\0\0\0\20", 10, 10,
	  "\xff\xc4\0\43\0\0\20\0\0\0", 10 },
	{ "a height for later", 0, "\xff\xc0\0\13\10\0\25", 7, 7,
	  "\xff\xc0\0\13\10\0\0", 7 },
	{ "a line count", 0, NULL, 0, 0, "\xff\xdc\0\4\0\25", 6 },
	{ "two frames", 0, "\xff\xc0", 2, 0,
	  "\xff\xc0\0\13\10\0\25\0\45\1\1\21\0", 13 },
	{ "a component twice", 2, "\1\21\0\2\21\0", 6, 6,
	  "\1\21\0\1\21\0", 6 },
	{ "a component without a scan", 9, "\xff\xda\0\x8\1\2", 6, 0,
	  "\xff\xd9", 2 },
	{ "an unknown component", 9, "\xff\xda\0\x8\1\2", 6, 6,
	  "\xff\xda\0\x8\1\x9", 6 },
	{ "another process", 0, "\xff\xc0", 2, 2, "\xff\xc2", 2 },
	{ "successive approximation", 0, "\0\77\0", 3, 3, "\0\77\1", 3 },
	{ "a sampling factor of 0", 2, "\2\21\0", 3, 3, "\2\1\0", 3 },
	{ "12 bits in a baseline frame", 0, "\xff\xc0\0\13\10", 5, 5,
	  "\xff\xc0\0\13\14", 5 },
	{ "bytes between segments", 0, "\xff\xc0", 2, 0, "\0\0", 2 },
};

START_TEST(test_wrong)
{
	struct stream *s = make_stream(&specs[wrong[_i].spec], 7);
	uint8_t *at = s->data + s->length - 2;
	int rows;

	if (wrong[_i].find)
		at = memmem(s->data, s->length, wrong[_i].find,
			    wrong[_i].find_length);
	ck_assert_ptr_nonnull(at);
	memmove(at + wrong[_i].length, at + wrong[_i].cut,
		(size_t)(s->data + s->length - at) - wrong[_i].cut);
	s->length = s->length + wrong[_i].length - wrong[_i].cut;
	memcpy(at, wrong[_i].put, wrong[_i].length);
	ck_assert_msg(read_all(s->data, s->length, &rows) ==
		      JPEG_BLOCKS_FAILED, "%s", wrong[_i].what);
	free_stream(s);
}
END_TEST

/* What no decoder heeds: Se of a sequential scan; fill bytes; comments. */
START_TEST(test_harmless)
{
	struct stream *s = make_stream(&specs[0], 7);
	uint8_t *at = memmem(s->data, s->length, "\0\77\0", 3);
	int rows;

	ck_assert_ptr_nonnull(at);
	at[1] = 0;
	memmove(s->data + 12, s->data + 2, s->length - 2);
	memcpy(s->data + 2, "\xff\xff\xff\xfe\0\6NAME", 10);
	s->length += 10;
	ck_assert_int_eq(read_all(s->data, s->length, &rows),
			 JPEG_BLOCKS_END);
	free_stream(s);
}
END_TEST

/* ---- following ---- */

/*
 * One block is another in a copy: only its row can't be followed (and in a
 * scan of its own, the row after it while the DC differs).
 */
START_TEST(test_follow)
{
	const struct spec *spec = &specs[_i];
	struct stream *s = make_stream(spec, 7), *t = make_stream(spec, 7);
	struct jpeg_blocks *a, *b;
	struct jpeg_blocks_row row, other;
	int passed = 0, rows = 0, wrong_row = -1;

	t->block[0][(size_t)t->across[0] * BLOCK + 5] ^= 3;
	put_all(t, spec);
	a = jpeg_blocks_open(s->data, s->length, NULL);
	b = jpeg_blocks_open(t->data, t->length, NULL);
	ck_assert(a && b);
	while (jpeg_blocks_next(b, &row, NULL) == JPEG_BLOCKS_ROW) {
		check_row(t, &row);
		if (row.part[0].component == 0 && row.part[0].first_row <= 1 &&
		    row.part[0].first_row + row.part[0].down > 1)
			wrong_row = rows;
		rows++;
		if (jpeg_blocks_follow(a, b)) {
			passed++;
			ck_assert_int_ne(rows - 1, wrong_row);
			continue;
		}
		ck_assert_int_eq(jpeg_blocks_next(a, &other, NULL),
				 JPEG_BLOCKS_ROW);
		check_row(s, &other);
		ck_assert_int_eq(other.scan, row.scan);
		ck_assert_int_eq(other.row, row.row);
	}
	ck_assert_int_eq(jpeg_blocks_next(a, &other, NULL), JPEG_BLOCKS_END);
	ck_assert_int_ge(wrong_row, 0);
	if (!spec->restart)
		ck_assert_int_ge(passed, rows / 2);
	jpeg_blocks_close(a);
	jpeg_blocks_close(b);
	free_stream(s);
	free_stream(t);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("jpeg_blocks");
	TCase *tcase = tcase_create("jpeg_blocks");

	add_rows_test(tcase, test_coefficients, specs);
	add_rows_test(tcase, test_as_libjpeg, by_libjpeg);
	add_rows_test(tcase, test_truncated, specs);
	add_rows_test(tcase, test_flipped, specs);
	add_rows_test(tcase, test_wrong, wrong);
	tcase_add_test(tcase, test_harmless);
	add_rows_test(tcase, test_follow, specs);
	tcase_set_timeout(tcase, 60);
	suite_add_tcase(suite, tcase);
	return support_run(suite);
}

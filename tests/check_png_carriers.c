/*
 * check_png_carriers.c - marks planted wherever a PNG file can hide something:
 * none is left in the copy, and verify finds each that is put into a copy.
 */
#include "config.h"

#include <png.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <zlib.h>

#include "base/mem.h"
#include "pictures.h"
#include "support.h"
#include "unpng.h"

enum { MARK = 32, WINDOW = 8 };

/* The same at every run; no 8 bytes of it stand in a picture by chance. */
static void make_mark(uint8_t mark[MARK])
{
	uint32_t state = 0x5eed1234;

	for (int i = 0; i < MARK; i++)
		mark[i] = (uint8_t)(random_next(&state) >> 11);
}

static bool has_mark(const uint8_t *data, size_t length)
{
	uint8_t mark[MARK];

	make_mark(mark);
	for (int i = 0; i + WINDOW <= MARK; i++)
		if (memmem(data, length, mark + i, WINDOW))
			return true;
	return false;
}

static bool file_has_mark(int fd)
{
	size_t length;
	uint8_t *data = slurp(fd, &length);
	bool has = has_mark(data, length);

	free(data);
	return has;
}

/* ---- chunks ---- */

static const struct png_spec grey = { 23, 17, 8, PNG_COLOR_TYPE_GRAY, 0, 0,
				      0 };
static const struct png_spec colour = { 23, 17, 8, PNG_COLOR_TYPE_RGB, 0, 0,
					0 };
static const struct png_spec laced = { 23, 17, 8, PNG_COLOR_TYPE_RGB_ALPHA, 1,
				       1, 0 };
static const struct png_spec indexed = { 23, 17, 4, PNG_COLOR_TYPE_PALETTE, 0,
					 1, 0 };

#define HEAD(text) text, sizeof(text) - 1

/* A chunk of type `type`: head, then the mark. */
static const struct plant {
	const struct png_spec *spec;
	const char *before, *type;
	const char *head;
	size_t head_length;
	unsigned dropped;
} plants[] = {
	{ &grey, "IDAT", "tEXt", HEAD("Comment\0"), DROPPED_TEXT_CHUNKS },
	{ &indexed, "IEND", "tEXt", HEAD("Author\0"), DROPPED_TEXT_CHUNKS },
	{ &grey, "IDAT", "zTXt", HEAD("Comment\0\0"), DROPPED_TEXT_CHUNKS },
	{ &laced, "IEND", "iTXt", HEAD("XML:com.adobe.xmp\0\0\0\0\0"),
	  DROPPED_TEXT_CHUNKS },
	{ &grey, "IDAT", "eXIf", HEAD("MM\0*\0\0\0\10\0\1\1\22\0\3\0\0\0\1\0"
				      "\6\0\0\0\0\0\0"), DROPPED_EXIF },
	{ &colour, "IEND", "eXIf", HEAD("II*\0\10\0\0\0\0\0"), DROPPED_EXIF },
	{ &grey, "IDAT", "tIME", HEAD(""), DROPPED_CHUNKS },
	{ &indexed, "IDAT", "hIST", HEAD(""), DROPPED_CHUNKS },
	{ &colour, "IDAT", "sPLT", HEAD("name\0\10"), DROPPED_CHUNKS },
	{ &grey, "IDAT", "sCAL", HEAD("\1"), DROPPED_CHUNKS },
	{ &grey, "IDAT", "pCAL", HEAD("name\0"), DROPPED_CHUNKS },
	{ &grey, "IDAT", "oFFs", HEAD(""), DROPPED_CHUNKS },
	{ &grey, "IDAT", "sTER", HEAD("\1"), DROPPED_CHUNKS },
	{ &grey, "IDAT", "mDCV", HEAD(""), DROPPED_CHUNKS },
	{ &grey, "IDAT", "cLLI", HEAD(""), DROPPED_CHUNKS },
	{ &grey, "IDAT", "dSIG", HEAD(""), DROPPED_CHUNKS },
	{ &grey, "IDAT", "prVt", HEAD(""), DROPPED_CHUNKS },
	{ &laced, "IEND", "prVT", HEAD(""), DROPPED_CHUNKS },
	{ &grey, "IDAT", "acTL", HEAD(""), DROPPED_ANIMATION },
	{ &grey, "IDAT", "fcTL", HEAD(""), DROPPED_ANIMATION },
	{ &colour, "IEND", "fdAT", HEAD("\0\0\0\1"), DROPPED_ANIMATION },
	/* kept ones, longer than they may be */
	{ &grey, "IDAT", "gAMA", HEAD("\0\0\xb1\x8f"), DROPPED_CHUNKS },
	{ &grey, "IDAT", "cHRM", HEAD("\0\0\x7a\x26"), DROPPED_CHUNKS },
	{ &grey, "IDAT", "sRGB", HEAD("\0"), DROPPED_CHUNKS },
	{ &grey, "IDAT", "cICP", HEAD("\1\15\0\1"), DROPPED_CHUNKS },
	{ &grey, "IDAT", "sBIT", HEAD("\10"), DROPPED_CHUNKS },
	{ &grey, "IDAT", "bKGD", HEAD("\0\1"), DROPPED_CHUNKS },
	{ &grey, "IDAT", "pHYs", HEAD("\0\0\1\0\0\0\1\0\1"), DROPPED_CHUNKS },
	{ &grey, "IDAT", "tRNS", HEAD("\0\1"), DROPPED_CHUNKS },
	{ &colour, "IDAT", "iCCP", HEAD("name\0\0"), DROPPED_CHUNKS },
	/* where they mean nothing */
	{ &colour, "IDAT", "PLTE", HEAD("\0"), DROPPED_CHUNKS },
	{ &grey, "IDAT", "PLTE", HEAD("\0"), DROPPED_CHUNKS },
	{ &laced, "IDAT", "tRNS", HEAD("\0\0\0\0\0\0"), DROPPED_CHUNKS },
	{ &grey, "IEND", "cHRM", HEAD(""), DROPPED_CHUNKS },
	/* more than the picture */
	{ &grey, "IEND", "IDAT", HEAD(""), DROPPED_TRAILER },
	{ &laced, "IEND", "IDAT", HEAD(""), DROPPED_TRAILER },
};

static int plant(const struct plant *p, int fd)
{
	struct buffer data = { 0 };
	uint8_t mark[MARK];
	int made;

	make_mark(mark);
	if (p->head_length)
		buffer_append(&data, p->head, p->head_length);
	buffer_append(&data, mark, MARK);
	made = unpng_with(fd, p->before, p->type, data.data, data.length);
	buffer_done(&data);
	ck_assert(file_has_mark(made));
	return made;
}

static const struct noise noise = { .seed = 4711 };

START_TEST(test_chunks_go)
{
	const struct plant *p = &plants[_i];
	struct box box;
	struct box_list boxes = one_box(&box, (struct region){ 2, 3, 9, 8 },
					1);
	struct mask_report report;
	int plain = make_png(p->spec, &noise), in = plant(p, plain);
	int out = mask_and_verify(in, &boxes, &report);

	ck_assert(!file_has_mark(out));
	ck_assert_uint_eq(report.dropped & p->dropped, p->dropped);
	close(plain);
	close(in);
	close(out);
}
END_TEST

static enum verify_status verify_of(int in, int out,
				    const struct box_list *boxes)
{
	struct verify_result result;
	struct error err = { 0 };

	ck_assert(verify_run(in, out, test_job.profile, &test_job, boxes,
			     &result, NULL, NULL, &err));
	return result.status;
}

/* The same chunks in a copy: verify finds each. */
START_TEST(test_chunks_found)
{
	const struct plant *p = &plants[_i];
	struct box_list none = { 0 };
	struct mask_report report;
	int plain = make_png(p->spec, &noise);
	int out = mask_and_verify(plain, &none, &report);
	int planted = plant(p, out), in = plant(p, plain);

	ck_assert_int_eq(verify_of(plain, planted, &none), VERIFY_FAILED);
	ck_assert_int_eq(verify_of(in, planted, &none), VERIFY_FAILED);
	close(plain);
	close(out);
	close(planted);
	close(in);
}
END_TEST

/* ---- the end ---- */

START_TEST(test_ends)
{
	struct box_list none = { 0 };
	struct mask_report report;
	uint8_t mark[MARK];
	int plain = make_png(&grey, &noise), in, out;

	make_mark(mark);
	if (_i) {
		in = unpng_replace(plain, "IEND", mark, MARK);
	} else {
		in = unpng_replace(plain, "IEND", NULL, 0);
		ck_assert_int_eq(pwrite(in, mark, MARK,
					lseek(in, 0, SEEK_END)), MARK);
	}
	ck_assert(file_has_mark(in));
	out = mask_and_verify(in, &none, &report);
	ck_assert(!file_has_mark(out));
	ck_assert_uint_eq(report.dropped, DROPPED_TRAILER);
	ck_assert_int_eq(verify_of(plain, in, &none), VERIFY_FAILED);
	close(plain);
	close(in);
	close(out);
}
END_TEST

/* ---- packed rows ---- */

/* Bytes after the last row, inside the packed stream. */
START_TEST(test_more_rows)
{
	struct box_list none = { 0 };
	struct mask_report report;
	uint8_t rows[4 * 9 + MARK] = { 0 };
	struct unpng png;
	int plain, in, out;

	make_mark(rows + sizeof(rows) - MARK);
	plain = unpng_make(8, 4, 8, PNG_COLOR_TYPE_GRAY, rows, 4 * 9);
	in = unpng_make(8, 4, 8, PNG_COLOR_TYPE_GRAY, rows, sizeof(rows));
	unpng_read(in, &png);
	ck_assert_uint_eq(png.left_over, MARK);
	unpng_done(&png);
	out = mask_and_verify(in, &none, &report);
	unpng_read(out, &png);
	ck_assert_uint_eq(png.left_over, 0);
	unpng_done(&png);
	ck_assert_uint_eq(report.dropped, DROPPED_TRAILER);
	ck_assert_int_eq(verify_of(plain, in, &none), VERIFY_FAILED);
	close(plain);
	close(in);
	close(out);
}
END_TEST

/* Bits after the last pixel of each row: 3 pixels of 1, 2, 4 bits. */
START_TEST(test_spare_bits)
{
	static const int depths[] = { 1, 2, 4 };
	int depth = depths[_i], bytes = (3 * depth + 7) / 8;
	struct box_list none = { 0 };
	struct mask_report report;
	uint8_t rows[MARK * 3] = { 0 }, bare[MARK * 3] = { 0 };
	unsigned spare = (1u << (bytes * 8 - 3 * depth)) - 1;
	size_t length = (size_t)(MARK * (bytes + 1));
	struct unpng png;
	int in, out, plain;

	for (int y = 0; y < MARK; y++) {
		uint8_t *last = rows + y * (bytes + 1) + bytes;

		*last = (uint8_t)(y * 37 + 1);
		bare[last - rows] = (uint8_t)(*last & ~spare);
	}
	in = unpng_make(3, MARK, depth, PNG_COLOR_TYPE_GRAY, rows, length);
	plain = unpng_make(3, MARK, depth, PNG_COLOR_TYPE_GRAY, bare, length);
	out = mask_and_verify(in, &none, &report);
	unpng_read(in, &png);
	ck_assert_uint_ne(png.spare_bits, 0);
	unpng_done(&png);
	unpng_read(out, &png);
	ck_assert_uint_eq(png.spare_bits, 0);
	unpng_done(&png);
	ck_assert_int_eq(verify_of(plain, in, &none), VERIFY_FAILED);
	ck_assert_int_eq(verify_of(in, plain, &none), VERIFY_OK);
	close(in);
	close(out);
	close(plain);
}
END_TEST

/* Colour where alpha is 0. */
START_TEST(test_hidden_colour)
{
	struct box_list none = { 0 };
	struct mask_report report;
	uint8_t rows[1 + 4 * 11] = { 0 }, mark[MARK];
	struct unpng png;
	int in, out;

	make_mark(mark);
	for (int i = 0; i < MARK; i++)
		rows[1 + i / 3 * 4 + i % 3] = mark[i];
	in = unpng_make(11, 1, 8, PNG_COLOR_TYPE_RGB_ALPHA, rows,
			sizeof(rows));
	out = mask_and_verify(in, &none, &report);
	unpng_read(out, &png);
	for (int i = 0; i < 44; i++)
		ck_assert_uint_eq(png.sample[i], 0);
	unpng_done(&png);
	ck_assert_uint_eq(report.dropped, DROPPED_HIDDEN_COLOUR);
	ck_assert_int_eq(verify_of(in, in, &none), VERIFY_FAILED);
	close(in);
	close(out);
}
END_TEST

/* ---- palette and transparency ---- */

/* A row of 4-bit entries, with PLTE and, unless alphas is 0, tRNS. */
static int make_indexed(const uint8_t *entry, int columns,
			const uint8_t *palette, size_t entries,
			const uint8_t *alpha, size_t alphas)
{
	uint8_t row[1 + 64] = { 0 };
	int bare, with, made;

	for (int i = 0; i < columns; i++)
		row[1 + i / 2] |= (uint8_t)(entry[i] << (i % 2 ? 0 : 4));
	bare = unpng_make(columns, 1, 4, PNG_COLOR_TYPE_PALETTE, row,
			  1 + ((size_t)columns + 1) / 2);
	with = unpng_with(bare, "IDAT", "PLTE", palette, 3 * entries);
	close(bare);
	if (!alphas)
		return with;
	made = unpng_with(with, "IDAT", "tRNS", alpha, alphas);
	close(with);
	return made;
}

/* Entries that no pixel has, their colours and alphas. */
START_TEST(test_unused_entries)
{
	static const uint8_t entry[4] = { 0, 1, 1, 0 };
	static const uint8_t background = 13;
	struct box box;
	struct box_list boxes = one_box(&box, (struct region){ 3, 0, 4, 1 },
					1);
	uint8_t palette[48], alpha[16], mark[MARK], *data;
	struct mask_report report;
	struct unpng png;
	size_t length;
	int in, with, out;

	make_mark(mark);
	memset(palette, 70, sizeof(palette));
	memset(alpha, 255, sizeof(alpha));
	palette[3 * 1] = 9;             /* the darkest is the fill: 1 */
	memcpy(palette + 3 * 2, mark, MARK);
	memset(palette + 3 * background, 60, 3);
	memcpy(alpha + 3, mark, 9);
	alpha[2] = 0;                   /* clear, and no pixel has it */
	for (int i = 3; i < 12; i++)    /* none but it is clear, or opaque */
		alpha[i] = (uint8_t)(1 + alpha[i] % 254);
	in = make_indexed(entry, 4, palette, 16, alpha, 16);
	with = unpng_with(in, "IDAT", "bKGD", &background, 1);
	out = mask_and_verify(with, &boxes, &report);
	ck_assert(file_has_mark(with));
	ck_assert(!file_has_mark(out));
	ck_assert_int_eq(report.fill[0], 1);
	ck_assert_uint_eq(report.dropped, DROPPED_HIDDEN_COLOUR);
	unpng_read(out, &png);
	ck_assert_int_eq(png.entries, 16);
	ck_assert_int_eq(png.alphas, 16);
	for (int i = 0; i < 16; i++) {
		static const uint8_t white[4] = { 255, 255, 255, 255 };

		if (i < 2 || i == background)
			ck_assert_mem_eq(png.palette[i], palette + 3 * i, 3);
		else
			ck_assert_mem_eq(png.palette[i], white, 4);
	}
	unpng_done(&png);
	ck_assert_int_eq(unpng_chunks(out, "bKGD", &data, &length), 1);
	ck_assert_uint_eq(length, 1);
	ck_assert_int_eq(data[0], background);
	free(data);
	ck_assert_int_eq(verify_of(in, in, &boxes), VERIFY_FAILED);
	close(in);
	close(with);
	close(out);
}
END_TEST

/* More alphas than entries, more entries than the depth can tell. */
START_TEST(test_long_palette)
{
	static const uint8_t entry[4] = { 0, 1, 15, 0 };
	struct box_list none = { 0 };
	uint8_t palette[3 * 32] = { 3 }, alpha[64] = { 255, 255, 255 };
	struct mask_report report;
	int in, out;

	make_mark(palette + 3 * 17);
	make_mark(alpha + 17);
	in = make_indexed(entry, 4, palette, _i ? 16 : 32, alpha,
			  _i ? 64 : 0);
	ck_assert(file_has_mark(in));
	out = mask_and_verify(in, &none, &report);
	ck_assert(!file_has_mark(out));
	close(in);
	close(out);
}
END_TEST

/* A pixel without an entry has no colour. */
START_TEST(test_no_entry)
{
	static const uint8_t entry[4] = { 0, 1, 3, 0 };
	static const uint8_t palette[9] = { 0 };
	struct box box;
	struct box_list boxes = one_box(&box, (struct region){ 0, 0, 4, 1 },
					1);
	struct mask_report report;
	struct error err = { 0 };
	int in = make_indexed(entry, 4, palette, 3, NULL, 0);
	int out = memory_file();

	ck_assert(!mask_run(in, out, &test_job, &boxes, &report, NULL, NULL,
			    &err));
	ck_assert_int_eq(err.code, ERR_REFUSED);
	ck_assert_int_eq(err.reason, REASON_DAMAGED);
	close(in);
	close(out);
}
END_TEST

/* The colour that is transparent: bits above the depth go, the fill is
 * another. */
static const struct {
	int depth, colour;
	uint8_t key[6];
	size_t length;
	uint16_t kept[3];
	long long fill[3];
} keys[] = {
	{ 8, PNG_COLOR_TYPE_RGB, { 0xab, 10, 0xcd, 20, 0xef, 30 }, 6,
	  { 10, 20, 30 }, { 0, 0, 0 } },
	{ 8, PNG_COLOR_TYPE_RGB, { 0xab, 0, 0xcd, 0, 0xef, 0 }, 6,
	  { 0, 0, 0 }, { 0, 0, 1 } },
	{ 16, PNG_COLOR_TYPE_RGB, { 0, 0, 0, 0, 0, 0 }, 6, { 0, 0, 0 },
	  { 0, 0, 1 } },
	{ 8, PNG_COLOR_TYPE_GRAY, { 7, 0 }, 2, { 0 }, { 1 } },
	{ 16, PNG_COLOR_TYPE_GRAY, { 7, 0 }, 2, { 0x700 }, { 0 } },
	{ 1, PNG_COLOR_TYPE_GRAY, { 0, 2 }, 2, { 0 }, { 1 } },
	{ 4, PNG_COLOR_TYPE_GRAY, { 0, 0x1f }, 2, { 15 }, { 0 } },
};

START_TEST(test_keys)
{
	struct png_spec spec = { 19, 7, keys[_i].depth, keys[_i].colour, 0, 0,
				 0 };
	struct box box;
	struct box_list boxes = one_box(&box, (struct region){ 1, 1, 9, 5 },
					1);
	struct mask_report report;
	struct unpng png;
	int bare = make_png(&spec, &noise);
	int in = unpng_with(bare, "IDAT", "tRNS", keys[_i].key,
			    keys[_i].length);
	int out = mask_and_verify(in, &boxes, &report);

	unpng_read(out, &png);
	ck_assert(png.has_key);
	for (size_t i = 0; i < keys[_i].length / 2; i++) {
		ck_assert_uint_eq(png.key[i], keys[_i].kept[i]);
		ck_assert_int_eq(report.fill[i], keys[_i].fill[i]);
		ck_assert_int_eq(png.sample[(1 * 19 + 1) * png.samples +
					    (int)i], keys[_i].fill[i]);
	}
	unpng_done(&png);
	close(bare);
	close(in);
	close(out);
}
END_TEST

/* ---- the colour profile ---- */

enum { PROFILE = 128 + 4 + 12 + 12 };

/* A profile of a header, one tag and its text (ICC.1:2010 7.2, 7.3). */
static void make_profile(uint8_t profile[PROFILE])
{
	static const uint8_t d50[12] = { 0, 0, 0xf6, 0xd6, 0, 1, 0, 0, 0, 0,
					 0xd3, 0x2d };

	memset(profile, 0, PROFILE);
	profile[3] = PROFILE;
	profile[8] = 2;
	memcpy(profile + 12, "mntrRGB XYZ ", 12);
	memcpy(profile + 36, "acsp", 4);
	memcpy(profile + 68, d50, sizeof(d50));
	profile[131] = 1;
	memcpy(profile + 132, "cprt\0\0\0\220\0\0\0\14text\0\0\0\0free", 24);
}

START_TEST(test_profile)
{
	struct box_list none = { 0 };
	struct mask_report report;
	struct buffer chunk = { 0 };
	uint8_t plain[PROFILE + MARK], packed[2 * PROFILE], mark[MARK], *data;
	uint8_t again[PROFILE + MARK];
	uLongf length = sizeof(packed), plain_length = sizeof(again);
	size_t out_length;
	int bare = make_png(&colour, &noise), in, out;

	make_mark(mark);
	make_profile(plain);
	memcpy(plain + PROFILE, mark, MARK);
	ck_assert_int_eq(compress(packed, &length, plain, sizeof(plain)),
			 Z_OK);
	for (int i = 0; i < MARK; i++)  /* a name of printed letters */
		mark[i] = (uint8_t)('a' + mark[i] % 26);
	buffer_append(&chunk, mark, MARK);
	buffer_append(&chunk, "\0", 2);
	buffer_append(&chunk, packed, length);
	in = unpng_with(bare, "IDAT", "iCCP", chunk.data, chunk.length);
	out = mask_and_verify(in, &none, &report);
	ck_assert_int_eq(unpng_chunks(out, "iCCP", &data, &out_length), 1);
	ck_assert_mem_eq(data, "ICC\0\0", 5);
	ck_assert_ptr_null(memmem(data, out_length, mark, WINDOW));
	ck_assert_int_eq(uncompress(again, &plain_length, data + 5,
				    (uLong)out_length - 5), Z_OK);
	ck_assert_uint_eq(plain_length, PROFILE);
	ck_assert_mem_eq(again, plain, PROFILE);
	ck_assert_int_eq(verify_of(in, in, &none), VERIFY_FAILED);
	free(data);
	buffer_done(&chunk);
	close(bare);
	close(in);
	close(out);
}
END_TEST

/*
 * libpng takes a profile of this length, intent 0 and no MD5 for the sRGB
 * profile of 1998 by its two checksums (png.c of libpng 1.6).  Ours has them
 * too: one sum is reached by adding, the other by changes that leave it.
 */
enum { KNOWN = 3144, KNOWN_FREE = 160, CHANGES = 64 };
#define KNOWN_ADLER 0xf784f3fbu
#define KNOWN_CRC 0x182ea552u

/* Adler-32: bytes 20 on the average, then their places. */
static void reach_adler(uint8_t *p)
{
	uint32_t want = KNOWN_ADLER, now, rest;
	enum { SLOTS = KNOWN - KNOWN_FREE };

	now = (uint32_t)adler32(1, p, KNOWN);
	rest = ((want & 0xffff) + 65521 - (now & 0xffff)) % 65521;
	for (uint32_t i = 0; i < rest; i++)
		p[KNOWN_FREE + i % SLOTS]++;
	now = (uint32_t)adler32(1, p, KNOWN);
	rest = ((want >> 16) + 65521 - (now >> 16)) % 65521;
	for (int i = 0; rest; i++) {    /* a unit moved forward by far */
		uint32_t far = rest < 1000 ? rest : 1000;

		p[KNOWN - 1 - i]--;
		p[KNOWN - 1 - (uint32_t)i - far]++;
		rest -= far;
	}
}

static void change(uint8_t *p, int slot)
{
	uint8_t *at = p + KNOWN_FREE + 200 + 3 * slot;

	at[0] = (uint8_t)(at[0] + 1);
	at[1] = (uint8_t)(at[1] - 2);
	at[2] = (uint8_t)(at[2] + 1);
}

/* CRC-32: what each change does to it is the same whatever the others do. */
static void reach_crc(uint8_t *p)
{
	uint32_t base = (uint32_t)crc32(0, p, KNOWN), effect[32] = { 0 };
	uint64_t made_of[32] = { 0 }, use = 0;
	uint32_t need = base ^ KNOWN_CRC;
	uint8_t trial[KNOWN];

	for (int s = 0; s < CHANGES; s++) {
		uint64_t made = UINT64_C(1) << s;
		uint32_t e;

		memcpy(trial, p, KNOWN);
		change(trial, s);
		e = base ^ (uint32_t)crc32(0, trial, KNOWN);
		for (int bit = 31; e && bit >= 0; bit--) {
			if (!(e >> bit & 1))
				continue;
			if (!effect[bit]) {
				effect[bit] = e;
				made_of[bit] = made;
				break;
			}
			e ^= effect[bit];
			made ^= made_of[bit];
		}
	}
	for (int bit = 31; bit >= 0; bit--)
		if (need >> bit & 1) {
			need ^= effect[bit];
			use ^= made_of[bit];
		}
	for (int s = 0; s < CHANGES; s++)
		if (use >> s & 1)
			change(p, s);
}

/* The copy has iCCP, and none of the chunks that libpng makes of it. */
START_TEST(test_known_profile)
{
	static const char *const made[] = { "gAMA", "cHRM", "sRGB" };
	struct box_list none = { 0 };
	struct mask_report report;
	struct buffer chunk = { 0 };
	uint8_t profile[KNOWN] = { 0 }, packed[2 * KNOWN], *data;
	uLongf length = sizeof(packed);
	size_t out_length;
	int bare = make_png(&colour, &noise), in, out;

	make_profile(profile);
	memcpy(profile, "\0\0\14\110", 4);
	memcpy(profile + 140, "\0\0\13\270", 4);
	reach_adler(profile);
	reach_crc(profile);
	ck_assert_uint_eq(adler32(1, profile, KNOWN), KNOWN_ADLER);
	ck_assert_uint_eq(crc32(0, profile, KNOWN), KNOWN_CRC);
	ck_assert_int_eq(compress(packed, &length, profile, KNOWN), Z_OK);
	buffer_append(&chunk, "ICC\0", 5);
	buffer_append(&chunk, packed, length);
	in = unpng_with(bare, "IDAT", "iCCP", chunk.data, chunk.length);
	out = mask_and_verify(in, &none, &report);
	ck_assert_int_eq(unpng_chunks(out, "iCCP", &data, &out_length), 1);
	free(data);
	for (size_t i = 0; i < ARRAY_LENGTH(made); i++)
		ck_assert_int_eq(unpng_chunks(out, made[i], NULL, NULL), 0);
	buffer_done(&chunk);
	close(bare);
	close(in);
	close(out);
}
END_TEST

/* ---- what is kept ---- */

static const struct {
	const char *type, *data;
	size_t length;
} numbers[] = {
	{ "gAMA", HEAD("\0\0\x12\x34") },
	{ "cHRM", HEAD("\0\0\x7a\x26\0\0\x80\x84\0\0\xfa\0\0\0\x80\xe8\0\0"
		       "\x75\x30\0\0\xea\x60\0\0\x3a\x98\0\0\x17\x71") },
	{ "sRGB", HEAD("\1") }, { "cICP", HEAD("\11\20\0\1") },
	{ "sBIT", HEAD("\5\6\5") }, { "bKGD", HEAD("\0\1\0\2\0\3") },
	{ "pHYs", HEAD("\0\0\13\23\0\0\13\23\1") },
};

/* All together, byte for byte; a second of a kind goes. */
START_TEST(test_numbers_stay)
{
	struct box_list none = { 0 };
	struct mask_report report;
	int in = make_png(&colour, &noise), out;

	for (int twice = 0; twice < 2; twice++)
		for (size_t i = 0; i < ARRAY_LENGTH(numbers); i++) {
			int with = unpng_with(in, "IDAT", numbers[i].type,
					      numbers[i].data,
					      numbers[i].length);

			close(in);
			in = with;
		}
	out = mask_and_verify(in, &none, &report);
	ck_assert_uint_eq(report.dropped, DROPPED_CHUNKS);
	for (size_t i = 0; i < ARRAY_LENGTH(numbers); i++) {
		uint8_t *data;
		size_t length;

		ck_assert_int_eq(unpng_chunks(out, numbers[i].type, &data,
					      &length), 1);
		ck_assert_uint_eq(length, numbers[i].length);
		ck_assert_mem_eq(data, numbers[i].data, length);
		free(data);
	}
	close(in);
	close(out);
}
END_TEST

/* The picture is not turned: EXIF with Orientation and nothing else. */
START_TEST(test_orientation)
{
	struct box_list none = { 0 };
	struct mask_report report;
	int plain = make_png(&grey, &noise), in = plant(&plants[4], plain);
	int out = mask_and_verify(in, &none, &report);
	size_t length;
	uint8_t *data;

	ck_assert_str_eq(plants[4].type, "eXIf");
	ck_assert_int_eq(unpng_chunks(out, "eXIf", &data, &length), 1);
	ck_assert_uint_eq(length, plants[4].head_length);
	ck_assert_mem_eq(data, plants[4].head, length);
	free(data);
	close(plain);
	close(in);
	close(out);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("png_carriers");
	TCase *tcase = tcase_create("png_carriers");

	add_rows_test(tcase, test_chunks_go, plants);
	add_rows_test(tcase, test_chunks_found, plants);
	tcase_add_loop_test(tcase, test_ends, 0, 2);
	tcase_add_test(tcase, test_more_rows);
	tcase_add_loop_test(tcase, test_spare_bits, 0, 3);
	tcase_add_test(tcase, test_hidden_colour);
	tcase_add_test(tcase, test_unused_entries);
	tcase_add_loop_test(tcase, test_long_palette, 0, 2);
	tcase_add_test(tcase, test_no_entry);
	add_rows_test(tcase, test_keys, keys);
	tcase_add_test(tcase, test_profile);
	tcase_add_test(tcase, test_known_profile);
	tcase_add_test(tcase, test_numbers_stay);
	tcase_add_test(tcase, test_orientation);
	suite_add_tcase(suite, tcase);
	return support_run(suite);
}

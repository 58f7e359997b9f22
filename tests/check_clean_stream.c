/* check_clean_stream.c - carriers are cut out of streams, the rest stays. */
#include "config.h"

#include "mask/clean_stream.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "image/format_j2k.h"
#include "image/pack.h"
#include "image/unpack.h"
#include "mask/mask.h"
#include "tests/pictures.h"
#include "tests/streams.h"
#include "tests/support.h"

#define PLANTED "YAMADA^TARO"

/* A stream and bytes put in at a place (or at the end: END). */
enum { END = -1 };

static uint8_t *put_in(const uint8_t *stream, size_t length, long at,
		       const void *bytes, size_t count, size_t *total)
{
	size_t place = at == END ? length : (size_t)at;
	uint8_t *out = mem_array(length + count, 1);

	memcpy(out, stream, place);
	memcpy(out + place, bytes, count);
	memcpy(out + place + count, stream + place, length - place);
	*total = length + count;
	return out;
}

/* ---- JPEG ---- */

static const struct {
	const char *what;
	const uint8_t *stream;
	size_t length;
	long at;
	const char *bytes;
	size_t count;
	unsigned dropped;
	bool ok;
	enum reason reason;
} jpegs[] = {
#define LL lossless_8, sizeof(lossless_8)
#define LS jpeg_ls_8, sizeof(jpeg_ls_8)
#define LS16 jpeg_ls_16, sizeof(jpeg_ls_16)
#define BYTES(text) text, sizeof(text) - 1
	{ "lossless as it is", LL, END, "", 0, 0, true, 0 },
	{ "LS as it is", LS, END, "", 0, 0, true, 0 },
	{ "LS with parameters", LS16, END, "", 0, 0, true, 0 },
	{ "comment", LL, 2, BYTES("\xff\xfe\0\x0d" PLANTED),
	  DROPPED_COMMENT, true, 0 },
	{ "comment before the scan", LS, 15,
	  BYTES("\xff\xfe\0\x0d" PLANTED), DROPPED_COMMENT, true, 0 },
	{ "empty comment", LS, 2, BYTES("\xff\xfe\0\x02"), DROPPED_COMMENT,
	  true, 0 },
	{ "odd application data", LS, 2,
	  BYTES("\xff\xef\0\x0e" PLANTED "!"), DROPPED_APP, true, 0 },
	{ "EXIF", LL, 2, BYTES("\xff\xe1\0\x13" "Exif\0\0" PLANTED),
	  DROPPED_EXIF, true, 0 },
	{ "XMP", LL, 2, BYTES("\xff\xe1\0\x22" "http://ns.adobe.com/x"
			      PLANTED), DROPPED_XMP, true, 0 },
	{ "thumbnail", LL, 2, BYTES("\xff\xe0\0\x12" "JFXX\0" PLANTED),
	  DROPPED_THUMBNAIL, true, 0 },
	{ "quantisers", LL, 2, BYTES("\xff\xdb\0\x0d" PLANTED), DROPPED_APP,
	  true, 0 },
	{ "fill", LL, 2, BYTES("\xff\xff"), DROPPED_APP, true, 0 },
	{ "trailer", LL, END, BYTES(PLANTED), DROPPED_TRAILER, true, 0 },
	{ "second picture", LS, END, BYTES("\xff\xd8\xff\xfe\0\x0d" PLANTED),
	  DROPPED_TRAILER, true, 0 },
	{ "two bytes after the end", LL, END, BYTES("\0\0"), DROPPED_TRAILER,
	  true, 0 },
	{ "comment and trailer", LS16, 2, BYTES("\xff\xfe\0\x0d" PLANTED),
	  DROPPED_COMMENT, true, 0 },
	{ "unknown marker", LL, 2, BYTES("\xff\xf0\0\x04" "ab"), 0, false,
	  REASON_DAMAGED_MARKER },
	{ "lines defined later", LL, 2, BYTES("\xff\xdc\0\x04" "ab"), 0, false,
	  REASON_DAMAGED_MARKER },
	{ "mapping table", LS16, 2, BYTES("\xff\xf8\0\x06\x02" "abc"), 0,
	  false, REASON_DAMAGED_MARKER },
	{ "another process", LL, 2, BYTES("\xff\xc0\0\x0b" "\x08" "aabb"
					  "\x01" "abc"), 0, false,
	  REASON_JPEG_PROCESS },
	{ "two frames", LL, 20, BYTES("\xff\xc3\0\x0b" "\x08" "aabb" "\x01"
				      "abc"), 0, false,
	  REASON_DAMAGED_MARKER },
	{ "Huffman table too short", LL, 2, BYTES("\xff\xc4\0\x04" "ab"), 0,
	  false, REASON_DAMAGED_MARKER },
	{ "Huffman table in LS", LS, 2,
	  BYTES("\xff\xc4\0\x13\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), 0,
	  false, REASON_DAMAGED_MARKER },
	{ "no marker", LL, 2, BYTES("ab"), 0, false, REASON_TRUNCATED },
	{ "segment too long", LL, 2, BYTES("\xff\xfe\xff\xff"), 0, false,
	  REASON_DAMAGED_MARKER },
};

START_TEST(jpeg)
{
	size_t length;
	uint8_t *stream = put_in(jpegs[_i].stream, jpegs[_i].length,
				 jpegs[_i].at, jpegs[_i].bytes,
				 jpegs[_i].count, &length);
	struct error err = { 0 };
	struct cleaned out;
	bool ok = clean_jpeg(stream, length, &out, &err);

	ck_assert_msg(ok == jpegs[_i].ok, "%s: %s", jpegs[_i].what, err.text);
	ck_assert_int_eq(err.reason, jpegs[_i].reason);
	ck_assert_msg(out.dropped == jpegs[_i].dropped, "%s: %u",
		      jpegs[_i].what, out.dropped);
	ck_assert_msg(!out.data == !out.dropped, "%s", jpegs[_i].what);
	if (out.data) {
		/* all samples have an even length; nothing else is left */
		ck_assert_uint_eq(out.length, jpegs[_i].length);
		ck_assert_mem_eq(out.data, jpegs[_i].stream, out.length);
	}
	cleaned_done(&out);
	free(stream);
}
END_TEST

static const struct {
	const char *what, *before;
	size_t before_count;
	const char *after;              /* same as before: kept as it is */
	size_t after_count;
	unsigned dropped;
} kept_apps[] = {
	{ "colour transform", BYTES("\xff\xe8\0\x07mrfx\x01"),
	  BYTES("\xff\xe8\0\x07mrfx\x01"), 0 },
	{ "and more", BYTES("\xff\xe8\0\x12mrfx\x01" PLANTED),
	  BYTES("\xff\xe8\0\x07mrfx\x01\0"), DROPPED_APP },
	{ "Adobe", BYTES("\xff\xee\0\x0e" "Adobe\0\x64\0\0\0\0\x01"),
	  BYTES("\xff\xee\0\x0e" "Adobe\0\x64\0\0\0\0\x01"), 0 },
	{ "Adobe and more",
	  BYTES("\xff\xee\0\x19" "Adobe\0\x64\0\0\0\0\x01" PLANTED),
	  BYTES("\xff\xee\0\x0e" "Adobe\0\x64\0\0\0\0\x01"), DROPPED_APP },
	{ "JFIF with a thumbnail",
	  BYTES("\xff\xe0\0\x13" "JFIF\0\1\1\0\0\1\0\1\1\1RGB"),
	  BYTES("\xff\xe0\0\x10" "JFIF\0\1\1\0\0\1\0\1\0\0"),
	  DROPPED_THUMBNAIL },
};

/* What says how colours are coded stays, without what hangs on it. */
START_TEST(kept_app)
{
	size_t length, wanted;
	uint8_t *stream = put_in(LS, 2, kept_apps[_i].before,
				 kept_apps[_i].before_count, &length);
	uint8_t *clean = put_in(LS, 2, kept_apps[_i].after,
				kept_apps[_i].after_count, &wanted);
	struct error err = { 0 };
	struct cleaned out;

	ck_assert(clean_jpeg(stream, length, &out, &err));
	ck_assert_uint_eq(out.dropped, kept_apps[_i].dropped);
	if (kept_apps[_i].dropped) {
		size_t after = wanted;

		/* an odd stream is padded at its end */
		if (strcmp(kept_apps[_i].what, "and more") == 0) {
			free(clean);
			clean = put_in(LS, 2, kept_apps[_i].after,
				       kept_apps[_i].after_count - 1, &after);
			ck_assert_uint_eq(out.length, after + 1);
			ck_assert_uint_eq(out.data[after], 0);
		}
		ck_assert_mem_eq(out.data, clean, after);
		ck_assert_uint_eq(out.length, after + after % 2);
	} else {
		ck_assert_ptr_null(out.data);
	}
	cleaned_done(&out);
	free(stream);
	free(clean);
}
END_TEST

/* Every prefix is refused, and none is read beyond its end. */
START_TEST(jpeg_prefixes)
{
	for (size_t length = 0; length < sizeof(jpeg_ls_16); length++) {
		uint8_t *copy = mem_array(length ? length : 1, 1);
		struct error err = { 0 };
		struct cleaned out;

		memcpy(copy, jpeg_ls_16, length);
		ck_assert_msg(!clean_jpeg(copy, length, &out, &err),
			      "%zu bytes", length);
		ck_assert_ptr_null(out.data);
		free(copy);
	}
}
END_TEST

/* ---- JPEG 2000 ---- */

/* Where things stand in j2k_12. */
enum { J2K_AT_COM = 68, J2K_COM_LENGTH = 39, J2K_AT_SOT = 107,
       J2K_AT_SOD = 119 };

/* j2k_12 without its comment. */
static uint8_t *bare_j2k(size_t *length)
{
	uint8_t *out = mem_array(sizeof(j2k_12), 1);

	memcpy(out, j2k_12, J2K_AT_COM);
	memcpy(out + J2K_AT_COM, j2k_12 + J2K_AT_SOT,
	       sizeof(j2k_12) - J2K_AT_SOT);
	*length = sizeof(j2k_12) - J2K_COM_LENGTH;
	return out;
}

enum { AT_SOT = J2K_AT_COM, AT_SOD = J2K_AT_SOD - J2K_COM_LENGTH,
       PSOT = 0x56 };

static const struct {
	const char *what;
	long at;
	const char *bytes;
	size_t count;
	int psot;                       /* added to it */
	unsigned dropped;
	bool ok;
	enum reason reason;
} j2ks[] = {
	{ "as it is", END, "", 0, 0, 0, true, 0 },
	{ "comment", AT_SOT, BYTES("\xff\x64\0\x0f\0\1" PLANTED), 0,
	  DROPPED_COMMENT, true, 0 },
	{ "comment of a tile part", AT_SOD,
	  BYTES("\xff\x64\0\x0f\0\1" PLANTED), 17, DROPPED_COMMENT, true, 0 },
	{ "bytes after the end", END, BYTES(PLANTED), 0, DROPPED_TRAILER,
	  true, 0 },
	{ "tile lengths", AT_SOT, BYTES("\xff\x55\0\x08\0\x40\0\0\0\x56"), 0,
	  0, true, 0 },
	{ "tile lengths with numbers", AT_SOT,
	  BYTES("\xff\x55\0\x0a\0\x60\0\0\0\0\0\x56"), 0, 0, true, 0 },
	{ "wrong tile length", AT_SOT,
	  BYTES("\xff\x55\0\x08\0\x40\0\0\0\x57"), 0, DROPPED_APP, true, 0 },
	{ "wrong tile number", AT_SOT,
	  BYTES("\xff\x55\0\x07\0\x10\x01\0\x56"), 0, DROPPED_APP, true, 0 },
	{ "too many tile lengths", AT_SOT,
	  BYTES("\xff\x55\0\x08\0\0\0\x56\0\x56"), 0, DROPPED_APP, true, 0 },
	{ "no tile lengths", AT_SOT, BYTES("\xff\x55\0\x04\0\0"), 0,
	  DROPPED_APP, true, 0 },
	{ "a name for lengths", AT_SOT, BYTES("\xff\x55\0\x0f\0\0" PLANTED),
	  0, DROPPED_APP, true, 0 },
	{ "packet lengths", AT_SOD, BYTES("\xff\x58\0\x05\0\x01\x47"), 7, 0,
	  true, 0 },
	{ "a packet length of two bytes", AT_SOD,
	  BYTES("\xff\x58\0\x05\0\x80\x48"), 7, 0, true, 0 },
	{ "wrong packet lengths", AT_SOD, BYTES("\xff\x58\0\x05\0\x01\x48"),
	  7, DROPPED_APP, true, 0 },
	{ "an open packet length", AT_SOD,
	  BYTES("\xff\x58\0\x06\0\x01\x47\x80"), 8, DROPPED_APP, true, 0 },
	{ "a name for packet lengths", AT_SOD,
	  BYTES("\xff\x58\0\x0e\0" PLANTED), 16, DROPPED_APP, true, 0 },
	{ "all packet lengths", AT_SOT, BYTES("\xff\x57\0\x0e\0" PLANTED), 0,
	  DROPPED_APP, true, 0 },
	{ "registration", AT_SOT, BYTES("\xff\x63\0\x06name"), 0, DROPPED_APP,
	  true, 0 },
	{ "unknown marker", AT_SOT, BYTES("\xff\x6a\0\x04" "ab"), 0, 0, false,
	  REASON_DAMAGED_MARKER },
	{ "marker of another header", AT_SOD, BYTES("\xff\x55\0\x04" "ab"), 6,
	  0, false, REASON_DAMAGED_MARKER },
	{ "a style too long", AT_SOT,
	  BYTES("\xff\x53\0\x2c" "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
	  0, 0, false, REASON_DAMAGED_MARKER },
	{ "tile part cut", END, "", 0, 4, 0, false, REASON_DAMAGED },
};

START_TEST(j2k)
{
	size_t length, bare_length;
	uint8_t *bare = bare_j2k(&bare_length);
	uint8_t *stream = put_in(bare, bare_length, j2ks[_i].at,
				 j2ks[_i].bytes, j2ks[_i].count, &length);
	size_t sot = j2ks[_i].at == AT_SOT ? AT_SOT + j2ks[_i].count : AT_SOT;
	struct error err = { 0 };
	struct cleaned out;
	bool ok;

	stream[sot + 9] = (uint8_t)(PSOT + j2ks[_i].psot);
	ok = clean_j2k(stream, length, &out, &err);
	ck_assert_msg(ok == j2ks[_i].ok, "%s: %s", j2ks[_i].what, err.text);
	ck_assert_int_eq(err.reason, j2ks[_i].reason);
	ck_assert_msg(out.dropped == j2ks[_i].dropped, "%s: %u", j2ks[_i].what,
		      out.dropped);
	ck_assert_msg(!out.data == !out.dropped, "%s", j2ks[_i].what);
	if (out.data) {
		ck_assert_uint_eq(out.length, bare_length + bare_length % 2);
		ck_assert_mem_eq(out.data, bare, bare_length);
		if (bare_length % 2)
			ck_assert_uint_eq(out.data[bare_length], 0);
	}
	cleaned_done(&out);
	free(stream);
	free(bare);
}
END_TEST

/* Lengths of tile parts that no longer hold go with the comment. */
START_TEST(j2k_lengths)
{
	static const char tlm[] = "\xff\x55\0\x08\0\x40\0\0\0\x67";
	static const char com[] = "\xff\x64\0\x0f\0\1" PLANTED;
	size_t length, first, bare_length;
	uint8_t *bare = bare_j2k(&bare_length);
	uint8_t *half = put_in(bare, bare_length, AT_SOD, BYTES(com), &first);
	uint8_t *stream = put_in(half, first, AT_SOT, BYTES(tlm), &length);
	struct error err = { 0 };
	struct cleaned out;

	stream[AT_SOT + sizeof(tlm) - 1 + 9] = PSOT + 17;
	ck_assert(clean_j2k(stream, length, &out, &err));
	ck_assert_uint_eq(out.dropped, DROPPED_APP | DROPPED_COMMENT);
	ck_assert_mem_eq(out.data, bare, bare_length);
	cleaned_done(&out);
	free(stream);
	free(half);
	free(bare);
}
END_TEST

/* A JP2 file around the stream, with a name in a box before and after it. */
START_TEST(j2k_wrapped)
{
	static const uint8_t head[] = {
		0, 0, 0, 12, 'j', 'P', ' ', ' ', 0x0d, 0x0a, 0x87, 0x0a,
		0, 0, 0, 20, 'f', 't', 'y', 'p', 'j', 'p', '2', ' ',
		0, 0, 0, 0, 'j', 'p', '2', ' ',
		0, 0, 0, 19, 'x', 'm', 'l', ' ',
		'Y', 'A', 'M', 'A', 'D', 'A', '^', 'T', 'A', 'R', 'O',
	};
	static const uint8_t tail[] = { 0, 0, 0, 9, 'u', 'u', 'i', 'd', 'x' };
	size_t bare_length, first, length;
	uint8_t *bare = bare_j2k(&bare_length);
	uint8_t box[8] = { 0, 0, 0, (uint8_t)(bare_length + 8), 'j', 'p', '2',
			   'c' };
	uint8_t *boxed = put_in(bare, bare_length, 0, box, 8, &first);
	uint8_t *more = put_in(boxed, first, END, tail, sizeof(tail), &first);
	uint8_t *file = put_in(more, first, 0, head, sizeof(head), &length);
	struct j2k_head about;
	struct error err = { 0 };
	struct cleaned out;

	ck_assert(j2k_head_read(file, length, &about, &err));
	ck_assert(about.wrapped);
	ck_assert(clean_j2k(file, length, &out, &err));
	ck_assert_uint_eq(out.dropped, DROPPED_APP);
	ck_assert_uint_eq(out.length, bare_length + bare_length % 2);
	ck_assert_mem_eq(out.data, bare, bare_length);
	cleaned_done(&out);
	/* a box that reaches beyond the end */
	file[sizeof(head) + 3]++;
	file[sizeof(head) + 2]++;
	ck_assert(!clean_j2k(file, length, &out, &err));
	ck_assert_int_eq(err.reason, REASON_DAMAGED);
	free(file);
	free(more);
	free(boxed);
	free(bare);
}
END_TEST

/* ---- RLE ---- */

static const struct cell_form rle_form = { .columns = 20, .rows = 3,
					   .samples = 1, .allocated = 16,
					   .stored = 16, .high_bit = 15 };

static void set_u32(uint8_t *p, size_t value)
{
	for (int i = 0; i < 4; i++)
		p[i] = (uint8_t)(value >> 8 * i);
}

static size_t get_u32(const uint8_t *p)
{
	return (size_t)p[0] | (size_t)p[1] << 8 | (size_t)p[2] << 16;
}

static const struct {
	const char *what;
	bool before_first, before_second, at_end;       /* a name there */
	size_t header;                  /* a byte there; 0: none */
	bool dirty;
} rles[] = {
	{ "as it is", false, false, false, 0, false },
	{ "name after the last segment", false, false, true, 0, true },
	{ "name in the first segment", false, true, false, 0, true },
	{ "name before the segments", true, false, false, 0, true },
	{ "header", false, false, false, 63, true },
	{ "offset of no segment", false, false, false, 12, true },
	{ "all of it", true, true, true, 30, true },
};

START_TEST(rle)
{
	uint8_t cells[120], *packed, *stream;
	struct error err = { 0 };
	struct cleaned out;
	size_t length = 0, total, second, name = sizeof(PLANTED);
	uint32_t seed = 3;

	for (size_t i = 0; i < sizeof(cells); i++)
		cells[i] = (uint8_t)random_below(&seed, 3);
	packed = pack_rle(&rle_form, cells, &length, &err);
	second = get_u32(packed + 8);
	stream = mem_array(length + 3 * name, 1);
	memcpy(stream, packed, 64);
	total = 64;
	if (rles[_i].before_first) {
		memcpy(stream + total, PLANTED, name);
		total += name;
	}
	set_u32(stream + 4, total);
	memcpy(stream + total, packed + 64, second - 64);
	total += second - 64;
	if (rles[_i].before_second) {
		memcpy(stream + total, PLANTED, name);
		total += name;
	}
	set_u32(stream + 8, total);
	memcpy(stream + total, packed + second, length - second);
	total += length - second;
	if (rles[_i].at_end) {
		memcpy(stream + total, PLANTED, name);
		total += name;
	}
	if (rles[_i].header)
		stream[rles[_i].header] = 'Y';
	ck_assert(clean_rle(&rle_form, stream, total, &out, &err));
	ck_assert_msg(!out.data != rles[_i].dirty, "%s", rles[_i].what);
	ck_assert_uint_eq(out.dropped, rles[_i].dirty ? DROPPED_TRAILER : 0);
	if (out.data) {
		ck_assert_uint_eq(out.length, length);
		ck_assert_mem_eq(out.data, packed, length);
	}
	cleaned_done(&out);
	/* one byte less than the last plane takes */
	ck_assert(!clean_rle(&rle_form, packed, length - 2, &out, &err));
	ck_assert_int_eq(err.reason, REASON_DAMAGED_FRAME);
	free(stream);
	free(packed);
}
END_TEST

/* ---- deflate ---- */

START_TEST(deflate)
{
	uint8_t cells[301];
	struct error err = { 0 };
	struct cleaned out;
	size_t length = 0, total;
	uint8_t *packed, *stream;

	for (size_t i = 0; i < sizeof(cells); i++)
		cells[i] = (uint8_t)(i * i);
	cells[300] = 'Y';
	packed = pack_deflate(cells, 300, &length, &err);
	ck_assert(clean_deflate(300, packed, length, &out, &err));
	ck_assert_ptr_null(out.data);
	stream = put_in(packed, length, END, BYTES(PLANTED "!"), &total);
	ck_assert(clean_deflate(300, stream, total, &out, &err));
	ck_assert_uint_eq(out.dropped, DROPPED_TRAILER);
	ck_assert_uint_eq(out.length, length);
	ck_assert_mem_eq(out.data, packed, length);
	cleaned_done(&out);
	free(stream);
	/* a byte behind the frame, inside the deflate stream */
	stream = pack_deflate(cells, 301, &total, &err);
	ck_assert(clean_deflate(300, stream, total, &out, &err));
	ck_assert_uint_eq(out.dropped, DROPPED_TRAILER);
	ck_assert_mem_eq(out.data, packed, length);
	cleaned_done(&out);
	ck_assert(!clean_deflate(302, stream, total, &out, &err));
	ck_assert_int_eq(err.reason, REASON_DAMAGED_FRAME);
	free(stream);
	free(packed);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("clean_stream");
	TCase *tcase = tcase_create("clean_stream");

	add_rows_test(tcase, jpeg, jpegs);
	add_rows_test(tcase, kept_app, kept_apps);
	tcase_add_test(tcase, jpeg_prefixes);
	add_rows_test(tcase, j2k, j2ks);
	tcase_add_test(tcase, j2k_lengths);
	tcase_add_test(tcase, j2k_wrapped);
	add_rows_test(tcase, rle, rles);
	tcase_add_test(tcase, deflate);
	suite_add_tcase(suite, tcase);
	return support_run(suite);
}

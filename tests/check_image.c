/* check_image.c - reading files: values, refusals, attributes, no opening. */
#include "config.h"

#include "image/image.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#include <zlib.h>

#include "tests/make_dicom.h"
#include "tests/pictures.h"
#include "tests/streams.h"
#include "tests/support.h"

#define IMPLICIT "1.2.840.10008.1.2"
#define LITTLE "1.2.840.10008.1.2.1"
#define BIG "1.2.840.10008.1.2.2"
#define BASELINE "1.2.840.10008.1.2.4.50"
#define DEFLATED_FRAME "1.2.840.10008.1.2.8.1"
#define RLE "1.2.840.10008.1.2.5"

enum { VALUES = 12, SIDE = STREAM_SIDE };

static struct image *open_made(struct dicom_maker *m, int *fd,
			       struct error *err)
{
	struct image *image;

	*err = (struct error){ 0 };
	*fd = make_file(m->out.data, m->out.length);
	image = image_open(*fd, err);
	buffer_done(&m->out);
	return image;
}

static double value_at(const struct frame *f, int i)
{
	switch (f->type) {
	case SAMPLE_U8:
		return ((uint8_t *)f->sample)[i];
	case SAMPLE_U16:
		return ((uint16_t *)f->sample)[i];
	case SAMPLE_S16:
		return ((int16_t *)f->sample)[i];
	case SAMPLE_U32:
		return ((uint32_t *)f->sample)[i];
	case SAMPLE_S32:
		return ((int32_t *)f->sample)[i];
	case SAMPLE_F32:
		return (double)((float *)f->sample)[i];
	default:
		return ((double *)f->sample)[i];
	}
}

/* ---- uncompressed cells ---- */

static const struct {
	const char *syntax;
	const char *photometric;
	int columns, rows, frames, samples, allocated, stored, high;
	int is_signed, planar;
	uint32_t tag;
	const char *vr;
	uint8_t data[32];
	int length;
	enum sample_type type;
	double value[VALUES];           /* frame after frame */
	int count;
	bool unused;                    /* some bit outside the stored ones */
} forms[] = {
	{ LITTLE, "MONOCHROME2", 2, 2, 1, 1, 8, 8, 7, 0, 0, 0x7fe00010, "OB",
	  { 0, 1, 254, 255 }, 4, SAMPLE_U8, { 0, 1, 254, 255 }, 4, false },
	{ IMPLICIT, "MONOCHROME1", 3, 1, 1, 1, 8, 8, 7, 0, 0, 0x7fe00010,
	  "OW", { 1, 2, 3, 0 }, 4, SAMPLE_U8, { 1, 2, 3 }, 3, false },
	{ LITTLE, "MONOCHROME2", 2, 1, 1, 1, 8, 7, 6, 0, 0, 0x7fe00010, "OB",
	  { 0x7f, 0xff }, 2, SAMPLE_U8, { 127, 127 }, 2, true },
	{ LITTLE, "MONOCHROME2", 2, 1, 1, 1, 8, 8, 7, 1, 0, 0x7fe00010, "OB",
	  { 0x7f, 0x80 }, 2, SAMPLE_S16, { 127, -128 }, 2, false },
	{ LITTLE, "MONOCHROME2", 2, 2, 1, 1, 16, 16, 15, 0, 0, 0x7fe00010,
	  "OW", { 1, 0, 0, 1, 0xff, 0xff, 0, 0x80 }, 8, SAMPLE_U16,
	  { 1, 256, 65535, 32768 }, 4, false },
	{ BIG, "MONOCHROME2", 2, 2, 1, 1, 16, 16, 15, 1, 0, 0x7fe00010, "OW",
	  { 0, 1, 1, 0, 0xff, 0xff, 0x80, 0 }, 8, SAMPLE_S16,
	  { 1, 256, -1, -32768 }, 4, false },
	/* 12 of 16 bits: sign extension is no stray bit, a fifth one is */
	{ LITTLE, "MONOCHROME2", 2, 1, 1, 1, 16, 12, 11, 1, 0, 0x7fe00010,
	  "OW", { 0xff, 0xff, 0xff, 0x07 }, 4, SAMPLE_S16, { -1, 2047 }, 2,
	  false },
	{ LITTLE, "MONOCHROME2", 2, 1, 1, 1, 16, 12, 11, 1, 0, 0x7fe00010,
	  "OW", { 0xff, 0xff, 0xff, 0x17 }, 4, SAMPLE_S16, { -1, 2047 }, 2,
	  true },
	{ LITTLE, "MONOCHROME2", 2, 1, 1, 1, 16, 12, 11, 0, 0, 0x7fe00010,
	  "OW", { 0xff, 0xff, 0xff, 0x0f }, 4, SAMPLE_U16, { 4095, 4095 }, 2,
	  true },
	/* high bit 15: the value sits at the top */
	{ LITTLE, "MONOCHROME2", 2, 1, 1, 1, 16, 12, 15, 0, 0, 0x7fe00010,
	  "OW", { 0x10, 0, 0xf0, 0xff }, 4, SAMPLE_U16, { 1, 4095 }, 2,
	  false },
	{ LITTLE, "MONOCHROME2", 1, 2, 1, 1, 32, 32, 31, 0, 0, 0x7fe00010,
	  "OW", { 1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff }, 8, SAMPLE_U32,
	  { 1, 4294967295.0 }, 2, false },
	{ BIG, "MONOCHROME2", 1, 1, 1, 1, 32, 32, 31, 1, 0, 0x7fe00010, "OW",
	  { 0xff, 0xff, 0xff, 0xfe }, 4, SAMPLE_S32, { -2 }, 1, false },
	/* 8-bit cells in words of a big endian file come in pairs */
	{ BIG, "MONOCHROME2", 3, 1, 2, 1, 8, 8, 7, 0, 0, 0x7fe00010, "OW",
	  { 2, 1, 4, 3, 6, 5 }, 6, SAMPLE_U8, { 1, 2, 3, 4, 5, 6 }, 6,
	  false },
	{ BIG, "MONOCHROME2", 3, 1, 2, 1, 8, 8, 7, 0, 0, 0x7fe00010, "OB",
	  { 1, 2, 3, 4, 5, 6 }, 6, SAMPLE_U8, { 1, 2, 3, 4, 5, 6 }, 6,
	  false },
	/* frames of 1 bit do not begin on a byte */
	{ LITTLE, "MONOCHROME2", 3, 1, 3, 1, 1, 1, 0, 0, 0, 0x7fe00010, "OB",
	  { 0x8d, 0x01 }, 2, SAMPLE_U8, { 1, 0, 1, 1, 0, 0, 0, 1, 1 }, 9,
	  false },
	{ LITTLE, "RGB", 2, 1, 1, 3, 8, 8, 7, 0, 0, 0x7fe00010, "OB",
	  { 1, 2, 3, 4, 5, 6 }, 6, SAMPLE_U8, { 1, 2, 3, 4, 5, 6 }, 6,
	  false },
	{ LITTLE, "RGB", 2, 1, 1, 3, 8, 8, 7, 0, 1, 0x7fe00010, "OB",
	  { 1, 4, 2, 5, 3, 6 }, 6, SAMPLE_U8, { 1, 2, 3, 4, 5, 6 }, 6,
	  false },
	{ LITTLE, "YBR_FULL_422", 2, 1, 1, 3, 8, 8, 7, 0, 0, 0x7fe00010,
	  "OB", { 10, 20, 130, 140 }, 4, SAMPLE_U8,
	  { 10, 130, 140, 20, 130, 140 }, 6, false },
	{ LITTLE, "MONOCHROME2", 2, 1, 1, 1, 32, 32, 31, 0, 0, 0x7fe00008,
	  "OF", { 0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0 }, 8, SAMPLE_F32,
	  { 1, -2 }, 2, false },
	{ LITTLE, "MONOCHROME2", 1, 1, 1, 1, 64, 64, 63, 0, 0, 0x7fe00009,
	  "OD", { 0, 0, 0, 0, 0, 0, 0xf0, 0x3f }, 8, SAMPLE_F64, { 1 }, 1,
	  false },
};

static void make_form(struct dicom_maker *m, int i)
{
	char frames[12];

	m->big_endian = strcmp(forms[i].syntax, BIG) == 0;
	m->implicit = strcmp(forms[i].syntax, IMPLICIT) == 0;
	make_begin(m, forms[i].syntax);
	make_us(m, 0x00280002, forms[i].samples);
	make_text(m, 0x00280004, "CS", forms[i].photometric);
	if (forms[i].samples > 1)
		make_us(m, 0x00280006, forms[i].planar);
	snprintf(frames, sizeof(frames), "%d", forms[i].frames);
	make_text(m, 0x00280008, "IS", frames);
	make_us(m, 0x00280010, forms[i].rows);
	make_us(m, 0x00280011, forms[i].columns);
	make_us(m, 0x00280100, forms[i].allocated);
	make_us(m, 0x00280101, forms[i].stored);
	make_us(m, 0x00280102, forms[i].high);
	make_us(m, 0x00280103, forms[i].is_signed);
	make_bytes(m, forms[i].tag, forms[i].vr, forms[i].data,
		   (size_t)forms[i].length);
}

START_TEST(cells)
{
	struct dicom_maker m = { 0 };
	struct error err;
	struct image *image;
	int fd, done = 0;
	bool any = false;

	make_form(&m, _i);
	image = open_made(&m, &fd, &err);
	ck_assert_str_eq(err.text, "");
	for (int n = forms[_i].frames - 1; n >= 0; n--) {
		struct frame *f = image_frame(image, n, &err);
		int each = forms[_i].count / forms[_i].frames;
		uint8_t plane[64];

		ck_assert_ptr_nonnull(f);
		ck_assert_int_eq(f->type, forms[_i].type);
		for (int i = 0; i < each; i++, done++)
			ck_assert_double_eq(value_at(f, i),
					    forms[_i].value[n * each + i]);
		ck_assert(image_unused_bits(image, n, plane, &any, &err));
		frame_free(f);
	}
	ck_assert_int_eq(done, forms[_i].count);
	ck_assert_int_eq(any, forms[_i].unused);
	ck_assert_ptr_null(image_frame(image, forms[_i].frames, &err));
	ck_assert_int_eq(err.code, ERR_RANGE);
	ck_assert_ptr_null(image_frame(image, -1, &err));
	image_close(image);
	close(fd);
}
END_TEST

/* ---- code streams ---- */

static int stream_value(int i, int bits)
{
	int x = i % SIDE, y = i / SIDE;

	return (x * 37 + y * 11 + x * y % 7 * 3) % (1 << bits);
}

static const struct {
	const char *syntax;
	const uint8_t *data;
	size_t length;
	int samples, allocated, stored;
	bool lossy;
} streams[] = {
	{ "1.2.840.10008.1.2.4.80", jpeg_ls_8, sizeof(jpeg_ls_8), 1, 8, 8,
	  false },
	{ "1.2.840.10008.1.2.4.81", jpeg_ls_8, sizeof(jpeg_ls_8), 1, 8, 8,
	  true },
	{ "1.2.840.10008.1.2.4.80", jpeg_ls_16, sizeof(jpeg_ls_16), 1, 16, 12,
	  false },
	{ "1.2.840.10008.1.2.4.57", lossless_8, sizeof(lossless_8), 1, 8, 8,
	  false },
	{ "1.2.840.10008.1.2.4.70", lossless_16, sizeof(lossless_16), 1, 16,
	  16, false },
	/* the stream decides, not the process of the transfer syntax */
	{ "1.2.840.10008.1.2.4.50", lossless_8, sizeof(lossless_8), 1, 8, 8,
	  true },
	{ "1.2.840.10008.1.2.4.90", j2k_12, sizeof(j2k_12), 1, 16, 12,
	  false },
	{ "1.2.840.10008.1.2.4.91", j2k_12, sizeof(j2k_12), 1, 16, 12,
	  false },
	{ "1.2.840.10008.1.2.4.201", j2k_12, sizeof(j2k_12), 1, 16, 12,
	  false },
	{ "1.2.840.10008.1.2.4.90", j2k_rgb, sizeof(j2k_rgb), 3, 8, 8,
	  false },
};

static void make_stream(struct dicom_maker *m, int i, int fragments)
{
	size_t part = streams[i].length / (size_t)fragments / 2 * 2;
	const uint8_t *data = streams[i].data;

	make_begin(m, streams[i].syntax);
	make_pixel_module(m, SIDE, SIDE, streams[i].samples,
			  streams[i].samples == 1 ? "MONOCHROME2" : "YBR_RCT",
			  streams[i].allocated, streams[i].stored, 0);
	make_fragments_begin(m);
	for (int n = 1; n < fragments; n++, data += part)
		make_fragment(m, data, part);
	make_fragment(m, data, streams[i].length -
			       (size_t)(data - streams[i].data));
	make_fragments_end(m);
}

static void check_stream(int row, int fragments)
{
	struct dicom_maker m = { 0 };
	struct error err;
	struct image *image;
	struct frame *f;
	int fd, samples = streams[row].samples;

	make_stream(&m, row, fragments);
	image = open_made(&m, &fd, &err);
	ck_assert_str_eq(err.text, "");
	f = image_frame(image, 0, &err);
	ck_assert_str_eq(err.text, "");
	for (int i = 0; i < SIDE * SIDE * samples; i++) {
		int expected = stream_value(i / samples, 12) +
			       i % samples * 50;

		ck_assert_double_eq(value_at(f, i),
				    expected % (1 << streams[row].stored));
	}
	ck_assert_int_eq(image_info(image)->lossy, streams[row].lossy);
	ck_assert(image_info(image)->encapsulated);
	ck_assert(image_info(image)->mask_supported);
	if (samples == 3)
		ck_assert_int_eq(image_info(image)->photometric,
				 PHOTOMETRIC_RGB);
	frame_free(f);
	image_close(image);
	close(fd);
}

START_TEST(stream)
{
	check_stream(_i, 1);
	check_stream(_i, 3);
}
END_TEST

/* 12 bits, lossy: near the slope it was made from. */
START_TEST(extended)
{
	struct dicom_maker m = { 0 };
	struct error err;
	struct image *image;
	struct frame *f;
	int fd;

	make_begin(&m, "1.2.840.10008.1.2.4.51");
	make_pixel_module(&m, SIDE, SIDE, 1, "MONOCHROME2", 16, 12, 0);
	make_fragments_begin(&m);
	make_fragment(&m, extended_12, sizeof(extended_12));
	make_fragments_end(&m);
	image = open_made(&m, &fd, &err);
	ck_assert_str_eq(err.text, "");
	f = image_frame(image, 0, &err);
	ck_assert_ptr_nonnull(f);
	ck_assert_int_eq(f->type, SAMPLE_U16);
	for (int i = 0; i < SIDE * SIDE; i++)
		ck_assert_double_eq_tol(value_at(f, i),
					i % SIDE * 40 + i / SIDE * 20, 12);
	frame_free(f);
	image_close(image);
	close(fd);
}
END_TEST

/* ---- RLE and deflate ---- */

static const struct {
	int allocated, samples, columns;
	uint32_t offsets[4];            /* segments, their offsets */
	uint8_t data[24];
	int length;
	bool damaged;
	int value[4];
} runs[] = {
	/* a copy of two, a run of two */
	{ 8, 1, 4, { 1, 64 }, { 1, 7, 8, 0xff, 9 }, 5, false, { 7, 8, 9, 9 } },
	/* -128 does nothing; what follows is padding */
	{ 8, 1, 4, { 1, 64 }, { 128, 0xfd, 5, 0, 0 }, 5, false,
	  { 5, 5, 5, 5 } },
	/* the most significant byte comes first */
	{ 16, 1, 2, { 2, 64, 67 }, { 1, 1, 2, 1, 3, 4 }, 6, false,
	  { 0x103, 0x204 } },
	{ 8, 3, 1, { 3, 64, 66, 68 }, { 0, 1, 0, 2, 0, 3 }, 6, false,
	  { 1, 2, 3 } },
	{ 1, 1, 4, { 1, 64 }, { 0, 0x0a }, 2, false, { 0, 1, 0, 1 } },
	{ 8, 1, 4, { 1, 64 }, { 1, 7, 8 }, 3, true, { 0 } },
	{ 8, 1, 4, { 1, 64 }, { 0xfa, 7 }, 2, true, { 0 } },
	{ 8, 1, 4, { 2, 64, 66 }, { 0xfd, 5, 0xfd, 5 }, 4, true, { 0 } },
	{ 8, 1, 4, { 1, 999 }, { 0xfd, 5 }, 2, true, { 0 } },
	{ 16, 1, 2, { 2, 67, 64 }, { 1, 1, 2, 1, 3, 4 }, 6, true, { 0 } },
};

START_TEST(rle)
{
	uint8_t fragment[64 + 24] = { 0 };
	struct dicom_maker m = { 0 };
	struct error err;
	struct image *image;
	struct frame *f;
	int fd;

	for (size_t i = 0; i < 16; i++)
		fragment[i] = (uint8_t)(runs[_i].offsets[i / 4] >> 8 * (i % 4));
	memcpy(fragment + 64, runs[_i].data, (size_t)runs[_i].length);
	make_begin(&m, RLE);
	make_pixel_module(&m, runs[_i].columns, 1, runs[_i].samples,
			  runs[_i].samples == 1 ? "MONOCHROME2" : "RGB",
			  runs[_i].allocated, runs[_i].allocated, 0);
	make_fragments_begin(&m);
	make_fragment(&m, fragment, 64 + (size_t)runs[_i].length);
	make_fragments_end(&m);
	image = open_made(&m, &fd, &err);
	ck_assert_str_eq(err.text, "");
	f = image_frame(image, 0, &err);
	if (runs[_i].damaged) {
		ck_assert_ptr_null(f);
		ck_assert_int_eq(err.reason, REASON_DAMAGED_FRAME);
		ck_assert_int_eq(err.number, 1);
	} else {
		ck_assert_str_eq(err.text, "");
		for (int i = 0; i < runs[_i].columns * runs[_i].samples; i++)
			ck_assert_double_eq(value_at(f, i),
					    runs[_i].value[i]);
	}
	frame_free(f);
	image_close(image);
	close(fd);
}
END_TEST

START_TEST(deflated_frame)
{
	static const uint8_t cell[6] = { 9, 8, 7, 6, 5, 4 };
	uint8_t packed[64];
	z_stream z = { .next_in = (Bytef *)(uintptr_t)cell,
		       .avail_in = sizeof(cell), .next_out = packed,
		       .avail_out = sizeof(packed) };
	struct dicom_maker m = { 0 };
	struct error err;
	struct image *image;
	struct frame *f;
	int fd;

	ck_assert_int_eq(deflateInit2(&z, 9, Z_DEFLATED, -MAX_WBITS, 8, 0),
			 Z_OK);
	ck_assert_int_eq(deflate(&z, Z_FINISH), Z_STREAM_END);
	make_begin(&m, DEFLATED_FRAME);
	make_pixel_module(&m, 3, 2, 1, "MONOCHROME2", 8, 8, 0);
	make_fragments_begin(&m);
	make_fragment(&m, packed, z.total_out);
	make_fragments_end(&m);
	deflateEnd(&z);
	image = open_made(&m, &fd, &err);
	ck_assert_str_eq(err.text, "");
	f = image_frame(image, 0, &err);
	ck_assert_ptr_nonnull(f);
	ck_assert_mem_eq(f->sample, cell, sizeof(cell));
	frame_free(f);
	image_close(image);
	close(fd);
}
END_TEST

/* ---- parts that disagree, limits ---- */

/* Change of a sound file of 2x2 pixels of 8 bits; NULL values leave it. */
static const struct {
	const char *syntax, *photometric, *frames;
	int samples, rows, columns, allocated, stored, high;
	int length;                     /* of PixelData; -1: none */
	enum reason reason;
} wrongs[] = {
	{ LITTLE, "MONOCHROME2", NULL, 1, 2, 2, 8, 8, 7, 4, REASON_NONE },
	{ LITTLE, "MONOCHROME2", "1 ", 1, 2, 2, 8, 8, 7, 4, REASON_NONE },
	{ LITTLE, "MONOCHROME2", NULL, 1, 2, 2, 8, 8, 7, 6,
	  REASON_PIXELS_TOO_LONG },
	{ LITTLE, "MONOCHROME2", NULL, 1, 2, 2, 8, 8, 7, 2,
	  REASON_PIXELS_TOO_SHORT },
	{ LITTLE, "MONOCHROME2", "2", 1, 2, 2, 8, 8, 7, 4,
	  REASON_PIXELS_TOO_SHORT },
	{ LITTLE, "MONOCHROME2", "0", 1, 2, 2, 8, 8, 7, 4,
	  REASON_ATTRIBUTES },
	{ LITTLE, "MONOCHROME2", "1A", 1, 2, 2, 8, 8, 7, 4,
	  REASON_ATTRIBUTES },
	{ LITTLE, "MONOCHROME2", "65536", 1, 2, 2, 8, 8, 7, 4,
	  REASON_TOO_MANY_FRAMES },
	{ LITTLE, "MONOCHROME2", NULL, 1, 0, 2, 8, 8, 7, 4,
	  REASON_ATTRIBUTES },
	{ LITTLE, "MONOCHROME2", NULL, 1, 65535, 65535, 8, 8, 7, 4,
	  REASON_FRAME_TOO_LARGE },
	{ LITTLE, "RGB", NULL, 3, 16000, 16000, 16, 16, 15, 4,
	  REASON_DECODED_TOO_LARGE },
	{ LITTLE, "MONOCHROME2", NULL, 1, 2, 2, 12, 12, 11, 6,
	  REASON_PIXEL_FORM },
	{ LITTLE, "MONOCHROME2", NULL, 1, 2, 2, 8, 9, 8, 4,
	  REASON_ATTRIBUTES },
	{ LITTLE, "MONOCHROME2", NULL, 1, 2, 2, 8, 8, 6, 4,
	  REASON_ATTRIBUTES },
	{ LITTLE, "RGB", NULL, 1, 2, 2, 8, 8, 7, 4, REASON_ATTRIBUTES },
	{ LITTLE, "MONOCHROME2", NULL, 2, 2, 2, 8, 8, 7, 8,
	  REASON_PIXEL_FORM },
	{ LITTLE, "CMYK", NULL, 1, 2, 2, 8, 8, 7, 4, REASON_PIXEL_FORM },
	{ LITTLE, "YBR_PARTIAL_420", NULL, 3, 2, 2, 8, 8, 7, 6,
	  REASON_PIXEL_FORM },
	{ LITTLE, "", NULL, 1, 2, 2, 8, 8, 7, 4, REASON_ATTRIBUTE_MISSING },
	{ LITTLE, "PALETTE COLOR", NULL, 1, 2, 2, 8, 8, 7, 4,
	  REASON_ATTRIBUTES },
	{ LITTLE, "MONOCHROME2", NULL, 1, 2, 2, 8, 8, 7, -1,
	  REASON_NO_PIXELS },
	{ BASELINE, "MONOCHROME2", NULL, 1, 2, 2, 8, 8, 7, 4,
	  REASON_ATTRIBUTES },
	{ "1.2.3.4", "MONOCHROME2", NULL, 1, 2, 2, 8, 8, 7, 4,
	  REASON_SYNTAX_UNKNOWN },
	{ "1.2.840.10008.1.2.4.102", "MONOCHROME2", NULL, 1, 2, 2, 8, 8, 7, 4,
	  REASON_VIDEO },
	{ "1.2.840.10008.1.2.4.94", "MONOCHROME2", NULL, 1, 2, 2, 8, 8, 7, 4,
	  REASON_SYNTAX_UNKNOWN },
};

START_TEST(wrong)
{
	static const uint8_t zeros[16];
	struct dicom_maker m = { 0 };
	struct error err;
	struct image *image;
	int fd;

	make_begin(&m, wrongs[_i].syntax);
	make_us(&m, 0x00280002, wrongs[_i].samples);
	make_text(&m, 0x00280004, "CS", wrongs[_i].photometric);
	if (wrongs[_i].frames)
		make_text(&m, 0x00280008, "IS", wrongs[_i].frames);
	make_us(&m, 0x00280010, wrongs[_i].rows);
	make_us(&m, 0x00280011, wrongs[_i].columns);
	make_us(&m, 0x00280100, wrongs[_i].allocated);
	make_us(&m, 0x00280101, wrongs[_i].stored);
	make_us(&m, 0x00280102, wrongs[_i].high);
	make_us(&m, 0x00280103, 0);
	if (wrongs[_i].length >= 0)
		make_bytes(&m, 0x7fe00010, "OB", zeros,
			   (size_t)wrongs[_i].length);
	image = open_made(&m, &fd, &err);
	ck_assert_int_eq(err.reason, wrongs[_i].reason);
	ck_assert_int_eq(image != NULL, wrongs[_i].reason == REASON_NONE);
	image_close(image);
	close(fd);
}
END_TEST

/* What no picture is, beside pictures, at any depth. */
static const struct {
	bool nested, waveform;
} others[] = {
	{ false, false }, { false, true }, { true, false }, { true, true },
};

START_TEST(other_content)
{
	static const uint8_t bytes[4];
	struct dicom_maker m = { 0 }, item = { 0 }, inner = { 0 };
	struct dicom_maker *to = others[_i].nested ? &item : &m;
	struct error err;
	struct image *image;
	int fd;

	make_begin(&m, LITTLE);
	make_pixel_module(&m, 2, 2, 1, "MONOCHROME2", 8, 8, 0);
	make_us(&inner, 0x003a0005, 1);
	if (others[_i].waveform)
		make_item(to, 0x54000100, &inner);
	else
		make_bytes(to, 0x00420011, "OB", bytes, sizeof(bytes));
	if (others[_i].nested)
		make_item(&m, 0x54000200, &item);
	make_bytes(&m, 0x7fe00010, "OB", bytes, sizeof(bytes));
	image = open_made(&m, &fd, &err);
	ck_assert_ptr_null(image);
	ck_assert_int_eq(err.reason, REASON_OTHER_CONTENT);
	buffer_done(&item.out);
	buffer_done(&inner.out);
	close(fd);
}
END_TEST

/* Fragments against frames: how many of each, and what comes of it. */
static const struct {
	int frames, whole, parts;       /* fragments: whole streams, halves */
	enum reason reason;
} groups[] = {
	{ 1, 1, 0, REASON_NONE },
	{ 3, 3, 0, REASON_NONE },
	{ 2, 0, 2, REASON_NONE },       /* two frames of two fragments */
	{ 2, 1, 1, REASON_NONE },
	{ 2, 3, 0, REASON_FRAGMENTS },
	{ 3, 2, 0, REASON_FRAGMENTS },
	{ 3, 2, 2, REASON_FRAGMENTS },
	{ 1, 0, 0, REASON_FRAGMENTS },
	{ 1, 0, 1, REASON_NONE },
	{ 1, 2, 0, REASON_FRAGMENTS },  /* a hidden second picture */
};

START_TEST(fragments)
{
	size_t half = sizeof(jpeg_ls_8) / 4 * 2;
	struct dicom_maker m = { 0 };
	struct error err;
	struct image *image;
	char frames[12];
	int fd;

	snprintf(frames, sizeof(frames), "%d", groups[_i].frames);
	make_begin(&m, "1.2.840.10008.1.2.4.80");
	make_text(&m, 0x00280008, "IS", frames);
	make_pixel_module(&m, SIDE, SIDE, 1, "MONOCHROME2", 8, 8, 0);
	make_fragments_begin(&m);
	for (int i = 0; i < groups[_i].whole; i++)
		make_fragment(&m, jpeg_ls_8, sizeof(jpeg_ls_8));
	for (int i = 0; i < groups[_i].parts; i++) {
		make_fragment(&m, jpeg_ls_8, half);
		make_fragment(&m, jpeg_ls_8 + half, sizeof(jpeg_ls_8) - half);
	}
	make_fragments_end(&m);
	image = open_made(&m, &fd, &err);
	ck_assert_int_eq(err.reason, groups[_i].reason);
	for (int n = groups[_i].frames - 1; image && n >= 0; n--) {
		struct frame *f = image_frame(image, n, &err);

		ck_assert_ptr_nonnull(f);
		for (int i = 0; i < SIDE * SIDE; i++)
			ck_assert_double_eq(value_at(f, i),
					    stream_value(i, 8));
		frame_free(f);
	}
	image_close(image);
	close(fd);
}
END_TEST

/* A frame whose stream has another size than the header says. */
START_TEST(size_disagrees)
{
	struct dicom_maker m = { 0 };
	struct error err;
	struct image *image;
	int fd;

	make_begin(&m, streams[_i].syntax);
	make_pixel_module(&m, SIDE, SIDE - 1, streams[_i].samples,
			  streams[_i].samples == 1 ? "MONOCHROME2" : "YBR_RCT",
			  streams[_i].allocated, streams[_i].stored, 0);
	make_fragments_begin(&m);
	make_fragment(&m, streams[_i].data, streams[_i].length);
	make_fragments_end(&m);
	image = open_made(&m, &fd, &err);
	ck_assert_ptr_nonnull(image);
	ck_assert_ptr_null(image_frame(image, 0, &err));
	ck_assert_int_eq(err.reason, REASON_SIZE_DISAGREES);
	ck_assert_int_eq(err.number, 1);
	image_close(image);
	close(fd);
}
END_TEST

/* ---- attributes, overlays ---- */

struct seen {
	int count;
	char paths[512];
};

static bool note(void *self, const char *path, const char *vr,
		 const char *value)
{
	struct seen *seen = self;
	size_t length = strlen(seen->paths);

	seen->count++;
	ck_assert_uint_eq(strlen(vr), 2);
	ck_assert_str_ne(value, "");
	snprintf(seen->paths + length, sizeof(seen->paths) - length, "%s ",
		 path);
	return seen->count < 4;
}

static struct image *open_attributes(int *fd)
{
	struct dicom_maker m = { 0 }, item = { 0 };
	struct error err;
	struct image *image;

	make_begin(&m, LITTLE);
	make_text(&item, 0x00080005, "CS", "ISO_IR 100");
	make_text(&item, 0x00400007, "LO", "caf\xe9");
	buffer_clear(&m.out);
	make_begin(&m, LITTLE);
	make_text(&m, 0x00080005, "CS", "\\ISO 2022 IR 87");
	make_text(&m, 0x00080020, "DA", "20240131");
	make_text(&m, 0x00100010, "PN", "Hon^X=\x1b$BK\\\x1b(B^\x1b$B;3\x1b(B");
	make_text(&m, 0x00100020, "LO", "");
	make_text(&m, 0x00100040, "CS", "F\x1b[1m");
	make_item(&m, 0x00400275, &item);
	make_pixel_module(&m, 2, 1, 1, "MONOCHROME2", 8, 8, 0);
	make_text(&m, 0x00280301, "CS", "YES");
	make_text(&m, 0x00291010, "LO", "private");
	make_bytes(&m, 0x7fe00010, "OB", "\1\2", 2);
	image = open_made(&m, fd, &err);
	ck_assert_str_eq(err.text, "");
	buffer_done(&item.out);
	return image;
}

static const struct {
	const char *path, *value;
} attributes[] = {
	{ "00100010", "Hon^X=本^山" },
	{ "00080020", "20240131" },
	{ "00100020", NULL },
	{ "00100040", "F[1m" },
	{ "00400275[0].00400007", "café" },
	{ "00400275[1].00400007", NULL },
	{ "00400275", NULL },
	{ "00280010", "1" },
	{ "00080016", "1.2.840.10008.5.1.4.1.1.7" },
	{ "7fe00010", NULL },
	{ "00100030", NULL },
	{ "0010", NULL },
	{ "", NULL },
	{ "0010001x", NULL },
	{ "00400275[0]", NULL },
	{ "00400275[-1].00400007", NULL },
	{ "00400275[0.00400007", NULL },
	{ "00100010[0].00100010", NULL },
};

START_TEST(attribute)
{
	int fd;
	struct image *image = open_attributes(&fd);
	char *value = image_attribute(image, attributes[_i].path);

	if (attributes[_i].value) {
		ck_assert_ptr_nonnull(value);
		ck_assert_str_eq(value, attributes[_i].value);
	} else {
		ck_assert_ptr_null(value);
	}
	free(value);
	image_close(image);
	close(fd);
}
END_TEST

/* A disk that fails later: what can't be read is not what is absent. */
START_TEST(disk_fails)
{
	struct error err = { 0 };
	int fd, gone[2];
	struct image *image = open_attributes(&fd);
	char *value = image_attribute(image, "00100020");

	ck_assert_ptr_null(value);      /* it is absent */
	ck_assert(image_was_read(image, &err));
	ck_assert_int_eq(pipe(gone), 0);
	ck_assert_int_eq(dup2(gone[0], fd), fd);
	value = image_attribute(image, "00100010");
	ck_assert_ptr_null(value);
	ck_assert(!image_was_read(image, &err));
	ck_assert_int_eq(err.reason, REASON_UNREADABLE);
	image_close(image);
	close(gone[0]);
	close(gone[1]);
	close(fd);
}
END_TEST

START_TEST(each_text)
{
	int fd;
	struct image *image = open_attributes(&fd);
	struct seen seen = { 0 };

	ck_assert(image_info(image)->burned_in_yes);
	ck_assert(image_info(image)->has_private);
	ck_assert(!image_info(image)->has_icon);
	image_each_text(image, note, &seen);
	ck_assert_str_eq(seen.paths, "00080005 00080020 00100010 00100040 ");
	image_close(image);
	close(fd);
}
END_TEST

/* A plane of 3x2 bits at column 1, row 0 of a picture of 3x2, and one inside
 * the unused bits. */
START_TEST(overlays)
{
	static const uint8_t origin[2][4] = { { 1, 0, 2, 0 },
					      { 0, 1, 0, 2 } };
	static const uint8_t bits[2][2] = { { 0x1d, 0 }, { 0, 0x1d } };
	static const uint8_t own[3 * 2] = { 0, 255, 0, 0, 255, 255 };
	static const uint8_t inside[3 * 2] = { 0, 0, 0, 255, 0, 0 };
	uint8_t cell[12] = { [6] = _i ? 0x80 : 0, [7] = _i ? 0 : 0x80 };
	struct dicom_maker m = { 0 };
	struct error err;
	struct image *image;
	uint8_t plane[6];
	bool outside = false;
	int fd;

	m.big_endian = _i;
	make_begin(&m, _i ? BIG : LITTLE);
	make_pixel_module(&m, 3, 2, 1, "MONOCHROME2", 16, 12, 0);
	make_us(&m, 0x60000010, 2);
	make_us(&m, 0x60000011, 3);
	make_text(&m, 0x60000040, "CS", "G");
	make_bytes(&m, 0x60000050, "SS", origin[_i], 4);
	make_us(&m, 0x60000100, 1);
	make_us(&m, 0x60000102, 0);
	make_bytes(&m, 0x60003000, "OW", bits[_i], 2);
	make_us(&m, 0x60020010, 2);
	make_us(&m, 0x60020011, 3);
	make_us(&m, 0x60020100, 16);
	make_us(&m, 0x60020102, 15);
	make_bytes(&m, 0x7fe00010, "OW", cell, sizeof(cell));
	image = open_made(&m, &fd, &err);
	ck_assert_str_eq(err.text, "");
	ck_assert_int_eq(image_info(image)->overlays, 2);
	ck_assert_int_eq(image_info(image)->overlay[0].group, 0x6000);
	ck_assert_int_eq(image_info(image)->overlay[0].x, 1);
	ck_assert_int_eq(image_info(image)->overlay[0].y, 0);
	ck_assert_int_eq(image_info(image)->overlay[1].bit, 15);
	ck_assert(image_overlay_plane(image, 0, 0, plane, &outside, &err));
	ck_assert(outside);
	ck_assert_mem_eq(plane, own, sizeof(own));
	ck_assert(image_overlay_plane(image, 1, 0, plane, &outside, &err));
	ck_assert(!outside);
	ck_assert_mem_eq(plane, inside, sizeof(inside));
	ck_assert(!image_overlay_plane(image, 2, 0, plane, NULL, &err));
	image_close(image);
	close(fd);
}
END_TEST

/* ---- damaged files of tests/bad ---- */

static bool ends_with(const char *name, const char *end)
{
	size_t n = strlen(name), e = strlen(end);

	return n >= e && strcmp(name + n - e, end) == 0;
}

/* Open a file and decode it all; what is said about it, "" when it is fine. */
static void say(int fd, char *text, size_t size)
{
	struct error err = { 0 };
	struct image *image = image_open(fd, &err);

	for (int i = 0; image && i < image_info(image)->frames; i++)
		frame_free(image_frame(image, i, &err));
	image_close(image);
	if (err.code == ERR_NONE)
		snprintf(text, size, "fine");
	else
		snprintf(text, size, "%s: %s",
			 refusal_name(reason_code(err.reason)), err.text);
}

static void check_bad(const char *folder, const char *name)
{
	char path[4096], expected[600] = "", said[600];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "rb");
	ck_assert_ptr_nonnull(file);
	say(fileno(file), said, sizeof(said));
	fclose(file);
	snprintf(path, sizeof(path), "%s/%s.txt", folder, name);
	file = fopen(path, "r");
	ck_assert_msg(file != NULL, "%s is missing", path);
	ck_assert_ptr_nonnull(fgets(expected, sizeof(expected), file));
	fclose(file);
	expected[strcspn(expected, "\n")] = '\0';
	ck_assert_msg(strcmp(said, expected) == 0, "%s: \"%s\", not \"%s\"",
		      name, said, expected);
}

START_TEST(bad_files)
{
	const char *top = getenv("top_srcdir");
	char folder[2048];
	struct dirent *entry;
	int files = 0;
	DIR *dir;

	snprintf(folder, sizeof(folder), "%s/tests/bad", top ? top : "..");
	dir = opendir(folder);
	ck_assert_ptr_nonnull(dir);
	while ((entry = readdir(dir)))
		if (entry->d_name[0] != '.' &&
		    !ends_with(entry->d_name, ".txt") &&
		    strcmp(entry->d_name, "README") != 0) {
			check_bad(folder, entry->d_name);
			files++;
		}
	closedir(dir);
	ck_assert_int_ge(files, 30);
}
END_TEST

/* ---- properties of whole files ---- */

static const struct png_spec some_png = { .columns = 9, .rows = 7, .depth = 8,
					  .colour = 2, .interlaced = true };
static const struct jpeg_spec some_jpeg = { .columns = 30, .rows = 20,
	.kind = JPEG_YCC, .h = 2, .v = 2, .quality = 80 };
static const struct jpeg_spec progressive_jpeg = { .columns = 30, .rows = 20,
	.kind = JPEG_YCCK, .h = 1, .v = 1, .quality = 80,
	.progressive = true };
static const struct jpeg_spec arithmetic_jpeg = { .columns = 30, .rows = 20,
	.kind = JPEG_GREY, .h = 1, .v = 1, .quality = 80, .arithmetic = true };
static const struct noise seed = { .seed = 7 };

/* File n of the samples: 0 to 3 pictures, then DICOM. */
static int sample(int n)
{
	struct dicom_maker m = { 0 };
	int fd;

	switch (n) {
	case 0:
		return make_png(&some_png, &seed);
	case 1:
		return make_jpeg(&some_jpeg, &seed);
	case 2:
		return make_jpeg(&progressive_jpeg, &seed);
	case 3:
		return make_jpeg(&arithmetic_jpeg, &seed);
	case 4:
		make_form(&m, 4);
		break;
	default:
		make_stream(&m, n - 5, 2);
		break;
	}
	fd = make_file(m.out.data, m.out.length);
	buffer_done(&m.out);
	return fd;
}

enum { SAMPLES = 5 + (int)ARRAY_LENGTH(streams) };

/* Whatever the length, a part of a file is never taken for the whole. */
START_TEST(every_prefix)
{
	int fd = sample(_i);
	size_t length, short_of = 1;
	unsigned char *data = slurp(fd, &length);
	char said[600];

	say(fd, said, sizeof(said));
	ck_assert_str_eq(said, "fine");
	if (_i >= 5)
		short_of = 8;   /* the delimiter of the fragments alone */
	for (size_t n = 0; n + short_of <= length; n++) {
		int part = make_file(data, n);

		say(part, said, sizeof(said));
		close(part);
		ck_assert_msg(strcmp(said, "fine") != 0,
			      "%zu of %zu bytes are taken as whole", n,
			      length);
	}
	free(data);
	close(fd);
}
END_TEST

/* CRCs cover a PNG: no changed byte goes unnoticed. */
START_TEST(every_byte_of_png)
{
	int fd = sample(0);
	size_t length;
	unsigned char *data = slurp(fd, &length);
	char said[600];

	for (size_t i = 0; i < length; i++) {
		data[i] ^= 0x20;

		int changed = make_file(data, length);

		say(changed, said, sizeof(said));
		close(changed);
		ck_assert_msg(strcmp(said, "fine") != 0,
			      "byte %zu of %zu changed unnoticed", i, length);
		data[i] ^= 0x20;
	}
	free(data);
	close(fd);
}
END_TEST

/* Sequences in sequences: they must not take all the stack. */
START_TEST(deep)
{
	static const uint8_t level[] = {
		0x08, 0, 0x40, 0x11, 'S', 'Q', 0, 0, 255, 255, 255, 255,
		0xfe, 0xff, 0, 0xe0, 255, 255, 255, 255,
	};
	struct dicom_maker m = { 0 };
	struct error err;
	int fd;

	make_begin(&m, LITTLE);
	for (int i = 0; i < 100000; i++)
		buffer_append(&m.out, level, sizeof(level));
	ck_assert_ptr_null(open_made(&m, &fd, &err));
	ck_assert_int_eq(err.reason, REASON_DAMAGED);
	close(fd);
}
END_TEST

/* Random damage: refused or decoded, and nothing worse. */
START_TEST(random_damage)
{
	uint32_t state = (uint32_t)_i + 1;
	int fd = sample(_i);
	size_t length;
	unsigned char *data = slurp(fd, &length);
	char said[600];

	for (int turn = 0; turn < 150; turn++) {
		unsigned char *copy = malloc(length);
		int damaged;

		ck_assert_ptr_nonnull(copy);
		memcpy(copy, data, length);
		for (int n = 1 + random_below(&state, 4); n > 0; n--)
			copy[random_below(&state, (int)length)] =
				(unsigned char)random_below(&state, 256);
		damaged = make_file(copy, length);
		say(damaged, said, sizeof(said));
		close(damaged);
		free(copy);
	}
	free(data);
	close(fd);
}
END_TEST

/* After image_warm_up() nothing is opened: no descriptor is left to take. */
START_TEST(opens_nothing)
{
	struct rlimit none = { 0, 0 };
	int fd = sample(_i), other;
	char said[600], *name;
	struct error err = { 0 };
	struct image *image, *named = open_attributes(&other);

	/* UBSan makes a pipe to look at a vtable */
#ifdef SUMI_SANITIZERS
	(void)none;
#else
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &none), 0);
	ck_assert_int_eq(dup(fd), -1);
#endif
	say(fd, said, sizeof(said));
	ck_assert_str_eq(said, "fine");
	name = image_attribute(named, "00100010");
	ck_assert_str_eq(name, "Hon^X=本^山");
	free(name);
	image = image_open(fd, &err);
	ck_assert_ptr_nonnull(image);
	image_close(image);
	image_close(named);
}
END_TEST

START_TEST(no_file_of_ours)
{
	struct error err = { 0 };
	int fds[2];

	ck_assert_int_eq(pipe(fds), 0);
	ck_assert_ptr_null(image_open(fds[0], &err));
	ck_assert_int_eq(err.reason, REASON_SPECIAL_FILE);
	ck_assert_ptr_null(image_open(-1, &err));
	ck_assert_int_eq(err.reason, REASON_UNREADABLE);
	close(fds[0]);
	close(fds[1]);
	fds[0] = make_file("just a text", 11);
	ck_assert_ptr_null(image_open(fds[0], &err));
	ck_assert_int_eq(err.reason, REASON_NOT_IMAGE);
	close(fds[0]);
	fds[0] = make_file("", 0);
	ck_assert_ptr_null(image_open(fds[0], &err));
	ck_assert_int_eq(err.reason, REASON_NOT_IMAGE);
	close(fds[0]);
	image_close(NULL);
}
END_TEST

/* Codes that are texts: no word of them goes further. */
static const struct { const char *class_, *modality, *class_is, *modality_is; }
codes[] = {
	{ "1.2.840.10008.5.1.4.1.1.6", "US ",
	  "1.2.840.10008.5.1.4.1.1.6", "US" },
	{ "1.2.840.10008.5.1.4.1.1.2", "ct",
	  "1.2.840.10008.5.1.4.1.1.2", "CT" },
	{ "PLANTED^NAME 1951-03-04 M", "PLANTED^NAME", "", "" },
	{ "PLANTED\033[31m1951-03-04 M ", "U\033[31mS", "", "" },
	{ "1.2.840.10008.5.1.4.1.1.7", "\xb1\xb2", "1.2.840.10008.5.1.4.1.1.7",
	  "" },
	{ "1.2.840.10008.5.1.4.1.1.7", "SIXTEEN_AND_MORE_",
	  "1.2.840.10008.5.1.4.1.1.7", "" },
};

START_TEST(codes_are_no_texts)
{
	static const unsigned char pixels[16 * 16];
	struct dicom_maker m = { 0 };
	struct error err;
	struct image *image;
	int fd;

	make_begin(&m, LITTLE);
	memcpy(m.out.data + m.out.length - 14 - 25 - 1, codes[_i].class_, 25);
	make_text(&m, 0x00080060, "CS", codes[_i].modality);
	make_pixel_module(&m, 16, 16, 1, "MONOCHROME2", 8, 8, 0);
	make_bytes(&m, 0x7fe00010, "OB", pixels, sizeof(pixels));
	image = open_made(&m, &fd, &err);
	ck_assert_msg(image != NULL, "%s", err.text);
	ck_assert_str_eq(image_info(image)->sop_class, codes[_i].class_is);
	ck_assert_str_eq(image_info(image)->modality, codes[_i].modality_is);
	image_close(image);
	close(fd);
}
END_TEST

/* What JPEG and PNG files say about themselves. */
START_TEST(picture_info)
{
	struct jpeg_spec spec = some_jpeg;
	struct png_spec png = some_png;
	struct error err = { 0 };
	int fd;
	struct image *image;

	spec.extras = png.extras = true;
	fd = make_jpeg(&spec, &seed);
	image = image_open(fd, &err);
	ck_assert_str_eq(err.text, "");
	ck_assert_int_eq(image_info(image)->mcu_columns, 16);
	ck_assert_int_eq(image_info(image)->mcu_rows, 16);
	ck_assert(image_info(image)->subsampled && image_info(image)->lossy);
	ck_assert(image_info(image)->has_exif);
	ck_assert(image_info(image)->has_thumbnail);
	ck_assert(image_info(image)->has_trailer);
	ck_assert_int_eq(image_info(image)->exif_orientation, 6);
	image_close(image);
	close(fd);
	fd = make_png(&png, &seed);
	image = image_open(fd, &err);
	ck_assert_str_eq(err.text, "");
	ck_assert(image_info(image)->interlaced);
	ck_assert(image_info(image)->has_trailer);
	ck_assert(image_info(image)->has_exif);
	ck_assert(!image_info(image)->lossy && image_info(image)->colour);
	ck_assert_ptr_null(image_attribute(image, "00100010"));
	image_close(image);
	close(fd);
}
END_TEST

static Suite *make_suite(void)
{
	Suite *suite = suite_create("image");
	TCase *values = tcase_create("values");
	TCase *refused = tcase_create("refused");
	TCase *files = tcase_create("files");

	add_rows_test(values, cells, forms);
	add_rows_test(values, stream, streams);
	tcase_add_test(values, extended);
	add_rows_test(values, rle, runs);
	tcase_add_test(values, deflated_frame);
	add_rows_test(values, attribute, attributes);
	tcase_add_test(values, disk_fails);
	tcase_add_test(values, each_text);
	tcase_add_loop_test(values, overlays, 0, 2);
	tcase_add_test(values, picture_info);
	tcase_add_loop_test(values, codes_are_no_texts, 0,
			    ARRAY_LENGTH(codes));
	add_rows_test(refused, wrong, wrongs);
	add_rows_test(refused, other_content, others);
	add_rows_test(refused, fragments, groups);
	add_rows_test(refused, size_disagrees, streams);
	tcase_add_test(refused, bad_files);
	tcase_add_test(refused, no_file_of_ours);
	tcase_add_loop_test(files, every_prefix, 0, SAMPLES);
	tcase_add_test(files, every_byte_of_png);
	tcase_add_test(files, deep);
	tcase_add_loop_test(files, random_damage, 0, SAMPLES);
	tcase_add_loop_test(files, opens_nothing, 0, SAMPLES);
	suite_add_tcase(suite, values);
	suite_add_tcase(suite, refused);
	suite_add_tcase(suite, files);
	return suite;
}

int main(void)
{
	struct error err = { 0 };

	if (!image_warm_up(&err)) {
		fprintf(stderr, "%s\n", err.text);
		return EXIT_FAILURE;
	}
	return support_run(make_suite());
}

/* check_fragments.c - fragments of encapsulated files, and lossless encoding. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "image/format_dicom.h"
#include "make_dicom.h"
#include "streams.h"
#include "support.h"

static const char jpeg_ls[] = "1.2.840.10008.1.2.4.80";
static const char lossless[] = "1.2.840.10008.1.2.4.70";
static const char plain[] = "1.2.840.10008.1.2.1.98";

static struct image *open_made(struct dicom_maker *m)
{
	struct error err = { 0 };
	int fd = make_file(m->out.data, m->out.length);
	struct image *image = image_open(fd, &err);

	ck_assert_msg(image, "%s", err.text);
	buffer_done(&m->out);
	/* fd is left open: the image reads it */
	return image;
}

/* Where an 8-bit JPEG-LS stream is cut, and how many frames it is there for. */
static const struct {
	int frames, cuts;
	size_t cut[3];
	bool table;
} splits[] = {
	{ 1, 0, { 0 }, false }, { 1, 1, { 30 }, false },
	{ 1, 3, { 2, 40, 64 }, false }, { 3, 1, { 32 }, false },
	{ 3, 2, { 32, 34 }, true }, { 3, 0, { 0 }, true },
	{ 2, 3, { 8, 10, 80 }, true },
};

enum { TABLES_MAX = 4 };

static struct image *make_split(int row)
{
	struct dicom_maker m = { 0 };
	uint32_t offset[TABLES_MAX];
	size_t even = (sizeof(jpeg_ls_8) + 1) / 2 * 2;
	int frames = splits[row].frames, cuts = splits[row].cuts;
	char text[12];

	for (int i = 0; i < frames; i++)
		offset[i] = (uint32_t)((size_t)i * (even +
				       8 * (size_t)(cuts + 1)));
	snprintf(text, sizeof(text), "%d", frames);
	make_begin(&m, jpeg_ls);
	make_us(&m, 0x00280002, 1);
	make_text(&m, 0x00280004, "CS", "MONOCHROME2");
	make_text(&m, 0x00280008, "IS", text);
	make_us(&m, 0x00280010, STREAM_SIDE);
	make_us(&m, 0x00280011, STREAM_SIDE);
	make_us(&m, 0x00280100, 8);
	make_us(&m, 0x00280101, 8);
	make_us(&m, 0x00280102, 7);
	make_us(&m, 0x00280103, 0);
	make_fragments_table(&m, offset,
			     splits[row].table ? (size_t)frames : 0);
	for (int i = 0; i < frames; i++) {
		size_t at = 0;

		for (int c = 0; c <= cuts; c++) {
			size_t end = c < cuts ? splits[row].cut[c] :
						sizeof(jpeg_ls_8);

			make_fragment(&m, jpeg_ls_8 + at, end - at);
			at = end;
		}
	}
	make_fragments_end(&m);
	return open_made(&m);
}

/* Fragments, tables and streams are those that were put there. */
START_TEST(test_split)
{
	struct image *image = make_split(_i);
	struct dicom_fragments all;
	struct dicom_stream about;
	size_t per = (size_t)splits[_i].cuts + 1;
	size_t frames = (size_t)splits[_i].frames;

	ck_assert(dicom_fragments(image, &all));
	ck_assert_int_eq(all.coding, DICOM_JPEG_LS);
	ck_assert_uint_eq(all.count, per * frames);
	ck_assert_uint_eq(all.basic, splits[_i].table ? frames : 0);
	ck_assert(!all.extended);
	for (int i = 0; i < splits[_i].frames; i++) {
		size_t first, count, length, at = 0;
		uint8_t *stream = dicom_frame_stream(image, i, &length, NULL);
		uint8_t part[sizeof(jpeg_ls_8) + 1];
		uint64_t offset;

		ck_assert_ptr_nonnull(stream);
		ck_assert_mem_eq(stream, jpeg_ls_8, sizeof(jpeg_ls_8));
		dicom_frame_fragments(image, i, &first, &count);
		ck_assert_uint_eq(first, per * (size_t)i);
		ck_assert_uint_eq(count, per);
		ck_assert(dicom_offset(image, DICOM_BASIC_OFFSETS, (size_t)i,
				       &offset) == splits[_i].table);
		if (splits[_i].table)
			ck_assert_int_eq((long long)offset,
				dicom_fragment_offset(image, first) -
				dicom_fragment_offset(image, 0));
		for (size_t f = first; f < first + count; f++) {
			size_t n = dicom_fragment_length(image, f);

			ck_assert(dicom_fragment_read(image, f, 0, part, n,
						      NULL));
			ck_assert_mem_eq(part, stream + at, n);
			ck_assert(!dicom_fragment_read(image, f, 1, part, n,
						       NULL));
			at += n;
		}
		ck_assert_uint_eq(at, length);
		ck_assert(dicom_stream_read(image, stream, length, &about,
					    NULL));
		ck_assert(about.reversible);
		ck_assert_int_eq(about.precision, 8);
		ck_assert_int_eq(about.sof, 0xf7);
		free(stream);
	}
	image_close(image);
}
END_TEST

/* The words of a sequence delimiter inside a fragment are only data. */
START_TEST(test_stray_delimiter)
{
	static const uint8_t cells[16] = { 0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0,
					   0xfe, 0xff, 0, 0xe0, 2, 0, 0, 0 };
	struct dicom_maker m = { 0 };
	struct dicom_fragments all;
	struct image *image;
	size_t length;
	uint8_t *stream;

	make_begin(&m, plain);
	make_pixel_module(&m, 4, 4, 1, "MONOCHROME2", 8, 8, 0);
	make_fragments_begin(&m);
	make_fragment(&m, cells, sizeof(cells));
	make_fragments_end(&m);
	image = open_made(&m);
	ck_assert(dicom_fragments(image, &all));
	ck_assert_int_eq(all.coding, DICOM_PLAIN);
	ck_assert_uint_eq(all.count, 1);
	stream = dicom_frame_stream(image, 0, &length, NULL);
	ck_assert_uint_eq(length, sizeof(cells));
	ck_assert_mem_eq(stream, cells, sizeof(cells));
	free(stream);
	image_close(image);
}
END_TEST

/* ---- encoding: what comes back is what went in ---- */

static const struct {
	enum dicom_coding coding;
	int columns, rows, samples, allocated, stored, is_signed;
	const char *photometric;
} encoded[] = {
	{ DICOM_JPEG, 33, 17, 1, 8, 8, 0, "MONOCHROME2" },
	{ DICOM_JPEG, 33, 17, 3, 8, 8, 0, "RGB" },
	{ DICOM_JPEG, 33, 17, 3, 8, 8, 0, "YBR_FULL" },
	{ DICOM_JPEG, 33, 17, 1, 16, 16, 0, "MONOCHROME1" },
	{ DICOM_JPEG, 33, 17, 1, 16, 16, 1, "MONOCHROME2" },
	{ DICOM_JPEG, 33, 17, 1, 16, 12, 1, "MONOCHROME2" },
	{ DICOM_JPEG, 1, 1, 1, 16, 10, 0, "MONOCHROME2" },
	{ DICOM_JPEG, 33, 17, 3, 16, 16, 0, "RGB" },
	{ DICOM_JPEG_LS, 33, 17, 1, 8, 8, 0, "MONOCHROME2" },
	{ DICOM_JPEG_LS, 33, 17, 1, 8, 6, 0, "MONOCHROME2" },
	{ DICOM_JPEG_LS, 33, 17, 3, 8, 8, 0, "RGB" },
	{ DICOM_JPEG_LS, 33, 17, 3, 8, 8, 0, "YBR_FULL" },
	{ DICOM_JPEG_LS, 33, 17, 1, 16, 16, 0, "MONOCHROME1" },
	{ DICOM_JPEG_LS, 33, 17, 1, 16, 15, 1, "MONOCHROME2" },
	{ DICOM_JPEG_LS, 1, 1, 1, 16, 12, 0, "MONOCHROME2" },
	{ DICOM_JPEG_LS, 33, 17, 3, 16, 16, 0, "RGB" },
};

static void put_noise(uint8_t *cells, size_t count, int row)
{
	int bytes = encoded[row].allocated / 8, stored = encoded[row].stored;
	uint32_t state = 12345u + (uint32_t)row;

	for (size_t i = 0; i < count; i++) {
		uint32_t value;

		state = state * 1664525u + 1013904223u;
		value = state >> 16 & ((1u << stored) - 1);
		if (encoded[row].is_signed && value >> (stored - 1))
			value |= 0xffffu << stored;
		for (int b = 0; b < bytes; b++)
			cells[i * (size_t)bytes + (size_t)b] =
				(uint8_t)(value >> 8 * b);
	}
}

START_TEST(test_encode)
{
	struct cell_form form = {
		.columns = encoded[_i].columns, .rows = encoded[_i].rows,
		.samples = encoded[_i].samples,
		.allocated = encoded[_i].allocated,
		.stored = encoded[_i].stored,
		.high_bit = encoded[_i].stored - 1,
		.is_signed = encoded[_i].is_signed,
	};
	size_t bytes = cells_bytes(&form), length;
	uint8_t *cells = malloc(bytes), *stream;
	struct dicom_maker m = { 0 };
	struct dicom_stream about;
	struct image *image;
	struct frame *got, *want;
	struct error err = { 0 };
	bool ls = encoded[_i].coding == DICOM_JPEG_LS;

	put_noise(cells, bytes / (size_t)(form.allocated / 8), _i);
	stream = dicom_encode(encoded[_i].coding, &form, cells, &length, &err);
	ck_assert_msg(stream, "%s", err.text);
	ck_assert_uint_eq(length % 2, 0);
	make_begin(&m, ls ? jpeg_ls : lossless);
	make_pixel_module(&m, form.columns, form.rows, form.samples,
			  encoded[_i].photometric, form.allocated,
			  form.stored, form.is_signed);
	make_fragments_begin(&m);
	make_fragment(&m, stream, length);
	make_fragments_end(&m);
	image = open_made(&m);
	ck_assert(dicom_stream_read(image, stream, length, &about, &err));
	ck_assert_int_eq(about.precision, form.allocated);
	ck_assert_int_eq(about.sof, ls ? 0xf7 : 0xc3);
	ck_assert_int_eq(about.predictor, ls ? 0 : 1);
	ck_assert(about.reversible);
	got = image_frame(image, 0, &err);
	ck_assert_msg(got, "%s", err.text);
	want = cells_to_frame(&form, cells, &err);
	ck_assert_uint_eq(frame_bytes(got), frame_bytes(want));
	ck_assert_mem_eq(got->sample, want->sample, frame_bytes(want));
	frame_free(got);
	frame_free(want);
	image_close(image);
	free(stream);
	free(cells);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("fragments");
	TCase *tcase = tcase_create("fragments");

	if (!image_warm_up(NULL))
		return EXIT_FAILURE;
	add_rows_test(tcase, test_split, splits);
	tcase_add_test(tcase, test_stray_delimiter);
	add_rows_test(tcase, test_encode, encoded);
	suite_add_tcase(suite, tcase);
	return support_run(suite);
}

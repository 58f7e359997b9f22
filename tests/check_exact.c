/*
 * check_exact.c - lossy files masked exactly: the copy is lossless, its boxes
 * are those that were given, and the rest is what a decoder makes of the file.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <jpeglib.h>

#include "image/image.h"
#include "pictures.h"
#include "support.h"
#include "tests/make_dicom.h"
#include "unpng.h"

static uint32_t seed;
static const struct noise noise = { .seed = 31 };

/* ---- JPEG: what libjpeg says, called from here ---- */

struct decoded {
	int columns, rows, samples;
	uint8_t *sample;
};

static struct decoded decode(const uint8_t *data, size_t length)
{
	struct jpeg_decompress_struct jpeg;
	struct jpeg_error_mgr errors;
	struct decoded d;

	jpeg.err = jpeg_std_error(&errors);
	jpeg_create_decompress(&jpeg);
	jpeg_mem_src(&jpeg, data, (unsigned long)length);
	jpeg_read_header(&jpeg, TRUE);
	jpeg.do_fancy_upsampling = FALSE;
	jpeg.dct_method = JDCT_ISLOW;
	jpeg_start_decompress(&jpeg);
	d.columns = (int)jpeg.output_width;
	d.rows = (int)jpeg.output_height;
	d.samples = jpeg.output_components;
	d.sample = calloc((size_t)d.rows, (size_t)(d.columns * d.samples));
	while (jpeg.output_scanline < jpeg.output_height) {
		JSAMPROW row = d.sample + (size_t)jpeg.output_scanline *
			       (size_t)(d.columns * d.samples);

		jpeg_read_scanlines(&jpeg, &row, 1);
	}
	jpeg_finish_decompress(&jpeg);
	jpeg_destroy_decompress(&jpeg);
	return d;
}

static void blank(struct decoded *d, struct region r)
{
	r = region_clip(r, d->columns, d->rows);
	for (int y = r.y0; y < r.y1; y++)
		memset(d->sample + (y * d->columns + r.x0) * d->samples, 0,
		       (size_t)((r.x1 - r.x0) * d->samples));
}

/* ---- masking ---- */

static int mask_exactly(int in, const struct box_list *boxes,
			struct mask_report *report)
{
	struct mask_job job = test_job;
	struct verify_result result;
	struct error err = { 0 };
	int out = memory_file();

	job.exact = true;
	if (!mask_run(in, out, &job, boxes, report, NULL, NULL, &err))
		ck_abort_msg("mask: %s", err.text);
	if (!verify_run(in, out, job.profile, &job, boxes, &result, NULL,
			NULL, &err))
		ck_abort_msg("verify: %s", err.text);
	ck_assert_msg(result.status == VERIFY_OK, "verify: %s, x %d, y %d",
		      verify_class_name[result.class_], result.x, result.y);
	return out;
}

static const struct jpeg_spec kinds[] = {
	{ 67, 45, JPEG_GREY, 1, 1, 60, 0, 0, 0, 0, 0 },
	{ 67, 45, JPEG_GREY, 2, 2, 60, 0, 0, 0, 1, 1 },
	{ 67, 45, JPEG_YCC, 1, 1, 90, 0, 0, 0, 0, 0 },
	{ 67, 45, JPEG_YCC, 2, 2, 50, 0, 0, 3, 0, 1 },
	{ 67, 45, JPEG_YCC, 2, 1, 75, 1, 0, 0, 0, 0 },
	{ 67, 45, JPEG_YCC, 4, 1, 75, 0, 1, 0, 0, 0 },
	{ 67, 45, JPEG_RGB, 1, 1, 75, 0, 0, 0, 1, 0 },
};

static struct region random_region(uint32_t *state, int columns, int rows)
{
	int x = random_below(state, columns), y = random_below(state, rows);

	return (struct region){ x, y, x + 1 + random_below(state, 20),
				y + 1 + random_below(state, 20) };
}

START_TEST(test_jpeg)
{
	const struct jpeg_spec *spec = &kinds[_i];
	uint32_t state = (seed + (uint32_t)_i) * 2654435761u | 1;
	int in = make_jpeg(spec, &noise);
	size_t length;
	unsigned char *data = slurp(in, &length);

	for (int round = 0; round < 10; round++) {
		struct box box;
		struct region r = random_region(&state, spec->columns,
						spec->rows);
		struct box_list boxes = one_box(&box, r, 1);
		struct decoded want = decode(data, length);
		struct mask_report report;
		struct unpng got;
		int out = mask_exactly(in, &boxes, &report);

		blank(&want, r);
		unpng_read(out, &got);
		ck_assert_int_eq(report.method, METHOD_REENCODE);
		ck_assert_int_eq(report.outside, OUTSIDE_DECODED);
		ck_assert_int_eq(got.columns, want.columns);
		ck_assert_int_eq(got.rows, want.rows);
		ck_assert_int_eq(got.samples, want.samples);
		for (int i = 0; i < want.columns * want.rows * want.samples;
		     i++)
			ck_assert_int_eq(got.sample[i], want.sample[i]);
		unpng_done(&got);
		free(want.sample);
		close(out);
	}
	free(data);
	close(in);
}
END_TEST

/* EXIF 6 stays as such, nothing else does, and what went has its name. */
START_TEST(test_jpeg_carriers)
{
	struct box box;
	struct box_list boxes = one_box(&box, (struct region){ 3, 3, 9, 9 },
					1);
	const unsigned named = DROPPED_EXIF | DROPPED_XMP | DROPPED_COMMENT |
			       DROPPED_THUMBNAIL | DROPPED_TRAILER |
			       DROPPED_APP;
	struct mask_report report;
	int in = make_jpeg(&kinds[3], &noise);
	int out = mask_exactly(in, &boxes, &report);
	size_t length;
	uint8_t *data = slurp(out, &length), *exif;

	ck_assert_ptr_null(memmem(data, length, "PLANTED", 7));
	ck_assert_uint_eq(report.dropped & named, named);
	free(data);
	ck_assert_int_eq(unpng_chunks(out, "eXIf", &exif, &length), 1);
	ck_assert_uint_eq(length, 26);
	ck_assert_int_eq(exif[19], 6);
	free(exif);
	ck_assert_int_eq(unpng_chunks(out, "tEXt", NULL, NULL), 0);
	close(in);
	close(out);
}
END_TEST

/* A whole profile goes along, in pieces or not; what follows it does not. */
START_TEST(test_jpeg_profile)
{
	static const uint8_t d50[12] = { 0, 0, 0xf6, 0xd6, 0, 1, 0, 0, 0, 0,
					 0xd3, 0x2d };
	enum { PROFILE = 160, PIECE = 90 };
	uint8_t profile[PROFILE + 8] = { 0, 0, 0, PROFILE }, *chunk;
	struct box_list none = { 0 };
	struct mask_report report;
	int bare = make_jpeg(&kinds[_i * 2], &noise), in = memory_file(), out;
	size_t length, left = sizeof(profile), at = 0;
	unsigned char *data = slurp(bare, &length);

	profile[8] = 2;
	memcpy(profile + 12, _i ? "mntrRGB XYZ " : "mntrGRAYXYZ ", 12);
	memcpy(profile + 36, "acsp", 4);
	memcpy(profile + 68, d50, sizeof(d50));
	profile[131] = 1;
	memcpy(profile + 132, "cprt\0\0\0\220\0\0\0\20text\0\0\0\0freely!", 28);
	memcpy(profile + PROFILE, "PLANTED!", 8);
	ck_assert_int_eq(write(in, data, 2), 2);
	for (uint8_t number = 1; left; number++) {
		size_t size = left < PIECE ? left : PIECE;
		uint8_t head[18] = { 0xff, 0xe2, 0, (uint8_t)(16 + size) };

		memcpy(head + 4, "ICC_PROFILE", 12);
		head[16] = number;
		head[17] = 2;
		ck_assert_int_eq(write(in, head, 18), 18);
		ck_assert_int_eq(write(in, profile + at, size),
				 (ssize_t)size);
		at += size;
		left -= size;
	}
	ck_assert_int_eq(write(in, data + 2, length - 2),
			 (ssize_t)length - 2);
	free(data);
	out = mask_exactly(in, &none, &report);
	ck_assert_int_eq(unpng_chunks(out, "iCCP", &chunk, &length), 1);
	ck_assert_mem_eq(chunk, "ICC\0\0", 5);
	free(chunk);
	data = slurp(out, &length);
	ck_assert_ptr_null(memmem(data, length, "PLANTED!", 8));
	free(data);
	close(bare);
	close(in);
	close(out);
}
END_TEST

/* PNG has no CMYK. */
START_TEST(test_cmyk)
{
	static const struct jpeg_spec spec = { 32, 32, JPEG_CMYK, 1, 1, 75, 0,
					       0, 0, 0, 0 };
	struct mask_job job = test_job;
	struct box_list none = { 0 };
	struct mask_report report;
	struct error err = { 0 };
	int in = make_jpeg(&spec, &noise), out = memory_file();

	job.exact = true;
	ck_assert(!mask_run(in, out, &job, &none, &report, NULL, NULL, &err));
	ck_assert_int_eq(err.code, ERR_REFUSED);
	ck_assert_int_eq(err.reason, REASON_EXACT_CMYK);
	close(in);
	close(out);
}
END_TEST

/* A box beside its place, a sample that differs: verify says so. */
START_TEST(test_verify)
{
	struct box box;
	struct box_list boxes = one_box(&box, (struct region){ 3, 3, 9, 9 },
					1);
	struct mask_report report;
	struct verify_result result;
	struct error err = { 0 };
	int in = make_jpeg(&kinds[_i], &noise);
	int out = mask_exactly(in, &boxes, &report);
	static const struct region wrong[] = {
		{ 3, 3, 9, 10 }, { 3, 3, 8, 9 }, { 2, 3, 9, 9 },
	};

	for (size_t i = 0; i < ARRAY_LENGTH(wrong); i++) {
		box.region = wrong[i];
		ck_assert(verify_run(in, out, test_job.profile, NULL, &boxes,
				     &result, NULL, NULL, &err));
		ck_assert_int_eq(result.status, VERIFY_FAILED);
	}
	close(in);
	close(out);
}
END_TEST

/* ---- DICOM ---- */

#define BASELINE "1.2.840.10008.1.2.4.50"

/* FRAMES frames, each a JPEG of its own. */
enum { FRAMES = 3 };

static int make_frames(const struct jpeg_spec *spec,
		       struct decoded want[FRAMES])
{
	struct dicom_maker m = { .big_endian = false };
	bool grey = spec->kind == JPEG_GREY;
	int fd;

	make_begin(&m, BASELINE);
	make_text(&m, 0x00080060, "CS", "OT");
	make_text(&m, 0x00100010, "PN", "PLANTED^TARO");
	make_text(&m, 0x0020000d, "UI", "1.2.3.5");
	make_text(&m, 0x0020000e, "UI", "1.2.3.6");
	make_us(&m, 0x00280002, grey ? 1 : 3);
	make_text(&m, 0x00280004, "CS",
		  grey ? "MONOCHROME2" : "YBR_FULL_422");
	if (!grey)
		make_us(&m, 0x00280006, 0);
	make_text(&m, 0x00280008, "IS", "3");
	make_us(&m, 0x00280010, spec->rows);
	make_us(&m, 0x00280011, spec->columns);
	make_us(&m, 0x00280100, 8);
	make_us(&m, 0x00280101, 8);
	make_us(&m, 0x00280102, 7);
	make_us(&m, 0x00280103, 0);
	make_fragments_begin(&m);
	for (uint32_t i = 0; i < FRAMES; i++) {
		const struct noise source = { .seed = 100 + i };
		int jpeg = make_jpeg(spec, &source);
		size_t length;
		unsigned char *data = slurp(jpeg, &length);

		want[i] = decode(data, length);
		make_fragment(&m, data, length);
		free(data);
		close(jpeg);
	}
	make_fragments_end(&m);
	fd = memory_of(m.out.data, m.out.length);
	buffer_done(&m.out);
	return fd;
}

/* The value of the pixels is the last element: its bytes end the file. */
static void compare_tail(int fd, const struct decoded want[FRAMES])
{
	size_t frame = (size_t)(want[0].columns * want[0].rows *
				want[0].samples);
	size_t length, value = (FRAMES * frame + 1) / 2 * 2;
	unsigned char *data = slurp(fd, &length);
	const unsigned char *tail = data + length - value;

	ck_assert_mem_eq(tail - 12, "\xe0\x7f\x10\0OB\0\0", 8);
	for (size_t i = 0; i < FRAMES; i++)
		ck_assert_mem_eq(tail + i * frame, want[i].sample, frame);
	ck_assert_ptr_null(memmem(data, length, "PLANTED", 7));
	free(data);
}

START_TEST(test_dicom)
{
	struct box box[2] = {
		{ .region = { 5, 6, 20, 17 }, .frame0 = 0, .frame1 = 2,
		  .tier = TIER_BOX },
		{ .region = { 40, 30, 43, 44 }, .frame0 = 1, .frame1 = 1,
		  .tier = TIER_BOX },
	};
	struct box_list boxes = { .box = box, .count = 2, .capacity = 2 };
	struct decoded want[FRAMES];
	struct mask_report report;
	int in = make_frames(&kinds[_i], want), out;
	struct image *image;
	char *text;

	for (int i = 0; i < FRAMES; i++)
		blank(&want[i], box[0].region);
	blank(&want[1], box[1].region);
	out = mask_exactly(in, &boxes, &report);
	compare_tail(out, want);
	ck_assert_str_eq(report.syntax_in, BASELINE);
	ck_assert_str_eq(report.syntax_out, "1.2.840.10008.1.2.1");
	ck_assert_int_eq(report.outside, OUTSIDE_DECODED);
	ck_assert_int_eq(report.frames_touched, FRAMES);
	image = image_open(out, NULL);
	ck_assert_ptr_nonnull(image);
	text = image_attribute(image, "00282110");
	ck_assert_str_eq(text, "01");
	free(text);
	text = image_attribute(image, "00280004");
	ck_assert_str_eq(text, want[0].samples == 1 ? "MONOCHROME2" : "RGB");
	free(text);
	image_close(image);
	for (int i = 0; i < FRAMES; i++)
		free(want[i].sample);
	close(in);
	close(out);
}
END_TEST

/* Where no box grows the option changes nothing. */
START_TEST(test_lossless)
{
	static const struct png_spec spec = { 31, 17, 8, 2, 0, 0, 0 };
	static const struct dicom_spec dicom = {
		.columns = 31, .rows = 17, .frames = 1, .samples = 1,
		.allocated = 16, .stored = 12, .high = 11,
		.photometric = "MONOCHROME2",
	};
	struct box box;
	struct box_list boxes = one_box(&box, (struct region){ 3, 3, 9, 9 },
					1);
	struct mask_report report;
	int in = _i ? make_dicom_picture(&dicom, &noise) :
		      make_png(&spec, &noise);
	int out = mask_exactly(in, &boxes, &report);
	int plain = mask_and_verify(in, &boxes, &report);

	ck_assert(same_files(out, plain));
	close(in);
	close(out);
	close(plain);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("exact");
	TCase *tcase = tcase_create("exact");
	const char *given = getenv("SUMI_SEED");

	seed = given && *given ? (uint32_t)strtoul(given, NULL, 10) :
				 (uint32_t)time(NULL);
	printf("SUMI_SEED=%u\n", (unsigned)seed);
	add_rows_test(tcase, test_jpeg, kinds);
	tcase_add_test(tcase, test_jpeg_carriers);
	tcase_add_loop_test(tcase, test_jpeg_profile, 0, 2);
	tcase_add_test(tcase, test_cmyk);
	add_rows_test(tcase, test_verify, kinds);
	tcase_add_loop_test(tcase, test_dicom, 0, 4);
	tcase_add_loop_test(tcase, test_lossless, 0, 2);
	suite_add_tcase(suite, tcase);
	return support_run(suite);
}

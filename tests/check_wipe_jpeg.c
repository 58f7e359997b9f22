/* check_wipe_jpeg.c - masking JPEG files of every process and sampling. */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "image/image.h"
#include "mask/wipe_jpeg.h"
#include "pictures.h"
#include "support.h"

#define FORM(kind, h, v, quality, ...) \
	{ 133, 91, kind, h, v, quality, __VA_ARGS__ }
static const struct jpeg_spec forms[] = {
	FORM(JPEG_GREY, 1, 1, 75, .restart = 0),
	FORM(JPEG_GREY, 2, 2, 75, .restart = 5),
	FORM(JPEG_YCC, 1, 1, 75, .restart = 0),
	FORM(JPEG_YCC, 2, 1, 75, .optimize = true),
	FORM(JPEG_YCC, 1, 2, 75, .restart = 3),
	FORM(JPEG_YCC, 2, 2, 75, .restart = 0),
	FORM(JPEG_YCC, 4, 1, 75, .restart = 0),
	FORM(JPEG_YCC, 2, 2, 1, .restart = 0),
	FORM(JPEG_YCC, 2, 2, 100, .restart = 0),
	FORM(JPEG_GREY, 1, 1, 100, .restart = 0),
	FORM(JPEG_GREY, 1, 1, 100, .arithmetic = true),
	FORM(JPEG_YCC, 2, 2, 50, .arithmetic = true),
	FORM(JPEG_YCC, 2, 2, 50, .progressive = true),
	FORM(JPEG_YCC, 1, 1, 50, .progressive = true, .restart = 4),
	FORM(JPEG_YCC, 2, 1, 50, .progressive = true, .arithmetic = true),
	FORM(JPEG_RGB, 1, 1, 80, .restart = 0),
	FORM(JPEG_CMYK, 1, 1, 80, .restart = 0),
	FORM(JPEG_CMYK_PLAIN, 1, 1, 80, .restart = 0),
	FORM(JPEG_YCCK, 1, 1, 80, .restart = 0),
	FORM(JPEG_YCCK, 2, 2, 80, .restart = 0),
	FORM(JPEG_CMYK, 1, 1, 100, .restart = 0),
	FORM(JPEG_CMYK_PLAIN, 1, 1, 100, .restart = 0),
};

static const struct noise noise = { .seed = 7 };

/* Black inside, equal outside (mask_and_verify), the same process. */
START_TEST(test_forms)
{
	struct box box;
	struct box_list boxes = one_box(&box, (struct region){ 40, 20, 71, 33 },
					1);
	struct mask_report report;
	int in = make_jpeg(&forms[_i], &noise);
	int out = mask_and_verify(in, &boxes, &report);
	struct image *image = image_open(out, NULL);
	struct frame *frame = image_frame(image, 0, NULL);
	const uint8_t *sample = frame->sample;
	int black = frame->samples == 4 ? 255 : 0;      /* CMYK: all ink */

	for (int y = 20; y < 33; y++)
		for (int i = 40 * frame->samples; i < 71 * frame->samples; i++)
			ck_assert_int_eq(sample[y * frame->columns *
						frame->samples + i], black);
	ck_assert_int_eq(report.fill[0], black);
	ck_assert_int_eq(report.fills, frame->samples);
	ck_assert_int_eq(report.method,
			 forms[_i].progressive || forms[_i].arithmetic ?
			 METHOD_COEFFICIENTS : METHOD_SPLICE);
	ck_assert_int_eq(report.huffman_tables, forms[_i].optimize);
	ck_assert_uint_eq(report.dropped, 0);
	ck_assert_int_eq(report.frames_touched, 1);
	frame_free(frame);
	image_close(image);
	close(in);
	close(out);
}
END_TEST

/* The frame header's marker: the coding process is kept. */
static int process_of(int fd)
{
	size_t length;
	unsigned char *data = slurp(fd, &length);
	int marker = 0;

	for (size_t i = 2; i + 4 < length && !marker;
	     i += 2 + ((size_t)data[i + 2] << 8 | data[i + 3]))
		if (data[i + 1] >= 0xc0 && data[i + 1] <= 0xcf &&
		    data[i + 1] != 0xc4 && data[i + 1] != 0xcc)
			marker = data[i + 1];
	free(data);
	return marker;
}

START_TEST(test_process)
{
	struct box box;
	struct box_list boxes = one_box(&box, (struct region){ 0, 0, 9, 9 }, 1);
	struct mask_report report;
	int in = make_jpeg(&forms[_i], &noise);
	int out = mask_and_verify(in, &boxes, &report);

	ck_assert_int_eq(process_of(in), process_of(out));
	close(in);
	close(out);
}
END_TEST

/* The grid of DESIGN 6: boxes grow to whole MCUs, clipped to the picture. */
static const struct {
	struct jpeg_spec spec;
	struct region box, grown;
	bool rim;
} grids[] = {
	{ FORM(JPEG_GREY, 1, 1, 75, .restart = 0), { 9, 9, 10, 10 },
	  { 8, 8, 16, 16 }, false },
	{ FORM(JPEG_GREY, 2, 2, 75, .restart = 0), { 9, 9, 10, 10 },
	  { 8, 8, 16, 16 }, false },
	{ FORM(JPEG_YCC, 2, 1, 75, .restart = 0), { 9, 9, 10, 10 },
	  { 0, 8, 16, 16 }, true },
	{ FORM(JPEG_YCC, 2, 2, 75, .restart = 0), { 130, 85, 140, 99 },
	  { 128, 80, 133, 91 }, true },
	{ FORM(JPEG_YCC, 4, 1, 75, .restart = 0), { 33, 0, 34, 1 },
	  { 32, 0, 64, 8 }, true },
};

START_TEST(test_grids)
{
	int in = make_jpeg(&grids[_i].spec, &noise);
	struct image *image = image_open(in, NULL);
	bool rim;
	struct region r = mask_grown(image_info(image), grids[_i].box, &rim);

	ck_assert_msg(region_equal(r, grids[_i].grown), "%d %d %d %d", r.x0,
		      r.y0, r.x1, r.y1);
	ck_assert_int_eq(rim, grids[_i].rim);
	image_close(image);
	close(in);
}
END_TEST

static const char planted[] = "PLANTED";

START_TEST(test_metadata_goes)
{
	struct jpeg_spec spec = FORM(JPEG_YCC, 2, 2, 75, .extras = true);
	struct box_list none = { 0 };
	struct mask_report report;
	int in = make_jpeg(&spec, &noise);
	int out = mask_and_verify(in, &none, &report);
	size_t length;
	unsigned char *data = slurp(in, &length);
	struct image *image = image_open(out, NULL);

	/* the control: it is in the input */
	ck_assert_ptr_nonnull(memmem(data, length, planted, 7));
	free(data);
	data = slurp(out, &length);
	ck_assert_ptr_null(memmem(data, length, planted, 7));
	ck_assert_ptr_nonnull(memmem(data, length, "ICC_PROFILE", 12));
	ck_assert_uint_eq(report.dropped,
			  DROPPED_EXIF | DROPPED_XMP | DROPPED_COMMENT |
			  DROPPED_APP | DROPPED_THUMBNAIL | DROPPED_TRAILER);
	ck_assert_int_eq(image_info(image)->exif_orientation, 6);
	ck_assert(!image_info(image)->has_thumbnail);
	ck_assert(!image_info(image)->has_trailer);
	image_close(image);
	free(data);
	close(in);
	close(out);
}
END_TEST

/* Cut anywhere: refused, never guessed. */
START_TEST(test_truncated)
{
	struct box box;
	struct box_list boxes = one_box(&box, (struct region){ 0, 0, 9, 9 }, 1);
	int in = make_jpeg(&forms[_i], &noise);

	check_cuts(in, &boxes, (size_t)lseek(in, 0, SEEK_END), 7, 501);
	close(in);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("wipe_jpeg");
	TCase *tcase = tcase_create("wipe_jpeg");

	add_rows_test(tcase, test_forms, forms);
	add_rows_test(tcase, test_process, forms);
	add_rows_test(tcase, test_grids, grids);
	tcase_add_test(tcase, test_metadata_goes);
	add_rows_test(tcase, test_truncated, forms);
	suite_add_tcase(suite, tcase);
	return support_run(suite);
}

/* check_mask_png.c - masking PNG files of every depth, colour and layout. */
#include "config.h"

#include <png.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <signal.h>
#include <unistd.h>

#include "image/image.h"
#include "pictures.h"
#include "support.h"

/* Fill as stored (DESIGN 6); palette: entry 255 - 7 i, 200 - 3 i, 11 i is
 * darkest where its luma is least. */
static const struct {
	struct png_spec spec;
	int fills;
	long long fill[4];
} forms[] = {
	{ { 67, 41, 1, PNG_COLOR_TYPE_GRAY, 0, 0, 0 }, 1, { 0 } },
	{ { 67, 41, 2, PNG_COLOR_TYPE_GRAY, 0, 0, 0 }, 1, { 0 } },
	{ { 67, 41, 4, PNG_COLOR_TYPE_GRAY, 1, 0, 0 }, 1, { 0 } },
	{ { 67, 41, 8, PNG_COLOR_TYPE_GRAY, 0, 0, 1 }, 1, { 0 } },
	{ { 67, 41, 16, PNG_COLOR_TYPE_GRAY, 0, 0, 0 }, 1, { 0 } },
	{ { 67, 41, 16, PNG_COLOR_TYPE_GRAY, 1, 0, 0 }, 1, { 0 } },
	{ { 67, 41, 8, PNG_COLOR_TYPE_RGB, 0, 0, 1 }, 3, { 0 } },
	{ { 67, 41, 8, PNG_COLOR_TYPE_RGB, 1, 0, 0 }, 3, { 0 } },
	{ { 67, 41, 16, PNG_COLOR_TYPE_RGB, 0, 0, 0 }, 3, { 0 } },
	{ { 67, 41, 8, PNG_COLOR_TYPE_GRAY_ALPHA, 0, 1, 0 }, 2, { 0, 255 } },
	{ { 67, 41, 16, PNG_COLOR_TYPE_GRAY_ALPHA, 1, 1, 0 }, 2,
	  { 0, 65535 } },
	{ { 67, 41, 8, PNG_COLOR_TYPE_RGB_ALPHA, 0, 1, 1 }, 4,
	  { 0, 0, 0, 255 } },
	{ { 67, 41, 16, PNG_COLOR_TYPE_RGB_ALPHA, 1, 0, 0 }, 4,
	  { 0, 0, 0, 65535 } },
	{ { 67, 41, 1, PNG_COLOR_TYPE_PALETTE, 0, 0, 0 }, 1, { 1 } },
	{ { 67, 41, 2, PNG_COLOR_TYPE_PALETTE, 1, 1, 0 }, 1, { 3 } },
	{ { 67, 41, 4, PNG_COLOR_TYPE_PALETTE, 0, 1, 1 }, 1, { 15 } },
	{ { 67, 41, 4, PNG_COLOR_TYPE_PALETTE, 1, 0, 0 }, 1, { 15 } },
	{ { 1, 1, 8, PNG_COLOR_TYPE_RGB, 1, 0, 0 }, 3, { 0 } },
};

static const struct noise noise = { .seed = 99 };

static long long sample_at(const struct frame *f, int x, int y, int s)
{
	int i = (y * f->columns + x) * f->samples + s;

	return f->type == SAMPLE_U8 ? ((const uint8_t *)f->sample)[i] :
				      ((const uint16_t *)f->sample)[i];
}

START_TEST(test_forms)
{
	struct box box;
	struct region r = region_clip((struct region){ 13, 5, 50, 30 },
				      forms[_i].spec.columns,
				      forms[_i].spec.rows);
	struct box_list boxes;
	struct mask_report report;
	int in = make_png(&forms[_i].spec, &noise), out;
	struct image *image;
	struct frame *frame;

	if (region_empty(r))
		r = (struct region){ 0, 0, 9, 9 };
	boxes = one_box(&box, r, 1);
	out = mask_and_verify(in, &boxes, &report);
	image = image_open(out, NULL);
	frame = image_frame(image, 0, NULL);
	r = region_clip(r, frame->columns, frame->rows);
	ck_assert_int_eq(report.fills, forms[_i].fills);
	for (int y = r.y0; y < r.y1; y++)
		for (int x = r.x0; x < r.x1; x++)
			for (int s = 0; s < forms[_i].fills; s++)
				ck_assert_int_eq(sample_at(frame, x, y, s),
						 forms[_i].fill[s]);
	ck_assert_int_eq(image_info(image)->interlaced,
			 forms[_i].spec.interlaced);
	frame_free(frame);
	image_close(image);
	close(in);
	close(out);
}
END_TEST

START_TEST(test_carriers_go)
{
	struct box_list none = { 0 };
	struct mask_report report;
	const struct png_spec *spec = &forms[_i].spec;
	int in = make_png(spec, &noise);
	int out = mask_and_verify(in, &none, &report);
	size_t length;
	unsigned char *data = slurp(out, &length);

	ck_assert_ptr_null(memmem(data, length, "PLANTED", 7));
	if (spec->extras) {
		ck_assert_ptr_nonnull(memmem(data, length, "gAMA", 4));
		ck_assert_ptr_nonnull(memmem(data, length, "pHYs", 4));
	}
	ck_assert_int_eq(!!(report.dropped & DROPPED_TEXT_CHUNKS),
			 spec->extras);
	ck_assert_int_eq(!!(report.dropped & DROPPED_CHUNKS), spec->extras);
	ck_assert_int_eq(!!(report.dropped & DROPPED_EXIF), spec->extras);
	ck_assert_int_eq(!!(report.dropped & DROPPED_TRAILER), spec->extras);
	/* depth 1 and 2 have one clear entry: nothing can hide in it */
	ck_assert_int_eq(!!(report.dropped & DROPPED_HIDDEN_COLOUR),
			 spec->clear && spec->depth > 2);
	free(data);
	close(in);
	close(out);
}
END_TEST

START_TEST(test_truncated)
{
	struct box box;
	struct box_list boxes = one_box(&box, (struct region){ 0, 0, 1, 1 }, 1);
	size_t length;
	int in = make_png(&forms[_i].spec, &noise), out = memory_file();
	unsigned char *data = slurp(in, &length);
	/* the trailer may be cut */
	size_t end = length - (forms[_i].spec.extras ? 7 : 0);

	for (size_t cut = 0; cut < end; cut += cut < 300 ? 5 : 173) {
		struct mask_report report;
		struct error err = { 0 };
		int part = memory_of(data, cut);

		ck_assert_int_eq(ftruncate(out, 0), 0);
		ck_assert(!mask_run(part, out, &test_job, &boxes, &report,
				    NULL, NULL, &err));
		ck_assert_int_eq(err.code, ERR_REFUSED);
		close(part);
	}
	free(data);
	close(in);
	close(out);
}
END_TEST

/* Each byte changed: refused, or masked and right; never a crash. */
START_TEST(test_damaged)
{
	struct box box;
	struct box_list boxes = one_box(&box, (struct region){ 0, 0, 1, 1 }, 1);
	size_t length;
	int in = make_png(&forms[_i].spec, &noise);
	unsigned char *data = slurp(in, &length);

	for (size_t i = 0; i < length; i += i < 200 ? 1 : 37) {
		struct mask_report report;
		struct error err = { 0 };
		int part, out = memory_file();

		data[i] ^= 0x55;
		part = memory_of(data, length);
		data[i] ^= 0x55;
		if (!mask_run(part, out, &test_job, &boxes, &report, NULL,
			      NULL, &err))
			ck_assert_int_eq(err.code, ERR_REFUSED);
		close(part);
		close(out);
	}
	free(data);
	close(in);
}
END_TEST

/* A full disk: an error to write, at every size. */
START_TEST(test_full_disk)
{
	struct box box;
	struct box_list boxes = one_box(&box, (struct region){ 0, 0, 5, 5 }, 1);
	struct mask_report report;
	int in = make_png(&forms[6].spec, &noise);
	int whole = mask_and_verify(in, &boxes, &report);
	off_t size = lseek(whole, 0, SEEK_END);
	struct rlimit old;

	signal(SIGXFSZ, SIG_IGN);
	ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &old), 0);
	for (off_t at = 0; at < size; at += 1 + size / 40) {
		struct rlimit limit = { (rlim_t)at, old.rlim_max };
		struct error err = { 0 };
		int out = memory_file();
		bool ok;

		setrlimit(RLIMIT_FSIZE, &limit);
		ok = mask_run(in, out, &test_job, &boxes, &report, NULL, NULL,
			      &err);
		setrlimit(RLIMIT_FSIZE, &old);
		ck_assert(!ok);
		ck_assert_int_eq(err.code, ERR_WRITE);
		close(out);
	}
	close(in);
	close(whole);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("mask_png");
	TCase *tcase = tcase_create("mask_png");

	add_rows_test(tcase, test_forms, forms);
	add_rows_test(tcase, test_carriers_go, forms);
	add_rows_test(tcase, test_truncated, forms);
	add_rows_test(tcase, test_damaged, forms);
	tcase_add_test(tcase, test_full_disk);
	suite_add_tcase(suite, tcase);
	return support_run(suite);
}

/* check_jpeg12.c - JPEG files of 12 bits: read, masked, verified. */
#include "config.h"

#include <stdlib.h>
#include <unistd.h>

#include "image/image.h"
#include "pictures.h"
#include "streams.h"
#include "support.h"
#include "tests/make_dicom.h"

#define EXTENDED "1.2.840.10008.1.2.4.51"

static struct frame *frame_of(int fd)
{
	struct image *image = image_open(fd, NULL);
	struct frame *f;

	ck_assert_ptr_nonnull(image);
	ck_assert_int_eq(image_info(image)->bits_stored, 12);
	ck_assert_int_eq(image_info(image)->type, SAMPLE_U16);
	f = image_frame(image, 0, NULL);
	ck_assert_ptr_nonnull(f);
	image_close(image);
	return f;
}

/* The same stream in a DICOM file, which DCMTK decodes. */
static int make_wrapped(void)
{
	struct dicom_maker m = { .big_endian = false };
	int fd;

	make_begin(&m, EXTENDED);
	make_pixel_module(&m, STREAM_SIDE, STREAM_SIDE, 1, "MONOCHROME2", 16,
			  12, 0);
	make_fragments_begin(&m);
	make_fragment(&m, extended_12, sizeof(extended_12));
	make_fragments_end(&m);
	fd = memory_of(m.out.data, m.out.length);
	buffer_done(&m.out);
	return fd;
}

/* Two decoders round in their own ways: by 1. */
START_TEST(test_samples)
{
	int file = memory_of(extended_12, sizeof(extended_12));
	int wrapped = make_wrapped();
	struct frame *a = frame_of(file), *b = frame_of(wrapped);

	for (int i = 0; i < STREAM_SIDE * STREAM_SIDE; i++) {
		int x = i % STREAM_SIDE, y = i / STREAM_SIDE;
		int got = ((const uint16_t *)a->sample)[i];
		int other = ((const uint16_t *)b->sample)[i];

		ck_assert_int_le(abs(got - other), 1);
		ck_assert_int_le(abs(got - 40 * x - 20 * y), 12);
	}
	frame_free(a);
	frame_free(b);
	close(file);
	close(wrapped);
}
END_TEST

START_TEST(test_masked)
{
	struct box box;
	struct box_list boxes = one_box(&box, (struct region){ 2, 2, 3, 3 },
					1);
	struct mask_report report;
	int in = memory_of(extended_12, sizeof(extended_12));
	int out = mask_and_verify(in, &boxes, &report);
	struct frame *f = frame_of(out);

	ck_assert_int_eq(report.fill[0], 0);
	for (int i = 0; i < STREAM_SIDE * STREAM_SIDE; i++)
		ck_assert_int_eq(((const uint16_t *)f->sample)[i], 0);
	frame_free(f);
	close(in);
	close(out);
}
END_TEST

/* Cut anywhere it is refused. */
START_TEST(test_truncated)
{
	for (size_t cut = 3; cut < sizeof(extended_12); cut++) {
		struct error err = { 0 };
		int fd = memory_of(extended_12, cut);
		struct image *image = image_open(fd, &err);
		struct frame *f = image ? image_frame(image, 0, &err) : NULL;

		ck_assert_ptr_null(f);
		ck_assert_int_eq(err.code, ERR_REFUSED);
		image_close(image);
		close(fd);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("jpeg12");
	TCase *tcase = tcase_create("jpeg12");
	struct error err = { 0 };

	if (!image_warm_up(&err))
		return EXIT_FAILURE;
	tcase_add_test(tcase, test_samples);
	tcase_add_test(tcase, test_masked);
	tcase_add_test(tcase, test_truncated);
	suite_add_tcase(suite, tcase);
	return support_run(suite);
}

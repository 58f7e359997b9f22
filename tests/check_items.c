/* check_items.c - the whole range of a frame. */
#include "config.h"

#include <check.h>
#include <stdlib.h>

#include "ui/items.h"

static const struct image_window narrow = { 40, 400 }, wide = { 0, 5000 };

/* Values from -1000 to 1000 once the intercept is added. */
static struct slot make_slot(void)
{
	struct slot slot = {
		.info = { .format = IMAGE_DICOM, .columns = 3, .rows = 1,
			  .frames = 1, .samples = 1, .type = SAMPLE_U16,
			  .bits_allocated = 16, .bits_stored = 12,
			  .high_bit = 11, .slope = 1, .intercept = -1000,
			  .photometric = PHOTOMETRIC_MONOCHROME2,
			  .windows = 1, .window = { narrow } },
		.frame = frame_new(3, 1, SAMPLE_U16, 1, NULL),
	};
	uint16_t *value = (uint16_t *)slot.frame->sample;

	value[1] = 1000;
	value[2] = 2000;
	return slot;
}

START_TEST(all_values_are_told_apart)
{
	struct slot slot = make_slot();
	struct plane *file = items_plane(&slot, NULL, NULL);
	struct plane *whole = items_whole(&slot);

	ck_assert_ptr_nonnull(file);
	ck_assert_ptr_nonnull(whole);
	ck_assert_int_eq(file->pixel[0], 0);
	ck_assert_int_eq(file->pixel[2], 255);
	ck_assert_int_le(whole->pixel[0], 1);
	ck_assert_int_ge(whole->pixel[1], 126);
	ck_assert_int_le(whole->pixel[1], 129);
	ck_assert_int_ge(whole->pixel[2], 254);
	plane_free(file);
	plane_free(whole);
	frame_free(slot.frame);
}
END_TEST

/* Nothing is cut off, or no window of the file says how it looks. */
START_TEST(there_is_none_where_nothing_is_hidden)
{
	struct slot slot = make_slot();

	switch (_i) {
	case 0: slot.info.window[0] = wide; break;
	case 1: slot.info.windows = 0; break;
	case 2: slot.info.frames = 2; break;
	case 3: slot.info.has_voi_lut = true; break;
	default: slot.frame_index = -1;
	}
	ck_assert_ptr_null(items_whole(&slot));
	frame_free(slot.frame);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("items");
	TCase *c = tcase_create("whole range");
	SRunner *r;
	int failed;

	tcase_add_test(c, all_values_are_told_apart);
	tcase_add_loop_test(c, there_is_none_where_nothing_is_hidden, 0, 5);
	suite_add_tcase(s, c);
	r = srunner_create(s);
	srunner_run_all(r, CK_NORMAL);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed != 0;
}

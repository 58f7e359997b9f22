/* check_items.c - the whole range of a frame. */
#include "config.h"

#include <check.h>
#include <stdlib.h>

#include "ui/items.h"
#include "tests/support.h"

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

/* Values of a frame without a window, and what is to be seen of them. */
static const struct {
	enum image_format format;
	int value[5], apart;            /* grey levels between each two */
} frames[] = {
	{ IMAGE_PNG, { 0, 600, 900, 1500, 2150 }, 30 },
	{ IMAGE_DICOM, { 0, 600, 900, 1500, 2150 }, 30 },
	/* letters of the highest value there can be, on 12 bits */
	{ IMAGE_PNG, { 0, 600, 900, 2150, 65535 }, 20 },
	{ IMAGE_PNG, { 0, 32000, 32500, 33000, 65535 }, 50 },
	{ IMAGE_PNG, { 0, 16384, 32768, 49152, 65535 }, 60 },
};

START_TEST(values_without_a_window_are_told_apart)
{
	struct slot slot = {
		.info = { .format = frames[_i].format, .columns = 5, .rows = 1,
			  .frames = 1, .samples = 1, .type = SAMPLE_U16,
			  .bits_allocated = 16, .bits_stored = 16,
			  .high_bit = 15, .slope = 1,
			  .photometric = PHOTOMETRIC_MONOCHROME2 },
		.frame = frame_new(5, 1, SAMPLE_U16, 1, NULL),
	};
	struct plane *plane;

	for (int i = 0; i < 5; i++)
		((uint16_t *)slot.frame->sample)[i] =
			(uint16_t)frames[_i].value[i];
	plane = items_plane(&slot, NULL, NULL);
	ck_assert_ptr_nonnull(plane);
	ck_assert_int_le(plane->pixel[0], 1);
	ck_assert_int_ge(plane->pixel[4], 254);
	for (int i = 1; i < 5; i++)
		ck_assert_int_ge(plane->pixel[i],
				 plane->pixel[i - 1] + frames[_i].apart);
	plane_free(plane);
	/* a narrower one starts from what is seen */
	ck_assert(items_window(&slot).width <= frames[_i].value[4] + 1);
	slot.frame_index = -1;
	ck_assert(items_window(&slot).width == 0);
	frame_free(slot.frame);
}
END_TEST

/* One that was asked for and is not wanted any more takes no place: what the
 * screen shows could not be drawn anew. */
START_TEST(a_frame_that_comes_late_stays_out)
{
	struct items items = { .current = 1 };
	struct slot *slot = &items.slot[0];
	struct error err = { 0 };
	struct worker_event event = {
		.type = WORKER_FRAME, .job = 7, .frame_index = 1,
		.frame = frame_new(3, 1, SAMPLE_U16, 1, NULL) };
	struct frame *first;

	*slot = make_slot();
	slot->row = 1;
	slot->serve_job = 7;
	first = slot->frame;
	slot->wanted = 1;               /* on its way */
	ck_assert(items_want_frame(&items, slot, 0, &err));
	ck_assert_ptr_eq(items_event(&items, &event), slot);
	ck_assert_ptr_eq(slot->frame, first);
	ck_assert_int_eq(slot->frame_index, 0);
	ck_assert_ptr_nonnull(event.frame);
	worker_event_done(&event);
	frame_free(first);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("items");
	TCase *c = tcase_create("whole range");
	SRunner *r;
	int failed;

	tcase_add_test(c, all_values_are_told_apart);
	tcase_add_loop_test(c, values_without_a_window_are_told_apart, 0,
			    (int)ARRAY_LENGTH(frames));
	tcase_add_loop_test(c, there_is_none_where_nothing_is_hidden, 0, 5);
	tcase_add_test(c, a_frame_that_comes_late_stays_out);
	suite_add_tcase(s, c);
	r = srunner_create(s);
	srunner_run_all(r, CK_NORMAL);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed != 0;
}

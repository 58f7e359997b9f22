/*
 * check_desk.c - the desk with a project of its own and workers that say what
 * a test wants, when it wants: what comes late or at a bad time.
 */
#include "config.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/still_desk.h"
#include "tests/support.h"

enum { ITEMS = 12, SIDE = 100, FRAMES = 3 };

static struct still still;
static struct desk *const desk = &still.desk;

/* ---- what they say ---- */

static struct slot *current(void)
{
	struct slot *slot = items_current(&desk->items);

	ck_assert_ptr_nonnull(slot);
	return slot;
}

static void tell(struct worker_event event)
{
	desk_worker(desk, &event);
	worker_event_done(&event);
}

/* The file of the item on the screen was read, a hash of which all bytes are
 * the same; nothing was found in it. */
static void tell_detected(int frames, int hash)
{
	struct worker_event event = {
		.type = WORKER_DETECTED, .job = current()->detect_job,
		.info = still_info(SIDE, frames),
		.proposals = { .text = CHECK_DONE, .faces = CHECK_GATED,
			       .frames_read = frames } };

	memset(event.sha256, hash, sizeof(event.sha256));
	memset(event.patient, 1, sizeof(event.patient));
	tell(event);
}

static void tell_frame(int index)
{
	tell((struct worker_event){
		.type = WORKER_FRAME, .job = current()->serve_job,
		.frame_index = index,
		.frame = frame_new(SIDE, SIDE, SAMPLE_U8, 1, NULL) });
}

static void start(void)
{
	still_start(&still, ITEMS, 1, 4);
}

static void stop(void)
{
	still_stop(&still);
}

static void key(enum command command, int count)
{
	still_key(&still, command, count);
}

static void character(int letter)
{
	still_character(&still, letter);
}

static enum item_state state_of(long long row)
{
	return still_state(&still, row);
}

/* Withhold all, and see that some are left for later. */
static void withhold_all(void)
{
	desk_pick(desk, 1);
	key(CMD_TAG, ITEMS);
	key(CMD_TAGGED, 0);
	key(CMD_WITHHOLD, 0);
	character('8');
	ck_assert(desk_all_more(desk));
	ck_assert_int_eq(state_of(1), ITEM_WITHHELD);
	ck_assert_int_eq(state_of(ITEMS), ITEM_OPEN);
}

static void empty_folder(const char *path)
{
	char name[4 * SCRATCH_PATH];
	DIR *dir = opendir(path);
	struct dirent *entry;

	ck_assert_ptr_nonnull(dir);
	while ((entry = readdir(dir)))
		if (entry->d_name[0] != '.') {
			snprintf(name, sizeof(name), "%s/%s", path,
				 entry->d_name);
			ck_assert_int_eq(unlink(name), 0);
		}
	closedir(dir);
}

/* ---- tests ---- */

/* It is decided on under the reviewer's eyes: it is not there to be decided on
 * once more. */
START_TEST(what_is_decided_with_the_others_leaves_the_screen)
{
	withhold_all();
	desk_pick(desk, ITEMS);
	key(CMD_OPEN, 0);
	ck_assert_int_eq(desk->item.row, ITEMS);
	if (_i)
		tell_detected(1, ITEMS);
	while (desk_all_more(desk))
		;
	ck_assert_int_eq(state_of(ITEMS), ITEM_WITHHELD);
	ck_assert_int_eq(desk->item.row, 0);
	ck_assert(!desk->error.code);
}
END_TEST

/* There and back before it came: what is drawn follows the window. */
START_TEST(a_late_frame_is_not_kept)
{
	const struct view *view;

	desk_pick(desk, 1);
	key(CMD_OPEN, 0);
	tell_detected(FRAMES, 1);
	view = review_view(desk->model);
	key(CMD_FRAME_FIRST, 0);
	tell_frame(0);
	ck_assert_int_eq(desk->plane_frame, 0);
	key(CMD_WINDOW_NARROW, 0);
	ck_assert(desk->plane_has_window);
	key(CMD_FRAME_NEXT, 0);
	key(CMD_FRAME_PREV, 0);
	tell_frame(1);
	ck_assert_int_eq(view->frame_index, 0);
	key(CMD_PRESET, 0);
	character('0');
	ck_assert(!view->has_window);
	ck_assert_int_eq(desk->plane_frame, 0);
	ck_assert(!desk->plane_has_window);
}
END_TEST

/* No other picture stands under the number of a frame that never comes. */
START_TEST(a_frame_that_never_comes_is_not_drawn)
{
	const struct view *view;

	desk_pick(desk, 1);
	key(CMD_OPEN, 0);
	tell_detected(FRAMES, 1);
	view = review_view(desk->model);
	key(CMD_FRAME_FIRST, 0);
	tell_frame(0);
	if (_i)                         /* while it is waited for */
		key(CMD_FRAME_NEXT, 0);
	still_dead = true;
	tell((struct worker_event){
		.type = WORKER_FAILED, .job = current()->serve_job,
		.error = { .code = ERR_INTERNAL, .text = "it died" } });
	ck_assert(!desk->plane || desk->plane_frame == view->frame_index);
	key(CMD_FRAME_LAST, 0);
	ck_assert_int_eq(view->frame_index, FRAMES - 1);
	ck_assert_ptr_null(desk->plane);
	/* what is here is still seen */
	key(CMD_FRAME_FIRST, 0);
	ck_assert_ptr_nonnull(desk->plane);
	ck_assert_int_eq(desk->plane_frame, 0);
	still_dead = false;
}
END_TEST

/* It is said each time that it comes to the screen. */
START_TEST(another_file_stays_another)
{
	desk_pick(desk, 1);
	key(CMD_OPEN, 0);
	tell_detected(1, ITEMS);
	for (int i = 0; i < 2; i++) {
		ck_assert_int_eq(review_space(desk->model, NULL, NULL),
				 SPACE_BLOCKED_CHANGED);
		key(CMD_ITEM_NEXT, 0);
		ck_assert_int_eq(desk->item.row, 2);
		key(CMD_ITEM_PREV, 0);
		ck_assert_int_eq(desk->item.row, 1);
	}
}
END_TEST

/* Decided and staged, and on the screen. */
static void open_staged(void)
{
	struct error err = { 0 };

	scratch_verdict(still.project, 1, ITEM_MASKED);
	ck_assert(scratch_stage(still.project, 1, &err));
	desk_pick(desk, 1);
	key(CMD_OPEN, 0);
	ck_assert_int_eq(desk->item.row, 1);
	ck_assert_int_eq(desk->item.output, OUTPUT_STAGED);
}

/* It goes out while it is on the screen: taking it back wants a reason. */
START_TEST(what_goes_out_on_the_screen_is_out)
{
	struct error err = { 0 };

	open_staged();
	ck_assert(scratch_release(still.project, 1, &err));
	ck_assert(outputs_want(desk->outputs, 1, true, &err));
	desk_tick(desk, still.ms += 1000);
	key(CMD_UNDO, 0);
	ck_assert_int_eq(review_mode(desk->model), MODE_REASON);
	character('9');
	ck_assert_int_eq(state_of(1), ITEM_OPEN);
	ck_assert_int_eq(review_mode(desk->model), MODE_REVIEW);
}
END_TEST

/* Its staged copy is gone: no worker ever runs for it. */
START_TEST(what_fails_at_once_is_told)
{
	char staged[2 * SCRATCH_PATH];

	open_staged();
	scratch_join(staged, still.folder, "p/private/staged");
	empty_folder(staged);
	key(CMD_RELEASE, 0);
	desk_tick(desk, still.ms += 1000);
	ck_assert_uint_eq(desk->news.count, 1);
	ck_assert_ptr_nonnull(strstr(desk->news.line[0].text,
				     "could not be written"));
}
END_TEST

static size_t box_count(void)
{
	size_t count;

	review_boxes(desk->model, &count);
	return count;
}

/* An item with the boxes of an earlier session is not kept back without them:
 * they come when it was read. */
START_TEST(what_was_decided_is_not_kept_back_without_its_boxes)
{
	struct event screen = { .type = EVENT_SCREEN,
				.screen = { .columns = 80, .rows = 24 } };
	struct error err = { 0 };

	desk_pick(desk, 1);
	key(CMD_OPEN, 0);
	tell_detected(1, 1);
	key(CMD_FRAME_FIRST, 0);
	tell_frame(0);
	key(CMD_ADD, 0);
	character('5');
	key(CMD_KEEP, 0);
	ck_assert_uint_eq(box_count(), 1);
	key(CMD_WITHHOLD, 0);
	character('8');
	ck_assert_int_eq(state_of(1), ITEM_WITHHELD);
	desk_done(desk);
	ck_assert(desk_init(desk, still.project, NULL, NULL, &err));
	desk_event(desk, &screen);
	desk_pick(desk, 1);
	key(CMD_OPEN, 0);
	key(CMD_UNDO, 0);
	ck_assert_int_eq(state_of(1), ITEM_OPEN);
	key(CMD_WITHHOLD, 0);
	ck_assert_int_eq(review_mode(desk->model), MODE_REVIEW);
	tell_detected(1, 1);
	ck_assert_uint_eq(box_count(), 1);
	key(CMD_WITHHOLD, 0);
	ck_assert_int_eq(review_mode(desk->model), MODE_REASON);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("desk");
	TCase *c = tcase_create("desk");

	tcase_add_checked_fixture(c, start, stop);
	tcase_add_loop_test(c,
		what_is_decided_with_the_others_leaves_the_screen, 0, 2);
	tcase_add_test(c, a_late_frame_is_not_kept);
	tcase_add_loop_test(c, a_frame_that_never_comes_is_not_drawn, 0, 2);
	tcase_add_test(c, another_file_stays_another);
	tcase_add_test(c, what_goes_out_on_the_screen_is_out);
	tcase_add_test(c, what_fails_at_once_is_told);
	tcase_add_test(c, what_was_decided_is_not_kept_back_without_its_boxes);
	suite_add_tcase(s, c);
	return support_run(s);
}

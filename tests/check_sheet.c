/* check_sheet.c - the contact sheet of a group, and the keys around it. */
#include "config.h"

#include "review/sheet.h"

#include <stdlib.h>
#include <string.h>

#include "tests/desk.h"
#include "tests/support.h"

enum { SIDE = 400 };

static struct desk desk;

static void start(void)
{
	desk_init(&desk, SIDE, SIDE);
	desk.groups = DESK_ITEMS;
	desk_box(&desk, TIER_BOX, 20, 20, 100, 14);
}

static void stop(void)
{
	desk_done(&desk);
}

static void many_boxes(void)
{
	for (int i = 1; i < 14; i++)
		desk_box(&desk, TIER_BOX, 20, 20 + 25 * i, 300, 14);
}

/* ---- the sheet itself ---- */

static uint8_t pixel[8][30];

static void add(struct sheet *s, enum group_state state, long long row,
		struct region r)
{
	const struct plane plane = { 10, 8, 3, &pixel[0][0] };
	struct sheet_crop like = { .letter_height = 3, .state = state,
				   .row = row };

	for (size_t i = 0; i < sizeof(pixel); i++)
		(&pixel[0][0])[i] = (uint8_t)i;
	ck_assert(sheet_add(s, &plane, r, 2, &like));
}

START_TEST(what_differs_comes_first)
{
	static const enum group_state order[] = { GROUP_INK, GROUP_INK,
						  GROUP_PIXELS, GROUP_ALIKE };
	static const long long rows[] = { 3, 9, 4, 1 };
	struct sheet s = { .whole = true };
	struct region r = { 1, 1, 4, 3 };

	add(&s, GROUP_ALIKE, 1, r);
	add(&s, GROUP_INK, 9, r);
	add(&s, GROUP_PIXELS, 4, r);
	add(&s, GROUP_INK, 3, r);
	ck_assert(sheet_finish(&s, NULL));
	for (size_t i = 0; i < s.count; i++) {
		ck_assert_int_eq(s.crop[i].state, order[i]);
		ck_assert_int_eq(s.crop[i].row, rows[i]);
	}
	sheet_done(&s);
}
END_TEST

/* Cut at the border, with the box where it was. */
START_TEST(crops_are_the_pixels)
{
	struct sheet s = { .whole = true };
	const struct sheet_crop *c = NULL;

	add(&s, GROUP_ALIKE, 1, (struct region){ 1, 1, 4, 3 });
	add(&s, GROUP_ALIKE, 1, (struct region){ 7, 5, 10, 8 });
	ck_assert(sheet_finish(&s, NULL));
	ck_assert_int_eq(s.picture->columns, 6);
	ck_assert_int_eq(s.picture->rows, 10);
	ck_assert_int_eq(s.picture->channels, 3);
	c = &s.crop[1];
	ck_assert(region_equal(c->at, (struct region){ 0, 5, 5, 10 }));
	ck_assert(region_equal(c->box, (struct region){ 2, 2, 5, 5 }));
	for (int y = 0; y < 5; y++)
		ck_assert(!memcmp(s.picture->pixel + (size_t)(5 + y) * 18,
				  &pixel[3 + y][15], 15));
	sheet_done(&s);
}
END_TEST

START_TEST(too_much_is_refused)
{
	struct sheet s = { .whole = true };
	struct plane plane = { 1, 1, 1, &pixel[0][0] };
	struct sheet_crop like = { .letter_height = 3 };
	struct region r = { 0, 0, 1, 1 };

	for (int i = 0; i < SHEET_CROPS_MOST; i++)
		ck_assert(sheet_add(&s, &plane, r, 0, &like));
	ck_assert(!sheet_add(&s, &plane, r, 0, &like));
	ck_assert(!sheet_add(&s, &plane, (struct region){ 5, 5, 6, 6 }, 0,
			     &like));
	sheet_done(&s);
}
END_TEST

/* What stands for all must be legible; what differs is shown or told. */
START_TEST(legible_or_not)
{
	struct sheet s = { .whole = true };
	struct evidence_plan plan;
	struct screen screen = { .columns = 80, .rows = 24,
				 .mode = PICTURE_SEXTANT };

	add(&s, GROUP_INK, 9, (struct region){ 1, 1, 4, 3 });
	add(&s, GROUP_ALIKE, 1, (struct region){ 1, 1, 4, 3 });
	ck_assert(sheet_finish(&s, NULL));
	ck_assert(sheet_plan(&s, &screen, &plan));
	ck_assert(plan.legible);
	ck_assert_uint_eq(plan.evidence_count, 2);
	ck_assert_int_eq(plan.evidence[0].id, SHEET_FIRST_ID);
	evidence_plan_done(&plan);
	screen.mode = PICTURE_BRAILLE;
	ck_assert(sheet_plan(&s, &screen, &plan));
	ck_assert(!plan.legible);
	evidence_plan_done(&plan);
	screen.mode = PICTURE_SEXTANT;
	s.whole = false;
	ck_assert(sheet_plan(&s, &screen, &plan));
	ck_assert(!plan.legible);
	evidence_plan_done(&plan);
	sheet_done(&s);
}
END_TEST

/* ---- keys ---- */

START_TEST(y_shows_then_approves)
{
	size_t count;

	desk_key(&desk, CMD_GROUP, 0);
	ck_assert_int_eq(review_mode(desk.m), MODE_SHEET);
	ck_assert_uint_eq(desk.notes, 0);
	review_sheet_seen(desk.m, &count);
	ck_assert_uint_eq(count, 1);
	desk_key(&desk, CMD_GROUP, 0);
	ck_assert_uint_eq(desk.notes, 1);
	ck_assert_int_eq(desk.note[0].what, 'G');
	ck_assert_int_eq(desk.note[0].boxes, DESK_ITEMS);
	ck_assert_int_eq(review_mode(desk.m), MODE_LIST);
}
END_TEST

START_TEST(all_pages_are_shown_first)
{
	many_boxes();
	desk_key(&desk, CMD_SHEET, 0);
	ck_assert_uint_gt(review_sheet_plan(desk.m)->page_count, 1);
	desk_key(&desk, CMD_GROUP, 0);
	ck_assert_uint_eq(desk.notes, 0);
	ck_assert_int_eq(desk_space(&desk), SPACE_EVIDENCE);
	while (desk_space(&desk) == SPACE_EVIDENCE)
		desk_key(&desk, CMD_APPROVE, 0);
	/* Space never approves a group; it says who does */
	desk_key(&desk, CMD_APPROVE, 0);
	ck_assert_uint_eq(desk.notes, 0);
	ck_assert_str_eq(review_message(desk.m),
			 "that was all: {group} approves those alike");
	desk_key(&desk, CMD_GROUP, 0);
	ck_assert_uint_eq(desk.notes, 1);
}
END_TEST

START_TEST(unanswered_pages_do_not_count)
{
	desk.answers = false;
	desk_key(&desk, CMD_SHEET, 0);
	desk_key(&desk, CMD_GROUP, 0);
	desk.answers = true;
	desk_event(&desk, (struct event){ .type = EVENT_COMMAND,
					  .command = CMD_GROUP,
					  .answered = false });
	ck_assert_uint_eq(desk.notes, 0);
}
END_TEST

/* A smaller screen: what was seen on the old one has to be shown again. */
START_TEST(resize_shows_again)
{
	desk_key(&desk, CMD_SHEET, 0);
	desk.answers = false;
	desk_screen(&desk, 120, 40, PICTURE_SEXTANT);
	desk_key(&desk, CMD_GROUP, 0);
	ck_assert_uint_eq(desk.notes, 0);
}
END_TEST

START_TEST(none_alike)
{
	desk_key(&desk, CMD_SHEET, 0);
	desk.sheet->by_state[GROUP_ALIKE] = 0;
	desk_key(&desk, CMD_GROUP, 0);
	ck_assert_uint_eq(desk.notes, 0);
	desk_key(&desk, CMD_BACK, 0);
	ck_assert_int_eq(review_mode(desk.m), MODE_LIST);
	ck_assert_ptr_null(review_sheet(desk.m));
}
END_TEST

/* u takes all of them back, and the item of the screen is the first. */
START_TEST(undo_takes_the_group_back)
{
	desk_open(&desk, 3);
	desk_key(&desk, CMD_GROUP, 0);
	desk_key(&desk, CMD_GROUP, 0);
	ck_assert_int_eq(desk.note[0].boxes, DESK_ITEMS - 1);
	ck_assert_int_eq(review_mode(desk.m), MODE_REVIEW);
	desk_key(&desk, CMD_UNDO, 0);
	ck_assert_uint_eq(desk.notes, 1 + DESK_ITEMS - 1);
	for (int i = 0; i < DESK_ITEMS; i++)
		ck_assert_int_eq(desk.item[i].state, ITEM_OPEN);
	ck_assert_int_eq(review_item(desk.m)->row, 1);
}
END_TEST

/* A member that was taken back alone, and decided anew, is not in it. */
START_TEST(undo_leaves_what_was_decided_anew)
{
	desk_key(&desk, CMD_GROUP, 0);
	desk_key(&desk, CMD_GROUP, 0);
	desk_open(&desk, 5);
	desk_key(&desk, CMD_UNDO, 0);
	ck_assert_uint_eq(desk.notes, 2);
	ck_assert_int_eq(desk.note[1].row, 5);
	desk_spaces(&desk);
	ck_assert_int_eq(desk.item[4].state, ITEM_MASKED);
	desk_open(&desk, 0);
	desk.notes = 0;
	desk_key(&desk, CMD_UNDO, 0);
	ck_assert_uint_eq(desk.notes, 1);
	ck_assert_int_eq(desk.note[0].row, 5);
	desk_open(&desk, 0);
	desk.notes = 0;
	desk_key(&desk, CMD_UNDO, 0);
	ck_assert_uint_eq(desk.notes, DESK_ITEMS - 1);
	for (size_t i = 0; i < desk.notes; i++)
		ck_assert_int_ne(desk.note[i].row, 5);
}
END_TEST

/* After W a reason is needed, once for all. */
START_TEST(undo_after_release)
{
	desk_key(&desk, CMD_GROUP, 0);
	desk_key(&desk, CMD_GROUP, 0);
	desk_key(&desk, CMD_RELEASE, 0);
	desk.notes = 0;
	desk_key(&desk, CMD_UNDO, 0);
	ck_assert_int_eq(review_mode(desk.m), MODE_REASON);
	desk_character(&desk, '4');
	ck_assert_uint_eq(desk.notes, DESK_ITEMS);
	ck_assert_int_eq(desk.note[DESK_ITEMS - 1].reason, 4);
}
END_TEST

/* Boxes changed by hand: looked at alone. */
START_TEST(touched)
{
	desk_open(&desk, 2);
	ck_assert(!review_touched(desk.m, 2));
	desk_key(&desk, CMD_SELECT, 1);
	desk_key(&desk, CMD_REJECT, 0);
	ck_assert(review_touched(desk.m, 2));
	desk_open(&desk, 3);
	ck_assert(review_touched(desk.m, 2));
	ck_assert(!review_touched(desk.m, 3));
	ck_assert(!review_touched(desk.m, 4));
}
END_TEST

/* ---- p ---- */

static const struct decided_box *box_now(size_t index)
{
	size_t count;
	const struct decided_box *b = review_boxes(desk.m, &count);

	ck_assert_uint_lt(index, count);
	return &b[index];
}

START_TEST(a_box_goes_to_all_frames)
{
	desk.info.frames = 5;
	desk.box[0].frame0 = desk.box[0].frame1 = 2;
	desk_open(&desk, 1);
	desk_key(&desk, CMD_SELECT, 1);
	desk_key(&desk, CMD_PROPAGATE, 0);
	ck_assert_int_eq(review_mode(desk.m), MODE_PROPAGATE);
	desk_character(&desk, 'f');
	ck_assert_int_eq(review_mode(desk.m), MODE_REVIEW);
	ck_assert_int_eq(box_now(0)->box.frame0, 0);
	ck_assert_int_eq(box_now(0)->box.frame1, 4);
	ck_assert_int_eq(box_now(0)->decision, DECISION_CHANGED);
	desk_key(&desk, CMD_UNDO, 0);
	ck_assert_int_eq(box_now(0)->box.frame1, 2);
	ck_assert_int_eq(box_now(0)->decision, DECISION_MASK);
}
END_TEST

START_TEST(a_candidate_goes_to_all_frames)
{
	desk.info.frames = 5;
	desk.box[0].tier = TIER_CANDIDATE;
	desk.box[0].frame1 = 0;
	desk_open(&desk, 1);
	desk_key(&desk, CMD_SELECT, 1);
	desk_key(&desk, CMD_PROPAGATE, 0);
	desk_character(&desk, 'f');
	ck_assert_int_eq(box_now(0)->decision, DECISION_ADDED);
	ck_assert_int_eq(box_now(0)->box.tier, TIER_BOX);
	ck_assert_int_eq(box_now(0)->box.frame1, 4);
}
END_TEST

static const struct {
	int letter;
	unsigned effect;
	enum spread spread;
} letters[] = {
	{ 's', EFFECT_PROPAGATE, SPREAD_SERIES },
	{ 'g', EFFECT_PROPAGATE, SPREAD_DEVICE },
	{ 't', EFFECT_REMEMBER, SPREAD_SERIES },
	{ 'f', EFFECT_BELL, SPREAD_SERIES },    /* one frame */
	{ 'x', EFFECT_BELL, SPREAD_SERIES },
};

START_TEST(masks_are_handed_on)
{
	unsigned all = EFFECT_PROPAGATE | EFFECT_REMEMBER | EFFECT_BELL;

	desk_open(&desk, 1);
	desk_key(&desk, CMD_SELECT, 1);
	desk_key(&desk, CMD_PROPAGATE, 0);
	desk_character(&desk, letters[_i].letter);
	ck_assert_uint_eq(desk.effects & all, letters[_i].effect);
	ck_assert_int_eq(review_spread(desk.m), letters[_i].spread);
	ck_assert_int_eq(review_mode(desk.m), MODE_REVIEW);
}
END_TEST

START_TEST(no_mask_is_handed_on)
{
	desk_open(&desk, 1);
	desk_key(&desk, CMD_SELECT, 1);
	desk_key(&desk, CMD_REJECT, 0);
	desk_key(&desk, CMD_PROPAGATE, 0);
	desk_character(&desk, 's');
	ck_assert(!(desk.effects & EFFECT_PROPAGATE));
	desk_key(&desk, CMD_PROPAGATE, 0);
	desk_key(&desk, CMD_DROP, 0);
	ck_assert_int_eq(review_mode(desk.m), MODE_REVIEW);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("sheet");
	TCase *t = tcase_create("sheet");

	tcase_add_checked_fixture(t, start, stop);
	tcase_add_test(t, what_differs_comes_first);
	tcase_add_test(t, crops_are_the_pixels);
	tcase_add_test(t, too_much_is_refused);
	tcase_add_test(t, legible_or_not);
	tcase_add_test(t, y_shows_then_approves);
	tcase_add_test(t, all_pages_are_shown_first);
	tcase_add_test(t, unanswered_pages_do_not_count);
	tcase_add_test(t, resize_shows_again);
	tcase_add_test(t, none_alike);
	tcase_add_test(t, undo_takes_the_group_back);
	tcase_add_test(t, undo_leaves_what_was_decided_anew);
	tcase_add_test(t, undo_after_release);
	tcase_add_test(t, touched);
	tcase_add_test(t, a_box_goes_to_all_frames);
	tcase_add_test(t, a_candidate_goes_to_all_frames);
	tcase_add_loop_test(t, masks_are_handed_on, 0,
			    sizeof(letters) / sizeof(letters[0]));
	tcase_add_test(t, no_mask_is_handed_on);
	suite_add_tcase(s, t);
	return support_run(s);
}

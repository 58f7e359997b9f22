/* check_review.c - the model of the screen: every rule of DESIGN 8. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/desk.h"
#include "tests/support.h"
#include "ui/view.h"

static struct desk desk;

static void start(void)
{
	desk_init(&desk, 512, 512);
}

static void stop(void)
{
	desk_done(&desk);
}

/* One box; the ink of the picture lies under it. */
static void one_box(void)
{
	desk_box(&desk, TIER_BOX, 20, 20, 100, 14);
	desk_open(&desk, 1);
}

static void no_box(void)
{
	desk_ink(&desk, 200, 200);
	desk_open(&desk, 1);
}

static const struct decided_box *box_at(size_t index)
{
	size_t count;
	const struct decided_box *b = review_boxes(desk.m, &count);

	ck_assert_uint_lt(index, count);
	return &b[index];
}

static size_t box_count(void)
{
	size_t count;

	review_boxes(desk.m, &count);
	return count;
}

static void expect_note(size_t index, char what, long long row,
			enum item_state verdict)
{
	ck_assert_uint_lt(index, desk.notes);
	ck_assert_int_eq(desk.note[index].what, what);
	ck_assert_int_eq(desk.note[index].row, row);
	if (what == 'V')
		ck_assert_int_eq(desk.note[index].verdict, verdict);
}

static void tour_all(void)
{
	desk_key(&desk, CMD_TOUR, 0);
	ck_assert(review_touring(desk.m));
	for (int i = 0; i < 1000 && review_touring(desk.m); i++)
		desk_key(&desk, CMD_APPROVE, 0);
	ck_assert(review_tour_done(desk.m));
}

/* ---- Space ---- */

START_TEST(one_key_a_picture)
{
	one_box();
	ck_assert_int_eq(desk_space(&desk), SPACE_APPROVE);
	desk_key(&desk, CMD_APPROVE, 0);
	ck_assert_uint_eq(desk.notes, 1);
	expect_note(0, 'V', 1, ITEM_MASKED);
	ck_assert_int_eq(desk.note[0].masked, 1);
	ck_assert_uint_eq(desk.note[0].seen, 1);
	/* and the next one is on the screen */
	ck_assert_int_eq(review_item(desk.m)->row, 2);
	ck_assert(desk.effects & EFFECT_FLUSH_INPUT);
}
END_TEST

START_TEST(space_pages_then_approves)
{
	int n, of;

	for (int i = 0; i < 12; i++)
		desk_box(&desk, TIER_BOX, 20, 20 + 40 * i, 150, 14);
	desk_open(&desk, 1);
	ck_assert_int_eq(review_space(desk.m, &n, &of), SPACE_EVIDENCE);
	ck_assert_int_eq(n, 2);
	ck_assert_int_gt(of, 2);
	ck_assert_int_eq(desk_spaces(&desk), of);
	expect_note(0, 'V', 1, ITEM_MASKED);
	ck_assert_uint_eq(desk.note[0].seen, 12);
}
END_TEST

START_TEST(held_space_counts_once)
{
	for (int i = 0; i < 12; i++)
		desk_box(&desk, TIER_BOX, 20, 20 + 40 * i, 150, 14);
	desk_open(&desk, 1);
	desk.ms += 1000;
	for (int i = 0; i < 500; i++) {
		desk.ms += 10;  /* PAINT_MS comes on top */
		desk_event(&desk, (struct event){ .type = EVENT_COMMAND,
						  .command = CMD_APPROVE,
						  .answered = true });
	}
	ck_assert_int_eq(review_page(desk.m), 1);
	ck_assert_uint_eq(desk.notes, 0);
}
END_TEST

START_TEST(pasted_space_is_ignored)
{
	one_box();
	for (int i = 0; i < 20; i++) {
		desk.ms += 500;
		desk_event(&desk, (struct event){ .type = EVENT_COMMAND,
						  .command = CMD_APPROVE,
						  .answered = false });
	}
	ck_assert_uint_eq(desk.notes, 0);
}
END_TEST

/* answered said of an older frame: the model itself knows better. */
START_TEST(space_before_the_answer_is_ignored)
{
	desk.answers = false;
	one_box();
	desk.ms += 500;
	desk_event(&desk, (struct event){ .type = EVENT_COMMAND,
					  .command = CMD_APPROVE,
					  .answered = true });
	ck_assert_uint_eq(desk.notes, 0);
	ck_assert_int_eq(desk_space(&desk), SPACE_WAIT_READING);
	/* what lies under no box is looked for once this was on the screen */
	desk.answers = true;
	desk_key(&desk, CMD_REDRAW, 0);
	ck_assert_int_eq(desk_space(&desk), SPACE_APPROVE);
}
END_TEST

START_TEST(space_after_an_unpainted_change_is_ignored)
{
	one_box();
	desk.answers = false;
	desk_key(&desk, CMD_MASKS, 0);
	ck_assert_int_eq(desk_space(&desk), SPACE_APPROVE);
	desk.ms += 500;
	desk_event(&desk, (struct event){ .type = EVENT_COMMAND,
					  .command = CMD_APPROVE,
					  .answered = true });
	ck_assert_uint_eq(desk.notes, 0);
}
END_TEST

START_TEST(an_answer_for_an_old_frame_shows_nothing)
{
	long long old;

	desk.answers = false;
	one_box();
	old = review_revision(desk.m);
	desk_key(&desk, CMD_MASKS, 0);
	desk_event(&desk, (struct event){ .type = EVENT_PAINTED,
					  .revision = old });
	ck_assert(!review_evidence(desk.m)->evidence[0].shown);
}
END_TEST

START_TEST(space_waits_for_detection)
{
	int n, of;

	desk.detects = false;
	desk_box(&desk, TIER_BOX, 20, 20, 100, 14);
	desk_open(&desk, 1);
	desk_event(&desk, (struct event){ .type = EVENT_PROGRESS,
					  .permille = 400 });
	ck_assert_int_eq(review_space(desk.m, &n, &of), SPACE_WAIT_READING);
	ck_assert_int_eq(n, 400);
	desk_key(&desk, CMD_APPROVE, 0);
	desk_key(&desk, CMD_CLEAN, 0);
	ck_assert_uint_eq(desk.notes, 0);
	desk_detect(&desk);
	ck_assert(desk.effects & EFFECT_FLUSH_INPUT);
	desk_key(&desk, CMD_APPROVE, 0);
	expect_note(0, 'V', 1, ITEM_MASKED);
}
END_TEST

START_TEST(late_boxes_are_shown_first)
{
	one_box();
	ck_assert_int_eq(desk_space(&desk), SPACE_APPROVE);
	desk_box(&desk, TIER_BOX, 300, 300, 100, 14);
	desk.answers = false;
	desk_detect(&desk);
	ck_assert_uint_eq(box_count(), 2);
	ck_assert_int_eq(desk_space(&desk), SPACE_EVIDENCE);
	desk.answers = true;
	desk_key(&desk, CMD_REDRAW, 0);
	ck_assert_int_eq(desk_space(&desk), SPACE_APPROVE);
}
END_TEST

START_TEST(illegible_screen_blocks)
{
	one_box();
	desk_screen(&desk, 30, 8, PICTURE_SEXTANT);
	ck_assert_int_eq(desk_space(&desk), SPACE_BLOCKED_LEGIBLE);
	desk_key(&desk, CMD_APPROVE, 0);
	ck_assert_uint_eq(desk.notes, 0);
	desk_screen(&desk, 80, 24, PICTURE_SEXTANT);
	desk_spaces(&desk);
	expect_note(0, 'V', 1, ITEM_MASKED);
}
END_TEST

START_TEST(changed_file_blocks)
{
	one_box();
	desk_event(&desk, (struct event){ .type = EVENT_CHANGED });
	ck_assert_int_eq(desk_space(&desk), SPACE_BLOCKED_CHANGED);
	desk_key(&desk, CMD_APPROVE, 0);
	ck_assert_uint_eq(desk.notes, 0);
	/* it can still be kept back */
	desk_key(&desk, CMD_WITHHOLD, 0);
	desk_character(&desk, '9');
	expect_note(0, 'V', 1, ITEM_WITHHELD);
}
END_TEST

START_TEST(picture_pane_is_not_evidence)
{
	desk.answers = false;
	one_box();
	desk_key(&desk, CMD_FIT, 0);
	desk.answers = true;
	desk_key(&desk, CMD_ZOOM_IN, 0);
	ck_assert_int_eq(desk_space(&desk), SPACE_EVIDENCE);
	desk_key(&desk, CMD_APPROVE, 0);
	ck_assert_int_eq(review_view(desk.m)->pane, PANE_EVIDENCE);
	ck_assert_int_eq(desk_space(&desk), SPACE_APPROVE);
}
END_TEST

START_TEST(a_page_without_its_frame_shows_nothing)
{
	desk.serves = false;
	one_box();
	ck_assert(!review_page_visible(desk.m));
	ck_assert_int_eq(desk_space(&desk), SPACE_EVIDENCE);
	desk_key(&desk, CMD_APPROVE, 0);
	ck_assert_uint_eq(desk.notes, 0);
	desk_serve(&desk);
	ck_assert_int_eq(desk_space(&desk), SPACE_APPROVE);
}
END_TEST

/* ---- no boxes ---- */

START_TEST(no_box_needs_tour_and_z)
{
	no_box();
	ck_assert_int_eq(desk_space(&desk), SPACE_CLEAN_NEEDED);
	desk_key(&desk, CMD_APPROVE, 0);
	desk_key(&desk, CMD_CLEAN, 0);
	ck_assert_uint_eq(desk.notes, 0);
	tour_all();
	desk_key(&desk, CMD_APPROVE, 0);
	ck_assert_uint_eq(desk.notes, 0);
	desk_key(&desk, CMD_CLEAN, 0);
	expect_note(0, 'V', 1, ITEM_CLEAN);
}
END_TEST

/* How long the tour is is told before it begins, and only where it is needed;
 * on another screen it is another one. */
START_TEST(pages_of_a_tour_are_told_before)
{
	int pages;

	for (int y = 20; y < 500; y += 90)
		for (int x = 20; x < 500; x += 90)
			desk_ink(&desk, x, y);
	no_box();
	pages = review_tour_pages(desk.m);
	ck_assert_int_gt(pages, 1);
	desk_screen(&desk, 200, 60, PICTURE_SEXTANT);
	ck_assert_int_gt(review_tour_pages(desk.m), 0);
	ck_assert_int_lt(review_tour_pages(desk.m), pages);
	pages = review_tour_pages(desk.m);
	desk_key(&desk, CMD_TOUR, 0);
	ck_assert_uint_eq(review_evidence(desk.m)->page_count, (size_t)pages);
	ck_assert_int_eq(review_tour_pages(desk.m), pages);
	for (int i = 0; i < 99 && review_touring(desk.m); i++)
		desk_key(&desk, CMD_APPROVE, 0);
	ck_assert(review_tour_done(desk.m));
	ck_assert_int_eq(review_tour_pages(desk.m), 0);
}
END_TEST

START_TEST(no_pages_are_told_of_a_tour_not_needed)
{
	one_box();
	ck_assert_int_eq(review_tour_pages(desk.m), 0);
	desk_key(&desk, CMD_SELECT, 1);
	desk_key(&desk, CMD_REJECT, 0);
	ck_assert_int_gt(review_tour_pages(desk.m), 0);
	desk_key(&desk, CMD_REJECT, 0);
	ck_assert_int_eq(review_tour_pages(desk.m), 0);
}
END_TEST

/* A key that can move nothing says why. */
START_TEST(edges_that_stay_say_why)
{
	static const struct { int tabs; enum command key; const char *says; }
	rows[] = {
		{ 0, CMD_LEFT, "" },
		{ 1, CMD_UP, "this edge moves left and right only; {handle}: "
			     "another one" },
		{ 2, CMD_RIGHT_8, "this edge moves up and down only; {handle}: "
				  "another one" },
		{ 1, CMD_RIGHT, "" }, { 2, CMD_DOWN, "" },
	};

	one_box();
	desk_key(&desk, CMD_SELECT, 1);
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		desk_key(&desk, CMD_EDIT, 0);
		for (int k = 0; k < rows[i].tabs; k++)
			desk_key(&desk, CMD_HANDLE, 0);
		desk_key(&desk, rows[i].key, 0);
		ck_assert_str_eq(review_message(desk.m), rows[i].says);
		desk_key(&desk, CMD_DROP, 0);
	}
	desk_key(&desk, CMD_EDIT, 0);
	for (int i = 0; i < 999 && !*review_message(desk.m); i++)
		desk_key(&desk, CMD_LEFT_8, 0);
	ck_assert_str_eq(review_message(desk.m), "it can't go further");
	ck_assert_int_eq(review_area(desk.m).x0, 0);
}
END_TEST

/* Tiles look the same whatever masks look like: that is said. */
START_TEST(masks_on_a_page_say_what_changes)
{
	one_box();
	ck_assert(review_page_visible(desk.m));
	desk_key(&desk, CMD_MASKS, 0);
	ck_assert_ptr_nonnull(strstr(review_message(desk.m), "masks filled"));
	desk_key(&desk, CMD_MASKS, 0);
	ck_assert_ptr_nonnull(strstr(review_message(desk.m), "masks hidden"));
	desk_key(&desk, CMD_MASKS, 0);
	ck_assert_str_eq(review_message(desk.m), "");
	desk_key(&desk, CMD_FIT, 0);
	desk_key(&desk, CMD_MASKS, 0);
	ck_assert_str_eq(review_message(desk.m), "");
}
END_TEST

/* What is no digit, Space too, is answered by what is waited for. */
START_TEST(a_reason_says_what_it_wants)
{
	one_box();
	desk_key(&desk, CMD_WITHHOLD, 0);
	ck_assert_int_eq(review_mode(desk.m), MODE_REASON);
	desk_character(&desk, 0);
	ck_assert_int_eq(review_mode(desk.m), MODE_REASON);
	ck_assert_str_eq(review_message(desk.m),
			 "a digit from 1 to 9, or Esc");
	ck_assert_uint_eq(desk.notes, 0);
}
END_TEST

START_TEST(half_a_tour_is_none)
{
	no_box();
	desk_key(&desk, CMD_TOUR, 0);
	desk_key(&desk, CMD_APPROVE, 0);
	desk_key(&desk, CMD_CLEAN, 0);
	ck_assert_str_eq(review_message(desk.m),
			 "first the rest of the tour: {approve}");
	desk_key(&desk, CMD_BY_EYE, 0);
	ck_assert_str_eq(review_message(desk.m),
			 "first the rest of the tour: {approve}");
	desk_key(&desk, CMD_BACK, 0);
	ck_assert_int_eq(review_mode(desk.m), MODE_REVIEW);
	desk_key(&desk, CMD_CLEAN, 0);
	ck_assert_str_eq(review_message(desk.m), "the tour first: {tour}");
	ck_assert_uint_eq(desk.notes, 0);
}
END_TEST

START_TEST(z_is_refused_with_masks)
{
	one_box();
	tour_all();
	desk_key(&desk, CMD_CLEAN, 0);
	ck_assert_uint_eq(desk.notes, 0);
}
END_TEST

/* A box in an overlay plane masks no pixel of the picture. */
START_TEST(overlay_box_is_no_box)
{
	desk_box(&desk, TIER_BOX, 20, 20, 100, 14)->plane = 0x6000;
	desk_open(&desk, 1);
	ck_assert_int_eq(desk_space(&desk), SPACE_CLEAN_NEEDED);
}
END_TEST

/* ---- candidates, faint ink ---- */

START_TEST(candidates_are_shown_and_taken)
{
	desk_box(&desk, TIER_BOX, 20, 20, 100, 14);
	desk_box(&desk, TIER_CANDIDATE, 20, 200, 100, 14);
	desk_open(&desk, 1);
	ck_assert_uint_eq(review_evidence(desk.m)->evidence_count, 2);
	desk_key(&desk, CMD_CANDIDATE_NEXT, 0);
	ck_assert_int_eq(review_selected(desk.m), 1);
	desk_key(&desk, CMD_TAKE, 0);
	ck_assert(review_masked(box_at(1)));
	ck_assert_int_eq(box_at(1)->decision, DECISION_ADDED);
	desk_key(&desk, CMD_APPROVE, 0);
	expect_note(0, 'V', 1, ITEM_MASKED);
	ck_assert_int_eq(desk.note[0].masked, 2);
}
END_TEST

START_TEST(a_candidate_alone_is_no_mask)
{
	desk_box(&desk, TIER_CANDIDATE, 20, 200, 100, 14);
	desk_open(&desk, 1);
	ck_assert_int_eq(desk_space(&desk), SPACE_CLEAN_NEEDED);
	tour_all();
	desk_key(&desk, CMD_CLEAN, 0);
	expect_note(0, 'V', 1, ITEM_CLEAN);
	ck_assert_int_eq(desk.note[0].boxes, 1);
	ck_assert_int_eq(desk.note[0].masked, 0);
}
END_TEST

static void too_much_faint_ink(void)
{
	desk_box(&desk, TIER_BOX, 20, 20, 100, 14);
	for (int i = 0; i < 12; i++)
		desk_box(&desk, TIER_FAINT, 20, 60 + 36 * i, 300, 14);
	desk_open(&desk, 1);
	ck_assert_int_gt(review_evidence(desk.m)->faint_left, 0);
	desk_spaces(&desk);
}

START_TEST(faint_ink_left_over_is_shown_by_v)
{
	int n, of;

	too_much_faint_ink();
	ck_assert_int_eq(review_space(desk.m, &n, &of), SPACE_BLOCKED_FAINT);
	ck_assert_int_eq(n, review_evidence(desk.m)->faint_left);
	ck_assert_uint_eq(desk.notes, 0);
	desk_key(&desk, CMD_TOUR, 0);
	ck_assert(!review_touring(desk.m));
	ck_assert_int_eq(review_evidence(desk.m)->faint_left, 0);
	ck_assert_int_eq(desk_space(&desk), SPACE_EVIDENCE);
	desk_spaces(&desk);
	expect_note(0, 'V', 1, ITEM_MASKED);
	/* the first page once, though the search for loose ink planned anew
	 * while its last line went on over the next */
	ck_assert_uint_eq(desk.note[0].seen, 13);
}
END_TEST

START_TEST(a_tour_does_not_replace_faint_crops)
{
	too_much_faint_ink();
	desk_key(&desk, CMD_REJECT_ALL, 0);
	desk_spaces(&desk);
	ck_assert_int_eq(desk_space(&desk), SPACE_BLOCKED_FAINT);
	desk_key(&desk, CMD_CLEAN, 0);
	ck_assert_uint_eq(desk.notes, 0);
	/* one v: Space leads through both, and says what is left */
	desk_key(&desk, CMD_TOUR, 0);
	ck_assert(!review_touring(desk.m));
	while (desk_space(&desk) == SPACE_EVIDENCE)
		desk_key(&desk, CMD_APPROVE, 0);
	ck_assert_int_eq(desk_space(&desk), SPACE_TOUR);
	desk_key(&desk, CMD_CLEAN, 0);
	ck_assert_uint_eq(desk.notes, 0);
	desk_key(&desk, CMD_APPROVE, 0);
	ck_assert(review_touring(desk.m));
	desk_spaces(&desk);
	ck_assert_int_eq(desk_space(&desk), SPACE_BLOCKED_REJECTED_ALL);
	ck_assert(review_tour_done(desk.m));
	desk_key(&desk, CMD_CLEAN, 0);
	expect_note(0, 'V', 1, ITEM_CLEAN);
}
END_TEST

/* Pressed before the evidence, v takes the tour first and leaves no faint ink
 * for another one. */
START_TEST(a_tour_brings_all_faint_ink)
{
	desk_box(&desk, TIER_BOX, 20, 20, 100, 14);
	for (int i = 0; i < 12; i++)
		desk_box(&desk, TIER_FAINT, 20, 60 + 36 * i, 300, 14);
	desk_open(&desk, 1);
	ck_assert_int_gt(review_evidence(desk.m)->faint_left, 0);
	desk_key(&desk, CMD_TOUR, 0);
	ck_assert(review_touring(desk.m));
	desk_spaces(&desk);
	expect_note(0, 'V', 1, ITEM_MASKED);
}
END_TEST

/* Text that comes later goes to the boxes as they are; what a file of boxes
 * does not keep comes from the proposal at its place. */
START_TEST(text_comes_later)
{
	struct proposals found = {
		.boxes = { .box = desk.box, .count = 2 }, .frames_read = 1,
		.text = CHECK_DONE, .faces = CHECK_GATED,
	};
	struct decided_box decided[2];
	size_t count;

	desk_box(&desk, TIER_BOX, 10, 10, 60, 30)->letter_height = 22;
	desk_box(&desk, TIER_CANDIDATE, 10, 100, 60, 20)->latin = true;
	for (int i = 0; i < 2; i++) {
		struct box b = desk.box[i];

		b.letter_height = 0;
		b.latin = false;
		b.tier = TIER_BOX;
		decided[i] = (struct decided_box){ .box = b, .id = i + 1,
			.decision = i ? DECISION_NO_MASK : DECISION_MASK };
	}
	desk.detects = false;
	desk_open(&desk, 1);
	desk_event(&desk, (struct event){ .type = EVENT_DETECTED,
		.proposals = &found, .decided = decided,
		.decided_count = 2 });
	const struct decided_box *b = review_boxes(desk.m, &count);

	ck_assert_uint_eq(count, 2);
	ck_assert_int_eq(b[0].box.letter_height, 22);
	ck_assert_int_eq((int)b[1].box.tier, (int)TIER_CANDIDATE);
	ck_assert(b[1].box.latin);
	ck_assert_str_eq(b[0].box.text, "");
	snprintf(desk.box[0].text, sizeof(desk.box[0].text), "SATO");
	desk.box[0].score = 1;
	desk_event(&desk, (struct event){ .type = EVENT_READ,
					  .proposals = &found });
	b = review_boxes(desk.m, &count);
	ck_assert_uint_eq(count, 2);
	ck_assert_str_eq(b[0].box.text, "SATO");
	ck_assert_int_ne(b[0].box.score, 1);
	ck_assert(!review_touched(desk.m, 1));
}
END_TEST

START_TEST(the_next_item_starts_with_one_faint_page)
{
	too_much_faint_ink();
	desk_key(&desk, CMD_TOUR, 0);
	desk_spaces(&desk);
	ck_assert_int_eq(review_item(desk.m)->row, 2);
	ck_assert_int_gt(review_evidence(desk.m)->faint_left, 0);
}
END_TEST

/* ---- faces and failed stages ---- */

static const struct {
	enum image_format format;
	bool colour, gated;
} gates[] = { { IMAGE_DICOM, false, false },
	     { IMAGE_DICOM, true, true }, { IMAGE_PNG, false, true },
	     { IMAGE_JPEG, true, true } };

START_TEST(faces_gate_png_jpeg_colour)
{
	desk.info.format = gates[_i].format;
	desk.info.colour = gates[_i].colour;
	desk.faces = CHECK_OFF;
	one_box();
	ck_assert_int_eq(desk_space(&desk), gates[_i].gated ?
			 SPACE_BLOCKED_FACES : SPACE_APPROVE);
	if (!gates[_i].gated)
		return;
	desk_key(&desk, CMD_APPROVE, 0);
	desk_key(&desk, CMD_BY_EYE, 0);
	ck_assert(!review_by_eye(desk.m));
	tour_all();
	ck_assert_int_eq(desk_space(&desk), SPACE_BLOCKED_FACES);
	desk_key(&desk, CMD_BY_EYE, 0);
	ck_assert_int_eq(desk_space(&desk), SPACE_APPROVE);
	desk_key(&desk, CMD_APPROVE, 0);
	expect_note(0, 'V', 1, ITEM_MASKED);
	ck_assert(desk.note[0].by_eye);
}
END_TEST

/* ---- what the policy asks for ---- */

static const struct {
	enum head_surface policy;
	enum head_part head;
	enum head_part said;            /* on the screen */
	bool blocked;
} heads[] = {
	{ HEAD_KEEP, HEAD_PART_SHOWN, HEAD_PART_NONE, false },
	{ HEAD_FLAG, HEAD_PART_SHOWN, HEAD_PART_SHOWN, false },
	{ HEAD_FLAG, HEAD_PART_UNKNOWN, HEAD_PART_UNKNOWN, false },
	{ HEAD_FLAG, HEAD_PART_NONE, HEAD_PART_NONE, false },
	{ HEAD_REQUIRE, HEAD_PART_SHOWN, HEAD_PART_SHOWN, true },
	{ HEAD_REQUIRE, HEAD_PART_UNKNOWN, HEAD_PART_UNKNOWN, true },
	{ HEAD_REQUIRE, HEAD_PART_NONE, HEAD_PART_NONE, false },
};

START_TEST(heads_by_policy)
{
	desk.policy.head_surface = heads[_i].policy;
	desk.info.head = heads[_i].head;
	one_box();
	ck_assert_int_eq((int)review_head(desk.m), (int)heads[_i].said);
	ck_assert_int_eq(desk_space(&desk), heads[_i].blocked ?
			 SPACE_BLOCKED_HEAD : SPACE_APPROVE);
	desk_key(&desk, CMD_APPROVE, 0);
	ck_assert_uint_eq(desk.notes, !heads[_i].blocked);
	if (!heads[_i].blocked) {
		ck_assert_int_eq(desk.note[0].head,
				 heads[_i].head != HEAD_PART_NONE);
		return;
	}
	/* the box becomes one of class face */
	desk_key(&desk, CMD_SELECT, 1);
	desk_key(&desk, CMD_CLASS, 0);
	desk_character(&desk, 'f');
	desk_spaces(&desk);
	expect_note(0, 'V', 1, ITEM_MASKED);
}
END_TEST

/* A face in an overlay is none of the picture. */
START_TEST(a_head_in_a_plane_is_no_head)
{
	struct box *face;

	desk.policy.head_surface = HEAD_REQUIRE;
	desk.info.head = HEAD_PART_SHOWN;
	face = desk_box(&desk, TIER_BOX, 40, 60, 100, 14);
	face->plane = 0x6000;
	face->class_ = CLASS_FACE;
	one_box();
	desk_spaces(&desk);
	ck_assert_int_eq(desk_space(&desk), SPACE_BLOCKED_HEAD);
	ck_assert_uint_eq(desk.notes, 0);
}
END_TEST

/* A blind reader needs the tour by no policy, and is told so. */
START_TEST(blind_scan)
{
	char text[256];

	desk.policy.blind = true;
	one_box();
	ck_assert_int_eq(desk_space(&desk), SPACE_BLOCKED_SCAN);
	desk_key(&desk, CMD_APPROVE, 0);
	ck_assert_uint_eq(desk.notes, 0);
	ck_assert_str_eq(review_message(desk.m),
			 "a blind reading needs the tour first: {tour}");
	view_space(&(struct view_data){ .model = desk.m }, text, sizeof(text));
	ck_assert_ptr_nonnull(strstr(text, "SPC blocked: a blind reading needs "
				     "a tour; press v"));
	tour_all();
	ck_assert_int_eq(desk_space(&desk), SPACE_APPROVE);
}
END_TEST

START_TEST(always_scan)
{
	desk.policy.require_scan_always = true;
	one_box();
	ck_assert_int_eq(desk_space(&desk), SPACE_BLOCKED_SCAN);
	desk_key(&desk, CMD_APPROVE, 0);
	ck_assert_uint_eq(desk.notes, 0);
	tour_all();
	ck_assert_int_eq(desk_space(&desk), SPACE_APPROVE);
	desk_key(&desk, CMD_APPROVE, 0);
	expect_note(0, 'V', 1, ITEM_MASKED);
}
END_TEST

/* ---- planes ---- */

START_TEST(planes_are_pictures_of_their_own)
{
	desk_box(&desk, TIER_BOX, 20, 20, 100, 14);
	desk_box(&desk, TIER_BOX, 40, 60, 100, 14)->plane = 0x6000;
	desk_open(&desk, 1);
	ck_assert_int_eq(review_view(desk.m)->frame_index, 0);
	desk_key(&desk, CMD_SELECT, 2);
	ck_assert_int_eq(review_view(desk.m)->frame_index,
			 frame_of_plane(0x6000, 0));
	ck_assert_int_eq(desk_space(&desk), SPACE_APPROVE);
	desk_key(&desk, CMD_APPROVE, 0);
	expect_note(0, 'V', 1, ITEM_MASKED);
	ck_assert_uint_eq(desk.note[0].seen, 2);
}
END_TEST

/* Text in a plane alone masks nothing: the picture wants its tour. */
START_TEST(a_plane_is_no_mask)
{
	desk_box(&desk, TIER_BOX, 40, 60, 100, 14)->plane = PLANE_BITS;
	desk_open(&desk, 1);
	desk_spaces(&desk);
	ck_assert_int_eq(desk_space(&desk), SPACE_CLEAN_NEEDED);
	tour_all();
	desk_key(&desk, CMD_CLEAN, 0);
	expect_note(0, 'V', 1, ITEM_CLEAN);
}
END_TEST

START_TEST(checked_faces_do_not_block)
{
	desk.info.format = IMAGE_JPEG;
	desk.faces = CHECK_DONE;
	one_box();
	ck_assert_int_eq(desk_space(&desk), SPACE_APPROVE);
}
END_TEST

START_TEST(removing_a_mask_asks_for_f_again)
{
	desk.info.format = IMAGE_PNG;
	desk.faces = CHECK_OFF;
	desk_box(&desk, TIER_BOX, 20, 20, 100, 14);
	desk_box(&desk, TIER_BOX, 20, 60, 100, 14);
	desk_open(&desk, 1);
	tour_all();
	desk_key(&desk, CMD_BY_EYE, 0);
	desk_key(&desk, CMD_SELECT, 2);
	desk_key(&desk, CMD_REJECT, 0);
	ck_assert(!review_by_eye(desk.m));
	ck_assert_int_eq(desk_space(&desk), SPACE_BLOCKED_FACES);
}
END_TEST

START_TEST(failed_stage_needs_tour_and_f)
{
	desk.detects = false;
	desk_open(&desk, 1);
	desk_event(&desk, (struct event){ .type = EVENT_STAGE_FAILED });
	ck_assert_int_eq(desk_space(&desk), SPACE_BLOCKED_FAILED);
	desk_key(&desk, CMD_CLEAN, 0);
	ck_assert_uint_eq(desk.notes, 0);
	tour_all();
	/* without a map of ink the tour covers the whole picture */
	desk_key(&desk, CMD_TOUR, 0);
	ck_assert_uint_gt(review_evidence(desk.m)->evidence_count, 8);
	desk_key(&desk, CMD_BACK, 0);
	desk_key(&desk, CMD_CLEAN, 0);
	ck_assert_uint_eq(desk.notes, 0);
	desk_key(&desk, CMD_BY_EYE, 0);
	desk_key(&desk, CMD_CLEAN, 0);
	expect_note(0, 'V', 1, ITEM_CLEAN);
	ck_assert(desk.note[0].by_eye);
}
END_TEST

START_TEST(text_not_done_is_a_failed_stage)
{
	desk.text = CHECK_FAILED;
	one_box();
	ck_assert_int_eq(desk_space(&desk), SPACE_BLOCKED_FAILED);
}
END_TEST

/* What reading that failed has found is no map: the tour goes over all. */
START_TEST(an_unsure_map_is_toured_whole)
{
	size_t tiles[3];

	for (int i = 0; i < 3; i++) {
		desk_done(&desk);
		desk_init(&desk, 512, 512);
		desk.text = i == 1 ? CHECK_FAILED : CHECK_DONE;
		desk.info.frames = i == 2 ? 2 : 1;
		no_box();
		desk_spaces(&desk);
		desk_key(&desk, CMD_TOUR, 0);
		tiles[i] = review_evidence(desk.m)->evidence_count;
	}
	ck_assert_uint_gt(tiles[1], tiles[0]);
	ck_assert_uint_gt(tiles[2], tiles[0]);
}
END_TEST

/* Also of a picture in which no face was expected. */
START_TEST(failed_faces_are_a_failed_stage)
{
	desk.faces = CHECK_FAILED;
	one_box();
	ck_assert_int_eq(desk_space(&desk), SPACE_BLOCKED_FAILED);
	desk_key(&desk, CMD_APPROVE, 0);
	ck_assert_uint_eq(desk.notes, 0);
}
END_TEST

/* Z and F say what Space never does: they too count only on what was seen. */
START_TEST(z_and_f_wait_for_the_answer)
{
	static const enum command said[] = { CMD_BY_EYE, CMD_CLEAN };

	desk.info.format = IMAGE_PNG;
	desk.faces = CHECK_OFF;
	no_box();
	tour_all();
	for (size_t i = 0; i < ARRAY_LENGTH(said); i++) {
		struct event e = { .type = EVENT_COMMAND, .command = said[i] };

		/* typed before the frame was answered */
		desk.ms += 500;
		desk_event(&desk, e);
		/* answered, they say: but what is shown changed since */
		desk.answers = false;
		desk_key(&desk, CMD_MASKS, 0);
		desk.ms += 500;
		e.answered = true;
		desk_event(&desk, e);
		ck_assert_int_eq(review_by_eye(desk.m), i > 0);
		ck_assert_uint_eq(desk.notes, 0);
		desk.answers = true;
		desk_key(&desk, CMD_REDRAW, 0);
		desk_key(&desk, said[i], 0);
	}
	expect_note(0, 'V', 1, ITEM_CLEAN);
	ck_assert(desk.note[0].by_eye);
}
END_TEST

/* ---- taking masks off ---- */

START_TEST(reject_toggles)
{
	desk_box(&desk, TIER_BOX, 20, 20, 100, 14);
	desk_box(&desk, TIER_BOX, 20, 60, 100, 14);
	desk_open(&desk, 1);
	desk_key(&desk, CMD_REJECT, 0);         /* none is selected */
	ck_assert(review_masked(box_at(0)) && review_masked(box_at(1)));
	desk_key(&desk, CMD_SELECT, 1);
	desk_key(&desk, CMD_REJECT, 0);
	ck_assert_int_eq(box_at(0)->decision, DECISION_NO_MASK);
	desk_key(&desk, CMD_REJECT, 0);
	ck_assert_int_eq(box_at(0)->decision, DECISION_MASK);
	desk_key(&desk, CMD_REJECT, 0);
	desk_key(&desk, CMD_APPROVE, 0);
	expect_note(0, 'V', 1, ITEM_MASKED);
	ck_assert_int_eq(desk.note[0].boxes, 2);
	ck_assert_int_eq(desk.note[0].masked, 1);
}
END_TEST

START_TEST(reason_before_an_identifier_is_bared)
{
	struct box *b = desk_box(&desk, TIER_BOX, 20, 20, 100, 14);

	if (_i == 0)
		snprintf(b->why, sizeof(b->why), "header:PatientName");
	else
		b->kind = KIND_FACE;
	desk_open(&desk, 1);
	desk_key(&desk, CMD_SELECT, 1);
	desk_key(&desk, CMD_REJECT, 0);
	ck_assert_int_eq(review_mode(desk.m), MODE_REASON);
	desk_character(&desk, '0');
	desk_character(&desk, 'q');
	ck_assert_int_eq(review_mode(desk.m), MODE_REASON);
	desk_key(&desk, CMD_DROP, 0);
	ck_assert_int_eq(review_mode(desk.m), MODE_REVIEW);
	ck_assert(review_masked(box_at(0)));
	desk_key(&desk, CMD_REJECT, 0);
	desk_character(&desk, '5');
	ck_assert(!review_masked(box_at(0)));
	ck_assert_int_eq(box_at(0)->reason, 5);
	/* putting it back is free */
	desk_key(&desk, CMD_REJECT, 0);
	ck_assert_int_eq(review_mode(desk.m), MODE_REVIEW);
	ck_assert(review_masked(box_at(0)));
	ck_assert_int_eq(box_at(0)->reason, 0);
}
END_TEST

START_TEST(all_rejected_needs_z)
{
	one_box();
	desk_key(&desk, CMD_REJECT_ALL, 0);
	ck_assert_int_eq(desk_space(&desk), SPACE_BLOCKED_REJECTED_ALL);
	desk_key(&desk, CMD_APPROVE, 0);
	desk_key(&desk, CMD_APPROVE, 0);
	desk_key(&desk, CMD_CLEAN, 0);
	ck_assert_uint_eq(desk.notes, 0);
	tour_all();
	desk_key(&desk, CMD_APPROVE, 0);
	ck_assert_uint_eq(desk.notes, 0);
	desk_key(&desk, CMD_CLEAN, 0);
	expect_note(0, 'V', 1, ITEM_CLEAN);
	ck_assert_int_eq(desk.note[0].boxes, 1);
}
END_TEST

START_TEST(what_is_bared_is_shown_bare)
{
	int n, of;

	for (int i = 0; i < 12; i++)
		desk_box(&desk, TIER_BOX, 20, 20 + 40 * i, 150, 14);
	desk_open(&desk, 1);
	for (int i = 0; i < 20 && desk_space(&desk) == SPACE_EVIDENCE; i++)
		desk_key(&desk, CMD_APPROVE, 0);
	ck_assert_int_eq(desk_space(&desk), SPACE_APPROVE);
	desk_key(&desk, CMD_REJECT_ALL, 0);
	ck_assert_int_eq(review_space(desk.m, &n, &of), SPACE_EVIDENCE);
	desk_spaces(&desk);
	ck_assert_int_eq(desk_space(&desk), SPACE_BLOCKED_REJECTED_ALL);
}
END_TEST

START_TEST(reject_all_asks_for_a_reason_once)
{
	struct box *b = desk_box(&desk, TIER_BOX, 20, 20, 100, 14);

	snprintf(b->why, sizeof(b->why), "header:PatientID");
	desk_box(&desk, TIER_BOX, 20, 60, 100, 14);
	desk_open(&desk, 1);
	desk_key(&desk, CMD_REJECT_ALL, 0);
	ck_assert_int_eq(review_mode(desk.m), MODE_REASON);
	desk_character(&desk, '4');
	ck_assert_int_eq(box_at(0)->reason, 4);
	ck_assert_int_eq(box_at(1)->reason, 0);
	ck_assert(!review_masked(box_at(0)) && !review_masked(box_at(1)));
}
END_TEST

static const struct { enum command key; enum item_state verdict; }
	leavings[] = { { CMD_WITHHOLD, ITEM_WITHHELD },
		   { CMD_ESCALATE, ITEM_ESCALATED } };

START_TEST(withhold_and_escalate_need_a_reason)
{
	/* even while detection runs */
	desk.detects = false;
	desk_open(&desk, 1);
	desk_key(&desk, leavings[_i].key, 0);
	desk_key(&desk, CMD_APPROVE, 0);
	ck_assert_uint_eq(desk.notes, 0);
	desk_character(&desk, '8');
	expect_note(0, 'V', 1, leavings[_i].verdict);
	ck_assert_int_eq(desk.note[0].reason, 8);
	ck_assert_int_eq(review_item(desk.m)->row, 2);
}
END_TEST

/* ---- adding and editing ---- */

/* What was never opened has no hash that the log could name; a verdict holds
 * the boxes of before, which come once the file is read. */
START_TEST(what_is_being_read_is_not_kept_back)
{
	static const enum command keys[] = { CMD_WITHHOLD, CMD_ESCALATE };
	const struct decided_box box = { .id = 1,
		.box = { .region = { 20, 20, 120, 34 }, .tier = TIER_BOX } };

	desk.detects = false;
	for (int known = 0; known < 2; known++) {
		desk.item[0].has_sha256 = known;
		desk_event(&desk, (struct event){
			.type = EVENT_ITEM, .policy = &desk.policy,
			.item = &desk.item[0], .decided = &box,
			.decided_count = (size_t)known });
		desk_key(&desk, keys[_i], 0);
		ck_assert_int_eq(review_mode(desk.m), MODE_REVIEW);
		ck_assert(desk.effects & EFFECT_BELL);
		desk_character(&desk, '8');
		ck_assert_uint_eq(desk.notes, 0);
	}
	/* one of an earlier session that nobody looked at may go at once */
	desk_open(&desk, 1);
	desk_key(&desk, keys[_i], 0);
	desk_character(&desk, '8');
	ck_assert_uint_eq(desk.notes, 1);
}
END_TEST

/* What was changed here and is read again keeps its boxes, and its verdict is
 * given again once they are there. */
START_TEST(a_verdict_again_waits_for_its_boxes)
{
	one_box();
	desk_key(&desk, CMD_WITHHOLD, 0);
	desk_character(&desk, '8');
	desk.detects = false;
	desk_key(&desk, CMD_UNDO, 0);
	desk.notes = 0;
	desk_key(&desk, CMD_REDO, 0);
	ck_assert(desk.effects & EFFECT_BELL);
	desk_key(&desk, CMD_WITHHOLD, 0);
	ck_assert(desk.effects & EFFECT_BELL);
	ck_assert_int_eq(review_mode(desk.m), MODE_REVIEW);
	ck_assert_uint_eq(desk.notes, 0);
	desk_detect(&desk);
	ck_assert_uint_eq(box_count(), 1);
	desk_key(&desk, CMD_REDO, 0);
	expect_note(0, 'V', 1, ITEM_WITHHELD);
	ck_assert_int_eq(desk.note[0].boxes, 1);
}
END_TEST

START_TEST(an_edit_is_shown_before_it_counts)
{
	one_box();
	desk_key(&desk, CMD_SELECT, 1);
	desk_key(&desk, CMD_EDIT, 0);
	desk_key(&desk, CMD_RIGHT_8, 2);
	desk.answers = false;
	desk_key(&desk, CMD_KEEP, 0);
	ck_assert_int_eq(box_at(0)->decision, DECISION_CHANGED);
	ck_assert_int_eq(box_at(0)->box.region.x0, 36);
	ck_assert_int_eq(desk_space(&desk), SPACE_EVIDENCE);
	desk.answers = true;
	desk_key(&desk, CMD_REDRAW, 0);
	ck_assert_int_eq(desk_space(&desk), SPACE_APPROVE);
	desk_key(&desk, CMD_APPROVE, 0);
	expect_note(0, 'V', 1, ITEM_MASKED);
}
END_TEST

START_TEST(space_while_editing_keeps_and_escape_drops)
{
	one_box();
	desk_key(&desk, CMD_SELECT, 1);
	desk_key(&desk, CMD_EDIT, 0);
	desk_key(&desk, CMD_DOWN, 5);
	desk_key(&desk, CMD_DROP, 0);
	ck_assert_int_eq(box_at(0)->decision, DECISION_MASK);
	ck_assert_int_eq(box_at(0)->box.region.y0, 20);
	desk_key(&desk, CMD_EDIT, 0);
	desk_key(&desk, CMD_DOWN, 5);
	ck_assert_int_eq(desk_space(&desk), SPACE_KEEP_EDIT);
	desk_key(&desk, CMD_APPROVE, 0);
	ck_assert_int_eq(box_at(0)->box.region.y0, 25);
	ck_assert_uint_eq(desk.notes, 0);
}
END_TEST

static const struct { int handle; enum command key;
		      struct region want; } pushes[] = {
	{ 0, CMD_LEFT, { 10, 20, 110, 34 } },
	{ 1, CMD_LEFT, { 10, 20, 120, 34 } },
	{ 1, CMD_UP, { 20, 20, 120, 34 } },
	{ 2, CMD_UP, { 20, 10, 120, 34 } },
	{ 3, CMD_RIGHT, { 20, 20, 130, 34 } },
	{ 4, CMD_DOWN, { 20, 20, 120, 44 } },
	{ 1, CMD_RIGHT_8, { 100, 20, 120, 34 } },
	{ 4, CMD_UP, { 20, 20, 120, 24 } },
	{ 0, CMD_UP_8, { 20, 0, 120, 14 } },
	{ 0, CMD_GROW, { 10, 10, 130, 44 } },
};

START_TEST(handles_push_one_edge)
{
	one_box();
	desk_key(&desk, CMD_SELECT, 1);
	desk_key(&desk, CMD_EDIT, 0);
	for (int i = 0; i < pushes[_i].handle; i++)
		desk_key(&desk, CMD_HANDLE, 0);
	desk_key(&desk, pushes[_i].key, 10);
	ck_assert(region_equal(review_area(desk.m), pushes[_i].want));
}
END_TEST

START_TEST(an_edge_stays_on_its_side)
{
	one_box();
	desk_key(&desk, CMD_SELECT, 1);
	desk_key(&desk, CMD_EDIT, 0);
	desk_key(&desk, CMD_HANDLE, 0);
	desk_key(&desk, CMD_RIGHT, 60000);
	ck_assert(region_equal(review_area(desk.m),
			       (struct region){ 119, 20, 120, 34 }));
	desk_key(&desk, CMD_SHRINK, 1);
	ck_assert_int_eq(region_width(review_area(desk.m)), 1);
}
END_TEST

static const struct { enum command key; enum review_mode mode; } at_hand[] = {
	{ CMD_EDIT, MODE_EDIT }, { CMD_CLASS, MODE_CLASS },
};

START_TEST(the_only_box_of_a_page_is_at_hand)
{
	one_box();
	ck_assert_int_eq(review_selected(desk.m), -1);
	desk_key(&desk, CMD_REJECT, 0);
	ck_assert_str_eq(review_message(desk.m), 
			 "select a box first: its number, or {box-next}");
	desk_key(&desk, at_hand[_i].key, 0);
	ck_assert_int_eq(review_mode(desk.m), at_hand[_i].mode);
	ck_assert_int_eq(review_selected(desk.m), 0);
}
END_TEST

START_TEST(of_two_boxes_none_is_at_hand)
{
	desk_box(&desk, TIER_BOX, 20, 20, 100, 14);
	desk_box(&desk, TIER_BOX, 20, 60, 100, 14);
	desk_open(&desk, 1);
	desk_key(&desk, at_hand[_i].key, 0);
	ck_assert_int_eq(review_mode(desk.m), MODE_REVIEW);
	ck_assert_int_eq(review_selected(desk.m), -1);
	ck_assert_str_eq(review_message(desk.m), 
			 "select a box first: its number, or {box-next}");
}
END_TEST

START_TEST(add_by_key_pad)
{
	no_box();
	desk_key(&desk, CMD_ADD, 0);
	ck_assert_int_eq(review_mode(desk.m), MODE_ADD);
	ck_assert(region_equal(review_area(desk.m),
			       (struct region){ 0, 0, 512, 512 }));
	desk_key(&desk, CMD_KEEP, 0);
	desk_key(&desk, CMD_APPROVE, 0);        /* all of it is not meant */
	ck_assert_int_eq(review_mode(desk.m), MODE_ADD);
	ck_assert_str_eq(review_message(desk.m), "narrow it first: 1-9; or "
			 "move an edge: {handle}, then {left}{down}{up}{right}");
	desk_key(&desk, CMD_DROP, 0);
	ck_assert_uint_eq(box_count(), 0);
	ck_assert(!review_grid(desk.m));
	desk_key(&desk, CMD_ADD, 0);
	ck_assert(review_grid(desk.m));
	ck_assert(region_equal(review_ninth(desk.m, 9),
			       (struct region){ 341, 0, 512, 170 }));
	desk_character(&desk, '9');             /* upper right */
	ck_assert(region_equal(review_area(desk.m),
			       (struct region){ 341, 0, 512, 170 }));
	ck_assert(review_grid(desk.m));
	desk_key(&desk, CMD_LEFT, 0);           /* it is placed, not narrowed */
	ck_assert(!review_grid(desk.m));
	desk_key(&desk, CMD_RIGHT, 0);
	ck_assert(review_grid(desk.m));
	desk_key(&desk, CMD_SELECT, 1);         /* lower left of that */
	ck_assert(region_equal(review_area(desk.m),
			       (struct region){ 341, 113, 398, 170 }));
	desk_key(&desk, CMD_KEEP, 0);           /* one Enter is enough */
	ck_assert_int_eq(review_mode(desk.m), MODE_REVIEW);
	ck_assert_uint_eq(box_count(), 1);
	ck_assert_int_eq(box_at(0)->decision, DECISION_ADDED);
	ck_assert_int_eq(box_at(0)->box.source, SOURCE_REVIEWER);
	desk_spaces(&desk);
	expect_note(0, 'V', 1, ITEM_MASKED);
}
END_TEST

START_TEST(rejecting_an_added_box_removes_it)
{
	one_box();
	desk_key(&desk, CMD_ADD, 0);
	desk_character(&desk, '5');
	desk_key(&desk, CMD_KEEP, 0);
	ck_assert_int_eq(review_selected(desk.m), 1);
	desk_key(&desk, CMD_REJECT, 0);
	ck_assert_uint_eq(box_count(), 1);
	ck_assert_int_eq(review_selected(desk.m), -1);
	desk_key(&desk, CMD_UNDO, 0);
	ck_assert_uint_eq(box_count(), 2);
}
END_TEST

START_TEST(only_masks_all_around)
{
	long long area = 0;
	size_t count;
	const struct decided_box *b;

	no_box();
	desk_key(&desk, CMD_ADD, 0);
	desk_character(&desk, '5');
	desk_key(&desk, CMD_ONLY, 0);
	b = review_boxes(desk.m, &count);
	ck_assert_uint_eq(count, 4);
	for (size_t i = 0; i < count; i++) {
		area += region_area(b[i].box.region);
		ck_assert(region_area(region_intersect(b[i].box.region,
			(struct region){ 170, 170, 341, 341 })) == 0);
	}
	ck_assert_int_eq(area, 512 * 512 - 171 * 171);
	ck_assert_ptr_nonnull(strstr(review_message(desk.m), "boxes: 4; {undo} "
				     "takes it back"));
	desk_key(&desk, CMD_UNDO, 0);
	ck_assert_uint_eq(box_count(), 0);
}
END_TEST

/* Masks handed on are taken back in their turn, and only once. */
START_TEST(what_is_handed_on_is_taken_back)
{
	const struct event handed = { .type = EVENT_HANDED };

	no_box();
	desk_key(&desk, CMD_ADD, 0);
	desk_character(&desk, '5');
	desk_key(&desk, CMD_KEEP, 0);
	desk_key(&desk, CMD_KEEP, 0);
	ck_assert_uint_eq(box_count(), 1);
	desk_key(&desk, CMD_REMEMBER, 0);
	ck_assert(desk.effects & EFFECT_REMEMBER);
	desk_event(&desk, handed);
	desk_key(&desk, CMD_PROPAGATE, 0);
	desk_character(&desk, 's');
	ck_assert(desk.effects & EFFECT_PROPAGATE);
	desk_event(&desk, handed);
	/* on a decided item u is about its verdict */
	desk.item[2].state = ITEM_MASKED;
	desk_open(&desk, 3);
	desk_key(&desk, CMD_UNDO, 0);
	ck_assert(desk.effects & EFFECT_REOPEN);
	ck_assert(!(desk.effects & EFFECT_TAKE_BACK));
	desk_open(&desk, 1);
	for (int i = 0; i < 2; i++) {
		desk_key(&desk, CMD_UNDO, 0);
		ck_assert(desk.effects & EFFECT_TAKE_BACK);
		ck_assert_uint_eq(box_count(), 1);
	}
	desk_key(&desk, CMD_REDO, 0);
	ck_assert(!(desk.effects & (EFFECT_TAKE_BACK | EFFECT_PROPAGATE)));
	desk_key(&desk, CMD_UNDO, 0);
	ck_assert(!(desk.effects & EFFECT_TAKE_BACK));
	ck_assert_uint_eq(box_count(), 0);
}
END_TEST

/* What was zoomed to for an area is left with it. */
START_TEST(leaving_an_area_leaves_its_zoom)
{
	static const enum command leave[] = { CMD_DROP, CMD_KEEP };

	for (size_t i = 0; i < ARRAY_LENGTH(leave); i++) {
		if (!i)
			no_box();
		desk_key(&desk, CMD_ADD, 0);
		desk_character(&desk, '5');
		desk_character(&desk, '5');
		ck_assert(!review_view(desk.m)->fit);
		desk_key(&desk, leave[i], 0);
		ck_assert_int_eq(review_mode(desk.m), MODE_REVIEW);
		ck_assert(review_view(desk.m)->fit);
		ck_assert(region_equal(review_view(desk.m)->shown,
				       (struct region){ 0, 0, 512, 512 }));
	}
}
END_TEST

START_TEST(only_around_a_drawn_box_takes_it_away)
{
	no_box();
	desk_key(&desk, CMD_ADD, 0);
	desk_character(&desk, '5');
	desk_key(&desk, CMD_KEEP, 0);
	desk_key(&desk, CMD_ONLY, 0);
	ck_assert_uint_eq(box_count(), 4);
	desk_key(&desk, CMD_UNDO, 0);
	ck_assert_uint_eq(box_count(), 1);
}
END_TEST

/* Letters of 12 pixels' height from x0 to x1. */
static void draw_line(int x0, int x1, int y)
{
	for (int x = x0; x + 3 <= x1; x += 8)
		desk_draw(&desk, (struct region){ x, y, x + 3, y + 12 }, 255);
}

START_TEST(a_tight_box_snaps_to_its_line_block_and_banner)
{
	static const struct region wanted[] = {
		{ 98, 98, 297, 114 }, { 98, 98, 357, 134 },
		{ 0, 98, 512, 134 },
	};

	draw_line(100, 300, 100);
	draw_line(200, 360, 120);
	draw_line(100, 300, 300);
	desk_box(&desk, TIER_BOX, 120, 104, 60, 4);
	desk_open(&desk, 1);
	desk_key(&desk, CMD_SELECT, 1);
	for (size_t i = 0; i < 3; i++) {
		desk_key(&desk, CMD_SNAP, 0);
		ck_assert(region_equal(box_at(0)->box.region, wanted[i]));
		ck_assert_int_eq(box_at(0)->decision, DECISION_CHANGED);
	}
	desk_key(&desk, CMD_UNDO, 0);
	ck_assert(region_equal(box_at(0)->box.region, wanted[1]));
	desk_key(&desk, CMD_REDO, 0);
	desk_key(&desk, CMD_SNAP, 0);           /* and back to its ink */
	ck_assert(region_equal(box_at(0)->box.region, wanted[1]));
}
END_TEST

/* Bright tissue beside a line: it never becomes a part of the block. */
START_TEST(snap_stops_at_anatomy)
{
	draw_line(100, 300, 100);
	desk_draw(&desk, (struct region){ 400, 60, 440, 400 }, 180);
	for (int y = 120; y < 400; y += 2)
		desk_draw(&desk, (struct region){ 60 + y % 7, y, 420 - y % 5,
						  y + 2 }, 180);
	desk_box(&desk, TIER_BOX, 120, 104, 60, 4);
	desk_open(&desk, 1);
	desk_key(&desk, CMD_SELECT, 1);
	for (size_t i = 0; i < 4; i++) {
		desk_key(&desk, CMD_SNAP, 0);
		ck_assert_int_eq(box_at(0)->box.region.y0, 98);
		ck_assert_int_eq(box_at(0)->box.region.y1, 114);
		/* nor a banner through tissue */
		ck_assert_int_eq(box_at(0)->box.region.x0, 98);
	}
}
END_TEST

/* A box in tissue is made to fit, and does not grow over all of it. */
START_TEST(snap_in_anatomy_grows_nowhere)
{
	struct region box = { 200, 200, 260, 220 };

	for (int y = 100; y < 400; y++)
		for (int x = 100 + y % 3; x < 400; x += 3)
			desk_draw(&desk, (struct region){ x, y, x + 1, y + 1 },
				  255);
	desk_box(&desk, TIER_BOX, box.x0, box.y0, 60, 20);
	desk_open(&desk, 1);
	desk_key(&desk, CMD_SELECT, 1);
	for (size_t i = 0; i < 3; i++) {
		desk_key(&desk, CMD_SNAP, 0);
		ck_assert(region_contains(box,
					  box_at(0)->box.region));
	}
}
END_TEST

START_TEST(a_loose_box_snaps_to_its_ink)
{
	draw_line(100, 300, 100);
	desk_box(&desk, TIER_BOX, 60, 80, 300, 60);
	desk_open(&desk, 1);
	desk_key(&desk, CMD_SELECT, 1);
	desk.answers = false;
	desk_key(&desk, CMD_SNAP, 0);
	ck_assert(region_equal(box_at(0)->box.region,
			       (struct region){ 98, 98, 297, 114 }));
	/* what it bares was not shown yet */
	ck_assert_int_eq(desk_space(&desk), SPACE_EVIDENCE);
}
END_TEST

START_TEST(without_ink_nothing_snaps)
{
	draw_line(100, 300, 100);
	desk_box(&desk, TIER_BOX, 60, 300, 100, 20);
	desk_open(&desk, 1);
	desk_key(&desk, CMD_SELECT, 1);
	desk_key(&desk, CMD_SNAP, 0);
	ck_assert_str_eq(review_message(desk.m), "there is no ink here");
	ck_assert_int_eq(box_at(0)->decision, DECISION_MASK);
}
END_TEST

START_TEST(an_area_snaps_before_it_is_kept)
{
	draw_line(100, 300, 100);
	no_box();
	desk_key(&desk, CMD_ADD, 0);
	desk_character(&desk, '8');
	desk_key(&desk, CMD_SNAP, 0);
	ck_assert(region_equal(review_area(desk.m),
			       (struct region){ 98, 98, 297, 114 }));
	ck_assert_int_eq(review_mode(desk.m), MODE_ADD);
	desk_key(&desk, CMD_KEEP, 0);
	ck_assert_uint_eq(box_count(), 1);
	ck_assert(region_equal(box_at(0)->box.region,
			       (struct region){ 98, 98, 297, 114 }));
}
END_TEST

/* ---- letters on lines ---- */

START_TEST(a_letter_masks_a_line)
{
	size_t count;

	draw_line(100, 300, 100);
	for (int x = 100; x < 300; x += 10)
		desk_ink(&desk, x, 100);
	desk_box(&desk, TIER_BOX, 20, 20, 100, 14);
	desk_box(&desk, TIER_BENIGN, 20, 60, 100, 14);
	desk_box(&desk, TIER_CANDIDATE, 20, 300, 100, 14);
	desk_open(&desk, 1);
	desk_key(&desk, CMD_HINT, 0);
	ck_assert_int_eq(review_mode(desk.m), MODE_HINT);
	review_hints(desk.m, &count);           /* benign, ink, candidate */
	ck_assert_uint_eq(count, 3);
	desk_character(&desk, 'z');
	ck_assert_int_eq(review_mode(desk.m), MODE_HINT);
	desk_character(&desk, 's');
	ck_assert_int_eq(review_mode(desk.m), MODE_REVIEW);
	ck_assert_uint_eq(box_count(), 4);
	ck_assert_int_eq(box_at(3)->box.source, SOURCE_REVIEWER);
	ck_assert(region_equal(box_at(3)->box.region,
			       (struct region){ 98, 98, 297, 114 }));
	desk_key(&desk, CMD_HINT, 0);
	desk_character(&desk, 'a');
	ck_assert(review_masked(box_at(2)));    /* the benign one */
	ck_assert_int_eq(box_at(2)->decision, DECISION_ADDED);
	desk_key(&desk, CMD_HINT, 0);
	desk_character(&desk, 'a');
	ck_assert(review_masked(box_at(1)));    /* the candidate */
	desk_key(&desk, CMD_HINT, 0);
	ck_assert_str_eq(review_message(desk.m),
			 "no line without a mask here: {add} adds one");
	for (int i = 0; i < 3; i++)
		desk_key(&desk, CMD_UNDO, 0);
	ck_assert_uint_eq(box_count(), 3);
	ck_assert(!review_masked(box_at(1)) && !review_masked(box_at(2)));
}
END_TEST

START_TEST(many_lines_have_two_letters)
{
	char label[3];
	size_t count;

	for (int i = 0; i < 26; i++)
		desk_box(&desk, TIER_BENIGN, 20 + i % 2 * 200, 10 + i * 18,
			 100, 14);
	desk_screen(&desk, 200, 60, PICTURE_SEXTANT);
	desk_open(&desk, 1);
	desk_key(&desk, CMD_HINT, 0);
	review_hints(desk.m, &count);
	ck_assert_uint_eq(count, 26);
	ck_assert_int_eq(review_hint_sets(desk.m), 1);
	desk_key(&desk, CMD_BOX_NEXT, 0);
	ck_assert_str_eq(review_message(desk.m),
			 "all lines here have a letter");
	review_hint_label(desk.m, 25, label);
	ck_assert_str_eq(label, "sa");
	desk_character(&desk, 's');
	ck_assert_int_eq(review_mode(desk.m), MODE_HINT);
	desk_character(&desk, 'a');
	ck_assert_int_eq(review_mode(desk.m), MODE_REVIEW);
	ck_assert(review_masked(box_at((size_t)review_selected(desk.m))));
	desk_key(&desk, CMD_HINT, 0);
	desk_key(&desk, CMD_DROP, 0);
	ck_assert_int_eq(review_mode(desk.m), MODE_REVIEW);
}
END_TEST

/* Of 30 lines on a low screen few have letters at a time: none on another,
 * the larger first; Tab goes through all, each once. */
START_TEST(letters_do_not_lie_on_each_other)
{
	bool had[30] = { false };
	size_t count;
	int sets, rounds = 0;

	for (int i = 0; i < 30; i++)
		desk_box(&desk, TIER_BENIGN, 10 + i % 5 * 30, 10 + i / 5 * 18,
			 i % 5 == 2 ? 120 : 24, 14);
	desk_open(&desk, 1);
	desk_key(&desk, CMD_HINT, 0);
	sets = review_hint_sets(desk.m);
	ck_assert_int_gt(sets, 1);
	ck_assert_int_lt(sets, 30);
	ck_assert(strstr(review_message(desk.m), "of 30; Tab: the others"));
	for (; rounds < sets; rounds++) {
		const struct hint *hint = review_hints(desk.m, &count);
		int large = 0;

		ck_assert_uint_gt(count, 0);
		for (size_t i = 0; i < count; i++) {
			/* 512 pixels are 60 sub-pixels: 30 cells, 20 rows */
			int row = hint[i].region.y0 * 20 / 512;
			int column = hint[i].region.x0 * 30 / 512;

			ck_assert(!had[hint[i].box]);
			had[hint[i].box] = true;
			large += region_width(hint[i].region) == 120;
			for (size_t k = 0; k < i; k++)
				ck_assert(hint[k].region.y0 * 20 / 512 != row ||
					  abs(hint[k].region.x0 * 30 / 512 -
					      column) > 1);
		}
		ck_assert(rounds > 0 || large > 0);
		desk_key(&desk, CMD_BOX_NEXT, 0);
	}
	for (int i = 0; i < 30; i++)
		ck_assert(had[i]);
	/* a letter means what stands beside it now */
	desk_key(&desk, CMD_BOX_NEXT, 0);
	int box = review_hints(desk.m, &count)[0].box;
	char label[3];

	review_hint_label(desk.m, 0, label);
	for (const char *c = label; *c; c++)
		desk_character(&desk, *c);
	ck_assert(review_masked(box_at((size_t)box)));
}
END_TEST

/* ---- letters on masks ---- */

/* Boxes 1 to 3 are masked, 2 by an attribute; 4 is a candidate. */
static void open_masks(void)
{
	struct box *b;

	desk_box(&desk, TIER_BOX, 20, 20, 100, 14);
	b = desk_box(&desk, TIER_BOX, 20, 60, 100, 14);
	snprintf(b->why, sizeof(b->why), "header:PatientName");
	desk_box(&desk, TIER_BOX, 20, 100, 100, 14);
	desk_box(&desk, TIER_CANDIDATE, 20, 300, 100, 14);
	desk_screen(&desk, 200, 60, PICTURE_SEXTANT);
	desk_open(&desk, 1);
}

static void press_letter_of(int box)
{
	size_t count;
	const struct hint *hint = review_hints(desk.m, &count);
	char label[3];

	for (size_t i = 0; i < count; i++)
		if (hint[i].box == box) {
			review_hint_label(desk.m, i, label);
			desk_character(&desk, label[0]);
			return;
		}
	ck_abort_msg("no letter for box %d", box);
}

static int masks(void)
{
	int masked = 0;

	for (size_t i = 0; i < box_count(); i++)
		masked += review_masked(box_at(i));
	return masked;
}

START_TEST(letters_take_off_several_masks)
{
	size_t count;

	open_masks();
	desk_key(&desk, CMD_UNMASK, 0);
	ck_assert_int_eq(review_mode(desk.m), MODE_UNMASK);
	review_hints(desk.m, &count);
	ck_assert_uint_eq(count, 3);            /* no candidate */
	press_letter_of(0);
	press_letter_of(2);
	ck_assert_int_eq(masks(), 3);           /* Enter does it */
	desk_key(&desk, CMD_APPROVE, 0);
	ck_assert_int_eq(review_mode(desk.m), MODE_UNMASK);
	desk_key(&desk, CMD_KEEP, 0);
	ck_assert_int_eq(review_mode(desk.m), MODE_REVIEW);
	ck_assert(!review_masked(box_at(0)) && !review_masked(box_at(2)));
	ck_assert(review_masked(box_at(1)));
	desk_key(&desk, CMD_UNDO, 0);           /* the group as one */
	ck_assert_int_eq(masks(), 3);
	desk_key(&desk, CMD_REDO, 0);
	ck_assert_int_eq(masks(), 1);
}
END_TEST

START_TEST(letters_ask_for_a_reason)
{
	open_masks();
	desk_key(&desk, CMD_UNMASK, 0);
	press_letter_of(0);
	press_letter_of(1);
	desk_key(&desk, CMD_KEEP, 0);
	ck_assert_int_eq(review_mode(desk.m), MODE_REASON);
	ck_assert_int_eq(review_asked(desk.m), ASKED_UNMASK);
	ck_assert_int_eq(masks(), 3);
	desk_character(&desk, '6');
	ck_assert_int_eq(masks(), 1);
	/* each its own: only what wants one has it */
	ck_assert_int_eq(box_at(0)->reason, 0);
	ck_assert_int_eq(box_at(1)->reason, 6);
}
END_TEST

START_TEST(letters_that_are_dropped_change_nothing)
{
	open_masks();
	desk_key(&desk, CMD_UNMASK, 0);
	desk_key(&desk, CMD_KEEP, 0);           /* none was pressed */
	ck_assert_int_eq(review_mode(desk.m), MODE_UNMASK);
	press_letter_of(0);
	press_letter_of(0);                     /* again: not this one */
	desk_key(&desk, CMD_KEEP, 0);
	ck_assert_int_eq(review_mode(desk.m), MODE_UNMASK);
	press_letter_of(0);
	desk_character(&desk, 'm');             /* nobody's */
	desk_key(&desk, CMD_DROP, 0);
	ck_assert_int_eq(review_mode(desk.m), MODE_REVIEW);
	ck_assert_int_eq(masks(), 3);
	desk_key(&desk, CMD_UNMASK, 0);
	press_letter_of(1);
	desk_key(&desk, CMD_KEEP, 0);
	desk_key(&desk, CMD_DROP, 0);           /* the reason */
	ck_assert_int_eq(masks(), 3);
	desk_key(&desk, CMD_UNMASK, 0);         /* nothing of before is left */
	desk_key(&desk, CMD_KEEP, 0);
	ck_assert_int_eq(review_mode(desk.m), MODE_UNMASK);
}
END_TEST

START_TEST(what_letters_bared_is_shown_again)
{
	int n, of, page;

	open_masks();
	ck_assert_int_eq(review_space(desk.m, &n, &of), SPACE_APPROVE);
	page = review_page(desk.m);
	desk.answers = false;
	desk_key(&desk, CMD_UNMASK, 0);
	press_letter_of(0);
	press_letter_of(2);
	desk_key(&desk, CMD_KEEP, 0);
	ck_assert_int_eq(masks(), 1);
	ck_assert_int_eq(review_space(desk.m, &n, &of), SPACE_EVIDENCE);
	ck_assert_int_eq(review_page(desk.m), page);    /* where it was */
	desk_key(&desk, CMD_APPROVE, 0);
	ck_assert_uint_eq(desk.notes, 0);
	desk.answers = true;
	desk_event(&desk, (struct event){ .type = EVENT_PAINTED,
		.revision = review_revision(desk.m) });
	ck_assert_int_eq(review_space(desk.m, &n, &of), SPACE_APPROVE);
}
END_TEST

START_TEST(letters_on_the_picture)
{
	size_t count;

	open_masks();
	desk_key(&desk, CMD_SELECT, 3);
	desk_key(&desk, CMD_ZOOM_BOX, 0);
	desk_key(&desk, CMD_ZOOM_IN, 0);
	desk_key(&desk, CMD_UNMASK, 0);
	review_hints(desk.m, &count);
	ck_assert_uint_eq(count, 1);
	press_letter_of(2);
	desk_key(&desk, CMD_KEEP, 0);
	ck_assert(!review_masked(box_at(2)));
	ck_assert_int_eq(masks(), 2);
}
END_TEST

START_TEST(no_mask_has_no_letter)
{
	desk_box(&desk, TIER_CANDIDATE, 20, 300, 100, 14);
	desk_open(&desk, 1);
	desk_key(&desk, CMD_UNMASK, 0);
	ck_assert_int_eq(review_mode(desk.m), MODE_REVIEW);
	ck_assert_str_eq(review_message(desk.m), "there is no mask here");
}
END_TEST

/* ---- repeat ---- */

START_TEST(the_last_edit_is_repeated)
{
	desk_box(&desk, TIER_BOX, 20, 20, 100, 14);
	desk_box(&desk, TIER_BOX, 20, 60, 100, 14);
	desk_box(&desk, TIER_BOX, 20, 100, 100, 14);
	desk_open(&desk, 1);
	desk_key(&desk, CMD_SELECT, 1);
	desk_key(&desk, CMD_REPEAT, 0);
	ck_assert_str_eq(review_message(desk.m), "nothing to repeat");
	desk_key(&desk, CMD_EDIT, 0);
	desk_key(&desk, CMD_GROW, 3);
	desk_key(&desk, CMD_KEEP, 0);
	desk_key(&desk, CMD_SELECT, 2);
	desk_key(&desk, CMD_REPEAT, 0);
	ck_assert(region_equal(box_at(1)->box.region,
			       (struct region){ 17, 57, 123, 77 }));
	ck_assert_int_eq(box_at(1)->decision, DECISION_CHANGED);
	desk_key(&desk, CMD_CLASS, 0);
	desk_character(&desk, 'd');
	desk_key(&desk, CMD_SELECT, 3);
	desk_key(&desk, CMD_REPEAT, 0);
	ck_assert_int_eq(box_at(2)->box.class_, CLASS_DATE);
	desk_key(&desk, CMD_SELECT, 1);
	desk_key(&desk, CMD_REJECT, 0);
	desk_key(&desk, CMD_SELECT, 3);
	desk_key(&desk, CMD_REPEAT, 0);
	ck_assert(!review_masked(box_at(2)));
}
END_TEST

START_TEST(an_edit_grows_to_blocks_and_the_full_width)
{
	desk.info.mcu_columns = desk.info.mcu_rows = 16;
	desk_box(&desk, TIER_BOX, 20, 20, 100, 14);
	desk_open(&desk, 1);
	desk_key(&desk, CMD_SELECT, 1);
	desk_key(&desk, CMD_EDIT, 0);
	desk_key(&desk, CMD_BLOCKS, 0);
	ck_assert(region_equal(review_area(desk.m),
			       (struct region){ 16, 16, 128, 48 }));
	desk_key(&desk, CMD_FULL_WIDTH, 0);
	desk_key(&desk, CMD_ZOOM_BOX, 0);
	desk_key(&desk, CMD_CLASS, 0);
	ck_assert_int_eq(review_mode(desk.m), MODE_CLASS);
	ck_assert(region_equal(box_at(0)->box.region,
			       (struct region){ 0, 16, 512, 48 }));
}
END_TEST

/* Bands of noise over all of the picture end too. */
START_TEST(snap_ends_everywhere)
{
	for (int y = 0; y < 512; y += 3)
		desk_draw(&desk, (struct region){ 0, y, 512, y + 1 }, 255);
	desk_box(&desk, TIER_BOX, 250, 250, 10, 10);
	desk_open(&desk, 1);
	desk_key(&desk, CMD_SELECT, 1);
	desk_key(&desk, CMD_SNAP, 0);
	ck_assert(region_contains((struct region){ 0, 0, 512, 512 },
				  box_at(0)->box.region));
}
END_TEST

START_TEST(ink_across_an_edge_is_its_own_evidence)
{
	size_t before;

	/* one line of "letters", 12 pixels high, cut in two by the mask */
	for (int x = 100; x < 300; x += 8)
		desk_draw(&desk, (struct region){ x, 100, x + 3, 112 }, 255);
	desk_draw(&desk, (struct region){ 100, 105, 300, 107 }, 255);
	desk_box(&desk, TIER_BOX, 96, 96, 208, 20);
	desk_open(&desk, 1);
	before = review_evidence(desk.m)->evidence_count;
	ck_assert_uint_eq(before, 1);
	desk_key(&desk, CMD_SELECT, 1);
	desk_key(&desk, CMD_EDIT, 0);
	for (int i = 0; i < 3; i++)
		desk_key(&desk, CMD_HANDLE, 0);
	desk_key(&desk, CMD_LEFT, 100);
	desk.answers = false;
	desk_key(&desk, CMD_KEEP, 0);
	ck_assert_uint_eq(review_evidence(desk.m)->evidence_count, 2);
	ck_assert_int_eq(desk_space(&desk), SPACE_EVIDENCE);
	desk.answers = true;
	desk_key(&desk, CMD_REDRAW, 0);
	desk_spaces(&desk);
	/* what was uncovered does not fit the last page */
	ck_assert_int_eq(desk_space(&desk), SPACE_BLOCKED_FAINT);
	desk_key(&desk, CMD_TOUR, 0);
	desk_spaces(&desk);
	expect_note(0, 'V', 1, ITEM_MASKED);
	ck_assert_uint_ge(desk.note[0].seen, 3);
}
END_TEST

/* ---- ink that nobody proposed ---- */

/* Strokes like those of a line of letters, 12 pixels high. */
static void draw_strokes(int x0, int x1, int y)
{
	for (int x = x0; x < x1; x += 10) {
		desk_draw(&desk, (struct region){ x, y, x + 3, y + 12 }, 255);
		desk_draw(&desk, (struct region){ x, y + 5, x + 6, y + 7 },
			  255);
	}
}

/* Who masks one line of a page is not led away from the others. */
START_TEST(lines_of_a_page_are_not_lost)
{
	const struct evidence_plan *plan;
	struct evidence open[64];
	size_t count = 0;
	int taken = -1;

	desk_box(&desk, TIER_BOX, 20, 20, 100 + 40 * _i, 14 + _i);
	for (int i = 0; i < 12; i++)
		desk_box(&desk, i % 2 ? TIER_FAINT : TIER_CANDIDATE,
			 20 + 8 * i, 60 + 30 * i, 60 + 12 * i * (_i + 1) % 90,
			 12 + (i + _i) % 5);
	desk_open(&desk, 1);
	for (int i = 0; i < _i; i++)
		desk_key(&desk, CMD_APPROVE, 0);
	plan = review_evidence(desk.m);
	const struct evidence_page *page = &plan->page[review_page(desk.m)];

	for (size_t k = page->first; k < page->first + page->count; k++) {
		const struct evidence *e =
			&plan->evidence[plan->placement[k].evidence];

		if (e->kind == EVIDENCE_BOX)
			continue;
		if (taken < 0)
			taken = e->box;
		else if (count < 64 && e->box != taken)
			open[count++] = *e;
	}
	if (taken < 0)
		return;
	desk.answers = false;
	desk_key(&desk, CMD_SELECT, (taken + 1) / 10);
	desk_key(&desk, CMD_SELECT, (taken + 1) % 10 ? (taken + 1) % 10 : 0);
	ck_assert_int_eq(review_selected(desk.m), taken);
	desk_key(&desk, CMD_TAKE, 0);
	ck_assert(review_masked(box_at((size_t)taken)));
	plan = review_evidence(desk.m);
	for (size_t i = 0; i < plan->evidence_count; i++) {
		const struct evidence *e = &plan->evidence[i];

		if (evidence_same(e, open, count))
			ck_assert(!e->shown || evidence_on_page(plan,
				review_page(desk.m), e->box));
	}
	if (count > 0) {
		bool some = false;

		for (size_t i = 0; i < count; i++)
			some = some || evidence_on_page(plan,
				review_page(desk.m), open[i].box);
		ck_assert(some);
	}
}
END_TEST

static int loose_evidences(void)
{
	const struct evidence_plan *plan = review_evidence(desk.m);
	int count = 0;

	for (size_t i = 0; i < plan->evidence_count; i++)
		count += plan->evidence[i].kind == EVIDENCE_FAINT &&
			plan->evidence[i].box < 0;
	return count;
}

START_TEST(ink_without_a_box_is_evidence)
{
	const struct evidence_plan *plan;

	draw_strokes(100, 180, 100);
	draw_strokes(20, 120, 22);
	desk_box(&desk, TIER_BOX, 16, 18, 110, 20);
	desk_open(&desk, 1);
	plan = review_evidence(desk.m);
	ck_assert_int_eq(loose_evidences(), 1);
	ck_assert(region_contains(plan->evidence[1].region,
				  (struct region){ 100, 100, 176, 112 }));
	/* nobody read it */
	ck_assert(!plan->evidence[1].latin);
	/* a letter masks it; then it is a box */
	desk_key(&desk, CMD_HINT, 0);
	desk_character(&desk, 's');
	if (review_mode(desk.m) == MODE_HINT)
		desk_character(&desk, 'a');
	ck_assert_uint_eq(box_count(), 2);
	ck_assert_int_eq(loose_evidences(), 0);
	desk_key(&desk, CMD_UNDO, 0);
	ck_assert_int_eq(loose_evidences(), 1);
	desk_spaces(&desk);
	expect_note(0, 'V', 1, ITEM_MASKED);
	ck_assert_uint_ge(desk.note[0].seen, 2);
}
END_TEST

static void make_grey(int grey)
{
	desk_draw(&desk, (struct region){ 0, 0, desk.plane.columns,
					  desk.plane.rows }, grey);
}

/* A line at 100,100 with all values of the picture, with a box elsewhere. */
static struct plane whole_with_a_line(enum box_tier tier)
{
	size_t count = (size_t)desk.plane.columns * (size_t)desk.plane.rows;
	struct plane whole = desk.plane;

	make_grey(80);
	draw_strokes(100, 180, 100);
	whole.pixel = malloc(count);
	ck_assert_ptr_nonnull(whole.pixel);
	memcpy(whole.pixel, desk.plane.pixel, count);
	desk_box(&desk, tier, 300, 300, 100, 20);
	return whole;
}

START_TEST(ink_that_the_window_hides_is_evidence)
{
	struct plane whole = whole_with_a_line(TIER_BOX);
	const struct evidence *e = NULL;
	long long serial;

	desk.whole = &whole;
	make_grey(0);
	desk_open(&desk, 1);
	ck_assert_int_eq(loose_evidences(), 1);
	for (size_t i = 0; i < review_evidence(desk.m)->evidence_count; i++)
		if (review_evidence(desk.m)->evidence[i].box < 0)
			e = &review_evidence(desk.m)->evidence[i];
	ck_assert_ptr_nonnull(e);
	ck_assert_int_eq(e->frame, FRAME_WHOLE);
	ck_assert(region_contains(e->region,
				  (struct region){ 100, 100, 176, 112 }));
	ck_assert_ptr_nonnull(review_plane(desk.m, FRAME_WHOLE, &serial));
	ck_assert_int_eq(review_view(desk.m)->frame_index, 0);
	desk_key(&desk, CMD_HINT, 0);
	desk_character(&desk, 's');
	if (review_mode(desk.m) == MODE_HINT)
		desk_character(&desk, 'a');
	ck_assert_uint_eq(box_count(), 2);
	ck_assert_int_eq(box_at(1)->box.frame0, 0);
	ck_assert_int_eq(loose_evidences(), 0);
	desk_key(&desk, CMD_UNDO, 0);
	ck_assert_int_eq(loose_evidences(), 1);
	desk_spaces(&desk);
	expect_note(0, 'V', 1, ITEM_MASKED);
	ck_assert_uint_ge(desk.note[0].seen, 2);
	free(whole.pixel);
}
END_TEST

/* Black or white in the window of the file, or seen in it as it is. */
START_TEST(what_the_window_shows_is_not_shown_twice)
{
	static const struct { int grey; bool strokes; int loose, frame; }
		row[] = { { 255, false, 1, FRAME_WHOLE }, { 100, false, 0, 0 },
			  { 80, true, 1, 0 }, { 0, true, 1, 0 } };
	struct plane whole = whole_with_a_line(TIER_BOX);
	const struct evidence_plan *plan;

	desk.whole = &whole;
	make_grey(row[_i].grey);
	if (row[_i].strokes)
		draw_strokes(100, 180, 100);
	desk_open(&desk, 1);
	ck_assert_int_eq(loose_evidences(), row[_i].loose);
	plan = review_evidence(desk.m);
	for (size_t i = 0; i < plan->evidence_count; i++)
		if (plan->evidence[i].box < 0)
			ck_assert_int_eq(plan->evidence[i].frame,
					 row[_i].frame);
	free(whole.pixel);
}
END_TEST

/* Cleared by rule, proposed, or on a picture that is toured anyway: no. */
START_TEST(ink_under_any_box_is_none)
{
	static const enum box_tier tier[] = { TIER_BOX, TIER_CANDIDATE,
					      TIER_BENIGN };

	draw_strokes(100, 180, 100);
	desk_box(&desk, TIER_BOX, 300, 300, 100, 20);
	desk_box(&desk, tier[_i], 96, 96, 90, 20);
	desk_open(&desk, 1);
	ck_assert_int_eq(loose_evidences(), 0);
}
END_TEST

START_TEST(ink_without_any_mask_is_toured)
{
	draw_strokes(100, 180, 100);
	no_box();
	ck_assert_int_eq(loose_evidences(), 0);
	ck_assert_int_eq(desk_space(&desk), SPACE_CLEAN_NEEDED);
}
END_TEST

/* The tour shows it as the file's window does: what that hides is shown apart,
 * also once the last mask was taken off. */
START_TEST(hidden_ink_without_any_mask_is_evidence)
{
	struct plane whole = whole_with_a_line(_i ? TIER_BOX : TIER_BENIGN);

	desk.whole = &whole;
	make_grey(0);
	desk_open(&desk, 1);
	if (_i)
		desk_key(&desk, CMD_REJECT_ALL, 0);
	ck_assert_int_eq(loose_evidences(), 1);
	for (int i = 0; i < 9 && desk_space(&desk) == SPACE_EVIDENCE; i++)
		desk_key(&desk, CMD_APPROVE, 0);
	ck_assert_int_eq(desk_space(&desk), _i ? SPACE_BLOCKED_REJECTED_ALL :
						 SPACE_CLEAN_NEEDED);
	tour_all();
	desk_key(&desk, CMD_CLEAN, 0);
	expect_note(0, 'V', 1, ITEM_CLEAN);
	free(whole.pixel);
}
END_TEST

START_TEST(ink_of_many_frames_is_seen_on_the_projections)
{
	const struct evidence_plan *plan;

	desk.info.frames = 10;
	draw_strokes(100, 180, 100);
	desk_box(&desk, TIER_BOX, 300, 300, 100, 20)->frame1 = 9;
	desk_open(&desk, 1);
	ck_assert_int_eq(loose_evidences(), 0);
	desk_spaces(&desk);
	expect_note(0, 'V', 1, ITEM_MASKED);
	plan = review_evidence(desk.m);
	for (size_t i = 0; i < plan->evidence_count; i++)
		ck_assert(plan->evidence[i].box >= 0 ||
			  plan->evidence[i].frame < 0);
	/* box, two projections, the line on both of them */
	ck_assert_uint_ge(desk.note[0].seen, 5);
}
END_TEST

START_TEST(classes_by_letter)
{
	one_box();
	desk_key(&desk, CMD_SELECT, 1);
	desk_key(&desk, CMD_CLASS, 0);
	ck_assert_int_eq(review_mode(desk.m), MODE_CLASS);
	desk_character(&desk, '?');
	ck_assert_int_eq(review_mode(desk.m), MODE_CLASS);
	desk_character(&desk, review_class_letter[_i]);
	ck_assert_int_eq(review_mode(desk.m), MODE_REVIEW);
	ck_assert_int_eq(box_at(0)->box.class_, _i);
	ck_assert_int_eq(box_at(0)->decision, DECISION_CHANGED);
	for (int i = 0; i < _i; i++)
		ck_assert_int_ne(review_class_letter[i],
				 review_class_letter[_i]);
}
END_TEST

/* ---- many frames ---- */

START_TEST(many_frames_show_projections_and_each_line)
{
	const struct evidence_plan *plan;
	int projections = 0;

	desk.info.frames = 10;
	desk_box(&desk, TIER_BOX, 20, 20, 100, 14);
	snprintf(desk_box(&desk, TIER_BOX, 20, 60, 100, 14)->text, 4, "one");
	desk.box[1].frame1 = 3;
	desk.box[2] = desk.box[1];
	desk.box[2].frame0 = 5;
	desk.box[2].frame1 = 7;
	desk.boxes = 3;
	desk_open(&desk, 1);
	plan = review_evidence(desk.m);
	for (size_t i = 0; i < plan->evidence_count; i++)
		projections += plan->evidence[i].kind == EVIDENCE_PROJECTION;
	ck_assert_int_eq(projections, 2);
	/* the line of frames 0-3 and 5-7 is one, with its frame range */
	ck_assert_uint_eq(plan->evidence_count, 4);
	ck_assert_int_eq(plan->evidence[1].first_frame, 0);
	ck_assert_int_eq(plan->evidence[1].last_frame, 7);
	ck_assert_int_eq(desk_spaces(&desk), 3);
	expect_note(0, 'V', 1, ITEM_MASKED);
	ck_assert_int_eq(desk.note[0].masked, 3);
}
END_TEST

/* Three boxes on three frames; ink crosses the edge of the last. */
static void on_three_frames(void)
{
	desk.info.frames = 8;
	for (int i = 0; i < 3; i++) {
		struct box *b = desk_box(&desk, TIER_BOX, 20 + 100 * i, 20,
					 30, 14);

		b->frame0 = b->frame1 = 2 * i;
	}
	desk_draw(&desk, (struct region){ 230, 10, 234, 30 }, 200);
}

static int edges_on(int frame)
{
	const struct evidence_plan *plan = review_evidence(desk.m);
	int edges = 0;

	for (size_t i = 0; i < plan->evidence_count; i++)
		edges += plan->evidence[i].kind == EVIDENCE_EDGE &&
			plan->evidence[i].frame == frame;
	return edges;
}

START_TEST(frames_of_a_page_come_one_by_one)
{
	static const int wanted[] = { 4, 2, 0 };
	long long serial;

	on_three_frames();
	desk.serves = false;
	desk_open(&desk, 1);
	for (int i = 0; i < 3; i++) {
		ck_assert_int_eq(review_view(desk.m)->frame_index, wanted[i]);
		ck_assert(desk.effects & EFFECT_NEED_FRAME);
		ck_assert(!review_page_visible(desk.m));
		ck_assert_ptr_null(review_plane(desk.m, wanted[i], &serial));
		desk_serve(&desk);
	}
	ck_assert(review_page_visible(desk.m));
	ck_assert(!(desk.effects & EFFECT_NEED_FRAME));
	for (int i = 0; i < 3; i++)
		ck_assert_ptr_nonnull(review_plane(desk.m, wanted[i],
						   &serial));
	ck_assert_ptr_null(review_plane(desk.m, 1, &serial));
}
END_TEST

/* An edit on one frame of a page: its edges are looked at again, though the
 * frame does not come again. */
START_TEST(edges_are_found_on_all_frames_of_a_page)
{
	on_three_frames();
	desk_open(&desk, 1);
	ck_assert_int_eq(review_view(desk.m)->frame_index, 0);
	ck_assert_int_eq(edges_on(4), 1);
	desk_key(&desk, CMD_SELECT, 3);
	ck_assert_int_eq(review_view(desk.m)->frame_index, 4);
	desk_key(&desk, CMD_REJECT, 0);
	ck_assert_int_eq(edges_on(4), 0);
	desk_key(&desk, CMD_SELECT, 1);
	ck_assert_int_eq(review_view(desk.m)->frame_index, 0);
	desk_key(&desk, CMD_UNDO, 0);
	ck_assert_int_eq(edges_on(4), 1);
	desk_spaces(&desk);
	expect_note(0, 'V', 1, ITEM_MASKED);
	ck_assert_int_eq(desk.note[0].masked, 3);
}
END_TEST

START_TEST(a_box_on_a_late_frame_is_shown_there)
{
	desk.info.frames = 300;
	desk_box(&desk, TIER_BOX, 20, 20, 100, 14)->frame0 = 150;
	desk.box[0].frame1 = 150;
	desk_open(&desk, 1);
	ck_assert_int_eq(review_view(desk.m)->frame_index, 150);
	desk_key(&desk, CMD_FRAME_NEXT, 0);
	ck_assert_int_eq(review_view(desk.m)->frame_index, 151);
	ck_assert(!review_page_visible(desk.m));
	desk_spaces(&desk);
	expect_note(0, 'V', 1, ITEM_MASKED);
}
END_TEST

/* What the residual pass left is at hand once the verdict is taken back, and
 * not where that verdict knew it; nor while the item is decided. */
static const struct {
	enum item_state state;
	size_t decided;
	int selected;                   /* -1: none */
} leftovers[] = {
	{ ITEM_OPEN, 1, 1 }, { ITEM_OPEN, 2, -1 }, { ITEM_OPEN, 0, -1 },
	{ ITEM_MASKED, 1, -1 },
};

START_TEST(what_held_a_copy_back_is_selected)
{
	struct decided_box decided[2] = { 0 };
	struct proposals p = { .text = CHECK_DONE, .faces = CHECK_GATED,
			       .frames_read = 1 };
	int wanted = leftovers[_i].selected;

	desk_box(&desk, TIER_BOX, 20, 20, 100, 14);
	desk_box(&desk, TIER_BOX, 20, 60, 100, 14);
	snprintf(desk.box[1].why, sizeof(desk.box[1].why), "residual");
	for (int i = 0; i < 2; i++)
		decided[i] = (struct decided_box){ .box = desk.box[i],
						   .id = i + 1 };
	p.boxes = (struct box_list){ .box = desk.box, .count = 2 };
	desk.detects = false;
	desk.item[0].state = leftovers[_i].state;
	desk_open(&desk, 1);
	desk_event(&desk, (struct event){ .type = EVENT_DETECTED,
		.proposals = &p, .decided = decided,
		.decided_count = leftovers[_i].decided });
	ck_assert_uint_eq(box_count(), 2);
	ck_assert_int_eq(review_selected(desk.m), wanted);
	ck_assert_int_eq(strstr(review_message(desk.m), "box 2 is new") !=
			 NULL, wanted >= 0);
	ck_assert_int_eq(review_left(desk.m, box_at(1)),
			 leftovers[_i].state == ITEM_OPEN);
	ck_assert(!review_left(desk.m, box_at(0)));
}
END_TEST

/* Nor when it comes while a reason is asked for, for another box. */
START_TEST(what_is_asked_for_is_not_changed_by_what_comes)
{
	struct decided_box decided = { .id = 1 };
	struct proposals p = { .text = CHECK_DONE, .faces = CHECK_GATED,
			       .frames_read = 1 };

	desk_box(&desk, TIER_BOX, 20, 20, 100, 14);
	desk_box(&desk, TIER_BOX, 20, 60, 100, 14);
	snprintf(desk.box[0].why, sizeof(desk.box[0].why), "header:PatientID");
	snprintf(desk.box[1].why, sizeof(desk.box[1].why), "residual");
	decided.box = desk.box[0];
	p.boxes = (struct box_list){ .box = desk.box, .count = 2 };
	desk.detects = false;
	desk_open(&desk, 1);
	desk_event(&desk, (struct event){ .type = EVENT_STAGE_FAILED,
		.decided = &decided, .decided_count = 1 });
	desk_key(&desk, CMD_SELECT, 1);
	desk_key(&desk, CMD_REJECT, 0);
	ck_assert_int_eq(review_mode(desk.m), MODE_REASON);
	desk_event(&desk, (struct event){ .type = EVENT_DETECTED,
		.proposals = &p, .decided = &decided, .decided_count = 1 });
	ck_assert_uint_eq(box_count(), 2);
	desk_character(&desk, '6');
	ck_assert(!review_masked(box_at(0)));
	ck_assert(review_masked(box_at(1)));
}
END_TEST

START_TEST(unread_frames_block)
{
	struct proposals p = { .text = CHECK_DONE, .faces = CHECK_GATED,
			       .frames_read = 9 };

	desk.info.frames = 10;
	desk.detects = false;
	desk_open(&desk, 1);
	desk_event(&desk, (struct event){ .type = EVENT_DETECTED,
					  .proposals = &p });
	desk_spaces(&desk);
	ck_assert_int_eq(desk_space(&desk), SPACE_BLOCKED_FAILED);
}
END_TEST

/* ---- undo ---- */

/* The box that was taken back is at hand for the next key. */
START_TEST(undo_keeps_the_box_at_hand)
{
	desk_box(&desk, TIER_BOX, 20, 20, 100, 14);
	desk_box(&desk, TIER_BOX, 20, 60, 100, 14);
	desk_open(&desk, 1);
	desk_key(&desk, CMD_SELECT, 2);
	desk_key(&desk, CMD_REJECT, 0);
	desk_key(&desk, CMD_UNDO, 0);
	ck_assert_int_eq(review_selected(desk.m), 1);
	desk_key(&desk, CMD_EDIT, 0);
	ck_assert_int_eq(review_mode(desk.m), MODE_EDIT);
	desk_key(&desk, CMD_DROP, 0);
	desk_key(&desk, CMD_REDO, 0);
	ck_assert_int_eq(review_selected(desk.m), 1);
	/* one that goes again is not */
	desk_key(&desk, CMD_ADD, 0);
	desk_character(&desk, '5');
	desk_key(&desk, CMD_KEEP, 0);
	desk_key(&desk, CMD_UNDO, 0);
	ck_assert_int_eq(review_selected(desk.m), -1);
}
END_TEST

START_TEST(undo_goes_back_over_items)
{
	desk_box(&desk, TIER_BOX, 20, 20, 100, 14);
	desk_box(&desk, TIER_BOX, 20, 60, 100, 14);
	desk_open(&desk, 1);
	desk_key(&desk, CMD_SELECT, 2);
	desk_key(&desk, CMD_REJECT, 0);
	desk_spaces(&desk);
	ck_assert_int_eq(review_item(desk.m)->row, 2);
	desk_key(&desk, CMD_UNDO, 0);
	expect_note(1, 'R', 1, ITEM_OPEN);
	ck_assert_int_eq(review_item(desk.m)->row, 1);
	ck_assert(review_masked(box_at(0)) && !review_masked(box_at(1)));
	desk_key(&desk, CMD_UNDO, 0);
	ck_assert(review_masked(box_at(1)));
	desk_key(&desk, CMD_UNDO, 0);
	ck_assert(desk.effects & EFFECT_BELL);
	desk_key(&desk, CMD_REDO, 0);
	ck_assert(!review_masked(box_at(1)));
	desk_spaces(&desk);
	expect_note(2, 'V', 1, ITEM_MASKED);
	ck_assert_int_eq(desk.note[2].masked, 1);
}
END_TEST

/* U gives a verdict that was taken back again, as it was, and goes on. */
START_TEST(a_verdict_is_given_again)
{
	desk_box(&desk, TIER_BOX, 20, 20, 100, 14);
	desk_box(&desk, TIER_BOX, 20, 60, 100, 14);
	desk_open(&desk, 1);
	desk_key(&desk, CMD_SELECT, 2);
	desk_key(&desk, CMD_REJECT, 0);
	desk_spaces(&desk);
	expect_note(0, 'V', 1, ITEM_MASKED);
	desk_key(&desk, CMD_SELECT, 1);
	desk_key(&desk, CMD_REJECT, 0);
	desk_key(&desk, CMD_UNDO, 0);
	ck_assert_int_eq(review_given_again(desk.m), 0);
	desk_key(&desk, CMD_UNDO, 0);           /* once too often */
	expect_note(1, 'R', 1, ITEM_OPEN);
	ck_assert_int_eq(review_given_again(desk.m), 1);
	desk_key(&desk, CMD_REDO, 0);
	expect_note(2, 'V', 1, ITEM_MASKED);
	ck_assert_int_eq(desk.note[2].masked, 1);
	ck_assert_uint_eq(desk.note[2].seen, desk.note[0].seen);
	ck_assert_int_eq(review_item(desk.m)->row, 2);
	/* and what was taken back before it */
	ck_assert(review_masked(box_at(0)));
	desk_key(&desk, CMD_REDO, 0);
	ck_assert(!review_masked(box_at(0)));
	ck_assert_uint_eq(desk.notes, 3);
}
END_TEST

/* From somewhere else the first U only goes there. */
START_TEST(a_verdict_is_given_again_on_its_screen)
{
	one_box();
	desk_key(&desk, CMD_APPROVE, 0);
	desk_key(&desk, CMD_LIST, 0);
	desk_key(&desk, CMD_UNDO, 0);
	expect_note(1, 'R', 1, ITEM_OPEN);
	desk_open(&desk, 3);
	desk_key(&desk, CMD_REDO, 0);
	ck_assert_uint_eq(desk.notes, 2);
	ck_assert_int_eq(review_item(desk.m)->row, 1);
	ck_assert_str_eq(review_message(desk.m),
			 "item 1: {redo} once more gives its verdict again");
	/* nor before it was on the screen */
	desk.answers = false;
	desk_key(&desk, CMD_REDRAW, 0);
	desk_key(&desk, CMD_REDO, 0);
	ck_assert_uint_eq(desk.notes, 2);
	desk.answers = true;
	desk_key(&desk, CMD_REDRAW, 0);
	desk_key(&desk, CMD_REDO, 0);
	expect_note(2, 'V', 1, ITEM_MASKED);
	desk_key(&desk, CMD_REDO, 0);
	ck_assert_str_eq(review_message(desk.m), "nothing to do again");
}
END_TEST

START_TEST(a_verdict_is_not_given_again_on_what_changed)
{
	struct box *more;

	one_box();
	desk_key(&desk, CMD_APPROVE, 0);
	desk_key(&desk, CMD_UNDO, 0);
	desk_key(&desk, CMD_SELECT, 1);
	desk_key(&desk, CMD_REJECT, 0);
	desk_key(&desk, CMD_REDO, 0);
	ck_assert_str_eq(review_message(desk.m), "changed since its verdict "
			 "was taken back: decide anew");
	desk_key(&desk, CMD_UNDO, 0);
	desk_key(&desk, CMD_APPROVE, 0);
	expect_note(2, 'V', 1, ITEM_MASKED);
	desk_key(&desk, CMD_UNDO, 0);
	/* something more was found on it, and was not seen */
	more = desk_box(&desk, TIER_BOX, 20, 90, 100, 14);
	ck_assert_ptr_nonnull(more);
	desk_open(&desk, 2);
	desk_open(&desk, 1);
	desk_key(&desk, CMD_REDO, 0);
	ck_assert_str_eq(review_message(desk.m),
			 "the boxes are not as they were: decide anew");
	ck_assert_uint_eq(desk.notes, 4);
}
END_TEST

START_TEST(clean_by_eye_and_withheld_are_given_again)
{
	desk.faces = CHECK_NO_MODEL;
	no_box();
	desk_key(&desk, CMD_TOUR, 0);
	desk_spaces(&desk);
	desk_key(&desk, CMD_BY_EYE, 0);
	desk_key(&desk, CMD_CLEAN, 0);
	expect_note(0, 'V', 1, ITEM_CLEAN);
	desk_key(&desk, CMD_UNDO, 0);
	ck_assert(!review_by_eye(desk.m));
	desk_key(&desk, CMD_REDO, 0);
	expect_note(2, 'V', 1, ITEM_CLEAN);
	ck_assert(desk.note[0].by_eye && desk.note[2].by_eye);
	desk_key(&desk, CMD_ESCALATE, 0);
	desk_character(&desk, '8');
	expect_note(3, 'V', 2, ITEM_ESCALATED);
	desk_key(&desk, CMD_UNDO, 0);
	desk_key(&desk, CMD_REDO, 0);
	expect_note(5, 'V', 2, ITEM_ESCALATED);
	ck_assert_int_eq(desk.note[5].reason, 8);
}
END_TEST

/* What was seen stays seen while it is as it was: of the item whose verdict is
 * taken back, or that was left; a changed box is shown again. */
START_TEST(what_was_seen_stays_seen)
{
	for (int i = 0; i < 12; i++)
		desk_box(&desk, TIER_BOX, 10, 10 + 20 * i, 300, 14);
	desk_open(&desk, 1);
	ck_assert_int_eq(desk_space(&desk), SPACE_EVIDENCE);
	ck_assert_int_gt(desk_spaces(&desk), 1);
	desk_key(&desk, CMD_UNDO, 0);
	ck_assert_int_eq(review_item(desk.m)->row, 1);
	ck_assert_int_eq(desk_space(&desk), SPACE_APPROVE);
	/* another item has all before it, and this one still nothing */
	desk_key(&desk, CMD_ITEM_NEXT, 0);
	ck_assert_int_eq(desk_space(&desk), SPACE_EVIDENCE);
	desk_key(&desk, CMD_ITEM_PREV, 0);
	ck_assert_int_eq(desk_space(&desk), SPACE_APPROVE);
	/* the verdict tells it all again */
	desk_key(&desk, CMD_APPROVE, 0);
	expect_note(2, 'V', 1, ITEM_MASKED);
	ck_assert_uint_eq(desk.note[2].seen, desk.note[0].seen);
	/* a change and back, away in between: it was not seen like that */
	desk_key(&desk, CMD_UNDO, 0);
	desk.serves = false;
	desk_key(&desk, CMD_SELECT, 12);
	desk_key(&desk, CMD_REJECT, 0);
	desk_key(&desk, CMD_ITEM_NEXT, 0);
	desk_key(&desk, CMD_UNDO, 0);
	desk.serves = true;
	ck_assert_int_eq(review_item(desk.m)->row, 1);
	ck_assert(review_masked(box_at(11)));
	/* its file is another one */
	desk_open(&desk, 2);
	desk.item[0].in_sha256[0] ^= 1;
	desk_open(&desk, 1);
	ck_assert_int_eq(desk_space(&desk), SPACE_EVIDENCE);
}
END_TEST

/* So does the tour. */
START_TEST(a_tour_stays_done)
{
	no_box();
	desk_key(&desk, CMD_TOUR, 0);
	desk_spaces(&desk);
	ck_assert(review_tour_done(desk.m));
	desk_key(&desk, CMD_CLEAN, 0);
	expect_note(0, 'V', 1, ITEM_CLEAN);
	ck_assert(!review_tour_done(desk.m));
	desk_key(&desk, CMD_UNDO, 0);
	ck_assert(review_tour_done(desk.m));
	desk_key(&desk, CMD_CLEAN, 0);
	expect_note(2, 'V', 1, ITEM_CLEAN);
}
END_TEST

/* Is this pixel on a tile of the tour that counts as shown? */
static bool is_toured(int x, int y)
{
	const struct evidence_plan *tour = review_evidence(desk.m);

	for (size_t i = 0; i < tour->evidence_count; i++)
		if (tour->evidence[i].shown &&
		    region_hit(tour->evidence[i].region, x, y))
			return true;
	return false;
}

/* It passes over what a mask covers; a mask that is taken off afterwards brings
 * its place back. */
START_TEST(a_tour_comes_back_to_what_is_unmasked)
{
	desk.info.format = IMAGE_PNG;
	desk.faces = CHECK_OFF;
	desk_ink(&desk, 300, 300);
	desk_ink(&desk, 60, 192);
	desk_box(&desk, TIER_BOX, 20, 20, 100, 14);
	desk_box(&desk, TIER_BOX, 40, 188, 60, 24);
	desk_open(&desk, 1);
	tour_all();
	desk_key(&desk, CMD_BY_EYE, 0);
	ck_assert(review_by_eye(desk.m));
	/* there is no ink under this one */
	desk_key(&desk, CMD_SELECT, 1);
	desk_key(&desk, CMD_REJECT, 0);
	ck_assert(!review_masked(box_at(0)));
	ck_assert(review_tour_done(desk.m));
	desk_key(&desk, CMD_SELECT, 2);
	desk_key(&desk, CMD_REJECT, 0);
	ck_assert(!review_masked(box_at(1)));
	ck_assert(!review_tour_done(desk.m) && !review_by_eye(desk.m));
	desk_key(&desk, CMD_TOUR, 0);
	ck_assert(is_toured(62, 196));
	desk_key(&desk, CMD_APPROVE, 0);
	ck_assert(review_tour_done(desk.m));
	desk_key(&desk, CMD_BY_EYE, 0);
	ck_assert(review_by_eye(desk.m));
}
END_TEST

/* Ink in many places, far from each other and in long lines. */
static void much_ink(void)
{
	for (int y = 8; y < 500; y += 56)
		for (int x = y % 3 * 40; x < 500; x += y % 5 ? 16 : 120)
			desk_ink(&desk, x, y);
}

/* On another screen its tiles are others, of what was seen already. */
START_TEST(a_tour_stays_done_on_another_screen)
{
	static const int size[][2] = { { 80, 24 }, { 133, 41 }, { 61, 30 },
				       { 200, 60 } };

	much_ink();
	desk_screen(&desk, 200, 60, PICTURE_SEXTANT);
	no_box();
	desk_key(&desk, CMD_TOUR, 0);
	desk_spaces(&desk);
	ck_assert(review_tour_done(desk.m));
	for (size_t i = 0; i < ARRAY_LENGTH(size); i++) {
		desk_screen(&desk, size[i][0], size[i][1], PICTURE_SEXTANT);
		ck_assert(review_tour_done(desk.m));
	}
	/* nothing is legible there: it counts once it is again */
	desk_screen(&desk, 200, 60, PICTURE_BRAILLE);
	ck_assert(!review_tour_done(desk.m));
	desk_screen(&desk, 100, 30, PICTURE_SEXTANT);
	ck_assert(review_tour_done(desk.m));
	/* and for an item that was left */
	desk_key(&desk, CMD_CLEAN, 0);
	expect_note(0, 'V', 1, ITEM_CLEAN);
	desk_screen(&desk, 80, 24, PICTURE_SEXTANT);
	desk_key(&desk, CMD_UNDO, 0);
	ck_assert_int_eq(review_item(desk.m)->row, 1);
	ck_assert(review_tour_done(desk.m));
}
END_TEST

/* What was not seen before does not count after either. */
START_TEST(half_a_tour_is_no_whole_one)
{
	struct evidence *seen = NULL;
	size_t count = 0, all;

	much_ink();
	no_box();
	desk_key(&desk, CMD_TOUR, 0);
	for (int i = 0; i < 4; i++)
		desk_key(&desk, CMD_APPROVE, 0);
	all = review_evidence(desk.m)->evidence_count;
	seen = calloc(all, sizeof(*seen));
	ck_assert_ptr_nonnull(seen);
	for (size_t i = 0; i < all; i++)
		if (review_evidence(desk.m)->evidence[i].shown)
			seen[count++] = review_evidence(desk.m)->evidence[i];
	ck_assert_uint_gt(count, 0);
	ck_assert_uint_lt(count, all);
	desk.answers = false;
	desk_screen(&desk, 133, 41, PICTURE_SEXTANT);
	ck_assert(!review_tour_done(desk.m));
	for (int y = 8; y < 500; y += 56)
		for (int x = y % 3 * 40; x < 500; x += y % 5 ? 16 : 120) {
			bool before = false;

			for (size_t i = 0; i < count; i++)
				before = before || region_hit(seen[i].region,
							      x, y);
			ck_assert(before || !is_toured(x, y));
		}
	free(seen);
}
END_TEST

/* A box that is selected is on the page, or another key selects one. */
START_TEST(space_drops_a_box_of_another_page)
{
	for (int i = 0; i < 12; i++)
		desk_box(&desk, TIER_BOX, 10, 10 + 20 * i, 300, 14);
	desk_open(&desk, 1);
	desk_key(&desk, CMD_SELECT, 1);
	ck_assert_int_eq(review_selected(desk.m), 0);
	ck_assert_int_eq(desk_space(&desk), SPACE_EVIDENCE);
	desk_key(&desk, CMD_APPROVE, 0);
	ck_assert_int_eq(review_selected(desk.m), -1);
	/* what is on the page too stays */
	const struct evidence_plan *plan = review_evidence(desk.m);
	const struct evidence_page *page = &plan->page[review_page(desk.m)];
	int box = plan->evidence[plan->placement[page->first].evidence].box;

	ck_assert(evidence_on_page(plan, review_page(desk.m), box));
	ck_assert_int_eq(evidence_page_of(plan, box), review_page(desk.m));
}
END_TEST

/* How masks are drawn is asked for anew with each picture. */
START_TEST(masks_are_outlined_at_first)
{
	one_box();
	desk_key(&desk, CMD_MASKS, 0);
	ck_assert_int_eq((int)review_view(desk.m)->masks, (int)MASKS_FILLED);
	desk_key(&desk, CMD_ITEM_NEXT, 0);
	ck_assert_int_eq((int)review_view(desk.m)->masks, (int)MASKS_OUTLINE);
}
END_TEST

START_TEST(undo_of_a_change_on_an_item_left_behind)
{
	one_box();
	desk_key(&desk, CMD_SELECT, 1);
	desk_key(&desk, CMD_REJECT, 0);
	desk_key(&desk, CMD_ITEM_NEXT, 0);
	ck_assert_int_eq(review_item(desk.m)->row, 2);
	ck_assert(review_masked(box_at(0)));
	desk_key(&desk, CMD_ITEM_PREV, 0);
	ck_assert(!review_masked(box_at(0)));
	desk_key(&desk, CMD_ITEM_NEXT, 0);
	desk_key(&desk, CMD_UNDO, 0);
	ck_assert_int_eq(review_item(desk.m)->row, 1);
	ck_assert(review_masked(box_at(0)));
	ck_assert_uint_eq(desk.notes, 0);
}
END_TEST

/* Its file is read again, as others took its place meanwhile. */
START_TEST(undo_waits_for_the_boxes)
{
	one_box();
	desk_key(&desk, CMD_SELECT, 1);
	desk_key(&desk, CMD_REJECT, 0);
	desk_key(&desk, CMD_ITEM_NEXT, 0);
	desk.detects = false;
	desk_key(&desk, CMD_ITEM_PREV, 0);
	desk_key(&desk, CMD_UNDO, 0);
	ck_assert(desk.effects & EFFECT_BELL);
	ck_assert_uint_eq(box_count(), 0);
	desk_detect(&desk);
	ck_assert(!review_masked(box_at(0)));
	desk_key(&desk, CMD_UNDO, 0);
	ck_assert(review_masked(box_at(0)));
	desk_open(&desk, 1);
	desk_key(&desk, CMD_REDO, 0);
	ck_assert(desk.effects & EFFECT_BELL);
	desk_detect(&desk);
	desk_key(&desk, CMD_REDO, 0);
	ck_assert(!review_masked(box_at(0)));
}
END_TEST

/* So does U: a verdict is given again on the boxes that it was about. */
START_TEST(a_verdict_taken_back_while_read_is_given_again)
{
	one_box();
	desk_key(&desk, CMD_APPROVE, 0);
	desk.detects = false;
	desk_key(&desk, CMD_ITEM_PREV, 0);
	ck_assert_int_eq(review_item(desk.m)->row, 1);
	desk_key(&desk, CMD_UNDO, 0);
	expect_note(1, 'R', 1, ITEM_OPEN);
	desk_detect(&desk);
	desk_key(&desk, CMD_REDO, 0);
	expect_note(2, 'V', 1, ITEM_MASKED);
}
END_TEST

START_TEST(undo_after_release_asks_for_a_reason)
{
	one_box();
	desk_key(&desk, CMD_APPROVE, 0);
	desk_key(&desk, CMD_RELEASE, 0);
	expect_note(1, 'W', 0, ITEM_OPEN);
	desk_key(&desk, CMD_UNDO, 0);
	ck_assert_int_eq(review_mode(desk.m), MODE_REASON);
	desk_key(&desk, CMD_DROP, 0);
	ck_assert_uint_eq(desk.notes, 2);
	desk_key(&desk, CMD_UNDO, 0);
	desk_character(&desk, '6');
	expect_note(2, 'R', 1, ITEM_OPEN);
	ck_assert_int_eq(desk.note[2].reason, 6);
	ck_assert_int_eq(review_item(desk.m)->row, 1);
}
END_TEST

START_TEST(a_decided_item_is_not_changed)
{
	desk.item[2].state = ITEM_MASKED;
	desk_box(&desk, TIER_BOX, 20, 20, 100, 14);
	desk_open(&desk, 3);
	desk_key(&desk, CMD_SELECT, 1);
	desk_key(&desk, CMD_REJECT, 0);
	ck_assert(review_masked(box_at(0)));
	ck_assert_int_eq(desk_space(&desk), SPACE_NEXT);
	desk_key(&desk, CMD_WITHHOLD, 0);
	ck_assert_int_eq(review_mode(desk.m), MODE_REVIEW);
	desk_key(&desk, CMD_UNDO, 0);
	expect_note(0, 'R', 3, ITEM_OPEN);
	ck_assert_int_eq(review_item(desk.m)->row, 3);
	desk_key(&desk, CMD_APPROVE, 0);
	expect_note(1, 'V', 3, ITEM_MASKED);
}
END_TEST

START_TEST(a_verdict_that_was_not_recorded_is_none)
{
	desk.records = false;
	one_box();
	desk_key(&desk, CMD_APPROVE, 0);
	ck_assert_uint_eq(desk.notes, 1);
	/* the app could not write: the same item again */
	desk_open(&desk, 1);
	desk_key(&desk, CMD_UNDO, 0);
	ck_assert_uint_eq(desk.notes, 1);
	ck_assert(desk.effects & EFFECT_BELL);
}
END_TEST

START_TEST(resumed_boxes_keep_their_decisions)
{
	struct decided_box decided[2] = { 0 };
	struct proposals p = { .text = CHECK_DONE, .faces = CHECK_GATED,
			       .frames_read = 1 };

	desk_box(&desk, TIER_BOX, 20, 20, 100, 14);
	desk_box(&desk, TIER_BOX, 20, 60, 100, 14);
	decided[0] = (struct decided_box){ desk.box[0], 1, DECISION_NO_MASK,
					   2 };
	decided[1] = (struct decided_box){ desk.box[0], 7, DECISION_ADDED, 0 };
	decided[1].box.region = region_from_box(300, 300, 50, 20);
	p.boxes = (struct box_list){ .box = desk.box, .count = 2 };
	desk.detects = false;
	desk_open(&desk, 1);
	desk_event(&desk, (struct event){ .type = EVENT_DETECTED,
					  .proposals = &p, .decided = decided,
					  .decided_count = 2 });
	ck_assert_uint_eq(box_count(), 3);
	ck_assert_int_eq(box_at(0)->decision, DECISION_NO_MASK);
	ck_assert_int_eq(box_at(0)->reason, 2);
	ck_assert_int_eq(box_at(1)->id, 7);
	ck_assert(review_masked(box_at(2)));
	ck_assert_int_eq(box_at(2)->id, 8);
}
END_TEST

START_TEST(undo_from_the_list_shows_what_it_undid)
{
	one_box();
	desk_key(&desk, CMD_SELECT, 1);
	desk_key(&desk, CMD_REJECT, 0);
	desk_key(&desk, CMD_LIST, 0);
	ck_assert_int_eq(review_mode(desk.m), MODE_LIST);
	desk_key(&desk, CMD_UNDO, 0);
	ck_assert_int_eq(review_mode(desk.m), MODE_REVIEW);
	ck_assert(review_masked(box_at(0)));
}
END_TEST

/* ---- the list, and what is left ---- */

START_TEST(zoom_and_back)
{
	one_box();
	desk_key(&desk, CMD_SELECT, 1);
	desk_key(&desk, CMD_ZOOM_BOX, 0);
	ck_assert_int_eq(review_view(desk.m)->pane, PANE_PICTURE);
	ck_assert(region_contains(review_view(desk.m)->shown,
				  box_at(0)->box.region));
	ck_assert_int_lt(region_width(review_view(desk.m)->shown), 200);
	desk_key(&desk, CMD_ZOOM_BOX, 0);
	ck_assert_int_eq(review_view(desk.m)->pane, PANE_EVIDENCE);
	ck_assert(review_view(desk.m)->fit);
	desk_key(&desk, CMD_ZOOM_IN, 0);
	desk_key(&desk, CMD_BACK, 0);
	ck_assert_int_eq(review_mode(desk.m), MODE_REVIEW);
	ck_assert_int_eq(review_view(desk.m)->pane, PANE_EVIDENCE);
	desk_key(&desk, CMD_BACK, 0);
	ck_assert_int_eq(review_mode(desk.m), MODE_LIST);
}
END_TEST

START_TEST(tags_count_and_move_on)
{
	desk_key(&desk, CMD_TAG, 0);
	ck_assert_int_eq(review_cursor(desk.m), 2);
	desk_key(&desk, CMD_TAG, 2);
	ck_assert_int_eq(review_cursor(desk.m), 4);
	ck_assert(desk.tagged[0] && desk.tagged[1] && desk.tagged[2]);
	/* no more than there are; once more takes them off */
	desk_key(&desk, CMD_ITEM, 0);
	desk_key(&desk, CMD_TAG, 99);
	ck_assert(desk.tagged[DESK_ITEMS - 1]);
	ck_assert_int_eq(review_cursor(desk.m), DESK_ITEMS);
	desk_key(&desk, CMD_TAG, 0);
	ck_assert(!desk.tagged[DESK_ITEMS - 1]);
	desk_key(&desk, CMD_TAGGED, 0);
	ck_assert_int_eq(review_mode(desk.m), MODE_TAGGED);
	desk_key(&desk, CMD_TAG, 0);
	ck_assert_int_eq(review_mode(desk.m), MODE_LIST);
	ck_assert(!desk.tagged[0]);
	desk_key(&desk, CMD_TAGGED, 0);
	ck_assert_int_eq(review_mode(desk.m), MODE_LIST);
	ck_assert_str_eq(review_message(desk.m),
			 "nothing is tagged: {tag} tags");
}
END_TEST

static const struct { enum command command; enum item_state state; }
	for_all[] = {
	{ CMD_ESCALATE, ITEM_ESCALATED }, { CMD_WITHHOLD, ITEM_WITHHELD },
};

START_TEST(tagged_are_kept_back_together_and_taken_back_one_by_one)
{
	desk_key(&desk, CMD_TAG, 3);
	desk_key(&desk, CMD_TAGGED, 0);
	desk_key(&desk, for_all[_i].command, 0);
	ck_assert_int_eq(review_mode(desk.m), MODE_REASON);
	ck_assert(review_listing(desk.m));
	desk_character(&desk, 'x');
	ck_assert_uint_eq(desk.notes, 0);
	desk_character(&desk, '4');
	ck_assert_uint_eq(desk.notes, 3);
	for (int i = 0; i < 3; i++) {
		ck_assert_int_eq(desk.note[i].verdict, for_all[_i].state);
		ck_assert_int_eq(desk.note[i].reason, 4);
		ck_assert_int_eq(desk.note[i].row, i + 1);
	}
	ck_assert_int_eq(review_mode(desk.m), MODE_LIST);
	for (int i = 3; i >= 1; i--) {
		desk_key(&desk, CMD_UNDO, 0);
		ck_assert_int_eq(desk.note[desk.notes - 1].what, 'R');
		ck_assert_int_eq(desk.note[desk.notes - 1].row, i);
	}
}
END_TEST

/* After ; nothing approves, and Esc leaves each question to the list. */
START_TEST(tagged_are_never_approved)
{
	static const enum command kept[] = { CMD_APPROVE, CMD_CLEAN,
					     CMD_BY_EYE, CMD_RELEASE,
					     CMD_KEEP };

	desk_key(&desk, CMD_TAG, DESK_ITEMS);
	for (size_t i = 0; i < ARRAY_LENGTH(kept); i++) {
		desk_key(&desk, CMD_TAGGED, 0);
		ck_assert(!review_hears(MODE_TAGGED, kept[i]));
		desk_key(&desk, kept[i], 0);
		ck_assert_uint_eq(desk.notes, 0);
		ck_assert_int_eq(review_mode(desk.m), MODE_TAGGED);
		desk_key(&desk, CMD_DROP, 0);
		ck_assert_int_eq(review_mode(desk.m), MODE_LIST);
	}
	desk_key(&desk, CMD_TAGGED, 0);
	desk_key(&desk, CMD_WITHHOLD, 0);
	desk_key(&desk, CMD_DROP, 0);
	ck_assert_int_eq(review_mode(desk.m), MODE_LIST);
	ck_assert_uint_eq(desk.notes, 0);
	/* one after another: the picture, and what shows it again */
	desk_key(&desk, CMD_TAGGED, 0);
	desk_key(&desk, CMD_OPEN, 0);
	ck_assert_int_eq(review_item(desk.m)->row, 1);
	ck_assert_uint_eq(desk.notes, 0);
}
END_TEST

START_TEST(order_and_filter_of_the_list)
{
	desk_key(&desk, CMD_SORT, 0);
	ck_assert_int_eq(review_mode(desk.m), MODE_SORT);
	desk_character(&desk, '?');
	ck_assert_int_eq(review_mode(desk.m), MODE_SORT);
	desk_character(&desk, 'b');
	ck_assert_int_eq(review_mode(desk.m), MODE_LIST);
	ck_assert_int_eq(desk.rows.what, LIST_SORT);
	ck_assert_int_eq(desk.rows.by, LIST_BY_BOXES);
	desk_key(&desk, CMD_SORT, 0);
	desk_key(&desk, CMD_DROP, 0);
	ck_assert_int_eq(review_mode(desk.m), MODE_LIST);
	/* back shows all first, then leaves */
	desk_event(&desk, (struct event){ .type = EVENT_LIST, .row = 2,
					  .list_count = 3, .filtered = true });
	desk.filtered = true;
	desk_key(&desk, CMD_BACK, 0);
	ck_assert_int_eq(desk.rows.what, LIST_ALL);
	ck_assert(!(desk.effects & EFFECT_QUIT));
	desk_key(&desk, CMD_BACK, 0);
	ck_assert(desk.effects & EFFECT_QUIT);
}
END_TEST

/* A place is no row: what is opened is what stands there. */
START_TEST(places_of_a_filtered_list)
{
	desk_event(&desk, (struct event){ .type = EVENT_LIST, .row = 2,
					  .list_count = 3 });
	desk_event(&desk, (struct event){ .type = EVENT_ITEM,
					  .item = &desk.item[5], .row = 2 });
	ck_assert_int_eq(review_cursor(desk.m), 2);
	desk_key(&desk, CMD_ITEM_NEXT, 0);
	ck_assert_int_eq(review_target(desk.m), TARGET_CURSOR);
	ck_assert_int_eq(desk.asked_row, 3);
	/* not in the list: the cursor stays */
	desk_event(&desk, (struct event){ .type = EVENT_ITEM,
					  .item = &desk.item[0], .row = -1 });
	ck_assert_int_eq(review_cursor(desk.m), 3);
}
END_TEST

/* Changed boxes are kept: leaving asks nothing.  What is to be kept is told
 * until a verdict holds it. */
START_TEST(leaving_keeps_what_was_changed)
{
	size_t count;

	one_box();
	ck_assert(review_undecided(desk.m));
	ck_assert(!review_touched(desk.m, 1));
	desk_key(&desk, CMD_SELECT, 1);
	desk_key(&desk, CMD_REJECT, 0);
	ck_assert(review_touched(desk.m, 1));
	ck_assert(review_masked(&review_loaded(desk.m, &count)[0]));
	ck_assert_uint_eq(count, 1);
	desk_key(&desk, CMD_QUIT, 0);
	ck_assert(desk.effects & EFFECT_QUIT);
	desk_key(&desk, CMD_UNDO, 0);
	ck_assert(!review_touched(desk.m, 1));
	desk_spaces(&desk);
	ck_assert_int_eq(desk.note[0].what, 'V');
	desk_open(&desk, 1);
	ck_assert(!review_undecided(desk.m));
}
END_TEST

/* A draft: its boxes as they were changed, and what they were changed from
 * does not come back as a proposal. */
START_TEST(draft_comes_back)
{
	struct proposals found = {
		.boxes = { .box = desk.box, .count = 2 }, .frames_read = 1,
		.text = CHECK_DONE, .faces = CHECK_GATED,
	};
	struct decided_box loaded, box;
	size_t count;

	desk_box(&desk, TIER_BOX, 10, 10, 60, 20);
	desk_box(&desk, TIER_BOX, 10, 100, 60, 20);
	loaded = (struct decided_box){ .box = desk.box[0], .id = 1,
				       .decision = DECISION_MASK };
	box = loaded;
	box.box.region = region_from_box(12, 10, 80, 20);
	box.decision = DECISION_CHANGED;
	desk.detects = false;
	desk_open(&desk, 1);
	desk_event(&desk, (struct event){ .type = EVENT_DETECTED,
		.proposals = &found, .draft = true, .decided = &box,
		.decided_count = 1, .loaded = &loaded, .loaded_count = 1 });
	ck_assert_ptr_nonnull(strstr(review_message(desk.m), "are back"));
	const struct decided_box *b = review_boxes(desk.m, &count);

	ck_assert_uint_eq(count, 2);
	ck_assert_int_eq(b[0].box.region.x1, 92);
	ck_assert_int_eq((int)b[0].decision, (int)DECISION_CHANGED);
	ck_assert_int_eq(b[1].box.region.y0, 100);
	ck_assert_int_eq(b[1].id, 2);
	ck_assert(review_touched(desk.m, 1));
}
END_TEST

/* 1 and 2 at once are box 12. */
START_TEST(two_digits_are_a_number)
{
	for (int i = 0; i < 12; i++)
		desk_box(&desk, TIER_BOX, 10, 10 + 20 * i, 50, 12);
	desk_open(&desk, 1);
	desk_key(&desk, CMD_SELECT, 1);
	ck_assert_int_eq(review_selected(desk.m), 0);
	desk_key(&desk, CMD_SELECT, 2);
	ck_assert_int_eq(review_selected(desk.m), 11);
	desk_key(&desk, CMD_SELECT, 1);
	desk_key(&desk, CMD_SELECT, 0);
	ck_assert_int_eq(review_selected(desk.m), 9);
	/* not with a key or a second between them */
	desk_key(&desk, CMD_SELECT, 1);
	desk_key(&desk, CMD_DETAILS, 0);
	desk_key(&desk, CMD_SELECT, 2);
	ck_assert_int_eq(review_selected(desk.m), 1);
	desk.ms += 1000;
	desk_key(&desk, CMD_SELECT, 1);
	ck_assert_int_eq(review_selected(desk.m), 0);
	/* 15 is none: box 5 */
	desk_key(&desk, CMD_SELECT, 5);
	ck_assert_int_eq(review_selected(desk.m), 4);
}
END_TEST

/* What is zoomed to has the shape of the hole: letters are not stretched. */
START_TEST(zoom_keeps_the_shape)
{
	const struct screen *screen = &desk.screen;
	long across = (long)screen->hole_columns * screen_across(screen);
	long down = (long)screen->hole_rows * screen_down(screen);
	struct region shown;

	one_box();
	desk_key(&desk, CMD_SELECT, 1);
	desk_key(&desk, CMD_ZOOM_BOX, 0);
	shown = review_view(desk.m)->shown;
	ck_assert_int_le(labs(region_width(shown) * down -
			      region_height(shown) * across),
			 across > down ? across : down);
}
END_TEST

START_TEST(list_moves_and_opens)
{
	ck_assert_int_eq(review_mode(desk.m), MODE_LIST);
	desk_key(&desk, CMD_DOWN, 3);
	ck_assert_int_eq(review_cursor(desk.m), 4);
	desk_key(&desk, CMD_UP, 0);
	desk_key(&desk, CMD_ITEM, 0);
	desk_key(&desk, CMD_DOWN, 0);
	ck_assert_int_eq(review_cursor(desk.m), DESK_ITEMS);
	/* a number is one of an item, whatever the list shows */
	desk_key(&desk, CMD_ITEM, 3);
	ck_assert(desk.effects & EFFECT_ROWS);
	ck_assert_int_eq(review_rows(desk.m)->what, LIST_PICK);
	ck_assert_int_eq(review_rows(desk.m)->from, 3);
	desk_key(&desk, CMD_NEXT_UNDECIDED, 0);
	ck_assert(desk.effects & EFFECT_SEEK);
	desk_event(&desk, (struct event){ .type = EVENT_LIST, .row = 5,
					  .list_count = DESK_ITEMS });
	desk_key(&desk, CMD_APPROVE, 0);
	ck_assert_int_eq(review_item(desk.m)->row, 5);
	desk_key(&desk, CMD_ITEM, 0);
	ck_assert_int_eq(review_item(desk.m)->row, 5);
	ck_assert_str_ne(review_message(desk.m), "");
	desk_key(&desk, CMD_ITEM, 2);
	ck_assert_int_eq(review_item(desk.m)->row, 2);
	desk_key(&desk, CMD_ITEM, 5);
	desk_key(&desk, CMD_BACK, 0);
	ck_assert_int_eq(review_mode(desk.m), MODE_LIST);
	desk_key(&desk, CMD_BACK, 0);
	ck_assert(desk.effects & EFFECT_QUIT);
}
END_TEST

START_TEST(the_last_verdict_leads_to_the_list)
{
	for (int i = 1; i < DESK_ITEMS; i++)
		desk.item[i].state = ITEM_CLEAN;
	one_box();
	desk_key(&desk, CMD_APPROVE, 0);
	ck_assert_int_eq(review_mode(desk.m), MODE_LIST);
	ck_assert_ptr_null(review_item(desk.m));
	/* and u leads back from there */
	desk_key(&desk, CMD_UNDO, 0);
	expect_note(1, 'R', 1, ITEM_OPEN);
	ck_assert_int_eq(review_item(desk.m)->row, 1);
}
END_TEST

START_TEST(help_hides_the_evidence)
{
	desk.answers = false;
	one_box();
	desk_key(&desk, CMD_HELP, 0);
	desk.answers = true;
	desk_key(&desk, CMD_REDRAW, 0);
	ck_assert(!review_evidence(desk.m)->evidence[0].shown);
	desk_key(&desk, CMD_BACK, 0);
	ck_assert(review_evidence(desk.m)->evidence[0].shown);
}
END_TEST

/* A question over the list: the item under it is still open. */
START_TEST(the_list_hides_the_evidence)
{
	desk.answers = false;
	one_box();
	desk_key(&desk, CMD_LIST, 0);
	desk_key(&desk, CMD_SORT, 0);
	ck_assert_int_eq(review_mode(desk.m), MODE_SORT);
	ck_assert_ptr_nonnull(review_info(desk.m));
	ck_assert(!review_page_visible(desk.m));
	desk.answers = true;
	desk_key(&desk, CMD_REDRAW, 0);
	ck_assert(!review_evidence(desk.m)->evidence[0].shown);
}
END_TEST

START_TEST(window_only_where_there_is_one)
{
	no_box();
	desk_key(&desk, CMD_WINDOW_NARROW, 0);
	ck_assert(review_view(desk.m)->has_window);
	ck_assert(review_view(desk.m)->window.width < 256);
	desk_done(&desk);
	/* a frame of few of its values: from what is seen of them */
	start();
	desk.window = (struct image_window){ 20, 40 };
	no_box();
	desk_key(&desk, CMD_WINDOW_NARROW, 0);
	ck_assert(review_view(desk.m)->window.width < 40);
	desk_key(&desk, CMD_PRESET, 0);
	ck_assert_int_eq(review_mode(desk.m), MODE_WINDOW);
	desk_character(&desk, '0');
	ck_assert_int_eq(review_mode(desk.m), MODE_REVIEW);
	ck_assert(!review_view(desk.m)->has_window);
	desk_done(&desk);
	start();
	desk.info.colour = true;
	no_box();
	desk_key(&desk, CMD_WINDOW_NARROW, 0);
	ck_assert(!review_view(desk.m)->has_window);
}
END_TEST

static const struct {
	const char *modality;
	bool colour, table;
	int presets;                    /* that mean something */
} pictures[] = {
	{ "CT", false, false, WINDOW_PRESETS },
	{ "MR", false, false, 1 }, { "CR", false, false, 1 },
	{ "", false, false, 1 },
	{ "CT", true, false, 0 }, { "CT", false, true, 0 },
};

static void mouse(enum point point, int x, int y)
{
	desk.ms += 200;
	desk_event(&desk, (struct event){ .type = EVENT_POINT, .point = point,
					  .x = x, .y = y, .box = -1 });
}

START_TEST(a_click_selects_the_smallest_box)
{
	size_t count;

	desk_box(&desk, TIER_BOX, 20, 20, 200, 100);
	desk_box(&desk, TIER_BOX, 40, 40, 60, 14);
	desk_box(&desk, TIER_BENIGN, 42, 42, 10, 10);
	desk_open(&desk, 1);
	mouse(POINT_PRESS, 45, 45);
	ck_assert_int_eq(review_selected(desk.m), 1);
	mouse(POINT_PRESS, 200, 100);
	ck_assert_int_eq(review_selected(desk.m), 0);
	/* beside all of them: it stays; by its evidence */
	mouse(POINT_PRESS, 300, 300);
	ck_assert_int_eq(review_selected(desk.m), 0);
	desk_event(&desk, (struct event){ .type = EVENT_POINT, .box = 1,
					  .x = 300, .y = 300 });
	ck_assert_int_eq(review_selected(desk.m), 1);
	desk_event(&desk, (struct event){ .type = EVENT_POINT, .box = 99 });
	ck_assert_int_eq(review_selected(desk.m), 1);
	/* nothing is decided, nothing counts as seen by it */
	for (int i = 0; i < 50; i++)
		mouse((enum point)(i % 3), i, i);
	ck_assert_uint_eq(desk.notes, 0);
	review_boxes(desk.m, &count);
	ck_assert_uint_eq(count, 3);
}
END_TEST

START_TEST(a_drag_draws_a_box)
{
	size_t count;

	no_box();
	desk_key(&desk, CMD_ADD, 0);
	mouse(POINT_PRESS, 100, 60);
	mouse(POINT_DRAG, 80, 50);
	mouse(POINT_DRAG, 40, 40);
	mouse(POINT_RELEASE, 40, 40);
	ck_assert(region_equal(review_area(desk.m),
			       (struct region){ 40, 40, 101, 61 }));
	/* after it was let go nothing follows */
	mouse(POINT_DRAG, 200, 200);
	ck_assert(region_equal(review_area(desk.m),
			       (struct region){ 40, 40, 101, 61 }));
	desk_key(&desk, CMD_KEEP, 0);
	ck_assert(region_equal(review_boxes(desk.m, &count)[0].box.region,
			       (struct region){ 40, 40, 101, 61 }));
	desk_key(&desk, CMD_UNDO, 0);
	review_boxes(desk.m, &count);
	ck_assert_uint_eq(count, 0);
}
END_TEST

START_TEST(a_drag_moves_a_box_within_the_picture)
{
	desk_box(&desk, TIER_BOX, 40, 40, 60, 14);
	desk_open(&desk, 1);
	desk_key(&desk, CMD_SELECT, 1);
	desk_key(&desk, CMD_EDIT, 0);
	mouse(POINT_PRESS, 50, 45);
	mouse(POINT_DRAG, 60, 50);
	ck_assert(region_equal(review_area(desk.m),
			       region_from_box(50, 45, 60, 14)));
	mouse(POINT_DRAG, -500, 9999);
	ck_assert_int_eq(review_area(desk.m).x0, 0);
	ck_assert_int_eq(review_area(desk.m).y1, desk.info.rows);
	ck_assert_int_eq(region_width(review_area(desk.m)), 60);
	mouse(POINT_RELEASE, 50, 45);
	ck_assert(region_equal(review_area(desk.m),
			       region_from_box(40, 40, 60, 14)));
	/* a click alone changes nothing; a drag beside it draws */
	mouse(POINT_PRESS, 200, 200);
	mouse(POINT_RELEASE, 200, 200);
	ck_assert(region_equal(review_area(desk.m),
			       region_from_box(40, 40, 60, 14)));
	mouse(POINT_PRESS, 200, 200);
	mouse(POINT_RELEASE, 219, 209);
	ck_assert(region_equal(review_area(desk.m),
			       region_from_box(200, 200, 20, 10)));
}
END_TEST

static void blank(bool on)
{
	desk_event(&desk, (struct event){ .type = EVENT_BLANK,
					  .blank = on });
}

/* Nobody looks, so nothing is counted, and what comes back has to be seen
 * before it is approved. */
START_TEST(blanked_time_is_not_counted)
{
	desk_box(&desk, TIER_BOX, 40, 40, 60, 14);
	desk_open(&desk, 1);
	desk.ms += 3000;
	desk_key(&desk, CMD_BLANK, 0);
	ck_assert(desk.effects & EFFECT_BLANK);
	blank(true);
	for (int i = 0; i < 60; i++) {
		desk.ms += 10000;
		desk_event(&desk, (struct event){ .type = EVENT_TICK });
	}
	desk.answers = false;
	blank(false);
	ck_assert_int_eq(desk_space(&desk), SPACE_APPROVE);
	/* drawn, but not answered yet */
	desk_event(&desk, (struct event){ .type = EVENT_COMMAND,
					  .command = CMD_APPROVE,
					  .answered = true });
	ck_assert_uint_eq(desk.notes, 0);
	desk.answers = true;
	desk.ms += 1000;
	desk_event(&desk, (struct event){ .type = EVENT_PAINTED,
		.revision = review_revision(desk.m) });
	desk_key(&desk, CMD_APPROVE, 0);
	ck_assert_uint_eq(desk.notes, 1);
	ck_assert_int_lt(desk.note[0].view_ms, 6000);
	ck_assert_int_lt(desk.note[0].active_ms, 6000);
	ck_assert_int_ge(desk.note[0].view_ms, 4000);
}
END_TEST

START_TEST(presets_where_they_mean_something)
{
	int taken = 0;

	desk.info.colour = pictures[_i].colour;
	desk.info.has_voi_lut = pictures[_i].table;
	snprintf(desk.info.modality, sizeof(desk.info.modality), "%s",
		 pictures[_i].modality);
	no_box();
	for (int digit = 0; digit < WINDOW_PRESETS; digit++) {
		const struct window_preset *p = review_preset(desk.m, digit);

		desk_key(&desk, CMD_PRESET, 0);
		desk_character(&desk, '0' + digit);
		taken += review_mode(desk.m) == MODE_REVIEW && p;
		ck_assert_int_eq(p && digit > 0,
				 review_view(desk.m)->has_window);
		if (p && digit > 0)
			ck_assert(review_view(desk.m)->window.width ==
				  p->window.width);
		if (review_mode(desk.m) == MODE_WINDOW)
			desk_key(&desk, CMD_DROP, 0);
		ck_assert_int_eq(review_mode(desk.m), MODE_REVIEW);
	}
	ck_assert_int_eq(taken, pictures[_i].presets);
	ck_assert_ptr_null(review_preset(desk.m, -1));
	ck_assert_ptr_null(review_preset(desk.m, WINDOW_PRESETS));
}
END_TEST

static const struct { bool split, tour; } windows[] = {
	{ false, false }, { true, false }, { false, true }, { true, true },
};

/* What a window of the reviewer's shows, or hides, is no evidence. */
START_TEST(a_window_shows_no_evidence)
{
	const struct evidence_plan *plan;

	snprintf(desk.info.modality, sizeof(desk.info.modality), "CT");
	if (windows[_i].split)
		desk_screen(&desk, 240, 60, PICTURE_SEXTANT);
	desk.answers = false;
	if (windows[_i].tour) {
		no_box();
		desk_key(&desk, CMD_TOUR, 0);
	} else {
		one_box();
	}
	desk_key(&desk, CMD_PRESET, 0);
	desk_character(&desk, '4');
	ck_assert(review_view(desk.m)->has_window);
	ck_assert(review_page_visible(desk.m));
	desk.answers = true;
	desk_key(&desk, CMD_REDRAW, 0);
	plan = review_evidence(desk.m);
	ck_assert(review_view(desk.m)->has_window);
	ck_assert(!plan->page[review_page(desk.m)].shown);
	ck_assert_int_eq(desk_space(&desk), windows[_i].tour ? SPACE_TOUR :
							       SPACE_EVIDENCE);
	desk_key(&desk, CMD_APPROVE, 0);
	ck_assert(!review_view(desk.m)->has_window);
	plan = review_evidence(desk.m);
	ck_assert(plan->page[review_page(desk.m)].shown);
	ck_assert_uint_eq(desk.notes, 0);
}
END_TEST

/* A letter is no digit; the window is the picture's, not the next one's. */
START_TEST(a_preset_is_of_one_picture)
{
	snprintf(desk.info.modality, sizeof(desk.info.modality), "CT");
	no_box();
	desk_key(&desk, CMD_PRESET, 0);
	desk_character(&desk, 'x');
	desk_character(&desk, '~');
	ck_assert_int_eq(review_mode(desk.m), MODE_WINDOW);
	desk_character(&desk, '4');
	ck_assert(review_view(desk.m)->has_window);
	desk_open(&desk, 2);
	ck_assert(!review_view(desk.m)->has_window);
}
END_TEST

/* ---- faces ---- */

static void one_face(enum box_class class_, int x, int y, int w, int h)
{
	struct box *b = desk_box(&desk, TIER_BOX, x, y, w, h);

	b->kind = KIND_FACE;
	b->class_ = class_;
	desk_open(&desk, 1);
	desk_key(&desk, CMD_SELECT, 1);
}

static const struct decided_box *the_box(void)
{
	size_t count;

	return &review_boxes(desk.m, &count)[0];
}

START_TEST(eyes_face_none_and_eyes_again)
{
	struct region eyes = region_from_box(100, 100, 60, 24);
	size_t count;

	one_face(CLASS_EYES, 100, 100, 60, 24);
	desk_key(&desk, CMD_FACE, 0);
	ck_assert_int_eq(the_box()->box.class_, CLASS_FACE);
	ck_assert_int_eq(the_box()->decision, DECISION_CHANGED);
	/* both ways up: 1.18 of the band's length from its middle */
	ck_assert(region_contains(the_box()->box.region,
				  region_from_box(100, 112 - 71, 60, 142)));
	ck_assert(region_contains(the_box()->box.region, eyes));
	/* no mask only with a reason */
	desk_key(&desk, CMD_FACE, 0);
	ck_assert_int_eq(review_mode(desk.m), MODE_REASON);
	ck_assert(review_masked(the_box()));
	desk_key(&desk, CMD_DROP, 0);
	ck_assert(review_masked(the_box()));
	desk_key(&desk, CMD_FACE, 0);
	desk_character(&desk, '5');
	ck_assert(!review_masked(the_box()));
	ck_assert_int_eq(the_box()->reason, 5);
	desk_key(&desk, CMD_FACE, 0);
	ck_assert(review_masked(the_box()));
	ck_assert_int_eq(the_box()->box.class_, CLASS_EYES);
	ck_assert(region_equal(the_box()->box.region, eyes));
	ck_assert_int_eq(the_box()->decision, DECISION_MASK);
	for (int i = 0; i < 3; i++)
		desk_key(&desk, CMD_UNDO, 0);
	ck_assert(region_equal(the_box()->box.region, eyes));
	ck_assert(review_masked(the_box()));
	review_boxes(desk.m, &count);
	ck_assert_uint_eq(count, 1);
}
END_TEST

/* Where the eyes are in a face is not guessed. */
/* Another class first makes no mask of a face free to be taken off. */
START_TEST(a_face_by_another_class_wants_a_reason)
{
	one_face(CLASS_FACE, 100, 100, 80, 100);
	desk_key(&desk, CMD_CLASS, 0);
	desk_character(&desk, 'z');
	ck_assert_int_eq(the_box()->box.class_, CLASS_OTHER);
	desk_key(&desk, CMD_REJECT, 0);
	ck_assert_int_eq(review_mode(desk.m), MODE_REASON);
	desk_character(&desk, '5');
	ck_assert(!review_masked(the_box()));
	ck_assert_int_eq(the_box()->reason, 5);
}
END_TEST

START_TEST(a_face_is_not_made_smaller)
{
	struct region face = region_from_box(100, 100, 80, 100);

	one_face(CLASS_FACE, 100, 100, 80, 100);
	desk_key(&desk, CMD_FACE, 0);
	ck_assert_int_eq(review_mode(desk.m), MODE_REASON);
	desk_character(&desk, '5');
	ck_assert(!review_masked(the_box()));
	desk_key(&desk, CMD_FACE, 0);
	ck_assert(review_masked(the_box()));
	ck_assert_int_eq(the_box()->box.class_, CLASS_FACE);
	ck_assert(region_equal(the_box()->box.region, face));
}
END_TEST

/* At the edge of the picture, and lying eyes. */
START_TEST(faces_stay_in_the_picture)
{
	struct region all = { 0, 0, desk.info.columns, desk.info.rows };

	one_face(CLASS_EYES, 0, 2, 20, 60);
	desk_key(&desk, CMD_FACE, 0);
	ck_assert(region_contains(all, the_box()->box.region));
	ck_assert_int_ge(the_box()->box.region.x1, 10 + 71);
	ck_assert_int_eq(the_box()->box.region.x0, 0);
}
END_TEST

START_TEST(text_is_no_face)
{
	struct region r;

	desk_box(&desk, TIER_BOX, 100, 100, 60, 14);
	desk_open(&desk, 1);
	desk_key(&desk, CMD_SELECT, 1);
	r = the_box()->box.region;
	desk_key(&desk, CMD_FACE, 0);
	ck_assert_str_eq(review_message(desk.m),
			 "this is no face: {class} f makes it one");
	ck_assert(region_equal(the_box()->box.region, r));
	ck_assert_int_eq(review_mode(desk.m), MODE_REVIEW);
}
END_TEST

START_TEST(time_on_the_screen_and_at_the_keys)
{
	one_box();
	desk_key(&desk, CMD_INVERT, 0);
	desk.ms += 100000;
	desk_event(&desk, (struct event){ .type = EVENT_TICK });
	desk_key(&desk, CMD_APPROVE, 0);
	ck_assert_uint_eq(desk.notes, 1);
	ck_assert_int_ge(desk.note[0].view_ms, 100000);
	/* nobody is there 30 s after the last key */
	ck_assert_int_ge(desk.note[0].active_ms, 30000);
	ck_assert_int_lt(desk.note[0].active_ms, 31000);
}
END_TEST

/* What a Space does, and when it does nothing. */
static void add_space(TCase *c)
{
	tcase_add_test(c, one_key_a_picture);
	tcase_add_test(c, space_pages_then_approves);
	tcase_add_test(c, held_space_counts_once);
	tcase_add_test(c, pasted_space_is_ignored);
	tcase_add_test(c, space_before_the_answer_is_ignored);
	tcase_add_test(c, space_after_an_unpainted_change_is_ignored);
	tcase_add_test(c, an_answer_for_an_old_frame_shows_nothing);
	tcase_add_test(c, space_waits_for_detection);
	tcase_add_test(c, late_boxes_are_shown_first);
	tcase_add_test(c, illegible_screen_blocks);
	tcase_add_test(c, changed_file_blocks);
	tcase_add_test(c, picture_pane_is_not_evidence);
	tcase_add_test(c, a_page_without_its_frame_shows_nothing);
}

/* Pictures without a box, candidates and faint ink. */
static void add_clean(TCase *c)
{
	tcase_add_test(c, no_box_needs_tour_and_z);
	tcase_add_test(c, pages_of_a_tour_are_told_before);
	tcase_add_test(c, no_pages_are_told_of_a_tour_not_needed);
	tcase_add_test(c, edges_that_stay_say_why);
	tcase_add_test(c, masks_on_a_page_say_what_changes);
	tcase_add_test(c, a_reason_says_what_it_wants);
	tcase_add_test(c, half_a_tour_is_none);
	tcase_add_test(c, z_is_refused_with_masks);
	tcase_add_test(c, overlay_box_is_no_box);
	tcase_add_test(c, candidates_are_shown_and_taken);
	tcase_add_test(c, a_candidate_alone_is_no_mask);
	tcase_add_test(c, faint_ink_left_over_is_shown_by_v);
	tcase_add_test(c, a_tour_does_not_replace_faint_crops);
	tcase_add_test(c, a_tour_brings_all_faint_ink);
	tcase_add_test(c, text_comes_later);
	tcase_add_test(c, the_next_item_starts_with_one_faint_page);
}

/* What has to be checked before an approval, and by whom. */
static void add_faces(TCase *c)
{
	add_rows_test(c, faces_gate_png_jpeg_colour, gates);
	add_rows_test(c, heads_by_policy, heads);
	tcase_add_test(c, a_head_in_a_plane_is_no_head);
	tcase_add_test(c, always_scan);
	tcase_add_test(c, blind_scan);
	tcase_add_test(c, blind_scan);
	tcase_add_test(c, planes_are_pictures_of_their_own);
	tcase_add_test(c, a_plane_is_no_mask);
	tcase_add_test(c, checked_faces_do_not_block);
	tcase_add_test(c, removing_a_mask_asks_for_f_again);
	tcase_add_test(c, failed_stage_needs_tour_and_f);
	tcase_add_test(c, text_not_done_is_a_failed_stage);
	tcase_add_test(c, an_unsure_map_is_toured_whole);
	tcase_add_test(c, failed_faces_are_a_failed_stage);
	tcase_add_test(c, z_and_f_wait_for_the_answer);
}

/* Masks taken off, items kept back. */
static void add_off(TCase *c)
{
	tcase_add_test(c, reject_toggles);
	tcase_add_loop_test(c, reason_before_an_identifier_is_bared, 0, 2);
	tcase_add_test(c, all_rejected_needs_z);
	tcase_add_test(c, what_is_bared_is_shown_bare);
	tcase_add_test(c, reject_all_asks_for_a_reason_once);
	add_rows_test(c, withhold_and_escalate_need_a_reason, leavings);
}

/* Boxes added, moved, snapped and drawn. */
static void add_edit(TCase *c)
{
	tcase_add_loop_test(c, what_is_being_read_is_not_kept_back, 0, 2);
	tcase_add_test(c, a_verdict_again_waits_for_its_boxes);
	tcase_add_test(c, an_edit_is_shown_before_it_counts);
	tcase_add_test(c, space_while_editing_keeps_and_escape_drops);
	add_rows_test(c, handles_push_one_edge, pushes);
	tcase_add_test(c, an_edge_stays_on_its_side);
	tcase_add_loop_test(c, the_only_box_of_a_page_is_at_hand, 0, 2);
	tcase_add_loop_test(c, of_two_boxes_none_is_at_hand, 0, 2);
	tcase_add_test(c, add_by_key_pad);
	tcase_add_test(c, rejecting_an_added_box_removes_it);
	tcase_add_test(c, only_masks_all_around);
	tcase_add_test(c, only_around_a_drawn_box_takes_it_away);
	tcase_add_test(c, what_is_handed_on_is_taken_back);
	tcase_add_test(c, leaving_an_area_leaves_its_zoom);
	tcase_add_test(c, a_tight_box_snaps_to_its_line_block_and_banner);
	tcase_add_test(c, snap_stops_at_anatomy);
	tcase_add_test(c, snap_in_anatomy_grows_nowhere);
	tcase_add_test(c, a_loose_box_snaps_to_its_ink);
	tcase_add_test(c, without_ink_nothing_snaps);
	tcase_add_test(c, an_area_snaps_before_it_is_kept);
	tcase_add_test(c, snap_ends_everywhere);
	tcase_add_test(c, a_letter_masks_a_line);
	tcase_add_test(c, many_lines_have_two_letters);
	tcase_add_test(c, letters_do_not_lie_on_each_other);
	tcase_add_loop_test(c, lines_of_a_page_are_not_lost, 0, 6);
	tcase_add_test(c, letters_take_off_several_masks);
	tcase_add_test(c, letters_ask_for_a_reason);
	tcase_add_test(c, letters_that_are_dropped_change_nothing);
	tcase_add_test(c, what_letters_bared_is_shown_again);
	tcase_add_test(c, letters_on_the_picture);
	tcase_add_test(c, no_mask_has_no_letter);
	tcase_add_test(c, the_last_edit_is_repeated);
	tcase_add_test(c, an_edit_grows_to_blocks_and_the_full_width);
}

/* Ink outside of masks, and many frames. */
static void add_ink(TCase *c)
{
	tcase_add_test(c, ink_across_an_edge_is_its_own_evidence);
	tcase_add_test(c, ink_that_the_window_hides_is_evidence);
	tcase_add_loop_test(c, what_the_window_shows_is_not_shown_twice, 0, 4);
	tcase_add_test(c, ink_without_a_box_is_evidence);
	tcase_add_loop_test(c, ink_under_any_box_is_none, 0, 3);
	tcase_add_test(c, ink_without_any_mask_is_toured);
	tcase_add_loop_test(c, hidden_ink_without_any_mask_is_evidence, 0, 2);
	tcase_add_test(c, ink_of_many_frames_is_seen_on_the_projections);
	tcase_add_loop_test(c, classes_by_letter, 0, CLASSES);
	tcase_add_test(c, many_frames_show_projections_and_each_line);
	tcase_add_test(c, a_box_on_a_late_frame_is_shown_there);
	tcase_add_test(c, frames_of_a_page_come_one_by_one);
	tcase_add_test(c, edges_are_found_on_all_frames_of_a_page);
	tcase_add_test(c, what_is_asked_for_is_not_changed_by_what_comes);
	tcase_add_test(c, unread_frames_block);
	tcase_add_loop_test(c, what_held_a_copy_back_is_selected, 0,
			    (int)ARRAY_LENGTH(leftovers));
}

/* What is taken back, kept and resumed. */
static void add_undo(TCase *c)
{
	tcase_add_test(c, undo_keeps_the_box_at_hand);
	tcase_add_test(c, undo_goes_back_over_items);
	tcase_add_test(c, a_verdict_is_given_again);
	tcase_add_test(c, a_verdict_is_given_again_on_its_screen);
	tcase_add_test(c, a_verdict_is_not_given_again_on_what_changed);
	tcase_add_test(c, clean_by_eye_and_withheld_are_given_again);
	tcase_add_test(c, what_was_seen_stays_seen);
	tcase_add_test(c, a_tour_stays_done);
	tcase_add_test(c, a_tour_comes_back_to_what_is_unmasked);
	tcase_add_test(c, a_tour_stays_done_on_another_screen);
	tcase_add_test(c, half_a_tour_is_no_whole_one);
	tcase_add_test(c, space_drops_a_box_of_another_page);
	tcase_add_test(c, masks_are_outlined_at_first);
	tcase_add_test(c, undo_of_a_change_on_an_item_left_behind);
	tcase_add_test(c, undo_waits_for_the_boxes);
	tcase_add_test(c, a_verdict_taken_back_while_read_is_given_again);
	tcase_add_test(c, undo_after_release_asks_for_a_reason);
	tcase_add_test(c, a_decided_item_is_not_changed);
	tcase_add_test(c, a_verdict_that_was_not_recorded_is_none);
	tcase_add_test(c, resumed_boxes_keep_their_decisions);
	tcase_add_test(c, undo_from_the_list_shows_what_it_undid);
	tcase_add_test(c, zoom_and_back);
	tcase_add_test(c, zoom_keeps_the_shape);
	tcase_add_test(c, leaving_keeps_what_was_changed);
	tcase_add_test(c, draft_comes_back);
	tcase_add_test(c, two_digits_are_a_number);
}

/* The list of items. */
static void add_list(TCase *c)
{
	tcase_add_test(c, list_moves_and_opens);
	tcase_add_test(c, tags_count_and_move_on);
	tcase_add_loop_test(c,
		tagged_are_kept_back_together_and_taken_back_one_by_one, 0,
		(int)ARRAY_LENGTH(for_all));
	tcase_add_test(c, tagged_are_never_approved);
	tcase_add_test(c, order_and_filter_of_the_list);
	tcase_add_test(c, places_of_a_filtered_list);
	tcase_add_test(c, the_last_verdict_leads_to_the_list);
}

/* The picture's window, the mouse, time. */
static void add_view(TCase *c)
{
	tcase_add_test(c, help_hides_the_evidence);
	tcase_add_test(c, the_list_hides_the_evidence);
	tcase_add_test(c, window_only_where_there_is_one);
	tcase_add_loop_test(c, presets_where_they_mean_something, 0,
			    (int)ARRAY_LENGTH(pictures));
	tcase_add_test(c, a_preset_is_of_one_picture);
	tcase_add_loop_test(c, a_window_shows_no_evidence, 0,
			    (int)ARRAY_LENGTH(windows));
	tcase_add_test(c, blanked_time_is_not_counted);
	tcase_add_test(c, a_click_selects_the_smallest_box);
	tcase_add_test(c, a_drag_draws_a_box);
	tcase_add_test(c, a_drag_moves_a_box_within_the_picture);
}

/* Faces and their eyes. */
static void add_eyes(TCase *c)
{
	tcase_add_test(c, eyes_face_none_and_eyes_again);
	tcase_add_test(c, a_face_by_another_class_wants_a_reason);
	tcase_add_test(c, a_face_is_not_made_smaller);
	tcase_add_test(c, faces_stay_in_the_picture);
	tcase_add_test(c, text_is_no_face);
	tcase_add_test(c, time_on_the_screen_and_at_the_keys);
}

int main(void)
{
	static const struct {
		const char *name;
		void (*add)(TCase *c);
	} cases[] = {
		{ "space", add_space },
		{ "clean", add_clean },
		{ "faces", add_faces },
		{ "off", add_off },
		{ "edit", add_edit },
		{ "ink", add_ink },
		{ "undo", add_undo },
		{ "list", add_list },
		{ "view", add_view },
		{ "eyes", add_eyes },
	};
	Suite *s = suite_create("review");

	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		TCase *c = tcase_create(cases[i].name);

		tcase_add_checked_fixture(c, start, stop);
		cases[i].add(c);
		suite_add_tcase(s, c);
	}
	return support_run(s);
}

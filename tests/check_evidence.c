/* check_evidence.c - evidence: what is shown, how large, on which page. */
#include "config.h"

#include "review/evidence.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support.h"

enum { COLUMNS = 1000, ROWS = 800, BOXES = 40 };

static struct image_info info;
static struct decided_box box[BOXES];
static size_t boxes;
static struct screen screen;
static struct evidence_plan plan, old;

static void set_screen(int columns, int rows, enum picture_mode mode)
{
	screen = (struct screen){ .columns = columns, .rows = rows,
				  .mode = mode, .strip_columns = columns,
				  .strip_rows = rows - 4,
				  .hole_columns = columns,
				  .hole_rows = rows - 4 };
}

static void start(void)
{
	info = (struct image_info){ .columns = COLUMNS, .rows = ROWS,
				    .frames = 1, .mcu_columns = 1,
				    .mcu_rows = 1 };
	boxes = 0;
	plan = old = (struct evidence_plan){ 0 };
	set_screen(80, 24, PICTURE_SEXTANT);
}

static void stop(void)
{
	evidence_plan_done(&plan);
	evidence_plan_done(&old);
}

static struct decided_box *add(enum box_tier tier, int x, int y, int w, int h)
{
	struct decided_box *b = &box[boxes++];

	ck_assert_uint_le(boxes, BOXES);
	*b = (struct decided_box){
		.id = (int)boxes,
		.box = { .region = region_from_box(x, y, w, h), .tier = tier,
			 .latin = true, .letter_height = 12 },
		.decision = tier == TIER_BOX ? DECISION_MASK :
			DECISION_NO_MASK,
	};
	return b;
}

static void make(void)
{
	struct evidence_input in = { .info = &info, .box = box,
				     .box_count = boxes, .screen = &screen,
				     .old = &old };

	ck_assert(evidence_make(&plan, &in, NULL));
}

/* ---- what holds for every plan ---- */

static bool overlap(const struct placement *a, const struct placement *b)
{
	int la = a->label_columns ? 1 : 0, lb = b->label_columns ? 1 : 0;
	int wa = a->columns > a->label_columns ? a->columns :
		a->label_columns;
	int wb = b->columns > b->label_columns ? b->columns :
		b->label_columns;

	return a->column < b->column + wb && b->column < a->column + wa &&
		a->row - la < b->row + b->rows &&
		b->row - lb < a->row + a->rows;
}

static void check_page(const struct evidence_page *page)
{
	int columns = page->in_hole ? screen.hole_columns :
		screen.strip_columns;
	int rows = page->in_hole ? screen.hole_rows : screen.strip_rows;

	ck_assert_uint_gt(page->count, 0);
	for (size_t i = 0; i < page->count; i++) {
		const struct placement *p = &plan.placement[page->first + i];

		ck_assert_int_ge(p->row, p->label_columns ? 1 : 0);
		ck_assert_int_ge(p->column, 0);
		ck_assert_int_le(p->column + p->columns, columns);
		ck_assert_int_le(p->column + p->label_columns, columns);
		ck_assert_int_le(p->row + p->rows, rows);
		ck_assert(evidence_page_has(page,
				plan.evidence[p->evidence].frame));
		for (size_t k = 0; k < i; k++)
			ck_assert(!overlap(p, &plan.placement[page->first +
							      k]));
	}
}

/* At the legible size in both directions, or larger. */
static void check_size(const struct placement *p)
{
	const struct evidence *e = &plan.evidence[p->evidence];
	int needed = evidence_sub_pixels_x10(screen.mode, e->latin);

	if (e->kind == EVIDENCE_PROJECTION)
		return;
	ck_assert_int_ge(p->rows * screen_down(&screen) * 10 * e->letter_height,
			 needed * region_height(p->source));
	ck_assert_int_ge(p->columns * screen_across(&screen) * 10 * e->letter_height,
			 needed * region_width(p->source));
	ck_assert_int_ge(evidence_shown_x10(&plan, p, &screen), needed);
}

/* Where the picture goes on, a crop fills its cells: it is as wide as it is
 * high on the screen but for a pixel. */
static void check_shape(const struct placement *p)
{
	long long width = region_width(p->source);
	long long height = region_height(p->source);
	long long across = (long long)p->columns * screen_across(&screen);
	long long down = (long long)p->rows * screen_down(&screen);
	long long apart = width * down - height * across;

	if (plan.evidence[p->evidence].kind == EVIDENCE_PROJECTION ||
	    width == info.columns || height == info.rows)
		return;
	ck_assert_int_le(apart < 0 ? -apart : apart, across + down);
}

/* Every letter of the region, wherever it is, is whole in one piece. */
static void check_letters(int evidence)
{
	const struct evidence *e = &plan.evidence[evidence];
	struct region r = e->region, letter;
	int h = e->letter_height, cut = 0;

	for (letter.y0 = r.y0; letter.y0 + h <= r.y1; letter.y0++)
		for (letter.x0 = r.x0; letter.x0 + h <= r.x1; letter.x0++) {
			bool whole = false;

			letter.x1 = letter.x0 + h;
			letter.y1 = letter.y0 + h;
			for (size_t k = 0; k < plan.placement_count; k++)
				whole = whole || (plan.placement[k].evidence ==
					evidence && region_contains(
					plan.placement[k].source, letter));
			cut += !whole;
		}
	ck_assert_int_eq(cut, 0);
}

static void check_plan(void)
{
	size_t next = 0;

	ck_assert(plan.legible);
	for (size_t i = 0; i < plan.page_count; i++) {
		ck_assert_uint_eq(plan.page[i].first, next);
		next += plan.page[i].count;
		check_page(&plan.page[i]);
	}
	ck_assert_uint_eq(next, plan.placement_count);
	for (size_t k = 0; k < plan.placement_count; k++) {
		check_size(&plan.placement[k]);
		check_shape(&plan.placement[k]);
	}
	for (size_t i = 0; i < plan.evidence_count; i++)
		if (plan.evidence[i].kind != EVIDENCE_PROJECTION)
			check_letters((int)i);
}

static void show_all(void)
{
	for (int page; (page = evidence_next_page(&plan, 0)) >= 0; )
		evidence_mark(&plan, page);
	ck_assert(evidence_all_shown(&plan));
}

/* ---- sizes ---- */

static const struct {
	enum picture_mode mode;
	bool latin;
	int sub_pixels_x10;
} sizes[] = {
	{ PICTURE_SEXTANT, true, 120 }, { PICTURE_SEXTANT, false, 170 },
	{ PICTURE_HALF, true, 180 }, { PICTURE_HALF, false, 255 },
	{ PICTURE_ASCII, true, 180 }, { PICTURE_ASCII, false, 255 },
	{ PICTURE_QUADRANT, true, 180 }, { PICTURE_QUADRANT, false, 255 },
	{ PICTURE_SPACE, true, 180 }, { PICTURE_SPACE, false, 255 },
	{ PICTURE_SIXEL, true, 120 }, { PICTURE_SIXEL, false, 170 },
	{ PICTURE_KITTY, true, 120 }, { PICTURE_KITTY, false, 170 },
};

START_TEST(sub_pixels_of_a_letter)
{
	ck_assert_int_eq(evidence_sub_pixels_x10(sizes[_i].mode,
						 sizes[_i].latin),
			 sizes[_i].sub_pixels_x10);
}
END_TEST

static const struct {
	int columns, rows;
	enum picture_mode mode;
	bool latin, legible;
} screens[] = {
	{ 80, 24, PICTURE_SEXTANT, true, true },
	{ 80, 24, PICTURE_SEXTANT, false, true },
	{ 80, 24, PICTURE_HALF, true, true },
	{ 80, 24, PICTURE_HALF, false, true },
	{ 80, 30, PICTURE_ASCII, true, true },
	{ 80, 24, PICTURE_ASCII, false, false },
	{ 200, 60, PICTURE_SEXTANT, false, true },
	{ 200, 60, PICTURE_ASCII, false, true },
	{ 80, 24, PICTURE_KITTY, false, true },
	{ 40, 12, PICTURE_SIXEL, false, true },
	/* its dots can't be read: never legible */
	{ 300, 100, PICTURE_BRAILLE, true, false },
	{ 30, 8, PICTURE_SEXTANT, true, false },
	{ 10, 24, PICTURE_SEXTANT, true, false },
};

/* A line wider than any screen, one box higher than any, small ones. */
START_TEST(every_screen_shows_all_or_says_so)
{
	set_screen(screens[_i].columns, screens[_i].rows, screens[_i].mode);
	add(TIER_BOX, 0, 0, 700, 14);
	add(TIER_BOX, 100, 100, 40, 200);
	add(TIER_BOX, 300, 100, 60, 12);
	add(TIER_CANDIDATE, 400, 400, 80, 16);
	for (size_t i = 0; i < boxes; i++)
		box[i].box.latin = screens[_i].latin;
	make();
	ck_assert(plan.legible == screens[_i].legible);
	if (plan.legible) {
		check_plan();
		return;
	}
	ck_assert_uint_eq(plan.page_count, 0);
	ck_assert(!evidence_all_shown(&plan));
}
END_TEST

START_TEST(crops_use_the_hole_when_the_strip_is_low)
{
	set_screen(80, 24, PICTURE_HALF);
	screen.strip_rows = 14;
	add(TIER_BOX, 100, 100, 40, 14)->box.latin = false;
	make();
	check_plan();
	ck_assert(plan.page[0].in_hole);
	ck_assert_int_gt(plan.placement[0].label_columns, 0);
	evidence_plan_done(&plan);
	box[0].box.latin = true;
	make();
	check_plan();
	ck_assert(!plan.page[0].in_hole);
}
END_TEST

START_TEST(crops_are_packed)
{
	for (int i = 0; i < 6; i++)
		add(TIER_BOX, 10 + 150 * (i % 2), 100 * i, 40, 14);
	make();
	check_plan();
	ck_assert_uint_eq(plan.page_count, 1);
}
END_TEST

START_TEST(a_long_line_is_folded)
{
	add(TIER_BOX, 0, 0, 700, 14);
	make();
	check_plan();
	ck_assert_uint_gt(plan.placement_count, 2);
	ck_assert(plan.placement[0].first);
	ck_assert(!plan.placement[1].first);
}
END_TEST

START_TEST(an_evidence_on_two_pages_needs_both)
{
	add(TIER_BOX, 0, 0, 1000, 14);
	make();
	ck_assert_uint_gt(plan.page_count, 1);
	evidence_mark(&plan, 0);
	ck_assert(!plan.evidence[0].shown);
	ck_assert_int_eq(evidence_next_page(&plan, 0), 1);
	show_all();
}
END_TEST

START_TEST(large_letters_take_less_room)
{
	add(TIER_BOX, 0, 0, 400, 40)->box.letter_height = 36;
	make();
	check_plan();
	ck_assert_uint_eq(plan.placement_count, 1);
	/* but a wrong guess can't shrink the crop to nothing */
	boxes = 0;
	evidence_plan_done(&plan);
	add(TIER_BOX, 0, 0, 500, 400)->box.letter_height = 400;
	make();
	ck_assert_int_le(plan.evidence[0].letter_height, 40);
}
END_TEST

START_TEST(what_is_blanked_is_shown)
{
	info.mcu_columns = info.mcu_rows = 16;
	info.subsampled = info.lossy = true;
	add(TIER_BOX, 100, 100, 40, 14);
	make();
	ck_assert(region_contains(plan.evidence[0].region,
				  (struct region){ 95, 95, 145, 129 }));
}
END_TEST

/* ---- faint ink ---- */

START_TEST(faint_ink_takes_one_more_page_at_most)
{
	size_t without;

	for (int i = 0; i < 4; i++)
		add(TIER_BOX, 0, 40 * i, 150, 14);
	make();
	without = plan.page_count;
	evidence_plan_done(&plan);
	for (int i = 0; i < 30; i++)
		add(TIER_FAINT, 500, 25 * i, 100, 14);
	make();
	check_plan();
	ck_assert_uint_le(plan.page_count, without + 1);
	ck_assert_int_gt(plan.faint_left, 0);
	ck_assert_uint_eq(plan.evidence_count + (size_t)plan.faint_left, 34);
}
END_TEST

START_TEST(faint_ink_under_a_mask_is_masked)
{
	add(TIER_BOX, 0, 0, 200, 100);
	add(TIER_FAINT, 20, 20, 50, 14);
	make();
	ck_assert_uint_eq(plan.evidence_count, 1);
	evidence_plan_done(&plan);
	box[0].decision = DECISION_NO_MASK;
	make();
	ck_assert_uint_eq(plan.evidence_count, 2);
}
END_TEST

START_TEST(benign_text_is_not_asked_about)
{
	add(TIER_BENIGN, 20, 20, 50, 14);
	make();
	ck_assert_uint_eq(plan.evidence_count, 0);
	ck_assert(evidence_all_shown(&plan));
}
END_TEST

/* Crops of all shapes: these pictures took 168 pages when each crop went to
 * the highest room. */
START_TEST(crops_go_where_they_fit)
{
	unsigned state = 1;
	size_t pages = 0;

	for (int picture = 0; picture < 60; picture++) {
		start();
		set_screen(200, 60, PICTURE_SEXTANT);
		for (int i = 0; i < BOXES; i++) {
			int n[4];

			for (int k = 0; k < 4; k++) {
				state = state * 1103515245 + 12345;
				n[k] = (int)(state >> 16) % 100;
			}
			add(TIER_BOX, 7 * n[0], 7 * n[1],
			    n[2] % 2 ? 8 + n[2] / 2 : 20 + n[2],
			    n[2] % 2 ? 20 + n[3] : 8 + n[3] / 4);
		}
		make();
		check_plan();
		pages += plan.page_count;
		stop();
	}
	ck_assert_uint_le(pages, 162);
}
END_TEST

/* ---- frames ---- */

/* Boxes that begin on frames 0, 1 and 2. */
static void add_on_frames(int count)
{
	info.frames = 5;
	for (int i = 0; i < count; i++) {
		struct decided_box *b = add(TIER_BOX, 10, 70 * i, 50, 14);

		b->box.frame0 = i % 3;
		b->box.frame1 = i % 2 ? 4 : i % 3;
	}
}

START_TEST(frames_share_a_page)
{
	add_on_frames(4);
	make();
	check_plan();
	ck_assert_uint_eq(plan.page_count, 3);
	ck_assert_int_eq(plan.page[0].also_count, 2);
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(evidence_page_frame(&plan.page[0], i), i);
	for (size_t i = 0; i < plan.evidence_count; i++) {
		const struct evidence *e = &plan.evidence[i];

		ck_assert_int_ge(e->frame, e->first_frame);
		ck_assert_int_le(e->frame, e->last_frame);
	}
	ck_assert_int_eq(plan.page[plan.page_count - 2].frame, -1);
	ck_assert_int_eq(plan.page[plan.page_count - 1].frame, -2);
	ck_assert(plan.page[plan.page_count - 1].in_hole);
}
END_TEST

/* Later ones of its range may show it no more (ocr/gather.h). */
START_TEST(large_frames_share_none)
{
	info.columns = info.rows = 5000;
	add_on_frames(9);
	make();
	check_plan();
	ck_assert_uint_eq(plan.page_count, 5);
	for (size_t i = 0; i < plan.page_count; i++)
		ck_assert_int_eq(plan.page[i].also_count, 0);
}
END_TEST

/* A projection is looked at anew whenever it comes: nothing joins it. */
START_TEST(a_projection_shares_none)
{
	const struct loose_place loose[] = {
		{ { 300, 300, 400, 314 }, 12, -1 },
		{ { 300, 400, 400, 414 }, 12, -2 },
	};
	struct evidence_input in = { .info = &info, .box = box,
				     .screen = &screen, .loose = loose,
				     .loose_count = 2 };

	add_on_frames(3);
	in.box_count = boxes;
	ck_assert(evidence_make(&plan, &in, NULL));
	check_plan();
	ck_assert_uint_eq(plan.page_count, 5);
	for (size_t i = 1; i < plan.page_count; i++)
		ck_assert_int_eq(plan.page[i].also_count, 0);
}
END_TEST

START_TEST(a_line_is_shown_on_its_first_frame)
{
	info.frames = 8;
	for (int i = 0; i < 6; i++) {
		struct decided_box *b = add(i % 2 ? TIER_FAINT : TIER_BOX, 10,
					    70 * i, 50, 14);

		b->box.frame0 = 2 * i % 5;
		b->box.frame1 = 7;
	}
	make();
	for (size_t i = 0; i < plan.evidence_count; i++)
		ck_assert_int_eq(plan.evidence[i].frame,
				 plan.evidence[i].first_frame);
}
END_TEST

START_TEST(what_lost_its_mask_stays_where_it_was)
{
	struct placement before[8];
	size_t count;

	for (int i = 0; i < 8; i++)
		add(TIER_BOX, 10 + i, 40 * i, 50 + 10 * i, 14);
	make();
	count = plan.placement_count;
	ck_assert_uint_eq(count, 8);
	memcpy(before, plan.placement, sizeof(before));
	for (int i = 0; i < 8; i += 2)
		box[i].decision = DECISION_NO_MASK;
	evidence_plan_done(&plan);
	make();
	ck_assert_uint_eq(plan.placement_count, count);
	for (size_t i = 0; i < count; i++) {
		ck_assert(region_equal(plan.placement[i].source,
				       before[i].source));
		ck_assert_int_eq(plan.placement[i].row, before[i].row);
		ck_assert_int_eq(plan.placement[i].column, before[i].column);
	}
}
END_TEST

/* ---- what is known already ---- */

static void keep_old(void)
{
	evidence_plan_done(&old);
	old = plan;
	plan = (struct evidence_plan){ 0 };
}

static const struct evidence *of_box(int index)
{
	for (size_t i = 0; i < plan.evidence_count; i++)
		if (plan.evidence[i].box == index)
			return &plan.evidence[i];
	ck_abort_msg("no evidence of box %d", index);
}

START_TEST(shown_is_kept_where_nothing_changed)
{
	int id;

	add(TIER_BOX, 20, 20, 100, 14);
	add(TIER_BOX, 20, 60, 100, 14);
	add(TIER_BOX, 20, 90, 100, 14);
	make();
	show_all();
	id = of_box(2)->id;
	keep_old();
	box[0].decision = DECISION_NO_MASK;
	box[1].box.region.x1++;
	make();
	ck_assert(!of_box(0)->shown);
	ck_assert(!of_box(1)->shown);
	ck_assert(of_box(2)->shown);
	ck_assert_int_eq(of_box(2)->id, id);
	ck_assert_int_gt(of_box(0)->id, 3);
	ck_assert_int_ne(of_box(0)->id, of_box(1)->id);
	ck_assert(!evidence_all_shown(&plan));
}
END_TEST

/* A crop that goes on over pages: the pages of it that were shown need not
 * come again when others are planned. */
START_TEST(a_piece_that_was_shown_stays_so)
{
	size_t pages;

	add(TIER_BOX, 20, 20, 100, 700);
	make();
	pages = plan.page_count;
	ck_assert_uint_gt(pages, 2);
	evidence_mark(&plan, 0);
	ck_assert(!of_box(0)->shown);
	keep_old();
	add(TIER_BOX, 400, 20, 100, 700);
	make();
	ck_assert(plan.page[0].shown);
	ck_assert(!plan.page[1].shown);
	ck_assert_int_eq(evidence_next_page(&plan, 0), 1);
	for (size_t i = 1; i < pages; i++)
		evidence_mark(&plan, (int)i);
	ck_assert(of_box(0)->shown);
	ck_assert(!of_box(1)->shown);
	evidence_unmark(&plan, (size_t)(of_box(0) - plan.evidence));
	for (size_t i = 0; i < pages; i++)
		ck_assert(!plan.page[i].shown);
	/* another box in its place: nothing of it was */
	evidence_mark(&plan, 0);
	keep_old();
	box[0].decision = DECISION_NO_MASK;
	make();
	ck_assert(!plan.page[0].shown);
}
END_TEST

/* At the edge of the picture the crop of a box and of a larger one are the
 * same. */
START_TEST(another_box_with_the_same_crop_is_shown_anew)
{
	add(TIER_BOX, 2, 20, 200, 14);
	make();
	show_all();
	keep_old();
	box[0].box.region.x0 = 0;
	make();
	ck_assert(region_equal(of_box(0)->region, old.evidence[0].region));
	ck_assert(!of_box(0)->shown);
}
END_TEST

/* A reviewer's face is shown small only as long as it is a masked face. */
START_TEST(what_is_called_a_face_is_shown_as_text_without_its_mask)
{
	static const struct {
		enum box_kind kind;
		enum box_source source;
		bool masked, small;
	} row[] = {
		{ KIND_FACE, SOURCE_OCR, true, true },
		{ KIND_FACE, SOURCE_OCR, false, false },
		{ KIND_FACE, SOURCE_FACE, false, true },
		{ KIND_TEXT, SOURCE_OCR, true, false },
	};

	for (size_t i = 0; i < ARRAY_LENGTH(row); i++) {
		struct decided_box *b = add(TIER_BOX, 20, 20, 120, 120);

		b->box.kind = row[i].kind;
		b->box.source = row[i].source;
		if (!row[i].masked)
			b->decision = DECISION_NO_MASK;
		make();
		ck_assert_int_eq(of_box(0)->letter_height > 12, row[i].small);
		stop();
		boxes = 0;
	}
}
END_TEST

START_TEST(a_face_that_becomes_text_is_shown_anew)
{
	add(TIER_BOX, 20, 20, 120, 120)->box.kind = KIND_FACE;
	make();
	show_all();
	keep_old();
	box[0].box.kind = KIND_TEXT;
	make();
	ck_assert(!of_box(0)->shown);
}
END_TEST

START_TEST(nothing_is_shown_twice_on_another_screen)
{
	add(TIER_BOX, 20, 20, 100, 14);
	make();
	show_all();
	keep_old();
	set_screen(200, 60, PICTURE_SEXTANT);
	make();
	ck_assert(evidence_all_shown(&plan));
	ck_assert_int_eq(evidence_next_page(&plan, 0), -1);
}
END_TEST

/* What goes on in a column beside says so above it. */
START_TEST(columns_of_a_tall_crop_have_labels)
{
	int columns = 0;

	add(TIER_BOX, 40, 40, 30, 100);
	make();
	check_plan();
	ck_assert_uint_gt(plan.placement_count, 1);
	for (size_t k = 0; k < plan.placement_count; k++) {
		const struct placement *p = &plan.placement[k];

		if (plan.evidence[p->evidence].box != 0)
			continue;
		ck_assert_int_gt(p->row, 0);
		ck_assert_int_gt(p->label_columns, 0);
		columns++;
	}
	ck_assert_int_gt(columns, 1);
	ck_assert_uint_eq(plan.page_count, 1);
}
END_TEST

static const int widths[] = { 165, 200, 300 };

/* So does the end of a line that goes on below, be it ever so narrow. */
START_TEST(the_end_of_a_wrapped_line_has_a_label)
{
	int pieces = 0;

	add(TIER_BOX, 10, 40, widths[_i], 14);
	make();
	check_plan();
	ck_assert_uint_eq(plan.page_count, 1);
	for (size_t k = 0; k < plan.placement_count; k++) {
		const struct placement *p = &plan.placement[k];

		if (plan.evidence[p->evidence].box != 0)
			continue;
		ck_assert_int_ge(p->label_columns, 4);
		pieces++;
	}
	ck_assert_int_gt(pieces, 1);
}
END_TEST

/* ---- the tour ---- */

static bool in_plan(int x, int y, int frame)
{
	for (size_t k = 0; k < plan.placement_count; k++)
		if (region_hit(plan.placement[k].source, x, y) &&
		    plan.evidence[plan.placement[k].evidence].frame == frame)
			return true;
	return false;
}

/* Every pixel of every cell with ink, with half a letter around it. */
static void check_tour(const struct proposals *p, int frame)
{
	int missing = 0;

	for (int y = 0; y < ROWS; y++)
		for (int x = 0; x < COLUMNS; x++) {
			int cell = y / INK_CELL * p->ink_columns +
				x / INK_CELL;
			bool edge = y < 16 || x < 16 || y >= ROWS - 16 ||
				x >= COLUMNS - 16;

			missing += (p->ink[cell] || edge) &&
				!in_plan(x, y, frame);
		}
	ck_assert_int_eq(missing, 0);
}

static const struct { int columns, rows, ink_every, frames; } tours[] = {
	{ 80, 24, 97, 1 }, { 80, 24, 7, 1 }, { 200, 60, 3, 1 },
	{ 200, 60, 1, 1 }, { 200, 60, 31, 4 }, { 80, 24, 100000, 1 },
};

START_TEST(the_tour_shows_all_ink_and_the_borders)
{
	struct proposals p = { .ink_columns = (COLUMNS + 15) / 16,
			       .ink_rows = (ROWS + 15) / 16 };
	struct evidence_input in = { .info = &info, .proposals = &p,
				     .screen = &screen, .old = &old };
	int cells = p.ink_columns * p.ink_rows;

	set_screen(tours[_i].columns, tours[_i].rows, PICTURE_SEXTANT);
	info.frames = tours[_i].frames;
	p.ink = calloc((size_t)cells, 1);
	ck_assert_ptr_nonnull(p.ink);
	for (int i = 5; i < cells; i += tours[_i].ink_every)
		p.ink[i] = 1;
	ck_assert(evidence_tour(&plan, &in, NULL));
	check_plan();
	check_tour(&p, info.frames > 1 ? -1 : 0);
	if (info.frames > 1)
		check_tour(&p, -2);
	ck_assert_int_eq(plan.evidence[0].id, TOUR_FIRST_ID);
	show_all();
	free(p.ink);
}
END_TEST

/* What no mask covers whole on all frames is toured; what one does is not. */
static const struct {
	int x, y, w, h, frame1;
	bool rejected;
	int passed_over;                /* of four cells, from the right */
} under[] = {
	{ 496, 400, 64, 16, 3, false, 4 },
	{ 496, 400, 64, 15, 3, false, 0 },      /* a row of them looks out */
	{ 497, 400, 63, 16, 3, false, 3 },      /* the first does */
	{ 496, 400, 64, 16, 2, false, 0 },      /* the last frame does */
	{ 496, 400, 64, 16, 3, true, 0 },
};

START_TEST(the_tour_passes_over_masks)
{
	struct proposals p = { .ink_columns = (COLUMNS + 15) / 16,
			       .ink_rows = (ROWS + 15) / 16 };
	struct evidence_input in = { .info = &info, .proposals = &p,
				     .screen = &screen, .box = box,
				     .box_count = 1 };
	struct decided_box *b = add(TIER_BOX, under[_i].x, under[_i].y,
				    under[_i].w, under[_i].h);

	info.frames = 4;
	b->box.frame1 = under[_i].frame1;
	b->decision = under[_i].rejected ? DECISION_NO_MASK : DECISION_MASK;
	p.ink = calloc((size_t)(p.ink_columns * p.ink_rows), 1);
	ck_assert_ptr_nonnull(p.ink);
	for (int x = 31; x < 35; x++)
		p.ink[25 * p.ink_columns + x] = 1;
	ck_assert(evidence_tour(&plan, &in, NULL));
	for (int i = 0; i < under[_i].passed_over; i++)
		p.ink[25 * p.ink_columns + 34 - i] = 0;
	for (int frame = -2; frame < 0; frame++) {
		check_tour(&p, frame);
		ck_assert_int_eq(in_plan(552, 408, frame),
				 !under[_i].passed_over);
	}
	free(p.ink);
}
END_TEST

/* Is the line in one tile from top to bottom, at some x? */
static bool is_whole_in_a_tile(struct region line)
{
	for (size_t i = 0; i < plan.evidence_count; i++) {
		struct region tile = plan.evidence[i].region;

		if (plan.evidence[i].kind == EVIDENCE_TILE &&
		    tile.x0 <= line.x0 && line.x0 < tile.x1 &&
		    tile.y0 <= line.y0 && line.y1 <= tile.y1)
			return true;
	}
	return false;
}

/* A line that is higher than the margins lies in one tile. */
START_TEST(the_tour_cuts_no_line)
{
	static uint8_t all[50 * 63];
	struct evidence_input in = { .info = &info, .screen = &screen,
				     .box = box };
	struct proposals p = { .ink_columns = 63, .ink_rows = 50,
			       .ink = all };

	memset(all, 1, sizeof(all));
	in.proposals = &p;
	for (int y = 0; y + 22 < ROWS; y += 24)
		add(TIER_CANDIDATE, 40, y, 200, 20);
	in.box_count = boxes;
	ck_assert(evidence_tour(&plan, &in, NULL));
	check_tour(&p, 0);
	for (size_t i = 0; i < in.box_count; i++)
		ck_assert_msg(is_whole_in_a_tile(box[i].box.region),
			      "line %zu is cut", i);
}
END_TEST

START_TEST(an_unknown_map_is_toured_whole)
{
	struct evidence_input in = { .info = &info, .screen = &screen };
	uint8_t all[50 * 63];
	struct proposals p = { .ink_columns = 63, .ink_rows = 50,
			       .ink = all };

	memset(all, 1, sizeof(all));
	ck_assert(evidence_tour(&plan, &in, NULL));
	check_tour(&p, 0);
}
END_TEST

START_TEST(no_tour_on_a_tiny_screen)
{
	struct evidence_input in = { .info = &info, .screen = &screen };

	set_screen(30, 8, PICTURE_SEXTANT);
	ck_assert(evidence_tour(&plan, &in, NULL));
	ck_assert(!plan.legible);
	ck_assert(!evidence_all_shown(&plan));
}
END_TEST

/* A candidate's high crop is packed first only where that saves a page. */
START_TEST(what_tells_who_it_is_comes_first)
{
	add(TIER_CANDIDATE, 20, 20, 300, 60);
	add(TIER_BOX, 20, 300, 200, 40)->box.kind = KIND_UNREADABLE;
	add(TIER_BOX, 20, 400, 200, 14)->box.kind = KIND_IDENTIFIER;
	make();
	check_plan();
	ck_assert_uint_gt(plan.page_count, 1);
	ck_assert_int_eq(plan.evidence[plan.placement[0].evidence].box, 2);
	ck_assert_int_eq(evidence_page_of(&plan, 2), 0);
	ck_assert_int_gt(evidence_page_of(&plan, 0), 0);
}
END_TEST

static size_t pages_of(int columns, int rows)
{
	evidence_plan_done(&plan);
	set_screen(columns, rows, PICTURE_SEXTANT);
	make();
	check_plan();
	return plan.page_count;
}

/* Two high crops and two low ones make two pages in one order only. */
START_TEST(the_order_costs_no_page)
{
	add(TIER_CANDIDATE, 20, 20, 80, 24);
	add(TIER_CANDIDATE, 20, 120, 80, 24);
	for (int i = 0; i < 6; i++)
		add(TIER_BOX, 300, 20 + 40 * i, 60, 12)->box.kind = i % 2 ?
			KIND_IDENTIFIER : KIND_UNREADABLE;
	size_t mixed = pages_of(60, 24);

	/* the same as if all were alike */
	for (size_t i = 0; i < boxes; i++) {
		box[i].box.tier = TIER_BOX;
		box[i].box.kind = KIND_UNREADABLE;
		box[i].decision = DECISION_MASK;
	}
	ck_assert_uint_le(mixed, pages_of(60, 24));
}
END_TEST

/* Loose ink is faint ink without a box; it never asks for a second page. */
START_TEST(loose_ink_comes_last)
{
	struct loose_place loose[12];
	struct evidence_input in = { .info = &info, .box = box,
				     .screen = &screen, .old = &old,
				     .loose = loose, .loose_count = 12 };
	size_t with;

	add(TIER_BOX, 20, 20, 200, 14);
	in.box_count = boxes;
	for (int i = 0; i < 12; i++)
		loose[i] = (struct loose_place){
			{ 300, 20 + 60 * i, 600, 36 + 60 * i }, 12, 0 };
	ck_assert(evidence_make(&plan, &in, NULL));
	with = plan.page_count;
	check_plan();
	ck_assert_int_eq(plan.evidence[0].box, 0);
	ck_assert_int_gt(plan.faint_left, 0);
	ck_assert_uint_eq(plan.evidence_count + (size_t)plan.faint_left, 13);
	ck_assert_uint_le(with, 2);
	evidence_plan_done(&plan);
	in.all_faint = true;
	ck_assert(evidence_make(&plan, &in, NULL));
	ck_assert_uint_eq(plan.evidence_count, 13);
	ck_assert_int_eq(plan.faint_left, 0);
	for (size_t i = 1; i < plan.evidence_count; i++) {
		ck_assert_int_eq(plan.evidence[i].kind, EVIDENCE_FAINT);
		ck_assert_int_eq(plan.evidence[i].box, -1);
		ck_assert(!plan.evidence[i].latin);
	}
}
END_TEST

static void read_as(struct decided_box *b, enum box_kind kind,
		    const char *text)
{
	b->box.kind = kind;
	snprintf(b->box.text, sizeof(b->box.text), "%s", text);
}

/* A plain screen: a mask over text that was read, and nothing else. */
START_TEST(words_stand_for_masks_that_were_read)
{
	static const struct {
		enum box_tier tier;
		enum box_kind kind;
		const char *text;
		bool masked, told;
	} rows[] = {
		{ TIER_BOX, KIND_IDENTIFIER, "SATO", true, true },
		{ TIER_BOX, KIND_TEXT, "SATO", true, true },
		{ TIER_BOX, KIND_IDENTIFIER, "", true, false },
		{ TIER_BOX, KIND_UNREADABLE, "S?", true, false },
		{ TIER_BOX, KIND_FACE, "SATO", true, false },
		{ TIER_BOX, KIND_IDENTIFIER, "SATO", false, false },
		{ TIER_CANDIDATE, KIND_TEXT, "SATO", false, false },
		{ TIER_FAINT, KIND_TEXT, "SATO", false, false },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct decided_box *b;

		start();
		set_screen(80, 24, PICTURE_BRAILLE);
		screen.plain = screen.split = true;
		read_as(add(TIER_BOX, 10, 10, 80, 20), KIND_TEXT, "1");
		b = add(rows[i].tier, 10, 100, 80, 20);
		read_as(b, rows[i].kind, rows[i].text);
		if (!rows[i].masked)
			b->decision = DECISION_NO_MASK;
		make();
		ck_assert_msg(plan.legible == rows[i].told, "row %zu", i);
		ck_assert_uint_eq(plan.page_count, 1);
		ck_assert_uint_eq(plan.placement_count, rows[i].told ? 2 : 1);
		evidence_mark(&plan, 0);
		ck_assert(evidence_all_shown(&plan) == rows[i].told);
		stop();
	}
	/* all frames at once can't be told at all */
	start();
	info.frames = 2;
	screen.plain = true;
	read_as(add(TIER_BOX, 10, 10, 80, 20), KIND_TEXT, "1");
	make();
	ck_assert(!plan.legible);
	stop();
}
END_TEST

int main(void)
{
	Suite *s = suite_create("evidence");
	TCase *c = tcase_create("evidence");

	tcase_add_checked_fixture(c, start, stop);
	add_rows_test(c, sub_pixels_of_a_letter, sizes);
	add_rows_test(c, every_screen_shows_all_or_says_so, screens);
	tcase_add_test(c, crops_use_the_hole_when_the_strip_is_low);
	tcase_add_test(c, crops_are_packed);
	tcase_add_test(c, a_long_line_is_folded);
	tcase_add_test(c, an_evidence_on_two_pages_needs_both);
	tcase_add_test(c, large_letters_take_less_room);
	tcase_add_test(c, what_is_blanked_is_shown);
	tcase_add_test(c, faint_ink_takes_one_more_page_at_most);
	tcase_add_test(c, faint_ink_under_a_mask_is_masked);
	tcase_add_test(c, benign_text_is_not_asked_about);
	tcase_add_test(c, crops_go_where_they_fit);
	tcase_add_test(c, frames_share_a_page);
	tcase_add_test(c, large_frames_share_none);
	tcase_add_test(c, a_projection_shares_none);
	tcase_add_test(c, a_line_is_shown_on_its_first_frame);
	tcase_add_test(c, what_lost_its_mask_stays_where_it_was);
	tcase_add_test(c, shown_is_kept_where_nothing_changed);
	tcase_add_test(c, a_piece_that_was_shown_stays_so);
	tcase_add_test(c, another_box_with_the_same_crop_is_shown_anew);
	tcase_add_test(c,
		       what_is_called_a_face_is_shown_as_text_without_its_mask);
	tcase_add_test(c, a_face_that_becomes_text_is_shown_anew);
	tcase_add_test(c, nothing_is_shown_twice_on_another_screen);
	tcase_add_test(c, columns_of_a_tall_crop_have_labels);
	tcase_add_loop_test(c, the_end_of_a_wrapped_line_has_a_label, 0,
			    (int)ARRAY_LENGTH(widths));
	add_rows_test(c, the_tour_shows_all_ink_and_the_borders, tours);
	add_rows_test(c, the_tour_passes_over_masks, under);
	tcase_add_test(c, the_tour_cuts_no_line);
	tcase_add_test(c, an_unknown_map_is_toured_whole);
	tcase_add_test(c, no_tour_on_a_tiny_screen);
	tcase_add_test(c, what_tells_who_it_is_comes_first);
	tcase_add_test(c, the_order_costs_no_page);
	tcase_add_test(c, loose_ink_comes_last);
	tcase_add_test(c, words_stand_for_masks_that_were_read);
	suite_add_tcase(s, c);
	return support_run(s);
}

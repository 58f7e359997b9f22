/* desk.c - a reviewer's desk for tests. */
#include "config.h"

#include "tests/desk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support.h"

enum { KEY_MS = 200, PAINT_MS = 20, MAX_SPACES = 1000 };

void desk_init(struct desk *d, int columns, int rows)
{
	size_t pixels = (size_t)columns * (size_t)rows;

	*d = (struct desk){
		.ms = 1000, .answers = true, .serves = true,
		.records = true, .detects = true,
		.info = { .format = IMAGE_DICOM, .columns = columns,
			  .rows = rows, .frames = 1, .samples = 1,
			  .type = SAMPLE_U8, .bits_allocated = 8,
			  .bits_stored = 8, .high_bit = 7,
			  .mcu_columns = 1, .mcu_rows = 1, .slope = 1,
			  .photometric = PHOTOMETRIC_MONOCHROME2 },
		.text = CHECK_DONE, .faces = CHECK_GATED,
		.plane = { columns, rows, 1, calloc(pixels, 1) },
		.ink = calloc((size_t)(columns / INK_CELL + 1) *
			      (size_t)(rows / INK_CELL + 1), 1),
	};
	ck_assert_ptr_nonnull(d->plane.pixel);
	ck_assert_ptr_nonnull(d->ink);
	for (int i = 0; i < DESK_ITEMS; i++)
		d->item[i] = (struct worklist_item){
			.row = i + 1, .state = ITEM_OPEN, .has_sha256 = true,
			.in_sha256 = { (uint8_t)(i + 1) } };
	d->m = review_new(NULL);
	ck_assert_ptr_nonnull(d->m);
	desk_screen(d, 80, 24, PICTURE_SEXTANT);
	desk_event(d, (struct event){ .type = EVENT_LIST,
				      .list_count = DESK_ITEMS });
}

void desk_done(struct desk *d)
{
	review_free(d->m);
	if (d->sheet)
		sheet_done(d->sheet);
	free(d->sheet);
	free(d->plane.pixel);
	free(d->ink);
}

struct box *desk_box(struct desk *d, enum box_tier tier, int x, int y, int w,
		     int h)
{
	struct box *b = &d->box[d->boxes++];

	ck_assert_uint_le(d->boxes, DESK_BOXES);
	*b = (struct box){
		.region = region_from_box(x, y, w, h), .tier = tier,
		.kind = KIND_IDENTIFIER, .class_ = CLASS_NAME,
		.source = SOURCE_OCR, .score = 900, .confidence = 90,
		.latin = true, .letter_height = 12,
		.frame1 = d->info.frames - 1, .why = "ink",
	};
	return b;
}

static int ink_columns(const struct desk *d)
{
	return (d->info.columns + INK_CELL - 1) / INK_CELL;
}

static int ink_rows(const struct desk *d)
{
	return (d->info.rows + INK_CELL - 1) / INK_CELL;
}

void desk_ink(struct desk *d, int x, int y)
{
	d->ink[y / INK_CELL * ink_columns(d) + x / INK_CELL] = 1;
}

void desk_draw(struct desk *d, struct region r, int grey)
{
	for (int y = r.y0; y < r.y1; y++)
		memset(d->plane.pixel + (size_t)y * (size_t)d->plane.columns +
		       r.x0, grey, (size_t)region_width(r));
}

void desk_screen(struct desk *d, int columns, int rows,
		 enum picture_mode mode)
{
	d->screen = (struct screen){
		.columns = columns, .rows = rows, .mode = mode,
		.strip_columns = columns, .strip_rows = rows - 4,
		.hole_columns = columns, .hole_rows = rows - 4,
	};
	/* another geometry, other pages */
	memset(d->page_painted, 0, sizeof(d->page_painted));
	desk_event(d, (struct event){ .type = EVENT_SCREEN,
				      .screen = d->screen });
}

void desk_detect(struct desk *d)
{
	struct proposals p = {
		.boxes = { .box = d->box, .count = d->boxes },
		.text = d->text, .faces = d->faces,
		.frames_read = d->info.frames, .ink = d->ink,
		.ink_columns = ink_columns(d), .ink_rows = ink_rows(d),
	};

	desk_event(d, (struct event){ .type = EVENT_DETECTED,
				      .proposals = &p });
}

void desk_open(struct desk *d, long long row)
{
	desk_event(d, (struct event){
		.type = EVENT_ITEM, .policy = &d->policy,
		.item = row > 0 ? &d->item[row - 1] : NULL });
	if (row == 0)
		return;
	desk_event(d, (struct event){ .type = EVENT_OPENED,
				      .info = &d->info });
	if (d->detects)
		desk_detect(d);
}

static void note(struct desk *d, struct desk_note n)
{
	ck_assert_uint_lt(d->notes, DESK_NOTES);
	d->note[d->notes++] = n;
}

static void note_verdict(struct desk *d)
{
	const struct verdict *v = review_verdict(d->m);
	const struct worklist_item *item = review_item(d->m);
	struct desk_note n = {
		.what = 'V', .row = item->row, .verdict = v->verdict,
		.reason = v->reason, .boxes = (int)v->box_count,
		.by_eye = v->faces_by_eye,
		.head = v->head, .seen = v->seen_count,
		.active_ms = v->active_ms, .view_ms = v->view_ms,
	};

	for (size_t i = 0; i < v->box_count; i++)
		n.masked += review_masked(&v->boxes[i]);
	note(d, n);
	if (d->decided)
		d->decided(d, v);
	if (d->records)
		d->item[item->row - 1].state = v->verdict;
}

static long long next_open(const struct desk *d)
{
	const struct worklist_item *item = review_item(d->m);
	long long from = item ? item->row : 0;

	for (long long i = 0; i < DESK_ITEMS; i++) {
		long long at = (from + i) % DESK_ITEMS;

		if (d->item[at].state == ITEM_OPEN)
			return at + 1;
	}
	return 0;
}

static void go(struct desk *d)
{
	long long target = review_target(d->m);

	if (target == TARGET_CURSOR)
		target = review_cursor(d->m);
	if (target > DESK_ITEMS)        /* the app says that there is none */
		return;
	d->asked_row = target;
	desk_open(d, target > 0 ? target : next_open(d));
}

/* ---- groups ---- */

static void show_sheet(struct desk *d)
{
	const struct worklist_item *item = review_item(d->m);

	if (d->sheet)
		sheet_done(d->sheet);
	free(d->sheet);
	d->sheet = calloc(1, sizeof(*d->sheet));
	ck_assert_ptr_nonnull(d->sheet);
	d->group_count = 0;
	memset(d->page_painted, 0, sizeof(d->page_painted));
	for (int i = 0; i < DESK_ITEMS; i++)
		if (d->group_count < d->groups &&
		    d->item[i].state == ITEM_OPEN &&
		    (!item || item->row != i + 1) &&
		    !review_touched(d->m, i + 1))
			d->group[d->group_count++] = i + 1;
	d->sheet->by_state[GROUP_ALIKE] = d->group_count;
	d->sheet->whole = true;
	for (size_t i = 0; i < d->boxes; i++) {
		struct sheet_crop like = { .letter_height = 12, .latin = true,
			.masked = true, .row = 1, .state = i % 3 == 2 ?
			GROUP_INK : GROUP_ALIKE };

		ck_assert(sheet_add(d->sheet, &d->plane, d->box[i].region, 8,
				    &like));
	}
	if (d->boxes > 0 && sheet_finish(d->sheet, NULL))
		desk_event(d, (struct event){ .type = EVENT_SHEET,
					      .sheet = d->sheet });
}

/* What stands for the group was painted, all of it. */
static void approve_group(struct desk *d)
{
	const struct evidence_plan *plan = review_sheet_plan(d->m);

	ck_assert_uint_gt(d->group_count, 0);
	ck_assert(plan->legible);
	for (size_t i = 0; i < plan->page_count; i++)
		ck_assert(d->page_painted[i]);
	for (size_t i = 0; i < d->group_count; i++)
		d->item[d->group[i] - 1].state = ITEM_MASKED;
	note(d, (struct desk_note){ .what = 'G',
				    .boxes = (int)d->group_count });
	desk_event(d, (struct event){ .type = EVENT_GROUPED,
				      .rows = d->group,
				      .row_count = d->group_count });
}

static void note_painted_sheet(struct desk *d)
{
	int page = review_sheet_page(d->m);

	if (review_mode(d->m) != MODE_SHEET || page < 0)
		return;
	ck_assert_int_lt(page, DESK_PAGES);
	d->page_painted[page] = true;
}

static void reopen(struct desk *d)
{
	size_t count;
	const long long *row = review_reopened(d->m, &count);

	for (size_t i = 0; i < count; i++) {
		note(d, (struct desk_note){ .what = 'R', .row = row[i],
					    .reason = review_reason(d->m) });
		d->item[row[i] - 1].state = ITEM_OPEN;
	}
}

static void answer_frame(struct desk *d)
{
	d->ms += PAINT_MS;
	note_painted_sheet(d);
	if (d->painted)
		d->painted(d);
	desk_event(d, (struct event){ .type = EVENT_PAINTED,
				      .revision = review_revision(d->m) });
}

static void tell_list(struct desk *d)
{
	struct event e = { .type = EVENT_LIST, .list_count = DESK_ITEMS,
			   .filtered = d->filtered };

	for (int i = 0; i < DESK_ITEMS; i++)
		e.tagged += d->tagged[i];
	desk_event(d, e);
}

/* Of all that is decided without evidence nothing may leave. */
static void decide_tagged(struct desk *d, const struct list_request *r)
{
	ck_assert(r->state == ITEM_WITHHELD || r->state == ITEM_ESCALATED);
	ck_assert_int_ge(r->reason, 1);
	ck_assert_int_le(r->reason, 9);
	desk_open(d, 0);
	for (int i = 0; i < DESK_ITEMS; i++) {
		if (!d->tagged[i] || d->item[i].state != ITEM_OPEN)
			continue;
		d->item[i].state = r->state;
		d->tagged[i] = false;
		note(d, (struct desk_note){ .what = 'A', .row = i + 1,
					    .verdict = r->state,
					    .reason = r->reason });
		desk_event(d, (struct event){ .type = EVENT_DECIDED,
					      .row = i + 1,
					      .state = r->state,
					      .count = r->reason });
	}
}

static void change_rows(struct desk *d)
{
	struct list_request r = *review_rows(d->m);

	d->rows = r;
	if (r.what == LIST_TAG) {
		ck_assert_int_ge(r.from, 1);
		ck_assert_int_ge(r.count, 1);
		ck_assert_int_le(r.from + r.count - 1, DESK_ITEMS);
		for (long long i = 0; i < r.count; i++)
			d->tagged[r.from - 1 + i] ^= true;
	} else if (r.what == LIST_UNTAG) {
		memset(d->tagged, 0, sizeof(d->tagged));
	} else if (r.what == LIST_ALL) {
		d->filtered = false;
	} else if (r.what == LIST_OPEN_TAGGED) {
		d->filtered = true;
		desk_open(d, next_open(d));
	} else if (r.what == LIST_DECIDE) {
		decide_tagged(d, &r);
	}
	tell_list(d);
}

void desk_serve(struct desk *d)
{
	desk_event(d, (struct event){
		.type = EVENT_FRAME, .plane = &d->plane, .whole = d->whole,
		.window = d->window,
		.frame_index = review_view(d->m)->frame_index });
}

void desk_event(struct desk *d, struct event e)
{
	unsigned effects;

	e.ms = d->ms;
	effects = review_update(d->m, &e);
	d->effects = effects;
	if (effects & EFFECT_REOPEN)
		reopen(d);
	if (effects & EFFECT_VERDICT)
		note_verdict(d);
	if (effects & EFFECT_RELEASE)
		note(d, (struct desk_note){ .what = 'W' });
	if (effects & EFFECT_ROWS)
		change_rows(d);
	if (effects & EFFECT_SHEET && d->groups)
		show_sheet(d);
	else if (effects & EFFECT_GROUP)
		approve_group(d);
	else if (effects & EFFECT_GO)
		go(d);
	else if (d->serves && (effects & EFFECT_NEED_FRAME))
		desk_serve(d);
	else if (d->answers && (effects & EFFECT_REDRAW))
		answer_frame(d);
	d->effects = effects;
}

void desk_key(struct desk *d, enum command command, int count)
{
	d->ms += KEY_MS;
	desk_event(d, (struct event){ .type = EVENT_COMMAND,
				      .command = command, .count = count,
				      .answered = d->answers });
}

void desk_character(struct desk *d, int character)
{
	d->ms += KEY_MS;
	desk_event(d, (struct event){ .type = EVENT_CHARACTER,
				      .character = character,
				      .answered = d->answers });
}

int desk_spaces(struct desk *d)
{
	size_t notes = d->notes;
	int count = 0;

	while (d->notes == notes && count < MAX_SPACES) {
		long long revision = review_revision(d->m);

		desk_key(d, CMD_APPROVE, 0);
		if (review_revision(d->m) == revision)
			break;
		count++;
	}
	return count;
}

enum space_action desk_space(const struct desk *d)
{
	return review_space(d->m, NULL, NULL);
}

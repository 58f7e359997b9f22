/* review_box.c - the model: what is decided on boxes, and undo. */
#include "config.h"

#include "review/model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	FAR_STEP = 8,           /* pixels of H J K L: a JPEG block */
	NEW_LETTER = 12,        /* pixels (DESIGN 8.5) */
	NEW_SCORE = 1000,
};

const char review_class_letter[CLASSES] = {
	[CLASS_NAME] = 'n', [CLASS_KANA] = 'k', [CLASS_PATIENT_ID] = 'i',
	[CLASS_DOB] = 'b', [CLASS_DATE] = 'd', [CLASS_TIME] = 'h',
	[CLASS_AGE_SEX] = 'g', [CLASS_ACCESSION] = 'c',
	[CLASS_INSTITUTION] = 'o', [CLASS_PHYSICIAN] = 's',
	[CLASS_ADDRESS] = 'a', [CLASS_PHONE] = 'p', [CLASS_INSURANCE] = 'u',
	[CLASS_BARCODE] = 'r', [CLASS_OTHER] = 'z', [CLASS_FACE] = 'f',
	[CLASS_EYES] = 'e',
};

const char *const review_reason_text[REVIEW_REASONS] = {
	"", N_("device or scale text"), N_("anatomy"), N_("artefact"),
	N_("phantom or test"), N_("not a face"), N_("misplaced"),
	N_("unreadable"), N_("ask a physician"), N_("other"),
};

bool review_masked(const struct decided_box *box)
{
	return box->box.tier == TIER_BOX && box->decision != DECISION_NO_MASK;
}

const struct decided_box *review_boxes(const struct review *m, size_t *count)
{
	*count = m->boxes.count;
	return m->boxes.box;
}

int model_masked(const struct review *m, int *all)
{
	int masked = 0, boxes = 0;

	for (size_t i = 0; i < m->boxes.count; i++) {
		const struct decided_box *b = &m->boxes.box[i];

		/* overlay planes go in any case and mask no picture */
		if (b->box.tier != TIER_BOX || b->box.plane != PLANE_PICTURE)
			continue;
		boxes++;
		masked += review_masked(b);
	}
	if (all)
		*all = boxes;
	return masked;
}

/* ---- loading ---- */

/* Only the very same place counts: a box too many is a key, one too few may
 * be a leak. */
static bool known(const struct decided_list *list, const struct box *box)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct box *b = &list->box[i].box;

		if (region_equal(b->region, box->region) &&
		    b->frame0 == box->frame0 && b->frame1 == box->frame1 &&
		    b->plane == box->plane)
			return true;
	}
	return false;
}

/* Inside the picture and its frames, whatever a caller hands over. */
static bool clip_box(const struct review *m, struct box *box)
{
	int last = m->info.frames - 1;

	box->region = region_clip(box->region, m->info.columns, m->info.rows);
	box->frame0 = box->frame0 < 0 ? 0 : box->frame0;
	box->frame1 = box->frame1 > last ? last : box->frame1;
	return !region_empty(box->region) && box->frame0 <= box->frame1;
}

static bool add_proposals(struct review *m, const struct proposals *p)
{
	for (int tier = 0; tier < TIERS; tier++)
		for (size_t i = 0; i < p->boxes.count; i++) {
			struct decided_box b = { .box = p->boxes.box[i] };

			if ((int)b.box.tier != tier)
				continue;
			b.id = m->next_id;
			b.decision = tier == TIER_BOX ? DECISION_MASK :
				DECISION_NO_MASK;
			if (!clip_box(m, &b.box) || known(&m->boxes, &b.box))
				continue;
			if (!decided_list_add(&m->boxes, &b))
				return false;
			m->next_id++;
		}
	return true;
}

static bool add_decided(struct review *m, const struct event *e)
{
	for (size_t i = 0; i < e->decided_count; i++) {
		struct decided_box b = e->decided[i];

		if (clip_box(m, &b.box) && !decided_list_add(&m->boxes, &b))
			return false;
	}
	return true;
}

static void count_ids(struct review *m)
{
	for (size_t i = 0; i < m->boxes.count; i++)
		if (m->boxes.box[i].id >= m->next_id)
			m->next_id = m->boxes.box[i].id + 1;
}

bool model_load_boxes(struct review *m, const struct event *e)
{
	const struct decided_list *kept = m->detected ? NULL :
		undo_kept(&m->undo, m->row);
	bool ok;

	if (kept)
		ok = decided_list_copy(&m->boxes, kept);
	else
		ok = m->detected || add_decided(m, e);
	count_ids(m);
	if (ok && e->proposals && !kept)
		ok = add_proposals(m, e->proposals);
	return ok && decided_list_copy(&m->loaded, &m->boxes);
}

/* ---- one change: all or nothing, and undoable ---- */

/* The boxes as they were, to be handed to end_change(). */
static bool begin_change(struct review *m, struct decided_list *before)
{
	*before = (struct decided_list){ 0 };
	if (!model_editable(m))
		return false;
	if (decided_list_copy(before, &m->boxes))
		return true;
	model_bell(m, _("no memory: nothing was changed"));
	return false;
}

static void fix_selection(struct review *m)
{
	if (m->selected >= (int)m->boxes.count)
		m->selected = -1;
}

/* ok false: the change could not be made; box: to be shown, or -1. */
static void end_change(struct review *m, struct decided_list *before, bool ok,
		       bool only_adds, int box)
{
	if (!ok || !undo_record(&m->undo, m->row, before, &m->boxes)) {
		decided_list_done(&m->boxes);
		m->boxes = *before;
		model_bell(m, _("no memory: nothing was changed"));
		fix_selection(m);
		return;
	}
	decided_list_done(before);
	if (!only_adds)
		m->by_eye = false;
	fix_selection(m);
	model_plan(m);
	model_show_box(m, box);
}

static struct decided_box *selected_box(struct review *m)
{
	if (m->selected >= 0)
		return &m->boxes.box[m->selected];
	model_bell(m, _("select a box first"));
	return NULL;
}

/* ---- selection ---- */

static bool selectable(const struct decided_box *b, bool candidates)
{
	if (b->box.plane != PLANE_PICTURE)
		return false;
	return candidates ? b->box.tier == TIER_CANDIDATE ||
		b->box.tier == TIER_FAINT : b->box.tier == TIER_BOX;
}

static void select_box(struct review *m, int index)
{
	m->selected = index;
	m->zoomed = false;
	model_touch(m);
	if (index >= 0)
		model_show_box(m, index);
}

void command_select(struct review *m, const struct event *e)
{
	if (e->count == 0) {
		select_box(m, -1);
		return;
	}
	if (e->count > 0 && (size_t)e->count <= m->boxes.count &&
	    m->boxes.box[e->count - 1].box.tier != TIER_BENIGN) {
		select_box(m, e->count - 1);
		return;
	}
	model_bell(m, _("there is no such box"));
}

static void select_along(struct review *m, bool candidates, int step)
{
	int count = (int)m->boxes.count, at = m->selected;

	if (at < 0)
		at = step > 0 ? -1 : count;
	for (int i = 0; i < count; i++) {
		at = (at + step + count) % count;
		if (selectable(&m->boxes.box[at], candidates)) {
			select_box(m, at);
			return;
		}
	}
	model_bell(m, candidates ? _("there is no candidate") :
		   _("there is no box"));
}

void command_box_next(struct review *m, const struct event *e)
{
	(void)e;
	select_along(m, false, 1);
}

void command_box_prev(struct review *m, const struct event *e)
{
	(void)e;
	select_along(m, false, -1);
}

void command_candidate_next(struct review *m, const struct event *e)
{
	(void)e;
	select_along(m, true, 1);
}

void command_candidate_prev(struct review *m, const struct event *e)
{
	(void)e;
	select_along(m, true, -1);
}

/* ---- taking masks off, and putting them back ---- */

static bool is_face(const struct box *box)
{
	return box->kind == KIND_FACE || box->class_ == CLASS_FACE ||
		box->class_ == CLASS_EYES;
}

/* DESIGN 8.6: only with a reason. */
static bool wants_reason(const struct decided_box *b)
{
	return review_masked(b) &&
		(strncmp(b->box.why, "header:", 7) == 0 || is_face(&b->box));
}

static const struct decided_box *loaded_box(const struct review *m, int id)
{
	for (size_t i = 0; i < m->loaded.count; i++)
		if (m->loaded.box[i].id == id)
			return &m->loaded.box[i];
	return NULL;
}

/* What a mask that is put back counts as. */
static enum box_decision decision_back(const struct review *m,
				       const struct decided_box *b)
{
	const struct decided_box *was = loaded_box(m, b->id);

	if (!was || was->box.tier != TIER_BOX)
		return DECISION_ADDED;
	if (!region_equal(was->box.region, b->box.region) ||
	    was->box.class_ != b->box.class_)
		return DECISION_CHANGED;
	return was->decision == DECISION_NO_MASK ? DECISION_MASK :
		was->decision;
}

static void take_off(struct review *m, int index, int reason)
{
	struct decided_box *b = &m->boxes.box[index];

	if (b->decision == DECISION_ADDED &&
	    b->box.source == SOURCE_REVIEWER) {
		decided_list_remove(&m->boxes, (size_t)index);
		return;
	}
	/* a candidate that was taken is a candidate again */
	if (b->decision == DECISION_ADDED)
		b->box.tier = TIER_CANDIDATE;
	b->decision = DECISION_NO_MASK;
	b->reason = reason;
}

static void reject(struct review *m, int reason)
{
	struct decided_list before;
	struct decided_box *b = selected_box(m);

	if (!b || !begin_change(m, &before))
		return;
	if (review_masked(b)) {
		take_off(m, m->selected, reason);
	} else {
		b->decision = decision_back(m, b);
		b->reason = 0;
	}
	if (m->boxes.count < before.count)
		m->selected = -1;
	end_change(m, &before, true, false, m->selected);
}

void command_reject(struct review *m, const struct event *e)
{
	struct decided_box *b = selected_box(m);

	(void)e;
	if (!b || !model_editable(m))
		return;
	if (b->box.tier != TIER_BOX)
		model_bell(m, _("this is not masked: y masks it"));
	else if (wants_reason(b))
		model_ask(m, ASKED_REJECT);
	else
		reject(m, 0);
}

static void reject_all(struct review *m, int reason)
{
	struct decided_list before;

	if (!begin_change(m, &before))
		return;
	for (int i = (int)m->boxes.count - 1; i >= 0; i--)
		if (review_masked(&m->boxes.box[i]) &&
		    m->boxes.box[i].box.plane == PLANE_PICTURE)
			take_off(m, i, wants_reason(&m->boxes.box[i]) ?
				 reason : 0);
	m->selected = -1;
	model_say(m, "%s", _("no mask is left: v, then Z; or !"));
	end_change(m, &before, true, false, -1);
}

void command_reject_all(struct review *m, const struct event *e)
{
	(void)e;
	if (!model_editable(m))
		return;
	if (model_masked(m, NULL) == 0) {
		model_bell(m, _("there is no mask"));
		return;
	}
	for (size_t i = 0; i < m->boxes.count; i++)
		if (wants_reason(&m->boxes.box[i])) {
			model_ask(m, ASKED_REJECT_ALL);
			return;
		}
	reject_all(m, 0);
}

/* ---- reasons and classes ---- */

void model_ask(struct review *m, enum asked asked)
{
	m->asked = asked;
	m->mode = MODE_REASON;
	model_touch(m);
}

void model_reason_given(struct review *m, int digit)
{
	enum asked asked = m->asked;

	if (digit < 1 || digit >= REVIEW_REASONS) {
		model_bell(m, _("a digit from 1 to 9, or Esc"));
		return;
	}
	m->asked = ASKED_NOTHING;
	m->mode = model_base(m);
	model_touch(m);
	if (asked == ASKED_REJECT)
		reject(m, digit);
	else if (asked == ASKED_REJECT_ALL)
		reject_all(m, digit);
	else if (asked == ASKED_WITHHOLD)
		model_conclude(m, ITEM_WITHHELD, digit);
	else if (asked == ASKED_ESCALATE)
		model_conclude(m, ITEM_ESCALATED, digit);
	else if (asked == ASKED_REOPEN)
		model_reopen(m, digit);
}

void command_class(struct review *m, const struct event *e)
{
	(void)e;
	if (!selected_box(m) || !model_editable(m))
		return;
	m->mode = MODE_CLASS;
	model_touch(m);
}

static void set_class(struct review *m, enum box_class class_)
{
	struct decided_list before;
	struct decided_box *b = selected_box(m);
	bool face = class_ == CLASS_FACE || class_ == CLASS_EYES;

	if (!b || !begin_change(m, &before))
		return;
	b->box.class_ = class_;
	if (face)
		b->box.kind = KIND_FACE;
	else if (b->box.kind == KIND_FACE)
		b->box.kind = KIND_IDENTIFIER;
	if (b->decision == DECISION_MASK)
		b->decision = DECISION_CHANGED;
	end_change(m, &before, true, true, m->selected);
}

void model_class_given(struct review *m, int letter)
{
	for (int i = 0; i < CLASSES; i++)
		if (review_class_letter[i] == letter) {
			m->mode = model_base(m);
			model_touch(m);
			set_class(m, (enum box_class)i);
			return;
		}
	model_bell(m, _("no class has this letter; Esc leaves"));
}

/* ---- taking and adding ---- */

void command_take(struct review *m, const struct event *e)
{
	struct decided_list before;
	struct decided_box *b = selected_box(m);

	(void)e;
	if (!b)
		return;
	if (b->box.tier == TIER_BOX) {
		model_bell(m, _("this is a box already"));
		return;
	}
	if (!begin_change(m, &before))
		return;
	b->box.tier = TIER_BOX;
	b->decision = DECISION_ADDED;
	end_change(m, &before, true, true, m->selected);
}

static bool add_box(struct review *m, struct region r)
{
	int height = region_height(r);
	struct decided_box b = {
		.box = { .region = r, .frame1 = m->info.frames - 1,
			 .kind = KIND_IDENTIFIER, .class_ = CLASS_OTHER,
			 .source = SOURCE_REVIEWER, .tier = TIER_BOX,
			 .score = NEW_SCORE, .confidence = -1,
			 .letter_height = height < NEW_LETTER ? height :
				NEW_LETTER,
			 .why = "reviewer" },
		.id = m->next_id, .decision = DECISION_ADDED,
	};

	if (region_empty(r))
		return true;
	if (!decided_list_add(&m->boxes, &b))
		return false;
	m->next_id++;
	return true;
}

/* Four boxes around the area; a box drawn only to name it goes. */
static void mask_all_but(struct review *m, struct region r, int frame_box)
{
	int columns = m->info.columns, rows = m->info.rows;
	struct region around[] = {
		{ 0, 0, columns, r.y0 }, { 0, r.y1, columns, rows },
		{ 0, r.y0, r.x0, r.y1 }, { r.x1, r.y0, columns, r.y1 },
	};
	struct decided_list before;
	bool ok = true;

	if (!begin_change(m, &before))
		return;
	if (frame_box >= 0) {
		decided_list_remove(&m->boxes, (size_t)frame_box);
		m->selected = -1;
	}
	for (size_t i = 0; ok && i < sizeof(around) / sizeof(around[0]); i++)
		ok = add_box(m, around[i]);
	end_change(m, &before, ok, frame_box < 0, -1);
}

void command_only(struct review *m, const struct event *e)
{
	const struct decided_box *b = m->selected >= 0 ?
		&m->boxes.box[m->selected] : NULL;
	bool drawn = b && b->box.source == SOURCE_REVIEWER &&
		b->decision == DECISION_ADDED;

	(void)e;
	if (m->mode == MODE_ADD || m->mode == MODE_EDIT) {
		m->mode = model_base(m);
		mask_all_but(m, m->area, -1);
	} else if (b) {
		mask_all_but(m, b->box.region, drawn ? m->selected : -1);
	} else {
		model_bell(m, _("select a box first"));
	}
}

/* ---- drawing and editing an area ---- */

static void start_area(struct review *m, enum review_mode mode,
		       struct region r, int editing)
{
	m->mode = mode;
	m->area = region_clip(r, m->info.columns, m->info.rows);
	m->handle = 0;
	m->editing = editing;
	model_touch(m);
}

/* What is looked at now: a tile of the tour, or the part shown. */
static struct region shown_part(const struct review *m)
{
	const struct evidence_page *page;

	if (!m->touring || m->view.pane != PANE_EVIDENCE || m->tour_page < 0)
		return m->view.shown;
	page = &m->tour.page[m->tour_page];
	return m->tour.placement[page->first].source;
}

void command_add(struct review *m, const struct event *e)
{
	struct region r = shown_part(m);

	(void)e;
	if (!model_editable(m))
		return;
	start_area(m, MODE_ADD, r, -1);
	if (m->view.frame_index < 0)
		model_go_frame(m, 0);
	model_zoom_to(m, r);
}

void command_edit(struct review *m, const struct event *e)
{
	struct decided_box *b = selected_box(m);
	struct region r;

	(void)e;
	if (!b || !model_editable(m))
		return;
	r = b->box.region;
	start_area(m, MODE_EDIT, r, m->selected);
	if (m->view.frame_index < b->box.frame0 ||
	    m->view.frame_index > b->box.frame1)
		model_go_frame(m, b->box.frame0);
	model_zoom_to(m, region_grow(r, region_height(r) + FAR_STEP));
}

static int clamp(int value, int low, int high)
{
	return value < low ? low : value > high ? high : value;
}

static int times(const struct event *e)
{
	return clamp(e->count, 1, FRAME_MAX_SIDE);
}

/* The third of [from, to) that a key of the pad stands for. */
static void third(int *from, int *to, int which)
{
	int length = *to - *from, start = *from;

	*from = start + length * which / 3;
	*to = start + length * (which + 1) / 3;
	if (*to <= *from)
		*to = *from + 1;
	if (*to > start + length) {
		*to = start + length;
		*from = *to - 1;
	}
}

void command_narrow(struct review *m, const struct event *e)
{
	int digit = e->count;

	if (digit < 1 || digit > 9)
		return;
	third(&m->area.x0, &m->area.x1, (digit - 1) % 3);
	/* 7 8 9 is the upper row of a key pad */
	third(&m->area.y0, &m->area.y1, 2 - (digit - 1) / 3);
	model_zoom_to(m, region_grow(m->area, region_height(m->area) / 2));
}

static void move_area(struct review *m, int dx, int dy)
{
	struct region *a = &m->area;
	int columns = m->info.columns, rows = m->info.rows;

	switch (m->handle) {
	case 1:
		a->x0 = clamp(a->x0 + dx, 0, a->x1 - 1);
		break;
	case 2:
		a->y0 = clamp(a->y0 + dy, 0, a->y1 - 1);
		break;
	case 3:
		a->x1 = clamp(a->x1 + dx, a->x0 + 1, columns);
		break;
	case 4:
		a->y1 = clamp(a->y1 + dy, a->y0 + 1, rows);
		break;
	default:
		*a = region_move(*a, clamp(dx, -a->x0, columns - a->x1),
				 clamp(dy, -a->y0, rows - a->y1));
	}
}

static bool is_far(enum command c)
{
	return c == CMD_LEFT_8 || c == CMD_RIGHT_8 || c == CMD_UP_8 ||
		c == CMD_DOWN_8;
}

void command_move(struct review *m, const struct event *e)
{
	int step = times(e) * (is_far(e->command) ? FAR_STEP : 1);
	int dx = 0, dy = 0;

	if (e->command == CMD_LEFT || e->command == CMD_LEFT_8)
		dx = -step;
	else if (e->command == CMD_RIGHT || e->command == CMD_RIGHT_8)
		dx = step;
	else if (e->command == CMD_UP || e->command == CMD_UP_8)
		dy = -step;
	else
		dy = step;
	move_area(m, dx, dy);
	if (!region_contains(m->view.shown, m->area))
		model_zoom_to(m, region_grow(m->area,
					     region_height(m->area)));
	model_touch(m);
}

void command_handle(struct review *m, const struct event *e)
{
	(void)e;
	m->handle = (m->handle + 1) % 5;
	model_touch(m);
}

void command_grow(struct review *m, const struct event *e)
{
	m->area = region_clip(region_grow(m->area, times(e)), m->info.columns,
			      m->info.rows);
	model_touch(m);
}

void command_shrink(struct review *m, const struct event *e)
{
	struct region r = region_grow(m->area, -times(e));

	if (region_empty(r))
		model_bell(m, _("it can't be smaller"));
	else
		m->area = r;
	model_touch(m);
}

static void keep_area(struct review *m)
{
	struct decided_list before;
	bool ok = true, fresh = m->editing < 0;
	int index = fresh ? (int)m->boxes.count : m->editing;

	if (!begin_change(m, &before))
		return;
	if (fresh) {
		ok = add_box(m, m->area);
	} else {
		struct decided_box *b = &m->boxes.box[index];
		bool was_box = b->box.tier == TIER_BOX;

		b->box.region = m->area;
		b->box.tier = TIER_BOX;
		b->reason = 0;
		if (!was_box)
			b->decision = DECISION_ADDED;
		else if (b->decision != DECISION_ADDED)
			b->decision = DECISION_CHANGED;
	}
	m->selected = index;
	end_change(m, &before, ok, fresh, index);
}

void command_keep(struct review *m, const struct event *e)
{
	(void)e;
	if (m->mode == MODE_ADD) {
		start_area(m, MODE_EDIT, m->area, -1);
		model_zoom_to(m, region_grow(m->area,
					     region_height(m->area)));
		return;
	}
	m->mode = model_base(m);
	model_show_page(m, *model_current_page(m));
	model_touch(m);
	if (m->editing >= 0 && region_equal(m->area,
			m->boxes.box[m->editing].box.region))
		model_show_box(m, m->editing);
	else
		keep_area(m);
}

void command_drop(struct review *m, const struct event *e)
{
	(void)e;
	m->mode = model_base(m);
	m->asked = ASKED_NOTHING;
	model_show_page(m, *model_current_page(m));
	model_touch(m);
}

struct region review_area(const struct review *m)
{
	return m->area;
}

/* ---- undo ---- */

void model_reopen(struct review *m, int digit)
{
	undo_drop_verdict(&m->undo, m->target);
	m->reason = digit;
	m->effects |= EFFECT_REOPEN | EFFECT_FLUSH_INPUT;
	model_go(m, m->target);
	m->concluded = true;
}

/* Take back the verdict of a row, with a reason when it is released. */
static void take_back_verdict(struct review *m, long long row, bool released)
{
	m->target = row;
	if (released)
		model_ask(m, ASKED_REOPEN);
	else
		model_reopen(m, 0);
}

/* The boxes that the entry is about: on the screen or kept. */
static struct decided_list *boxes_of(struct review *m, long long row)
{
	if (m->item && m->row == row)
		return &m->boxes;
	return undo_kept(&m->undo, row);
}

static void step(struct review *m, const struct undo_entry *e,
		 bool (*apply)(struct undo *u, struct decided_list *boxes))
{
	long long row = e->row;
	size_t at = e->at;
	struct decided_list *boxes = boxes_of(m, row);

	if (!boxes || !apply(&m->undo, boxes)) {
		model_bell(m, _("this can't be taken back any more"));
		return;
	}
	if (boxes != &m->boxes) {
		model_go(m, row);
		return;
	}
	m->by_eye = false;
	m->selected = -1;
	model_plan(m);
	if (at < m->boxes.count)
		model_show_box(m, (int)at);
	model_touch(m);
}

void model_undo(struct review *m)
{
	const struct undo_entry *e = undo_last(&m->undo);
	bool on_item = m->mode != MODE_LIST && model_decided(m);

	if (e && e->type == UNDO_VERDICT &&
	    (!on_item || e->row == m->row)) {
		take_back_verdict(m, e->row, e->released);
	} else if (on_item) {
		take_back_verdict(m, m->row,
				  m->item->output == OUTPUT_RELEASED);
	} else if (!e) {
		model_bell(m, _("nothing to take back"));
	} else {
		step(m, e, undo_back);
	}
}

void model_redo(struct review *m)
{
	const struct undo_entry *e = undo_next(&m->undo);

	if (!e || model_decided(m))
		model_bell(m, _("nothing to do again"));
	else
		step(m, e, undo_forward);
}

/* review_box.c - the model: selection, and what is decided on boxes. */
#include "config.h"

#include "review/model.h"

enum { DIGITS_MS = 800 };               /* between the digits of a number */

#include <string.h>

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

bool review_offers(const struct review *m, int reason)
{
	/* phantom or test, unreadable, ask a physician, other */
	static const unsigned of_item = 1 << 4 | 1 << 7 | 1 << 8 | 1 << 9;

	switch (m->asked) {
	case ASKED_WITHHOLD:
	case ASKED_ESCALATE:
	case ASKED_TAGGED:
		return of_item & 1u << reason;
	default:
		return true;
	}
}

bool review_masked(const struct decided_box *box)
{
	return box->box.tier == TIER_BOX && box->decision != DECISION_NO_MASK;
}

bool review_left(const struct review *m, const struct decided_box *box)
{
	return !model_decided(m) && !strcmp(box->box.why, "residual");
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

static bool has_number(const struct review *m, int n)
{
	return n > 0 && (size_t)n <= m->boxes.count &&
	       m->boxes.box[n - 1].box.tier != TIER_BENIGN;
}

/* A digit right after another one is the second of a number. */
void command_select(struct review *m, const struct event *e)
{
	bool second = m->digit && e->count < 10 &&
		      e->ms - m->digit_ms < DIGITS_MS &&
		      has_number(m, m->digit * 10 + e->count);
	int n = second ? m->digit * 10 + e->count : e->count;

	m->digit = second || n > 9 ? 0 : n;
	m->digit_ms = e->ms;
	if (n == 0)
		select_box(m, -1);
	else if (has_number(m, n))
		select_box(m, n - 1);
	else
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

bool model_is_face(const struct box *box)
{
	return box->kind == KIND_FACE || box->class_ == CLASS_FACE ||
		box->class_ == CLASS_EYES;
}

/* DESIGN 8.6: only with a reason; of a face that was called something else
 * too. */
bool model_wants_reason(const struct review *m, const struct decided_box *b)
{
	const struct decided_box *loaded = model_loaded_box(m, b->id);

	return review_masked(b) &&
		(strncmp(b->box.why, "header:", 7) == 0 ||
		 model_is_face(&b->box) ||
		 (loaded && model_is_face(&loaded->box)));
}

const struct decided_box *model_loaded_box(const struct review *m, int id)
{
	for (size_t i = 0; i < m->loaded.count; i++)
		if (m->loaded.box[i].id == id)
			return &m->loaded.box[i];
	return NULL;
}

bool review_moved(const struct review *m, const struct decided_box *box)
{
	const struct decided_box *was = model_loaded_box(m, box->id);

	return was && !region_contains(box->box.region, was->box.region);
}

/* What a mask that is put back counts as. */
static enum box_decision decision_back(const struct review *m,
				       const struct decided_box *b)
{
	const struct decided_box *was = model_loaded_box(m, b->id);

	if (!was || was->box.tier != TIER_BOX)
		return DECISION_ADDED;
	if (!region_equal(was->box.region, b->box.region) ||
	    was->box.class_ != b->box.class_)
		return DECISION_CHANGED;
	return was->decision == DECISION_NO_MASK ? DECISION_MASK :
		was->decision;
}

void model_take_off(struct review *m, int index, int reason)
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
	struct decided_box *b = model_selected_box(m);

	if (!b || !model_begin_change(m, &before))
		return;
	m->last = (struct last_edit){ .command = CMD_REJECT };
	if (review_masked(b)) {
		model_take_off(m, m->selected, reason);
	} else {
		b->decision = decision_back(m, b);
		b->reason = 0;
	}
	if (m->boxes.count < before.count)
		m->selected = -1;
	model_end_change(m, &before, true, false, m->selected);
}

void command_reject(struct review *m, const struct event *e)
{
	struct decided_box *b = model_selected_box(m);

	(void)e;
	if (!b || !model_editable(m))
		return;
	if (b->box.tier != TIER_BOX)
		model_bell(m, _("this is not masked: {take} masks it"));
	else if (model_wants_reason(m, b))
		model_ask(m, ASKED_REJECT);
	else
		reject(m, 0);
}

static void reject_all(struct review *m, int reason)
{
	struct decided_list before;

	if (!model_begin_change(m, &before))
		return;
	for (int i = (int)m->boxes.count - 1; i >= 0; i--)
		if (review_masked(&m->boxes.box[i]) &&
		    m->boxes.box[i].box.plane == PLANE_PICTURE)
			model_take_off(m, i,
				model_wants_reason(m, &m->boxes.box[i]) ?
				reason : 0);
	m->selected = -1;
	model_say(m, "%s", _("no mask is left: {tour}, then {clean}; or "
			     "{escalate}"));
	model_end_change(m, &before, true, false, -1);
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
		if (model_wants_reason(m, &m->boxes.box[i])) {
			model_ask(m, ASKED_REJECT_ALL);
			return;
		}
	reject_all(m, 0);
}

/* ---- reasons and classes ---- */

void model_ask(struct review *m, enum asked asked)
{
	m->asked = asked;
	m->over_list = review_listing(m);
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
	m->mode = m->over_list ? MODE_LIST : model_base(m);
	m->over_list = false;
	model_touch(m);
	if (asked == ASKED_TAGGED)
		model_decide_tagged(m, digit);
	else if (asked == ASKED_REJECT)
		reject(m, digit);
	else if (asked == ASKED_REJECT_ALL)
		reject_all(m, digit);
	else if (asked == ASKED_UNMASK)
		model_unmask(m, digit);
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
	model_select_shown(m);
	if (!model_selected_box(m) || !model_editable(m))
		return;
	m->mode = MODE_CLASS;
	model_touch(m);
}

void model_set_class(struct review *m, enum box_class class_)
{
	struct decided_list before;
	struct decided_box *b = model_selected_box(m);
	bool face = class_ == CLASS_FACE || class_ == CLASS_EYES;

	if (!b || !model_begin_change(m, &before))
		return;
	m->last = (struct last_edit){ .command = CMD_CLASS,
				      .class_ = class_ };
	b->box.class_ = class_;
	if (face)
		b->box.kind = KIND_FACE;
	else if (b->box.kind == KIND_FACE)
		b->box.kind = KIND_IDENTIFIER;
	if (b->decision == DECISION_MASK)
		b->decision = DECISION_CHANGED;
	model_end_change(m, &before, true, true, m->selected);
}

void model_class_given(struct review *m, int letter)
{
	for (int i = 0; i < CLASSES; i++)
		if (review_class_letter[i] == letter) {
			m->mode = model_base(m);
			model_touch(m);
			model_set_class(m, (enum box_class)i);
			return;
		}
	model_bell(m, _("no class has this letter; Esc leaves"));
}

/* ---- taking and adding ---- */

void model_mask_box(struct review *m, int index)
{
	struct decided_box *b = &m->boxes.box[index];

	b->decision = b->box.tier == TIER_BOX ? decision_back(m, b) :
		DECISION_ADDED;
	b->box.tier = TIER_BOX;
	b->reason = 0;
}

void command_take(struct review *m, const struct event *e)
{
	struct decided_list before;
	struct decided_box *b = model_selected_box(m);

	(void)e;
	if (!b)
		return;
	if (b->box.tier == TIER_BOX) {
		model_bell(m, _("this is a box already"));
		return;
	}
	if (!model_begin_change(m, &before))
		return;
	m->last = (struct last_edit){ .command = CMD_TAKE };
	model_mask_box(m, m->selected);
	model_end_masking(m, &before, true, m->selected);
}

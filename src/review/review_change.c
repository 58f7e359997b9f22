/* review_change.c - the model: boxes that come, changes of them, and undo. */
#include "config.h"

#include "review/model.h"

#include <stdint.h>
#include <string.h>

#include "base/mem.h"

/* ---- loading ---- */

/* Only the very same place counts: a box too many is a key, one too few may
 * be a leak. */
static bool is_among(const struct decided_list *list, const struct box *box)
{
	for (size_t i = 0; i < list->count; i++)
		if (box_same_place(&list->box[i].box, box))
			return true;
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

/* A box that came: to the boxes, and to what is remembered as it came. */
static bool load_box(struct review *m, const struct decided_box *b)
{
	return decided_list_add(&m->boxes, b) &&
		decided_list_add(&m->loaded, b);
}

static bool add_proposals(struct review *m, const struct proposals *p)
{
	for (int tier = 0; tier < TIERS; tier++)
		for (size_t i = 0; i < p->boxes.count; i++) {
			struct decided_box b = { .box = p->boxes.box[i] };

			if ((int)b.box.tier != tier || !clip_box(m, &b.box) ||
			    is_among(&m->boxes, &b.box) ||
			    is_among(&m->loaded, &b.box))
				continue;
			b.id = m->next_id++;
			b.decision = tier == TIER_BOX ? DECISION_MASK :
				DECISION_NO_MASK;
			if (!load_box(m, &b))
				return false;
		}
	return true;
}

static bool add_to(struct review *m, struct decided_list *list,
		   const struct decided_box *box, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct decided_box b = box[i];

		if (clip_box(m, &b.box) && !decided_list_add(list, &b))
			return false;
	}
	return true;
}

static bool add_draft(struct review *m, const struct event *e)
{
	model_say(m, "%s", _("boxes changed before are back"));
	return add_to(m, &m->boxes, e->decided, e->decided_count) &&
	       add_to(m, &m->loaded, e->loaded, e->loaded_count);
}

static void count_ids(struct review *m, const struct decided_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->box[i].id >= m->next_id)
			m->next_id = list->box[i].id + 1;
}

/* What no file of boxes keeps comes from the proposal: how it is shown, and
 * its text.  What was decided on it stays. */
static void complete(struct decided_list *list, const struct box *found)
{
	for (size_t i = 0; i < list->count; i++) {
		struct box *b = &list->box[i].box;

		if (!box_same_place(b, found) || b->source != found->source)
			continue;
		if (b->letter_height == 0) {
			if (list->box[i].decision == DECISION_NO_MASK)
				b->tier = found->tier;
			b->letter_height = found->letter_height;
			b->latin = found->latin;
			b->confidence = found->confidence;
			b->differs = found->differs;
		}
		if (!*b->text)
			memcpy(b->text, found->text, sizeof(b->text));
	}
}

static void complete_all(struct review *m, const struct proposals *p)
{
	for (size_t i = 0; i < p->boxes.count; i++) {
		struct box found = p->boxes.box[i];

		if (!clip_box(m, &found))
			continue;
		complete(&m->boxes, &found);
		complete(&m->loaded, &found);
	}
}

void model_text_read(struct review *m, const struct event *e)
{
	if (!m->item || !m->detected)
		return;
	complete_all(m, e->proposals);
	model_plan(m);
	model_touch(m);
}

int model_new_box(const struct review *m, const struct event *e)
{
	const struct decided_list known = {
		(struct decided_box *)(uintptr_t)e->decided,    /* only read */
		e->decided_count, e->decided_count };

	if (!e->decided_count || model_decided(m))
		return -1;
	for (size_t i = 0; i < m->boxes.count; i++)
		if (review_left(m, &m->boxes.box[i]) &&
		    !is_among(&known, &m->boxes.box[i].box))
			return (int)i;
	return -1;
}

/* First what is known of the item: boxes left behind, or decided before. */
static bool load_known(struct review *m, const struct event *e)
{
	const struct undo_draft *kept = undo_kept(&m->undo, m->row);

	if (!kept)
		return e->draft ? add_draft(m, e) :
		       add_to(m, &m->boxes, e->decided, e->decided_count) &&
		       add_to(m, &m->loaded, e->decided, e->decided_count);
	return decided_list_copy(&m->boxes, &kept->boxes) &&
		decided_list_copy(&m->loaded, &kept->loaded);
}

bool model_load_boxes(struct review *m, const struct event *e)
{
	bool first = !m->detected && !m->stage_failed;

	if (first && !load_known(m, e))
		return false;
	if (first)
		model_recall_seen(m);
	count_ids(m, &m->boxes);
	count_ids(m, &m->loaded);
	if (!e->proposals)
		return true;
	complete_all(m, e->proposals);
	return add_proposals(m, e->proposals);
}

/* ---- one change: all or nothing, and undoable ---- */

bool model_begin_change(struct review *m, struct decided_list *before)
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

/* ---- what is left of the page ---- */

/* Lines of the page that have no mask; false: no memory. */
static bool note_open(const struct review *m, struct evidence_plan *open)
{
	const struct evidence_page *page;

	*open = (struct evidence_plan){ 0 };
	if (m->page < 0 || (size_t)m->page >= m->plan.page_count)
		return true;
	page = &m->plan.page[m->page];
	for (size_t k = page->first; k < page->first + page->count; k++) {
		const struct evidence *e =
			&m->plan.evidence[m->plan.placement[k].evidence];

		if (e->kind != EVIDENCE_CANDIDATE && e->kind != EVIDENCE_FAINT)
			continue;
		if (!mem_grow(&open->evidence, &open->evidence_capacity,
			      open->evidence_count, sizeof(*e)))
			return false;
		open->evidence[open->evidence_count++] = *e;
	}
	return true;
}

static bool is_open(const struct review *m, const struct placement *p,
		    const struct evidence_plan *open)
{
	return evidence_same(&m->plan.evidence[p->evidence], open->evidence,
			     open->evidence_count) != NULL;
}

/* The page with most of them; -1: there are none. */
static int page_of_open(const struct review *m,
			const struct evidence_plan *open)
{
	size_t most = 0;
	int best = -1;

	for (size_t i = 0; i < m->plan.page_count; i++) {
		const struct evidence_page *page = &m->plan.page[i];
		size_t count = 0;

		for (size_t k = 0; k < page->count; k++)
			count += is_open(m, &m->plan.placement[page->first + k],
					 open);
		if (count > most) {
			most = count;
			best = (int)i;
		}
	}
	return best;
}

/* Who was at work on a page was not done with its lines: what is not on the
 * screen after the change comes again, though it was shown. */
static void bring_again(struct review *m, const struct evidence_plan *open)
{
	for (size_t i = 0; i < m->plan.placement_count; i++) {
		const struct placement *p = &m->plan.placement[i];

		if (p->page != (size_t)m->page && is_open(m, p, open))
			evidence_unmark(&m->plan, (size_t)p->evidence);
	}
}

static void show_change(struct review *m, const struct evidence_plan *open,
			int box, bool stay)
{
	int page = stay ? page_of_open(m, open) : -1;

	if (page >= 0)
		model_show_page(m, page);
	else
		model_show_box(m, box);
	bring_again(m, open);
}

static void end_change(struct review *m, struct decided_list *before, bool ok,
		       bool only_adds, int box, bool stay)
{
	struct evidence_plan open;
	ok = note_open(m, &open) && ok;
	if (!ok || !undo_record(&m->undo, m->row, before, &m->boxes)) {
		decided_list_done(&m->boxes);
		m->boxes = *before;
		model_bell(m, _("no memory: nothing was changed"));
		fix_selection(m);
		evidence_plan_done(&open);
		return;
	}
	decided_list_done(before);
	model_boxes_changed(m, m->row);
	if (!only_adds)
		m->by_eye = false;
	fix_selection(m);
	model_plan(m);
	/* the tour goes on where it is */
	if (!m->touring)
		show_change(m, &open, box, stay);
	evidence_plan_done(&open);
}

void model_end_change(struct review *m, struct decided_list *before, bool ok,
		      bool only_adds, int box)
{
	end_change(m, before, ok, only_adds, box, false);
}

void model_end_masking(struct review *m, struct decided_list *before, bool ok,
		       int box)
{
	end_change(m, before, ok, true, box, true);
}

struct decided_box *model_selected_box(struct review *m)
{
	if (m->selected >= 0)
		return &m->boxes.box[m->selected];
	model_bell(m, _("select a box first: its number, or {box-next}"));
	return NULL;
}

/* The only box or candidate of a page; -1 for none or several. */
static int only_box(const struct review *m, const struct evidence_page *page)
{
	int box = -1;

	for (size_t i = page->first; i < page->first + page->count; i++) {
		int at = m->plan.evidence[m->plan.placement[i].evidence].box;

		if (at < 0)
			continue;
		if (box >= 0 && box != at)
			return -1;
		box = at;
	}
	return box;
}

void model_select_shown(struct review *m)
{
	if (m->selected >= 0 || m->touring || !review_page_visible(m))
		return;
	m->selected = only_box(m, &m->plan.page[m->page]);
	if (m->selected >= 0)
		model_touch(m);
}

/* ---- undo ---- */

/* The rows of a verdict or a group that are to be taken back. */
static bool note_reopened(struct review *m, const long long *rows,
			  size_t count)
{
	m->reopened_count = 0;
	for (size_t i = 0; i < count; i++) {
		if (!mem_grow(&m->reopened, &m->reopened_capacity,
			      m->reopened_count, sizeof(*m->reopened)))
			return false;
		m->reopened[m->reopened_count++] = rows[i];
	}
	return true;
}

/* The last thing done, when it is a group that m->target stands for. */
static const struct undo_entry *last_group(const struct review *m)
{
	const struct undo_entry *e = undo_last(&m->undo);

	return m->reopen_group && e && e->type == UNDO_GROUP &&
	       e->row == m->target ? e : NULL;
}

/* Is it on the screen, and its boxes are not there yet? */
static bool is_awaited(const struct review *m, long long row)
{
	return m->item && m->row == row && !m->detected && !m->stage_failed;
}

/* The boxes of an item: on the screen or kept. */
static struct decided_list *boxes_of(struct review *m, long long row)
{
	struct undo_draft *kept = undo_kept(&m->undo, row);

	if (m->item && m->row == row && !is_awaited(m, row))
		return &m->boxes;
	return kept ? &kept->boxes : NULL;
}

void model_reopen(struct review *m, int digit)
{
	const struct undo_entry *group = last_group(m);

	if (!(group ? note_reopened(m, group->rows, group->row_count) :
		      note_reopened(m, &m->target, 1))) {
		model_bell(m, _("no memory: nothing was changed"));
		return;
	}
	if (group)
		undo_take_back_group(&m->undo);
	else
		undo_take_back(&m->undo, m->target, boxes_of(m, m->target));
	m->taken_back = m->target;
	m->reason = digit;
	m->effects |= EFFECT_REOPEN | EFFECT_FLUSH_INPUT;
	model_go(m, m->target);
	m->concluded = true;
}

/* Take back the verdict of a row, with a reason when it is released. */
static void take_back_verdict(struct review *m, long long row, bool released,
			      bool group)
{
	m->target = row;
	m->reopen_group = group;
	if (released)
		model_ask(m, ASKED_REOPEN);
	else
		model_reopen(m, 0);
}

static void step(struct review *m, const struct undo_entry *e,
		 bool (*apply)(struct undo *u, struct decided_list *boxes))
{
	long long row = e->row;
	size_t at = e->at;
	bool same = e->before.count == 1 && e->after.count == 1;
	struct decided_list *boxes = boxes_of(m, row);

	if (is_awaited(m, row)) {
		model_bell(m, _("still reading: wait"));
		return;
	}
	if (!boxes || !apply(&m->undo, boxes)) {
		model_bell(m, _("this can't be taken back any more"));
		return;
	}
	model_boxes_changed(m, row);
	if (boxes != &m->boxes) {
		model_go(m, row);
		return;
	}
	if (m->mode == MODE_LIST)
		m->mode = model_base(m);
	count_ids(m, &m->boxes);
	m->by_eye = false;
	m->selected = -1;
	model_plan(m);
	if (at < m->boxes.count && !m->touring) {
		model_show_box(m, (int)at);
		/* a box that is another way again stays at hand */
		m->selected = same ? (int)at : -1;
	}
	model_touch(m);
}

/* W was pressed, but nothing left: the copy was held back. */
static bool is_back(const struct review *m)
{
	return m->item->held && m->item->output != OUTPUT_RELEASED;
}

void model_undo(struct review *m)
{
	const struct undo_entry *e = undo_last(&m->undo);
	bool on_item = m->mode != MODE_LIST && model_decided(m);

	/* a decided item of its own is opened again by u */
	if (e && e->type == UNDO_HANDED &&
	    (!on_item || e->at == (size_t)m->row)) {
		undo_drop_last(&m->undo);
		m->effects |= EFFECT_TAKE_BACK;
	} else if (e && e->type == UNDO_VERDICT &&
	    (!on_item || e->row == m->row)) {
		take_back_verdict(m, e->row,
				  e->released && !(on_item && is_back(m)),
				  false);
	} else if (e && e->type == UNDO_GROUP && !on_item) {
		take_back_verdict(m, e->row, e->released, true);
	} else if (on_item) {
		take_back_verdict(m, m->row,
				  m->item->output == OUTPUT_RELEASED, false);
	} else if (!e) {
		model_bell(m, _("nothing to take back"));
	} else {
		step(m, e, undo_back);
	}
}

/* The screen goes to what the verdict is about; there it is given again. */
static void redo_verdict(struct review *m, const struct event *e,
			 const struct undo_entry *next)
{
	if (m->item && m->row == next->row && m->mode != MODE_LIST) {
		model_decide_again(m, e, next);
		return;
	}
	/* TRANSLATORS: number of an item */
	model_say(m, _("item %lld: {redo} once more gives its verdict again"),
		  next->row);
	model_go(m, next->row);
}

void model_redo(struct review *m, const struct event *e)
{
	const struct undo_entry *next = undo_next(&m->undo);

	if (next && next->type == UNDO_VERDICT)
		redo_verdict(m, e, next);
	else if (next && next->type == UNDO_GROUP)
		model_bell(m, _("a group is approved again on its sheet: "
				"{group}"));
	else if (next && !model_decided(m))
		step(m, next, undo_forward);
	else if (m->item && m->row == m->taken_back && !model_decided(m))
		model_bell(m, _("changed since its verdict was taken back: "
				"decide anew"));
	else
		model_bell(m, _("nothing to do again"));
}

long long review_given_again(const struct review *m)
{
	const struct undo_entry *next = undo_next(&m->undo);

	return next && next->type == UNDO_VERDICT ? next->row : 0;
}

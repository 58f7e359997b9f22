/* review_sheet.c - the model: the contact sheet of a group, its approval, and
 * boxes handed on to other pictures. */
#include "config.h"

#include "review/model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

const struct sheet *review_sheet(const struct review *m)
{
	return m->mode == MODE_SHEET ? m->sheet : NULL;
}

const struct evidence_plan *review_sheet_plan(const struct review *m)
{
	return &m->sheet_plan;
}

int review_sheet_page(const struct review *m)
{
	return m->sheet_page;
}

const struct seen *review_sheet_seen(const struct review *m, size_t *count)
{
	*count = m->sheet_seen_count;
	return m->sheet_seen;
}

long long review_sheet_ms(const struct review *m)
{
	return m->sheet_ms;
}

bool review_touched(const struct review *m, long long row)
{
	const struct undo_draft *kept;

	if (m->item && m->row == row)
		return !decided_list_equal(&m->boxes, &m->loaded);
	kept = undo_kept((struct undo *)(uintptr_t)&m->undo, row);
	return kept && !decided_list_equal(&kept->boxes, &kept->loaded);
}

const struct decided_box *review_loaded(const struct review *m, size_t *count)
{
	*count = m->loaded.count;
	return m->loaded.box;
}

bool review_undecided(const struct review *m)
{
	return m->item && !model_decided(m) && !m->concluded && !m->broken &&
	       (m->detected || m->stage_failed);
}

/* ---- pages ---- */

void model_clear_sheet(struct review *m)
{
	evidence_plan_done(&m->sheet_plan);
	m->sheet = NULL;
	m->sheet_seen_count = 0;
	m->sheet_ms = 0;
	m->sheet_page = -1;
}

/* For the geometry now; what was shown on another one does not count. */
void model_plan_sheet(struct review *m)
{
	evidence_plan_done(&m->sheet_plan);
	m->sheet_seen_count = 0;
	if (!m->sheet)
		return;
	if (!sheet_plan(m->sheet, &m->screen, &m->sheet_plan))
		m->sheet_plan.legible = false;
	m->sheet_page = m->sheet_plan.page_count > 0 ? 0 : -1;
	model_touch(m);
}

static void show_sheet_page(struct review *m, int page)
{
	if (page < 0 || (size_t)page >= m->sheet_plan.page_count)
		return;
	m->sheet_page = page;
	model_touch(m);
}

void model_next_sheet_page(struct review *m)
{
	show_sheet_page(m, evidence_next_page(&m->sheet_plan, m->sheet_page));
}

static bool note_seen(struct review *m, const struct seen *seen)
{
	if (!mem_grow(&m->sheet_seen, &m->sheet_seen_capacity,
		      m->sheet_seen_count, sizeof(*m->sheet_seen)))
		return false;
	m->sheet_seen[m->sheet_seen_count++] = *seen;
	return true;
}

/* The terminal answered: only what stands for those alike is their evidence. */
void model_sheet_painted(struct review *m)
{
	struct evidence_plan *plan = &m->sheet_plan;
	const struct evidence_page *p;

	if (m->sheet_page < 0 || plan->page[m->sheet_page].shown)
		return;
	evidence_mark(plan, m->sheet_page);
	p = &plan->page[m->sheet_page];
	for (size_t k = p->first; k < p->first + p->count; k++) {
		const struct placement *at = &plan->placement[k];
		struct seen seen = { .id = plan->evidence[at->evidence].id };

		if (!at->first ||
		    m->sheet->crop[at->evidence].state != GROUP_ALIKE)
			continue;
		snprintf(seen.mode, sizeof(seen.mode), "%s",
			 picture_mode_info[m->screen.mode].name);
		seen.sub_px = evidence_shown_x10(plan, at, &m->screen);
		if (!note_seen(m, &seen))
			plan->legible = false;
	}
	model_touch(m);
}

/* ms more of the page on the screen. */
void model_sheet_time(struct review *m, long long ms)
{
	const struct evidence_plan *plan = &m->sheet_plan;

	m->sheet_ms += ms;
	if (m->painted != m->revision || m->sheet_page < 0)
		return;
	for (size_t i = 0; i < m->sheet_seen_count; i++) {
		const struct evidence_page *p = &plan->page[m->sheet_page];

		for (size_t k = p->first; k < p->first + p->count; k++)
			if (plan->evidence[plan->placement[k].evidence].id ==
			    m->sheet_seen[i].id) {
				m->sheet_seen[i].ms += ms;
				break;
			}
	}
}

/* ---- opening and leaving ---- */

void model_sheet_came(struct review *m, const struct event *e)
{
	if (!e->sheet || (m->mode != MODE_LIST && m->mode != model_base(m)))
		return;
	model_clear_sheet(m);
	m->under_sheet = m->mode;
	m->mode = MODE_SHEET;
	m->sheet = e->sheet;
	m->effects |= EFFECT_FLUSH_INPUT;
	model_plan_sheet(m);
	model_touch(m);
}

static void leave(struct review *m)
{
	m->mode = m->under_sheet == MODE_LIST ? MODE_LIST : model_base(m);
	model_clear_sheet(m);
	m->effects |= EFFECT_FLUSH_INPUT;
	model_touch(m);
}

void command_leave_sheet(struct review *m, const struct event *e)
{
	(void)e;
	leave(m);
}

void command_sheet(struct review *m, const struct event *e)
{
	(void)e;
	m->target = m->mode == MODE_LIST ? TARGET_CURSOR : m->row;
	m->effects |= EFFECT_SHEET;
}

void command_sheet_page(struct review *m, const struct event *e)
{
	bool back = e->command == CMD_UP || e->command == CMD_UP_8;

	show_sheet_page(m, m->sheet_page + (back ? -1 : 1));
}

/* ---- approving ---- */

/* Y: the sheet first, when some are alike; on it, when all of it was shown, the group. */
void command_group(struct review *m, const struct event *e)
{
	if (m->mode != MODE_SHEET) {
		command_sheet(m, e);
		m->effects |= EFFECT_ALIKE;
		return;
	}
	if (!model_on_seen_screen(m, e))
		return;
	if (m->sheet->by_state[GROUP_ALIKE] == 0)
		model_bell(m, _("no other picture is alike"));
	else if (!m->sheet_plan.legible)
		model_bell(m, _("too small to read: make the terminal "
				"larger"));
	else if (!evidence_all_shown(&m->sheet_plan))
		model_bell(m, _("{approve} shows the rest of the sheet first"));
	else
		m->effects |= EFFECT_GROUP | EFFECT_FLUSH_INPUT;
}

/* The verdicts are recorded: rows of them, one step for u. */
void model_grouped(struct review *m, const struct event *e)
{
	if (m->mode != MODE_SHEET)
		return;
	leave(m);
	if (e->row_count == 0)
		return;
	if (!undo_record_group(&m->undo, e->rows, e->row_count))
		model_say(m, "%s", _("no memory: {undo} takes these back one "
				     "by one"));
	else if (e->last)
		model_say(m, P_("%zu picture approved in a group; {undo} "
				"takes it back; all items are decided", "%zu "
				"pictures approved in a group; {undo} takes "
				"them back; all items are decided",
				(unsigned long)e->row_count), e->row_count);
	else
		model_say(m, P_("%zu picture approved in a group; {undo} "
				"takes it back", "%zu pictures approved in a "
				"group; {undo} takes them back",
				(unsigned long)e->row_count), e->row_count);
}

/* ---- boxes handed on ---- */

enum spread review_spread(const struct review *m)
{
	return m->spread;
}

void command_propagate(struct review *m, const struct event *e)
{
	(void)e;
	model_select_shown(m);
	if (!model_editable(m))
		return;
	m->mode = MODE_PROPAGATE;
	model_touch(m);
}

/* The selected box on every frame: more is masked than was. */
static void to_all_frames(struct review *m)
{
	struct decided_box *b = model_selected_box(m);
	struct decided_list before;

	if (!b)
		return;
	if (b->box.plane != PLANE_PICTURE || m->info.frames < 2 ||
	    (b->box.frame0 == 0 && b->box.frame1 == m->info.frames - 1)) {
		model_bell(m, _("this box is on all frames already"));
		return;
	}
	if (!model_begin_change(m, &before))
		return;
	b->box.frame0 = 0;
	b->box.frame1 = m->info.frames - 1;
	b->reason = 0;
	if (b->box.tier != TIER_BOX)
		b->decision = DECISION_ADDED;
	else if (b->decision != DECISION_ADDED)
		b->decision = DECISION_CHANGED;
	b->box.tier = TIER_BOX;
	model_end_change(m, &before, true, true, m->selected);
	if (!(m->effects & EFFECT_BELL))
		model_say(m, _("this box is on all %d frames now; {undo} "
			       "takes it back"), m->info.frames);
}

static void to_others(struct review *m, enum spread spread)
{
	if (model_masked(m, NULL) == 0) {
		model_bell(m, _("there is no mask"));
		return;
	}
	m->spread = spread;
	m->effects |= EFFECT_PROPAGATE;
}

void model_propagate_given(struct review *m, int letter)
{
	m->mode = model_base(m);
	model_touch(m);
	switch (letter) {
	case 'f':
		to_all_frames(m);
		break;
	case 's':
		to_others(m, SPREAD_SERIES);
		break;
	case 'g':
		to_others(m, SPREAD_DEVICE);
		break;
	case 't':
		m->effects |= EFFECT_REMEMBER;
		break;
	default:
		model_bell(m, _("f all frames, s series, g same device and "
				"size, t remember"));
	}
}

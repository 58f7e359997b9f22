/* review_unmask.c - the model: several masks are taken off at once, each named
 * by its letter. */
#include "config.h"

#include "review/model.h"

bool review_unmasking(const struct review *m)
{
	return m->mode == MODE_UNMASK ||
		(m->mode == MODE_REASON && m->asked == ASKED_UNMASK);
}

static bool can_go(const struct decided_box *b)
{
	return b->box.plane == PLANE_PICTURE && review_masked(b);
}

static bool is_hinted(const struct review *m, int box)
{
	for (size_t i = 0; i < m->hint_count; i++)
		if (m->hint[i].box == box)
			return true;
	return false;
}

/* The page is read: its masks, as they follow on it. */
static bool hint_page(struct review *m)
{
	const struct evidence_page *page = &m->plan.page[m->page];

	for (size_t k = page->first; k < page->first + page->count; k++) {
		int box = m->plan.evidence[m->plan.placement[k].evidence].box;

		if (box >= 0 && can_go(&m->boxes.box[box]) &&
		    !is_hinted(m, box) &&
		    !model_hint_add(m, m->boxes.box[box].box.region, box))
			return false;
	}
	return true;
}

/* The picture is: its masks that lie there by half. */
static bool hint_part(struct review *m, struct region shown)
{
	for (size_t i = 0; i < m->boxes.count; i++) {
		const struct decided_box *b = &m->boxes.box[i];
		struct region r = b->box.region;

		if (can_go(b) && model_on_frame(&b->box, m->view.frame_index) &&
		    region_hit(shown, (r.x0 + r.x1) / 2, (r.y0 + r.y1) / 2) &&
		    !model_hint_add(m, r, (int)i))
			return false;
	}
	model_hints_from_above(m);
	return true;
}

void command_unmask(struct review *m, const struct event *e)
{
	struct region shown = model_shown_part(m);
	bool page = !m->touring && m->view.pane == PANE_EVIDENCE &&
		    review_page_visible(m);

	(void)e;
	if (!model_editable(m))
		return;
	model_hints_start(m);
	if (!(page ? hint_page(m) : hint_part(m, shown))) {
		model_bell(m, _("no memory: nothing was changed"));
		return;
	}
	if (!m->hint_count) {
		model_bell(m, _("there is no mask here"));
		return;
	}
	m->mode = MODE_UNMASK;
	model_touch(m);
	if (!page)
		model_zoom_to(m, shown);
}

void model_unmask_given(struct review *m, int letter)
{
	int picked = model_hint_typed(m, letter);

	if (picked < 0)
		return;
	m->hint[picked].chosen = !m->hint[picked].chosen;
	model_touch(m);
}

static bool is_chosen(const struct review *m, int box)
{
	for (size_t i = 0; i < m->hint_count; i++)
		if (m->hint[i].box == box)
			return m->hint[i].chosen;
	return false;
}

/* All in one change; reason: of those that want one. */
void model_unmask(struct review *m, int reason)
{
	struct decided_list before;
	int first = -1, count = (int)m->boxes.count;

	if (!model_begin_change(m, &before))
		return;
	/* one that was drawn here leaves the list: from the end */
	for (int i = count - 1; i >= 0; i--) {
		struct decided_box *b = &m->boxes.box[i];

		if (!is_chosen(m, i) || !can_go(b))
			continue;
		model_take_off(m, i, model_wants_reason(m, b) ? reason : 0);
		first = i;
	}
	m->selected = -1;
	m->hint_count = 0;
	model_end_change(m, &before, true, false,
			 first < (int)m->boxes.count ? first : -1);
}

void command_unmask_chosen(struct review *m, const struct event *e)
{
	bool any = false, reason = false;

	(void)e;
	for (size_t i = 0; i < m->hint_count; i++) {
		const struct hint *h = &m->hint[i];

		any = any || h->chosen;
		reason = reason || (h->chosen &&
			 model_wants_reason(m, &m->boxes.box[h->box]));
	}
	if (!any) {
		model_bell(m, _("first the letters of masks; Esc leaves"));
		return;
	}
	m->mode = model_base(m);
	model_touch(m);
	if (reason)
		model_ask(m, ASKED_UNMASK);
	else
		model_unmask(m, 0);
}

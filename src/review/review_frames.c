/* review_frames.c - the model: the frames of a page that shows several. */
#include "config.h"

#include "review/model.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static const struct held_frame *held(const struct review *m, int frame)
{
	if (frame == FRAME_WHOLE)
		return m->whole.plane ? &m->whole : NULL;
	for (int i = 0; i < m->held_count; i++)
		if (m->held[i].frame == frame)
			return &m->held[i];
	return NULL;
}

static void held_done(struct held_frame *h)
{
	plane_free(h->plane);
	ink_picture_done(&h->picture);
	*h = (struct held_frame){ 0 };
}

void model_drop_frames(struct review *m)
{
	for (int i = 0; i < m->held_count; i++)
		held_done(&m->held[i]);
	m->held_count = 0;
	held_done(&m->whole);
	mark_list_done(&m->whole_marks);
	m->has_whole_marks = false;
}

/* What the view goes to for it. */
static int frame_to_go(int frame)
{
	return frame == FRAME_WHOLE ? 0 : frame;
}

bool model_page_has(const struct evidence_page *page, int frame)
{
	return evidence_page_has(page, frame) ||
		(frame == 0 && evidence_page_has(page, FRAME_WHOLE));
}

static bool shows_several(const struct evidence_page *page)
{
	return page->also_count > 0;
}

/* The page whose frames are held, or are to be. */
static const struct evidence_page *page_at_hand(const struct review *m)
{
	return m->touring || m->page < 0 ||
	       (size_t)m->page >= m->plan.page_count ? NULL :
		&m->plan.page[m->page];
}

static void keep_those_of(struct review *m, const struct evidence_page *page)
{
	int kept = 0;

	for (int i = 0; i < m->held_count; i++) {
		struct held_frame h = m->held[i];

		if (shows_several(page) && evidence_page_has(page, h.frame))
			m->held[kept++] = h;
		else
			held_done(&h);
	}
	m->held_count = kept;
}

static struct plane *copy_of(const struct plane *p)
{
	size_t count = (size_t)p->columns * (size_t)p->rows *
		       (size_t)p->channels;
	struct plane *copy = mem_array(1, sizeof(*copy));

	if (!copy)
		return NULL;
	*copy = *p;
	copy->pixel = mem_array(count, 1);
	if (!copy->pixel) {
		plane_free(copy);
		return NULL;
	}
	memcpy(copy->pixel, p->pixel, count);
	return copy;
}

static void hold_whole(struct review *m, const struct event *e)
{
	if (!e->whole || e->frame_index != 0 || m->whole.plane ||
	    e->whole->columns != m->info.columns ||
	    e->whole->rows != m->info.rows)
		return;
	m->whole = (struct held_frame){ .frame = FRAME_WHOLE,
					.serial = --m->held_serial,
					.plane = copy_of(e->whole) };
	m->broken = m->broken || !m->whole.plane ||
		!ink_picture_set(&m->whole.picture, e->whole, NULL);
}

void model_hold_frame(struct review *m, const struct event *e)
{
	const struct evidence_page *page = page_at_hand(m);
	struct held_frame *h;

	hold_whole(m, e);
	if (!page || !shows_several(page) || held(m, e->frame_index) ||
	    !evidence_page_has(page, e->frame_index))
		return;
	keep_those_of(m, page);
	h = &m->held[m->held_count++];
	*h = (struct held_frame){ .frame = e->frame_index,
				  .serial = --m->held_serial,
				  .plane = copy_of(e->plane) };
	m->broken = m->broken || !h->plane ||
		!ink_picture_set(&h->picture, e->plane, e->grey);
}

/* That of the selected box, so that what is done to it finds its frame. */
static int frame_in_focus(const struct review *m,
			  const struct evidence_page *page)
{
	const struct evidence_plan *plan = &m->plan;

	for (size_t k = page->first; k < page->first + page->count; k++) {
		const struct evidence *e =
			&plan->evidence[plan->placement[k].evidence];

		if (e->box >= 0 && e->box == m->selected)
			return e->frame;
	}
	return page->frame;
}

void model_go_page_frame(struct review *m, const struct evidence_page *page)
{
	int focus;

	if (m->touring || !shows_several(page)) {
		model_go_frame(m, frame_to_go(page->frame));
		return;
	}
	keep_those_of(m, page);
	focus = frame_to_go(frame_in_focus(m, page));
	for (int i = page->also_count; i >= 0 && !m->broken; i--) {
		int frame = evidence_page_frame(page, i);

		if (held(m, frame) || frame == focus)
			continue;
		/* the one at hand was not held: it comes once more */
		m->asked_frame = m->asked_frame && (!m->have_frame ||
				frame != m->view.frame_index);
		model_go_frame(m, frame);
		return;
	}
	if (!held(m, focus) && m->have_frame && focus == m->view.frame_index)
		m->asked_frame = m->broken;
	model_go_frame(m, focus);
}

bool model_has_page_frames(const struct review *m,
			   const struct evidence_page *page)
{
	if (m->touring || !shows_several(page))
		return m->view.frame_index == frame_to_go(page->frame) &&
			(page->frame != FRAME_WHOLE || m->whole.plane);
	for (int i = 0; i <= page->also_count; i++)
		if (!held(m, evidence_page_frame(page, i)))
			return false;
	return model_page_has(page, m->view.frame_index);
}

/* Its ink is looked at when it comes: what crosses the edge of a mask there,
 * on a projection what lies under none. */
static bool was_looked_at(const struct review *m, int frame)
{
	return frame <= FRAME_WHOLE || held(m, frame) ||
	       (m->have_frame && m->picture_frame == frame);
}

bool review_pages_open(const struct review *m)
{
	const struct evidence_plan *plan = &m->plan;

	if (m->touring || m->mode == MODE_SHEET || m->info.frames < 2 ||
	    model_masked(m, NULL) == 0)
		return false;
	for (size_t i = 0; i < plan->page_count; i++)
		for (int k = 0; k <= plan->page[i].also_count; k++)
			if (!plan->page[i].shown &&
			    !was_looked_at(m, evidence_page_frame(
						     &plan->page[i], k)))
				return true;
	return false;
}

const struct plane *review_plane(const struct review *m, int frame,
				 long long *serial)
{
	const struct held_frame *h = held(m, frame);

	if (!h)
		return NULL;
	*serial = h->serial;
	return h->plane;
}

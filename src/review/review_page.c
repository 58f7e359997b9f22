/* review_page.c - the model: pages of evidence, and what was seen of them. */
#include "config.h"

#include "review/model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { ACTIVE_MS = 30000 };     /* so long after a key somebody is there */

struct evidence_plan *model_current_plan(struct review *m)
{
	return m->touring ? &m->tour : &m->plan;
}

int *model_current_page(struct review *m)
{
	return m->touring ? &m->tour_page : &m->page;
}

const struct evidence_plan *review_evidence(const struct review *m)
{
	return m->touring ? &m->tour : &m->plan;
}

int review_page(const struct review *m)
{
	return m->touring ? m->tour_page : m->page;
}

/* ---- ink at the edges ---- */

static bool masked_at(const struct decided_box *b, int frame)
{
	return review_masked(b) && b->box.plane == PLANE_PICTURE &&
		b->box.frame0 <= frame && b->box.frame1 >= frame;
}

/* What is blanked on a frame; which[] gets the box of each.  -1: no memory. */
static long long blanked(const struct review *m, int frame,
			 struct region **region, size_t **which)
{
	size_t count = m->boxes.count, found = 0;

	*region = mem_array(count + 1, sizeof(**region));
	*which = mem_array(count + 1, sizeof(**which));
	if (!*region || !*which)
		return -1;
	for (size_t i = 0; i < count; i++) {
		if (!masked_at(&m->boxes.box[i], frame))
			continue;
		(*region)[found] = mask_grown(&m->info,
				m->boxes.box[i].box.region, NULL);
		(*which)[found++] = i;
	}
	return (long long)found;
}

static bool add_edges(struct review *m, const struct crossing_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct decided_box *b =
			&m->boxes.box[list->crossing[i].box];

		if (!mem_grow(&m->edge, &m->edge_capacity, m->edge_count,
			      sizeof(*m->edge)))
			return false;
		m->edge[m->edge_count++] = (struct edge_found){
			b->id, b->box.region, list->crossing[i] };
	}
	return true;
}

/* Forget the edges of this frame, and of boxes that are no more as then. */
static void forget_edges(struct review *m, int frame)
{
	size_t kept = 0;

	for (size_t i = 0; i < m->edge_count; i++) {
		struct edge_found e = m->edge[i];

		if (e.crossing.frame == frame)
			continue;
		for (size_t k = 0; k < m->boxes.count; k++)
			if (m->boxes.box[k].id == e.id &&
			    masked_at(&m->boxes.box[k], e.crossing.frame) &&
			    region_equal(m->boxes.box[k].box.region,
					 e.region)) {
				e.crossing.box = (int)k;
				m->edge[kept++] = e;
				break;
			}
	}
	m->edge_count = kept;
}

/* What is blanked on a frame, as a number (FNV-1a). */
static uint64_t sum_of(const struct review *m, const struct region *region,
		       const size_t *which, long long count)
{
	uint64_t sum = 14695981039346656037u;

	for (long long i = 0; i < count; i++) {
		const int of[] = { m->boxes.box[which[i]].id, region[i].x0,
				   region[i].y0, region[i].x1, region[i].y1 };
		unsigned char byte[sizeof(of)];

		memcpy(byte, of, sizeof(of));
		for (size_t k = 0; k < sizeof(byte); k++)
			sum = (sum ^ byte[k]) * 1099511628211u;
	}
	return sum;
}

static bool find_crossings(struct review *m, const struct ink_picture *p,
			   int frame, const struct region *region,
			   const size_t *which, long long count)
{
	struct crossing_list list = { 0 };
	bool ok = true;

	for (long long i = 0; ok && i < count; i++) {
		int letter = m->boxes.box[which[i]].box.letter_height;
		struct crossing like = { .box = (int)which[i],
					 .frame = frame };

		ok = ink_crossings(p, region, (size_t)count, (size_t)i,
				   2 * (letter > 0 ? letter : INK_CELL), like,
				   &list);
	}
	ok = ok && add_edges(m, &list);
	crossing_list_done(&list);
	return ok;
}

/* sum: of what was blanked when they were found last; NULL: find them anew. */
static bool find_edges_on(struct review *m, const struct ink_picture *p,
			  int frame, uint64_t *sum)
{
	struct region *region = NULL;
	size_t *which = NULL;
	long long count = blanked(m, frame, &region, &which);
	uint64_t now = count < 0 ? 0 : sum_of(m, region, which, count);
	bool ok = count >= 0;

	if (ok && (!sum || *sum != now)) {
		forget_edges(m, frame);
		ok = find_crossings(m, p, frame, region, which, count);
	}
	if (sum)
		*sum = now;
	free(region);
	free(which);
	return ok;
}

/* On the frame at hand and on those that the page shows beside it. */
static bool find_edges(struct review *m)
{
	int frame = m->picture_frame;
	bool at_hand = m->picture.grey && frame >= 0, ok = true;

	forget_edges(m, m->picture.grey ? frame : -1);
	for (int i = 0; ok && i < m->held_count; i++)
		if (!at_hand || m->held[i].frame != frame)
			ok = find_edges_on(m, &m->held[i].picture,
					   m->held[i].frame,
					   &m->held[i].blanked);
	return ok && (!at_hand || find_edges_on(m, &m->picture, frame, NULL));
}

/* ---- plans ---- */

static bool crossings(const struct review *m, struct crossing_list *list)
{
	for (size_t i = 0; i < m->edge_count; i++) {
		if (!mem_grow(&list->crossing, &list->capacity, list->count,
			      sizeof(*list->crossing)))
			return false;
		list->crossing[list->count++] = m->edge[i].crossing;
	}
	return true;
}

static struct evidence_input input_of(const struct review *m,
				      const struct evidence_plan *old,
				      const struct evidence *known,
				      size_t known_count)
{
	return (struct evidence_input){
		.info = &m->info, .box = m->boxes.box,
		.box_count = m->boxes.count, .proposals = &m->found,
		.screen = &m->screen, .old = old,
		.known = known, .known_count = known_count,
		.all_faint = m->all_faint,
	};
}

static void keep_page(const struct evidence_plan *plan, int *page)
{
	int count = (int)plan->page_count;

	if (*page >= count)
		*page = count - 1;
	if (*page < 0 && count > 0)
		*page = 0;
}

/* A frame that came has brought ink, and with it pages: stay with the page
 * that was to be looked at, of this frame and not shown yet. */
static void follow_frame(struct review *m)
{
	const struct evidence_page *page = m->plan.page;
	int count = (int)m->plan.page_count, same = -1;

	if (m->page < 0 ||
	    model_page_has(&page[m->page], m->view.frame_index))
		return;
	for (int i = count - 1; i >= 0; i--)
		if (model_page_has(&page[i], m->view.frame_index) &&
		    (same < 0 || !page[i].shown || page[same].shown))
			same = i;
	m->page = same >= 0 ? same : m->page;
}

/* Of this screen, this ink and the masks that are there. */
static struct evidence_input tour_input(struct review *m)
{
	struct evidence_input in = input_of(m, &m->tour, m->known.tour,
					    m->known.tour_count);

	/* without a whole map of ink every part is toured */
	if (!m->detected || m->text != CHECK_DONE ||
	    m->frames_read < m->info.frames)
		in.proposals = NULL;
	return in;
}

/* ---- masks that the tour passes over ---- */

static bool is_tour_mask(const struct decided_box *b)
{
	return review_masked(b) && b->box.plane == PLANE_PICTURE;
}

static bool note_tour_masks(struct review *m)
{
	m->tour_masks = 0;
	for (size_t i = 0; i < m->boxes.count; i++) {
		const struct box *b = &m->boxes.box[i].box;

		if (!is_tour_mask(&m->boxes.box[i]))
			continue;
		if (!mem_grow(&m->tour_mask, &m->tour_mask_capacity,
			      m->tour_masks, sizeof(*m->tour_mask)))
			return false;
		m->tour_mask[m->tour_masks++] = (struct toured_mask){
			b->region, b->frame0, b->frame1 };
	}
	return true;
}

static bool still_masked(const struct review *m, const struct toured_mask *t)
{
	for (size_t i = 0; i < m->boxes.count; i++) {
		const struct box *b = &m->boxes.box[i].box;

		if (is_tour_mask(&m->boxes.box[i]) &&
		    b->frame0 <= t->frame0 && b->frame1 >= t->frame1 &&
		    region_contains(b->region, t->region))
			return true;
	}
	return false;
}

/* Is anything open now that the tour passed over? */
static bool tour_exposed(const struct review *m)
{
	for (size_t i = 0; i < m->tour_masks; i++)
		if (!still_masked(m, &m->tour_mask[i]))
			return true;
	return false;
}

/* What a mask no longer covers is toured.  A mask that came changes nothing:
 * what it covers was seen. */
static void renew_tour(struct review *m)
{
	if (!tour_exposed(m))
		return;
	m->tour_pages = 0;
	if (m->has_tour)
		model_plan_tour(m);
}

/* How long the tour will be, to be told before it begins. */
static void count_tour(struct review *m)
{
	struct evidence_plan tour = { 0 };
	struct evidence_input in;

	if (m->has_tour || m->tour_pages || !model_needs_tour(m))
		return;
	in = tour_input(m);
	if (note_tour_masks(m) && evidence_tour(&tour, &in, NULL))
		m->tour_pages = (int)tour.page_count;
	evidence_plan_done(&tour);
}

void model_plan(struct review *m)
{
	struct evidence_input in = input_of(m, &m->plan, m->known.shown,
					    m->known.shown_count);
	struct crossing_list list = { 0 };
	struct evidence_plan plan = { 0 };
	bool ok;

	if (!m->has_info || !(m->detected || m->stage_failed))
		return;
	ok = find_edges(m) && model_plan_loose(m) && crossings(m, &list);
	in.crossing = list.crossing;
	in.crossing_count = list.count;
	in.loose = m->loose;
	in.loose_count = m->loose_count;
	ok = ok && evidence_make(&plan, &in, NULL);
	m->broken = m->broken || !ok;
	crossing_list_done(&list);
	evidence_plan_done(&m->plan);
	m->plan = plan;
	keep_page(&m->plan, &m->page);
	if (m->view.pane == PANE_EVIDENCE && !m->touring) {
		follow_frame(m);
		model_show_page(m, m->page);
	}
	renew_tour(m);
	count_tour(m);
	model_touch(m);
}

void model_plan_tour(struct review *m)
{
	struct evidence_plan tour = { 0 };
	struct evidence_input in;

	model_note_tour(m);
	in = tour_input(m);
	if (!note_tour_masks(m) || !evidence_tour(&tour, &in, NULL))
		m->broken = true;
	evidence_plan_done(&m->tour);
	m->tour = tour;
	m->has_tour = true;
	keep_page(&m->tour, &m->tour_page);
	model_touch(m);
}

void model_clear_pages(struct review *m)
{
	evidence_plan_done(&m->plan);
	evidence_plan_done(&m->tour);
	ink_picture_done(&m->picture);
	model_drop_frames(m);
	m->has_tour = false;
	m->tour_pages = 0;
	m->tour_masks = 0;
	m->page = m->tour_page = -1;
	m->asked_frame = m->have_frame = false;
	m->edge_count = 0;
	m->has_marks = m->search = false;
	m->loose_count = 0;
	m->seen_count = 0;
	known_done(&m->known);
}

bool review_blind(const struct review *m)
{
	return m->blind;
}

bool review_tour_done(const struct review *m)
{
	return m->has_tour && evidence_all_shown(&m->tour);
}

int review_tour_pages(const struct review *m)
{
	if (review_tour_done(m) || !model_needs_tour(m))
		return 0;
	return m->has_tour ? (int)m->tour.page_count : m->tour_pages;
}

/* ---- what is on the screen ---- */

void model_show_page(struct review *m, int page)
{
	struct evidence_plan *plan = model_current_plan(m);

	if (page < 0 || (size_t)page >= plan->page_count)
		return;
	*model_current_page(m) = page;
	m->view.pane = PANE_EVIDENCE;
	m->view.has_window = false;
	model_go_page_frame(m, &plan->page[page]);
	model_touch(m);
}

void model_show_box(struct review *m, int box)
{
	int page;

	if (box < 0)
		return;
	page = evidence_page_of(&m->plan, box);
	if (m->touring || page < 0)
		model_zoom_to_box(m, box);
	else
		model_show_page(m, page);
}

bool model_back_to_page(struct review *m)
{
	if (m->view.pane == PANE_EVIDENCE || review_page(m) < 0)
		return false;
	model_show_page(m, review_page(m));
	return true;
}

bool review_page_visible(const struct review *m)
{
	const struct evidence_plan *plan = review_evidence(m);
	int page = review_page(m);

	if (page < 0 || (size_t)page >= plan->page_count || !m->has_info ||
	    review_listing(m) || m->mode == MODE_HELP ||
	    m->mode == MODE_SHEET)
		return false;
	if (!m->have_frame || !model_has_page_frames(m, &plan->page[page]))
		return false;
	return m->view.pane == PANE_EVIDENCE ||
		(m->screen.split && !plan->page[page].in_hole);
}

void model_frame_came(struct review *m, const struct event *e)
{
	if (!m->has_info || !e->plane || e->frame_index != m->view.frame_index)
		return;
	if (e->plane->columns != m->info.columns ||
	    e->plane->rows != m->info.rows) {
		m->broken = true;
		model_touch(m);
		return;
	}
	m->have_frame = true;
	m->picture_frame = e->frame_index;
	m->own_window = e->window;
	m->has_marks = false;
	if (!ink_picture_set(&m->picture, e->plane, e->grey))
		m->broken = true;
	model_hold_frame(m, e);
	model_plan(m);
	model_hints_again(m);
	model_touch(m);
}

bool model_seen(struct review *m, const struct seen *seen)
{
	if (!mem_grow(&m->seen, &m->seen_capacity, m->seen_count,
		      sizeof(*m->seen)))
		return false;
	m->seen[m->seen_count++] = *seen;
	return true;
}

/* A window of the reviewer's own may hide ink: what is seen of a page counts
 * as the file says that the picture looks. */
static bool page_counts(const struct review *m)
{
	return review_page_visible(m) && !m->view.has_window;
}

/* The terminal answered: what the page completes is shown from now on. */
static void mark_page(struct review *m, struct evidence_plan *plan, int page)
{
	const struct evidence_page *p = &plan->page[page];

	evidence_mark(plan, page);
	for (size_t k = p->first; k < p->first + p->count; k++) {
		const struct placement *placement = &plan->placement[k];
		const struct evidence *e = &plan->evidence[placement->evidence];
		struct seen seen = { .id = e->id, .frame = e->frame,
				     .region = e->region,
				     .letter = e->letter_height };

		if (!placement->first)
			continue;
		snprintf(seen.mode, sizeof(seen.mode), "%s",
			 m->screen.plain ? "plain" :
			 picture_mode_info[m->screen.mode].name);
		seen.sub_px = evidence_shown_x10(plan, placement, &m->screen);
		if (!model_seen(m, &seen))
			m->broken = true;
	}
	model_touch(m);
}

/* The picture was on the screen: look for what lies under no box. */
static void search(struct review *m)
{
	bool has_window = m->view.has_window;

	m->searching = true;
	model_plan(m);
	m->searching = false;
	m->view.has_window = has_window;
}

void model_painted(struct review *m, const struct event *e)
{
	int page = review_page(m);

	if (e->revision != m->revision)
		return;
	m->painted = e->revision;
	if (m->mode == MODE_SHEET) {
		model_sheet_painted(m);
		return;
	}
	if (page_counts(m) && !review_evidence(m)->page[page].shown)
		mark_page(m, model_current_plan(m), page);
	if (m->search)
		search(m);
}

/* ---- time ---- */

static void note_page_time(struct review *m, long long ms)
{
	const struct evidence_plan *plan = review_evidence(m);
	const struct evidence_page *p;

	if (m->painted != m->revision || !page_counts(m))
		return;
	p = &plan->page[review_page(m)];
	for (size_t k = p->first; k < p->first + p->count; k++) {
		int id = plan->evidence[plan->placement[k].evidence].id;

		for (size_t i = m->seen_count; i > 0; i--)
			if (m->seen[i - 1].id == id) {
				m->seen[i - 1].ms += ms;
				break;
			}
	}
}

static long long smaller(long long a, long long b)
{
	return a < b ? a : b;
}

void model_clock(struct review *m, const struct event *e)
{
	long long ms = e->ms - m->now, left = m->last_input + ACTIVE_MS -
		m->now;

	if (ms > 0) {
		if (m->mode == MODE_SHEET && !m->blank) {
			model_sheet_time(m, ms);
		} else if (m->has_info && !review_listing(m) &&
			   !m->concluded && !m->blank) {
			m->view_ms += ms;
			m->active_ms += left > 0 ? smaller(ms, left) : 0;
			note_page_time(m, ms);
		}
		m->now = e->ms;
	}
	if (e->type == EVENT_COMMAND || e->type == EVENT_CHARACTER ||
	    e->type == EVENT_POINT)
		m->last_input = m->now;
}

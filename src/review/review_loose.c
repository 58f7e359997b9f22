/* review_loose.c - the model: ink without a box that may be a line. */
#include "config.h"

#include "review/model.h"

#include <stdlib.h>

#include "base/mem.h"

bool model_on_frame(const struct box *b, int frame)
{
	return b->plane == PLANE_PICTURE &&
		(frame < 0 || (b->frame0 <= frame && b->frame1 >= frame));
}

/* All boxes of the frame, masked or not: they are shown, or were read and
 * cleared.  To be freed; NULL: no memory. */
static struct region *known_places(const struct review *m, size_t *count)
{
	struct region *known = mem_array(m->boxes.count + 1, sizeof(*known));

	*count = 0;
	for (size_t i = 0; known && i < m->boxes.count; i++)
		if (model_on_frame(&m->boxes.box[i].box, m->picture_frame))
			known[(*count)++] = m->boxes.box[i].box.region;
	return known;
}

bool model_find_loose(struct review *m, struct loose_list *list)
{
	struct region *known;
	size_t count;
	bool ok;

	list->count = 0;
	if (!m->picture.grey)
		return true;
	if (!m->has_marks && !marks_find(&m->picture, &m->marks))
		return false;
	m->has_marks = true;
	known = known_places(m, &count);
	ok = known && loose_find(&m->marks, known, count, list);
	free(known);
	return ok;
}

/* Where the evidence looks for it: the picture, or both projections of many
 * frames (these are always shown). */
static bool is_looked_at(const struct review *m, int frame)
{
	return m->info.frames == 1 ? frame == 0 : frame == -1 || frame == -2;
}

static void forget_loose(struct review *m, int frame)
{
	size_t kept = 0;

	for (size_t i = 0; i < m->loose_count; i++)
		if (m->loose[i].frame != frame)
			m->loose[kept++] = m->loose[i];
	m->loose_count = kept;
}

/* The search takes as long as several frames: it waits until this picture has
 * been on the screen (model_painted()).  No Space counts until then. */
static bool is_too_early(struct review *m, bool found)
{
	m->search = !found && !m->searching;
	return m->search;
}

static bool add_loose(struct review *m, const struct loose_line *line,
		      int frame)
{
	if (!mem_grow(&m->loose, &m->loose_capacity, m->loose_count,
		      sizeof(*m->loose)))
		return false;
	m->loose[m->loose_count++] = (struct loose_place){
		line->region, line->letter_height, frame };
	return true;
}

/* Is more than half of a region black or white in the window of the file? */
static bool is_cut_off(const struct ink_picture *p, struct region r)
{
	long long cut = 0;

	for (int y = r.y0; y < r.y1; y++)
		for (int x = r.x0; x < r.x1; x++) {
			uint8_t v = p->grey[(size_t)y * (size_t)p->columns +
					    (size_t)x];

			cut += v == 0 || v == 255;
		}
	return 2 * cut > region_area(r);
}

static bool is_among(const struct loose_list *list, struct region r)
{
	for (size_t i = 0; i < list->count; i++)
		if (2 * region_area(region_intersect(list->line[i].region, r)) >
		    region_area(r))
			return true;
	return false;
}

static bool find_whole(struct review *m, struct loose_list *list)
{
	struct region *known;
	size_t count;
	bool ok;

	if (!m->has_whole_marks &&
	    !marks_find(&m->whole.picture, &m->whole_marks))
		return false;
	m->has_whole_marks = true;
	known = known_places(m, &count);
	ok = known && loose_find(&m->whole_marks, known, count, list);
	free(known);
	return ok;
}

/* What the window of the file hides: lines among values that it cuts off, but
 * for those that are seen in it. */
static bool plan_whole(struct review *m, const struct loose_list *seen)
{
	struct loose_list list = { 0 };
	bool ok = true;

	if (!m->whole.plane || m->picture_frame != 0)
		return true;
	forget_loose(m, FRAME_WHOLE);
	ok = find_whole(m, &list);
	for (size_t i = 0; ok && i < list.count; i++)
		if (is_cut_off(&m->picture, list.line[i].region) &&
		    !is_among(seen, list.line[i].region))
			ok = add_loose(m, &list.line[i], FRAME_WHOLE);
	loose_list_done(&list);
	return ok;
}

/* Lines under no mask that stand out, with what the window hides. */
static bool plan_beside_masks(struct review *m)
{
	struct loose_list list = { 0 };
	int frame = m->picture_frame;
	bool ok;

	if (is_too_early(m, m->has_marks))
		return true;
	forget_loose(m, frame);
	ok = model_find_loose(m, &list);
	for (size_t i = 0; ok && i < list.count; i++)
		ok = add_loose(m, &list.line[i], frame);
	ok = ok && plan_whole(m, &list);
	loose_list_done(&list);
	return ok;
}

/* Without a mask everything that the window shows is toured: what it hides is
 * not. */
static bool plan_hidden(struct review *m)
{
	const struct loose_list none = { 0 };

	forget_loose(m, m->picture_frame);
	if (!m->whole.plane || is_too_early(m, m->has_whole_marks))
		return true;
	return plan_whole(m, &none);
}

bool model_plan_loose(struct review *m)
{
	m->search = false;
	if (model_masked(m, NULL) == 0 && !m->whole.plane)
		m->loose_count = 0;
	if (!m->picture.grey || !is_looked_at(m, m->picture_frame))
		return true;
	return model_masked(m, NULL) > 0 ? plan_beside_masks(m) :
					   plan_hidden(m);
}

/* track.c - which lines of a frame are those of an earlier one. */
#include "config.h"

#include "ocr/track.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"

enum {
	MOST_DIFFERENT = 2,     /* pixels of a line that may differ: noise */
	SAME_PERCENT = 80,      /* intersection over union */
	SLACK = 2,              /* pixels, drift of a box that is the same */
};

void track_list_done(struct track_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->track[i].pixels);
	free(list->track);
	*list = (struct track_list){ 0 };
}

static uint8_t *copy_pixels(const struct grey_plane *p, struct region r)
{
	size_t w = (size_t)region_width(r);
	uint8_t *out = mem_array((size_t)region_height(r), w);

	for (int y = r.y0; out && y < r.y1; y++)
		memcpy(out + (size_t)(y - r.y0) * w,
		       p->grey + y * p->stride + r.x0, w);
	return out;
}

/* Does the plane still show the track? */
static bool shows(const struct tracker *t, const struct views *views,
		  const struct track *k)
{
	struct region r = k->line.box;
	const uint8_t *was = k->pixels;
	struct grey_plane p;
	int different = 0;

	if (k->view >= views->count)
		return false;
	p = views_plane(views, k->view);
	for (int y = r.y0; y < r.y1; y++) {
		const uint8_t *row = p.grey + y * p.stride;

		for (int x = r.x0; x < r.x1; x++) {
			different += abs(row[x] - *was++) > t->tolerance;
			if (different > MOST_DIFFERENT)
				return false;
		}
	}
	return true;
}

static bool same_place(struct region a, struct region b)
{
	long long common = region_area(region_intersect(a, b));
	long long all = region_area(a) + region_area(b) - common;

	return 100 * common > SAME_PERCENT * all;
}

/* The tracks of the frame before that are still there. */
static void go_on(struct tracker *t, const struct views *views, int frame)
{
	for (size_t i = 0; i < t->list->count; i++) {
		struct track *k = &t->list->track[i];

		if (k->plane == t->plane && k->frame1 == frame - 1 &&
		    shows(t, views, k))
			k->frame1 = frame;
	}
}

/* Is the line one that goes on? */
static bool is_followed(const struct tracker *t, const struct line *line,
			int frame)
{
	for (size_t i = 0; i < t->list->count; i++) {
		const struct track *k = &t->list->track[i];

		if (k->plane == t->plane && k->frame1 == frame &&
		    k->frame0 < frame &&
		    region_contains(region_grow(k->line.box, SLACK),
				    line->box))
			return true;
	}
	return false;
}

/* An earlier track that shows the same at the same place; or NULL. */
static const struct track *seen_before(const struct tracker *t,
				       const struct views *views,
				       const struct line *line, int frame)
{
	for (size_t i = t->list->count; i > 0; i--) {
		const struct track *k = &t->list->track[i - 1];

		if (k->plane == t->plane && k->frame1 < frame && k->read &&
		    same_place(k->line.box, line->box) && shows(t, views, k))
			return k;
	}
	return NULL;
}

static bool start(struct tracker *t, const struct views *views, int frame,
		  const struct line *line, struct error *err)
{
	struct track_list *list = t->list;
	struct track new = { .line = *line, .view = line->view,
			     .frame0 = frame, .frame1 = frame,
			     .plane = t->plane };
	const struct track *old = seen_before(t, views, line, frame);
	struct grey_plane p;

	if (old) {
		new = *old;
		new.frame0 = new.frame1 = frame;
	}
	p = views_plane(views, new.view);
	new.pixels = copy_pixels(&p, new.line.box);
	if (!new.pixels || !mem_grow(&list->track, &list->capacity,
				     list->count, sizeof(*list->track))) {
		free(new.pixels);
		return error_set(err, ERR_MEMORY,
				 _("no memory to look for text"));
	}
	list->track[list->count] = new;
	if (!old && !t->read(t->self, views, &list->track[list->count], err)) {
		free(new.pixels);
		return false;
	}
	list->count++;
	return true;
}

bool tracker_add(struct tracker *t, const struct views *views, int frame,
		 const struct line_list *lines, struct error *err)
{
	go_on(t, views, frame);
	for (size_t i = 0; i < lines->count; i++)
		if (!is_followed(t, &lines->line[i], frame) &&
		    !start(t, views, frame, &lines->line[i], err))
			return false;
	return true;
}

void tracker_repeat(struct tracker *t, int frame)
{
	for (size_t i = 0; i < t->list->count; i++)
		if (t->list->track[i].plane == t->plane &&
		    t->list->track[i].frame1 == frame - 1)
			t->list->track[i].frame1 = frame;
}

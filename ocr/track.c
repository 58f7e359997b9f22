/* track.c - which lines of a frame are those of an earlier one. */
#include "config.h"

#include "ocr/track.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"

enum {
	MOST_DIFFERENT = 2,     /* pixels of a line that may differ: noise */
	SAME_PERCENT = 80,      /* intersection over union */
	SLACK = 2,              /* pixels, drift of a box that is the same */
	LEAST_LEVELS = 8,       /* half of what makes ink */
};

static void track_free(struct track *k)
{
	free(k->pixels);
	free(k);
}

void track_list_done(struct track_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		track_free(list->track[i]);
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

/* A third of the line's range: a faint line must not hide another. */
static int tolerance_of(const struct tracker *t, const struct track *k)
{
	uint8_t low = 255, high = 0;
	int third;

	plane_range(k->pixels, (size_t)region_area(k->line.box), &low, &high);
	third = (high - low) / 3;
	return third < LEAST_LEVELS ? LEAST_LEVELS :
	       third < t->tolerance ? third : t->tolerance;
}

/* Does the plane still show the track? */
static bool shows(const struct views *views, const struct track *k)
{
	struct region r = k->line.box;
	const uint8_t *was = k->pixels;
	struct grey_plane p;
	int different = 0;
	int tolerance = k->tolerance;

	if (k->view >= views->count)
		return false;
	p = views_plane(views, k->view);
	for (int y = r.y0; y < r.y1; y++) {
		const uint8_t *row = p.grey + y * p.stride;

		for (int x = r.x0; x < r.x1; x++) {
			different += abs(row[x] - *was++) > tolerance;
			if (different > MOST_DIFFERENT)
				return false;
		}
	}
	return true;
}

bool track_same_place(struct region a, struct region b)
{
	long long common = region_area(region_intersect(a, b));
	long long all = region_area(a) + region_area(b) - common;

	return 100 * common > SAME_PERCENT * all;
}

/* A track goes on; one that waits may be read now. */
static bool prolong(struct tracker *t, const struct views *views,
		    struct track *k, int frame, struct error *err)
{
	k->frame1 = frame;
	return !k->waits || t->read(t->self, views, k, err);
}

/* The tracks of the frame before that are still there. */
static bool go_on(struct tracker *t, const struct views *views, int frame,
		  struct error *err)
{
	for (size_t i = 0; i < t->list->count; i++) {
		struct track *k = t->list->track[i];

		telling_word(t->telling);
		if (k->plane == t->plane && k->frame1 == frame - 1 &&
		    shows(views, k) && !prolong(t, views, k, frame, err))
			return false;
	}
	return true;
}

/* Hand over the tracks of the plane that ended before a frame. */
static bool hand_over(struct tracker *t, int before, struct error *err)
{
	struct track_list *list = t->list;
	size_t kept = 0;
	bool ok = true;

	for (size_t i = 0; i < list->count; i++) {
		struct track *k = list->track[i];

		telling_word(t->telling);
		if (!ok || k->plane != t->plane || k->frame1 >= before) {
			list->track[kept++] = k;
			continue;
		}
		free(k->pixels);
		k->pixels = NULL;
		ok = t->over(t->self, k, err);
		track_free(k);
	}
	list->count = kept;
	return ok;
}

bool tracker_end(struct tracker *t, struct error *err)
{
	return hand_over(t, INT_MAX, err);
}

/* Tracks by their places in the list, and where they lie. */
struct place {
	struct region box;
	size_t track;
};
struct places {
	struct place *place;
	size_t count;
};

/* What the lines of a frame are compared with. */
struct known {
	struct places going_on;         /* shown before and in this frame */
	struct places ended;            /* read, and over */
};

static void known_done(struct known *known)
{
	free(known->going_on.place);
	free(known->ended.place);
}

static void add_place(struct places *places, size_t i, const struct track *k)
{
	places->place[places->count++] = (struct place){ k->line.box, i };
}

/* Once a frame: tracks are large and most of them never come back. */
static bool find_known(const struct tracker *t, int frame,
		       struct known *known)
{
	size_t room = t->list->count + 1;

	known->going_on.place = mem_array(room, sizeof(struct place));
	known->ended.place = mem_array(room, sizeof(struct place));
	if (!known->going_on.place || !known->ended.place)
		return false;
	for (size_t i = 0; i < t->list->count; i++) {
		const struct track *k = t->list->track[i];

		if (k->plane != t->plane)
			continue;
		if (k->frame1 == frame && k->frame0 < frame)
			add_place(&known->going_on, i, k);
		else if (k->frame1 < frame && k->read)
			add_place(&known->ended, i, k);
	}
	return true;
}

/* Is the line one that goes on? */
static bool is_followed(const struct places *places, const struct line *line)
{
	for (size_t i = 0; i < places->count; i++)
		if (region_contains(region_grow(places->place[i].box, SLACK),
				    line->box))
			return true;
	return false;
}

/*
 * May two boxes stand at one place?  What they share is then more than four
 * fifths of each in height and in width, so their corners are near.
 */
static bool may_be_same(const struct region *a, const struct region *b)
{
	return 4 * abs(a->y0 - b->y0) <= region_height(*b) &&
	       4 * abs(a->x0 - b->x0) <= region_width(*b);
}

/* An earlier track that shows the same at the same place; or NULL. */
static const struct track *seen_before(const struct tracker *t,
				       const struct places *places,
				       const struct views *views,
				       const struct line *line)
{
	for (size_t i = places->count; i > 0; i--) {
		const struct place *at = &places->place[i - 1];
		const struct track *k = t->list->track[at->track];

		/* most lie elsewhere */
		if (may_be_same(&at->box, &line->box) &&
		    track_same_place(at->box, line->box) && shows(views, k))
			return k;
	}
	return NULL;
}

/* A track that the list has room for.  NULL: no memory. */
static struct track *new_track(struct track_list *list)
{
	return mem_grow(&list->track, &list->capacity, list->count,
			sizeof(struct track *)) ?
		       calloc(1, sizeof(struct track)) : NULL;
}

static bool start(struct tracker *t, const struct known *known,
		  const struct views *views, int frame,
		  const struct line *line, struct error *err)
{
	const struct track *old = seen_before(t, &known->ended, views, line);
	struct track *new = new_track(t->list);
	struct grey_plane p;

	if (!new)
		return error_set(err, ERR_MEMORY,
				 _("no memory to look for text"));
	if (old) {
		*new = *old;
		new->waits = false;
	} else {
		new->line = *line;
		new->view = line->view;
		new->plane = t->plane;
	}
	new->frame0 = new->frame1 = frame;
	p = views_plane(views, new->view);
	new->pixels = copy_pixels(&p, new->line.box);
	t->list->track[t->list->count++] = new;
	if (!new->pixels)
		return error_set(err, ERR_MEMORY,
				 _("no memory to look for text"));
	new->tolerance = tolerance_of(t, new);
	return old || t->read(t->self, views, new, err);
}

bool tracker_add(struct tracker *t, const struct views *views, int frame,
		 const struct line_list *lines, struct error *err)
{
	struct known known = { .ended = { NULL, 0 } };
	bool ok = hand_over(t, frame - TRACK_MEMORY, err) &&
		  go_on(t, views, frame, err);

	if (ok && !find_known(t, frame, &known))
		ok = error_set(err, ERR_MEMORY,
			       _("no memory to look for text"));
	for (size_t i = 0; ok && i < lines->count; i++) {
		ok = is_followed(&known.going_on, &lines->line[i]) ||
		     start(t, &known, views, frame, &lines->line[i], err);
		telling_word(t->telling);
	}
	known_done(&known);
	return ok;
}

bool tracker_repeat(struct tracker *t, const struct views *views, int frame,
		    struct error *err)
{
	for (size_t i = 0; i < t->list->count; i++) {
		struct track *k = t->list->track[i];

		telling_word(t->telling);
		if (k->plane == t->plane && k->frame1 == frame - 1 &&
		    !prolong(t, views, k, frame, err))
			return false;
	}
	return true;
}

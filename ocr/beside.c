/* beside.c - looks for faint lines where strong ones are taken out. */
#include "config.h"

#include "ocr/beside.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"

enum {
	SURE_LINE = 3,          /* score of one that is taken out */
	HALO = 3,               /* pixels around it that are of its letters */
	AROUND = 32,            /* pixels looked at around it */
	LEVELS = 256,
	LEAST_LEVEL = 10,       /* that ink stands out by */
	HIDDEN_SHARE = 42,      /* percent of the strongest that hide ink */
	STRONG_SHARE = 5,       /* percent of a line's box: its letters */
	RING_SHARE = 10,        /* percent of them close around a line */
	EDGE = 1, RING = 6,     /* pixels around a line that are ground */
	LEAST_INK = 30,         /* pixels: two or three small letters */
};

struct place {
	const struct grey_plane *plane;
	uint8_t *taken;         /* [rows][columns], lies on a sure line */
	uint8_t *copy;          /* room for the plane */
	struct region box;      /* of the line */
	struct region zone;     /* box and what is around it */
	int ground;             /* level of most of the zone */
};

static void take_out(struct place *s, const struct line *l)
{
	const struct grey_plane *p = s->plane;
	struct region r = region_clip(region_grow(l->box, HALO), p->columns,
				      p->rows);

	for (int y = r.y0; y < r.y1; y++)
		memset(s->taken + (size_t)y * (size_t)p->columns + r.x0, 1,
		       (size_t)region_width(r));
}

/* The level that a share of so many counted pixels lie below. */
static int level_of(const long count[LEVELS], long share)
{
	long seen = 0;
	int v = 0;

	for (; v < LEVELS - 1; v++) {
		seen += count[v];
		if (seen > share)
			break;
	}
	return v;
}

/* Count the levels of a region, by their distance from `from`; free: only of
 * what lies on no sure line.  Returns the pixels. */
static long count_levels(const struct place *s, struct region r, int from,
			 bool free, long count[LEVELS])
{
	const struct grey_plane *p = s->plane;
	long all = 0;

	memset(count, 0, LEVELS * sizeof(*count));
	for (int y = r.y0; y < r.y1; y++) {
		const uint8_t *row = p->grey + y * p->stride;
		const uint8_t *taken =
			s->taken + (size_t)y * (size_t)p->columns;

		for (int x = r.x0; x < r.x1; x++) {
			if (free && taken[x])
				continue;
			count[abs(row[x] - from)]++;
			all++;
		}
	}
	return all;
}

/* Does the zone have ink that the line's own hides? */
static bool has_hidden_ink(struct place *s)
{
	long count[LEVELS], all, ink = 0;
	int strong;

	all = count_levels(s, s->zone, 0, true, count);
	if (all == 0)
		return false;
	s->ground = level_of(count, all / 2);
	all = count_levels(s, s->box, s->ground, false, count);
	strong = level_of(count, all * (100 - STRONG_SHARE) / 100) *
		 HIDDEN_SHARE / 100;
	count_levels(s, s->zone, s->ground, true, count);
	for (int v = LEAST_LEVEL; v < strong; v++)
		ink += count[v];
	return ink >= LEAST_INK;
}

/* The zone, with ground where sure lines lie. */
static struct grey_plane copy_zone(const struct place *s)
{
	const struct grey_plane *p = s->plane;
	int columns = region_width(s->zone), rows = region_height(s->zone);
	uint8_t *out = s->copy;

	for (int y = s->zone.y0; y < s->zone.y1; y++, out += columns) {
		const uint8_t *row = p->grey + y * p->stride + s->zone.x0;
		const uint8_t *taken = s->taken +
				       (size_t)y * (size_t)p->columns +
				       s->zone.x0;

		for (int x = 0; x < columns; x++)
			out[x] = taken[x] ? (uint8_t)s->ground : row[x];
	}
	return (struct grey_plane){ s->copy, columns, rows, columns };
}

/* The pixels of a region, on no sure line, that are not of the ground. */
static long count_ink(const struct place *s, struct region r, long *all)
{
	const struct grey_plane *p = s->plane;
	long count[LEVELS], ink = 0;

	*all = count_levels(s, region_clip(r, p->columns, p->rows), s->ground,
			    true, count);
	for (int v = LEAST_LEVEL; v < LEVELS; v++)
		ink += count[v];
	return ink;
}

/* Is the ground around a line quiet?  A piece of tissue looks like letters,
 * but goes on. */
static bool stands_alone(const struct place *s, struct region box)
{
	long inner, outer, ink = -count_ink(s, region_grow(box, EDGE), &inner);

	ink += count_ink(s, region_grow(box, EDGE + RING), &outer);
	return 100 * ink <= RING_SHARE * (outer - inner);
}

/* Add what was found in the zone. */
static bool add_found(const struct place *s, int view,
		      struct line_list *found, struct line_list *list,
		      struct error *err)
{
	const struct region none = { 0, 0, 0, 0 };
	int x = s->zone.x0, y = s->zone.y0;
	size_t kept = 0;

	for (size_t i = 0; i < found->count; i++) {
		struct line l = found->line[i];

		l.view = view;
		l.box = region_move(l.box, x, y);
		l.own = region_move(l.own, x, y);
		l.reach = none;
		for (int k = 0; k < POLARITIES; k++)
			if (!region_empty(l.seen[k]))
				l.seen[k] = region_move(l.seen[k], x, y);
		if (stands_alone(s, l.box))
			found->line[kept++] = l;
	}
	found->count = kept;
	return kept == 0 || lines_merge(list, found, err);
}

/* Where to look, of a copy: the list changes while lines are added to it. */
static struct region *sure_boxes(const struct grey_plane *p, struct place *s,
				 const struct line_list *list, size_t *count)
{
	struct region *box = mem_array(list->count + 1, sizeof(*box));

	*count = 0;
	for (size_t i = 0; box && i < list->count; i++) {
		if (list->line[i].score <= SURE_LINE)
			continue;
		take_out(s, &list->line[i]);
		box[(*count)++] = region_clip(list->line[i].box, p->columns,
					      p->rows);
	}
	return box;
}

bool lines_find_beside(const struct grey_plane *p, int view,
		       const struct telling *telling, struct line_list *list,
		       struct error *err)
{
	const struct lines_progress progress = { telling, NULL };
	struct place s = {
		.plane = p,
		.taken = mem_array((size_t)p->rows, (size_t)p->columns),
		.copy = mem_room((size_t)p->rows, (size_t)p->columns),
	};
	struct line_list found = { 0 };
	struct region *box = NULL;
	size_t count = 0;
	bool ok;

	if (s.taken && s.copy)
		box = sure_boxes(p, &s, list, &count);
	ok = box || error_set(err, ERR_MEMORY,
			      _("no memory to look for text"));
	for (size_t i = 0; ok && i < count; i++) {
		struct grey_plane copy;

		s.box = box[i];
		s.zone = region_clip(region_grow(box[i], AROUND), p->columns,
				     p->rows);
		telling_word(telling);
		if (!has_hidden_ink(&s))
			continue;
		copy = copy_zone(&s);
		ok = lines_find(&copy, LINES_BOTH, &progress, &found, err) &&
		     add_found(&s, view, &found, list, err);
	}
	line_list_done(&found);
	free(box);
	free(s.taken);
	free(s.copy);
	return ok;
}

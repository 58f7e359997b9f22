/* beside.c - looks for faint lines where strong ink is taken out. */
#include "config.h"

#include "ocr/beside.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"

enum {
	SURE_LINE = 3,          /* score of one that is strong ink */
	HALO = 3,               /* pixels around it that are of its letters */
	AROUND = 32,            /* pixels looked at around it */
	LEVELS = 256,
	LEAST_LEVEL = 10,       /* that ink stands out by */
	HIDDEN_SHARE = 42,      /* percent of strong ink, which hides it */
	STRONG_SHARE = 1,       /* percent of a box: its strongest ink */
	CELL = 32,              /* pixels, a square that has one ground */
	TICK_LEVEL = 80,        /* that a rule or tick stands out by */
	TICK_SHARE = 30,        /* percent of a cell that is not its ground */
	TICK_HALO = 2,          /* pixels around it that are of it */
	NOISY_SHARE = 25,       /* percent of other levels: no ground */
	RING_SHARE = 7,        /* percent of ink close around a line */
	EDGE = 1, RING = 6,     /* pixels around a line that are ground */
	LEAST_INK = 30,         /* pixels: two or three small letters */
};

struct place {
	const struct grey_plane *plane;
	uint8_t *taken;         /* [rows][columns], is of strong ink */
	uint8_t *copy;          /* room for the plane */
	struct region *strong;  /* boxes of strong ink */
	size_t count, capacity;
	struct region box;      /* one of them */
	struct region zone;     /* box and what is around it */
	int ground;             /* level of most of the zone */
};

static void take_out(struct place *s, struct region r)
{
	const struct grey_plane *p = s->plane;

	r = region_clip(r, p->columns, p->rows);
	for (int y = r.y0; y < r.y1; y++)
		memset(s->taken + (size_t)y * (size_t)p->columns + r.x0, 1,
		       (size_t)region_width(r));
}

/* False: no memory. */
static bool add_strong(struct place *s, struct region box)
{
	if (!mem_grow(&s->strong, &s->capacity, s->count, sizeof(*s->strong)))
		return false;
	s->strong[s->count++] = box;
	return true;
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
 * what is not taken out.  Returns the pixels. */
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

/* Does the zone have ink that the strong one hides? */
static bool has_hidden_ink(struct place *s)
{
	long count[LEVELS], all, ink = 0, other = 0;
	int strong;

	all = count_levels(s, s->zone, 0, true, count);
	if (all == 0)
		return false;
	s->ground = level_of(count, all / 2);
	all = count_levels(s, s->box, s->ground, false, count);
	strong = level_of(count, all * (100 - STRONG_SHARE) / 100) *
		 HIDDEN_SHARE / 100;
	all = count_levels(s, s->zone, s->ground, true, count);
	for (int v = LEAST_LEVEL; v < LEVELS; v++) {
		ink += v < strong ? count[v] : 0;
		other += count[v];
	}
	return ink >= LEAST_INK && 100 * other <= NOISY_SHARE * all;
}

/* The zone, with ground where strong ink is. */
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

/* The pixels of a region that are neither strong nor of the ground. */
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

static bool add_sure_lines(struct place *s, const struct line_list *list)
{
	const struct grey_plane *p = s->plane;
	bool ok = true;

	for (size_t i = 0; ok && i < list->count; i++) {
		const struct line *l = &list->line[i];

		if (l->score <= SURE_LINE)
			continue;
		take_out(s, region_grow(l->box, HALO));
		ok = add_strong(s, region_clip(l->box, p->columns, p->rows));
	}
	return ok;
}

/* Most cells have no ink at all; a whole one is looked at column by column,
 * which is vectorised. */
static bool has_range(const struct grey_plane *p, struct region r)
{
	uint8_t low[CELL], high[CELL], least = 255, most = 0;

	if (region_width(r) < CELL)
		return true;
	memset(low, 255, sizeof(low));
	memset(high, 0, sizeof(high));
	for (int y = r.y0; y < r.y1; y++) {
		const uint8_t *row = p->grey + y * p->stride + r.x0;

		for (int i = 0; i < CELL; i++) {
			low[i] = row[i] < low[i] ? row[i] : low[i];
			high[i] = row[i] > high[i] ? row[i] : high[i];
		}
	}
	plane_range(low, CELL, &least, &most);
	plane_range(high, CELL, &least, &most);
	return most - least >= TICK_LEVEL;
}

static void take_out_ticks(struct place *s, struct region r)
{
	const struct grey_plane *p = s->plane;

	for (int y = r.y0; y < r.y1; y++)
		for (int x = r.x0; x < r.x1; x++)
			if (abs(p->grey[y * p->stride + x] - s->ground) >=
			    TICK_LEVEL)
				take_out(s, region_grow((struct region){
						x, y, x + 1, y + 1 },
						TICK_HALO));
}

/* Take strong ink that is on no line out of a cell: rules, ticks, arrows. */
static bool add_ticks(struct place *s, struct region r)
{
	long count[LEVELS], all, ticks = 0, other = 0;

	if (!has_range(s->plane, r))
		return true;
	all = count_levels(s, r, 0, true, count);
	s->ground = level_of(count, all / 2);
	count_levels(s, r, s->ground, true, count);
	for (int v = LEAST_LEVEL; v < LEVELS; v++) {
		other += count[v];
		ticks += v >= TICK_LEVEL ? count[v] : 0;
	}
	if (ticks == 0 || 100 * other > TICK_SHARE * all)
		return true;
	take_out_ticks(s, r);
	return add_strong(s, r);
}

static bool add_all_ticks(struct place *s)
{
	const struct grey_plane *p = s->plane;
	bool ok = true;

	for (int y = 0; ok && y < p->rows; y += CELL)
		for (int x = 0; ok && x < p->columns; x += CELL)
			ok = add_ticks(s, region_clip(
					region_from_box(x, y, CELL, CELL),
					p->columns, p->rows));
	return ok;
}

/* Add what lies around the i-th strong ink. */
static bool look_around(struct place *s, size_t i, int view,
			const struct telling *telling, struct line_list *list,
			struct error *err)
{
	const struct lines_progress progress = { telling, NULL };
	struct line_list found = { 0 };
	struct grey_plane copy;
	bool ok;

	s->box = s->strong[i];
	s->zone = region_clip(region_grow(s->box, AROUND), s->plane->columns,
			      s->plane->rows);
	telling_word(telling);
	if (!has_hidden_ink(s))
		return true;
	copy = copy_zone(s);
	ok = lines_find(&copy, LINES_BOTH, &progress, &found, err) &&
	     add_found(s, view, &found, list, err);
	line_list_done(&found);
	return ok;
}

bool lines_find_beside(const struct grey_plane *p, int view,
		       const struct telling *telling, struct line_list *list,
		       struct error *err)
{
	struct place s = {
		.plane = p,
		.taken = mem_array((size_t)p->rows, (size_t)p->columns),
		.copy = mem_room((size_t)p->rows, (size_t)p->columns),
	};
	bool ok = (s.taken && s.copy && add_sure_lines(&s, list) &&
		   add_all_ticks(&s)) ||
		  error_set(err, ERR_MEMORY, _("no memory to look for text"));

	for (size_t i = 0; ok && i < s.count; i++)
		ok = look_around(&s, i, view, telling, list, err);
	free(s.strong);
	free(s.taken);
	free(s.copy);
	return ok;
}

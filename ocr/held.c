/* held.c - no line is made of the letters of others alone. */
#include "config.h"

#include "ocr/held.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"

enum {
	LEVELS = 24,            /* the noise floor */
	EDGE = 2,               /* pixels of soft edge around a line */
	CROSSING = 2,           /* that are about as sure as the line */
	LOWER = 14,             /* times its height, in tenths */
	LEAST_LETTER = 5,       /* pixels; beside others, less is their edge */
};
/* Of a line that is a box by its shape alone, in masked copies too (tier.c). */
static const double sure_from = 6.2;
/* A line with less than this more is about as sure. */
static const double much_better = 3;

/* One line, and those that hold its letters. */
struct crossing {
	struct region box, wide;        /* wide: a quarter more to either side */
	bool down;
	struct region *by;              /* with their soft edges */
	size_t count;
	uint8_t *held;                  /* of one row of wide */
};

static int height_of(const struct line *l)
{
	return l->vertical ? region_width(l->box) : region_height(l->box);
}

static bool is_lower(const struct line *by, const struct line *l)
{
	return by->vertical == l->vertical &&
	       LOWER * height_of(by) <= 10 * height_of(l);
}

static bool holds(const struct line *by, const struct line *l)
{
	return by->score > sure_from &&
	       (by->vertical != l->vertical || is_lower(by, l)) &&
	       !region_empty(region_intersect(by->box, l->box));
}

static struct region widened(const struct line *l)
{
	struct region r = l->box;
	int quarter;

	if (l->vertical) {
		quarter = region_width(r) / 4;
		return (struct region){ r.x0 - quarter, r.y0, r.x1 + quarter,
					r.y1 };
	}
	quarter = region_height(r) / 4;
	return (struct region){ r.x0, r.y0 - quarter, r.x1, r.y1 + quarter };
}

/* Where a row across the line starts and ends in r. */
static int start_of(const struct crossing *c, struct region r)
{
	return c->down ? r.x0 : r.y0;
}

static int end_of(const struct crossing *c, struct region r)
{
	return c->down ? r.x1 : r.y1;
}

/* Mark what of the row at `at` the other lines hold. */
static void hold(const struct crossing *c, int at)
{
	int from = start_of(c, c->wide), to = end_of(c, c->wide);

	memset(c->held, 0, (size_t)(to - from));
	for (size_t i = 0; i < c->count; i++) {
		const struct region *r = &c->by[i];
		int along0 = c->down ? r->y0 : r->x0;
		int along1 = c->down ? r->y1 : r->x1;
		int start = c->down ? r->x0 : r->y0;
		int end = c->down ? r->x1 : r->y1;

		start = start > from ? start : from;
		end = end < to ? end : to;
		if (along0 <= at && at < along1 && start < end)
			memset(c->held + (start - from), 1,
			       (size_t)(end - start));
	}
}

/* Widen least..most to what is not held of the row at `at` of r. */
static void range_of(const struct crossing *c, const struct grey_plane *p,
		     struct region r, int at, int *least, int *most)
{
	int first = start_of(c, c->wide);
	ptrdiff_t step = c->down ? 1 : p->stride;
	const uint8_t *v = p->grey + at * (c->down ? p->stride : 1);

	for (int i = start_of(c, r); i < end_of(c, r); i++) {
		int level = v[i * step];

		if (c->held[i - first])
			continue;
		*least = level < *least ? level : *least;
		*most = level > *most ? level : *most;
	}
}

/*
 * The level that most of its rows have that are not held; -1 of none.  A row
 * of several levels tells nothing: of faint letters its middle is neither
 * ground nor letter, and as near to both as noise.
 */
static int ground_of(const struct crossing *c, const struct grey_plane *p)
{
	int end = c->down ? c->box.y1 : c->box.x1;
	int rows[256] = { 0 }, ground = -1, most_rows = 0;

	for (int at = c->down ? c->box.y0 : c->box.x0; at < end; at++) {
		int least = 255, most = 0;

		hold(c, at);
		range_of(c, p, c->box, at, &least, &most);
		if (least <= most && most - least <= LEVELS)
			rows[(least + most) / 2]++;
	}
	for (int i = 0; i < 256; i++)
		if (rows[i] > most_rows) {
			most_rows = rows[i];
			ground = i;
		}
	return ground;
}

/* Is what others leave of the row at `at` nothing, ground, or a rule? */
static bool is_blank(const struct crossing *c, const struct grey_plane *p,
		     int at, int ground)
{
	int least = ground, most = ground;

	range_of(c, p, c->box, at, &least, &most);
	if (ground >= 0 && most - ground <= LEVELS && ground - least <= LEVELS)
		return true;
	least = 255;
	most = 0;
	range_of(c, p, c->wide, at, &least, &most);
	return most - least <= LEVELS;
}

static bool is_blank_in_views(const struct crossing *c,
			      const struct views *views, int at,
			      const int ground[VIEWS_MAX])
{
	for (int i = 0; i < views->count; i++) {
		struct grey_plane p = views_plane(views, i);

		if (!is_blank(c, &p, at, ground[i]))
			return false;
	}
	return true;
}

/* From where to where the line has ink of its own; *start == *end: nowhere. */
static void find_own(struct crossing *c, const struct views *views, int *start,
		     int *end)
{
	int first = c->down ? c->box.y0 : c->box.x0;
	int last = c->down ? c->box.y1 : c->box.x1;
	int ground[VIEWS_MAX];

	for (int i = 0; i < views->count; i++) {
		struct grey_plane p = views_plane(views, i);

		ground[i] = ground_of(c, &p);
	}
	*start = *end = first;
	for (int at = first; at < last; at++) {
		hold(c, at);
		if (is_blank_in_views(c, views, at, ground))
			continue;
		if (*start == *end)
			*start = at;
		*end = at + 1;
	}
}

/* Is what is left from start to end nothing, or the edge of the others? */
static bool is_their_edge(const struct crossing *c, int start, int end)
{
	if (start == end)
		return true;
	for (size_t i = 0; i < c->count; i++) {
		const struct region *r = &c->by[i];

		if (end - start < LEAST_LETTER &&
		    (c->down ? r->y0 : r->x0) <= end &&
		    start <= (c->down ? r->y1 : r->x1))
			return true;
	}
	return false;
}

/* Make the line as long as from start to end. */
static void cut_to(struct line *l, int start, int end)
{
	bool down;

	if (l->vertical) {
		l->box.y0 = start;
		l->box.y1 = end;
	} else {
		l->box.x0 = start;
		l->box.x1 = end;
	}
	for (int i = 0; i < POLARITIES; i++)
		l->seen[i] = region_intersect(l->seen[i], l->box);
	down = region_height(l->box) > region_width(l->box);
	if (down != l->vertical) {
		l->vertical = down;
		l->marks = 1;
	}
}

static bool cross(struct crossing *c, const struct line *l,
		  const struct views *views, const struct line_list *list)
{
	int as_sure = 0;

	c->box = region_clip(l->box, views->columns, views->rows);
	c->wide = region_clip(widened(l), views->columns, views->rows);
	c->down = l->vertical;
	c->count = 0;
	for (size_t i = 0; i < list->count; i++) {
		const struct line *by = &list->line[i];

		if (!holds(by, l))
			continue;
		/* one that crosses it may be a stroke of its letters */
		if (by->score > l->score - much_better)
			as_sure += is_lower(by, l) ? CROSSING : 1;
		c->by[c->count++] = region_grow(by->box, EDGE);
	}
	return as_sure >= CROSSING;
}

/* Cut the line at `at` of the list to what no other has. */
static void cut_line(struct crossing *c, const struct views *views,
		     struct line_list *list, size_t at)
{
	struct line *l = &list->line[at];
	int along = l->vertical ? region_height(l->box) : region_width(l->box);
	int start, end;

	if (!cross(c, l, views, list))
		return;
	find_own(c, views, &start, &end);
	if (2 * (end - start) > along)
		return;
	if (!is_their_edge(c, start, end)) {
		cut_to(l, start, end);
		return;
	}
	memmove(l, l + 1, (list->count - at - 1) * sizeof(*l));
	list->count--;
}

bool held_cut(const struct views *views, struct line_list *list,
	      const struct telling *telling, struct error *err)
{
	size_t side = (size_t)(views->columns > views->rows ? views->columns :
							      views->rows);
	struct crossing c = { .by = mem_array(list->count + 1, sizeof(*c.by)),
			      .held = mem_array(side, 1) };
	bool ok = c.by && c.held;

	/* worst first: what is gone holds nothing any more */
	for (size_t i = list->count; ok && i-- > 0;) {
		cut_line(&c, views, list, i);
		telling_word(telling);
	}
	free(c.by);
	free(c.held);
	return ok || error_set(err, ERR_MEMORY,
			       _("no memory to look for text"));
}

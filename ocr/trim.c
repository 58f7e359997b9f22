/* trim.c - takes the blank ends off lines. */
#include "config.h"

#include "ocr/trim.h"

enum {
	LEVELS = 24,            /* the noise floor */
	BESIDE = 1,             /* pixels kept beside ink */
};

/* The levels between the lowest and the highest of r. */
static int range_of(const struct grey_plane *p, struct region r)
{
	int least = 255, most = 0;

	for (int y = r.y0; y < r.y1; y++)
		for (int x = r.x0; x < r.x1; x++) {
			int v = p->grey[y * p->stride + x];

			least = v < least ? v : least;
			most = v > most ? v : most;
		}
	return most - least;
}

/* Does a view have ink across box r at `at`, along the line?  least: in each
 * of the views, what letters stand out by. */
static bool has_ink(const struct views *views, struct region r, bool down,
		    int at, const int least[VIEWS_MAX])
{
	if (down)
		r.y1 = (r.y0 = at) + 1;
	else
		r.x1 = (r.x0 = at) + 1;
	for (int i = 0; i < views->count; i++) {
		struct grey_plane p = views_plane(views, i);

		if (range_of(&p, r) > least[i])
			return true;
	}
	return false;
}

static void trim(const struct views *views, struct line *l)
{
	struct region r = region_clip(l->box, views->columns, views->rows);
	bool down = l->vertical;
	int *start = down ? &l->box.y0 : &l->box.x0;
	int *end = down ? &l->box.y1 : &l->box.x1;
	int from = down ? r.y0 : r.x0, to = down ? r.y1 : r.x1;
	int half = (down ? region_width(r) : region_height(r)) / 2;
	int first = down ? l->own.y0 : l->own.x0;
	int last = down ? l->own.y1 : l->own.x1;
	int least[VIEWS_MAX];

	for (int i = 0; i < views->count; i++) {
		struct grey_plane p = views_plane(views, i);

		least[i] = range_of(&p, region_intersect(l->own, r)) / 3;
		least[i] = least[i] > LEVELS ? least[i] : LEVELS;
	}
	while (from < first - BESIDE &&
	       !has_ink(views, r, down, from + BESIDE, least))
		from++;
	while (to > last + BESIDE &&
	       !has_ink(views, r, down, to - 1 - BESIDE, least))
		to--;
	*start = from - *start > half ? from : *start;
	*end = *end - to > half ? to : *end;
	for (int i = 0; i < POLARITIES; i++)
		l->seen[i] = region_intersect(l->seen[i], l->box);
}

void lines_trim(const struct views *views, struct line_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		if (!region_empty(list->line[i].own))
			trim(views, &list->line[i]);
}

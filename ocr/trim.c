/* trim.c - takes the blank ends off lines. */
#include "config.h"

#include "ocr/trim.h"

enum { BESIDE = 1 };            /* pixels kept beside ink */

/* Does a view have ink across box r at `at`, along the line?  least: in each
 * of the views, what letters stand out by. */
static bool has_ink(const struct views *views, struct region r, bool down,
		    int at, const int least[VIEWS_MAX])
{
	if (down)
		r.y1 = (r.y0 = at) + 1;
	else
		r.x1 = (r.x0 = at) + 1;
	return views_have_ink(views, r, least);
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

	views_contrast(views, region_intersect(l->own, r), least);
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

/* view_point.c - what of the picture lies under a cell of the screen. */
#include "config.h"

#include "ui/view.h"

/* The pixel under the middle of a cell of a part; it is stretched. */
static bool in_part(const struct picture_part *part, int column, int row,
		    int *x, int *y)
{
	long long across = column - part->column, down = row - part->row;
	long long w = region_width(part->source);
	long long h = region_height(part->source);

	if (across < 0 || down < 0 || across >= part->columns ||
	    down >= part->rows)
		return false;
	*x = part->source.x0 + (int)((2 * across + 1) * w /
				     (2 * part->columns));
	*y = part->source.y0 + (int)((2 * down + 1) * h / (2 * part->rows));
	return true;
}

static bool in_page(const struct view_data *v, const struct area *area,
		    int column, int row, int *x, int *y, int *box)
{
	const struct evidence_plan *plan = review_evidence(v->model);
	int number = review_page(v->model);

	if (!plan || number < 0 || (size_t)number >= plan->page_count)
		return false;
	const struct evidence_page *page = &plan->page[number];

	for (size_t i = 0; i < page->count; i++) {
		const struct placement *p = &plan->placement[page->first + i];
		struct picture_part part = {
			.source = p->source, .column = area->column + p->column,
			.row = area->row + p->row, .columns = p->columns,
			.rows = p->rows };

		if (in_part(&part, column, row, x, y)) {
			*box = plan->evidence[p->evidence].box;
			return true;
		}
	}
	return false;
}

static bool in_picture(const struct view_data *v, const struct area *area,
		       bool whole, int column, int row, int *x, int *y)
{
	struct picture_part part;

	if (!v->plane || area->rows < 1 || area->columns < 1)
		return false;
	part = view_picture_part(v, area, whole);
	return in_part(&part, column, row, x, y);
}

/* The parts as view_review() draws them. */
bool view_point(const struct view_data *v, const struct canvas *c, int column,
		int row, int *x, int *y, int *box)
{
	bool page_here = view_page_in_hole(v->model);
	bool evidence = review_view(v->model)->pane == PANE_EVIDENCE;
	struct layout l;
	struct area page;

	*box = -1;
	view_layout_page(v, c, &l);
	page = view_page_area(v->model, &l);
	if (l.too_small)
		return false;
	if (evidence && page_here)
		return in_page(v, &page, column, row, x, y, box);
	if (l.split)
		return in_picture(v, &l.hole, false, column, row, x, y) ||
		       (!page_here && in_page(v, &l.strip, column, row, x, y,
					      box));
	if (!evidence)
		return in_picture(v, &l.hole, false, column, row, x, y);
	return in_page(v, &l.strip, column, row, x, y, box) ||
	       in_picture(v, &l.overview, true, column, row, x, y);
}

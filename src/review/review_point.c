/* review_point.c - the model: the mouse.  It selects, and draws or moves the
 * area of an edit; it decides nothing. */
#include "config.h"

#include "review/model.h"

static int clamp(int value, int low, int high)
{
	return value < low ? low : value > high ? high : value;
}

/* The smallest box of the frame on the screen that holds the pixel; -1. */
static int box_at(const struct review *m, int x, int y)
{
	int best = -1, frame = m->view.frame_index;

	for (size_t i = 0; i < m->boxes.count; i++) {
		const struct box *b = &m->boxes.box[i].box;

		if (b->tier > TIER_CANDIDATE || b->plane != PLANE_PICTURE ||
		    !region_hit(b->region, x, y) ||
		    (frame >= 0 && (frame < b->frame0 || frame > b->frame1)))
			continue;
		if (best < 0 || region_area(b->region) <
		    region_area(m->boxes.box[best].box.region))
			best = (int)i;
	}
	return best;
}

static void point_select(struct review *m, const struct event *e)
{
	int box = e->box >= 0 ? e->box : box_at(m, e->x, e->y);

	if (box >= 0 && (size_t)box < m->boxes.count && box != m->selected)
		command_select(m, &(struct event){ .command = CMD_SELECT,
						   .count = box + 1 });
}

/* All pixels between both, these included. */
static struct region drawn(int x0, int y0, int x1, int y1)
{
	return (struct region){ x0 < x1 ? x0 : x1, y0 < y1 ? y0 : y1,
				(x0 > x1 ? x0 : x1) + 1,
				(y0 > y1 ? y0 : y1) + 1 };
}

static void point_area(struct review *m, int x, int y)
{
	const struct region *a = &m->point_area;
	int columns = m->info.columns, rows = m->info.rows;

	m->area = m->drawing ? drawn(m->point_x, m->point_y, x, y) :
		region_move(*a, clamp(x - m->point_x, -a->x0, columns - a->x1),
			    clamp(y - m->point_y, -a->y0, rows - a->y1));
	model_touch(m);
}

static void point_edit(struct review *m, const struct event *e)
{
	int x = clamp(e->x, 0, m->info.columns - 1);
	int y = clamp(e->y, 0, m->info.rows - 1);

	if (e->point == POINT_PRESS) {
		m->pointing = true;
		m->dragged = false;
		m->drawing = m->mode == MODE_ADD ||
			     !region_hit(m->area, x, y);
		m->point_x = x;
		m->point_y = y;
		m->point_area = m->area;
		return;
	}
	/* a click that goes nowhere changes nothing */
	m->dragged = m->dragged || x != m->point_x || y != m->point_y;
	if (m->pointing && m->dragged)
		point_area(m, x, y);
	if (e->point == POINT_RELEASE)
		m->pointing = false;
}

void model_point(struct review *m, const struct event *e)
{
	bool edits = m->mode == MODE_EDIT || m->mode == MODE_ADD;

	if (!edits)
		m->pointing = false;
	if (!m->item || !m->has_info || m->concluded)
		return;
	if (edits)
		point_edit(m, e);
	else if (e->point == POINT_PRESS && m->mode == model_base(m))
		point_select(m, e);
}

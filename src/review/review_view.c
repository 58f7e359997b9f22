/* review_view.c - the model: frames, zoom and pan.  Only what is
 * looked at changes here, never a box. */
#include "config.h"

#include "review/model.h"

enum {
	ZOOM_MIN = 8,           /* pixels of the shorter side at most zoom */
	PAN_PART = 8,           /* a key pans by this part of what is shown */
	BOX_AROUND = 16,        /* pixels around a box that is zoomed to */
};

static int clamp(int value, int low, int high)
{
	return value < low ? low : value > high ? high : value;
}

static int times(const struct event *e)
{
	return clamp(e->count, 1, FRAME_MAX_SIDE);
}

void model_go_frame(struct review *m, int frame_index)
{
	if (m->asked_frame && frame_index == m->view.frame_index)
		return;
	m->view.frame_index = frame_index;
	m->asked_frame = true;
	m->have_frame = false;
	m->effects |= EFFECT_NEED_FRAME;
	model_touch(m);
}

void model_reset_view(struct review *m)
{
	enum mask_display masks = m->view.masks;
	bool details = m->view.details;

	m->view = (struct view){
		.pane = PANE_PICTURE, .fit = true, .masks = masks,
		.details = details,
		.shown = { 0, 0, m->info.columns, m->info.rows },
	};
	m->zoomed = false;
}

/* The picture pane, with the frame of the picture where a page showed a
 * projection. */
static void look_at_picture(struct review *m)
{
	m->view.pane = PANE_PICTURE;
	model_touch(m);
}

/* The larger of w x h and the shape of the hole: nothing is drawn stretched. */
static void widen(const struct review *m, int *w, int *h)
{
	long long across = (long long)m->screen.hole_columns *
			   screen_across(&m->screen);
	long long down = (long long)m->screen.hole_rows *
			 screen_down(&m->screen);

	if (across <= 0 || down <= 0)
		return;
	if (*w * down < *h * across)
		*w = (int)(*h * across / down);
	else
		*h = (int)(*w * down / across);
}

/* A part of w x h pixels or more around a centre, moved into the picture. */
static struct region part_around(const struct review *m, int x, int y, int w,
				 int h)
{
	int columns = m->info.columns, rows = m->info.rows;

	widen(m, &w, &h);
	w = clamp(w, columns < ZOOM_MIN ? columns : ZOOM_MIN, columns);
	h = clamp(h, rows < ZOOM_MIN ? rows : ZOOM_MIN, rows);
	x = clamp(x - w / 2, 0, columns - w);
	y = clamp(y - h / 2, 0, rows - h);
	return region_from_box(x, y, w, h);
}

void model_zoom_to(struct review *m, struct region r)
{
	struct region whole = { 0, 0, m->info.columns, m->info.rows };

	m->view.shown = part_around(m, (r.x0 + r.x1) / 2, (r.y0 + r.y1) / 2,
				    region_width(r), region_height(r));
	m->view.fit = region_equal(m->view.shown, whole);
	look_at_picture(m);
}

void command_frame(struct review *m, const struct event *e)
{
	int at = m->view.frame_index, last = m->info.frames - 1;

	switch (e->command) {
	case CMD_FRAME_NEXT:
		at = at < 0 ? 0 : clamp(at + times(e), 0, last);
		break;
	case CMD_FRAME_PREV:
		at = clamp(at - times(e), 0, last);
		break;
	case CMD_FRAME_FIRST:
		at = 0;
		break;
	default:
		at = last;
	}
	model_go_frame(m, at);
	look_at_picture(m);
}

static int halves(int value, bool in)
{
	return in ? value / 2 : value > FRAME_MAX_SIDE ? value : value * 2;
}

void command_zoom(struct review *m, const struct event *e)
{
	struct region r = m->view.shown;
	bool in = e->command == CMD_ZOOM_IN;

	m->zoomed = false;
	m->view.shown = part_around(m, (r.x0 + r.x1) / 2, (r.y0 + r.y1) / 2,
				    halves(region_width(r), in),
				    halves(region_height(r), in));
	m->view.fit = false;
	if (!in && region_equal(r, m->view.shown))
		command_fit(m, e);
	look_at_picture(m);
}

void model_zoom_to_box(struct review *m, int box)
{
	const struct decided_box *b = &m->boxes.box[box];

	if (b->box.plane != PLANE_PICTURE)
		model_go_frame(m, frame_of_plane(b->box.plane,
						 b->box.frame0));
	else if (m->view.frame_index < b->box.frame0 ||
	    m->view.frame_index > b->box.frame1)
		model_go_frame(m, b->box.frame0);
	model_zoom_to(m, region_grow(b->box.region, BOX_AROUND));
}

void command_zoom_box(struct review *m, const struct event *e)
{
	(void)e;
	if (!m->zoomed) {
		if (!model_selected_box(m))
			return;
		m->before_zoom = m->view;
		m->zoomed = true;
		model_zoom_to_box(m, m->selected);
		return;
	}
	m->zoomed = false;
	m->view.shown = m->before_zoom.shown;
	m->view.fit = m->before_zoom.fit;
	look_at_picture(m);
	if (m->before_zoom.pane == PANE_EVIDENCE)
		model_back_to_page(m);
}

void command_fit(struct review *m, const struct event *e)
{
	(void)e;
	m->zoomed = false;
	m->view.fit = true;
	m->view.shown = (struct region){ 0, 0, m->info.columns, m->info.rows };
	look_at_picture(m);
}

/* So much of the picture that letters of 12 pixels are legible. */
void command_legible(struct review *m, const struct event *e)
{
	struct region r = m->view.shown;
	int needed = evidence_sub_pixels_x10(m->screen.mode, false);
	int across = m->screen.hole_columns * screen_across(&m->screen);
	int down = m->screen.hole_rows * screen_down(&m->screen);
	int w = across * 120 / needed, h = down * 120 / needed;

	(void)e;
	m->zoomed = false;
	model_zoom_to(m, part_around(m, (r.x0 + r.x1) / 2,
				     (r.y0 + r.y1) / 2, w, h));
}

void command_pan(struct review *m, const struct event *e)
{
	static const struct { enum command command; int x, y; bool page; }
		way[] = {
		{ CMD_LEFT, -1, 0, false }, { CMD_RIGHT, 1, 0, false },
		{ CMD_UP, 0, -1, false }, { CMD_DOWN, 0, 1, false },
		{ CMD_LEFT_8, -1, 0, true }, { CMD_RIGHT_8, 1, 0, true },
		{ CMD_UP_8, 0, -1, true }, { CMD_DOWN_8, 0, 1, true },
	};
	struct region r = m->view.shown;

	for (size_t i = 0; i < sizeof(way) / sizeof(way[0]); i++) {
		int part = way[i].page ? 1 : PAN_PART;

		if (way[i].command != e->command)
			continue;
		r = region_move(r, way[i].x * (region_width(r) / part + 1),
				way[i].y * (region_height(r) / part + 1));
	}
	m->view.shown = part_around(m, r.x0 + region_width(r) / 2,
				    r.y0 + region_height(r) / 2,
				    region_width(r), region_height(r));
	look_at_picture(m);
}

void command_invert(struct review *m, const struct event *e)
{
	(void)e;
	m->view.inverted = !m->view.inverted;
	model_touch(m);
}

void command_masks(struct review *m, const struct event *e)
{
	(void)e;
	m->view.masks = (m->view.masks + 1) % (MASKS_HIDDEN + 1);
	if (review_page_visible(m) && m->view.masks != MASKS_OUTLINE)
		model_say(m, "%s", m->view.masks == MASKS_FILLED ?
			  _("masks filled in the picture; evidence never "
			    "hides what they cover") :
			  _("masks hidden in the picture; evidence shows what "
			    "they cover as before"));
	model_touch(m);
}

void command_details(struct review *m, const struct event *e)
{
	(void)e;
	if (!m->view.details) {
		model_select_shown(m);
		if (!model_selected_box(m))
			return;
	}
	m->view.details = !m->view.details;
	model_touch(m);
}

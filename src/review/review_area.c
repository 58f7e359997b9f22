/* review_area.c - the model: drawing an area, moving its edges, keeping it. */
#include "config.h"

#include "review/model.h"
#include "review/snap.h"

enum {
	FAR_STEP = 8,           /* pixels of H J K L: a JPEG block */
	NEW_LETTER = 12,        /* pixels (DESIGN 8.5) */
	NEW_SCORE = 1000,
	GRID_LEAST = 9,         /* pixels of an area that nine parts can be
				   seen in */
};

bool model_add_box(struct review *m, struct region r)
{
	int height = region_height(r);
	struct decided_box b = {
		.box = { .region = r, .frame1 = m->info.frames - 1,
			 .kind = KIND_IDENTIFIER, .class_ = CLASS_OTHER,
			 .source = SOURCE_REVIEWER, .tier = TIER_BOX,
			 .score = NEW_SCORE, .confidence = -1,
			 .letter_height = height < NEW_LETTER ? height :
				NEW_LETTER,
			 .why = "reviewer" },
		.id = m->next_id, .decision = DECISION_ADDED,
	};

	if (region_empty(r))
		return true;
	if (!decided_list_add(&m->boxes, &b))
		return false;
	m->next_id++;
	return true;
}

/* Four boxes around the area; a box drawn only to name it goes. */
static void mask_all_but(struct review *m, struct region r, int frame_box)
{
	int columns = m->info.columns, rows = m->info.rows;
	struct region around[] = {
		{ 0, 0, columns, r.y0 }, { 0, r.y1, columns, rows },
		{ 0, r.y0, r.x0, r.y1 }, { r.x1, r.y0, columns, r.y1 },
	};
	struct decided_list before;
	size_t had = m->boxes.count - (frame_box >= 0);
	bool ok = true;

	if (!model_begin_change(m, &before))
		return;
	if (frame_box >= 0) {
		decided_list_remove(&m->boxes, (size_t)frame_box);
		m->selected = -1;
	}
	for (size_t i = 0; ok && i < sizeof(around) / sizeof(around[0]); i++)
		ok = model_add_box(m, around[i]);
	model_end_change(m, &before, ok, frame_box < 0, -1);
	if (m->effects & EFFECT_BELL)
		return;
	if (m->info.frames > 1)
		model_say(m, _("masked on all %d frames: all but this area; "
			       "boxes: %zu; {undo} takes it back"), m->info.frames,
			  m->boxes.count - had);
	else
		model_say(m, _("masked: all but this area; boxes: %zu; {undo} "
			       "takes it back"), m->boxes.count - had);
}

void command_only(struct review *m, const struct event *e)
{
	const struct decided_box *b = m->selected >= 0 ?
		&m->boxes.box[m->selected] : NULL;
	bool drawn = b && b->box.source == SOURCE_REVIEWER &&
		b->decision == DECISION_ADDED;

	(void)e;
	if (m->mode == MODE_ADD || m->mode == MODE_EDIT) {
		m->mode = model_base(m);
		mask_all_but(m, m->area, -1);
	} else if (b) {
		mask_all_but(m, b->box.region, drawn ? m->selected : -1);
	} else {
		model_bell(m, _("select a box first: its number, or {box-next}"));
	}
}

/* ---- drawing and editing an area ---- */

static void start_area(struct review *m, enum review_mode mode,
		       struct region r, int editing)
{
	m->mode = mode;
	m->shown_before = m->view.shown;
	m->fit_before = m->view.fit;
	m->area = region_clip(r, m->info.columns, m->info.rows);
	m->first_area = m->narrowed = m->area;
	m->handle = 0;
	m->editing = editing;
	model_touch(m);
}

struct region model_shown_part(const struct review *m)
{
	const struct evidence_page *page;

	if (!m->touring || m->view.pane != PANE_EVIDENCE || m->tour_page < 0)
		return m->view.shown;
	page = &m->tour.page[m->tour_page];
	return m->tour.placement[page->first].source;
}

void command_add(struct review *m, const struct event *e)
{
	struct region r = model_shown_part(m);

	(void)e;
	if (!model_editable(m))
		return;
	start_area(m, MODE_ADD, r, -1);
	if (m->view.frame_index < 0)
		model_go_frame(m, 0);
	model_zoom_to(m, r);
}

void command_edit(struct review *m, const struct event *e)
{
	struct decided_box *b;
	struct region r;

	(void)e;
	model_select_shown(m);
	b = model_selected_box(m);
	if (!b || !model_editable(m))
		return;
	r = b->box.region;
	start_area(m, MODE_EDIT, r, m->selected);
	if (m->view.frame_index < b->box.frame0 ||
	    m->view.frame_index > b->box.frame1)
		model_go_frame(m, b->box.frame0);
	model_zoom_to(m, region_grow(r, region_height(r) + FAR_STEP));
}

static int clamp(int value, int low, int high)
{
	return value < low ? low : value > high ? high : value;
}

static int times(const struct event *e)
{
	return clamp(e->count, 1, FRAME_MAX_SIDE);
}

/* The third of [from, to) that a key of the pad stands for. */
static void third(int *from, int *to, int which)
{
	int length = *to - *from, start = *from;

	*from = start + length * which / 3;
	*to = start + length * (which + 1) / 3;
	if (*to <= *from)
		*to = *from + 1;
	if (*to > start + length) {
		*to = start + length;
		*from = *to - 1;
	}
}

struct region review_ninth(const struct review *m, int digit)
{
	struct region r = m->area;

	third(&r.x0, &r.x1, (digit - 1) % 3);
	/* 7 8 9 is the upper row of a key pad */
	third(&r.y0, &r.y1, 2 - (digit - 1) / 3);
	return r;
}

bool review_grid(const struct review *m)
{
	return m->mode == MODE_ADD && !m->drawing &&
	       region_equal(m->area, m->narrowed) &&
	       region_width(m->area) >= GRID_LEAST &&
	       region_height(m->area) >= GRID_LEAST;
}

void command_narrow(struct review *m, const struct event *e)
{
	int digit = e->count;

	if (digit < 1 || digit > REVIEW_NINTHS)
		return;
	m->area = m->narrowed = review_ninth(m, digit);
	model_zoom_to(m, region_grow(m->area, region_height(m->area) / 2));
}

static void move_area(struct review *m, int dx, int dy)
{
	struct region *a = &m->area;
	int columns = m->info.columns, rows = m->info.rows;

	switch (m->handle) {
	case 1:
		a->x0 = clamp(a->x0 + dx, 0, a->x1 - 1);
		break;
	case 2:
		a->y0 = clamp(a->y0 + dy, 0, a->y1 - 1);
		break;
	case 3:
		a->x1 = clamp(a->x1 + dx, a->x0 + 1, columns);
		break;
	case 4:
		a->y1 = clamp(a->y1 + dy, a->y0 + 1, rows);
		break;
	default:
		*a = region_move(*a, clamp(dx, -a->x0, columns - a->x1),
				 clamp(dy, -a->y0, rows - a->y1));
	}
}

/* Nothing moved by that key: why. */
static const char *why_still(const struct review *m, bool across)
{
	if (m->handle && across != (m->handle % 2 == 1))
		return across ? N_("this edge moves up and down only; "
				   "{handle}: another one") :
				N_("this edge moves left and right only; "
				   "{handle}: another one");
	return N_("it can't go further");
}

static bool is_far(enum command c)
{
	return c == CMD_LEFT_8 || c == CMD_RIGHT_8 || c == CMD_UP_8 ||
		c == CMD_DOWN_8;
}

void command_move(struct review *m, const struct event *e)
{
	int step = times(e) * (is_far(e->command) ? FAR_STEP : 1);
	int dx = 0, dy = 0;
	struct region before = m->area;

	if (e->command == CMD_LEFT || e->command == CMD_LEFT_8)
		dx = -step;
	else if (e->command == CMD_RIGHT || e->command == CMD_RIGHT_8)
		dx = step;
	else if (e->command == CMD_UP || e->command == CMD_UP_8)
		dy = -step;
	else
		dy = step;
	move_area(m, dx, dy);
	if (region_equal(m->area, before))
		model_bell(m, _(why_still(m, dx != 0)));
	if (!region_contains(m->view.shown, m->area))
		model_zoom_to(m, region_grow(m->area,
					     region_height(m->area)));
	model_touch(m);
}

void command_handle(struct review *m, const struct event *e)
{
	(void)e;
	m->handle = (m->handle + 1) % 5;
	model_touch(m);
}

void command_grow(struct review *m, const struct event *e)
{
	m->area = region_clip(region_grow(m->area, times(e)), m->info.columns,
			      m->info.rows);
	model_touch(m);
}

void command_shrink(struct review *m, const struct event *e)
{
	struct region r = region_grow(m->area, -times(e));

	if (region_empty(r))
		model_bell(m, _("it can't be smaller"));
	else
		m->area = r;
	model_touch(m);
}

/* What a JPEG blanks anyway (DESIGN 6); in other files 8 pixels. */
void command_blocks(struct review *m, const struct event *e)
{
	int across = m->info.mcu_columns > 1 ? m->info.mcu_columns : FAR_STEP;
	int down = m->info.mcu_rows > 1 ? m->info.mcu_rows : FAR_STEP;
	struct region a = m->area;

	(void)e;
	m->area = region_clip((struct region){
		a.x0 / across * across, a.y0 / down * down,
		(a.x1 + across - 1) / across * across,
		(a.y1 + down - 1) / down * down },
		m->info.columns, m->info.rows);
	model_touch(m);
}

void command_full_width(struct review *m, const struct event *e)
{
	(void)e;
	m->area.x0 = 0;
	m->area.x1 = m->info.columns;
	model_zoom_to(m, region_grow(m->area, region_height(m->area)));
	model_touch(m);
}

/* All of the picture, and back to the area. */
void command_zoom_area(struct review *m, const struct event *e)
{
	if (m->view.fit)
		model_zoom_to(m, region_grow(m->area, region_height(m->area) +
					     FAR_STEP));
	else
		command_fit(m, e);
}

/* The first of line, block and banner that is another area. */
static bool snapped_area(struct review *m, struct region *r, int letter)
{
	struct region to;

	for (int how = 0; how < SNAPS; how++) {
		if (!ink_snap(&m->picture, *r, letter, (enum snap)how, &to)) {
			model_bell(m, _("there is no ink here"));
			return false;
		}
		if (!region_equal(to, *r)) {
			*r = to;
			return true;
		}
	}
	model_bell(m, _("it fits already"));
	return false;
}

/* How far the edges of a box go. */
static struct region moved(struct region from, struct region to)
{
	return (struct region){ to.x0 - from.x0, to.y0 - from.y0,
				to.x1 - from.x1, to.y1 - from.y1 };
}

void model_keep_area(struct review *m)
{
	struct decided_list before;
	bool ok = true, fresh = m->editing < 0;
	int index = fresh ? (int)m->boxes.count : m->editing;

	if (!model_begin_change(m, &before))
		return;
	if (fresh) {
		ok = model_add_box(m, m->area);
	} else {
		struct decided_box *b = &m->boxes.box[index];
		bool was_box = b->box.tier == TIER_BOX;

		m->last = (struct last_edit){ .command = CMD_EDIT,
			.moved = moved(b->box.region, m->area) };
		b->box.region = m->area;
		b->box.tier = TIER_BOX;
		b->reason = 0;
		if (!was_box)
			b->decision = DECISION_ADDED;
		else if (b->decision != DECISION_ADDED)
			b->decision = DECISION_CHANGED;
	}
	m->selected = index;
	model_end_change(m, &before, ok, fresh, index);
}

static void snap_box(struct review *m)
{
	struct decided_box *b;

	model_select_shown(m);
	b = model_selected_box(m);
	if (!b || !model_editable(m))
		return;
	if (!m->have_frame || b->box.plane != PLANE_PICTURE ||
	    m->picture_frame > b->box.frame1 ||
	    (m->picture_frame >= 0 && m->picture_frame < b->box.frame0)) {
		model_bell(m, _("this box is not on the picture shown"));
		return;
	}
	m->area = b->box.region;
	m->editing = m->selected;
	if (!snapped_area(m, &m->area, b->box.letter_height))
		return;
	model_keep_area(m);
	m->last = (struct last_edit){ .command = CMD_SNAP };
}

void command_snap(struct review *m, const struct event *e)
{
	(void)e;
	if (m->mode == MODE_REVIEW || m->mode == MODE_TOUR) {
		snap_box(m);
		return;
	}
	if (!snapped_area(m, &m->area, NEW_LETTER))
		return;
	model_zoom_to(m, region_grow(m->area, region_height(m->area)));
	model_touch(m);
}

/* The picture is shown as it was before. */
static void leave_area(struct review *m)
{
	m->mode = model_base(m);
	m->view.shown = m->shown_before;
	m->view.fit = m->fit_before;
	model_show_page(m, *model_current_page(m));
	model_touch(m);
}

void command_keep(struct review *m, const struct event *e)
{
	(void)e;
	if (m->mode == MODE_ADD && region_equal(m->area, m->first_area)) {
		/* all that is seen was hardly meant */
		model_bell(m, _("narrow it first: 1-9; or move an edge: "
				"{handle}, then {left}{down}{up}{right}"));
		return;
	}
	leave_area(m);
	if (m->editing < 0 || !region_equal(m->area,
			m->boxes.box[m->editing].box.region))
		model_keep_area(m);
	else if (!m->touring)
		model_show_box(m, m->editing);
}

void command_keep_class(struct review *m, const struct event *e)
{
	command_keep(m, e);
	if (m->mode == model_base(m))
		command_class(m, e);
}

void command_drop(struct review *m, const struct event *e)
{
	if (m->over_list) {
		command_list_drop(m, e);
		return;
	}
	m->asked = ASKED_NOTHING;
	if (m->mode == MODE_ADD || m->mode == MODE_EDIT) {
		leave_area(m);
		return;
	}
	m->mode = model_base(m);
	model_show_page(m, *model_current_page(m));
	model_touch(m);
}

struct region review_area(const struct review *m)
{
	return m->area;
}

/* review_hint.c - the model: a letter for each line of text without a mask. */
#include "config.h"

#include "review/model.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "review/snap.h"

enum {
	LETTER = 12,            /* pixels (DESIGN 8.5) */
	LINE_CELLS = 4,         /* of ink, up and down: what is higher is no
				   line of letters (DESIGN 7: 8-40 pixels) */
	LINE_PIXELS = LINE_CELLS * INK_CELL,
	RIM = 2,                /* pixels left around loose ink */
};
/* Without q, which leaves; those under the fingers first. */
static const char letters[] = "asdfghjklwertyuiopzxcvbnm";
enum { LETTERS = sizeof(letters) - 1, MOST = LETTERS * LETTERS };

/* ---- which lines ---- */

static bool is_shown(const struct region *shown, struct region r)
{
	return region_hit(*shown, (r.x0 + r.x1) / 2, (r.y0 + r.y1) / 2);
}

bool model_hint_add(struct review *m, struct region r, int box)
{
	if (m->hint_count == MOST)
		return true;
	if (!mem_grow(&m->hint, &m->hint_capacity, m->hint_count,
		      sizeof(*m->hint)))
		return false;
	m->hint[m->hint_count++] = (struct hint){
		.region = r, .box = box };
	return true;
}

static bool hint_boxes(struct review *m, struct region shown)
{
	for (size_t i = 0; i < m->boxes.count; i++) {
		const struct decided_box *b = &m->boxes.box[i];

		if (!review_masked(b) &&
		    model_on_frame(&b->box, m->view.frame_index) &&
		    is_shown(&shown, b->box.region) &&
		    !model_hint_add(m, b->box.region, (int)i))
			return false;
	}
	return true;
}

/* The map of ink without what lies under a box of this frame, masked or not.
 * To be freed; NULL: no map, or no memory. */
static uint8_t *loose_ink(const struct review *m)
{
	int columns = m->found.ink_columns, rows = m->found.ink_rows;
	size_t count = (size_t)columns * (size_t)rows;
	uint8_t *ink = m->found.ink ? mem_array(count, 1) : NULL;

	if (!ink)
		return NULL;
	memcpy(ink, m->found.ink, count);
	for (size_t i = 0; i < m->boxes.count; i++) {
		const struct box *b = &m->boxes.box[i].box;
		struct region r = b->region;

		if (!model_on_frame(b, m->view.frame_index))
			continue;
		for (int y = r.y0 / INK_CELL; y <= (r.y1 - 1) / INK_CELL; y++)
			memset(ink + (size_t)y * (size_t)columns +
			       r.x0 / INK_CELL, 0,
			       (size_t)((r.x1 - 1) / INK_CELL -
					r.x0 / INK_CELL + 1));
	}
	return ink;
}

/* Take a group of neighbouring cells out of the map: its bounds in cells.
 * todo: room for all cells. */
static struct region take_group(uint8_t *ink, int columns, int rows, int at,
				int *todo)
{
	struct region group = { 0 };
	size_t left = 0;

	todo[left++] = at;
	ink[at] = 0;
	while (left > 0) {
		int cell = todo[--left], x = cell % columns;
		int y = cell / columns;
		struct region near = region_clip((struct region){
			x - 1, y - 1, x + 2, y + 2 }, columns, rows);

		group = region_union(group, (struct region){
			x, y, x + 1, y + 1 });
		for (int ny = near.y0; ny < near.y1; ny++)
			for (int nx = near.x0; nx < near.x1; nx++)
				if (ink[ny * columns + nx]) {
					ink[ny * columns + nx] = 0;
					todo[left++] = ny * columns + nx;
				}
	}
	return group;
}

static bool hint_group(struct review *m, struct region cells,
		       struct region shown)
{
	struct region r = region_clip((struct region){
		cells.x0 * INK_CELL, cells.y0 * INK_CELL,
		cells.x1 * INK_CELL, cells.y1 * INK_CELL },
		m->info.columns, m->info.rows);

	if (region_height(cells) > LINE_CELLS ||
	    !ink_snap(&m->picture, r, LETTER, SNAP_LINE, &r) ||
	    region_height(r) > LINE_PIXELS || !is_shown(&shown, r))
		return true;
	for (size_t i = 0; i < m->hint_count; i++)
		if (2 * region_area(region_intersect(m->hint[i].region, r)) >
		    region_area(r))
			return true;
	return model_hint_add(m, r, -1);
}

/* Lines that the evidence shows without a box. */
static bool hint_loose(struct review *m, struct region shown)
{
	struct loose_list list = { 0 };
	bool ok = model_find_loose(m, &list);

	for (size_t i = 0; ok && i < list.count; i++)
		if (is_shown(&shown, list.line[i].region))
			ok = model_hint_add(m, region_clip(region_grow(
				list.line[i].region, RIM), m->info.columns,
				m->info.rows), -1);
	loose_list_done(&list);
	return ok;
}

/* Those that the window of the file hides: as the evidence found them. */
static bool hint_whole(struct review *m, struct region shown)
{
	bool ok = true;

	for (size_t i = 0; ok && i < m->loose_count; i++)
		if (m->loose[i].frame == FRAME_WHOLE &&
		    is_shown(&shown, m->loose[i].region))
			ok = model_hint_add(m, region_clip(region_grow(
				m->loose[i].region, RIM), m->info.columns,
				m->info.rows), -1);
	return ok;
}

static bool hint_ink(struct review *m, struct region shown)
{
	int columns = m->found.ink_columns, rows = m->found.ink_rows;
	int cells = columns * rows;
	uint8_t *ink = loose_ink(m);
	int *todo = ink ? mem_array((size_t)cells, sizeof(*todo)) : NULL;
	bool ok = todo || !m->found.ink;

	for (int i = 0; todo && ok && i < cells; i++)
		if (ink[i])
			ok = hint_group(m, take_group(ink, columns, rows, i,
						      todo), shown);
	free(todo);
	free(ink);
	return ok;
}

static int by_place(const void *left, const void *right)
{
	const struct hint *a = left, *b = right;

	if (a->region.y0 != b->region.y0)
		return a->region.y0 < b->region.y0 ? -1 : 1;
	return (a->region.x0 > b->region.x0) - (a->region.x0 < b->region.x0);
}

void model_hints_start(struct review *m)
{
	m->hint_count = 0;
	m->hint_typed = 0;
	m->hint_set = 0;
	m->hint_sets = 1;
}

/* Those that have letters now: the first of them, and how many follow. */
static size_t hints_now(const struct review *m, size_t *first)
{
	size_t at = 0, end;

	while (at < m->hint_count && m->hint[at].set < m->hint_set)
		at++;
	for (end = at; end < m->hint_count &&
	     m->hint[end].set == m->hint_set; end++)
		;
	*first = at;
	return end - at;
}

void model_hints_from_above(struct review *m)
{
	if (m->hint_count > 0)
		qsort(m->hint, m->hint_count, sizeof(*m->hint), by_place);
}

/* ---- letters that can be told apart ---- */

/* Cells from the corner of the picture pane that the outline of a region
 * takes, as ui/picture draws it. */
static struct region cells_of(const struct review *m, struct region r)
{
	const struct region *s = &m->view.shown;
	long long across = screen_across(&m->screen);
	long long down = screen_down(&m->screen);
	/* sub-pixels a pixel: the smaller of both directions */
	long long of = m->screen.hole_columns * across;
	long long pixels = region_width(*s);

	if (m->screen.hole_rows * down * pixels < of * region_height(*s)) {
		of = m->screen.hole_rows * down;
		pixels = region_height(*s);
	}
	across *= pixels;
	down *= pixels;
	if (of <= 0 || across <= 0 || down <= 0)
		return r;
	r = region_move(region_intersect(r, *s), -s->x0, -s->y0);
	r = (struct region){ (int)(r.x0 * of / across),
			     (int)(r.y0 * of / down),
			     (int)((r.x1 * of + across - 1) / across),
			     (int)((r.y1 * of + down - 1) / down) };
	return m->view.fit ? r : region_grow(r, 1);
}

/* Where its letters are written: at the corner, with a blank behind. */
static struct region label_of(const struct review *m, struct region cells)
{
	return region_from_box(cells.x0 < 0 ? 0 : cells.x0,
			       cells.y0 < 0 ? 0 : cells.y0,
			       m->hint_count > LETTERS ? 3 : 2, 1);
}

/* Does a corner of the outline lie on this label? */
static bool corner_hits(struct region cells, struct region label)
{
	return region_hit(label, cells.x0, cells.y0) ||
	       region_hit(label, cells.x1 - 1, cells.y0) ||
	       region_hit(label, cells.x0, cells.y1 - 1) ||
	       region_hit(label, cells.x1 - 1, cells.y1 - 1);
}

static bool are_mixed_up(const struct review *m, const struct hint *a,
			 const struct hint *b)
{
	struct region at_a = cells_of(m, a->region);
	struct region at_b = cells_of(m, b->region);
	struct region of_a = label_of(m, at_a), of_b = label_of(m, at_b);

	return !region_empty(region_intersect(of_a, of_b)) ||
	       corner_hits(at_a, of_b) || corner_hits(at_b, of_a);
}

/* What was found as a box first, then the larger. */
static int by_likelihood(const void *left, const void *right)
{
	const struct hint *a = left, *b = right;
	long long one = region_area(a->region), two = region_area(b->region);

	if ((a->box < 0) != (b->box < 0))
		return a->box < 0 ? 1 : -1;
	return one != two ? (two > one) - (two < one) : by_place(left, right);
}

static int by_set(const void *left, const void *right)
{
	const struct hint *a = left, *b = right;

	return a->set != b->set ? (a->set > b->set) - (a->set < b->set) :
				  by_place(left, right);
}

/* The first set in which this one can be told from those before it. */
static int free_set(const struct review *m, size_t index)
{
	int set = 0;

	for (size_t i = 0; i < index; i++)
		if (m->hint[i].set == set &&
		    are_mixed_up(m, &m->hint[i], &m->hint[index])) {
			set++;
			i = SIZE_MAX;           /* from the first again */
		}
	return set;
}

static void say_sets(struct review *m)
{
	size_t first;

	if (m->hint_sets > 1)
		model_say(m, _("lines with a letter: %zu of %zu; Tab: the "
			       "others"), hints_now(m, &first),
			  m->hint_count);
}

static void make_sets(struct review *m)
{
	qsort(m->hint, m->hint_count, sizeof(*m->hint), by_likelihood);
	m->hint_sets = 0;
	for (size_t i = 0; i < m->hint_count; i++) {
		m->hint[i].set = free_set(m, i);
		if (m->hint[i].set >= m->hint_sets)
			m->hint_sets = m->hint[i].set + 1;
	}
	qsort(m->hint, m->hint_count, sizeof(*m->hint), by_set);
	say_sets(m);
}

/* False: there is none, or no memory. */
static bool find_hints(struct review *m, struct region shown)
{
	model_hints_start(m);
	if (!hint_boxes(m, shown) || !hint_whole(m, shown) ||
	    (m->have_frame && !hint_loose(m, shown)) ||
	    (m->have_frame && m->picture_frame >= 0 && !hint_ink(m, shown))) {
		model_bell(m, _("no memory: nothing was changed"));
		return false;
	}
	model_hints_from_above(m);
	if (!m->hint_count)
		model_bell(m, _("no line without a mask here: {add} adds one"));
	return m->hint_count > 0;
}

/* ---- keys ---- */

void command_hint(struct review *m, const struct event *e)
{
	struct region shown = model_shown_part(m);
	int frame;

	(void)e;
	if (!model_editable(m))
		return;
	if (plane_of_frame(m->view.frame_index, &frame) != PLANE_PICTURE)
		model_go_frame(m, 0);
	if (!find_hints(m, shown))
		return;
	m->mode = MODE_HINT;
	model_zoom_to(m, shown);
	make_sets(m);
}

void model_hints_again(struct review *m)
{
	if (m->mode != MODE_HINT)
		return;
	if (find_hints(m, m->view.shown))
		make_sets(m);
	else
		m->mode = model_base(m);
}

void command_more_hints(struct review *m, const struct event *e)
{
	(void)e;
	if (m->hint_sets < 2) {
		model_bell(m, _("all lines here have a letter"));
		return;
	}
	m->hint_typed = 0;
	m->hint_set = (m->hint_set + 1) % m->hint_sets;
	say_sets(m);
	model_touch(m);
}

int review_hint_sets(const struct review *m)
{
	return m->hint_sets;
}

static void mask_hint(struct review *m, const struct hint *h)
{
	struct decided_list before;
	int box = h->box < 0 ? (int)m->boxes.count : h->box;
	bool ok = true;

	model_show_page(m, *model_current_page(m));
	if (!model_begin_change(m, &before))
		return;
	if (h->box < 0)
		ok = model_add_box(m, h->region);
	else
		model_mask_box(m, h->box);
	m->selected = box;
	model_end_masking(m, &before, ok, box);
}

int model_hint_typed(struct review *m, int letter)
{
	char typed[3] = { (char)(m->hint_typed ? m->hint_typed : letter),
			  (char)(m->hint_typed ? letter : '\0'), '\0' };
	size_t first, count = hints_now(m, &first);
	bool begun = false;

	for (size_t i = 0; i < count; i++) {
		char label[3];

		review_hint_label(m, i, label);
		if (strcmp(label, typed) == 0) {
			m->hint_typed = 0;
			return (int)(first + i);
		}
		begun = begun || (!typed[1] && label[0] == typed[0]);
	}
	m->hint_typed = begun ? letter : 0;
	if (begun)
		model_touch(m);
	else
		model_bell(m, m->mode == MODE_UNMASK ?
			   _("no mask has this letter; Esc leaves") :
			   _("no line has this letter; Esc leaves"));
	return -1;
}

void model_hint_given(struct review *m, int letter)
{
	int picked = model_hint_typed(m, letter);
	struct hint h;

	if (picked < 0)
		return;
	h = m->hint[picked];
	m->mode = model_base(m);
	model_touch(m);
	mask_hint(m, &h);
}

const struct hint *review_hints(const struct review *m, size_t *count)
{
	size_t first, now = hints_now(m, &first);

	*count = m->mode == MODE_HINT || review_unmasking(m) ? now : 0;
	return m->hint ? m->hint + first : NULL;
}

void review_hint_label(const struct review *m, size_t index, char label[3])
{
	size_t first;
	bool two = hints_now(m, &first) > LETTERS;

	label[0] = letters[two ? index / LETTERS : index];
	label[1] = two ? letters[index % LETTERS] : '\0';
	label[2] = '\0';
}

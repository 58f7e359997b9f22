/* tour.c - the evidence of the tour: every part with ink, then the borders. */
#include "config.h"

#include "review/evidence.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/mem.h"
#include "review/pack.h"
#include "review/review.h"

enum {
	LETTER = 12,            /* pixels (DESIGN 8.5) */
	MARGIN = LETTER / 2,    /* a letter on a seam is whole in one tile */
	GAP_CELLS = 3,          /* so many empty ink cells end a tile */
	BORDER = 16,            /* pixels deep */
	CHUNK = 64,             /* pixels of a border taken at a time */
};

struct tour {
	struct evidence_plan *plan;
	const struct evidence_input *in;
	int columns, rows;              /* of the picture */
	int across, down;               /* of a tile without its margins */
	int frame;
	uint8_t *masked;                /* [rows][columns] in cells: no part of
					   it can leave; owned */
};

static int min(int a, int b)
{
	return a < b ? a : b;
}

static int max(int a, int b)
{
	return a > b ? a : b;
}

static int cells(int pixels)
{
	return (pixels + INK_CELL - 1) / INK_CELL;
}

/* The cells that a mask covers whole, on all frames. */
static bool note_masked(struct tour *t)
{
	size_t across = (size_t)cells(t->columns);

	t->masked = mem_array3(across, (size_t)cells(t->rows), 1, 1);
	if (!t->masked)
		return false;
	for (size_t i = 0; i < t->in->box_count; i++) {
		const struct decided_box *b = &t->in->box[i];
		struct region r = region_clip(b->box.region, t->columns,
					      t->rows);

		if (!review_masked(b) || b->box.plane != PLANE_PICTURE ||
		    b->box.frame0 > 0 ||
		    b->box.frame1 < t->in->info->frames - 1)
			continue;
		/* the last cells of a picture may be smaller */
		int right = r.x1 == t->columns ? cells(r.x1) :
						 r.x1 / INK_CELL;
		int bottom = r.y1 == t->rows ? cells(r.y1) : r.y1 / INK_CELL;

		for (int row = cells(r.y0); row < bottom; row++)
			for (int x = cells(r.x0); x < right; x++)
				t->masked[(size_t)row * across +
					  (size_t)x] = 1;
	}
	return true;
}

/* Is there ink in a cell that may leave?  Without a map (detection failed):
 * everywhere, also under masks. */
static bool has_ink(const struct tour *t, int column, int row)
{
	const struct proposals *p = t->in->proposals;

	if (!p || !p->ink)
		return true;
	if (t->masked[(size_t)row * (size_t)cells(t->columns) +
		      (size_t)column])
		return false;
	/* what the map does not cover is not known to be empty */
	if (column >= p->ink_columns || row >= p->ink_rows)
		return true;
	return p->ink[(size_t)row * (size_t)p->ink_columns + (size_t)column]
		!= 0;
}

/* Is there ink in a column of cells between the pixel rows y0 and y1? */
static bool column_has_ink(const struct tour *t, int column, int y0, int y1)
{
	for (int row = y0 / INK_CELL; row < cells(y1); row++)
		if (has_ink(t, column, row))
			return true;
	return false;
}

static bool row_has_ink(const struct tour *t, int row, int x0, int x1)
{
	for (int column = x0 / INK_CELL; column < cells(x1); column++)
		if (has_ink(t, column, row))
			return true;
	return false;
}

static bool add(struct tour *t, enum evidence_kind kind, struct region r)
{
	struct evidence_plan *plan = t->plan;

	if (!mem_grow(&plan->evidence, &plan->evidence_capacity,
		      plan->evidence_count, sizeof(*plan->evidence)))
		return false;
	plan->evidence[plan->evidence_count] = (struct evidence){
		.id = TOUR_FIRST_ID + (int)plan->evidence_count, .kind = kind,
		.box = -1, .region = r, .frame = t->frame,
		.first_frame = t->frame, .last_frame = t->frame,
		.letter_height = LETTER,
	};
	plan->evidence_count++;
	return true;
}

/* Tighten a tile to the rows of cells that have ink, add the margins. */
static bool add_tile(struct tour *t, struct region r)
{
	int first = r.y0 / INK_CELL, last = cells(r.y1) - 1;

	while (first < last && !row_has_ink(t, first, r.x0, r.x1))
		first++;
	while (last > first && !row_has_ink(t, last, r.x0, r.x1))
		last--;
	r.y0 = max(r.y0, first * INK_CELL);
	r.y1 = min(r.y1, (last + 1) * INK_CELL);
	return add(t, EVIDENCE_TILE, region_clip(region_grow(r, MARGIN),
						 t->columns, t->rows));
}

/* The end of the ink that starts at x: a wide gap or the width of a tile. */
static int end_of_ink(const struct tour *t, int x, int y0, int y1)
{
	int limit = min(x + t->across, t->columns), end = x;

	for (int column = x / INK_CELL; column < cells(limit); column++)
		if (column_has_ink(t, column, y0, y1))
			end = (column + 1) * INK_CELL;
		else if (column * INK_CELL - end >= GAP_CELLS * INK_CELL)
			break;
	return min(end, limit);
}

static bool add_band(struct tour *t, int y0, int y1)
{
	int x = 0;

	while (x < t->columns) {
		int end;

		if (!column_has_ink(t, x / INK_CELL, y0, y1)) {
			x = (x / INK_CELL + 1) * INK_CELL;
			continue;
		}
		end = end_of_ink(t, x, y0, y1);
		if (!add_tile(t, (struct region){ x, y0, end, y1 }))
			return false;
		x = end;
	}
	return true;
}

/* Is a line whole neither above nor below a seam? */
static bool is_cut(struct region line, int seam)
{
	return line.y0 < seam - MARGIN && line.y1 > seam + MARGIN;
}

/* The end of a band: where it would cut a line that was found and may leave,
 * before that, where half of the band is left. */
static int end_of_band(const struct tour *t, int y, int end)
{
	const int least = y + t->down / 2;
	size_t count = end < t->rows ? t->in->box_count : 0;

	for (size_t i = 0; i < count; i++) {
		const struct decided_box *b = &t->in->box[i];
		struct region r = b->box.region;

		if (b->box.plane != PLANE_PICTURE || review_masked(b) ||
		    !is_cut(r, end) || r.y0 < least)
			continue;
		end = r.y0;
		i = (size_t)-1;         /* another one may be cut now */
	}
	return end;
}

static bool add_tiles(struct tour *t)
{
	int y = 0;

	while (y < t->rows) {
		int end;

		if (!row_has_ink(t, y / INK_CELL, 0, t->columns)) {
			y = (y / INK_CELL + 1) * INK_CELL;
			continue;
		}
		end = end_of_band(t, y, min(y + t->down, t->rows));
		if (!add_band(t, y, end))
			return false;
		y = end;
	}
	return true;
}

static bool in_a_tile(const struct tour *t, struct region r)
{
	for (size_t i = 0; i < t->plan->evidence_count; i++) {
		const struct evidence *e = &t->plan->evidence[i];

		if (e->kind == EVIDENCE_TILE && e->frame == t->frame &&
		    region_contains(e->region, r))
			return true;
	}
	return false;
}

static struct region chunk_of(const struct tour *t, int side, int from, int to)
{
	struct region of_side[] = {
		{ from, 0, to, BORDER },
		{ from, t->rows - BORDER, to, t->rows },
		{ 0, from, BORDER, to },
		{ t->columns - BORDER, from, t->columns, to },
	};

	return region_clip(of_side[side], t->columns, t->rows);
}

/* One side, without the parts that a tile shows already. */
static bool add_border(struct tour *t, int side)
{
	int length = side < 2 ? t->columns : t->rows, start = 0;

	for (int from = 0; from < length; from += CHUNK) {
		int to = min(from + CHUNK, length);
		bool known = in_a_tile(t, chunk_of(t, side, from, to));
		int end = known ? from : to;

		if (!known && to < length)
			continue;
		if (end > start && !add(t, EVIDENCE_BORDER,
					chunk_of(t, side, max(0, start -
							      LETTER), end)))
			return false;
		start = to;
	}
	return true;
}

static bool list_all(struct tour *t)
{
	int first = t->in->info->frames > 1 ? -2 : 0;
	int last = t->in->info->frames > 1 ? -1 : 0;

	for (t->frame = last; t->frame >= first; t->frame--) {
		if (!add_tiles(t))
			return false;
		for (int side = 0; side < 4; side++)
			if (!add_border(t, side))
				return false;
	}
	return true;
}

/* ---- what was seen before, also in other tiles ---- */

/* Where the middle of a letter may lie that is whole in the region. */
static struct region middles(const struct tour *t, struct region r)
{
	return (struct region){
		r.x0 > 0 ? r.x0 + MARGIN : 0, r.y0 > 0 ? r.y0 + MARGIN : 0,
		r.x1 < t->columns ? r.x1 - MARGIN : t->columns,
		r.y1 < t->rows ? r.y1 - MARGIN : t->rows };
}

static bool any_ink(const struct tour *t, struct region r)
{
	for (int row = r.y0 / INK_CELL; row < cells(r.y1); row++)
		if (row_has_ink(t, row, r.x0, r.x1))
			return true;
	return false;
}

/* Of the tiles of the old plan, then of those known: the next from *at on that
 * was shown on this frame and shows middles within r; NULL. */
static const struct evidence *next_shown(const struct tour *t, int frame,
					 struct region r, size_t *at)
{
	const struct evidence_plan *old = t->in->old;
	size_t olds = old ? old->evidence_count : 0;

	while (*at < olds + t->in->known_count) {
		const struct evidence *e = *at < olds ?
			&old->evidence[*at] : &t->in->known[*at - olds];

		++*at;
		if (e->shown && e->frame == frame && !region_empty(
				region_intersect(middles(t, e->region), r)))
			return e;
	}
	return NULL;
}

/*
 * Was every letter whose middle lies in r seen whole, in one tile or another
 * from `at` on?  Where there is no ink there is none; a border is looked at in
 * any case.  Goes no deeper than there are tiles.
 */
static bool was_seen(const struct tour *t, const struct evidence *e,
		     struct region r, size_t at)
{
	const struct evidence *by;
	struct region hit;

	if (region_empty(r))
		return true;
	by = next_shown(t, e->frame, r, &at);
	if (!by)
		return e->kind == EVIDENCE_TILE && !any_ink(t, r);
	hit = region_intersect(middles(t, by->region), r);
	return was_seen(t, e, (struct region){ r.x0, r.y0, r.x1, hit.y0 },
			at) &&
	       was_seen(t, e, (struct region){ r.x0, hit.y1, r.x1, r.y1 },
			at) &&
	       was_seen(t, e, (struct region){ r.x0, hit.y0, hit.x0, hit.y1 },
			at) &&
	       was_seen(t, e, (struct region){ hit.x1, hit.y0, r.x1, hit.y1 },
			at);
}

/* What was seen on another screen stays seen: it was as legible there. */
static void take_over(const struct tour *t)
{
	for (size_t i = 0; i < t->plan->evidence_count; i++) {
		struct evidence *e = &t->plan->evidence[i];
		struct region r = middles(t, e->region);

		e->shown = !region_empty(r) && was_seen(t, e, r, 0);
	}
}

static bool place_tour(struct evidence_plan *plan, struct packer *hole)
{
	for (size_t i = 0; i < plan->evidence_count; i++)
		if (!pack_place(hole, (int)i, SIZE_MAX, NULL))
			return false;
	pack_finish(plan);
	evidence_mark_known(plan, NULL);
	return true;
}

bool evidence_tour(struct evidence_plan *plan,
		   const struct evidence_input *input, struct error *err)
{
	struct tour t = {
		.plan = plan, .in = input, .columns = input->info->columns,
		.rows = input->info->rows,
	};
	struct evidence letter = { .letter_height = LETTER };
	struct screen screen = *input->screen;
	struct packer hole;

	if (screen.tour_columns > 0 && screen.tour_rows > 0) {
		screen.hole_columns = screen.tour_columns;
		screen.hole_rows = screen.tour_rows;
	}
	*plan = (struct evidence_plan){ 0 };
	pack_start(&hole, plan, &screen,
		   (struct region){ 0, 0, t.columns, t.rows }, true);
	plan->legible = pack_legible(&hole, &letter);
	if (!plan->legible)
		return true;
	/* pack_legible() leaves more than the margins */
	pack_limits(&hole, &letter, &t.across, &t.down);
	t.across -= 2 * MARGIN;
	t.down -= 2 * MARGIN;
	if (!note_masked(&t) || !list_all(&t))
		goto fail;
	take_over(&t);
	if (!place_tour(plan, &hole))
		goto fail;
	free(t.masked);
	return true;
fail:
	free(t.masked);
	evidence_plan_done(plan);
	return error_set(err, ERR_MEMORY, "no memory for the tour");
}

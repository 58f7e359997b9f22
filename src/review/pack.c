/* pack.c - puts pieces of the picture on pages of cells. */
#include "config.h"

#include "review/pack.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum {
	LABEL_COLUMNS = 14,     /* cells a label gets at least ... */
	LABEL_FAINT = 10,       /* ... when it has a name, and when not */
	COLUMN_LABEL = 4,       /* ... and where it goes on in a column */
	GAP = 1,                /* cells between neighbours */
	ROOM_COLUMNS = 4, ROOM_ROWS = 2,        /* no crop is smaller */
	SCALE_ONE = 1000,
	LETTER_MOST = 40,       /* pixels: DESIGN 7; what is higher is a face */
};

static int min(int a, int b)
{
	return a < b ? a : b;
}

static int max(int a, int b)
{
	return a > b ? a : b;
}

void pack_start(struct packer *p, struct evidence_plan *plan,
		const struct screen *screen, struct region within,
		bool in_hole)
{
	*p = (struct packer){
		.plan = plan, .within = within, .mode = screen->mode, .in_hole = in_hole,
		.across = screen_across(screen), .down = screen_down(screen),
		.labels = !in_hole, .frames = 1,
		.columns = in_hole ? screen->hole_columns :
			screen->strip_columns,
		.rows = in_hole ? screen->hole_rows : screen->strip_rows,
	};
}

/*
 * Sub-pixels a pixel, x SCALE_ONE, that make the letters legible.  A letter
 * may be smaller than its box seemed; where pixels are sent they cost little,
 * so what may be letters is never shrunk.
 */
static int scale_of(const struct packer *p, const struct evidence *e)
{
	int needed = evidence_sub_pixels_x10(p->mode, e->latin);
	int scale = (needed * (SCALE_ONE / 10) + e->letter_height - 1) /
		    e->letter_height;

	if (picture_has_pixels(p->mode) && e->letter_height <= LETTER_MOST)
		return max(scale, SCALE_ONE);
	return scale;
}

/* Pixels that `cells` cells of `sub` sub-pixels hold. */
static int pixels_in(int cells, int sub, int scale)
{
	return (int)((long long)cells * sub * SCALE_ONE / scale);
}

/* Cells that `pixels` pixels need: never smaller than legible. */
static int cells_for(int pixels, int sub, int scale)
{
	long long sub_pixels = (long long)pixels * scale;
	long long cell = (long long)sub * SCALE_ONE;

	return (int)((sub_pixels + cell - 1) / cell);
}

void pack_limits(const struct packer *p, const struct evidence *e,
		 int *columns, int *rows)
{
	int scale = scale_of(p, e);

	*columns = pixels_in(p->columns, p->across, scale);
	*rows = pixels_in(p->rows - (p->labels ? 1 : 0), p->down, scale);
}

bool pack_legible(const struct packer *p, const struct evidence *e)
{
	int columns, rows;

	if (p->columns < LABEL_COLUMNS || p->rows < 2 ||
	    !picture_mode_info[p->mode].factor_x10)
		return false;
	pack_limits(p, e, &columns, &rows);
	/* a whole letter and something new in each piece */
	return rows >= e->letter_height + 2 && columns >= 3 * e->letter_height;
}

/* ---- rooms ---- */

static bool within(const struct room *in, const struct room *r)
{
	return in->page == r->page && in->column <= r->column &&
		in->row <= r->row &&
		in->column + in->columns >= r->column + r->columns &&
		in->row + in->rows >= r->row + r->rows;
}

static bool apart(const struct room *a, const struct room *b)
{
	return a->page != b->page || a->column >= b->column + b->columns ||
		b->column >= a->column + a->columns ||
		a->row >= b->row + b->rows || b->row >= a->row + a->rows;
}

static void drop_room(struct packer *p, int i)
{
	p->room[i] = p->room[--p->rooms];
}

static void drop_smallest(struct packer *p)
{
	int least = 0;

	for (int i = 1; i < p->rooms; i++)
		if (p->room[i].columns * p->room[i].rows <
		    p->room[least].columns * p->room[least].rows)
			least = i;
	drop_room(p, least);
}

static void add_room(struct packer *p, struct room r)
{
	if (r.columns < ROOM_COLUMNS || r.rows < ROOM_ROWS)
		return;
	for (int i = 0; i < p->rooms; i++) {
		if (within(&p->room[i], &r))
			return;
		if (within(&r, &p->room[i]))
			drop_room(p, i--);
	}
	if (p->rooms == PACK_ROOMS)
		drop_smallest(p);
	p->room[p->rooms++] = r;
}

/* What is left of a room on the four sides of what was taken. */
static void cut_room(struct packer *p, const struct room *r,
		     const struct room *taken)
{
	int right = r->column + r->columns, bottom = r->row + r->rows;
	int x0 = taken->column, x1 = x0 + taken->columns;
	int y0 = taken->row, y1 = y0 + taken->rows;

	add_room(p, (struct room){ r->page, r->column, r->row,
				   x0 - r->column, r->rows });
	add_room(p, (struct room){ r->page, x1, r->row, right - x1,
				   r->rows });
	add_room(p, (struct room){ r->page, r->column, r->row, r->columns,
				   y0 - r->row });
	add_room(p, (struct room){ r->page, r->column, y1, r->columns,
				   bottom - y1 });
}

static void take_room(struct packer *p, const struct room *taken)
{
	struct room cut[PACK_ROOMS];
	int cuts = 0;

	for (int i = 0; i < p->rooms; i++)
		if (!apart(&p->room[i], taken)) {
			cut[cuts++] = p->room[i];
			drop_room(p, i--);
		}
	for (int i = 0; i < cuts; i++)
		cut_room(p, &cut[i], taken);
}

static bool new_page(struct packer *p, int frame)
{
	struct evidence_plan *plan = p->plan;

	if (!mem_grow(&plan->page, &plan->page_capacity, plan->page_count,
		      sizeof(*plan->page)))
		return false;
	plan->page[plan->page_count++] = (struct evidence_page){
		.frame = frame, .in_hole = p->in_hole,
	};
	/* at the edge nobody needs the gap to a neighbour */
	add_room(p, (struct room){ plan->page_count - 1, 0, 0,
				   p->columns + GAP, p->rows });
	return true;
}

static bool is_projection(int frame)
{
	return frame == -1 || frame == -2;
}

/* May this page show that frame?  Projections, whose loose ink is looked for
 * whenever they come, stand alone. */
static bool takes_frame(const struct packer *p,
			const struct evidence_page *page, int frame)
{
	return evidence_page_has(page, frame) ||
		(!is_projection(frame) && !is_projection(page->frame) &&
		 page->also_count + 1 < p->frames);
}

static void note_frame(struct evidence_page *page, int frame)
{
	if (!evidence_page_has(page, frame))
		page->also[page->also_count++] = frame;
}

/* What is left beside or below a crop in the room, whichever is less. */
static int short_side(const struct room *r, int columns, int rows)
{
	int x = r->columns - columns, y = 2 * (r->rows - rows);

	return x < y ? x : y;
}

/* The first page; there from above, so that room is left for more below, or
 * where it fits best. */
static bool is_better(const struct packer *p, const struct room *a,
		      const struct room *b, int columns, int rows)
{
	int left = short_side(a, columns, rows);
	int right = short_side(b, columns, rows);

	if (a->page != b->page)
		return a->page < b->page;
	if (p->fit == FIT_SIDE && left != right)
		return left < right;
	if (p->fit == FIT_AREA && a->columns * a->rows != b->columns * b->rows)
		return a->columns * a->rows < b->columns * b->rows;
	if (p->fit == FIT_LEFT && a->column != b->column)
		return a->column < b->column;
	if (a->row != b->row)
		return a->row < b->row;
	return a->column < b->column;
}

static const struct room *best_room(const struct packer *p, int frame,
				    size_t from, int columns, int rows)
{
	const struct evidence_page *page = p->plan->page;
	const struct room *best = NULL;

	for (int i = 0; i < p->rooms; i++) {
		const struct room *r = &p->room[i];

		if (r->page < from || r->columns < columns ||
		    r->rows < rows || !takes_frame(p, &page[r->page], frame))
			continue;
		if (!best || is_better(p, r, best, columns, rows))
			best = r;
	}
	return best;
}

/* Take columns x rows cells of a page of this frame, `from` or later; *taken
 * tells where.  False when there is no memory. */
static bool find_room(struct packer *p, int frame, size_t from, int columns,
		      int rows, struct room *taken)
{
	const struct room *r = best_room(p, frame, from, columns + GAP, rows);

	if (!r) {
		if (!new_page(p, frame))
			return false;
		r = best_room(p, frame, p->plan->page_count - 1,
			      columns + GAP, rows);
	}
	*taken = (struct room){ r->page, r->column, r->row, columns + GAP,
				rows };
	note_frame(&p->plan->page[r->page], frame);
	take_room(p, taken);
	return true;
}

/* ---- crops ---- */

static bool add_placement(struct packer *p, const struct placement *placement)
{
	struct evidence_plan *plan = p->plan;

	if (!mem_grow(&plan->placement, &plan->placement_capacity,
		      plan->placement_count, sizeof(*plan->placement)))
		return false;
	plan->placement[plan->placement_count++] = *placement;
	return true;
}

/* Make [*from, *to) `size` long around its middle, but not beyond [low, high).
 */
static void lengthen(int *from, int *to, int size, int low, int high)
{
	size = min(size, high - low);
	if (*to - *from >= size || *from < low || *to > high)
		return;
	*from = max(low, *from - (size - (*to - *from)) / 2);
	*from = min(*from, high - size);
	*to = *from + size;
}

/* As much of the picture as fills the cells: nothing is stretched. */
static struct region fill_cells(const struct packer *p, struct region r,
				int columns, int rows, int scale)
{
	const struct region *w = &p->within;

	lengthen(&r.x0, &r.x1, pixels_in(columns, p->across, scale), w->x0,
		 w->x1);
	lengthen(&r.y0, &r.y1, pixels_in(rows, p->down, scale), w->y0, w->y1);
	return r;
}

/* At least so many, or the columns of the crop. */
static int label_columns(const struct packer *p, const struct evidence *e,
			 int columns)
{
	int least = e->kind == EVIDENCE_FAINT ? LABEL_FAINT : LABEL_COLUMNS;

	return min(p->columns, max(least, columns));
}

/* Will this piece be on another page than the one before?  Then it says so. */
static bool goes_on(const struct packer *p, int frame, size_t page,
		    int columns, int rows)
{
	const struct room *r = best_room(p, frame, page, columns + GAP, rows);

	return !r || r->page != page;
}

/* Is there a row above for a label, on the page where the piece goes anyway? */
static bool has_label_room(const struct packer *p, int frame, size_t page,
			   int columns, int rows)
{
	const struct room *r = best_room(p, frame, page, columns + GAP, rows);
	const struct room *more = best_room(p, frame, page, columns + GAP,
					    rows + 1);

	return r && more && r->page == more->page;
}

/* Is it a later piece, of a tall crop that goes on beside or of a line that
 * goes on below, wherever there is room?  *wide: made so that "..3+" fits. */
static bool goes_beside(const struct packer *p, const struct evidence *e,
			struct region source, int *wide)
{
	if (source.x0 > e->region.x0)
		*wide = min(p->columns, max(COLUMN_LABEL, *wide));
	else if (source.y0 <= e->region.y0)
		return false;
	return *wide >= COLUMN_LABEL;
}

/* *page: the piece before is there; this one comes no earlier. */
static bool place_piece(struct packer *p, int index, struct region source,
			bool first, size_t *page)
{
	const struct evidence *e = &p->plan->evidence[index];
	int scale = scale_of(p, e), label = first && p->labels ? 1 : 0;
	struct placement placement = {
		.evidence = index, .source = source, .first = first,
		.columns = cells_for(region_width(source), p->across,
				     scale),
		.rows = cells_for(region_height(source), p->down, scale),
	};
	int wide = placement.columns;
	struct room room;

	placement.source = fill_cells(p, source, placement.columns,
				      placement.rows, scale);
	if (!first && p->labels &&
	    goes_on(p, e->frame, *page, wide, placement.rows))
		label = 1;
	else if (label)
		wide = label_columns(p, e, wide);
	else if (p->labels && goes_beside(p, e, source, &wide))
		/* that it goes on is said where there is a row for that */
		label = has_label_room(p, e->frame, *page, wide,
				       placement.rows);
	wide = label ? wide : placement.columns;
	if (!find_room(p, e->frame, *page, wide, placement.rows + label,
		       &room))
		return false;
	*page = placement.page = room.page;
	placement.column = room.column;
	placement.row = room.row + label;
	placement.label_columns = label ? wide : 0;
	return add_placement(p, &placement);
}

/* *page: of the first piece at least, then of the last.  *scattered: they lie on
 * pages that do not follow one another. */
static bool place_pieces(struct packer *p, int index, size_t *page,
			 bool *scattered)
{
	struct region r = p->plan->evidence[index].region, piece;
	int columns, rows, overlap = p->plan->evidence[index].letter_height;
	size_t before;
	bool first = true;

	*scattered = false;
	pack_limits(p, &p->plan->evidence[index], &columns, &rows);
	for (piece.y0 = r.y0; ; piece.y0 = piece.y1 - overlap) {
		piece.y1 = min(r.y1, piece.y0 + rows);
		for (piece.x0 = r.x0; ; piece.x0 = piece.x1 - overlap) {
			piece.x1 = min(r.x1, piece.x0 + columns);
			before = *page;
			if (!place_piece(p, index, piece, first, page))
				return false;
			*scattered = *scattered || (!first && *page > before + 1);
			first = false;
			if (piece.x1 == r.x1)
				break;
		}
		if (piece.y1 == r.y1)
			return true;
	}
}

/* Pages and placements so far, to be taken back. */
struct so_far { struct packer packer; size_t pages, placements; };

static struct so_far note_so_far(const struct packer *p)
{
	return (struct so_far){ *p, p->plan->page_count,
				p->plan->placement_count };
}

static void take_back(struct packer *p, const struct so_far *then)
{
	*p = then->packer;
	p->plan->page_count = then->pages;
	p->plan->placement_count = then->placements;
	for (size_t i = 0; i < then->pages; i++)
		p->plan->page[i].also_count = 0;
	for (size_t i = 0; i < then->placements; i++) {
		const struct placement *q = &p->plan->placement[i];

		note_frame(&p->plan->page[q->page],
			   p->plan->evidence[q->evidence].frame);
	}
}

/* The first page that an evidence may be on. */
static size_t first_page(const struct packer *p, const struct evidence *e)
{
	const struct evidence_plan *plan = p->plan;

	for (size_t i = 0; i < plan->page_count; i++)
		if (evidence_page_has(&plan->page[i], e->frame))
			return i;
	return plan->page_count && e->kind != EVIDENCE_FAINT ?
		plan->page_count - 1 : 0;
}

bool pack_place(struct packer *p, int index, size_t pages, bool *placed)
{
	struct so_far then = note_so_far(p);
	size_t page = first_page(p, &p->plan->evidence[index]);
	bool scattered, fits;

	if (!place_pieces(p, index, &page, &scattered))
		return false;
	if (scattered) {
		/* another frame may lie between: all on new pages */
		take_back(p, &then);
		page = then.pages;
		if (!place_pieces(p, index, &page, &scattered))
			return false;
	}
	fits = p->plan->page_count - then.pages <= pages;
	if (!fits)
		take_back(p, &then);
	if (placed)
		*placed = fits;
	return true;
}

bool pack_whole(struct packer *p, int index)
{
	const struct evidence *e = &p->plan->evidence[index];
	int width = region_width(e->region), height = region_height(e->region);
	struct placement placement = { .evidence = index, .first = true,
				       .source = e->region };
	int scale = (int)((long long)p->columns * p->across * SCALE_ONE /
			  width);

	scale = max(1, min(scale, (int)((long long)p->rows * p->down *
					SCALE_ONE / height)));
	placement.columns = max(1, min(p->columns, cells_for(width,
						p->across, scale)));
	placement.rows = max(1, min(p->rows, cells_for(height, p->down,
						       scale)));
	placement.page = p->plan->page_count;
	return new_page(p, e->frame) && add_placement(p, &placement);
}

static int by_page_place(const void *left, const void *right)
{
	const struct placement *a = left, *b = right;

	if (a->page != b->page)
		return a->page < b->page ? -1 : 1;
	if (a->row != b->row)
		return a->row < b->row ? -1 : 1;
	return (a->column > b->column) - (a->column < b->column);
}

void pack_finish(struct evidence_plan *plan)
{
	struct placement *p = plan->placement;

	if (plan->placement_count > 0)
		qsort(p, plan->placement_count, sizeof(*p), by_page_place);
	for (size_t i = 0; i < plan->page_count; i++)
		plan->page[i].first = plan->page[i].count = 0;
	for (size_t i = plan->placement_count; i > 0; i--) {
		struct evidence_page *page = &plan->page[p[i - 1].page];

		page->first = i - 1;
		page->count++;
	}
}

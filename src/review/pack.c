/* pack.c - puts pieces of the picture on pages of cells. */
#include "config.h"

#include "review/pack.h"

#include "base/mem.h"

enum {
	LABEL_COLUMNS = 14,     /* cells a label gets at least */
	GAP = 1,                /* cells between neighbours on a shelf */
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
		const struct screen *screen, bool in_hole)
{
	*p = (struct packer){
		.plan = plan, .mode = screen->mode, .in_hole = in_hole,
		.across = screen_across(screen), .down = screen_down(screen),
		.labels = !in_hole,
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

static struct evidence_page *last_page(const struct packer *p)
{
	return &p->plan->page[p->plan->page_count - 1];
}

static bool new_page(struct packer *p, int frame)
{
	struct evidence_plan *plan = p->plan;

	if (!mem_grow(&plan->page, &plan->page_capacity, plan->page_count,
		      sizeof(*plan->page)))
		return false;
	plan->page[plan->page_count++] = (struct evidence_page){
		.first = plan->placement_count, .frame = frame,
		.in_hole = p->in_hole,
	};
	p->column = 0;
	p->row = 0;
	p->height = 0;
	return true;
}

static bool page_fits(const struct packer *p, int frame)
{
	return p->plan->page_count > 0 && last_page(p)->frame == frame &&
		last_page(p)->in_hole == p->in_hole;
}

/* Find room of columns x rows cells on the shelf, the next one, or a page. */
static bool find_room(struct packer *p, int frame, int columns, int rows)
{
	if (page_fits(p, frame)) {
		if (p->column + columns <= p->columns &&
		    p->row + rows <= p->rows)
			return true;
		if (p->row + p->height + rows <= p->rows) {
			p->row += p->height;
			p->column = 0;
			p->height = 0;
			return true;
		}
	}
	return new_page(p, frame);
}

static bool add_placement(struct packer *p, const struct placement *placement)
{
	struct evidence_plan *plan = p->plan;

	if (!mem_grow(&plan->placement, &plan->placement_capacity,
		      plan->placement_count, sizeof(*plan->placement)))
		return false;
	plan->placement[plan->placement_count++] = *placement;
	last_page(p)->count++;
	return true;
}

static bool place_piece(struct packer *p, int index, struct region source,
			bool first)
{
	const struct evidence *e = &p->plan->evidence[index];
	int scale = scale_of(p, e), label = first && p->labels ? 1 : 0;
	struct placement placement = {
		.evidence = index, .source = source, .first = first,
		.columns = cells_for(region_width(source), p->across,
				     scale),
		.rows = cells_for(region_height(source), p->down, scale),
	};
	int wide = placement.columns, high = placement.rows + label;

	if (label)
		wide = min(max(wide, LABEL_COLUMNS), p->columns);
	if (!find_room(p, e->frame, wide, high))
		return false;
	placement.column = p->column;
	placement.row = p->row + label;
	placement.label_columns = label ? wide : 0;
	p->column += wide + GAP;
	p->height = max(p->height, high);
	return add_placement(p, &placement);
}

/* Undo what was placed since: *p and the counts of the plan as they were. */
static void take_back(struct packer *p, const struct packer *before,
		      size_t pages, size_t placements, size_t on_last)
{
	struct evidence_plan *plan = p->plan;

	plan->page_count = pages;
	plan->placement_count = placements;
	if (pages > 0)
		plan->page[pages - 1].count = on_last;
	*p = *before;
}

static bool place_pieces(struct packer *p, int index)
{
	struct region r = p->plan->evidence[index].region, piece;
	int columns, rows, overlap = p->plan->evidence[index].letter_height;
	bool first = true;

	pack_limits(p, &p->plan->evidence[index], &columns, &rows);
	for (piece.y0 = r.y0; ; piece.y0 = piece.y1 - overlap) {
		piece.y1 = min(r.y1, piece.y0 + rows);
		for (piece.x0 = r.x0; ; piece.x0 = piece.x1 - overlap) {
			piece.x1 = min(r.x1, piece.x0 + columns);
			if (!place_piece(p, index, piece, first))
				return false;
			first = false;
			if (piece.x1 == r.x1)
				break;
		}
		if (piece.y1 == r.y1)
			return true;
	}
}

bool pack_place(struct packer *p, int index, size_t pages, bool *placed)
{
	struct evidence_plan *plan = p->plan;
	struct packer before = *p;
	size_t page_count = plan->page_count;
	size_t placement_count = plan->placement_count;
	size_t on_last = page_count > 0 ? last_page(p)->count : 0;
	bool fits;

	if (!place_pieces(p, index))
		return false;
	fits = plan->page_count - page_count <= pages;
	if (!fits)
		take_back(p, &before, page_count, placement_count, on_last);
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
	return new_page(p, e->frame) && add_placement(p, &placement);
}

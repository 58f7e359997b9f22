/* picture.c - pictures as cells of text, and the bytes that draw them. */
#include "config.h"

#include "ui/picture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ui/raster.h"
#include "ui/scale.h"

const char *const colours_name[COLOURS_COUNT] = { "16m", "256", "16", "mono" };

enum { UPPER_HALF = 0x2580, RIGHT_HALF = 0x2590, SEXTANT_FIRST = 0x1fb00,
       BRAILLE_FIRST = 0x2800,
       MAX_SUB = 8,             /* sub-pixels of a cell */
};

/* Light to dark on black ground, one character a step. */
static const char ramp[] = " .:-=+*#%@";

/* ---- colours ---- */

/* The sixteen of xterm. */
static const struct rgb ansi[16] = {
	{ 0, 0, 0 }, { 205, 0, 0 }, { 0, 205, 0 }, { 205, 205, 0 },
	{ 0, 0, 238 }, { 205, 0, 205 }, { 0, 205, 205 }, { 229, 229, 229 },
	{ 127, 127, 127 }, { 255, 0, 0 }, { 0, 255, 0 }, { 255, 255, 0 },
	{ 92, 92, 255 }, { 255, 0, 255 }, { 0, 255, 255 }, { 255, 255, 255 },
};

static int luma(struct rgb c)
{
	return (c.r * 299 + c.g * 587 + c.b * 114) / 1000;      /* Rec. 601 */
}

static int distance(struct rgb a, struct rgb b)
{
	int r = a.r - b.r, g = a.g - b.g, blue = a.b - b.b;

	return r * r + g * g + blue * blue;
}

static int nearest_16(struct rgb c)
{
	int best = 0;

	for (int i = 1; i < 16; i++)
		if (distance(c, ansi[i]) < distance(c, ansi[best]))
			best = i;
	return best;
}

/* The cube 16..231 has the steps 0, 95, 135, ... 255; the greys 232..255 are
 * 8, 18, ... 238 (xterm's 256colres.h). */
static int cube_step(int value)
{
	return value < 48 ? 0 : value < 115 ? 1 : (value - 35) / 40;
}

static int cube_value(int step)
{
	return step ? 55 + 40 * step : 0;
}

static int nearest_256(struct rgb c)
{
	int r = cube_step(c.r), g = cube_step(c.g), b = cube_step(c.b);
	int mean = (c.r + c.g + c.b) / 3;
	int step = mean < 8 ? 0 : mean > 238 ? 23 : (mean - 3) / 10;
	struct rgb cube = { cube_value(r), cube_value(g), cube_value(b) };
	int value = 8 + 10 * step;
	struct rgb grey = { value, value, value };

	if (distance(c, grey) < distance(c, cube))
		return 232 + step;
	return 16 + 36 * r + 6 * g + b;
}

static int32_t colour(const struct look *look, struct rgb c)
{
	if (look->grey)
		c = (struct rgb){ luma(c), luma(c), luma(c) };
	switch (look->colours) {
	case COLOURS_16M:
		return c.r << 16 | c.g << 8 | c.b;
	case COLOURS_256:
		return nearest_256(c);
	case COLOURS_16:
		return nearest_16(c);
	default:
		return COLOUR_DEFAULT;
	}
}

/* ---- scaling ---- */

void picture_curve(const struct picture_part *part, uint8_t curve[256])
{
	int low = part->levels.high ? part->levels.low : 0;
	int high = part->levels.high ? part->levels.high : 255;

	for (int i = 0; i < 256; i++) {
		int share = high > low ? (i - low) * 255 / (high - low) : i;

		share = share < 0 ? 0 : share > 255 ? 255 : share;
		curve[i] = (uint8_t)(part->inverted ? 255 - share : share);
	}
}

static bool is_filled(const struct picture_part *part, int x, int y)
{
	for (size_t i = 0; i < part->fill_count; i++)
		if (region_hit(part->fill[i], x, y))
			return true;
	return false;
}

/* Does any fill touch the pixels of a sub-pixel? */
static bool near_fill(const struct picture_part *part,
		      const struct span *across, const struct span *down)
{
	struct region here = { across->first, down->first, across->last + 1,
			       down->last + 1 };

	for (size_t i = 0; i < part->fill_count; i++)
		if (!region_empty(region_intersect(here, part->fill[i])))
			return true;
	return false;
}

/*
 * The mean over the pixels of a sub-pixel; those outside the plane count as
 * black, as masked ones do.
 */
static struct rgb sub_pixel(const struct picture_part *part,
			    const uint8_t curve[256],
			    const struct span *across,
			    const struct span *down)
{
	const struct plane *p = part->plane;
	bool fill = part->fill_count && near_fill(part, across, down);
	int step = p->channels == 3;
	long long sum[3] = { 0, 0, 0 }, total = 0;

	for (int y = down->first; y <= down->last; y++) {
		long long wy = span_weight(down, y);

		for (int x = across->first; x <= across->last; x++) {
			long long w = wy * span_weight(across, x);

			total += w;
			if (x < 0 || y < 0 || x >= p->columns ||
			    y >= p->rows || (fill && is_filled(part, x, y)))
				continue;
			const uint8_t *pixel = p->pixel +
				((size_t)y * (size_t)p->columns + (size_t)x) *
				(size_t)p->channels;

			for (int k = 0; k < 3; k++)
				sum[k] += w * curve[pixel[k * step]];
		}
	}
	return (struct rgb){ (int)(sum[0] / total), (int)(sum[1] / total),
			     (int)(sum[2] / total) };
}

/* ---- cells ---- */

static struct rgb add(struct rgb a, struct rgb b)
{
	return (struct rgb){ a.r + b.r, a.g + b.g, a.b + b.b };
}

static struct rgb divide(struct rgb a, int n)
{
	return n ? (struct rgb){ a.r / n, a.g / n, a.b / n } : a;
}

/* The bits of the light sub-pixels; means of both groups. */
static unsigned split(const struct rgb *sub, int count, struct rgb *light,
		      struct rgb *dark)
{
	int low = 255, high = 0, lights = 0;
	unsigned bits = 0;

	for (int i = 0; i < count; i++) {
		int y = luma(sub[i]);

		low = y < low ? y : low;
		high = y > high ? y : high;
	}
	*light = *dark = (struct rgb){ 0, 0, 0 };
	for (int i = 0; i < count; i++) {
		if (high > low && 2 * luma(sub[i]) > low + high) {
			bits |= 1u << i;
			lights++;
			*light = add(*light, sub[i]);
		} else {
			*dark = add(*dark, sub[i]);
		}
	}
	*light = divide(*light, lights);
	*dark = divide(*dark, count - lights);
	return bits;
}

/* Bayer's 4 x 4 matrix, so that grey stays visible in black and white. */
static unsigned dither(const struct rgb *sub, int across, int down, int x0,
		       int y0)
{
	static const int matrix[4][4] = { { 0, 8, 2, 10 }, { 12, 4, 14, 6 },
					  { 3, 11, 1, 9 }, { 15, 7, 13, 5 } };
	unsigned bits = 0;

	for (int i = 0; i < across * down; i++) {
		int x = x0 + i % across, y = y0 + i / across;
		int level = 24 + matrix[y & 3][x & 3] * 13;     /* 24..219 */

		if (luma(sub[i]) > level)
			bits |= 1u << i;
	}
	return bits;
}

static void swap(struct cell *cell)
{
	int32_t fg = cell->fg;

	cell->fg = cell->bg;
	cell->bg = fg;
	if (cell->fg == COLOUR_DEFAULT)
		cell->attr ^= ATTR_REVERSE;
}

/* The character and whether its colours are swapped. */
struct glyph { uint32_t code; bool swapped; };

/* Left half, upper half and full block have twins with the colours swapped,
 * which are one cell wide where those are two (UAX 11). */
static struct glyph half_glyph(unsigned bits)
{
	static const struct glyph glyphs[4] = {
		{ ' ', false }, { UPPER_HALF, false }, { UPPER_HALF, true },
		{ ' ', true },
	};

	return glyphs[bits];
}

/* Bits from the top left: 1, 2, below them 4, 8 (Block Elements). */
static struct glyph quadrant_glyph(unsigned bits)
{
	static const struct glyph glyphs[16] = {
		{ ' ', false }, { 0x2598, false }, { 0x259d, false },
		{ UPPER_HALF, false }, { 0x2596, false },
		{ RIGHT_HALF, true }, { 0x259e, false }, { 0x259b, false },
		{ 0x2597, false }, { 0x259a, false }, { RIGHT_HALF, false },
		{ 0x259c, false }, { UPPER_HALF, true }, { 0x2599, false },
		{ 0x259f, false }, { ' ', true },
	};

	return glyphs[bits];
}

/* Unicode 13, Symbols for Legacy Computing: halves and full are elsewhere. */
static struct glyph sextant_glyph(unsigned bits)
{
	enum { LEFT_BITS = 21, RIGHT_BITS = 42, ALL = 63 };

	if (!bits || bits == ALL)
		return (struct glyph){ ' ', bits == ALL };
	if (bits == LEFT_BITS || bits == RIGHT_BITS)
		return (struct glyph){ RIGHT_HALF, bits == LEFT_BITS };
	return (struct glyph){ SEXTANT_FIRST + bits - 1 - (bits > LEFT_BITS) -
			       (bits > RIGHT_BITS), false };
}

/* Braille numbers its dots down the columns, the fourth row last. */
static struct glyph braille_glyph(unsigned bits)
{
	static const int dot[8] = { 0, 3, 1, 4, 2, 5, 6, 7 };
	uint32_t code = BRAILLE_FIRST;

	for (int i = 0; i < 8; i++)
		if (bits >> i & 1)
			code |= 1u << dot[i];
	return (struct glyph){ bits ? code : ' ', false };
}

static struct glyph space_glyph(unsigned bits)
{
	return (struct glyph){ ' ', bits };
}

static struct glyph (*const glyph_of[PICTURE_MODES])(unsigned bits) = {
	[PICTURE_SEXTANT] = sextant_glyph, [PICTURE_HALF] = half_glyph,
	[PICTURE_QUADRANT] = quadrant_glyph, [PICTURE_SPACE] = space_glyph,
	[PICTURE_BRAILLE] = braille_glyph,
};

/* The character for the bits of light sub-pixels, row by row from the top
 * left. */
static void set_glyph(struct cell *cell, enum picture_mode mode, unsigned bits)
{
	struct glyph glyph = glyph_of[mode](bits);

	cell->glyph[0] = glyph.code;
	if (glyph.swapped)
		swap(cell);
}

static struct cell ascii_cell(const struct look *look, struct rgb c)
{
	int step = luma(c) * (int)(sizeof(ramp) - 1) / 256;
	struct rgb white = { 255, 255, 255 }, black = { 0, 0, 0 };

	return (struct cell){ .glyph = { (uint32_t)ramp[step] },
			      .fg = colour(look, white),
			      .bg = colour(look, black),
			      .width = 1, .picture = true };
}

static struct cell make_cell(const struct look *look, const struct rgb *sub,
			     int x, int y)
{
	const struct picture_mode_info *m = &picture_mode_info[look->mode];
	struct cell cell = { .fg = COLOUR_DEFAULT, .bg = COLOUR_DEFAULT,
			     .width = 1, .picture = true };
	struct rgb light, dark;
	unsigned bits;

	if (look->mode == PICTURE_ASCII)
		return ascii_cell(look, sub[0]);
	if (look->colours == COLOURS_MONO || look->mode == PICTURE_BRAILLE) {
		bits = dither(sub, m->across, m->down, x * m->across,
			      y * m->down);
		cell.fg = colour(look, (struct rgb){ 255, 255, 255 });
		cell.bg = colour(look, (struct rgb){ 0, 0, 0 });
	} else {
		bits = split(sub, m->across * m->down, &light, &dark);
		cell.fg = colour(look, bits ? light : dark);
		cell.bg = colour(look, dark);
		if (cell.fg == cell.bg)
			bits = 0;
	}
	set_glyph(&cell, look->mode, bits);
	if (cell.glyph[0] == ' ')       /* the ink of a blank is not seen */
		cell.fg = cell.bg;
	return cell;
}

/* Sub-pixels of a row of cells, rows one below the other. */
struct strip {
	const struct picture_part *part;
	const struct picture_mode_info *mode;
	const struct span *across;
	struct scaler *scaler;          /* NULL: some are masked, one by one */
	uint8_t *pixel;                 /* [mode->down][width][channels] */
	uint8_t curve[256];
};

static void scale_strip(const struct strip *s, int y)
{
	size_t width = (size_t)(s->part->columns * s->mode->across) *
		       (size_t)s->part->plane->channels;

	for (int i = 0; s->scaler && i < s->mode->down; i++)
		scaler_row(s->scaler, y * s->mode->down + i,
			   s->pixel + (size_t)i * width);
}

static struct rgb strip_at(const struct strip *s, int x, int y, int i)
{
	const struct picture_part *part = s->part;
	int u = x * s->mode->across + i % s->mode->across;
	int v = i / s->mode->across, channels = part->plane->channels;

	if (!s->scaler) {
		struct span down = span_of(part->source.y0, part->source.y1,
					   y * s->mode->down + v,
					   part->rows * s->mode->down);

		return sub_pixel(part, s->curve, &s->across[u], &down);
	}
	const uint8_t *p = s->pixel + (v * part->columns * s->mode->across +
				       u) * channels;
	int step = channels == 3;

	return (struct rgb){ s->curve[p[0]], s->curve[p[step]],
			     s->curve[p[2 * step]] };
}

static void draw_row(const struct look *look, const struct strip *s, int y,
		     struct canvas *c)
{
	const struct picture_part *part = s->part;
	struct rgb sub[MAX_SUB];

	scale_strip(s, y);
	for (int x = 0; x < part->columns; x++) {
		struct cell *cell = canvas_at(c, part->column + x,
					      part->row + y);

		if (!cell)
			continue;
		for (int i = 0; i < s->mode->across * s->mode->down; i++)
			sub[i] = strip_at(s, x, y, i);
		canvas_put(c, part->column + x, part->row + y, ' ',
			   style_plain);         /* parts a wide one under it */
		*cell = make_cell(look, sub, x, y);
	}
}

/* ---- outlines ---- */

struct pen {
	uint32_t across, down, corner;
	bool corners_only;
	int step;                               /* draw every step-th cell */
};

enum { AROUND_STEP = 4,
       LABELS_MOST = 256 };             /* boxes that numbers tell apart */

static const struct pen pens[OUTLINE_KINDS] = {
	{ '-', '|', '+', false, 1 },
	{ '.', ':', 'x', false, 2 },
	{ '-', '|', 'c', true, 1 },
	{ '=', '"', '#', false, 1 },
	{ '#', '#', '#', false, 1 },
	{ '=', '"', '!', false, 1 },
};

char outline_sign(enum outline_kind kind)
{
	return (char)pens[kind].corner;
}

const struct rgb outline_colour[OUTLINE_KINDS] = {
	{ 230, 159, 0 }, { 204, 121, 167 }, { 86, 180, 233 },
	{ 255, 255, 255 }, { 240, 228, 66 }, { 213, 94, 0 },
};

/* Cells [x0,x1) x [y0,y1) of the part that a region touches. */
static struct region cells_of(const struct picture_part *part,
			      struct region r)
{
	int width = region_width(part->source);
	int height = region_height(part->source);
	long long x0 = r.x0 - part->source.x0, x1 = r.x1 - part->source.x0;
	long long y0 = r.y0 - part->source.y0, y1 = r.y1 - part->source.y0;

	return (struct region){
		(int)(x0 < 0 ? -1 : x0 * part->columns / width),
		(int)(y0 < 0 ? -1 : y0 * part->rows / height),
		(int)(x1 > width ? part->columns + 1 :
		      (x1 * part->columns + width - 1) / width),
		(int)(y1 > height ? part->rows + 1 :
		      (y1 * part->rows + height - 1) / height),
	};
}

static void pen_put(const struct look *look, const struct picture_part *part,
		    struct canvas *c, struct rgb ink, int x, int y, uint32_t glyph)
{
	struct cell *cell = canvas_at(c, part->column + x, part->row + y);

	if (!cell || x < 0 || y < 0 || x >= part->columns || y >= part->rows)
		return;
	*cell = (struct cell){ .glyph = { glyph },
			       .fg = colour(look, ink),
			       .bg = colour(look, (struct rgb){ 0, 0, 0 }),
			       .width = 1, .picture = true };
}

/* Letters that can be typed are dark on a light ground: they must be found
 * among corners and tissue. */
static void pen_put_letter(const struct look *look,
			   const struct picture_part *part, struct canvas *c,
			   struct rgb ink, int x, int y, uint32_t glyph)
{
	struct cell *cell = canvas_at(c, part->column + x, part->row + y);

	pen_put(look, part, c, ink, x, y, glyph);
	if (cell && cell->glyph[0] == glyph && cell->picture)
		swap(cell);
}

/* The character of an outline in cell x, y; 0 for none. */
static uint32_t outline_glyph(const struct outline *outline,
			      enum outline_place place, struct region r,
			      int x, int y)
{
	const struct pen *pen = &pens[outline->kind];
	uint32_t corner = outline->number < 0 ? '.' : outline->sign ?
			  (uint32_t)outline->sign : pen->corner;
	bool edge = y == r.y0 || y == r.y1 - 1;
	bool side = x == r.x0 || x == r.x1 - 1;
	int step = place == PLACE_AROUND ? AROUND_STEP : pen->step;

	if (edge && side)
		return corner;
	if (pen->corners_only || place == PLACE_CORNERS)
		return 0;
	if (edge)
		return (x - r.x0) % step ? 0 : pen->across;
	return side && !((y - r.y0) % (step > 1 ? 2 : 1)) ? pen->down : 0;
}

int outline_letters(const char letters[3])
{
	return -(letters[0] | letters[1] << 8);
}

void outline_label(const struct outline *outline, char label[12])
{
	int n = outline->number;

	if (n > 0) {
		snprintf(label, 12, "%d", n);
		return;
	}
	label[0] = (char)(-n & 255);
	label[1] = (char)(-n >> 8);
	label[2] = '\0';
}

static void draw_label(const struct look *look,
		       const struct picture_part *part, struct canvas *c,
		       struct region r, const struct outline *outline)
{
	struct rgb ink = outline_colour[outline->kind];
	int x = r.x0 < 0 ? 0 : r.x0, y = r.y0 < 0 ? 0 : r.y0;
	char label[12];

	outline_label(outline, label);
	if (outline->inside) {
		x = (r.x0 + r.x1 - (int)strlen(label)) / 2;
		y = (r.y0 + r.y1 - 1) / 2;
	}
	for (int i = 0; label[i]; i++) {
		uint32_t glyph = (uint32_t)label[i];

		if (outline->number < 0)
			pen_put_letter(look, part, c, ink, x + i, y, glyph);
		else
			pen_put(look, part, c, ink, x + i, y, glyph);
	}
}

/* A cell further out; where the box reaches the edge of the part, on it. */
static struct region around_cells(struct region r, struct region part)
{
	struct region around = region_grow(r, 1);

	around.x0 = r.x0 == part.x0 ? r.x0 : around.x0;
	around.y0 = r.y0 == part.y0 ? r.y0 : around.y0;
	around.x1 = r.x1 == part.x1 ? r.x1 : around.x1;
	around.y1 = r.y1 == part.y1 ? r.y1 : around.y1;
	return around;
}

/* The cells whose rim an outline is, and what of them is in the part. */
static struct region frame_cells(const struct picture_part *part,
				 const struct outline *outline,
				 struct region *seen)
{
	struct region cells = { 0, 0, part->columns, part->rows };
	struct region r = cells_of(part, outline->region);

	if (part->place == PLACE_AROUND)
		r = around_cells(r, cells);
	else if (part->place == PLACE_CORNERS)
		r = region_grow(r, 1);
	*seen = region_intersect(r, cells);
	return r;
}

static void draw_outline(const struct look *look,
			 const struct picture_part *part, struct canvas *c,
			 const struct outline *outline)
{
	struct rgb ink = outline_colour[outline->kind];
	struct region seen, r = frame_cells(part, outline, &seen);

	for (int y = seen.y0; y < seen.y1; y++) {
		for (int x = seen.x0; x < seen.x1; x++) {
			uint32_t glyph = outline_glyph(outline, part->place,
						       r, x, y);

			if (glyph)
				pen_put(look, part, c, ink, x, y, glyph);
		}
	}
}

/* Over all lines: what is typed must not be lost below a corner. */
static void draw_labels(const struct look *look,
			const struct picture_part *part, struct canvas *c)
{
	for (size_t i = 0; i < part->outline_count; i++) {
		const struct outline *outline = &part->outline[i];
		struct region seen, r = frame_cells(part, outline, &seen);

		if (!region_empty(seen) && outline->number)
			draw_label(look, part, c, r, outline);
	}
}

/* Where the number of an outline is written, and what it frames, in cells or
 * pixels from the corner of the part. */
static struct region label_place(const struct look *look,
				 const struct picture_part *part,
				 const struct outline *outline,
				 struct region *frame)
{
	struct region cells, clip = { 0, 0, part->columns * look->cell_width,
				      part->rows * look->cell_height };
	char label[12];

	if (picture_has_pixels(look->mode)) {
		*frame = scene_map(part, look->cell_width, look->cell_height,
				   outline->region);
		return raster_label(*frame, outline, part->place,
				    look->cell_height, clip);
	}
	cells = cells_of(part, outline->region);
	*frame = part->place == PLACE_AROUND ? around_cells(cells,
		(struct region){ 0, 0, part->columns, part->rows }) : cells;
	outline_label(outline, label);
	return region_from_box(frame->x0 < 0 ? 0 : frame->x0,
			       frame->y0 < 0 ? 0 : frame->y0,
			       (int)strlen(label), 1);
}

/* Letters are always written, and the number of the box in question. */
static bool may_go(const struct outline *outline)
{
	return outline->number > 0 && outline->kind != OUTLINE_SELECTED;
}

void picture_thin_labels(const struct look *look,
			 const struct picture_part *part,
			 struct outline *outline, size_t count)
{
	struct region at[LABELS_MOST], frame[LABELS_MOST];
	bool small = part->place == PLACE_SMALL;

	for (size_t i = 0; count <= LABELS_MOST && i < count; i++)
		at[i] = label_place(look, part, &outline[i], &frame[i]);
	/* the last has the least right to its number */
	for (size_t i = count; i-- > 0; ) {
		bool hit = count > LABELS_MOST;

		for (size_t k = 0; may_go(&outline[i]) && !hit && k < count;
		     k++)
			hit = k != i &&
			      ((outline[k].number && !region_empty(
				region_intersect(at[i], at[k]))) ||
			       (small && !region_empty(
				region_intersect(at[i], frame[k]))));
		if (hit && may_go(&outline[i]))
			outline[i].number = 0;
	}
}

/* Cells that pixels are sent for: what is in them is the scene's. */
static void reserve(const struct picture_part *part, struct canvas *c)
{
	for (int y = 0; y < part->rows; y++) {
		for (int x = 0; x < part->columns; x++) {
			int column = part->column + x, row = part->row + y;

			if (!canvas_at(c, column, row))
				continue;
			canvas_put(c, column, row, ' ', style_plain);
			canvas_at(c, column, row)->picture = true;
		}
	}
	if (c->scene)
		scene_add(c->scene, part);
}

void picture_draw(const struct look *look, const struct picture_part *part,
		  struct canvas *c)
{
	const struct picture_mode_info *m = &picture_mode_info[look->mode];
	int n = part->columns * m->across;

	if (part->columns < 1 || part->rows < 1 || region_empty(part->source))
		return;
	if (picture_has_pixels(look->mode)) {
		reserve(part, c);
		return;
	}
	struct span *across = mem_array((size_t)n, sizeof(*across));
	uint8_t *pixel = mem_array3((size_t)n, (size_t)m->down,
				    (size_t)part->plane->channels, 1);
	struct scaler scaler = { 0 };
	struct strip strip = { .part = part, .mode = m, .across = across,
			       .scaler = part->fill_count ? NULL : &scaler,
			       .pixel = pixel };
	bool ok = across && pixel &&
		  scaler_init(&scaler, part->plane, part->source, n,
			      part->rows * m->down, 0, n);

	picture_curve(part, strip.curve);
	for (int i = 0; ok && i < n; i++)
		across[i] = span_of(part->source.x0, part->source.x1, i, n);
	for (int y = 0; ok && y < part->rows; y++)
		draw_row(look, &strip, y, c);
	for (size_t i = 0; ok && i < part->outline_count; i++)
		draw_outline(look, part, c, &part->outline[i]);
	if (ok)
		draw_labels(look, part, c);
	scaler_done(&scaler);
	free(across);
	free(pixel);
}

void picture_fit(const struct look *look, struct region source, int columns,
		 int rows, int *fit_columns, int *fit_rows)
{
	bool pixels = picture_has_pixels(look->mode) && look->cell_width > 0 &&
		      look->cell_height > 0;
	/* a cell of text is taken as 1:2 */
	long long across = pixels ? look->cell_width : 1;
	long long down = pixels ? look->cell_height : 2;
	long long width = region_width(source) * down;
	long long height = region_height(source) * across;

	*fit_columns = columns;
	*fit_rows = rows;
	if (!width || !height)
		return;
	if (width * rows > height * columns)
		*fit_rows = (int)(height * columns / width);
	else
		*fit_columns = (int)(width * rows / height);
	if (*fit_rows < 1)
		*fit_rows = 1;
	if (*fit_columns < 1)
		*fit_columns = 1;
}

/* ---- to the terminal ---- */

/* What the terminal's pen is set to while a frame is sent. */
struct state { int32_t fg, bg; unsigned attr; bool known; };

/* Digits of 0..9999: a frame holds tens of thousands of numbers, for which
 * printf() takes most of its time. */
static char *put_number(char *at, int value)
{
	for (int unit = 1000; unit > 1; unit /= 10)
		if (value >= unit)
			*at++ = (char)('0' + value / unit % 10);
	*at++ = (char)('0' + value % 10);
	return at;
}

static char *put_numbers(char *at, const int *value, int count)
{
	for (int i = 0; i < count; i++) {
		if (i)
			*at++ = ';';
		at = put_number(at, value[i]);
	}
	return at;
}

/* The parameters of SGR for a colour: ink, or ground. */
static char *put_colour(const struct look *look, char *at, int32_t value,
			bool ground)
{
	int base = ground ? 40 : 30;

	if (value == COLOUR_DEFAULT)
		return put_number(at, base + 9);
	if (look->colours == COLOURS_16M)
		return put_numbers(at, (int[]){ base + 8, 2, value >> 16 & 255,
						value >> 8 & 255,
						value & 255 }, 5);
	if (look->colours == COLOURS_256)
		return put_numbers(at, (int[]){ base + 8, 5, value }, 3);
	return put_number(at, value < 8 ? base + value : base + 52 + value);
}

static char *put_next(char *at, const char *start)
{
	if (at > start)
		*at++ = ';';
	return at;
}

/* One SGR for all that changes: ten parameters at most, as some terminals
 * take no more. */
static void emit_pen(const struct look *look, struct buffer *out,
		     const struct cell *cell, struct state *state)
{
	char text[64], *start = text + 2, *at = start;

	if (!state->known) {
		*state = (struct state){ COLOUR_DEFAULT, COLOUR_DEFAULT, 0,
					 true };
		buffer_puts(out, "\033[0m");
	}
	if ((state->attr ^ cell->attr) & ATTR_REVERSE)
		at = put_number(at, cell->attr & ATTR_REVERSE ? 7 : 27);
	/* a blank shows no ink */
	if (cell->glyph[0] != ' ' && state->fg != cell->fg) {
		at = put_colour(look, put_next(at, start), cell->fg, false);
		state->fg = cell->fg;
	}
	if (state->bg != cell->bg)
		at = put_colour(look, put_next(at, start), cell->bg, true);
	state->bg = cell->bg;
	state->attr = cell->attr;
	if (at == start)
		return;
	memcpy(text, "\033[", 2);
	*at++ = 'm';
	buffer_append(out, text, (size_t)(at - text));
}

static void emit_cursor(struct buffer *out, int column, int row)
{
	char text[16] = "\033[", *at = text + 2;

	at = put_numbers(at, (int[]){ row + 1, column + 1 }, 2);
	*at++ = 'H';
	buffer_append(out, text, (size_t)(at - text));
}

void picture_emit(const struct look *look, const struct canvas *now,
		  const struct canvas *before, struct buffer *out)
{
	struct state state = { .known = false };
	bool all = !before || before->columns != now->columns ||
		   before->rows != now->rows;

	for (int row = 0; row < now->rows; row++) {
		int at = -1;            /* where the cursor stands */

		for (int column = 0; column < now->columns; column++) {
			const struct cell *cell = canvas_at(now, column, row);

			if (!cell->picture ||
			    (!all && cell_equal(cell, canvas_at(before, column,
								row))))
				continue;
			if (at != column)
				emit_cursor(out, column, row);
			emit_pen(look, out, cell, &state);
			utf8_put(out, cell->glyph[0]);
			at = column + 1;
		}
	}
	if (state.known)
		buffer_puts(out, "\033[0m");
}

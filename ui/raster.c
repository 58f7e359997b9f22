/* raster.c - parts of a scene as pixels of the screen. */
#include "config.h"

#include "ui/raster.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ui/scale.h"

/* ---- palette ---- */

#define GREY(n) { (n) * 255 / 63, (n) * 255 / 63, (n) * 255 / 63 }
#define GREYS_4(n) GREY(n), GREY(n + 1), GREY(n + 2), GREY(n + 3)
#define GREYS_16(n) GREYS_4(n), GREYS_4(n + 4), GREYS_4(n + 8), GREYS_4(n + 12)
#define BLUES(r, g) { (r) * 85, (g) * 255 / 4, 0 }, \
	{ (r) * 85, (g) * 255 / 4, 85 }, { (r) * 85, (g) * 255 / 4, 170 }, \
	{ (r) * 85, (g) * 255 / 4, 255 }
#define GREENS(r) BLUES(r, 0), BLUES(r, 1), BLUES(r, 2), BLUES(r, 3), \
	BLUES(r, 4)

/* The last are outline_colour[], of which no constant can be made. */
static const struct rgb palette[RASTER_COLOURS] = {
	GREYS_16(0), GREYS_16(16), GREYS_16(32), GREYS_16(48),
	GREENS(0), GREENS(1), GREENS(2), GREENS(3),
	{ 230, 159, 0 }, { 204, 121, 167 }, { 86, 180, 233 },
	{ 255, 255, 255 }, { 240, 228, 66 }, { 213, 94, 0 },
};

const struct rgb *raster_palette(void)
{
	return palette;
}

/* The nearest grey of every step-th; the last is white whatever the step. */
static uint8_t grey_index(int value, int step)
{
	int steps = RASTER_GREYS / step;

	return (uint8_t)((value * (steps - 1) + 127) / 255 *
			 (RASTER_GREYS - 1) / (steps - 1));
}

enum { COLOURED = 24 };         /* channels apart by more: no grey */

static uint8_t colour_index(const uint8_t *p, const uint8_t *greys,
			    bool colour)
{
	int least = p[0] < p[1] ? p[0] : p[1];
	int most = p[0] > p[1] ? p[0] : p[1];

	least = p[2] < least ? p[2] : least;
	most = p[2] > most ? p[2] : most;
	if (!colour || most - least <= COLOURED)
		return greys[(p[0] * 299 + p[1] * 587 + p[2] * 114) / 1000];
	return (uint8_t)(RASTER_CUBE +
			 ((p[0] * (RASTER_RED - 1) + 127) / 255 * RASTER_GREEN +
			  (p[1] * (RASTER_GREEN - 1) + 127) / 255) *
			 RASTER_BLUE +
			 (p[2] * (RASTER_BLUE - 1) + 127) / 255);
}

/* ---- pictures ---- */

/* Which greys of the palette are used.  Stretched values are as far apart as
 * if they were not: more greys between them would only cost bytes. */
static int step_of(const struct picture_part *part, int wanted)
{
	int range = part->levels.high - part->levels.low;
	int own = !part->levels.high || range > 128 ? 1 : range > 64 ? 2 : 4;

	if (part->place <= PLACE_SMALL && own < 2)
		own = 2;
	return wanted > own ? wanted : own;
}

bool raster_part(const struct picture_part *part, int cell_width,
		 int cell_height, struct region piece,
		 const struct raster_depth *depth, uint8_t *out, size_t stride)
{
	int width = region_width(piece), channels = part->plane->channels;
	int step = step_of(part, depth->grey_step);
	uint8_t *row = mem_array3((size_t)width, (size_t)channels, 1, 1);
	uint8_t greys[256], curve[256];
	struct scaler s;
	bool ok = scaler_init(&s, part->plane, part->source,
			      part->columns * cell_width,
			      part->rows * cell_height, piece.x0, piece.x1) &&
		  row;

	picture_curve(part, curve);
	for (int i = 0; i < 256; i++)
		greys[i] = grey_index(i, step);
	for (int y = piece.y0; ok && y < piece.y1; y++, out += stride) {
		scaler_row(&s, y, row);
		for (int i = 0; i < width * channels; i++)
			row[i] = curve[row[i]];
		for (int x = 0; x < width; x++)
			out[x] = channels == 1 ? greys[row[x]] :
				 colour_index(row + 3 * x, greys,
					      depth->colour);
	}
	scaler_done(&s);
	free(row);
	return ok;
}

/* ---- outlines ---- */

void raster_fill(const struct stencil *s, struct region r, uint8_t value)
{
	r = region_intersect(r, s->clip);
	for (int y = r.y0; y < r.y1; y++)
		memset(s->pixel + (size_t)(y - s->y0) * s->stride + r.x0 -
		       s->x0, value, (size_t)region_width(r));
}

/* Digits, the marks of kinds, letters of lines (as capitals), 5 x 7, a byte a
 * row, bit 4 at the left. */
enum { GLYPH_COLUMNS = 5, GLYPH_ROWS = 7 };
static const struct { char c; uint8_t row[GLYPH_ROWS]; } glyphs[] = {
	{ '0', { 14, 17, 19, 21, 25, 17, 14 } },
	{ '1', { 4, 12, 4, 4, 4, 4, 14 } },
	{ '2', { 14, 17, 1, 2, 4, 8, 31 } },
	{ '3', { 31, 2, 4, 2, 1, 17, 14 } },
	{ '4', { 2, 6, 10, 18, 31, 2, 2 } },
	{ '5', { 31, 16, 30, 1, 1, 17, 14 } },
	{ '6', { 6, 8, 16, 30, 17, 17, 14 } },
	{ '7', { 31, 1, 2, 4, 8, 8, 8 } },
	{ '8', { 14, 17, 17, 14, 17, 17, 14 } },
	{ '9', { 14, 17, 17, 15, 1, 2, 12 } },
	{ '+', { 0, 4, 4, 31, 4, 4, 0 } },
	{ 'x', { 0, 17, 10, 4, 10, 17, 0 } },
	{ 'c', { 0, 0, 14, 17, 16, 17, 14 } },
	{ '#', { 10, 10, 31, 10, 31, 10, 10 } },
	{ '!', { 4, 4, 4, 4, 4, 0, 4 } },
	{ '?', { 14, 17, 1, 2, 4, 0, 4 } },
	{ '-', { 0, 0, 0, 31, 0, 0, 0 } },
	{ 'a', { 14, 17, 17, 31, 17, 17, 17 } },
	{ 'b', { 30, 17, 17, 30, 17, 17, 30 } },
	{ 'd', { 30, 17, 17, 17, 17, 17, 30 } },
	{ 'e', { 31, 16, 16, 30, 16, 16, 31 } },
	{ 'f', { 31, 16, 16, 30, 16, 16, 16 } },
	{ 'g', { 14, 17, 16, 23, 17, 17, 15 } },
	{ 'h', { 17, 17, 17, 31, 17, 17, 17 } },
	{ 'i', { 14, 4, 4, 4, 4, 4, 14 } },
	{ 'j', { 7, 2, 2, 2, 2, 18, 12 } },
	{ 'k', { 17, 18, 20, 24, 20, 18, 17 } },
	{ 'l', { 16, 16, 16, 16, 16, 16, 31 } },
	{ 'm', { 17, 27, 21, 21, 17, 17, 17 } },
	{ 'n', { 17, 25, 21, 19, 17, 17, 17 } },
	{ 'o', { 14, 17, 17, 17, 17, 17, 14 } },
	{ 'p', { 30, 17, 17, 30, 16, 16, 16 } },
	{ 'r', { 30, 17, 17, 30, 20, 18, 17 } },
	{ 's', { 15, 16, 16, 14, 1, 1, 30 } },
	{ 't', { 31, 4, 4, 4, 4, 4, 4 } },
	{ 'u', { 17, 17, 17, 17, 17, 17, 14 } },
	{ 'v', { 17, 17, 17, 17, 17, 10, 4 } },
	{ 'w', { 17, 17, 17, 21, 21, 27, 17 } },
	{ 'y', { 17, 17, 10, 4, 4, 4, 4 } },
	{ 'z', { 31, 1, 2, 4, 8, 16, 31 } },
};

static void paint_glyph(const struct stencil *s, char c, int x, int y,
			int size)
{
	for (size_t i = 0; i < sizeof(glyphs) / sizeof(glyphs[0]); i++) {
		if (glyphs[i].c != c)
			continue;
		for (int k = 0; k < GLYPH_ROWS * GLYPH_COLUMNS; k++) {
			int u = k % GLYPH_COLUMNS, v = k / GLYPH_COLUMNS;

			if (glyphs[i].row[v] >> (GLYPH_COLUMNS - 1 - u) & 1)
				raster_fill(s, region_from_box(x + u * size,
						y + v * size, size, size),
					    s->ink);
		}
	}
}

void raster_digits(const struct stencil *s, const char *text, int x, int y,
		   int size)
{
	for (; *text; text++, x += (GLYPH_COLUMNS + 1) * size)
		paint_glyph(s, *text, x, y, size);
}

static int thickness(int cell_height)
{
	return cell_height < 20 ? 1 : cell_height / 10;
}

/* "3+": the number of a box and the mark of its kind; else letters. */
static int label_of(const struct outline *outline, char text[16])
{
	char label[12];

	outline_label(outline, label);
	return outline->number < 0 ? snprintf(text, 16, "%s", label) :
		snprintf(text, 16, "%s%c", label, outline->sign ?
			 outline->sign : outline_sign(outline->kind));
}

/* Pixels of a dot of the numbers. */
static int dot_size(enum outline_place place, int cell_height)
{
	return place == PLACE_SMALL ? 1 : thickness(cell_height);
}

/* Beside first: lines of text stand below one another. */
struct region raster_label(struct region r, const struct outline *outline,
			   enum outline_place place, int cell_height,
			   struct region clip)
{
	int size = dot_size(place, cell_height), away = 4 * size;
	char text[16];
	int width = label_of(outline, text) * (GLYPH_COLUMNS + 1) * size + size;
	int height = (GLYPH_ROWS + 2) * size;
	int x = r.x0 < clip.x0 ? clip.x0 : r.x0;
	int y = r.y0 < clip.y0 ? clip.y0 : r.y0;

	if (outline->inside)
		return region_from_box((r.x0 + r.x1 - width) / 2,
				       (r.y0 + r.y1 - height) / 2, width,
				       height);
	if (r.x1 + away + width <= clip.x1)
		x = r.x1 + away;
	else if (r.y0 - away - height >= clip.y0)
		y = r.y0 - away - height;
	return region_from_box(x, y, width, height);
}

static void paint_label(const struct stencil *s, struct region r,
			const struct outline *outline,
			enum outline_place place, int cell_height)
{
	struct region at = raster_label(r, outline, place, cell_height,
					s->clip);
	int size = dot_size(place, cell_height);
	struct stencil pen = *s;
	char text[16];

	/* letters to be typed are dark on light: they must be found */
	if (outline->number < 0) {
		pen.ink = s->ground;
		pen.ground = s->ink;
	}
	label_of(outline, text);
	raster_fill(&pen, at, pen.ground);
	raster_digits(&pen, text, at.x0 + size, at.y0 + size, size);
}

/* A frame of lines `thick` wide just inside r; on of every `of` pixels. */
static void paint_frame(const struct stencil *s, struct region r, int thick,
			int on, int of)
{
	const struct region edges[] = {
		{ r.x0, r.y0, r.x1, r.y0 + thick },
		{ r.x0, r.y1 - thick, r.x1, r.y1 },
		{ r.x0, r.y0, r.x0 + thick, r.y1 },
		{ r.x1 - thick, r.y0, r.x1, r.y1 },
	};

	for (int i = 0; i < 4; i++) {
		struct region e = region_intersect(edges[i], s->clip);
		int from = i < 2 ? e.x0 - r.x0 : e.y0 - r.y0;
		int to = i < 2 ? e.x1 - r.x0 : e.y1 - r.y0;

		if (region_empty(e))
			continue;
		for (int at = from - from % of; at < to; at += of) {
			struct region dash = edges[i];

			if (i < 2) {
				dash.x0 = r.x0 + at;
				dash.x1 = r.x0 + at + on;
			} else {
				dash.y0 = r.y0 + at;
				dash.y1 = r.y0 + at + on;
			}
			raster_fill(s, region_intersect(dash, edges[i]),
				    s->ink);
		}
	}
}

/* The corners of that frame: what lies between them is not touched. */
static void paint_corners(const struct stencil *s, struct region r, int thick,
			  int length)
{
	for (int i = 0; i < 4; i++) {
		int x = i & 1 ? r.x1 - length : r.x0;
		int y = i & 2 ? r.y1 - thick : r.y0;

		raster_fill(s, region_from_box(x, y, length, thick), s->ink);
		x = i & 1 ? r.x1 - thick : r.x0;
		y = i & 2 ? r.y1 - length : r.y0;
		raster_fill(s, region_from_box(x, y, thick, length), s->ink);
	}
}

static void paint_crosses(const struct stencil *s, struct region r, int size)
{
	for (int i = 0; i < 4; i++) {
		int x = i & 1 ? r.x1 : r.x0, y = i & 2 ? r.y1 : r.y0;

		for (int k = -3; k <= 3; k++) {
			raster_fill(s, region_from_box(x + k * size,
						       y + k * size, size,
						       size), s->ink);
			raster_fill(s, region_from_box(x + k * size,
						       y - k * size, size,
						       size), s->ink);
		}
	}
}

/* Grown, but inside the clip where the region itself is: a box at the edge of
 * the picture has its line there too. */
static struct region line_of(struct region r, int by, struct region clip)
{
	struct region line = region_grow(r, by);

	line.x0 = r.x0 >= clip.x0 && line.x0 < clip.x0 ? clip.x0 : line.x0;
	line.y0 = r.y0 >= clip.y0 && line.y0 < clip.y0 ? clip.y0 : line.y0;
	line.x1 = r.x1 <= clip.x1 && line.x1 > clip.x1 ? clip.x1 : line.x1;
	line.y1 = r.y1 <= clip.y1 && line.y1 > clip.y1 ? clip.y1 : line.y1;
	return line;
}

/* Two lines, a dark one beside each: on white, on black and on any grey. */
static void paint_missed(const struct stencil *s, struct region r, int thick)
{
	struct stencil dark = *s;

	dark.ink = s->ground;
	for (int i = 1; i <= 5; i += 2)
		paint_frame(&dark, line_of(r, i * thick, s->clip), thick, 1, 1);
	for (int i = 2; i <= 4; i += 2)
		paint_frame(s, line_of(r, i * thick, s->clip), thick, 1, 1);
}

static bool is_seen(struct region r, int cell_height, struct region clip)
{
	return !region_empty(region_intersect(region_grow(r,
					5 * thickness(cell_height)), clip));
}

void raster_outline(const struct stencil *s, struct region r,
		    const struct outline *outline, enum outline_place place,
		    int cell_height)
{
	int thick = thickness(cell_height), corner = cell_height / 2;
	struct region around = line_of(r, thick, s->clip);
	struct region wide = line_of(r, 2 * thick, s->clip);

	if (!is_seen(r, cell_height, s->clip))
		return;
	if (place == PLACE_CORNERS) {
		/* evidence: nothing is drawn on what the box holds */
		paint_corners(s, region_grow(r, 2 * thick), thick, corner);
	} else if (outline->kind == OUTLINE_CANDIDATE) {
		paint_corners(s, wide, thick, corner);
	} else if (outline->kind == OUTLINE_REJECTED) {
		paint_frame(s, around, thick, 2 * thick, 6 * thick);
		paint_crosses(s, region_grow(r, 4 * thick), thick);
	} else if (outline->kind == OUTLINE_SELECTED) {
		paint_frame(s, around, thick, 1, 1);
		paint_frame(s, line_of(r, 3 * thick, s->clip), thick, 1, 1);
	} else if (outline->kind == OUTLINE_EDITED) {
		paint_frame(s, wide, 2 * thick, 1, 1);
	} else if (outline->kind == OUTLINE_MISSED) {
		paint_missed(s, r, thick);
	} else {
		paint_frame(s, around, thick, 1, 1);
	}
	if (outline->number)
		paint_label(s, r, outline, place, cell_height);
}

struct region raster_bounds(struct region r, const struct outline *outline,
			    enum outline_place place, int cell_height,
			    struct region clip)
{
	struct region all = region_grow(r, 5 * thickness(cell_height));

	if (!is_seen(r, cell_height, clip))
		return (struct region){ 0, 0, 0, 0 };
	if (outline->number)
		all = region_union(all, raster_label(r, outline, place,
						     cell_height, clip));
	return region_intersect(all, clip);
}

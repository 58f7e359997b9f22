/* sixel.c - scenes as sixel graphics. */
#include "config.h"

#include "ui/sixel.h"

#include <stdlib.h>
#include <string.h>

#include "ui/raster.h"

/* xterm 379 draws nothing of a larger image, and says so. */
const struct sixel_limits sixel_least = { 16, 800, 680, 0 };

/* 64 x 6 background pixels. */
const char sixel_scrub[] = "\033P0;1;0q\"1;1;64;6#0;2;0;0;0#0!64~\033\\";

enum {
	BAND = 6,                       /* rows of a sixel */
	TILE_ROWS = 24,                 /* cells */
	TILE_BYTES_COLUMNS = 1024,      /* pixels across, at most */
	FINE_REGISTERS = RASTER_COLOURS,
};

/* A part whose pixels stand in base. */
struct drawn {
	long long serial;
	struct region source;
	int column, row, columns, rows;
	enum outline_place place;
	bool inverted;
	struct levels levels;
};

/* What of a cell is to be sent. */
enum change { CHANGE_NONE,
	      CHANGE_SOME,              /* pixels: the others are there */
	      CHANGE_ALL };

struct sixel {
	struct sixel_limits limits;
	int cell_width, cell_height, columns, rows;     /* 0: no rasters */
	uint8_t *base, *pixel, *shown;  /* [rows * cell_height][columns *
					   cell_width] */
	uint8_t *changed;               /* enum change [rows][columns] */
	struct drawn *drawn;
	size_t drawn_count, drawn_capacity;
	bool stale;                     /* shown is not what is shown */
	int images;                     /* sent since all was */
};

struct sixel *sixel_new(const struct sixel_limits *limits)
{
	struct sixel *s = mem_array(1, sizeof(*s));

	if (s)
		s->limits = *limits;
	return s;
}

static void drop_rasters(struct sixel *s)
{
	free(s->base);
	free(s->pixel);
	free(s->shown);
	free(s->changed);
	s->base = s->pixel = s->shown = NULL;
	s->changed = NULL;
	s->columns = s->rows = 0;
	s->drawn_count = 0;
}

void sixel_free(struct sixel *s)
{
	if (!s)
		return;
	drop_rasters(s);
	free(s->drawn);
	free(s);
}

static size_t stride_of(const struct sixel *s)
{
	return (size_t)s->columns * (size_t)s->cell_width;
}

/* The pixel at the top left of a cell. */
static size_t offset(const struct sixel *s, int column, int row)
{
	return (size_t)row * (size_t)s->cell_height * stride_of(s) +
	       (size_t)column * (size_t)s->cell_width;
}

static bool resize(struct sixel *s, const struct look *look,
		   const struct canvas *now)
{
	size_t width = (size_t)now->columns * (size_t)look->cell_width;
	size_t height = (size_t)now->rows * (size_t)look->cell_height;

	if (s->columns == now->columns && s->rows == now->rows &&
	    s->cell_width == look->cell_width &&
	    s->cell_height == look->cell_height)
		return true;
	drop_rasters(s);
	s->base = mem_array3(width, height, 1, 1);
	s->pixel = mem_array3(width, height, 1, 1);
	s->shown = mem_array3(width, height, 1, 1);
	s->changed = mem_array3((size_t)now->columns, (size_t)now->rows, 1,
				sizeof(*s->changed));
	if (!s->base || !s->pixel || !s->shown || !s->changed) {
		drop_rasters(s);
		return false;
	}
	s->columns = now->columns;
	s->rows = now->rows;
	s->cell_width = look->cell_width;
	s->cell_height = look->cell_height;
	return true;
}

/* ---- composing ---- */

static struct drawn key_of(const struct picture_part *part)
{
	struct drawn key;

	memset(&key, 0, sizeof(key));
	key.serial = part->serial;
	key.source = part->source;
	key.column = part->column;
	key.row = part->row;
	key.columns = part->columns;
	key.rows = part->rows;
	key.place = part->place;
	key.inverted = part->inverted;
	key.levels = part->levels;
	return key;
}

static bool is_drawn(const struct sixel *s, const struct drawn *key)
{
	for (size_t i = 0; i < s->drawn_count; i++)
		if (!memcmp(&s->drawn[i], key, sizeof(*key)))
			return true;
	return false;
}

/* Of the part, the pixels that lie on the screen, from its top left corner. */
static struct region on_screen(const struct sixel *s,
			       const struct picture_part *part)
{
	struct region at = scene_at(part, s->cell_width, s->cell_height);
	struct region all = { 0, 0, s->columns * s->cell_width,
			      s->rows * s->cell_height };

	return region_move(region_intersect(at, all), -at.x0, -at.y0);
}

static void paint_over(const struct sixel *s, const struct picture_part *part,
		       struct stencil *stencil)
{
	for (size_t i = 0; i < part->fill_count; i++)
		raster_fill(stencil, scene_map(part, s->cell_width,
					       s->cell_height, part->fill[i]),
			    RASTER_BLACK);
	for (size_t i = 0; i < part->outline_count; i++) {
		const struct outline *o = &part->outline[i];

		stencil->ink = (uint8_t)(RASTER_INK + (int)o->kind);
		raster_outline(stencil, scene_map(part, s->cell_width,
						  s->cell_height, o->region),
			       o, part->place, s->cell_height);
	}
}

static bool compose_part(struct sixel *s, const struct picture_part *part)
{
	bool fine = s->limits.registers >= FINE_REGISTERS;
	struct raster_depth depth = { fine ? 1 : 8, fine };
	struct drawn key = key_of(part);
	struct region piece = on_screen(s, part);
	size_t stride = stride_of(s);

	if (region_empty(piece))
		return true;

	size_t at = offset(s, part->column, part->row) +
		    (size_t)piece.y0 * stride + (size_t)piece.x0;

	if (!is_drawn(s, &key) &&
	    !raster_part(part, s->cell_width, s->cell_height, piece, &depth,
			 s->base + at, stride))
		return false;
	for (int y = 0; y < region_height(piece); y++)
		memcpy(s->pixel + at + (size_t)y * stride,
		       s->base + at + (size_t)y * stride,
		       (size_t)region_width(piece));

	struct stencil stencil = {
		.pixel = s->pixel + at, .stride = stride, .x0 = piece.x0,
		.y0 = piece.y0, .clip = piece, .ground = RASTER_BLACK,
	};

	paint_over(s, part, &stencil);
	return true;
}

/* What stands in base is what this scene is made of. */
static bool remember(struct sixel *s, const struct scene *scene)
{
	s->drawn_count = 0;
	for (size_t i = 0; i < scene->count; i++) {
		if (!mem_grow(&s->drawn, &s->drawn_capacity, s->drawn_count,
			      sizeof(*s->drawn)))
			return false;
		s->drawn[s->drawn_count++] = key_of(&scene->part[i]);
	}
	return true;
}

static bool cell_differs(const struct sixel *s, int column, int row)
{
	size_t at = offset(s, column, row), stride = stride_of(s);

	for (int y = 0; y < s->cell_height; y++, at += stride)
		if (memcmp(s->pixel + at, s->shown + at,
			   (size_t)s->cell_width) != 0)
			return true;
	return false;
}

static void mark_cell(struct sixel *s, int column, int row, int colour)
{
	size_t at = offset(s, column, row);

	for (int y = 0; y < s->cell_height; y++, at += stride_of(s))
		memset(s->pixel + at, colour, (size_t)s->cell_width);
}

long sixel_compose(struct sixel *s, const struct look *look,
		   const struct scene *scene, const struct canvas *now,
		   const struct canvas *before)
{
	bool fresh = s->stale || s->columns != now->columns || s->rows != now->rows ||
		     s->cell_width != look->cell_width ||
		     s->cell_height != look->cell_height || !before ||
		     before->columns != now->columns ||
		     before->rows != now->rows;
	bool ok = !scene->failed && resize(s, look, now);
	long count = 0;

	for (int row = 0; ok && row < s->rows; row++)
		for (int column = 0; column < s->columns; column++)
			mark_cell(s, column, row,
				  canvas_at(now, column, row)->picture ?
				  RASTER_BLACK : RASTER_NONE);
	for (size_t i = 0; ok && i < scene->count; i++)
		ok = compose_part(s, &scene->part[i]);
	if (!ok || !remember(s, scene)) {
		s->drawn_count = 0;
		return -1;
	}
	for (int row = 0; row < s->rows; row++) {
		for (int column = 0; column < s->columns; column++) {
			uint8_t *changed = &s->changed[row * s->columns +
						       column];
			bool picture = canvas_at(now, column, row)->picture;
			bool there = !fresh &&
				     canvas_at(before, column, row)->picture;

			*changed = !picture ? CHANGE_NONE :
				   !there ? CHANGE_ALL :
				   cell_differs(s, column, row) ?
				   CHANGE_SOME : CHANGE_NONE;
			count += *changed != CHANGE_NONE;
		}
	}
	return count;
}

/* ---- encoding ---- */

enum { DIGITS = 10 };                   /* of a number, at most */

/* The digits of n, which is not negative, before end.  Returns the first. */
static char *digits_before(char *end, int n)
{
	do
		*--end = (char)('0' + n % 10);
	while (n /= 10);
	return end;
}

static void put_run(struct buffer *out, int bits, int count)
{
	char text[DIGITS + 2], *end = text + sizeof(text), *from = end;
	char c = (char)(63 + bits);

	*--from = c;
	if (count > 3) {
		from = digits_before(from, count);
		*--from = '!';
	} else {
		for (int i = 1; i < count; i++)
			*--from = c;
	}
	/* nothing of a run of none */
	buffer_append(out, from, count > 0 ? (size_t)(end - from) : 0);
}

static void put_colour(struct buffer *out, int number)
{
	char text[DIGITS + 1], *end = text + sizeof(text);
	char *from = digits_before(end, number);

	*--from = '#';
	buffer_append(out, from, (size_t)(end - from));
}

/* Colours of a band: where each begins and ends; -1 not in it. */
struct band {
	int first[RASTER_COLOURS], last[RASTER_COLOURS];
	uint8_t bits[RASTER_COLOURS][TILE_BYTES_COLUMNS];
};

static void read_band(struct band *b, const uint8_t *pixel, size_t stride,
		      int width, int rows)
{
	for (int i = 0; i < RASTER_COLOURS; i++)
		b->first[i] = -1;
	for (int x = 0; x < width; x++) {
		for (int y = 0; y < rows; y++) {
			int colour = pixel[(size_t)y * stride + (size_t)x];
			uint8_t *bits;

			if (colour == RASTER_NONE)
				continue;
			bits = b->bits[colour];
			if (b->first[colour] < 0) {
				b->first[colour] = x;
				b->last[colour] = x;
				bits[x] = 0;
			}
			if (b->last[colour] < x) {
				memset(bits + b->last[colour] + 1, 0,
				       (size_t)(x - b->last[colour]));
				b->last[colour] = x;
			}
			bits[x] |= (uint8_t)(1 << y);
		}
	}
}

/* Columns of a colour that are sent in one go. */
struct piece { int colour, first, last; };

enum { PIECES_MOST = 256, CLOSE = 1, WHOLE = TILE_BYTES_COLUMNS };

/* What is sent of a band, and the colour that the terminal's pen has. */
struct pieces {
	struct piece piece[PIECES_MOST];
	int count;                      /* -1: too many */
	int pen;
};

static void add_piece(struct pieces *p, int colour, int first, int last)
{
	if (p->count == PIECES_MOST)
		p->count = -1;
	if (p->count >= 0)
		p->piece[p->count++] = (struct piece){ colour, first, last };
}

/* Those of a colour; up to `gap` columns without it go with them. */
static void split_colour(const struct band *b, int colour, int gap,
			 struct pieces *p)
{
	int first = b->first[colour], last = first;

	for (int x = first; x <= b->last[colour]; x++) {
		if (!b->bits[colour][x])
			continue;
		if (x - last - 1 > gap) {
			add_piece(p, colour, first, last);
			first = x;
		}
		last = x;
	}
	add_piece(p, colour, first, last);
}

static void find_pieces(const struct band *b, int gap, struct pieces *p)
{
	p->count = 0;
	for (int colour = 0; colour < RASTER_COLOURS && p->count >= 0;
	     colour++)
		if (b->first[colour] >= 0 && gap == WHOLE)
			add_piece(p, colour, b->first[colour],
				  b->last[colour]);
		else if (b->first[colour] >= 0)
			split_colour(b, colour, gap, p);
}

/* A piece, from x on. */
static void put_piece(const struct band *b, const struct piece *piece, int x,
		      struct buffer *out)
{
	const uint8_t *bits = b->bits[piece->colour];
	int run;

	put_run(out, 0, piece->first - x);
	for (x = piece->first; x <= piece->last; x += run) {
		for (run = 1; x + run <= piece->last &&
		     bits[x + run] == bits[x]; run++)
			;
		put_run(out, bits[x], run);
	}
}

/* Does a stand before b? */
static bool goes_before(const struct piece *a, const struct piece *b, int x,
			int pen)
{
	if (!x && (a->colour == pen) != (b->colour == pen))
		return a->colour == pen;
	return a->first < b->first;
}

/*
 * The piece that begins first, but not before x: so they stand in as few lines
 * of the band as can be.  A line begins with the colour that the pen has, if
 * it can.  -1: none.
 */
static int next_piece(const struct pieces *p, int x)
{
	int best = -1;

	for (int i = 0; i < p->count; i++)
		if (p->piece[i].first >= x &&
		    (best < 0 || goes_before(&p->piece[i], &p->piece[best], x,
					     p->pen)))
			best = i;
	return best;
}

static void put_pieces(const struct band *b, const int *number,
		       struct pieces *p, struct buffer *out)
{
	int x = 0, at;

	while (p->count > 0) {
		at = next_piece(p, x);
		if (at < 0) {
			buffer_puts(out, "$");
			x = 0;
			continue;
		}
		if (p->piece[at].colour != p->pen)
			put_colour(out, number[p->piece[at].colour]);
		p->pen = p->piece[at].colour;
		put_piece(b, &p->piece[at], x, out);
		x = p->piece[at].last + 1;
		p->piece[at] = p->piece[--p->count];
	}
}

/* What was appended since middle takes the place of what was since start. */
static void keep_second(struct buffer *out, size_t start, size_t middle)
{
	size_t length = out->length - middle;

	memmove(out->data + start, out->data + middle, length);
	out->length = start + length;
	out->data[out->length] = '\0';
}

/*
 * A band, each colour in one go; of a patch, where that is shorter, only what
 * lies close.  The pen keeps its colour from one line and band to the next.
 * Returns that of the pen.
 */
static int put_band(const struct band *b, const int *number, bool patch,
		    int pen, struct buffer *out)
{
	struct pieces whole = { .pen = pen }, apart = { .pen = pen };
	size_t start = out->length, middle;

	find_pieces(b, WHOLE, &whole);
	put_pieces(b, number, &whole, out);
	middle = out->length;
	if (patch)
		find_pieces(b, CLOSE, &apart);
	put_pieces(b, number, &apart, out);
	if (!out->failed && middle < out->length &&
	    out->length - middle < middle - start) {
		keep_second(out, start, middle);
		whole.pen = apart.pen;
	} else if (!out->failed) {
		out->length = middle;
	}
	buffer_puts(out, "-");
	return whole.pen;
}

/* Only the colours that are there, numbered from 0: palettes are small.  Returns
 * whether pixels are left out. */
static bool put_palette(const uint8_t *pixel, size_t stride, int width,
			int height, int *number, struct buffer *out)
{
	bool used[RASTER_NONE + 1] = { false };
	const struct rgb *p = raster_palette();
	int next = 0;

	for (int y = 0; y < height; y++)
		for (int x = 0; x < width; x++)
			used[pixel[(size_t)y * stride + (size_t)x]] = true;
	for (int i = 0; i < RASTER_COLOURS; i++) {
		number[i] = next;
		if (!used[i])
			continue;
		buffer_printf(out, "#%d;2;%d;%d;%d", next,
			      (p[i].r * 100 + 127) / 255,
			      (p[i].g * 100 + 127) / 255,
			      (p[i].b * 100 + 127) / 255);
		next++;
	}
	return used[RASTER_NONE];
}

void sixel_encode(const uint8_t *pixel, size_t stride, int width, int height,
		  struct buffer *out)
{
	struct band *band = mem_array(1, sizeof(*band));
	int number[RASTER_COLOURS], pen = -1;
	bool patch;

	if (!band || width > TILE_BYTES_COLUMNS) {
		free(band);
		out->failed = true;
		return;
	}
	/* 1: pixels not set stay, those below a last band of fewer rows */
	buffer_printf(out, "\033P0;1;0q\"1;1;%d;%d", width, height);
	patch = put_palette(pixel, stride, width, height, number, out);
	for (int y = 0; y < height; y += BAND) {
		read_band(band, pixel + (size_t)y * stride, stride, width,
			  height - y < BAND ? height - y : BAND);
		pen = put_band(band, number, patch, pen, out);
	}
	buffer_puts(out, "\033\\");
	free(band);
}

/* ---- tiles ---- */

static bool row_changed(const struct sixel *s, int column, int columns,
			int row)
{
	for (int x = column; x < column + columns; x++)
		if (!s->changed[row * s->columns + x])
			return false;
	return true;
}

/* A line of pixels of a cell, without those that are there. */
static void changed_line(const struct sixel *s, enum change change, size_t at,
			 uint8_t *out)
{
	size_t width = (size_t)s->cell_width;

	memcpy(out, s->pixel + at, width);
	for (size_t x = 0; x < width && change != CHANGE_ALL; x++)
		if (change == CHANGE_NONE || out[x] == s->shown[at + x])
			out[x] = RASTER_NONE;
}

/* The pixels of a tile without those that are there already; free it. */
static uint8_t *changed_pixels(const struct sixel *s, struct region cells)
{
	size_t width = (size_t)region_width(cells) * (size_t)s->cell_width;
	int height = region_height(cells) * s->cell_height;
	uint8_t *out = mem_array3(width, (size_t)height, 1, 1), *line = out;

	for (int y = 0; out && y < height; y++) {
		int row = cells.y0 + y / s->cell_height;

		for (int x = cells.x0; x < cells.x1; x++) {
			size_t at = offset(s, x, row) +
				    (size_t)(y % s->cell_height) *
				    stride_of(s);

			changed_line(s, s->changed[row * s->columns + x], at,
				     line);
			line += s->cell_width;
		}
	}
	return out;
}

/* all: what did not change, too. */
static void send_tile(struct sixel *s, struct region cells, bool all,
		      struct buffer *out)
{
	size_t at = offset(s, cells.x0, cells.y0), stride = stride_of(s);
	int width = region_width(cells) * s->cell_width;
	int height = region_height(cells) * s->cell_height;
	uint8_t *some = all ? NULL : changed_pixels(s, cells);

	out->failed = out->failed || (!all && !some);
	if (out->failed)
		return;
	buffer_printf(out, "\033[%d;%dH", cells.y0 + 1, cells.x0 + 1);
	sixel_encode(some ? some : s->pixel + at,
		     some ? (size_t)width : stride, width, height, out);
	free(some);
	for (int y = 0; y < height; y++, at += stride)
		memcpy(s->shown + at, s->pixel + at, (size_t)width);
	for (int y = cells.y0; y < cells.y1; y++)
		memset(&s->changed[y * s->columns + cells.x0], 0,
		       (size_t)region_width(cells) * sizeof(*s->changed));
}

/* The cells of a tile that are sent at most. */
static int tile_columns(const struct sixel *s)
{
	int most = s->limits.width / s->cell_width;

	return most < 1 ? 1 : most;
}

static int tile_rows(const struct sixel *s)
{
	int most = s->limits.height / s->cell_height;

	return most > TILE_ROWS ? TILE_ROWS : most < 1 ? 1 : most;
}

/* The tile that begins at a changed cell: its run, as far down as it goes. */
static struct region tile_at(const struct sixel *s, int column, int row)
{
	int most = tile_columns(s), down = tile_rows(s), columns = 1, rows = 1;

	while (columns < most && column + columns < s->columns &&
	       s->changed[row * s->columns + column + columns])
		columns++;
	while (rows < down && row + rows < s->rows &&
	       row_changed(s, column, columns, row + rows))
		rows++;
	return region_from_box(column, row, columns, rows);
}

void sixel_forget(struct sixel *s)
{
	s->stale = true;
}

static void send_changed(struct sixel *s, struct buffer *out)
{
	for (int row = 0; row < s->rows; row++)
		for (int column = 0; column < s->columns; column++)
			if (s->changed[row * s->columns + column])
				send_tile(s, tile_at(s, column, row), true,
					  out);
}

static bool is_picture(const struct sixel *s, int column, int row)
{
	return s->pixel[offset(s, column, row)] != RASTER_NONE;
}

/* Where in some cells those of the picture are, or those that changed. */
static struct region picture_cells(const struct sixel *s, struct region within,
				   bool changed)
{
	struct region all = { s->columns, s->rows, 0, 0 };

	for (int row = within.y0; row < within.y1; row++)
		for (int column = within.x0; column < within.x1; column++)
			if (changed ? s->changed[row * s->columns + column] :
				      is_picture(s, column, row))
				all = region_union(all, (struct region){
					column, row, column + 1, row + 1 });
	return all;
}

/* In as few images as can be, round text and, unless all is sent, round what
 * did not change. */
static void send_covering(struct sixel *s, struct region cells, bool all,
			  struct buffer *out)
{
	const int columns = tile_columns(s), rows = tile_rows(s);

	for (int y = cells.y0; y < cells.y1; y += rows)
		for (int x = cells.x0; x < cells.x1; x += columns) {
			struct region tile = region_intersect((struct region){
				x, y, x + columns, y + rows }, cells);

			tile = picture_cells(s, tile, !all);
			if (region_empty(tile))
				continue;
			send_tile(s, tile, all, out);
			s->images++;
		}
}

/*
 * A terminal that keeps few images forgets the oldest: its pixels stay until
 * something covered them (xterm 379 keeps 16).  So all is sent again before
 * there are too many.
 */
static void send_few(struct sixel *s, struct buffer *out)
{
	const struct region screen = { 0, 0, s->columns, s->rows };
	struct region cells = picture_cells(s, screen, true);
	int tiles = (region_width(cells) / tile_columns(s) + 1) *
		    (region_height(cells) / tile_rows(s) + 1);
	bool all = s->images + tiles > s->limits.images;

	if (all) {
		cells = picture_cells(s, screen, false);
		s->images = 0;
	}
	if (!region_empty(cells))
		send_covering(s, cells, all, out);
}

void sixel_emit(struct sixel *s, struct buffer *out)
{
	s->stale = false;
	if (s->limits.images)
		send_few(s, out);
	else
		send_changed(s, out);
}

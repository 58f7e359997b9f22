/* framed.c - letters in a drawn frame. */
#include "config.h"

#include "ocr/framed.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "ocr/prepare.h"

enum {
	AROUND = 2,             /* samples around the box that are looked at */
	BLUR = 1,               /* samples beside a stroke that it darkens */
	FULL = 90,              /* percent of a side that are ink */
	THICK = 8,              /* a stroke is this part of the box at most */
	LEAST_THICK = 2,        /* or so many samples */
	DEEP = 2,               /* samples from the end of a frame to its side */
	SLACK = 8,              /* of the box, beside the frame: such a part */
	INK_SHARE = 5,          /* percent of the box that surely are ink */
	INK_LEVEL = 35,         /* percent of it that strokes have */
	LEAST_LEVEL = 10,
	LETTERS = 3,            /* letters have this part of the height */
	LEAST_LETTER = 4,       /* samples, height */
};

/* What is looked at: how far samples stand out. */
struct look {
	struct crop crop;
	int by;                 /* samples of the plane in one of it */
	int x0, y0;             /* of the crop, in the plane */
	int level;              /* from which on a sample is ink */
	uint8_t *seen;          /* [rows][columns], ink that was followed */
	int *stack;
};

static bool is_ink(const struct look *k, int x, int y)
{
	return k->crop.grey[(size_t)y * (size_t)k->crop.columns +
			    (size_t)x] >= k->level;
}

static void set_level(struct look *k)
{
	size_t of_level[256] = { 0 }, seen = 0;
	size_t all = (size_t)k->crop.columns * (size_t)k->crop.rows;
	int v = 255;

	for (size_t i = 0; i < all; i++)
		of_level[k->crop.grey[i]]++;
	for (; v > 0; v--) {
		seen += of_level[v];
		if (100 * seen >= INK_SHARE * all)
			break;
	}
	k->level = v * INK_LEVEL / 100;
	if (k->level < LEAST_LEVEL)
		k->level = LEAST_LEVEL;
}

/* Samples of ink in row (column) `at` of the part r. */
static int count_ink(const struct look *k, struct region r, bool row, int at)
{
	int n = 0;

	for (int i = row ? r.x0 : r.y0; i < (row ? r.x1 : r.y1); i++)
		n += row ? is_ink(k, i, at) : is_ink(k, at, i);
	return n;
}

static bool is_new(const struct look *k, int x, int y)
{
	return x >= 0 && y >= 0 && x < k->crop.columns && y < k->crop.rows &&
	       is_ink(k, x, y) &&
	       !k->seen[(size_t)y * (size_t)k->crop.columns + (size_t)x];
}

/* The box of the connected ink at x, y. */
static struct region follow_ink(struct look *k, int x, int y)
{
	struct region box = { x, y, x + 1, y + 1 };
	int columns = k->crop.columns, n = 0;

	k->seen[y * columns + x] = 1;
	k->stack[n++] = y * columns + x;
	while (n) {
		int i = k->stack[--n], u = i % columns, v = i / columns;

		box = region_union(box, (struct region){ u, v, u + 1, v + 1 });
		for (int b = v - 1; b <= v + 1; b++)
			for (int a = u - 1; a <= u + 1; a++) {
				if (!is_new(k, a, b))
					continue;
				k->seen[b * columns + a] = 1;
				k->stack[n++] = b * columns + a;
			}
	}
	return box;
}

/* The largest box of connected ink; empty without ink. */
static bool largest_mark(struct look *k, struct region *best,
			 struct error *err)
{
	size_t columns = (size_t)k->crop.columns, rows = (size_t)k->crop.rows;

	*best = (struct region){ 0 };
	k->seen = mem_array(rows, columns);
	k->stack = mem_array3(rows, columns, 1, sizeof(*k->stack));
	if (!k->seen || !k->stack)
		return error_set(err, ERR_MEMORY,
				 _("no memory to read a line"));
	for (int y = 0; y < k->crop.rows; y++)
		for (int x = 0; x < k->crop.columns; x++)
			if (is_new(k, x, y)) {
				struct region r = follow_ink(k, x, y);

				if (region_area(r) > region_area(*best))
					*best = r;
			}
	return true;
}

/*
 * Where the stroke ends that runs along a side of r: rows (columns) from
 * `from` on, `step` apart, of which `full` samples are ink.  -1: there is none.
 */
static int end_of_stroke(const struct look *k, struct region r, bool row,
			 int from, int step, int full)
{
	int high = region_height(r), wide = region_width(r);
	int most = (high < wide ? high : wide) / THICK;
	int at = from, thick = 0;

	if (most < LEAST_THICK)
		most = LEAST_THICK;
	while (abs(at - from) < DEEP && count_ink(k, r, row, at) < full)
		at += step;
	while (at >= (row ? r.y0 : r.x0) && at < (row ? r.y1 : r.x1) &&
	       thick <= most && count_ink(k, r, row, at) >= full) {
		at += step;
		thick++;
	}
	return thick && thick <= most ? at : -1;
}

/* Inside of the strokes of the frame r. */
static bool find_sides(const struct look *k, struct region r,
		       struct region *within)
{
	int wide = region_width(r) * FULL / 100;
	int high = region_height(r) * FULL / 100;
	int top = end_of_stroke(k, r, true, r.y0, 1, wide);
	int bottom = end_of_stroke(k, r, true, r.y1 - 1, -1, wide);
	int left = end_of_stroke(k, r, false, r.x0, 1, high);
	int right = end_of_stroke(k, r, false, r.x1 - 1, -1, high);

	if (top < 0 || bottom < 0 || left < 0 || right < 0)
		return false;
	*within = (struct region){ left + BLUR, top + BLUR, right + 1 - BLUR,
				   bottom + 1 - BLUR };
	return within->x1 > within->x0 && within->y1 > within->y0;
}

/* The box of the ink in r. */
static struct region box_of_ink(const struct look *k, struct region r)
{
	struct region box = { r.x1, r.y1, r.x0, r.y0 };

	for (int y = r.y0; y < r.y1; y++)
		for (int x = r.x0; x < r.x1; x++)
			if (is_ink(k, x, y)) {
				box.x0 = x < box.x0 ? x : box.x0;
				box.y0 = y < box.y0 ? y : box.y0;
				box.x1 = x + 1 > box.x1 ? x + 1 : box.x1;
				box.y1 = y + 1 > box.y1 ? y + 1 : box.y1;
			}
	return box;
}

static struct region in_plane(const struct look *k, struct region r)
{
	return (struct region){ k->x0 + k->by * r.x0, k->y0 + k->by * r.y0,
				k->x0 + k->by * r.x1, k->y0 + k->by * r.y1 };
}

/* Is the frame all that there is in the line's box?  There is no room for
 * letters beside it. */
static bool is_all(const struct line *line, struct region frame)
{
	int slack = AROUND + region_height(line->box) / SLACK;

	return region_contains(region_grow(frame, slack), line->box);
}

static bool has_letters(struct region within, struct region ink)
{
	int high = region_height(ink);

	return ink.x0 > within.x0 && ink.y0 > within.y0 &&
	       ink.x1 < within.x1 && ink.y1 < within.y1 &&
	       high >= LEAST_LETTER && LETTERS * high >= region_height(within);
}

bool framed_find(const struct grey_plane *p, const struct line *line,
		 struct framed *f, struct error *err)
{
	enum polarity polarity = prepare_polarity(p, line);
	struct region around = region_grow(line->box, AROUND), within, ink;
	struct region mark, frame;
	struct look k = { .x0 = around.x0, .y0 = around.y0 };
	bool ok;

	*f = (struct framed){ .line = *line };
	if (line->vertical)
		return true;
	if (!prepare_contrast(p, around, region_height(line->box), polarity,
			      &k.crop, &k.by, err))
		return false;
	set_level(&k);
	ok = largest_mark(&k, &mark, err);
	frame = in_plane(&k, mark);
	if (ok && is_all(line, frame) && find_sides(&k, mark, &within)) {
		ink = box_of_ink(&k, within);
		f->found = has_letters(within, ink);
		f->within = region_clip(in_plane(&k, within), p->columns,
					p->rows);
		f->frame = region_clip(region_grow(frame, BLUR * k.by),
				       p->columns, p->rows);
		f->line.box = in_plane(&k, ink);
		memset(f->line.seen, 0, sizeof(f->line.seen));
		f->line.seen[polarity] = f->line.box;
	}
	free(k.seen);
	free(k.stack);
	crop_done(&k.crop);
	return ok;
}

static int within(int v, int least, int end)
{
	return v < least ? least : v >= end ? end - 1 : v;
}

bool framed_hide(const struct framed *f, uint8_t *grey, size_t stride,
		 uint8_t **saved, struct error *err)
{
	size_t wide = (size_t)region_width(f->frame);

	*saved = mem_array((size_t)region_height(f->frame), wide);
	if (!*saved)
		return error_set(err, ERR_MEMORY,
				 _("no memory to read a line"));
	for (int y = f->frame.y0; y < f->frame.y1; y++)
		memcpy(*saved + (size_t)(y - f->frame.y0) * wide,
		       grey + (size_t)y * stride + f->frame.x0, wide);
	for (int y = f->frame.y0; y < f->frame.y1; y++)
		for (int x = f->frame.x0; x < f->frame.x1; x++)
			grey[(size_t)y * stride + (size_t)x] =
				grey[(size_t)within(y, f->within.y0,
						    f->within.y1) * stride +
				     (size_t)within(x, f->within.x0,
						    f->within.x1)];
	return true;
}

void framed_show(const struct framed *f, uint8_t *grey, size_t stride,
		 uint8_t *saved)
{
	size_t wide = (size_t)region_width(f->frame);

	for (int y = f->frame.y0; y < f->frame.y1; y++)
		memcpy(grey + (size_t)y * stride + f->frame.x0,
		       saved + (size_t)(y - f->frame.y0) * wide, wide);
	free(saved);
}

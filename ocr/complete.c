/* complete.c - the ends of lines that were missed. */
#include "config.h"

#include "ocr/complete.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "ocr/bits.h"
#include "ocr/ints.h"
#include "ocr/prepare.h"
#include "ocr/tophat.h"

enum {
	LEAST_HEIGHT = 5, LEAST_WIDTH = 4,      /* across, down */
	MOST_HEIGHT = 160,
	SMALL_HEIGHT = 40,      /* higher lines are looked at made smaller */
	FAR = 8,                /* heights looked at beyond an end */
	STRIPS = 8,             /* of these, while letters go on */
	LEAST_LEVEL = 10,       /* levels that a mark stands out by */
	LEVELS = 256,
	MOST_PART = 7,          /* sixths of what letters stand out by */
	MOST_MARKS = 2000,      /* of one strip: more is noise */
	SURE_LINE = 4,          /* score */
	SURE_DOWN = 2,          /* of one that runs down, hardly ever texture */
	MOST_WEAK = 16,         /* pixels: what is larger is seen by itself, and
				   texture rather */
	LEAST_WEAK = -1,        /* score: of lines with less few are text */
	SEEN_WEAK = 3,          /* a third was seen at least: texture goes on
				   and on */
	COLUMN = 3,             /* times as high as wide: letters, not one */
};

/* ---- what hides a letter ---- */

/* The grey value that `share` hundredths of the pixels reach. */
static int level_above(const struct grey_plane *p, struct region r, int share)
{
	long count[LEVELS] = { 0 }, seen = 0, all = (long)region_area(r);
	int v = LEVELS - 1;

	for (int y = r.y0; y < r.y1; y++)
		for (int x = r.x0; x < r.x1; x++)
			count[p->grey[y * p->stride + x]]++;
	for (; v > 0; v--) {
		seen += count[v];
		if (100 * seen >= share * all)
			break;
	}
	return v;
}

/* Ground of this grey, or beyond it, hides letters like those of the line. */
static int ink_of(const struct grey_plane *p, const struct line *l, bool dark)
{
	int letter = level_above(p, l->box, dark ? 92 : 8);
	int ground = level_above(p, l->box, 50);

	return ground + 2 * (letter - ground) / 3;
}

static bool is_sure(const struct line *l)
{
	return l->score > (l->vertical ? SURE_DOWN : SURE_LINE);
}

/* ---- the strip around a line ---- */

/*
 * A line with half its height above and below and FAR heights to either side,
 * lying down (one that runs down is turned), 1 / step of its size.
 */
struct strip {
	struct region region;           /* of the plane */
	bool down;
	int step;
	int columns, rows;              /* of the strip */
	int top, bottom;                /* rows of the line */
	int start, end;                 /* columns of the line */
	uint8_t *grey, *marked;         /* [rows][columns], owned; behind the
					   last row of marked room for BITS */
	int level;                      /* by which a letter stands out */
	int blank;                      /* columns between two letters */
	bool dark;
	int ink;                        /* grey that hides letters */
	const struct line *line;
	struct region *other;           /* sure lines in it, owned; they keep
					   their letters */
	size_t others, capacity;
};

static void strip_done(struct strip *s)
{
	free(s->other);
	free(s->grey);
	free(s->marked);
}

/*
 * The line, as wide as its letters: of what runs down pieces of the ground may
 * have made it half as wide again as the row that it has its score of.
 */
static struct region letters_box(const struct line *l)
{
	struct region r = l->box;

	if (l->vertical && !region_empty(l->own) &&
	    3 * region_width(l->own) < 2 * region_width(r)) {
		r.x0 = imax(r.x0, l->own.x0);
		r.x1 = imin(r.x1, l->own.x1);
	}
	return region_empty(r) ? l->box : r;
}

/* The part of the plane that a strip shows, and what becomes of the line. */
static void place_strip(struct strip *s, const struct grey_plane *p,
			const struct line *l)
{
	const struct region box = letters_box(l);
	struct region r = box;
	int high = l->vertical ? region_width(r) : region_height(r);
	int along = FAR * high, across = (high + 1) / 2;

	s->down = l->vertical;
	s->step = high > 2 * SMALL_HEIGHT ? 4 : high > SMALL_HEIGHT ? 2 : 1;
	if (s->down)
		r = (struct region){ r.x0 - across, r.y0 - along,
				     r.x1 + across, r.y1 + along };
	else
		r = (struct region){ r.x0 - along, r.y0 - across,
				     r.x1 + along, r.y1 + across };
	s->region = region_clip(r, p->columns, p->rows);
	r = region_move(box, -s->region.x0, -s->region.y0);
	s->start = (s->down ? r.y0 : r.x0) / s->step;
	s->end = (s->down ? r.y1 : r.x1) / s->step;
	s->top = (s->down ? r.x0 : r.y0) / s->step;
	s->bottom = (s->down ? r.x1 : r.y1) / s->step;
	s->columns = (s->down ? region_height(s->region) :
				region_width(s->region)) / s->step;
	s->rows = (s->down ? region_width(s->region) :
			     region_height(s->region)) / s->step;
}

/* The mean of the step x step pixels of the plane under a strip's pixel. */
static uint8_t grey_of(const struct strip *s, const struct grey_plane *p,
		       int column, int row)
{
	int x0 = s->region.x0 + s->step * (s->down ? row : column);
	int y0 = s->region.y0 + s->step * (s->down ? column : row);
	int sum = 0;

	for (int y = y0; y < y0 + s->step; y++)
		for (int x = x0; x < x0 + s->step; x++)
			sum += p->grey[y * p->stride + x];
	return (uint8_t)(sum / (s->step * s->step));
}

static void fill_strip(struct strip *s, const struct grey_plane *p)
{
	const uint8_t *from = p->grey + s->region.y0 * p->stride +
			      s->region.x0;

	for (int y = 0; y < s->rows; y++) {
		uint8_t *row = s->grey + y * s->columns;

		if (s->step == 1 && !s->down)
			memcpy(row, from + y * p->stride, (size_t)s->columns);
		else if (s->step == 1)
			for (int x = 0; x < s->columns; x++)
				row[x] = from[x * p->stride + y];
		else
			for (int x = 0; x < s->columns; x++)
				row[x] = grey_of(s, p, x, y);
	}
}

/* False: no memory.  s->columns is 0 for a line that has no strip. */
static bool make_strip(struct strip *s, const struct grey_plane *p,
		       const struct line *l, enum polarity polarity)
{
	struct grey_plane own;
	size_t size;

	place_strip(s, p, l);
	if (s->columns < 4 || s->rows < 4 || s->end > s->columns ||
	    s->bottom > s->rows) {
		s->columns = 0;
		return true;
	}
	size = (size_t)s->columns * (size_t)s->rows;
	s->grey = mem_array(size, 1);
	s->marked = mem_array(size + BITS, 1);
	if (!s->grey || !s->marked)
		return false;
	fill_strip(s, p);
	own = (struct grey_plane){ s->grey, s->columns, s->rows, s->columns };
	tophat(&own, polarity == POLARITY_DARK, s->marked);
	return true;
}

/* The other sure lines that reach into the strip.  False: no memory. */
static bool find_others(struct strip *s, const struct line_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct line *k = &list->line[i];

		if (k == s->line || k->score <= SURE_LINE ||
		    region_empty(region_intersect(s->region, k->box)))
			continue;
		if (!mem_grow(&s->other, &s->capacity, s->others,
			      sizeof(*s->other)))
			return false;
		s->other[s->others++] = k->box;
	}
	return true;
}

/* What the brightest sixth of the line stands out by, on the mean: letters
 * fill about that much of their box. */
static int level_of(const struct strip *s)
{
	long count[LEVELS] = { 0 }, left, sum = 0, taken = 0;

	for (int y = s->top; y < s->bottom; y++)
		for (int x = s->start; x < s->end; x++)
			count[s->marked[y * s->columns + x]]++;
	left = (long)(s->bottom - s->top) * (s->end - s->start) / 6;
	for (int v = LEVELS - 1; v > 0 && left > 0; v--) {
		long some = count[v] < left ? count[v] : left;

		sum += some * v;
		taken += some;
		left -= some;
	}
	return taken ? (int)(sum / taken) : 0;
}

/* ---- marks ---- */

struct mark { int x0, y0, x1, y1; };

/* A connected mark (eight neighbours), or a part of one. */
struct piece {
	struct mark box;
	int parent;                     /* itself, or one before it */
	bool more;                      /* it goes on where none is looked for */
};

struct run {
	int x0, x1, piece;
};

/* Where letters begin and end, in columns. */
struct span { int from, to; };

/* What the search for letters needs, kept from line to line. */
struct work {
	struct mark *letter;            /* [MOST_MARKS] */
	struct span *span;              /* [MOST_MARKS] */
	struct piece *piece;
	size_t count, capacity;
	struct run *above, *here;       /* runs of two rows, of `wide` */
	int above_count, here_count;
	int *edge;                      /* [wide + BITS] */
	uint8_t *bound;                 /* [wide + BITS] */
	int wide;                       /* columns that there is room for */
};

static void work_done(struct work *w)
{
	free(w->letter);
	free(w->span);
	free(w->piece);
	free(w->above);
	free(w->here);
	free(w->edge);
	free(w->bound);
}

/* Make room for rows of so many columns. */
static bool widen_work(struct work *w, int columns)
{
	size_t wide = (size_t)columns;

	if (columns <= w->wide)
		return true;
	free(w->above);
	free(w->here);
	free(w->edge);
	free(w->bound);
	w->above = mem_array(wide / 2 + 1, sizeof(*w->above));
	w->here = mem_array(wide / 2 + 1, sizeof(*w->here));
	w->edge = mem_array(wide + BITS, sizeof(*w->edge));
	w->bound = mem_array(wide + BITS, 1);
	w->wide = w->above && w->here && w->edge && w->bound ? columns : 0;
	return w->wide > 0;
}

/* What of row y exceeds w->bound, as runs. */
static void find_runs(const struct strip *s, int y, struct work *w)
{
	const uint8_t *row = s->marked + y * s->columns;
	bool last = false;
	int n = 0;

	for (int x = 0; x < s->columns; x += BITS) {
		uint64_t bits = bits_first(bits_above(row + x, w->bound + x),
					   s->columns - x);

		n += bits_edges(bits_changes(bits, last), x,
				w->edge + n);
		last = bits >> (BITS - 1);
	}
	w->edge[n] = s->columns;
	w->here_count = (n + 1) / 2;
	for (int i = 0; i < w->here_count; i++)
		w->here[i] = (struct run){ w->edge[2 * i], w->edge[2 * i + 1],
					   0 };
}

static int first_piece(const struct work *w, int i)
{
	while (w->piece[i].parent != i)
		i = w->piece[i].parent;
	return i;
}

/* Add piece b to piece a; the earlier one stays.  Returns it. */
static int join_pieces_of(struct work *w, int a, int b)
{
	int to = imin(a, b);
	struct piece *p = &w->piece[to], *q = &w->piece[imax(a, b)];

	if (a == b)
		return to;
	p->box.x0 = imin(p->box.x0, q->box.x0);
	p->box.y0 = imin(p->box.y0, q->box.y0);
	p->box.x1 = imax(p->box.x1, q->box.x1);
	p->box.y1 = imax(p->box.y1, q->box.y1);
	p->more |= q->more;
	q->parent = to;
	return to;
}

/* The piece of a run of row y that touches none above. */
static bool new_piece(struct work *w, int y, const struct run *r, int *piece)
{
	if (!mem_grow(&w->piece, &w->capacity, w->count, sizeof(*w->piece)))
		return false;
	*piece = (int)w->count;
	w->piece[w->count++] = (struct piece){ { r->x0, y, r->x1, y + 1 },
					       *piece, false };
	return true;
}

/* Tell the pieces of the runs of row y by those of the row above it. */
static bool add_runs(struct work *w, int y)
{
	int from = 0;

	for (int i = 0; i < w->here_count; i++) {
		struct run *r = &w->here[i];
		int piece = -1;

		while (from < w->above_count && w->above[from].x1 < r->x0)
			from++;
		for (int k = from;
		     k < w->above_count && w->above[k].x0 <= r->x1; k++) {
			int other = first_piece(w, w->above[k].piece);

			piece = piece < 0 ? other :
					    join_pieces_of(w, piece, other);
		}
		if (piece < 0 && !new_piece(w, y, r, &piece))
			return false;
		r->piece = piece;
		w->piece[piece].box.x0 = imin(w->piece[piece].box.x0, r->x0);
		w->piece[piece].box.x1 = imax(w->piece[piece].box.x1, r->x1);
		w->piece[piece].box.y1 = y + 1;
	}
	return true;
}

static void next_row(struct work *w)
{
	struct run *swap = w->above;

	w->above = w->here;
	w->above_count = w->here_count;
	w->here = swap;
}

/* Those of w->above that touch runs of the next row, which none looks at. */
static void note_more(const struct strip *s, int y, struct work *w)
{
	int from = 0;

	if (y < 0 || y >= s->rows)
		return;
	find_runs(s, y, w);
	for (int i = 0; i < w->here_count; i++) {
		const struct run *r = &w->here[i];

		while (from < w->above_count && w->above[from].x1 < r->x0)
			from++;
		for (int k = from;
		     k < w->above_count && w->above[k].x0 <= r->x1; k++)
			w->piece[first_piece(w, w->above[k].piece)].more =
				true;
	}
}

/*
 * The marks that stand out by `least` of rows y0 to y1 - 1, in the order of
 * their first pixels.
 */
static bool find_pieces(const struct strip *s, int y0, int y1, int least,
			struct work *w)
{
	w->count = 0;
	w->above_count = 0;
	memset(w->bound, least - 1, (size_t)s->columns + BITS);
	for (int y = y0; y < y1; y++) {
		find_runs(s, y, w);
		if (!add_runs(w, y))
			return false;
		next_row(w);
		if (y == y0)
			note_more(s, y - 1, w);
	}
	note_more(s, y1, w);
	return true;
}

static struct region in_plane(const struct strip *s, const struct mark *m)
{
	struct region r = { m->x0, m->y0, m->x1, m->y1 };

	if (s->down)
		r = (struct region){ m->y0, m->x0, m->y1, m->x1 };
	r = (struct region){ r.x0 * s->step, r.y0 * s->step, r.x1 * s->step,
			     r.y1 * s->step };
	return region_move(r, s->region.x0, s->region.y0);
}

/* Does it begin and end where the line does? */
static bool lies_within(const struct strip *s, const struct mark *m)
{
	return m->x0 >= s->start - 1 && m->x1 <= s->end + 1;
}

/* Is it a letter of another line, a sure one?  Lines may touch. */
static bool is_others(const struct strip *s, const struct mark *m)
{
	struct region r = in_plane(s, m);

	if (lies_within(s, m))
		return false;
	for (size_t i = 0; i < s->others; i++)
		if (4 * region_area(region_intersect(r, s->other[i])) >
		    region_area(r))
			return true;
	return false;
}

/* A figure one, or a long mark, in a line that runs down: as thin as a stroke,
 * about as long as other letters, and in the middle. */
static bool is_thin_letter(const struct strip *s, const struct mark *m)
{
	int high = s->bottom - s->top;
	int off = m->y0 + m->y1 - s->top - s->bottom;

	return s->down && 2 * (m->x1 - m->x0) >= high &&
	       2 * abs(off) <= high;
}

/* Has it the size of a letter of the line? */
static bool fits(const struct strip *s, const struct mark *m)
{
	int high = s->bottom - s->top;

	return m->x1 - m->x0 <= 2 * high &&
	       (10 * (m->y1 - m->y0) >= 4 * high || is_thin_letter(s, m));
}

/*
 * A kanji one, or a stroke of a two, at an end of a line that runs across:
 * flat, about as wide as other letters, and near the middle.
 */
static bool is_flat_letter(const struct strip *s, const struct mark *m)
{
	int high = s->bottom - s->top, wide = m->x1 - m->x0;
	int off = m->y0 + m->y1 - s->top - s->bottom;

	return !s->down && !lies_within(s, m) && 2 * wide >= high &&
	       10 * wide <= 12 * high && wide >= 3 * (m->y1 - m->y0) &&
	       3 * abs(off) <= 2 * high;
}

/* Add those that stand out by `least` and lie in the rows of the line, or a
 * quarter of its height beside them.  *n: how many there are. */
static bool add_letters(const struct strip *s, int least, struct work *w,
			size_t *n)
{
	int slack = imax(1, (s->bottom - s->top) / 4);
	int y0 = imax(1, s->top - slack);
	int y1 = imin(s->rows - 1, s->bottom + slack);

	if (!find_pieces(s, y0, y1, least, w))
		return false;
	for (size_t i = 0; i < w->count && *n < MOST_MARKS; i++) {
		const struct piece *p = &w->piece[i];

		if (p->parent == (int)i && !p->more &&
		    (fits(s, &p->box) || is_flat_letter(s, &p->box)) &&
		    !is_others(s, &p->box))
			w->letter[(*n)++] = p->box;
	}
	return true;
}

/* Marks that may be letters of the line.  What touches a stronger edge, or a
 * stripe below it, at one level is free of it at the next. */
static bool letters_of(const struct strip *s, struct work *w, size_t *n)
{
	bool ok = widen_work(w, s->columns);

	*n = 0;
	for (int part = 2; ok && part <= MOST_PART; part++)
		ok = add_letters(s, imin(imax(LEAST_LEVEL,
					      s->level * part / 6),
					 LEVELS - 1), w, n);
	if (*n == MOST_MARKS)
		*n = 0;
	return ok;
}

/* Would letters not be seen in a third of the columns from..to - 1? */
static bool hides(const struct strip *s, int from, int to)
{
	int hidden = 0;

	for (int y = s->top; y < s->bottom; y++)
		for (int x = from; x < to; x++) {
			int grey = s->grey[y * s->columns + x];

			hidden += s->dark ? grey <= s->ink : grey >= s->ink;
		}
	return 3 * hidden >= (s->bottom - s->top) * (to - from);
}

static int rising(const void *a, const void *b)
{
	const struct span *p = a, *q = b;

	return p->from != q->from ? p->from - q->from : q->to - p->to;
}

/*
 * The letters of the line in their order.  In one that runs down what lies
 * within another is a part of it: a stroke, or found at a higher level.  (Of
 * narrow letters across two may touch.)  How many there are.
 */
static size_t letters_within(const struct strip *s, const struct work *w,
			     size_t n)
{
	struct span *span = w->span;
	size_t all = 0, kept = 0;

	for (size_t i = 0; i < n; i++)
		if (lies_within(s, &w->letter[i]))
			span[all++] = (struct span){ w->letter[i].x0,
						     w->letter[i].x1 };
	if (all)
		qsort(span, all, sizeof(*span), rising);
	for (size_t i = 0; i < all; i++)
		if (!s->down || !kept || span[i].to > span[kept - 1].to)
			span[kept++] = span[i];
	return kept;
}

/*
 * How far apart letters of the line begin, the median; 0 when they are few or
 * set so far apart that it may be none: half-width kana that run down are up to
 * 8/3 as far apart as they are wide, and some fill less of their place.
 */
static int pitch_of(const struct strip *s, const struct work *w, size_t n)
{
	int high = s->bottom - s->top, same = imax(1, high / 8), pitch;
	size_t letters = letters_within(s, w, n), steps = 0;
	struct span *span = w->span;

	for (size_t i = 1; i < letters; i++) {
		int step = span[i].from - span[i - 1].from;

		if (step > same)
			span[steps++].from = step;
	}
	if (steps < 2)
		return 0;
	for (size_t i = 0; i < steps; i++)
		span[i].to = 0;
	qsort(span, steps, sizeof(*span), rising);
	pitch = span[(steps - (s->down ? 1 : 0)) / 2].from;
	return 3 * pitch <= (s->down ? 8 : 4) * high ? pitch : 0;
}

/*
 * How far letters may stand apart: by their height; in a sure line by a blank
 * as wide as a kanji, or as a letter of a fixed width after a narrow one.  In
 * one that runs down a stop takes a whole place, and figures leave more of
 * theirs free.
 */
static int blank_of(const struct strip *s, const struct work *w, size_t n)
{
	int high = s->bottom - s->top;

	return !is_sure(s->line) ? high :
	       imax(s->down ? 2 * high : 3 * high / 2,
		    9 * pitch_of(s, w, n) / 4);
}

/* The same of faint ink, which may be any part of a line: a family name. */
static int weak_blank(const struct strip *s, const struct work *w, size_t n)
{
	return imax(2 * (s->bottom - s->top), 9 * pitch_of(s, w, n) / 4);
}

/*
 * Is there hardly anything in the rows of the line, as between words?  A stop
 * may stand in the lower third; in a line that runs down, anywhere.
 */
static bool is_blank(const struct strip *s, int from, int to)
{
	int level = imax(LEAST_LEVEL, s->level / 2), seen = 0;
	int third = s->down ? 0 : (s->bottom - s->top) / 3;
	int top = s->top + third, bottom = s->bottom - third;

	for (int y = top; y < bottom; y++)
		for (int x = from; x < to; x++)
			seen += s->marked[y * s->columns + x] >= level;
	return (s->down ? 20 : 50) * seen <= (bottom - top) * (to - from);
}

/* Do letters that end at column `end` go on at `next`? */
static bool go_on(const struct strip *s, int end, int next)
{
	int high = s->bottom - s->top;

	return next <= end + high ||
	       (next <= end + s->blank && is_blank(s, end, next)) ||
	       (2 * (next - end) <= 5 * high && hides(s, end, next));
}

/* How far letters go on from the ends. */
static void follow(struct strip *s, const struct mark *letter, size_t n)
{
	int high = s->bottom - s->top;
	bool longer = true;

	while (longer) {
		longer = false;
		for (size_t i = 0; i < n; i++) {
			const struct mark *m = &letter[i];

			if (m->x1 > s->end && m->x0 >= s->end - high &&
			    go_on(s, s->end, m->x0)) {
				s->end = m->x1;
				longer = true;
			}
			if (m->x0 < s->start && m->x1 <= s->start + high &&
			    go_on(s, m->x1, s->start)) {
				s->start = m->x0;
				longer = true;
			}
		}
	}
}

static struct region stretched(const struct strip *s, struct region box)
{
	struct region r = s->region, longer;

	if (s->down)
		longer = (struct region){ box.x0, r.y0 + s->start * s->step,
					  box.x1, r.y0 + s->end * s->step };
	else
		longer = (struct region){ r.x0 + s->start * s->step, box.y0,
					  r.x0 + s->end * s->step, box.y1 };
	return region_union(box, longer);
}

/* ---- lines that stay ---- */

/* What a line was, what stood around it, and what it became. */
struct completed {
	struct line was;
	bool waits;                     /* it was not looked at */
	struct region box, seen[POLARITIES];
};

void complete_memory_done(struct complete_memory *m)
{
	free(m->line);
	*m = (struct complete_memory){ 0 };
}

void complete_memory_next(struct complete_memory *m, double wait,
			  const struct views *before)
{
	m->wait = wait;
	m->before = before;
	m->count -= m->old;
	if (m->old && m->count)
		memmove(m->line, m->line + m->old,
			m->count * sizeof(*m->line));
	m->old = m->count;
}

/* Are all pixels that decide as they were in the frame before? */
static bool stays_around(const struct views *before,
			 const struct grey_plane *p, const struct line *l)
{
	struct strip s = { .line = l };
	struct grey_plane was;
	size_t n;

	if (!before || before->count <= l->view ||
	    before->columns != p->columns || before->rows != p->rows)
		return false;
	was = views_plane(before, l->view);
	place_strip(&s, p, l);
	n = (size_t)region_width(s.region);
	for (int y = s.region.y0; y < s.region.y1; y++)
		if (memcmp(p->grey + y * p->stride + s.region.x0,
			   was.grey + y * was.stride + s.region.x0, n) != 0)
			return false;
	return true;
}

static bool same_line(const struct line *a, const struct line *b)
{
	return a->view == b->view && a->vertical == b->vertical &&
	       region_equal(a->box, b->box) &&
	       region_equal(a->seen[0], b->seen[0]) &&
	       region_equal(a->seen[1], b->seen[1]);
}

static const struct completed *find_same(const struct complete_memory *m,
					 const struct grey_plane *p,
					 const struct line *l)
{
	for (size_t i = 0; i < m->old; i++)
		if (same_line(&m->line[i].was, l))
			return stays_around(m->before, p, l) ? &m->line[i] :
							       NULL;
	return NULL;
}

/* Did letters go on to where the strip ends? */
static bool goes_beyond(const struct strip *s)
{
	int high = s->bottom - s->top;

	return s->start < high || s->end > s->columns - high;
}

/* A line and what follows its ends. */
struct ends {
	struct region box;              /* empty when it has no strip */
	bool beyond;                    /* it may go on farther than was looked
					   at */
};

/* weak: as far as faint ink may go on. */
static bool find_ends(const struct grey_plane *p,
		      const struct line_list *list, const struct line *l,
		      enum polarity polarity, bool weak, struct work *w,
		      struct ends *ends)
{
	struct strip s = { .line = l };
	bool ok = make_strip(&s, p, l, polarity) && find_others(&s, list);
	size_t n;

	*ends = (struct ends){ .beyond = false };
	if (ok && s.columns) {
		s.level = level_of(&s);
		s.dark = polarity == POLARITY_DARK;
		s.ink = ink_of(p, l, s.dark);
		ok = letters_of(&s, w, &n);
	}
	if (ok && s.columns) {
		s.blank = weak ? weak_blank(&s, w, n) : blank_of(&s, w, n);
		follow(&s, w->letter, n);
		ends->box = stretched(&s, l->box);
		ends->beyond = goes_beyond(&s) &&
			       !region_equal(ends->box, l->box);
	}
	strip_done(&s);
	return ok;
}

/* *beyond: it may go on farther than was looked at. */
static bool stretch(const struct grey_plane *p, const struct line_list *list,
		    struct line *l, struct work *w, bool *beyond)
{
	enum polarity polarity = prepare_polarity(p, l);
	struct ends ends;

	if (!find_ends(p, list, l, polarity, false, w, &ends))
		return false;
	*beyond = ends.beyond;
	if (!region_empty(ends.box)) {
		l->box = ends.box;
		l->seen[polarity] = region_union(l->seen[polarity], l->box);
	}
	return true;
}

static bool complete_anew(const struct grey_plane *p,
			  const struct line_list *list, struct line *l,
			  struct work *w)
{
	int most = is_sure(l) ? STRIPS : 1;
	bool beyond = true;

	for (int i = 0; i < most && beyond; i++)
		if (!stretch(p, list, l, w, &beyond))
			return false;
	return true;
}

/* By what is remembered, where there is such a line. */
static bool complete_line(const struct grey_plane *p,
			  const struct line_list *list, struct line *l,
			  struct work *w, struct complete_memory *m)
{
	const struct completed *same;
	struct completed now = { .was = *l };

	if (!m)
		return complete_anew(p, list, l, w);
	same = find_same(m, p, l);
	now.waits = !same && l->score <= m->wait;
	if (same && !same->waits) {
		l->box = same->box;
		memcpy(l->seen, same->seen, sizeof(l->seen));
	} else if (!now.waits && !complete_anew(p, list, l, w)) {
		return false;
	}
	if (!mem_grow(&m->line, &m->capacity, m->count, sizeof(*m->line)))
		return false;
	now.box = l->box;
	memcpy(now.seen, l->seen, sizeof(now.seen));
	m->line[m->count++] = now;
	return true;
}

static bool is_whole(const struct line *l, int view, double least)
{
	int high = l->vertical ? region_width(l->box) :
				 region_height(l->box);

	return l->view != view || l->score <= least ||
	       high < (l->vertical ? LEAST_WIDTH : LEAST_HEIGHT) ||
	       high > MOST_HEIGHT;
}

/* ---- one letter of a column ---- */

/* Of a line that was turned: it may grow another way, which merging tells. */
static const struct region reach_anew;

/* One letter, or so: it may run either way. */
static bool is_square(const struct line *l)
{
	int w = region_width(l->box), h = region_height(l->box);

	return 10 * w <= 15 * h && 10 * h <= 15 * w;
}

/* Does it lie in a line that runs down? */
static bool is_of_column(const struct line_list *list, const struct line *l)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct line *k = &list->line[i];

		if (k->vertical && k->score > 0 &&
		    2 * region_area(region_intersect(k->box, l->box)) >
			    region_area(l->box))
			return true;
	}
	return false;
}

/* What looks like one letter, and stayed so, runs down when letters go on above
 * or below it. */
static bool turn_down(const struct grey_plane *p, const struct line_list *list,
		      struct line *l, struct work *w)
{
	struct line down = *l;

	if (l->vertical || l->score <= SURE_DOWN || !is_square(l) ||
	    is_of_column(list, l))
		return true;
	down.vertical = true;
	down.reach = reach_anew;
	if (!complete_anew(p, list, &down, w))
		return false;
	if (region_height(down.box) >= COLUMN * region_width(down.box))
		*l = down;
	return true;
}

/* The same for what better lines held: a letter of a column, taken for one of a
 * row with the texture beside it. */
static bool turn_gone(const struct grey_plane *p, int view,
		      struct line_list *list, struct work *w)
{
	for (size_t i = 0; list->gone && i < list->gone->count; i++) {
		struct line l = list->gone->line[i];

		if (l.view != view || l.vertical)
			continue;
		if (!turn_down(p, list, &l, w))
			return false;
		if (!l.vertical)
			continue;
		if (!mem_grow(&list->line, &list->capacity, list->count,
			      sizeof(*list->line)))
			return false;
		list->line[list->count++] = l;
	}
	return true;
}

/* ---- pieces of one row ---- */

static int across(struct region r, bool down)
{
	return down ? region_width(r) : region_height(r);
}

/* The pixels between a and what follows it; empty when that is no piece of
 * the same row: too far away, too large or too small, or beside it. */
static struct region gap_between(struct region a, struct region b, bool down)
{
	struct region r = region_union(a, b);
	int low = imin(across(a, down), across(b, down)), wide, common;

	if (down) {
		r.y0 = a.y1;
		r.y1 = b.y0;
		wide = region_height(r);
		common = imin(a.x1, b.x1) - imax(a.x0, b.x0);
	} else {
		r.x0 = a.x1;
		r.x1 = b.x0;
		wide = region_width(r);
		common = imin(a.y1, b.y1) - imax(a.y0, b.y0);
	}
	if (region_empty(r) || 2 * wide > 7 * low || 10 * common < 7 * low ||
	    10 * imax(across(a, down), across(b, down)) > 13 * low)
		return (struct region){ 0 };
	return r;
}

/* Would letters like those of the line not be seen in a third of the gap? */
static bool gap_hides(const struct grey_plane *p, const struct line *l,
		      struct region gap)
{
	bool dark = prepare_polarity(p, l) == POLARITY_DARK;
	int ink = ink_of(p, l, dark);
	int level = level_above(p, gap, dark ? 67 : 33);

	return dark ? level <= ink : level >= ink;
}

/* Of a line that runs down digits are half as wide as kanji, and blanks as
 * high: is b, narrower or wider, right below a?  What lies over the end of a
 * is no next letter. */
static bool follows_below(struct region a, struct region b)
{
	int wide = imax(region_width(a), region_width(b));
	int narrow = imin(region_width(a), region_width(b));
	int common = imin(a.x1, b.x1) - imax(a.x0, b.x0);

	return 10 * common >= 8 * narrow && 10 * narrow >= 3 * wide &&
	       b.y0 > a.y0 && b.y1 > a.y1 && 2 * (b.y0 - a.y1) <= 3 * wide &&
	       2 * (a.y1 - b.y0) <= narrow;
}

/* Does l run down, or is no larger than a letter of a column as wide as k? */
static bool is_in_column(const struct line *l, const struct line *k)
{
	int wide = region_width(k->box);

	return l->vertical || is_square(l) ||
	       (10 * region_width(l->box) <= 13 * wide &&
		10 * region_height(l->box) <= 13 * wide);
}

/* Is b the next piece of the row of a? */
static bool goes_with(const struct grey_plane *p, const struct line *a,
		      const struct line *b)
{
	bool down = a->vertical || b->vertical;
	struct region gap;

	if (down && is_in_column(a, b) && is_in_column(b, a) &&
	    follows_below(a->box, b->box))
		return true;
	if (a->vertical != b->vertical)
		return false;
	gap = gap_between(a->box, b->box, down);
	return !region_empty(gap) && gap_hides(p, a, gap);
}

/* Make line a longer by the pieces of its row, in the order of the list. */
static void join_pieces(const struct grey_plane *p, struct line *a,
			double least, const struct line_list *list)
{
	bool turned = false;

	for (size_t k = 0; k < list->count; k++) {
		const struct line *b = &list->line[k];

		if (b->score <= least || !goes_with(p, a, b))
			continue;
		turned |= a->vertical != b->vertical;
		if (b->score > a->score) {
			a->score = b->score;
			a->marks = imax(a->marks, b->marks);
		}
		a->vertical = a->vertical || b->vertical;
		a->box = region_union(a->box, b->box);
		a->reach = region_union(a->reach, b->reach);
	}
	if (turned)
		a->reach = reach_anew;
}

bool lines_complete(const struct grey_plane *p, int view, double least,
		    struct line_list *list, struct complete_memory *m,
		    const struct telling *telling, struct error *err)
{
	struct work w = {
		.letter = mem_array(MOST_MARKS, sizeof(*w.letter)),
		.span = mem_array(MOST_MARKS, sizeof(*w.span)) };
	bool ok = w.letter && w.span;

	for (size_t i = 0; ok && i < list->count; i++) {
		ok = is_whole(&list->line[i], view, least) ||
		     (complete_line(p, list, &list->line[i], &w, m) &&
		      (m || turn_down(p, list, &list->line[i], &w)));
		telling_word(telling);
	}
	ok = ok && (m || turn_gone(p, view, list, &w));
	work_done(&w);
	if (!ok)
		return error_set(err, ERR_MEMORY,
				 _("no memory to look for text"));
	for (size_t i = 0; i < list->count; i++) {
		struct line *a = &list->line[i];

		if (a->view == view && a->score > least)
			join_pieces(p, a, least, list);
		telling_word(telling);
	}
	return lines_merge(list, &(struct line_list){ 0 }, err);
}

/* ---- faint ink ---- */

static int along(struct region r, bool down)
{
	return down ? region_height(r) : region_width(r);
}

/* Is it no sure line, but may be one of small letters? */
static bool is_weak(const struct line *l)
{
	return l->score >= LEAST_WEAK && l->score <= SURE_LINE &&
	       across(l->box, l->vertical) <= MOST_WEAK;
}

/* How far a line goes on in either polarity: on stripes the ground between
 * letters may look more like a row than they do. */
static bool reach_weak(const struct grey_plane *p,
		       const struct line_list *list, struct line *l,
		       struct work *w)
{
	struct region far = l->box;

	for (int k = 0; k < POLARITIES; k++) {
		struct ends ends;

		if (!find_ends(p, list, l, (enum polarity)k, true, w, &ends))
			return false;
		if (!region_empty(ends.box))
			far = region_union(far, ends.box);
	}
	if (SEEN_WEAK * along(l->box, l->vertical) >= along(far, l->vertical))
		l->far = far;
	return true;
}

bool lines_reach_weak(const struct grey_plane *p, int view,
		      struct line_list *list, const struct telling *telling,
		      struct error *err)
{
	struct work w = {
		.letter = mem_array(MOST_MARKS, sizeof(*w.letter)),
		.span = mem_array(MOST_MARKS, sizeof(*w.span)) };
	bool ok = w.letter && w.span;

	for (size_t i = 0; ok && i < list->count; i++) {
		struct line *l = &list->line[i];

		ok = !is_weak(l) || is_whole(l, view, l->score - 1) ||
		     reach_weak(p, list, l, &w);
		telling_word(telling);
	}
	work_done(&w);
	return ok || error_set(err, ERR_MEMORY,
			       _("no memory to look for text"));
}

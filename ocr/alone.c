/* alone.c - the marks of a line against the letters that were read. */
#include "config.h"

#include "ocr/alone.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "ocr/prepare.h"

/*
 * Chosen on some 5000 generated pairs of a harmless text and an identifier
 * up to 14 pixels beside it, in the fonts and on the backdrops of
 * bench/generate.
 */
enum {
	MARKS_MAX = 512,        /* more are texture */
	INK_SHARE = 5,          /* percent of a box that surely are ink */
	INK_LEVEL = 35,         /* percent of their contrast that letters have */
	FAINT_LEVEL = 18,       /* and fainter ones beside them */
	GRAIN_SHARE = 3,        /* percent of what is around that stands out */
	LEAST_LEVEL = 10,
	SURE_DOUBT = 38,                /* of 100 */
	POOR_DOUBT = 60, SHORT_WORD = 2,
	LEAST_LETTER = 4,       /* samples, height */
	PAD = 2,                /* samples around a box that belong to it */
	TALLEST = 256,
	SURE_LINE = 0,          /* score of another line whose marks are its */
};
/* Shares of the line's height. */
static const double beyond_reach = 1.3, symbol_reach = .5,
		    dense_reach = .75;
/* Shares of the height of its letters. */
static const double least_high = .17, least_wide = .1, hanging_wide = .5,
		    least_part = .3, letter_slack = .1, least_tall = .78,
		    least_digit = .55, least_letter = .6, least_low = .55,
		    descent = .12, ascent = .1;
/* Of how far apart kana and kanji stand; of that or of the widest mark. */
static const double dense_high = 1.25, dense_joined = 1.15;
/* Of the height of digits and capitals beside them. */
static const double dense_tall = 1.5;
/* Of the height of most letters, when these are low: a, c, e. */
static const double most_tall = 1.6;
/* Of that height, that a box is wider, and higher, than what is read in it. */
static const double most_blank = 1;
/* Of other letters together, from which on they are more than specks. */
static const double most_outside = .4, most_beside = .55,
		    most_beside_dense = .25;
/* Of the height of kana and kanji: how far apart they stand, and how wide the
 * last is. */
static const double most_pitch = 1.2, most_end = 1.4;

/* Of the height of letters: what kanji beside them reach over it and under it
 * at least and at most, and how wide they are. */
static const double least_over = 2, square_over = .14,
		    square_most = .45, square_least = .7;

/* Of the height of letters, of those that another plane alone shows: how high
 * each is, and how wide they are together. */
static const double least_hidden = .5, most_hidden = .4;

/* A connected mark, in samples of the crop. */
struct mark {
	struct region box;
	bool read;                      /* a letter was read there */
	bool odd;                       /* one that hangs: higher than a row */
	int unread;                     /* columns where none was */
};

struct look {
	struct crop crop;               /* contrast; 0 where it was looked at */
	struct crop kept;               /* all of it */
	int by;                         /* samples of the plane in one of it */
	int x0, y0;                     /* of the crop, in the plane */
	struct region box;              /* of the line, in the crop */
	double high;                    /* of the line, in the crop */
	int top, bottom;                /* of its letters */
	int latin;                      /* height of capitals and digits beside
					   kanji; 0: there are none */
	struct mark mark[MARKS_MAX];
	int marks;
	bool crowded;                   /* more */
	bool dense;                     /* there are kana or kanji */
	int *stack;
};

/* ---- marks ---- */

static uint8_t *at(const struct look *k, int x, int y)
{
	return k->crop.grey + (size_t)y * (size_t)k->crop.columns + (size_t)x;
}

/* What surely is ink stands out so far. */
static int ink_level(const struct look *k)
{
	size_t of_level[256] = { 0 }, seen = 0;
	size_t all = (size_t)region_area(k->box);
	int v = 255;

	for (int y = k->box.y0; y < k->box.y1; y++)
		for (int x = k->box.x0; x < k->box.x1; x++)
			of_level[*at(k, x, y)]++;
	for (; v > 0; v--) {
		seen += of_level[v];
		if (100 * seen >= INK_SHARE * all)
			break;
	}
	return v;
}

/*
 * Share of the ink that fainter letters have: more than what is around the
 * box, which may be grain.
 */
static int faint_share(const struct look *k, int ink)
{
	size_t of_level[256] = { 0 }, seen = 0, all = 0;
	int v = 255, share;

	for (int y = 0; y < k->crop.rows; y++)
		for (int x = 0; x < k->crop.columns; x++) {
			if (y >= k->box.y0 - 2 && y < k->box.y1 + 2 &&
			    x >= k->box.x0 - 2 && x < k->box.x1 + 2)
				continue;
			of_level[*at(k, x, y)]++;
			all++;
		}
	for (; v > 0; v--) {
		seen += of_level[v];
		if (100 * seen >= GRAIN_SHARE * all)
			break;
	}
	share = ink ? 125 * v / ink : INK_LEVEL;
	if (share < FAINT_LEVEL)
		return FAINT_LEVEL;
	return share > INK_LEVEL ? INK_LEVEL : share;
}

/* Take the mark at x, y out of the crop, as far as it lies in r. */
static struct region take_mark(struct look *k, struct region r, int x, int y,
			       int level)
{
	struct region box = { x, y, x + 1, y + 1 };
	int n = 0;

	k->stack[n++] = y * k->crop.columns + x;
	*at(k, x, y) = 0;
	while (n) {
		int i = k->stack[--n];
		int u = i % k->crop.columns, v = i / k->crop.columns;

		box = region_union(box, (struct region){ u, v, u + 1, v + 1 });
		for (int b = v - 1; b <= v + 1; b++)
			for (int a = u - 1; a <= u + 1; a++) {
				if (a < r.x0 || b < r.y0 || a >= r.x1 ||
				    b >= r.y1 || *at(k, a, b) < level)
					continue;
				*at(k, a, b) = 0;
				k->stack[n++] = b * k->crop.columns + a;
			}
	}
	return box;
}

/* The marks in r that stand out by a share of `ink`. */
static void find_marks(struct look *k, struct region r, int ink, int share)
{
	int level = ink * share / 100;

	memcpy(k->crop.grey, k->kept.grey,
	       (size_t)k->crop.columns * (size_t)k->crop.rows);
	k->marks = 0;
	k->crowded = false;
	if (level < LEAST_LEVEL)
		level = LEAST_LEVEL;
	for (int y = r.y0; y < r.y1; y++)
		for (int x = r.x0; x < r.x1; x++) {
			struct region box;

			if (*at(k, x, y) < level)
				continue;
			box = take_mark(k, r, x, y, level);
			if (region_width(box) < 2 && region_height(box) < 2)
				continue;
			k->crowded = k->marks == MARKS_MAX;
			if (k->crowded)
				return;
			k->mark[k->marks++] = (struct mark){
				.box = box, .unread = region_width(box) };
		}
}

/* Does a letter of the reading stand at column x? */
static bool tells(const struct look *k, const struct symbols *s, double from,
		  double width, int x)
{
	double row = k->bottom - k->top;

	if (row <= 0)
		row = k->high;
	for (int i = 0; i < s->count; i++) {
		const struct symbol *l = &s->symbol[i];
		double reach = l->form == SYMBOL_DENSE ? dense_reach * row :
			       symbol_reach * (k->latin ? k->latin : row);

		if (l->form != SYMBOL_SIGN &&
		    x <= from + l->to * width / SYMBOLS_WHOLE + reach &&
		    x + 1 >= from + l->from * width / SYMBOLS_WHOLE - reach)
			return true;
	}
	return false;
}

/* Does a letter that hangs stand in the mark, and not most of them: a frame? */
static bool is_odd(const struct mark *m, const struct symbols *s, double from,
		   double width)
{
	int letters = 0;
	bool hangs = false;

	for (int i = 0; i < s->count; i++) {
		const struct symbol *l = &s->symbol[i];
		double x = from + (l->from + l->to) * width /
					  (2. * SYMBOLS_WHOLE);

		if (x < m->box.x0 || x > m->box.x1)
			continue;
		letters++;
		hangs = hangs || l->hangs;
	}
	return hangs && 2 * letters <= s->count;
}

/* Is it a frame that was not found as one: as wide as the line, low, with other
 * marks in it?  In a gap of it something else may stand. */
static bool is_frame(const struct look *k, const struct mark *m)
{
	int w = region_width(m->box), held = 0;

	for (int i = 0; i < k->marks; i++)
		held += &k->mark[i] != m &&
			region_contains(m->box, k->mark[i].box);
	return held >= 2 && w >= 2 * region_height(m->box) &&
	       10 * w >= 9 * region_width(k->box);
}

/* Where all are odd, none is. */
static void forgive_odd(struct look *k)
{
	for (int i = 0; i < k->marks; i++)
		if (k->mark[i].read && !k->mark[i].odd)
			return;
	for (int i = 0; i < k->marks; i++)
		k->mark[i].odd = false;
}

/* How much of each mark stands where a letter was read. */
static void explain(struct look *k, const struct line *line,
		    const struct symbols *s)
{
	int margin = prepare_margin(region_height(line->box),
				    LOOK_USUAL) / k->by;
	double width = region_width(k->box) + 2 * margin;

	for (int i = 0; i < k->marks; i++) {
		struct mark *m = &k->mark[i];

		m->unread = 0;
		for (int x = m->box.x0; x < m->box.x1; x++)
			m->unread += !tells(k, s, k->box.x0 - margin, width,
					    x);
		m->read = m->unread < region_width(m->box);
		m->odd = is_odd(m, s, k->box.x0 - margin, width) ||
			 is_frame(k, m);
	}
	forgive_odd(k);
}

/* ---- the row ---- */

static int compare(const void *a, const void *b)
{
	int p = *(const int *)a, q = *(const int *)b;

	return (p > q) - (p < q);
}

/* How high letters are: four fifths of the width of what was read is no
 * higher. */
static int tall(const struct look *k)
{
	int of_height[TALLEST + 1] = { 0 }, all = 0, seen = 0, h = 0;

	for (int i = 0; i < k->marks; i++) {
		const struct mark *m = &k->mark[i];
		int high = region_height(m->box);

		if (!m->read || m->odd || high > TALLEST)
			continue;
		of_height[high] += region_width(m->box);
		all += region_width(m->box);
	}
	for (; h < TALLEST; h++) {
		seen += of_height[h];
		if (10 * seen > 8 * all)
			break;
	}
	return h;
}

/* How far apart kana and kanji stand, in samples; 0: there is but one. */
static double pitch_of(const struct look *k, const struct symbols *s,
		       double width)
{
	double most = 0;

	for (int i = 1; i < s->count; i++) {
		const struct symbol *a = &s->symbol[i - 1];
		const struct symbol *b = &s->symbol[i];
		double far = (b->from + b->to - a->from - a->to) * width /
			     (2. * SYMBOLS_WHOLE);

		if (a->form == SYMBOL_DENSE &&
		    b->form == SYMBOL_DENSE && far < 1.2 * k->high && far > most)
			most = far;
	}
	return most;
}

/* The width of all that was read, by its letters: kana and kanji alone. */
static double share_of_width(const struct look *k, const struct symbols *s)
{
	int x0 = k->box.x1, x1 = k->box.x0, letters = 0;

	for (int i = 0; i < s->count; i++) {
		letters += s->symbol[i].form == SYMBOL_DENSE;
		if (s->symbol[i].form != SYMBOL_DENSE &&
		    s->symbol[i].form != SYMBOL_SIGN)
			return 0;
	}
	for (int i = 0; i < k->marks; i++)
		if (k->mark[i].read) {
			x0 = k->mark[i].box.x0 < x0 ? k->mark[i].box.x0 : x0;
			x1 = k->mark[i].box.x1 > x1 ? k->mark[i].box.x1 : x1;
		}
	return x1 > x0 ? (double)(x1 - x0) / letters : 0;
}

/* The height of digits and capitals beside kanji: of the middle one; 0. */
static int height_of_tall(const struct look *k, const struct symbols *s)
{
	double width = region_width(k->box);
	int high[SYMBOLS_MAX], n = 0;

	for (int i = 0; i < s->count; i++) {
		double x0 = k->box.x0 + s->symbol[i].from * width /
						SYMBOLS_WHOLE;
		int most = 0;

		for (int m = 0; m < k->marks; m++) {
			struct region r = k->mark[m].box;

			if (!k->mark[m].odd && r.x0 <= x0 && x0 < r.x1 &&
			    region_height(r) > most)
				most = region_height(r);
		}
		if (s->symbol[i].form == SYMBOL_TALL && most)
			high[n++] = most;
	}
	qsort(high, (size_t)n, sizeof(*high), compare);
	return n ? high[n / 2] : 0;
}

/*
 * How high letters are where most are low: Contrast is as high as its C, as
 * far as that can be.
 */
static int tall_of_low(const struct look *k, const struct symbols *s)
{
	int most = tall(k), high = height_of_tall(k, s);

	return high > most && high <= most_tall * most ? high : most;
}

/*
 * How high kana and kanji are, which come apart: the highest mark that is not
 * much higher than they are wide, or than digits beside them.
 */
static int tall_dense(const struct look *k, const struct symbols *s)
{
	double pitch = fmax(pitch_of(k, s, region_width(k->box)),
			    share_of_width(k, s));
	double limit = k->latin ? dense_tall * k->latin : dense_high * pitch;
	int most = 0;

	if (limit <= 0)
		limit = k->high;
	for (int i = 0; i < k->marks; i++) {
		int h = region_height(k->mark[i].box);

		if (k->mark[i].read && h > most && h <= limit)
			most = h;
	}
	return most;
}

/* Do two marks stand over each other, together no higher than that? */
static bool are_one(const struct mark *a, const struct mark *b, double most)
{
	int x0 = a->box.x0 > b->box.x0 ? a->box.x0 : b->box.x0;
	int x1 = a->box.x1 < b->box.x1 ? a->box.x1 : b->box.x1;
	int w = region_width(a->box), v = region_width(b->box);

	return a->read && b->read && 2 * (x1 - x0) >= (w < v ? w : v) &&
	       region_height(region_union(a->box, b->box)) <= most;
}

/* Kanji of which no mark is as high as they are: join what stands over each
 * other. */
static void join_dense(struct look *k, const struct symbols *s)
{
	double most = fmax(pitch_of(k, s, region_width(k->box)),
			   share_of_width(k, s));
	int widest = 0;

	for (int i = 0; i < k->marks; i++)
		if (k->mark[i].read && region_width(k->mark[i].box) > widest)
			widest = region_width(k->mark[i].box);
	most = dense_joined * (most > 0 ? fmin(most, widest) : widest);
	for (int i = 0; i < k->marks; i++)
		for (int m = i + 1; m < k->marks; m++) {
			if (!are_one(&k->mark[i], &k->mark[m], most))
				continue;
			k->mark[i].box = region_union(k->mark[i].box,
						      k->mark[m].box);
			k->mark[m] = k->mark[--k->marks];
			m = i;
		}
}

static bool has_dense(const struct symbols *s)
{
	for (int i = 0; i < s->count; i++)
		if (s->symbol[i].form == SYMBOL_DENSE)
			return true;
	return false;
}

/* The rows of samples between which letters of that height stand. */
static bool find_row(struct look *k, int most)
{
	int tops[MARKS_MAX], bottoms[MARKS_MAX], n = 0;

	for (int i = 0; i < k->marks; i++) {
		const struct mark *m = &k->mark[i];
		int h = region_height(m->box);

		if (!m->read || m->odd || h > most || 10 * h < 8 * most)
			continue;
		tops[n] = m->box.y0;
		bottoms[n++] = m->box.y1;
	}
	if (!n)
		return false;
	qsort(tops, (size_t)n, sizeof(*tops), compare);
	qsort(bottoms, (size_t)n, sizeof(*bottoms), compare);
	k->top = tops[n / 2];
	k->bottom = bottoms[n / 2];
	return k->bottom - k->top >= LEAST_LETTER;
}

/* ---- what else there is ---- */

/* Does the mark belong to another line outside of the box? */
static bool is_others(const struct look *k, struct region mark,
		      const struct line *line, const struct line_list *lines)
{
	int x = k->x0 + k->by * (mark.x0 + mark.x1) / 2;
	int y = k->y0 + k->by * (mark.y0 + mark.y1) / 2;

	for (size_t i = 0; lines && i < lines->count; i++) {
		const struct line *l = &lines->line[i];

		/* a line that runs down has no letters of this row */
		if (!region_equal(l->box, line->box) && l->score > SURE_LINE &&
		    !l->vertical && x >= l->box.x0 && x < l->box.x1 &&
		    y >= l->box.y0 && y < l->box.y1)
			return true;
	}
	return false;
}

/* Letters together as wide as a share of the row is high; specks are none. */
static double width_of_others(const struct look *k, double least)
{
	struct region box = region_grow(k->box, PAD);
	double row = k->bottom - k->top, sum = 0;

	for (int i = 0; i < k->marks; i++) {
		const struct mark *m = &k->mark[i];
		int w = m->unread, h = region_height(m->box);

		/* the end of a wide letter */
		if (m->read && w < least_part * row)
			continue;
		if (h >= LEAST_LETTER && h >= least * row &&
		    w >= 2 && w >= least_wide * row &&
		    3 * region_area(region_intersect(m->box, box)) >=
			    region_area(m->box))
			sum += w / row;
	}
	return sum;
}

/* Of marks above and below the row. */
static double look_outside(struct look *k, const struct symbols *s, int ink,
			   int share)
{
	int row = k->bottom - k->top;
	struct region above = k->box, below = k->box;
	double sum, hanging = 0;

	/* what sticks out of the box as well */
	above.y0 = 0;
	above.y1 = k->top - (int)(ascent * row);
	for (int i = 0; i < s->count; i++)
		hanging += s->symbol[i].hangs ? hanging_wide : 0;
	below.y0 = k->bottom + (int)((hanging > 0 ? descent : ascent / 2) *
				     row);
	below.y1 = k->crop.rows;
	find_marks(k, above, ink, share);
	sum = k->crowded ? most_beside : width_of_others(k, least_high);
	find_marks(k, below, ink, share);
	if (k->crowded)
		return most_beside;
	return sum + fmax(0, width_of_others(k, least_high) - hanging);
}

/* Of marks in the box where nothing was read. */
static double look_beside(struct look *k, const struct line *line,
			  const struct symbols *symbols, int ink, int share)
{
	/* smaller letters may stand lower than the row, or higher */
	find_marks(k, k->box, ink, share);
	explain(k, line, symbols);
	return k->crowded ? most_beside : width_of_others(k, least_high);
}

/* How high what stands between x0 and x1 is; 0: nothing. */
static int height_at(const struct look *k, double x0, double x1)
{
	int top = k->bottom, bottom = k->top;

	for (int i = 0; i < k->marks; i++) {
		struct region m = k->mark[i].box;

		if (m.x0 > x1 || m.x1 < x0)
			continue;
		top = m.y0 < top ? m.y0 : top;
		bottom = m.y1 > bottom ? m.y1 : bottom;
	}
	return bottom > top ? bottom - top : 0;
}

/* How high a letter is at least: beside kanji as one beside the digits there,
 * which are lower than they are. */
static double least_height(const struct look *k, int form)
{
	double row = k->bottom - k->top, tall = k->latin ? k->latin : row;

	if (!k->dense)
		return row * (form == SYMBOL_TALL ? least_tall : least_letter);
	if (form == SYMBOL_TALL)
		return fmax(least_digit * row, k->latin * least_tall);
	return form == SYMBOL_LOW ? least_low * tall : least_letter * row;
}

/* Is what stands at the symbol as high as such a letter? */
static bool is_high_enough(const struct look *k, const struct symbol *s,
			   double x0, double x1)
{
	double row = k->bottom - k->top, slack = letter_slack * row;
	int high = height_at(k, x0, x1);

	if (!high)
		high = height_at(k, x0 - slack, x1 + slack);
	return high >= least_height(k, s->form);
}

/* Letters that were read where smaller ones stand. */
static int look_small(struct look *k, const struct line *line,
		      const struct symbols *symbols, int ink)
{
	struct region row = { k->box.x0, k->top, k->box.x1, k->bottom };
	int margin = prepare_margin(region_height(line->box),
				    LOOK_USUAL) / k->by, n = 0;
	double from = k->box.x0 - margin;
	double width = region_width(k->box) + 2 * margin;

	find_marks(k, row, ink, INK_LEVEL);
	for (int i = 0; i < symbols->count; i++) {
		const struct symbol *s = &symbols->symbol[i];

		n += s->form != SYMBOL_SIGN &&
		     !is_high_enough(k, s, from + s->from * width /
					   SYMBOLS_WHOLE,
				     from + s->to * width / SYMBOLS_WHOLE);
	}
	return k->crowded ? 1 : n;
}

/* Was each letter in the mark read surely, or does one hang there? */
static bool is_sure_in(const struct look *k, const struct line *line,
		       const struct symbols *s, struct region mark)
{
	int margin = prepare_margin(region_height(line->box),
				    LOOK_USUAL) / k->by;
	double width = region_width(k->box) + 2 * margin;
	bool sure = false;

	for (int i = 0; i < s->count; i++) {
		double x = k->box.x0 - margin + (s->symbol[i].from +
			s->symbol[i].to) * width / (2. * SYMBOLS_WHOLE);

		if (x < mark.x0 - 1 || x > mark.x1 + 1)
			continue;
		if (s->symbol[i].doubt > SURE_DOUBT)
			return false;
		sure = true;
	}
	return sure;
}

/* Letters or digits of the word that begins at *i, which moves behind it.
 * *doubt: of the least sure one. */
static int length_of_word(const struct symbols *s, int *i, int *doubt)
{
	bool dense = s->symbol[*i].form == SYMBOL_DENSE, ends = false;
	int n = 0;

	for (*doubt = 0; *i < s->count && !ends; (*i)++) {
		const struct symbol *l = &s->symbol[*i];

		if ((l->form == SYMBOL_DENSE) != dense)
			break;
		if (l->form != SYMBOL_SIGN) {
			n++;
			*doubt = l->doubt > *doubt ? l->doubt : *doubt;
		}
		ends = l->spaced;
	}
	return dense ? 0 : n;
}

/* A Latin word of a letter or two beside others, read so badly that it may be
 * anything: a kanji, LI. */
static bool has_poor_word(const struct symbols *s)
{
	int words = 0, poor = 0;

	for (int i = 0; i < s->count;) {
		int doubt, n = length_of_word(s, &i, &doubt);

		words++;
		poor += n > 0 && n <= SHORT_WORD && doubt > POOR_DOUBT;
	}
	return words > 1 && poor;
}

/* Join marks that stand over each other. */
static void join_columns(struct look *k)
{
	for (int i = 0; i < k->marks; i++)
		for (int m = i + 1; m < k->marks; m++) {
			struct region a = k->mark[i].box, b = k->mark[m].box;

			if (a.x0 >= b.x1 || b.x0 >= a.x1)
				continue;
			k->mark[i].box = region_union(a, b);
			k->mark[m] = k->mark[--k->marks];
			m = i;
		}
}

/*
 * Kanji among Latin letters: as wide as they are high, and reaching above
 * the row and below it, which no letter does.
 */
static int look_square(struct look *k, const struct line *line,
		       const struct symbols *symbols, int ink)
{
	int row = k->bottom - k->top, n = 0;
	double over = fmax(least_over, square_over * row);
	struct region r = { k->box.x0, k->top - (int)(square_most * row),
			    k->box.x1, k->bottom + (int)(square_most * row) };

	r = region_clip(r, k->crop.columns, k->crop.rows);
	find_marks(k, r, ink, INK_LEVEL);
	if (k->crowded)
		return 0;
	join_columns(k);
	for (int i = 0; i < k->marks; i++) {
		struct region m = k->mark[i].box;

		n += m.y0 > r.y0 && m.y1 < r.y1 &&
		     region_height(m) - row >= over &&
		     region_width(m) >= square_least * row &&
		     region_width(m) <= 2 * row &&
		     !is_sure_in(k, line, symbols, m);
	}
	return n;
}

/* Marks like the line's beyond its ends, which nobody found. */
static int look_beyond(struct look *k, const struct line *line,
		       const struct symbols *symbols,
		       const struct line_list *lines, int ink)
{
	struct region all = { 0, 0, k->crop.columns, k->crop.rows };
	int row = k->bottom - k->top, n = 0;

	find_marks(k, all, ink, INK_LEVEL);
	explain(k, line, symbols);
	for (int i = 0; i < k->marks; i++) {
		struct region m = k->mark[i].box;
		int x = m.x0 + m.x1, y = m.y0 + m.y1;
		int w = region_width(m), h = region_height(m);

		n += (x < 2 * k->box.x0 || x >= 2 * k->box.x1) &&
		     y > 2 * k->top - row / 5 && y < 2 * k->bottom + row / 5 &&
		     (5 * h >= 2 * row || 5 * w >= 2 * row) &&
		     5 * h < 8 * row && !k->mark[i].read &&
		     !is_others(k, m, line, lines);
	}
	return k->crowded ? 1 : n;
}

static bool open_look(struct look *k, const struct grey_plane *p,
		      const struct line *line, struct error *err)
{
	int high = region_height(line->box);
	int along = (int)(beyond_reach * high) + high / 2;
	struct region r = { line->box.x0 - along, line->box.y0 - high / 2,
			    line->box.x1 + along, line->box.y1 + high / 2 };
	size_t columns, rows;

	if (!prepare_contrast(p, r, high, prepare_polarity(p, line), &k->crop,
			      &k->by, err))
		return false;
	columns = (size_t)k->crop.columns;
	rows = (size_t)k->crop.rows;
	k->x0 = r.x0;
	k->y0 = r.y0;
	k->high = (double)high / k->by;
	k->box = region_clip((struct region){
		(line->box.x0 - r.x0) / k->by, (line->box.y0 - r.y0) / k->by,
		(line->box.x1 - r.x0) / k->by, (line->box.y1 - r.y0) / k->by },
		k->crop.columns, k->crop.rows);
	k->stack = mem_array3(columns, rows, 1, sizeof(*k->stack));
	k->kept = (struct crop){ mem_array(columns, rows), k->crop.columns,
				 k->crop.rows };
	if (!k->stack || !k->kept.grey)
		return error_set(err, ERR_MEMORY,
				 _("no memory to read a line"));
	memcpy(k->kept.grey, k->crop.grey, columns * rows);
	return true;
}

static void close_look(struct look *k)
{
	free(k->stack);
	crop_done(&k->crop);
	crop_done(&k->kept);
}

/*
 * Does what was read fill the box?  Where it does not, the box is so large for
 * what another view shows there: a name in white beside a coloured text.
 */
static bool fills_box(const struct look *k)
{
	int row = k->bottom - k->top, x0 = k->box.x1, x1 = k->box.x0;

	for (int i = 0; i < k->marks; i++)
		if (k->mark[i].read) {
			x0 = k->mark[i].box.x0 < x0 ? k->mark[i].box.x0 : x0;
			x1 = k->mark[i].box.x1 > x1 ? k->mark[i].box.x1 : x1;
		}
	return x0 - k->box.x0 <= most_blank * row &&
	       k->box.x1 - x1 <= most_blank * row &&
	       k->top - k->box.y0 <= most_blank * row &&
	       k->box.y1 - k->bottom <= most_blank * row;
}

/* Kana and kanji alone that take more room than so many do: a small text at
 * the end of theirs was taken to be a part of the last. */
static bool is_stretched(const struct look *k, const struct symbols *s)
{
	double row = k->bottom - k->top;
	int n = 0;

	for (int i = 0; i < s->count; i++)
		n += s->symbol[i].form == SYMBOL_DENSE;
	return n && share_of_width(k, s) * n >
			    ((n - 1) * most_pitch + most_end) * row;
}

static bool is_alone(struct look *k, const struct line *line,
		     const struct symbols *symbols,
		     const struct line_list *lines)
{
	int ink = ink_level(k), faint = faint_share(k, ink);

	k->dense = has_dense(symbols);
	find_marks(k, k->box, ink, INK_LEVEL);
	explain(k, line, symbols);
	if (k->dense) {
		k->latin = height_of_tall(k, symbols);
		join_dense(k, symbols);
	}
	return !k->crowded && !has_poor_word(symbols) &&
	       find_row(k, k->dense ? tall_dense(k, symbols) :
				      tall_of_low(k, symbols)) &&
	       fills_box(k) && !is_stretched(k, symbols) &&
	       !look_beyond(k, line, symbols, lines, ink) &&
	       !look_small(k, line, symbols, ink) &&
	       (k->dense || !look_square(k, line, symbols, ink)) &&
	       look_outside(k, symbols, ink, faint) < most_outside &&
	       look_beside(k, line, symbols, ink, faint) <
		       (k->dense ? most_beside_dense : most_beside);
}

bool alone_look(const struct grey_plane *p, const struct line *line,
		const struct symbols *symbols, const struct line_list *lines,
		enum alone *alone, struct error *err)
{
	struct look k = { .marks = 0 };
	bool ok;

	*alone = ALONE_UNKNOWN;
	if (line->vertical || symbols->count <= 0)
		return true;
	ok = open_look(&k, p, line, err);
	if (ok)
		*alone = is_alone(&k, line, symbols, lines) ? ALONE_PROVED :
							      ALONE_DOUBTED;
	close_look(&k);
	return ok;
}

/* Do marks of one plane stand in the columns of a mark of another? */
static bool is_shown(const struct look *own, struct region mark)
{
	int common = 0;

	for (int i = 0; i < own->marks; i++) {
		struct region r = region_intersect(own->mark[i].box, mark);

		common += region_empty(r) ? 0 : region_width(r);
	}
	return 2 * common >= region_width(mark);
}

/* How wide letters are that the other plane alone shows, in heights. */
static double width_of_hidden(struct look *own, struct look *other,
			      const struct line *line,
			      const struct symbols *symbols)
{
	double row, sum = 0;

	find_marks(own, own->box, ink_level(own), INK_LEVEL);
	find_marks(other, other->box, ink_level(other), INK_LEVEL);
	if (own->crowded || other->crowded)
		return 0;
	for (int i = 0; i < own->marks; i++)
		own->mark[i].read = true;
	if (!find_row(own, tall(own)))
		return 0;
	row = own->bottom - own->top;
	for (int i = 0; i < other->marks; i++) {
		struct region m = other->mark[i].box;

		m.y0 = m.y0 < own->top ? own->top : m.y0;
		m.y1 = m.y1 > own->bottom ? own->bottom : m.y1;
		if (m.y1 - m.y0 >= least_hidden * row && !is_shown(own, m) &&
		    !is_sure_in(other, line, symbols, m))
			sum += region_width(m) / row;
	}
	return sum;
}

bool alone_look_else(const struct grey_plane *own,
		     const struct grey_plane *other, const struct line *line,
		     const struct symbols *symbols, bool *hidden,
		     struct error *err)
{
	struct look a = { .marks = 0 }, b = { .marks = 0 };
	bool ok;

	*hidden = false;
	if (line->vertical)
		return true;
	ok = open_look(&a, own, line, err) && open_look(&b, other, line, err);
	if (ok)
		*hidden = width_of_hidden(&a, &b, line, symbols) >= most_hidden;
	close_look(&a);
	close_look(&b);
	return ok;
}

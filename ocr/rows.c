/* rows.c - which marks stand in one row, and the shape of rows. */
#include "config.h"

#include "ocr/rows.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "ocr/bits.h"
#include "ocr/ints.h"
#include "ocr/row_weights.h"
#include "ocr/twice.h"

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#define WITH_AVX2 1
#endif

enum {
	LEVELS = 4,
	KNOWN_LEVELS = 3,               /* of the weights, and of shapes */
	LIKE_LEVEL = 1,                 /* where letters are as high as at the
					   last: 10 to 44 pixels */
	LEAST_SIDE = 16,                /* pixels of a level */
	CELL = 16,                      /* pixels, grid to find neighbours */
	CHUNK = 16,                     /* marks: a fixed count is vectorised */
	LANES = 8,                      /* units added up at once */
	LEAST_MARK = 4,                 /* height of one that others join */
	LEAST_INK = 4,                  /* pixels of a letter */
	MOST_MARK = 44,
	SURE_MARKS = 3,                 /* of a row that reaches over a space */
	FAR_LETTERS = 4,                /* one after the other, at most */
	LEAST_HEIGHT = 5, MOST_HEIGHT = 60, LEAST_AREA = 14,
	LEAST_DOWN = 4,                 /* width of a column of narrow letters */
	LEAST_LAST = 10,                /* LEAST_HEIGHT at the last level */
};

/* What the search for neighbours needs of a mark, turned when rows run down. */
struct mark {
	struct region box;
	float contrast, stroke;
	const struct ink *ink;
};

struct sight;

/*
 * Marks by cell of their top left corner; of each cell first those that may
 * join others, then the small ones.
 */
struct grid {
	struct mark *mark;
	/* the corners of their boxes and contrasts again, and whether each is
	   a row of its own; room for CHUNK behind the last */
	int32_t *x0, *y0, *x1, *y1, *alone;
	float *contrast;
	uint32_t count;
	int columns, rows;              /* pixels, of the turned plane */
	int across, down;               /* cells */
	uint32_t *start;                /* [2 * cells + 1] */
	bool turned;
	enum ink_cut cut;
	int level;
	const struct sight *sight;
	uint32_t *parent[2];            /* by mark and rule */
	uint32_t *first;                /* [count + 1], into group, by root */
	uint32_t *group;                /* marks by root */
};

static int high(const struct mark *m)
{
	return m->box.y1 - m->box.y0;
}

/*
 * What makes two marks neighbours in one row.  The loose rule joins the parts
 * of kanji, but on a picture's texture also line and ground; the strict one,
 * which implies it, finds letters of one size there.
 */
struct rule {
	float heights;                  /* ratio at most */
	float contrasts;                /* ratio at most */
	float gap;                      /* of the higher, plus 2 pixels */
	float overlap;                  /* of the lower, at least */
	uint32_t marks;                 /* of a row, at least */
};
enum { LOOSE, STRICT, RULES };
static const struct rule rules[RULES] = {
	[LOOSE] = { 2.6f, 2.2f, 1.f, .5f, 1 },
	[STRICT] = { 1.6f, 1.5f, .8f, .7f, 3 },
};

/* ---- many marks at once ---- */

/*
 * Which of CHUNK marks, if they are high enough, the loose rule joins to mark
 * i; its gap and overlap in whole numbers.
 */
INLINED uint32_t see_near(const struct grid *g, uint32_t i, uint32_t from)
{
	const int32_t *x0 = g->x0 + from, *y0 = g->y0 + from;
	const int32_t *x1 = g->x1 + from, *y1 = g->y1 + from;
	int32_t left = g->x0[i], top = g->y0[i];
	int32_t right = g->x1[i], bottom = g->y1[i], h = bottom - top;
	const float *contrast = g->contrast + from, mine = g->contrast[i];
	const struct rule loose = rules[LOOSE];
	uint8_t hit[CHUNK];

	for (int k = 0; k < CHUNK; k++) {
		int32_t other = y1[k] - y0[k];
		int32_t gap = imax(left, x0[k]) - imin(right, x1[k]);
		int32_t common = imin(bottom, y1[k]) - imax(top, y0[k]);

		hit[k] = (uint8_t)(2 * common >= imin(h, other)) &
			 (gap <= imax(h, other) + 2) & (other >= LEAST_MARK) &
			 ((float)imax(h, other) <=
			  loose.heights * (float)imin(h, other)) &
			 (mine <= loose.contrasts * contrast[k]) &
			 (contrast[k] <= loose.contrasts * mine);
	}
	return bits_of_sixteen(hit);
}

/* Which of CHUNK marks are rows of their own between two heights. */
INLINED uint32_t see_alone(const struct grid *g, int top, int bottom,
			   uint32_t from)
{
	const int32_t *y0 = g->y0 + from, *y1 = g->y1 + from;
	const int32_t *alone = g->alone + from;
	uint8_t hit[CHUNK];

	for (int k = 0; k < CHUNK; k++)
		hit[k] = (alone[k] != 0) & (y0[k] >= top) & (y1[k] <= bottom);
	return bits_of_sixteen(hit);
}

/* How much of r the first n of CHUNK marks cover that are not of the root. */
INLINED int see_filled(const struct grid *g, const uint32_t *parent,
		       uint32_t root, const struct region *r, uint32_t from,
		       int n)
{
	const int32_t *x0 = g->x0 + from, *y0 = g->y0 + from;
	const int32_t *x1 = g->x1 + from, *y1 = g->y1 + from;
	const uint32_t *of = parent + from;
	int sum = 0;

	for (int k = 0; k < CHUNK; k++) {
		int32_t w = imin(r->x1, x1[k]) - imax(r->x0, x0[k]);
		int32_t h = imin(r->y1, y1[k]) - imax(r->y0, y0[k]);

		w = ((w > 0) & (of[k] != root) & (k < n)) ? w : 0;
		sum += w * (h > 0 ? h : 0);
	}
	return sum;
}

static uint32_t near_plain(const struct grid *g, uint32_t i, uint32_t from)
{
	return see_near(g, i, from);
}

#ifdef WITH_AVX2
static inline FAST __m256i eight(const int32_t *v)
{
	return _mm256_loadu_si256((const __m256i *)(const void *)v);
}

/* Where heights and contrasts of eight differ too much. */
static inline FAST __m256 unlike_eight(const struct grid *g, uint32_t i,
				       uint32_t from, __m256i low, __m256i high)
{
	__m256 ratio = _mm256_set1_ps(rules[LOOSE].contrasts);
	__m256 mine = _mm256_set1_ps(g->contrast[i]);
	__m256 other = _mm256_loadu_ps(g->contrast + from);
	__m256 most = _mm256_mul_ps(_mm256_set1_ps(rules[LOOSE].heights),
				    _mm256_cvtepi32_ps(low));
	__m256 out = _mm256_cmp_ps(_mm256_cvtepi32_ps(high), most, _CMP_NLE_UQ);

	out = _mm256_or_ps(out, _mm256_cmp_ps(
		mine, _mm256_mul_ps(ratio, other), _CMP_NLE_UQ));
	return _mm256_or_ps(out, _mm256_cmp_ps(
		other, _mm256_mul_ps(ratio, mine), _CMP_NLE_UQ));
}

/* The same of eight of them: a bit is set where one of these is exceeded. */
static inline FAST uint32_t near_eight(const struct grid *g, uint32_t i,
				       uint32_t from)
{
	__m256i x0 = eight(g->x0 + from), y0 = eight(g->y0 + from);
	__m256i x1 = eight(g->x1 + from), y1 = eight(g->y1 + from);
	__m256i left = _mm256_set1_epi32(g->x0[i]);
	__m256i top = _mm256_set1_epi32(g->y0[i]);
	__m256i right = _mm256_set1_epi32(g->x1[i]);
	__m256i bottom = _mm256_set1_epi32(g->y1[i]);
	__m256i h = _mm256_sub_epi32(bottom, top);
	__m256i other = _mm256_sub_epi32(y1, y0);
	__m256i gap = _mm256_sub_epi32(_mm256_max_epi32(left, x0),
				       _mm256_min_epi32(right, x1));
	__m256i common = _mm256_sub_epi32(_mm256_min_epi32(bottom, y1),
					  _mm256_max_epi32(top, y0));
	__m256i low = _mm256_min_epi32(h, other);
	__m256i high = _mm256_max_epi32(h, other);
	__m256i most = _mm256_add_epi32(high, _mm256_set1_epi32(2));
	__m256i apart = _mm256_or_si256(
		_mm256_cmpgt_epi32(low, _mm256_add_epi32(common, common)),
		_mm256_cmpgt_epi32(gap, most));

	apart = _mm256_or_si256(
		apart, _mm256_cmpgt_epi32(_mm256_set1_epi32(LEAST_MARK),
					  other));
	return (uint32_t)_mm256_movemask_ps(
		_mm256_or_ps(_mm256_castsi256_ps(apart),
			     unlike_eight(g, i, from, low, high)));
}

static FAST uint32_t near_fast(const struct grid *g, uint32_t i, uint32_t from)
{
	uint32_t apart = near_eight(g, i, from) |
			 near_eight(g, i, from + 8) << 8;

	return ~apart & 0xffff;
}
#else
static uint32_t near_fast(const struct grid *g, uint32_t i, uint32_t from)
{
	return see_near(g, i, from);
}
#endif

static uint32_t alone_plain(const struct grid *g, int top, int bottom,
			    uint32_t from)
{
	return see_alone(g, top, bottom, from);
}

static FAST uint32_t alone_fast(const struct grid *g, int top, int bottom,
				uint32_t from)
{
	return see_alone(g, top, bottom, from);
}

static int filled_plain(const struct grid *g, const uint32_t *parent,
			uint32_t root, const struct region *r, uint32_t from,
			int n)
{
	return see_filled(g, parent, root, r, from, n);
}

static FAST int filled_fast(const struct grid *g, const uint32_t *parent,
			    uint32_t root, const struct region *r,
			    uint32_t from, int n)
{
	return see_filled(g, parent, root, r, from, n);
}

/* The form that this processor can take. */
struct sight {
	uint32_t (*near)(const struct grid *g, uint32_t i, uint32_t from);
	uint32_t (*alone)(const struct grid *g, int top, int bottom,
			  uint32_t from);
	int (*filled)(const struct grid *g, const uint32_t *parent,
		      uint32_t root, const struct region *r, uint32_t from,
		      int n);
};
static const struct sight plain_sight = { near_plain, alone_plain,
					  filled_plain };
static const struct sight fast_sight = { near_fast, alone_fast, filled_fast };

static struct mark mark_of(const struct ink *k, bool turned)
{
	struct region b = k->box;

	return (struct mark){
		turned ? (struct region){ b.y0, b.x0, b.y1, b.x1 } : b,
		(float)(k->sum[INK_CONTRAST] / k->area),
		(float)k->area / (float)imax(k->runs, k->falls), k
	};
}

/* Could be a letter, a part of one, or a few that touch. */
static bool is_letter_like(const struct mark *m)
{
	int w = m->box.x1 - m->box.x0, h = high(m);

	return (h <= MOST_MARK) & (w <= 160) & (m->stroke <= 9) &
	       !((h <= 3) & (w > 28)) & !((w <= 3) & (h > 40)) &
	       (w <= 14 * imax(h, 6));
}

static size_t slot_of(const struct grid *g, const struct mark *m)
{
	size_t cell = (size_t)(m->box.y0 / CELL) * (size_t)g->across +
		      (size_t)(m->box.x0 / CELL);

	return 2 * cell + (high(m) < LEAST_MARK);
}

/* Counting sort; start[slot + 1] is moved up to the end of its slot. */
static void sort_marks(struct grid *g, const struct mark *unsorted,
		       size_t slots)
{
	for (uint32_t i = 0; i < g->count; i++)
		g->start[slot_of(g, &unsorted[i]) + 2]++;
	for (size_t s = 1; s < slots + 2; s++)
		g->start[s] += g->start[s - 1];
	for (uint32_t i = 0; i < g->count; i++)
		g->mark[g->start[slot_of(g, &unsorted[i]) + 1]++] =
			unsorted[i];
}

static bool corners_init(struct grid *g)
{
	size_t room = (size_t)g->count + CHUNK;
	int32_t *all = mem_array3(5, room, 1, sizeof(*all));

	g->contrast = mem_array(room, sizeof(*g->contrast));
	if (!all || !g->contrast) {
		free(all);
		return false;
	}
	g->x0 = all;
	g->y0 = all + room;
	g->x1 = all + 2 * room;
	g->y1 = all + 3 * room;
	g->alone = all + 4 * room;
	for (uint32_t i = 0; i < g->count; i++) {
		const struct region *b = &g->mark[i].box;

		g->x0[i] = b->x0;
		g->y0[i] = b->y0;
		g->x1[i] = b->x1;
		g->y1[i] = b->y1;
		g->contrast[i] = g->mark[i].contrast;
	}
	return true;
}

/* The marks that may be letters, in the order of the list; NULL: no memory. */
static struct mark *take_letters(struct grid *g, const struct ink_list *list)
{
	struct mark *letter = mem_room(list->count + 1, sizeof(*letter));
	size_t large = 0;

	if (!letter)
		return NULL;
	/* half of them are too small: no branch would be guessed right */
	for (size_t i = 0; i < list->count; i++) {
		letter[large].ink = &list->ink[i];
		large += list->ink[i].area >= LEAST_INK;
	}
	for (size_t i = 0; i < large; i++) {
		letter[g->count] = mark_of(letter[i].ink, g->turned);
		g->count += is_letter_like(&letter[g->count]);
	}
	return letter;
}

static bool grid_init(struct grid *g, const struct ink_list *list, int columns,
		      int rows, bool turned)
{
	struct mark *unsorted;
	size_t room, slots;
	bool ok;

	*g = (struct grid){
		.turned = turned,
		.sight = can_be_fast() ? &fast_sight : &plain_sight,
	};
	g->columns = turned ? rows : columns;
	g->rows = turned ? columns : rows;
	g->across = g->columns / CELL + 1;
	g->down = g->rows / CELL + 1;
	slots = 2 * (size_t)g->across * (size_t)g->down;
	unsorted = take_letters(g, list);
	room = (size_t)g->count + CHUNK;
	g->mark = mem_room(room, sizeof(*g->mark));
	g->start = mem_array(slots + 2, sizeof(*g->start));
	g->parent[0] = mem_room(room, sizeof(*g->parent[0]));
	g->parent[1] = mem_room(room, sizeof(*g->parent[1]));
	g->first = mem_room(room, sizeof(*g->first));
	g->group = mem_room(room, sizeof(*g->group));
	ok = unsorted && g->mark && g->start && g->parent[0] &&
	     g->parent[1] && g->first && g->group;
	if (ok)
		sort_marks(g, unsorted, slots);
	free(unsorted);
	return ok && corners_init(g);
}

static void grid_done(struct grid *g)
{
	free(g->mark);
	free(g->x0);
	free(g->contrast);
	free(g->start);
	free(g->parent[0]);
	free(g->parent[1]);
	free(g->first);
	free(g->group);
}

/* Does a rule join two marks? */
static bool belong_together(const struct rule *rule, const struct mark *a,
			    const struct mark *b)
{
	int more = imax(high(a), high(b)), less = imin(high(a), high(b));
	int gap = -overlap(a->box.x0, a->box.x1, b->box.x0, b->box.x1);
	int common = overlap(a->box.y0, a->box.y1, b->box.y0, b->box.y1);

	return (float)common >= rule->overlap * (float)less &&
	       (float)gap <= rule->gap * (float)more + 2 &&
	       (float)more <= rule->heights * (float)less &&
	       a->contrast <= rule->contrasts * b->contrast &&
	       b->contrast <= rule->contrasts * a->contrast;
}

static uint32_t root_of(uint32_t *parent, uint32_t i)
{
	while (parent[i] != i) {
		parent[i] = parent[parent[i]];
		i = parent[i];
	}
	return i;
}

/* Of those from `from` on, which lie before `to`. */
static uint32_t first_hits(uint32_t hits, uint32_t from, uint32_t to)
{
	return to - from < CHUNK ? hits & ((1u << (to - from)) - 1) : hits;
}

/* Join mark j, which the loose rule takes, with mark i; root: i's. */
static void join(struct grid *g, const uint32_t root[RULES], uint32_t i,
		 uint32_t j)
{
	uint32_t *loose = g->parent[LOOSE], *strict = g->parent[STRICT];

	loose[root_of(loose, j)] = root[LOOSE];
	if (belong_together(&rules[STRICT], &g->mark[i], &g->mark[j]))
		strict[root_of(strict, j)] = root[STRICT];
}

/* Join a mark with those of from to `to` that it belongs together with. */
static void join_some(struct grid *g, const uint32_t root[RULES], uint32_t i,
		      uint32_t from, uint32_t to)
{
	for (; from < to; from += CHUNK) {
		uint32_t hits = first_hits(g->sight->near(g, i, from), from,
					   to);

		/* but with itself */
		hits &= ~((uint32_t)(i - from < CHUNK) << (i - from) % CHUNK);
		for (; hits; hits &= hits - 1)
			join(g, root, i,
			     from + (uint32_t)__builtin_ctz(hits));
	}
}

/* Join a mark with those whose corner lies in the area. */
static void join_within(struct grid *g, uint32_t i, struct region area)
{
	int cx0 = imax(area.x0, 0) / CELL, cy0 = imax(area.y0, 0) / CELL;
	int cx1 = imin(area.x1 / CELL, g->across - 1);
	int cy1 = imin(area.y1 / CELL, g->down - 1);
	/* whom it is joined with gets its root */
	const uint32_t root[RULES] = {
		[LOOSE] = root_of(g->parent[LOOSE], i),
		[STRICT] = root_of(g->parent[STRICT], i),
	};

	for (int cy = cy0; cy <= cy1; cy++) {
		const uint32_t *start =
			g->start + 2 * (size_t)cy * (size_t)g->across;

		if (cx0 <= cx1)
			join_some(g, root, i, start[2 * cx0],
				  start[2 * cx1 + 1]);
	}
}

/*
 * Join each mark with those to its right.  The reach follows from
 * belong_together(): the other mark is at most as high as the rule allows,
 * and no higher than any mark.
 */
static void join_marks(struct grid *g)
{
	for (uint32_t i = 0; i < g->count; i++)
		g->parent[LOOSE][i] = g->parent[STRICT][i] = i;
	for (uint32_t i = 0; i < g->count; i++) {
		struct region b = g->mark[i].box;
		int h = high(&g->mark[i]);
		int most = imin(MOST_MARK, (int)(rules[LOOSE].heights *
						 (float)h));

		if (h >= LEAST_MARK)
			join_within(g, i,
				    (struct region){ b.x0, b.y0 - most,
						     b.x1 + most + 2, b.y1 });
	}
}

/* Sort the marks by root: those of root r are group[first[r]..first[r+1]). */
static void sort_groups(struct grid *g, uint32_t *parent)
{
	memset(g->first, 0, (g->count + (size_t)2) * sizeof(*g->first));
	for (uint32_t i = 0; i < g->count; i++) {
		parent[i] = root_of(parent, i);
		g->first[parent[i] + 2]++;
	}
	for (uint32_t r = 1; r < g->count + 2; r++)
		g->first[r] += g->first[r - 1];
	for (uint32_t i = 0; i < g->count; i++)
		g->group[g->first[parent[i] + 1]++] = i;
	for (uint32_t i = 0; i < g->count; i++)
		g->alone[i] = g->first[parent[i] + 1] - g->first[parent[i]] ==
			      1;
}

/* The marks of one row. */
struct members {
	const struct grid *grid;
	const uint32_t *member;
	uint32_t count;
	int rule;
};

static const struct mark *member(const struct members *m, uint32_t i)
{
	return &m->grid->mark[m->member[i]];
}

static void widen(struct region *box, const struct region *by)
{
	box->x0 = imin(box->x0, by->x0);
	box->y0 = imin(box->y0, by->y0);
	box->x1 = imax(box->x1, by->x1);
	box->y1 = imax(box->y1, by->y1);
}

static struct region box_of(const struct members *m)
{
	struct region box = member(m, 0)->box;

	for (uint32_t i = 1; i < m->count; i++)
		widen(&box, &member(m, i)->box);
	return box;
}

static double median_height(const struct members *m)
{
	uint32_t of_height[MOST_MARK + 1] = { 0 }, seen = 0;
	int h;

	for (uint32_t i = 0; i < m->count; i++)
		of_height[high(member(m, i))]++;
	for (h = 0; h < MOST_MARK; h++) {
		seen += of_height[h];
		if (2 * seen > m->count)
			break;
	}
	return h;
}

/* Mean and coefficient of variation; the latter is alone for one mark. */
struct spread {
	double sum, square;
	uint32_t count;
};

static void spread_add(struct spread *s, double v)
{
	s->sum += v;
	s->square += v * v;
	s->count++;
}

static double spread_mean(const struct spread *s)
{
	return s->count ? s->sum / s->count : 0;
}

static double spread_deviation(const struct spread *s)
{
	double m = spread_mean(s);
	double v = s->count ? s->square / s->count - m * m : 0;

	return v > 0 ? sqrt(v) : 0;
}

static double variation(const struct spread *s, double alone)
{
	return s->count > 1 ? spread_deviation(s) / (spread_mean(s) + 1e-6) :
			      alone;
}

/* What the marks of a row add up to. */
struct sums {
	struct ink ink;                 /* but its box */
	struct spread strokes, contrasts, bottoms, tops, widths, fills;
	double wide, noise;
	double uneven;
};

static struct sums add_up(const struct members *m)
{
	struct sums s = { .ink = { .area = 0 } };
	double median = median_height(m);

	for (uint32_t i = 0; i < m->count; i++) {
		const struct mark *k = member(m, i);

		s.ink.area += k->ink->area;
		s.ink.runs += k->ink->runs;
		s.ink.falls += k->ink->falls;
		for (int n = 0; n < INK_SUMS; n++)
			s.ink.sum[n] += k->ink->sum[n];
		s.uneven += fabs(high(k) - median) / median / m->count;
		spread_add(&s.strokes, k->stroke);
		spread_add(&s.contrasts, k->contrast);
		s.wide += region_width(k->box);
		s.noise += k->ink->noise;
		spread_add(&s.fills, k->ink->area /
				     (double)region_area(k->box));
		if (high(k) > .6 * median) {
			spread_add(&s.bottoms, k->box.y1);
			spread_add(&s.tops, k->box.y0);
			spread_add(&s.widths, region_width(k->box));
		}
	}
	return s;
}

/* How much other marks fill the frame around a row. */
static double crowd(const struct members *m, const uint32_t *parent,
		    const struct region *box)
{
	const struct grid *g = m->grid;
	int edge = region_height(*box) / 3 + 1;
	struct region r = region_grow(*box, edge);
	uint32_t root = parent[m->member[0]];
	int cx0 = imax(r.x0 - MOST_MARK, 0) / CELL;
	int cx1 = imin(r.x1 / CELL, g->across - 1);
	int cy0 = imax(r.y0 - MOST_MARK, 0) / CELL;
	int cy1 = imin(r.y1 / CELL, g->down - 1);
	int filled = 0;

	for (int cy = cy0; cy <= cy1; cy++) {
		const uint32_t *start =
			g->start + 2 * (size_t)cy * (size_t)g->across;

		for (uint32_t i = start[2 * cx0], to = start[2 * cx1 + 2];
		     i < to; i += CHUNK)
			filled += g->sight->filled(g, parent, root, &r, i,
						   (int)(to - i));
	}
	return filled / (double)(region_area(r) - region_area(*box));
}

static void set_shape(const struct members *m, const struct sums *s,
		      struct region box, double f[ROW_FEATURES])
{
	double w = region_width(box), h = region_height(box);
	bool turned = m->grid->turned;

	f[ROW_MARKS] = log(1. + m->count);
	f[ROW_ASPECT] = fmin(w / h, 12);
	f[ROW_HEIGHTS] = s->uneven;
	f[ROW_STROKES] = variation(&s->strokes, .3);
	f[ROW_STROKE] = spread_mean(&s->strokes) / h;
	f[ROW_DENSITY] = s->ink.area / (w * h);
	f[ROW_BOTTOMS] = s->bottoms.count > 1 ?
				 spread_deviation(&s->bottoms) / h : .2;
	f[ROW_TOPS] = s->tops.count > 1 ? spread_deviation(&s->tops) / h : .2;
	f[ROW_WIDTHS] = variation(&s->widths, .4);
	f[ROW_FILL] = spread_mean(&s->fills);
	f[ROW_COVER] = fmin(s->wide / w, 2);
	f[ROW_RUNS] = (turned ? s->ink.falls : s->ink.runs) /
		      (h * fmax(1, w / h));
	f[ROW_FALLS] = (turned ? s->ink.runs : s->ink.falls) / w;
	f[ROW_HEIGHT] = h / 20;
	f[ROW_PITCH] = log(w / h / m->count);
}

static void set_features(const struct members *m, const uint32_t *parent,
			 struct region box, float feature[ROW_FEATURES])
{
	const struct grid *g = m->grid;
	struct sums s = add_up(m);
	double contrast = s.ink.sum[INK_CONTRAST] / s.ink.area;
	double grey = s.ink.sum[INK_GREY] / s.ink.area;
	double f[ROW_FEATURES];

	set_shape(m, &s, box, f);
	f[ROW_CONTRAST] = contrast / 64;
	f[ROW_CONTRASTS] = variation(&s.contrasts, .2);
	f[ROW_GREYS] = sqrt(fmax(0, s.ink.sum[INK_GREY2] / s.ink.area -
					    grey * grey)) / (contrast + 1);
	f[ROW_EDGE] = s.ink.sum[INK_EDGE] / (2 * s.ink.runs) / (contrast + 1);
	f[ROW_NOISE] = s.noise / m->count / (contrast + 1);
	f[ROW_CROWD] = crowd(m, parent, &box);
	f[ROW_SHARP] = g->cut == INK_SHARP;
	f[ROW_LEVEL] = g->level < KNOWN_LEVELS ? g->level : LIKE_LEVEL;
	f[ROW_DOWN] = g->turned;
	f[ROW_STRICT] = m->rule == STRICT;
	for (int i = 0; i < ROW_FEATURES; i++)
		feature[i] = (float)f[i];
}

/* A layer: units over `count` values and 1; weight is [count + 1][units]. */
INLINED void layer(const float *restrict weight,
		   const float *restrict value, int count,
		   float *restrict unit, int units)
{
	typedef float lanes __attribute__((vector_size(LANES * sizeof(float))));
	lanes sum[ROW_FIRST / LANES], some;
	const float *last = weight + count * units;

	memcpy(sum, last, (size_t)units * sizeof(*unit));
	for (; weight < last; weight += units, value++)
#pragma GCC unroll 8
		for (int k = 0; k < units; k += LANES) {
			memcpy(&some, weight + k, sizeof(some));
			sum[k / LANES] += some * *value;
		}
	memcpy(unit, sum, (size_t)units * sizeof(*unit));
	for (int k = 0; k < units; k++)
		unit[k] = unit[k] > 0 ? unit[k] : 0;
}

INLINED void judge_row(const struct row_model *m,
		       const float feature[ROW_FEATURES], struct row_units *u)
{
	for (int i = 0; i < ROW_FEATURES; i++) {
		float x = (feature[i] - m->mean[i]) / m->deviation[i];

		u->feature[i] = x < -ROW_FAR ? -ROW_FAR :
				x > ROW_FAR ? ROW_FAR : x;
	}
	layer(&m->first[0][0], u->feature, ROW_FEATURES, u->first, ROW_FIRST);
	layer(&m->second[0][0], u->first, ROW_FIRST, u->second, ROW_SECOND);
	u->score = m->last[ROW_SECOND];
	for (int k = 0; k < ROW_SECOND; k++)
		u->score += m->last[k] * u->second[k];
}

static void judge_plain(const struct row_model *m,
			const float feature[ROW_FEATURES], struct row_units *u)
{
	judge_row(m, feature, u);
}

static FAST void judge_fast(const struct row_model *m,
			    const float feature[ROW_FEATURES],
			    struct row_units *u)
{
	judge_row(m, feature, u);
}

void row_judge(const struct row_model *m, const float feature[ROW_FEATURES],
	       struct row_units *u)
{
	(can_be_fast() ? judge_fast : judge_plain)(m, feature, u);
}

/* A dash in the middle of a row: a flat kanji or kana after a space too. */
static bool is_dash_of(const struct mark *k, const struct region *row)
{
	int off = k->box.y0 + k->box.y1 - row->y0 - row->y1;

	return 3 * high(k) <= region_height(*row) &&
	       region_width(k->box) >= 2 * high(k) &&
	       2 * abs(off) <= region_height(*row);
}

/*
 * A letter that stands alone in a row: an initial, a letter set apart; or, in
 * one that runs down, whatever stands in its middle.
 */
static bool is_letter_of(const struct mark *k, const struct region *row,
			 bool down)
{
	int h = region_height(*row), fifth = h / 5 + 1;
	int off = k->box.y0 + k->box.y1 - row->y0 - row->y1;

	return k->box.y0 >= row->y0 - fifth && k->box.y1 <= row->y1 + fifth &&
	       (5 * high(k) >= 3 * h || (down && abs(off) <= fifth));
}

/* A mark that was joined to no other and belongs to the row beside it. */
static bool is_small_mark_of(const struct mark *k, const struct region *row,
			     double contrast)
{
	int h = region_height(*row), third = h / 3 + 1;
	int far = is_dash_of(k, row) ? h : h / 2;

	return k->box.y0 >= row->y0 - third && k->box.y1 <= row->y1 + third &&
	       -overlap(k->box.x0, k->box.x1, row->x0, row->x1) <= far &&
	       region_width(k->box) <= h + third &&
	       k->contrast >= contrast / 2.2 && k->contrast <= 2.2 * contrast;
}

/* The same of a letter beside what the row has become. */
static bool is_next_letter_of(const struct members *m, const struct mark *k,
			      const struct region *row,
			      const struct region *box, double contrast)
{
	int h = region_height(*row);

	return m->count >= SURE_MARKS &&
	       is_letter_of(k, row, m->grid->turned) &&
	       -overlap(k->box.x0, k->box.x1, box->x0, box->x1) <= 2 * h &&
	       region_width(k->box) <= 4 * h / 3 + 1 &&
	       k->contrast >= contrast / 1.6 && k->contrast <= 1.6 * contrast;
}

/* Widen box by those of marks from `from` to `to` that stand alone beside the
 * row: neither rule takes one that is a third of it higher or lower. */
static void widen_by_some(const struct members *m, uint32_t from, uint32_t to,
			  const struct region *row, double contrast,
			  struct region *box)
{
	const struct grid *g = m->grid;
	int third = region_height(*row) / 3 + 1;

	for (; from < to; from += CHUNK) {
		uint32_t hits = first_hits(
			g->sight->alone(g, row->y0 - third, row->y1 + third,
					from),
			from, to);

		for (; hits; hits &= hits - 1) {
			const struct mark *k =
				&g->mark[from + (uint32_t)__builtin_ctz(hits)];

			if (is_small_mark_of(k, row, contrast) ||
			    is_next_letter_of(m, k, row, box, contrast))
				widen(box, &k->box);
		}
	}
}

/*
 * The row with the small marks that stand alone beside it: dots, dashes,
 * flat kanji and strokes of kanji.
 */
static struct region with_small_marks(const struct members *m,
				      const struct region *row,
				      const struct region *now,
				      double contrast)
{
	const struct grid *g = m->grid;
	struct region box = *now;
	int h = region_height(*row);
	int cx0 = imax(box.x0 - 4 * h, 0) / CELL;
	int cx1 = imin((box.x1 + 2 * h) / CELL, g->across - 1);
	int cy0 = imax(row->y0 - h, 0) / CELL;
	int cy1 = imin((row->y1 + h) / CELL, g->down - 1);

	for (int cy = cy0; cy <= cy1; cy++) {
		const uint32_t *start =
			g->start + 2 * (size_t)cy * (size_t)g->across;

		widen_by_some(m, start[2 * cx0], start[2 * cx1 + 2], row,
			      contrast, &box);
	}
	return box;
}

/* With those beside them, letters that are set far apart. */
static struct region with_all_marks(const struct members *m,
				    const struct region *row, double contrast)
{
	struct region box = *row, last;
	int rounds = 0;

	do {
		last = box;
		box = with_small_marks(m, row, &last, contrast);
	} while (++rounds < FAR_LETTERS && !region_equal(box, last));
	return box;
}

/*
 * The ground between the border of the picture and something near: nothing
 * lies outside that it could be wider than.  No letter is as full.
 */
static bool is_margin(const struct members *m, const struct region *box)
{
	const struct grid *g = m->grid;
	bool border = box->x0 <= 0 || box->y0 <= 0 ||
		      box->x1 >= g->columns || box->y1 >= g->rows;

	return m->count == 1 && border &&
	       4LL * member(m, 0)->ink->area >= 3 * region_area(*box);
}

static bool is_row_like(const struct members *m, const struct region *box)
{
	int w = region_width(*box), h = region_height(*box);
	/* smaller ones are seen better before */
	int least = m->grid->level >= KNOWN_LEVELS ? LEAST_LAST :
		    m->grid->level == 0 && m->grid->turned ? LEAST_DOWN :
							     LEAST_HEIGHT;

	return h >= least && h <= MOST_HEIGHT && w >= .6 * h &&
	       w * h >= LEAST_AREA && !is_margin(m, box);
}

/* What a search carries from level to level. */
struct search {
	const struct rows_visit *visit;
	int ways, level;
	enum polarity polarity;
	struct ink_list ink[INK_CUTS];
};

/* A box of the grid in pixels of the plane. */
static struct region to_plane(const struct search *s, struct region b,
			      bool down)
{
	int scale = 1 << s->level;
	struct region r = down ?
		(struct region){ b.y0, b.x0, b.y1, b.x1 } : b;

	return region_grow((struct region){ r.x0 * scale, r.y0 * scale,
					    r.x1 * scale, r.y1 * scale },
			   scale / 2);
}

static bool take_row(const struct search *s, const struct members *m,
		     const uint32_t *parent, const struct region *box)
{
	struct row row = { .polarity = s->polarity, .down = m->grid->turned,
			   .large = s->level >= KNOWN_LEVELS,
			   .marks = (int)m->count };
	struct row_units units;
	struct region wide;

	set_features(m, parent, *box, row.feature);
	row_judge(&row_model, row.feature, &units);
	row.score = units.score;
	if (row.score <= s->visit->least)
		return true;
	wide = with_all_marks(m, box,
			      64. * (double)row.feature[ROW_CONTRAST]);
	/* a short one that runs down is seen across */
	if (row.down && region_width(wide) < 1.6 * region_height(wide))
		return true;
	row.region = to_plane(s, wide, row.down);
	return s->visit->take(s->visit->self, &row);
}

/* The rows that one rule made. */
static bool each_row(const struct search *s, struct grid *g, int rule)
{
	sort_groups(g, g->parent[rule]);
	for (uint32_t root = 0; root < g->count; root++) {
		struct members m = { g, g->group + g->first[root],
				     g->first[root + 1] - g->first[root], rule };
		struct region box;

		/* of a mark that was cut out alone nothing can be said */
		if (m.count < rules[rule].marks ||
		    (m.count == 1 && g->cut == INK_SHARP))
			continue;
		box = box_of(&m);
		if (is_row_like(&m, &box) &&
		    !take_row(s, &m, g->parent[rule], &box))
			return false;
	}
	return true;
}

static bool find_way(const struct search *s, const struct grey_plane *p,
		     enum ink_cut cut, bool down)
{
	struct grid g;
	bool ok = grid_init(&g, &s->ink[cut], p->columns, p->rows, down);

	g.cut = cut;
	g.level = s->level;
	if (ok)
		join_marks(&g);
	for (int rule = 0; ok && rule < RULES; rule++)
		ok = each_row(s, &g, rule);
	grid_done(&g);
	return ok;
}

/* The rows of one polarity, across and down, by either cut. */
static bool find_ways(const struct search *s, const struct grey_plane *p)
{
	const struct lines_progress *progress = s->visit->progress;
	bool ok = true;

	for (int cut = 0; cut < INK_CUTS; cut++)
		for (int down = 0; ok && down < 2; down++) {
			telling_word(progress ? progress->telling : NULL);
			if (s->ways & (down ? LINES_DOWN : LINES_ACROSS) &&
			    (!down || s->level < KNOWN_LEVELS) &&
			    s->ink[cut].count)
				ok = find_way(s, p, (enum ink_cut)cut, down);
		}
	return ok;
}

static bool find_level(struct search *s, const struct grey_plane *p,
		       struct error *err)
{
	const struct lines_progress *progress = s->visit->progress;

	for (int polarity = 0; polarity < POLARITIES; polarity++) {
		s->polarity = (enum polarity)polarity;
		if (!ink_find(p, polarity == POLARITY_DARK, s->ink, err))
			return false;
		if (progress && progress->watch && s->level < KNOWN_LEVELS &&
		    !progress->watch->see(progress->watch->self, p, s->level,
					  polarity == POLARITY_DARK,
					  &s->ink[INK_WIDE]))
			return error_set(err, ERR_MEMORY,
					 _("no memory to look for text"));
		if (!find_ways(s, p))
			return error_set(err, ERR_MEMORY,
					 _("no memory to look for text"));
	}
	return true;
}

bool rows_find(const struct grey_plane *p, int ways,
	       const struct rows_visit *visit, struct error *err)
{
	struct search s = { .visit = visit, .ways = ways };
	struct grey_plane level = *p;
	uint8_t *halved = NULL;
	bool ok = true;

	for (s.level = 0; ok && s.level < LEVELS; s.level++) {
		int side = imin(level.columns, level.rows);
		struct grey_plane next;
		uint8_t *half;

		if (side < LEAST_SIDE && s.level > 0)
			break;
		ok = find_level(&s, &level, err);
		if (!ok || s.level + 1 == LEVELS || side < 2)
			break;
		half = plane_halve(&level, &next);
		free(halved);
		halved = half;
		level = next;
		ok = half || error_set(err, ERR_MEMORY,
				       _("no memory to look for text"));
	}
	free(halved);
	for (int cut = 0; cut < INK_CUTS; cut++)
		ink_list_done(&s.ink[cut]);
	return ok;
}

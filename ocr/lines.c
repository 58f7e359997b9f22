/* lines.c - rows of marks that look like text.  Reads nothing. */
#include "config.h"

#include "ocr/lines.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"

enum {
	LEVELS = 3,
	LEAST_SIDE = 16,                /* pixels of a level */
	CELL = 32,                      /* pixels, grid to find neighbours */
	LEAST_HEIGHT = 5, MOST_HEIGHT = 60, LEAST_AREA = 14,
	MOST_LINES = 4000,              /* kept of one plane, best first */
	SURE_LINE = 3,                  /* score of one that holds its parts */
	OWN_LINE = 6,                   /* score of small letters in a line */
	MUCH_BETTER = 7,                /* a part that is more than a stroke */
};

/*
 * Shape of a row; weights by logistic regression (balanced classes) over rows
 * found in pictures with known text.  See feature_row().
 */
enum feature {
	F_MARKS, F_ASPECT, F_HEIGHTS, F_STROKES, F_STROKE, F_CONTRAST,
	F_CONTRASTS, F_GREYS, F_EDGE, F_DENSITY, F_BOTTOMS, F_RUNS, F_HEIGHT,
	F_MARKS_EDGE, FEATURES
};
static const struct weight {
	double mean, deviation, weight;
} weights[FEATURES] = {
	[F_MARKS] = { 1.099, .557, -4.78 },
	[F_ASPECT] = { 3.228, 2.539, 1.20 },
	[F_HEIGHTS] = { .0839, .1304, -.386 },
	[F_STROKES] = { .2569, .1003, .217 },
	[F_STROKE] = { .3692, .1762, -2.33 },
	[F_CONTRAST] = { .9557, .8692, 1.99 },
	[F_CONTRASTS] = { .1601, .0754, -.353 },
	[F_GREYS] = { .2402, .1426, -.177 },
	[F_EDGE] = { .3623, .2789, -2.49 },
	[F_DENSITY] = { .4434, .1692, 1.28 },
	[F_BOTTOMS] = { .1607, .0710, -.459 },
	[F_RUNS] = { .9209, .4902, .758 },
	[F_HEIGHT] = { .5651, .3971, -1.67 },
	[F_MARKS_EDGE] = { .4787, .5730, 10.14 },
};
static const double bias = -2.709;

static double stroke(const struct ink *k)
{
	return (double)k->area / (k->runs > k->falls ? k->runs : k->falls);
}

/* Could be a letter, a part of one, or a few that touch. */
static bool is_letter_like(const struct ink *k)
{
	int w = region_width(k->box), h = region_height(k->box);

	return k->area >= 4 && h <= 44 && w <= 160 && stroke(k) <= 9 &&
	       !(h <= 3 && w > 28) && !(w <= 3 && h > 40) &&
	       w <= 14 * (h > 6 ? h : 6);
}

static int imin(int a, int b)
{
	return a < b ? a : b;
}

static int imax(int a, int b)
{
	return a > b ? a : b;
}

static int overlap(int a0, int a1, int b0, int b1)
{
	return imin(a1, b1) - imax(a0, b0);
}

static double mean_contrast(const struct ink *k)
{
	return k->contrast / k->area;
}

/*
 * What makes two marks neighbours in one row.  The loose rule joins the parts
 * of kanji, but on a picture's texture also line and ground; the strict one
 * finds letters of one size there.
 */
struct rule {
	double heights;                 /* ratio at most */
	double contrasts;               /* ratio at most */
	double gap;                     /* of the higher, plus 2 pixels */
	double overlap;                 /* of the lower, at least */
	size_t marks;                   /* of a row, at least */
};
static const struct rule rules[] = {
	{ 2.6, 2.2, 1.0, .5, 1 },
	{ 1.6, 1.5, .8, .7, 3 },
};
enum { RULES = sizeof(rules) / sizeof(rules[0]) };

static bool belong_together(const struct rule *rule, const struct ink *a,
			    const struct ink *b)
{
	int ha = region_height(a->box), hb = region_height(b->box);
	int high = imax(ha, hb), low = imin(ha, hb);
	double p = mean_contrast(a), q = mean_contrast(b);

	return low >= 4 && high <= rule->heights * low &&
	       -overlap(a->box.x0, a->box.x1, b->box.x0, b->box.x1) <=
		       rule->gap * high + 2 &&
	       overlap(a->box.y0, a->box.y1, b->box.y0, b->box.y1) >=
		       rule->overlap * low &&
	       p <= rule->contrasts * q && q <= rule->contrasts * p;
}

/* Marks by grid cell of their top left corner, and joined to groups. */
struct grid {
	const struct rule *rule;
	const struct ink *ink;
	size_t count;
	int across, down;               /* cells */
	size_t *start;                  /* [cells + 1], into order */
	size_t *order;                  /* marks by cell */
	size_t *parent;                 /* by mark */
	size_t *first;                  /* [count + 1], into group, by root */
	size_t *group;                  /* marks by root */
};

static size_t root_of(size_t *parent, size_t i)
{
	while (parent[i] != i) {
		parent[i] = parent[parent[i]];
		i = parent[i];
	}
	return i;
}

static size_t cell_of(const struct grid *g, const struct ink *k)
{
	return (size_t)(k->box.y0 / CELL) * (size_t)g->across +
	       (size_t)(k->box.x0 / CELL);
}

static bool grid_init(struct grid *g, const struct grey_plane *p,
		      const struct ink_list *list)
{
	size_t cells;

	*g = (struct grid){ .ink = list->ink, .count = list->count };
	g->across = p->columns / CELL + 1;
	g->down = p->rows / CELL + 1;
	cells = (size_t)g->across * (size_t)g->down;
	g->start = mem_array(cells + 2, sizeof(*g->start));
	g->order = mem_array(list->count + 1, sizeof(*g->order));
	g->parent = mem_array(list->count + 1, sizeof(*g->parent));
	g->first = mem_array(list->count + 2, sizeof(*g->first));
	g->group = mem_array(list->count + 1, sizeof(*g->group));
	if (!g->start || !g->order || !g->parent || !g->first || !g->group)
		return false;
	/* counting sort; start[cell + 1] is moved up to the end of its cell */
	for (size_t i = 0; i < g->count; i++)
		g->start[cell_of(g, &g->ink[i]) + 2]++;
	for (size_t c = 1; c < cells + 2; c++)
		g->start[c] += g->start[c - 1];
	for (size_t i = 0; i < g->count; i++)
		g->order[g->start[cell_of(g, &g->ink[i]) + 1]++] = i;
	return true;
}

static void grid_done(struct grid *g)
{
	free(g->start);
	free(g->order);
	free(g->parent);
	free(g->first);
	free(g->group);
}

typedef void visit_fn(struct grid *g, size_t i, size_t j);

/* Visit every mark j whose corner lies in the area. */
static void grid_visit(struct grid *g, struct region area, size_t i,
		       visit_fn *visit)
{
	int cx0 = imax(area.x0, 0) / CELL, cy0 = imax(area.y0, 0) / CELL;
	int cx1 = imin(area.x1 / CELL, g->across - 1);
	int cy1 = imin(area.y1 / CELL, g->down - 1);

	for (int cy = cy0; cy <= cy1; cy++) {
		const size_t *start = g->start + (size_t)cy * (size_t)g->across;

		for (size_t n = start[cx0]; n < start[cx1 + 1]; n++)
			visit(g, i, g->order[n]);
	}
}

static void join(struct grid *g, size_t i, size_t j)
{
	if (i != j && belong_together(g->rule, &g->ink[i], &g->ink[j]))
		g->parent[root_of(g->parent, j)] = root_of(g->parent, i);
}

/*
 * Join each mark with those to its right.  The reach follows from
 * belong_together(): the other mark is at most as high as the rule allows, and
 * no higher than 44.
 */
static void join_rows(struct grid *g, const struct rule *rule)
{
	g->rule = rule;
	for (size_t i = 0; i < g->count; i++)
		g->parent[i] = i;
	for (size_t i = 0; i < g->count; i++) {
		struct region b = g->ink[i].box;
		int h = region_height(b);
		int most = imin(44, (int)(rule->heights * h));

		if (h < 4)
			continue;
		grid_visit(g,
			   (struct region){ b.x0, b.y0 - most, b.x1 + most + 2,
					    b.y1 },
			   i, join);
	}
}

/* Sort the marks by root: those of root r are group[first[r]..first[r+1]). */
static void sort_groups(struct grid *g)
{
	memset(g->first, 0, (g->count + 2) * sizeof(*g->first));
	for (size_t i = 0; i < g->count; i++) {
		g->parent[i] = root_of(g->parent, i);
		g->first[g->parent[i] + 2]++;
	}
	for (size_t r = 1; r < g->count + 2; r++)
		g->first[r] += g->first[r - 1];
	for (size_t i = 0; i < g->count; i++)
		g->group[g->first[g->parent[i] + 1]++] = i;
}

/* The marks of one row. */
struct row {
	const struct ink *ink;
	const size_t *member;
	size_t count;
	struct region box;
	double contrast;                /* mean of the marks' */
};

static struct row row_of(const struct grid *g, size_t root)
{
	struct row r = { .ink = g->ink, .member = g->group + g->first[root],
			 .count = g->first[root + 1] - g->first[root] };

	for (size_t i = 0; i < r.count; i++) {
		const struct ink *k = &r.ink[r.member[i]];

		r.box = i ? region_union(r.box, k->box) : k->box;
		r.contrast += mean_contrast(k) / (double)r.count;
	}
	return r;
}

static double median_height(const struct row *r)
{
	size_t of_height[64] = { 0 };
	size_t seen = 0;
	int h;

	for (size_t i = 0; i < r->count; i++)
		of_height[region_height(r->ink[r->member[i]].box)]++;
	for (h = 0; h < 63; h++) {
		seen += of_height[h];
		if (2 * seen > r->count)
			break;
	}
	return h;
}

/* Mean and coefficient of variation; the latter is alone for one mark. */
struct spread {
	double sum, square;
	size_t count;
};

static void spread_add(struct spread *s, double v)
{
	s->sum += v;
	s->square += v * v;
	s->count++;
}

static double spread_mean(const struct spread *s)
{
	return s->count ? s->sum / (double)s->count : 0;
}

static double spread_deviation(const struct spread *s)
{
	double m = spread_mean(s);
	double v = s->count ? s->square / (double)s->count - m * m : 0;

	return v > 0 ? sqrt(v) : 0;
}

static double variation(const struct spread *s, double alone)
{
	return s->count > 1 ? spread_deviation(s) / (spread_mean(s) + 1e-6) :
			      alone;
}

static void feature_row(const struct row *r, double f[FEATURES])
{
	struct spread strokes = { 0 }, contrasts = { 0 }, bottoms = { 0 };
	struct ink sum = { 0 };
	double w = region_width(r->box), h = region_height(r->box);
	double median = median_height(r), uneven = 0;
	double contrast, grey;

	for (size_t i = 0; i < r->count; i++) {
		const struct ink *k = &r->ink[r->member[i]];
		double high = region_height(k->box);

		sum.area += k->area;
		sum.runs += k->runs;
		sum.grey += k->grey;
		sum.grey2 += k->grey2;
		sum.contrast += k->contrast;
		sum.edge += k->edge;
		uneven += fabs(high - median) / median / (double)r->count;
		spread_add(&strokes, stroke(k));
		spread_add(&contrasts, mean_contrast(k));
		if (high > .6 * median)
			spread_add(&bottoms, k->box.y1);
	}
	contrast = sum.contrast / sum.area;
	grey = sum.grey / sum.area;
	f[F_MARKS] = log(1 + (double)r->count);
	f[F_ASPECT] = w / h < 12 ? w / h : 12;
	f[F_HEIGHTS] = uneven;
	f[F_STROKES] = variation(&strokes, .3);
	f[F_STROKE] = spread_mean(&strokes) / h;
	f[F_CONTRAST] = contrast / 64;
	f[F_CONTRASTS] = variation(&contrasts, .2);
	f[F_GREYS] = sqrt(fmax(0, sum.grey2 / sum.area - grey * grey)) /
		     (contrast + 1);
	f[F_EDGE] = sum.edge / (2 * sum.runs) / (contrast + 1);
	f[F_DENSITY] = sum.area / (w * h);
	f[F_BOTTOMS] = bottoms.count > 1 ? spread_deviation(&bottoms) / h : .2;
	f[F_RUNS] = sum.runs / (h * fmax(1, w / h));
	f[F_HEIGHT] = h / 20;
	f[F_MARKS_EDGE] = f[F_MARKS] * f[F_EDGE];
}

static double score_row(const double f[FEATURES])
{
	double score = bias;

	for (int i = 0; i < FEATURES; i++)
		score += weights[i].weight * (f[i] - weights[i].mean) /
			 weights[i].deviation;
	return score;
}

/* A mark that was joined to no other and belongs to the row beside it. */
static bool is_small_mark_of(const struct grid *g, const struct row *r,
			     size_t j)
{
	const struct ink *k = &g->ink[j];
	size_t root = g->parent[j];
	int h = region_height(r->box), third = h / 3 + 1;
	double c = mean_contrast(k);

	return g->first[root + 1] - g->first[root] == 1 &&
	       k->box.y0 >= r->box.y0 - third &&
	       k->box.y1 <= r->box.y1 + third &&
	       -overlap(k->box.x0, k->box.x1, r->box.x0, r->box.x1) <=
		       h / 2 &&
	       region_width(k->box) <= h + third && c >= r->contrast / 2.2 &&
	       c <= 2.2 * r->contrast;
}

/*
 * The row with the small marks that stand alone beside it: dots, dashes,
 * flat kanji and strokes of kanji.
 */
static struct region with_small_marks(struct grid *g, const struct row *r)
{
	int h = region_height(r->box);
	struct region reach = { r->box.x0 - 2 * h, r->box.y0 - h,
				r->box.x1 + h, r->box.y1 + h };
	struct region box = r->box;
	int cx0 = imax(reach.x0, 0) / CELL, cy0 = imax(reach.y0, 0) / CELL;
	int cx1 = imin(reach.x1 / CELL, g->across - 1);
	int cy1 = imin(reach.y1 / CELL, g->down - 1);

	for (int cy = cy0; cy <= cy1; cy++) {
		const size_t *start = g->start + (size_t)cy * (size_t)g->across;

		for (size_t n = start[cx0]; n < start[cx1 + 1]; n++)
			if (is_small_mark_of(g, r, g->order[n]))
				box = region_union(box,
						   g->ink[g->order[n]].box);
	}
	return box;
}

static bool add_line(struct line_list *list, const struct line *line)
{
	if (!mem_grow(&list->line, &list->capacity, list->count,
		      sizeof(*list->line)))
		return false;
	list->line[list->count++] = *line;
	return true;
}

/* The rows of one level and polarity that look enough like text. */
static bool add_rows(struct grid *g, enum polarity polarity, int level,
		     struct line_list *list)
{
	for (size_t root = 0; root < g->count; root++) {
		struct line line = {
			.seen_score = { LINES_NEVER, LINES_NEVER },
		};
		double f[FEATURES];
		struct region box;
		struct row r;
		int w, h, scale = 1 << level;

		if (g->parent[root] != root)
			continue;
		r = row_of(g, root);
		if (r.count < g->rule->marks)
			continue;
		w = region_width(r.box);
		h = region_height(r.box);
		if (h < LEAST_HEIGHT || h > MOST_HEIGHT || w < .6 * h ||
		    w * h < LEAST_AREA)
			continue;
		feature_row(&r, f);
		line.score = score_row(f);
		if (line.score <= LINES_LEAST)
			continue;
		box = with_small_marks(g, &r);
		line.box = region_grow((struct region){
			box.x0 * scale, box.y0 * scale, box.x1 * scale,
			box.y1 * scale }, scale / 2);
		line.marks = (int)r.count;
		line.seen[polarity] = line.box;
		line.seen_score[polarity] = line.score;
		if (!add_line(list, &line))
			return false;
	}
	return true;
}

static void drop_unlike_letters(struct ink_list *list)
{
	size_t kept = 0;

	for (size_t i = 0; i < list->count; i++)
		if (is_letter_like(&list->ink[i]))
			list->ink[kept++] = list->ink[i];
	list->count = kept;
}

static bool find_level(const struct grey_plane *p, int level,
		       const struct lines_progress *progress,
		       struct ink_list *ink, struct line_list *list,
		       struct error *err)
{
	bool ok = true;

	for (int polarity = 0; ok && polarity < POLARITIES; polarity++) {
		struct grid g;

		if (!ink_find(p, polarity == POLARITY_DARK, ink, err))
			return false;
		drop_unlike_letters(ink);
		ok = grid_init(&g, p, ink);
		for (int i = 0; ok && i < RULES; i++) {
			join_rows(&g, &rules[i]);
			sort_groups(&g);
			ok = add_rows(&g, (enum polarity)polarity, level, list);
		}
		grid_done(&g);
		if (progress)
			progress->tell(progress->self);
	}
	return ok || error_set(err, ERR_MEMORY,
			       _("no memory to look for text"));
}

/* Half the size, each sample the mean of four.  NULL without memory. */
static uint8_t *halve(const struct grey_plane *p, struct grey_plane *half)
{
	int columns = p->columns / 2, rows = p->rows / 2;
	uint8_t *out = mem_array((size_t)rows, (size_t)columns);

	if (!out)
		return NULL;
	for (int y = 0; y < rows; y++) {
		const uint8_t *a = p->grey + 2 * y * p->stride;
		const uint8_t *b = a + p->stride;
		uint8_t *to = out + (size_t)y * (size_t)columns;

		for (int x = 0; x < columns; x++)
			to[x] = (uint8_t)((a[2 * x] + a[2 * x + 1] + b[2 * x] +
					   b[2 * x + 1] + 2) >> 2);
	}
	*half = (struct grey_plane){ out, columns, rows, columns };
	return out;
}

static int better_first(const void *a, const void *b)
{
	const struct line *p = a, *q = b;

	if (p->score != q->score)
		return p->score > q->score ? -1 : 1;
	if (p->box.y0 != q->box.y0)
		return p->box.y0 < q->box.y0 ? -1 : 1;
	if (p->box.x0 != q->box.x0)
		return p->box.x0 < q->box.x0 ? -1 : 1;
	return 0;
}

/* How long a line is across, and where it lies on that axis. */
static int line_height(const struct line *l)
{
	return l->vertical ? region_width(l->box) : region_height(l->box);
}

static int across_overlap(const struct line *a, const struct line *b)
{
	return a->vertical ?
		       overlap(a->box.x0, a->box.x1, b->box.x0, b->box.x1) :
		       overlap(a->box.y0, a->box.y1, b->box.y0, b->box.y1);
}

static int along_overlap(const struct line *a, const struct line *b)
{
	return a->vertical ?
		       overlap(a->box.y0, a->box.y1, b->box.y0, b->box.y1) :
		       overlap(a->box.x0, a->box.x1, b->box.x0, b->box.x1);
}

static bool heights_agree(const struct line *a, const struct line *b,
			  double ratio, int slack)
{
	int high = imax(line_height(a), line_height(b));
	int low = imin(line_height(a), line_height(b));

	return high <= ratio * low + slack;
}

static void note_seen(struct line *to, const struct line *from, bool joined)
{
	for (int i = 0; i < POLARITIES; i++) {
		if (region_empty(from->seen[i]))
			continue;
		if (region_empty(to->seen[i]))
			to->seen[i] = from->seen[i];
		else if (joined)
			to->seen[i] = region_union(to->seen[i], from->seen[i]);
		to->seen_score[i] = fmax(to->seen_score[i],
					 from->seen_score[i]);
	}
}

static void absorb(struct line *to, const struct line *from)
{
	to->box = region_union(to->box, from->box);
	to->marks = imax(to->marks, from->marks);
	note_seen(to, from, true);
}

/* Twice the middle of a line on the axis across it. */
static int middle(const struct line *l)
{
	return l->vertical ? l->box.x0 + l->box.x1 : l->box.y0 + l->box.y1;
}

/*
 * A row of small letters at the edge of the box of larger ones: a line of its
 * own, which must not go with what the larger ones say.  (The small letters
 * of a word lie in its middle.)
 */
static bool is_own_line(const struct line *small, const struct line *big)
{
	int high = line_height(big);

	return small->vertical == big->vertical && small->marks >= 3 &&
	       small->score > OWN_LINE && line_height(small) < .6 * high &&
	       abs(middle(small) - middle(big)) > .6 * high;
}

enum relation { APART, SAME, WORSE };

/* What c is to the better line b. */
static enum relation relate(const struct line *b, const struct line *c)
{
	long long common = region_area(region_intersect(b->box, c->box));
	long long mine = region_area(c->box);
	long long least = region_area(b->box) < mine ? region_area(b->box) :
						       mine;

	if (!common)
		return APART;
	if (b->vertical == c->vertical && heights_agree(b, c, 1.4, 2) &&
	    (2 * common > least ||
	     across_overlap(b, c) >
		     .7 * imin(line_height(b), line_height(c))))
		return SAME;
	return 2 * common > mine && !is_own_line(c, b) ? WORSE : APART;
}

/* Leave to a better line in the same row its end of c. */
static void trim(struct line *c, const struct line *b)
{
	int *start = c->vertical ? &c->box.y0 : &c->box.x0;
	int *end = c->vertical ? &c->box.y1 : &c->box.x1;
	int from = c->vertical ? b->box.y0 : b->box.x0;
	int to = c->vertical ? b->box.y1 : b->box.x1;

	if (c->vertical != b->vertical || to <= *start || from >= *end ||
	    across_overlap(b, c) <
		    .7 * imin(line_height(b), line_height(c)))
		return;
	if (from <= *start)
		*start = to;
	else if (to >= *end)
		*end = from;
}

/* Does the best of what is kept leave too little of c? */
static bool is_held(const struct line_list *list, size_t kept,
		    const struct line *c)
{
	long long held = 0;

	for (size_t j = 0; j < kept; j++)
		if (!is_own_line(c, &list->line[j]))
			held += region_area(region_intersect(
				list->line[j].box, c->box));
	return region_empty(c->box) || 10 * held >= 3 * region_area(c->box);
}

/*
 * Best first: a line joins the better one it is a part of, or goes when
 * better ones hold it.  A bigger box never replaces better ones that fill
 * it: it would swallow the next line.
 */
static void keep_best(struct line_list *list)
{
	size_t kept = 0;

	for (size_t i = 0; i < list->count; i++) {
		struct line c = list->line[i];
		bool gone = false;

		for (size_t j = 0; j < kept && !gone; j++) {
			struct line *b = &list->line[j];
			enum relation how = relate(b, &c);

			gone = how != APART;
			if (how == SAME)
				absorb(b, &c);
			else if (how == WORSE)
				note_seen(b, &c, false);
			else
				trim(&c, b);
		}
		if (!gone && !is_held(list, kept, &c))
			list->line[kept++] = c;
	}
	list->count = kept;
}

static int larger_first(const void *a, const void *b)
{
	long long p = region_area(((const struct line *)a)->box);
	long long q = region_area(((const struct line *)b)->box);

	return p > q ? -1 : p < q ? 1 : better_first(a, b);
}

/* Is l a part of k: strokes of letters that look like a line themselves? */
static bool is_part(const struct line *l, const struct line *k)
{
	long long mine = region_area(l->box);
	/* of one direction only the better holds the other */
	double better = k->vertical != l->vertical ? MUCH_BETTER : 0;

	return k->score > SURE_LINE && k->score > l->score - better &&
	       !is_own_line(l, k) && region_area(k->box) >= 2 * mine &&
	       10 * region_area(region_intersect(l->box, k->box)) >= 8 * mine;
}

/* Larger ones first, so that what holds a line stays itself. */
static void drop_parts(struct line_list *list)
{
	size_t kept = 0;

	if (list->count)
		qsort(list->line, list->count, sizeof(*list->line),
		      larger_first);
	for (size_t i = 0; i < list->count; i++) {
		bool part = false;

		for (size_t j = 0; j < kept && !part; j++)
			part = is_part(&list->line[i], &list->line[j]);
		if (!part)
			list->line[kept++] = list->line[i];
	}
	list->count = kept;
}

static bool continue_each_other(const struct line *a, const struct line *b)
{
	int high = imax(line_height(a), line_height(b));

	return a->vertical == b->vertical && heights_agree(a, b, 1.5, 0) &&
	       across_overlap(a, b) >=
		       .7 * imin(line_height(a), line_height(b)) &&
	       -along_overlap(a, b) <= 1.5 * high;
}

/* Join what lies in one row with small gaps, until nothing changes. */
static void join_lines(struct line_list *list)
{
	bool changed = true;

	while (changed) {
		changed = false;
		for (size_t i = 0; i < list->count; i++) {
			struct line *a = &list->line[i];

			for (size_t j = i + 1; j < list->count;) {
				if (!continue_each_other(a, &list->line[j])) {
					j++;
					continue;
				}
				absorb(a, &list->line[j]);
				list->line[j] = list->line[--list->count];
				changed = true;
			}
		}
	}
}

static void settle(struct line_list *list)
{
	if (list->count == 0)
		return;
	qsort(list->line, list->count, sizeof(*list->line), better_first);
	if (list->count > MOST_LINES) {
		list->count = MOST_LINES;
		list->more = true;
	}
	keep_best(list);
	join_lines(list);
	drop_parts(list);
	qsort(list->line, list->count, sizeof(*list->line), better_first);
}

static uint8_t *transpose(const struct grey_plane *p,
			  struct grey_plane *turned)
{
	enum { STEP = 32 };     /* a square at a time, for the cache */
	uint8_t *out = mem_array((size_t)p->columns, (size_t)p->rows);

	if (!out)
		return NULL;
	for (int y0 = 0; y0 < p->rows; y0 += STEP)
		for (int x0 = 0; x0 < p->columns; x0 += STEP)
			for (int y = y0; y < imin(y0 + STEP, p->rows); y++)
				for (int x = x0;
				     x < imin(x0 + STEP, p->columns); x++)
					out[(size_t)x * (size_t)p->rows +
					    (size_t)y] =
						p->grey[y * p->stride + x];
	*turned = (struct grey_plane){ out, p->rows, p->columns, p->rows };
	return out;
}

static struct region turn(struct region r)
{
	return (struct region){ r.y0, r.x0, r.y1, r.x1 };
}

static bool find_upright(const struct grey_plane *p,
			 const struct lines_progress *progress,
			 struct line_list *list, struct error *err)
{
	struct grey_plane level = *p;
	struct ink_list ink = { 0 };
	uint8_t *halved = NULL;
	bool ok = true;

	list->count = 0;
	for (int i = 0; ok && i < LEVELS; i++) {
		uint8_t *half;
		struct grey_plane next;

		if (imin(level.columns, level.rows) < LEAST_SIDE && i > 0)
			break;
		ok = find_level(&level, i, progress, &ink, list, err);
		if (!ok || i + 1 == LEVELS || imin(level.columns,
						   level.rows) < 2)
			break;
		half = halve(&level, &next);
		free(halved);
		halved = half;
		level = next;
		ok = half || error_set(err, ERR_MEMORY,
				       _("no memory to look for text"));
	}
	free(halved);
	ink_list_done(&ink);
	return ok;
}

/* Back to the plane asked; short ones are seen across. */
static void turn_back(struct line_list *list)
{
	size_t kept = 0;

	for (size_t i = 0; i < list->count; i++) {
		struct line l = list->line[i];

		if (region_width(l.box) < 1.6 * region_height(l.box))
			continue;
		l.vertical = true;
		l.box = turn(l.box);
		for (int s = 0; s < POLARITIES; s++)
			l.seen[s] = turn(l.seen[s]);
		list->line[kept++] = l;
	}
	list->count = kept;
}

bool lines_find(const struct grey_plane *p, bool vertical,
		const struct lines_progress *progress, struct line_list *list,
		struct error *err)
{
	struct grey_plane plane = *p;
	uint8_t *turned = NULL;
	bool ok;

	if (vertical && !(turned = transpose(p, &plane)))
		return error_set(err, ERR_MEMORY,
				 _("no memory to look for text"));
	ok = find_upright(&plane, progress, list, err);
	free(turned);
	list->more = false;
	if (vertical)
		turn_back(list);
	for (size_t i = 0; i < list->count; i++)
		list->line[i].box = region_clip(list->line[i].box, p->columns,
						p->rows);
	settle(list);
	return ok;
}

void line_list_done(struct line_list *list)
{
	free(list->line);
	*list = (struct line_list){ 0 };
}

bool lines_merge(struct line_list *list, const struct line_list *more,
		 struct error *err)
{
	for (size_t i = 0; i < more->count; i++)
		if (!add_line(list, &more->line[i]))
			return error_set(err, ERR_MEMORY,
					 _("no memory to look for text"));
	list->more |= more->more;
	settle(list);
	return true;
}

/* pen.c - marks that are strokes, patches of them, and their texture. */
#include "config.h"

#include "ocr/pen.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ocr/spot.h"

enum {
	CELL = 16,                      /* pixels of a side */
	LEAST_SIDE = 10,                /* a mark's longer one, at its scale */
	MOST_SIDE = 600,
	LEAST_CONTRAST = 24,            /* levels */
	LEAST_LONG = 26, MOST_LONG = 1000,      /* sides of a piece, pixels */
	LEAST_HIGH = 12, MOST_HIGH = 240,
	LEAST_CROSSED = 5,              /* strokes, where they are most */
	OFTEN_CROSSED = 7,              /* no ring with a letter in it */
	MARGIN = 4,                     /* of ground around a piece */
	NEAR = 2,                       /* pixels from ink that it blurs */
	REACH = 8,                      /* half of a gap in a piece */
	LEVELS = 3,
	MOST_MARKS = 20000,             /* more are noise */
	PRINT_MOST = 3,                 /* lines in a piece: parts of a
					   signature may look like some */
};
/* Pixels at its scale, and times the longer side. */
static const double narrowest = .7, widest = 9, widest_share = .3;
/* Times the contrast. */
static const double level_stray = .38, edge_least = .25, ground_stray = .12;
/* Times half the way round a piece, or a mark; share of a piece. */
#define LONG_ENOUGH 1.5
#define LONG_MOST 4.5
#define TURNS 1.6
#define KNOTTED 1.35
#define SMALL .4
#define HANGS_TOGETHER .35
/* Times the width of a stroke: two lines of a thin pen. */
#define TALLEST 80
/* Of a piece: strokes crossed on the mean, shares of its ink. */
static const double across_least = 1.5, down_least = 1.3;
static const double straight_most = .45, uneven_most = .68, ink_most = .42,
		    aligned_least = .2, aligned_most = .75;

void pen_marks_done(struct pen_marks *m)
{
	free(m->mark);
	*m = (struct pen_marks){ 0 };
}

static int longer(struct region r)
{
	int w = region_width(r), h = region_height(r);

	return w > h ? w : h;
}

static int shorter(struct region r)
{
	return region_width(r) + region_height(r) - longer(r);
}

/*
 * Length of strokes that run in every direction alike: rows and columns cross
 * them 4 / pi times in each pixel of it (Buffon).
 */
static double length_of(double runs, double falls)
{
	return (runs + falls) * .7853982;
}

static bool is_stroke(const struct ink *k)
{
	double mean = k->sum[INK_GREY] / k->area;
	double contrast = k->sum[INK_CONTRAST] / k->area;
	double stray = sqrt(fmax(0, k->sum[INK_GREY2] / k->area - mean * mean));
	double wide = k->area / length_of(k->runs, k->falls);
	int side = longer(k->box);

	return side >= LEAST_SIDE && side <= MOST_SIDE &&
	       contrast > LEAST_CONTRAST && wide > narrowest &&
	       wide < widest && wide < widest_share * side &&
	       stray < level_stray * contrast &&
	       k->sum[INK_EDGE] > edge_least * 2 * k->runs * contrast;
}

bool pen_see(struct pen_marks *m, int level, bool dark,
	     const struct ink_list *marks)
{
	int scale = 1 << level;

	for (size_t i = 0; i < marks->count; i++) {
		const struct ink *k = &marks->ink[i];
		double ink = k->sum[INK_GREY] / k->area;
		double off = k->sum[INK_CONTRAST] / k->area;
		struct region r = k->box;

		if (!is_stroke(k))
			continue;
		if (!mem_grow(&m->mark, &m->capacity, m->count,
			      sizeof(*m->mark)))
			return false;
		m->mark[m->count++] = (struct pen_mark){
			.box = { r.x0 * scale, r.y0 * scale, r.x1 * scale,
				 r.y1 * scale },
			.level = level, .dark = dark, .ink = ink,
			.ground = dark ? ink + off : ink - off,
			.wide = scale * k->area / length_of(k->runs, k->falls),
			.area = k->area,
		};
	}
	return true;
}

/* ---- the texture of a piece ---- */

struct piece {
	struct region box;
	bool dark;
	double ink, ground, wide;       /* means, by the area of its marks */
	double area;                    /* at the scales of its marks */
	double length[LEVELS];          /* of all strokes, by scale */
	double turns;                   /* of those that turn often */
	int longest;                    /* longer side of a mark that turns */
};

struct texture {
	double ink;             /* share of the box */
	double across, down;    /* strokes that a row, a column crosses */
	int most;               /* that one row, or one column, crosses */
	double straight;        /* share of ink in long runs */
	double uneven;          /* variation of the width of strokes */
	double stray;           /* of the ground, times the contrast */
	double wide;            /* mean width of strokes, pixels */
	double aligned;         /* 1: strokes beside each other run alike */
};

/* Which pixels of the box, grown a little, are inked: 1, near: 2, else 0. */
struct map {
	struct region box;
	int columns, rows;
	uint8_t *inked;
	uint16_t *run;          /* length of the shorter run through it */
};

static bool map_init(struct map *m, const struct grey_plane *p,
		     const struct piece *piece)
{
	int middle = (int)(piece->ground + .45 * (piece->ink - piece->ground));

	m->box = region_clip(region_grow(piece->box, MARGIN), p->columns,
			     p->rows);
	m->columns = region_width(m->box);
	m->rows = region_height(m->box);
	m->inked = mem_array((size_t)m->rows, (size_t)m->columns);
	m->run = mem_array3((size_t)m->rows, (size_t)m->columns, 1,
			    sizeof(*m->run));
	if (!m->inked || !m->run)
		return false;
	for (int y = 0; y < m->rows; y++)
		for (int x = 0; x < m->columns; x++)
			m->inked[y * m->columns + x] =
				(p->grey[(m->box.y0 + y) * p->stride +
					 m->box.x0 + x] < middle) ==
				piece->dark;
	return true;
}

static void map_done(struct map *m)
{
	free(m->inked);
	free(m->run);
}

/* Runs along one row or column; *straight: ink in those longer than most. */
static int follow_line(struct map *m, int from, int step, int count, int most,
		       double *straight)
{
	int runs = 0;

	for (int i = 0; i < count; i++) {
		int since = i;

		while (i < count && m->inked[from + i * step])
			i++;
		if (i == since)
			continue;
		runs++;
		if (i - since > most)
			*straight += i - since;
		for (int k = since; k < i; k++) {
			uint16_t *run = &m->run[from + k * step];

			if (!*run || i - since < *run)
				*run = (uint16_t)(i - since);
		}
	}
	return runs;
}

static void look_at_strokes(struct map *m, const struct piece *piece,
			    struct texture *t)
{
	int longest = (int)(8 * piece->wide + 4), runs = 0, falls = 0;
	double sum = 0, square = 0, straight = 0, n = 0;

	for (int y = 0; y < m->rows; y++) {
		int here = follow_line(m, y * m->columns, 1, m->columns,
				       longest, &straight);

		runs += here;
		t->most = here > t->most ? here : t->most;
	}
	for (int x = 0; x < m->columns; x++) {
		int here = follow_line(m, x, m->columns, m->rows, longest,
				       &straight);

		falls += here;
		t->most = here > t->most ? here : t->most;
	}
	for (int i = 0; i < m->columns * m->rows; i++) {
		if (!m->inked[i])
			continue;
		n++;
		sum += m->run[i];
		square += (double)m->run[i] * m->run[i];
	}
	n = fmax(n, 1);
	t->wide = n / fmax(1, length_of(runs, falls));
	t->uneven = sqrt(fmax(0, square / n - sum / n * (sum / n))) /
		    fmax(1, sum / n);
	t->straight = straight / n;
	t->ink = n / ((double)m->columns * m->rows);
	t->across = (double)runs / region_height(piece->box);
	t->down = (double)falls / region_width(piece->box);
}

static bool is_near_ink(const struct map *m, int x, int y)
{
	struct region r = region_clip(
		(struct region){ x - NEAR, y - NEAR, x + NEAR + 1,
				 y + NEAR + 1 }, m->columns, m->rows);

	for (int v = r.y0; v < r.y1; v++)
		for (int u = r.x0; u < r.x1; u++)
			if (m->inked[v * m->columns + u])
				return true;
	return false;
}

static void look_at_ground(const struct map *m, const struct grey_plane *p,
			   const struct piece *piece, struct texture *t)
{
	double contrast = fabs(piece->ink - piece->ground), sum = 0;
	int n = 0;

	for (int y = 0; y < m->rows; y += 2)
		for (int x = y / 2 & 1; x < m->columns; x += 2) {
			if (is_near_ink(m, x, y))
				continue;
			sum += fabs(p->grey[(m->box.y0 + y) * p->stride +
					    m->box.x0 + x] - piece->ground);
			n++;
		}
	t->stray = n ? sum / n / contrast : 0;
}

/* Sums over the edges of a square: xx, yy and xy of the gradients. */
static void sum_gradients(const struct grey_plane *p, struct region r,
			  double sum[3])
{
	sum[0] = sum[1] = sum[2] = 0;
	for (int y = r.y0; y + 1 < r.y1; y++)
		for (int x = r.x0; x + 1 < r.x1; x++) {
			const uint8_t *at = p->grey + y * p->stride + x;
			int dx = at[1] + at[p->stride + 1] - at[0] -
				 at[p->stride];
			int dy = at[p->stride] + at[p->stride + 1] - at[0] -
				 at[1];

			sum[0] += dx * dx;
			sum[1] += dy * dy;
			sum[2] += dx * dy;
		}
}

/*
 * How far all edges of a square of some strokes' width have one direction
 * (Bigun and Granlund 1987), on the mean.
 */
static void look_at_directions(const struct map *m, const struct grey_plane *p,
			       const struct piece *piece, struct texture *t)
{
	int side = 8 + (int)(6 * piece->wide);
	double all = 0, along = 0, sum[3];

	for (int y = m->box.y0; y < m->box.y1; y += side)
		for (int x = m->box.x0; x < m->box.x1; x += side) {
			sum_gradients(p, region_intersect(m->box,
				(struct region){ x, y, x + side, y + side }),
				sum);
			all += sum[0] + sum[1];
			along += hypot(sum[0] - sum[1], 2 * sum[2]);
		}
	t->aligned = all > 0 ? along / all : 1;
}

static bool look_at(const struct grey_plane *p, const struct piece *piece,
		    struct texture *t)
{
	struct map m = { 0 };
	bool ok = map_init(&m, p, piece);

	*t = (struct texture){ 0 };
	if (ok) {
		look_at_strokes(&m, piece, t);
		look_at_ground(&m, p, piece, t);
		look_at_directions(&m, p, piece, t);
	}
	map_done(&m);
	return ok;
}

static bool is_writing(const struct texture *t, const struct piece *piece)
{
	double length = 0;

	for (int i = 0; i < LEVELS; i++)
		length += piece->length[i];
	return (t->most >= OFTEN_CROSSED || 2 * piece->turns > length) &&
	       t->most >= LEAST_CROSSED && t->across > across_least &&
	       t->down > down_least && t->straight < straight_most &&
	       t->uneven < uneven_most && t->stray < ground_stray &&
	       t->aligned > aligned_least && t->aligned < aligned_most &&
	       t->wide > 1 && t->wide > .6 * piece->wide &&
	       t->ink < ink_most && t->wide * 4 < shorter(piece->box);
}

/* ---- pieces ---- */

static bool is_known(const struct region *known, size_t count,
		     struct region r)
{
	for (size_t i = 0; i < count; i++)
		if (5 * region_area(region_intersect(known[i], r)) >
		    4 * region_area(r))
			return true;
	return false;
}

static size_t root_of(size_t *parent, size_t i)
{
	while (parent[i] != i) {
		parent[i] = parent[parent[i]];
		i = parent[i];
	}
	return i;
}

static bool are_alike(const struct pen_mark *a, const struct pen_mark *b)
{
	double contrast = fmax(fabs(a->ink - a->ground),
			       fabs(b->ink - b->ground));

	return a->dark == b->dark && a->wide < 2.5 * b->wide + 1 &&
	       b->wide < 2.5 * a->wide + 1 &&
	       fabs(a->ground - b->ground) < .4 * contrast &&
	       fabs(a->ink - b->ink) < .6 * contrast;
}

/*
 * Join marks that are alike and near each other: each cell of the plane knows
 * the last that came near it.
 */
static void join_marks(const struct pen_marks *m, const struct region *known,
		       size_t known_count, struct region cells, size_t *cell,
		       size_t *parent)
{
	for (size_t i = 0; i < m->count; i++) {
		struct region r = region_grow(m->mark[i].box, REACH);

		parent[i] = i;
		if (is_known(known, known_count, m->mark[i].box)) {
			parent[i] = m->count;
			continue;
		}
		r = region_intersect(cells, (struct region){
			r.x0 / CELL, r.y0 / CELL, r.x1 / CELL + 1,
			r.y1 / CELL + 1 });
		for (int y = r.y0; y < r.y1; y++)
			for (int x = r.x0; x < r.x1; x++) {
				size_t *last = &cell[(size_t)y *
					(size_t)cells.x1 + (size_t)x];

				if (*last && are_alike(&m->mark[i],
						       &m->mark[*last - 1]))
					parent[root_of(parent, *last - 1)] =
						root_of(parent, i);
				*last = i + 1;
			}
	}
}

/* Pixels of the whole plane. */
static double stroke_length(const struct pen_mark *k)
{
	return ldexp(k->area, 2 * k->level) / k->wide;
}

/*
 * Does a stroke turn often, or is it but a small part of the piece?  A curve
 * that goes round once is no longer than half its box is round.
 */
static bool turns_often(const struct pen_mark *k, const struct piece *piece)
{
	int w = region_width(k->box), h = region_height(k->box);

	return stroke_length(k) > TURNS * (w + h) ||
	       longer(k->box) < SMALL * longer(piece->box);
}

static void add_mark(struct piece *piece, const struct pen_mark *k)
{
	double all = piece->area + k->area, share = k->area / all;

	piece->dark = k->dark;
	piece->ink += (k->ink - piece->ink) * share;
	piece->ground += (k->ground - piece->ground) * share;
	piece->wide += (k->wide - piece->wide) * share;
	piece->length[k->level] += stroke_length(k);
	piece->area = all;
	if (longer(k->box) > piece->longest &&
	    stroke_length(k) > KNOTTED * (region_width(k->box) +
					  region_height(k->box)))
		piece->longest = longer(k->box);
	piece->box = region_union(piece->box, k->box);
}

/* Of the size of writing, and more in it than one stroke or letter. */
static bool may_be(const struct piece *p)
{
	int w = region_width(p->box), h = region_height(p->box);
	double length = 0;

	for (int i = 0; i < LEVELS; i++)
		length = fmax(length, p->length[i]);
	return p->longest > HANGS_TOGETHER * longer(p->box) &&
	       longer(p->box) >= LEAST_LONG && longer(p->box) <= MOST_LONG &&
	       shorter(p->box) >= LEAST_HIGH &&
	       shorter(p->box) <= MOST_HIGH && length > LONG_ENOUGH * (w + h) &&
	       length < LONG_MOST * (w + h) &&
	       shorter(p->box) < TALLEST * p->wide &&
	       length * p->wide < ink_most * w * h;
}

static bool stands_alone(const struct grey_plane *p, const struct piece *piece)
{
	struct spot s = { p, piece->box, piece->dark, piece->ink,
			  piece->ground,
			  (int)(.42 * piece->ink + .58 * piece->ground) };

	return spot_stands_alone(&s, MARGIN);
}

/* Is it rather some lines of print with something between? */
static bool holds_print(const struct piece *piece, const struct region *known,
			size_t count)
{
	int n = 0;

	for (size_t i = 0; i < count && n <= PRINT_MOST; i++)
		n += region_contains(piece->box, known[i]);
	return n > PRINT_MOST;
}

static void take_pieces(const struct grey_plane *p,
			const struct piece *piece, size_t count,
			const struct region *known, size_t known_count,
			void (*take)(void *self, struct region box),
			void *self)
{
	for (size_t i = 0; i < count; i++) {
		struct texture t;

		if (piece[i].area > 0 && may_be(&piece[i]) &&
		    stands_alone(p, &piece[i]) &&
		    !holds_print(&piece[i], known, known_count) &&
		    look_at(p, &piece[i], &t) && is_writing(&t, &piece[i]))
			take(self, piece[i].box);
	}
}

bool pen_find(const struct pen_marks *m, const struct grey_plane *p,
	      const struct region *known, size_t known_count,
	      void (*take)(void *self, struct region box), void *self)
{
	struct region cells = { 0, 0, p->columns / CELL + 1,
				p->rows / CELL + 1 };
	size_t *cell = mem_array3((size_t)cells.x1, (size_t)cells.y1, 1,
				  sizeof(*cell));
	size_t *parent = mem_array(m->count + 1, sizeof(*parent));
	struct piece *piece = mem_array(m->count + 1, sizeof(*piece));
	bool ok = cell && parent && piece;

	if (ok && m->count <= MOST_MARKS) {
		join_marks(m, known, known_count, cells, cell, parent);
		for (size_t i = 0; i < m->count; i++)
			if (parent[i] < m->count)
				add_mark(&piece[root_of(parent, i)],
					 &m->mark[i]);
		for (size_t i = 0; i < m->count; i++) {
			struct piece *of = parent[i] < m->count ?
				&piece[root_of(parent, i)] : NULL;

			if (of && turns_often(&m->mark[i], of))
				of->turns += stroke_length(&m->mark[i]);
		}
		take_pieces(p, piece, m->count, known, known_count, take,
			    self);
	}
	free(cell);
	free(parent);
	free(piece);
	return ok;
}

/* clear.c - columns on clear ground are raised. */
#include "config.h"

#include "ocr/clear.h"

#include <stdlib.h>

#include "ocr/ints.h"

enum {
	LEVELS = 256,
	HALO = 2,               /* pixels around letters that are of them */
	LEAST_SIDE = 4,         /* pixels of ground looked at on either side */
	LEAST_INK = 12,         /* levels that letters stand out by */
	LEAST_LONG = 2,         /* times its width: a column */
	CLEAR = 98,             /* percent of the ground */
	SMALL = 20,             /* pixels wide: what is wider is bones rather */
};
/* The score of what is raised: it is masked, and its letters go on over blanks
 * (complete.h). */
static const double raised = 2.25;

/* What stands on either side of a column, and what in it. */
struct ground {
	long side[LEVELS], box[LEVELS]; /* pixels of each level */
	long sides, all;
	int level;                      /* the median of the sides */
	int spread[2];                  /* what CLEAR of them are brighter by,
					   and darker */
};

static long count_levels(const struct grey_plane *p, struct region r,
			 long count[LEVELS])
{
	r = region_clip(r, p->columns, p->rows);
	for (int y = r.y0; y < r.y1; y++)
		for (int x = r.x0; x < r.x1; x++)
			count[p->grey[y * p->stride + x]]++;
	return region_empty(r) ? 0 : (long)region_area(r);
}

/* The level that `share` percent of the counted pixels reach. */
static int level_at(const long count[LEVELS], long all, int share)
{
	long seen = 0;
	int v = 0;

	for (; v < LEVELS - 1; v++) {
		seen += count[v];
		if (100 * seen >= share * all)
			break;
	}
	return v;
}

/* False when nothing is beside it. */
static bool see_ground(const struct grey_plane *p, struct region b,
		       struct ground *g)
{
	int wide = imax(LEAST_SIDE, region_width(b) / 3);

	*g = (struct ground){ .sides = 0 };
	g->sides = count_levels(p, (struct region){ b.x0 - HALO - wide, b.y0,
						    b.x0 - HALO, b.y1 },
				g->side);
	g->sides += count_levels(p, (struct region){ b.x1 + HALO, b.y0,
						     b.x1 + HALO + wide,
						     b.y1 }, g->side);
	g->all = count_levels(p, b, g->box);
	if (!g->sides || !g->all)
		return false;
	g->level = level_at(g->side, g->sides, 50);
	for (int dark = 0; dark < 2; dark++) {
		long off[LEVELS] = { 0 };

		for (int v = 0; v < LEVELS; v++)
			off[imax(0, dark ? g->level - v : v - g->level)] +=
				g->side[v];
		g->spread[dark] = level_at(off, g->sides, CLEAR);
	}
	return true;
}

/* What the strongest sixth of the box stands out by, on the mean. */
static int stands_out(const struct ground *g, bool dark)
{
	long left = g->all / 6 + 1, want = left, sum = 0;

	for (int i = 0; i < LEVELS && left > 0; i++) {
		int v = dark ? i : LEVELS - 1 - i;
		long some = g->box[v] < left ? g->box[v] : left;

		sum += some * (dark ? g->level - v : v - g->level);
		left -= some;
	}
	return (int)(sum / want);
}

/* What of the box is ink. */
struct strokes {
	long pixels;
	int rows, several;              /* that have some, and two strokes */
};

static struct strokes see_strokes(const struct grey_plane *p, struct region b,
				  int level, int least, bool dark)
{
	struct strokes s = { 0 };

	for (int y = b.y0; y < b.y1; y++) {
		bool last = false;
		int strokes = 0;

		for (int x = b.x0; x < b.x1; x++) {
			int off = p->grey[y * p->stride + x] - level;
			bool ink = (dark ? -off : off) >= least;

			s.pixels += ink;
			strokes += ink && !last;
			last = ink;
		}
		s.rows += strokes > 0;
		s.several += strokes > 1;
	}
	return s;
}

static bool on_clear_ground(const struct grey_plane *p, struct region b)
{
	struct ground g;
	struct strokes s;
	int fifths = region_width(b) <= SMALL ? 3 : 2;
	int bright, dark, ink;

	if (region_height(b) < LEAST_LONG * region_width(b) ||
	    !see_ground(p, b, &g))
		return false;
	bright = stands_out(&g, false);
	dark = stands_out(&g, true);
	ink = imax(bright, dark);
	if (ink < LEAST_INK || 5 * g.spread[dark > bright] > fifths * ink)
		return false;
	s = see_strokes(p, b, g.level, ink / 2, dark > bright);
	return 8 * s.pixels >= g.all && 9 * s.pixels <= 5 * g.all &&
	       s.rows < region_height(b) && 10 * s.several >= s.rows;
}

void lines_raise_clear(const struct grey_plane *p, int view,
		       struct line_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		struct line *l = &list->line[i];

		if (l->vertical && l->view == view && l->score < raised &&
		    on_clear_ground(p, region_clip(l->box, p->columns,
						   p->rows)))
			l->score = raised;
	}
}

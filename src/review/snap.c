/* snap.c - where the text of an area really ends. */
#include "config.h"

#include "review/snap.h"

#include <stdlib.h>

enum {
	CONTRAST = 40,          /* as in ink.c */
	LEVELS = 256,
	LEAST_LETTER = 4,
	MOST_LETTER = 64,
	BORDER_LETTERS = 3,
	LINES_TOUCH = 2,        /* lines without a gap between them */
	RIM = 2,                /* pixels left around the ink: smoothed rims */
};

/* What counts as ink. */
struct ink {
	const struct ink_picture *p;
	int level, far;
	bool light;
};

static int grey_at(const struct ink_picture *p, int x, int y)
{
	return p->grey[(size_t)y * (size_t)p->columns + (size_t)x];
}

static int median(const long count[LEVELS])
{
	long total = 0, seen = 0;
	int v = 0;

	for (int i = 0; i < LEVELS; i++)
		total += count[i];
	while (v < LEVELS - 1 && 2 * (seen += count[v]) <= total)
		v++;
	return v;
}

static void count_grey(const struct ink_picture *p, struct region r,
		       long count[LEVELS])
{
	for (int y = r.y0; y < r.y1; y++)
		for (int x = r.x0; x < r.x1; x++)
			count[grey_at(p, x, y)]++;
}

static bool is_ink(const struct ink *ink, int x, int y)
{
	int grey = grey_at(ink->p, x, y);

	return ink->light ? grey - ink->level > ink->far :
			    ink->level - grey > ink->far;
}

/* Learn what is ink in the area.  False: nothing is. */
static bool learn(const struct ink_picture *p, struct region area, int letter,
		  struct ink *ink)
{
	long around[LEVELS] = { 0 }, inside[LEVELS] = { 0 };
	long deviation[LEVELS] = { 0 }, light = 0, dark = 0;

	count_grey(p, region_clip(region_grow(area, BORDER_LETTERS * letter),
				  p->columns, p->rows), around);
	count_grey(p, area, inside);
	*ink = (struct ink){ .p = p, .level = median(around) };
	for (int i = 0; i < LEVELS; i++)
		deviation[abs(i - ink->level)] += around[i];
	ink->far = CONTRAST + 2 * median(deviation);
	for (int i = 0; i < LEVELS; i++) {
		if (i - ink->level > ink->far)
			light += inside[i];
		if (ink->level - i > ink->far)
			dark += inside[i];
	}
	ink->light = light >= dark;
	return light + dark > 0;
}

/* The bounds of the ink within r; empty when there is none. */
static struct region bounds(const struct ink *ink, struct region r)
{
	struct region b = { 0 };

	for (int y = r.y0; y < r.y1; y++)
		for (int x = r.x0; x < r.x1; x++)
			if (is_ink(ink, x, y))
				b = region_union(b, (struct region){
						 x, y, x + 1, y + 1 });
	return b;
}

/* Take in ink up to `beside` pixels to the sides, `above` up and down. */
static struct region reach(const struct ink *ink, struct region r, int beside,
			   int above)
{
	struct region wide = region_clip((struct region){
			r.x0 - beside, r.y0 - above,
			r.x1 + beside, r.y1 + above },
		ink->p->columns, ink->p->rows);
	struct region strips[] = {
		{ wide.x0, wide.y0, wide.x1, r.y0 },
		{ wide.x0, r.y1, wide.x1, wide.y1 },
		{ wide.x0, r.y0, r.x0, r.y1 },
		{ r.x1, r.y0, wide.x1, r.y1 },
	};

	for (size_t i = 0; i < sizeof(strips) / sizeof(strips[0]); i++)
		r = region_union(r, bounds(ink, strips[i]));
	return r;
}

/* How far a letter reaches in a line of this area: what was asked for, or the
 * height that the line turned out to have. */
static int letter_of(struct region line, int letter)
{
	int height = region_height(line);

	height = height > MOST_LETTER ? MOST_LETTER : height;
	return height > letter ? height : letter;
}

/* The most rows below one another that all have ink. */
static int ink_rows(const struct ink *ink, struct region r)
{
	int run = 0, most = 0;

	for (int y = r.y0; y < r.y1; y++) {
		struct region row = { r.x0, y, r.x1, y + 1 };

		run = region_empty(bounds(ink, row)) ? 0 : run + 1;
		most = run > most ? run : most;
	}
	return most;
}

/* Take in what of the line of *r reaches beyond.  False: that is too high for
 * a line of letters, *r stays. */
static bool grow_line(const struct ink *ink, int letter, struct region *r)
{
	struct region before, now = *r;

	do {
		before = now;
		now = reach(ink, now, letter_of(now, letter), 1);
	} while (!region_equal(before, now));
	if (ink_rows(ink, now) > MOST_LETTER)
		return false;
	*r = now;
	return true;
}

/* The lines above and below; the line itself where there are none: what has
 * no gaps between its rows is no text. */
static struct region block_of(const struct ink *ink, struct region line,
			      int letter)
{
	struct region before, now = line;
	int most = LINES_TOUCH * ink_rows(ink, line);

	letter = letter_of(line, letter);
	do {
		before = now;
		now = reach(ink, now, letter, letter);
	} while (!region_equal(before, now) && ink_rows(ink, now) <= most);
	return ink_rows(ink, now) > most ? line : now;
}

/* Is there nothing on the rows just above and below, over all columns? */
static bool is_banner(const struct ink *ink, struct region block)
{
	const struct region rows[] = {
		{ 0, block.y0 - RIM, ink->p->columns, block.y0 - RIM + 1 },
		{ 0, block.y1 + RIM - 1, ink->p->columns, block.y1 + RIM },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct region row = region_clip(rows[i], ink->p->columns,
						ink->p->rows);

		if (!region_empty(row) && !region_empty(bounds(ink, row)))
			return false;
	}
	return true;
}

bool ink_snap(const struct ink_picture *p, struct region area, int letter,
	      enum snap how, struct region *snapped)
{
	struct region now = region_clip(area, p->columns, p->rows);
	struct ink ink;

	*snapped = area;
	letter = letter < LEAST_LETTER ? LEAST_LETTER : letter;
	if (region_empty(now) || !p->grey || !learn(p, now, letter, &ink))
		return false;
	area = now;
	now = bounds(&ink, now);
	if (!grow_line(&ink, letter, &now)) {
		/* no text: never larger than it was */
		*snapped = region_intersect(region_grow(now, RIM), area);
		return true;
	}
	if (how != SNAP_LINE)
		now = block_of(&ink, now, letter);
	if (how == SNAP_BANNER && is_banner(&ink, now)) {
		now.x0 = 0;
		now.x1 = p->columns;
	}
	*snapped = region_clip(region_grow(now, RIM), p->columns, p->rows);
	return true;
}

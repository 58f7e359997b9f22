/* marks.c - small marks that stand out from what is around them. */
#include "config.h"

#include "review/marks.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* A tile is worked on at a time: its loops have fixed lengths, so that they
 * are made of vector instructions, and it stays in the cache. */
enum {
	SQUARE = 11,            /* pixels: wider than a stroke */
	BACK = SQUARE - 1,
	SIDE = 256,             /* of a tile with its margins */
	MARGIN = 32,            /* two squares and a cell */
	CORE = SIDE - 2 * MARGIN,
	PAD = 16,               /* read, never used */
	CELL = 16,              /* the mean is taken over 3 x 3 cells */
	CELLS = CORE / CELL,
	LEAST = 14,             /* levels */
	FACTOR = 2,             /* of the mean */
	FACTOR_MOST = 8,
	STRONGEST = 255,
};

struct tile {
	uint8_t grey[SIDE + PAD][SIDE + PAD];
	uint8_t wide[SIDE + PAD][SIDE + PAD];
	/* of a cell, one around the core */
	int sum[CELLS + 2][CELLS + 2], high[CELLS + 2][CELLS + 2];
};

struct search {
	const struct ink_picture *p;
	bool light;
	int factor;
	uint8_t *strength;              /* [rows][columns]; 0 no ink */
	struct tile *tile;
	int *todo;                      /* pixels */
	size_t left, capacity;
};

void mark_list_done(struct mark_list *list)
{
	free(list->mark);
	*list = (struct mark_list){ 0 };
}

/* ---- what stands out ---- */

static int within(int at, int count)
{
	return at < 0 ? 0 : at >= count ? count - 1 : at;
}

/* A row of the picture from x on, the ends drawn out; dark ink turned light. */
static void load_row(const struct search *s, const uint8_t *row, int x,
		     uint8_t *to)
{
	int from = within(-x, SIDE), end = within(s->p->columns - x, SIDE + 1);
	uint8_t flip = s->light ? 0 : STRONGEST;

	memset(to, row[0], (size_t)from);
	memcpy(to + from, row + x + from, (size_t)(end - from));
	memset(to + end, row[s->p->columns - 1], (size_t)(SIDE - end));
	for (int i = 0; i < SIDE; i++)
		to[i] ^= flip;
}

static void load_tile(struct search *s, int x0, int y0)
{
	for (int y = 0; y < SIDE; y++)
		load_row(s, s->p->grey + (size_t)within(y0 - MARGIN + y,
				s->p->rows) * (size_t)s->p->columns,
			 x0 - MARGIN, s->tile->grey[y]);
}

static void least(uint8_t *restrict to, const uint8_t *restrict with)
{
	for (int x = 0; x < SIDE; x++)
		to[x] = to[x] < with[x] ? to[x] : with[x];
}

static void greatest(uint8_t *restrict to, const uint8_t *restrict with)
{
	for (int x = 0; x < SIDE; x++)
		to[x] = to[x] > with[x] ? to[x] : with[x];
}

/* Each pixel becomes the least (greatest) of the SQUARE x SQUARE from it on to
 * the right and down, by doubling: of 2, 4, 8 and 11 of them. */
static void slide(uint8_t m[SIDE + PAD][SIDE + PAD],
		  void (*take)(uint8_t *restrict, const uint8_t *restrict))
{
	static const int steps[] = { 1, 2, 4, SQUARE - 8 };
	enum { STEPS = sizeof(steps) / sizeof(steps[0]) };
	uint8_t moved[SIDE];

	for (int i = 0; i < STEPS; i++)
		for (int y = 0; y < SIDE; y++)
			take(m[y], m[y + steps[i]]);
	for (int y = 0; y < SIDE; y++)
		for (int i = 0; i < STEPS; i++) {
			memcpy(moved, m[y] + steps[i], SIDE);
			take(m[y], moved);
		}
}

/* Grey becomes what of it stands out; sum and most of a row of a cell. */
static void stand_out_row(uint8_t *grey, const uint8_t *wide, int *sum,
			  int *high)
{
	int all = 0;
	uint8_t most = 0;

	for (int x = 0; x < CELL; x++) {
		grey[x] = (uint8_t)(grey[x] - wide[x]);
		all += grey[x];
	}
	for (int x = 0; x < CELL; x++)
		most = most > grey[x] ? most : grey[x];
	*sum += all;
	*high = *high > most ? *high : most;
}

static void stand_out(struct tile *t)
{
	memcpy(t->wide, t->grey, sizeof(t->wide));
	slide(t->wide, least);
	slide(t->wide, greatest);
	memset(t->sum, 0, sizeof(t->sum));
	memset(t->high, 0, sizeof(t->high));
	for (int y = MARGIN - CELL; y < SIDE - MARGIN + CELL; y++) {
		int row = (y - MARGIN + CELL) / CELL;

		for (int i = 0; i < CELLS + 2; i++) {
			int x = MARGIN - CELL + i * CELL;

			/* both slides look right and down */
			stand_out_row(&t->grey[y][x],
				      &t->wide[y - BACK][x - BACK],
				      &t->sum[row][i], &t->high[row][i]);
		}
	}
}

/* Levels by which ink stands out in this cell of the core. */
static int bound_of(const struct search *s, int column, int row)
{
	int sum = 0, bound;

	for (int y = row; y < row + 3; y++)
		for (int x = column; x < column + 3; x++)
			sum += s->tile->sum[y][x];
	bound = s->factor * sum / (9 * CELL * CELL);
	return bound > LEAST ? bound : LEAST;
}

/* column, row: of the cell within the core at x0, y0. */
static void mark_cell(struct search *s, int x0, int y0, int column, int row)
{
	int bound = bound_of(s, column, row);
	struct region r = region_clip(region_from_box(x0 + column * CELL,
			y0 + row * CELL, CELL, CELL), s->p->columns,
			s->p->rows);

	if (s->tile->high[row + 1][column + 1] <= bound)
		return;
	for (int y = r.y0; y < r.y1; y++)
		for (int x = r.x0; x < r.x1; x++) {
			int out = s->tile->grey[y - y0 + MARGIN]
					       [x - x0 + MARGIN];
			int strength = MARK_STRENGTH * out / bound;

			if (out > bound)
				s->strength[(size_t)y *
					    (size_t)s->p->columns +
					    (size_t)x] = (uint8_t)
					(strength < STRONGEST ? strength :
					 STRONGEST);
		}
}

static void mark_all(struct search *s)
{
	memset(s->strength, 0, (size_t)s->p->columns * (size_t)s->p->rows);
	for (int y = 0; y < s->p->rows; y += CORE)
		for (int x = 0; x < s->p->columns; x += CORE) {
			load_tile(s, x, y);
			stand_out(s->tile);
			for (int i = 0; i < CELLS * CELLS; i++)
				mark_cell(s, x, y, i % CELLS, i / CELLS);
		}
}

/* ---- connected ink ---- */

static bool push(struct search *s, struct mark *mark, int x, int y)
{
	size_t at = (size_t)y * (size_t)s->p->columns + (size_t)x;
	struct region *box = &mark->box;

	if (!s->strength[at])
		return true;
	if (!mem_grow(&s->todo, &s->capacity, s->left, sizeof(*s->todo)))
		return false;
	s->todo[s->left++] = (int)at;
	if (s->strength[at] > mark->strength)
		mark->strength = s->strength[at];
	s->strength[at] = 0;
	box->x0 = x < box->x0 ? x : box->x0;
	box->y0 = y < box->y0 ? y : box->y0;
	box->x1 = x >= box->x1 ? x + 1 : box->x1;
	box->y1 = y >= box->y1 ? y + 1 : box->y1;
	return true;
}

/* Take the ink connected with a pixel off the map. */
static bool take(struct search *s, int x, int y, struct mark *mark)
{
	int columns = s->p->columns, rows = s->p->rows;

	*mark = (struct mark){ .light = s->light, .box = { x, y, x, y } };
	if (!push(s, mark, x, y))
		return false;
	while (s->left > 0) {
		int at = s->todo[--s->left], x0 = at % columns;
		int y0 = at / columns;

		for (int ny = y0 - 1; ny <= y0 + 1; ny++)
			for (int nx = x0 - 1; nx <= x0 + 1; nx++)
				if (nx >= 0 && ny >= 0 && nx < columns &&
				    ny < rows && !push(s, mark, nx, ny))
					return false;
	}
	return true;
}

/* Eight pixels without ink? */
static bool are_empty(const uint8_t *strength)
{
	uint64_t eight;

	memcpy(&eight, strength, sizeof(eight));
	return eight == 0;
}

/* Adds to the list, MARKS_MOST and one at most. */
static bool collect(struct search *s, struct mark_list *list)
{
	size_t most = list->count + MARKS_MOST;

	for (int y = 0; y < s->p->rows; y++) {
		const uint8_t *row = s->strength + (size_t)y *
				     (size_t)s->p->columns;

		for (int x = 0; x < s->p->columns; x++) {
			if (x + 8 <= s->p->columns && are_empty(row + x)) {
				x += 7;
				continue;
			}
			if (!row[x])
				continue;
			if (!mem_grow(&list->mark, &list->capacity,
				      list->count, sizeof(*list->mark)) ||
			    !take(s, x, y, &list->mark[list->count]))
				return false;
			if (++list->count > most)
				return true;
		}
	}
	return true;
}

/* Of one polarity: raise the factor until it is no noise. */
static bool find_some(struct search *s, struct mark_list *list)
{
	size_t before = list->count;
	bool ok;

	for (s->factor = FACTOR; ; s->factor *= 2) {
		list->count = before;
		mark_all(s);
		ok = collect(s, list);
		if (!ok || list->count - before <= MARKS_MOST ||
		    s->factor == FACTOR_MOST)
			return ok;
	}
}

bool marks_find(const struct ink_picture *p, struct mark_list *list)
{
	struct search s = { .p = p };
	bool ok;

	list->count = 0;
	if (!p->grey)
		return true;
	s.strength = mem_array((size_t)p->columns, (size_t)p->rows);
	s.tile = mem_array(1, sizeof(*s.tile));
	ok = s.strength && s.tile;
	for (int i = 0; ok && i < 2; i++) {
		s.light = i == 0;
		ok = find_some(&s, list);
	}
	free(s.strength);
	free(s.tile);
	free(s.todo);
	return ok;
}

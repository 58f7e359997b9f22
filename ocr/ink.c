/* ink.c - top-hat, local threshold and connected marks.  Knows no lines. */
#include "config.h"

#include "ocr/ink.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"

enum {
	SQUARE = 11,                    /* side of the structuring element */
	HALF = SQUARE / 2,
	STRIP = 480,                    /* columns done at a time: what is kept
					   of them stays in the first cache */
	PITCH = 512,                    /* >= STRIP + 2 * (SQUARE - 1) */
	ROOM = PITCH + 16,              /* columns past PITCH are never used */
	BLOCK = 8,                      /* threshold is set per block */
	LEAST = 16,                     /* levels */
	MOST_INK = 300000,
};
static const double share_of_strongest = .42;

static inline uint8_t lesser(uint8_t a, uint8_t b)
{
	return a < b ? a : b;
}

/* Fixed counts let the compiler vectorise. */
static void least_of_4(const uint8_t *a, const uint8_t *b, const uint8_t *c,
		       const uint8_t *d, uint8_t *restrict out)
{
	for (int i = 0; i < PITCH; i++)
		out[i] = lesser(lesser(a[i], b[i]), lesser(c[i], d[i]));
}

static void least_of_3(const uint8_t *a, const uint8_t *b, const uint8_t *c,
		       uint8_t *restrict out)
{
	for (int i = 0; i < PITCH; i++)
		out[i] = lesser(lesser(a[i], b[i]), c[i]);
}

static void flip_all(uint8_t *row, uint8_t flip)
{
	for (int i = 0; i < PITCH; i++)
		row[i] ^= flip;
}

/*
 * The least of 11x11 samples, row by row: of 4 beside each other, of three
 * of those (0-3, 4-7, 7-10), then the same down.
 */
struct slide {
	uint8_t wide[4][ROOM];          /* the last rows, 11 across */
	uint8_t high[8][ROOM];          /* 4 rows of those */
	unsigned next;
};

static void slide_start(struct slide *s)
{
	memset(s->wide, 255, sizeof(s->wide));
	memset(s->high, 255, sizeof(s->high));
	s->next = 0;
}

/*
 * Take a row: out[x] is the least of in[x..x+10] of this row and the ten
 * before it.
 */
static void slide(struct slide *s, const uint8_t in[ROOM], uint8_t out[ROOM])
{
	uint8_t four[ROOM];
	unsigned t = s->next++;

	least_of_4(in, in + 1, in + 2, in + 3, four);
	memset(four + PITCH, 255, ROOM - PITCH);
	least_of_3(four, four + 4, four + 7, s->wide[t % 4]);
	least_of_4(s->wide[0], s->wide[1], s->wide[2], s->wide[3],
		   s->high[t % 8]);
	least_of_3(s->high[t % 8], s->high[(t + 4) % 8], s->high[(t + 1) % 8],
		   out);
}

/*
 * Row y of the plane from column x on; 255, which no minimum takes, outside.
 */
static void load(const struct grey_plane *p, uint8_t flip, int x, int y,
		 uint8_t row[ROOM])
{
	int x0 = x < 0 ? 0 : x;
	int x1 = x + PITCH < p->columns ? x + PITCH : p->columns;

	memset(row, 255 ^ flip, ROOM);
	if (y >= 0 && y < p->rows)
		memcpy(row + (x0 - x), p->grey + y * p->stride + x0,
		       (size_t)(x1 - x0));
	if (flip)
		flip_all(row, flip);
}

/* What lies outside the plane must not win the next minimum either. */
static void blank_outside(const struct grey_plane *p, int x, int y,
			  uint8_t row[ROOM])
{
	int x0 = x < 0 ? -x : 0;
	int x1 = p->columns - x < PITCH ? p->columns - x : PITCH;

	if (y < 0 || y >= p->rows)
		x0 = PITCH;
	memset(row, 255, (size_t)x0);
	if (x1 < PITCH)
		memset(row + x1, 255, (size_t)(PITCH - x1));
	memset(row + PITCH, 255, ROOM - PITCH);
}

static void subtract(const uint8_t *a, const uint8_t *b, uint8_t *restrict out)
{
	for (int i = 0; i < PITCH; i++)
		out[i] = (uint8_t)(a[i] - b[i]);
}

struct tophat {
	struct slide erode, dilate;
	uint8_t in[ROOM], least[ROOM], opened[ROOM], out[ROOM];
};

/* The strip that starts at column x. */
static void tophat_strip(struct tophat *t, const struct grey_plane *p,
			 uint8_t flip, int x, uint8_t *out)
{
	int n = p->columns - x < STRIP ? p->columns - x : STRIP;

	slide_start(&t->erode);
	slide_start(&t->dilate);
	for (int y = 0; y < p->rows + 2 * HALF; y++) {
		load(p, flip, x - 2 * HALF, y, t->in);
		slide(&t->erode, t->in, t->least);
		/* the greatest is the least of the complement */
		flip_all(t->least, 255);
		blank_outside(p, x - HALF, y - HALF, t->least);
		slide(&t->dilate, t->least, t->opened);
		if (y < 2 * HALF)
			continue;
		flip_all(t->opened, 255);
		load(p, flip, x, y - 2 * HALF, t->in);
		subtract(t->in, t->opened, t->out);
		memcpy(out + (size_t)(y - 2 * HALF) * (size_t)p->columns + x,
		       t->out, (size_t)n);
	}
}

void ink_tophat(const struct grey_plane *p, bool dark, uint8_t *out)
{
	struct tophat t;

	for (int x = 0; x < p->columns; x += STRIP)
		tophat_strip(&t, p, dark ? 255 : 0, x, out);
}

/* What one search carries from row to row. */
struct run {
	int x0, x1;
	size_t label;
};

struct search {
	const struct grey_plane *plane;
	uint8_t *tophat;                /* [rows][columns] */
	int across, down;               /* blocks */
	uint8_t *strongest;             /* [down][across], of each block */
	uint8_t *bound;                 /* [down][across], least contrast */
	struct run *above, *here;       /* runs of two rows */
	size_t above_count, here_count;
	size_t *parent;                 /* by label */
	size_t parent_capacity;
	struct ink_list *list;          /* by label until folded */
};

/*
 * The greatest of each block of one row of blocks.  Columns first, in whole
 * chunks, which the compiler vectorises.
 */
static void find_strongest(struct search *s, int by)
{
	enum { CHUNK = 64 };
	int columns = s->plane->columns;
	int y1 = (by + 1) * BLOCK < s->plane->rows ? (by + 1) * BLOCK :
						     s->plane->rows;
	uint8_t *strongest = s->strongest + (size_t)by * (size_t)s->across;

	for (int x = 0; x < columns; x += CHUNK) {
		int n = columns - x < CHUNK ? columns - x : CHUNK;
		uint8_t most[CHUNK] = { 0 }, row[CHUNK] = { 0 };

		for (int y = by * BLOCK; y < y1; y++) {
			memcpy(row, s->tophat + (size_t)y * (size_t)columns + x,
			       (size_t)n);
			for (int i = 0; i < CHUNK; i++)
				most[i] = most[i] > row[i] ? most[i] : row[i];
		}
		for (int i = 0; i < n; i++)
			if (most[i] > strongest[(x + i) / BLOCK])
				strongest[(x + i) / BLOCK] = most[i];
	}
}

static void set_bounds(struct search *s, int least)
{
	for (int by = 0; by < s->down; by++) {
		for (int bx = 0; bx < s->across; bx++) {
			int most = 0, bound;

			for (int y = by - 1; y <= by + 1; y++)
				for (int x = bx - 1; x <= bx + 1; x++)
					if (x >= 0 && x < s->across && y >= 0 &&
					    y < s->down &&
					    s->strongest[y * s->across + x] >
						    most)
						most = s->strongest
							[y * s->across + x];
			bound = (int)(share_of_strongest * most);
			s->bound[by * s->across + bx] =
				(uint8_t)(bound > least ? bound : least);
		}
	}
}

static size_t find_root(size_t *parent, size_t i)
{
	while (parent[i] != i) {
		parent[i] = parent[parent[i]];
		i = parent[i];
	}
	return i;
}

/* The runs of row y into s->here. */
static void find_runs(struct search *s, int y)
{
	int columns = s->plane->columns;
	const uint8_t *row = s->tophat + (size_t)y * (size_t)columns;
	const uint8_t *bound = s->bound + (size_t)(y / BLOCK) *
						  (size_t)s->across;
	const uint8_t *most = s->strongest + (size_t)(y / BLOCK) *
						     (size_t)s->across;
	struct run *run = s->here;
	bool in = false;

	for (int bx = 0; bx < s->across; bx++) {
		int x = bx * BLOCK;
		int x1 = x + BLOCK < columns ? x + BLOCK : columns;

		if (most[bx] <= bound[bx]) {
			if (in)
				run++->x1 = x;
			in = false;
			continue;
		}
		for (; x < x1; x++) {
			if ((row[x] > bound[bx]) == in)
				continue;
			if (in)
				run++->x1 = x;
			else
				run->x0 = x;
			in = !in;
		}
	}
	if (in)
		run++->x1 = columns;
	s->here_count = (size_t)(run - s->here);
}

/*
 * Label a run by the runs above that touch it (diagonals too).  *from is the
 * first run above that may; *under is set to the pixels right under one.
 */
static bool label_run(struct search *s, struct run *r, size_t *from,
		      int *under)
{
	struct ink_list *list = s->list;
	bool labelled = false;
	size_t j;

	*under = 0;
	while (*from < s->above_count && s->above[*from].x1 < r->x0)
		++*from;
	for (j = *from; j < s->above_count && s->above[j].x0 <= r->x1; j++) {
		const struct run *a = &s->above[j];
		int x0 = a->x0 > r->x0 ? a->x0 : r->x0;
		int x1 = a->x1 < r->x1 ? a->x1 : r->x1;
		size_t root = find_root(s->parent, a->label);

		if (x1 > x0)
			*under += x1 - x0;
		if (labelled)
			s->parent[root] = find_root(s->parent, r->label);
		else
			r->label = root;
		labelled = true;
	}
	if (labelled)
		return true;
	if (!mem_grow(&list->ink, &list->capacity, list->count,
		      sizeof(*list->ink)) ||
	    !mem_grow(&s->parent, &s->parent_capacity, list->count,
		      sizeof(*s->parent)))
		return false;
	r->label = list->count;
	s->parent[r->label] = r->label;
	list->ink[list->count++] = (struct ink){
		.box = { s->plane->columns, s->plane->rows, 0, 0 } };
	return true;
}

static int step(const uint8_t *row, int columns, int x)
{
	return x > 0 && x < columns ? abs(row[x] - row[x - 1]) : 0;
}

static void add_run(const struct search *s, int y, const struct run *r,
		    int under)
{
	struct ink *k = &s->list->ink[r->label];
	int columns = s->plane->columns;
	const uint8_t *row = s->plane->grey + y * s->plane->stride;
	const uint8_t *top = s->tophat + (size_t)y * (size_t)columns;
	unsigned long grey = 0, grey2 = 0, contrast = 0;

	for (int x = r->x0; x < r->x1; x++) {
		grey += row[x];
		grey2 += (unsigned long)row[x] * row[x];
		contrast += top[x];
	}
	k->box = region_union(k->box,
			      (struct region){ r->x0, y, r->x1, y + 1 });
	k->area += r->x1 - r->x0;
	k->runs++;
	k->falls += r->x1 - r->x0 - under;
	k->grey += (double)grey;
	k->grey2 += (double)grey2;
	k->contrast += (double)contrast;
	k->edge += step(row, columns, r->x0) + step(row, columns, r->x1);
}

/* Add each mark to the one it was joined to; drop the empty ones. */
static void fold(struct search *s)
{
	struct ink_list *list = s->list;
	size_t kept = 0;

	for (size_t i = 0; i < list->count; i++) {
		size_t root = find_root(s->parent, i);
		struct ink *to = &list->ink[root];
		const struct ink *k = &list->ink[i];

		if (root == i)
			continue;
		to->box = region_union(to->box, k->box);
		to->area += k->area;
		to->runs += k->runs;
		to->falls += k->falls;
		to->grey += k->grey;
		to->grey2 += k->grey2;
		to->contrast += k->contrast;
		to->edge += k->edge;
	}
	for (size_t i = 0; i < list->count; i++)
		if (s->parent[i] == i)
			list->ink[kept++] = list->ink[i];
	list->count = kept;
}

/* False when there is no memory; *many is set when there are too many. */
static bool find_marks(struct search *s, bool *many)
{
	*many = false;
	s->list->count = 0;
	s->above_count = 0;
	for (int y = 0; y < s->plane->rows; y++) {
		struct run *swap = s->above;
		size_t from = 0;
		int under;

		find_runs(s, y);
		for (size_t i = 0; i < s->here_count; i++) {
			if (!label_run(s, &s->here[i], &from, &under))
				return false;
			add_run(s, y, &s->here[i], under);
		}
		s->above = s->here;
		s->above_count = s->here_count;
		s->here = swap;
		if (s->list->count > MOST_INK) {
			*many = true;
			return true;
		}
	}
	fold(s);
	return true;
}

static bool search_init(struct search *s, const struct grey_plane *p,
			struct ink_list *list)
{
	size_t most_runs = (size_t)p->columns / 2 + 1;

	*s = (struct search){ .plane = p, .list = list };
	s->across = (p->columns + BLOCK - 1) / BLOCK;
	s->down = (p->rows + BLOCK - 1) / BLOCK;
	s->tophat = mem_array((size_t)p->rows, (size_t)p->columns);
	s->strongest = mem_array((size_t)s->down, (size_t)s->across);
	s->bound = mem_array((size_t)s->down, (size_t)s->across);
	s->above = mem_array(most_runs, sizeof(*s->above));
	s->here = mem_array(most_runs, sizeof(*s->here));
	return s->tophat && s->strongest && s->bound && s->above && s->here;
}

static void search_done(struct search *s)
{
	free(s->tophat);
	free(s->strongest);
	free(s->bound);
	free(s->above);
	free(s->here);
	free(s->parent);
}

bool ink_find(const struct grey_plane *p, bool dark, struct ink_list *list,
	      struct error *err)
{
	struct search s;
	bool many = true;
	bool ok = search_init(&s, p, list);

	if (!ok)
		goto out;
	ink_tophat(p, dark, s.tophat);
	for (int by = 0; by < s.down; by++)
		find_strongest(&s, by);
	for (int least = LEAST; ok && many && least < 255;
	     least += least / 2) {
		set_bounds(&s, least);
		ok = find_marks(&s, &many);
	}
	if (ok && many)         /* noise of full contrast: no line to see */
		list->count = 0;
out:
	search_done(&s);
	return ok || error_set(err, ERR_MEMORY,
			       _("no memory to look for text"));
}

void ink_list_done(struct ink_list *list)
{
	free(list->ink);
	*list = (struct ink_list){ 0 };
}

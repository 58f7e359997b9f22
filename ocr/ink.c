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
	QUIET_LEAST = 8,                /* where there is hardly any noise */
	NOISES = 3,                     /* times the mean stands out */
	AROUND = 4,                     /* blocks each way that noise is of */
	CROWD = 22,                     /* percent of 3x3 blocks */
	MOST_INK = 300000,
};

static inline uint8_t lesser(uint8_t a, uint8_t b)
{
	return a < b ? a : b;
}

/* Percent of the strongest contrast nearby. */
static const int percent_of_strongest[INK_CUTS] = { 42, 60 };

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
	uint8_t *around;                /* [down][across], of 3x3 blocks */
	uint16_t *sum;                  /* [down][across], of contrast */
	uint8_t *noise;                 /* [down][across], mean contrast */
	uint8_t *filled;                /* [down][across], pixels that stand
					   out by the wide cut */
	uint8_t *bound;                 /* [down][across], least contrast */
	uint8_t *open;                  /* [down], a bound can be exceeded */
	uint8_t *bounds;                /* of each column, in this block */
	uint8_t *mask;                  /* of each column: 255 stands out */
	int *edge;                      /* where the mask of a row changes */
	struct run *above, *here;       /* runs of two rows */
	size_t above_count, here_count;
	size_t *parent;                 /* by label */
	size_t parent_capacity;
	struct ink_list *list;          /* by label until folded */
};

static uint8_t greater(uint8_t a, uint8_t b)
{
	return a > b ? a : b;
}

static uint8_t greatest_of_8(const uint8_t *v)
{
	return greater(greater(greater(v[0], v[1]), greater(v[2], v[3])),
		       greater(greater(v[4], v[5]), greater(v[6], v[7])));
}

static uint16_t sum_of_8(const uint16_t *v)
{
	return (uint16_t)(v[0] + v[1] + v[2] + v[3] + v[4] + v[5] + v[6] +
			  v[7]);
}

/*
 * The greatest and the sum of each block of one row of blocks.  Columns
 * first, in whole chunks, which the compiler vectorises.
 */
static void find_strongest(struct search *s, int by)
{
	enum { CHUNK = 64 };
	int columns = s->plane->columns;
	int y1 = (by + 1) * BLOCK < s->plane->rows ? (by + 1) * BLOCK :
						     s->plane->rows;
	uint8_t *strongest = s->strongest + (size_t)by * (size_t)s->across;
	uint16_t *sum = s->sum + (size_t)by * (size_t)s->across;

	for (int x = 0; x < columns; x += CHUNK) {
		int n = columns - x < CHUNK ? columns - x : CHUNK;
		uint8_t most[CHUNK] = { 0 }, row[CHUNK] = { 0 };
		uint16_t all[CHUNK] = { 0 };

		for (int y = by * BLOCK; y < y1; y++) {
			memcpy(row, s->tophat + (size_t)y * (size_t)columns + x,
			       (size_t)n);
			for (int i = 0; i < CHUNK; i++)
				most[i] = greater(most[i], row[i]);
			for (int i = 0; i < CHUNK; i++)
				all[i] = (uint16_t)(all[i] + row[i]);
		}
		for (int i = 0; i < n; i += BLOCK) {
			strongest[(x + i) / BLOCK] = greatest_of_8(most + i);
			sum[(x + i) / BLOCK] = sum_of_8(all + i);
		}
	}
}

/* The greatest of the 3x3 blocks around a block. */
static uint8_t strongest_around(const struct search *s, int bx, int by)
{
	int x0 = bx > 0 ? bx - 1 : 0, x1 = bx + 1 < s->across ? bx + 1 : bx;
	int y0 = by > 0 ? by - 1 : 0, y1 = by + 1 < s->down ? by + 1 : by;
	uint8_t most = 0;

	for (int y = y0; y <= y1; y++)
		for (int x = x0; x <= x1; x++)
			most = greater(most, s->strongest[(size_t)y *
						(size_t)s->across + (size_t)x]);
	return most;
}

/* Sums of the blocks of column bx in the rows around by. */
static unsigned sum_down(const struct search *s, int bx, int by)
{
	int y0 = by > AROUND ? by - AROUND : 0;
	int y1 = by + AROUND < s->down ? by + AROUND : s->down - 1;
	unsigned sum = 0;

	for (int y = y0; y <= y1; y++)
		sum += s->sum[(size_t)y * (size_t)s->across + (size_t)bx];
	return sum;
}

/* Mean contrast around each block of one row of blocks; few letters among
 * much that is quiet hardly raise it.  column: room for a row. */
static void find_noise(struct search *s, int by, unsigned *column)
{
	uint8_t *noise = s->noise + (size_t)by * (size_t)s->across;
	int y0 = by > AROUND ? by - AROUND : 0;
	int y1 = by + AROUND < s->down ? by + AROUND : s->down - 1;

	for (int bx = 0; bx < s->across; bx++)
		column[bx] = sum_down(s, bx, by);
	for (int bx = 0; bx < s->across; bx++) {
		int x0 = bx > AROUND ? bx - AROUND : 0;
		int x1 = bx + AROUND < s->across ? bx + AROUND : s->across - 1;
		unsigned sum = 0;

		for (int x = x0; x <= x1; x++)
			sum += column[x];
		sum = NOISES * sum / (unsigned)(BLOCK * BLOCK *
						(y1 - y0 + 1) * (x1 - x0 + 1));
		noise[bx] = (uint8_t)(sum < 255 ? sum : 255);
	}
}

/* What stands out of the noise around a block; low to high levels. */
static int least_of(const struct search *s, size_t block, int low, int high)
{
	int least = s->noise[block];

	return least < low ? low : least > high ? high : least;
}

/* Do the marks of the wide cut fill the 3x3 blocks around a block? */
static bool is_crowded(const struct search *s, int bx, int by)
{
	int x0 = bx > 0 ? bx - 1 : 0, x1 = bx + 1 < s->across ? bx + 1 : bx;
	int y0 = by > 0 ? by - 1 : 0, y1 = by + 1 < s->down ? by + 1 : by;
	int filled = 0;

	for (int y = y0; y <= y1; y++)
		for (int x = x0; x <= x1; x++)
			filled += s->filled[(size_t)y * (size_t)s->across +
					    (size_t)x];
	return 100 * filled > CROWD * BLOCK * BLOCK * (x1 - x0 + 1) *
				      (y1 - y0 + 1);
}

static void set_bounds(struct search *s, enum ink_cut cut, int low, int high)
{
	size_t block = 0;

	for (int by = 0; by < s->down; by++) {
		s->open[by] = 0;
		for (int bx = 0; bx < s->across; bx++, block++) {
			int share = percent_of_strongest[cut] *
				    s->around[block] / 100;
			int least = least_of(s, block, low, high);

			s->bound[block] = (uint8_t)(
				cut == INK_SHARP && !is_crowded(s, bx, by) ?
					255 : share > least ? share : least);
			s->open[by] |= s->bound[block] < 255;
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

/*
 * Which pixels of row y stand out: s->mask is 255 there, else 0.  The bound of
 * each column is spread once for the rows of a block.
 */
static void find_mask(struct search *s, int y)
{
	enum { CHUNK = 64 };
	size_t columns = (size_t)s->plane->columns;
	const uint8_t *row = s->tophat + (size_t)y * columns;
	const uint8_t *bound = s->bound + (size_t)(y / BLOCK) *
						  (size_t)s->across;

	if (y % BLOCK == 0)
		for (int bx = 0; bx < s->across; bx++)
			memset(s->bounds + bx * BLOCK, bound[bx], BLOCK);
	for (size_t x = 0; x < columns; x += CHUNK) {
		size_t n = columns - x < CHUNK ? columns - x : CHUNK;
		const uint8_t *least = s->bounds + x;
		uint8_t top[CHUNK] = { 0 }, mask[CHUNK];

		memcpy(top, row + x, n);
		for (int i = 0; i < CHUNK; i++)
			mask[i] = top[i] > least[i] ? 255 : 0;
		memcpy(s->mask + x, mask, CHUNK);
	}
}

/*
 * The runs of the mask into s->here; eight pixels alike are passed at once.
 * Where the others change is noted without a branch, which texture would
 * make a costly guess.
 */
static void find_runs(struct search *s, int y)
{
	static const uint64_t ones = 0x0101010101010101;
	uint8_t *filled = s->filled + (size_t)(y / BLOCK) * (size_t)s->across;
	int *edge = s->edge;
	uint8_t last = 0;
	int n = 0;

	for (int x = 0; x < s->across * BLOCK; x += BLOCK) {
		uint64_t eight, alike = last ? UINT64_MAX : 0;

		memcpy(&eight, s->mask + x, sizeof(eight));
		filled[x / BLOCK] = (uint8_t)(filled[x / BLOCK] +
					      ((eight & ones) * ones >> 56));
		if (eight == alike)
			continue;
		for (int i = x; i < x + BLOCK; i++) {
			edge[n] = i;
			n += (s->mask[i] ^ last) & 1;
			last = s->mask[i];
		}
	}
	edge[n] = s->plane->columns;
	s->here_count = (size_t)(n + 1) / 2;
	for (size_t i = 0; i < s->here_count; i++)
		s->here[i] = (struct run){ edge[2 * i], edge[2 * i + 1], 0 };
}

/*
 * Label a run by the runs above that touch it (diagonals too).  *from is the
 * first run above that may; *under is set to the pixels right under one.
 */
static bool label_run(struct search *s, int y, struct run *r, size_t *from,
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
		.box = { s->plane->columns, s->plane->rows, 0, 0 },
		.noise = s->noise[(size_t)(y / BLOCK) * (size_t)s->across +
				  (size_t)(r->x0 / BLOCK)] };
	return true;
}

static int step(const uint8_t *row, int columns, int x)
{
	return x > 0 && x < columns ? abs(row[x] - row[x - 1]) : 0;
}

static void widen(struct region *box, const struct region *by)
{
	if (by->x0 < box->x0)
		box->x0 = by->x0;
	if (by->y0 < box->y0)
		box->y0 = by->y0;
	if (by->x1 > box->x1)
		box->x1 = by->x1;
	if (by->y1 > box->y1)
		box->y1 = by->y1;
}

static void add_run(const struct search *s, int y, const struct run *r,
		    int under)
{
	struct ink *k = &s->list->ink[r->label];
	int columns = s->plane->columns;
	const uint8_t *row = s->plane->grey + y * s->plane->stride;
	const uint8_t *top = s->tophat + (size_t)y * (size_t)columns;
	unsigned grey = 0, contrast = 0;        /* of < 65536 columns */
	uint64_t grey2 = 0;

	for (int x = r->x0; x < r->x1; x++) {
		grey += row[x];
		grey2 += (unsigned)(row[x] * row[x]);
		contrast += top[x];
	}
	widen(&k->box, &(struct region){ r->x0, y, r->x1, y + 1 });
	k->area += r->x1 - r->x0;
	k->runs++;
	k->falls += r->x1 - r->x0 - under;
	k->grey += grey;
	k->grey2 += (double)grey2;
	k->contrast += contrast;
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
		widen(&to->box, &k->box);
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
	memset(s->filled, 0, (size_t)s->down * (size_t)s->across);
	for (int y = 0; y < s->plane->rows; y++) {
		struct run *swap = s->above;
		size_t from = 0;
		int under;

		if (!s->open[y / BLOCK]) {
			s->above_count = 0;
			continue;
		}
		find_mask(s, y);
		find_runs(s, y);
		for (size_t i = 0; i < s->here_count; i++) {
			if (!label_run(s, y, &s->here[i], &from, &under))
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

static bool search_init(struct search *s, const struct grey_plane *p)
{
	size_t most_runs = (size_t)p->columns / 2 + 1;
	size_t wide = (size_t)p->columns + 64;  /* whole chunks */
	size_t across, down;

	*s = (struct search){ .plane = p };
	s->across = (p->columns + BLOCK - 1) / BLOCK;
	s->down = (p->rows + BLOCK - 1) / BLOCK;
	across = (size_t)s->across;
	down = (size_t)s->down;
	s->tophat = mem_array((size_t)p->rows, (size_t)p->columns);
	s->strongest = mem_array(down, across);
	s->around = mem_array(down, across);
	s->sum = mem_array3(down, across, 1, sizeof(*s->sum));
	s->noise = mem_array(down, across);
	s->filled = mem_array(down, across);
	s->bound = mem_array(down, across);
	s->open = mem_array(down, 1);
	s->bounds = mem_array(wide, 1);
	s->mask = mem_array(wide, 1);
	s->edge = mem_array(wide, sizeof(*s->edge));
	s->above = mem_array(most_runs, sizeof(*s->above));
	s->here = mem_array(most_runs, sizeof(*s->here));
	return s->tophat && s->strongest && s->around && s->sum && s->noise &&
	       s->filled && s->bound && s->open && s->bounds && s->mask && s->edge &&
	       s->above && s->here;
}

static void search_done(struct search *s)
{
	free(s->tophat);
	free(s->strongest);
	free(s->around);
	free(s->sum);
	free(s->noise);
	free(s->filled);
	free(s->bound);
	free(s->open);
	free(s->bounds);
	free(s->mask);
	free(s->edge);
	free(s->above);
	free(s->here);
	free(s->parent);
}

/* Contrast, and what of it is noise. */
static bool measure(struct search *s, bool dark)
{
	unsigned *column = mem_array((size_t)s->across, sizeof(*column));

	if (!column)
		return false;
	ink_tophat(s->plane, dark, s->tophat);
	for (int by = 0; by < s->down; by++)
		find_strongest(s, by);
	for (int by = 0; by < s->down; by++) {
		find_noise(s, by, column);
		for (int bx = 0; bx < s->across; bx++)
			s->around[(size_t)by * (size_t)s->across +
				  (size_t)bx] = strongest_around(s, bx, by);
	}
	free(column);
	return true;
}

/* In noise the bound rises until there are few enough. */
static bool find_cut(struct search *s, enum ink_cut cut)
{
	bool many = true, ok = true;
	int low = QUIET_LEAST;

	for (int high = LEAST; ok && many && high < 255; high += high / 2) {
		set_bounds(s, cut, low, high);
		ok = find_marks(s, &many);
		low = high + high / 2;
	}
	if (many)               /* noise of full contrast: no line to see */
		s->list->count = 0;
	return ok;
}

bool ink_find(const struct grey_plane *p, bool dark,
	      struct ink_list list[INK_CUTS], struct error *err)
{
	struct search s;
	bool ok = search_init(&s, p) && measure(&s, dark);

	for (int cut = 0; ok && cut < INK_CUTS; cut++) {
		s.list = &list[cut];
		ok = find_cut(&s, (enum ink_cut)cut);
	}
	search_done(&s);
	return ok || error_set(err, ERR_MEMORY,
			       _("no memory to look for text"));
}

void ink_list_done(struct ink_list *list)
{
	free(list->ink);
	*list = (struct ink_list){ 0 };
}

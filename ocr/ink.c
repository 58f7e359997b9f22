/* ink.c - top-hat, local threshold and connected marks.  Knows no lines. */
#include "config.h"

#include "ocr/ink.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "ocr/bits.h"
#include "ocr/tophat.h"
#include "ocr/twice.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum {
	BLOCK = 8,                      /* threshold is set per block */
	LEAST = 16,                     /* levels */
	QUIET_LEAST = 8,                /* where there is hardly any noise */
	NOISES = 3,                     /* times the mean stands out */
	AROUND = 4,                     /* blocks each way that noise is of */
	CROWD = 22,                     /* percent of 3x3 blocks */
	MOST_INK = 300000,
};

/* Percent of the strongest contrast nearby. */
static const int percent_of_strongest[INK_CUTS] = { 42, 60 };

/* What stands out in one row: the runs of its pixels, from the left. */
struct runs {
	int *edge;                      /* where each begins and ends; behind
					   the last INT_MAX */
	uint32_t *label;                /* of each */
	uint64_t *change;               /* of each BITS columns: the edges */
	int *before;                    /* how many edges lie left of them */
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
	bool counts;                    /* it is the wide cut */
	uint8_t *bound;                 /* [down][across], least contrast */
	uint8_t *open;                  /* [down], a bound is exceeded */
	uint8_t *bounds;                /* of each column, in this block */
	uint8_t *stands;                /* of each BITS columns: the bound is
					   exceeded in this row of blocks */
	struct runs above, here;        /* two rows */
	uint32_t *parent;               /* by label */
	size_t parent_capacity;
	struct ink_list *list;          /* by label until folded */
};

static uint8_t greater(uint8_t a, uint8_t b)
{
	return a > b ? a : b;
}

/*
 * The greatest and the sum of each of two blocks beside each other, of so many
 * rows of 16 pixels.
 */
static void look_at_blocks(const uint8_t *top, size_t columns, int rows,
			   uint8_t most[2], uint16_t sum[2])
{
#ifdef __SSE2__
	__m128i high = _mm_setzero_si128(), all = _mm_setzero_si128();

	for (int y = 0; y < rows; y++, top += columns) {
		__m128i row = _mm_loadu_si128((const __m128i *)top);

		high = _mm_max_epu8(high, row);
		all = _mm_add_epi64(all, _mm_sad_epu8(row,
						      _mm_setzero_si128()));
	}
	/* of eight bytes into the lowest */
	high = _mm_max_epu8(high, _mm_srli_epi64(high, 32));
	high = _mm_max_epu8(high, _mm_srli_epi64(high, 16));
	high = _mm_max_epu8(high, _mm_srli_epi64(high, 8));
	most[0] = (uint8_t)_mm_extract_epi16(high, 0);
	most[1] = (uint8_t)_mm_extract_epi16(high, 4);
	sum[0] = (uint16_t)_mm_extract_epi16(all, 0);
	sum[1] = (uint16_t)_mm_extract_epi16(all, 4);
#else
	most[0] = most[1] = 0;
	sum[0] = sum[1] = 0;
	for (int y = 0; y < rows; y++, top += columns)
		for (int x = 0; x < 2 * BLOCK; x++) {
			int i = x / BLOCK;

			most[i] = greater(most[i], top[x]);
			sum[i] = (uint16_t)(sum[i] + top[x]);
		}
#endif
}

/* The greatest and the sum of each block of one row of blocks. */
static void find_strongest(struct search *s, int by)
{
	size_t columns = (size_t)s->plane->columns;
	size_t block = (size_t)by * (size_t)s->across;
	const uint8_t *top = s->tophat + (size_t)by * BLOCK * columns;
	int left = s->plane->rows - by * BLOCK;
	int rows = left < BLOCK ? left : BLOCK, bx = 0;
	uint8_t most[2], last[BLOCK][2 * BLOCK] = { { 0 } };
	uint16_t sum[2];

	for (; (bx + 2) * BLOCK <= s->plane->columns; bx += 2) {
		look_at_blocks(top + bx * BLOCK, columns, rows,
			       s->strongest + block + bx,
			       s->sum + block + bx);
	}
	if (bx == s->across)
		return;
	/* the next pixels are of the next row */
	for (int y = 0; y < rows; y++)
		memcpy(last[y], top + (size_t)y * columns + bx * BLOCK,
		       columns - (size_t)(bx * BLOCK));
	look_at_blocks(last[0], sizeof(last[0]), rows, most, sum);
	for (int i = 0; bx + i < s->across; i++) {
		s->strongest[block + (size_t)(bx + i)] = most[i];
		s->sum[block + (size_t)(bx + i)] = sum[i];
	}
}

/* The greatest of the 3x3 blocks around each of a row; down: room for it. */
static void find_around(struct search *s, int by, uint8_t *down)
{
	size_t across = (size_t)s->across, at = (size_t)by * across;
	const uint8_t *here = s->strongest + at;
	const uint8_t *above = by > 0 ? here - across : here;
	const uint8_t *below = by + 1 < s->down ? here + across : here;
	uint8_t *around = s->around + at;

	for (size_t x = 0; x < across; x++)
		down[x] = greater(greater(above[x], below[x]), here[x]);
	for (size_t x = 0; x < across; x++)
		around[x] = greater(greater(down[x > 0 ? x - 1 : 0], down[x]),
				    down[x + 1 < across ? x + 1 : x]);
}

/* Add the blocks of a row to those of their columns, or take them off. */
static void add_row(const struct search *s, int by, bool off, unsigned *column)
{
	const uint16_t *sum = s->sum + (size_t)by * (size_t)s->across;

	for (int bx = 0; bx < s->across; bx++)
		column[bx] = off ? column[bx] - sum[bx] : column[bx] + sum[bx];
}

/* Mean contrast of some blocks, times 3. */
static uint8_t noise_of(unsigned sum, unsigned blocks)
{
	enum { MOST_BLOCKS = (2 * AROUND + 1) * (2 * AROUND + 1) };

	/* a constant is divided by faster */
	sum = blocks == MOST_BLOCKS ?
		      NOISES * sum / (BLOCK * BLOCK * MOST_BLOCKS) :
		      NOISES * sum / (BLOCK * BLOCK * blocks);
	return (uint8_t)(sum < 255 ? sum : 255);
}

/*
 * Mean contrast around each block of one row of blocks; few letters among
 * much that is quiet hardly raise it.  column: of the rows around it.
 */
static void find_noise(struct search *s, int by, const unsigned *column)
{
	uint8_t *noise = s->noise + (size_t)by * (size_t)s->across;
	int y0 = by > AROUND ? by - AROUND : 0;
	int y1 = by + AROUND < s->down ? by + AROUND : s->down - 1;
	unsigned sum = 0;
	int from = 0, to = 0;

	for (int bx = 0; bx < s->across; bx++) {
		for (; to < s->across && to <= bx + AROUND; to++)
			sum += column[to];
		for (; from < bx - AROUND; from++)
			sum -= column[from];
		noise[bx] = noise_of(sum, (unsigned)((y1 - y0 + 1) *
						     (to - from)));
	}
}

/* The same of all rows of blocks. */
static void find_all_noise(struct search *s, unsigned *column)
{
	for (int by = 0; by < AROUND && by < s->down; by++)
		add_row(s, by, false, column);
	for (int by = 0; by < s->down; by++) {
		if (by + AROUND < s->down)
			add_row(s, by + AROUND, false, column);
		if (by > AROUND)
			add_row(s, by - AROUND - 1, true, column);
		find_noise(s, by, column);
	}
}

/* What stands out of the noise around a block; low to high levels. */
static int least_of(const struct search *s, size_t block, int low, int high)
{
	int least = s->noise[block];

	return least < low ? low : least > high ? high : least;
}

/*
 * Do the marks of the wide cut fill the 3x3 blocks around each of a row?
 * down: room for it.
 */
static void find_crowd(const struct search *s, int by, uint16_t *down,
		       uint8_t *crowded)
{
	int y0 = by > 0 ? by - 1 : 0, y1 = by + 1 < s->down ? by + 1 : by;
	const uint8_t *filled = s->filled + (size_t)y0 * (size_t)s->across;

	for (int bx = 0; bx < s->across; bx++)
		down[bx] = filled[bx];
	for (int y = y0 + 1; y <= y1; y++)
		for (int bx = 0; bx < s->across; bx++)
			down[bx] = (uint16_t)(down[bx] +
					      filled[(y - y0) * s->across + bx]);
	for (int bx = 0; bx < s->across; bx++) {
		int x0 = bx > 0 ? bx - 1 : 0;
		int x1 = bx + 1 < s->across ? bx + 1 : bx;
		int sum = down[x0] + (x0 < bx ? down[bx] : 0) +
			  (x1 > bx ? down[x1] : 0);

		crowded[bx] = 100 * sum > CROWD * BLOCK * BLOCK *
					  (x1 - x0 + 1) * (y1 - y0 + 1);
	}
}

/* Percent of each contrast. */
static void set_shares(enum ink_cut cut, uint8_t share[256])
{
	for (int i = 0; i < 256; i++)
		share[i] = (uint8_t)(percent_of_strongest[cut] * i / 100);
}

/* False: no memory. */
static bool set_bounds(struct search *s, enum ink_cut cut, int low, int high)
{
	size_t across = (size_t)s->across, block = 0;
	uint16_t *down = mem_array(across, sizeof(*down));
	uint8_t *crowded = mem_array(across, 1), share[256];

	set_shares(cut, share);
	for (int by = 0; down && crowded && by < s->down; by++) {
		s->open[by] = 0;
		if (cut == INK_SHARP)
			find_crowd(s, by, down, crowded);
		for (size_t bx = 0; bx < across; bx++, block++) {
			uint8_t most = share[s->around[block]];
			uint8_t bound = (uint8_t)least_of(s, block, low, high);

			bound = greater(bound, most);
			if (cut == INK_SHARP && !crowded[bx])
				bound = 255;
			s->bound[block] = bound;
			s->open[by] |= bound < s->strongest[block];
		}
	}
	free(down);
	free(crowded);
	return down && crowded;
}

static uint32_t find_root(uint32_t *parent, uint32_t i)
{
	while (parent[i] != i) {
		parent[i] = parent[parent[i]];
		i = parent[i];
	}
	return i;
}

/* Add to each byte how many bits are set in that of bits. */
static void add_counts(uint64_t bits, uint8_t *count)
{
	bits -= bits >> 1 & 0x5555555555555555;
	bits = (bits & 0x3333333333333333) + (bits >> 2 & 0x3333333333333333);
	bits = (bits + (bits >> 4)) & 0x0f0f0f0f0f0f0f0f;
	bits_add_bytes(bits, count);
}

/* The bound of each column, and where it is exceeded, for one row of blocks. */
static void spread_bounds(struct search *s, int by)
{
	size_t block = (size_t)by * (size_t)s->across;
	const uint8_t *bound = s->bound + block, *most = s->strongest + block;

	memset(s->stands, 0, (size_t)s->plane->columns / BITS + 1);
	for (int bx = 0; bx < s->across; bx++) {
		memset(s->bounds + bx * BLOCK, bound[bx], BLOCK);
		if (most[bx] > bound[bx])
			s->stands[bx * BLOCK / BITS] = 1;
	}
}

/* Nothing stands out in a row. */
static void clear_runs(const struct search *s, struct runs *r)
{
	size_t chunks = (size_t)s->plane->columns / BITS + 1;

	memset(r->change, 0, chunks * sizeof(*r->change));
	memset(r->before, 0, chunks * sizeof(*r->before));
	r->edge[0] = INT_MAX;
}

/* Which pixels of row y stand out, and where that changes: the starts and ends
 * of runs.  Returns how many runs there are. */
INLINED int find_runs(struct search *s, int y)
{
	const struct runs r = s->here;
	int columns = s->plane->columns, x = 0, n = 0;
	size_t blocks = (size_t)(y / BLOCK) * (size_t)s->across;
	const uint8_t *row = s->tophat + (size_t)y * (size_t)columns;
	bool last = false;

	for (size_t c = 0; x < columns; x += BITS, c++) {
		uint64_t bits = 0;

		if (s->stands[c])
			bits = bits_first(bits_above(row + x, s->bounds + x),
					  columns - x);
		r.change[c] = 0;
		r.before[c] = n;
		if (bits == 0 && !last)
			continue;
		if (s->counts)
			add_counts(bits, s->filled + blocks + x / BLOCK);
		r.change[c] = bits_changes(bits, last);
		n += bits_edges(r.change[c], x, r.edge + n);
		last = bits >> (BITS - 1);
	}
	r.edge[n] = columns;
	n = (n + 1) / 2;
	r.edge[2 * n] = INT_MAX;
	return n;
}

/* How many edges of a row lie left of x. */
INLINED unsigned edges_before(const struct runs *r, unsigned x)
{
	uint64_t left = ((uint64_t)1 << x % BITS) - 1;

	return (unsigned)r->before[x / BITS] +
	       (unsigned)__builtin_popcountll(r->change[x / BITS] & left);
}

/* Room for n marks more.  False: no memory. */
static bool make_room(struct search *s, int n)
{
	struct ink_list *list = s->list;
	size_t last = list->count + (size_t)n;

	return mem_grow(&list->ink, &list->capacity, last,
			sizeof(*list->ink)) &&
	       mem_grow(&s->parent, &s->parent_capacity, last,
			sizeof(*s->parent));
}

/* What all runs of one row share. */
struct row {
	const uint8_t *grey, *top, *noise;
	int y, columns;
	int last_few;                   /* from where 16 can be read */
	struct runs above;
	struct ink *ink;
	uint32_t *parent, marks;
};

INLINED struct row row_of(const struct search *s, int y)
{
	const struct grey_plane *p = s->plane;
	size_t columns = (size_t)p->columns;

	return (struct row){
		.grey = p->grey + y * p->stride,
		.top = s->tophat + (size_t)y * columns,
		.noise = s->noise + (size_t)(y / BLOCK) * (size_t)s->across,
		.y = y, .columns = p->columns,
		/* behind a run at the end of a row the next can be read */
		.last_few = columns >= 16 && y + 1 < p->rows ?
				    p->columns : p->columns - 16,
		.above = s->above, .ink = s->list->ink, .parent = s->parent,
		.marks = (uint32_t)s->list->count,
	};
}

/* A mark that begins with a pixel. */
INLINED uint32_t new_mark(struct row *r, int x)
{
	r->parent[r->marks] = r->marks;
	r->ink[r->marks] = (struct ink){ .box = { r->columns, r->y, 0, 0 },
					 .noise = r->noise[x / BLOCK] };
	return r->marks++;
}

/*
 * Label a run by those above that touch it (diagonals too), the first of which
 * the others are joined to.  *under: how many of its pixels lie right under
 * one.
 */
INLINED uint32_t label_run(struct row *r, int x0, int x1, int *under)
{
	size_t i = edges_before(&r->above, (unsigned)x0) / 2;
	const int *a = r->above.edge + 2 * i;
	uint32_t label;
	int sum = 0;

	*under = 0;
	if (a[0] > x1)
		return new_mark(r, x0);
	label = find_root(r->parent, r->above.label[i]);
	for (;;) {
		int from = a[0] > x0 ? a[0] : x0, to = a[1] < x1 ? a[1] : x1;

		sum += to > from ? to - from : 0;
		a += 2;
		i++;
		if (a[0] > x1)
			break;
		r->parent[find_root(r->parent, r->above.label[i])] = label;
	}
	*under = sum;
	return label;
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

#ifdef __SSE2__
/* The steps at both ends of n pixels, before which and behind which others
 * are. */
INLINED __m128i steps_of_few(const uint8_t *row, int n)
{
	uint16_t first, last;
	__m128i both;

	memcpy(&first, row - 1, sizeof(first));
	memcpy(&last, row + n - 1, sizeof(last));
	both = _mm_cvtsi32_si128((int)(first | (uint32_t)last << 16));
	return _mm_sad_epu8(_mm_srli_epi16(both, 8),
			    _mm_and_si128(both, _mm_cvtsi32_si128(0xff00ff)));
}

/*
 * Add the sums of n pixels, at most 16, to a mark: without a loop no branch of
 * it is guessed wrong.  16 pixels can be read, and one before and behind the n.
 */
INLINED void add_few(const uint8_t *row, const uint8_t *top, int n,
		     struct ink *k)
{
	static const uint8_t first[32] = {
		255, 255, 255, 255, 255, 255, 255, 255,
		255, 255, 255, 255, 255, 255, 255, 255,
	};
	const __m128i zero = _mm_setzero_si128();
	__m128i mask = _mm_loadu_si128((const __m128i *)(first + 16 - n));
	__m128i g = _mm_and_si128(mask, _mm_loadu_si128((const void *)row));
	__m128i t = _mm_and_si128(mask, _mm_loadu_si128((const void *)top));
	__m128i low = _mm_unpacklo_epi8(g, zero);
	__m128i high = _mm_unpackhi_epi8(g, zero);
	__m128i square = _mm_add_epi32(_mm_madd_epi16(low, low),
				       _mm_madd_epi16(high, high));
	double *sum = k->sum;

	g = _mm_sad_epu8(g, zero);
	t = _mm_sad_epu8(t, zero);
	g = _mm_add_epi64(g, _mm_srli_si128(g, 8));
	t = _mm_add_epi64(t, _mm_srli_si128(t, 8));
	square = _mm_add_epi32(square, _mm_srli_si128(square, 8));
	square = _mm_add_epi32(square, _mm_srli_si128(square, 4));
	g = _mm_unpacklo_epi32(g, square);
	t = _mm_unpacklo_epi32(t, steps_of_few(row, n));
	_mm_storeu_pd(sum, _mm_add_pd(_mm_loadu_pd(sum),
				      _mm_cvtepi32_pd(g)));
	_mm_storeu_pd(sum + 2, _mm_add_pd(_mm_loadu_pd(sum + 2),
					  _mm_cvtepi32_pd(t)));
}
#endif

static void add_many(const struct row *r, int x0, int x1, struct ink *k)
{
	uint64_t grey = 0, grey2 = 0, contrast = 0;
	const uint8_t *row = r->grey, *top = r->top;

	for (int x = x0; x < x1; x++) {
		grey += row[x];
		grey2 += (unsigned)(row[x] * row[x]);
		contrast += top[x];
	}
	k->sum[INK_GREY] += (double)grey;
	k->sum[INK_GREY2] += (double)grey2;
	k->sum[INK_CONTRAST] += (double)contrast;
	k->sum[INK_EDGE] += step(row, r->columns, x0) +
			    step(row, r->columns, x1);
}

INLINED void add_run(const struct row *r, int x0, int x1, int under,
		     struct ink *k)
{
	int n = x1 - x0;

	/* runs come from above down */
	k->box.x0 = x0 < k->box.x0 ? x0 : k->box.x0;
	k->box.x1 = x1 > k->box.x1 ? x1 : k->box.x1;
	k->box.y1 = r->y + 1;
	k->area += n;
	k->runs++;
	k->falls += n - under;
#ifdef __SSE2__
	if (n <= 16 && x0 > 0 && x0 <= r->last_few && x1 < r->columns) {
		add_few(r->grey + x0, r->top + x0, n, k);
		return;
	}
#endif
	add_many(r, x0, x1, k);
}

/* The marks of one row.  False: no memory. */
INLINED bool mark_row(struct search *s, int y)
{
	const struct runs here = s->here;
	int n = find_runs(s, y), under;
	struct row r;

	if (!make_room(s, n))
		return false;
	r = row_of(s, y);
	for (int i = 0; i < n; i++) {
		int x0 = here.edge[2 * i], x1 = here.edge[2 * i + 1];
		uint32_t label = label_run(&r, x0, x1, &under);

		here.label[i] = label;
		add_run(&r, x0, x1, under, &r.ink[label]);
	}
	s->list->count = r.marks;
	return true;
}

static bool mark_row_plain(struct search *s, int y)
{
	return mark_row(s, y);
}

static FAST bool mark_row_fast(struct search *s, int y)
{
	return mark_row(s, y);
}

/* Add each mark to the one it was joined to; drop the empty ones. */
static void fold(struct search *s)
{
	struct ink_list *list = s->list;
	size_t kept = 0;

	for (size_t i = 0; i < list->count; i++) {
		uint32_t root = find_root(s->parent, (uint32_t)i);
		struct ink *to = &list->ink[root];
		const struct ink *k = &list->ink[i];

		if (root == i)
			continue;
		widen(&to->box, &k->box);
		to->area += k->area;
		to->runs += k->runs;
		to->falls += k->falls;
		for (int n = 0; n < INK_SUMS; n++)
			to->sum[n] += k->sum[n];
	}
	for (size_t i = 0; i < list->count; i++)
		if (s->parent[i] == i)
			list->ink[kept++] = list->ink[i];
	list->count = kept;
}

/* False when there is no memory; *many is set when there are too many. */
static bool find_marks(struct search *s, bool *many)
{
	bool fast = can_be_fast();

	*many = false;
	s->list->count = 0;
	if (s->counts)
		memset(s->filled, 0, (size_t)s->down * (size_t)s->across);
	clear_runs(s, &s->above);
	for (int y = 0; y < s->plane->rows; y++) {
		struct runs swap = s->above;

		if (!s->open[y / BLOCK]) {
			clear_runs(s, &s->above);
			y |= BLOCK - 1;
			continue;
		}
		if (y % BLOCK == 0)
			spread_bounds(s, y / BLOCK);
		if (!(fast ? mark_row_fast : mark_row_plain)(s, y))
			return false;
		s->above = s->here;
		s->here = swap;
		if (s->list->count > MOST_INK) {
			*many = true;
			return true;
		}
	}
	fold(s);
	return true;
}

/* Room for the top-hat, which fills it all but what whole BITS read behind
 * the last row.  NULL without memory. */
static uint8_t *new_tophat(const struct grey_plane *p)
{
	size_t pixels;
	uint8_t *out;

	if (p->rows <= 0 || p->columns <= 0 ||
	    !mem_mul((size_t)p->rows, (size_t)p->columns, &pixels) ||
	    pixels > SIZE_MAX - BITS)
		return NULL;
	out = malloc(pixels + BITS);
	if (out)
		memset(out + pixels, 0, BITS);
	return out;
}

static bool runs_init(struct runs *r, const struct grey_plane *p)
{
	size_t chunks = (size_t)p->columns / BITS + 1;
	size_t edges = chunks * BITS + 2;

	r->edge = mem_array(edges, sizeof(*r->edge));
	r->label = mem_array(edges / 2, sizeof(*r->label));
	r->change = mem_array(chunks, sizeof(*r->change));
	r->before = mem_array(chunks, sizeof(*r->before));
	return r->edge && r->label && r->change && r->before;
}

static void runs_done(struct runs *r)
{
	free(r->edge);
	free(r->label);
	free(r->change);
	free(r->before);
}

static bool search_init(struct search *s, const struct grey_plane *p)
{
	size_t wide = (size_t)p->columns + 64;  /* whole chunks */
	size_t across, down;

	*s = (struct search){ .plane = p };
	s->across = (p->columns + BLOCK - 1) / BLOCK;
	s->down = (p->rows + BLOCK - 1) / BLOCK;
	across = (size_t)s->across;
	down = (size_t)s->down;
	s->tophat = new_tophat(p);
	s->strongest = mem_array(down, across);
	s->around = mem_array(down, across);
	s->sum = mem_array3(down, across, 1, sizeof(*s->sum));
	s->noise = mem_array(down, across);
	s->filled = mem_array(down + BITS / BLOCK, across);
	s->bound = mem_array(down, across);
	s->open = mem_array(down, 1);
	s->bounds = mem_array(wide, 1);
	s->stands = mem_array((size_t)p->columns / BITS + 1, 1);
	return runs_init(&s->above, p) && runs_init(&s->here, p) &&
	       s->tophat && s->strongest && s->around && s->sum && s->noise &&
	       s->filled && s->bound && s->open && s->bounds && s->stands;
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
	free(s->stands);
	runs_done(&s->above);
	runs_done(&s->here);
	free(s->parent);
}

/* Contrast, and what of it is noise. */
static bool measure(struct search *s, bool dark)
{
	unsigned *column = mem_array((size_t)s->across, sizeof(*column));

	if (!column)
		return false;
	tophat(s->plane, dark, s->tophat);
	for (int by = 0; by < s->down; by++)
		find_strongest(s, by);
	find_all_noise(s, column);
	for (int by = 0; by < s->down; by++)
		find_around(s, by, (uint8_t *)column);
	free(column);
	return true;
}

/* In noise the bound rises until there are few enough. */
static bool find_cut(struct search *s, enum ink_cut cut)
{
	bool many = true, ok = true;
	int low = QUIET_LEAST;

	for (int high = LEAST; ok && many && high < 255; high += high / 2) {
		ok = set_bounds(s, cut, low, high) && find_marks(s, &many);
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
		s.counts = cut == INK_WIDE;
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

/* tophat.c - separable least and greatest of 11 x 11 samples. */
#include "config.h"

#include "ocr/tophat.h"

#include <string.h>

#include "ocr/twice.h"

enum {
	SQUARE = 11,                    /* side of the structuring element */
	HALF = SQUARE / 2,
	STRIP = 480,                    /* columns done at a time: what is kept
					   of them stays in the first cache */
	CHUNK = 32,                     /* columns: a fixed count is vectorised
					   */
	PITCH = 512,                    /* >= STRIP + 2 * (SQUARE - 1) */
	ROOM = PITCH + CHUNK,           /* columns past PITCH are never used */
};

/* The greater of two, or the lesser. */
INLINED uint8_t pick(uint8_t a, uint8_t b, bool most)
{
	return most ? (a > b ? a : b) : (a < b ? a : b);
}

/* Of each four beside each other, of n columns: whole CHUNKs. */
INLINED void pick_across(const uint8_t *restrict in, int n, bool most,
			 uint8_t *restrict out)
{
	for (int x = 0; x < n; x += CHUNK)
		for (int i = x; i < x + CHUNK; i++)
			out[i] = pick(pick(in[i], in[i + 1], most),
				      pick(in[i + 2], in[i + 3], most), most);
}

/* Of three of those: 11 across. */
INLINED void pick_three(const uint8_t *restrict four, int n, bool most,
			uint8_t *restrict out)
{
	for (int x = 0; x < n; x += CHUNK)
		for (int i = x; i < x + CHUNK; i++)
			out[i] = pick(pick(four[i], four[i + 4], most),
				      four[i + 7], most);
}

/* The same down: of the last four rows, and of three of those. */
INLINED void pick_down(const uint8_t wide[restrict 4][ROOM],
		       const uint8_t *restrict first,
		       const uint8_t *restrict second, int n, bool most,
		       uint8_t *restrict four, uint8_t *restrict out)
{
	for (int x = 0; x < n; x += CHUNK)
		for (int i = x; i < x + CHUNK; i++) {
			four[i] = pick(pick(wide[0][i], wide[1][i], most),
				       pick(wide[2][i], wide[3][i], most),
				       most);
			out[i] = pick(pick(four[i], first[i], most), second[i],
				      most);
		}
}

/*
 * The least (greatest) of 11x11 samples, row by row: of 4 beside each other,
 * of three of those (0-3, 4-7, 7-10), then the same down.
 */
struct slide {
	uint8_t four[ROOM];
	uint8_t wide[4][ROOM];          /* the last rows, 11 across */
	uint8_t high[8][ROOM];          /* 4 rows of those */
	unsigned next;
};

/* What no least (greatest) takes. */
INLINED uint8_t neutral(bool most)
{
	return most ? 0 : 255;
}

INLINED void slide_start(struct slide *s, bool most)
{
	memset(s->four, neutral(most), sizeof(s->four));
	memset(s->wide, neutral(most), sizeof(s->wide));
	memset(s->high, neutral(most), sizeof(s->high));
	s->next = 0;
}

/*
 * Take a row of n columns: out[x] is the least (greatest) of in[x..x+10] of
 * this row and the ten before it.
 */
INLINED void slide(struct slide *s, const uint8_t in[ROOM], int n, bool most,
		   uint8_t out[ROOM])
{
	unsigned t = s->next++;

	pick_across(in, n, most, s->four);
	pick_three(s->four, n, most, s->wide[t % 4]);
	pick_down((const uint8_t (*)[ROOM])s->wide, s->high[(t + 4) % 8],
		  s->high[(t + 1) % 8], n, most, s->high[t % 8], out);
}

/* Row y of the plane from column x on; neutral outside. */
INLINED void load(const struct grey_plane *p, int x, int y, bool most,
		  uint8_t row[ROOM])
{
	int x0 = x < 0 ? 0 : x;
	int x1 = x + PITCH < p->columns ? x + PITCH : p->columns;

	if (y < 0 || y >= p->rows) {
		memset(row, neutral(most), ROOM);
		return;
	}
	memset(row, neutral(most), (size_t)(x0 - x));
	memcpy(row + (x0 - x), p->grey + y * p->stride + x0,
	       (size_t)(x1 - x0));
	memset(row + (x1 - x), neutral(most), (size_t)(ROOM - (x1 - x)));
}

/* What lies outside the plane must not win the next one either. */
INLINED void blank_outside(const struct grey_plane *p, int x, int y, bool most,
			   uint8_t row[ROOM])
{
	int x0 = x < 0 ? -x : 0;
	int x1 = p->columns - x < PITCH ? p->columns - x : PITCH;

	if (y < 0 || y >= p->rows)
		x0 = PITCH;
	memset(row, neutral(most), (size_t)x0);
	memset(row + x1, neutral(most), (size_t)(ROOM - x1));
}

INLINED void subtract(const uint8_t *restrict a, const uint8_t *restrict b,
		      int n, uint8_t *restrict out)
{
	for (int x = 0; x < n; x += CHUNK)
		for (int i = x; i < x + CHUNK; i++)
			out[i] = (uint8_t)(a[i] - b[i]);
}

struct work {
	struct slide first, second;
	uint8_t in[ROOM], once[ROOM], opened[ROOM], out[ROOM];
};

/* The strip that starts at column x. */
INLINED void do_strip(struct work *t, const struct grey_plane *p, bool dark,
		      int x, uint8_t *out)
{
	int n = p->columns - x < STRIP ? p->columns - x : STRIP;
	/* with what the squares reach on either side */
	int wide = (n + 4 * HALF + CHUNK - 1) / CHUNK * CHUNK;

	slide_start(&t->first, dark);
	slide_start(&t->second, !dark);
	for (int y = 0; y < p->rows + 2 * HALF; y++) {
		load(p, x - 2 * HALF, y, dark, t->in);
		slide(&t->first, t->in, wide, dark, t->once);
		blank_outside(p, x - HALF, y - HALF, !dark, t->once);
		slide(&t->second, t->once, wide, !dark, t->opened);
		if (y < 2 * HALF)
			continue;
		memcpy(t->in, p->grey + (y - 2 * HALF) * p->stride + x,
		       (size_t)n);
		if (dark)
			subtract(t->opened, t->in, wide, t->out);
		else
			subtract(t->in, t->opened, wide, t->out);
		memcpy(out + (size_t)(y - 2 * HALF) * (size_t)p->columns + x,
		       t->out, (size_t)n);
	}
}

INLINED void do_all(const struct grey_plane *p, bool dark, uint8_t *out)
{
	struct work t;

	for (int x = 0; x < p->columns; x += STRIP)
		if (dark)
			do_strip(&t, p, true, x, out);
		else
			do_strip(&t, p, false, x, out);
}

static void tophat_plain(const struct grey_plane *p, bool dark, uint8_t *out)
{
	do_all(p, dark, out);
}

static FAST void tophat_fast(const struct grey_plane *p, bool dark,
			     uint8_t *out)
{
	do_all(p, dark, out);
}

void tophat(const struct grey_plane *p, bool dark, uint8_t *out)
{
	(can_be_fast() ? tophat_fast : tophat_plain)(p, dark, out);
}

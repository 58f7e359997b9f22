/* fine.c - separable least and greatest of 3 x 3 samples. */
#include "config.h"

#include "ocr/fine.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ocr/twice.h"

enum {
	CHUNK = 32,                     /* columns: a fixed count is vectorised
					   */
	GROUND = 128,
};

/* The greatest of three, or the least. */
INLINED uint8_t pick(uint8_t a, uint8_t b, uint8_t c, bool most)
{
	uint8_t m = most ? (a > b ? a : b) : (a < b ? a : b);

	return most ? (m > c ? m : c) : (m < c ? m : c);
}

/* Of three rows, or of one moved by one and two columns. */
INLINED void pick_row(const uint8_t *a, const uint8_t *b, const uint8_t *c,
		      int n, bool most, uint8_t *out)
{
	uint8_t some[CHUNK];            /* nothing else may lie there */
	int x = 0;

	for (; x + CHUNK <= n; x += CHUNK) {
		for (int i = 0; i < CHUNK; i++)
			some[i] = pick(a[x + i], b[x + i], c[x + i], most);
		memcpy(out + x, some, CHUNK);
	}
	for (; x < n; x++)
		out[x] = pick(a[x], b[x], c[x], most);
}

/* Of each square of 3 x 3; what lies outside counts for nothing.  row: room
 * for p->columns + 2. */
INLINED void pick_square(const struct grey_plane *p, bool most, uint8_t *row,
			 uint8_t *out)
{
	int n = p->columns;

	for (int y = 0; y < p->rows; y++, out += n) {
		const uint8_t *here = p->grey + y * p->stride;
		const uint8_t *above = y ? here - p->stride : here;
		const uint8_t *below = y + 1 < p->rows ? here + p->stride :
							 here;

		pick_row(above, here, below, n, most, row + 1);
		row[0] = row[1];
		row[n + 1] = row[n];
		pick_row(row, row + 1, row + 2, n, most, out);
	}
}

/* Each way by itself: a loop that may go either is not vectorised. */
INLINED void pick_either(const struct grey_plane *p, bool most, uint8_t *row,
			 uint8_t *out)
{
	if (most)
		pick_square(p, true, row, out);
	else
		pick_square(p, false, row, out);
}

static void pick_plain(const struct grey_plane *p, bool most, uint8_t *row,
		       uint8_t *out)
{
	pick_either(p, most, row, out);
}

static FAST void pick_fast(const struct grey_plane *p, bool most, uint8_t *row,
			   uint8_t *out)
{
	pick_either(p, most, row, out);
}

/* An opening, or, most: a closing.  some: room for the plane. */
static void open_plane(const struct grey_plane *p, bool most, uint8_t *row,
		       uint8_t *some, uint8_t *out)
{
	struct grey_plane first = { some, p->columns, p->rows, p->columns };

	(can_be_fast() ? pick_fast : pick_plain)(p, most, row, some);
	(can_be_fast() ? pick_fast : pick_plain)(&first, !most, row, out);
}

/* What both take away of a sample. */
INLINED uint8_t strokes(uint8_t grey, uint8_t opened, uint8_t closed)
{
	int16_t fine = (int16_t)(GROUND + 2 * grey - opened - closed);

	return (uint8_t)(fine < 0 ? 0 : fine > 255 ? 255 : fine);
}

INLINED void take_row(const uint8_t *grey, const uint8_t *closed, int n,
		      uint8_t *out)
{
	uint8_t some[CHUNK];
	int x = 0;

	for (; x + CHUNK <= n; x += CHUNK) {
		for (int i = 0; i < CHUNK; i++)
			some[i] = strokes(grey[x + i], out[x + i],
					  closed[x + i]);
		memcpy(out + x, some, CHUNK);
	}
	for (; x < n; x++)
		out[x] = strokes(grey[x], out[x], closed[x]);
}

/* In place of the opened plane what both take away. */
static void take_ground(const struct grey_plane *p, const uint8_t *closed,
			uint8_t *out)
{
	int n = p->columns;

	for (int y = 0; y < p->rows; y++, out += n, closed += n)
		take_row(p->grey + y * p->stride, closed, n, out);
}

uint8_t *fine_plane(const struct grey_plane *p, struct grey_plane *fine)
{
	size_t columns = (size_t)p->columns, rows = (size_t)p->rows;
	uint8_t *out = mem_array(rows, columns);
	uint8_t *some = mem_array(rows, columns);
	uint8_t *closed = mem_array(rows, columns);
	uint8_t *row = mem_array(columns + 2, 1);

	if (out && some && closed && row) {
		open_plane(p, false, row, some, out);
		open_plane(p, true, row, some, closed);
		take_ground(p, closed, out);
		*fine = (struct grey_plane){ out, p->columns, p->rows,
					     p->columns };
	} else {
		free(out);
		out = NULL;
	}
	free(some);
	free(closed);
	free(row);
	return out;
}

/* agree.c - how far two readers of the same pictures agree. */
#include "config.h"

#include "process/agree.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/mem.h"
#include "find/cover.h"
#include "record/finding.h"
#include "record/standing.h"

static const double paired = .5;

static void add(struct agreement *a, bool first, bool second, long frames)
{
	if (first && second)
		a->both += frames;
	else if (first)
		a->first += frames;
	else if (second)
		a->second += frames;
	else
		a->neither += frames;
}

enum { FIRST = 1, SECOND = 2 };

static void paint(uint8_t *tile, int wide, int high, const struct region *r,
		  size_t count, uint8_t bit)
{
	for (size_t i = 0; i < count; i++)
		for (int y = r[i].y0 / AGREE_TILE;
		     y < high && y * AGREE_TILE < r[i].y1; y++)
			for (int x = r[i].x0 / AGREE_TILE;
			     x < wide && x * AGREE_TILE < r[i].x1; x++)
				tile[(size_t)y * (size_t)wide + (size_t)x] |=
					bit;
}

static bool add_tiles(struct agreement *a, int columns, int rows,
		      const struct standing *first,
		      const struct standing *second, long frames)
{
	int wide = (columns + AGREE_TILE - 1) / AGREE_TILE;
	int high = (rows + AGREE_TILE - 1) / AGREE_TILE;
	size_t tiles = (size_t)wide * (size_t)high;
	uint8_t *tile = mem_array(tiles + 1, 1);

	if (!tile)
		return false;
	paint(tile, wide, high, first->region, first->count, FIRST);
	paint(tile, wide, high, second->region, second->count, SECOND);
	for (size_t i = 0; i < tiles; i++)
		add(a, tile[i] & FIRST, tile[i] & SECOND, frames);
	free(tile);
	return true;
}

/* Frames in which the same masks stand. */
static bool add_run(struct agree *a, int columns, int rows,
		    const struct standing *first,
		    const struct standing *second, long frames)
{
	long pairs = cover_pairs(first->region, first->count, second->region,
				 second->count, paired);

	if (pairs < 0)
		return false;
	a->boxes_both += pairs * frames;
	a->boxes_first += ((long)first->count - pairs) * frames;
	a->boxes_second += ((long)second->count - pairs) * frames;
	return add_tiles(&a->tiles, columns, rows, first, second, frames);
}

static bool add_frames(struct agree *a, int columns, int rows, int frames,
		       struct standing *first, struct standing *second)
{
	bool good = true;

	for (int frame = 0, last; good && frame < frames; frame = last + 1) {
		last = standing_run(first, frame, frames - 1, NULL);
		last = standing_run(second, frame, last, NULL);
		good = add_run(a, columns, rows, first, second,
			       last + 1L - frame);
	}
	return good;
}

bool agree_add(struct agree *a, int columns, int rows, int frames,
	       const struct masks *first, const struct masks *second,
	       bool *missed)
{
	struct standing one = { 0 }, two = { 0 };
	struct agree sum = *a;
	int left = -1;
	bool good = standing_init(&one, first) &&
		    standing_init(&two, second) &&
		    finding_missed(first, second, &left) &&
		    add_frames(&sum, columns, rows, frames, &one, &two);

	*missed = left >= 0;
	if (good) {
		add(&sum.pictures, one.masks > 0, two.masks > 0, 1);
		sum.missed += *missed;
		*a = sum;
	}
	standing_done(&one);
	standing_done(&two);
	return good;
}

double agree_dice(const struct agree *a)
{
	long all = 2 * a->boxes_both + a->boxes_first + a->boxes_second;

	return all > 0 ? 2. * (double)a->boxes_both / (double)all : 1;
}

long agree_compared(const struct agree *a)
{
	const struct agreement *p = &a->pictures;

	return p->both + p->first + p->second + p->neither;
}

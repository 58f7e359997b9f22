/* agree.c - how far two readers of the same pictures agree. */
#include "config.h"

#include "process/agree.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/mem.h"
#include "find/cover.h"
#include "record/finding.h"

static const double paired = .5;

static void add_one(struct agreement *a, bool first, bool second)
{
	if (first && second)
		a->both++;
	else if (first)
		a->first++;
	else if (second)
		a->second++;
	else
		a->neither++;
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
		      const struct region *one, size_t ones,
		      const struct region *two, size_t twos)
{
	int wide = (columns + AGREE_TILE - 1) / AGREE_TILE;
	int high = (rows + AGREE_TILE - 1) / AGREE_TILE;
	size_t tiles = (size_t)wide * (size_t)high;
	uint8_t *tile = mem_array(tiles + 1, 1);

	if (!tile)
		return false;
	paint(tile, wide, high, one, ones, FIRST);
	paint(tile, wide, high, two, twos, SECOND);
	for (size_t i = 0; i < tiles; i++)
		add_one(a, tile[i] & FIRST, tile[i] & SECOND);
	free(tile);
	return true;
}

bool agree_add(struct agree *a, int columns, int rows,
	       const struct masks *first, const struct masks *second,
	       bool *missed)
{
	size_t ones, twos;
	struct region *one = masks_regions(first, &ones);
	struct region *two = masks_regions(second, &twos);
	long pairs = one && two ? cover_pairs(one, ones, two, twos, paired) :
				  -1;
	bool good = pairs >= 0 && finding_missed(first, second, missed) &&
		    add_tiles(&a->tiles, columns, rows, one, ones, two, twos);

	if (good) {
		add_one(&a->pictures, ones > 0, twos > 0);
		a->boxes_both += pairs;
		a->boxes_first += (long)ones - pairs;
		a->boxes_second += (long)twos - pairs;
		a->missed += *missed;
	}
	free(one);
	free(two);
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

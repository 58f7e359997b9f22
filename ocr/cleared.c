/* cleared.c - how much of a box lies on lines that were read. */
#include "config.h"

#include "ocr/cleared.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "ocr/letters.h"

enum {
	REACH = 50,             /* percent of a letter's height */
	COVERED = 90,           /* percent of a box, at least */
	ON_CLEARED = 10,
	LEAST_LETTERS = 2,
	PAD = 2,                /* pixels of a mask around its line */
	SAME_HIGH = 6,          /* tenths of the height, at least */
	/* of what is cut out of a box: */
	HELD = 80,              /* percent of a cleared line, at least */
	HIGHER = 17,            /* tenths of its height; else it may be a word
				   of the same row */
	LEAST_PIECE = 7,        /* pixels: letters of 5, and PAD at one edge */
	MOST_LEFT = 2,          /* pieces: more are as much to look at as the
				   box was */
	SURE_TEXT = 800,        /* score; all pieces of such a box stay masks */
};

static bool is_unread(const struct box *b)
{
	return b->kind == KIND_UNREADABLE && b->source == SOURCE_INK &&
	       (b->tier == TIER_BOX || b->tier == TIER_CANDIDATE) &&
	       !strcmp(b->why, "ink");
}

/* Cleared, or masked for what was read there. */
static bool is_settled(const struct box *b)
{
	return b->tier == TIER_BENIGN ||
	       (b->tier == TIER_BOX && (b->kind == KIND_IDENTIFIER ||
					b->kind == KIND_TEXT));
}

static bool in_all_frames_of(const struct box *b, const struct box *a)
{
	return b->plane == a->plane && b->frame0 <= a->frame0 &&
	       b->frame1 >= a->frame1;
}

static int reach_of(const struct box *b)
{
	struct letters read, compact;

	letters_read(&read, b->text);
	letters_compact(&read, &compact);
	return compact.n < LEAST_LETTERS ? 0 : REACH * b->letter_height / 100;
}

static bool runs_across(const struct box *b)
{
	return region_width(b->region) >= region_height(b->region);
}

/*
 * A smaller row along the edge of a line may be a line of its own.  Taken to
 * be of b's ink is what runs the other way, or what is nearly as high and has
 * its middle in the middle half of b.
 */
static bool may_be_of(const struct box *a, const struct box *b)
{
	int high = region_height(b->region);
	int middle = a->region.y0 + a->region.y1 - 2 * b->region.y0;

	return !runs_across(a) || !runs_across(b) ||
	       (2 * middle >= high && 2 * middle <= 3 * high &&
		10 * region_height(a->region) >= SAME_HIGH * high);
}

/* Mark what of a lies on b; *count more are marked.  map: [rows][columns] of
 * a. */
static void mark(uint8_t *map, const struct box *a, const struct box *b,
		 long long *count)
{
	/* a cleared box is as large as its line, a mask larger */
	int pad = b->tier == TIER_BENIGN ? PAD : 0;
	struct region r = region_intersect(
		a->region, region_grow(b->region, reach_of(b) + pad));
	int columns = region_width(a->region);

	for (int y = r.y0; y < r.y1; y++)
		for (int x = r.x0; x < r.x1; x++) {
			uint8_t *m = map + (size_t)(y - a->region.y0) *
						   (size_t)columns +
				     (size_t)(x - a->region.x0);

			*count += !*m;
			*m = 1;
		}
}

/*
 * Does box `at` of the list lie on lines that were read, and on cleared ones?
 * map: as large as it.
 */
static bool lies_on_read(const struct box_list *list, size_t at,
			 uint8_t *map)
{
	const struct box *a = &list->box[at];
	long long all = region_area(a->region), cleared = 0, count;

	/* the cleared ones first, to be counted apart */
	for (size_t i = 0; i < list->count; i++)
		if (list->box[i].tier == TIER_BENIGN &&
		    may_be_of(a, &list->box[i]) &&
		    in_all_frames_of(&list->box[i], a))
			mark(map, a, &list->box[i], &cleared);
	count = cleared;
	if (100 * cleared < ON_CLEARED * all)
		return false;
	for (size_t i = 0; i < list->count; i++)
		if (i != at && is_settled(&list->box[i]) &&
		    may_be_of(a, &list->box[i]) &&
		    in_all_frames_of(&list->box[i], a))
			mark(map, a, &list->box[i], &count);
	return 100 * count >= COVERED * all;
}

/* ---- what a line leaves of a box ---- */

enum { PIECES = 4 };

/* Was b cleared, and does it stand in box a, which is more than its row? */
static bool holds_cleared(const struct box *a, const struct box *b)
{
	struct region common = region_intersect(a->region, b->region);

	return b->tier == TIER_BENIGN && runs_across(b) && reach_of(b) > 0 &&
	       in_all_frames_of(b, a) && !region_empty(common) &&
	       100 * region_area(common) >= HELD * region_area(b->region) &&
	       (!runs_across(a) || 10 * region_height(a->region) >=
					   HIGHER * region_height(b->region));
}

/* Where b is cut out of a: up to its edge where no letter has room there. */
static struct region cut_of(const struct box *a, const struct box *b)
{
	struct region r = a->region;
	struct region c = region_intersect(r, region_grow(b->region, PAD));

	c.x0 = c.x0 - r.x0 < LEAST_PIECE ? r.x0 : c.x0;
	c.y0 = c.y0 - r.y0 < LEAST_PIECE ? r.y0 : c.y0;
	c.x1 = r.x1 - c.x1 < LEAST_PIECE ? r.x1 : c.x1;
	c.y1 = r.y1 - c.y1 < LEAST_PIECE ? r.y1 : c.y1;
	return c;
}

/* Cut b out of a: what is left above and below it, as wide as a, and beside
 * it.  Returns how many pieces. */
static int cut(const struct box *a, const struct box *b,
	       struct region left[PIECES])
{
	struct region r = a->region, c = cut_of(a, b);
	const struct region all[PIECES] = {
		{ r.x0, r.y0, r.x1, c.y0 }, { r.x0, c.y1, r.x1, r.y1 },
		{ r.x0, c.y0, c.x0, c.y1 }, { c.x1, c.y0, r.x1, c.y1 },
	};
	int n = 0;

	for (int i = 0; i < PIECES; i++)
		if (!region_empty(all[i]))
			left[n++] = all[i];
	return n;
}

static int largest(const struct region *r, int n)
{
	int best = 0;

	for (int i = 1; i < n; i++)
		if (region_area(r[i]) > region_area(r[best]))
			best = i;
	return best;
}

/*
 * Put what is left in the place of box `at`, and behind the others.  Its score
 * is of the letters of the line, too: where it was not sure even so, the lesser
 * pieces are only shown.
 */
static bool put_rest(struct box_list *list, size_t at,
		     const struct region *left, int pieces)
{
	const struct box whole = list->box[at];
	int high = whole.letter_height, best = largest(left, pieces);

	if (!pieces)
		list->box[at].tier = TIER_FAINT;
	for (int i = 0; i < pieces; i++) {
		int w = region_width(left[i]), h = region_height(left[i]);
		int side = w < h ? w : h;
		struct box piece = whole;

		if (whole.score < SURE_TEXT && i != best)
			piece.tier = TIER_CANDIDATE;
		piece.region = left[i];
		piece.letter_height = high < side ? high : side;
		/* that was read of all of it */
		piece.text[0] = '\0';
		if (!i)
			list->box[at] = piece;
		else if (!box_list_add(list, &piece))
			return false;
	}
	return true;
}

/* Cut the cleared lines out of box `at`, which holds them. */
static bool cut_cleared(struct box_list *list, size_t at)
{
	size_t count = list->count;

	for (size_t i = 0; i < count && is_unread(&list->box[at]); i++) {
		struct region left[PIECES];
		int n;

		if (!holds_cleared(&list->box[at], &list->box[i]))
			continue;
		n = cut(&list->box[at], &list->box[i], left);
		if (n <= MOST_LEFT && !put_rest(list, at, left, n))
			return false;
	}
	return true;
}

bool cleared_settle(struct box_list *list, const struct telling *telling,
		    struct error *err)
{
	/* also over the pieces that are added meanwhile */
	for (size_t i = 0; i < list->count; i++) {
		struct box *b = &list->box[i];
		uint8_t *map;

		telling_word(telling);
		if (!is_unread(b) || region_empty(b->region))
			continue;
		map = mem_array((size_t)region_width(b->region),
				(size_t)region_height(b->region));
		if (!map)
			return error_set(err, ERR_MEMORY,
					 _("no memory for boxes"));
		if (lies_on_read(list, i, map))
			b->tier = TIER_FAINT;
		free(map);
		if (!cut_cleared(list, i))
			return error_set(err, ERR_MEMORY,
					 _("no memory for boxes"));
	}
	return true;
}

/* gather.c - joins the boxes of frames that follow each other. */
#include "config.h"

#include "ocr/gather.h"

#include <ctype.h>
#include <string.h>

#include "ocr/track.h"

enum {
	GAP = 16,               /* frames between two of one line */
	WINDOW = 2048,          /* boxes looked back on: a bound on the time */
	NEAR_WIDTHS = 2,        /* between two letters of a column */
	FAR_WIDTHS = 5,         /* the same, of a column of three or more */
	STRICT = 14, LOOSE = 16,        /* tenths of a width in one column */
	GRAIN_WIDTH = 128, GRAIN_HEIGHT = 64,   /* pixels of faint ink */
};

/* The same but for digits: how many there are does not matter. */
static bool same_words(const char *a, const char *b)
{
	for (;;) {
		bool digit = isdigit((unsigned char)*a) &&
			     isdigit((unsigned char)*b);

		if (!digit) {
			if (*a != *b)
				return false;
			if (!*a)
				return true;
			a++;
			b++;
			continue;
		}
		while (isdigit((unsigned char)*a))
			a++;
		while (isdigit((unsigned char)*b))
			b++;
	}
}

/* Grains of faint ink anywhere in the file, as far as a crop stays small. */
static bool one_grain(const struct box *a, const struct box *b)
{
	struct region sum = region_union(a->region, b->region);

	return !region_empty(region_intersect(a->region, b->region)) &&
	       (region_width(sum) <= GRAIN_WIDTH ||
		region_width(sum) == region_width(a->region)) &&
	       (region_height(sum) <= GRAIN_HEIGHT ||
		region_height(sum) == region_height(a->region));
}

static bool is_one_line(const struct box *a, const struct box *b)
{
	if (a->plane != b->plane || a->tier != b->tier)
		return false;
	if (a->tier == TIER_FAINT)
		return one_grain(a, b);
	return a->kind == b->kind && a->class_ == b->class_ &&
	       a->source == b->source &&
	       b->frame0 - a->frame1 <= GAP && a->frame0 - b->frame1 <= GAP &&
	       track_same_place(a->region, b->region) &&
	       (a->kind == KIND_UNREADABLE ||
		(!strcmp(a->why, b->why) && same_words(a->text, b->text)));
}

static int least(int a, int b)
{
	return a < b ? a : b;
}

/* The words are those of the first frame, which is the one that is shown. */
static void join(struct box *a, const struct box *b)
{
	struct box sum = b->frame0 < a->frame0 ? *b : *a;

	sum.region = region_union(a->region, b->region);
	sum.frame0 = least(a->frame0, b->frame0);
	sum.frame1 = a->frame1 > b->frame1 ? a->frame1 : b->frame1;
	sum.score = a->score > b->score ? a->score : b->score;
	/* shown as large as the hardest of them needs */
	sum.confidence = least(a->confidence, b->confidence);
	sum.latin = a->latin && b->latin;
	sum.letter_height = least(a->letter_height, b->letter_height);
	sum.differs = a->differs || b->differs ||
		      a->kind == KIND_UNREADABLE || strcmp(a->text, b->text);
	*a = sum;
}

bool gather_box(struct box_list *list, const struct box *box, int frames)
{
	size_t from = list->count > WINDOW ? list->count - WINDOW : 0;

	for (size_t i = list->count; frames > 1 && i > from; i--)
		if (is_one_line(&list->box[i - 1], box)) {
			join(&list->box[i - 1], box);
			return true;
		}
	return box_list_add(list, box);
}

static bool is_line(const struct box *b)
{
	return b->kind != KIND_FACE && strncmp(b->why, "shape:", 6) != 0;
}

/* Letters or rows of them that run down: as high as wide, or so. */
static bool may_run_down(const struct box *b)
{
	return b->tier <= TIER_CANDIDATE && is_line(b) &&
	       5 * region_height(b->region) >= 3 * region_width(b->region);
}

static int wider(const struct box *a, const struct box *b)
{
	int wide = region_width(a->region), other = region_width(b->region);

	return wide > other ? wide : other;
}

/*
 * Do a and b, letters or rows of them, stand in one column?  One of them is up
 * to `tenths` as wide as the other and has most of it beside it.
 */
static bool in_column(const struct box *a, const struct box *b, int tenths)
{
	int most = wider(a, b);
	int least = region_width(a->region) + region_width(b->region) - most;
	int shared = region_width(region_intersect(
		(struct region){ a->region.x0, 0, a->region.x1, 1 },
		(struct region){ b->region.x0, 0, b->region.x1, 1 }));

	return may_run_down(a) && may_run_down(b) && a->plane == b->plane &&
	       a->frame0 == b->frame0 && a->frame1 == b->frame1 &&
	       10 * most <= tenths * least &&
	       10 * shared >= (22 - tenths) * most;
}

/* Does a third piece of their column lie in or near a or b? */
static bool has_third(const struct box_list *list, const struct box *a,
		      const struct box *b)
{
	int far = FAR_WIDTHS * wider(a, b);

	for (size_t i = 0; i < list->count; i++) {
		const struct box *c = &list->box[i];

		if (c != a && c != b && in_column(a, c, LOOSE) &&
		    c->region.y1 >= a->region.y0 - far &&
		    c->region.y0 <= b->region.y1 + far)
			return true;
	}
	return false;
}

/* Do the letters of a go on below it at b? */
static bool goes_on(const struct box_list *list, const struct box *a,
		    const struct box *b)
{
	int gap = b->region.y0 - a->region.y1, wide = wider(a, b);

	if (a->tier != TIER_BOX || b->tier != TIER_BOX || gap <= 0)
		return false;
	return (gap <= NEAR_WIDTHS * wide && in_column(a, b, STRICT)) ||
	       (gap <= FAR_WIDTHS * wide && in_column(a, b, LOOSE) &&
		has_third(list, a, b));
}

void gather_columns(struct box_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		struct box *a = &list->box[i];
		int y1 = a->region.y1;

		for (size_t k = 0; k < list->count; k++)
			if (goes_on(list, a, &list->box[k]) &&
			    (y1 == a->region.y1 ||
			     list->box[k].region.y0 < y1))
				y1 = list->box[k].region.y0;
		a->region.y1 = y1;
	}
}

static int thick(struct region r, bool down)
{
	return down ? region_width(r) : region_height(r);
}

/* Is it of the same letters, but only a part of their height? */
static bool is_part_of(const struct box *part, const struct box *line)
{
	struct region a = part->region, b = line->region;
	bool down = region_height(b) > region_width(b);
	int high = thick(a, down), whole = thick(b, down);

	return part->tier == TIER_BOX && part->kind == KIND_UNREADABLE &&
	       part->plane == line->plane && part->frame0 <= line->frame1 &&
	       line->frame0 <= part->frame1 &&
	       5 * region_area(region_intersect(a, b)) >= 4 * region_area(a) &&
	       5 * whole >= 7 * high && whole <= 3 * high &&
	       4 * thick(a, !down) >= thick(b, !down);
}

void gather_parts(struct box_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		struct box *line = &list->box[i];
		bool whole = false;

		if (line->tier != TIER_CANDIDATE ||
		    line->kind != KIND_UNREADABLE)
			continue;
		for (size_t k = 0; k < list->count && !whole; k++)
			whole = is_part_of(&list->box[k], line);
		if (whole)
			line->tier = TIER_BOX;
	}
}

/* crowd.c - unread boxes among more of their kind. */
#include "config.h"

#include "ocr/crowd.h"

#include "ocr/ints.h"

enum {
	UNSURE = 400,           /* score below which a shape is hardly text */
	CROWD = 3,              /* others */
	NEAR = 2,               /* times the shorter side */
};

static bool is_unsure(const struct box *b)
{
	return b->kind == KIND_UNREADABLE && b->source == SOURCE_INK &&
	       (b->tier == TIER_BOX || b->tier == TIER_CANDIDATE) &&
	       b->score < UNSURE;
}

static bool runs_down(struct region r)
{
	return region_height(r) > 2 * region_width(r);
}

static bool meet(const struct box *a, const struct box *b)
{
	return a->plane == b->plane && a->frame0 <= b->frame1 &&
	       b->frame0 <= a->frame1;
}

/* Pixels between two regions, the farther way; 0 when they touch. */
static int gap_between(struct region a, struct region b)
{
	return imax(0, -imin(overlap(a.x0, a.x1, b.x0, b.x1),
			     overlap(a.y0, a.y1, b.y0, b.y1)));
}

/* Is `box` among others of its kind? */
static bool is_crowded(const struct box_list *list, const struct box *box)
{
	int near = NEAR * imin(region_width(box->region),
			       region_height(box->region));
	int others = 0;

	for (size_t i = 0; i < list->count && others < CROWD; i++) {
		const struct box *b = &list->box[i];

		others += b != box && is_unsure(b) && meet(b, box) &&
			  gap_between(b->region, box->region) < near;
	}
	return others == CROWD;
}

void crowd_settle(struct box_list *list, int frames,
		  const struct telling *telling)
{
	for (size_t i = 0; frames == 1 && i < list->count; i++) {
		struct box *b = &list->box[i];

		telling_word(telling);
		/* a candidate counts as much as a box: no order matters */
		if (b->tier == TIER_BOX && is_unsure(b) &&
		    !runs_down(b->region) && is_crowded(list, b))
			b->tier = TIER_CANDIDATE;
	}
}

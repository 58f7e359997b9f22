/* crowd.c - unread boxes among more of their kind. */
#include "config.h"

#include "ocr/crowd.h"

#include "ocr/ints.h"

enum {
	NEAR = 2,               /* times the shorter side */
};

/* A coder takes of what letters look like: lossy pictures need more. */
static const struct limits {
	int unsure;             /* score below which a shape is hardly text */
	int crowd;              /* others */
} limits_of[] = { [false] = { 500, 2 }, [true] = { 400, 3 } };

static bool is_unsure(const struct box *b, const struct limits *limits)
{
	return b->kind == KIND_UNREADABLE && b->source == SOURCE_INK &&
	       (b->tier == TIER_BOX || b->tier == TIER_CANDIDATE) &&
	       b->score < limits->unsure;
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
static bool is_crowded(const struct box_list *list, const struct box *box,
		       const struct limits *limits)
{
	int near = NEAR * imin(region_width(box->region),
			       region_height(box->region));
	int others = 0;

	for (size_t i = 0; i < list->count && others < limits->crowd; i++) {
		const struct box *b = &list->box[i];

		others += b != box && is_unsure(b, limits) && meet(b, box) &&
			  gap_between(b->region, box->region) < near;
	}
	return others == limits->crowd;
}

void crowd_settle(struct box_list *list, int frames, bool lossy,
		  const struct telling *telling)
{
	const struct limits *limits = &limits_of[lossy];

	for (size_t i = 0; frames == 1 && i < list->count; i++) {
		struct box *b = &list->box[i];

		telling_word(telling);
		/* a candidate counts as much as a box: no order matters */
		if (b->tier == TIER_BOX && is_unsure(b, limits) &&
		    !runs_down(b->region) && is_crowded(list, b, limits))
			b->tier = TIER_CANDIDATE;
	}
}

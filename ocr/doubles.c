/* doubles.c - shapes and lines at one place. */
#include "config.h"

#include "ocr/doubles.h"

#include <string.h>

enum {
	PAD = 2,                /* pixels around a line in its box */
	SURE_TEXT = 80,         /* confidence of a cleared line that is no
				   shape */
};

static bool is_shape(const struct box *b)
{
	return strncmp(b->why, "shape:", 6) == 0;
}

/* Does a lie within b, or as near as that, in all its frames? */
static bool lies_in(const struct box *a, const struct box *b, int near)
{
	return a->plane == b->plane && a->frame0 >= b->frame0 &&
	       a->frame1 <= b->frame1 &&
	       region_contains(region_grow(b->region, near), a->region);
}

static int longer_side(struct region r)
{
	return region_width(r) > region_height(r) ? region_width(r) :
						    region_height(r);
}

static int shorter_side(struct region r)
{
	return region_width(r) + region_height(r) - longer_side(r);
}

/* A text that was read well and fills its box is no code and no seal. */
static bool is_read_there(const struct box *shape, const struct box *line)
{
	return line->tier == TIER_BENIGN && line->confidence >= SURE_TEXT &&
	       lies_in(shape, line, shorter_side(line->region) / 4);
}

/* Is it but a letter, or a word, of a printed line? */
static bool is_of_line(const struct box *shape, const struct box *line)
{
	if (is_read_there(shape, line))
		return true;
	if (shape->class_ == CLASS_BARCODE || !lies_in(shape, line, PAD))
		return false;
	if (line->tier == TIER_BOX && line->kind != KIND_UNREADABLE)
		return true;
	return (line->tier == TIER_BOX || line->tier == TIER_BENIGN) &&
	       5 * longer_side(line->region) >
		       9 * longer_side(shape->region) &&
	       (line->tier == TIER_BOX ||
		5 * shorter_side(line->region) <
			8 * longer_side(shape->region));
}

/*
 * Of a shape and a line at one place drop the one that tells nothing beside
 * the other: its score gets -1.
 */
static void compare_all(struct box_list *list, struct box *shape)
{
	int longer = longer_side(shape->region) / 5;
	int shorter = shorter_side(shape->region) / 4;
	/* a line of writing is no wider for being long */
	int near = PAD + (longer < shorter ? longer : shorter);

	for (size_t i = 0; i < list->count; i++) {
		struct box *b = &list->box[i];

		if (is_shape(b))
			continue;
		if (is_of_line(shape, b)) {
			shape->score = -1;
		} else if (b->kind == KIND_UNREADABLE &&
			   lies_in(b, shape, near)) {
			b->score = -1;
			if (b->tier == TIER_BOX || b->tier == TIER_CANDIDATE)
				shape->region = region_union(shape->region,
							     b->region);
		}
	}
}

void doubles_drop(struct box_list *list)
{
	size_t kept = 0;

	for (size_t i = 0; i < list->count; i++)
		if (is_shape(&list->box[i]))
			compare_all(list, &list->box[i]);
	for (size_t i = 0; i < list->count; i++)
		if (list->box[i].score >= 0)
			list->box[kept++] = list->box[i];
	list->count = kept;
}

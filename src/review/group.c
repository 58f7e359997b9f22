/* group.c - pictures of a series that look the same where it matters. */
#include "config.h"

#include "review/group.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "review/loose.h"
#include "review/review.h"

enum { HALF_PERCENT = 50 };

const char *const group_state_text[GROUP_STATES] = {
	[GROUP_WAITING] = "",
	[GROUP_ALIKE] = N_("alike"),
	[GROUP_KIND] = N_("other kind"),
	[GROUP_UNREAD] = N_("not read"),
	[GROUP_INK] = N_("more ink"),
	[GROUP_BOXES] = N_("boxes"),
	[GROUP_PIXELS] = N_("values"),
};

/* ---- one picture ---- */

static bool one_plane(const struct proposals *p)
{
	for (size_t i = 0; i < p->boxes.count; i++)
		if (p->boxes.box[i].plane != PLANE_PICTURE)
			return false;
	return true;
}

static bool plain(const struct group_picture *p)
{
	return p->info->frames == 1 &&
	       p->info->mask_supported && one_plane(p->proposals);
}

static bool fully_read(const struct group_picture *p)
{
	const struct proposals *found = p->proposals;

	return found->text == CHECK_DONE && found->faces != CHECK_FAILED &&
	       found->frames_read == 1 &&
	       !faces_unchecked(p->info, found->faces);
}

static bool same_kind(const struct group_picture *a,
		      const struct group_picture *b)
{
	const struct image_info *x = a->info, *y = b->info;

	return x->format == y->format && x->columns == y->columns &&
	       x->rows == y->rows && x->samples == y->samples &&
	       x->photometric == y->photometric &&
	       x->bits_stored == y->bits_stored &&
	       x->is_signed == y->is_signed && x->colour == y->colour &&
	       x->inverse == y->inverse && x->head == y->head &&
	       !strcmp(x->modality, y->modality) &&
	       !strcmp(x->syntax, y->syntax) &&
	       a->frame->type == b->frame->type &&
	       a->frame->samples == b->frame->samples &&
	       a->frame->columns == b->frame->columns &&
	       a->frame->rows == b->frame->rows &&
	       !memcmp(a->patient, b->patient, 32) &&
	       !memcmp(a->device, b->device, 32);
}

/* Was this proposal decided on, as it is or moved? */
static bool is_decided(const struct box *b, const struct decided_box *box,
		       size_t boxes)
{
	for (size_t i = 0; i < boxes; i++) {
		struct region r = box[i].box.region;

		if (region_equal(r, b->region) ||
		    (box[i].decision == DECISION_CHANGED &&
		     !region_empty(region_intersect(r, b->region))))
			return true;
	}
	return false;
}

static bool all_decided(const struct proposals *p,
			const struct decided_box *box, size_t boxes)
{
	for (size_t i = 0; i < p->boxes.count; i++) {
		const struct box *b = &p->boxes.box[i];

		if ((b->tier == TIER_BOX || b->tier == TIER_CANDIDATE) &&
		    !is_decided(b, box, boxes))
			return false;
	}
	return true;
}

bool group_can_lead(const struct group_picture *p,
		    const struct decided_box *box, size_t boxes)
{
	return plain(p) && fully_read(p) && boxes <= GROUP_BOXES_MOST &&
	       all_decided(p->proposals, box, boxes) &&
	       (long long)p->info->columns * p->info->rows <=
	       GROUP_PIXELS_MOST;
}

/* ---- loose ink ---- */

bool group_find_loose(const struct plane *plane, const struct proposals *p,
		      const struct decided_box *box, size_t boxes,
		      struct loose_list *loose)
{
	size_t count = p->boxes.count + boxes;
	struct region *known = mem_array(count + 1, sizeof(*known));
	struct ink_picture picture = { 0 };
	struct mark_list marks = { 0 };
	bool ok = known;

	for (size_t i = 0; ok && i < count; i++)
		known[i] = i < boxes ? box[i].box.region :
				       p->boxes.box[i - boxes].region;
	ok = ok && ink_picture_set(&picture, plane, NULL) &&
	     marks_find(&picture, &marks) &&
	     loose_find(&marks, known, count, loose);
	mark_list_done(&marks);
	ink_picture_done(&picture);
	free(known);
	return ok;
}

/* ---- places ---- */

static bool under_mask(struct region r, const struct decided_box *box,
		       size_t boxes)
{
	for (size_t i = 0; i < boxes; i++)
		if (box_is_masked(box[i].decision) &&
		    region_contains(box[i].box.region, r))
			return true;
	return false;
}

/* The proposal that a decided box was; NULL: it was changed or added. */
static const struct box *own_box(const struct proposals *p,
				 const struct box *decided)
{
	for (size_t i = 0; i < p->boxes.count; i++) {
		const struct box *b = &p->boxes.box[i];

		if (region_equal(b->region, decided->region) &&
		    (b->tier == TIER_BOX || b->tier == TIER_CANDIDATE))
			return b;
	}
	return NULL;
}

static struct group_place place_of(const struct box *known,
				   const struct box *b, bool masked)
{
	return (struct group_place){
		.region = b->region, .masked = masked,
		.letter_height = evidence_letter_height(known ? known : b,
							masked),
		.latin = known && known->latin,
	};
}

size_t group_places(const struct group_picture *leader,
		    const struct decided_box *box, size_t boxes,
		    struct group_place *place, size_t most)
{
	const struct box_list *list = &leader->proposals->boxes;
	size_t count = 0;

	for (size_t i = 0; i < boxes && count < most; i++)
		place[count++] = place_of(own_box(leader->proposals,
						  &box[i].box), &box[i].box,
					  box_is_masked(box[i].decision));
	for (size_t i = 0; i < list->count && count < most; i++) {
		const struct box *b = &list->box[i];

		if (b->tier == TIER_FAINT &&
		    !under_mask(b->region, box, boxes))
			place[count++] = place_of(b, b, false);
	}
	for (size_t i = 0; i < leader->loose->count && count < most; i++)
		place[count++] = (struct group_place){
			.region = leader->loose->line[i].region,
			.letter_height = leader->loose->line[i].letter_height,
		};
	return count;
}

/* ---- boxes ---- */

static bool same_box(const struct box *a, const struct box *b)
{
	return a->tier == b->tier && a->kind == b->kind &&
	       a->class_ == b->class_ && a->frame0 == b->frame0 &&
	       a->frame1 == b->frame1 && region_equal(a->region, b->region);
}

static bool has_box(const struct box_list *list, const struct box *box)
{
	for (size_t i = 0; i < list->count; i++)
		if (same_box(&list->box[i], box))
			return true;
	return false;
}

static size_t count_tier(const struct box_list *list, enum box_tier tier)
{
	size_t count = 0;

	for (size_t i = 0; i < list->count; i++)
		count += list->box[i].tier == tier;
	return count;
}

/* Each of a has its like among b, and there are as many; else *where. */
static bool same_set(const struct box_list *a, const struct box_list *b,
		     enum box_tier tier, struct region *where)
{
	for (size_t i = 0; i < a->count; i++)
		if (a->box[i].tier == tier && !has_box(b, &a->box[i])) {
			*where = a->box[i].region;
			return false;
		}
	return count_tier(a, tier) == count_tier(b, tier);
}

/* Text that was read and cleared: where the leader has such text. */
static bool near_cleared(const struct box *b, const struct box_list *leader)
{
	for (size_t i = 0; i < leader->count; i++) {
		struct region place = region_grow(leader->box[i].region,
						  GROUP_MARGIN);
		long long both = region_area(region_intersect(b->region,
							      place));

		if (leader->box[i].tier == TIER_BENIGN &&
		    both * 100 >= HALF_PERCENT * region_area(b->region))
			return true;
	}
	return false;
}

/* What the leader's reviewer agreed to: masked, left, or faint and shown. */
static bool in_agreed(struct region r, const struct group_place *place,
		      size_t places)
{
	for (size_t i = 0; i < places; i++)
		if (region_contains(region_grow(place[i].region,
						GROUP_MARGIN), r))
			return true;
	return false;
}

/* No ink where the leader has none? */
static bool no_more_ink(const struct group_picture *leader,
			const struct group_picture *member,
			const struct group_place *place, size_t places,
			struct region *where)
{
	const struct box_list *list = &member->proposals->boxes;

	for (size_t i = 0; i < list->count; i++) {
		const struct box *b = &list->box[i];

		if (in_agreed(b->region, place, places) ||
		    (b->tier == TIER_BENIGN &&
		     near_cleared(b, &leader->proposals->boxes)))
			continue;
		*where = b->region;
		return false;
	}
	for (size_t i = 0; i < member->loose->count; i++)
		if (!in_agreed(member->loose->line[i].region, place,
			       places)) {
			*where = member->loose->line[i].region;
			return false;
		}
	return true;
}

/* Faint ink outside the masks: the leader's was shown, this one not. */
static bool same_faint(const struct group_picture *leader,
		       const struct decided_box *box, size_t boxes,
		       const struct group_picture *member,
		       struct region *where)
{
	const struct box_list *list = &member->proposals->boxes;

	for (size_t i = 0; i < list->count; i++)
		if (list->box[i].tier == TIER_FAINT &&
		    !under_mask(list->box[i].region, box, boxes) &&
		    !has_box(&leader->proposals->boxes, &list->box[i])) {
			*where = list->box[i].region;
			return false;
		}
	return true;
}

/* ---- pixels ---- */

static bool same_pixels(const struct frame *a, const struct frame *b,
			struct region r)
{
	size_t pixel = frame_sample_size(a->type) * (size_t)a->samples;
	const uint8_t *left = a->sample, *right = b->sample;

	r = region_clip(r, a->columns, a->rows);
	for (int y = r.y0; y < r.y1; y++) {
		size_t at = ((size_t)y * (size_t)a->columns + (size_t)r.x0) *
			    pixel;

		if (memcmp(left + at, right + at,
			   (size_t)region_width(r) * pixel) != 0)
			return false;
	}
	return true;
}

static bool same_places(const struct frame *a, const struct frame *b,
			const struct group_place *place, size_t places,
			struct region *where)
{
	for (size_t i = 0; i < places; i++)
		if (!same_pixels(a, b, region_grow(place[i].region,
						   GROUP_MARGIN))) {
			*where = place[i].region;
			return false;
		}
	return true;
}

/* ---- a member ---- */

enum group_state group_compare(const struct group_picture *leader,
			       const struct decided_box *box, size_t boxes,
			       const struct group_picture *member,
			       struct region *where)
{
	struct group_place place[GROUP_BOXES_MOST + 1];
	const struct box_list *a = &member->proposals->boxes;
	const struct box_list *b = &leader->proposals->boxes;
	struct region unused;
	size_t places;

	where = where ? where : &unused;
	*where = (struct region){ 0, 0, 0, 0 };
	places = group_places(leader, box, boxes, place, GROUP_BOXES_MOST + 1);
	if (places > GROUP_BOXES_MOST || !plain(member) ||
	    !same_kind(leader, member))
		return GROUP_KIND;
	if (!fully_read(member) ||
	    member->proposals->faces != leader->proposals->faces)
		return GROUP_UNREAD;
	if (!no_more_ink(leader, member, place, places, where))
		return GROUP_INK;
	if (!same_set(a, b, TIER_BOX, where) ||
	    !same_set(a, b, TIER_CANDIDATE, where) ||
	    !same_faint(leader, box, boxes, member, where))
		return GROUP_BOXES;
	return same_places(leader->frame, member->frame, place, places,
			   where) ? GROUP_ALIKE : GROUP_PIXELS;
}

bool group_decide(const struct decided_box *box, size_t boxes,
		  const struct proposals *member, struct decided_list *list)
{
	*list = (struct decided_list){ 0 };
	for (size_t i = 0; i < boxes; i++) {
		struct decided_box d = box[i];
		const struct box *own = own_box(member, &d.box);

		if (own) {
			d.box.score = own->score;
			d.box.source = own->source;
			memcpy(d.box.why, own->why, sizeof(d.box.why));
		}
		if (!decided_list_add(list, &d)) {
			decided_list_done(list);
			return false;
		}
	}
	return true;
}

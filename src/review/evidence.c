/* evidence.c - what must be shown before an approval counts. */
#include "config.h"

#include "review/evidence.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "review/pack.h"

enum {
	CONTEXT = 6,            /* pixels around a box, no
				   more than a third of a letter ... */
	CONTEXT_LEAST = 3,      /* ... but as far as ink.h looks for ink that
				   crosses an edge */
	CONTEXT_MIN = 2,        /* where more would fold the crop */
	CONTEXT_FAINT = 4, CONTEXT_FAINT_LEAST = 2,     /* a quarter */
	IMPORTANCES = 4,        /* classes of it */
	LETTER_MIN = 6,         /* no writing is smaller */
	LETTER_MAX = 40,        /* DESIGN 7: letters of 8-40 px; a wrong guess
				   must not shrink a box to nothing */
	LETTER_UNKNOWN = 12,    /* DESIGN 8.5 */
	FACE_PARTS = 3,         /* a face counts as three letters high */
	HELD_BYTES = 64 << 20,  /* of the planes and greys of one page */
	SUB_PIXELS_LATIN = 12, SUB_PIXELS_OTHER = 17,   /* DESIGN 8.4 */
};

const struct picture_mode_info picture_mode_info[PICTURE_MODES] = {
	[PICTURE_KITTY] = { "kitty", 8, 16, 10 },
	[PICTURE_SIXEL] = { "sixel", 8, 16, 10 },
	[PICTURE_SEXTANT] = { "sextant", 2, 3, 10 },
	[PICTURE_QUADRANT] = { "quadrant", 2, 2, 15 },
	[PICTURE_HALF] = { "half", 1, 2, 15 },
	[PICTURE_SPACE] = { "space", 1, 1, 15 },
	[PICTURE_BRAILLE] = { "braille", 2, 4, 0 },
	[PICTURE_ASCII] = { "ascii", 1, 1, 15 },
};

bool picture_has_pixels(enum picture_mode mode)
{
	return mode == PICTURE_KITTY || mode == PICTURE_SIXEL;
}

int screen_across(const struct screen *screen)
{
	return picture_has_pixels(screen->mode) && screen->cell_width > 0 ?
	       screen->cell_width : picture_mode_info[screen->mode].across;
}

int screen_down(const struct screen *screen)
{
	return picture_has_pixels(screen->mode) && screen->cell_height > 0 ?
	       screen->cell_height : picture_mode_info[screen->mode].down;
}

int evidence_sub_pixels_x10(enum picture_mode mode, bool latin)
{
	int factor = picture_mode_info[mode].factor_x10;

	return (latin ? SUB_PIXELS_LATIN : SUB_PIXELS_OTHER) *
		(factor ? factor : 10);
}

void evidence_plan_done(struct evidence_plan *plan)
{
	free(plan->evidence);
	free(plan->placement);
	free(plan->page);
	*plan = (struct evidence_plan){ 0 };
}

/* ---- the list ---- */

static bool is_masked(const struct decided_box *b)
{
	return b->box.tier == TIER_BOX && b->decision != DECISION_NO_MASK;
}

/* What a reviewer calls a face may have been text: once its mask is off it is
 * shown as text again. */
static bool as_face(const struct box *box, bool masked)
{
	return box->kind == KIND_FACE &&
		(masked || box->source == SOURCE_FACE);
}

int evidence_letter_height(const struct box *box, bool masked)
{
	int height = region_height(box->region), letter = box->letter_height;
	bool face = as_face(box, masked);

	if (face)
		letter = height / FACE_PARTS;
	else if (letter <= 0)
		letter = LETTER_UNKNOWN;
	if (letter > height)
		letter = height;
	if (letter > LETTER_MAX && !face)
		letter = LETTER_MAX;
	return letter < LETTER_MIN ? LETTER_MIN : letter;
}

/* The region with context, of what is really blanked, inside the picture. */
static struct region with_context(const struct image_info *info,
				  struct region r, bool blanked, int context)
{
	bool rim = false;

	if (blanked)
		r = mask_grown(info, r, &rim);
	return region_clip(region_grow(r, context + (rim ? 1 : 0)),
			   info->columns, info->rows);
}

static int between(int least, int value, int most)
{
	return value < least ? least : value > most ? most : value;
}

/* Pixels around what is shown: small letters are shown so large that each
 * pixel more costs many cells. */
static int context_of(enum evidence_kind kind, int letter)
{
	return kind == EVIDENCE_FAINT ?
		between(CONTEXT_FAINT_LEAST, letter / 4, CONTEXT_FAINT) :
		between(CONTEXT_LEAST, letter / 3, CONTEXT);
}

static bool add_evidence(struct evidence_plan *plan, const struct evidence *e)
{
	if (region_empty(e->region))
		return true;
	if (!mem_grow(&plan->evidence, &plan->evidence_capacity,
		      plan->evidence_count, sizeof(*plan->evidence)))
		return false;
	plan->evidence[plan->evidence_count++] = *e;
	return true;
}

static struct evidence of_box(const struct evidence_input *in, size_t i,
			      enum evidence_kind kind)
{
	const struct box *box = &in->box[i].box;
	bool masked = is_masked(&in->box[i]);
	int frame = frame_of_plane(box->plane, box->frame0);
	int letter = evidence_letter_height(box, masked);
	int context = context_of(kind, letter);

	/* a plane is a picture of its own; what is set in it goes anyway */
	if (box->plane != PLANE_PICTURE)
		return (struct evidence){
			.kind = kind, .box = (int)i, .masked = masked,
			.of = box->region,
			.region = with_context(in->info, box->region, false,
					       context),
			.frame = frame, .first_frame = frame,
			.last_frame = frame,
			.letter_height = letter,
			.latin = box->latin,
		};
	return (struct evidence){
		.kind = kind, .box = (int)i, .masked = masked,
		.of = box->region,
		.region = with_context(in->info, box->region, masked, context),
		.frame = box->frame0, .first_frame = box->frame0,
		.last_frame = box->frame1,
		.letter_height = letter,
		.latin = box->latin,
	};
}

/* The same words at the same place in other frames: one distinct line. */
static bool same_line(const struct decided_box *a, const struct decided_box *b)
{
	return region_equal(a->box.region, b->box.region) &&
		a->box.plane == PLANE_PICTURE &&
		b->box.plane == PLANE_PICTURE && a->box.text[0] != '\0' &&
		strcmp(a->box.text, b->box.text) == 0 &&
		a->box.kind == b->box.kind && a->box.tier == b->box.tier &&
		is_masked(a) == is_masked(b);
}

static bool join_line(struct evidence_plan *plan,
		      const struct evidence_input *in, size_t i)
{
	const struct box *box = &in->box[i].box;

	for (size_t k = 0; k < plan->evidence_count; k++) {
		struct evidence *e = &plan->evidence[k];

		if (e->box < 0 || !same_line(&in->box[e->box], &in->box[i]))
			continue;
		if (box->frame0 < e->first_frame)
			e->frame = e->first_frame = box->frame0;
		if (box->frame1 > e->last_frame)
			e->last_frame = box->frame1;
		return true;
	}
	return false;
}

static bool list_boxes(struct evidence_plan *plan,
		       const struct evidence_input *in)
{
	static const struct { enum box_tier tier; enum evidence_kind kind; }
		shown[] = { { TIER_BOX, EVIDENCE_BOX },
			    { TIER_CANDIDATE, EVIDENCE_CANDIDATE } };

	for (size_t s = 0; s < sizeof(shown) / sizeof(shown[0]); s++)
		for (size_t i = 0; i < in->box_count; i++) {
			struct evidence e;

			if (in->box[i].box.tier != shown[s].tier ||
			    join_line(plan, in, i))
				continue;
			e = of_box(in, i, shown[s].kind);
			if (!add_evidence(plan, &e))
				return false;
		}
	return true;
}

static bool list_crossings(struct evidence_plan *plan,
			   const struct evidence_input *in)
{
	for (size_t i = 0; i < in->crossing_count; i++) {
		const struct crossing *c = &in->crossing[i];
		struct evidence e = of_box(in, (size_t)c->box, EVIDENCE_EDGE);

		e.region = with_context(in->info, c->region, false,
					between(CONTEXT, e.letter_height / 2,
						LETTER_MAX));
		e.frame = e.first_frame = e.last_frame = c->frame;
		/* what sticks out was never read */
		e.latin = false;
		if (!add_evidence(plan, &e))
			return false;
	}
	return true;
}

static bool list_projections(struct evidence_plan *plan,
			     const struct evidence_input *in)
{
	struct region all = { 0, 0, in->info->columns, in->info->rows };

	for (int frame = -1; in->info->frames > 1 && frame >= -2; frame--) {
		struct evidence e = {
			.kind = EVIDENCE_PROJECTION, .box = -1, .region = all,
			.frame = frame, .first_frame = frame,
			.last_frame = frame, .letter_height = LETTER_UNKNOWN,
		};
		if (!add_evidence(plan, &e))
			return false;
	}
	return true;
}

static bool under_a_mask(const struct evidence_input *in, const struct box *b)
{
	for (size_t i = 0; i < in->box_count; i++) {
		const struct box *m = &in->box[i].box;

		if (is_masked(&in->box[i]) && m->plane == PLANE_PICTURE &&
		    m->frame0 <= b->frame0 && m->frame1 >= b->frame1 &&
		    region_contains(m->region, b->region))
			return true;
	}
	return false;
}

static bool list_faint(struct evidence_plan *plan,
		       const struct evidence_input *in)
{
	for (size_t i = 0; i < in->box_count; i++) {
		struct evidence e;

		if (in->box[i].box.tier != TIER_FAINT ||
		    in->box[i].box.plane != PLANE_PICTURE ||
		    under_a_mask(in, &in->box[i].box))
			continue;
		e = of_box(in, i, EVIDENCE_FAINT);
		if (!add_evidence(plan, &e))
			return false;
	}
	return true;
}

/* The ends of a line may have fallen apart: a letter more on both sides. */
static struct region with_ends(struct region r, int letter)
{
	if (region_width(r) >= region_height(r)) {
		r.x0 -= letter;
		r.x1 += letter;
	} else {
		r.y0 -= letter;
		r.y1 += letter;
	}
	return r;
}

static bool list_loose(struct evidence_plan *plan,
		       const struct evidence_input *in)
{
	for (size_t i = 0; i < in->loose_count; i++) {
		const struct loose_place *l = &in->loose[i];
		int letter = l->letter_height < LETTER_MIN ? LETTER_MIN :
							     l->letter_height;
		struct evidence e = {
			.kind = EVIDENCE_FAINT, .box = -1, .of = l->region,
			.region = with_context(in->info,
				with_ends(l->region, letter), false,
				context_of(EVIDENCE_FAINT, letter)),
			.frame = l->frame, .first_frame = l->frame,
			.last_frame = l->frame,
			.letter_height = letter,
		};

		if (!add_evidence(plan, &e))
			return false;
	}
	return true;
}

/* ---- order, frames, ids ---- */

/* The picture, its planes, projections, faint ink. */
static int rank(const struct evidence *e)
{
	int frame;

	return e->kind == EVIDENCE_FAINT ? 3 :
	       e->kind == EVIDENCE_PROJECTION ? 2 :
	       plane_of_frame(e->frame, &frame) != PLANE_PICTURE;
}

static int compare(int a, int b)
{
	return (a > b) - (a < b);
}

static int by_rank_frame_size(const void *left, const void *right)
{
	const struct evidence *a = left, *b = right;
	int order = compare(rank(a), rank(b));

	if (!order)
		order = rank(a) == 2 ? compare(b->frame, a->frame) :
			compare(a->frame, b->frame);
	if (!order)
		order = compare(a->after, b->after);
	if (!order)
		order = (b->size > a->size) - (b->size < a->size);
	if (!order)
		order = compare(a->region.y0, b->region.y0);
	if (!order)
		order = compare(a->region.x0, b->region.x0);
	if (!order)
		order = compare((int)a->kind, (int)b->kind);
	return order ? order : compare(a->box, b->box);
}

static bool same_evidence(const struct evidence *a, const struct evidence *b)
{
	return a->kind == b->kind && a->first_frame == b->first_frame &&
		a->last_frame == b->last_frame && a->masked == b->masked &&
		region_equal(a->region, b->region) &&
		/* a face became text: it must be shown larger */
		a->letter_height == b->letter_height &&
		/* clipped or trimmed, two boxes may look alike */
		region_equal(a->of, b->of);
}

const struct evidence *evidence_same(const struct evidence *e,
				     const struct evidence *list,
				     size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (same_evidence(e, &list[i]))
			return &list[i];
	return NULL;
}

static int after_ids(int next, const struct evidence *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (list[i].id >= next)
			next = list[i].id + 1;
	return next;
}

static void take_over(struct evidence_plan *plan,
		      const struct evidence_input *in)
{
	const struct evidence *old = in->old ? in->old->evidence : NULL;
	size_t count = in->old ? in->old->evidence_count : 0;
	int next = after_ids(after_ids(1, old, count), in->known,
			     in->known_count);

	for (size_t i = 0; i < plan->evidence_count; i++) {
		struct evidence *e = &plan->evidence[i];
		const struct evidence *same = evidence_same(e, old, count);

		if (!same || !same->shown) {
			const struct evidence *before =
				evidence_same(e, in->known, in->known_count);

			same = before ? before : same;
		}
		e->id = same ? same->id : next++;
		e->shown = same && same->shown;
	}
}

/* ---- pages ---- */

static bool all_legible(const struct packer *p,
			const struct evidence_plan *plan)
{
	for (size_t i = 0; i < plan->evidence_count; i++)
		if (plan->evidence[i].kind != EVIDENCE_PROJECTION &&
		    !pack_legible(p, &plan->evidence[i]))
			return false;
	return true;
}

static struct region whole_picture(const struct evidence_input *in)
{
	return (struct region){ 0, 0, in->info->columns, in->info->rows };
}

/* As many as the memory for their planes, HELD_BYTES, allows. */
static int frames_of_page(const struct image_info *info)
{
	long long bytes = (long long)info->columns * info->rows * 4;
	long long frames = HELD_BYTES / (bytes > 0 ? bytes : 1);

	return frames < 1 ? 1 : frames > PAGE_FRAMES ? PAGE_FRAMES :
	       (int)frames;
}

/* Crops go into the strip, or into the hole when the strip is too low. */
static void choose_place(struct packer *p, struct evidence_plan *plan,
			 const struct evidence_input *in)
{
	pack_start(p, plan, in->screen, whole_picture(in), false);
	if (!all_legible(p, plan)) {
		pack_start(p, plan, in->screen, whole_picture(in), true);
		p->labels = true;
	}
	p->frames = frames_of_page(in->info);
}

/*
 * As much context as fits when that is little, and the least when the core
 * itself has to be folded; none where a piece shows so little beside what
 * overlaps, a letter, that each pixel costs half a page.  Ink that crosses
 * the edge is an evidence of its own.
 */
static void trim_fold(int *from, int *to, int core_from, int core_to,
		      int limit, int letter)
{
	int spare = limit - (core_to - core_from);
	int context = spare >= 0 ? spare / 2 :
		      limit - letter < CONTEXT ? 0 : CONTEXT_MIN;

	if (*to - *from <= limit || spare >= 2 * CONTEXT_MIN)
		return;
	if (*from < core_from - context)
		*from = core_from - context;
	if (*to > core_to + context)
		*to = core_to + context;
}

/* Less context in one direction when the core fits the limit but not with
 * it. */
static void trim(int *from, int *to, int core_from, int core_to, int limit)
{
	int core = core_to - core_from, spare = limit - core;

	if (*to - *from <= limit || spare < 2 * CONTEXT_MIN)
		return;
	if (*from < core_from - spare / 2)
		*from = core_from - spare / 2;
	if (*to > *from + limit)
		*to = *from + limit;
}

/* So that it needs no folding, and two shelves fit a low page. */
static void trim_to_page(struct evidence *e, struct region core,
			 const struct packer *place)
{
	struct packer half = *place;
	int columns, rows;

	half.rows /= 2;
	pack_limits(place, e, &columns, &rows);
	trim(&e->region.x0, &e->region.x1, core.x0, core.x1, columns);
	trim(&e->region.y0, &e->region.y1, core.y0, core.y1, rows);
	trim_fold(&e->region.x0, &e->region.x1, core.x0, core.x1, columns,
		  e->letter_height);
	trim_fold(&e->region.y0, &e->region.y1, core.y0, core.y1, rows,
		  e->letter_height);
	pack_limits(&half, e, &columns, &rows);
	trim(&e->region.y0, &e->region.y1, core.y0, core.y1, rows);
}

static void trim_context(struct evidence_plan *plan,
			 const struct evidence_input *in)
{
	struct packer place;

	choose_place(&place, plan, in);
	for (size_t i = 0; i < plan->evidence_count; i++) {
		struct evidence *e = &plan->evidence[i];

		if (e->box >= 0 && e->kind != EVIDENCE_EDGE)
			trim_to_page(e, with_context(in->info,
				in->box[e->box].box.region, e->masked, 0),
				&place);
	}
}

/* Pages for faint ink: one, and one of each projection that shows some. */
static size_t faint_room(const struct evidence_plan *plan, size_t first)
{
	size_t room = 1;

	for (int frame = -2; frame < 0; frame++)
		for (size_t i = first; i < plan->evidence_count; i++)
			if (plan->evidence[i].frame == frame) {
				room++;
				break;
			}
	return room;
}

/* What tells who it is, first; then other boxes, then what was not proposed.
 * A box stays where it is when its mask is taken off. */
static int importance(const struct evidence *e,
		      const struct evidence_input *in)
{
	const struct box *box = e->box >= 0 ? &in->box[e->box].box : NULL;

	if (!box || e->kind == EVIDENCE_FAINT)
		return 3;
	if (box->tier != TIER_BOX)
		return 2;
	return box->kind == KIND_IDENTIFIER || box->kind == KIND_FACE ||
	       !strcmp(box->why, "residual") ? 0 : 1;
}

/* What is packed first: which order takes fewest pages depends on the crops. */
enum first { FIRST_HIGH, FIRST_LARGE, FIRST_WIDE, FIRSTS };

/* Sub-pixels of the crop, in one direction or both. */
static long long size_of(const struct evidence *e, enum first first)
{
	long long scale = evidence_sub_pixels_x10(PICTURE_SEXTANT, e->latin);
	long long wide = region_width(e->region) * scale / e->letter_height;
	long long high = region_height(e->region) * scale / e->letter_height;

	switch (first) {
	case FIRST_HIGH: return high;
	case FIRST_WIDE: return wide;
	default: return wide * high;
	}
}

/* classes: of importance that count; 1 none. */
static void put_in_order(struct evidence_plan *plan,
			 const struct evidence_input *in, int classes,
			 enum first first)
{
	for (size_t i = 0; i < plan->evidence_count; i++) {
		struct evidence *e = &plan->evidence[i];
		int class_ = importance(e, in);

		e->after = class_ < classes - 1 ? class_ : classes - 1;
		e->size = size_of(e, first);
	}
	if (plan->evidence_count > 0)
		qsort(plan->evidence, plan->evidence_count,
		      sizeof(*plan->evidence), by_rank_frame_size);
}

/* Faint ink: on what is left of the pages and at most `room` more. */
static bool place_faint(struct evidence_plan *plan, struct packer *place,
			size_t first, size_t room)
{
	size_t kept = first;

	for (size_t i = first; i < plan->evidence_count; i++) {
		size_t pages = plan->page_count;
		bool placed;

		plan->evidence[kept] = plan->evidence[i];
		if (!pack_place(place, (int)kept, room, &placed))
			return false;
		room -= plan->page_count - pages;
		if (placed)
			kept++;
		else
			plan->faint_left++;
	}
	plan->evidence_count = kept;
	return true;
}

/* Does this screen reach the legible size? */
static bool can_be_placed(struct evidence_plan *plan,
			  const struct evidence_input *in)
{
	const struct screen *screen = in->screen;
	struct packer place;

	choose_place(&place, plan, in);
	return screen->hole_columns > 0 && screen->hole_rows > 0 &&
		all_legible(&place, plan);
}

static bool place_all(struct evidence_plan *plan,
		      const struct evidence_input *in, enum fit fit)
{
	const struct screen *screen = in->screen;
	struct packer place, hole;
	size_t i;

	choose_place(&place, plan, in);
	place.fit = fit;
	pack_start(&hole, plan, screen, whole_picture(in), true);
	plan->legible = can_be_placed(plan, in);
	if (!plan->legible)
		return true;
	for (i = 0; i < plan->evidence_count; i++) {
		enum evidence_kind kind = plan->evidence[i].kind;

		if (kind == EVIDENCE_FAINT)
			break;
		if (kind == EVIDENCE_PROJECTION ?
		    !pack_whole(&hole, (int)i) :
		    !pack_place(&place, (int)i, SIZE_MAX, NULL))
			return false;
	}
	return place_faint(plan, &place, i, in->all_faint ? SIZE_MAX :
			   faint_room(plan, i));
}

/* A mask that stays, over text that was read. */
static bool told_in_words(const struct evidence *e,
			  const struct evidence_input *in)
{
	const struct box *box;

	if (e->kind != EVIDENCE_BOX || !e->masked)
		return false;
	box = &in->box[e->box].box;
	return box->text[0] != '\0' && box->kind != KIND_FACE &&
		box->kind != KIND_UNREADABLE;
}

static bool tell(struct evidence_plan *plan, size_t i)
{
	const struct evidence *e = &plan->evidence[i];

	if (!mem_grow(&plan->placement, &plan->placement_capacity,
		      plan->placement_count, sizeof(*plan->placement)))
		return false;
	if (!plan->page_count ||
	    plan->page[plan->page_count - 1].frame != e->frame) {
		if (!mem_grow(&plan->page, &plan->page_capacity,
			      plan->page_count, sizeof(*plan->page)))
			return false;
		plan->page[plan->page_count++] = (struct evidence_page){
			.first = plan->placement_count, .frame = e->frame };
	}
	plan->page[plan->page_count - 1].count++;
	plan->placement[plan->placement_count++] = (struct placement){
		.evidence = (int)i, .source = e->region, .first = true,
		.page = plan->page_count - 1 };
	return true;
}

/* A plain screen: a page for each frame. */
static bool tell_all(struct evidence_plan *plan,
		     const struct evidence_input *in)
{
	plan->legible = true;
	for (size_t i = 0; i < plan->evidence_count; i++) {
		if (!told_in_words(&plan->evidence[i], in))
			plan->legible = false;
		else if (!tell(plan, i))
			return false;
	}
	return true;
}

/* Pages that hold so many cells at least. */
static size_t pages_of_cells(const struct evidence_plan *plan,
			     const struct packer *place)
{
	size_t cells = 0, page = (size_t)place->columns * (size_t)place->rows;

	for (size_t i = 0; i < plan->placement_count; i++)
		cells += (size_t)plan->placement[i].columns *
			 (size_t)plan->placement[i].rows;
	return (cells + page - 1) / page;
}

/* How crops follow one another, and where each goes. */
struct order {
	enum first first;
	enum fit fit;
};

/* The pages of this order, and one; 0: no memory.  *least: what no order can
 * go below, and one. */
static size_t try_order(struct evidence_plan *plan,
			const struct evidence_input *in, int classes,
			struct order order, size_t *least)
{
	struct packer place;
	size_t pages;
	bool ok = true;

	put_in_order(plan, in, classes, order.first);
	choose_place(&place, plan, in);
	place.fit = order.fit;
	for (size_t i = 0; ok && i < plan->evidence_count; i++)
		if (plan->evidence[i].kind != EVIDENCE_PROJECTION)
			ok = pack_place(&place, (int)i, SIZE_MAX, NULL);
	pages = plan->page_count + 1;
	*least = pages_of_cells(plan, &place) + 1;
	plan->page_count = plan->placement_count = 0;
	return ok ? pages : 0;
}

/* Leaves the plan in the order that it names; false: no memory. */
static bool least_pages(struct evidence_plan *plan,
			const struct evidence_input *in, int classes,
			size_t *best, struct order *order)
{
	size_t pages, least = 0;

	*best = SIZE_MAX;
	for (int i = 0; i < FIRSTS * FITS && *best > least; i++) {
		struct order tried = { (enum first)(i % FIRSTS),
				       (enum fit)(i / FIRSTS) };

		pages = try_order(plan, in, classes, tried, &least);
		if (!pages)
			return false;
		if (pages < *best) {
			*best = pages;
			*order = tried;
		}
	}
	put_in_order(plan, in, classes, order->first);
	return true;
}

/*
 * What tells who it is comes first where that costs no page: by all classes,
 * or at least these before the others.
 */
static bool choose_order(struct evidence_plan *plan,
			 const struct evidence_input *in, struct order *order)
{
	size_t least, pages;

	if (!least_pages(plan, in, 1, &least, order))
		return false;
	for (int classes = IMPORTANCES; classes > 1; classes--) {
		if (!least_pages(plan, in, classes, &pages, order))
			return false;
		if (pages <= least)
			return true;
	}
	return least_pages(plan, in, 1, &least, order);
}

static bool page_is_shown(const struct evidence_plan *plan,
			  const struct evidence_page *page)
{
	for (size_t k = page->first; k < page->first + page->count; k++)
		if (!plan->placement[k].shown)
			return false;
	return true;
}

/* Was this piece on a page that was shown? */
static bool piece_was_shown(const struct evidence_plan *old, int id,
			    struct region source)
{
	for (size_t i = 0; old && i < old->placement_count; i++) {
		const struct placement *p = &old->placement[i];

		if (p->shown && old->evidence[p->evidence].id == id &&
		    region_equal(p->source, source))
			return true;
	}
	return false;
}

void evidence_mark_known(struct evidence_plan *plan,
			 const struct evidence_plan *old)
{
	for (size_t i = 0; i < plan->placement_count; i++) {
		struct placement *p = &plan->placement[i];
		const struct evidence *e = &plan->evidence[p->evidence];

		p->shown = e->shown || piece_was_shown(old, e->id, p->source);
	}
	for (size_t i = 0; i < plan->page_count; i++)
		plan->page[i].shown = page_is_shown(plan, &plan->page[i]);
}

static bool no_memory(struct evidence_plan *plan, struct error *err)
{
	evidence_plan_done(plan);
	return error_set(err, ERR_MEMORY, "no memory for the evidence");
}

bool evidence_make(struct evidence_plan *plan,
		   const struct evidence_input *input, struct error *err)
{
	struct order order = { FIRST_HIGH, FIT_TOP };

	*plan = (struct evidence_plan){ 0 };
	if (!list_boxes(plan, input) || !list_crossings(plan, input) ||
	    !list_projections(plan, input) || !list_faint(plan, input) ||
	    !list_loose(plan, input))
		return no_memory(plan, err);
	if (plan->evidence_count > 0)
		qsort(plan->evidence, plan->evidence_count,
		      sizeof(*plan->evidence), by_rank_frame_size);
	if (input->screen->plain) {
		take_over(plan, input);
		if (!tell_all(plan, input))
			return no_memory(plan, err);
		evidence_mark_known(plan, input->old);
		return true;
	}
	trim_context(plan, input);
	if (can_be_placed(plan, input) && !choose_order(plan, input, &order))
		return no_memory(plan, err);
	take_over(plan, input);
	if (!place_all(plan, input, order.fit))
		return no_memory(plan, err);
	pack_finish(plan);
	evidence_mark_known(plan, input->old);
	return true;
}

bool evidence_page_has(const struct evidence_page *page, int frame)
{
	for (int i = 0; i <= page->also_count; i++)
		if (evidence_page_frame(page, i) == frame)
			return true;
	return false;
}

int evidence_page_frame(const struct evidence_page *page, int i)
{
	return i == 0 ? page->frame : page->also[i - 1];
}

int evidence_part(const struct evidence_plan *plan, const struct placement *p,
		  int *of)
{
	size_t last = SIZE_MAX;
	int part = 0;

	*of = 0;
	for (size_t i = 0; i < plan->placement_count; i++) {
		const struct placement *q = &plan->placement[i];

		if (q->evidence != p->evidence || q->page == last)
			continue;
		last = q->page;
		(*of)++;
		part += q->page <= p->page;
	}
	return part;
}

/* ---- what was shown ---- */

bool evidence_all_shown(const struct evidence_plan *plan)
{
	for (size_t i = 0; i < plan->evidence_count; i++)
		if (!plan->evidence[i].shown)
			return false;
	return plan->legible;
}

int evidence_next_page(const struct evidence_plan *plan, int page)
{
	size_t count = plan->page_count, from = page > 0 ? (size_t)page : 0;

	for (size_t i = 0; i < count; i++) {
		size_t at = (from + i) % count;

		if (!plan->page[at].shown)
			return (int)at;
	}
	return -1;
}

bool evidence_on_page(const struct evidence_plan *plan, int page, int box)
{
	const struct evidence_page *p = &plan->page[page];

	for (size_t k = p->first; k < p->first + p->count; k++)
		if (plan->evidence[plan->placement[k].evidence].box == box)
			return true;
	return false;
}

int evidence_page_of(const struct evidence_plan *plan, int box)
{
	for (size_t i = 0; i < plan->page_count; i++)
		if (evidence_on_page(plan, (int)i, box))
			return (int)i;
	return -1;
}

/* Was every piece of the evidence shown? */
static bool is_complete(const struct evidence_plan *plan, int evidence)
{
	for (size_t i = 0; i < plan->placement_count; i++)
		if (plan->placement[i].evidence == evidence &&
		    !plan->placement[i].shown)
			return false;
	return true;
}

void evidence_mark(struct evidence_plan *plan, int page)
{
	struct evidence_page *p = &plan->page[page];

	p->shown = true;
	for (size_t k = p->first; k < p->first + p->count; k++)
		plan->placement[k].shown = true;
	for (size_t k = p->first; k < p->first + p->count; k++) {
		int e = plan->placement[k].evidence;

		if (is_complete(plan, e))
			plan->evidence[e].shown = true;
	}
}

void evidence_unmark(struct evidence_plan *plan, size_t evidence)
{
	plan->evidence[evidence].shown = false;
	for (size_t i = 0; i < plan->placement_count; i++) {
		struct placement *p = &plan->placement[i];

		if (p->evidence != (int)evidence)
			continue;
		p->shown = false;
		plan->page[p->page].shown = false;
	}
}

int evidence_shown_x10(const struct evidence_plan *plan,
		       const struct placement *p, const struct screen *screen)
{
	long long sub_pixels = (long long)p->rows * screen_down(screen);

	return (int)(plan->evidence[p->evidence].letter_height * 10 *
		     sub_pixels / region_height(p->source));
}

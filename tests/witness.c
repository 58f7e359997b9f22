/*
 * witness.c - what a reviewer has seen, worked out from the placements alone,
 * without the model's own notes.
 */
#include "config.h"

#include "tests/witness.h"

#include <stdlib.h>
#include <string.h>

#include "tests/support.h"

enum { SIDE = WITNESS_SIDE, MAX_UNDO = 20000, MAX_BOXES = 4096 };

static unsigned long seed;              /* for messages */

/*
 * Which paint showed a pixel last, answered; 0 none did: [0] at the legible
 * size of a letter of 12 pixels, [k] at 1 / 2^k of it.
 */
enum { SCALES = 5 };
static struct memory {                  /* of an item */
	unsigned seen[SCALES][SIDE][SIDE];
	struct decided_box before[MAX_BOXES];
	unsigned changed[MAX_BOXES];    /* paints when it became as it is */
	size_t before_count;
} memory[DESK_ITEMS], *of = memory;     /* of that on the screen */
static unsigned paints;
static int leaving, kept_back;          /* verdicts that came */

/* ---- what was really seen ---- */

static void set_seen(const struct desk *d, struct region r, int scale)
{
	r = region_clip(r, d->info.columns, d->info.rows);
	for (int y = r.y0; y < r.y1; y++)
		for (int x = r.x0; x < r.x1; x++)
			of->seen[scale][y][x] = paints;
}

/* Was all of it shown by a later paint than this? */
static bool was_seen(struct region r, unsigned after, int scale)
{
	for (int y = r.y0; y < r.y1; y++)
		for (int x = r.x0; x < r.x1; x++)
			if (of->seen[scale][y][x] <= after)
				return false;
	return true;
}

static bool same(const struct decided_box *a, const struct decided_box *b)
{
	return region_equal(a->box.region, b->box.region) &&
		review_masked(a) == review_masked(b);
}

/* A place that is not masked, or bared, as it was has to be seen anew. */
static void note_changes(struct desk *d)
{
	size_t count;
	const struct decided_box *b = review_boxes(d->m, &count);
	const struct worklist_item *item = review_item(d->m);
	static unsigned since[MAX_BOXES];

	/* boxes that are still to come did not change */
	if (!item || (count == 0 && !review_undecided(d->m)))
		return;
	of = &memory[item->row - 1];
	ck_assert_uint_le(count, MAX_BOXES);
	for (size_t i = 0; i < count; i++) {
		since[i] = paints;
		for (size_t k = 0; k < of->before_count; k++)
			if (same(&of->before[k], &b[i]))
				since[i] = of->changed[k];
	}
	memcpy(of->changed, since, count * sizeof(since[0]));
	if (count > 0)
		memcpy(of->before, b, count * sizeof(*b));
	of->before_count = count;
}

/* All letters here are 12 pixels high and Latin, or smaller. */
static bool legible(const struct desk *d, const struct placement *p,
		    int scale)
{
	const struct picture_mode_info *mode =
		&picture_mode_info[d->screen.mode];

	return p->rows * mode->down * 10 << scale >=
			mode->factor_x10 * region_height(p->source) &&
		p->columns * mode->across * 10 << scale >=
			mode->factor_x10 * region_width(p->source);
}

/* How much smaller a mask may be shown: one that the reviewer calls a face
 * has a third of its height for a letter. */
static int scale_of(const struct decided_box *b)
{
	int letter = region_height(b->box.region) / 3, scale = 0;

	if (b->box.kind != KIND_FACE || !review_masked(b))
		return 0;
	while (scale + 1 < SCALES && letter > 12 << scale)
		scale++;
	return scale;
}

static void witness_painted(struct desk *d)
{
	const struct evidence_plan *plan = review_evidence(d->m);
	const struct evidence_page *page;
	enum review_mode mode = review_mode(d->m);

	note_changes(d);
	/* another window than the file's may hide ink */
	if (!review_page_visible(d->m) || review_view(d->m)->has_window ||
	    mode == MODE_LIST || mode == MODE_HELP)
		return;
	paints++;
	page = &plan->page[review_page(d->m)];
	for (size_t k = page->first; k < page->first + page->count; k++)
		for (int scale = 0; scale < SCALES; scale++)
			if (legible(d, &plan->placement[k], scale))
				set_seen(d, plan->placement[k].source, scale);
}

/* Faint ink that is masked needs no look. */
static bool is_under_a_mask(const struct decided_box *b, size_t count,
			    size_t index)
{
	for (size_t i = 0; i < count; i++)
		if (b[index].box.tier == TIER_FAINT && review_masked(&b[i]) &&
		    region_contains(b[i].box.region, b[index].box.region))
			return true;
	return false;
}

static void witness_decided(struct desk *d, const struct verdict *v)
{
	size_t count;
	const struct decided_box *b = review_boxes(d->m, &count);
	int across = (d->info.columns + INK_CELL - 1) / INK_CELL;
	int down = (d->info.rows + INK_CELL - 1) / INK_CELL;
	int masked = 0;

	note_changes(d);
	if (v->verdict != ITEM_MASKED && v->verdict != ITEM_CLEAN) {
		kept_back++;
		return;
	}
	leaving++;
	for (size_t i = 0; i < count; i++) {
		masked += review_masked(&b[i]);
		if (b[i].box.tier != TIER_BENIGN &&
		    !is_under_a_mask(b, count, i))
			ck_assert_msg(was_seen(b[i].box.region, of->changed[i],
					       scale_of(&b[i])),
				      "seed %lu: box %zu was not seen", seed,
				      i + 1);
	}
	ck_assert(v->verdict == ITEM_CLEAN ? masked == 0 : masked > 0);
	if (v->verdict != ITEM_CLEAN && d->faces == CHECK_DONE)
		return;
	for (int i = 0; i < across * down; i++)
		if (d->ink[i])
			ck_assert_msg(was_seen(region_clip(region_from_box(
				i % across * INK_CELL, i / across * INK_CELL,
				INK_CELL, INK_CELL), d->info.columns,
				d->info.rows), 0, 0),
				"seed %lu: ink was not seen", seed);
}

/* ---- what always holds ---- */

void witness_check(const struct desk *d)
{
	struct region all = { 0, 0, d->info.columns, d->info.rows };
	enum review_mode mode = review_mode(d->m);
	size_t count;
	const struct decided_box *b = review_boxes(d->m, &count);
	bool ok = review_selected(d->m) < (int)count;

	for (size_t i = 0; i < count; i++) {
		ok = ok && !region_empty(b[i].box.region) &&
			region_contains(all, b[i].box.region) &&
			b[i].box.frame0 >= 0 && b[i].id > 0 &&
			b[i].box.frame1 < d->info.frames &&
			b[i].box.frame0 <= b[i].box.frame1;
		for (size_t k = 0; k < i; k++)
			ok = ok && b[k].id != b[i].id;
	}
	if (mode == MODE_EDIT || mode == MODE_ADD)
		ok = ok && !region_empty(review_area(d->m)) &&
			region_contains(all, review_area(d->m));
	if (review_info(d->m))
		ok = ok && !region_empty(review_view(d->m)->shown) &&
			region_contains(all, review_view(d->m)->shown);
	ck_assert_msg(ok, "seed %lu: a box is out of place", seed);
}

/* ---- at the end ---- */

/* Everything that was done is taken back: all items are as proposed. */
static void undo_all(struct desk *d)
{
	for (int i = 0; i < 4; i++)
		desk_key(d, CMD_BACK, 0);
	for (int i = 0; i < MAX_UNDO; i++) {
		desk_key(d, CMD_UNDO, 0);
		if (review_mode(d->m) == MODE_REASON)
			desk_character(d, '1');
		d->notes = 0;
		if (d->effects & EFFECT_BELL)
			break;
	}
	ck_assert_msg(d->effects & EFFECT_BELL, "seed %lu: no end of undo",
		      seed);
}

static void expect_as_proposed(struct desk *d, long long row)
{
	struct desk fresh;
	size_t count, want_count;
	const struct decided_box *b, *want;

	desk_init(&fresh, d->info.columns, d->info.rows);
	fresh.info = d->info;
	memcpy(fresh.box, d->box, sizeof(d->box));
	fresh.boxes = d->boxes;
	desk_open(&fresh, row);
	want = review_boxes(fresh.m, &want_count);
	desk_open(d, row);
	b = review_boxes(d->m, &count);
	ck_assert_msg(count == want_count, "seed %lu, item %lld: %zu boxes, "
		      "%zu were proposed", seed, row, count, want_count);
	/* a box that was drawn before these came had a number, too */
	for (size_t i = 0; i < count; i++)
		ck_assert_msg(b[i].id - b[0].id == want[i].id - want[0].id &&
			      same(&b[i], &want[i]) &&
			      b[i].box.class_ == want[i].box.class_ &&
			      b[i].decision == want[i].decision &&
			      b[i].reason == want[i].reason,
			      "seed %lu, item %lld: box %zu is not as proposed",
			      seed, row, i + 1);
	ck_assert_msg(d->item[row - 1].state == ITEM_OPEN,
		      "seed %lu, item %lld: still decided", seed, row);
	desk_done(&fresh);
}

void witness_undo(struct desk *d)
{
	d->answers = d->serves = d->detects = true;
	desk_detect(d);
	undo_all(d);
	for (long long row = 1; row <= DESK_ITEMS; row++)
		expect_as_proposed(d, row);
}

void witness_start(struct desk *d, unsigned long number)
{
	d->painted = witness_painted;
	d->decided = witness_decided;
	seed = number;
	memset(memory, 0, sizeof(memory));
	paints = 0;
	leaving = kept_back = 0;
}

int witness_leaving(void)
{
	return leaving;
}

int witness_kept_back(void)
{
	return kept_back;
}

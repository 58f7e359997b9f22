/*
 * check_random.c - random keys against the review model.  What a reviewer has
 * seen is worked out here from the placements alone, without the model's own
 * notes, and no verdict may let an unseen box or ink go.
 * SUMI_SEED=n plays one seed.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/desk.h"
#include "tests/support.h"

enum { SIDE = 320, KEYS = 10000, SEEDS = 4, SEEDS_LONG = 60, MAX_UNDO = 20000 };

static struct desk desk;
static unsigned long long state;
static unsigned long seed;

/* Which paint showed a pixel last at legible size, answered; 0 none did. */
static unsigned seen[SIDE][SIDE], paints;
static long long seen_row;
static struct decided_box before[256];
static unsigned changed[256];           /* paints when it became as it is */
static size_t before_count;
static int leaving, kept_back;          /* verdicts that came */

static unsigned next_random(unsigned limit)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (unsigned)(state >> 33) % limit;
}

static bool chance(unsigned percent)
{
	return next_random(100) < percent;
}

/* ---- the witness: what was really seen ---- */

static void set_seen(struct region r)
{
	r = region_clip(r, SIDE, SIDE);
	for (int y = r.y0; y < r.y1; y++)
		for (int x = r.x0; x < r.x1; x++)
			seen[y][x] = paints;
}

/* Was all of it shown by a later paint than this? */
static bool was_seen(struct region r, unsigned after)
{
	for (int y = r.y0; y < r.y1; y++)
		for (int x = r.x0; x < r.x1; x++)
			if (seen[y][x] <= after)
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
	unsigned since[ARRAY_LENGTH(changed)] = { 0 };

	if (!item || item->row != seen_row) {
		memset(seen, 0, sizeof(seen));
		before_count = paints = 0;
		seen_row = item ? item->row : 0;
	}
	ck_assert_uint_le(count, ARRAY_LENGTH(before));
	for (size_t i = 0; i < count; i++) {
		since[i] = paints;
		for (size_t k = 0; k < before_count; k++)
			if (same(&before[k], &b[i]))
				since[i] = changed[k];
	}
	memcpy(changed, since, sizeof(since));
	if (count > 0)
		memcpy(before, b, count * sizeof(*b));
	before_count = count;
}

/* All letters here are 12 pixels high and Latin, or smaller. */
static bool legible(const struct desk *d, const struct placement *p)
{
	const struct picture_mode_info *mode =
		&picture_mode_info[d->screen.mode];

	return p->rows * mode->down * 10 >=
			mode->factor_x10 * region_height(p->source) &&
		p->columns * mode->across * 10 >=
			mode->factor_x10 * region_width(p->source);
}

static void witness_painted(struct desk *d)
{
	const struct evidence_plan *plan = review_evidence(d->m);
	const struct evidence_page *page;
	enum review_mode mode = review_mode(d->m);

	note_changes(d);
	if (!review_page_visible(d->m) || mode == MODE_LIST ||
	    mode == MODE_HELP)
		return;
	paints++;
	page = &plan->page[review_page(d->m)];
	for (size_t k = page->first; k < page->first + page->count; k++)
		if (legible(d, &plan->placement[k]))
			set_seen(plan->placement[k].source);
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
			ck_assert_msg(was_seen(b[i].box.region,
						changed[i]),
				      "seed %lu: box %zu was not seen", seed,
				      i + 1);
	}
	ck_assert(v->verdict == ITEM_CLEAN ? masked == 0 : masked > 0);
	if (v->verdict != ITEM_CLEAN && d->faces == CHECK_DONE)
		return;
	for (int i = 0; i < SIDE / INK_CELL * (SIDE / INK_CELL); i++)
		if (d->ink[i])
			ck_assert_msg(was_seen(region_from_box(
				i % (SIDE / INK_CELL) * INK_CELL,
				i / (SIDE / INK_CELL) * INK_CELL, INK_CELL,
				INK_CELL), 0), "seed %lu: ink was not seen",
				seed);
}

/* ---- what always holds ---- */

static void check_invariants(void)
{
	struct region all = { 0, 0, SIDE, SIDE };
	enum review_mode mode = review_mode(desk.m);
	size_t count;
	const struct decided_box *b = review_boxes(desk.m, &count);
	bool ok = review_selected(desk.m) < (int)count;
	for (size_t i = 0; i < count; i++) {
		ok = ok && !region_empty(b[i].box.region) &&
			region_contains(all, b[i].box.region) &&
			b[i].box.frame0 >= 0 && b[i].id > 0 &&
			b[i].box.frame1 < desk.info.frames &&
			b[i].box.frame0 <= b[i].box.frame1;
		for (size_t k = 0; k < i; k++)
			ok = ok && b[k].id != b[i].id;
	}
	if (mode == MODE_EDIT || mode == MODE_ADD)
		ok = ok && !region_empty(review_area(desk.m)) &&
			region_contains(all, review_area(desk.m));
	if (review_info(desk.m))
		ok = ok && !region_empty(review_view(desk.m)->shown) &&
			region_contains(all, review_view(desk.m)->shown);
	ck_assert_msg(ok, "seed %lu: a box is out of place", seed);
}

/* ---- keys ---- */

static const struct { enum command key; unsigned weight; } often[] = {
	{ CMD_APPROVE, 30 }, { CMD_TOUR, 4 }, { CMD_CLEAN, 4 },
	{ CMD_BY_EYE, 4 }, { CMD_REJECT, 4 }, { CMD_UNDO, 3 },
	{ CMD_BOX_NEXT, 4 }, { CMD_CANDIDATE_NEXT, 2 }, { CMD_KEEP, 5 },
	{ CMD_EDIT, 3 }, { CMD_ADD, 2 }, { CMD_LEFT_8, 2 }, { CMD_DOWN_8, 2 },
	{ CMD_RIGHT, 2 }, { CMD_OPEN, 3 }, { CMD_DROP, 2 },
};

static enum command random_key(void)
{
	unsigned total = 0, pick;

	for (size_t i = 0; i < ARRAY_LENGTH(often); i++)
		total += often[i].weight;
	/* a tenth of the keys is any key at all */
	pick = next_random(total + total / 10);
	for (size_t i = 0; i < ARRAY_LENGTH(often); i++) {
		if (pick < often[i].weight)
			return often[i].key;
		pick -= often[i].weight;
	}
	pick = next_random(COMMAND_COUNT);
	/* more pictures are to be approved than kept back */
	if ((pick == CMD_WITHHOLD || pick == CMD_ESCALATE) && chance(80))
		return CMD_APPROVE;
	return (enum command)pick;
}

static void press_random(void)
{
	static const char characters[] = "123456789nkifzq";
	enum review_mode mode = review_mode(desk.m);
	struct event e = { .type = EVENT_COMMAND, .command = random_key(),
			   .answered = desk.answers && chance(90),
			   .count = (int)next_random(12) };

	desk.ms += chance(80) ? 200 : next_random(150);
	if (mode == MODE_REASON || mode == MODE_CLASS ||
	    (mode == MODE_ADD && chance(50))) {
		e.type = EVENT_CHARACTER;
		e.character = characters[next_random(sizeof(characters) - 1)];
	}
	desk_event(&desk, e);
}

static void disturb(void)
{
	unsigned what = next_random(400);

	if (what < 6)
		desk_screen(&desk, 75 + (int)next_random(150),
			    22 + (int)next_random(50),
			    next_random(10) ? PICTURE_SEXTANT : PICTURE_HALF);
	else if (what < 16)
		desk.answers = !desk.answers;
	else if (what == 16)
		desk_event(&desk, (struct event){ .type = EVENT_CHANGED });
	else if (what == 17)
		desk_event(&desk, (struct event){
			.type = EVENT_STAGE_FAILED });
	else if (what < 20)
		desk_detect(&desk);
	desk.notes = 0;
}

static void prepare(void)
{
	desk_init(&desk, SIDE, SIDE);
	desk.painted = witness_painted;
	desk.decided = witness_decided;
	state = seed * 2654435761U + 88172645463325252ULL;
	desk.info.format = chance(50) ? IMAGE_DICOM : IMAGE_PNG;
	desk.faces = chance(50) ? CHECK_DONE : CHECK_OFF;
	if (desk.info.format == IMAGE_DICOM) {
		desk.faces = CHECK_DONE;
		desk.info.frames = chance(30) ? 3 : 1;
	}
	for (unsigned i = next_random(7); i > 0; i--)
		desk_box(&desk, (enum box_tier)next_random(TIERS),
			 (int)next_random(250), (int)next_random(290),
			 20 + (int)next_random(60), 14);
	if (desk.boxes > 0 && chance(50))
		snprintf(desk.box[0].why, sizeof(desk.box[0].why), "%s",
			 "header:PatientName");
	for (int i = 0; i < 8; i++)
		desk_ink(&desk, (int)next_random(SIDE), (int)next_random(SIDE));
	memset(seen, 0, sizeof(seen));
	seen_row = 0;
	leaving = kept_back = 0;
	desk_screen(&desk, 160, 50, PICTURE_SEXTANT);
}

/* Everything that was done is taken back: all items are as proposed. */
static void undo_all(void)
{
	desk.answers = true;
	for (int i = 0; i < 4; i++)
		desk_key(&desk, CMD_BACK, 0);
	for (int i = 0; i < MAX_UNDO; i++) {
		desk_key(&desk, CMD_UNDO, 0);
		if (review_mode(desk.m) == MODE_REASON)
			desk_character(&desk, '1');
		desk.notes = 0;
		if (desk.effects & EFFECT_BELL)
			break;
	}
	ck_assert_msg(desk.effects & EFFECT_BELL, "seed %lu: no end of undo",
		      seed);
}

static void expect_as_proposed(long long row)
{
	struct desk fresh;
	size_t count, want_count;
	const struct decided_box *b, *want;

	desk_init(&fresh, SIDE, SIDE);
	fresh.info = desk.info;
	memcpy(fresh.box, desk.box, sizeof(desk.box));
	fresh.boxes = desk.boxes;
	desk_open(&fresh, row);
	want = review_boxes(fresh.m, &want_count);
	desk_open(&desk, row);
	b = review_boxes(desk.m, &count);
	ck_assert_msg(count == want_count, "seed %lu, item %lld: %zu boxes, "
		      "%zu were proposed", seed, row, count, want_count);
	for (size_t i = 0; i < count; i++)
		ck_assert_msg(b[i].id == want[i].id && same(&b[i], &want[i]) &&
			      b[i].box.class_ == want[i].box.class_ &&
			      b[i].decision == want[i].decision &&
			      b[i].reason == want[i].reason,
			      "seed %lu, item %lld: box %zu is not as proposed",
			      seed, row, i + 1);
	ck_assert_msg(desk.item[row - 1].state == ITEM_OPEN,
		      "seed %lu, item %lld: still decided", seed, row);
	desk_done(&fresh);
}

START_TEST(random_keys)
{
	const char *given = getenv("SUMI_SEED");

	/* the default numbers always find some of each */
	seed = given ? strtoul(given, NULL, 10) : (unsigned long)_i + 1;
	prepare();
	desk_open(&desk, 1);
	for (int i = 0; i < KEYS; i++) {
		press_random();
		check_invariants();
		disturb();
		if (desk.effects & EFFECT_QUIT)
			desk_open(&desk, 1 + next_random(DESK_ITEMS));
	}
	printf("seed %lu: %d keys, %d left masked or clean, %d kept back\n",
	       seed, KEYS, leaving, kept_back);
	ck_assert_int_gt(leaving, 0);
	undo_all();
	for (long long row = 1; row <= DESK_ITEMS; row++)
		expect_as_proposed(row);
	desk_done(&desk);
}
END_TEST

int main(void)
{
	const char *longer = getenv("SUMI_LONG");
	bool many = longer && *longer;
	Suite *s = suite_create("random");
	TCase *c = tcase_create("random");

	tcase_set_timeout(c, 600);
	tcase_add_loop_test(c, random_keys, 0, many ? SEEDS_LONG : SEEDS);
	suite_add_tcase(s, c);
	return support_run(s);
}

/*
 * check_races.c - random keys and random words of workers, early, late or
 * never, on files that change: what the desk shows, records and lets go stays
 * right.  SUMI_SEED=n plays one seed.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/still_desk.h"
#include "tests/support.h"
#include "ui/key.h"

enum { ITEMS = 7, SIDE = 120, STEPS = 40000, SEEDS = 16, SEEDS_LONG = 60,
       FILE_BYTES = 10 };       /* and so many more as it was changed */

static struct still still;
static struct desk *const desk = &still.desk;
static unsigned long long state;
static unsigned long seed;
static enum item_state before[ITEMS + 1];       /* by row */
static int left;                        /* masked or clean */

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

/* ---- files ---- */

/* Version 0 is what was opened first. */
static void write_file(long long row, int version)
{
	static const char bytes[FILE_BYTES + 4];
	char name[16];

	snprintf(name, sizeof(name), "%lld.dcm", row);
	scratch_write(still.folder, name, bytes, FILE_BYTES + (size_t)version);
}

static void change_file(void)
{
	long long row = 1 + next_random(ITEMS);
	char name[16], path[2 * SCRATCH_PATH];

	if (chance(70)) {
		write_file(row, chance(70) ? 0 : 1 + (int)next_random(3));
		return;
	}
	snprintf(name, sizeof(name), "%lld.dcm", row);
	scratch_join(path, still.folder, name);
	unlink(path);
}

/* Of the file that a slot opened. */
static void hash_of(const struct slot *slot, uint8_t hash[32])
{
	memset(hash, (int)(slot->row + 20 * (slot->size - FILE_BYTES)), 32);
}

static struct image_info info_of(long long row)
{
	return still_info(SIDE, row % 2 ? 1 : 4);
}

/* ---- what workers say ---- */

static void find_boxes(long long row, struct proposals *p)
{
	static const enum box_tier tiers[] = { TIER_BOX, TIER_BOX,
					       TIER_CANDIDATE, TIER_FAINT };
	int last = info_of(row).frames - 1;

	p->text = CHECK_DONE;
	p->faces = CHECK_GATED;
	p->frames_read = last + 1;
	for (int i = 0; i < row % 5; i++) {
		struct box b = {
			.region = region_from_box(5, 5 + 25 * i, 60, 14),
			.tier = tiers[i % 4], .kind = KIND_IDENTIFIER,
			.class_ = CLASS_NAME, .source = SOURCE_OCR,
			.score = 900, .confidence = 90, .latin = true,
			.letter_height = 12, .frame1 = i % 2 ? 0 : last,
			.why = "ink" };

		ck_assert(box_list_add(&p->boxes, &b));
	}
}

static struct frame *draw_frame(void)
{
	struct frame *f = frame_new(SIDE, SIDE, SAMPLE_U8, 1, NULL);
	uint8_t *sample = f->sample;

	for (int i = 0; i < 200; i++)
		sample[next_random(SIDE * SIDE)] = 255;
	return f;
}

static void tell_end(struct worker_event *e)
{
	if (chance(95)) {
		e->type = WORKER_FAILED;
		error_set(&e->error, ERR_INTERNAL, "as a test wants it");
	} else {
		e->type = WORKER_REFUSED;
		e->reason = REASON_UNREADABLE;
	}
}

static void tell_reader(const struct slot *slot, struct worker_event *e)
{
	if (next_random(300) == 0) {
		tell_end(e);
	} else if (chance(30)) {
		e->type = chance(50) ? WORKER_PROGRESS : WORKER_OPENED;
		e->permille = (int)next_random(1000);
	} else {
		e->type = WORKER_DETECTED;
		find_boxes(slot->row, &e->proposals);
		hash_of(slot, e->sha256);
		memset(e->patient, 1, sizeof(e->patient));
		memset(e->device, 1, sizeof(e->device));
	}
}

static void tell_server(const struct slot *slot, struct worker_event *e)
{
	if (next_random(300) == 0) {
		tell_end(e);
		return;
	}
	e->type = WORKER_FRAME;
	e->frame_index = chance(80) && slot->wanted != FRAME_NONE ?
		slot->wanted : (int)next_random((unsigned)e->info.frames);
	e->frame = draw_frame();
}

static void tell_something(void)
{
	struct slot *slot = &desk->items.slot[next_random(SLOTS)];
	struct worker_event e = { .job = slot->detect_job };

	if (!slot->row)
		return;
	e.info = info_of(slot->row);
	if (slot->serve_job && chance(60))
		e.job = slot->serve_job;
	else if (slot->text_job)
		e.job = slot->text_job;
	if (!e.job)
		return;
	if (e.job == slot->serve_job)
		tell_server(slot, &e);
	else
		tell_reader(slot, &e);
	desk_worker(desk, &e);
	worker_event_done(&e);
}

/* ---- keys ---- */

static enum command random_key(void)
{
	static const enum command often[] = {
		CMD_APPROVE, CMD_APPROVE, CMD_APPROVE, CMD_APPROVE,
		CMD_APPROVE, CMD_APPROVE, CMD_TOUR, CMD_CLEAN, CMD_BY_EYE,
		CMD_UNDO, CMD_REDO, CMD_ITEM_NEXT, CMD_ITEM_PREV,
		CMD_FRAME_NEXT, CMD_FRAME_PREV, CMD_FRAME_NEXT, CMD_FRAME_PREV,
		CMD_WINDOW_NARROW, CMD_WINDOW_NARROW, CMD_PRESET,
		CMD_REJECT, CMD_OPEN, CMD_NEXT_UNDECIDED, CMD_LIST,
		CMD_TAKE, CMD_BACK, CMD_KEEP, CMD_DROP,
	};

	return chance(85) ? often[next_random(ARRAY_LENGTH(often))] :
			    (enum command)next_random(COMMAND_COUNT);
}

/* All are escalated, a few at a time: desk_all_more(). */
static void escalate_all(void)
{
	still_key(&still, CMD_LIST, 0);
	if (review_mode(desk->model) != MODE_LIST)
		return;                 /* something is asked for */
	desk_pick(desk, 1);
	still_key(&still, CMD_TAG, ITEMS);
	still_key(&still, CMD_TAGGED, 0);
	still_key(&still, CMD_ESCALATE, 0);
	still_character(&still, '8');
}

static void press(void)
{
	static const char letters[] = "0123456789nfsgt";
	enum review_mode mode = review_mode(desk->model);
	struct event e = { .type = EVENT_COMMAND, .command = random_key(),
			   .answered = chance(95),
			   .count = (int)next_random(ITEMS + 2) };

	if (key_asks(mode) || (mode == MODE_ADD && chance(50))) {
		e.type = EVENT_CHARACTER;
		e.character = letters[next_random(sizeof(letters) - 1)];
	}
	/* few are kept back: the others are to go on */
	if ((e.command == CMD_WITHHOLD || e.command == CMD_ESCALATE) &&
	    chance(80))
		return;
	e.ms = still.ms += 200;
	desk_event(desk, &e);
}

/* As the app does it: the frame that is painted counts when it shows the
 * page. */
static void paint(void)
{
	struct view_data v = { .model = desk->model, .plane = desk->plane,
			       .plane_frame = desk->plane_frame };
	struct canvas c = { .columns = 80, .rows = 24 };
	const struct view *view = review_view(desk->model);
	struct event e = { .type = EVENT_PAINTED, .ms = still.ms += 20,
			   .revision = review_revision(desk->model) };

	if (!view_shows_page(&v, &c))
		return;
	if (review_page_visible(desk->model) && !view->has_window) {
		ck_assert_msg(desk->plane != NULL, "seed %lu", seed);
		ck_assert_msg(!desk->plane_has_window &&
			      desk->plane_frame == view->frame_index,
			      "seed %lu: another picture stands there", seed);
	}
	desk_event(desk, &e);
}

/* ---- what always holds ---- */

static void check_row(long long row)
{
	enum item_state now = still_state(&still, row);
	struct worklist_item item;

	if (row == desk->item.row)
		ck_assert_msg(now == desk->item.state, "seed %lu: item %lld is "
			      "%s, and %s on the screen", seed, row,
			      item_state_name[now],
			      item_state_name[desk->item.state]);
	if (now == before[row])
		return;
	before[row] = now;
	if (now != ITEM_MASKED && now != ITEM_CLEAN)
		return;
	left++;
	/* the verdict names the file that the reviewer saw, and no other was
	   there before */
	ck_assert(worklist_get(still.project->worklist, row, &item, NULL));
	if (row % 2)
		ck_assert_int_eq(item.in_sha256[0], row);
	for (int i = 0; i < SLOTS; i++)
		if (desk->items.slot[i].row == row)
			ck_assert_msg(!memcmp(desk->items.slot[i].sha256,
					      item.in_sha256, 32), "seed %lu: "
				      "item %lld was another file", seed, row);
	worklist_item_done(&item);
}

static void check_all(void)
{
	ck_assert_msg(!desk->error.code, "seed %lu: %s", seed,
		      desk->error.text);
	for (long long row = 1; row <= ITEMS; row++)
		check_row(row);
}

/* ---- the test ---- */

static void start(void)
{
	still_start(&still, ITEMS, 2, FILE_BYTES);
	for (int i = 1; i <= ITEMS; i++)
		before[i] = still_state(&still, i);
}

static void stop(void)
{
	still_stop(&still);
}

static void step(void)
{
	unsigned what = next_random(1000);

	if (next_random(20000) == 0)
		escalate_all();
	else if (what < 400)
		press();
	else if (what < 750)
		tell_something();
	else if (what < 960)
		paint();
	else if (what < 963)
		change_file();
	else if (what < 980)
		desk_tick(desk, still.ms += 1000);
	else
		desk_all_more(desk);
	desk->effects = 0;
}

START_TEST(races)
{
	const char *given = getenv("SUMI_SEED");

	seed = given ? strtoul(given, NULL, 10) : (unsigned long)_i + 1;
	state = seed * 2654435761U + 88172645463325252ULL;
	left = 0;
	for (int i = 0; i < STEPS; i++) {
		step();
		check_all();
	}
	printf("seed %lu: %d masked or clean\n", seed, left);
}
END_TEST

int main(void)
{
	const char *longer = getenv("SUMI_LONG");
	bool many = longer && *longer;
	Suite *s = suite_create("races");
	TCase *c = tcase_create("races");

	tcase_set_timeout(c, 600);
	tcase_add_checked_fixture(c, start, stop);
	tcase_add_loop_test(c, races, 0, many ? SEEDS_LONG : SEEDS);
	suite_add_tcase(s, c);
	return support_run(s);
}

/*
 * check_random.c - random keys against the review model, with a witness of
 * what was seen.  SUMI_SEED=n plays one seed.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support.h"
#include "tests/witness.h"

enum { SIDE = WITNESS_SIDE, KEYS = 10000, MOST = 5, SEEDS = 4, SEEDS_LONG = 60 };

static struct desk desk;
static unsigned long long state;
static unsigned long seed;

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

/* ---- keys ---- */

static const struct { enum command key; unsigned weight; } often[] = {
	{ CMD_APPROVE, 60 }, { CMD_TOUR, 7 }, { CMD_CLEAN, 7 },
	{ CMD_BY_EYE, 4 }, { CMD_REJECT, 4 }, { CMD_UNDO, 3 },
	{ CMD_BOX_NEXT, 4 }, { CMD_CANDIDATE_NEXT, 2 }, { CMD_KEEP, 5 },
	{ CMD_EDIT, 3 }, { CMD_ADD, 2 }, { CMD_LEFT_8, 2 }, { CMD_DOWN_8, 2 },
	{ CMD_RIGHT, 2 }, { CMD_OPEN, 3 }, { CMD_DROP, 2 },
	{ CMD_SNAP, 3 }, { CMD_CLASS, 2 }, { CMD_HINT, 3 },
	{ CMD_UNMASK, 2 },
	{ CMD_REPEAT, 3 }, { CMD_TAG, 1 }, { CMD_TAGGED, 1 }, { CMD_SORT, 1 },
	{ CMD_FACE, 2 }, { CMD_PRESET, 1 },
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
	static const char characters[] = "0123456789nkifzasdqblmor";
	enum review_mode mode = review_mode(desk.m);
	struct event e = { .type = EVENT_COMMAND, .command = random_key(),
			   .answered = desk.answers && chance(90),
			   .count = (int)next_random(12) };

	desk.ms += chance(80) ? 200 : next_random(150);
	if (mode == MODE_REASON || mode == MODE_CLASS || mode == MODE_HINT ||
	    mode == MODE_PROPAGATE ||
	    mode == MODE_SORT || mode == MODE_WINDOW ||
	    (mode == MODE_UNMASK && chance(70)) ||
	    (mode == MODE_ADD && chance(50))) {
		e.type = EVENT_CHARACTER;
		e.character = characters[next_random(sizeof(characters) - 1)];
	}
	desk_event(&desk, e);
}

/* Most of the time characters, as everywhere; braille shows nothing. */
static const enum picture_mode modes[] = {
	PICTURE_SEXTANT, PICTURE_SEXTANT, PICTURE_SEXTANT, PICTURE_SEXTANT,
	PICTURE_SEXTANT, PICTURE_QUADRANT, PICTURE_HALF, PICTURE_KITTY,
	PICTURE_SIXEL, PICTURE_SPACE, PICTURE_BRAILLE,
};

static void disturb(void)
{
	unsigned what = next_random(400);

	if (what < 6)
		desk_screen(&desk, 75 + (int)next_random(150),
			    22 + (int)next_random(50),
			    modes[next_random(sizeof(modes) /
					      sizeof(modes[0]))]);
	else if (what < 16)
		desk.answers = !desk.answers;
	else if (what == 16)
		desk_event(&desk, (struct event){ .type = EVENT_CHANGED });
	else if (what == 17)
		desk_event(&desk, (struct event){
			.type = EVENT_STAGE_FAILED });
	else if (what < 20)
		desk_detect(&desk);
	else if (what < 40)
		desk_event(&desk, (struct event){
			.type = EVENT_POINT,
			.point = (enum point)next_random(3),
			.x = (int)next_random(SIDE + 40) - 20,
			.y = (int)next_random(SIDE + 40) - 20,
			.box = (int)next_random(60) - 50 });
	else if (what < 42)
		desk_event(&desk, (struct event){ .type = EVENT_BLANK,
						  .blank = what == 40 });
	else if (what < 46)
		desk.detects = what < 44;
	/* a file that is read while keys are pressed */
	if (!desk.detects && chance(10))
		desk_detect(&desk);
	desk.notes = 0;
}

static void prepare(void)
{
	desk_init(&desk, SIDE, SIDE);
	desk.groups = 1;
	witness_start(&desk, seed);
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
	desk_screen(&desk, 160, 50, PICTURE_SEXTANT);
}

START_TEST(random_keys)
{
	const char *given = getenv("SUMI_SEED");

	seed = given ? strtoul(given, NULL, 10) : (unsigned long)_i + 1;
	prepare();
	desk_open(&desk, 1);
	/* keys by chance may take long to a verdict */
	for (int i = 0; i < KEYS || (!witness_leaving() && i < MOST * KEYS);
	     i++) {
		press_random();
		witness_check(&desk);
		disturb();
		if (desk.effects & EFFECT_QUIT)
			desk_open(&desk, 1 + next_random(DESK_ITEMS));
	}
	printf("seed %lu: %d keys, %d left masked or clean, %d kept back\n",
	       seed, KEYS, witness_leaving(), witness_kept_back());
	ck_assert_int_gt(witness_leaving(), 0);
	witness_undo(&desk);
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

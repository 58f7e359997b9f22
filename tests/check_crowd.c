/* check_crowd.c - unread boxes among more of their kind. */
#include "config.h"

#include "ocr/crowd.h"

#include "tests/support.h"

enum { OTHERS = 3 };

/* A box of 60 x 20 pixels at 100, 100 and three others around it. */
static const struct around {
	const char *name;
	struct box box;                 /* kind, source, score, tier */
	struct box other;               /* the same, plane and frames */
	int count, away;                /* others; pixels to the nearest edge */
	enum box_tier tier;             /* what the box becomes */
	bool exact;                     /* of a picture that lost nothing */
} arounds[] = {
	{ "three others", { .score = 399 }, { .score = 399 }, 3, 39,
	  TIER_CANDIDATE, false },
	{ "they touch", { .score = 200 }, { .score = 200 }, 3, 0,
	  TIER_CANDIDATE, false },
	{ "candidates", { .score = 200 },
	  { .score = 100, .tier = TIER_CANDIDATE }, 3, 10, TIER_CANDIDATE, false },
	{ "two others", { .score = 200 }, { .score = 200 }, 2, 10, TIER_BOX, false },
	{ "too far away", { .score = 200 }, { .score = 200 }, 3, 40, TIER_BOX, false },
	{ "it is rather text", { .score = 400 }, { .score = 200 }, 3, 10,
	  TIER_BOX, false },
	{ "they are rather text", { .score = 200 }, { .score = 400 }, 3, 10,
	  TIER_BOX, false },
	{ "faint ink", { .score = 200 },
	  { .score = 20, .tier = TIER_FAINT }, 3, 10, TIER_BOX, false },
	{ "it was read", { .score = 200, .kind = KIND_TEXT,
			   .source = SOURCE_OCR },
	  { .score = 200 }, 3, 10, TIER_BOX, false },
	{ "they were read", { .score = 200 },
	  { .score = 200, .kind = KIND_TEXT, .source = SOURCE_OCR }, 3, 10,
	  TIER_BOX, false },
	{ "another frame", { .score = 200 },
	  { .score = 200, .frame0 = 1, .frame1 = 2 }, 3, 10, TIER_BOX, false },
	{ "a frame of them", { .score = 200, .frame1 = 1 },
	  { .score = 200, .frame0 = 1, .frame1 = 2 }, 3, 10, TIER_CANDIDATE, false },
	{ "another plane", { .score = 200 },
	  { .score = 200, .plane = 0x6000 }, 3, 10, TIER_BOX, false },
	{ "two others, exact", { .score = 499 }, { .score = 499 }, 2, 39,
	  TIER_CANDIDATE, true },
	{ "one other, exact", { .score = 200 }, { .score = 200 }, 1, 10,
	  TIER_BOX, true },
	{ "rather text, exact", { .score = 500 }, { .score = 200 }, 3, 10,
	  TIER_BOX, true },
	{ "they are, exact", { .score = 200 }, { .score = 500 }, 3, 10,
	  TIER_BOX, true },
};

/* What a row leaves out: an unread box. */
static struct box unread(struct box b, struct region r)
{
	if (b.kind != KIND_TEXT) {
		b.kind = KIND_UNREADABLE;
		b.source = SOURCE_INK;
	}
	b.region = r;
	return b;
}

START_TEST(crowds_are_candidates)
{
	const struct around *a = &arounds[_i];
	const struct region at = { 100, 100, 160, 120 };
	const struct region beside[OTHERS] = {
		{ 160 + a->away, 100, 200 + a->away, 120 },
		{ 100, 120 + a->away, 160, 140 + a->away },
		{ 60 - a->away, 40 - a->away, 100 - a->away, 100 - a->away },
	};
	struct box_list list = { 0 };
	struct box box = unread(a->box, at);

	ck_assert(box_list_add(&list, &box));
	for (int i = 0; i < a->count; i++) {
		struct box other = unread(a->other, beside[i]);

		ck_assert(box_list_add(&list, &other));
	}
	crowd_settle(&list, 1, !a->exact, NULL);
	ck_assert_uint_eq(list.count, (size_t)a->count + 1);
	ck_assert_msg(list.box[0].tier == a->tier, "%s", a->name);
	box_list_done(&list);
}
END_TEST

/* A name of one frame may stand among the grains of a moving picture. */
START_TEST(moving_pictures_keep_theirs)
{
	struct box_list list = { 0 };

	for (int i = 0; i <= OTHERS; i++) {
		struct box b = unread((struct box){ .score = 200 },
				      (struct region){ 100, 25 * i, 160,
						       25 * i + 20 });

		ck_assert(box_list_add(&list, &b));
	}
	crowd_settle(&list, 2, true, NULL);
	for (size_t i = 0; i < list.count; i++)
		ck_assert_int_eq((int)list.box[i].tier, TIER_BOX);
	crowd_settle(&list, 1, true, NULL);
	ck_assert_int_eq((int)list.box[1].tier, TIER_CANDIDATE);
	box_list_done(&list);
}
END_TEST

/* The same crowd, turned: columns are seldom texture. */
START_TEST(columns_stay)
{
	const struct region all[] = {
		{ 100, 100, 120, 160 }, { 100, 165, 120, 205 },
		{ 125, 100, 145, 160 }, { 75, 100, 95, 160 },
	};
	struct box_list list = { 0 };

	for (size_t i = 0; i < ARRAY_LENGTH(all); i++) {
		struct box b = unread((struct box){ .score = 200 }, all[i]);

		ck_assert(box_list_add(&list, &b));
	}
	crowd_settle(&list, 1, true, NULL);
	ck_assert_int_eq((int)list.box[0].tier, TIER_BOX);
	/* no more than twice as high as wide */
	ck_assert_int_eq((int)list.box[1].tier, TIER_CANDIDATE);
	box_list_done(&list);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("crowd");
	TCase *tcase = tcase_create("crowd");

	tcase_add_loop_test(tcase, crowds_are_candidates, 0,
			    (int)ARRAY_LENGTH(arounds));
	tcase_add_test(tcase, moving_pictures_keep_theirs);
	tcase_add_test(tcase, columns_stay);
	suite_add_tcase(suite, tcase);
	return support_run(suite);
}

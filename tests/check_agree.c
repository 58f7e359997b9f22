/* check_agree.c - two readers of the same pictures. */
#include "config.h"

#include "process/agree.h"

#include <math.h>

#include "process/qa.h"
#include "record/finding.h"
#include "tests/support.h"

enum { BOXES = 3 };

static struct masks masks_of(struct decided_box box[BOXES], int count,
			     const struct region *region)
{
	for (int i = 0; i < count; i++)
		box[i] = (struct decided_box){
			.box = { .region = region[i] },
			.decision = DECISION_ADDED };
	return (struct masks){ .box = box, .box_count = (size_t)count };
}

static const struct {
	int firsts, seconds;
	struct region first[BOXES], second[BOXES];
	struct agree sum;
	bool missed;
} pictures[] = {
	/* 64 x 32 pixels are 4 x 2 tiles */
	{ 0, 0, { { 0 } }, { { 0 } },
	  { .pictures = { .neither = 1 }, .tiles = { .neither = 8 } }, false },
	{ 1, 1, { { 0, 0, 32, 16 } }, { { 0, 0, 32, 16 } },
	  { .pictures = { .both = 1 }, .tiles = { .both = 2, .neither = 6 },
	    .boxes_both = 1 }, false },
	/* a little smaller: still the same box, and covered */
	{ 1, 1, { { 0, 0, 32, 16 } }, { { 1, 1, 30, 15 } },
	  { .pictures = { .both = 1 }, .tiles = { .both = 2, .neither = 6 },
	    .boxes_both = 1 }, false },
	/* the second marks what the first leaves */
	{ 1, 2, { { 0, 0, 16, 16 } },
	  { { 0, 0, 16, 16 }, { 48, 16, 64, 32 } },
	  { .pictures = { .both = 1 },
	    .tiles = { .both = 1, .second = 1, .neither = 6 },
	    .boxes_both = 1, .boxes_second = 1, .missed = 1 }, true },
	{ 1, 0, { { 0, 0, 64, 32 } }, { { 0 } },
	  { .pictures = { .first = 1 }, .tiles = { .first = 8 },
	    .boxes_first = 1 }, false },
	/* two masks side by side cover one box: nothing was missed */
	{ 2, 1, { { 0, 0, 16, 16 }, { 16, 0, 32, 16 } }, { { 0, 0, 32, 16 } },
	  { .pictures = { .both = 1 }, .tiles = { .both = 2, .neither = 6 },
	    .boxes_both = 1, .boxes_first = 1 }, false },
};

static void same(const struct agreement *is, const struct agreement *wanted)
{
	ck_assert_int_eq(is->both, wanted->both);
	ck_assert_int_eq(is->first, wanted->first);
	ck_assert_int_eq(is->second, wanted->second);
	ck_assert_int_eq(is->neither, wanted->neither);
}

START_TEST(one_picture)
{
	struct decided_box one[BOXES], two[BOXES];
	struct masks first = masks_of(one, pictures[_i].firsts,
				      pictures[_i].first);
	struct masks second = masks_of(two, pictures[_i].seconds,
				       pictures[_i].second);
	const struct agree *wanted = &pictures[_i].sum;
	struct agree a = { 0 };
	bool missed;

	ck_assert(agree_add(&a, 64, 32, 1, &first, &second, &missed));
	ck_assert_int_eq(missed, pictures[_i].missed);
	same(&a.pictures, &wanted->pictures);
	same(&a.tiles, &wanted->tiles);
	ck_assert_int_eq(a.boxes_both, wanted->boxes_both);
	ck_assert_int_eq(a.boxes_first, wanted->boxes_first);
	ck_assert_int_eq(a.boxes_second, wanted->boxes_second);
	ck_assert_int_eq(a.missed, wanted->missed);
}
END_TEST

/* A box that was said to stay is no mask, nor is one in an overlay or in the
 * unused bits, which hides nothing of the picture. */
START_TEST(only_masks)
{
	struct decided_box one[BOXES], two[BOXES];
	struct region r = { 0, 0, 16, 16 };
	struct masks first = masks_of(one, 1, &r), second = masks_of(two, 1,
								     &r);
	struct agree a = { 0 };
	bool missed;

	if (_i == 0)
		one[0].decision = DECISION_NO_MASK;
	else
		one[0].box.plane = _i == 1 ? PLANE_BITS : 0x6000;
	ck_assert(agree_add(&a, 64, 32, 1, &first, &second, &missed));
	ck_assert(missed);
	ck_assert_int_eq(a.pictures.second, 1);
	ck_assert(fabs(agree_dice(&a)) < 1e-12);
	ck_assert_int_eq(agree_compared(&a), 1);
	a.pictures = (struct agreement){ 1, 2, 3, 4 };
	ck_assert_int_eq(agree_compared(&a), 10);
	ck_assert(fabs(agree_dice(&(struct agree){ 0 }) - 1) < 1e-12);
}
END_TEST

/* Masks and a mark on frames of a cine: left in one frame is missed. */
static const struct {
	int masks, frame0[BOXES], frame1[BOXES];
	int mark0, mark1;
	int missed;                     /* in this frame first; -1 in none */
	long boxes[3];                  /* both, first, second of 10 frames */
	struct region mask[BOXES];      /* empty: that of the mark */
} cines[] = {
	{ 1, { 0 }, { 0 }, 0, 0, -1, { 1, 0, 0 }, { { 0 } } },
	{ 1, { 0 }, { 9 }, 0, 9, -1, { 10, 0, 0 }, { { 0 } } },
	{ 1, { 0 }, { 9 }, 4, 4, -1, { 1, 9, 0 }, { { 0 } } },
	{ 0, { 0 }, { 0 }, 4, 4, 4, { 0, 0, 1 }, { { 0 } } },
	/* in another frame; before, behind, and in the middle none */
	{ 1, { 0 }, { 0 }, 1, 1, 1, { 0, 1, 1 }, { { 0 } } },
	{ 1, { 0 }, { 8 }, 0, 9, 9, { 9, 0, 1 }, { { 0 } } },
	{ 1, { 1 }, { 9 }, 0, 9, 0, { 9, 0, 1 }, { { 0 } } },
	{ 2, { 6, 0 }, { 9, 4 }, 0, 9, 5, { 9, 0, 1 }, { { 0 } } },
	/* one after the other, in any order, and over one another */
	{ 3, { 5, 9, 0 }, { 8, 9, 4 }, 0, 9, -1, { 10, 0, 0 }, { { 0 } } },
	{ 3, { 3, 0, 2 }, { 12, 6, 4 }, 1, 9, -1, { 9, 8, 0 }, { { 0 } } },
	/* two halves cover where both are: not in frame 7 */
	{ 2, { 0, 2 }, { 6, 9 }, 2, 6, -1, { 5, 10, 0 },
	  { { 0, 0, 8, 16 }, { 8, 0, 16, 16 } } },
	{ 2, { 0, 2 }, { 6, 9 }, 2, 7, 7, { 6, 9, 0 },
	  { { 0, 0, 8, 16 }, { 8, 0, 16, 16 } } },
	{ 3, { 0, 0, 5 }, { 9, 4, 9 }, 0, 9, -1, { 10, 10, 0 },
	  { { 0, 0, 8, 16 }, { 8, 0, 16, 16 }, { 8, 0, 16, 15 } } },
	{ 3, { 0, 0, 5 }, { 9, 4, 9 }, 0, 9, 5, { 10, 10, 0 },
	  { { 0, 0, 8, 16 }, { 8, 0, 16, 16 }, { 8, 0, 16, 5 } } },
};

START_TEST(in_each_frame)
{
	const struct region r = { 0, 0, 16, 16 };
	struct decided_box one[BOXES], two[BOXES];
	struct masks first = masks_of(one, cines[_i].masks, cines[_i].mask);
	struct masks second = masks_of(two, 1, &r);
	const struct agreement *tiles;
	struct agree a = { 0 };
	bool missed;
	int frame;

	for (int i = 0; i < cines[_i].masks; i++) {
		if (region_empty(one[i].box.region))
			one[i].box.region = r;
		one[i].box.frame0 = cines[_i].frame0[i];
		one[i].box.frame1 = cines[_i].frame1[i];
	}
	two[0].box.frame0 = cines[_i].mark0;
	two[0].box.frame1 = cines[_i].mark1;
	ck_assert(finding_missed(&first, &second, &frame));
	ck_assert_int_eq(frame, cines[_i].missed);
	ck_assert(agree_add(&a, 32, 16, 10, &first, &second, &missed));
	ck_assert_int_eq(missed, frame >= 0);
	ck_assert_int_eq(a.boxes_both, cines[_i].boxes[0]);
	ck_assert_int_eq(a.boxes_first, cines[_i].boxes[1]);
	ck_assert_int_eq(a.boxes_second, cines[_i].boxes[2]);
	/* two tiles in ten frames; the marked one is one of them */
	tiles = &a.tiles;
	ck_assert_int_eq(tiles->both + tiles->first + tiles->second +
			 tiles->neither, 20);
	ck_assert_int_eq(tiles->both + tiles->second,
			 cines[_i].mark1 - cines[_i].mark0 + 1);
	ck_assert_int_eq(tiles->both, cines[_i].boxes[0]);
}
END_TEST

static const struct { const char *text; long long ppm; } percents[] = {
	{ "1", 10000 }, { "0.1", 1000 }, { ".5", 5000 }, { "100", 1000000 },
	{ "0.0001", 1 }, { "99.9", 999000 }, { "0", 0 }, { "", 0 },
	{ "100.1", 0 }, { "1e3", 0 }, { "-1", 0 }, { "0.00001", 0 },
	{ "1.2.3", 0 }, { ".", 0 }, { "99999999999999999999", 0 },
};

START_TEST(percentages)
{
	long long ppm;
	bool good = qa_percent(percents[_i].text, &ppm);

	ck_assert_int_eq(good, percents[_i].ppm > 0);
	if (good)
		ck_assert_int_eq(ppm, percents[_i].ppm);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("agree");
	TCase *c = tcase_create("agree");

	add_rows_test(c, one_picture, pictures);
	tcase_add_loop_test(c, only_masks, 0, 3);
	add_rows_test(c, in_each_frame, cines);
	add_rows_test(c, percentages, percents);
	suite_add_tcase(s, c);
	return support_run(s);
}

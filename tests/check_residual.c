/* check_residual.c - what found on a masked copy blocks its release. */
#include "config.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#include "process/output.h"
#include "tests/support.h"

/* One mask at 100,100 40x20; what is found where, and whether it blocks. */
static const struct found {
	const char *name;
	int x, y, w, h;
	enum box_kind kind;
	enum box_tier tier;
	const char *text;
	int residual;
} rows[] = {
	{ "elsewhere", 10, 10, 40, 20, KIND_UNREADABLE, TIER_BOX, "", 1 },
	{ "a candidate", 10, 10, 40, 20, KIND_TEXT, TIER_CANDIDATE, "abc", 0 },
	{ "under the mask", 102, 102, 30, 10, KIND_IDENTIFIER, TIER_BOX,
	  "SATO", 0 },
	{ "the mask's edge", 90, 96, 20, 30, KIND_UNREADABLE, TIER_BOX, "", 0 },
	{ "strokes at the edge", 90, 96, 20, 30, KIND_TEXT, TIER_BOX,
	  "ーーーー", 0 },
	{ "three pixels away", 50, 100, 47, 20, KIND_UNREADABLE, TIER_BOX, "",
	  1 },
	{ "two pixels away", 50, 100, 48, 20, KIND_UNREADABLE, TIER_BOX, "",
	  0 },
	{ "read at the edge", 90, 96, 20, 30, KIND_TEXT, TIER_BOX, "山田太",
	  1 },
	{ "an identifier at the edge", 90, 96, 20, 30, KIND_IDENTIFIER,
	  TIER_BOX, "SA", 1 },
	{ "beside what was said no-mask", 341, 100, 40, 20, KIND_UNREADABLE,
	  TIER_BOX, "", 1 },
	{ "said no-mask", 300, 100, 40, 20, KIND_IDENTIFIER, TIER_BOX, "L40",
	  0 },
};

START_TEST(test_residual)
{
	const struct found *row = &rows[_i];
	const struct image_info info = {
		.format = IMAGE_PNG, .columns = 400, .rows = 300, .frames = 1,
		.samples = 1, .mcu_columns = 1, .mcu_rows = 1,
	};
	struct decided_box decision[] = {
		{ .box = { .region = { 100, 100, 140, 120 } },
		  .decision = DECISION_MASK },
		{ .box = { .region = { 300, 100, 340, 120 } },
		  .decision = DECISION_NO_MASK },
	};
	const struct masks decided = { .box = decision, .box_count = 2 };
	struct box box = {
		.region = region_from_box(row->x, row->y, row->w, row->h),
		.kind = row->kind, .tier = row->tier,
	};
	const struct box_list found = { .box = &box, .count = 1 };
	struct box first = { 0 };

	snprintf(box.text, sizeof(box.text), "%s", row->text);
	ck_assert_msg(output_residual(&info, &found, &decided, &first) ==
		      row->residual, "%s", row->name);
	if (row->residual)
		ck_assert(region_equal(first.region, box.region) &&
			  first.text[0] == '\0');
}
END_TEST

int main(void)
{
	Suite *s = suite_create("residual");
	TCase *c = tcase_create("residual");

	add_rows_test(c, test_residual, rows);
	suite_add_tcase(s, c);
	return support_run(s);
}

/* check_draft.c - changed boxes of an item, kept for a later session. */
#include "config.h"

#include "process/draft.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/scratch.h"
#include "tests/support.h"

static char dir[SCRATCH_PATH];
static struct project *project;
static struct worklist_item item;

static struct decided_box box[2] = {
	{ .box = { .region = { 3, 4, 50, 20 }, .frame1 = 2,
		   .kind = KIND_IDENTIFIER, .class_ = CLASS_NAME,
		   .source = SOURCE_HEADER, .score = 990, .confidence = 88,
		   .latin = true, .letter_height = 11,
		   .why = "header:PatientName", .text = "QUILZXON" },
	  .id = 1, .decision = DECISION_CHANGED },
	{ .box = { .region = { 5, 60, 70, 80 }, .tier = TIER_CANDIDATE,
		   .kind = KIND_TEXT, .class_ = CLASS_OTHER,
		   .confidence = -1, .why = "ink" },
	  .id = 2, .decision = DECISION_NO_MASK, .reason = 6 },
};
static struct decided_box loaded[1];
static const struct draft changed = { box, 2, loaded, 1 };

static void setup(void)
{
	scratch_new(dir);
	project = scratch_project(dir);
	scratch_items(project, 2);
	ck_assert(worklist_get(project->worklist, 1, &item, NULL));
	loaded[0] = box[0];
	loaded[0].box.region.x1 = 45;
	loaded[0].decision = DECISION_MASK;
}

static void teardown(void)
{
	worklist_item_done(&item);
	ck_assert(project_close(project, NULL));
	scratch_done(dir);
}

static const char *name_of(const char *end)
{
	static char name[SCRATCH_PATH];

	snprintf(name, sizeof(name), "p/private/drafts/%s.draft%s", item.id,
		 end);
	return name;
}

static void save(void)
{
	struct buffer bytes = { 0 };

	ck_assert(draft_pack(&item, &changed, &bytes));
	ck_assert(draft_save(project, &item, &bytes, NULL));
	buffer_done(&bytes);
	ck_assert(scratch_has(dir, name_of("")));
	ck_assert(!scratch_has(dir, name_of(".new")));
	ck_assert(draft_kept(project, &item));
}

/* Nothing comes back, and nothing is left of it. */
static void comes_to_nothing(bool good, const char *why)
{
	struct error err = { 0 };
	struct draft d;

	ck_assert_int_eq(draft_load(project, &item, &d, &err), good);
	ck_assert_msg(!d.box && !d.loaded && !d.box_count, "%s", why);
	ck_assert_int_eq((int)err.code, (int)(good ? ERR_NONE : ERR_CHECK));
	ck_assert(!scratch_has(dir, name_of("")));
}

static void same_box(const struct decided_box *a, const struct decided_box *b)
{
	ck_assert(region_equal(a->box.region, b->box.region));
	ck_assert_int_eq(a->id, b->id);
	ck_assert_int_eq((int)a->decision, (int)b->decision);
	ck_assert_int_eq(a->reason, b->reason);
	ck_assert_int_eq((int)a->box.tier, (int)b->box.tier);
	ck_assert_int_eq(a->box.letter_height, b->box.letter_height);
	ck_assert_int_eq(a->box.latin, b->box.latin);
	ck_assert_int_eq(a->box.frame1, b->box.frame1);
	ck_assert_str_eq(a->box.why, b->box.why);
}

START_TEST(comes_back_without_text)
{
	size_t length;
	struct draft d;
	char *bytes;

	save();
	bytes = scratch_read(dir, name_of(""), &length);
	for (size_t i = 0; i + 8 <= length; i++)
		ck_assert(memcmp(bytes + i, "QUILZXON", 8) != 0);
	free(bytes);
	ck_assert(draft_load(project, &item, &d, NULL));
	ck_assert_uint_eq(d.box_count, 2);
	ck_assert_uint_eq(d.loaded_count, 1);
	same_box(&d.box[0], &box[0]);
	same_box(&d.box[1], &box[1]);
	same_box(&d.loaded[0], &loaded[0]);
	ck_assert_str_eq(d.box[0].box.text, "");
	draft_done(&d);
	ck_assert(scratch_has(dir, name_of("")));
}
END_TEST

START_TEST(empty_removes)
{
	const struct buffer none = { 0 };

	/* nothing was ever kept, not even a folder */
	ck_assert(draft_save(project, &item, &none, NULL));
	comes_to_nothing(true, "never kept");
	ck_assert(!scratch_has(dir, "p/private/drafts"));
	save();
	ck_assert(draft_save(project, &item, &none, NULL));
	ck_assert(draft_save(project, &item, &none, NULL));
	comes_to_nothing(true, "removed");
}
END_TEST

/* A byte turned anywhere, or the end cut off. */
START_TEST(damage_is_told)
{
	size_t length;
	char *bytes;

	save();
	bytes = scratch_read(dir, name_of(""), &length);
	for (size_t i = 0; i < length; i += 7) {
		bytes[i] = (char)(bytes[i] ^ 1);
		scratch_write(dir, name_of(""), bytes, length);
		comes_to_nothing(false, "turned");
		bytes[i] = (char)(bytes[i] ^ 1);
		scratch_write(dir, name_of(""), bytes, i);
		comes_to_nothing(false, "cut");
	}
	free(bytes);
}
END_TEST

static void another_file(void)
{
	item.in_sha256[3] ^= 1;
}

static void not_opened(void)
{
	item.has_sha256 = false;
}

/* The boxes of a verdict stand in its own file. */
static void decided(void)
{
	scratch_verdict(project, 1, ITEM_MASKED);
	worklist_item_done(&item);
	ck_assert(worklist_get(project->worklist, 1, &item, NULL));
	ck_assert_int_gt(item.verdict_seq, 0);
}

static void (*const others[])(void) = { another_file, not_opened, decided };

START_TEST(of_another_is_left_out)
{
	save();
	others[_i]();
	comes_to_nothing(true, "of another");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("draft");
	TCase *c = tcase_create("draft");

	tcase_add_checked_fixture(c, setup, teardown);
	tcase_add_test(c, comes_back_without_text);
	tcase_add_test(c, empty_removes);
	tcase_add_test(c, damage_is_told);
	tcase_add_loop_test(c, of_another_is_left_out, 0,
			    ARRAY_LENGTH(others));
	suite_add_tcase(s, c);
	return support_run(s);
}

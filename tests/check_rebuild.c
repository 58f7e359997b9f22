/* check_rebuild.c - a worklist made anew says what the lost one said. */
#include "config.h"

#include "record/rebuild.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "record/project.h"
#include "tests/scratch.h"
#include "tests/support.h"

enum { ITEMS = 6 };

static char dir[SCRATCH_PATH];          /* of the running test */

static void setup(void)
{
	scratch_new(dir);
}

static void teardown(void)
{
	scratch_done(dir);
}

/* What has to be the same afterwards. */
struct state {
	char id[33];
	enum item_state state;
	enum output_state output;
	long long verdict_seq;
	uint8_t in_sha256[32], out_sha256[32];
	char out_name[256];
};

static void read_states(struct project *p, struct state state[ITEMS])
{
	for (int i = 0; i < ITEMS; i++) {
		struct worklist_item item;

		ck_assert(worklist_get(p->worklist, i + 1, &item, NULL));
		state[i] = (struct state){ .state = item.state,
					   .output = item.output,
					   .verdict_seq = item.verdict_seq };
		memcpy(state[i].id, item.id, sizeof(item.id));
		memcpy(state[i].in_sha256, item.in_sha256, 32);
		memcpy(state[i].out_sha256, item.out_sha256, 32);
		snprintf(state[i].out_name, sizeof(state[i].out_name), "%s",
			 item.out_name ? item.out_name : "");
		worklist_item_done(&item);
	}
}

/* Released, staged, decided, withheld, taken back, opened. */
static void make(struct state state[ITEMS])
{
	struct project *p = scratch_project(dir);
	struct worklist_item item;

	scratch_items(p, ITEMS);
	for (int i = 1; i <= 3; i++)
		scratch_verdict(p, i, ITEM_MASKED);
	scratch_verdict(p, 4, ITEM_WITHHELD);
	scratch_verdict(p, 5, ITEM_CLEAN);
	ck_assert(scratch_stage(p, 1, NULL));
	ck_assert(scratch_release(p, 1, NULL));
	ck_assert(scratch_stage(p, 2, NULL));
	ck_assert(worklist_get(p->worklist, 5, &item, NULL));
	ck_assert(project_reopen(p, &item, 0, NULL));
	worklist_item_done(&item);
	read_states(p, state);
	ck_assert(project_close(p, NULL));
}

static void lose_worklist(void)
{
	char path[2 * SCRATCH_PATH];

	scratch_join(path, dir, "p/private/worklist.db");
	ck_assert_int_eq(unlink(path), 0);
}

static struct rebuild *begin(struct error *err)
{
	char path[2 * SCRATCH_PATH];

	scratch_join(path, dir, "p");
	return rebuild_begin(path, NULL, false, err);
}

/* Files with the hashes that scratch_items() gave the rows first to last. */
static void add_files(struct rebuild *r, int first, int last)
{
	for (int i = first; i <= last; i++) {
		char path[32];
		struct rebuild_file file = { .path = path, .name = path };

		snprintf(path, sizeof(path), "/elsewhere/%d.png", i);
		memset(file.sha256, i, sizeof(file.sha256));
		ck_assert(rebuild_file(r, &file, NULL));
	}
}

static void rebuild(int first, int last, struct rebuild_counts *counts)
{
	struct error err = { 0 };
	struct rebuild *r = begin(&err);

	ck_assert_msg(r, "%s", err.text);
	add_files(r, first, last);
	ck_assert_msg(rebuild_end(r, counts, &err), "%s", err.text);
}

START_TEST(same_as_before)
{
	struct state before[ITEMS], after[ITEMS];
	struct rebuild_counts counts;
	struct project *p;

	make(before);
	lose_worklist();
	rebuild(1, ITEMS, &counts);
	ck_assert_int_eq(counts.found, ITEMS);
	ck_assert_int_eq(counts.added, 0);
	ck_assert_int_eq(counts.lost, 0);
	p = scratch_project(dir);
	read_states(p, after);
	ck_assert(project_close(p, NULL));
	for (int i = 0; i < ITEMS; i++)
		ck_assert_msg(!memcmp(&before[i], &after[i],
				      sizeof(before[i])), "item %d", i + 1);
	ck_assert(!scratch_has(dir, "p/private/rebuild"));
}
END_TEST

START_TEST(goes_on)
{
	struct state before[ITEMS], after[ITEMS];
	struct rebuild_counts counts;
	struct project *p;
	struct error err = { 0 };

	make(before);
	lose_worklist();
	rebuild(1, ITEMS, &counts);
	p = scratch_project(dir);
	ck_assert_msg(scratch_release(p, 2, &err), "%s", err.text);
	ck_assert_msg(scratch_stage(p, 3, &err), "%s", err.text);
	read_states(p, after);
	ck_assert_int_eq(after[1].output, OUTPUT_RELEASED);
	ck_assert_int_eq(after[2].output, OUTPUT_STAGED);
	ck_assert(project_close(p, NULL));
	ck_assert_int_eq(scratch_check(dir).by_fault[OUTPUT_SOUND], 3);
}
END_TEST

START_TEST(keeps_the_old_one)
{
	struct state before[ITEMS];
	struct rebuild_counts counts;

	make(before);
	rebuild(1, ITEMS, &counts);
	ck_assert(scratch_has(dir, "p/private/worklist.db.old"));
	ck_assert(scratch_has(dir, "p/private/worklist.db"));
}
END_TEST

START_TEST(lost_and_added)
{
	struct state before[ITEMS];
	struct rebuild_counts counts;
	struct worklist_item item;
	struct project *p;

	make(before);
	lose_worklist();
	rebuild(2, ITEMS + 3, &counts);
	ck_assert_int_eq(counts.found, ITEMS - 1);
	ck_assert_int_eq(counts.added, 3);
	ck_assert_int_eq(counts.lost, 1);
	p = scratch_project(dir);
	ck_assert(worklist_find_id(p->worklist, before[0].id, &item, NULL));
	ck_assert_int_eq(item.output, OUTPUT_RELEASED);
	ck_assert_str_eq(item.out_name, before[0].out_name);
	worklist_item_done(&item);
	ck_assert(project_close(p, NULL));
	ck_assert_int_eq(scratch_check(dir).audit.log.fault, LOG_OK);
}
END_TEST

/* Equal bytes are two items: the first file is the one listed first. */
START_TEST(equal_bytes)
{
	struct project *p = scratch_project(dir);
	struct worklist_item item[2];
	struct rebuild_counts counts;

	scratch_items(p, 2);
	for (int i = 0; i < 2; i++) {
		char path[20];
		long long row;

		snprintf(path, sizeof(path), "/in/same%d", i);
		ck_assert(project_list_begin(p, NULL));
		ck_assert(project_list(p, path, -1, path, NULL, &row, NULL, NULL));
		ck_assert(project_list_end(p, NULL));
		ck_assert(worklist_get(p->worklist, row, &item[i], NULL));
		item[i].has_sha256 = true;
		memset(item[i].in_sha256, 9, 32);
		ck_assert(project_opened(p, &item[i], NULL));
	}
	ck_assert(project_close(p, NULL));
	lose_worklist();
	struct rebuild *r = begin(NULL);

	add_files(r, 1, 2);
	for (int i = 0; i < 2; i++) {
		struct rebuild_file file = { .name = "x",
					     .path = i ? "/b" : "/a" };

		memset(file.sha256, 9, 32);
		ck_assert(rebuild_file(r, &file, NULL));
		/* named twice: once */
		ck_assert(rebuild_file(r, &file, NULL));
	}
	ck_assert(rebuild_end(r, &counts, NULL));
	ck_assert_int_eq(counts.found, 4);
	p = scratch_project(dir);
	for (int i = 0; i < 2; i++) {
		struct worklist_item now;

		ck_assert(worklist_find_id(p->worklist, item[i].id, &now,
					   NULL));
		ck_assert_str_eq(now.path, i ? "/b" : "/a");
		worklist_item_done(&now);
		worklist_item_done(&item[i]);
	}
	ck_assert(project_close(p, NULL));
}
END_TEST

START_TEST(same_patient)
{
	struct project *p = scratch_project(dir);
	struct worklist_item item;
	struct mask_job before, after;
	struct rebuild_counts counts;

	scratch_items(p, 1);
	ck_assert(worklist_get(p->worklist, 1, &item, NULL));
	item.format = IMAGE_DICOM;
	memset(item.patient, 5, sizeof(item.patient));
	ck_assert(worklist_put(p->worklist, &item, NULL));
	worklist_item_done(&item);
	scratch_verdict(p, 1, ITEM_MASKED);
	ck_assert(worklist_get(p->worklist, 1, &item, NULL));
	ck_assert(project_mask_job(p, &item, &before, NULL));
	worklist_item_done(&item);
	ck_assert(project_close(p, NULL));
	lose_worklist();
	rebuild(1, 1, &counts);
	p = scratch_project(dir);
	ck_assert(worklist_get(p->worklist, 1, &item, NULL));
	ck_assert(project_mask_job(p, &item, &after, NULL));
	worklist_item_done(&item);
	ck_assert_str_eq(before.pseudonym, after.pseudonym);
	ck_assert_int_eq(before.date_offset, after.date_offset);
	ck_assert(project_close(p, NULL));
}
END_TEST

static const struct {
	const char *text;
	bool good;
} patients[] = {
	{ "", true },
	{ "{\"days\":-3,\"pati", true },       /* a power cut */
	{ "{\"days\":-3,\"pati\n", true },
	{ "{\"days\":-3}\n", false },
};

START_TEST(reads_patients)
{
	struct state before[ITEMS];
	struct rebuild_counts counts;
	struct error err = { 0 };
	struct rebuild *r;

	make(before);
	scratch_write(dir, "p/private/table.jsonl", patients[_i].text,
		      strlen(patients[_i].text));
	lose_worklist();
	r = begin(NULL);
	add_files(r, 1, ITEMS);
	ck_assert_int_eq(rebuild_end(r, &counts, &err), patients[_i].good);
	ck_assert_int_eq(err.code, patients[_i].good ? ERR_NONE : ERR_CHECK);
	/* not half made */
	ck_assert_int_eq(scratch_has(dir, "p/private/worklist.db"),
			 patients[_i].good);
}
END_TEST

START_TEST(refuses)
{
	struct state before[ITEMS];
	struct error err = { 0 };
	struct project *p;
	size_t length;
	char *text;

	make(before);
	p = scratch_project(dir);
	ck_assert_ptr_null(begin(&err));        /* in use */
	ck_assert_int_eq(err.code, ERR_WRITE);
	ck_assert(project_close(p, NULL));
	text = scratch_read(dir, "p/private/log/00000001.jsonl", &length);
	text[length / 2] ^= 1;
	scratch_write(dir, "p/private/log/00000001.jsonl", text, length);
	free(text);
	ck_assert_ptr_null(begin(&err));        /* a changed log */
	ck_assert_int_eq(err.code, ERR_CHECK);
}
END_TEST

/* Left in the middle, it can be begun again; an empty worklist is none. */
START_TEST(begins_again)
{
	struct state before[ITEMS];
	struct rebuild_counts counts;
	struct rebuild *r;
	struct error err = { 0 };
	const struct project_options o = { .directory = NULL };
	struct project_options named = o;
	char path[2 * SCRATCH_PATH];

	make(before);
	lose_worklist();
	r = begin(NULL);
	add_files(r, 1, 3);
	rebuild_abandon(r);
	scratch_write(dir, "p/private/worklist.db", "", 0);
	scratch_join(path, dir, "p");
	named.directory = path;
	ck_assert_ptr_null(project_open(&named, &err));
	ck_assert_int_eq(err.code, ERR_CHECK);
	rebuild(1, ITEMS, &counts);
	ck_assert_int_eq(counts.found, ITEMS);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("rebuild");
	TCase *c = tcase_create("rebuild");

	tcase_add_checked_fixture(c, setup, teardown);
	tcase_add_test(c, same_as_before);
	tcase_add_test(c, goes_on);
	tcase_add_test(c, keeps_the_old_one);
	tcase_add_test(c, lost_and_added);
	tcase_add_test(c, equal_bytes);
	tcase_add_test(c, same_patient);
	tcase_add_loop_test(c, reads_patients, 0,
			    (int)ARRAY_LENGTH(patients));
	tcase_add_test(c, refuses);
	tcase_add_test(c, begins_again);
	suite_add_tcase(s, c);
	return support_run(s);
}

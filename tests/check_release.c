/* check_release.c - staged, out, taken back; what project_audit() finds. */
#include "config.h"

#include "record/project.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "record/project_parts.h"
#include "tests/scratch.h"
#include "tests/support.h"

static char dir[SCRATCH_PATH];          /* of the running test */

static void setup(void)
{
	scratch_new(dir);
}

static void teardown(void)
{
	scratch_done(dir);
}

static struct worklist_item get(struct project *p, long long row)
{
	struct worklist_item item;

	ck_assert(worklist_get(p->worklist, row, &item, NULL));
	return item;
}

/* A project with n items decided, staged and released as asked for. */
static struct project *make(int n, int staged, int released)
{
	struct project *p = scratch_project(dir);
	struct error err = { 0 };

	scratch_items(p, n);
	for (int i = 1; i <= n; i++)
		scratch_verdict(p, i, i % 2 ? ITEM_MASKED : ITEM_CLEAN);
	for (int i = 1; i <= staged; i++)
		ck_assert_msg(scratch_stage(p, i, &err), "%s", err.text);
	for (int i = 1; i <= released; i++)
		ck_assert_msg(scratch_release(p, i, &err), "%s", err.text);
	return p;
}

static void out_path(const struct worklist_item *item, char path[256])
{
	snprintf(path, 256, "p/out/%s", item->out_name);
}

START_TEST(order)
{
	struct project *p = make(3, 2, 1);
	struct worklist_item item = get(p, 1);
	char path[256], wanted[64];
	struct stat status;
	char joined[2 * SCRATCH_PATH];
	size_t length;
	char *text;
	int fd;

	snprintf(wanted, sizeof(wanted), "pictures/%s.png", item.id);
	ck_assert_str_eq(item.out_name, wanted);
	ck_assert_int_eq(item.output, OUTPUT_RELEASED);
	out_path(&item, path);
	text = scratch_read(dir, path, &length);
	ck_assert_str_eq(text, "output 1");
	free(text);
	scratch_join(joined, dir, path);
	ck_assert_int_eq(stat(joined, &status), 0);
	ck_assert_uint_eq(status.st_mode & 07777, 0640);
	scratch_join(joined, dir, "p/out/pictures");
	ck_assert_int_eq(stat(joined, &status), 0);
	ck_assert_uint_eq(status.st_mode & 07777, 02750);
	fd = project_output_open(p, &item, NULL);
	ck_assert_int_ge(fd, 0);
	close(fd);
	worklist_item_done(&item);
	/* staged ones are not in out/ */
	ck_assert_int_eq(scratch_count(dir, "p/out/pictures"), 1);
	ck_assert_int_eq(scratch_count(dir, "p/private/staged"), 1);
	item = get(p, 2);
	ck_assert_int_eq(item.output, OUTPUT_STAGED);
	fd = project_output_open(p, &item, NULL);
	ck_assert_int_ge(fd, 0);
	close(fd);
	worklist_item_done(&item);
	item = get(p, 3);
	ck_assert_int_eq(project_output_open(p, &item, NULL), -1);
	worklist_item_done(&item);
	ck_assert(!scratch_release(p, 3, NULL));
	ck_assert(project_close(p, NULL));

	/* intent comes before done, output before release */
	text = scratch_read(dir, "p/private/log/00000001.jsonl", &length);
	const char *at = text;
	static const char *const steps[] = {
		"item.output", "\"intent\"", "item.output", "\"done\"",
		"item.release", "\"intent\"", "item.release", "\"done\"",
	};

	for (size_t i = 0; i < ARRAY_LENGTH(steps); i++) {
		at = strstr(at, steps[i]);
		ck_assert_msg(at != NULL, "%zu", i);
	}
	free(text);
}
END_TEST

/* A nameless file leaves nothing when it is given up. */
START_TEST(given_up)
{
	struct project *p = make(1, 0, 0);
	int fd = project_stage_open(p, NULL);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, "x", 1), 1);
	close(fd);
	ck_assert_int_eq(scratch_count(dir, "p/private/staged"), 0);
	ck_assert(project_close(p, NULL));
}
END_TEST

/* Another input than the one reviewed is not staged. */
START_TEST(changed_input)
{
	struct project *p = make(1, 0, 0);
	struct worklist_item item = get(p, 1);
	struct mask_report report = { .in_sha256 = { 9 } };
	struct error err = { 0 };
	int fd = project_stage_open(p, NULL);

	ck_assert(!project_stage(p, &item, fd, &report, ".png", &err));
	ck_assert_int_eq(err.code, ERR_REFUSED);
	ck_assert_int_eq(err.reason, REASON_CHANGED);
	ck_assert_int_eq(item.output, OUTPUT_NONE);
	close(fd);
	worklist_item_done(&item);
	ck_assert(project_close(p, NULL));
}
END_TEST

/* DICOM names; a name that is taken gets -2, -3. */
START_TEST(dicom_names)
{
	static const char *const wanted[] = {
		"0101010101010101/0202020202020202/0303030303030303.dcm",
		"0101010101010101/0202020202020202/0303030303030303-2.dcm",
		"0101010101010101/0202020202020202/0303030303030303-3.dcm",
	};
	struct project *p = make(3, 0, 0);

	for (int i = 0; i < 3; i++) {
		struct worklist_item item = get(p, i + 1);
		struct mask_report report = { 0 };
		int fd = project_stage_open(p, NULL);

		item.format = IMAGE_DICOM;
		ck_assert(project_opened(p, &item, NULL));
		memcpy(report.in_sha256, item.in_sha256, 32);
		memset(report.study, 1, sizeof(report.study));
		memset(report.series, 2, sizeof(report.series));
		memset(report.instance, 3, sizeof(report.instance));
		ck_assert(hash_bytes("", 0, report.out_sha256));
		ck_assert(project_stage(p, &item, fd, &report, ".dcm", NULL));
		close(fd);
		ck_assert(project_release(p, &item, NULL));
		ck_assert_str_eq(item.out_name, wanted[i]);
		worklist_item_done(&item);
	}
	ck_assert(project_close(p, NULL));
	for (int i = 0; i < 3; i++) {
		char path[256];

		snprintf(path, sizeof(path), "p/out/%s", wanted[i]);
		ck_assert(scratch_has(dir, path));
	}
}
END_TEST

START_TEST(kept_names)
{
	char directory[2 * SCRATCH_PATH];
	struct project_options o = { .directory = directory, .create = true,
				     .reviewer = "r", .keep_names = true };
	struct error err = { 0 };
	struct project *p;

	scratch_join(directory, dir, "p");
	p = project_open(&o, &err);
	ck_assert_msg(p != NULL, "%s", err.text);
	scratch_items(p, 2);
	scratch_verdict(p, 1, ITEM_MASKED);
	scratch_verdict(p, 2, ITEM_CLEAN);
	ck_assert(scratch_stage(p, 1, NULL));
	ck_assert(scratch_stage(p, 2, NULL));
	ck_assert(scratch_release(p, 1, NULL));
	ck_assert(scratch_has(dir, "p/out/a/1.png"));
	/* somebody put a file there: it is not replaced, nor worked around */
	scratch_write(dir, "p/out/a/2.png", "x", 1);
	ck_assert(!scratch_release(p, 2, &err));
	ck_assert_int_eq(err.code, ERR_WRITE);
	ck_assert(project_close(p, NULL));
	/* remembered */
	o.keep_names = false;
	p = project_open(&o, NULL);
	ck_assert(p->keep_names);
	ck_assert(project_close(p, NULL));
}
END_TEST

/* ---- taken back ---- */

START_TEST(reopen_staged)
{
	struct project *p = make(1, 1, 0);
	struct worklist_item item = get(p, 1);

	ck_assert(project_reopen(p, &item, 0, NULL));
	ck_assert_int_eq(item.output, OUTPUT_NONE);
	ck_assert_int_eq(scratch_count(dir, "p/private/staged"), 0);
	ck_assert(!scratch_has(dir, "p/private/recall.csv"));
	worklist_item_done(&item);
	ck_assert(project_close(p, NULL));
	ck_assert_int_eq(scratch_check(dir).audit.open, 1);
}
END_TEST

/* A new verdict makes what was staged for the old one worthless. */
START_TEST(verdict_again)
{
	struct project *p = make(1, 1, 0);
	struct worklist_item item;

	scratch_verdict(p, 1, ITEM_CLEAN);
	item = get(p, 1);
	ck_assert_int_eq(item.output, OUTPUT_NONE);
	worklist_item_done(&item);
	ck_assert_int_eq(scratch_count(dir, "p/private/staged"), 0);
	ck_assert(!scratch_release(p, 1, NULL));
	ck_assert(scratch_stage(p, 1, NULL));
	ck_assert(project_close(p, NULL));
	ck_assert_int_eq(scratch_check(dir).by_fault[OUTPUT_SOUND], 1);
}
END_TEST

START_TEST(reopen_released)
{
	struct project *p = make(2, 2, 2);
	struct worklist_item item = get(p, 1);
	struct verdict v = { .verdict = ITEM_CLEAN };
	struct error err = { 0 };
	char path[256], hex[HASH_HEX];
	size_t length;
	char *text;

	out_path(&item, path);
	ck_assert(!project_verdict(p, &item, &v, &err));
	ck_assert_int_eq(err.code, ERR_USAGE);
	ck_assert(!project_reopen(p, &item, 0, &err));
	ck_assert_int_eq(err.code, ERR_USAGE);
	ck_assert(scratch_has(dir, path));
	ck_assert(project_reopen(p, &item, 9, &err));
	ck_assert(!scratch_has(dir, path));
	ck_assert_int_eq(item.state, ITEM_OPEN);
	ck_assert_int_eq(item.output, OUTPUT_WITHDRAWN);
	text = scratch_read(dir, "p/private/recall.csv", &length);
	hash_hex(item.out_sha256, HASH_SIZE, hex);
	ck_assert_ptr_nonnull(strstr(text, hex));
	ck_assert_ptr_nonnull(strstr(text, item.id));
	free(text);
	worklist_item_done(&item);

	/* decided again, it goes out under its name again */
	scratch_verdict(p, 1, ITEM_CLEAN);
	item = get(p, 1);
	ck_assert_int_eq(item.output, OUTPUT_NONE);
	ck_assert(worklist_unreleased(&item));
	worklist_item_done(&item);
	ck_assert(scratch_stage(p, 1, NULL));
	ck_assert(scratch_release(p, 1, NULL));
	ck_assert(scratch_has(dir, path));
	item = get(p, 1);
	ck_assert(!worklist_unreleased(&item));
	worklist_item_done(&item);
	ck_assert(project_close(p, NULL));
	text = scratch_read(dir, "p/private/log/00000001.jsonl", &length);
	ck_assert_ptr_nonnull(strstr(text, "item.withdraw"));
	free(text);
	ck_assert_int_eq(scratch_check(dir).by_fault[OUTPUT_SOUND], 2);
}
END_TEST

/* What can't be removed is not called withdrawn; the next try finishes. */
/* A name that was kept can be a formula to who opens the list. */
START_TEST(recall_formula)
{
	static const struct {
		const char *name, *wanted;
	} names[] = {
		{ "=1+1.png", ",./=1+1.png\r\n" },
		{ "@SUM(1,\"2\").png", ",\"./@SUM(1,\"\"2\"\").png\"\r\n" },
		{ "a=1.png", ",a=1.png\r\n" },
	};
	struct project *p = make(3, 3, 3);
	size_t length;
	char *text;

	for (int i = 0; i < 3; i++) {
		struct worklist_item item = get(p, i + 1);

		free(item.out_name);
		item.out_name = strdup(names[i].name);
		ck_assert(project_reopen(p, &item, 9, NULL));
		worklist_item_done(&item);
	}
	text = scratch_read(dir, "p/private/recall.csv", &length);
	for (int i = 0; i < 3; i++)
		ck_assert_ptr_nonnull(strstr(text, names[i].wanted));
	free(text);
	ck_assert(project_close(p, NULL));
}
END_TEST

START_TEST(reopen_stuck)
{
	struct project *p = make(1, 1, 1);
	struct worklist_item item = get(p, 1);
	char pictures[2 * SCRATCH_PATH], moved[2 * SCRATCH_PATH], path[256];
	struct error err = { 0 };

	out_path(&item, path);
	scratch_join(pictures, dir, "p/out/pictures");
	scratch_join(moved, dir, "moved");
	ck_assert_int_eq(rename(pictures, moved), 0);
	ck_assert_int_eq(symlink("../../moved", pictures), 0);
	ck_assert(!project_reopen(p, &item, 9, &err));
	ck_assert_int_eq(err.code, ERR_WRITE);
	ck_assert_int_eq(item.output, OUTPUT_RELEASED);
	ck_assert_int_eq(item.pending, PENDING_WITHDRAW);
	ck_assert_int_eq(unlink(pictures), 0);
	ck_assert_int_eq(rename(moved, pictures), 0);
	ck_assert(scratch_has(dir, path));
	worklist_item_done(&item);
	ck_assert(project_close(p, NULL));
	p = scratch_project(dir);
	item = get(p, 1);
	ck_assert_int_eq(item.output, OUTPUT_WITHDRAWN);
	worklist_item_done(&item);
	ck_assert(!scratch_has(dir, path));
	ck_assert(project_close(p, NULL));
}
END_TEST

/* ---- what a kill leaves between two steps ---- */

enum stop { NAMED, LOGGED, LINKED };

/* Stop a stage or release of row 1 after a step, as a kill would. */
static void stop_at(struct project *p, enum stop stop, bool release)
{
	struct worklist_item item = get(p, 1);
	struct log_record r = LOG_RECORD_EMPTY;
	char staged[STAGED_NAME];

	item.pending = release ? PENDING_RELEASE : PENDING_STAGE;
	if (!release) {
		free(item.out_name);
		item.out_name = strdup("pictures/x.png");
		ck_assert(hash_bytes("new", 3, item.out_sha256));
	}
	ck_assert(project_save(p, &item, 0, NULL));
	r.item = item.id;
	r.out_sha256 = item.out_sha256;
	r.phase = "intent";
	if (stop >= LOGGED)
		ck_assert(log_append(p->log, release ? LOG_ITEM_RELEASE :
				     LOG_ITEM_OUTPUT, &r, NULL, NULL));
	staged_name(&item, staged);
	if (stop >= LINKED && release) {
		ck_assert_int_eq(renameat(p->stagedfd, staged, p->outfd,
					  "moved.png"), 0);
		free(item.out_name);
		item.out_name = strdup("moved.png");
		ck_assert(project_save(p, &item, 0, NULL));
	} else if (stop >= LINKED) {
		char path[256];

		snprintf(path, sizeof(path), "p/private/staged/%s", staged);
		scratch_write(dir, path, "new", 3);
	}
	worklist_item_done(&item);
	project_abandon(p);
}

static const struct {
	enum stop stop;
	bool release;
	enum output_state after;
} stops[] = {
	{ NAMED, false, OUTPUT_NONE }, { LOGGED, false, OUTPUT_NONE },
	{ LINKED, false, OUTPUT_STAGED }, { NAMED, true, OUTPUT_STAGED },
	{ LOGGED, true, OUTPUT_STAGED }, { LINKED, true, OUTPUT_RELEASED },
};

START_TEST(stopped)
{
	struct project *p = make(1, stops[_i].release, 0);
	struct worklist_item item;

	stop_at(p, stops[_i].stop, stops[_i].release);
	p = scratch_project(dir);
	item = get(p, 1);
	ck_assert_int_eq(item.output, stops[_i].after);
	ck_assert_int_eq(item.pending, PENDING_NONE);
	ck_assert_int_eq(item.state, ITEM_MASKED);
	worklist_item_done(&item);
	ck_assert(project_close(p, NULL));
	struct scratch_audit a = scratch_check(dir);

	ck_assert_int_eq(a.audit.log.fault, LOG_OK);
	ck_assert_int_eq(a.by_fault[OUTPUT_SOUND],
			 stops[_i].after != OUTPUT_NONE);
	ck_assert_int_eq(a.by_fault[OUTPUT_EXTRA], 0);
	ck_assert_int_eq(a.by_fault[OUTPUT_MISSING], 0);
}
END_TEST

/*
 * What a kill left half-way is then changed by another hand: it does not
 * leave, does not vanish, is said, and the output is made again.
 */
START_TEST(stopped_and_changed)
{
	bool release = _i == 1;
	struct project *p = make(1, release, 0);
	struct worklist_item item;
	struct scratch_audit a;
	char path[256];

	item = get(p, 1);
	stop_at(p, LINKED, release);
	snprintf(path, sizeof(path), "p/private/staged/%s.%lld", item.id,
		 item.verdict_seq);
	worklist_item_done(&item);
	scratch_write(dir, release ? "p/out/moved.png" : path, "other", 5);
	p = scratch_project(dir);
	ck_assert_ptr_nonnull(project_alarm(p));
	item = get(p, 1);
	ck_assert_int_eq(item.output, OUTPUT_NONE);
	ck_assert_int_eq(item.pending, PENDING_NONE);
	ck_assert_int_eq(item.state, ITEM_MASKED);
	worklist_item_done(&item);
	ck_assert(!scratch_has(dir, "p/out/moved.png"));
	ck_assert_int_eq(scratch_count(dir, "p/private/staged"), 0);
	ck_assert_int_eq(scratch_count(dir, "p/private/quarantine"), 1);
	ck_assert(scratch_stage(p, 1, NULL) && scratch_release(p, 1, NULL));
	ck_assert(project_close(p, NULL));
	a = scratch_check(dir);
	ck_assert_int_eq(a.audit.log.fault, LOG_OK);
	ck_assert_int_eq(a.by_fault[OUTPUT_SOUND], 1);
	ck_assert_int_eq(a.by_fault[OUTPUT_EXTRA], 0);
	ck_assert_int_eq(a.by_fault[OUTPUT_ASIDE], 1);
	p = scratch_project(dir);
	ck_assert_ptr_null(project_alarm(p));
	ck_assert(project_close(p, NULL));
}
END_TEST

/* Stopped between the logged intent to take back and its end. */
START_TEST(stopped_withdrawal)
{
	struct project *p = make(1, 1, 1);
	struct worklist_item item = get(p, 1);
	struct log_record r = LOG_RECORD_EMPTY;

	r.item = item.id;
	r.out_sha256 = item.out_sha256;
	r.phase = "intent";
	r.reason = "other";
	ck_assert(log_append(p->log, LOG_ITEM_REOPEN, &r, NULL, NULL));
	worklist_item_done(&item);
	project_abandon(p);
	p = scratch_project(dir);
	item = get(p, 1);
	ck_assert_int_eq(item.state, ITEM_OPEN);
	ck_assert_int_eq(item.output, OUTPUT_WITHDRAWN);
	worklist_item_done(&item);
	ck_assert(project_close(p, NULL));
	ck_assert_int_eq(scratch_count(dir, "p/out/pictures"), 0);
	ck_assert(scratch_has(dir, "p/private/recall.csv"));
	ck_assert_int_eq(scratch_check(dir).audit.log.fault, LOG_OK);
}
END_TEST

/* Files that no record vouches for go; others' files stay. */
START_TEST(leftovers)
{
	struct project *p = make(2, 1, 0);
	struct worklist_item item = get(p, 2);
	char staged[256], masks[256];

	snprintf(staged, sizeof(staged), "p/private/staged/%s.99", item.id);
	snprintf(masks, sizeof(masks), "p/private/masks/%s.999.jsonl",
		 item.id);
	scratch_write(dir, staged, "x", 1);
	scratch_write(dir, masks, "", 0);
	scratch_write(dir, "p/private/staged/mine", "x", 1);
	worklist_item_done(&item);
	project_abandon(p);
	ck_assert(project_close(scratch_project(dir), NULL));
	ck_assert(!scratch_has(dir, staged));
	ck_assert(!scratch_has(dir, masks));
	ck_assert(scratch_has(dir, "p/private/staged/mine"));
	ck_assert_int_eq(scratch_count(dir, "p/private/staged"), 2);
	ck_assert_int_eq(scratch_count(dir, "p/private/masks"), 2);
}
END_TEST

/* ---- what the audit finds ---- */

START_TEST(audit_sound)
{
	struct scratch_audit a;

	ck_assert(project_close(make(5, 4, 2), NULL));
	a = scratch_check(dir);
	ck_assert_int_eq(a.audit.log.fault, LOG_OK);
	ck_assert_int_eq(a.by_fault[OUTPUT_SOUND], 4);
	ck_assert_int_eq(a.audit.open, 1);
	for (int i = OUTPUT_MISSING; i <= OUTPUT_UNKNOWN; i++)
		ck_assert_int_eq(a.by_fault[i], 0);
}
END_TEST

START_TEST(audit_finds)
{
	struct project *p = make(4, 4, 3);
	struct worklist_item one = get(p, 1), two = get(p, 2), four = get(p, 4);
	char path[256], joined[2 * SCRATCH_PATH], name[STAGED_NAME];
	struct scratch_audit a;

	ck_assert(project_close(p, NULL));
	out_path(&one, path);
	scratch_write(dir, path, "output 1?", 9);       /* changed */
	out_path(&two, path);
	scratch_join(joined, dir, path);
	ck_assert_int_eq(unlink(joined), 0);            /* missing */
	staged_name(&four, name);
	snprintf(path, sizeof(path), "p/private/staged/%s", name);
	scratch_write(dir, path, "", 0);                /* changed */
	scratch_join(joined, dir, "p/out/deep");
	ck_assert_int_eq(mkdir(joined, 0700), 0);
	scratch_write(dir, "p/out/deep/letter.txt", "x", 1);
	a = scratch_check(dir);
	ck_assert_int_eq(a.audit.log.fault, LOG_OK);
	ck_assert_int_eq(a.by_fault[OUTPUT_SOUND], 1);
	ck_assert_int_eq(a.by_fault[OUTPUT_CHANGED], 2);
	ck_assert_int_eq(a.by_fault[OUTPUT_MISSING], 1);
	ck_assert_int_eq(a.by_fault[OUTPUT_EXTRA], 1);
	ck_assert_str_eq(a.extra, "deep/letter.txt");
	worklist_item_done(&one);
	worklist_item_done(&two);
	worklist_item_done(&four);
}
END_TEST

/* Links and other files that are none count as extra, and are not followed. */
START_TEST(audit_link)
{
	struct project *p = make(1, 1, 1);
	struct worklist_item item = get(p, 1);
	char path[256], joined[2 * SCRATCH_PATH];
	struct scratch_audit a;

	ck_assert(project_close(p, NULL));
	scratch_join(joined, dir, "p/out/link");
	ck_assert_int_eq(symlink("/etc", joined), 0);
	out_path(&item, path);
	scratch_join(joined, dir, path);
	ck_assert_int_eq(unlink(joined), 0);
	ck_assert_int_eq(symlink("/etc/passwd", joined), 0);
	a = scratch_check(dir);
	ck_assert_int_eq(a.by_fault[OUTPUT_MISSING], 1);
	ck_assert_int_eq(a.by_fault[OUTPUT_EXTRA], 1);
	worklist_item_done(&item);
}
END_TEST

/* Without its worklist an output can't be led back to its input. */
START_TEST(audit_unknown)
{
	char joined[2 * SCRATCH_PATH];
	struct worklist *w;
	struct scratch_audit a;
	int fd;

	ck_assert(project_close(make(1, 1, 1), NULL));
	scratch_join(joined, dir, "p/private/worklist.db");
	ck_assert_int_eq(unlink(joined), 0);
	scratch_join(joined, dir, "p/private");
	fd = open(joined, O_RDONLY | O_DIRECTORY);
	w = worklist_open(fd, false, NULL);
	ck_assert_ptr_nonnull(w);
	worklist_close(w);
	close(fd);
	a = scratch_check(dir);
	ck_assert_int_eq(a.by_fault[OUTPUT_UNKNOWN], 1);
	ck_assert_int_eq(a.by_fault[OUTPUT_EXTRA], 1);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("release");
	TCase *c = tcase_create("release");

	tcase_add_checked_fixture(c, setup, teardown);
	tcase_add_test(c, order);
	tcase_add_test(c, given_up);
	tcase_add_test(c, changed_input);
	tcase_add_test(c, dicom_names);
	tcase_add_test(c, kept_names);
	tcase_add_test(c, reopen_staged);
	tcase_add_test(c, verdict_again);
	tcase_add_test(c, reopen_released);
	tcase_add_test(c, reopen_stuck);
	tcase_add_test(c, recall_formula);
	add_rows_test(c, stopped, stops);
	tcase_add_loop_test(c, stopped_and_changed, 0, 2);
	tcase_add_test(c, stopped_withdrawal);
	tcase_add_test(c, leftovers);
	tcase_add_test(c, audit_sound);
	tcase_add_test(c, audit_finds);
	tcase_add_test(c, audit_link);
	tcase_add_test(c, audit_unknown);
	suite_add_tcase(s, c);
	return support_run(s);
}

/* check_project.c - a project directory: what it is made of, who may open it,
 * verdicts and what a kill leaves. */
#include "config.h"

#include "record/project.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/journey.h"
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

static struct project *try_open(const struct project_options *options,
				struct error *err)
{
	char directory[2 * SCRATCH_PATH];
	struct project_options o = *options;

	scratch_join(directory, dir, "p");
	o.directory = directory;
	return project_open(&o, err);
}

static const struct project_options plain = { .create = true,
					      .reviewer = "r-1" };

/* ---- made of ---- */

static const struct {
	const char *name;
	unsigned mode;
} parts[] = {
	{ "p", 0750 }, { "p/suminuri.project", 0640 }, { "p/out", 02750 },
	{ "p/out/README.txt", 0640 }, { "p/private", 0700 },
	{ "p/private/log", 0700 }, { "p/private/log/00000001.jsonl", 0600 },
	{ "p/private/log/head", 0600 }, { "p/private/keys", 0700 },
	{ "p/private/keys/master", 0600 }, { "p/private/masks", 0700 },
	{ "p/private/staged", 0700 }, { "p/private/worklist.db", 0600 },
	{ "p/private/policy.ini", 0600 },
};

START_TEST(parts_and_modes)
{
	mode_t old = umask((mode_t)_i);
	struct project *p = scratch_project(dir);

	umask(old);
	ck_assert(p->fresh);
	ck_assert(project_close(p, NULL));
	for (size_t i = 0; i < ARRAY_LENGTH(parts); i++) {
		char joined[2 * SCRATCH_PATH];
		struct stat status;

		scratch_join(joined, dir, parts[i].name);
		ck_assert_msg(stat(joined, &status) == 0, "%s",
			      parts[i].name);
		ck_assert_msg((status.st_mode & 07777) == parts[i].mode,
			      "%s: %o", parts[i].name,
			      (unsigned)status.st_mode);
	}
	p = scratch_project(dir);
	ck_assert(!p->fresh);
	ck_assert(project_close(p, NULL));
}
END_TEST

START_TEST(is_project)
{
	char joined[2 * SCRATCH_PATH];

	scratch_join(joined, dir, "p");
	ck_assert(!project_is(joined));
	ck_assert(!project_is(dir));
	ck_assert(project_close(scratch_project(dir), NULL));
	ck_assert(project_is(joined));
}
END_TEST

static void make_folder(void)
{
	char joined[2 * SCRATCH_PATH];

	scratch_join(joined, dir, "p");
	ck_assert_int_eq(mkdir(joined, 0750), 0);
}

static void not_empty(void)
{
	make_folder();
	scratch_write(dir, "p/letter", "x", 1);
}

static void anybody(void)
{
	char joined[2 * SCRATCH_PATH];

	make_folder();
	scratch_join(joined, dir, "p");
	ck_assert_int_eq(chmod(joined, 0777), 0);
}

static void project_there(void)
{
	ck_assert(project_close(scratch_project(dir), NULL));
}

static void anybody_inside(void)
{
	char joined[2 * SCRATCH_PATH];

	project_there();
	scratch_join(joined, dir, "p/private");
	ck_assert_int_eq(chmod(joined, 0777), 0);
}

static void of_the_future(void)
{
	make_folder();
	scratch_write(dir, "p/suminuri.project", "suminuri project 2\n", 19);
}

static void short_key(void)
{
	project_there();
	scratch_write(dir, "p/private/keys/master", "x", 1);
}

static void take_away(const char *path)
{
	char joined[2 * SCRATCH_PATH];

	scratch_join(joined, dir, path);
	ck_assert_int_eq(unlink(joined), 0);
}

static void no_key(void)
{
	project_there();
	take_away("p/private/keys/master");
}

static void no_worklist(void)
{
	project_there();
	take_away("p/private/worklist.db");
}

static void no_log(void)
{
	project_there();
	take_away("p/private/log/00000001.jsonl");
	take_away("p/private/log/head");
}

/* The log of an earlier day, whole in itself. */
static void older_log(void)
{
	size_t lines, head;
	char *old, *old_head;

	project_there();
	old = scratch_read(dir, "p/private/log/00000001.jsonl", &lines);
	old_head = scratch_read(dir, "p/private/log/head", &head);
	project_there();
	scratch_write(dir, "p/private/log/00000001.jsonl", old, lines);
	scratch_write(dir, "p/private/log/head", old_head, head);
	free(old);
	free(old_head);
}

static void bad_policy(void)
{
	project_there();
	scratch_write(dir, "p/private/policy.ini", "face=full\ntag=mhlw\n", 19);
}

static void cut_log(void)
{
	project_there();
	scratch_write(dir, "p/private/log/00000001.jsonl", "", 0);
}

/* Emptied with its head: as if it had not begun. */
static void emptied_log(void)
{
	cut_log();
	take_away("p/private/log/head");
}

/* A verdict in the middle of the log says something else. */
static void changed_record(void)
{
	struct project *p = scratch_project(dir);
	size_t length;
	char *text, *at;

	scratch_items(p, 2);
	scratch_verdict(p, 1, ITEM_MASKED);
	scratch_verdict(p, 2, ITEM_MASKED);
	ck_assert(project_close(p, NULL));
	text = scratch_read(dir, "p/private/log/00000001.jsonl", &length);
	at = strstr(text, "\"masked\"");
	ck_assert_ptr_nonnull(at);
	memcpy(at, "\"clean_\"", 8);
	scratch_write(dir, "p/private/log/00000001.jsonl", text, length);
	free(text);
}

static void nothing(void)
{
}

static const struct {
	const char *name;
	void (*prepare)(void);
	struct project_options options;
	enum error_code code;
} refusals[] = {
	{ "not empty", not_empty, { .create = true, .reviewer = "r" },
	  ERR_USAGE },
	{ "anybody", anybody, { .create = true, .reviewer = "r" },
	  ERR_USAGE },
	{ "anybody inside", anybody_inside, { .reviewer = "r" }, ERR_USAGE },
	{ "future", of_the_future, { .create = true, .reviewer = "r" },
	  ERR_CHECK },
	{ "missing", nothing, { .reviewer = "r" }, ERR_USAGE },
	{ "no project", make_folder, { .reviewer = "r" }, ERR_USAGE },
	{ "no reviewer", nothing, { .create = true }, ERR_USAGE },
	{ "bad reviewer", nothing, { .create = true, .reviewer = "a b" },
	  ERR_USAGE },
	{ "bad policy", bad_policy, { .reviewer = "r" }, ERR_USAGE },
	{ "short key", short_key, { .reviewer = "r" }, ERR_CHECK },
	{ "no key", no_key, { .reviewer = "r" }, ERR_CHECK },
	{ "no worklist", no_worklist, { .reviewer = "r" }, ERR_CHECK },
	{ "no log", no_log, { .reviewer = "r" }, ERR_CHECK },
	{ "older log", older_log, { .reviewer = "r" }, ERR_CHECK },
	{ "cut log", cut_log, { .reviewer = "r" }, ERR_CHECK },
	{ "emptied log", emptied_log, { .reviewer = "r" }, ERR_CHECK },
	{ "changed record", changed_record, { .reviewer = "r" }, ERR_CHECK },
};

START_TEST(refuses)
{
	struct error err = { 0 };

	refusals[_i].prepare();
	ck_assert_msg(!try_open(&refusals[_i].options, &err), "%s",
		      refusals[_i].name);
	ck_assert_msg(err.code == refusals[_i].code, "%s: %d %s",
		      refusals[_i].name, (int)err.code, err.text);
}
END_TEST

/* Being refused, a changed log stays as it was found. */
START_TEST(refused_log_stays)
{
	struct error err = { 0 };
	size_t before, after;
	char *was, *is;

	changed_record();
	was = scratch_read(dir, "p/private/log/00000001.jsonl", &before);
	ck_assert_ptr_null(try_open(&plain, &err));
	ck_assert_msg(strstr(err.text, "(edit, line 7)"), "%s", err.text);
	is = scratch_read(dir, "p/private/log/00000001.jsonl", &after);
	ck_assert_uint_eq(before, after);
	ck_assert_mem_eq(was, is, before);
	free(was);
	free(is);
}
END_TEST

/* A torn tail is no broken log: opening repairs it. */
START_TEST(torn_tail)
{
	size_t length;
	char *text, *more;

	project_there();
	text = scratch_read(dir, "p/private/log/00000001.jsonl", &length);
	more = malloc(length + 9);
	ck_assert_ptr_nonnull(more);
	memcpy(more, text, length);
	memcpy(more + length, "{\"boot\":\"", 9);
	scratch_write(dir, "p/private/log/00000001.jsonl", more, length + 9);
	free(text);
	free(more);
	ck_assert_int_eq(scratch_check(dir).audit.log.fault, LOG_TORN);
	project_there();
	ck_assert_int_eq(scratch_check(dir).audit.log.fault, LOG_OK);
}
END_TEST

/* Asking who reviews makes nothing; a folder that is there may be used. */
START_TEST(made_late)
{
	struct project_options o = { .create = true };
	struct error err = { 0 };
	struct project *p;

	ck_assert_ptr_null(try_open(&o, &err));
	ck_assert_int_eq(err.code, ERR_USAGE);
	ck_assert(!scratch_has(dir, "p"));
	make_folder();
	ck_assert_ptr_null(try_open(&o, &err));
	ck_assert_int_eq(err.code, ERR_USAGE);
	ck_assert_int_eq(scratch_count(dir, "p"), 0);
	p = try_open(&plain, &err);
	ck_assert_msg(p && p->fresh, "%s", err.text);
	ck_assert(project_close(p, NULL));
}
END_TEST

/* A kill while the marker was written leaves no folder that nobody can use;
 * with anything else beside it, it is somebody's. */
START_TEST(half_made)
{
	struct error err = { 0 };
	struct project *p;

	make_folder();
	scratch_write(dir, "p/suminuri.project.new", "sumi", 4);
	scratch_write(dir, "p/letter", "x", 1);
	ck_assert_ptr_null(try_open(&plain, &err));
	ck_assert_int_eq(err.code, ERR_USAGE);
	take_away("p/letter");
	p = try_open(&plain, &err);
	ck_assert_msg(p && p->fresh, "%s", err.text);
	ck_assert(project_close(p, NULL));
	ck_assert(!scratch_has(dir, "p/suminuri.project.new"));
	project_there();
}
END_TEST

/* Why a folder can't be made is said, not that it is not there.  Root may
 * write anywhere, so the test becomes somebody else. */
START_TEST(not_makeable)
{
	struct error err = { 0 };

	ck_assert_int_eq(chmod(dir, 0555), 0);
	if (geteuid() == 0)
		ck_assert_int_eq(seteuid(65534), 0);
	ck_assert_ptr_null(try_open(&plain, &err));
	ck_assert_int_eq(err.code, ERR_WRITE);
	ck_assert_msg(strstr(err.text, strerror(EACCES)), "%s", err.text);
	if (getuid() == 0)
		ck_assert_int_eq(seteuid(0), 0);
	ck_assert_int_eq(chmod(dir, 0700), 0);
}
END_TEST

START_TEST(second_process)
{
	struct project *p = scratch_project(dir);
	struct project_options reading = { .reading = true };
	struct error err = { 0 };
	int status;
	pid_t child = fork();

	if (child == 0) {
		struct project *q = try_open(&plain, &err);

		_exit(q ? 0 : err.code == ERR_WRITE ? 42 : 1);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), 42);
	ck_assert_ptr_null(try_open(&reading, &err));
	ck_assert_int_eq(err.code, ERR_WRITE);
	ck_assert(project_close(p, NULL));
	p = try_open(&reading, &err);
	ck_assert_msg(p != NULL, "%s", err.text);
	ck_assert(project_close(p, NULL));
}
END_TEST

/* The reviewer is remembered; a policy change is an event. */
START_TEST(remembers)
{
	struct project_options again = { .create = false };
	struct project *p = try_open(&plain, NULL);
	size_t length;
	char id[17];

	ck_assert_ptr_nonnull(p);
	ck_assert_int_eq(p->policy.tags, TAGS_MHLW);
	ck_assert_int_eq(p->policy.age_cap, 89);
	ck_assert_uint_eq(p->policy.formats, 7);
	memcpy(id, p->policy.id, sizeof(id));
	ck_assert(project_close(p, NULL));
	scratch_write(dir, "p/private/policy.ini", "tags = keep\n", 12);
	p = try_open(&again, NULL);
	ck_assert_ptr_nonnull(p);
	ck_assert_int_eq(p->policy.tags, TAGS_KEEP);
	ck_assert_str_ne(id, p->policy.id);
	ck_assert(project_close(p, NULL));
	char *text = scratch_read(dir, "p/private/log/00000001.jsonl",
				  &length);

	ck_assert_ptr_nonnull(strstr(text, "policy.change"));
	ck_assert_ptr_nonnull(strstr(text, id));
	ck_assert_ptr_null(strstr(text, "\"who\":\"r-2\""));
	free(text);
}
END_TEST

/* ---- listing ---- */

START_TEST(lists_once)
{
	struct project *p = scratch_project(dir);
	struct project_audit audit;
	struct worklist_item item;
	long long row;
	bool added;

	scratch_items(p, 5);
	ck_assert(project_list_begin(p, NULL));
	ck_assert(project_list(p, "/in/a/3.png", 3, "a/3.png", NULL,
			       &row, &added, NULL));
	ck_assert(!added);
	ck_assert_int_eq(row, 3);
	ck_assert(project_list(p, "/in/new.png", 3, "new.png", "why", &row,
			       &added, NULL));
	ck_assert(added);
	ck_assert(project_list_end(p, NULL));
	/* where it was found; what was named before stays named */
	ck_assert(worklist_get(p->worklist, 3, &item, NULL));
	ck_assert_int_eq(item.below, -1);
	worklist_item_done(&item);
	ck_assert(worklist_get(p->worklist, row, &item, NULL));
	ck_assert_int_eq(item.below, 3);
	worklist_item_done(&item);
	ck_assert_int_eq(worklist_count(p->worklist), 6);
	ck_assert_int_eq(worklist_next_unlogged(p->worklist, 1), 0);
	ck_assert(project_close(p, NULL));
	audit = scratch_check(dir).audit;
	ck_assert_int_eq(audit.log.fault, LOG_OK);
	ck_assert_int_eq(audit.open, 6);
	/* open, key, 5 listed, 5 opened, 1 listed, close */
	ck_assert_int_eq(audit.log.records, 14);
}
END_TEST

START_TEST(lists_many)
{
	struct project *p = scratch_project(dir);
	long long row;

	ck_assert(project_list_begin(p, NULL));
	for (int i = 0; i < 2500; i++) {
		char path[32];

		snprintf(path, sizeof(path), "/%d", i);
		ck_assert(project_list(p, path, -1, path + 1, NULL, &row, NULL,
				       NULL));
	}
	ck_assert(project_list_end(p, NULL));
	ck_assert(project_close(p, NULL));
	ck_assert_int_eq(scratch_check(dir).audit.log.fault, LOG_OK);
	ck_assert_int_eq(scratch_check(dir).audit.open, 2500);
}
END_TEST

static const struct {
	const char *first, *second;     /* names */
	bool good;
} kept[] = {
	{ "a/1.dcm", "a/2.dcm", true }, { "a/1.dcm", "a/1.dcm", false },
	{ "a/1.dcm", "../1.dcm", false }, { "a", "a/../b", false },
	{ "a", "/etc/passwd", false }, { "a", "a//b", false },
	{ "a", "", false }, { "a", "./b", false },
};

START_TEST(keep_names)
{
	struct project_options o = plain;
	struct error err = { 0 };
	struct project *p;
	long long row;
	bool good;

	o.keep_names = true;
	p = try_open(&o, NULL);
	ck_assert_ptr_nonnull(p);
	ck_assert(project_list_begin(p, NULL));
	good = project_list(p, "/x", -1, kept[_i].first, NULL, &row, NULL,
			    &err) &&
	       project_list(p, "/y", -1, kept[_i].second, NULL, &row, NULL,
			    &err) &&
	       project_list_end(p, &err);
	ck_assert_msg(good == kept[_i].good, "%s", err.text);
	if (!good) {
		ck_assert_int_eq(err.code, ERR_USAGE);
		ck_assert_int_eq(worklist_count(p->worklist), 0);
	}
	ck_assert(project_close(p, NULL));
}
END_TEST

/* ---- verdicts ---- */

static const char wanted_masks[] =
	"{\"class\":\"name\",\"decision\":\"mask\",\"frame\":0,"
	"\"frames\":[0,0],\"h\":10,\"id\":1,\"kind\":\"identifier\","
	"\"score\":968,\"source\":\"ocr\",\"w\":29,"
	"\"why\":\"header:PatientName\",\"x\":1,\"y\":2}\n"
	"{\"class\":\"other\",\"decision\":\"no-mask\",\"frame\":0,"
	"\"frames\":[0,0],\"h\":10,\"id\":2,\"kind\":\"text\","
	"\"plane\":\"overlay:6000\",\"reason\":\"device\",\"score\":0,"
	"\"source\":\"ocr\",\"w\":30,\"why\":\"\",\"x\":40,\"y\":2}\n"
	"{\"class\":\"face\",\"decision\":\"added\",\"frame\":0,"
	"\"frames\":[0,3],\"h\":10,\"id\":3,\"kind\":\"face\",\"score\":0,"
	"\"source\":\"reviewer\",\"w\":20,\"why\":\"\",\"x\":5,\"y\":50}\n"
	"{\"frame\":0,\"h\":22,\"id\":1,\"letter\":9,\"mode\":\"sextant\","
	"\"ms\":900,\"sub_px\":170,\"w\":41,\"x\":0,\"y\":3}\n"
	"{\"frame\":-1,\"id\":0,\"mode\":\"by-eye\",\"ms\":0,\"sub_px\":0}\n";

START_TEST(verdict)
{
	struct project *p = scratch_project(dir);
	struct worklist_item item;
	struct box_list boxes = { 0 };
	struct masks masks;
	char name[256];
	size_t length;

	scratch_items(p, 2);
	scratch_verdict(p, 1, ITEM_MASKED);
	ck_assert(worklist_get(p->worklist, 1, &item, NULL));
	ck_assert_int_eq(item.state, ITEM_MASKED);
	ck_assert_int_eq(item.boxes, 2);        /* its masks */
	snprintf(name, sizeof(name), "p/private/masks/%s.%lld.jsonl", item.id,
		 item.verdict_seq);
	char *text = scratch_read(dir, name, &length);

	ck_assert_str_eq(text, wanted_masks);
	free(text);
	ck_assert(project_mask_boxes(p, &item, &boxes, NULL));
	ck_assert_uint_eq(boxes.count, 2);
	ck_assert_int_eq(boxes.box[1].frame1, 3);
	ck_assert_int_eq(boxes.box[1].region.y1, 60);
	ck_assert_int_eq(boxes.box[0].tier, TIER_BOX);
	ck_assert_str_eq(boxes.box[0].text, "");
	box_list_done(&boxes);
	ck_assert(project_decided(p, &item, &masks, NULL));
	ck_assert_uint_eq(masks.box_count, 3);
	ck_assert_uint_eq(masks.seen_count, 2);
	ck_assert(region_equal(masks.seen[0].region,
			       (struct region){ 0, 3, 41, 25 }));
	ck_assert_int_eq(masks.seen[0].letter, 9);
	ck_assert(region_empty(masks.seen[1].region));
	ck_assert_int_eq(masks.box[1].decision, DECISION_NO_MASK);
	ck_assert_int_eq(masks.box[1].reason, 1);
	ck_assert_int_eq(masks.box[1].box.plane, 0x6000);
	masks_done(&masks);

	/* a masks file that is not the one logged is not used */
	text = scratch_read(dir, name, &length);
	text[length / 2] ^= 1;
	scratch_write(dir, name, text, length);
	ck_assert(!project_mask_boxes(p, &item, &boxes, NULL));
	ck_assert(project_close(p, NULL));
	ck_assert_int_eq(scratch_check(dir).audit.log.fault, LOG_CONTENT);
	free(text);
	worklist_item_done(&item);
}
END_TEST

/* What is written of a page is read again: frames, projections, and the
 * frames of each plane that a picture can have. */
START_TEST(seen_is_read_again)
{
	static const int planes[] = { PLANE_PICTURE, PLANE_BITS, 0x6000,
				      0x6002, 0x60fe };
	int plane = planes[_i / 2], frame = _i % 2 ? 65534 : 0, again;
	struct seen seen[] = {
		{ .id = 1, .mode = "half", .sub_px = 170, .letter = 9,
		  .frame = frame_of_plane(plane, frame),
		  .region = { 0, 3, 41, 25 } },
		{ .id = 2, .mode = "half", .frame = -1 - _i % 3 },
	};
	struct buffer text = { 0 };
	struct masks masks = { 0 };
	struct error err = { 0 };

	masks_print(NULL, 0, seen, ARRAY_LENGTH(seen), &text);
	ck_assert_msg(masks_parse(text.data, text.length, &masks, &err),
		      "%s: %s", err.text, text.data);
	ck_assert_uint_eq(masks.seen_count, 2);
	ck_assert_int_eq(plane_of_frame(masks.seen[0].frame, &again), plane);
	ck_assert_int_eq(again, frame);
	ck_assert_int_eq(masks.seen[1].frame, seen[1].frame);
	masks_done(&masks);
	buffer_done(&text);
}
END_TEST

/* The file of a group's member says after which item it was approved. */
START_TEST(verdict_in_group)
{
	struct project *p = scratch_project(dir);
	struct worklist_item first, item;
	struct after after = { 0 };
	struct verdict v = { .verdict = ITEM_MASKED, .after = &after };
	struct masks masks;
	char name[256];
	size_t length;

	scratch_items(p, 2);
	scratch_verdict(p, 1, ITEM_MASKED);
	ck_assert(worklist_get(p->worklist, 1, &first, NULL));
	ck_assert(worklist_get(p->worklist, 2, &item, NULL));
	memcpy(after.item, first.id, sizeof(after.item));
	after.seq = first.verdict_seq;
	ck_assert(project_decided(p, &first, &masks, NULL));
	ck_assert_str_eq(masks.after.item, "");
	v.boxes = masks.box;
	v.box_count = masks.box_count;
	v.seen = masks.seen;
	v.seen_count = masks.seen_count;
	item.has_sha256 = true;
	ck_assert(project_opened(p, &item, NULL));
	ck_assert(project_verdict(p, &item, &v, NULL));
	masks_done(&masks);
	ck_assert(project_decided(p, &item, &masks, NULL));
	ck_assert_str_eq(masks.after.item, first.id);
	ck_assert_int_eq(masks.after.seq, first.verdict_seq);
	ck_assert_uint_eq(masks.box_count, 3);
	masks_done(&masks);

	/* nothing comes after that line */
	snprintf(name, sizeof(name), "p/private/masks/%s.%lld.jsonl", item.id,
		 item.verdict_seq);
	char *text = scratch_read(dir, name, &length);
	struct masks read = { 0 };

	ck_assert(masks_parse(text, length, &read, NULL));
	masks_done(&read);
	ck_assert(strstr(text, "{\"after\":\""));
	char *longer = malloc(2 * length);

	ck_assert(longer != NULL);
	memcpy(longer, text, length);
	memcpy(longer + length, text, length);
	ck_assert(!masks_parse(longer, 2 * length, &read, NULL));
	free(longer);
	free(text);
	worklist_item_done(&first);
	worklist_item_done(&item);
	ck_assert(project_close(p, NULL));
}
END_TEST

START_TEST(verdict_needs)
{
	struct project *p = scratch_project(dir);
	struct verdict v = { .verdict = ITEM_CLEAN };
	struct worklist_item item;
	struct error err = { 0 };
	long long row;

	ck_assert(project_list_begin(p, NULL));
	ck_assert(project_list(p, "/x", -1, "x", NULL, &row, NULL, NULL));
	ck_assert(project_list(p, "/y", -1, "y", NULL, &row, NULL, NULL));
	ck_assert(project_list_end(p, NULL));
	ck_assert(worklist_get(p->worklist, 1, &item, NULL));
	ck_assert(!project_verdict(p, &item, &v, &err));
	ck_assert_int_eq(err.code, ERR_USAGE);
	ck_assert(!project_reopen(p, &item, 0, &err));
	ck_assert_int_eq(err.code, ERR_USAGE);
	item.has_sha256 = true;
	memset(item.in_sha256, 1, 32);
	ck_assert(project_opened(p, &item, NULL));
	v.verdict = ITEM_OPEN;
	ck_assert(!project_verdict(p, &item, &v, &err));
	v.verdict = ITEM_CLEAN;
	ck_assert(project_verdict(p, &item, &v, NULL));
	/* the file changed since */
	memset(item.in_sha256, 2, 32);
	ck_assert(!project_opened(p, &item, &err));
	ck_assert_int_eq(err.code, ERR_REFUSED);
	ck_assert_int_eq(err.reason, REASON_CHANGED);
	worklist_item_done(&item);
	ck_assert(worklist_get(p->worklist, 2, &item, NULL));
	ck_assert(project_refused(p, &item, REASON_SYNTAX_UNKNOWN, "1.2.3", 4,
				  NULL));
	ck_assert(!project_verdict(p, &item, &v, &err));
	worklist_item_done(&item);
	ck_assert(worklist_get(p->worklist, 2, &item, NULL));
	ck_assert_int_eq(item.state, ITEM_REFUSED);
	ck_assert_str_eq(item.reason_uid, "1.2.3");
	worklist_item_done(&item);
	ck_assert(project_close(p, NULL));
	ck_assert_int_eq(scratch_check(dir).audit.refused, 1);
	ck_assert_int_eq(scratch_check(dir).audit.open, 1);
}
END_TEST

static void logged(int refused, int reopened)
{
	static const char *const words[] = { "\"refused\":\"", "item.reopen" };
	int count[2] = { 0, 0 };
	size_t length;
	char *text = scratch_read(dir, "p/private/log/00000001.jsonl",
				  &length);

	for (int i = 0; i < 2; i++)
		for (const char *p = strstr(text, words[i]); p;
		     p = strstr(p + 1, words[i]))
			count[i]++;
	free(text);
	ck_assert_int_eq(count[0], refused);
	ck_assert_int_eq(count[1], reopened);
}

static struct worklist_item state_of(struct project *p, long long row,
				     enum item_state state)
{
	struct worklist_item item;

	ck_assert(worklist_get(p->worklist, row, &item, NULL));
	ck_assert_int_eq(item.state, state);
	return item;
}

/* A file that opens but can't be read is refused once, however often that is
 * tried; what else becomes of it is logged after it was taken back. */
START_TEST(tried_again)
{
	struct project *p = scratch_project(dir);
	struct verdict v = { .verdict = ITEM_CLEAN };
	struct worklist_item item;
	long long row;

	ck_assert(project_list_begin(p, NULL));
	ck_assert(project_list(p, "/x", -1, "x", NULL, &row, NULL, NULL));
	ck_assert(project_list_end(p, NULL));
	item = state_of(p, row, ITEM_LISTED);
	ck_assert(project_refused(p, &item, REASON_UNREADABLE, NULL, 0, NULL));
	worklist_item_done(&item);
	logged(1, 0);
	for (int i = 0; i < 3; i++) {
		item = state_of(p, row, ITEM_REFUSED);
		ck_assert(worklist_could_not_read(&item));
		ck_assert(project_try_again(p, &item, NULL));
		worklist_item_done(&item);
		/* a kill in between changes nothing */
		project_abandon(p);
		p = scratch_project(dir);
		item = state_of(p, row, ITEM_OPEN);
		if (i == 2)
			break;
		ck_assert(project_refused(p, &item, REASON_UNREADABLE, NULL, 0,
					  NULL));
		worklist_item_done(&item);
		logged(1, 0);
	}
	if (_i == 0) {
		ck_assert(project_refused(p, &item, REASON_SYNTAX_UNKNOWN,
					  "1.2.3", 4, NULL));
		logged(2, 1);
	} else {
		item.has_sha256 = true;
		memset(item.in_sha256, 1, 32);
		ck_assert(project_opened(p, &item, NULL));
		ck_assert(project_proposed(p, &item, 0, "", 0, NULL));
		ck_assert(project_verdict(p, &item, &v, NULL));
		logged(1, 1);
	}
	worklist_item_done(&item);
	item = state_of(p, row, _i == 0 ? ITEM_REFUSED : ITEM_CLEAN);
	ck_assert(!worklist_could_not_read(&item));
	worklist_item_done(&item);
	ck_assert(project_close(p, NULL));
	ck_assert_int_eq(scratch_check(dir).audit.log.fault, LOG_OK);
	ck_assert_int_eq(scratch_check(dir).audit.refused, _i == 0);
}
END_TEST

START_TEST(reopen)
{
	struct project *p = scratch_project(dir);
	struct worklist_item item;

	scratch_items(p, 1);
	scratch_verdict(p, 1, ITEM_WITHHELD);
	ck_assert(worklist_get(p->worklist, 1, &item, NULL));
	ck_assert(project_reopen(p, &item, 0, NULL));
	ck_assert_int_eq(item.state, ITEM_OPEN);
	worklist_item_done(&item);
	scratch_verdict(p, 1, ITEM_CLEAN);
	ck_assert(worklist_get(p->worklist, 1, &item, NULL));
	ck_assert_int_eq(item.state, ITEM_CLEAN);
	worklist_item_done(&item);
	ck_assert(project_close(p, NULL));
	/* each verdict keeps its file */
	ck_assert_int_eq(scratch_count(dir, "p/private/masks"), 2);
}
END_TEST

START_TEST(proposed)
{
	struct project *p = scratch_project(dir);
	struct worklist_item item;
	struct buffer blob = { 0 };
	struct mask_job job;

	scratch_items(p, 1);
	ck_assert(worklist_get(p->worklist, 1, &item, NULL));
	ck_assert(project_proposed(p, &item, 4, "blob", 4, NULL));
	ck_assert_int_eq(item.boxes, 4);
	ck_assert(worklist_proposals(p->worklist, 1, &blob, NULL));
	ck_assert_str_eq(blob.data, "blob");
	buffer_done(&blob);
	ck_assert(project_mask_job(p, &item, &job, NULL));
	ck_assert(job.reviewed);
	ck_assert_int_eq(job.age_cap, 89);
	ck_assert_mem_eq(job.uid_key, p->uid_key, 32);
	item.format = IMAGE_DICOM;
	ck_assert(!project_mask_job(p, &item, &job, NULL));
	memset(item.patient, 1, 32);
	ck_assert(project_mask_job(p, &item, &job, NULL));
	ck_assert_uint_eq(strlen(job.pseudonym), 16);
	ck_assert_int_lt(job.date_offset, 0);
	worklist_item_done(&item);
	ck_assert(project_close(p, NULL));
}
END_TEST

/* Nothing that was read, and no name of a file, is in log or masks. */
START_TEST(no_names)
{
	static const char *const names[] = { "YAMADA", "TARO", "/in/", "a/1",
					     ".png" };
	char command[2 * SCRATCH_PATH];
	struct project *p = scratch_project(dir);
	struct worklist_item item;
	size_t length;

	scratch_items(p, 2);
	scratch_verdict(p, 1, ITEM_MASKED);
	ck_assert(worklist_get(p->worklist, 1, &item, NULL));
	snprintf(command, sizeof(command), "p/private/masks/%s.%lld.jsonl",
		 item.id, item.verdict_seq);
	worklist_item_done(&item);
	ck_assert(project_close(p, NULL));
	char *log = scratch_read(dir, "p/private/log/00000001.jsonl", &length);
	char *masks = scratch_read(dir, command, &length);

	for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
		ck_assert_ptr_null(strstr(log, names[i]));
		ck_assert_ptr_null(strstr(masks, names[i]));
	}
	free(log);
	free(masks);
}
END_TEST

START_TEST(seed_repeats)
{
	char *text[2];
	size_t length[2];

	for (int i = 0; i < 2; i++) {
		struct project *p = scratch_project(dir);

		scratch_items(p, 3);
		scratch_verdict(p, 2, ITEM_MASKED);
		ck_assert(project_close(p, NULL));
		text[i] = scratch_read(dir, "p/private/log/00000001.jsonl",
				       &length[i]);
		scratch_done(dir);
		ck_assert_int_eq(mkdir(dir, 0700), 0);
	}
	ck_assert_uint_eq(length[0], length[1]);
	ck_assert_mem_eq(text[0], text[1], length[0]);
	free(text[0]);
	free(text[1]);
}
END_TEST

/* ---- kills and full disks ---- */

/* The worklist follows the log: rows written before a verdict was logged. */
START_TEST(worklist_behind)
{
	struct project *p = scratch_project(dir);
	struct worklist_item item;
	char *db;
	size_t length;
	long long seq;

	scratch_items(p, 3);
	ck_assert(project_close(p, NULL));
	db = scratch_read(dir, "p/private/worklist.db", &length);
	p = scratch_project(dir);
	scratch_verdict(p, 1, ITEM_MASKED);
	scratch_verdict(p, 2, ITEM_WITHHELD);
	scratch_verdict(p, 3, ITEM_CLEAN);
	ck_assert(worklist_get(p->worklist, 3, &item, NULL));
	ck_assert(project_reopen(p, &item, 0, NULL));
	worklist_item_done(&item);
	ck_assert(worklist_get(p->worklist, 1, &item, NULL));
	seq = item.verdict_seq;
	worklist_item_done(&item);
	ck_assert(project_close(p, NULL));
	scratch_write(dir, "p/private/worklist.db", db, length);
	free(db);

	p = scratch_project(dir);
	ck_assert(worklist_get(p->worklist, 1, &item, NULL));
	ck_assert_int_eq(item.state, ITEM_MASKED);
	ck_assert_int_eq(item.verdict_seq, seq);
	struct box_list boxes = { 0 };

	ck_assert(project_mask_boxes(p, &item, &boxes, NULL));
	ck_assert_uint_eq(boxes.count, 2);
	box_list_done(&boxes);
	worklist_item_done(&item);
	ck_assert(worklist_get(p->worklist, 2, &item, NULL));
	ck_assert_int_eq(item.state, ITEM_WITHHELD);
	worklist_item_done(&item);
	ck_assert(worklist_get(p->worklist, 3, &item, NULL));
	ck_assert_int_eq(item.state, ITEM_OPEN);
	worklist_item_done(&item);
	ck_assert(project_close(p, NULL));
}
END_TEST

enum { KILL_ITEMS = 6 };

START_TEST(killed)
{
	unsigned seed = 20261121U + (unsigned)_i;
	int told[2], acknowledged[KILL_ITEMS + 1] = { 0 };
	struct project *p = scratch_project(dir);

	scratch_items(p, KILL_ITEMS);
	ck_assert(project_close(p, NULL));
	ck_assert_int_eq(pipe(told), 0);
	pid_t child = fork();

	if (child == 0)
		journey_decide(dir, told[1], KILL_ITEMS);
	close(told[1]);
	journey_listen(told[0], acknowledged, 1 + rand_r(&seed) % 15);
	usleep((useconds_t)(rand_r(&seed) % 4000));
	kill(child, SIGKILL);
	ck_assert_int_eq(waitpid(child, NULL, 0), child);
	journey_listen(told[0], acknowledged, -1);
	close(told[0]);
	journey_check(dir, acknowledged, KILL_ITEMS);
}
END_TEST

/* In a child: open the project, which repairs it, and leave it. */
static void only_open(const char *place, int told)
{
	struct project *p = scratch_project(place);

	(void)told;
	_exit(project_close(p, NULL) ? 0 : 5);
}

/*
 * Run a child and kill it right before its n-th system call.  True when it
 * was killed, false when it ended before.
 */
static bool kill_before_call(void (*run)(const char *place, int told), int n,
			     int told)
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0)
			_exit(77);
		raise(SIGSTOP);
		run(dir, told);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	/* two stops a call, one before it and one after */
	for (int stops = 0; stops < 2 * n - 1 && WIFSTOPPED(status); stops++) {
		ptrace(PTRACE_SYSCALL, child, NULL, NULL);
		ck_assert_int_eq(waitpid(child, &status, 0), child);
	}
	if (!WIFSTOPPED(status)) {
		ck_assert(WIFEXITED(status));
		ck_assert(WEXITSTATUS(status) == 0 ||
			  WEXITSTATUS(status) == 77);
		return false;
	}
	kill(child, SIGKILL);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	return true;
}

/* How thorough: 0 for `make check`, 1 for check-long, 2 for `make nightly`. */
static int thoroughness(void)
{
	const char *set = getenv("SUMI_LONG");

	return !set || !*set ? 0 : strcmp(set, "2") ? 1 : 2;
}

/* Before every call of the whole way; `make check` takes each seventh. */
START_TEST(killed_everywhere)
{
	const int step = thoroughness() ? 1 : 7;
	bool going = true;
	int runs = 0;

	for (int n = 1; going; n += step) {
		int told[2], acknowledged[3] = { 0 };

		journey_prepare(dir);
		ck_assert_int_eq(pipe(told), 0);
		going = kill_before_call(journey_full_way, n, told[1]);
		close(told[1]);
		journey_listen(told[0], acknowledged, -1);
		close(told[0]);
		journey_check(dir, acknowledged, 2);
		scratch_done(dir);
		ck_assert_int_eq(mkdir(dir, 0700), 0);
		runs++;
	}
	printf("killed before %d calls\n", runs - 1);
	/* one run: this machine lets nobody trace */
	ck_assert(runs == 1 || runs > 300 / step);
}
END_TEST

/* Killed on the way, and the starts that would repair it are killed too, three
 * a place, a bit later each time; the last one may end. */
START_TEST(killed_again_and_again)
{
	const int step = (int[]){ 101, 101, 47 }[thoroughness()];
	const int late = (int[]){ 17, 11, 5 }[thoroughness()];
	bool going = true;

	for (int n = 1 + step / 2; going; n += step) {
		int told[2], acknowledged[3] = { 0 };

		journey_prepare(dir);
		ck_assert_int_eq(pipe(told), 0);
		going = kill_before_call(journey_full_way, n, told[1]);
		for (int m = 1 + n % late;
		     kill_before_call(only_open, m, told[1]); m += late) {
			kill_before_call(only_open, m + 2, told[1]);
			kill_before_call(only_open, m + 5, told[1]);
		}
		close(told[1]);
		journey_listen(told[0], acknowledged, -1);
		close(told[0]);
		journey_check(dir, acknowledged, 2);
		scratch_done(dir);
		ck_assert_int_eq(mkdir(dir, 0700), 0);
	}
}
END_TEST

/* No file may grow beyond a limit: everything stops cleanly, and goes on when
 * there is space again. */
START_TEST(no_space)
{
	int told[2], status, acknowledged[KILL_ITEMS + 1] = { 0 };
	struct project *p = scratch_project(dir);
	size_t length;

	scratch_items(p, KILL_ITEMS);
	ck_assert(project_close(p, NULL));
	free(scratch_read(dir, "p/private/log/00000001.jsonl", &length));
	ck_assert_int_eq(pipe(told), 0);
	pid_t child = fork();

	if (child == 0) {
		struct rlimit limit = { length + 700U * (unsigned)_i + 650,
					length + 700U * (unsigned)_i + 650 };

		signal(SIGXFSZ, SIG_IGN);
		/* the worklist is larger than the log from the start */
		limit.rlim_cur = limit.rlim_max = limit.rlim_cur < 90000 ?
			90000 + 3000U * (unsigned)_i : limit.rlim_cur;
		setrlimit(RLIMIT_FSIZE, &limit);
		journey_decide(dir, told[1], KILL_ITEMS);
	}
	close(told[1]);
	journey_listen(told[0], acknowledged, -1);
	close(told[0]);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), 4);
	journey_check(dir, acknowledged, KILL_ITEMS);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("project");
	TCase *c = tcase_create("project");

	tcase_add_checked_fixture(c, setup, teardown);
	tcase_set_timeout(c, 1800);     /* every call takes its time */
	tcase_add_loop_test(c, parts_and_modes, 0, 1);
	tcase_add_loop_test(c, parts_and_modes, 077, 0100);
	tcase_add_test(c, is_project);
	add_rows_test(c, refuses, refusals);
	tcase_add_test(c, refused_log_stays);
	tcase_add_test(c, torn_tail);
	tcase_add_test(c, made_late);
	tcase_add_test(c, half_made);
	tcase_add_test(c, not_makeable);
	tcase_add_test(c, second_process);
	tcase_add_test(c, remembers);
	tcase_add_test(c, lists_once);
	tcase_add_test(c, lists_many);
	add_rows_test(c, keep_names, kept);
	tcase_add_test(c, verdict);
	tcase_add_loop_test(c, seen_is_read_again, 0, 10);
	tcase_add_loop_test(c, tried_again, 0, 2);
	tcase_add_test(c, verdict_in_group);
	tcase_add_test(c, verdict_needs);
	tcase_add_test(c, reopen);
	tcase_add_test(c, proposed);
	tcase_add_test(c, no_names);
	tcase_add_test(c, seed_repeats);
	tcase_add_test(c, worklist_behind);
	tcase_add_loop_test(c, killed, 0, 50);
	tcase_add_test(c, killed_everywhere);
	tcase_add_test(c, killed_again_and_again);
	tcase_add_loop_test(c, no_space, 0, 10);
	suite_add_tcase(s, c);
	return support_run(s);
}

/* check_erase.c - the end of a project: what goes, what stays, and that a
 * kill in between is finished by the next try. */
#include "config.h"

#include "record/erase.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "record/command.h"
#include "record/files.h"
#include "record/note.h"
#include "record/rebuild.h"
#include "record/trace.h"
#include "tests/scratch.h"
#include "tests/support.h"

enum { ITEMS = 3 };

static char dir[SCRATCH_PATH], project[2 * SCRATCH_PATH], log_name[64];

/* Of the last item. */
static void keep_draft(struct project *p)
{
	struct worklist_item item;
	char name[SCRATCH_PATH];

	ck_assert_int_eq(mkdirat(p->privatefd, PROJECT_DRAFTS, 0700), 0);
	ck_assert(worklist_get(p->worklist, ITEMS, &item, NULL));
	snprintf(name, sizeof(name), "p/private/drafts/%s.draft", item.id);
	scratch_write(dir, name, "boxes", 5);
	worklist_item_done(&item);
}

static void setup(void)
{
	struct project *p;
	size_t length;
	char *text;

	scratch_new(dir);
	scratch_join(project, dir, "p");
	p = scratch_project(dir);
	scratch_items(p, ITEMS);
	for (int i = 1; i <= ITEMS; i++)
		scratch_verdict(p, i, ITEM_MASKED);
	for (int i = 1; i < ITEMS; i++)
		ck_assert(scratch_stage(p, i, NULL));
	ck_assert(scratch_release(p, 1, NULL));
	keep_draft(p);
	ck_assert(project_close(p, NULL));
	text = scratch_read(dir, "p/private/log/checkpoint", &length);
	snprintf(log_name, sizeof(log_name), "%.*s",
		 (int)strcspn(text, "\n"), text);
	free(text);
}

static void teardown(void)
{
	scratch_done(dir);
}

/* Before the end of the retention period, for this reason. */
static char *erase_early(const char *name, const char *reason, bool *good,
			 struct error *err)
{
	const struct erase_options o = { .directory = project,
					 .project = name,
					 .before_retention = reason };
	size_t size;
	char *text;
	FILE *out = open_memstream(&text, &size);

	*err = (struct error){ 0 };
	*good = erase_command(&o, out, err);
	fclose(out);
	return text;
}

static char *erase(const char *name, bool *good, struct error *err)
{
	return erase_early(name, NULL, good, err);
}

static bool run_log(const char *verb, char **text, struct error *err)
{
	const struct log_options o = { .verb = verb, .directory = project };
	size_t size;
	FILE *out = open_memstream(text, &size);
	bool good;

	*err = (struct error){ 0 };
	good = log_command(&o, out, err);
	fclose(out);
	return good;
}

static const char *const gone[] = {
	"p/private/worklist.db", "p/private/worklist.db-wal",
	"p/private/table.jsonl", "p/private/keys/master",
	"p/private/keys/log.key", "p/private/recall.csv",
};
static const char *const kept[] = {
	"p/private/log/00000001.jsonl", "p/private/keys/log.pub",
	"p/private/policy.ini", "p/private/erased", "p/out/README.txt",
};

static void is_erased(void)
{
	struct project_options o = { .directory = project };
	struct error err = { 0 };
	char *text;

	for (size_t i = 0; i < ARRAY_LENGTH(gone); i++)
		ck_assert_msg(!scratch_has(dir, gone[i]), "%s", gone[i]);
	for (size_t i = 0; i < ARRAY_LENGTH(kept); i++)
		ck_assert_msg(scratch_has(dir, kept[i]), "%s", kept[i]);
	ck_assert_int_eq(scratch_count(dir, "p/private/masks"), 0);
	ck_assert_int_eq(scratch_count(dir, "p/private/staged"), 0);
	ck_assert_int_eq(scratch_count(dir, "p/private/drafts"), 0);
	ck_assert_int_eq(scratch_count(dir, "p/out"), 2);
	/* the log alone is left */
	ck_assert_msg(run_log("check", &text, &err), "%s", err.text);
	free(text);
	ck_assert(run_log("show", &text, &err));
	ck_assert_ptr_nonnull(strstr(text, "erase"));
	free(text);
	ck_assert(!run_log("export", &text, &err));
	ck_assert_int_eq(err.code, ERR_USAGE);
	ck_assert_str_eq(text, "");
	free(text);
	ck_assert_ptr_null(project_open(&o, &err));
	ck_assert_int_eq(err.code, ERR_USAGE);
}

START_TEST(erased)
{
	struct note_key key;
	struct error err;
	struct note note;
	bool good;
	char *text = erase(log_name, &good, &err), *public, *again;
	size_t length;

	ck_assert_msg(good, "%s", err.text);
	is_erased();
	public = scratch_read(dir, "p/private/keys/log.pub", &length);
	ck_assert(note_key_parse(public, length - 1, &key));
	ck_assert(note_parse(text, strlen(text), &note));
	ck_assert_int_eq(note_judge(&note, &key, NULL), NOTE_HOLDS);
	ck_assert_ptr_nonnull(strstr(text, "erase items 3 files 5\n"));
	/* asked again it says the same */
	again = erase(NULL, &good, &err);
	ck_assert(good);
	ck_assert_str_eq(again, text);
	free(again);
	free(public);
	free(text);
}
END_TEST

static const char *const names[] = { NULL, "", "p",
				     "suminuri/0123456789abcdef" };

/* Without its name, or by another, all stays. */
START_TEST(not_by_a_slip)
{
	struct error err;
	bool good;
	char *text = erase(names[_i], &good, &err);

	ck_assert(!good);
	ck_assert_int_eq(err.code, ERR_USAGE);
	ck_assert_ptr_nonnull(strstr(err.text, log_name));
	ck_assert_str_eq(text, "");
	free(text);
	ck_assert_int_eq(scratch_count(dir, "p/private/masks"), ITEMS);
	ck_assert(scratch_has(dir, "p/private/worklist.db"));
	ck_assert_int_eq(scratch_check(dir).by_fault[OUTPUT_SOUND], 2);
}
END_TEST

/* What policy keeps is erased earlier only with a reason, which is noted. */
static const struct {
	const char *days, *reason;
	bool erases;
	const char *said;               /* in error or certificate */
} periods[] = {
	{ "0", NULL, true, "retention none\n" },
	{ "0", "consent", true, "retention none\n" },
	{ "1", NULL, true, "retention 1 days over\n" },
	{ "36500", NULL, false, "keeps it until 21" },
	{ "36500", "boredom", false, "consent, order" },
	{ "36500", "", false, "consent, order" },
	{ "36500", "consent", true, "not over: consent\n" },
	{ "36500", "order", true, "not over: order\n" },
};

START_TEST(kept_by_policy)
{
	struct error err;
	char policy[64], *text, *log;
	bool good;
	size_t length;

	snprintf(policy, sizeof(policy), "retention_days = %s\n",
		 periods[_i].days);
	scratch_write(dir, "p/private/policy.ini", policy, strlen(policy));
	text = erase_early(log_name, periods[_i].reason, &good, &err);
	ck_assert_msg(good == periods[_i].erases, "%s", err.text);
	ck_assert_msg(strstr(good ? text : err.text, periods[_i].said),
		      "%s%s", text, err.text);
	ck_assert(good || err.code == ERR_USAGE);
	ck_assert(good != scratch_has(dir, "p/private/worklist.db"));
	log = scratch_read(dir, "p/private/log/00000001.jsonl", &length);
	ck_assert((strstr(log, "\"early\":\"") != NULL) ==
		  (good && strstr(text, "not over")));
	free(log);
	free(text);
	if (good)
		is_erased();
}
END_TEST

/* ---- one item ---- */

static char *erase_one(const char *word, const char *reason, bool *good,
		       struct error *err)
{
	const struct erase_options o = { .directory = project,
					 .project = log_name, .item = word,
					 .before_retention = reason };
	size_t size;
	char *text;
	FILE *out = open_memstream(&text, &size);

	*err = (struct error){ 0 };
	*good = erase_command(&o, out, err);
	fclose(out);
	return text;
}

/* The only one that the project keeps. */
static bool take_name(void *self, const char *name)
{
	snprintf((char *)self, 128, "p/private/certificates/%s", name);
	return true;
}

static char *kept_certificate(char name[128])
{
	char path[2 * SCRATCH_PATH];
	size_t length;
	int fd;

	scratch_join(path, dir, "p/private/certificates");
	fd = open(path, O_RDONLY | O_DIRECTORY);
	ck_assert_int_ge(fd, 0);
	ck_assert(folder_each(fd, take_name, name, NULL));
	close(fd);
	return scratch_read(dir, name, &length);
}

/* log check takes it as what was seen of the log. */
static bool checks_with(const char *name, const char *keys)
{
	char path[2 * SCRATCH_PATH], key[2 * SCRATCH_PATH];
	const struct log_options o = { .verb = "check", .directory = project,
				       .witness = path, .keys = key };
	struct error err = { 0 };
	FILE *out = fopen("/dev/null", "w");
	bool good;

	scratch_join(path, dir, name);
	scratch_join(key, dir, keys);
	good = log_command(&o, out, &err);
	fclose(out);
	return good;
}

static void id_of(long long row, char id[33])
{
	struct project_options o = { .directory = project, .reading = true };
	struct project *p = project_open(&o, NULL);
	struct worklist_item item;

	ck_assert_ptr_nonnull(p);
	ck_assert(worklist_get(p->worklist, row, &item, NULL));
	memcpy(id, item.id, sizeof(item.id));
	worklist_item_done(&item);
	ck_assert(project_close(p, NULL));
}

static bool holds(const char *name, const char *word)
{
	size_t length;
	char *text = scratch_read(dir, name, &length);
	bool does = memmem(text, length, word, strlen(word)) != NULL;

	free(text);
	return does;
}

/* What was printed names the item, the project keeps it and can hold it
 * against the log. */
static void expect_certificate(const char *id, const char *text)
{
	char pattern[64], name[128] = "", *copy;

	snprintf(pattern, sizeof(pattern), "erase item %s files", id);
	ck_assert_ptr_nonnull(strstr(text, pattern));
	ck_assert_int_eq(scratch_count(dir, "p/private/certificates"), 1);
	copy = kept_certificate(name);
	ck_assert_str_eq(copy, text);
	ck_assert_ptr_nonnull(strstr(name, id));
	ck_assert(checks_with(name, "p/private/keys/log.pub"));
	copy[strcspn(copy, "\n") + 1] ^= 1;
	scratch_write(dir, "other", copy, strlen(copy));
	ck_assert(!checks_with("other", "p/private/keys/log.pub"));
	free(copy);
}

/* Row 1 was released, 2 staged, 3 only decided. */
static void expect_gone(long long row, const char *id)
{
	char path[32];

	snprintf(path, sizeof(path), "/in/a/%lld.png", row);
	ck_assert_int_eq(scratch_count(dir, "p/private/masks"), ITEMS - 1);
	ck_assert_int_eq(scratch_count(dir, "p/private/drafts"),
			 row == ITEMS ? 0 : 1);
	ck_assert(!holds("p/private/worklist.db", path));
	if (scratch_has(dir, "p/private/worklist.db-wal"))
		ck_assert(!holds("p/private/worklist.db-wal", path));
	ck_assert(!holds("p/private/table.jsonl", id));
	ck_assert(holds("p/private/worklist.db", row == 1 ? "/in/a/2.png" :
						   "/in/a/1.png"));
	ck_assert_int_eq(scratch_count(dir, "p/private/staged"),
			 row == 2 ? 0 : 1);
	ck_assert(scratch_has(dir, "p/private/recall.csv") == (row == 1));
}

static void expect_withheld(long long row, const char *id)
{
	struct project *p = scratch_project(dir);
	struct worklist_item item;

	ck_assert(worklist_get(p->worklist, row, &item, NULL));
	ck_assert_str_eq(item.path, id);
	ck_assert_int_eq(item.state, ITEM_WITHHELD);
	ck_assert_int_eq(item.output,
			 row == 1 ? OUTPUT_WITHDRAWN : OUTPUT_NONE);
	worklist_item_done(&item);
	ck_assert(project_close(p, NULL));
}

static void expect_sound_log(void)
{
	struct error err;
	char *log;

	ck_assert_msg(run_log("check", &log, &err), "%s", err.text);
	free(log);
}

/* What leads back is gone, the others are as they were. */
START_TEST(one_item)
{
	const long long row = _i + 1;
	struct error err;
	char id[33], *text;
	bool good;

	id_of(row, id);
	text = erase_one(id, NULL, &good, &err);
	ck_assert_msg(good, "%s", err.text);
	expect_certificate(id, text);
	free(text);
	expect_gone(row, id);
	expect_sound_log();
	ck_assert_int_eq(scratch_check(dir).by_fault[OUTPUT_SOUND],
			 row == 3 ? 2 : 1);
	expect_withheld(row, id);
	/* after a kill it may be said again */
	text = erase_one(id, NULL, &good, &err);
	ck_assert_msg(good, "%s", err.text);
	free(text);
	ck_assert_int_eq(scratch_count(dir, "p/private/certificates"), 2);
	expect_sound_log();
	/* the end of the project leaves both */
	text = erase(log_name, &good, &err);
	ck_assert_msg(good, "%s", err.text);
	free(text);
	ck_assert_int_eq(scratch_count(dir, "p/private/certificates"), 2);
}
END_TEST

/* Released, staged, decided only: a worklist made anew from the log brings
 * nothing back of it, though its file is there. */
START_TEST(rebuilt)
{
	const long long row = _i + 1;
	struct rebuild_counts counts;
	struct worklist_item item;
	struct error err;
	struct rebuild *r;
	struct project *p;
	char id[33], *log;
	bool good;

	id_of(row, id);
	free(erase_one(id, NULL, &good, &err));
	ck_assert_msg(good, "%s", err.text);
	r = rebuild_begin(project, NULL, false, &err);
	ck_assert_msg(r, "%s", err.text);
	for (int i = 1; i <= ITEMS; i++) {
		char name[20];
		struct rebuild_file file = { .path = name, .name = name };

		snprintf(name, sizeof(name), "/new/%d", i);
		memset(file.sha256, i, sizeof(file.sha256));
		ck_assert(rebuild_file(r, &file, NULL));
	}
	ck_assert_msg(rebuild_end(r, &counts, &err), "%s", err.text);
	ck_assert_int_eq(counts.found, ITEMS - 1);
	ck_assert_int_eq(counts.added, 1);      /* a new item, undecided */
	ck_assert_int_eq(counts.lost, 1);
	p = scratch_project(dir);
	ck_assert(worklist_find_id(p->worklist, id, &item, NULL));
	ck_assert_str_eq(item.path, id);
	ck_assert_int_eq(item.state, ITEM_WITHHELD);
	ck_assert_int_eq(item.output,
			 row == 1 ? OUTPUT_WITHDRAWN : OUTPUT_NONE);
	worklist_item_done(&item);
	ck_assert(worklist_get(p->worklist, row, &item, NULL));
	ck_assert_str_ne(item.id, id);
	ck_assert_int_eq(item.state, ITEM_LISTED);
	worklist_item_done(&item);
	ck_assert(project_close(p, NULL));
	ck_assert_int_eq(scratch_count(dir, "p/private/masks"), ITEMS - 1);
	ck_assert_msg(run_log("check", &log, &err), "%s", err.text);
	free(log);
	ck_assert_int_eq(scratch_check(dir).by_fault[OUTPUT_SOUND],
			 row == 3 ? 2 : 1);
}
END_TEST

/* Boxes of another item that were changed are no part of what was erased. */
START_TEST(others_are_checked)
{
	char id[33], other[33], name[128];
	struct worklist_item item;
	struct error err;
	struct project *p;
	bool good;
	char *log;

	id_of(1, id);
	id_of(3, other);
	p = scratch_project(dir);
	ck_assert(worklist_get(p->worklist, 3, &item, NULL));
	snprintf(name, sizeof(name), "p/private/masks/%s.%lld.jsonl", other,
		 item.verdict_seq);
	worklist_item_done(&item);
	ck_assert(project_close(p, NULL));
	scratch_write(dir, name, "x", 1);
	free(erase_one(id, NULL, &good, &err));
	ck_assert_msg(good, "%s", err.text);
	ck_assert(!run_log("check", &log, &err));
	ck_assert_ptr_nonnull(strstr(log, "\"class\":\"content\""));
	free(log);
}
END_TEST

START_TEST(one_item_kept)
{
	static const char policy[] = "retention_days = 36500\n";
	char id[33];
	struct error err;
	bool good;
	char *text;

	id_of(2, id);
	scratch_write(dir, "p/private/policy.ini", policy, strlen(policy));
	free(erase_one(id, NULL, &good, &err));
	ck_assert(!good);
	ck_assert_int_eq(err.code, ERR_USAGE);
	ck_assert_int_eq(scratch_count(dir, "p/private/masks"), ITEMS);
	free(erase_one("0000000000000000", "consent", &good, &err));
	ck_assert(!good);
	ck_assert_int_eq(err.code, ERR_USAGE);
	text = erase_one(id, "consent", &good, &err);
	ck_assert_msg(good, "%s", err.text);
	ck_assert_ptr_nonnull(strstr(text, "not over: consent\n"));
	free(text);
}
END_TEST

/* A kill after the certificate: the next try removes the rest. */
START_TEST(killed_late)
{
	struct error err;
	bool good;

	scratch_write(dir, "p/private/erased", "certificate\n", 12);
	char *text = erase(NULL, &good, &err);

	ck_assert_msg(good, "%s", err.text);
	ck_assert_str_eq(text, "certificate\n");
	ck_assert(!scratch_has(dir, "p/private/worklist.db"));
	ck_assert(!scratch_has(dir, "p/private/keys/master"));
	free(text);
}
END_TEST

/* A kill while files go: erase record, some boxes gone, nothing more. */
START_TEST(killed_early)
{
	struct project_options o = { .directory = project };
	struct project *p = project_open(&o, NULL);
	struct log_record r = LOG_RECORD_EMPTY;
	struct worklist_item item;
	char name[128], path[2 * SCRATCH_PATH], *text;
	struct error err;
	bool good;

	ck_assert_ptr_nonnull(p);
	r.phase = "intent";
	ck_assert(log_append(p->log, LOG_ERASE, &r, NULL, NULL));
	ck_assert(worklist_get(p->worklist, 1, &item, NULL));
	snprintf(name, sizeof(name), "p/private/masks/%s.%lld.jsonl", item.id,
		 item.verdict_seq);
	worklist_item_done(&item);
	project_abandon(p);
	scratch_join(path, dir, name);
	ck_assert_int_eq(unlink(path), 0);
	ck_assert(run_log("check", &text, &err));
	free(text);
	free(erase(log_name, &good, &err));
	ck_assert_msg(good, "%s", err.text);
	is_erased();
}
END_TEST

int main(void)
{
	Suite *s = suite_create("erase");
	TCase *c = tcase_create("erase");

	tcase_add_checked_fixture(c, setup, teardown);
	tcase_add_test(c, erased);
	add_rows_test(c, not_by_a_slip, names);
	add_rows_test(c, kept_by_policy, periods);
	tcase_add_loop_test(c, one_item, 0, ITEMS);
	tcase_add_loop_test(c, rebuilt, 0, ITEMS);
	tcase_add_test(c, others_are_checked);
	tcase_add_test(c, one_item_kept);
	tcase_add_test(c, killed_late);
	tcase_add_test(c, killed_early);
	suite_add_tcase(s, c);
	return support_run(s);
}

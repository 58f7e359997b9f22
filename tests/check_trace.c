/* check_trace.c - from an output back to its verdict, an item taken out for
 * good, and the export view with its proofs. */
#include "config.h"

#include "record/trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "record/command.h"
#include "tests/scratch.h"
#include "tests/support.h"

enum { ITEMS = 4 };

#define PUBLIC "p/private/keys/log.pub"

static char dir[SCRATCH_PATH], project[2 * SCRATCH_PATH];

static void setup(void)
{
	struct project *p;

	scratch_new(dir);
	scratch_join(project, dir, "p");
	p = scratch_project(dir);
	scratch_items(p, ITEMS);
	for (int i = 1; i < ITEMS; i++)
		scratch_verdict(p, i, i % 2 ? ITEM_MASKED : ITEM_CLEAN);
	for (int i = 1; i < ITEMS - 1; i++) {
		ck_assert(scratch_stage(p, i, NULL));
		ck_assert(scratch_release(p, i, NULL));
	}
	ck_assert(project_close(p, NULL));
}

static void teardown(void)
{
	scratch_done(dir);
}

static struct worklist_item row_of(long long row)
{
	struct project_options o = { .directory = project, .reading = true };
	struct project *p = project_open(&o, NULL);
	struct worklist_item item;

	ck_assert_ptr_nonnull(p);
	ck_assert(worklist_get(p->worklist, row, &item, NULL));
	project_abandon(p);
	return item;
}

/* What trace prints of a file of the scratch, or says in words; free it. */
static char *trace_as(bool in_words, const char *name, struct error *err,
		      bool *good)
{
	char path[2 * SCRATCH_PATH], *text;
	struct buffer said = { 0 };
	size_t size;
	FILE *to = open_memstream(&text, &size);

	scratch_join(path, dir, name);
	*err = (struct error){ 0 };
	*good = trace_command(path, project, in_words, to, &said, err);
	fclose(to);
	if (!in_words) {
		ck_assert_uint_eq(said.length, 0);
		return text;
	}
	free(text);
	return said.data;
}

static char *trace(const char *name, struct error *err, bool *good)
{
	return trace_as(false, name, err, good);
}

static char *withdraw(const char *word, const char *reason, struct error *err,
		      bool *good)
{
	struct withdraw_options o = { word, project, NULL, reason };
	size_t size;
	char *text;
	FILE *to = open_memstream(&text, &size);

	*err = (struct error){ 0 };
	*good = withdraw_command(&o, to, err);
	fclose(to);
	return text;
}

START_TEST(traced)
{
	struct worklist_item item = row_of(1);
	char name[256], hex[HASH_HEX], copy[64] = "";
	struct error err;
	size_t length;
	bool good;
	char *text;

	snprintf(name, sizeof(name), "p/out/%s", item.out_name);
	text = trace(name, &err, &good);
	ck_assert_msg(good, "%s", err.text);
	hash_hex(item.in_sha256, HASH_SIZE, hex);
	ck_assert_ptr_nonnull(strstr(text, hex));
	hash_hex(item.mask_sha256, HASH_SIZE, hex);
	ck_assert_ptr_nonnull(strstr(text, hex));
	ck_assert_ptr_nonnull(strstr(text, item.id));
	ck_assert_ptr_nonnull(strstr(text, "\"input\":\"/in/a/1.png\""));
	ck_assert_ptr_nonnull(strstr(text, "\"who\":\"r-7f3a\""));
	ck_assert_ptr_nonnull(strstr(text, "\"output\":\"released\""));
	ck_assert_ptr_nonnull(strstr(text, "\"verdict\":\"masked\""));
	ck_assert_ptr_nonnull(strstr(text, "\"boxes\":3"));
	ck_assert_ptr_eq(strchr(text, '\n'), text + strlen(text) - 1);
	free(text);
	/* for a person: the same, but for the path */
	text = trace_as(true, name, &err, &good);
	ck_assert(good);
	ck_assert_int_eq(strncmp(text + 5, item.id, 8), 0);
	ck_assert_ptr_nonnull(strstr(text, ": masked by r-7f3a, 2"));
	ck_assert_ptr_nonnull(strstr(text, "Z, boxes: 3; released 2"));
	ck_assert_ptr_null(strstr(text, "/in/a"));
	free(text);
	/* a copy elsewhere is the same output, another file is none */
	text = scratch_read(dir, name, &length);
	scratch_write(dir, "copy", text, length);
	free(text);
	free(trace("copy", &err, &good));
	ck_assert(good);
	scratch_write(dir, "copy", copy, 3);
	text = trace("copy", &err, &good);
	ck_assert(!good);
	ck_assert_int_eq(err.code, ERR_CHECK);
	ck_assert_str_eq(text, "");
	free(text);
	text = trace("none", &err, &good);
	ck_assert_int_eq(err.code, ERR_USAGE);
	free(text);
	worklist_item_done(&item);
}
END_TEST

/* Row 3 is staged, taken back, and decided anew by somebody else with the same
 * bytes; row 1 was out and is taken back and decided anew, but not written. */
START_TEST(traced_after_reopening)
{
	static const struct {
		long long row;
		const char *who, *output;
	} want[] = { { 3, "\"who\":\"k01\"", "\"released\"" },
		     { 1, "\"who\":\"r-7f3a\"", "\"withdrawn\"" } };
	struct project_options o = { .directory = project };
	struct error err = { 0 };
	struct project *p = project_open(&o, &err);
	char name[256];
	bool good;

	ck_assert_msg(p != NULL, "%s", err.text);
	ck_assert(scratch_stage(p, 3, &err) && project_close(p, &err));
	o.reviewer = "k01";
	p = project_open(&o, &err);
	for (size_t i = 0; i < ARRAY_LENGTH(want); i++) {
		struct worklist_item item;

		ck_assert(worklist_get(p->worklist, want[i].row, &item, &err));
		if (item.output == OUTPUT_RELEASED) {
			snprintf(name, sizeof(name), "p/out/%s", item.out_name);
			char *text = scratch_read(dir, name, &(size_t){ 0 });

			scratch_write(dir, "1", text, strlen(text));
			free(text);
		}
		ck_assert(project_reopen(p, &item, 1, &err));
		worklist_item_done(&item);
		scratch_verdict(p, want[i].row, ITEM_MASKED);
	}
	ck_assert(scratch_stage(p, 3, &err) && scratch_release(p, 3, &err));
	ck_assert(project_close(p, &err));
	scratch_write(dir, "3", "output 3", strlen("output 3"));
	for (size_t i = 0; i < ARRAY_LENGTH(want); i++) {
		snprintf(name, sizeof(name), "%lld", want[i].row);
		char *text = trace(name, &err, &good);

		ck_assert_msg(good, "%s", err.text);
		ck_assert_msg(strstr(text, want[i].who) &&
			      strstr(text, want[i].output), "%s", text);
		free(text);
	}
}
END_TEST

/* By id, by the start of it, by its file: what is released goes. */
START_TEST(withdrawn)
{
	struct worklist_item item = row_of(1 + _i % 2), after;
	char name[256], word[2 * SCRATCH_PATH];
	struct scratch_audit a;
	struct error err;
	size_t length;
	bool good;
	char *text;

	snprintf(name, sizeof(name), "p/out/%s", item.out_name);
	if (_i < 2)
		snprintf(word, sizeof(word), "%.*s", _i ? 10 : 32, item.id);
	else
		scratch_join(word, dir, name);
	text = scratch_read(dir, name, &length);
	scratch_write(dir, "copy", text, length);
	free(text);
	text = withdraw(word, _i ? NULL : "device", &err, &good);
	ck_assert_msg(good, "%s", err.text);
	ck_assert_ptr_nonnull(strstr(text, "\"state\":\"withheld\",\"output\":"
					   "\"withdrawn\""));
	free(text);
	ck_assert(!scratch_has(dir, name));
	after = row_of(item.row);
	ck_assert_int_eq(after.state, ITEM_WITHHELD);
	text = scratch_read(dir, "p/private/recall.csv", &length);
	ck_assert_ptr_nonnull(strstr(text, item.id));
	free(text);
	a = scratch_check(dir);
	ck_assert_int_eq(a.audit.log.fault, LOG_OK);
	ck_assert_int_eq(a.audit.withheld, 1);
	ck_assert_int_eq(a.by_fault[OUTPUT_SOUND], 1);
	/* it is known still, as what it was */
	text = trace("copy", &err, &good);
	ck_assert(good);
	ck_assert_ptr_nonnull(strstr(text, "\"output\":\"withdrawn\""));
	ck_assert_ptr_nonnull(strstr(text, "\"verdict\":{\"seq\""));
	free(text);
	/* again is no harm, and no record of a verdict */
	text = withdraw(item.id, NULL, &err, &good);
	ck_assert(good);
	free(text);
	const long long seq = after.verdict_seq;

	worklist_item_done(&after);
	after = row_of(item.row);
	ck_assert_int_eq(after.verdict_seq, seq);
	worklist_item_done(&item);
	worklist_item_done(&after);
}
END_TEST

/* Not decided yet, or decided and not written: withheld. */
START_TEST(withheld)
{
	struct worklist_item item = row_of(_i);
	struct error err;
	bool good;
	char *text = withdraw(item.id, NULL, &err, &good);

	ck_assert_msg(good, "%s", err.text);
	ck_assert_ptr_nonnull(strstr(text, "\"state\":\"withheld\",\"output\":"
					   "\"none\""));
	ck_assert_int_eq(scratch_check(dir).audit.withheld, 1);
	free(text);
	worklist_item_done(&item);
}
END_TEST

static const struct {
	const char *word, *reason;
} misuse[] = {
	{ "0123456789abcdef0123456789abcdef", NULL },
	{ "0123456", NULL }, { "none", NULL }, { "", NULL },
	{ "0123456789abcdef0123456789abcdef", "because" },
};

START_TEST(misused)
{
	struct error err;
	bool good;

	free(withdraw(misuse[_i].word, misuse[_i].reason, &err, &good));
	ck_assert(!good);
	ck_assert_int_eq(err.code, ERR_USAGE);
	ck_assert_int_eq(scratch_check(dir).audit.withheld, 0);
}
END_TEST

/* ---- the export view ---- */

static char *run_log(const char *verb, const char *where, const char *keys,
		     struct error *err, bool *good)
{
	char public[2 * SCRATCH_PATH];
	struct log_options o = { .verb = verb, .directory = where,
				 .keys = keys ? public : NULL };
	size_t size;
	char *text;
	FILE *out = open_memstream(&text, &size);

	scratch_join(public, dir, keys ? keys : "");
	*err = (struct error){ 0 };
	*good = log_command(&o, out, err);
	fclose(out);
	return text;
}

/* Check a file of this text as an export: its class. */
static const char *judge(const char *text, size_t length, const char *keys)
{
	static char class_[32];
	char path[2 * SCRATCH_PATH];
	struct error err;
	bool good;
	char *said;

	scratch_write(dir, "export.jsonl", text, length);
	scratch_join(path, dir, "export.jsonl");
	said = run_log("check", path, keys, &err, &good);
	snprintf(class_, sizeof(class_), "%s", good ? "ok" : "error");
	if (!good && strstr(said, "\"class\":\""))
		ck_assert_int_eq(sscanf(strstr(said, "\"class\":\""),
					"\"class\":\"%15[a-z]\"", class_), 1);
	free(said);
	return class_;
}

START_TEST(export_proofs)
{
	struct error err;
	bool good;
	char *text = run_log("export", project, NULL, &err, &good);
	size_t length = strlen(text);
	char *first = strstr(text, "\"proof\":[\"");
	char *leaf = strstr(text, "\"leaf\":\"");

	ck_assert(good);
	ck_assert_str_eq(judge(text, length, NULL), "ok");
	ck_assert_str_eq(judge(text, length, PUBLIC), "ok");
	/* a proof, a leaf, a record, the checkpoint */
	first[12] = first[12] == 'A' ? 'B' : 'A';
	ck_assert_str_eq(judge(text, length, NULL), "content");
	first[12] = first[12] == 'A' ? 'B' : 'A';
	free(text);
	text = run_log("export", project, NULL, &err, &good);
	leaf = strstr(text, "\"leaf\":\"");
	leaf[9] = leaf[9] == '0' ? '1' : '0';
	ck_assert_str_eq(judge(text, length, NULL), "content");
	free(text);
	text = run_log("export", project, NULL, &err, &good);
	ck_assert_str_ne(judge(strchr(text, '\n') + 1,
			       strlen(strchr(text, '\n') + 1), NULL), "ok");
	ck_assert_str_ne(judge(text, length / 2, NULL), "ok");
	/* signed by somebody else */
	scratch_write(dir, "other.pub", "", 0);
	char *root = strstr(text, "\"checkpoint\":\"");
	char *mark = strrchr(root, '=');

	while (*mark == '=' || *mark == 'A')
		mark--;
	mark[-4] = mark[-4] == 'A' ? 'B' : 'A';
	ck_assert_str_eq(judge(text, length, PUBLIC), "badsig");
	free(text);
}
END_TEST

/* The proofs are those of the log: its own root comes out of each. */
START_TEST(export_every_record)
{
	struct error err;
	bool good;
	char *text = run_log("export", project, NULL, &err, &good);
	int lines = 0, proofs = 0;

	for (const char *c = text; (c = strchr(c, '\n')); c++)
		lines++;
	for (const char *c = text; (c = strstr(c, "\"proof\":[")); c++)
		proofs++;
	ck_assert_int_eq(proofs, lines - 1);
	ck_assert_ptr_nonnull(strstr(text, "{\"checkpoint\":\"suminuri/"));
	free(text);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("trace");
	TCase *c = tcase_create("trace");

	tcase_add_checked_fixture(c, setup, teardown);
	tcase_add_test(c, traced);
	tcase_add_test(c, traced_after_reopening);
	tcase_add_loop_test(c, withdrawn, 0, 3);
	tcase_add_loop_test(c, withheld, 3, 5);
	add_rows_test(c, misused, misuse);
	tcase_add_test(c, export_proofs);
	tcase_add_test(c, export_every_record);
	suite_add_tcase(s, c);
	return support_run(s);
}

/* check_tamper.c - bytes of a finished project changed one at a time: found
 * and classed, by the log command and the audit. */
#include "config.h"

#include "record/command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "record/export.h"
#include "tests/scratch.h"
#include "tests/support.h"

enum { ITEMS = 8, OUTPUTS = 5, SEEDED = 200 };

#define LOG "p/private/log/00000001.jsonl"

static char dir[SCRATCH_PATH];          /* of the running test */

static void setup(void)
{
	struct project *p;

	scratch_new(dir);
	p = scratch_project(dir);
	scratch_items(p, ITEMS);
	for (int i = 1; i <= ITEMS; i++)
		scratch_verdict(p, i, i % 2 ? ITEM_MASKED : ITEM_CLEAN);
	for (int i = 1; i <= OUTPUTS; i++) {
		ck_assert(scratch_stage(p, i, NULL));
		ck_assert(scratch_release(p, i, NULL));
	}
	ck_assert(project_close(p, NULL));
}

static void teardown(void)
{
	scratch_done(dir);
}

/* Run `log` with a verb; its output in *text (free it). */
static bool run_log(const char *verb, const char *format, char **text,
		    struct error *err)
{
	char directory[2 * SCRATCH_PATH];
	struct log_options o = { .verb = verb, .directory = directory,
				 .format = format };
	size_t size;
	FILE *out = open_memstream(text, &size);
	bool good;

	ck_assert_ptr_nonnull(out);
	scratch_join(directory, dir, "p");
	*err = (struct error){ 0 };
	good = log_command(&o, out, err);
	fclose(out);
	return good;
}

/* What `log check` says: class and line; "ok". */
static void check(char class_[16], long long *line)
{
	struct error err;
	char *text;
	bool good = run_log("check", NULL, &text, &err);
	const char *at = strstr(text, "\"class\":\"");

	*line = 0;
	snprintf(class_, 16, "ok");
	if (good) {
		ck_assert_ptr_nonnull(strstr(text, "\"status\":\"ok\""));
		ck_assert_ptr_null(at);
	} else {
		ck_assert_int_eq(err.code, ERR_CHECK);
		ck_assert_ptr_nonnull(strstr(text, "\"status\":\"failed\""));
		ck_assert_ptr_nonnull(at);
		ck_assert_int_eq(sscanf(at, "\"class\":\"%15[a-z]\",\"line\":"
					"%lld", class_, line), 2);
	}
	free(text);
}

/* 1-based number of the line that holds byte `at`. */
static long long line_of(const char *text, size_t at)
{
	long long line = 1;

	for (size_t i = 0; i < at; i++)
		line += text[i] == '\n';
	return line;
}

/* Change one byte, check, put it back. */
static void try_byte(char *text, size_t length, size_t at, char value)
{
	const char kept = text[at];
	const bool last = at + 1 == length;
	char class_[16];
	long long line;

	text[at] = value;
	scratch_write(dir, LOG, text, length);
	check(class_, &line);
	text[at] = kept;
	ck_assert_msg(!strcmp(class_, last ? "truncated" : "edit"),
		      "byte %zu: %s", at, class_);
	ck_assert_msg(line == line_of(text, at), "byte %zu: line %lld", at,
		      line);
}

START_TEST(sound)
{
	char class_[16];
	long long line;

	check(class_, &line);
	ck_assert_str_eq(class_, "ok");
}
END_TEST

/* Each byte of the last three records, in two ways. */
START_TEST(last_records)
{
	size_t length, start;
	char *text = scratch_read(dir, LOG, &length);
	int lines = 0;

	for (start = length - 1; lines < 3 && start > 0; start--)
		lines += text[start - 1] == '\n';
	start++;
	ck_assert_uint_gt(length - start, 1200);
	for (size_t at = start; at < length; at++) {
		try_byte(text, length, at, (char)(text[at] ^ 1));
		try_byte(text, length, at, text[at] == '0' ? '1' : '0');
	}
	free(text);
}
END_TEST

/* Log and head both put back to an earlier day, whole in themselves: the
 * worklist knows more. */
START_TEST(older_log)
{
	size_t length, head_length;
	char *text = scratch_read(dir, LOG, &length);
	char *head = scratch_read(dir, "p/private/log/head", &head_length);
	const long long lines = line_of(text, length - 1);
	char class_[16];
	long long line;

	ck_assert(project_close(scratch_project(dir), NULL));
	check(class_, &line);
	ck_assert_str_eq(class_, "ok");
	scratch_write(dir, LOG, text, length);
	scratch_write(dir, "p/private/log/head", head, head_length);
	check(class_, &line);
	ck_assert_str_eq(class_, "rollback");
	ck_assert_int_eq(line, lines);
	ck_assert_int_eq(scratch_check(dir).audit.log.fault, LOG_ROLLBACK);
	free(text);
	free(head);
}
END_TEST

START_TEST(seeded_bytes)
{
	size_t length;
	char *text = scratch_read(dir, LOG, &length);
	unsigned seed = 20261121;

	for (int i = 0; i < SEEDED; i++) {
		size_t at = (size_t)rand_r(&seed) % length;
		char value = (char)(rand_r(&seed) & 0xFF);

		if (value == text[at])
			value ^= 0x55;
		/* a new line end in a line makes two of it: the first of them
		   is the one found */
		try_byte(text, length, at, value);
	}
	free(text);
}
END_TEST

/* Each byte of the head file. */
START_TEST(head)
{
	size_t length;
	char *text = scratch_read(dir, "p/private/log/head", &length);
	char class_[16];
	long long line;

	for (size_t at = 0; at < length; at++) {
		const char kept = text[at];

		text[at] ^= 1;
		scratch_write(dir, "p/private/log/head", text, length);
		check(class_, &line);
		text[at] = kept;
		/* room may grow: it only says how far a kill may leave it */
		if (strstr(text, "\"room\":") + 7 == text + at)
			continue;
		ck_assert_msg(!strcmp(class_, "head") ||
			      !strcmp(class_, "edit") ||
			      !strcmp(class_, "truncated"), "byte %zu: %s", at,
			      class_);
	}
	free(text);
}
END_TEST

/* One seeded byte of each masks file; a masks file of another item. */
START_TEST(masks)
{
	char directory[2 * SCRATCH_PATH], class_[16];
	struct project_options o = { .directory = directory,
				     .reading = true };
	struct project *p;
	unsigned seed = 5;

	scratch_join(directory, dir, "p");
	for (int row = 1; row <= ITEMS; row++) {
		struct worklist_item item;
		char name[128];
		size_t length, at;
		long long line;

		p = project_open(&o, NULL);
		ck_assert_ptr_nonnull(p);
		ck_assert(worklist_get(p->worklist, row, &item, NULL));
		ck_assert(project_close(p, NULL));
		snprintf(name, sizeof(name), "p/private/masks/%s.%lld.jsonl",
			 item.id, item.verdict_seq);
		char *text = scratch_read(dir, name, &length);

		at = (size_t)rand_r(&seed) % length;
		text[at] ^= 4;
		scratch_write(dir, name, text, length);
		check(class_, &line);
		ck_assert_str_eq(class_, "content");
		ck_assert_int_eq(line, item.verdict_seq);
		text[at] ^= 4;
		scratch_write(dir, name, text, length - 1);
		check(class_, &line);
		ck_assert_str_eq(class_, "content");
		scratch_write(dir, name, text, length);
		check(class_, &line);
		ck_assert_str_eq(class_, "ok");
		free(text);
		worklist_item_done(&item);
	}
}
END_TEST

/* Every byte of five outputs. */
START_TEST(outputs)
{
	char directory[2 * SCRATCH_PATH];
	struct project_options o = { .directory = directory,
				     .reading = true };

	scratch_join(directory, dir, "p");
	for (int row = 1; row <= OUTPUTS; row++) {
		struct project *p = project_open(&o, NULL);
		struct worklist_item item;
		char name[256];
		size_t length;

		ck_assert_ptr_nonnull(p);
		ck_assert(worklist_get(p->worklist, row, &item, NULL));
		ck_assert(project_close(p, NULL));
		snprintf(name, sizeof(name), "p/out/%s", item.out_name);
		char *text = scratch_read(dir, name, &length);

		for (size_t at = 0; at < length; at++) {
			struct scratch_audit a;

			text[at] ^= 1;
			scratch_write(dir, name, text, length);
			a = scratch_check(dir);
			text[at] ^= 1;
			ck_assert_int_eq(a.by_fault[OUTPUT_CHANGED], 1);
			ck_assert_int_eq(a.by_fault[OUTPUT_SOUND],
					 OUTPUTS - 1);
		}
		scratch_write(dir, name, text, length);
		free(text);
		worklist_item_done(&item);
	}
}
END_TEST

/* ---- show and export ---- */

START_TEST(show)
{
	struct error err;
	char *text;
	int lines = 0;

	ck_assert(run_log("show", NULL, &text, &err));
	for (const char *c = text; *c; c++)
		lines += *c == '\n';
	ck_assert_int_eq(lines, 3 + 2 * ITEMS + ITEMS + 4 * OUTPUTS);
	ck_assert_ptr_nonnull(strstr(text, "item.verdict"));
	ck_assert_ptr_nonnull(strstr(text, "r-7f3a"));
	free(text);
}
END_TEST

static const struct {
	const char *format, *first;
} formats[] = {
	{ NULL, "{\"ev\":\"session.open\",\"leaf\":\"" },
	{ "json", "{\"ev\":\"session.open\",\"leaf\":\"" },
	{ "csv", "apart,basis,boxes,ev,item,leaf,mode,out_sha256,phase,pol,"
		 "qual,reason,recipient,refused,role,second,seq,t,tool,"
		 "verdict,who\r\n,,,session.open,," },
};

/* The export names nobody and leads back to nothing. */
START_TEST(export_view)
{
	char directory[2 * SCRATCH_PATH], hex[HASH_HEX];
	struct project_options o = { .directory = directory,
				     .reading = true };
	struct worklist_item item;
	struct project *p;
	struct error err;
	char *text;

	scratch_join(directory, dir, "p");
	p = project_open(&o, NULL);
	ck_assert(worklist_get(p->worklist, 1, &item, NULL));
	ck_assert(project_close(p, NULL));
	ck_assert(run_log("export", formats[_i].format, &text, &err));
	ck_assert_int_eq(strncmp(text, formats[_i].first,
				 strlen(formats[_i].first)), 0);
	ck_assert_ptr_null(strstr(text, "r-7f3a"));
	ck_assert_ptr_null(strstr(text, item.id));
	hash_hex(item.in_sha256, HASH_SIZE, hex);
	ck_assert_ptr_null(strstr(text, hex));
	hash_hex(item.mask_sha256, HASH_SIZE, hex);
	ck_assert_ptr_null(strstr(text, hex));
	ck_assert_ptr_null(strstr(text, "salt"));
	ck_assert_ptr_null(strstr(text, "mono"));
	hash_hex(item.out_sha256, HASH_SIZE, hex);
	ck_assert_ptr_nonnull(strstr(text, hex));
	ck_assert_ptr_nonnull(strstr(text, "2026-01-01T00:00:00Z"));
	ck_assert_ptr_null(strstr(text, "2026-01-01T00:00:01"));
	free(text);
	worklist_item_done(&item);
}
END_TEST

static int count_of(const char *text, const char *word)
{
	int count = 0;

	for (; (text = strstr(text, word)); text++)
		count++;
	return count;
}

/* Of what is not released nothing is told but that there are records. */
START_TEST(released_only)
{
	struct project *p = scratch_project(dir);
	struct worklist_item item;
	struct error err;
	char *text, hex[HASH_HEX];

	ck_assert(scratch_stage(p, OUTPUTS + 1, NULL));
	ck_assert(worklist_get(p->worklist, OUTPUTS + 1, &item, NULL));
	hash_hex(item.out_sha256, HASH_SIZE, hex);
	worklist_item_done(&item);
	ck_assert(project_close(p, NULL));
	ck_assert(run_log("export", "json", &text, &err));
	ck_assert_ptr_null(strstr(text, hex));
	ck_assert_int_eq(count_of(text, "item.listed"), OUTPUTS);
	ck_assert_int_eq(count_of(text, "item.verdict"), OUTPUTS);
	/* the others: leaf, proof, seq, v */
	ck_assert_int_gt(count_of(text, "\n{\"leaf\":"), ITEMS - OUTPUTS);
	scratch_write(dir, "export", text, strlen(text));
	free(text);
	ck_assert(run_log("export", "csv", &text, &err));
	ck_assert_ptr_null(strstr(text, hex));
	ck_assert_int_eq(count_of(text, "item.listed"), OUTPUTS);
	free(text);
	/* taken back it is no longer told of, and the file still holds */
	p = scratch_project(dir);
	ck_assert(worklist_get(p->worklist, 1, &item, NULL));
	ck_assert(project_reopen(p, &item, 9, NULL));
	worklist_item_done(&item);
	ck_assert(project_close(p, NULL));
	ck_assert(run_log("export", "json", &text, &err));
	ck_assert_int_eq(count_of(text, "item.verdict"), OUTPUTS - 1);
	free(text);
}
END_TEST

/* The file alone: every record has its proof, told or not. */
START_TEST(export_holds)
{
	char path[2 * SCRATCH_PATH];
	const struct trust trust = { .keys = 0 };
	struct export_check found;
	struct error err;
	size_t length;
	char *text, *log, *line;
	int records = 0;

	ck_assert(run_log("export", "json", &text, &err));
	log = scratch_read(dir, LOG, &length);
	for (size_t i = 0; i < length; i++)
		records += log[i] == '\n';
	free(log);
	scratch_write(dir, "export", text, strlen(text));
	scratch_join(path, dir, "export");
	ck_assert(export_check(path, &trust, &found, &err));
	ck_assert_int_eq(found.fault, LOG_OK);
	ck_assert_int_eq(found.records, records);
	ck_assert_int_eq(found.proved, records);
	/* a line that tells nothing is missed too */
	line = strstr(text, "\n{\"leaf\":");
	ck_assert_ptr_nonnull(line);
	length = strcspn(line + 1, "\n") + 1;
	memmove(line, line + length, strlen(line + length) + 1);
	scratch_write(dir, "export", text, strlen(text));
	ck_assert(export_check(path, &trust, &found, &err));
	ck_assert_int_ne(found.fault, LOG_OK);
	free(text);
}
END_TEST

static const struct {
	const char *verb, *format;
} misuse[] = {
	{ "chek", NULL }, { "", NULL }, { "check", "csv" },
	{ "export", "fhir" }, { "show", "json" },
};

START_TEST(misused)
{
	struct error err;
	char *text;

	ck_assert(!run_log(misuse[_i].verb, misuse[_i].format, &text, &err));
	ck_assert_int_eq(err.code, ERR_USAGE);
	ck_assert_str_eq(text, "");
	free(text);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("tamper");
	TCase *c = tcase_create("tamper");

	tcase_add_checked_fixture(c, setup, teardown);
	tcase_add_test(c, sound);
	tcase_add_test(c, last_records);
	tcase_add_test(c, older_log);
	tcase_add_test(c, seeded_bytes);
	tcase_add_test(c, head);
	tcase_add_test(c, masks);
	tcase_add_test(c, outputs);
	tcase_add_test(c, show);
	add_rows_test(c, export_view, formats);
	tcase_add_test(c, released_only);
	tcase_add_test(c, export_holds);
	add_rows_test(c, misused, misuse);
	suite_add_tcase(s, c);
	return support_run(s);
}

/* check_witness.c - a witness elsewhere: it signs a log that grew, nothing
 * else; and log check with what was kept elsewhere. */
#include "config.h"

#include "record/witness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "record/command.h"
#include "record/key_command.h"
#include "record/trust.h"
#include "tests/scratch.h"
#include "tests/support.h"

static char dir[SCRATCH_PATH], project[2 * SCRATCH_PATH];

static void setup(void)
{
	struct project *p;

	scratch_new(dir);
	scratch_join(project, dir, "p");
	p = scratch_project(dir);
	scratch_items(p, 20);
	ck_assert(project_close(p, NULL));
}

static void teardown(void)
{
	scratch_done(dir);
}

static void session(void)
{
	struct project_options o = { .directory = project };
	struct project *p = project_open(&o, NULL);

	ck_assert_ptr_nonnull(p);
	ck_assert(project_close(p, NULL));
}

/* Run the command; what it prints becomes the file `to` of the scratch. */
static bool run(struct witness_options o, const char *to, struct error *err)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	bool good;

	*err = (struct error){ 0 };
	good = witness_command(&o, out, err);
	fclose(out);
	scratch_write(dir, to, text, size);
	free(text);
	return good;
}

static bool export(long since, bool line, const char *to, struct error *err)
{
	return run((struct witness_options){ .verb = "export",
					     .argument = project,
					     .since = since, .line = line },
		   to, err);
}

static bool cosign(const char *from, const char *keys, const char *to,
		   struct error *err)
{
	char request[2 * SCRATCH_PATH], folder[2 * SCRATCH_PATH],
	     public[2 * SCRATCH_PATH];

	scratch_join(request, dir, from);
	scratch_join(folder, dir, "w");
	scratch_join(public, dir, keys ? keys : "");
	return run((struct witness_options){ .verb = "cosign",
					     .argument = request,
					     .folder = folder,
					     .name = "ward-7",
					     .keys = keys ? public : NULL },
		   to, err);
}

#define PUBLIC "p/private/keys/log.pub"

/* `log check` with files of the scratch: its class, "ok", or the error. */
static const char *check(const char *keys, const char *witness)
{
	static char class_[32];
	char key_path[2 * SCRATCH_PATH], witness_path[2 * SCRATCH_PATH];
	struct log_options o = { .verb = "check", .directory = project };
	struct error err = { 0 };
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	scratch_join(key_path, dir, keys ? keys : "");
	scratch_join(witness_path, dir, witness ? witness : "");
	o.keys = keys ? key_path : NULL;
	o.witness = witness ? witness_path : NULL;
	bool good = log_command(&o, out, &err);

	fclose(out);
	const char *at = strstr(text, "\"class\":\"");

	snprintf(class_, sizeof(class_), "%s", good ? "ok" : at ? "" :
		 err.code == ERR_USAGE ? "usage" : "error");
	if (!good && at)
		ck_assert_int_eq(sscanf(at, "\"class\":\"%15[a-z]\"", class_),
				 1);
	free(text);
	return class_;
}

START_TEST(grows)
{
	struct error err;
	char *text;
	size_t length;

	ck_assert(export(0, false, "r0", &err));
	/* a log that is new, and nobody says whose it is */
	ck_assert(!cosign("r0", NULL, "n0", &err));
	ck_assert_int_eq(err.code, ERR_USAGE);
	ck_assert_msg(cosign("r0", PUBLIC, "n0", &err), "%s", err.text);
	ck_assert_str_eq(check(PUBLIC, "n0"), "ok");
	ck_assert_str_eq(check("w/witness.pub", "n0"), "ok");
	session();
	/* it has seen 43: a proof from there is needed */
	ck_assert(export(0, false, "r1", &err));
	ck_assert(!cosign("r1", NULL, "n1", &err));
	ck_assert_ptr_nonnull(strstr(err.text, "--since=43"));
	ck_assert(export(43, false, "r1", &err));
	ck_assert_msg(cosign("r1", NULL, "n1", &err), "%s", err.text);
	text = scratch_read(dir, "n1", &length);
	ck_assert_ptr_nonnull(strstr(text, "\xE2\x80\x94 ward-7 "));
	free(text);
	ck_assert_str_eq(check(PUBLIC, "n1"), "ok");
	/* the same again is no harm; the one before is */
	ck_assert(export(45, false, "r1", &err));
	ck_assert(cosign("r1", NULL, "n1", &err));
	ck_assert(!cosign("r0", NULL, "n2", &err));
	ck_assert_int_eq(err.code, ERR_CHECK);
	ck_assert_ptr_nonnull(strstr(err.text, "rollback"));
	/* n0 is still true */
	ck_assert_str_eq(check(PUBLIC, "n0"), "ok");
	ck_assert(!export(46, false, "r2", &err));
	ck_assert_int_eq(err.code, ERR_USAGE);
}
END_TEST

/* One printed line, as it was typed in later. */
START_TEST(line)
{
	struct error err;
	char *text;
	size_t length;

	ck_assert(export(0, true, "line", &err));
	text = scratch_read(dir, "line", &length);
	ck_assert_int_eq(strncmp(text, "suminuri/", 9), 0);
	ck_assert_ptr_eq(strchr(text, '\n'), text + length - 1);
	ck_assert_uint_lt(length, 80);
	ck_assert_str_eq(check(NULL, "line"), "ok");
	session();
	ck_assert_str_eq(check(PUBLIC, "line"), "ok");
	text[length - 10] = text[length - 10] == 'A' ? 'B' : 'A';
	scratch_write(dir, "line", text, length);
	ck_assert_str_eq(check(NULL, "line"), "fork");
	text[10] = text[10] == '0' ? '1' : '0';
	scratch_write(dir, "line", text, length);
	ck_assert_str_eq(check(NULL, "line"), "fork");
	scratch_write(dir, "line", "hello", 5);
	ck_assert_str_eq(check(NULL, "line"), "usage");
	ck_assert_str_eq(check("line", NULL), "usage");
	ck_assert_str_eq(check("none", NULL), "usage");
	free(text);
}
END_TEST

/* All of the project put back to an earlier day: nobody inside can know. */
START_TEST(put_back_whole)
{
	struct error err;

	char *parts[5];
	size_t length[5];
	static const char *const names[5] = {
		"p/private/log/00000001.jsonl", "p/private/log/head",
		"p/private/log/checkpoints.txt", "p/private/log/checkpoint",
		"p/private/worklist.db",
	};

	for (int i = 0; i < 5; i++)
		parts[i] = scratch_read(dir, names[i], &length[i]);
	session();
	ck_assert(export(0, false, "r", &err));
	ck_assert(cosign("r", PUBLIC, "n", &err));
	for (int i = 0; i < 5; i++)
		scratch_write(dir, names[i], parts[i], length[i]);
	ck_assert_str_eq(check(PUBLIC, NULL), "ok");
	ck_assert_str_eq(check(NULL, "n"), "rollback");
	/* the witness refuses it, and the branch that goes on from there */
	ck_assert(export(0, false, "r", &err));
	ck_assert(!cosign("r", NULL, "n2", &err));
	ck_assert_ptr_nonnull(strstr(err.text, "rollback"));
	session();
	session();
	ck_assert_str_eq(check(PUBLIC, NULL), "ok");
	ck_assert_str_eq(check(PUBLIC, "n"), "fork");
	ck_assert(export(45, false, "r", &err));
	ck_assert(!cosign("r", NULL, "n2", &err));
	ck_assert_ptr_nonnull(strstr(err.text, "fork"));
	for (int i = 0; i < 5; i++)
		free(parts[i]);
}
END_TEST

/* Every byte of a request: refused, or it says the same. */
START_TEST(every_byte)
{
	struct error err;
	char *text, *seen, *now;
	size_t length, seen_length, now_length;
	char name[64];

	ck_assert(export(0, false, "r0", &err));
	ck_assert(cosign("r0", PUBLIC, "n0", &err));
	session();
	ck_assert(export(43, false, "r", &err));
	text = scratch_read(dir, "r", &length);
	char *origin = strstr(text, "suminuri/");

	snprintf(name, sizeof(name), "w/%.16s.seen", origin + 9);
	seen = scratch_read(dir, name, &seen_length);
	for (size_t at = 0; at < length; at++) {
		text[at] ^= 1;
		scratch_write(dir, "r", text, length);
		text[at] ^= 1;
		ck_assert_msg(!cosign("r", NULL, "n", &err), "byte %zu", at);
		now = scratch_read(dir, name, &now_length);
		ck_assert_uint_eq(now_length, seen_length);
		ck_assert_mem_eq(now, seen, seen_length);
		free(now);
	}
	scratch_write(dir, "r", text, length);
	ck_assert(cosign("r", NULL, "n", &err));
	free(seen);
	free(text);
}
END_TEST

/* Keys: the first one leads to its successors; nobody else's does. */
START_TEST(keys)
{
	char *text, *all, *other;
	struct error err;
	size_t length;
	FILE *sink = fopen("/dev/null", "w");

	text = scratch_read(dir, PUBLIC, &length);
	scratch_write(dir, "first.pub", text, length);
	ck_assert_str_eq(check("first.pub", NULL), "ok");
	ck_assert(key_command("new", project, NULL, sink, &err));
	session();
	ck_assert_str_eq(check("first.pub", NULL), "ok");
	all = scratch_read(dir, PUBLIC, &length);
	scratch_write(dir, "second.pub", strchr(all, '\n') + 1,
		      strlen(strchr(all, '\n') + 1));
	ck_assert_str_eq(check("second.pub", NULL), "ok");
	/* lost, so that nobody handed over */
	char path[2 * SCRATCH_PATH];

	scratch_join(path, dir, "p/private/keys/log.key");
	ck_assert_int_eq(unlink(path), 0);
	ck_assert(key_command("new", project, NULL, sink, &err));
	ck_assert_str_eq(check(NULL, NULL), "ok");
	ck_assert_str_eq(check("first.pub", NULL), "badsig");
	ck_assert_str_eq(check("second.pub", NULL), "badsig");
	ck_assert_str_eq(check(PUBLIC, NULL), "ok");
	/* a key of another log */
	other = strdup("suminuri/0123456789abcdef+b3ae9c69+AQEBAQEBAQEBAQEBAQE"
		       "BAQEBAQEBAQEBAQEBAQEBAQEB\n");
	scratch_write(dir, "other.pub", other, strlen(other));
	ck_assert_str_ne(check("other.pub", NULL), "ok");
	free(other);
	free(all);
	free(text);
	fclose(sink);
}
END_TEST

static const struct witness_options misuse[] = {
	{ .verb = "look", .argument = "p" },
	{ .verb = "export", .argument = "p", .folder = "w" },
	{ .verb = "export", .argument = "p", .keys = "k" },
	{ .verb = "cosign", .argument = "r", .folder = "w", .since = 3 },
	{ .verb = "cosign", .argument = "r", .folder = "w", .line = true },
	{ .verb = "cosign", .argument = "r" },
	{ .verb = "cosign", .argument = "none", .folder = "w" },
};

START_TEST(misused)
{
	struct error err;

	ck_assert(!run(misuse[_i], "out", &err));
	ck_assert_int_eq(err.code, ERR_USAGE);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("witness");
	TCase *c = tcase_create("witness");

	tcase_add_checked_fixture(c, setup, teardown);
	tcase_add_test(c, grows);
	tcase_add_test(c, line);
	tcase_add_test(c, put_back_whole);
	tcase_add_test(c, every_byte);
	tcase_add_test(c, keys);
	add_rows_test(c, misused, misuse);
	suite_add_tcase(s, c);
	return support_run(s);
}

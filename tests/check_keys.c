/* check_keys.c - the key that signs a project's log: made, changed, retired,
 * lost, and every place where a kill may stop a change. */
#include "config.h"

#include "record/keys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "record/command.h"
#include "record/key_command.h"
#include "record/note.h"
#include "tests/scratch.h"
#include "tests/support.h"

#define SECRET "p/private/keys/log.key"
#define NEXT "p/private/keys/log.key.new"
#define PUBLIC "p/private/keys/log.pub"
#define KEPT "kept.pub"

static char dir[SCRATCH_PATH];

static void setup(void)
{
	struct project *p;

	scratch_new(dir);
	p = scratch_project(dir);
	scratch_items(p, 2);
	ck_assert(project_close(p, NULL));
}

static void teardown(void)
{
	scratch_done(dir);
}

static void is_sound(const char *what)
{
	struct scratch_audit a = scratch_check(dir);

	ck_assert_msg(a.audit.log.fault == LOG_OK, "%s: %s", what,
		      log_fault_name[a.audit.log.fault]);
}

static struct project *open_project(bool key_lost, struct error *err)
{
	char directory[2 * SCRATCH_PATH];
	const struct project_options o = { .directory = directory,
					   .key_lost = key_lost };

	scratch_join(directory, dir, "p");
	return project_open(&o, err);
}

/* What `key VERB` prints; lines. */
static int run(const char *verb, char **text, struct error *err)
{
	char directory[2 * SCRATCH_PATH];
	size_t size;
	FILE *out = open_memstream(text, &size);
	int lines = 0;

	scratch_join(directory, dir, "p");
	*err = (struct error){ 0 };
	bool good = key_command(verb, directory, NULL, out, err);

	fclose(out);
	for (const char *c = *text; *c; c++)
		lines += *c == '\n';
	return good ? lines : -1;
}

START_TEST(commands)
{
	char joined[2 * SCRATCH_PATH], *text, *again;
	struct note_key key;
	struct stat status;
	struct error err;
	size_t length;

	ck_assert_int_eq(run("show", &text, &err), 1);
	ck_assert(note_key_parse(text, strlen(text) - 1, &key));
	ck_assert_int_eq(strncmp(key.name, "suminuri/", 9), 0);
	ck_assert_int_eq(run("new", &again, &err), 2);
	ck_assert_int_eq(strncmp(again, text, strlen(text)), 0);
	ck_assert(!scratch_has(dir, NEXT));
	free(again);
	is_sound("changed");
	scratch_join(joined, dir, SECRET);
	ck_assert_int_eq(stat(joined, &status), 0);
	ck_assert_int_eq(status.st_mode & 0777, 0600);
	ck_assert_int_eq(run("retire", &again, &err), 2);
	free(again);
	ck_assert(!scratch_has(dir, SECRET));
	is_sound("retired");
	/* it goes on without one, until there is another */
	ck_assert(project_close(open_project(false, NULL), NULL));
	ck_assert(!scratch_has(dir, SECRET));
	is_sound("unsigned");
	ck_assert_int_eq(run("retire", &again, &err), -1);
	ck_assert_int_eq(err.code, ERR_USAGE);
	free(again);
	ck_assert_int_eq(run("new", &again, &err), 3);
	is_sound("signed again");
	free(again);
	ck_assert_int_eq(run("knew", &again, &err), -1);
	ck_assert_int_eq(err.code, ERR_USAGE);
	free(again);
	/* no secret in what is printed or public */
	free(text);
	text = scratch_read(dir, SECRET, &length);
	ck_assert_uint_eq(length, SIGN_KEY);
	free(text);
}
END_TEST

START_TEST(lost)
{
	char joined[2 * SCRATCH_PATH], *text;
	struct error err = { 0 };
	size_t length;

	scratch_join(joined, dir, SECRET);
	ck_assert_int_eq(unlink(joined), 0);
	ck_assert_ptr_null(open_project(false, &err));
	ck_assert_int_eq(err.code, ERR_CHECK);
	is_sound("without its key");
	scratch_write(dir, SECRET, "0123456789abcdef0123456789abcdef", 32);
	ck_assert_ptr_null(open_project(false, &err));
	text = scratch_read(dir, SECRET, &length);
	ck_assert_mem_eq(text, "0123456789abcdef0123456789abcdef", 32);
	free(text);
	ck_assert_int_eq(run("new", &text, &err), 2);
	free(text);
	is_sound("with another");
	ck_assert(project_close(open_project(false, &err), NULL));
	is_sound("and on");
}
END_TEST

/* What log check says with the key that was kept from the beginning. */
static const char *check_kept(void)
{
	char project[2 * SCRATCH_PATH], kept[2 * SCRATCH_PATH], *text;
	const struct log_options o = { .verb = "check", .directory = project,
				       .keys = kept };
	struct error err = { 0 };
	size_t size;
	FILE *out = open_memstream(&text, &size);
	const char *said;

	scratch_join(project, dir, "p");
	scratch_join(kept, dir, KEPT);
	said = log_command(&o, out, &err) ? "ok" : "no";
	fclose(out);
	if (strstr(text, "\"badsig\""))
		said = "badsig";
	free(text);
	return said;
}

static void keep_key(void)
{
	size_t length;
	char *text = scratch_read(dir, PUBLIC, &length);

	scratch_write(dir, KEPT, text, length);
	free(text);
}

/* A key that nobody handed over to: at the end nothing signed it yet, as a
 * kill leaves it; before other records it is somebody else's. */
START_TEST(not_handed)
{
	struct project *p = open_project(false, NULL);
	struct log_record r = LOG_RECORD_EMPTY;
	const uint8_t public[SIGN_KEY] = { 7 };

	ck_assert_ptr_nonnull(p);
	keep_key();
	r.key = public;
	ck_assert(log_append(p->log, LOG_KEY_NEW, &r, NULL, NULL));
	if (_i) {
		r = LOG_RECORD_EMPTY;
		r.phase = "intent";
		ck_assert(log_append(p->log, LOG_ERASE, &r, NULL, NULL));
	}
	project_abandon(p);
	ck_assert_str_eq(check_kept(), _i ? "badsig" : "ok");
}
END_TEST

/* Where the last note before `end` begins: behind an empty line, and not with
 * its signatures. */
static char *last_note(char *text, char *end)
{
	char *at = end - 2;

	while (at > text && (at[-1] != '\n' || at[-2] != '\n' ||
			     !memcmp(at, "\xE2\x80\x94", 3)))
		at--;
	return at;
}

/* The last two signed notes are not there; the latest is the one before. */
static void lose_notes(void)
{
	size_t length;
	char *text = scratch_read(dir, "p/private/log/checkpoints.txt",
				  &length);
	char *cut = text + length, *latest;

	cut = last_note(text, last_note(text, cut));
	scratch_write(dir, "p/private/log/checkpoints.txt", text,
		      (size_t)(cut - text));
	latest = last_note(text, cut);
	scratch_write(dir, "p/private/log/checkpoint", latest,
		      (size_t)(cut - latest) - 1);
	free(text);
}

/* Stopped between the steps of `key new`: the next start finishes it. */
START_TEST(killed)
{
	uint8_t next[SIGN_KEY] = { 42 };
	struct project *p;
	struct error err = { 0 };
	char *old, *now;
	size_t length;

	keep_key();
	old = scratch_read(dir, SECRET, &length);
	/* the next secret is there, the log knows nothing of it */
	scratch_write(dir, NEXT, next, SIGN_KEY);
	ck_assert(project_close(open_project(false, &err), NULL));
	is_sound("not begun");
	/* the log names it, which the old one signed or did not any more */
	p = open_project(false, &err);
	ck_assert_ptr_nonnull(p);
	ck_assert(log_change_key(p->log, next, NULL));
	project_abandon(p);
	now = scratch_read(dir, SECRET, &length);
	ck_assert_mem_eq(now, old, SIGN_KEY);
	free(now);
	if (_i == 1) {          /* the secret was overwritten already */
		char zeros[SIGN_KEY] = "";

		scratch_write(dir, SECRET, zeros, SIGN_KEY);
	}
	if (_i == 2)            /* no signature of either came to be */
		lose_notes();
	ck_assert_str_eq(check_kept(), "ok");
	p = open_project(false, &err);
	ck_assert_msg(p != NULL, "%s", err.text);
	ck_assert(project_close(p, NULL));
	is_sound("finished");
	ck_assert_str_eq(check_kept(), "ok");
	ck_assert(!scratch_has(dir, NEXT));
	now = scratch_read(dir, SECRET, &length);
	ck_assert_mem_eq(now, next, SIGN_KEY);
	free(now);
	free(old);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("keys");
	TCase *c = tcase_create("keys");

	tcase_add_checked_fixture(c, setup, teardown);
	tcase_add_test(c, commands);
	tcase_add_test(c, lost);
	tcase_add_loop_test(c, killed, 0, 3);
	tcase_add_loop_test(c, not_handed, 0, 2);
	suite_add_tcase(s, c);
	return support_run(s);
}

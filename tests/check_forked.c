/* check_forked.c - what is heard of a forked process, and how its end reads. */
#include "config.h"

#include "process/forked.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "tests/support.h"

/* What the process does. */
struct part {
	const char *sends;
	int signal, status;             /* how it ends: by the signal, or so */
	enum heard heard;
	enum reason reason;             /* REASON_NONE: it ended well */
	long long number;
};

static void work(void *self, pid_t parent, int pipe_fd)
{
	const struct part *part = self;

	if (getppid() != parent)
		_exit(1);
	forked_write(pipe_fd, part->sends, strlen(part->sends));
	if (part->signal)
		raise(part->signal);
	if (part->status >= 0)
		_exit(part->status);
}

static const struct part parts[] = {
	{ "aOK", 0, 0, HEARD_ALL, REASON_NONE, 0 },
	{ "pppaOK", 0, 0, HEARD_ALL, REASON_NONE, 0 },
	{ "paOK", 0, 1, HEARD_ALL, REASON_PROTOCOL, 0 },
	{ "paOK", 0, -1, HEARD_ALL, REASON_PROTOCOL, 0 },
	{ "paOK", SIGKILL, 0, HEARD_ALL, REASON_CRASHED, SIGKILL },
	{ "ppp", SIGKILL, 0, HEARD_NOTHING, REASON_CRASHED, SIGKILL },
	{ "paO", SIGUSR1, 0, HEARD_NOTHING, REASON_CRASHED, SIGUSR1 },
	{ "paO", 0, 0, HEARD_NOTHING, REASON_PROTOCOL, 0 },
	{ "", 0, 0, HEARD_NOTHING, REASON_PROTOCOL, 0 },
	{ "pqaOK", 0, 0, HEARD_NONSENSE, REASON_PROTOCOL, 0 },
};

START_TEST(answers_and_ends)
{
	struct part part = parts[_i];
	struct error err = { 0 };
	struct forked f;
	char answer[2];
	enum heard heard;

	ck_assert(forked_start(&f, work, &part, &err));
	heard = forked_answer(&f, answer, sizeof(answer));
	ck_assert_int_eq(heard, part.heard);
	if (heard == HEARD_ALL)
		ck_assert_mem_eq(answer, "OK", 2);
	ck_assert(forked_end(&f, heard, &err) == !part.reason);
	ck_assert_int_eq(err.reason, part.reason);
	ck_assert_int_eq(err.number, part.number);
	ck_assert(kill(f.pid, 0) != 0);         /* it was waited for */
}
END_TEST

/* One that still runs when nothing more is wanted of it. */
static void stay(void *self, pid_t parent, int pipe_fd)
{
	(void)self, (void)parent;
	forked_tell(&pipe_fd, 0);
	for (;;)
		pause();
}

START_TEST(one_that_is_not_heard_out_is_killed)
{
	struct error err = { 0 };
	struct forked f;
	char byte;

	ck_assert(forked_start(&f, stay, NULL, &err));
	ck_assert_int_eq(forked_read(&f, &byte, 1), HEARD_ALL);
	ck_assert(!forked_end(&f, HEARD_SILENCE, &err));
	ck_assert_int_eq(err.code, ERR_REFUSED);
	ck_assert_int_eq(err.reason, REASON_TOO_SLOW);
	ck_assert(kill(f.pid, 0) != 0);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("forked");
	TCase *c = tcase_create("forked");

	add_rows_test(c, answers_and_ends, parts);
	tcase_add_test(c, one_that_is_not_heard_out_is_killed);
	suite_add_tcase(s, c);
	return support_run(s);
}

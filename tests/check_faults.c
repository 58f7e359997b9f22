/*
 * check_faults.c - each system call of the commit path fails once, or from
 * then on: nothing that was acknowledged is lost, and the next start needs no
 * person (notes: DESIGN 5.3).
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/user.h>
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

/* What may fail: all that changes or names a file, and what takes memory. */
static const long calls[] = {
	SYS_openat, SYS_write, SYS_pwrite64, SYS_fsync, SYS_fdatasync,
	SYS_ftruncate, SYS_linkat, SYS_renameat, SYS_renameat2, SYS_unlinkat,
	SYS_mkdirat, SYS_fchmod, SYS_close, SYS_mmap, SYS_brk, SYS_read,
	SYS_pread64, SYS_fcntl, SYS_flock,
#ifdef SYS_rename
	SYS_rename, SYS_unlink, SYS_open, SYS_mkdir, SYS_link,
#endif
};

enum { SHORT_WRITE = -1 };              /* one byte is written */

static const struct {
	const char *name;
	int number;                     /* errno */
	bool stays;                     /* all later ones fail too */
} faults[] = {
	{ "ENOSPC", ENOSPC, true },
	{ "ENOSPC once", ENOSPC, false },
	{ "EIO", EIO, true },
	{ "EIO once", EIO, false },
	{ "EDQUOT once", EDQUOT, false },
	{ "EROFS", EROFS, true },
	{ "EMFILE once", EMFILE, false },
	{ "ENOMEM", ENOMEM, true },
	{ "ENOMEM once", ENOMEM, false },
	{ "EINTR once", EINTR, false },
	{ "short write", SHORT_WRITE, false },
};

/* The address sanitizer gets its own memory by the same calls, and gives up
 * when they fail. */
#ifdef __SANITIZE_ADDRESS__
enum { MEMORY_MAY_FAIL = false };
#else
enum { MEMORY_MAY_FAIL = true };
#endif

static bool may_fail(int fault, long call)
{
	int number = faults[fault].number;

	/* a full disk refuses no reading, closing or memory */
	bool space = number == ENOSPC || number == EDQUOT || number == EROFS;
	bool harmless = call == SYS_close || call == SYS_mmap ||
			call == SYS_brk || call == SYS_read ||
			call == SYS_pread64 || call == SYS_fcntl ||
			call == SYS_flock;
	bool memory = call == SYS_mmap || call == SYS_brk;

	if (memory && !MEMORY_MAY_FAIL)
		return false;
	if (number == SHORT_WRITE)
		return call == SYS_write || call == SYS_pwrite64;
	if (number == ENOMEM && faults[fault].stays)
		return memory;
	/* SQLite waits two seconds for a lock it can't get */
	if ((space && harmless) || (call == SYS_fcntl && number != EIO))
		return false;
	for (size_t i = 0; i < ARRAY_LENGTH(calls); i++)
		if (calls[i] == call)
			return true;
	return false;
}

#ifdef __x86_64__

enum { LEAVE = 1 };                     /* no call comes to that */

/* At the stop before a call: let it fail (as no call at all), or write one
 * byte only.  Returns what its result has to be afterwards, or LEAVE. */
static int spoil(pid_t child, int fault)
{
	struct user_regs_struct regs;
	int result = -faults[fault].number;

	ck_assert_int_eq(ptrace(PTRACE_GETREGS, child, NULL, &regs), 0);
	if (faults[fault].number == SHORT_WRITE) {
		regs.rdx = regs.rdx > 1 ? 1 : regs.rdx;
		result = LEAVE;
	} else {
		/* brk() fails by an end below the one that was asked for */
		if (regs.orig_rax == SYS_brk)
			result = 0;
		regs.orig_rax = (unsigned long long)-1;
	}
	ck_assert_int_eq(ptrace(PTRACE_SETREGS, child, NULL, &regs), 0);
	return result;
}

static void set_result(pid_t child, int result)
{
	struct user_regs_struct regs;

	if (result == LEAVE)
		return;
	ck_assert_int_eq(ptrace(PTRACE_GETREGS, child, NULL, &regs), 0);
	regs.rax = (unsigned long long)(long long)result;
	ck_assert_int_eq(ptrace(PTRACE_SETREGS, child, NULL, &regs), 0);
}

static long call_of(pid_t child)
{
	struct user_regs_struct regs;

	ck_assert_int_eq(ptrace(PTRACE_GETREGS, child, NULL, &regs), 0);
	return (long)regs.orig_rax;
}

/* Go on to the next stop, with the signal it got, if any.  False: it ended. */
static bool step(pid_t child, int *status)
{
	const long number = WSTOPSIG(*status);
	const bool ours = number == SIGTRAP || number == SIGSTOP;

	ptrace(PTRACE_SYSCALL, child, NULL, ours ? 0 : number);
	ck_assert_int_eq(waitpid(child, status, 0), child);
	return WIFSTOPPED(*status);
}

/* In the child: what its checks tell goes nowhere.  A write to the file of
 * Check's messages, which parent and child share, may be the one that fails,
 * and a torn message ends the whole suite. */
static void leave_messages(int told)
{
	int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (nowhere < 0)
		_exit(77);
	for (int fd = STDERR_FILENO + 1; fd < told; fd++)
		if (dup2(nowhere, fd) != fd)
			_exit(77);
	/* memory is asked of the kernel, which can refuse it */
	malloc_trim(0);
}

/*
 * Run the full way; its n-th call that may fail does.  *hit: it came to that.
 * Returns the exit status, -1 when nobody may trace here.
 */
static int run_spoiled(int fault, int n, int told, bool *hit)
{
	pid_t child = fork();
	int status, seen = 0;

	if (child == 0) {
		leave_messages(told);
		if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0)
			_exit(77);
		raise(SIGSTOP);
		journey_full_way(dir, told);
	}
	*hit = false;
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	while (WIFSTOPPED(status) && step(child, &status)) {
		bool fail = may_fail(fault, call_of(child)) &&
			    (++seen == n || (seen > n &&
					     faults[fault].stays));
		int result = fail ? spoil(child, fault) : LEAVE;

		*hit = *hit || fail;
		if (!step(child, &status))
			break;
		set_result(child, result);
	}
	ck_assert_msg(WIFEXITED(status), "%s, call %d: ended by signal %d",
		      faults[fault].name, n, WTERMSIG(status));
	return WEXITSTATUS(status) == 77 ? -1 : WEXITSTATUS(status);
}

/* Of how many calls one is taken: `make check` looks at some, check-long at
 * many, `make nightly` at each. */
static int stride(int fault)
{
	const char *set = getenv("SUMI_LONG");
	const bool few = faults[fault].number == SHORT_WRITE ||
			 (faults[fault].number == ENOMEM &&
			  faults[fault].stays);

	if (set && !strcmp(set, "2"))
		return 1;
	if (set && !strcmp(set, "1"))
		return few ? 1 : 4;
	return few ? 7 : 37;
}

START_TEST(every_call_fails)
{
	const int step_size = stride(_i);
	bool hit = true;
	int runs = 0, failed = 0;

	if (faults[_i].number == ENOMEM && faults[_i].stays &&
	    !MEMORY_MAY_FAIL)
		return;
	for (int n = 1 + _i % step_size; hit; n += step_size) {
		int told[2], acknowledged[3] = { 0 }, status;

		journey_prepare(dir);
		ck_assert_int_eq(pipe(told), 0);
		status = run_spoiled(_i, n, told[1], &hit);
		close(told[1]);
		journey_listen(told[0], acknowledged, -1);
		close(told[0]);
		journey_check(dir, acknowledged, 2);
		scratch_done(dir);
		ck_assert_int_eq(mkdir(dir, 0700), 0);
		if (status < 0)
			return;         /* nobody may trace here */
		ck_assert_msg(status != 6, "%s, call %d: no word of it",
			      faults[_i].name, n);
		runs++;
		failed += status != 0;
	}
	printf("%s: %d calls, %d stopped the way\n", faults[_i].name, runs - 1,
	       failed);
	ck_assert_int_gt(runs, 1);
	/* short writes and interruptions are gone on with, and there may be
	   memory enough without more of it */
	ck_assert(failed > 0 || faults[_i].number == SHORT_WRITE ||
		  faults[_i].number == EINTR || faults[_i].number == ENOMEM);
}
END_TEST

/* Is the call a sync of a file or folder of ours?  SQLite writes again before
 * it syncs again. */
static bool is_sync(pid_t child, int *fd)
{
	struct user_regs_struct regs;
	char link[64], place[512] = "";

	ck_assert_int_eq(ptrace(PTRACE_GETREGS, child, NULL, &regs), 0);
	if (regs.orig_rax != SYS_fsync && regs.orig_rax != SYS_fdatasync)
		return false;
	*fd = (int)regs.rdi;
	snprintf(link, sizeof(link), "/proc/%d/fd/%d", (int)child, *fd);
	if (readlink(link, place, sizeof(place) - 1) < 0)
		return false;
	return !strstr(place, "/worklist.db");
}

/* Is it the close of this descriptor? */
static bool is_close(pid_t child, int fd)
{
	struct user_regs_struct regs;

	ck_assert_int_eq(ptrace(PTRACE_GETREGS, child, NULL, &regs), 0);
	return regs.orig_rax == SYS_close && (int)regs.rdi == fd;
}

/*
 * Run the stubborn way; its n-th sync fails with EIO.  Returns how many syncs
 * of that descriptor follow; -1 when there was no n-th; -2 when nobody may
 * trace here.
 */
static int syncs_after_failure(int n, int told)
{
	const int eio = 3;              /* of faults */
	pid_t child = fork();
	int status, seen = 0, failed = -1, again = 0, fd;

	if (child == 0) {
		leave_messages(told);
		if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0)
			_exit(77);
		raise(SIGSTOP);
		journey_stubborn(dir, told);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	while (WIFSTOPPED(status) && step(child, &status)) {
		bool sync = is_sync(child, &fd), fail = sync && ++seen == n;
		int result = LEAVE;

		again += failed >= 0 && sync && fd == failed;
		if (failed >= 0 && is_close(child, failed))
			failed = -1;
		if (fail) {
			failed = fd;
			result = spoil(child, eio);
		}
		if (!step(child, &status))
			break;
		set_result(child, result);
	}
	if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
		return -2;
	return seen < n ? -1 : again;
}

/* What a disk said it lost is not asked for again: the second answer of one
 * descriptor is no answer. */
START_TEST(no_sync_is_repeated)
{
	int again = 0, runs = 0;

	for (int n = 1; again >= 0; n++) {
		int told[2], acknowledged[3] = { 0 };

		journey_prepare(dir);
		ck_assert_int_eq(pipe(told), 0);
		again = syncs_after_failure(n, told[1]);
		close(told[1]);
		journey_listen(told[0], acknowledged, -1);
		close(told[0]);
		ck_assert_msg(again <= 0, "sync %d was tried again %d times",
			      n, again);
		journey_check(dir, acknowledged, 2);
		scratch_done(dir);
		ck_assert_int_eq(mkdir(dir, 0700), 0);
		runs++;
	}
	ck_assert(again == -2 || runs > 20);
	printf("%d syncs, none tried again\n", runs - 1);
}
END_TEST

#endif

int main(void)
{
	Suite *s = suite_create("faults");
	TCase *c = tcase_create("faults");

	tcase_add_checked_fixture(c, setup, teardown);
	tcase_set_timeout(c, 600);
#ifdef __x86_64__
	tcase_add_loop_test(c, every_call_fails, 0,
			    (int)ARRAY_LENGTH(faults));
	tcase_add_test(c, no_sync_is_repeated);
#endif
	suite_add_tcase(s, c);
	return support_run(s);
}

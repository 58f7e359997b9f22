/*
 * inject.c - runs a program, and all that it starts, and lets one of their
 * system calls fail: the n-th of those that change files, or all from it on.
 *
 *	inject ERROR N once|on COMMAND [ARGUMENT]...
 *
 * ERROR: ENOSPC EIO EDQUOT EROFS EMFILE ENOMEM, SHORT (a write of one byte),
 * or KILL (SIGKILL for all of them, before the call).  Ends with the status of
 * the command, 128 + n for a signal; 120 when there was no n-th call (the
 * command ran as usual); 77 where nobody may trace.  Calls count from the
 * first umask() on, with which our main() begins: the dynamic loader before it
 * crashes when it can't read.
 */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NEVER = 120, NO_TRACE = 77, USAGE = 2, SHORT = -1, KILL = -2 };
enum { TASKS = 256 };

#ifdef __x86_64__

enum { CHANGES = 1, READS = 2, MEMORY = 4 };

static const struct {
	const char *name;
	int number;
	int kinds;                      /* of calls that fail so */
} errors[] = {
	{ "ENOSPC", ENOSPC, CHANGES }, { "EIO", EIO, CHANGES | READS },
	{ "EDQUOT", EDQUOT, CHANGES }, { "EROFS", EROFS, CHANGES },
	{ "EMFILE", EMFILE, CHANGES }, { "ENOMEM", ENOMEM, CHANGES | MEMORY },
	{ "SHORT", SHORT, CHANGES }, { "KILL", KILL, CHANGES },
};

static const long changing[] = {
	SYS_openat, SYS_open, SYS_write, SYS_pwrite64, SYS_fsync,
	SYS_fdatasync, SYS_ftruncate, SYS_linkat, SYS_link, SYS_renameat,
	SYS_renameat2, SYS_rename, SYS_unlinkat, SYS_unlink, SYS_mkdirat,
	SYS_mkdir, SYS_fchmod,
};
/* close() gives the descriptor up whatever it says: it is left out */
static const long reading[] = { SYS_read, SYS_pread64 };
static const long memory[] = { SYS_mmap, SYS_brk, SYS_mremap };

static const struct {
	int kind;
	const long *call;
	size_t count;
} kinds[] = {
	{ CHANGES, changing, sizeof(changing) / sizeof(*changing) },
	{ READS, reading, sizeof(reading) / sizeof(*reading) },
	{ MEMORY, memory, sizeof(memory) / sizeof(*memory) },
};

struct task {
	pid_t pid;
	bool spoiled;
	long long result;               /* of the spoiled call */
};

struct run {
	int number;
	int kinds;
	bool stays, begun;
	long n, seen;
	struct task task[TASKS];
	int tasks;
};

static bool may_fail(const struct run *r, long call)
{
	if (r->number == SHORT)
		return call == SYS_write || call == SYS_pwrite64;
	for (size_t k = 0; k < sizeof(kinds) / sizeof(*kinds); k++)
		for (size_t i = 0; i < kinds[k].count; i++)
			if (kinds[k].call[i] == call)
				return r->kinds & kinds[k].kind;
	return false;
}

static struct task *task_of(struct run *r, pid_t pid)
{
	for (int i = 0; i < r->tasks; i++)
		if (r->task[i].pid == pid)
			return &r->task[i];
	if (r->tasks == TASKS)
		return NULL;
	r->task[r->tasks] = (struct task){ .pid = pid };
	return &r->task[r->tasks++];
}

static void forget(struct run *r, pid_t pid)
{
	struct task *t = task_of(r, pid);

	if (t)
		*t = r->task[--r->tasks];
}

static void kill_all(const struct run *r)
{
	for (int i = 0; i < r->tasks; i++)
		kill(r->task[i].pid, SIGKILL);
}

/* Before the call: spoil it when it is its turn. */
static void enter(struct run *r, struct task *t)
{
	struct user_regs_struct regs;

	if (ptrace(PTRACE_GETREGS, t->pid, NULL, &regs) != 0)
		return;
	r->begun = r->begun || regs.orig_rax == SYS_umask;
	if (!r->begun || !may_fail(r, (long)regs.orig_rax))
		return;
	r->seen++;
	if (r->seen != r->n && !(r->stays && r->seen > r->n))
		return;
	if (r->number == KILL) {
		kill_all(r);
		return;
	}
	if (r->number == SHORT) {
		regs.rdx = regs.rdx > 1 ? 1 : regs.rdx;
	} else {
		/* brk() fails by an end below the one that was asked for */
		t->result = regs.orig_rax == SYS_brk ? 0 : -r->number;
		/* a call that does nothing, and that a sandbox allows */
		regs.orig_rax = SYS_read;
		regs.rdi = (unsigned long long)-1;
	}
	t->spoiled = r->number != SHORT &&
		     ptrace(PTRACE_SETREGS, t->pid, NULL, &regs) == 0;
	if (r->number == SHORT)
		ptrace(PTRACE_SETREGS, t->pid, NULL, &regs);
}

static void leave(struct task *t)
{
	struct user_regs_struct regs;

	if (!t->spoiled || ptrace(PTRACE_GETREGS, t->pid, NULL, &regs) != 0)
		return;
	regs.rax = (unsigned long long)t->result;
	ptrace(PTRACE_SETREGS, t->pid, NULL, &regs);
	t->spoiled = false;
}

/* A stop of one task; the signal to hand on to it. */
static int stopped(struct run *r, pid_t pid, int status)
{
	struct task *t = task_of(r, pid);
	int signal_ = WSTOPSIG(status);

	if (signal_ == (SIGTRAP | 0x80) && t) {
		struct __ptrace_syscall_info info = { 0 };

		if (ptrace(PTRACE_GET_SYSCALL_INFO, pid,
			   (void *)sizeof(info), &info) > 0 &&
		    info.op == PTRACE_SYSCALL_INFO_ENTRY)
			enter(r, t);
		else
			leave(t);
		return 0;
	}
	/* a new task, a new program, an event of the tracer */
	if (status >> 16 || signal_ == SIGSTOP || signal_ == SIGTRAP)
		return 0;
	return signal_;
}

static int follow(struct run *r, pid_t first)
{
	int result = USAGE, status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, __WALL)) > 0) {
		if (WIFSTOPPED(status)) {
			int signal_ = stopped(r, pid, status);

			ptrace(PTRACE_SYSCALL, pid, NULL,
			       (void *)(long)signal_);
			continue;
		}
		forget(r, pid);
		if (pid == first)
			result = WIFEXITED(status) ? WEXITSTATUS(status) :
						     128 + WTERMSIG(status);
	}
	return r->seen < r->n ? NEVER : result;
}

static int run(struct run *r, char **command)
{
	const long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK |
			     PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE |
			     PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL;
	pid_t child = fork();
	int status;

	if (child == 0) {
		if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0)
			_exit(NO_TRACE);
		raise(SIGSTOP);
		execvp(command[0], command);
		_exit(127);
	}
	if (child < 0 || waitpid(child, &status, 0) != child ||
	    !WIFSTOPPED(status))
		return NO_TRACE;
	ptrace(PTRACE_SETOPTIONS, child, NULL, (void *)options);
	task_of(r, child);
	ptrace(PTRACE_SYSCALL, child, NULL, NULL);
	return follow(r, child);
}

int main(int argc, char **argv)
{
	struct run r = { .n = argc > 2 ? strtol(argv[2], NULL, 10) : 0 };

	for (size_t i = 0; argc > 4 && i < sizeof(errors) / sizeof(*errors);
	     i++) {
		if (strcmp(argv[1], errors[i].name))
			continue;
		r.number = errors[i].number;
		r.kinds = errors[i].kinds;
	}
	if (!r.number || r.n < 1)
		return USAGE;
	r.stays = !strcmp(argv[3], "on");
	return run(&r, argv + 4);
}

#else

int main(void)
{
	return NO_TRACE;
}

#endif

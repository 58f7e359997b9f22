/* sandbox.c - what a worker may do: descriptors, memory, time, calls. */
#include "config.h"

#include "process/sandbox.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/locale.h"
#include "base/redaction.h"

enum {
	PROGRAM_MAX = 1024,             /* instructions; about 100 are used */
	PID_HERE = 0x7e57c0de,          /* no process has this number */
};

/* A sanitizer calls and opens what it needs to report, takes terabytes of
 * addresses for its shadow, and looks for leaks as a tracer. */
#ifdef SUMI_SANITIZERS
enum { SANITIZED = 1 };
#else
enum { SANITIZED = 0 };
#endif

struct program {
	struct sock_filter code[PROGRAM_MAX];
	unsigned short length;          /* 0: none */
};

struct sandbox_lock {
	struct sandbox_layers layers;
	struct program worker, zygote;
	int ruleset;                    /* of Landlock; -1: none */
};

/* ---- system calls ---- */

enum caller { WORKER = 1, ZYGOTE = 2, BOTH = 3 };

struct call {
	int number;
	enum caller caller;
	unsigned tests;                 /* 0 or 1 */
	struct scmp_arg_cmp test;       /* what makes it allowed */
};

#define ALWAYS(name, who) SCMP_SYS(name), who, 0, { 0, SCMP_CMP_EQ, 0, 0 }
#define WHEN(name, who, ...) SCMP_SYS(name), who, 1, { __VA_ARGS__ }

/* What makes of clone() a thread or a namespace. */
#define NO_FORK (CLONE_VM | CLONE_THREAD | CLONE_FS | CLONE_FILES | \
		 CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWPID | \
		 CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP)

/* Found by running everything, kinds of files and errors, on Debian 12. */
static const struct call calls[] = {
	/* descriptors it was given */
	{ ALWAYS(read, BOTH) },
	{ ALWAYS(write, BOTH) },
	{ ALWAYS(pread64, BOTH) },
	{ ALWAYS(pwrite64, BOTH) },
	{ ALWAYS(lseek, BOTH) },
	{ ALWAYS(ftruncate, BOTH) },
	{ ALWAYS(close, BOTH) },
	{ ALWAYS(fstat, BOTH) },
	{ WHEN(newfstatat, BOTH, 3, SCMP_CMP_EQ, AT_EMPTY_PATH, 0) },
	/* memory, none of it to be executed */
	{ WHEN(mmap, BOTH, 2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0) },
	{ WHEN(mprotect, BOTH, 2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0) },
	{ ALWAYS(munmap, BOTH) },
	{ ALWAYS(mremap, BOTH) },
	{ ALWAYS(brk, BOTH) },
	{ ALWAYS(madvise, BOTH) },
	/* libraries: locks, a seed, the time where the vDSO does not tell it */
	{ ALWAYS(futex, BOTH) },
	{ ALWAYS(getrandom, BOTH) },
	{ ALWAYS(clock_gettime, BOTH) },
	{ ALWAYS(sysinfo, BOTH) },              /* qsort() of much */
	/* the end; abort() is to be seen as SIGABRT */
	{ ALWAYS(exit, BOTH) },
	{ ALWAYS(exit_group, BOTH) },
	{ ALWAYS(rt_sigreturn, BOTH) },
	{ ALWAYS(rt_sigprocmask, BOTH) },
	{ ALWAYS(getpid, BOTH) },
	{ ALWAYS(gettid, BOTH) },
	{ WHEN(tgkill, WORKER, 0, SCMP_CMP_EQ, PID_HERE, 0) },
	/* the zygote's loop */
	{ ALWAYS(poll, ZYGOTE) },
	{ ALWAYS(recvmsg, ZYGOTE) },
	{ ALWAYS(sendto, ZYGOTE) },
	{ WHEN(clone, ZYGOTE, 0, SCMP_CMP_MASKED_EQ, NO_FORK, 0) },
	{ ALWAYS(pidfd_open, ZYGOTE) },
	{ ALWAYS(waitid, ZYGOTE) },
	{ ALWAYS(kill, ZYGOTE) },
	{ ALWAYS(tgkill, ZYGOTE) },
	/* a fork of it, until it is locked itself */
	{ ALWAYS(set_robust_list, ZYGOTE) },
	{ ALWAYS(setpriority, ZYGOTE) },
	{ ALWAYS(getppid, ZYGOTE) },
	{ ALWAYS(close_range, ZYGOTE) },
	{ ALWAYS(rt_sigaction, ZYGOTE) },
	{ ALWAYS(prlimit64, ZYGOTE) },
	{ ALWAYS(landlock_restrict_self, ZYGOTE) },
	{ WHEN(prctl, ZYGOTE, 0, SCMP_CMP_EQ, PR_SET_PDEATHSIG, 0) },
	{ WHEN(prctl, ZYGOTE, 0, SCMP_CMP_EQ, PR_SET_NO_NEW_PRIVS, 0) },
	{ WHEN(prctl, ZYGOTE, 0, SCMP_CMP_EQ, PR_SET_DUMPABLE, 0) },
	{ WHEN(prctl, ZYGOTE, 0, SCMP_CMP_EQ, PR_SET_SECCOMP, 0) },
};

static bool add_calls(scmp_filter_ctx filter, enum caller caller)
{
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		const struct call *c = &calls[i];

		if ((c->caller & caller) &&
		    seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, c->number,
					   c->tests, &c->test) != 0)
			return false;
	}
	/* stdio asks whether it writes to a terminal */
	return seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOTTY),
				SCMP_SYS(ioctl), 0) == 0;
}

/* As the kernel takes it; libseccomp gives it to descriptors only. */
static bool export_program(scmp_filter_ctx filter, struct program *p)
{
	int fd = memfd_create("filter", MFD_CLOEXEC);
	ssize_t n = -1;

	if (fd >= 0 && seccomp_export_bpf(filter, fd) == 0)
		n = pread(fd, p->code, sizeof(p->code), 0);
	if (fd >= 0)
		close(fd);
	if (n <= 0 || n == (ssize_t)sizeof(p->code))
		return false;
	p->length = (unsigned short)((size_t)n / sizeof(p->code[0]));
	return true;
}

/* Length 0 when it can't be made. */
static void make_program(struct program *p, enum caller caller)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);

	p->length = 0;
	if (!filter)
		return;
	if (seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH,
			     SCMP_ACT_KILL_PROCESS) != 0 ||
	    !add_calls(filter, caller) || !export_program(filter, p))
		p->length = 0;
	seccomp_release(filter);
}

/* A worker may send signals to itself only: put its number in. */
static bool load_program(const struct program *p, int places)
{
	struct sock_filter code[PROGRAM_MAX];
	struct sock_fprog loaded = { .len = p->length, .filter = code };
	int found = 0;

	for (unsigned i = 0; i < p->length; i++) {
		code[i] = p->code[i];
		if (BPF_CLASS(code[i].code) == BPF_JMP &&
		    code[i].k == PID_HERE) {
			code[i].k = (unsigned)getpid();
			found++;
		}
	}
	return found == places &&
	       prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &loaded) == 0;
}

void sandbox_no_network(void)
{
	static const int denied[] = {
		SCMP_SYS(socket), SCMP_SYS(io_uring_setup), SCMP_SYS(ptrace),
		SCMP_SYS(process_vm_readv), SCMP_SYS(process_vm_writev),
	};
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	bool ok = filter && !SANITIZED;

	for (size_t i = 0; ok && i < sizeof(denied) / sizeof(denied[0]); i++)
		ok = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES),
				      denied[i], 0) == 0;
	/* what does not load here is missed by sandbox_layers() too */
	if (ok)
		seccomp_load(filter);
	if (filter)
		seccomp_release(filter);
}

/* ---- files and connections ---- */

/* Of Landlock; the headers of Debian 12 know its second version.  Source:
 * Linux, include/uapi/linux/landlock.h. */
struct landlock_handled {
	uint64_t files, network, scopes;
};
enum { LANDLOCK_VERSION = 1, LANDLOCK_KNOWN = 6 };

static const struct {
	uint64_t files, network, scopes;
	size_t size;                    /* what the kernel knows of it */
} landlock[LANDLOCK_KNOWN + 1] = {
	[1] = { 0x1fff, 0, 0, 8 },
	[2] = { 0x3fff, 0, 0, 8 },      /* refer */
	[3] = { 0x7fff, 0, 0, 8 },      /* truncate */
	[4] = { 0x7fff, 0x3, 0, 16 },   /* bind and connect TCP */
	[5] = { 0xffff, 0x3, 0, 16 },   /* ioctl of devices */
	[6] = { 0xffff, 0x3, 0x3, 24 }, /* abstract sockets, signals */
};

/* A set of rules that allow nothing; -1 without Landlock. */
static int make_ruleset(int *version)
{
	long known = syscall(SYS_landlock_create_ruleset, NULL, 0,
			     LANDLOCK_VERSION);
	long i = known < LANDLOCK_KNOWN ? known : LANDLOCK_KNOWN;
	struct landlock_handled all;

	if (known < 1)
		return -1;
	*version = (int)known;
	all = (struct landlock_handled){ landlock[i].files,
					 landlock[i].network,
					 landlock[i].scopes };
	return (int)syscall(SYS_landlock_create_ruleset, &all,
			    landlock[i].size, 0);
}

static bool restrict_files(const struct sandbox_lock *lock)
{
	return syscall(SYS_landlock_restrict_self, lock->ruleset, 0) == 0;
}

/* ---- limits ---- */

/* Never more than this process was given itself. */
static bool limit(__rlimit_resource_t resource, rlim_t soft, rlim_t hard)
{
	struct rlimit r;

	if (getrlimit(resource, &r) != 0)
		return false;
	r.rlim_max = hard < r.rlim_max ? hard : r.rlim_max;
	r.rlim_cur = soft < r.rlim_cur ? soft : r.rlim_cur;
	return setrlimit(resource, &r) == 0;
}

static bool kept(const struct sandbox *s, int fd)
{
	for (int i = 0; i < s->keep_count; i++)
		if (s->keep[i] == fd)
			return true;
	return false;
}

/* Ranges between the kept ones; keep_count is small. */
static void close_others(const struct sandbox *s)
{
	int highest = STDERR_FILENO;

	for (int i = 0; i < s->keep_count; i++)
		if (s->keep[i] > highest)
			highest = s->keep[i];
	for (int fd = STDERR_FILENO + 1; fd < highest; fd++)
		if (!kept(s, fd))
			close(fd);
	sandbox_close_from(highest + 1);
}

void sandbox_close_from(int first)
{
	closefrom(first);
}

static bool limit_resources(const struct sandbox *s)
{
	bool ok = limit(RLIMIT_CORE, 0, 0) &&
		  limit(RLIMIT_NPROC, 0, 0) &&
		  limit(RLIMIT_FSIZE, s->file_size, s->file_size) &&
		  limit(RLIMIT_CPU, s->cpu_s, s->cpu_s + 2) &&
		  limit(RLIMIT_NOFILE, 0, 0);

	if (!SANITIZED)
		ok = ok && limit(RLIMIT_AS, s->address_space,
				 s->address_space);
	return ok;
}

/* ---- locking ---- */

enum { TRY_SECCOMP = 1, TRY_LANDLOCK = 2, TRY_BASE = 64 };

/* In a process of its own: which layers can be had? */
static _Noreturn void try_layers(const struct sandbox_lock *lock)
{
	int got = TRY_BASE;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		_exit(got);
	if (lock->ruleset >= 0 && restrict_files(lock))
		got |= TRY_LANDLOCK;
	if (lock->worker.length > 0 && load_program(&lock->worker, 1))
		got |= TRY_SECCOMP;
	_exit(got);
}

/* The exit status of a fork that tried; -1 when there is none. */
static int fork_and_try(const struct sandbox_lock *lock)
{
	pid_t pid = fork();
	int status;

	if (pid == 0)
		try_layers(lock);
	if (pid < 0)
		return -1;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void drop_ruleset(struct sandbox_lock *lock)
{
	if (lock->ruleset >= 0)
		close(lock->ruleset);
	lock->ruleset = -1;
	lock->layers.landlock = 0;
}

struct sandbox_lock *sandbox_lock_new(void)
{
	struct sandbox_lock *lock = calloc(1, sizeof(*lock));
	int got;

	if (!lock)
		return NULL;
	locale_warm_up();
	lock->ruleset = -1;
	if (!SANITIZED) {
		make_program(&lock->worker, WORKER);
		make_program(&lock->zygote, ZYGOTE);
		lock->ruleset = make_ruleset(&lock->layers.landlock);
	}
	got = fork_and_try(lock);
	if (got < TRY_BASE) {
		sandbox_lock_free(lock);
		return NULL;
	}
	lock->layers.seccomp = (got & TRY_SECCOMP) && lock->zygote.length > 0;
	if (!(got & TRY_LANDLOCK))
		drop_ruleset(lock);
	return lock;
}

void sandbox_lock_free(struct sandbox_lock *lock)
{
	if (!lock)
		return;
	drop_ruleset(lock);
	free(lock);
}

struct sandbox_layers sandbox_lock_layers(const struct sandbox_lock *lock)
{
	return lock->layers;
}

struct sandbox_layers sandbox_layers(void)
{
	struct sandbox_layers layers = { 0 };
	struct sandbox_lock *lock = sandbox_lock_new();

	if (lock)
		layers = lock->layers;
	sandbox_lock_free(lock);
	return layers;
}

void sandbox_layers_name(struct sandbox_layers layers, char name[SANDBOX_NAME])
{
	char version[24] = "";

	if (layers.landlock > 0)
		snprintf(version, sizeof(version), "+landlock%d",
			 layers.landlock);
	snprintf(name, SANDBOX_NAME, "limits%s%s",
		 layers.seccomp ? "+seccomp" : "", version);
}

bool sandbox_enter(const struct sandbox *s, struct sandbox_lock *lock)
{
	if (s->parent != 0 && (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 ||
			       getppid() != s->parent))
		return false;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
	    (lock->layers.landlock > 0 && !restrict_files(lock)))
		return false;
	close_others(s);
	lock->ruleset = -1;
	/* a write beyond the limit shall fail, not kill */
	if (signal(SIGXFSZ, SIG_IGN) == SIG_ERR)
		return false;
	return prctl(PR_SET_DUMPABLE, 0) == 0 && limit_resources(s) &&
	       (!lock->layers.seccomp || load_program(&lock->worker, 1));
}

bool sandbox_enter_zygote(const struct sandbox_lock *lock)
{
	sandbox_no_core();
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	       (lock->layers.landlock == 0 || restrict_files(lock)) &&
	       (!lock->layers.seccomp || load_program(&lock->zygote, 0));
}

bool sandbox_null_stdio(void)
{
	int fd = open("/dev/null", O_RDWR);
	bool ok = fd >= 0;

	/* what a sanitizer finds must be seen */
	const int last = SANITIZED ? STDOUT_FILENO : STDERR_FILENO;

	for (int i = STDIN_FILENO; ok && i <= last; i++)
		ok = dup2(fd, i) == i;
	if (fd > STDERR_FILENO)
		close(fd);
	return ok;
}

int sandbox_threads(void)
{
	DIR *dir = opendir("/proc/self/task");
	int threads = 0;

	if (!dir)
		return -1;
	for (struct dirent *e = readdir(dir); e; e = readdir(dir))
		threads += e->d_name[0] != '.';
	closedir(dir);
	return threads;
}

void sandbox_no_core(void)
{
	if (!REDACTED)
		return;
	limit(RLIMIT_CORE, 0, 0);
	prctl(PR_SET_DUMPABLE, 0);
}

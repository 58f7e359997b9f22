/*
 * check_sandbox.c - what a locked process can do and what kills it, with all
 * layers and where the kernel lacks some.
 */
#include "config.h"

#include "process/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <libintl.h>
#include <linux/sched.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/mem.h"
#include "tests/deny.h"
#include "tests/pictures.h"
#include "tests/support.h"

enum { MEGABYTE = 1 << 20, FILE_SIZE = 4096 };
/* A build for sanitizers has limits only, and none on addresses. */
#ifdef SUMI_SANITIZERS
enum { SANITIZED = 1 };
#else
enum { SANITIZED = 0 };
#endif
enum { NOT_LOCKED = 90, NO_KERNEL = 91 };       /* exit status */

/* How a process ends that is locked and then runs act(number). */
static int locked(const char *lacking, struct sandbox_layers *layers,
		  int fd, int (*act)(int number), int number)
{
	const struct sandbox limits = {
		.parent = getpid(), .keep = &fd, .keep_count = fd >= 0,
		.address_space = 768ULL * MEGABYTE, .file_size = FILE_SIZE,
		.cpu_s = 20,
	};
	struct sandbox_layers *found = mmap(NULL, sizeof(*found),
					    PROT_READ | PROT_WRITE,
					    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int status = 0;
	pid_t pid;

	ck_assert(found != MAP_FAILED);
	pid = fork();
	if (pid == 0) {
		struct sandbox_lock *lock;

		for (char *word = strdup(lacking); word && *word;
		     word += strlen(word) + 1) {
			word[strcspn(word, " ")] = '\0';
			if (!deny(word))
				_exit(NO_KERNEL);
		}
		lock = sandbox_lock_new();
		if (!lock)
			_exit(NOT_LOCKED);
		*found = sandbox_lock_layers(lock);
		_exit(sandbox_enter(&limits, lock) ? act(number) :
						     NOT_LOCKED);
	}
	ck_assert_int_gt(pid, 0);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	*layers = *found;
	munmap(found, sizeof(*found));
	return status;
}

/* ---- calls ---- */

#define PATH (long)"/tmp"
static const struct {
	const char *name;
	long number, argument[4];
} forbidden[] = {
	{ "openat", SYS_openat, { AT_FDCWD, PATH, O_RDONLY } },
	{ "socket", SYS_socket, { 2, 1, 0 } },
	{ "socketpair", SYS_socketpair, { 1, 1, 0 } },
	{ "connect", SYS_connect, { 0, 0, 0 } },
	{ "sendto", SYS_sendto, { 0, 0, 0 } },
	{ "recvmsg", SYS_recvmsg, { 0, 0, 0 } },
	{ "execve", SYS_execve, { PATH, 0, 0 } },
	{ "clone", SYS_clone, { SIGCHLD, 0, 0 } },
	{ "clone3", SYS_clone3, { 0, 0, 0 } },
	{ "kill", SYS_kill, { 1, 0, 0 } },
	{ "tgkill of another", SYS_tgkill, { 1, 1, 0 } },
	{ "ptrace", SYS_ptrace, { 0, 0, 0 } },
	{ "process_vm_readv", SYS_process_vm_readv, { 1, 0, 0 } },
	{ "io_uring_setup", SYS_io_uring_setup, { 1, 0, 0 } },
	{ "bpf", SYS_bpf, { 0, 0, 0 } },
	{ "prctl", SYS_prctl, { PR_GET_DUMPABLE, 0, 0 } },
	{ "prlimit64", SYS_prlimit64, { 0, RLIMIT_AS, 0, 0 } },
	{ "mmap to execute", SYS_mmap, { 0, 4096, PROT_EXEC,
					 MAP_PRIVATE | MAP_ANONYMOUS } },
	{ "mprotect to execute", SYS_mprotect, { 0, 0, PROT_EXEC } },
	{ "memfd_create", SYS_memfd_create, { PATH, 0, 0 } },
	{ "newfstatat of a path", SYS_newfstatat, { AT_FDCWD, PATH, 0, 0 } },
	{ "unlinkat", SYS_unlinkat, { AT_FDCWD, PATH, 0 } },
	{ "linkat", SYS_linkat, { AT_FDCWD, PATH, AT_FDCWD, PATH } },
	{ "dup", SYS_dup, { 0, 0, 0 } },
	{ "fcntl", SYS_fcntl, { 0, F_GETFD, 0 } },
	{ "nanosleep", SYS_nanosleep, { 0, 0, 0 } },
	{ "getppid", SYS_getppid, { 0, 0, 0 } },
};

static int call_forbidden(int number)
{
	const long *a = forbidden[number].argument;

	syscall(forbidden[number].number, a[0], a[1], a[2], a[3], -1, 0);
	return 0;
}

START_TEST(test_forbidden)
{
	struct sandbox_layers layers;
	int status;

	if (SANITIZED)
		return;
	status = locked("", &layers, -1, call_forbidden, _i);
	ck_assert(layers.seccomp);
	ck_assert_msg(WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS,
		      "%s: %x", forbidden[_i].name, (unsigned)status);
}
END_TEST

/* ---- what must go on working ---- */

static int rising(const void *a, const void *b)
{
	return *(const int *)a < *(const int *)b ? -1 : 1;
}

static int sort_much(void)
{
	int count = 1 << 16, *n = mem_array((size_t)count, sizeof(*n));

	for (int i = 0; n && i < count; i++)
		n[i] = (i * 7919) % count;
	if (n)
		qsort(n, (size_t)count, sizeof(*n), rising);
	for (int i = 1; n && i < count; i++)
		if (n[i - 1] > n[i])
			return 1;
	free(n);
	return n ? 0 : 1;
}

/* Blocks of all sizes grow, move and go. */
static int use_memory(void)
{
	void *volatile block = NULL;

	for (size_t size = 16; size <= 64 * MEGABYTE; size *= 3) {
		void *more = realloc(block, size);

		if (!more)
			return 1;
		memset(more, 1, size);
		block = more;
	}
	free(block);
	return 0;
}

/* Its catalogue is there from the build; with none the words stay. */
static int say_words(void)
{
	printf("%s %s\n", gettext("no memory for a picture"),
	       strerror(EFBIG));
	return fflush(stdout) ? 1 : 0;
}

static int hash_words(void)
{
	uint8_t key[HASH_SIZE] = { 0 }, digest[HASH_SIZE];

	return hash_bytes("a", 1, digest) &&
	       hash_hmac(key, "a", 1, digest) ? 0 : 1;
}

static int tell_time(void)
{
	struct timespec t;

	return clock_gettime(CLOCK_MONOTONIC, &t) ||
	       clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
}

static int (*const allowed[])(void) = { sort_much, use_memory, say_words,
					hash_words, tell_time };

static int do_allowed(int number)
{
	return allowed[number]();
}

START_TEST(test_allowed)
{
	struct sandbox_layers layers;
	struct error err = { 0 };

	ck_assert(setlocale(LC_ALL, "ja_JP.UTF-8") ||
		  setlocale(LC_ALL, "C.UTF-8"));
	setenv("LANGUAGE", "ja", 1);
	ck_assert(hash_warm_up(&err));
	ck_assert_int_eq(locked("", &layers, -1, do_allowed, _i), 0);
}
END_TEST

/* ---- the descriptor it was given ---- */

static int given;

static int use_given(int number)
{
	static const char block[FILE_SIZE + 1];
	struct stat st;

	(void)number;
	if (fstat(given, &st) || st.st_size != 3 ||
	    lseek(given, 0, SEEK_END) != 3 || ftruncate(given, 0) ||
	    pwrite(given, block, FILE_SIZE, 0) != FILE_SIZE)
		return 1;
	/* one byte more than it may write: an error, no death */
	if (pwrite(given, block, 1, FILE_SIZE) != -1 || errno != EFBIG)
		return 2;
	return 0;
}

START_TEST(test_given)
{
	struct sandbox_layers layers;
	int status;

	given = memory_of("abc", 3);
	status = locked("", &layers, given, use_given, 0);
	ck_assert_int_eq(status, 0);
	close(given);
}
END_TEST

/* ---- deaths ---- */

static int die(int number)
{
	if (number == SIGABRT)
		abort();
	raise(number);
	return 0;
}

START_TEST(test_deaths)
{
	static const int signals[] = { SIGABRT, SIGSEGV, SIGBUS, SIGXCPU };
	struct sandbox_layers layers;
	int status;

	for (size_t i = 0; !SANITIZED && i < ARRAY_LENGTH(signals); i++) {
		status = locked("", &layers, -1, die, signals[i]);
		ck_assert(WIFSIGNALED(status));
		ck_assert_int_eq(WTERMSIG(status), signals[i]);
		ck_assert(!WCOREDUMP(status));
	}
}
END_TEST

static int ask_too_much(int number)
{
	void *volatile block = calloc(1, (size_t)number * MEGABYTE);

	return block ? 0 : 1;
}

START_TEST(test_memory)
{
	struct sandbox_layers layers;
	int status;

	if (SANITIZED)
		return;
	ck_assert_int_eq(locked("", &layers, -1, ask_too_much, 256), 0);
	status = locked("", &layers, -1, ask_too_much, 768);
	ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 1);
}
END_TEST

/* ---- kernels that lack something ---- */

static int open_root(int number)
{
	(void)number;
	return open("/", O_RDONLY) < 0 ? errno : 0;
}

/* Needs no descriptor: only Landlock can stop it. */
static int make_folder(int number)
{
	(void)number;
	return mkdir("check_sandbox.made", 0700) ? errno : 0;
}

static const struct {
	const char *lacking;
	bool seccomp, landlock;
	int (*act)(int number);
	int killed, returned;
} kernels[] = {
	{ "", true, true, open_root, SIGSYS, 0 },
	{ "landlock", true, false, open_root, SIGSYS, 0 },
	{ "seccomp", false, true, open_root, 0, EMFILE },
	{ "seccomp", false, true, make_folder, 0, EACCES },
	{ "landlock seccomp", false, false, open_root, 0, EMFILE },
	{ "landlock seccomp", false, false, make_folder, 0, 0 },
};

START_TEST(test_kernels)
{
	struct sandbox_layers layers;
	int status;

	if (SANITIZED)
		return;
	status = locked(kernels[_i].lacking, &layers, -1, kernels[_i].act, 0);
	rmdir("check_sandbox.made");
	/* what this kernel has is not ours to ask for */
	if (kernels[_i].landlock && layers.landlock == 0 &&
	    sandbox_layers().landlock == 0) {
		fputs("skip: this kernel has no Landlock\n", stderr);
		return;
	}
	ck_assert_int_eq(layers.seccomp, kernels[_i].seccomp);
	ck_assert_int_eq(layers.landlock > 0, kernels[_i].landlock);
	if (kernels[_i].killed) {
		ck_assert(WIFSIGNALED(status));
		ck_assert_int_eq(WTERMSIG(status), kernels[_i].killed);
	} else {
		ck_assert(WIFEXITED(status));
		ck_assert_int_eq(WEXITSTATUS(status), kernels[_i].returned);
	}
}
END_TEST

/* The program itself: no new socket, but the pair it needs. */
static int without_network(void)
{
	int pair[2];
	struct sandbox_lock *lock;

	sandbox_no_network();
	if (socket(AF_INET, SOCK_STREAM, 0) >= 0 || errno != EACCES ||
	    socket(AF_UNIX, SOCK_STREAM, 0) >= 0 || errno != EACCES ||
	    socket(AF_NETLINK, SOCK_RAW, 0) >= 0 || errno != EACCES)
		return 1;
	if (syscall(SYS_io_uring_setup, 1, NULL) != -1 || errno != EACCES ||
	    syscall(SYS_ptrace, 0, 0, 0, 0) != -1 || errno != EACCES)
		return 2;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair) != 0)
		return 3;
	lock = sandbox_lock_new();      /* workers are locked on top of it */
	return lock && sandbox_lock_layers(lock).seccomp ? 0 : 4;
}

START_TEST(test_no_network)
{
	int status = 0;
	pid_t pid = SANITIZED ? -1 : fork();

	if (pid < 0)
		return;
	if (pid == 0)
		_exit(without_network());
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
}
END_TEST

START_TEST(test_names)
{
	static const struct {
		struct sandbox_layers layers;
		const char *name;
	} names[] = {
		{ { false, 0 }, "limits" },
		{ { true, 0 }, "limits+seccomp" },
		{ { false, 2 }, "limits+landlock2" },
		{ { true, 7 }, "limits+seccomp+landlock7" },
	};
	char name[SANDBOX_NAME];

	for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
		sandbox_layers_name(names[i].layers, name);
		ck_assert_str_eq(name, names[i].name);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("sandbox");
	TCase *tcase = tcase_create("sandbox");

	add_rows_test(tcase, test_forbidden, forbidden);
	add_rows_test(tcase, test_kernels, kernels);
	tcase_add_test(tcase, test_deaths);
	tcase_add_test(tcase, test_memory);
	tcase_add_test(tcase, test_no_network);
	add_rows_test(tcase, test_allowed, allowed);
	tcase_add_test(tcase, test_given);
	tcase_add_test(tcase, test_names);
	suite_add_tcase(suite, tcase);
	return support_run(suite);
}

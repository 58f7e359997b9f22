/* sandbox.c - what a worker may do: descriptors, memory, time. */
#include "config.h"

#include "process/sandbox.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/redaction.h"

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

#ifndef SUMI_SANITIZERS
	/* the sanitizers' shadow memory takes terabytes of addresses */
	ok = ok && limit(RLIMIT_AS, s->address_space, s->address_space);
#endif
	return ok;
}

bool sandbox_enter(const struct sandbox *s)
{
	if (s->parent != 0 && (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 ||
			       getppid() != s->parent))
		return false;
	close_others(s);
	/* a write beyond the limit shall fail, not kill */
	if (signal(SIGXFSZ, SIG_IGN) == SIG_ERR)
		return false;
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	       prctl(PR_SET_DUMPABLE, 0) == 0 && limit_resources(s);
}

bool sandbox_null_stdio(void)
{
	int fd = open("/dev/null", O_RDWR);
	bool ok = fd >= 0;

#ifdef SUMI_SANITIZERS
	/* what a sanitizer finds must be seen */
	const int last = STDOUT_FILENO;
#else
	const int last = STDERR_FILENO;
#endif
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

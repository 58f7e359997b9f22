/*
 * sandbox.c - what the sandbox costs: once a program, each item, each call.
 *
 * usage: sandbox [ITEMS]
 *
 * Prints medians: of a fork that ends at once, of one that locks itself
 * first, and what lies between; and of a call of pread() in both.  Ends 1 when
 * an item costs more than 3 ms.
 */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "process/sandbox.h"

enum { ITEMS = 201, CALLS = 100000, MOST_US = 3000 };

struct told {
	double call_ns;
};

static double now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int rising(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *of, int count)
{
	qsort(of, (size_t)count, sizeof(*of), rising);
	return of[count / 2];
}

static double time_calls(int fd)
{
	double start = now_us();
	char byte;

	for (int i = 0; i < CALLS; i++)
		if (pread(fd, &byte, 1, 0) != 1)
			return -1;
	return (now_us() - start) * 1e3 / CALLS;
}

/* Microseconds of one process, from fork to its end. */
static double run_item(struct sandbox_lock *lock, int fd, struct told *told)
{
	const struct sandbox limits = {
		.parent = getpid(), .keep = &fd, .keep_count = 1,
		.address_space = 768ULL << 20, .cpu_s = 3600,
	};
	double start = now_us();
	pid_t pid = fork();
	int status = 1;

	if (pid == 0) {
		if (lock && !sandbox_enter(&limits, lock))
			_exit(1);
		if (told)
			told->call_ns = time_calls(fd);
		_exit(0);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0) {
		fputs("a process could not be locked\n", stderr);
		exit(99);
	}
	return now_us() - start;
}

int main(int argc, char **argv)
{
	int items = argc > 1 ? (int)strtol(argv[1], NULL, 10) : ITEMS;
	struct told *told = mmap(NULL, sizeof(*told), PROT_READ | PROT_WRITE,
				 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	double start = now_us(), once, free_us, locked_us, free_ns;
	struct sandbox_lock *lock = sandbox_lock_new();
	char name[SANDBOX_NAME];
	double *bare, *held;
	int fd = memfd_create("byte", MFD_CLOEXEC);

	once = now_us() - start;
	bare = items > 0 ? mem_array((size_t)items, sizeof(*bare)) : NULL;
	held = items > 0 ? mem_array((size_t)items, sizeof(*held)) : NULL;
	if (!lock || !bare || !held || told == MAP_FAILED || fd < 0 ||
	    write(fd, "x", 1) != 1)
		return 99;
	/* in turn, so that what else runs here troubles both */
	for (int i = 0; i < items; i++) {
		bare[i] = run_item(NULL, fd, NULL);
		held[i] = run_item(lock, fd, NULL);
	}
	free_us = median(bare, items);
	locked_us = median(held, items);
	run_item(NULL, fd, told);
	free_ns = told->call_ns;
	run_item(lock, fd, told);
	sandbox_layers_name(sandbox_lock_layers(lock), name);
	printf("layers                 %s\n"
	       "once                   %8.0f us\n"
	       "an item, free          %8.0f us\n"
	       "an item, locked        %8.0f us\n"
	       "an item, the cost      %8.0f us (at most %d)\n"
	       "a call, free           %8.0f ns\n"
	       "a call, locked         %8.0f ns\n", name, once, free_us,
	       locked_us, locked_us - free_us, MOST_US, free_ns,
	       told->call_ns);
	sandbox_lock_free(lock);
	free(bare);
	free(held);
	return locked_us - free_us > MOST_US;
}

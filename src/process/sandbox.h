/* sandbox.h - what a worker may do: descriptors, memory, time. */
#ifndef SUMI_SANDBOX_H
#define SUMI_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct sandbox {
	pid_t parent;           /* the worker dies with it; 0: with nobody */
	const int *keep;        /* descriptors that stay besides 0, 1, 2 */
	int keep_count;
	uint64_t address_space; /* bytes */
	uint64_t file_size;     /* bytes it may write to one descriptor */
	unsigned cpu_s;         /* seconds of processor time */
};

/*
 * Lock this process, for good: descriptors closed and no new ones
 * (RLIMIT_NOFILE 0: nothing can be opened), no core file, not dumpable, no
 * new processes, limits on memory, files and time.  False when one of them
 * can't be had: the caller must then end.
 */
bool sandbox_enter(const struct sandbox *s);

/* /dev/null on 0, 1 and 2.  For the zygote, before anything is loaded. */
bool sandbox_null_stdio(void);

/* Close every descriptor from first on. */
void sandbox_close_from(int first);

/* Threads of this process; -1 when /proc can't be read. */
int sandbox_threads(void);

/* No core file, and no reading of this process by others of the same user. */
void sandbox_no_core(void);

#endif

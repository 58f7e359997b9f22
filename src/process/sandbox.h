/*
 * sandbox.h - what a worker may do: descriptors, memory, time, system calls,
 * files (DESIGN 4.1).  Three layers: limits, which every worker has or ends;
 * a list of allowed system calls (seccomp); no files and no connections by
 * Landlock.  A kernel may lack the last two: that is told, not hidden.
 */
#ifndef SUMI_SANDBOX_H
#define SUMI_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Layers beside the limits. */
struct sandbox_layers {
	bool seccomp;
	int landlock;           /* version of its interface; 0: none */
};

/* What is prepared once, before the forks: a worker pays little for it. */
struct sandbox_lock;

/*
 * Prepare the layers that work here: a process is forked that locks itself
 * with each of them.  Loads the messages too, as no locked process can.  NULL:
 * no memory, no process.
 */
struct sandbox_lock *sandbox_lock_new(void);
void sandbox_lock_free(struct sandbox_lock *lock);      /* NULL: nothing */
struct sandbox_layers sandbox_lock_layers(const struct sandbox_lock *lock);

/* The layers that work here; none when that can't be found out. */
struct sandbox_layers sandbox_layers(void);

/* "limits+seccomp+landlock4", as the log has it. */
enum { SANDBOX_NAME = 40 };
void sandbox_layers_name(struct sandbox_layers layers,
			 char name[SANDBOX_NAME]);

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
 * new processes, limits on memory, files and time, and all layers of lock.  It
 * may read, write and close what it was given, ask for memory and the time,
 * and end; any other system call kills it (SIGSYS).  False when one of them
 * can't be had: the caller must then end.
 */
bool sandbox_enter(const struct sandbox *s, struct sandbox_lock *lock);

/*
 * Lock the zygote, for good: what sandbox_enter() allows and what it needs
 * before its end in a fork; to fork and reap, and messages on the socket it
 * has.  Nothing can be opened, executed or connected.
 */
bool sandbox_enter_zygote(const struct sandbox_lock *lock);

/*
 * For the program itself and all it starts: no sockets (pairs aside), no
 * looking into other processes; such a call fails with EACCES.  Does nothing
 * where the kernel has no seccomp.
 */
void sandbox_no_network(void);

/* /dev/null on 0, 1 and 2.  For the zygote, before anything is loaded. */
bool sandbox_null_stdio(void);

/* Close every descriptor from first on. */
void sandbox_close_from(int first);

/* Threads of this process; -1 when /proc can't be read. */
int sandbox_threads(void);

/* No core file, and no reading of this process by others of the same user. */
void sandbox_no_core(void);

#endif

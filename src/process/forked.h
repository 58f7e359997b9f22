/*
 * forked.h - one forked process that answers over a pipe, and how it ended:
 * what a command that works on one file uses in place of the zygote and its
 * workers (worker.h).  What it does and what it answers are its caller's.
 */
#ifndef SUMI_FORKED_H
#define SUMI_FORKED_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/error.h"

struct forked {
	pid_t pid;
	int fd;                         /* our end of its pipe */
};

enum heard {
	HEARD_ALL,                      /* as many bytes as asked for */
	HEARD_NOTHING,                  /* the pipe ended before */
	HEARD_SILENCE,                  /* 10 s without a byte (DESIGN 4) */
	HEARD_NONSENSE,                 /* what no sound process sends */
};

/*
 * Fork: work(self, parent, pipe_fd) runs in the new process, locks it, writes
 * to pipe_fd and ends in _exit(); should it return, the process fails.  False
 * with ERR_INTERNAL.
 */
bool forked_start(struct forked *f,
		  void (*work)(void *self, pid_t parent, int pipe_fd),
		  void *self, struct error *err);

/* Read length bytes. */
enum heard forked_read(const struct forked *f, void *to, size_t length);

/* The same, after bytes of progress and the one that begins an answer. */
enum heard forked_answer(const struct forked *f, void *to, size_t length);

/*
 * Wait for its end; it is killed unless heard is HEARD_ALL, which stands for
 * all that was to be read.  True when that and its exit status 0 came.  False
 * with ERR_REFUSED: REASON_TOO_SLOW, REASON_CRASHED with the signal, or
 * REASON_PROTOCOL.
 */
bool forked_end(struct forked *f, enum heard heard, struct error *err);

/* ---- in the forked process ---- */

/* Write all; the process ends where nobody listens. */
void forked_write(int pipe_fd, const void *data, size_t length);
/* The byte of progress, so that no silence is a hang; pipe_fd is an int *. */
void forked_tell(void *pipe_fd, int permille);
/* The byte that begins an answer. */
void forked_begin(int pipe_fd);

#endif

/* forked.c - one forked process that answers over a pipe. */
#include "config.h"

#include "process/forked.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"

enum {
	SILENCE_MS = 10000,             /* DESIGN 4 */
	TELL_MS = 50,                   /* between two signs of life */
};

static const char progress = 'p', begin = 'a';

/* ---- in the forked process ---- */

void forked_write(int pipe_fd, const void *data, size_t length)
{
	const char *at = data;

	while (length) {
		ssize_t n = write(pipe_fd, at, length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			_exit(1);       /* nobody listens */
		at += n;
		length -= (size_t)n;
	}
}

void forked_tell(void *pipe_fd, int permille)
{
	static long long told;
	long long now = clock_ms();

	(void)permille;
	/* each one wakes the supervisor */
	if (told && now - told < TELL_MS)
		return;
	told = now;
	forked_write(*(int *)pipe_fd, &progress, 1);
}

void forked_begin(int pipe_fd)
{
	forked_write(pipe_fd, &begin, 1);
}

/* ---- its supervisor ---- */

bool forked_start(struct forked *f,
		  void (*work)(void *self, pid_t parent, int pipe_fd),
		  void *self, struct error *err)
{
	pid_t parent = getpid();
	int ends[2];

	if (pipe(ends))
		return error_set(err, ERR_INTERNAL, "pipe: %s",
				 strerror(errno));
	*f = (struct forked){ .pid = fork(), .fd = ends[0] };
	if (f->pid == 0) {
		work(self, parent, ends[1]);
		_exit(1);
	}
	close(ends[1]);
	if (f->pid > 0)
		return true;
	close(ends[0]);
	return error_set(err, ERR_INTERNAL, "fork: %s", strerror(errno));
}

enum heard forked_read(const struct forked *f, void *to, size_t length)
{
	struct pollfd p = { .fd = f->fd, .events = POLLIN };
	char *at = to;

	while (length) {
		int ready = poll(&p, 1, SILENCE_MS);
		ssize_t n;

		if (ready < 0 && errno == EINTR)
			continue;
		if (ready <= 0)
			return HEARD_SILENCE;
		n = read(f->fd, at, length);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return HEARD_NOTHING;
		at += n;
		length -= (size_t)n;
	}
	return HEARD_ALL;
}

enum heard forked_answer(const struct forked *f, void *to, size_t length)
{
	enum heard heard;
	char byte = progress;

	do
		heard = forked_read(f, &byte, 1);
	while (heard == HEARD_ALL && byte == progress);
	if (heard == HEARD_ALL && byte != begin)
		return HEARD_NONSENSE;
	return heard == HEARD_ALL ? forked_read(f, to, length) : heard;
}

bool forked_end(struct forked *f, enum heard heard, struct error *err)
{
	/* one that was killed from here did not crash */
	bool by_itself = heard == HEARD_ALL || heard == HEARD_NOTHING;
	int status = 0;

	close(f->fd);
	if (heard != HEARD_ALL)
		kill(f->pid, SIGKILL);
	while (waitpid(f->pid, &status, 0) < 0 && errno == EINTR)
		;
	if (heard == HEARD_ALL && WIFEXITED(status) && !WEXITSTATUS(status))
		return true;
	if (heard == HEARD_SILENCE)
		return error_refuse(err, REASON_TOO_SLOW, NULL, 0);
	if (by_itself && WIFSIGNALED(status))
		return error_refuse(err, REASON_CRASHED, NULL,
				    WTERMSIG(status));
	return error_refuse(err, REASON_PROTOCOL, NULL, 0);
}

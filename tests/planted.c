/*
 * planted.c - src/image/format.c with faults for tests/planted.sh: a picture
 * of certain columns makes the decoder do what no decoder may.  In the program
 * tests/suminuri_planted only.
 */
#define format_check_size sound_check_size
#include "image/format.c"
#undef format_check_size

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>

bool format_check_size(long long columns, long long rows, long long frames,
		       int samples, size_t sample_bytes, struct error *err);

/* By columns. */
enum { CRASH = 401, HANG, ALLOCATE, CALL_OPEN, CALL_SOCKET, CALL_EXEC,
       CALL_FORK, ABORT, OVERFLOW, LIE };
/* Samples whose decoder works until they are shown, or written. */
enum { SERVED = 480, SERVED_ROWS = 320, WRITTEN = 480, WRITTEN_ROWS = 400 };

/* Descriptors of a worker tell what it is for (message.h). */
enum { FDS_WRITING = 4, FDS_SERVING = 5 };

static int open_descriptors(void)
{
	struct stat st;
	int count = 0;

	for (int fd = 3; fd < 64; fd++)
		count += fstat(fd, &st) == 0;
	return count;
}

static void crash(void)
{
	volatile int *volatile nowhere = NULL;

	*nowhere = 1;
}

static void hang(void)
{
	for (volatile unsigned i = 0;; i++)
		;
}

/* No memory that was asked for stays unused. */
static bool allocate(struct error *err)
{
	enum { BLOCK = 1 << 20 };
	void *block = malloc(BLOCK);

	while (block) {
		memset(block, 1, BLOCK);
		block = malloc(BLOCK);
	}
	return error_set(err, ERR_MEMORY, "no memory");
}

static int overflow(volatile int depth)
{
	volatile char frame[4096];

	frame[depth % 4096] = 1;
	return depth < 0 ? 0 : overflow(depth + 1) + frame[depth % 4096];
}

/* Say to the supervisor what it must not believe. */
static void lie(void)
{
	char junk[512];
	struct stat st;

	memset(junk, 0x5a, sizeof(junk));
	for (int fd = 3; fd < 64; fd++)
		if (fstat(fd, &st) == 0 && S_ISFIFO(st.st_mode) &&
		    write(fd, junk, sizeof(junk)) < 0)
			return;
}

static void call_open(void)
{
	(void)!open("/etc/passwd", O_RDONLY);
}

static void call_socket(void)
{
	socket(AF_INET, SOCK_STREAM, 0);
}

static void call_exec(void)
{
	execl("/bin/true", "true", (char *)NULL);
}

static void call_fork(void)
{
	if (fork() == 0)
		_exit(0);
}

static void run_over(void)
{
	overflow(0);
}

static void (*const faults[])(void) = {
	[CRASH - CRASH] = crash,
	[HANG - CRASH] = hang,
	[CALL_OPEN - CRASH] = call_open,
	[CALL_SOCKET - CRASH] = call_socket,
	[CALL_EXEC - CRASH] = call_exec,
	[CALL_FORK - CRASH] = call_fork,
	[ABORT - CRASH] = abort,
	[OVERFLOW - CRASH] = run_over,
	[LIE - CRASH] = lie,
};

bool format_check_size(long long columns, long long rows, long long frames,
		       int samples, size_t sample_bytes, struct error *err)
{
	int fds = open_descriptors();

	if (columns == ALLOCATE)
		return allocate(err);
	if (columns >= CRASH && columns <= LIE)
		faults[columns - CRASH]();
	if ((columns == SERVED && rows == SERVED_ROWS && fds == FDS_SERVING) ||
	    (columns == WRITTEN && rows == WRITTEN_ROWS && fds == FDS_WRITING))
		crash();
	return sound_check_size(columns, rows, frames, samples, sample_bytes,
				err);
}

/*
 * fuzz_log.c - a log directory: the input is cut at NULs into head and the
 * segments 1, 2, 3.
 */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "record/log.h"
#include "tests/fuzz/harness.h"

enum { SEGMENTS = 3 };
static const char *const name[1 + SEGMENTS] = {
	"head", "00000001.jsonl", "00000002.jsonl", "00000003.jsonl",
};
static char folder[] = "/tmp/fuzz-log-XXXXXX";

static void remove_folder(void)
{
	char path[64];

	for (int i = 0; i <= SEGMENTS; i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, name[i]);
		unlink(path);
	}
	rmdir(folder);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	harness_must(mkdtemp(folder) != NULL, "mkdtemp");
	atexit(remove_folder);
	return 0;
}

static void put(int dirfd, const char *file, const uint8_t *data, size_t size)
{
	int fd = openat(dirfd, file, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	harness_must(fd >= 0 && write(fd, data, size) == (ssize_t)size,
		     "a part of the log can't be written");
	close(fd);
}

static bool visit(void *self, const struct log_entry *entry)
{
	char text[1024];
	long long *seq = self;

	harness_must(entry->seq == *seq + 1 && entry->event < LOG_EVENTS,
		     "a record out of order was handed over");
	*seq = entry->seq;
	log_describe(entry, text, sizeof(text));
	harness_must(harness_is_clean(text, strlen(text)),
		     "a record steers the terminal");
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int dirfd = open(folder, O_RDONLY | O_DIRECTORY);
	struct log_check check = { 0 };
	struct error err = { 0 };
	long long seq = 0;

	harness_must(dirfd >= 0, "the folder of the log is gone");
	for (int i = 0; i <= SEGMENTS; i++) {
		const uint8_t *end = size ? memchr(data, 0, size) : NULL;
		size_t length = i < SEGMENTS && end ? (size_t)(end - data) :
						      size;

		unlinkat(dirfd, name[i], 0);
		if (length)
			put(dirfd, name[i], data, length);
		data += length + (length < size);
		size -= length + (length < size);
	}
	if (log_check(dirfd, &check, visit, &seq, &err))
		harness_must(check.fault < LOG_FAULTS &&
			     check.records >= seq, "more than it counted");
	else
		harness_must(err.code != ERR_NONE, "wrong without an error");
	seq = 0;
	log_replay(dirfd, 1, visit, &seq, &err);
	close(dirfd);
	return 0;
}

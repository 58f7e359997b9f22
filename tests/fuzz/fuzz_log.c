/*
 * fuzz_log.c - a log directory: the input is cut at NULs into head and the
 * segments 1, 2, 3.  Once as it is, once with the records chained anew: else
 * nearly every change ends at the first record.
 */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "record/chain.h"
#include "record/log.h"
#include "tests/fuzz/harness.h"

enum { SEGMENTS = 3 };
static const char *const name[1 + SEGMENTS] = {
	"head", "00000001.jsonl", "00000002.jsonl", "00000003.jsonl",
};
static char in_memory[] = "/dev/shm/fuzz-log-XXXXXX";
static char on_disk[] = "/tmp/fuzz-log-XXXXXX";
static const char *folder;

/* A head file or a segment: part of the input. */
struct part {
	const uint8_t *data;
	size_t size;
};

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
	folder = mkdtemp(in_memory);
	if (!folder)
		folder = mkdtemp(on_disk);
	harness_must(folder != NULL, "mkdtemp");
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

static void check_log(int dirfd)
{
	struct log_check check = { 0 };
	struct error err = { 0 };
	long long seq = 0;

	if (log_check(dirfd, &check, visit, &seq, &err))
		harness_must(check.fault < LOG_FAULTS &&
			     check.records >= seq, "more than it counted");
	else
		harness_must(err.code != ERR_NONE, "wrong without an error");
	seq = 0;
	log_replay(dirfd, 1, visit, &seq, &err);
}

/* Up to a NUL; the rest of the input stays in *rest. */
static struct part next_part(struct part *rest, bool last)
{
	const uint8_t *end = last || !rest->size ? NULL :
			     memchr(rest->data, 0, rest->size);
	size_t size = end ? (size_t)(end - rest->data) : rest->size;
	struct part part = { rest->data, size };

	size += end != NULL;
	rest->data += size;
	rest->size -= size;
	return part;
}

/*
 * What is read as a record is what is written for it; then it follows the one
 * before it.
 */
static void chain_line(const char *text, size_t length, struct buffer *out,
		       struct chain_head *head, struct hasher *hasher)
{
	struct log_entry entry;
	struct buffer line = { 0 };

	if (line_parse(text, length, &entry)) {
		line_print(&entry, &line);
		harness_must(line.length == length &&
			     !memcmp(line.data, text, length),
			     "a line that is not written so");
		buffer_clear(&line);
		memcpy(entry.prev, head->leaf, HASH_SIZE);
		entry.seq = ++head->seq;
		line_print(&entry, &line);
		harness_must(line_leaf(hasher, line.data, line.length,
				       head->leaf), "line_leaf");
	} else {
		buffer_append(&line, text, length);
	}
	buffer_append(out, line.data, line.length);
	buffer_append(out, "\n", 1);
	buffer_done(&line);
}

static void chain_part(struct part part, struct buffer *out,
		       struct chain_head *head, struct hasher *hasher)
{
	while (part.size > 0) {
		const uint8_t *end = memchr(part.data, '\n', part.size);
		size_t length = end ? (size_t)(end - part.data) : part.size;

		chain_line((const char *)part.data, length, out, head, hasher);
		length += end != NULL;
		part.data += length;
		part.size -= length;
	}
}

static void check_chained(int dirfd, const struct part *segments)
{
	struct hasher *hasher = hasher_new();
	struct chain_head head = { .room = 1 };
	struct error err = { 0 };

	harness_must(hasher != NULL, "hasher_new");
	for (int i = 1; i <= SEGMENTS; i++) {
		struct buffer out = { 0 };

		chain_part(segments[i], &out, &head, hasher);
		if (out.length > 0)
			put(dirfd, name[i], (uint8_t *)out.data, out.length);
		buffer_done(&out);
	}
	hasher_free(hasher);
	if (head.seq > 0)
		harness_must(chain_head_write(dirfd, &head, &err), "head");
	check_log(dirfd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int dirfd = open(folder, O_RDONLY | O_DIRECTORY);
	struct part rest = { data, size }, part[1 + SEGMENTS];

	harness_must(dirfd >= 0, "the folder of the log is gone");
	for (int i = 0; i <= SEGMENTS; i++) {
		part[i] = next_part(&rest, i == SEGMENTS);
		unlinkat(dirfd, name[i], 0);
		if (part[i].size > 0)
			put(dirfd, name[i], part[i].data, part[i].size);
	}
	check_log(dirfd);
	check_chained(dirfd, part);
	close(dirfd);
	return 0;
}

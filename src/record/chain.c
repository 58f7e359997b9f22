/* chain.c - the records of a log directory, each checked against the last. */
#include "config.h"

#include "record/chain.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/json.h"

enum {
	WINDOW = 1 << 20,               /* bytes in memory; many lines */
	VOID_LINES = 16,                /* torn lines before their recover */
	HEAD_MAX = 256                  /* bytes of the head file */
};

struct chain {
	int dirfd, fd;
	struct hasher *hasher;
	char *window;
	size_t begin, end;              /* unread part of the window */
	int segment;
	long long offset;               /* of window[begin] in the segment */
	bool at_end;                    /* the file has no more after end */
	struct chain_place place;
	/* the line last read */
	const char *text;
	size_t length;
	long long text_offset;
	long long lines;
	bool whole;
};

void chain_segment_name(int segment, char name[CHAIN_NAME])
{
	snprintf(name, CHAIN_NAME, "%08d.jsonl", segment);
}

/* ---- head ---- */

static bool head_parse(const char *text, size_t length,
		       struct chain_head *head)
{
	struct json *value = json_read(text, length, NULL);
	struct buffer again = { 0 };
	const char *leaf = json_get_string(value, "leaf");
	bool good = value && leaf &&
		    json_get_integer(value, "room", &head->room) &&
		    json_get_integer(value, "seq", &head->seq) &&
		    head->seq >= 0 && head->room >= 1 &&
		    hash_from_hex(leaf, head->leaf, HASH_SIZE) &&
		    json_canonical(value, &again) &&
		    again.length + 1 == length && text[length - 1] == '\n' &&
		    !memcmp(again.data, text, again.length);

	buffer_done(&again);
	json_free(value);
	return good;
}

bool chain_head_read(int dirfd, struct chain_head *head, struct error *err)
{
	char text[HEAD_MAX];
	int fd = openat(dirfd, "head", O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

	*head = (struct chain_head){ .room = 1, .good = true };
	if (fd < 0 && errno == ENOENT)
		return true;
	if (fd < 0)
		return error_set(err, ERR_WRITE, _("can't read the head of the "
				 "log: %s"), strerror(errno));
	ssize_t got = read(fd, text, sizeof(text));

	close(fd);
	if (got <= 0 || !head_parse(text, (size_t)got, head))
		*head = (struct chain_head){ .room = 1, .good = false };
	return true;
}

bool chain_head_write(int dirfd, const struct chain_head *head,
		      struct error *err)
{
	struct buffer text = { 0 };
	struct json_writer w = json_writer(&text, true);
	bool good;
	int fd;

	json_put_open(&w, NULL, '{');
	json_put_hex(&w, "leaf", head->leaf, HASH_SIZE);
	json_put_integer(&w, "room", head->room);
	json_put_integer(&w, "seq", head->seq);
	json_put_close(&w);
	buffer_puts(&text, "\n");
	fd = openat(dirfd, "head.new", O_WRONLY | O_CREAT | O_TRUNC |
		    O_CLOEXEC | O_NOFOLLOW, 0600);
	good = fd >= 0 && !text.failed &&
	       write(fd, text.data, text.length) == (ssize_t)text.length &&
	       fdatasync(fd) == 0;
	if (fd >= 0 && close(fd) != 0)
		good = false;
	good = good && renameat(dirfd, "head.new", dirfd, "head") == 0 &&
	       fsync(dirfd) == 0;
	if (!good)
		error_set(err, ERR_WRITE, _("can't write the head of the log: "
			  "%s"), strerror(errno));
	buffer_done(&text);
	return good;
}

/* ---- lines ---- */

/* Open a segment; c->fd is -1 when there is none of that number. */
static bool open_segment(struct chain *c, int segment, struct error *err)
{
	char name[CHAIN_NAME];
	int fd;

	chain_segment_name(segment, name);
	fd = openat(c->dirfd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0 && errno != ENOENT)
		return error_set(err, ERR_WRITE, _("can't read the log: %s"),
				 strerror(errno));
	if (fd < 0)
		return true;
	if (c->fd >= 0)
		close(c->fd);
	c->fd = fd;
	c->segment = segment;
	c->offset = 0;
	c->begin = c->end = 0;
	c->at_end = false;
	return true;
}

/* Read more of the segment behind what is in the window. */
static bool fill(struct chain *c, struct error *err)
{
	size_t have = c->end - c->begin;

	memmove(c->window, c->window + c->begin, have);
	c->begin = 0;
	c->end = have;
	while (c->end < WINDOW) {
		ssize_t got = pread(c->fd, c->window + c->end, WINDOW - c->end,
				    (off_t)(c->offset + (long long)c->end));

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return error_set(err, ERR_WRITE,
					 _("can't read the log: %s"),
					 strerror(errno));
		if (got == 0) {
			c->at_end = true;
			break;
		}
		c->end += (size_t)got;
	}
	return true;
}

/* Take the next line into c->text; a line longer than the window comes in
 * pieces that are no records. */
static enum chain_step read_line(struct chain *c, struct error *err)
{
	const char *lf = NULL;
	size_t left;

	if (c->fd < 0)
		return CHAIN_END;
	for (;;) {
		left = c->end - c->begin;
		lf = memchr(c->window + c->begin, '\n', left);
		if (lf || left == WINDOW || (c->at_end && left > 0))
			break;
		if (!c->at_end) {
			if (!fill(c, err))
				return CHAIN_ERROR;
			continue;
		}
		int segment = c->segment;

		if (!open_segment(c, segment + 1, err))
			return CHAIN_ERROR;
		if (c->segment == segment)
			return CHAIN_END;
	}
	c->whole = lf != NULL;
	c->text = c->window + c->begin;
	c->text_offset = c->offset;
	c->length = lf ? (size_t)(lf - c->text) : left;
	left = c->length + c->whole;
	c->begin += left;
	c->offset += (long long)left;
	c->lines++;
	return CHAIN_RECORD;
}

enum chain_step chain_raw(struct chain *c, struct log_entry *entry,
			  bool *parsed, bool *whole, struct error *err)
{
	enum chain_step step = read_line(c, err);

	if (step != CHAIN_RECORD)
		return step;
	*parsed = line_parse(c->text, c->length, entry);
	*whole = c->whole;
	if (!line_leaf(c->hasher, c->text, c->length, entry->leaf)) {
		error_set(err, ERR_MEMORY, _("no memory"));
		return CHAIN_ERROR;
	}
	return CHAIN_RECORD;
}

/* Does this record come right after the place? */
static bool follows(const struct chain_place *place,
		    const struct log_entry *entry)
{
	return entry->seq == place->seq + 1 &&
	       !memcmp(entry->prev, place->leaf, HASH_SIZE) &&
	       strcmp(entry->t, place->t) >= 0;
}

static void advance(struct chain *c, const struct log_entry *entry)
{
	c->place.segment = c->segment;
	c->place.offset = c->offset;
	c->place.line = c->lines;
	c->place.seq = entry->seq;
	memcpy(c->place.leaf, entry->leaf, HASH_SIZE);
	memcpy(c->place.t, entry->t, sizeof(entry->t));
}

/* SHA-256 of a piece of the segment. */
static bool hash_piece(struct chain *c, long long offset, long long length,
		       uint8_t digest[HASH_SIZE])
{
	char piece[4096];

	while (length > 0) {
		size_t wanted = length < (long long)sizeof(piece) ?
				(size_t)length : sizeof(piece);
		ssize_t got = pread(c->fd, piece, wanted, (off_t)offset);

		if (got <= 0)
			break;
		hasher_add(c->hasher, piece, (size_t)got);
		offset += got;
		length -= got;
	}
	return hasher_end(c->hasher, digest) && length == 0;
}

/* Is this the recover record of the torn bytes that begin at offset? */
static bool names_torn(struct chain *c, const struct log_entry *entry,
		       int segment, long long offset)
{
	uint8_t digest[HASH_SIZE];

	return entry->event == LOG_RECOVER && c->segment == segment &&
	       LINE_HAS(entry, LINE_TORN_SHA256) &&
	       LINE_HAS(entry, LINE_OFFSET) && LINE_HAS(entry, LINE_LENGTH) &&
	       entry->offset == offset &&
	       entry->length == c->text_offset - 1 - offset &&
	       hash_piece(c, offset, entry->length, digest) &&
	       !memcmp(digest, entry->torn_sha256, HASH_SIZE);
}

enum chain_step chain_next(struct chain *c, struct log_entry *entry,
			   struct error *err)
{
	struct chain_place bad = c->place;
	bool parsed, whole;

	for (int i = 0; i < VOID_LINES; i++) {
		enum chain_step step = chain_raw(c, entry, &parsed, &whole,
						 err);

		if (step == CHAIN_ERROR || (step == CHAIN_END && i == 0))
			return step;
		if (step == CHAIN_END)
			break;
		if (i == 0) {
			bad.segment = c->segment;
			bad.offset = c->text_offset;
			bad.line = c->lines - 1;
		}
		if (parsed && whole && follows(&c->place, entry) &&
		    (i == 0 || names_torn(c, entry, bad.segment,
					  bad.offset))) {
			advance(c, entry);
			return CHAIN_RECORD;
		}
	}
	c->place = bad;
	return CHAIN_BAD;
}

const struct chain_place *chain_place(const struct chain *c)
{
	return &c->place;
}

struct chain *chain_open(int dirfd, const struct chain_place *from,
			 struct error *err)
{
	static const struct chain_place start = { .segment = 1 };
	struct chain *c = calloc(1, sizeof(*c));

	if (!c)
		goto no_memory;
	c->dirfd = dirfd;
	c->fd = -1;
	c->place = from ? *from : start;
	c->lines = c->place.line;
	c->hasher = hasher_new();
	c->window = malloc(WINDOW);
	if (!c->hasher || !c->window)
		goto no_memory;
	if (!open_segment(c, c->place.segment, err)) {
		chain_close(c);
		return NULL;
	}
	c->offset = c->place.offset;
	return c;
no_memory:
	error_set(err, ERR_MEMORY, _("no memory"));
	chain_close(c);
	return NULL;
}

void chain_close(struct chain *c)
{
	if (!c)
		return;
	if (c->fd >= 0)
		close(c->fd);
	hasher_free(c->hasher);
	free(c->window);
	free(c);
}

bool chain_tree(int dirfd, long long size, struct merkle_tree *tree,
		struct error *err)
{
	struct chain *c = chain_open(dirfd, NULL, err);
	struct log_entry entry;
	enum chain_step step = CHAIN_RECORD;
	bool good = c != NULL;

	while (good && (long long)tree->size < size &&
	       (step = chain_next(c, &entry, err)) == CHAIN_RECORD)
		good = merkle_tree_add(tree, entry.leaf) ||
		       error_set(err, ERR_MEMORY, _("no memory"));
	chain_close(c);
	return good && step != CHAIN_ERROR;
}

/* ---- the end ---- */

/* Number of the last segment, 0 when there is none. */
static int last_segment(int dirfd)
{
	char name[CHAIN_NAME];
	int segment = 0;

	do
		chain_segment_name(++segment, name);
	while (faccessat(dirfd, name, F_OK, 0) == 0);
	return segment - 1;
}

/*
 * Go through lines from *place to the one whose leaf head names; *place is
 * then behind it.  strict: lines must follow each other.
 */
static bool seek_head(int dirfd, const struct chain_head *head, bool strict,
		      struct chain_place *place, struct log_entry *entry)
{
	struct chain *c = chain_open(dirfd, place, NULL);
	bool parsed = true, whole = true, found = false;

	while (c && !found) {
		enum chain_step step = strict ? chain_next(c, entry, NULL) :
				       chain_raw(c, entry, &parsed, &whole,
						 NULL);

		if (step != CHAIN_RECORD)
			break;
		/* a lost LF of the last line is put back by log_open() */
		found = parsed && entry->seq == head->seq &&
			!memcmp(entry->leaf, head->leaf, HASH_SIZE);
	}
	if (found)
		advance(c, entry);
	if (found)
		*place = c->place;
	chain_close(c);
	return found;
}

/* Look for head's record near the end of the last segment, then in all. */
static bool find_head(int dirfd, const struct chain_head *head, int segment,
		      struct chain_place *place, struct log_entry *entry)
{
	char name[CHAIN_NAME];
	struct stat status;

	*place = (struct chain_place){ .segment = segment };
	chain_segment_name(segment, name);
	if (fstatat(dirfd, name, &status, 0) == 0 && status.st_size > WINDOW)
		place->offset = status.st_size - WINDOW;
	if (seek_head(dirfd, head, false, place, entry))
		return true;
	*place = (struct chain_place){ .segment = 1 };
	return seek_head(dirfd, head, true, place, entry);
}

/*
 * Bytes that are no records stand at end->place.  Only what a stopped write
 * can leave is accepted: lines of the last segment without the form of a
 * record or without LF.  A record that only lacks its LF is taken up.
 */
static bool judge_torn(int dirfd, struct chain_end *end, struct error *err)
{
	struct chain *c = chain_open(dirfd, &end->place, err);
	struct log_entry entry;
	enum chain_step step = CHAIN_ERROR;
	struct chain_place taken = end->place;
	bool parsed, whole, sound = true;

	if (!c)
		return false;
	while (sound && (step = chain_raw(c, &entry, &parsed, &whole, err)) ==
	       CHAIN_RECORD) {
		bool first = c->text_offset == end->place.offset;

		sound = c->segment == end->place.segment &&
			(!parsed || !whole);
		if (sound && parsed && follows(&c->place, &entry) &&
		    (first || names_torn(c, &entry, end->place.segment,
					 end->place.offset))) {
			advance(c, &entry);
			taken = c->place;
			end->torn = false;
			end->behind++;
			end->closed = entry.event == LOG_SESSION_CLOSE;
		}
	}
	chain_close(c);
	end->place = taken;
	if (!sound)
		return error_set(err, ERR_CHECK, _("the end of the log is not "
				 "as it was left: run `suminuri log check`"));
	return step != CHAIN_ERROR;
}

/* Size and last byte of the segment where the log ends. */
static bool measure(int dirfd, struct chain_end *end, struct error *err)
{
	char name[CHAIN_NAME], last = '\n';
	struct stat status = { 0 };
	int fd;

	chain_segment_name(end->place.segment, name);
	fd = openat(dirfd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0 && errno == ENOENT)
		return true;
	bool good = fd >= 0 && fstat(fd, &status) == 0 &&
		    (status.st_size == 0 ||
		     pread(fd, &last, 1, status.st_size - 1) == 1);

	if (!good)
		error_set(err, ERR_WRITE, _("can't read the end of the log: "
					    "%s"), strerror(errno));
	end->size = status.st_size;
	end->unended = last != '\n';
	if (fd >= 0)
		close(fd);
	return good;
}

/* Read on from end->place to the end of the log. */
static bool read_on(int dirfd, struct chain_end *end, struct error *err)
{
	struct chain *c = chain_open(dirfd, &end->place, err);
	struct log_entry entry;
	enum chain_step step;

	if (!c)
		return false;
	while ((step = chain_next(c, &entry, err)) == CHAIN_RECORD) {
		end->behind++;
		end->closed = entry.event == LOG_SESSION_CLOSE;
	}
	end->place = c->place;
	if (step == CHAIN_END && c->segment > end->place.segment) {
		/* a new segment without a line yet */
		end->place.segment = c->segment;
		end->place.offset = 0;
	}
	chain_close(c);
	end->torn = step == CHAIN_BAD;
	return step != CHAIN_ERROR &&
	       (!end->torn || judge_torn(dirfd, end, err)) &&
	       measure(dirfd, end, err);
}

bool chain_find_end(int dirfd, struct chain_end *end, struct error *err)
{
	struct chain_head head;
	struct log_entry entry;
	int segment = last_segment(dirfd);

	*end = (struct chain_end){ .place = { .segment = 1 } };
	if (!chain_head_read(dirfd, &head, err))
		return false;
	if (!head.good)
		return error_set(err, ERR_CHECK, _("the head of the log is "
				 "damaged: run `suminuri log check`"));
	if (head.seq > 0 && !find_head(dirfd, &head, segment, &end->place,
				       &entry))
		return error_set(err, ERR_CHECK, _("the end of the log is not "
				 "as it was left: run `suminuri log check`"));
	end->closed = head.seq > 0 && entry.event == LOG_SESSION_CLOSE;
	if (!read_on(dirfd, end, err))
		return false;
	if (end->behind > head.room)
		return error_set(err, ERR_CHECK, _("the log has records that "
				 "its head does not know: run "
				 "`suminuri log check`"));
	return true;
}

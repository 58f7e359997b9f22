/* checkpoints.c - the signed checkpoints of a log, written and read. */
#include "config.h"

#include "record/checkpoints.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "record/files.h"

#define ALL "checkpoints.txt"
#define LATEST "checkpoint"
/* After what a kill left of a note. */
#define UNFINISHED "\n- unfinished\n"

void checkpoint_origin(const uint8_t first[HASH_SIZE], char origin[NOTE_NAME])
{
	static const char prefix[] = "suminuri/";

	memcpy(origin, prefix, sizeof(prefix) - 1);
	hash_hex(first, 8, origin + sizeof(prefix) - 1);
}

/* ---- out ---- */

static bool print_signed(const struct checkpoint *c,
			 const uint8_t secret[SIGN_KEY], struct buffer *out)
{
	uint8_t public[SIGN_KEY];
	struct note_key key;
	size_t length;

	checkpoint_print(c, out);
	length = out->length;
	buffer_puts(out, "\n");
	return !out->failed && sign_public(secret, public) &&
	       note_key_set(&key, c->origin, NOTE_ED25519, public) &&
	       note_sign(out, &key, secret, out->data, length, 0);
}

static bool append(int dirfd, const char *text, size_t length,
		   struct error *err)
{
	int fd = openat(dirfd, ALL, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC |
			O_NOFOLLOW, 0600);
	bool good = fd >= 0 && write_all(fd, text, length) &&
		    fdatasync(fd) == 0;

	if (fd >= 0 && close(fd) != 0)
		good = false;
	return good || error_set(err, ERR_WRITE, _("can't write a checkpoint "
						   "of the log: %s"),
				 strerror(errno));
}

bool checkpoint_write(int dirfd, const char *origin,
		      const uint8_t secret[SIGN_KEY], const struct merkle *tree,
		      struct hasher *h, struct error *err)
{
	struct checkpoint c = { .size = tree->size };
	struct buffer text = { 0 };
	bool good;

	snprintf(c.origin, sizeof(c.origin), "%s", origin);
	good = merkle_root(tree, h, c.root) && print_signed(&c, secret, &text);
	if (!good) {
		buffer_done(&text);
		return error_set(err, ERR_MEMORY, _("no memory"));
	}
	buffer_puts(&text, "\n");
	good = text.failed ? error_set(err, ERR_MEMORY, _("no memory")) :
	       append(dirfd, text.data, text.length, err) &&
	       file_replace(dirfd, LATEST, text.data, text.length - 1, 0600,
			    err);
	buffer_done(&text);
	return good;
}

/* ---- in ---- */

static bool read_file(int dirfd, const char *name, struct buffer *text,
		      struct error *err)
{
	if (faccessat(dirfd, name, F_OK, AT_SYMLINK_NOFOLLOW) != 0 &&
	    errno_is_absent())
		return true;
	return file_read(dirfd, name, FILE_MOST, text, err);
}

static bool take(struct checkpoints *list, const struct note *note,
		 struct error *err)
{
	struct signed_checkpoint s = { .note = *note };

	if (!checkpoint_parse(note->text, note->text_length, &s.c)) {
		list->damaged = true;
		return true;
	}
	if (!mem_grow(&list->item, &list->capacity, list->count,
		      sizeof(*list->item)))
		return error_set(err, ERR_MEMORY, _("no memory"));
	list->item[list->count++] = s;
	return true;
}

/*
 * Bytes at text that are no whole note: how many to pass over.  What a kill
 * left ends with UNFINISHED, or is the end of the file and no more than a
 * text of three lines, an empty one and a piece.
 */
static size_t pass_torn(const char *text, size_t length, bool *damaged)
{
	size_t most = length < NOTE_MOST ? length : NOTE_MOST;
	const char *mark = memmem(text, most, UNFINISHED,
				  sizeof(UNFINISHED) - 1);
	int lines = 0;

	if (mark)
		return (size_t)(mark - text) + sizeof(UNFINISHED) - 1;
	for (size_t i = 0; i < most; i++)
		lines += text[i] == '\n';
	if (length >= NOTE_MOST || lines > 4)
		*damaged = true;
	return length;
}

/* Does the mark, without its first LF, stand here? */
static bool is_marked(const char *text, size_t length)
{
	const size_t mark = sizeof(UNFINISHED) - 2;

	return length >= mark && !memcmp(text, &UNFINISHED[1], mark);
}

/* Is what looks like a note a torn piece, the mark, and more?  The LF of the
 * mark may be what ends its signature. */
static bool holds_mark(const char *text, size_t length, size_t note)
{
	size_t window = note + sizeof(UNFINISHED) - 2;

	return memmem(text, window < length ? window : length, UNFINISHED,
		      sizeof(UNFINISHED) - 1) != NULL;
}

static bool ends_marked(const char *text, size_t length)
{
	const size_t mark = sizeof(UNFINISHED) - 1;

	return length >= mark && !memcmp(text + length - mark, UNFINISHED,
					 mark);
}

static bool take_all(struct checkpoints *list, const char *text, size_t length,
		     struct error *err)
{
	size_t at = 0;

	while (at < length) {
		struct note note;
		bool whole;

		list->unended = false;
		if (is_marked(text + at, length - at)) {
			at += sizeof(UNFINISHED) - 2;
			continue;
		}
		whole = note_parse(text + at, length - at, &note) &&
			!holds_mark(text + at, length - at, note.length);
		if (!whole) {
			at += pass_torn(text + at, length - at,
					&list->damaged);
			list->unended = !ends_marked(text, at);
			continue;
		}
		if (!take(list, &note, err))
			return false;
		at += note.length;
		/* the empty line after it; a kill may have cost it */
		list->unended = at == length || text[at] != '\n';
		at += !list->unended;
	}
	return true;
}

static int by_size(const void *a, const void *b)
{
	const struct signed_checkpoint *x = a, *y = b;

	if (x->c.size != y->c.size)
		return x->c.size < y->c.size ? -1 : 1;
	return x->note.text < y->note.text ? -1 : 1;
}

bool checkpoints_read(int dirfd, struct checkpoints *list, struct error *err)
{
	struct note note;

	*list = (struct checkpoints){ 0 };
	if (!read_file(dirfd, ALL, &list->text, err) ||
	    !read_file(dirfd, LATEST, &list->latest, err) ||
	    !take_all(list, list->text.data, list->text.length, err))
		return false;
	if (list->latest.length > 0) {
		if (!note_parse(list->latest.data, list->latest.length,
				&note) ||
		    note.length != list->latest.length)
			list->damaged = true;
		else if (!take(list, &note, err))
			return false;
	}
	if (list->count > 0)
		qsort(list->item, list->count, sizeof(*list->item), by_size);
	return true;
}

void checkpoints_done(struct checkpoints *list)
{
	free(list->item);
	buffer_done(&list->text);
	buffer_done(&list->latest);
	*list = (struct checkpoints){ 0 };
}

bool checkpoints_mend(int dirfd, struct error *err)
{
	struct checkpoints list;
	bool good = checkpoints_read(dirfd, &list, err);

	if (good && list.unended)
		good = append(dirfd, UNFINISHED, sizeof(UNFINISHED) - 1, err);
	checkpoints_done(&list);
	return good;
}

/*
 * dicomdir.c - reads the file IDs of a DICOMDIR, in a process of its own that
 * can do nothing else.  Not a general reader of DICOM files: that is
 * image/format_dicom.
 */
#include "config.h"

#include "process/source.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "process/sandbox.h"

enum {
	META_START = 132,               /* preamble and "DICM" (PS3.10 7.1) */
	MAX_FILE_ID = 1024,             /* 8 components of 16 (PS3.10 8.5),
					   longer ones are met */
	MEMORY = 768 << 20,             /* the program's libraries included */
	CPU_S = 10,
};

#define UNDEFINED 0xffffffffu
#define TAG_FILE_ID 0x00041500u         /* ReferencedFileID, CS 1-8 */
#define TAG_ITEM 0xfffee000u
#define TAG_SEQUENCE_END 0xfffee0ddu
#define GROUP_DELIMITERS 0xfffeu

struct reader {
	int in, out;
	uint8_t bytes[16384];
	size_t at, end;
};

struct element {
	uint32_t tag, length;
	char vr[2];
};

static bool fill(struct reader *r)
{
	ssize_t n;

	do {
		n = read(r->in, r->bytes, sizeof(r->bytes));
	} while (n < 0 && errno == EINTR);
	r->at = 0;
	r->end = n > 0 ? (size_t)n : 0;
	return n > 0;
}

/* Read length bytes; to may be NULL. */
static bool get(struct reader *r, uint8_t *to, size_t length)
{
	while (length > 0) {
		size_t n = r->end - r->at;

		if (n == 0) {
			if (!fill(r))
				return false;
			continue;
		}
		n = n < length ? n : length;
		if (to) {
			memcpy(to, r->bytes + r->at, n);
			to += n;
		}
		r->at += n;
		length -= n;
	}
	return true;
}

static uint32_t le16(const uint8_t *b)
{
	return (uint32_t)(b[0] | b[1] << 8);
}

static uint32_t le32(const uint8_t *b)
{
	return le16(b) | le16(b + 2) << 16;
}

static bool is_letter(char c)
{
	return c >= 'A' && c <= 'Z';
}

/* Explicit VR little endian (PS3.5 7.1.2), as PS3.10 8.6 asks for. */
static bool get_element(struct reader *r, struct element *e)
{
	static const char *const long_form = "OB OD OF OL OV OW SQ SV UC UN UR "
					     "UT UV";
	uint8_t b[8];
	char vr[3] = "";

	if (!get(r, b, 8))
		return false;
	e->tag = le16(b) << 16 | le16(b + 2);
	memcpy(e->vr, b + 4, 2);
	if (e->tag >> 16 == GROUP_DELIMITERS) {
		e->length = le32(b + 4);
		return true;
	}
	memcpy(vr, b + 4, 2);
	if (!is_letter(vr[0]) || !is_letter(vr[1]))
		return false;
	e->length = le16(b + 6);
	if (!strstr(long_form, vr))
		return true;
	if (!get(r, b, 4))
		return false;
	e->length = le32(b);
	return true;
}

static bool is_vr(const struct element *e, const char *vr)
{
	return !memcmp(e->vr, vr, 2);
}

static bool put_all(int out, const char *text, size_t length)
{
	while (length > 0) {
		ssize_t n = write(out, text, length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		text += n;
		length -= (size_t)n;
	}
	return true;
}

/* A\B\C with blanks behind each to A/B/C. */
static bool put_file_id(struct reader *r, uint32_t length)
{
	char id[MAX_FILE_ID + 1];
	size_t used = 0;

	if (length > MAX_FILE_ID || !get(r, (uint8_t *)id, length))
		return false;
	for (uint32_t i = 0; i <= length; i++) {
		bool end = i == length || id[i] == '\\';

		while (end && used > 0 &&
		       (id[used - 1] == ' ' || id[used - 1] == '\0'))
			used--;
		if (i < length)
			id[used++] = end ? '/' : id[i];
	}
	id[used] = '\0';
	return used == 0 || (!memchr(id, '\0', used) && put_all(r->out, id, used + 1));
}

/* Fragments of an icon: items that hold no elements. */
static bool skip_fragments(struct reader *r)
{
	struct element e;

	do {
		if (!get_element(r, &e) ||
		    (e.tag != TAG_ITEM && e.tag != TAG_SEQUENCE_END) ||
		    e.length == UNDEFINED || !get(r, NULL, e.length))
			return false;
	} while (e.tag != TAG_SEQUENCE_END);
	return true;
}

/* Sequences and items are walked through as if they were flat. */
static bool walk(struct reader *r)
{
	struct element e;

	if (!get(r, NULL, META_START))
		return false;
	while (r->at < r->end || fill(r)) {
		if (!get_element(r, &e))
			return false;
		if (e.tag >> 16 == GROUP_DELIMITERS || is_vr(&e, "SQ"))
			continue;
		if (e.tag == TAG_FILE_ID) {
			if (!put_file_id(r, e.length))
				return false;
		} else if (e.length != UNDEFINED) {
			if (!get(r, NULL, e.length))
				return false;
		} else if (!skip_fragments(r)) {
			return false;
		}
	}
	return true;
}

bool source_dicomdir_read(int in, int out)
{
	struct reader r = { .in = in, .out = out };

	return walk(&r) && put_all(out, "", 1);
}

int source_dicomdir_main(void)
{
	struct sandbox limits = { .address_space = MEMORY, .cpu_s = CPU_S };
	struct sandbox_lock *lock = sandbox_lock_new();

	if (!lock || !sandbox_enter(&limits, lock) ||
	    !source_dicomdir_read(STDIN_FILENO, STDOUT_FILENO))
		return error_exit_status(ERR_INTERNAL);
	return 0;
}

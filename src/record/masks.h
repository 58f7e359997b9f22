/*
 * masks.h - the file of one verdict, private/masks/<item>.<seq>.jsonl: its
 * boxes and what was shown, canonical JSON lines that the verdict's
 * mask_sha256 covers.  No recognised text.
 */
#ifndef SUMI_MASKS_H
#define SUMI_MASKS_H

#include "base/hash.h"
#include "find/proposal.h"

enum box_decision { DECISION_MASK, DECISION_NO_MASK, DECISION_CHANGED,
		    DECISION_ADDED, DECISIONS };
extern const char *const box_decision_name[DECISIONS];

/* A box with what was decided on it. */
struct decided_box {
	struct box box;                 /* text is neither written nor read */
	int id;                         /* 1, 2, 3 ... within the item */
	enum box_decision decision;
	int reason;                     /* digit 1..9 of DESIGN 8.6; 0 none */
};

enum { SEEN_MODE = 12 };
/* One evidence that was shown: `seen` of DESIGN 5.3, 8.5. */
struct seen {
	int id;                         /* evidence id */
	char mode[SEEN_MODE];           /* sextant half ascii by-eye ... */
	int sub_px;                     /* sub-pixels per letter height, x10 */
	int frame;                      /* 0-based; below 0 a projection or
					   frame_of_plane() */
	long long ms;
	struct region region;           /* pixels that were shown; empty: not
					   told (older files, no crop) */
	int letter;                     /* pixels of a letter's height there */
};

/* Decided in a group: what was shown was that of another item. */
struct after {
	char item[33];                  /* "": on its own */
	long long seq;                  /* of that item's verdict */
};

struct masks {
	struct after after;
	struct decided_box *box;
	size_t box_count, box_capacity;
	struct seen *seen;
	size_t seen_count, seen_capacity;
};
void masks_done(struct masks *m);

/* A decision under which the box is masked. */
bool box_is_masked(enum box_decision decision);
/* Is it masked, and in the picture?  What lies in overlays goes anyway and
 * covers none of it. */
bool masks_covers(const struct decided_box *d);

/* Append the lines: boxes, then seen. */
void masks_print(const struct decided_box *box, size_t box_count,
		 const struct seen *seen, size_t seen_count,
		 struct buffer *out);
/* Append the last line of a file of a group's member; nothing when it was
 * decided on its own. */
void masks_print_after(const struct after *after, struct buffer *out);
/* Read them back; anything but what masks_print() writes is ERR_CHECK. */
bool masks_parse(const char *text, size_t length, struct masks *m,
		 struct error *err);

enum { MASKS_NAME = 64 };
/* The file of the boxes of a verdict: "<item>.<seq>.jsonl". */
void masks_name(const char *item, long long seq, char name[MASKS_NAME]);
/* Write and fsync file and folder; digest gets its SHA-256. */
bool masks_write(int dirfd, const char *name, const struct buffer *text,
		 uint8_t digest[HASH_SIZE], struct error *err);
/* Read the file; its SHA-256 must be digest, else ERR_CHECK.  masks may be
 * NULL: only check. */
bool masks_load(int dirfd, const char *name, const uint8_t digest[HASH_SIZE],
		struct masks *m, struct error *err);
#endif

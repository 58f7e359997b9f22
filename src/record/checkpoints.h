/*
 * checkpoints.h - the signed checkpoints of a log, in private/log:
 *
 *	checkpoints.txt  every one, appended; an empty line after each
 *	checkpoint       the latest, replaced atomically
 *
 * A checkpoint is evidence, not truth: a kill between a record and its
 * checkpoint costs nothing.
 */
#ifndef SUMI_CHECKPOINTS_H
#define SUMI_CHECKPOINTS_H

#include "record/merkle.h"
#include "record/note.h"

/* "suminuri/" and 16 hex digits of the leaf hash of the first record: which
 * log it is, without a name. */
void checkpoint_origin(const uint8_t first[HASH_SIZE], char origin[NOTE_NAME]);

/* Sign the tree of size >= 1 and write the checkpoint durably.  ERR_WRITE or
 * ERR_MEMORY. */
bool checkpoint_write(int dirfd, const char *origin,
		      const uint8_t secret[SIGN_KEY], const struct merkle *tree,
		      struct hasher *h, struct error *err);
/* Close a note that a kill left unfinished: with a line that says so. */
bool checkpoints_mend(int dirfd, struct error *err);

struct signed_checkpoint {
	struct checkpoint c;
	struct note note;               /* points into text or latest */
};

struct checkpoints {
	struct signed_checkpoint *item; /* by size; equal ones as read */
	size_t count, capacity;
	bool damaged;                   /* a piece is no checkpoint, and not
					   what a kill leaves */
	bool unended;                   /* a kill left checkpoints.txt so */
	struct buffer text, latest;
};
/* What stands there now; no files give an empty list.  ERR_WRITE or
 * ERR_MEMORY; checkpoints_done() in any case. */
bool checkpoints_read(int dirfd, struct checkpoints *list, struct error *err);
void checkpoints_done(struct checkpoints *list);
#endif

/*
 * trust.h - a log compared with what was kept elsewhere: public keys of the
 * log, and a checkpoint that a witness cosigned or somebody wrote down.
 */
#ifndef SUMI_TRUST_H
#define SUMI_TRUST_H

#include "record/log.h"
#include "record/note.h"

enum {
	TRUST_KEYS = 64,
	TRUST_FILE = 1 << 20            /* bytes of a file of keys or a note */
};

struct trust {
	struct note_key key[TRUST_KEYS];
	int keys;                       /* 0: none given */
	bool witnessed;
	struct checkpoint seen;         /* then */
};

/* All of a named file, or of standard input for "-".  ERR_USAGE, when it is
 * not there or longer than most bytes, or ERR_MEMORY. */
bool trust_read_file(const char *path, size_t most, struct buffer *text,
		     struct error *err);

/* Verifier keys, one a line, into key[TRUST_KEYS].  Returns how many; 0 with
 * ERR_USAGE. */
int trust_read_keys(const char *path, struct note_key *key,
		    struct error *err);

/*
 * From two named files, each NULL when not given.  keys: verifier keys (of
 * the log; of witnesses too).  witness: a signed note with a checkpoint, or a
 * line "ORIGIN SIZE ROOT"; of a note one of the given keys, if any, must have
 * signed it (ERR_CHECK).
 */
bool trust_read(struct trust *trust, const char *keys, const char *witness,
		struct error *err);

/*
 * Read the log in dirfd and say in *result, unless a fault stands there
 * already: badsig when none of the log keys that were given, nor one that they
 * handed over to, signed it; rollback when it is shorter than what was seen;
 * fork when it is another.
 */
bool trust_compare(const struct trust *trust, int dirfd,
		   struct log_check *result, struct error *err);
#endif

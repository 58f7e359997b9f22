/*
 * witness.h - somebody elsewhere who remembers how far a log was and signs
 * that it only ever grew; without a network.  The log's side writes a request
 * (the body of C2SP tlog-witness add-checkpoint), the witness's side answers
 * with the note and its cosignature (C2SP tlog-cosignature).
 *
 * A witness is a folder: witness.key (secret), witness.pub, and for each log
 * LOG.seen (the line "ORIGIN SIZE ROOT" it last signed) and LOG.pub (the keys
 * it takes for those of that log), LOG the 16 digits of its origin.  One that
 * lost its folder is another witness.
 */
#ifndef SUMI_WITNESS_H
#define SUMI_WITNESS_H

#include <stdio.h>

#include "record/note.h"

struct witness_options {
	const char *verb;               /* export cosign */
	const char *argument;           /* the project; the request or "-" */
	bool line;                      /* export: one line to print or type */
	long since;                     /* export: size last cosigned; 0 */
	const char *folder;             /* cosign */
	const char *name;               /* cosign: of a new witness */
	const char *keys;               /* cosign: of a log not seen yet */
};

/*
 * False with *err: ERR_USAGE, ERR_CHECK (the log is not sound, or is not the
 * one that was seen: the text says rollback, fork or badsig), ERR_WRITE and
 * those of project_open().
 */
bool witness_command(const struct witness_options *o, FILE *out,
		     struct error *err);

/* The secret and key of the folder: made with name when it has none.  -1 with
 * *err; else the open and locked folder. */
int witness_open(const char *folder, const char *name,
		 uint8_t secret[SIGN_KEY], struct note_key *key,
		 struct error *err);
#endif

/*
 * seal.h - the seal command: a write-once bundle of all that proves a
 * project's work, and the restore command, which checks such a bundle
 * without the project.
 */
#ifndef SUMI_SEAL_H
#define SUMI_SEAL_H

#include <stdio.h>

#include "base/error.h"
#include "base/mem.h"

struct seal_options {
	const char *project;
	const char *folder;             /* where the bundle is made */
	const char *reviewer;           /* NULL: the remembered one */
	const char *recipient;          /* of log_recipient_name: what leaves
					   the hospital; NULL: a bundle of all,
					   that stays */
	const char *basis;              /* with recipient: a code of the legal
					   basis, as reviewer codes are */
	bool in_words;                  /* what is printed is said, too */
};

/*
 * Make FOLDER/bundle-YYYYMMDD-nnn, or with a recipient
 * FOLDER/egress-YYYYMMDD-nnn, which holds released outputs, the export view of
 * the log, the public key and a signed statement, and nothing else: whole, or
 * under a name that ends with ".unfinished".  Prints one JSON line; said gets
 * what second readers say against it (leave.h), also when it fails, and the
 * same as the line in a sentence, if asked for.  FOLDER is made (0700) where
 * only its last name is missing.  ERR_CHECK when log or outputs are not as
 * they must be, or with a recipient when a second reader found something on a
 * released output (nothing is made), ERR_WRITE, those of project_open().
 */
bool seal_command(const struct seal_options *o, FILE *out,
		  struct buffer *said, struct error *err);

struct restore_options {
	const char *bundle;
	const char *keys, *witness;     /* as trust_read() */
	const char *project;            /* whose log keeps the drill; NULL */
	const char *reviewer;           /* of that record; NULL: as before */
	const char *report;             /* file to write, or NULL; signed by */
	const char *folder, *name;      /* a witness's folder */
};

/*
 * Check every file of the bundle, that there is no other, the log with its
 * checkpoints, the boxes and the outputs that it names.  Prints one JSON
 * line; with report also a signed note of it (witness.h), that `log check
 * --witness` takes.  With a project, whose bundle it must be, its log gets a
 * record restore.check.  ERR_CHECK when something is wrong.
 */
bool restore_command(const struct restore_options *o, FILE *out,
		     struct error *err);
#endif

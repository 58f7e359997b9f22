/*
 * erase.h - the erase command: the end of a project.  What leads back to
 * patients and originals goes; released outputs, log, rules and public keys
 * stay, and the log can still be checked.
 */
#ifndef SUMI_ERASE_H
#define SUMI_ERASE_H

#include <stdio.h>

#include "base/error.h"

struct erase_options {
	const char *directory;
	const char *reviewer;           /* NULL: the remembered one */
	const char *project;            /* the log's name (checkpoint origin)
					   again: nothing is erased by a slip;
					   NULL: only say it */
	const char *before_retention;   /* why it is not waited for the end of
					   the retention period; or NULL */
};

/*
 * Without the log's name it is printed, and nothing else done (ERR_USAGE).
 * With it: boxes, outputs not released, recall list, pseudonyms, worklist,
 * master key and the key that signs are overwritten and removed; printed is a
 * certificate, a note that this key signed before.  May be repeated after a
 * kill.  ERR_USAGE (another name, retention.h), ERR_WRITE, those of
 * project_open().
 */
bool erase_command(const struct erase_options *o, FILE *out,
		   struct error *err);
#endif

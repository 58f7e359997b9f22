/*
 * erase.h - the erase command: the end of a project.  What leads back to
 * patients and originals goes; released outputs, log, rules and public keys
 * stay, and the log can still be checked.
 */
#ifndef SUMI_ERASE_H
#define SUMI_ERASE_H

#include <stdio.h>

#include "base/error.h"
#include "record/project.h"
#include "record/retention.h"

struct erase_options {
	const char *directory;
	const char *reviewer;           /* NULL: the remembered one */
	const char *project;            /* the log's name (checkpoint origin)
					   again: nothing is erased by a slip;
					   NULL: only say it */
	const char *item;               /* only this one, as trace_row() takes
					   it; NULL: the whole project */
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

/* ---- shared with erase_item.c ---- */

/* Overwrite a file's bytes, then remove its name.  None there is fine. */
bool erase_file(int dirfd, const char *name, struct error *err);
/* The same for files of a folder below private whose names begin so (NULL:
 * all); *count grows. */
bool erase_folder(struct project *p, const char *folder, const char *start,
		  long long *count, struct error *err);
/* erase of an item, or of all (NULL), into the log; *seq (may be NULL): its
 * number there. */
bool erase_log(struct project *p, const char *item, const char *phase,
	       const struct retention *kept, long long *seq,
	       struct error *err);
/* A line for the certificate. */
enum { RETENTION_LINE = 96 };
void retention_line(const struct retention *kept, char line[RETENTION_LINE]);
#endif

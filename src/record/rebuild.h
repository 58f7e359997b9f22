/*
 * rebuild.h - makes the worklist of a project anew from its log, its keys,
 * private/table.jsonl, what is in out/ and the files that were reviewed.
 * Opens no picture: a file is what its SHA-256 says.
 */
#ifndef SUMI_REBUILD_H
#define SUMI_REBUILD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

struct rebuild;

/*
 * Lock the project, check its log.  keep_names: it was made with --keep-names.
 * reviewer: who is remembered; NULL: the last one of the log.  NULL with *err
 * as project_open(); ERR_USAGE also when nothing was logged yet.
 */
struct rebuild *rebuild_begin(const char *directory, const char *reviewer,
			      bool keep_names, struct error *err);

struct rebuild_file {
	const char *path, *name, *why_flagged;  /* as project_list() */
	long below;
	uint8_t sha256[32];
};

/*
 * The next file, in listing order.  The first opened item of the log with
 * these bytes that has no file yet gets it; a file that no item wants is
 * listed anew.
 */
bool rebuild_file(struct rebuild *r, const struct rebuild_file *file,
		  struct error *err);

struct rebuild_counts {
	long long found;                /* items that have their file again */
	long long added;                /* files that nobody had opened */
	long long lost;                 /* opened items without a file: they
					   keep their verdict and outputs */
};

/*
 * Put the new worklist in place of the old one, which is kept as
 * private/worklist.db.old.  Whole or not at all; frees r in any case.
 */
bool rebuild_end(struct rebuild *r, struct rebuild_counts *counts,
		 struct error *err);
void rebuild_abandon(struct rebuild *r);        /* NULL does nothing */

#endif

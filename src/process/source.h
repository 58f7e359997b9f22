/*
 * source.h - the files that the PATHs of a command line stand for (DESIGN 4,
 * 5.1): files, folders, DICOMDIRs, lists and projects, in their fixed order.
 * Looks at names and kinds of files only; a DICOMDIR is read by a process of
 * its own.
 */
#ifndef SUMI_SOURCE_H
#define SUMI_SOURCE_H

#include <stdbool.h>

#include "base/error.h"

enum source_step {
	SOURCE_ITEM,            /* a file, or one that can't be had (refused) */
	SOURCE_PROJECT,         /* a folder that is a project: not entered */
	SOURCE_END,
};

/* Instead of a number of bytes: a path was named, links in it are followed. */
enum { SOURCE_NAMED = -1 };

/* Strings are borrowed until the next call. */
struct source_item {
	const char *path;       /* to open it */
	const char *name;       /* bytes: the argument, or ARG/below; in a list
				   the entry; of a DICOMDIR its folder/entry */
	const char *which;      /* for messages: the argument as typed, ARG#N
				   for what was found in it */
	const char *flagged;    /* reason column of a list, clean UTF-8; or "" */
	bool named;             /* typed, or an entry of a list */
	long below;             /* of a found file: bytes of path, its folder;
				   else SOURCE_NAMED */
	enum reason refused;    /* known already; else REASON_NONE */
};

struct source;

/*
 * paths must outlive the source.  Lists (@FILE) are checked here: NULL with
 * ERR_USAGE (the list, the line and what is wrong) before anything is done,
 * or ERR_MEMORY.
 */
struct source *source_new(char *const *paths, int count, struct error *err);
void source_free(struct source *s);             /* NULL does nothing */

/*
 * The next file: named ones and regular ones found in folders (entries in
 * byte order of their names, depth first; links there are not followed).
 * Memory holds the names of one folder a level.  A step without memory ends in
 * SOURCE_END with *err set; *err is ERR_NONE at the true end.
 */
enum source_step source_next(struct source *s, struct source_item *item,
			     struct error *err);

/* Its name below the PATH that was given, borrowed from name: what the worklist
 * shows and --keep-names keeps.  Of a named file the last part. */
const char *source_below(const struct source_item *found);

/*
 * An absolute form of path in out[size], so that a project can be resumed from
 * anywhere; links in it stay.  *below is moved along.  False when it is too
 * long.
 */
bool source_absolute(const char *path, long *below, char *out, size_t size);

/*
 * Open a regular file for reading; never waits for a FIFO or a device.
 *
 * below  SOURCE_NAMED: symbolic links are followed.  Else the bytes of path
 *        that name the folder it was found in: what follows them must lead
 *        down from there and no link may stand on its way (openat2(2) with
 *        RESOLVE_BENEATH and RESOLVE_NO_SYMLINKS, or step by step where the
 *        kernel lacks it).
 *
 * -1 with *err: ERR_REFUSED, unreadable or special-file.
 */
int source_open(const char *path, long below, struct error *err);

/*
 * What main does when it was started with this internal verb: reads the
 * DICOMDIR on standard input, writes the paths of its entries to standard
 * output, each with a NUL, and an empty one at the end.
 */
#define SOURCE_VERB "--dicomdir"
int source_dicomdir_main(void);
/* The same between two descriptors, without closing itself off.  False when it
 * is no sound DICOMDIR; the paths before the fault are written then. */
bool source_dicomdir_read(int in, int out);

#endif

/*
 * rebuilding.h - the command rebuild: hashes the files of the PATHs and has
 * the worklist of a project made anew (record/rebuild.h).
 */
#ifndef SUMI_REBUILDING_H
#define SUMI_REBUILDING_H

#include <stdbool.h>

#include "process/batch.h"

struct rebuild_options {
	const char *project;
	const char *reviewer;           /* NULL: none is named */
	bool keep_names;
};

/*
 * One line on out_fd: {"v":1,"summary":{"found","added","lost"}}.  Returns the
 * exit status of DESIGN 4; an item without its file is a failed check.
 */
int rebuild_project(char *const *paths, int count,
		    const struct rebuild_options *options, int out_fd,
		    const struct batch_talk *talk);

#endif

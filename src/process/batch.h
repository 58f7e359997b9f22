/*
 * batch.h - detects in many files without a screen.  Machine output goes to a
 * descriptor; what is to be said goes to the caller.
 */
#ifndef SUMI_BATCH_H
#define SUMI_BATCH_H

#include <stdbool.h>

#include "base/error.h"

/* How a batch speaks; main prints. */
struct batch_talk {
	/* which: as typed or ARG#N (DESIGN 4) */
	void (*say)(void *self, const char *which, const char *text);
	void (*progress)(void *self, long long done);
	void *self;
};

struct batch_options {
	int jobs;                       /* workers at once */
	const char *languages;          /* "eng+jpn" */
	bool show_text, timings;
	/* list the files in this project and keep what was found there for a
	 * later review; NULL: don't */
	const char *project;
	const char *reviewer;           /* for a project that is not there */
};

/*
 * Print one line a file of paths (DESIGN 5.1) to out_fd, in the order of
 * process/source.h whatever jobs is; a line goes out as soon as those before
 * it did.  Returns the exit status of DESIGN 4.
 */
int batch_propose(char *const *paths, int count,
		  const struct batch_options *options, int out_fd,
		  const struct batch_talk *talk);

#endif

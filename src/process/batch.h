/*
 * batch.h - detects in many files without a screen.  Machine output goes to a
 * descriptor; what is to be said goes to the caller.
 */
#ifndef SUMI_BATCH_H
#define SUMI_BATCH_H

#include <stdbool.h>

#include "base/error.h"
#include "find/detect.h"
#include "process/progress.h"

struct worker_event;

/* How a batch speaks; main prints. */
struct batch_talk {
	/* which: as typed or ARG#N (DESIGN 4) */
	void (*say)(void *self, const char *which, const char *text);
	/* now and then, and at the end of each file; NULL: output follows,
	 * make room for it */
	void (*progress)(void *self, const struct progress *progress);
	void *self;
	bool live;                      /* somebody watches: count the files
					   first, tell also what is under
					   way */
	bool reader;                    /* a person reads standard output:
					   say its summary in words too */
};

/* Takes the results instead of lines. */
struct batch_sink {
	/* Is this file to be looked at?  name as in the lines */
	bool (*wanted)(void *self, const char *name);
	/* One result, in no promised order.  e: WORKER_DETECTED, or NULL when
	 * the file was refused.  False with *err ends the batch. */
	bool (*found)(void *self, const char *name, const char *which,
		      const struct worker_event *e, struct error *err);
	void *self;
};

struct batch_options {
	int jobs;                       /* workers at once */
	/* languages and where faces are looked for; what a project's policy
	 * says of faces is added */
	struct detect_options detect;
	const char *words;              /* a file (base/vocabulary.h); NULL:
					   those of the project */
	bool show_text, timings;
	/* list the files in this project and keep what was found there for a
	 * later review; NULL: don't */
	const char *project;
	const char *reviewer;           /* for a project that is not there */
	const struct batch_sink *sink;  /* NULL: print lines */
};

/*
 * Print one line a file of paths (DESIGN 5.1) to out_fd, in the order of
 * process/source.h whatever jobs is; a line goes out as soon as those before
 * it did.  Returns the exit status of DESIGN 4.
 */
int batch_propose(char *const *paths, int count,
		  const struct batch_options *options, int out_fd,
		  const struct batch_talk *talk);

/*
 * How many files the paths stand for; 0 when there are very many, or when it
 * can't be told.  Counting opens no file.
 *
 * wanted  NULL: all of them count
 */
long long batch_count(char *const *paths, int count,
		      const struct batch_sink *wanted);

#endif

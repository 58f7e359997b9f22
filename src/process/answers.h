/* answers.h - the files of known answers about pictures (find/truth.h). */
#ifndef SUMI_ANSWERS_H
#define SUMI_ANSWERS_H

#include <limits.h>

#include "find/truth.h"

struct answers {
	char folder[PATH_MAX];          /* or one file */
};

/* A folder, its gt/ when it has one, or one file of answers. */
bool answers_open(struct answers *a, const char *name);

/*
 * The file of answers about a picture: NAME.json below the folder, or that of
 * the longest end of NAME (whole parts of the path) that has one.
 *
 * below  what of name it was found by; may be NULL
 */
bool answers_find(const struct answers *a, const char *name,
		  char path[PATH_MAX], const char **below);

/* Read one.  False with *err as truth_read(), or ERR_USAGE. */
bool answers_load(const char *path, struct truth *truth, struct error *err);
#endif

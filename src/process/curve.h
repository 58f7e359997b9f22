/*
 * curve.h - how somebody's exercises went, run by run: a file of JSON lines in
 * the state folder of the user.  No names, no pictures.
 */
#ifndef SUMI_CURVE_H
#define SUMI_CURVE_H

#include <limits.h>
#include <stdio.h>

#include "process/train.h"

enum { CURVE_DECK = 9,                  /* 8 hex digits, by the answers */
       CURVE_PASS_CASES = 50 };         /* of one run: reliability.md 8.4 */

struct curve_run {
	char t[25];                     /* its start, UTC: 2026-11-21T02:22:33Z */
	char deck[CURVE_DECK];
	bool unfinished;                /* what was decided so far */
	long long cases, boxes, found, missed, small, needless;
	long long ms;                   /* median of a case, with keys */
	long long permille;             /* median masked beyond the answers */
};

/*
 * $XDG_STATE_HOME/suminuri, else ~/.local/state/suminuri, made (0700) when it
 * is not there.  False with ERR_WRITE, or ERR_USAGE when there is no home.
 */
bool curve_folder(char folder[PATH_MAX], struct error *err);

/* The run of a score that began at a time (s since 1970). */
void curve_run_of(const struct train_score *s, const char *deck,
		  long long began, struct curve_run *run);

/* Append a run, durably; again while it is unfinished, and once it is not.
 * ERR_WRITE. */
bool curve_note(const char *folder, const struct curve_run *run,
		struct error *err);

/*
 * The runs in the order they were noted, each as it was noted last; free(*run).
 * Lines that are none are passed over; no file: none.  False with ERR_MEMORY
 * or ERR_WRITE.
 */
bool curve_read(const char *folder, struct curve_run **run, size_t *count,
		struct error *err);

/* A table of at most 80 columns; deck: only of this one, or NULL. */
void curve_print(const struct curve_run *run, size_t count, const char *deck,
		 FILE *out);

/* The score of a run by class, and whether it would pass.  say: a class in the
 * language of the terminal. */
void curve_print_score(const struct train_score *s,
		       const char *(*say)(const char *code), FILE *out);
#endif

/*
 * progress.h - how far a long command is, as one line for a terminal.  No
 * input or output, no clock.
 */
#ifndef SUMI_PROGRESS_H
#define SUMI_PROGRESS_H

#include <stddef.h>

enum { PROGRESS_JOBS = 8, PROGRESS_LINE = 1024 };

/* A picture that a worker has in hand. */
struct progress_job {
	long long number;               /* 1-based, in the order of the output;
					   in a project of its list */
	int permille;                   /* -1: not known */
	const char *step;               /* translated; NULL: there is one */
};

/* Zeros: nothing is done, and nothing known. */
struct progress {
	long long done;                 /* pictures */
	long long total;                /* 0: not known */
	struct progress_job job[PROGRESS_JOBS];
	int jobs;
};

/* One more picture at work; those that find no room are left out. */
void progress_add(struct progress *p, long long number, int permille,
		  const char *step);

/*
 * A bar when the total is known, the counts, pictures a minute and the time
 * left (after the first picture), then who works on what as far as it fits.
 * UTF-8; at most `columns` columns (8..), without a line end.  ms: since the
 * start.
 */
void progress_line(const struct progress *p, long long ms, int columns,
		   char text[PROGRESS_LINE]);

/* "31 s left", "5 min left", "3 h left". */
void progress_left(long long seconds, char *text, size_t size);
#endif

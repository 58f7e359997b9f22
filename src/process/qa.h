/*
 * qa.h - the commands `qa plan` and `qa report`: what a second person reads,
 * and what that says of all outputs.  (`qa review` is the screen's.)
 */
#ifndef SUMI_QA_H
#define SUMI_QA_H

#include <stdio.h>

#include "process/batch.h"
#include "record/sample.h"

struct qa_options {
	const char *project;
	const char *reviewer;           /* who plans; NULL: the remembered */
	struct sample_rule rule;
	long round;                     /* report: of which; 0: the last */
	bool json;
	bool has_seed;                  /* --test-seed */
	unsigned long seed;
};

/* "1", "0.05": percent to parts per million, within 0.0001..100. */
bool qa_percent(const char *text, long long *ppm);

/* Draw a sample and say what it is.  Returns the exit status. */
int qa_plan(const struct qa_options *options, FILE *out,
	    const struct batch_talk *talk);

/*
 * Tables, or one JSON object, of a round: what was found, what may be
 * left at most, how readers agree.  Exit status 1 when the draw is not the one
 * that key and log give, or when an output on which something is left is
 * still there.
 */
int qa_report(const struct qa_options *options, FILE *out,
	      const struct batch_talk *talk);

#endif

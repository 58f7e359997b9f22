/*
 * evaluate.h - scores the detectors against known answers: what was found and
 * what was missed, by kind, class, script, size, source and modality.
 */
#ifndef SUMI_EVALUATE_H
#define SUMI_EVALUATE_H

#include <stdbool.h>
#include <stdio.h>

#include "process/batch.h"

struct evaluate_options {
	/*
	 * A folder of answers, or one file of them.  In a folder (or its
	 * folder gt) the answers about a picture stand in the file named as
	 * the picture and ".json", below the same folders: of the path of a
	 * picture the longest end that has an answer counts.
	 */
	const char *truth;
	int jobs;
	struct detect_options detect;   /* as in batch.h */
	bool json;                      /* one object instead of tables */
	bool misses;                    /* list what was missed, without its
					   text */
};

/*
 * Detect in the pictures that have an answer and print the scores to out.
 * Returns the exit status of DESIGN 4; 2 when no picture has an answer.
 */
int evaluate(char *const *paths, int count,
	     const struct evaluate_options *options, FILE *out,
	     const struct batch_talk *talk);

#endif

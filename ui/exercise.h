/* exercise.h - train: the review screen over pictures with known answers. */
#ifndef SUMI_EXERCISE_H
#define SUMI_EXERCISE_H

#include "base/options.h"

/*
 * suminuri train [OPTION]... DECK: each case is scored once it is decided, and
 * its answer shown; nothing is written but the score.  suminuri train report:
 * the scores so far.  Returns the exit status, errors said on stderr.
 */
int exercise_train(const struct options *o);
#endif

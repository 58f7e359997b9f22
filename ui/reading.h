/* reading.h - qa review: a second person reads a sample. */
#ifndef SUMI_READING_H
#define SUMI_READING_H

#include "base/options.h"

/*
 * suminuri qa review [OPTION]... PROJECT: the screen over the sample of a round
 * (0: the last), in the mode of --mode (residual).  Returns the exit status, errors said on
 * stderr.
 */
int reading_qa(const struct options *o, long round);
#endif

/*
 * trial.h - a project that is thrown away: what a second reader or a trainee
 * decides on stands in one while the screen is open.  What is to be kept of it
 * is noted elsewhere.
 */
#ifndef SUMI_TRIAL_H
#define SUMI_TRIAL_H

#include "record/project.h"

/*
 * Make a project in options->directory, whatever an earlier one that was
 * killed left there; its parent must exist.  NULL with *err: as
 * project_open(), ERR_WRITE when it is in use.
 */
struct project *trial_open(const struct project_options *options,
			   struct error *err);
/* Close it, NULL too, and remove the folder. */
void trial_close(struct project *p, const char *directory);
#endif

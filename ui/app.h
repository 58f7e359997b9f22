/*
 * app.h - the review command: the event loop between terminal, workers and
 * the model (DESIGN 4, 8).
 */
#ifndef SUMI_APP_H
#define SUMI_APP_H

#include "base/options.h"

extern const struct option_row app_options[];

/* suminuri review [OPTION]... PATH...: returns the exit status, errors said on
 * stderr. */
int app_review(const struct options *o);
#endif

/*
 * deliver.h - a whole project without a screen: makes and releases what is
 * decided (`apply`), and recomputes everything that was written (`verify`).
 */
#ifndef SUMI_DELIVER_H
#define SUMI_DELIVER_H

#include <stdbool.h>

#include "process/batch.h"

/*
 * Make and release the outputs of all items that are decided.  One line an
 * item on out_fd: {"v":1,"item","output":"released|blocked|failed", ...} or
 * {"v":1,"item","refused":{...}}, and a summary.  Returns the exit status of
 * DESIGN 4; an output that is blocked counts as a failed check.
 *
 * detect  where the residual pass looks for faces, and with which models; the
 *         project's policy says the rest.  What came of it stands in each line
 *         as faces (checks.faces of proposals)
 */
int deliver_apply(const char *directory, const struct detect_options *detect,
		  int out_fd, const struct batch_talk *talk);

/*
 * Check the log and every output against input and decisions; lines of DESIGN
 * 5.5.  Changes nothing.  outputs_only: an input that is gone does not count.
 */
int deliver_verify(const char *directory, bool outputs_only, int out_fd,
		   const struct batch_talk *talk);

#endif

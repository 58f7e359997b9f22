/*
 * leave.h - what second readers say against the outputs that are released,
 * for whoever takes them further.
 */
#ifndef SUMI_LEAVE_H
#define SUMI_LEAVE_H

#include "record/project.h"

/*
 * Append to said, a line each: released outputs on which a second reader
 * found something, or was not sure, and that stand as he read them (*found);
 * that a round is drawn and not read to its end.  ERR_CHECK when the log is
 * broken.
 */
bool leave_look(struct project *p, struct buffer *said, size_t *found,
		struct error *err);
#endif

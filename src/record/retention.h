/*
 * retention.h - how long what is kept of an item must be kept: policy
 * retention_days after its last record.
 */
#ifndef SUMI_RETENTION_H
#define SUMI_RETENTION_H

#include "record/project.h"

/* Why something is erased earlier; ends with NULL.  The words of `early` in
 * the log. */
extern const char *const retention_reason[];

enum { RETENTION_DATE = 11 };           /* 2026-11-22 */

struct retention {
	int days;                       /* 0: nothing has to be kept */
	char until[RETENTION_DATE];     /* the last day of it; "": none */
	bool over;                      /* by the clock of the log */
	const char *early;              /* why it is not waited for; or NULL */
};

/*
 * Of an item (its id), or of all of them (NULL).  reason: a word of
 * retention_reason, taken into *r where the time is not over; NULL: none.
 * False with ERR_USAGE when it is not over and there is no reason, or no such
 * word, and those of log_check().
 */
bool retention_ends(struct project *p, const char *item, const char *reason,
		    struct retention *r, struct error *err);

#endif

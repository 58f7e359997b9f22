/*
 * trace.h - from an output back to what was decided on it, inside the
 * hospital (trace); and an item taken out for good (withdraw).
 */
#ifndef SUMI_TRACE_H
#define SUMI_TRACE_H

#include <stdio.h>

#include "base/error.h"
#include "record/project.h"

/*
 * One JSON line for each item whose output has the bytes of the file `out`:
 * {"v","item","in_sha256","out_sha256","output","input","released","verdict":
 * {"seq","t","who","role","qual","uid","verdict","reason","boxes",
 * "mask_sha256","pol","tool"}}; input is the path as it was listed, and left out while a review
 * has the project open.  ERR_CHECK: no item has, or the log is not sound;
 * ERR_USAGE: out can't be read.
 *
 * said  gets sentences for a person, a line each: what was left out; with
 *       in_words also what was printed
 */
bool trace_command(const char *out, const char *directory, bool in_words,
		   FILE *to, struct buffer *said, struct error *err);

/* The only row that a word names: an id, the start of one (8 digits at least),
 * or a file that is an output.  ERR_USAGE: none, or several. */
bool trace_row(struct project *p, const char *word, long long *row,
	       struct error *err);

/* Take back what was released of an opened item, and withhold it; reason 1..9.
 * What is so already stays. */
bool trace_withdraw(struct project *p, struct worklist_item *item, int reason,
		    struct error *err);

struct withdraw_options {
	const char *item;               /* its id, or the start of it, 8 digits
					   at least; or a file: an output */
	const char *directory;
	const char *reviewer;           /* NULL: the remembered one */
	const char *reason;             /* of log_reason_name; NULL: other */
};

/*
 * Take the item's output back, if one was released, and withhold the item:
 * the log keeps the fact, private/recall.csv the hash.  Prints {"v","item",
 * "state","output"}.  ERR_USAGE: no such item, or never opened.
 */
bool withdraw_command(const struct withdraw_options *o, FILE *to,
		      struct error *err);
#endif

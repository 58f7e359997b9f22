/*
 * second.h - the second reader that a policy asks for: before an output is
 * released, somebody else has to read the masked copy and find nothing left.
 * What was said stands in the log (qa.verdict, mode second); the worklist
 * keeps who agreed to which verdict.
 */
#ifndef SUMI_SECOND_H
#define SUMI_SECOND_H

#include "record/sample.h"

/* Is this the word of such a reader? */
bool second_is(const struct log_entry *e);

/* May who has the project open be the second reader of an item?  ERR_USAGE:
 * his qualification is too low, or he is the same user. */
bool second_may_read(const struct project *p, const struct sample_item *item,
		     struct error *err);
/* The same without an item: is there such a policy, and is he trained for
 * it? */
bool second_may_begin(const struct project *p, struct error *err);

/* How far apart from who decided he is: "uid" or "code". */
const char *second_apart(const struct project *p,
			 const struct sample_item *item);

/* Log his word, and note it in the worklist; record->item is listed. */
bool second_log(struct project *p, const struct log_record *record,
		struct error *err);
/* Note in the worklist what a record says of the item's last verdict. */
bool second_note(struct worklist *w, const struct worklist_item *item,
		 const char *verdict, const char *qual, const char *apart,
		 struct error *err);

/* Does the policy ask for one, and has nobody agreed who would do? */
bool second_awaited(const struct project *p,
		    const struct worklist_item *item);

/*
 * Escalate every item whose second reader did not agree, with the boxes of the
 * first and what the second one marked as added ones.  *count (may be NULL):
 * how many.
 */
bool second_escalate(struct project *p, long long *count, struct error *err);

#endif

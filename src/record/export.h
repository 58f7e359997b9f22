/*
 * export.h - the export view of a log: a line a record without what leads
 * back to originals, people or machines, each with a proof that a signed
 * checkpoint covers the record; and the check of such a file.
 */
#ifndef SUMI_EXPORT_H
#define SUMI_EXPORT_H

#include <stdio.h>

#include "record/project.h"
#include "record/trust.h"

/*
 * Of items only those that are released now: a record of another one is a
 * line of "leaf", "proof", "seq" and "v" alone, so that the whole can be
 * checked, and none in CSV.  Items and reviewers by names that only this
 * project's key leads back, times to the hour, no input hashes, machine or
 * boxes.  JSON: with "leaf" the leaf hash of the record and "proof" its
 * inclusion proof (RFC 9162 2.1.3, base64) in the tree of the last line's
 * "checkpoint"; records after that have none.  CSV has no proofs.  *audit as
 * project_audit_log().
 */
bool export_log(struct project *p, bool csv, FILE *out,
		struct project_audit *audit, struct error *err);

struct export_check {
	long long records, proved;
	enum log_fault fault;           /* OK; BADSIG: checkpoint; CONTENT: a
					   proof does not hold; FORM */
	long long line;
	long long size;                 /* of the checkpoint */
};

/*
 * Check an exported JSON file alone: keys of trust must have signed the
 * checkpoint (with no keys that is not looked at), every record's proof must
 * hold.  True when the check could be made.
 */
bool export_check(const char *path, const struct trust *trust,
		  struct export_check *result, struct error *err);
#endif

/*
 * ledger.h - the log's last word on each item, gathered record by record.
 * Trusts the log only; looks at no file.
 */
#ifndef SUMI_LEDGER_H
#define SUMI_LEDGER_H

#include "base/hash.h"
#include "record/log.h"
#include "record/worklist.h"

struct fact {
	uint8_t id[16];
	long long verdict_seq;          /* 0: none */
	enum item_state state;          /* LISTED: no verdict */
	enum output_state output;
	bool has_in;                    /* it was opened */
	uint8_t in_sha256[HASH_SIZE], out_sha256[HASH_SIZE];
	uint8_t mask_sha256[HASH_SIZE];
	long long first_seq;            /* of its first record */
	bool used;
	long long row;                  /* for the caller */
};

/* Facts by id: open addressing, at most half full.  Zeros: an empty one. */
struct ledger {
	struct fact *fact;              /* [slots]; those with used count */
	size_t slots, used;
};

/* Take in one record.  False: no memory. */
bool ledger_take(struct ledger *l, const struct log_entry *e);
/* What is known of an id; NULL: nothing.  Until the next ledger_take(). */
struct fact *ledger_find(struct ledger *l, const uint8_t id[16]);
void ledger_done(struct ledger *l);

/* Is an output of it staged or released? */
bool fact_has_output(const struct fact *f);

#endif

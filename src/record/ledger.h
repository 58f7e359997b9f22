/*
 * ledger.h - the log's last word on each item, gathered record by record.
 * Trusts the log only; looks at no file.
 */
#ifndef SUMI_LEDGER_H
#define SUMI_LEDGER_H

#include "base/hash.h"
#include "record/log.h"
#include "record/policy.h"
#include "record/worklist.h"

/* What the last second reader said of a verdict. */
struct second_word {
	long long seq;                  /* 0: nobody read it */
	bool agrees;                    /* by another code, and clean */
	enum qualification qualified;
	bool uid;                       /* under another user id too */
	uint8_t mask_sha256[HASH_SIZE]; /* of what was marked */
};
/* Is that what a policy asks for? */
bool second_satisfies(const struct second_word *word,
		      enum qualification least, bool uid);

struct fact {
	uint8_t id[16];
	long long verdict_seq;          /* 0: none */
	enum item_state state;          /* LISTED: no verdict */
	enum output_state output;
	bool has_in;                    /* it was opened */
	uint8_t in_sha256[HASH_SIZE], out_sha256[HASH_SIZE];
	uint8_t mask_sha256[HASH_SIZE];
	char who[33];                   /* who gave the verdict, */
	long long uid;                  /* as which user */
	struct second_word second;      /* on that verdict */
	long long first_seq;            /* of its first record */
	bool used;
	bool erased;                    /* nothing leads to its file */
	long long row;                  /* for the caller */
};

/* Facts by id: open addressing, at most half full.  Zeros: an empty one. */
struct ledger {
	struct fact *fact;              /* [slots]; those with used count */
	size_t slots, used;
	long long unread;               /* the first release without the second
					   reader that it names; 0 */
};

/* Take in one record.  False: no memory. */
bool ledger_take(struct ledger *l, const struct log_entry *e);
/* What is known of an id; NULL: nothing.  Until the next ledger_take(). */
struct fact *ledger_find(struct ledger *l, const uint8_t id[16]);
void ledger_done(struct ledger *l);

/* For qsort() of pointers to facts: as they were listed. */
int ledger_by_listing(const void *a, const void *b);

/* Is an output of it staged or released? */
bool fact_has_output(const struct fact *f);

#endif

/*
 * log.h - the review log: append-only, one canonical JSON object a line, each
 * with the RFC 6962 leaf hash of the line before (DESIGN 5.3).  It knows
 * items by their random ids; no path, name or recognised text can be given to
 * it.
 */
#ifndef SUMI_LOG_H
#define SUMI_LOG_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/error.h"

enum log_event {
	LOG_SESSION_OPEN, LOG_SESSION_CLOSE, LOG_ITEM_LISTED, LOG_ITEM_OPEN,
	LOG_ITEM_PROPOSE, LOG_ITEM_VERDICT, LOG_ITEM_REOPEN, LOG_ITEM_OUTPUT,
	LOG_ITEM_RELEASE, LOG_ITEM_WITHDRAW, LOG_RECOVER, LOG_POLICY_CHANGE,
	LOG_CLOCK_STEP, LOG_EVENTS
};
extern const char *const log_event_name[LOG_EVENTS];   /* "session.open" */

/* The members of a record that differ by event; NULL, 0 or -1: left out. */
struct log_record {
	const char *item;               /* 32 hex digits */
	const uint8_t *in_sha256;       /* 32 bytes */
	const uint8_t *out_sha256;
	const uint8_t *mask_sha256;
	const char *verdict;            /* masked clean withheld escalated */
	const char *reason;             /* a word of the table of reasons */
	const char *phase;              /* intent done */
	const char *refused;            /* refusal code */
	long long active_ms, view_ms;   /* -1: left out */
	long long boxes;                /* count; -1: left out */
	long long offset, length;       /* recover; -1: left out */
};

struct log_who {
	const char *reviewer;           /* code */
	const char *role;               /* reviewer qa trainee batch */
	const char *host;               /* station code, no host name needed */
	const char *policy;             /* 16 hex digits */
	bool test_clock;                /* --test-seed: fixed clock and salts */
	unsigned long test_seed;
};

struct log;

/*
 * Open (or start) the log in the directory dirfd (private/log), repair a torn
 * tail by appending (LF and a `recover` record, never truncating), take up
 * the chain, write session.open.  NULL with *err.
 */
struct log *log_open(int dirfd, const struct log_who *who, struct error *err);

/*
 * Append a record and fdatasync it; private/log/head is replaced atomically
 * after it.  After a failed sync the log is dead: every further call fails.
 * *seq (may be NULL) gets its number.
 */
bool log_append(struct log *log, enum log_event event,
		const struct log_record *record, long long *seq,
		struct error *err);
/* session.close, then free. */
bool log_close(struct log *log, struct error *err);

/* ---- reading: trusts nothing ---- */

struct log_entry {                      /* one parsed record; borrowed */
	long long seq;
	enum log_event event;
	char item[33];
	const char *verdict, *phase, *reason, *refused;
	bool has_in, has_out, has_mask;
	uint8_t in_sha256[32], out_sha256[32], mask_sha256[32];
	long long boxes;
};

/* Classes of what log_check() finds (notes/reliability.md 3.7). */
enum log_fault { LOG_OK, LOG_EDIT, LOG_GAP, LOG_ORDER, LOG_TRUNCATED,
		 LOG_FORM, LOG_CONTENT, LOG_FAULTS };
extern const char *const log_fault_name[LOG_FAULTS];

struct log_check {
	long long records;
	enum log_fault fault;           /* the first one */
	long long line;                 /* 1-based; 0 if none */
};

/*
 * Check chain, form, seq and head of the log in dirfd and hand each sound
 * record to visit (may be NULL), which returns false to stop.  True when the
 * check could be made; result->fault says what was found.
 */
bool log_check(int dirfd, struct log_check *result,
	       bool (*visit)(void *self, const struct log_entry *entry),
	       void *self, struct error *err);

/* Readable form of the whole log to out (log show). */
bool log_show(int dirfd, FILE *out, struct error *err);
#endif

/*
 * log.h - the review log: append-only, one canonical JSON object a line, each
 * with the RFC 6962 leaf hash of the record before (DESIGN 5.3).  It knows
 * items by their random ids; no path, name or recognised text can be given to
 * it.
 *
 * Files in private/log: segments 00000001.jsonl ... of about 64 MiB, and head
 * with seq and leaf hash of the last record, replaced after each append.
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

/* The reason digits 1..9 of DESIGN 8.6 as words; [0] is NULL. */
enum { LOG_REASONS = 10 };
extern const char *const log_reason_name[LOG_REASONS];

/* The members of a record that differ by event; NULL or -1: left out.  Start
 * from LOG_RECORD_EMPTY. */
struct log_record {
	const char *item;               /* 32 hex digits */
	const uint8_t *in_sha256;       /* 32 bytes */
	const uint8_t *out_sha256;
	const uint8_t *mask_sha256;
	const uint8_t *torn_sha256;     /* recover: of the torn bytes */
	const char *verdict;            /* masked clean withheld escalated */
	const char *reason;             /* a word of log_reason_name */
	const char *phase;              /* intent done */
	const char *refused;            /* refusal code */
	const char *sandbox;            /* session.open: what holds workers */
	long long active_ms, view_ms;   /* -1: left out */
	long long boxes;                /* count; -1: left out */
	long long offset, length;       /* recover: bytes in the segment; -1 */
	long long behind;               /* recover: records that head did not
					   know; -1 */
};
#define LOG_RECORD_EMPTY ((struct log_record){ .active_ms = -1, \
	.view_ms = -1, .boxes = -1, .offset = -1, .length = -1, .behind = -1 })

struct log_who {
	const char *reviewer;           /* code: letters, digits, . _ - */
	const char *role;               /* reviewer qa trainee batch */
	const char *host;               /* station code, no host name needed */
	const char *policy;             /* 16 hex digits */
	const char *sandbox;            /* what holds workers in, joined by +;
					   or NULL: not known */
	bool test_clock;                /* --test-seed: fixed clock and salts */
	unsigned long test_seed;
};

/* 1..32 letters, digits and . _ - ? */
bool log_code_valid(const char *code);

struct log;

/*
 * Open (or start) the log in the directory dirfd (private/log), lock it
 * against a second writer, repair a torn tail by appending (LF and a
 * `recover` record, never truncating), take up the chain, write session.open.
 * *who is copied.  NULL with *err: ERR_WRITE (in use, cannot be written),
 * ERR_CHECK (the end of the log is not what head says: `log check` tells),
 * ERR_USAGE (a code of *who).
 */
struct log *log_open(int dirfd, const struct log_who *who, struct error *err);

/* Seq of the last record found by log_open(), before what it wrote itself; and
 * whether that was a session.close with nothing to repair. */
long long log_found_seq(const struct log *log);
bool log_found_clean(const struct log *log);

/*
 * The seq that the next log_append() will use (a file named after it is
 * written first).  May write a clock.step.  0 with *err.
 */
long long log_next_seq(struct log *log, struct error *err);

/*
 * Append a record and fdatasync it; private/log/head is replaced atomically
 * after it.  After a failed write or sync the log is dead: every further call
 * fails.  *seq (may be NULL) gets its number.
 */
bool log_append(struct log *log, enum log_event event,
		const struct log_record *record, long long *seq,
		struct error *err);

/*
 * Bundle up to count records: between these two log_append() only collects,
 * nothing is durable before log_commit() returned true.
 */
bool log_begin(struct log *log, long long count, struct error *err);
bool log_commit(struct log *log, struct error *err);

/* session.close, then free.  False when the record could not be written. */
bool log_close(struct log *log, struct error *err);
/* Free without a record, as a kill would leave it.  NULL does nothing. */
void log_abandon(struct log *log);

/* ---- reading: trusts nothing ---- */

/* One parsed record; words point to static tables. */
struct log_entry {
	uint64_t has;                   /* bit 1 << enum line_member (line.h) */
	bool has_in, has_out, has_mask;
	enum log_event event;
	long long v, seq, uid, mono_ms, active_ms, view_ms, boxes, offset,
		  length, behind, step_ms;
	const char *verdict, *phase, *reason, *refused, *role;
	char item[33], t[25], boot[33], sess[17], salt[33], pol[17];
	char who[33], host[33], tool[33], sandbox[41];
	uint8_t prev[32], in_sha256[32], out_sha256[32], mask_sha256[32],
		torn_sha256[32];
	uint8_t leaf[32];               /* of this record itself */
};

/*
 * Classes of what log_check() finds (notes/reliability.md 3.7).
 *
 * edit       a line is not the one that the next line or head vouches for
 * gap        records are missing
 * order      records stand in another order, twice, or time goes back
 * truncated  the end that head knows is missing
 * form       vouched for, but no record of this program
 * content    a masks file is not the one its verdict names (line: its seq)
 * torn       an unfinished last line that no recover has closed: a power cut;
 *            opening the project repairs it
 * head       head does not fit the records
 */
enum log_fault { LOG_OK, LOG_EDIT, LOG_GAP, LOG_ORDER, LOG_TRUNCATED,
		 LOG_FORM, LOG_CONTENT, LOG_TORN, LOG_HEAD, LOG_FAULTS };
extern const char *const log_fault_name[LOG_FAULTS];

struct log_check {
	long long records;              /* sound ones before the first fault */
	enum log_fault fault;           /* the first one */
	long long line;                 /* 1-based, over all segments; 0 none */
	long long last;                 /* seq of the last record that follows
					   the ones before it */
	long long last_line;            /* where that one stands */
	bool behind;                    /* head is behind, as a kill leaves it:
					   no fault */
	bool live;                      /* a writer has it open: records after
					   head are no fault */
};

/*
 * Check chain, form, seq and head of the log in dirfd and hand each sound
 * record to visit (may be NULL), which returns false to stop (no fault then).
 * A record is handed over once the next one, or head, vouches for it.  True
 * when the check could be made; result->fault says what was found.
 */
bool log_check(int dirfd, struct log_check *result,
	       bool (*visit)(void *self, const struct log_entry *entry),
	       void *self, struct error *err);

/* The same from record seq on, without a look at the segments before it. */
bool log_replay(int dirfd, long long seq,
		bool (*visit)(void *self, const struct log_entry *entry),
		void *self, struct error *err);

/* Readable form of one record, a line without LF (log show). */
void log_describe(const struct log_entry *entry, char *text, size_t size);
#endif

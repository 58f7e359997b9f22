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
#include "base/mem.h"
#include "record/merkle.h"

enum log_event {
	LOG_SESSION_OPEN, LOG_SESSION_CLOSE, LOG_ITEM_LISTED, LOG_ITEM_OPEN,
	LOG_ITEM_PROPOSE, LOG_ITEM_VERDICT, LOG_ITEM_REOPEN, LOG_ITEM_OUTPUT,
	LOG_ITEM_RELEASE, LOG_ITEM_WITHDRAW, LOG_RECOVER, LOG_POLICY_CHANGE,
	LOG_CLOCK_STEP, LOG_KEY_NEW, LOG_KEY_RETIRE, LOG_QA_SAMPLE,
	LOG_QA_VERDICT, LOG_SEAL, LOG_ERASE, LOG_EGRESS, LOG_RESTORE_CHECK,
	LOG_EVENTS
};
extern const char *const log_event_name[LOG_EVENTS];   /* "session.open" */

/* The reason digits 1..9 of DESIGN 8.6 as words; [0] is NULL. */
enum { LOG_REASONS = 10 };
extern const char *const log_reason_name[LOG_REASONS];

/* To whom released outputs may go (egress); ends with NULL. */
extern const char *const log_recipient_name[];

/* The members of a record that differ by event; NULL or -1: left out.  Start
 * from LOG_RECORD_EMPTY. */
struct log_record {
	const char *item;               /* 32 hex digits */
	const uint8_t *in_sha256;       /* 32 bytes */
	const uint8_t *out_sha256;
	const uint8_t *mask_sha256;
	const uint8_t *torn_sha256;     /* recover: of the torn bytes */
	const uint8_t *key;             /* key.new, key.retire: the public key,
					   32 bytes (Ed25519) */
	const char *verdict;            /* masked clean withheld escalated; of
					   a second reader left too */
	const char *reason;             /* a word of log_reason_name */
	const char *phase;              /* intent done */
	const char *refused;            /* refusal code */
	const char *sandbox;            /* session.open: what holds workers */
	const char *mode, *why;         /* qa.*: words of sample.h */
	const char *second, *apart;     /* what a release asks of a second
					   reader; how far apart one was */
	const char *recipient, *basis;  /* egress: a word of log_recipient_name
					   and a code */
	const char *result;             /* restore.check: ok failed */
	long long ms;                   /* restore.check: it took; -1 */
	const char *early;              /* erase: a word of retention.h */
	long long active_ms, view_ms;   /* -1: left out */
	long long boxes;                /* count; -1: left out */
	long long offset, length;       /* recover: bytes in the segment; -1 */
	long long behind;               /* recover: records that head did not
					   know; -1 */
	long long round;                /* qa.*; -1 */
	long long lot;                  /* qa.sample, egress, restore.check:
					   outputs; -1 */
	long long drawn, rate, confidence, risk;        /* qa.sample; -1 */
	long long bundle;               /* seal, egress: YYYYMMDDnnn; -1 */
	const uint8_t *bundle_sha256;   /* these, restore.check: of the
					   manifest */
};
#define LOG_RECORD_EMPTY ((struct log_record){ .active_ms = -1, \
	.view_ms = -1, .boxes = -1, .offset = -1, .length = -1, \
	.behind = -1, .round = -1, .lot = -1, .drawn = -1, .rate = -1, \
	.confidence = -1, .risk = -1, .bundle = -1, .ms = -1 })

/* What a log comes to: enough to go on with it and to sign it. */
struct log_standing {
	struct merkle tree;             /* of all records */
	uint8_t first[32];              /* leaf hash of the first one */
	bool has_key;                   /* a key.new that nothing ended */
	uint8_t key[32];
	long long key_seq;              /* its key.new */
	long long signed_size;          /* of the last sound checkpoint */
};

struct log_who {
	const char *reviewer;           /* code: letters, digits, . _ - */
	const char *role;               /* reviewer qa trainee batch */
	const char *qual;               /* of qualification_name; or NULL */
	const char *host;               /* station code, no host name needed */
	const char *policy;             /* 16 hex digits */
	const char *sandbox;            /* what holds workers in, joined by +;
					   or NULL: not known */
	bool test_clock;                /* --test-seed: fixed clock and salts */
	unsigned long test_seed;
	const uint8_t *secret;          /* 32 bytes that sign checkpoints;
					   NULL: none are written */
	const struct log_standing *standing;    /* what log_check() found just
						   now; NULL: it is read */
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
/* Whose session it is. */
const char *log_reviewer(const struct log *log);
/* The user id that its records hold. */
long long log_uid(const struct log *log);

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

/* What the log came to with the last record; as good as *who made it: with
 * neither a secret nor a standing it is empty. */
const struct log_standing *log_stands(const struct log *log);

/*
 * Sign and write a checkpoint of all that is in the log now.  It happens by
 * itself when a session begins and ends, after 256 records, and with the
 * first one that comes 5 minutes after the last checkpoint.  Nothing without
 * a secret.  After a failure the log is dead.
 */
bool log_sign(struct log *log, struct error *err);

/*
 * Append a signed note to *out: the checkpoint of all that is in the log now
 * with further lines (each ended by LF; C2SP tlog-checkpoint, extensions).
 * ERR_USAGE when no key signs.
 */
bool log_statement(struct log *log, const char *lines, struct buffer *out,
		   struct error *err);

/* The next record begins a new segment. */
bool log_cut(struct log *log, struct error *err);

/*
 * The secret that signs from now on: key.new is written, signed by the old
 * one last and the new one first; NULL: key.retire, and nothing is signed any
 * more.  ERR_USAGE when there is none to retire.
 */
bool log_change_key(struct log *log, const uint8_t *secret,
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
		  length, behind, step_ms, round, lot, drawn, rate,
		  confidence, risk, bundle, ms;
	const char *verdict, *phase, *reason, *refused, *role, *mode, *why,
		   *qual, *second, *apart, *early, *recipient, *result;
	char item[33], t[25], boot[33], sess[17], salt[33], pol[17];
	char who[33], host[33], tool[33], sandbox[41], basis[33];
	uint8_t prev[32], in_sha256[32], out_sha256[32], mask_sha256[32],
		torn_sha256[32], key[32], bundle_sha256[32];
	uint8_t leaf[32];               /* of this record itself */
};

/*
 * Classes of what log_check() finds (suminuri-log(5), Faults).
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
 * rollback   whole, but older than what a signed checkpoint, or the worklist,
 *            has seen
 * fork       whole, but not the records that a checkpoint was signed for
 * badsig     a checkpoint that the key of the log did not sign, or one that
 *            must be there is missing
 * unread     an output was released without the second reader that its record,
 *            or the policy that it was released under, asks for (line: its
 *            seq); project_audit_log() tells
 */
enum log_fault { LOG_OK, LOG_EDIT, LOG_GAP, LOG_ORDER, LOG_TRUNCATED,
		 LOG_FORM, LOG_CONTENT, LOG_TORN, LOG_HEAD, LOG_ROLLBACK,
		 LOG_FORK, LOG_BADSIG, LOG_UNREAD, LOG_FAULTS };
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
	struct log_standing standing;   /* at `last` */
};

/*
 * Check chain, form, seq, head and checkpoints of the log in dirfd and hand
 * each sound record to visit (may be NULL), which returns false to stop (no
 * fault then).  A record is handed over once the next one, or head, vouches
 * for it.  True when the check could be made; result->fault says what was
 * found.
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

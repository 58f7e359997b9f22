/*
 * project.h - a project directory (DESIGN 5.4): out/ and private/ with log,
 * keys, worklist, masks, staged and policy.  One process at a time (flock).
 */
#ifndef SUMI_PROJECT_H
#define SUMI_PROJECT_H

#include "find/proposal.h"
#include "mask/mask.h"
#include "record/log.h"
#include "record/masks.h"
#include "record/policy.h"
#include "record/worklist.h"

#define PROJECT_DRAFTS "drafts"         /* in private/; once there is need */

struct project {
	int dirfd, outfd, privatefd, logfd, masksfd, stagedfd;
	struct policy policy;
	struct log *log;                /* NULL when only reading */
	struct worklist *worklist;      /* NULL when only the log is read */
	long long applied;              /* then: worklist_applied() */
	uint8_t patient_key[32];        /* derived: for detecting workers */
	uint8_t uid_key[32];            /* derived: for writing workers */
	uint8_t export_key[32];         /* derived: names in an export */
	uint8_t sample_key[32];         /* derived: draws for second readers */
	bool keep_names;                /* out/ keeps the names of the inputs */
	enum qualification qualified;   /* who decides; ANY: not known */
	bool fresh;                     /* made just now */
	bool erased;                    /* only its log is left to read */
	long long put_aside;            /* files at the place of an output that
					   were not it, found at the start;
					   project_alarm() */
	bool other_reviewer;            /* than the last time was given */
	bool stopped;                   /* a sync failed: nothing more is
					   written until it is opened anew */
	long long due;                  /* a record whose row does not reflect
					   it yet; 0: none */
};

struct project_options {
	const char *directory;
	bool create;
	bool reading;                   /* verify: change nothing */
	bool log_only;                  /* reading, and only keys, log, masks
					   and how far the worklist is;
					   also while it is in use */
	bool beside;                    /* reading, and log_only while another
					   process has it open */
	bool rebuilding;                /* rebuild.c: no worklist and no open
					   log yet; locked */
	bool keep_names;                /* only when it is made */
	const char *reviewer;           /* NULL: the remembered one */
	const char *role;               /* NULL: reviewer */
	bool plans;                     /* with role qa, but reads nothing: who
					   reviews will do */
	const char *qualification;      /* of qualification_name; NULL: the one
					   remembered of this reviewer */
	bool key_lost;                  /* open also without the secret of the
					   log's key: to make another */
	const char *sandbox;            /* as in struct log_who */
	bool has_seed;                  /* --test-seed */
	unsigned long seed;
};

/* Is this directory a project (marker file suminuri.project)? */
bool project_is(const char *directory);

/*
 * Open or create.  Refuses a world-writable directory, one on a network file
 * system and a second process.  Repairs what a kill left behind: torn log
 * tail, head one behind, staged files without intent, intent without file
 * (redone by the next apply), done without worklist row; the worklist follows
 * the log.  The whole log is checked before anything is written; a broken one
 * is refused.  A new project needs a reviewer; without one nothing is made.
 *
 * NULL with *err: ERR_USAGE (not a project, not empty, no reviewer, world-
 * writable, network, policy.ini), ERR_WRITE (in use, no space), ERR_CHECK
 * (keys, worklist or log are not as they were left).
 */
struct project *project_open(const struct project_options *options,
			     struct error *err);
/*
 * What a person has to know of what was found at the start, or NULL: a file
 * stood where a kill had left an output half-way, but with other bytes than
 * were verified.  It is in private/quarantine now, as <item>.<seq of the
 * recover record>, and the output is made again.
 */
const char *project_alarm(const struct project *p);
/* Close log (session.close) and worklist; without a word, as a kill would,
 * when a row could not follow the log: the next start repairs that.  False
 * when closing failed. */
bool project_close(struct project *p, struct error *err);
/* Let go without a word, as a kill would.  NULL does nothing. */
void project_abandon(struct project *p);

/* ---- listing ---- */

/*
 * List files: begin, one call a file, end.  All or none; durable and logged
 * (item.listed) when end returned true.  A path that is listed already keeps
 * its row: *added (may be NULL) is false.
 *
 * path         to open it again: absolute
 * below        bytes of path that name the folder it was found in; -1: named
 * name         below the PATH given; for the screen and --keep-names
 * why_flagged  reason column, or NULL; never logged
 *
 * With keep_names a name that leads elsewhere, or two equal ones, are
 * ERR_USAGE and nothing is listed.
 */
bool project_list_begin(struct project *p, struct error *err);
bool project_list(struct project *p, const char *path, long below,
		  const char *name, const char *why_flagged, long long *row,
		  bool *added, struct error *err);
bool project_list_end(struct project *p, struct error *err);

/* ---- items; each call logs, then updates *item and its row ---- */

/*
 * Shown for the first time: item->in_sha256 and what is known of the file
 * (size, format ...) are set by the caller.  Another SHA-256 than the one
 * known already is refused as CHANGED.  Later calls only save the row.
 */
bool project_opened(struct project *p, struct worklist_item *item,
		    struct error *err);
/* Detection is done: boxes is the number of proposals, blob what
 * worklist_proposals() shall give back. */
bool project_proposed(struct project *p, struct worklist_item *item,
		      int boxes, const void *blob, size_t length,
		      struct error *err);
bool project_refused(struct project *p, struct worklist_item *item,
		     enum reason reason, const char *uid, long long number,
		     struct error *err);

/* ---- verdicts ---- */

struct verdict {
	enum item_state verdict;        /* MASKED CLEAN WITHHELD ESCALATED */
	int reason;                     /* digit, or 0 */
	const struct decided_box *boxes;
	size_t box_count;
	const struct seen *seen;
	size_t seen_count;
	bool faces_by_eye;              /* stands as a seen with that mode */
	bool head;                      /* of a volume that may show a head: a
					   seen with mode head-keep, head-flag
					   or head-req tells the policy */
	long long active_ms, view_ms;
	const struct after *after;      /* of a group's member: the item it was
					   decided after; NULL: on its own */
};

/* May this verdict be given by who has the project open?  ERR_USAGE says what
 * the policy asks for. */
bool project_may_decide(const struct project *p, enum item_state verdict,
			struct error *err);

/*
 * Record a verdict: masks file fsync'ed, log line fdatasync'ed, row updated.
 * When this returned true the decision survives any kill.  An output that was
 * staged for an earlier verdict is dropped; a released one must be taken back
 * with project_reopen() first (ERR_USAGE).  MASKED and CLEAN are ERR_USAGE
 * too when the policy asks for somebody of a higher qualification.
 */
bool project_verdict(struct project *p, struct worklist_item *item,
		     const struct verdict *verdict, struct error *err);
/*
 * Take a verdict back; the item is open again.  A staged output is dropped.
 * After release reason (1..9) is needed: the file is removed from out/, its
 * hash goes to private/recall.csv and item.withdraw is the tombstone; copies
 * that left can't be called back.
 */
bool project_reopen(struct project *p, struct worklist_item *item, int reason,
		    struct error *err);

/* The file of an item that was refused because it could not be read may be had
 * by now: the item is open again in the worklist.  The log tells it as taken
 * back before it tells anything else of it, and nothing when it can't be read
 * this time either. */
bool project_try_again(struct project *p, struct worklist_item *item,
		       struct error *err);
/* It was read: the item is open again, which the log tells as taken back. */
bool project_read_again(struct project *p, struct worklist_item *item,
			struct error *err);

/* All that the last verdict's file says; release with masks_done().  Empty
 * when there was none.  ERR_CHECK when the file is not the one logged. */
bool project_decided(struct project *p, const struct worklist_item *item,
		     struct masks *masks, struct error *err);
/* The boxes of the last verdict that are masked, for the writer; one that the
 * reviewer changed or added is of source SOURCE_REVIEWER. */
bool project_mask_boxes(struct project *p, const struct worklist_item *item,
			struct box_list *boxes, struct error *err);
/* Pseudonym, offset, profile, key for the writer of this item. */
bool project_mask_job(struct project *p, const struct worklist_item *item,
		      struct mask_job *job, struct error *err);

/* ---- outputs, in the order of DESIGN 5.3 (release.c) ---- */

/* A nameless file in private/staged for the writer; -1 with *err. */
int project_stage_open(struct project *p, struct error *err);
/*
 * After writing and verifying: fsync, log intent, link into staged, log done,
 * row staged.  fd stays the caller's.  extension ".dcm" ".png" ".jpg".  Only
 * for items masked or clean; report->in_sha256 must be the item's (CHANGED).
 */
bool project_stage(struct project *p, struct worklist_item *item, int fd,
		   const struct mask_report *report, const char *extension,
		   struct error *err);
/* Move a staged output to out/: intent, rename without replace, fsync of both
 * folders, done, row released.  item->out_name is then where it is. */
bool project_release(struct project *p, struct worklist_item *item,
		     struct error *err);
/* Open a staged or released output of an item for reading; -1 with *err:
 * ERR_CHECK when it is not there. */
int project_output_open(struct project *p, const struct worklist_item *item,
			struct error *err);

/* ---- checking (audit.c): needs no writer, trusts the log only ---- */

/* What is wrong with an output, in the words of DESIGN 5.5. */
enum output_fault { OUTPUT_SOUND, OUTPUT_MISSING, OUTPUT_CHANGED,
		    OUTPUT_EXTRA, OUTPUT_ASIDE, OUTPUT_UNKNOWN };

struct project_output {
	enum output_fault fault;        /* SOUND: hash as logged; the pixels
					   are still to be verified.  UNKNOWN:
					   logged, but not in the worklist */
	const char *file;               /* EXTRA: path below out/; ASIDE: below
					   the project; else NULL */
	struct worklist_item item;      /* as the log says; unless file */
	int fd;                         /* SOUND: for reading, else -1 */
	struct box_list boxes;          /* SOUND: what was to be masked */
	struct mask_job job;            /* SOUND */
};

struct project_audit {
	struct log_check log;           /* masks files too: LOG_CONTENT; and
					   LOG_ROLLBACK when the worklist
					   knows later records */
	long long open, refused, withheld;      /* by the log's last word */
	long long escalated;                    /* of those open */
};

/* Only the log, and every masks file against its verdict.  visit as in
 * log_check(), or NULL. */
bool project_audit_log(struct project *p, struct project_audit *audit,
		       bool (*visit)(void *self,
				     const struct log_entry *entry),
		       void *self, struct error *err);

/*
 * Check the log, every masks file against its verdict, then hand over each
 * output that the log knows to be staged or released, in listing order, each
 * file in out/ that it does not know, and what was put aside
 * (project_alarm()) until a person takes it away.  visit returns false to stop; the
 * project_output and its fd are closed after it.  True when all could be
 * looked at.
 */
bool project_audit(struct project *p, struct project_audit *audit,
		   bool (*visit)(void *self, struct project_output *output),
		   void *self, struct error *err);
#endif

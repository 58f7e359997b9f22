/*
 * project.h - a project directory (DESIGN 5.4): out/ and private/ with log,
 * keys, worklist, masks, staged and policy.  One process at a time (flock).
 */
#ifndef SUMI_PROJECT_H
#define SUMI_PROJECT_H

#include "find/proposal.h"
#include "mask/mask.h"
#include "record/log.h"
#include "record/worklist.h"

struct policy {
	enum tag_profile tags;
	bool face_eyes;
	enum { HEAD_KEEP, HEAD_FLAG, HEAD_REQUIRE } head_surface;
	bool patient_id_empty;
	int age_cap;
	char languages[32];
	unsigned formats;               /* bit set of enum image_format */
	bool require_scan_always;
	char id[17];                    /* 16 hex digits (DESIGN 5.4) */
};

struct project {
	int dirfd, outfd, privatefd, logfd, masksfd, stagedfd;
	struct policy policy;
	struct log *log;
	struct worklist *worklist;
	uint8_t patient_key[32];        /* derived: for detecting workers */
	uint8_t uid_key[32];            /* derived: for writing workers */
	bool fresh;                     /* made by this call */
};

struct project_options {
	const char *directory;
	bool create;
	const char *reviewer;           /* NULL: the remembered one */
	const char *role;
	bool has_seed;                  /* --test-seed */
	unsigned long seed;
};

/* Is this directory a project (marker file suminuri.project)? */
bool project_is(const char *directory);

/*
 * Open or create.  Refuses a world-writable directory and a second process.
 * Repairs what a kill left behind: torn log tail, head one behind, staged
 * files without intent, intent without file (redo), done without worklist
 * row; the worklist follows the log.  ERR_WRITE, ERR_USAGE.
 */
struct project *project_open(const struct project_options *options,
			     struct error *err);
/* Close log (session.close) and worklist.  False when that failed. */
bool project_close(struct project *p, struct error *err);

/* ---- verdicts ---- */

enum box_decision { DECISION_MASK, DECISION_NO_MASK, DECISION_CHANGED,
		    DECISION_ADDED, DECISIONS };
extern const char *const box_decision_name[DECISIONS];

/* A box with what was decided on it (private/masks/<item>.<seq>.jsonl). */
struct decided_box {
	struct box box;
	int id;                         /* 1, 2, 3 ... within the item */
	enum box_decision decision;
	int reason;                     /* digit 1..9 of DESIGN 8.6; 0 none */
};

/* One evidence that was shown: `seen` of DESIGN 5.3, 8.5. */
struct seen {
	int id;                         /* evidence id */
	char mode[12];                  /* sextant half ascii by-eye ... */
	int sub_px;                     /* sub-pixels per letter height, x10 */
	int frame;                      /* 0-based; -1 projection */
	long long ms;
};

struct verdict {
	enum item_state verdict;        /* MASKED CLEAN WITHHELD ESCALATED */
	int reason;                     /* digit, or 0 */
	const struct decided_box *boxes;
	size_t box_count;
	const struct seen *seen;
	size_t seen_count;
	bool faces_by_eye;
	long long active_ms, view_ms;
};

/*
 * Record a verdict: masks file fsync'ed, log line fdatasync'ed, row updated.
 * When this returned true the decision survives any kill.
 */
bool project_verdict(struct project *p, struct worklist_item *item,
		     const struct verdict *verdict, struct error *err);
/* Take a verdict back (undo; reopen after release takes a reason digit). */
bool project_reopen(struct project *p, struct worklist_item *item, int reason,
		    struct error *err);

/* The boxes of the last verdict that are masked, for the writer. */
bool project_mask_boxes(struct project *p, const struct worklist_item *item,
			struct box_list *boxes, struct error *err);
/* Pseudonym, offset, profile, key for the writer of this item. */
bool project_mask_job(struct project *p, const struct worklist_item *item,
		      struct mask_job *job, struct error *err);

/* Item seen for the first time / refused / detected: log and row. */
bool project_opened(struct project *p, struct worklist_item *item,
		    struct error *err);
bool project_refused(struct project *p, struct worklist_item *item,
		     enum reason reason, const char *uid, long long number,
		     struct error *err);

/* ---- outputs, in the order of DESIGN 5.3 (release.c) ---- */

/* A nameless file in private/staged for the writer; -1 with *err. */
int project_stage_open(struct project *p, struct error *err);
/*
 * After writing and verifying: fsync, log intent, link into staged, log done,
 * row staged.  fd stays the caller's.  extension ".dcm" ".png" ".jpg".
 */
bool project_stage(struct project *p, struct worklist_item *item, int fd,
		   const struct mask_report *report, struct error *err);
/* Move a staged output to out/: intent, rename without replace, fsync of both
 * folders, done, row released. */
bool project_release(struct project *p, struct worklist_item *item,
		     struct error *err);
/* Open a staged or released output of an item for reading; -1 with *err. */
int project_output_open(struct project *p, const struct worklist_item *item,
			struct error *err);
#endif

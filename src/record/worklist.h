/*
 * worklist.h - the items and how far each one is: an SQLite index that can be
 * rebuilt from log and files.  The only place that holds paths.
 */
#ifndef SUMI_WORKLIST_H
#define SUMI_WORKLIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/mem.h"

enum item_state { ITEM_LISTED, ITEM_PROPOSED, ITEM_OPEN, ITEM_MASKED,
		  ITEM_CLEAN, ITEM_WITHHELD, ITEM_ESCALATED, ITEM_REFUSED,
		  ITEM_STATES };
enum output_state { OUTPUT_NONE, OUTPUT_STAGED, OUTPUT_RELEASED,
		    OUTPUT_WITHDRAWN, OUTPUT_STATES };
extern const char *const item_state_name[ITEM_STATES];
extern const char *const output_state_name[OUTPUT_STATES];

/* An output on its way (release.c finishes it after a kill). */
enum item_pending { PENDING_NONE, PENDING_STAGE, PENDING_RELEASE,
		    PENDING_WITHDRAW, PENDINGS };

/* A row; strings are owned: worklist_item_done(). */
struct worklist_item {
	long long row;                  /* 1, 2, 3 ... in listing order */
	char id[33];                    /* 128 random bits in hex */
	char *path;                     /* bytes, absolute or as typed */
	long long below;                /* bytes of path that name the folder
					   it was found in; -1: it was named */
	char *name;                     /* below PATH, for the screen and
					   --keep-names */
	char *why_flagged;              /* reason column of the list, or NULL */
	enum item_state state;
	enum output_state output;
	bool has_sha256;
	uint8_t in_sha256[32], out_sha256[32];
	uint8_t mask_sha256[32];                /* of the last verdict */
	long long size, mtime_ns, inode;        /* when last opened */
	int format, columns, rows, frames;      /* 0 until opened */
	char modality[17];
	int boxes;                      /* proposed, from the last verdict on
					   masked; -1 until detected */
	int reason;                     /* enum reason when refused */
	char reason_uid[65];
	long long reason_number;
	long long verdict_seq;          /* of the last item.verdict; 0 none */
	uint8_t patient[32];            /* HMAC; all zero until known */
	uint8_t series[32];             /* HMAC; all zero: not known, or none */
	uint8_t device[32];             /* layout_device() (find/layout.h) */
	int device_number;              /* 1, 2, 3 ... as the devices came up;
					   0: not known, or none.  Read only */
	char *out_name;                 /* below out/, once staged; or NULL */
	enum item_pending pending;      /* begun and not known to be done */
	bool held;                      /* staged, and something was found on
					   the copy: WORKLIST_FOUND */
};
void worklist_item_done(struct worklist_item *item);

/* Before an item's id: the setting with the boxes found on its staged copy;
 * empty or missing: none. */
#define WORKLIST_FOUND "residual."

struct worklist;

/*
 * Open private/worklist.db in dirfd, or make it (mode 0600).  reading: it must
 * be there, and nothing is changed; it may then be on a read-only file system.
 * NULL with ERR_WRITE; ERR_CHECK when it is no worklist or one of a newer
 * program.
 */
struct worklist *worklist_open(int dirfd, bool reading, struct error *err);
void worklist_close(struct worklist *w);        /* NULL does nothing */
/* Draw ids, pseudonyms and offsets from a key (--test-seed), not at random. */
void worklist_seed(struct worklist *w, const uint8_t key[32]);

/* Add an item in state listed unless its path is there already; *row gets its
 * number, *added (may be NULL) tells.  A fresh random id is drawn. */
bool worklist_add(struct worklist *w, const char *path, const char *name,
		  const char *why_flagged, const char *id, long long *row,
		  bool *added, struct error *err);
/* What item->below shall be; an added item has -1. */
bool worklist_set_below(struct worklist *w, long long row, long long below,
			struct error *err);
/*
 * Nothing leads from a row to its file any more: its id takes the place of
 * path and name, what was proposed and noted of it goes, and its patient,
 * unless another item has the same; *alone tells.  Overwritten in the file.
 */
bool worklist_forget(struct worklist *w, const struct worklist_item *item,
		     bool *alone, struct error *err);
/* Bundle many changes into one durable transaction; may be nested.  Rollback
 * ends all levels. */
bool worklist_begin(struct worklist *w, struct error *err);
bool worklist_commit(struct worklist *w, struct error *err);
void worklist_rollback(struct worklist *w);

long long worklist_count(struct worklist *w);
/* A row by its number or id; worklist_item_done() it.  False with *err, also
 * when there is none. */
bool worklist_get(struct worklist *w, long long row,
		  struct worklist_item *item, struct error *err);
bool worklist_find_id(struct worklist *w, const char *id,
		      struct worklist_item *item, struct error *err);
/* Like these two, but false without an error: is it there? */
bool worklist_has_id(struct worklist *w, const char *id);
/* Write all but row, id, path, name, why_flagged back. */
bool worklist_put(struct worklist *w, const struct worklist_item *item,
		  struct error *err);
/* What becomes of its output once the verdict of item is noted: an output that
 * was taken back is to be made again, when something may leave again. */
enum output_state worklist_output_after(const struct worklist_item *item);
/* Is it refused because its file could not be had, or open to try that again
 * (project_try_again())?  Not when it was erased: no
 * path leads to the file any more. */
bool worklist_could_not_read(const struct worklist_item *item);
/* Is it decided that something leaves, and is that not out? */
bool worklist_unreleased(const struct worklist_item *item);
/* First row >= from (or <= when backwards) whose state is in the bit set
 * states (1 << ITEM_OPEN ...); 0 when there is none. */
long long worklist_next(struct worklist *w, long long from, bool backwards,
			unsigned states);
/* First row >= from of a series whose state is in the set; 0. */
long long worklist_next_in_series(struct worklist *w,
				  const uint8_t series[32], long long from,
				  unsigned states);
/* The state of a row; ITEM_STATES when it is not there. */
enum item_state worklist_state(struct worklist *w, long long row);
/* Rows of one series, or device, with pictures of this size. */
struct worklist_alike {
	bool series;                    /* key is one; else a device */
	const uint8_t *key;             /* [32] */
	int columns, rows;
	long long but;                  /* a row that does not count */
	unsigned states;                /* 1 << ITEM_OPEN ... */
};
/* How many there are among those that were read. */
long long worklist_count_alike(struct worklist *w,
			       const struct worklist_alike *alike);
/*
 * All rows in listing order, in one pass.  Of *item only row, name, state,
 * output, modality, device_number, frames and boxes are set, and why_flagged to "" where
 * there is a reason; its strings hold until visit returns.  visit returns
 * false to stop.
 */
bool worklist_walk(struct worklist *w,
		   bool (*visit)(void *self, const struct worklist_item *item),
		   void *self, struct error *err);
/* The first row whose pending is not none; 0. */
long long worklist_next_pending(struct worklist *w, long long from);
/* Ids listed here, but not yet in the log: the first row >= from; 0.
 * worklist_set_logged() takes all rows up to `to` off. */
long long worklist_next_unlogged(struct worklist *w, long long from);
bool worklist_set_logged(struct worklist *w, long long to, struct error *err);
/* The same for the one of this id. */
bool worklist_set_logged_id(struct worklist *w, const char *id,
			    struct error *err);
/* Two rows with the same name (--keep-names); false when there are none. */
bool worklist_same_names(struct worklist *w, long long rows[2]);
/* Staged copies that are held back. */
long long worklist_held(struct worklist *w);
bool worklist_counts(struct worklist *w, long long by_state[ITEM_STATES],
		     long long by_output[OUTPUT_STATES], struct error *err);

/* Proposals of an item as an opaque blob (recognised text left out). */
bool worklist_set_proposals(struct worklist *w, long long row,
			    const void *blob, size_t length,
			    struct error *err);
bool worklist_proposals(struct worklist *w, long long row,
			struct buffer *blob, struct error *err);

/* Seq of the last record of the log that the rows know of. */
long long worklist_applied(struct worklist *w);
bool worklist_set_applied(struct worklist *w, long long seq,
			  struct error *err);

/* Settings remembered for the project (reviewer ...); NULL when unset. */
bool worklist_set(struct worklist *w, const char *name, const char *value,
		  struct error *err);
char *worklist_value(struct worklist *w, const char *name);

/*
 * The patient of a keyed hash: drawn once, then the same for all files.
 * pseudonym: 16 hex digits; *date_offset: days, -1 .. -1826, so that no date
 * moves into the future; *drawn: it was drawn just now.
 */
bool worklist_patient(struct worklist *w, const uint8_t patient[32],
		      char pseudonym[17], int *date_offset, bool *drawn,
		      struct error *err);
/* Put back what was drawn before; it replaces what is there. */
bool worklist_set_patient(struct worklist *w, const uint8_t patient[32],
			  const char *pseudonym, int date_offset,
			  struct error *err);
#endif

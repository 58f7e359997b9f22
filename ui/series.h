/*
 * series.h - the pictures of a series that may follow one that was approved:
 * read ahead by workers one after the other, compared with it (review/group.h)
 * and gathered on a contact sheet.  Knows no terminal; decides nothing.
 */
#ifndef SUMI_SERIES_H
#define SUMI_SERIES_H

#include "review/loose.h"
#include "review/review.h"
#include "review/sheet.h"
#include "ui/items.h"

enum {
	SERIES_MOST = 4096,             /* members */
	SERIES_UNKNOWN = 1024,          /* of them not read before */
	SERIES_STRANGERS = 4,           /* files of other series in a row: there
					   are no more of this one */
	SERIES_CROPS = 64,              /* of members that differ */
};
#define SERIES_CROP_PIXELS 1048576LL    /* of one of them */

struct series_member {
	long long row;
	enum group_state state;
	bool sure;                      /* known to be of this series */
	uint8_t sha256[32];             /* of the file compared */
	long long size, mtime_ns, inode;
	struct decided_list boxes;      /* ALIKE: as they will be decided */
	struct sheet_crop crop;         /* what differs; plane may be NULL */
};

struct series {
	struct project *project;        /* borrowed */
	struct items items;             /* the file being read */
	long long leader;               /* row; 0: there is no group */
	bool ready;                     /* the leader was read */
	long long reading;              /* row being read; 0 none */
	struct after after;             /* the leader and its verdict */
	struct masks decided;           /* that verdict */
	struct image_info info;         /* of the leader, as the rest */
	struct proposals proposals;
	struct frame *frame;
	struct plane *plane;            /* display values */
	struct loose_list loose;
	uint8_t patient[32], series[32], device[32];
	struct series_member *member;   /* owned */
	size_t count, capacity;
	size_t crops;
	int strangers;
	long long serial;               /* of sheets */
};

void series_init(struct series *s, struct project *project,
		 struct workers *workers);
void series_done(struct series *s);

/*
 * Gather the series of an item that was masked, with the proposals that
 * `like` adds; whatever was gathered before is forgotten.  No group when it
 * has no series.  False with *err when it can't be read.
 */
bool series_start(struct series *s, const struct worklist_item *leader,
		  const struct items *like, struct error *err);
void series_stop(struct series *s);

/* Read on when nothing is being read, but not what `busy` works on. */
void series_step(struct series *s, const struct items *busy);
/* Take a worker's event; false: it is none of this. */
bool series_event(struct series *s, struct worker_event *event);

/* The member of a row, or NULL. */
const struct series_member *series_member(const struct series *s,
					  long long row);
/* Members that nobody decided yet, by state. */
void series_counts(const struct series *s, size_t by_state[GROUP_STATES]);

/*
 * The sheet of what is known now, and the rows of those alike (freed by the
 * caller).  Left out is what was decided, or touched by the reviewer, or has
 * changed on disk, meanwhile.  ERR_MEMORY.
 */
bool series_sheet(struct series *s, const struct review *model,
		  struct sheet *sheet, long long **rows, size_t *count,
		  struct error *err);
/* May this member be approved now?  *item gets its row, *boxes its boxes
 * (borrowed). */
bool series_may_follow(struct series *s, const struct review *model,
		       long long row, struct worklist_item *item,
		       const struct decided_list **boxes);
#endif

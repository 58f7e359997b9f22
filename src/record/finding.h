/*
 * finding.h - what second readers found on outputs that are still there: the
 * log's last word of each of them on the verdict that stands now, of any
 * round.  It is settled when the item is decided anew or taken back, or when
 * the same reader takes the word back.
 */
#ifndef SUMI_FINDING_H
#define SUMI_FINDING_H

#include "record/ledger.h"
#include "record/project.h"

struct finding {
	char id[33];                    /* of the item */
	char who[33];                   /* who read it, */
	const char *mode;               /* how: a word of sample_mode_name, */
	const char *verdict;            /* and what he said: left, escalated
					   (not sure) or, reading blind, masked */
	long long seq;                  /* of that record */
	uint8_t mask_sha256[HASH_SIZE]; /* of what he marked */
	long long row;                  /* of the worklist; 0: not known */
	int frames;                     /* of its file */
	int frame;                      /* the first, 0-based, in which a blind
					   reader's mark is left; -1: there is
					   no mark, or it can't be compared */
	bool released;                  /* its output is out */
};

struct findings {
	struct finding *item;           /* in the order of the log */
	size_t count, capacity;
};
void findings_done(struct findings *f);

/* Take in one record.  False: no memory. */
bool findings_take(struct findings *f, const struct log_entry *e);
/*
 * After the last record: only those stay that are about the verdict and the
 * output that the ledger knows now, one an item and mode, the gravest.  Marks
 * of a blind reader that the masks cover are none; those that can't be
 * compared stay.  False: no memory.
 */
bool findings_settle(struct findings *f, struct project *p,
		     struct ledger *ledger);

/* Of those whose output is out, or is not. */
size_t findings_count(const struct findings *f, bool released);
/* Something was seen left on the output, for certain. */
bool finding_left(const struct finding *f);
/* Append a line about it: which item, what was found, released or not. */
void finding_say(const struct finding *f, struct buffer *said);

/* The first frame in which the second reader marked a box that the masks which
 * the first has in that frame cover by less than 80 %; -1: none.  False: no
 * memory. */
bool finding_missed(const struct masks *first, const struct masks *second,
		    int *missed);
#endif

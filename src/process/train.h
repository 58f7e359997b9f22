/*
 * train.h - exercises with known answers: what a trainee's masks miss, where
 * they are too small and which nobody needs; sums over cases.  No files.
 */
#ifndef SUMI_TRAIN_H
#define SUMI_TRAIN_H

#include "find/truth.h"
#include "record/masks.h"

enum train_mark { TRAIN_RIGHT, TRAIN_MISSED, TRAIN_SMALL, TRAIN_NEEDLESS,
		  TRAIN_MARKS };

/* One box of the answer, or a mask that answers to none. */
struct train_finding {
	enum train_mark mark;
	struct region region;
	int frame0, frame1;
	char class_[16];                /* of the answer; of a needless mask
					   "benign_text" or "-" */
	int percent;                    /* of an answer: how much is masked */
	const char *rule;               /* msgid: why */
	int number;                     /* of the box that it is about, from 1
					   as on the screen; else after them */
};

/* Zero-initialise; release with train_case_done(). */
struct train_case {
	struct train_finding *finding;
	size_t count, capacity;
	int marks[TRAIN_MARKS];         /* how many of each */
	int permille;                   /* masked beyond 8 pixels around any
					   answer, of the frames of a mask */
};
void train_case_done(struct train_case *c);

/*
 * Compare.  Of the answers only those that must go and that count are looked
 * at: masked in its frame to less than a fifth is missed, to less than four
 * fifths too small (the measure of find/truth.h).  A mask that lies on none of
 * them, nor on one that does not count, is needless.  An answer has the number
 * of the mask that covers most of it, a missed one that of a box without a
 * mask that covers a fifth of it.  False: no memory.
 */
bool train_compare(const struct truth *truth, const struct decided_box *box,
		   size_t count, int columns, int rows, struct train_case *c);

/* ---- sums ---- */

struct train_class {
	char name[16];
	long long boxes, marks[TRAIN_MARKS];
};

/* Zero-initialise; release with train_score_done(). */
struct train_score {
	struct train_class *class_;
	size_t classes, class_room;
	long long cases, right_cases;   /* all found, nothing needless */
	long long boxes, marks[TRAIN_MARKS];
	long long *ms;                  /* active, of each case */
	int *permille;                  /* train_case.permille, of each */
	size_t ms_room, permille_room;
};
void train_score_done(struct train_score *s);
/* False: no memory. */
bool train_add(struct train_score *s, const struct train_case *c,
	       long long active_ms);
long long train_median_ms(const struct train_score *s);
int train_median_permille(const struct train_score *s);
#endif

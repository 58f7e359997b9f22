/*
 * sample.h - the part of a project's outputs that a second person reads: drawn
 * by a key, noted in the log, and what the second readers said.  Everything
 * is read back from the log, so the draw can be checked at any time.
 */
#ifndef SUMI_SAMPLE_H
#define SUMI_SAMPLE_H

#include "record/finding.h"
#include "record/ledger.h"
#include "record/project.h"

/* Why an item is in the sample; the first that holds. */
enum sample_why {
	SAMPLE_DRAWN,           /* by the draw over all: the bound rests on
				   these */
	SAMPLE_REMOVED,         /* a mask was taken off what matched the
				   header, or off a face (DESIGN 8.6): all */
	SAMPLE_NO_BOXES,        /* nothing was proposed */
	SAMPLE_LOW_SCORE,       /* a box of an unsure detector */
	SAMPLE_FAST,            /* decided in less than 40 % of the median
				   time */
	SAMPLE_WHYS
};
extern const char *const sample_why_name[SAMPLE_WHYS];  /* "drawn" ... */

/*
 * What a second reader is shown: the masked output, to say whether something
 * is left on it; or the input without boxes, to mark what must go.  SECOND:
 * the masked output of every item that may not be released before (second.h).
 */
enum sample_mode { SAMPLE_RESIDUAL, SAMPLE_BLIND, SAMPLE_SECOND,
		   SAMPLE_MODES };
extern const char *const sample_mode_name[SAMPLE_MODES];

struct sample_rule {
	long long rate;                 /* leaking items in a million of all
					   that the sample shall rule out */
	long long confidence;           /* per mille: 950 */
	long long risk;                 /* of each risk stratum, REMOVED
					   excepted */
};

struct sample_item {
	char id[33];
	enum sample_why why;
	bool has_output;                /* as the log says now */
	char who[33];                   /* who decided, as it is now, */
	long long uid;                  /* as which user */
	long long verdict_seq;          /* 0: taken back */
};

/* The last word of a reader on an item in a mode. */
struct sample_reading {
	size_t item;                    /* index in the sample */
	enum sample_mode mode;
	char who[33];
	const char *verdict;            /* residual, second: clean left; blind:
					   masked clean; all: escalated */
	long long seq;
	long long active_ms;            /* that it was read for, with keys */
	uint8_t mask_sha256[32];        /* masks file <item>.<seq> */
	/* the verdict that it was about */
	char decided_by[33];
	long long verdict_seq;
	uint8_t verdict_sha256[32];
};

/* A round that was not read to its end when the next one was drawn. */
struct sample_left {
	long long round, items, unread;
};

/* The sample of one round; zeros: none. */
struct sample {
	long long round;                /* 1, 2, 3 ...; 0: nothing is planned */
	long long seq;                  /* of its record */
	long long lot;                  /* outputs it was drawn from */
	long long drawn;                /* by the draw over all */
	struct sample_rule rule;
	char t[25];                     /* when */
	bool as_keyed;                  /* the draw is what key and log give */
	struct sample_item *item;       /* those drawn first, in the order of
					   the draw */
	size_t count, capacity;
	struct sample_reading *reading;
	size_t readings, reading_capacity;
	struct findings findings;       /* of this and of earlier rounds */
	struct sample_left *left;       /* of the earlier ones, in order */
	size_t lefts, left_capacity;
};
void sample_done(struct sample *s);

/*
 * Draw a new round from all staged and released outputs and note it in the
 * log (qa.sample, an item each and one of the round, which comes last and
 * makes it valid).  ERR_USAGE when there is no output; when the last round is
 * not read to its end and another could only choose: nothing was decided since
 * and the rule is the same.  What is left else is the last of s->left.
 */
bool sample_plan(struct project *p, const struct sample_rule *rule,
		 struct sample *s, struct error *err);

/*
 * A round as the log tells it (0: the last), its draw made again and compared.
 * ERR_CHECK when the log is broken, ERR_USAGE when there is no such round.
 * s->round 0 with true: none is planned.
 */
bool sample_read(struct project *p, long long round, struct sample *s,
		 struct error *err);

/*
 * Every output that is made and not released, that policy asks a second reader
 * for, and that has none yet; in listing order, as a sample of round 0.
 */
bool sample_waiting(struct project *p, struct sample *s, struct error *err);

/* Items whose second reader did not agree: for each of them visit gets what
 * the log says.  It returns false to stop, with its error. */
bool sample_disputed(struct project *p,
		     bool (*visit)(void *self, const struct fact *fact),
		     void *self, struct error *err);

/* Has nobody read it in this mode since it was decided? */
bool sample_unread(const struct sample *s, size_t item, enum sample_mode mode);

/* How many items of the round nobody has read, in the way in which most were
 * (residual or blind): 0 when it is read to its end. */
size_t sample_rest(const struct sample *s);
/* How many copies of the round nobody has read as they leave. */
size_t sample_awaits(const struct sample *s);

/*
 * Record what the second reader (whose session it is) says; boxes are what
 * was marked.  verdict: ITEM_MASKED (something must go, or is left),
 * ITEM_CLEAN, ITEM_ESCALATED or ITEM_WITHHELD (not sure).  ERR_USAGE when he
 * decided the item himself, and as second_may_read().  Durable when it
 * returned true.
 */
bool sample_verdict(struct project *p, struct sample *s, size_t item,
		    enum sample_mode mode, const struct verdict *verdict,
		    struct error *err);
/*
 * Somebody saw something left on the output of the item's last verdict: it is
 * not to be released.  The log says so too (`left`), so that a worklist that
 * is made anew knows it.
 */
bool sample_keep_back(struct worklist *w, const struct worklist_item *item,
		      struct error *err);
bool sample_kept_back(struct worklist *w, const struct worklist_item *item);
#endif

/*
 * output.h - makes the outputs of decided items and releases them, in the
 * order of DESIGN 5.3: written by a worker into a nameless file, verified by a
 * fresh one, staged; then read once more by the detectors (residual pass,
 * 5.5) and moved to out/.  A state machine over the events of workers: the
 * screen and `apply` drive it; only fsync blocks.
 */
#ifndef SUMI_OUTPUT_H
#define SUMI_OUTPUT_H

#include "process/progress.h"
#include "process/worker.h"
#include "record/project.h"

enum output_end {
	OUTPUT_END_STAGED,      /* made and verified */
	OUTPUT_END_RELEASED,    /* in out/ */
	OUTPUT_END_BLOCKED,     /* text or a face was found on the written file
				   where the reviewer did not say no-mask;
				   stays staged */
	OUTPUT_END_WAITING,     /* nothing was found; stays staged until a
				   second reader agrees (record/second.h) */
	OUTPUT_END_STALE,       /* the verdict was taken back meanwhile */
	OUTPUT_END_FAILED,      /* error: refused, not written, not verified */
};

struct output_event {
	long long row;                  /* of the worklist: read it again */
	enum output_end end;
	struct error error;             /* FAILED */
	int residual;                   /* BLOCKED: boxes found; they are
					   output_found() */
	enum check_state faces;         /* BLOCKED, WAITING, RELEASED: of the
					   copy */
};

struct outputs;

/* Both are borrowed and must outlive it.  NULL: no memory. */
struct outputs *outputs_new(struct project *project, struct workers *workers);
/* What is under way is given up; nothing half-made stays. */
void outputs_free(struct outputs *o);           /* NULL does nothing */

/*
 * Make the output of an item with the verdict masked or clean; release: and
 * move it to out/ (one that is staged already is only released).  Waits its
 * turn; an output_event tells how it ended.  False with ERR_MEMORY.
 */
bool outputs_want(struct outputs *o, long long row, bool release,
		  struct error *err);

/*
 * Take a worker's event.  True when it concerned an output (its content is
 * taken over), false when it is the caller's.
 */
bool outputs_event(struct outputs *o, struct worker_event *event);

/* The next output that ended; false: none now. */
bool outputs_next(struct outputs *o, struct output_event *event);

/* How many are wanted and not ended. */
int outputs_busy(const struct outputs *o);

/* Add the items under way to *p: row and what is done to them. */
void outputs_progress(const struct outputs *o, struct progress *p);

/*
 * Add to left those boxes of found (tier TIER_BOX), without text and with why
 * residual, that decided does not answer for in all their frames.  found is
 * what the detectors saw with the masks smoothed away (workers_check()), so
 * masks excuse nothing beside them; what lies in a mask, or within 3 pixels of
 * a box said no-mask, is answered for, and what then remains must be less than
 * half a letter (letter_height; 40 pixels in a large box that tells none) and
 * at most half of the box.  info: of the input.  False: no memory.
 */
bool output_residual(const struct image_info *info,
		     const struct box_list *found, const struct masks *decided,
		     struct box_list *left);

/*
 * Add the boxes that the last residual pass over the item left; none when it
 * was not held back.  They stay known until the item is decided anew and its
 * copy passes.  False with *err.
 */
bool output_found(struct project *project, const struct worklist_item *item,
		  struct box_list *left, struct error *err);

/*
 * Keep a staged copy back until the item is decided anew: somebody saw these
 * boxes left on it.  They are output_found() from now on.  Of a released one
 * only the boxes are noted.
 */
bool output_keep_back(struct project *project,
		      const struct worklist_item *item,
		      const struct box_list *left, struct error *err);

#endif

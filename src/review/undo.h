/*
 * undo.h - the history of a session: changes of boxes and verdicts over all
 * items, and the boxes of the items left behind.  Knows no screen.
 */
#ifndef SUMI_UNDO_H
#define SUMI_UNDO_H

#include <stdbool.h>
#include <stddef.h>

#include "record/project.h"

/* Zero-initialise; release with decided_list_done(). */
struct decided_list {
	struct decided_box *box;
	size_t count, capacity;
};
bool decided_list_add(struct decided_list *list, const struct decided_box *b);
void decided_list_remove(struct decided_list *list, size_t index);
/* *to is overwritten, unchanged when there is no memory (false). */
bool decided_list_copy(struct decided_list *to,
		       const struct decided_list *from);
bool decided_list_equal(const struct decided_list *a,
			const struct decided_list *b);
void decided_list_done(struct decided_list *list);

enum undo_type {
	UNDO_BOXES, UNDO_VERDICT, UNDO_GROUP,
	UNDO_HANDED,                    /* masks handed on: row 0, `at` the
					   row that they are of */
};

/* A verdict as it was given. */
struct undo_verdict {
	enum item_state state;
	int reason;
	bool by_eye;                    /* F was pressed */
};

struct undo_entry {
	enum undo_type type;
	long long row;                  /* worklist row */
	bool released;                  /* UNDO_VERDICT: W was pressed since */
	struct undo_verdict verdict;
	/* UNDO_BOXES: boxes at index `at`: before became after.
	   UNDO_VERDICT that was taken back: after, of what it was */
	size_t at;
	struct decided_list before, after;
	long long *rows;                /* UNDO_GROUP: its verdicts; row is the
					   first of them */
	size_t row_count;
};

/* The boxes of an item that is not on the screen. */
struct undo_draft {
	long long row;
	struct decided_list boxes;
	struct decided_list loaded;     /* as they came, before any change */
};

enum { UNDO_DRAFTS = 256 };     /* items that undo reaches back to */

/* Zero-initialise; release with undo_done(). */
struct undo {
	struct undo_entry *entry;       /* oldest first */
	size_t count, capacity;
	size_t made;                    /* entries [made, count) were undone */
	struct undo_draft draft[UNDO_DRAFTS];   /* oldest first */
	size_t drafts;
};
void undo_done(struct undo *u);

/* Note a change (the undone ones are forgotten).  False: no memory. */
bool undo_record(struct undo *u, long long row,
		 const struct decided_list *before,
		 const struct decided_list *after);
bool undo_record_verdict(struct undo *u, long long row,
			 const struct undo_verdict *verdict);
/* Verdicts that were given at once; rows is copied, at least one. */
bool undo_record_group(struct undo *u, const long long *rows, size_t count);

/* Masks were handed on to other pictures. */
bool undo_record_handed(struct undo *u, long long row);

/* What u and U would act on; NULL: nothing. */
const struct undo_entry *undo_last(const struct undo *u);
const struct undo_entry *undo_next(const struct undo *u);
/* Apply it to the boxes of its row, back or forward.  False: no memory. */
bool undo_back(struct undo *u, struct decided_list *boxes);
bool undo_forward(struct undo *u, struct decided_list *boxes);
/* Forget the last verdict on a row, also in a group: it was none. */
void undo_drop_verdict(struct undo *u, long long row);
/* Forget the last entry. */
void undo_drop_last(struct undo *u);
/* The last verdict on a row, in a group or not, was taken back, of an item
 * with these boxes (NULL: not known).  One that was not in a group becomes
 * what U acts on; the caller sees to it that nothing is given unseen. */
void undo_take_back(struct undo *u, long long row,
		    const struct decided_list *boxes);
/* The last entry, a group, was taken back. */
void undo_take_back_group(struct undo *u);
/* The verdict that U acts on was given again. */
void undo_again(struct undo *u);
/* W was pressed: taking a verdict back needs a reason from now on. */
void undo_released(struct undo *u);

/* Keep the boxes of an item that leaves the screen.  The oldest item beyond
 * UNDO_DRAFTS is forgotten with its history.  False: no memory. */
bool undo_keep(struct undo *u, long long row,
	       const struct decided_list *boxes,
	       const struct decided_list *loaded);
struct undo_draft *undo_kept(struct undo *u, long long row);    /* or NULL */
#endif

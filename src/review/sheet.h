/*
 * sheet.h - the contact sheet of a group: crops of the boxes of its members
 * on one picture, and how they are packed into pages of the screen.  What is
 * the same in all that are alike stands there once.  No terminal, no files.
 */
#ifndef SUMI_SHEET_H
#define SUMI_SHEET_H

#include "image/voi.h"
#include "review/evidence.h"
#include "review/group.h"

enum {
	SHEET_FIRST_ID = 200001,        /* of its evidences */
	SHEET_CROPS_MOST = 512,
	SHEET_MARGIN_ROWS = 5,          /* of the screen: title, info, keys */
	SHEET_CONTEXT = 4,              /* pixels around what all have: a row and
					   more than ink.h looks for ink at an edge,
					   fewer than were compared */
};
#define SHEET_PIXELS_MOST 33554432LL    /* of all crops */

struct sheet_crop {
	struct plane *plane;            /* owned */
	struct region box;              /* in it: what is outlined */
	struct region at;               /* of the sheet's picture */
	int letter_height;
	bool latin, masked;
	enum group_state state;         /* ALIKE: stands for all of them */
	long long row;                  /* of the worklist; ALIKE: the leader */
};

/* Zero-initialise; release with sheet_done(). */
struct sheet {
	struct sheet_crop *crop;        /* those that differ come first */
	size_t count, capacity;
	struct plane *picture;          /* all crops, one below the other */
	long long serial;               /* another with each sheet */
	long long leader;               /* row */
	size_t by_state[GROUP_STATES];  /* members */
	bool whole;                     /* false: of those alike something had
					   no room; nothing is approved */
};
void sheet_done(struct sheet *s);

/*
 * Add what of a plane shows a box with context around it (clipped).  like:
 * letters, state, row and whether it is masked.  False without memory or
 * beyond SHEET_CROPS_MOST, SHEET_PIXELS_MOST.
 */
bool sheet_add(struct sheet *s, const struct plane *plane, struct region box,
	       int context, const struct sheet_crop *like);
/* Take over a crop that was made before (its plane moves). */
bool sheet_take(struct sheet *s, const struct sheet_crop *crop);
/* A crop of a plane; NULL without memory.  *inside: the box in it. */
struct plane *sheet_cut(const struct plane *plane, struct region box,
			int context, struct region *inside);

/* All is added: those that differ first; make the picture.  ERR_MEMORY. */
bool sheet_finish(struct sheet *s, struct error *err);

/*
 * Pack it for a screen.  Evidence i is crop i; `of` is its box in the sheet's
 * picture.  plan->legible: all that stands for those alike is.  False without
 * memory.
 */
bool sheet_plan(const struct sheet *s, const struct screen *screen,
		struct evidence_plan *plan);
#endif

/*
 * pack.h - puts pieces of the picture on pages of cells: crops side by side
 * and below one another, what is too wide or too high folded with a small
 * overlap.  What is placed first should be highest: smaller crops fill what
 * is left.
 */
#ifndef SUMI_PACK_H
#define SUMI_PACK_H

#include "review/evidence.h"

enum { PACK_ROOMS = 400 };

/* Free cells of a page, as far as they reach: rooms overlap ("maximal
 * rectangles", Jylanki 2010, "A thousand ways to pack the bin"). */
struct room {
	size_t page;
	int column, row, columns, rows;
};

/* Which room of a page a crop takes: the highest, the one where least is left
 * at a side, the smallest, the leftmost. */
enum fit { FIT_TOP, FIT_SIDE, FIT_AREA, FIT_LEFT, FITS };

struct packer {
	struct evidence_plan *plan;
	struct region within;           /* pixels that a crop may show so that
					   it fills its cells */
	enum picture_mode mode;
	int across, down;               /* sub-pixels of a cell */
	int columns, rows;              /* cells of a page */
	bool in_hole;
	bool labels;                    /* keep a row above first pieces */
	int frames;                     /* that a page may show at most */
	struct room room[PACK_ROOMS];   /* the smallest are forgotten */
	int rooms;
	enum fit fit;
};

/* Pages for the strip (with labels) or the hole (without), of pictures that
 * may be seen within a region of pixels. */
void pack_start(struct packer *p, struct evidence_plan *plan,
		const struct screen *screen, struct region within,
		bool in_hole);

/* The largest piece of an evidence that fits a page, in pixels. */
void pack_limits(const struct packer *p, const struct evidence *e,
		 int *columns, int *rows);

/* Can a letter of this evidence be shown at its legible size at all? */
bool pack_legible(const struct packer *p, const struct evidence *e);

/*
 * Place evidence number `index` of the plan, on at most `pages` new pages.
 * It comes no earlier than the first page with its frame; where there is
 * none, than the last page: what a frame brings when it is looked at (ink at
 * the edges) changes no page of the frames before.
 * False when there is no memory; *placed (may be NULL) false when it needs
 * more pages: nothing of it is placed then.
 */
bool pack_place(struct packer *p, int index, size_t pages, bool *placed);

/* Place it alone on a new page, as large as fits, legible or not. */
bool pack_whole(struct packer *p, int index);

/* All is placed: bring the placements into the order of pages. */
void pack_finish(struct evidence_plan *plan);

/* Mark what was shown before: all of an evidence that was, the same pieces of
 * one of which some were (old, or NULL), and the pages that have no other. */
void evidence_mark_known(struct evidence_plan *plan,
			 const struct evidence_plan *old);
#endif

/*
 * lines.h - finds text-like lines by shape; reads nothing.  No file I/O.
 *
 * Marks of both polarities are found at four scales (1, 1/2, 1/4, 1/8), joined
 * to rows by size, distance and contrast, and each row gets a score from the
 * shape of its marks.  Letters of 5 to about 300 pixels are found, in rows that
 * run down of 4, as narrow ones are; above 80, with strokes wider than 40, only
 * across and where no small ones fill a row.
 */
#ifndef SUMI_LINES_H
#define SUMI_LINES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "image/region.h"
#include "ocr/rows.h"

struct line {
	struct region box;              /* pixels of the plane */
	double score;                   /* logit; above 0 rather text */
	struct region reach;            /* how far box may still grow */
	struct region own;              /* of the row that has the score */
	struct region far;              /* box with what may go on at its ends,
					   when that was looked for */
	/* where each polarity saw it; empty and LINES_NEVER if it did not */
	struct region seen[POLARITIES];
	double seen_score[POLARITIES];
	int view;                       /* the caller's: which plane it is of */
	int marks;                      /* connected marks, about letters */
	bool vertical;                  /* runs down */
};
#define LINES_NEVER (-99.)

/* Rows with a lower score are dropped (notes: one in 30 of them is text). */
#define LINES_LEAST (-2.5)

struct line_list {
	struct line *line;
	size_t count, capacity;
	bool more;                      /* some were left out: too many */
	struct line_list *gone;         /* takes what better lines held, when
					   it is not NULL */
};

/*
 * Find the lines of a plane, best score first; boxes may touch but one that
 * lies in a better one is dropped.  Both ways cost little more than one: the
 * marks are the same.  list is emptied first.  Of more than 4000 of one way
 * the best are kept, and list->more is set.  False with *err ERR_MEMORY.
 */
bool lines_find(const struct grey_plane *p, int ways,
		const struct lines_progress *progress, struct line_list *list,
		struct error *err);
void line_list_done(struct line_list *list);

/*
 * Add to the lines of a plane those that run down and are seen by their
 * strokes alone, without the ground (fine.h): small letters on texture, which
 * is as coarse as they.  Narrow ones are looked at once more (narrow.h).  Most
 * of these are texture too, so that they have to look more like text, and lie
 * on no sure line that runs across.
 * Rows of three marks or more that run across and are up to 12 pixels high go
 * to list->gone as faint ink, with a score of -1 at most.
 */
bool lines_find_fine(const struct grey_plane *p,
		     const struct telling *telling, struct line_list *list,
		     struct error *err);

/*
 * Merge the lines of several planes of one picture (views, or both
 * directions) into one list by the same rules.  Adds to list.
 */
bool lines_merge(struct line_list *list, const struct line_list *more,
		 struct error *err);

/*
 * Add the lines of list->gone again that none holds any more, since what held
 * them went itself.  One that is not sure comes back as faint ink, with a score
 * of -1 at most.  list->gone is emptied.
 */
bool lines_bring_back(struct line_list *list, struct error *err);

#endif

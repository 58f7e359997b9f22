/*
 * evidence.h - what must be shown, how large, and how it is packed into pages
 * of the screen (DESIGN 8.4, 8.5, 8.7).  Pure geometry: no terminal.
 */
#ifndef SUMI_EVIDENCE_H
#define SUMI_EVIDENCE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "image/image.h"
#include "image/region.h"
#include "record/project.h"

/* How the picture hole is drawn: sub-pixels of a cell, legibility factor. */
enum picture_mode { PICTURE_SEXTANT, PICTURE_HALF, PICTURE_ASCII,
		    PICTURE_MODES };
struct picture_mode_info {
	const char *name;               /* "sextant" ... as in `seen` */
	int across, down;               /* sub-pixels of a cell: 2x3 1x2 1x1 */
	int factor_x10;                 /* 10, 15, 15 (DESIGN 8.4) */
};
extern const struct picture_mode_info picture_mode_info[PICTURE_MODES];

/* The screen as the model needs it; cells are taken as 1:2 (w:h). */
struct screen {
	int columns, rows;              /* of the terminal */
	enum picture_mode mode;
	int strip_columns, strip_rows;  /* cells for packed evidence */
	int hole_columns, hole_rows;    /* cells for the overview or the tour */
};

enum evidence_kind { EVIDENCE_BOX, EVIDENCE_CANDIDATE, EVIDENCE_EDGE,
		     EVIDENCE_FAINT, EVIDENCE_PROJECTION, EVIDENCE_TILE,
		     EVIDENCE_BORDER, EVIDENCE_KINDS };

struct evidence {
	int id;                         /* stable within the item: 1, 2, ... */
	enum evidence_kind kind;
	int box;                        /* index into the boxes, or -1 */
	struct region region;           /* pixels to be shown, with context */
	int frame;                      /* 0-based; -1 max, -2 min projection */
	int last_frame;                 /* shown once for a range of frames */
	int letter_height;              /* pixels */
	bool latin;                     /* 12 sub-pixels do, else 17 */
	bool shown;                     /* at legible size, answered */
};

/* A piece of an evidence on a page: source pixels to cells. */
struct placement {
	int evidence;                   /* index into plan->evidence */
	struct region source;           /* pixels */
	int column, row;                /* cells, within strip or hole */
	int columns, rows;              /* cells */
	bool first;                     /* first piece: the label goes here */
};

struct evidence_page {
	size_t first, count;            /* placements */
	bool tour;                      /* drawn in the hole, not the strip */
};

struct evidence_plan {
	struct evidence *evidence;      /* owned */
	size_t evidence_count, evidence_capacity;
	struct placement *placement;    /* owned */
	size_t placement_count, placement_capacity;
	struct evidence_page *page;     /* owned */
	size_t page_count, page_capacity;
	bool legible;                   /* false: this screen can't reach the
					   size; approval is blocked */
	int faint_left;                 /* faint ink that did not fit */
};
void evidence_plan_done(struct evidence_plan *plan);

/* Sub-pixels a letter needs in this mode: 12 or 17, times the factor. */
int evidence_sub_pixels(enum picture_mode mode, bool latin);

/*
 * Plan all evidence of an item: one for each masked box and each candidate
 * (each distinct line once with its frame range), each edge that ink crosses,
 * faint ink outside masks on one last page, projections for many frames.
 * Evidence ids and `shown` of old (may be NULL) are carried over where kind,
 * region and frames are the same.
 */
bool evidence_make(struct evidence_plan *plan, const struct image_info *info,
		   const struct decided_box *boxes, size_t count,
		   const struct screen *screen,
		   const struct evidence_plan *old, struct error *err);
/* Plan the tour: every ink cell, then the four borders; letters of 12 px. */
bool evidence_tour(struct evidence_plan *plan, const struct image_info *info,
		   const struct proposals *proposals,
		   const struct screen *screen,
		   const struct evidence_plan *old, struct error *err);
#endif

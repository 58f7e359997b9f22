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

/*
 * How the picture hole is drawn: sub-pixels of a cell, legibility factor.
 * Sub-pixels are taken as square: a placement maps its source to
 * (columns * across) x (rows * down) sub-pixels, both directions alike.  In
 * kitty and sixel a sub-pixel is a pixel of the screen.
 */
enum picture_mode { PICTURE_KITTY, PICTURE_SIXEL, PICTURE_SEXTANT,
		    PICTURE_QUADRANT, PICTURE_HALF, PICTURE_SPACE,
		    PICTURE_BRAILLE, PICTURE_ASCII, PICTURE_MODES };
struct picture_mode_info {
	const char *name;               /* "sextant" ... as in `seen` */
	int across, down;               /* sub-pixels of a cell: 2x3 1x2 1x1;
					   of kitty and sixel a guess */
	int factor_x10;                 /* 10 or 15 (DESIGN 8.4); 0: what it
					   shows never counts as legible */
};
extern const struct picture_mode_info picture_mode_info[PICTURE_MODES];
/* Are pixels sent, and no characters? */
bool picture_has_pixels(enum picture_mode mode);

/* The screen as the model needs it. */
struct screen {
	int columns, rows;              /* of the terminal */
	enum picture_mode mode;
	int cell_width, cell_height;    /* pixels, where pixels are sent; 0: as
					   in picture_mode_info */
	int strip_columns, strip_rows;  /* cells for packed evidence */
	int hole_columns, hole_rows;    /* cells for the picture */
	int tour_columns, tour_rows;    /* cells for the tour; 0: as the hole */
	bool split;                     /* strip and hole are on the screen at
					   once; else view->pane tells which */
	bool plain;                     /* no picture: lines of text tell all
					   pages at once (evidence_make) */
};

enum evidence_kind { EVIDENCE_BOX, EVIDENCE_CANDIDATE, EVIDENCE_EDGE,
		     EVIDENCE_FAINT, EVIDENCE_PROJECTION, EVIDENCE_TILE,
		     EVIDENCE_BORDER, EVIDENCE_KINDS };

struct evidence {
	int id;                         /* stable within the item: 1, 2, ... */
	enum evidence_kind kind;
	int box;                        /* index into the boxes, or -1 */
	struct region region;           /* pixels to be shown, with context */
	struct region of;               /* the box itself; empty: no box */
	int frame;                      /* 0-based; -1 max, -2 min projection,
					   FRAME_WHOLE */
	int first_frame, last_frame;    /* shown once for a range of frames */
	int letter_height;              /* pixels */
	bool latin;                     /* 12 sub-pixels do, else 17 */
	bool masked;                    /* what was decided when it was planned
					 */
	int after;                      /* packed after those with less ... */
	long long size;                 /* ... and after those with more */
	bool shown;                     /* at legible size, answered */
};

/* A piece of an evidence on a page: source pixels to cells. */
struct placement {
	int evidence;                   /* index into plan->evidence */
	struct region source;           /* pixels */
	int column, row;                /* cells, within strip or hole */
	int columns, rows;              /* cells */
	size_t page;                    /* on which it is */
	bool first;                     /* first piece of its evidence */
	bool shown;                     /* answered by the terminal, on this
					   page or on one before */
	int label_columns;              /* cells kept free for a label in row
					   row - 1 from column on; 0 none: a
					   piece that follows on its page */
};

/* The one frame of a picture with all its values between black and white, where
 * the window of the file cuts some off. */
enum { FRAME_WHOLE = -3 };

/* A page shows frames of the picture and of its planes, or one projection. */
enum { PAGE_FRAMES = 8 };
struct evidence_page {
	size_t first, count;            /* placements */
	int frame;                      /* 0-based; -1 max, -2 min: the first */
	int also[PAGE_FRAMES - 1];      /* other frames that it shows */
	int also_count;
	bool in_hole;                   /* drawn in the hole, not the strip:
					   tour, projections, and crops that
					   are not legible in the strip */
	bool shown;                     /* answered by the terminal */
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

/* Sub-pixels of a cell of this screen. */
int screen_across(const struct screen *screen);
int screen_down(const struct screen *screen);

/* Sub-pixels x 10 a letter needs in this mode: 120 or 170, times the factor. */
int evidence_sub_pixels_x10(enum picture_mode mode, bool latin);

/* Pixels of the letters of a box, as its evidence takes them. */
int evidence_letter_height(const struct box *box, bool masked);

/* A place where ink crosses the edge of a mask (ink.h finds them). */
struct crossing {
	int box;                        /* index into the boxes */
	struct region region;           /* pixels: the ink at the edge */
	int frame;                      /* 0-based: the frame looked at */
};

/* Ink outside all boxes that may be a line of letters (loose.h finds it). */
struct loose_place {
	struct region region;           /* pixels */
	int letter_height;              /* pixels */
	int frame;                      /* 0-based, -1 max, -2 min, FRAME_WHOLE:
					   where it is seen */
};

/* What a plan is made from.  All borrowed. */
struct evidence_input {
	const struct image_info *info;
	const struct decided_box *box;
	size_t box_count;
	const struct crossing *crossing;
	size_t crossing_count;
	const struct loose_place *loose;
	size_t loose_count;
	const struct proposals *proposals;      /* the tour: ink; NULL means
						   every cell */
	const struct screen *screen;
	const struct evidence_plan *old;        /* NULL: none */
	const struct evidence *known;           /* shown before that, all of
						   them */
	size_t known_count;
	bool all_faint;                         /* on as many pages as needed */
};

/*
 * Plan all evidence of an item: one for each box and each candidate (each
 * distinct line once with its frame range), each place where ink crosses an
 * edge, the projections of many frames, and faint ink outside masks, proposed
 * or loose, on one last page (or more: all_faint; each projection with loose
 * ink has one of its own).  Ids and `shown` of input->old, else of
 * input->known, are carried over where kind, region, box, frames and masked
 * are the same.  False with *err when there is no memory; the plan is then
 * empty and not legible.
 * A plain screen has only masks whose text was read: words can stand for what
 * does not leave, not for what stays open (promise 2).  All else is in no
 * page, and the plan is not legible then.
 */
bool evidence_make(struct evidence_plan *plan,
		   const struct evidence_input *input, struct error *err);
/*
 * Plan the tour: every ink cell but those that a mask covers whole on all
 * frames, then the four borders, letters of 12 px; for many frames on the max,
 * then on the min projection.  Its ids start at TOUR_FIRST_ID.  A tile is
 * shown when all letters of 12 px on it were seen whole in tiles of input->old
 * or input->known, which may be of other screens.
 */
bool evidence_tour(struct evidence_plan *plan,
		   const struct evidence_input *input, struct error *err);
enum { TOUR_FIRST_ID = 100001 };

/* Does this page show something of a frame? */
bool evidence_page_has(const struct evidence_page *page, int frame);
/* Frame i of those that it shows, 0 <= i <= also_count. */
int evidence_page_frame(const struct evidence_page *page, int i);

/* The how manieth page with this evidence that of the placement is, from 1;
 * *of: how many there are. */
int evidence_part(const struct evidence_plan *plan, const struct placement *p,
		  int *of);

/* The evidence of a list that shows the same as this one, in the same way;
 * NULL: none. */
const struct evidence *evidence_same(const struct evidence *e,
				     const struct evidence *list,
				     size_t count);

/* Are all evidences shown (and is the plan legible)? */
bool evidence_all_shown(const struct evidence_plan *plan);
/* The first page with an evidence not shown, from page on, then from the
 * start; -1 when there is none. */
int evidence_next_page(const struct evidence_plan *plan, int page);
/* The page on which the evidence of this kind of box starts; -1 none. */
int evidence_page_of(const struct evidence_plan *plan, int box);
bool evidence_on_page(const struct evidence_plan *plan, int page, int box);
/* What was shown counts no more: its pages come again. */
void evidence_unmark(struct evidence_plan *plan, size_t evidence);
/* The terminal answered this page: mark it and what is complete with it. */
void evidence_mark(struct evidence_plan *plan, int page);
/* Sub-pixels x 10 that a letter of this placement has on the screen. */
int evidence_shown_x10(const struct evidence_plan *plan,
		       const struct placement *p, const struct screen *screen);
#endif

/*
 * model.h - the inside of the review model, shared by the files review*.c
 * only; everybody else includes review.h.
 */
#ifndef SUMI_MODEL_H
#define SUMI_MODEL_H

#include <stdint.h>

#include "review/loose.h"
#include "review/review.h"
#include "review/sheet.h"
#include "review/undo.h"

/* A crossing, and the mask it was found on. */
struct edge_found {
	int id;                         /* of the box */
	struct region region;           /* of the box then */
	struct crossing crossing;
};

/* The last change of a box, for `.`: EDIT, CLASS, SNAP, REJECT, TAKE. */
struct last_edit {
	enum command command;           /* CMD_NONE: none */
	struct region moved;            /* EDIT: each edge by so much */
	enum box_class class_;
};

/* What was seen of an item in this session; review_known.c. */
struct known {
	long long row;                  /* 0: its file is not known */
	uint8_t sha256[32];             /* of its file */
	struct evidence *shown, *tour;  /* all of them shown; owned */
	size_t shown_count, tour_count;
	struct seen *seen;              /* owned */
	size_t seen_count;
	bool all_faint;
};

/* A frame of the page at hand, as it came. */
struct held_frame {
	int frame;
	long long serial;               /* of the plane */
	struct plane *plane;            /* owned */
	struct ink_picture picture;
	uint64_t blanked;               /* a sum of what was blanked when ink at
					   the edges was looked for; 0 never */
};

/* A mask as it was when the tour was planned. */
struct toured_mask { struct region region; int frame0, frame1; };

struct review {
	enum review_mode mode;
	enum review_mode under_help;    /* where HELP goes back to */
	bool touring;                   /* MODE_TOUR is the base mode */
	struct screen screen;
	struct view view;
	struct view before_zoom;
	bool zoomed;                    /* before_zoom is what was shown */
	long long revision, painted;
	char message[REVIEW_MESSAGE];
	unsigned effects;

	long long cursor, list_count, target;
	long long tagged;               /* items of the list */
	bool filtered;                  /* it shows not all */
	struct list_request rows;
	bool over_list;                 /* what is asked for is asked in the
					   list */
	int reason;

	/* the item on the screen */
	const struct worklist_item *item;
	long long row;                  /* its own copy: outlives the item */
	bool has_info;
	struct image_info info;
	int permille;
	bool detected, stage_failed, changed;
	bool failed_early;              /* a stage failed before EVENT_OPENED */
	bool concluded;                 /* a verdict left, the next item is
					   awaited */
	enum head_surface head_surface; /* of the project's policy */
	bool scan_always, blind;
	bool by_eye;
	bool all_faint;                 /* v asked for all faint ink */
	bool tour_asked;                /* and Space goes on with the tour,
					   where it is needed */
	bool broken;                    /* no memory: nothing is approved */
	bool is_known;                  /* it was decided or changed before:
					   its boxes come once it is read */
	int digit;                      /* the last key, 1 to 9, at digit_ms; 0:
					   another key */
	long long digit_ms;
	enum check_state text, faces;
	int frames_read;
	struct proposals found;         /* ink only */
	struct decided_list boxes;
	struct decided_list loaded;     /* as they came, before any change */
	int next_id;
	int selected;

	/* MODE_ADD, MODE_EDIT */
	struct region area, first_area; /* now, and when it began */
	struct region shown_before;     /* view.shown and view.fit then */
	bool fit_before;
	int handle;
	struct region narrowed;         /* MODE_ADD: by the last digit */
	bool pointing, drawing;         /* the button is down: an area is drawn
					   from point, or moved with it */
	bool dragged;                   /* and the mouse went somewhere */
	int point_x, point_y;           /* pixel where it was pressed */
	struct region point_area;       /* the area then */
	int editing;                    /* index, -1: a new box */

	struct last_edit last;

	/* MODE_HINT, MODE_UNMASK */
	struct hint *hint;              /* owned */
	size_t hint_count, hint_capacity;
	int hint_typed;                 /* first letter of two, or 0 */
	int hint_set, hint_sets;        /* those that have letters; all */

	enum asked asked;

	/* evidence */
	struct evidence_plan plan, tour;
	bool has_tour;
	int tour_pages;                 /* of one that is needed and was not
					   planned; 0: not counted */
	struct toured_mask *tour_mask;  /* under which it looks for nothing */
	size_t tour_masks, tour_mask_capacity;
	int page, tour_page;
	bool asked_frame, have_frame;   /* the plane of view.frame_index: asked
					   for, came */
	int picture_frame;
	struct image_window own_window; /* of the frame as it came; width 0:
					   not known */
	struct ink_picture picture;
	struct held_frame held[PAGE_FRAMES];    /* of the page at hand, where
					   it shows several */
	int held_count;
	long long held_serial;          /* of the last: below 0, descending */
	struct held_frame whole;        /* FRAME_WHOLE; plane NULL: none */
	struct mark_list whole_marks;
	bool has_whole_marks;
	struct mark_list marks;         /* of the picture */
	bool has_marks;
	bool search;                    /* for loose ink, once this is painted */
	bool searching;
	struct loose_place *loose;
	size_t loose_count, loose_capacity;
	struct edge_found *edge;
	size_t edge_count, edge_capacity;
	struct seen *seen;
	size_t seen_count, seen_capacity;
	struct known known;             /* before it was left; no `seen` */
	struct known left[UNDO_DRAFTS]; /* of the others, oldest first */
	size_t left_count;

	/* ms */
	long long now, last_input, last_space, active_ms, view_ms;
	bool blank;                     /* the screen is: no time counts */

	enum spread spread;

	/* MODE_SHEET */
	enum review_mode under_sheet;
	const struct sheet *sheet;      /* NULL: none */
	struct evidence_plan sheet_plan;
	int sheet_page;
	struct seen *sheet_seen;        /* owned */
	size_t sheet_seen_count, sheet_seen_capacity;
	long long sheet_ms;

	bool reopen_group;              /* target stands for the last group */
	long long taken_back;           /* row whose verdict was, last; 0 */
	long long *reopened;            /* rows of EFFECT_REOPEN; owned */
	size_t reopened_count, reopened_capacity;

	struct verdict verdict;
	struct decided_list recorded;
	struct undo undo;
};

/* ---- review.c ---- */

/* Something that matters to an approval changed: it must be painted anew. */
void model_touch(struct review *m);
void model_say(struct review *m, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void model_bell(struct review *m, const char *message);
/* MODE_REVIEW or MODE_TOUR. */
enum review_mode model_base(const struct review *m);
/* Go to another item: a row, TARGET_NEXT or TARGET_PREV. */
void model_go(struct review *m, long long target);

/* ---- review_page.c: evidence, pages, what was seen ---- */

/* Plan the evidence anew after a change of boxes, screen or frame. */
void model_plan(struct review *m);
void model_plan_tour(struct review *m);
void model_show_page(struct review *m, int page);
/* Show the page with the evidence of a box; while touring, or when it has
 * none, the box in the picture.  -1 does nothing. */
void model_show_box(struct review *m, int box);
/* Back from the picture pane to the page; false when it is there already. */
bool model_back_to_page(struct review *m);
void model_frame_came(struct review *m, const struct event *e);
void model_painted(struct review *m, const struct event *e);
/* Time went by: count it for what is on the screen. */
void model_clock(struct review *m, const struct event *e);
void model_clear_pages(struct review *m);
bool model_seen(struct review *m, const struct seen *seen);
struct evidence_plan *model_current_plan(struct review *m);
int *model_current_page(struct review *m);

/* ---- review_frames.c: the frames of a page that shows several ---- */

/* A frame came: keep it where the page at hand shows it beside others. */
void model_hold_frame(struct review *m, const struct event *e);
void model_drop_frames(struct review *m);
/* Does a page show something of a frame, or of that in its whole range? */
bool model_page_has(const struct evidence_page *page, int frame);
/* Go to the next frame that a page needs and that is not held yet; at last to
 * that of the selected box, else the first. */
void model_go_page_frame(struct review *m, const struct evidence_page *page);
/* Are all frames here that a page shows?  That of the view is among them. */
bool model_has_page_frames(const struct review *m,
			   const struct evidence_page *page);

/* ---- review_known.c: what was seen of the items left behind ---- */

void known_done(struct known *k);
/* The item is left: what was seen of it counts when it comes back as it was. */
void model_keep_seen(struct review *m);
/* The tour is planned anew, for another screen: what was shown of it stays. */
void model_note_tour(struct review *m);
/* Its boxes come, and what was seen of it with them. */
void model_recall_seen(struct review *m);
/* What is not on a page now has to be seen again once it is: it may be as it
 * was by two changes. */
void model_boxes_changed(struct review *m, long long row);
void model_forget_seen(struct review *m);       /* of all items */

/* ---- review_loose.c: ink without a box ---- */

/* Is the box on this frame?  On a projection every frame counts. */
bool model_on_frame(const struct box *b, int frame);
/* Lines of loose ink on the picture at hand; the list is emptied first.
 * False: no memory. */
bool model_find_loose(struct review *m, struct loose_list *list);
/* Bring m->loose up to date for the evidence; false: no memory. */
bool model_plan_loose(struct review *m);

/* ---- review_change.c: boxes that come, changes of them, undo ---- */

/* The first box that the residual pass left and that no verdict was about; -1:
 * there is none. */
int model_new_box(const struct review *m, const struct event *e);
bool model_load_boxes(struct review *m, const struct event *e);
void model_text_read(struct review *m, const struct event *e);
/*
 * One change, all or nothing and undoable: *before takes the boxes as they
 * were, for model_end_change().  False when boxes can't be changed now.
 */
bool model_begin_change(struct review *m, struct decided_list *before);
/*
 * ok         false: the change could not be made, all is as before
 * only_adds  no mask was taken off, moved or made smaller
 * box        its evidence is shown next; -1 none
 */
void model_end_change(struct review *m, struct decided_list *before, bool ok,
		      bool only_adds, int box);
/* The same for a line of the page that got its mask: the page stays on the
 * screen as long as others of its lines have none. */
void model_end_masking(struct review *m, struct decided_list *before, bool ok,
		       int box);
struct decided_box *model_selected_box(struct review *m); /* NULL: says so */
/* With none selected: selects the only box of the page on the screen. */
void model_select_shown(struct review *m);
void model_undo(struct review *m);
void model_redo(struct review *m, const struct event *e);
/* Take back the verdict of review_target(); digit 0 where it is free. */
void model_reopen(struct review *m, int digit);

/* ---- review_box.c, review_area.c: boxes ---- */

/* Boxes of the picture itself that are masked; all (*all may be NULL). */
int model_masked(const struct review *m, int *all);
void model_ask(struct review *m, enum asked asked);
void model_reason_given(struct review *m, int digit);
void model_class_given(struct review *m, int letter);
void model_set_class(struct review *m, enum box_class class_);
/* Within a change: mask this box or candidate; add a box (false: no memory;
 * an empty region adds none). */
void model_mask_box(struct review *m, int index);
bool model_add_box(struct review *m, struct region r);
bool model_is_face(const struct box *box);
/* DESIGN 8.6: a mask that is taken off with a reason only. */
bool model_wants_reason(const struct review *m, const struct decided_box *b);
/* Within a change: take the mask off box `index`.  Later boxes may move up. */
void model_take_off(struct review *m, int index, int reason);
/* A box as it came, before any change; NULL: it was drawn here. */
const struct decided_box *model_loaded_box(const struct review *m, int id);
/* m->area becomes the region of box m->editing, or a new box (-1). */
void model_keep_area(struct review *m);
/* What is looked at now: a tile of the tour, or the part shown. */
struct region model_shown_part(const struct review *m);
void model_hint_given(struct review *m, int letter);
/* The hint whose letters were typed now; -1: not yet, or none (says so). */
int model_hint_typed(struct review *m, int letter);
/* Forget the hints; add one.  False: no memory. */
void model_hints_start(struct review *m);
bool model_hint_add(struct review *m, struct region r, int box);
void model_hints_from_above(struct review *m);
/* A frame came: the hints are found anew on it. */
void model_hints_again(struct review *m);

/* What a key does; e->command tells which of a family. */
typedef void model_command(struct review *m, const struct event *e);
model_command command_reject, command_reject_all, command_select,
	command_box_next, command_box_prev, command_candidate_next,
	command_candidate_prev, command_take, command_add, command_only,
	command_edit, command_class, command_move, command_handle,
	command_grow, command_shrink, command_snap, command_keep,
	command_drop, command_narrow, command_hint, command_more_hints,
	command_repeat,
	command_blocks, command_full_width, command_zoom_area,
	command_keep_class, command_face;

/* ---- review_unmask.c: several masks off at once ---- */

void model_unmask_given(struct review *m, int letter);
void model_unmask(struct review *m, int reason);
model_command command_unmask, command_unmask_chosen;

/* ---- review_list.c: the worklist ---- */

void model_sort_given(struct review *m, int letter);
/* Record m->rows.state on all that is tagged. */
void model_decide_tagged(struct review *m, int reason);
model_command command_list_move, command_item, command_open, command_tag,
	command_tagged, command_untag, command_tagged_escalate, command_tagged_withhold,
	command_tagged_open, command_sort, command_list_back,
	command_list_all,
	command_list_drop;

/* ---- review_gate.c: what Space, Z, F, R and ! may do ---- */

bool model_decided(const struct review *m);
/* Will it leave by a tour only, as its boxes and checks are now? */
bool model_needs_tour(const struct review *m);
/* Boxes may be changed now; else says why not. */
bool model_editable(struct review *m);
/* Set the verdict and leave; masked and clean only when all was shown. */
void model_conclude(struct review *m, enum item_state state, int reason);
/* A verdict on the item on the screen that was taken back, as it was; else
 * says why not. */
void model_decide_again(struct review *m, const struct event *e,
			const struct undo_entry *was);
model_command command_approve, command_clean, command_by_eye,
	command_withhold, command_escalate, command_tour;

/* Did the reviewer see the newest screen before this key? */
bool model_on_seen_screen(const struct review *m, const struct event *e);

/* ---- review_sheet.c: contact sheet and group ---- */

model_command model_sheet_came, model_grouped;
void model_clear_sheet(struct review *m);
void model_plan_sheet(struct review *m);
void model_next_sheet_page(struct review *m);
void model_sheet_painted(struct review *m);
void model_sheet_time(struct review *m, long long ms);
void model_propagate_given(struct review *m, int letter);
model_command command_propagate;
model_command command_sheet, command_group, command_sheet_page,
	command_leave_sheet;

/* ---- review_point.c: the mouse ---- */

void model_point(struct review *m, const struct event *e);

/* ---- review_window.c ---- */

void model_window_given(struct review *m, int digit);
model_command command_window, command_preset;

/* ---- review_view.c: frames, zoom, pan ---- */

void model_go_frame(struct review *m, int frame_index);
void model_reset_view(struct review *m);
void model_zoom_to(struct review *m, struct region r);
void model_zoom_to_box(struct review *m, int box);
model_command command_frame, command_zoom, command_zoom_box, command_fit,
	command_legible, command_pan, command_invert,
	command_masks, command_details;
#endif

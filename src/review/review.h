/*
 * review.h - the model of the screen: the item on it with its boxes, what was
 * decided and what was shown; evidence, tour, selection, view, undo.
 * review_update() alone changes it.  No terminal, no files, no clock: time,
 * geometry and pictures arrive as events; what is to be done leaves as
 * effects.
 */
#ifndef SUMI_REVIEW_H
#define SUMI_REVIEW_H

#include "find/proposal.h"
#include "image/image.h"
#include "image/voi.h"
#include "record/project.h"
#include "review/command.h"
#include "review/evidence.h"

enum review_mode { MODE_ANY, MODE_LIST, MODE_REVIEW, MODE_EDIT, MODE_ADD,
		   MODE_CLASS, MODE_REASON, MODE_TOUR, MODE_HELP, MODES };

enum event_type {
	EVENT_COMMAND,          /* command, count, digit, ms, answered */
	EVENT_CHARACTER,        /* MODE_CLASS letter, MODE_REASON digit */
	EVENT_SCREEN,           /* geometry: at start and after a resize */
	EVENT_PAINTED,          /* the terminal answered frame_number */
	EVENT_ITEM,             /* item: a new one is on the screen */
	EVENT_OPENED,           /* info of the item on the screen */
	EVENT_PROGRESS,         /* permille of its detection */
	EVENT_DETECTED,         /* proposals of it */
	EVENT_STAGE_FAILED,     /* detection of it failed or was refused */
	EVENT_FRAME,            /* plane of frame_index (-1 max, -2 min) */
	EVENT_CHANGED,          /* its file changed on disk */
	EVENT_LIST,             /* the worklist has count items, by_state */
	EVENT_TICK,             /* ms only */
};

struct event {
	enum event_type type;
	enum command command;
	int count;                      /* numeric prefix or digit; 0 none */
	int character;
	long long ms;                   /* monotonic */
	bool answered;                  /* the last frame was answered before
					   this key was read */
	struct screen screen;
	long long frame_number;
	const struct worklist_item *item;
	const struct image_info *info;
	const struct proposals *proposals;
	const struct decided_box *decided;      /* resume: boxes of an earlier
						   verdict, or NULL */
	size_t decided_count;
	int permille;
	int frame_index;
	const struct plane *plane;      /* display values; copied if kept */
	long long list_count;
};

/* Effects, a bit set.  The app carries them out in this order. */
enum effect {
	EFFECT_REDRAW = 1,
	EFFECT_VERDICT = 2,             /* record review_verdict() */
	EFFECT_REOPEN = 4,              /* undo of the verdict of
					   review_target() */
	EFFECT_GO = 8,                  /* open item review_target(); 0: the
					   next undecided one */
	EFFECT_NEED_FRAME = 16,         /* serve review_view()->frame_index */
	EFFECT_FLUSH_INPUT = 32,        /* drop type-ahead */
	EFFECT_RELEASE = 64,
	EFFECT_SUSPEND = 128,
	EFFECT_QUIT = 256,
	EFFECT_BELL = 512,
	EFFECT_CLEAR = 1024,            /* redraw all from nothing */
};

enum mask_display { MASKS_OUTLINE, MASKS_FILLED, MASKS_HIDDEN };

/* What the picture hole shows. */
struct view {
	int frame_index;                /* 0-based; -1 max, -2 min projection */
	struct region shown;            /* part of the picture, in pixels */
	bool fit;
	bool has_window;                /* else as the file says */
	struct image_window window;
	bool inverted;
	enum mask_display masks;
};

/* Why Space does not approve now, or what it will do (DESIGN 8.1). */
enum space_action {
	SPACE_EVIDENCE,                 /* n of m: shows the next evidence */
	SPACE_APPROVE,
	SPACE_WAIT_READING,             /* permille */
	SPACE_BLOCKED_FACES, SPACE_BLOCKED_FAILED, SPACE_BLOCKED_CHANGED,
	SPACE_BLOCKED_LEGIBLE, SPACE_BLOCKED_REJECTED_ALL,
	SPACE_CLEAN_NEEDED,             /* no box: tour, then Z */
	SPACE_KEEP_EDIT, SPACE_OPEN_ITEM, SPACE_NOTHING,
};

struct review;

struct review *review_new(struct error *err);
void review_free(struct review *m);
unsigned review_update(struct review *m, const struct event *event);

/* ---- what views and the app read; borrowed until the next update ---- */
enum review_mode review_mode(const struct review *m);
const struct worklist_item *review_item(const struct review *m);
const struct image_info *review_info(const struct review *m); /* NULL: not yet
							       */
const struct view *review_view(const struct review *m);
/* All boxes and candidates with decisions; *count of them.  A box that is
 * masked: tier TIER_BOX and decision not NO_MASK. */
const struct decided_box *review_boxes(const struct review *m, size_t *count);
int review_selected(const struct review *m);    /* index, or -1 */
int review_handle(const struct review *m);      /* 0 all 1 left 2 top 3 right
						   4 bottom */
struct region review_adding(const struct review *m);    /* MODE_ADD */
/* Pages of evidence for the geometry of the last EVENT_SCREEN. */
const struct evidence_plan *review_evidence(const struct review *m);
int review_page(const struct review *m);        /* 0-based page on screen */
bool review_touring(const struct review *m);
enum space_action review_space(const struct review *m, int *n, int *of);
int review_permille(const struct review *m);
/* The verdict to be recorded after EFFECT_VERDICT. */
const struct verdict *review_verdict(const struct review *m);
long long review_target(const struct review *m);        /* worklist row */
long long review_cursor(const struct review *m);        /* MODE_LIST: row */
/* A short line for the reviewer about the last key, translated; "" if none. */
const char *review_message(const struct review *m);
#endif

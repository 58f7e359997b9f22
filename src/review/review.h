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

struct sheet;                           /* sheet.h */

enum review_mode { MODE_ANY, MODE_LIST, MODE_REVIEW, MODE_EDIT, MODE_ADD,
		   MODE_CLASS, MODE_REASON, MODE_TOUR, MODE_HELP, MODE_HINT,
		   MODE_SORT, MODE_TAGGED, MODE_SHEET, MODE_PROPAGATE,
		   MODE_WINDOW, MODE_UNMASK,
		   MODES };

enum event_type {
	EVENT_COMMAND,          /* command, count, digit, ms, answered */
	EVENT_CHARACTER,        /* MODE_CLASS MODE_HINT MODE_UNMASK MODE_SORT
				   letter,
				   MODE_REASON MODE_WINDOW digit */
	EVENT_SCREEN,           /* geometry: at start and after a resize */
	EVENT_PAINTED,          /* the terminal answered the frame painted at
				   this revision, at ms */
	EVENT_ITEM,             /* item: a new one is on the screen; NULL:
				   there is none, back to the list.  The same
				   item again: start over with its boxes kept
				   (a verdict could not be recorded).  row: its
				   place in the list, 0 item->row, -1 none;
				   decided_count: some are known of it */
	EVENT_OPENED,           /* info of the item on the screen */
	EVENT_PROGRESS,         /* permille of its detection */
	EVENT_DETECTED,         /* proposals of it */
	EVENT_READ,             /* proposals again, now with their text; only
				   that is taken */
	EVENT_STAGE_FAILED,     /* detection of it failed or was refused */
	EVENT_FRAME,            /* plane of frame_index (-1 max, -2 min) */
	EVENT_CHANGED,          /* its file changed on disk */
	EVENT_LIST,             /* the worklist shows list_count items; row,
				   if not 0, becomes the cursor; tagged,
				   filtered */
	EVENT_DECIDED,          /* row: a verdict of LIST_DECIDE was recorded
				   on this item: state, count its reason */
	EVENT_POINT,            /* the mouse, at pixel x, y of the picture:
				   point; box: whose evidence lies there, -1 */
	EVENT_BLANK,            /* blank: the screen shows nothing until it
				   comes with false, and no time counts */
	EVENT_TICK,             /* ms only */
	EVENT_SHEET,            /* sheet: the contact sheet asked for */
	EVENT_GROUPED,          /* rows, row_count: verdicts of the group on
				   the sheet are recorded; 0: it is left;
				   last: nothing is open any more */
	EVENT_HANDED,           /* EFFECT_REMEMBER or EFFECT_PROPAGATE was
				   carried out: u takes it back */
};

enum point { POINT_PRESS, POINT_DRAG, POINT_RELEASE };

struct event {
	enum event_type type;
	enum point point;
	int x, y, box;
	enum command command;
	int count;                      /* numeric prefix or digit; 0 none */
	enum item_state state;
	int character;
	long long ms;                   /* monotonic */
	bool answered;                  /* the last frame was answered before
					   this key was read; false for pasted
					   keys */
	struct screen screen;
	long long revision;             /* review_revision() when painting */
	const struct worklist_item *item;       /* borrowed until the next
						   EVENT_ITEM */
	const struct policy *policy;            /* EVENT_ITEM: of the project;
						   NULL: as before */
	const struct image_info *info;
	const struct proposals *proposals;
	const struct decided_box *decided;      /* resume: boxes of an earlier
						   verdict, or NULL */
	size_t decided_count;
	const struct decided_box *loaded;       /* a draft of an earlier
						   session, whose boxes are in
						   decided: as they came,
						   before any change */
	size_t loaded_count;
	bool draft;
	int permille;
	int frame_index;
	const struct plane *plane;      /* display values; copied if kept */
	struct image_window window;     /* that they are in; width 0: none */
	const uint8_t *grey;            /* of plane, by ink_grey(); or NULL */
	const struct plane *whole;      /* grey: FRAME_WHOLE, where frame_index
					   is 0 and no other; or NULL */
	long long list_count, row;
	long long tagged;               /* items */
	bool filtered;                  /* the list shows not all items */
	const struct sheet *sheet;      /* borrowed until the next one */
	const long long *rows;
	size_t row_count;
	bool last;
	bool blank;
};

/* Effects, a bit set.  The app carries them out in this order. */
enum effect {
	EFFECT_FLUSH_INPUT = 1 << 0,    /* drop type-ahead */
	EFFECT_REOPEN = 1 << 1,         /* take back the verdicts of
					   review_reopened(), review_reason()
					   */
	EFFECT_VERDICT = 1 << 2,        /* record review_verdict() */
	EFFECT_RELEASE = 1 << 3,
	EFFECT_GO = 1 << 4,             /* open item review_target(), or
					   TARGET_NEXT or TARGET_PREV */
	EFFECT_SEEK = 1 << 5,           /* find the undecided row that
					   review_target() names, seen from
					   review_cursor(): EVENT_LIST */
	EFFECT_NEED_FRAME = 1 << 6,     /* serve review_view()->frame_index:
					   always answered with EVENT_FRAME */
	EFFECT_SUSPEND = 1 << 7,
	EFFECT_QUIT = 1 << 8,
	EFFECT_BELL = 1 << 9,
	EFFECT_CLEAR = 1 << 10,         /* redraw all from nothing */
	EFFECT_REDRAW = 1 << 11,
	EFFECT_CARD = 1 << 12,          /* show the test card */
	EFFECT_LINE = 1 << 13,          /* type a command */
	EFFECT_SEARCH = 1 << 14,        /* type what to search for */
	EFFECT_REMEMBER = 1 << 15,      /* the masks, for this device */
	EFFECT_ROWS = 1 << 20,          /* review_rows(): of the worklist */
	EFFECT_SHEET = 1 << 21,         /* show the contact sheet of the series
					   of review_target(), a row or
					   TARGET_CURSOR: EVENT_SHEET */
	EFFECT_ALIKE = 1 << 27,         /* with EFFECT_SHEET: only when some on
					   it may be approved */
	EFFECT_GROUP = 1 << 22,         /* approve those alike on it:
					   EVENT_GROUPED */
	EFFECT_PROPAGATE = 1 << 23,      /* propose the masks on the screen in
					   what review_spread() names */
	EFFECT_TAKE_BACK = 1 << 26,     /* what EVENT_HANDED told of last */
	EFFECT_BLANK = 1 << 24,         /* nothing on the screen */
	EFFECT_MOUSE = 1 << 25,         /* listen to the mouse, or no longer */
};
/* For review_target(): the nearest undecided item after or before this one;
 * the one at the place review_cursor(). */
enum { TARGET_NEXT = 0, TARGET_PREV = -1, TARGET_CURSOR = -2 };

enum list_order { LIST_BY_LISTING, LIST_BY_STATE, LIST_BY_MODALITY,
		  LIST_BY_BOXES, LIST_BY_FRAMES, LIST_BY_FLAG, LIST_BY_OUTPUT,
		  LIST_BY_DEVICE,
		  LIST_ORDERS };
/* The letter of an order after `s`, and its name, a msgid. */
struct list_order_info { char letter; const char *name; };
extern const struct list_order_info list_order_info[LIST_ORDERS];

/* What EFFECT_ROWS asks of the worklist, answered with EVENT_LIST. */
enum list_what {
	LIST_TAG,                       /* turn over the tags of count places
					   from `from` */
	LIST_UNTAG,                     /* take all tags off */
	LIST_SORT,                      /* by */
	LIST_ALL,                       /* no filter any more */
	LIST_PICK,                      /* the cursor on the item of number
					   `from` */
	LIST_OPEN_TAGGED,               /* show the tagged only, open the first
					   undecided of them */
	LIST_DECIDE,                    /* record state and reason on all
					   tagged: EVENT_DECIDED for each */
};
struct list_request {
	enum list_what what;
	long long from, count;
	enum list_order by;
	enum item_state state;          /* WITHHELD or ESCALATED */
	int reason;
};

enum mask_display { MASKS_OUTLINE, MASKS_FILLED, MASKS_HIDDEN };

/*
 * What the screen shows.  A screen too small for both strip and hole shows
 * the pane.  The hole shows `shown` of the picture, but the placements of the
 * page when that is in_hole and the pane is PANE_EVIDENCE.  Crops of the strip
 * never hide what lies under a mask.
 */
enum pane { PANE_EVIDENCE, PANE_PICTURE };
struct view {
	enum pane pane;
	int frame_index;                /* 0-based; -1 max, -2 min projection */
	struct region shown;            /* part of the picture, in pixels */
	bool fit;
	bool has_window;                /* else as the file says */
	struct image_window window;
	bool inverted;
	bool details;                   /* class, score, why, coordinates */
	enum mask_display masks;
};

/* Why Space does not approve now, or what it will do (DESIGN 8.1). */
enum space_action {
	SPACE_EVIDENCE,                 /* n of m: shows the next evidence */
	SPACE_APPROVE,
	SPACE_WAIT_READING,             /* permille */
	SPACE_BLOCKED_FACES, SPACE_BLOCKED_FAILED, SPACE_BLOCKED_CHANGED,
	SPACE_BLOCKED_LEGIBLE,
	SPACE_BLOCKED_REJECTED_ALL,     /* boxes, none masked: Z or ! */
	SPACE_BLOCKED_FAINT,            /* n of faint ink left over: v first */
	SPACE_BLOCKED_HEAD,             /* policy: a head needs a face mask */
	SPACE_BLOCKED_SCAN,             /* policy: the tour first */
	SPACE_CLEAN_NEEDED,             /* no box: tour (n of m seen), Z */
	SPACE_TOUR,                     /* n of m: shows the next tile, of a
					   tour that v asked for too; n 0: all
					   were shown, ends the tour */
	SPACE_KEEP_EDIT, SPACE_OPEN_ITEM,
	SPACE_NEXT,                     /* decided already: goes on */
	SPACE_NOTHING,
	SPACE_ACTIONS
};
/* Reasons of DESIGN 8.6, msgids; index 1..9, [0] is "". */
enum { REVIEW_REASONS = 10 };
extern const char *const review_reason_text[REVIEW_REASONS];
/* The letter of each class after `t` (DESIGN 8.9). */
extern const char review_class_letter[CLASSES];

enum { WINDOW_PRESETS = 10 };
struct window_preset {
	const char *name;               /* msgid */
	struct image_window window;     /* Hounsfield units */
};

struct review;

/* A model without items, in the worklist.  NULL with ERR_MEMORY. */
struct review *review_new(struct error *err);
void review_free(struct review *m);     /* NULL does nothing */
/*
 * Take an event in; the only way to change the model.  Returns the effects
 * that are to be carried out before the next one, a set of enum effect.
 */
unsigned review_update(struct review *m, const struct event *event);

/* Does this command do anything in this mode? */
bool review_hears(enum review_mode mode, enum command command);

/* ---- what views and the app read; borrowed until the next update ---- */
enum review_mode review_mode(const struct review *m);
/*
 * Grows by every change of what is shown or decided.  Note it when painting
 * and hand it back with EVENT_PAINTED: a Space only counts on a screen that
 * showed the newest.
 */
long long review_revision(const struct review *m);
const struct worklist_item *review_item(const struct review *m); /* or NULL */
const struct image_info *review_info(const struct review *m); /* NULL: not yet
							       */
const struct view *review_view(const struct review *m);
/*
 * All boxes of all tiers with decisions; *count of them, TIER_BOX first, then
 * in order of time.  Number n on the screen is index n - 1.  One that is
 * masked: review_masked().  Draw TIER_BOX and TIER_CANDIDATE.
 */
const struct decided_box *review_boxes(const struct review *m, size_t *count);
bool review_masked(const struct decided_box *box);
/* Was it found on a copy, and is not decided yet? */
bool review_left(const struct review *m, const struct decided_box *box);
/* Was it moved so that what was read there is no longer all in it? */
bool review_moved(const struct review *m, const struct decided_box *box);
int review_selected(const struct review *m);    /* index, or -1 */
int review_handle(const struct review *m);      /* 0 all 1 left 2 top 3 right
						   4 bottom */
/* MODE_ADD: what is left of the area when a digit is pressed, 1..9 as on a key
 * pad: 7 is at the top left. */
enum { REVIEW_NINTHS = 9 };
/* Is that to be seen: until the area is moved or changed otherwise? */
bool review_grid(const struct review *m);
struct region review_ninth(const struct review *m, int digit);
/* MODE_ADD and MODE_EDIT: the area as it would be kept. */
struct region review_area(const struct review *m);
/*
 * MODE_HINT: lines of text without a mask in view()->shown, from above: as
 * many as have letters that do not lie on each other, what is likeliest to be
 * a line first.
 * MODE_UNMASK: the masks of the page of evidence that is on the screen, as
 * they follow there; else those in view()->shown, from above.
 */
struct hint {
	struct region region;           /* pixels */
	int box;                        /* index; -1: ink without a box */
	bool chosen;                    /* MODE_UNMASK: its letter was pressed:
					   Enter takes the mask off */
	int set;                        /* 0 ... of those shown at a time */
};
/* How many times Tab shows letters of other lines, and once. */
int review_hint_sets(const struct review *m);
/* MODE_UNMASK, or the reason of it is asked for: there are hints yet. */
bool review_unmasking(const struct review *m);
const struct hint *review_hints(const struct review *m, size_t *count);
/* What picks one of them: a letter, or two when there are many. */
void review_hint_label(const struct review *m, size_t index, char label[3]);
/* Pages of evidence for the geometry of the last EVENT_SCREEN; of the tour
 * while touring. */
const struct evidence_plan *review_evidence(const struct review *m);
int review_page(const struct review *m);        /* 0-based; -1: no page */
/* Are there frames on pages to come whose ink was not looked at yet?  That may
 * bring more pages than are known. */
bool review_pages_open(const struct review *m);
/* Is the page to be drawn (its frame is here, its pane on the screen)?  The
 * model counts it as shown only then. */
bool review_page_visible(const struct review *m);
/* The display values of a frame of this page, where it shows several, and
 * their number as in struct picture_part (no other plane has it); NULL: not
 * here. */
const struct plane *review_plane(const struct review *m, int frame,
				 long long *serial);
bool review_touring(const struct review *m);
bool review_tour_done(const struct review *m);
/* Does a second reader see it without the boxes? */
bool review_blind(const struct review *m);
/* Pages of the tour, also before it begins where it is needed; 0: it is not,
 * or is done. */
int review_tour_pages(const struct review *m);
int review_tour_seen(const struct review *m);   /* pages of it, so far */
/* What the policy wants said of a head (head_surface = keep: nothing). */
enum head_part review_head(const struct review *m);
/* Faces are to be checked here (DESIGN 7), and were not; also of any
 * picture. */
bool review_faces_missing(const struct review *m);
bool faces_unchecked(const struct image_info *info, enum check_state faces);
/* Would this key be of use now: CMD_CLEAN, as nothing stands in its way;
 * CMD_BY_EYE, as the tour is done and no machine looked; CMD_UNMASK, as there
 * are masks?  Others always. */
bool review_counts(const struct review *m, enum command command);
/* F was pressed: no face and no text is left, seen by eye. */
bool review_by_eye(const struct review *m);
/* What a digit after `w` stands for, 0: the file's own; NULL where it means
 * nothing in this picture. */
const struct window_preset *review_preset(const struct review *m, int digit);
enum space_action review_space(const struct review *m, int *n, int *of);
/* Space waits for this picture to be painted once, and for nothing else. */
bool review_awaits_paint(const struct review *m);
int review_permille(const struct review *m);
/* The verdict to be recorded after EFFECT_VERDICT. */
const struct verdict *review_verdict(const struct review *m);
/* A row of the worklist, or TARGET_... */
long long review_target(const struct review *m);
int review_reason(const struct review *m);      /* digit of EFFECT_REOPEN */
/* MODE_REASON: what the digit is the reason of. */
enum asked { ASKED_NOTHING, ASKED_REJECT, ASKED_REJECT_ALL, ASKED_UNMASK,
	     ASKED_WITHHOLD,
	     ASKED_ESCALATE, ASKED_REOPEN, ASKED_TAGGED, ASKED_COUNT };
enum asked review_asked(const struct review *m);
/* MODE_REASON: is this one offered for what is asked?  Those of masks are not
 * for an item that is withheld or escalated; each is taken (DESIGN 8.6). */
bool review_offers(const struct review *m, int reason);
/* MODE_LIST: the place of the list, 1 ..., that is selected. */
long long review_cursor(const struct review *m);
/* Is the worklist on the screen, or a question over it? */
bool review_listing(const struct review *m);
const struct list_request *review_rows(const struct review *m);
/* To what EFFECT_PROPAGATE hands the masks: the other pictures of the series,
 * or all of this device and size. */
enum spread { SPREAD_SERIES, SPREAD_DEVICE };
enum spread review_spread(const struct review *m);
/* The rows of EFFECT_REOPEN. */
const long long *review_reopened(const struct review *m, size_t *count);
/* The row whose verdict U gives again, when it is as it was; 0: none. */
long long review_given_again(const struct review *m);

/* The contact sheet on the screen, or NULL; its pages, the one shown (-1
 * none), what was seen on it of those alike, and how long it was looked at. */
const struct sheet *review_sheet(const struct review *m);
const struct evidence_plan *review_sheet_plan(const struct review *m);
int review_sheet_page(const struct review *m);
const struct seen *review_sheet_seen(const struct review *m, size_t *count);
long long review_sheet_ms(const struct review *m);
/* Did the reviewer change boxes of this item without a verdict? */
bool review_touched(const struct review *m, long long row);
/* As review_boxes(), before any change. */
const struct decided_box *review_loaded(const struct review *m, size_t *count);
/* Are the boxes of the item on the screen there, and no verdict holds them? */
bool review_undecided(const struct review *m);
enum { REVIEW_MESSAGE = 320 };          /* bytes */
/* A short line for the reviewer about the last key, translated; "" if none.
 * {WORD} stands for the key of that command. */
const char *review_message(const struct review *m);
#endif

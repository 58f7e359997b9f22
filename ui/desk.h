/*
 * desk.h - what lies before the reviewer: the model, the item on the screen
 * with its picture, the worklist, outputs in the making.  Carries out what the
 * model asks for; knows no terminal.
 */
#ifndef SUMI_DESK_H
#define SUMI_DESK_H

#include "process/draft.h"
#include "process/output.h"
#include "process/source.h"
#include "record/masks.h"
#include "ui/items.h"
#include "ui/news.h"
#include "ui/order.h"
#include "ui/peek.h"
#include "ui/series.h"
#include "ui/view.h"

enum { DESK_NOTICE = 512 };

struct desk {
	struct project *project;        /* borrowed */
	struct workers *workers;        /* borrowed */
	struct source *source;          /* files still to be listed; borrowed */
	long long again;                /* the next refused row to be tried
					   once more; 0: none */
	struct review *model;           /* owned */
	struct items items;
	struct layouts layouts, propagated;     /* of the project */
	struct handed *handed;          /* desk_hand.h: what u takes back */
	size_t handed_count, handed_capacity;
	struct series series;           /* of the last approved item */
	struct sheet sheet;             /* shown; its rows that are alike */
	long long *sheet_rows;          /* owned */
	size_t sheet_count;
	char offer[DESK_NOTICE];        /* what the series has to offer; "" */
	struct outputs *outputs;        /* owned */
	struct worklist_item item;      /* on the screen; row 0: none */
	struct masks decided;           /* of its last verdict */
	struct draft draft;             /* of an earlier session */
	struct buffer kept;             /* its draft as it is on disk; empty:
					   there is none */
	bool keep_failed;               /* it was said that it can't be kept */
	bool changed_told;              /* that its file changed */
	bool named;                     /* it was opened by its row, not as the
					   next one */
	struct plane *plane;            /* display values; owned */
	int plane_frame;
	long long plane_serial;         /* of the last plane made */
	struct image_window plane_window;
	bool plane_has_window;
	bool kitty;                     /* planes are sent as PNG */
	unsigned effects;               /* REDRAW BELL QUIT ... for the app */
	char notice[DESK_NOTICE];       /* what the last key is answered */
	struct news news;               /* what came by itself */
	bool keyed;                     /* a key is being carried out */
	long long total, by_state[ITEM_STATES];
	long long held_back;            /* outputs: something was found on them */
	long long released;             /* outputs that are out */
	long long unreleased;           /* decided, not held back and not out */
	long long ms;                   /* of the last event */
	long long begun_ms;             /* of the first key */
	long long verdicts;             /* given since then */
	struct error error;             /* code set: the project can't be
					   written any more, leave */
	const struct errand *errand;    /* NULL: a review; borrowed */
	const struct answer *answer;    /* shown before held comes; or NULL */
	long long held;                 /* target of EFFECT_GO */
	struct order order;             /* the worklist as it is shown */
	int columns;                    /* of the screen */
	struct peek peek;               /* at the selected item of the list */
	struct desk_all {               /* LIST_DECIDE at work */
		enum item_state state;
		int reason;
		long long row;          /* the next to be looked at; 0: idle */
		long long done, left;   /* decided; never opened, or refused */
	} all;
};

bool desk_init(struct desk *d, struct project *project,
	       struct workers *workers, struct source *source,
	       struct error *err);
void desk_done(struct desk *d);

/* Hand an event to the model and carry out what comes of it. */
void desk_event(struct desk *d, const struct event *event);
/* Take what a worker said; its content may move. */
void desk_worker(struct desk *d, struct worker_event *event);
/* The answer was seen: what was held back comes. */
void desk_go_on(struct desk *d, long long ms);
/* Try the next item whose file could not be read in an earlier session; after
 * these list some more files.  False when all are listed. */
bool desk_list_more(struct desk *d);
/* Show the rows of the worklist that a filter lets through; "" all.  When it
 * lets none through it is not taken. */
void desk_filter(struct desk *d, const char *filter);
/* The cursor of the list goes to a place of it. */
void desk_pick(struct desk *d, long long place);
/* Decide on some more of the tagged; false when there is nothing to do. */
bool desk_all_more(struct desk *d);
/* For parts of the desk: answer a key, or where none is carried out, tell what
 * came by itself; tell news of a kind; the project can't be written any more;
 * count anew. */
void desk_say(struct desk *d, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void desk_tell(struct desk *d, enum news_kind kind, int count,
	       const char *format, ...) __attribute__((format(printf, 4, 5)));
void desk_dead(struct desk *d, const struct error *err);
void desk_count(struct desk *d);
/* After verdicts on rows that were not on the screen. */
void desk_leave_decided(struct desk *d);
/* Now and then: did the file on the screen change?  What the reviewer changed
 * is kept. */
void desk_tick(struct desk *d, long long ms);
/* Something ahead can be made ready while nothing happens; a little of it. */
bool desk_waits(const struct desk *d);
void desk_more(struct desk *d);
/* Keep what was changed on the item on the screen for a later session, durably
 * (draft.h); nothing when it is kept already. */
bool desk_keep(struct desk *d, struct error *err);

/*
 * What the views need; rows (at most `rows` of them, freed by
 * desk_view_done()) are read for the worklist.
 */
bool desk_view(struct desk *d, int rows, struct view_data *v,
	       struct error *err);
void desk_view_done(struct view_data *v);
#endif

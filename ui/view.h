/*
 * view.h - what all views share: where things lie on the screen, and what
 * they are drawn from.  Views draw into a canvas; no curses, no files.
 */
#ifndef SUMI_VIEW_H
#define SUMI_VIEW_H

#include "image/voi.h"
#include "record/worklist.h"
#include "review/group.h"
#include "review/review.h"
#include "ui/canvas.h"
#include "ui/picture.h"

enum { VIEW_LEAST_COLUMNS = 40, VIEW_LEAST_ROWS = 12,
       VIEW_WIDE_COLUMNS = 100,
       VIEW_PEEK_COLUMNS = 160,         /* the worklist tells more of an item */
       /* picture and evidence side by side: where either half shows more than
	  a line of text; a narrow strip folds lines and costs pages */
       VIEW_SPLIT_COLUMNS = 100, VIEW_SPLIT_SUB_PIXELS = 800
};

enum { VIEW_MARKS = 256 };      /* rows of a list that are marked */

struct area { int column, row, columns, rows; };

/* Where the parts of the review screen lie.  An area without cells is not
 * there. */
struct layout {
	bool too_small;
	bool split;                     /* picture left, evidence right */
	struct area strip, hole;        /* the same place unless split */
	struct area tour;               /* over both */
	struct area overview;           /* small picture below the evidence,
					   over rows of the strip it leaves */
	struct area list;               /* of the boxes, beside it */
	int info_row, status_row, message_row;
};
/* used: rows of the strip that hold evidence now. */
void view_layout(int columns, int rows, enum picture_mode mode, int used,
		 struct layout *layout);
/* The same as the model wants it. */
void view_screen(int columns, int rows, enum picture_mode mode,
		 struct screen *screen);

struct answer;                          /* view_answer.h */
struct order;                           /* order.h */
struct keymap;                          /* key.h */
struct peek;                            /* peek.h */

/* All borrowed. */
struct view_data {
	const struct look *look;
	bool finest;                    /* no finer one can be chosen here */
	const struct review *model;
	const struct plane *plane;      /* of plane_frame; NULL: not here */
	int plane_frame;
	long long plane_serial;         /* another with each plane */
	const struct buffer *plane_png; /* struct picture_part's; or NULL */
	const struct answer *answer;    /* shown instead; or NULL */
	const char *title, *subject, *hint;    /* of another end than a review, for
					   this screen and the list; or NULL */
	const char *approve;            /* what Space does there instead of
					   approving; or NULL */
	const char *project;            /* as named */
	bool project_fresh;             /* made just now */
	const char *reviewer;
	bool second;                    /* the policy wants a second reader
					   before an output is released */
	long long total;                /* items */
	long long by_state[ITEM_STATES];
	long long held_back;            /* outputs: something was found on them */
	/* MODE_LIST: the rows on the screen */
	struct worklist_item *item;     /* owned by who made it */
	size_t item_count;
	long long first;                /* place of the first; 0 counts as 1 */
	const struct keymap *keys;      /* NULL: those built in */
	const struct order *order;      /* filter, order and tags; NULL: none */
	enum group_state mark[VIEW_MARKS];      /* of the items, in a group */
	const struct peek *peek;        /* at the selected one; NULL: none */
	int writing;                    /* outputs being made */
	long long verdicts, session_ms; /* given since the first key */
	const char *notice;             /* of the app, translated; "" if none;
					   shown where the model has none */
	const char *news;               /* what came by itself: stands before
					   these; or NULL */
	int news_waiting;               /* how many more */
	const char *offer;              /* of a series; "" if none; shown where
					   there is nothing else */
	enum review_mode help_mode;     /* whose keys are asked for */
	const char *help_search;        /* typed; "" or NULL: all keys */
	int help_selected;              /* entry of those found */
	char line_sign;                 /* ':' '/' a line is typed; '\0' none */
	const char *line;               /* its text so far */
	const char *line_matches;       /* commands that begin so */
};

/* Rows of the worklist that fit. */
int view_list_rows(int rows);

/* The whole screen of an item, of the worklist, of the help. */
void view_review(const struct view_data *v, struct canvas *c);
void view_list(const struct view_data *v, struct canvas *c);
void view_help(const struct view_data *v, struct canvas *c);
/* How many entries of the help of a mode have the text, in key, command or
 * words; and the command of one of them, CMD_NONE when there is no such. */
int view_help_entries(const struct keymap *keys, enum review_mode mode,
		      const char *search);
enum command view_help_entry(const struct keymap *keys,
			     enum review_mode mode, const char *search,
			     int index);
/* Nothing of a picture, and how it comes back. */
void view_blank(struct canvas *c);
/* The view of the model's mode; says so when the screen is too small. */
void view_draw(const struct view_data *v, struct canvas *c);

/*
 * Does what view_draw() drew show all of the evidence that the model takes
 * for shown?  Else the frame must not count as painted.
 */
bool view_shows_page(const struct view_data *v, const struct canvas *c);

/* Does what view_draw() drew show all of the message line? */
bool view_shows_message(const struct view_data *v, const struct canvas *c);

/* Where the parts lie around the page that is on the screen. */
void view_layout_page(const struct view_data *v, const struct canvas *c,
		      struct layout *l);
/* Where the picture lies in an area: the cells, and the source they show. */
struct picture_part view_picture_part(const struct view_data *v,
				      const struct area *area, bool whole);
/* Is the page of evidence drawn in the hole?  And where: a tour takes all of
 * the screen. */
bool view_page_in_hole(const struct review *m);
struct area view_page_area(const struct review *m, const struct layout *l);
/*
 * What a review shows in a cell: the middle of its pixels (*x, *y), and the
 * box that it is evidence for, -1 none.  False: nothing of the picture.
 */
bool view_point(const struct view_data *v, const struct canvas *c, int column,
		int row, int *x, int *y, int *box);
/* The index into v->item of the row of the worklist there; -1. */
int view_list_point(const struct view_data *v, int row);

/* A line over the whole width in reverse, and the last two lines: what the
 * keys do, and the message. */
void view_title(struct canvas *c, const char *left, const char *right);
void view_bottom(const struct view_data *v, struct canvas *c,
		 const char *status);
enum { VIEW_MESSAGE = 640 };            /* bytes */
/* A message with the names of the keys that it speaks of. */
void view_message(const struct view_data *v, const char *message, char *text,
		  size_t size);
/* Leave out the hints at the end, two blanks between, that don't fit whole in
 * so many columns. */
void view_fit(char *status, const struct canvas *c, int columns);
/* What the line of hints says in a mode where nothing else counts, a msgid: two
 * blanks between the hints, {WORD} for the key of a command.  "" none. */
const char *view_hints(enum review_mode mode);
/* A question over the lines above the message. */
void view_question(struct canvas *c, const char *text);
/* What a letter or digit is asked for, translated; "" when it is not. */
const char *view_asked(const struct review *m);
/* That, and all letters or digits with what they mean. */
void view_choices(const struct review *m, struct canvas *c);
enum { VIEW_NAME = 512 };               /* bytes: more than a screen is wide */
/* A name (NULL none), or dots and the end of it that fits; empty where nothing
 * does. */
void view_tail(enum charset charset, const char *name, int columns,
	       char *text, size_t size);
/* What Space will do (DESIGN 8.1), and where that is nothing, which key leads
 * on.  Of pages that on the screen is counted, as people expect. */
void view_space(const struct view_data *v, char *text, size_t size);
/* Does it tell how long the tour is? */
bool view_space_tells_tour(const struct review *model);
/* Does it name the key of a hint that begins with "{WORD}"? */
bool view_space_names(const struct review *model, const char *hint);
#endif

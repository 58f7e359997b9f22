/*
 * desk.h - a reviewer's desk for tests: the model, and an app and a terminal
 * that carry out its effects at once and note verdicts.  Pictures and
 * proposals are made up here.
 */
#ifndef SUMI_TESTS_DESK_H
#define SUMI_TESTS_DESK_H

#include "review/review.h"
#include "review/sheet.h"

enum { DESK_ITEMS = 8, DESK_NOTES = 64, DESK_BOXES = 32, DESK_BEFORE = 20,
       DESK_PAGES = 64 };

struct desk_note {
	char what;                      /* V verdict, R reopen, W release, G a
					   group of `boxes` items */
	long long row;
	enum item_state verdict;
	int reason, boxes, masked;
	bool by_eye, head;
	size_t seen;
	long long active_ms, view_ms;
};

struct desk {
	struct review *m;
	long long ms;
	bool answers;                   /* the terminal answers each frame */
	bool serves;                    /* frames come at once */
	bool records;                   /* verdicts can be recorded */
	struct screen screen;
	struct worklist_item item[DESK_ITEMS];  /* row - 1 */
	struct image_info info;         /* of every item */
	struct policy policy;           /* of the project */
	struct box box[DESK_BOXES];     /* proposed for every item */
	size_t boxes;
	uint8_t *ink;                   /* [rows / 16][columns / 16] */
	enum check_state text, faces;
	struct plane plane;             /* of every frame */
	const struct plane *whole;      /* FRAME_WHOLE, or NULL */
	struct image_window window;     /* of plane; width 0: not told */
	bool tagged[DESK_ITEMS];        /* row - 1 */
	bool filtered;                  /* the list shows the tagged only, as
					   far as the model knows */
	bool detects;                   /* proposals come with the item */
	unsigned effects;               /* of the last event */
	struct list_request rows;       /* of the last EFFECT_ROWS */
	long long asked_row;            /* of the last EFFECT_GO */
	struct desk_note note[DESK_NOTES];
	size_t notes;
	size_t groups;                  /* so many are alike at most: open
					   items not touched; 0: no sheet */
	struct sheet *sheet;            /* owned */
	long long group[DESK_ITEMS];
	size_t group_count;
	bool page_painted[DESK_PAGES];  /* of the sheet */
	/* called before the model hears of an answered frame, and when a
	   verdict came; may be NULL */
	void (*painted)(struct desk *d);
	void (*decided)(struct desk *d, const struct verdict *v);
};

/* A plain grey DICOM picture, one frame, no ink, on a sextant 80x24 screen;
 * faces need no check.  desk_open() starts. */
void desk_init(struct desk *d, int columns, int rows);
void desk_done(struct desk *d);

/* Propose a box for all items: tier, x y w h, letters of 12 pixels. */
struct box *desk_box(struct desk *d, enum box_tier tier, int x, int y, int w,
		     int h);
void desk_ink(struct desk *d, int x, int y);    /* the cell at this pixel */
/* Draw a filled rectangle into the plane. */
void desk_draw(struct desk *d, struct region r, int grey);

void desk_screen(struct desk *d, int columns, int rows,
		 enum picture_mode mode);
void desk_open(struct desk *d, long long row);
void desk_event(struct desk *d, struct event e);        /* carries effects */
void desk_detect(struct desk *d);
/* Hand over the frame the model asked for. */
void desk_serve(struct desk *d);
/* A key 200 ms after the last event, the terminal having answered. */
void desk_key(struct desk *d, enum command command, int count);
void desk_character(struct desk *d, int character);
/* Space until it does nothing new or something was noted; how many. */
int desk_spaces(struct desk *d);
enum space_action desk_space(const struct desk *d);
#endif

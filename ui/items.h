/*
 * items.h - the files being worked on: the one on the screen, and those ahead
 * of it whose detection and first frame are made ready.  Results of workers
 * go in, what concerns the item on the screen comes out.
 */
#ifndef SUMI_ITEMS_H
#define SUMI_ITEMS_H

#include "find/layout.h"
#include "find/proposal.h"
#include "image/voi.h"
#include "process/worker.h"
#include "record/project.h"
#include "ui/ready.h"

enum { SLOTS = 4, FRAME_NONE = -3 };

/* A file at work. */
struct slot {
	long long row;                  /* of the worklist; 0: not used */
	unsigned long used;             /* larger: used later */
	int fd;
	long long size, mtime_ns, inode;        /* when opened */
	unsigned long detect_job, serve_job;    /* 0: not running */
	unsigned long text_job;         /* what was found is known, and its
					   text is read again */
	bool textless;                  /* that is still to be done */
	bool opened, detected, failed;
	bool noted;                     /* in log and worklist */
	struct error error;             /* failed: why */
	bool refused;                   /* failed: error.reason says why */
	struct image_info info;
	struct proposals proposals;     /* imported, remembered ones too */
	struct buffer found;            /* the own ones, for the worklist */
	uint8_t sha256[32], patient[32], series[32], device[32];
	int permille;
	struct frame *frame;            /* servable form (voi.h) */
	int frame_index;                /* of it; FRAME_NONE: none */
	int wanted;                     /* frame asked for; FRAME_NONE: none */
	struct ready ready;             /* to be shown: of that frame */
};

struct items {
	struct project *project;        /* borrowed */
	struct workers *workers;        /* borrowed */
	const char *import;             /* proposals file as text, or NULL */
	size_t import_length;
	const struct layouts *layouts;  /* of the project; borrowed */
	const struct layouts *propagated;       /* by series or device;
						   borrowed */
	bool afresh;                    /* texts are needed, which are kept
					   nowhere: read all files again */
	struct slot slot[SLOTS];
	unsigned long clock;            /* for slot.used */
	long long current;              /* row on the screen; 0 none */
	/* The next undecided row after one, as the reviewer will come to it;
	 * 0: none.  NULL: in listing order. */
	long long (*next)(void *self, long long row);
	void *self;
};

void items_init(struct items *items, struct project *project,
		struct workers *workers);
void items_done(struct items *items);

/*
 * Put a row of the worklist on the screen: its work goes first, unfinished
 * work on other files is given up.  The slot; NULL with *err (ERR_REFUSED: the
 * file can't be had).
 */
struct slot *items_open(struct items *items, long long row, struct error *err);
void items_leave(struct items *items);
/* End the work on a row. */
void items_drop(struct items *items, long long row);
/* The slot on the screen; NULL when there is none. */
struct slot *items_current(struct items *items);

/* What was found of the slot on the screen in an earlier session is kept
 * without its text: have it read again, behind what is on the screen. */
void items_read_text(struct items *items);

/* What these two point to changed: what was made ready ahead follows.  False: no
 * memory. */
bool items_remember(struct items *items, struct error *err);
/* What was made ready ahead is made anew. */
void items_forget_ahead(struct items *items);

/* Ask for a frame of a slot: it is there (frame_index), or comes by
 * items_event() and no other does meanwhile.  False with *err. */
bool items_want_frame(struct items *items, struct slot *slot, int frame_index,
		      struct error *err);

/*
 * Take a worker's event (its content moves; a frame that nobody waits for any
 * more stays).  The slot it was about; NULL when it belongs to no slot.
 */
struct slot *items_event(struct items *items, struct worker_event *event);

/* The slot of a row, made when there is none and nothing else is being made
 * ready; NULL: none.  make: read its file when it has no slot. */
const struct slot *items_peek(struct items *items, long long row, bool make);

/* Nothing runs for the item on the screen: make the next undecided ready. */
void items_ahead(struct items *items);

/* Is the file on disk still the one that was opened? */
bool items_unchanged(const struct items *items, const struct slot *slot,
		     const struct worklist_item *item);

/*
 * Make the frames of other items ready to be shown, a little at a time: false
 * when there is nothing to do.  png: as kitty is sent them, too.
 */
bool items_wait(const struct items *items, bool png);
void items_more(struct items *items, bool png);

/*
 * Display values of the only frame of a slot, from its least to its greatest,
 * where the window of the file cuts some off.  Free with plane_free(); NULL
 * where it does not, or no window can tell, or there is no memory.
 */
struct plane *items_whole(const struct slot *slot);

/*
 * The window that a slot's frame is seen in when the reviewer chose none: the
 * file's, else of what the frame has.  Width 0: none can be chosen.
 */
struct image_window items_window(const struct slot *slot);

/*
 * Display values of a slot's frame.  window: NULL for that one.  Free with
 * plane_free(); NULL with *err.
 */
struct plane *items_plane(const struct slot *slot,
			  const struct image_window *window,
			  struct error *err);
#endif

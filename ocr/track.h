/*
 * track.h - lines followed through frames: a line whose pixels stay is read
 * once.  Reads and judges through a function of the caller.
 */
#ifndef SUMI_TRACK_H
#define SUMI_TRACK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "ocr/identifier.h"
#include "ocr/lines.h"
#include "ocr/telling.h"
#include "ocr/tesseract.h"
#include "ocr/views.h"

/* One line in a run of frames. */
struct track {
	struct line line;
	int view;                       /* of the views, line.view */
	int frame0, frame1;             /* 0-based, inclusive */
	int plane;                      /* PLANE_PICTURE, overlay group ... */
	bool read;
	bool waits;                     /* the caller's: read() wants to be
					   called again in the next frame that
					   shows it */
	struct reading reading;
	struct judgement judgement;
	struct region rest[2];          /* the caller's: ends of the line's box
					   that are no part of it; empty */
	uint8_t *pixels;                /* of line.box in that view; owned */
	int tolerance;                  /* levels by which they may differ */
};

/*
 * Tracks of the last TRACK_MEMORY frames: what is older was handed to over()
 * of the tracker, so that a long cine needs no more memory than a short one.
 */
struct track_list {
	struct track **track;
	size_t count, capacity;
};
void track_list_done(struct track_list *list);
enum { TRACK_MEMORY = 64 };             /* frames */

struct tracker {
	struct track_list *list;
	int plane;
	int tolerance;                  /* levels that a lossy coder adds, at
					   most; a third of a line's range when
					   that is less */
	bool crowded;                   /* the caller's: the last frame had more
					   lines than a list keeps */
	/* reads and judges a new track, or one that waits */
	bool (*read)(void *self, const struct views *views,
		     struct track *track, struct error *err);
	/* takes a track that ended long ago; its pixels are gone then */
	bool (*over)(void *self, const struct track *track, struct error *err);
	void *self;
	const struct telling *telling;  /* hears of each track and line; may be
					   NULL */
};

/*
 * Take the lines of one frame (frames in rising order): tracks of the frame
 * before whose pixels stayed go on, a line seen before is taken up again,
 * the rest are new and read, best first.
 */
bool tracker_add(struct tracker *t, const struct views *views, int frame,
		 const struct line_list *lines, struct error *err);

/* The frame shows the same as the one before it: all its tracks go on. */
bool tracker_repeat(struct tracker *t, const struct views *views, int frame,
		    struct error *err);

/* No frame follows: hand over what is left of the tracker's plane. */
bool tracker_end(struct tracker *t, struct error *err);

/* Do two boxes stand at one place: intersection over union above .8? */
bool track_same_place(struct region a, struct region b);

#endif

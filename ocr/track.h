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
#include "ocr/tesseract.h"
#include "ocr/views.h"

/* One line in a run of frames. */
struct track {
	struct line line;
	int view;                       /* of the views, line.view */
	int frame0, frame1;             /* 0-based, inclusive */
	int plane;                      /* PLANE_PICTURE, overlay group ... */
	bool read;
	struct reading reading;
	struct judgement judgement;
	uint8_t *pixels;                /* of line.box in that view; owned */
};

struct track_list {
	struct track *track;
	size_t count, capacity;
};
void track_list_done(struct track_list *list);

struct tracker {
	struct track_list *list;
	int plane;
	int tolerance;                  /* levels that a lossy coder adds */
	bool crowded;                   /* the caller's: the last frame had more
					   lines than a list keeps */
	/* reads and judges a new track */
	bool (*read)(void *self, const struct views *views,
		     struct track *track, struct error *err);
	void *self;
};

/*
 * Take the lines of one frame (frames in rising order): tracks of the frame
 * before whose pixels stayed go on, a line seen before is taken up again,
 * the rest are new and read, best first.
 */
bool tracker_add(struct tracker *t, const struct views *views, int frame,
		 const struct line_list *lines, struct error *err);

/* The frame shows the same as the one before it: all its tracks go on. */
void tracker_repeat(struct tracker *t, int frame);

#endif

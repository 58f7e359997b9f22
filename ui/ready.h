/*
 * ready.h - what a frame needs to be shown, made while nothing else is to be
 * done: its display values in the file's own window, their grey for the search
 * for ink, and for kitty the image as it is sent.
 */
#ifndef SUMI_READY_H
#define SUMI_READY_H

#include "base/mem.h"
#include "image/screen_png.h"
#include "image/voi.h"

/* Zero-initialise; release with ready_done(). */
struct ready {
	struct plane *plane;            /* owned; NULL: not made, or taken */
	uint8_t *grey;                  /* by ink_grey(), owned; NULL: none */
	bool failed;                    /* it is made when it is asked for */
	bool sent;                      /* as a PNG in base64: in text */
	struct buffer text;
	struct screen_png_job *job;     /* which is being made, from plane */
};
void ready_done(struct ready *r);

/* Hand over plane, which was made elsewhere: ready_more() goes on from it. */
void ready_give(struct ready *r, struct plane *plane);
/* The plane is the caller's from now on, NULL when there is none; the others
 * stay as far as they are made. */
struct plane *ready_take(struct ready *r);

/* Is there more to be made from the plane?  png: that too. */
bool ready_waits(const struct ready *r, bool png);
/* Make some more of it: some 2 ms. */
void ready_more(struct ready *r, bool png);
#endif

/*
 * term.h - the terminal: starts it, asks what it can do, reads keys and
 * answers, draws frames, follows its size, and restores it on every end.
 *
 * Each frame ends with a question (CSI 6n) that the terminal answers when it
 * has drawn it; at most one frame is unanswered.  Only one terminal at a time.
 */
#ifndef SUMI_TERM_H
#define SUMI_TERM_H

#include "ui/canvas.h"
#include "ui/picture.h"
#include "ui/probe.h"

struct term;

struct term_options {
	int mode;                       /* enum picture_mode; -1: find out */
	int colours;                    /* enum colours; -1: find out */
	bool ascii;                     /* text and lines in ASCII too */
	int test_fd;                    /* gets "frame N ms bytes" after each
					   frame and "idle" when a key would
					   count; -1: none */
};

/*
 * Take the terminal on descriptors 0 and 1.  NULL with *err ERR_USAGE when
 * there is none, or it can't place its cursor.  term_close() restores it.
 */
struct term *term_open(const struct term_options *options, struct error *err);
void term_close(struct term *t);        /* NULL does nothing */

int term_columns(const struct term *t);
int term_rows(const struct term *t);
const struct look *term_look(const struct term *t);
enum charset term_charset(const struct term *t);
/* What it answered, and what is known of it else. */
const struct probe *term_probe(const struct term *t);
const struct surroundings *term_around(const struct term *t);
/* Draw pictures this way from now on, and next time on this terminal.  False
 * with *err when that could not be kept. */
bool term_choose(struct term *t, enum picture_mode mode, struct error *err);
/* For the canvas that term_frame() is given; empty it before drawing. */
struct scene *term_scene(struct term *t);

/* To poll for reading: keys and answers; signals. */
int term_fd(const struct term *t);
int term_signal_fd(const struct term *t);

/*
 * The next signal that came: SIGTERM, SIGINT, SIGHUP, SIGQUIT (end now),
 * SIGTSTP (term_suspend() wanted), SIGWINCH (call term_resize()), SIGCONT;
 * 0 when there is none.
 */
int term_signal(struct term *t);

enum term_event_type { TERM_NOTHING, TERM_KEY, TERM_PAINTED, TERM_CLOSED,
		       TERM_MOUSE,      /* mouse, column, row */
		       TERM_REFINE,     /* the last frame was coarse, as the
					   link is slow: draw it again */
		       TERM_LOOK };     /* term_look() is another one now: the
					   cells have another size, or the
					   terminal refused an image */
enum term_mouse { MOUSE_PRESS, MOUSE_DRAG, MOUSE_RELEASE, MOUSE_WHEEL_UP,
		  MOUSE_WHEEL_DOWN };
struct term_event {
	enum term_event_type type;
	enum term_mouse mouse;          /* the left button, or the wheel */
	int column, row;                /* of a cell, 0-based */
	int key;                        /* enum key of input.h */
	bool answered;                  /* the last frame was answered before
					   this key came (150 ms passed where
					   the terminal never answers) */
	long long revision;             /* TERM_PAINTED: as given then */
};

/* Before waiting with nothing left to draw: tells the test descriptor when
 * the last frame was answered and a key would count. */
void term_idle(struct term *t);
/* Read what there is (after poll() said so). */
void term_read(struct term *t, long long now);
/* The next event; TERM_NOTHING when all is taken. */
struct term_event term_next(struct term *t, long long now);
/* Milliseconds until term_next() may have something without new input; -1:
 * never. */
int term_timeout(const struct term *t, long long now);

/*
 * Drop keys until a frame drawn from now on is answered: what was typed was
 * meant for the old picture.
 */
void term_flush(struct term *t);

/* May a frame be drawn, or is one still unanswered? */
bool term_ready(const struct term *t, long long now);
/*
 * Draw it; revision comes back with TERM_PAINTED.  On a slow link pixels that
 * would take long go out as characters first while keys come: that frame
 * counts for nothing (revision -1).  False: output failed.
 */
bool term_frame(struct term *t, const struct canvas *c, long long revision,
		long long now);
/* Take the pixels of pictures out of the terminal, where it draws such; the
 * next frame draws all. */
void term_scrub(struct term *t);
/* Forget what is on the screen: the next frame draws all. */
void term_clear(struct term *t);
/* The same, and the frame that is not answered yet never will be: the
 * terminal had another size in between. */
void term_cut(struct term *t);
/* Take up the new size.  False when nothing changed. */
bool term_resize(struct term *t);
/* Hand the terminal to the shell and come back. */
void term_suspend(struct term *t);
void term_bell(struct term *t);
/* Ask for what the mouse does (SGR 1006), or no longer; off at the start, and
 * on every end. */
void term_mouse(struct term *t, bool on);
bool term_has_mouse(const struct term *t);

/* Monotonic milliseconds. */
long long term_now(void);
#endif

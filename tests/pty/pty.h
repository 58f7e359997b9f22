/*
 * pty.h - runs the program on a terminal made of libvterm: bytes go in, the
 * screen as text comes out, questions of the program are answered.
 */
#ifndef SUMI_TESTS_PTY_H
#define SUMI_TESTS_PTY_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/mem.h"

#include "tests/pixels.h"
#include "tests/pty/kind.h"

struct pty;

enum { PTY_SETTINGS = 4 };

struct pty_options {
	int columns, rows;
	bool silent;            /* a terminal that answers nothing */
	const char *term;       /* value of TERM */
	const char *folder;     /* working directory of the program */
	const struct kind *kind;        /* what it answers as; NULL: what
					   libvterm does */
	bool blind;             /* pixels are not decoded: for measuring */
	const char *setting[PTY_SETTINGS];      /* NAME=VALUE in its
						   environment; NULL: none */
	const char *encoding;   /* of its text, as iconv calls it; NULL: UTF-8 */
};

/* Start argv[0] with argv; "--test-fd=3" works in it.  NULL: failed, said on
 * stderr. */
struct pty *pty_start(const struct pty_options *options, char *const *argv);
void pty_free(struct pty *p);

/* Let ms pass at most, taking what comes; true when something came. */
bool pty_pump(struct pty *p, int ms);
/* Frames drawn so far, and bytes that came from the program. */
long pty_frames(const struct pty *p);
long long pty_bytes(const struct pty *p);
/* Wait until n frames were drawn; false after ms. */
bool pty_wait_frame(struct pty *p, long n, int ms);

/* The pixels on the screen; NULL without a kind. */
const struct pixels *pty_pixels(const struct pty *p);

/* The screen as UTF-8 text, a line a row, blanks at line ends left out
 * and no-break spaces as blanks. */
void pty_text(struct pty *p, struct buffer *out);
bool pty_shows(struct pty *p, const char *text);
/* All that the screen shows: PTY_LOOK_CELL numbers (uint32_t) a cell for its
 * character, attributes and colours; then the pixels of kitty images (long),
 * where there is such a terminal. */
enum { PTY_LOOK_CELL = 6 };
void pty_look(struct pty *p, struct buffer *out);
size_t pty_cells(const struct pty *p);
size_t pty_pixels_across(const struct pty *p);
/* Is any cell of another colour than grey? */
bool pty_coloured(struct pty *p);
/* Wait until the screen shows (wanted) or no longer shows text. */
bool pty_wait_text(struct pty *p, const char *text, bool wanted, int ms);

/* Take the rest of the frame, until the program says that a key would count:
 * one that is sent before may rightly be dropped. */
void pty_settle(struct pty *p);
/* Settle, send a key, and wait until a frame shows what it did, or the program
 * waits again as it did nothing, ms at most. */
void pty_key(struct pty *p, const char *bytes, size_t length, int ms);
bool pty_ended(const struct pty *p);

void pty_send(struct pty *p, const char *bytes, size_t length);
/* Answer frames so many ms late from now on: a slow link. */
void pty_slow(struct pty *p, int ms);
void pty_resize(struct pty *p, int columns, int rows);
void pty_signal(struct pty *p, int number);
/* Is it stopped (^Z)? */
bool pty_stopped(const struct pty *p);
/* The terminal is gone, as when a connection breaks.  False: the program runs
 * on after ms. */
bool pty_hang_up(struct pty *p, int ms);
/* What no program may do to a terminal, and it did: NULL, or what. */
const char *pty_fault(const struct pty *p);
/* The program itself; 0: it ended. */
pid_t pty_program(const struct pty *p);

/* Wait for the end; its exit status, 128 + n for a signal; -1: it runs on. */
int pty_exit(struct pty *p, int ms);
/* Does the program ask for what the mouse does? */
bool pty_mouse(const struct pty *p);
/* After the end: modes as before, main screen, cursor on, nothing but plain
 * text on it, no fault.  NULL, or what is wrong. */
const char *pty_not_restored(struct pty *p);
#endif

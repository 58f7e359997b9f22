/*
 * app.h - the review command: the event loop between terminal, workers and
 * the model (DESIGN 4, 8).
 */
#ifndef SUMI_APP_H
#define SUMI_APP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/options.h"

extern const struct option_row app_options[];

/* suminuri review [OPTION]... PATH...: returns the exit status, errors said on
 * stderr. */
int app_review(const struct options *o);

/* Are the keys those built in or the reviewer's own?  text[size], translated.
 * False: their file is wrong, and how. */
bool app_keys(char *text, size_t size);

struct errand;
/* The same screen for another end; *errand is told at its end. */
int app_errand(const struct options *o, struct errand *errand);

/* Options that every command with this screen has. */
#define APP_LOOK_ROWS \
	{ 'f', "faces", "WHEN", N_("look for faces: auto, all (grey slices " \
				   "too), off") }, \
	{ 'M', "face-models", "FOLDER", N_("where the face models are") }, \
	{ 'g', "graphics", "MODE", \
	  N_("auto, kitty, sixel, sextant, quadrant, half, space, braille, " \
	     "ascii") }, \
	{ 'c', "colors", "COLORS", N_("16m, 256, 16 or mono") }, \
	{ 'i', "idle", "MINUTES", N_("without a key: blank the screen (10); " \
				     "0 never") }, \
	{ 'a', "ascii", NULL, N_("text and pictures in ASCII") }, \
	{ 'F', "test-fd", "N", N_("for tests: tell descriptor N of frames") }, \
	{ 'S', "test-seed", "N", N_("for tests: fix clock and random " \
				    "numbers") }
#endif

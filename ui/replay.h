/*
 * replay.h - log show --replay: what a reviewer saw before a verdict, from its
 * `seen` lines and the item's file.  Changes nothing.
 */
#ifndef SUMI_REPLAY_H
#define SUMI_REPLAY_H

#include <stdio.h>

#include "base/error.h"

struct replay_options {
	const char *directory;          /* the project */
	const char *item;               /* id, or its first 8 digits and more */
	int columns;                    /* of the terminal that is drawn on; 0:
					   none, places are listed only */
};

/*
 * Print a line for the last verdict of the item and one for each evidence that
 * was shown, in that order; on a terminal each crop below its line, at the
 * recorded size in characters (pixels of kitty and sixel as sub-pixels of
 * sextants), folded at the width.  Where the input is gone, or is another
 * file now, it says so and lists only.  No recognised text is known here.
 *
 * False with *err: ERR_USAGE (no project, no such item, not decided), those of
 * project_open() and ERR_CHECK (the file of boxes is not the logged one).
 */
bool replay(const struct replay_options *o, FILE *out, struct error *err);
#endif

/*
 * paint.h - the chrome of a canvas to curses, changed cells only.  Cells of
 * pictures are filled with a character that is never blank, so that curses
 * neither erases nor moves over what ui/picture draws there.
 */
#ifndef SUMI_PAINT_H
#define SUMI_PAINT_H

#include "ui/canvas.h"

/*
 * Curses may write over a picture between two cells of a row that it changes,
 * and over all of it where lines that moved are blanked: of before these cells
 * are no longer taken for the picture's.  Before the picture is compared with
 * it, and paint() is called, which is told the answer: lines may move.
 */
bool paint_forget(const struct canvas *now, struct canvas *before);

/* before: what is on the screen, NULL when nothing is known.  No output yet:
 * term_frame() flushes. */
void paint(const struct canvas *now, const struct canvas *before, bool colour,
	   bool move);
#endif

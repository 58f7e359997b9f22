/*
 * paint.h - the chrome of a canvas to curses, changed cells only.  Cells of
 * pictures are filled with a character that is never blank, so that curses
 * neither erases nor moves over what ui/picture draws there.
 */
#ifndef SUMI_PAINT_H
#define SUMI_PAINT_H

#include "ui/canvas.h"

/* before: what is on the screen, NULL when nothing is known.  No output yet:
 * term_frame() flushes. */
void paint(const struct canvas *now, const struct canvas *before, bool colour);
#endif

/*
 * plain.h - the review in lines of text: a line for each box, commands by
 * their words or keys read from standard input.  For screen readers, braille
 * displays and scripts.
 */
#ifndef SUMI_PLAIN_H
#define SUMI_PLAIN_H

#include "ui/desk.h"
#include "ui/key.h"

/*
 * From here to the end of the review: standard input ended, or the command
 * quit.  Outputs that are wanted by then are finished.  A line counts only
 * when it was read after all lines about the item were written.  step: time
 * goes by commands only (--test-seed).  False with *err when standard output
 * can't be written.
 */
bool plain_run(struct desk *desk, const struct keymap *keys, bool step,
	       struct error *err);
#endif

/*
 * kind.h - kinds of terminals that the harness plays: what each answers to
 * the questions of a program, and where its graphics go.
 */
#ifndef SUMI_TESTS_KIND_H
#define SUMI_TESTS_KIND_H

#include <stdbool.h>
#include <stddef.h>

#include "base/mem.h"

struct kind {
	const char *name;
	const char *version;            /* answer to XTVERSION; NULL: none */
	const char *attributes;         /* to DA1 */
	bool synchronized;              /* knows mode 2026 */
	bool tells_cell, kernel_cell;   /* by CSI 16 t; by TIOCGWINSZ */
	int cell_width, cell_height;    /* pixels */
	int registers, width, height;   /* of sixels; 0: no answer */
	bool kitty, full;               /* takes images; refuses them later */
	bool wide;                      /* U+2580 is two cells */
	const char *tmux;               /* value of TMUX */
};

/* NULL: there is no such kind. */
const struct kind *kind_find(const char *name);

/*
 * Append to answer what this kind answers to a sequence (as sent, ESC and
 * all).  True: the sequence was a question or graphics, and is not for the
 * screen of text.
 */
bool kind_answer(const struct kind *kind, const char *sequence,
		 struct buffer *answer);
#endif

/*
 * ends.h - the letters of a line whose box is too long: what is read as signs
 * at its ends, an edge or texture, is left aside.  Reads nothing.
 */
#ifndef SUMI_ENDS_H
#define SUMI_ENDS_H

#include <stdbool.h>

#include "ocr/lines.h"
#include "ocr/tesseract.h"
#include "ocr/views.h"

/* A line without its ends. */
struct ends {
	struct line line;               /* its letters */
	struct region rest[2];          /* the ends: before and behind them;
					   may be empty */
	char text[READING_TEXT];        /* of the letters */
};

/*
 * Cut a line that runs across to the letters of a reading: at the first
 * columns before and behind them in which no view has ink, more between its
 * lowest and its highest level than the noise floor or a third of what the box
 * has.  An end without any ink is no end.  A sign before a digit (-60) and a
 * closing bracket of the text belong to the letters.  False when there are
 * fewer than two letters, their places are not known, or the box would be
 * shorter by no more than a fourth of its height.
 */
bool ends_cut(const struct views *views, const struct line *line,
	      const struct reading *r, struct ends *e);

#endif

/*
 * held.h - lines whose letters better lines hold: the starts of the rows of
 * a form, taken for one line that runs down; one row or two, taken for
 * one of larger letters.  Reads nothing.
 */
#ifndef SUMI_HELD_H
#define SUMI_HELD_H

#include "base/error.h"
#include "ocr/lines.h"
#include "ocr/views.h"

/*
 * Cut each line that others of the other direction cross, or that lower ones
 * lie in (1.4 times), to what it has of its own; mostly that is nothing, and
 * the line goes.  Those others are sure enough to be masked by their shape
 * alone, and one lower or two crossing ones about as sure as the line.  In
 * every view each row (of a line that runs across, each column) of what they
 * leave of its box is blank: of the level of the ground, give or take the noise
 * floor, or a rule, of one level a quarter of its width further to either side,
 * which no letter is.  What it has of its own reaches from the first to the
 * last row that is not; a line stays whole where that is more than half of it.
 *
 * telling  hears of each line; may be NULL
 *
 * False with *err ERR_MEMORY.
 */
bool held_cut(const struct views *views, struct line_list *list,
	      const struct telling *telling, struct error *err);

#endif

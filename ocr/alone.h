/*
 * alone.h - proof from the pixels that nothing but what was read stands in the
 * box of a line: its marks lie in one row, and each stands where a letter of
 * the reading does.
 */
#ifndef SUMI_ALONE_H
#define SUMI_ALONE_H

#include <stdbool.h>

#include "base/error.h"
#include "ocr/lines.h"
#include "ocr/symbols.h"

enum alone {
	ALONE_UNKNOWN,          /* nothing can be said */
	ALONE_PROVED,           /* nothing else stands there */
	ALONE_DOUBTED,          /* something else may */
};

/*
 * Look at a line that runs across, read as `symbols` tells, for
 *
 * - marks above or below the row of its letters, together wider than .4 of
 *   the row's height (half of it more for each g, j or comma below);
 * - marks in the box with no letter of the reading within half of its height
 *   (.75 of kana and kanji), together wider than .55 of it (.25 where there
 *   are kana or kanji); signs are no letters;
 * - letters that were read where only lower marks stand: a digit of half
 *   the height of the row is of another line, and beside kanji one lower than
 *   .78 of the others;
 * - a mark that is two samples and .14 of the row higher than the row and as
 *   wide as .7 of it, beside Latin letters, where none was read with 62 or
 *   more: a kanji;
 * - a Latin word of a letter or two of which one was read with less than 40,
 *   beside other words;
 * - marks like letters within 1.3 heights to either side, of no row that was
 *   found: the rest of a text whose first word was read.
 *
 * The row of kanji of which no mark is as high as they are is that of the
 * marks over each other; beside digits none is higher than 1.5 of theirs.
 *
 * Kana and kanji alone that take more room than so many do are not alone.
 *
 * The box may be wider and higher than what is read in it by the height of the
 * row; one that is more so has something that another view shows.
 *
 * Marks stand out by .35 of what the ink does, fainter ones by .18 or more
 * than the grain around.
 *
 * lines  all that were found where it was; may be NULL
 *
 * False with *err ERR_MEMORY.
 */
bool alone_look(const struct grey_plane *p, const struct line *line,
		const struct symbols *symbols, const struct line_list *lines,
		enum alone *alone, struct error *err);

/*
 * Does another plane of the picture show letters in the box of a line where
 * the one that was read shows none: a name in white between coloured words?
 * They are half as high as the row and together as wide as .4 of it; where the
 * reading has a sure letter, its strokes are only fainter in the one that was
 * read.
 *
 * False with *err ERR_MEMORY.
 */
bool alone_look_else(const struct grey_plane *own,
		     const struct grey_plane *other, const struct line *line,
		     const struct symbols *symbols, bool *hidden,
		     struct error *err);

#endif

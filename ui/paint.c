/* paint.c - the chrome of a canvas to curses, changed cells only. */
#include "config.h"

#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <limits.h>
#include <wchar.h>

#include "ui/paint.h"

enum { NO_BREAK_SPACE = 0xa0,
       MOVED_LEAST = 3 };               /* lines that curses would scroll */

/* Colour pair n + 1 is colour n on the default ground; made once. */
static short pair_of(int32_t colour)
{
	short pair = (short)(colour + 1);
	short fg, bg;

	if (colour < 0 || colour > 7 || pair >= COLOR_PAIRS)
		return 0;
	if (pair_content(pair, &fg, &bg) == ERR || fg != (short)colour ||
	    bg != -1)
		init_pair(pair, (short)colour, -1);
	return pair;
}

static attr_t attributes(const struct cell *cell)
{
	return (cell->attr & ATTR_BOLD ? A_BOLD : 0) |
	       (cell->attr & ATTR_REVERSE ? A_REVERSE : 0) |
	       (cell->attr & ATTR_UNDERLINE ? A_UNDERLINE : 0);
}

/* Is it in the character set of the terminal?  EUC-JP has none. */
static bool has_no_break_space(void)
{
	char text[MB_LEN_MAX];
	mbstate_t state = { 0 };

	return wcrtomb(text, NO_BREAK_SPACE, &state) != (size_t)-1;
}

/*
 * A dim no-break space: never drawn otherwise, so curses does not take it for
 * a blank (and erase to the end of the line) nor print it again to move the
 * cursor.  Terminals that have none get a full stop.
 */
static void put_hole(const struct canvas *c, int column, int row)
{
	bool has = c->charset != CHARSET_ASCII && has_no_break_space();
	wchar_t text[2] = { has ? NO_BREAK_SPACE : L'.', 0 };
	cchar_t out;

	if (setcchar(&out, text, A_DIM, 0, NULL) != ERR)
		mvadd_wch(row, column, &out);
}

/*
 * old: what stands there, NULL for nothing.  A blank over a wide character is
 * a no-break space, or a dim one: curses has blanks erased by ECH, with which
 * mlterm leaves wide characters behind.
 */
static void put_cell(const struct cell *cell, const struct cell *old,
		     int column, int row, bool colour)
{
	wchar_t text[CELL_GLYPHS + 1] = { 0 };
	attr_t attr = attributes(cell);
	cchar_t out;

	for (int i = 0; i < CELL_GLYPHS; i++)
		text[i] = (wchar_t)cell->glyph[i];
	if (old && old->width != 1 && text[0] == L' ') {
		if (has_no_break_space())
			text[0] = NO_BREAK_SPACE;
		else
			attr |= A_DIM;
	}
	if (setcchar(&out, text, attr,
		     colour ? pair_of(cell->fg) : 0, NULL) != ERR)
		mvadd_wch(row, column, &out);
}

/* Does curses write this cell? */
static bool cell_changes(const struct canvas *now, const struct canvas *before,
			 int column, int row)
{
	const struct cell *cell = canvas_at(now, column, row);
	const struct cell *old = canvas_at(before, column, row);

	return !cell_equal(cell, old) && !(cell->picture && old->picture);
}

/* Does anything but the picture change in this row? */
static bool row_changes(const struct canvas *now, const struct canvas *before,
			int row)
{
	for (int column = 0; column < now->columns; column++)
		if (cell_changes(now, before, column, row))
			return true;
	return false;
}

static bool has_picture(const struct canvas *c, int row)
{
	for (int column = 0; column < c->columns; column++)
		if (canvas_at(c, column, row)->picture)
			return true;
	return false;
}

/* Do several lines change beside a picture? */
static bool may_move(const struct canvas *now, const struct canvas *before)
{
	int changed = 0;

	for (int row = 0; row < now->rows; row++)
		changed += has_picture(before, row) &&
			   row_changes(now, before, row);
	return changed >= MOVED_LEAST;
}

bool paint_forget(const struct canvas *now, struct canvas *before)
{
	bool move;

	if (now->columns != before->columns || now->rows != before->rows)
		return false;
	move = may_move(now, before);
	for (int row = 0; row < now->rows; row++) {
		int first = now->columns, last = -1;

		for (int column = 0; column < now->columns; column++)
			if (cell_changes(now, before, column, row)) {
				first = column < first ? column : first;
				last = column;
			}
		if (last >= 0 && move) {
			first = 0;
			last = now->columns - 1;
		}
		for (int column = first; column <= last; column++)
			if (canvas_at(now, column, row)->picture)
				canvas_at(before, column, row)->picture =
					false;
	}
	return move;
}

/*
 * Lines that moved are found by curses, which scrolls the terminal then (idlok
 * or not), and the picture with it.  So where several change beside a picture
 * they are blanked first: blank lines have not moved.
 */
static void blank_moved(const struct canvas *now, const struct canvas *before)
{
	static const struct cell blank = { .glyph = { ' ' },
					   .fg = COLOUR_DEFAULT, .width = 1 };

	for (int row = 0; row < now->rows; row++)
		for (int column = 0; row_changes(now, before, row) &&
		     column < now->columns; column++) {
			const struct cell *old = canvas_at(before, column,
							   row);

			if (!old->picture)
				put_cell(&blank, old, column, row, false);
		}
	wnoutrefresh(stdscr);
	doupdate();
}

void paint(const struct canvas *now, const struct canvas *before, bool colour,
	   bool move)
{
	bool all = !before || before->columns != now->columns ||
		   before->rows != now->rows;
	bool blanked = !all && move;

	if (blanked)
		blank_moved(now, before);
	for (int row = 0; row < now->rows; row++) {
		bool anew = blanked && row_changes(now, before, row);

		for (int column = 0; column < now->columns; column++) {
			const struct cell *cell = canvas_at(now, column, row);
			const struct cell *old =
				all ? NULL : canvas_at(before, column, row);

			if (old && ((!anew && cell_equal(cell, old)) ||
				    (cell->picture && old->picture)))
				continue;
			if (cell->picture)
				put_hole(now, column, row);
			else if (cell->width)
				put_cell(cell, anew ? NULL : old, column, row,
					 colour);
		}
	}
}

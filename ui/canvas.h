/*
 * canvas.h - a grid of cells in memory: glyph, colours, attributes, width.
 * Views draw into it; ui/paint and ui/picture bring it to the terminal.  All
 * text is UTF-8; wide characters take two cells and are never cut in half.
 */
#ifndef SUMI_CANVAS_H
#define SUMI_CANVAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/mem.h"

enum { CELL_GLYPHS = 4 };               /* code points: base and marks */

/*
 * Colours of chrome: the eight of ANSI, or COLOUR_DEFAULT.  Colours of a
 * picture cell: 0xRRGGBB or a palette index, by the look (picture.h).
 */
enum { COLOUR_DEFAULT = -1, COLOUR_BLACK = 0, COLOUR_RED, COLOUR_GREEN,
       COLOUR_YELLOW, COLOUR_BLUE, COLOUR_MAGENTA, COLOUR_CYAN, COLOUR_WHITE };

enum attribute { ATTR_BOLD = 1, ATTR_REVERSE = 2, ATTR_UNDERLINE = 4 };

struct style {
	int32_t fg, bg;
	unsigned attr;                  /* enum attribute */
};
extern const struct style style_plain, style_bold, style_reverse;

struct cell {
	uint32_t glyph[CELL_GLYPHS];    /* code points; unused ones are 0 */
	int32_t fg, bg;
	uint8_t attr;
	int8_t width;                   /* 1, 2; 0 right half of a wide one */
	bool picture;                   /* drawn by ui/picture, not by curses */
};
bool cell_equal(const struct cell *a, const struct cell *b);

/* What the terminal can show, as far as text is concerned. */
enum charset {
	CHARSET_UNICODE,
	CHARSET_NARROW,                 /* East Asian ambiguous characters are
					   two cells wide there: not used */
	CHARSET_ASCII,
};

struct scene;

struct canvas {
	int columns, rows;
	enum charset charset;
	struct cell *cell;              /* [rows][columns], owned */
	struct scene *scene;            /* gets the parts that are drawn with
					   pixels; borrowed, NULL: nobody */
};

/* False with *err ERR_MEMORY or ERR_RANGE (sides 1..4096). */
bool canvas_init(struct canvas *c, int columns, int rows,
		 enum charset charset, struct error *err);
void canvas_done(struct canvas *c);

/* Blanks in the default colours, and an empty scene. */
void canvas_clear(struct canvas *c);
/* The cell at column, row (0-based); NULL outside. */
struct cell *canvas_at(const struct canvas *c, int column, int row);
/* Put a character of width 1; outside the canvas: nothing. */
void canvas_put(struct canvas *c, int column, int row, uint32_t glyph,
		struct style style);
void canvas_fill(struct canvas *c, int column, int row, int columns, int rows,
		 uint32_t glyph, struct style style);

/*
 * Write text from column on, at most `columns` cells, cut at a cell border (a
 * wide character that does not fit is left out).  Control characters, bidi
 * controls and private use never reach the canvas; what the charset lacks
 * becomes '?'.  Returns the cells used.
 */
int canvas_text(struct canvas *c, int column, int row, int columns,
		struct style style, const char *text);
/* What tells that something was cut off. */
const char *canvas_dots(enum charset charset);
/* The same; dots tell where something was cut off. */
int canvas_text_cut(struct canvas *c, int column, int row, int columns,
		    struct style style, const char *text);
/* As canvas_text(), and blanks up to `columns`. */
void canvas_line(struct canvas *c, int column, int row, int columns,
		 struct style style, const char *text);
/* Right-aligned: ends before column + columns. */
void canvas_text_right(struct canvas *c, int column, int row, int columns,
		       struct style style, const char *text);
/*
 * Text folded at blanks (at any character where there is none) into columns x
 * rows.  Returns the rows used.
 */
int canvas_paragraph(struct canvas *c, int column, int row, int columns,
		     int rows, struct style style, const char *text);

/* Cells that text takes in this charset. */
int canvas_width(enum charset charset, const char *text);

/*
 * The next code point of UTF-8 text; *text moves on.  U+FFFD for bytes that
 * are none; 0 at the end.
 */
uint32_t utf8_next(const char **text);
void utf8_put(struct buffer *out, uint32_t code);

/*
 * The canvas as UTF-8 text, a line a row, blanks at the ends of lines left
 * out.  For tests and golden files.
 */
void canvas_dump(const struct canvas *c, struct buffer *out);
#endif

/* canvas.c - a grid of cells in memory: glyph, colours, attributes, width. */
#include "config.h"

#include "ui/canvas.h"

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "ui/scene.h"

enum { MAX_SIDE = 4096 };               /* cells; no terminal is larger */

const struct style style_plain = { COLOUR_DEFAULT, COLOUR_DEFAULT, 0 };
const struct style style_bold = { COLOUR_DEFAULT, COLOUR_DEFAULT, ATTR_BOLD };
const struct style style_reverse = { COLOUR_DEFAULT, COLOUR_DEFAULT,
				     ATTR_REVERSE };

struct range { uint32_t first, last; };

/*
 * Never shown: C0, C1, DEL, zero-width and bidi controls, line separators,
 * surrogates, private use, byte order mark, tags (they could hide or turn
 * what the reviewer reads).
 */
static const struct range hidden[] = {
	{ 0x00, 0x1f }, { 0x7f, 0x9f }, { 0xad, 0xad }, { 0x061c, 0x061c },
	{ 0x200b, 0x200f }, { 0x2028, 0x202e }, { 0x2060, 0x206f },
	{ 0xd800, 0xf8ff }, { 0xfe00, 0xfe0f }, { 0xfeff, 0xfeff },
	{ 0xfff9, 0xfffb }, { 0xe0000, 0x10ffff },
};

/* Blocks with characters of East Asian Width A (UAX 11), taken whole. */
static const struct range ambiguous[] = {
	{ 0xa1, 0xff }, { 0x0101, 0x0451 }, { 0x2010, 0x22ff },
	{ 0x2312, 0x2312 }, { 0x2460, 0x258f }, { 0x2592, 0x2595 },
	{ 0x25a0, 0x27bf }, { 0x2b55, 0x2b59 }, { 0xfffd, 0xfffd },
};

#define LENGTH(a) (sizeof(a) / sizeof((a)[0]))

static bool in_ranges(uint32_t code, const struct range *r, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (code >= r[i].first && code <= r[i].last)
			return true;
	return false;
}

/* ---- UTF-8 ---- */

static bool is_tail(unsigned char byte)
{
	return (byte & 0xc0) == 0x80;
}

uint32_t utf8_next(const char **text)
{
	/* least code point of each length: longer forms are forgeries */
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const unsigned char *s = (const unsigned char *)*text;
	int length = *s < 0x80 ? 1 : *s < 0xc0 ? 0 : *s < 0xe0 ? 2 :
		     *s < 0xf0 ? 3 : *s < 0xf8 ? 4 : 0;
	uint32_t code = length < 2 ? *s : *s & (0x7fu >> length);

	if (!*s)
		return 0;
	for (int i = 1; i < length; i++) {
		if (!is_tail(s[i])) {
			*text += i;
			return 0xfffd;
		}
		code = code << 6 | (s[i] & 0x3f);
	}
	*text += length ? length : 1;
	if (!length || code < least[length] || code > 0x10ffff ||
	    (code >= 0xd800 && code <= 0xdfff))
		return 0xfffd;
	return code;
}

void utf8_put(struct buffer *out, uint32_t code)
{
	char s[4];
	size_t n = 0;

	if (code < 0x80) {
		s[n++] = (char)code;
	} else if (code < 0x800) {
		s[n++] = (char)(0xc0 | code >> 6);
		s[n++] = (char)(0x80 | (code & 0x3f));
	} else {
		if (code < 0x10000) {
			s[n++] = (char)(0xe0 | code >> 12);
		} else {
			s[n++] = (char)(0xf0 | code >> 18);
			s[n++] = (char)(0x80 | (code >> 12 & 0x3f));
		}
		s[n++] = (char)(0x80 | (code >> 6 & 0x3f));
		s[n++] = (char)(0x80 | (code & 0x3f));
	}
	buffer_append(out, s, n);
}

/* ---- characters ---- */

/* What is shown for a code point; 0 when it is left out. */
static uint32_t shown(enum charset charset, uint32_t code)
{
	if (in_ranges(code, hidden, LENGTH(hidden)))
		return 0;
	if (code < 0x80)
		return code;
	if (charset == CHARSET_ASCII || wcwidth((wchar_t)code) < 0)
		return '?';
	if (charset == CHARSET_NARROW && wcwidth((wchar_t)code) == 1 &&
	    in_ranges(code, ambiguous, LENGTH(ambiguous)))
		return '?';
	return code;
}

static int shown_width(uint32_t code)
{
	int width = code < 0x80 ? 1 : wcwidth((wchar_t)code);

	return width < 0 ? 1 : width;
}

int canvas_width(enum charset charset, const char *text)
{
	int width = 0;
	uint32_t code;

	while ((code = utf8_next(&text))) {
		code = shown(charset, code);
		if (code)
			width += shown_width(code);
	}
	return width;
}

/* ---- cells ---- */

bool cell_equal(const struct cell *a, const struct cell *b)
{
	return !memcmp(a->glyph, b->glyph, sizeof(a->glyph)) &&
	       a->fg == b->fg && a->bg == b->bg && a->attr == b->attr &&
	       a->width == b->width && a->picture == b->picture;
}

bool canvas_init(struct canvas *c, int columns, int rows,
		 enum charset charset, struct error *err)
{
	*c = (struct canvas){ .charset = charset };
	if (columns < 1 || rows < 1 || columns > MAX_SIDE || rows > MAX_SIDE)
		return error_set(err, ERR_RANGE, "screen of %dx%d cells",
				 columns, rows);
	c->cell = mem_array3((size_t)columns, (size_t)rows, 1,
			     sizeof(*c->cell));
	if (!c->cell)
		return error_set(err, ERR_MEMORY, "no memory for the screen");
	c->columns = columns;
	c->rows = rows;
	canvas_clear(c);
	return true;
}

void canvas_done(struct canvas *c)
{
	free(c->cell);
	*c = (struct canvas){ 0 };
}

struct cell *canvas_at(const struct canvas *c, int column, int row)
{
	if (column < 0 || row < 0 || column >= c->columns || row >= c->rows)
		return NULL;
	return &c->cell[(size_t)row * (size_t)c->columns + (size_t)column];
}

static struct cell blank(struct style style)
{
	return (struct cell){ .glyph = { ' ' }, .fg = style.fg,
			      .bg = style.bg, .attr = (uint8_t)style.attr,
			      .width = 1 };
}

void canvas_clear(struct canvas *c)
{
	if (c->scene)
		scene_clear(c->scene);
	for (int row = 0; row < c->rows; row++)
		for (int column = 0; column < c->columns; column++)
			*canvas_at(c, column, row) = blank(style_plain);
}

/* Set a cell; the other half of a wide character under it becomes blank. */
static void set_cell(struct canvas *c, int column, int row, struct cell cell)
{
	struct cell *here = canvas_at(c, column, row);
	struct cell *left = canvas_at(c, column - 1, row);
	struct cell *right = canvas_at(c, column + 1, row);

	if (!here)
		return;
	if (here->width == 0 && left)
		*left = blank((struct style){ left->fg, left->bg, left->attr });
	if (here->width == 2 && cell.width != 2 && right)
		*right = blank((struct style){ right->fg, right->bg,
					       right->attr });
	*here = cell;
}

void canvas_put(struct canvas *c, int column, int row, uint32_t glyph,
		struct style style)
{
	struct cell cell = blank(style);

	cell.glyph[0] = glyph;
	set_cell(c, column, row, cell);
}

void canvas_fill(struct canvas *c, int column, int row, int columns, int rows,
		 uint32_t glyph, struct style style)
{
	for (int y = 0; y < rows; y++)
		for (int x = 0; x < columns; x++)
			canvas_put(c, column + x, row + y, glyph, style);
}

/* Append a mark of width 0 to the character before. */
static void add_mark(struct cell *cell, uint32_t code)
{
	for (int i = 1; cell && i < CELL_GLYPHS; i++) {
		if (!cell->glyph[i]) {
			cell->glyph[i] = code;
			return;
		}
	}
}

static void put_wide(struct canvas *c, int column, int row, uint32_t code,
		     struct style style)
{
	struct cell cell = blank(style), half = blank(style);

	cell.glyph[0] = code;
	cell.width = 2;
	half.glyph[0] = 0;
	half.width = 0;
	canvas_put(c, column + 1, row, ' ', style);
	set_cell(c, column, row, cell);
	*canvas_at(c, column + 1, row) = half;
}

int canvas_text(struct canvas *c, int column, int row, int columns,
		struct style style, const char *text)
{
	int used = 0, last = -1;
	uint32_t code;

	if (column + columns > c->columns)
		columns = c->columns - column;
	if (column < 0 || row < 0 || row >= c->rows)
		return 0;
	while ((code = utf8_next(&text))) {
		code = shown(c->charset, code);
		if (!code)
			continue;
		int width = shown_width(code);

		if (!width) {
			if (last >= 0)
				add_mark(canvas_at(c, column + last, row),
					 code);
			continue;
		}
		if (used + width > columns)
			break;
		if (width == 2)
			put_wide(c, column + used, row, code, style);
		else
			canvas_put(c, column + used, row, code, style);
		last = used;
		used += width;
	}
	return used;
}

const char *canvas_dots(enum charset charset)
{
	return charset == CHARSET_UNICODE ? "\xe2\x80\xa6" : "..";
}

int canvas_text_cut(struct canvas *c, int column, int row, int columns,
		    struct style style, const char *text)
{
	const char *dots = canvas_dots(c->charset);
	int width = canvas_width(c->charset, dots);
	int used;

	if (canvas_width(c->charset, text) <= columns || columns <= width)
		return canvas_text(c, column, row, columns, style, text);
	used = canvas_text(c, column, row, columns - width, style, text);
	return used + canvas_text(c, column + used, row, width, style, dots);
}

void canvas_line(struct canvas *c, int column, int row, int columns,
		 struct style style, const char *text)
{
	int used = canvas_text(c, column, row, columns, style, text);

	canvas_fill(c, column + used, row, columns - used, 1, ' ', style);
}

void canvas_text_right(struct canvas *c, int column, int row, int columns,
		       struct style style, const char *text)
{
	int width = canvas_width(c->charset, text);

	if (width > columns)
		width = columns;
	canvas_text(c, column + columns - width, row, width, style, text);
}

/* Length in bytes of what fits into columns, cut at a blank if there is one,
 * rather at two ("q back  ? help") where that leaves half a line; *skip gets
 * the bytes to pass over before the next line. */
static size_t line_bytes(enum charset charset, const char *text, int columns,
			 size_t *skip)
{
	const char *next = text, *space = NULL, *gap = NULL;
	int width = 0;
	uint32_t code;

	*skip = 0;
	for (const char *at = text; (code = utf8_next(&next)); at = next) {
		if (code == '\n') {
			*skip = 1;
			return (size_t)(at - text);
		}
		if (code == ' ' && *next == ' ' && 2 * width >= columns)
			gap = at;
		if (code == ' ')
			space = at;
		code = shown(charset, code);
		width += code ? shown_width(code) : 0;
		if (width > columns && at > text) {
			space = gap ? gap : space;
			*skip = gap ? strspn(gap, " ") : space ? 1 : 0;
			return (size_t)((space ? space : at) - text);
		}
	}
	return (size_t)(next - text);
}

int canvas_paragraph(struct canvas *c, int column, int row, int columns,
		     int rows, struct style style, const char *text)
{
	struct buffer line = { 0 };
	int used = 0;

	while (*text && used < rows) {
		size_t skip, length = line_bytes(c->charset, text, columns,
						 &skip);

		buffer_clear(&line);
		buffer_append(&line, text, length);
		if (!line.failed && length)
			canvas_text(c, column, row + used, columns, style,
				    line.data);
		text += length + skip;
		used++;
	}
	buffer_done(&line);
	return used;
}

void canvas_dump(const struct canvas *c, struct buffer *out)
{
	for (int row = 0; row < c->rows; row++) {
		int end = c->columns;

		while (end > 0 &&
		       canvas_at(c, end - 1, row)->glyph[0] == ' ')
			end--;
		for (int column = 0; column < end; column++) {
			const struct cell *cell = canvas_at(c, column, row);

			for (int i = 0; i < CELL_GLYPHS && cell->glyph[i]; i++)
				utf8_put(out, cell->glyph[i]);
		}
		buffer_puts(out, "\n");
	}
}

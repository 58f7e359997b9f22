/* probe.c - what a terminal can show: questions, answers, the look. */
#include "config.h"

#include "ui/probe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ui/kitty.h"

enum {
	CELL_LEAST_WIDTH = 4, CELL_LEAST_HEIGHT = 6,
	CELL_MOST_WIDTH = 64, CELL_MOST_HEIGHT = 128,
	SYNCHRONIZED = 2026,
	SIXEL_ATTRIBUTE = 4,            /* of DA1 (VT330/VT340) */
	TILE_MOST = 4096,               /* pixels: no tile needs to be larger */
	XTERM_IMAGES = 16,              /* xterm 379 forgets older ones */
};

#define LENGTH(a) (sizeof(a) / sizeof((a)[0]))

static bool starts_with(const char *text, const char *const *with,
			size_t count)
{
	for (size_t i = 0; text && i < count; i++)
		if (!strncmp(text, with[i], strlen(with[i])))
			return true;
	return false;
}

/* ---- questions and answers ---- */

/* The Linux console writes out what it takes for no string. */
static bool takes_strings(const struct surroundings *s)
{
	static const char *const names[] = { "linux", "vt", "ansi" };

	return !starts_with(s->term, names, LENGTH(names));
}

void probe_questions(const struct surroundings *s, struct buffer *out)
{
	/* XTVERSION, DECRQM 2026, size of a cell, sixel registers and limit */
	buffer_puts(out, "\033[>0q\033[?2026$p\033[16t");
	buffer_puts(out, "\033[?1;1;0S\033[?2;1;0S");
	if (takes_strings(s))
		buffer_puts(out, kitty_query);
	/* how wide are U+2580 and U+1FB00? */
	if (s->utf8)
		buffer_puts(out, "\033[1;1H\xe2\x96\x80\033[6n"
			    "\033[1;1H\xf0\x9f\xac\x80\033[6n");
	else
		buffer_puts(out, "\033[1;1H.\033[6n\033[1;1H.\033[6n");
	buffer_puts(out, "\033[0m\033[1;1H\033[2J\033[c");
}

/* Is `number` one of those between semicolons? */
static bool lists(const char *text, int number)
{
	while (text && *text) {
		char *end;

		if (strtol(text, &end, 10) == number && end > text)
			return true;
		text = strchr(end, ';');
		text = text ? text + 1 : NULL;
	}
	return false;
}

static int within(int value, int most)
{
	return value < 0 ? 0 : value > most ? most : value;
}

void probe_take(struct probe *p, const struct input *input)
{
	switch (input->type) {
	case INPUT_NAME:
		snprintf(p->name, sizeof(p->name), "%s", input->name);
		break;
	case INPUT_CURSOR:
		if (p->cursors == 0)
			p->half_width = input->column - 1;
		else if (p->cursors == 1)
			p->sextant_width = input->column - 1;
		p->cursors++;
		break;
	case INPUT_MODE:
		/* 1 set, 2 reset; 0 not known, 3 and 4 for good */
		if (input->row == SYNCHRONIZED)
			p->synchronized = input->column == 1 ||
					  input->column == 2;
		break;
	case INPUT_CELL:
		if (probe_is_cell(input->column, input->row)) {
			p->cell_width = input->column;
			p->cell_height = input->row;
		}
		break;
	case INPUT_REGISTERS:
		p->registers = within(input->column, 65536);
		break;
	case INPUT_LIMIT:
		p->limit_width = within(input->column, TILE_MOST);
		p->limit_height = within(input->row, TILE_MOST);
		break;
	case INPUT_KITTY:
		if (input->row == KITTY_QUERY)
			p->kitty = !strcmp(input->name, "OK");
		break;
	case INPUT_ATTRIBUTES:
		/* the first number is the kind of terminal */
		p->sixel = lists(strchr(input->name, ';'), SIXEL_ATTRIBUTE);
		p->done = true;
		break;
	default:
		break;
	}
}

/* ---- what follows ---- */

bool probe_is_cell(int width, int height)
{
	return width >= CELL_LEAST_WIDTH && width <= CELL_MOST_WIDTH &&
	       height >= CELL_LEAST_HEIGHT && height <= CELL_MOST_HEIGHT;
}

bool probe_in_multiplexer(const struct probe *p, const struct surroundings *s)
{
	static const char *const names[] = { "tmux", "screen" };

	return starts_with(p->name, names, LENGTH(names)) ||
	       starts_with(s->term, names, LENGTH(names)) ||
	       (s->tmux && *s->tmux);
}

/*
 * What the terminal says itself, else the kernel's window size; a terminal
 * within another one makes the latter up.
 */
static bool find_cell(const struct probe *p, const struct surroundings *s,
		      int *width, int *height)
{
	*width = p->cell_width;
	*height = p->cell_height;
	if (*width)
		return true;
	*width = s->cell_width;
	*height = s->cell_height;
	return !probe_in_multiplexer(p, s) && probe_is_cell(*width, *height);
}

/* Terminals that show 24 bit colours, by the name they answer. */
static bool names_truecolour(const char *name)
{
	static const char *const names[] = { "XTerm(", "kitty", "foot",
		"WezTerm", "ghostty", "iTerm2", "contour", "Konsole", "VTE(" };

	return starts_with(name, names, LENGTH(names));
}

static enum colours find_colours(const struct probe *p,
				 const struct surroundings *s)
{
	if (s->palette >= 0)
		return (enum colours)s->palette;
	if (s->colorterm && (!strcmp(s->colorterm, "truecolor") ||
			     !strcmp(s->colorterm, "24bit")))
		return COLOURS_16M;
	if (names_truecolour(p->name))
		return COLOURS_16M;
	return s->colours >= 256 ? COLOURS_256 :
	       s->colours >= 8 ? COLOURS_16 : COLOURS_MONO;
}

/*
 * Sextants are missing in most fonts, and what is missing can't be asked for:
 * a picture of blanks would count as seen.  So they are used only where the
 * terminal draws them itself, by the name it answers, or where somebody has
 * looked (test card).
 */
static bool draws_sextants(const char *name)
{
	static const char *const names[] = { "kitty", "foot", "WezTerm",
		"ghostty", "contour", "Konsole", "VTE(" };

	return starts_with(name, names, LENGTH(names));
}

enum charset probe_charset(const struct probe *p,
			   const struct surroundings *s)
{
	if (s->ascii)
		return CHARSET_ASCII;
	return p->half_width > 1 ? CHARSET_NARROW : CHARSET_UNICODE;
}

bool probe_allows(const struct probe *p, const struct surroundings *s,
		  enum picture_mode mode)
{
	bool text = s->utf8 && !s->ascii;
	int width, height;

	switch (mode) {
	case PICTURE_KITTY:
		/* placements stay behind or go astray in another terminal */
		return !probe_in_multiplexer(p, s) &&
		       find_cell(p, s, &width, &height);
	case PICTURE_SIXEL:
		return find_cell(p, s, &width, &height);
	case PICTURE_QUADRANT:
	case PICTURE_HALF:
		return text && p->half_width < 2;
	case PICTURE_SEXTANT:
		return text && p->sextant_width < 2;
	case PICTURE_BRAILLE:
		return text;
	case PICTURE_SPACE:
		return find_colours(p, s) != COLOURS_MONO;
	default:
		return true;
	}
}

/* Modes stand in the order of what they show. */
bool probe_has_finer(const struct probe *p, const struct surroundings *s,
		     enum picture_mode mode)
{
	if (p->kitty && mode > PICTURE_KITTY &&
	    probe_allows(p, s, PICTURE_KITTY))
		return true;
	if (p->sixel && mode > PICTURE_SIXEL &&
	    probe_allows(p, s, PICTURE_SIXEL))
		return true;
	for (int m = PICTURE_SEXTANT; m < (int)mode; m++)
		if (probe_allows(p, s, (enum picture_mode)m))
			return true;
	return false;
}

static enum picture_mode text_mode(const struct probe *p,
				   const struct surroundings *s)
{
	if (s->ascii)
		return PICTURE_ASCII;
	if (draws_sextants(p->name) && p->sextant_width == 1 &&
	    probe_allows(p, s, PICTURE_SEXTANT))
		return PICTURE_SEXTANT;
	if (probe_allows(p, s, PICTURE_HALF))
		return PICTURE_HALF;
	return probe_allows(p, s, PICTURE_SPACE) ? PICTURE_SPACE :
						   PICTURE_ASCII;
}

static enum picture_mode find_mode(const struct probe *p,
				   const struct surroundings *s)
{
	bool alone = !probe_in_multiplexer(p, s) && !s->ascii;

	if (s->mode >= 0)
		return probe_allows(p, s, (enum picture_mode)s->mode) ?
		       (enum picture_mode)s->mode : text_mode(p, s);
	if (s->chosen >= 0 && !s->ascii &&
	    probe_allows(p, s, (enum picture_mode)s->chosen))
		return (enum picture_mode)s->chosen;
	if (alone && p->kitty && probe_allows(p, s, PICTURE_KITTY))
		return PICTURE_KITTY;
	if (alone && p->sixel && probe_allows(p, s, PICTURE_SIXEL))
		return PICTURE_SIXEL;
	return text_mode(p, s);
}

static struct look look_of(const struct probe *p, const struct surroundings *s,
			   enum picture_mode mode)
{
	struct look look = { .mode = mode, .colours = find_colours(p, s),
			     .grey = s->no_color && *s->no_color };

	if (picture_has_pixels(mode))
		find_cell(p, s, &look.cell_width, &look.cell_height);
	return look;
}

struct look probe_look(const struct probe *p, const struct surroundings *s)
{
	return look_of(p, s, find_mode(p, s));
}

struct look probe_text_look(const struct probe *p,
			    const struct surroundings *s)
{
	return look_of(p, s, text_mode(p, s));
}

struct sixel_limits probe_limits(const struct probe *p)
{
	struct sixel_limits limits = sixel_least;
	bool xterm = !strncmp(p->name, "XTerm(", 6);

	limits.images = xterm ? XTERM_IMAGES : 0;

	if (p->registers > limits.registers)
		limits.registers = p->registers;
	/* smaller ones are honoured, larger ones gain nothing */
	if (p->limit_width >= CELL_MOST_WIDTH &&
	    p->limit_width < limits.width)
		limits.width = p->limit_width;
	if (p->limit_height >= CELL_MOST_HEIGHT &&
	    p->limit_height < limits.height)
		limits.height = p->limit_height;
	return limits;
}

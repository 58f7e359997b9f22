/* view_card.c - the test card. */
#include "config.h"

#include "ui/view_card.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "ui/raster.h"
#include "ui/view.h"

enum {
	WIDTH = 160, HEIGHT = 48,       /* pixels of the card's plane */
	DIGIT = 2,                      /* pixels of a dot of a digit: letters
					   of 14 pixels */
	SAMPLE = 12, NAME = 14,         /* cells */
	LIST_ROW = 4,
};

static const char *const about[PICTURE_MODES] = {
	[PICTURE_KITTY] = N_("pixels"),
	[PICTURE_SIXEL] = N_("pixels"),
	[PICTURE_SEXTANT] = N_("six blocks a cell"),
	[PICTURE_QUADRANT] = N_("four blocks a cell"),
	[PICTURE_HALF] = N_("two blocks a cell"),
	[PICTURE_SPACE] = N_("coloured blanks"),
	[PICTURE_BRAILLE] = N_("dots: never counts as read"),
	[PICTURE_ASCII] = N_("letters as greys"),
};

/* ---- the plane ---- */

static void put_rgb(struct plane *p, int x, int y, struct rgb c)
{
	uint8_t *at = p->pixel + 3 * (y * p->columns + x);

	at[0] = (uint8_t)c.r;
	at[1] = (uint8_t)c.g;
	at[2] = (uint8_t)c.b;
}

/* Ten digits in the top third: a stencil of indices, 1 the ink. */
static void put_digits(struct plane *p)
{
	static const struct rgb white = { 255, 255, 255 };
	uint8_t drawn[WIDTH * HEIGHT] = { 0 };
	struct stencil s = { .pixel = drawn, .stride = WIDTH,
			     .clip = { 0, 0, WIDTH, HEIGHT }, .ink = 1 };

	raster_digits(&s, "0123456789", 4, 1, DIGIT);
	for (int i = 0; i < WIDTH * HEIGHT; i++)
		if (drawn[i])
			put_rgb(p, i % WIDTH, i / WIDTH, white);
}

struct plane *card_plane(void)
{
	struct plane *p = mem_array(1, sizeof(*p));

	if (!p)
		return NULL;
	*p = (struct plane){ .columns = WIDTH, .rows = HEIGHT, .channels = 3,
			     .pixel = mem_array(WIDTH * HEIGHT, 3) };
	if (!p->pixel) {
		plane_free(p);
		return NULL;
	}
	for (int y = 0; y < HEIGHT; y++) {
		for (int x = 0; x < WIDTH; x++) {
			int grey = x * 256 / WIDTH;
			int check = (x / 2 + y / 2) % 2 ? 255 : 0;

			if (y >= HEIGHT / 3 && y < HEIGHT * 2 / 3)
				put_rgb(p, x, y, (struct rgb){ grey, grey,
							       grey });
			else if (y >= HEIGHT / 3 && x < WIDTH / 2)
				put_rgb(p, x, y, (struct rgb){ check, check,
							       check });
			else if (y >= HEIGHT / 3)
				put_rgb(p, x, y, outline_colour[
					(x - WIDTH / 2) * OUTLINE_KINDS /
					(WIDTH - WIDTH / 2)]);
		}
	}
	put_digits(p);
	return p;
}

/* ---- the card ---- */

/* Characters of a mode, as text: they show whatever is in use. */
static const struct { uint32_t first; int step, count; } ranges[PICTURE_MODES] = {
	[PICTURE_SEXTANT] = { 0x1fb00, 5, 12 },
	[PICTURE_QUADRANT] = { 0x2596, 1, 10 },
	[PICTURE_HALF] = { 0x2580, 0, 6 },
	[PICTURE_BRAILLE] = { 0x2801, 23, 11 },
	[PICTURE_ASCII] = { '%', 5, 8 },
};

static void draw_characters(struct canvas *c, int mode, int column, int row)
{
	for (int i = 0; i < ranges[mode].count; i++)
		canvas_put(c, column + i, row, ranges[mode].first +
			   (uint32_t)(i * ranges[mode].step), style_plain);
}

static void draw_mode(const struct card *card, struct canvas *c, int mode,
		      int row)
{
	bool here = probe_allows(card->probe, card->around,
				 (enum picture_mode)mode);
	bool in_use = (int)card->look->mode == mode;
	char text[64];

	snprintf(text, sizeof(text), "%c%d %s", in_use ? '>' : ' ', mode + 1,
		 picture_mode_info[mode].name);
	canvas_text(c, 1, row, NAME, in_use ? style_reverse : style_bold,
		    text);
	if (here)
		draw_characters(c, mode, NAME + 1, row);
	canvas_text(c, NAME + SAMPLE + 2, row, c->columns - NAME - SAMPLE - 2,
		    style_plain, here ? _(about[mode]) : _("not here"));
}

static void draw_facts(const struct card *card, struct canvas *c)
{
	const struct probe *p = card->probe;
	char text[256], cell[48] = "?";

	if (card->look->cell_width)
		snprintf(cell, sizeof(cell), "%dx%d", card->look->cell_width,
			 card->look->cell_height);
	else if (p->cell_width)
		snprintf(cell, sizeof(cell), "%dx%d", p->cell_width,
			 p->cell_height);
	snprintf(text, sizeof(text),
		 _("%s  colours %s  cell %s  U+2580 %d wide  kitty %s  "
		   "sixel %s  2026 %s"),
		 *p->name ? p->name : card->around->term,
		 colours_name[card->look->colours], cell, p->half_width,
		 p->kitty ? "+" : "-", p->sixel ? "+" : "-",
		 p->synchronized ? "+" : "-");
	canvas_paragraph(c, 1, 1, c->columns - 2, 2, style_plain, text);
}

static int least(int a, int b)
{
	return a < b ? a : b;
}

/* The plane as evidence is drawn now: no larger than letters need. */
static void draw_sample(const struct card *card, struct canvas *c, int row)
{
	const struct picture_mode_info *m =
		&picture_mode_info[card->look->mode];
	int across = card->look->cell_width ? card->look->cell_width :
					      m->across;
	int down = card->look->cell_height ? card->look->cell_height : m->down;
	int factor = m->factor_x10 ? m->factor_x10 : 10;
	struct outline outline = { { 4, 1, 124, 15 }, OUTLINE_MASKED, 0,
				   false, '\0' };
	struct picture_part part = {
		.plane = card->plane, .source = { 0, 0, WIDTH, HEIGHT },
		.column = 1, .row = row, .place = PLACE_CORNERS,
		.columns = least(c->columns - 2,
				 WIDTH * factor / 10 / across + 1),
		.rows = least(c->rows - row - 3,
			      HEIGHT * factor / 10 / down + 1),
		.outline = &outline, .outline_count = 1,
	};

	if (part.rows > 1)
		picture_draw(card->look, &part, c);
}

void view_card(const struct card *card, struct canvas *c)
{
	canvas_clear(c);
	view_title(c, _("TEST CARD"),
		   picture_mode_info[card->look->mode].name);
	draw_facts(card, c);
	for (int i = 0; i < PICTURE_MODES; i++)
		draw_mode(card, c, i, LIST_ROW - 1 + i);
	draw_sample(card, c, LIST_ROW + PICTURE_MODES);
	canvas_line(c, 1, c->rows - 2, c->columns - 1, style_plain,
		    *card->note ? card->note :
		    _("Take the first that shows ten digits, whole checks and "
		      "five colours."));
	canvas_line(c, 1, c->rows - 1, c->columns - 1, style_bold,
		    _("1-8 choose, kept for this terminal  q back"));
}

int card_choice(const struct card *card, int key)
{
	int mode = key - '1';

	if (mode < 0 || mode >= PICTURE_MODES ||
	    !probe_allows(card->probe, card->around, (enum picture_mode)mode))
		return -1;
	return mode;
}

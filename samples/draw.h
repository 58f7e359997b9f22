/*
 * draw.h - pictures drawn with whole numbers only, so that every machine
 * draws the same: shapes, noise, and text in letters made of strokes.
 */
#ifndef SUMI_SAMPLES_DRAW_H
#define SUMI_SAMPLES_DRAW_H

#include <stdbool.h>
#include <stdint.h>

#include "image/region.h"

/* Samples of one frame: value[(y * columns + x) * samples + s]. */
struct canvas {
	int columns, rows;
	int samples;            /* 1 grey, 3 colour */
	int *value;             /* owned */
	uint32_t noise;         /* state of the noise generator */
};

struct colour {
	int value[3];           /* the first alone on a grey canvas */
};

bool canvas_init(struct canvas *c, int columns, int rows, int samples);
void canvas_done(struct canvas *c);

void draw_rectangle(struct canvas *c, struct region r, struct colour ink);
/* An ellipse with a rim of 1/8 of its size; cx, cy its centre. */
void draw_ellipse(struct canvas *c, int cx, int cy, int rx, int ry,
		  struct colour ink);
/* An ellipsoid seen by X-rays: ink as its thickness, thinning to the rim. */
void draw_ellipsoid(struct canvas *c, int cx, int cy, int rx, int ry,
		    struct colour ink);
/* Add noise of -amount..amount to the samples of r. */
void draw_noise(struct canvas *c, struct region r, int amount);

/*
 * Draw UTF-8 text; x, y is the upper left corner of the line, size its height
 * in pixels (capitals are 7/10 of it).  Returns the box of what was inked;
 * empty when a letter is not in the table.
 */
struct region draw_text(struct canvas *c, int x, int y, int size,
			struct colour ink, const char *text);

/*
 * A letter: strokes on a grid of GLYPH_GRID units a line, as numbers "x y x y
 * ..." of points joined by lines; ";" starts the next stroke and "~" makes it
 * a smooth curve through its points.  Capitals and digits are 14 units high
 * and start GLYPH_TOP below the top of the line; wide letters (kanji) fill it.
 */
enum { GLYPH_GRID = 20, GLYPH_TOP = 3 };

struct glyph {
	uint32_t letter;        /* code point */
	int width;              /* units */
	const char *strokes;
};

const struct glyph *glyph_find(uint32_t letter);        /* NULL: none */
bool glyph_wide(const struct glyph *g);

#endif

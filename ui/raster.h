/*
 * raster.h - parts of a scene as pixels of the screen: indices into one fixed
 * palette of greys, a colour cube and the inks of outlines.
 */
#ifndef SUMI_RASTER_H
#define SUMI_RASTER_H

#include "ui/scene.h"

/* The palette: greys from black to white, a cube of red, green and blue, the
 * inks of outlines. */
enum {
	RASTER_GREYS = 64, RASTER_RED = 4, RASTER_GREEN = 5, RASTER_BLUE = 4,
	RASTER_CUBE = RASTER_GREYS,
	RASTER_INK = RASTER_CUBE + RASTER_RED * RASTER_GREEN * RASTER_BLUE,
	RASTER_COLOURS = RASTER_INK + OUTLINE_KINDS,
	RASTER_BLACK = 0, RASTER_WHITE = RASTER_GREYS - 1,
	RASTER_NONE = 255,              /* what stands there stays */
};
extern const struct rgb *raster_palette(void);  /* [RASTER_COLOURS] */

/* How fine the values are. */
struct raster_depth {
	int grey_step;                  /* 1: all greys of the palette; 2, 8 */
	bool colour;                    /* else all is grey */
};

/*
 * Pixels of a part, without outlines and fills, into out[y][x]: piece is in
 * pixels from the part's top left corner.  Whole pictures (PLACE_ON), in which
 * nothing counts as read, get half the greys: fewer bytes.  False when there
 * is no memory.
 */
bool raster_part(const struct picture_part *part, int cell_width,
		 int cell_height, struct region piece,
		 const struct raster_depth *depth, uint8_t *out,
		 size_t stride);

/* Where outlines are painted: pixel[0] is the pixel at x0, y0. */
struct stencil {
	uint8_t *pixel;
	size_t stride;
	int x0, y0;
	struct region clip;             /* nothing is painted outside */
	uint8_t ink, ground;
};
void raster_fill(const struct stencil *s, struct region r, uint8_t value);

/* Digits in the ink, each dot `size` pixels: 5 x 7 dots, 6 from one to the
 * next. */
void raster_digits(const struct stencil *s, const char *text, int x, int y,
		   int size);

/*
 * Paint the outline of a region of the screen around it: nothing within is
 * touched but by a number that has no room above.  The kind shows in the line:
 * full, dotted with crosses, corners only, double, thick, double with dark
 * lines between.
 */
void raster_outline(const struct stencil *s, struct region r,
		    const struct outline *outline, enum outline_place place,
		    int cell_height);
/* Where its number is written: beside the box, else above it; or within it
 * where there is no room. */
struct region raster_label(struct region r, const struct outline *outline,
			   enum outline_place place, int cell_height,
			   struct region clip);
/* The pixels that raster_outline() can touch. */
struct region raster_bounds(struct region r, const struct outline *outline,
			    enum outline_place place, int cell_height,
			    struct region clip);
#endif

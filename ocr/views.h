/*
 * views.h - the 8-bit planes of one frame in which text is looked for: what
 * one window hides another shows.
 */
#ifndef SUMI_VIEWS_H
#define SUMI_VIEWS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "image/image.h"
#include "ocr/ink.h"

enum { VIEWS_MAX = 5 };

/* Planes of equal size; at least one.  Zero-initialise. */
struct views {
	uint8_t *grey[VIEWS_MAX];       /* [rows][columns], owned */
	int count;
	int columns, rows;
};

/*
 * The views of a frame: of a coloured one luma, max(R, G, B) where that
 * differs, and saturation where there is any (colours on bright anatomy); of a
 * grey one the window of the file, the full range where that differs, and for
 * more than 8 bits the text plane: values that many pixels have while their
 * neighbours in the histogram have few, or that lie apart (burned-in text is
 * one value; anatomy is a crowd), of pixels that lie beside each other.
 * views_done() releases.  False with *err ERR_MEMORY or as voi_render().
 */
bool views_make(const struct image *image, const struct frame *frame,
		struct views *views, struct error *err);

/* A single plane as views; the plane is taken over. */
void views_take(struct views *views, uint8_t *grey, int columns, int rows);

void views_done(struct views *views);

struct grey_plane views_plane(const struct views *views, int index);

/* What ink stands out by in each of the views: more than a third of the levels
 * of r, and than the noise floor. */
void views_contrast(const struct views *views, struct region r,
		    int least[VIEWS_MAX]);

/* Has one of the views ink in r, which lies in them? */
bool views_have_ink(const struct views *views, struct region r,
		    const int least[VIEWS_MAX]);

/*
 * The text plane alone: 255 where a value of the frame stands out, else 0.
 * One sample a pixel, 16 bits.  *any: something stands out.
 */
bool views_text_plane(const struct frame *frame, uint8_t *plane, bool *any,
		      struct error *err);

#endif

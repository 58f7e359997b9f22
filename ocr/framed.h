/*
 * framed.h - letters in a drawn frame: a line whose box is that of a closed
 * rectangle of thin strokes with letters inside that touch it nowhere.  No
 * reader makes sense of the strokes; they are hidden while it is read.
 */
#ifndef SUMI_FRAMED_H
#define SUMI_FRAMED_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "ocr/lines.h"

/* Zero-initialise. */
struct framed {
	struct line line;       /* the letters, as if there were no frame */
	struct region frame;    /* with what of its strokes is blurred */
	struct region within;   /* inside of the strokes */
	bool found;
};

/*
 * Look for a frame around a line that runs across: a mark as large as its box
 * (but for two samples and an eighth of its height at each side, too little
 * for letters beside it), at all four sides of which nine in ten samples are
 * ink (.35 of what the letters have), in strokes of an eighth of it at most,
 * and letters of a third of its height inside.  f->found tells.  False with
 * *err ERR_MEMORY.
 */
bool framed_find(const struct grey_plane *p, const struct line *line,
		 struct framed *f, struct error *err);

/*
 * Paint the strokes as what is beside them inside, in place; *saved keeps what
 * was there, for framed_show(), which frees it.  grey: [rows][stride], the
 * plane that was looked at.  False with *err ERR_MEMORY, and nothing is
 * painted.
 */
bool framed_hide(const struct framed *f, uint8_t *grey, size_t stride,
		 uint8_t **saved, struct error *err);
void framed_show(const struct framed *f, uint8_t *grey, size_t stride,
		 uint8_t *saved);

#endif

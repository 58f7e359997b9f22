/*
 * reading.h - reads one line: which way it is turned, by which models, and
 * when one more attempt is worth its time.  Judges nothing.
 */
#ifndef SUMI_READING_H
#define SUMI_READING_H

#include "ocr/tesseract.h"

/* How the lines of one picture are read; first is the reader's own. */
struct line_reader {
	struct readers *readers;
	bool kana;              /* somebody may be named in kana */
	int first;              /* model that is tried first; start with 0 */
};

/*
 * Read a line of a plane.  Models are tried in their order until one is sure
 * (confidence 85, or 65 with four plain letters by a Latin model); where a
 * model of a dense script has just won, it is tried first.  Lines that run
 * down are tried turned both ways and stacked.  Where kana are to be expected,
 * what is then unreadable and set narrowly is tried stretched: half-width kana
 * (notes, section 6).
 *
 * *best is what was read with the highest confidence; "" when nothing was.
 * False with *err ERR_MEMORY.
 */
bool reading_line(struct line_reader *r, const struct grey_plane *p,
		  const struct line *line, struct reading *best,
		  struct error *err);

#endif

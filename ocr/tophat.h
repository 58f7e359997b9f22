/*
 * tophat.h - what of a plane is narrower than a square of 11 x 11 pixels.
 * No file I/O, reads nothing.
 */
#ifndef SUMI_TOPHAT_H
#define SUMI_TOPHAT_H

#include <stdbool.h>
#include <stdint.h>

#include "ocr/plane.h"

/*
 * Subtract from a plane what is wider than 11 pixels (top-hat by an 11x11
 * square: strokes of letters up to about 44 pixels high remain).  dark: the
 * marks sought are darker than their surroundings.  out is
 * [rows][columns], levels above (below) the surroundings.
 */
void tophat(const struct grey_plane *p, bool dark, uint8_t *out);

#endif

/*
 * fine.h - what of a plane is thinner than a square of 3 x 3 pixels.  No file
 * I/O, reads nothing.
 */
#ifndef SUMI_FINE_H
#define SUMI_FINE_H

#include "ocr/plane.h"

/*
 * The strokes of a plane, without the ground that they cross: what an opening
 * by 3 x 3 pixels takes away, less what a closing adds, on a grey of 128.
 * Letters of one or two pixels' strokes come off stripes, bone and speckle as
 * high as their own strokes are wide, which a top-hat that holds larger letters
 * joins them to.  Returns the samples, which fine points to and the caller
 * frees; NULL without memory.
 */
uint8_t *fine_plane(const struct grey_plane *p, struct grey_plane *fine);

#endif

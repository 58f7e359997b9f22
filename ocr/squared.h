/*
 * squared.h - the lines of squared paper (ECG, forms to write on) taken out of
 * planes, so that their pieces are no marks: what is darker or lighter than
 * they stays.  No file I/O, reads nothing.
 */
#ifndef SUMI_SQUARED_H
#define SUMI_SQUARED_H

#include "base/error.h"
#include "ocr/views.h"

/*
 * Where the first plane shows lines that cross at one distance, 3 to 42 pixels
 * in both directions, each plane becomes its ground and what differs from it
 * and from the lines.  Lines may be blurred, as those of halved colours are,
 * and noisy, as those of a lossy coder; they run along rows and columns.  Each
 * strip of a third may show them beside what is none, and each block is looked
 * at by itself.  Without such lines nothing changes.  False with *err
 * ERR_MEMORY.
 */
bool squared_clear(struct views *views, struct error *err);

#endif

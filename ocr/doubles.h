/*
 * doubles.h - where a shape (a barcode, a seal, writing) and a line were found
 * at one place, the one that tells nothing beside the other goes.
 */
#ifndef SUMI_DOUBLES_H
#define SUMI_DOUBLES_H

#include "find/proposal.h"

/*
 * Of the boxes whose why begins with "shape:" drop what is but a letter or a
 * word of a printed line, and what a cleared line that was read with 80 or
 * more holds: its letters fill it, and no code or seal reads as harmless
 * words.  Drop the unread lines that are pieces of a shape; it grows by those
 * that were to be masked.
 */
void doubles_drop(struct box_list *list);

#endif

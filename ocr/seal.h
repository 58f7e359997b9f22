/*
 * seal.h - name seals (hanko): letters closely set in a round, oval or square
 * ring, found by shape alone.  No file I/O.
 */
#ifndef SUMI_SEAL_H
#define SUMI_SEAL_H

#include <stdbool.h>

#include "ocr/ink.h"

/*
 * Is a mark of the plane the ring of a seal?  *box is set to all of it, in
 * pixels of the plane.
 *
 * A seal is 13 to 200 pixels wide, stands on even ground, and its ring has a
 * thin even stroke that closes but for a seventh; inside, apart from the ring,
 * strokes lie side by side both across and down, more of them than one letter
 * in a circle has (a marker of the side, a sign of copyright).
 */
bool seal_find(const struct grey_plane *p, bool dark, const struct ink *mark,
	       struct region *box);

#endif

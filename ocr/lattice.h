/*
 * lattice.h - codes of square or oblong modules of any kind (PDF417, Aztec,
 * Micro QR, and QR or Data Matrix codes whose own signs are lost), by the
 * lattice on which their edges lie.  No file I/O.
 */
#ifndef SUMI_LATTICE_H
#define SUMI_LATTICE_H

#include <stdbool.h>

#include "image/region.h"
#include "ocr/ink.h"

/*
 * Is what lies in box, which stands upright, such a code?  Or what is left of
 * it without `rim` pixels on each side, an even number, or twice that: so many
 * times in all.
 *
 * It has two levels, 40 apart or more, each of about half of its area; its
 * edges lie on lines that are equally far apart, 2 pixels or more, at least
 * 7 modules across and 6 down (PDF417, ISO/IEC 15438, 5.2: 3 rows or more;
 * Aztec, ISO/IEC 24778, 7.2: 15 x 15 or more); and on most of these lines some
 * of the modules differ and others do not, which sets a code apart from
 * letters, grids and chessboards.  *found tells.  False: no memory.
 */
bool lattice_find(const struct grey_plane *p, struct region box, int rim,
		  int times, bool *found);

#endif

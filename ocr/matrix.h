/*
 * matrix.h - Data Matrix codes, found by the two bars and the two dotted
 * edges around them.  No file I/O, reads nothing.
 */
#ifndef SUMI_MATRIX_H
#define SUMI_MATRIX_H

#include <stdbool.h>

#include "ocr/ink.h"

/*
 * Is a mark of the plane the L of a Data Matrix, turned in any way?  *box is
 * set to all of it, in pixels of the plane.  Two whole sides are solid, and
 * the others alternate module by module (ISO/IEC 16022, 4.3); 8 to 72 modules
 * of 1.5 pixels or more along a side.
 */
bool matrix_find(const struct grey_plane *p, bool dark,
		 const struct ink *mark, struct region *box);

#endif

/*
 * shapes.h - codes that are found by shape and not read: barcodes of one
 * dimension, and QR codes.  No file I/O.
 */
#ifndef SUMI_SHAPES_H
#define SUMI_SHAPES_H

#include "base/error.h"
#include "image/region.h"
#include "ocr/ink.h"

enum shape_kind { SHAPE_BARCODE, SHAPE_QR, SHAPE_KINDS };

/* The codes of box.why: "shape:barcode", "shape:qr". */
extern const char *const shape_why[SHAPE_KINDS];

struct shape {
	struct region box;              /* pixels of the plane */
	enum shape_kind kind;
};

/* The first SHAPES_MAX of a frame; zero-initialise. */
enum { SHAPES_MAX = 64 };
struct shape_list {
	struct shape shape[SHAPES_MAX];
	int count;
};

/*
 * Find the codes of a plane, of both polarities, and add them to list, but
 * for one that lies in another of it.
 *
 * A barcode has bars across, down or along a diagonal (within some 3 degrees),
 * is at least 40 x 16 pixels, and differs by 40 levels between bars and gaps.
 * Of its 24 runs or more, bars and gaps alike, some are wide and many narrow
 * (Code 39: ISO/IEC 16388, 4.3; Code 128: ISO/IEC 15417, 4.3), which those of
 * stripes, grids and rulers are not.
 *
 * A QR code, turned in any way, shows three finder patterns, whose runs are
 * 1:1:3:1:1 modules on every line through their centre, within a light border
 * (ISO/IEC 18004, 6.3.3 and 6.3.4), at the corners of a square; modules of 2
 * pixels or more.  Codes without three of them (Data Matrix, Micro QR, PDF417)
 * are not found.
 *
 * False with *err ERR_MEMORY.
 */
bool shapes_find(const struct grey_plane *p, struct shape_list *list,
		 struct error *err);

#endif

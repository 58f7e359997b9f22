/*
 * shapes.h - what is found by shape and not read: barcodes, QR codes, Data
 * Matrix codes, name seals and writing by hand.  No file I/O.
 */
#ifndef SUMI_SHAPES_H
#define SUMI_SHAPES_H

#include "base/error.h"
#include "image/region.h"
#include "ocr/ink.h"
#include "ocr/pen.h"

enum shape_kind {
	SHAPE_BARCODE, SHAPE_QR, SHAPE_MATRIX, SHAPE_SEAL, SHAPE_HANDWRITING,
	SHAPE_KINDS
};

/* The codes of box.why: "shape:barcode", "shape:qr" ... */
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
 * Find the barcodes and QR codes of a plane, of both polarities, and add them
 * to list, but for one that lies in another of it.
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
 * pixels or more.  Other codes of modules that stand upright (lattice.h) count
 * as barcodes.  All are looked for at half and a quarter of the size too.
 *
 * False with *err ERR_MEMORY.
 */
bool shapes_find(const struct grey_plane *p, struct shape_list *list,
		 struct error *err);

/* What the marks of one plane show; zero-initialise but for list. */
struct shape_search {
	struct shape_list *list;
	struct pen_marks strokes;
};

/*
 * Find Data Matrix codes and seals among the marks of a plane (matrix.h,
 * seal.h), add them to the list, and keep what may be strokes of a pen.  Of
 * the form of see() of struct lines_watch; self is a struct shape_search.
 */
bool shapes_see(void *self, const struct grey_plane *p, int level, bool dark,
		const struct ink_list *marks);

/*
 * All marks were seen: add writing by hand (pen.h) outside the known regions,
 * and release what was kept.  p is the plane at full scale.  False with *err
 * ERR_MEMORY.
 */
bool shapes_end(struct shape_search *s, const struct grey_plane *p,
		const struct region *known, size_t count, struct error *err);

#endif

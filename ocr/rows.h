/*
 * rows.h - marks joined to rows by size, distance and contrast, and how much
 * a row looks like text.  Knows one scale and one polarity; reads nothing.
 */
#ifndef SUMI_ROWS_H
#define SUMI_ROWS_H

#include <stdbool.h>

#include "image/region.h"
#include "ocr/ink.h"

/*
 * The shape of a row.  H and W are its height and width in pixels; contrast
 * is the mean level of its marks above what surrounds them.
 */
#define ROW_FEATURES_LIST(X) \
	X(MARKS, "ln(1 + marks)") \
	X(ASPECT, "W / H, at most 12") \
	X(HEIGHTS, "mean deviation of heights of marks from their median") \
	X(STROKES, "variation of the width of strokes; .3 of one mark") \
	X(STROKE, "mean width of strokes / H") \
	X(CONTRAST, "contrast / 64") \
	X(CONTRASTS, "variation of contrast between marks; .2 of one") \
	X(GREYS, "deviation of levels of the marks / (contrast + 1)") \
	X(EDGE, "mean step at the ends of runs / (contrast + 1)") \
	X(DENSITY, "share of the box that is marked") \
	X(BOTTOMS, "deviation of lower ends of marks / H; .2 of one") \
	X(RUNS, "runs along the row / (H * max(1, W / H))") \
	X(HEIGHT, "H / 20") \
	X(MARKS_EDGE, "MARKS * EDGE")

enum row_feature {
#define X(name, what) ROW_##name,
	ROW_FEATURES_LIST(X)
#undef X
	ROW_FEATURES
};

struct row {
	struct region box;              /* of its marks */
	struct region wide;             /* with the small ones beside them */
	int marks;
	double feature[ROW_FEATURES];
	double score;                   /* logit; above 0 rather text */
};

/* Returns false to stop. */
typedef bool rows_take(void *self, const struct row *row);

/*
 * Join the marks of a plane of columns x rows pixels to rows, and hand those
 * of 5 to 60 pixels in height whose score is above least to take().  down:
 * rows run down; boxes are then turned, { y0, x0, y1, x1 } of the plane.
 * The same marks may come twice, by a loose and a strict rule.  False without
 * memory or when take() says so.
 */
bool rows_find(const struct ink_list *ink, int columns, int rows, bool down,
	       double least, rows_take *take, void *self);

#endif

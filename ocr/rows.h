/*
 * rows.h - marks of a plane joined to rows by size, distance and contrast, at
 * four scales and in both polarities, and how much a row looks like text.
 * Reads nothing.
 */
#ifndef SUMI_ROWS_H
#define SUMI_ROWS_H

#include <stdbool.h>

#include "base/error.h"
#include "image/region.h"
#include "ocr/ink.h"
#include "ocr/telling.h"

enum polarity { POLARITY_BRIGHT, POLARITY_DARK, POLARITIES };

/* Which lines are sought; LINES_DOWN: upright letters one below the other,
   or a line turned by a quarter. */
enum { LINES_ACROSS = 1, LINES_DOWN = 2, LINES_BOTH = 3 };

/*
 * Shown the marks that a search finds, of each scale but the last (p is the
 * plane at it, 1 / 2^level) and polarity.  False: no memory.
 */
struct lines_watch {
	bool (*see)(void *self, const struct grey_plane *p, int level,
		    bool dark, const struct ink_list *marks);
	void *self;
};

/* Called now and then during a long search; may be NULL, and each of it. */
struct lines_progress {
	const struct telling *telling;
	const struct lines_watch *watch;
};

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
	X(CROWD, "share of the marked around it, H / 3 wide") \
	X(PITCH, "ln(W / H / marks)") \
	X(FALLS, "runs across the row / W") \
	X(TOPS, "deviation of upper ends of marks / H; .2 of one") \
	X(WIDTHS, "variation of the width of marks; .4 of one") \
	X(FILL, "mean share of the box of a mark that is marked") \
	X(SHARP, "1 of marks by the sharp cut") \
	X(LEVEL, "scale: 0, 1, 2 for 1, 1/2, 1/4; of 1/8 that of 1/2") \
	X(COVER, "sum of widths of marks / W, at most 2") \
	X(NOISE, "what stands out around / contrast") \
	X(DOWN, "1 when it runs down") \
	X(STRICT, "1 of marks joined by the strict rule")

enum row_feature {
#define X(name, what) ROW_##name,
	ROW_FEATURES_LIST(X)
#undef X
	ROW_FEATURES
};

/*
 * What features say: each has mean 0 and deviation 1 after standardising, and
 * is kept within +-ROW_FAR; two layers of units that are 0 below 0 make the
 * score of them.  [i][k] is what unit k makes of value i; the last i is 1.
 */
enum { ROW_FAR = 4, ROW_FIRST = 32, ROW_SECOND = 16 };
struct row_model {
	float mean[ROW_FEATURES], deviation[ROW_FEATURES];
	float first[ROW_FEATURES + 1][ROW_FIRST];
	float second[ROW_FIRST + 1][ROW_SECOND];
	float last[ROW_SECOND + 1];
};

/* What the units of a model say to one row. */
struct row_units {
	float feature[ROW_FEATURES];    /* standardised */
	float first[ROW_FIRST], second[ROW_SECOND];
	float score;
};
void row_judge(const struct row_model *model,
	       const float feature[ROW_FEATURES], struct row_units *units);

struct row {
	struct region region;           /* pixels of the plane, with the small
					   marks beside it; may reach 2 pixels
					   outside */
	enum polarity polarity;
	bool down;
	bool large;                     /* of the last scale: high letters */
	int marks;
	float feature[ROW_FEATURES];
	double score;                   /* logit; above 0 rather text */
};

struct rows_visit {
	double least;                   /* score that take() wants to exceed */
	bool (*take)(void *self, const struct row *row);    /* false: stop */
	void *self;
	const struct lines_progress *progress;
};

/*
 * Find the marks of a plane at scales 1, 1/2 and 1/4, join them to rows, and
 * hand those of 5 to 60 pixels in height at their scale to take().  ways:
 * LINES_ACROSS, LINES_DOWN or both.  The same marks may come several times:
 * at two scales, or by the loose and the strict rule.  False with *err
 * ERR_MEMORY, also when take() says so.
 */
bool rows_find(const struct grey_plane *p, int ways,
	       const struct rows_visit *visit, struct error *err);

#endif

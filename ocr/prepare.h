/*
 * prepare.h - a line of a plane to a small clean picture for recognition:
 * upright, dark on white, of the height that its models take.  Knows no
 * recogniser.
 */
#ifndef SUMI_PREPARE_H
#define SUMI_PREPARE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "ocr/lines.h"

/* How a line that runs down is made to run across. */
enum prepare_turn {
	TURN_NONE,
	TURN_LEFT,              /* it was written top to bottom */
	TURN_RIGHT,             /* it was written bottom to top */
	TURN_STACK,             /* upright letters one below the other */
};

struct crop {
	uint8_t *grey;          /* [rows][columns], 0 ink, 255 paper; owned */
	int columns, rows;
};
void crop_done(struct crop *crop);

/*
 * Which polarity the letters of a line have, where both polarities saw marks
 * (an outline, a filled label): by the level right outside the box against
 * those of the marks (notes: r < .3 bright, r > .7 dark, else the inner box).
 */
enum polarity prepare_polarity(const struct grey_plane *p,
			       const struct line *line);

/*
 * Cut a line out at its own size: background removed (top-hat by half the
 * letter height), evened by the local maximum, stretched, a margin of .12 of
 * its height.  crop_done() releases.  False with *err ERR_MEMORY.
 */
bool prepare_line(const struct grey_plane *p, const struct line *line,
		  enum polarity polarity, enum prepare_turn turn,
		  struct crop *crop, struct error *err);

/* What a line may be prepared like when it was read badly. */
enum prepare_look {
	LOOK_USUAL,
	LOOK_LARGER,            /* letters as high as the picture, nearly */
	LOOK_SMALLER,           /* a margin of a fourth */
	LOOK_HARD,              /* three times the contrast */
	LOOK_QUIET,             /* each sample the middle one of nine: grain */
	LOOK_SHARP,             /* cubic interpolation */
};

/*
 * A line that runs across, cut out and scaled for a model as prepare_line()
 * and prepare_scale() do, in the way of look.  crop_done() releases.  False
 * with *err ERR_MEMORY.
 */
bool prepare_look(const struct grey_plane *p, const struct line *line,
		  enum polarity polarity, enum prepare_look look,
		  double stretch, struct crop *crop, struct error *err);

/*
 * How far ink stands out in a part of a plane: levels above (below) what is
 * wider than half of high, the height of its letters.  r may reach beyond the
 * plane.  *by: how many samples of the plane are one of the crop, each way.
 * crop_done() releases.  False with *err ERR_MEMORY.
 */
bool prepare_contrast(const struct grey_plane *p, struct region r, int high,
		      enum polarity polarity, struct crop *crop, int *by,
		      struct error *err);

/* Samples of the plane on each side of a line that a prepared one holds. */
int prepare_margin(int high, enum prepare_look look);

/*
 * A line as a model takes it: PREPARED_ROWS high, its columns in proportion
 * times stretch.  crop_done() releases.  False with *err ERR_MEMORY.
 */
enum { PREPARED_ROWS = 36 };    /* input of the models eng and jpn */
bool prepare_scale(const struct crop *line, double stretch, struct crop *crop,
		   struct error *err);

#endif

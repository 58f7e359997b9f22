/*
 * picture.h - pictures as cells of text: a region of a plane becomes sextants,
 * half blocks or ASCII characters in a canvas; and the bytes that bring the
 * picture cells that changed to the terminal.  Where pixels are sent, cells
 * are only reserved: ui/sixel and ui/kitty draw the scene of the canvas.
 */
#ifndef SUMI_PICTURE_H
#define SUMI_PICTURE_H

#include "base/mem.h"
#include "image/region.h"
#include "image/voi.h"
#include "review/evidence.h"
#include "ui/canvas.h"

enum colours { COLOURS_16M, COLOURS_256, COLOURS_16, COLOURS_MONO,
	       COLOURS_COUNT };
extern const char *const colours_name[COLOURS_COUNT];   /* "16m" ... */

/* How pictures look on this terminal. */
struct look {
	enum picture_mode mode;
	enum colours colours;
	bool grey;              /* NO_COLOR: grey values only */
	int cell_width, cell_height;    /* pixels; where pixels are sent */
};

struct rgb { int r, g, b; };

/* Told apart by the line and its corners, never by colour alone. */
enum outline_kind {
	OUTLINE_MASKED,         /* full lines, corners + */
	OUTLINE_REJECTED,       /* dotted, corners x */
	OUTLINE_CANDIDATE,      /* corners c only */
	OUTLINE_SELECTED,       /* double lines, corners # or the sign */
	OUTLINE_EDITED,         /* all of # */
	OUTLINE_MISSED,         /* double lines, dark beside light; corners ! */
	OUTLINE_KINDS
};

/* Told apart by the colour-blind too: Okabe and Ito, 2008. */
extern const struct rgb outline_colour[OUTLINE_KINDS];

/* The sign of a kind: of its corners, beside its number, in lists. */
char outline_sign(enum outline_kind kind);

/* Where the line of an outline lies. */
enum outline_place {
	PLACE_ON,               /* on the outermost cells of the box: for a
				   whole picture */
	PLACE_SMALL,            /* as before, with the smallest numbers: for an
				   overview */
	PLACE_AROUND,           /* a cell further out, every fourth cell only */
	PLACE_CORNERS,          /* as before, corners only: for evidence, that
				   must not hide what a box leaves out */
};

struct outline {
	struct region region;           /* pixels */
	enum outline_kind kind;
	int number;                     /* drawn at the corner; 0 none; or what
					   outline_letters() gives */
	bool inside;                    /* that stands in its middle */
	char sign;                      /* + x c ? of a selected one: what it
					   is in the list; '\0': by its kind */
};

/* One or two ASCII letters as the number of an outline: below 0. */
int outline_letters(const char letters[3]);
/* What is drawn at its corner: number or letters, "" for none. */
void outline_label(const struct outline *outline, char label[12]);

/* Values that are shown as black and white, what lies between by its share;
 * high 0: all values as they are. */
struct levels { uint8_t low, high; };

struct picture_part {
	const struct plane *plane;
	long long serial;               /* of the plane: another one, or other
					   pixels, has another number */
	const struct buffer *png;       /* what kitty is sent of the plane,
					   kitty_png() in base64; NULL: not
					   made */
	bool cut;                       /* only source of it is sent, never the
					   plane whole: one of several */
	struct region source;           /* pixels; outside the plane is blank */
	int column, row, columns, rows; /* cells of the canvas */
	const struct outline *outline;
	size_t outline_count;
	enum outline_place place;
	const struct region *fill;      /* pixels shown as masked: black */
	size_t fill_count;
	bool inverted;
	struct levels levels;
};

/* How a value of the plane is shown: stretched, then inverted. */
void picture_curve(const struct picture_part *part, uint8_t curve[256]);

/*
 * Draw source into the cells, stretched to columns x rows cells.  A sub-pixel
 * is the mean of the pixels under it, weighed by area; when enlarging, that
 * is the nearest pixel with smooth steps.
 */
void picture_draw(const struct look *look, const struct picture_part *part,
		  struct canvas *c);

/*
 * Take the numbers off outlines of a part where they would lie on another
 * one; in an overview (PLACE_SMALL) also where they would lie on another box.
 * That of the selected box stays, then the first ones.
 */
void picture_thin_labels(const struct look *look,
			 const struct picture_part *part,
			 struct outline *outline, size_t count);

/* The largest cells within columns x rows that show a region undistorted. */
void picture_fit(const struct look *look, struct region source, int columns,
		 int rows, int *fit_columns, int *fit_rows);

/*
 * Append to out the bytes that draw the picture cells of now that differ from
 * those of before (NULL, or of other size: all of them): a cursor move a run,
 * colours where they change.  Text is UTF-8 or ASCII.
 */
void picture_emit(const struct look *look, const struct canvas *now,
		  const struct canvas *before, struct buffer *out);
#endif

/*
 * type.h - lines of text as masks, in the fonts that this machine has.  The
 * only file that sees FreeType.
 */
#ifndef SUMI_BURNIN_TYPE_H
#define SUMI_BURNIN_TYPE_H

#include <stdbool.h>
#include <stdint.h>

#include "image/region.h"

/* alpha[y * columns + x], 0 to 255; ink: where it is 64 or more. */
struct stamp {
	int columns, rows;
	uint8_t *alpha;                 /* owned */
	struct region ink;
	int rise;                       /* rows from the top to the base line;
					   0 when down or turned */
};
void stamp_done(struct stamp *stamp);

enum smoothing {
	SMOOTH_GREY,                    /* anti-aliased, hinted */
	SMOOTH_UNHINTED,
	SMOOTH_NONE,                    /* one bit a pixel */
	SMOOTH_DOUBLED,                 /* the same, every pixel 2x2 */
	SMOOTHINGS
};

struct face_style {
	int px;                         /* em, pixels */
	int apart;                      /* pixels between letters in a row */
	enum smoothing smoothing;
	bool down;                      /* letters one below the other */
	int turn;                       /* degrees clockwise: 0, 90, 270 */
};

struct fonts;

/*
 * All fonts of the table that are in the font folders of XDG_DATA_DIRS.  say
 * (may be NULL) is told the package of each that is not there.  Free with
 * fonts_free().  NULL: no font at all, or no memory.
 */
struct fonts *fonts_open(void (*say)(const char *package, const char *file));
void fonts_free(struct fonts *fonts);           /* NULL does nothing */

int fonts_count(const struct fonts *fonts);
const char *fonts_name(const struct fonts *fonts, int font);
/* How often it is to be drawn; 0: never in a printed line. */
int fonts_weight(const struct fonts *fonts, int font);
/* Does it look like written by hand? */
bool fonts_by_hand(const struct fonts *fonts, int font);
/* Has it a glyph for every letter of the UTF-8 text, in a size near px?
 * *size is the size it has: px, or that of the nearest strike. */
bool fonts_can(const struct fonts *fonts, int font, const char *text, int px,
	       int *size);

/* False when nothing would be inked, or there is no memory. */
bool fonts_stamp(const struct fonts *fonts, int font, const char *text,
		 const struct face_style *style, struct stamp *stamp);

#endif

/* glyphs.h - draws text into a plane with letters of 5 by 7 dots. */
#ifndef SUMI_TESTS_GLYPHS_H
#define SUMI_TESTS_GLYPHS_H

#include <stdint.h>

#include "image/region.h"

struct canvas8 {
	uint8_t *grey;          /* [rows][columns] */
	int columns, rows;
};

/*
 * Draw digits, capitals and "-/:." at (x, y), each dot scale pixels wide, in
 * one level.  down: the line runs down (turned by a quarter, letters lie on
 * their side).  Returns the ink box.
 */
struct region glyphs_draw(struct canvas8 *c, int x, int y, int scale,
			  int level, int down, const char *text);

#endif

/*
 * screen_png.h - small PNG files (ISO/IEC 15948) in memory, for the screen:
 * fast rather than small.  Never for what is written to disk.
 */
#ifndef SUMI_SCREEN_PNG_H
#define SUMI_SCREEN_PNG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"

/* Samples row by row: 8-bit grey (colours 0, channels 1), RGB (channels 3), or
 * indices of a palette. */
struct screen_png {
	const uint8_t *pixel;
	size_t stride;                  /* bytes from row to row */
	int width, height, channels;
	uint8_t flip;                   /* grey and RGB: 255 inverts */
	const uint8_t *palette;         /* [colours][4] RGBA; NULL: none */
	int colours;                    /* 0, or 1..256 */
};

/* Append it to out; out->failed when there is no memory. */
void screen_png_write(const struct screen_png *png, struct buffer *out);
#endif

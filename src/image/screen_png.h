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

/*
 * The same in steps, for what is written while nothing else is to be done.
 * The pixels stay where they are until the end.
 *
 * begin   NULL when there is no memory
 * step    packs about `bytes` more; false when all is packed
 * end     append the file to out (NULL: it is given up) and free the job
 */
struct screen_png_job;
struct screen_png_job *screen_png_begin(const struct screen_png *png);
bool screen_png_step(struct screen_png_job *job, size_t bytes);
void screen_png_end(struct screen_png_job *job, struct buffer *out);
#endif

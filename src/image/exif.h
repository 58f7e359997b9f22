/* exif.h - the few facts of an EXIF block (a TIFF) that reading needs. */
#ifndef SUMI_EXIF_H
#define SUMI_EXIF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Look into a TIFF header and its directories.  *orientation is set (1..8,
 * else left alone), *thumbnail too when a second directory holds a picture.
 * Damaged blocks are read as far as they make sense.
 */
void exif_read(const uint8_t *tiff, size_t length, int *orientation,
	       bool *thumbnail);

#endif

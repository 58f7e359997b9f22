/*
 * jpeg_arrays.h - all quantised coefficients of an 8-bit JPEG stream of any
 * process that libjpeg-turbo reads: sequential, progressive, arithmetic.
 * They stand in memory, 2 bytes each; jpeg_blocks.h reads sequential streams
 * without that.
 */
#ifndef SUMI_JPEG_ARRAYS_H
#define SUMI_JPEG_ARRAYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "image/jpeg_blocks.h"

#ifdef __cplusplus
extern "C" {
#endif

struct jpeg_arrays;

/*
 * Read stream[length], which must stay.  strict: no warning of the library
 * passes but those of a wrong Se, which no decoder heeds, and of an unknown
 * transform of Adobe; else those do on which no coefficient depends.  progress
 * (may be NULL) is called for each 64 KiB.  Free with jpeg_arrays_close().
 * NULL with *err: refused as DAMAGED, TRUNCATED or NO_MEMORY, or ERR_MEMORY.
 */
struct jpeg_arrays *
jpeg_arrays_open(const uint8_t *stream, size_t length, bool strict,
		 void (*progress)(void *self, int permille), void *self,
		 struct error *err);
void jpeg_arrays_close(struct jpeg_arrays *a);  /* NULL does nothing */

/* What the frame header says. */
void jpeg_arrays_head(const struct jpeg_arrays *a,
		      struct jpeg_blocks_head *head);

/* The table of a component; both orders are the library's, not zigzag. */
void jpeg_arrays_quant(const struct jpeg_arrays *a, int component,
		       uint16_t quant[JPEG_BLOCK_SIZE]);

/* Copy a row: blocks[block_columns][JPEG_BLOCK_SIZE].  False: no memory. */
bool jpeg_arrays_row(struct jpeg_arrays *a, int component, int block_row,
		     int16_t *blocks);

#ifdef __cplusplus
}
#endif
#endif

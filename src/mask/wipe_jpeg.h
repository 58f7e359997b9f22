/*
 * wipe_jpeg.h - the coefficients of a JPEG file: read for verify, and the
 * areas of a plan blanked in them by mask_jpeg() (writer.h).  Samples are
 * never decoded, so what lies outside stays exact.
 */
#ifndef SUMI_WIPE_JPEG_H
#define SUMI_WIPE_JPEG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "image/region.h"

enum { JPEG_COMPONENTS = 4, JPEG_BLOCK = 64 };

struct jpeg_coefficients;

/*
 * Read all coefficients behind fd (not closed).  NULL with *err: refused as
 * damaged when the library had to guess (any warning that is not named
 * harmless).  Free with jpeg_coefficients_close().
 *
 * progress  called for each 64 KiB of the file, so that no silence is a hang;
 *           may be NULL
 */
struct jpeg_coefficients *
jpeg_coefficients_open(int fd, void (*progress)(void *self, int permille),
		       void *self, struct error *err);
void jpeg_coefficients_close(struct jpeg_coefficients *jpeg);

struct jpeg_layout {
	int columns, rows;              /* pixels */
	int components;
	int mcu_columns, mcu_rows;      /* pixels of an MCU */
	struct {
		int block_columns, block_rows;
		int across, down;       /* blocks of an MCU */
		uint16_t quant[JPEG_BLOCK];
		long long black;        /* DC of a blanked block */
	} component[JPEG_COMPONENTS];
};
void jpeg_coefficients_layout(const struct jpeg_coefficients *jpeg,
			      struct jpeg_layout *layout);

/*
 * Copy a row of blocks: blocks[block_columns][JPEG_BLOCK].  False when the
 * library fails.
 */
bool jpeg_coefficients_row(struct jpeg_coefficients *jpeg, int component,
			   int block_row, int16_t *blocks);

#endif

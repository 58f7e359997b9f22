/*
 * jpeg_blocks.h - the quantised coefficients of a sequential Huffman JPEG
 * stream (ITU-T T.81 SOF0 and SOF1, 8 or 12 bits), one row of MCUs after the
 * other.  Own code, no library; decodes no samples.
 *
 * Strict: a stream is taken only when it is whole.  A missing table, a code
 * that no table has, too few or too many bits in a scan, restart markers out
 * of order, a component without a scan or with two are refused as damaged or
 * truncated.  A wrong Se of a scan is not: real files have it, and no decoder
 * heeds it.  What APPn and COM segments hold is not looked at.
 */
#ifndef SUMI_JPEG_BLOCKS_H
#define SUMI_JPEG_BLOCKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { JPEG_BLOCKS_MOST = 4, JPEG_BLOCK_SIZE = 64 };

struct jpeg_blocks;

/* What the frame header says. */
struct jpeg_blocks_head {
	int precision, columns, rows;   /* bits, pixels */
	int components;                 /* 1 to 4 */
	int h_max, v_max;               /* 1, 1 for one component: its MCU is
					   one block (A.2.2) */
	struct {
		int id, h, v;           /* 1, 1 for one component */
		int block_columns, block_rows;  /* without those that pad an
						   MCU */
	} component[JPEG_BLOCKS_MOST];
};

/*
 * One row of MCUs of a scan.  Where the scan has one component only, an MCU is
 * one block and there are none that pad (A.2.2, A.2.3).
 */
struct jpeg_blocks_row {
	int scan;                       /* 0-based */
	int row;                        /* of MCUs of this scan */
	int parts;                      /* components of this scan */
	struct {
		int component;          /* 0-based */
		int first_row;          /* block row of the first block */
		int across, down;       /* blocks, padding ones too */
		/* [down][across][JPEG_BLOCK_SIZE], in zigzag order; until the
		   next call */
		const int16_t *block;
		const uint16_t *quant;  /* [JPEG_BLOCK_SIZE], zigzag order */
	} part[JPEG_BLOCKS_MOST];
};

/*
 * Read up to the first scan of stream[length], which must stay.  Free with
 * jpeg_blocks_close().  NULL with *err: refused as DAMAGED, TRUNCATED or
 * JPEG_PROCESS (no SOF0 or SOF1), or ERR_MEMORY.
 */
struct jpeg_blocks *jpeg_blocks_open(const uint8_t *stream, size_t length,
				     struct error *err);
void jpeg_blocks_close(struct jpeg_blocks *b);  /* NULL does nothing */

/* What was read of it by jpeg_blocks_open(). */
void jpeg_blocks_head(const struct jpeg_blocks *b,
		      struct jpeg_blocks_head *head);

enum jpeg_blocks_got { JPEG_BLOCKS_ROW, JPEG_BLOCKS_END, JPEG_BLOCKS_FAILED };

/*
 * The next row, or the end: EOI was read, every component had its scan.
 * JPEG_BLOCKS_FAILED with *err as jpeg_blocks_open(); nothing more can be read.
 */
enum jpeg_blocks_got jpeg_blocks_next(struct jpeg_blocks *b,
				      struct jpeg_blocks_row *row,
				      struct error *err);

/*
 * Pass over the next row when its coefficients are those of the row that
 * `leader` gave last: the same bits, read with the same tables after the same
 * DC values, at the same place of the same scan.  False when that can't be
 * said without reading it; then nothing has moved.  Much faster than reading.
 */
bool jpeg_blocks_follow(struct jpeg_blocks *b,
			const struct jpeg_blocks *leader);

/*
 * Pass over the next row of both when it is the same in the same bits: all
 * codes of b are checked, but no values are made.  False when that can't be
 * said, or a code is wrong; then both rows are still to be read.
 */
bool jpeg_blocks_pass(struct jpeg_blocks *a, struct jpeg_blocks *b);

/* Where the next row lies, without its blocks.  False at the end of a scan:
 * jpeg_blocks_next() knows. */
bool jpeg_blocks_place(const struct jpeg_blocks *b,
		       struct jpeg_blocks_row *row);

/* After JPEG_BLOCKS_END: bytes of the stream up to the end of EOI. */
size_t jpeg_blocks_length(const struct jpeg_blocks *b);

#ifdef __cplusplus
}
#endif
#endif

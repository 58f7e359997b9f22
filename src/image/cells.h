/*
 * cells.h - pixel cells as DICOM stores them (PS3.5 section 8, Annex D) to a
 * frame of stored values.  No I/O; knows no file format.
 */
#ifndef SUMI_CELLS_H
#define SUMI_CELLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "image/frame.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How the cells of one frame lie in memory. */
struct cell_form {
	int columns, rows, samples;
	int allocated;                  /* bits a cell: 1, 8, 16, 32, 64 */
	int stored, high_bit;
	bool is_signed;
	bool is_float;                  /* allocated 32 or 64 */
	bool planar;                    /* all of sample 0, then of 1 ... */
	bool ybr_422;                   /* Y0 Y1 Cb Cr: two pixels in 4 cells */
	bool big_endian;
	int first_bit;                  /* 0..7 in byte 0 when allocated is 1 */
};

/* Bytes of a frame's cells, first_bit counted; 0 when it does not fit. */
size_t cells_bytes(const struct cell_form *form);

/* The type that holds its stored values. */
enum sample_type cells_type(const struct cell_form *form);

/* Cells and samples of a frame are the same bytes: read them in place. */
bool cells_plain(const struct cell_form *form);

/*
 * Stored values of cells[cells_bytes()].  Free with frame_free().  NULL with
 * *err ERR_RANGE or ERR_MEMORY.
 */
struct frame *cells_to_frame(const struct cell_form *form,
			     const uint8_t *cells, struct error *err);

/*
 * The inverse: the cells of f's stored values, interleaved, least significant
 * byte first (planar and big_endian of form do not count), bits of one bit
 * from first_bit of byte 0 on.  f must have the size and the type form says.
 * Bits outside the stored ones are 0, but those above high_bit of a negative
 * value are 1 when extend is set.  Of two pixels that share their chroma
 * (ybr_422) the right one's counts.
 *
 * Returns cells[cells_bytes(form)], at least 1, to free(); NULL with *err
 * ERR_INTERNAL (f is of another form) or ERR_MEMORY.
 */
uint8_t *cells_from_frame(const struct cell_form *form, const struct frame *f,
			  bool extend, struct error *err);

/*
 * plane[rows][columns] = 255 where a cell has a bit outside its stored bits
 * that is not mere sign extension, else 0.  Returns whether there is one.
 */
bool cells_unused_bits(const struct cell_form *form, const uint8_t *cells,
		       uint8_t *plane);

/*
 * plane[rows][columns] = 255 where bit (0..allocated-1) of the first sample's
 * cell is set, else 0.
 */
void cells_bit_plane(const struct cell_form *form, const uint8_t *cells,
		     int bit, uint8_t *plane);

#ifdef __cplusplus
}
#endif
#endif

/*
 * format_j2k.h - JPEG 2000 and HTJ2K code streams through OpenJPEG, strict: a
 * stream that is cut is refused.  With or without a JP2 wrapper.
 */
#ifndef SUMI_FORMAT_J2K_H
#define SUMI_FORMAT_J2K_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

#ifdef __cplusplus
extern "C" {
#endif

struct j2k_head {
	long long columns, rows;
	int components, precision;      /* of component 0; at most 16, 38 */
	bool is_signed;
	bool uniform;                   /* all components alike */
	bool reversible;                /* 5/3 wavelet in every tile */
	bool colour_transform;          /* MCT in every tile; else in none */
	bool high_throughput;           /* HTJ2K (ISO/IEC 15444-15) */
	bool wrapped;                   /* in a JP2 file */
	int levels;                     /* least of all wavelets' levels */
};

/*
 * Read the headers of the stream and of all its tile parts.  False with *err:
 * refused as DAMAGED, or as ATTRIBUTES when tiles differ in their MCT.
 */
bool j2k_head_read(const uint8_t *data, size_t length, struct j2k_head *head,
		   struct error *err);

/*
 * Decode to cells of 8, 16 or 32 bits, interleaved, least significant byte
 * first, sign extended; the colour transform is undone.  allocated: bits a
 * cell, at least the precision.  free() the result.  NULL with *err: refused
 * as DAMAGED or TRUNCATED, or ERR_MEMORY.
 */
uint8_t *j2k_decode(const uint8_t *data, size_t length, int allocated,
		    struct error *err);

/*
 * Does a tile part hold bytes behind its last packet, other than zeros?  They
 * code nothing, no decoder names them and only decoding shows them: the frame
 * must be encoded anew.  Also true when that can't be found out.
 */
bool j2k_has_slack(const uint8_t *data, size_t length);

/* What j2k_encode() makes. */
struct j2k_form {
	int columns, rows;              /* 1..65535 */
	int components;                 /* 1 to 4 */
	int allocated;                  /* bits a cell: 8, 16, 32 */
	int precision;                  /* 1..J2K_MAX_PRECISION */
	bool is_signed;
	bool colour_transform;          /* MCT (RCT); of 3 components only */
};

/*
 * What OpenJPEG 2.5.0 codes without loss: its 32 bits hold a sign, 6 bits of
 * fraction and 25 of a coefficient, which the 5/3 filters (at most a factor
 * of 3.4 a direction from the amplitude) and the RCT make 4 bits longer.
 */
enum { J2K_MAX_PRECISION = 21 };

/*
 * Encode without loss (5/3 wavelet, one tile, one layer) to a bare code stream
 * without a comment; j2k_decode() gives the same cells back.  Cells lie as
 * j2k_decode() returns them; the bits of a cell above the precision may be 0
 * or repeat its top bit.  Equal cells give equal bytes.
 *
 * Returns the stream to free(); NULL with *err: ERR_RANGE (a value that the
 * precision does not hold, a number outside its range), or ERR_MEMORY.
 */
uint8_t *j2k_encode(const struct j2k_form *form, const uint8_t *cells,
		    size_t *length, struct error *err);

#ifdef __cplusplus
}
#endif
#endif

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
	int components, precision;      /* of component 0 */
	bool is_signed;
	bool uniform;                   /* all components alike */
	bool reversible;                /* 5/3 wavelet in every tile part seen */
	bool colour_transform;          /* MCT of the first tile */
	bool high_throughput;           /* HT code blocks (15444-15) */
};

/* Read the main header.  False with *err: refused as DAMAGED. */
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

#ifdef __cplusplus
}
#endif
#endif

/*
 * pack.h - packs frames without a picture codec, as unpack.h reads them: DICOM
 * RLE (PS3.5 Annex G) and deflate (PS3.5 A.4.14).
 */
#ifndef SUMI_PACK_H
#define SUMI_PACK_H

#include <stddef.h>
#include <stdint.h>

#include "image/cells.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * One RLE frame of cells, which lie as unpack_rle() returns them: interleaved,
 * least significant byte first, bits from bit 0 of byte 0.  form tells their
 * size; planar, byte order and first_bit in it do not count.  At most 15 bytes
 * a pixel (PS3.5 G.5).  Equal cells give equal bytes.
 *
 * Returns the frame, of even *length, to free(); NULL with *err ERR_INTERNAL
 * (a pixel of too many bytes) or ERR_MEMORY.
 */
uint8_t *pack_rle(const struct cell_form *form, const uint8_t *cells,
		  size_t *length, struct error *err);

/*
 * The frame cells[bytes] as one raw deflate stream (RFC 1951), padded with a
 * zero byte to even *length.  free() the result; NULL with *err ERR_INTERNAL
 * (4 GiB or more) or ERR_MEMORY.
 */
uint8_t *pack_deflate(const uint8_t *cells, size_t bytes, size_t *length,
		      struct error *err);

#ifdef __cplusplus
}
#endif
#endif

/*
 * unpack.h - frames packed without a picture codec: DICOM RLE (PS3.5 Annex G)
 * and deflate (PS3.5 A.4.14).  Anything but a whole frame is refused.
 */
#ifndef SUMI_UNPACK_H
#define SUMI_UNPACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "image/cells.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * The cells of one frame, free() them: interleaved, least significant byte
 * first, bits from bit 0 of byte 0.  form tells their size; planar and byte
 * order in it do not count.  NULL with *err: refused as DAMAGED_FRAME (frame
 * 0: the caller knows the number), or ERR_MEMORY.
 */
uint8_t *unpack_rle(const struct cell_form *form, const uint8_t *data,
		    size_t length, struct error *err);

/* Where segment i of an RLE frame stands, and what of it counts. */
struct rle_segment {
	size_t start, end;              /* in the data, by the header */
	size_t used;                    /* bytes its plane takes */
};
enum { RLE_HEADER = 64, RLE_SEGMENTS = 15 };    /* PS3.5 G.5 */

/*
 * Find the segments without unpacking them.  Returns how many there are; 0
 * with *err as unpack_rle().
 */
int unpack_rle_segments(const struct cell_form *form, const uint8_t *data,
			size_t length, struct rle_segment seg[RLE_SEGMENTS],
			struct error *err);

/* bytes: of the frame; one pad byte more is allowed.  free() the result. */
uint8_t *unpack_deflate(const uint8_t *data, size_t length, size_t bytes,
			struct error *err);

/*
 * How many bytes of data the deflate stream takes.  pad: set when it holds a
 * byte more than the frame and that is not 0.  0 with *err as
 * unpack_deflate().
 */
size_t unpack_deflate_length(const uint8_t *data, size_t length, size_t bytes,
			     bool *pad, struct error *err);

#ifdef __cplusplus
}
#endif
#endif

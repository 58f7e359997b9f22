/*
 * jpeg12.h - decodes sequential Huffman JPEG of 12 bits (ITU-T T.81, SOF1),
 * which libjpeg-turbo can't.  Coefficients come from jpeg_blocks.h; the rest
 * is the inverse DCT by its definition.
 */
#ifndef SUMI_JPEG12_H
#define SUMI_JPEG12_H

#include "image/format_jpeg.h"

/* Can jpeg12_decode() decode it? */
bool jpeg12_is_one(const struct jpeg_head *head);

/*
 * Decode to U16 samples of 12 bits: 1 grey, 3 RGB, 4 CMYK (0 is no ink).
 * Chroma is not interpolated.  Free with frame_free().  NULL with *err:
 * refused, or ERR_MEMORY.
 */
struct frame *jpeg12_decode(const uint8_t *data, size_t length,
			    const struct jpeg_head *head, struct error *err);

#endif

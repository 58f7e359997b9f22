/*
 * wipe_jpeg.h - blanks whole MCUs of one JPEG code stream, of a file or of a
 * DICOM frame, and leaves its hidden carriers out.  Samples are never decoded,
 * so every quantised coefficient outside stays exact.
 */
#ifndef SUMI_WIPE_JPEG_H
#define SUMI_WIPE_JPEG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "image/region.h"
#include "mask/mask.h"

/* What a blanked grey block decodes to, clamped: for every quantiser. */
enum jpeg_level {
	JPEG_LOW,                       /* 0 */
	JPEG_MIDDLE,                    /* 2^(P-1), P bits of precision */
	JPEG_HIGH                       /* 2^P - 1 */
};

struct jpeg_wipe {
	const struct region *region;    /* pixels; grown to whole MCUs here */
	size_t regions;                 /* 0: only carriers are cut */
	enum jpeg_level level;          /* of a grey stream; others: black */
	bool rgb;                       /* no colour transform, unless a marker
					   says otherwise (DICOM RGB) */
	bool strict;                    /* nothing made from what lay inside
					   may stay: fresh Huffman tables */
	int orientation;                /* 2 to 8: write an EXIF that has only
					   this (CIPA DC-008 4.6.4) */
};

struct jpeg_wiped {
	enum mask_method method;        /* SPLICE or COEFFICIENTS */
	bool huffman_tables;            /* tables made for this one picture,
					   masked blocks counted, stay */
	unsigned dropped;               /* enum mask_dropped */
};

/*
 * Write a copy of stream[length] (SOI to EOI; what follows is dropped) through
 * put().  Sequential, progressive and arithmetic streams keep their process.
 *
 * put   called with the pieces of the copy in order; with length 0 as a sign
 *       of life while nothing can be written yet.  False with *err stops.
 * done  filled in on success
 *
 * False with *err: refused (TRUNCATED, DAMAGED, DAMAGED_MARKER, JPEG_PROCESS,
 * PIXEL_FORM), ERR_MEMORY, or what put() said.  What was put until then is
 * rubbish; masked samples are never among it.
 */
bool jpeg_wipe(const uint8_t *stream, size_t length,
	       const struct jpeg_wipe *how,
	       bool (*put)(void *self, const void *data, size_t length,
			   struct error *err),
	       void *self, struct jpeg_wiped *done, struct error *err);

#endif

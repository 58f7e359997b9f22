/*
 * clean_stream.h - cuts out of one frame's code stream what it carries besides
 * the picture: comments, application data, wrappers, gaps and what follows its
 * end.  Entropy-coded data is not touched and no sample is decoded.  Sequential
 * and progressive JPEG is jpeg_wipe()'s; this is for the rest of DICOM.
 */
#ifndef SUMI_CLEAN_STREAM_H
#define SUMI_CLEAN_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "image/cells.h"

/* Release with cleaned_done(). */
struct cleaned {
	uint8_t *data;          /* the stream without it, of even length; NULL:
				   nothing to cut, take the bytes as they are */
	size_t length;
	unsigned dropped;       /* enum mask_dropped; 0 when data is NULL */
};

/*
 * The stream of a frame: its fragments one after the other, pad bytes included
 * (PS3.5 A.4: one zero byte where the length is odd).  False with *err:
 * refused (TRUNCATED, DAMAGED, DAMAGED_FRAME, DAMAGED_MARKER, JPEG_PROCESS) for
 * whatever is not understood, or ERR_MEMORY.
 *
 * clean_jpeg  JPEG Lossless (ITU-T T.81, SOF3) and JPEG-LS (T.87): COM, APPn
 *             (JFIF stays without thumbnail, Adobe's APP14, and HP's APP8
 *             "mrfx", which names a colour transform), tables that have no
 *             meaning there, fill bytes, and what follows EOI
 * clean_j2k   JPEG 2000 and HTJ2K: a JP2 wrapper, COM, lengths of tile parts
 *             and packets (TLM, PLM, PLT) that are wrong, and what follows EOC
 * clean_rle   gaps between segments, bytes after what a segment's plane takes
 *             and unused bytes of the header
 * clean_deflate  bytes: of the frame.  What follows the deflate stream
 */
bool clean_jpeg(const uint8_t *stream, size_t length, struct cleaned *out,
		struct error *err);
bool clean_j2k(const uint8_t *stream, size_t length, struct cleaned *out,
	       struct error *err);
bool clean_rle(const struct cell_form *form, const uint8_t *stream,
	       size_t length, struct cleaned *out, struct error *err);
bool clean_deflate(size_t bytes, const uint8_t *stream, size_t length,
		   struct cleaned *out, struct error *err);
void cleaned_done(struct cleaned *c);

#endif

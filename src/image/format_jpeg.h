/*
 * format_jpeg.h - JPEG through libjpeg-turbo: 8-bit code streams of files and
 * of DICOM fragments; and a look at the head of any JPEG or JPEG-LS stream.
 */
#ifndef SUMI_FORMAT_JPEG_H
#define SUMI_FORMAT_JPEG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "image/frame.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Frame markers (ISO/IEC 10918-1 table B.1; 14495-1 C.1.1 for JPEG-LS). */
enum { JPEG_SOF0 = 0xc0, JPEG_SOF1 = 0xc1, JPEG_SOF2 = 0xc2, JPEG_SOF3 = 0xc3,
       JPEG_SOF9 = 0xc9, JPEG_SOF10 = 0xca, JPEG_SOF55 = 0xf7 };

struct jpeg_head {
	int sof;                        /* marker byte of the frame header */
	int precision, columns, rows, components;
	int id[4];
	int h_max, v_max;               /* largest sampling factors */
	bool subsampled;
	bool adobe, jfif;               /* the marker was seen before SOF */
	bool stray;                     /* bytes stand between segments before
					   SOF (T.81 B.1.1.2 knows none) */
	int transform;                  /* of Adobe's marker */
};

/*
 * Read the markers up to the frame header.  False with *err: refused as
 * TRUNCATED, DAMAGED_MARKER, PIXEL_FORM (components) or INCONSISTENT.
 */
bool jpeg_head_read(const uint8_t *data, size_t length, struct jpeg_head *head,
		    struct error *err);

/*
 * What the scan headers of a stream say: the third byte from the end is Ss,
 * the predictor of JPEG Lossless (ISO/IEC 10918-1 B.2.3, H.1.2.1), or NEAR of
 * JPEG-LS (14495-1 C.2.3); the last one holds the point transform.
 */
struct jpeg_scans {
	int count;
	int least, largest;             /* Ss or NEAR of all scans */
	int shift;                      /* largest point transform */
};

/*
 * Read all scan headers up to EOI.  False with *err: refused as TRUNCATED,
 * DAMAGED_MARKER or, without any scan, DAMAGED.
 */
bool jpeg_scans_read(const uint8_t *data, size_t length,
		     struct jpeg_scans *scans, struct error *err);

/* Can jpeg_decode() decode it? 8 bits, sequential or progressive. */
bool jpeg_is_plain(const struct jpeg_head *head);

/*
 * Decode to U8 samples: 1 grey, 3 RGB, 4 CMYK (0 is no ink).  Chroma is not
 * interpolated, so a sample depends on its own MCU only.  rgb: the three
 * components are RGB when no marker and no component name says otherwise
 * (DICOM PhotometricInterpretation RGB).  Free with frame_free().  NULL with
 * *err: refused, or ERR_MEMORY.
 */
struct frame *jpeg_decode(const uint8_t *data, size_t length, bool rgb,
			  struct error *err);

#ifdef __cplusplus
}
#endif
#endif

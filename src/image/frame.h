/* frame.h - one decoded frame of an image: a grid of samples.  No file I/O. */
#ifndef SUMI_FRAME_H
#define SUMI_FRAME_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "image/region.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { FRAME_MAX_SIDE = 65535 };        /* VR US, DICOM PS3.3 C.7.6.3 */
#define FRAME_MAX_PIXELS 268435456LL    /* DESIGN 4 */

enum sample_type { SAMPLE_U8, SAMPLE_U16, SAMPLE_S16, SAMPLE_U32, SAMPLE_S32,
		   SAMPLE_F32, SAMPLE_F64, SAMPLE_TYPES };

/*
 * Samples lie row by row, interleaved by pixel (planar files are turned), in
 * machine byte order: sample[(y * columns + x) * samples + s].
 */
struct frame {
	int rows, columns;
	int samples;                    /* per pixel: 1 to 4 */
	enum sample_type type;
	void *sample;                   /* [rows][columns][samples], owned */
};

size_t frame_sample_size(enum sample_type type);        /* bytes */
size_t frame_bytes(const struct frame *f);

/*
 * Make a frame of zeros; columns and rows 1..65535, samples 1..4.
 * Free with frame_free().  NULL with *err ERR_RANGE or ERR_MEMORY.
 */
struct frame *frame_new(int columns, int rows, enum sample_type type,
			int samples, struct error *err);
/* The same, but with any samples: for who sets them all. */
struct frame *frame_unset(int columns, int rows, enum sample_type type,
			  int samples, struct error *err);
/* The same around samples, which are the frame's from then on. */
struct frame *frame_around(int columns, int rows, enum sample_type type,
			   int samples, void *sample, struct error *err);
void frame_free(struct frame *f);       /* NULL does nothing */

#ifdef __cplusplus
}
#endif
#endif

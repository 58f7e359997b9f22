/*
 * face.h - the two networks that find faces, behind plain C.  The only file
 * that sees OpenCV is face.cc; what their answers mean for a picture is in
 * face_boxes.h.
 *
 * RFB-320 (Linzaer, Ultra-Light-Fast-Generic-Face-Detector-1MB) and
 * BlazeFace, back camera (Bazarevsky et al., arXiv:1907.05047), both as ONNX
 * with inputs of fixed size: smaller faces are reached by smaller views.
 */
#ifndef SUMI_FACE_H
#define SUMI_FACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

#ifdef __cplusplus
extern "C" {
#endif

enum face_net { FACE_RFB, FACE_BLAZE, FACE_NETS };

/* x to the right, y down; in the unit that is said where it is used. */
struct face_point { double x, y; };

/* One answer of a network. */
struct face_hit {
	double x0, y0, x1, y1;
	double score;                   /* 0..1 */
	bool has_eyes;                  /* BlazeFace only */
	struct face_point eye[2];
};

/* Zero-initialise; release with face_hits_done(). */
struct face_hits {
	struct face_hit *hit;
	size_t count, capacity;
};
bool face_hits_add(struct face_hits *hits, const struct face_hit *hit);
void face_hits_done(struct face_hits *hits);

/*
 * What a network looks at: a rectangle of the picture, which may reach beyond
 * it (grey there for RFB, black for BlazeFace, as both were trained), turned
 * clockwise by 90 degrees `turns` times (0 to 3), then mirrored left to right
 * or not: a network answers a little otherwise to the mirrored picture.
 */
struct face_view {
	double x0, y0, x1, y1;          /* pixels of the face_picture */
	int turns;
	bool mirrored;
};

struct face_nets;

/*
 * One thread, no words on stderr.  Call before anything else of the library,
 * in the process that is forked later.
 */
void face_start(void);

/*
 * Read both networks from memory (the content of the ONNX files) and run RFB
 * once, so that a forked process sets up nothing of the library.  Free with
 * face_nets_free().  NULL with *err: ERR_INTERNAL when a file is no such
 * network, ERR_MEMORY.
 */
struct face_nets *face_nets_new(const void *const data[FACE_NETS],
				const size_t size[FACE_NETS],
				struct error *err);
void face_nets_free(struct face_nets *nets);    /* NULL does nothing */

/* A picture as the networks take it: RGB, shrunk by area. */
struct face_picture;

/*
 * pixel [rows][columns][channels], channels 1 (grey) or 3 (RGB); shrunk to
 * at most most_pixels.  Free with face_picture_free().  NULL with *err
 * ERR_MEMORY or ERR_RANGE.
 */
struct face_picture *face_picture_new(const uint8_t *pixel, int columns,
				      int rows, int channels,
				      long long most_pixels,
				      struct error *err);
void face_picture_free(struct face_picture *picture);   /* NULL: nothing */
int face_picture_columns(const struct face_picture *picture);
int face_picture_rows(const struct face_picture *picture);

/*
 * Run one network on one view: answers from `least` (0..1) on are added to
 * hits, as shares of the turned view before it was mirrored (0,0 its top left
 * corner, 1,1 its bottom right one), many to a face.  False with *err
 * ERR_MEMORY or ERR_INTERNAL.
 */
bool face_nets_run(struct face_nets *nets, enum face_net net,
		   const struct face_picture *picture,
		   const struct face_view *view, double least,
		   struct face_hits *hits, struct error *err);

/* "4.6.0": of the library that is loaded. */
const char *face_library(void);

#ifdef __cplusplus
}
#endif
#endif

/*
 * scale.h - a region of a plane stretched to another size: each pixel of the
 * result is the mean of the pixels under it, weighed by area, rounded down.  When enlarging,
 * that is the nearest pixel with smooth steps, so no pixel is lost.
 */
#ifndef SUMI_SCALE_H
#define SUMI_SCALE_H

#include "image/region.h"
#include "image/voi.h"

/* The pixels under one of the result along one axis, with their shares in
 * 1/SPAN_ONE pixel. */
enum { SPAN_ONE = 256 };
struct span { int first, last, first_weight, last_weight; };

/* Pixel i of n over [from, to). */
struct span span_of(int from, int to, int i, int n);
/* The share of pixel `at`, which lies in s. */
int span_weight(const struct span *s, int at);

/* A row of the result after another. */
struct scaler {
	const struct plane *plane;      /* borrowed */
	struct region source;           /* outside the plane is black */
	int width, height;              /* of the whole result */
	int x0, x1;                     /* columns of it that are wanted */
	struct span *across;            /* [x1 - x0], owned */
	double *inverse;                /* 1 divided by their weights, owned */
	uint32_t *sum;                  /* of columns of the source, owned */
};

/* False when there is no memory.  scaler_done() frees it in any case. */
bool scaler_init(struct scaler *s, const struct plane *plane,
		 struct region source, int width, int height, int x0, int x1);
void scaler_done(struct scaler *s);

/* Row y of the result: out[x1 - x0][channels]. */
void scaler_row(struct scaler *s, int y, uint8_t *out);
#endif

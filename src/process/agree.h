/*
 * agree.h - how far two readers of the same pictures agree: on whether
 * anything must go, on the boxes, and on the tiles under them.
 */
#ifndef SUMI_AGREE_H
#define SUMI_AGREE_H

#include "base/statistics.h"
#include "record/masks.h"

enum {
	AGREE_TILE = 16,                /* pixels */
	/* pictures that coefficients of agreement are told from: twice the
	 * square of the number of categories, here two (Cicchetti, Appl.
	 * Psychol. Meas. 5 (1981) 101) */
	AGREE_LEAST = 8,
};

/* Sums over pictures.  Start from zeros. */
struct agree {
	struct agreement pictures;      /* has a mask or not */
	/* each box in each of its frames: IoU >= .5 there */
	long boxes_both, boxes_first, boxes_second;
	struct agreement tiles;         /* masked or not, in each frame */
	long missed;                    /* pictures where the second marked
					   what the first leaves */
};

/*
 * Add a picture of columns x rows pixels and so many frames.  first: as decided, second: as
 * marked by the other; only what is masked counts.  *missed: the second
 * marked a box that the masks of the first cover by less than 80 % in one of
 * its frames.  False: no memory.
 */
bool agree_add(struct agree *a, int columns, int rows, int frames,
	       const struct masks *first, const struct masks *second,
	       bool *missed);

/* Pictures that both read. */
long agree_compared(const struct agree *a);

/* 2 * both / (first + second), of the boxes; 1 when there is none. */
double agree_dice(const struct agree *a);
#endif

/*
 * backdrop.h - what letters are burned into: made by rule, copied from
 * nothing.  Anatomy of a sort, noise, stripes, edges, and the marks that
 * screens carry and that are no text: scales, grids, colour bars, curves.
 */
#ifndef SUMI_BURNIN_BACKDROP_H
#define SUMI_BURNIN_BACKDROP_H

#include <stdbool.h>

#include "bench/burnin/dice.h"
#include "bench/burnin/picture.h"

struct backdrop {
	const char *name;
	const char *modality;           /* DICOM CS */
	bool colour;                    /* needs three samples */
	bool deep;                      /* may be stored in 16 bits */
	int weight;                     /* in a draw */
	int least, most;                /* pixels of a side */
	void (*paint)(struct picture *p, struct dice *d);
};

/* The row with no name is the last. */
extern const struct backdrop backdrops[];

#endif

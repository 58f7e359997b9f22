/*
 * smooth.h - takes masks out of what the detectors look at: their area goes
 * over smoothly into what is around it, so that it has no edge and only what
 * was left beside it is found.  The picture itself is never changed so.
 */
#ifndef SUMI_SMOOTH_H
#define SUMI_SMOOTH_H

#include <stddef.h>

#include "image/frame.h"
#include "image/region.h"
#include "ocr/views.h"

/*
 * Fill regions of a frame from the samples around them: means of the known
 * samples are pulled to ever coarser levels, and where a level knows nothing
 * the next coarser one is pushed back (Gortler et al., The Lumigraph, 1996).
 * What lies in one of the regions counts as unknown in all.  A frame that is
 * covered wholly stays as it is: it is one constant.
 *
 * Samples must be values of one scale, no indices of a palette.  False with
 * *err ERR_MEMORY.
 */
bool smooth_regions(struct frame *f, const struct region *region,
		    size_t regions, struct error *err);

/* The same in each of the views. */
bool smooth_views(struct views *views, const struct region *region,
		  size_t regions, struct error *err);

#endif

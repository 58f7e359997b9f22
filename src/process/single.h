/*
 * single.h - masks or verifies one file without a screen (DESIGN 5.2, 5.5).
 * No models are needed: each step runs in a locked process forked for it, and
 * an output gets its name only after a fresh one has verified it.
 */
#ifndef SUMI_SINGLE_H
#define SUMI_SINGLE_H

#include <stdbool.h>

#include "mask/mask.h"
#include "process/batch.h"

struct single_options {
	const char *in, *out;
	const char **box;               /* X,Y,W,H[@F[-L]]; frames from 1 */
	int box_count;
	const char *boxes;              /* a file of proposals, or NULL */
	bool clean;                     /* no box: carriers and tags only */
	bool strict_residue;            /* mask: see struct mask_job */
	enum tag_profile profile;
	const char *key;                /* a file of 32 bytes, or NULL */
	bool exact;                     /* boxes of a lossy file don't grow */
	bool timings;
};

/*
 * Write the masked copy and print its report, one line, to out_fd.  Returns
 * the exit status of DESIGN 4; the output is there only when it is 0.
 */
int single_mask(const struct single_options *options, int out_fd,
		const struct batch_talk *talk);

/* Check options->out against options->in and the boxes; two lines. */
int single_verify(const struct single_options *options, int out_fd,
		  const struct batch_talk *talk);

#endif

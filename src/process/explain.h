/*
 * explain.h - what would become of each attribute of one DICOM file, and why
 * (the command tags).  The file is read by a locked process; nothing is
 * written, and no value is told unless asked for.
 */
#ifndef SUMI_EXPLAIN_H
#define SUMI_EXPLAIN_H

#include <stdbool.h>
#include <stdio.h>

#include "mask/mask.h"
#include "process/batch.h"

struct explain_options {
	const char *file;
	enum tag_profile profile;
	bool values;                    /* tell the values too */
};

/*
 * Print a line an attribute to out: where it is, "(0008,1140)[1].(0008,1155)"
 * with items from 1; VR; what is done (keep drop empty shift map month cap
 * pseudonym dummy, set); why (tags_rule() in mask/tags.h, or "statement" for
 * what a copy says after a verdict); keyword; the value when asked for, as a
 * JSON string.  Separated by tabs.  Returns the exit status of DESIGN 4.
 */
int explain_tags(const struct explain_options *options, FILE *out,
		 const struct batch_talk *talk);

#endif

/*
 * stored.h - what was found in a file, as the worklist keeps it (an opaque
 * blob to src/record): a later session need not detect again.  Recognised text
 * is left out.
 */
#ifndef SUMI_STORED_H
#define SUMI_STORED_H

#include "base/mem.h"
#include "find/proposal.h"
#include "image/image.h"
#include "process/wire.h"
#include "record/project.h"

/* Of which file, and who found it under which rules. */
struct stored_origin {
	uint8_t sha256[32];
	char by[64];                    /* workers_by() */
	char policy[17];                /* struct policy, id */
	int columns, rows, frames;
};

/* A struct box as bytes (wire.h): all but the text. */
extern const struct wire_table stored_box;

/* Append proposals to out; false without memory. */
bool stored_pack(const struct stored_origin *origin,
		 const struct proposals *p, struct buffer *out);

/*
 * Read them back; p is released with proposals_done().  Every number is
 * checked as those of a worker are.  False when there are none, or they are
 * damaged, or made by another version of the format: detect again.
 */
bool stored_unpack(const struct buffer *blob, struct stored_origin *origin,
		   struct proposals *p);

/* The same from the worklist. */
bool stored_load(struct project *project, long long row,
		 struct stored_origin *origin, struct proposals *p);

#endif

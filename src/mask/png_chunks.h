/*
 * png_chunks.h - which chunks of a PNG file go into its masked copy: those of
 * a few numbers as they stand, when they are in range and in their place; what
 * else there is, by name.  No libpng.
 */
#ifndef SUMI_PNG_CHUNKS_H
#define SUMI_PNG_CHUNKS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* gAMA cHRM sRGB cICP sBIT stand before PLTE, bKGD and pHYs after it. */
enum png_plain { PNG_GAMA, PNG_CHRM, PNG_SRGB, PNG_CICP, PNG_SBIT, PNG_BKGD,
		 PNG_PHYS, PNG_PLAINS };
enum { PNG_PLAIN_MAX = 32, PNG_PLAIN_AFTER = PNG_BKGD };

struct png_chunks {
	int depth, colour;              /* of IHDR, not judged */
	struct {
		size_t length;          /* 0: not there, or not to be kept */
		unsigned char data[PNG_PLAIN_MAX];
	} plain[PNG_PLAINS];
	bool has_profile, has_alpha;    /* there is an iCCP, a tRNS */
	long long data_end;             /* after the last IDAT with content */
	unsigned dropped;               /* enum mask_dropped */
};

extern const char png_plain_type[PNG_PLAINS][5];        /* "gAMA" ... */

/*
 * Walk the chunks behind fd to IEND.  False with *err: refused as truncated,
 * or as damaged when tRNS is there twice.
 * Check sums are left to whom reads the pixels.
 */
bool png_chunks_list(int fd, struct png_chunks *chunks, struct error *err);

#endif

/*
 * make_stream.h - sequential Huffman JPEG streams of random coefficients, 8 or
 * 12 bit, any sampling, scans and tables: by an encoder of the tests' own, so
 * that every coefficient is known.
 */
#ifndef SUMI_TESTS_MAKE_STREAM_H
#define SUMI_TESTS_MAKE_STREAM_H

#include <stdint.h>

#include "base/mem.h"
#include "image/region.h"

enum stream_tables {
	STREAM_STANDARD,                /* T.81 K.3; 8 bit only */
	STREAM_FLAT,                    /* all symbols, codes equally long */
	STREAM_SPARSE,                  /* DC categories that occur, no more */
	STREAM_FULL                     /* no end of block, and no room */
};
enum { STREAM_COMPONENTS = 4, STREAM_BLOCK = 64 };

struct stream_spec {
	int precision, columns, rows, components;
	int h[STREAM_COMPONENTS], v[STREAM_COMPONENTS];
	const char *scans;              /* "012", "0,1,2", "0,12" */
	int restart;                    /* MCUs, 0 none */
	enum stream_tables tables;
	int quantiser;                  /* of DC */
	bool full;                      /* every coefficient is there */
};

struct stream {
	const struct stream_spec *spec;
	int mcu_width, mcu_height;      /* pixels */
	int across[STREAM_COMPONENTS];  /* blocks of a row, filling too */
	int down[STREAM_COMPONENTS];
	/* [down][across][STREAM_BLOCK], zigzag order */
	int16_t *block[STREAM_COMPONENTS];
	struct buffer bytes;
};

/*
 * Coefficients from the seed; those of MCUs that touch twin from another one,
 * so that two streams differ there and nowhere else.  stream_done() releases.
 */
void stream_make(struct stream *stream, const struct stream_spec *spec,
		 uint32_t seed, struct region twin, uint32_t twin_seed);
void stream_done(struct stream *stream);

#endif

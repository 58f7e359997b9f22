/*
 * unpng.h - reads PNG files without libpng: chunks, filters and interlacing by
 * the specification, so that what libpng writes is judged by something else.
 * And puts chunks into files.
 */
#ifndef SUMI_TESTS_UNPNG_H
#define SUMI_TESTS_UNPNG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct unpng {
	int columns, rows, depth, colour, interlaced;
	int samples;                    /* per pixel */
	uint16_t *sample;               /* [rows][columns][samples] */
	int entries, alphas;            /* of PLTE, tRNS */
	uint8_t palette[256][4];        /* red, green, blue, alpha */
	uint16_t key[3];                /* tRNS when pixels are no entries */
	bool has_key;
	unsigned spare_bits;            /* after the last pixels of rows: OR */
	size_t left_over;               /* unpacked bytes after the last row,
					   packed ones after the stream */
};

/* Fails the test when it is no whole PNG.  unpng_done() releases. */
void unpng_read(int fd, struct unpng *png);
void unpng_done(struct unpng *png);

/* How many chunks of a type; *data (may be NULL) is a copy of the last. */
int unpng_chunks(int fd, const char *type, uint8_t **data, size_t *length);

/*
 * A new file: that of fd with a chunk before the first chunk of type `before`,
 * or after the last IDAT if that is "IEND".
 */
int unpng_with(int fd, const char *before, const char *type, const void *data,
	       size_t length);

/*
 * A new file whose chunks of a type are changed: each becomes one with this
 * content.
 */
int unpng_replace(int fd, const char *type, const void *data, size_t length);

/*
 * A file of its own: IHDR (interlaced 0), the rows as they are packed, each
 * with its filter type first, IEND.
 */
int unpng_make(int columns, int rows, int depth, int colour,
	       const void *rows_packed, size_t length);

#endif

/*
 * deflate.h - one long raw deflate stream (RFC 1951), made or read piece by
 * piece, as the data set of a deflated DICOM file is (PS3.5 A.5): memory does
 * not grow with it.
 */
#ifndef SUMI_DEFLATE_H
#define SUMI_DEFLATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* ---- making ---- */

struct deflater;

/*
 * The stream goes to put(), which returns false with *err when it can't take
 * it.  Free with deflater_free().  NULL with *err ERR_MEMORY.
 */
struct deflater *deflater_new(bool (*put)(void *self, const void *data,
					  size_t length, struct error *err),
			      void *self, struct error *err);
void deflater_free(struct deflater *d);         /* NULL does nothing */

/* False with *err that of put(). */
bool deflater_add(struct deflater *d, const void *data, size_t length,
		  struct error *err);

/* What is left, and a byte of 0 when the stream is odd.  Once, at the end. */
bool deflater_end(struct deflater *d, struct error *err);

/* ---- reading ---- */

struct inflater;

/*
 * Of the stream that begins at offset of the file behind fd (read with
 * pread(), not closed).  Free with inflater_free().  NULL with *err
 * ERR_MEMORY.
 */
struct inflater *inflater_new(int fd, long long offset, struct error *err);
void inflater_free(struct inflater *i);         /* NULL does nothing */

/*
 * Up to length bytes into out; *got is less than length only at the end of
 * the stream.  False with *err: refused as DAMAGED, TRUNCATED or UNREADABLE.
 */
bool inflater_read(struct inflater *i, void *out, size_t length, size_t *got,
		   struct error *err);

/* Once *got was less: the offset in the file right after the stream. */
long long inflater_end(const struct inflater *i);

#endif

/*
 * recode_jpeg.h - writes a sequential Huffman JPEG with blanked MCUs anew: the
 * same coefficients, tables made for them.  Nothing of the copy depends on
 * what lay under a mask.
 */
#ifndef SUMI_RECODE_JPEG_H
#define SUMI_RECODE_JPEG_H

#include "mask/jpeg_fill.h"
#include "mask/jpeg_parts.h"
#include "mask/wipe_jpeg.h"

/* Write the copy through put(), see jpeg_wipe(); parts are spliceable. */
bool jpeg_recode(const struct jpeg_parts *parts, const struct jpeg_fill *fill,
		 const struct jpeg_wipe *how,
		 bool (*put)(void *self, const void *data, size_t length,
			     struct error *err),
		 void *self, struct error *err);

#endif

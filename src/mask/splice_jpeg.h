/*
 * splice_jpeg.h - blanks MCUs of a sequential Huffman JPEG in its bits: those
 * outside are copied as they are, but for one DC difference a component where
 * a blanked run ends; or, for strict, every symbol is written anew.
 */
#ifndef SUMI_SPLICE_JPEG_H
#define SUMI_SPLICE_JPEG_H

#include "mask/jpeg_fill.h"
#include "mask/jpeg_parts.h"
#include "mask/wipe_jpeg.h"

/*
 * Write the copy through put(), see jpeg_wipe(); parts are spliceable.  Sets
 * done->method and done->huffman_tables.
 */
bool jpeg_splice(const struct jpeg_parts *parts, const struct jpeg_fill *fill,
		 const struct jpeg_wipe *how,
		 bool (*put)(void *self, const void *data, size_t length,
			     struct error *err),
		 void *self, struct jpeg_wiped *done, struct error *err);

#endif

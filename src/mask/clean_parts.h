/* clean_parts.h - what clean_stream.c and clean_j2k.c share; private to them. */
#ifndef SUMI_CLEAN_PARTS_H
#define SUMI_CLEAN_PARTS_H

#include "base/mem.h"
#include "mask/clean_stream.h"

/* Does nothing follow stream[used] but the pad byte of an odd length? */
bool clean_is_pad(const uint8_t *stream, size_t used, size_t length);

/*
 * Hand what was kept to *out when something was dropped, else release it.
 * False with *err ERR_MEMORY.
 */
bool clean_finish(struct buffer *kept, unsigned dropped, struct cleaned *out,
		  struct error *err);

#endif

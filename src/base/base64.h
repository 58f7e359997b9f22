/* base64.h - base64 with padding (RFC 4648 section 4), out and strictly in. */
#ifndef SUMI_BASE64_H
#define SUMI_BASE64_H

#include "base/mem.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Append size bytes as text. */
void base64_put(struct buffer *out, const void *bytes, size_t size);

/*
 * Back again: length characters into at most `most` bytes.  Returns how many
 * bytes; -1 when it is not exactly what base64_put() writes, or too long.
 */
long base64_get(const char *text, size_t length, uint8_t *bytes, size_t most);

#ifdef __cplusplus
}
#endif
#endif

/*
 * charset.h - DICOM character sets (PS3.3 C.12.1.1.2, PS3.5 section 6) to
 * clean UTF-8, by an own ISO 2022 reader over glibc's converters.
 */
#ifndef SUMI_CHARSET_H
#define SUMI_CHARSET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/mem.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Load the converters; afterwards nothing is opened.  They stay loaded until
 * the program ends.  Call once, before the first fork or sandbox.  False with
 * ERR_INTERNAL naming the converter that glibc lacks.
 */
bool charset_warm_up(struct error *err);

/*
 * Append value[length] to out as UTF-8 with charset_clean_append().
 * specific: the value of (0008,0005), terms joined by '\\'; NULL or "" when
 * absent: then ASCII, and bytes above it are taken as UTF-8 or else as Shift
 * JIS (CP932) when they are valid in it.  What can't be converted becomes
 * U+FFFD.  Failure of memory shows in out->failed.
 */
void charset_decode(const char *specific, const char *value, size_t length,
		    struct buffer *out);

/*
 * Append UTF-8 text without what could steer a terminal or a reader: control
 * characters (TAB, CR, LF and FF become a space), bidi controls, other
 * invisible format characters.  Malformed UTF-8 becomes U+FFFD.
 */
void charset_clean_append(struct buffer *out, const char *text, size_t length);

#ifdef __cplusplus
}
#endif
#endif

/*
 * lut.h - the data of look-up tables and palettes as DICOM stores them (PS3.3
 * C.7.6.3.1.5, C.7.6.3.1.6, C.7.9.2), as plain tables.  No I/O.
 */
#ifndef SUMI_LUT_H
#define SUMI_LUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * table[entries] from words[count]: one entry a word, or two of 8 bits a word
 * (low byte first) when there are only half as many.  False when there are
 * fewer.
 */
bool lut_take(const uint16_t *words, size_t count, uint16_t *table,
	      size_t entries);

/*
 * table[entries] from segments: discrete values, lines, and segments to be
 * used again.  bits: 8, then segments are bytes in words[], or more.  False
 * when they make no sense or do not fill the table exactly.
 */
bool lut_expand(const uint16_t *words, size_t count, int bits,
		uint16_t *table, size_t entries);

#ifdef __cplusplus
}
#endif
#endif

/* make_dicom.h - small DICOM files for the tests, byte by byte. */
#ifndef SUMI_TESTS_MAKE_DICOM_H
#define SUMI_TESTS_MAKE_DICOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"

/* Zero-initialise but for big_endian and implicit; buffer_done() releases. */
struct dicom_maker {
	struct buffer out;
	bool big_endian, implicit;
};

/* Preamble, "DICM" and a meta header with this transfer syntax. */
void make_begin(struct dicom_maker *m, const char *syntax);
void make_bytes(struct dicom_maker *m, uint32_t tag, const char *vr,
		const void *data, size_t length);
/* Padded to even with a space, or a NUL for UI. */
void make_text(struct dicom_maker *m, uint32_t tag, const char *vr,
	       const char *text);
void make_us(struct dicom_maker *m, uint32_t tag, int value);
/* Rows, Columns ... of the Image Pixel module. */
void make_pixel_module(struct dicom_maker *m, int columns, int rows,
		       int samples, const char *photometric, int allocated,
		       int stored, int is_signed);
/* An item of these bytes (elements made by another maker); and a sequence of
 * such items; and one with a single item. */
void make_part(struct dicom_maker *m, const struct dicom_maker *item);
void make_sequence(struct dicom_maker *m, uint32_t tag,
		   const struct dicom_maker *items);
void make_item(struct dicom_maker *m, uint32_t tag,
	       const struct dicom_maker *item);
/* Encapsulated pixels: begin, fragments, end. */
void make_fragments_begin(struct dicom_maker *m);
/* The same with offsets in the table; 0 of them is an empty one. */
void make_fragments_table(struct dicom_maker *m, const uint32_t *offset,
			  size_t offsets);
void make_fragment(struct dicom_maker *m, const void *data, size_t length);
void make_fragments_end(struct dicom_maker *m);

/* A descriptor of an unnamed file with these bytes, at its start. */
int make_file(const void *data, size_t length);

#endif

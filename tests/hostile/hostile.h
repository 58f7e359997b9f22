/*
 * hostile.h - the hostile set: files that lie, burst, cut off, loop or talk to
 * the terminal, each with what the program must say about it.
 */
#ifndef SUMI_TESTS_HOSTILE_H
#define SUMI_TESTS_HOSTILE_H

#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"
#include "tests/make_dicom.h"

/* Explicit little endian; deflated; RLE; JPEG baseline; JPEG 2000 lossless */
#define EXPLICIT "1.2.840.10008.1.2.1"
#define DEFLATED "1.2.840.10008.1.2.1.99"
#define RLE "1.2.840.10008.1.2.5"
#define BASELINE "1.2.840.10008.1.2.4.50"
#define J2K "1.2.840.10008.1.2.4.90"
#define FRAME_DEFLATE "1.2.840.10008.1.2.8.1"

/* The rows that follow belong to this class. */
void hostile_class(const char *name);
/*
 * Write a file and print its row.  code: what propose says, COLUMNSxROWSx
 * FRAMES or a refusal code, and mask too; CODE/MASK where mask, whose readers
 * of compressed streams are others, says something else.  Of a DICOMDIR one
 * code a record, commas between them, CODE*N for N times; none without any.
 */
void hostile_put(const char *name, const void *data, size_t length,
		 const char *code);
/* The same of m, which is released. */
void hostile_dicom(const char *name, struct dicom_maker *m, const char *code);
/* Print the row of something that is made already. */
void hostile_row(const char *name, const char *code);

/* Attributes of a grey picture of 8 bits up to the pixels. */
void grey_module(struct dicom_maker *m, const char *syntax, int columns,
		 int rows, const char *frames);
/* A whole sound picture of 8 x 8 in this form, without a patient. */
void sound_picture(struct dicom_maker *m);

void put_be32(uint8_t *to, unsigned long value);

/* ---- one file each ---- */
void hostile_png(void);         /* bombs, sizes, cuts */
void hostile_jpeg(void);
void hostile_data_sets(void);   /* elements, lengths, parts of DICOM */
void hostile_frames(void);      /* encapsulated pixels */
void hostile_strings(void);     /* escape sequences in values and names */
void hostile_places(void);      /* FIFOs, links, many marks */
void hostile_dicomdir(void);    /* records that lead elsewhere; in media/ */
#endif

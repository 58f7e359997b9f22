/* sample.h - what a sample picture shows and how it is written. */
#ifndef SUMI_SAMPLES_SAMPLE_H
#define SUMI_SAMPLES_SAMPLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/mem.h"
#include "samples/draw.h"

/* A line of text burned in; kind, class and role are words of the truth. */
struct line {
	int frame;
	int x, y, size;         /* pixels */
	struct colour ink;
	const char *kind, *class, *role;
	const char *text;       /* UTF-8 */
};

/* Attributes of a DICOM sample; texts are bytes in its character set. */
struct header {
	const char *sop_class, *modality, *charset;
	const char *patient_name, *patient_id, *birth_date, *sex, *age;
	const char *study_date, *study_time, *accession, *institution;
	const char *manufacturer, *photometric;
	int bits_stored;
	bool is_signed;
	const char *window_center, *window_width;       /* NULL: none */
};

struct sample {
	const char *name;
	int columns, rows, frames;
	int samples;            /* per pixel */
	void (*paint)(struct canvas *c, int frame);
	struct line lines[12];
	const struct header *header;    /* NULL: no DICOM */
	bool (*encode)(const struct sample *s, const struct canvas *frame,
		       struct buffer *out);
};

bool encode_dicom(const struct sample *s, const struct canvas *frame,
		  struct buffer *out);
bool encode_png(const struct sample *s, const struct canvas *frame,
		struct buffer *out);
bool encode_jpeg(const struct sample *s, const struct canvas *frame,
		 struct buffer *out);

/* The tables of the pictures; the row with no name is the last. */
extern const struct sample samples[];

#endif

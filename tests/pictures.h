/*
 * pictures.h - small pictures of every form, made in memory from a seed, for
 * the tests of masking.  Descriptors are the caller's to close.
 */
#ifndef SUMI_TESTS_PICTURES_H
#define SUMI_TESTS_PICTURES_H

#include <stdbool.h>
#include <stdint.h>

#include "mask/mask.h"
#include "mask/verify.h"

/* xorshift32 (Marsaglia 2003); the state must not be 0. */
uint32_t random_next(uint32_t *state);
/* 0..limit-1 */
int random_below(uint32_t *state, int limit);

/*
 * Noise from seed; the pixels of twin come from another seed, so that two
 * pictures differ there and nowhere else.
 */
struct noise {
	uint32_t seed;
	struct region twin;             /* empty: none */
	uint32_t twin_seed;
};

struct png_spec {
	int columns, rows, depth;
	int colour;                     /* PNG_COLOR_TYPE_* */
	bool interlaced;
	bool clear;                     /* some alpha 0, or palette entries */
	bool extras;                    /* text, time, EXIF, private chunk,
					   bytes after the end */
};
int make_png(const struct png_spec *spec, const struct noise *noise);

enum jpeg_kind { JPEG_GREY, JPEG_YCC, JPEG_RGB, JPEG_CMYK, JPEG_YCCK,
		 JPEG_CMYK_PLAIN };
struct jpeg_spec {
	int columns, rows;
	enum jpeg_kind kind;
	int h, v;                       /* sampling of the first component */
	int quality;
	bool progressive, arithmetic;
	int restart;                    /* MCUs, 0 none */
	bool optimize;
	bool extras;                    /* EXIF with thumbnail and orientation
					   6, XMP, comment, ICC, trailer */
};
int make_jpeg(const struct jpeg_spec *spec, const struct noise *noise);

enum dicom_order { DICOM_EXPLICIT, DICOM_IMPLICIT, DICOM_BIG, DICOM_DEFLATED,
		   DICOM_GE };
/* How a palette stands in the file.  The darkest entry is 96 in all. */
enum dicom_palette { PALETTE_8, PALETTE_16, PALETTE_SEGMENTS };
struct dicom_spec {
	int columns, rows, frames, samples;
	int allocated, stored, high;
	bool is_signed, planar;
	const char *photometric;        /* "YBR_FULL_422" too */
	enum dicom_order order;
	bool is_float;                  /* 32 or 64 bits allocated */
	const char *window;             /* "centre\\width" or NULL */
	int padding;                    /* PixelPaddingValue, 0: none */
	double float_padding;           /* of float pixels, 0: none */
	enum dicom_palette palette;
	bool stray_bits;                /* noise in the unused bits */
	bool extras;                    /* preamble, overlay, icon, private,
					   original attributes, trailing
					   padding: each with PLANTED */
};
int make_dicom_picture(const struct dicom_spec *spec,
		       const struct noise *noise);

/* A descriptor of an empty file in memory. */
int memory_file(void);
/* The whole file behind fd; free() it. */
unsigned char *slurp(int fd, size_t *length);
/* The data set of a deflated DICOM file, inflated; free() it. */
unsigned char *slurp_inflated(int fd, size_t *length);
/* A file in memory with these bytes. */
int memory_of(const void *data, size_t length);

extern const struct mask_job test_job;

/* A list of one box in all frames (0 to frames - 1). */
struct box_list one_box(struct box *box, struct region region, int frames);

/*
 * Mask fd and verify the result; fails the test when either does.  Returns the
 * output.
 */
int mask_and_verify(int fd, const struct box_list *boxes,
		    struct mask_report *report);
bool same_files(int a, int b);

/*
 * Each of the first `end` bytes cut off: refused, never guessed.  The first 700
 * are tried `fine` apart, the rest `coarse`.
 */
void check_cuts(int fd, const struct box_list *boxes, size_t end, size_t fine,
		size_t coarse);
/* A full disk at forty sizes of the output: an error to write each time. */
void check_full_disk(int fd, const struct box_list *boxes);

#endif

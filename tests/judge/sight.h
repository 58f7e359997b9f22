/*
 * sight.h - pictures as others see them: a reader of DICOM, PNG and JPEG that
 * shares no code with src/, so that it can judge what src/ writes.  Code
 * streams are decoded here, by ffmpeg, by programs of DCMTK, GDCM and OpenJPEG
 * and by libjpeg-turbo.  A program of the tests: it ends with a message when a
 * file is not what it should be.
 */
#ifndef SUMI_TESTS_SIGHT_H
#define SUMI_TESTS_SIGHT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bytes {
	unsigned char *data;            /* owned */
	size_t length;
};

/* Ends the program with this message. */
void die(const char *format, ...) __attribute__((noreturn, format(printf, 1,
								  2)));
void *need(size_t count, size_t size);  /* zeroed memory, or the end */
struct bytes bytes_of_file(const char *path);
void bytes_to_file(const char *path, const void *data, size_t length);
/* Zlib data (window 15) or a bare deflate stream (window -15).  With *used
   not NULL: how much of the input belonged to it.  Length 0 when damaged. */
struct bytes bytes_inflate(const void *data, size_t length, int window,
			   size_t *used);

enum { MAX_ATTRIBUTES = 4096 };

/* An element of the data set, in the order of the file; an item is one with
   the tag FFFEE000 and the depth of its elements. */
struct attribute {
	uint32_t tag;
	int depth;                      /* 0 top level */
	char vr[3];                     /* "" when implicit */
	const unsigned char *value;     /* NULL for sequences */
	size_t length;
};

struct fragment {
	const unsigned char *data;
	size_t length;
};

enum codec { CODEC_NATIVE, CODEC_RLE, CODEC_DEFLATE, CODEC_JPEG,
	     CODEC_JPEG_LOSSLESS, CODEC_JPEG_LS, CODEC_J2K, CODEC_PNG };

struct sight {
	struct bytes file, inflated;
	bool dicom, big_endian, implicit;
	char syntax[72];                /* "png", "jpeg" for these */
	struct attribute *attribute;
	size_t attributes;
	int columns, rows, frames, samples;
	int allocated, stored, high;
	bool is_signed, planar, pairs, real;
	char photometric[20];
	const unsigned char *native;    /* the pixel value, NULL: fragments */
	size_t native_length;
	size_t data_end;                /* where the data set ends */
	struct fragment *fragment;      /* without the offset table */
	size_t fragments;
	struct fragment offsets;        /* the basic offset table */
	enum codec codec;
	int precision, mcu_columns, mcu_rows;   /* of the first stream */
	int components, process;        /* its number of components; SOFn */
	bool subsampled, reversible, high_throughput;
	bool stream_signed;             /* JPEG 2000: its samples are */
	bool adobe, jfif;               /* JPEG: an APP14, APP0 stands there */
	int transform;                  /* its colour transform, -1 */
	char ids[4];                    /* the ids of its components */
	/* PNG */
	int depth, colour;
	unsigned char palette[256 * 4]; /* RGBA */
	int entries;
	bool interlaced;
};

/* Reads path; never NULL.  No pixels: columns is 0. */
struct sight *sight_of(const char *path);
void sight_free(struct sight *s);

/* The first element with this tag at the top level; NULL when there is none.
   anywhere: or nested. */
const struct attribute *sight_find(const struct sight *s, uint32_t tag,
				   bool anywhere);
/* Number number index of its value: US, SS, IS or DS. */
bool sight_number(const struct sight *s, uint32_t tag, bool anywhere,
		  double *number);
bool sight_is(const struct sight *s, uint32_t tag, const char *text);
/* The fragments of a frame are numbers *first to *last - 1. */
void sight_fragments(const struct sight *s, int frame, size_t *first,
		     size_t *last);

/* The code stream of a frame, its fragments one after the other. */
struct bytes sight_stream(const struct sight *s, int frame);

/*
 * The stored values of a frame: [rows][columns][samples], sign-extended; a
 * double is two samples.  Free with free().  *by names the decoder.  stray, if
 * not NULL: how many cells have a bit set that they must not.
 */
uint32_t *sight_frame(const struct sight *s, int frame, const char **by,
		      size_t *stray);

/* sight_stream.c: decode a code stream; as sight_frame(). */
uint32_t *decode_stream(const struct sight *s, struct bytes stream,
			const char **by);
/* sight_lossless.c: JPEG Lossless */
uint32_t *decode_lossless(const struct sight *s, struct bytes stream);
/* sight_png.c */
void sight_png_header(struct sight *s);
uint32_t *sight_png(const struct sight *s);

/*
 * sight_jpeg.c: compare two sequential, progressive or arithmetic streams of
 * 8 bits.  inside [rows][columns]: not 0 where the fill must be; whole MCUs.
 * Returns how many coefficients outside differ; *wrong: how many blocks inside
 * are not flat.  Other tables, another form or a warning end the program.
 */
size_t compare_coefficients(struct bytes in, struct bytes out,
			    const unsigned char *inside, int columns, int rows,
			    size_t *wrong);
/* Without colour conversion or interpolation: [rows][columns][samples]. */
uint32_t *decode_jpeg(struct bytes stream, int *columns, int *rows,
		      int *samples);
#endif

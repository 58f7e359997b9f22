/*
 * jpeg_parts.h - what a JPEG code stream is made of (ITU-T T.81 Annex B): its
 * frame, tables and scans with their restart intervals, and which segments
 * carry something besides the picture.  Reads no entropy-coded bit.
 */
#ifndef SUMI_JPEG_PARTS_H
#define SUMI_JPEG_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/mem.h"
#include "mask/jpeg_huffman.h"

enum { JPEG_PARTS_COMPONENTS = 4 };

enum jpeg_colour { JPEG_IS_GREY, JPEG_IS_RGB, JPEG_IS_YCC, JPEG_IS_CMYK,
		   JPEG_IS_YCCK };

struct jpeg_frame {
	int marker;                     /* SOFn */
	int precision, columns, rows, components;
	int mcu_columns, mcu_rows;      /* MCUs in the picture */
	int mcu_width, mcu_height;      /* pixels of one */
	struct {
		int id, quantiser;      /* Ci, Tqi */
		int h, v;               /* blocks of an MCU */
		int block_columns, block_rows;  /* without the MCU's filling */
	} component[JPEG_PARTS_COMPONENTS];
};

/* Entropy-coded bytes between two markers, as they lie in the stream. */
struct jpeg_interval {
	size_t begin, end;
};

struct jpeg_scan {
	int components;
	struct {
		int index;              /* in the frame */
		size_t dc, ac;          /* index of the table in force */
		int quantiser;          /* of DC, 1..65535 */
	} component[JPEG_PARTS_COMPONENTS];
	size_t restart;                 /* MCUs an interval; 0: all */
	size_t mcus;
	size_t first_interval, intervals;
};

/* What follows the APPn and COM segments, in order. */
struct jpeg_piece {
	enum { JPEG_COPY, JPEG_TABLES, JPEG_QUANTISER, JPEG_SCAN } what;
	size_t begin, end;              /* the segment, its marker included;
					   a quantiser's table from Pq on */
	size_t first, count;            /* tables, or the scan */
};

struct jpeg_parts {
	const uint8_t *stream;
	size_t length;
	struct jpeg_frame frame;
	bool spliceable;                /* sequential Huffman: the lists below
					   are filled in */
	bool jfif, adobe;
	enum jpeg_colour colour;        /* as decoders take it */
	struct buffer segments;         /* JFIF, Adobe and ICC to write */
	unsigned dropped;               /* enum mask_dropped */
	struct jpeg_piece *piece;
	size_t pieces, piece_capacity;
	struct jpeg_huffman *table;
	size_t tables, table_capacity;
	struct jpeg_scan *scan;
	size_t scans, scan_capacity;
	struct jpeg_interval *interval;
	size_t intervals, interval_capacity;
};

/*
 * Read stream[length], which must outlive the parts.  rgb: see struct
 * jpeg_wipe.  False with *err: refused, or ERR_MEMORY.  Release with
 * jpeg_parts_done() in any case.
 */
bool jpeg_parts_read(struct jpeg_parts *parts, const uint8_t *stream,
		     size_t length, bool rgb, struct error *err);
void jpeg_parts_done(struct jpeg_parts *parts);

/* Does a scan name this Huffman table? */
bool jpeg_parts_uses(const struct jpeg_parts *parts, size_t table);

#endif

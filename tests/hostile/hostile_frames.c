/* hostile_frames.c - encapsulated pixels of the hostile set. */
#include "config.h"

#include "tests/hostile/hostile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "image/pack.h"
#include "tests/streams.h"

static const uint8_t pixels[64];

static void raw(struct dicom_maker *m, unsigned element, uint32_t length)
{
	uint8_t b[8] = { 0xfe, 0xff, (uint8_t)element,
			 (uint8_t)(element >> 8), (uint8_t)length,
			 (uint8_t)(length >> 8), (uint8_t)(length >> 16),
			 (uint8_t)(length >> 24) };

	buffer_append(&m->out, b, sizeof(b));
}

/* One RLE frame of 8 x 8 zeros: head and a run. */
static size_t rle(uint8_t *frame)
{
	memset(frame, 0, 64);
	frame[0] = 1;
	frame[4] = 64;
	frame[64] = (uint8_t)(257 - 64);
	frame[65] = 0;
	return 66;
}

static void begin(struct dicom_maker *m, const char *frames)
{
	grey_module(m, RLE, 8, 8, frames);
}

/* What follows the empty offset table. */
enum part { NO_PART, FRAME, EMPTY, ODD, LONG, UNDEFINED, ITEM_END, END };

static void put_part(struct dicom_maker *m, enum part part)
{
	uint8_t frame[66];
	size_t length = rle(frame);

	switch (part) {
	case NO_PART:
		break;
	case FRAME:
		make_fragment(m, frame, length);
		break;
	case EMPTY:
		make_fragment(m, NULL, 0);
		break;
	case ODD:
		raw(m, 0xe000, (uint32_t)length - 1);
		buffer_append(&m->out, frame, length - 1);
		break;
	case LONG:
		raw(m, 0xe000, 0x7ffffffe);
		buffer_append(&m->out, frame, length);
		break;
	case UNDEFINED:
		raw(m, 0xe000, 0xffffffff);
		buffer_append(&m->out, frame, length);
		break;
	case ITEM_END:
		raw(m, 0xe00d, 0);
		break;
	case END:
		make_fragments_end(m);
		break;
	}
}

static void splits(void)
{
	static const struct {
		const char *name, *frames;
		enum part parts[4];
		const char *code;
	} row[] = {
		{ "fragments-1-frames-2.dcm", "2", { FRAME, END },
		  "inconsistent" },
		{ "fragments-2-frames-1.dcm", NULL, { FRAME, FRAME, END },
		  "inconsistent" },
		{ "no-fragment.dcm", NULL, { END }, "inconsistent" },
		{ "fragment-empty.dcm", NULL, { EMPTY, END }, "damaged" },
		{ "fragment-odd.dcm", NULL, { ODD, END }, "damaged" },
		{ "fragment-long.dcm", NULL, { LONG }, "truncated" },
		{ "fragment-undefined.dcm", NULL, { UNDEFINED, END },
		  "truncated" },
		{ "no-end.dcm", NULL, { FRAME }, "damaged" },
		{ "delimiter-of-items.dcm", NULL, { ITEM_END, FRAME, END },
		  "damaged" },
		{ "ends-first.dcm", NULL, { END, FRAME, END }, "damaged" },
	};
	struct dicom_maker m = { 0 };

	hostile_class("split");
	for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		begin(&m, row[i].frames);
		make_fragments_begin(&m);
		for (size_t k = 0; k < 4; k++)
			put_part(&m, row[i].parts[k]);
		hostile_dicom(row[i].name, &m, row[i].code);
	}
	begin(&m, NULL);
	make_bytes(&m, 0x7fe00010, "OB", pixels, sizeof(pixels));
	hostile_dicom("not-encapsulated.dcm", &m, "inconsistent");
	grey_module(&m, EXPLICIT, 8, 8, NULL);
	make_fragments_begin(&m);
	make_fragment(&m, pixels, sizeof(pixels));
	make_fragments_end(&m);
	hostile_dicom("encapsulated.dcm", &m, "inconsistent");
}

/* Each frame is one fragment: where it lies is known without the table. */
static void offsets(void)
{
	static const struct {
		const char *name;
		uint32_t offset[4];
		size_t count;
		const char *code;
	} row[] = {
		{ "table-right.dcm", { 0, 74 }, 2, "8x8x2" },
		{ "table-beyond.dcm", { 0, 0xfffffff0 }, 2, "8x8x2" },
		{ "table-inside.dcm", { 0, 3 }, 2, "8x8x2" },
		{ "table-backwards.dcm", { 74, 0 }, 2, "8x8x2" },
		{ "table-same.dcm", { 0, 0 }, 2, "8x8x2" },
		{ "table-long.dcm", { 0, 74, 148, 222 }, 4, "8x8x2" },
		{ "table-short.dcm", { 0 }, 1, "8x8x2" },
		{ "table-first-is-5.dcm", { 5, 79 }, 2, "8x8x2" },
	};
	uint8_t frame[66];
	size_t length = rle(frame);

	hostile_class("inconsistent");
	for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		struct dicom_maker m = { 0 };

		begin(&m, "2");
		make_fragments_table(&m, row[i].offset, row[i].count);
		for (int k = 0; k < 2; k++)
			make_fragment(&m, frame, length);
		make_fragments_end(&m);
		hostile_dicom(row[i].name, &m, row[i].code);
	}
}

/* One frame of this syntax in one fragment. */
static void one(const char *name, const char *syntax, int columns, int rows,
		const void *data, size_t length, const char *code)
{
	struct dicom_maker m = { 0 };

	grey_module(&m, syntax, columns, rows, NULL);
	make_fragments_begin(&m);
	make_fragment(&m, data, length);
	make_fragments_end(&m);
	hostile_dicom(name, &m, code);
}

static void rle_heads(void)
{
	uint8_t frame[66];
	size_t length = rle(frame);

	hostile_class("length");
	frame[0] = 16;
	one("rle-16-segments.dcm", RLE, 8, 8, frame, length, "damaged");
	rle(frame);
	memset(frame + 4, 0xff, 4);
	one("rle-offset-32-bit.dcm", RLE, 8, 8, frame, length, "damaged");
	rle(frame);
	frame[4] = 3;
	one("rle-offset-in-head.dcm", RLE, 8, 8, frame, length, "damaged");
	rle(frame);
	frame[64] = 127;
	one("rle-literal-beyond.dcm", RLE, 8, 8, frame, length, "damaged");
	rle(frame);
	frame[64] = 129;
	one("rle-run-beyond.dcm", RLE, 8, 8, frame, length, "damaged");
	one("rle-head-cut.dcm", RLE, 8, 8, frame, 40, "damaged");
}

static void bombs(void)
{
	enum { BIG = 64 << 20 };
	struct error err = { 0 };
	uint8_t *zeros = calloc(1, BIG), *packed, frame[66];
	uint8_t j2k[sizeof(j2k_12)];
	size_t length;

	if (!zeros)
		exit(EXIT_FAILURE);
	packed = pack_deflate(zeros, BIG, &length, &err);
	if (!packed)
		exit(EXIT_FAILURE);
	hostile_class("bomb");
	one("frame-inflates.dcm", FRAME_DEFLATE, 8, 8, packed, length,
	    "damaged");
	one("frame-inflates-sides.dcm", FRAME_DEFLATE, 65535, 65535, packed,
	    length, "too-large");
	length = rle(frame);
	one("rle-sides.dcm", RLE, 65535, 4096, frame, length, "damaged");
	memcpy(j2k, j2k_12, sizeof(j2k));
	memset(j2k + 8, 0xff, 8);       /* Xsiz, Ysiz (15444-1 A.5.1) */
	one("j2k-sides.dcm", J2K, 8, 8, j2k, sizeof(j2k), "inconsistent");
	memcpy(j2k, j2k_12, sizeof(j2k));
	memset(j2k + 24, 0, 8);         /* tiles of 1 x 1 */
	j2k[27] = j2k[31] = 1;
	one("j2k-tiles.dcm", J2K, 8, 8, j2k, sizeof(j2k),
	    "inconsistent");
	memcpy(j2k, j2k_12, sizeof(j2k));
	j2k[40] = 0xff;                 /* components */
	one("j2k-components.dcm", J2K, 8, 8, j2k, sizeof(j2k), "damaged");
	free(packed);
	free(zeros);
}

static void cuts(void)
{
	static const size_t keep[] = { 2, 20, 60, 110, 150, 170 };
	char name[32];

	hostile_class("truncated");
	for (size_t i = 0; i < sizeof(keep) / sizeof(keep[0]); i++) {
		snprintf(name, sizeof(name), "j2k-at-%zu.dcm", keep[i]);
		one(name, J2K, 8, 8, j2k_12, keep[i], "damaged");
	}
	for (size_t at = 4; at < 64; at += 20) {
		snprintf(name, sizeof(name), "jpeg-ls-at-%zu.dcm", at);
		one(name, "1.2.840.10008.1.2.4.80", 8, 8, jpeg_ls_8, at,
		    at < 24 ? "damaged" : "damaged/truncated");
	}
}

void hostile_frames(void)
{
	splits();
	offsets();
	rle_heads();
	bombs();
	cuts();
}

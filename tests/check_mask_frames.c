/*
 * check_mask_frames.c - masking encapsulated DICOM of every coding: what lies
 * inside becomes the fill, what lies outside stays, other frames stay byte by
 * byte, and the offset tables say where the items are.
 */
#include "config.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <fcntl.h>
#include <unistd.h>

#include "image/format_dicom.h"
#include "image/format_j2k.h"
#include "image/pack.h"
#include "make_dicom.h"
#include "pictures.h"
#include "streams.h"
#include "support.h"

#define JPEG_BASELINE "1.2.840.10008.1.2.4.50"
#define LOSSLESS "1.2.840.10008.1.2.4.57"
#define LOSSLESS_SV1 "1.2.840.10008.1.2.4.70"
#define LS "1.2.840.10008.1.2.4.80"
#define LS_NEAR "1.2.840.10008.1.2.4.81"
#define J2K_ONLY "1.2.840.10008.1.2.4.90"
#define J2K "1.2.840.10008.1.2.4.91"
#define RLE_ "1.2.840.10008.1.2.5"
#define PLAIN "1.2.840.10008.1.2.1.98"
#define DEFLATE "1.2.840.10008.1.2.8.1"

enum { FRAMES = 4, FRAMES_MAX = 8 };

/* ---- a walk over a file that shares nothing with the program ---- */

struct item {
	size_t at, length;              /* of its value */
};

struct walk {
	unsigned char *data;
	size_t size;
	size_t table, table_length;     /* value of the first item */
	size_t wide[2], wide_length[2]; /* of (7FE0,0001) and 0002; 0: none */
	struct item item[4096];
	size_t items;
};

static unsigned long number(const unsigned char *p, int bytes)
{
	unsigned long value = 0;

	for (int i = bytes; i > 0; i--)
		value = value << 8 | p[i - 1];
	return value;
}

/* Explicit little endian without undefined lengths up to the pixels. */
static size_t find_pixels(struct walk *w)
{
	size_t at = 132;

	for (;;) {
		unsigned long tag = number(w->data + at, 2) << 16 |
				    number(w->data + at + 2, 2);
		const char *vr = (const char *)w->data + at + 4;
		bool wide = strstr("OB OW OF OD OV SQ UN UT UC UR", (char[]){
			vr[0], vr[1], 0 }) != NULL;
		size_t length = wide ? number(w->data + at + 8, 4) :
				       number(w->data + at + 6, 2);

		at += wide ? 12 : 8;
		ck_assert_uint_lt(at, w->size);
		if (tag == 0x7fe00010) {
			ck_assert_uint_eq(length, 0xffffffff);
			ck_assert_mem_eq(vr, "OB", 2);
			return at;
		}
		if (tag == 0x7fe00001 || tag == 0x7fe00002) {
			w->wide[tag & 1 ? 0 : 1] = at;
			w->wide_length[tag & 1 ? 0 : 1] = length;
		}
		at += length;
	}
}

/* All items, to the end of the file, which must be a delimiter. */
static void walk_items(struct walk *w)
{
	size_t at = find_pixels(w);

	for (bool first = true;; first = false) {
		size_t length = number(w->data + at + 4, 4);

		ck_assert_uint_le(at + 8, w->size);
		ck_assert_uint_eq(number(w->data + at, 2), 0xfffe);
		if (number(w->data + at + 2, 2) == 0xe0dd) {
			ck_assert_uint_eq(length, 0);
			ck_assert_uint_eq(at + 8, w->size);
			return;
		}
		ck_assert_uint_eq(number(w->data + at + 2, 2), 0xe000);
		ck_assert_uint_eq(length % 2, 0);
		ck_assert_uint_le(length, w->size - at - 8);
		at += 8;
		if (first) {
			w->table = at;
			w->table_length = length;
		} else {
			ck_assert_uint_lt(w->items, ARRAY_LENGTH(w->item));
			w->item[w->items++] = (struct item){ at, length };
		}
		at += length;
	}
}

static struct walk *walk_new(int fd)
{
	struct walk *w = calloc(1, sizeof(*w));

	w->data = slurp(fd, &w->size);
	walk_items(w);
	return w;
}

static void walk_free(struct walk *w)
{
	free(w->data);
	free(w);
}

/* The first items of frames are where the tables say. */
static void check_tables(const struct walk *w, const size_t *first,
			 int frames)
{
	size_t start = w->item[0].at - 8;

	if (w->table_length)
		ck_assert_uint_eq(w->table_length, (size_t)frames * 4);
	for (int i = 0; i < frames; i++) {
		const struct item *item = &w->item[first[i]];
		size_t n = (size_t)i;

		if (w->table_length)
			ck_assert_uint_eq(number(w->data + w->table + 4 * n,
						 4), item->at - 8 - start);
		if (!w->wide[0])
			continue;
		ck_assert_uint_eq(number(w->data + w->wide[0] + 8 * n, 8),
				  item->at - 8 - start);
		ck_assert_uint_eq(number(w->data + w->wide[1] + 8 * n, 8),
				  item->length);
	}
}

/* ---- files ---- */

enum table { TABLE_EMPTY, TABLE_BASIC, TABLE_EXTENDED };

struct spec {
	const char *syntax, *photometric;
	int columns, rows, samples, allocated, stored, high;
	bool is_signed;
	enum table table;
	int parts;                      /* fragments a frame */
	bool odd;                       /* cut at odd places */
	bool stray_bits;                /* in frame 0 */
};

struct stream {
	uint8_t *data;
	size_t length;
};

static int part_count(const struct spec *s)
{
	return s->parts ? s->parts : 1;
}

static size_t part_end(const struct spec *s, size_t length, int part)
{
	int parts = part_count(s);
	size_t end = length / (size_t)parts * (size_t)(part + 1);

	if (part + 1 == parts)
		return length;
	return s->odd ? end | 1 : end / 2 * 2;
}

static void put_tables(struct dicom_maker *m, const struct spec *s,
		       const struct stream *stream, int frames)
{
	uint32_t offset[FRAMES_MAX] = { 0 };
	uint8_t wide[2][8 * FRAMES_MAX] = { 0 };
	size_t at = 0;

	for (int i = 0; i < frames; i++) {
		size_t from = 0, start = at;

		offset[i] = (uint32_t)at;
		for (int part = 0; part < part_count(s); part++) {
			size_t end = part_end(s, stream[i].length, part);

			at += 8 + (end - from) + (end - from) % 2;
			from = end;
		}
		for (int b = 0; b < 8; b++) {
			wide[0][8 * i + b] = (uint8_t)(start >> 8 * b);
			wide[1][8 * i + b] = (uint8_t)((at - start - 8) >>
						       8 * b);
		}
	}
	if (s->table == TABLE_EXTENDED) {
		make_bytes(m, 0x7fe00001, "OV", wide[0], 8 * (size_t)frames);
		make_bytes(m, 0x7fe00002, "OV", wide[1], 8 * (size_t)frames);
	}
	make_fragments_table(m, offset, s->table == TABLE_BASIC ?
					(size_t)frames : 0);
}

/* An odd part stands as it is: its item has an odd length. */
static void put_parts(struct dicom_maker *m, const struct spec *s,
		      const struct stream *stream)
{
	size_t from = 0;

	for (int part = 0; part < part_count(s); part++) {
		size_t end = part_end(s, stream->length, part);
		size_t n = end - from;

		make_fragment(m, stream->data + from, n);
		if (s->odd && n % 2 && part + 1 < part_count(s)) {
			m->out.length -= n + 1 + 4;
			buffer_append(&m->out, (uint8_t[]){
				(uint8_t)n, (uint8_t)(n >> 8),
				(uint8_t)(n >> 16), 0 }, 4);
			buffer_append(&m->out, stream->data + from, n);
		}
		from = end;
	}
}

static int make_encapsulated(const struct spec *s,
			     const struct stream *stream, int frames)
{
	struct dicom_maker m = { 0 };
	char text[12];
	int fd;

	snprintf(text, sizeof(text), "%d", frames);
	make_begin(&m, s->syntax);
	make_text(&m, 0x00080060, "CS", "OT");
	make_text(&m, 0x00100010, "PN", "PLANTED^NAME");
	make_us(&m, 0x00280002, s->samples);
	make_text(&m, 0x00280004, "CS", s->photometric);
	if (s->samples > 1)
		make_us(&m, 0x00280006, 0);
	make_text(&m, 0x00280008, "IS", text);
	make_us(&m, 0x00280010, s->rows);
	make_us(&m, 0x00280011, s->columns);
	make_us(&m, 0x00280100, s->allocated);
	make_us(&m, 0x00280101, s->stored);
	make_us(&m, 0x00280102, s->high);
	make_us(&m, 0x00280103, s->is_signed);
	put_tables(&m, s, stream, frames);
	for (int i = 0; i < frames; i++)
		put_parts(&m, s, &stream[i]);
	make_fragments_end(&m);
	fd = make_file(m.out.data, m.out.length);
	buffer_done(&m.out);
	return fd;
}

/* ---- streams of noise by coding ---- */

static struct cell_form form_of(const struct spec *s)
{
	return (struct cell_form){
		.columns = s->columns, .rows = s->rows,
		.samples = s->samples, .allocated = s->allocated,
		.stored = s->stored, .high_bit = s->high,
		.is_signed = s->is_signed,
	};
}

/* Cells with smooth and noisy places, sign extended. */
static uint8_t *noise_cells(const struct spec *s, int frame_index)
{
	struct cell_form form = form_of(s);
	size_t bytes = cells_bytes(&form);
	uint8_t *cells = calloc(bytes + 1, 1);
	uint32_t state = 99u + (uint32_t)frame_index;
	size_t width = (size_t)s->allocated / 8;

	if (s->allocated == 1) {
		for (size_t i = 0; i < bytes; i++)
			cells[i] = (uint8_t)random_next(&state);
		if (!s->stray_bits && s->columns * s->rows % 8)
			cells[bytes - 1] &= (uint8_t)
				((1 << s->columns * s->rows % 8) - 1);
		return cells;
	}
	for (size_t i = 0; i < bytes / width; i++) {
		uint32_t value = random_next(&state) & ((2u << (s->stored - 1)) - 1);

		if (i % 7 > 3)
			value = (uint32_t)i / 7 & ((1u << (s->stored - 1)) - 1);
		if (s->is_signed && value >> (s->stored - 1) & 1)
			value |= ~((1u << (s->stored - 1)) - 1);
		value <<= s->high + 1 - s->stored;
		if (s->stray_bits && !frame_index && i % 5 == 0)
			value ^= 1u << (s->allocated - 1);
		for (size_t b = 0; b < width; b++)
			cells[i * width + b] = (uint8_t)(value >> 8 * b);
	}
	return cells;
}

static struct stream encode_noise(const struct spec *s, int frame_index)
{
	struct cell_form form = form_of(s);
	uint8_t *cells = noise_cells(s, frame_index);
	struct stream out = { NULL, cells_bytes(&form) };
	struct error err = { 0 };
	const struct j2k_form j2k = {
		.columns = s->columns, .rows = s->rows,
		.components = s->samples, .allocated = s->allocated,
		.precision = s->stray_bits ? s->allocated : s->stored,
		.is_signed = s->is_signed,
		.colour_transform = !strcmp(s->photometric, "YBR_RCT"),
	};

	if (!strcmp(s->syntax, PLAIN))
		return (struct stream){ cells, out.length };
	if (!strcmp(s->syntax, DEFLATE))
		out.data = pack_deflate(cells, out.length, &out.length, &err);
	else if (!strcmp(s->syntax, RLE_))
		out.data = pack_rle(&form, cells, &out.length, &err);
	else if (!strcmp(s->syntax, J2K) || !strcmp(s->syntax, J2K_ONLY))
		out.data = j2k_encode(&j2k, cells, &out.length, &err);
	else
		out.data = dicom_encode(!strcmp(s->syntax, LS) ||
					!strcmp(s->syntax, LS_NEAR) ?
						DICOM_JPEG_LS : DICOM_JPEG,
					&form, cells, &out.length, &err);
	ck_assert_msg(out.data, "%s", err.text);
	free(cells);
	/* without a pad byte after the end marker of JPEG and JPEG 2000 */
	if (!out.data[out.length - 1] && out.data[out.length - 2] == 0xd9)
		out.length--;
	return out;
}

static int make_noise_file(const struct spec *s)
{
	struct stream stream[FRAMES];
	int fd;

	for (int i = 0; i < FRAMES; i++)
		stream[i] = encode_noise(s, i);
	fd = make_encapsulated(s, stream, FRAMES);
	for (int i = 0; i < FRAMES; i++)
		free(stream[i].data);
	return fd;
}

/* ---- comparing ---- */

static bool covered(const struct box_list *boxes,
		    const struct image_info *info, int frame_index, int x,
		    int y)
{
	for (size_t i = 0; i < boxes->count; i++) {
		const struct box *b = &boxes->box[i];

		if (b->frame0 <= frame_index && b->frame1 >= frame_index &&
		    region_hit(mask_grown(info, b->region, NULL), x, y))
			return true;
	}
	return false;
}

static bool is_fill(const struct frame *f, const uint8_t *p,
		    const struct mask_report *report)
{
	size_t size = frame_sample_size(f->type);

	for (int s = 0; s < f->samples; s++) {
		long long fill = report->fill[s];

		/* low byte first, as on every machine these run on */
		if (memcmp(p + (size_t)s * size, &fill, size) != 0)
			return false;
	}
	return true;
}

/* Samples inside are the fill, samples outside equal. */
static void compare_frame(struct image *in, struct image *out,
			  const struct box_list *boxes, int frame_index,
			  const struct mask_report *report)
{
	const struct image_info *info = image_info(in);
	struct error err = { 0 };
	struct frame *a = image_frame(in, frame_index, &err), *b;
	size_t size;

	ck_assert_msg(a, "in: %s", err.text);
	b = image_frame(out, frame_index, &err);
	ck_assert_msg(b, "out: %s", err.text);
	ck_assert_uint_eq(frame_bytes(a), frame_bytes(b));
	size = frame_sample_size(a->type) * (size_t)a->samples;
	for (int y = 0; y < a->rows; y++) {
		for (int x = 0; x < a->columns; x++) {
			size_t at = ((size_t)y * (size_t)a->columns +
				     (size_t)x) * size;
			const uint8_t *p = (uint8_t *)a->sample + at;
			const uint8_t *q = (uint8_t *)b->sample + at;

			/* ck_assert() writes to a file each time */
			if (covered(boxes, info, frame_index, x, y) ?
				    !is_fill(b, q, report) :
				    memcmp(p, q, size) != 0)
				ck_abort_msg("frame %d at %d,%d", frame_index,
					     x, y);
		}
	}
	frame_free(a);
	frame_free(b);
}

static bool is_touched(const struct box_list *boxes, int frame_index)
{
	for (size_t i = 0; i < boxes->count; i++)
		if (boxes->box[i].frame0 <= frame_index &&
		    boxes->box[i].frame1 >= frame_index)
			return true;
	return false;
}

/* Fragments of other frames are byte by byte those of the input. */
static void compare_fragments(const struct image *in, const struct image *out,
			      const struct walk *w, int frame_index)
{
	size_t first, count, out_first, out_count;

	dicom_frame_fragments(in, frame_index, &first, &count);
	dicom_frame_fragments(out, frame_index, &out_first, &out_count);
	ck_assert_uint_eq(count, out_count);
	for (size_t i = 0; i < count; i++) {
		size_t n = dicom_fragment_length(in, first + i);
		const struct item *item = &w->item[out_first + i];
		uint8_t *bytes = calloc(n + 1, 1);

		ck_assert(dicom_fragment_read(in, first + i, 0, bytes, n,
					      NULL));
		ck_assert_uint_eq(item->length, n + n % 2);
		ck_assert_mem_eq(w->data + item->at, bytes, item->length);
		free(bytes);
	}
}

static void compare(int in_fd, int out_fd, const struct box_list *boxes,
		    bool same, const struct mask_report *report)
{
	struct error err = { 0 };
	struct image *in = image_open(in_fd, &err);
	struct image *out = image_open(out_fd, &err);
	struct walk *w;
	size_t first[4096], count;
	int frames;

	ck_assert_msg(in && out, "%s", err.text);
	w = walk_new(out_fd);
	frames = image_info(in)->frames;
	ck_assert_int_eq(image_info(out)->frames, frames);
	for (int i = 0; i < frames; i++) {
		/* of long files the ends, and what is touched */
		if (i < FRAMES_MAX || i == frames - 1 || is_touched(boxes, i))
			compare_frame(in, out, boxes, i, report);
		dicom_frame_fragments(out, i, &first[i], &count);
		if (same && !is_touched(boxes, i))
			compare_fragments(in, out, w, i);
	}
	check_tables(w, first, frames);
	ck_assert_ptr_null(memmem(w->data, w->size, "PLANTED", 7));
	walk_free(w);
	image_close(in);
	image_close(out);
}

/* Mask, and compare all; `same`: other frames must keep their fragments. */
static int mask_and_compare(int in_fd, const struct box_list *boxes, bool same,
			    struct mask_report *report)
{
	int out_fd = memory_file();
	struct error err = { 0 };

	ck_assert_msg(mask_run(in_fd, out_fd, &test_job, boxes, report, NULL,
			       NULL, &err), "%s", err.text);
	compare(in_fd, out_fd, boxes, same, report);
	return out_fd;
}

/* ---- every lossless coding ---- */

static const struct {
	struct spec spec;
	unsigned dropped;
	const char *syntax_out;         /* NULL: the same */
} rows[] = {
	{ { PLAIN, "MONOCHROME2", 37, 21, 1, 8, 8, 7, .parts = 1 }, 0, NULL },
	{ { PLAIN, "RGB", 37, 21, 3, 8, 8, 7, .table = TABLE_BASIC }, 0,
	  NULL },
	{ { PLAIN, "MONOCHROME2", 37, 21, 1, 16, 12, 11, .is_signed = true,
	    .table = TABLE_EXTENDED }, 0, NULL },
	{ { PLAIN, "MONOCHROME2", 37, 21, 1, 1, 1, 0, .table = TABLE_BASIC },
	  0, NULL },
	{ { PLAIN, "MONOCHROME2", 37, 21, 1, 16, 12, 11,
	    .stray_bits = true }, DROPPED_UNUSED_BITS, NULL },
	{ { DEFLATE, "MONOCHROME1", 37, 21, 1, 16, 12, 11,
	    .table = TABLE_BASIC }, 0, NULL },
	{ { DEFLATE, "MONOCHROME2", 37, 21, 1, 1, 1, 0,
	    .parts = 1 }, 0, NULL },
	{ { DEFLATE, "RGB", 37, 21, 3, 8, 8, 7,
	    .table = TABLE_EXTENDED }, 0, NULL },
	{ { RLE_, "MONOCHROME2", 37, 21, 1, 8, 8, 7, .table = TABLE_BASIC },
	  0, NULL },
	{ { RLE_, "MONOCHROME1", 37, 21, 1, 16, 12, 11, .is_signed = false,
	    .table = TABLE_EXTENDED }, 0, NULL },
	{ { RLE_, "MONOCHROME2", 37, 21, 1, 16, 12, 11, .is_signed = true },
	  0, NULL },
	{ { RLE_, "MONOCHROME2", 37, 21, 1, 16, 12, 15,
	    .table = TABLE_BASIC }, 0, NULL },
	{ { RLE_, "MONOCHROME2", 37, 21, 1, 16, 12, 11, .stray_bits = true,
	    .table = TABLE_BASIC }, DROPPED_UNUSED_BITS, NULL },
	{ { RLE_, "RGB", 37, 21, 3, 8, 8, 7,
	    .parts = 1 }, 0, NULL },
	{ { RLE_, "YBR_FULL", 37, 21, 3, 8, 8, 7,
	    .parts = 1 }, 0, NULL },
	{ { RLE_, "MONOCHROME2", 37, 21, 1, 32, 32, 31,
	    .parts = 1 }, 0, NULL },
	{ { RLE_, "MONOCHROME2", 37, 21, 1, 1, 1, 0, .table = TABLE_BASIC },
	  0, NULL },
	{ { RLE_, "MONOCHROME2", 37, 21, 1, 1, 1, 0, .stray_bits = true },
	  DROPPED_UNUSED_BITS, NULL },
	{ { LOSSLESS_SV1, "MONOCHROME2", 37, 21, 1, 8, 8, 7, .parts = 3,
	    .table = TABLE_BASIC }, 0, NULL },
	{ { LOSSLESS_SV1, "MONOCHROME2", 37, 21, 1, 16, 12, 11,
	    .is_signed = true, .parts = 2 }, 0, NULL },
	{ { LOSSLESS_SV1, "MONOCHROME1", 37, 21, 1, 16, 12, 11,
	    .stray_bits = true, .table = TABLE_BASIC },
	  DROPPED_UNUSED_BITS, NULL },
	{ { LOSSLESS_SV1, "RGB", 37, 21, 3, 8, 8, 7,
	    .table = TABLE_EXTENDED }, 0, NULL },
	{ { LOSSLESS_SV1, "YBR_FULL", 37, 21, 3, 8, 8, 7,
	    .parts = 1 }, 0, NULL },
	{ { LOSSLESS, "MONOCHROME2", 37, 21, 1, 16, 16, 15, .parts = 4,
	    .odd = true }, 0, LOSSLESS_SV1 },
	{ { LS, "MONOCHROME2", 37, 21, 1, 8, 8, 7, .parts = 2, .odd = true,
	    .table = TABLE_BASIC }, 0, NULL },
	{ { LS, "MONOCHROME2", 37, 21, 1, 16, 15, 14, .is_signed = true,
	    .table = TABLE_EXTENDED }, 0, NULL },
	{ { LS, "MONOCHROME1", 37, 21, 1, 16, 10, 9, .stray_bits = true },
	  DROPPED_UNUSED_BITS, NULL },
	{ { LS, "MONOCHROME2", 37, 21, 1, 16, 12, 15,
	    .parts = 1 }, 0, NULL },
	{ { LS, "RGB", 37, 21, 3, 8, 8, 7, .parts = 2 }, 0, NULL },
	{ { LS, "RGB", 37, 21, 3, 16, 16, 15,
	    .parts = 1 }, 0, NULL },
	{ { LS_NEAR, "MONOCHROME2", 37, 21, 1, 8, 8, 7,
	    .parts = 1 }, 0, NULL },
	{ { J2K_ONLY, "MONOCHROME2", 37, 21, 1, 8, 8, 7, .parts = 3,
	    .table = TABLE_BASIC }, 0, NULL },
	{ { J2K_ONLY, "MONOCHROME2", 37, 21, 1, 16, 12, 11,
	    .is_signed = true, .table = TABLE_EXTENDED }, 0, NULL },
	{ { J2K_ONLY, "MONOCHROME1", 37, 21, 1, 16, 12, 11,
	    .stray_bits = true }, DROPPED_UNUSED_BITS, NULL },
	{ { J2K_ONLY, "YBR_RCT", 37, 21, 3, 8, 8, 7, .parts = 2,
	    .odd = true }, 0, NULL },
	{ { J2K_ONLY, "RGB", 37, 21, 3, 16, 16, 15,
	    .parts = 1 }, 0, NULL },
	{ { J2K, "RGB", 37, 21, 3, 8, 8, 7, .table = TABLE_BASIC }, 0,
	  J2K_ONLY },
};

static struct box_list two_boxes(struct box box[2])
{
	one_box(&box[0], (struct region){ 9, 5, 30, 18 }, 1);
	one_box(&box[1], (struct region){ -3, 11, 12, 60 }, 1);
	box[0].frame0 = 1;
	box[0].frame1 = 2;
	box[1].frame0 = box[1].frame1 = 2;
	return (struct box_list){ box, 2, 2 };
}

/* A last part of odd length has a pad byte that its stream did not need. */
static unsigned dropped_of(const struct spec *s,
			   const struct mask_report *report)
{
	return report->dropped & ~(s->odd ? DROPPED_TRAILER : 0u);
}

START_TEST(test_rows)
{
	const struct spec *s = &rows[_i].spec;
	struct box box[2];
	struct box_list boxes = two_boxes(box);
	struct mask_report report;
	int in = make_noise_file(s), out;
	struct image *image;
	bool any;
	uint8_t *plane = malloc((size_t)s->columns * (size_t)s->rows);

	out = mask_and_compare(in, &boxes, !s->stray_bits && !s->odd,
			       &report);
	ck_assert_int_eq(report.method, METHOD_FRAMES);
	ck_assert_int_eq(report.outside, OUTSIDE_STORED);
	ck_assert_uint_eq(dropped_of(s, &report), rows[_i].dropped);
	ck_assert_int_eq(report.frames_touched, 2);
	ck_assert_str_eq(report.syntax_in, s->syntax);
	ck_assert_str_eq(report.syntax_out, rows[_i].syntax_out ?
			 rows[_i].syntax_out : s->syntax);
	image = image_open(out, NULL);
	ck_assert_str_eq(image_info(image)->syntax, report.syntax_out);
	for (int i = 0; i < FRAMES; i++) {
		ck_assert(image_unused_bits(image, i, plane, &any, NULL));
		ck_assert(!any);
	}
	image_close(image);
	free(plane);
	close(in);
	close(out);
}
END_TEST

/* Without a box frames stay as they are, but for their unused bits. */
START_TEST(test_no_box)
{
	const struct spec *s = &rows[_i].spec;
	struct box_list none = { 0 };
	struct mask_report report;
	int in = make_noise_file(s), out;

	out = mask_and_compare(in, &none, !s->stray_bits && !s->odd, &report);
	ck_assert_uint_eq(dropped_of(s, &report), rows[_i].dropped);
	close(in);
	close(out);
}
END_TEST

/* Two inputs that differ only under the mask give the same output. */
START_TEST(test_twin)
{
	const struct spec *s = &rows[_i].spec;
	struct box box;
	struct box_list boxes = one_box(&box, (struct region){ 0, 0, 37, 21 },
					FRAMES);
	struct stream stream[FRAMES];
	struct mask_report report;
	int in[2], out[2];

	/* all of every frame is masked: nothing of them may be left */
	in[0] = make_noise_file(s);
	for (int i = 0; i < FRAMES; i++)
		stream[i] = encode_noise(s, i + 5);
	in[1] = make_encapsulated(s, stream, FRAMES);
	out[0] = mask_and_compare(in[0], &boxes, false, &report);
	out[1] = mask_and_compare(in[1], &boxes, false, &report);
	ck_assert(same_files(out[0], out[1]));
	for (int i = 0; i < FRAMES; i++)
		free(stream[i].data);
	close(in[0]);
	close(in[1]);
	close(out[0]);
	close(out[1]);
}
END_TEST

/* ---- what hides in the streams ---- */

static const char jpeg_comment[] = "\xff\xfe\0\x0bPLANTED12";

/* A stream with PLANTED in it: after its start, or after its end. */
static struct stream plant(const struct stream *from, size_t at,
			   const void *what, size_t length)
{
	struct stream out = { calloc(1, from->length + length),
			      from->length + length };

	memcpy(out.data, from->data, at);
	memcpy(out.data + at, what, length);
	memcpy(out.data + at + length, from->data + at, from->length - at);
	return out;
}

static const struct {
	struct spec spec;
	bool comment;                   /* else a tail */
	unsigned dropped;
} carriers[] = {
	{ { LOSSLESS_SV1, "MONOCHROME2", 37, 21, 1, 8, 8, 7, .parts = 1 },
	  true, DROPPED_COMMENT },
	{ { LOSSLESS_SV1, "MONOCHROME2", 37, 21, 1, 16, 16, 15, .parts = 2 },
	  false, DROPPED_TRAILER },
	{ { LS, "MONOCHROME2", 37, 21, 1, 8, 8, 7, .table = TABLE_BASIC },
	  true, DROPPED_COMMENT },
	{ { LS, "RGB", 37, 21, 3, 8, 8, 7, .table = TABLE_EXTENDED },
	  false, DROPPED_TRAILER },
	{ { J2K_ONLY, "MONOCHROME2", 37, 21, 1, 8, 8, 7, .parts = 1 },
	  false, DROPPED_TRAILER },
	{ { RLE_, "MONOCHROME2", 37, 21, 1, 8, 8, 7, .parts = 1 },
	  false, DROPPED_TRAILER },
	{ { DEFLATE, "MONOCHROME2", 37, 21, 1, 8, 8, 7, .parts = 1 },
	  false, DROPPED_TRAILER },
};

/* It goes from frames with and without boxes. */
START_TEST(test_carriers)
{
	const struct spec *s = &carriers[_i].spec;
	struct stream stream[FRAMES];
	struct mask_report report;
	struct box box[2];
	struct box_list boxes = two_boxes(box);
	int in, out;

	for (int i = 0; i < FRAMES; i++) {
		struct stream bare = encode_noise(s, i);

		stream[i] = carriers[_i].comment ?
			plant(&bare, 2, jpeg_comment,
			      sizeof(jpeg_comment) - 1) :
			plant(&bare, bare.length, "PLANTED123", 10);
		free(bare.data);
	}
	in = make_encapsulated(s, stream, FRAMES);
	out = mask_and_compare(in, &boxes, false, &report);
	ck_assert_uint_eq(report.dropped, carriers[_i].dropped);
	for (int i = 0; i < FRAMES; i++)
		free(stream[i].data);
	close(in);
	close(out);
}
END_TEST

/* ---- frames of a coding that loses, and mixed ones ---- */

#define BYTES(array) { (uint8_t *)(uintptr_t)array, sizeof(array) }

static const struct {
	const char *syntax, *photometric;
	struct stream stream[FRAMES];
	const char *syntax_out;
	enum mask_method method;
	enum mask_outside outside;
} mixed[] = {
	{ LS_NEAR, "MONOCHROME2", { BYTES(near_8), BYTES(near_8),
	    BYTES(near_8), BYTES(near_8) },
	  LS, METHOD_REENCODE, OUTSIDE_DECODED },
	{ LS_NEAR, "MONOCHROME1", { BYTES(jpeg_ls_8), BYTES(jpeg_ls_8),
	    BYTES(jpeg_ls_8), BYTES(near_8) },
	  LS, METHOD_REENCODE, OUTSIDE_DECODED },
	{ LS, "MONOCHROME2", { BYTES(near_8), BYTES(jpeg_ls_8),
	    BYTES(jpeg_ls_8), BYTES(jpeg_ls_8) },
	  LS, METHOD_REENCODE, OUTSIDE_DECODED },
	{ J2K, "MONOCHROME2", { BYTES(j2k_97), BYTES(j2k_97), BYTES(j2k_97),
	    BYTES(j2k_97) },
	  J2K_ONLY, METHOD_REENCODE, OUTSIDE_DECODED },
	{ LOSSLESS, "MONOCHROME2", { BYTES(lossless_8_4), BYTES(lossless_8),
	    BYTES(lossless_8_4), BYTES(lossless_8) },
	  LOSSLESS, METHOD_FRAMES, OUTSIDE_STORED },
	{ LOSSLESS, "MONOCHROME2", { BYTES(lossless_8), BYTES(lossless_8_4),
	    BYTES(lossless_8_4), BYTES(lossless_8) },
	  LOSSLESS_SV1, METHOD_FRAMES, OUTSIDE_STORED },
};

START_TEST(test_mixed)
{
	const struct spec s = { mixed[_i].syntax, mixed[_i].photometric,
				STREAM_SIDE, STREAM_SIDE, 1, 8, 8, 7,
				.table = TABLE_BASIC };
	struct box box;
	struct box_list boxes = one_box(&box, (struct region){ 2, 1, 6, 5 },
					FRAMES);
	struct mask_report report;
	int in = make_encapsulated(&s, mixed[_i].stream, FRAMES), out;
	struct image *image;
	char *lossy;

	box.frame0 = 1;
	box.frame1 = 2;
	out = mask_and_compare(in, &boxes, mixed[_i].method == METHOD_FRAMES,
			       &report);
	ck_assert_str_eq(report.syntax_out, mixed[_i].syntax_out);
	ck_assert_int_eq(report.method, mixed[_i].method);
	ck_assert_int_eq(report.outside, mixed[_i].outside);
	image = image_open(out, NULL);
	/* what was lossy says so for ever; what was not never does */
	lossy = image_attribute(image, "00282110");
	if (strcmp(mixed[_i].syntax, LS_NEAR) == 0 ||
	    strcmp(mixed[_i].syntax, J2K) == 0)
		ck_assert_str_eq(lossy, "01");
	if (mixed[_i].method == METHOD_FRAMES)
		ck_assert_ptr_null(lossy);
	free(lossy);
	image_close(image);
	close(in);
	close(out);
}
END_TEST

/* ---- lossy JPEG ---- */

static const struct {
	struct jpeg_spec jpeg;
	const char *photometric;
	int samples;
	enum table table;
	int parts;
	bool odd;
} lossy[] = {
	{ { 50, 41, JPEG_GREY, 1, 1, 85,
	    .restart = 0 }, "MONOCHROME2", 1,
	  .table = TABLE_BASIC, .parts = 1 },
	{ { 50, 41, JPEG_GREY, 1, 1, 85,
	    .restart = 0 }, "MONOCHROME1", 1,
	  .table = TABLE_EMPTY, .parts = 3 },
	{ { 50, 41, JPEG_YCC, 2, 2, 75,
	    .restart = 0 }, "YBR_FULL_422", 3,
	  .table = TABLE_EXTENDED, .parts = 1 },
	{ { 50, 41, JPEG_YCC, 2, 1, 75,
	    .restart = 2 }, "YBR_FULL_422", 3,
	  .table = TABLE_BASIC, .parts = 2, .odd = true },
	{ { 50, 41, JPEG_YCC, 1, 1, 90,
	    .progressive = true }, "YBR_FULL", 3,
	  .table = TABLE_BASIC, .parts = 1 },
	{ { 50, 41, JPEG_YCC, 2, 2, 90,
	    .arithmetic = true }, "YBR_FULL_422", 3,
	  .table = TABLE_EMPTY, .parts = 1 },
	{ { 50, 41, JPEG_RGB, 1, 1, 90,
	    .restart = 0 }, "RGB", 3,
	  .table = TABLE_BASIC, .parts = 2 },
	{ { 50, 41, JPEG_YCC, 1, 1, 90,
	    .optimize = true }, "YBR_FULL", 3,
	  .table = TABLE_BASIC, .parts = 1 },
};

static int make_lossy(int row, bool extras)
{
	struct spec s = { JPEG_BASELINE, lossy[row].photometric, 50, 41,
			  lossy[row].samples, 8, 8, 7,
			  .table = lossy[row].table,
			  .parts = lossy[row].parts, .odd = lossy[row].odd };
	struct jpeg_spec jpeg = lossy[row].jpeg;
	struct stream stream[FRAMES];
	int fd;

	jpeg.extras = extras;
	for (int i = 0; i < FRAMES; i++) {
		struct noise noise = { .seed = 7u + (uint32_t)i };
		int file = make_jpeg(&jpeg, &noise);

		stream[i].data = slurp(file, &stream[i].length);
		close(file);
	}
	fd = make_encapsulated(&s, stream, FRAMES);
	for (int i = 0; i < FRAMES; i++)
		free(stream[i].data);
	return fd;
}

START_TEST(test_lossy)
{
	struct box box[2];
	struct box_list boxes = two_boxes(box);
	struct mask_report report;
	int in = make_lossy(_i, false), out;

	/* what is not sequential is written anew */
	out = mask_and_compare(in, &boxes, !lossy[_i].odd &&
			       !lossy[_i].jpeg.progressive &&
			       !lossy[_i].jpeg.arithmetic, &report);
	ck_assert(report.method == METHOD_SPLICE ||
		  report.method == METHOD_COEFFICIENTS);
	ck_assert_int_eq(report.outside, OUTSIDE_COEFFICIENTS);
	ck_assert_uint_eq(report.dropped, 0);
	ck_assert_str_eq(report.syntax_out, JPEG_BASELINE);
	close(in);
	close(out);
}
END_TEST

/* Tables made for a picture go when they would tell of what was masked. */
START_TEST(test_strict)
{
	struct box box[2];
	struct box_list boxes = two_boxes(box);
	struct mask_job job = test_job;
	struct mask_report report[2];
	struct error err = { 0 };
	int in = make_lossy(ARRAY_LENGTH(lossy) - 1, false);

	for (int strict = 0; strict < 2; strict++) {
		int out = memory_file();

		job.strict_residue = strict;
		ck_assert_msg(mask_run(in, out, &job, &boxes, &report[strict],
				       NULL, NULL, &err), "%s", err.text);
		compare(in, out, &boxes, true, &report[strict]);
		close(out);
	}
	ck_assert(report[0].huffman_tables);
	ck_assert(!report[1].huffman_tables);
	close(in);
}
END_TEST

/* Carriers go from touched and from other frames. */
START_TEST(test_lossy_carriers)
{
	struct box box[2];
	struct box_list boxes = two_boxes(box);
	struct mask_report report;
	int in = make_lossy(_i, true), out;

	out = mask_and_compare(in, &boxes, false, &report);
	ck_assert_uint_ne(report.dropped & DROPPED_EXIF, 0);
	ck_assert_uint_ne(report.dropped & DROPPED_COMMENT, 0);
	ck_assert_uint_ne(report.dropped & DROPPED_TRAILER, 0);
	close(in);
	close(out);
}
END_TEST

/* ---- what hides in a lossy frame that has no box ---- */

static const char unused_huffman[] =
	"\xff\xc4\0\x1b\x13\0\0\0\x08\0\0\0\0\0\0\0\0\0\0\0\0"
	"PLANTED1";

static const struct {
	int coded_rows;                 /* more than SOF tells */
	bool tail;                      /* bytes before EOI */
	const char *segment;            /* after SOI */
	size_t length;
	bool progressive, refused;
} hidden[] = {
	{ 91, false, "", 0, false, true },
	{ 41, true, "PLANTED123", 10, false, true },
	{ 41, false, unused_huffman, sizeof(unused_huffman) - 1, false, false },
	{ 91, false, "", 0, true, false },
	{ 41, true, "PLANTED123", 10, true, false },
	{ 41, false, "\xff\xff\xff\xff\xff\xff", 6, false, false },
};

/* The frame header tells 41 rows. */
static struct stream hide(const struct jpeg_spec *spec, int row)
{
	struct noise noise = { .seed = 11 };
	int file = make_jpeg(spec, &noise);
	const char *sof = hidden[row].progressive ? "\xff\xc2" : "\xff\xc0";
	struct stream bare, out;
	uint8_t *head;

	bare.data = slurp(file, &bare.length);
	close(file);
	head = memmem(bare.data, bare.length, sof, 2);
	ck_assert_ptr_nonnull(head);
	head[5] = 0;
	head[6] = 41;
	out = plant(&bare, hidden[row].tail ? bare.length - 2 : 2,
		    hidden[row].segment, hidden[row].length);
	free(bare.data);
	return out;
}

/* Box in the first frame; the second is refused, or cleaned. */
START_TEST(test_hidden)
{
	const struct spec s = { JPEG_BASELINE, "MONOCHROME2", 50, 41, 1, 8, 8,
				7, .table = TABLE_BASIC, .parts = 1 };
	const struct jpeg_spec spec = {
		50, hidden[_i].coded_rows, JPEG_GREY, 1, 1, 85,
		.progressive = hidden[_i].progressive };
	const struct jpeg_spec plain = { 50, 41, JPEG_GREY, 1, 1, 85,
					 .restart = 0 };
	struct noise noise = { .seed = 7 };
	struct stream stream[2] = { { NULL, 0 }, hide(&spec, _i) };
	struct box box;
	struct box_list boxes = one_box(&box, (struct region){ 2, 1, 6, 5 },
					1);
	struct mask_report report;
	struct error err = { 0 };
	int file = make_jpeg(&plain, &noise), in, out = memory_file();
	size_t length;
	uint8_t *data;
	bool ok;

	stream[0].data = slurp(file, &stream[0].length);
	in = make_encapsulated(&s, stream, 2);
	ok = mask_run(in, out, &test_job, &boxes, &report, NULL, NULL, &err);
	ck_assert_int_eq(ok, !hidden[_i].refused);
	ck_assert(ok || err.code == ERR_REFUSED);
	data = slurp(out, &length);
	ck_assert(!ok || !memmem(data, length, "PLANTED1", 8));
	ck_assert(!ok || !memmem(data, length, "\xff\xff\xff\xff\xff\xff\xff",
				 7));
	/* fewer rows, fewer bytes */
	ck_assert(!ok || hidden[_i].coded_rows == 41 ||
		  length < 3000 + stream[0].length + stream[1].length / 2);
	free(data);
	for (int i = 0; i < 2; i++)
		free(stream[i].data);
	close(file);
	close(in);
	close(out);
}
END_TEST

/* Lossless ones: the header tells fewer rows than there are. */
START_TEST(test_hidden_lossless)
{
	static const struct {
		const char *syntax, *sof;
	} codings[] = { { LOSSLESS_SV1, "\xff\xc3" }, { LS, "\xff\xf7" } };
	const struct spec whole = { codings[_i].syntax, "MONOCHROME2", 37, 40,
				    1, 8, 8, 7, .parts = 1 };
	const struct spec half = { codings[_i].syntax, "MONOCHROME2", 37, 20,
				   1, 8, 8, 7, .parts = 1 };
	struct stream stream[2] = { encode_noise(&half, 0),
				    encode_noise(&whole, 1) };
	struct box box;
	struct box_list boxes = one_box(&box, (struct region){ 2, 1, 6, 5 },
					1);
	struct mask_report report;
	struct error err = { 0 };
	int in, out = memory_file();
	uint8_t *head = memmem(stream[1].data, stream[1].length,
			       codings[_i].sof, 2);

	ck_assert_ptr_nonnull(head);
	head[6] = 20;
	in = make_encapsulated(&half, stream, 2);
	ck_assert(!mask_run(in, out, &test_job, &boxes, &report, NULL, NULL,
			    &err));
	ck_assert_int_eq(err.code, ERR_REFUSED);
	for (int i = 0; i < 2; i++)
		free(stream[i].data);
	close(in);
	close(out);
}
END_TEST

/* A box that a later frame's MCUs would make larger than it was shown. */
START_TEST(test_other_sampling)
{
	const struct spec s = { JPEG_BASELINE, "YBR_FULL", 50, 41, 3, 8, 8, 7,
				.parts = 1 };
	struct stream stream[2];
	struct box box;
	struct box_list boxes = one_box(&box, (struct region){ 2, 1, 6, 5 },
					2);
	struct mask_report report;
	struct error err = { 0 };
	int in, out = memory_file();
	bool ok;

	for (int i = 0; i < 2; i++) {
		int factor = i == _i ? 2 : 1;
		const struct jpeg_spec spec = { 50, 41, JPEG_YCC, factor,
						factor, 85, .restart = 0 };
		struct noise noise = { .seed = 7 };
		int file = make_jpeg(&spec, &noise);

		stream[i].data = slurp(file, &stream[i].length);
		close(file);
	}
	in = make_encapsulated(&s, stream, 2);
	ok = mask_run(in, out, &test_job, &boxes, &report, NULL, NULL, &err);
	ck_assert_int_eq(ok, _i == 0);
	ck_assert(ok || err.code == ERR_REFUSED);
	for (int i = 0; i < 2; i++)
		free(stream[i].data);
	close(in);
	close(out);
}
END_TEST

/* ---- refusals ---- */

/* A frame of another kind than it may be is refused, not copied. */
START_TEST(test_foreign_frame)
{
	const struct spec s = { LS, "MONOCHROME2", STREAM_SIDE, STREAM_SIDE, 1,
				8, 8, 7, .table = TABLE_EMPTY };
	const struct stream stream[2] = { BYTES(jpeg_ls_8),
					  BYTES(lossless_8) };
	struct box box;
	struct box_list boxes = one_box(&box, (struct region){ 2, 1, 6, 5 },
					2);
	struct mask_report report;
	struct error err = { 0 };
	int in = make_encapsulated(&s, stream, 2), out = memory_file();

	ck_assert(!mask_run(in, out, &test_job, &boxes, &report, NULL, NULL,
			    &err));
	ck_assert_int_eq(err.code, ERR_REFUSED);
	close(in);
	close(out);
}
END_TEST

/* What follows the pixels is noted and gone. */
START_TEST(test_end)
{
	const struct spec *s = &rows[0].spec;
	struct box_list none = { 0 };
	struct mask_report report;
	struct error err = { 0 };
	struct dicom_maker m = { 0 };
	size_t length;
	int in = make_noise_file(s), out = memory_file();
	unsigned char *data = slurp(in, &length);
	struct walk *w;

	buffer_append(&m.out, data, length);
	make_bytes(&m, 0xfffcfffc, "OB", "PLANTED!", 8);
	close(in);
	in = make_file(m.out.data, m.out.length);
	ck_assert_msg(mask_run(in, out, &test_job, &none, &report, NULL, NULL,
			       &err), "%s", err.text);
	ck_assert_uint_eq(report.dropped, DROPPED_PADDING);
	w = walk_new(out);
	ck_assert_uint_eq(w->items, FRAMES);
	walk_free(w);
	buffer_done(&m.out);
	free(data);
	close(in);
	close(out);
}
END_TEST

/* ---- real files ---- */

static const char *const folders[] = {
	"dicom/syntax", "dicom/burned", "dicom/wsi", "dicom/benign_text",
	"synth/dicom",
};

/* Is there a frame that can't be decoded? */
static bool has_bad_frame(struct image *image)
{
	for (int i = 0; i < image_info(image)->frames; i++) {
		struct frame *f = image_frame(image, i, NULL);

		if (!f)
			return true;
		frame_free(f);
	}
	return false;
}

static void mask_real(const char *path)
{
	int in_fd = open(path, O_RDONLY | O_CLOEXEC);
	int out_fd = memory_file();
	struct error err = { 0 };
	struct image *in = image_open(in_fd, NULL);
	struct mask_report report;
	struct box box;
	struct image_info info;
	struct box_list boxes;

	if (!in || !image_info(in)->encapsulated ||
	    !image_info(in)->mask_supported) {
		image_close(in);
		close(in_fd);
		close(out_fd);
		return;
	}
	info = *image_info(in);
	boxes = one_box(&box, (struct region){ info.columns / 3,
			info.rows / 4, info.columns / 3 * 2 + 1,
			info.rows / 2 + 1 }, 1);
	box.frame0 = box.frame1 = info.frames / 2;
	if (mask_run(in_fd, out_fd, &test_job, &boxes, &report, NULL, NULL,
		     &err))
		compare(in_fd, out_fd, &boxes, false, &report);
	else
		ck_assert_msg(err.code == ERR_REFUSED && has_bad_frame(in),
			      "%s: %s", path, err.text);
	image_close(in);
	close(in_fd);
	close(out_fd);
}

START_TEST(test_real)
{
	const char *data = getenv("SUMI_DATA");
	const char *top = getenv("top_srcdir");
	char folder[4096], path[8192];
	struct dirent *entry;
	DIR *dir;

	snprintf(folder, sizeof(folder), "%s%s/%s", data ? data :
		 top ? top : "..", data ? "" : "/../shared/data",
		 folders[_i]);
	dir = opendir(folder);
	if (!dir) {
		printf("skip %s: no real pictures; SUMI_DATA names their "
		       "folder\n", folders[_i]);
		return;
	}
	while ((entry = readdir(dir))) {
		if (!strstr(entry->d_name, ".dcm"))
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		mask_real(path);
	}
	closedir(dir);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("mask_frames");
	TCase *tcase = tcase_create("mask_frames");

	image_warm_up(NULL);            /* silences DCMTK */
	tcase_set_timeout(tcase, 120);
	add_rows_test(tcase, test_rows, rows);
	add_rows_test(tcase, test_no_box, rows);
	add_rows_test(tcase, test_twin, rows);
	add_rows_test(tcase, test_carriers, carriers);
	add_rows_test(tcase, test_mixed, mixed);
	add_rows_test(tcase, test_lossy, lossy);
	add_rows_test(tcase, test_lossy_carriers, lossy);
	add_rows_test(tcase, test_hidden, hidden);
	tcase_add_loop_test(tcase, test_hidden_lossless, 0, 2);
	tcase_add_loop_test(tcase, test_other_sampling, 0, 2);
	tcase_add_test(tcase, test_strict);
	tcase_add_test(tcase, test_foreign_frame);
	tcase_add_test(tcase, test_end);
	add_rows_test(tcase, test_real, folders);
	suite_add_tcase(suite, tcase);
	return support_run(suite);
}

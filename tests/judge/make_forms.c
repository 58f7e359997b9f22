/*
 * make_forms.c - writes small pictures of the forms that are hard to find:
 * every packing of DICOM pixels that needs no library, palettes of all kinds,
 * 1-bit frames off the byte boundary, split fragments, offset tables; JPEG
 * and PNG.
 *
 *   make_forms files DIR SEED TWIN          all complete files
 *   make_forms raw NAME FRAME OUT SEED TWIN one frame: planes, little endian
 *   make_forms wrap NAME SYNTAX OUT STREAM...  a code stream a frame
 *   make_forms large native|jpeg OUT FRAMES  of 1024 x 1024 pixels; native
 *                                           pixels are a hole in the file
 *
 * Pixels come from SEED; those of the box 16,16,32,16 come from TWIN in every
 * frame: files of the same SEED differ nowhere else.
 */
#include "config.h"

#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "tests/make_dicom.h"
#include "tests/pictures.h"

static const struct region twin = { 16, 16, 48, 32 };

enum packing { NATIVE, DEFLATED, DEFLATED_FRAMES, RLE, ITEMS };
enum lookup { LUT_NONE, LUT_8, LUT_8_IN_16, LUT_16,
	       LUT_SEGMENTED };
enum tables { NO_TABLE, BASIC_TABLE, EXTENDED_TABLE };

struct form {
	const char *name, *syntax;
	int columns, rows, frames, samples;
	int allocated, stored, high;
	const char *photometric;
	enum packing packing;
	bool is_signed, planar, real, pairs, overlay_bits;
	enum lookup palette;
	const char *padding_vr;         /* NULL: no padding value */
	int padding;
	const char *window;             /* centre and width */
	enum tables table;
	int split;                      /* fragments a frame, 0 is 1 */
};

#define LE "1.2.840.10008.1.2.1"
#define IMPLICIT "1.2.840.10008.1.2"
#define BE "1.2.840.10008.1.2.2"
#define DEFLATE_ALL "1.2.840.10008.1.2.1.99"
#define DEFLATE_FRAME "1.2.840.10008.1.2.8.1"
#define IN_ITEMS "1.2.840.10008.1.2.1.98"
#define PACKBITS "1.2.840.10008.1.2.5"
#define GREY "MONOCHROME2"
#define INVERSE "MONOCHROME1"
#define INDEX "PALETTE COLOR"

static const struct form forms[] = {
	{ "le-8", LE, 96, 64, 1, 1, 8, 8, 7, .photometric = GREY },
	{ "le-16", LE, 97, 61, 3, 1, 16, 16, 15, .photometric = GREY },
	{ "le-12-signed", LE, 96, 64, 2, 1, 16, 12, 11, .photometric = GREY,
	  .is_signed = true, .window = "40\0" "400" },
	{ "le-12-signed-bare", LE, 96, 64, 2, 1, 16, 12, 11,
	  .photometric = GREY,
	  .is_signed = true },
	{ "le-mono1", LE, 96, 64, 1, 1, 16, 12, 11, .photometric = INVERSE },
	{ "le-mono1-signed", LE, 96, 64, 1, 1, 16, 12, 11,
	  .photometric = INVERSE,
	  .is_signed = true, .window = "40\0" "400" },
	{ "le-padding-us", LE, 96, 64, 1, 1, 16, 16, 15, .photometric = GREY,
	  .is_signed = true, .padding_vr = "US", .padding = 0xf830 },
	{ "le-padding-ss", LE, 96, 64, 1, 1, 16, 12, 11, .photometric = GREY,
	  .padding_vr = "SS", .padding = 77 },
	{ "le-high-bit", LE, 96, 64, 1, 1, 16, 12, 15, .photometric = GREY },
	{ "le-overlay-bits", LE, 96, 64, 2, 1, 16, 12, 11, .photometric = GREY,
	  .overlay_bits = true },
	{ "le-32", LE, 96, 64, 2, 1, 32, 32, 31, .photometric = GREY },
	{ "le-32-signed", LE, 96, 64, 1, 1, 32, 32, 31, .photometric = GREY,
	  .is_signed = true },
	{ "le-rgb", LE, 95, 63, 2, 3, 8, 8, 7, .photometric = "RGB" },
	{ "le-rgb-planar", LE, 95, 63, 3, 3, 8, 8, 7, .photometric = "RGB",
	  .planar = true },
	{ "le-rgb-16-planar", LE, 96, 64, 2, 3, 16, 16, 15,
	  .photometric = "RGB",
	  .planar = true },
	{ "le-ybr", LE, 96, 64, 2, 3, 8, 8, 7, .photometric = "YBR_FULL" },
	{ "le-ybr-422", LE, 96, 64, 3, 3, 8, 8, 7,
	  .photometric = "YBR_FULL_422",
	  .pairs = true },
	{ "le-palette-8", LE, 96, 64, 2, 1, 8, 8, 7, .photometric = INDEX,
	  .palette = LUT_8 },
	{ "le-palette-8-in-16", LE, 96, 64, 1, 1, 8, 8, 7, .photometric = INDEX,
	  .palette = LUT_8_IN_16 },
	{ "le-palette-16", LE, 96, 64, 2, 1, 16, 16, 15, .photometric = INDEX,
	  .palette = LUT_16 },
	{ "le-palette-segmented", LE, 96, 64, 1, 1, 8, 8, 7,
	  .photometric = INDEX,
	  .palette = LUT_SEGMENTED },
	{ "le-1-bit", LE, 37, 21, 5, 1, 1, 1, 0, .photometric = GREY },
	{ "le-1-bit-one", LE, 96, 64, 1, 1, 1, 1, 0, .photometric = GREY },
	{ "float", LE, 96, 64, 2, 1, 32, 32, 31, .photometric = GREY,
	  .real = true },
	{ "double", LE, 37, 41, 3, 1, 64, 64, 63, .photometric = GREY,
	  .real = true },
	{ "implicit-12", IMPLICIT, 96, 64, 2, 1, 16, 12, 11,
	  .photometric = GREY },
	{ "implicit-rgb", IMPLICIT, 95, 63, 1, 3, 8, 8, 7, .photometric = "RGB",
	  .planar = true },
	{ "implicit-1-bit", IMPLICIT, 37, 21, 3, 1, 1, 1, 0,
	  .photometric = GREY },
	{ "be-16-signed", BE, 97, 61, 2, 1, 16, 16, 15, .photometric = GREY,
	  .is_signed = true, .window = "40\0" "400" },
	{ "be-12-high", BE, 96, 64, 1, 1, 16, 12, 14, .photometric = INVERSE },
	{ "be-rgb", BE, 96, 64, 2, 3, 8, 8, 7, .photometric = "RGB" },
	{ "be-32", BE, 96, 64, 1, 1, 32, 32, 31, .photometric = GREY },
	{ "deflated-16", DEFLATE_ALL, 96, 64, 2, 1, 16, 12, 11,
	  .photometric = GREY, .packing = DEFLATED },
	{ "deflated-rgb", DEFLATE_ALL, 95, 63, 1, 3, 8, 8, 7,
	  .photometric = "RGB", .packing = DEFLATED,
	  .planar = true },
	{ "frames-8", DEFLATE_FRAME, 96, 64, 4, 1, 8, 8, 7, .photometric = GREY,
	  .packing = DEFLATED_FRAMES },
	{ "frames-16-signed", DEFLATE_FRAME, 97, 61, 3, 1, 16, 12, 11,
	  .photometric = GREY, .packing = DEFLATED_FRAMES, .is_signed = true,
	  .table = EXTENDED_TABLE },
	{ "frames-1-bit", DEFLATE_FRAME, 37, 21, 3, 1, 1, 1, 0,
	  .photometric = GREY, .packing = DEFLATED_FRAMES,
	  .table = BASIC_TABLE },
	{ "rle-8", PACKBITS, 96, 64, 3, 1, 8, 8, 7, .photometric = GREY,
	  .packing = RLE,
	  .table = BASIC_TABLE },
	{ "rle-12-signed", PACKBITS, 97, 61, 2, 1, 16, 12, 11,
	  .photometric = GREY, .packing = RLE,
	  .is_signed = true, .window = "40\0" "400",
	  .table = EXTENDED_TABLE },
	{ "rle-rgb", PACKBITS, 95, 63, 2, 3, 8, 8, 7, .photometric = "RGB",
	  .packing = RLE,
	  .planar = true },
	{ "rle-rgb-16", PACKBITS, 96, 64, 1, 3, 16, 16, 15,
	  .photometric = "RGB", .packing = RLE },
	{ "rle-32", PACKBITS, 96, 64, 1, 1, 32, 32, 31, .photometric = GREY,
	  .packing = RLE },
	{ "rle-palette", PACKBITS, 96, 64, 2, 1, 8, 8, 7, .photometric = INDEX,
	  .packing = RLE,
	  .palette = LUT_8_IN_16 },
	{ "rle-1-bit", PACKBITS, 37, 21, 3, 1, 1, 1, 0, .photometric = GREY,
	  .packing = RLE },
	{ "items-8", IN_ITEMS, 96, 64, 3, 1, 8, 8, 7, .photometric = GREY,
	  .packing = ITEMS,
	  .table = BASIC_TABLE },
	{ "items-16", IN_ITEMS, 97, 61, 2, 1, 16, 12, 11, .photometric = GREY,
	  .packing = ITEMS },
	{ "items-rgb", IN_ITEMS, 95, 63, 2, 3, 8, 8, 7, .photometric = "RGB",
	  .packing = ITEMS },
};
enum { FORMS = sizeof(forms) / sizeof(*forms) };

static const struct form *form_of(const char *name)
{
	for (size_t i = 0; i < FORMS; i++)
		if (!strcmp(forms[i].name, name))
			return &forms[i];
	fprintf(stderr, "make_forms: no such form\n");
	exit(EXIT_FAILURE);
}

/* ---- pixels ---- */

struct seeds { uint32_t outside, inside; };

/*
 * A slope with noise: lossless codecs find something to do.  [frames][rows]
 * [columns][samples] numbers of stored bits.
 */
static uint32_t *numbers_of(const struct form *f, struct seeds seeds)
{
	size_t count = (size_t)f->frames * (size_t)f->rows *
		       (size_t)f->columns * (size_t)f->samples;
	uint32_t *v = calloc(count, sizeof(*v)), *next = v;
	uint32_t field = UINT32_MAX >> (32 - (f->stored > 32 ? 32 : f->stored));
	uint32_t a = seeds.outside | 1, b = seeds.inside | 1;

	for (int k = 0; k < f->frames; k++) {
		uint32_t *first = next;

		for (int y = 0; y < f->rows; y++)
			for (int x = 0; x < f->columns; x++)
				for (int s = 0; s < f->samples; s++) {
					uint32_t p = random_next(&a) >> 9;
					uint32_t q = random_next(&b) >> 9;
					uint32_t step = field / 256 + 1;
					uint32_t slope = (uint32_t)(x + 2 * y +
						9 * s + 5 * k) * step;

					*next++ = (region_hit(twin, x, y) ?
						   q : slope + p % (13 * step))
						  & field;
				}
		/* encoders may scale by the least and largest value */
		for (int s = 0; s < f->samples; s++) {
			first[s] = 0;
			first[f->samples + s] = field;
		}
	}
	return v;
}

static void put_cell(unsigned char *p, const struct form *f, size_t index,
		     uint32_t v)
{
	uint32_t sign = f->is_signed && v >> (f->stored - 1) ?
			~(UINT32_MAX >> (32 - f->stored)) : 0;
	uint64_t cell = (uint64_t)(v | sign) << (f->high + 1 - f->stored);
	size_t bytes = (size_t)f->allocated / 8;
	float single = (float)v / 7;
	double twice = (double)v / 7;

	if (f->allocated == 1) {
		p[index / 8] = (unsigned char)(p[index / 8] |
					       (v & 1) << index % 8);
		return;
	}
	if (f->overlay_bits)            /* a plane in bit 14 */
		cell |= (uint64_t)(index / 5 % 3 == 0) << 14;
	if (f->real && bytes == 4)
		memcpy(&cell, &single, sizeof(single));
	else if (f->real)
		memcpy(&cell, &twice, sizeof(twice));
	for (size_t i = 0; i < bytes; i++)
		p[index * bytes + i] = (unsigned char)(cell >> 8 * i);
}

/* The value of frames first to last - 1, little endian, padded to even. */
static unsigned char *value_of(const struct form *f, const uint32_t *v,
			       int first, int last, size_t *length)
{
	size_t area = (size_t)f->rows * (size_t)f->columns;
	size_t samples = (size_t)f->samples, frames = (size_t)(last - first);
	size_t cells = frames * area * (f->pairs ? 2 : samples);
	unsigned char *p;

	*length = (cells * (size_t)f->allocated + 7) / 8;
	p = calloc(1, *length + 8);
	v += (size_t)first * area * samples;
	for (size_t i = 0; i < frames * area * samples; i++) {
		size_t pixel = i / samples, s = i % samples;
		size_t frame = pixel / area;

		if (f->pairs && s)      /* the chroma of even columns */
			put_cell(p, f, pixel / 2 * 4 + 1 + s,
				 v[pixel / 2 * 2 * samples + s]);
		else if (f->pairs)
			put_cell(p, f, pixel / 2 * 4 + pixel % 2, v[i]);
		else if (f->planar)
			put_cell(p, f, (frame * samples + s) * area +
				 pixel % area, v[i]);
		else
			put_cell(p, f, i, v[i]);
	}
	*length += *length % 2;
	return p;
}

static void turn(unsigned char *p, size_t length, size_t unit)
{
	for (size_t i = 0; i + unit <= length; i += unit)
		for (size_t k = 0; k < unit / 2; k++) {
			unsigned char c = p[i + k];

			p[i + k] = p[i + unit - 1 - k];
			p[i + unit - 1 - k] = c;
		}
}

/* ---- packings ---- */

static struct buffer deflated(const void *data, size_t length)
{
	z_stream z = { .next_in = (Bytef *)(uintptr_t)data,
		       .avail_in = (uInt)length };
	struct buffer out = { 0 };
	unsigned char piece[4096];

	deflateInit2(&z, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY);
	do {
		z.next_out = piece;
		z.avail_out = sizeof(piece);
		deflate(&z, Z_FINISH);
		buffer_append(&out, piece, sizeof(piece) - z.avail_out);
	} while (!z.avail_out);
	deflateEnd(&z);
	if (out.length % 2)
		buffer_append(&out, "", 1);
	return out;
}

/* PackBits of n bytes at every step-th byte (PS3.5 G.3.1). */
static void pack_bits(struct buffer *out, const unsigned char *p, size_t step,
		      size_t n)
{
	size_t i = 0;

	while (i < n) {
		size_t run = 1;
		unsigned char head, same;

		while (i + run < n && run < 128 &&
		       p[(i + run) * step] == p[i * step])
			run++;
		if (run > 2) {
			head = (unsigned char)(257 - run);
			same = p[i * step];
			buffer_append(out, &head, 1);
			buffer_append(out, &same, 1);
			i += run;
			continue;
		}
		for (run = 1; i + run < n && run < 128; run++)
			if (i + run + 2 < n &&
			    p[(i + run) * step] == p[(i + run + 1) * step] &&
			    p[(i + run) * step] == p[(i + run + 2) * step])
				break;
		head = (unsigned char)(run - 1);
		buffer_append(out, &head, 1);
		for (; run; run--)
			buffer_append(out, &p[step * i++], 1);
	}
	if (out->length % 2)
		buffer_append(out, "", 1);
}

/* One frame: segments by sample, the most significant byte first. */
static struct buffer run_lengths(const struct form *f, const uint32_t *v,
				 int frame)
{
	struct form plain = *f;
	struct buffer out = { 0 };
	unsigned char head[64] = { 0 }, *p;
	size_t bytes = f->allocated == 1 ? 1 : (size_t)f->allocated / 8;
	size_t samples = (size_t)f->samples, length;
	size_t area = (size_t)f->rows * (size_t)f->columns;

	plain.planar = false;
	p = value_of(&plain, v, frame, frame + 1, &length);
	buffer_append(&out, head, sizeof(head));
	head[0] = (unsigned char)(samples * bytes);
	for (size_t s = 0; s < samples; s++)
		for (size_t k = bytes; k-- > 0;) {
			size_t slot = 4 + 4 * (s * bytes + bytes - 1 - k);

			for (size_t i = 0; i < 4; i++)
				head[slot + i] = (unsigned char)
						 (out.length >> 8 * i);
			pack_bits(&out, p + s * bytes + k, samples * bytes,
				  f->allocated == 1 ? (area + 7) / 8 : area);
		}
	memcpy(out.data, head, sizeof(head));
	free(p);
	return out;
}

static struct buffer packed_frame(const struct form *f, const uint32_t *v,
				  int frame)
{
	size_t length;
	unsigned char *p;
	struct buffer out = { 0 };

	if (f->packing == RLE)
		return run_lengths(f, v, frame);
	p = value_of(f, v, frame, frame + 1, &length);
	if (f->packing == DEFLATED_FRAMES)
		out = deflated(p, length);
	else
		buffer_append(&out, p, length);
	free(p);
	return out;
}

/* ---- headers ---- */

static void put_lookup(struct dicom_maker *m, const struct form *f)
{
	/* 0 entries mean 65536 (PS3.3 C.7.6.3.1.5) */
	static const unsigned char few[] = { 0, 1, 0, 0, 8, 0 };
	static const unsigned char few_wide[] = { 0, 1, 0, 0, 16, 0 };
	static const unsigned char many[] = { 0, 0, 0, 0, 16, 0 };
	/* discrete 1: 60000; linear 95 down to 2000; linear 160 up */
	static const unsigned char segments[] = {
		0, 0, 1, 0, 0x60, 0xea, 1, 0, 95, 0, 0xd0, 7,
		1, 0, 160, 0, 0x40, 0x9c };
	bool wide = f->palette != LUT_8;
	size_t entries = f->palette == LUT_16 ? 65536 : 256;
	unsigned char *lut = calloc(entries, 2);

	for (uint32_t i = 0; i < 3; i++)
		make_bytes(m, 0x00281101 + i, "US",
			   f->palette == LUT_16 ? many :
			   wide ? few_wide : few, 6);
	for (uint32_t i = 0; i < 3; i++) {
		if (f->palette == LUT_SEGMENTED) {
			make_bytes(m, 0x00281221 + i, "OW", segments,
				   sizeof(segments));
			continue;
		}
		/* the darkest entry is 96 of 256 */
		for (size_t k = 0; k < entries; k++) {
			size_t part = k * 256 / entries;
			size_t c = part == 96 ? 3 : 60 + part / (2 + i);
			size_t w = c << 8 | (k & 0xff);

			lut[wide ? 2 * k : k] = (unsigned char)(wide ? w : c);
			if (wide)
				lut[2 * k + 1] = (unsigned char)(w >> 8);
		}
		make_bytes(m, 0x00281201 + i, "OW", lut,
			   entries * (wide ? 2 : 1));
	}
	free(lut);
}

static void put_overlay(struct dicom_maker *m, const struct form *f)
{
	static const char origin[] = { 1, 0, 1, 0 };

	if (!f->overlay_bits)
		return;
	make_us(m, 0x60000010, f->rows);
	make_us(m, 0x60000011, f->columns);
	make_text(m, 0x60000040, "CS", "G");
	make_bytes(m, 0x60000050, "SS", origin, 4);
	make_us(m, 0x60000100, 16);
	make_us(m, 0x60000102, 14);
}

static void put_header(struct dicom_maker *m, const struct form *f)
{
	char frames[16];

	snprintf(frames, sizeof(frames), "%d", f->frames);
	make_text(m, 0x00080060, "CS", "OT");
	make_text(m, 0x00100010, "PN", "Forms^Made");
	make_text(m, 0x00100020, "LO", "12345");
	make_text(m, 0x0020000d, "UI", "1.2.3.4");
	make_text(m, 0x0020000e, "UI", "1.2.3.5");
	make_us(m, 0x00280002, f->samples);
	make_text(m, 0x00280004, "CS", f->photometric);
	if (f->samples > 1)
		make_us(m, 0x00280006, f->planar);
	if (f->frames > 1)
		make_text(m, 0x00280008, "IS", frames);
	make_us(m, 0x00280010, f->rows);
	make_us(m, 0x00280011, f->columns);
	make_us(m, 0x00280100, f->allocated);
	if (!f->real) {
		make_us(m, 0x00280101, f->stored);
		make_us(m, 0x00280102, f->high);
		make_us(m, 0x00280103, f->is_signed);
	}
	if (f->padding_vr) {
		unsigned char n[2] = { (unsigned char)f->padding,
				       (unsigned char)(f->padding >> 8) };

		make_bytes(m, 0x00280120, f->padding_vr, n, 2);
	}
	if (f->window) {
		make_text(m, 0x00281050, "DS", f->window);
		make_text(m, 0x00281051, "DS",
			  f->window + strlen(f->window) + 1);
	}
	if (f->palette)
		put_lookup(m, f);
	put_overlay(m, f);
}

static void put_wide_table(struct dicom_maker *m, const struct buffer *frame,
			   int frames, int split)
{
	unsigned char offsets[8 * 16] = { 0 }, lengths[8 * 16] = { 0 };
	size_t at = 0;

	for (int i = 0; i < frames; i++) {
		for (int k = 0; k < 8; k++) {
			offsets[8 * i + k] = (unsigned char)(at >> 8 * k);
			lengths[8 * i + k] = (unsigned char)
					     (frame[i].length >> 8 * k);
		}
		at += frame[i].length + 8 * (size_t)split;
	}
	make_bytes(m, 0x7fe00001, "OV", offsets, 8 * (size_t)frames);
	make_bytes(m, 0x7fe00002, "OV", lengths, 8 * (size_t)frames);
}

/* Begin, table, the frames in split fragments each, end. */
static void put_frames(struct dicom_maker *m, const struct form *f,
		       const struct buffer *frame, int frames)
{
	int split = f->split ? f->split : 1;
	unsigned char table[4 * 16] = { 0 };
	size_t at = 0;

	if (f->table == EXTENDED_TABLE)
		put_wide_table(m, frame, frames, split);
	/* OB of undefined length */
	buffer_append(&m->out, "\xe0\x7f\x10\0OB\0\0\xff\xff\xff\xff", 12);
	for (int i = 0; i < frames; i++) {
		for (int k = 0; k < 4; k++)
			table[4 * i + k] = (unsigned char)(at >> 8 * k);
		at += frame[i].length + 8 * (size_t)split;
	}
	make_fragment(m, table,
		      f->table == BASIC_TABLE ? 4 * (size_t)frames : 0);
	for (int i = 0; i < frames; i++) {
		size_t part = frame[i].length / (size_t)split / 2 * 2, from = 0;

		for (int k = 0; k < split; k++) {
			size_t n = k == split - 1 ? frame[i].length - from :
						    part;

			make_fragment(m, frame[i].data + from, n);
			from += n;
		}
	}
	make_fragments_end(m);
}

static void put_native(struct dicom_maker *m, const struct form *f,
		       const uint32_t *v)
{
	size_t length, unit = f->allocated > 16 ? (size_t)f->allocated / 8 : 2;
	unsigned char *p = value_of(f, v, 0, f->frames, &length);
	bool wide = f->allocated > 8 || m->implicit;

	if (m->big_endian && wide)
		turn(p, length, unit);
	make_bytes(m, !f->real ? 0x7fe00010 : f->allocated == 32 ?
		   0x7fe00008 : 0x7fe00009, f->real ?
		   (f->allocated == 32 ? "OF" : "OD") : wide ? "OW" : "OB", p,
		   length);
	free(p);
}

static void store(const char *path, const void *data, size_t length)
{
	FILE *file = fopen(path, "wb");

	if (!file || fwrite(data, 1, length, file) != length ||
	    fclose(file) != 0) {
		fprintf(stderr, "make_forms: can't write a file\n");
		exit(EXIT_FAILURE);
	}
}

/* ---- files ---- */

static void deflate_behind_meta(struct dicom_maker *m, size_t meta)
{
	struct buffer packed = deflated(m->out.data + meta,
					m->out.length - meta);

	m->out.length = meta;
	buffer_append(&m->out, packed.data, packed.length);
	buffer_done(&packed);
}

static struct dicom_maker begin(const struct form *f, const char *syntax,
				size_t *meta)
{
	struct dicom_maker m = { .big_endian = !strcmp(syntax, BE),
				 .implicit = !strcmp(syntax, IMPLICIT) };

	make_begin(&m, syntax);
	/* make_begin() adds class and instance; group length at 132 + 8 */
	*meta = 144 + (size_t)(unsigned char)m.out.data[140] +
		((size_t)(unsigned char)m.out.data[141] << 8);
	put_header(&m, f);
	return m;
}

static void make_one(const struct form *f, const char *path,
		     struct seeds seeds)
{
	uint32_t *v = numbers_of(f, seeds);
	size_t meta;
	struct dicom_maker m = begin(f, f->syntax, &meta);

	if (f->packing <= DEFLATED) {
		put_native(&m, f, v);
		if (f->packing == DEFLATED)
			deflate_behind_meta(&m, meta);
	} else {
		struct buffer frame[16] = { { 0 } };

		for (int i = 0; i < f->frames; i++)
			frame[i] = packed_frame(f, v, i);
		put_frames(&m, f, frame, f->frames);
		for (int i = 0; i < f->frames; i++)
			buffer_done(&frame[i]);
	}
	store(path, m.out.data, m.out.length);
	buffer_done(&m.out);
	free(v);
}

static void make_raw(const struct form *f, int frame, const char *path,
		     struct seeds seeds)
{
	struct form planes = *f;
	uint32_t *v = numbers_of(f, seeds);
	size_t length;
	unsigned char *p;

	planes.planar = true;
	p = value_of(&planes, v, frame, frame + 1, &length);
	store(path, p, (size_t)f->columns * (size_t)f->rows *
		       (size_t)f->samples * (size_t)f->allocated / 8);
	free(p);
	free(v);
}

/* Frames of three code streams in three fragments each, with a table. */
static void make_wrapped(const struct form *f, const char *syntax,
			 const char *path, char **stream, int streams)
{
	struct form g = *f;
	struct buffer frame[16] = { { 0 } };
	struct dicom_maker m;
	size_t meta;

	g.frames = streams;
	g.planar = false;
	g.table = streams > 2 ? EXTENDED_TABLE : BASIC_TABLE;
	/* a frame of RLE or deflate is one fragment (PS3.5 A.4) */
	g.split = streams == 2 && strncmp(syntax, "1.2.840.10008.1.2.4.", 20) ==
		  0 ? 3 : 1;
	m = begin(&g, syntax, &meta);
	for (int i = 0; i < streams && i < 16; i++) {
		FILE *file = fopen(stream[i], "rb");
		char piece[4096];
		size_t n;

		if (!file)
			exit(EXIT_FAILURE);
		while ((n = fread(piece, 1, sizeof(piece), file)) > 0)
			buffer_append(&frame[i], piece, n);
		fclose(file);
		if (frame[i].length % 2)
			buffer_append(&frame[i], "", 1);
	}
	put_frames(&m, &g, frame, streams);
	store(path, m.out.data, m.out.length);
	for (int i = 0; i < streams && i < 16; i++)
		buffer_done(&frame[i]);
	buffer_done(&m.out);
}

/* ---- JPEG and PNG ---- */

static const struct { const char *name; struct jpeg_spec spec; } jpegs[] = {
	{ "grey", { 96, 64, JPEG_GREY, 1, 1, .quality = 80 } },
	{ "444", { 97, 61, JPEG_YCC, 1, 1, .quality = 80, .restart = 3 } },
	{ "422", { 96, 64, JPEG_YCC, 2, 1, .quality = 90 } },
	{ "440", { 96, 64, JPEG_YCC, 1, 2, .quality = 90 } },
	{ "420", { 99, 67, JPEG_YCC, 2, 2, .quality = 75, .restart = 5 } },
	{ "420-optimised", { 96, 64, JPEG_YCC, 2, 2, .quality = 75,
	  .optimize = true } },
	{ "411", { 96, 64, JPEG_YCC, 4, 1, .quality = 75 } },
	{ "rgb", { 96, 64, JPEG_RGB, 1, 1, .quality = 85 } },
	{ "cmyk", { 96, 64, JPEG_CMYK, 1, 1, .quality = 85 } },
	{ "ycck", { 96, 64, JPEG_YCCK, 2, 2, .quality = 85 } },
	{ "progressive", { 96, 64, JPEG_YCC, 2, 2, .quality = 75,
	  .progressive = true } },
	{ "progressive-grey",
	  { 97, 61, JPEG_GREY, 1, 1, .quality = 75, .progressive = true } },
	{ "arithmetic", { 96, 64, JPEG_YCC, 2, 1, .quality = 75,
	  .arithmetic = true } },
	{ "arithmetic-progressive",
	  { 96, 64, JPEG_GREY, 1, 1, .quality = 75, .progressive = true,
	    .arithmetic = true } },
};

static const struct { const char *name; struct png_spec spec; } pngs[] = {
	{ "1", { 97, 61, 1, .colour = PNG_COLOR_TYPE_GRAY } },
	{ "2", { 97, 61, 2, .colour = PNG_COLOR_TYPE_GRAY } },
	{ "4-interlaced", { 97, 61, 4, .colour = PNG_COLOR_TYPE_GRAY,
	  .interlaced = true } },
	{ "8", { 97, 61, 8, .colour = PNG_COLOR_TYPE_GRAY } },
	{ "16", { 97, 61, 16, .colour = PNG_COLOR_TYPE_GRAY } },
	{ "palette-1", { 97, 61, 1, .colour = PNG_COLOR_TYPE_PALETTE } },
	{ "palette-4-clear",
	  { 97, 61, 4, .colour = PNG_COLOR_TYPE_PALETTE, .clear = true } },
	{ "palette-8-interlaced", { 97, 61, 8, .colour = PNG_COLOR_TYPE_PALETTE,
	  .interlaced = true } },
	{ "rgb-8-interlaced", { 97, 61, 8, .colour = PNG_COLOR_TYPE_RGB,
	  .interlaced = true } },
	{ "rgb-16", { 97, 61, 16, .colour = PNG_COLOR_TYPE_RGB } },
	{ "grey-alpha-8",
	  { 97, 61, 8, .colour = PNG_COLOR_TYPE_GRAY_ALPHA, .clear = true } },
	{ "rgba-8-interlaced",
	  { 97, 61, 8, .colour = PNG_COLOR_TYPE_RGB_ALPHA, .interlaced = true,
	  .clear = true } },
	{ "rgba-16", { 97, 61, 16, .colour = PNG_COLOR_TYPE_RGB_ALPHA,
	  .clear = true } },
};

static void keep(int fd, const char *folder, const char *name,
		 const char *ending)
{
	char path[4096];
	size_t length;
	unsigned char *data = slurp(fd, &length);

	snprintf(path, sizeof(path), "%s/%s.%s", folder, name, ending);
	store(path, data, length);
	free(data);
	close(fd);
}

static void make_all(const char *folder, struct seeds seeds)
{
	struct noise noise = { seeds.outside, twin, seeds.inside };
	char path[4096];

	for (size_t i = 0; i < FORMS; i++) {
		snprintf(path, sizeof(path), "%s/%s.dcm", folder,
			 forms[i].name);
		make_one(&forms[i], path, seeds);
	}
	for (size_t i = 0; i < sizeof(jpegs) / sizeof(*jpegs); i++)
		keep(make_jpeg(&jpegs[i].spec, &noise), folder, jpegs[i].name,
		     "jpg");
	for (size_t i = 0; i < sizeof(pngs) / sizeof(*pngs); i++)
		keep(make_png(&pngs[i].spec, &noise), folder, pngs[i].name,
		     "png");
}

/* ---- large ones ---- */

static void append(FILE *file, const void *data, size_t length)
{
	if (fwrite(data, 1, length, file) != length) {
		fprintf(stderr, "make_forms: can't write a file\n");
		exit(EXIT_FAILURE);
	}
}

static void append_number(FILE *file, uint32_t n)
{
	unsigned char p[4];

	for (int i = 0; i < 4; i++)
		p[i] = (unsigned char)(n >> 8 * i);
	append(file, p, 4);
}

static void append_frames(FILE *file, int frames)
{
	struct jpeg_spec spec = { 1024, 1024, JPEG_GREY, 1, 1, .quality = 92 };
	struct noise noise = { 1, twin, 2 };
	size_t length;
	int fd = make_jpeg(&spec, &noise);
	unsigned char *stream = slurp(fd, &length);

	append(file, "\xe0\x7f\x10\0OB\0\0\xff\xff\xff\xff", 12);
	append(file, "\xfe\xff\0\xe0\0\0\0\0", 8);
	length -= length % 2;           /* the last byte may be its pad byte */
	for (int i = 0; i < frames; i++) {
		size_t odd = lseek(fd, 0, SEEK_END) % 2 ? 1 : 0;

		append(file, "\xfe\xff\0\xe0", 4);
		append_number(file, (uint32_t)(length + 2 * odd));
		append(file, stream, length);
		append(file, stream + length, odd);
		append(file, "", odd);
	}
	append(file, "\xfe\xff\xdd\xe0\0\0\0\0", 8);
	close(fd);
	free(stream);
}

static void make_large(bool jpeg, const char *path, int frames)
{
	struct form f = { "large", LE, 1024, 1024, frames, 1, 8, 8, 7,
			  .photometric = GREY };
	size_t meta;
	struct dicom_maker m = begin(&f, jpeg ? "1.2.840.10008.1.2.4.50" : LE,
				     &meta);
	FILE *file = fopen(path, "wb");
	long long end;

	if (!file)
		exit(EXIT_FAILURE);
	append(file, m.out.data, m.out.length);
	if (jpeg) {
		append_frames(file, frames);
	} else {
		append(file, "\xe0\x7f\x10\0OB\0\0", 8);
		append_number(file, (uint32_t)frames << 20);
		fflush(file);
		end = lseek(fileno(file), 0, SEEK_END);
		if (ftruncate(fileno(file), end + ((off_t)frames << 20)) != 0)
			exit(EXIT_FAILURE);
	}
	fclose(file);
	buffer_done(&m.out);
}

static struct seeds seeds_of(char **argument)
{
	return (struct seeds){
		(uint32_t)strtoul(argument[0], NULL, 10) * 2654435761u,
		(uint32_t)strtoul(argument[1], NULL, 10) * 40503u + 7 };
}

int main(int arguments, char **argument)
{
	const char *what = arguments > 1 ? argument[1] : "";

	if (!strcmp(what, "files") && arguments == 5)
		make_all(argument[2], seeds_of(argument + 3));
	else if (!strcmp(what, "raw") && arguments == 7)
		make_raw(form_of(argument[2]),
			 (int)strtol(argument[3], NULL, 10), argument[4],
			 seeds_of(argument + 5));
	else if (!strcmp(what, "wrap") && arguments > 5)
		make_wrapped(form_of(argument[2]), argument[3], argument[4],
			     argument + 5, arguments - 5);
	else if (!strcmp(what, "large") && arguments == 5)
		make_large(!strcmp(argument[2], "jpeg"), argument[3],
			   (int)strtol(argument[4], NULL, 10));
	else
		return 2;
	return 0;
}

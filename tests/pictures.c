/* pictures.c - small pictures of every form, made in memory from a seed. */
#include "config.h"

#include "pictures.h"

#include <check.h>
#include <png.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>
#include <zlib.h>

#include <jpeglib.h>

#include "support.h"
#include "tests/make_dicom.h"

uint32_t random_next(uint32_t *state)
{
	uint32_t x = *state;

	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	return *state = x;
}

int random_below(uint32_t *state, int limit)
{
	return (int)(random_next(state) % (uint32_t)limit);
}

/* Programs that are no tests call this too, so it can't be an assertion. */
static void must(bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "pictures: can't %s\n", what);
	abort();
}

/* ---- files in memory ---- */

int memory_file(void)
{
	int fd = memfd_create("picture", MFD_CLOEXEC);

	must(fd >= 0, "make a file");
	return fd;
}

static void put(int fd, const void *data, size_t length)
{
	must(write(fd, data, length) == (ssize_t)length, "write");
}

int memory_of(const void *data, size_t length)
{
	int fd = memory_file();

	put(fd, data, length);
	return fd;
}

unsigned char *slurp(int fd, size_t *length)
{
	off_t size = lseek(fd, 0, SEEK_END);
	unsigned char *data;

	must(size >= 0, "read");
	data = malloc((size_t)size + 1);
	must(data && pread(fd, data, (size_t)size, 0) == size, "read");
	*length = (size_t)size;
	return data;
}

bool same_files(int a, int b)
{
	size_t m, n;
	unsigned char *p = slurp(a, &m), *q = slurp(b, &n);
	bool same = m == n && !memcmp(p, q, m);

	free(p);
	free(q);
	return same;
}

/* ---- noise ---- */

struct source {
	const struct noise *noise;
	uint32_t outside, inside;
};

static struct source source_new(const struct noise *noise)
{
	return (struct source){ noise, noise->seed | 1,
				noise->twin_seed | 1 };
}

/* Both streams move on at every pixel: outside never depends on the twin. */
static uint32_t source_next(struct source *s, int x, int y)
{
	uint32_t a = random_next(&s->outside), b = random_next(&s->inside);

	return region_hit(s->noise->twin, x, y) ? b : a;
}

/* ---- PNG ---- */

static void on_png_error(png_structp png, png_const_charp message)
{
	(void)png;
	must(false, message);
}

static void on_png_write(png_structp png, png_bytep data, size_t length)
{
	put(*(int *)png_get_io_ptr(png), data, length);
}

static void set_png_palette(png_structp png, png_infop info,
			    const struct png_spec *spec)
{
	png_color palette[256];
	png_byte alpha[256];
	int entries = 1 << spec->depth;

	for (int i = 0; i < entries; i++) {
		palette[i].red = (png_byte)(255 - i * 7);
		palette[i].green = (png_byte)(200 - i * 3);
		palette[i].blue = (png_byte)(i * 11);
		/* two entries or more with alpha 0, the darkest opaque */
		alpha[i] = i % 4 == 1 ? 0 : 255;
	}
	png_set_PLTE(png, info, palette, entries);
	if (spec->clear)
		png_set_tRNS(png, info, alpha, entries, NULL);
}

static void set_png_extras(png_structp png, png_infop info)
{
	static png_byte exif[] = "MM\0*\0\0\0\10\0\1\1\22\0\3\0\0\0\1\0\6\0\0"
				 "\0\0\0\0PLANTED";
	png_unknown_chunk chunk = { "prVt", (png_bytep)"PLANTED", 7,
				    PNG_HAVE_IHDR };
	png_text text = { .compression = PNG_TEXT_COMPRESSION_NONE,
			  .key = "Comment", .text = "PLANTED" };
	png_time when = { 2024, 1, 2, 3, 4, 5 };

	png_set_text(png, info, &text, 1);
	png_set_tIME(png, info, &when);
	png_set_eXIf_1(png, info, sizeof(exif) - 1, exif);
	png_set_gAMA_fixed(png, info, 45455);
	png_set_pHYs(png, info, 3000, 3000, PNG_RESOLUTION_METER);
	png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_ALWAYS, NULL, 0);
	png_set_unknown_chunks(png, info, &chunk, 1);
}

/* One sample, big endian; sample number s of channels. */
static void put_png_sample(png_bytep row, const struct png_spec *spec,
			   int index, bool alpha, uint32_t value)
{
	if (alpha)
		value = spec->clear && value % 3 == 0 ? 0 : 0xffffffff;
	if (spec->depth == 16) {
		row[2 * index] = (png_byte)(value >> 8);
		row[2 * index + 1] = (png_byte)value;
	} else {
		int per = 8 / spec->depth;
		int shift = 8 - spec->depth * (index % per + 1);
		unsigned mask = (1u << spec->depth) - 1;

		row[index / per] = (png_byte)(row[index / per] |
					      (value & mask) << shift);
	}
}

int make_png(const struct png_spec *spec, const struct noise *noise)
{
	int fd = memory_file();
	png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL,
						  on_png_error, NULL);
	png_infop info = png_create_info_struct(png);
	struct source source = source_new(noise);
	int channels;
	size_t bytes;
	png_bytep samples;
	png_bytepp rows = calloc((size_t)spec->rows, sizeof(*rows));

	png_set_write_fn(png, &fd, on_png_write, NULL);
	png_set_IHDR(png, info, (png_uint_32)spec->columns,
		     (png_uint_32)spec->rows, spec->depth, spec->colour,
		     spec->interlaced ? PNG_INTERLACE_ADAM7 :
					PNG_INTERLACE_NONE, 0, 0);
	if (spec->colour == PNG_COLOR_TYPE_PALETTE)
		set_png_palette(png, info, spec);
	if (spec->extras)
		set_png_extras(png, info);
	png_write_info(png, info);
	channels = png_get_channels(png, info);
	bytes = png_get_rowbytes(png, info);
	samples = calloc((size_t)spec->rows, bytes);
	for (int y = 0; y < spec->rows; y++) {
		rows[y] = samples + (size_t)y * bytes;
		for (int x = 0; x < spec->columns; x++) {
			uint32_t v = source_next(&source, x, y);

			for (int s = 0; s < channels; s++)
				put_png_sample(rows[y], spec,
					       x * channels + s,
					       s == 1 + 2 * (channels == 4) &&
						       channels % 2 == 0,
					       v >> (5 * s));
		}
	}
	png_write_image(png, rows);
	png_write_end(png, info);
	png_destroy_write_struct(&png, &info);
	free(samples);
	free(rows);
	if (spec->extras)
		put(fd, "PLANTED", 7);
	return fd;
}

/* ---- JPEG ---- */

static const struct {
	J_COLOR_SPACE in, file;
	int components;
	bool adobe;
} jpeg_kinds[] = {
	[JPEG_GREY] = { JCS_GRAYSCALE, JCS_GRAYSCALE, 1, false },
	[JPEG_YCC] = { JCS_RGB, JCS_YCbCr, 3, false },
	[JPEG_RGB] = { JCS_RGB, JCS_RGB, 3, true },
	[JPEG_CMYK] = { JCS_CMYK, JCS_CMYK, 4, true },
	[JPEG_YCCK] = { JCS_CMYK, JCS_YCCK, 4, true },
	[JPEG_CMYK_PLAIN] = { JCS_CMYK, JCS_CMYK, 4, false },
};

static void write_jpeg_extras(struct jpeg_compress_struct *out)
{
	/* TIFF: orientation 6 and a thumbnail that starts with PLANTED */
	static const JOCTET exif[] = "Exif\0\0MM\0*\0\0\0\10\0\1\1\22\0\3\0\0"
		"\0\1\0\6\0\0\0\0\0\32\0\2\2\1\0\4\0\0\0\1\0\0\0\70\2\2\0\4"
		"\0\0\0\1\0\0\0\7\0\0\0\0PLANTED";
	static const JOCTET xmp[] = "http://ns.adobe.com/xap/1.0/\0PLANTED";
	JOCTET icc[200] = { 0, 0, 0, 160 };

	memcpy(icc + 36, "acsp", 4);
	memcpy(icc + 170, "PLANTED", 7);        /* after its own end */
	jpeg_write_marker(out, JPEG_APP0 + 1, exif, sizeof(exif) - 1);
	jpeg_write_marker(out, JPEG_APP0 + 1, xmp, sizeof(xmp) - 1);
	jpeg_write_marker(out, JPEG_APP0 + 13, (const JOCTET *)"PLANTED", 7);
	jpeg_write_marker(out, JPEG_COM, (const JOCTET *)"PLANTED", 7);
	jpeg_write_icc_profile(out, icc, sizeof(icc));
}

static void set_jpeg(struct jpeg_compress_struct *out,
		     const struct jpeg_spec *spec)
{
	out->image_width = (JDIMENSION)spec->columns;
	out->image_height = (JDIMENSION)spec->rows;
	out->input_components = jpeg_kinds[spec->kind].components;
	out->in_color_space = jpeg_kinds[spec->kind].in;
	jpeg_set_defaults(out);
	jpeg_set_colorspace(out, jpeg_kinds[spec->kind].file);
	out->write_Adobe_marker = jpeg_kinds[spec->kind].adobe;
	jpeg_set_quality(out, spec->quality, TRUE);
	for (int i = 0; i < out->num_components; i++)
		out->comp_info[i].h_samp_factor =
			out->comp_info[i].v_samp_factor = 1;
	out->comp_info[0].h_samp_factor = spec->h;
	out->comp_info[0].v_samp_factor = spec->v;
	if (spec->kind == JPEG_YCCK) {  /* K as fine as Y */
		out->comp_info[3].h_samp_factor = spec->h;
		out->comp_info[3].v_samp_factor = spec->v;
	}
	out->arith_code = spec->arithmetic;
	out->optimize_coding = spec->optimize;
	out->restart_interval = (unsigned)spec->restart;
	if (spec->progressive)
		jpeg_simple_progression(out);
}

int make_jpeg(const struct jpeg_spec *spec, const struct noise *noise)
{
	struct jpeg_compress_struct out;
	struct jpeg_error_mgr errors;
	struct source source = source_new(noise);
	unsigned char *data = NULL;
	unsigned long length = 0;
	int components = jpeg_kinds[spec->kind].components;
	JSAMPROW row = calloc((size_t)spec->columns, (size_t)components);
	int fd;

	out.err = jpeg_std_error(&errors);
	jpeg_create_compress(&out);
	jpeg_mem_dest(&out, &data, &length);
	set_jpeg(&out, spec);
	jpeg_start_compress(&out, TRUE);
	if (spec->extras)
		write_jpeg_extras(&out);
	for (int y = 0; y < spec->rows; y++) {
		for (int x = 0; x < spec->columns; x++) {
			uint32_t v = source_next(&source, x, y);

			for (int s = 0; s < components; s++)
				row[x * components + s] =
					(JSAMPLE)(v >> (8 * s));
		}
		jpeg_write_scanlines(&out, &row, 1);
	}
	jpeg_finish_compress(&out);
	jpeg_destroy_compress(&out);
	fd = memory_of(data, length);
	if (spec->extras)
		put(fd, "PLANTED", 7);
	free(data);
	free(row);
	return fd;
}

/* ---- DICOM ---- */

static const char *const syntaxes[] = {
	[DICOM_EXPLICIT] = "1.2.840.10008.1.2.1",
	[DICOM_IMPLICIT] = "1.2.840.10008.1.2",
	[DICOM_BIG] = "1.2.840.10008.1.2.2",
	[DICOM_DEFLATED] = "1.2.840.10008.1.2.1.99",
	[DICOM_GE] = "1.2.840.113619.5.2",
};

static struct dicom_maker maker_like(const struct dicom_maker *m)
{
	return (struct dicom_maker){ .big_endian = m->big_endian,
				     .implicit = m->implicit };
}

static void put_sequence(struct dicom_maker *m, uint32_t sequence,
			 uint32_t tag, const char *vr, const char *text)
{
	struct dicom_maker item = maker_like(m);

	make_text(&item, tag, vr, text);
	make_item(m, sequence, &item);
	buffer_done(&item.out);
}

static void put_icon(struct dicom_maker *m)
{
	struct dicom_maker item = maker_like(m);

	make_pixel_module(&item, 4, 4, 1, "MONOCHROME2", 8, 8, 0);
	make_bytes(&item, 0x7fe00010, m->implicit ? "OW" : "OB",
		   "PLANTEDPLANTED12", 16);
	make_item(m, 0x00880200, &item);
	buffer_done(&item.out);
}

static void put_overlay(struct dicom_maker *m)
{
	static const char origin[] = { 1, 0, 1, 0 };

	make_us(m, 0x60020010, 8);
	make_us(m, 0x60020011, 8);
	make_text(m, 0x60020040, "CS", "G");
	make_bytes(m, 0x60020050, "SS", origin, 4);
	make_us(m, 0x60020100, 1);
	make_us(m, 0x60020102, 0);
	make_bytes(m, 0x60023000, "OW", "PLANTED!", 8);
}

/* What stands before the pixel module; the tags of make_begin() are there. */
static void put_patient(struct dicom_maker *m, const struct dicom_spec *spec)
{
	make_text(m, 0x00080020, "DA", "20240315");
	make_text(m, 0x00080030, "TM", "101112");
	make_text(m, 0x00080050, "SH", "A12345");
	make_text(m, 0x00080060, "CS", "OT");
	make_text(m, 0x00081030, "LO", "PLANTED description");
	put_sequence(m, 0x00081140, 0x00081155, "UI", "1.2.3.4");
	if (spec->extras) {
		make_text(m, 0x00090010, "LO", "PLANTED");
		make_text(m, 0x00091001, "LO", "PLANTED");
	}
	make_text(m, 0x00100010, "PN", "PLANTED^TARO");
	make_text(m, 0x00100020, "LO", "PLANTED1");
	make_text(m, 0x00100030, "DA", "19300523");
	make_text(m, 0x00101010, "AS", "093Y");
	make_text(m, 0x0020000d, "UI", "1.2.3.5");
	make_text(m, 0x0020000e, "UI", "1.2.3.6");
	make_text(m, 0x00200010, "SH", "PLANTED");
}

static void turn_bytes(unsigned char *p, size_t length, size_t unit)
{
	for (size_t i = 0; i + unit <= length; i += unit)
		for (size_t k = 0; k < unit / 2; k++) {
			unsigned char c = p[i + k];

			p[i + k] = p[i + unit - 1 - k];
			p[i + unit - 1 - k] = c;
		}
}

static void put_float_padding(struct dicom_maker *m,
			      const struct dicom_spec *spec)
{
	float single = (float)spec->float_padding;
	double wide = spec->float_padding;
	size_t size = (size_t)spec->allocated / 8;
	unsigned char bytes[8];

	memcpy(bytes, size == 4 ? (void *)&single : (void *)&wide, size);
	if (m->big_endian)
		turn_bytes(bytes, size, size);
	make_bytes(m, size == 4 ? 0x00280122 : 0x00280123,
		   size == 4 ? "FL" : "FD", bytes, size);
}

static void put_pixel_module(struct dicom_maker *m,
			     const struct dicom_spec *spec)
{
	char frames[16];

	snprintf(frames, sizeof(frames), "%d", spec->frames);
	make_us(m, 0x00280002, spec->samples);
	make_text(m, 0x00280004, "CS", spec->photometric);
	if (spec->samples > 1)
		make_us(m, 0x00280006, spec->planar);
	if (spec->frames > 1)
		make_text(m, 0x00280008, "IS", frames);
	make_us(m, 0x00280010, spec->rows);
	make_us(m, 0x00280011, spec->columns);
	make_us(m, 0x00280100, spec->allocated);
	if (!spec->is_float) {
		make_us(m, 0x00280101, spec->stored);
		make_us(m, 0x00280102, spec->high);
		make_us(m, 0x00280103, spec->is_signed);
	}
	make_us(m, 0x00280106, 1);      /* has to go */
	if (spec->padding)
		make_us(m, 0x00280120, spec->padding);
	if (spec->float_padding != 0)
		put_float_padding(m, spec);
	make_text(m, 0x00280301, "CS", "YES");
	if (spec->window) {
		make_text(m, 0x00281050, "DS", spec->window);
		make_text(m, 0x00281051, "DS", "100");
	}
}

/* 256 entries of 16 bits, the first for this stored value. */
static void put_descriptors(struct dicom_maker *m, int first)
{
	const unsigned char low = (unsigned char)(first & 0xff);
	const unsigned char high = (unsigned char)(first >> 8);
	const unsigned char little[6] = { 0, 1, low, high, 16, 0 };
	const unsigned char big[6] = { 1, 0, high, low, 0, 16 };

	for (uint32_t i = 0; i < 3; i++)
		make_bytes(m, 0x00281101 + i, "US",
			   m->big_endian ? big : little, 6);
}

/* A point, a line down to entry 96, and one up again. */
static void put_segments(struct dicom_maker *m)
{
	static const unsigned char segments[] = {
		0, 0, 1, 0, 0, 0xf0, 1, 0, 96, 0, 0, 0, 1, 0, 159, 0, 0, 0xe0,
	};

	for (uint32_t i = 0; i < 3; i++)
		make_bytes(m, 0x00281221 + i, "OW", segments,
			   sizeof(segments));
}

/* Red 255 - i / 2, green and blue 50 + i / 2: 96 is the darkest on purpose. */
static void put_palette(struct dicom_maker *m, enum dicom_palette kind)
{
	put_descriptors(m, kind == PALETTE_16 ? 1000 : 0);
	if (kind == PALETTE_SEGMENTS) {
		put_segments(m);
		return;
	}
	for (uint32_t i = 0; i < 3; i++) {
		unsigned char lut[512];

		for (int k = 0; k < 256; k++) {
			int grey = i ? 50 + k / 2 : 255 - k / 2;
			unsigned char value =
				(unsigned char)(k == 96 ? 0 : grey);

			lut[2 * k] = lut[2 * k + 1] = value;
		}
		make_bytes(m, 0x00281201 + i, "OW", lut, sizeof(lut));
	}
}

/* One cell, least significant byte first. */
static void put_cell(unsigned char *cells, const struct dicom_spec *spec,
		     size_t index, uint32_t value)
{
	size_t bytes = (size_t)spec->allocated / 8;
	int low = spec->high + 1 - spec->stored;
	uint64_t field = UINT64_MAX >> (64 - spec->stored), word;
	float single = (float)(value % 1000) / 7;
	double real = (double)value / 7;

	if (spec->allocated == 1) {
		cells[index / 8] = (unsigned char)(cells[index / 8] |
						   (value & 1) << index % 8);
		return;
	}
	if (spec->is_float) {
		memcpy(cells + index * bytes,
		       bytes == 4 ? (void *)&single : (void *)&real, bytes);
		return;
	}
	word = (value & field) << low;
	if (spec->is_signed && word >> spec->high & 1)
		word |= ~((UINT64_C(2) << spec->high) - 1);
	if (spec->stray_bits)
		word ^= (uint64_t)value * 0x9e3779b97f4a7c15u &
			~(field << low);
	for (size_t i = 0; i < bytes; i++)
		cells[index * bytes + i] = (unsigned char)(word >> 8 * i);
}

/* The number of a cell: frame, row, column, sample. */
static size_t cell_index(const struct dicom_spec *spec, int f, int y, int x,
			 int s)
{
	size_t columns = (size_t)spec->columns, rows = (size_t)spec->rows;
	size_t samples = (size_t)spec->samples;
	size_t pixel = (size_t)y * columns + (size_t)x;

	if (spec->planar)
		return ((size_t)f * samples + (size_t)s) * rows * columns +
		       pixel;
	return ((size_t)f * rows * columns + pixel) * samples + (size_t)s;
}

/* Y0 Y1 Cb Cr (PS3.5 8.2.1): a pixel brings its Y and one of the others. */
static void put_pair(unsigned char *cells, const struct dicom_spec *spec,
		     int f, int y, int x, uint32_t value)
{
	size_t pixel = (((size_t)f * (size_t)spec->rows + (size_t)y) *
			(size_t)spec->columns + (size_t)x);
	size_t first = pixel / 2 * 4 + pixel % 2;

	put_cell(cells, spec, first, value);
	put_cell(cells, spec, first + 2, value >> 8);
}

static void fill_cells(unsigned char *cells, const struct dicom_spec *spec,
		       const struct noise *noise)
{
	struct source source = source_new(noise);
	bool pairs = !strcmp(spec->photometric, "YBR_FULL_422");

	for (int f = 0; f < spec->frames; f++)
		for (int y = 0; y < spec->rows; y++)
			for (int x = 0; x < spec->columns; x++) {
				uint32_t v = source_next(&source, x, y);
				if (pairs) {
					put_pair(cells, spec, f, y, x, v);
					continue;
				}
				for (int s = 0; s < spec->samples; s++)
					put_cell(cells, spec,
						 cell_index(spec, f, y, x, s),
						 v >> 3 * s);
			}
}

static void put_pixels(struct dicom_maker *m, const struct dicom_spec *spec,
		       const struct noise *noise)
{
	bool pairs = !strcmp(spec->photometric, "YBR_FULL_422");
	size_t cells = (size_t)spec->frames * (size_t)spec->rows *
		       (size_t)spec->columns *
		       (size_t)(pairs ? 2 : spec->samples);
	size_t length = (cells * (size_t)spec->allocated + 15) / 16 * 2;
	unsigned char *value = calloc(1, length);
	size_t unit = spec->allocated > 16 ? (size_t)spec->allocated / 8 : 2;
	bool bytes = spec->allocated == 8 && spec->order == DICOM_EXPLICIT;

	fill_cells(value, spec, noise);
	if (spec->order == DICOM_BIG || spec->order == DICOM_GE)
		turn_bytes(value, length, unit);
	make_bytes(m, !spec->is_float ? 0x7fe00010 :
		   spec->allocated == 32 ? 0x7fe00008 : 0x7fe00009,
		   !spec->is_float ? (bytes ? "OB" : "OW") :
		   spec->allocated == 32 ? "OF" : "OD", value, length);
	free(value);
}

/* All but preamble and meta header as one raw deflate stream (PS3.5 A.5). */
static void deflate_data(struct buffer *file)
{
	const unsigned char *bytes = (const unsigned char *)file->data;
	/* (0002,0000) tells the length of the group after it */
	size_t start = 144 + bytes[140] + 256U * bytes[141];
	unsigned char *out = malloc(2 * file->length + 64);
	z_stream z = {
		.next_in = (unsigned char *)file->data + start,
		.avail_in = (unsigned)(file->length - start),
		.next_out = out, .avail_out = (unsigned)(2 * file->length + 64),
	};

	ck_assert_int_eq(deflateInit2(&z, 9, Z_DEFLATED, -MAX_WBITS, 8,
				      Z_DEFAULT_STRATEGY), Z_OK);
	ck_assert_int_eq(deflate(&z, Z_FINISH), Z_STREAM_END);
	deflateEnd(&z);
	file->length = start;
	buffer_append(file, (const char *)out, z.total_out);
	if (z.total_out % 2)
		buffer_append(file, "", 1);
	free(out);
}

unsigned char *slurp_inflated(int fd, size_t *length)
{
	size_t size, start, limit = 16 << 20;
	unsigned char *bytes = slurp(fd, &size), *out = malloc(limit);
	z_stream z = { .avail_out = (unsigned)limit };

	ck_assert_uint_gt(size, 144);
	start = 144 + bytes[140] + 256U * bytes[141];
	z.next_in = bytes + start;
	z.avail_in = (unsigned)(size - start);
	z.next_out = out;
	ck_assert_int_eq(inflateInit2(&z, -MAX_WBITS), Z_OK);
	ck_assert_int_eq(inflate(&z, Z_FINISH), Z_STREAM_END);
	*length = z.total_out;
	inflateEnd(&z);
	free(bytes);
	return out;
}

int make_dicom_picture(const struct dicom_spec *spec,
		       const struct noise *noise)
{
	struct dicom_maker m = { .big_endian = spec->order == DICOM_BIG,
				 .implicit = spec->order == DICOM_IMPLICIT ||
					     spec->order == DICOM_GE };
	int fd;

	make_begin(&m, syntaxes[spec->order]);
	put_patient(&m, spec);
	put_pixel_module(&m, spec);
	if (!strcmp(spec->photometric, "PALETTE COLOR"))
		put_palette(&m, spec->palette);
	if (spec->extras) {
		put_icon(&m);
		put_sequence(&m, 0x04000561, 0x00100010, "PN", "PLANTED");
		put_overlay(&m);
		memcpy(m.out.data, "PLANTED", 7);
	}
	put_pixels(&m, spec, noise);
	if (spec->extras)
		make_bytes(&m, 0xfffcfffc, "OB", "PLANTED!", 8);
	if (spec->order == DICOM_DEFLATED)
		deflate_data(&m.out);
	ck_assert(!m.out.failed);
	fd = memory_of(m.out.data, m.out.length);
	buffer_done(&m.out);
	return fd;
}

/* ---- masking ---- */

const struct mask_job test_job = {
	.profile = TAGS_MHLW, .age_cap = 89, .date_offset = -100,
	.pseudonym = "P0123456789abcde", .uid_key = { 1, 2, 3 },
};

struct box_list one_box(struct box *box, struct region region, int frames)
{
	*box = (struct box){ .region = region, .frame1 = frames - 1,
			     .tier = TIER_BOX };
	return (struct box_list){ .box = box, .count = 1, .capacity = 1 };
}

int mask_and_verify(int fd, const struct box_list *boxes,
		    struct mask_report *report)
{
	struct error err = { 0 };
	struct verify_result result;
	int out = memory_file();

	if (!mask_run(fd, out, &test_job, boxes, report, NULL, NULL, &err))
		ck_abort_msg("mask: %s", err.text);
	if (!verify_run(fd, out, test_job.profile, &test_job, boxes, &result,
			NULL, NULL, &err))
		ck_abort_msg("verify: %s", err.text);
	ck_assert_msg(result.status == VERIFY_OK,
		      "verify: %s, frame %d, x %d, y %d",
		      verify_class_name[result.class_], result.frame, result.x,
		      result.y);
	return out;
}

void check_cuts(int fd, const struct box_list *boxes, size_t end, size_t fine,
		size_t coarse)
{
	size_t length;
	unsigned char *data = slurp(fd, &length);
	int out = memory_file();

	for (size_t cut = 0; cut < end; cut += cut < 700 ? fine : coarse) {
		struct mask_report report;
		struct error err = { 0 };
		int part = memory_of(data, cut);

		ck_assert_int_eq(ftruncate(out, 0), 0);
		ck_assert_int_eq(lseek(out, 0, SEEK_SET), 0);
		ck_assert(!mask_run(part, out, &test_job, boxes, &report, NULL,
				    NULL, &err));
		ck_assert_int_eq(err.code, ERR_REFUSED);
		close(part);
	}
	free(data);
	close(out);
}

void check_full_disk(int fd, const struct box_list *boxes)
{
	struct mask_report report;
	int whole = mask_and_verify(fd, boxes, &report);
	off_t size = lseek(whole, 0, SEEK_END);
	struct rlimit old;

	signal(SIGXFSZ, SIG_IGN);
	ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &old), 0);
	for (off_t at = 0; at < size; at += 1 + size / 40) {
		struct rlimit limit = { (rlim_t)at, old.rlim_max };
		struct error err = { 0 };
		int out = memory_file();
		bool ok;

		setrlimit(RLIMIT_FSIZE, &limit);
		ok = mask_run(fd, out, &test_job, boxes, &report, NULL, NULL,
			      &err);
		setrlimit(RLIMIT_FSIZE, &old);
		ck_assert(!ok);
		ck_assert_int_eq(err.code, ERR_WRITE);
		close(out);
	}
	close(whole);
}

/* encode.c - a drawn picture as the bytes of a DICOM, PNG or JPEG file. */
#include "config.h"

#include "samples/sample.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>
#include <png.h>

enum { JPEG_QUALITY = 88 };

static void put_u16(struct buffer *b, unsigned value)
{
	unsigned char bytes[2] = { value & 0xFF, (value >> 8) & 0xFF };

	buffer_append(b, bytes, sizeof(bytes));
}

static void put_u32(struct buffer *b, size_t value)
{
	put_u16(b, value & 0xFFFF);
	put_u16(b, (value >> 16) & 0xFFFF);
}

/* Group, element, VR and length in explicit VR little endian (PS3.5 7.1.2). */
static void put_tag(struct buffer *b, unsigned tag, const char *vr,
		    size_t length)
{
	put_u16(b, tag >> 16);
	put_u16(b, tag & 0xFFFF);
	buffer_append(b, vr, 2);
	if (!strcmp(vr, "OB") || !strcmp(vr, "OW")) {
		put_u16(b, 0);
		put_u32(b, length);
	} else {
		put_u16(b, (unsigned)length);
	}
}

/* A text padded to even length: UIDs with NUL, the rest with a space. */
static void put_text(struct buffer *b, unsigned tag, const char *vr,
		     const char *text)
{
	size_t length = strlen(text);

	put_tag(b, tag, vr, length + length % 2);
	buffer_append(b, text, length);
	if (length % 2)
		buffer_append(b, strcmp(vr, "UI") ? " " : "", 1);
}

static void put_us(struct buffer *b, unsigned tag, int value)
{
	put_tag(b, tag, "US", 2);
	put_u16(b, (unsigned)value);
}

/* UIDs of the samples: 2.25 and a number of the project's own, PS3.5 B.2. */
static void put_uid(struct buffer *b, unsigned tag, const char *name, int role)
{
	char text[65];
	unsigned long long sum = 14695981039346656037ULL;       /* FNV-1a */

	for (; *name; name++)
		sum = (sum ^ (unsigned char)*name) * 1099511628211ULL;
	snprintf(text, sizeof(text), "2.25.%llu%02d", sum, role);
	put_text(b, tag, "UI", text);
}

enum { UID_INSTANCE = 1, UID_STUDY, UID_SERIES };

static void put_meta(struct buffer *out, const struct sample *s)
{
	struct buffer meta = { 0 };

	put_tag(&meta, 0x00020001, "OB", 2);
	put_u16(&meta, 0x0100);
	put_text(&meta, 0x00020002, "UI", s->header->sop_class);
	put_uid(&meta, 0x00020003, s->name, UID_INSTANCE);
	put_text(&meta, 0x00020010, "UI", "1.2.840.10008.1.2.1");
	put_uid(&meta, 0x00020012, "suminuri samples", 0);
	for (int i = 0; i < 128; i++)
		buffer_append(out, "", 1);
	buffer_puts(out, "DICM");
	put_tag(out, 0x00020000, "UL", 4);
	put_u32(out, meta.length);
	buffer_append(out, meta.data, meta.length);
	out->failed |= meta.failed;
	buffer_done(&meta);
}

static void put_identity(struct buffer *b, const struct sample *s)
{
	const struct header *h = s->header;

	put_text(b, 0x00080005, "CS", h->charset);
	put_text(b, 0x00080016, "UI", h->sop_class);
	put_uid(b, 0x00080018, s->name, UID_INSTANCE);
	put_text(b, 0x00080020, "DA", h->study_date);
	put_text(b, 0x00080030, "TM", h->study_time);
	put_text(b, 0x00080050, "SH", h->accession);
	put_text(b, 0x00080060, "CS", h->modality);
	put_text(b, 0x00080070, "LO", h->manufacturer);
	put_text(b, 0x00080080, "LO", h->institution);
	put_text(b, 0x00080090, "PN", "");
	put_text(b, 0x00100010, "PN", h->patient_name);
	put_text(b, 0x00100020, "LO", h->patient_id);
	put_text(b, 0x00100030, "DA", h->birth_date);
	put_text(b, 0x00100040, "CS", h->sex);
	put_text(b, 0x00101010, "AS", h->age);
	if (s->frames > 1)
		put_text(b, 0x00181063, "DS", "40");
	put_uid(b, 0x0020000D, s->name, UID_STUDY);
	put_uid(b, 0x0020000E, s->name, UID_SERIES);
	put_text(b, 0x00200010, "SH", "1");
	put_text(b, 0x00200011, "IS", "1");
	put_text(b, 0x00200013, "IS", "1");
}

static void put_pixel_description(struct buffer *b, const struct sample *s)
{
	const struct header *h = s->header;
	char frames[16];

	put_us(b, 0x00280002, s->samples);
	put_text(b, 0x00280004, "CS", h->photometric);
	if (s->samples > 1)
		put_us(b, 0x00280006, 0);
	if (s->frames > 1) {
		snprintf(frames, sizeof(frames), "%d", s->frames);
		put_text(b, 0x00280008, "IS", frames);
		put_tag(b, 0x00280009, "AT", 4);
		put_u16(b, 0x0018);
		put_u16(b, 0x1063);
	}
	put_us(b, 0x00280010, s->rows);
	put_us(b, 0x00280011, s->columns);
	put_us(b, 0x00280100, h->bits_stored > 8 ? 16 : 8);
	put_us(b, 0x00280101, h->bits_stored);
	put_us(b, 0x00280102, h->bits_stored - 1);
	put_us(b, 0x00280103, h->is_signed);
	put_text(b, 0x00280301, "CS", "YES");
	if (h->window_center) {
		put_text(b, 0x00281050, "DS", h->window_center);
		put_text(b, 0x00281051, "DS", h->window_width);
	}
	if (!strcmp(h->modality, "CT")) {
		put_text(b, 0x00281052, "DS", "0");
		put_text(b, 0x00281053, "DS", "1");
	}
}

static int limited(int value, int low, int high)
{
	return value < low ? low : value > high ? high : value;
}

bool encode_dicom(const struct sample *s, const struct canvas *frame,
		  struct buffer *out)
{
	const struct header *h = s->header;
	int levels = 1 << h->bits_stored;
	int low = h->is_signed ? -levels / 2 : 0;
	bool wide = h->bits_stored > 8;
	size_t count = (size_t)(s->columns * s->rows * s->samples);

	put_meta(out, s);
	put_identity(out, s);
	put_pixel_description(out, s);
	put_tag(out, 0x7FE00010, wide ? "OW" : "OB",
		count * (size_t)s->frames * (wide ? 2 : 1));
	for (int f = 0; f < s->frames; f++)
		for (size_t i = 0; i < count; i++) {
			int value = limited(frame[f].value[i], low,
					    low + levels - 1);
			unsigned char byte = (unsigned char)value;

			if (wide)
				put_u16(out, (unsigned)value & 0xFFFF);
			else
				buffer_append(out, &byte, 1);
		}
	return !out->failed;
}

/* One row of the first frame as bytes. */
static void take_row(const struct sample *s, const struct canvas *frame, int y,
		     unsigned char *row)
{
	int count = s->columns * s->samples;

	for (int i = 0; i < count; i++)
		row[i] = (unsigned char)limited(frame->value[y * count + i],
						0, 255);
}

static void png_to_buffer(png_structp png, png_bytep data, size_t length)
{
	buffer_append(png_get_io_ptr(png), data, length);
}

bool encode_png(const struct sample *s, const struct canvas *frame,
		struct buffer *out)
{
	png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL,
						  NULL, NULL);
	png_infop info = png ? png_create_info_struct(png) : NULL;
	unsigned char *row = mem_array((size_t)s->columns, (size_t)s->samples);

	if (!info || !row || setjmp(png_jmpbuf(png))) {
		png_destroy_write_struct(&png, &info);
		free(row);
		return false;
	}
	png_set_write_fn(png, out, png_to_buffer, NULL);
	png_set_IHDR(png, info, (png_uint_32)s->columns, (png_uint_32)s->rows,
		     8, s->samples == 1 ? PNG_COLOR_TYPE_GRAY :
		     PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
		     PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
	png_set_compression_level(png, 9);
	png_write_info(png, info);
	for (int y = 0; y < s->rows; y++) {
		take_row(s, frame, y, row);
		png_write_row(png, row);
	}
	png_write_end(png, info);
	png_destroy_write_struct(&png, &info);
	free(row);
	return !out->failed;
}

/* libjpeg's own error exit ends the program: right for this one. */
bool encode_jpeg(const struct sample *s, const struct canvas *frame,
		 struct buffer *out)
{
	struct jpeg_error_mgr errors;
	struct jpeg_compress_struct jpeg;
	unsigned char *data = NULL;
	unsigned long length = 0;
	unsigned char *row = mem_array((size_t)s->columns, (size_t)s->samples);

	if (!row)
		return false;
	jpeg.err = jpeg_std_error(&errors);
	jpeg_create_compress(&jpeg);
	jpeg_mem_dest(&jpeg, &data, &length);
	jpeg.image_width = (JDIMENSION)s->columns;
	jpeg.image_height = (JDIMENSION)s->rows;
	jpeg.input_components = s->samples;
	jpeg.in_color_space = s->samples == 1 ? JCS_GRAYSCALE : JCS_RGB;
	jpeg_set_defaults(&jpeg);
	jpeg_set_quality(&jpeg, JPEG_QUALITY, TRUE);
	jpeg.dct_method = JDCT_ISLOW;           /* exact on every machine */
	jpeg_start_compress(&jpeg, TRUE);
	for (int y = 0; y < s->rows; y++) {
		take_row(s, frame, y, row);
		jpeg_write_scanlines(&jpeg, &row, 1);
	}
	jpeg_finish_compress(&jpeg);
	buffer_append(out, data, length);
	jpeg_destroy_compress(&jpeg);
	free(data);
	free(row);
	return !out->failed;
}

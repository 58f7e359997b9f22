/* save.c - a scene as the bytes of a PNG, JPEG or DICOM file, and its truth in
 * the form of the test data. */
#include "config.h"

#include "bench/burnin/scene.h"

#include <iconv.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>
#include <png.h>

#include "base/json.h"
#include "tests/make_dicom.h"

/* ---- samples ---- */

/* The stored value of a level. */
static double stored(const struct scene *s, double level)
{
	double least, most, value;

	scene_range(s, &least, &most);
	value = floor(s->black + level * (s->white - s->black) + .5);
	return value < least ? least : value > most ? most : value;
}

static void take_row(const struct scene *s, int y, unsigned char *row)
{
	const double *level = picture_at(&s->picture, 0, y);
	int count = s->picture.columns * s->picture.samples;

	for (int i = 0; i < count; i++)
		row[i] = (unsigned char)stored(s, level[i]);
}

static unsigned char *new_row(const struct scene *s)
{
	return mem_array((size_t)s->picture.columns,
			 (size_t)s->picture.samples);
}

/* ---- PNG and JPEG ---- */

static void png_to_buffer(png_structp png, png_bytep data, size_t length)
{
	buffer_append(png_get_io_ptr(png), data, length);
}

static bool encode_png(const struct scene *s, struct buffer *out)
{
	png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL,
						  NULL, NULL);
	png_infop info = png ? png_create_info_struct(png) : NULL;
	unsigned char *row = new_row(s);

	if (!info || !row || setjmp(png_jmpbuf(png))) {
		png_destroy_write_struct(&png, &info);
		free(row);
		return false;
	}
	png_set_write_fn(png, out, png_to_buffer, NULL);
	png_set_IHDR(png, info, (png_uint_32)s->picture.columns,
		     (png_uint_32)s->picture.rows, 8,
		     s->picture.samples == 1 ? PNG_COLOR_TYPE_GRAY :
		     PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
		     PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
	png_set_compression_level(png, 3);
	png_write_info(png, info);
	for (int y = 0; y < s->picture.rows; y++) {
		take_row(s, y, row);
		png_write_row(png, row);
	}
	png_write_end(png, info);
	png_destroy_write_struct(&png, &info);
	free(row);
	return !out->failed;
}

/* libjpeg's own error exit ends the program: right for this one. */
static bool encode_jpeg(const struct scene *s, struct buffer *out)
{
	struct jpeg_error_mgr errors;
	struct jpeg_compress_struct jpeg;
	unsigned char *data = NULL, *row = new_row(s);
	unsigned long length = 0;

	if (!row)
		return false;
	jpeg.err = jpeg_std_error(&errors);
	jpeg_create_compress(&jpeg);
	jpeg_mem_dest(&jpeg, &data, &length);
	jpeg.image_width = (JDIMENSION)s->picture.columns;
	jpeg.image_height = (JDIMENSION)s->picture.rows;
	jpeg.input_components = s->picture.samples;
	jpeg.in_color_space = s->picture.samples == 1 ? JCS_GRAYSCALE :
							JCS_RGB;
	jpeg_set_defaults(&jpeg);
	jpeg_set_quality(&jpeg, s->quality, TRUE);
	jpeg.dct_method = JDCT_ISLOW;           /* exact on every machine */
	jpeg_start_compress(&jpeg, TRUE);
	for (int y = 0; y < s->picture.rows; y++) {
		take_row(s, y, row);
		jpeg_write_scanlines(&jpeg, &row, 1);
	}
	jpeg_finish_compress(&jpeg);
	buffer_append(out, data, length);
	jpeg_destroy_compress(&jpeg);
	free(data);
	free(row);
	return !out->failed;
}

/* ---- DICOM ---- */

/* UTF-8 as ISO 2022 IR 87 (JIS X 0208 after an escape; PS3.5 6.1.2.5), and
 * back to ASCII at the end; "" when a letter is not in it. */
static void escape_kanji(struct buffer *out, const char *text)
{
	iconv_t to = iconv_open("ISO-2022-JP", "UTF-8");
	char in[WORDS], escaped[4 * WORDS];
	char *from = in, *end = escaped;
	size_t left = strlen(text), room = sizeof(escaped);

	if (to == (iconv_t)-1 || left >= sizeof(in))
		return;
	memcpy(in, text, left + 1);
	if (iconv(to, &from, &left, &end, &room) != (size_t)-1 &&
	    iconv(to, NULL, NULL, &end, &room) != (size_t)-1)
		buffer_append(out, escaped, sizeof(escaped) - room);
	iconv_close(to);
}

static void put_japanese(const struct scene *s, struct buffer *out,
			 const char *text)
{
	if (s->kanji_escapes)
		escape_kanji(out, text);
	else
		buffer_puts(out, text);
}

static void put_value(struct dicom_maker *m, uint32_t tag, const char *vr,
		      struct buffer *value)
{
	make_text(m, tag, vr, value->data ? value->data : "");
	m->out.failed |= value->failed;
	buffer_done(value);
}

/* Three groups: Latin = ideographic = phonetic (PS3.5 6.2.1.1). */
static void put_name(const struct scene *s, struct dicom_maker *m)
{
	const struct patient *p = &s->patient;
	struct buffer name = { 0 };

	buffer_printf(&name, "%s^%s", p->family, p->given);
	if (p->japanese) {
		buffer_puts(&name, "=");
		put_japanese(s, &name, p->family_kanji);
		buffer_puts(&name, "^");
		put_japanese(s, &name, p->given_kanji);
		buffer_puts(&name, "=");
		put_japanese(s, &name, p->family_kana);
		buffer_puts(&name, "^");
		put_japanese(s, &name, p->given_kana);
	}
	put_value(m, 0x00100010, "PN", &name);
}

static void put_words(const struct scene *s, struct dicom_maker *m,
		      uint32_t tag, const char *vr, const char *text)
{
	struct buffer value = { 0 };

	put_japanese(s, &value, text);
	put_value(m, tag, vr, &value);
}

static void put_date(struct dicom_maker *m, uint32_t tag, const int *date)
{
	struct buffer value = { 0 };

	buffer_printf(&value, "%04d%02d%02d", date[0], date[1], date[2]);
	put_value(m, tag, "DA", &value);
}

static void put_uid(const struct scene *s, struct dicom_maker *m, uint32_t tag,
		    int role)
{
	struct buffer value = { 0 };

	buffer_printf(&value, "2.25.%llu%02d", (unsigned long long)s->uid,
		      role);
	put_value(m, tag, "UI", &value);
}

/* PS3.4 B.5. */
static const char *sop_class(const struct scene *s)
{
	static const struct { const char *modality, *uid; } classes[] = {
		{ "CT", "1.2.840.10008.5.1.4.1.1.2" },
		{ "MR", "1.2.840.10008.5.1.4.1.1.4" },
		{ "CR", "1.2.840.10008.5.1.4.1.1.1" },
		{ "MG", "1.2.840.10008.5.1.4.1.1.1.2" },
		{ "PT", "1.2.840.10008.5.1.4.1.1.128" },
		{ "US", "1.2.840.10008.5.1.4.1.1.6.1" },
	};

	for (size_t i = 0; i < sizeof(classes) / sizeof(*classes); i++)
		if (strcmp(classes[i].modality, s->backdrop->modality) == 0)
			return classes[i].uid;
	return "1.2.840.10008.5.1.4.1.1.7";
}

static bool is_compressed(const struct scene *s)
{
	return s->form == FORM_DICOM && s->uid % 4 == 0;
}

static void put_meta(const struct scene *s, struct dicom_maker *m)
{
	static const char preamble[128];
	struct dicom_maker meta = { 0 };

	make_text(&meta, 0x00020002, "UI", sop_class(s));
	put_uid(s, &meta, 0x00020003, 1);
	make_text(&meta, 0x00020010, "UI", is_compressed(s) ?
		  "1.2.840.10008.1.2.4.50" : "1.2.840.10008.1.2.1");

	unsigned char length[4] = { (unsigned char)meta.out.length,
				    (unsigned char)(meta.out.length >> 8) };

	buffer_append(&m->out, preamble, sizeof(preamble));
	buffer_puts(&m->out, "DICM");
	make_bytes(m, 0x00020000, "UL", length, sizeof(length));
	buffer_append(&m->out, meta.out.data, meta.out.length);
	buffer_done(&meta.out);
}

static void put_identity(const struct scene *s, struct dicom_maker *m)
{
	const struct patient *p = &s->patient;
	struct buffer text = { 0 };

	make_text(m, 0x00080005, "CS", s->kanji_escapes ?
		  "\\ISO 2022 IR 87" : "ISO_IR 192");
	make_text(m, 0x00080016, "UI", sop_class(s));
	put_uid(s, m, 0x00080018, 1);
	put_date(m, 0x00080020, p->study);
	buffer_printf(&text, "%02d%02d%02d", p->time[0], p->time[1],
		      p->time[2]);
	put_value(m, 0x00080030, "TM", &text);
	make_text(m, 0x00080050, "SH", p->accession);
	make_text(m, 0x00080060, "CS", s->backdrop->modality);
	put_words(s, m, 0x00080080, "LO", p->institution);
	put_words(s, m, 0x00080090, "PN", p->physician);
	put_name(s, m);
	make_text(m, 0x00100020, "LO", p->id);
	put_date(m, 0x00100030, p->birth);
	make_text(m, 0x00100040, "CS", p->female ? "F" : "M");
	text = (struct buffer){ 0 };
	buffer_printf(&text, "%03dY", p->age);
	put_value(m, 0x00101010, "AS", &text);
	put_words(s, m, 0x00101040, "LO", p->address);
	make_text(m, 0x00102154, "SH", p->phone);
	put_uid(s, m, 0x0020000D, 2);
	put_uid(s, m, 0x0020000E, 3);
	make_text(m, 0x00200010, "SH", "1");
	make_text(m, 0x00200011, "IS", "1");
	make_text(m, 0x00200013, "IS", "1");
}

static void put_window(const struct scene *s, struct dicom_maker *m)
{
	struct buffer text = { 0 };

	if (s->form != FORM_DICOM16)
		return;
	buffer_printf(&text, "%.1f", (s->black + s->white) / 2);
	put_value(m, 0x00281050, "DS", &text);
	text = (struct buffer){ 0 };
	buffer_printf(&text, "%.0f", fabs(s->white - s->black) + 1);
	put_value(m, 0x00281051, "DS", &text);
	if (strcmp(s->backdrop->modality, "CT") != 0)
		return;
	make_text(m, 0x00281052, "DS", "0");
	make_text(m, 0x00281053, "DS", "1");
}

static void put_native(const struct scene *s, struct dicom_maker *m)
{
	size_t count = (size_t)s->picture.columns * (size_t)s->picture.rows *
		       (size_t)s->picture.samples;
	bool deep = s->form == FORM_DICOM16;
	size_t size = count * (deep ? 2 : 1);
	unsigned char *data = mem_array(size + 1, 1);

	m->out.failed |= !data;
	for (size_t i = 0; data && i < count; i++) {
		int value = (int)stored(s, s->picture.level[i]);

		if (deep) {
			data[2 * i] = (unsigned char)(value & 0xff);
			data[2 * i + 1] = (unsigned char)(value >> 8 & 0xff);
		} else {
			data[i] = (unsigned char)value;
		}
	}
	if (data)
		make_bytes(m, 0x7fe00010, deep ? "OW" : "OB", data,
			   size + size % 2);
	free(data);
}

static bool encode_dicom(const struct scene *s, struct buffer *out)
{
	struct dicom_maker m = { 0 };
	bool deep = s->form == FORM_DICOM16, jpeg = is_compressed(s);

	put_meta(s, &m);
	put_identity(s, &m);
	make_pixel_module(&m, s->picture.columns, s->picture.rows,
			  s->picture.samples, s->picture.samples == 1 ?
			  s->monochrome1 ? "MONOCHROME1" : "MONOCHROME2" :
			  jpeg ? "YBR_FULL_422" : "RGB", deep ? 16 : 8,
			  s->bits, s->is_signed);
	put_window(s, &m);
	if (jpeg) {
		struct buffer data = { 0 };

		make_text(&m, 0x00282110, "CS", "01");
		m.out.failed |= !encode_jpeg(s, &data);
		make_fragments_begin(&m);
		make_fragment(&m, data.data, data.length);
		make_fragments_end(&m);
		buffer_done(&data);
	} else {
		put_native(s, &m);
	}
	buffer_append(out, m.out.data, m.out.length);
	out->failed |= m.out.failed;
	buffer_done(&m.out);
	return !out->failed;
}

bool scene_encode(const struct scene *s, struct buffer *out)
{
	switch (s->form) {
	case FORM_PNG: return encode_png(s, out);
	case FORM_JPEG: return encode_jpeg(s, out);
	default: return encode_dicom(s, out);
	}
}

const char *scene_suffix(const struct scene *s)
{
	return s->form == FORM_PNG ? "png" : s->form == FORM_JPEG ? "jpg" :
								    "dcm";
}

/* ---- truth ---- */

static void put_line(struct json_writer *w, const struct scene_line *l,
		     const struct fonts *fonts)
{
	bool identifier = l->words.identifier && !l->is_label;

	json_put_open(w, NULL, '{');
	json_put_integer(w, "frame", 0);
	json_put_integer(w, "x", l->box.x0);
	json_put_integer(w, "y", l->box.y0);
	json_put_integer(w, "w", region_width(l->box));
	json_put_integer(w, "h", region_height(l->box));
	json_put_string(w, "kind", identifier ? "identifier" : "benign_text");
	json_put_string(w, "class", l->is_label ? "other" : l->words.class);
	json_put_string(w, "text", l->is_label ? l->words.label :
						 l->words.text);
	if (l->is_label)
		json_put_string(w, "role", "label");
	json_put_integer(w, "px", l->px);
	if (l->contrast < 64)
		json_put_string(w, "contrast", "low");
	json_put_integer(w, "levels", l->contrast);
	if (l->down)
		json_put_boolean(w, "vertical", true);
	if (l->turn)
		json_put_integer(w, "rotation", l->turn);
	if (l->hand)
		json_put_string(w, "hand", l->hand);
	if (l->font >= 0)
		json_put_string(w, "font", fonts_name(fonts, l->font));
	json_put_string(w, "style", l->dress);
	json_put_string(w, "colour", l->colour);
	json_put_close(w);
}

void scene_truth(const struct scene *s, const struct fonts *fonts,
		 const char *file, struct buffer *out)
{
	struct json_writer w = json_writer(out, false);

	json_put_open(&w, NULL, '{');
	json_put_string(&w, "file", file);
	json_put_integer(&w, "frames", 1);
	json_put_string(&w, "modality", s->backdrop->modality);
	json_put_string(&w, "source", s->recipe->name);
	json_put_string(&w, "backdrop", s->backdrop->name);
	if (s->form == FORM_DICOM16)
		json_put_string(&w, "convention",
				convention_name[s->convention]);
	if (s->form == FORM_JPEG)
		json_put_integer(&w, "quality", s->quality);
	json_put_open(&w, "boxes", '[');
	for (int i = 0; i < s->lines; i++)
		put_line(&w, &s->line[i], fonts);
	json_put_close(&w);
	json_put_boolean(&w, "benign_complete", true);
	json_put_close(&w);
	buffer_puts(out, "\n");
}

/* format_jpeg.c - JPEG through libjpeg-turbo. */
#include "config.h"

#include "image/format_jpeg.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>
#include <jerror.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "image/exif.h"
#include "image/format.h"
#include "image/jpeg12.h"

enum { M_TEM = 0x01, M_SOF0 = 0xc0, M_DHT = 0xc4, M_JPG = 0xc8, M_DAC = 0xcc,
       M_SOF15 = 0xcf, M_RST0 = 0xd0, M_RST7 = 0xd7, M_SOI = 0xd8,
       M_EOI = 0xd9, M_SOS = 0xda, M_APP0 = 0xe0, M_APP1 = 0xe1,
       M_APP14 = 0xee };

/* ---- walking markers ---- */

struct walker {
	const uint8_t *data;
	size_t length, next;
	int marker;
	const uint8_t *segment;         /* after the length field */
	size_t size;
	bool stray;                     /* bytes stood between segments */
};

static bool stands_alone(int marker)
{
	return marker == M_TEM || marker == M_EOI || marker == M_SOI ||
	       (marker >= M_RST0 && marker <= M_RST7);
}

/* Go to the next marker segment outside scan data. */
static bool next_marker(struct walker *w, struct error *err)
{
	size_t i = w->next;

	for (; i < w->length && w->data[i] != 0xff; i++)
		w->stray = true;        /* libjpeg warns */
	while (i < w->length && w->data[i] == 0xff)
		i++;                    /* fill bytes */
	if (i >= w->length)
		return error_refuse(err, REASON_TRUNCATED, NULL, 0);
	w->marker = w->data[i++];
	w->segment = w->data + i;
	w->size = 0;
	w->next = i;
	if (stands_alone(w->marker))
		return true;
	if (w->length - i < 2)
		return error_refuse(err, REASON_TRUNCATED, NULL, 0);
	size_t size = (size_t)w->data[i] << 8 | w->data[i + 1];

	if (size < 2)
		return error_refuse(err, REASON_DAMAGED_MARKER, NULL,
				    w->marker);
	if (size > w->length - i)
		return error_refuse(err, REASON_TRUNCATED, NULL, 0);
	w->segment = w->data + i + 2;
	w->size = size - 2;
	w->next = i + size;
	return true;
}

static bool is_sof(int marker)
{
	return (marker >= M_SOF0 && marker <= M_SOF15 && marker != M_DHT &&
		marker != M_JPG && marker != M_DAC) || marker == JPEG_SOF55;
}

/* The frame header: P, Y, X, Nf, then Ci, HiVi, Tqi each (B.2.2). */
static bool read_sof(const struct walker *w, struct jpeg_head *head,
		     struct error *err)
{
	const uint8_t *p = w->segment;

	head->sof = w->marker;
	if (w->size < 6 || w->size < 6 + 3 * (size_t)p[5])
		return error_refuse(err, REASON_DAMAGED_MARKER, NULL,
				    w->marker);
	head->precision = p[0];
	head->rows = p[1] << 8 | p[2];
	head->columns = p[3] << 8 | p[4];
	head->components = p[5];
	if (p[5] < 1 || p[5] > 4)
		return error_refuse(err, REASON_PIXEL_FORM, NULL, p[5]);
	head->h_max = head->v_max = 1;
	for (int i = 0; i < head->components; i++) {
		int h = p[7 + 3 * i] >> 4, v = p[7 + 3 * i] & 15;

		if (h < 1 || h > 4 || v < 1 || v > 4)
			return error_refuse(err, REASON_DAMAGED_MARKER, NULL,
					    w->marker);
		head->id[i] = p[6 + 3 * i];
		head->h_max = h > head->h_max ? h : head->h_max;
		head->v_max = v > head->v_max ? v : head->v_max;
	}
	for (int i = 0; i < head->components; i++)
		if (p[7 + 3 * i] != (head->h_max << 4 | head->v_max))
			head->subsampled = true;
	if (head->components == 1)      /* its MCU is one block (A.2.2) */
		head->h_max = head->v_max = 1;
	return true;
}

static bool starts_with(const struct walker *w, const char *text, size_t n)
{
	return w->size >= n && memcmp(w->segment, text, n) == 0;
}

bool jpeg_head_read(const uint8_t *data, size_t length, struct jpeg_head *head,
		    struct error *err)
{
	struct walker w = { .data = data, .length = length };

	*head = (struct jpeg_head){ 0 };
	if (length < 2 || data[0] != 0xff || data[1] != M_SOI)
		return error_refuse(err, REASON_DAMAGED, NULL, 0);
	w.next = 2;
	for (;;) {
		if (!next_marker(&w, err))
			return false;
		head->stray = w.stray;
		if (is_sof(w.marker))
			return read_sof(&w, head, err);
		if (w.marker == M_SOS || w.marker == M_EOI)
			return error_refuse(err, REASON_DAMAGED_MARKER, NULL,
					    w.marker);
		if (w.marker == M_APP0 && starts_with(&w, "JFIF", 5))
			head->jfif = true;
		if (w.marker == M_APP14 && starts_with(&w, "Adobe", 5) &&
		    w.size >= 12) {
			head->adobe = true;
			head->transform = w.segment[11];
		}
	}
}

/* The next FF from i on that a byte follows; the last byte when there is
 * none. */
static size_t next_ff(const struct walker *w, size_t i)
{
	const uint8_t *ff = i + 1 < w->length ?
			    memchr(w->data + i, 0xff, w->length - 1 - i) :
			    NULL;

	return ff ? (size_t)(ff - w->data) :
	       i + 1 < w->length ? w->length - 1 : i;
}

/*
 * Go to the marker after the entropy-coded data of a scan.  After FF stands a
 * byte of 0 (JPEG) or below 80 (JPEG-LS) as long as it is data.
 */
static void pass_scan(struct walker *w)
{
	size_t i = next_ff(w, w->next);

	for (; i + 1 < w->length; i = next_ff(w, i + 1)) {
		int c = w->data[i + 1];

		if (c >= M_SOF0 && c != 0xff && !(c >= M_RST0 && c <= M_RST7))
			break;
	}
	w->next = i;
}

static bool add_scan(const struct walker *w, struct jpeg_scans *scans)
{
	int value;

	if (w->size < 6 || w->size != 4 + 2 * (size_t)w->segment[0])
		return false;
	value = w->segment[w->size - 3];
	if (!scans->count || value < scans->least)
		scans->least = value;
	if (!scans->count || value > scans->largest)
		scans->largest = value;
	if ((w->segment[w->size - 1] & 15) > scans->shift)
		scans->shift = w->segment[w->size - 1] & 15;
	scans->count++;
	return true;
}

bool jpeg_scans_read(const uint8_t *data, size_t length,
		     struct jpeg_scans *scans, struct error *err)
{
	struct walker w = { .data = data, .length = length, .next = 2 };

	*scans = (struct jpeg_scans){ 0 };
	do {
		if (!next_marker(&w, err))
			return false;
		if (w.marker != M_SOS)
			continue;
		if (!add_scan(&w, scans))
			return error_refuse(err, REASON_DAMAGED_MARKER, NULL,
					    w.marker);
		pass_scan(&w);
	} while (w.marker != M_EOI);
	return scans->count > 0 || error_refuse(err, REASON_DAMAGED, NULL, 0);
}

bool jpeg_is_plain(const struct jpeg_head *head)
{
	return head->precision == 8 &&
	       (head->sof <= JPEG_SOF2 || head->sof == JPEG_SOF9 ||
		head->sof == JPEG_SOF10);
}

/* ---- decoding ---- */

/* On the heap: it crosses setjmp(). */
struct decoder {
	struct jpeg_decompress_struct jpeg;
	struct jpeg_error_mgr handler;
	jmp_buf jump;
	struct error err;
	struct frame *frame;
};

/*
 * Warnings after which no sample was guessed.  Everything else libjpeg warns
 * about means that it made pixels up.
 */
static const int harmless[] = {
	JWRN_EXTRANEOUS_DATA,           /* bytes between two segments */
	JWRN_JFIF_MAJOR,                /* a newer JFIF version */
	JWRN_NOT_SEQUENTIAL,            /* Se of a sequential scan is not 63 */
	JWRN_ADOBE_XFORM,               /* unknown transform: YCbCr or YCCK */
};

static void refuse(struct decoder *d, int code)
{
	switch (code) {
	case JERR_OUT_OF_MEMORY:
		error_set(&d->err, ERR_MEMORY, _("no memory for a picture"));
		break;
	case JERR_INPUT_EMPTY:
	case JERR_INPUT_EOF:
	case JWRN_JPEG_EOF:
		error_refuse(&d->err, REASON_TRUNCATED, NULL, 0);
		break;
	case JERR_ARITH_NOTIMPL:
	case JERR_SOF_UNSUPPORTED:
	case JERR_BAD_PRECISION:
		error_refuse(&d->err, REASON_JPEG_PROCESS, NULL,
			     d->jpeg.unread_marker);
		break;
	default:
		error_refuse(&d->err, d->jpeg.unread_marker ?
			     REASON_DAMAGED_MARKER : REASON_DAMAGED, NULL,
			     d->jpeg.unread_marker);
	}
	longjmp(d->jump, 1);
}

static void on_error(j_common_ptr jpeg)
{
	refuse(jpeg->client_data, jpeg->err->msg_code);
}

static void on_message(j_common_ptr jpeg, int level)
{
	if (level >= 0)
		return;                 /* a trace */
	for (size_t i = 0; i < sizeof(harmless) / sizeof(harmless[0]); i++)
		if (harmless[i] == jpeg->err->msg_code)
			return;
	refuse(jpeg->client_data, jpeg->err->msg_code);
}

static void on_output(j_common_ptr jpeg)
{
	(void)jpeg;
}

/*
 * Three components without JFIF or Adobe marker and not named R, G, B are
 * YCbCr, unless the container says RGB.
 */
static void choose_colour(struct jpeg_decompress_struct *jpeg, bool rgb)
{
	if (jpeg->num_components == 3 && rgb && !jpeg->saw_JFIF_marker &&
	    !jpeg->saw_Adobe_marker)
		jpeg->jpeg_color_space = JCS_RGB;
	switch (jpeg->num_components) {
	case 1:
		jpeg->out_color_space = JCS_GRAYSCALE;
		break;
	case 3:
		jpeg->out_color_space = JCS_RGB;
		break;
	default:
		jpeg->out_color_space = JCS_CMYK;
	}
	jpeg->dct_method = JDCT_ISLOW;
	jpeg->do_fancy_upsampling = FALSE;
}

static void read_lines(struct decoder *d)
{
	struct jpeg_decompress_struct *jpeg = &d->jpeg;
	size_t stride = (size_t)d->frame->columns * (size_t)d->frame->samples;

	while (jpeg->output_scanline < jpeg->output_height) {
		JSAMPROW line = (JSAMPROW)d->frame->sample +
				stride * jpeg->output_scanline;

		jpeg_read_scanlines(jpeg, &line, 1);
	}
	jpeg_finish_decompress(jpeg);
}

/* Adobe writes CMYK upside down; everywhere here 0 is no ink. */
static void turn_ink(const struct decoder *d)
{
	uint8_t *p = d->frame->sample;
	size_t bytes = frame_bytes(d->frame);

	if (d->jpeg.out_color_space != JCS_CMYK || !d->jpeg.saw_Adobe_marker)
		return;
	for (size_t i = 0; i < bytes; i++)
		p[i] = (uint8_t)(255 - p[i]);
}

static bool decode(struct decoder *d, const uint8_t *data, size_t length,
		   bool rgb)
{
	struct jpeg_decompress_struct *jpeg = &d->jpeg;

	if (setjmp(d->jump))
		return false;
	jpeg_create_decompress(jpeg);
	jpeg_mem_src(jpeg, data, (unsigned long)length);
	jpeg_read_header(jpeg, TRUE);
	if (jpeg->num_components == 2)
		return error_refuse(&d->err, REASON_PIXEL_FORM, NULL, 2);
	choose_colour(jpeg, rgb);
	jpeg_start_decompress(jpeg);
	d->frame = frame_unset((int)jpeg->output_width,
			       (int)jpeg->output_height, SAMPLE_U8,
			       jpeg->output_components, &d->err);
	if (!d->frame)
		return false;
	read_lines(d);
	turn_ink(d);
	return true;
}

struct frame *jpeg_decode(const uint8_t *data, size_t length, bool rgb,
			  struct error *err)
{
	struct decoder *d = mem_array(1, sizeof(*d));
	struct frame *frame = NULL;

	if (!d) {
		error_set(err, ERR_MEMORY, _("no memory for a picture"));
		return NULL;
	}
	d->jpeg.err = jpeg_std_error(&d->handler);
	d->handler.error_exit = on_error;
	d->handler.emit_message = on_message;
	d->handler.output_message = on_output;
	d->jpeg.client_data = d;
	if (decode(d, data, length, rgb)) {
		frame = d->frame;
	} else {
		frame_free(d->frame);
		if (err)
			*err = d->err;
	}
	jpeg_destroy_decompress(&d->jpeg);
	free(d);
	return frame;
}

/* ---- files ---- */

struct jpeg_file {
	uint8_t *data;
	size_t length;
	struct jpeg_head head;
};

/* Skip the entropy-coded data of a scan: to the next marker but RSTn. */
static bool skip_scan(struct walker *w)
{
	size_t i = next_ff(w, w->next);

	for (; i + 1 < w->length; i = next_ff(w, i + 1)) {
		int c = w->data[i + 1];

		if (c != 0 && c != 0xff && !(c >= M_RST0 && c <= M_RST7))
			break;
	}
	w->next = i;
	return i + 1 < w->length;
}

static void look_at_segment(const struct walker *w, struct image_info *info)
{
	if (w->marker == M_APP0) {
		if (starts_with(w, "JFIF", 5) && w->size >= 14 &&
		    w->segment[12] && w->segment[13])
			info->has_thumbnail = true;
		if (starts_with(w, "JFXX", 5))
			info->has_thumbnail = true;
	}
	if (w->marker == M_APP1 && starts_with(w, "Exif\0", 6)) {
		info->has_exif = true;
		exif_read(w->segment + 6, w->size - 6,
			  &info->exif_orientation, &info->has_thumbnail);
	}
}

/* All segments to EOI: metadata, thumbnails, and what follows the end. */
static bool look_at_file(const struct jpeg_file *file, struct image_info *info,
			 struct error *err)
{
	struct walker w = { .data = file->data, .length = file->length,
			    .next = 2 };

	for (;;) {
		if (!next_marker(&w, err))
			return false;
		if (w.marker == M_EOI)
			break;
		look_at_segment(&w, info);
		if (w.marker == M_SOS && !skip_scan(&w))
			return error_refuse(err, REASON_TRUNCATED, NULL, 0);
	}
	info->has_trailer = w.next < w.length;
	return true;
}

static void describe(const struct jpeg_head *head, struct image_info *info)
{
	info->columns = head->columns;
	info->rows = head->rows;
	info->samples = head->components;
	info->type = head->precision > 8 ? SAMPLE_U16 : SAMPLE_U8;
	info->photometric = head->components == 1 ? PHOTOMETRIC_MONOCHROME2 :
			    head->components == 3 ? PHOTOMETRIC_RGB :
						    PHOTOMETRIC_CMYK;
	info->bits_allocated = head->precision > 8 ? 16 : 8;
	info->bits_stored = head->precision;
	info->high_bit = head->precision - 1;
	info->encapsulated = info->lossy = true;
	info->subsampled = head->subsampled && head->components > 1;
	info->colour = head->components > 1;
	info->mask_supported = true;
	info->mcu_columns = DCTSIZE * head->h_max;
	info->mcu_rows = DCTSIZE * head->v_max;
}

static bool jpeg_probe(const uint8_t *head, size_t length)
{
	return length >= 3 && head[0] == 0xff && head[1] == M_SOI &&
	       head[2] == 0xff;
}

static bool jpeg_open(struct image *image, struct error *err)
{
	struct jpeg_file *file = mem_array(1, sizeof(*file));
	struct jpeg_head *head;

	image->state = file;
	if (!file)
		return error_set(err, ERR_MEMORY, _("no memory for a picture"));
	head = &file->head;
	file->length = (size_t)image->size;
	file->data = mem_array(file->length, 1);
	if (!file->data)
		return error_refuse(err, REASON_NO_MEMORY, NULL, 0);
	if (!format_read(image, 0, file->data, file->length, err) ||
	    !jpeg_head_read(file->data, file->length, head, err))
		return false;
	if (!jpeg_is_plain(head) && !jpeg12_is_one(head))
		return error_refuse(err, REASON_JPEG_PROCESS, NULL, head->sof);
	if (head->components == 2)
		return error_refuse(err, REASON_PIXEL_FORM, NULL, 2);
	if (!format_check_size(head->columns, head->rows, 1, head->components,
			       head->precision > 8 ? 2 : 1, err))
		return false;
	describe(head, &image->info);
	return look_at_file(file, &image->info, err);
}

static struct frame *jpeg_frame(struct image *image, int frame_index,
				struct error *err)
{
	const struct jpeg_file *file = image->state;

	(void)frame_index;
	if (jpeg12_is_one(&file->head))
		return jpeg12_decode(file->data, file->length, &file->head,
				     err);
	return jpeg_decode(file->data, file->length, false, err);
}

static void jpeg_close(struct image *image)
{
	struct jpeg_file *file = image->state;

	if (file)
		free(file->data);
	free(file);
}

const struct format format_jpeg = {
	.id = IMAGE_JPEG,
	.probe = jpeg_probe,
	.open = jpeg_open,
	.frame = jpeg_frame,
	.close = jpeg_close,
};

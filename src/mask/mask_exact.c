/*
 * mask_exact.c - masks a lossy file without growing its boxes: the copy is
 * lossless and holds the picture as it was decoded.  A JPEG file becomes a PNG
 * with its orientation and colour profile; a DICOM file, frame by frame, one
 * without compression.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "image/format_dicom.h"
#include "mask/mask_header.h"
#include "mask/wipe_jpeg.h"

/* Markers (ITU-T T.81 table B.1). */
enum { M_SOS = 0xda, M_APP2 = 0xe2 };
/* ICC.1:2010 annex B.4: name, number of the piece, how many pieces. */
enum { ICC_START = 14, ICC_HEADER = 128 };

/* ---- the colour profile ---- */

static bool is_piece(const uint8_t *segment, size_t length, int number)
{
	return length >= ICC_START &&
	       !memcmp(segment, "ICC_PROFILE", 12) && segment[12] == number;
}

/* What a piece before the first scan holds; NULL when it is not there. */
static const uint8_t *find_piece(const uint8_t *jpeg, size_t length,
				 int number, size_t *piece_length)
{
	size_t at = 2;

	while (at + 4 <= length) {
		size_t size = (size_t)jpeg[at + 2] << 8 | jpeg[at + 3];

		if (jpeg[at] != 0xff || jpeg[at + 1] == 0xff) {
			at++;                   /* stray and fill bytes */
			continue;
		}
		if (jpeg[at + 1] == M_SOS || size < 2 ||
		    size > length - at - 2)
			return NULL;
		if (jpeg[at + 1] == M_APP2 &&
		    is_piece(jpeg + at + 4, size - 2, number)) {
			*piece_length = size - 2 - ICC_START;
			return jpeg + at + 4 + ICC_START;
		}
		at += 2 + size;
	}
	return NULL;
}

/*
 * The pieces in order, as far as the profile's own header says (ICC.1:2010
 * 7.2.2); empty when it is broken.
 */
static void read_profile(const uint8_t *jpeg, size_t length,
			 struct buffer *profile)
{
	const uint8_t *piece;
	size_t piece_length, size = 0;

	for (int i = 1; i < 256; i++) {
		piece = find_piece(jpeg, length, i, &piece_length);
		if (!piece)
			break;
		buffer_append(profile, piece, piece_length);
	}
	if (!profile->failed && profile->length >= ICC_HEADER) {
		const uint8_t *p = (const uint8_t *)profile->data;

		size = (size_t)p[0] << 24 | (size_t)p[1] << 16 |
		       (size_t)p[2] << 8 | p[3];
	}
	profile->length = size >= ICC_HEADER && size <= profile->length ?
			  size : 0;
}

/* ---- the copy ---- */

static bool discard(void *plan, const void *data, size_t length,
		    struct error *err)
{
	(void)data;
	(void)length;
	(void)err;
	mask_progress(plan, 1, 1);
	return true;
}

/* What a copy as JPEG would leave out is not in this one either. */
static void list_dropped(struct mask_plan *plan, const uint8_t *jpeg,
			 size_t length)
{
	const struct jpeg_wipe nothing = { .regions = 0 };
	struct jpeg_wiped done = { 0 };

	if (jpeg_wipe(jpeg, length, &nothing, discard, plan, &done, NULL))
		plan->report->dropped |= done.dropped;
}

static bool copy_frame(struct mask_plan *plan, const uint8_t *jpeg,
		       size_t length, struct error *err)
{
	struct frame *frame = image_frame(plan->image, 0, err);
	struct buffer profile = { 0 };
	bool ok = false;

	if (!frame)
		return false;
	read_profile(jpeg, length, &profile);
	if (profile.failed)
		error_set(err, ERR_MEMORY, _("no memory for a JPEG"));
	else
		ok = mask_png_frame(plan, frame, profile.data, profile.length,
				    err);
	buffer_done(&profile);
	frame_free(frame);
	return ok;
}

static bool exact_jpeg(struct mask_plan *plan, struct error *err)
{
	off_t end = lseek(plan->in_fd, 0, SEEK_END);
	size_t length = end > 0 ? (size_t)end : 0;
	uint8_t *jpeg;
	bool ok;

	if (plan->info->photometric == PHOTOMETRIC_CMYK)
		return error_refuse(err, REASON_EXACT_CMYK, NULL, 0);
	if (plan->info->bits_stored > 8)        /* PNG has 8 or 16 */
		return error_refuse(err, REASON_PIXEL_FORM, NULL,
				    plan->info->bits_stored);
	jpeg = mem_array(length, 1);
	if (!jpeg)
		return error_refuse(err, REASON_NO_MEMORY, NULL, 0);
	ok = mask_read(plan->in_fd, jpeg, length, 0) == (long long)length ?
	     copy_frame(plan, jpeg, length, err) :
	     error_refuse(err, REASON_UNREADABLE, NULL, 0);
	if (ok)
		list_dropped(plan, jpeg, length);
	free(jpeg);
	return ok;
}

/* ---- DICOM ---- */

#define EXPLICIT_LITTLE "1.2.840.10008.1.2.1"

/* Samples of a lossy JPEG have 8 or 16 bits. */
static void blank_pixel(struct frame *f, size_t at, const long long *fill)
{
	for (int i = 0; i < f->samples; i++) {
		if (frame_sample_size(f->type) == 1)
			((uint8_t *)f->sample)[at + (size_t)i] =
				(uint8_t)fill[i];
		else
			((uint16_t *)f->sample)[at + (size_t)i] =
				(uint16_t)fill[i];
	}
}

static void blank_frame(const struct mask_plan *plan, int frame_index,
			struct frame *f)
{
	size_t pixel = (size_t)f->samples, row = pixel * (size_t)f->columns;

	for (size_t i = 0; i < plan->areas; i++) {
		const struct mask_area *a = &plan->area[i];

		if (a->frame0 > frame_index || a->frame1 < frame_index)
			continue;
		for (int y = a->region.y0; y < a->region.y1; y++)
			for (int x = a->region.x0; x < a->region.x1; x++)
				blank_pixel(f, (size_t)y * row +
					    (size_t)x * pixel, plan->fill);
	}
}

static bool write_frame(struct mask_plan *plan, const struct cell_form *form,
			int frame_index, struct error *err)
{
	struct frame *f = image_frame(plan->image, frame_index, err);
	uint8_t *cells;
	bool ok;

	if (!f)
		return false;
	blank_frame(plan, frame_index, f);
	cells = cells_from_frame(form, f, plan->info->is_signed, err);
	frame_free(f);
	ok = cells && mask_write(plan->out_fd, cells, cells_bytes(form), err);
	free(cells);
	mask_progress(plan, frame_index + 1, plan->info->frames);
	return ok;
}

/* What else is in the stream of a frame goes with it. */
static bool list_frame(struct mask_plan *plan, int frame_index,
		       struct error *err)
{
	size_t length;
	uint8_t *stream = dicom_frame_stream(plan->image, frame_index, &length,
					     err);

	if (stream)
		list_dropped(plan, stream, length);
	free(stream);
	return stream;
}

/* Tag, VR and length of the pixels (PS3.5 7.1.2, A.2). */
static bool write_pixel_head(struct mask_plan *plan, uint32_t length,
			     struct error *err)
{
	const char vr = plan->info->bits_allocated > 8 ? 'W' : 'B';
	const unsigned char head[12] = {
		0xe0, 0x7f, 0x10, 0x00, 'O', (unsigned char)vr, 0, 0,
		(unsigned char)length, (unsigned char)(length >> 8),
		(unsigned char)(length >> 16), (unsigned char)(length >> 24),
	};

	return mask_write(plan->out_fd, head, sizeof(head), err);
}

static bool exact_dicom(struct mask_plan *plan, struct error *err)
{
	static const struct mask_attribute colour[] = {
		{ 0x00280004, "CS", "RGB" }, { 0x00280006, "US", "0" },
	};
	const struct mask_header header = {
		.syntax = EXPLICIT_LITTLE, .set = colour,
		.sets = plan->info->samples == 3 ? 2 : 0,
	};
	struct cell_form form;
	uint64_t bytes;

	snprintf(plan->report->syntax_in, IMAGE_UID, "%s",
		 plan->info->syntax);
	snprintf(plan->report->syntax_out, IMAGE_UID, "%s", EXPLICIT_LITTLE);
	dicom_cell_form(plan->image, &form);
	bytes = (uint64_t)cells_bytes(&form) * (uint64_t)plan->info->frames;
	if (bytes + bytes % 2 >= UINT32_MAX)    /* undefined length */
		return error_refuse(err, REASON_DECODED_TOO_LARGE, NULL,
				    (long long)bytes);
	if (!mask_header_write(plan, &header, err) ||
	    !write_pixel_head(plan, (uint32_t)(bytes + bytes % 2), err))
		return false;
	for (int i = 0; i < plan->info->frames; i++)
		if (!write_frame(plan, &form, i, err) ||
		    !list_frame(plan, i, err))
			return false;
	return bytes % 2 == 0 || mask_write(plan->out_fd, "", 1, err);
}

bool mask_exact(struct mask_plan *plan, struct error *err)
{
	plan->report->method = METHOD_REENCODE;
	plan->report->outside = OUTSIDE_DECODED;
	return plan->info->format == IMAGE_JPEG ? exact_jpeg(plan, err) :
						  exact_dicom(plan, err);
}

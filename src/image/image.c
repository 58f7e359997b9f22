/* image.c - one opened file: which format it has, and its frames. */
#include "config.h"

#include "image/image.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/charset.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "image/format.h"
#include "image/head.h"
#include "image/format_dicom.h"

const char *const image_format_name[IMAGE_FORMATS] = {
	[IMAGE_DICOM] = "dicom",
	[IMAGE_PNG] = "png",
	[IMAGE_JPEG] = "jpeg",
};

/* Tried in this order: DICOM last, as it may lack any signature. */
static const struct format *const formats[] = {
	&format_png,
	&format_jpeg,
	&format_dicom,
};

/* The format of the file by its first bytes; NULL with *err when none. */
static const struct format *find_format(const struct image *image,
					struct error *err)
{
	uint8_t head[FORMAT_HEAD] = { 0 };
	size_t length = sizeof(head);

	if (image->size < (long long)length)
		length = (size_t)image->size;
	if (!format_read(image, 0, head, length, err))
		return NULL;
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (formats[i]->probe(head, length))
			return formats[i];
	error_refuse(err, REASON_NOT_IMAGE, NULL, 0);
	return NULL;
}

static void set_defaults(struct image_info *info)
{
	info->frames = 1;
	info->samples = 1;
	info->slope = 1;
	info->exif_orientation = 1;
	info->mcu_columns = 1;
	info->mcu_rows = 1;
}

struct image *image_open(int fd, struct error *err)
{
	struct image *image = NULL;
	const struct format *format;
	struct stat st;

	if (fstat(fd, &st) != 0) {
		error_refuse(err, REASON_UNREADABLE, NULL, 0);
		return NULL;
	}
	if (!S_ISREG(st.st_mode)) {
		error_refuse(err, REASON_SPECIAL_FILE, NULL, 0);
		return NULL;
	}
	image = mem_array(1, sizeof(*image));
	if (!image) {
		error_set(err, ERR_MEMORY, _("no memory for a picture"));
		return NULL;
	}
	image->fd = fd;
	image->size = st.st_size;
	set_defaults(&image->info);
	format = find_format(image, err);
	if (!format)
		goto fail;
	image->format = format;
	image->info.format = format->id;
	if (!format->open(image, err))
		goto fail;
	image->info.head = head_part_of(image);
	return image;
fail:
	image_close(image);
	return NULL;
}

void image_close(struct image *image)
{
	if (!image)
		return;
	if (image->format)
		image->format->close(image);
	free(image->palette);
	free(image->modality_lut.value);
	free(image->voi_lut.value);
	free(image);
}

const struct image_info *image_info(const struct image *image)
{
	return &image->info;
}

static bool check_frame(const struct image *image, int frame_index,
			struct error *err)
{
	if (frame_index < 0 || frame_index >= image->info.frames)
		return error_set(err, ERR_RANGE, _("there is no frame %d"),
				 frame_index + 1);
	return true;
}

struct frame *image_frame(struct image *image, int frame_index,
			  struct error *err)
{
	if (!check_frame(image, frame_index, err))
		return NULL;
	return image->format->frame(image, frame_index, err);
}

const uint8_t *image_palette(const struct image *image, int *first,
			     int *entries)
{
	*first = image->palette_first;
	*entries = image->palette_entries;
	return image->palette;
}

const struct image_lut *image_modality_lut(const struct image *image)
{
	return image->modality_lut.entries ? &image->modality_lut : NULL;
}

const struct image_lut *image_voi_lut(const struct image *image)
{
	return image->voi_lut.entries ? &image->voi_lut : NULL;
}

bool image_overlay_plane(struct image *image, int index, int frame_index,
			 uint8_t *plane, bool *outside, struct error *err)
{
	bool unwanted;

	if (index < 0 || index >= image->info.overlays)
		return error_set(err, ERR_RANGE, _("there is no overlay %d"),
				 index + 1);
	return check_frame(image, frame_index, err) &&
	       image->format->overlay(image, index, frame_index, plane,
				      outside ? outside : &unwanted, err);
}

bool image_unused_bits(struct image *image, int frame_index, uint8_t *plane,
		       bool *any, struct error *err)
{
	*any = false;
	if (!check_frame(image, frame_index, err))
		return false;
	return !image->format->unused_bits ||
	       image->format->unused_bits(image, frame_index, plane, any, err);
}

char *image_attribute(const struct image *image, const char *path)
{
	if (!image->format->attribute)
		return NULL;
	return image->format->attribute(image, path);
}

void image_each_text(const struct image *image,
		     bool (*visit)(void *self, const char *path,
				   const char *vr, const char *value),
		     void *self)
{
	if (image->format->each_text)
		image->format->each_text(image, visit, self);
}

bool image_was_read(const struct image *image, struct error *err)
{
	return !image->format->unread || !image->format->unread(image) ||
	       error_refuse(err, REASON_UNREADABLE, NULL, 0);
}

bool image_warm_up(struct error *err)
{
	/* OpenJPEG starts as many threads as this says; the sandbox allows
	   none */
	if (unsetenv("OPJ_NUM_THREADS"))
		return error_set(err, ERR_INTERNAL, "unsetenv");
	return charset_warm_up(err) && dicom_warm_up(err);
}

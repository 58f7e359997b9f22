/* format_png.c - PNG through libpng: samples as stored, nothing converted. */
#include "config.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <png.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "image/exif.h"
#include "image/format.h"

static const uint8_t signature[8] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a,
				      '\n' };

/* bytes of one chunk but IDAT: a longer one is refused */
#define CHUNK_MAX (64u << 20)

/* On the heap: it crosses setjmp(). */
struct reader {
	const struct image *image;
	long long offset;
	png_structp png;
	png_infop info;
	struct error err;
	struct frame *frame;
};

static void on_read(png_structp png, png_bytep data, png_size_t length)
{
	struct reader *r = png_get_io_ptr(png);

	if (!format_read(r->image, r->offset, data, length, &r->err))
		png_error(png, "short");
	r->offset += (long long)length;
}

static void on_error(png_structp png, png_const_charp message)
{
	struct reader *r = png_get_error_ptr(png);

	(void)message;
	if (r->err.code == ERR_NONE)
		error_refuse(&r->err, REASON_DAMAGED, NULL, 0);
	png_longjmp(png, 1);
}

/* Text chunks and profiles out of order: no sample depends on them. */
static void on_warning(png_structp png, png_const_charp message)
{
	(void)png;
	(void)message;
}

static void reader_free(struct reader *r)
{
	if (!r)
		return;
	png_destroy_read_struct(&r->png, &r->info, NULL);
	frame_free(r->frame);
	free(r);
}

static struct reader *reader_new(const struct image *image, struct error *err)
{
	struct reader *r = mem_array(1, sizeof(*r));

	if (!r)
		goto fail;
	r->image = image;
	r->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, r, on_error,
					on_warning);
	r->info = r->png ? png_create_info_struct(r->png) : NULL;
	if (!r->info)
		goto fail;
	png_set_read_fn(r->png, r, on_read);
	png_set_crc_action(r->png, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
	png_set_user_limits(r->png, FRAME_MAX_SIDE, FRAME_MAX_SIDE);
	/* -1: all but IHDR PLTE tRNS IDAT IEND are skipped, not parsed */
	png_set_keep_unknown_chunks(r->png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
	png_set_chunk_malloc_max(r->png, CHUNK_MAX);
	return r;
fail:
	error_set(err, ERR_MEMORY, _("no memory for a picture"));
	reader_free(r);
	return NULL;
}

/* ---- opening ---- */

static uint32_t get_u32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[2] << 8 | p[3];
}

/* An eXIf chunk that starts at offset. */
static bool look_at_exif(struct image *image, long long offset, size_t length,
			 struct error *err)
{
	uint8_t *data = mem_array(length, 1);
	bool ok;

	image->info.has_exif = true;
	if (!data)
		return true;
	ok = format_read(image, offset, data, length, err);
	if (ok)
		exif_read(data, length, &image->info.exif_orientation,
			  &image->info.has_thumbnail);
	free(data);
	return ok;
}

/* All chunk heads to IEND: metadata, further pictures, what follows. */
static bool look_at_chunks(struct image *image, struct error *err)
{
	long long offset = sizeof(signature);
	uint8_t head[8];

	for (;;) {
		if (!format_read(image, offset, head, sizeof(head), err))
			return false;
		uint32_t length = get_u32(head);
		const char *type = (const char *)head + 4;

		if (length > INT32_MAX)
			return error_refuse(err, REASON_DAMAGED, NULL, 0);
		if (image->size - offset - 12 < (long long)length)
			return error_refuse(err, REASON_TRUNCATED, NULL, 0);
		if (memcmp(type, "eXIf", 4) == 0 &&
		    !look_at_exif(image, offset + 8, length, err))
			return false;
		if (memcmp(type, "acTL", 4) == 0)
			image->info.has_thumbnail = true;
		offset += 12 + (long long)length;
		if (memcmp(type, "IEND", 4) == 0)
			break;
	}
	image->info.has_trailer = offset < image->size;
	return true;
}

static bool check_size(struct image *image, struct error *err)
{
	uint8_t ihdr[25];

	if (!format_read(image, sizeof(signature), ihdr, sizeof(ihdr), err))
		return false;
	if (get_u32(ihdr) != 13 || memcmp(ihdr + 4, "IHDR", 4) != 0)
		return error_refuse(err, REASON_DAMAGED, NULL, 0);
	return format_check_size(get_u32(ihdr + 8), get_u32(ihdr + 12), 1,
				 ihdr[17] & 4 ? 4 : 3, ihdr[16] > 8 ? 2 : 1,
				 err);
}

static enum photometric meaning(int colour_type)
{
	switch (colour_type) {
	case PNG_COLOR_TYPE_PALETTE:
		return PHOTOMETRIC_PALETTE;
	case PNG_COLOR_TYPE_GRAY_ALPHA:
		return PHOTOMETRIC_GREY_ALPHA;
	case PNG_COLOR_TYPE_RGB:
	case PNG_COLOR_TYPE_RGB_ALPHA:
		return PHOTOMETRIC_RGB;
	default:
		return PHOTOMETRIC_MONOCHROME2;
	}
}

static void describe(struct reader *r, struct image_info *info)
{
	int colour_type = png_get_color_type(r->png, r->info);

	info->columns = (int)png_get_image_width(r->png, r->info);
	info->rows = (int)png_get_image_height(r->png, r->info);
	info->samples = png_get_channels(r->png, r->info);
	info->bits_stored = png_get_bit_depth(r->png, r->info);
	info->bits_allocated = info->bits_stored > 8 ? 16 : 8;
	info->high_bit = info->bits_stored - 1;
	info->type = info->bits_stored > 8 ? SAMPLE_U16 : SAMPLE_U8;
	info->photometric = meaning(colour_type);
	info->colour = info->photometric == PHOTOMETRIC_RGB;
	info->mask_supported = true;
	info->interlaced = png_get_interlace_type(r->png, r->info) !=
			   PNG_INTERLACE_NONE;
	info->has_alpha = (colour_type & PNG_COLOR_MASK_ALPHA) ||
			  png_get_valid(r->png, r->info, PNG_INFO_tRNS);
}

/* The colour that is transparent, without the bits above the depth. */
static void read_key(struct reader *r, struct image_info *info)
{
	unsigned most = (1u << info->bits_stored) - 1;
	png_color_16p key = NULL;

	if (info->photometric == PHOTOMETRIC_PALETTE || info->samples > 3 ||
	    !png_get_tRNS(r->png, r->info, NULL, NULL, &key) || !key)
		return;
	info->has_key = true;
	info->key[0] = (uint16_t)((info->samples == 1 ? key->gray :
							key->red) & most);
	info->key[1] = (uint16_t)(key->green & most);
	info->key[2] = (uint16_t)(key->blue & most);
}

static bool read_palette(struct reader *r, struct image *image)
{
	png_colorp colours = NULL;
	png_bytep alpha = NULL;
	int entries = 0, alphas = 0;

	if (image->info.photometric != PHOTOMETRIC_PALETTE)
		return true;
	png_get_PLTE(r->png, r->info, &colours, &entries);
	png_get_tRNS(r->png, r->info, &alpha, &alphas, NULL);
	if (entries < 1)
		return error_refuse(&r->err, REASON_DAMAGED, NULL, 0);
	image->palette = mem_array3((size_t)entries, 4, 1, 1);
	if (!image->palette)
		return error_set(&r->err, ERR_MEMORY,
				 _("no memory for a picture"));
	image->palette_entries = entries;
	for (int i = 0; i < entries; i++) {
		uint8_t *p = image->palette + 4 * i;

		p[0] = colours[i].red;
		p[1] = colours[i].green;
		p[2] = colours[i].blue;
		p[3] = alpha && i < alphas ? alpha[i] : 255;
		if (p[0] != p[1] || p[1] != p[2])
			image->info.colour = true;
	}
	return true;
}

static bool read_info(struct reader *r, struct image *image)
{
	if (setjmp(png_jmpbuf(r->png)))
		return false;
	png_read_info(r->png, r->info);
	describe(r, &image->info);
	read_key(r, &image->info);
	return read_palette(r, image);
}

static bool open_png(struct image *image, struct error *err)
{
	struct reader *r;
	bool ok;

	if (!check_size(image, err) || !look_at_chunks(image, err))
		return false;
	r = reader_new(image, err);
	if (!r)
		return false;
	ok = read_info(r, image);
	if (!ok && err)
		*err = r->err;
	reader_free(r);
	return ok;
}

/* ---- frames ---- */

/* A pixel without an entry has no colour: what it hides can't be told. */
static bool check_indices(struct reader *r)
{
	const struct image *image = r->image;
	size_t bytes = frame_bytes(r->frame);
	const uint8_t *p = r->frame->sample;

	if (image->info.photometric != PHOTOMETRIC_PALETTE ||
	    image->palette_entries == 1 << image->info.bits_stored)
		return true;
	for (size_t i = 0; i < bytes; i++)
		if (p[i] >= image->palette_entries)
			return error_refuse(&r->err, REASON_DAMAGED, NULL, 0);
	return true;
}

static bool read_frame(struct reader *r)
{
	const struct image_info *info = image_info(r->image);
	size_t stride;

	if (setjmp(png_jmpbuf(r->png)))
		return false;
	png_read_info(r->png, r->info);
	png_set_packing(r->png);
	if (info->bits_stored == 16 && *(const uint8_t *)&(uint16_t){ 1 })
		png_set_swap(r->png);
	int passes = png_set_interlace_handling(r->png);

	r->frame = frame_new(info->columns, info->rows, info->type,
			     info->samples, &r->err);
	if (!r->frame)
		return false;
	stride = frame_bytes(r->frame) / (size_t)info->rows;
	png_read_update_info(r->png, r->info);
	for (int pass = 0; pass < passes; pass++)
		for (size_t y = 0; y < (size_t)info->rows; y++)
			png_read_row(r->png, (png_bytep)r->frame->sample +
					     stride * y, NULL);
	png_read_end(r->png, NULL);
	return check_indices(r);
}

static struct frame *frame_png(struct image *image, int frame_index,
			       struct error *err)
{
	struct reader *r = reader_new(image, err);
	struct frame *frame = NULL;

	(void)frame_index;
	if (!r)
		return NULL;
	if (read_frame(r)) {
		frame = r->frame;
		r->frame = NULL;
	} else if (err) {
		*err = r->err;
	}
	reader_free(r);
	return frame;
}

static bool probe_png(const uint8_t *head, size_t length)
{
	return length >= sizeof(signature) &&
	       memcmp(head, signature, sizeof(signature)) == 0;
}

static void close_png(struct image *image)
{
	(void)image;
}

const struct format format_png = {
	.id = IMAGE_PNG,
	.probe = probe_png,
	.open = open_png,
	.frame = frame_png,
	.close = close_png,
};

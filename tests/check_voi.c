/* check_voi.c - from stored values to what is displayed. */
#include "config.h"

#include "image/voi.h"

#include <png.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/make_dicom.h"
#include "tests/support.h"

#define LITTLE "1.2.840.10008.1.2.1"

enum { WIDE = 6 };

/* A row of grey pixels, the attributes of display, what must be seen. */
static const struct {
	const char *photometric;
	int allocated, stored, is_signed;
	int stored_value[WIDE];
	const char *window[2], *function, *rescale[2], *shape;
	int padding;
	uint8_t file[WIDE], full[WIDE];
} greys[] = {
	/* 8 bits without a window are shown as they are */
	{ "MONOCHROME2", 8, 8, 0, { 0, 1, 100, 128, 254, 255 },
	  { NULL, NULL }, NULL, { NULL, NULL }, NULL, 0,
	  { 0, 1, 100, 128, 254, 255 }, { 0, 1, 100, 128, 254, 255 } },
	{ "MONOCHROME1", 8, 8, 0, { 0, 1, 100, 128, 254, 255 },
	  { NULL, NULL }, NULL, { NULL, NULL }, NULL, 0,
	  { 255, 254, 155, 127, 1, 0 }, { 255, 254, 155, 127, 1, 0 } },
	{ "MONOCHROME2", 8, 8, 0, { 0, 1, 100, 128, 254, 255 },
	  { NULL, NULL }, NULL, { NULL, NULL }, "INVERSE", 0,
	  { 255, 254, 155, 127, 1, 0 }, { 255, 254, 155, 127, 1, 0 } },
	/* a DX picture says both; it is inverted once */
	{ "MONOCHROME1", 8, 8, 0, { 0, 1, 100, 128, 254, 255 },
	  { NULL, NULL }, NULL, { NULL, NULL }, "INVERSE", 0,
	  { 255, 254, 155, 127, 1, 0 }, { 255, 254, 155, 127, 1, 0 } },
	/* more bits: from the smallest to the largest */
	{ "MONOCHROME2", 16, 12, 0, { 1000, 1255, 1100, 1000, 1000, 1000 },
	  { NULL, NULL }, NULL, { NULL, NULL }, NULL, 0,
	  { 0, 255, 100, 0, 0, 0 }, { 0, 255, 100, 0, 0, 0 } },
	{ "MONOCHROME2", 16, 12, 0, { 5, 5, 5, 5, 5, 5 },
	  { NULL, NULL }, NULL, { NULL, NULL }, NULL, 0,
	  { 255, 255, 255, 255, 255, 255 },
	  { 255, 255, 255, 255, 255, 255 } },
	/* padding does not widen the range */
	{ "MONOCHROME2", 16, 16, 1, { -2000, 0, 255, 100, 0, 0 },
	  { NULL, NULL }, NULL, { NULL, NULL }, NULL, -2000,
	  { 0, 0, 255, 100, 0, 0 }, { 0, 0, 255, 100, 0, 0 } },
	/* LINEAR (C.11.2.1.2.1): c 2048, w 4096 maps 0 to 0, 4095 to 255 */
	{ "MONOCHROME2", 16, 12, 0, { 0, 4095, 2047, 2048, 1024, 3072 },
	  { "2048", "4096" }, NULL, { NULL, NULL }, NULL, 0,
	  { 0, 255, 127, 128, 64, 191 }, { 0, 255, 127, 128, 64, 191 } },
	/* c 0, w 100: black at -50, white above 49 */
	{ "MONOCHROME2", 16, 16, 1, { -51, -50, -49, 49, 50, 0 },
	  { "0", "100" }, NULL, { NULL, NULL }, NULL, 0,
	  { 0, 0, 3, 255, 255, 129 }, { 0, 3, 5, 252, 255, 129 } },
	/* c 0, w 1: a threshold */
	{ "MONOCHROME2", 16, 16, 1, { -2, -1, 0, 1, 2, 3 },
	  { "0", "1" }, NULL, { NULL, NULL }, NULL, 0,
	  { 0, 0, 255, 255, 255, 255 }, { 0, 51, 102, 153, 204, 255 } },
	{ "MONOCHROME2", 16, 16, 1, { -50, 0, 50, -25, 25, 60 },
	  { "0", "100" }, "LINEAR_EXACT", { NULL, NULL }, NULL, 0,
	  { 0, 128, 255, 64, 191, 255 }, { 0, 116, 232, 58, 174, 255 } },
	{ "MONOCHROME2", 16, 16, 1, { 0, 100, -100, 1000, -1000, 25 },
	  { "0", "100" }, "SIGMOID", { NULL, NULL }, NULL, 0,
	  { 128, 250, 5, 255, 0, 186 },
	  { 128, 140, 115, 255, 0, 131 } },
	/* the window is in units after rescale */
	{ "MONOCHROME2", 16, 12, 0, { 1024, 1074, 974, 0, 4095, 1024 },
	  { "0", "101" }, NULL, { "2", "-2048" }, NULL, 0,
	  { 129, 255, 0, 0, 255, 129 }, { 64, 67, 61, 0, 255, 64 } },
	/* signed 8 bits: the whole of what they hold */
	{ "MONOCHROME2", 8, 8, 1, { -128, 127, 0, -1, -64, 63 },
	  { NULL, NULL }, NULL, { NULL, NULL }, NULL, 0,
	  { 0, 255, 128, 127, 64, 191 }, { 0, 255, 128, 127, 64, 191 } },
	{ "MONOCHROME2", 32, 32, 0, { 0, 255, 100, 0, 0, 0 },
	  { NULL, NULL }, NULL, { NULL, NULL }, NULL, 0,
	  { 0, 255, 100, 0, 0, 0 }, { 0, 255, 100, 0, 0, 0 } },
	/* a window without width is none */
	{ "MONOCHROME2", 8, 8, 0, { 0, 1, 100, 128, 254, 255 },
	  { "100", "0" }, NULL, { NULL, NULL }, NULL, 0,
	  { 0, 1, 100, 128, 254, 255 }, { 0, 1, 100, 128, 254, 255 } },
};

static void put_pixels(struct dicom_maker *m, const int *value, int count,
		       int allocated)
{
	uint8_t bytes[4 * WIDE] = { 0 };
	size_t width = (size_t)allocated / 8;

	for (size_t i = 0; i < (size_t)count; i++)
		for (size_t b = 0; b < width; b++)
			bytes[i * width + b] =
				(uint8_t)((unsigned)value[i] >> 8 * b);
	make_bytes(m, 0x7fe00010, allocated > 8 ? "OW" : "OB", bytes,
		   (size_t)count * width);
}

static void put_display(struct dicom_maker *m, int i)
{
	if (greys[i].padding)
		make_us(m, 0x00280120, greys[i].padding);
	if (greys[i].window[0]) {
		make_text(m, 0x00281050, "DS", greys[i].window[0]);
		make_text(m, 0x00281051, "DS", greys[i].window[1]);
	}
	if (greys[i].rescale[0]) {
		make_text(m, 0x00281052, "DS", greys[i].rescale[1]);
		make_text(m, 0x00281053, "DS", greys[i].rescale[0]);
	}
	if (greys[i].function)
		make_text(m, 0x00281056, "CS", greys[i].function);
	if (greys[i].shape)
		make_text(m, 0x20500020, "CS", greys[i].shape);
}

static struct image *open_made(struct dicom_maker *m, int *fd,
			       struct frame **frame)
{
	struct error err = { 0 };
	struct image *image;

	*fd = make_file(m->out.data, m->out.length);
	image = image_open(*fd, &err);
	ck_assert_str_eq(err.text, "");
	*frame = image_frame(image, 0, &err);
	ck_assert_str_eq(err.text, "");
	buffer_done(&m->out);
	return image;
}

static void check_plane(const struct plane *plane, const uint8_t *expected,
			const char *which)
{
	ck_assert_ptr_nonnull(plane);
	for (int i = 0; i < plane->columns * plane->channels; i++)
		ck_assert_msg(plane->pixel[i] == expected[i],
			      "%s: pixel %d is %d, not %d", which, i,
			      plane->pixel[i], expected[i]);
}

START_TEST(grey)
{
	struct dicom_maker m = { 0 };
	struct error err = { 0 };
	struct frame *frame;
	struct plane *file, *full;
	struct image *image;
	int fd;

	make_begin(&m, LITTLE);
	make_pixel_module(&m, WIDE, 1, 1, greys[_i].photometric,
			  greys[_i].allocated, greys[_i].stored,
			  greys[_i].is_signed);
	put_display(&m, _i);
	put_pixels(&m, greys[_i].stored_value, WIDE, greys[_i].allocated);
	image = open_made(&m, &fd, &frame);
	file = voi_render(image, frame, VOI_FILE, &err);
	full = voi_render(image, frame, VOI_FULL, &err);
	ck_assert_int_eq(file->channels, 1);
	check_plane(file, greys[_i].file, "file");
	check_plane(full, greys[_i].full, "full");
	plane_free(file);
	plane_free(full);
	frame_free(frame);
	image_close(image);
	close(fd);
}
END_TEST

/* The reviewer's window; the same numbers as the file's own give the same. */
START_TEST(own_window)
{
	static const int value[WIDE] = { 0, 4095, 2047, 2048, 1024, 3072 };
	static const uint8_t seen[WIDE] = { 0, 255, 127, 128, 64, 191 };
	const struct image_window window = { 2048, 4096 };
	struct dicom_maker m = { 0 };
	struct error err = { 0 };
	struct frame *frame;
	struct plane *plane;
	struct image *image;
	int fd;

	make_begin(&m, LITTLE);
	make_pixel_module(&m, WIDE, 1, 1, "MONOCHROME2", 16, 12, 0);
	put_pixels(&m, value, WIDE, 16);
	image = open_made(&m, &fd, &frame);
	plane = voi_render_window(image_info(image), frame, window, &err);
	check_plane(plane, seen, "window");
	plane_free(plane);
	frame_free(frame);
	image_close(image);
	close(fd);
}
END_TEST

static const int ramp[WIDE] = { 0, 1, 2, 3, 4, 5 };

/* A LUT of 4 entries from value 1; bits wide, bytes packed or words. */
static void put_lut(struct dicom_maker *m, uint32_t tag, int bits,
		    const void *data, size_t length)
{
	const uint16_t descriptor[3] = { 4, 1, (uint16_t)bits };
	struct dicom_maker item = { 0 };

	make_bytes(&item, 0x00283002, "US", descriptor, sizeof(descriptor));
	make_bytes(&item, 0x00283006, "OW", data, length);
	make_item(m, tag, &item);
	buffer_done(&item.out);
}

START_TEST(luts)
{
	static const uint16_t modality[4] = { 0, 2, 1, 3 };
	static const uint16_t voi[4] = { 0, 0x4000, 0x8000, 0xffff };
	static const uint8_t bytes[4] = { 10, 20, 30, 40 };
	/* 0 1 2 3 4 5 -> 0 0 2 1 3 3 -> entries 1..4: 0 0 1 0 2 2 */
	static const uint8_t seen[WIDE] = { 0, 0, 64, 0, 128, 128 };
	static const uint8_t packed[WIDE] = { 10, 10, 20, 10, 30, 30 };
	struct dicom_maker m = { 0 };
	struct error err = { 0 };
	struct frame *frame, *served;
	struct plane *plane;
	struct image *image;
	bool scaled;
	int fd;

	make_begin(&m, LITTLE);
	make_pixel_module(&m, WIDE, 1, 1, "MONOCHROME2", 8, 8, 0);
	put_lut(&m, 0x00283000, 8, modality, sizeof(modality));
	put_lut(&m, 0x00283010, _i ? 8 : 16, _i ? (const void *)bytes : voi,
		_i ? sizeof(bytes) : sizeof(voi));
	put_pixels(&m, ramp, WIDE, 8);
	image = open_made(&m, &fd, &frame);
	ck_assert(image_info(image)->has_modality_lut);
	ck_assert(image_info(image)->has_voi_lut);
	plane = voi_render(image, frame, VOI_FILE, &err);
	check_plane(plane, _i ? packed : seen, "lut");
	plane_free(plane);
	/* the screen is served what the tables show */
	served = voi_servable(image, frame, &scaled, &err);
	ck_assert_int_eq(served->type, SAMPLE_U8);
	ck_assert_mem_eq(served->sample, _i ? packed : seen, WIDE);
	frame_free(served);
	frame_free(frame);
	image_close(image);
	close(fd);
}
END_TEST

/* Palettes of 4 entries from value 1: words, bytes, segments. */
static const struct {
	int bits;
	const char *vr;
	uint32_t first_tag;
	uint16_t data[12];
	int words;
	uint8_t seen[WIDE];             /* red; the others are its double */
} palettes[] = {
	{ 16, "OW", 0x00281201, { 0x0a00, 0x1400, 0x1e00, 0x2800 }, 4,
	  { 10, 10, 20, 30, 40, 40 } },
	/* 16 bits by name, 8 by value */
	{ 16, "OW", 0x00281201, { 10, 20, 30, 40 }, 4,
	  { 10, 10, 20, 30, 40, 40 } },
	{ 8, "OW", 0x00281201, { 0x140a, 0x281e }, 2,
	  { 10, 10, 20, 30, 40, 40 } },
	/* one discrete value, then a line of three to 0x2800 */
	{ 16, "OW", 0x00281221, { 0, 1, 0x0a00, 1, 3, 0x2800 }, 6,
	  { 10, 10, 20, 30, 40, 40 } },
	/* the same in bytes */
	{ 8, "OW", 0x00281221, { 0x0100, 0x010a, 0x2803 }, 3,
	  { 10, 10, 20, 30, 40, 40 } },
	/* two discrete values; then the segment at word 0 again */
	{ 16, "OW", 0x00281221, { 0, 2, 0x0a00, 0x1400, 2, 1, 0, 0 }, 8,
	  { 10, 10, 20, 10, 20, 20 } },
};

static void put_palette(struct dicom_maker *m, int i)
{
	const uint16_t descriptor[3] = { 4, 1, (uint16_t)palettes[i].bits };

	for (uint32_t colour = 0; colour < 3; colour++)
		make_bytes(m, 0x00281101 + colour, "US", descriptor,
			   sizeof(descriptor));
	for (uint32_t colour = 0; colour < 3; colour++)
		make_bytes(m, palettes[i].first_tag + colour, palettes[i].vr,
			   palettes[i].data, (size_t)palettes[i].words * 2);
}

START_TEST(palette)
{
	struct dicom_maker m = { 0 };
	struct error err = { 0 };
	struct frame *frame;
	struct plane *plane;
	struct image *image;
	int fd, first, entries;

	make_begin(&m, LITTLE);
	make_pixel_module(&m, WIDE, 1, 1, "PALETTE COLOR", 8, 8, 0);
	put_palette(&m, _i);
	put_pixels(&m, ramp, WIDE, 8);
	image = open_made(&m, &fd, &frame);
	ck_assert_ptr_nonnull(image_palette(image, &first, &entries));
	ck_assert_int_eq(first, 1);
	ck_assert_int_eq(entries, 4);
	plane = voi_render(image, frame, VOI_FILE, &err);
	/* all three tables are alike: a grey picture */
	ck_assert_int_eq(plane->channels, 1);
	ck_assert(!image_info(image)->colour);
	check_plane(plane, palettes[_i].seen, "palette");
	plane_free(plane);
	frame_free(frame);
	image_close(image);
	close(fd);
}
END_TEST

static const struct {
	const char *photometric;
	int allocated;
	int stored[WIDE];               /* two pixels */
	uint8_t seen[WIDE], luma[2], brightest[2];
} colours[] = {
	{ "RGB", 8, { 255, 0, 0, 10, 20, 30 }, { 255, 0, 0, 10, 20, 30 },
	  { 76, 18 }, { 255, 30 } },
	{ "RGB", 16, { 0xff00, 0, 0x80, 0xa00, 0x14ff, 0x1e00 },
	  { 255, 0, 0, 10, 20, 30 }, { 76, 18 }, { 255, 30 } },
	/* PS3.3 C.7.6.3.1.2: red is Y 76, Cb 85, Cr 255 */
	{ "YBR_FULL", 8, { 76, 85, 255, 128, 128, 128 },
	  { 254, 0, 0, 128, 128, 128 }, { 76, 128 }, { 254, 128 } },
};

START_TEST(colour)
{
	struct dicom_maker m = { 0 };
	struct error err = { 0 };
	struct frame *frame, *served;
	struct plane *plane, *luma, *brightest, *saturation;
	struct image *image;
	bool scaled = true;
	int fd;

	make_begin(&m, LITTLE);
	make_pixel_module(&m, 2, 1, 3, colours[_i].photometric,
			  colours[_i].allocated, colours[_i].allocated, 0);
	put_pixels(&m, colours[_i].stored, WIDE, colours[_i].allocated);
	image = open_made(&m, &fd, &frame);
	plane = voi_render(image, frame, VOI_FILE, &err);
	luma = plane_luma(plane, &err);
	brightest = plane_brightest(plane, &err);
	saturation = plane_saturation(plane, &err);
	ck_assert_int_eq(plane->channels, 3);
	check_plane(plane, colours[_i].seen, "colour");
	check_plane(luma, colours[_i].luma, "luma");
	check_plane(brightest, colours[_i].brightest, "brightest");
	for (int i = 0; i < WIDE / 3; i++) {
		const uint8_t *rgb = colours[_i].seen + 3 * i;
		int low = 255;

		for (int k = 0; k < 3; k++)
			low = rgb[k] < low ? rgb[k] : low;
		ck_assert_int_eq(saturation->pixel[i],
				 colours[_i].brightest[i] - low);
	}
	served = voi_servable(image, frame, &scaled, &err);
	ck_assert(!scaled);
	ck_assert_int_eq(served->type, SAMPLE_U8);
	ck_assert_int_eq(served->samples, 3);
	ck_assert_mem_eq(served->sample, colours[_i].seen, WIDE);
	frame_free(served);
	plane_free(plane);
	plane_free(luma);
	plane_free(brightest);
	plane_free(saturation);
	frame_free(frame);
	image_close(image);
	close(fd);
}
END_TEST

/* What the screen windows by itself comes as stored; 32 bits are scaled. */
START_TEST(servable)
{
	static const int value[WIDE] = { 0, 1000000, 500000, 0, 0, 0 };
	int allocated = _i ? 32 : 16;
	struct dicom_maker m = { 0 };
	struct error err = { 0 };
	struct frame *frame, *served;
	struct image *image;
	bool scaled;
	int fd;

	make_begin(&m, LITTLE);
	make_pixel_module(&m, WIDE, 1, 1, "MONOCHROME2", allocated, allocated,
			  !_i);
	put_pixels(&m, _i ? value : ramp, WIDE, allocated);
	image = open_made(&m, &fd, &frame);
	served = voi_servable(image, frame, &scaled, &err);
	ck_assert_int_eq(scaled, _i);
	if (_i) {
		ck_assert_int_eq(served->type, SAMPLE_U16);
		ck_assert_int_eq(((uint16_t *)served->sample)[1], 65535);
		ck_assert_int_eq(((uint16_t *)served->sample)[2], 32767);
	} else {
		ck_assert_int_eq(served->type, SAMPLE_S16);
		ck_assert_mem_eq(served->sample, frame->sample,
				 frame_bytes(frame));
	}
	frame_free(served);
	frame_free(frame);
	image_close(image);
	close(fd);
}
END_TEST

/* Two pixels of one grey, 100; only transparency may differ.  A key is the
 * other's grey, 101. */
static const struct {
	int colour, depth;
	int alpha[2];                   /* of the largest 255 */
	bool key;
	bool drawn;                     /* by transparency */
} clear[] = {
	{ PNG_COLOR_TYPE_GRAY_ALPHA, 8, { 255, 0 }, false, true },
	{ PNG_COLOR_TYPE_GRAY_ALPHA, 8, { 255, 254 }, false, true },
	{ PNG_COLOR_TYPE_GRAY_ALPHA, 16, { 255, 0 }, false, true },
	{ PNG_COLOR_TYPE_GRAY_ALPHA, 8, { 0, 0 }, false, false },
	{ PNG_COLOR_TYPE_RGB_ALPHA, 8, { 9, 3 }, false, true },
	{ PNG_COLOR_TYPE_RGB_ALPHA, 16, { 255, 0 }, false, true },
	{ PNG_COLOR_TYPE_RGB_ALPHA, 8, { 255, 255 }, false, false },
	{ PNG_COLOR_TYPE_PALETTE, 8, { 255, 0 }, false, true },
	{ PNG_COLOR_TYPE_PALETTE, 8, { 7, 7 }, false, false },
	{ PNG_COLOR_TYPE_GRAY, 8, { 0, 0 }, true, true },
	{ PNG_COLOR_TYPE_RGB, 8, { 0, 0 }, true, true },
	{ PNG_COLOR_TYPE_GRAY, 8, { 0, 0 }, false, false },
};

static void put_clear(png_structp png, png_infop info, int i)
{
	const png_color alike[2] = { { 100, 100, 100 }, { 100, 100, 100 } };
	const png_byte alpha[2] = { (png_byte)clear[i].alpha[0],
				    (png_byte)clear[i].alpha[1] };
	const png_color_16 key = { 0, 101, 101, 101, 101 };

	png_set_IHDR(png, info, 2, 1, clear[i].depth, clear[i].colour,
		     PNG_INTERLACE_NONE, 0, 0);
	if (clear[i].colour == PNG_COLOR_TYPE_PALETTE) {
		png_set_PLTE(png, info, alike, 2);
		png_set_tRNS(png, info, alpha, 2, NULL);
	} else if (clear[i].key) {
		png_set_tRNS(png, info, NULL, 0, &key);
	}
	png_write_info(png, info);
}

/* Samples of both pixels; 16 bits have the value in their upper byte. */
static void put_clear_row(png_structp png, png_infop info, int i)
{
	png_byte row[16] = { 0 };
	int channels = png_get_channels(png, info);
	int bytes = clear[i].depth / 8;

	for (int x = 0; x < 2; x++)
		for (int c = 0; c < channels; c++)
			row[(x * channels + c) * bytes] = (png_byte)(
				clear[i].colour == PNG_COLOR_TYPE_PALETTE ? x :
				c == channels - 1 && channels % 2 == 0 ?
				clear[i].alpha[x] :
				100 + (x && clear[i].key));
	png_write_row(png, row);
}

static int make_clear(int i)
{
	int fd = memfd_create("clear", 0);
	FILE *file = fdopen(dup(fd), "wb");
	png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL,
						  NULL, NULL);
	png_infop info = png_create_info_struct(png);

	png_init_io(png, file);
	put_clear(png, info, i);
	put_clear_row(png, info, i);
	png_write_end(png, info);
	png_destroy_write_struct(&png, &info);
	ck_assert_int_eq(fclose(file), 0);
	return fd;
}

/* What only transparency draws is seen by the detectors and the screen. */
START_TEST(transparency)
{
	static const uint8_t tinted[3] = { 177, 114, 50 };
	struct error err = { 0 };
	int fd = make_clear(_i);
	struct image *image = image_open(fd, &err);
	struct frame *frame, *served;
	struct plane *plane, *full;
	bool scaled;

	ck_assert_msg(image, "%s", err.text);
	frame = image_frame(image, 0, &err);
	plane = voi_render(image, frame, VOI_FILE, &err);
	full = voi_render(image, frame, VOI_FULL, &err);
	served = voi_servable(image, frame, &scaled, &err);
	ck_assert(frame && plane && full && served);
	ck_assert_int_eq(full->channels, image_info(image)->colour ? 3 : 1);
	if (clear[_i].drawn) {
		ck_assert_int_eq(plane->channels, 3);
		for (int c = 0; c < 3; c++) {
			ck_assert_int_eq(plane->pixel[c], 100);
			ck_assert_int_eq(plane->pixel[3 + c], tinted[c]);
		}
		ck_assert_int_eq(served->samples, 3);
		ck_assert_mem_eq(served->sample, plane->pixel, 6);
	} else {
		ck_assert_int_eq(plane->channels, full->channels);
		ck_assert_int_eq(plane->pixel[0],
				 plane->pixel[plane->channels]);
	}
	plane_free(plane);
	plane_free(full);
	frame_free(served);
	frame_free(frame);
	image_close(image);
	close(fd);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("voi");
	TCase *tcase = tcase_create("display");
	struct error err = { 0 };

	if (!image_warm_up(&err))
		return EXIT_FAILURE;
	add_rows_test(tcase, grey, greys);
	tcase_add_test(tcase, own_window);
	tcase_add_loop_test(tcase, transparency, 0,
			    sizeof(clear) / sizeof(clear[0]));
	tcase_add_loop_test(tcase, luts, 0, 2);
	add_rows_test(tcase, palette, palettes);
	add_rows_test(tcase, colour, colours);
	tcase_add_loop_test(tcase, servable, 0, 2);
	suite_add_tcase(suite, tcase);
	return support_run(suite);
}

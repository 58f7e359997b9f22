/* pictures.c - small pictures of every form, made in memory from a seed. */
#include "config.h"

#include "pictures.h"

#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <jpeglib.h>

#include "support.h"

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

/* ---- files in memory ---- */

int memory_file(void)
{
	int fd = memfd_create("picture", MFD_CLOEXEC);

	ck_assert_int_ge(fd, 0);
	return fd;
}

static void put(int fd, const void *data, size_t length)
{
	ck_assert_int_eq(write(fd, data, length), (ssize_t)length);
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

	ck_assert_int_ge(size, 0);
	data = malloc((size_t)size + 1);
	ck_assert_ptr_nonnull(data);
	ck_assert_int_eq(pread(fd, data, (size_t)size, 0), size);
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
	ck_abort_msg("libpng: %s", message);
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

/*
 * mask_png.c - writes a masked PNG file through libpng: same depth, colour
 * type and interlacing; only chunks that the pixels need are copied.
 *
 * Chunks by the PNG specification, third edition, sections 4.7 and 11.
 */
#include "config.h"

#include <png.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "mask/writer.h"

enum { READ_AHEAD = 64 * 1024 };

/* Everything that must outlive a jump of libpng. */
struct png_copy {
	struct mask_plan *plan;
	struct error *err;
	bool failed;                    /* *err is set */
	png_structp read, write;
	png_infop read_info, write_info;
	long long offset;               /* of the next byte libpng gets */
	long long ahead_offset;         /* of ahead[0] */
	long long ahead_length;
	unsigned char *ahead;           /* [READ_AHEAD] */
	png_bytep *row;                 /* [rows] when interlaced, else [1] */
	png_bytep samples;              /* what row[] points into */
	png_uint_32 columns, rows;
	int depth, colour, interlace, channels;
	size_t row_bytes;
	unsigned present;               /* bits of kept[] */
	unsigned char fill[8];          /* a pixel, or a value < 8 bits */
	int clear_entries;              /* palette: entries with alpha 0 */
	unsigned char remap[256];       /* palette: index to index */
};

static bool fail(struct png_copy *c, enum reason reason)
{
	c->failed = true;
	return error_refuse(c->err, reason, NULL, 0);
}

/* ---- chunks ---- */

enum kept { KEPT_IHDR, KEPT_PLTE, KEPT_TRNS, KEPT_GAMA, KEPT_CHRM, KEPT_SRGB,
	    KEPT_ICCP, KEPT_SBIT, KEPT_BKGD, KEPT_PHYS, KEPT_IDAT, KEPT_IEND,
	    KEPTS };
static const char kept[KEPTS][5] = {
	"IHDR", "PLTE", "tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "sBIT",
	"bKGD", "pHYs", "IDAT", "IEND",
};

static const struct {
	char type[5];
	unsigned dropped;
} dropped_chunks[] = {
	{ "tEXt", DROPPED_TEXT_CHUNKS }, { "zTXt", DROPPED_TEXT_CHUNKS },
	{ "iTXt", DROPPED_TEXT_CHUNKS }, { "eXIf", DROPPED_EXIF },
	{ "acTL", DROPPED_ANIMATION }, { "fcTL", DROPPED_ANIMATION },
	{ "fdAT", DROPPED_ANIMATION },
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static unsigned dropped_bit(const unsigned char *type)
{
	for (size_t i = 0; i < COUNT(dropped_chunks); i++)
		if (!memcmp(type, dropped_chunks[i].type, 4))
			return dropped_chunks[i].dropped;
	return DROPPED_CHUNKS;
}

static int kept_index(const unsigned char *type)
{
	for (int i = 0; i < KEPTS; i++)
		if (!memcmp(type, kept[i], 4))
			return i;
	return -1;
}

/* Note which chunks are there and what will be dropped. */
static bool list_chunks(struct png_copy *c)
{
	struct mask_plan *plan = c->plan;
	long long offset = 8;           /* after the signature */
	unsigned char head[8];
	int index;

	do {
		if (mask_read(plan->in_fd, head, 8, offset) != 8)
			return fail(c, REASON_TRUNCATED);
		index = kept_index(head + 4);
		if (index < 0)
			plan->report->dropped |= dropped_bit(head + 4);
		else
			c->present |= 1u << index;
		offset += 12 + (long long)png_get_uint_32(head);
	} while (index != KEPT_IEND);
	if (mask_read(plan->in_fd, head, 1, offset) > 0)
		plan->report->dropped |= DROPPED_TRAILER;
	return true;
}

/* ---- libpng's calls back ---- */

static void on_error(png_structp png, png_const_charp message)
{
	(void)message;          /* may quote the file */
	png_longjmp(png, 1);
}

static void on_warning(png_structp png, png_const_charp message)
{
	(void)png;              /* the reader has judged the file */
	(void)message;
}

static void on_read(png_structp png, png_bytep data, size_t length)
{
	struct png_copy *c = png_get_io_ptr(png);

	while (length) {
		long long skip = c->offset - c->ahead_offset;
		size_t part;

		if (skip < 0 || skip >= c->ahead_length) {
			c->ahead_offset = c->offset;
			c->ahead_length = mask_read(c->plan->in_fd, c->ahead,
						    READ_AHEAD, c->offset);
			skip = 0;
		}
		if (c->ahead_length <= 0) {
			fail(c, c->ahead_length ? REASON_UNREADABLE :
						  REASON_TRUNCATED);
			c->ahead_length = 0;
			png_error(png, "read");
		}
		part = (size_t)(c->ahead_length - skip);
		part = part < length ? part : length;
		memcpy(data, c->ahead + skip, part);
		data += part;
		length -= part;
		c->offset += (long long)part;
	}
}

static void on_write(png_structp png, png_bytep data, size_t length)
{
	struct png_copy *c = png_get_io_ptr(png);

	if (!mask_write(c->plan->out_fd, data, length, c->err)) {
		c->failed = true;
		png_error(png, "write");
	}
}

static void on_flush(png_structp png)
{
	(void)png;
}

/* ---- samples ---- */

/*
 * Palette entries with alpha 0 look all the same but could spell something
 * with their numbers or colours: they become the first of them, black.
 */
static void clear_palette(struct png_copy *c, png_colorp palette, int entries,
			  const unsigned char *alpha, int alphas)
{
	int first = -1;

	for (int i = 0; i < alphas && i < entries; i++) {
		if (alpha[i])
			continue;
		if (first < 0)
			first = i;
		c->remap[i] = (unsigned char)first;
		c->clear_entries++;
		palette[i] = (png_color){ 0, 0, 0 };
	}
}

static unsigned get_packed(const unsigned char *row, png_uint_32 x, int depth)
{
	unsigned per_byte = 8 / (unsigned)depth;
	unsigned shift = 8 - (unsigned)depth * (x % per_byte + 1);

	return (unsigned)row[x / per_byte] >> shift & ((1u << depth) - 1);
}

static void set_packed(unsigned char *row, png_uint_32 x, int depth,
		       unsigned value)
{
	unsigned per_byte = 8 / (unsigned)depth;
	unsigned shift = 8 - (unsigned)depth * (x % per_byte + 1);
	unsigned mask = ((1u << depth) - 1) << shift;
	unsigned byte = (row[x / per_byte] & ~mask) | value << shift;

	row[x / per_byte] = (unsigned char)byte;
}

/* Colour under alpha 0 becomes 0.  Returns whether there was some. */
static bool clear_transparent(const struct png_copy *c, unsigned char *row)
{
	size_t bytes = (size_t)c->depth / 8;
	size_t colour = bytes * (size_t)(c->channels - 1);
	bool any = false;

	for (png_uint_32 x = 0; x < c->columns; x++, row += colour + bytes) {
		if (row[colour] || (bytes == 2 && row[colour + 1]))
			continue;
		for (size_t i = 0; i < colour; i++) {
			any = any || row[i];
			row[i] = 0;
		}
	}
	return any;
}

static bool clear_transparent_index(const struct png_copy *c,
				    unsigned char *row)
{
	bool any = false;

	for (png_uint_32 x = 0; x < c->columns; x++) {
		unsigned value = get_packed(row, x, c->depth);

		if (c->remap[value] != value) {
			any = true;
			set_packed(row, x, c->depth, c->remap[value]);
		}
	}
	return any;
}

/* The bits after the last pixel of a row mean nothing. */
static void clear_row_end(const struct png_copy *c, unsigned char *row)
{
	size_t used = (size_t)c->columns * (size_t)c->depth % 8;

	if (c->depth < 8 && used)
		row[c->row_bytes - 1] &= (unsigned char)(0xff00 >> used);
}

static void blank_row(const struct png_copy *c, unsigned char *row, int y)
{
	size_t pixel = (size_t)c->depth * (size_t)c->channels / 8;

	for (size_t i = 0; i < c->plan->areas; i++) {
		struct region r = c->plan->area[i].region;

		if (y < r.y0 || y >= r.y1)
			continue;
		for (int x = r.x0; x < r.x1; x++) {
			if (pixel)
				memcpy(row + (size_t)x * pixel, c->fill,
				       pixel);
			else
				set_packed(row, (png_uint_32)x, c->depth,
					   c->fill[0]);
		}
	}
}

static void edit_row(struct png_copy *c, unsigned char *row, int y)
{
	bool hidden = false;

	if (c->colour & PNG_COLOR_MASK_ALPHA)
		hidden = clear_transparent(c, row);
	else if (c->clear_entries > 1)
		hidden = clear_transparent_index(c, row);
	if (hidden)
		c->plan->report->dropped |= DROPPED_HIDDEN_COLOUR;
	blank_row(c, row, y);
	clear_row_end(c, row);
	if (y % 64 == 0)
		mask_progress(c->plan, y, (long long)c->rows);
}

/* The fill as it stands in a row: big endian (section 7.1). */
static void set_fill(struct png_copy *c)
{
	int bytes = c->depth / 8;

	if (!bytes) {
		c->fill[0] = (unsigned char)c->plan->fill[0];
		return;
	}
	for (int i = 0; i < c->channels; i++) {
		unsigned value = (unsigned)c->plan->fill[i];

		if (bytes == 2)
			c->fill[2 * i] = (unsigned char)(value >> 8);
		c->fill[bytes * i + bytes - 1] = (unsigned char)value;
	}
}

/* ---- the copy; everything below runs under setjmp ---- */

static void copy_palette(struct png_copy *c)
{
	png_colorp palette = NULL;
	png_bytep alpha = NULL;
	png_color_16p key = NULL;
	png_color changed[256];
	int entries = 0, alphas = 0;

	for (int i = 0; i < 256; i++)
		c->remap[i] = (unsigned char)i;
	if (png_get_PLTE(c->read, c->read_info, &palette, &entries)) {
		memcpy(changed, palette, (size_t)entries * sizeof(*palette));
		if (png_get_tRNS(c->read, c->read_info, &alpha, &alphas, NULL)
		    && c->colour == PNG_COLOR_TYPE_PALETTE)
			clear_palette(c, changed, entries, alpha, alphas);
		png_set_PLTE(c->write, c->write_info, changed, entries);
	}
	if (png_get_tRNS(c->read, c->read_info, &alpha, &alphas, &key))
		png_set_tRNS(c->write, c->write_info, alpha, alphas, key);
}

static void copy_colour_space(struct png_copy *c)
{
	png_structp r = c->read, w = c->write;
	png_infop ri = c->read_info, wi = c->write_info;
	png_fixed_point gamma, p[8];
	int intent, compression;
	png_charp name;
	png_bytep profile;
	png_uint_32 length;

	/* libpng derives some of them from others: copy what was there */
	if (c->present & 1u << KEPT_GAMA &&
	    png_get_gAMA_fixed(r, ri, &gamma))
		png_set_gAMA_fixed(w, wi, gamma);
	if (c->present & 1u << KEPT_CHRM &&
	    png_get_cHRM_fixed(r, ri, p, p + 1, p + 2, p + 3, p + 4, p + 5,
			       p + 6, p + 7))
		png_set_cHRM_fixed(w, wi, p[0], p[1], p[2], p[3], p[4], p[5],
				   p[6], p[7]);
	if (c->present & 1u << KEPT_SRGB && png_get_sRGB(r, ri, &intent))
		png_set_sRGB(w, wi, intent);
	/* the name is free text: ours instead */
	if (c->present & 1u << KEPT_ICCP &&
	    png_get_iCCP(r, ri, &name, &compression, &profile, &length))
		png_set_iCCP(w, wi, "ICC", PNG_COMPRESSION_TYPE_BASE, profile,
			     length);
	if (!(c->present & 1u << KEPT_GAMA))
		png_set_invalid(w, wi, PNG_INFO_gAMA);
	if (!(c->present & 1u << KEPT_CHRM))
		png_set_invalid(w, wi, PNG_INFO_cHRM);
	if (!(c->present & 1u << KEPT_SRGB))
		png_set_invalid(w, wi, PNG_INFO_sRGB);
}

static void copy_header(struct png_copy *c)
{
	png_color_8p bits;
	png_color_16p background;
	png_uint_32 x, y;
	int unit, orientation = c->plan->info->exif_orientation;
	png_byte exif[MASK_EXIF];

	png_set_IHDR(c->write, c->write_info, c->columns, c->rows, c->depth,
		     c->colour, c->interlace, PNG_COMPRESSION_TYPE_BASE,
		     PNG_FILTER_TYPE_BASE);
	copy_palette(c);
	copy_colour_space(c);
	if (png_get_sBIT(c->read, c->read_info, &bits))
		png_set_sBIT(c->write, c->write_info, bits);
	if (png_get_bKGD(c->read, c->read_info, &background))
		png_set_bKGD(c->write, c->write_info, background);
	if (png_get_pHYs(c->read, c->read_info, &x, &y, &unit))
		png_set_pHYs(c->write, c->write_info, x, y, unit);
	if (orientation > 1) {
		mask_exif(exif, orientation);
		png_set_eXIf_1(c->write, c->write_info, sizeof(exif), exif);
	}
	png_write_info(c->write, c->write_info);
}

/* One row at a time, or all of them when interlacing needs them. */
static bool make_rows(struct png_copy *c)
{
	bool all = c->interlace != PNG_INTERLACE_NONE;
	size_t rows = all ? c->rows : 1;

	c->row = mem_array(rows, sizeof(*c->row));
	c->samples = mem_array(rows, c->row_bytes);
	if (!c->row || !c->samples) {
		c->failed = true;
		return error_set(c->err, ERR_MEMORY, _("no memory for rows"));
	}
	for (size_t i = 0; i < rows; i++)
		c->row[i] = c->samples + i * c->row_bytes;
	return true;
}

static void copy_rows(struct png_copy *c)
{
	if (c->interlace != PNG_INTERLACE_NONE) {
		png_read_image(c->read, c->row);
		for (png_uint_32 y = 0; y < c->rows; y++)
			edit_row(c, c->row[y], (int)y);
		png_write_image(c->write, c->row);
		return;
	}
	for (png_uint_32 y = 0; y < c->rows; y++) {
		png_read_row(c->read, c->row[0], NULL);
		edit_row(c, c->row[0], (int)y);
		png_write_row(c->write, c->row[0]);
	}
}

static bool copy_picture(struct png_copy *c)
{
	if (setjmp(png_jmpbuf(c->read)))
		return false;
	if (setjmp(png_jmpbuf(c->write)))
		return false;
	png_read_info(c->read, c->read_info);
	png_get_IHDR(c->read, c->read_info, &c->columns, &c->rows, &c->depth,
		     &c->colour, &c->interlace, NULL, NULL);
	c->channels = png_get_channels(c->read, c->read_info);
	c->row_bytes = png_get_rowbytes(c->read, c->read_info);
	if (c->columns != (png_uint_32)c->plan->info->columns ||
	    c->rows != (png_uint_32)c->plan->info->rows ||
	    c->channels != c->plan->fills)
		return fail(c, REASON_DAMAGED);
	set_fill(c);
	copy_header(c);
	if (!make_rows(c))
		return false;
	copy_rows(c);
	png_read_end(c->read, NULL);
	png_write_end(c->write, NULL);
	return true;
}

static bool open_copy(struct png_copy *c)
{
	c->ahead = malloc(READ_AHEAD);
	c->read = png_create_read_struct(PNG_LIBPNG_VER_STRING, NULL, on_error,
					 on_warning);
	c->write = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL,
					   on_error, on_warning);
	if (c->read)
		c->read_info = png_create_info_struct(c->read);
	if (c->write)
		c->write_info = png_create_info_struct(c->write);
	if (!c->ahead || !c->read_info || !c->write_info) {
		c->failed = true;
		return error_set(c->err, ERR_MEMORY, _("no memory for a PNG"));
	}
	png_set_read_fn(c->read, c, on_read);
	png_set_crc_action(c->read, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
	png_set_write_fn(c->write, c, on_write, on_flush);
	/* a profile known to be slightly wrong is copied all the same */
	png_set_benign_errors(c->write, 1);
	return true;
}

static void close_copy(struct png_copy *c)
{
	png_destroy_read_struct(&c->read, &c->read_info, NULL);
	png_destroy_write_struct(&c->write, &c->write_info);
	free(c->ahead);
	free(c->row);
	free(c->samples);
	free(c);
}

bool mask_png(struct mask_plan *plan, struct error *err)
{
	struct png_copy *c = calloc(1, sizeof(*c));
	bool ok;

	if (!c)
		return error_set(err, ERR_MEMORY, _("no memory for a PNG"));
	c->plan = plan;
	c->err = err;
	plan->report->method = METHOD_REENCODE;
	plan->report->outside = OUTSIDE_STORED;
	ok = open_copy(c) && list_chunks(c) && copy_picture(c);
	if (!ok && !c->failed)
		error_refuse(err, REASON_DAMAGED, NULL, 0);
	close_copy(c);
	return ok;
}

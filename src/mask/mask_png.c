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
#include "mask/png_chunks.h"
#include "mask/writer.h"

enum { READ_AHEAD = 64 * 1024, IDAT_SIZE = 64 * 1024, PALETTE = 256 };
/* of zlib: photographs get no smaller above, only slower; twins have one */
enum { DEFLATE_LEVEL = 4 };
/* bytes of one chunk but IDAT: a longer one is refused */
#define CHUNK_MAX (64u << 20)
/* bytes of the rows of a palette picture that are held at once */
#define HELD_MAX (16u << 20)

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
	bool held;                      /* all rows are, at once */
	png_bytep *row;                 /* [rows] when held, else [1] */
	png_bytep samples;              /* what row[] points into */
	png_uint_32 columns, rows;
	int depth, colour, interlace, channels;
	size_t row_bytes;
	struct png_chunks chunks;
	unsigned char fill[8];          /* a pixel, or a value < 8 bits */
	png_color palette[PALETTE];
	unsigned char alpha[PALETTE];   /* [alphas], 255 for the others */
	int entries, alphas;
	int clear_entries;              /* entries with alpha 0 */
	unsigned char remap[PALETTE];   /* index to index */
	bool used[PALETTE];             /* some pixel of the output has it */
	bool beyond;                    /* a pixel of the input has no entry */
};

static bool fail(struct png_copy *c, enum reason reason)
{
	c->failed = true;
	return error_refuse(c->err, reason, NULL, 0);
}

/* ---- libpng's calls back ---- */

static void on_error(png_structp png, png_const_charp message)
{
	(void)message;          /* may quote the file */
	png_longjmp(png, 1);
}

/*
 * The reader has judged the file.  What libpng has to say about IDAT is that
 * more is in there than the picture.
 */
static void on_read_warning(png_structp png, png_const_charp message)
{
	struct png_copy *c = png_get_error_ptr(png);

	if (!strncmp(message, "IDAT", 4))
		c->plan->report->dropped |= DROPPED_TRAILER;
}

static void on_write_warning(png_structp png, png_const_charp message)
{
	(void)png;
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

static bool clear_transparent_index(struct png_copy *c, unsigned char *row)
{
	bool any = false;

	if (c->clear_entries < 2 && c->entries == 1 << c->depth)
		return false;
	for (png_uint_32 x = 0; x < c->columns; x++) {
		unsigned value = get_packed(row, x, c->depth);

		c->beyond = c->beyond || value >= (unsigned)c->entries;
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
	else if (c->colour == PNG_COLOR_TYPE_PALETTE)
		hidden = clear_transparent_index(c, row);
	if (hidden)
		c->plan->report->dropped |= DROPPED_HIDDEN_COLOUR;
	blank_row(c, row, y);
	clear_row_end(c, row);
	if (y % 64 == 0)
		mask_progress(c->plan, y, (long long)c->rows);
}

/* Only the entries of a palette are looked at afterwards. */
static void note_used(struct png_copy *c, png_bytep row)
{
	if (c->colour != PNG_COLOR_TYPE_PALETTE)
		return;
	if (c->depth == 8) {
		for (png_uint_32 x = 0; x < c->columns; x++)
			c->used[row[x]] = true;
		return;
	}
	for (png_uint_32 x = 0; x < c->columns; x++)
		c->used[get_packed(row, x, c->depth)] = true;
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

/* ---- the palette ---- */

/*
 * Entries with alpha 0 look all the same but could spell something with their
 * numbers or colours: they become the first of them, black.
 */
static void clear_palette(struct png_copy *c)
{
	int first = -1;

	for (int i = 0; i < PALETTE; i++)
		c->remap[i] = (unsigned char)i;
	for (int i = 0; i < c->alphas; i++) {
		if (c->alpha[i])
			continue;
		if (first < 0)
			first = i;
		c->remap[i] = (unsigned char)first;
		c->clear_entries++;
		c->palette[i] = (png_color){ 0, 0, 0 };
	}
}

/* Runs under setjmp(), as what it is called from. */
static void read_palette(struct png_copy *c)
{
	png_colorp palette = NULL;
	png_bytep alpha = NULL;

	c->entries = c->alphas = c->clear_entries = 0;
	if (c->colour != PNG_COLOR_TYPE_PALETTE)
		return;
	memset(c->alpha, 255, sizeof(c->alpha));
	png_get_PLTE(c->read, c->read_info, &palette, &c->entries);
	png_get_tRNS(c->read, c->read_info, &alpha, &c->alphas, NULL);
	c->entries = c->entries < PALETTE ? c->entries : PALETTE;
	c->alphas = c->alphas < c->entries ? c->alphas : c->entries;
	memcpy(c->palette, palette, (size_t)c->entries * sizeof(*palette));
	if (c->alphas > 0)
		memcpy(c->alpha, alpha, (size_t)c->alphas);
	clear_palette(c);
}

/*
 * Entries that no pixel has could carry 4 bytes each: they become white, as
 * opaque as the fill, so that masking once more finds the same darkest entry.
 */
static void clear_unused(struct png_copy *c)
{
	static const png_color white = { 255, 255, 255 };
	unsigned char opaque = c->alpha[c->plan->fill[0] & 255];

	if (c->chunks.plain[PNG_BKGD].length) {
		unsigned char *entry = c->chunks.plain[PNG_BKGD].data;

		if (*entry >= c->entries)
			c->chunks.plain[PNG_BKGD].length = 0;
		*entry = c->remap[*entry];
		c->used[*entry] = true;
	}
	for (int i = 0; i < c->entries; i++) {
		if (c->used[i])
			continue;
		if (memcmp(&c->palette[i], &white, sizeof(white)) != 0)
			c->plan->report->dropped |= DROPPED_HIDDEN_COLOUR;
		c->palette[i] = white;
		if (i < c->alphas)
			c->alpha[i] = opaque;
	}
}

/* ---- libpng opened ---- */

static bool no_memory(struct png_copy *c)
{
	c->failed = true;
	return error_set(c->err, ERR_MEMORY, _("no memory for a PNG"));
}

static bool open_read(struct png_copy *c)
{
	png_destroy_read_struct(&c->read, &c->read_info, NULL);
	c->read = png_create_read_struct(PNG_LIBPNG_VER_STRING, c, on_error,
					 on_read_warning);
	if (c->read)
		c->read_info = png_create_info_struct(c->read);
	if (!c->read_info)
		return no_memory(c);
	c->offset = 0;
	png_set_read_fn(c->read, c, on_read);
	png_set_crc_action(c->read, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
	png_set_chunk_malloc_max(c->read, CHUNK_MAX);
	/* all but IHDR PLTE tRNS IDAT IEND are not even parsed, and iCCP is */
	png_set_keep_unknown_chunks(c->read, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
	png_set_keep_unknown_chunks(c->read, PNG_HANDLE_CHUNK_AS_DEFAULT,
				    (png_const_bytep)"iCCP", 1);
	return true;
}

/* ---- the copy; everything below runs under setjmp ---- */

static void copy_palette(struct png_copy *c)
{
	unsigned short depth = (unsigned short)((1L << c->depth) - 1);
	png_bytep alpha = NULL;
	png_color_16p key = NULL;
	png_color_16 cut;
	int alphas = 0;

	if (c->colour == PNG_COLOR_TYPE_PALETTE) {
		clear_unused(c);
		png_set_PLTE(c->write, c->write_info, c->palette, c->entries);
		if (c->alphas > 0)
			png_set_tRNS(c->write, c->write_info, c->alpha,
				     c->alphas, NULL);
		return;
	}
	if (!png_get_tRNS(c->read, c->read_info, &alpha, &alphas, &key) ||
	    !key)
		return;
	/* bits above the depth are not looked at (11.3.1.1) */
	cut = (png_color_16){
		.red = key->red & depth, .green = key->green & depth,
		.blue = key->blue & depth, .gray = key->gray & depth,
	};
	png_set_tRNS(c->write, c->write_info, NULL, 1, &cut);
}

/*
 * Its name is free text: ours instead.  libpng cuts it at its own size, and
 * would add gAMA, cHRM and sRGB beside a profile that it knows.
 */
static void put_profile(struct png_copy *c, png_const_bytep profile,
			png_uint_32 length)
{
	png_set_iCCP(c->write, c->write_info, "ICC", PNG_COMPRESSION_TYPE_BASE,
		     profile, length);
	png_set_invalid(c->write, c->write_info,
			PNG_INFO_gAMA | PNG_INFO_cHRM | PNG_INFO_sRGB);
}

static void copy_profile(struct png_copy *c)
{
	int compression;
	png_charp name;
	png_bytep profile;
	png_uint_32 length;

	if (png_get_iCCP(c->read, c->read_info, &name, &compression, &profile,
			 &length))
		put_profile(c, profile, length);
	else if (c->chunks.has_profile)
		c->plan->report->dropped |= DROPPED_CHUNKS;
	if (c->chunks.has_alpha &&
	    !png_get_valid(c->read, c->read_info, PNG_INFO_tRNS))
		c->plan->report->dropped |= DROPPED_CHUNKS;
}

static void copy_plain(struct png_copy *c, int first, int end)
{
	for (int i = first; i < end; i++)
		if (c->chunks.plain[i].length)
			png_write_chunk(c->write,
					(png_const_bytep)png_plain_type[i],
					c->chunks.plain[i].data,
					c->chunks.plain[i].length);
}

/* First of all: the profile is judged by the colour type. */
static void put_ihdr(struct png_copy *c)
{
	png_set_IHDR(c->write, c->write_info, c->columns, c->rows, c->depth,
		     c->colour, c->interlace, PNG_COMPRESSION_TYPE_BASE,
		     PNG_FILTER_TYPE_BASE);
}

static void write_header(struct png_copy *c)
{
	int orientation = c->plan->info->exif_orientation;
	png_byte exif[MASK_EXIF];

	if (orientation > 1) {
		mask_exif(exif, orientation);
		png_set_eXIf_1(c->write, c->write_info, sizeof(exif), exif);
	}
	png_write_info_before_PLTE(c->write, c->write_info);
	copy_plain(c, 0, PNG_PLAIN_AFTER);
	png_write_info(c->write, c->write_info);
	copy_plain(c, PNG_PLAIN_AFTER, PNG_PLAINS);
}

static void copy_header(struct png_copy *c)
{
	put_ihdr(c);
	copy_palette(c);
	copy_profile(c);
	write_header(c);
}

/* One row at a time, or all of them where they are needed. */
static bool make_rows(struct png_copy *c)
{
	size_t rows = c->held ? c->rows : 1;

	if (c->row)
		return true;
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

/* Read, edit, and hand each row on. */
static void each_row(struct png_copy *c, void (*put)(struct png_copy *c,
						     png_bytep row))
{
	if (c->held)
		png_read_image(c->read, c->row);
	for (png_uint_32 y = 0; y < c->rows; y++) {
		png_bytep row = c->row[c->held ? y : 0];

		if (!c->held)
			png_read_row(c->read, row, NULL);
		edit_row(c, row, (int)y);
		put(c, row);
	}
	/* libpng has gone to the end of the chunk where the rows ended */
	if (c->offset < c->chunks.data_end)
		c->plan->report->dropped |= DROPPED_TRAILER;
	png_read_end(c->read, NULL);
}

static void write_row(struct png_copy *c, png_bytep row)
{
	png_write_row(c->write, row);
}

static bool read_header(struct png_copy *c)
{
	png_read_info(c->read, c->read_info);
	png_get_IHDR(c->read, c->read_info, &c->columns, &c->rows, &c->depth,
		     &c->colour, &c->interlace, NULL, NULL);
	c->channels = png_get_channels(c->read, c->read_info);
	c->row_bytes = png_get_rowbytes(c->read, c->read_info);
	if (c->columns != (png_uint_32)c->plan->info->columns ||
	    c->rows != (png_uint_32)c->plan->info->rows ||
	    c->channels != c->plan->fills)
		return fail(c, REASON_DAMAGED);
	/* interlaced ones are read in passes; a palette is written when the
	   pixels were seen, and reading them twice takes longer */
	c->held = c->interlace != PNG_INTERLACE_NONE ||
		  (c->colour == PNG_COLOR_TYPE_PALETTE &&
		   c->row_bytes <= HELD_MAX / c->rows);
	read_palette(c);
	set_fill(c);
	return make_rows(c);
}

/* What does not go from row to row: held, or of a palette. */
static bool look_at_rows(struct png_copy *c)
{
	if (setjmp(png_jmpbuf(c->read)))
		return false;
	if (!read_header(c))
		return false;
	if (c->held || c->colour == PNG_COLOR_TYPE_PALETTE)
		each_row(c, note_used);
	return !c->beyond || fail(c, REASON_DAMAGED);
}

/* Of a long palette picture the rows are read once more. */
static bool read_again(struct png_copy *c)
{
	if (c->held || c->colour != PNG_COLOR_TYPE_PALETTE)
		return true;
	if (!open_read(c))
		return false;
	if (setjmp(png_jmpbuf(c->read)))
		return false;
	return read_header(c);
}

static bool copy_picture(struct png_copy *c)
{
	if (setjmp(png_jmpbuf(c->read)))
		return false;
	if (setjmp(png_jmpbuf(c->write)))
		return false;
	copy_header(c);
	if (c->held)
		png_write_image(c->write, c->row);
	else
		each_row(c, write_row);
	png_write_end(c->write, NULL);
	return true;
}

static bool open_write(struct png_copy *c)
{
	c->write = png_create_write_struct(PNG_LIBPNG_VER_STRING, c, on_error,
					   on_write_warning);
	if (c->write)
		c->write_info = png_create_info_struct(c->write);
	if (!c->write_info)
		return no_memory(c);
	png_set_write_fn(c->write, c, on_write, on_flush);
	png_set_compression_buffer_size(c->write, IDAT_SIZE);
	png_set_compression_level(c->write, DEFLATE_LEVEL);
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

static bool copy_png(struct png_copy *c)
{
	c->ahead = malloc(READ_AHEAD);
	if (!c->ahead)
		return no_memory(c);
	if (!png_chunks_list(c->plan->in_fd, &c->chunks, c->err)) {
		c->failed = true;
		return false;
	}
	c->plan->report->dropped |= c->chunks.dropped;
	return open_read(c) && open_write(c) && look_at_rows(c) &&
	       read_again(c) && copy_picture(c);
}

static struct png_copy *new_copy(struct mask_plan *plan, struct error *err)
{
	struct png_copy *c = calloc(1, sizeof(*c));

	if (!c) {
		error_set(err, ERR_MEMORY, _("no memory for a PNG"));
		return NULL;
	}
	c->plan = plan;
	c->err = err;
	return c;
}

static bool end_copy(struct png_copy *c, bool ok)
{
	if (!ok && !c->failed)
		error_refuse(c->err, REASON_DAMAGED, NULL, 0);
	close_copy(c);
	return ok;
}

bool mask_png(struct mask_plan *plan, struct error *err)
{
	struct png_copy *c = new_copy(plan, err);

	if (!c)
		return false;
	plan->report->method = METHOD_REENCODE;
	plan->report->outside = OUTSIDE_STORED;
	return end_copy(c, copy_png(c));
}

/* ---- a PNG of a frame ---- */

static bool write_frame(struct png_copy *c, const struct frame *f,
			const void *profile, size_t profile_length)
{
	const unsigned char *samples = f->sample;

	if (setjmp(png_jmpbuf(c->write)))
		return false;
	put_ihdr(c);
	if (profile_length)
		put_profile(c, profile, (png_uint_32)profile_length);
	set_fill(c);
	write_header(c);
	if (!make_rows(c))
		return false;
	for (png_uint_32 y = 0; y < c->rows; y++) {
		memcpy(c->row[0], samples + y * c->row_bytes, c->row_bytes);
		blank_row(c, c->row[0], (int)y);
		png_write_row(c->write, c->row[0]);
		if (y % 64 == 0)
			mask_progress(c->plan, y, (long long)c->rows);
	}
	png_write_end(c->write, NULL);
	return true;
}

bool mask_png_frame(struct mask_plan *plan, const struct frame *frame,
		    const void *profile, size_t profile_length,
		    struct error *err)
{
	struct png_copy *c = new_copy(plan, err);

	if (!c)
		return false;
	c->columns = (png_uint_32)frame->columns;
	c->rows = (png_uint_32)frame->rows;
	c->channels = frame->samples;
	c->colour = frame->samples == 1 ? PNG_COLOR_TYPE_GRAY :
					  PNG_COLOR_TYPE_RGB;
	c->depth = 8;
	c->interlace = PNG_INTERLACE_NONE;
	c->row_bytes = (size_t)frame->columns * (size_t)frame->samples;
	return end_copy(c, open_write(c) &&
			   write_frame(c, frame, profile, profile_length));
}

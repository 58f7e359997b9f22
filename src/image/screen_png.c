/* screen_png.c - small PNG files in memory, for the screen. */
#include "config.h"

#include "image/screen_png.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

/* bytes of an outline; pictures are larger, and must be fast */
enum { SMALL = 1 << 16, HELD = 1 << 15, MEM_LEVEL = 8,
       GREY = 0, RGB = 2, INDEXED = 3 };

static void put_u32(uint8_t *at, unsigned long value)
{
	for (int i = 0; i < 4; i++)
		at[i] = (uint8_t)(value >> (24 - 8 * i));
}

/* PNG 5.3: length, type, data, CRC over type and data. */
static void put_chunk(struct buffer *out, const char *type,
		      const uint8_t *data, size_t length)
{
	uint8_t word[4];
	unsigned long sum = crc32(crc32(0, NULL, 0), (const Bytef *)type, 4);

	put_u32(word, length);
	buffer_append(out, word, 4);
	buffer_append(out, type, 4);
	if (length) {
		buffer_append(out, data, length);
		sum = crc32(sum, data, (uInt)length);
	}
	put_u32(word, sum);
	buffer_append(out, word, 4);
}

/* Bits of an index: few colours pack well before zlib sees them. */
static int depth_of(const struct screen_png *png)
{
	return !png->colours ? 8 : png->colours <= 2 ? 1 :
	       png->colours <= 4 ? 2 : png->colours <= 16 ? 4 : 8;
}

/* A row as it stands in the file, without its filter byte. */
static void make_row(const struct screen_png *png, int y, uint8_t *row,
		     size_t bytes)
{
	const uint8_t *from = png->pixel + (size_t)y * png->stride;
	int depth = depth_of(png), each = 8 / depth;

	if (depth == 8) {
		for (size_t i = 0; i < bytes; i++)
			row[i] = from[i] ^ png->flip;
		return;
	}
	memset(row, 0, bytes);
	for (int x = 0; x < png->width; x++)
		row[x / each] |= (uint8_t)(from[x] <<
					   (8 - depth * (x % each + 1)));
}

struct screen_png_job {
	struct screen_png png;
	struct buffer data;             /* packed so far */
	z_stream z;
	bool open;                      /* the stream */
	uint8_t *row, *held;            /* a row; what came out of it */
	size_t bytes;                   /* of a row */
	int y;                          /* the next; height: the end */
};

static size_t row_bytes(const struct screen_png *png)
{
	return png->colours ?
	       ((size_t)png->width * (size_t)depth_of(png) + 7) / 8 :
	       (size_t)png->width * (size_t)png->channels;
}

/* Noise of one channel has no words to be found again, only runs: looking for
 * these takes half the time and packs better.  Grey in three channels has
 * them. */
static bool open_stream(struct screen_png_job *job)
{
	bool small = job->bytes * (size_t)job->png.height < SMALL;
	bool runs = !job->png.colours && job->png.channels == 1;

	job->open = deflateInit2(&job->z, small ? Z_BEST_COMPRESSION :
						  Z_BEST_SPEED,
				 Z_DEFLATED, MAX_WBITS, MEM_LEVEL,
				 runs ? Z_RLE : Z_DEFAULT_STRATEGY) == Z_OK;
	return job->open;
}

struct screen_png_job *screen_png_begin(const struct screen_png *png)
{
	struct screen_png_job *job = calloc(1, sizeof(*job));

	if (!job)
		return NULL;
	job->png = *png;
	job->bytes = row_bytes(png);
	job->row = mem_array(job->bytes + 1, 1);
	job->held = mem_array(HELD, 1);
	if (job->row && job->held && job->bytes < UINT_MAX && open_stream(job))
		return job;
	screen_png_end(job, NULL);
	return NULL;
}

/* The next row, or the end. */
static void pack_row(struct screen_png_job *job)
{
	bool last = job->y == job->png.height;
	z_stream *z = &job->z;

	if (!last)
		make_row(&job->png, job->y, job->row + 1, job->bytes);
	z->next_in = job->row;
	z->avail_in = last ? 0 : (uInt)job->bytes + 1;
	do {
		z->next_out = job->held;
		z->avail_out = HELD;
		deflate(z, last ? Z_FINISH : Z_NO_FLUSH);
		buffer_append(&job->data, job->held, HELD - z->avail_out);
	} while (!z->avail_out);
}

bool screen_png_step(struct screen_png_job *job, size_t bytes)
{
	for (size_t done = 0; done <= bytes && job->y <= job->png.height;
	     done += job->bytes + 1, job->y++)
		pack_row(job);
	return job->y <= job->png.height;
}

static void put_palette(const struct screen_png *png, struct buffer *out)
{
	uint8_t rgb[256 * 3], alpha[256];

	for (int i = 0; i < png->colours; i++) {
		memcpy(rgb + 3 * i, png->palette + 4 * i, 3);
		alpha[i] = png->palette[4 * i + 3];
	}
	put_chunk(out, "PLTE", rgb, (size_t)png->colours * 3);
	put_chunk(out, "tRNS", alpha, (size_t)png->colours);
}

static void put_file(const struct screen_png_job *job, struct buffer *out)
{
	static const char signature[] = "\211PNG\r\n\032\n";
	const struct screen_png *png = &job->png;
	uint8_t header[13] = { 0 };

	put_u32(header, (unsigned long)png->width);
	put_u32(header + 4, (unsigned long)png->height);
	header[8] = (uint8_t)depth_of(png);
	header[9] = png->colours ? INDEXED : png->channels == 3 ? RGB : GREY;
	buffer_append(out, signature, sizeof(signature) - 1);
	put_chunk(out, "IHDR", header, sizeof(header));
	if (png->colours)
		put_palette(png, out);
	if (job->data.failed)
		out->failed = true;
	else
		put_chunk(out, "IDAT", (const uint8_t *)job->data.data,
			  job->data.length);
	put_chunk(out, "IEND", NULL, 0);
}

void screen_png_end(struct screen_png_job *job, struct buffer *out)
{
	if (!job)
		return;
	if (out)
		put_file(job, out);
	if (job->open)
		deflateEnd(&job->z);
	buffer_done(&job->data);
	free(job->row);
	free(job->held);
	free(job);
}

void screen_png_write(const struct screen_png *png, struct buffer *out)
{
	struct screen_png_job *job = screen_png_begin(png);

	if (!job) {
		out->failed = true;
		return;
	}
	while (screen_png_step(job, SIZE_MAX))
		;
	screen_png_end(job, out);
}

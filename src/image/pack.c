/* pack.c - packs frames without a picture codec: RLE and deflate. */
#include "config.h"

#include "image/pack.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "image/unpack.h"

enum { RECORD = 128 };                  /* bytes of one at most: PS3.5 G.3.1 */
/* as small as zlib's default for 16-bit frames, in two fifths of the time */
enum { LEVEL = 3 };

static void put_u32(uint8_t *p, size_t value)
{
	for (int i = 0; i < 4; i++)
		p[i] = (uint8_t)(value >> 8 * i);
}

/* How often the first byte of in[count] stands there, up to limit times. */
static size_t run_length(const uint8_t *in, size_t count, size_t limit)
{
	size_t n = 1;

	if (limit > count)
		limit = count;
	while (n < limit && in[n] == in[0])
		n++;
	return n;
}

/* How many bytes of in[count] come before a run of three. */
static size_t literal_length(const uint8_t *in, size_t count)
{
	size_t n = 0;

	while (n + 2 < count) {
		if (in[n + 1] != in[n + 2])
			n += 2;
		else if (in[n] != in[n + 1])
			n++;
		else
			return n;
	}
	return count;
}

static uint8_t *put_literal(uint8_t *out, const uint8_t *in, size_t count)
{
	while (count > 0) {
		size_t n = count < RECORD ? count : RECORD;

		*out++ = (uint8_t)(n - 1);
		memcpy(out, in, n);
		out += n;
		in += n;
		count -= n;
	}
	return out;
}

/*
 * PackBits of one row (PS3.5 G.3.1).  A run of two is left among literals, so
 * no row grows by more than one byte in RECORD.  Returns the end of out.
 */
static uint8_t *pack_row(uint8_t *out, const uint8_t *in, size_t count)
{
	while (count > 0) {
		size_t n = run_length(in, count, RECORD);

		if (n > 2) {
			*out++ = (uint8_t)(257 - n);
			*out++ = *in;
		} else {
			n = literal_length(in, count);
			out = put_literal(out, in, n);
		}
		in += n;
		count -= n;
	}
	return out;
}

/* The rows of the frame, as bytes of its planes. */
struct planes {
	size_t rows, row;               /* bytes of a plane's row */
	size_t width, count;            /* bytes of a cell; planes */
};

/*
 * Rows of bits that are no whole bytes have no border among the bytes: they
 * are packed as one.
 */
static struct planes planes_of(const struct cell_form *form)
{
	size_t columns = (size_t)form->columns, rows = (size_t)form->rows;
	size_t width = (size_t)form->allocated / 8;

	if (form->allocated > 1)
		return (struct planes){ rows, columns, width,
					width * (size_t)form->samples };
	if (columns % 8 == 0)
		return (struct planes){ rows, columns / 8, 1, 1 };
	return (struct planes){ 1, (rows * columns + 7) / 8, 1, 1 };
}

/* Room that is always enough; 0 when it does not fit. */
static size_t packed_limit(const struct planes *p)
{
	size_t row = p->row + (p->row + RECORD - 1) / RECORD, all;

	if (!mem_mul3(row, p->rows, p->count, &all) ||
	    all > UINT32_MAX - RLE_HEADER - RLE_SEGMENTS)
		return 0;
	return all + RLE_HEADER + RLE_SEGMENTS;
}

/* row: room for one row of a plane.  Returns the end of out. */
static uint8_t *pack_plane(uint8_t *out, const struct planes *p,
			   const uint8_t *cells, uint8_t *row)
{
	for (size_t y = 0; y < p->rows; y++) {
		const uint8_t *in = cells + y * p->row * p->count;

		for (size_t x = 0; x < p->row; x++)
			row[x] = in[x * p->count];
		out = pack_row(out, row, p->row);
	}
	return out;
}

static size_t pack_planes(uint8_t *out, const struct planes *p,
			  const uint8_t *cells, uint8_t *row)
{
	uint8_t *next = out + RLE_HEADER;

	memset(out, 0, RLE_HEADER);
	put_u32(out, p->count);
	for (size_t i = 0; i < p->count; i++) {
		/* most significant byte first, sample by sample */
		size_t sample = i / p->width;
		size_t byte = p->width - 1 - i % p->width;

		put_u32(out + 4 + 4 * i, (size_t)(next - out));
		next = pack_plane(next, p, cells + sample * p->width + byte,
				  row);
		if ((next - out) % 2)
			*next++ = 0;
	}
	return (size_t)(next - out);
}

/* Give back what is not used; the bytes may move. */
static uint8_t *trim(uint8_t *data, size_t length)
{
	uint8_t *smaller = realloc(data, length);

	return smaller ? smaller : data;
}

uint8_t *pack_rle(const struct cell_form *form, const uint8_t *cells,
		  size_t *length, struct error *err)
{
	struct planes planes = planes_of(form);
	size_t limit = packed_limit(&planes);
	uint8_t *out, *row;

	if (planes.count > RLE_SEGMENTS) {
		error_set(err, ERR_INTERNAL, _("no RLE for these pixels"));
		return NULL;
	}
	out = mem_array(limit, 1);
	row = mem_array(planes.row, 1);
	if (out && row) {
		*length = pack_planes(out, &planes, cells, row);
		free(row);
		return trim(out, *length);
	}
	error_set(err, ERR_MEMORY, _("no memory for a picture"));
	free(out);
	free(row);
	return NULL;
}

uint8_t *pack_deflate(const uint8_t *cells, size_t bytes, size_t *length,
		      struct error *err)
{
	z_stream z = { 0 };
	uint8_t *out = NULL;
	size_t limit;

	if (bytes >= UINT_MAX / 2) {
		error_set(err, ERR_INTERNAL, _("too much for one frame"));
		return NULL;
	}
	if (deflateInit2(&z, LEVEL, Z_DEFLATED, -MAX_WBITS,
			 MAX_MEM_LEVEL, Z_DEFAULT_STRATEGY) != Z_OK)
		goto fail;
	limit = deflateBound(&z, bytes) + 1;
	out = mem_array(limit, 1);
	if (!out)
		goto fail;
	z.next_in = (z_const Bytef *)cells;
	z.avail_in = (uInt)bytes;
	z.next_out = out;
	z.avail_out = (uInt)limit;
	if (deflate(&z, Z_FINISH) != Z_STREAM_END)
		goto fail;
	*length = z.total_out + z.total_out % 2;
	out[*length - 1] = z.total_out % 2 ? 0 : out[*length - 1];
	deflateEnd(&z);
	return trim(out, *length);
fail:
	error_set(err, ERR_MEMORY, _("no memory for a picture"));
	deflateEnd(&z);
	free(out);
	return NULL;
}

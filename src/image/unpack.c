/* unpack.c - frames packed without a picture codec: RLE and deflate. */
#include "config.h"

#include "image/unpack.h"

#include <limits.h>
#include <stdlib.h>
#include <zlib.h>

#include "base/i18n.h"
#include "base/mem.h"

static uint32_t get_u32(const uint8_t *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	       (uint32_t)p[3] << 24;
}

/*
 * PackBits (PS3.5 G.3.2): n = 0..127 copies n + 1 bytes, n = -1..-127 repeats
 * the next byte 1 - n times, -128 does nothing.  Puts count bytes at out[0],
 * out[step], ...  What follows the last of them is padding.
 */
static bool unpack_segment(const uint8_t *in, const uint8_t *end, uint8_t *out,
			   size_t count, size_t step)
{
	size_t done = 0;

	while (done < count) {
		if (in == end)
			return false;
		size_t n = *in++;

		if (n == 128)
			continue;
		bool run = n > 128;

		n = run ? 257 - n : n + 1;
		if (n > count - done || (size_t)(end - in) < (run ? 1 : n))
			return false;
		for (size_t i = 0; i < n; i++, done++)
			out[done * step] = in[run ? 0 : i];
		in += run ? 1 : n;
	}
	return true;
}

/* The bounds of segment i, checked; false when they make no sense. */
static bool segment_bounds(const uint8_t *data, size_t length, uint32_t count,
			   uint32_t i, size_t *start, size_t *end)
{
	*start = get_u32(data + 4 + 4 * i);
	*end = i + 1 < count ? get_u32(data + 8 + 4 * i) : length;
	return *start >= RLE_HEADER && *start <= *end && *end <= length;
}

/* How many bytes of in a plane of count bytes takes; 0 when they lack. */
static size_t segment_used(const uint8_t *in, const uint8_t *end, size_t count)
{
	const uint8_t *start = in;

	for (size_t done = 0; done < count;) {
		if (in == end)
			return 0;
		size_t n = *in++;

		if (n == 128)
			continue;
		size_t bytes = n > 128 ? 1 : n + 1;

		done += n > 128 ? 257 - n : n + 1;
		if (done > count || (size_t)(end - in) < bytes)
			return 0;
		in += bytes;
	}
	return (size_t)(in - start);
}

/* Bytes of a pixel (bits: of a group of 8); a plane has one of them. */
static size_t rle_step(const struct cell_form *form)
{
	return form->allocated == 1 ? 1 : (size_t)form->allocated / 8 *
						  (size_t)form->samples;
}

int unpack_rle_segments(const struct cell_form *form, const uint8_t *data,
			size_t length, struct rle_segment seg[RLE_SEGMENTS],
			struct error *err)
{
	size_t segments = rle_step(form), plane = cells_bytes(form) / segments;

	if (length < RLE_HEADER || segments > RLE_SEGMENTS ||
	    get_u32(data) != segments)
		goto damaged;
	for (uint32_t i = 0; i < segments; i++) {
		if (!segment_bounds(data, length, (uint32_t)segments, i,
				    &seg[i].start, &seg[i].end))
			goto damaged;
		seg[i].used = segment_used(data + seg[i].start,
					   data + seg[i].end, plane);
		if (!seg[i].used)
			goto damaged;
	}
	return (int)segments;
damaged:
	error_refuse(err, REASON_DAMAGED_FRAME, NULL, 0);
	return 0;
}

uint8_t *unpack_rle(const struct cell_form *form, const uint8_t *data,
		    size_t length, struct error *err)
{
	size_t width = form->allocated == 1 ? 1 : (size_t)form->allocated / 8;
	size_t bytes = cells_bytes(form), step = rle_step(form);
	size_t segments = step, start, end;
	uint8_t *cells = mem_array(bytes, 1);

	if (!cells) {
		error_set(err, ERR_MEMORY, _("no memory for a picture"));
		return NULL;
	}
	if (length < RLE_HEADER || segments > RLE_SEGMENTS ||
	    get_u32(data) != segments)
		goto damaged;
	for (uint32_t i = 0; i < segments; i++) {
		/* most significant byte first, sample by sample */
		size_t sample = i / width, byte = width - 1 - i % width;

		if (!segment_bounds(data, length, (uint32_t)segments, i,
				    &start, &end) ||
		    !unpack_segment(data + start, data + end,
				    cells + sample * width + byte,
				    bytes / step, step))
			goto damaged;
	}
	return cells;
damaged:
	error_refuse(err, REASON_DAMAGED_FRAME, NULL, 0);
	free(cells);
	return NULL;
}

/* One byte more than the frame comes out; *used: bytes of the stream. */
static uint8_t *inflate_frame(const uint8_t *data, size_t length, size_t bytes,
			      size_t *used, struct error *err)
{
	uint8_t *out = mem_array(bytes + 1, 1);
	z_stream z = { 0 };
	int status;

	if (!out) {
		error_set(err, ERR_MEMORY, _("no memory for a picture"));
		return NULL;
	}
	if (length > UINT_MAX || bytes >= UINT_MAX ||
	    inflateInit2(&z, -MAX_WBITS) != Z_OK)
		goto damaged;
	z.next_in = (z_const Bytef *)data;
	z.avail_in = (uInt)length;
	z.next_out = out;
	z.avail_out = (uInt)(bytes + 1);
	status = inflate(&z, Z_FINISH);
	inflateEnd(&z);
	*used = z.total_in;
	if (status == Z_STREAM_END && z.total_out >= bytes)
		return out;
damaged:
	*used = 0;
	error_refuse(err, REASON_DAMAGED_FRAME, NULL, 0);
	free(out);
	return NULL;
}

uint8_t *unpack_deflate(const uint8_t *data, size_t length, size_t bytes,
			struct error *err)
{
	size_t used;

	return inflate_frame(data, length, bytes, &used, err);
}

size_t unpack_deflate_length(const uint8_t *data, size_t length, size_t bytes,
			     bool *pad, struct error *err)
{
	uint8_t *out;
	size_t used = 0;

	out = inflate_frame(data, length, bytes, &used, err);
	*pad = out && out[bytes] != 0;
	free(out);
	return used;
}

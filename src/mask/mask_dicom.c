/*
 * mask_dicom.c - writes a masked copy of an uncompressed DICOM file: the
 * header by mask_header.c, then the pixels read, blanked and written 1 MiB at
 * a time, so that memory does not grow with the file; a deflated data set, all
 * of which DCMTK holds, goes through one deflate stream.
 *
 * A cell is one number of the value, as it lies in the file: BitsAllocated
 * bits (PS3.5 8.1.1).  Masked cells never reach the output.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "image/deflate.h"
#include "image/format_dicom.h"
#include "mask/mask_header.h"

enum { CHUNK = 1 << 20 };

struct stream {
	struct mask_plan *plan;
	struct dicom_pixels px;
	int cell_bits;                  /* 1 8 16 32 64 */
	int planes;                     /* samples when planar, else 1 */
	long long pixel_cells;          /* cells of a pixel in a row */
	long long row_cells, plane_cells, frame_cells, cells;
	uint64_t fill[MASK_FILLS];      /* as cells of a pixel, or of a plane;
					   4:2:2: of two pixels */
	int period;                     /* cells after which fill repeats */
	bool all_zero;                  /* fill */
	bool other_order;               /* of the bytes of a cell: fill and
					   these have it too */
	uint64_t field, sign, above;    /* bits stored, sign, those over it */
	size_t *active;                 /* [plan->areas]: those in frame */
	size_t actives, next;           /* areas before next have begun */
	int frame;
	struct deflater *deflater;      /* NULL: not deflated */
	unsigned char *chunk;           /* [CHUNK] */
};

/* A cell's number as it reads when its bytes lie in the file's order. */
static uint64_t in_order(const struct stream *s, uint64_t value)
{
	uint64_t swapped = 0;

	if (!s->other_order)
		return value;
	for (int i = 0; i < s->cell_bits; i += 8)
		swapped = swapped << 8 | (value >> i & 0xff);
	return swapped;
}

/* Bytes that stand in words of a big endian file change places. */
static void swap_pairs(unsigned char *p, size_t length)
{
	for (size_t i = 0; i + 1 < length; i += 2) {
		unsigned char c = p[i];

		p[i] = p[i + 1];
		p[i + 1] = c;
	}
}

/*
 * Keep the stored bits of each cell, extend the sign.  Returns whether that
 * changed one (PS3.5 8.1.1: the other bits may hold anything).
 */
#define DEFINE_CLEAR(name, type) \
	static bool name(const struct stream *s, type *cell, size_t count) \
	{ \
		const type field = (type)s->field, sign = (type)s->sign; \
		const type above = (type)s->above; \
		type changed = 0; \
	\
		for (size_t i = 0; i < count; i++) { \
			type kept = (type)(cell[i] & field); \
	\
			kept = (type)(kept | (cell[i] & sign ? above : 0)); \
			changed = (type)(changed | (kept ^ cell[i])); \
			cell[i] = kept; \
		} \
		return changed != 0; \
	}
DEFINE_CLEAR(clear_8, uint8_t)
DEFINE_CLEAR(clear_16, uint16_t)
DEFINE_CLEAR(clear_32, uint32_t)

static bool clear_unused(const struct stream *s, size_t length)
{
	const struct image_info *info = s->plan->info;

	if (info->bits_stored >= info->bits_allocated)
		return false;
	switch (s->cell_bits) {
	case 8:
		return clear_8(s, s->chunk, length);
	case 16:
		return clear_16(s, (uint16_t *)(void *)s->chunk, length / 2);
	case 32:
		return clear_32(s, (uint32_t *)(void *)s->chunk, length / 4);
	default:
		return false;
	}
}

static void set_cell(const struct stream *s, long long index, uint64_t value)
{
	unsigned char *at = s->chunk + index * s->cell_bits / 8;
	uint16_t v16 = (uint16_t)value;
	uint32_t v32 = (uint32_t)value;
	unsigned bit = 1u << index % 8;

	switch (s->cell_bits) {
	case 1:
		/* pixels from the lowest bit on (PS3.5 8.1.1) */
		*at = (unsigned char)(value ? *at | bit : *at & ~bit);
		break;
	case 8:
		*at = (unsigned char)value;
		break;
	case 16:
		memcpy(at, &v16, sizeof(v16));
		break;
	case 32:
		memcpy(at, &v32, sizeof(v32));
		break;
	case 64:
		memcpy(at, &value, sizeof(value));
		break;
	}
}

/*
 * Cells begin to end (counted over all frames) of one row become the fill, as
 * far as they lie in the chunk of count cells from first on.
 */
static void blank_run(const struct stream *s, long long first, long long count,
		      long long begin, long long end, const uint64_t *fill)
{
	long long from = begin > first ? begin : first;
	long long to = end < first + count ? end : first + count;

	if (from >= to)
		return;
	if (s->all_zero && s->cell_bits >= 8) {
		size_t bytes = (size_t)s->cell_bits / 8;

		memset(s->chunk + (size_t)(from - first) * bytes, 0,
		       (size_t)(to - from) * bytes);
		return;
	}
	for (long long i = from; i < to; i++)
		set_cell(s, i - first, fill[(i - begin) % s->period]);
}

static void blank_area(const struct stream *s, long long first,
		       long long count, int frame_index, struct region r)
{
	for (int plane = 0; plane < s->planes; plane++) {
		long long base = frame_index * s->frame_cells +
				 plane * s->plane_cells;
		const uint64_t *fill = s->fill + (s->planes > 1 ? plane : 0);
		long long y = (first - base) / s->row_cells;

		if (first < base || y < r.y0)
			y = r.y0;
		for (; y < r.y1; y++) {
			long long row = base + y * s->row_cells;

			if (row >= first + count)
				break;
			blank_run(s, first, count,
				  row + r.x0 * s->pixel_cells,
				  row + r.x1 * s->pixel_cells, fill);
		}
	}
}

/* Frames come in ascending order: the areas of this one are active. */
static void enter_frame(struct stream *s, int frame_index)
{
	const struct mask_plan *plan = s->plan;
	size_t kept = 0;

	if (frame_index == s->frame)
		return;
	for (size_t i = 0; i < s->actives; i++)
		if (plan->area[s->active[i]].frame1 >= frame_index)
			s->active[kept++] = s->active[i];
	for (; s->next < plan->areas &&
	     plan->area[s->next].frame0 <= frame_index; s->next++)
		if (plan->area[s->next].frame1 >= frame_index)
			s->active[kept++] = s->next;
	s->actives = kept;
	s->frame = frame_index;
}

static void blank_chunk(struct stream *s, long long first, long long count)
{
	const struct mask_plan *plan = s->plan;
	long long last = (first + count - 1) / s->frame_cells;

	if (last >= plan->info->frames)
		last = plan->info->frames - 1;
	for (long long f = first / s->frame_cells; f <= last; f++) {
		enter_frame(s, (int)f);
		for (size_t i = 0; i < s->actives; i++)
			blank_area(s, first, count, (int)f,
				   plan->area[s->active[i]].region);
	}
}

/* Padding after the last cell becomes 0. */
static void clear_end(const struct stream *s, long long first, size_t length)
{
	long long bits = (s->cells - first) * s->cell_bits;
	size_t used;

	if (bits >= (long long)length * 8)
		return;
	used = bits > 0 ? (size_t)bits / 8 : 0;
	if (bits > 0 && bits % 8) {
		s->chunk[used] &= (unsigned char)((1 << bits % 8) - 1);
		used++;
	}
	memset(s->chunk + used, 0, length - used);
}

static void edit_chunk(struct stream *s, long long offset, size_t length)
{
	long long first = offset * 8 / s->cell_bits;
	long long count = (long long)length * 8 / s->cell_bits;

	if (s->px.swapped_bytes)
		swap_pairs(s->chunk, length);
	clear_end(s, first, length);
	if (clear_unused(s, length))
		s->plan->report->dropped |= DROPPED_UNUSED_BITS;
	blank_chunk(s, first, count);
	if (s->px.swapped_bytes)
		swap_pairs(s->chunk, length);
}

static bool put_file(void *self, const void *data, size_t length,
		     struct error *err)
{
	const struct mask_plan *plan = self;

	return mask_write(plan->out_fd, data, length, err);
}

/* A part of the data set. */
static bool put_data(void *self, const void *data, size_t length,
		     struct error *err)
{
	struct stream *s = self;

	return s->deflater ? deflater_add(s->deflater, data, length, err) :
			     put_file(s->plan, data, length, err);
}

static bool stream_pixels(struct stream *s, struct error *err)
{
	const struct mask_plan *plan = s->plan;

	if (!put_data(s, s->px.head, (size_t)s->px.head_length, err))
		return false;
	for (long long done = 0; done < s->px.length;) {
		long long left = s->px.length - done;
		size_t length = left < CHUNK ? (size_t)left : CHUNK;

		if (!dicom_read_pixels(plan->image, (unsigned long long)done,
				       s->chunk, length, err))
			return false;
		edit_chunk(s, done, length);
		if (!put_data(s, s->chunk, length, err))
			return false;
		done += (long long)length;
		mask_progress(plan, done, s->px.length);
	}
	/* values have an even length (PS3.5 7.1) */
	return (s->px.length % 2 == 0 || put_data(s, "", 1, err)) &&
	       (!s->deflater || deflater_end(s->deflater, err));
}

/*
 * Bytes after a deflated data set but the one that makes it even.  DCMTK does
 * not see them.
 */
static bool see_deflated_end(struct stream *s, struct error *err)
{
	struct mask_plan *plan = s->plan;
	struct inflater *i = inflater_new(plan->in_fd, s->px.deflated, err);
	unsigned char tail[2];
	size_t got = CHUNK;
	bool ok = i;
	long long end, left;

	while (ok && got == CHUNK) {
		ok = inflater_read(i, s->chunk, CHUNK, &got, err);
		mask_progress(plan, 0, 1);
	}
	if (ok) {
		end = inflater_end(i);
		left = mask_read(plan->in_fd, tail, 2, end);
		if (left == 2 || (left == 1 && tail[0]))
			plan->report->dropped |= DROPPED_TRAILER;
	}
	inflater_free(i);
	return ok;
}

/* ---- set-up ---- */

static void set_bits(struct stream *s)
{
	const struct image_info *info = s->plan->info;
	int low = info->high_bit + 1 - info->bits_stored;

	if (info->bits_stored >= info->bits_allocated)
		return;
	s->field = ((UINT64_C(1) << info->bits_stored) - 1) << low;
	if (info->is_signed) {
		s->sign = UINT64_C(1) << info->high_bit;
		s->above = ~((s->sign << 1) - 1);
	}
	s->field = in_order(s, s->field);
	s->sign = in_order(s, s->sign);
	s->above = in_order(s, s->above);
}

/* The fill as cells: shifted to the stored bits, sign extended. */
static void set_fill(struct stream *s)
{
	const struct image_info *info = s->plan->info;
	int low = info->high_bit + 1 - info->bits_stored;
	uint64_t f[MASK_FILLS];

	for (int i = 0; i < MASK_FILLS; i++)
		f[i] = in_order(s, (uint64_t)s->plan->fill[i] << low);
	memcpy(s->fill, f, sizeof(f));
	s->period = s->planes > 1 ? 1 : (int)s->pixel_cells;
	if (info->ybr_422) {            /* Y Y Cb Cr (PS3.5 8.2.1) */
		s->fill[0] = s->fill[1] = f[0];
		s->fill[2] = f[1];
		s->fill[3] = f[2];
		s->period = 4;
	}
	s->all_zero = true;
	for (int i = 0; i < (s->planes > 1 ? s->planes : s->period); i++)
		s->all_zero = s->all_zero && !s->fill[i];
}

static bool set_layout(struct stream *s, struct error *err)
{
	const struct image_info *info = s->plan->info;
	bool host_big = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;
	long long bits;

	s->cell_bits = info->bits_allocated;
	s->planes = info->planar ? info->samples : 1;
	s->pixel_cells = info->ybr_422 ? 2 : info->planar ? 1 : info->samples;
	s->row_cells = info->columns * s->pixel_cells;
	s->plane_cells = info->rows * s->row_cells;
	s->frame_cells = s->planes * s->plane_cells;
	s->cells = info->frames * s->frame_cells;
	s->other_order = s->px.big_endian != host_big && s->cell_bits > 8;
	bits = s->cells * s->cell_bits;
	if (s->cell_bits != 1 && s->cell_bits != 8 && s->cell_bits != 16 &&
	    s->cell_bits != 32 && s->cell_bits != 64)
		return error_refuse(err, REASON_PIXEL_FORM, NULL,
				    s->cell_bits);
	if (info->ybr_422 && info->columns % 2)
		return error_refuse(err, REASON_ATTRIBUTES, NULL, 0);
	if (s->px.length < (bits + 7) / 8)
		return error_refuse(err, REASON_PIXELS_TOO_SHORT, NULL, 0);
	set_bits(s);
	set_fill(s);
	return true;
}

static bool make_room(struct stream *s, struct error *err)
{
	s->chunk = malloc(CHUNK);
	s->active = mem_array(s->plan->areas + 1, sizeof(*s->active));
	s->frame = -1;
	if (!s->chunk || !s->active)
		return error_set(err, ERR_MEMORY, _("no memory for pixels"));
	if (!s->px.deflated)
		return true;
	s->deflater = deflater_new(put_file, s->plan, err);
	return s->deflater && see_deflated_end(s, err);
}

bool mask_dicom(struct mask_plan *plan, struct error *err)
{
	struct stream s = { .plan = plan };
	const struct mask_header header = { .syntax = plan->info->syntax,
					    .put = put_data, .self = &s };
	struct mask_report *report = plan->report;
	bool ok;

	if (plan->info->encapsulated)
		return mask_frames(plan, err);
	memcpy(report->syntax_in, plan->info->syntax, IMAGE_UID);
	memcpy(report->syntax_out, plan->info->syntax, IMAGE_UID);
	report->method = METHOD_STREAM;
	ok = dicom_find_pixels(plan->image, &s.px, err) &&
	     set_layout(&s, err) && make_room(&s, err) &&
	     mask_header_write(plan, &header, err) && stream_pixels(&s, err);
	deflater_free(s.deflater);
	free(s.active);
	free(s.chunk);
	report->outside = s.px.deflated || report->dropped & DROPPED_UNUSED_BITS ?
			  OUTSIDE_STORED : OUTSIDE_BYTES;
	return ok;
}

/*
 * verify_native.c - the cells of an uncompressed DICOM file against those of
 * its input: one pass over both files, 1 MiB at a time, that hashes them on
 * the way.  What has to stand in the copy is made of the input's cells in
 * place; then the two pieces are the same bytes or something is wrong.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/i18n.h"
#include "mask/verify_parts.h"

enum { PIECE = 1 << 20, CELL_BYTES = 8 };

/* One of the two files. */
struct side {
	struct image *image;
	int fd;
	struct dicom_pixels px;
	struct hasher *hash;
	unsigned char *piece;           /* [PIECE] */
};

struct native {
	struct verifier *v;
	struct side in, out;
	int bits;                       /* of a cell */
	size_t width;                   /* bytes of a cell; 1 for bits */
	long long planes;               /* samples when planar, else 1 */
	long long row, plane, frame;    /* cells */
	long long cells;                /* of all frames */
	int across;                     /* cells of a pixel in a row */
	int period;                     /* cells after which the fill repeats */
	unsigned char fill[4][CELL_BYTES];      /* as the file has it */
	bool even_fill;                 /* all its bytes are fill[0][0] */
	bool unused;                    /* a cell has bits that are not stored */
	/* masks, as the file has them */
	unsigned char field[CELL_BYTES], sign[CELL_BYTES], above[CELL_BYTES];
};

/* ---- the cells that have to be there ---- */

/* The bytes of a number in the file's order. */
static void put_bytes(const struct native *n, unsigned char *at, uint64_t value)
{
	for (size_t i = 0; i < n->width; i++)
		at[i] = (unsigned char)(value >> 8 * (n->in.px.big_endian ?
			n->width - 1 - i : i));
}

/* Only stored bits, with the sign copied upwards (PS3.5 8.1.1). */
#define DEFINE_STORED(name, type) \
	static void name(const struct native *n, unsigned char *piece, \
			 size_t length) \
	{ \
		type field, sign, above, *cell = (type *)(void *)piece; \
	\
		memcpy(&field, n->field, sizeof(field)); \
		memcpy(&sign, n->sign, sizeof(sign)); \
		memcpy(&above, n->above, sizeof(above)); \
		for (size_t i = 0; i < length / sizeof(type); i++) { \
			type more = cell[i] & sign ? above : 0; \
	\
			cell[i] = (type)((cell[i] & field) | more); \
		} \
	}
DEFINE_STORED(stored_8, uint8_t)
DEFINE_STORED(stored_16, uint16_t)
DEFINE_STORED(stored_32, uint32_t)

static void keep_stored(const struct native *n, size_t length)
{
	unsigned char *piece = n->in.piece;

	if (!n->unused)
		return;
	if (n->width == 1)
		stored_8(n, piece, length);
	else if (n->width == 2)
		stored_16(n, piece, length);
	else if (n->width == 4)
		stored_32(n, piece, length);
}

/* Bytes of a word change places in the words of a big endian file. */
static size_t place(const struct native *n, long long byte)
{
	return (size_t)(n->in.px.swapped_bytes ? byte ^ 1 : byte);
}

static void expect_cell(const struct native *n, long long index,
			const unsigned char *value)
{
	unsigned char *at;

	if (n->bits == 1) {
		at = n->in.piece + place(n, index / 8);
		*at = (unsigned char)(*at & ~(1u << index % 8));
		*at = (unsigned char)(*at | (unsigned)(value[0] & 1)
				      << index % 8);
		return;
	}
	at = n->in.piece + place(n, index * (long long)n->width);
	memcpy(at, value, n->width);
}

/* Cells from..to of the row that begins at cell `row`; all of the piece. */
static void expect_run(const struct native *n, long long first, long long row,
		       long long from, long long to, int plane)
{
	if (n->even_fill && n->bits > 1 && !n->in.px.swapped_bytes) {
		memset(n->in.piece + (size_t)(from - first) * n->width,
		       n->fill[0][0], (size_t)(to - from) * n->width);
		return;
	}
	for (long long i = from; i < to; i++)
		expect_cell(n, i - first, n->fill[n->planes > 1 ? plane :
			(int)((i - row) % n->period)]);
}

/* The rows of a box in one plane of a frame, as far as the piece has them. */
static void expect_rows(const struct native *n, long long first,
			long long end, long long base, int plane,
			struct region r)
{
	long long y = first > base ? (first - base) / n->row : 0;

	for (y = y < r.y0 ? r.y0 : y; y < r.y1; y++) {
		long long row = base + y * n->row;
		long long from = row + (long long)r.x0 * n->across;
		long long to = row + (long long)r.x1 * n->across;

		if (row >= end)
			return;
		from = from < first ? first : from;
		to = to > end ? end : to;
		if (from < to)
			expect_run(n, first, row, from, to, plane);
	}
}

static void expect_boxes(const struct native *n, long long first,
			 long long end)
{
	long long last = (end - 1) / n->frame;

	for (size_t i = 0; i < n->v->areas; i++) {
		const struct verify_area *a = &n->v->area[i];
		long long f = first / n->frame;

		for (f = f < a->frame0 ? a->frame0 : f;
		     f <= last && f <= a->frame1; f++)
			for (int p = 0; p < n->planes; p++)
				expect_rows(n, first, end,
					    f * n->frame + p * n->plane, p,
					    a->region);
	}
}

/* What follows the last cell is 0. */
static void expect_end(const struct native *n, long long first, size_t length)
{
	long long end = (n->cells - first) * n->bits;

	for (long long bit = end; bit < (long long)length * 8;) {
		unsigned char *at = n->in.piece + place(n, bit / 8);

		*at = (unsigned char)(*at & ((1u << bit % 8) - 1));
		bit += 8 - bit % 8;
	}
}

/* ---- where they differ ---- */

static bool same_stored(const struct native *n, size_t at)
{
	size_t start = at - at % n->width;
	unsigned char differ = 0;

	for (size_t i = 0; n->unused && i < n->width; i++)
		differ = (unsigned char)(differ |
			((n->in.piece[start + i] ^ n->out.piece[start + i]) &
			 n->field[i]));
	return n->unused && !differ;
}

/* The first difference of a piece: what it is and where. */
static bool found_difference(const struct native *n, long long offset,
			     size_t length)
{
	const struct image_info *info = n->v->in_info;
	size_t at = 0;
	long long cell, in_row;
	int frame_index, x, y, bit = 0;

	while (at < length - 1 && n->in.piece[at] == n->out.piece[at])
		at++;
	while (bit < 7 && !((n->in.piece[at] ^ n->out.piece[at]) >> bit & 1))
		bit++;
	cell = ((offset + (long long)place(n, (long long)at)) * 8 + bit) /
	       n->bits;
	if (cell >= n->cells)
		return verify_found(n->v, VERIFY_CARRIER, -1, -1, -1);
	frame_index = (int)(cell / n->frame);
	y = (int)(cell % n->plane / n->row);
	in_row = cell % n->row;
	x = (int)(in_row / n->across);
	if (info->ybr_422)              /* Y Y Cb Cr (PS3.5 8.2.1) */
		x = (int)(in_row / 4 * 2 + (in_row % 4 == 1));
	if (same_stored(n, at))
		return verify_found(n->v, VERIFY_CARRIER, frame_index, x, y);
	return verify_found(n->v, verify_covered(n->v, frame_index, x, y) ?
			    VERIFY_INSIDE : VERIFY_OUTSIDE, frame_index, x, y);
}

/* ---- reading ---- */

static bool read_piece(struct side *s, long long offset, size_t length,
		       struct error *err)
{
	if (s->px.offset < 0)
		return dicom_read_pixels(s->image, (unsigned long long)offset,
					 s->piece, length, err);
	if (!verify_read(s->fd, s->px.offset + offset, s->piece, length, err))
		return false;
	hasher_add(s->hash, s->piece, length);
	return true;
}

/* Hash the bytes from..to of a file; to < 0: up to its end. */
static bool hash_part(struct side *s, long long from, long long to,
		      struct error *err)
{
	while (to < 0 || from < to) {
		long long left = to < 0 ? PIECE : to - from;
		long long got = verify_read_some(s->fd, from, s->piece,
			left < PIECE ? (size_t)left : PIECE);

		if (got < 0)
			return error_refuse(err, REASON_UNREADABLE, NULL, 0);
		if (!got)
			return true;
		hasher_add(s->hash, s->piece, (size_t)got);
		from += got;
	}
	return true;
}

static bool end_hash(struct side *s, long long from, uint8_t digest[HASH_SIZE],
		     struct error *err)
{
	if (s->px.offset < 0)
		from = 0;               /* nothing was read from the file */
	return hash_part(s, from, -1, err) &&
	       (hasher_end(s->hash, digest) ||
		error_set(err, ERR_MEMORY, _("no memory")));
}

static bool compare_pieces(struct native *n, long long bytes,
			   struct error *err)
{
	for (long long done = 0; done < bytes;) {
		size_t length = bytes - done < PIECE ? (size_t)(bytes - done) :
						       PIECE;
		long long first = done * 8 / n->bits;
		long long end = first + (long long)length * 8 / n->bits;

		if (!read_piece(&n->in, done, length, err) ||
		    !read_piece(&n->out, done, length, err))
			return false;
		expect_end(n, first, length);
		keep_stored(n, length);
		expect_boxes(n, first, end < n->cells ? end : n->cells);
		if (memcmp(n->in.piece, n->out.piece, length) != 0)
			return found_difference(n, done, length);
		done += (long long)length;
		if (n->v->progress)
			n->v->progress(n->v->self, (int)(done * 1000 / bytes));
	}
	return true;
}

/* ---- set-up ---- */

static void set_masks(struct native *n)
{
	const struct image_info *info = n->v->in_info;
	int low = info->high_bit + 1 - info->bits_stored;
	uint64_t field, sign = 0;

	n->unused = info->bits_stored < info->bits_allocated;
	if (!n->unused)
		return;
	field = ((UINT64_C(1) << info->bits_stored) - 1) << low;
	if (info->is_signed)
		sign = UINT64_C(1) << info->high_bit;
	put_bytes(n, n->field, field);
	put_bytes(n, n->sign, sign);
	put_bytes(n, n->above, sign ? ~((sign << 1) - 1) : 0);
}

static void set_fill(struct native *n)
{
	const struct image_info *info = n->v->in_info;
	/* sample of each cell; uncompressed 4:2:2 is Y Y Cb Cr */
	static const int plain[4] = { 0, 1, 2, 3 }, pairs[4] = { 0, 0, 1, 2 };
	const int *sample = info->ybr_422 ? pairs : plain;
	int low = n->unused ? info->high_bit + 1 - info->bits_stored : 0;

	n->even_fill = true;
	for (int i = 0; i < 4; i++) {
		int s = i < n->period || n->planes > 1 ? sample[i] : 0;

		put_bytes(n, n->fill[i], (uint64_t)n->v->fill[s] << low);
		for (size_t k = 0; k < n->width; k++)
			if (n->fill[i][k] != n->fill[0][0])
				n->even_fill = false;
	}
}

static bool set_layout(struct native *n, struct error *err)
{
	const struct image_info *info = n->v->in_info;

	n->bits = info->bits_allocated;
	n->width = n->bits < 8 ? 1 : (size_t)n->bits / 8;
	n->planes = info->planar ? info->samples : 1;
	n->across = info->ybr_422 ? 2 : info->planar ? 1 : info->samples;
	n->period = info->ybr_422 ? 4 : n->across;
	n->row = (long long)info->columns * n->across;
	n->plane = n->row * info->rows;
	n->frame = n->plane * n->planes;
	n->cells = n->frame * info->frames;
	if ((n->bits != 1 && n->bits % 8) || n->bits > 64 ||
	    (info->ybr_422 && info->columns % 2))
		return error_refuse(err, REASON_PIXEL_FORM, NULL, n->bits);
	set_masks(n);
	set_fill(n);
	return true;
}

static bool side_open(struct side *s, struct image *image, int fd,
		      struct error *err)
{
	*s = (struct side){ .image = image, .fd = fd, .hash = hasher_new(),
			    .piece = malloc(PIECE) };
	if (!s->hash || !s->piece)
		return error_set(err, ERR_MEMORY, _("no memory for pixels"));
	return dicom_find_pixels(image, &s->px, err) &&
	       hash_part(s, 0, s->px.offset < 0 ? 0 : s->px.offset, err);
}

static void side_done(struct side *s)
{
	hasher_free(s->hash);
	free(s->piece);
}

bool verify_native(struct verifier *v, struct error *err)
{
	struct native n = { .v = v };
	struct verify_result *result = v->result;
	long long bytes = 0;
	bool ok = side_open(&n.in, v->in, v->in_fd, err) &&
		  side_open(&n.out, v->out, v->out_fd, err) &&
		  set_layout(&n, err);

	if (ok) {
		bytes = (n.cells * n.bits + 7) / 8;
		if (n.in.px.swapped_bytes)
			bytes += bytes % 2;
		ok = compare_pieces(&n, bytes, err) &&
		     end_hash(&n.in, n.in.px.offset + bytes, result->in_sha256,
			      err) &&
		     end_hash(&n.out, n.out.px.offset + bytes,
			      result->out_sha256, err);
	}
	v->hashed = ok;
	side_done(&n.in);
	side_done(&n.out);
	return ok;
}

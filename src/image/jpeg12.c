/* jpeg12.c - sequential Huffman JPEG of 12 bits to samples. */
#include "config.h"

#include "image/jpeg12.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "image/jpeg_blocks.h"

enum { SIDE = 8, BITS = 12, MOST = (1 << BITS) - 1, MIDDLE = 1 << (BITS - 1) };

struct decoder {
	struct jpeg_blocks_head head;
	double basis[SIDE][SIDE];       /* [sample][frequency], with C(u) / 2 */
	uint16_t *plane[JPEG_BLOCKS_MOST];      /* whole blocks, owned */
};

/* Zigzag index to row * 8 + column (T.81 figure A.6). */
static const uint8_t natural[JPEG_BLOCK_SIZE] = {
	 0,  1,  8, 16,  9,  2,  3, 10, 17, 24, 32, 25, 18, 11,  4,  5,
	12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13,  6,  7, 14, 21, 28,
	35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51,
	58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
};

static uint16_t clamp(double value)
{
	return (uint16_t)(value < 0 ? 0 : value > MOST ? MOST :
			  lround(value));
}

/* ---- the inverse DCT (T.81 A.3.3) ---- */

static void make_basis(struct decoder *d)
{
	const double pi = 3.14159265358979323846;

	for (int x = 0; x < SIDE; x++)
		for (int u = 0; u < SIDE; u++)
			d->basis[x][u] = (u ? 0.5 : sqrt(0.125)) *
					 cos((2 * x + 1) * u * pi / 16);
}

/* One direction: to[x][k] = sum over u of basis[x][u] from[k][u]. */
static void transform(const struct decoder *d, const double *from, double *to)
{
	for (int k = 0; k < SIDE; k++)
		for (int x = 0; x < SIDE; x++) {
			double sum = 0;

			for (int u = 0; u < SIDE; u++)
				sum += d->basis[x][u] * from[k * SIDE + u];
			to[x * SIDE + k] = sum;
		}
}

/* A block to its samples; to points to the first, stride samples a row. */
static void decode_block(const struct decoder *d, const int16_t *block,
			 const uint16_t *quant, uint16_t *to, size_t stride)
{
	double in[JPEG_BLOCK_SIZE], half[JPEG_BLOCK_SIZE];

	for (int k = 0; k < JPEG_BLOCK_SIZE; k++)
		in[natural[k]] = (double)block[k] * quant[k];
	transform(d, in, half);
	transform(d, half, in);
	for (size_t y = 0; y < SIDE; y++)
		for (size_t x = 0; x < SIDE; x++)
			to[y * stride + x] = clamp(in[y * SIDE + x] + MIDDLE);
}

/* ---- planes ---- */

static size_t stride_of(const struct decoder *d, int component)
{
	return (size_t)d->head.component[component].block_columns * SIDE;
}

static void decode_row(struct decoder *d, const struct jpeg_blocks_row *row)
{
	for (int i = 0; i < row->parts; i++) {
		int c = row->part[i].component, across = row->part[i].across;
		size_t stride = stride_of(d, c);

		for (int n = 0; n < across * row->part[i].down; n++) {
			int x = n % across;
			int y = row->part[i].first_row + n / across;

			/* those that only fill an MCU */
			if (x >= d->head.component[c].block_columns ||
			    y >= d->head.component[c].block_rows)
				continue;
			decode_block(d, row->part[i].block +
				     n * JPEG_BLOCK_SIZE, row->part[i].quant,
				     d->plane[c] + (size_t)y * SIDE * stride +
				     (size_t)x * SIDE, stride);
		}
	}
}

static bool decode_planes(struct decoder *d, struct jpeg_blocks *blocks,
			  struct error *err)
{
	struct jpeg_blocks_row row;
	enum jpeg_blocks_got got;

	for (int c = 0; c < d->head.components; c++) {
		d->plane[c] = mem_array3(stride_of(d, c),
			(size_t)d->head.component[c].block_rows, SIDE,
			sizeof(uint16_t));
		if (!d->plane[c])
			return error_set(err, ERR_MEMORY,
					 _("no memory for a picture"));
	}
	while ((got = jpeg_blocks_next(blocks, &row, err)) == JPEG_BLOCKS_ROW)
		decode_row(d, &row);
	return got == JPEG_BLOCKS_END;
}

/* ---- colour ---- */

/* As libjpeg takes it: JFIF, then Adobe's transform, then names. */
static bool is_ycc(const struct jpeg_head *head)
{
	if (head->components == 4)
		return head->adobe && head->transform == 2;
	if (head->components != 3 || head->jfif)
		return head->components == 3;
	if (head->adobe)
		return head->transform != 0;
	return head->id[0] != 'R' || head->id[1] != 'G' || head->id[2] != 'B';
}

/* ITU-T T.871 clause 7, for 12 bits. */
static void to_rgb(uint16_t *p)
{
	double y = p[0], cb = p[1] - MIDDLE, cr = p[2] - MIDDLE;

	p[0] = clamp(y + 1.402 * cr);
	p[1] = clamp(y - 0.344136286 * cb - 0.714136286 * cr);
	p[2] = clamp(y + 1.772 * cb);
}

static void set_pixel(const struct jpeg_head *head, bool ycc, uint16_t *p)
{
	if (ycc)
		to_rgb(p);
	if (head->components != 4)
		return;
	for (int i = 0; ycc && i < 3; i++)      /* YCCK: RGB upside down */
		p[i] = (uint16_t)(MOST - p[i]);
	for (int i = 0; head->adobe && i < 4; i++)
		p[i] = (uint16_t)(MOST - p[i]); /* Adobe's ink too */
}

static struct frame *join_planes(const struct decoder *d,
				 const struct jpeg_head *head,
				 struct error *err)
{
	const struct jpeg_blocks_head *h = &d->head;
	struct frame *f = frame_new(h->columns, h->rows, SAMPLE_U16,
				    h->components, err);
	bool ycc = is_ycc(head);
	uint16_t *p = f ? f->sample : NULL;

	for (int y = 0; f && y < h->rows; y++)
		for (int x = 0; x < h->columns; x++, p += h->components) {
			for (int c = 0; c < h->components; c++) {
				int cy = y * h->component[c].v / h->v_max;
				int cx = x * h->component[c].h / h->h_max;

				p[c] = d->plane[c][(size_t)cy *
						   stride_of(d, c) +
						   (size_t)cx];
			}
			set_pixel(head, ycc, p);
		}
	return f;
}

bool jpeg12_is_one(const struct jpeg_head *head)
{
	return head->sof == JPEG_SOF1 && head->precision == BITS;
}

struct frame *jpeg12_decode(const uint8_t *data, size_t length,
			    const struct jpeg_head *head, struct error *err)
{
	struct decoder *d = mem_array(1, sizeof(*d));
	struct jpeg_blocks *blocks = NULL;
	struct frame *f = NULL;

	if (!d) {
		error_set(err, ERR_MEMORY, _("no memory for a picture"));
		return NULL;
	}
	blocks = jpeg_blocks_open(data, length, err);
	if (blocks) {
		jpeg_blocks_head(blocks, &d->head);
		make_basis(d);
		if (decode_planes(d, blocks, err))
			f = join_planes(d, head, err);
	}
	jpeg_blocks_close(blocks);
	for (int c = 0; c < JPEG_BLOCKS_MOST; c++)
		free(d->plane[c]);
	free(d);
	return f;
}

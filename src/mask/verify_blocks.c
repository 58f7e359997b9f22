/*
 * verify_blocks.c - the quantised coefficients of a masked lossy JPEG stream
 * against those of its input: every block outside the masks is the same, every
 * block inside is constant and decodes to the fill.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "image/format_jpeg.h"
#include "image/jpeg_arrays.h"
#include "image/jpeg_blocks.h"
#include "mask/verify_parts.h"

enum { BLOCK = JPEG_BLOCK_SIZE, SIDE = 8 };

struct pair {
	struct verifier *v;
	const struct verify_stream *t;
	struct jpeg_blocks_head head;   /* the same of both */
	long long level[JPEG_BLOCKS_MOST];      /* coded value of the fill */
	long long level_mask;           /* bits of it that count */
	bool known[JPEG_BLOCKS_MOST];   /* a blanked block was seen, with */
	int dc[JPEG_BLOCKS_MOST];
	/* the masked MCUs of one row */
	bool *masked;                   /* [columns] */
	int columns, row;
	bool any;
};

static bool found(const struct pair *p, enum verify_class class_, int x, int y)
{
	return verify_found(p->v, class_, p->t->frame_index, x, y);
}

/* ---- what is masked ---- */

/* Areas are whole MCUs, or end at the edge of the picture. */
static void map_row(struct pair *p, int row)
{
	int width = SIDE * p->head.h_max, height = SIDE * p->head.v_max;

	if (row == p->row)
		return;
	p->row = row;
	p->any = false;
	memset(p->masked, 0, (size_t)p->columns * sizeof(*p->masked));
	for (size_t i = 0; i < p->v->areas; i++) {
		const struct verify_area *a = &p->v->area[i];

		if (a->frame0 > p->t->frame_index ||
		    a->frame1 < p->t->frame_index ||
		    a->region.y1 <= row * height ||
		    a->region.y0 >= (row + 1) * height)
			continue;
		p->any = true;
		for (int x = a->region.x0 / width;
		     x < p->columns && x * width < a->region.x1; x++)
			p->masked[x] = true;
	}
}

/* ---- blocks ---- */

/* Is it a block behind the edge of the picture?  libjpeg makes those anew,
 * with the DC of a neighbour. */
static bool pads(const struct pair *p, int component, int x, int y)
{
	return x >= p->head.component[component].block_columns ||
	       y >= p->head.component[component].block_rows;
}

static bool is_flat(const int16_t *block)
{
	for (int k = 1; k < BLOCK; k++)
		if (block[k])
			return false;
	return true;
}

/*
 * No detail, the DC of all other blanked blocks of its component, and the
 * level of the fill: 8 DC steps are one level (T.81 A.3.3), 0 is the middle of
 * the range, and a decoder clamps.
 */
static bool is_blank(struct pair *p, int component, const int16_t *block,
		     unsigned quant)
{
	long long most = (1LL << p->head.precision) - 1, level;

	if (!is_flat(block))
		return false;
	if (p->known[component])
		return block[0] == p->dc[component];
	/* floor(x + 1/2) of x = DC * quantiser / 8 */
	level = (long long)block[0] * quant + 4;
	level = (level >= 0 ? level / 8 : -((7 - level) / 8)) +
		(most + 1) / 2;
	level = level < 0 ? 0 : level > most ? most : level;
	p->known[component] = true;
	p->dc[component] = block[0];
	return ((level ^ p->level[component]) & p->level_mask) == 0;
}

/* A row of blocks of one component; a is NULL: outside they are the same. */
static bool check_row(struct pair *p, int component, int y, int count,
		      const int16_t *a, const int16_t *b, unsigned quant)
{
	int h = p->head.component[component].h;
	int v = p->head.component[component].v;

	map_row(p, y / v);
	if (!a && !p->any)
		return true;
	for (int x = 0; x < count; x++, b += BLOCK) {
		bool inside = p->masked[x / h];
		bool good = inside ? is_blank(p, component, b, quant) :
			    !a || !memcmp(a + x * BLOCK, b,
					  BLOCK * sizeof(*b)) ||
			    (pads(p, component, x, y) && is_flat(b));

		if (!good)
			return found(p, inside ? VERIFY_INSIDE : VERIFY_OUTSIDE,
				     x / h * SIDE * p->head.h_max,
				     y / v * SIDE * p->head.v_max);
	}
	return true;
}

/* ---- what both streams are ---- */

static bool same_heads(const struct jpeg_blocks_head *a,
		       const struct jpeg_blocks_head *b)
{
	bool same = a->precision == b->precision && a->columns == b->columns &&
		    a->rows == b->rows && a->components == b->components &&
		    a->h_max == b->h_max && a->v_max == b->v_max;

	for (int i = 0; same && i < a->components; i++)
		same = a->component[i].id == b->component[i].id &&
		       a->component[i].h == b->component[i].h &&
		       a->component[i].v == b->component[i].v;
	return same;
}

/* Black by colour; Adobe's inks are stored inverted, 0 is full. */
static bool set_levels(struct pair *p)
{
	enum { LOW, MIDDLE, HIGH };
	static const int black[COLOURS][JPEG_BLOCKS_MOST] = {
		[COLOUR_RGB] = { LOW, LOW, LOW },
		[COLOUR_YCC] = { LOW, MIDDLE, MIDDLE },
		[COLOUR_CMYK] = { HIGH, HIGH, HIGH, HIGH },
		[COLOUR_ADOBE_CMYK] = { LOW, LOW, LOW, LOW },
		[COLOUR_ADOBE_YCCK] = { HIGH, MIDDLE, MIDDLE, LOW },
	};
	long long most = (1LL << p->head.precision) - 1;
	enum verify_colour colour = verify_colour(p->t->in, p->t->in_length,
						  &p->head, p->t->rgb);
	int stored = p->v->in_info->bits_stored;

	if (colour == COLOUR_OTHER ||
	    colour != verify_colour(p->t->out, p->t->out_length, &p->head,
				    p->t->rgb))
		return found(p, VERIFY_FORMAT, -1, -1);
	p->level_mask = stored < p->head.precision ? (1LL << stored) - 1 : most;
	for (int i = 0; i < p->head.components; i++)
		p->level[i] = colour == COLOUR_GREY ? p->v->fill[0] & most :
			      black[colour][i] == LOW ? 0 :
			      black[colour][i] == HIGH ? most : (most + 1) / 2;
	return true;
}

static bool start(struct pair *p, struct error *err)
{
	int width = SIDE * p->head.h_max;

	p->columns = (p->head.columns + width - 1) / width;
	p->row = -1;
	p->masked = mem_array((size_t)p->columns, sizeof(*p->masked));
	if (!p->masked)
		return error_set(err, ERR_MEMORY, _("no memory for a JPEG"));
	if (p->head.columns != p->v->in_info->columns ||
	    p->head.rows != p->v->in_info->rows)
		return found(p, VERIFY_FORMAT, -1, -1);
	return set_levels(p);
}

/* ---- sequential streams, row by row ---- */

/* IN's row that belongs to OUT's; a false answer has *other or *err set. */
static bool next_of_in(struct jpeg_blocks *in, const struct jpeg_blocks_row *b,
		       struct jpeg_blocks_row *a, bool *other,
		       struct error *err)
{
	enum jpeg_blocks_got got = jpeg_blocks_next(in, a, err);

	*other = got == JPEG_BLOCKS_END;
	if (got != JPEG_BLOCKS_ROW)
		return false;
	*other = a->scan != b->scan || a->row != b->row ||
		 a->parts != b->parts;
	for (int i = 0; !*other && i < b->parts; i++)
		*other = a->part[i].component != b->part[i].component ||
			 a->part[i].across != b->part[i].across ||
			 a->part[i].down != b->part[i].down;
	return !*other;
}

static bool check_parts(struct pair *p, const struct jpeg_blocks_row *a,
			const struct jpeg_blocks_row *b)
{
	for (int i = 0; i < b->parts; i++) {
		size_t row = (size_t)b->part[i].across * BLOCK;

		if (a && memcmp(a->part[i].quant, b->part[i].quant,
				BLOCK * sizeof(uint16_t)) != 0)
			return found(p, VERIFY_FORMAT, -1, -1);
		for (int y = 0; y < b->part[i].down; y++)
			if (!check_row(p, b->part[i].component,
				       b->part[i].first_row + y,
				       b->part[i].across,
				       a ? a->part[i].block +
					   (size_t)y * row : NULL,
				       b->part[i].block + (size_t)y * row,
				       b->part[i].quant[0]))
				return false;
	}
	return true;
}

/* Does a mask touch this row? */
static bool is_masked(struct pair *p, const struct jpeg_blocks_row *row)
{
	map_row(p, row->part[0].first_row /
		   p->head.component[row->part[0].component].v);
	return p->any;
}

/* BOTH_DAMAGED: *err says what is wrong with IN. */
enum compared { SAME, DIFFERENT, OTHER_SCANS, NOT_READ, BOTH_DAMAGED };

/* OUT can't be read.  Where IN can't either, the copy is not to blame. */
static enum compared blame(struct pair *p, struct jpeg_blocks *in,
			   struct error *err)
{
	struct jpeg_blocks_row row;
	enum jpeg_blocks_got got = JPEG_BLOCKS_ROW;

	while (got == JPEG_BLOCKS_ROW)
		got = jpeg_blocks_next(in, &row, err);
	if (got == JPEG_BLOCKS_FAILED)
		return BOTH_DAMAGED;
	found(p, VERIFY_FORMAT, -1, -1);
	return DIFFERENT;
}

/* Both in step.  OTHER_SCANS: they tell the same picture in another order. */
static enum compared compare_rows(struct pair *p, struct jpeg_blocks *in,
				  struct jpeg_blocks *out, struct error *err)
{
	struct jpeg_blocks_row a, b;
	enum jpeg_blocks_got got;
	bool other = false;

	for (;;) {
		bool followed;

		verify_heartbeat(p->v, 0);
		if (jpeg_blocks_place(out, &b) && !is_masked(p, &b) &&
		    jpeg_blocks_pass(in, out))
			continue;
		got = jpeg_blocks_next(out, &b, NULL);
		if (got != JPEG_BLOCKS_ROW)
			break;
		followed = jpeg_blocks_follow(in, out);
		if (!followed && !next_of_in(in, &b, &a, &other, err))
			return other ? OTHER_SCANS : NOT_READ;
		if (!check_parts(p, followed ? NULL : &a, &b))
			return DIFFERENT;
	}
	if (got == JPEG_BLOCKS_FAILED)
		return blame(p, in, err);
	got = jpeg_blocks_next(in, &a, err);
	return got == JPEG_BLOCKS_END ? SAME :
	       got == JPEG_BLOCKS_ROW ? OTHER_SCANS : NOT_READ;
}

static bool is_sequential(const uint8_t *stream, size_t length)
{
	struct jpeg_head head;

	return jpeg_head_read(stream, length, &head, NULL) &&
	       (head.sof == JPEG_SOF0 || head.sof == JPEG_SOF1);
}

/* A copy can be read strictly even where its input can't. */
static bool read_rest(struct jpeg_blocks *out)
{
	struct jpeg_blocks_row row;
	enum jpeg_blocks_got got = out ? JPEG_BLOCKS_ROW : JPEG_BLOCKS_FAILED;

	while (got == JPEG_BLOCKS_ROW)
		got = jpeg_blocks_next(out, &row, NULL);
	return got == JPEG_BLOCKS_END;
}

static enum compared compare_pair(struct pair *p, struct jpeg_blocks *in,
				  struct jpeg_blocks *out, struct error *err)
{
	struct jpeg_blocks_head b;

	if (in && out) {
		jpeg_blocks_head(in, &p->head);
		jpeg_blocks_head(out, &b);
		if (!same_heads(&p->head, &b))
			found(p, VERIFY_FORMAT, -1, -1);
		else if (start(p, err))
			return compare_rows(p, in, out, err);
		return DIFFERENT;
	}
	return NOT_READ;
}

/* NOT_READ: IN is no sequential stream, or not a strict one. */
static enum compared compare_sequential(struct pair *p, struct error *err)
{
	struct jpeg_blocks *in, *out;
	enum compared result;

	if (!is_sequential(p->t->out, p->t->out_length))
		return NOT_READ;
	in = jpeg_blocks_open(p->t->in, p->t->in_length, err);
	out = jpeg_blocks_open(p->t->out, p->t->out_length, NULL);
	result = compare_pair(p, in, out, err);
	if ((result == NOT_READ || result == OTHER_SCANS) && !read_rest(out)) {
		bool damaged = result == NOT_READ && (!in || out) &&
			       is_sequential(p->t->in, p->t->in_length);

		if (!damaged)
			found(p, VERIFY_FORMAT, -1, -1);
		result = damaged ? BOTH_DAMAGED : DIFFERENT;
	}
	jpeg_blocks_close(in);
	jpeg_blocks_close(out);
	return result;
}

/* ---- all the others: the coefficients of both in memory ---- */

static bool compare_component(struct pair *p, struct jpeg_arrays *in,
			      struct jpeg_arrays *out, int c, int16_t *a,
			      int16_t *b)
{
	uint16_t qa[BLOCK], qb[BLOCK];

	jpeg_arrays_quant(in, c, qa);
	jpeg_arrays_quant(out, c, qb);
	if (memcmp(qa, qb, sizeof(qa)) != 0)
		return found(p, VERIFY_FORMAT, -1, -1);
	for (int y = 0; y < p->head.component[c].block_rows; y++) {
		if (!jpeg_arrays_row(in, c, y, a) ||
		    !jpeg_arrays_row(out, c, y, b))
			return found(p, VERIFY_FORMAT, -1, -1);
		if (!check_row(p, c, y, p->head.component[c].block_columns, a,
			       b, qb[0]))
			return false;
	}
	return true;
}

static bool compare_arrays(struct pair *p, struct jpeg_arrays *in,
			   struct jpeg_arrays *out, struct error *err)
{
	/* the component with most blocks in a row has one in 8 columns */
	size_t widest = ((size_t)p->head.columns + SIDE - 1) / SIDE;
	int16_t *a = mem_array3(widest, BLOCK, 1, sizeof(*a));
	int16_t *b = mem_array3(widest, BLOCK, 1, sizeof(*b));
	bool ok = a && b;

	if (!ok)
		error_set(err, ERR_MEMORY, _("no memory for a JPEG"));
	for (int c = 0; ok && c < p->head.components; c++)
		ok = compare_component(p, in, out, c, a, b);
	free(a);
	free(b);
	return ok;
}

static bool compare_all(struct pair *p, struct error *err)
{
	struct verifier *v = p->v;
	struct jpeg_arrays *in, *out;
	struct jpeg_blocks_head b;
	bool ok = false;

	in = jpeg_arrays_open(p->t->in, p->t->in_length, false, v->progress,
			      v->self, err);
	if (!in)
		return false;
	out = jpeg_arrays_open(p->t->out, p->t->out_length, true, v->progress,
			       v->self, NULL);
	jpeg_arrays_head(in, &p->head);
	if (out)
		jpeg_arrays_head(out, &b);
	if (!out || !same_heads(&p->head, &b))
		found(p, VERIFY_FORMAT, -1, -1);
	else
		ok = start(p, err) && compare_arrays(p, in, out, err);
	jpeg_arrays_close(in);
	jpeg_arrays_close(out);
	return ok;
}

bool verify_blocks(struct verifier *v, const struct verify_stream *t,
		   struct error *err)
{
	struct pair p = { .v = v, .t = t };
	enum compared result = compare_sequential(&p, err);
	bool ok = result == SAME;

	free(p.masked);
	if (result == OTHER_SCANS || result == NOT_READ) {
		if (err)
			*err = (struct error){ 0 };
		p = (struct pair){ .v = v, .t = t };
		ok = compare_all(&p, err);
		free(p.masked);
	}
	return ok;
}

bool verify_scans(struct verifier *v, const struct verify_stream *t)
{
	struct jpeg_blocks *out;
	bool ok;

	if (!is_sequential(t->out, t->out_length))
		return true;
	out = jpeg_blocks_open(t->out, t->out_length, NULL);
	ok = read_rest(out);
	jpeg_blocks_close(out);
	return ok || verify_found(v, VERIFY_FORMAT, t->frame_index, -1, -1);
}

/* sheet.c - the contact sheet of a group. */
#include "config.h"

#include "review/sheet.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "review/pack.h"

void sheet_done(struct sheet *s)
{
	for (size_t i = 0; i < s->count; i++)
		plane_free(s->crop[i].plane);
	free(s->crop);
	plane_free(s->picture);
	*s = (struct sheet){ 0 };
}

/* ---- crops ---- */

static struct plane *new_plane(int columns, int rows, int channels)
{
	struct plane *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	*p = (struct plane){ columns, rows, channels, NULL };
	p->pixel = mem_array3((size_t)columns, (size_t)rows,
			      (size_t)channels, 1);
	if (p->pixel)
		return p;
	plane_free(p);
	return NULL;
}

/* Copy a plane into another one of as many or three channels. */
static void copy_into(struct plane *to, int row, const struct plane *from)
{
	for (int y = 0; y < from->rows; y++) {
		const uint8_t *in = from->pixel + (size_t)y *
				    (size_t)from->columns *
				    (size_t)from->channels;
		uint8_t *out = to->pixel + (size_t)(row + y) *
			       (size_t)to->columns * (size_t)to->channels;

		for (int x = 0; x < from->columns; x++)
			for (int c = 0; c < to->channels; c++)
				*out++ = in[x * from->channels +
					    (from->channels == 3 ? c : 0)];
	}
}

struct plane *sheet_cut(const struct plane *plane, struct region box,
			int context, struct region *inside)
{
	struct region r = region_clip(region_grow(box, context),
				      plane->columns, plane->rows);
	size_t pixel = (size_t)plane->channels;
	size_t length = (size_t)region_width(r) * pixel;
	struct plane *p = region_empty(r) ? NULL :
			  new_plane(region_width(r), region_height(r),
				    plane->channels);

	for (int y = 0; p && y < p->rows; y++)
		memcpy(p->pixel + (size_t)y * length, plane->pixel +
		       ((size_t)(r.y0 + y) * (size_t)plane->columns +
			(size_t)r.x0) * pixel, length);
	*inside = region_move(box, -r.x0, -r.y0);
	return p;
}

static long long all_pixels(const struct sheet *s)
{
	long long pixels = 0;

	for (size_t i = 0; i < s->count; i++)
		pixels += (long long)s->crop[i].plane->columns *
			  s->crop[i].plane->rows;
	return pixels;
}

bool sheet_take(struct sheet *s, const struct sheet_crop *crop)
{
	if (s->count >= SHEET_CROPS_MOST ||
	    all_pixels(s) + (long long)crop->plane->columns *
	    crop->plane->rows > SHEET_PIXELS_MOST ||
	    !mem_grow(&s->crop, &s->capacity, s->count, sizeof(*s->crop)))
		return false;
	s->crop[s->count++] = *crop;
	return true;
}

bool sheet_add(struct sheet *s, const struct plane *plane, struct region box,
	       int context, const struct sheet_crop *like)
{
	struct sheet_crop crop = *like;

	crop.plane = sheet_cut(plane, box, context, &crop.box);
	if (crop.plane && sheet_take(s, &crop))
		return true;
	plane_free(crop.plane);
	return false;
}

/* ---- the picture ---- */

/* Ink where none should be, then other differences, then what is alike. */
static int rank(enum group_state state)
{
	return state == GROUP_INK ? 0 : state == GROUP_ALIKE ? 2 : 1;
}

static int by_rank(const void *left, const void *right)
{
	const struct sheet_crop *a = left, *b = right;

	if (rank(a->state) != rank(b->state))
		return rank(a->state) < rank(b->state) ? -1 : 1;
	if (a->row != b->row)
		return a->row < b->row ? -1 : 1;
	if (a->box.y0 != b->box.y0)
		return a->box.y0 < b->box.y0 ? -1 : 1;
	return 0;
}

bool sheet_finish(struct sheet *s, struct error *err)
{
	long long rows = 0;
	int columns = 1, channels = 1, row = 0;

	if (s->count > 1)
		qsort(s->crop, s->count, sizeof(*s->crop), by_rank);
	for (size_t i = 0; i < s->count; i++) {
		const struct plane *p = s->crop[i].plane;

		columns = p->columns > columns ? p->columns : columns;
		channels = p->channels > channels ? p->channels : channels;
		rows += p->rows;
	}
	if (rows < 1 || rows * columns > 4 * SHEET_PIXELS_MOST)
		return error_set(err, ERR_MEMORY, "no room for a sheet");
	s->picture = new_plane(columns, (int)rows, channels);
	if (!s->picture)
		return error_set(err, ERR_MEMORY, "no memory for a sheet");
	for (size_t i = 0; i < s->count; i++) {
		struct sheet_crop *c = &s->crop[i];

		copy_into(s->picture, row, c->plane);
		c->at = region_from_box(0, row, c->plane->columns,
					c->plane->rows);
		row += c->plane->rows;
	}
	return true;
}

/* ---- pages ---- */

static bool add_evidence(struct evidence_plan *plan,
			 const struct sheet_crop *c, size_t i)
{
	if (!mem_grow(&plan->evidence, &plan->evidence_capacity,
		      plan->evidence_count, sizeof(*plan->evidence)))
		return false;
	plan->evidence[plan->evidence_count++] = (struct evidence){
		.id = SHEET_FIRST_ID + (int)i, .kind = EVIDENCE_BOX,
		.box = -1, .region = c->at,
		.of = region_move(c->box, c->at.x0, c->at.y0),
		.letter_height = c->letter_height, .latin = c->latin,
		.masked = c->masked,
	};
	return true;
}

bool sheet_plan(const struct sheet *s, const struct screen *screen,
		struct evidence_plan *plan)
{
	struct screen all = *screen;
	struct packer *p = malloc(sizeof(*p));
	bool ok = p;

	*plan = (struct evidence_plan){ .legible = s->whole };
	all.strip_columns = all.columns;
	all.strip_rows = all.rows - SHEET_MARGIN_ROWS;
	if (p)
		pack_start(p, plan, &all, (struct region){ 0 }, false);
	for (size_t i = 0; ok && i < s->count; i++) {
		const struct sheet_crop *c = &s->crop[i];

		ok = add_evidence(plan, c, i);
		p->within = c->at;      /* not what stands below it */
		if (ok && pack_legible(p, &plan->evidence[i]))
			ok = pack_place(p, (int)i, SHEET_CROPS_MOST, NULL);
		else if (c->state == GROUP_ALIKE)
			plan->legible = false;
	}
	free(p);
	if (ok) {
		pack_finish(plan);
		return true;
	}
	evidence_plan_done(plan);
	return false;
}

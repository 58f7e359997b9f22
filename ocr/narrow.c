/* narrow.c - narrow letters that run down, made twice as wide. */
#include "config.h"

#include "ocr/narrow.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"

enum {
	NARROW = 10,            /* pixels wide, at most */
	SURE_LINE = 4,          /* score of one that needs no other look */
	LOOKS = 24,             /* of a plane: the best */
	ALONG = 6, ACROSS = 2,  /* widths looked at beyond and beside one */
	SIDE = 6,               /* pixels beside one, at least */
};

/* Off the score of what looks like letters only when it is widened. */
static const double narrow_rare = .5;

/* What was looked at. */
struct looked {
	struct region at[LOOKS];
	int count;
};

static bool was_seen(const struct looked *seen, struct region r)
{
	for (int i = 0; i < seen->count; i++)
		if (10 * region_area(region_intersect(seen->at[i], r)) >=
		    9 * region_area(r))
			return true;
	return false;
}

static bool is_narrow(const struct line *l)
{
	return l->vertical && l->score < SURE_LINE &&
	       region_width(l->box) <= NARROW;
}

static struct region around(const struct grey_plane *p, struct region b)
{
	int wide = region_width(b);
	int side = ACROSS * wide > SIDE ? ACROSS * wide : SIDE;

	return region_clip((struct region){ b.x0 - side, b.y0 - ALONG * wide,
					    b.x1 + side,
					    b.y1 + ALONG * wide },
			   p->columns, p->rows);
}

/* Twice the columns of a part of a plane; NULL without memory. */
static uint8_t *widen(const struct grey_plane *p, struct region r,
		      struct grey_plane *wide)
{
	int columns = region_width(r), rows = region_height(r);
	uint8_t *out = mem_array((size_t)rows, 2 * (size_t)columns);

	if (!out)
		return NULL;
	for (int y = 0; y < rows; y++) {
		const uint8_t *from = p->grey + (r.y0 + y) * p->stride + r.x0;
		uint8_t *to = out + (size_t)y * 2 * (size_t)columns;

		for (int x = 0; x < columns; x++) {
			int left = from[x ? x - 1 : 0];
			int right = from[x + 1 < columns ? x + 1 : x];

			to[2 * x] = (uint8_t)((left + 3 * from[x] + 2) / 4);
			to[2 * x + 1] = (uint8_t)((right + 3 * from[x] + 2) /
						  4);
		}
	}
	*wide = (struct grey_plane){ out, 2 * columns, rows, 2 * columns };
	return out;
}

static struct region put_back(struct region b, struct region r)
{
	if (region_empty(b))
		return b;
	return (struct region){ r.x0 + b.x0 / 2, r.y0 + b.y0,
				r.x0 + (b.x1 + 1) / 2, r.y0 + b.y1 };
}

/* Lines of a widened part, where they are in the plane. */
static void place(struct line_list *found, struct region r)
{
	size_t kept = 0;

	for (size_t i = 0; i < found->count; i++) {
		struct line l = found->line[i];

		l.box = put_back(l.box, r);
		l.own = put_back(l.own, r);
		l.reach = (struct region){ 0 };
		l.score -= narrow_rare;
		for (int k = 0; k < POLARITIES; k++)
			l.seen[k] = put_back(l.seen[k], r);
		if (region_width(l.box) <= NARROW)
			found->line[kept++] = l;
	}
	found->count = kept;
}

static bool look(const struct grey_plane *p, struct region r,
		 const struct telling *telling, struct line_list *all,
		 struct error *err)
{
	const struct lines_progress progress = { telling, NULL };
	struct line_list found = { 0 };
	struct grey_plane wide;
	uint8_t *samples = widen(p, r, &wide);
	bool ok = samples || error_set(err, ERR_MEMORY,
				       _("no memory to look for text"));

	ok = ok && lines_find(&wide, LINES_DOWN, &progress, &found, err);
	if (ok) {
		place(&found, r);
		ok = lines_merge(all, &found, err);
	}
	line_list_done(&found);
	free(samples);
	return ok;
}

bool lines_find_narrow(const struct grey_plane *p,
		       const struct telling *telling, struct line_list *list,
		       struct error *err)
{
	struct line_list all = { 0 };
	struct looked seen = { .count = 0 };
	bool ok = true;

	for (size_t i = 0; ok && i < list->count && seen.count < LOOKS; i++) {
		struct region r = list->line[i].box;

		if (!is_narrow(&list->line[i]) || was_seen(&seen, r))
			continue;
		r = around(p, r);
		seen.at[seen.count++] = r;
		ok = look(p, r, telling, &all, err);
	}
	ok = ok && lines_merge(list, &all, err);
	line_list_done(&all);
	return ok;
}

/* matrix.c - corners of a mark, and what stands along the sides between. */
#include "config.h"

#include "ocr/matrix.h"

#include <math.h>

#include "ocr/spot.h"

enum {
	LEAST = 14,             /* pixels of a side of the box */
	LEAST_CONTRAST = 40,    /* levels */
	SAMPLES = 512,          /* along a side at most */
	SIDES = 4,
	LEAST_MODULES = 8, MOST_MODULES = 72,
};
static const double solid = .93, quiet = .2;    /* inked shares */
/* Where a side is looked at, in shares of the side from its edge. */
static const double insets[] = { .04, .02, .01 };

struct corner {
	double x, y;
};

/* What stands along one side. */
struct side {
	double ink;             /* share */
	int runs;
	double mean, longest;   /* of the runs but the first and last, pixels */
};

static struct corner between(struct corner a, struct corner b, double share)
{
	return (struct corner){ a.x + (b.x - a.x) * share,
				a.y + (b.y - a.y) * share };
}

static struct side look_along(const struct spot *s, struct corner a,
			      struct corner b)
{
	double length = hypot(b.x - a.x, b.y - a.y), from = 0;
	int n = (int)(2 * length) + 1, inked = 0;
	struct side out = { .runs = 1 };
	bool was = spot_inked(s, a.x, a.y);

	n = n > SAMPLES ? SAMPLES : n;
	for (int i = 0; i <= n; i++) {
		struct corner at = between(a, b, (double)i / n);
		bool is = spot_inked(s, at.x, at.y);

		inked += is;
		if (is == was)
			continue;
		if (out.runs > 1)
			out.longest = fmax(out.longest, i * length / n - from);
		from = i * length / n;
		out.runs++;
		was = is;
	}
	out.ink = (double)inked / (n + 1);
	out.mean = length / out.runs;
	return out;
}

static bool is_dotted(const struct side *s)
{
	return s->runs >= LEAST_MODULES && s->runs <= MOST_MODULES &&
	       s->ink > .3 && s->ink < .7 && s->mean >= 1.5 &&
	       s->longest < 1.6 * s->mean + 1;
}

/* Are two sides that meet solid, and the two others dotted alike? */
static bool are_edges(const struct side side[SIDES])
{
	for (int i = 0; i < SIDES; i++) {
		const struct side *a = &side[i], *b = &side[(i + 1) % SIDES];
		const struct side *c = &side[(i + 2) % SIDES];
		const struct side *d = &side[(i + 3) % SIDES];

		if (a->ink > solid && b->ink > solid && is_dotted(c) &&
		    is_dotted(d) && fabs(c->mean - d->mean) <
				    .15 * (c->mean + d->mean))
			return true;
	}
	return false;
}

/* All sides, `inset` shares of a side further in. */
static void look_around(const struct spot *s,
			const struct corner corner[SIDES], double inset,
			struct side side[SIDES])
{
	struct corner middle = between(between(corner[0], corner[1], .5),
				       between(corner[2], corner[3], .5), .5);

	for (int i = 0; i < SIDES; i++)
		side[i] = look_along(s, between(corner[i], middle, 2 * inset),
				     between(corner[(i + 1) % SIDES], middle,
					     2 * inset));
}

/* Is there ground as wide as half a module around it? */
static bool is_quiet(const struct spot *s, const struct corner corner[SIDES])
{
	double side = hypot(corner[1].x - corner[0].x,
			    corner[1].y - corner[0].y);
	struct side out[SIDES];

	look_around(s, corner, -(1.5 / side + .01), out);
	for (int i = 0; i < SIDES; i++)
		if (out[i].ink > quiet)
			return false;
	return true;
}

static bool is_matrix(const struct spot *s, const struct corner corner[SIDES])
{
	struct side side[SIDES];

	for (size_t k = 0; k < sizeof(insets) / sizeof(*insets); k++) {
		look_around(s, corner, insets[k], side);
		if (are_edges(side))
			return is_quiet(s, corner);
	}
	return false;
}

/* The middle of the inked of row y (or column x) of the box. */
static struct corner extreme(const struct spot *s, bool down, int at)
{
	int from = down ? s->box.y0 : s->box.x0;
	int to = down ? s->box.y1 : s->box.x1, n = 0;
	double sum = 0;

	for (int i = from; i < to; i++)
		if (spot_inked(s, down ? at : i, down ? i : at)) {
			sum += i;
			n++;
		}
	sum = n ? sum / n : (from + to) / 2.;
	return down ? (struct corner){ at, sum } : (struct corner){ sum, at };
}

/*
 * A turned one touches the box by its corners; that between the dotted sides
 * may be missing, so each is tried from the three others.
 */
static bool find_turned(const struct spot *s, struct region *box)
{
	const struct region *r = &s->box;
	const struct corner tip[SIDES] = {
		extreme(s, false, r->y0), extreme(s, true, r->x1 - 1),
		extreme(s, false, r->y1 - 1), extreme(s, true, r->x0),
	};

	for (int i = 0; i < SIDES; i++) {
		struct corner c[SIDES] = { tip[i], tip[(i + 1) % SIDES],
					   tip[(i + 2) % SIDES] };
		double ux = c[0].x - c[1].x, uy = c[0].y - c[1].y;
		double vx = c[2].x - c[1].x, vy = c[2].y - c[1].y;
		double u = hypot(ux, uy), v = hypot(vx, vy);

		c[3] = (struct corner){ c[0].x + vx, c[0].y + vy };
		if (fabs(u - v) > .15 * (u + v) ||
		    fabs(ux * vx + uy * vy) > .15 * u * v ||
		    !is_matrix(s, c))
			continue;
		*box = region_union(*box, (struct region){
			(int)c[3].x, (int)c[3].y, (int)c[3].x + 1,
			(int)c[3].y + 1 });
		return true;
	}
	return false;
}

bool matrix_find(const struct grey_plane *p, bool dark,
		 const struct ink *mark, struct region *box)
{
	const struct region *r = &mark->box;
	int w = region_width(*r), h = region_height(*r);
	struct spot s;

	if (w < LEAST || h < LEAST || w > 3 * h || h > 3 * w ||
	    mark->area * 7 < w * h ||
	    mark->sum[INK_CONTRAST] < LEAST_CONTRAST * (double)mark->area)
		return false;
	const struct corner corner[SIDES] = {
		{ r->x0 - .5, r->y0 - .5 }, { r->x1 - .5, r->y0 - .5 },
		{ r->x1 - .5, r->y1 - .5 }, { r->x0 - .5, r->y1 - .5 },
	};
	s = spot_of(p, dark, mark);
	*box = *r;
	if (!spot_stands_alone(&s, 2))
		return false;
	return is_matrix(&s, corner) || find_turned(&s, box);
}

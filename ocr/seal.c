/* seal.c - rays from the middle of a mark to its ring. */
#include "config.h"

#include "ocr/seal.h"

#include <math.h>

#include "ocr/spot.h"

#define PI 3.14159265358979

enum {
	LEAST = 11, MOST = 200,         /* pixels of a side */
	RAYS = 48,
	LEAST_CONTRAST = 24,            /* levels */
	LEAST_DOUBLE = 20,              /* pixels of half a side */
	TURNS = 7,                      /* of a square that are tried, */
	TURN = 5,                       /* degrees from one to the next */
};
/* Shares of half the side. */
static const double far_in = .55, from_model = .1, margin = .07;
/* Shares of all rays, or of pixels. */
static const double beyond_oval = 1.1, beyond_square = 1.5;
static const double closed = .86, clean_outside = .2, hollow_inside = .4;
static const double even_stroke = .6, twice = .75;
static const double least_ink = .1, most_ink = .75;
/* Times the contrast: how far the ground may stray. */
static const double most_stray = .2;
/* Strokes crossed by a line across, and by one down, on the mean. */
static const double least_strokes = 1, least_of_both = 2.6;

/* What a ray meets from outside; in shares of half the side of the box. */
struct ray {
	double x, y;            /* to where an oval in the box would be */
	double out, in;         /* ring from..to; out is 0 without one */
	double next;            /* where the next ink begins, or 0 */
};

struct rays {
	struct spot spot;
	double cx, cy, unit;    /* unit: half the side, pixels */
	struct ray ray[RAYS];
	double thick;           /* median of the ring, share */
	double edge[RAYS];      /* of the figure that it is like, and */
	double size;            /* how many times as large it is */
};

static bool at_ray(const struct rays *r, const struct ray *ray, double far)
{
	return spot_inked(&r->spot, r->cx + far * ray->x,
			  r->cy + far * ray->y);
}

/* Puts them in order; a few, so that shifting them is quick. */
static double median(double *v, int n)
{
	for (int i = 1; i < n; i++) {
		double here = v[i];
		int k = i;

		for (; k > 0 && v[k - 1] > here; k--)
			v[k] = v[k - 1];
		v[k] = here;
	}
	return n ? v[n / 2] : 0;
}

static void cast_ray(struct rays *r, struct ray *ray, double from)
{
	double w = region_width(r->spot.box) / 2.;
	double h = region_height(r->spot.box) / 2.;
	double step = .5 / r->unit;
	/* what is beyond the box is another mark */
	double far = fmin(from, 1 / fmax(fabs(ray->x) / w, fabs(ray->y) / h));

	while (far > far_in && !at_ray(r, ray, far))
		far -= step;
	if (far <= far_in)
		return;
	ray->out = far;
	while (far > 0 && at_ray(r, ray, far))
		far -= step;
	ray->in = far;
	while (far > 0 && !at_ray(r, ray, far))
		far -= step;
	ray->next = fmax(0, far);
}

/* From `from` shares of half the side on. */
static void cast_rays(struct rays *r, double from)
{
	double w = region_width(r->spot.box), h = region_height(r->spot.box);
	double thick[RAYS];
	int n = 0;

	r->cx = r->spot.box.x0 + (w - 1) / 2;
	r->cy = r->spot.box.y0 + (h - 1) / 2;
	r->unit = fmin(w, h) / 2;
	for (int i = 0; i < RAYS; i++) {
		struct ray *ray = &r->ray[i];

		*ray = (struct ray){ w / 2 * cos(2 * PI * i / RAYS),
				     h / 2 * sin(2 * PI * i / RAYS), 0, 0, 0 };
		cast_ray(r, ray, from);
		if (ray->out > 0)
			thick[n++] = ray->out - ray->in;
	}
	r->thick = n ? median(thick, n) : 1;
}

/* Do nearly all rays meet an edge as far out as a figure has it? */
static bool is_like(struct rays *r)
{
	double ratio[RAYS], scale;
	int n = 0, same = 0;

	for (int i = 0; i < RAYS; i++)
		if (r->ray[i].out > 0)
			ratio[n++] = r->ray[i].out / r->edge[i];
	if (n < closed * RAYS)
		return false;
	scale = median(ratio, n);
	for (int i = 0; i < n; i++)
		same += fabs(ratio[i] - scale) <
			from_model + .7 / r->unit * scale;
	r->size = scale;
	return same >= closed * RAYS;
}

static bool is_oval(struct rays *r)
{
	cast_rays(r, beyond_oval);
	for (int i = 0; i < RAYS; i++)
		r->edge[i] = 1;
	return is_like(r);
}

/* Is the ring a square, turned by up to 15 degrees? */
static bool is_square(struct rays *r)
{
	cast_rays(r, beyond_square);
	for (int k = 0; k < TURNS; k++) {
		double turn = (k - TURNS / 2) * TURN * PI / 180;

		for (int i = 0; i < RAYS; i++) {
			double a = 2 * PI * i / RAYS - turn;

			r->edge[i] = 1 / fmax(fabs(cos(a)), fabs(sin(a)));
		}
		if (is_like(r))
			return true;
	}
	return false;
}

/* Is there but another ring in it: a lens, a target, a button? */
static bool is_double(const struct rays *r)
{
	double next[RAYS], middle;
	int same = 0;

	if (r->unit < LEAST_DOUBLE)
		return false;
	for (int i = 0; i < RAYS; i++)
		next[i] = r->ray[i].next / r->edge[i];
	middle = median(next, RAYS);
	for (int i = 0; i < RAYS; i++)
		same += fabs(next[i] - middle) < from_model / 2 +
						 1 / r->unit;
	return same > twice * RAYS;
}

/* What lies around the ring. */
struct around {
	double inside;          /* share of ground right inside */
	double outside;         /* share of ink a little outside */
	double stray;           /* of the ground there, times the contrast */
	double even;            /* share of the ring that is as thick as most */
};

static struct around look_around(const struct rays *r)
{
	enum { STEPS = 3, MARGIN = 2 };         /* pixels */
	double contrast = fabs(r->spot.ground - r->spot.ink), n = 0;
	double most = 1.6 * r->thick + 1 / r->unit;
	struct around a = { 0 };

	for (int i = 0; i < RAYS; i++) {
		const struct ray *ray = &r->ray[i];
		double thick = ray->out - ray->in;

		if (ray->out <= 0)
			continue;
		n++;
		a.even += thick < most;
		a.inside += !at_ray(r, ray, ray->out - r->thick -
				    .04 - .5 / r->unit);
		for (int k = 0; k < STEPS; k++) {
			double far = ray->out + (k + 1) *
				     fmin(margin + 1 / r->unit,
					  MARGIN / r->unit);
			double x = r->cx + far * ray->x;
			double y = r->cy + far * ray->y;
			double off = fabs(spot_level(&r->spot, x, y) -
					  r->spot.ground) / contrast;

			a.outside += spot_inked(&r->spot, x, y) /
				     (double)STEPS;
			a.stray += (x < 0 || y < 0 ||
				    x >= r->spot.plane->columns ||
				    y >= r->spot.plane->rows ? 1 :
				    fmin(off, 1)) / STEPS;
		}
	}
	n = fmax(n, 1);
	return (struct around){ a.inside / n, a.outside / n, a.stray / n,
				a.even / n };
}

static bool stands_apart(const struct rays *r)
{
	struct around a = look_around(r);

	return a.inside > hollow_inside && a.outside < clean_outside &&
	       a.stray < most_stray && a.even > even_stroke;
}

/* How far in from the edge of the box, in shares: 1 is the ring. */
static double depth(const struct rays *r, double x, double y)
{
	double u = fabs(x - r->cx) / region_width(r->spot.box) * 2;
	double v = fabs(y - r->cy) / region_height(r->spot.box) * 2;

	return hypot(u, v);
}

/* Strokes that lines across (or down) cross inside; *ink: inked share. */
static double strokes(const struct rays *r, bool down, double inner,
		      double *ink)
{
	struct region b = r->spot.box;
	int lines = 0, crossed = 0, inked = 0, all = 0;
	int from = down ? b.x0 : b.y0, to = down ? b.x1 : b.y1;
	int start = down ? b.y0 : b.x0, end = down ? b.y1 : b.x1;

	for (int i = from; i < to; i++) {
		bool was = false, counts = false;

		for (int k = start; k < end; k++) {
			int x = down ? i : k, y = down ? k : i;
			bool is;

			if (depth(r, x, y) > inner)
				continue;
			is = spot_inked(&r->spot, x, y);
			all++;
			inked += is;
			crossed += is && !was;
			was = is;
			counts = true;
		}
		lines += counts;
	}
	*ink = all ? (double)inked / all : 0;
	return lines ? (double)crossed / lines : 0;
}

/* Letters, closely set. */
static bool is_written(const struct rays *r)
{
	double inner = r->size - r->thick - .04 - .5 / r->unit, ink;
	double across = strokes(r, false, inner, &ink);
	double down = strokes(r, true, inner, &ink);

	return ink > least_ink && ink < most_ink && across >= least_strokes &&
	       down >= least_strokes && across + down > least_of_both;
}

static bool may_be(const struct ink *k)
{
	int w = region_width(k->box), h = region_height(k->box);
	int most = w > h ? w : h, least = w < h ? w : h;

	return least >= LEAST && most <= MOST && 4 * most <= 7 * least &&
	       /* most rows and columns cross both sides of a ring */
	       2 * k->runs > 3 * h && 2 * k->falls > 3 * w &&
	       k->area * 10 > w * h && k->area * 10 < 8 * w * h &&
	       k->sum[INK_CONTRAST] > LEAST_CONTRAST * (double)k->area;
}

static bool is_seal(struct rays *r)
{
	return spot_stands_alone(&r->spot, 2) &&
	       (is_oval(r) || is_square(r)) &&
	       r->thick < .2 + 1.5 / r->unit && !is_double(r) &&
	       stands_apart(r) && is_written(r);
}

/* Apart from what most marks see: rays take time to be cleared. */
static bool cast_at(const struct grey_plane *p, bool dark,
		    const struct ink *mark)
{
	struct rays r = { .spot = spot_of(p, dark, mark) };

	return is_seal(&r);
}

bool seal_find(const struct grey_plane *p, bool dark, const struct ink *mark,
	       struct region *box)
{
	*box = mark->box;
	return may_be(mark) && cast_at(p, dark, mark);
}

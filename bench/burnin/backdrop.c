/* backdrop.c - pictures without a word, by rule. */
#include "config.h"

#include "bench/burnin/backdrop.h"

#include <math.h>

#define PI 3.14159265358979

/* ---- noise ---- */

static double lattice(uint64_t seed, int x, int y)
{
	uint64_t z = dice_mix(seed ^ ((uint64_t)(uint32_t)x << 32 |
				      (uint32_t)y));

	return (double)(z >> 11) / 9007199254740992.;
}

/* Smooth noise 0..1, one swing in about two units. */
static double smooth(uint64_t seed, double x, double y)
{
	int x0 = (int)floor(x), y0 = (int)floor(y);
	double u = x - x0, v = y - y0;

	u = u * u * (3 - 2 * u);
	v = v * v * (3 - 2 * v);
	double top = lattice(seed, x0, y0) * (1 - u) +
		     lattice(seed, x0 + 1, y0) * u;
	double low = lattice(seed, x0, y0 + 1) * (1 - u) +
		     lattice(seed, x0 + 1, y0 + 1) * u;

	return top * (1 - v) + low * v;
}

/* Four octaves, 0..1. */
static double cloud(uint64_t seed, double x, double y)
{
	double sum = 0, weight = .5;

	for (int i = 0; i < 4; i++) {
		sum += weight * smooth(seed + (uint64_t)i, x, y);
		x *= 2;
		y *= 2;
		weight /= 2;
	}
	return sum / .9375;
}

static void add_noise(struct picture *p, struct dice *d, double amount)
{
	size_t count = (size_t)p->columns * (size_t)p->rows *
		       (size_t)p->samples;

	for (size_t i = 0; i < count; i++)
		p->level[i] += amount * dice_bell(d);
}

static void fill_all(struct picture *p, double level)
{
	picture_fill(p, (struct region){ 0, 0, p->columns, p->rows },
		     ink_grey(level));
}

/* ---- shapes ---- */

struct oval {
	double cx, cy, rx, ry;
	double edge;                    /* share of the radius that fades */
};

/* 0 outside, 1 inside, between in the rim. */
static double inside(const struct oval *o, double x, double y)
{
	double u = (x - o->cx) / o->rx, v = (y - o->cy) / o->ry;
	double r = sqrt(u * u + v * v);

	if (r >= 1)
		return 0;
	return r < 1 - o->edge ? 1 : (1 - r) / o->edge;
}

static void put_oval(struct picture *p, const struct oval *o, struct ink ink)
{
	struct region r = picture_clip(p, (struct region){
		(int)(o->cx - o->rx), (int)(o->cy - o->ry),
		(int)(o->cx + o->rx) + 1, (int)(o->cy + o->ry) + 1 });

	for (int y = r.y0; y < r.y1; y++)
		for (int x = r.x0; x < r.x1; x++)
			picture_dot(p, x, y, ink, inside(o, x, y));
}

static struct oval body_of(const struct picture *p, struct dice *d)
{
	return (struct oval){
		p->columns * dice_real(d, .45, .55),
		p->rows * dice_real(d, .47, .57),
		p->columns * dice_real(d, .32, .44),
		p->rows * dice_real(d, .27, .4), .02 };
}

static void put_organs(struct picture *p, struct dice *d,
		       const struct oval *body, int count, double low,
		       double high)
{
	for (int i = 0; i < count; i++) {
		struct oval o = {
			body->cx + body->rx * dice_real(d, -.6, .6),
			body->cy + body->ry * dice_real(d, -.6, .6),
			body->rx * dice_real(d, .06, .35),
			body->ry * dice_real(d, .06, .35),
			dice_real(d, .03, .4) };

		put_oval(p, &o, ink_grey(dice_real(d, low, high)));
	}
}

/* ---- grey anatomy ---- */

/* Bones: small hard ovals round the body, far above the window. */
static void put_bones(struct picture *p, struct dice *d,
		      const struct oval *body, double level)
{
	int count = dice_range(d, 4, 14);

	for (int i = 0; i < count; i++) {
		double a = 2 * PI * i / count;
		struct oval o = { body->cx + .85 * body->rx * cos(a),
				  body->cy + .85 * body->ry * sin(a),
				  body->rx * dice_real(d, .03, .1),
				  body->ry * dice_real(d, .03, .08), .15 };

		put_oval(p, &o, ink_grey(level * dice_real(d, .6, 1.2)));
	}
	struct oval spine = { body->cx, body->cy + .7 * body->ry,
			      .12 * body->rx, .14 * body->ry, .1 };

	put_oval(p, &spine, ink_grey(level));
}

static void paint_ct(struct picture *p, struct dice *d)
{
	struct oval body = body_of(p, d);
	double level = dice_real(d, .35, .6);

	fill_all(p, dice_real(d, -2.2, -.1));
	put_oval(p, &body, ink_grey(dice_real(d, .2, .4)));
	body.rx *= .95;
	body.ry *= .95;
	put_oval(p, &body, ink_grey(level));
	put_organs(p, d, &body, dice_range(d, 4, 12), -.8, level + .3);
	put_bones(p, d, &body, dice_real(d, 1., 2.5));
	for (int i = 0; i < 2; i++)
		picture_segment(p, p->columns / 8,
				p->rows - p->rows / 12 + 6 * i,
				p->columns - p->columns / 8,
				p->rows - p->rows / 12 + 6 * i,
				ink_grey(dice_real(d, .2, .7)));
	add_noise(p, d, dice_real(d, .01, .07));
}

/* A narrow window: large parts are plain white or black. */
static void paint_saturated(struct picture *p, struct dice *d)
{
	paint_ct(p, d);
	for (int y = 0; y < p->rows; y++)
		for (int x = 0; x < p->columns; x++) {
			double *v = picture_at(p, x, y);

			*v = (*v - .3) * 3.5;
		}
}

/* Stripes of fat and muscle that run together and apart. */
static void paint_stripes(struct picture *p, struct dice *d)
{
	uint64_t seed = dice_next(d);
	double period = dice_real(d, 5, 18), angle = dice_real(d, 0, PI);
	double bend = dice_real(d, 20, 60);
	struct oval body = body_of(p, d);

	fill_all(p, .02);
	for (int y = 0; y < p->rows; y++)
		for (int x = 0; x < p->columns; x++) {
			double share = inside(&body, x, y);
			double along = x * cos(angle) + y * sin(angle) +
				       bend * smooth(seed, x / 90., y / 90.);
			double wave = sin(2 * PI * along / period);
			double level = .35 + .3 * wave *
				       smooth(seed + 9, x / 60., y / 60.) +
				       .3 * cloud(seed + 5, x / 50., y / 50.);

			*picture_at(p, x, y) += share * level;
		}
	add_noise(p, d, dice_real(d, .01, .04));
}

/* Folds: ridges of clouds inside a bright ring. */
static void paint_brain(struct picture *p, struct dice *d)
{
	uint64_t seed = dice_next(d);
	struct oval ring = body_of(p, d), inner;
	double fold = ring.rx / dice_real(d, 5, 9);

	ring.rx = ring.ry = ring.rx < ring.ry ? ring.rx : ring.ry;
	inner = ring;
	inner.rx *= .88;
	inner.ry *= .88;
	fill_all(p, .01);
	put_oval(p, &ring, ink_grey(dice_real(d, .6, 1.1)));
	put_oval(p, &inner, ink_grey(.25));
	for (int y = 0; y < p->rows; y++)
		for (int x = 0; x < p->columns; x++) {
			double c = cloud(seed, x / fold, y / fold) - .5;
			double level = .3 + .35 * exp(-c * c * 250);

			picture_dot(p, x, y, ink_grey(level),
				    inside(&inner, x, y));
		}
	add_noise(p, d, dice_real(d, .01, .05));
}

static void put_rib(struct picture *p, double cx, double cy, double rx,
		    double ry, double wide, double gain)
{
	for (int step = 0; step < 900; step++) {
		double a = PI * step / 900;
		int x = (int)(cx + rx * cos(a)), y = (int)(cy - ry * sin(a));

		for (int k = 0; k < (int)wide; k++)
			if (x >= 0 && y + k >= 0 && x < p->columns &&
			    y + k < p->rows)
				*picture_at(p, x, y + k) +=
					gain * sin(PI * (k + .5) / wide) * .3;
	}
}

static void put_collimation(struct picture *p, struct dice *d)
{
	int side = p->columns / dice_range(d, 10, 30);
	double level = dice_chance(d, 800) ? 0 : 1;

	picture_fill(p, (struct region){ 0, 0, side, p->rows },
		     ink_grey(level));
	picture_fill(p, (struct region){ p->columns - side, 0, p->columns,
					 p->rows }, ink_grey(level));
	if (dice_chance(d, 500))
		picture_fill(p, (struct region){ 0, 0, p->columns, side },
			     ink_grey(level));
}

static void paint_cr(struct picture *p, struct dice *d)
{
	uint64_t seed = dice_next(d);
	double cx = p->columns / 2., w = p->columns, h = p->rows;

	for (int y = 0; y < p->rows; y++)
		for (int x = 0; x < p->columns; x++)
			*picture_at(p, x, y) = .25 + .35 *
				cloud(seed, x / w * 2, y / h * 2) +
				.25 * exp(-(x - cx) * (x - cx) / (w * w * .02));
	for (int i = 0; i < 2; i++) {
		struct oval lung = { cx + (i ? .24 : -.24) * w, .45 * h,
				     .17 * w, .32 * h, .5 };

		put_oval(p, &lung, ink_grey(dice_real(d, .08, .25)));
	}
	for (int i = 0; i < 9; i++)
		put_rib(p, cx, .3 * h + i * .07 * h, .42 * w, .14 * h,
			h / 45, dice_real(d, .2, .6));
	add_noise(p, d, dice_real(d, .004, .03));
	if (dice_chance(d, 600))
		put_collimation(p, d);
}

static void paint_mammo(struct picture *p, struct dice *d)
{
	uint64_t seed = dice_next(d);
	struct oval breast = { 0, p->rows / 2., p->columns * .7, p->rows * .45,
			       .12 };

	if (dice_chance(d, 500))
		breast.cx = p->columns;
	for (int y = 0; y < p->rows; y++)
		for (int x = 0; x < p->columns; x++) {
			double c = cloud(seed, x / 70., y / 70.);
			double f = cloud(seed + 7, x / 12., y / 12.);

			*picture_at(p, x, y) = inside(&breast, x, y) *
				(.2 + .5 * c * c + .15 * f);
		}
	add_noise(p, d, .01);
}

static void paint_pet(struct picture *p, struct dice *d)
{
	struct oval body = body_of(p, d);
	int count = dice_range(d, 5, 16);

	fill_all(p, dice_real(d, .9, 1));
	body.edge = .3;
	put_oval(p, &body, ink_grey(.75));
	for (int i = 0; i < count; i++) {
		struct oval o = { body.cx + body.rx * dice_real(d, -.7, .7),
				  body.cy + body.ry * dice_real(d, -.8, .8),
				  dice_real(d, 6, 60), dice_real(d, 6, 60),
				  .9 };

		put_oval(p, &o, ink_grey(dice_real(d, 0, .5)));
	}
	add_noise(p, d, dice_real(d, .005, .03));
}

/* ---- ultrasound ---- */

static double speckle(uint64_t seed, double r, double a, double depth)
{
	double fine = smooth(seed, r / 2.2, a * 90) *
		      smooth(seed + 1, r / 3.1, a * 61 + 3);
	double wide = cloud(seed + 2, r / 40., a * 8);

	return (.15 + 1.1 * wide * wide) * (.2 + 1.6 * fine) *
	       (1 - .5 * r / depth);
}

static void paint_fan(struct picture *p, struct dice *d)
{
	uint64_t seed = dice_next(d);
	double cx = p->columns * dice_real(d, .42, .58);
	double top = p->rows * dice_real(d, .02, .12);
	double depth = p->rows * dice_real(d, .75, .92);
	double open = dice_real(d, .5, .95), near = depth * dice_real(d, 0, .2);

	for (int y = (int)top; y < p->rows; y++)
		for (int x = 0; x < p->columns; x++) {
			double dx = x - cx, dy = y - top + near;
			double r = sqrt(dx * dx + dy * dy);
			double a = atan2(dx, dy);

			if (fabs(a) > open || r < near || r > depth)
				continue;
			picture_dot(p, x, y, ink_grey(speckle(seed, r, a,
							      depth)), 1);
		}
}

/* A scale down one side: long and short marks, and a bar of greys. */
static void put_scale(struct picture *p, struct dice *d, struct ink ink)
{
	int x = p->columns - dice_range(d, 12, 50);
	int step = dice_range(d, 8, 24);

	for (int y = p->rows / 10, i = 0; y < p->rows * 9 / 10; y += step, i++)
		picture_segment(p, x, y, x + (i % 5 ? 3 : 8), y, ink);
}

static void put_bar(struct picture *p, struct dice *d, bool colour)
{
	int x = dice_range(d, 4, 30), high = p->rows / 4;
	int y0 = p->rows / dice_range(d, 3, 8), wide = dice_range(d, 8, 20);

	for (int y = 0; y < high; y++) {
		double t = 1 - (double)y / high;
		struct ink ink = ink_grey(t);

		if (colour && p->samples == 3)
			ink = (struct ink){ { t > .5 ? 1 : t,
					      fabs(2 * t - 1) * .8,
					      t < .5 ? 1 - t : 0 } };
		picture_fill(p, region_from_box(x, y0 + y, wide, 1), ink);
	}
	if (dice_chance(d, 400))
		picture_frame(p, region_from_box(x - 1, y0 - 1, wide + 2,
						 high + 2), ink_grey(.7));
}

/* Crosses and a dotted line, as callipers leave them. */
static void put_callipers(struct picture *p, struct dice *d, struct ink ink)
{
	int at[4];

	for (int i = 0; i < 4; i++)
		at[i] = dice_range(d, 20, (i % 2 ? p->rows : p->columns) - 20);
	for (int i = 0; i < 4; i += 2) {
		int arm = dice_range(d, 3, 6);

		picture_segment(p, at[i] - arm, at[i + 1], at[i] + arm,
				at[i + 1], ink);
		picture_segment(p, at[i], at[i + 1] - arm, at[i],
				at[i + 1] + arm, ink);
	}
	for (int i = 0; i <= 40; i++)
		picture_dot(p, at[0] + (at[2] - at[0]) * i / 40,
			    at[1] + (at[3] - at[1]) * i / 40, ink, 1);
}

/* A heart's curve along the bottom. */
static void put_curve(struct picture *p, struct dice *d, struct ink ink)
{
	int base = p->rows - dice_range(d, 20, 50);
	int beat = dice_range(d, 60, 140), last = base;

	for (int x = 0; x < p->columns; x++) {
		int t = x % beat;
		int y = base - (t == 20 ? -4 : t == 22 ? 16 : t == 24 ? -6 :
				t > 40 && t < 60 ? 3 : 0);

		if (x)
			picture_segment(p, x - 1, last, x, y, ink);
		last = y;
	}
}

static void paint_us(struct picture *p, struct dice *d)
{
	paint_fan(p, d);
	put_scale(p, d, ink_grey(dice_real(d, .5, 1)));
	if (dice_chance(d, 700))
		put_bar(p, d, false);
	if (dice_chance(d, 400))
		put_callipers(p, d, ink_grey(1));
	if (dice_chance(d, 300))
		put_curve(p, d, ink_grey(.8));
}

static void paint_doppler(struct picture *p, struct dice *d)
{
	uint64_t seed = dice_next(d);
	int w = p->columns / 4, h = p->rows / 4;
	struct region box = region_from_box(p->columns * 2 / 5, p->rows / 3, w,
					    h);

	paint_fan(p, d);
	for (int y = box.y0; y < box.y1; y++)
		for (int x = box.x0; x < box.x1; x++) {
			double c = cloud(seed, x / 30., y / 30.);

			if (c > .55)
				picture_dot(p, x, y, (struct ink){
					{ 1, 2 * (c - .5), 0 } }, .9);
			else if (c < .4)
				picture_dot(p, x, y, (struct ink){
					{ 0, .5 - c, 1 } }, .9);
		}
	picture_frame(p, box, (struct ink){ { 0, 1, 0 } });
	put_bar(p, d, true);
	put_scale(p, d, ink_grey(.9));
	if (dice_chance(d, 500))
		put_curve(p, d, (struct ink){ { 0, .9, .2 } });
}

/* ---- screens, paper, photographs ---- */

static void put_grid(struct picture *p, struct dice *d, struct ink thin,
		     struct ink thick)
{
	int step = dice_range(d, 6, 20);

	for (int x = 0, i = 0; x < p->columns; x += step, i++)
		picture_segment(p, x, 0, x, p->rows - 1, i % 5 ? thin : thick);
	for (int y = 0, i = 0; y < p->rows; y += step, i++)
		picture_segment(p, 0, y, p->columns - 1, y,
				i % 5 ? thin : thick);
}

static void paint_paper(struct picture *p, struct dice *d)
{
	struct ink thin = { { 1, .85, .85 } }, thick = { { 1, .65, .65 } };

	fill_all(p, 1);
	if (dice_chance(d, 300)) {
		fill_all(p, 0);
		thin = ink_grey(.12);
		thick = ink_grey(.25);
	}
	put_grid(p, d, thin, thick);
	for (int i = dice_range(d, 1, 4); i > 0; i--)
		put_curve(p, d, ink_grey(thick.level[0] > .5 ? .1 : .9));
}

static void paint_screen(struct picture *p, struct dice *d)
{
	double base = dice_real(d, .05, .95);
	int count = dice_range(d, 3, 14);

	fill_all(p, base);
	for (int i = 0; i < count; i++) {
		int w = dice_range(d, 20, p->columns / 2);
		int h = dice_range(d, 8, p->rows / 3);
		struct region r = region_from_box(
			dice_range(d, 0, p->columns - w),
			dice_range(d, 0, p->rows - h), w, h);
		struct ink ink = { { dice_real(d, 0, 1), dice_real(d, 0, 1),
				     dice_real(d, 0, 1) } };

		if (dice_chance(d, 600))
			ink = ink_grey(dice_real(d, 0, 1));
		picture_fill(p, r, ink);
		picture_frame(p, r, ink_grey(base > .5 ? .2 : .8));
	}
	for (int i = dice_range(d, 0, 3); i > 0; i--) {
		int y = dice_range(d, 0, p->rows - 1);

		picture_segment(p, 0, y, p->columns - 1, y, ink_grey(.5));
	}
}

static void paint_photo(struct picture *p, struct dice *d)
{
	uint64_t seed = dice_next(d);
	double size = dice_real(d, 60, 240);

	for (int y = 0; y < p->rows; y++)
		for (int x = 0; x < p->columns; x++)
			for (int s = 0; s < p->samples; s++)
				picture_at(p, x, y)[s] = cloud(
					seed + (uint64_t)s * 11, x / size,
					y / size);
	for (int i = dice_range(d, 2, 8); i > 0; i--) {
		struct oval o = { dice_real(d, 0, p->columns),
				  dice_real(d, 0, p->rows),
				  dice_real(d, 20, p->columns / 3.),
				  dice_real(d, 20, p->rows / 3.),
				  dice_real(d, .01, .5) };
		struct ink ink = { { dice_real(d, 0, 1), dice_real(d, 0, 1),
				     dice_real(d, 0, 1) } };

		put_oval(p, &o, ink);
	}
	add_noise(p, d, dice_real(d, .005, .03));
}

static void paint_slide(struct picture *p, struct dice *d)
{
	uint64_t seed = dice_next(d);

	for (int y = 0; y < p->rows; y++)
		for (int x = 0; x < p->columns; x++) {
			double c = cloud(seed, x / 25., y / 25.);
			double n = smooth(seed + 3, x / 6., y / 6.);
			double *v = picture_at(p, x, y);

			v[0] = .95 - .25 * c - (n > .8 ? .3 : 0);
			v[1] = .85 - .5 * c - (n > .8 ? .3 : 0);
			v[2] = .92 - .2 * c;
		}
	picture_fill(p, (struct region){ 0, 0, p->columns / 3, p->rows },
		     ink_grey(.95));
}

static void paint_plain(struct picture *p, struct dice *d)
{
	double level = dice_chance(d, 600) ? 0 : dice_real(d, 0, 1);
	double slope = dice_real(d, -.2, .2);

	for (int y = 0; y < p->rows; y++)
		picture_fill(p, region_from_box(0, y, p->columns, 1),
			     ink_grey(level + slope * level * y / p->rows));
	if (dice_chance(d, 300))
		add_noise(p, d, dice_real(d, .005, .03));
	if (dice_chance(d, 300))
		put_scale(p, d, ink_grey(level > .5 ? 0 : 1));
}

const struct backdrop backdrops[] = {
	{ "ct", "CT", false, true, 16, 384, 900, paint_ct },
	{ "saturated", "CT", false, true, 5, 384, 768, paint_saturated },
	{ "stripes", "MR", false, true, 9, 256, 700, paint_stripes },
	{ "brain", "MR", false, true, 7, 256, 700, paint_brain },
	{ "cr", "CR", false, true, 10, 700, 1500, paint_cr },
	{ "mammo", "MG", false, true, 4, 700, 1300, paint_mammo },
	{ "pet", "PT", false, true, 4, 300, 800, paint_pet },
	{ "us", "US", false, false, 14, 480, 1024, paint_us },
	{ "doppler", "US", true, false, 9, 480, 1024, paint_doppler },
	{ "paper", "OT", true, false, 4, 500, 1100, paint_paper },
	{ "screen", "OT", true, false, 8, 480, 1200, paint_screen },
	{ "photo", "XC", true, false, 6, 400, 1200, paint_photo },
	{ "slide", "SM", true, false, 3, 400, 1000, paint_slide },
	{ "plain", "OT", false, false, 6, 256, 800, paint_plain },
	{ .name = NULL },
};

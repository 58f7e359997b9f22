/*
 * check_graphics.c - scenes as sixel and kitty images, decoded back to pixels
 * and compared with what should be seen; what is sent, and what stays behind.
 */
#include "config.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <vterm.h>

#include "review/ink.h"
#include "tests/pixels.h"
#include "tests/support.h"
#include "ui/kitty.h"
#include "ui/raster.h"
#include "ui/ready.h"
#include "ui/scale.h"
#include "ui/sixel.h"

enum { COLUMNS = 60, ROWS = 20, CELL_WIDTH = 9, CELL_HEIGHT = 20,
       SIXELS = 0, KITTY = 1, WAYS = 2 };

/* A terminal and the program's idea of it. */
struct side {
	struct sixel *sixel;
	struct kitty *kitty;
	struct pixels *pixels;
	struct canvas before;
	bool known;
	size_t sent;                    /* bytes of the last frame */
	struct buffer data, places;
};

static struct scene scene;
static struct canvas canvas;
static struct plane *plane;

static struct look look_of(int kind)
{
	return (struct look){ .mode = kind == KITTY ? PICTURE_KITTY :
						      PICTURE_SIXEL,
			      .colours = COLOURS_16M,
			      .cell_width = CELL_WIDTH,
			      .cell_height = CELL_HEIGHT };
}

static struct plane *make_plane(int columns, int rows, int channels)
{
	struct plane *p = calloc(1, sizeof(*p));

	p->columns = columns;
	p->rows = rows;
	p->channels = channels;
	p->pixel = calloc((size_t)columns * (size_t)rows, (size_t)channels);
	return p;
}

static int images_kept;                 /* by the terminal; 0 any number */

static void open_side(struct side *s, int columns, int rows)
{
	const struct sixel_limits limits = { 256, 800, 680, images_kept };
	struct error err;

	*s = (struct side){ .sixel = sixel_new(&limits), .kitty = kitty_new(),
			    .pixels = pixels_new(columns, rows, CELL_WIDTH,
						 CELL_HEIGHT) };
	ck_assert(canvas_init(&s->before, columns, rows, CHARSET_UNICODE,
			      &err));
}

static void close_side(struct side *s)
{
	ck_assert_msg(!pixels_fault(s->pixels), "%s", pixels_fault(s->pixels));
	sixel_free(s->sixel);
	kitty_free(s->kitty);
	pixels_free(s->pixels);
	canvas_done(&s->before);
	buffer_done(&s->data);
	buffer_done(&s->places);
}

/* One frame of the scene, as ui/term sends it. */
static void send_frame(struct side *s, int kind)
{
	struct look look = look_of(kind);
	const struct canvas *before = s->known ? &s->before : NULL;

	buffer_clear(&s->data);
	buffer_clear(&s->places);
	if (kind == KITTY) {
		ck_assert(kitty_emit(s->kitty, &look, &scene, &canvas,
				     &s->data, &s->places));
	} else {
		ck_assert_int_ge(sixel_compose(s->sixel, &look, &scene,
					       &canvas, before), 0);
		sixel_emit(s->sixel, &s->places);
	}
	ck_assert(!s->data.failed && !s->places.failed);
	s->sent = s->data.length + s->places.length;
	pixels_feed(s->pixels, s->data.data, s->data.length);
	pixels_feed(s->pixels, s->places.data, s->places.length);
	memcpy(s->before.cell, canvas.cell, (size_t)canvas.columns *
	       (size_t)canvas.rows * sizeof(*canvas.cell));
	s->known = true;
}

static void start(void)
{
	struct error err;

	scene = (struct scene){ 0 };
	ck_assert(canvas_init(&canvas, COLUMNS, ROWS, CHARSET_UNICODE, &err));
	canvas.scene = &scene;
	plane = NULL;
	images_kept = 0;
}

static void stop(void)
{
	canvas_done(&canvas);
	scene_done(&scene);
	plane_free(plane);
}

static void draw(int kind, const struct picture_part *part)
{
	struct look look = look_of(kind);

	picture_draw(&look, part, &canvas);
}

/* ---- scaling ---- */

/* The mean over the pixels under one of the result, in floating point. */
static double mean_at(const struct plane *p, struct region source, int width,
		      int height, int x, int y, int k)
{
	double sum = 0, total = 0;
	double x0 = (double)region_width(source) * x / width;
	double x1 = (double)region_width(source) * (x + 1) / width;
	double y0 = (double)region_height(source) * y / height;
	double y1 = (double)region_height(source) * (y + 1) / height;

	for (int v = (int)y0; v < y1; v++) {
		for (int u = (int)x0; u < x1; u++) {
			double w = ((u + 1 < x1 ? u + 1 : x1) -
				    (u > x0 ? u : x0)) *
				   ((v + 1 < y1 ? v + 1 : y1) -
				    (v > y0 ? v : y0));
			int px = u + source.x0, py = v + source.y0;

			total += w;
			if (px >= 0 && py >= 0 && px < p->columns &&
			    py < p->rows)
				sum += w * p->pixel[(py * p->columns + px) *
						    p->channels + k];
		}
	}
	return sum / total;
}

static const struct { struct region source; int width, height, channels; }
	scales[] = {
	{ { 0, 0, 40, 30 }, 40, 30, 1 }, { { 0, 0, 40, 30 }, 13, 7, 1 },
	{ { 3, 2, 37, 29 }, 101, 88, 3 }, { { 0, 0, 40, 30 }, 1, 1, 3 },
	{ { -8, -3, 60, 33 }, 55, 20, 1 }, { { 5, 5, 6, 6 }, 9, 9, 1 },
};

START_TEST(scaled_by_area)
{
	const struct region source = scales[_i].source;
	int width = scales[_i].width, height = scales[_i].height;
	int channels = scales[_i].channels;
	uint8_t row[400];
	struct scaler s;

	plane = make_plane(40, 30, channels);
	for (int i = 0; i < 40 * 30 * channels; i++)
		plane->pixel[i] = (uint8_t)(i * 37 + i / 11);
	ck_assert(scaler_init(&s, plane, source, width, height, 0, width));
	for (int y = 0; y < height; y++) {
		scaler_row(&s, y, row);
		for (int i = 0; i < width * channels; i++) {
			double is = row[i], wanted =
				mean_at(plane, source, width, height,
					i / channels, y, i % channels);

			/* rounded down, of weights in 1/256 pixel */
			ck_assert_msg(is > wanted - 5 && is < wanted + 3,
				      "%d,%d: %g, not %g", i, y, is, wanted);
		}
	}
	scaler_done(&s);
}
END_TEST

/* ---- pixels ---- */

/* Of 64 greys, 32 in overviews; a sixel's value is in percent. */
static const struct { int channels, inverted, place, tolerance; } looks[] = {
	{ 1, 0, PLACE_CORNERS, 7 }, { 1, 1, PLACE_CORNERS, 7 },
	{ 1, 0, PLACE_ON, 9 }, { 3, 0, PLACE_CORNERS, 46 },
	{ 3, 1, PLACE_ON, 46 },
};

/* What is drawn by sixels is the picture. */
START_TEST(sixels_show_the_picture)
{
	struct region source = { 10, 5, 210, 105 };
	struct picture_part part = { .source = source, .column = 4, .row = 2,
		.columns = 40, .rows = 9, .serial = 1,
		.place = (enum outline_place)looks[_i].place,
		.inverted = looks[_i].inverted };
	struct side s;

	plane = make_plane(220, 110, looks[_i].channels);
	for (int i = 0; i < 220 * 110 * plane->channels; i++)
		plane->pixel[i] = (uint8_t)(i % 256 / 2 + i / 256);
	part.plane = plane;
	open_side(&s, COLUMNS, ROWS);
	draw(SIXELS, &part);
	send_frame(&s, SIXELS);
	for (int y = 0; y < 9 * CELL_HEIGHT; y++) {
		for (int x = 0; x < 40 * CELL_WIDTH; x++) {
			long is = pixels_at(s.pixels, 4 * CELL_WIDTH + x,
					    2 * CELL_HEIGHT + y);

			ck_assert_int_ge(is, 0);
			for (int k = 0; k < 3; k++) {
				double wanted = mean_at(plane, source,
					40 * CELL_WIDTH, 9 * CELL_HEIGHT, x, y,
					plane->channels == 3 ? k : 0);
				double got = (double)(is >> (16 - 8 * k) & 255);

				if (part.inverted)
					wanted = 255 - wanted;
				ck_assert_msg(got >= wanted -
					      looks[_i].tolerance &&
					      got <= wanted +
					      looks[_i].tolerance,
					      "%d,%d: %g, not %g", x, y, got,
					      wanted);
			}
		}
	}
	ck_assert_int_eq(pixels_at(s.pixels, 4 * CELL_WIDTH - 1,
				   2 * CELL_HEIGHT), PIXELS_NONE);
	close_side(&s);
}
END_TEST

/* A plane goes to kitty as it is: every pixel, grey, coloured, inverted. */
START_TEST(kitty_gets_the_plane)
{
	struct picture_part part = { .source = { 0, 0, 360, 180 }, .column = 4,
		.row = 2, .columns = 40, .rows = 9, .serial = 1,
		.place = PLACE_CORNERS, .inverted = _i & 1 };
	struct side s;

	plane = make_plane(360, 180, _i & 2 ? 3 : 1);
	for (int i = 0; i < 360 * 180 * plane->channels; i++)
		plane->pixel[i] = (uint8_t)(i * 13 + i / 7);
	part.plane = plane;
	open_side(&s, COLUMNS, ROWS);
	draw(KITTY, &part);
	send_frame(&s, KITTY);
	for (int y = 0; y < 180; y++) {
		for (int x = 0; x < 360; x++) {
			const uint8_t *p = plane->pixel +
				(y * 360 + x) * plane->channels;
			int step = plane->channels == 3;
			long wanted = (long)p[0] << 16 | (long)p[step] << 8 |
				      p[2 * step];

			if (part.inverted)
				wanted ^= 0xffffff;
			ck_assert_int_eq(pixels_at(s.pixels, 36 + x, 40 + y),
					 wanted);
		}
	}
	close_side(&s);
}
END_TEST

/* All pixels of a part at column 4, row 2 are that of a plane of one grey or
 * three channels. */
static void same_pixels(const struct side *s, const uint8_t *pixel, int width,
			int height, int channels)
{
	for (int i = 0; i < width * height; i++) {
		const uint8_t *p = pixel + i * channels;
		int step = channels == 3;

		ck_assert_int_eq(pixels_at(s->pixels, 36 + i % width,
					   40 + i / width),
				 (long)p[0] << 16 | (long)p[step] << 8 |
				 p[2 * step]);
	}
}

/* What was made ready goes out as it is; but not where it is inverted. */
START_TEST(ready_is_what_is_sent)
{
	enum { WIDTH = 450, HEIGHT = 340 };
	int channels = _i & 2 ? 3 : 1, steps = 0;
	size_t bytes = (size_t)(WIDTH * HEIGHT * channels);
	struct picture_part part = { .source = { 0, 0, WIDTH, HEIGHT },
		.column = 4, .row = 2, .columns = 50, .rows = 17, .serial = 1,
		.place = PLACE_CORNERS, .inverted = _i & 1 };
	uint8_t *was = malloc(bytes), *grey = malloc(WIDTH * HEIGHT);
	struct ready ready = { 0 };
	struct side s;

	plane = make_plane(WIDTH, HEIGHT, channels);
	for (size_t i = 0; i < bytes; i++)
		plane->pixel[i] = (uint8_t)(i * 13 + i / 7);
	memcpy(was, plane->pixel, bytes);
	ink_grey(plane, grey);
	ck_assert(!ready_waits(&ready, true));
	ready_give(&ready, plane);
	for (; ready_waits(&ready, true); steps++)
		ready_more(&ready, true);
	ck_assert_int_eq(steps, channels == 3 ? 4 : 3);
	ck_assert(ready.sent && !memcmp(ready.grey, grey, WIDTH * HEIGHT));
	ck_assert(ready_take(&ready) == plane && !ready_waits(&ready, true));
	memset(plane->pixel, 0, bytes);
	part.plane = plane;
	part.png = &ready.text;
	open_side(&s, COLUMNS, ROWS);
	draw(KITTY, &part);
	send_frame(&s, KITTY);
	if (part.inverted)
		memset(was, 255, bytes);
	same_pixels(&s, was, WIDTH, HEIGHT, channels);
	close_side(&s);
	ready_done(&ready);
	free(was);
	free(grey);
}
END_TEST

/* Taken before it was whole: nothing of it is sent. */
START_TEST(half_ready_is_given_up)
{
	struct ready ready = { 0 };

	plane = make_plane(450, 340, 3);
	ready_give(&ready, plane);
	for (int i = 0; i < 3; i++)
		ready_more(&ready, true);
	ck_assert(ready.job && !ready.sent);
	ck_assert(ready_take(&ready) == plane);
	ck_assert(!ready.job && !ready.sent && ready.grey);
	ready_give(&ready, plane);
	ck_assert(ready_waits(&ready, true) && !ready_waits(&ready, false));
	ck_assert(ready_take(&ready) == plane);
	ready_done(&ready);
}
END_TEST

/* Under "filled" every pixel whose centre is masked is black, and no other. */
START_TEST(masks_are_black)
{
	struct region fill[] = { { 10, 10, 31, 33 }, { 100, 0, 200, 40 } };
	struct picture_part part = { .source = { 0, 0, 200, 100 },
		.columns = 47, .rows = 11, .serial = 1, .place = PLACE_ON,
		.fill = fill, .fill_count = 2 };
	struct side s;

	plane = make_plane(200, 100, 1);
	memset(plane->pixel, 255, 200 * 100);
	part.plane = plane;
	open_side(&s, COLUMNS, ROWS);
	draw(_i, &part);
	send_frame(&s, _i);
	for (int y = 0; y < 11 * CELL_HEIGHT; y++) {
		for (int x = 0; x < 47 * CELL_WIDTH; x++) {
			double u = (x + .5) * 200 / (47 * CELL_WIDTH);
			double v = (y + .5) * 100 / (11 * CELL_HEIGHT);
			bool in = false;

			for (int i = 0; i < 2; i++)
				in = in || (u >= fill[i].x0 &&
					    u < fill[i].x1 &&
					    v >= fill[i].y0 &&
					    v < fill[i].y1);
			ck_assert_int_eq(pixels_at(s.pixels, x, y),
					 in ? 0 : 0xffffff);
		}
	}
	close_side(&s);
}
END_TEST

static long ink_of(enum outline_kind kind)
{
	struct rgb c = outline_colour[kind];

	return (long)c.r << 16 | (long)c.g << 8 | c.b;
}

static bool near(long a, long b)
{
	for (int shift = 0; shift < 24; shift += 8) {
		long apart = (a >> shift & 255) - (b >> shift & 255);

		if (apart < -2 || apart > 2)    /* percents of sixels */
			return false;
	}
	return true;
}

/* Each kind has its own ink and its own shape around the box; what is in the
 * box is not touched, and in evidence nothing beside it but the corners. */
START_TEST(outlines_lie_around)
{
	enum outline_kind kind = (enum outline_kind)(_i / 4);
	int how = _i / 2 % 2, inked = 0;
	struct outline outline = { { 50, 40, 120, 70 }, kind, how ? 0 : 12,
				   false, '\0' };
	struct picture_part part = { .source = { 0, 0, 360, 200 },
		.columns = 40, .rows = 10, .serial = 1,
		.place = how ? PLACE_CORNERS : PLACE_ON, .outline = &outline,
		.outline_count = 1 };
	struct side s;

	plane = make_plane(360, 200, 1);
	memset(plane->pixel, 130, 360 * 200);
	part.plane = plane;
	open_side(&s, COLUMNS, ROWS);
	draw(_i % 2, &part);
	send_frame(&s, _i % 2);
	for (int y = 0; y < 200; y++) {
		for (int x = 0; x < 360; x++) {
			long is = pixels_at(s.pixels, x, y);
			bool ink = near(is, ink_of(kind));

			inked += ink;
			if (region_hit(outline.region, x, y))
				ck_assert_msg((is >> 16) > 120 &&
					      (is >> 16) < 140, "%d,%d: %06lx",
					      x, y, (unsigned long)is);
			if (how && ink) {
				/* the middle of each edge is open */
				ck_assert(x < 70 || x > 100);
				ck_assert(y < 52 || y > 58);
			}
		}
	}
	ck_assert_int_ge(inked, 40);
	close_side(&s);
}
END_TEST

/* Are the same outlines told apart without colour? */
START_TEST(outlines_differ_in_shape)
{
	uint8_t drawn[OUTLINE_KINDS][64 * 64];

	for (int i = 0; i < OUTLINE_KINDS; i++) {
		struct outline outline = { .kind = (enum outline_kind)i };
		struct stencil s = { drawn[i], 64, 0, 0, { 0, 0, 64, 64 }, 1,
				     2 };

		memset(drawn[i], 0, sizeof(drawn[i]));
		raster_outline(&s, (struct region){ 20, 20, 44, 44 }, &outline,
			       PLACE_ON, CELL_HEIGHT);
		for (int k = 0; k < i; k++)
			ck_assert_msg(memcmp(drawn[i], drawn[k],
					     sizeof(drawn[i])) != 0,
				      "%d as %d", i, k);
	}
}
END_TEST

/* What was missed is seen on any ground: its ink has dark on both sides. */
START_TEST(missed_on_any_ground)
{
	struct outline outline = { .kind = OUTLINE_MISSED };
	uint8_t row[64 * 64] = { 0 };
	struct stencil s = { row, 64, 0, 0, { 0, 0, 64, 64 }, 1, 2 };
	int inked = 0;

	raster_outline(&s, (struct region){ 20, 20, 44, 44 }, &outline,
		       PLACE_ON, CELL_HEIGHT);
	for (int x = 1; x < 63; x++) {
		const uint8_t *at = row + 32 * 64 + x;

		inked += at[0] == 1;
		ck_assert(at[0] != 1 || (at[-1] > 0 && at[1] > 0));
		ck_assert(x < 20 || x >= 44 || at[0] == 0);
	}
	ck_assert_int_ge(inked, 4);
}
END_TEST

/* A box at the edge of the picture has all its lines; corners of evidence are
 * never drawn on what the box holds. */
START_TEST(lines_at_the_edge)
{
	uint8_t drawn[64 * 64] = { 0 };
	struct outline outline = { .kind = (enum outline_kind)(_i / 2) };
	struct stencil s = { drawn, 64, 0, 0, { 0, 0, 64, 64 }, 1, 2 };
	struct region r = { 20, 20, 64, 64 };
	int right = 0, below = 0;

	raster_outline(&s, r, &outline, _i & 1 ? PLACE_CORNERS : PLACE_ON,
		       CELL_HEIGHT);
	for (int i = 20; i < 64; i++) {
		right += drawn[i * 64 + 63] == 1;
		below += drawn[63 * 64 + i] == 1;
	}
	ck_assert_int_eq(right > 0, !(_i & 1));
	ck_assert_int_eq(below > 0, !(_i & 1));
}
END_TEST

/* ---- what is sent ---- */

/* A sequence of scenes: each frame by its changes is each frame afresh. */
static unsigned long state;

static int random_below(int n)
{
	state = state * 6364136223846793005UL + 1442695040888963407UL;
	return (int)((state >> 33) % (unsigned)n);
}

static void draw_random_by(const struct look *look)
{
	struct outline outline[4];
	struct region fill[2];
	int parts = random_below(4);

	canvas_clear(&canvas);
	for (int i = 0; i < parts; i++) {
		int x = random_below(150), y = random_below(60);
		struct picture_part part = { .plane = plane, .serial = 1,
			.source = { x, y, x + 20 + random_below(40),
				    y + 10 + random_below(30) },
			.column = i * 20, .row = random_below(8),
			.columns = 5 + random_below(14),
			.rows = 1 + random_below(11),
			.place = (enum outline_place)random_below(3),
			.outline = outline,
			.outline_count = (size_t)random_below(5),
			.fill = fill, .fill_count = (size_t)random_below(3),
			.inverted = !random_below(4) };

		if (!random_below(3))
			part.levels = (struct levels){
				20, (uint8_t)(60 + random_below(190)) };
		for (int k = 0; k < 4; k++)
			outline[k] = (struct outline){
				region_from_box(x - 5 + random_below(50),
						y - 5 + random_below(40),
						1 + random_below(40),
						1 + random_below(20)),
				(enum outline_kind)random_below(OUTLINE_KINDS),
				random_below(3), random_below(2),
				random_below(2) ? '?' : '\0' };
		for (int k = 0; k < 2; k++)
			fill[k] = region_from_box(x + random_below(40),
						  y + random_below(30),
						  1 + random_below(30),
						  1 + random_below(9));
		picture_draw(look, &part, &canvas);
	}
	/* a question lies over the lowest rows now and then */
	if (!random_below(3))
		canvas_fill(&canvas, 0, ROWS - 4 - random_below(9), COLUMNS,
			    13, ' ', style_plain);
}

static void draw_random(int kind)
{
	struct look look = look_of(kind);

	draw_random_by(&look);
}

/* Text replaces the sixels of a cell; pixels.c draws no text. */
static bool is_seen(int x, int y)
{
	return canvas_at(&canvas, x / CELL_WIDTH, y / CELL_HEIGHT)->picture;
}

START_TEST(damage_is_full_redraw)
{
	int kind = _i;
	struct side a, b;

	state = 20240521;
	plane = make_plane(220, 110, 3);
	for (int i = 0; i < 220 * 110 * 3; i++)
		plane->pixel[i] = (uint8_t)(i * 7 + i / 660 * 3);
	open_side(&a, COLUMNS, ROWS);
	for (int step = 0; step < 30; step++) {
		draw_random(kind);
		send_frame(&a, kind);
		open_side(&b, COLUMNS, ROWS);
		send_frame(&b, kind);
		/* every third pixel, other ones in each step */
		for (int y = step % 3; y < ROWS * CELL_HEIGHT; y += 3)
			for (int x = step % 5 % 3; x < COLUMNS * CELL_WIDTH;
			     x += 3)
				if (kind == KITTY || is_seen(x, y))
					ck_assert_msg(pixels_at(a.pixels, x, y)
						      == pixels_at(b.pixels, x,
								   y),
						      "step %d: %d,%d", step,
						      x, y);
		/* the same again: nothing to send */
		send_frame(&a, kind);
		ck_assert_uint_eq(a.sent, 0);
		close_side(&b);
	}
	close_side(&a);
}
END_TEST

/* Of boxes that overlap one is selected, then another: they lie on each other
 * as when all are drawn afresh. */
START_TEST(outlines_keep_their_order)
{
	struct outline outline[3] = { 0 };
	struct picture_part part = { .source = { 0, 0, 200, 100 },
		.columns = 40, .rows = 12, .serial = 1, .place = PLACE_ON,
		.outline = outline, .outline_count = 3 };
	int kind = _i;
	struct side a, b;

	part.plane = plane = make_plane(200, 100, 1);
	for (int i = 0; i < 3; i++) {
		outline[i].region = region_from_box(30 + 20 * i, 20 + 10 * i,
						    60, 40);
		outline[i].number = i + 1;
	}
	open_side(&a, COLUMNS, ROWS);
	for (int step = 0; step < 9; step++) {
		outline[step % 3].kind = step % 2 ? OUTLINE_MASKED :
						    OUTLINE_SELECTED;
		canvas_clear(&canvas);
		draw(kind, &part);
		send_frame(&a, kind);
		open_side(&b, COLUMNS, ROWS);
		send_frame(&b, kind);
		for (int y = 0; y < ROWS * CELL_HEIGHT; y++)
			for (int x = 0; x < COLUMNS * CELL_WIDTH; x++)
				ck_assert_msg(pixels_at(a.pixels, x, y) ==
					      pixels_at(b.pixels, x, y),
					      "step %d: %d,%d", step, x, y);
		close_side(&b);
	}
	close_side(&a);
}
END_TEST

static VTerm *make_screen(void)
{
	VTerm *v = vterm_new(ROWS, COLUMNS);

	ck_assert_ptr_nonnull(v);
	vterm_set_utf8(v, 1);
	vterm_screen_reset(vterm_obtain_screen(v), 1);
	return v;
}

static bool same_cell(VTerm *a, VTerm *b, int column, int row)
{
	VTermPos at = { row, column };
	VTermScreenCell x, y;

	vterm_screen_get_cell(vterm_obtain_screen(a), at, &x);
	vterm_screen_get_cell(vterm_obtain_screen(b), at, &y);
	/* a blank shows no ink */
	return (x.chars[0] ? x.chars[0] : ' ') ==
	       (y.chars[0] ? y.chars[0] : ' ') &&
	       vterm_color_is_equal(&x.bg, &y.bg) &&
	       x.attrs.reverse == y.attrs.reverse &&
	       (x.chars[0] == ' ' || !x.chars[0] ||
		vterm_color_is_equal(&x.fg, &y.fg));
}

/* The same for characters, in every mode and number of colours. */
START_TEST(damage_of_characters)
{
	struct look look = {
		.mode = (enum picture_mode)(PICTURE_SEXTANT + _i /
					    COLOURS_COUNT),
		.colours = (enum colours)(_i % COLOURS_COUNT) };
	VTerm *a = make_screen();
	struct canvas before;
	struct error err;
	bool known = false;

	state = 7;
	plane = make_plane(220, 110, 3);
	for (int i = 0; i < 220 * 110 * 3; i++)
		plane->pixel[i] = (uint8_t)(i * 7 + i / 660 * 3);
	ck_assert(canvas_init(&before, COLUMNS, ROWS, CHARSET_UNICODE, &err));
	canvas.scene = NULL;
	for (int step = 0; step < 20; step++) {
		struct buffer out = { 0 }, all = { 0 };
		VTerm *b = make_screen();

		draw_random_by(&look);
		picture_emit(&look, &canvas, known ? &before : NULL, &out);
		picture_emit(&look, &canvas, NULL, &all);
		vterm_input_write(a, out.data, out.length);
		vterm_input_write(b, all.data, all.length);
		for (int i = 0; i < COLUMNS * ROWS; i++)
			if (canvas.cell[i].picture)
				ck_assert_msg(same_cell(a, b, i % COLUMNS,
							i / COLUMNS),
					      "step %d: %d,%d", step,
					      i % COLUMNS, i / COLUMNS);
		memcpy(before.cell, canvas.cell, COLUMNS * ROWS *
		       sizeof(*canvas.cell));
		known = true;
		buffer_done(&out);
		buffer_done(&all);
		vterm_free(b);
	}
	canvas_done(&before);
	vterm_free(a);
}
END_TEST

/* Where chrome lies over a part, no image covers it. */
START_TEST(questions_are_not_covered)
{
	struct picture_part part = { .source = { 0, 0, 200, 100 },
		.columns = 40, .rows = 15, .serial = 1, .place = PLACE_ON };
	struct side s;

	plane = make_plane(200, 100, 1);
	part.plane = plane;
	open_side(&s, COLUMNS, ROWS);
	draw(KITTY, &part);
	canvas_text(&canvas, 0, 11, 40, style_plain, "a question?");
	send_frame(&s, KITTY);
	for (int y = 0; y < ROWS * CELL_HEIGHT; y++)
		ck_assert_msg((pixels_at(s.pixels, 30, y) != PIXELS_NONE) ==
			      (y < 11 * CELL_HEIGHT), "row %d", y);
	close_side(&s);
}
END_TEST

/* xterm draws nothing of what is larger than 800 x 680 pixels. */
START_TEST(tiles_are_small_enough)
{
	struct picture_part part = { .source = { 0, 0, 300, 200 },
		.columns = 300, .rows = 96, .serial = 1, .place = PLACE_ON };
	struct side s;
	struct error err;
	int width, height;

	canvas_done(&canvas);
	ck_assert(canvas_init(&canvas, 300, 100, CHARSET_UNICODE, &err));
	canvas.scene = &scene;
	plane = make_plane(300, 200, 1);
	for (int i = 0; i < 300 * 200; i++)
		plane->pixel[i] = (uint8_t)(i / 300 + i % 300);
	part.plane = plane;
	open_side(&s, 300, 100);
	draw(SIXELS, &part);
	send_frame(&s, SIXELS);
	pixels_largest(s.pixels, &width, &height);
	ck_assert_int_le(width, 800);
	ck_assert_int_le(height, 680);
	ck_assert_int_le(height, 24 * CELL_HEIGHT);
	ck_assert_int_eq(width % CELL_WIDTH, 0);
	ck_assert_int_eq(height % CELL_HEIGHT, 0);
	for (int y = 0; y < 96 * CELL_HEIGHT; y += 7)
		for (int x = 0; x < 300 * CELL_WIDTH; x += 7)
			ck_assert_int_ge(pixels_at(s.pixels, x, y), 0);
	close_side(&s);
}
END_TEST

/* A terminal with 16 registers gets no more colours in an image. */
START_TEST(few_registers)
{
	uint8_t pixel[100 * 20];
	const struct sixel_limits limits = { 16, 800, 680, 0 };
	struct picture_part part = { .source = { 0, 0, 256, 8 },
		.columns = 40, .rows = 4, .serial = 1, .place = PLACE_ON };
	struct look look = look_of(SIXELS);
	struct sixel *sixel = sixel_new(&limits);
	struct buffer out = { 0 };

	memset(pixel, 0, sizeof(pixel));
	plane = make_plane(256, 8, 3);
	for (int i = 0; i < 256 * 8 * 3; i++)
		plane->pixel[i] = (uint8_t)(i * 5);
	part.plane = plane;
	draw(SIXELS, &part);
	ck_assert_int_gt(sixel_compose(sixel, &look, &scene, &canvas, NULL),
			 0);
	sixel_emit(sixel, &out);
	ck_assert_ptr_nonnull(strstr(out.data, "#3;2;"));
	ck_assert_ptr_null(strstr(out.data, "#16;2;"));
	buffer_done(&out);
	sixel_free(sixel);
}
END_TEST

/* Are all of the cells of the picture among the last images, and so drawn anew
 * when the terminal was covered? */
static bool all_is_kept(const struct side *s)
{
	for (int y = 0; y < canvas.rows; y++)
		for (int x = 0; x < canvas.columns; x++)
			if (canvas_at(&canvas, x, y)->picture &&
			    pixels_sixels(s->pixels) -
			    pixels_sixel_at(s->pixels, x * CELL_WIDTH,
					    y * CELL_HEIGHT) >= images_kept)
				return false;
	return true;
}

/* xterm keeps 16 images: what it shows is in the last 16, pixel for pixel. */
START_TEST(few_images)
{
	enum { CROPS = 30 };
	struct picture_part part = { .columns = 7, .rows = 3, .serial = 1,
				     .place = PLACE_CORNERS };
	struct error err;
	struct side s;

	canvas_done(&canvas);
	ck_assert(canvas_init(&canvas, 100, 40, CHARSET_UNICODE, &err));
	canvas.scene = &scene;
	plane = make_plane(256, 256, 1);
	for (int i = 0; i < 256 * 256; i++)
		plane->pixel[i] = (uint8_t)(i * 7);
	part.plane = plane;
	images_kept = 16;
	open_side(&s, 100, 40);
	for (int frame = 0; frame < 40; frame++) {
		canvas_clear(&canvas);
		for (int i = 0; i < CROPS; i++) {
			int from = (i * 8 + (i == frame ? 1 : 0)) % 200;

			part.source = (struct region){ from, from, from + 56,
						       from + 51 };
			part.column = i % 10 * 9 + 1;
			part.row = i / 10 * 5 + 1 + frame / 20;
			draw(SIXELS, &part);
		}
		send_frame(&s, SIXELS);
		ck_assert_msg(all_is_kept(&s), "frame %d", frame);
		ck_assert_int_lt(pixels_at(s.pixels, 8 * CELL_WIDTH + 1,
					   CELL_HEIGHT + 1), 0);
	}
	ck_assert_int_le(pixels_sixels(s.pixels), 40 * 3);
	close_side(&s);
}
END_TEST

/* ---- figures (notes: a box move <= 3 KB, zoom by kitty <= 4 KB) ---- */

static void make_body(void)
{
	unsigned noise = 1;

	plane = make_plane(1024, 1024, 1);
	for (int y = 0; y < 1024; y++) {
		for (int x = 0; x < 1024; x++) {
			long from = (long)(x - 512) * (x - 512) +
				    (long)(y - 512) * (y - 512);

			noise = noise * 1103515245u + 12345u;
			plane->pixel[y * 1024 + x] =
				(uint8_t)(from > 400L * 400 ? 0 :
					  80 + x / 16 + (int)(noise >> 16) % 9);
		}
	}
}

START_TEST(bytes_of_a_key)
{
	struct outline outline = { { 300, 200, 420, 230 }, OUTLINE_EDITED, 1,
				   false, '\0' };
	struct picture_part part = { .source = { 0, 0, 1024, 1024 },
		.columns = 120, .rows = 55, .serial = 1, .place = PLACE_ON,
		.outline = &outline, .outline_count = 1 };
	struct error err;
	struct side s;

	canvas_done(&canvas);
	ck_assert(canvas_init(&canvas, 200, 60, CHARSET_UNICODE, &err));
	canvas.scene = &scene;
	make_body();
	part.plane = plane;
	open_side(&s, 200, 60);
	draw(_i, &part);
	send_frame(&s, _i);
	for (int i = 0; i < 10; i++) {
		outline.region = region_move(outline.region, 8, 0);
		canvas_clear(&canvas);
		draw(_i, &part);
		send_frame(&s, _i);
		ck_assert_uint_gt(s.sent, 0);
		ck_assert_msg(s.sent <= (_i == KITTY ? 600 : 3072),
			      "%zu bytes for a box move", s.sent);
	}
	part.source = (struct region){ 256, 256, 768, 768 };
	canvas_clear(&canvas);
	draw(_i, &part);
	send_frame(&s, _i);
	if (_i == KITTY)
		ck_assert_uint_le(s.sent, 4096);
	close_side(&s);
}
END_TEST

/* Where images may lie over one another only the pixels that differ are sent:
 * noise around the edge of a box costs nothing. */
START_TEST(bytes_of_a_move_over_noise)
{
	struct outline outline = { { 300, 200, 420, 230 }, OUTLINE_EDITED, 1,
				   false, '\0' };
	struct picture_part part = { .source = { 0, 0, 1024, 1024 },
		.columns = 80, .rows = 30, .serial = 1, .place = PLACE_ON,
		.outline = &outline, .outline_count = 1 };
	unsigned noise = 1;
	struct error err;
	struct side s;

	canvas_done(&canvas);
	ck_assert(canvas_init(&canvas, 80, 30, CHARSET_UNICODE, &err));
	canvas.scene = &scene;
	plane = make_plane(1024, 1024, 1);
	for (int i = 0; i < 1024 * 1024; i++) {
		noise = noise * 1103515245u + 12345u;
		plane->pixel[i] = (uint8_t)(noise >> 16);
	}
	part.plane = plane;
	images_kept = 16;
	open_side(&s, 80, 30);
	draw(SIXELS, &part);
	send_frame(&s, SIXELS);
	for (int i = 0; i < 10; i++) {
		outline.region = region_move(outline.region, 8, 0);
		canvas_clear(&canvas);
		draw(SIXELS, &part);
		send_frame(&s, SIXELS);
		ck_assert_msg(s.sent > 0 && s.sent <= 3072,
			      "%zu bytes for a box move", s.sent);
	}
	close_side(&s);
}
END_TEST

/* Bytes of a raster of 12 columns, one line of pixels a row; the palette, which
 * goes before them, aside. */
static const struct {
	const char *rows[7];            /* a letter a colour, ' ': left out */
	const char *wanted;
} rasters[] = {
	/* the pen keeps its colour to the next band */
	{ { "aaaaaaaaaaaa", "aaaaaaaaaaaa", "aaaaaaaaaaaa", "aaaaaaaaaaaa",
	    "aaaaaaaaaaaa", "aaaaaaaaaaaa", "aaaaaaaaaaaa" },
	  "#0!12~-!12@-" },
	/* and to the next line: it begins with that */
	{ { "aaaaaaaaaaaa", "bbbbbbbbbbbb", "aaaaaaaaaaaa", "bbbbbbbbbbbb",
	    "aaaaaaaaaaaa", "bbbbbbbbbbbb", "aaaaaabbbbbb" },
	  "#0!12T$#1!12i-!6?!6@$#0!6@-" },
	/* a patch: a colour is left and taken up again, not counted across */
	{ { "aaabbbaaabbb", "            ", "            ", "            ",
	    "            ", "            ", "            " },
	  "#0@@@#1@@@#0@@@#1@@@--" },
	/* one that is shorter in one go each */
	{ { "aa        aa", "bb        bb", "            ", "            ",
	    "            ", "            ", "            " },
	  "#0@@!8?@@$#1AA!8?AA--" },
};

START_TEST(few_bytes_of_a_band)
{
	uint8_t pixel[7][12];
	struct buffer out = { 0 };
	const char *bytes;

	for (int y = 0; y < 7; y++)
		for (int x = 0; x < 12; x++)
			pixel[y][x] = rasters[_i].rows[y][x] == ' ' ?
				      RASTER_NONE :
				      (uint8_t)(rasters[_i].rows[y][x] - 'a');
	sixel_encode(pixel[0], 12, 12, 7, &out);
	ck_assert(!out.failed);
	ck_assert_uint_eq(out.length, strlen(out.data));
	bytes = strrchr(out.data, ';');
	bytes += strcspn(bytes, "#");
	ck_assert_int_eq(strncmp(bytes, rasters[_i].wanted,
				 strlen(rasters[_i].wanted)), 0);
	ck_assert_str_eq(bytes + strlen(rasters[_i].wanted), "\033\\");
	buffer_done(&out);
}
END_TEST

/* ---- what stays behind ---- */

START_TEST(nothing_stays_in_kitty)
{
	struct outline outline = { { 10, 10, 50, 40 }, OUTLINE_MASKED, 1,
				   false, '\0' };
	struct region fill = outline.region;
	struct picture_part part = { .source = { 0, 0, 200, 100 },
		.columns = 40, .rows = 10, .serial = 1, .outline = &outline,
		.outline_count = 1, .fill = &fill, .fill_count = 1 };
	struct side s;

	plane = make_plane(200, 100, 1);
	part.plane = plane;
	open_side(&s, COLUMNS, ROWS);
	draw(KITTY, &part);
	send_frame(&s, KITTY);
	ck_assert_int_eq(pixels_images(s.pixels), 3);
	/* another picture: the data of the one before is gone */
	for (part.serial = 2; part.serial < 6; part.serial++) {
		canvas_clear(&canvas);
		draw(KITTY, &part);
		send_frame(&s, KITTY);
		ck_assert_int_eq(pixels_images(s.pixels), 3);
	}
	/* the worklist: all of it is */
	canvas_clear(&canvas);
	send_frame(&s, KITTY);
	ck_assert_int_eq(pixels_images(s.pixels), 0);
	ck_assert_int_eq(pixels_placements(s.pixels), 0);
	/* shot in the middle of it: the string that is kept for that */
	draw(KITTY, &part);
	send_frame(&s, KITTY);
	pixels_feed(s.pixels, kitty_scrub, strlen(kitty_scrub));
	ck_assert_int_eq(pixels_images(s.pixels), 0);
	ck_assert_int_eq(pixels_placements(s.pixels), 0);
	close_side(&s);
}
END_TEST

/* The last image that a terminal may keep shows nothing. */
START_TEST(scrub_is_blank)
{
	struct pixels *p = pixels_new(20, 2, 8, 16);
	int width, height;

	pixels_feed(p, "\033[1;1H", 6);
	pixels_feed(p, sixel_scrub, strlen(sixel_scrub));
	ck_assert_msg(!pixels_fault(p), "%s", pixels_fault(p));
	ck_assert_int_eq(pixels_sixels(p), 1);
	pixels_last(p, &width, &height);
	ck_assert_int_eq(width, 64);
	ck_assert_int_eq(height, 6);
	for (int x = 0; x < 64; x++)
		ck_assert_int_eq(pixels_at(p, x, 5), 0);
	pixels_free(p);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("graphics");
	TCase *tcase = tcase_create("graphics");

	setlocale(LC_ALL, "C.UTF-8");
	tcase_add_checked_fixture(tcase, start, stop);
	add_rows_test(tcase, scaled_by_area, scales);
	add_rows_test(tcase, sixels_show_the_picture, looks);
	tcase_add_loop_test(tcase, kitty_gets_the_plane, 0, 4);
	tcase_add_loop_test(tcase, ready_is_what_is_sent, 0, 4);
	tcase_add_test(tcase, half_ready_is_given_up);
	tcase_add_loop_test(tcase, masks_are_black, 0, WAYS);
	tcase_add_loop_test(tcase, outlines_lie_around, 0, 4 * OUTLINE_KINDS);
	tcase_add_test(tcase, outlines_differ_in_shape);
	tcase_add_test(tcase, missed_on_any_ground);
	tcase_add_loop_test(tcase, lines_at_the_edge, 0,
			    2 * OUTLINE_KINDS);
	tcase_add_loop_test(tcase, damage_is_full_redraw, 0, WAYS);
	tcase_add_loop_test(tcase, outlines_keep_their_order, 0, WAYS);
	tcase_add_loop_test(tcase, damage_of_characters, 0,
			    (PICTURE_MODES - PICTURE_SEXTANT) *
			    COLOURS_COUNT);
	tcase_add_test(tcase, questions_are_not_covered);
	tcase_add_test(tcase, tiles_are_small_enough);
	tcase_add_test(tcase, few_registers);
	tcase_add_test(tcase, few_images);
	tcase_add_loop_test(tcase, bytes_of_a_key, 0, WAYS);
	tcase_add_test(tcase, bytes_of_a_move_over_noise);
	add_rows_test(tcase, few_bytes_of_a_band, rasters);
	tcase_add_test(tcase, nothing_stays_in_kitty);
	tcase_add_test(tcase, scrub_is_blank);
	suite_add_tcase(suite, tcase);
	return support_run(suite);
}

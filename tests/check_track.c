/* check_track.c - lines followed through frames: what is read how often. */
#include "config.h"

#include "ocr/track.h"

#include <stdlib.h>
#include <string.h>

#include "tests/glyphs.h"
#include "tests/support.h"

enum { COLUMNS = 300, ROWS = 120, FRAMES = 10 };

/* Text that stands in frames [from, to] at (x, y). */
struct shown {
	const char *text;
	int x, y, from, to;
};

static const struct {
	int noise;                      /* levels that a coder changes */
	int tolerance;
	struct shown shown[3];
	int reads;
	int tracks;                     /* of boxes, each a run of frames */
} cases[] = {
	/* stays: read once */
	{ 0, 8, { { "YAMADA", 10, 10, 0, 9 } }, 1, 1 },
	{ 20, 40, { { "YAMADA", 10, 10, 0, 9 } }, 1, 1 },
	/* one frame of many */
	{ 0, 8, { { "YAMADA", 10, 10, 0, 9 }, { "SUZUKI", 150, 80, 5, 5 } },
	  2, 2 },
	/* a text changes to another at one place */
	{ 0, 8, { { "SUZUKI", 10, 10, 0, 3 }, { "YAMADA", 10, 10, 4, 9 } },
	  2, 2 },
	/* one digit changes */
	{ 0, 8, { { "12345678", 10, 10, 0, 3 },
		  { "12345878", 10, 10, 4, 9 } }, 2, 2 },
	{ 9, 40, { { "12345678", 10, 10, 0, 3 },
		    { "12345878", 10, 10, 4, 9 } }, 2, 2 },
	/* comes back: two boxes, read once */
	{ 0, 8, { { "YAMADA", 10, 10, 0, 2 }, { "YAMADA", 10, 10, 6, 9 } },
	  1, 2 },
};

static void draw(struct canvas8 *c, int i, int frame)
{
	unsigned random = (unsigned)frame * 7919u + 1;

	memset(c->grey, 40, (size_t)COLUMNS * ROWS);
	for (int k = 0; k < 3 && cases[i].shown[k].text; k++) {
		const struct shown *s = &cases[i].shown[k];

		if (frame >= s->from && frame <= s->to)
			glyphs_draw(c, s->x, s->y, 2, 220, 0, s->text);
	}
	for (int p = 0; p < COLUMNS * ROWS && cases[i].noise; p++) {
		random = random * 1103515245u + 12345u;
		c->grey[p] = (uint8_t)(c->grey[p] +
				       (random >> 16) %
					       (unsigned)cases[i].noise);
	}
}

/* What was read how often, and what is over. */
struct seen {
	int reads, waits;               /* waits: of each new one */
	struct track over[20];
	size_t count;
};

static bool count_read(void *self, const struct views *views,
		       struct track *track, struct error *err)
{
	struct seen *s = self;

	(void)views;
	(void)err;
	track->waits = s->waits && !track->waits;
	s->reads += !track->waits;
	track->read = !track->waits;
	return true;
}

static bool take_over(void *self, const struct track *track, struct error *err)
{
	struct seen *s = self;

	(void)err;
	ck_assert_uint_lt(s->count, 20);
	ck_assert_ptr_null(track->pixels);
	s->over[s->count++] = *track;
	return true;
}

/* What the row shows in frame `shown`, as a frame for the tracker. */
static void add_shown(struct tracker *t, int row, int shown, int frame)
{
	struct canvas8 c = { malloc((size_t)COLUMNS * ROWS), COLUMNS, ROWS };
	struct line_list lines = { 0 };
	struct error err = { 0 };
	struct views views;
	struct grey_plane p;
	size_t sure = 0;

	ck_assert_ptr_nonnull(c.grey);
	draw(&c, row, shown);
	views_take(&views, c.grey, COLUMNS, ROWS);
	p = views_plane(&views, 0);
	ck_assert(lines_find(&p, LINES_ACROSS, NULL, &lines, &err));
	while (sure < lines.count && lines.line[sure].score > 3)
		sure++;
	lines.count = sure;
	ck_assert(tracker_add(t, &views, frame, &lines, &err));
	line_list_done(&lines);
	views_done(&views);
}

static void add_frame(struct tracker *t, int row, int frame)
{
	add_shown(t, row, frame, frame);
}

START_TEST(follows)
{
	struct track_list list = { 0 };
	struct error err = { 0 };
	struct seen seen = { 0 };
	struct tracker t = { .list = &list, .read = count_read,
			     .over = take_over, .self = &seen,
			     .tolerance = cases[_i].tolerance };

	for (int frame = 0; frame < FRAMES; frame++)
		add_frame(&t, _i, frame);
	ck_assert_int_eq(seen.reads, cases[_i].reads);
	ck_assert_uint_eq(list.count, (size_t)cases[_i].tracks);
	ck_assert(tracker_end(&t, &err));
	ck_assert_uint_eq(list.count, 0);
	ck_assert_uint_eq(seen.count, (size_t)cases[_i].tracks);
	for (int k = 0; k < cases[_i].tracks; k++) {
		const struct shown *s = &cases[_i].shown[k];

		ck_assert_int_eq(seen.over[k].frame0, s->from);
		ck_assert_int_eq(seen.over[k].frame1, s->to);
		ck_assert(region_hit(seen.over[k].line.box, s->x + 5,
				     s->y + 5));
	}
	track_list_done(&list);
}
END_TEST

/* What waits is read in the next frame that shows it, or never. */
START_TEST(waits)
{
	struct track_list list = { 0 };
	struct seen seen = { .waits = 1 };
	struct tracker t = { .list = &list, .read = count_read,
			     .over = take_over, .self = &seen,
			     .tolerance = 8 };

	for (int frame = 0; frame < FRAMES; frame++)
		add_frame(&t, 2, frame);
	/* YAMADA stands in ten frames, SUZUKI in one */
	ck_assert_int_eq(seen.reads, 1);
	ck_assert_uint_eq(list.count, 2);
	ck_assert(list.track[0]->read && !list.track[1]->read);
	track_list_done(&list);
}
END_TEST

/* A long cine keeps no more than the last frames' tracks. */
START_TEST(forgets)
{
	struct track_list list = { 0 };
	struct error err = { 0 };
	struct seen seen = { 0 };
	struct tracker t = { .list = &list, .read = count_read,
			     .over = take_over, .self = &seen,
			     .tolerance = 8 };

	for (int frame = 0; frame < FRAMES; frame++)
		add_frame(&t, 2, frame);
	ck_assert_uint_eq(list.count, 2);
	for (int frame = FRAMES; frame <= 5 + TRACK_MEMORY; frame++)
		add_shown(&t, 0, 0, frame);
	ck_assert_uint_eq(seen.count, 0);
	add_shown(&t, 0, 0, 6 + TRACK_MEMORY);
	ck_assert_uint_eq(list.count, 1);
	ck_assert_uint_eq(seen.count, 1);
	ck_assert_int_eq(seen.over[0].frame0, 5);
	ck_assert(tracker_end(&t, &err));
	track_list_done(&list);
}
END_TEST

START_TEST(repeats)
{
	struct track_list list = { 0 };
	struct error err = { 0 };
	struct seen seen = { 0 };
	struct tracker t = { .list = &list, .read = count_read,
			     .over = take_over, .self = &seen,
			     .tolerance = 8 };
	struct views none = { 0 };

	add_frame(&t, 0, 0);
	ck_assert(tracker_repeat(&t, &none, 1, &err));
	ck_assert(tracker_repeat(&t, &none, 2, &err));
	ck_assert_uint_eq(list.count, 1);
	ck_assert_int_eq(list.track[0]->frame1, 2);
	ck_assert(tracker_repeat(&t, &none, 4, &err));  /* a gap ends it */
	ck_assert_int_eq(list.track[0]->frame1, 2);
	track_list_done(&list);
}
END_TEST

/* Faint letters of one name give way to another's: not the same line. */
START_TEST(faint_change)
{
	struct track_list list = { 0 };
	struct error err = { 0 };
	struct seen seen = { 0 };
	struct tracker t = { .list = &list, .read = count_read,
			     .over = take_over, .self = &seen,
			     .tolerance = 40 };

	for (int frame = 0; frame < 2; frame++) {
		struct canvas8 c = { malloc((size_t)COLUMNS * ROWS), COLUMNS,
				     ROWS };
		struct line_list lines = { 0 };
		struct views views;
		struct grey_plane p;

		ck_assert_ptr_nonnull(c.grey);
		memset(c.grey, 40, (size_t)COLUMNS * ROWS);
		glyphs_draw(&c, 10, 10, 2, 75, 0, frame ? "TANAKA" :
			    "YAMADA");
		views_take(&views, c.grey, COLUMNS, ROWS);
		p = views_plane(&views, 0);
		ck_assert(lines_find(&p, LINES_ACROSS, NULL, &lines, &err));
		ck_assert_uint_ge(lines.count, 1);
		lines.count = 1;
		ck_assert(tracker_add(&t, &views, frame, &lines, &err));
		line_list_done(&lines);
		views_done(&views);
	}
	ck_assert_int_eq(seen.reads, 2);
	track_list_done(&list);
}
END_TEST

/* 16-bit planes: a value apart, a peak, or nothing. */
static const struct {
	enum sample_type type;
	int burned;                     /* value of the letters */
	bool any;
} planes[] = {
	{ SAMPLE_S16, 32767, true },    /* far above the anatomy */
	{ SAMPLE_S16, -2000, true },    /* below it */
	{ SAMPLE_U16, 300, true },      /* a value of the anatomy: a peak */
	{ SAMPLE_U16, -1, false },      /* no letters */
};

START_TEST(text_plane)
{
	struct error err = { 0 };
	struct frame *f = frame_new(COLUMNS, ROWS, planes[_i].type, 1, &err);
	struct canvas8 c = { calloc(ROWS, COLUMNS), COLUMNS, ROWS };
	static uint8_t plane[ROWS * COLUMNS];
	unsigned random = 99;
	uint16_t *v;
	bool any;

	ck_assert(f && c.grey);
	v = f->sample;
	if (planes[_i].burned != -1)
		glyphs_draw(&c, 20, 20, 2, 255, 0, "DAVIDSON DOUGLAS");
	for (int i = 0; i < ROWS * COLUMNS; i++) {
		random = random * 1103515245u + 12345u;
		v[i] = (uint16_t)(c.grey[i] ? planes[_i].burned :
					      (int)(100 + (random >> 16) %
							  900));
	}
	ck_assert(views_text_plane(f, plane, &any, &err));
	ck_assert(any == planes[_i].any);
	for (int i = 0; any && i < ROWS * COLUMNS; i++)
		if (c.grey[i])
			ck_assert_int_eq(plane[i], 255);
	free(c.grey);
	frame_free(f);
}
END_TEST

/*
 * A ground of few values with a little noise, as outside of a breast: those at
 * the foot of its hump are many, too, but no letters.
 */
START_TEST(slopes_are_no_letters)
{
	static const int share[] = { 60, 180, 420, 250, 50, 12, 6 };
	struct error err = { 0 };
	struct frame *f = frame_new(COLUMNS, ROWS, SAMPLE_U16, 1, &err);
	struct canvas8 c = { calloc(ROWS, COLUMNS), COLUMNS, ROWS };
	static uint8_t plane[ROWS * COLUMNS];
	unsigned random = 7;
	uint16_t *v;
	int wrong = 0;
	bool any;

	ck_assert(f && c.grey);
	v = f->sample;
	glyphs_draw(&c, 20, 20, 2, 255, 0, "DAVIDSON DOUGLAS");
	for (int i = 0; i < ROWS * COLUMNS; i++) {
		int draw, k = 0;

		random = random * 1103515245u + 12345u;
		draw = (int)((random >> 16) % 1000);
		while (k < (int)ARRAY_LENGTH(share) && draw >= share[k])
			draw -= share[k++];
		v[i] = (uint16_t)(c.grey[i] ? 4095 :
				  k < (int)ARRAY_LENGTH(share) ? 10 * k :
				  100 + 10 * draw);
	}
	ck_assert(views_text_plane(f, plane, &any, &err));
	ck_assert(any);
	for (int i = 0; i < ROWS * COLUMNS; i++) {
		if (c.grey[i])
			ck_assert_int_eq(plane[i], 255);
		else
			wrong += plane[i] != 0;
	}
	ck_assert_int_eq(wrong, 0);
	free(c.grey);
	frame_free(f);
}
END_TEST

/*
 * Values that many pixels have at random, as noise that is cut off at black,
 * are no letters; those of letters one pixel wide are.
 */
START_TEST(grain_is_no_letters)
{
	struct error err = { 0 };
	struct frame *f = frame_new(COLUMNS, ROWS, SAMPLE_U16, 1, &err);
	struct canvas8 c = { calloc(ROWS, COLUMNS), COLUMNS, ROWS };
	static uint8_t plane[ROWS * COLUMNS];
	unsigned random = 31;
	uint16_t *v;
	int wrong = 0, found = 0, all = 0;
	bool any;

	ck_assert(f && c.grey);
	v = f->sample;
	if (_i)
		glyphs_draw(&c, 20, 20, 1, 255, 0, "DAVIDSON DOUGLAS 1/2-7:0");
	for (int i = 0; i < ROWS * COLUMNS; i++) {
		random = random * 1103515245u + 12345u;
		v[i] = (uint16_t)(c.grey[i] ? 4095 :
				  (random >> 16) % 40 == 0 ? 0 :
				  100 + (random >> 16) % 800);
	}
	ck_assert(views_text_plane(f, plane, &any, &err));
	ck_assert(any == (_i == 1));
	for (int i = 0; any && i < ROWS * COLUMNS; i++) {
		wrong += plane[i] && !c.grey[i];
		found += plane[i] && c.grey[i];
		all += c.grey[i] != 0;
	}
	ck_assert_int_eq(wrong, 0);
	ck_assert_int_eq(found, all);
	free(c.grey);
	frame_free(f);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("track");
	TCase *tcase = tcase_create("track");

	tcase_set_timeout(tcase, 60);   /* 70 frames, with sanitizers */
	add_rows_test(tcase, follows, cases);
	tcase_add_test(tcase, waits);
	tcase_add_test(tcase, forgets);
	tcase_add_test(tcase, repeats);
	tcase_add_test(tcase, faint_change);
	add_rows_test(tcase, text_plane, planes);
	tcase_add_test(tcase, slopes_are_no_letters);
	tcase_add_loop_test(tcase, grain_is_no_letters, 0, 2);
	suite_add_tcase(suite, tcase);
	return support_run(suite);
}

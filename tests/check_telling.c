/* check_telling.c - each pass over many lines tells of itself as it goes. */
#include "config.h"

#include "ocr/telling.h"

#include <stdlib.h>
#include <string.h>

#include "ocr/cleared.h"
#include "ocr/complete.h"
#include "ocr/context.h"
#include "ocr/gather.h"
#include "ocr/held.h"
#include "ocr/track.h"
#include "tests/support.h"

enum { COLUMNS = 400, ROWS = 300, LINES = 60, HIGH = 12, STEP = 24 };

/* What is looked through: lines on an empty ground, and boxes over them. */
struct many {
	struct views views;
	struct line_list lines;
	struct box_list boxes;
	struct track_list tracks;
	struct telling telling;
	long words;
};

static void count_word(const void *self)
{
	(*(long *)(uintptr_t)self)++;
}

static struct region place_of(int i)
{
	int x = i % 6 * 60 + 8, y = i / 6 * STEP + 8;

	return (struct region){ x, y, x + 40, y + HIGH };
}

static void make_many(struct many *m)
{
	uint8_t *grey = calloc(ROWS, COLUMNS);

	*m = (struct many){ .telling = { count_word, &m->words } };
	ck_assert_ptr_nonnull(grey);
	views_take(&m->views, grey, COLUMNS, ROWS);
	m->lines.line = mem_array(LINES, sizeof(*m->lines.line));
	m->lines.count = m->lines.capacity = LINES;
	ck_assert_ptr_nonnull(m->lines.line);
	for (int i = 0; i < LINES; i++) {
		struct box b = { .region = place_of(i), .tier = TIER_BOX,
				 .kind = KIND_UNREADABLE,
				 .source = SOURCE_INK, .why = "ink" };

		m->lines.line[i] = (struct line){ .box = place_of(i),
						  .score = 5, .marks = 4 };
		ck_assert(box_list_add(&m->boxes, &b));
	}
}

static bool leave_unread(void *self, const struct views *views,
			 struct track *track, struct error *err)
{
	(void)self;
	(void)views;
	(void)track;
	(void)err;
	return true;
}

static bool forget(void *self, const struct track *track, struct error *err)
{
	(void)self;
	(void)track;
	(void)err;
	return true;
}

static struct tracker tracker_of(struct many *m)
{
	return (struct tracker){ .list = &m->tracks, .read = leave_unread,
				 .over = forget, .telling = &m->telling };
}

static void complete(struct many *m)
{
	struct grey_plane p = views_plane(&m->views, 0);
	struct error err = { 0 };

	ck_assert(lines_complete(&p, 0, 0, &m->lines, NULL, &m->telling,
				 &err));
}

static void cut(struct many *m)
{
	struct error err = { 0 };

	ck_assert(held_cut(&m->views, &m->lines, &m->telling, &err));
}

static void add(struct many *m)
{
	struct tracker t = tracker_of(m);
	struct error err = { 0 };

	ck_assert(tracker_add(&t, &m->views, 0, &m->lines, &err));
}

static void repeat(struct many *m)
{
	struct tracker t = tracker_of(m);
	struct error err = { 0 };

	add(m);
	m->words = 0;
	ck_assert(tracker_repeat(&t, &m->views, 1, &err));
}

static void end(struct many *m)
{
	struct tracker t = tracker_of(m);
	struct error err = { 0 };

	add(m);
	m->words = 0;
	ck_assert(tracker_end(&t, &err));
}

static void clear(struct many *m)
{
	add(m);
	m->words = 0;
	context_clear(&m->tracks, false, true, &m->telling);
}

static void gather_down(struct many *m)
{
	gather_columns(&m->boxes, &m->telling);
}

static void gather_across(struct many *m)
{
	gather_rows(&m->boxes, &m->telling);
}

static void gather_whole(struct many *m)
{
	gather_parts(&m->boxes, &m->telling);
}

static void settle(struct many *m)
{
	struct error err = { 0 };

	ck_assert(cleared_settle(&m->boxes, &m->telling, &err));
}

static const struct {
	void (*pass)(struct many *);
	int rounds;                     /* over all lines, or boxes */
} passes[] = {
	{ complete, 2 }, { cut, 1 }, { add, 1 }, { repeat, 1 }, { end, 1 },
	{ clear, 1 }, { gather_down, 1 }, { gather_across, 1 },
	{ gather_whole, 1 }, { settle, 1 },
};

/* One word a line at least: the time between two is that of one line. */
START_TEST(each_line_is_told)
{
	struct many m;

	make_many(&m);
	passes[_i].pass(&m);
	ck_assert_int_ge(m.words, (long)LINES * passes[_i].rounds);
	views_done(&m.views);
	line_list_done(&m.lines);
	box_list_done(&m.boxes);
	track_list_done(&m.tracks);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("telling");
	TCase *tcase = tcase_create("telling");

	tcase_add_loop_test(tcase, each_line_is_told, 0,
			    (int)ARRAY_LENGTH(passes));
	suite_add_tcase(suite, tcase);
	return support_run(suite);
}

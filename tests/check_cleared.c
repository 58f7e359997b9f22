/* check_cleared.c - what can't be read is no mask where it is cleared text. */
#include "config.h"

#include "ocr/cleared.h"

#include <stdio.h>
#include <string.h>

#include "tests/support.h"

enum { MOST = 5 };

struct place {
	const char *text;
	int x, y, wide, high;
	enum box_tier tier;
	enum box_kind kind;
	int frame;                      /* 0: all ten; else that one */
};

#define CLEARED(t, x, y, w, h) { t, x, y, w, h, TIER_BENIGN, KIND_BENIGN, 0 }
#define MASKED(t, x, y, w, h) { t, x, y, w, h, TIER_BOX, KIND_IDENTIFIER, 0 }
#define UNREAD(x, y, w, h) { "", x, y, w, h, TIER_BOX, KIND_UNREADABLE, 0 }
#define CANDIDATE(x, y, w, h) \
	{ "", x, y, w, h, TIER_CANDIDATE, KIND_UNREADABLE, 0 }

/* The first box can't be read. */
static const struct scene {
	const char *name;
	bool settled;
	struct place place[MOST];
} scenes[] = {
	{ "a piece of a cleared line", true,
	  { UNREAD(20, 12, 30, 12), CLEARED("Series", 10, 10, 80, 16) } },
	{ "down a column of cleared lines", true,
	  { UNREAD(10, 10, 20, 64), CLEARED("kV 120", 8, 10, 60, 16),
	    CLEARED("mA 250", 8, 34, 60, 16),
	    CLEARED("SL 5.0", 8, 58, 60, 16) } },
	{ "and of masked ones", true,
	  { UNREAD(10, 10, 20, 40), CLEARED("kV 120", 8, 10, 60, 16),
	    MASKED("SMITH", 8, 34, 60, 16) } },
	{ "between them stands room for another", false,
	  { UNREAD(10, 10, 20, 88), CLEARED("kV 120", 8, 10, 60, 16),
	    CLEARED("mA 250", 8, 34, 60, 16),
	    CLEARED("SL 5.0", 8, 84, 60, 16) } },
	{ "half beside it", false,
	  { UNREAD(10, 12, 80, 12), CLEARED("Soft", 10, 10, 40, 16) } },
	{ "larger than what was read", false,
	  { UNREAD(10, 10, 80, 60), CLEARED("Series", 10, 20, 80, 16) } },
	{ "over masked lines only", false,
	  { UNREAD(20, 12, 30, 12), MASKED("SMITH", 10, 10, 80, 16) } },
	{ "two masked lines taken for one", false,
	  { CANDIDATE(8, 8, 100, 44), MASKED("HOSPITAL", 10, 10, 90, 16),
	    MASKED("2024/03/18", 10, 34, 96, 16) } },
	{ "a smaller row along a masked line's edge", false,
	  { CANDIDATE(60, 12, 40, 9), MASKED("SMITH", 10, 10, 110, 26) } },
	{ "a letter reaches nowhere", false,
	  { UNREAD(4, 10, 24, 16), CLEARED("L", 10, 10, 12, 16) } },
	{ "in one frame of them", false,
	  { UNREAD(20, 12, 30, 12),
	    { "Series", 10, 10, 80, 16, TIER_BENIGN, KIND_BENIGN, 3 } } },
	{ "a smaller row along its edge", false,
	  { UNREAD(60, 12, 40, 9), CLEARED("ZOOM 1.6", 10, 10, 110, 26) } },
	{ "a smaller one in its middle", false,
	  { UNREAD(60, 19, 40, 9), CLEARED("ZOOM 1.6", 10, 10, 110, 26) } },
	{ "faint ink holds nothing", false,
	  { UNREAD(20, 12, 30, 12),
	    { "Series", 10, 10, 80, 16, TIER_FAINT, KIND_TEXT, 0 } } },
};

static struct box box_of(const struct place *p)
{
	struct box b = { .region = { p->x, p->y, p->x + p->wide,
				     p->y + p->high },
			 .frame0 = p->frame, .frame1 = p->frame ? p->frame : 9,
			 .kind = p->kind, .tier = p->tier,
			 .source = p->kind == KIND_UNREADABLE ? SOURCE_INK :
								SOURCE_OCR,
			 .letter_height = p->high };

	snprintf(b.text, sizeof(b.text), "%s", p->text);
	snprintf(b.why, sizeof(b.why), "%s",
		 p->kind == KIND_UNREADABLE ? "ink" : "read");
	return b;
}

START_TEST(settles)
{
	const struct scene *s = &scenes[_i];
	struct box_list list = { 0 };
	struct error err = { 0 };

	for (int i = 0; i < MOST && s->place[i].text; i++) {
		struct box b = box_of(&s->place[i]);

		ck_assert(box_list_add(&list, &b));
	}
	ck_assert(cleared_settle(&list, NULL, &err));
	ck_assert_msg(list.box[0].tier ==
			      (s->settled ? TIER_FAINT : s->place[0].tier),
		      "%s", s->name);
	for (size_t i = 1; i < list.count; i++)
		ck_assert_int_eq((int)list.box[i].tier,
				 (int)s->place[i].tier);
	box_list_done(&list);
}
END_TEST

/* A shape or a face is no unread line. */
START_TEST(shapes_stay)
{
	struct box_list list = { 0 };
	struct error err = { 0 };
	struct box shape = box_of(&scenes[0].place[0]);
	struct box line = box_of(&scenes[0].place[1]);

	snprintf(shape.why, sizeof(shape.why), "shape:seal");
	ck_assert(box_list_add(&list, &shape) && box_list_add(&list, &line));
	ck_assert(cleared_settle(&list, NULL, &err));
	ck_assert_int_eq((int)list.box[0].tier, (int)TIER_BOX);
	box_list_done(&list);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("cleared");
	TCase *tcase = tcase_create("cleared");

	tcase_add_loop_test(tcase, settles, 0, (int)ARRAY_LENGTH(scenes));
	tcase_add_test(tcase, shapes_stay);
	suite_add_tcase(suite, tcase);
	return support_run(suite);
}

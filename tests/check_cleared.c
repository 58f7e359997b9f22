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
			 .score = 900, .letter_height = p->high };

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

/* What is left of a box in which cleared lines stand. */
static const struct cutting {
	const char *name;
	struct place place[MOST];
	int pieces;
	struct region left[MOST];
	enum box_tier tier;
} cuttings[] = {
	{ "above and below it",
	  { UNREAD(10, 10, 80, 80), CLEARED("Series", 12, 40, 70, 16) },
	  2, { { 10, 10, 90, 38 }, { 10, 58, 90, 90 } }, TIER_BOX },
	{ "in one corner",
	  { UNREAD(10, 10, 180, 40), CLEARED("Series", 12, 12, 120, 20) },
	  2, { { 10, 34, 190, 50 }, { 134, 10, 190, 34 } }, TIER_BOX },
	{ "a column of lines",
	  { UNREAD(20, 10, 40, 120), CLEARED("kV 120", 22, 12, 36, 14),
	    CLEARED("mA 250", 22, 112, 36, 14) },
	  1, { { 20, 28, 60, 110 } }, TIER_BOX },
	{ "a small row under a large one",
	  { UNREAD(6, 6, 204, 60), CLEARED("Series", 10, 10, 196, 32) },
	  1, { { 6, 44, 210, 66 } }, TIER_BOX },
	{ "no letter has room around it",
	  { UNREAD(4, 4, 88, 28), CLEARED("Series", 10, 10, 76, 16) },
	  1, { { 4, 4, 92, 32 } }, TIER_FAINT },
	{ "not sure without it",
	  { CANDIDATE(10, 10, 80, 80), CLEARED("Series", 12, 14, 70, 16) },
	  1, { { 10, 32, 90, 90 } }, TIER_CANDIDATE },
	/* what stays whole */
	{ "room on all its sides",
	  { UNREAD(10, 10, 180, 40), CLEARED("Series", 60, 20, 70, 20) },
	  1, { { 10, 10, 190, 50 } }, TIER_BOX },
	{ "room above, below and beside it",
	  { UNREAD(10, 10, 80, 80), CLEARED("Series", 10, 40, 60, 16) },
	  1, { { 10, 10, 90, 90 } }, TIER_BOX },
	{ "a word of its row",
	  { UNREAD(10, 8, 160, 20), CLEARED("CHEST", 12, 10, 60, 16) },
	  1, { { 10, 8, 170, 28 } }, TIER_BOX },
	{ "half of it outside",
	  { UNREAD(10, 10, 80, 80), CLEARED("Series", 50, 40, 80, 16) },
	  1, { { 10, 10, 90, 90 } }, TIER_BOX },
	{ "a letter",
	  { UNREAD(10, 10, 80, 80), CLEARED("L", 40, 40, 12, 12) },
	  1, { { 10, 10, 90, 90 } }, TIER_BOX },
	{ "a masked line",
	  { UNREAD(10, 10, 80, 80), MASKED("SMITH", 12, 40, 70, 16) },
	  1, { { 10, 10, 90, 90 } }, TIER_BOX },
	{ "in one frame of ten",
	  { UNREAD(10, 10, 80, 80),
	    { "Series", 12, 40, 70, 16, TIER_BENIGN, KIND_BENIGN, 3 } },
	  1, { { 10, 10, 90, 90 } }, TIER_BOX },
};

static int add_places(struct box_list *list, const struct place *place,
		      int score)
{
	int n = 0;

	for (; n < MOST && place[n].text; n++) {
		struct box b = box_of(&place[n]);

		b.score = score;
		ck_assert(box_list_add(list, &b));
	}
	return n;
}

START_TEST(cuts)
{
	const struct cutting *c = &cuttings[_i];
	struct box_list list = { 0 };
	struct error err = { 0 };
	int n = add_places(&list, c->place,
			   c->tier == TIER_CANDIDATE ? 799 : 800);

	ck_assert(cleared_settle(&list, NULL, &err));
	ck_assert_msg((int)list.count == n - 1 + c->pieces, "%s", c->name);
	for (int i = 0; i < c->pieces; i++) {
		const struct box *b = &list.box[i ? n - 1 + i : 0];

		ck_assert_msg(region_equal(b->region, c->left[i]) &&
				      b->tier == c->tier,
			      "%s, piece %d: %d %d %d %d, %d", c->name, i,
			      b->region.x0, b->region.y0, b->region.x1,
			      b->region.y1, (int)b->tier);
		ck_assert_int_le(b->letter_height,
				 region_height(c->left[i]));
	}
	for (int i = 1; i < n; i++)
		ck_assert_int_eq((int)list.box[i].tier,
				 (int)c->place[i].tier);
	box_list_done(&list);
}
END_TEST

/* What was not surely text with the line: its lesser pieces are only shown. */
START_TEST(lesser_ones_are_shown)
{
	struct box_list list = { 0 };
	struct error err = { 0 };

	add_places(&list, cuttings[0].place, 799);
	ck_assert(cleared_settle(&list, NULL, &err));
	ck_assert_int_eq((int)list.count, 3);
	/* the smaller one, 28 and 32 pixels high */
	ck_assert_int_eq((int)list.box[0].tier, (int)TIER_CANDIDATE);
	ck_assert_int_eq((int)list.box[2].tier, (int)TIER_BOX);
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
	tcase_add_loop_test(tcase, cuts, 0, (int)ARRAY_LENGTH(cuttings));
	tcase_add_test(tcase, lesser_ones_are_shown);
	tcase_add_test(tcase, shapes_stay);
	suite_add_tcase(suite, tcase);
	return support_run(suite);
}

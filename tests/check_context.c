/* check_context.c - numbers that are harmless where they stand, and those that
 * are not. */
#include "config.h"

#include "ocr/context.h"

#include <stdio.h>
#include <string.h>

#include "tests/support.h"

enum { MOST = 8, UNSURE = 50 };

struct place {
	const char *text;
	int x, y, wide, high;
	int frame;                      /* 0: in all ten, else in that one */
	int confidence;                 /* 0: 95 */
	bool identifies;
	const char *why;                /* after it; NULL: as before */
	bool cleared, taken_back;       /* cleared before it, and after */
};

#define SCALE "benign:scale"
#define RATE "benign:rate"
/* ... height and what else there is to say */
#define AT(reads, left, top, across, ...) \
	{ .text = reads, .x = left, .y = top, .wide = across, \
	  .high = __VA_ARGS__ }

static const struct scene {
	const char *name;
	bool screen;
	struct place place[MOST];
} scenes[] = {
	{ "depths along the edge of a sector", false,
	  { AT("5、", 207, 85, 22, 18, .why = SCALE),
	    AT("10、", 107, 177, 29, 18, .why = SCALE),
	    AT("15、", 17, 267, 28, 18, .why = SCALE) } },
	{ "a column, in any order", false,
	  { AT("40", 500, 400, 20, 16, .why = SCALE),
	    AT("20", 500, 200, 20, 16, .why = SCALE),
	    AT("60", 500, 600, 20, 16, .why = SCALE) } },
	{ "close to each other: four", false,
	  { AT("10", 973, 377, 24, 20, .why = SCALE),
	    AT("11", 973, 415, 22, 16, .why = SCALE),
	    AT("12", 973, 451, 24, 18, .why = SCALE),
	    AT("13", 973, 487, 24, 18, .why = SCALE) } },
	{ "three may be lines of a list", false,
	  { AT("10", 973, 377, 24, 20),
	    AT("11", 973, 415, 22, 16),
	    AT("12", 973, 451, 24, 18) } },
	{ "a date in the cells of a form", false,
	  { AT("10", 100, 50, 24, 18),
	    AT("11", 200, 50, 24, 18),
	    AT("12", 300, 50, 24, 18) } },
	{ "four in a row", false,
	  { AT("0", 100, 50, 12, 18, .why = SCALE),
	    AT("50", 206, 50, 24, 18, .why = SCALE),
	    AT("100", 306, 50, 36, 18, .why = SCALE),
	    AT("150", 412, 50, 36, 18, .why = SCALE) } },
	{ "the digits of a number in cells", false,
	  { AT("1", 100, 50, 12, 18), AT("2", 130, 50, 12, 18),
	    AT("3", 160, 50, 12, 18), AT("4", 190, 50, 12, 18) } },
	{ "uneven steps", false,
	  { AT("5", 100, 100, 12, 18), AT("10", 100, 200, 24, 18),
	    AT("16", 100, 300, 24, 18) } },
	{ "steps of no scale", false,
	  { AT("7", 100, 100, 12, 18), AT("24", 100, 200, 24, 18),
	    AT("41", 100, 300, 24, 18) } },
	{ "uneven places", false,
	  { AT("5", 100, 100, 12, 18), AT("10", 100, 200, 24, 18),
	    AT("15", 100, 340, 24, 18) } },
	{ "letters of another size", false,
	  { AT("5", 100, 100, 12, 18), AT("10", 94, 200, 24, 18),
	    AT("15", 80, 286, 50, 46) } },
	{ "one in another frame", false,
	  { AT("5", 100, 100, 12, 18, .frame = 1),
	    AT("10", 94, 200, 24, 18, .frame = 1),
	    AT("15", 94, 300, 24, 18, .frame = 2) } },
	{ "one badly read", false,
	  { AT("5", 100, 100, 12, 18), AT("10", 94, 200, 24, 18),
	    AT("15", 94, 300, 24, 18, .confidence = UNSURE) } },
	{ "no whole numbers, leading zeros, four digits", false,
	  { AT("1.0", 100, 100, 24, 18), AT("2.0", 100, 200, 24, 18),
	    AT("3.0", 100, 300, 24, 18), AT("05", 300, 100, 24, 18),
	    AT("06", 300, 200, 24, 18), AT("07", 300, 300, 24, 18),
	    AT("2001", 400, 100, 40, 18), AT("2002", 400, 200, 40, 18) } },
	{ "what identifies stays", false,
	  { AT("60", 100, 100, 24, 18, .why = SCALE),
	    AT("65", 100, 200, 24, 18, .why = SCALE),
	    AT("70", 100, 300, 24, 18, .why = SCALE),
	    AT("75", 100, 400, 24, 18, .identifies = true) } },
	{ "a heart rate over its name", true,
	  { AT("95", 613, 405, 22, 18, .why = RATE),
	    AT("HR", 609, 421, 26, 15, .why = RATE) } },
	{ "beside it", true,
	  { AT("HR", 10, 20, 26, 15, .why = RATE),
	    AT("120", 44, 20, 30, 15, .why = RATE) } },
	{ "where nobody is named they may be initials and an age", false,
	  { AT("95", 613, 405, 22, 18), AT("HR", 609, 421, 26, 15) } },
	{ "too far away", true,
	  { AT("95", 613, 300, 22, 18), AT("HR", 609, 421, 26, 15) } },
	{ "no heart beats so", true,
	  { AT("12", 613, 405, 22, 18), AT("HR", 609, 421, 26, 15) } },
	{ "other letters", true,
	  { AT("95", 613, 405, 22, 18), AT("KR", 609, 421, 26, 15) } },
	{ "ends of a scale of speeds", false,
	  { AT("+60", 700, 100, 30, 14, .why = SCALE),
	    AT("-60", 700, 400, 30, 14, .why = SCALE) } },
	{ "no tens, no sign, too many", false,
	  { AT("+65", 700, 100, 30, 14), AT("60", 700, 300, 30, 14),
	    AT("-600", 700, 500, 40, 14) } },
	{ "the end of a number", false,
	  { AT("090", 640, 100, 30, 14), AT("-60", 700, 100, 30, 14) } },
	{ "and its beginning", false,
	  { AT("+80", 640, 100, 30, 14), AT("90-12", 690, 101, 50, 14) } },
	{ "a mark that is somebody's name", false,
	  { AT("LEFT", 10, 10, 40, 14, .taken_back = true),
	    AT("LEFT WALL", 10, 40, 90, 14) } },
	{ "in Japanese", false,
	  { AT("正面", 10, 10, 40, 14, .taken_back = true),
	    AT("正面 進", 10, 40, 90, 14) } },
	{ "a kanji behind it, a wide space away", false,
	  { AT("正面", 10, 10, 48, 24, .taken_back = true),
	    AT("E", 84, 12, 22, 22, .confidence = UNSURE) } },
	{ "its first kanji, read with a sign, in both", false,
	  { AT("右!", 743, 52, 23, 17, .taken_back = true),
	    AT("ュ中", 756, 50, 29, 21) } },
	{ "two lines over each other are no halves", false,
	  { AT("右!", 743, 52, 23, 17, .cleared = true),
	    AT("ュ中", 750, 50, 29, 21) } },
	{ "which where the patient is named is nobody", true,
	  { AT("正面", 10, 10, 48, 24, .cleared = true),
	    AT("E", 84, 12, 22, 22, .confidence = UNSURE) } },
	{ "further away, or below, it is another text", false,
	  { AT("正面", 10, 10, 48, 24, .cleared = true),
	    AT("E", 110, 12, 22, 22, .confidence = UNSURE),
	    AT("E", 84, 40, 22, 22, .confidence = UNSURE) } },
	{ "a value is no half of a name", false,
	  { AT("深さ 15cm", 10, 10, 100, 24, .cleared = true),
	    AT("E", 130, 12, 22, 22, .confidence = UNSURE) } },
	{ "beside words with a number it may stay", false,
	  { AT("CHEST", 10, 10, 40, 14, .cleared = true),
	    AT("CHEST 2 VIEWS", 10, 40, 90, 14) } },
	{ "where the patient is named, too", true,
	  { AT("LEFT", 10, 10, 40, 14, .cleared = true),
	    AT("LEFT WALL", 10, 40, 90, 14) } },
	{ "a line over a value that was read badly", true,
	  { AT("ZOOM1.6", 10, 10, 110, 30, .confidence = 71,
	       .taken_back = true),
	    AT("MULLER", 80, 4, 40, 14) } },
	{ "and over one that was read well", true,
	  { AT("ZOOM 1.6", 10, 10, 110, 30, .cleared = true),
	    AT("MULLER", 80, 4, 40, 14) } },
	{ "a line beside it", true,
	  { AT("ZOOM1.6", 10, 10, 110, 30, .confidence = 71, .cleared = true),
	    AT("MULLER", 124, 14, 40, 14) } },
	{ "initials of the patient", true,
	  { AT("95", 613, 405, 22, 18),
	    AT("HR", 609, 421, 26, 15, .identifies = true) } },
};

static struct track track_of(const struct place *p)
{
	struct track t = { .frame0 = p->frame, .frame1 = p->frame,
			   .read = true };

	if (!p->frame)
		t.frame1 = 9;
	t.line.box = (struct region){ p->x, p->y, p->x + p->wide,
				      p->y + p->high };
	snprintf(t.reading.text, sizeof(t.reading.text), "%s", p->text);
	t.reading.confidence = p->confidence ? p->confidence : 95;
	t.line.score = 9;
	t.judgement.kind = p->identifies ? KIND_IDENTIFIER :
			   p->confidence == UNSURE ? KIND_UNREADABLE :
						     KIND_TEXT;
	if (p->cleared || p->taken_back)
		t.judgement.kind = KIND_BENIGN;
	snprintf(t.judgement.why, sizeof(t.judgement.why), "before");
	return t;
}

START_TEST(judges_by_place)
{
	const struct scene *s = &scenes[_i];
	struct track track[MOST], *each[MOST];
	struct track_list list = { .track = each };

	for (; list.count < MOST && s->place[list.count].text; list.count++) {
		track[list.count] = track_of(&s->place[list.count]);
		each[list.count] = &track[list.count];
	}
	/* twice: as a cine calls it */
	for (int k = 0; k < 2; k++)
		context_clear(&list, s->screen, s->screen, NULL);
	for (size_t i = 0; i < list.count; i++) {
		const struct place *p = &s->place[i];

		ck_assert_msg(!strcmp(track[i].judgement.why,
				      p->why ? p->why :
				      p->taken_back ? "read" : "before"),
			      "%s: \"%s\" is %s", s->name, p->text,
			      track[i].judgement.why);
		ck_assert((track[i].judgement.kind == KIND_BENIGN) ==
			  (p->why != NULL || p->cleared));
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("context");
	TCase *tcase = tcase_create("context");

	add_rows_test(tcase, judges_by_place, scenes);
	suite_add_tcase(suite, tcase);
	return support_run(suite);
}

/* check_looks.c - how far several readings of a line agree. */
#include "config.h"

#include "ocr/looks.h"

#include "tests/support.h"

enum { MOST = 6, NOT_PLACED = 1 };

/* The last reading is the one in question; sure: looks_sureness(). */
static const struct agreement {
	const char *name;
	struct {
		const char *text;
		int confidence;
	} read[MOST];
	bool contested;
	int sure;
	int flags;
} agreements[] = {
	{ "read but once", { { "Slice 5", 55 } }, false, 55, 0 },
	{ "read twice", { { "Slice 5", 55 }, { "Slice5", 48 } }, false, 80, 0 },
	{ "twice, and better than that", { { "Slice 5", 55 }, { "Slice 5", 91 } },
	  false, 91, 0 },
	{ "twice, once badly", { { "Slice 5", 39 }, { "Slice 5", 55 } }, false,
	  55, 0 },
	{ "twice, but where its letters stand is not known",
	  { { "Slice 5", 55 }, { "Slice 5", 55 } }, false, 55, NOT_PLACED },
	{ "a letter or two, read once", { { "ow", 60 }, { "WW", 70 } }, false,
	  -1, 0 },
	{ "twice; no surer for it", { { "WW", 60 }, { "WW", 70 } }, false, 70,
	  0 },
	{ "words of a letter or two, read twice",
	  { { "w On", 43 }, { "w On", 43 } }, false, 43, 0 },
	{ "and a longer one", { { "w Only", 43 }, { "w Only", 43 } }, false, 80,
	  0 },
	{ "two kanji are a word", { { "胸郭", 50 }, { "胸部", 52 } }, false,
	  52, 0 },
	{ "a sign that no value has", { { "WL 40", 55 }, { "WL 4?", 55 } },
	  false, -1, 0 },
	{ "initials and an age", { { "WL 47", 70 }, { "WL 47", 70 } }, false,
	  -1, 0 },
	{ "two sides are a name, too", { { "右 上", 70 }, { "右上", 70 } },
	  false, -1, 0 },
	/* a name of 10 pixels */
	{ "another text, read as often and as surely",
	  { { "鈴木京子", 66 }, { "鈴木京子", 60 }, { "mA RF", 62 },
	    { "mA RF", 64 } }, true, -1, 0 },
	{ "three fourths as surely",
	  { { "鈴木京子", 45 }, { "mARF", 60 } }, true, -1, 0 },
	{ "less than that", { { "鈴木京子", 44 }, { "mARF", 60 } }, false, 60,
	  0 },
	{ "another that is like it", { { "Siice", 60 }, { "Slice", 60 } },
	  false, 60, 0 },
	{ "half of its letters are others", { { "abcd", 60 }, { "abxy", 60 } },
	  false, 60, 0 },
	{ "and more than half", { { "abcd", 60 }, { "axyz", 60 } }, true, -1,
	  0 },
	/* of Gantry Li; not of an edge before it */
	{ "a surer reading has more letters",
	  { { "Gantry Li", 91 }, { "Gantry L", 77 } }, false, -1, 0 },
	{ "one that is as sure",
	  { { "Gantry Li", 77 }, { "Gantry L", 77 } }, false, 77, 0 },
	{ "an edge before it", { { "ICHEST", 85 }, { "CHEST", 77 } }, false,
	  77, 0 },
	/* of 大場 */
	{ "two letters read as kanji, too",
	  { { "大属", 43 }, { "AR", 41 }, { "AR", 85 } }, false, -1, 0 },
	{ "with a third of their confidences",
	  { { "大属", 42 }, { "AR", 41 }, { "AR", 85 } }, false, 85, 0 },
	{ "three letters", { { "大属", 61 }, { "ARL", 25 }, { "ARL", 65 } },
	  false, 65, 0 },
	{ "as surely as they were", { { "RHイ", 61 }, { "RロF", 63 },
	  { "Rot", 41 }, { "Rot", 72 } }, false, -1, 0 },
	/* 勇 behind a value; a stroke is read as ー */
	{ "a surer reading has a kanji",
	  { { "PRF 4.0 kHz 勇", 84 }, { "PRF 4.0 kHz B", 83 } }, false, -1, 0 },
	{ "but none that strokes are read as",
	  { { "ー FR 23Hz", 84 }, { "FR 23Hz", 83 } }, false, 83, 0 },
	{ "each other text was read worse",
	  { { "鈴木", 40 }, { "鈴本", 40 }, { "Axial", 60 } }, false, 60, 0 },
};

static void add_all(struct looks *l, const struct agreement *a)
{
	for (int i = 0; i < MOST && a->read[i].text; i++)
		ck_assert(looks_add(l, a->read[i].text,
				    a->read[i].confidence));
}

START_TEST(several_readings)
{
	const struct agreement *a = &agreements[_i];
	struct looks l = { .count = 0 };
	int last = 0, sure;

	add_all(&l, a);
	while (last + 1 < MOST && a->read[last + 1].text)
		last++;
	ck_assert_msg(looks_contested(&l) == a->contested, "%s", a->name);
	sure = looks_sureness(&l, a->read[last].text,
			      !(a->flags & NOT_PLACED));
	ck_assert_msg(sure == a->sure, "%s: %d", a->name, sure);
}
END_TEST

START_TEST(signs_are_nothing)
{
	struct looks l = { .count = 0 };

	ck_assert(!looks_add(&l, "-.:", 90));
	ck_assert_int_eq(l.count, 0);
}
END_TEST

START_TEST(near_to_harmless)
{
	struct looks l = { .count = 0 };

	ck_assert(looks_add(&l, "鈴木", 50));
	ck_assert(!l.near);
	ck_assert(looks_add(&l, "Siice", 50));
	ck_assert(l.near);
	ck_assert(looks_add(&l, "鈴木", 50));
	ck_assert(l.near);
}
END_TEST

/* Spelled texts; before them one that was read.  Is the last one sure? */
static const struct spelling {
	const char *name, *read;
	int confidence, times;          /* of what was read */
	struct {
		const char *text;
		int weight;
	} spelled[MOST];
	bool sure;
} spellings[] = {
	{ "twice, and likely", "Sofl", 50, 1,
	  { { "Soft", 300 }, { "Soft", 300 } }, true },
	{ "once is never enough", "Sofl", 50, 1, { { "Soft", 500 } }, false },
	{ "not likely enough", "Sofl", 50, 1,
	  { { "Soft", 300 }, { "Soft", 299 } }, false },
	{ "another one between", "Sofl", 50, 1,
	  { { "Soft", 300 }, { "Sagittal", 400 }, { "Soft", 300 } }, true },
	{ "three letters have to be likelier", "Ser", 50, 1,
	  { { "Sex", 499 }, { "Sex", 500 } }, false },
	{ "as these are", "AVG", 50, 1,
	  { { "Avg", 400 }, { "Avg", 400 }, { "Avg", 200 } }, true },
	{ "two are never sure", "W", 50, 1,
	  { { "WW", 500 }, { "WW", 500 }, { "WW", 500 } }, false },
	{ "two kanji are", "造臨", 50, 1,
	  { { "造影", 300 }, { "造影", 300 } }, true },
	{ "two sides are somebody", "右上", 50, 1,
	  { { "右上", 500 }, { "右上", 500 } }, false },
	{ "another text was read surely", "Tanaka", 51, 2,
	  { { "mA RF", 500 }, { "mA RF", 500 } }, false },
	{ "not so surely", "Tanaka", 50, 2,
	  { { "mA RF", 500 }, { "mA RF", 500 } }, true },
	{ "what was read as kanji is not Latin", "井土 HEARF", 10, 1,
	  { { "HEART", 500 }, { "HEART", 500 } }, false },
	/* 上田直樹 */
	{ "never read with more than half of its letters", "上田直敵", 10, 8,
	  { { "上下直腸", 390 }, { "上下直腸", 390 } }, false },
	{ "more than 100 for each reading", "上田直敵", 10, 8,
	  { { "上下直腸", 400 }, { "上下直腸", 400 } }, true },
	{ "nearly read, with less", "上下直敵", 10, 8,
	  { { "上下直腸", 390 }, { "上下直腸", 390 } }, true },
	/* Scott, read BCOLL */
	{ "letters were lost", "Bcoll", 47, 1,
	  { { "coll", 400 }, { "coll", 400 } }, false },
	{ "of three letters one is another", "Lal", 51, 2,
	  { { "Lat", 500 }, { "Lat", 500 } }, false },
	{ "but may be other kanji", "造臨", 10, 1,
	  { { "造影", 500 }, { "造影", 500 } }, true },
};

START_TEST(several_spellings)
{
	const struct spelling *p = &spellings[_i];
	struct looks l = { .count = 0 };
	bool sure = false;

	for (int i = 0; i < p->times; i++)
		ck_assert(looks_add(&l, p->read, p->confidence));
	for (int i = 0; i < MOST && p->spelled[i].text; i++)
		sure = looks_spell(&l, p->spelled[i].text,
				   p->spelled[i].weight);
	ck_assert_msg(sure == p->sure, "%s", p->name);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("looks");
	TCase *tcase = tcase_create("looks");

	tcase_add_loop_test(tcase, several_readings, 0,
			    (int)ARRAY_LENGTH(agreements));
	tcase_add_loop_test(tcase, several_spellings, 0,
			    (int)ARRAY_LENGTH(spellings));
	tcase_add_test(tcase, signs_are_nothing);
	tcase_add_test(tcase, near_to_harmless);
	suite_add_tcase(suite, tcase);
	return support_run(suite);
}

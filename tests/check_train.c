/* check_train.c - exercises: what is missed, too small, needless; sums; the
 * curve in the state folder. */
#include "config.h"

#include "process/train.h"

#include <libintl.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/locale.h"
#include "process/curve.h"
#include "tests/scratch.h"
#include "tests/support.h"

enum { BOXES = 3 };

/* Boxes are x0 y0 x1 y1 in a picture of 100 x 50. */
struct known {
	struct region region;
	enum truth_kind kind;
	bool counts;
};

static const struct {
	struct known known[BOXES];
	int knowns;
	struct region mask[BOXES];
	int masks;
	bool partial;
	int marks[TRAIN_MARKS];         /* right missed small needless */
	int permille;
} cases[] = {
	/* nothing known, nothing masked */
	{ .marks = { 0 } },
	{ .known = { { { 10, 10, 30, 20 }, TRUTH_IDENTIFIER, true } },
	  .knowns = 1, .marks = { 0, 1, 0, 0 } },
	{ .known = { { { 10, 10, 30, 20 }, TRUTH_IDENTIFIER, true } },
	  .knowns = 1, .mask = { { 9, 9, 31, 21 } }, .masks = 1,
	  .marks = { 1, 0, 0, 0 } },
	/* half of it; a fifth and four fifths are the borders */
	{ .known = { { { 10, 10, 30, 20 }, TRUTH_IDENTIFIER, true } },
	  .knowns = 1, .mask = { { 10, 10, 20, 20 } }, .masks = 1,
	  .marks = { 0, 0, 1, 0 } },
	{ .known = { { { 10, 10, 30, 20 }, TRUTH_IDENTIFIER, true } },
	  .knowns = 1, .mask = { { 10, 10, 26, 20 } }, .masks = 1,
	  .marks = { 1, 0, 0, 0 } },
	{ .known = { { { 10, 10, 30, 20 }, TRUTH_IDENTIFIER, true } },
	  .knowns = 1, .mask = { { 10, 10, 13, 20 } }, .masks = 1,
	  .marks = { 0, 1, 0, 0 } },
	/* two masks side by side */
	{ .known = { { { 10, 10, 30, 20 }, TRUTH_FACE, true } },
	  .knowns = 1, .mask = { { 10, 10, 20, 20 }, { 20, 10, 30, 20 } },
	  .masks = 2, .marks = { 1, 0, 0, 0 } },
	/* benign text may stay; on what does not count nothing is needless */
	{ .known = { { { 10, 10, 30, 20 }, TRUTH_BENIGN, true } },
	  .knowns = 1, .mask = { { 10, 10, 30, 20 } }, .masks = 1,
	  .marks = { 0, 0, 0, 1 }, .permille = 40 },
	{ .known = { { { 10, 10, 30, 20 }, TRUTH_IDENTIFIER, false } },
	  .knowns = 1, .mask = { { 10, 10, 30, 20 } }, .masks = 1,
	  .marks = { 0 } },
	{ .mask = { { 0, 0, 100, 25 } }, .masks = 1,
	  .marks = { 0, 0, 0, 1 }, .permille = 500 },
	/* 8 pixels around an answer are no over-mask: 20x10 grow to 36x26 */
	{ .known = { { { 40, 20, 60, 30 }, TRUTH_IDENTIFIER, true } },
	  .knowns = 1, .mask = { { 0, 0, 100, 50 } }, .masks = 1,
	  .marks = { 1, 0, 0, 0 }, .permille = 812 },
};

static void fill(int row, struct truth *truth, struct truth_box *known,
		 struct decided_box *box)
{
	for (int i = 0; i < cases[row].knowns; i++) {
		const struct known *k = &cases[row].known[i];

		known[i] = (struct truth_box){ .region = k->region,
					       .kind = k->kind,
					       .counts = k->counts };
		snprintf(known[i].class_, sizeof(known[i].class_), "name");
	}
	*truth = (struct truth){ .box = known,
				 .count = (size_t)cases[row].knowns };
	for (int i = 0; i < cases[row].masks; i++)
		box[i] = (struct decided_box){
			.box = { .region = cases[row].mask[i] },
			.decision = DECISION_ADDED };
}

START_TEST(one_case)
{
	struct truth_box known[BOXES];
	struct decided_box box[BOXES];
	struct train_case c = { 0 };
	struct truth truth;
	int sum = 0;

	fill(_i, &truth, known, box);
	ck_assert(train_compare(&truth, box, (size_t)cases[_i].masks, 100, 50,
				&c));
	for (int k = 0; k < TRAIN_MARKS; k++) {
		ck_assert_int_eq(c.marks[k], cases[_i].marks[k]);
		sum += c.marks[k];
	}
	ck_assert_uint_eq(c.count, (size_t)sum);
	ck_assert_int_eq(c.permille, cases[_i].permille);
	for (size_t i = 0; i < c.count; i++)
		ck_assert_ptr_nonnull(c.finding[i].rule);
	train_case_done(&c);
}
END_TEST

/* A mask that was taken off, in another frame or on an overlay is none. */
START_TEST(no_mask)
{
	struct truth_box known[BOXES];
	struct decided_box box[BOXES];
	struct truth truth;

	for (int way = 0; way < 3; way++) {
		struct train_case c = { 0 };

		fill(2, &truth, known, box);
		if (way == 0)
			box[0].decision = DECISION_NO_MASK;
		else if (way == 1)
			box[0].box.frame0 = box[0].box.frame1 = 1;
		else
			box[0].box.plane = 0x6000;
		ck_assert(train_compare(&truth, box, 1, 100, 50, &c));
		ck_assert_int_eq(c.marks[TRAIN_MISSED], 1);
		ck_assert_int_eq(c.marks[TRAIN_RIGHT], 0);
		train_case_done(&c);
	}
}
END_TEST

/* Where not all faces are known, a mask on one more is not needless. */
START_TEST(more_faces)
{
	struct decided_box box = { .box = { .region = { 0, 0, 9, 9 },
					    .kind = KIND_FACE },
				   .decision = DECISION_ADDED };
	struct truth truth = { .partial = true };
	struct train_case c = { 0 };

	ck_assert(train_compare(&truth, &box, 1, 100, 50, &c));
	ck_assert_uint_eq(c.count, 0);
	truth.partial = false;
	ck_assert(train_compare(&truth, &box, 1, 100, 50, &c));
	ck_assert_int_eq(c.marks[TRAIN_NEEDLESS], 1);
	train_case_done(&c);
}
END_TEST

/* Findings have the numbers of the boxes they are about; others come after. */
START_TEST(numbers)
{
	static const struct region at[] = {
		{ 10, 10, 30, 20 }, { 40, 10, 60, 20 }, { 70, 10, 90, 20 },
		{ 10, 30, 30, 40 }, { 40, 30, 60, 40 },
	};
	static const int is[] = { 3, 5, 2, 6, 7, 1 };
	struct truth_box known[5];
	struct decided_box box[] = {
		{ .box = { .region = { 70, 40, 90, 48 } } },
		{ .box = { .region = { 70, 10, 90, 20 } } },
		{ .box = { .region = { 9, 9, 31, 21 } } },
		{ .box = { .region = { 11, 9, 13, 21 } } },
		{ .box = { .region = { 40, 10, 50, 20 } } },
	};
	struct truth truth = { .box = known, .count = 5 };
	struct train_case c = { 0 };

	for (int i = 0; i < 5; i++) {
		known[i] = (struct truth_box){ .region = at[i],
					       .kind = TRUTH_IDENTIFIER,
					       .counts = true };
		box[i].decision = i == 1 ? DECISION_NO_MASK : DECISION_ADDED;
	}
	ck_assert(train_compare(&truth, box, 5, 100, 50, &c));
	ck_assert_uint_eq(c.count, ARRAY_LENGTH(is));
	for (size_t i = 0; i < c.count; i++)
		ck_assert_int_eq(c.finding[i].number, is[i]);
	ck_assert_int_eq(c.finding[2].mark, TRAIN_MISSED);
	ck_assert_int_eq(c.finding[5].mark, TRAIN_NEEDLESS);
	train_case_done(&c);
}
END_TEST

START_TEST(sums)
{
	static const long long ms[] = { 900, 100, 500 };
	struct train_score s = { 0 };

	for (int i = 0; i < 3; i++) {
		struct truth_box known[BOXES];
		struct decided_box box[BOXES];
		struct train_case c = { 0 };
		struct truth truth;

		fill(i + 1, &truth, known, box);        /* missed right small */
		ck_assert(train_compare(&truth, box,
					(size_t)cases[i + 1].masks, 100, 50,
					&c));
		ck_assert(train_add(&s, &c, ms[i]));
		train_case_done(&c);
	}
	ck_assert_int_eq(s.cases, 3);
	ck_assert_int_eq(s.right_cases, 1);
	ck_assert_int_eq(s.boxes, 3);
	ck_assert_int_eq(s.marks[TRAIN_RIGHT], 1);
	ck_assert_uint_eq(s.classes, 1);
	ck_assert_str_eq(s.class_[0].name, "name");
	ck_assert_int_eq(s.class_[0].boxes, 3);
	ck_assert_int_eq(train_median_ms(&s), 500);
	train_score_done(&s);
}
END_TEST

START_TEST(curve)
{
	struct curve_run run = { .t = "2026-11-22T10:00:00Z",
				 .deck = "0123abcd", .cases = 2, .boxes = 4,
				 .found = 3, .missed = 1, .ms = 700 };
	struct curve_run *all = NULL;
	char dir[SCRATCH_PATH], folder[PATH_MAX];
	struct error err = { 0 };
	struct stat status;
	char *text;
	size_t count, length;

	scratch_new(dir);
	ck_assert_int_eq(setenv("XDG_STATE_HOME", dir, 1), 0);
	ck_assert_msg(curve_folder(folder, &err), "%s", err.text);
	ck_assert_int_eq(stat(folder, &status), 0);
	ck_assert_uint_eq(status.st_mode & 0777, 0700);
	ck_assert(curve_read(folder, &all, &count, &err));
	ck_assert_uint_eq(count, 0);
	ck_assert(curve_note(folder, &run, &err));
	run.found = 4;
	ck_assert(curve_note(folder, &run, &err));
	/* what is no run is passed over */
	text = scratch_read(dir, "suminuri/train.jsonl", &length);
	struct buffer more = { 0 };

	buffer_append(&more, text, length);
	buffer_puts(&more, "nonsense\n{\"v\":1}\n"
		    "{\"t\":\"\033[2J\",\"deck\":\"00000000\"}\n");
	ck_assert(!more.failed);
	scratch_write(dir, "suminuri/train.jsonl", more.data, more.length);
	buffer_done(&more);
	free(text);
	free(all);
	ck_assert(curve_read(folder, &all, &count, &err));
	ck_assert_uint_eq(count, 2);
	ck_assert_int_eq(all[0].found, 3);
	ck_assert_int_eq(all[1].found, 4);
	ck_assert_int_eq(all[1].ms, 700);
	ck_assert_str_eq(all[1].deck, "0123abcd");
	free(all);
	scratch_done(dir);
}
END_TEST

/* A run is noted as far as it came, and counts once; what ended it may have
 * been a kill.  Another run of the deck is another. */
START_TEST(unfinished)
{
	static const struct { const char *t; bool unfinished; int cases; }
		noted[] = {
			{ "2026-11-22T10:00:00Z", true, 1 },
			{ "2026-11-22T10:00:00Z", true, 2 },
			/* another, that began in the same second */
			{ "2026-11-22T10:00:00Z", true, 1 },
			{ "2026-11-22T10:00:00Z", true, 3 },
			{ "2026-11-22T11:00:00Z", true, 1 },
			{ "2026-11-22T11:00:00Z", false, 3 },
			{ "2026-11-22T11:00:00Z", false, 4 },
		};
	static const struct { bool unfinished; int cases; } kept[] = {
		{ true, 2 }, { true, 3 }, { false, 3 }, { false, 4 },
	};
	struct curve_run *all = NULL;
	char dir[SCRATCH_PATH], *table = NULL;
	struct error err = { 0 };
	size_t count, length;
	FILE *out;

	scratch_new(dir);
	for (size_t i = 0; i < ARRAY_LENGTH(noted); i++) {
		struct curve_run run = { .deck = "0123abcd",
					 .cases = noted[i].cases,
					 .unfinished = noted[i].unfinished };

		snprintf(run.t, sizeof(run.t), "%s", noted[i].t);
		ck_assert(curve_note(dir, &run, &err));
	}
	ck_assert(curve_read(dir, &all, &count, &err));
	ck_assert_uint_eq(count, ARRAY_LENGTH(kept));
	for (size_t i = 0; i < count; i++) {
		ck_assert_int_eq(all[i].unfinished, kept[i].unfinished);
		ck_assert_int_eq(all[i].cases, kept[i].cases);
	}
	out = open_memstream(&table, &length);
	ck_assert_ptr_nonnull(out);
	curve_print(all, count, NULL, out);
	fclose(out);
	ck_assert_ptr_nonnull(strstr(table, " unfinished\n2026-11-22 11:00"));
	ck_assert_ptr_null(strstr(strstr(table, "\n2026-11-22 11"),
				  "unfinished"));
	free(table);
	free(all);
	scratch_done(dir);
}
END_TEST

static void speak(const char *language)
{
	const char *top = getenv("top_builddir");
	char folder[PATH_MAX];

	snprintf(folder, sizeof(folder), "%s/locale", top ? top : ".");
	ck_assert_ptr_nonnull(setlocale(LC_ALL, "C.UTF-8"));
	ck_assert_int_eq(setenv("LANGUAGE", language, 1), 0);
	bindtextdomain(PACKAGE, folder);
	textdomain(PACKAGE);
}

static const char *say(const char *code)
{
	return gettext(code);
}

/* What both tables print about a run of 12 answers. */
static char *print_tables(void)
{
	static const struct train_class class_ = {
		.name = "face", .boxes = 12,
		.marks = { [TRAIN_RIGHT] = 7, [TRAIN_SMALL] = 3,
			   [TRAIN_MISSED] = 2 } };
	const struct train_score score = {
		.class_ = (struct train_class *)&class_, .classes = 1,
		.cases = 4, .boxes = 12,
		.marks = { [TRAIN_RIGHT] = 7, [TRAIN_SMALL] = 3,
			   [TRAIN_MISSED] = 2 } };
	const struct curve_run runs[] = {
		{ .t = "2026-11-22T10:00:00Z", .deck = "0123abcd", .cases = 4,
		  .boxes = 12, .found = 7, .small = 3, .missed = 2,
		  .ms = 123456 },
		{ .t = "2026-11-22T11:00:00Z", .deck = "0123abcd",
		  .unfinished = true },
	};
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	ck_assert_ptr_nonnull(out);
	curve_print_score(&score, say, out);
	curve_print(runs, ARRAY_LENGTH(runs), NULL, out);
	fclose(out);
	return text;
}

static const struct {
	const char *language;
	const char *lines[4];           /* titles and numbers of the tables */
} spoken[] = {
	{ "en", { "class        in all found small   missed\n",
		  "face             12     7     3        2\n",
		  "run              deck     cases found small   missed "
		  "needless s/case\n",
		  "2026-11-22 10:00 0123abcd     4     7     3        2 "
		  "       0  123.5 #####.....\n" } },
	{ "ja", { "種類           枠数  検出  不足 見落とし\n",
		  "顔               12     7     3        2\n",
		  "実施日時         教材      問数  検出  不足 見落とし "
		  "    不要  秒/問\n",
		  "2026-11-22 11:00 0123abcd     0     0     0        0 "
		  "       0    0.0 途中まで\n" } },
};

/* The same columns in both, no line wider than a screen. */
START_TEST(tables)
{
	char *text;

	speak(spoken[_i].language);
	text = print_tables();
	for (size_t i = 0; i < ARRAY_LENGTH(spoken[_i].lines); i++)
		ck_assert_msg(strstr(text, spoken[_i].lines[i]), "%s in\n%s",
			      spoken[_i].lines[i], text);
	for (char *at = text, *end; (end = strchr(at, '\n')); at = end + 1) {
		*end = '\0';
		ck_assert_int_lt(locale_width(at), 80);
	}
	free(text);
}
END_TEST

/* Beside a picture a rule has 35 columns: Japanese ones don't break there. */
START_TEST(rules_stay_in_a_line)
{
	enum { ROOM = 35 };

	speak("ja");
	for (enum box_class k = 0; k < CLASSES; k++) {
		struct truth_box known = { .region = { 10, 10, 30, 20 },
					   .kind = TRUTH_IDENTIFIER,
					   .counts = true };
		struct truth truth = { .box = &known, .count = 1 };
		struct train_case c = { 0 };

		snprintf(known.class_, sizeof(known.class_), "%s",
			 box_class_name[k]);
		ck_assert(train_compare(&truth, NULL, 0, 100, 50, &c));
		ck_assert_uint_eq(c.count, 1);
		ck_assert_msg(locale_width(gettext(c.finding[0].rule)) <= ROOM,
			      "%s", box_class_name[k]);
		train_case_done(&c);
	}
}
END_TEST

/* So do those about masks that nobody needs. */
START_TEST(rules_of_needless_masks)
{
	struct decided_box box[BOXES];
	struct truth_box known[BOXES];

	speak("ja");
	for (int i = 0; i < (int)ARRAY_LENGTH(cases); i++) {
		struct train_case c = { 0 };
		struct truth truth;

		fill(i, &truth, known, box);
		ck_assert(train_compare(&truth, box, (size_t)cases[i].masks,
					100, 50, &c));
		for (size_t k = 0; k < c.count; k++)
			ck_assert_int_le(locale_width(gettext(
						 c.finding[k].rule)), 35);
		train_case_done(&c);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("train");
	TCase *c = tcase_create("train");

	add_rows_test(c, one_case, cases);
	tcase_add_test(c, no_mask);
	tcase_add_test(c, more_faces);
	tcase_add_test(c, numbers);
	tcase_add_test(c, sums);
	tcase_add_test(c, curve);
	tcase_add_test(c, unfinished);
	tcase_add_loop_test(c, tables, 0, ARRAY_LENGTH(spoken));
	tcase_add_test(c, rules_stay_in_a_line);
	tcase_add_test(c, rules_of_needless_masks);
	suite_add_tcase(s, c);
	return support_run(s);
}

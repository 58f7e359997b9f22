/* check_truth.c - reading of known answers, and what counts as found. */
#include "config.h"

#include <string.h>

#include "find/truth.h"
#include "tests/support.h"

/* A 100x10 line of text at 10, 10. */
#define LINE(more) "{\"boxes\":[{\"frame\":0,\"x\":10,\"y\":10,\"w\":100," \
		   "\"h\":10,\"kind\":\"identifier\"" more "}]}"

static void load(const char *text, struct truth *truth)
{
	struct error err = { 0 };

	ck_assert_msg(truth_read(text, strlen(text), truth, &err), "%s",
		      err.text);
}

static const struct { const char *text; bool ok; size_t boxes, counting; }
readings[] = {
	{ LINE(""), true, 1, 1 },
	{ LINE(",\"role\":\"label\""), true, 1, 0 },
	{ LINE(",\"role\":\"value\""), true, 1, 1 },
	{ LINE(",\"ambiguous\":true"), true, 1, 0 },
	{ LINE(",\"difficult\":true"), true, 1, 0 },
	{ LINE(",\"difficult\":false"), true, 1, 1 },
	{ "{\"boxes\":[]}", true, 0, 0 },
	{ "{\"boxes\":{}}", false, 0, 0 },
	{ "{}", false, 0, 0 },
	{ "[", false, 0, 0 },
	{ "{\"boxes\":[{\"x\":1,\"y\":1,\"w\":0,\"h\":3,"
	  "\"kind\":\"face\"}]}", false, 0, 0 },
	{ "{\"boxes\":[{\"x\":1,\"y\":1,\"w\":4,\"h\":3,"
	  "\"kind\":\"nose\"}]}", false, 0, 0 },
	{ "{\"boxes\":[{\"frame\":-1,\"x\":1,\"y\":1,\"w\":4,\"h\":3,"
	  "\"kind\":\"face\"}]}", false, 0, 0 },
};

START_TEST(test_read)
{
	struct error err = { 0 };
	struct truth truth;
	size_t counting = 0;

	ck_assert_int_eq(truth_read(readings[_i].text,
				    strlen(readings[_i].text), &truth, &err),
			 readings[_i].ok);
	ck_assert_uint_eq(truth.count, readings[_i].boxes);
	for (size_t i = 0; i < truth.count; i++)
		counting += truth.box[i].counts;
	ck_assert_uint_eq(counting, readings[_i].counting);
	truth_done(&truth);
}
END_TEST

/* One proposed box, and what of the line is covered in percent. */
static const struct {
	struct region box;
	enum box_kind kind;
	enum box_tier tier;
	int frame0, frame1;
	int boxes, candidates, faint, benign, false_text, false_faces;
} coverings[] = {
	{ { 10, 10, 110, 20 }, KIND_TEXT, TIER_BOX, 0, 0,
	  100, 100, 100, 0, 0, 0 },
	{ { 10, 10, 60, 20 }, KIND_UNREADABLE, TIER_BOX, 0, 3,
	  50, 50, 50, 0, 0, 0 },
	{ { 10, 10, 110, 20 }, KIND_TEXT, TIER_CANDIDATE, 0, 0,
	  0, 100, 100, 0, 0, 0 },
	{ { 10, 10, 110, 15 }, KIND_TEXT, TIER_FAINT, 0, 0,
	  0, 0, 50, 0, 0, 0 },
	{ { 10, 10, 110, 20 }, KIND_BENIGN, TIER_BENIGN, 0, 0,
	  0, 0, 0, 100, 0, 0 },
	/* in another frame nothing is covered, but it is no false box */
	{ { 10, 10, 110, 20 }, KIND_TEXT, TIER_BOX, 1, 1, 0, 0, 0, 0, 0, 0 },
	/* a face does not cover text */
	{ { 10, 10, 110, 20 }, KIND_FACE, TIER_BOX, 0, 0, 0, 0, 0, 0, 0, 1 },
	/* elsewhere: false; touching with less than a tenth too */
	{ { 10, 40, 110, 50 }, KIND_TEXT, TIER_BOX, 0, 0, 0, 0, 0, 0, 1, 0 },
	{ { 101, 10, 201, 20 }, KIND_TEXT, TIER_BOX, 0, 0, 9, 9, 9, 0, 1, 0 },
	{ { 100, 10, 200, 20 }, KIND_TEXT, TIER_BOX, 0, 0,
	  10, 10, 10, 0, 0, 0 },
};

static int percent(double share)
{
	return (int)(100 * share + .5);
}

START_TEST(test_cover)
{
	struct box box = { .region = coverings[_i].box,
			   .kind = coverings[_i].kind,
			   .tier = coverings[_i].tier,
			   .frame0 = coverings[_i].frame0,
			   .frame1 = coverings[_i].frame1 };
	struct proposals p = { .boxes = { &box, 1, 1 } };
	struct truth_score score;
	struct error err = { 0 };
	struct truth truth;

	load(LINE(""), &truth);
	ck_assert(truth_compare(&truth, &p, 300, 100, &score, &err));
	ck_assert_uint_eq(score.count, 1);
	ck_assert_int_eq(percent(score.mark[0].boxes), coverings[_i].boxes);
	ck_assert_int_eq(percent(score.mark[0].candidates),
			 coverings[_i].candidates);
	ck_assert_int_eq(percent(score.mark[0].faint), coverings[_i].faint);
	ck_assert_int_eq(percent(score.mark[0].benign), coverings[_i].benign);
	ck_assert_int_eq(score.false_text, coverings[_i].false_text);
	ck_assert_int_eq(score.false_faces, coverings[_i].false_faces);
	truth_score_done(&score);
	truth_done(&truth);
}
END_TEST

/* A line half in one box and half in another is whole; what lies beside it is
 * too much. */
START_TEST(test_union)
{
	struct box box[] = {
		{ .region = { 5, 10, 60, 20 }, .kind = KIND_TEXT },
		{ .region = { 50, 10, 120, 20 }, .kind = KIND_IDENTIFIER },
	};
	struct proposals p = { .boxes = { box, 2, 2 } };
	struct truth_score score;
	struct error err = { 0 };
	struct truth truth;

	load(LINE(""), &truth);
	ck_assert(truth_compare(&truth, &p, 200, 50, &score, &err));
	ck_assert_int_eq(percent(score.mark[0].boxes), 100);
	ck_assert_int_eq(score.excess, 15 * 10);
	ck_assert_int_eq(score.pixels, 200 * 50);
	truth_score_done(&score);
	ck_assert(truth_compare(&truth, NULL, 0, 0, &score, &err));
	ck_assert_int_eq(percent(score.mark[0].faint), 0);
	truth_score_done(&score);
	truth_done(&truth);
}
END_TEST

/* What stands there, what was read, letters and edits. */
static const struct {
	const char *truth, *read;
	int letters, edits;
} texts[] = {
	{ "SATO HANAKO", "SATOHANAKO", 10, 0 },
	{ "SATO HANAKO", "Name: SATO HANAKO 12", 10, 0 },
	{ "SATO HANAKO", "SATO HANAK0", 10, 1 },
	{ "SATO HANAKO", "", 10, 10 },
	{ "ﾔﾏﾀﾞ ﾀﾛｳ", "ヤマダ　タロウ", 6, 0 },
	{ "ＩＤ １２", "ID 12", 4, 0 },
	{ "山田 太郎", "山田 大郎", 4, 1 },
};

START_TEST(test_edits)
{
	struct box box = { .region = { 10, 10, 110, 20 }, .kind = KIND_TEXT };
	struct proposals p = { .boxes = { &box, 1, 1 } };
	struct truth_score score;
	struct error err = { 0 };
	struct truth truth;

	load(LINE(""), &truth);
	strncpy(truth.box[0].text, texts[_i].truth, BOX_TEXT - 1);
	strncpy(box.text, texts[_i].read, BOX_TEXT - 1);
	ck_assert(truth_compare(&truth, &p, 200, 50, &score, &err));
	ck_assert_int_eq(score.mark[0].letters, texts[_i].letters);
	ck_assert_int_eq(score.mark[0].edits, texts[_i].edits);
	truth_score_done(&score);
	truth_done(&truth);
}
END_TEST

static const struct { const char *text, *script; } scripts[] = {
	{ "YAMADA", "latin" }, { "2024/05/21", "digits" }, { "", "" },
	{ "山田 TARO", "kanji" }, { "佐々木", "kanji" }, { "やまだ", "kana" },
	{ "ヤマダ 12", "kana" }, { "ﾔﾏﾀﾞ 様", "half-width kana" },
};

START_TEST(test_script)
{
	ck_assert_str_eq(truth_script(scripts[_i].text), scripts[_i].script);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("truth");
	TCase *tcase = tcase_create("truth");

	add_rows_test(tcase, test_read, readings);
	add_rows_test(tcase, test_cover, coverings);
	tcase_add_test(tcase, test_union);
	add_rows_test(tcase, test_edits, texts);
	add_rows_test(tcase, test_script, scripts);
	suite_add_tcase(suite, tcase);
	return support_run(suite);
}

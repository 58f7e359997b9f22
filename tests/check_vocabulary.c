/* check_vocabulary.c - a user's words: the file, what they change, the id. */
#include "config.h"

#include "base/vocabulary.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ocr/identifier.h"
#include "record/policy.h"
#include "tests/support.h"

static const char good[] =
	"\xef\xbb\xbf# words of ward 3\r\n"
	"identifier Falkenried\r\n"
	"\n"
	"  identifier\tNorth Wing 7  \n"
	"identifier 鶴亀\n"
	"benign Quellstrom\n"
	"benign 経鼻";

START_TEST(parses)
{
	struct vocabulary v = { 0 };
	struct error err = { 0 };

	ck_assert_msg(vocabulary_parse(good, sizeof(good) - 1, &v, &err), "%s",
		      err.text);
	ck_assert_uint_eq(v.count, 5);
	ck_assert_str_eq(v.entry[0].word, "Falkenried");
	ck_assert(v.entry[0].identifier);
	ck_assert_str_eq(v.entry[1].word, "North Wing 7");
	ck_assert_str_eq(v.entry[4].word, "経鼻");
	ck_assert(!v.entry[4].identifier);
	vocabulary_done(&v);
}
END_TEST

static const struct {
	const char *text, *line;
} bad[] = {
	{ "identifier\n", "line 1" },
	{ "benign A\nperson B\n", "line 2" },
	{ "\n\nbenign\n", "line 3" },
	{ "identifierX\n", "line 1" },
	{ "benign a\nbenign \xff\n", "line 2" },
	{ "benign \xe5\xb1\n", "line 1" },
	{ "benign a\x01" "b\n", "line 1" },
	{ "benign \xed\xa0\x80\n", "line 1" },
	{ "identifier "
	  "0123456789012345678901234567890123456789012345678901234567890123"
	  "0123456789012345678901234567890123456789\n", "line 1" },
};

START_TEST(names_bad_lines)
{
	struct vocabulary v = { 0 };
	struct error err = { 0 };

	ck_assert(!vocabulary_parse(bad[_i].text, strlen(bad[_i].text), &v,
				    &err));
	ck_assert_int_eq(err.code, ERR_USAGE);
	ck_assert_msg(strstr(err.text, bad[_i].line) != NULL, "%s", err.text);
	vocabulary_done(&v);
}
END_TEST

/* A NUL in a file is no end of it. */
START_TEST(sees_nul)
{
	static const char text[] = "benign a\n\0identifier b\n";
	struct vocabulary v = { 0 };
	struct error err = { 0 };

	ck_assert(!vocabulary_parse(text, sizeof(text) - 1, &v, &err));
	ck_assert_ptr_nonnull(strstr(err.text, "line 2"));
	vocabulary_done(&v);
}
END_TEST

START_TEST(reads_files)
{
	char name[] = "vocabulary-XXXXXX";
	int fd = mkstemp(name);
	struct vocabulary v = { 0 };
	struct buffer text = { 0 };
	struct error err = { 0 };

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, good, sizeof(good) - 1),
			 (ssize_t)sizeof(good) - 1);
	close(fd);
	ck_assert(vocabulary_read(name, &v, &text, &err));
	ck_assert_uint_eq(v.count, 5);
	ck_assert_uint_eq(text.length, sizeof(good) - 1);
	buffer_done(&text);
	vocabulary_done(&v);
	unlink(name);
	ck_assert(!vocabulary_read(name, &v, NULL, &err));
	ck_assert_int_eq(err.code, ERR_USAGE);
	ck_assert_ptr_nonnull(strstr(err.text, name));
	ck_assert(!vocabulary_read(".", &v, NULL, &err));
	ck_assert_int_eq(err.code, ERR_USAGE);
}
END_TEST

static const struct {
	const char *text;
	enum box_kind before, after;
	const char *why;
} judged[] = {
	{ "Ward Falkenried", KIND_IDENTIFIER, KIND_IDENTIFIER, "word:user" },
	{ "FALKENRIED", KIND_TEXT, KIND_IDENTIFIER, "word:user" },
	{ "North Wing 7", KIND_TEXT, KIND_IDENTIFIER, "word:user" },
	{ "鶴 亀", KIND_TEXT, KIND_IDENTIFIER, "word:user" },
	{ "Quellstrom", KIND_TEXT, KIND_BENIGN, "benign:user" },
	{ "QUELLSTROM 120kV", KIND_TEXT, KIND_BENIGN, "benign:unit" },
	{ "経鼻", KIND_TEXT, KIND_BENIGN, "benign:user" },
	/* the rest of the rule holds for words of the user */
	{ "Quellstrom 12345678", KIND_IDENTIFIER, KIND_IDENTIFIER, NULL },
	{ "Quellstrom 2019", KIND_TEXT, KIND_TEXT, "read" },
	{ "Quellstrom, Mary", KIND_TEXT, KIND_TEXT, "read" },
};

START_TEST(words_change_judgements)
{
	struct words_user user = { 0 };
	struct vocabulary v = { 0 };
	struct error err = { 0 };
	struct header *h = header_new(&err);
	struct judgement j;

	identifier_judge(h, judged[_i].text, 95, &j);
	ck_assert_msg(j.kind == judged[_i].before, "before: %s", j.why);
	ck_assert(vocabulary_parse(good, sizeof(good) - 1, &v, &err));
	ck_assert(words_user_take(&user, &v, &err));
	header_words(h, &user);
	identifier_judge(h, judged[_i].text, 95, &j);
	ck_assert_msg(j.kind == judged[_i].after, "after: %s", j.why);
	if (judged[_i].why)
		ck_assert_str_eq(j.why, judged[_i].why);
	header_free(h);
	words_user_done(&user);
	vocabulary_done(&v);
}
END_TEST

/* An attribute beats a benign word of the user. */
START_TEST(attributes_beat_words)
{
	static const char text[] = "benign Quellstrom\n";
	struct words_user user = { 0 };
	struct vocabulary v = { 0 };
	struct error err = { 0 };
	struct header *h = header_new(&err);
	struct judgement j;

	ck_assert(vocabulary_parse(text, sizeof(text) - 1, &v, &err));
	ck_assert(words_user_take(&user, &v, &err));
	header_words(h, &user);
	ck_assert(header_add(h, &header_attributes[0], "Quellstrom^Mary",
			     &err));
	identifier_judge(h, "Quellstrom", 95, &j);
	ck_assert_str_eq(j.why, "header:PatientName");
	header_free(h);
	words_user_done(&user);
	vocabulary_done(&v);
}
END_TEST

START_TEST(id_covers_words)
{
	struct error err = { 0 };
	struct policy none, named, one, other;
	char name[64];

	ck_assert(policy_read("", &none, &err));
	ck_assert_str_eq(none.words, "");
	ck_assert(policy_words_name(&none, "p", name, sizeof(name)));
	ck_assert_str_eq(name, "");
	ck_assert(policy_read("words = ward3\n", &named, &err));
	ck_assert(policy_words_name(&named, "p", name, sizeof(name)));
	ck_assert_str_eq(name, "p/private/ward3.words");
	ck_assert(!policy_words_name(&named, "p", name, 8));
	ck_assert_str_ne(named.id, none.id);
	one = other = named;
	ck_assert(policy_add_words(&one, "benign a\n", 9, &err));
	ck_assert(policy_add_words(&other, "benign b\n", 9, &err));
	ck_assert_str_ne(one.id, other.id);
	ck_assert_str_ne(one.id, named.id);
	ck_assert(!policy_add_words(&other, "benin b\n", 8, &err));
	ck_assert_ptr_nonnull(strstr(err.text, "ward3.words"));
	ck_assert_ptr_nonnull(strstr(err.text, "line 1"));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("vocabulary");
	TCase *tcase = tcase_create("vocabulary");

	tcase_add_test(tcase, parses);
	add_rows_test(tcase, names_bad_lines, bad);
	tcase_add_test(tcase, sees_nul);
	tcase_add_test(tcase, reads_files);
	add_rows_test(tcase, words_change_judgements, judged);
	tcase_add_test(tcase, attributes_beat_words);
	tcase_add_test(tcase, id_covers_words);
	suite_add_tcase(suite, tcase);
	return support_run(suite);
}

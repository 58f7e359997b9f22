/* check_news.c - what comes by itself, beside what answers a key. */
#include "config.h"

#include "ui/news.h"

#include <stdio.h>
#include <string.h>

#include "tests/support.h"

/* What happens at ms, and what the line shows then; NULL: the answer. */
static const struct {
	long long ms;
	enum { COMES, ANSWERS, KEY, EARLY_KEY, TIME, HIDES } what;
	const char *text, *shows;
} steps[] = {
	/* an older answer gives way, once it could be read */
	{ 0, ANSWERS, "mask off", NULL },
	{ 100, COMES, "held back", NULL },
	{ 1999, TIME, NULL, NULL },
	{ 2000, TIME, NULL, "held back" },
	/* keys in a row wipe nothing away */
	{ 2100, KEY, NULL, "held back" },
	{ 2200, ANSWERS, "no box", NULL },
	{ 2300, KEY, NULL, "held back" },
	{ 4300, EARLY_KEY, NULL, "held back" },
	{ 4301, KEY, NULL, NULL },
	/* one after the other, each long enough */
	{ 5000, COMES, "first", "first" },
	{ 5100, COMES, "second", "first" },
	{ 5200, COMES, "first", "first" },
	{ 7000, KEY, NULL, "second" },
	{ 8999, KEY, NULL, "second" },
	/* what was not drawn was not read */
	{ 9000, HIDES, NULL, "second" },
	{ 12000, KEY, NULL, "second" },
	{ 14000, KEY, NULL, NULL },
	{ 15000, ANSWERS, "x", NULL },
	{ 90000, TIME, NULL, NULL },
};

START_TEST(each_is_read)
{
	struct news n = { 0 };
	const char *answer = "";

	for (size_t i = 0; i < ARRAY_LENGTH(steps); i++) {
		long long ms = steps[i].ms;
		const char *shows;

		if (steps[i].what == COMES)
			news_add(&n, NEWS_OTHER, 1, steps[i].text);
		if (steps[i].what == KEY || steps[i].what == EARLY_KEY ||
		    steps[i].what == ANSWERS) {
			news_key(&n, steps[i].what != EARLY_KEY, ms);
			answer = "";
		}
		if (steps[i].what == ANSWERS)
			answer = steps[i].text;
		shows = news_turn(&n, answer, ms);
		if (steps[i].shows)
			ck_assert_msg(shows && !strcmp(shows, steps[i].shows),
				      "step %zu: %s", i,
				      shows ? shows : "the answer");
		else
			ck_assert_msg(!shows, "step %zu: %s", i, shows);
		news_shown(&n, shows && steps[i].what != HIDES, ms);
	}
	news_done(&n);
}
END_TEST

/* Where no time passes: what comes after a key takes the place of its answer,
 * what came before waits for a key without one. */
START_TEST(without_time)
{
	struct news n = { .timeless = true };

	news_key(&n, true, 0);
	ck_assert_ptr_null(news_turn(&n, "answer", 0));
	news_add(&n, NEWS_OTHER, 1, "one");
	news_add(&n, NEWS_OTHER, 1, "two");
	ck_assert_str_eq(news_turn(&n, "answer", 0), "one");
	news_shown(&n, true, 0);
	news_key(&n, true, 0);
	ck_assert_ptr_null(news_turn(&n, "another", 0));
	news_shown(&n, false, 0);
	news_key(&n, true, 0);
	ck_assert_str_eq(news_turn(&n, "", 0), "two");
	news_shown(&n, true, 0);
	news_key(&n, true, 0);
	ck_assert_ptr_null(news_turn(&n, "", 0));
	news_done(&n);
}
END_TEST

/* Those of a kind become one that stands anew; those of an item go with it. */
START_TEST(kinds)
{
	struct news n = { 0 };

	ck_assert_int_eq(news_unread(&n, NEWS_HELD), 0);
	news_add(&n, NEWS_HELD, 1, "item 3 is held back");
	news_add(&n, NEWS_ITEM, 1, "see the new box");
	news_shown(&n, true, 0);
	ck_assert_int_eq(news_unread(&n, NEWS_HELD), 1);
	ck_assert_int_eq(news_unread(&n, NEWS_FAILED), 0);
	ck_assert_int_eq(news_unread(&n, NEWS_ITEM), 0);
	news_add(&n, NEWS_HELD, 2, "2 items are held back");
	ck_assert_int_eq(news_unread(&n, NEWS_HELD), 2);
	ck_assert_uint_eq(n.count, 2);
	ck_assert_str_eq(news_turn(&n, "", 0), "see the new box");
	ck_assert(!n.on_line);
	news_drop(&n, NEWS_ITEM);
	ck_assert_str_eq(news_turn(&n, "", 0), "2 items are held back");
	for (int i = 0; i < 100; i++) {
		char text[16];

		snprintf(text, sizeof(text), "%d", i);
		news_add(&n, NEWS_OTHER, 1, text);
	}
	ck_assert_uint_eq(n.count, 101);
	ck_assert_str_eq(n.line[100].text, "99");
	news_done(&n);
	ck_assert_ptr_null(news_turn(&n, "", 0));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("news");
	TCase *c = tcase_create("news");

	tcase_add_test(c, each_is_read);
	tcase_add_test(c, without_time);
	tcase_add_test(c, kinds);
	suite_add_tcase(s, c);
	return support_run(s);
}

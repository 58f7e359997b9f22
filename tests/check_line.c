/* check_line.c - typed commands and searches, and the help that runs them. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "tests/support.h"
#include "ui/input.h"
#include "ui/line.h"
#include "ui/search.h"
#include "ui/view.h"

static struct line line;

static enum line_state type(const char *keys)
{
	enum line_state state = LINE_OPEN;

	for (; *keys; keys++)
		state = line_key(&line, MODE_REVIEW, *keys == '\t' ?
				 KEY_TAB_ : *keys);
	return state;
}

static void start(void)
{
	line = (struct line){ 0 };
	line_open(&line, ':');
}

START_TEST(tab_completes_as_far_as_all_agree)
{
	char matches[256];

	ck_assert_int_eq(type("redr\t"), LINE_OPEN);
	ck_assert_str_eq(line.text, "redraw");
	line_open(&line, ':');
	type("re\t");
	ck_assert_str_eq(line.text, "re");
	line_matches(&line, MODE_REVIEW, matches, sizeof(matches));
	ck_assert_ptr_nonnull(strstr(matches, "reject  reject-all"));
	type("j\t");
	ck_assert_str_eq(line.text, "reject");
	type("zz\t");
	ck_assert_str_eq(line.text, "rejectzz");
	line_matches(&line, MODE_REVIEW, matches, 3);
	ck_assert_str_eq(matches, "");
}
END_TEST

/* A filter's names first, then the values of the one that was typed. */
START_TEST(filters_are_completed)
{
	char matches[256];

	line_open(&line, '/');
	line_matches(&line, MODE_LIST, matches, sizeof(matches));
	ck_assert_str_eq(matches, "st: mod: dev: out: flag: tag:");
	type("ct_ s\t");
	ck_assert_str_eq(line.text, "ct_ st:");
	line_matches(&line, MODE_LIST, matches, sizeof(matches));
	ck_assert_str_eq(matches, "listed proposed open masked clean withheld "
			 "escalated refused undecided decided");
	type("unde\t");
	ck_assert_str_eq(line.text, "ct_ st:undecided");
	type(" nothing\t");
	ck_assert_str_eq(line.text, "ct_ st:undecided nothing");
	line_matches(&line, MODE_LIST, matches, sizeof(matches));
	ck_assert_str_eq(matches, "");
}
END_TEST

static const struct { const char *filter, *name; } unknown_rows[] = {
	{ "st:gone", "st:" }, { "us st:open st:", "st:" },
	{ "out:st:open", "out:" }, { "flag:2", "flag:" },
	{ "st:open", NULL }, { "st:OPEN tag:1 out:held", NULL },
	{ "mod:XX dev:7", NULL }, { "first:2 a.dcm", NULL }, { "", NULL },
};

START_TEST(unknown_values_are_named)
{
	char name[8] = "";
	bool unknown = line_unknown(unknown_rows[_i].filter, name,
				    sizeof(name));

	ck_assert_int_eq(unknown, unknown_rows[_i].name != NULL);
	if (unknown)
		ck_assert_str_eq(name, unknown_rows[_i].name);
}
END_TEST

START_TEST(history_goes_back_and_forth)
{
	type("fit\r");
	for (int i = 0; i < 2; i++) {
		line_open(&line, ':');
		type("invert\r");
	}
	ck_assert_uint_eq(line.count, 2);
	line_open(&line, ':');
	line_key(&line, MODE_REVIEW, KEY_ARROW_UP);
	line_key(&line, MODE_REVIEW, KEY_ARROW_UP);
	line_key(&line, MODE_REVIEW, KEY_ARROW_UP);
	ck_assert_str_eq(line.text, "fit");
	line_key(&line, MODE_REVIEW, KEY_ARROW_DOWN);
	ck_assert_str_eq(line.text, "invert");
	line_key(&line, MODE_REVIEW, KEY_ARROW_DOWN);
	line_key(&line, MODE_REVIEW, KEY_ARROW_DOWN);
	ck_assert_str_eq(line.text, "");
	for (int i = 0; i < 2 * LINE_HISTORY; i++) {
		char text[16];

		line_open(&line, ':');
		snprintf(text, sizeof(text), "%d\r", i);
		type(text);
	}
	ck_assert_uint_eq(line.count, LINE_HISTORY);
	ck_assert_str_eq(line.history[LINE_HISTORY - 1], "63");
}
END_TEST

START_TEST(long_text_stops_and_rubout_of_nothing_leaves)
{
	for (int i = 0; i < 200; i++)
		type("x");
	ck_assert_uint_eq(line.length, LINE_TEXT - 1);
	for (int i = 0; i < LINE_TEXT - 1; i++)
		ck_assert_int_eq(line_key(&line, MODE_REVIEW, KEY_RUBOUT),
				 LINE_OPEN);
	ck_assert_int_eq(line_key(&line, MODE_REVIEW, KEY_RUBOUT), LINE_LEFT);
	ck_assert_int_eq(line.sign, '\0');
	line_open(&line, ':');
	type("fit");
	ck_assert_int_eq(line_key(&line, MODE_REVIEW, KEY_ESCAPE), LINE_LEFT);
	ck_assert_uint_eq(line.count, 0);
}
END_TEST

static const struct {
	const char *text;
	enum review_mode mode;
	enum command command;           /* NONE: not understood */
	int count, letter;
} command_rows[] = {
	{ "fit", MODE_REVIEW, CMD_FIT, 0, 0 },
	{ "12", MODE_REVIEW, CMD_SELECT, 12, 0 },
	{ "select 12", MODE_REVIEW, CMD_SELECT, 12, 0 },
	{ "class n", MODE_REVIEW, CMD_CLASS, 0, 'n' },
	{ "withhold  5", MODE_REVIEW, CMD_WITHHOLD, 5, '5' },
	{ "grow 3", MODE_EDIT, CMD_GROW, 3, '3' },
	{ "grow 3", MODE_REVIEW, CMD_NONE, 0, 0 },
	{ "12", MODE_LIST, CMD_ITEM, 12, 0 },
	{ "1234567", MODE_LIST, CMD_ITEM, 1234567, 0 },
	{ "item 12", MODE_REVIEW, CMD_ITEM, 12, 0 },
	{ "item 12", MODE_TOUR, CMD_ITEM, 12, 0 },
	{ "", MODE_REVIEW, CMD_NONE, 0, 0 },
	{ "fi", MODE_REVIEW, CMD_NONE, 0, 0 },
	{ "fit it", MODE_REVIEW, CMD_NONE, 0, 0 },
	{ "select 12345678", MODE_REVIEW, CMD_NONE, 0, 0 },
	{ "select -1", MODE_REVIEW, CMD_NONE, 0, 0 },
};

START_TEST(commands)
{
	struct event event = { 0 };
	int letter;
	bool ok = line_command(command_rows[_i].text, command_rows[_i].mode,
			       &event, &letter);

	ck_assert_msg(ok == (command_rows[_i].command != CMD_NONE), "%s",
		      command_rows[_i].text);
	if (!ok)
		return;
	ck_assert_int_eq(event.command, command_rows[_i].command);
	ck_assert_int_eq(event.count, command_rows[_i].count);
	ck_assert_int_eq(letter, command_rows[_i].letter);
}
END_TEST

static const struct { const char *text; bool first, second; } search_rows[] = {
	{ "st:open", true, false }, { "mod:us", true, false },
	{ "mod:u", false, false }, { "flag:1", false, true },
	{ "flag:0", true, false }, { "WARD", true, true },
	{ "ward st:masked out:staged", false, true }, { "b.p", false, true },
	{ "tag:1", true, false }, { "tag:0", false, true },
	{ "st:undecided", true, false }, { "st:decided", false, true },
	{ "st:undecided mod:us tag:1 ward", true, false },
	{ "", false, false }, { "  ", false, false }, { "nothing", false,
	  false }, { "st:", false, false },
	{ "dev:3", true, false }, { "dev:30", false, false },
	{ "dev:0", false, false }, { "dev:", false, false },
};

START_TEST(searches)
{
	struct worklist_item a = { .name = (char[]){ "ward/a.dcm" },
				   .state = ITEM_OPEN, .modality = "US",
				   .device_number = 3 };
	struct worklist_item b = { .name = (char[]){ "Ward/b.png" },
				   .state = ITEM_MASKED,
				   .output = OUTPUT_STAGED,
				   .why_flagged = (char[]){ "name" } };

	ck_assert_msg(line_finds(search_rows[_i].text, &a, true) ==
		      search_rows[_i].first, "%s", search_rows[_i].text);
	ck_assert_msg(line_finds(search_rows[_i].text, &b, false) ==
		      search_rows[_i].second, "%s", search_rows[_i].text);
}
END_TEST

START_TEST(names_are_found_in_any_width)
{
	struct worklist_item item = {
		.name = (char[]){ "\346\250\252/\357\274\241\343\203\236a.png" } };
	static const struct { const char *part; bool found; } rows[] = {
		{ "\346\250\252", true },              /* 横 */
		{ "\346\250\253", false },             /* 樫 */
		{ "\250\252", false },                 /* no letter */
		{ "A\343\203\236", true },             /* Aマ for Ａマ */
		{ "a\343\201\276", true },             /* aま */
		{ "\357\274\241", true },              /* Ａ */
	};

	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
		ck_assert_msg(line_finds(rows[i].part, &item, false) ==
			      rows[i].found, "row %zu", i);
}
END_TEST

START_TEST(kana_are_found_in_any_form)
{
	static const struct { const char *name, *part; bool found; } rows[] = {
		/* half width in the name, and in what is sought */
		{ "ﾔﾏﾀﾞ.png", "ヤマダ", true }, { "ヤマダ.png", "ﾔﾏﾀﾞ", true },
		{ "ﾔﾏﾀﾞ.png", "やまだ", true }, { "ﾊﾟｰﾙ.dcm", "パール", true },
		{ "ｳﾞｧﾝ.dcm", "ヴァン", true },
		/* a name from a Mac: the mark is a code point of its own */
		{ "か\u3099ん.png", "がん", true },
		{ "がん.png", "か\u3099ん", true },
		{ "ハ\u309aール.dcm", "ﾊﾟｰﾙ", true },
		/* another letter */
		{ "か\u3099ん.png", "かん", false },
		{ "ﾊﾟｰﾙ.dcm", "ハール", false },
		{ "ﾔﾏﾀ.png", "ヤマダ", false },
		/* a mark that goes with nothing */
		{ "ア\u3099.png", "ア", true }, { "ｱﾞ.png", "ア", true },
	};

	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
		ck_assert_msg(search_part(rows[i].name, rows[i].part,
					  strlen(rows[i].part)) ==
			      rows[i].found, "row %zu", i);
}
END_TEST

START_TEST(letters_go_in_and_out_whole)
{
	char text[6] = "";

	ck_assert(search_type(text, sizeof(text), 0x6a2a));
	ck_assert(search_type(text, sizeof(text), 0x3000));
	ck_assert_str_eq(text, "\346\250\252 ");
	ck_assert(search_type(text, sizeof(text), 0x6a2a));     /* full */
	ck_assert_str_eq(text, "\346\250\252 ");
	ck_assert(search_type(text, sizeof(text), KEY_RUBOUT));
	ck_assert(search_type(text, sizeof(text), KEY_RUBOUT));
	ck_assert_str_eq(text, "");
	ck_assert(!search_type(text, sizeof(text), KEY_RUBOUT));
	ck_assert(!search_type(text, sizeof(text), KEY_ARROW_UP));
	ck_assert(!search_type(text, sizeof(text), KEY_ESCAPE));
}
END_TEST

/* What an input method writes in full width are the words of a filter. */
START_TEST(full_width_is_typed_as_ascii)
{
	struct worklist_item item = { .name = (char[]){ "ward/a.dcm" },
				      .state = ITEM_OPEN };
	const int keys[] = { 0xff53, 0xff54, 0xff1a, 0xff4f, 0xff50, 0xff45,
			     0xff4e, 0x3000, 0xff37 };
	char text[40] = "";

	for (size_t i = 0; i < ARRAY_LENGTH(keys); i++)
		ck_assert(search_type(text, sizeof(text), keys[i]));
	ck_assert_str_eq(text, "st:open W");
	ck_assert(line_finds(text, &item, false));
}
END_TEST

START_TEST(what_needs_reading)
{
	ck_assert(line_needs_reading("mod:us"));
	ck_assert(line_needs_reading(" st:open  dev:3"));
	ck_assert(!line_needs_reading("st:open ward amod:us"));
	ck_assert(!line_needs_reading(""));
}
END_TEST

START_TEST(help_finds_by_key_word_and_text)
{
	int all = view_help_entries(NULL, MODE_REVIEW, "");

	ck_assert_int_gt(all, 60);
	ck_assert_int_eq(view_help_entries(NULL, MODE_REVIEW, "no such thing"), 0);
	ck_assert_int_eq(view_help_entry(NULL, MODE_REVIEW, "no such thing", 0),
			 CMD_NONE);
	ck_assert_int_eq(view_help_entry(NULL, MODE_REVIEW, "reject-all", 0),
			 CMD_REJECT_ALL);
	ck_assert_int_eq(view_help_entry(NULL, MODE_REVIEW, "ITS BLOCK", 0),
			 CMD_SNAP);
	ck_assert_int_eq(view_help_entry(NULL, MODE_REVIEW, "Shift-Tab", 0),
			 CMD_BOX_PREV);
	ck_assert_int_eq(view_help_entry(NULL, MODE_REVIEW, "", 0), CMD_APPROVE);
	ck_assert_int_eq(view_help_entry(NULL, MODE_LIST, "", all - 1) != CMD_NONE,
			 true);
}
END_TEST

/* Each finds its command among others. */
static const struct {
	const char *search;
	enum review_mode mode;
	enum command command;
} found_rows[] = {
	{ "unmask", MODE_REVIEW, CMD_REJECT },
	{ "unmask", MODE_REVIEW, CMD_UNMASK },
	{ "remove", MODE_REVIEW, CMD_REJECT },
	{ "delete", MODE_REVIEW, CMD_REJECT },
	{ "delete", MODE_REVIEW, CMD_UNMASK },
	{ "reject", MODE_REVIEW, CMD_UNMASK },
	{ "add", MODE_REVIEW, CMD_HINT },       /* of the line of hints */
	{ "filter", MODE_LIST, CMD_SEARCH },
	{ "sort", MODE_LIST, CMD_SORT },
	{ "search", MODE_LIST, CMD_SEARCH },
	{ "save", MODE_LIST, CMD_RELEASE },
	{ "exit", MODE_LIST, CMD_QUIT },
	{ "mask remove", MODE_REVIEW, CMD_REJECT },
};

START_TEST(help_finds_by_other_words)
{
	const char *search = found_rows[_i].search;
	enum review_mode mode = found_rows[_i].mode;
	int entries = view_help_entries(NULL, mode, search);
	bool found = false;

	for (int i = 0; i < entries; i++)
		found = found || view_help_entry(NULL, mode, search, i) ==
				 found_rows[_i].command;
	ck_assert_msg(found, "%s", search);
	ck_assert_int_lt(entries, view_help_entries(NULL, mode, "") / 2);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("line");
	TCase *c = tcase_create("line");

	tcase_add_checked_fixture(c, start, NULL);
	tcase_add_test(c, tab_completes_as_far_as_all_agree);
	tcase_add_test(c, filters_are_completed);
	tcase_add_loop_test(c, unknown_values_are_named, 0,
			    ARRAY_LENGTH(unknown_rows));
	tcase_add_test(c, history_goes_back_and_forth);
	tcase_add_test(c, long_text_stops_and_rubout_of_nothing_leaves);
	tcase_add_loop_test(c, commands, 0, ARRAY_LENGTH(command_rows));
	tcase_add_loop_test(c, searches, 0, ARRAY_LENGTH(search_rows));
	tcase_add_test(c, names_are_found_in_any_width);
	tcase_add_test(c, kana_are_found_in_any_form);
	tcase_add_test(c, letters_go_in_and_out_whole);
	tcase_add_test(c, full_width_is_typed_as_ascii);
	tcase_add_test(c, what_needs_reading);
	tcase_add_test(c, help_finds_by_key_word_and_text);
	tcase_add_loop_test(c, help_finds_by_other_words, 0,
			    ARRAY_LENGTH(found_rows));
	suite_add_tcase(s, c);
	return support_run(s);
}

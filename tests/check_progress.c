/* check_progress.c - the line that tells how far a command is. */
#include "config.h"

#include "process/progress.h"

#include <string.h>

#include "tests/support.h"

static const struct {
	struct progress progress;
	long long ms;
	int columns;
	const char *line;
} lines[] = {
	/* nothing known, nothing done */
	{ { 0 }, 0, 80, "0" },
	{ { .done = 3 }, 60000, 80, "3  3.0 a minute" },
	{ { .total = 4 }, 500, 80, "[--------------------]  0/4" },
	{ { .done = 1, .total = 4 }, 10000, 80,
	  "[#####---------------]  1/4  6.0 a minute  31 s left" },
	{ { .done = 4, .total = 4 }, 10000, 80,
	  "[####################]  4/4  24.0 a minute" },
	/* more than was counted at the start */
	{ { .done = 5, .total = 4 }, 10000, 80,
	  "[####################]  5/4  30.0 a minute" },
	{ { .done = 10, .total = 340 }, 60000, 80,
	  "[--------------------]  10/340  10.0 a minute  34 min left" },
	{ { .done = 10, .total = 100000 }, 60000, 80,
	  "[--------------------]  10/100000  10.0 a minute  167 h left" },
	/* who does what, as far as it fits */
	{ { .done = 2, .jobs = 2,
	    .job = { { 3, 450, NULL }, { 4, -1, "writing" } } }, 60000, 80,
	  "2  2.0 a minute  #3 45 %  #4 writing" },
	{ { .done = 2, .jobs = 2,
	    .job = { { 3, 450, NULL }, { 4, -1, "writing" } } }, 60000, 25,
	  "2  2.0 a minute  #3 45 %" },
	{ { .done = 2, .total = 9, .jobs = 1, .job = { { 3, 450, NULL } } },
	  60000, 8, "2/9" },
};

START_TEST(test_line)
{
	char text[PROGRESS_LINE];

	progress_line(&lines[_i].progress, lines[_i].ms, lines[_i].columns,
		      text);
	ck_assert_str_eq(text, lines[_i].line);
	ck_assert_int_le((int)strlen(text), lines[_i].columns);
}
END_TEST

START_TEST(test_jobs)
{
	struct progress p = { 0 };

	for (int i = 0; i < PROGRESS_JOBS + 3; i++)
		progress_add(&p, i + 1, i, NULL);
	ck_assert_int_eq(p.jobs, PROGRESS_JOBS);
	ck_assert_int_eq(p.job[PROGRESS_JOBS - 1].number, PROGRESS_JOBS);
}
END_TEST

int main(void)
{
	TCase *tc = tcase_create("progress");
	Suite *suite = suite_create("progress");

	add_rows_test(tc, test_line, lines);
	tcase_add_test(tc, test_jobs);
	suite_add_tcase(suite, tc);
	return support_run(suite);
}

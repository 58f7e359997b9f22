/* support.h - what the test programs share. */
#ifndef SUMI_TESTS_SUPPORT_H
#define SUMI_TESTS_SUPPORT_H

#include <check.h>

#define ARRAY_LENGTH(a) (sizeof(a) / sizeof((a)[0]))
/* One run of the test for each row of a table; its index is _i. */
#define add_rows_test(tcase, test, rows) \
	tcase_add_loop_test(tcase, test, 0, (int)ARRAY_LENGTH(rows))

/* Run the suite, print its counts.  Returns the exit status for main(). */
int support_run(Suite *suite);

/* A checked fixture: standard error goes nowhere.  A process that was forked
 * ends without the library's words on its models. */
void support_leave_quietly(void);

#endif

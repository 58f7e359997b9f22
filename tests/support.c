/* support.c - what the test programs share. */
#include "config.h"

#include "tests/support.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

int support_run(Suite *suite)
{
	SRunner *runner = srunner_create(suite);

	srunner_run_all(runner, CK_NORMAL);
	int failed = srunner_ntests_failed(runner);

	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

void support_leave_quietly(void)
{
	int null = open("/dev/null", O_WRONLY);

	dup2(null, STDERR_FILENO);
	close(null);
}

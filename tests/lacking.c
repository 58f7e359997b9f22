/*
 * lacking.c - runs a command as on a kernel that lacks something.
 *
 * usage: lacking seccomp|landlock|openat2|shared-index|network... -- COMMAND
 *        [ARGUMENT]...
 *
 * Ends 99 when that can't be had.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/deny.h"

/* What forbids filters comes last: no other could follow it. */
static bool deny_all(char **what, int count)
{
	bool seccomp = false;

	for (int i = 0; i < count; i++) {
		if (!strcmp(what[i], "seccomp"))
			seccomp = true;
		else if (!deny(what[i]))
			return false;
	}
	return !seccomp || deny("seccomp");
}

int main(int argc, char **argv)
{
	int i = 1;

	while (i < argc && strcmp(argv[i], "--") != 0)
		i++;
	if (i + 1 >= argc || !deny_all(argv + 1, i - 1)) {
		fputs("usage: lacking seccomp|landlock|openat2|shared-index|"
		      "network... -- COMMAND [ARGUMENT]...\n", stderr);
		return 99;
	}
	execvp(argv[i + 1], argv + i + 1);
	perror(argv[i + 1]);
	return 99;
}

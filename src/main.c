/* main.c - options, the table of sub-commands, exit status. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/i18n.h"
#include "base/locale.h"

struct command {
	const char *name, *arguments, *help;
	int (*run)(int argc, char **argv);
};

static int run_version(int argc, char **argv)
{
	(void)argv;
	if (argc > 1) {
		fprintf(stderr, "suminuri: version: %s\n",
			_("takes no argument"));
		return error_exit_status(ERR_USAGE);
	}
	puts(PACKAGE_STRING);
	return 0;
}

static const struct command commands[] = {
	{ "version", "", N_("show the version"), run_version },
};

enum { COMMANDS_COUNT = sizeof(commands) / sizeof(commands[0]) };

static void print_help(FILE *to)
{
	fprintf(to, _("Usage: %s COMMAND\n\n"), "suminuri");
	for (int i = 0; i < COMMANDS_COUNT; i++)
		fprintf(to, "  %-10s %-24s %s\n", commands[i].name,
			commands[i].arguments, _(commands[i].help));
}

int main(int argc, char **argv)
{
	locale_start();
	if (argc > 1 && !strcmp(argv[1], "--help")) {
		print_help(stdout);
		return 0;
	}
	for (int i = 0; argc > 1 && i < COMMANDS_COUNT; i++)
		if (!strcmp(argv[1], commands[i].name))
			return commands[i].run(argc - 1, argv + 1);
	print_help(stderr);
	return error_exit_status(ERR_USAGE);
}

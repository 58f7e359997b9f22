/*
 * options.h - one command line by a table of options: GNU long options with
 * one-letter twins.  Prints nothing.
 */
#ifndef SUMI_OPTIONS_H
#define SUMI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

enum { OPTIONS_MAX = 24 };              /* of one command, --help included */

/* A table ends with a row whose name is NULL. */
struct option_row {
	char letter;
	const char *name;
	const char *argument;           /* "N"; NULL: takes none */
	const char *help;               /* N_() */
};

struct option_given {
	char letter;
	const char *value;              /* "" when it takes none */
};

/* What was typed; strings are those of argv. */
struct options {
	struct option_given *given;     /* in the order typed */
	size_t count;
	char *const *argument;          /* what is no option */
	int arguments;
};

/*
 * Read argv (argv[0] is the command).  argv may be reordered.  False with
 * ERR_USAGE (names the option) or ERR_MEMORY.  options_done() releases.
 */
bool options_read(const struct option_row *table, int argc, char **argv,
		  struct options *o, struct error *err);
void options_done(struct options *o);

/* The last value given for an option; NULL when it was not given. */
const char *options_value(const struct options *o, char letter);

/*
 * The same as a number from min to max; *number stays when it was not given.
 * False with ERR_USAGE.
 */
bool options_number(const struct options *o, const struct option_row *table,
		    char letter, long min, long max, long *number,
		    struct error *err);

#endif

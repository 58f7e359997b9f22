/* options.c - one command line by a table of options. */
#include "config.h"

#include "base/options.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"

/* getopt's own forms of the table. */
struct forms {
	char letters[2 + 2 * OPTIONS_MAX];
	struct option names[OPTIONS_MAX + 1];
};

static bool make_forms(const struct option_row *table, struct forms *f)
{
	char *at = f->letters;
	int n = 0;

	*at++ = ':';                    /* tell what lacks its argument */
	for (; table[n].name; n++) {
		if (n == OPTIONS_MAX)
			return false;
		f->names[n] = (struct option){
			.name = table[n].name,
			.has_arg = table[n].argument ? required_argument :
						       no_argument,
			.val = table[n].letter,
		};
		*at++ = table[n].letter;
		if (table[n].argument)
			*at++ = ':';
	}
	*at = '\0';
	return true;
}

static bool wrong(int c, char **argv, struct error *err)
{
	const char *what = c == ':' ? _("an argument is missing") :
				      _("unknown option");

	/* a bad letter is in optopt; a bad name is the word before optind */
	if (optopt > ' ' && optopt < 127 && c != ':')
		return error_set(err, ERR_USAGE, "-%c: %s", optopt, what);
	return error_set(err, ERR_USAGE, "%s: %s", argv[optind - 1], what);
}

bool options_read(const struct option_row *table, int argc, char **argv,
		  struct options *o, struct error *err)
{
	struct forms forms = { .letters = "" };
	int c;

	*o = (struct options){ 0 };
	o->given = mem_array((size_t)argc + 1, sizeof(*o->given));
	if (!o->given)
		return error_set(err, ERR_MEMORY, _("no memory"));
	if (!make_forms(table, &forms))
		return error_set(err, ERR_INTERNAL, "too many options");
	optind = 0;                     /* glibc: start anew */
	opterr = 0;
	while ((c = getopt_long(argc, argv, forms.letters, forms.names,
				NULL)) != -1) {
		if (c == '?' || c == ':')
			return wrong(c, argv, err);
		o->given[o->count].letter = (char)c;
		o->given[o->count++].value = optarg ? optarg : "";
		/* -abc may hold more options than there are words */
		if (o->count > (size_t)argc)
			return error_set(err, ERR_USAGE,
					 _("an option is repeated"));
	}
	o->argument = argv + optind;
	o->arguments = argc - optind;
	return true;
}

void options_done(struct options *o)
{
	free(o->given);
	*o = (struct options){ 0 };
}

const char *options_value(const struct options *o, char letter)
{
	for (size_t i = o->count; i > 0; i--)
		if (o->given[i - 1].letter == letter)
			return o->given[i - 1].value;
	return NULL;
}

static const char *name_of(const struct option_row *table, char letter)
{
	for (; table->name; table++)
		if (table->letter == letter)
			return table->name;
	return "";
}

bool options_number(const struct options *o, const struct option_row *table,
		    char letter, long min, long max, long *number,
		    struct error *err)
{
	const char *value = options_value(o, letter);
	char *end;
	long n;

	if (!value)
		return true;
	errno = 0;
	n = strtol(value, &end, 10);
	if (errno || end == value || *end || n < min || n > max)
		return error_set(err, ERR_USAGE,
				 _("--%s: a number from %ld to %ld"),
				 name_of(table, letter), min, max);
	*number = n;
	return true;
}

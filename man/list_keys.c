/*
 * list_keys.c - prints the key table as the KEYS section of the manual.
 *
 * usage: list_keys        its output stands in suminuri.1 between the comments
 *                         "keys" and "end of keys"; tests/manual.sh compares
 */
#include "config.h"

#include <stdbool.h>
#include <stdio.h>

#include "ui/key.h"

static const struct {
	enum review_mode mode;
	const char *title;
} modes[] = {
	{ MODE_REVIEW, "With a picture on the screen:" },
	{ MODE_EDIT, "While editing a box:" },
	{ MODE_ADD, "While adding a box:" },
	{ MODE_SHEET, "On a contact sheet:" },
	{ MODE_LIST, "In the worklist:" },
	{ MODE_TAGGED, "In the worklist, after ;\\&:" },
	{ MODE_ANY, "Everywhere:" },
};

/* \& keeps mdoc from taking a bracket or a stop for its own. */
static void print_key(const struct binding *b, bool first)
{
	char name[32];

	key_name(b->key, name, sizeof(name));
	printf("%s\\&", first ? ".It Ic " : " , ");
	for (const char *p = name; *p; p++) {
		if (*p == '-')
			fputs("\\-", stdout);
		else if (*p == '^')
			fputs("\\(ha", stdout);
		else if (*p == '`')
			fputs("\\(ga", stdout);
		else
			putchar(*p);
	}
}

/* The keys of one command of a mode, if this binding is its first. */
static void print_command(const struct binding *b, size_t at, size_t count)
{
	for (size_t i = 0; i < at; i++)
		if (b[i].mode == b[at].mode && b[i].command == b[at].command)
			return;
	for (size_t i = at; i < count; i++)
		if (b[i].mode == b[at].mode && b[i].command == b[at].command)
			print_key(&b[i], i == at);
	printf("\n%s\n", key_help(b[at].mode, b[at].command));
}

int main(void)
{
	size_t count;
	const struct binding *b = key_bindings(&count);

	for (size_t m = 0; m < sizeof(modes) / sizeof(modes[0]); m++) {
		printf(".Pp\n%s\n.Bl -tag -width Ds\n", modes[m].title);
		for (size_t i = 0; i < count; i++)
			if (b[i].mode == modes[m].mode)
				print_command(b, i, count);
		puts(".El");
	}
	return 0;
}

/*
 * settings.h - settings: a table of options, the reader of `name = value` files
 * and their canonical text.  The only module that sees inih.
 */
#ifndef SUMI_SETTINGS_H
#define SUMI_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/mem.h"

enum settings_kind {
	SETTINGS_WORD,            /* one of words */
	SETTINGS_SET,             /* words joined by '+', or "all" */
	SETTINGS_NUMBER,          /* least..most */
	SETTINGS_CODE             /* 1..31 of letters, digits, + - _ */
};

enum { SETTINGS_TEXT = 96, SETTINGS_CODE_TEXT = 32, SETTINGS_ROWS = 32 };

/* Rows stand in the byte order of their names (asserted by settings_start). */
struct settings_row {
	const char *name;
	enum settings_kind kind;
	const char *const *words;       /* ends with NULL; WORD and SET */
	long least, most;
	const char *initial;            /* the default, a valid value */
};

/* number: index of the word, bit set of words, or the number.  text: the
 * value in canonical form (sets in the order of words). */
struct settings_value {
	long number;
	char text[SETTINGS_TEXT];
};

/* All defaults into value[count]. */
void settings_start(const struct settings_row *rows, size_t count,
		  struct settings_value *value);

/* Set one.  False with ERR_USAGE that names the setting and what it takes. */
bool settings_set(const struct settings_row *rows, size_t count,
		struct settings_value *value, const char *name,
		const char *text, struct error *err);

/*
 * Set all that a text names: `name = value` lines, comments after # or ; and
 * no sections.  The text is NUL-terminated.  False with ERR_USAGE (unknown
 * name, bad value, the line) or ERR_MEMORY.
 */
bool settings_read(const struct settings_row *rows, size_t count,
		 struct settings_value *value, const char *text,
		 struct error *err);

/* Append all as `name=value` lines in the order of rows. */
void settings_print(const struct settings_row *rows, size_t count,
		  const struct settings_value *value, struct buffer *out);
#endif

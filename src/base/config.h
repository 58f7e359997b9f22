/*
 * config.h - settings: a table of options, the reader of `name = value` files
 * and their canonical text.  The only module that sees inih.
 */
#ifndef SUMI_CONFIG_H
#define SUMI_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/mem.h"

enum config_kind {
	CONFIG_WORD,            /* one of words */
	CONFIG_SET,             /* words joined by '+', or "all" */
	CONFIG_NUMBER,          /* least..most */
	CONFIG_CODE             /* 1..31 of letters, digits, + - _ */
};

enum { CONFIG_TEXT = 32, CONFIG_ROWS = 32 };

/* Rows stand in the byte order of their names (asserted by config_start). */
struct config_row {
	const char *name;
	enum config_kind kind;
	const char *const *words;       /* ends with NULL; WORD and SET */
	long least, most;
	const char *initial;            /* the default, a valid value */
};

/* number: index of the word, bit set of words, or the number.  text: the
 * value in canonical form (sets in the order of words). */
struct config_value {
	long number;
	char text[CONFIG_TEXT];
};

/* All defaults into value[count]. */
void config_start(const struct config_row *rows, size_t count,
		  struct config_value *value);

/* Set one.  False with ERR_USAGE that names the setting and what it takes. */
bool config_set(const struct config_row *rows, size_t count,
		struct config_value *value, const char *name,
		const char *text, struct error *err);

/*
 * Set all that a text names: `name = value` lines, comments after # or ; and
 * no sections.  The text is NUL-terminated.  False with ERR_USAGE (unknown
 * name, bad value, the line) or ERR_MEMORY.
 */
bool config_read(const struct config_row *rows, size_t count,
		 struct config_value *value, const char *text,
		 struct error *err);

/* Append all as `name=value` lines in the order of rows. */
void config_print(const struct config_row *rows, size_t count,
		  const struct config_value *value, struct buffer *out);
#endif

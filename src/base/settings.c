/* settings.c - settings: the option table, the reader, the canonical text. */
#include "config.h"

#include "base/settings.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ini.h>

#include "base/i18n.h"

static bool parse_word(const struct settings_row *row, const char *text,
		       size_t length, long *index)
{
	for (*index = 0; row->words[*index]; (*index)++)
		if (strlen(row->words[*index]) == length &&
		    !memcmp(row->words[*index], text, length))
			return true;
	return false;
}

/* "dicom+png" to bits 0 and 1; each word once. */
static bool parse_set(const struct settings_row *row, const char *text,
		      long *bits)
{
	long index;

	*bits = 0;
	for (;;) {
		size_t length = strcspn(text, "+");

		if (!parse_word(row, text, length, &index) ||
		    *bits >> index & 1)
			return false;
		*bits |= 1L << index;
		if (!text[length])
			return true;
		text += length + 1;
	}
}

static long all_bits(const struct settings_row *row)
{
	long index = 0;

	while (row->words[index])
		index++;
	return (1L << index) - 1;
}

static bool parse_number(const struct settings_row *row, const char *text,
			 long *number)
{
	char *end;

	if (!strchr("-0123456789", text[0]) || !text[0])
		return false;
	errno = 0;
	*number = strtol(text, &end, 10);
	return !errno && !*end && *number >= row->least &&
	       *number <= row->most;
}

static bool is_code(const char *text)
{
	size_t length = strlen(text);

	return length > 0 && length < SETTINGS_CODE_TEXT &&
	       strspn(text, "abcdefghijklmnopqrstuvwxyz"
			    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-_") ==
	       length;
}

/* The canonical text of a set. */
static void print_set(const struct settings_row *row, long bits,
		      char text[SETTINGS_TEXT])
{
	size_t used = 0;

	if (bits == all_bits(row)) {
		snprintf(text, SETTINGS_TEXT, "all");
		return;
	}
	text[0] = '\0';
	for (long i = 0; row->words[i]; i++)
		if (bits >> i & 1 && used < SETTINGS_TEXT)
			used += (size_t)snprintf(text + used,
						 SETTINGS_TEXT - used, "%s%s",
						 used ? "+" : "",
						 row->words[i]);
}

static bool parse(const struct settings_row *row, const char *text,
		  struct settings_value *value)
{
	long number = 0;
	bool good = false;

	switch (row->kind) {
	case SETTINGS_WORD:
		good = parse_word(row, text, strlen(text), &number);
		break;
	case SETTINGS_SET:
		good = !strcmp(text, "all") || parse_set(row, text, &number);
		if (good && !strcmp(text, "all"))
			number = all_bits(row);
		break;
	case SETTINGS_NUMBER:
		good = parse_number(row, text, &number);
		break;
	case SETTINGS_CODE:
		good = is_code(text);
		break;
	}
	if (!good)
		return false;
	value->number = number;
	if (row->kind == SETTINGS_SET)
		print_set(row, number, value->text);
	else if (row->kind == SETTINGS_NUMBER)
		snprintf(value->text, SETTINGS_TEXT, "%ld", number);
	else
		snprintf(value->text, SETTINGS_TEXT, "%s", text);
	return true;
}

void settings_start(const struct settings_row *rows, size_t count,
		  struct settings_value *value)
{
	for (size_t i = 0; i < count; i++) {
		bool good = parse(&rows[i], rows[i].initial, &value[i]);

		assert(good && (i == 0 ||
				strcmp(rows[i - 1].name, rows[i].name) < 0));
		(void)good;
	}
}

/* What a setting takes, for a message. */
static void describe(const struct settings_row *row, char *text, size_t size)
{
	size_t used = 0;

	text[0] = '\0';
	if (row->kind == SETTINGS_NUMBER)
		snprintf(text, size, "%ld..%ld", row->least, row->most);
	else if (row->kind == SETTINGS_CODE)
		snprintf(text, size, "%s", row->initial);
	else
		for (long i = 0; row->words[i] && used < size; i++)
			used += (size_t)snprintf(text + used, size - used,
						 "%s%s", used ? ", " : "",
						 row->words[i]);
}

bool settings_set(const struct settings_row *rows, size_t count,
		struct settings_value *value, const char *name,
		const char *text, struct error *err)
{
	char takes[128];

	for (size_t i = 0; i < count; i++) {
		if (strcmp(rows[i].name, name))
			continue;
		if (parse(&rows[i], text, &value[i]))
			return true;
		describe(&rows[i], takes, sizeof(takes));
		return error_set(err, ERR_USAGE, _("%s: not a value of it; "
						   "it takes: %s"),
				 name, takes);
	}
	/* not quoted: it may be anything */
	return error_set(err, ERR_USAGE, _("there is no such setting"));
}

struct reading {
	const struct settings_row *rows;
	size_t count;
	struct settings_value *value;
	struct error *err;
	bool failed;
};

static int take_line(void *user, const char *section, const char *name,
		     const char *value)
{
	struct reading *r = user;

	if (r->failed)
		return 0;
	r->failed = *section ?
		!error_set(r->err, ERR_USAGE, _("there are no sections")) :
		!settings_set(r->rows, r->count, r->value, name, value, r->err);
	return !r->failed;
}

bool settings_read(const struct settings_row *rows, size_t count,
		 struct settings_value *value, const char *text,
		 struct error *err)
{
	struct reading r = { rows, count, value, err, false };
	int line = ini_parse_string(text, take_line, &r);

	if (line == 0)
		return true;
	if (line < 0)
		return error_set(err, ERR_MEMORY, "no memory for settings");
	if (!r.failed)
		error_set(err, ERR_USAGE, _("no `name = value`"));
	return error_prefix(err, _("line %d"), line);
}

void settings_print(const struct settings_row *rows, size_t count,
		  const struct settings_value *value, struct buffer *out)
{
	for (size_t i = 0; i < count; i++)
		buffer_printf(out, "%s=%s\n", rows[i].name, value[i].text);
}

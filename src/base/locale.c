/* locale.c - language and character set of the terminal, set once at start. */
#include "config.h"

#include "base/locale.h"

#include <errno.h>
#include <langinfo.h>
#include <libintl.h>
#include <limits.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>
#include <wchar.h>

const char *locale_asked(void)
{
	static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *value = getenv(names[i]);

		if (value && *value)
			return value;
	}
	return "";
}

/* The language of messages may be set apart from the character set. */
static const char *messages_asked(void)
{
	static const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *value = getenv(names[i]);

		if (value && *value)
			return value;
	}
	return "";
}

bool locale_is_utf8(const char *name)
{
	const char *codeset = strchr(name, '.');

	if (!codeset)
		return false;
	size_t length = strcspn(++codeset, "@");

	return (length == 5 && !strncasecmp(codeset, "UTF-8", length)) ||
	       (length == 4 && !strncasecmp(codeset, "utf8", length));
}

bool locale_language(const char *name, char *language, size_t size)
{
	size_t length = strcspn(name, ".@");

	if (length == 0 || length >= size)
		return false;
	memcpy(language, name, length);
	language[length] = '\0';
	return strcmp(language, "C") != 0 && strcmp(language, "POSIX") != 0;
}

static enum locale_state take_locale(void)
{
	const char *asked = locale_asked();
	char language[64];

	/* C or POSIX by name is a wish for ASCII, none at all is not */
	if (setlocale(LC_ALL, "") &&
	    (*asked || strcmp(nl_langinfo(CODESET), "ANSI_X3.4-1968") != 0))
		return LOCALE_AS_ASKED;
	if ((*asked && !locale_is_utf8(asked)) ||
	    !setlocale(LC_ALL, "C.UTF-8")) {
		setlocale(LC_ALL, "C");
		return LOCALE_ASCII;
	}
	/* without LANGUAGE, gettext translates nothing in a C locale */
	if (locale_language(messages_asked(), language, sizeof(language)))
		setenv("LANGUAGE", language, 0);
	return LOCALE_REPLACED;
}

/* "locale" beside the program, if it holds our messages. */
static bool find_catalogue(char *folder, size_t size)
{
	static const char below[] = "/ja/LC_MESSAGES/" PACKAGE ".mo";
	char program[PATH_MAX], file[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", program,
				  sizeof(program) - 1);

	if (length < 0)
		return false;
	program[length] = '\0';
	char *slash = strrchr(program, '/');

	if (!slash)
		return false;
	*slash = '\0';
	int wanted = snprintf(folder, size, "%s/locale", program);

	if (wanted < 0 || (size_t)wanted >= size)
		return false;
	wanted = snprintf(file, sizeof(file), "%s%s", folder, below);
	return wanted > 0 && (size_t)wanted < sizeof(file) &&
	       access(file, R_OK) == 0;
}

enum locale_state locale_start(void)
{
	enum locale_state state = take_locale();
	char folder[PATH_MAX];

	setlocale(LC_NUMERIC, "C");     /* files are read with strtod() */
	bindtextdomain(PACKAGE, find_catalogue(folder, sizeof(folder)) ?
				folder : LOCALEDIR);
	textdomain(PACKAGE);
	return state;
}

void locale_warm_up(void)
{
	/* the catalogues of our messages and of the C library's, and their
	 * converters: each is opened at the first message */
	(void)gettext("no memory");
	(void)strerror(ENOSPC);
}

int locale_width(const char *text)
{
	wchar_t wide[256];
	size_t length = mbstowcs(wide, text, 256);
	int width = length < 256 ? wcswidth(wide, length) : -1;

	return width < 0 ? (int)strlen(text) : width;
}

/* ---- lines of at most 80 columns ---- */

enum { WRAP_COLUMNS = 80, WRAP_TEXT = 2048 };

static bool is_wide(wchar_t c)
{
	return wcwidth(c) == 2;
}

/* May a line end between two characters?  None begins with what closes or
 * goes on with a phrase, and none ends with what opens one (kinsoku, JIS X
 * 4051). */
static bool may_part(wchar_t before, wchar_t after)
{
	if (after == L' ')
		return true;
	return (is_wide(before) || is_wide(after)) && before != L' ' &&
	       !wcschr(L"、。，．：；？！）」』】・ー…,.:;?!)]", after) &&
	       !wcschr(L"（「『【([", before);
}

/* How many characters of text go into so many columns; a word that is longer
 * is not cut. */
static size_t fitting(const wchar_t *text, int columns)
{
	size_t end = 0, i;
	int width = 0, w;

	for (i = 0; text[i]; i++) {
		if (i > 0 && may_part(text[i - 1], text[i]))
			end = i;
		w = wcwidth(text[i]);
		width += w > 0 ? w : 0;
		if (width > columns && end > 0)
			return end;
	}
	return i;
}

/* Newlines become blanks, or nothing within Japanese. */
static void join_lines(wchar_t *text)
{
	wchar_t *to = text;

	for (const wchar_t *at = text; *at; at++) {
		if (*at != L'\n')
			*to++ = *at;
		else if (to > text && !(is_wide(to[-1]) && is_wide(at[1])))
			*to++ = L' ';
	}
	*to = L'\0';
}

void locale_wrap(FILE *to, int column, const char *text)
{
	wchar_t wide[WRAP_TEXT];
	const wchar_t *at = wide;
	size_t length = mbstowcs(wide, text, WRAP_TEXT);

	if (length >= WRAP_TEXT) {      /* in no characters of the locale */
		fprintf(to, "%s\n", text);
		return;
	}
	join_lines(wide);
	for (;;) {
		size_t n = fitting(at, WRAP_COLUMNS - column);

		for (const wchar_t *end = at + n; at < end; at++)
			fprintf(to, "%lc", (wint_t)*at);
		fputc('\n', to);
		at += wcsspn(at, L" ");
		if (!*at)
			return;
		fprintf(to, "%*s", column, "");
	}
}

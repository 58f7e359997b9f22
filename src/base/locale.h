/* locale.h - language and character set of the terminal, set once at start. */
#ifndef SUMI_LOCALE_H
#define SUMI_LOCALE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

enum locale_state {
	LOCALE_AS_ASKED,        /* the environment's locale is in use */
	LOCALE_REPLACED,        /* it is not installed or none was named:
				 * C.UTF-8 with the language asked for */
	LOCALE_ASCII,           /* it is not installed and is no UTF-8: English
				 * in ASCII, as guessing would garble */
};

/*
 * Take the locale and the messages from the environment; numbers are always
 * written as in C.  The messages are those in "locale" beside the program
 * (a build tree), else the installed ones.  Before any thread.
 */
enum locale_state locale_start(void);

/*
 * The parts of locale_start() that need no system call.
 *
 * locale_asked  the first of LC_ALL, LC_CTYPE, LANG that is set and not
 *               empty; "" when there is none
 * locale_is_utf8  the name ends in .UTF-8 in one of its spellings
 * locale_language  "ja_JP" of "ja_JP.UTF-8@x" into language[size]; false when
 *               it is C or POSIX, empty or too long
 */
const char *locale_asked(void);
bool locale_is_utf8(const char *name);
bool locale_language(const char *name, char *language, size_t size);

/* Load the messages now, for what can't open files later. */
void locale_warm_up(void);

/* Columns of a terminal that text takes in the characters of the locale; its
 * bytes where it is none of them or longer than 255 characters. */
int locale_width(const char *text);

/*
 * Print text and a newline, in lines of at most 80 columns: broken at blanks,
 * and between characters of two columns as Japanese is; its own newlines are
 * blanks.  The first line begins at column, where the others begin too.
 */
void locale_wrap(FILE *to, int column, const char *text);

#ifdef __cplusplus
}
#endif

#endif

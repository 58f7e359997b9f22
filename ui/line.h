/*
 * line.h - the line below the screen that a command or a search is typed
 * into: an editor with completion and a history, and what its text means.
 * No terminal.
 */
#ifndef SUMI_LINE_H
#define SUMI_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "record/worklist.h"
#include "review/review.h"

enum { LINE_TEXT = 80, LINE_HISTORY = 32 };

/* Zero-initialise.  Text is UTF-8, that of commands printable ASCII. */
struct line {
	char sign;                      /* ':' '/' it is open; '\0' closed */
	char text[LINE_TEXT];
	size_t length;                  /* bytes */
	bool refused;                   /* the last key is of no command */
	char history[LINE_HISTORY][LINE_TEXT];  /* of ':', the oldest first */
	size_t count, at;               /* at: shown; count: the new one */
};

enum line_state { LINE_OPEN, LINE_DONE, LINE_LEFT };

/* Begin an empty line after the sign, ':' or '/'. */
void line_open(struct line *l, char sign);
/*
 * Take a key: Enter ends it, Esc or a rubout of nothing leaves it, Tab
 * completes a command of this mode or the last word of a filter, Up and Down
 * go through the history.  It is
 * closed when it was ended or left; text stays until it is opened again.
 */
enum line_state line_key(struct line *l, enum review_mode mode, int key);

/* The commands of a mode that begin with the word typed, in `text`, two blanks
 * between; "" when there are none or an argument is being typed.  Of a filter
 * the words that have a value, and once one is typed its values. */
void line_matches(const struct line *l, enum review_mode mode, char *text,
		  size_t size);

/*
 * "WORD", "WORD NUMBER", "WORD LETTER" or "NUMBER" (select; in the list item):
 * the command into
 * *event, a number into its count.  *letter: the letter or digit that answers
 * what the command asks for; '\0' none.  False: no command of this mode, or
 * something else behind it.
 */
bool line_command(const char *text, enum review_mode mode,
		  struct event *event, int *letter);

/*
 * Does a row of the worklist match all words of a filter?  st:STATE (also
 * st:undecided, st:decided) mod:XX dev:N (device number) flag:1 (flagged) flag:0 tag:1 (tagged)
 * tag:0, out:STATE (of the output); other words are part of its name, capitals
 * alike.  "" matches nothing.
 */
bool line_finds(const char *text, const struct worklist_item *item,
		bool tagged);
/* Is a word of a filter one of those above with another value, "st:gone"?
 * word: its name, "st:". */
bool line_unknown(const char *text, char *word, size_t size);
/* Does it ask for what is known only of files that were read? */
bool line_needs_reading(const char *text);
#endif

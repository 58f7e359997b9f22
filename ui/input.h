/*
 * input.h - bytes of the terminal to keys and answers.  Keys, pasted text and
 * answers to our questions come mixed in one stream, in order; so whether a
 * key was read after an answer is known.  No terminal, no clock.
 */
#ifndef SUMI_INPUT_H
#define SUMI_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <wchar.h>

enum input_type {
	INPUT_NONE,
	INPUT_KEY,              /* key */
	INPUT_PASTED,           /* a character of pasted text: ignore it */
	INPUT_CURSOR,           /* CSI row ; column R: row, column, 1-based */
	INPUT_ATTRIBUTES,       /* answer to DA1 (CSI ? ... c): name is ... */
	INPUT_NAME,             /* answer to XTVERSION: name */
	INPUT_MODE,             /* answer to DECRQM: mode row is column */
	INPUT_CELL,             /* CSI 6 ; height ; width t: row, column */
	INPUT_REGISTERS,        /* answer to XTSMGRAPHICS 1: column */
	INPUT_LIMIT,            /* to 2: row pixels high, column wide */
	INPUT_MOUSE,            /* SGR 1006: key is the button code, row and
				   column 1-based, name "M" or "m" */
	INPUT_KITTY,            /* image number row: name is "OK" or an error */
};

/* A key is a code point or one of these. */
enum key {
	KEY_TAB_ = 9, KEY_ENTER_ = 13, KEY_ESCAPE = 27, KEY_RUBOUT = 127,
	KEY_ARROW_UP = 0x110000, KEY_ARROW_DOWN, KEY_ARROW_RIGHT,
	KEY_ARROW_LEFT, KEY_PAGE_UP, KEY_PAGE_DOWN, KEY_TO_HOME, KEY_TO_END,
	KEY_BACKTAB, KEY_OTHER,         /* a function key nothing is bound to */
};

enum { INPUT_NAME_SIZE = 64 };

struct input {
	enum input_type type;
	int key;
	int row, column;
	char name[INPUT_NAME_SIZE];
};

enum input_state { INPUT_GROUND, INPUT_ESCAPE, INPUT_CSI, INPUT_SS3,
		   INPUT_STRING, INPUT_STRING_ESCAPE };

/* Zero-initialise. */
struct input_decoder {
	enum input_state state;
	char text[INPUT_NAME_SIZE];     /* of the sequence so far */
	size_t length;
	char introducer;                /* of a string: P ] _ ^ X */
	bool pasting;
	mbstate_t character;
};

/*
 * Take one byte; true when *input holds something now.  Full-width letters,
 * digits and signs (U+FF01..FF5E) come as their ASCII twins.  Characters are
 * read in the locale's character set.
 */
bool input_byte(struct input_decoder *d, unsigned char byte,
		struct input *input);

enum {
	INPUT_ESCAPE_MS = 25,           /* a lone ESC is the key Escape then */
	INPUT_STALE_MS = 1000,          /* an unfinished sequence is dropped;
					   slow links cut answers in two */
};

/* No byte came for ms.  True when *input holds something. */
bool input_timeout(struct input_decoder *d, long long ms, struct input *input);
/* Does a sequence wait for more bytes? */
bool input_pending(const struct input_decoder *d);
#endif

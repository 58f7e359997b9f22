/* prompt.h - asks for the code of a reviewer: a one-line editor, no curses. */
#ifndef SUMI_PROMPT_H
#define SUMI_PROMPT_H

#include <stdbool.h>
#include <stddef.h>

#include "ui/canvas.h"

enum { PROMPT_TEXT = 64 };

enum prompt_state { PROMPT_OPEN, PROMPT_DONE, PROMPT_LEFT };

struct prompt {
	const char *question;           /* translated */
	char text[PROMPT_TEXT];         /* letters, digits, dot, - and _ */
	size_t length;
	bool refused;                   /* the last key can't be taken */
};

/* Take a key: Enter ends it (with some text), Esc leaves it; what no code of a
 * reviewer has is refused and not taken. */
enum prompt_state prompt_key(struct prompt *p, int key);
/* Question and text in the middle of the screen. */
void prompt_draw(const struct prompt *p, struct canvas *c);
#endif

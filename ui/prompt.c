/* prompt.c - asks for the code of a reviewer: a one-line editor. */
#include "config.h"

#include "ui/prompt.h"

#include <stdio.h>

#include "base/i18n.h"
#include "ui/input.h"

/* What a code of a reviewer may have (record/line.c). */
static bool is_taken(int key)
{
	return (key >= 'a' && key <= 'z') || (key >= 'A' && key <= 'Z') ||
	       (key >= '0' && key <= '9') || key == '.' || key == '-' ||
	       key == '_';
}

enum prompt_state prompt_key(struct prompt *p, int key)
{
	if (key == KEY_ESCAPE)
		return PROMPT_LEFT;
	if (key == KEY_ENTER_ && p->length)
		return PROMPT_DONE;
	p->refused = key != KEY_RUBOUT && !is_taken(key);
	if (key == KEY_RUBOUT && p->length)
		p->text[--p->length] = '\0';
	if (is_taken(key) && p->length + 1 < PROMPT_TEXT) {
		p->text[p->length++] = (char)key;
		p->text[p->length] = '\0';
	}
	return PROMPT_OPEN;
}

void prompt_draw(const struct prompt *p, struct canvas *c)
{
	char line[PROMPT_TEXT + 4];
	int row = c->rows / 2;

	canvas_clear(c);
	canvas_paragraph(c, 2, row > 2 ? row - 2 : 0, c->columns - 4, 2,
			 style_plain, p->question);
	snprintf(line, sizeof(line), "> %s_", p->text);
	canvas_text(c, 2, row, c->columns - 4, style_bold, line);
	canvas_text(c, 2, row + 2, c->columns - 4, style_plain,
		    p->refused ? _("letters and digits only") :
				 _("Enter keep  Esc leave"));
}

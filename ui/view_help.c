/* view_help.c - the key and command tables as text. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "ui/key.h"
#include "ui/view.h"
#include "ui/wording.h"

enum { KEYS_WIDTH = 18 };

static const char *const mode_title[MODES] = {
	[MODE_ANY] = N_("Everywhere"), [MODE_LIST] = N_("Worklist"),
	[MODE_REVIEW] = N_("Review"), [MODE_EDIT] = N_("Moving a box"),
	[MODE_ADD] = N_("Adding a box"), [MODE_CLASS] = N_("Class of a box"),
	[MODE_REASON] = N_("Reason"), [MODE_TOUR] = N_("Tour"),
	[MODE_HELP] = N_("Help"), [MODE_HINT] = N_("Lines of text"),
};

/* Where the lines go: those before `first`, or all when there is no canvas,
 * are only counted. */
struct page { struct canvas *c; int first, line; };

static void put_line(struct page *p, struct style style, const char *keys,
		     const char *text)
{
	int row = 1 + p->line - p->first;

	if (p->c && row >= 1 && row < p->c->rows - 1) {
		canvas_text(p->c, 1, row, KEYS_WIDTH, style, keys);
		canvas_text(p->c, 1 + KEYS_WIDTH, row,
			    p->c->columns - 1 - KEYS_WIDTH, style, text);
	}
	p->line++;
}

/* All keys of a command in a mode: "j Down". */
static void keys_of(enum review_mode mode, enum command command, char *text,
		    size_t size)
{
	size_t count, length = 0;
	const struct binding *b = key_bindings(&count);

	text[0] = '\0';
	for (size_t i = 0; i < count; i++) {
		char name[16];

		if (b[i].mode != mode || b[i].command != command)
			continue;
		key_name(b[i].key, name, sizeof(name));
		length = strlen(text);
		snprintf(text + length, size - length, "%s%s",
			 length ? " " : "", name);
	}
}

static void put_mode(struct page *p, enum review_mode mode)
{
	char keys[128];

	put_line(p, style_bold, _(mode_title[mode]), "");
	for (enum command k = CMD_NONE + 1; k < COMMAND_COUNT; k++) {
		keys_of(mode, k, keys, sizeof(keys));
		if (!*keys)
			continue;
		if (k == CMD_SELECT)
			snprintf(keys, sizeof(keys), "0-9");
		put_line(p, style_plain, keys, _(command_info[k].help));
	}
	put_line(p, style_plain, "", "");
}

static void put_classes(struct page *p)
{
	put_line(p, style_bold, _(mode_title[MODE_CLASS]), "");
	for (int i = 0; i < CLASSES; i++) {
		char key[2] = { review_class_letter[i], '\0' };

		put_line(p, style_plain, key, wording(box_class_name[i]));
	}
	put_line(p, style_plain, "", "");
	put_line(p, style_bold, _(mode_title[MODE_REASON]), "");
	for (int i = 1; i < REVIEW_REASONS; i++) {
		char key[2] = { (char)('0' + i), '\0' };

		put_line(p, style_plain, key, _(review_reason_text[i]));
	}
	put_line(p, style_plain, "", "");
}

static void put_all(struct page *p, enum review_mode mode)
{
	static const enum review_mode order[] = { MODE_LIST, MODE_REVIEW,
						  MODE_EDIT, MODE_ADD };

	mode = mode == MODE_TOUR ? MODE_REVIEW : mode;
	put_mode(p, mode);
	put_mode(p, MODE_ANY);
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		if (order[i] != mode)
			put_mode(p, order[i]);
	put_classes(p);
}

void view_help(const struct view_data *v, struct canvas *c)
{
	struct page p = { c, v->help_row, 0 };

	view_title(c, _("HELP"), _("j/k scroll  q back"));
	put_all(&p, v->help_mode);
	canvas_line(c, 1, c->rows - 1, c->columns - 1, style_bold, v->notice);
}

int view_help_lines(enum review_mode mode)
{
	struct page p = { NULL, 0, 0 };

	put_all(&p, mode);
	return p.line;
}

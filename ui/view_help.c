/* view_help.c - the key and command tables as text. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "ui/key.h"
#include "ui/search.h"
#include "ui/synonym.h"
#include "ui/view.h"
#include "ui/wording.h"

enum { KEYS_WIDTH = 18, COLUMN_WIDTH = 80 };

static const char *const mode_title[MODES] = {
	[MODE_ANY] = N_("Everywhere"), [MODE_LIST] = N_("Worklist"),
	[MODE_REVIEW] = N_("Review"), [MODE_EDIT] = N_("Moving a box"),
	[MODE_ADD] = N_("Adding a box"), [MODE_CLASS] = N_("Class of a box"),
	[MODE_REASON] = N_("Reason"), [MODE_TOUR] = N_("Tour"),
	[MODE_WINDOW] = N_("Window"), [MODE_SORT] = N_("Order"), [MODE_TAGGED] = N_("All tagged"),
	[MODE_HELP] = N_("Help"), [MODE_HINT] = N_("Lines of text"),
	[MODE_UNMASK] = N_("Taking masks off"),
	[MODE_SHEET] = N_("Contact sheet"),
	[MODE_PROPAGATE] = N_("Hand on"),
};

/* Where the lines go: those before `first`, or all when there is no canvas,
 * are only counted. */
struct page {
	struct canvas *c;
	int first, line;
	const char *search;             /* "" all */
	int selected;                   /* of the entries that are found */
	int entries;
	int at;                         /* line of the selected one */
	enum command command;           /* of the selected one */
	const struct keymap *keys;
	const char *title;              /* not put yet; NULL: it was */
};

static int column_count(const struct canvas *c)
{
	return c->columns < 2 * COLUMN_WIDTH ? 1 : c->columns / COLUMN_WIDTH;
}

static void put_line(struct page *p, struct style style, const char *keys,
		     const char *text)
{
	int rows = p->c ? p->c->rows - 2 : 0, at = p->line++ - p->first;
	int columns = p->c ? column_count(p->c) : 0;

	if (at < 0 || at >= rows * columns)
		return;
	int width = p->c->columns / columns, x = 1 + at / rows * width;
	int row = 1 + at % rows;

	if (style.attr & ATTR_REVERSE)
		canvas_fill(p->c, x - 1, row, width, 1, ' ', style);
	canvas_text(p->c, x, row, KEYS_WIDTH, style, keys);
	canvas_text(p->c, x + KEYS_WIDTH, row, width - 1 - KEYS_WIDTH, style,
		    text);
}

/* A command to be run, or CMD_NONE, and what stands about it. */
struct entry { enum command command; const char *keys, *text; };

static bool entry_has(const struct entry *e, const char *part, size_t size)
{
	return search_part(e->keys, part, size) ||
	       search_part(e->text, part, size) ||
	       search_part(command_info[e->command].word, part, size) ||
	       synonym_has(e->command, part, size);
}

/* All words of the search are found somewhere. */
static bool finds(const char *search, const struct entry *e)
{
	while (*(search += strspn(search, " "))) {
		size_t size = strcspn(search, " ");

		if (!entry_has(e, search, size))
			return false;
		search += size;
	}
	return true;
}

/* A title stands only where something is found below it. */
static void put_title(struct page *p)
{
	if (p->title)
		put_line(p, style_bold, p->title, "");
	p->title = NULL;
}

/* command: what Enter runs; CMD_NONE: only to be read. */
static void put_entry(struct page *p, enum command command, const char *keys,
		      const char *text)
{
	bool here;

	if (!finds(p->search, &(struct entry){ command, keys, text }))
		return;
	put_title(p);
	here = command != CMD_NONE && p->entries == p->selected;
	if (here) {
		p->at = p->line;
		p->command = command;
	}
	p->entries += command != CMD_NONE;
	put_line(p, here ? style_reverse : style_plain, keys, text);
}

/* A blank line after what was found. */
static void end_part(struct page *p)
{
	if (!p->title)
		put_line(p, style_plain, "", "");
	p->title = NULL;
}

/* All keys of a command in a mode: "j Down". */
static void keys_of(const struct keymap *keys, enum review_mode mode,
		    enum command command, char *text, size_t size)
{
	size_t count, length = 0;
	const struct binding *b = keymap_bindings(keys, &count);

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

/* Ten digits are said as one, keys beside them stay. */
static void select_keys(char *keys, size_t size)
{
	static const char digits[] = "1 2 3 4 5 6 7 8 9 0";
	char *at = strstr(keys, digits), rest[128];

	if (!at)
		return;
	snprintf(rest, sizeof(rest), "%s", at + strlen(digits));
	snprintf(at, size - (size_t)(at - keys), "0-9%s", rest);
}

static void put_mode(struct page *p, enum review_mode mode)
{
	char keys[128];

	p->title = _(mode_title[mode]);
	for (enum command k = CMD_NONE + 1; k < COMMAND_COUNT; k++) {
		keys_of(p->keys, mode, k, keys, sizeof(keys));
		if (!*keys)
			continue;
		if (k == CMD_SELECT)
			select_keys(keys, sizeof(keys));
		put_entry(p, k, keys, _(key_help(mode, k)));
	}
	end_part(p);
}

static void put_classes(struct page *p)
{
	p->title = _(mode_title[MODE_CLASS]);
	for (int i = 0; i < CLASSES; i++) {
		char key[2] = { review_class_letter[i], '\0' };

		put_entry(p, CMD_NONE, key, wording(box_class_name[i]));
	}
	end_part(p);
	p->title = _(mode_title[MODE_REASON]);
	for (int i = 1; i < REVIEW_REASONS; i++) {
		char key[2] = { (char)('0' + i), '\0' };

		put_entry(p, CMD_NONE, key, _(review_reason_text[i]));
	}
	end_part(p);
}

static void put_all(struct page *p, enum review_mode mode)
{
	static const enum review_mode order[] = { MODE_LIST, MODE_TAGGED,
						  MODE_REVIEW, MODE_EDIT,
						  MODE_ADD };

	mode = mode == MODE_TOUR ? MODE_REVIEW : mode;
	put_mode(p, mode);
	put_mode(p, MODE_ANY);
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		if (order[i] != mode)
			put_mode(p, order[i]);
	put_classes(p);
}

/* The page without a canvas: what is found, and where the selected one is. */
static struct page count_all(const struct keymap *keys,
			     enum review_mode mode, const char *search,
			     int selected)
{
	struct page p = { .keys = keys, .search = search ? search : "",
			  .selected = selected };

	put_all(&p, mode);
	return p;
}

void view_help(const struct view_data *v, struct canvas *c)
{
	struct page p = count_all(v->keys, v->help_mode, v->help_search,
				  v->help_selected);
	int lines = (c->rows - 2) * column_count(c), first = p.at - lines / 2;
	int entries = p.entries;
	char title[128], right[96];

	/* the selected one in the middle, but no blank screen at the end */
	first = first > p.line - lines ? p.line - lines : first;
	p = (struct page){ .c = c, .first = first > 0 ? first : 0,
			   .keys = v->keys, .search = p.search,
			   .selected = v->help_selected };
	snprintf(title, sizeof(title), _("HELP  type to search: %s_"),
		 p.search);
	snprintf(right, sizeof(right), _("%d/%d  Up Down  Enter run  Esc back"),
		 entries > 0 ? v->help_selected + 1 : 0, entries);
	view_title(c, title, right);
	put_all(&p, v->help_mode);
	canvas_line(c, 1, c->rows - 1, c->columns - 1, style_bold,
		    *v->notice ? v->notice :
		    p.line == 0 ? _("nothing is found") :
		    /* TRANSLATORS: the signs beside the numbers of boxes */
		    _("+ masked  x not masked  c candidate  - cleared  "
		      "? faint ink  x2.8 more contrast"));
}

int view_help_entries(const struct keymap *keys, enum review_mode mode,
		      const char *search)
{
	return count_all(keys, mode, search, -1).entries;
}

enum command view_help_entry(const struct keymap *keys,
			     enum review_mode mode, const char *search,
			     int index)
{
	return count_all(keys, mode, search, index).command;
}

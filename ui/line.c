/* line.c - a line for commands and searches, and what its text means. */
#include "config.h"

#include "ui/line.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "ui/input.h"
#include "ui/search.h"

enum { WORD = 32 };

/* ---- typing ---- */

static void set_text(struct line *l, const char *text)
{
	snprintf(l->text, sizeof(l->text), "%s", text);
	l->length = strlen(l->text);
}

void line_open(struct line *l, char sign)
{
	l->sign = sign;
	l->at = l->count;
	l->refused = false;
	set_text(l, "");
}

/* Commands that are ended are remembered, the same one twice only once. */
static void remember(struct line *l)
{
	if (l->sign != ':' || !l->length ||
	    (l->count > 0 && !strcmp(l->history[l->count - 1], l->text)))
		return;
	if (l->count == LINE_HISTORY) {
		memmove(l->history[0], l->history[1],
			(LINE_HISTORY - 1) * sizeof(l->history[0]));
		l->count--;
	}
	snprintf(l->history[l->count++], LINE_TEXT, "%s", l->text);
}

static void go_history(struct line *l, int step)
{
	if (l->sign != ':' || (step < 0 && l->at == 0) ||
	    (step > 0 && l->at == l->count))
		return;
	l->at = step < 0 ? l->at - 1 : l->at + 1;
	set_text(l, l->at < l->count ? l->history[l->at] : "");
}

static bool begins(const struct line *l, enum review_mode mode,
		   enum command command)
{
	return review_hears(mode, command) &&
		!strncmp(command_info[command].word, l->text, l->length);
}

/* As far as all commands that begin so agree. */
static void complete(struct line *l, enum review_mode mode)
{
	char common[WORD] = "";

	for (enum command c = CMD_NONE + 1; c < COMMAND_COUNT; c++) {
		const char *word = command_info[c].word;
		size_t same = 0;

		if (!begins(l, mode, c))
			continue;
		if (!*common)
			snprintf(common, sizeof(common), "%s", word);
		while (common[same] && common[same] == word[same])
			same++;
		common[same] = '\0';
	}
	if (*common)
		set_text(l, common);
}

enum line_state line_key(struct line *l, enum review_mode mode, int key)
{
	if (key == KEY_ESCAPE || (key == KEY_RUBOUT && !l->length)) {
		l->sign = '\0';
		return LINE_LEFT;
	}
	if (key == KEY_ENTER_) {
		remember(l);
		l->sign = '\0';
		return LINE_DONE;
	}
	l->refused = l->sign == ':' && key > KEY_RUBOUT && key < KEY_ARROW_UP;
	if (key == KEY_ARROW_UP || key == KEY_ARROW_DOWN)
		go_history(l, key == KEY_ARROW_UP ? -1 : 1);
	else if (key == KEY_TAB_ && l->sign == ':')
		complete(l, mode);
	else if (!l->refused)
		search_type(l->text, sizeof(l->text), key);
	l->length = strlen(l->text);
	return LINE_OPEN;
}

void line_matches(const struct line *l, enum review_mode mode, char *text,
		  size_t size)
{
	size_t used = 0;

	text[0] = '\0';
	for (enum command c = CMD_NONE + 1; c < COMMAND_COUNT; c++) {
		if (l->sign != ':' || !begins(l, mode, c) || used >= size)
			continue;
		snprintf(text + used, size - used, "%s%s", used ? "  " : "",
			 command_info[c].word);
		used = strlen(text);
	}
}

/* ---- meaning ---- */

static enum command find_command(const char *word, size_t length,
				 enum review_mode mode)
{
	for (enum command c = CMD_NONE + 1; c < COMMAND_COUNT; c++)
		if (strlen(command_info[c].word) == length &&
		    !strncmp(command_info[c].word, word, length) &&
		    review_hears(mode, c))
			return c;
	return CMD_NONE;
}

/* A number up to 9999999 and nothing else. */
static bool read_number(const char *text, int *number)
{
	size_t digits = strspn(text, "0123456789");

	if (!digits || digits > 7 || text[digits])
		return false;
	*number = (int)strtol(text, NULL, 10);
	return true;
}

bool line_command(const char *text, enum review_mode mode,
		  struct event *event, int *letter)
{
	size_t length = strcspn(text, " ");
	const char *rest = text + length + strspn(text + length, " ");

	*letter = '\0';
	event->type = EVENT_COMMAND;
	event->count = 0;
	if (read_number(text, &event->count)) {
		event->command = mode == MODE_LIST ? CMD_ITEM : CMD_SELECT;
		return review_hears(mode, event->command);
	}
	event->command = find_command(text, length, mode);
	if (event->command == CMD_NONE)
		return false;
	if (strlen(rest) == 1)
		*letter = rest[0];
	return !*rest || read_number(rest, &event->count) || *letter;
}

/* ---- searches ---- */

bool line_needs_reading(const char *text)
{
	while (*(text += strspn(text, " "))) {
		if (!strncmp(text, "mod:", 4) || !strncmp(text, "dev:", 4))
			return true;
		text += strcspn(text, " ");
	}
	return false;
}

/* Whether somebody decided on it, or nobody yet; "": it is refused. */
static const char *decided_name(const struct worklist_item *item)
{
	switch (item->state) {
	case ITEM_LISTED:
	case ITEM_PROPOSED:
	case ITEM_OPEN:
		return "undecided";
	case ITEM_REFUSED:
		return "";
	default:
		return "decided";
	}
}

/* Is the word NAME:VALUE of this name?  *equal: and of this value. */
static bool names_value(const char *word, size_t size, const char *name,
			const char *value, bool *equal)
{
	size_t length = strlen(name);

	if (size <= length || strncmp(word, name, length) != 0)
		return false;
	*equal = *equal || (strlen(value) == size - length &&
			    !strncasecmp(value, word + length, size - length));
	return true;
}

static bool word_finds(const char *word, size_t size,
		       const struct worklist_item *item, bool tagged)
{
	char device[16] = "";
	const struct { const char *name, *is; } is[] = {
		{ "st:", item_state_name[item->state] },
		{ "st:", decided_name(item) },
		{ "mod:", item->modality },
		{ "dev:", device },
		{ "out:", output_state_name[item->output] },
		{ "out:", item->held ? "held" : "" },
		{ "flag:", item->why_flagged ? "1" : "0" },
		{ "tag:", tagged ? "1" : "0" },
	};
	bool named = false, equal = false;

	if (item->device_number > 0)
		snprintf(device, sizeof(device), "%d", item->device_number);
	for (size_t i = 0; i < sizeof(is) / sizeof(is[0]); i++)
		named = names_value(word, size, is[i].name, is[i].is,
				    &equal) || named;
	return named ? equal : search_part(item->name, word, size);
}

bool line_finds(const char *text, const struct worklist_item *item,
		bool tagged)
{
	bool any = false;

	while (*(text += strspn(text, " "))) {
		size_t size = strcspn(text, " ");

		if (!word_finds(text, size, item, tagged))
			return false;
		any = true;
		text += size;
	}
	return any;
}

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

/* ---- what may stand in the line ---- */

/* Words of a filter that have a value; NULL: any will do. */
static const struct { const char *name; const char *const *is; int count; }
filter_words[] = {
	{ "st:", item_state_name, ITEM_STATES },
	{ "st:", (const char *const[]){ "undecided", "decided" }, 2 },
	{ "mod:", NULL, 1 }, { "dev:", NULL, 1 },
	{ "out:", output_state_name, OUTPUT_STATES },
	{ "out:", (const char *const[]){ "held" }, 1 },
	{ "flag:", (const char *const[]){ "0", "1" }, 2 },
	{ "tag:", (const char *const[]){ "0", "1" }, 2 },
};

/* The i-th of them, "st:listed" or "mod:".  False: there are no more. */
static bool filter_word(int i, char word[WORD])
{
	for (size_t k = 0; k < sizeof(filter_words) / sizeof(filter_words[0]);
	     k++) {
		int count = filter_words[k].count;

		if (i < count) {
			snprintf(word, WORD, "%s%s", filter_words[k].name,
				 filter_words[k].is ? filter_words[k].is[i] :
				 "");
			return true;
		}
		i -= count;
	}
	return false;
}

/* The word that is being typed: of a filter the last one. */
static const char *typed(const struct line *l)
{
	const char *blank = l->sign == '/' ? strrchr(l->text, ' ') : NULL;

	return blank ? blank + 1 : l->text;
}

/* The next word from *at on that begins so; false: there is none. */
static bool next_word(const struct line *l, enum review_mode mode, int *at,
		      char word[WORD])
{
	const char *part = typed(l);

	while (l->sign == '/' ? filter_word(*at, word) :
	       *at + 1 < COMMAND_COUNT) {
		enum command c = (enum command)(CMD_NONE + 1 + (*at)++);

		if (l->sign == ':') {
			snprintf(word, WORD, "%s", command_info[c].word);
			if (!review_hears(mode, c))
				continue;
		}
		if (!strncmp(word, part, strlen(part)))
			return true;
	}
	return false;
}

/* As far as all words that begin so agree. */
static void complete(struct line *l, enum review_mode mode)
{
	size_t before = (size_t)(typed(l) - l->text);
	char common[WORD] = "", word[WORD];

	for (int at = 0; next_word(l, mode, &at, word);) {
		size_t same = 0;

		if (!*common)
			snprintf(common, sizeof(common), "%s", word);
		while (common[same] && common[same] == word[same])
			same++;
		common[same] = '\0';
	}
	if (*common && before + strlen(common) < sizeof(l->text)) {
		snprintf(l->text + before, sizeof(l->text) - before, "%s",
			 common);
		l->length = strlen(l->text);
	}
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
	else if (key == KEY_TAB_)
		complete(l, mode);
	else if (!l->refused)
		search_type(l->text, sizeof(l->text), key);
	l->length = strlen(l->text);
	return LINE_OPEN;
}

/* Of a filter first only the names: "st:"; their values once that is typed. */
static const char *offered(const struct line *l, char word[WORD])
{
	char *colon = l->sign == '/' ? strchr(word, ':') : NULL;

	if (colon && strchr(typed(l), ':'))
		return colon + 1;
	if (colon)
		colon[1] = '\0';
	return word;
}

void line_matches(const struct line *l, enum review_mode mode, char *text,
		  size_t size)
{
	char word[WORD], last[WORD] = "";
	size_t used = 0;

	text[0] = '\0';
	for (int at = 0; used < size && next_word(l, mode, &at, word);) {
		const char *offer = offered(l, word);

		if (!strcmp(offer, last))
			continue;
		snprintf(last, sizeof(last), "%s", offer);
		snprintf(text + used, size - used, "%s%s", !used ? "" :
			 l->sign == '/' ? " " : "  ", offer);
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

/* Is NAME:VALUE, as wide as it is, one that a filter knows? */
static bool known_word(const char *word, size_t size)
{
	char known[WORD];

	for (int i = 0; filter_word(i, known); i++) {
		size_t length = strlen(known);

		if (known[length - 1] == ':' ? !strncmp(word, known, length) :
		    length == size && !strncasecmp(word, known, size))
			return true;
	}
	return false;
}

bool line_unknown(const char *text, char *word, size_t size)
{
	char known[WORD];

	for (; *(text += strspn(text, " ")); text += strcspn(text, " ")) {
		size_t length = strcspn(text, " ");

		for (int i = 0; filter_word(i, known); i++) {
			size_t name = strcspn(known, ":") + 1;

			if (strncmp(text, known, name) != 0 ||
			    known_word(text, length))
				continue;
			snprintf(word, size, "%.*s", (int)name, known);
			return true;
		}
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

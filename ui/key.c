/* key.c - the key table: mode and key to command. */
#include "config.h"

#include "ui/key.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "ui/input.h"

enum { CTRL_L = 12, CTRL_R = 18, CTRL_Z = 26, COUNT_MAX = 9999999 };

static const struct binding bindings[] = {
	{ MODE_LIST, 'j', CMD_DOWN, 0 },
	{ MODE_LIST, KEY_ARROW_DOWN, CMD_DOWN, 0 },
	{ MODE_LIST, 'k', CMD_UP, 0 },
	{ MODE_LIST, KEY_ARROW_UP, CMD_UP, 0 },
	{ MODE_LIST, 'J', CMD_DOWN_8, 0 },
	{ MODE_LIST, KEY_PAGE_DOWN, CMD_DOWN_8, 0 },
	{ MODE_LIST, 'K', CMD_UP_8, 0 },
	{ MODE_LIST, KEY_PAGE_UP, CMD_UP_8, 0 },
	{ MODE_LIST, 'g', CMD_LIST_FIRST, 0 },
	{ MODE_LIST, KEY_TO_HOME, CMD_LIST_FIRST, 0 },
	{ MODE_LIST, 'G', CMD_ITEM, 0 },
	{ MODE_LIST, KEY_TO_END, CMD_ITEM, 0 },
	{ MODE_LIST, ' ', CMD_APPROVE, 0 },
	{ MODE_LIST, KEY_ENTER_, CMD_OPEN, 0 },
	{ MODE_LIST, 't', CMD_TAG, 0 },
	{ MODE_LIST, ';', CMD_TAGGED, 0 },
	{ MODE_LIST, 's', CMD_SORT, 0 },
	{ MODE_LIST, '/', CMD_SEARCH, 0 },
	{ MODE_LIST, 'T', CMD_SHEET, 0 },
	{ MODE_LIST, 'Y', CMD_GROUP, 0 },
	{ MODE_LIST, KEY_ESCAPE, CMD_DROP, 0 },

	{ MODE_REVIEW, ' ', CMD_APPROVE, 0 },
	{ MODE_REVIEW, 'Z', CMD_CLEAN, 0 },
	{ MODE_REVIEW, 'F', CMD_BY_EYE, 0 },
	{ MODE_REVIEW, 'x', CMD_REJECT, 0 },
	{ MODE_REVIEW, 'r', CMD_UNMASK, 0 },
	{ MODE_REVIEW, 'X', CMD_REJECT_ALL, 0 },
	{ MODE_REVIEW, 'R', CMD_WITHHOLD, 0 },
	{ MODE_REVIEW, '!', CMD_ESCALATE, 0 },
	{ MODE_REVIEW, '1', CMD_SELECT, 1 },
	{ MODE_REVIEW, '2', CMD_SELECT, 2 },
	{ MODE_REVIEW, '3', CMD_SELECT, 3 },
	{ MODE_REVIEW, '4', CMD_SELECT, 4 },
	{ MODE_REVIEW, '5', CMD_SELECT, 5 },
	{ MODE_REVIEW, '6', CMD_SELECT, 6 },
	{ MODE_REVIEW, '7', CMD_SELECT, 7 },
	{ MODE_REVIEW, '8', CMD_SELECT, 8 },
	{ MODE_REVIEW, '9', CMD_SELECT, 9 },
	{ MODE_REVIEW, '0', CMD_SELECT, 0 },
	{ MODE_REVIEW, KEY_TAB_, CMD_BOX_NEXT, 0 },
	{ MODE_REVIEW, '`', CMD_BOX_PREV, 0 },
	{ MODE_REVIEW, KEY_BACKTAB, CMD_BOX_PREV, 0 },
	{ MODE_REVIEW, 'c', CMD_CANDIDATE_NEXT, 0 },
	{ MODE_REVIEW, 'C', CMD_CANDIDATE_PREV, 0 },
	{ MODE_REVIEW, 'y', CMD_TAKE, 0 },
	{ MODE_REVIEW, 'a', CMD_HINT, 0 },
	{ MODE_REVIEW, 'A', CMD_ADD, 0 },
	{ MODE_REVIEW, 'O', CMD_ONLY, 0 },
	{ MODE_REVIEW, 'e', CMD_EDIT, 0 },
	{ MODE_REVIEW, 's', CMD_SNAP, 0 },
	{ MODE_REVIEW, '.', CMD_REPEAT, 0 },
	{ MODE_REVIEW, 't', CMD_CLASS, 0 },
	{ MODE_REVIEW, 'o', CMD_FACE, 0 },
	{ MODE_REVIEW, 'v', CMD_TOUR, 0 },
	{ MODE_REVIEW, 'm', CMD_MASKS, 0 },
	{ MODE_REVIEW, 'z', CMD_ZOOM_BOX, 0 },
	{ MODE_REVIEW, KEY_ENTER_, CMD_ZOOM_BOX, 0 },
	{ MODE_REVIEW, '+', CMD_ZOOM_IN, 0 },
	{ MODE_REVIEW, '-', CMD_ZOOM_OUT, 0 },
	{ MODE_REVIEW, 'f', CMD_FIT, 0 },
	{ MODE_REVIEW, '=', CMD_LEGIBLE, 0 },
	{ MODE_REVIEW, 'h', CMD_LEFT, 0 },
	{ MODE_REVIEW, 'j', CMD_DOWN, 0 },
	{ MODE_REVIEW, 'k', CMD_UP, 0 },
	{ MODE_REVIEW, 'l', CMD_RIGHT, 0 },
	{ MODE_REVIEW, KEY_ARROW_LEFT, CMD_LEFT, 0 },
	{ MODE_REVIEW, KEY_ARROW_RIGHT, CMD_RIGHT, 0 },
	{ MODE_REVIEW, 'H', CMD_LEFT_8, 0 },
	{ MODE_REVIEW, 'J', CMD_DOWN_8, 0 },
	{ MODE_REVIEW, 'K', CMD_UP_8, 0 },
	{ MODE_REVIEW, 'L', CMD_RIGHT_8, 0 },
	{ MODE_REVIEW, ')', CMD_FRAME_NEXT, 0 },
	{ MODE_REVIEW, KEY_ARROW_DOWN, CMD_FRAME_NEXT, 0 },
	{ MODE_REVIEW, '(', CMD_FRAME_PREV, 0 },
	{ MODE_REVIEW, KEY_ARROW_UP, CMD_FRAME_PREV, 0 },
	{ MODE_REVIEW, 'g', CMD_FRAME_FIRST, 0 },
	{ MODE_REVIEW, KEY_TO_HOME, CMD_FRAME_FIRST, 0 },
	{ MODE_REVIEW, 'G', CMD_FRAME_LAST, 0 },
	{ MODE_REVIEW, KEY_TO_END, CMD_FRAME_LAST, 0 },
	{ MODE_REVIEW, '[', CMD_WINDOW_NARROW, 0 },
	{ MODE_REVIEW, ']', CMD_WINDOW_WIDE, 0 },
	{ MODE_REVIEW, '{', CMD_LEVEL_DOWN, 0 },
	{ MODE_REVIEW, '}', CMD_LEVEL_UP, 0 },
	{ MODE_REVIEW, 'w', CMD_PRESET, 0 },
	{ MODE_REVIEW, 'i', CMD_INVERT, 0 },
	{ MODE_REVIEW, 'd', CMD_DETAILS, 0 },
	{ MODE_REVIEW, 'p', CMD_PROPAGATE, 0 },
	{ MODE_REVIEW, 'P', CMD_REMEMBER, 0 },
	{ MODE_REVIEW, 'T', CMD_SHEET, 0 },
	{ MODE_REVIEW, 'Y', CMD_GROUP, 0 },
	{ MODE_REVIEW, '>', CMD_ITEM_NEXT, 0 },
	{ MODE_REVIEW, KEY_PAGE_DOWN, CMD_ITEM_NEXT, 0 },
	{ MODE_REVIEW, '<', CMD_ITEM_PREV, 0 },
	{ MODE_REVIEW, KEY_PAGE_UP, CMD_ITEM_PREV, 0 },
	{ MODE_REVIEW, 'b', CMD_LIST, 0 },
	{ MODE_REVIEW, KEY_ESCAPE, CMD_BACK, 0 },

	{ MODE_EDIT, 'h', CMD_LEFT, 0 },
	{ MODE_EDIT, 'j', CMD_DOWN, 0 },
	{ MODE_EDIT, 'k', CMD_UP, 0 },
	{ MODE_EDIT, 'l', CMD_RIGHT, 0 },
	{ MODE_EDIT, KEY_ARROW_LEFT, CMD_LEFT, 0 },
	{ MODE_EDIT, KEY_ARROW_DOWN, CMD_DOWN, 0 },
	{ MODE_EDIT, KEY_ARROW_UP, CMD_UP, 0 },
	{ MODE_EDIT, KEY_ARROW_RIGHT, CMD_RIGHT, 0 },
	{ MODE_EDIT, 'H', CMD_LEFT_8, 0 },
	{ MODE_EDIT, 'J', CMD_DOWN_8, 0 },
	{ MODE_EDIT, 'K', CMD_UP_8, 0 },
	{ MODE_EDIT, 'L', CMD_RIGHT_8, 0 },
	{ MODE_EDIT, KEY_TAB_, CMD_HANDLE, 0 },
	{ MODE_EDIT, '+', CMD_GROW, 0 },
	{ MODE_EDIT, '-', CMD_SHRINK, 0 },
	{ MODE_EDIT, 'z', CMD_ZOOM_BOX, 0 },
	{ MODE_EDIT, 's', CMD_SNAP, 0 },
	{ MODE_EDIT, 'b', CMD_BLOCKS, 0 },
	{ MODE_EDIT, 'w', CMD_FULL_WIDTH, 0 },
	{ MODE_EDIT, 't', CMD_CLASS, 0 },
	{ MODE_EDIT, KEY_ENTER_, CMD_KEEP, 0 },
	{ MODE_EDIT, ' ', CMD_APPROVE, 0 },
	{ MODE_EDIT, KEY_ESCAPE, CMD_DROP, 0 },
	{ MODE_EDIT, 'q', CMD_DROP, 0 },

	{ MODE_ADD, '1', CMD_SELECT, 1 },
	{ MODE_ADD, '2', CMD_SELECT, 2 },
	{ MODE_ADD, '3', CMD_SELECT, 3 },
	{ MODE_ADD, '4', CMD_SELECT, 4 },
	{ MODE_ADD, '5', CMD_SELECT, 5 },
	{ MODE_ADD, '6', CMD_SELECT, 6 },
	{ MODE_ADD, '7', CMD_SELECT, 7 },
	{ MODE_ADD, '8', CMD_SELECT, 8 },
	{ MODE_ADD, '9', CMD_SELECT, 9 },
	{ MODE_ADD, '0', CMD_SELECT, 0 },
	{ MODE_ADD, 'h', CMD_LEFT, 0 },
	{ MODE_ADD, 'j', CMD_DOWN, 0 },
	{ MODE_ADD, 'k', CMD_UP, 0 },
	{ MODE_ADD, 'l', CMD_RIGHT, 0 },
	{ MODE_ADD, KEY_ARROW_LEFT, CMD_LEFT, 0 },
	{ MODE_ADD, KEY_ARROW_DOWN, CMD_DOWN, 0 },
	{ MODE_ADD, KEY_ARROW_UP, CMD_UP, 0 },
	{ MODE_ADD, KEY_ARROW_RIGHT, CMD_RIGHT, 0 },
	{ MODE_ADD, 'H', CMD_LEFT_8, 0 },
	{ MODE_ADD, 'J', CMD_DOWN_8, 0 },
	{ MODE_ADD, 'K', CMD_UP_8, 0 },
	{ MODE_ADD, 'L', CMD_RIGHT_8, 0 },
	{ MODE_ADD, 's', CMD_SNAP, 0 },
	{ MODE_ADD, KEY_TAB_, CMD_HANDLE, 0 },
	{ MODE_ADD, '+', CMD_GROW, 0 },
	{ MODE_ADD, '-', CMD_SHRINK, 0 },
	{ MODE_ADD, KEY_ENTER_, CMD_KEEP, 0 },
	{ MODE_ADD, ' ', CMD_APPROVE, 0 },
	{ MODE_ADD, KEY_ESCAPE, CMD_DROP, 0 },
	{ MODE_ADD, 'q', CMD_DROP, 0 },

	{ MODE_SHEET, ' ', CMD_APPROVE, 0 },
	{ MODE_SHEET, 'Y', CMD_GROUP, 0 },
	{ MODE_SHEET, 'j', CMD_DOWN, 0 },
	{ MODE_SHEET, KEY_ARROW_DOWN, CMD_DOWN, 0 },
	{ MODE_SHEET, KEY_PAGE_DOWN, CMD_DOWN, 0 },
	{ MODE_SHEET, 'k', CMD_UP, 0 },
	{ MODE_SHEET, KEY_ARROW_UP, CMD_UP, 0 },
	{ MODE_SHEET, KEY_PAGE_UP, CMD_UP, 0 },
	{ MODE_SHEET, 'T', CMD_SHEET, 0 },
	{ MODE_SHEET, KEY_ESCAPE, CMD_BACK, 0 },

	{ MODE_CLASS, KEY_ESCAPE, CMD_DROP, 0 },
	{ MODE_CLASS, 'q', CMD_DROP, 0 },
	{ MODE_HINT, KEY_TAB_, CMD_BOX_NEXT, 0 },
	{ MODE_HINT, KEY_ESCAPE, CMD_DROP, 0 },
	{ MODE_HINT, 'q', CMD_DROP, 0 },
	{ MODE_UNMASK, KEY_ENTER_, CMD_KEEP, 0 },
	{ MODE_UNMASK, KEY_ESCAPE, CMD_DROP, 0 },
	{ MODE_UNMASK, 'q', CMD_DROP, 0 },
	{ MODE_PROPAGATE, KEY_ESCAPE, CMD_DROP, 0 },
	{ MODE_PROPAGATE, 'q', CMD_DROP, 0 },
	{ MODE_REASON, KEY_ESCAPE, CMD_DROP, 0 },
	{ MODE_REASON, 'q', CMD_DROP, 0 },

	{ MODE_WINDOW, KEY_ESCAPE, CMD_DROP, 0 },
	{ MODE_WINDOW, 'q', CMD_DROP, 0 },
	{ MODE_SORT, KEY_ESCAPE, CMD_DROP, 0 },
	{ MODE_SORT, 'q', CMD_DROP, 0 },

	{ MODE_TAGGED, '!', CMD_ESCALATE, 0 },
	{ MODE_TAGGED, 'R', CMD_WITHHOLD, 0 },
	{ MODE_TAGGED, KEY_ENTER_, CMD_OPEN, 0 },
	{ MODE_TAGGED, 't', CMD_TAG, 0 },
	{ MODE_TAGGED, KEY_ESCAPE, CMD_DROP, 0 },
	{ MODE_TAGGED, 'q', CMD_DROP, 0 },

	{ MODE_HELP, KEY_ARROW_DOWN, CMD_DOWN, 0 },
	{ MODE_HELP, KEY_ARROW_UP, CMD_UP, 0 },
	{ MODE_HELP, KEY_PAGE_DOWN, CMD_DOWN_8, 0 },
	{ MODE_HELP, KEY_PAGE_UP, CMD_UP_8, 0 },
	{ MODE_HELP, KEY_ENTER_, CMD_OPEN, 0 },
	{ MODE_HELP, KEY_ESCAPE, CMD_BACK, 0 },

	{ MODE_ANY, 'u', CMD_UNDO, 0 },
	{ MODE_ANY, 'U', CMD_REDO, 0 },
	{ MODE_ANY, CTRL_R, CMD_REDO, 0 },
	{ MODE_ANY, 'n', CMD_NEXT_UNDECIDED, 0 },
	{ MODE_ANY, 'N', CMD_PREV_UNDECIDED, 0 },
	{ MODE_ANY, 'W', CMD_RELEASE, 0 },
	{ MODE_ANY, '?', CMD_HELP, 0 },
	{ MODE_ANY, '#', CMD_CARD, 0 },
	{ MODE_ANY, ':', CMD_LINE, 0 },
	{ MODE_ANY, CTRL_L, CMD_REDRAW, 0 },
	{ MODE_ANY, 'B', CMD_BLANK, 0 },
	{ MODE_ANY, 'M', CMD_MOUSE, 0 },
	{ MODE_ANY, CTRL_Z, CMD_SUSPEND, 0 },
	{ MODE_ANY, 'q', CMD_BACK, 0 },
	{ MODE_ANY, 'Q', CMD_QUIT, 0 },
};

struct name { int key; const char *text; };
static const struct name names[] = {
	{ ' ', "Space" }, { KEY_TAB_, "Tab" }, { KEY_ENTER_, "Enter" },
	{ KEY_ESCAPE, "Esc" }, { KEY_RUBOUT, "Backspace" },
	{ KEY_ARROW_UP, "Up" }, { KEY_ARROW_DOWN, "Down" },
	{ KEY_ARROW_LEFT, "Left" }, { KEY_ARROW_RIGHT, "Right" },
	{ KEY_PAGE_UP, "PgUp" }, { KEY_PAGE_DOWN, "PgDn" },
	{ KEY_TO_HOME, "Home" }, { KEY_TO_END, "End" },
	{ KEY_BACKTAB, "Shift-Tab" },
};

#define LENGTH(a) (sizeof(a) / sizeof((a)[0]))

const struct binding *key_bindings(size_t *count)
{
	*count = LENGTH(bindings);
	return bindings;
}

const struct binding *keymap_bindings(const struct keymap *keys,
				      size_t *count)
{
	if (!keys || !keys->binding)
		return key_bindings(count);
	*count = keys->count;
	return keys->binding;
}

/* The mode whose bindings hold where a mode has none; MODE_ANY at the end. */
static enum review_mode fallback(enum review_mode mode)
{
	return mode == MODE_TOUR ? MODE_REVIEW : MODE_ANY;
}

static const struct binding *find_in(const struct keymap *keys,
				     enum review_mode mode, int key)
{
	size_t count;
	const struct binding *b = keymap_bindings(keys, &count);

	for (size_t i = 0; i < count; i++)
		if (b[i].mode == mode && b[i].key == key)
			return &b[i];
	return NULL;
}

bool key_asks(enum review_mode mode)
{
	return mode == MODE_CLASS || mode == MODE_REASON ||
	       mode == MODE_HINT || mode == MODE_UNMASK ||
	       mode == MODE_PROPAGATE ||
	       mode == MODE_SORT || mode == MODE_WINDOW;
}

/* Where a letter or digit is asked for, and in help, most commands of
 * MODE_ANY would surprise. */
static bool takes_any(enum review_mode mode, enum command command)
{
	bool screen = command == CMD_REDRAW || command == CMD_SUSPEND ||
		      command == CMD_QUIT || command == CMD_BACK;

	if (key_asks(mode) || mode == MODE_TAGGED)
		return command == CMD_REDRAW || command == CMD_SUSPEND;
	if (mode == MODE_HELP)
		return screen;
	if (mode == MODE_EDIT || mode == MODE_ADD)
		return command == CMD_REDRAW || command == CMD_SUSPEND ||
		       command == CMD_UNDO || command == CMD_REDO ||
		       command == CMD_HELP || command == CMD_LINE ||
		       command == CMD_BLANK || command == CMD_MOUSE;
	return true;
}

const struct binding *key_find(const struct keymap *keys,
			       enum review_mode mode, int key)
{
	const struct binding *b = NULL;

	for (enum review_mode m = mode; !b && m != MODE_ANY;
	     m = fallback(m))
		b = find_in(keys, m, key);
	if (b)
		return b;
	b = find_in(keys, MODE_ANY, key);
	return b && takes_any(mode, b->command) ? b : NULL;
}

bool key_counts(enum review_mode mode)
{
	return mode == MODE_EDIT || mode == MODE_LIST;
}

bool key_event(struct key_prefix *prefix, enum review_mode mode, int key,
	       struct event *event)
{
	const struct binding *b = key_find(prefix->keys, mode, key);
	int count = prefix->count;

	if (key_counts(mode) && key >= '0' && key <= '9') {
		count = count * 10 + key - '0';
		prefix->count = count > COUNT_MAX ? COUNT_MAX : count;
		return false;
	}
	prefix->count = 0;
	if (b) {
		event->type = EVENT_COMMAND;
		event->command = b->command;
		event->count = b->command == CMD_SELECT ? b->count : count;
		return true;
	}
	if (key_asks(mode) && key > ' ' && key < KEY_RUBOUT) {
		event->type = EVENT_CHARACTER;
		event->character = key;
		return true;
	}
	return false;
}

/* ---- what they do ---- */

#define IN(mode) (1u << MODE_##mode)
#define AREA (IN(EDIT) | IN(ADD))

/* Where command_info[] says too much. */
static const struct {
	unsigned modes;
	enum command command;
	const char *help;
} helps[] = {
	{ IN(LIST), CMD_APPROVE, N_("open this item") },
	{ IN(LIST), CMD_DOWN, N_("down") },
	{ IN(LIST), CMD_UP, N_("up") },
	{ IN(LIST), CMD_DOWN_8, N_("down by a page") },
	{ IN(LIST), CMD_UP_8, N_("up by a page") },
	{ IN(SHEET), CMD_APPROVE, N_("show the next evidence") },
	{ IN(SHEET), CMD_DOWN, N_("next page") },
	{ IN(SHEET), CMD_UP, N_("previous page") },
	{ AREA, CMD_APPROVE, N_("keep this edit") },
	{ AREA, CMD_LEFT, N_("left by 1 pixel; after a number by so many") },
	{ AREA, CMD_DOWN, N_("down by 1 pixel") },
	{ AREA, CMD_UP, N_("up by 1 pixel") },
	{ AREA, CMD_RIGHT, N_("right by 1 pixel") },
	{ AREA, CMD_LEFT_8, N_("left by 8 pixels") },
	{ AREA, CMD_DOWN_8, N_("down by 8 pixels") },
	{ AREA, CMD_UP_8, N_("up by 8 pixels") },
	{ AREA, CMD_RIGHT_8, N_("right by 8 pixels") },
	{ IN(UNMASK), CMD_KEEP, N_("take off the masks whose letters were "
				   "pressed") },
	{ IN(HINT), CMD_BOX_NEXT, N_("letters for the other lines") },
	{ IN(ADD), CMD_SELECT, N_("narrow to a ninth, as on a key pad") },
	{ IN(REVIEW), CMD_LEFT, N_("pan left") },
	{ IN(REVIEW), CMD_DOWN, N_("pan down") },
	{ IN(REVIEW), CMD_UP, N_("pan up") },
	{ IN(REVIEW), CMD_RIGHT, N_("pan right") },
	{ IN(REVIEW), CMD_LEFT_8, N_("pan left by a page") },
	{ IN(REVIEW), CMD_DOWN_8, N_("pan down by a page") },
	{ IN(REVIEW), CMD_UP_8, N_("pan up by a page") },
	{ IN(REVIEW), CMD_RIGHT_8, N_("pan right by a page") },
};

const char *key_help(enum review_mode mode, enum command command)
{
	for (size_t i = 0; i < sizeof(helps) / sizeof(helps[0]); i++)
		if (helps[i].modes & 1u << mode &&
		    helps[i].command == command)
			return helps[i].help;
	return command_info[command].help;
}

void key_name(int key, char *text, size_t size)
{
	for (size_t i = 0; i < LENGTH(names); i++) {
		if (names[i].key == key) {
			snprintf(text, size, "%s", names[i].text);
			return;
		}
	}
	if (key < ' ')
		snprintf(text, size, "^%c", key + '@');
	else
		snprintf(text, size, "%c", key < KEY_RUBOUT ? key : '?');
}

int key_of_name(const char *name)
{
	static const char kept[] = "CQS\\";     /* the terminal's own */

	for (size_t i = 0; i < LENGTH(names); i++)
		if (!strcmp(names[i].text, name))
			return names[i].key;
	if (strlen(name) == 1 && *name > ' ' && *name < KEY_RUBOUT)
		return *name;
	/* ^H ^I ^J ^M ^[ have names of their own */
	if (strlen(name) == 2 && *name == '^' && name[1] >= 'A' &&
	    name[1] <= 'Z' && !strchr(kept, name[1]) &&
	    !strchr("HIJM", name[1]))
		return name[1] - '@';
	return 0;
}

int key_of(const struct keymap *keys, enum review_mode mode,
	   enum command command)
{
	size_t count;
	const struct binding *b = keymap_bindings(keys, &count), *found;

	for (enum review_mode m = mode;; m = fallback(m)) {
		for (size_t i = 0; i < count; i++) {
			if (b[i].mode != m || b[i].command != command)
				continue;
			found = key_find(keys, mode, b[i].key);
			if (found && found->command == command)
				return b[i].key;
		}
		if (m == MODE_ANY)
			return 0;
	}
}

/* The command named by `length` bytes of word. */
static enum command command_of(const char *word, size_t length)
{
	for (enum command c = CMD_NONE + 1; c < COMMAND_COUNT; c++)
		if (strlen(command_info[c].word) == length &&
		    !strncmp(command_info[c].word, word, length))
			return c;
	return CMD_NONE;
}

/* In the mode, else where a picture is looked at, else in any. */
static int key_anywhere(const struct keymap *keys, enum review_mode mode,
			enum command command)
{
	int key = key_of(keys, mode, command);

	if (!key)
		key = key_of(keys, MODE_REVIEW, command);
	for (enum review_mode m = MODE_ANY; !key && m < MODES; m++)
		key = key_of(keys, m, command);
	return key;
}

/* message: see key_message(). */
static void name_keys(const struct keymap *keys, enum review_mode mode,
		      bool message, const char *format, char *text,
		      size_t size)
{
	size_t used = 0;

	for (const char *p = format; *p && used + 1 < size;) {
		const char *end = *p == '{' ? strchr(p, '}') : NULL;
		enum command command = !end ? CMD_NONE :
			command_of(p + 1, (size_t)(end - p) - 1);
		char name[16] = "?";

		if (!end || (message && command == CMD_NONE)) {
			text[used++] = *p++;
			continue;
		}
		int key = command == CMD_NONE ? 0 :
			  message ? key_anywhere(keys, mode, command) :
				    key_of(keys, mode, command);

		if (key)
			key_name(key, name, sizeof(name));
		used += (size_t)snprintf(text + used, size - used, "%s", name);
		p = end + 1;
	}
	text[used < size ? used : size - 1] = '\0';
}

void key_hints(const struct keymap *keys, enum review_mode mode,
	       const char *format, char *text, size_t size)
{
	name_keys(keys, mode, false, format, text, size);
}

void key_message(const struct keymap *keys, enum review_mode mode,
		 const char *format, char *text, size_t size)
{
	name_keys(keys, mode, true, format, text, size);
}

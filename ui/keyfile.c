/* keyfile.c - the reviewer's own keys. */
#include "config.h"

#include "ui/keyfile.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "ui/choice.h"

enum { LINE = 256, WORDS = 4, WORD = 32, LINES_MOST = 512 };

/* Modes where keys have a meaning of their own that may be another one. */
static const struct { const char *name; enum review_mode mode; } modes[] = {
	{ "list", MODE_LIST }, { "tagged", MODE_TAGGED },
	{ "review", MODE_REVIEW }, { "tour", MODE_TOUR },
	{ "edit", MODE_EDIT }, { "add", MODE_ADD }, { "sheet", MODE_SHEET },
	{ "everywhere", MODE_ANY },
};

/* What can't be done without, and where; once: by exactly one key, as a key
 * more is one pressed by mistake. */
static const struct need {
	enum review_mode mode;
	enum command command;
	bool once;
} needs[] = {
	{ MODE_REVIEW, CMD_APPROVE, true }, { MODE_TOUR, CMD_APPROVE, true },
	{ MODE_REVIEW, CMD_CLEAN, true }, { MODE_TOUR, CMD_CLEAN, true },
	{ MODE_REVIEW, CMD_BY_EYE, true }, { MODE_TOUR, CMD_BY_EYE, true },
	{ MODE_SHEET, CMD_APPROVE, true }, { MODE_SHEET, CMD_GROUP, true },
	{ MODE_SHEET, CMD_BACK, false },
	{ MODE_REVIEW, CMD_ESCALATE, false },
	{ MODE_REVIEW, CMD_WITHHOLD, false },
	{ MODE_REVIEW, CMD_REJECT, false }, { MODE_REVIEW, CMD_UNDO, false },
	{ MODE_REVIEW, CMD_TOUR, false }, { MODE_REVIEW, CMD_HELP, false },
	{ MODE_REVIEW, CMD_BACK, false }, { MODE_REVIEW, CMD_QUIT, false },
	{ MODE_TAGGED, CMD_DROP, false },
	{ MODE_EDIT, CMD_KEEP, false }, { MODE_EDIT, CMD_DROP, false },
	{ MODE_ADD, CMD_KEEP, false }, { MODE_ADD, CMD_DROP, false },
	{ MODE_LIST, CMD_OPEN, false }, { MODE_LIST, CMD_UNDO, false },
	{ MODE_LIST, CMD_HELP, false }, { MODE_LIST, CMD_QUIT, false },
};

#define LENGTH(a) (sizeof(a) / sizeof((a)[0]))

struct reader {
	const char *name;               /* of the file */
	int line;                       /* being read; 0: none */
	struct binding *own;
	int *own_line;
	size_t count, capacity, line_capacity;
	struct error *err;
};

static bool wrong(const struct reader *r, int line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static bool wrong(const struct reader *r, int line, const char *format, ...)
{
	char text[ERROR_TEXT];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	return error_set(r->err, ERR_USAGE, "%s:%d: %s", r->name, line, text);
}

static const char *mode_name(enum review_mode mode)
{
	for (size_t i = 0; i < LENGTH(modes); i++)
		if (modes[i].mode == mode)
			return modes[i].name;
	return "";
}

/* ---- a line ---- */

static bool read_mode(const struct reader *r, const char *word,
		      enum review_mode *mode)
{
	for (size_t i = 0; i < LENGTH(modes); i++) {
		*mode = modes[i].mode;
		if (!strcmp(modes[i].name, word))
			return true;
	}
	return wrong(r, r->line, "%s: %s", word,
		     _("no mode of keys; there are list, tagged, review, tour, "
		       "edit, add, sheet and everywhere"));
}

static bool read_key(const struct reader *r, const char *word,
		     enum review_mode mode, int *key)
{
	*key = key_of_name(word);
	if (!*key)
		return wrong(r, r->line, "%s: %s", word,
			     _("no key that can be bound; the help shows the "
			       "names of keys"));
	if (key_counts(mode) && *key >= '0' && *key <= '9')
		return wrong(r, r->line, "%s: %s", word,
			     _("digits are counts in this mode"));
	return true;
}

/* everywhere: in one of the modes at least. */
static bool has_command(enum review_mode mode, enum command command)
{
	if (mode != MODE_ANY)
		return review_hears(mode, command);
	for (size_t i = 0; i < LENGTH(modes); i++)
		if (modes[i].mode != MODE_ANY &&
		    review_hears(modes[i].mode, command))
			return true;
	return false;
}

/* words: the command, and a digit behind `select`. */
static bool read_command(const struct reader *r, char words[][WORD],
			 int count, struct binding *b)
{
	b->command = CMD_NONE;
	for (enum command c = CMD_NONE + 1; c < COMMAND_COUNT; c++)
		if (!strcmp(command_info[c].word, words[0]))
			b->command = c;
	if (b->command == CMD_NONE)
		return wrong(r, r->line, "%s: %s", words[0],
			     _("no such command; the help shows them"));
	if (!has_command(b->mode, b->command))
		return wrong(r, r->line, "%s: %s", words[0],
			     _("this mode does not have the command"));
	if (b->command == CMD_SELECT) {
		if (count != 2 || words[1][0] < '0' || words[1][0] > '9' ||
		    words[1][1])
			return wrong(r, r->line, "%s", _("select wants a "
				     "digit"));
		b->count = words[1][0] - '0';
	} else if (count != 1) {
		return wrong(r, r->line, "%s: %s", words[1],
			     _("nothing may stand behind the command"));
	}
	return true;
}

static bool add(struct reader *r, const struct binding *b)
{
	char name[16];

	for (size_t i = 0; i < r->count; i++) {
		if (r->own[i].mode != b->mode || r->own[i].key != b->key)
			continue;
		key_name(b->key, name, sizeof(name));
		return wrong(r, r->line, _("%s is bound in %s already, in "
			     "line %d"), name, mode_name(b->mode),
			     r->own_line[i]);
	}
	if (!mem_grow(&r->own, &r->capacity, r->count, sizeof(*r->own)) ||
	    !mem_grow(&r->own_line, &r->line_capacity, r->count,
		      sizeof(*r->own_line)))
		return error_set(r->err, ERR_MEMORY, "%s", _("no memory"));
	r->own[r->count] = *b;
	r->own_line[r->count++] = r->line;
	return true;
}

/* Words of a line, which is printable ASCII with blanks and tabs.  -1: it is
 * not, or has too many of them. */
static int split(const char *line, size_t length, char words[WORDS][WORD])
{
	int count = 0;
	size_t used = 0;

	for (size_t i = 0; i <= length; i++) {
		bool blank = i == length || line[i] == ' ' || line[i] == '\t';

		if (!blank && (line[i] < ' ' || line[i] > '~'))
			return -1;
		if (!blank && (count == WORDS || used + 1 >= WORD))
			return -1;
		if (!blank) {
			words[count][used++] = line[i];
			words[count][used] = '\0';
		} else if (used) {
			count++;
			used = 0;
		}
	}
	return count;
}

/* A line that is empty, or begins with # and a blank or alone, is passed. */
static bool read_line(struct reader *r, const char *line, size_t length)
{
	char words[WORDS][WORD];
	struct binding b = { .mode = MODE_ANY };
	size_t blanks = 0;
	int count;

	while (blanks < length && (line[blanks] == ' ' ||
				   line[blanks] == '\t'))
		blanks++;
	if (blanks == length || line[blanks] == '#')
		return true;
	count = length < LINE ? split(line, length, words) : -1;
	if (count < 3)
		return wrong(r, r->line, "%s", _("MODE KEY COMMAND is wanted, "
			     "in plain ASCII"));
	return read_mode(r, words[0], &b.mode) &&
		read_key(r, words[1], b.mode, &b.key) &&
		read_command(r, words + 2, count - 2, &b) && add(r, &b);
}

/* ---- all of it ---- */

static bool is_own(const struct reader *r, enum review_mode mode, int key)
{
	for (size_t i = 0; i < r->count; i++)
		if (r->own[i].mode == mode && r->own[i].key == key)
			return true;
	return false;
}

/* Is it moved by a line of the file? */
static bool is_moved(const struct reader *r, const struct binding *b)
{
	bool once = false;

	for (size_t i = 0; i < LENGTH(needs); i++)
		once = once || (needs[i].once && needs[i].mode == b->mode &&
				needs[i].command == b->command);
	for (size_t i = 0; once && i < r->count; i++)
		if (r->own[i].mode == b->mode &&
		    r->own[i].command == b->command)
			return true;
	return false;
}

/* The reviewer's first, then those built in that are still what they were. */
static bool join(const struct reader *r, struct keymap *keys)
{
	size_t count;
	const struct binding *b = key_bindings(&count);

	keys->binding = mem_array(r->count + count, sizeof(*b));
	if (!keys->binding)
		return error_set(r->err, ERR_MEMORY, "%s", _("no memory"));
	for (size_t i = 0; i < r->count; i++)
		keys->binding[keys->count++] = r->own[i];
	for (size_t i = 0; i < count; i++)
		if (!is_own(r, b[i].mode, b[i].key) && !is_moved(r, &b[i]))
			keys->binding[keys->count++] = b[i];
	return true;
}

/* The last line that bound the command, or this key; 0: none. */
static int line_of(const struct reader *r, enum command command, int key)
{
	int line = 0;

	for (size_t i = 0; i < r->count; i++)
		if (r->own[i].command == command || r->own[i].key == key)
			line = r->own_line[i];
	return line;
}

static int keys_for(const struct keymap *keys, const struct need *need)
{
	int count = 0, seen[128];

	for (size_t i = 0; i < keys->count; i++) {
		int key = keys->binding[i].key;
		const struct binding *b = key_find(keys, need->mode, key);
		bool known = keys->binding[i].command != need->command ||
			     !b || b->command != need->command;

		for (int k = 0; k < count && !known; k++)
			known = seen[k] == key;
		if (!known && count < (int)LENGTH(seen))
			seen[count++] = key;
	}
	return count;
}

static bool check_needs(const struct reader *r, const struct keymap *keys)
{
	for (size_t i = 0; i < LENGTH(needs); i++) {
		const struct need *n = &needs[i];
		const char *word = command_info[n->command].word;
		int count = keys_for(keys, n);
		int key = key_of(NULL, n->mode, n->command);

		if (count == 0)
			return wrong(r, line_of(r, CMD_NONE, key),
				     _("%s would have no key in %s: bind it "
				       "to another one too"), word,
				     mode_name(n->mode));
		if (count > 1 && n->once)
			return wrong(r, line_of(r, n->command, 0),
				     _("%s would have two keys in %s, and one "
				       "of them by mistake"), word,
				     mode_name(n->mode));
	}
	return true;
}

/* A key of everywhere is looked up last: it must be free where it is asked
 * for, or it would do something else there. */
static bool check_everywhere(const struct reader *r,
			     const struct keymap *keys)
{
	for (size_t i = 0; i < r->count; i++) {
		const struct binding *b = &r->own[i];

		for (size_t m = 0; b->mode == MODE_ANY && m < LENGTH(modes);
		     m++) {
			const struct binding *found =
				key_find(keys, modes[m].mode, b->key);

			if (found && found->mode != MODE_ANY)
				return wrong(r, r->own_line[i],
					     _("this key is %s in %s"),
					     command_info[found->command].word,
					     modes[m].name);
		}
	}
	return true;
}

static bool read_lines(struct reader *r, const char *text, size_t length)
{
	const char *end = text + length;

	while (text < end) {
		const char *stop = memchr(text, '\n', (size_t)(end - text));

		stop = stop ? stop : end;
		if (++r->line > LINES_MOST)
			return wrong(r, r->line, "%s", _("too many lines"));
		if (!read_line(r, text, (size_t)(stop - text)))
			return false;
		text = stop + 1;
	}
	return true;
}

bool keyfile_parse(struct keymap *keys, const char *name, const char *text,
		   size_t length, struct error *err)
{
	struct reader r = { .name = name, .err = err };
	bool ok;

	*keys = (struct keymap){ 0 };
	ok = read_lines(&r, text, length) && join(&r, keys) &&
	     check_everywhere(&r, keys) && check_needs(&r, keys);
	free(r.own);
	free(r.own_line);
	if (!ok)
		keymap_done(keys);
	return ok;
}

void keymap_done(struct keymap *keys)
{
	free(keys->binding);
	*keys = (struct keymap){ 0 };
}

/* ---- the file ---- */

/* -1: more than KEYFILE_MOST bytes, or it can't be read. */
static long read_file(int fd, char *text)
{
	struct stat st;
	long length = 0;

	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) ||
	    st.st_size > KEYFILE_MOST)
		return -1;
	while (length < KEYFILE_MOST) {
		ssize_t n = read(fd, text + length,
				 (size_t)(KEYFILE_MOST - length));

		if (n < 0)
			return -1;
		if (n == 0)
			break;
		length += n;
	}
	return length;
}

bool keyfile_load(struct keymap *keys, char *path, size_t size, bool *there,
		  struct error *err)
{
	size_t used;
	char *text;
	long length = -1;
	int fd;

	*keys = (struct keymap){ 0 };
	*there = false;
	if (!choice_folder(path, size, false))
		return true;
	used = strlen(path);
	if (snprintf(path + used, size - used, "/keys") >= (int)(size - used))
		return true;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return true;
	*there = true;
	text = fd >= 0 ? mem_array(KEYFILE_MOST, 1) : NULL;
	if (text)
		length = read_file(fd, text);
	bool ok = length < 0 ?
		  error_set(err, ERR_USAGE, "%s: %s", path,
			    _("the keys can't be read")) :
		  keyfile_parse(keys, path, text, (size_t)length, err);

	free(text);
	if (fd >= 0)
		close(fd);
	return ok;
}

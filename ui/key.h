/*
 * key.h - the key table: mode and key to command.  The help screen and the
 * man page are made from it.
 */
#ifndef SUMI_KEY_H
#define SUMI_KEY_H

#include <stdbool.h>
#include <stddef.h>

#include "review/command.h"
#include "review/review.h"

struct binding {
	enum review_mode mode;          /* MODE_ANY is tried last */
	int key;                        /* code point or enum key */
	enum command command;
	int count;                      /* given along: the digit of SELECT */
};
/* All of them, by mode; *count of them. */
const struct binding *key_bindings(size_t *count);

/* The keys in use.  Zeroed, and wherever one may be NULL: those built in. */
struct keymap {
	struct binding *binding;        /* owned, keyfile.h; NULL: built in */
	size_t count;
};
/* All of them; the reviewer's own come first. */
const struct binding *keymap_bindings(const struct keymap *keys,
				      size_t *count);

/* A count typed before a command (12l while editing); keys may be NULL. */
struct key_prefix {
	int count;
	const struct keymap *keys;      /* borrowed */
};

/*
 * What a key means in a mode: fills in type, command, count and character of
 * *event.  False when it means nothing, or is a digit of a count.
 */
bool key_event(struct key_prefix *prefix, enum review_mode mode, int key,
	       struct event *event);

/* The binding of a key in a mode as it is looked up; NULL for none. */
const struct binding *key_find(const struct keymap *keys,
			       enum review_mode mode, int key);

/* What a command does in a mode, a msgid: the same key may move a picture, a
 * box or the cursor of a list. */
const char *key_help(enum review_mode mode, enum command command);

/* "Space", "Tab", "^L", "x" ... */
void key_name(int key, char *text, size_t size);
/* The key of a name: one printable ASCII character, or as key_name() gives
 * it; 0: no key that can be bound. */
int key_of_name(const char *name);
/* The first key of a command in a mode; 0: it has none. */
int key_of(const struct keymap *keys, enum review_mode mode,
	   enum command command);
/*
 * A line of hints: each {WORD} of the template becomes the first key of that
 * command in the mode, "?" where it has none.
 */
void key_hints(const struct keymap *keys, enum review_mode mode,
	       const char *format, char *text, size_t size);
/*
 * A message: {WORD} as above, but of a command that has no key in the mode the
 * key of another one.  What else stands in braces stays.
 */
void key_message(const struct keymap *keys, enum review_mode mode,
		 const char *format, char *text, size_t size);
/* Are digits counts in this mode? */
bool key_counts(enum review_mode mode);
/* Does this mode ask for a letter or digit? */
bool key_asks(enum review_mode mode);
#endif

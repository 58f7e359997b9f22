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

/* A count typed before a command (12l while editing). */
struct key_prefix { int count; };

/*
 * What a key means in a mode: fills in type, command, count and character of
 * *event.  False when it means nothing, or is a digit of a count.
 */
bool key_event(struct key_prefix *prefix, enum review_mode mode, int key,
	       struct event *event);

/* The binding of a key in a mode as it is looked up; NULL for none. */
const struct binding *key_find(enum review_mode mode, int key);

/* "Space", "Tab", "^L", "x" ... */
void key_name(int key, char *text, size_t size);
/* The first key of a command in a mode into text[size]; "" if it has none. */
void key_of(enum review_mode mode, enum command command, char *text,
	    size_t size);
/* The mode whose bindings hold where a mode has none; MODE_ANY at the end. */
enum review_mode key_fallback(enum review_mode mode);
#endif

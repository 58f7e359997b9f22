/*
 * vocabulary.h - words that a user adds to those that identify or to those
 * that tell nothing about anybody.  Knows no text but these.
 */
#ifndef SUMI_VOCABULARY_H
#define SUMI_VOCABULARY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/mem.h"

enum { VOCABULARY_WORD = 96, VOCABULARY_WORDS = 4096,
       VOCABULARY_FILE = 1 << 20 };

/* Zero-initialise; release with vocabulary_done(). */
struct vocabulary {
	struct vocabulary_entry {
		bool identifier;                /* else benign */
		char word[VOCABULARY_WORD];     /* UTF-8, maybe with spaces */
	} *entry;
	size_t count, capacity;
};

/*
 * Read lines `identifier WORD` and `benign WORD`: UTF-8, with or without BOM;
 * blank lines and those that start with # are skipped.  WORD goes to the end
 * of the line and may hold spaces.  text: NUL-terminated, length bytes.  Adds
 * to v.  False with *err: ERR_USAGE naming the first bad line, ERR_MEMORY.
 */
bool vocabulary_parse(const char *text, size_t length, struct vocabulary *v,
		      struct error *err);

/* The same from a file.  text (may be NULL) gets the bytes.  False with *err,
 * ERR_USAGE also when the file can't be read or is over 1 MiB. */
bool vocabulary_read(const char *path, struct vocabulary *v,
		     struct buffer *text, struct error *err);
void vocabulary_done(struct vocabulary *v);

#endif

/*
 * spell.h - the likeliest harmless text of a line, by what a network says of
 * each step of it, and how much likelier anything else is.  Knows the words of
 * words.h and no pictures; what it finds is to be judged like other readings.
 */
#ifndef SUMI_SPELL_H
#define SUMI_SPELL_H

#include <stdbool.h>
#include <stddef.h>

#include "ocr/symbols.h"

enum { SPELLED_TEXT = 96, SPELLED_WHOLE = 500 };

/* A text that was spelled. */
struct spelled {
	char text[SPELLED_TEXT];        /* UTF-8; "" when there is none */
	int weight;                     /* 0..SPELLED_WHOLE: see below */
	/* where its letters stand; a doubt is how much less likely the letter
	 * is than the likeliest codes there: 0 not at all, 63 e times */
	struct symbols symbols;
};

/*
 * The codes of a letter (UTF-8, NUL at its end) in a model: returns how many
 * there are, at most room of them in code[]; 0 when it has none.
 */
struct spell_letters {
	int (*codes)(const void *self, const char *letter, int *code,
		     int room);
	const void *self;
	int classes, blank;             /* codes in all; that of no letter */
};

struct spell;

/* Words, units and marks by their codes; spell_free() it.  NULL without
 * memory. */
struct spell *spell_new(const struct spell_letters *letters);
void spell_free(struct spell *s);       /* NULL does nothing */

/*
 * Spell a line: known words, numbers and signs in any order, a space between
 * two Latin words, capitals and small letters alike, by the likeliest path of
 * codes (Viterbi; CTC: A. Graves and others, 2006).  Uses s for it: one line
 * at a time.
 *
 * chance  [steps][classes], from network_run()
 *
 * weight: 5 minus how much likelier the likeliest codes are, whatever they
 * spell (logarithm), in hundredths; nothing below 0.  A path worse than e^-4
 * counts in part, and not at all from e^-12 on: where a network sees nothing,
 * all is as likely.  Both logarithms are divided by the shares of the text, 1
 * to 5: its kanji and kana, if they are half of it as Latin letters go, else
 * a fourth of its letters.  Of 2200 lines of identifiers of which nothing was
 * known none reached what clears (looks.h), but for somebody named LEFT; with
 * twice the shares for kanji eight did.  False without memory.
 */
bool spell_line(struct spell *s, const float *chance, int steps,
		struct spelled *out);

#endif

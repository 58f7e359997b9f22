/*
 * words.h - the words that tell what stands beside them (labels), that name a
 * place or a person, or that tell nothing about anybody (benign).
 */
#ifndef SUMI_WORDS_H
#define SUMI_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/vocabulary.h"
#include "find/proposal.h"
#include "ocr/letters.h"

/* A label such as 氏名 or "Patient ID:", found in a text. */
struct label {
	const char *word;               /* from the table; never the text */
	enum box_class class_;
	int start, end;                 /* letters; end after its ":" */
	bool colon;                     /* there is one */
};

/*
 * The first label of a text: anywhere when a colon follows it, else at the
 * start.  One letter of four or more may be misread.
 */
bool words_label(const struct letters *text, struct label *label);

/*
 * A word that makes the text identify: a hospital, an address, an honorific.
 * *word is the why code.
 */
bool words_telling(const struct letters *text, enum box_class *class_,
		   const char **why);

/* Words that a user has added to either side, folded and compact. */
struct words_user {
	struct user_word {
		bool identifier;                /* else benign */
		struct letters letters;
	} *word;
	size_t count, capacity;
};

/* From what a user's file said.  Zero-initialise u.  False with *err
 * ERR_MEMORY. */
bool words_user_take(struct words_user *u, const struct vocabulary *v,
		     struct error *err);
void words_user_done(struct words_user *u);

/* Is w one of the user's words of a side?  user may be NULL. */
bool words_user_says(const struct words_user *user, const struct letters *w,
		     bool identifier);

/*
 * How hard a benign text is to take for another: a technical word of five
 * letters (three kanji); of four (two kanji), or a longer one of which one
 * letter was misread; a number with its unit or its point and a word; less.
 * What holds a number like a part of a date is never hard to take for another.
 */
enum plainness { PLAIN_NEVER, PLAIN_NOT, PLAIN_SHORT, PLAIN_WORD, PLAIN_LONG };

/* What a file says, so that a word can't be what it may be elsewhere. */
struct words_known {
	const struct words_user *user;  /* may be NULL */
	bool sex;                       /* F is the mark of the feet */
	bool name;                      /* Lung is no patient's */
};

/*
 * Every word of the text is a known technical one (of eight letters or three
 * kanji one may be misread), a unit, a mark of side, a short number, such a
 * number misread with its unit (TOKV) or a benign word of the user, and
 * together they can be no name, age, day or year: the why code
 * ("benign:unit"), and *plain; else NULL.  A number has a unit, stands behind a
 * word that tells what it is, or counts pictures: PORTABLE 36 may be somebody
 * beside it.
 */
const char *words_benign(const struct letters *read,
			 const struct words_known *known,
			 enum plainness *plain);

/*
 * Is a word of it near a technical one, a unit or a mark, so that another
 * reading may make it one: three Latin letters of which one in three is
 * another; a kanji of two at its place; a number with a letter or two.
 */
bool words_nearly(const struct letters *read);

/*
 * A text that is harmless as a whole, whatever its words: a phrase of forms
 * and screens (one letter in eight may be misread), V, +C or cm/s alone, a
 * matrix (512x512).  The why code, or NULL.
 */
const char *words_phrase(const struct letters *text);

/*
 * Of one word: is it a unit; does it tell what a number behind it is (ZOOM, but
 * not ERECT); is it set in capitals and small letters (TIs)?
 */
bool words_unit(const struct letters *w);
bool words_valued(const struct letters *w);
bool words_set_mixed(const struct letters *w);
bool words_name_too(const struct letters *w);

/* Each technical word, unit and mark, in capitals. */
void words_each(void (*see)(void *self, const char *word), void *self);

#endif

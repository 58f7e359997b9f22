/*
 * words.h - the words that tell what stands beside them (labels), that name a
 * place or a person, or that tell nothing about anybody (benign).
 */
#ifndef SUMI_WORDS_H
#define SUMI_WORDS_H

#include <stdbool.h>

#include "find/proposal.h"
#include "ocr/letters.h"

/* A label such as 氏名 or "Patient ID:", found in a text. */
struct label {
	const char *word;               /* from the table; never the text */
	enum box_class class_;
	int start, end;                 /* letters; end after its ":" */
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

/*
 * Every word of the text is a known technical one, a unit, a mark of side or
 * a short number: the why code ("benign:unit"); else NULL.
 */
const char *words_benign(const struct letters *text);

#endif

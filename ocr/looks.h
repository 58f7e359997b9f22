/*
 * looks.h - several readings of one line, of pictures of it that were prepared
 * in different ways: what they say together.  Reads and clears nothing.
 */
#ifndef SUMI_LOOKS_H
#define SUMI_LOOKS_H

#include <stdbool.h>

#include "ocr/letters.h"
#include "ocr/reading.h"

/* Zero-initialise. */
struct looks {
	struct letters text[READING_LOOKS + 2]; /* compact */
	int confidence[READING_LOOKS + 2];
	int count;
	struct {
		struct letters text;            /* compact */
		int weight, times;              /* in all */
	} spelled[READING_LOOKS];
	int spellings;
	bool near;      /* one is near to what is harmless: words_nearly(), or
			   spelled so */
};

/*
 * Keep one more reading, confidence 0..100.  False when it has no letters,
 * and is nothing.
 */
bool looks_add(struct looks *l, const char *text, int confidence);

/* Is another text, unlike the last one, of which more than half of the letters
 * are others, read with three fourths of its confidences or more? */
bool looks_contested(const struct looks *l);

/*
 * Has a text the letters of another, in their order, but fewer: Gantry L of
 * GANTRY LI?  What an edge is read as before them (I, L, 1) is none.  Or no
 * kana or kanji where the other has one that nothing Latin is read as?  Both
 * compact.
 */
bool looks_lost(const struct letters *text, const struct letters *from);

/*
 * How surely the last reading, of which `text` is the whole text, was read, if
 * it may clear the line at all; -1 if not.  Not when another text contests it,
 * or one that was read more surely has letters that it lost; nor two Latin
 * letters that were read as kana or kanji with a third of their confidences
 * (three: with all);
 * with a sign that no value has, which tells of a misread one (WL 4?); when it
 * may be of somebody, who has to be read at first sight; or words of a letter
 * or two (w On) that were read but once.  Two equal readings of 40 or more are
 * as sure as a good one of 80, with a word of three letters or more, where the
 * places of the letters are known.
 */
int looks_sureness(const struct looks *l, const char *text, bool placed);

/*
 * Keep a harmless text that a look was spelled as (spell.h), after its reading
 * was.  True when it is sure by now: spelled twice or more, with weights of
 * 600 together (1000, of three Latin letters or shorter words; fewer letters
 * never are, nor one kanji), no text unlike it (of three letters: any other)
 * read with confidences of more than 100 together, nor a Latin one ever as kana
 * or kanji, nor may it be of somebody.  What has no more than half of its
 * letters in any reading has 100 for each of them; none that was read more
 * surely than it has letters that it lost.
 */
bool looks_spell(struct looks *l, const char *text, int weight);

#endif

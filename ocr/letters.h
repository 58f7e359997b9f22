/*
 * letters.h - text as code points, folded so that the same word written or
 * misread in different ways compares equal.  Knows no identifiers.
 */
#ifndef SUMI_LETTERS_H
#define SUMI_LETTERS_H

#include <stdbool.h>
#include <stdint.h>

enum { LETTERS_MAX = 192 };

struct letters {
	uint32_t c[LETTERS_MAX];        /* Unicode; what is too long is cut */
	int n;
};

/*
 * Decode UTF-8 (bad bytes are dropped) and fold what Unicode calls
 * compatible and what registers spell in several ways: full-width forms to
 * ASCII, half-width kana to kana, small letters to capitals, accents off,
 * all dashes to '-', spaces to one ' ', old forms of kanji to the common one.
 */
void letters_read(struct letters *l, const char *utf8);

/* Decode without folding. */
void letters_decode(struct letters *l, const char *utf8);

/* Without spaces and punctuation: digits, Latin, kana and kanji remain. */
void letters_compact(const struct letters *l, struct letters *out);

/*
 * Letters that look like digits become digits (O Q D 0, I L | ! 1, Z 2, S 5,
 * G 6, T 7, B 8) in every word at least half of which is digits.
 */
void letters_fold_digits(const struct letters *l, struct letters *out);

/*
 * For names: kana to Latin letters, Hepburn and other spellings to Kunrei, long
 * vowels and doubled letters to single ones.  Kanji and digits stay.
 */
void letters_fold_name(const struct letters *l, struct letters *out);

/*
 * For names in kana: katakana without voice marks, small ones as large (both
 * are what half-width kana lose when read), kanji of the same shape as kana.
 * Everything else is left out.
 */
void letters_fold_kana(const struct letters *l, struct letters *out);

/* Without the spaces between two Japanese letters. */
void letters_close(const struct letters *l, struct letters *out);

bool letter_is_digit(uint32_t c);
bool letter_is_latin(uint32_t c);       /* A to Z after letters_read() */
bool letter_is_kana(uint32_t c);        /* kana, or the long vowel mark */
bool letter_is_kanji(uint32_t c);       /* or a syllable of Hangul */
bool letter_is_japanese(uint32_t c);    /* kana or kanji */
bool letter_is_word(uint32_t c);        /* any of the above */

/*
 * Least edit distance between word and any part of text (P. Sellers, 1980).
 * *end (may be NULL) is set to where the best part ends in text.
 */
int letters_distance_within(const struct letters *word,
			    const struct letters *text, int *end);
/* Edit distance between the two as a whole. */
int letters_distance(const struct letters *a, const struct letters *b);

/* Where ASCII or UTF-8 word (as letters_read() makes it) starts; -1. */
int letters_find(const struct letters *l, const char *word, int from);
bool letters_start_with(const struct letters *l, int from, const char *word);
bool letters_same(const struct letters *a, const struct letters *b);
bool letters_equal(const struct letters *l, const char *word);
struct letters letters_part(const struct letters *l, int from, int to);

#endif

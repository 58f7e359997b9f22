/*
 * words.h - made-up patients, and what is written about them on pictures in
 * Latin and Japanese letters.  Nobody is meant.
 */
#ifndef SUMI_BURNIN_WORDS_H
#define SUMI_BURNIN_WORDS_H

#include <stdbool.h>

#include "bench/burnin/dice.h"

enum { WORDS = 160 };

/* One patient and one study; all texts UTF-8. */
struct patient {
	bool japanese;
	char family[WORDS], given[WORDS];       /* Latin, capitals */
	char family_kanji[WORDS], given_kanji[WORDS];
	char family_kana[WORDS], given_kana[WORDS];     /* full-width */
	int birth[3], study[3];                 /* year, month, day */
	int time[3];
	int age;
	bool female;
	char id[32], accession[32], phone[32], insurance[32];
	char institution[WORDS], physician[WORDS], address[WORDS];
};

/* benign_names: the name is made of words that pictures carry anyway. */
void patient_draw(struct patient *p, struct dice *d, bool japanese,
		  bool benign_names);

/* A line of a picture. */
struct words {
	char text[WORDS];
	char label[WORDS];              /* before it, or "" */
	const char *class;              /* DESIGN 3 */
	bool identifier;
};

enum script { SCRIPT_ANY, SCRIPT_LATIN, SCRIPT_JAPANESE };

/* What this patient's picture may say: an identifier, or not. */
void words_identifier(struct words *w, const struct patient *p,
		      struct dice *d, enum script script);
void words_benign(struct words *w, struct dice *d, enum script script);

#endif

/*
 * symbols.h - where the letters of a reading stand in the crop that was read.
 */
#ifndef SUMI_SYMBOLS_H
#define SUMI_SYMBOLS_H

#include <stdbool.h>
#include <stdint.h>

enum { SYMBOLS_MAX = 48, SYMBOLS_WHOLE = 1000 };

/* What a letter looks like. */
enum symbol_form {
	SYMBOL_SIGN,            /* no letter */
	SYMBOL_LOW,             /* a, g: lower than that */
	SYMBOL_TALL,            /* A, b, 1, %: as high as the row */
	SYMBOL_DENSE,           /* kana, kanji */
};

/* Steps of the network that gave a letter: about its middle. */
struct symbol {
	uint16_t from, to;      /* thousandths of the crop, from the left */
	uint8_t form;           /* enum symbol_form */
	bool hangs;             /* reaches below the row: g */
	uint8_t doubt;          /* 0..100: 0 when it was read surely */
	bool spaced;            /* a space follows */
};

/* count: -1 when the reader does not tell, or they are too many. */
struct symbols {
	int count;
	struct symbol symbol[SYMBOLS_MAX];
};

/* Its form, and whether it hangs, by the letter (UTF-8). */
void symbol_look(struct symbol *s, const char *letter);

#endif

/*
 * search.h - text that is typed to search, and where it occurs.  UTF-8 of any
 * language.  No terminal.
 */
#ifndef SUMI_SEARCH_H
#define SUMI_SEARCH_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Type a key at the end of text[size]: a character goes in whole or not at
 * all, a rubout takes one back; full-width letters, signs and blanks of an
 * input method become ASCII.  False: the key is no text (nor is a rubout of nothing).
 */
bool search_type(char *text, size_t size, int key);

/*
 * Do `size` bytes of part occur in text?  Capitals and small letters are
 * alike, so are full-width letters and ASCII, hiragana and katakana of full and
 * half width, a voice mark on its kana and after it.  text may be NULL: nothing
 * occurs in it.
 */
bool search_part(const char *text, const char *part, size_t size);
#endif

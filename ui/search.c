/* search.c - text that is typed to search, and where it occurs. */
#include "config.h"

#include "ui/search.h"

#include <stdint.h>
#include <string.h>

#include "base/kana.h"
#include "base/mem.h"
#include "ui/canvas.h"
#include "ui/input.h"

/* Unicode: Halfwidth and Fullwidth Forms, Hiragana, Katakana */
enum {
	FULL_WIDTH_BLANK = 0x3000,
	FULL_WIDTH_FIRST = 0xff01, FULL_WIDTH_LAST = 0xff5e,
	HIRAGANA_FIRST = 0x3041, HIRAGANA_LAST = 0x3096,
	TO_KATAKANA = 0x60,
};

/* ---- typing ---- */

static bool is_text(int key)
{
	return (key >= ' ' && key < KEY_RUBOUT) ||
	       (key >= 0xa0 && key < KEY_ARROW_UP);
}

/* An input method that is on writes st:open in full width. */
static uint32_t narrow(uint32_t code)
{
	if (code == FULL_WIDTH_BLANK)
		return ' ';
	return code >= FULL_WIDTH_FIRST && code <= FULL_WIDTH_LAST ?
	       code - FULL_WIDTH_FIRST + '!' : code;
}

bool search_type(char *text, size_t size, int key)
{
	size_t length = strlen(text);
	struct buffer bytes = { 0 };

	if (key == KEY_RUBOUT && length > 0) {
		while (--length > 0 && (text[length] & 0xc0) == 0x80)
			;
		text[length] = '\0';
		return true;
	}
	if (!is_text(key))
		return false;
	utf8_put(&bytes, narrow((uint32_t)key));
	if (!bytes.failed && length + bytes.length < size) {
		memcpy(text + length, bytes.data, bytes.length);
		text[length + bytes.length] = '\0';
	}
	buffer_done(&bytes);
	return true;
}

/* ---- finding ---- */

static uint32_t fold(uint32_t code)
{
	code = narrow(code);
	if (code >= 'A' && code <= 'Z')
		return code - 'A' + 'a';
	if (code >= HIRAGANA_FIRST && code <= HIRAGANA_LAST)
		return code + TO_KATAKANA;
	return kana_wide(code);
}

/* The letter there, folded, with the voice mark that stands apart from it in
 * half-width kana and in names from a Mac (NFD). */
static uint32_t next_letter(const char **at, const char *end)
{
	uint32_t letter = fold(utf8_next(at)), with;
	const char *after = *at;

	if (after >= end)
		return letter;
	with = kana_with(letter, kana_mark(utf8_next(&after)));
	if (!with || with == letter)
		return letter;
	*at = after;
	return with;
}

/* Does text begin with part? */
static bool begins(const char *text, const char *text_end, const char *part,
		   const char *part_end)
{
	while (part < part_end)
		if (text >= text_end ||
		    next_letter(&text, text_end) !=
		    next_letter(&part, part_end))
			return false;
	return true;
}

bool search_part(const char *text, const char *part, size_t size)
{
	const char *end = text ? text + strlen(text) : NULL;

	for (; text && text < end; next_letter(&text, end))
		if (begins(text, end, part, part + size))
			return true;
	return text && size == 0;
}

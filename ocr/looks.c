/* looks.c - how far several readings of a line agree. */
#include "config.h"

#include "ocr/looks.h"

#include <string.h>

#include "ocr/identifier.h"
#include "ocr/words.h"

enum {
	AGREED = 40,            /* confidence of two equal readings ... */
	AGREED_AS = 80,         /* ... and of what they are together */
	CONTESTED = 75,         /* percent of their sum, of another text */
	SHORT = 3,              /* Latin letters and digits; fewer are read
				   into any stroke */
	/* of a spelled text: kana and kanji count twice */
	SPELLED_SHORT = 3,
	SPELLED_SURE = 600, SPELLED_SHORT_SURE = 1000,
	SPELLED_OTHERS = 100,           /* confidence, of another text */
	SPELLED_EACH = 100,             /* weight by reading, of a text that
					   was never read nearly so */
	DENSE_PART = 3,                 /* of its confidences, of a text as
					   short as BRIEF */
	BRIEF = 2,
	LONG_VOWEL = 0x30fc,            /* ー */
};

bool looks_add(struct looks *l, const char *text, int confidence)
{
	struct letters read;

	letters_read(&read, text);
	letters_compact(&read, &l->text[l->count]);
	if (!l->text[l->count].n)
		return false;
	l->confidence[l->count++] = confidence;
	l->near = l->near || words_nearly(&read);
	return true;
}

/* Are there kana or kanji in a text? */
static bool has_japanese(const struct letters *text)
{
	for (int i = 0; i < text->n; i++)
		if (letter_is_japanese(text->c[i]))
			return true;
	return false;
}

/* How many of the earlier readings have the letters of the last, with such a
 * confidence? */
static int count_equal(const struct looks *l, int least)
{
	int n = 0;

	for (int i = 0; i + 1 < l->count; i++)
		n += l->confidence[i] >= least &&
		     letters_same(&l->text[i], &l->text[l->count - 1]);
	return n;
}

/* The confidences of all readings that have the letters of one. */
static int weight_of(const struct looks *l, const struct letters *text)
{
	int sum = 0;

	for (int i = 0; i < l->count; i++)
		sum += letters_same(&l->text[i], text) ? l->confidence[i] : 0;
	return sum;
}

/* 鈴木 京子, of 10 pixels, was read twice, and then mA RF twice. */
bool looks_contested(const struct looks *l)
{
	const struct letters *last = &l->text[l->count - 1];
	int weight = weight_of(l, last);

	for (int i = 0; i + 1 < l->count; i++)
		if (2 * letters_distance(&l->text[i], last) > last->n &&
		    100 * weight_of(l, &l->text[i]) >= CONTESTED * weight)
			return true;
	return false;
}

/* Kanji and kana that no stroke, digit or Latin letter is read as. */
static int count_dense(const struct letters *text)
{
	struct letters alike;
	int n = 0;

	letters_decode(&alike, "ー一二ニ三ミ口ロ日曰田工エ卜ト丁丿ノ八ハ人");
	for (int i = 0; i < text->n; i++) {
		bool known = false;

		for (int k = 0; k < alike.n; k++)
			known = known || alike.c[k] == text->c[i];
		n += letter_is_japanese(text->c[i]) && !known;
	}
	return n;
}

bool looks_lost(const struct letters *text, const struct letters *from)
{
	int at = 0, start = 0;

	if (count_dense(from) && !has_japanese(text))
		return true;
	/* what an edge before the text is read as */
	while (start < from->n && (from->c[start] == 'I' ||
				   from->c[start] == 'L' ||
				   from->c[start] == '1' ||
				   from->c[start] == LONG_VOWEL) &&
	       text->n && from->c[start] != text->c[0])
		start++;
	for (int i = start; i < from->n && at < text->n; i++)
		at += from->c[i] == text->c[at];
	return at == text->n && from->n - start > text->n;
}

/* Was it read more surely with letters that a text has lost? */
static bool is_outgrown(const struct looks *l, const struct letters *text)
{
	int own = 0;

	for (int i = 0; i < l->count; i++)
		if (letters_same(&l->text[i], text) && l->confidence[i] > own)
			own = l->confidence[i];
	for (int i = 0; i < l->count; i++)
		if (l->confidence[i] > own && looks_lost(text, &l->text[i]))
			return true;
	return false;
}

/* Has it no word of some letters?  Half-width kana are read as W and On. */
static bool is_short(const char *text)
{
	struct letters read;
	int word = 0;

	letters_read(&read, text);
	for (int i = 0; i < read.n; i++) {
		if (letter_is_japanese(read.c[i]))
			return false;
		word = letter_is_word(read.c[i]) ? word + 1 : 0;
		if (word == SHORT)
			return false;
	}
	return true;
}

static bool is_doubtful(const char *text)
{
	return strpbrk(text, "?!*&#$@=<>{}~;^\"'`\\") ||
	       identifier_may_be_somebody(text);
}

/* Two or three Latin letters that were read as kana or kanji, too: AR of 大場,
 * Rot of ﾛｲ. */
static bool is_dense_rather(const struct looks *l)
{
	const struct letters *last = &l->text[l->count - 1];
	int part = last->n <= BRIEF ? DENSE_PART : 1, sum = 0;

	for (int i = 0; i < l->count; i++)
		sum += has_japanese(&l->text[i]) ? l->confidence[i] : 0;
	return last->n <= SHORT && !has_japanese(last) &&
	       part * sum > weight_of(l, last);
}

int looks_sureness(const struct looks *l, const char *text, bool placed)
{
	int confidence = l->confidence[l->count - 1];
	bool brief = is_short(text);

	if (looks_contested(l) || is_dense_rather(l) || is_doubtful(text) ||
	    is_outgrown(l, &l->text[l->count - 1]) ||
	    (brief && !count_equal(l, 1)))
		return -1;
	return !brief && placed && confidence >= AGREED &&
			       confidence < AGREED_AS &&
			       count_equal(l, AGREED) ?
		       AGREED_AS : confidence;
}

/* ---- spelled texts ---- */

/* Where a spelled text is kept; -1 when there are too many. */
static int find_spelled(struct looks *l, const struct letters *text)
{
	int i = 0;

	while (i < l->spellings && !letters_same(&l->spelled[i].text, text))
		i++;
	if (i == l->spellings && i < READING_LOOKS)
		l->spelled[l->spellings++].text = *text;
	return i < l->spellings ? i : -1;
}

static int size_of(const struct letters *compact)
{
	int size = 0;

	for (int i = 0; i < compact->n; i++)
		size += letter_is_japanese(compact->c[i]) ? 2 : 1;
	return size;
}

/* Was a text unlike it (of three letters: any other) read so surely that it
 * may be what stands there? */
static bool is_outweighed(const struct looks *l, const struct letters *text)
{
	int like = text->n > SPELLED_SHORT ? text->n : 1;

	for (int i = 0; i < l->count; i++)
		if (2 * letters_distance(&l->text[i], text) > like &&
		    weight_of(l, &l->text[i]) > SPELLED_OTHERS)
			return true;
	return false;
}

/* Did no reading have more than half of the letters of a text that was spelled
 * but now and then?  上田直樹 was spelled 上下直腸. */
static bool is_unsupported(const struct looks *l, const struct letters *text,
			   int weight)
{
	for (int i = 0; i < l->count; i++)
		if (2 * letters_distance(&l->text[i], text) < text->n)
			return false;
	return weight < SPELLED_EACH * l->count;
}

/* Was a Latin text ever read as kana or kanji?  井上 久美子, of 8 pixels, was
 * spelled HEART. */
static bool may_be_japanese(const struct looks *l, const struct letters *text)
{
	bool read = false;

	for (int i = 0; i < l->count; i++)
		read = read || has_japanese(&l->text[i]);
	return read && !has_japanese(text);
}

bool looks_spell(struct looks *l, const char *text, int weight)
{
	struct letters read, compact;
	int at, size;

	letters_read(&read, text);
	letters_compact(&read, &compact);
	size = size_of(&compact);
	if (weight <= 0 || size < SPELLED_SHORT)
		return false;
	at = find_spelled(l, &compact);
	if (at < 0)
		return false;
	l->near = true;
	l->spelled[at].weight += weight;
	l->spelled[at].times++;
	return l->spelled[at].times > 1 &&
	       l->spelled[at].weight >=
		       (size == SPELLED_SHORT || is_short(text) ?
				SPELLED_SHORT_SURE : SPELLED_SURE) &&
	       !is_doubtful(text) && !is_outweighed(l, &compact) &&
	       !is_outgrown(l, &compact) &&
	       !is_unsupported(l, &compact, l->spelled[at].weight) &&
	       !may_be_japanese(l, &compact);
}

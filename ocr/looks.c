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

static bool is_short(const struct letters *compact)
{
	for (int i = 0; i < compact->n; i++)
		if (letter_is_japanese(compact->c[i]))
			return false;
	return compact->n < SHORT;
}

static bool is_doubtful(const char *text)
{
	return strpbrk(text, "?!*&#$@=<>{}~;^\"'`\\") ||
	       identifier_may_be_somebody(text);
}

int looks_sureness(const struct looks *l, const char *text, bool placed)
{
	int confidence = l->confidence[l->count - 1];
	bool brief = is_short(&l->text[l->count - 1]);

	if (looks_contested(l) || is_doubtful(text) ||
	    (brief && !count_equal(l, 1)))
		return -1;
	return !brief && placed && confidence >= AGREED &&
			       confidence < AGREED_AS &&
			       count_equal(l, AGREED) ?
		       AGREED_AS : confidence;
}

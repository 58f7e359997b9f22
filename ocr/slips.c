/* slips.c - case, signs and short words of a reading. */
#include "config.h"

#include "ocr/slips.h"

#include <stddef.h>
#include <string.h>

#include "ocr/letters.h"
#include "ocr/words.h"

enum {
	SLIGHT_DOUBT = 12, PERCENT_DOUBT = 40,  /* of 100 */
	SLIGHT = 2,                             /* letters */
	LEAST_UNIT = 2,                         /* the same, of a unit behind
						   what a number is read as */
	MONTH = 3, LAST_DAY = 31,
	WORDS_MAX = 32,
};

static bool is_small(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool is_capital(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return is_small(c) || is_capital(c);
}

static bool is_beyond_ascii(char c)
{
	return (unsigned char)c >= 0x80;
}

static bool is_sign(char c)
{
	return c && c != ' ' && !is_letter(c) && !is_digit(c) &&
	       !is_beyond_ascii(c);
}

/* Bytes of the letter at c. */
static size_t bytes_of(const char *c)
{
	size_t n = 1;

	while (((unsigned char)c[n] & 0xc0) == 0x80)
		n++;
	return n;
}

static struct letters letters_of(const char *from, size_t bytes)
{
	char text[64] = "";
	struct letters l;

	memcpy(text, from, bytes < sizeof(text) ? bytes : sizeof(text) - 1);
	letters_read(&l, text);
	return l;
}

/* ---- capitals and small letters ---- */

/* CTDIvol, and a unit at the end of what a number was read as: TOkV. */
static bool is_set_so(const char *word, size_t n)
{
	struct letters w = letters_of(word, n);

	if (words_set_mixed(&w))
		return true;
	for (size_t i = 0; i + LEAST_UNIT <= n; i++) {
		struct letters end = letters_of(word + i, n - i);

		if (words_unit(&end))
			return true;
	}
	return false;
}

static bool has_odd_case(const char *text)
{
	for (const char *c = text; *c;) {
		size_t n = 0, capitals = 0;

		for (; is_letter(c[n]); n++)
			capitals += is_capital(c[n]);
		if (n > 2 && capitals && capitals < n &&
		    !(capitals == 1 && is_capital(c[0])) && !is_set_so(c, n))
			return true;
		c += n + !n;
	}
	return false;
}

/* ---- signs ---- */

/* A sign as high or wide as a letter, beyond ASCII as well: 。 ° */
static bool is_large_sign(const char *c)
{
	return (*c && strchr("#%&*=+~?!@/<>", *c)) ||
	       !strncmp(c, "。", 3) || !strncmp(c, "°", 2);
}

static const char *word_end(const char *c)
{
	return c + strcspn(c, " ");
}

/* Is the word from c to end nothing but signs?  *large: such ones. */
static bool is_sign_word(const char *c, const char *end, bool *large)
{
	*large = true;
	for (; c < end; c += bytes_of(c)) {
		if (is_large_sign(c))
			continue;
		*large = false;
		if (!is_sign(*c) && strncmp(c, "—", 3) != 0)
			return false;
	}
	return true;
}

/* [R and —B behind other words; [mm] is a unit. */
static bool has_odd_start(const char *c, const char *end)
{
	size_t n = strncmp(c, "—", 3) ? 1 : 3;

	if ((n == 1 && !is_sign(*c)) || !is_letter(c[n]))
		return false;
	return !((*c == '(' && end[-1] == ')') ||
		 (*c == '[' && end[-1] == ']'));
}

static bool has_sign_word(const char *text)
{
	const char *c = text + strspn(text, " "), *first = c;

	while (*c) {
		const char *end = word_end(c), *next = end + strspn(end, " ");
		bool large, sign = is_sign_word(c, end, &large);
		bool percent = end == c + 1 && *c == '%' && c > first + 1 &&
			       is_digit(c[-2]);

		if (c > first && has_odd_start(c, end))
			return true;
		/* others at the ends are an edge */
		if (sign && !percent && (large || (c > first && *next)) &&
		    !(*c == ':' && end == c + 1))
			return true;
		c = next;
	}
	return false;
}

/* 5.0°.7 */
static bool has_odd_degree(const char *text)
{
	const char *c = strstr(text, "°");

	for (; c; c = strstr(c + 2, "°"))
		if (is_digit(c[2]) || (c[2] == '.' && is_digit(c[3])))
			return true;
	return false;
}

/* 1.25-Depth: what stood between became a digit and a sign. */
static bool has_odd_join(const char *text)
{
	for (const char *c = strchr(text, '.'); c; c = strchr(c + 1, '.')) {
		size_t n = strspn(c + 1, "0123456789");

		if (n && strchr("-+/", c[1 + n]) && c[1 + n] &&
		    is_letter(c[2 + n]))
			return true;
	}
	return false;
}

/* 74/10, 12/40 3: no picture of so many, nor one with a number behind it. */
static bool has_odd_count(const char *text)
{
	for (const char *c = text; *c;) {
		size_t n = strspn(c, "0123456789"), of, space;
		bool begins = c == text || (c[-1] != '.' && c[-1] != '/');

		if (!n || c[n] != '/' || !begins) {
			c += n + !n;
			continue;
		}
		of = strspn(c + n + 1, "0123456789");
		space = strspn(c + n + 1 + of, " ");
		if (of && (n > of || (space && is_digit(c[n + 1 + of + space])) ||
			   (n == of && strncmp(c, c + n + 1, n) > 0)))
			return true;
		c += n + 1;
	}
	return false;
}

/* ---- days ---- */

/* Three letters of which one is another than a month has, set as a month. */
static bool is_like_month(const char *c)
{
	static const char months[] = "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC";
	struct letters w;

	if (!is_capital(c[0]) || !is_small(c[1]) || !is_small(c[2]) ||
	    is_letter(c[3]))
		return false;
	w = letters_of(c, MONTH);
	for (const char *m = months; *m; m += MONTH) {
		int same = 0;

		for (int i = 0; i < MONTH; i++)
			same += w.c[i] == (uint32_t)m[i];
		if (same == MONTH - 1)
			return true;
	}
	return false;
}

static bool has_odd_day(const char *text)
{
	for (const char *c = text; *c;) {
		size_t n = strspn(c, "0123456789"), space;
		int v = n == 1 ? c[0] - '0' : 10 * (c[0] - '0') + c[1] - '0';

		if (!n) {
			c++;
			continue;
		}
		space = strspn(c + n, " ");
		if (n <= 2 && v > 0 && v <= LAST_DAY &&
		    !(c > text && (c[-1] == '.' || is_letter(c[-1]))) &&
		    is_like_month(c + n + space))
			return true;
		c += n;
	}
	return false;
}

bool slips_set_oddly(const char *text)
{
	return has_odd_case(text) || has_sign_word(text) ||
	       has_odd_degree(text) || has_odd_join(text) ||
	       has_odd_day(text) || has_odd_count(text);
}

/* ---- short words ---- */

/* A word of a reading. */
struct part {
	const char *from;
	size_t bytes;
	int doubt;                      /* of its least sure letter */
};

/* Words come apart at spaces and between Latin letters and kana or kanji.
 * Returns how many there are; 0 where the places don't fit the text. */
static int parts_of(const char *text, const struct symbols *s,
		    struct part part[WORDS_MAX])
{
	int n = 0, at = 0;
	bool ends = true, dense = false;

	for (const char *c = text; *c; c += bytes_of(c)) {
		bool here = is_beyond_ascii(*c);

		if (*c == ' ' || !strncmp(c, "　", 3)) {
			ends = true;
			continue;
		}
		if (at >= s->count)
			return 0;
		if (ends || here != dense) {
			if (n == WORDS_MAX)
				return 0;
			part[n++] = (struct part){ .from = c };
		}
		part[n - 1].bytes = (size_t)(c - part[n - 1].from) +
				    bytes_of(c);
		if (s->symbol[at].doubt > part[n - 1].doubt)
			part[n - 1].doubt = s->symbol[at].doubt;
		dense = here;
		ends = s->symbol[at++].spaced;
	}
	return at == s->count ? n : 0;
}

/* How many letters, where it is nothing else but signs; 0. */
static int count_letters(const struct part *p)
{
	int n = 0;

	for (size_t i = 0; i < p->bytes; i++) {
		if (is_digit(p->from[i]) || is_beyond_ascii(p->from[i]))
			return 0;
		n += is_letter(p->from[i]);
	}
	return n;
}

static bool tells_what(const struct part *p)
{
	struct letters w = letters_of(p->from, p->bytes), compact;

	letters_compact(&w, &compact);
	return words_valued(&compact);
}

static bool is_name(const struct part *p)
{
	struct letters w = letters_of(p->from, p->bytes), compact;

	letters_compact(&w, &compact);
	return words_name_too(&compact);
}

static bool is_unit(const struct part *p)
{
	struct letters w = letters_of(p->from, p->bytes), compact;

	letters_compact(&w, &compact);
	return words_unit(&compact);
}

static bool begins_number(const struct part *p)
{
	size_t at = p->from[0] == '-' || p->from[0] == '+';

	return p->bytes > at && is_digit(p->from[at]);
}

static bool ends_number(const struct part *p)
{
	return is_digit(p->from[p->bytes - 1]);
}

static bool is_slight(const struct part *part, int n, int i)
{
	const struct part *p = &part[i];
	bool percent = p->bytes == 1 && p->from[0] == '%';
	int letters = count_letters(p);

	if (percent)
		return p->doubt > PERCENT_DOUBT;
	return letters > 0 && letters <= SLIGHT &&
	       (p->doubt > SLIGHT_DOUBT || is_name(p)) &&
	       !(i + 1 < n && begins_number(&part[i + 1]) && tells_what(p)) &&
	       !(i > 0 && ends_number(&part[i - 1]) && is_unit(p));
}

bool slips_have_slight(const char *text, const struct symbols *symbols)
{
	struct part part[WORDS_MAX];
	int n = symbols->count > 0 ? parts_of(text, symbols, part) : 0;

	for (int i = 0; n > 1 && i < n; i++)
		if (is_slight(part, n, i))
			return true;
	return false;
}

/* letters.c - decoding, folding and edit distance of short texts. */
#include "config.h"

#include "ocr/letters.h"

#include <stddef.h>
#include <string.h>

#include "base/kana.h"

/* Latin-1 and Latin Extended-A letters without accent, U+00C0 ... U+017F. */
static const char plain_latin[] =
	"AAAAAAACEEEEIIIIDNOOOOO*OUUUUYTSAAAAAAACEEEEIIIIDNOOOOO*OUUUUYTY"
	"AAAAAACCCCCCCCDDDDEEEEEEEEEEGGGGGGGGHHHHIIIIIIIIIIIIJJKKKLLLLLLL"
	"LLLNNNNNNNNNOOOOOOOORRRRRRSSSSSSSSTTTTTTUUUUUUUUUUUUWWYYYZZZZZZS";

struct fold {
	uint32_t from, to;
};

/* Old or rare forms in names and numbers. */
static const struct fold old_forms[] = {
	{ 0x9ad9, 0x9ad8 }, /* 髙 高 */ { 0xfa11, 0x5d0e }, /* 﨑 崎 */
	{ 0x9089, 0x8fba }, /* 邉 辺 */ { 0x908a, 0x8fba }, /* 邊 辺 */
	{ 0x658e, 0x6589 }, /* 斎 斉 */ { 0x9f4b, 0x6589 }, /* 齋 斉 */
	{ 0x9f4a, 0x6589 }, /* 齊 斉 */ { 0x6fa4, 0x6ca2 }, /* 澤 沢 */
	{ 0x6ff1, 0x6d5c }, /* 濱 浜 */ { 0x6ff5, 0x6d5c }, /* 濵 浜 */
	{ 0x5ee3, 0x5e83 }, /* 廣 広 */ { 0x570b, 0x56fd }, /* 國 国 */
	{ 0x5d8b, 0x5cf6 }, /* 嶋 島 */ { 0x6afb, 0x685c }, /* 櫻 桜 */
	{ 0x20bb7, 0x5409 }, /* 𠮷 吉 */ { 0x771e, 0x771f }, /* 眞 真 */
	{ 0x9f8d, 0x7adc }, /* 龍 竜 */ { 0x91ab, 0x533b }, /* 醫 医 */
};

static const struct fold signs[] = {
	{ 0x00a0, ' ' }, { 0x3000, ' ' }, { '\t', ' ' }, { '\n', ' ' },
	{ 0x2010, '-' }, { 0x2011, '-' }, { 0x2012, '-' }, { 0x2013, '-' },
	{ 0x2014, '-' }, { 0x2015, '-' }, { 0x2212, '-' }, { 0x2500, '-' },
	{ 0x2018, '\'' }, { 0x2019, '\'' }, { 0x201b, '\'' }, { 0x2032, '\'' },
	{ 0x201c, '"' }, { 0x201d, '"' }, { 0x301c, '-' }, { 0x3001, ',' },
	{ 0x3002, '.' }, { 0x300c, '[' }, { 0x300d, ']' }, { 0x3010, '[' },
	{ 0x3011, ']' }, { 0x3014, '[' }, { 0x3015, ']' }, { 0x30fb, '.' },
	{ 0xff61, '.' }, { 0xff62, '[' }, { 0xff63, ']' }, { 0xff64, ',' },
	{ 0xff65, '.' }, { 0x2044, '/' }, { 0x2236, ':' }, { 0x00b7, '.' },
	{ 0x3007, '0' },
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static uint32_t look_up(const struct fold *table, size_t n, uint32_t c)
{
	for (size_t i = 0; i < n; i++)
		if (table[i].from == c)
			return table[i].to;
	return c;
}

/* One code point; 0 at the end.  Bad bytes are skipped. */
static uint32_t decode(const char **text)
{
	const unsigned char *s = (const unsigned char *)*text;

	for (; *s; s++) {
		uint32_t c = *s;
		int more = c < 0x80 ? 0 : c >= 0xf0 && c < 0xf5 ? 3 :
			   c >= 0xe0 ? 2 : c >= 0xc2 ? 1 : -1;
		int i;

		if (more < 0 || c >= 0xf5)
			continue;
		c &= more ? 0x3fu >> more : 0x7fu;
		for (i = 1; i <= more && (s[i] & 0xc0) == 0x80; i++)
			c = c << 6 | (s[i] & 0x3fu);
		if (i <= more)
			continue;
		*text = (const char *)s + more + 1;
		return c;
	}
	*text = (const char *)s;
	return 0;
}

static uint32_t fold(uint32_t c)
{
	if (c >= 0xff01 && c <= 0xff5e)
		c -= 0xfee0;
	if (kana_wide(c) != c)
		return kana_wide(c);
	if (c >= 0xc0 && c <= 0x17f)
		c = (uint32_t)plain_latin[c - 0xc0];
	if (c >= 'a' && c <= 'z')
		c -= 'a' - 'A';
	return look_up(old_forms, COUNT(old_forms),
		       look_up(signs, COUNT(signs), c));
}

static void push(struct letters *l, uint32_t c)
{
	if (l->n < LETTERS_MAX)
		l->c[l->n++] = c;
}

void letters_read(struct letters *l, const char *utf8)
{
	uint32_t c;

	l->n = 0;
	while ((c = decode(&utf8))) {
		enum kana_mark mark = kana_mark(c);
		uint32_t with = mark && l->n ?
				kana_with(l->c[l->n - 1], mark) : 0;

		if (with) {
			l->c[l->n - 1] = with;
			continue;
		}
		if (mark)
			continue;
		c = fold(c);
		if (c == ' ' && (!l->n || l->c[l->n - 1] == ' '))
			continue;
		push(l, c);
	}
	while (l->n && l->c[l->n - 1] == ' ')
		l->n--;
}

void letters_decode(struct letters *l, const char *utf8)
{
	uint32_t c;

	l->n = 0;
	while ((c = decode(&utf8)))
		push(l, c);
}

bool letter_is_digit(uint32_t c)
{
	return c >= '0' && c <= '9';
}

bool letter_is_latin(uint32_t c)
{
	return c >= 'A' && c <= 'Z';
}

bool letter_is_kana(uint32_t c)
{
	return c >= 0x3041 && c <= 0x30ff && c != 0x30fb && c != 0x30a0;
}

bool letter_is_kanji(uint32_t c)
{
	return (c >= 0x3400 && c <= 0x9fff) || c == 0x3005 ||
	       (c >= 0xf900 && c <= 0xfaff) ||
	       (c >= 0x20000 && c <= 0x3ffff) || (c >= 0xac00 && c <= 0xd7a3);
}

bool letter_is_japanese(uint32_t c)
{
	return letter_is_kana(c) || letter_is_kanji(c);
}

bool letter_is_word(uint32_t c)
{
	return letter_is_digit(c) || letter_is_latin(c) ||
	       letter_is_japanese(c);
}

void letters_compact(const struct letters *l, struct letters *out)
{
	out->n = 0;
	for (int i = 0; i < l->n; i++)
		if (letter_is_word(l->c[i]))
			push(out, l->c[i]);
}

static const struct fold digit_like[] = {
	{ 'O', '0' }, { 'Q', '0' }, { 'D', '0' }, { 'I', '1' }, { 'L', '1' },
	{ '|', '1' }, { '!', '1' }, { ']', '1' }, { '[', '1' }, { 'Z', '2' },
	{ 'S', '5' }, { 'G', '6' }, { 'T', '7' }, { 'B', '8' },
};

static bool in_number_word(uint32_t c)
{
	return letter_is_word(c) || c == '|' || c == '!';
}

void letters_fold_digits(const struct letters *l, struct letters *out)
{
	int i = 0;

	*out = *l;
	while (i < l->n) {
		int start = i, digits = 0;

		while (i < l->n && in_number_word(l->c[i])) {
			digits += letter_is_digit(l->c[i]);
			i++;
		}
		for (int k = start; k < i && 2 * digits >= i - start; k++)
			out->c[k] = look_up(digit_like, COUNT(digit_like),
					    l->c[k]);
		if (i == start)
			i++;
	}
}

/* Katakana U+30A1 ... U+30F4 in Latin letters, Hepburn; small ones as large. */
static const char *const romaji[] = {
	"A", "A", "I", "I", "U", "U", "E", "E", "O", "O", "KA", "GA", "KI",
	"GI", "KU", "GU", "KE", "GE", "KO", "GO", "SA", "ZA", "SHI", "JI",
	"SU", "ZU", "SE", "ZE", "SO", "ZO", "TA", "DA", "CHI", "JI", "", "TSU",
	"ZU", "TE", "DE", "TO", "DO", "NA", "NI", "NU", "NE", "NO", "HA", "BA",
	"PA", "HI", "BI", "PI", "FU", "BU", "PU", "HE", "BE", "PE", "HO", "BO",
	"PO", "MA", "MI", "MU", "ME", "MO", "YA", "YA", "YU", "YU", "YO", "YO",
	"RA", "RI", "RU", "RE", "RO", "WA", "WA", "I", "E", "O", "N", "VU",
};

static void push_latin(struct letters *out, const char *s)
{
	while (*s)
		push(out, (unsigned char)*s++);
}

/* SHI and a small YA become SHA, KI and a small YA KYA. */
static void push_glide(struct letters *out, char vowel)
{
	bool bare = out->n > 1 && (out->c[out->n - 2] == 'H' ||
				   out->c[out->n - 2] == 'J');

	if (out->n && out->c[out->n - 1] == 'I')
		out->n--;
	if (!bare)
		push(out, 'Y');
	push(out, (unsigned char)vowel);
}

static void to_latin(const struct letters *l, struct letters *out)
{
	out->n = 0;
	for (int i = 0; i < l->n; i++) {
		uint32_t c = l->c[i];

		if (c >= 0x3041 && c <= 0x3094)
			c += 0x60;
		if (c == 0x30e3 || c == 0x30e5 || c == 0x30e7)
			push_glide(out, "AUO"[(c - 0x30e3) / 2]);
		else if (c >= 0x30a1 && c <= 0x30f4)
			push_latin(out, romaji[c - 0x30a1]);
		else if (letter_is_digit(c) || letter_is_latin(c) ||
			 letter_is_kanji(c))
			push(out, c);
	}
}

/*
 * Other spellings of one sound: TSU TU, SHI SI, CHI TI, FU HU, JI ZI, OH O.
 * Longer ones before those they start with.
 */
static const struct spelling {
	const char *from, *to;
} spellings[] = {
	{ "TCHI", "TI" }, { "CCHI", "TI" }, { "TCHA", "TYA" },
	{ "CCHA", "TYA" }, { "TCHU", "TYU" }, { "CCHU", "TYU" },
	{ "TCHO", "TYO" }, { "CCHO", "TYO" }, { "SSHI", "SI" },
	{ "SSHA", "SYA" }, { "SSHO", "SYO" }, { "DZU", "ZU" },
	{ "DU", "ZU" }, { "DI", "ZI" }, { "DYA", "ZYA" }, { "DYU", "ZYU" },
	{ "DYO", "ZYO" }, { "JYA", "ZYA" }, { "JYU", "ZYU" },
	{ "JYO", "ZYO" },
	{ "TSU", "TU" }, { "SHI", "SI" }, { "SHA", "SYA" }, { "SHU", "SYU" },
	{ "SHO", "SYO" }, { "CHI", "TI" }, { "CHA", "TYA" }, { "CHU", "TYU" },
	{ "CHO", "TYO" }, { "FU", "HU" }, { "JI", "ZI" }, { "JA", "ZYA" },
	{ "JU", "ZYU" }, { "JO", "ZYO" }, { "OU", "O" }, { "OO", "O" },
	{ "OH", "O" }, { "UU", "U" }, { "MB", "NB" }, { "MP", "NP" },
};

/* Long consonants and vowels are written once: ッ, TT, II. */
static void drop_doubles(struct letters *l)
{
	int n = 0;

	for (int i = 0; i < l->n; i++)
		if (!n || l->c[i] != l->c[n - 1] || !letter_is_latin(l->c[i]))
			l->c[n++] = l->c[i];
	l->n = n;
}

void letters_fold_name(const struct letters *l, struct letters *out)
{
	struct letters latin;

	to_latin(l, &latin);
	out->n = 0;
	for (int i = 0; i < latin.n;) {
		size_t k;

		for (k = 0; k < COUNT(spellings); k++)
			if (letters_start_with(&latin, i, spellings[k].from))
				break;
		if (k == COUNT(spellings)) {
			push(out, latin.c[i++]);
			continue;
		}
		/* the last letter may start the next spelling: OOU, OHU */
		push_latin(out, spellings[k].to);
		i += (int)strlen(spellings[k].from);
	}
	drop_doubles(out);
}

/* Kanji and marks that are read where a kana stands. */
static const struct fold kana_like[] = {
	{ 0x4e8c, 0x30cb }, /* 二 ニ */ { 0x529b, 0x30ab }, /* 力 カ */
	{ 0x53e3, 0x30ed }, /* 口 ロ */ { 0x5de5, 0x30a8 }, /* 工 エ */
	{ 0x5915, 0x30bf }, /* 夕 タ */ { 0x535c, 0x30c8 }, /* 卜 ト */
	{ 0x516b, 0x30cf }, /* 八 ハ */ { 0x5343, 0x30c1 }, /* 千 チ */
	{ 0x4e09, 0x30df }, /* 三 ミ */ { 0x4e43, 0x30ce }, /* 乃 ノ */
};

/* Katakana U+30A1 ... U+30F6 without voice mark, large. */
static uint32_t bare_kana(uint32_t c)
{
	if (c <= 0x30a9)
		return c + (c & 1);
	if (c <= 0x30c2)
		return c - !(c & 1) + (c == 0x30aa);
	if (c <= 0x30c9)
		return c == 0x30c3 ? 0x30c4 : c & ~(uint32_t)1;
	if (c >= 0x30cf && c <= 0x30dd)
		return c - (c - 0x30cf) % 3;
	if (c == 0x30e3 || c == 0x30e5 || c == 0x30e7 || c == 0x30ee)
		return c + 1;
	return c == 0x30f4 ? 0x30a6 : c == 0x30f5 ? 0x30ab :
	       c == 0x30f6 ? 0x30b1 : c;
}

void letters_fold_kana(const struct letters *l, struct letters *out)
{
	out->n = 0;
	for (int i = 0; i < l->n; i++) {
		uint32_t c = look_up(kana_like, COUNT(kana_like), l->c[i]);

		if (c >= 0x3041 && c <= 0x3096)
			c += 0x60;
		if (c >= 0x30a1 && c <= 0x30f6)
			push(out, bare_kana(c));
	}
}

void letters_close(const struct letters *l, struct letters *out)
{
	out->n = 0;
	for (int i = 0; i < l->n; i++)
		if (l->c[i] != ' ' || !i || i + 1 == l->n ||
		    !letter_is_japanese(l->c[i - 1]) ||
		    !letter_is_japanese(l->c[i + 1]))
			push(out, l->c[i]);
}

static int least3(int a, int b, int c)
{
	int m = a < b ? a : b;

	return m < c ? m : c;
}

static int distance(const struct letters *word, const struct letters *text,
		    bool within, int *end)
{
	int row[LETTERS_MAX + 1], best = word->n, at = 0;

	for (int i = 0; i <= word->n; i++)
		row[i] = i;
	for (int j = 0; j < text->n; j++) {
		int diagonal = row[0];

		row[0] = within ? 0 : j + 1;
		for (int i = 1; i <= word->n; i++) {
			int cost = word->c[i - 1] != text->c[j];
			int here = least3(diagonal + cost, row[i] + 1,
					  row[i - 1] + 1);

			diagonal = row[i];
			row[i] = here;
		}
		if (row[word->n] < best) {
			best = row[word->n];
			at = j + 1;
		}
	}
	if (end)
		*end = at;
	return within ? best : row[word->n];
}

int letters_distance_within(const struct letters *word,
			    const struct letters *text, int *end)
{
	return distance(word, text, true, end);
}

int letters_distance(const struct letters *a, const struct letters *b)
{
	return distance(a, b, false, NULL);
}

bool letters_start_with(const struct letters *l, int from, const char *word)
{
	uint32_t c;

	while ((c = decode(&word)))
		if (from >= l->n || l->c[from++] != c)
			return false;
	return true;
}

int letters_find(const struct letters *l, const char *word, int from)
{
	for (int i = from; i < l->n; i++)
		if (letters_start_with(l, i, word))
			return i;
	return -1;
}

static int count(const char *word)
{
	int n = 0;

	while (decode(&word))
		n++;
	return n;
}

bool letters_same(const struct letters *a, const struct letters *b)
{
	return a->n == b->n &&
	       !memcmp(a->c, b->c, sizeof(*a->c) * (size_t)a->n);
}

bool letters_equal(const struct letters *l, const char *word)
{
	return l->n == count(word) && letters_start_with(l, 0, word);
}

struct letters letters_part(const struct letters *l, int from, int to)
{
	struct letters part = { .n = 0 };

	for (int i = from; i < to && i < l->n; i++)
		part.c[part.n++] = l->c[i];
	return part;
}

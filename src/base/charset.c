/* charset.c - DICOM character sets to clean UTF-8. */
#include "config.h"

#include "base/charset.h"

#include <errno.h>
#include <iconv.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"

enum set_kind {
	SET_ASCII,                      /* also JIS X 0201 romaji */
	SET_KATAKANA,                   /* JIS X 0201, bytes A1..DF */
	SET_HIGH,                       /* one byte, A0..FF */
	SET_DOUBLE_LOW,                 /* two bytes 21..7E, in G0 */
	SET_DOUBLE_HIGH,                /* two bytes A1..FE, in G1 */
	SET_WHOLE,                      /* the whole value at once */
};

/* A coded character set: how DICOM calls it and switches to it. */
struct set {
	const char *term;               /* without "ISO_IR "/"ISO 2022 IR " */
	const char *escape;             /* after ESC; "" when there is none */
	enum set_kind kind;
	const char *iconv;              /* converter, NULL: none needed */
	unsigned char prefix;           /* before each pair for it; 0: none */
};

/* PS3.3 tables C.12-2 to C.12-5.  GBK is GB 18030's older part. */
static const struct set sets[] = {
	{ "6", "(B", SET_ASCII, NULL, 0 },
	{ "14", "(J", SET_ASCII, NULL, 0 },
	{ "13", ")I", SET_KATAKANA, NULL, 0 },
	{ "100", "-A", SET_HIGH, "ISO-8859-1", 0 },
	{ "101", "-B", SET_HIGH, "ISO-8859-2", 0 },
	{ "109", "-C", SET_HIGH, "ISO-8859-3", 0 },
	{ "110", "-D", SET_HIGH, "ISO-8859-4", 0 },
	{ "144", "-L", SET_HIGH, "ISO-8859-5", 0 },
	{ "127", "-G", SET_HIGH, "ISO-8859-6", 0 },
	{ "126", "-F", SET_HIGH, "ISO-8859-7", 0 },
	{ "138", "-H", SET_HIGH, "ISO-8859-8", 0 },
	{ "148", "-M", SET_HIGH, "ISO-8859-9", 0 },
	{ "203", "-b", SET_HIGH, "ISO-8859-15", 0 },
	{ "166", "-T", SET_HIGH, "TIS-620", 0 },
	{ "87", "$B", SET_DOUBLE_LOW, "EUC-JP", 0 },
	{ "-", "$@", SET_DOUBLE_LOW, "EUC-JP", 0 },     /* JIS C 6226-1978 */
	{ "159", "$(D", SET_DOUBLE_LOW, "EUC-JP", 0x8f },
	{ "149", "$)C", SET_DOUBLE_HIGH, "EUC-KR", 0 },
	{ "58", "$)A", SET_DOUBLE_HIGH, "GB2312", 0 },
	{ "192", "", SET_WHOLE, "UTF-8", 0 },
	{ "GB18030", "", SET_WHOLE, "GB18030", 0 },
	{ "GBK", "", SET_WHOLE, "GB18030", 0 },
	{ "CP932", "", SET_WHOLE, "CP932", 0 },
};
enum { SETS = sizeof(sets) / sizeof(sets[0]), TERM = 64 };

#define REPLACEMENT "\xef\xbf\xbd"      /* U+FFFD */

/*
 * The converters, opened by charset_warm_up() and never closed: glibc unloads
 * a converter after its last user, and then would open its file again.  Not
 * changed afterwards; a use opens its own (which needs no file by then).
 */
static iconv_t warm[SETS];
static bool is_warm;

bool charset_warm_up(struct error *err)
{
	if (is_warm)
		return true;
	for (size_t i = 0; i < SETS; i++) {
		if (!sets[i].iconv)
			continue;
		warm[i] = iconv_open("UTF-8", sets[i].iconv);
		if (warm[i] == (iconv_t)-1)
			return error_set(err, ERR_INTERNAL,
					 _("no converter for %s: install the "
					   "complete C library"),
					 sets[i].iconv);
	}
	is_warm = true;
	return true;
}

/* ---- cleaning ---- */

/*
 * Length of the UTF-8 character at p[0..left) and its code point; 0 when it
 * is malformed (overlong, surrogate, beyond U+10FFFF).
 */
static size_t utf8_next(const unsigned char *p, size_t left, uint32_t *code)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t length = p[0] < 0x80 ? 1 : p[0] < 0xc2 ? 0 : p[0] < 0xe0 ? 2 :
			p[0] < 0xf0 ? 3 : p[0] < 0xf5 ? 4 : 0;

	if (length == 0 || length > left)
		return 0;
	*code = length == 1 ? p[0] : p[0] & (0x7fu >> length);
	for (size_t i = 1; i < length; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		*code = *code << 6 | (p[i] & 0x3fu);
	}
	if (*code < least[length] || *code > 0x10ffff ||
	    (*code >= 0xd800 && *code <= 0xdfff))
		return 0;
	return length;
}

/* Ranges that are left out (Unicode: Cc, Cf that steer, separators). */
static const struct {
	uint32_t first, last;
} unwanted[] = {
	{ 0x00, 0x1f }, { 0x7f, 0x9f }, { 0xad, 0xad }, { 0x61c, 0x61c },
	{ 0x180e, 0x180e }, { 0x200b, 0x200f }, { 0x2028, 0x202e },
	{ 0x2060, 0x206f }, { 0xfeff, 0xfeff }, { 0xfff9, 0xfffb },
	{ 0xfffe, 0xffff }, { 0xe0000, 0xe0fff },
};

static bool is_unwanted(uint32_t code)
{
	for (size_t i = 0; i < sizeof(unwanted) / sizeof(unwanted[0]); i++)
		if (code >= unwanted[i].first && code <= unwanted[i].last)
			return true;
	return false;
}

void charset_clean_append(struct buffer *out, const char *text, size_t length)
{
	const unsigned char *p = (const unsigned char *)text;

	while (length > 0) {
		uint32_t code;
		size_t n = utf8_next(p, length, &code);

		if (n == 0) {
			buffer_puts(out, REPLACEMENT);
			n = 1;
		} else if (code == '\t' || (code >= '\n' && code <= '\r')) {
			buffer_puts(out, " ");
		} else if (!is_unwanted(code)) {
			buffer_append(out, p, n);
		}
		p += n;
		length -= n;
	}
}

/* ---- conversion ---- */

/*
 * Convert in[length] and append it, cleaned; with strict, stop at the first
 * malformed byte and return false.
 */
static bool convert(const char *from, const char *in, size_t length,
		    bool strict, struct buffer *out)
{
	iconv_t converter = iconv_open("UTF-8", from);
	struct buffer text = {
		.failed = converter == (iconv_t)-1 && errno == ENOMEM };
	char *source = (char *)(uintptr_t)in;   /* iconv() only reads it */
	bool whole = true;

	while (length > 0 && converter != (iconv_t)-1) {
		char piece[256], *target = piece;
		size_t room = sizeof(piece);
		size_t n = iconv(converter, &source, &length, &target, &room);

		buffer_append(&text, piece, sizeof(piece) - room);
		if (n != (size_t)-1 || errno == E2BIG)
			continue;
		whole = false;
		if (strict)
			break;
		buffer_puts(&text, REPLACEMENT);
		source++;
		length--;
	}
	if (converter != (iconv_t)-1)
		iconv_close(converter);
	if (whole || !strict)
		charset_clean_append(out, text.data ? text.data : "",
				     text.length);
	if (text.failed)
		out->failed = true;
	buffer_done(&text);
	return whole;
}

static bool has_high(const char *value, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if ((unsigned char)value[i] >= 0x80)
			return true;
	return false;
}

/* No character set is named: plain ASCII, or what it looks like. */
static void decode_unnamed(const char *value, size_t length,
			   struct buffer *out)
{
	if (!has_high(value, length) ||
	    (!convert("UTF-8", value, length, true, out) &&
	     !convert("CP932", value, length, true, out)))
		charset_clean_append(out, value, length);
}

/* ---- ISO 2022 ---- */

struct reader {
	const struct set *g0, *g1;              /* now; g1 NULL: none */
	const struct set *first_g0, *first_g1;  /* after a reset */
	struct buffer *out;
};

static const struct set *find_term(const char *term)
{
	for (size_t i = 0; i < SETS; i++)
		if (strcmp(sets[i].term, term) == 0)
			return &sets[i];
	return NULL;
}

static bool in_g0(const struct set *set)
{
	return set->kind == SET_ASCII || set->kind == SET_DOUBLE_LOW;
}

/* Take the escape sequence after ESC; returns its length, 0 if not known. */
static size_t take_escape(struct reader *r, const char *p, size_t left)
{
	for (size_t i = 0; i < SETS; i++) {
		size_t n = strlen(sets[i].escape);

		if (n == 0 || n > left || memcmp(p, sets[i].escape, n) != 0)
			continue;
		if (in_g0(&sets[i]))
			r->g0 = &sets[i];
		else
			r->g1 = &sets[i];
		return n;
	}
	return 0;
}

static bool is_delimiter(unsigned char c)
{
	return c == '\\' || c == '^' || c == '=' || (c >= 9 && c <= 13);
}

/* One or two bytes through the converter of a set.  Returns how many. */
static size_t take_pair(struct reader *r, const struct set *set,
			const char *p, size_t left)
{
	char bytes[3];
	size_t n = 0;

	if (left < 2) {
		buffer_puts(r->out, REPLACEMENT);
		return left;
	}
	if (set->prefix)
		bytes[n++] = (char)set->prefix;
	bytes[n++] = (char)((unsigned char)p[0] | 0x80);
	bytes[n++] = (char)((unsigned char)p[1] | 0x80);
	if (!convert(set->iconv, bytes, n, true, r->out))
		buffer_puts(r->out, REPLACEMENT);
	return 2;
}

static void take_katakana(struct reader *r, unsigned char c)
{
	/* U+FF61 is A1: 3 bytes of UTF-8 */
	unsigned code = 0xff61u + c - 0xa1u;
	char utf8[3] = { (char)(0xe0 | code >> 12),
			 (char)(0x80 | (code >> 6 & 0x3f)),
			 (char)(0x80 | (code & 0x3f)) };

	if (c < 0xa1 || c > 0xdf)
		buffer_puts(r->out, REPLACEMENT);
	else
		buffer_append(r->out, utf8, sizeof(utf8));
}

/* The character at p: returns how many bytes it took (at least 1). */
static size_t take_character(struct reader *r, const char *p, size_t left)
{
	unsigned char c = (unsigned char)*p;

	if (c >= 0x21 && c < 0x7f && r->g0->kind == SET_DOUBLE_LOW)
		return take_pair(r, r->g0, p, left);
	if (c < 0x80) {
		if (is_delimiter(c)) {
			r->g0 = r->first_g0;
			r->g1 = r->first_g1;
		}
		charset_clean_append(r->out, p, 1);
		return 1;
	}
	if (r->g1 && r->g1->kind == SET_DOUBLE_HIGH)
		return take_pair(r, r->g1, p, left);
	if (r->g1 && r->g1->kind == SET_KATAKANA)
		take_katakana(r, c);
	else if (!r->g1 || !convert(r->g1->iconv, p, 1, true, r->out))
		buffer_puts(r->out, REPLACEMENT);
	return 1;
}

static void decode_2022(const struct set *first, const char *value,
			size_t length, struct buffer *out)
{
	struct reader r = { .first_g0 = &sets[0], .out = out };

	/* a double-byte set as the first is wrong, but it occurs: its escape
	   still has to come */
	if (first && (first->kind == SET_HIGH || first->kind == SET_KATAKANA ||
		      first->kind == SET_DOUBLE_HIGH))
		r.first_g1 = first;
	r.g0 = r.first_g0;
	r.g1 = r.first_g1;
	while (length > 0) {
		size_t n = *value == '\x1b' ?
			1 + take_escape(&r, value + 1, length - 1) :
			take_character(&r, value, length);

		value += n;
		length -= n;
	}
}

/* The first term of (0008,0005) without its prefix; "6" when it is empty. */
static void first_term(const char *specific, char term[TERM])
{
	static const char *const prefixes[] = { "ISO_IR ", "ISO 2022 IR ",
						"ISO-IR ", "ISO IR " };
	size_t length;

	while (*specific == ' ')
		specific++;
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		if (strncmp(specific, prefixes[i], strlen(prefixes[i])) == 0) {
			specific += strlen(prefixes[i]);
			break;
		}
	length = strcspn(specific, "\\ ");
	if (length == 0 || length >= TERM) {
		specific = "6";
		length = 1;
	}
	memcpy(term, specific, length);
	term[length] = '\0';
}

void charset_decode(const char *specific, const char *value, size_t length,
		    struct buffer *out)
{
	const struct set *first;
	char term[TERM];

	if (!specific)
		specific = "";
	first_term(specific, term);
	first = find_term(term);
	if (first && first->kind == SET_WHOLE)
		convert(first->iconv, value, length, false, out);
	else if (memchr(value, '\x1b', length) || strchr(specific, '\\') ||
		 (first && first->kind != SET_ASCII))
		decode_2022(first, value, length, out);
	else
		decode_unnamed(value, length, out);
}

/*
 * headers.c - judges the header of a masked copy against that of its input,
 * attribute by attribute, by a table of words; reads both with the reader of
 * sight.h and shares no rule with the program.  tests/headers.sh runs it:
 *
 *   headers judge TABLE PROFILE IN OUT
 *      prints "ok N" (attributes judged), or a line for each that is wrong
 *   headers tags FILE
 *      its tags and VRs, one a line
 *
 * TABLE has lines "TAG VR NAME WORD...", separated by tabs, with the profiles
 * in its first line.  The words:
 *
 *   keep        the same value; of a number or a code that holds other
 *               characters than those: empty
 *   same        the same value, whatever it is
 *   code, ratio as keep of a code; of digits with . / :
 *   drop        not there, and nothing of what is in it
 *   empty       there, without a value
 *   shift       a date: all of a file by the same number of days
 *   map         a UID: another one, 2.25 and digits; the same for the same
 *   month       a date: the first of its month
 *   cap         an age: 89 years at most
 *   pseudonym   16 hex digits
 *   dummy       what says nothing, of its VR; empty stays empty
 *   clean       a description: empty, not there, a dummy or some words of it,
 *               none of them digits alone, no word of a person's name
 *   into        a sequence: its items are there, judged line by line
 *   said        what the copy says of itself; tests/check_mask.c judges it
 *
 * Overlays and curves are never there, whatever the table says.  A private
 * attribute has the name of its block's reservation for NAME and 00 for its
 * block in TAG; one that no line names is not there, and a reservation is there
 * with something in its block.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/judge/sight.h"

enum { MAX_ROWS = 2048, MAX_UIDS = 4096 };

struct line {
	uint32_t tag;
	char vr[3];
	const char *name, *word;
};

static struct line table[MAX_ROWS];
static int lines;
static int judged, wrong;

/* UIDs that were mapped, both ways. */
static struct { char from[72], to[72]; } uids[MAX_UIDS];
static int uid_count;

/* Every value of VR PN in the input. */
static char persons[16384];

static bool has_shift;
static long shift;

/* ---- the table ---- */

/* Cut the next field of a line off at a tab. */
static char *field(char **at)
{
	char *start = *at, *tab = start + strcspn(start, "\t\r\n");

	*at = *tab ? tab + 1 : tab;
	*tab = '\0';
	return start;
}

static int column_of(char *first, const char *profile)
{
	int column = -3;

	while (*first) {
		if (!strcmp(field(&first), profile))
			return column;
		column++;
	}
	die("no profile %s in the table", profile);
}

static void read_table(const char *path, const char *profile)
{
	struct bytes all = bytes_of_file(path);
	char *text = need(all.length + 1, 1), *at = text, *end;
	int column;

	memcpy(text, all.data, all.length);
	end = strchr(at, '\n');
	if (!end)
		die("no table");
	*end = '\0';
	column = column_of(at, profile);
	for (at = end + 1; *at && lines < MAX_ROWS; lines++) {
		char *line = at, *vr;

		at += strcspn(at, "\n");
		if (*at)
			*at++ = '\0';
		table[lines].tag = (uint32_t)strtoul(field(&line), NULL, 16);
		vr = field(&line);
		memcpy(table[lines].vr, vr, strlen(vr) == 2 ? 2 : 0);
		table[lines].name = field(&line);
		table[lines].word = field(&line);
		for (int i = 0; i < column; i++)
			table[lines].word = field(&line);
	}
}

/* ---- values ---- */

static void fault(const struct attribute *a, const char *what)
{
	printf("(%04x,%04x) %s depth %d: %s\n", (unsigned)(a->tag >> 16),
	       (unsigned)(a->tag & 0xffff), a->vr, a->depth, what);
	wrong++;
}

/* Its text without the padding (PS3.5 6.2). */
static void text_of(const struct attribute *a, char *text, size_t size)
{
	size_t length = a->value ? a->length : 0;

	if (length >= size)
		length = size - 1;
	memcpy(text, a->value ? (const char *)a->value : "", length);
	while (length && (text[length - 1] == ' ' || !text[length - 1]))
		length--;
	text[length] = '\0';
}

/* Days from 1970, by counting; -1000000 when it is no date. */
static long days_of(const char *text)
{
	static const int before[12] = { 0, 31, 59, 90, 120, 151, 181, 212, 243,
					273, 304, 334 };
	int y, m, d, used = 0;
	long days;

	if (sscanf(text, "%4d%2d%2d%n", &y, &m, &d, &used) != 3 || used != 8)
		if (sscanf(text, "%4d.%2d.%2d%n", &y, &m, &d, &used) != 3 ||
		    used != 10)
			return -1000000;
	/* a shift may lead out of the years that there are from year 1 */
	if (y < 2 || m < 1 || m > 12 || d < 1 || d > 31)
		return -1000000;
	days = (y - 1970) * 365L + before[m - 1] + d - 1;
	for (int year = 1970; year < y; year++)
		days += (year % 4 == 0 && year % 100) || year % 400 == 0;
	for (int year = y; year < 1970; year++)
		days -= (year % 4 == 0 && year % 100) || year % 400 == 0;
	if (m > 2 && ((y % 4 == 0 && y % 100) || y % 400 == 0))
		days++;
	return days;
}

static bool is_map(const char *from, const char *to)
{
	if (!strncmp(from, "1.2.840.10008.", 14) &&
	    from[strspn(from, "0123456789.")] == '\0')
		return !strcmp(from, to);
	if (strncmp(to, "2.25.", 5) || to[5 + strspn(to + 5, "0123456789")] ||
	    strlen(to) > 64)
		return false;
	for (int i = 0; i < uid_count; i++) {
		bool same = !strncmp(uids[i].from, from, 71);

		if (same != !strcmp(uids[i].to, to))
			return false;
		if (same)
			return true;
	}
	if (uid_count == MAX_UIDS)
		die("too many UIDs");
	snprintf(uids[uid_count].from, 72, "%s", from);
	snprintf(uids[uid_count++].to, 72, "%s", to);
	return true;
}

static bool is_shift(const char *from, const char *to)
{
	long a = days_of(from), b = days_of(to);

	if (a == -1000000)
		return !*to;
	if (!has_shift && b != -1000000 && a != b) {
		has_shift = true;
		shift = b - a;
	}
	return has_shift && b - a == shift &&
	       !strcmp(from + (from[4] == '.' ? 10 : 8), to + 8);
}

/* Each value of several, one of them after the other. */
static bool each(const char *from, const char *to,
		 bool (*one)(const char *from, const char *to))
{
	for (;;) {
		char a[1024], b[1024];
		size_t x = strcspn(from, "\\"), y = strcspn(to, "\\");

		snprintf(a, sizeof(a), "%.*s", (int)x, from);
		snprintf(b, sizeof(b), "%.*s", (int)y, to);
		if ((*a || *b) && !one(a, b))
			return false;
		if (!from[x] || !to[y])
			return from[x] == to[y];
		from += x + 1;
		to += y + 1;
	}
}

static bool is_month(const char *from, const char *to)
{
	char digits[9];

	if (days_of(from) == -1000000)
		return !*to;
	if (from[4] == '.')
		snprintf(digits, sizeof(digits), "%.4s%.2s01", from,
			 from + 5);
	else
		snprintf(digits, sizeof(digits), "%.6s01", from);
	return !strcmp(digits, to);
}

static bool is_cap(const char *from, const char *to)
{
	if (strlen(from) != 4 || strspn(from, "0123456789") != 3)
		return !*to;
	return !strcmp(to, from[3] == 'Y' && strtol(from, NULL, 10) > 89 ?
		       "089Y" : from);
}

static bool is_dummy(const char *vr, const char *to)
{
	static const struct { const char *vr, *text; } dummies[] = {
		{ "DA", "19000101" }, { "TM", "000000" },
		{ "DT", "19000101000000" }, { "AS", "000D" },
		{ "DS", "0" }, { "IS", "0" },
	};

	for (size_t i = 0; i < sizeof(dummies) / sizeof(dummies[0]); i++)
		if (!strcmp(vr, dummies[i].vr))
			return !strcmp(to, dummies[i].text);
	return !strcmp(to, "REMOVED");
}

/* Of these VRs a value of other characters than theirs does not stay. */
static bool is_proper(const char *vr, const char *text)
{
	if (!strcmp(vr, "DS") || !strcmp(vr, "IS") || !strcmp(vr, "TM") ||
	    !strcmp(vr, "DA") || !strcmp(vr, "DT"))
		return !text[strspn(text, "0123456789+-.:eE \\")];
	if (!strcmp(vr, "CS"))
		return !text[strspn(text, "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789_ \\-./+")];
	return true;
}

static bool is_kept(const struct attribute *in, const struct attribute *out,
		    const char *vr, const char *from, const char *to)
{
	size_t a = in->length, b = out->length;

	while (a && in->value && strchr(" ", in->value[a - 1]))
		a--;
	while (b && out->value && strchr(" ", out->value[b - 1]))
		b--;
	if (a == b && (!a || !memcmp(in->value, out->value, a)))
		return true;
	return !strcmp(from, to) && *vr != 'O' && *from;
}

static bool is_word_of(const char *word, size_t length, const char *text)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.";

	while (*text) {
		size_t here = strspn(text, letters);

		if (here == length && !memcmp(text, word, length))
			return true;
		text += here ? here : 1;
	}
	return false;
}

/* Words of the input, and of no person's name in it. */
static bool is_clean(const char *from, const char *to)
{
	if (!*to || !strcmp(to, "REMOVED"))
		return true;
	for (const char *word = to; *word;) {
		size_t length = strcspn(word, " \\");

		if (length && (!is_word_of(word, length, from) ||
			       is_word_of(word, length, persons) ||
			       strspn(word, "0123456789.") >= length))
			return false;
		word += length + (word[length] != '\0');
	}
	return true;
}

static bool is_pseudonym(const char *to)
{
	return strlen(to) == 16 && strspn(to, "0123456789abcdef") == 16;
}

/* An attribute of the output that has to be there. */
static bool is_right(const char *word, const char *vr,
		     const struct attribute *in, const struct attribute *out)
{
	static char from[70000], to[70000];

	text_of(in, from, sizeof(from));
	text_of(out, to, sizeof(to));
	if (!strcmp(word, "pseudonym"))
		return is_pseudonym(to) && strcmp(from, to) != 0;
	if (!strcmp(word, "empty"))
		return !out->length;
	if (!strcmp(word, "clean"))
		return is_clean(from, to);
	/* a file without an instance UID gets one */
	if (in->tag == 0x00080018 && !in->length)
		return !strncmp(to, "2.25.", 5);
	if (!in->length)
		return !out->length;
	if ((!strcmp(word, "keep") && !is_proper(vr, from)) ||
	    (!strcmp(word, "code") && !is_proper("CS", from)) ||
	    (!strcmp(word, "ratio") && from[strspn(from, "0123456789./: ")]))
		return !out->length;
	if (!strcmp(word, "keep") || !strcmp(word, "same") ||
	    !strcmp(word, "code") || !strcmp(word, "ratio"))
		return is_kept(in, out, vr, from, to);
	if (!strcmp(word, "shift"))
		return each(from, to, is_shift);
	if (!strcmp(word, "map"))
		return each(from, to, is_map);
	if (!strcmp(word, "month"))
		return is_month(from, to);
	if (!strcmp(word, "cap"))
		return is_cap(from, to);
	return !strcmp(word, "dummy") && is_dummy(vr, to);
}

/* ---- both files side by side ---- */

struct reading {
	const struct sight *s;
	size_t at;
};

static const struct attribute *now(const struct reading *r)
{
	return r->at < r->s->attributes ? &r->s->attribute[r->at] : NULL;
}

/* Pass an attribute and what is in it. */
static void pass(struct reading *r)
{
	int depth = now(r)->depth;

	do
		r->at++;
	while (now(r) && now(r)->depth > depth);
}

static bool is_item(const struct attribute *a)
{
	return a && a->tag == 0xfffee000;
}

static bool is_sequence(const struct sight *s, size_t at)
{
	return at + 1 < s->attributes &&
	       s->attribute[at + 1].depth > s->attribute[at].depth;
}

/* Not of the data set before the pixels, or a group length. */
static bool is_aside(const struct attribute *a)
{
	return (a->depth == 0 && (a->tag >> 16 <= 2 ||
				  a->tag >> 16 >= 0x7fe0)) ||
	       (!(a->tag & 0xffff) && !is_item(a));
}

/* ---- what the table says ---- */

static bool is_hidden(uint32_t tag)
{
	unsigned group = tag >> 16;

	return (group & 0xff00) == 0x5000 || (group & 0xff00) == 0x6000;
}

/* Of the same data set or item as another? */
static bool is_beside(const struct sight *s, size_t at, int depth)
{
	return at < s->attributes && s->attribute[at].depth >= depth &&
	       !(is_item(&s->attribute[at]) && s->attribute[at].depth == depth);
}

/* The word for a private attribute by who reserved its block. */
static const char *private_word(const struct sight *s, size_t at)
{
	const struct attribute *a = &s->attribute[at];
	uint32_t block = (a->tag & 0xffff0000) | (a->tag >> 8 & 0xff);
	char creator[80] = "";

	for (size_t i = at; i > 0 && is_beside(s, i - 1, a->depth); i--)
		if (s->attribute[i - 1].tag == block &&
		    s->attribute[i - 1].depth == a->depth)
			text_of(&s->attribute[i - 1], creator,
				sizeof(creator));
	for (int i = 0; i < lines; i++)
		if (table[i].tag == (a->tag & 0xffff00ff) &&
		    !strcmp(table[i].name, creator) &&
		    (!*a->vr || !strcmp(table[i].vr, a->vr)))
			return table[i].word;
	return "drop";
}

static const char *reservation_word(const struct sight *s, size_t at)
{
	const struct attribute *a = &s->attribute[at];

	for (size_t i = at + 1; is_beside(s, i, a->depth); i++) {
		const struct attribute *b = &s->attribute[i];

		if (b->depth == a->depth && b->tag >> 16 == a->tag >> 16 &&
		    (b->tag >> 8 & 0xff) == (a->tag & 0xff) &&
		    strcmp(private_word(s, i), "drop") != 0)
			return "keep";
	}
	return "drop";
}

/* NULL: the table has no line. */
static const char *word_of(const struct reading *r)
{
	const struct attribute *a = now(r);

	if (is_hidden(a->tag))
		return "drop";
	if (a->tag >> 16 & 1)
		return a->tag & 0xff00 ? private_word(r->s, r->at) :
					 reservation_word(r->s, r->at);
	for (int i = 0; i < lines; i++)
		if (table[i].tag == a->tag &&
		    (!*a->vr || !strcmp(table[i].vr, a->vr)))
			return table[i].word;
	return NULL;
}

static void judge_set(struct reading *in, struct reading *out, int depth);

/* The items of a sequence that stays. */
static void judge_items(struct reading *in, struct reading *out,
			const struct attribute *a)
{
	in->at++;
	out->at++;
	while (is_item(now(in)) && now(in)->depth > a->depth) {
		if (!is_item(now(out)) || now(out)->depth <= a->depth) {
			fault(a, "an item is missing");
			while (now(in) && now(in)->depth > a->depth)
				in->at++;
			return;
		}
		in->at++;
		out->at++;
		judge_set(in, out, a->depth + 1);
	}
	if (now(out) && now(out)->depth > a->depth) {
		fault(a, "an item more");
		while (now(out) && now(out)->depth > a->depth)
			out->at++;
	}
}

static void judge_pair(struct reading *in, struct reading *out,
		       const char *word)
{
	const struct attribute *a = now(in), *b = now(out);
	bool sequence = is_sequence(in->s, in->at);
	const char *vr = a->vr;

	for (int i = 0; !*vr && i < lines; i++)
		if (table[i].tag == a->tag)
			vr = table[i].vr;
	judged++;
	if (strcmp(a->vr, b->vr) != 0)
		fault(a, "another VR");
	if (!strcmp(word, "into") && (sequence || !a->length)) {
		judge_items(in, out, a);
		return;
	}
	if (!is_right(word, vr, a, b))
		fault(a, word);
	if (is_sequence(out->s, out->at))
		fault(a, "a sequence with items");
	pass(in);
	pass(out);
}

/* One attribute of the input, of those at this depth. */
static void judge_one(struct reading *in, struct reading *out, int depth)
{
	const struct attribute *a = now(in), *b = now(out);
	const char *word = word_of(in);
	bool there = b && b->depth == depth && b->tag == a->tag;

	if (!word) {
		fault(a, "not in the table");
	} else if (!strcmp(word, "said") && depth == 0) {
		if (there)
			pass(out);
	} else if (!strcmp(word, "drop") || !strcmp(word, "said")) {
		judged++;
		if (there) {
			fault(a, "drop");
			pass(out);
		}
	} else if (there) {
		judge_pair(in, out, word);
		return;
	} else {
		fault(a, "missing");
	}
	pass(in);
}

static bool is_said(const struct reading *r)
{
	const char *word = word_of(r);

	return now(r)->depth == 0 && word && !strcmp(word, "said");
}

/* The attributes of a data set or item, in ascending order on both sides. */
static void judge_set(struct reading *in, struct reading *out, int depth)
{
	for (;;) {
		const struct attribute *a = now(in), *b = now(out);
		bool more = a && a->depth == depth && !is_item(a);
		bool left = b && b->depth == depth && !is_item(b);

		if (!more && !left)
			return;
		if (more && is_aside(a)) {
			pass(in);
		} else if (left && is_aside(b)) {
			pass(out);
		} else if (left && (!more || b->tag < a->tag)) {
			if (!is_said(out))
				fault(b, "not in the input");
			pass(out);
		} else {
			judge_one(in, out, depth);
		}
	}
}

static void note_persons(const struct reading *r)
{
	char text[4096];
	size_t used = 0;

	for (size_t i = 0; i < r->s->attributes; i++) {
		if (strcmp(r->s->attribute[i].vr, "PN") != 0)
			continue;
		text_of(&r->s->attribute[i], text, sizeof(text));
		used += (size_t)snprintf(persons + used,
					 sizeof(persons) - used, " %s", text);
		if (used >= sizeof(persons))
			die("too many persons");
	}
}

static int judge(char **argv)
{
	struct reading in = { sight_of(argv[4]), 0 };
	struct reading out = { sight_of(argv[5]), 0 };

	read_table(argv[2], argv[3]);
	note_persons(&in);
	judge_set(&in, &out, 0);
	if (now(&in) || now(&out))
		die("attributes are left");
	if (!wrong)
		printf("ok %d\n", judged);
	return wrong != 0;
}

static int print_tags(const char *file)
{
	const struct sight *s = sight_of(file);

	for (size_t i = 0; i < s->attributes; i++)
		if (!is_aside(&s->attribute[i]) && !is_item(&s->attribute[i]))
			printf("%08x %s\n", (unsigned)s->attribute[i].tag,
			       *s->attribute[i].vr ? s->attribute[i].vr :
						     "??");
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 6 && !strcmp(argv[1], "judge"))
		return judge(argv);
	if (argc == 3 && !strcmp(argv[1], "tags"))
		return print_tags(argv[2]);
	fprintf(stderr, "usage: headers judge TABLE PROFILE IN OUT | "
			"tags FILE\n");
	return 2;
}

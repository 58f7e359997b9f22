/* ends.c - cuts a line to the letters that were read. */
#include "config.h"

#include "ocr/ends.h"

#include <string.h>

#include "ocr/letters.h"
#include "ocr/prepare.h"

enum {
	LEAST_LETTERS = 2,
	BESIDE = 2,             /* pixels kept beside ink */
	LEAST_END = 25,         /* percent of the height */
};
/* Shares of the line's height: half the width of a letter, at most, that
 * stands in pieces; of another, whose inside is never blank. */
static const double dense_half = .45, latin_half = .1;

/* A letter of the text. */
struct piece {
	const char *at;
	size_t bytes;
	uint32_t code;                  /* folded; 0: nothing is left of it */
	bool spaced;                    /* a space is before it */
};

/* The letters but for spaces; -1: too many. */
static int pieces_of(const char *text, struct piece *piece)
{
	int n = 0;
	bool spaced = false;

	for (const char *p = text; *p;) {
		size_t bytes = 1;
		char one[8] = "";
		struct letters read;

		while ((p[bytes] & 0xc0) == 0x80)
			bytes++;
		memcpy(one, p, bytes < sizeof(one) ? bytes : sizeof(one) - 1);
		letters_read(&read, one);
		if (*p != ' ') {
			if (n == SYMBOLS_MAX)
				return -1;
			piece[n++] = (struct piece){
				p, bytes, read.n ? read.c[0] : 0, spaced };
		}
		spaced = *p == ' ';
		p += bytes;
	}
	return n;
}

enum { LONG_VOWEL = 0x30fc };

/* A letter or a digit: no sign, nor a dash that is read as a long vowel. */
static bool is_letter(const struct piece *p, const struct symbol *s)
{
	return s->form != SYMBOL_SIGN && p->code != LONG_VOWEL;
}

/* The text of letters from..to, as it stands between others. */
static void put_text(const struct piece *from, const struct piece *to,
		     char *text)
{
	size_t bytes = (size_t)(to->at - from->at) + to->bytes;

	memcpy(text, from->at, bytes);
	text[bytes] = '\0';
}

/* Its first and last letters among n; false: there are too few. */
static bool find_letters(const struct piece *piece, const struct symbol *s,
			 int n, int *first, int *last)
{
	bool opened = false;

	*first = 0;
	*last = n - 1;
	while (*first < n && !is_letter(&piece[*first], &s[*first]))
		++*first;
	while (*last > *first && !is_letter(&piece[*last], &s[*last]))
		--*last;
	if (*last - *first + 1 < LEAST_LETTERS)
		return false;
	if (*first && letter_is_digit(piece[*first].code) &&
	    !piece[*first].spaced && (piece[*first - 1].code == '-' ||
				      piece[*first - 1].code == '+'))
		--*first;
	for (int i = *first; i <= *last; i++)
		opened = piece[i].code == '(' ||
			 (opened && piece[i].code != ')');
	if (opened && *last + 1 < n && piece[*last + 1].code == ')')
		++*last;
	return true;
}

/* Has a view ink in column x of r?  least: what ink stands out by there. */
static bool has_ink(const struct views *views, struct region r, int x,
		    const int least[VIEWS_MAX])
{
	r.x1 = (r.x0 = x) + 1;
	return views_have_ink(views, r, least);
}

/*
 * Where the letter ends that covers column x, going by step (1 or -1) up to
 * `end`: the first column without ink.  `end` when there is none.
 */
static int end_of(const struct views *views, struct region r, int x, int end,
		  int step, const int least[VIEWS_MAX])
{
	while (x != end && has_ink(views, r, x, least))
		x += step;
	return x;
}

/* Is anything between the columns? */
static bool is_inked(const struct views *views, struct region r, int from,
		     int to, const int least[VIEWS_MAX])
{
	for (int x = from; x < to; x++)
		if (has_ink(views, r, x, least))
			return true;
	return false;
}

/* The middle of a symbol, and how far from it a blank column is its end. */
struct place {
	double middle, half;
};

static struct place place_of(const struct symbol *s, const struct line *line)
{
	int high = region_height(line->box);
	int margin = prepare_margin(high, LOOK_USUAL);
	double wide = region_width(line->box) + 2 * margin;

	return (struct place){
		line->box.x0 - margin +
			(s->from + s->to) * wide / (2. * SYMBOLS_WHOLE),
		high * (s->form == SYMBOL_DENSE ? dense_half : latin_half) };
}

static int between(double x, int from, int to)
{
	return x < from ? from : x > to ? to : (int)x;
}

/* Cut the line to columns x0..x1; what has ink beside them is its ends. */
static void cut_line(const struct views *views, int x0, int x1,
		     const int least[VIEWS_MAX], struct ends *e)
{
	struct region r = e->line.box;

	if (is_inked(views, r, r.x0, x0, least))
		e->rest[0] = (struct region){ r.x0, r.y0, x0, r.y1 };
	if (is_inked(views, r, x1, r.x1, least))
		e->rest[1] = (struct region){ x1, r.y0, r.x1, r.y1 };
	e->line.box.x0 = x0;
	e->line.box.x1 = x1;
	e->line.own = region_intersect(e->line.own, e->line.box);
	for (int i = 0; i < POLARITIES; i++)
		e->line.seen[i] = region_intersect(e->line.seen[i],
						   e->line.box);
}

bool ends_cut(const struct views *views, const struct line *line,
	      const struct reading *r, struct ends *e)
{
	struct region box = region_clip(line->box, views->columns,
					views->rows);
	struct piece piece[SYMBOLS_MAX];
	const struct symbol *s = r->symbols.symbol;
	int n = pieces_of(r->text, piece), first, last, x0, x1;
	int least[VIEWS_MAX];
	struct place a, b;

	*e = (struct ends){ .line = *line };
	if (line->vertical || region_empty(box) || n <= 0 ||
	    n != r->symbols.count || !find_letters(piece, s, n, &first, &last))
		return false;
	e->line.box = box;
	put_text(&piece[first], &piece[last], e->text);
	views_contrast(views, box, least);
	a = place_of(&s[first], line);
	b = place_of(&s[last], line);
	x0 = end_of(views, box, between(a.middle - a.half, box.x0, box.x1 - 1),
		    box.x0, -1, least);
	x1 = end_of(views, box, between(b.middle + b.half, box.x0, box.x1 - 1),
		    box.x1 - 1, 1, least) + 1;
	x0 = between(x0 - BESIDE, box.x0, box.x1);
	x1 = between(x1 + BESIDE, box.x0, box.x1);
	if (x1 <= x0 || 100 * (region_width(box) - (x1 - x0)) <=
				LEAST_END * region_height(box))
		return false;
	cut_line(views, x0, x1, least, e);
	return true;
}

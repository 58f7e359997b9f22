/* context.c - what stands where only a number of no person stands. */
#include "config.h"

#include "ocr/context.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ocr/ints.h"
#include "ocr/letters.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

enum {
	MOST_DIGITS = 3,                /* of a mark */
	APART = 4,                      /* line heights between marks */
	MANY = 4,                       /* marks in one row, or closer */
	MOST_MARKS = 64,                /* looked at in a frame */
	SURE_MARK = 65,                 /* confidence; many agree */
	SURE_RATE = 85,
	SURE_SHARED = 80, LINE_SCORE = 4,
	SURE_END = 80, MOST_END = 300,
	LEAST_RATE = 20, MOST_RATE = 300,
};
enum { SHORT_NAME = 3,                  /* kanji of half a name, at most */
       SAME_HIGH = 2 };
/* Heights between the halves: a space as wide as a kanji, and its edges. */
static const double name_gap = 1.6;
/* Of the way between two marks, how far the next may lie off. */
static const double stray = .08;

/* A line that is nothing but a number. */
struct mark {
	struct track *track;
	int value;
	double x, y, high;
};

static double high_of(const struct track *t)
{
	return t->line.vertical ? region_width(t->line.box) :
				  region_height(t->line.box);
}

/* Read as surely as asked, and nothing is known of it but what is said here. */
static bool is_open(const struct track *t, int confidence)
{
	bool known = !strcmp(t->judgement.why, "benign:scale") ||
		     !strcmp(t->judgement.why, "benign:rate");

	return t->read && (known || t->judgement.kind == KIND_TEXT) &&
	       !t->judgement.label && !t->line.vertical &&
	       t->reading.confidence >= confidence;
}

/* 15, also with one sign that a tick was read as; -1: anything else. */
static int number_of(const struct track *t)
{
	struct letters read;
	int from = 0, to, v = 0;

	letters_read(&read, t->reading.text);
	to = read.n;
	if (to && !letter_is_word(read.c[0]))
		from++;
	else if (to && !letter_is_word(read.c[to - 1]))
		to--;
	if (to <= from || to - from > MOST_DIGITS ||
	    (to - from > 1 && read.c[from] == '0'))
		return -1;
	for (int i = from; i < to; i++) {
		if (!letter_is_digit(read.c[i]))
			return -1;
		v = 10 * v + (int)(read.c[i] - '0');
	}
	return v;
}

static bool is_step(int step)
{
	static const int steps[] = { 1, 2, 5, 10, 20, 25, 50, 100, 200 };

	for (size_t i = 0; i < COUNT(steps); i++)
		if (abs(step) == steps[i])
			return true;
	return false;
}

static bool frames_meet(const struct track *a, const struct track *b)
{
	return a->plane == b->plane && a->frame0 <= b->frame1 &&
	       b->frame0 <= a->frame1;
}

/* The mark one step behind b, as b is behind a; NULL. */
static struct mark *next_mark(struct mark *mark, int marks,
			      const struct mark *a, const struct mark *b)
{
	double dx = b->x - a->x, dy = b->y - a->y;
	double most = fmax(3, stray * hypot(dx, dy));

	for (int i = 0; i < marks; i++) {
		struct mark *m = &mark[i];

		if (m->value == 2 * b->value - a->value &&
		    frames_meet(m->track, a->track) &&
		    hypot(m->x - b->x - dx, m->y - b->y - dy) <= most &&
		    m->high < 1.5 * a->high && a->high < 1.5 * m->high)
			return m;
	}
	return NULL;
}

static void clear(struct track *t, const char *why)
{
	t->judgement.kind = KIND_BENIGN;
	t->judgement.class_ = CLASS_OTHER;
	t->judgement.score = 800 + t->reading.confidence;
	snprintf(t->judgement.why, sizeof(t->judgement.why), "%s", why);
}

/* A scale that starts with a and b: all its marks. */
static void follow(struct mark *mark, int marks, struct mark *a,
		   struct mark *b)
{
	struct mark *found[MOST_MARKS] = { a, b };
	double high = fmax(a->high, b->high);
	double apart = hypot(b->x - a->x, b->y - a->y);
	bool row = fabs(b->y - a->y) < high, close = apart < APART * high;
	int n = 2, least = row || close ? MANY : MANY - 1;

	if (close && (row || 2 * apart < 3 * high))
		return;

	while (n < MOST_MARKS &&
	       (found[n] = next_mark(mark, marks, found[n - 2],
				     found[n - 1])))
		n++;
	for (int i = 0; n >= least && i < n; i++)
		clear(found[i]->track, "benign:scale");
}

static void clear_scales(struct track_list *list)
{
	struct mark mark[MOST_MARKS];
	int n = 0;

	for (size_t i = 0; i < list->count && n < MOST_MARKS; i++) {
		struct track *t = list->track[i];
		int value = is_open(t, SURE_MARK) ? number_of(t) : -1;

		if (value >= 0)
			mark[n++] = (struct mark){ t, value,
				(t->line.box.x0 + t->line.box.x1) / 2.,
				(t->line.box.y0 + t->line.box.y1) / 2.,
				high_of(t) };
	}
	for (int i = 0; i < n; i++)
		for (int k = 0; k < n; k++) {
			struct mark *a = &mark[i], *b = &mark[k];

			if (is_step(b->value - a->value) &&
			    frames_meet(a->track, b->track))
				follow(mark, n, a, b);
		}
}

/* ---- rates ---- */

static bool names_rate(const struct track *t)
{
	struct letters read;

	letters_read(&read, t->reading.text);
	return letters_equal(&read, "HR") || letters_equal(&read, "BPM");
}

/* In one row or one column, less than a line apart. */
static bool is_next_to(struct region a, struct region b, double high)
{
	int across = overlap(a.x0, a.x1, b.x0, b.x1);
	int down = overlap(a.y0, a.y1, b.y0, b.y1);

	return (2 * across > region_width(a) && 2 * across > region_width(b) &&
		-down < high) ||
	       (2 * down > high && -across < high);
}

static void clear_rates(struct track_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		struct track *name = list->track[i];

		if (!is_open(name, SURE_RATE) || !names_rate(name))
			continue;
		for (size_t k = 0; k < list->count; k++) {
			struct track *t = list->track[k];
			int value = is_open(t, SURE_RATE) ? number_of(t) : -1;

			if (value < LEAST_RATE || value > MOST_RATE ||
			    !frames_meet(t, name) ||
			    !is_next_to(t->line.box, name->line.box,
					high_of(name)))
				continue;
			clear(t, "benign:rate");
			clear(name, "benign:rate");
			break;
		}
	}
}

/* ---- ends of a scale of speeds ---- */

/* +60, -120: tens with a sign. */
static bool is_end_of_scale(const struct track *t)
{
	struct letters read;
	int v;

	letters_read(&read, t->reading.text);
	if (read.n < 3 || (read.c[0] != '+' && read.c[0] != '-'))
		return false;
	v = number_of(t);
	return v > 0 && v <= MOST_END && v % 10 == 0;
}

static bool is_alone_in_row(const struct track_list *list,
			    const struct track *t)
{
	struct region a = t->line.box;
	double high = high_of(t);

	for (size_t i = 0; i < list->count; i++) {
		const struct track *o = list->track[i];
		struct region b = o->line.box;

		if (o != t && frames_meet(o, t) &&
		    2 * overlap(a.y0, a.y1, b.y0, b.y1) > high &&
		    -overlap(a.x0, a.x1, b.x0, b.x1) < APART * high)
			return false;
	}
	return true;
}

static void clear_ends(struct track_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		struct track *t = list->track[i];

		if (is_open(t, SURE_END) && is_end_of_scale(t) &&
		    is_alone_in_row(list, t))
			clear(t, "benign:scale");
	}
}

/* ---- words of a name that stands elsewhere ---- */

/* The words of a text of letters alone, joined by one space; 0: it has other
 * letters. */
static int words_of(const struct track *t, struct letters *words)
{
	struct letters read;
	int n = 0;

	letters_read(&read, t->reading.text);
	words->n = 0;
	for (int i = 0; i < read.n; i++) {
		bool letter = letter_is_latin(read.c[i]) ||
			      letter_is_japanese(read.c[i]);

		if (letter_is_digit(read.c[i]))
			return 0;
		if (letter && (!i || !words->n ||
			       !letter_is_word(read.c[i - 1]))) {
			if (words->n && words->n < LETTERS_MAX)
				words->c[words->n++] = ' ';
			n++;
		}
		if (letter && words->n < LETTERS_MAX)
			words->c[words->n++] = read.c[i];
	}
	return n;
}

/* Is word one of the words of text? */
static bool is_word_of(const struct letters *word, const struct letters *text)
{
	for (int at = 0, end; at < text->n; at = end + 1) {
		for (end = at; end < text->n && text->c[end] != ' ';)
			end++;
		if (end - at == word->n &&
		    !memcmp(text->c + at, word->c,
			    sizeof(*word->c) * (size_t)word->n))
			return true;
	}
	return false;
}

/* Does the word of t stand in another text, which was not cleared? */
static bool is_word_elsewhere(const struct track_list *list,
			      const struct track *t,
			      const struct letters *word)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct track *o = list->track[i];
		struct letters words;

		if (o != t && frames_meet(o, t) && o->read &&
		    o->judgement.kind != KIND_BENIGN &&
		    words_of(o, &words) > 1 && is_word_of(word, &words))
			return true;
	}
	return false;
}

static void doubt_words(struct track_list *list,
			const struct telling *telling)
{
	for (size_t i = 0; i < list->count; i++) {
		struct track *t = list->track[i];
		struct letters word;

		telling_word(telling);
		if (t->judgement.kind != KIND_BENIGN ||
		    words_of(t, &word) != 1 ||
		    !is_word_elsewhere(list, t, &word))
			continue;
		t->judgement.kind = KIND_TEXT;
		snprintf(t->judgement.why, sizeof(t->judgement.why), "read");
	}
}

/* ---- sides and views that may be half of a name ---- */

bool context_is_short_dense(const char *text)
{
	struct letters all, read;

	letters_read(&all, text);
	letters_compact(&all, &read);
	for (int i = 0; i < read.n; i++)
		if (!letter_is_japanese(read.c[i]))
			return false;
	return read.n > 0 && read.n <= SHORT_NAME;
}

/* Does a line that was not cleared, as high at most, stand beside t in its
 * row, a wide space away, or share a letter with it? */
static bool has_neighbour(const struct track_list *list, const struct track *t)
{
	struct region a = t->line.box;
	double high = high_of(t);

	for (size_t i = 0; i < list->count; i++) {
		const struct track *o = list->track[i];
		struct region b = o->line.box;
		int across = overlap(a.x0, a.x1, b.x0, b.x1);

		if (o != t && frames_meet(o, t) && !o->line.vertical &&
		    o->judgement.kind != KIND_BENIGN &&
		    region_height(b) < SAME_HIGH * high &&
		    2 * overlap(a.y0, a.y1, b.y0, b.y1) > region_height(b) &&
		    2 * across <= region_width(a) &&
		    2 * across <= region_width(b) &&
		    -across < name_gap * high)
			return true;
	}
	return false;
}

/* 正面 一: what stands beside one may be the rest of a name. */
static void doubt_halves(struct track_list *list,
			 const struct telling *telling)
{
	for (size_t i = 0; i < list->count; i++) {
		struct track *t = list->track[i];

		telling_word(telling);
		if (t->judgement.kind != KIND_BENIGN || t->line.vertical ||
		    !context_is_short_dense(t->reading.text) ||
		    !has_neighbour(list, t))
			continue;
		t->judgement.kind = KIND_TEXT;
		snprintf(t->judgement.why, sizeof(t->judgement.why), "read");
	}
}

/* ---- lines that share their place ---- */

/* Does o, another row, lie on t with three tenths of it or more? */
static bool lies_on(const struct track *o, const struct track *t)
{
	struct region common = region_intersect(o->line.box, t->line.box);

	return !o->line.vertical && !region_empty(common) &&
	       o->line.score > LINE_SCORE &&
	       10 * region_area(common) >= 3 * region_area(o->line.box);
}

/* What was read less surely where another line stands, too, may be of both. */
static void doubt_shared(struct track_list *list,
			 const struct telling *telling)
{
	for (size_t i = 0; i < list->count; i++) {
		struct track *t = list->track[i];

		telling_word(telling);
		if (t->judgement.kind != KIND_BENIGN ||
		    t->reading.confidence >= SURE_SHARED)
			continue;
		for (size_t k = 0; k < list->count; k++) {
			const struct track *o = list->track[k];

			if (o == t || !frames_meet(o, t) ||
			    o->judgement.kind == KIND_BENIGN ||
			    !lies_on(o, t))
				continue;
			t->judgement.kind = KIND_TEXT;
			snprintf(t->judgement.why, sizeof(t->judgement.why),
				 "read");
			break;
		}
	}
}

void context_clear(struct track_list *list, bool echo, bool named,
		   const struct telling *telling)
{
	clear_scales(list);
	clear_ends(list);
	if (echo && named)
		clear_rates(list);
	doubt_shared(list, telling);
	if (!named) {
		doubt_words(list, telling);
		doubt_halves(list, telling);
	}
}

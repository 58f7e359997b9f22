/* lines.c - rows of marks that look like text.  Reads nothing. */
#include "config.h"

#include "ocr/lines.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "ocr/fine.h"
#include "ocr/ints.h"
#include "ocr/narrow.h"

enum {
	MOST_LINES = 4000,              /* kept of one plane, best first */
	SURE_LINE = 3,                  /* score of one that holds its parts */
	OWN_LINE = 6,                   /* score of small letters in a line */
	MUCH_BETTER = 3,                /* a part that is more than a stroke */
	PILE_LOWER = 14,                /* times its lines' height, in tenths */
	PILE_HELD = 4,                  /* tenths of a pile's area */
	LARGE_RARE = 4,                 /* off the score: what is as large is
					   bones, teeth and vessels rather */
	BLOCK_FILLED = 8,               /* of a block, at least: one in so many */
	GONE_SCORE = -1,                /* of one that comes back: faint ink */
	FINE_MARKS = 3, FINE_HIGH = 12, /* pixels: rows across that are noted */
	FINE_RARE = 2,                  /* off the score of strokes without their
					   ground: rather texture, and best on
					   generated pictures */
};

/* Most don't; a processor guesses one branch well, but not four. */
static bool meet(const struct line *a, const struct line *b)
{
	return (a->box.x0 < b->box.x1) & (b->box.x0 < a->box.x1) &
	       (a->box.y0 < b->box.y1) & (b->box.y0 < a->box.y1);
}

static bool add_line(struct line_list *list, const struct line *line)
{
	if (!mem_grow(&list->line, &list->capacity, list->count,
		      sizeof(*list->line)))
		return false;
	list->line[list->count++] = *line;
	return true;
}

struct search {
	const struct grey_plane *plane;
	struct line_list found[2];      /* across, down */
	struct line_list large;         /* across, of the last scale */
};

static bool take_row(void *self, const struct row *row)
{
	struct search *s = self;
	struct line line = {
		.box = region_clip(row->region, s->plane->columns,
				   s->plane->rows),
		.score = row->score, .marks = row->marks,
		.vertical = row->down,
		.seen_score = { LINES_NEVER, LINES_NEVER },
	};

	line.own = line.box;
	line.seen[row->polarity] = row->region;
	line.seen_score[row->polarity] = row->score;
	if (row->large) {
		line.score -= LARGE_RARE;
		line.seen_score[row->polarity] = line.score;
		return line.score <= LINES_LEAST || line.marks < 2 ||
		       add_line(&s->large, &line);
	}
	return add_line(&s->found[row->down], &line);
}

static int better_first(const void *a, const void *b)
{
	const struct line *p = a, *q = b;

	if (p->score != q->score)
		return p->score > q->score ? -1 : 1;
	if (p->box.y0 != q->box.y0)
		return p->box.y0 < q->box.y0 ? -1 : 1;
	if (p->box.x0 != q->box.x0)
		return p->box.x0 < q->box.x0 ? -1 : 1;
	return 0;
}

/* How long a line is across, and where it lies on that axis. */
static int line_height(const struct line *l)
{
	return l->vertical ? l->box.x1 - l->box.x0 : l->box.y1 - l->box.y0;
}

static int across_overlap(const struct line *a, const struct line *b)
{
	return a->vertical ?
		       overlap(a->box.x0, a->box.x1, b->box.x0, b->box.x1) :
		       overlap(a->box.y0, a->box.y1, b->box.y0, b->box.y1);
}

static int along_overlap(const struct line *a, const struct line *b)
{
	return a->vertical ?
		       overlap(a->box.y0, a->box.y1, b->box.y0, b->box.y1) :
		       overlap(a->box.x0, a->box.x1, b->box.x0, b->box.x1);
}

static bool heights_agree(const struct line *a, const struct line *b,
			  double ratio, int slack)
{
	int high = imax(line_height(a), line_height(b));
	int low = imin(line_height(a), line_height(b));

	return high <= ratio * low + slack;
}

static void note_seen(struct line *to, const struct line *from, bool joined)
{
	for (int i = 0; i < POLARITIES; i++) {
		if (region_empty(from->seen[i]))
			continue;
		if (region_empty(to->seen[i]))
			to->seen[i] = from->seen[i];
		else if (joined)
			to->seen[i] = region_union(to->seen[i], from->seen[i]);
		to->seen_score[i] = fmax(to->seen_score[i],
					 from->seen_score[i]);
	}
}

/* A line may grow across by a third of its height: parts are ragged. */
static struct region reach_of(const struct line *l)
{
	struct region r = l->box;
	int third = line_height(l) / 3 + 1;

	if (l->vertical)
		return (struct region){ r.x0 - third, 0, r.x1 + third, INT_MAX };
	return (struct region){ 0, r.y0 - third, INT_MAX, r.y1 + third };
}

static void absorb(struct line *to, const struct line *from)
{
	to->box = region_union(to->box,
			       region_intersect(from->box, to->reach));
	to->marks = imax(to->marks, from->marks);
	note_seen(to, from, true);
}

/* Twice the middle of a line on the axis across it. */
static int middle(const struct line *l)
{
	return l->vertical ? l->box.x0 + l->box.x1 : l->box.y0 + l->box.y1;
}

/*
 * A row of small letters at the edge of the box of larger ones: a line of its
 * own, which must not go with what the larger ones say.  (The small letters
 * of a word lie in its middle.)
 */
static bool is_own_line(const struct line *small, const struct line *big)
{
	int high = line_height(big);

	return small->vertical == big->vertical && small->marks >= 3 &&
	       small->score > OWN_LINE && line_height(small) < .6 * high &&
	       abs(middle(small) - middle(big)) > .6 * high;
}

static int line_start(const struct line *l)
{
	return l->vertical ? l->box.y0 : l->box.x0;
}

static int line_end(const struct line *l)
{
	return l->vertical ? l->box.y1 : l->box.x1;
}

/* Would a sure line lose a letter at an end, were only what lies from start to
 * end (along it) kept? */
static bool loses_letter(const struct line *l, int start, int end)
{
	int letter = line_height(l) / 2;

	return l->score > SURE_LINE && (start - line_start(l) > letter ||
					line_end(l) - end > letter);
}

/* The same for what k holds of it. */
static bool sticks_out(const struct line *l, const struct line *k)
{
	return l->vertical ? loses_letter(l, k->box.y0, k->box.y1) :
			     loses_letter(l, k->box.x0, k->box.x1);
}

/*
 * Would c, a sure line, lose more than a fifth of its height if b took it
 * over, which may not grow that far?  Then it is the next line rather.
 */
static bool loses_rows(const struct line *b, const struct line *c)
{
	struct region rest = region_intersect(
		c->box, region_union(b->box, b->reach));
	int left = c->vertical ? region_width(rest) : region_height(rest);

	return c->score > SURE_LINE &&
	       5 * (line_height(c) - left) > line_height(c);
}

enum relation { APART, SAME, WORSE };

/* What c is to the better line b. */
static enum relation relate(const struct line *b, const struct line *c)
{
	long long common, mine, least;

	if (!meet(b, c))
		return APART;
	common = region_area(region_intersect(b->box, c->box));
	mine = region_area(c->box);
	least = region_area(b->box) < mine ? region_area(b->box) : mine;
	if (b->vertical == c->vertical && heights_agree(b, c, 1.4, 2) &&
	    (2 * common > least ||
	     across_overlap(b, c) >
		     .7 * imin(line_height(b), line_height(c))))
		return loses_rows(b, c) ? APART : SAME;
	return 10 * common > 7 * mine && !is_own_line(c, b) &&
			       !sticks_out(c, b) ? WORSE : APART;
}

/* Leave to a better line in the same row its end of c. */
static void trim(struct line *c, const struct line *b)
{
	int *start = c->vertical ? &c->box.y0 : &c->box.x0;
	int *end = c->vertical ? &c->box.y1 : &c->box.x1;
	int from = c->vertical ? b->box.y0 : b->box.x0;
	int to = c->vertical ? b->box.y1 : b->box.x1;

	/* most end at the first two */
	if (c->vertical != b->vertical || to <= *start || from >= *end ||
	    !heights_agree(b, c, 1.4, 2) ||
	    across_overlap(b, c) <
		    .7 * imin(line_height(b), line_height(c)))
		return;
	if (from <= *start)
		*start = to;
	else if (to >= *end)
		*end = from;
}

/*
 * Do better lines leave too little of c: three tenths of its area, or seven
 * when it is a mark that is much higher than they: the ground around them?
 */
static bool is_held(const struct line_list *list, size_t kept,
		    const struct line *c)
{
	struct region all = { 0, 0, 0, 0 };
	long long held = 0;

	for (size_t j = 0; j < kept; j++) {
		const struct line *b = &list->line[j];
		bool lower;

		if (!meet(b, c) || is_own_line(c, b))
			continue;
		lower = c->marks <= 2 && !heights_agree(b, c, 1.4, 2);
		held += (lower ? 7 : 3) *
			region_area(region_intersect(b->box, c->box));
		if (2 * across_overlap(c, b) > line_height(c))
			all = region_union(all, b->box);
	}
	if (region_empty(c->box))
		return true;
	return 10 * held >= 21 * region_area(c->box) &&
	       !(c->vertical ? loses_letter(c, all.y0, all.y1) :
			       loses_letter(c, all.x0, all.x1));
}

/* Note a line that goes, as better ones hold it. */
static bool note_gone(const struct line_list *list, const struct line *line)
{
	return !list->gone || region_empty(line->box) ||
	       add_line(list->gone, line);
}

/* A sure line that goes as a larger one holds it may have to come back. */
static bool hide(const struct line_list *list, struct line_list *hidden,
		 const struct line *line)
{
	return note_gone(list, line) &&
	       (line->score <= SURE_LINE || add_line(hidden, line));
}

/*
 * Best first: a line joins the better one it is a part of, or goes when
 * better ones hold it.  A bigger box never replaces better ones that fill
 * it: it would swallow the next line.
 */
static bool keep_best(struct line_list *list, struct line_list *hidden)
{
	size_t kept = 0;

	for (size_t i = 0; i < list->count; i++) {
		struct line c = list->line[i];
		bool gone = false;

		if (region_empty(c.reach))
			c.reach = reach_of(&c);

		for (size_t j = 0; j < kept && !gone; j++) {
			struct line *b = &list->line[j];
			enum relation how;

			/* nor is there anything to trim, then */
			if (!meet(b, &c))
				continue;
			how = relate(b, &c);
			gone = how != APART;
			if (how == SAME)
				absorb(b, &c);
			else if (how == WORSE)
				note_seen(b, &c, false);
			else
				trim(&c, b);
			/* the same as a sure one is seen in its box */
			if ((how == WORSE && !hide(list, hidden, &c)) ||
			    (how == SAME && c.score <= SURE_LINE &&
			     !note_gone(list, &c)))
				return false;
		}
		if (gone)
			continue;
		if (!is_held(list, kept, &c))
			list->line[kept++] = c;
		else if (!note_gone(list, &c))
			return false;
	}
	list->count = kept;
	return true;
}

static int larger_first(const void *a, const void *b)
{
	long long p = region_area(((const struct line *)a)->box);
	long long q = region_area(((const struct line *)b)->box);

	return p > q ? -1 : p < q ? 1 : better_first(a, b);
}

/* Is l a part of k: strokes of letters that look like a line themselves? */
static bool is_part(const struct line *l, const struct line *k)
{
	/* of one direction only the better holds the other */
	double better = k->vertical != l->vertical ? MUCH_BETTER : 0;
	long long mine;

	if (!meet(k, l))
		return false;
	mine = region_area(l->box);
	return k->score > SURE_LINE &&
	       k->score > l->score - better && !is_own_line(l, k) &&
	       region_area(k->box) >= 2 * mine && !sticks_out(l, k) &&
	       10 * region_area(region_intersect(l->box, k->box)) >= 8 * mine;
}

/* Is k a sure line beside others in the pile l: lower, or another way? */
static bool is_of_pile(const struct line *k, const struct line *l)
{
	return k != l && meet(k, l) && k->score > SURE_LINE &&
	       k->score > l->score - MUCH_BETTER &&
	       (k->vertical != l->vertical ||
		PILE_LOWER * line_height(k) <= 10 * line_height(l));
}

/* Where, along l from `from` on, the next line of the pile begins (or, when
 * one lies across `from`, where it ends); past the end of l: nowhere. */
static int next_of_pile(const struct line *l, const struct line_list *list,
			int from, bool *inside)
{
	bool down = region_height(l->box) > region_width(l->box);
	int next = INT_MAX;

	*inside = false;
	for (size_t i = 0; i < list->count; i++) {
		const struct line *k = &list->line[i];
		int start = down ? k->box.y0 : k->box.x0;
		int end = down ? k->box.y1 : k->box.x1;

		if (!is_of_pile(k, l) || end <= from)
			continue;
		if (start <= from) {
			next = *inside ? imax(next, end) : end;
			*inside = true;
		} else if (!*inside) {
			next = imin(next, start);
		}
	}
	return next;
}

/* The longest stretch along l in which no line of the pile lies. */
static int gap_of_pile(const struct line *l, const struct line_list *list)
{
	bool down = region_height(l->box) > region_width(l->box), inside;
	int at = down ? l->box.y0 : l->box.x0;
	int end = down ? l->box.y1 : l->box.x1;
	int gap = 0;

	while (at < end) {
		int next = imin(next_of_pile(l, list, at, &inside), end);

		if (!inside)
			gap = imax(gap, next - at);
		at = next;
	}
	return gap;
}

/* Do the lines of the pile, from the i-th on, leave room by room pixels of r? */
static bool leaves_room(const struct line *l, const struct line_list *list,
			size_t i, struct region r, int room)
{
	if (region_width(r) < room || region_height(r) < room)
		return false;
	for (; i < list->count; i++) {
		struct region c = region_intersect(r, list->line[i].box);
		const struct region rest[] = {
			{ r.x0, r.y0, r.x1, c.y0 }, { r.x0, c.y1, r.x1, r.y1 },
			{ r.x0, c.y0, c.x0, c.y1 }, { c.x1, c.y0, r.x1, c.y1 },
		};

		if (region_empty(c) || !is_of_pile(&list->line[i], l))
			continue;
		for (int k = 0; k < 4; k++)
			if (leaves_room(l, list, i + 1, rest[k], room))
				return true;
		return false;
	}
	return true;
}

/*
 * Two lines taken for one, or the starts of several: sure ones hold most of
 * it, and no room is left between them for one that was not found, nor for a
 * letter of its own where they run the other way.
 */
static bool is_pile(const struct line *l, const struct line_list *list)
{
	long long held = 0;
	int holders = 0, lowest = INT_MAX;

	for (size_t i = 0; i < list->count; i++) {
		const struct line *k = &list->line[i];
		int room = line_height(k);

		if (!is_of_pile(k, l))
			continue;
		if (k->vertical != l->vertical)
			room = imin(room, line_height(l) / 2);
		held += region_area(region_intersect(k->box, l->box));
		lowest = imin(lowest, room);
		holders++;
	}
	return holders >= 2 && 10 * held >= PILE_HELD * region_area(l->box) &&
	       gap_of_pile(l, list) < lowest &&
	       (l->vertical || !leaves_room(l, list, 0, l->box, lowest));
}

/* The row that a pile grew from may have to come back, if it is none. */
static bool hide_row(struct line_list *hidden, const struct line *pile,
		     const struct line_list *list)
{
	struct line row = *pile;

	row.box = row.own;
	row.reach = reach_of(&row);
	if (region_empty(row.box))
		return true;
	return is_pile(&row, list) ? note_gone(list, &row) :
				     hide(list, hidden, &row);
}

/* Worst first: of two that hold each other the better stays. */
static bool drop_piles(struct line_list *list, struct line_list *hidden)
{
	if (list->count)
		qsort(list->line, list->count, sizeof(*list->line),
		      better_first);
	for (size_t i = list->count; i-- > 0;) {
		const struct line pile = list->line[i];

		if (!is_pile(&pile, list))
			continue;
		memmove(&list->line[i], &list->line[i + 1],
			(list->count - i - 1) * sizeof(*list->line));
		list->count--;
		if (!hide_row(hidden, &pile, list))
			return false;
	}
	return true;
}

/* Larger ones first, so that what holds a line stays itself. */
static bool drop_parts(struct line_list *list, struct line_list *hidden)
{
	size_t kept = 0;

	if (list->count)
		qsort(list->line, list->count, sizeof(*list->line),
		      larger_first);
	for (size_t i = 0; i < list->count; i++) {
		bool part = false;

		for (size_t j = 0; j < kept && !part; j++)
			part = is_part(&list->line[i], &list->line[j]);
		if (!part)
			list->line[kept++] = list->line[i];
		else if (!hide(list, hidden, &list->line[i]))
			return false;
	}
	list->count = kept;
	return true;
}

/* The lines that only a pile held, now that it is gone. */
static bool bring_back(struct line_list *list, const struct line_list *hidden)
{
	for (size_t i = 0; i < hidden->count; i++) {
		const struct line *h = &hidden->line[i];
		bool held = false;

		for (size_t k = 0; k < list->count && !held; k++)
			held = 2 * region_area(region_intersect(
				       h->box, list->line[k].box)) >
			       region_area(h->box);
		if (!held && !add_line(list, h))
			return false;
	}
	return true;
}

/*
 * Letters of one line stand out alike.  A piece that is rather not text goes
 * on no line that is better seen in the other polarity: it is a speck beside
 * it, and the two read as one make no sense.
 */
static bool stand_out_alike(const struct line *a, const struct line *b)
{
	const double *p = a->seen_score, *q = b->seen_score;

	return (a->score > 0 && b->score > 0) ||
	       (p[POLARITY_DARK] > p[POLARITY_BRIGHT]) ==
		       (q[POLARITY_DARK] > q[POLARITY_BRIGHT]);
}

static bool continue_each_other(const struct line *a, const struct line *b)
{
	int high;

	if (a->vertical != b->vertical || across_overlap(a, b) <= 0 ||
	    !stand_out_alike(a, b))
		return false;
	high = imax(line_height(a), line_height(b));
	return heights_agree(a, b, 1.5, 0) &&
	       across_overlap(a, b) >=
		       .7 * imin(line_height(a), line_height(b)) &&
	       -along_overlap(a, b) <= 1.5 * high;
}

/* Join two lines: what is known of the better one goes for both. */
static void join(struct line *a, struct line *b)
{
	if (better_first(b, a) < 0) {
		struct line better = *b;

		*b = *a;
		*a = better;
	}
	a->reach = region_union(a->reach, b->reach);
	absorb(a, b);
}

/* Join what lies in one row with small gaps, until nothing changes. */
static void join_lines(struct line_list *list)
{
	bool changed = true;

	while (changed) {
		changed = false;
		for (size_t i = 0; i < list->count; i++) {
			struct line *a = &list->line[i];

			for (size_t j = i + 1; j < list->count;) {
				if (!continue_each_other(a, &list->line[j])) {
					j++;
					continue;
				}
				join(a, &list->line[j]);
				list->line[j] = list->line[--list->count];
				changed = true;
			}
		}
	}
}

static bool settle(struct line_list *list, struct error *err)
{
	struct line_list hidden = { 0 };
	size_t before;
	bool ok;

	if (list->count == 0)
		return true;
	qsort(list->line, list->count, sizeof(*list->line), better_first);
	if (list->count > MOST_LINES) {
		list->count = MOST_LINES;
		list->more = true;
	}
	ok = keep_best(list, &hidden);
	join_lines(list);
	ok = ok && drop_parts(list, &hidden);
	before = list->count;
	ok = ok && drop_piles(list, &hidden);
	if (list->count < before)
		ok = ok && bring_back(list, &hidden);
	qsort(list->line, list->count, sizeof(*list->line), better_first);
	line_list_done(&hidden);
	return ok || error_set(err, ERR_MEMORY,
			       _("no memory to look for text"));
}

/*
 * At the last scale, where letters are a hundred pixels high, a block of lines
 * looks like one letter, and two beside each other like a row.
 */
static bool is_block(const struct line *l, const struct line_list *list)
{
	int64_t filled = 0;

	for (size_t i = 0; i < list->count; i++) {
		const struct line *k = &list->line[i];

		if (k->score > SURE_LINE &&
		    2 * line_height(k) <= line_height(l))
			filled += region_area(region_intersect(k->box, l->box));
	}
	return BLOCK_FILLED * filled > region_area(l->box);
}

/* Add the rows of large letters; all others were found. */
static bool add_large(struct line_list *list, struct line_list *large,
		      struct error *err)
{
	size_t kept = 0;

	for (size_t i = 0; i < large->count; i++)
		if (!is_block(&large->line[i], list))
			large->line[kept++] = large->line[i];
	large->count = kept;
	return kept == 0 || lines_merge(list, large, err);
}

bool lines_find(const struct grey_plane *p, int ways,
		const struct lines_progress *progress, struct line_list *list,
		struct error *err)
{
	struct search s = { .plane = p };
	const struct rows_visit visit = {
		.least = LINES_LEAST, .take = take_row, .self = &s,
		.progress = progress,
	};
	bool ok;

	for (int down = 0; down < 2; down++)
		s.found[down].gone = list->gone;
	ok = rows_find(p, ways, &visit, err);
	list->count = 0;
	list->more = false;
	for (int down = 0; ok && down < 2; down++) {
		ok = settle(&s.found[down], err) &&
		     lines_merge(list, &s.found[down], err);
		telling_word(progress ? progress->telling : NULL);
	}
	ok = ok && add_large(list, &s.large, err);
	line_list_done(&s.large);
	line_list_done(&s.found[0]);
	line_list_done(&s.found[1]);
	return ok;
}

/*
 * Do its strokes belong to a sure line: a quarter of it to one that runs the
 * other way, or half to one that is found with its ground, and more exactly?
 */
static bool is_of_sure(const struct line *l, const struct line_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct line *k = &list->line[i];
		int quarters = k->vertical == l->vertical ? 2 : 1;

		if (k->score > SURE_LINE &&
		    4 * region_area(region_intersect(k->box, l->box)) >
			    quarters * region_area(l->box))
			return true;
	}
	return false;
}

/* What a fine plane shows across is faint ink at most: most of it is texture,
 * and larger letters are found with their ground.  False: no memory. */
static bool note_fine(const struct line *l, const struct line_list *list)
{
	struct line faint = *l;

	if (faint.marks < FINE_MARKS || line_height(l) > FINE_HIGH)
		return true;
	faint.score = fmin(faint.score, GONE_SCORE);
	return note_gone(list, &faint);
}

/* Keep of the lines of a fine plane those that may be of letters.  False: no
 * memory. */
static bool judge_fine(struct line_list *fine, const struct line_list *list)
{
	size_t kept = 0;

	for (size_t i = 0; i < fine->count; i++) {
		struct line l = fine->line[i];

		l.score -= FINE_RARE;
		for (int k = 0; k < POLARITIES; k++)
			if (l.seen_score[k] > LINES_NEVER)
				l.seen_score[k] -= FINE_RARE;
		if (l.score <= LINES_LEAST || l.marks < 2 ||
		    is_of_sure(&l, list))
			continue;
		if (l.vertical)
			fine->line[kept++] = l;
		else if (!note_fine(&l, list))
			return false;
	}
	fine->count = kept;
	return true;
}

bool lines_find_fine(const struct grey_plane *p,
		     const struct telling *telling, struct line_list *list,
		     struct error *err)
{
	const struct lines_progress progress = { telling, NULL };
	struct line_list some = { 0 };
	struct grey_plane fine;
	uint8_t *samples = fine_plane(p, &fine);
	bool ok = samples || error_set(err, ERR_MEMORY,
				       _("no memory to look for text"));

	ok = ok && lines_find(&fine, LINES_BOTH, &progress, &some, err) &&
	     lines_find_narrow(&fine, telling, &some, err);
	ok = ok && (judge_fine(&some, list) ||
		    error_set(err, ERR_MEMORY,
			      _("no memory to look for text"))) &&
	     lines_merge(list, &some, err);
	line_list_done(&some);
	free(samples);
	return ok;
}

void line_list_done(struct line_list *list)
{
	free(list->line);
	*list = (struct line_list){ 0 };
}

bool lines_merge(struct line_list *list, const struct line_list *more,
		 struct error *err)
{
	for (size_t i = 0; i < more->count; i++)
		if (!add_line(list, &more->line[i]))
			return error_set(err, ERR_MEMORY,
					 _("no memory to look for text"));
	list->more |= more->more;
	return settle(list, err);
}

/* Do lines of the list leave too little of one that went: half of it when it
 * is sure, or a quarter? */
static bool stays_gone(const struct line *l, const struct line_list *list)
{
	long long held = 0;

	for (size_t i = 0; i < list->count; i++)
		held += region_area(region_intersect(l->box,
						     list->line[i].box));
	return (l->score > SURE_LINE ? 2 : 4) * held > region_area(l->box) ||
	       is_pile(l, list);
}

bool lines_bring_back(struct line_list *list, struct error *err)
{
	struct line_list *gone = list->gone;

	if (!gone || gone->count == 0)
		return true;
	qsort(gone->line, gone->count, sizeof(*gone->line), better_first);
	for (size_t i = 0; i < gone->count; i++) {
		struct line l = gone->line[i];

		if (stays_gone(&l, list))
			continue;
		if (l.score <= SURE_LINE && l.score > GONE_SCORE)
			l.score = GONE_SCORE;
		if (!add_line(list, &l))
			return error_set(err, ERR_MEMORY,
					 _("no memory to look for text"));
	}
	gone->count = 0;
	return true;
}

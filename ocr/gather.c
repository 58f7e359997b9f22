/* gather.c - joins the boxes of frames that follow each other. */
#include "config.h"

#include "ocr/gather.h"

#include <ctype.h>
#include <string.h>

#include "base/i18n.h"
#include "ocr/track.h"

enum {
	GAP = 16,               /* frames between two of one line */
	WINDOW = 2048,          /* boxes looked back on: a bound on the time */
	NEAR = 3,               /* widths between two letters of a column,
				   heights of a row */
	FAR_WIDTHS = 5,         /* the same, where there are three or more */
	SHORT = 4,              /* heights: letters of a row, set apart */
	STRICT = 14, LOOSE = 16,        /* tenths of a width in one column */
	LONG = 3,               /* widths: a column of several letters */
	EDGE = 2,               /* pixels that a box may lack of a column */
	WEAK_LETTER = 18,       /* score of one that is faint by itself */
	GRAIN_WIDTH = 128, GRAIN_HEIGHT = 64,   /* pixels of faint ink */
};

/* The same but for digits: how many there are does not matter. */
static bool same_words(const char *a, const char *b)
{
	for (;;) {
		bool digit = isdigit((unsigned char)*a) &&
			     isdigit((unsigned char)*b);

		if (!digit) {
			if (*a != *b)
				return false;
			if (!*a)
				return true;
			a++;
			b++;
			continue;
		}
		while (isdigit((unsigned char)*a))
			a++;
		while (isdigit((unsigned char)*b))
			b++;
	}
}

/* Grains of faint ink anywhere in the file, as far as a crop stays small. */
static bool one_grain(const struct box *a, const struct box *b)
{
	struct region sum = region_union(a->region, b->region);

	return !region_empty(region_intersect(a->region, b->region)) &&
	       (region_width(sum) <= GRAIN_WIDTH ||
		region_width(sum) == region_width(a->region)) &&
	       (region_height(sum) <= GRAIN_HEIGHT ||
		region_height(sum) == region_height(a->region));
}

static bool is_one_line(const struct box *a, const struct box *b)
{
	if (a->plane != b->plane || a->tier != b->tier)
		return false;
	if (a->tier == TIER_FAINT)
		return one_grain(a, b);
	return a->kind == b->kind && a->class_ == b->class_ &&
	       a->source == b->source &&
	       b->frame0 - a->frame1 <= GAP && a->frame0 - b->frame1 <= GAP &&
	       track_same_place(a->region, b->region) &&
	       (a->kind == KIND_UNREADABLE ||
		(!strcmp(a->why, b->why) && same_words(a->text, b->text)));
}

static int least(int a, int b)
{
	return a < b ? a : b;
}

static int greatest(int a, int b)
{
	return a > b ? a : b;
}

/* The words are those of the first frame, which is the one that is shown. */
static void join(struct box *a, const struct box *b)
{
	struct box sum = b->frame0 < a->frame0 ? *b : *a;

	sum.region = region_union(a->region, b->region);
	sum.frame0 = least(a->frame0, b->frame0);
	sum.frame1 = a->frame1 > b->frame1 ? a->frame1 : b->frame1;
	sum.score = a->score > b->score ? a->score : b->score;
	/* shown as large as the hardest of them needs */
	sum.confidence = least(a->confidence, b->confidence);
	sum.latin = a->latin && b->latin;
	sum.letter_height = least(a->letter_height, b->letter_height);
	sum.differs = a->differs || b->differs ||
		      a->kind == KIND_UNREADABLE || strcmp(a->text, b->text);
	*a = sum;
}

bool gather_box(struct box_list *list, const struct box *box, int frames)
{
	size_t from = list->count > WINDOW ? list->count - WINDOW : 0;

	for (size_t i = list->count; frames > 1 && i > from; i--)
		if (is_one_line(&list->box[i - 1], box)) {
			join(&list->box[i - 1], box);
			return true;
		}
	return box_list_add(list, box);
}

static bool is_line(const struct box *b)
{
	return b->kind != KIND_FACE && strncmp(b->why, "shape:", 6) != 0;
}

/* A box as if its row ran down. */
static struct region turned(const struct box *b, bool down)
{
	struct region r = b->region;

	return down ? r : (struct region){ r.y0, r.x0, r.y1, r.x1 };
}

/* One letter that was cleared, as a side: it may be an initial. */
static bool is_letter(const struct box *b)
{
	return b->tier == TIER_BENIGN &&
	       region_width(b->region) <= region_height(b->region) * 5 / 4;
}

/*
 * Letters or rows of them that run down: as high as wide, or so.  Across, any
 * box may be one.
 */
static bool may_run(const struct box *b, bool down)
{
	return is_line(b) &&
	       (!down ||
		5 * region_height(b->region) >= 3 * region_width(b->region));
}

/* Several letters that run down. */
static bool is_long(const struct box *b)
{
	return region_height(b->region) >= LONG * region_width(b->region);
}

/* May a and b be pieces of one column (row)?  Of what is a column for sure, a
 * letter may be cut across. */
static bool may_run_on(const struct box *a, const struct box *b, bool down)
{
	const struct box *other = is_long(a) ? b : a;

	if (!down || !(is_long(a) || is_long(b)))
		return may_run(a, down) && may_run(b, down);
	return is_line(a) && is_line(b) &&
	       2 * region_height(other->region) >= region_width(other->region);
}

/* Is it masked, shown by itself, or may it be an initial? */
static bool is_piece(const struct box *b, bool down)
{
	return b->tier <= TIER_CANDIDATE || (!down && is_letter(b));
}

static int wider(const struct box *a, const struct box *b, bool down)
{
	int wide = region_width(turned(a, down));
	int other = region_width(turned(b, down));

	return wide > other ? wide : other;
}

/*
 * Do a and b, letters or rows of them, stand in one column (row)?  One of them
 * is up to `tenths` as wide (high) as the other and has most of it beside it.
 */
static bool in_line(const struct box *a, const struct box *b, int tenths,
		    bool down)
{
	struct region r = turned(a, down), q = turned(b, down);
	int most = wider(a, b, down);
	int least = region_width(r) + region_width(q) - most;
	int shared = region_width(region_intersect(
		(struct region){ r.x0, 0, r.x1, 1 },
		(struct region){ q.x0, 0, q.x1, 1 }));

	return may_run_on(a, b, down) && a->plane == b->plane &&
	       a->frame0 == b->frame0 && a->frame1 == b->frame1 &&
	       10 * most <= tenths * least &&
	       10 * shared >= (22 - tenths) * most;
}

/* Some letters, set apart from the others of their row. */
static bool is_short(const struct box *b)
{
	return region_width(b->region) <= SHORT * region_height(b->region);
}

/* Does a third piece of their column (row) lie in or near a or b? */
static bool has_third(const struct box_list *list, const struct box *a,
		      const struct box *b, bool down)
{
	struct region r = turned(a, down), q = turned(b, down);
	int far = FAR_WIDTHS * wider(a, b, down);

	for (size_t i = 0; i < list->count; i++) {
		const struct box *c = &list->box[i];
		struct region p = turned(c, down);

		if (c != a && c != b && is_piece(c, down) &&
		    in_line(a, c, LOOSE, down) && (down || is_short(c)) &&
		    p.y1 >= r.y0 - far && p.y0 <= q.y1 + far)
			return true;
	}
	return false;
}

/*
 * Does an initial that was cleared stand between, near both?  It is up to 1.6
 * times as high as the lower of them (in_line) and no wider than twice that, so
 * that most need not be looked for.
 */
static bool over_letter(const struct box_list *list, const struct box *a,
			const struct box *b)
{
	int high = wider(a, b, false), near = NEAR * high;

	if (b->region.x0 - a->region.x1 > 2 * near + 2 * high ||
	    a->region.y0 > b->region.y1 + 2 * high ||
	    b->region.y0 > a->region.y1 + 2 * high)
		return false;
	for (size_t i = 0; i < list->count; i++) {
		const struct box *c = &list->box[i];

		if (is_letter(c) && in_line(a, c, LOOSE, false) &&
		    in_line(c, b, LOOSE, false) &&
		    c->region.x0 >= a->region.x1 &&
		    c->region.x0 - a->region.x1 <= near &&
		    c->region.x1 <= b->region.x0 &&
		    b->region.x0 - c->region.x1 <= near)
			return true;
	}
	return false;
}

/* Do the letters of a go on below it (to its right) at b? */
static bool goes_on(const struct box_list *list, const struct box *a,
		    const struct box *b, bool down)
{
	int gap = turned(b, down).y0 - turned(a, down).y1;
	int wide = wider(a, b, down);

	if (a->tier != TIER_BOX || b->tier != TIER_BOX || gap <= 0)
		return false;
	if (!down && over_letter(list, a, b))
		return true;
	return (gap <= NEAR * wide &&
		(down || (is_short(a) && is_short(b))) &&
		in_line(a, b, STRICT, down)) ||
	       (gap <= FAR_WIDTHS * wide &&
		(down || is_short(a) || is_short(b)) &&
		in_line(a, b, LOOSE, down) &&
		((down && is_long(a) && is_long(b)) ||
		 has_third(list, a, b, down)));
}

static void reach_on(struct box_list *list, bool down,
		     const struct telling *telling)
{
	for (size_t i = 0; i < list->count; i++) {
		struct box *a = &list->box[i];
		int *end = down ? &a->region.y1 : &a->region.x1;
		int last = *end, next = last;

		telling_word(telling);
		for (size_t k = 0; k < list->count; k++) {
			int from = turned(&list->box[k], down).y0;

			if ((next == last || from < next) &&
			    goes_on(list, a, &list->box[k], down))
				next = from;
		}
		*end = next;
	}
}

static bool is_weak(const struct box *b)
{
	return b->tier == TIER_CANDIDATE || b->tier == TIER_FAINT;
}

/* Is c, too weak to be masked by itself, an end of column a, or all of it? */
static bool is_end_of(const struct box *c, const struct box *a)
{
	int near = NEAR * wider(a, c, true);

	return is_weak(c) && may_run(c, true) &&
	       c->region.y0 - a->region.y1 <= near &&
	       a->region.y0 - c->region.y1 <= near &&
	       in_line(a, c, STRICT, true);
}

/* Boxes that run down reach over their weak ends. */
static void take_ends(struct box_list *list, const struct telling *telling)
{
	for (size_t i = 0; i < list->count; i++) {
		struct region *r = &list->box[i].region;
		const struct box was = list->box[i];

		if (was.tier != TIER_BOX ||
		    2 * region_height(*r) < 3 * region_width(*r))
			continue;
		telling_word(telling);
		for (size_t k = 0; k < list->count; k++)
			if (is_end_of(&list->box[k], &was))
				*r = region_union(*r, list->box[k].region);
	}
}

/* Are a and b boxes over text at one place and time? */
static bool both_masked(const struct box *a, const struct box *b)
{
	return a->tier == TIER_BOX && b->tier == TIER_BOX && is_line(a) &&
	       is_line(b) && a->plane == b->plane && a->frame0 == b->frame0 &&
	       a->frame1 == b->frame1;
}

/*
 * How far below a (above it when it is negative) b begins, which is as wide
 * and holds its column; 0 when it does not, or is further off than a is wide
 * (three times that, of several letters).
 */
static int gap_under(const struct box *a, const struct box *b)
{
	struct region r = a->region, q = b->region;
	int wide = region_width(r) * (is_long(a) ? NEAR : 1);
	int below = q.y0 - r.y1, above = r.y0 - q.y1;

	if (q.x0 > r.x0 + EDGE || q.x1 < r.x1 - EDGE)
		return 0;
	return below > 0 && below <= wide ? below :
	       above > 0 && above <= wide ? -above : 0;
}

/* Does a line that was cleared lie in the gap below (above) a?  A letter may be
 * one of the column. */
static bool is_cleared_over(const struct box_list *list, const struct box *a,
			    int gap)
{
	struct region r = a->region;

	if (gap > 0)
		r = (struct region){ r.x0, r.y1, r.x1, r.y1 + gap };
	else
		r = (struct region){ r.x0, r.y0 + gap, r.x1, r.y0 };
	for (size_t i = 0; i < list->count; i++) {
		const struct box *b = &list->box[i];

		if (b->tier == TIER_BENIGN && !is_letter(b) &&
		    b->plane == a->plane && b->frame0 <= a->frame1 &&
		    a->frame0 <= b->frame1 &&
		    !region_empty(region_intersect(b->region, r)))
			return true;
	}
	return false;
}

/* Letters that run down reach what is masked in their column, a letter away:
 * the next letter lies under a box of what runs across over it. */
static void reach_across(struct box_list *list, const struct telling *telling)
{
	for (size_t i = 0; i < list->count; i++) {
		struct box *a = &list->box[i];
		const struct box was = *a;

		/* a kanji may be wider than high */
		if (was.tier != TIER_BOX || 5 * region_height(was.region) <
						   4 * region_width(was.region))
			continue;
		telling_word(telling);
		for (size_t k = 0; k < list->count; k++) {
			int gap = both_masked(&was, &list->box[k]) ?
					  gap_under(&was, &list->box[k]) : 0;

			if (!gap || is_cleared_over(list, &was, gap))
				continue;
			if (gap > 0)
				a->region.y1 = greatest(a->region.y1,
							was.region.y1 + gap);
			else
				a->region.y0 = least(a->region.y0,
						     was.region.y0 + gap);
		}
	}
}

void gather_columns(struct box_list *list, const struct telling *telling)
{
	take_ends(list, telling);
	reach_on(list, true, telling);
}

void gather_rows(struct box_list *list, const struct telling *telling)
{
	reach_on(list, false, telling);
}

static int thick(struct region r, bool down)
{
	return down ? region_width(r) : region_height(r);
}

/* Is it of the same letters, but only a part of their height? */
static bool is_part_of(const struct box *part, const struct box *line)
{
	struct region a = part->region, b = line->region;
	bool down = region_height(b) > region_width(b);
	int high = thick(a, down), whole = thick(b, down);

	return line->kind == KIND_UNREADABLE &&
	       part->tier == TIER_BOX && part->kind == KIND_UNREADABLE &&
	       part->plane == line->plane && part->frame0 <= line->frame1 &&
	       line->frame0 <= part->frame1 &&
	       5 * region_area(region_intersect(a, b)) >= 4 * region_area(a) &&
	       5 * whole >= 7 * high && whole <= 3 * high &&
	       4 * thick(a, !down) >= thick(b, !down);
}

/*
 * Is it a letter of a line that runs down, seen by itself across: nearly as
 * wide, about as high as wide, and one of several?
 */
static bool is_letter_in(const struct box *letter, const struct box *line)
{
	struct region a = letter->region, b = line->region;
	int wide = region_width(b);

	return letter != line && letter->tier != TIER_BENIGN &&
	       is_line(letter) && is_line(line) &&
	       letter->plane == line->plane &&
	       letter->frame0 <= line->frame1 &&
	       line->frame0 <= letter->frame1 &&
	       2 * region_height(b) >= 3 * wide &&
	       5 * region_area(region_intersect(a, b)) >= 4 * region_area(a) &&
	       5 * region_width(a) >= 3 * wide &&
	       3 * region_height(a) >= 2 * wide &&
	       5 * region_height(a) <= 3 * region_height(b);
}

/* One letter, of a candidate, that is one itself; or two, faint as they are. */
static bool holds_letters(const struct box_list *list, const struct box *line)
{
	const struct box *first = NULL;

	/* most of what is faint ends here */
	if (region_height(line->region) < 2 * region_width(line->region) &&
	    line->tier == TIER_FAINT)
		return false;
	for (size_t i = 0; i < list->count; i++) {
		const struct box *b = &list->box[i];

		if (!is_letter_in(b, line))
			continue;
		if (line->tier == TIER_CANDIDATE && b->tier <= TIER_CANDIDATE)
			return true;
		if (b->score < WEAK_LETTER)
			continue;
		if (first && 4 * region_area(region_intersect(first->region,
							      b->region)) <
				     region_area(b->region))
			return true;
		first = b;
	}
	return false;
}

void gather_parts(struct box_list *list, const struct telling *telling)
{
	for (size_t i = 0; i < list->count; i++) {
		struct box *line = &list->box[i];
		bool whole = false;

		telling_word(telling);
		if (!is_weak(line))
			continue;
		for (size_t k = 0; k < list->count && !whole; k++)
			whole = line->tier == TIER_CANDIDATE &&
				is_part_of(&list->box[k], line);
		if (whole || holds_letters(list, line))
			line->tier = TIER_BOX;
	}
}

void gather_lines(struct box_list *list, bool parts,
		  const struct telling *telling)
{
	if (parts)
		gather_parts(list, telling);
	gather_columns(list, telling);
	gather_rows(list, telling);
	/* last: what became higher by it is no row of columns */
	reach_across(list, telling);
}

/* ---- faint ink that goes on ---- */

static bool holds(const struct box *a, const struct box *b)
{
	return a->plane == b->plane && a->frame0 <= b->frame0 &&
	       a->frame1 >= b->frame1 && region_contains(a->region, b->region);
}

/* Is far[at] shown by another: a box, a candidate, or one that holds it? */
static bool is_shown(const struct box_list *list, const struct box_list *far,
		     size_t at)
{
	const struct box *b = &far->box[at];

	for (size_t i = 0; i < list->count; i++)
		if ((list->box[i].tier == TIER_BOX ||
		     list->box[i].tier == TIER_CANDIDATE) &&
		    holds(&list->box[i], b))
			return true;
	for (size_t i = 0; i < far->count; i++)
		if (i != at && holds(&far->box[i], b) &&
		    (i < at || !holds(b, &far->box[i])))
			return true;
	return false;
}

/* Drop the faint ink that b holds. */
static void drop_held(struct box_list *list, const struct box *b)
{
	size_t kept = 0;

	for (size_t i = 0; i < list->count; i++)
		if (list->box[i].tier != TIER_FAINT ||
		    !holds(b, &list->box[i]))
			list->box[kept++] = list->box[i];
	list->count = kept;
}

bool gather_far(struct box_list *list, const struct box_list *far,
		struct error *err)
{
	for (size_t i = 0; i < far->count; i++) {
		if (is_shown(list, far, i))
			continue;
		drop_held(list, &far->box[i]);
		if (!box_list_add(list, &far->box[i]))
			return error_set(err, ERR_MEMORY,
					 _("no memory for boxes"));
	}
	return true;
}

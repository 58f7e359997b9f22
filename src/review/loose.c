/* loose.c - ink outside the boxes that may be a line of letters. */
#include "config.h"

#include "review/loose.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum {
	LEAST_HIGH = 5,         /* pixels of a letter */
	MOST_HIGH = 48,         /* DESIGN 7: letters of 8-40 px */
	WIDE = 8,               /* heights: letters that touch */
	UNLIKE = 3,             /* so many times as high: other lines */
	NEAR = 3,               /* pixels: pieces of one letter */
	BAND = 16,              /* pixels */
	LETTERS = 3,            /* of a line, at least */
	OPEN = 2, OPEN_SHARE = 3,       /* of them under no box: and a third */
	ACROSS = 2,             /* heights of a line: a box that is higher was
				   not made for it */
	STRONG = 36, STRONG_HALF = 42,  /* of MARK_STRENGTH */
	STRONG_PAIR = 120, PAIR_HIGH = 8,
};

/* A mark, or pieces of one, as seen along the line; what runs down is turned
 * on its side. */
struct letter {
	struct region box;
	bool light;
	int strength;
	int group;              /* index of the first of its group so far */
};

struct finder {
	const struct region *covered;
	size_t covered_count;
	struct letter *letter;
	size_t count, capacity;
	bool down;
	bool whole;             /* lines that go on under a box */
};

void loose_list_done(struct loose_list *list)
{
	free(list->line);
	*list = (struct loose_list){ 0 };
}

static int least(int a, int b)
{
	return a < b ? a : b;
}

static int most(int a, int b)
{
	return a > b ? a : b;
}

static struct region turned(struct region r)
{
	return (struct region){ r.y0, r.x0, r.y1, r.x1 };
}

/* ---- marks ---- */

static bool is_covered(const struct finder *f, struct region r)
{
	int x = (r.x0 + r.x1) / 2, y = (r.y0 + r.y1) / 2;

	for (size_t i = 0; i < f->covered_count; i++)
		if (region_hit(f->covered[i], x, y))
			return true;
	return false;
}

static bool take_marks(struct finder *f, const struct mark_list *marks)
{
	f->count = 0;
	for (size_t i = 0; i < marks->count; i++) {
		const struct mark *m = &marks->mark[i];
		struct region r = f->down ? turned(m->box) : m->box;

		if (region_height(r) > MOST_HIGH ||
		    region_width(r) > MOST_HIGH * WIDE ||
		    (!f->whole && is_covered(f, m->box)))
			continue;
		if (!mem_grow(&f->letter, &f->capacity, f->count,
			      sizeof(*f->letter)))
			return false;
		f->letter[f->count++] = (struct letter){
			.box = r, .light = m->light, .strength = m->strength };
	}
	return true;
}

/* ---- groups ---- */

static int by_left(const void *left, const void *right)
{
	const struct letter *a = left, *b = right;

	if (a->box.x0 != b->box.x0)
		return a->box.x0 < b->box.x0 ? -1 : 1;
	return (a->box.y0 > b->box.y0) - (a->box.y0 < b->box.y0);
}

static bool is_piece(const struct letter *l)
{
	return region_height(l->box) < LEAST_HIGH &&
		region_width(l->box) < LEAST_HIGH;
}

/* Pieces of one letter, a left of b: small ones beside another or beside one
 * that is whole. */
static bool are_pieces(const struct letter *a, const struct letter *b)
{
	return a->light == b->light && (is_piece(a) || is_piece(b)) &&
		a->strength >= STRONG && b->strength >= STRONG &&
		b->box.x0 - a->box.x1 < NEAR &&
		b->box.y0 - a->box.y1 < NEAR && a->box.y0 - b->box.y1 < NEAR;
}

/* Neighbours in a line, a left of b: alike, beside one another, no further
 * apart than a letter is high. */
static bool are_neighbours(const struct letter *a, const struct letter *b)
{
	int ha = region_height(a->box), hb = region_height(b->box);
	int low = least(ha, hb), high = most(ha, hb);
	int both = least(a->box.y1, b->box.y1) - most(a->box.y0, b->box.y0);

	return a->light == b->light && high <= UNLIKE * low &&
		2 * both >= low && b->box.x0 - a->box.x1 <= high;
}

static int group_of(struct finder *f, int i)
{
	while (f->letter[i].group != i)
		i = f->letter[i].group = f->letter[f->letter[i].group].group;
	return i;
}

static void join(struct finder *f, int i, int k)
{
	int a = group_of(f, i), b = group_of(f, k);

	f->letter[most(a, b)].group = least(a, b);
}

/* Bands of rows; a neighbour touches one that its neighbour touches. */
struct bands {
	int first, count;
	size_t *start;          /* [count + 1] into entry */
	int *entry;             /* letters, from the left */
};

static int first_band(const struct letter *l)
{
	return (most(l->box.y0, NEAR) - NEAR) / BAND;
}

static int last_band(const struct letter *l)
{
	return (l->box.y1 + NEAR) / BAND;
}

static void bands_done(struct bands *b)
{
	free(b->start);
	free(b->entry);
}

static bool make_bands(const struct finder *f, struct bands *b)
{
	size_t *next;

	*b = (struct bands){ 0 };
	for (size_t i = 0; i < f->count; i++)
		b->count = most(b->count, last_band(&f->letter[i]) + 1);
	b->start = mem_array((size_t)b->count + 2, sizeof(*b->start));
	if (!b->start)
		return false;
	/* start[n + 2] counts band n, then start[n + 1] runs through it */
	next = b->start + 1;
	for (size_t i = 0; i < f->count; i++)
		for (int n = first_band(&f->letter[i]);
		     n <= last_band(&f->letter[i]); n++)
			next[n + 1]++;
	for (int n = 0; n < b->count; n++)
		next[n + 1] += next[n];
	b->entry = mem_array(next[b->count] + 1, sizeof(*b->entry));
	for (size_t i = 0; b->entry && i < f->count; i++)
		for (int n = first_band(&f->letter[i]);
		     n <= last_band(&f->letter[i]); n++)
			b->entry[next[n]++] = (int)i;
	return b->entry != NULL;
}

/* Group the letters of which one belongs to the other. */
static bool group_letters(struct finder *f,
			  bool (*belong)(const struct letter *a,
					 const struct letter *b))
{
	struct bands b;
	bool ok;

	if (f->count == 0)
		return true;
	qsort(f->letter, f->count, sizeof(*f->letter), by_left);
	for (size_t i = 0; i < f->count; i++)
		f->letter[i].group = (int)i;
	ok = make_bands(f, &b);
	for (int n = 0; ok && n < b.count; n++)
		for (size_t i = b.start[n]; i < b.start[n + 1]; i++) {
			const struct letter *l = &f->letter[b.entry[i]];

			for (size_t k = i + 1; k < b.start[n + 1]; k++) {
				const struct letter *o =
					&f->letter[b.entry[k]];

				if (o->box.x0 - l->box.x1 > MOST_HIGH)
					break;
				if (belong(l, o))
					join(f, b.entry[i], b.entry[k]);
			}
		}
	bands_done(&b);
	return ok;
}

static bool is_letter(const struct letter *l)
{
	int height = region_height(l->box);

	return height >= LEAST_HIGH && height <= MOST_HIGH &&
		region_width(l->box) <= WIDE * height &&
		l->strength >= STRONG;
}

/* Pieces become the letter they belong to; what is none is dropped. */
static void make_letters(struct finder *f)
{
	size_t kept = 0;

	for (size_t i = 0; i < f->count; i++) {
		struct letter *l = &f->letter[i];
		struct letter *of = &f->letter[group_of(f, (int)i)];

		of->box = region_union(of->box, l->box);
		of->strength = most(of->strength, l->strength);
	}
	for (size_t i = 0; i < f->count; i++)
		if (f->letter[i].group == (int)i && is_letter(&f->letter[i]))
			f->letter[kept++] = f->letter[i];
	f->count = kept;
}

/* ---- lines ---- */

static int by_group(const void *left, const void *right)
{
	const struct letter *a = left, *b = right;

	return (a->group > b->group) - (a->group < b->group);
}

static int by_strength(const void *left, const void *right)
{
	const struct letter *a = left, *b = right;

	return (a->strength > b->strength) - (a->strength < b->strength);
}

static int by_height(const void *left, const void *right)
{
	const struct letter *a = left, *b = right;
	int ha = region_height(a->box), hb = region_height(b->box);

	return (ha > hb) - (ha < hb);
}

/* One whose pieces touch others counts as those. */
static int letters_in(const struct letter *l)
{
	return most(1, region_width(l->box) / region_height(l->box));
}

static int apart_by(int a, int b)
{
	return a > b ? a - b : b - a;
}

/* Two letters on one line that are very clear: an age, a sex. */
static bool is_pair(const struct letter *letter, size_t count)
{
	const struct region *a = &letter[0].box, *b = &letter[1].box;

	return count == 2 && apart_by(a->y0, b->y0) <= 1 &&
		apart_by(a->y1, b->y1) <= 1 &&
		region_height(*a) >= PAIR_HIGH &&
		region_width(*a) <= region_height(*a) &&
		region_width(*b) <= region_height(*b) &&
		letter[0].strength >= STRONG_PAIR &&
		letter[1].strength >= STRONG_PAIR;
}

/* Is a group of letters a line?  Changes their order. */
static bool is_line(struct letter *letter, size_t count,
		    struct loose_line *line)
{
	int height, width;

	*line = (struct loose_line){ 0 };
	for (size_t i = 0; i < count; i++) {
		line->region = region_union(line->region, letter[i].box);
		line->letters += letters_in(&letter[i]);
	}
	line->letter_height = region_height(letter[0].box);
	if (is_pair(letter, count))
		return true;
	if (count < 2 || line->letters < LETTERS)
		return false;
	height = region_height(line->region);
	width = region_width(line->region);
	qsort(letter, count, sizeof(*letter), by_strength);
	if (letter[count / 2].strength < STRONG_HALF)
		return false;
	qsort(letter, count, sizeof(*letter), by_height);
	/* the pieces of a character that fell apart are lower */
	line->letter_height = region_height(letter[3 * count / 4].box);
	return 2 * height <= 3 * region_height(letter[count - 1].box) &&
		width >= 2 * height;
}

/* What lies on a letter of a line. */
enum cover { COVER_NONE, COVER_ACROSS, COVER_LINE };

/* A box of the line itself, or one that runs across it: a column, a block. */
static enum cover cover_of(const struct finder *f, struct region letter,
			   int line_height)
{
	int x = (letter.x0 + letter.x1) / 2, y = (letter.y0 + letter.y1) / 2;
	enum cover cover = COVER_NONE;

	for (size_t i = 0; i < f->covered_count; i++) {
		struct region box = f->down ? turned(f->covered[i]) :
					      f->covered[i];

		if (!region_hit(box, x, y))
			continue;
		if (region_height(box) <= ACROSS * line_height)
			return COVER_LINE;
		cover = COVER_ACROSS;
	}
	return cover;
}

/*
 * Enough of it that it is not just the end of what a box holds: of a line that
 * boxes run across one letter, which is no piece of one.
 */
static bool is_open(const struct finder *f, const struct letter *letter,
		    size_t count, const struct loose_line *line)
{
	int height = region_height(line->region);
	size_t by[COVER_LINE + 1] = { 0 }, whole = 0;

	if (!f->whole)
		return count >= OPEN;
	for (size_t i = 0; i < count; i++) {
		enum cover c = cover_of(f, letter[i].box, height);

		by[c]++;
		whole += c == COVER_NONE &&
			3 * region_height(letter[i].box) >= 2 * height;
	}
	return (by[COVER_NONE] >= OPEN && OPEN_SHARE * by[COVER_NONE] >= count)
		|| (by[COVER_ACROSS] > 0 && whole > 0);
}

static bool take_lines(struct finder *f, struct loose_list *list)
{
	size_t end;

	for (size_t i = 0; i < f->count; i++)
		f->letter[i].group = group_of(f, (int)i);
	if (f->count > 0)
		qsort(f->letter, f->count, sizeof(*f->letter), by_group);
	for (size_t i = 0; i < f->count; i = end) {
		struct loose_line line;

		for (end = i + 1; end < f->count &&
		     f->letter[end].group == f->letter[i].group; end++)
			;
		if (!is_line(&f->letter[i], end - i, &line) ||
		    !is_open(f, &f->letter[i], end - i, &line))
			continue;
		if (!mem_grow(&list->line, &list->capacity, list->count,
			      sizeof(*list->line)))
			return false;
		line.down = f->down;
		if (f->down)
			line.region = turned(line.region);
		list->line[list->count++] = line;
	}
	return true;
}

/* ---- words of a line, both ways ---- */

/* Beside one another, no further apart than words are. */
static bool are_words(const struct loose_line *a, const struct loose_line *b)
{
	struct region ra = a->down ? turned(a->region) : a->region;
	struct region rb = b->down ? turned(b->region) : b->region;
	int ha = region_height(ra), hb = region_height(rb);
	int low = least(ha, hb), high = most(ha, hb);
	int both = least(ra.y1, rb.y1) - most(ra.y0, rb.y0);
	int gap = most(ra.x0, rb.x0) - least(ra.x1, rb.x1);

	return a->down == b->down && 2 * high <= 3 * low &&
		3 * both >= 2 * low && 2 * gap <= 5 * high;
}

static void join_words(struct loose_list *list)
{
	struct loose_line *line = list->line;

	for (size_t i = 0; i < list->count; i++)
		for (size_t k = i + 1; k < list->count; k++) {
			if (!are_words(&line[i], &line[k]))
				continue;
			line[i].region = region_union(line[i].region,
						      line[k].region);
			line[i].letters += line[k].letters;
			line[k] = line[--list->count];
			k = i;
		}
}

static int by_letters(const void *left, const void *right)
{
	const struct loose_line *a = left, *b = right;

	if (a->letters != b->letters)
		return a->letters > b->letters ? -1 : 1;
	if (a->region.y0 != b->region.y0)
		return a->region.y0 < b->region.y0 ? -1 : 1;
	return (a->region.x0 > b->region.x0) - (a->region.x0 < b->region.x0);
}

static bool in_another(const struct loose_list *list, size_t count,
		       struct region r)
{
	for (size_t i = 0; i < count; i++)
		if (5 * region_area(region_intersect(r,
				list->line[i].region)) > 4 * region_area(r))
			return true;
	return false;
}

static void drop_doubles(struct loose_list *list)
{
	size_t kept = 0;

	if (list->count > 0)
		qsort(list->line, list->count, sizeof(*list->line),
		      by_letters);
	for (size_t i = 0; i < list->count; i++)
		if (!in_another(list, kept, list->line[i].region))
			list->line[kept++] = list->line[i];
	list->count = kept;
}

/* Across, then down. */
static bool find_lines(struct finder *f, const struct mark_list *marks,
		       struct loose_list *list)
{
	for (int i = 0; i < 2; i++) {
		f->down = i == 1;
		if (!take_marks(f, marks) || !group_letters(f, are_pieces))
			return false;
		make_letters(f);
		if (!group_letters(f, are_neighbours) || !take_lines(f, list))
			return false;
	}
	return true;
}

bool loose_find(const struct mark_list *marks, const struct region *covered,
		size_t count, struct loose_list *list)
{
	struct finder f = { .covered = covered, .covered_count = count };
	bool ok;

	list->count = 0;
	ok = find_lines(&f, marks, list);
	/* letters too few for a line of their own, that go on under a box */
	f.whole = true;
	ok = ok && find_lines(&f, marks, list);
	join_words(list);
	drop_doubles(list);
	free(f.letter);
	return ok;
}

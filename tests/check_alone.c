/*
 * check_alone.c - a small identifier beside, above or below a harmless text
 * is not cleared with it, by the whole detector; the harmless text alone is.
 * SUMI_SEED tries other pictures, SUMI_LINES so many pairs.
 */
#include "config.h"

#include "ocr/text.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "image/image.h"
#include "ocr/alone.h"
#include "ocr/prepare.h"
#include "samples/draw.h"
#include "tests/make_dicom.h"
#include "tests/support.h"

/* COLOURED: the neighbour of a yellow text is white; BARRED: a block stands
 * behind the text. */
enum ground { PLAIN, NEIGHBOUR, GRAINY, COLOURED, BARRED };

enum { COLUMNS = 1000, ROWS = 640, CELL_COLUMNS = 500, CELL_ROWS = 160,
       ACROSS = COLUMNS / CELL_COLUMNS, CELLS = ACROSS * (ROWS / CELL_ROWS),
       LEFT_OF = 140,                   /* of the harmless text */
       LEAST_SIZE = 9, PAD = 4, PAIRS = 400, SECONDS = 120 };

static const struct detect_options options = { .languages = "eng+jpn",
					       .words = "" };

/* ---- chance ---- */

static uint64_t state;

static int roll(int sides)
{
	/* splitmix64 */
	uint64_t z = state += 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return (int)((z ^ (z >> 31)) % (uint64_t)sides);
}

static long asked(const char *name, long otherwise)
{
	const char *value = getenv(name);

	return value ? strtol(value, NULL, 10) : otherwise;
}

#define PICK(table) ((table)[roll((int)ARRAY_LENGTH(table))])

/* ---- pictures ---- */

static void fill_ground(struct canvas *c, enum ground ground)
{
	int level = 20 * roll(4), grain = roll(2) ? 1 + roll(16) : 1;

	if (ground == GRAINY)
		grain = 30 + roll(40);

	for (int i = 0; i < c->columns * c->rows; i++) {
		int v = level + roll(grain);

		for (int s = 0; s < c->samples; s++)
			c->value[i * c->samples + s] = v;
	}
}

/* How large a text would be drawn. */
static struct region size_of(int size, const char *text)
{
	struct canvas c;
	struct region r;

	ck_assert(canvas_init(&c, COLUMNS, size + PAD, 1));
	r = draw_text(&c, 0, 0, size, (struct colour){ { 255 } }, text);
	canvas_done(&c);
	return r;
}

static bool has_neighbours(enum ground ground)
{
	return ground == NEIGHBOUR || ground == COLOURED;
}

struct pair {
	struct region benign, identifier;
};

/* Where a small text of that size stands by a large one: above, below, right
 * or left of it, gap samples away.  Of its ink. */
static void place(struct region large, struct region small, int gap, int *x,
		  int *y)
{
	int w = region_width(small), h = region_height(small);
	int along = region_width(large) > w ? region_width(large) - w : 0;
	int across = region_height(large) > h ? region_height(large) - h : 0;

	*x = large.x0 + roll(along + 1);
	*y = large.y0 + roll(across + 1);
	switch (roll(4)) {
	case 0: *y = large.y0 - gap - h; break;
	case 1: *y = large.y1 + gap; break;
	case 2: *x = large.x1 + h / 2 + gap; break;
	default: *x = large.x0 - h / 2 - gap - w; break;
	}
}

/* A block behind a text, as wide as letters are high. */
static struct region draw_block(struct canvas *c, struct region text, int size,
				int level)
{
	struct region r = { text.x1 + size / 3, text.y0 - size / 4,
			    text.x1 + size / 3 + size, text.y1 + size / 4 };

	for (int y = r.y0; y < r.y1; y++)
		for (int x = r.x0; x < r.x1; x++)
			for (int i = 0; i < c->samples; i++)
				c->value[(y * c->columns + x) * c->samples +
					 i] = level;
	return r;
}

/* A harmless text and an identifier by it, in a cell of the picture. */
static struct pair draw_pair(struct canvas *c, int cell, enum ground ground)
{
	static const char *const benign[] = {
		"CHEST", "SUPINE", "PORTABLE", "ABDOMEN", "ERECT", "120 KV",
		"512 X 512", "TR 4650 TE 92", "FOV 240 MM", "CONTRAST",
		"AXIAL", "OBLIQUE",
	};
	static const char *const identifiers[] = {
		"1958/03/04", "SATO HANAKO", "7942830", "12-MAR-1961",
		"DR. INOUE", "A0231187", "YAMADA", "S33.4.5", "47Y/F",
		"03-0000-1234",
	};
	const char *text = PICK(benign), *other = PICK(identifiers);
	int size = ground == GRAINY ? 8 + roll(4) : 16 + roll(26);
	int smaller = size * (30 + roll(60)) / 100;
	int small = smaller < LEAST_SIZE ? LEAST_SIZE : smaller;
	int gap = 1 + roll(8), level = 200 + roll(56);
	struct region ink = size_of(small, other);
	int x = cell % ACROSS * CELL_COLUMNS + LEFT_OF;
	int y = cell / ACROSS * CELL_ROWS + CELL_ROWS / 3;
	int faint = roll(3) ? level : 150 + roll(50);
	struct colour yellow = { { level, level } };
	struct colour white = { { faint, faint, faint } };
	struct pair p;

	if (ground == COLOURED)
		gap += roll(size / 3);
	p.benign = draw_text(c, x, y, size, yellow, text);
	place(p.benign, ink, gap, &x, &y);
	p.identifier = (struct region){ x, y, x + region_width(ink),
					y + region_height(ink) };
	if (ground == BARRED)
		p.identifier = draw_block(c, p.benign, size, level);
	if (has_neighbours(ground))
		draw_text(c, x - ink.x0, y - ink.y0, small, white, other);
	return p;
}

static struct image *open_picture(const struct canvas *c, int *fd)
{
	static uint8_t picture[ROWS * COLUMNS * 3];
	const char *photometric = c->samples == 3 ? "RGB" : "MONOCHROME2";
	int bytes = ROWS * COLUMNS * c->samples;
	struct dicom_maker m = { .implicit = false };
	struct error err = { 0 };
	struct image *image;

	for (int i = 0; i < bytes; i++)
		picture[i] = (uint8_t)c->value[i];
	make_begin(&m, "1.2.840.10008.1.2.1");
	make_text(&m, 0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.2");
	make_text(&m, 0x00080018, "UI", "1.2.3.4.5");
	make_text(&m, 0x00080060, "CS", "CT");
	make_pixel_module(&m, COLUMNS, ROWS, c->samples, photometric, 8, 8, 0);
	make_bytes(&m, 0x7fe00010, "OB", picture, (size_t)bytes);
	*fd = make_file(m.out.data, m.out.length);
	buffer_done(&m.out);
	image = image_open(*fd, &err);
	ck_assert_msg(image != NULL, "%s", err.text);
	return image;
}

/* Percent of r that lies on boxes of a tier. */
static int share_of(struct region r, const struct proposals *p,
		    enum box_tier tier)
{
	long long covered = 0;

	for (int y = r.y0; y < r.y1; y++)
		for (int x = r.x0; x < r.x1; x++)
			for (size_t i = 0; i < p->boxes.count; i++) {
				struct region b = p->boxes.box[i].region;

				if (p->boxes.box[i].tier != tier ||
				    x < b.x0 || x >= b.x1 || y < b.y0 ||
				    y >= b.y1)
					continue;
				covered++;
				break;
			}
	return (int)(100 * covered / region_area(r));
}

/* Cleared as `eval` counts it. */
static bool is_cleared(struct region r, const struct proposals *p)
{
	return share_of(r, p, TIER_BENIGN) >= 50 &&
	       share_of(r, p, TIER_BOX) < 80;
}

/* Draws a picture of pairs; adds what of them is cleared. */
static void judge_picture(enum ground ground, int *benign, int *identifiers)
{
	struct proposals p = { .text = CHECK_OFF };
	struct error err = { 0 };
	struct pair pair[CELLS];
	struct canvas c;
	struct image *image;
	int fd;

	ck_assert(canvas_init(&c, COLUMNS, ROWS, ground == COLOURED ? 3 : 1));
	fill_ground(&c, ground);
	for (int i = 0; i < CELLS; i++)
		pair[i] = draw_pair(&c, i, ground);
	image = open_picture(&c, &fd);
	canvas_done(&c);
	ck_assert_msg(text_run(image, &options, NULL, &p, &err), "%s",
		      err.text);
	for (int i = 0; i < CELLS; i++) {
		*benign += is_cleared(pair[i].benign, &p);
		*identifiers += (has_neighbours(ground) ||
				 ground == BARRED) &&
				is_cleared(pair[i].identifier, &p);
	}
	proposals_done(&p);
	image_close(image);
	close(fd);
}

/* Percent of pairs that may be left: of 2400 coloured ones 7 are, and 336 when
 * what is read need not fill its box. */
static const struct { enum ground ground; int left; } neighbours[] = {
	{ NEIGHBOUR, 0 }, { COLOURED, 1 },
};

START_TEST(nothing_is_cleared_with_its_neighbour)
{
	struct error err = { 0 };
	int benign = 0, identifiers = 0, pairs = 0;

	state = (uint64_t)asked("SUMI_SEED", 20261123);
	ck_assert(image_warm_up(&err) && text_load(&options, &err));
	for (; pairs < asked("SUMI_LINES", PAIRS); pairs += CELLS)
		judge_picture(neighbours[_i].ground, &benign, &identifiers);
	ck_assert_msg(100 * identifiers <= neighbours[_i].left * pairs,
		      "%d of %d", identifiers, pairs);
	ck_assert_int_gt(pairs, 0);
}
END_TEST

/* Else the test above could not fail. */
START_TEST(what_stands_alone_is_cleared)
{
	struct error err = { 0 };
	int benign = 0, identifiers = 0, pairs = 0;

	state = (uint64_t)asked("SUMI_SEED", 20261123);
	ck_assert(image_warm_up(&err) && text_load(&options, &err));
	for (; pairs < PAIRS / 4; pairs += CELLS)
		judge_picture(PLAIN, &benign, &identifiers);
	ck_assert_msg(2 * benign >= pairs, "%d of %d", benign, pairs);
}
END_TEST

/* Small letters in grain; read in one way alone, 143 of 200. */
START_TEST(what_is_hard_to_read_is_cleared)
{
	struct error err = { 0 };
	int benign = 0, identifiers = 0, pairs = 0;

	state = 20261123;               /* others are easier, or harder */
	ck_assert(image_warm_up(&err) && text_load(&options, &err));
	for (; pairs < PAIRS / 2; pairs += CELLS)
		judge_picture(GRAINY, &benign, &identifiers);
	ck_assert_msg(100 * benign >= 75 * pairs, "%d of %d", benign, pairs);
}
END_TEST

/* A block beside it: read with that, 110 of 200; cut as it was read first
 * only, 189. */
START_TEST(what_has_signs_at_its_ends_is_cleared)
{
	struct error err = { 0 };
	int benign = 0, bars = 0, pairs = 0;

	state = 20261123;
	ck_assert(image_warm_up(&err) && text_load(&options, &err));
	for (; pairs < PAIRS / 2; pairs += CELLS)
		judge_picture(BARRED, &benign, &bars);
	ck_assert_int_eq(bars, 0);
	ck_assert_msg(100 * benign >= 96 * pairs, "%d of %d", benign, pairs);
}
END_TEST

/* ---- kana and kanji, as marks ---- */

enum { MARKS = 12, LETTERS = 8, WIDE = 260, HIGH = 90, LEFT = 40, TOP = 30 };

/* Marks of one line, from its upper left corner, and what was read there. */
static const struct dense {
	int wide, high;                 /* of the line's box */
	struct region mark[MARKS];
	struct { int x0, x1; enum symbol_form form; } letter[LETTERS];
	enum alone alone;
} denses[] = {
	/* 造影: no mark is as high as the kanji are */
	{ 36, 18, { { 6, 1, 17, 7 }, { 2, 2, 5, 5 }, { 1, 8, 17, 17 },
		    { 19, 1, 28, 8 }, { 29, 1, 34, 6 }, { 19, 9, 35, 17 } },
	  { { 1, 17, SYMBOL_DENSE }, { 19, 35, SYMBOL_DENSE } },
	  ALONE_PROVED },
	/* a small text behind it */
	{ 50, 18, { { 6, 1, 17, 7 }, { 2, 2, 5, 5 }, { 1, 8, 17, 17 },
		    { 19, 1, 28, 8 }, { 29, 1, 34, 6 }, { 19, 9, 35, 17 },
		    { 39, 8, 43, 14 }, { 45, 8, 48, 14 } },
	  { { 1, 17, SYMBOL_DENSE }, { 19, 35, SYMBOL_DENSE } },
	  ALONE_DOUBTED },
	/* 5cm behind a kanji: low letters are half as high as it is */
	{ 57, 19, { { 0, 0, 18, 19 }, { 24, 4, 32, 19 }, { 34, 9, 42, 19 },
		    { 44, 9, 56, 19 } },
	  { { 0, 18, SYMBOL_DENSE }, { 24, 32, SYMBOL_TALL },
	    { 34, 42, SYMBOL_LOW }, { 44, 56, SYMBOL_LOW } },
	  ALONE_PROVED },
	/* a small text behind a digit */
	{ 54, 19, { { 0, 0, 18, 19 }, { 24, 4, 32, 19 }, { 46, 8, 52, 14 } },
	  { { 0, 18, SYMBOL_DENSE }, { 24, 32, SYMBOL_TALL } },
	  ALONE_DOUBTED },
	/* 9% half as high as 5 is another text */
	{ 57, 19, { { 0, 0, 18, 19 }, { 24, 4, 32, 19 }, { 34, 4, 42, 19 },
		    { 44, 8, 56, 19 } },
	  { { 0, 18, SYMBOL_DENSE }, { 24, 32, SYMBOL_TALL },
	    { 34, 42, SYMBOL_TALL }, { 44, 56, SYMBOL_TALL } },
	  ALONE_DOUBTED },
	/* a row below that touches a kanji */
	{ 110, 24, { { 0, 0, 18, 18 }, { 20, 0, 38, 23 }, { 40, 0, 58, 18 },
		     { 64, 2, 72, 17 }, { 76, 2, 84, 17 }, { 88, 2, 96, 17 } },
	  { { 0, 18, SYMBOL_DENSE }, { 20, 38, SYMBOL_DENSE },
	    { 40, 58, SYMBOL_DENSE }, { 64, 72, SYMBOL_TALL },
	    { 76, 84, SYMBOL_TALL }, { 88, 96, SYMBOL_TALL } },
	  ALONE_DOUBTED },
	/* Ranged: what hangs is glued to the letters before it */
	{ 70, 16, { { 0, 0, 10, 12 }, { 12, 0, 34, 12 }, { 32, 4, 40, 16 },
		    { 44, 4, 54, 12 }, { 58, 0, 68, 12 } },
	  { { 0, 10, SYMBOL_TALL }, { 12, 20, SYMBOL_LOW },
	    { 22, 30, SYMBOL_LOW }, { 32, 40, SYMBOL_LOW },
	    { 44, 54, SYMBOL_LOW }, { 58, 68, SYMBOL_TALL } },
	  ALONE_PROVED },
	/* a frame that was read as brackets, and a small text in its rule */
	{ 100, 44, { { 0, 0, 100, 40 }, { 12, 8, 24, 32 }, { 34, 8, 46, 32 },
		     { 56, 8, 68, 32 }, { 78, 8, 90, 32 }, { 57, 35, 63, 42 },
		     { 65, 35, 71, 42 } },
	  { { 0, 4, SYMBOL_SIGN }, { 12, 24, SYMBOL_TALL },
	    { 34, 46, SYMBOL_TALL }, { 56, 68, SYMBOL_TALL },
	    { 78, 90, SYMBOL_TALL }, { 96, 100, SYMBOL_SIGN } },
	  ALONE_DOUBTED },
};

/* Networks tell of a letter about its middle. */
static struct symbol symbol_at(const struct dense *d, int i)
{
	int margin = prepare_margin(d->high, LOOK_USUAL);
	int whole = d->wide + 2 * margin;
	int at = (d->letter[i].x0 + d->letter[i].x1) / 2 + margin;

	return (struct symbol){
		.from = (uint16_t)((at - 1) * SYMBOLS_WHOLE / whole),
		.to = (uint16_t)((at + 1) * SYMBOLS_WHOLE / whole),
		.form = (uint8_t)d->letter[i].form,
		/* the last of the glued ones */
		.hangs = d->letter[i].form == SYMBOL_LOW && i == 3 &&
			 d->high == 16 };
}

/* Its edge, of two pixels: what is wider than a stroke is no letter. */
static void draw_mark(uint8_t *grey, struct region m)
{
	for (int y = m.y0; y < m.y1; y++)
		for (int x = m.x0; x < m.x1; x++)
			if (x < m.x0 + 2 || x >= m.x1 - 2 || y < m.y0 + 2 ||
			    y >= m.y1 - 2)
				grey[(TOP + y) * WIDE + LEFT + x] = 220;
}

/* The marks of a line, and the letters of its reading. */
static struct line draw_line(const struct dense *d, uint8_t *grey,
			     struct symbols *s)
{
	struct line line = { .box = { LEFT, TOP, LEFT + d->wide,
				      TOP + d->high } };

	memset(grey, 0, HIGH * WIDE);
	for (const struct region *m = d->mark; m->x1; m++)
		draw_mark(grey, *m);
	s->count = 0;
	while (s->count < LETTERS && d->letter[s->count].x1) {
		s->symbol[s->count] = symbol_at(d, s->count);
		s->count++;
	}
	line.seen[POLARITY_BRIGHT] = line.box;
	line.seen_score[POLARITY_DARK] = LINES_NEVER;
	return line;
}

START_TEST(dense_letters_are_marks)
{
	static uint8_t grey[HIGH * WIDE];
	const struct dense *d = &denses[_i];
	struct grey_plane p = { grey, WIDE, HIGH, WIDE };
	struct symbols s;
	struct line line = draw_line(d, grey, &s);
	struct error err = { 0 };
	enum alone alone;

	ck_assert(alone_look(&p, &line, &s, NULL, &alone, &err));
	ck_assert_int_eq(alone, d->alone);
}
END_TEST

/* ---- letters read badly ---- */

/* Two letters, a space and what stands behind it. */
static const struct badly_read {
	struct dense line;
	int doubt[LETTERS];
} badly_reads[] = {
	/* a kanji, read as a third capital */
	{ { 42, 15, { { 0, 0, 8, 12 }, { 10, 0, 18, 12 }, { 26, 0, 41, 15 } },
	    { { 0, 8, SYMBOL_TALL }, { 10, 18, SYMBOL_TALL },
	      { 26, 41, SYMBOL_TALL } }, ALONE_DOUBTED }, { 0, 0, 45 } },
	/* surely read, it is a large letter */
	{ { 42, 15, { { 0, 0, 8, 12 }, { 10, 0, 18, 12 }, { 26, 0, 41, 15 } },
	    { { 0, 8, SYMBOL_TALL }, { 10, 18, SYMBOL_TALL },
	      { 26, 41, SYMBOL_TALL } }, ALONE_PROVED }, { 0, 0, 30 } },
	/* too narrow for a kanji */
	{ { 36, 15, { { 0, 0, 8, 12 }, { 10, 0, 18, 12 }, { 28, 0, 35, 15 } },
	    { { 0, 8, SYMBOL_TALL }, { 10, 18, SYMBOL_TALL },
	      { 28, 35, SYMBOL_TALL } }, ALONE_PROVED }, { 0, 0, 45 } },
	/* too low for one */
	{ { 39, 13, { { 0, 0, 8, 12 }, { 10, 0, 18, 12 }, { 26, 0, 38, 13 } },
	    { { 0, 8, SYMBOL_TALL }, { 10, 18, SYMBOL_TALL },
	      { 26, 38, SYMBOL_TALL } }, ALONE_PROVED }, { 0, 0, 45 } },
	/* a word of two letters that may be anything, LI read as LL */
	{ { 48, 13, { { 0, 0, 8, 12 }, { 10, 0, 18, 12 }, { 27, 0, 35, 12 },
		      { 38, 0, 46, 12 } },
	    { { 0, 8, SYMBOL_TALL }, { 10, 18, SYMBOL_TALL },
	      { 27, 35, SYMBOL_TALL }, { 38, 46, SYMBOL_TALL } },
	    ALONE_DOUBTED }, { 0, 0, 65 } },
	/* of three */
	{ { 58, 13, { { 0, 0, 8, 12 }, { 10, 0, 18, 12 }, { 27, 0, 35, 12 },
		      { 38, 0, 46, 12 }, { 48, 0, 56, 12 } },
	    { { 0, 8, SYMBOL_TALL }, { 10, 18, SYMBOL_TALL },
	      { 27, 35, SYMBOL_TALL }, { 38, 46, SYMBOL_TALL },
	      { 48, 56, SYMBOL_TALL } }, ALONE_PROVED }, { 0, 0, 65 } },
	/* of two, read a little better */
	{ { 48, 13, { { 0, 0, 8, 12 }, { 10, 0, 18, 12 }, { 27, 0, 35, 12 },
		      { 38, 0, 46, 12 } },
	    { { 0, 8, SYMBOL_TALL }, { 10, 18, SYMBOL_TALL },
	      { 27, 35, SYMBOL_TALL }, { 38, 46, SYMBOL_TALL } },
	    ALONE_PROVED }, { 0, 0, 55 } },
	/* alone in its row it is as sure as all of the reading */
	{ { 18, 13, { { 0, 0, 8, 12 }, { 10, 0, 18, 12 } },
	    { { 0, 8, SYMBOL_TALL }, { 10, 18, SYMBOL_TALL } },
	    ALONE_PROVED }, { 65 } },
};

START_TEST(badly_read_words_are_doubted)
{
	static uint8_t grey[HIGH * WIDE];
	const struct badly_read *b = &badly_reads[_i];
	struct grey_plane p = { grey, WIDE, HIGH, WIDE };
	struct symbols s;
	struct line line = draw_line(&b->line, grey, &s);
	struct error err = { 0 };
	enum alone alone;

	for (int i = 0; i < s.count; i++)
		s.symbol[i].doubt = (uint8_t)b->doubt[i];
	s.symbol[1].spaced = true;
	ck_assert(alone_look(&p, &line, &s, NULL, &alone, &err));
	ck_assert_int_eq(alone, b->line.alone);
}
END_TEST

/* K of KIM, with IM as the line: another row that found it explains it, a line
 * that runs down through it does not. */
START_TEST(lines_that_run_down_explain_nothing)
{
	static uint8_t grey[HIGH * WIDE];
	static const struct dense letters = { 22, 13,
		{ { 0, 0, 10, 12 }, { 12, 0, 22, 12 }, { -16, 0, -6, 12 } },
		{ { 0, 10, SYMBOL_TALL }, { 12, 22, SYMBOL_TALL } },
		ALONE_PROVED };
	struct grey_plane p = { grey, WIDE, HIGH, WIDE };
	struct symbols s;
	struct line line = draw_line(&letters, grey, &s);
	struct line other = { .box = { LEFT - 18, TOP, LEFT - 4, TOP + 13 },
			      .score = 5 };
	struct line_list lines = { .line = &other, .count = 1 };
	struct error err = { 0 };
	enum alone alone;

	ck_assert(alone_look(&p, &line, &s, &lines, &alone, &err));
	ck_assert_int_eq(alone, ALONE_PROVED);
	other.vertical = true;
	other.box.y1 = HIGH;
	ck_assert(alone_look(&p, &line, &s, &lines, &alone, &err));
	ck_assert_int_eq(alone, ALONE_DOUBTED);
}
END_TEST

/* ---- another plane ---- */

/* What stands between two words, in the plane that was read and in another. */
static const struct hidden {
	struct region own, other;
	int doubt;                      /* of a letter read there; -1: none */
	bool hidden;
} hiddens[] = {
	{ { 0, 0, 0, 0 }, { 46, 0, 56, 12 }, -1, true },
	{ { 46, 0, 56, 12 }, { 46, 0, 56, 12 }, -1, false },
	/* half of it */
	{ { 46, 0, 52, 12 }, { 46, 0, 56, 12 }, -1, false },
	{ { 46, 0, 49, 12 }, { 46, 0, 56, 12 }, -1, true },
	/* lower than half of the row, and narrower than .4 of it */
	{ { 0, 0, 0, 0 }, { 46, 6, 56, 11 }, -1, false },
	{ { 0, 0, 0, 0 }, { 46, 0, 50, 12 }, -1, false },
	/* its strokes are only fainter in the other */
	{ { 0, 0, 0, 0 }, { 46, 0, 56, 12 }, 20, false },
	{ { 0, 0, 0, 0 }, { 46, 0, 56, 12 }, 60, true },
};

START_TEST(other_planes_show_what_one_hides)
{
	static uint8_t own[HIGH * WIDE], other[HIGH * WIDE];
	const struct hidden *h = &hiddens[_i];
	struct dense words = { 100, 13,
		{ { 0, 0, 10, 12 }, { 12, 0, 22, 12 }, { 78, 0, 88, 12 },
		  { 90, 0, 100, 12 } },
		{ { 0, 10, SYMBOL_TALL }, { 12, 22, SYMBOL_TALL },
		  { 78, 88, SYMBOL_TALL }, { 90, 100, SYMBOL_TALL },
		  { 46, 56, SYMBOL_TALL } }, ALONE_PROVED };
	struct grey_plane p = { own, WIDE, HIGH, WIDE };
	struct grey_plane q = { other, WIDE, HIGH, WIDE };
	struct symbols s;
	struct line line = draw_line(&words, own, &s);
	struct error err = { 0 };
	bool hidden;

	memcpy(other, own, sizeof(own));
	draw_mark(own, h->own);
	draw_mark(other, h->other);
	s.count -= h->doubt < 0;
	s.symbol[4].doubt = (uint8_t)(h->doubt < 0 ? 0 : h->doubt);
	ck_assert(alone_look_else(&p, &q, &line, &s, &hidden, &err));
	ck_assert_int_eq(hidden, h->hidden);
	/* what the other lacks hides nothing */
	ck_assert(alone_look_else(&q, &p, &line, &s, &hidden, &err));
	ck_assert(!hidden);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("alone");
	TCase *tcase = tcase_create("alone");

	tcase_set_timeout(tcase, SECONDS);
	tcase_add_loop_test(tcase, nothing_is_cleared_with_its_neighbour, 0,
			    (int)ARRAY_LENGTH(neighbours));
	tcase_add_test(tcase, what_stands_alone_is_cleared);
	tcase_add_test(tcase, what_is_hard_to_read_is_cleared);
	tcase_add_test(tcase, what_has_signs_at_its_ends_is_cleared);
	tcase_add_loop_test(tcase, dense_letters_are_marks, 0,
			    (int)ARRAY_LENGTH(denses));
	tcase_add_loop_test(tcase, badly_read_words_are_doubted, 0,
			    (int)ARRAY_LENGTH(badly_reads));
	tcase_add_test(tcase, lines_that_run_down_explain_nothing);
	tcase_add_loop_test(tcase, other_planes_show_what_one_hides, 0,
			    (int)ARRAY_LENGTH(hiddens));
	suite_add_tcase(suite, tcase);
	return support_run(suite);
}

/* check_trim.c - lines of a masked copy end where their ink does. */
#include "config.h"

#include "ocr/trim.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "tests/glyphs.h"
#include "tests/support.h"

enum { COLUMNS = 300, ROWS = 300, LEFT = 100, TOP = 120, SCALE = 3,
       GROUND = 20, LETTER = 200, FAR = 60 };

/* A word, what stands behind it in its line, and whether the line keeps it. */
static const struct scene {
	const char *name, *behind;
	int level;                      /* of what stands behind */
	int noise;                      /* levels around the ground */
	bool hidden;                    /* it shows in the second view only */
	bool down;
	bool own;                       /* the row reaches over it */
	bool keeps;
} scenes[] = {
	{ .name = "nothing" },
	{ .name = "nothing, in noise", .noise = 30 },
	{ .name = "a ghost", .behind = "AB", .level = GROUND + 20 },
	{ .name = "letters", .behind = "AB", .level = LETTER, .keeps = true },
	{ .name = "fainter letters", .behind = "AB",
	  .level = GROUND + (LETTER - GROUND) / 2, .keeps = true },
	{ .name = "letters of another colour", .behind = "AB",
	  .level = LETTER, .hidden = true, .keeps = true },
	{ .name = "letters, down", .behind = "AB", .level = LETTER,
	  .down = true, .keeps = true },
	{ .name = "nothing, down", .down = true },
	{ .name = "faint letters of its own", .behind = "AB",
	  .level = GROUND + 20, .own = true, .keeps = true },
};

static uint8_t *ground(int noise)
{
	uint8_t *grey = mem_array(ROWS, COLUMNS);
	unsigned random = 4711;

	ck_assert_ptr_nonnull(grey);
	for (int i = 0; i < ROWS * COLUMNS; i++) {
		random = random * 1103515245u + 12345u;
		grey[i] = (uint8_t)(GROUND + (noise ?
			(int)(random >> 16) % noise : 0));
	}
	return grey;
}

/* The places of the word and of what stands behind it. */
static void draw(const struct scene *s, struct views *views,
		 struct region *word, struct region *behind)
{
	struct canvas8 c = { ground(s->noise), COLUMNS, ROWS };
	struct canvas8 other = { ground(0), COLUMNS, ROWS };
	int x = LEFT, y = TOP;

	*word = glyphs_draw(&c, x, y, SCALE, LETTER, s->down, "ERECT");
	x = s->down ? x : word->x1 + 2 * SCALE;
	y = s->down ? word->y1 + 2 * SCALE : y;
	*behind = *word;
	if (s->behind)
		*behind = glyphs_draw(s->hidden ? &other : &c, x, y, SCALE,
				      (uint8_t)s->level, s->down, s->behind);
	views_take(views, c.grey, COLUMNS, ROWS);
	views->grey[views->count++] = other.grey;
}

START_TEST(ends_with_its_ink)
{
	const struct scene *s = &scenes[_i];
	struct views views = { 0 };
	struct region word, behind, all;
	struct line line = { .score = 9, .marks = 5, .vertical = s->down };
	struct line_list list = { .line = &line, .count = 1 };

	draw(s, &views, &word, &behind);
	all = region_union(word, behind);
	line.box = s->down ? (struct region){ all.x0, all.y0 - FAR, all.x1,
					      all.y1 + FAR } :
			     (struct region){ all.x0 - FAR, all.y0,
					      all.x1 + FAR, all.y1 };
	line.own = s->own ? all : word;
	line.seen[0] = line.box;
	lines_trim(&views, &list);
	all = s->keeps ? all : word;
	ck_assert_msg(region_contains(line.box, all), "%s: cut", s->name);
	ck_assert_msg(region_contains(region_grow(all, 1), line.box),
		      "%s: %d,%d to %d,%d", s->name, line.box.x0, line.box.y0,
		      line.box.x1, line.box.y1);
	ck_assert(region_equal(line.seen[0], line.box));
	views_done(&views);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("trim");
	TCase *tcase = tcase_create("trim");

	tcase_add_loop_test(tcase, ends_with_its_ink, 0,
			    (int)ARRAY_LENGTH(scenes));
	suite_add_tcase(suite, tcase);
	return support_run(suite);
}

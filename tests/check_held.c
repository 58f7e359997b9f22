/* check_held.c - what runs down over the rows of a form is cut to what the
 * rows leave of it. */
#include "config.h"

#include "ocr/held.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "tests/glyphs.h"
#include "tests/support.h"

enum { COLUMNS = 240, ROWS = 200, FORM_ROWS = 5, MOST = 4 };
enum { LEFT = 20, WIDE = 40, TOP = 10, STEP = 36, SCALE = 2 };
enum { FAINT = 42 };                    /* a level, below twice the floor */

static const struct form {
	const char *name;
	const char *row[FORM_ROWS];     /* NULL: nothing stands there */
	bool unsure[FORM_ROWS];         /* stands there and is no line */
	bool ruled, noisy, alone;       /* alone: a stroke as wide as it */
	double better;                  /* than the rows, the line is */
	/* what is left of it */
	int count;
	int row_left;                   /* when count is 1 */
} forms[] = {
	{ .name = "rows",
	  .row = { "12345678", "ABCDEFGH", "2024-01-02", "M", "XYZXYZ" } },
	{ .name = "a row is empty",
	  .row = { "12345678", "ABCDEFGH", NULL, "1958-03-04", "XYZXYZ" } },
	{ .name = "rules between them", .ruled = true,
	  .row = { "12345678", "ABCDEFGH", NULL, "1958-03-04", "XYZXYZ" } },
	{ .name = "a letter that no line has", .count = 1, .row_left = 3,
	  .row = { "12345678", "ABCDEFGH", "2024-01-02", "M", "XYZXYZ" },
	  .unsure = { [3] = true } },
	{ .name = "a stroke as wide as the line", .alone = true, .count = 1,
	  .row_left = 2,
	  .row = { "12345678", "ABCDEFGH", NULL, "1958-03-04", "XYZXYZ" } },
	{ .name = "noise between them", .noisy = true, .count = 1,
	  .row_left = -1,
	  .row = { "12345678", "ABCDEFGH", NULL, NULL, "XYZXYZ" } },
	{ .name = "one row only", .count = 1, .row_left = -1,
	  .row = { "12345678", NULL, NULL, NULL, NULL } },
	{ .name = "a much better line", .better = 4, .count = 1,
	  .row_left = -1,
	  .row = { "12345678", "ABCDEFGH", "2024-01-02", "M", "XYZXYZ" } },
};

static struct region row_of(int i)
{
	int y = TOP + i * STEP;

	return (struct region){ LEFT, y, LEFT + WIDE, y + 7 * SCALE };
}

static void draw_ground(const struct form *f, uint8_t *grey)
{
	unsigned random = 4711;

	memset(grey, 20, (size_t)ROWS * COLUMNS);
	for (int i = 0; f->noisy && i < ROWS * COLUMNS; i++) {
		random = random * 1103515245u + 12345u;
		grey[i] = (uint8_t)(20 + (random >> 16) % 90);
	}
	for (int i = 0; f->ruled && i + 1 < FORM_ROWS; i++)
		memset(grey + (size_t)(row_of(i).y1 + 8) * COLUMNS, 200,
		       COLUMNS);
	for (int y = 0; f->alone && y < 6; y++)
		memset(grey + (size_t)(row_of(2).y0 + y) * COLUMNS + LEFT,
		       200, WIDE);
}

/* Draws the form.  Its rows, and a line down over the starts of all. */
static void make_form(const struct form *f, uint8_t *grey,
		      struct line_list *list)
{
	struct canvas8 canvas = { grey, COLUMNS, ROWS };
	struct line down = { .box = { LEFT, TOP, LEFT + WIDE,
				      row_of(FORM_ROWS - 1).y1 },
			     .score = 8 + f->better, .vertical = true,
			     .marks = FORM_ROWS };

	list->line = mem_array(FORM_ROWS + 1, sizeof(*list->line));
	list->capacity = FORM_ROWS + 1;
	ck_assert_ptr_nonnull(list->line);
	draw_ground(f, grey);
	for (int i = 0; i < FORM_ROWS; i++) {
		struct line row = { .score = 7, .marks = 6 };

		if (!f->row[i])
			continue;
		row.box = glyphs_draw(&canvas, LEFT, row_of(i).y0, SCALE, 200,
				      0, f->row[i]);
		if (!f->unsure[i])
			list->line[list->count++] = row;
	}
	list->line[list->count++] = down;
}

/* Small rows in the box of one of larger letters. */
static const struct larger {
	const char *name;
	const char *row[2];
	bool unsure;                    /* the second is no line */
	int count;                      /* of the larger, what is left */
	int stroke;                     /* pixels behind the first, a stroke */
	bool faint;                     /* the second */
} larger[] = {
	{ .name = "one row", .row = { "SL 101 MM" } },
	{ .name = "two rows", .row = { "SATO HANAKO", "ID 4839201" } },
	{ .name = "one row and letters of its own",
	  .row = { "SATO HANAKO", "ID 4839201" }, .unsure = true, .count = 1 },
	{ .name = "one row and faint letters of its own",
	  .row = { "SL", "SATO HANAKO" }, .unsure = true, .faint = true,
	  .count = 1 },
	{ .name = "a stroke beside the row", .row = { "SL 101 MM" },
	  .count = 1, .stroke = 6 },
	{ .name = "the edge of its last letter", .row = { "SL 101 MM" },
	  .stroke = 1 },
};

/* Two pixels wide, behind r. */
static void draw_stroke(uint8_t *grey, struct region r, int gap)
{
	for (int y = r.y0; gap && y < r.y1; y++)
		memset(grey + (size_t)y * COLUMNS + r.x1 + gap, 200, 2);
}

START_TEST(rows_are_no_larger_letters)
{
	const struct larger *f = &larger[_i];
	uint8_t *grey = mem_array(ROWS, COLUMNS);
	struct canvas8 canvas = { grey, COLUMNS, ROWS };
	struct line_list list = { 0 };
	struct views views = { 0 };
	struct error err = { 0 };
	struct line large = { .box = { LEFT - 4, TOP - 4, 200, TOP + 46 },
			      .score = 5, .marks = 5 };

	ck_assert_ptr_nonnull(grey);
	list.line = mem_array(3, sizeof(*list.line));
	list.capacity = 3;
	ck_assert_ptr_nonnull(list.line);
	for (int i = 0; i < 2 && f->row[i]; i++) {
		struct line row = { .score = 8, .marks = 8 };

		row.box = glyphs_draw(&canvas, LEFT, TOP + 24 * i, SCALE,
				      i && f->faint ? FAINT : 200, 0,
				      f->row[i]);
		if (!i)
			draw_stroke(grey, row.box, f->stroke);
		if (!i || !f->unsure)
			list.line[list.count++] = row;
	}
	list.line[list.count++] = large;
	views_take(&views, grey, COLUMNS, ROWS);
	ck_assert(held_cut(&views, &list, NULL, &err));
	ck_assert_msg((int)list.count ==
			      f->count + (f->row[1] && !f->unsure ? 2 : 1),
		      "%s", f->name);
	views_done(&views);
	line_list_done(&list);
}
END_TEST

START_TEST(cuts)
{
	const struct form *f = &forms[_i];
	uint8_t *grey = mem_array(ROWS, COLUMNS);
	struct line_list list = { 0 };
	struct views views = { 0 };
	struct error err = { 0 };
	struct region left[MOST];
	int count = 0;
	size_t rows;

	ck_assert_ptr_nonnull(grey);
	make_form(f, grey, &list);
	rows = list.count - 1;
	views_take(&views, grey, COLUMNS, ROWS);
	ck_assert(held_cut(&views, &list, NULL, &err));
	for (size_t i = 0; i < list.count; i++)
		if (list.line[i].score > 7 && count < MOST)
			left[count++] = list.line[i].box;
	ck_assert_msg(count == f->count, "%s: %d left", f->name, count);
	ck_assert_uint_eq(list.count, rows + (size_t)count);
	if (count && f->row_left < 0)
		ck_assert_int_eq(region_height(left[0]),
				 row_of(FORM_ROWS - 1).y1 - TOP);
	else if (count)
		ck_assert_msg(region_contains(row_of(f->row_left), left[0]),
			      "%s: %d to %d", f->name, left[0].y0, left[0].y1);
	views_done(&views);
	line_list_done(&list);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("held");
	TCase *tcase = tcase_create("held");

	tcase_add_loop_test(tcase, cuts, 0, (int)ARRAY_LENGTH(forms));
	tcase_add_loop_test(tcase, rows_are_no_larger_letters, 0,
			    (int)ARRAY_LENGTH(larger));
	suite_add_tcase(suite, tcase);
	return support_run(suite);
}

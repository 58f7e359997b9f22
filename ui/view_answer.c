/* view_answer.c - an exercise and its answer. */
#include "config.h"

#include "ui/view_answer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "ui/wording.h"

enum {
	FOOT = 3,                       /* lines below picture and list */
	/* columns of a finding: sign and number, what it is, class, percent */
	MARK = 5, CLASS = 15, PART = 28, RULE = 34,
	LIST_LEAST = 40,                /* columns of a list beside a picture */
	LIST_WIDE = 64,                 /* from here on the rule has room in
					   the same line */
	LIST_LINES = 3,                 /* of a finding, at most */
	SCORE_LEAST = 60,               /* columns with the score so far */
};

/* What a trainee has to see first. */
static const enum train_mark order[TRAIN_MARKS] = {
	TRAIN_MISSED, TRAIN_SMALL, TRAIN_NEEDLESS, TRAIN_RIGHT,
};

static const char *const mark_text[TRAIN_MARKS] = {
	[TRAIN_RIGHT] = N_("found"),
	[TRAIN_MISSED] = N_("missed"),
	[TRAIN_SMALL] = N_("too small"),
	[TRAIN_NEEDLESS] = N_("needless"),
};

static const enum outline_kind outline_of[TRAIN_MARKS] = {
	[TRAIN_RIGHT] = OUTLINE_MASKED,
	[TRAIN_MISSED] = OUTLINE_MISSED,
	[TRAIN_SMALL] = OUTLINE_EDITED,
	[TRAIN_NEEDLESS] = OUTLINE_REJECTED,
};

/* The findings in the order of the list; free() it.  NULL: no memory. */
static const struct train_finding **sorted(const struct train_case *t)
{
	const struct train_finding **f = mem_array(t->count + 1, sizeof(*f));
	size_t n = 0;

	for (int k = 0; f && k < TRAIN_MARKS; k++)
		for (size_t i = 0; i < t->count; i++)
			if (t->finding[i].mark == order[k])
				f[n++] = &t->finding[i];
	return f;
}

/* The same on the picture, in the list and in the legend. */
static char sign_of(enum train_mark mark)
{
	return outline_sign(outline_of[mark]);
}

static bool is_on(const struct train_finding *f, int frame)
{
	return frame < 0 || (f->frame0 <= frame && frame <= f->frame1);
}

static void draw_picture(const struct view_data *v, struct canvas *c,
			 const struct area *a,
			 const struct train_finding **f, size_t count)
{
	struct region all = { 0, 0, 0, 0 };
	struct picture_part part = {
		.plane = v->plane, .serial = v->plane_serial,
		.png = v->plane_png,
		.column = a->column, .row = a->row,
		.place = PLACE_ON,
		.inverted = review_view(v->model)->inverted,
	};
	struct outline *outline = mem_array(count + 1, sizeof(*outline));

	if (v->plane && outline) {
		all = (struct region){ 0, 0, v->plane->columns,
				       v->plane->rows };
		part.source = all;
		picture_fit(v->look, all, a->columns, a->rows, &part.columns,
			    &part.rows);
		/* what has to be seen first lies on top */
		for (size_t i = count; i-- > 0; )
			if (is_on(f[i], v->plane_frame))
				outline[part.outline_count++] =
					(struct outline){
						.region = f[i]->region,
						.kind = outline_of[f[i]->mark],
						.number = f[i]->number };
		part.outline = outline;
		picture_draw(v->look, &part, c);
	}
	free(outline);
}

/* Sign and number, what it is, its class, how much was covered, the rule; that
 * below, where there is more than one line. */
static void draw_finding(struct canvas *c, const struct area *a, int row,
			 int lines, const struct train_finding *f)
{
	struct style style = f->mark == TRAIN_RIGHT ? style_plain : style_bold;
	char text[16];

	snprintf(text, sizeof(text), "%c %2d", sign_of(f->mark), f->number);
	canvas_text(c, a->column, row, MARK, style, text);
	canvas_text_cut(c, a->column + MARK, row, CLASS - MARK - 1, style,
			_(mark_text[f->mark]));
	canvas_text_cut(c, a->column + CLASS, row, PART - CLASS - 1, style,
			strcmp(f->class_, "-") ? wording(f->class_) : "");
	snprintf(text, sizeof(text), "%d %%", f->percent);
	if (f->mark != TRAIN_NEEDLESS)
		canvas_text_right(c, a->column + PART, row, RULE - PART - 1,
				  style, text);
	if (lines > 1)
		canvas_paragraph(c, a->column + MARK, row + 1,
				 a->columns - MARK, lines - 1, style,
				 _(f->rule));
	else
		canvas_text_cut(c, a->column + RULE, row, a->columns - RULE,
				style, _(f->rule));
}

/* Of each finding. */
static int lines_of(const struct area *a, int count)
{
	int lines = count > 0 && a->columns < LIST_WIDE ? a->rows / count : 1;

	return lines < 1 ? 1 : lines > LIST_LINES ? LIST_LINES : lines;
}

static void draw_list(struct canvas *c, const struct area *a,
		      const struct train_finding **f, size_t count)
{
	int room = (int)count > a->rows ? a->rows - 1 : (int)count;
	int lines = lines_of(a, (int)count);
	char text[64];

	for (int i = 0; i < room; i++)
		draw_finding(c, a, a->row + i * lines, lines, f[i]);
	if (room >= 0 && room < (int)count) {
		snprintf(text, sizeof(text), _("... and %d more"),
			 (int)count - room);
		canvas_text(c, a->column, a->row + room, a->columns,
			    style_plain, text);
	}
}

/* How many cells the picture takes of an area, and how many columns. */
static int cells_shown(const struct view_data *v, const struct area *a,
		       int *columns)
{
	struct region all;
	int rows;

	*columns = 0;
	if (!v->plane || a->columns < 1 || a->rows < 1)
		return 0;
	all = (struct region){ 0, 0, v->plane->columns, v->plane->rows };
	picture_fit(v->look, all, a->columns, a->rows, columns, &rows);
	return *columns * rows;
}

/* Picture left and list right, or one above the other: where the picture is
 * larger. */
static void find_areas(const struct view_data *v, const struct canvas *c,
		       int count, struct area *picture, struct area *list)
{
	int body = c->rows - 1 - FOOT, half = c->columns / 2, wide, other;
	int most = body - body / 2 - 1, rows = count < most ? count : most;
	struct area beside = { 0, 1, c->columns - LIST_LEAST - 1, body };

	*picture = (struct area){ 0, 1, c->columns, body - rows - 1 };
	*list = (struct area){ 1, 1 + body - rows, c->columns - 1, rows };
	if (c->columns >= VIEW_SPLIT_COLUMNS) {
		*picture = (struct area){ 0, 1, half - 1, body };
		*list = (struct area){ half + 1, 1, c->columns - half - 1,
				       body };
	} else if (cells_shown(v, &beside, &wide) >
		   cells_shown(v, picture, &other)) {
		*picture = (struct area){ 0, 1, wide, body };
		*list = (struct area){ wide + 1, 1, c->columns - wide - 1,
				       body };
	}
}

/* What the signs mean, and how many there are of each. */
static void draw_legend(struct canvas *c, const int marks[TRAIN_MARKS])
{
	char text[160] = " ";

	snprintf(text + 1, sizeof(text) - 1, _("%c found %d  %c missed %d  "
				       "%c too small %d  %c needless %d"),
		 sign_of(TRAIN_RIGHT), marks[TRAIN_RIGHT],
		 sign_of(TRAIN_MISSED), marks[TRAIN_MISSED],
		 sign_of(TRAIN_SMALL), marks[TRAIN_SMALL],
		 sign_of(TRAIN_NEEDLESS), marks[TRAIN_NEEDLESS]);
	view_fit(text, c, c->columns);
	canvas_line(c, 0, c->rows - 3, c->columns, style_plain, text);
}

/* Of the session up to here; "" before the first case. */
static void score_text(const struct canvas *c, const struct train_score *s,
		       char *text, size_t size)
{
	text[0] = '\0';
	if (s && s->cases > 0 && c->columns >= SCORE_LEAST)
		snprintf(text, size, _("so far %lld of %lld right, missed "
				       "%lld"), s->right_cases, s->cases,
			 s->marks[TRAIN_MISSED] + s->marks[TRAIN_SMALL]);
}

/* Number and name as above the question, and the score. */
static void draw_title(struct canvas *c, const struct answer *a)
{
	char left[VIEW_NAME], right[128];
	int used = snprintf(left, sizeof(left), _("ANSWER %lld/%lld  "),
			    a->number, a->of);
	int room = c->columns - 4 - canvas_width(c->charset, left);

	score_text(c, a->score, right, sizeof(right));
	room -= *right ? canvas_width(c->charset, right) + 2 : 0;
	if (used > 0 && (size_t)used < sizeof(left))
		view_tail(c->charset, a->name, room, left + used,
			  sizeof(left) - (size_t)used);
	view_title(c, left, right);
}

void view_answer(const struct view_data *v, struct canvas *c)
{
	const struct answer *a = v->answer;
	const int *marks = a->result->marks;
	const struct train_finding **f = sorted(a->result);
	struct area picture, list;
	int faults = marks[TRAIN_MISSED] + marks[TRAIN_SMALL] +
		     marks[TRAIN_NEEDLESS];
	char text[VIEW_MESSAGE];

	draw_title(c, a);
	draw_legend(c, marks);
	find_areas(v, c, (int)a->result->count, &picture, &list);
	if (f) {
		draw_picture(v, c, &picture, f, a->result->count);
		draw_list(c, &list, f, a->result->count);
	}
	canvas_line(c, 0, c->rows - 2, c->columns, style_plain,
		    _(" SPC next  Q leave"));
	view_message(v, *v->notice ? v->notice : faults ?
		     _("look at each before you go on") :
		     _("all right: nothing missed, nothing needless"), text,
		     sizeof(text));
	canvas_line(c, 1, c->rows - 1, c->columns - 1, style_bold, text);
	free(f);
}

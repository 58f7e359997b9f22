/* view_answer.c - an exercise and its answer. */
#include "config.h"

#include "ui/view_answer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "ui/wording.h"

enum { FOOT = 3 };                      /* lines below picture and list */

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
	[TRAIN_MISSED] = OUTLINE_SELECTED,
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
		for (size_t i = 0; i < count; i++)
			if (is_on(f[i], v->plane_frame))
				outline[part.outline_count++] =
					(struct outline){
						.region = f[i]->region,
						.kind = outline_of[f[i]->mark],
						.number = (int)i + 1 };
		part.outline = outline;
		picture_draw(v->look, &part, c);
	}
	free(outline);
}

/* Sign and number, what it is, its class, how much was covered, the rule. */
static void draw_finding(struct canvas *c, const struct area *a, int row,
			 const struct train_finding *f, int number)
{
	enum { MARK = 5, CLASS = 15, PART = 28, RULE = 34 };
	struct style style = f->mark == TRAIN_RIGHT ? style_plain : style_bold;
	char text[16];

	snprintf(text, sizeof(text), "%c %2d", train_sign[f->mark], number);
	canvas_text(c, a->column, row, MARK, style, text);
	canvas_text_cut(c, a->column + MARK, row, CLASS - MARK - 1, style,
			_(mark_text[f->mark]));
	canvas_text_cut(c, a->column + CLASS, row, PART - CLASS - 1, style,
			strcmp(f->class_, "-") ? wording(f->class_) : "");
	snprintf(text, sizeof(text), "%d %%", f->percent);
	if (f->mark != TRAIN_NEEDLESS)
		canvas_text_right(c, a->column + PART, row, RULE - PART - 1,
				  style, text);
	canvas_text_cut(c, a->column + RULE, row, a->columns - RULE, style,
			_(f->rule));
}

static void draw_list(struct canvas *c, const struct area *a,
		      const struct train_finding **f, size_t count)
{
	int room = (int)count > a->rows ? a->rows - 1 : (int)count;
	char text[64];

	for (int i = 0; i < room; i++)
		draw_finding(c, a, a->row + i, f[i], i + 1);
	if (room >= 0 && room < (int)count) {
		snprintf(text, sizeof(text), _("... and %d more"),
			 (int)count - room);
		canvas_text(c, a->column, a->row + room, a->columns,
			    style_plain, text);
	}
}

/* Picture left and list right, or one above the other. */
static void find_areas(const struct canvas *c, struct area *picture,
		       struct area *list)
{
	int body = c->rows - 1 - FOOT, half = c->columns / 2;

	if (c->columns >= VIEW_SPLIT_COLUMNS) {
		*picture = (struct area){ 0, 1, half - 1, body };
		*list = (struct area){ half + 1, 1, c->columns - half - 1,
				       body };
		return;
	}
	*picture = (struct area){ 0, 1, c->columns, body / 2 };
	*list = (struct area){ 1, 1 + body / 2 + 1, c->columns - 1,
			       body - body / 2 - 1 };
}

void view_answer(const struct view_data *v, struct canvas *c)
{
	const struct answer *a = v->answer;
	const int *marks = a->result->marks;
	const struct train_finding **f = sorted(a->result);
	struct area picture, list;
	char left[128], right[160];
	int faults = marks[TRAIN_MISSED] + marks[TRAIN_SMALL] +
		     marks[TRAIN_NEEDLESS];

	snprintf(left, sizeof(left), _("ANSWER %lld/%lld"), a->number, a->of);
	snprintf(right, sizeof(right), _("found %d  - missed %d  ~ too small "
					 "%d  + needless %d"),
		 marks[TRAIN_RIGHT], marks[TRAIN_MISSED], marks[TRAIN_SMALL],
		 marks[TRAIN_NEEDLESS]);
	view_title(c, left, right);
	find_areas(c, &picture, &list);
	if (f) {
		draw_picture(v, c, &picture, f, a->result->count);
		draw_list(c, &list, f, a->result->count);
	}
	canvas_line(c, 0, c->rows - 2, c->columns, style_plain,
		    _(" SPC next  Q leave"));
	canvas_line(c, 1, c->rows - 1, c->columns - 1, style_bold, faults ?
		    _("look at each before you go on") :
		    _("all right: nothing missed, nothing needless"));
	free(f);
}

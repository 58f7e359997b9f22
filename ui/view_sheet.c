/* view_sheet.c - the contact sheet of a group: a page of its crops. */
#include "config.h"

#include "ui/key.h"
#include "ui/view_sheet.h"

#include <stdio.h>

#include "base/i18n.h"
#include "review/sheet.h"

enum { TOP = 1, SERIAL_OF_SHEETS = 1 << 30 };

static void draw_title(const struct sheet *s, int page, int pages,
		       struct canvas *c)
{
	char left[256], right[64];

	snprintf(left, sizeof(left),
		 _("SHEET of item %lld: %zu alike, %zu waiting, %zu "
		   "different, %zu with more ink"), s->leader,
		 s->by_state[GROUP_ALIKE], s->by_state[GROUP_WAITING],
		 s->by_state[GROUP_KIND] + s->by_state[GROUP_UNREAD] +
		 s->by_state[GROUP_BOXES] + s->by_state[GROUP_PIXELS],
		 s->by_state[GROUP_INK]);
	snprintf(right, sizeof(right), "%d/%d", page + 1, pages);
	view_title(c, left, right);
}

/* What is alike stands for all of them; what differs names its item. */
static void label_of(const struct sheet *s, const struct sheet_crop *crop,
		     char *text, size_t size)
{
	if (crop->state == GROUP_ALIKE)
		/* TRANSLATORS: a mark, then the number of pictures */
		snprintf(text, size, _("%s same in all %zu"),
			 crop->masked ? "+" : "x",
			 s->by_state[GROUP_ALIKE] + 1);
	else
		/* TRANSLATORS: number of an item, how it differs */
		snprintf(text, size, _("! %lld %s"), crop->row,
			 _(group_state_text[crop->state]));
}

static void draw_crop(const struct view_data *v, struct canvas *c,
		      const struct sheet *s, const struct placement *p)
{
	const struct evidence *e =
		&review_sheet_plan(v->model)->evidence[p->evidence];
	const struct sheet_crop *crop = &s->crop[p->evidence];
	struct outline outline = {
		.region = e->of,
		.kind = crop->state != GROUP_ALIKE ? OUTLINE_SELECTED :
			crop->masked ? OUTLINE_MASKED : OUTLINE_REJECTED,
	};
	struct picture_part part = {
		.plane = s->picture, .serial = SERIAL_OF_SHEETS + s->serial,
		.source = p->source, .column = p->column,
		.row = TOP + p->row, .columns = p->columns, .rows = p->rows,
		.outline = &outline, .outline_count = 1,
		.place = PLACE_CORNERS,
	};
	char text[96];

	picture_draw(v->look, &part, c);
	if (!p->first || !p->label_columns)
		return;
	label_of(s, crop, text, sizeof(text));
	canvas_text(c, part.column, part.row - 1, p->label_columns,
		    crop->state == GROUP_ALIKE ? style_bold : style_reverse,
		    text);
}

void view_sheet(const struct view_data *v, struct canvas *c)
{
	const struct sheet *s = review_sheet(v->model);
	const struct evidence_plan *plan = review_sheet_plan(v->model);
	int page = review_sheet_page(v->model);
	char space[128], hint[128], status[384];

	if (!s)
		return;
	draw_title(s, page, (int)plan->page_count, c);
	for (size_t i = 0; page >= 0 && i < plan->page[page].count; i++)
		draw_crop(v, c, s,
			  &plan->placement[plan->page[page].first + i]);
	if (!plan->legible)
		canvas_text(c, 1, c->rows - 3, c->columns - 1, style_bold,
			    _("too small to read: make the terminal larger"));
	view_space(v, space, sizeof(space));
	key_hints(v->keys, MODE_SHEET,
		  _("{group} approve those alike  {down}/{up} page  {back} "
		    "back  {help} help"), hint, sizeof(hint));
	snprintf(status, sizeof(status), " %s%s%s", space, *space ? "  " : "",
		 hint);
	view_bottom(v, c, status);
}

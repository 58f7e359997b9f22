/* view_list.c - the files and how far each one is. */
#include "config.h"

#include <stdio.h>

#include "base/i18n.h"
#include "ui/view.h"

enum { HEAD = 3, FOOT = 3,              /* lines around the rows */
       WIDE = 100 };

int view_list_rows(int rows)
{
	return rows - HEAD - FOOT > 1 ? rows - HEAD - FOOT : 1;
}

struct mark { const char *mark, *text; };

static const struct mark state_mark[ITEM_STATES] = {
	[ITEM_LISTED] = { "..", N_("listed") },
	[ITEM_PROPOSED] = { "..", N_("proposed") },
	[ITEM_OPEN] = { "..", N_("open") },
	[ITEM_MASKED] = { "ok", N_("masked") },
	[ITEM_CLEAN] = { "ok", N_("clean") },
	[ITEM_WITHHELD] = { "R ", N_("withheld") },
	[ITEM_ESCALATED] = { "! ", N_("escalated") },
	[ITEM_REFUSED] = { "xx", N_("refused") },
};

static const char *const output_text[OUTPUT_STATES] = {
	[OUTPUT_NONE] = "",
	[OUTPUT_STAGED] = N_("written"),
	[OUTPUT_RELEASED] = N_("released"),
	[OUTPUT_WITHDRAWN] = N_("withdrawn"),
};

/* gettext("") would be the catalogue's head. */
static const char *translated(const char *text)
{
	return *text ? _(text) : "";
}

static const char *detail(const struct worklist_item *item, char *text,
			  size_t size)
{
	if (item->state == ITEM_REFUSED) {
		reason_text((enum reason)item->reason, item->reason_uid,
			    item->reason_number, true, text, size);
		return text;
	}
	return item->why_flagged ? item->why_flagged : "";
}

static void draw_item(struct canvas *c, int row,
		      const struct worklist_item *item, bool selected)
{
	struct style style = selected ? style_reverse : style_plain;
	int name = c->columns >= WIDE ? 50 : c->columns - 46;
	char text[ERROR_TEXT];

	canvas_fill(c, 0, row, c->columns, 1, ' ', style);
	canvas_text(c, 0, row, 1, style, selected ? ">" : " ");
	canvas_text(c, 1, row, 2, style, state_mark[item->state].mark);
	canvas_text(c, 4, row, 3, style, item->modality);
	canvas_text(c, 8, row, name, style,
		    view_tail(c->charset, item->name ? item->name : "", name));
	if (item->columns) {
		snprintf(text, sizeof(text), "%dx%d", item->columns,
			 item->rows);
		canvas_text_right(c, 9 + name, row, 10, style, text);
		snprintf(text, sizeof(text), "%d", item->frames);
		canvas_text_right(c, 19 + name, row, 5, style, text);
	}
	if (item->boxes >= 0 && item->columns) {
		snprintf(text, sizeof(text), "%d", item->boxes);
		canvas_text_right(c, 24 + name, row, 4, style, text);
	}
	canvas_text(c, 29 + name, row, 9, style,
		    _(state_mark[item->state].text));
	canvas_text(c, 39 + name, row, 9, style,
		    translated(output_text[item->output]));
	if (c->columns >= WIDE)
		canvas_text(c, 49 + name, row, c->columns - 49 - name, style,
			    detail(item, text, sizeof(text)));
}

static void draw_head(const struct view_data *v, struct canvas *c)
{
	int name = c->columns >= WIDE ? 50 : c->columns - 46;
	long long done = v->by_state[ITEM_MASKED] + v->by_state[ITEM_CLEAN];
	char left[512], right[128];

	snprintf(left, sizeof(left), v->project_fresh ?
		 _("WORKLIST  new project: %s") : _("WORKLIST  project: %s"),
		 v->project);
	snprintf(right, sizeof(right), _("%lld items  %lld decided"),
		 v->total, done);
	view_title(c, left, right);
	snprintf(left, sizeof(left),
		 _("open %lld  masked %lld  clean %lld  withheld %lld  "
		   "escalated %lld  refused %lld"),
		 v->by_state[ITEM_LISTED] + v->by_state[ITEM_PROPOSED] +
		 v->by_state[ITEM_OPEN], v->by_state[ITEM_MASKED],
		 v->by_state[ITEM_CLEAN], v->by_state[ITEM_WITHHELD],
		 v->by_state[ITEM_ESCALATED], v->by_state[ITEM_REFUSED]);
	canvas_text(c, 1, 1, c->columns - 1, style_plain, left);
	canvas_text(c, 4, 2, 3, style_bold, _("Mod"));
	canvas_text(c, 8, 2, name, style_bold, _("File"));
	canvas_text_right(c, 9 + name, 2, 10, style_bold, _("Size"));
	canvas_text_right(c, 19 + name, 2, 5, style_bold, _("Frm"));
	canvas_text_right(c, 24 + name, 2, 4, style_bold, _("Box"));
	canvas_text(c, 29 + name, 2, 9, style_bold, _("State"));
	canvas_text(c, 39 + name, 2, 9, style_bold, _("Output"));
}

void view_list(const struct view_data *v, struct canvas *c)
{
	const struct worklist_item *selected = NULL;
	char text[ERROR_TEXT], status[256], space[64];

	draw_head(v, c);
	for (size_t i = 0; i < v->item_count; i++) {
		bool on = v->item[i].row == review_cursor(v->model);

		draw_item(c, HEAD + (int)i, &v->item[i], on);
		if (on)
			selected = &v->item[i];
	}
	if (!v->total)
		canvas_text(c, 4, HEAD, c->columns - 4, style_plain,
			    _("No files here."));
	if (selected)
		canvas_text(c, 1, c->rows - 3, c->columns - 1, style_plain,
			    detail(selected, text, sizeof(text)));
	view_space(v->model, space, sizeof(space));
	snprintf(status, sizeof(status),
		 _(" %s  j/k move  Enter open  n next undecided  W release  "
		   "? help  Q leave"), space);
	view_bottom(v, c, status);
}

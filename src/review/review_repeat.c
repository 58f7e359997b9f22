/* review_repeat.c - the model: the last edit once more, on another box. */
#include "config.h"

#include "review/model.h"

/* Move the edges of the selected box as those of the last one were. */
static void move_edges(struct review *m)
{
	struct region by = m->last.moved, r;
	struct decided_box *b;

	model_select_shown(m);
	b = model_selected_box(m);
	if (!b || !model_editable(m))
		return;
	r = b->box.region;
	r = region_clip((struct region){ r.x0 + by.x0, r.y0 + by.y0,
					 r.x1 + by.x1, r.y1 + by.y1 },
			m->info.columns, m->info.rows);
	if (region_empty(r)) {
		model_bell(m, _("it can't be smaller"));
		return;
	}
	m->area = r;
	m->editing = m->selected;
	model_keep_area(m);
}

void command_repeat(struct review *m, const struct event *e)
{
	struct event again = { .type = EVENT_COMMAND, .ms = e->ms,
			       .command = m->last.command };

	switch (m->last.command) {
	case CMD_EDIT:
		move_edges(m);
		break;
	case CMD_CLASS:
		model_select_shown(m);
		model_set_class(m, m->last.class_);
		break;
	case CMD_SNAP:
		command_snap(m, &again);
		break;
	case CMD_REJECT:
		command_reject(m, &again);
		break;
	case CMD_TAKE:
		command_take(m, &again);
		break;
	default:
		model_bell(m, _("nothing to repeat"));
	}
}

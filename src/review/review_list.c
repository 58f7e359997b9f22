/* review_list.c - the model: moving in the worklist, its tags and order.
 * Nothing here approves: that needs evidence on the screen. */
#include "config.h"

#include "review/model.h"

const struct list_order_info list_order_info[LIST_ORDERS] = {
	[LIST_BY_LISTING] = { 'l', N_("as listed") },
	[LIST_BY_STATE] = { 's', N_("by state") },
	[LIST_BY_MODALITY] = { 'm', N_("by modality") },
	[LIST_BY_BOXES] = { 'b', N_("most boxes first") },
	[LIST_BY_FRAMES] = { 'f', N_("most frames first") },
	[LIST_BY_FLAG] = { 'r', N_("those with a reason first") },
	[LIST_BY_OUTPUT] = { 'o', N_("by output") },
	[LIST_BY_DEVICE] = { 'd', N_("by device") },
};

bool review_listing(const struct review *m)
{
	return m->mode == MODE_LIST || m->mode == MODE_SORT ||
	       m->mode == MODE_TAGGED ||
	       (m->mode == MODE_REASON && m->over_list);
}

const struct list_request *review_rows(const struct review *m)
{
	return &m->rows;
}

static void ask_rows(struct review *m, struct list_request rows)
{
	m->rows = rows;
	m->effects |= EFFECT_ROWS;
	model_touch(m);
}

static void ask_in_list(struct review *m, enum review_mode mode)
{
	m->mode = mode;
	m->over_list = true;
	model_touch(m);
}

static void move_cursor(struct review *m, long long to)
{
	to = to > m->list_count ? m->list_count : to;
	m->cursor = to < 1 ? 1 : to;
	model_touch(m);
}

void command_list_move(struct review *m, const struct event *e)
{
	long long n = e->count > 0 ? e->count : 1;
	long long page = m->screen.rows > 4 ? m->screen.rows - 4 : 1;
	long long to = m->cursor;

	if (e->command == CMD_DOWN || e->command == CMD_ITEM_NEXT)
		to += n;
	else if (e->command == CMD_UP || e->command == CMD_ITEM_PREV)
		to -= n;
	else if (e->command == CMD_DOWN_8)
		to += n * page;
	else if (e->command == CMD_UP_8)
		to -= n * page;
	else
		to = 1;
	move_cursor(m, to);
}

/* By its number, which stays, whatever is shown around it; else the last. */
void command_item(struct review *m, const struct event *e)
{
	if (e->count < 1 && m->mode == MODE_LIST)
		move_cursor(m, m->list_count);
	else if (e->count < 1)
		model_bell(m, _("item and its number"));
	else if (m->mode == MODE_LIST)
		ask_rows(m, (struct list_request){ .what = LIST_PICK,
						   .from = e->count });
	else
		model_go(m, e->count);
}

void command_open(struct review *m, const struct event *e)
{
	(void)e;
	if (m->list_count > 0)
		model_go(m, TARGET_CURSOR);
}

/* All items again.  A key too many must not leave the program. */
void command_list_all(struct review *m, const struct event *e)
{
	(void)e;
	if (m->filtered)
		ask_rows(m, (struct list_request){ .what = LIST_ALL });
	else
		model_bell(m, _("this is the whole list; {quit} leaves"));
}

/* All items again, or out. */
void command_list_back(struct review *m, const struct event *e)
{
	if (m->filtered)
		command_list_all(m, e);
	else
		m->effects |= EFFECT_QUIT;
}

/* A question over the list is dropped. */
void command_list_drop(struct review *m, const struct event *e)
{
	(void)e;
	m->mode = MODE_LIST;
	m->over_list = false;
	m->asked = ASKED_NOTHING;
	model_touch(m);
}

/* ---- tags ---- */

void command_tag(struct review *m, const struct event *e)
{
	long long n = e->count > 0 ? e->count : 1;
	long long left = m->list_count - m->cursor + 1;

	if (left < 1) {
		model_bell(m, _("there is no item"));
		return;
	}
	ask_rows(m, (struct list_request){ .what = LIST_TAG,
					   .from = m->cursor,
					   .count = n < left ? n : left });
	move_cursor(m, m->cursor + n);
}

void command_tagged(struct review *m, const struct event *e)
{
	(void)e;
	if (m->tagged < 1)
		model_bell(m, _("nothing is tagged: {tag} tags"));
	else
		ask_in_list(m, MODE_TAGGED);
}

void command_untag(struct review *m, const struct event *e)
{
	command_list_drop(m, e);
	ask_rows(m, (struct list_request){ .what = LIST_UNTAG });
}

static void ask_tagged(struct review *m, enum item_state state)
{
	m->rows.state = state;
	m->asked = ASKED_TAGGED;
	ask_in_list(m, MODE_REASON);
}

void command_tagged_escalate(struct review *m, const struct event *e)
{
	(void)e;
	ask_tagged(m, ITEM_ESCALATED);
}

void command_tagged_withhold(struct review *m, const struct event *e)
{
	(void)e;
	ask_tagged(m, ITEM_WITHHELD);
}

void command_tagged_open(struct review *m, const struct event *e)
{
	command_list_drop(m, e);
	ask_rows(m, (struct list_request){ .what = LIST_OPEN_TAGGED });
}

void model_decide_tagged(struct review *m, int reason)
{
	ask_rows(m, (struct list_request){ .what = LIST_DECIDE,
					   .state = m->rows.state,
					   .reason = reason });
}

/* ---- order ---- */

void command_sort(struct review *m, const struct event *e)
{
	(void)e;
	ask_in_list(m, MODE_SORT);
}

void model_sort_given(struct review *m, int letter)
{
	for (int i = 0; i < LIST_ORDERS; i++) {
		if (list_order_info[i].letter != letter)
			continue;
		command_list_drop(m, NULL);
		ask_rows(m, (struct list_request){
			.what = LIST_SORT, .by = (enum list_order)i });
		return;
	}
	model_bell(m, _("no order has this letter; Esc leaves"));
}

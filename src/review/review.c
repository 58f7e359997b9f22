/* review.c - the model of the screen: events and keys to changes. */
#include "config.h"

#include "review/model.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* ---- small things for all parts ---- */

void model_touch(struct review *m)
{
	m->revision++;
	m->effects |= EFFECT_REDRAW;
}

void model_say(struct review *m, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(m->message, sizeof(m->message), format, args);
	va_end(args);
	m->effects |= EFFECT_REDRAW;
}

void model_bell(struct review *m, const char *message)
{
	model_say(m, "%s", message);
	m->effects |= EFFECT_BELL;
}

enum review_mode model_base(const struct review *m)
{
	return m->touring ? MODE_TOUR : MODE_REVIEW;
}

void model_go(struct review *m, long long target)
{
	m->target = target;
	m->effects |= EFFECT_GO;
}

/* ---- life ---- */

struct review *review_new(struct error *err)
{
	struct review *m = calloc(1, sizeof(*m));

	if (!m) {
		error_set(err, ERR_MEMORY, "no memory for the review");
		return NULL;
	}
	m->mode = MODE_LIST;
	m->selected = m->page = m->tour_page = -1;
	m->painted = -1;
	m->cursor = 1;
	m->last_space = m->last_input = LLONG_MIN / 2;
	return m;
}

static void clear_item(struct review *m)
{
	model_clear_pages(m);
	decided_list_done(&m->boxes);
	decided_list_done(&m->loaded);
	decided_list_done(&m->recorded);
	free(m->found.ink);
	m->found = (struct proposals){ 0 };
	m->verdict = (struct verdict){ 0 };
	m->has_info = m->detected = m->stage_failed = m->changed = false;
	m->failed_early = false;
	m->concluded = m->by_eye = m->broken = m->touring = false;
	m->all_faint = m->tour_asked = false;
	m->permille = m->frames_read = 0;
	m->text = m->faces = CHECK_OFF;
	m->next_id = 1;
	m->selected = -1;
	m->asked = ASKED_NOTHING;
	m->active_ms = m->view_ms = 0;
}

void review_free(struct review *m)
{
	if (!m)
		return;
	clear_item(m);
	mark_list_done(&m->marks);
	free(m->loose);
	free(m->tour_mask);
	free(m->edge);
	free(m->seen);
	model_forget_seen(m);
	free(m->hint);
	model_clear_sheet(m);
	free(m->sheet_seen);
	free(m->reopened);
	undo_done(&m->undo);
	free(m);
}

/* ---- events of the item ---- */

static void on_item(struct review *m, const struct event *e)
{
	if (m->item && (m->detected || m->stage_failed) &&
	    !undo_keep(&m->undo, m->row, &m->boxes, &m->loaded))
		model_say(m, "%s", _("no memory: changes there are lost"));
	if (m->item)
		model_keep_seen(m);
	clear_item(m);
	if (e->policy) {
		m->head_surface = e->policy->head_surface;
		m->blind = e->policy->blind;
		m->scan_always = e->policy->require_scan_always || m->blind;
	}
	m->item = e->item;
	m->row = e->item ? e->item->row : 0;
	m->is_known = e->decided_count > 0 || undo_kept(&m->undo, m->row);
	m->mode = e->item ? MODE_REVIEW : MODE_LIST;
	m->over_list = false;
	m->view.masks = MASKS_OUTLINE;
	model_clear_sheet(m);
	if (e->item) {
		if (e->row >= 0)
			m->cursor = e->row > 0 ? e->row : m->row;
		/* a verdict that could not be recorded was none */
		if (!model_decided(m))
			undo_drop_verdict(&m->undo, m->row);
	}
	model_reset_view(m);
	m->effects |= EFFECT_FLUSH_INPUT;
	model_touch(m);
}

/* The boxes are here: the first page is shown at once. */
static void start_evidence(struct review *m)
{
	m->effects |= EFFECT_FLUSH_INPUT;
	if (m->has_tour)
		model_plan_tour(m);
	m->tour_pages = 0;
	model_plan(m);
	m->page = m->plan.page_count > 0 ? 0 : -1;
	if (m->mode == MODE_REVIEW)
		model_show_page(m, m->page);
	model_touch(m);
}

/* Without proposals: what was decided before, and boxes drawn by hand. */
static void fail_stage(struct review *m, const struct event *e)
{
	if (!model_load_boxes(m, e))
		m->broken = true;
	m->stage_failed = true;
	start_evidence(m);
}

static void on_opened(struct review *m, const struct event *e)
{
	if (!m->item || m->has_info)
		return;
	m->info = *e->info;
	m->has_info = true;
	m->own_window = (struct image_window){ 0 };
	model_reset_view(m);
	model_go_frame(m, 0);
	if (m->failed_early)
		fail_stage(m, e);
	model_touch(m);
}

static void on_progress(struct review *m, const struct event *e)
{
	m->permille = e->permille;
	m->effects |= EFFECT_REDRAW;
}

static bool keep_ink(struct review *m, const struct proposals *p)
{
	size_t count = (size_t)p->ink_columns * (size_t)p->ink_rows;

	free(m->found.ink);
	m->found.ink = NULL;
	if (!p->ink)
		return true;
	m->found.ink = mem_array(count, 1);
	if (!m->found.ink)
		return false;
	memcpy(m->found.ink, p->ink, count);
	m->found.ink_columns = p->ink_columns;
	m->found.ink_rows = p->ink_rows;
	return true;
}

/* What held the copy back is at hand, by its number. */
static void select_new(struct review *m, const struct event *e)
{
	int box = model_new_box(m, e);

	if (box < 0)
		return;
	/* what is asked for now is about the one that is selected */
	if (m->mode == model_base(m))
		m->selected = box;
	if (m->mode == MODE_REVIEW)
		model_show_box(m, box);
	model_say(m, _("box %d is new: it was found on the copy, which was "
		       "held back"), box + 1);
}

static void on_detected(struct review *m, const struct event *e)
{
	if (!m->item || !m->has_info)
		return;
	if (!keep_ink(m, e->proposals) || !model_load_boxes(m, e))
		m->broken = true;
	m->text = e->proposals->text;
	m->faces = e->proposals->faces;
	m->frames_read = e->proposals->frames_read;
	m->detected = true;
	start_evidence(m);
	select_new(m, e);
}

static void on_stage_failed(struct review *m, const struct event *e)
{
	if (!m->item || m->stage_failed)
		return;
	if (m->has_info)
		fail_stage(m, e);
	else
		m->failed_early = true;
	model_touch(m);
}

static void on_changed(struct review *m, const struct event *e)
{
	(void)e;
	m->changed = true;
	model_touch(m);
}

static void on_screen(struct review *m, const struct event *e)
{
	m->screen = e->screen;
	m->tour_pages = 0;
	model_plan(m);
	if (m->has_tour)
		model_plan_tour(m);
	model_plan_sheet(m);
	m->effects |= EFFECT_CLEAR;
	model_touch(m);
}

static void on_list(struct review *m, const struct event *e)
{
	m->list_count = e->list_count;
	m->tagged = e->tagged;
	m->filtered = e->filtered;
	if (e->row > 0)
		m->cursor = e->row;
	if (m->cursor > m->list_count)
		m->cursor = m->list_count > 0 ? m->list_count : 1;
	model_touch(m);
}

/* As a verdict given with the item on the screen: u takes it back. */
static void on_decided(struct review *m, const struct event *e)
{
	const struct undo_verdict verdict = { e->state, e->count, false };

	if (!undo_record_verdict(&m->undo, e->row, &verdict))
		model_say(m, "%s", _("no memory: {undo} can't take it back"));
	model_touch(m);
}

/* ---- keys ---- */

static void key_seek(struct review *m, const struct event *e)
{
	m->target = e->command == CMD_NEXT_UNDECIDED ? TARGET_NEXT :
		TARGET_PREV;
	m->effects |= EFFECT_SEEK;
}

static void key_go_undecided(struct review *m, const struct event *e)
{
	model_go(m, e->command == CMD_NEXT_UNDECIDED ? TARGET_NEXT :
		 TARGET_PREV);
}

static void key_go_item(struct review *m, const struct event *e)
{
	long long to = m->cursor + (e->command == CMD_ITEM_NEXT ? 1 : -1);

	if (to < 1 || to > m->list_count) {
		model_bell(m, _("there is no item"));
		return;
	}
	m->cursor = to;
	model_go(m, TARGET_CURSOR);
}

static void key_list(struct review *m, const struct event *e)
{
	(void)e;
	m->touring = false;
	m->mode = MODE_LIST;
	m->effects |= EFFECT_FLUSH_INPUT;
	model_touch(m);
}

/* q: from the picture to the evidence, from there to the list. */
static void key_back(struct review *m, const struct event *e)
{
	if (m->screen.split || !model_back_to_page(m))
		key_list(m, e);
}

static void key_leave_tour(struct review *m, const struct event *e)
{
	(void)e;
	m->touring = false;
	m->mode = MODE_REVIEW;
	if (m->page >= 0)
		model_show_page(m, m->page);
	else
		command_fit(m, e);
	model_touch(m);
}

static void key_help(struct review *m, const struct event *e)
{
	(void)e;
	m->under_help = m->mode;
	m->mode = MODE_HELP;
	model_touch(m);
}

static void key_leave_help(struct review *m, const struct event *e)
{
	(void)e;
	m->mode = m->under_help;
	model_touch(m);
}

static void key_undo(struct review *m, const struct event *e)
{
	(void)e;
	model_undo(m);
}

static void key_redo(struct review *m, const struct event *e)
{
	model_redo(m, e);
}

static void key_release(struct review *m, const struct event *e)
{
	(void)e;
	undo_released(&m->undo);
	m->effects |= EFFECT_RELEASE;
}

static void key_remember(struct review *m, const struct event *e)
{
	(void)e;
	m->effects |= EFFECT_REMEMBER;
}

static void key_redraw(struct review *m, const struct event *e)
{
	(void)e;
	m->effects |= EFFECT_CLEAR;
	model_touch(m);
}

static void key_card(struct review *m, const struct event *e)
{
	(void)e;
	m->effects |= EFFECT_CARD;
}

static void key_line(struct review *m, const struct event *e)
{
	m->effects |= e->command == CMD_LINE ? EFFECT_LINE : EFFECT_SEARCH;
}

static void key_blank(struct review *m, const struct event *e)
{
	(void)e;
	m->effects |= EFFECT_BLANK;
}

static void key_mouse(struct review *m, const struct event *e)
{
	(void)e;
	m->effects |= EFFECT_MOUSE;
}

static void key_suspend(struct review *m, const struct event *e)
{
	(void)e;
	m->effects |= EFFECT_SUSPEND;
}

static void key_quit(struct review *m, const struct event *e)
{
	(void)e;
	m->effects |= EFFECT_QUIT;
}

/* In which modes a key works: one bit each. */
enum {
	IN_LIST = 1 << MODE_LIST, IN_REVIEW = 1 << MODE_REVIEW,
	IN_TOUR = 1 << MODE_TOUR, IN_EDIT = 1 << MODE_EDIT,
	IN_ADD = 1 << MODE_ADD, IN_CLASS = 1 << MODE_CLASS,
	IN_REASON = 1 << MODE_REASON, IN_HELP = 1 << MODE_HELP,
	IN_HINT = 1 << MODE_HINT, IN_SORT = 1 << MODE_SORT,
	IN_TAGGED = 1 << MODE_TAGGED, IN_SHEET = 1 << MODE_SHEET,
	IN_PROPAGATE = 1 << MODE_PROPAGATE, IN_WINDOW = 1 << MODE_WINDOW,
	IN_UNMASK = 1 << MODE_UNMASK,
	IN_PICTURE = IN_REVIEW | IN_TOUR,
	IN_AREA = IN_EDIT | IN_ADD,
	IN_ASKING = IN_CLASS | IN_REASON | IN_HINT | IN_PROPAGATE |
		    IN_WINDOW | IN_UNMASK,
	IN_OVER_LIST = IN_SORT | IN_TAGGED,
	ANYWHERE = IN_LIST | IN_PICTURE | IN_AREA | IN_ASKING | IN_HELP |
		   IN_OVER_LIST | IN_SHEET,
};

/* The first row that fits command and mode. */
static const struct action {
	enum command command;
	unsigned modes;
	model_command *run;
	bool on_picture;                /* needs info of the item */
} actions[] = {
	{ CMD_APPROVE, IN_LIST | IN_PICTURE | IN_AREA | IN_SHEET,
	  command_approve, false },
	{ CMD_SHEET, IN_LIST | IN_PICTURE, command_sheet, false },
	{ CMD_SHEET, IN_SHEET, command_leave_sheet, false },
	{ CMD_GROUP, IN_LIST | IN_PICTURE | IN_SHEET, command_group, false },
	{ CMD_DOWN, IN_SHEET, command_sheet_page, false },
	{ CMD_UP, IN_SHEET, command_sheet_page, false },
	{ CMD_BACK, IN_SHEET, command_leave_sheet, false },
	{ CMD_CLEAN, IN_PICTURE, command_clean, true },
	{ CMD_BY_EYE, IN_PICTURE, command_by_eye, true },
	{ CMD_REJECT, IN_PICTURE, command_reject, true },
	{ CMD_UNMASK, IN_PICTURE, command_unmask, true },
	{ CMD_REJECT_ALL, IN_PICTURE, command_reject_all, true },
	{ CMD_WITHHOLD, IN_PICTURE, command_withhold, false },
	{ CMD_WITHHOLD, IN_TAGGED, command_tagged_withhold, false },
	{ CMD_ESCALATE, IN_PICTURE, command_escalate, false },
	{ CMD_ESCALATE, IN_TAGGED, command_tagged_escalate, false },
	{ CMD_SELECT, IN_PICTURE, command_select, true },
	{ CMD_SELECT, IN_ADD, command_narrow, true },
	{ CMD_BOX_NEXT, IN_PICTURE, command_box_next, true },
	{ CMD_BOX_PREV, IN_PICTURE, command_box_prev, true },
	{ CMD_CANDIDATE_NEXT, IN_PICTURE, command_candidate_next, true },
	{ CMD_CANDIDATE_PREV, IN_PICTURE, command_candidate_prev, true },
	{ CMD_TAKE, IN_PICTURE, command_take, true },
	{ CMD_HINT, IN_PICTURE, command_hint, true },
	{ CMD_BOX_NEXT, IN_HINT, command_more_hints, true },
	{ CMD_ADD, IN_PICTURE, command_add, true },
	{ CMD_ONLY, IN_PICTURE | IN_AREA, command_only, true },
	{ CMD_EDIT, IN_PICTURE, command_edit, true },
	{ CMD_SNAP, IN_PICTURE | IN_AREA, command_snap, true },
	{ CMD_REPEAT, IN_PICTURE, command_repeat, true },
	{ CMD_CLASS, IN_PICTURE, command_class, true },
	{ CMD_CLASS, IN_EDIT, command_keep_class, true },
	{ CMD_FACE, IN_PICTURE, command_face, true },
	{ CMD_UNDO, IN_LIST | IN_PICTURE, key_undo, false },
	{ CMD_REDO, IN_LIST | IN_PICTURE, key_redo, false },
	{ CMD_TOUR, IN_REVIEW, command_tour, true },
	{ CMD_TOUR, IN_TOUR, key_leave_tour, true },
	{ CMD_MASKS, IN_PICTURE | IN_AREA, command_masks, true },
	{ CMD_ZOOM_BOX, IN_PICTURE, command_zoom_box, true },
	{ CMD_ZOOM_BOX, IN_AREA, command_zoom_area, true },
	{ CMD_ZOOM_IN, IN_PICTURE | IN_AREA, command_zoom, true },
	{ CMD_ZOOM_OUT, IN_PICTURE | IN_AREA, command_zoom, true },
	{ CMD_FIT, IN_PICTURE | IN_AREA, command_fit, true },
	{ CMD_LEGIBLE, IN_PICTURE | IN_AREA, command_legible, true },
	{ CMD_LEFT, IN_PICTURE, command_pan, true },
	{ CMD_DOWN, IN_PICTURE, command_pan, true },
	{ CMD_UP, IN_PICTURE, command_pan, true },
	{ CMD_RIGHT, IN_PICTURE, command_pan, true },
	{ CMD_LEFT_8, IN_PICTURE, command_pan, true },
	{ CMD_DOWN_8, IN_PICTURE, command_pan, true },
	{ CMD_UP_8, IN_PICTURE, command_pan, true },
	{ CMD_RIGHT_8, IN_PICTURE, command_pan, true },
	{ CMD_LEFT, IN_AREA, command_move, true },
	{ CMD_DOWN, IN_AREA, command_move, true },
	{ CMD_UP, IN_AREA, command_move, true },
	{ CMD_RIGHT, IN_AREA, command_move, true },
	{ CMD_LEFT_8, IN_AREA, command_move, true },
	{ CMD_DOWN_8, IN_AREA, command_move, true },
	{ CMD_UP_8, IN_AREA, command_move, true },
	{ CMD_RIGHT_8, IN_AREA, command_move, true },
	{ CMD_DOWN, IN_LIST, command_list_move, false },
	{ CMD_UP, IN_LIST, command_list_move, false },
	{ CMD_DOWN_8, IN_LIST, command_list_move, false },
	{ CMD_UP_8, IN_LIST, command_list_move, false },
	{ CMD_HANDLE, IN_AREA, command_handle, true },
	{ CMD_GROW, IN_AREA, command_grow, true },
	{ CMD_SHRINK, IN_AREA, command_shrink, true },
	{ CMD_BLOCKS, IN_AREA, command_blocks, true },
	{ CMD_FULL_WIDTH, IN_AREA, command_full_width, true },
	{ CMD_KEEP, IN_AREA, command_keep, true },
	{ CMD_KEEP, IN_UNMASK, command_unmask_chosen, true },
	{ CMD_KEEP, IN_LIST, command_open, false },
	{ CMD_DROP, IN_AREA | IN_ASKING, command_drop, false },
	{ CMD_DROP, IN_OVER_LIST, command_list_drop, false },
	{ CMD_DROP, IN_LIST, command_list_all, false },
	{ CMD_FRAME_NEXT, IN_PICTURE | IN_AREA, command_frame, true },
	{ CMD_FRAME_PREV, IN_PICTURE | IN_AREA, command_frame, true },
	{ CMD_FRAME_FIRST, IN_PICTURE | IN_AREA, command_frame, true },
	{ CMD_FRAME_LAST, IN_PICTURE | IN_AREA, command_frame, true },
	{ CMD_WINDOW_NARROW, IN_PICTURE | IN_AREA, command_window, true },
	{ CMD_WINDOW_WIDE, IN_PICTURE | IN_AREA, command_window, true },
	{ CMD_LEVEL_DOWN, IN_PICTURE | IN_AREA, command_window, true },
	{ CMD_LEVEL_UP, IN_PICTURE | IN_AREA, command_window, true },
	{ CMD_PRESET, IN_PICTURE, command_preset, true },
	{ CMD_INVERT, IN_PICTURE | IN_AREA, command_invert, true },
	{ CMD_DETAILS, IN_PICTURE | IN_AREA, command_details, true },
	{ CMD_ITEM_NEXT, IN_LIST, command_list_move, false },
	{ CMD_ITEM_PREV, IN_LIST, command_list_move, false },
	{ CMD_ITEM_NEXT, IN_PICTURE, key_go_item, false },
	{ CMD_ITEM_PREV, IN_PICTURE, key_go_item, false },
	{ CMD_OPEN, IN_LIST, command_open, false },
	{ CMD_OPEN, IN_TAGGED, command_tagged_open, false },
	{ CMD_TAG, IN_LIST, command_tag, false },
	{ CMD_TAG, IN_TAGGED, command_untag, false },
	{ CMD_TAGGED, IN_LIST, command_tagged, false },
	{ CMD_SORT, IN_LIST, command_sort, false },
	{ CMD_LIST, IN_PICTURE, key_list, false },
	{ CMD_LIST_FIRST, IN_LIST, command_list_move, false },
	{ CMD_ITEM, IN_LIST | IN_PICTURE, command_item, false },
	{ CMD_NEXT_UNDECIDED, IN_LIST, key_seek, false },
	{ CMD_PREV_UNDECIDED, IN_LIST, key_seek, false },
	{ CMD_NEXT_UNDECIDED, IN_PICTURE, key_go_undecided, false },
	{ CMD_PREV_UNDECIDED, IN_PICTURE, key_go_undecided, false },
	{ CMD_RELEASE, IN_LIST | IN_PICTURE, key_release, false },
	{ CMD_REMEMBER, IN_PICTURE, key_remember, false },
	{ CMD_PROPAGATE, IN_PICTURE, command_propagate, true },
	{ CMD_HELP, IN_LIST | IN_PICTURE | IN_AREA | IN_SHEET, key_help,
	  false },
	{ CMD_HELP, IN_HELP, key_leave_help, false },
	{ CMD_CARD, IN_LIST | IN_PICTURE, key_card, false },
	{ CMD_LINE, IN_LIST | IN_PICTURE | IN_AREA, key_line, false },
	{ CMD_SEARCH, IN_LIST, key_line, false },
	{ CMD_REDRAW, ANYWHERE, key_redraw, false },
	{ CMD_BLANK, IN_LIST | IN_PICTURE | IN_AREA | IN_SHEET, key_blank, false },
	{ CMD_MOUSE, IN_LIST | IN_PICTURE | IN_AREA | IN_SHEET, key_mouse,
	  false },
	{ CMD_SUSPEND, ANYWHERE, key_suspend, false },
	{ CMD_BACK, IN_LIST, command_list_back, false },
	{ CMD_BACK, IN_OVER_LIST, command_list_drop, false },
	{ CMD_BACK, IN_REVIEW, key_back, false },
	{ CMD_BACK, IN_TOUR, key_leave_tour, true },
	{ CMD_BACK, IN_AREA | IN_ASKING, command_drop, false },
	{ CMD_BACK, IN_HELP, key_leave_help, false },
	{ CMD_QUIT, ANYWHERE, key_quit, false },
};

bool review_hears(enum review_mode mode, enum command command)
{
	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
		if (actions[i].command == command &&
		    actions[i].modes & 1U << mode)
			return true;
	return false;
}

/* While the app records a verdict only these are heard. */
static bool always_heard(enum command c)
{
	return c == CMD_REDRAW || c == CMD_SUSPEND || c == CMD_QUIT;
}

static void on_command(struct review *m, const struct event *e)
{
	unsigned here = 1U << m->mode;

	m->message[0] = '\0';
	m->effects |= EFFECT_REDRAW;
	m->digit = e->command == CMD_SELECT ? m->digit : 0;
	if (m->concluded && !always_heard(e->command))
		return;
	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++) {
		const struct action *a = &actions[i];

		if (a->command != e->command || !(a->modes & here))
			continue;
		if (a->on_picture && !m->has_info)
			model_bell(m, _("still reading: wait"));
		else
			a->run(m, e);
		return;
	}
}

static void on_character(struct review *m, const struct event *e)
{
	struct event digit = *e;

	m->message[0] = '\0';
	m->effects |= EFFECT_REDRAW;
	if (m->concluded)
		return;
	digit.count = e->character - '0';
	if (m->mode == MODE_REASON)
		model_reason_given(m, digit.count);
	else if (m->mode == MODE_CLASS)
		model_class_given(m, e->character);
	else if (m->mode == MODE_HINT)
		model_hint_given(m, e->character);
	else if (m->mode == MODE_UNMASK)
		model_unmask_given(m, e->character);
	else if (m->mode == MODE_PROPAGATE)
		model_propagate_given(m, e->character);
	else if (m->mode == MODE_WINDOW)
		model_window_given(m, digit.count);
	else if (m->mode == MODE_SORT)
		model_sort_given(m, e->character);
	else if (m->mode == MODE_ADD)
		command_narrow(m, &digit);
}

static void on_tick(struct review *m, const struct event *e)
{
	(void)m;
	(void)e;
}

/* What comes back was not seen for a while: it is painted anew before a Space
 * counts. */
static void on_blank(struct review *m, const struct event *e)
{
	m->blank = e->blank;
	m->last_input = m->now;
	model_touch(m);
}

static void on_handed(struct review *m, const struct event *e)
{
	(void)e;
	if (!undo_record_handed(&m->undo, m->row))
		model_say(m, "%s", _("no memory"));
}

static model_command *const handlers[] = {
	[EVENT_COMMAND] = on_command, [EVENT_CHARACTER] = on_character,
	[EVENT_SCREEN] = on_screen, [EVENT_PAINTED] = model_painted,
	[EVENT_ITEM] = on_item, [EVENT_OPENED] = on_opened,
	[EVENT_PROGRESS] = on_progress, [EVENT_DETECTED] = on_detected,
	[EVENT_READ] = model_text_read, [EVENT_STAGE_FAILED] = on_stage_failed,
	[EVENT_FRAME] = model_frame_came, [EVENT_CHANGED] = on_changed,
	[EVENT_LIST] = on_list, [EVENT_DECIDED] = on_decided,
	[EVENT_POINT] = model_point, [EVENT_BLANK] = on_blank, [EVENT_TICK] = on_tick,
	[EVENT_SHEET] = model_sheet_came, [EVENT_GROUPED] = model_grouped,
	[EVENT_HANDED] = on_handed,
};

unsigned review_update(struct review *m, const struct event *event)
{
	m->effects = 0;
	model_clock(m, event);
	handlers[event->type](m, event);
	return m->effects;
}

/* ---- what is read ---- */

enum review_mode review_mode(const struct review *m)
{
	return m->mode;
}

long long review_revision(const struct review *m)
{
	return m->revision;
}

const struct worklist_item *review_item(const struct review *m)
{
	return m->item;
}

const struct image_info *review_info(const struct review *m)
{
	return m->has_info ? &m->info : NULL;
}

const struct view *review_view(const struct review *m)
{
	return &m->view;
}

int review_selected(const struct review *m)
{
	return m->selected;
}

int review_handle(const struct review *m)
{
	return m->handle;
}

bool review_touring(const struct review *m)
{
	return m->touring;
}

enum head_part review_head(const struct review *m)
{
	return m->has_info && m->head_surface != HEAD_KEEP ? m->info.head :
							     HEAD_PART_NONE;
}

bool review_by_eye(const struct review *m)
{
	return m->by_eye;
}

int review_permille(const struct review *m)
{
	return m->permille;
}

const struct verdict *review_verdict(const struct review *m)
{
	return &m->verdict;
}

long long review_target(const struct review *m)
{
	return m->target;
}

enum asked review_asked(const struct review *m)
{
	return m->asked;
}

int review_reason(const struct review *m)
{
	return m->reason;
}

const long long *review_reopened(const struct review *m, size_t *count)
{
	*count = m->reopened_count;
	return m->reopened;
}

long long review_cursor(const struct review *m)
{
	return m->cursor;
}

const char *review_message(const struct review *m)
{
	return m->message;
}

/* desk.c - the model, the item on the screen, and what its effects ask for. */
#include "config.h"

#include "ui/desk.h"

#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "ui/line.h"
#include "process/remembered.h"
#include "record/second.h"
#include "ui/desk_group.h"
#include "ui/desk_hand.h"
#include "ui/errand.h"

enum {
	LIST_BATCH = 256,               /* files listed at a time */
	OPEN_TRIES = 1000,              /* refused files passed in one go */
	DECIDE_BATCH = 8,               /* verdicts recorded at a time */
};

static const unsigned undecided = 1u << ITEM_LISTED | 1u << ITEM_PROPOSED |
				  1u << ITEM_OPEN;
static const unsigned refusals = 1u << ITEM_REFUSED;

void desk_say(struct desk *d, const char *format, ...)
{
	char text[DESK_NOTICE];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	if (d->keyed)
		snprintf(d->notice, sizeof(d->notice), "%s", text);
	else
		news_add(&d->news, NEWS_OTHER, 1, text);
	d->effects |= EFFECT_REDRAW;
}

void desk_tell(struct desk *d, enum news_kind kind, int count,
	       const char *format, ...)
{
	char text[DESK_NOTICE];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	news_add(&d->news, kind, count, text);
	d->effects |= EFFECT_REDRAW;
}

/* The project can't be written: nothing can be decided any more. */
void desk_dead(struct desk *d, const struct error *err)
{
	d->error = *err;
	d->effects |= EFFECT_QUIT;
}

void desk_count(struct desk *d)
{
	long long by_output[OUTPUT_STATES];
	struct error err;

	d->total = worklist_count(d->project->worklist);
	d->held_back = worklist_held(d->project->worklist);
	if (!worklist_counts(d->project->worklist, d->by_state, by_output,
			     &err)) {
		desk_dead(d, &err);
	} else {
		d->released = by_output[OUTPUT_RELEASED];
		d->unreleased = d->by_state[ITEM_MASKED] +
				d->by_state[ITEM_CLEAN] - d->released -
				d->held_back;
	}
	d->effects |= EFFECT_REDRAW;
}

/* The cursor goes to a place; 0: it stays. */
static void tell_place(struct desk *d, long long place)
{
	struct event event = { .type = EVENT_LIST, .ms = d->ms, .row = place,
			       .tagged = d->order.tagged,
			       .filtered = *d->order.filter };

	order_grow(&d->order, d->total);
	event.list_count = d->order.count;
	desk_event(d, &event);
}

void desk_pick(struct desk *d, long long place)
{
	d->keyed = true;
	tell_place(d, place);
	d->keyed = false;
}

static void tell_list(struct desk *d, long long row)
{
	order_grow(&d->order, d->total);
	tell_place(d, order_place(&d->order, row));
}

/* A filter or order goes by what was the case when it was made. */
static void renew_order(struct desk *d)
{
	struct error err;

	if (!order_plain(&d->order) &&
	    !order_make(&d->order, d->project->worklist, d->total,
			d->order.filter, d->order.by, &err))
		desk_say(d, "%s", err.text);
}

/* Only ahead, not round to the start: what is there was passed over. */
static long long next_row(void *self, long long row)
{
	const struct desk *d = self;
	struct worklist *w = d->project->worklist;
	long long place = order_place(&d->order, row);

	if (order_plain(&d->order))
		return worklist_next(w, row + 1, false, undecided);
	while (place && (row = order_row(&d->order, ++place)))
		if (1u << worklist_state(w, row) & undecided)
			return row;
	return 0;
}

bool desk_init(struct desk *d, struct project *project,
	       struct workers *workers, struct source *source,
	       struct error *err)
{
	*d = (struct desk){ .project = project, .workers = workers,
			    .source = source, .plane_frame = FRAME_NONE };
	d->model = review_new(err);
	items_init(&d->items, project, workers);
	d->items.next = next_row;
	d->items.self = d;
	series_init(&d->series, project, workers);
	d->items.layouts = &d->layouts;
	d->items.propagated = &d->propagated;
	if (!d->model)
		return false;
	d->outputs = outputs_new(project, workers);
	if (!d->outputs)
		return error_set(err, ERR_MEMORY, "no memory for outputs");
	desk_count(d);
	d->again = worklist_next(project->worklist, 1, false, refusals);
	tell_list(d, worklist_next(project->worklist, 1, false, undecided));
	if (project_alarm(project))
		desk_say(d, "%s", project_alarm(project));
	return layouts_load(project, &d->layouts, err) &&
	       propagated_load(project, &d->propagated, err);
}

void desk_done(struct desk *d)
{
	outputs_free(d->outputs);
	news_done(&d->news);
	desk_group_done(d);
	items_done(&d->items);
	layouts_done(&d->layouts);
	layouts_done(&d->propagated);
	desk_hand_done(d);
	worklist_item_done(&d->item);
	masks_done(&d->decided);
	draft_done(&d->draft);
	buffer_done(&d->kept);
	plane_free(d->plane);
	peek_done(&d->peek);
	review_free(d->model);
	order_done(&d->order);
	*d = (struct desk){ 0 };
}

/* ---- the picture ---- */

/* Is the plane that of the slot's frame, in the file's own window? */
static bool is_own_window(const struct desk *d, const struct slot *slot)
{
	return d->plane && slot && !d->plane_has_window &&
	       slot->frame_index == d->plane_frame;
}

/* Such a plane goes back to its slot, should the reviewer come back. */
static void drop_plane(struct desk *d)
{
	struct slot *slot = items_current(&d->items);

	if (is_own_window(d, slot))
		ready_give(&slot->ready, d->plane);
	else
		plane_free(d->plane);
	d->plane = NULL;
	d->plane_frame = FRAME_NONE;
}

/* Display values of the slot's frame under the window of the view. */
static void make_plane(struct desk *d, struct slot *slot)
{
	const struct view *view = review_view(d->model);
	struct error err;

	drop_plane(d);
	if (!view->has_window)
		d->plane = ready_take(&slot->ready);
	if (!d->plane)
		d->plane = items_plane(slot, view->has_window ?
				       &view->window : NULL, &err);
	if (!d->plane) {
		desk_tell(d, NEWS_ITEM, 1, "%s", err.text);
		return;
	}
	d->plane_frame = slot->frame_index;
	d->plane_serial++;
	d->plane_has_window = view->has_window;
	d->plane_window = view->window;
}

/* The view may have got another window since the plane was made. */
static void refresh_plane(struct desk *d)
{
	const struct view *view = review_view(d->model);
	struct slot *slot = items_current(&d->items);

	if (!slot || slot->frame_index == FRAME_NONE ||
	    slot->frame_index != view->frame_index)
		return;
	if (d->plane && d->plane_frame == slot->frame_index &&
	    d->plane_has_window == view->has_window &&
	    (!view->has_window ||
	     (d->plane_window.centre == view->window.centre &&
	      d->plane_window.width == view->window.width)))
		return;
	make_plane(d, slot);
}

/* Give the model the frame it asked for, in the file's own window. */
static void tell_frame(struct desk *d, struct slot *slot)
{
	struct event event = { .type = EVENT_FRAME, .ms = d->ms,
			       .frame_index = slot->frame_index,
			       .grey = slot->ready.grey,
			       .window = items_window(slot) };
	struct plane *own = NULL, *whole = items_whole(slot);
	struct error err;

	refresh_plane(d);
	event.whole = whole;
	event.plane = d->plane;
	if (!is_own_window(d, slot))
		event.plane = own = items_plane(slot, NULL, &err);
	desk_event(d, &event);
	plane_free(own);
	plane_free(whole);
	refresh_plane(d);
	d->effects |= EFFECT_REDRAW;
}

/* With the boxes of an earlier session: changed ones, else decided ones. */
static struct event with_known(const struct desk *d, enum event_type type)
{
	const struct draft *draft = &d->draft;
	struct event event = { .type = type, .ms = d->ms,
			       .draft = draft->box_count > 0,
			       .loaded = draft->loaded,
			       .loaded_count = draft->loaded_count };

	event.decided = event.draft ? draft->box : d->decided.box;
	event.decided_count = event.draft ? draft->box_count :
					    d->decided.box_count;
	return event;
}

/* A picture of another frame must not stay under the number of this one. */
static void tell_failed(struct desk *d)
{
	struct event event = with_known(d, EVENT_STAGE_FAILED);

	if (d->plane_frame != review_view(d->model)->frame_index)
		drop_plane(d);
	desk_event(d, &event);
}

static void need_frame(struct desk *d)
{
	struct slot *slot = items_current(&d->items);
	int wanted = review_view(d->model)->frame_index;
	struct error err;

	if (!slot || slot->wanted == wanted)
		return;
	if (!items_want_frame(&d->items, slot, wanted, &err))
		tell_failed(d);
	else if (slot->frame_index == wanted)
		tell_frame(d, slot);
}

/* ---- opening ---- */

/* Copy what the workers found into the row. */
static void fill_item(struct worklist_item *item, const struct slot *slot)
{
	item->has_sha256 = true;
	memcpy(item->in_sha256, slot->sha256, sizeof(item->in_sha256));
	memcpy(item->patient, slot->patient, sizeof(item->patient));
	memcpy(item->series, slot->series, sizeof(item->series));
	memcpy(item->device, slot->device, sizeof(item->device));
	item->size = slot->size;
	item->mtime_ns = slot->mtime_ns;
	item->inode = slot->inode;
	item->format = (int)slot->info.format;
	item->columns = slot->info.columns;
	item->rows = slot->info.rows;
	item->frames = slot->info.frames;
	snprintf(item->modality, sizeof(item->modality), "%s",
		 slot->info.modality);
}

static int count_boxes(const struct slot *slot)
{
	int boxes = 0;

	for (size_t i = 0; i < slot->proposals.boxes.count; i++)
		boxes += slot->proposals.boxes.box[i].tier == TIER_BOX;
	return boxes;
}

static void tell_opened(struct desk *d, const struct slot *slot)
{
	struct event event = with_known(d, EVENT_OPENED);

	event.info = &slot->info;
	desk_event(d, &event);
}

static void tell_detected(struct desk *d, const struct slot *slot)
{
	struct event event = with_known(d, EVENT_DETECTED);

	event.info = &slot->info;
	event.proposals = &slot->proposals;
	tell_opened(d, slot);           /* once is enough: no harm */
	desk_event(d, &event);
}

/* The text of what was known came. */
static void tell_read(struct desk *d, const struct slot *slot)
{
	struct event event = { .type = EVENT_READ, .ms = d->ms,
			       .proposals = &slot->proposals };

	desk_event(d, &event);
}

static void tell_changed(struct desk *d)
{
	struct event event = { .type = EVENT_CHANGED, .ms = d->ms };

	if (d->changed_told)
		return;
	d->changed_told = true;
	desk_event(d, &event);
}

/* Is it another file than the one that the log names?  Asked each time that
 * the item comes to the screen. */
static bool is_other_file(const struct desk *d, const struct slot *slot)
{
	return d->item.has_sha256 &&
	       memcmp(d->item.in_sha256, slot->sha256, 32) != 0;
}

/*
 * The item on the screen was read: log and row, once.  A decided item only has
 * its boxes shown, and so has one whose file is another.
 */
static void note_detected(struct desk *d, struct slot *slot)
{
	bool noted = slot->noted;
	struct error err = { 0 };

	slot->noted = true;
	if (is_other_file(d, slot)) {
		tell_changed(d);
		return;
	}
	if (noted || !(1u << d->item.state & undecided))
		return;
	fill_item(&d->item, slot);
	if (!project_opened(d->project, &d->item, &err) ||
	    !project_proposed(d->project, &d->item, count_boxes(slot),
			      slot->found.data, slot->found.length, &err)) {
		if (err.code == ERR_REFUSED)
			tell_changed(d);
		else
			desk_dead(d, &err);
	}
	desk_count(d);
}

static bool has_box(const struct box_list *list, const struct box *box)
{
	for (size_t i = 0; i < list->count; i++)
		if (region_equal(list->box[i].region, box->region) &&
		    list->box[i].frame0 == box->frame0 &&
		    !strcmp(list->box[i].why, box->why))
			return true;
	return false;
}

/* What was found on the output becomes a proposal, to be decided on; also in
 * a later session than the one that found it. */
static void add_residuals(struct desk *d, struct slot *slot)
{
	struct box_list found = { 0 };
	struct error err = { 0 };
	bool ok = output_found(d->project, &d->item, &found, &err);

	for (size_t i = 0; ok && i < found.count; i++)
		ok = has_box(&slot->proposals.boxes, &found.box[i]) ||
		     box_list_add(&slot->proposals.boxes, &found.box[i]);
	if (!ok)
		desk_tell(d, NEWS_ITEM, 1, "%s",
			  _("what was found on the copy can't be "
			    "shown: make the item's masks larger"));
	else if (d->item.held)
		desk_tell(d, NEWS_ITEM, 1, "%s",
			  _("held back: something was found on its "
			    "copy; {undo}, then see the new box"));
	box_list_done(&found);
}

static void take_detected(struct desk *d, struct slot *slot)
{
	if (d->errand && d->errand->found && !slot->noted &&
	    !d->errand->found(d->errand->self, &d->item, &slot->proposals)) {
		tell_failed(d);
		return;
	}
	add_residuals(d, slot);
	note_detected(d, slot);
	tell_detected(d, slot);
	items_read_text(&d->items);
}

/* All that is known of the item on the screen so far. */
static void tell_item(struct desk *d)
{
	struct slot *slot = items_current(&d->items);
	struct event event = with_known(d, EVENT_ITEM);
	long long place = order_place(&d->order, d->item.row);
	bool changed = d->changed_told;

	event.policy = d->errand && d->errand->policy ? d->errand->policy :
						       &d->project->policy;
	event.item = d->item.row ? &d->item : NULL;
	event.row = place > 0 ? place : -1;
	d->changed_told = false;        /* the model forgets it */
	desk_event(d, &event);
	if (changed)
		tell_changed(d);
	if (!slot || !d->item.row)
		return;
	if (slot->opened)
		tell_opened(d, slot);
	if (slot->frame_index == review_view(d->model)->frame_index)
		tell_frame(d, slot);
	if (slot->detected)
		take_detected(d, slot);
	else if (slot->failed)
		tell_failed(d);
}

/* ---- what was changed and not decided ---- */

/* The draft as it is to be; nothing when nothing was changed. */
static bool pack_draft(const struct desk *d, struct buffer *out)
{
	struct draft draft = { 0 };

	if (!review_undecided(d->model) ||
	    !review_touched(d->model, d->item.row))
		return true;
	/* borrowed, and not changed */
	draft.box = (struct decided_box *)(uintptr_t)
		    review_boxes(d->model, &draft.box_count);
	draft.loaded = (struct decided_box *)(uintptr_t)
		       review_loaded(d->model, &draft.loaded_count);
	return draft_pack(&d->item, &draft, out);
}

bool desk_keep(struct desk *d, struct error *err)
{
	struct buffer now = { 0 };
	bool good;

	if (d->errand || !d->item.row || !d->item.has_sha256 ||
	    d->error.code || !review_undecided(d->model))
		return true;
	good = pack_draft(d, &now) || error_set(err, ERR_MEMORY, "%s",
						_("no memory"));
	if (good && (now.length != d->kept.length ||
		     (now.length > 0 &&
		      memcmp(now.data, d->kept.data, now.length) != 0)))
		good = draft_save(d->project, &d->item, &now, err);
	if (good) {
		buffer_done(&d->kept);
		d->kept = now;
	} else {
		buffer_done(&now);
	}
	return good;
}

/* Said once, until it works again. */
static void keep(struct desk *d)
{
	struct error err = { 0 };
	bool good = desk_keep(d, &err);

	if (!good && !d->keep_failed)
		desk_tell(d, NEWS_ITEM, 1, _("changed boxes can't be kept: %s"),
			  err.text);
	d->keep_failed = !good;
}

/* A verdict holds the boxes now. */
static void forget_draft(struct desk *d, const struct worklist_item *item)
{
	const struct buffer none = { 0 };

	/* one that stays is of before the verdict, and counts for nothing */
	draft_save(d->project, item, &none, NULL);
	if (item->row == d->item.row)
		buffer_clear(&d->kept);
}

static void load_draft(struct desk *d)
{
	struct error err = { 0 };

	if (d->errand || !(1u << d->item.state & undecided))
		return;
	if (!draft_load(d->project, &d->item, &d->draft, &err))
		desk_say(d, "%s", err.text);
	else if (d->draft.box_count > 0 &&
		 !draft_pack(&d->item, &d->draft, &d->kept))
		buffer_clear(&d->kept);         /* it is written again */
}

static void close_item(struct desk *d)
{
	news_drop(&d->news, NEWS_ITEM);
	d->keep_failed = false;         /* said anew: they are left behind */
	keep(d);
	drop_plane(d);
	items_leave(&d->items);
	worklist_item_done(&d->item);
	d->item = (struct worklist_item){ 0 };
	masks_done(&d->decided);
	d->decided = (struct masks){ 0 };
	draft_done(&d->draft);
	buffer_clear(&d->kept);
	d->changed_told = d->named = false;
}

/* Note a refusal in log and worklist. */
static void refuse(struct desk *d, long long row, const struct error *why)
{
	struct worklist_item item;
	struct error err;

	if (!worklist_get(d->project->worklist, row, &item, &err)) {
		desk_dead(d, &err);
		return;
	}
	/* a verdict stands, even when its file is gone by now */
	if (1u << item.state & undecided &&
	    !project_refused(d->project, &item, why->reason, why->uid,
			     why->number, &err))
		desk_dead(d, &err);
	worklist_item_done(&item);
	desk_count(d);
}

/* The nearest undecided row after (before) a place; round to the start. */
static long long seek(struct desk *d, long long place, bool backwards)
{
	struct worklist *w = d->project->worklist;
	long long count = d->order.count;

	if (order_plain(&d->order)) {
		long long row = worklist_next(w, backwards ? place - 1 :
					      place + 1, backwards, undecided);

		return row ? row : worklist_next(w, backwards ? d->total : 1,
						 backwards, undecided);
	}
	for (long long i = 0; i < count; i++) {
		place += backwards ? -1 : 1;
		place = place < 1 ? count : place > count ? 1 : place;

		long long row = order_row(&d->order, place);

		if (1u << worklist_state(w, row) & undecided)
			return row;
	}
	return 0;
}

/* What is said when nothing is left to decide. */
static const char *all_decided(const struct desk *d)
{
	return d->errand ? _("that was all: {quit} leaves") :
	       d->source ? _("all files listed so far are decided") :
	       *d->order.filter ? _("all that the filter shows is decided") :
	       d->project->policy.second ?
	       _("all items are decided: now a second reader, qa review "
		 "--mode=second; then {release}") :
	       _("all items are decided: {release} releases them");
}

/* The last of the open items may have been the one.  Of several that are
 * refused one after the other, how many; one that is known to be is asked
 * for. */
static void say_refused(struct desk *d, long long row, const struct error *why,
			bool known)
{
	int count = 1 + (known ? 0 : news_unread(&d->news, NEWS_REFUSED));
	bool left = seek(d, 0, false);
	char text[ERROR_TEXT], refused[ERROR_TEXT + 64];

	reason_text(why->reason, why->uid, why->number, true, text,
		    sizeof(text));
	/* TRANSLATORS: number of an item, then why it is refused */
	snprintf(refused, sizeof(refused), _("item %lld refused: %s"), row,
		 text);
	if (count > 1)
		snprintf(refused, sizeof(refused),
			 P_("%d item refused: {search} st:refused in the "
			    "worklist shows it", "%d items refused: {search} "
			    "st:refused in the worklist shows them",
			    (unsigned long)count), count);
	if (known)
		desk_say(d, "%s%s%s", left ? "" : all_decided(d),
			 left ? "" : "; ", refused);
	else
		desk_tell(d, NEWS_REFUSED, count, "%s%s%s",
			  left ? "" : all_decided(d), left ? "" : "; ",
			  refused);
}

/* Put a row on the screen.  False when its file can't be had. */
static bool open_row(struct desk *d, long long row)
{
	struct error err = { 0 };
	const struct slot *slot;

	close_item(d);
	if (!worklist_get(d->project->worklist, row, &d->item, &err)) {
		desk_dead(d, &err);
		return true;
	}
	if (d->item.state == ITEM_REFUSED) {
		error_refuse(&err, (enum reason)d->item.reason,
			     d->item.reason_uid, d->item.reason_number);
		say_refused(d, row, &err, true);
		close_item(d);
		return false;
	}
	if (d->item.verdict_seq &&
	    !project_decided(d->project, &d->item, &d->decided, &err)) {
		desk_say(d, "%s", err.text);
		err = (struct error){ 0 };
	}
	load_draft(d);
	slot = items_open(&d->items, row, &err);
	if (slot && slot->failed && slot->refused)
		err = slot->error;
	if (err.code == ERR_REFUSED) {
		refuse(d, row, &err);
		say_refused(d, row, &err, false);
		close_item(d);
		return false;
	}
	if (!slot) {
		desk_say(d, "%s", err.text);
		tell_item(d);
		tell_failed(d);
		return true;
	}
	tell_item(d);
	items_ahead(&d->items);
	return true;
}

static void show_list(struct desk *d, long long row)
{
	close_item(d);
	tell_item(d);
	renew_order(d);
	tell_list(d, row);
}

/* Where the item on the screen stands, or the cursor. */
static long long place_now(const struct desk *d)
{
	long long place = order_place(&d->order, d->item.row);

	return place ? place : review_cursor(d->model);
}

/* n and N: all that a filter shows, else the undecided. */
static void seek_row(struct desk *d, bool backwards)
{
	long long place = review_cursor(d->model), count = d->order.count;

	if (*d->order.filter) {
		place += backwards ? -1 : 1;
		tell_place(d, place < 1 ? count : place > count ? 1 : place);
	} else {
		tell_list(d, seek(d, place, backwards));
	}
}

/* ---- what the list asks for ---- */

static void take_order(struct desk *d, const char *filter, enum list_order by)
{
	long long row = order_row(&d->order, review_cursor(d->model));
	struct order old = d->order;
	struct error err;

	d->order.row = NULL;
	d->order.count = 0;
	if (!order_make(&d->order, d->project->worklist, d->total, filter, by,
			&err)) {
		desk_say(d, "%s", err.text);
		d->order = old;
		return;
	}
	if (*filter && line_needs_reading(filter) && d->order.unread > 0)
		desk_say(d, _("%lld items are unread, nothing is known of them "
			      "yet%s"),
			 d->order.unread, d->order.count ? "" :
			 _("; nothing is found, the list stays"));
	else if (*filter && !d->order.count)
		desk_say(d, "%s", _("nothing is found; the list stays"));
	if (*filter && !d->order.count) {
		free(d->order.row);
		d->order = old;
		return;
	}
	free(old.row);
	row = order_place(&d->order, row);
	tell_place(d, row ? row : 1);
}

/* "st:gone": what st: may be. */
static void say_unknown(struct desk *d, const char *name)
{
	struct line line = { 0 };
	char words[256];

	line_open(&line, '/');
	snprintf(line.text, sizeof(line.text), "%s", name);
	line_matches(&line, MODE_LIST, words, sizeof(words));
	/* TRANSLATORS: a word of a filter, "st:", then what may follow it */
	desk_say(d, _("after %s one of: %s"), name, words);
}

void desk_filter(struct desk *d, const char *filter)
{
	char name[8];

	d->keyed = true;
	if (line_unknown(filter, name, sizeof(name)))
		say_unknown(d, name);
	else
		/* blanks alone let nothing through */
		take_order(d, filter + strspn(filter, " "), d->order.by);
	d->keyed = false;
}

static void turn_tags(struct desk *d, const struct list_request *r)
{
	bool good = true;

	for (long long i = 0; i < r->count && good; i++) {
		long long row = order_row(&d->order, r->from + i);

		good = order_tag(&d->order, row,
				 !order_tagged(&d->order, row));
	}
	if (!good)
		desk_say(d, "%s", _("no memory"));
	tell_place(d, 0);
}

static void open_tagged(struct desk *d)
{
	long long row;

	take_order(d, "tag:1", d->order.by);
	row = seek(d, 0, false);
	if (!row)
		desk_say(d, "%s", _("all that is tagged is decided"));
	else if (!open_row(d, row))
		show_list(d, row);
}

/* What is decided on all needs no picture on the screen: it keeps items
 * back. */
static void start_all(struct desk *d, const struct list_request *r)
{
	if (d->errand) {
		desk_say(d, "%s", _("here each item is decided on its own"));
		return;
	}
	if (d->all.row) {
		desk_say(d, "%s", _("the last one for all tagged still runs"));
		return;
	}
	close_item(d);
	tell_item(d);
	d->all = (struct desk_all){ .state = r->state, .reason = r->reason,
				    .row = 1 };
}

/* The number of an item is its row, whatever is shown. */
static bool is_there(struct desk *d, long long number)
{
	if (number > d->total)
		desk_say(d, _("there is no item %lld: the last is %lld"),
			 number, d->total);
	return number <= d->total;
}

static void pick_item(struct desk *d, long long number)
{
	long long place = order_place(&d->order, number);

	if (place)
		tell_place(d, place);
	else if (is_there(d, number))
		desk_say(d, _("item %lld is not among those shown: {drop} "
			      "shows all"), number);
}

static void change_rows(struct desk *d)
{
	/* a copy: the model's own changes while it is told */
	struct list_request r = *review_rows(d->model);

	switch (r.what) {
	case LIST_TAG:
		turn_tags(d, &r);
		break;
	case LIST_UNTAG:
		order_untag_all(&d->order);
		renew_order(d);
		tell_place(d, 0);
		break;
	case LIST_SORT:
		take_order(d, d->order.filter, r.by);
		break;
	case LIST_ALL:
		take_order(d, "", d->order.by);
		break;
	case LIST_PICK:
		pick_item(d, r.from);
		break;
	case LIST_OPEN_TAGGED:
		open_tagged(d);
		break;
	case LIST_DECIDE:
		start_all(d, &r);
		break;
	}
}

static void end_all(struct desk *d)
{
	d->all.row = 0;
	renew_order(d);
	tell_place(d, 0);
	if (d->all.left)
		desk_say(d, _("decided: %lld; not opened yet or refused, still "
			    "tagged: %lld"), d->all.done, d->all.left);
	else
		desk_say(d, _("decided: %lld"), d->all.done);
}

/* It was opened while the others were decided on: it leaves the screen, where
 * it could be decided on twice. */
static void leave_decided(struct desk *d, const struct worklist_item *item)
{
	if (d->item.row != item->row)
		return;
	d->item.state = item->state;
	desk_leave_decided(d);
}

/* One tagged item.  One that was never opened has no hash that a verdict could
 * name. */
static void decide_one(struct desk *d, long long row)
{
	struct verdict verdict = { .verdict = d->all.state,
				   .reason = d->all.reason };
	struct event event = { .type = EVENT_DECIDED, .ms = d->ms,
			       .row = row, .state = d->all.state,
			       .count = d->all.reason };
	struct worklist_item item;
	struct error err = { 0 };

	if (!worklist_get(d->project->worklist, row, &item, &err)) {
		desk_dead(d, &err);
		return;
	}
	if (!(1u << item.state & undecided)) {
		d->all.left += item.state == ITEM_REFUSED;
	} else if (!item.has_sha256) {
		d->all.left++;
	} else if (!project_verdict(d->project, &item, &verdict, &err)) {
		desk_dead(d, &err);
	} else {
		forget_draft(d, &item);
		d->all.done++;
		order_tag(&d->order, row, false);
		desk_event(d, &event);
		leave_decided(d, &item);
	}
	worklist_item_done(&item);
}

bool desk_all_more(struct desk *d)
{
	if (!d->all.row || d->error.code)
		return false;
	for (int i = 0; i < DECIDE_BATCH && d->all.row; i++) {
		long long row = order_next_tagged(&d->order, d->all.row);

		d->all.row = row ? row + 1 : 0;
		if (row)
			decide_one(d, row);
	}
	desk_count(d);
	if (!d->all.row)
		end_all(d);
	else
		tell_place(d, 0);
	return d->all.row != 0;
}

/* What was changed is only in memory, as on a full disk, where the next item
 * may end the program: it stays on the screen. */
static bool stays(struct desk *d)
{
	bool told = d->keep_failed;

	keep(d);
	if (!d->keep_failed)
		return false;
	tell_place(d, order_place(&d->order, d->item.row));
	if (told)
		desk_say(d, "%s", _("the changed boxes can't be kept: free "
				    "space on the disk, then go on"));
	return true;
}

static void go(struct desk *d, long long target)
{
	long long from = place_now(d);
	bool backwards = target == TARGET_PREV;

	if (target == TARGET_CURSOR) {
		target = order_row(&d->order, review_cursor(d->model));
		if (!target)
			return;
	}
	/* back to it from the worklist is no leaving */
	if (target != d->item.row && stays(d))
		return;
	if (target > 0) {
		if (is_there(d, target) && !open_row(d, target))
			show_list(d, target);
		d->named = true;
		return;
	}
	for (int i = 0; i < OPEN_TRIES; i++) {
		long long row = seek(d, from, backwards);

		if (!row) {
			bool said = d->keyed && *d->notice;

			desk_say(d, "%s%s%s", said ? d->notice : "",
				 said ? "; " : "", all_decided(d));
			break;
		}
		if (open_row(d, row))
			return;
		from = order_place(&d->order, row);
	}
	show_list(d, order_row(&d->order, from));
}

void desk_leave_decided(struct desk *d)
{
	if (!d->item.row)
		return;
	if (review_listing(d->model))
		show_list(d, order_row(&d->order, review_cursor(d->model)));
	else
		go(d, TARGET_NEXT);
}

/* ---- verdicts ---- */

/* Note what was decided where it is kept for good.  Nothing is written. */
static bool run_errand(struct desk *d, const struct verdict *verdict)
{
	struct error err = { 0 };

	if (d->errand->verdict(d->errand->self, &d->item,
			       review_info(d->model), verdict, &err))
		return true;
	tell_item(d);
	if (err.code == ERR_USAGE)
		desk_say(d, "%s", err.text);
	else
		desk_dead(d, &err);
	return false;
}

/* False: it was not recorded, the item stays on the screen. */
/* The next item comes at once: what became of this one is said there. */
static void say_left(struct desk *d, enum item_state verdict)
{
	if (d->errand)
		return;
	if (verdict == ITEM_ESCALATED)
		/* TRANSLATORS: number of an item */
		desk_say(d, _("item %lld escalated; {undo} takes it back"),
			 d->item.row);
	else if (verdict == ITEM_WITHHELD)
		desk_say(d, _("item %lld withheld; {undo} takes it back"),
			 d->item.row);
}

static bool record_verdict(struct desk *d)
{
	const struct slot *slot = items_current(&d->items);
	const struct verdict *verdict = review_verdict(d->model);
	bool leaves = verdict->verdict == ITEM_MASKED ||
		      verdict->verdict == ITEM_CLEAN;
	struct error err;

	if (leaves && (!slot || !items_unchanged(&d->items, slot, &d->item))) {
		tell_item(d);
		tell_changed(d);
		return false;
	}
	if (d->errand && !run_errand(d, verdict))
		return false;
	if (!project_may_decide(d->project, verdict->verdict, &err)) {
		tell_item(d);
		desk_say(d, "%s", err.text);
		return false;
	}
	if (!project_verdict(d->project, &d->item, verdict, &err)) {
		tell_item(d);
		if (err.code == ERR_USAGE)
			desk_say(d, "%s", err.text);
		else
			desk_dead(d, &err);
		return false;
	}
	forget_draft(d, &d->item);
	desk_count(d);
	d->verdicts++;
	say_left(d, verdict->verdict);
	desk_group_begin(d);
	if (leaves && !d->errand &&
	    !outputs_want(d->outputs, d->item.row, false, &err))
		desk_say(d, "%s", err.text);
	return true;
}

/* All that is decided and not out yet. */
static void release(struct desk *d)
{
	const unsigned decided = 1u << ITEM_MASKED | 1u << ITEM_CLEAN;
	struct worklist *w = d->project->worklist;
	struct worklist_item item;
	struct error err = { 0 };
	long long wanted = 0, waiting = 0;

	if (d->errand) {
		desk_say(d, "%s", _("nothing is written or released here"));
		return;
	}
	for (long long row = worklist_next(w, 1, false, decided);
	     row && !err.code;
	     row = worklist_next(w, row + 1, false, decided)) {
		if (!worklist_get(w, row, &item, &err))
			break;
		if (worklist_unreleased(&item) &&
		    outputs_want(d->outputs, row, true, &err)) {
			wanted++;
			waiting += second_awaited(d->project, &item);
		}
		worklist_item_done(&item);
	}
	if (err.code)
		desk_say(d, "%s", err.text);
	else if (waiting && waiting == wanted)
		desk_say(d, "%s", _("nothing leaves before a second reader "
				    "agreed to it"));
	else if (wanted - waiting > 0)
		desk_say(d, P_("releasing %lld output", "releasing %lld outputs",
			     (unsigned long)(wanted - waiting)),
			 wanted - waiting);
	else
		desk_say(d, "%s", _("nothing new to release"));
}

static bool reopen_one(struct desk *d, long long row, int reason)
{
	struct worklist_item item;
	struct error err;
	bool ok;

	if (!worklist_get(d->project->worklist, row, &item, &err)) {
		desk_dead(d, &err);
		return false;
	}
	ok = project_reopen(d->project, &item, reason, &err);
	if (!ok && err.code == ERR_WRITE)
		desk_dead(d, &err);
	else if (!ok)
		desk_say(d, "%s", err.text);
	if (ok && row == d->item.row) {
		worklist_item_done(&d->item);
		d->item = item;
		item = (struct worklist_item){ 0 };
	}
	worklist_item_done(&item);
	desk_group_reopened(d, row);
	desk_count(d);
	return ok;
}

static bool is_decided(struct desk *d, long long row)
{
	struct worklist_item item;
	struct error err;
	bool decided;

	if (!worklist_get(d->project->worklist, row, &item, &err))
		return false;
	decided = !(1u << item.state & undecided);
	worklist_item_done(&item);
	return decided;
}

/* Whose verdict is no more: the key may have been one too many. */
static void say_reopened(struct desk *d, const long long *row, size_t count)
{
	if (count > 1)
		desk_say(d, P_("%zu verdict of a group taken back; {group} "
			       "approves it again", "%zu verdicts of a group "
			       "taken back; {group} approves them again",
			       (unsigned long)count), count);
	else if (review_given_again(d->model) == row[0])
		/* TRANSLATORS: number of an item */
		desk_say(d, _("verdict on item %lld taken back; {redo} gives "
			      "it again"), row[0]);
	else
		desk_say(d, _("verdict on item %lld taken back"), row[0]);
}

/* A verdict, or all of a group that still stand. */
static bool reopen(struct desk *d)
{
	size_t count;
	const long long *row = review_reopened(d->model, &count);
	int reason = review_reason(d->model);
	bool ok = true;

	for (size_t i = 0; i < count; i++)
		if (count == 1 || is_decided(d, row[i]))
			ok = reopen_one(d, row[i], reason) && ok;
	if (ok && count > 0)
		say_reopened(d, row, count);
	return ok;
}

/* ---- effects ---- */

enum { APP_EFFECTS = EFFECT_FLUSH_INPUT | EFFECT_SUSPEND | EFFECT_QUIT |
		     EFFECT_BELL | EFFECT_CLEAR | EFFECT_REDRAW |
		     EFFECT_CARD | EFFECT_LINE | EFFECT_SEARCH |
		     EFFECT_BLANK | EFFECT_MOUSE };

/* Is there an answer to be shown before the next item? */
static bool hold(struct desk *d, long long target)
{
	if (!d->errand || !d->errand->answer)
		return false;
	d->answer = d->errand->answer(d->errand->self);
	d->held = target;
	d->effects |= EFFECT_FLUSH_INPUT | EFFECT_REDRAW;
	return d->answer != NULL;
}

void desk_go_on(struct desk *d, long long ms)
{
	d->ms = ms;
	d->answer = NULL;
	d->keyed = true;
	go(d, d->held);
	refresh_plane(d);
	d->keyed = false;
	d->effects |= EFFECT_FLUSH_INPUT | EFFECT_REDRAW;
}

static void take_event(struct desk *d, const struct event *event)
{
	unsigned effects;
	long long target;

	d->ms = event->ms;
	if (event->type == EVENT_SCREEN) {
		d->columns = event->screen.columns;
		d->kitty = event->screen.mode == PICTURE_KITTY;
	}
	if (event->type == EVENT_COMMAND || event->type == EVENT_CHARACTER)
		d->notice[0] = '\0';
	if (event->type == EVENT_COMMAND && !d->begun_ms)
		d->begun_ms = event->ms;
	effects = review_update(d->model, event);
	target = review_target(d->model);
	d->effects |= effects & APP_EFFECTS;
	if (effects & EFFECT_REOPEN && !reopen(d)) {
		tell_item(d);           /* keys are heard again */
		return;
	}
	if (effects & EFFECT_VERDICT && !record_verdict(d))
		return;
	if (effects & EFFECT_RELEASE)
		release(d);
	if (effects & EFFECT_REMEMBER)
		desk_remember(d);
	if (effects & EFFECT_PROPAGATE)
		desk_propagate(d);
	if (effects & EFFECT_TAKE_BACK)
		desk_take_back(d);
	if (effects & EFFECT_SHEET)
		desk_group_sheet(d, target == TARGET_CURSOR ?
				 order_row(&d->order,
					   review_cursor(d->model)) : target,
				 effects & EFFECT_ALIKE);
	if (effects & EFFECT_GROUP)
		desk_group_approve(d);
	if (effects & EFFECT_GO &&
	    !(effects & EFFECT_VERDICT && hold(d, target)))
		go(d, target);
	if (effects & EFFECT_SEEK)
		seek_row(d, target == TARGET_PREV);
	if (effects & EFFECT_ROWS)
		change_rows(d);
	if (effects & EFFECT_NEED_FRAME)
		need_frame(d);
	refresh_plane(d);
}

/* Events that come of one are part of it. */
void desk_event(struct desk *d, const struct event *event)
{
	bool keyed = d->keyed;

	d->keyed = keyed || event->type == EVENT_COMMAND ||
		   event->type == EVENT_CHARACTER ||
		   event->type == EVENT_POINT;
	take_event(d, event);
	d->keyed = keyed;
}

/* ---- workers ---- */

static void slot_failed(struct desk *d, struct slot *slot)
{
	struct error why = slot->error;
	bool current = slot->row == d->item.row;

	if (slot->refused)
		refuse(d, slot->row, &why);
	if (!current)
		return;
	if (slot->refused) {
		/* nothing can be done here: the next one, or back to where it
		   was asked for */
		long long row = slot->row;

		if (d->named)
			show_list(d, row);
		else
			go(d, TARGET_NEXT);
		say_refused(d, row, &why, false);
		d->effects |= EFFECT_FLUSH_INPUT;
	} else {
		tell_failed(d);
		desk_tell(d, NEWS_ITEM, 1, "%s", why.text);
	}
}

/* Of several of a kind that are unread, how many there are, and where to look
 * for them. */
static void say_several(struct desk *d, enum news_kind kind, int count)
{
	if (kind == NEWS_HELD)
		desk_tell(d, kind, count,
			  P_("held back: %d item, text was found on what was "
			     "written; {search} out:held in the worklist "
			     "shows it", "held back: %d items, text was found "
			     "on what was written; {search} out:held in the "
			     "worklist shows them", (unsigned long)count),
			  count);
	else if (kind == NEWS_FAILED)
		desk_tell(d, kind, count,
			  P_("%d item could not be written: 'suminuri apply' "
			     "tells why", "%d items could not be written: "
			     "'suminuri apply' tells why",
			     (unsigned long)count), count);
	else
		desk_tell(d, kind, count,
			  P_("%d item waits for a second reader: qa review "
			     "--mode=second", "%d items wait for a second "
			     "reader: qa review --mode=second",
			     (unsigned long)count), count);
}

/* What became of all that was decided. */
static void say_released(struct desk *d)
{
	if (d->held_back)
		desk_tell(d, NEWS_RELEASED, 1,
			  _("out, but for %lld held back: {search} "
			    "out:held in the worklist shows what"),
			  d->held_back);
	else if (d->unreleased > 0)
		desk_tell(d, NEWS_RELEASED, 1,
			  _("out, but for %lld that wait or could "
			    "not be written: 'suminuri apply' tells "
			    "why"), d->unreleased);
	else
		desk_tell(d, NEWS_RELEASED, 1, "%s",
			  _("all that was decided is out"));
}

/* How an output ended. */
static void say_output(struct desk *d, const struct output_event *end)
{
	static const enum news_kind kinds[] = {
		[OUTPUT_END_BLOCKED] = NEWS_HELD,
		[OUTPUT_END_FAILED] = NEWS_FAILED,
		[OUTPUT_END_RELEASED] = NEWS_RELEASED,
		[OUTPUT_END_WAITING] = NEWS_WAITING,
		[OUTPUT_END_STAGED] = NEWS_OTHER,
		[OUTPUT_END_STALE] = NEWS_OTHER,
	};
	enum news_kind kind = kinds[end->end];
	int count = 1 + news_unread(&d->news, kind);

	if (kind == NEWS_OTHER)
		return;
	if (kind == NEWS_RELEASED) {
		if (!outputs_busy(d->outputs))
			say_released(d);
	} else if (count > 1) {
		say_several(d, kind, count);
	} else if (kind == NEWS_HELD) {
		desk_tell(d, kind, 1,
			  _("item %lld is held back: text was found on what "
			    "was written; open it, {undo}, see the new box"),
			  end->row);
	} else if (kind == NEWS_FAILED) {
		desk_tell(d, kind, 1, _("item %lld could not be written: %s"),
			  end->row, end->error.text);
	} else {
		desk_tell(d, kind, 1, _("item %lld waits for a second reader: "
					"qa review --mode=second"), end->row);
	}
}

/* The decided item on the screen: u asks for a reason once it is released. */
static void renew_item(struct desk *d)
{
	struct worklist_item item;

	if (!worklist_get(d->project->worklist, d->item.row, &item, NULL))
		return;
	if (item.verdict_seq == d->item.verdict_seq &&
	    item.state == d->item.state) {
		d->item.output = item.output;
		d->item.held = item.held;
	}
	worklist_item_done(&item);
}

static void take_output(struct desk *d)
{
	struct output_event end;

	while (outputs_next(d->outputs, &end)) {
		if (end.row == d->item.row)
			renew_item(d);
		desk_count(d);
		say_output(d, &end);
	}
}

/* The row that the list tells more of; 0: none.  Who reads blind or trains
 * learns nothing before. */
static long long peek_row(const struct desk *d)
{
	if (d->errand || d->columns < VIEW_PEEK_COLUMNS ||
	    review_mode(d->model) != MODE_LIST)
		return 0;
	return order_row(&d->order, review_cursor(d->model));
}

static void peek_on(struct desk *d)
{
	long long row = peek_row(d);
	bool open = row && 1u << worklist_state(d->project->worklist, row) &
			   undecided;

	peek_select(&d->peek, d->project, row, d->ms);
	if (peek_tick(&d->peek, &d->items, open, d->ms))
		d->effects |= EFFECT_REDRAW;
}

void desk_worker(struct desk *d, struct worker_event *event)
{
	bool was_failed = false, text = false;
	enum worker_event_type type = event->type;
	struct slot *slot;

	if (outputs_event(d->outputs, event)) {
		take_output(d);
		return;
	}
	if (desk_group_worker(d, event))
		return;
	for (int i = 0; i < SLOTS; i++) {
		was_failed = was_failed || (d->items.slot[i].failed &&
			(d->items.slot[i].detect_job == event->job ||
			 d->items.slot[i].serve_job == event->job));
		text = text || d->items.slot[i].text_job == event->job;
	}
	slot = items_event(&d->items, event);
	if (!slot)
		return;
	bool current = slot->row == d->item.row;

	if (text) {
		if (current && type == WORKER_DETECTED)
			tell_read(d, slot);
	} else if (slot->failed && !was_failed) {
		slot_failed(d, slot);
	} else if (current && type == WORKER_DETECTED && slot->detected) {
		take_detected(d, slot);
	} else if (current && type == WORKER_OPENED) {
		tell_opened(d, slot);
	} else if (current && type == WORKER_FRAME && !event->frame &&
		   slot->frame_index == review_view(d->model)->frame_index) {
		tell_frame(d, slot);
	} else if (current && type == WORKER_PROGRESS) {
		struct event progress = { .type = EVENT_PROGRESS, .ms = d->ms,
					  .permille = slot->permille };

		desk_event(d, &progress);
	}
	items_ahead(&d->items);
	peek_on(d);
	desk_group_step(d);
}

/* ---- listing ---- */

static bool list_one(struct desk *d, const struct source_item *found,
		     struct error *err)
{
	char path[2 * PATH_MAX];
	const char *flagged = *found->flagged ? found->flagged : NULL;
	long long row;
	long below_bytes = found->below;
	bool added;

	if (!source_absolute(found->path, &below_bytes, path, sizeof(path)))
		return error_set(err, ERR_USAGE, "%s: %s", found->which,
				 _("the path is too long"));
	if (!project_list(d->project, path, below_bytes, source_below(found), flagged,
			  &row, &added, err))
		return error_prefix(err, "%s", found->which);
	if (added && found->refused) {
		struct error why = { 0 };

		error_refuse(&why, found->refused, NULL, 0);
		refuse(d, row, &why);
	}
	return !d->error.code;
}

/* A batch of files; *more: there are others.  Names that are kept must not
 * collide, so all are then listed at once or none. */
static bool list_batch(struct desk *d, bool *more, struct error *err)
{
	struct source_item found;

	*more = false;
	for (int i = 0; i < LIST_BATCH || d->project->keep_names; i++) {
		switch (source_next(d->source, &found, err)) {
		case SOURCE_END:
			return !err->code;
		case SOURCE_PROJECT:
			desk_say(d, "%s", _("a project in a folder was passed "
					  "over"));
			break;
		case SOURCE_ITEM:
			if (!list_one(d, &found, err))
				return false;
			break;
		}
	}
	*more = true;
	return true;
}

/* A share may have been away. */
static bool is_there_now(const struct worklist_item *item)
{
	int fd = worklist_could_not_read(item) ?
		 source_open(item->path, (long)item->below, NULL) : -1;

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static void try_again(struct desk *d)
{
	struct worklist_item item = { 0 };
	struct error err = { 0 };

	if (worklist_get(d->project->worklist, d->again, &item, &err) &&
	    is_there_now(&item) &&
	    project_try_again(d->project, &item, &err))
		desk_count(d);
	if (err.code)
		desk_dead(d, &err);
	worklist_item_done(&item);
	d->again = worklist_next(d->project->worklist, d->again + 1, false,
				 refusals);
}

bool desk_list_more(struct desk *d)
{
	struct error err = { 0 };
	bool more = false;

	if (d->again && !d->errand && !d->error.code) {
		try_again(d);
		return true;
	}
	if (!d->source)
		return false;
	if (!project_list_begin(d->project, &err) ||
	    !list_batch(d, &more, &err) ||
	    !project_list_end(d->project, &err))
		desk_dead(d, &err);
	if (!more || d->error.code)
		d->source = NULL;
	desk_count(d);
	if (!more)
		renew_order(d);
	tell_list(d, 0);
	return d->source != NULL;
}

void desk_tick(struct desk *d, long long ms)
{
	const struct slot *slot = items_current(&d->items);
	struct event event = { .type = EVENT_TICK, .ms = ms };

	d->ms = ms;
	if (slot && d->item.row && !d->changed_told &&
	    !items_unchanged(&d->items, slot, &d->item))
		tell_changed(d);
	desk_event(d, &event);
	keep(d);
	take_output(d);         /* what failed without a worker */
	peek_on(d);
	desk_group_step(d);
}

bool desk_waits(const struct desk *d)
{
	return items_wait(&d->items, d->kitty);
}

void desk_more(struct desk *d)
{
	items_more(&d->items, d->kitty);
}

/* ---- views ---- */

/* The rows around the cursor. */
static bool load_rows(struct desk *d, int rows, struct view_data *v,
		      struct error *err)
{
	long long cursor = review_cursor(d->model), count = d->order.count;
	long long first = cursor - rows / 2;
	struct worklist_item *item;

	if (first + rows > count)
		first = count - rows + 1;
	if (first < 1)
		first = 1;
	item = mem_array((size_t)rows, sizeof(*item));
	if (!item)
		return error_set(err, ERR_MEMORY, "no memory for the list");
	v->item = item;
	v->first = first;
	for (long long at = first; at < first + rows && at <= count; at++)
		if (worklist_get(d->project->worklist,
				 order_row(&d->order, at),
				 &item[v->item_count], err))
			desk_group_mark(d, v);
	return true;
}

bool desk_view(struct desk *d, int rows, struct view_data *v,
	       struct error *err)
{
	const struct slot *slot = items_current(&d->items);

	v->model = d->model;
	v->answer = d->answer;
	v->verdicts = d->verdicts;
	v->session_ms = d->ms - d->begun_ms;
	v->title = d->errand ? d->errand->title : NULL;
	v->subject = d->errand ? d->errand->subject : NULL;
	v->hint = d->errand ? d->errand->hint : NULL;
	v->approve = d->errand ? d->errand->approve : NULL;
	v->reviewer = d->errand ? NULL : log_reviewer(d->project->log);
	v->second = !d->errand && d->project->policy.second;
	v->plane = d->plane;
	v->plane_frame = d->plane_frame;
	v->plane_serial = d->plane_serial;
	v->plane_png = is_own_window(d, slot) && slot->ready.sent ?
		       &slot->ready.text : NULL;
	v->total = d->total;
	memcpy(v->by_state, d->by_state, sizeof(v->by_state));
	v->held_back = d->held_back;
	v->notice = d->notice;
	v->offer = d->offer;
	v->writing = outputs_busy(d->outputs);
	v->item = NULL;
	v->item_count = 0;
	v->order = &d->order;
	peek_select(&d->peek, d->project, peek_row(d), d->ms);
	v->peek = d->peek.row ? &d->peek : NULL;
	return !review_listing(d->model) ||
	       load_rows(d, rows, v, err);
}

void desk_view_done(struct view_data *v)
{
	for (size_t i = 0; i < v->item_count; i++)
		worklist_item_done(&v->item[i]);
	free(v->item);
	v->item = NULL;
	v->item_count = 0;
}

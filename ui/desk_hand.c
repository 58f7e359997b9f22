/* desk_hand.c - masks handed on, and taken back. */
#include "config.h"

#include "ui/desk_hand.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "process/remembered.h"
#include "ui/desk_group.h"

void desk_hand_done(struct desk *d)
{
	for (size_t i = 0; i < d->handed_count; i++)
		box_list_done(&d->handed[i].before);
	free(d->handed);
	d->handed = NULL;
	d->handed_count = d->handed_capacity = 0;
}

/* The masks on the screen. */
static bool masks_shown(struct desk *d, struct box_list *masks)
{
	size_t count;
	const struct decided_box *box = review_boxes(d->model, &count);
	bool good = true;

	for (size_t i = 0; i < count && good; i++) {
		struct box b = box[i].box;

		b.tier = TIER_BOX;
		if (review_masked(&box[i]) && b.plane == PLANE_PICTURE)
			good = box_list_add(masks, &b);
	}
	return good;
}

/* What is in the place now goes on top of what can be taken back. */
static bool keep_before(struct desk *d, struct handed *h)
{
	const struct device_layout *now = layouts_find(h->in, h->key,
						       h->columns, h->rows);
	bool good = true;

	for (size_t i = 0; now && good && i < now->boxes.count; i++)
		good = box_list_add(&h->before, &now->boxes.box[i]);
	if (good && mem_grow(&d->handed, &d->handed_capacity, d->handed_count,
			     sizeof(*d->handed)))
		return true;
	box_list_done(&h->before);
	return false;
}

static bool save(struct desk *d, const struct layouts *in, struct error *err)
{
	return in == &d->layouts ? layouts_save(d->project, in, err) :
				   propagated_save(d->project, in, err);
}

/* The masks on the screen take the place; *count of them.  False with a
 * notice, and all is as before. */
static bool hand(struct desk *d, struct handed *h, size_t *count)
{
	struct event event = { .type = EVENT_HANDED, .ms = d->ms };
	struct box_list masks = { 0 };
	struct error err = { 0 };
	bool good = masks_shown(d, &masks) && keep_before(d, h);

	if (!good) {
		error_set(&err, ERR_MEMORY, _("no memory"));
	} else {
		good = layouts_remember(h->in, h->key, h->columns, h->rows,
					&masks, &err) &&
		       save(d, h->in, &err);
		if (good)
			d->handed[d->handed_count++] = *h;
		else
			box_list_done(&h->before);
	}
	*count = masks.count;
	box_list_done(&masks);
	if (!good) {
		desk_say(d, "%s", err.text);
		return false;
	}
	desk_event(d, &event);
	if (!items_remember(&d->items, &err))
		desk_say(d, "%s", err.text);
	desk_group_again(d);
	return !err.code;
}

/* Undecided pictures that get what is handed on, as far as they were read. */
static long long takers(struct desk *d, const struct handed *h, bool series)
{
	const unsigned undecided = 1u << ITEM_LISTED | 1u << ITEM_PROPOSED |
				   1u << ITEM_OPEN;
	const struct worklist_alike alike = {
		.series = series, .key = h->key, .columns = h->columns,
		.rows = h->rows, .but = d->item.row, .states = undecided,
	};

	return worklist_count_alike(d->project->worklist, &alike);
}

void desk_remember(struct desk *d)
{
	const struct slot *slot = items_current(&d->items);
	struct handed h = { .in = &d->layouts };
	size_t count;

	if (!slot || !slot->detected)
		return;
	memcpy(h.key, slot->device, sizeof(h.key));
	h.columns = slot->info.columns;
	h.rows = slot->info.rows;
	if (!hand(d, &h, &count))
		return;
	if (count > 0)
		desk_say(d, _("remembered: %zu masks for %lld open pictures "
			      "and all unread; {undo} takes it back"), count,
			 takers(d, &h, false));
	else
		desk_say(d, "%s", _("nothing is remembered for this device "
				    "and size any more; {undo} takes it back"));
}

void desk_propagate(struct desk *d)
{
	static const uint8_t none[LAYOUT_DEVICE];
	const struct slot *slot = items_current(&d->items);
	const bool series = review_spread(d->model) == SPREAD_SERIES;
	struct handed h = { .in = &d->propagated };
	size_t count;

	if (!slot || !slot->detected || d->errand)
		return;
	memcpy(h.key, series ? slot->series : slot->device, sizeof(h.key));
	h.columns = slot->info.columns;
	h.rows = slot->info.rows;
	if (!memcmp(h.key, none, sizeof(none))) {
		desk_say(d, "%s", series ? _("this file names no series") :
			 _("this file names no device that boxes could be "
			   "remembered for"));
		return;
	}
	if (!hand(d, &h, &count))
		return;
	desk_say(d, series ?
		 _("to the series: %zu masks in %lld open pictures and all "
		   "unread; {undo} takes it back") :
		 _("to this device: %zu masks in %lld open pictures and all "
		   "unread; {undo} takes it back"),
		 count, takers(d, &h, series));
}

void desk_take_back(struct desk *d)
{
	struct error err = { 0 };
	struct handed h;

	if (d->handed_count == 0)
		return;
	h = d->handed[--d->handed_count];
	if (layouts_remember(h.in, h.key, h.columns, h.rows, &h.before, &err) &&
	    save(d, h.in, &err)) {
		items_forget_ahead(&d->items);
		items_ahead(&d->items);
		desk_say(d, "%s", h.before.count > 0 ?
			 _("taken back: the masks remembered before are "
			   "proposed again") :
			 _("taken back: these masks are proposed nowhere any "
			   "more"));
	} else {
		desk_say(d, "%s", err.text);
	}
	box_list_done(&h.before);
	desk_group_again(d);
}

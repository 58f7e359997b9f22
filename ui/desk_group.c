/* desk_group.c - the part of the desk that deals with groups. */
#include "config.h"

#include "ui/desk_group.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"

static void drop_sheet(struct desk *d)
{
	sheet_done(&d->sheet);
	free(d->sheet_rows);
	d->sheet_rows = NULL;
	d->sheet_count = 0;
}

void desk_group_done(struct desk *d)
{
	drop_sheet(d);
	series_done(&d->series);
}

/* ---- what there is to offer ---- */

static size_t different(const size_t n[GROUP_STATES])
{
	return n[GROUP_KIND] + n[GROUP_UNREAD] + n[GROUP_BOXES] +
	       n[GROUP_PIXELS];
}

/* "series of item 1: 28 alike (Y) ..." until nothing of it is open; without
 * Y where it would approve none. */
static void offer(struct desk *d)
{
	size_t n[GROUP_STATES], open = 0;

	d->offer[0] = '\0';
	d->effects |= EFFECT_REDRAW;
	if (!d->series.ready)
		return;
	series_counts(&d->series, n);
	for (int i = 0; i < GROUP_STATES; i++)
		open += n[i];
	if (open == 0)
		return;
	if (open == n[GROUP_WAITING]) {
		snprintf(d->offer, sizeof(d->offer),
			 _("series of item %lld: comparing %zu others"),
			 d->series.leader, open);
		return;
	}
	snprintf(d->offer, sizeof(d->offer), n[GROUP_ALIKE] > 0 ?
		 _("series of item %lld: %zu alike, %zu waiting, %zu "
		   "different, %zu with more ink: {group}") :
		 _("series of item %lld: %zu alike, %zu waiting, %zu "
		   "different, %zu with more ink"), d->series.leader,
		 n[GROUP_ALIKE], n[GROUP_WAITING], different(n), n[GROUP_INK]);
}

void desk_group_mark(struct desk *d, struct view_data *v)
{
	const struct worklist_item *item = &v->item[v->item_count];
	const struct series_member *m = series_member(&d->series, item->row);

	if (v->item_count < VIEW_MARKS)
		v->mark[v->item_count] = m && m->sure ? m->state :
							GROUP_WAITING;
	v->item_count++;
}

/* ---- gathering ---- */

static void start(struct desk *d, const struct worklist_item *leader)
{
	struct error err = { 0 };

	if (!series_start(&d->series, leader, &d->items, &err))
		desk_say(d, "%s", err.text);
	offer(d);
}

void desk_group_begin(struct desk *d)
{
	const struct series_member *m = series_member(&d->series,
						      d->item.row);

	if (d->errand || d->project->policy.require_scan_always ||
	    d->item.state != ITEM_MASKED)
		return;
	/* one more of the same kind: the others are compared already */
	if (!m || m->state != GROUP_ALIKE)
		start(d, &d->item);
	offer(d);
}

/* Gather the series of an approved row. */
static bool start_row(struct desk *d, long long row)
{
	struct worklist_item item;
	struct error err = { 0 };

	if (!worklist_get(d->project->worklist, row, &item, &err)) {
		desk_dead(d, &err);
		return false;
	}
	start(d, &item);
	worklist_item_done(&item);
	return d->series.leader == row;
}

void desk_group_again(struct desk *d)
{
	if (d->series.leader)
		start_row(d, d->series.leader);
}

void desk_group_reopened(struct desk *d, long long row)
{
	if (row == d->series.leader)
		series_stop(&d->series);
	offer(d);
}

void desk_group_step(struct desk *d)
{
	series_step(&d->series, &d->items);
}

bool desk_group_worker(struct desk *d, struct worker_event *event)
{
	if (!series_event(&d->series, event))
		return false;
	series_step(&d->series, &d->items);
	offer(d);
	return true;
}

/* ---- the sheet ---- */

/* Of which series is this row?  False: not known, or none. */
static bool series_of(struct desk *d, long long row, uint8_t series[32])
{
	static const uint8_t none[32];
	const struct slot *slot = items_current(&d->items);
	struct worklist_item item;
	bool on_screen = slot && slot->row == row && slot->detected;

	if (!worklist_get(d->project->worklist, row, &item, NULL))
		return false;
	memcpy(series, on_screen ? slot->series : item.series, 32);
	worklist_item_done(&item);
	return memcmp(series, none, 32) != 0;
}

/* The last of a series that was approved; 0. */
static long long approved_in(struct desk *d, const uint8_t series[32])
{
	long long row = 0, last = 0;

	while ((row = worklist_next_in_series(d->project->worklist, series,
					      row + 1, 1u << ITEM_MASKED)))
		last = row;
	return last;
}

/* Is there a group for this row?  Else it is begun, or said why not. */
static bool has_group(struct desk *d, long long row)
{
	uint8_t series[32];
	long long leader;

	if (d->errand || d->project->policy.require_scan_always) {
		desk_say(d, "%s", d->errand ?
			 _("there are no groups here") :
			 _("the policy wants each picture looked through"));
		return false;
	}
	if (!series_of(d, row, series))
		leader = d->series.leader;
	else if (d->series.leader &&
		 !memcmp(series, d->series.series, sizeof(series)))
		leader = d->series.leader;
	else
		leader = approved_in(d, series);
	if (leader && leader == d->series.leader)
		return true;
	if (leader && start_row(d, leader))
		return true;
	desk_say(d, "%s", _("no group: approve one picture of a series "
			    "first"));
	return false;
}

/* Is there anything that Y could approve?  Else says why not. */
static bool any_alike(struct desk *d)
{
	size_t n[GROUP_STATES];

	series_counts(&d->series, n);
	if (n[GROUP_ALIKE] > 0)
		return true;
	if (n[GROUP_WAITING] > 0)
		desk_say(d, _("none is alike so far: %zu waiting, %zu "
			      "different, %zu with more ink"),
			 n[GROUP_WAITING], different(n), n[GROUP_INK]);
	else if (different(n) + n[GROUP_INK] > 0)
		desk_say(d, _("none is alike: %zu different, %zu with more "
			      "ink than was agreed; {sheet} shows them"),
			 different(n), n[GROUP_INK]);
	else
		desk_say(d, "%s", _("nothing of this series is open"));
	return false;
}

void desk_group_sheet(struct desk *d, long long row, bool alike)
{
	struct event event = { .type = EVENT_SHEET, .ms = d->ms,
			       .sheet = &d->sheet };
	struct error err = { 0 };

	if (!has_group(d, row))
		return;
	if (!d->series.ready) {
		desk_say(d, "%s", _("the series is being read: wait"));
		return;
	}
	if (alike && !any_alike(d))
		return;
	drop_sheet(d);
	if (series_sheet(&d->series, d->model, &d->sheet, &d->sheet_rows,
			 &d->sheet_count, &err))
		desk_event(d, &event);
	else
		desk_say(d, "%s", err.text);
}

/* ---- the verdicts ---- */

/* The evidence is that of the sheet. */
static struct verdict verdict_of(struct desk *d,
				 const struct decided_list *boxes)
{
	struct verdict v = {
		.verdict = ITEM_MASKED, .boxes = boxes->box,
		.box_count = boxes->count,
		.head = d->series.info.head != HEAD_PART_NONE,
		.view_ms = review_sheet_ms(d->model),
		.after = &d->series.after,
	};

	v.seen = review_sheet_seen(d->model, &v.seen_count);
	v.active_ms = v.view_ms / (long long)d->sheet_count;
	return v;
}

/* Its file is known from now on. */
static bool open_member(struct desk *d, struct worklist_item *item,
			struct error *err)
{
	const struct series_member *m = series_member(&d->series, item->row);

	if (!item->has_sha256) {
		item->has_sha256 = true;
		memcpy(item->in_sha256, m->sha256, sizeof(item->in_sha256));
		item->size = m->size;
		item->mtime_ns = m->mtime_ns;
		item->inode = m->inode;
	}
	return project_opened(d->project, item, err);
}

/* False with err->code 0: it may not follow any more. */
static bool approve(struct desk *d, long long row, struct error *err)
{
	const struct decided_list *boxes;
	struct worklist_item item;
	struct verdict verdict;
	bool ok;

	if (!series_may_follow(&d->series, d->model, row, &item, &boxes))
		return false;
	verdict = verdict_of(d, boxes);
	ok = project_may_decide(d->project, verdict.verdict, err) &&
	     open_member(d, &item, err) &&
	     project_verdict(d->project, &item, &verdict, err);
	if (ok) {
		d->verdicts++;
		if (!outputs_want(d->outputs, row, false, err))
			desk_say(d, "%s", err->text);
		*err = (struct error){ 0 };
	}
	worklist_item_done(&item);
	return ok;
}

void desk_group_approve(struct desk *d)
{
	struct event event = { .type = EVENT_GROUPED, .ms = d->ms };
	struct error err = { 0 };
	size_t done = 0;
	bool here = false;

	for (size_t i = 0; i < d->sheet_count && !err.code; i++) {
		long long row = d->sheet_rows[i];

		if (!approve(d, row, &err))
			continue;
		here = here || row == d->item.row;
		d->sheet_rows[done++] = row;
	}
	desk_count(d);
	event.rows = d->sheet_rows;
	event.row_count = done;
	event.last = !d->source && d->by_state[ITEM_LISTED] +
		     d->by_state[ITEM_PROPOSED] + d->by_state[ITEM_OPEN] == 0;
	desk_event(d, &event);
	if (err.code == ERR_USAGE || err.code == ERR_REFUSED)
		desk_say(d, "%s", err.text);
	else if (err.code)
		desk_dead(d, &err);
	offer(d);
	if (here)
		desk_leave_decided(d);
}

/* undo.c - the history of a session. */
#include "config.h"

#include "review/undo.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

bool decided_list_add(struct decided_list *list, const struct decided_box *b)
{
	if (!mem_grow(&list->box, &list->capacity, list->count,
		      sizeof(*list->box)))
		return false;
	list->box[list->count++] = *b;
	return true;
}

void decided_list_remove(struct decided_list *list, size_t index)
{
	list->count--;
	memmove(&list->box[index], &list->box[index + 1],
		(list->count - index) * sizeof(*list->box));
}

/* Copy `count` boxes from index `at`. */
static bool copy_part(struct decided_list *to,
		      const struct decided_list *from, size_t at, size_t count)
{
	struct decided_box *box = NULL;

	if (count > 0) {
		box = mem_array(count, sizeof(*box));
		if (!box)
			return false;
		memcpy(box, from->box + at, count * sizeof(*box));
	}
	*to = (struct decided_list){ box, count, count };
	return true;
}

bool decided_list_copy(struct decided_list *to,
		       const struct decided_list *from)
{
	struct decided_list copy;

	if (!copy_part(&copy, from, 0, from->count))
		return false;
	decided_list_done(to);
	*to = copy;
	return true;
}

static bool same_box(const struct decided_box *a, const struct decided_box *b)
{
	return a->id == b->id && a->decision == b->decision &&
		a->reason == b->reason &&
		region_equal(a->box.region, b->box.region) &&
		a->box.frame0 == b->box.frame0 &&
		a->box.frame1 == b->box.frame1 &&
		a->box.kind == b->box.kind && a->box.class_ == b->box.class_ &&
		a->box.tier == b->box.tier;
}

bool decided_list_equal(const struct decided_list *a,
			const struct decided_list *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (!same_box(&a->box[i], &b->box[i]))
			return false;
	return true;
}

void decided_list_done(struct decided_list *list)
{
	free(list->box);
	*list = (struct decided_list){ 0 };
}

static void entry_done(struct undo_entry *e)
{
	decided_list_done(&e->before);
	decided_list_done(&e->after);
	free(e->rows);
}

static bool push(struct undo *u, const struct undo_entry *e)
{
	if (!mem_grow(&u->entry, &u->capacity, u->made, sizeof(*u->entry)))
		return false;
	while (u->count > u->made)
		entry_done(&u->entry[--u->count]);
	u->entry[u->count++] = *e;
	u->made = u->count;
	return true;
}

bool undo_record(struct undo *u, long long row,
		 const struct decided_list *before,
		 const struct decided_list *after)
{
	size_t shorter = before->count < after->count ? before->count :
		after->count;
	size_t head = 0, tail = 0;
	struct undo_entry e = { .type = UNDO_BOXES, .row = row };

	while (head < shorter &&
	       same_box(&before->box[head], &after->box[head]))
		head++;
	while (tail < shorter - head &&
	       same_box(&before->box[before->count - 1 - tail],
			&after->box[after->count - 1 - tail]))
		tail++;
	e.at = head;
	if (copy_part(&e.before, before, head, before->count - head - tail) &&
	    copy_part(&e.after, after, head, after->count - head - tail) &&
	    push(u, &e))
		return true;
	entry_done(&e);
	return false;
}

bool undo_record_verdict(struct undo *u, long long row,
			 const struct undo_verdict *verdict)
{
	return push(u, &(struct undo_entry){ .type = UNDO_VERDICT,
					     .row = row,
					     .verdict = *verdict });
}

bool undo_record_group(struct undo *u, const long long *rows, size_t count)
{
	struct undo_entry e = { .type = UNDO_GROUP, .row = rows[0],
				.rows = mem_array(count, sizeof(*rows)),
				.row_count = count };

	if (e.rows) {
		memcpy(e.rows, rows, count * sizeof(*rows));
		if (push(u, &e))
			return true;
	}
	entry_done(&e);
	return false;
}

bool undo_record_handed(struct undo *u, long long row)
{
	return push(u, &(struct undo_entry){ .type = UNDO_HANDED,
					     .at = (size_t)row });
}

const struct undo_entry *undo_last(const struct undo *u)
{
	return u->made > 0 ? &u->entry[u->made - 1] : NULL;
}

const struct undo_entry *undo_next(const struct undo *u)
{
	return u->made < u->count ? &u->entry[u->made] : NULL;
}

/* Replace `from` at index `at` by `to`; false: it is not there, or there is
 * no memory. */
static bool replace(struct decided_list *boxes, size_t at,
		    const struct decided_list *from,
		    const struct decided_list *to)
{
	size_t count = boxes->count - from->count + to->count;
	size_t rest = boxes->count - at - from->count;

	if (boxes->count < at + from->count)
		return false;
	while (boxes->capacity < count)
		if (!mem_grow(&boxes->box, &boxes->capacity, boxes->capacity,
			      sizeof(*boxes->box)))
			return false;
	if (rest > 0)
		memmove(&boxes->box[at + to->count],
			&boxes->box[at + from->count],
			rest * sizeof(*boxes->box));
	if (to->count > 0)
		memcpy(&boxes->box[at], to->box,
		       to->count * sizeof(*boxes->box));
	boxes->count = count;
	return true;
}

bool undo_back(struct undo *u, struct decided_list *boxes)
{
	const struct undo_entry *e = undo_last(u);

	if (!replace(boxes, e->at, &e->after, &e->before))
		return false;
	u->made--;
	return true;
}

bool undo_forward(struct undo *u, struct decided_list *boxes)
{
	const struct undo_entry *e = undo_next(u);

	if (!replace(boxes, e->at, &e->before, &e->after))
		return false;
	u->made++;
	return true;
}

static void remove_entry(struct undo *u, size_t index)
{
	entry_done(&u->entry[index]);
	u->count--;
	memmove(&u->entry[index], &u->entry[index + 1],
		(u->count - index) * sizeof(*u->entry));
	if (index < u->made)
		u->made--;
}

/* Take a row out of a group; true when none is left. */
static bool drop_row(struct undo_entry *e, long long row)
{
	size_t kept = 0;

	for (size_t i = 0; i < e->row_count; i++)
		if (e->rows[i] != row)
			e->rows[kept++] = e->rows[i];
	e->row_count = kept;
	if (kept > 0)
		e->row = e->rows[0];
	return kept == 0;
}

void undo_drop_last(struct undo *u)
{
	remove_entry(u, u->made - 1);
}

/* Take a row out of all groups; the index of its last verdict and one, 0:
 * there is none. */
static size_t last_verdict(struct undo *u, long long row)
{
	size_t i;

	for (i = u->made; i > 0; i--)
		if (u->entry[i - 1].type == UNDO_GROUP &&
		    drop_row(&u->entry[i - 1], row))
			remove_entry(u, i - 1);
	for (i = u->made; i > 0; i--)
		if (u->entry[i - 1].type == UNDO_VERDICT &&
		    u->entry[i - 1].row == row)
			break;
	return i;
}

void undo_drop_verdict(struct undo *u, long long row)
{
	size_t at = last_verdict(u, row);

	if (at > 0)
		remove_entry(u, at - 1);
}

void undo_take_back(struct undo *u, long long row,
		    const struct decided_list *boxes)
{
	size_t at = last_verdict(u, row);
	struct undo_entry e;

	if (at == 0)
		return;
	e = u->entry[at - 1];
	memmove(&u->entry[at - 1], &u->entry[at],
		(u->made - at) * sizeof(e));
	/* without memory its boxes are not as they were */
	if (boxes && !decided_list_copy(&e.after, boxes))
		decided_list_done(&e.after);
	u->entry[--u->made] = e;
}

void undo_take_back_group(struct undo *u)
{
	u->made--;
}

void undo_again(struct undo *u)
{
	u->entry[u->made++].released = false;
}

void undo_released(struct undo *u)
{
	for (size_t i = 0; i < u->count; i++)
		u->entry[i].released = true;
}

static void draft_done(struct undo_draft *d)
{
	decided_list_done(&d->boxes);
	decided_list_done(&d->loaded);
}

static void forget_oldest(struct undo *u)
{
	long long row = u->draft[0].row;

	for (size_t i = u->count; i > 0; i--)
		if (u->entry[i - 1].row == row)
			remove_entry(u, i - 1);
	draft_done(&u->draft[0]);
	u->drafts--;
	memmove(&u->draft[0], &u->draft[1], u->drafts * sizeof(u->draft[0]));
}

bool undo_keep(struct undo *u, long long row,
	       const struct decided_list *boxes,
	       const struct decided_list *loaded)
{
	struct undo_draft draft = { .row = row }, *old = undo_kept(u, row);

	if (!decided_list_copy(&draft.boxes, boxes) ||
	    !decided_list_copy(&draft.loaded, loaded)) {
		draft_done(&draft);
		return false;
	}
	if (old) {
		draft_done(old);
		*old = draft;
		return true;
	}
	if (u->drafts == UNDO_DRAFTS)
		forget_oldest(u);
	u->draft[u->drafts++] = draft;
	return true;
}

struct undo_draft *undo_kept(struct undo *u, long long row)
{
	for (size_t i = 0; i < u->drafts; i++)
		if (u->draft[i].row == row)
			return &u->draft[i];
	return NULL;
}

void undo_done(struct undo *u)
{
	for (size_t i = 0; i < u->count; i++)
		entry_done(&u->entry[i]);
	for (size_t i = 0; i < u->drafts; i++)
		draft_done(&u->draft[i]);
	free(u->entry);
	*u = (struct undo){ 0 };
}

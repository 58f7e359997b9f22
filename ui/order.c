/* order.c - the worklist as it is shown: filter, order, tags. */
#include "config.h"

#include "ui/order.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"

void order_done(struct order *o)
{
	free(o->row);
	free(o->tag);
	*o = (struct order){ 0 };
}

bool order_plain(const struct order *o)
{
	return o->by == LIST_BY_LISTING && !*o->filter;
}

/* ---- sorting ---- */

/* Rows with smaller keys come first; rows of one key as they were listed. */
struct entry { uint64_t key; uint32_t row; };

/* The first eight letters: modalities have two to four. */
static uint64_t text_key(const char *text)
{
	uint64_t key = 0;

	for (int i = 0; i < 8; i++) {
		key = key << 8 | (unsigned char)*text;
		text += *text != '\0';
	}
	/* what is not known yet comes last */
	return key ? key : UINT64_MAX;
}

/* Many first; -1, not known, last. */
static uint64_t number_key(int n)
{
	return (uint64_t)INT_MAX - (uint64_t)(n < 0 ? 0 : (int64_t)n) +
	       (n < 0);
}

static uint64_t key_of(enum list_order by, const struct worklist_item *item)
{
	switch (by) {
	case LIST_BY_STATE:
		return (uint64_t)item->state;
	case LIST_BY_MODALITY:
		return text_key(item->modality);
	case LIST_BY_BOXES:
		return number_key(item->boxes);
	case LIST_BY_FRAMES:
		return number_key(item->frames > 0 ? item->frames : -1);
	case LIST_BY_FLAG:
		return !item->why_flagged;
	case LIST_BY_OUTPUT:
		return (uint64_t)item->output;
	case LIST_BY_DEVICE:
		return item->device_number > 0 ?
		       (uint64_t)item->device_number : UINT64_MAX;
	case LIST_BY_LISTING:
	case LIST_ORDERS:
		break;
	}
	return 0;
}

static int compare(const void *a, const void *b)
{
	const struct entry *p = a, *q = b;

	if (p->key != q->key)
		return p->key < q->key ? -1 : 1;
	return p->row < q->row ? -1 : p->row > q->row;
}

/* ---- making ---- */

struct making {
	const struct order *order;      /* the tags */
	const char *filter;
	enum list_order by;
	struct entry *entry;
	size_t count, capacity;
	long long unread;
	bool failed;
};

static bool take_row(void *self, const struct worklist_item *item)
{
	struct making *m = self;

	m->unread += item->state == ITEM_LISTED && item->frames < 1;
	if (item->row > UINT32_MAX ||
	    (*m->filter && !line_finds(m->filter, item,
				       order_tagged(m->order, item->row))))
		return true;
	if (!mem_grow(&m->entry, &m->capacity, m->count,
		      sizeof(*m->entry))) {
		m->failed = true;
		return false;
	}
	m->entry[m->count++] = (struct entry){
		key_of(m->by, item), (uint32_t)item->row };
	return true;
}

static bool keep_rows(struct order *o, const struct making *m)
{
	uint32_t *row = mem_array(m->count ? m->count : 1, sizeof(*row));

	if (!row)
		return false;
	for (size_t i = 0; i < m->count; i++)
		row[i] = m->entry[i].row;
	free(o->row);
	o->row = row;
	o->count = (long long)m->count;
	return true;
}

bool order_make(struct order *o, struct worklist *w, long long total,
		const char *filter, enum list_order by, struct error *err)
{
	struct making m = { .order = o, .filter = filter, .by = by };
	bool plain = by == LIST_BY_LISTING && !*filter, ok = true;

	if (!plain) {
		ok = worklist_walk(w, take_row, &m, err);
		if (ok && m.count > 1)
			qsort(m.entry, m.count, sizeof(*m.entry), compare);
		if (ok && (m.failed || !keep_rows(o, &m)))
			ok = error_set(err, ERR_MEMORY, _("no memory"));
		free(m.entry);
		if (!ok)
			return false;
	}
	o->by = by;
	o->unread = m.unread;
	if (filter != o->filter)
		snprintf(o->filter, sizeof(o->filter), "%s", filter);
	if (plain) {
		free(o->row);
		o->row = NULL;
		o->count = total;
	}
	return true;
}

void order_grow(struct order *o, long long total)
{
	if (order_plain(o))
		o->count = total;
}

long long order_row(const struct order *o, long long place)
{
	if (place < 1 || place > o->count)
		return 0;
	return o->row ? o->row[place - 1] : place;
}

long long order_place(const struct order *o, long long row)
{
	if (!o->row)
		return row >= 1 && row <= o->count ? row : 0;
	for (long long i = 0; i < o->count; i++)
		if (o->row[i] == row)
			return i + 1;
	return 0;
}

/* ---- tags ---- */

bool order_tagged(const struct order *o, long long row)
{
	return row >= 1 && row <= o->tag_rows &&
	       o->tag[(row - 1) / 8] >> (row - 1) % 8 & 1;
}

/* Bits for rows up to this one, in steps of thousands. */
static bool grow_tags(struct order *o, long long row)
{
	size_t had = (size_t)o->tag_rows / 8;
	size_t bytes = ((size_t)row / 8192 + 1) * 1024;
	uint8_t *tag = realloc(o->tag, bytes);

	if (!tag)
		return false;
	memset(tag + had, 0, bytes - had);
	o->tag = tag;
	o->tag_rows = (long long)bytes * 8;
	return true;
}

bool order_tag(struct order *o, long long row, bool on)
{
	if (row < 1 || row > UINT32_MAX || order_tagged(o, row) == on)
		return true;
	if (row > o->tag_rows && !grow_tags(o, row))
		return false;
	o->tag[(row - 1) / 8] ^= (uint8_t)(1u << (row - 1) % 8);
	o->tagged += on ? 1 : -1;
	return true;
}

void order_untag_all(struct order *o)
{
	free(o->tag);
	o->tag = NULL;
	o->tag_rows = o->tagged = 0;
}

long long order_next_tagged(const struct order *o, long long from)
{
	long long row = from < 1 ? 1 : from;

	while (row <= o->tag_rows) {
		if (order_tagged(o, row))
			return row;
		/* eight at a time where none is */
		row += (row - 1) % 8 == 0 && !o->tag[(row - 1) / 8] ? 8 : 1;
	}
	return 0;
}

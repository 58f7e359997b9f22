/* peek.c - what the worklist tells of the selected item. */
#include "config.h"

#include "ui/peek.h"

#include <string.h>

#include "process/stored.h"

static void count_boxes(struct peek *p, const struct proposals *found)
{
	memset(p->of_class, 0, sizeof(p->of_class));
	p->candidates = p->cleared = 0;
	p->known = true;
	for (size_t i = 0; i < found->boxes.count; i++) {
		const struct box *b = &found->boxes.box[i];

		p->of_class[b->class_] += b->tier == TIER_BOX;
		p->candidates += b->tier == TIER_CANDIDATE;
		p->cleared += b->tier == TIER_BENIGN;
	}
}

static void forget(struct peek *p)
{
	long long serial = p->serial;

	plane_free(p->plane);
	*p = (struct peek){ .serial = serial };
}

void peek_done(struct peek *p)
{
	forget(p);
}

void peek_select(struct peek *p, struct project *project, long long row,
		 long long ms)
{
	struct stored_origin origin;
	struct proposals found;

	if (row == p->row)
		return;
	forget(p);
	p->row = row;
	p->since = ms;
	if (!row || !stored_load(project, row, &origin, &found))
		return;
	count_boxes(p, &found);
	proposals_done(&found);
}

bool peek_tick(struct peek *p, struct items *items, bool undecided,
	       long long ms)
{
	const struct slot *slot;
	struct error err;
	bool news = false;

	if (!p->row || ms - p->since < PEEK_REST_MS)
		return false;
	slot = items_peek(items, p->row, undecided);
	if (!slot)
		return false;
	if (slot->opened && !p->opened) {
		p->info = slot->info;
		p->opened = news = true;
	}
	if (slot->detected && !p->known) {
		count_boxes(p, &slot->proposals);
		news = true;
	}
	if (!p->plane && slot->frame && slot->frame_index == 0) {
		p->plane = items_plane(slot, NULL, &err);
		p->serial = p->serial ? p->serial + 1 : PEEK_SERIALS;
		news = news || p->plane;
	}
	return news;
}

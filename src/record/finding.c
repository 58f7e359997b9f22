/* finding.c - what second readers found on outputs that are still there. */
#include "config.h"

#include "record/finding.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "find/cover.h"
#include "record/standing.h"

static const double covered = .8;       /* of what a blind reader marks */

void findings_done(struct findings *f)
{
	free(f->item);
	*f = (struct findings){ 0 };
}

static bool is(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

bool finding_left(const struct finding *f)
{
	return is(f->verdict, "left");
}

/* ---- through the log ---- */

static void forget(struct findings *f, size_t i)
{
	memmove(&f->item[i], &f->item[i + 1],
		(f->count - i - 1) * sizeof(*f->item));
	f->count--;
}

/* The last word of a reader counts. */
static void forget_word(struct findings *f, const struct log_entry *e)
{
	for (size_t i = 0; i < f->count; i++) {
		const struct finding *old = &f->item[i];

		if (is(old->id, e->item) && is(old->who, e->who) &&
		    is(old->mode, e->mode)) {
			forget(f, i);
			return;
		}
	}
}

bool findings_take(struct findings *f, const struct log_entry *e)
{
	struct finding *new;

	if (e->event != LOG_QA_VERDICT || !e->mode || !e->verdict)
		return true;
	forget_word(f, e);
	if (is(e->verdict, "clean"))
		return true;
	if (!mem_grow(&f->item, &f->capacity, f->count, sizeof(*f->item)))
		return false;
	new = &f->item[f->count++];
	*new = (struct finding){ .mode = e->mode, .verdict = e->verdict,
				 .seq = e->seq, .frame = -1 };
	memcpy(new->id, e->item, sizeof(new->id));
	memcpy(new->who, e->who, sizeof(new->who));
	memcpy(new->mask_sha256, e->mask_sha256, HASH_SIZE);
	return true;
}

/* ---- what still holds ---- */

/* The first frame of the mark in which it is left; -1.  Looks once at each run
 * of frames that have the same masks. */
static int left_in(const struct box *mark, struct standing *masks)
{
	int frame, last = mark->frame0 - 1;

	standing_start(masks);
	do {                            /* a run begins at frame */
		frame = last + 1;
		last = standing_run(masks, frame, mark->frame1, &mark->region);
		if (cover_share(mark->region, masks->region, masks->count) <
		    covered)
			return frame;
	} while (last < mark->frame1);
	return -1;
}

bool finding_missed(const struct masks *first, const struct masks *second,
		    int *missed)
{
	struct standing masks;
	bool good = standing_init(&masks, first);

	*missed = -1;
	for (size_t i = 0; good && i < second->box_count; i++) {
		int frame = masks_covers(&second->box[i]) ?
			    left_in(&second->box[i].box, &masks) : -1;

		if (frame >= 0 && (*missed < 0 || frame < *missed))
			*missed = frame;
	}
	standing_done(&masks);
	return good;
}

static bool load(struct project *p, const char *id, long long seq,
		 const uint8_t digest[HASH_SIZE], struct masks *m)
{
	char name[MASKS_NAME];

	masks_name(id, seq, name);
	return masks_load(p->masksfd, name, digest, m, NULL);
}

/* Do the masks leave what a blind reader marked?  And from which frame on. */
static bool is_missed(struct project *p, struct finding *f,
		      const struct fact *fact, bool *missed)
{
	struct masks first = { 0 }, second = { 0 };
	bool good = true;

	*missed = true;
	if (load(p, f->id, fact->verdict_seq, fact->mask_sha256, &first) &&
	    load(p, f->id, f->seq, f->mask_sha256, &second)) {
		good = finding_missed(&first, &second, &f->frame);
		*missed = f->frame >= 0;
	}
	masks_done(&first);
	masks_done(&second);
	return good;
}

static bool holds(struct project *p, struct ledger *ledger,
		  struct finding *f, bool *still)
{
	uint8_t id[16];
	const struct fact *fact = hash_from_hex(f->id, id, sizeof(id)) ?
				  ledger_find(ledger, id) : NULL;

	*still = fact && fact_has_output(fact) && f->seq > fact->verdict_seq &&
		 (fact->state == ITEM_MASKED || fact->state == ITEM_CLEAN);
	if (!*still)
		return true;
	f->released = fact->output == OUTPUT_RELEASED;
	return !is(f->verdict, "masked") || is_missed(p, f, fact, still);
}

/* One is enough of an item read in one way: what is left says most. */
static bool is_said(const struct findings *f, size_t i)
{
	for (size_t k = 0; k < f->count; k++) {
		const struct finding *a = &f->item[i], *b = &f->item[k];

		if (k != i && is(a->id, b->id) && is(a->mode, b->mode) &&
		    (finding_left(a) == finding_left(b) ? k < i :
							  finding_left(b)))
			return true;
	}
	return false;
}

static void find_row(struct project *p, struct finding *f)
{
	struct worklist_item row = { 0 };

	if (p->worklist && worklist_has_id(p->worklist, f->id) &&
	    worklist_find_id(p->worklist, f->id, &row, NULL))
		f->row = row.row;
	f->frames = row.frames;
	worklist_item_done(&row);
}

bool findings_settle(struct findings *f, struct project *p,
		     struct ledger *ledger)
{
	size_t i = 0;
	bool still;

	while (i < f->count) {
		if (!holds(p, ledger, &f->item[i], &still))
			return false;
		if (still)
			find_row(p, &f->item[i++]);
		else
			forget(f, i);
	}
	for (i = f->count; i > 0; i--)
		if (is_said(f, i - 1))
			forget(f, i - 1);
	return true;
}

size_t findings_count(const struct findings *f, bool released)
{
	size_t count = 0;

	for (size_t i = 0; i < f->count; i++)
		count += f->item[i].released == released;
	return count;
}

void finding_say(const struct finding *f, struct buffer *said)
{
	buffer_printf(said, finding_left(f) ?
		      _("item %lld: something was left on its output") :
		      is(f->mode, "blind") ?
		      _("item %lld: the second reader marked what is not "
			"masked, or was not sure") :
		      _("item %lld: the second reader was not sure"), f->row);
	if (f->frame >= 0 && f->frames > 1)
		buffer_printf(said, _("; first in frame %d of %d"),
			      f->frame + 1, f->frames);
	buffer_printf(said, "%s\n", f->released ? _("; it is released") :
						  _("; it is not released"));
}

/* finding.c - what second readers found on outputs that are still there. */
#include "config.h"

#include "record/finding.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "find/cover.h"

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
				 .seq = e->seq };
	memcpy(new->id, e->item, sizeof(new->id));
	memcpy(new->who, e->who, sizeof(new->who));
	memcpy(new->mask_sha256, e->mask_sha256, HASH_SIZE);
	return true;
}

/* ---- what still holds ---- */

/* Masks of the picture, and those over a blind reader's mark in one frame. */
struct over {
	const struct box **mask;        /* by first frame */
	size_t masks;
	const struct box **live;        /* over the mark in the frame */
	struct region *region;          /* of live, for cover_share() */
	size_t lives;
};

static int by_first_frame(const void *a, const void *b)
{
	const struct box *x = *(const struct box *const *)a;
	const struct box *y = *(const struct box *const *)b;

	return (x->frame0 > y->frame0) - (x->frame0 < y->frame0);
}

static bool is_mask(const struct decided_box *d)
{
	return box_is_masked(d->decision) && d->box.plane == PLANE_PICTURE;
}

static bool over_init(struct over *o, const struct masks *m)
{
	*o = (struct over){
		.mask = mem_array(m->box_count + 1, sizeof(*o->mask)),
		.live = mem_array(m->box_count + 1, sizeof(*o->live)),
		.region = mem_array(m->box_count + 1, sizeof(*o->region)),
	};
	if (!o->mask || !o->live || !o->region)
		return false;
	for (size_t i = 0; i < m->box_count; i++)
		if (is_mask(&m->box[i]))
			o->mask[o->masks++] = &m->box[i].box;
	if (o->masks > 0)
		qsort(o->mask, o->masks, sizeof(*o->mask), by_first_frame);
	return true;
}

static void over_done(struct over *o)
{
	free(o->mask);
	free(o->live);
	free(o->region);
}

/* Only the masks that reach frame stay; the last frame they all reach, at
 * most `last`. */
static int drop_ended(struct over *o, int frame, int last)
{
	size_t kept = 0;

	for (size_t i = 0; i < o->lives; i++) {
		const struct box *b = o->live[i];

		if (b->frame1 < frame)
			continue;
		last = b->frame1 < last ? b->frame1 : last;
		o->region[kept] = b->region;
		o->live[kept++] = b;
	}
	o->lives = kept;
	return last;
}

/* Is the mark left in one of its frames?  Looks once at each run of frames
 * that have the same masks. */
static bool is_left(const struct box *mark, struct over *o)
{
	int frame, last = mark->frame0 - 1;
	size_t next = 0;

	o->lives = 0;
	do {                            /* a run begins at frame */
		frame = last + 1;
		for (; next < o->masks && o->mask[next]->frame0 <= frame;
		     next++)
			if (!region_empty(region_intersect(mark->region,
						o->mask[next]->region)))
				o->live[o->lives++] = o->mask[next];
		last = drop_ended(o, frame, mark->frame1);
		if (next < o->masks && o->mask[next]->frame0 <= last)
			last = o->mask[next]->frame0 - 1;
		if (cover_share(mark->region, o->region, o->lives) < covered)
			return true;
	} while (last < mark->frame1);
	return false;
}

bool finding_missed(const struct masks *first, const struct masks *second,
		    bool *missed)
{
	struct over o;
	bool good = over_init(&o, first);

	*missed = false;
	for (size_t i = 0; good && !*missed && i < second->box_count; i++)
		*missed = is_mask(&second->box[i]) &&
			  is_left(&second->box[i].box, &o);
	over_done(&o);
	return good;
}

static bool load(struct project *p, const char *id, long long seq,
		 const uint8_t digest[HASH_SIZE], struct masks *m)
{
	char name[MASKS_NAME];

	masks_name(id, seq, name);
	return masks_load(p->masksfd, name, digest, m, NULL);
}

/* Do the masks leave what a blind reader marked? */
static bool is_missed(struct project *p, const struct finding *f,
		      const struct fact *fact, bool *missed)
{
	struct masks first = { 0 }, second = { 0 };
	bool good = true;

	*missed = true;
	if (load(p, f->id, fact->verdict_seq, fact->mask_sha256, &first) &&
	    load(p, f->id, f->seq, f->mask_sha256, &second))
		good = finding_missed(&first, &second, missed);
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
	buffer_printf(said, "%s\n", f->released ? _("; it is released") :
						  _("; it is not released"));
}

/* output.c - makes the outputs of decided items and releases them. */
#include "config.h"

#include "process/output.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/i18n.h"
#include "process/source.h"

enum { AT_WORK = 4,                     /* outputs under way at once */
       EDGE_LETTERS = 3, EDGE_PIXELS = 3 };

enum stage { STAGE_WRITING, STAGE_VERIFYING, STAGE_CHECKING };

struct making {
	bool used, release;
	enum stage stage;
	unsigned long job;
	struct worklist_item item;      /* as it was at the start */
	int in, out, readable;          /* readable: out again, for reading */
	struct mask_job mask;
	struct box_list boxes;
	struct mask_report report;
};

static const struct making nothing = { .in = -1, .out = -1, .readable = -1 };

struct wanted {
	long long row;
	bool release;
};

struct outputs {
	struct project *project;
	struct workers *workers;
	struct making making[AT_WORK];
	struct wanted *wanted;          /* a queue */
	size_t wanted_count, wanted_capacity;
	struct output_event *ended;     /* a queue */
	size_t ended_count, ended_capacity;
};

/* ---- the residual pass ---- */

/* Pixels of r that none of the regions from `from` on covers. */
static long long uncovered(struct region r, const struct region *by,
			   size_t count, size_t from)
{
	for (size_t i = from; i < count; i++) {
		struct region c = region_intersect(r, by[i]);

		if (region_empty(c))
			continue;
		/* what is left: above, below, left and right of c */
		const struct region rest[] = {
			{ r.x0, r.y0, r.x1, c.y0 },
			{ r.x0, c.y1, r.x1, r.y1 },
			{ r.x0, c.y0, c.x0, c.y1 },
			{ c.x1, c.y0, r.x1, c.y1 },
		};
		long long sum = 0;

		for (size_t k = 0; k < sizeof(rest) / sizeof(rest[0]); k++)
			if (!region_empty(rest[k]))
				sum += uncovered(rest[k], by, count, i + 1);
		return sum;
	}
	return region_area(r);
}

/* Regions of the masks, or else of the boxes said no-mask, that stand in all
 * frames of b.  Returns how many. */
static size_t answering(const struct image_info *info,
			const struct masks *decided, const struct box *b,
			bool masked, struct region *by)
{
	size_t count = 0;
	bool rim;

	for (size_t i = 0; i < decided->box_count; i++) {
		const struct decided_box *d = &decided->box[i];
		bool wanted = masked ? box_is_masked(d->decision)
				     : d->decision == DECISION_NO_MASK;

		if (wanted && d->box.frame0 <= b->frame0 &&
		    b->frame1 <= d->box.frame1)
			by[count++] = masked ?
				mask_grown(info, d->box.region, &rim) :
				d->box.region;
	}
	return count;
}

/* Letters and digits in a text; the long vowel mark is only a stroke. */
static int letters(const char *text)
{
	int n = 0;

	for (const char *c = text; *c; c++) {
		bool ascii = (*c & 0x80) == 0;

		if (strncmp(c, "\xe3\x83\xbc", 3) == 0)
			c += 2;
		else if (ascii ? isalnum((unsigned char)*c) != 0
			       : (*c & 0xc0) == 0xc0)
			n++;
	}
	return n;
}

/*
 * Shapes that can't be read beside a mask are mostly its own edges: what was
 * there before was shown to the reviewer.  What can be read counts anywhere.
 */
static bool is_edge(const struct box *b, const struct region *by, size_t count)
{
	if (b->kind == KIND_IDENTIFIER ||
	    (b->kind == KIND_TEXT && letters(b->text) >= EDGE_LETTERS))
		return false;
	for (size_t i = 0; i < count; i++)
		if (!region_empty(region_intersect(
			    region_grow(b->region, EDGE_PIXELS), by[i])))
			return true;
	return false;
}

int output_residual(const struct image_info *info,
		    const struct box_list *found, const struct masks *decided,
		    struct box *first)
{
	struct region *by = mem_array(decided->box_count + 1, sizeof(*by));
	int residual = 0;

	for (size_t i = 0; i < found->count; i++) {
		const struct box *b = &found->box[i];
		size_t masks, count;

		if (b->tier != TIER_BOX)
			continue;
		/* a box without a mask has no edge that could be found */
		masks = by ? answering(info, decided, b, true, by) : 0;
		count = masks;
		if (by)
			count += answering(info, decided, b, false, by + masks);
		if (by && (uncovered(b->region, by, count, 0) * 5 <=
				   region_area(b->region) ||
			   is_edge(b, by, masks)))
			continue;
		if (residual++ == 0 && first) {
			*first = *b;
			first->text[0] = '\0';
		}
	}
	free(by);
	return residual;
}

/* ---- ends ---- */

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void making_done(struct outputs *o, struct making *m)
{
	if (m->job)
		workers_cancel(o->workers, m->job);
	worklist_item_done(&m->item);
	close_fd(&m->in);
	close_fd(&m->out);
	close_fd(&m->readable);
	box_list_done(&m->boxes);
	*m = nothing;
}

/* One place in the queue of ends was kept free for each that is wanted. */
static void end_row(struct outputs *o, long long row, enum output_end end,
		    const struct error *err)
{
	struct output_event *e = &o->ended[o->ended_count++];

	*e = (struct output_event){ .row = row, .end = end };
	if (err)
		e->error = *err;
}

static void end(struct outputs *o, struct making *m, enum output_end how,
		const struct error *err)
{
	end_row(o, m->item.row, how, err);
	making_done(o, m);
}

static void fail(struct outputs *o, struct making *m, const struct error *err)
{
	end(o, m, OUTPUT_END_FAILED, err);
}

/* ---- steps ---- */

/*
 * Is the verdict still the one that was begun with?  *now becomes the row as
 * it is; worklist_item_done() it.
 */
static bool current(struct outputs *o, const struct making *m,
		    struct worklist_item *now, struct error *err)
{
	return worklist_get(o->project->worklist, m->item.row, now, err) &&
	       now->verdict_seq == m->item.verdict_seq &&
	       (now->state == ITEM_MASKED || now->state == ITEM_CLEAN);
}

static bool begin_write(struct outputs *o, struct making *m, struct error *err)
{
	char self[40];

	m->stage = STAGE_WRITING;
	m->in = source_open(m->item.path, true, err);
	if (m->in < 0 ||
	    !project_mask_boxes(o->project, &m->item, &m->boxes, err) ||
	    !project_mask_job(o->project, &m->item, &m->mask, err))
		return false;
	m->out = project_stage_open(o->project, err);
	if (m->out < 0)
		return false;
	/* a verifying worker must not be able to write */
	snprintf(self, sizeof(self), "/proc/self/fd/%d", m->out);
	m->readable = open(self, O_RDONLY | O_CLOEXEC);
	if (m->readable < 0)
		return error_set(err, ERR_WRITE,
				 _("the output can't be opened again"));
	m->job = workers_write(o->workers, m->in, m->out, &m->mask, &m->boxes,
			       err);
	return m->job != 0;
}

static bool begin_check(struct outputs *o, struct making *m, struct error *err)
{
	m->stage = STAGE_CHECKING;
	close_fd(&m->readable);
	m->readable = project_output_open(o->project, &m->item, err);
	if (m->readable < 0)
		return false;
	m->job = workers_detect(o->workers, m->readable, NULL, err);
	return m->job != 0;
}

static void begin(struct outputs *o, struct making *m, const struct wanted *w)
{
	struct error err = { 0 };

	*m = nothing;
	m->used = true;
	m->release = w->release;
	if (!worklist_get(o->project->worklist, w->row, &m->item, &err)) {
		m->item.row = w->row;
		fail(o, m, &err);
		return;
	}
	if (m->item.state != ITEM_MASKED && m->item.state != ITEM_CLEAN)
		end(o, m, OUTPUT_END_STALE, NULL);
	else if (m->item.output == OUTPUT_RELEASED)
		end(o, m, OUTPUT_END_RELEASED, NULL);
	else if (m->item.output == OUTPUT_STAGED && !m->release)
		end(o, m, OUTPUT_END_STAGED, NULL);
	else if (m->item.output == OUTPUT_STAGED ? !begin_check(o, m, &err) :
						   !begin_write(o, m, &err))
		fail(o, m, &err);
}

static void begin_wanted(struct outputs *o)
{
	for (int i = 0; i < AT_WORK && o->wanted_count > 0;) {
		struct wanted first = o->wanted[0];

		if (o->making[i].used) {
			i++;
			continue;
		}
		memmove(o->wanted, o->wanted + 1,
			--o->wanted_count * sizeof(*o->wanted));
		begin(o, &o->making[i], &first);
	}
}

static bool written(struct outputs *o, struct making *m,
		    const struct worker_event *e, struct error *err)
{
	m->report = e->report;
	m->stage = STAGE_VERIFYING;
	m->job = workers_verify(o->workers, m->in, m->readable, &m->mask,
				&m->boxes, err);
	return m->job != 0;
}

/* What was reviewed is what was read; the hashes of the report are those of
 * the fresh worker. */
static bool sound(struct making *m, const struct verify_result *v,
		  struct error *err)
{
	if (!hash_equal(v->in_sha256, m->item.in_sha256, HASH_SIZE))
		return error_refuse(err, REASON_CHANGED, NULL, 0);
	if (v->status != VERIFY_OK)
		return error_set(err, ERR_CHECK,
				 _("the copy failed its check (%s) and is "
				   "not kept: report it"),
				 verify_class_name[v->class_]);
	memcpy(m->report.in_sha256, v->in_sha256, HASH_SIZE);
	memcpy(m->report.out_sha256, v->out_sha256, HASH_SIZE);
	return true;
}

static const char *extension_of(const struct worklist_item *item)
{
	static const char *const extension[IMAGE_FORMATS] = {
		[IMAGE_DICOM] = ".dcm",
		[IMAGE_PNG] = ".png",
		[IMAGE_JPEG] = ".jpg",
	};

	return item->format >= 0 && item->format < IMAGE_FORMATS ?
	       extension[item->format] : "";
}

static void verified(struct outputs *o, struct making *m,
		     const struct worker_event *e)
{
	struct worklist_item now = { 0 };
	struct error err = { 0 };

	if (!sound(m, &e->verify, &err)) {
		fail(o, m, &err);
		return;
	}
	if (!current(o, m, &now, &err)) {
		worklist_item_done(&now);
		end(o, m, err.code ? OUTPUT_END_FAILED : OUTPUT_END_STALE,
		    &err);
		return;
	}
	worklist_item_done(&m->item);
	m->item = now;
	if (!project_stage(o->project, &m->item, m->out, &m->report,
			   extension_of(&m->item), &err))
		fail(o, m, &err);
	else if (!m->release)
		end(o, m, OUTPUT_END_STAGED, NULL);
	else if (!begin_check(o, m, &err))
		fail(o, m, &err);
}

static void release(struct outputs *o, struct making *m)
{
	struct worklist_item now = { 0 };
	struct error err = { 0 };

	if (!current(o, m, &now, &err) || now.output != OUTPUT_STAGED)
		end(o, m, err.code ? OUTPUT_END_FAILED : OUTPUT_END_STALE,
		    &err);
	else if (project_release(o->project, &now, &err))
		end(o, m, OUTPUT_END_RELEASED, NULL);
	else
		fail(o, m, &err);
	worklist_item_done(&now);
}

/* The file that is released is the one that was staged. */
static void checked(struct outputs *o, struct making *m,
		    const struct worker_event *e)
{
	struct masks decided = { 0 };
	struct error err = { 0 };
	struct box first = { 0 };
	int residual;

	if (!hash_equal(e->sha256, m->item.out_sha256, HASH_SIZE)) {
		error_set(&err, ERR_CHECK,
			  _("the staged copy is not the one that was made: "
			    "decide again"));
		fail(o, m, &err);
		return;
	}
	if (!project_decided(o->project, &m->item, &decided, &err)) {
		fail(o, m, &err);
		return;
	}
	residual = output_residual(&e->info, &e->proposals.boxes, &decided,
				   &first);
	masks_done(&decided);
	if (residual > 0) {
		end(o, m, OUTPUT_END_BLOCKED, NULL);
		o->ended[o->ended_count - 1].residual = residual;
		o->ended[o->ended_count - 1].first = first;
	} else {
		release(o, m);
	}
}

/* ---- the interface ---- */

struct outputs *outputs_new(struct project *project, struct workers *workers)
{
	struct outputs *o = calloc(1, sizeof(*o));

	if (!o)
		return NULL;
	o->project = project;
	o->workers = workers;
	for (int i = 0; i < AT_WORK; i++)
		o->making[i] = nothing;
	return o;
}

void outputs_free(struct outputs *o)
{
	if (!o)
		return;
	for (int i = 0; i < AT_WORK; i++)
		making_done(o, &o->making[i]);
	free(o->wanted);
	free(o->ended);
	free(o);
}

int outputs_busy(const struct outputs *o)
{
	int count = (int)o->wanted_count;

	for (int i = 0; i < AT_WORK; i++)
		count += o->making[i].used;
	return count;
}

/* Room for the end of all that is wanted, so that none gets lost. */
static bool keep_room(struct outputs *o)
{
	size_t needed = o->ended_count + (size_t)outputs_busy(o) + 1;
	struct output_event *more;

	if (needed <= o->ended_capacity)
		return true;
	more = realloc(o->ended, 2 * needed * sizeof(*more));
	if (!more)
		return false;
	o->ended = more;
	o->ended_capacity = 2 * needed;
	return true;
}

bool outputs_want(struct outputs *o, long long row, bool releasing,
		  struct error *err)
{
	if (!keep_room(o) || !mem_grow(&o->wanted, &o->wanted_capacity,
				       o->wanted_count, sizeof(*o->wanted)))
		return error_set(err, ERR_MEMORY, _("no memory for a job"));
	o->wanted[o->wanted_count++] = (struct wanted){ row, releasing };
	begin_wanted(o);
	return true;
}

static struct making *making_of(struct outputs *o, unsigned long job)
{
	for (int i = 0; i < AT_WORK; i++)
		if (o->making[i].used && o->making[i].job == job)
			return &o->making[i];
	return NULL;
}

bool outputs_event(struct outputs *o, struct worker_event *e)
{
	struct making *m = making_of(o, e->job);
	struct error err = { 0 };

	if (!m)
		return false;
	switch (e->type) {
	case WORKER_WROTE:
		if (!written(o, m, e, &err))
			fail(o, m, &err);
		break;
	case WORKER_VERIFIED:
		verified(o, m, e);
		break;
	case WORKER_DETECTED:
		m->job = 0;
		checked(o, m, e);
		break;
	case WORKER_REFUSED:
	case WORKER_FAILED:
		m->job = 0;
		fail(o, m, &e->error);
		break;
	default:                        /* on its way */
		break;
	}
	worker_event_done(e);
	begin_wanted(o);
	return true;
}

bool outputs_next(struct outputs *o, struct output_event *event)
{
	if (o->ended_count == 0)
		return false;
	*event = o->ended[0];
	memmove(o->ended, o->ended + 1, --o->ended_count * sizeof(*o->ended));
	return true;
}

/* output.c - makes the outputs of decided items and releases them. */
#include "config.h"

#include "process/output.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/i18n.h"
#include "process/source.h"
#include "process/stored.h"
#include "record/sample.h"
#include "record/second.h"

enum { AT_WORK = 4,                     /* outputs under way at once */
       JITTER = 3,                      /* pixels, of a box seen again */
       LETTER_MOST = 40 };              /* pixels, where it is not known */

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

/* Which boxes answer for what was found, in one run of frames. */
struct answers {
	struct region *by;
	size_t masks, all;              /* of by: masks first */
};

/* Pixels of r that none of the regions from `from` on covers; *letter: one of
 * the parts is larger than unit by unit. */
static long long uncovered(struct region r, const struct answers *a,
			   size_t from, int unit, bool *letter)
{
	for (size_t i = from; i < a->all; i++) {
		struct region c = region_intersect(r, a->by[i]);

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
				sum += uncovered(rest[k], a, i + 1, unit,
						 letter);
		return sum;
	}
	if (region_width(r) > unit && region_height(r) > unit)
		*letter = true;
	return region_area(r);
}

static int short_side(struct region r)
{
	int w = region_width(r), h = region_height(r);

	return w < h ? w : h;
}

/*
 * Does what was not masked answer for b?  A large box, as of several lines,
 * was not said of each line in it; and what names somebody when it is read on
 * the copy is another thing than the faint ink or the cleared words that were
 * there before.
 */
static bool may_answer(const struct box *was, const struct box *b)
{
	return short_side(was->region) <= 2 * short_side(b->region) &&
	       (b->kind != KIND_IDENTIFIER ||
		(was->tier != TIER_FAINT && was->tier != TIER_BENIGN));
}

/*
 * Regions of the masks, then those of the boxes said no-mask, that stand in
 * the frame.  The detector may see a no-mask box a little larger now.
 */
static void collect(const struct image_info *info, const struct masks *decided,
		    const struct box *b, int frame, struct answers *a)
{
	bool rim;

	a->all = 0;
	for (int masked = 1; masked >= 0; masked--) {
		for (size_t i = 0; i < decided->box_count; i++) {
			const struct decided_box *d = &decided->box[i];

			if (box_is_masked(d->decision) != masked ||
			    d->box.plane != b->plane ||
			    (!masked && !may_answer(&d->box, b)) ||
			    frame < d->box.frame0 || frame > d->box.frame1)
				continue;
			a->by[a->all++] = masked ?
				mask_grown(info, d->box.region, &rim) :
				region_grow(d->box.region, JITTER);
		}
		if (masked)
			a->masks = a->all;
	}
}

/* The first frame after `frame` in which other boxes stand. */
static int next_change(const struct masks *decided, int frame, int last)
{
	int next = last + 1;

	for (size_t i = 0; i < decided->box_count; i++) {
		const struct box *b = &decided->box[i].box;

		if (b->frame0 > frame && b->frame0 < next)
			next = b->frame0;
		if (b->frame1 >= frame && b->frame1 + 1 < next)
			next = b->frame1 + 1;
	}
	return next;
}

/* Of one line its height counts; a box of several is larger than letters. */
static int half_letter(const struct box *b)
{
	int side = short_side(b->region), letter = b->letter_height;

	if (letter <= 0 || letter > LETTER_MOST)
		letter = LETTER_MOST;
	return (side < 2 * (letter + JITTER) ? side : letter) / 2;
}

/*
 * Masks have no edge that could be found, so what was found lies beside them:
 * it is answered only when less than half a letter of it is left by masks and
 * what was said no-mask, and no more than they cover: what a thin mask cuts
 * through is still read.  A face is one when its eyes are masked.
 */
static bool is_answered_here(const struct box *b, const struct answers *a)
{
	long long area = region_area(b->region);
	bool letter = false;
	long long left = uncovered(b->region, a, 0, half_letter(b), &letter);

	if (b->kind != KIND_FACE)
		return !letter && left * 2 <= area;
	for (size_t i = 0; i < a->masks; i++)
		if (8 * region_area(region_intersect(b->region, a->by[i])) >=
		    area)
			return true;
	return left * 5 <= area;
}

static bool is_answered(const struct image_info *info,
			const struct masks *decided, const struct box *b,
			struct answers *a)
{
	for (int f = b->frame0; f <= b->frame1;
	     f = next_change(decided, f, b->frame1)) {
		collect(info, decided, b, f, a);
		if (!is_answered_here(b, a))
			return false;
	}
	return true;
}

/*
 * Shading that runs from border to border one way, and is higher than the
 * letters the detector is made for: smoothed masks leave such rows of nothing
 * readable.  What covers a whole frame (why too-many) is none.
 */
static bool is_shading(const struct image_info *info, const struct box *b)
{
	enum { LETTERS = 60 };          /* rows_find() */
	struct region r = b->region;
	bool across = r.x0 <= 0 && r.x1 >= info->columns;
	bool down = r.y0 <= 0 && r.y1 >= info->rows;

	return b->kind == KIND_UNREADABLE && b->source == SOURCE_INK &&
	       short_side(r) > LETTERS && across != down;
}

bool output_residual(const struct image_info *info,
		     const struct box_list *found, const struct masks *decided,
		     struct box_list *left)
{
	struct answers a = { mem_array(decided->box_count + 1,
				       sizeof(*a.by)), 0, 0 };
	bool ok = a.by;

	for (size_t i = 0; ok && i < found->count; i++) {
		struct box b = found->box[i];

		if (b.tier != TIER_BOX || is_shading(info, &b) ||
		    is_answered(info, decided, &b, &a))
			continue;
		b.text[0] = '\0';
		snprintf(b.why, sizeof(b.why), "residual");
		ok = box_list_add(left, &b);
	}
	free(a.by);
	return ok;
}

/* ---- what was found, kept for the next look ---- */

enum { FOUND_NAME = 64 };
static void found_name(const struct worklist_item *item, char name[FOUND_NAME])
{
	snprintf(name, FOUND_NAME, WORKLIST_FOUND "%s", item->id);
}

/* An index entry: `rebuild` may lose it, the next pass finds them again. */
static bool keep_found(struct project *project,
		       const struct worklist_item *item,
		       const struct box_list *left, struct error *err)
{
	const struct proposals found = { .boxes = *left };
	const struct proposal_line line = {
		.file = "", .sha256 = item->in_sha256, .format = "",
		.columns = item->columns, .rows = item->rows,
		.frames = item->frames, .proposals = &found, .by = "",
		.ms = -1,
	};
	struct buffer text = { 0 };
	char name[FOUND_NAME];
	bool ok = true;

	found_name(item, name);
	if (left->count > 0)
		proposal_print(&text, &line);
	if (text.failed)
		ok = error_set(err, ERR_MEMORY, _("no memory for boxes"));
	ok = ok && worklist_set(project->worklist, name,
				left->count > 0 ? text.data : "", err);
	buffer_done(&text);
	return ok;
}

bool output_found(struct project *project, const struct worklist_item *item,
		  struct box_list *left, struct error *err)
{
	char name[FOUND_NAME];
	size_t before = left->count;
	char *text;
	bool ok = true;

	found_name(item, name);
	text = worklist_value(project->worklist, name);
	if (text && *text)
		ok = proposal_parse(text, strlen(text), item->in_sha256,
				    item->columns, item->rows, item->frames,
				    left, err);
	for (size_t i = before; ok && i < left->count; i++)
		left->box[i].source = SOURCE_INK;
	free(text);
	return ok;
}

bool output_keep_back(struct project *project,
		      const struct worklist_item *item,
		      const struct box_list *left, struct error *err)
{
	return keep_found(project, item, left, err) &&
	       sample_keep_back(project->worklist, item, err);
}

/* What a person saw left on the copy; at least one box. */
static bool add_kept(struct outputs *o, const struct making *m,
		     struct box_list *left, struct error *err)
{
	struct box all = {
		.region = { 0, 0, m->item.columns, m->item.rows },
		.frame1 = m->item.frames - 1, .kind = KIND_UNREADABLE,
		.class_ = CLASS_OTHER, .source = SOURCE_REVIEWER,
		.confidence = -1, .why = "left",
	};

	return output_found(o->project, &m->item, left, err) &&
	       (left->count > 0 || box_list_add(left, &all) ||
		error_set(err, ERR_MEMORY, _("no memory for boxes")));
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

	*e = (struct output_event){ .row = row, .end = end,
				    .faces = CHECK_OFF };
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

/* What is masked, and how. */
static bool load_orders(struct outputs *o, struct making *m, struct error *err)
{
	return project_mask_boxes(o->project, &m->item, &m->boxes, err) &&
	       project_mask_job(o->project, &m->item, &m->mask, err);
}

static bool begin_write(struct outputs *o, struct making *m, struct error *err)
{
	char self[40];

	m->stage = STAGE_WRITING;
	m->in = source_open(m->item.path, (long)m->item.below, err);
	if (m->in < 0 || !load_orders(o, m, err))
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

/* The input may be gone by now; then the copy has to tell what it can. */
static bool begin_check(struct outputs *o, struct making *m, struct error *err)
{
	int original = m->in;

	m->stage = STAGE_CHECKING;
	close_fd(&m->readable);
	m->readable = project_output_open(o->project, &m->item, err);
	if (m->readable < 0)
		return false;
	if (original < 0)
		original = m->in = source_open(m->item.path,
					       (long)m->item.below, NULL);
	if (original < 0)
		original = m->readable;
	m->job = workers_check(o->workers, original, m->readable,
			       m->in < 0 ? NULL : m->item.in_sha256, &m->mask,
			       &m->boxes, err);
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
	else if (m->item.output == OUTPUT_STAGED ?
		 !load_orders(o, m, &err) || !begin_check(o, m, &err) :
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
	else if (second_awaited(o->project, &now))
		end(o, m, OUTPUT_END_WAITING, NULL);
	else if (project_release(o->project, &now, &err))
		end(o, m, OUTPUT_END_RELEASED, NULL);
	else
		fail(o, m, &err);
	worklist_item_done(&now);
}

/* Text is left: the boxes wait for the next look at the item. */
static void block(struct outputs *o, struct making *m,
		  const struct box_list *left)
{
	int count = (int)left->count;

	end(o, m, OUTPUT_END_BLOCKED, NULL);
	o->ended[o->ended_count - 1].residual = count;
}

/*
 * What was read and cleared in the input, and faint ink of a single frame, all
 * of which the reviewer was shown, is no news on its copy, where the same
 * pixels may be read a little differently.
 */
static bool was_known(const struct box *b, const struct stored_origin *origin)
{
	return b->tier == TIER_BENIGN ||
	       (b->tier == TIER_FAINT && origin->frames == 1);
}

static bool add_cleared(struct outputs *o, const struct making *m,
			struct masks *decided)
{
	struct stored_origin origin;
	struct proposals p;
	bool ok = true;

	if (!stored_load(o->project, m->item.row, &origin, &p))
		return true;
	for (size_t i = 0; ok && i < p.boxes.count; i++) {
		if (!was_known(&p.boxes.box[i], &origin) ||
		    !hash_equal(origin.sha256, m->item.in_sha256, HASH_SIZE))
			continue;
		ok = mem_grow(&decided->box, &decided->box_capacity,
			      decided->box_count, sizeof(*decided->box));
		if (ok)
			decided->box[decided->box_count++] =
				(struct decided_box){
					.box = p.boxes.box[i],
					.decision = DECISION_NO_MASK };
	}
	proposals_done(&p);
	return ok;
}

/* The file that is released is the one that was staged. */
static bool judge_copy(struct outputs *o, struct making *m,
		       const struct worker_event *e, struct box_list *left,
		       struct error *err)
{
	struct masks decided = { 0 };
	bool ok;

	if (sample_kept_back(o->project->worklist, &m->item))
		return add_kept(o, m, left, err);
	if (!hash_equal(e->sha256, m->item.out_sha256, HASH_SIZE))
		return error_set(err, ERR_CHECK,
				 _("the staged copy is not the one that was "
				   "made: decide again"));
	if (e->proposals.text != CHECK_DONE ||
	    e->proposals.frames_read != e->info.frames)
		return error_set(err, ERR_CHECK,
				 _("the copy could not be looked through: "
				   "decide again"));
	if (!project_decided(o->project, &m->item, &decided, err))
		return false;
	ok = (add_cleared(o, m, &decided) &&
	      output_residual(&e->info, &e->proposals.boxes, &decided,
			      left)) ||
	     error_set(err, ERR_MEMORY, _("no memory for boxes"));
	masks_done(&decided);
	return ok && keep_found(o->project, &m->item, left, err);
}

static void checked(struct outputs *o, struct making *m,
		    const struct worker_event *e)
{
	struct box_list left = { 0 };
	struct error err = { 0 };

	if (!judge_copy(o, m, e, &left, &err))
		fail(o, m, &err);
	else if (left.count > 0)
		block(o, m, &left);
	else
		release(o, m);
	o->ended[o->ended_count - 1].faces = e->proposals.faces;
	box_list_done(&left);
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

void outputs_progress(const struct outputs *o, struct progress *p)
{
	static const char *const step[] = {
		[STAGE_WRITING] = N_("writing"),
		[STAGE_VERIFYING] = N_("checking"),
		[STAGE_CHECKING] = N_("reading the copy"),
	};

	for (int i = 0; i < AT_WORK; i++)
		if (o->making[i].used)
			progress_add(p, o->making[i].item.row, -1,
				     _(step[o->making[i].stage]));
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

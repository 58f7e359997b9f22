/* items.c - the file on the screen, and those made ready ahead of it. */
#include "config.h"

#include "ui/items.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "process/source.h"
#include "process/stored.h"

enum {
	AHEAD = 2,                      /* items made ready */
	READY_BYTES = 32 << 20,         /* larger frames only when shown */
};

void items_init(struct items *items, struct project *project,
		struct workers *workers)
{
	*items = (struct items){ .project = project, .workers = workers };
	for (int i = 0; i < SLOTS; i++)
		items->slot[i].fd = -1;
}

static void stop_text(struct items *items, struct slot *slot)
{
	if (slot->text_job)
		workers_cancel(items->workers, slot->text_job);
	slot->text_job = 0;
}

static void slot_done(struct items *items, struct slot *slot)
{
	if (slot->detect_job)
		workers_cancel(items->workers, slot->detect_job);
	if (slot->serve_job)
		workers_cancel(items->workers, slot->serve_job);
	stop_text(items, slot);
	if (slot->fd >= 0)
		close(slot->fd);
	proposals_done(&slot->proposals);
	buffer_done(&slot->found);
	frame_free(slot->frame);
	ready_done(&slot->ready);
	*slot = (struct slot){ .fd = -1 };
}

void items_done(struct items *items)
{
	for (int i = 0; i < SLOTS; i++)
		slot_done(items, &items->slot[i]);
}

static struct slot *find_slot(struct items *items, long long row)
{
	for (int i = 0; i < SLOTS; i++)
		if (items->slot[i].row == row)
			return &items->slot[i];
	return NULL;
}

struct slot *items_current(struct items *items)
{
	return items->current ? find_slot(items, items->current) : NULL;
}

/* A free slot, or the one not used for longest. */
static struct slot *take_slot(struct items *items)
{
	struct slot *oldest = NULL;

	for (int i = 0; i < SLOTS; i++) {
		struct slot *slot = &items->slot[i];

		if (!slot->row)
			return slot;
		if (slot->row != items->current &&
		    (!oldest || slot->used < oldest->used))
			oldest = slot;
	}
	slot_done(items, oldest);
	return oldest;
}

static bool finished(const struct slot *slot)
{
	return slot->detected || slot->failed;
}

/* Read the file.  What was found in it under the same rules is not looked for
 * again: then its hash is enough. */
static bool start_detecting(struct items *items, struct slot *slot,
			    bool from_stored, struct error *err)
{
	const struct project *project = items->project;
	struct stored_origin origin;
	struct proposals p;
	bool known = from_stored &&
		     stored_load(items->project, slot->row, &origin, &p);

	if (known)
		proposals_done(&p);
	known = known && !strcmp(origin.policy, project->policy.id);
	slot->detect_job = workers_detect(items->workers, slot->fd,
					  project->patient_key,
					  known ? origin.sha256 : NULL, err);
	return slot->detect_job != 0;
}

/* Open the file and start reading it. */
static bool start_slot(struct items *items, struct slot *slot, long long row,
		       struct error *err)
{
	struct worklist_item item;
	struct stat st;

	if (!worklist_get(items->project->worklist, row, &item, err))
		return false;
	slot->row = row;
	slot->frame_index = slot->wanted = FRAME_NONE;
	slot->used = ++items->clock;
	slot->fd = source_open(item.path, (long)item.below, err);
	worklist_item_done(&item);
	if (slot->fd < 0)
		return false;
	if (fstat(slot->fd, &st) != 0)
		return error_refuse(err, REASON_UNREADABLE, NULL, 0);
	slot->size = st.st_size;
	slot->mtime_ns = st.st_mtim.tv_sec * 1000000000LL +
			 st.st_mtim.tv_nsec;
	slot->inode = (long long)st.st_ino;
	if (start_detecting(items, slot, !items->afresh, err))
		slot->serve_job = workers_serve(items->workers, slot->fd, err);
	if (!slot->serve_job)
		return false;
	return items_want_frame(items, slot, 0, err);
}

static struct slot *make_slot(struct items *items, long long row,
			      struct error *err)
{
	struct slot *slot = take_slot(items);

	if (start_slot(items, slot, row, err))
		return slot;
	slot_done(items, slot);
	return NULL;
}

struct slot *items_open(struct items *items, long long row, struct error *err)
{
	struct slot *slot = find_slot(items, row);

	items->current = row;
	for (int i = 0; i < SLOTS; i++)
		if (items->slot[i].row && items->slot[i].row != row) {
			stop_text(items, &items->slot[i]);
			if (!finished(&items->slot[i]))
				slot_done(items, &items->slot[i]);
		}
	/* no fault of the file: it is tried again */
	if (slot && slot->failed && !slot->refused) {
		slot_done(items, slot);
		slot = NULL;
	}
	if (slot) {
		slot->used = ++items->clock;
		return slot;
	}
	return make_slot(items, row, err);
}

void items_read_text(struct items *items)
{
	struct slot *slot = items_current(items);
	struct error err = { 0 };

	if (!slot || !slot->detected || !slot->textless || slot->text_job)
		return;
	slot->text_job = workers_detect(items->workers, slot->fd,
					items->project->patient_key, NULL,
					&err);
	/* without a worker it goes on as it is */
	slot->textless = slot->text_job != 0;
}

void items_leave(struct items *items)
{
	items->current = 0;
}

void items_drop(struct items *items, long long row)
{
	struct slot *slot = find_slot(items, row);

	if (slot)
		slot_done(items, slot);
	if (items->current == row)
		items->current = 0;
}

bool items_want_frame(struct items *items, struct slot *slot, int frame_index,
		      struct error *err)
{
	bool here = slot->frame_index == frame_index;

	/* one that is still on its way must not take the place of this one */
	slot->wanted = here ? FRAME_NONE : frame_index;
	if (here)
		return true;
	/* the one before may have died with the process that read for it */
	if (!slot->serve_job)
		slot->serve_job = workers_serve(items->workers, slot->fd, err);
	return slot->serve_job &&
	       workers_ask_frame(items->workers, slot->serve_job, frame_index,
				 err);
}

/* Boxes that another program found. */
static bool import(struct items *items, struct slot *slot, struct error *err)
{
	struct box_list *boxes = &slot->proposals.boxes;
	size_t before = boxes->count;

	if (!items->import)
		return true;
	if (!proposal_parse(items->import, items->import_length, slot->sha256,
			    slot->info.columns, slot->info.rows,
			    slot->info.frames, boxes, err))
		/* boxes of other files only are no fault of this one */
		return err->code == ERR_REFUSED;
	for (size_t i = before; i < boxes->count; i++) {
		boxes->box[i].source = SOURCE_IMPORT;
		boxes->box[i].tier = TIER_BOX;
	}
	box_list_sort(boxes);
	return true;
}

static bool propose_from(const struct layouts *l, const uint8_t key[32],
			 struct slot *slot)
{
	return !l || layouts_propose(l, key, slot->info.columns,
				     slot->info.rows, slot->info.frames,
				     &slot->proposals);
}

/* What reviewers remembered for this device, or handed on. */
static bool remember(struct items *items, struct slot *slot,
		     struct error *err)
{
	return (propose_from(items->layouts, slot->device, slot) &&
		propose_from(items->propagated, slot->series, slot) &&
		propose_from(items->propagated, slot->device, slot)) ||
	       error_set(err, ERR_MEMORY, _("no memory"));
}

bool items_remember(struct items *items, struct error *err)
{
	for (int i = 0; i < SLOTS; i++) {
		struct slot *slot = &items->slot[i];

		if (slot->detected && slot->row != items->current &&
		    !remember(items, slot, err))
			return false;
	}
	return true;
}

void items_forget_ahead(struct items *items)
{
	for (int i = 0; i < SLOTS; i++)
		if (items->slot[i].row &&
		    items->slot[i].row != items->current)
			slot_done(items, &items->slot[i]);
}

static void fail(struct slot *slot, const struct error *err)
{
	slot->failed = true;
	slot->refused = err->code == ERR_REFUSED;
	slot->error = *err;
}

/* What was found earlier, when it is of this file and these detectors. */
static bool take_stored(struct items *items, struct slot *slot,
			struct worker_event *event)
{
	struct stored_origin o;

	if (!stored_load(items->project, slot->row, &o, &event->proposals))
		return false;
	if (!strcmp(o.by, workers_by(items->workers)) &&
	    !strcmp(o.policy, items->project->policy.id) &&
	    !memcmp(o.sha256, event->sha256, sizeof(o.sha256)) &&
	    o.columns == slot->info.columns && o.rows == slot->info.rows &&
	    o.frames == slot->info.frames)
		return true;
	proposals_done(&event->proposals);
	event->proposals = (struct proposals){ 0 };
	return false;
}

/* For the worklist; without memory it is found again next time. */
static void store(struct items *items, struct slot *slot,
		  const struct worker_event *event)
{
	struct stored_origin o = { .columns = event->info.columns,
				   .rows = event->info.rows,
				   .frames = event->info.frames };

	memcpy(o.sha256, event->sha256, sizeof(o.sha256));
	snprintf(o.by, sizeof(o.by), "%s", workers_by(items->workers));
	snprintf(o.policy, sizeof(o.policy), "%s", items->project->policy.id);
	buffer_done(&slot->found);
	slot->found = (struct buffer){ 0 };
	if (!stored_pack(&o, &event->proposals, &slot->found))
		buffer_clear(&slot->found);
}

/* Was anything read of these boxes, whose text is kept nowhere? */
static bool was_read(const struct box_list *boxes)
{
	for (size_t i = 0; i < boxes->count; i++)
		if (boxes->box[i].confidence >= 0)
			return true;
	return false;
}

/* Text goes to the boxes that are known; these stay. */
static void take_text(struct slot *slot, const struct worker_event *event)
{
	struct box_list *boxes = &slot->proposals.boxes;

	slot->text_job = 0;
	slot->textless = false;
	for (size_t i = 0; i < event->proposals.boxes.count; i++)
		for (size_t k = 0; k < boxes->count; k++) {
			const struct box *read = &event->proposals.boxes.box[i];
			struct box *b = &boxes->box[k];

			if (!*b->text && box_same_place(b, read))
				memcpy(b->text, read->text, sizeof(b->text));
		}
}

static void take_detected(struct items *items, struct slot *slot,
			  struct worker_event *event)
{
	struct error err = { 0 };

	slot->detect_job = 0;
	slot->opened = true;
	slot->info = event->info;
	if (event->known && !take_stored(items, slot, event)) {
		if (!start_detecting(items, slot, false, &err))
			fail(slot, &err);
		return;
	}
	store(items, slot, event);
	slot->textless = event->known && was_read(&event->proposals.boxes);
	slot->proposals = event->proposals;
	event->proposals = (struct proposals){ 0 };
	memcpy(slot->sha256, event->sha256, sizeof(slot->sha256));
	memcpy(slot->patient, event->patient, sizeof(slot->patient));
	memcpy(slot->series, event->series, sizeof(slot->series));
	memcpy(slot->device, event->device, sizeof(slot->device));
	slot->permille = 1000;
	slot->detected = import(items, slot, &err) &&
			 remember(items, slot, &err);
	if (!slot->detected)
		fail(slot, &err);
}

/* That it fails costs only the words. */
static void text_event(struct slot *slot, const struct worker_event *event)
{
	if (event->type == WORKER_DETECTED) {
		take_text(slot, event);
	} else if (event->type != WORKER_PROGRESS &&
		   event->type != WORKER_OPENED) {
		slot->text_job = 0;
		slot->textless = false;
	}
}

static void take_end(struct slot *slot, const struct worker_event *event)
{
	struct error err = event->error;

	if (event->type == WORKER_REFUSED)
		error_refuse(&err, event->reason, event->uid, event->number);
	if (slot->detect_job == event->job)
		slot->detect_job = 0;
	if (slot->serve_job == event->job)
		slot->serve_job = 0;
	fail(slot, &err);
}

struct slot *items_event(struct items *items, struct worker_event *event)
{
	struct slot *slot = NULL;

	for (int i = 0; i < SLOTS && !slot; i++)
		if (items->slot[i].row &&
		    (items->slot[i].detect_job == event->job ||
		     items->slot[i].serve_job == event->job ||
		     items->slot[i].text_job == event->job))
			slot = &items->slot[i];
	if (!slot)
		return NULL;
	if (event->job == slot->text_job) {
		text_event(slot, event);
		return slot;
	}
	switch (event->type) {
	case WORKER_PROGRESS:
		if (event->job == slot->detect_job)
			slot->permille = event->permille;
		break;
	case WORKER_OPENED:
		slot->opened = true;
		slot->info = event->info;
		break;
	case WORKER_DETECTED:
		take_detected(items, slot, event);
		break;
	case WORKER_FRAME:
		if (event->frame_index != slot->wanted)
			break;
		frame_free(slot->frame);
		ready_done(&slot->ready);
		slot->frame = event->frame;
		slot->frame_index = event->frame_index;
		slot->wanted = FRAME_NONE;
		event->frame = NULL;
		break;
	default:
		take_end(slot, event);
		break;
	}
	return slot;
}

/* Is a file being made ready? */
static bool is_busy(const struct items *items)
{
	for (int i = 0; i < SLOTS; i++)
		if (items->slot[i].row && !finished(&items->slot[i]))
			return true;
	return false;
}

const struct slot *items_peek(struct items *items, long long row, bool make)
{
	const struct slot *slot = find_slot(items, row);
	struct error err;

	return slot || !make || is_busy(items) ? slot :
	       make_slot(items, row, &err);
}

void items_ahead(struct items *items)
{
	const unsigned undecided = 1u << ITEM_LISTED | 1u << ITEM_PROPOSED |
				   1u << ITEM_OPEN;
	long long row = items->current;
	struct error err;

	if (is_busy(items))
		return;
	for (int i = 0; i < AHEAD; i++) {
		row = items->next ? items->next(items->self, row) :
		      worklist_next(items->project->worklist, row + 1, false,
				    undecided);
		if (!row)
			return;
		if (find_slot(items, row))
			continue;
		make_slot(items, row, &err);    /* its turn will tell why not */
		return;
	}
}

bool items_unchanged(const struct items *items, const struct slot *slot,
		     const struct worklist_item *item)
{
	struct stat st;

	(void)items;
	return stat(item->path, &st) == 0 && st.st_size == slot->size &&
	       st.st_mtim.tv_sec * 1000000000LL + st.st_mtim.tv_nsec ==
	       slot->mtime_ns && (long long)st.st_ino == slot->inode;
}

/* ---- display values ---- */

static struct plane *copy_plane(const struct frame *f, struct error *err)
{
	struct plane *p = calloc(1, sizeof(*p));

	if (p)
		p->pixel = malloc(frame_bytes(f));
	if (!p || !p->pixel) {
		plane_free(p);
		error_set(err, ERR_MEMORY, "no memory for a picture");
		return NULL;
	}
	p->columns = f->columns;
	p->rows = f->rows;
	p->channels = f->samples;
	memcpy(p->pixel, f->sample, frame_bytes(f));
	return p;
}

struct bounds { long long low, high; };

static long long sample_at(const struct frame *f, size_t i)
{
	switch (f->type) {
	case SAMPLE_U8:
		return ((const uint8_t *)f->sample)[i];
	case SAMPLE_S16:
		return ((const int16_t *)f->sample)[i];
	default:
		return ((const uint16_t *)f->sample)[i];
	}
}

static struct bounds frame_bounds(const struct frame *f)
{
	size_t pixels = (size_t)f->rows * (size_t)f->columns;
	struct bounds b = { sample_at(f, 0), sample_at(f, 0) };

	for (size_t i = 1; i < pixels; i++) {
		long long value = sample_at(f, i);

		b.low = value < b.low ? value : b.low;
		b.high = value > b.high ? value : b.high;
	}
	return b;
}

static bool is_short(const struct image_info *info)
{
	return info->type == SAMPLE_U8 || info->type == SAMPLE_U16 ||
	       info->type == SAMPLE_S16;
}

/* The second smallest and the second largest value of a frame; false: they
 * are one, or there are none. */
static bool inner_bounds(const struct frame *f, const struct bounds *all,
			 struct bounds *in)
{
	size_t pixels = (size_t)f->rows * (size_t)f->columns;

	*in = (struct bounds){ all->high, all->low };
	for (size_t i = 0; i < pixels; i++) {
		long long value = sample_at(f, i);

		if (value > all->low && value < in->low)
			in->low = value;
		if (value < all->high && value > in->high)
			in->high = value;
	}
	return in->low < in->high;
}

/*
 * The values to tell apart: those of the frame, but a smallest or largest one
 * that stands farther off than the others span (letters of 65535 on values of
 * 12 bits, padding) is drawn nearer, at half their span: it stays an end.
 */
static struct bounds seen_bounds(const struct frame *f)
{
	struct bounds all = frame_bounds(f), in;
	long long span;

	if (f->type == SAMPLE_U8 || !inner_bounds(f, &all, &in))
		return all;
	span = in.high - in.low;
	if (in.low - all.low > span)
		all.low = in.low - (span + 1) / 2;
	if (all.high - in.high > span)
		all.high = in.high + (span + 1) / 2;
	return all;
}

/* The file's window, else the range of the form up to 8 bits, else what the
 * frame has: few pictures of 16 bits use them all.  A look-up table is
 * replaced by the range of the frame. */
static struct image_window file_window(const struct slot *slot)
{
	const struct image_info *info = &slot->info;
	bool table = info->has_voi_lut || info->has_modality_lut;
	struct bounds b;

	if (info->windows > 0 && !table && is_short(info))
		return info->window[0];
	if (is_short(info) && !table && info->bits_stored <= 8)
		b = (struct bounds){ 0, (1LL << info->bits_stored) - 1 };
	else
		b = seen_bounds(slot->frame);

	double low = (double)b.low * info->slope + info->intercept;
	double high = (double)b.high * info->slope + info->intercept;
	double width = high > low ? high - low : low - high;

	/* PS3.3 C.11.2.1.2.1: low at centre - 0.5 - (width - 1) / 2 */
	return (struct image_window){ (low + high) / 2 + 0.5, width + 1 };
}

/* The frame came as it is to be seen. */
static bool is_drawn(const struct slot *slot)
{
	return slot->frame_index < 0 || slot->frame->samples == 3 ||
		voi_by_table(&slot->info) ||
		(slot->info.colour && slot->frame->type == SAMPLE_U8);
}

struct image_window items_window(const struct slot *slot)
{
	return is_drawn(slot) ? (struct image_window){ 0 } : file_window(slot);
}

struct plane *items_plane(const struct slot *slot,
			  const struct image_window *window,
			  struct error *err)
{
	if (is_drawn(slot))
		return copy_plane(slot->frame, err);
	return voi_render_window(&slot->info, slot->frame,
				 window ? *window : file_window(slot), err);
}

/* Does a window show all that another one shows? */
static bool covers(const struct image_window *a, const struct image_window *b)
{
	return a->centre - a->width / 2 <= b->centre - b->width / 2 &&
		a->centre + a->width / 2 >= b->centre + b->width / 2;
}

struct plane *items_whole(const struct slot *slot)
{
	const struct image_info *info = &slot->info;
	struct image_window whole;
	struct bounds b;
	struct error err;
	double span;

	if (slot->frame_index != 0 || info->frames != 1 || info->colour ||
	    info->windows == 0 || slot->frame->samples != 1 ||
	    !is_short(info) || voi_by_table(info))
		return NULL;
	b = frame_bounds(slot->frame);
	span = (double)(b.high - b.low) * info->slope;
	whole = (struct image_window){
		(double)(b.low + b.high) / 2 * info->slope +
			info->intercept + .5,
		(span < 0 ? -span : span) + 1 };
	if (covers(&info->window[0], &whole))
		return NULL;
	return voi_render_window(info, slot->frame, whole, &err);
}

/* ---- made ready ---- */

/* One that is not on the screen. */
static bool slot_waits(const struct items *items, const struct slot *slot,
		       bool png)
{
	if (!slot->row || slot->row == items->current || !slot->frame ||
	    slot->frame_index == FRAME_NONE || slot->ready.failed ||
	    frame_bytes(slot->frame) > READY_BYTES)
		return false;
	return !slot->ready.plane || ready_waits(&slot->ready, png);
}

bool items_wait(const struct items *items, bool png)
{
	for (int i = 0; i < SLOTS; i++)
		if (slot_waits(items, &items->slot[i], png))
			return true;
	return false;
}

void items_more(struct items *items, bool png)
{
	struct error err;

	for (int i = 0; i < SLOTS; i++) {
		struct slot *slot = &items->slot[i];

		if (!slot_waits(items, slot, png))
			continue;
		if (slot->ready.plane) {
			ready_more(&slot->ready, png);
			return;
		}
		slot->ready.plane = items_plane(slot, NULL, &err);
		slot->ready.failed = !slot->ready.plane;
		return;
	}
}

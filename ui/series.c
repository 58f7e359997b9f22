/* series.c - the pictures of a series that may follow one that was approved. */
#include "config.h"

#include "ui/series.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "process/draft.h"
#include "process/output.h"

enum { CROP_LETTERS_DOWN = 2, CROP_LETTERS_ACROSS = 10 };

static const unsigned undecided = 1u << ITEM_LISTED | 1u << ITEM_PROPOSED |
				  1u << ITEM_OPEN;
static const uint8_t none[32];

void series_init(struct series *s, struct project *project,
		 struct workers *workers)
{
	*s = (struct series){ .project = project };
	items_init(&s->items, project, workers);
}

static void member_done(struct series_member *m)
{
	decided_list_done(&m->boxes);
	plane_free(m->crop.plane);
	*m = (struct series_member){ 0 };
}

void series_stop(struct series *s)
{
	if (s->reading)
		items_drop(&s->items, s->reading);
	for (size_t i = 0; i < s->count; i++)
		member_done(&s->member[i]);
	s->count = s->crops = 0;
	masks_done(&s->decided);
	s->decided = (struct masks){ 0 };
	proposals_done(&s->proposals);
	s->proposals = (struct proposals){ 0 };
	frame_free(s->frame);
	plane_free(s->plane);
	loose_list_done(&s->loose);
	s->loose = (struct loose_list){ 0 };
	s->frame = NULL;
	s->plane = NULL;
	s->leader = s->reading = 0;
	s->ready = false;
	s->strangers = 0;
}

void series_done(struct series *s)
{
	series_stop(s);
	free(s->member);
	items_done(&s->items);
	s->member = NULL;
}

/* ---- which files ---- */

static bool add_member(struct series *s, long long row, bool sure)
{
	if (!mem_grow(&s->member, &s->capacity, s->count, sizeof(*s->member)))
		return false;
	s->member[s->count++] = (struct series_member){
		.row = row, .state = GROUP_WAITING, .sure = sure };
	return true;
}

/* Those that are known to be of the series. */
static bool add_known(struct series *s)
{
	struct worklist *w = s->project->worklist;
	long long row = 0;

	while (s->count < SERIES_MOST &&
	       (row = worklist_next_in_series(w, s->series, row + 1,
					      undecided)))
		if (row != s->leader && !add_member(s, row, true))
			return false;
	return true;
}

static size_t folder_length(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? (size_t)(slash - path) : 0;
}

static bool same_folder(const char *a, const char *b)
{
	size_t length = folder_length(a);

	return length == folder_length(b) && !memcmp(a, b, length);
}

/* Those after the leader in its folder that were never read. */
static bool add_unknown(struct series *s, const struct worklist_item *leader)
{
	struct worklist *w = s->project->worklist;
	long long row = leader->row;
	int unknown = 0;
	bool ok = true, here = true;

	while (ok && here && unknown < SERIES_UNKNOWN &&
	       s->count < SERIES_MOST &&
	       (row = worklist_next(w, row + 1, false, undecided))) {
		struct worklist_item item;

		if (!worklist_get(w, row, &item, NULL))
			return false;
		here = same_folder(item.path, leader->path);
		if (here && item.columns == 0) {
			ok = add_member(s, row, false);
			unknown++;
		}
		worklist_item_done(&item);
	}
	return ok;
}

static int by_row(const void *left, const void *right)
{
	const struct series_member *a = left, *b = right;

	return (a->row > b->row) - (a->row < b->row);
}

bool series_start(struct series *s, const struct worklist_item *leader,
		  const struct items *like, struct error *err)
{
	series_stop(s);
	if (leader->state != ITEM_MASKED || leader->frames != 1 ||
	    !memcmp(leader->series, none, sizeof(none)))
		return true;
	s->items.import = like->import;
	s->items.import_length = like->import_length;
	s->items.layouts = like->layouts;
	s->items.propagated = like->propagated;
	if (!project_decided(s->project, leader, &s->decided, err))
		return false;
	memcpy(s->series, leader->series, sizeof(s->series));
	memcpy(s->after.item, leader->id, sizeof(s->after.item));
	s->after.seq = leader->verdict_seq;
	s->leader = leader->row;
	if (!add_known(s) || !add_unknown(s, leader)) {
		series_stop(s);
		return error_set(err, ERR_MEMORY, "no memory for a series");
	}
	if (s->count == 0) {
		series_stop(s);
		return true;
	}
	qsort(s->member, s->count, sizeof(*s->member), by_row);
	s->reading = s->leader;
	if (items_open(&s->items, s->leader, err))
		return true;
	series_stop(s);
	return false;
}

/* ---- reading ---- */

static struct series_member *find_member(struct series *s, long long row)
{
	for (size_t i = 0; i < s->count; i++)
		if (s->member[i].row == row)
			return &s->member[i];
	return NULL;
}

const struct series_member *series_member(const struct series *s,
					  long long row)
{
	for (size_t i = 0; i < s->count; i++)
		if (s->member[i].row == row)
			return &s->member[i];
	return NULL;
}

/* Files of other series follow one another: this one has ended. */
static void drop_member(struct series *s, struct series_member *m)
{
	size_t at = (size_t)(m - s->member);

	member_done(m);
	s->count--;
	memmove(m, m + 1, (s->count - at) * sizeof(*m));
	if (++s->strangers < SERIES_STRANGERS)
		return;
	for (size_t i = s->count; i > at; i--)
		if (!s->member[i - 1].sure &&
		    s->member[i - 1].state == GROUP_WAITING) {
			member_done(&s->member[i - 1]);
			s->count--;
			memmove(&s->member[i - 1], &s->member[i],
				(s->count - (i - 1)) * sizeof(*m));
		}
}

static struct group_picture picture_of(const struct slot *slot,
				       const struct loose_list *loose)
{
	return (struct group_picture){ &slot->info, &slot->proposals,
				       slot->frame, slot->patient,
				       slot->device, loose };
}

static struct group_picture leader_of(const struct series *s)
{
	return (struct group_picture){ &s->info, &s->proposals, s->frame,
				       s->patient, s->device, &s->loose };
}

/* Keep what the slot has: the leader is compared with all others. */
static void take_leader(struct series *s, struct slot *slot)
{
	struct group_picture p;

	s->plane = items_plane(slot, NULL, NULL);
	s->info = slot->info;
	s->proposals = slot->proposals;
	s->frame = slot->frame;
	slot->proposals = (struct proposals){ 0 };
	slot->frame = NULL;
	slot->frame_index = FRAME_NONE;
	memcpy(s->patient, slot->patient, sizeof(s->patient));
	memcpy(s->device, slot->device, sizeof(s->device));
	p = leader_of(s);
	s->ready = s->plane && !memcmp(slot->series, s->series, 32) &&
		   group_find_loose(s->plane, &s->proposals, s->decided.box,
				    s->decided.box_count, &s->loose) &&
		   group_can_lead(&p, s->decided.box, s->decided.box_count);
	if (!s->ready)
		series_stop(s);
}

/* What was found, for the worklist: as propose does it. */
static void note_found(struct series *s, const struct slot *slot)
{
	struct worklist_item item;
	int boxes = 0;

	if (!worklist_get(s->project->worklist, slot->row, &item, NULL))
		return;
	for (size_t i = 0; i < slot->proposals.boxes.count; i++)
		boxes += slot->proposals.boxes.box[i].tier == TIER_BOX;
	if (item.state == ITEM_LISTED) {
		memcpy(item.patient, slot->patient, sizeof(item.patient));
		memcpy(item.series, slot->series, sizeof(item.series));
		memcpy(item.device, slot->device, sizeof(item.device));
		item.format = (int)slot->info.format;
		item.columns = slot->info.columns;
		item.rows = slot->info.rows;
		item.frames = slot->info.frames;
		memcpy(item.modality, slot->info.modality,
		       sizeof(item.modality));
		/* a project that can't be written shows at the next verdict */
		project_proposed(s->project, &item, boxes, slot->found.data,
				 slot->found.length, &(struct error){ 0 });
	}
	worklist_item_done(&item);
}

/*
 * Letters as high as this make a crop of a few lines of the screen: what
 * differs stays open and is shown at full size there.
 */
static int shown_letter(struct region where)
{
	int letter = evidence_letter_height(&(struct box){ .region = where },
					    true);
	int high = region_height(where) / CROP_LETTERS_DOWN;
	int wide = region_width(where) / CROP_LETTERS_ACROSS;

	letter = high > letter ? high : letter;
	return wide > letter ? wide : letter;
}

/* The place that differs, for the sheet. */
static void cut_crop(struct series *s, struct series_member *m,
		     const struct plane *plane, struct region where)
{
	struct region grown = region_grow(where, GROUP_MARGIN);

	if (region_empty(where) || s->crops >= SERIES_CROPS ||
	    region_area(grown) > SERIES_CROP_PIXELS)
		return;
	m->crop = (struct sheet_crop){
		.letter_height = shown_letter(where), .latin = true,
		.state = m->state, .row = m->row,
	};
	m->crop.plane = sheet_cut(plane, where, GROUP_MARGIN, &m->crop.box);
	s->crops += m->crop.plane != NULL;
}

/* Compare a member that was read. */
static void judge(struct series *s, struct series_member *m,
		  const struct slot *slot)
{
	struct plane *plane = items_plane(slot, NULL, NULL);
	struct loose_list loose = { 0 };
	struct group_picture leader = leader_of(s);
	struct group_picture p = picture_of(slot, &loose);
	struct region where;

	m->state = GROUP_UNREAD;
	if (plane && group_find_loose(plane, &slot->proposals, s->decided.box,
				      s->decided.box_count, &loose)) {
		m->state = group_compare(&leader, s->decided.box,
					 s->decided.box_count, &p, &where);
		if (m->state != GROUP_ALIKE)
			cut_crop(s, m, plane, where);
		else if (!group_decide(s->decided.box, s->decided.box_count,
				       &slot->proposals, &m->boxes))
			m->state = GROUP_UNREAD;
	}
	loose_list_done(&loose);
	plane_free(plane);
}

static void take_member(struct series *s, struct series_member *m,
			const struct slot *slot)
{
	note_found(s, slot);
	if (memcmp(slot->series, s->series, 32)) {
		drop_member(s, m);
		return;
	}
	s->strangers = 0;
	m->sure = true;
	memcpy(m->sha256, slot->sha256, sizeof(m->sha256));
	m->size = slot->size;
	m->mtime_ns = slot->mtime_ns;
	m->inode = slot->inode;
	judge(s, m, slot);
}

static bool is_busy(const struct items *items, long long row)
{
	for (int i = 0; i < SLOTS; i++)
		if (items->slot[i].row == row && !items->slot[i].detected &&
		    !items->slot[i].failed)
			return true;
	return false;
}

void series_step(struct series *s, const struct items *busy)
{
	if (!s->ready || s->reading)
		return;
	for (size_t i = 0; i < s->count; i++) {
		struct series_member *m = &s->member[i];

		if (m->state != GROUP_WAITING || is_busy(busy, m->row))
			continue;
		if (items_open(&s->items, m->row, &(struct error){ 0 })) {
			s->reading = m->row;
			return;
		}
		m->state = GROUP_UNREAD;
	}
}

bool series_event(struct series *s, struct worker_event *event)
{
	struct slot *slot = items_event(&s->items, event);
	struct series_member *m;

	if (!slot)
		return false;
	if (slot->row != s->reading)
		return true;
	m = find_member(s, slot->row);
	if (slot->failed) {
		if (!m) {
			series_stop(s);
			return true;
		}
		m->state = GROUP_UNREAD;
	} else if (!slot->detected || slot->frame_index != 0) {
		return true;
	} else if (m) {
		take_member(s, m, slot);
	} else {
		take_leader(s, slot);
	}
	items_drop(&s->items, slot->row);
	s->reading = 0;
	return true;
}

/* ---- what is known ---- */

static bool is_open(const struct series *s, long long row)
{
	return 1u << worklist_state(s->project->worklist, row) & undecided;
}

void series_counts(const struct series *s, size_t by_state[GROUP_STATES])
{
	memset(by_state, 0, GROUP_STATES * sizeof(*by_state));
	for (size_t i = 0; i < s->count; i++)
		if (is_open(s, s->member[i].row))
			by_state[s->member[i].state]++;
}

static bool same_file(const struct series_member *m,
		      const struct worklist_item *item)
{
	struct stat st;

	return stat(item->path, &st) == 0 && st.st_size == m->size &&
	       st.st_mtim.tv_sec * 1000000000LL + st.st_mtim.tv_nsec ==
	       m->mtime_ns && (long long)st.st_ino == m->inode &&
	       (!item->has_sha256 ||
		!memcmp(item->in_sha256, m->sha256, sizeof(m->sha256)));
}

/* Text was found on a copy of it: it is looked at alone. */
static bool has_residuals(struct series *s, const struct worklist_item *item)
{
	struct box_list found = { 0 };
	bool has = !output_found(s->project, item, &found,
				 &(struct error){ 0 }) || found.count > 0;

	box_list_done(&found);
	return has;
}

bool series_may_follow(struct series *s, const struct review *model,
		       long long row, struct worklist_item *item,
		       const struct decided_list **boxes)
{
	const struct series_member *m = series_member(s, row);
	bool may;

	if (!m || m->state != GROUP_ALIKE ||
	    !worklist_get(s->project->worklist, row, item, NULL))
		return false;
	may = 1u << item->state & undecided && same_file(m, item) &&
	      !has_residuals(s, item) && !review_touched(model, row) &&
	      !draft_kept(s->project, item);
	*boxes = &m->boxes;
	if (!may)
		worklist_item_done(item);
	return may;
}

/* ---- the sheet ---- */

static void add_places(struct series *s, struct sheet *sheet)
{
	struct group_place place[GROUP_BOXES_MOST];
	struct group_picture p = leader_of(s);
	size_t count = group_places(&p, s->decided.box, s->decided.box_count,
				    place, GROUP_BOXES_MOST);

	sheet->whole = true;
	for (size_t i = 0; i < count; i++) {
		struct sheet_crop like = {
			.letter_height = place[i].letter_height,
			.latin = place[i].latin, .masked = place[i].masked,
			.state = GROUP_ALIKE, .row = s->leader,
		};

		if (!sheet_add(sheet, s->plane, place[i].region, SHEET_CONTEXT,
			       &like))
			sheet->whole = false;
	}
}

static bool add_crop(struct series *s, const struct series_member *m,
		     struct sheet *sheet)
{
	struct sheet_crop like = m->crop;

	if (!m->crop.plane || !is_open(s, m->row))
		return true;
	if (!sheet_add(sheet, m->crop.plane,
		       (struct region){ 0, 0, m->crop.plane->columns,
					m->crop.plane->rows }, 0, &like))
		return false;
	sheet->crop[sheet->count - 1].box = m->crop.box;
	return true;
}

bool series_sheet(struct series *s, const struct review *model,
		  struct sheet *sheet, long long **rows, size_t *count,
		  struct error *err)
{
	*sheet = (struct sheet){ .leader = s->leader,
				 .serial = ++s->serial };
	*count = 0;
	*rows = mem_array(s->count + 1, sizeof(**rows));
	if (!*rows)
		return error_set(err, ERR_MEMORY, "no memory for a sheet");
	series_counts(s, sheet->by_state);
	add_places(s, sheet);
	for (size_t i = 0; i < s->count; i++) {
		const struct series_member *m = &s->member[i];
		const struct decided_list *boxes;
		struct worklist_item item;

		if (m->state != GROUP_ALIKE)
			/* what has no room is told by its number alone */
			add_crop(s, m, sheet);
		else if (series_may_follow(s, model, m->row, &item, &boxes)) {
			(*rows)[(*count)++] = m->row;
			worklist_item_done(&item);
		}
	}
	sheet->by_state[GROUP_ALIKE] = *count;
	if (sheet_finish(sheet, err))
		return true;
	sheet_done(sheet);
	free(*rows);
	*rows = NULL;
	return false;
}

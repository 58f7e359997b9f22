/*
 * review.c - the honest robot: a reviewer who knows the truth, sees only what
 * is legible on his screen, and presses real keys.  Counts keys and leaks.
 *
 *	bench/review [-akv] [-d PERCENT] [-s SEED] SCREEN[,SCREEN] DIR FILE...
 *
 * A SCREEN is COLUMNSxROWS.  The picture is DIR/FILE, its truth
 * DIR/gt/FILE.json (data/README.md there); the face models are where
 * SUMINURI_FACE_MODELS says.
 * -d takes so many of the proposed boxes away at random, as if the detector
 * had missed them; what it saw of their ink stays in its map of ink.
 * -a: the policy wants the tour on every picture.
 * -k: masks on text that may stay are left on, else they are taken off.
 * -v: what is on the pages of evidence at the start, too.
 * One line a file and screen on stdout, then the totals by case.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "find/detect.h"
#include "find/face_find.h"
#include "ocr/text.h"
#include "review/review.h"
#include "ui/view.h"

enum {
	MAX_KEYS = 20000,
	MAX_TRUTH = 512,
	COVERED_PERCENT = 80,           /* of data/tools/score.py */
	HEIGHT_PERCENT = 80,            /* of a line in one crop ... */
	LETTERS = 4,                    /* ... and so many letters: noticed */
	NEAR_PERCENT = 50,              /* of a line under a candidate */
	KEY_MS = 300,
	MAX_SCREENS = 4, MAX_FILES = 1000,
};

/* What a file asked of him: the worst of it. */
enum { CASE_RIGHT, CASE_FALSE, CASE_CANDIDATE, CASE_TIGHT, CASE_MANUAL,
       CASE_NO_BOX, CASES };
static const char *const case_name[CASES] = {
	"right set", "false box", "candidate", "tight box", "manual",
	"no box",
};

const struct detector detectors[] = {
	{ "text", text_load, text_run, text_version },
	{ "face", face_load, face_run, face_version },
	{ .name = NULL },
};

struct truth {
	struct region region;
	int frame;
	bool given_up;                  /* what he tried did not cover it */
	bool must_go;                   /* else it may stay, or should */
	bool should_stay;
};

struct robot {
	struct review *m;
	struct image *image;
	struct image_info info;
	struct plane *plane;
	struct worklist_item item;
	struct truth truth[MAX_TRUTH];
	size_t truths;
	long long ms;
	int keys, added, hinted, snapped, pages, tour_pages, faint_left;
	int rejected, grouped;          /* masks taken off; by letters */
	int worst;                      /* enum of cases */
	bool keep_false;
	bool tell;                      /* what is on the pages */
	const struct policy *policy;
	int kind[EVIDENCE_KINDS];       /* evidences of each */
	bool decided;
	enum item_state verdict;
};

static void event(struct robot *r, struct event e);

/* ---- pictures ---- */

static struct plane *one_frame(struct robot *r, int index, struct error *err)
{
	struct frame *frame = image_frame(r->image, index, err);
	struct plane *plane = frame ? voi_render(r->image, frame, VOI_FILE,
						 err) : NULL;

	frame_free(frame);
	return plane;
}

static void combine(struct plane *all, const struct plane *one, bool max)
{
	size_t count = (size_t)all->columns * (size_t)all->rows *
		(size_t)all->channels;

	for (size_t i = 0; i < count; i++)
		if (max ? one->pixel[i] > all->pixel[i] :
		    one->pixel[i] < all->pixel[i])
			all->pixel[i] = one->pixel[i];
}

static struct plane *frame_or_projection(struct robot *r, int index,
					 struct error *err)
{
	struct plane *all = one_frame(r, index < 0 ? 0 : index, err);

	for (int f = 1; all && index < 0 && f < r->info.frames; f++) {
		struct plane *one = one_frame(r, f, err);

		if (one)
			combine(all, one, index == -1);
		plane_free(one);
	}
	return all;
}

/* What items_whole() of ui/items is. */
static struct plane *whole_range(struct robot *r, int index)
{
	struct frame *frame;
	struct plane *whole;
	struct error err;

	if (index != 0 || r->info.frames != 1 || r->info.windows == 0 ||
	    r->plane->channels != 1 || voi_by_table(&r->info))
		return NULL;
	frame = image_frame(r->image, 0, &err);
	whole = frame ? voi_render(r->image, frame, VOI_FULL, &err) : NULL;
	frame_free(frame);
	return whole;
}

static void serve(struct robot *r)
{
	int index = review_view(r->m)->frame_index;
	struct plane *whole;
	struct error err = { 0 };

	plane_free(r->plane);
	r->plane = frame_or_projection(r, index, &err);
	if (!r->plane)
		return;
	whole = whole_range(r, index);
	event(r, (struct event){ .type = EVENT_FRAME, .frame_index = index,
				 .plane = r->plane, .whole = whole });
	plane_free(whole);
}

/* ---- the desk ---- */

static void event(struct robot *r, struct event e)
{
	unsigned effects;

	e.ms = r->ms;
	effects = review_update(r->m, &e);
	if (effects & EFFECT_VERDICT) {
		r->decided = true;
		r->verdict = review_verdict(r->m)->verdict;
		return;
	}
	if (effects & EFFECT_NEED_FRAME)
		serve(r);
	else if (effects & EFFECT_REDRAW)
		event(r, (struct event){ .type = EVENT_PAINTED,
					 .revision = review_revision(r->m) });
}

static void key(struct robot *r, enum command command, int count)
{
	r->keys++;
	r->ms += KEY_MS;
	event(r, (struct event){ .type = EVENT_COMMAND, .command = command,
				 .count = count, .answered = true });
}

static void character(struct robot *r, int c)
{
	r->keys++;
	r->ms += KEY_MS;
	event(r, (struct event){ .type = EVENT_CHARACTER, .character = c,
				 .answered = true });
}

/* ---- the truth ---- */

static bool is_set(const struct json *box, const char *name)
{
	bool value;

	return json_get_boolean(box, name, &value) && value;
}

/* Identifiers that must be covered (the rule of data/README.md). */
static bool must_go(const struct json *box)
{
	const char *kind = json_get_string(box, "kind");
	const char *role = json_get_string(box, "role");

	return kind && strcmp(kind, "identifier") == 0 &&
		!(role && strcmp(role, "label") == 0) &&
		!is_set(box, "ambiguous");
}

static bool should_stay(const struct json *box)
{
	const char *kind = json_get_string(box, "kind");

	return kind && strcmp(kind, "benign_text") == 0;
}

static void take_truth(struct robot *r, const struct json *boxes)
{
	for (size_t i = 0; i < json_count(boxes); i++) {
		const struct json *b = json_at(boxes, i);
		long long x, y, w, h, frame = 0;

		if (r->truths == MAX_TRUTH ||
		    !json_get_integer(b, "x", &x) ||
		    !json_get_integer(b, "y", &y) ||
		    !json_get_integer(b, "w", &w) ||
		    !json_get_integer(b, "h", &h))
			continue;
		json_get_integer(b, "frame", &frame);
		r->truth[r->truths++] = (struct truth){
			.region = region_clip(region_from_box((int)x, (int)y,
				(int)w, (int)h), r->info.columns,
				r->info.rows),
			.frame = (int)frame, .must_go = must_go(b),
			.should_stay = should_stay(b) };
	}
}

static bool read_truth(struct robot *r, const char *path)
{
	struct buffer text = { 0 };
	char block[4096];
	struct json *json;
	FILE *f = fopen(path, "r");
	size_t n;

	if (!f)
		return false;
	while ((n = fread(block, 1, sizeof(block), f)) > 0)
		buffer_append(&text, block, n);
	fclose(f);
	json = text.data ? json_read(text.data, text.length, NULL) : NULL;
	take_truth(r, json_member(json, "boxes"));
	buffer_done(&text);
	json_free(json);
	return json != NULL;
}

/* ---- what he knows ---- */

static int percent(long long part, long long whole)
{
	return whole > 0 ? (int)(part * 100 / whole) : 100;
}

/* Share of a line under masks of its frame. */
static bool is_covered(const struct robot *r, const struct truth *t)
{
	size_t count;
	const struct decided_box *b = review_boxes(r->m, &count);
	long long covered = 0;

	for (int y = t->region.y0; y < t->region.y1; y++)
		for (int x = t->region.x0; x < t->region.x1; x++)
			for (size_t i = 0; i < count; i++)
				if (review_masked(&b[i]) &&
				    b[i].box.plane == PLANE_PICTURE &&
				    b[i].box.frame0 <= t->frame &&
				    b[i].box.frame1 >= t->frame &&
				    region_hit(b[i].box.region, x, y)) {
					covered++;
					break;
				}
	return percent(covered, region_area(t->region)) >= COVERED_PERCENT;
}

static int share(struct region of, struct region under)
{
	return percent(region_area(region_intersect(of, under)),
		       region_area(of));
}

static struct region turned(struct region r)
{
	return (struct region){ r.y0, r.x0, r.y1, r.x1 };
}

/* Does a crop show enough of a line, across or down, that he notices it? */
static bool is_noticed(struct region line, struct region source)
{
	if (region_height(line) > 2 * region_width(line)) {
		line = turned(line);
		source = turned(source);
	}
	struct region part = region_intersect(line, source);
	int letters = LETTERS * region_height(line);
	int width = region_width(line);

	return percent(region_height(part), region_height(line)) >=
			HEIGHT_PERCENT &&
		region_width(part) >= (width < letters ? width * 3 / 5 :
				       letters);
}

/* Is this line on the page before him? */
static bool sees(const struct robot *r, const struct truth *t)
{
	const struct evidence_plan *plan = review_evidence(r->m);
	const struct evidence_page *page;

	if (!review_page_visible(r->m))
		return false;
	page = &plan->page[review_page(r->m)];
	for (size_t k = page->first; k < page->first + page->count; k++) {
		const struct placement *p = &plan->placement[k];
		const struct evidence *e = &plan->evidence[p->evidence];

		if ((e->frame < 0 || e->frame == t->frame) &&
		    e->kind != EVIDENCE_PROJECTION &&
		    is_noticed(t->region, p->source))
			return true;
	}
	return false;
}

/* ---- what he does ---- */

static void note_case(struct robot *r, int which)
{
	r->worst = which > r->worst ? which : r->worst;
}

/* Tab or ` so often as to get from one box to another. */
static int steps_to(const struct robot *r, int from, int to, int *way)
{
	size_t count;
	const struct decided_box *b = review_boxes(r->m, &count);
	int steps = 0;

	*way = to >= from ? 1 : -1;
	if (to == from)
		return 0;
	for (int i = from; i != to; i += *way)
		steps += i == from || b[i].box.tier == TIER_BOX;
	return b[to].box.tier == TIER_BOX ? steps : MAX_KEYS;
}

/* Its digits, the number after `:` with Enter from 100 on; else Tab, where
 * that is shorter. */
static int select_keys(const struct robot *r, int from, int to, int *way)
{
	int steps = steps_to(r, from, to, way);
	int typed = to >= 99 ? 5 : to >= 9 ? 2 : 1;

	if (steps < typed)
		return steps;
	*way = 0;
	return typed;
}

static void select_box(struct robot *r, size_t index)
{
	int n = (int)index + 1, way;
	int keys = select_keys(r, review_selected(r->m), (int)index, &way);

	for (int i = 0; way && i < keys; i++)
		key(r, way > 0 ? CMD_BOX_NEXT : CMD_BOX_PREV, 0);
	if (way)
		return;
	if (n > 9 && n < 100)
		key(r, CMD_SELECT, n / 10);
	else
		r->keys += keys - 1;
	key(r, CMD_SELECT, n > 9 && n < 100 ? n % 10 : n);
}

static bool take_candidate(struct robot *r, const struct truth *t)
{
	size_t count;
	const struct decided_box *b = review_boxes(r->m, &count);

	for (size_t i = 0; i < count; i++) {
		bool can = b[i].box.tier == TIER_CANDIDATE ||
			b[i].box.tier == TIER_FAINT;

		if (!can || share(t->region, b[i].box.region) < NEAR_PERCENT)
			continue;
		select_box(r, i);
		key(r, CMD_TAKE, 0);
		note_case(r, CASE_CANDIDATE);
		return true;
	}
	return false;
}

/* The key of the pad whose third holds the line whole; 0 none does. */
static int pad_key(struct region area, struct region line)
{
	int w = region_width(area), h = region_height(area);

	for (int d = 1; d <= 9; d++) {
		int column = (d - 1) % 3, row = 2 - (d - 1) / 3;
		struct region third = {
			area.x0 + w * column / 3, area.y0 + h * row / 3,
			area.x0 + w * (column + 1) / 3,
			area.y0 + h * (row + 1) / 3 };

		if (region_contains(third, line))
			return d;
	}
	return 0;
}

/* Tab, a number and a letter for each edge that is too far out. */
static void push_edges(struct robot *r, struct region want)
{
	struct region area = review_area(r->m);
	const struct { enum command way; int by; } edge[] = {
		{ CMD_RIGHT, want.x0 - area.x0 },
		{ CMD_DOWN, want.y0 - area.y0 },
		{ CMD_LEFT, area.x1 - want.x1 }, { CMD_UP, area.y1 - want.y1 },
	};

	for (size_t i = 0; i < sizeof(edge) / sizeof(edge[0]); i++) {
		key(r, CMD_HANDLE, 0);
		if (edge[i].by <= 0)
			continue;
		r->keys += edge[i].by > 99 ? 3 : edge[i].by > 9 ? 2 : 1;
		key(r, edge[i].way, edge[i].by);
	}
}

/* A mask that covers part of a line grows to the whole line by one key. */
static bool snap_box(struct robot *r, const struct truth *t)
{
	size_t count;
	const struct decided_box *b = review_boxes(r->m, &count);

	for (size_t i = 0; i < count; i++) {
		if (!review_masked(&b[i]) || share(t->region,
				b[i].box.region) == 0 ||
		    b[i].box.frame0 > t->frame ||
		    b[i].box.frame1 < t->frame)
			continue;
		select_box(r, i);
		key(r, CMD_SNAP, 0);
		if (is_covered(r, t)) {
			r->snapped++;
			note_case(r, CASE_TIGHT);
			return true;
		}
		key(r, CMD_UNDO, 0);
		return false;
	}
	return false;
}

/* The first line with a letter now that covers it; -1. */
static int hint_on(const struct robot *r, const struct truth *t)
{
	size_t count;
	const struct hint *hint = review_hints(r->m, &count);

	for (size_t i = 0; i < count; i++)
		if (share(t->region, hint[i].region) >= COVERED_PERCENT)
			return (int)i;
	return -1;
}

/* The letter of a line that he sees, after `a`. */
static bool type_hint(struct robot *r, const struct truth *t)
{
	char label[3];
	int at, sets;

	key(r, CMD_HINT, 0);
	sets = review_mode(r->m) == MODE_HINT ? review_hint_sets(r->m) : 0;
	at = hint_on(r, t);
	for (int i = 1; i < sets && at < 0; i++) {
		key(r, CMD_BOX_NEXT, 0);
		at = hint_on(r, t);
	}
	if (at >= 0) {
		review_hint_label(r->m, (size_t)at, label);
		for (const char *c = label; *c; c++)
			character(r, *c);
		if (is_covered(r, t)) {
			r->hinted++;
			note_case(r, CASE_CANDIDATE);
			return true;
		}
		key(r, CMD_UNDO, 0);
		return false;
	}
	if (review_mode(r->m) == MODE_HINT)
		key(r, CMD_DROP, 0);
	return false;
}

static void add_box(struct robot *r, const struct truth *t)
{
	struct region all;
	int d;

	r->added++;
	note_case(r, CASE_MANUAL);
	key(r, CMD_ADD, 0);
	if (!region_contains(review_area(r->m), t->region)) {
		key(r, CMD_DROP, 0);
		key(r, CMD_FIT, 0);
		key(r, CMD_ADD, 0);
	}
	all = review_area(r->m);
	while ((d = pad_key(review_area(r->m), t->region)) > 0)
		key(r, CMD_SELECT, d);
	/* all that is seen is not taken; no third holds the line */
	if (region_equal(review_area(r->m), all))
		push_edges(r, region_grow(t->region, 2));
	key(r, CMD_SNAP, 0);
	if (region_contains(region_grow(review_area(r->m), 1), t->region)) {
		key(r, CMD_KEEP, 0);
		return;
	}
	key(r, CMD_KEEP, 0);
	key(r, CMD_EDIT, 0);
	push_edges(r, region_grow(t->region, 2));
	key(r, CMD_KEEP, 0);
}

static void mask_what_is_seen(struct robot *r)
{
	for (size_t i = 0; i < r->truths; i++) {
		struct truth *t = &r->truth[i];

		if (!t->must_go || t->given_up || is_covered(r, t) ||
		    !sees(r, t))
			continue;
		if ((!take_candidate(r, t) || !is_covered(r, t)) &&
		    !type_hint(r, t) && !snap_box(r, t))
			add_box(r, t);
		t->given_up = !is_covered(r, t);
		i = (size_t)-1;         /* the page is another one now */
	}
}

/* Does a mask lie on text that may stay, and on nothing that must go? */
static bool is_false(const struct robot *r, const struct box *box)
{
	long long stays = 0;

	for (size_t i = 0; i < r->truths; i++) {
		const struct truth *t = &r->truth[i];
		struct region both = region_intersect(t->region, box->region);

		if (box->frame0 > t->frame || box->frame1 < t->frame)
			continue;
		if (!t->should_stay && !region_empty(both))
			return false;
		stays += t->should_stay ? region_area(both) : 0;
	}
	return percent(stays, region_area(box->region)) >= NEAR_PERCENT;
}

/* The needless masks on the page before him, by number. */
struct needless {
	int box[MAX_TRUTH], count;
};

static bool is_on_page(const struct robot *r, int box)
{
	return evidence_on_page(review_evidence(r->m), review_page(r->m), box);
}

static void list_needless(const struct robot *r, struct needless *list)
{
	size_t count;
	const struct decided_box *b = review_boxes(r->m, &count);

	list->count = 0;
	if (!review_page_visible(r->m) || review_touring(r->m))
		return;
	for (size_t i = 0; i < count && list->count < MAX_TRUTH; i++)
		if (review_masked(&b[i]) && is_on_page(r, (int)i) &&
		    is_false(r, &b[i].box))
			list->box[list->count++] = (int)i;
}

/* DESIGN 8.6, as it is written there. */
static bool wants_reason(const struct box *b)
{
	return strncmp(b->why, "header:", 7) == 0 || b->kind == KIND_FACE ||
		b->class_ == CLASS_FACE || b->class_ == CLASS_EYES;
}

/* Keys for one after the other: selected, x, a reason. */
static int keys_by_x(const struct robot *r, const struct needless *list)
{
	size_t count;
	const struct decided_box *b = review_boxes(r->m, &count);
	int keys = 0, way, from = review_selected(r->m);

	for (int i = 0; i < list->count; i++) {
		int box = list->box[i];

		keys += select_keys(r, from, box, &way) + 1 +
			wants_reason(&b[box].box);
		from = box;
	}
	return keys;
}

static void give_reason(struct robot *r)
{
	if (review_mode(r->m) == MODE_REASON)
		character(r, '1');
}

/* r, a letter for each, Enter. */
static void reject_by_letters(struct robot *r, const struct needless *list)
{
	size_t count;
	const struct hint *hint;
	char label[3];

	key(r, CMD_UNMASK, 0);
	hint = review_hints(r->m, &count);
	for (size_t i = 0; i < count; i++)
		for (int k = 0; k < list->count; k++) {
			if (hint[i].box != list->box[k])
				continue;
			review_hint_label(r->m, i, label);
			for (const char *c = label; *c; c++)
				character(r, *c);
		}
	key(r, CMD_KEEP, 0);
	give_reason(r);
}

static void reject_what_is_seen(struct robot *r)
{
	struct needless list;
	size_t count;
	const struct decided_box *b = review_boxes(r->m, &count);
	bool reason = false;

	if (r->keep_false)
		return;
	for (;;) {
		list_needless(r, &list);
		if (list.count == 0)
			return;
		note_case(r, CASE_FALSE);
		for (int i = 0; i < list.count; i++)
			reason = reason || wants_reason(&b[list.box[i]].box);
		if (list.count + 2 + reason < keys_by_x(r, &list)) {
			reject_by_letters(r, &list);
			r->rejected += list.count;
			r->grouped += list.count;
			continue;
		}
		select_box(r, (size_t)list.box[0]);
		key(r, CMD_REJECT, 0);
		give_reason(r);
		r->rejected++;
	}
}

static void press_next(struct robot *r)
{
	int n, of;

	switch (review_space(r->m, &n, &of)) {
	case SPACE_BLOCKED_FACES:
	case SPACE_BLOCKED_FAILED:
		key(r, review_tour_done(r->m) ? CMD_BY_EYE : CMD_TOUR, 0);
		break;
	case SPACE_BLOCKED_FAINT:
	case SPACE_BLOCKED_SCAN:
		key(r, CMD_TOUR, 0);
		break;
	case SPACE_CLEAN_NEEDED:
	case SPACE_BLOCKED_REJECTED_ALL:
		key(r, review_tour_done(r->m) ? CMD_CLEAN : CMD_TOUR, 0);
		break;
	default:
		key(r, CMD_APPROVE, 0);
	}
}

static void count_evidence(struct robot *r)
{
	const struct evidence_plan *plan = review_evidence(r->m);

	if (review_touring(r->m)) {
		r->tour_pages = (int)plan->page_count;
		return;
	}
	r->pages = (int)plan->page_count;
	r->faint_left = plan->faint_left;
	memset(r->kind, 0, sizeof(r->kind));
	for (size_t i = 0; i < plan->evidence_count; i++)
		r->kind[plan->evidence[i].kind]++;
}

static void tell_pages(const struct robot *r)
{
	static const char *const kind[EVIDENCE_KINDS] = {
		"box", "candidate", "edge", "faint", "projection", "tile",
		"border" };
	const struct evidence_plan *plan = review_evidence(r->m);

	for (size_t n = 0; n < plan->page_count; n++)
		for (size_t k = 0; k < plan->page[n].count; k++) {
			const struct placement *p =
				&plan->placement[plan->page[n].first + k];
			const struct evidence *e =
				&plan->evidence[p->evidence];

			printf("  page %zu frame %d of %d-%d cells %d,%d %dx%d "
			       "label %d %s of %d,%d %dx%d shown %dx%d "
			       "letter %d%s\n",
			       n + 1, e->frame, e->first_frame, e->last_frame,
			       p->column, p->row, p->columns, p->rows,
			       p->label_columns, kind[e->kind], e->of.x0, e->of.y0,
			       region_width(e->of), region_height(e->of),
			       region_width(p->source),
			       region_height(p->source), e->letter_height,
			       e->latin ? " latin" : "");
		}
}

static void play(struct robot *r)
{
	if (r->tell)
		tell_pages(r);
	while (!r->decided && r->keys < MAX_KEYS) {
		count_evidence(r);
		mask_what_is_seen(r);
		reject_what_is_seen(r);
		press_next(r);
	}
}

/* ---- one file ---- */

/* Of one screen. */
struct total {
	struct screen screen;
	const char *name;
	int keys[CASES][MAX_FILES], files[CASES];
	int all, leaks, lines, added, hinted, snapped, rejected, grouped;
	int tour_pages, one_page, one_key;
	double megapixels;              /* of what was toured */
};

static void add_to_total(struct total *t, const struct robot *r, int leaks,
			 int lines)
{
	int c = r->worst;

	if (t->files[c] < MAX_FILES)
		t->keys[c][t->files[c]++] = r->keys;
	t->all += r->keys;
	t->leaks += leaks;
	t->lines += lines;
	t->added += r->added;
	t->hinted += r->hinted;
	t->snapped += r->snapped;
	t->rejected += r->rejected;
	t->grouped += r->grouped;
	if (c == CASE_RIGHT && r->pages == 1) {
		t->one_page++;
		t->one_key += r->keys == 1;
	}
	if (r->tour_pages > 0) {
		t->tour_pages += r->tour_pages;
		t->megapixels += (double)r->info.columns * r->info.rows *
			(r->info.frames > 1 ? 2 : 1) / 1e6;
	}
}

/* What lies on a line that was left: the cause may be there. */
static void tell_over(const struct robot *r, const struct truth *t)
{
	static const char *const tier[TIERS] = { "box", "candidate", "benign",
						 "faint" };
	size_t count;
	const struct decided_box *b = review_boxes(r->m, &count);

	for (size_t i = 0; i < count; i++) {
		struct region at = b[i].box.region;

		if (share(t->region, at) == 0 || b[i].box.frame0 > t->frame ||
		    b[i].box.frame1 < t->frame)
			continue;
		printf("    under %s %d,%d %dx%d: %d %% of it, %s\n",
		       tier[b[i].box.tier], at.x0, at.y0, region_width(at),
		       region_height(at), share(t->region, at), b[i].box.why);
	}
}

static void report(const struct robot *r, const char *file,
		   struct total *total)
{
	int leaks = 0, lines = 0;

	for (size_t i = 0; i < r->truths; i++) {
		const struct truth *t = &r->truth[i];

		lines += t->must_go;
		if (!t->must_go || is_covered(r, t))
			continue;
		leaks++;
		printf("  leak %d,%d %dx%d frame %d\n", t->region.x0,
		       t->region.y0, region_width(t->region),
		       region_height(t->region), t->frame);
		tell_over(r, t);
	}
	printf("%-8s %-40s %-9s %s keys %d pages %d boxes %d candidates %d "
	       "edges %d faint %d+%d tour %d added %d hinted %d snapped %d "
	       "rejected %d "
	       "lines %d leaks %d\n", total->name, file, case_name[r->worst],
	       r->decided ? item_state_name[r->verdict] : "stuck", r->keys,
	       r->pages, r->kind[EVIDENCE_BOX], r->kind[EVIDENCE_CANDIDATE],
	       r->kind[EVIDENCE_EDGE], r->kind[EVIDENCE_FAINT], r->faint_left,
	       r->tour_pages, r->added, r->hinted, r->snapped, r->rejected,
	       lines, leaks);
	fflush(stdout);
	add_to_total(total, r, leaks, lines);
}

static bool has_boxes(const struct proposals *p)
{
	for (size_t i = 0; i < p->boxes.count; i++)
		if (p->boxes.box[i].tier == TIER_BOX &&
		    p->boxes.box[i].plane == PLANE_PICTURE)
			return true;
	return false;
}

static void review_file(struct robot *r, const struct screen *screen,
			const struct proposals *p)
{
	r->item = (struct worklist_item){ .row = 1, .state = ITEM_OPEN };
	r->worst = has_boxes(p) ? CASE_RIGHT : CASE_NO_BOX;
	event(r, (struct event){ .type = EVENT_SCREEN, .screen = *screen });
	event(r, (struct event){ .type = EVENT_LIST, .list_count = 1 });
	event(r, (struct event){ .type = EVENT_ITEM, .item = &r->item,
				 .policy = r->policy });
	event(r, (struct event){ .type = EVENT_OPENED, .info = &r->info });
	event(r, (struct event){ .type = EVENT_DETECTED, .proposals = p });
	play(r);
}

/* ---- proposals that are missing ---- */

struct dropping { int percent; unsigned long long state; };

static int next_percent(struct dropping *d)
{
	d->state ^= d->state << 13;
	d->state ^= d->state >> 7;
	d->state ^= d->state << 17;
	return (int)(d->state >> 33) % 100;
}

static void drop_some(struct dropping *d, struct box_list *list)
{
	size_t kept = 0;

	for (size_t i = 0; i < list->count; i++)
		if (list->box[i].tier != TIER_BOX ||
		    next_percent(d) >= d->percent)
			list->box[kept++] = list->box[i];
	list->count = kept;
}

struct run {
	const char *dir;
	struct detect_options options;
	struct dropping dropping;
	bool keep_false;                /* needless masks stay on */
	bool tell;
	struct policy policy;
	struct total *total;
	size_t screens;
};

/* The same file on one screen. */
static bool run_screen(struct image *image, const char *file,
		       const char *truth, const struct proposals *p,
		       const struct run *run, struct total *total,
		       struct error *err)
{
	struct robot *r = calloc(1, sizeof(*r));
	bool ok = false;

	if (!r)
		return error_set(err, ERR_MEMORY, "no memory");
	r->ms = 1000;
	r->keep_false = run->keep_false;
	r->tell = run->tell;
	r->policy = &run->policy;
	r->image = image;
	r->info = *image_info(image);
	r->m = review_new(err);
	if (r->m && !read_truth(r, truth))
		error_set(err, ERR_USAGE, "no truth");
	else if (r->m)
		ok = true;
	if (ok) {
		review_file(r, &total->screen, p);
		report(r, file, total);
	}
	plane_free(r->plane);
	review_free(r->m);
	free(r);
	return ok;
}

static bool run_file(struct run *run, const char *file, struct error *err)
{
	char picture[4096], truth[4096];
	struct proposals p = { 0 };
	struct image *image;
	bool ok;
	int fd;

	snprintf(picture, sizeof(picture), "%s/%s", run->dir, file);
	snprintf(truth, sizeof(truth), "%s/gt/%s.json", run->dir, file);
	fd = open(picture, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return error_set(err, ERR_REFUSED, "%s", strerror(errno));
	image = image_open(fd, err);
	ok = image && detect_run(detectors, image, &run->options, NULL, &p,
				 err);
	drop_some(&run->dropping, &p.boxes);
	for (size_t i = 0; ok && i < run->screens; i++)
		ok = run_screen(image, file, truth, &p, run,
				&run->total[i], err);
	proposals_done(&p);
	image_close(image);
	close(fd);
	return ok;
}

/* ---- the table ---- */

static int by_number(const void *a, const void *b)
{
	const int *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void print_row(const char *name, int *keys, int count)
{
	long long sum = 0;

	if (!count)
		return;
	qsort(keys, (size_t)count, sizeof(*keys), by_number);
	for (int i = 0; i < count; i++)
		sum += keys[i];
	printf("| %s | %d | %.2f | %d | %d |\n", name, count,
	       (double)sum / count, keys[count / 2], keys[count - 1]);
}

static void print_total(struct total *t)
{
	static int all[CASES * MAX_FILES];
	int count = 0;

	printf("\n%s: keys %d lines %d leaks %d added %d hinted %d snapped %d "
	       "rejected %d, %d of them by letters; one page and right %d, of them by one key %d; tours %d "
	       "pages, %.1f megapixels\n\n", t->name, t->all, t->lines,
	       t->leaks, t->added, t->hinted, t->snapped, t->rejected,
	       t->grouped, t->one_page, t->one_key, t->tour_pages, t->megapixels);
	printf("| case | files | mean | median | most |\n|---|---|---|---|---|\n");
	for (int c = 0; c < CASES; c++) {
		print_row(case_name[c], t->keys[c], t->files[c]);
		if (c == CASE_NO_BOX)
			continue;
		memcpy(all + count, t->keys[c],
		       (size_t)t->files[c] * sizeof(*all));
		count += t->files[c];
	}
	print_row("with boxes", all, count);
}

/* ---- start ---- */

static bool read_screen(char *text, struct total *t)
{
	char *end;
	long columns = strtol(text, &end, 10), rows;

	if (*end != 'x')
		return false;
	rows = strtol(end + 1, &end, 10);
	if (*end || columns < 1 || columns > 1000 || rows < 5 || rows > 1000)
		return false;
	t->name = text;
	view_screen((int)columns, (int)rows, PICTURE_SEXTANT, &t->screen);
	return true;
}

static bool read_screens(char *text, struct run *run)
{
	char *rest = NULL;

	for (char *word = strtok_r(text, ",", &rest); word;
	     word = strtok_r(NULL, ",", &rest))
		if (run->screens == MAX_SCREENS ||
		    !read_screen(word, &run->total[run->screens++]))
			return false;
	return run->screens > 0;
}

static int usage(void)
{
	fputs("usage: review [-akv] [-d PERCENT] [-s SEED] SCREEN[,SCREEN] DIR "
	      "FILE...\n", stderr);
	return 2;
}

int main(int argc, char **argv)
{
	static struct total total[MAX_SCREENS];
	struct run run = { .options = { .languages = "eng+jpn" },
			   .total = total, .dropping = { .state = 1 } };
	struct error err = { 0 };
	int c, leaks = 0;

	while ((c = getopt(argc, argv, "akd:s:v")) != -1) {
		if (c == '?')
			return usage();
		if (c == 'k')
			run.keep_false = true;
		else if (c == 'v')
			run.tell = true;
		else if (c == 'a')
			run.policy.require_scan_always = true;
		else if (c == 'd')
			run.dropping.percent = (int)strtol(optarg, NULL, 10);
		else
			run.dropping.state = strtoull(optarg, NULL, 10) *
				2654435761U + 1;
	}
	if (argc - optind < 3 || !read_screens(argv[optind], &run))
		return usage();
	run.dir = argv[optind + 1];
	if (!image_warm_up(&err) || !detect_load(detectors, &run.options,
						 &err)) {
		fprintf(stderr, "review: %s\n", err.text);
		return 5;
	}
	for (int i = optind + 2; i < argc; i++)
		if (!run_file(&run, argv[i], &err))
			printf("%-40s %s\n", argv[i], err.text);
	for (size_t i = 0; i < run.screens; i++) {
		print_total(&total[i]);
		leaks += total[i].leaks;
	}
	return leaks > 0;
}

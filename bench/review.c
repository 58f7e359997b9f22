/*
 * review.c - the honest robot: a reviewer who knows the truth, sees only what
 * is legible on his screen, and presses real keys.  Counts keys and leaks.
 *
 *	bench/review COLUMNSxROWS DIR FILE...
 *
 * The picture is DIR/FILE, its truth DIR/gt/FILE.json (data/README.md there).
 * One line a file on stdout, then the totals.
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
};

const struct detector detectors[] = {
	{ "text", text_load, text_run, text_version },
	{ .name = NULL },
};

struct truth {
	struct region region;
	int frame;
	bool given_up;                  /* what he tried did not cover it */
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
	int keys, added, pages, tour_pages, faint_left;
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

static void serve(struct robot *r)
{
	int index = review_view(r->m)->frame_index;
	struct error err = { 0 };

	plane_free(r->plane);
	r->plane = frame_or_projection(r, index, &err);
	if (!r->plane)
		return;
	event(r, (struct event){ .type = EVENT_FRAME, .frame_index = index,
				 .plane = r->plane });
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

/* ---- the truth ---- */

static bool is_set(const struct json *box, const char *name)
{
	bool value;

	return json_get_boolean(box, name, &value) && value;
}

/* Identifiers that must be covered (the rule of data/README.md). */
static bool counts(const struct json *box)
{
	const char *kind = json_get_string(box, "kind");
	const char *role = json_get_string(box, "role");

	return kind && strcmp(kind, "identifier") == 0 &&
		!(role && strcmp(role, "label") == 0) &&
		!is_set(box, "ambiguous");
}

static void take_truth(struct robot *r, const struct json *boxes)
{
	for (size_t i = 0; i < json_count(boxes); i++) {
		const struct json *b = json_at(boxes, i);
		long long x, y, w, h, frame = 0;

		if (!counts(b) || r->truths == MAX_TRUTH ||
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
			.frame = (int)frame };
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

/* Does a crop show enough of a line that he notices it? */
static bool is_noticed(struct region line, struct region source)
{
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
	if (page->frame >= 0 && page->frame != t->frame)
		return false;
	for (size_t k = page->first; k < page->first + page->count; k++) {
		const struct placement *p = &plan->placement[k];

		if (plan->evidence[p->evidence].kind != EVIDENCE_PROJECTION &&
		    is_noticed(t->region, p->source))
			return true;
	}
	return false;
}

/* ---- what he does ---- */

static bool take_candidate(struct robot *r, const struct truth *t)
{
	size_t count;
	const struct decided_box *b = review_boxes(r->m, &count);

	for (size_t i = 0; i < count; i++) {
		bool can = b[i].box.tier == TIER_CANDIDATE ||
			b[i].box.tier == TIER_FAINT;

		if (!can || share(t->region, b[i].box.region) < NEAR_PERCENT)
			continue;
		key(r, CMD_SELECT, (int)i + 1);
		r->keys += i >= 9 ? i >= 99 ? 2 : 1 : 0;        /* digits */
		key(r, CMD_TAKE, 0);
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

static void add_box(struct robot *r, const struct truth *t)
{
	int d;

	r->added++;
	key(r, CMD_ADD, 0);
	if (!region_contains(review_area(r->m), t->region)) {
		key(r, CMD_DROP, 0);
		key(r, CMD_FIT, 0);
		key(r, CMD_ADD, 0);
	}
	while ((d = pad_key(review_area(r->m), t->region)) > 0)
		key(r, CMD_SELECT, d);
	key(r, CMD_KEEP, 0);
	push_edges(r, region_grow(t->region, 2));
	key(r, CMD_KEEP, 0);
}

static void mask_what_is_seen(struct robot *r)
{
	for (size_t i = 0; i < r->truths; i++) {
		struct truth *t = &r->truth[i];

		if (t->given_up || is_covered(r, t) || !sees(r, t))
			continue;
		if (!take_candidate(r, t) || !is_covered(r, t))
			add_box(r, t);
		t->given_up = !is_covered(r, t);
		i = (size_t)-1;         /* the page is another one now */
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

static void play(struct robot *r)
{
	while (!r->decided && r->keys < MAX_KEYS) {
		count_evidence(r);
		mask_what_is_seen(r);
		press_next(r);
	}
}

/* ---- one file ---- */

struct total { int files, keys, leaks, truths, edges, added; };

static void report(const struct robot *r, const char *file,
		   struct total *total)
{
	int leaks = 0;

	for (size_t i = 0; i < r->truths; i++)
		leaks += !is_covered(r, &r->truth[i]);
	printf("%-40s %s keys %d pages %d boxes %d candidates %d edges %d "
	       "faint %d+%d tour %d added %d lines %zu leaks %d\n", file,
	       r->decided ? item_state_name[r->verdict] : "stuck", r->keys,
	       r->pages, r->kind[EVIDENCE_BOX], r->kind[EVIDENCE_CANDIDATE],
	       r->kind[EVIDENCE_EDGE], r->kind[EVIDENCE_FAINT], r->faint_left,
	       r->tour_pages, r->added, r->truths, leaks);
	fflush(stdout);
	total->files++;
	total->keys += r->keys;
	total->leaks += leaks;
	total->truths += (int)r->truths;
	total->edges += r->kind[EVIDENCE_EDGE];
	total->added += r->added;
}

static void review_file(struct robot *r, const struct screen *screen,
			const struct proposals *p)
{
	r->item = (struct worklist_item){ .row = 1, .state = ITEM_OPEN };
	event(r, (struct event){ .type = EVENT_SCREEN, .screen = *screen });
	event(r, (struct event){ .type = EVENT_LIST, .list_count = 1 });
	event(r, (struct event){ .type = EVENT_ITEM, .item = &r->item });
	event(r, (struct event){ .type = EVENT_OPENED, .info = &r->info });
	event(r, (struct event){ .type = EVENT_DETECTED, .proposals = p });
	play(r);
}

static bool run_file(const char *dir, const char *file,
		     const struct screen *screen,
		     const struct detect_options *options,
		     struct total *total, struct error *err)
{
	char picture[4096], truth[4096];
	struct robot r = { .ms = 1000 };
	struct proposals p = { 0 };
	bool ok = false;
	int fd;

	snprintf(picture, sizeof(picture), "%s/%s", dir, file);
	snprintf(truth, sizeof(truth), "%s/gt/%s.json", dir, file);
	fd = open(picture, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return error_set(err, ERR_REFUSED, "%s", strerror(errno));
	r.image = image_open(fd, err);
	r.m = review_new(err);
	if (!r.image || !r.m)
		goto done;
	r.info = *image_info(r.image);
	if (!read_truth(&r, truth)) {
		error_set(err, ERR_USAGE, "no truth");
		goto done;
	}
	ok = detect_run(detectors, r.image, options, NULL, &p, err);
	if (ok) {
		review_file(&r, screen, &p);
		report(&r, file, total);
	}
done:
	proposals_done(&p);
	plane_free(r.plane);
	review_free(r.m);
	image_close(r.image);
	close(fd);
	return ok;
}

static bool read_screen(const char *text, struct screen *s)
{
	char *end;
	long columns = strtol(text, &end, 10), rows;

	if (*end != 'x')
		return false;
	rows = strtol(end + 1, &end, 10);
	if (*end || columns < 1 || columns > 1000 || rows < 5 || rows > 1000)
		return false;
	view_screen((int)columns, (int)rows, PICTURE_SEXTANT, s);
	return true;
}

int main(int argc, char **argv)
{
	struct detect_options options = { .languages = "eng+jpn" };
	struct total total = { 0 };
	struct error err = { 0 };
	struct screen screen;

	if (argc < 4 || !read_screen(argv[1], &screen)) {
		fputs("usage: review COLUMNSxROWS DIR FILE...\n", stderr);
		return 2;
	}
	if (!image_warm_up(&err) || !detect_load(detectors, &options, &err)) {
		fprintf(stderr, "review: %s\n", err.text);
		return 5;
	}
	for (int i = 3; i < argc; i++)
		if (!run_file(argv[2], argv[i], &screen, &options, &total,
			      &err))
			printf("%-40s %s\n", argv[i], err.text);
	printf("files %d keys %d lines %d leaks %d edges %d added %d\n",
	       total.files, total.keys, total.truths, total.leaks,
	       total.edges, total.added);
	return total.leaks > 0;
}

/* detect.c - runs the table of detectors, tidies what they propose. */
#include "config.h"

#include "find/detect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/i18n.h"

const char *const face_looking_name[FACE_LOOKINGS] = {
	[FACES_AUTO] = "auto", [FACES_ALL] = "all", [FACES_OFF] = "off",
};

/* Counts up when the tidying below changes what is proposed. */
static const char rules[] = "1";

bool detect_load(const struct detector *table,
		 const struct detect_options *options, struct error *err)
{
	for (const struct detector *d = table; d->name; d++)
		if (d->load && !d->load(options, err))
			return false;
	return true;
}

/* Clip, and drop what lies outside. */
static void clip_boxes(const struct image_info *info, struct box_list *list)
{
	size_t kept = 0;

	for (size_t i = 0; i < list->count; i++) {
		struct box b = list->box[i];

		b.region = region_clip(b.region, info->columns, info->rows);
		if (b.frame0 < 0)
			b.frame0 = 0;
		if (b.frame1 >= info->frames)
			b.frame1 = info->frames - 1;
		if (!region_empty(b.region) && b.frame0 <= b.frame1)
			list->box[kept++] = b;
	}
	list->count = kept;
}

/* Frames with more boxes than a list may hold. */
static bool *full_frames(const struct image_info *info,
			 const struct box_list *list, int *count)
{
	int *boxes = mem_array((size_t)info->frames + 1, sizeof(*boxes));
	bool *full = mem_array((size_t)info->frames, sizeof(*full));
	int here = 0;

	*count = 0;
	if (!boxes || !full) {
		free(boxes);
		free(full);
		return NULL;
	}
	for (size_t i = 0; i < list->count; i++) {
		boxes[list->box[i].frame0]++;
		boxes[list->box[i].frame1 + 1]--;
	}
	for (int f = 0; f < info->frames; f++) {
		here += boxes[f];
		full[f] = here > BOX_MAX_PER_FRAME;
		*count += full[f];
	}
	free(boxes);
	return full;
}

/* The runs of frames of a box that are not full. */
static bool keep_other_frames(const struct box *box, const bool *full,
			      struct box_list *out)
{
	struct box part = *box;

	for (int f = box->frame0; f <= box->frame1; f++) {
		if (full[f])
			continue;
		part.frame0 = f;
		while (f < box->frame1 && !full[f + 1])
			f++;
		part.frame1 = f;
		if (!box_list_add(out, &part))
			return false;
	}
	return true;
}

static bool cover_full_frames(const struct image_info *info, const bool *full,
			      struct box_list *out)
{
	struct box all = {
		.region = { 0, 0, info->columns, info->rows },
		.kind = KIND_UNREADABLE, .class_ = CLASS_OTHER,
		.source = SOURCE_INK, .tier = TIER_BOX, .score = 1000,
		.confidence = -1, .why = "too-many",
	};

	for (int f = 0; f < info->frames; f++) {
		if (!full[f])
			continue;
		all.frame0 = f;
		while (f + 1 < info->frames && full[f + 1])
			f++;
		all.frame1 = f;
		if (!box_list_add(out, &all))
			return false;
	}
	return true;
}

/* One box over each frame that has too many: a list is never cut. */
static bool replace_too_many(const struct image_info *info,
			     struct box_list *list)
{
	struct box_list out = { 0 };
	int count;
	bool *full = full_frames(info, list, &count);
	bool ok = full;

	for (size_t i = 0; ok && count && i < list->count; i++)
		ok = keep_other_frames(&list->box[i], full, &out);
	ok = ok && cover_full_frames(info, full, &out);
	if (ok && count) {
		box_list_done(list);
		*list = out;
	} else {
		box_list_done(&out);
	}
	free(full);
	return ok;
}

/* The same box but for its frames. */
static bool continues(const struct box *a, const struct box *b)
{
	return a->frame1 + 1 >= b->frame0 && a->frame0 <= b->frame0 &&
	       region_equal(a->region, b->region) && a->plane == b->plane &&
	       a->tier == b->tier && a->kind == b->kind &&
	       a->class_ == b->class_ && a->source == b->source &&
	       !strcmp(a->why, b->why) && !strcmp(a->text, b->text);
}

static int by_region_then_frame(const void *first, const void *second)
{
	const struct box *a = first, *b = second;
	const int pairs[][2] = {
		{ a->region.y0, b->region.y0 }, { a->region.x0, b->region.x0 },
		{ a->region.y1, b->region.y1 }, { a->region.x1, b->region.x1 },
		{ a->plane, b->plane }, { (int)a->tier, (int)b->tier },
		{ (int)a->kind, (int)b->kind },
		{ (int)a->class_, (int)b->class_ },
		{ a->frame0, b->frame0 }, { a->frame1, b->frame1 },
	};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		if (pairs[i][0] != pairs[i][1])
			return pairs[i][0] < pairs[i][1] ? -1 : 1;
	return strcmp(a->text, b->text);
}

/* Join equal boxes of consecutive frames; the highest score stays. */
static void join_frames(struct box_list *list)
{
	size_t kept = 0;

	if (!list->count)
		return;
	qsort(list->box, list->count, sizeof(*list->box),
	      by_region_then_frame);
	for (size_t i = 1; i < list->count; i++) {
		struct box *last = &list->box[kept];
		const struct box *b = &list->box[i];

		if (!continues(last, b)) {
			list->box[++kept] = *b;
			continue;
		}
		if (b->frame1 > last->frame1)
			last->frame1 = b->frame1;
		if (b->score > last->score)
			last->score = b->score;
	}
	list->count = kept + 1;
}

/* A detector tells of its part of the work. */
struct part {
	const struct detect_progress *whole;
	int index, of;
};

static void tell_part(void *self, int permille)
{
	const struct part *p = self;

	p->whole->tell(p->whole->self, (1000 * p->index + permille) / p->of);
}

bool detect_run(const struct detector *table, struct image *image,
		const struct detect_options *options,
		const struct detect_progress *progress, struct proposals *p,
		struct error *err)
{
	const struct image_info *info = image_info(image);

	struct part part = { .whole = progress };
	const struct detect_progress told = { tell_part, &part };

	*p = (struct proposals){ .text = CHECK_OFF, .faces = CHECK_OFF };
	while (table[part.of].name)
		part.of++;
	for (const struct detector *d = table; d->name; d++, part.index++) {
		if (d->run(image, options, progress ? &told : NULL, p, err))
			continue;
		proposals_done(p);
		return false;
	}
	clip_boxes(info, &p->boxes);
	join_frames(&p->boxes);
	if (!replace_too_many(info, &p->boxes)) {
		proposals_done(p);
		return error_set(err, ERR_MEMORY, _("no memory for boxes"));
	}
	box_list_sort(&p->boxes);
	return true;
}

void detect_by(const struct detector *table,
	       const struct detect_options *options, char *by, size_t size)
{
	struct buffer all = { 0 };
	uint8_t digest[HASH_SIZE] = { 0 };
	char hex[9];

	buffer_printf(&all, "%s\n%s\n%d\n%d\n", rules, options->languages,
		      (int)options->faces, options->face_eyes);
	for (const struct detector *d = table; d->name; d++)
		buffer_printf(&all, "%s %s\n", d->name, d->version());
	if (all.failed || !hash_bytes(all.data, all.length, digest))
		memset(digest, 0, sizeof(digest));
	hash_hex(digest, 4, hex);
	snprintf(by, size, "%s+%s", PACKAGE_VERSION, hex);
	buffer_done(&all);
}

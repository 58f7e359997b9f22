/* tier.c - from lines to boxes, candidates and faint ink. */
#include "config.h"

#include "ocr/tier.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ocr/letters.h"

enum {
	READABLE = 60, WELL_READ = 75,          /* confidence */
	EDGE = 4,               /* pixels between a mask and what it cut */
	MANY_FRAMES = 8,
};
/*
 * tier_textness() from which a line is masked, or shown by itself: over real
 * and generated pictures .99 of the identifiers, at one line that is no text a
 * picture or less; and one or two more lines a picture.  Chosen with the
 * weights of row_weights.h, on two seeds of bench/generate, and anew on
 * thirteen (of -1.4: .04 boxes less a picture, and 5 lines of 16600).
 */
#define BOX_FROM (-1.6)
/*
 * A lossy coder takes of what letters look like: of 1172 lines at quality 75
 * as many are masked with it as from -2.1 on, nine more than from -1.6 on, for
 * .2 boxes more a picture.
 */
#define LOSSY .6
/*
 * In pictures of more than 8 bits fewer lines are no text: with it .58 a
 * picture of 768 (.69 with .6), where 8 bits have .9; from -1.4 on one line of
 * 2375 whose text is the brightest there was none.
 */
#define DEEP .2
#define CANDIDATE_FROM (-3.2)
#define RAISE .475                      /* what the file says about itself */
/* What a grain of a moving picture loses. */
#define GRAIN 1.
/* In a copy: what can't be read, or badly beside a mask; a letter or two. */
#define COPY 1.85
#define CUT 4.35
#define SPECK 2.55

/* ---- what the file says ---- */

static bool is_one_of(const char *value, const char *const *words)
{
	for (; value && *words; words++)
		if (!strcmp(value, *words))
			return true;
	return false;
}

static bool says(const struct image *image, const char *path,
		 const char *const *words)
{
	char *value = image_attribute(image, path);
	bool found = is_one_of(value, words);

	free(value);
	return found;
}

static bool is_capture(const struct image *image)
{
	/* Secondary Capture and its four multi-frame forms */
	static const char sop[] = "1.2.840.10008.5.1.4.1.1.7";
	static const char *const digitised[] = { "DV", "DF", "SD", "SI", "DRW",
						 "SYN", NULL };
	static const char *const modalities[] = { "OT", "DOC", NULL };
	const struct image_info *info = image_info(image);

	return !strcmp(info->sop_class, sop) ||
	       (!strncmp(info->sop_class, sop, sizeof(sop) - 1) &&
		info->sop_class[sizeof(sop) - 1] == '.') ||
	       is_one_of(info->modality, modalities) ||
	       says(image, "00080064", digitised);
}

/* One corner of region i; false when it is not there. */
static bool corner(const struct image *image, int i, const char *tag, int *at)
{
	char path[40], *value, *end;
	long n = -1;

	snprintf(path, sizeof(path), "00186011[%d].%s", i, tag);
	value = image_attribute(image, path);
	if (value) {
		n = strtol(value, &end, 10);
		if (end == value || *end)
			n = -1;
	}
	free(value);
	*at = n >= 0 && n < 65536 ? (int)n : 0;
	return n >= 0 && n < 65536;
}

/* Corners of a region are inclusive (C.8.5.5.1.1). */
static void read_regions(const struct image *image, struct tier_hints *hints)
{
	const struct image_info *info = image_info(image);
	struct region r;

	for (int i = 0; i < HINT_REGIONS; i++) {
		if (!corner(image, i, "00186018", &r.x0) ||
		    !corner(image, i, "0018601a", &r.y0) ||
		    !corner(image, i, "0018601c", &r.x1) ||
		    !corner(image, i, "0018601e", &r.y1))
			return;
		r.x1++;
		r.y1++;
		r = region_clip(r, info->columns, info->rows);
		if (!region_empty(r))
			hints->data[hints->regions++] = r;
	}
}

void tier_hints_read(const struct image *image, struct tier_hints *hints)
{
	const struct image_info *info = image_info(image);

	*hints = (struct tier_hints){ .lossy = info->lossy,
				      .deep = info->bits_stored > 8 };
	if (info->format != IMAGE_DICOM)
		return;
	hints->raised = info->burned_in_yes || is_capture(image);
	read_regions(image, hints);
}

/* ---- tiers ---- */

static int count_letters(const char *text)
{
	struct letters read, compact;

	letters_read(&read, text);
	letters_compact(&read, &compact);
	return compact.n;
}

double tier_textness(const struct track *t)
{
	double confidence = t->reading.confidence / 100.;
	double letters = fmin(count_letters(t->reading.text), 6);

	/* what runs down is badly read, text or not */
	return -4.84 + .78 * fmin(t->line.score, 12) + 1.26 * confidence +
	       .7 * confidence * log(1 + letters) +
	       (t->line.vertical ? 1.7 : 0);
}

/* Does it lie mostly beside the regions of image data? */
static bool beside_data(const struct tier_hints *hints, struct region r)
{
	for (int i = 0; i < hints->regions; i++)
		if (2 * region_area(region_intersect(hints->data[i], r)) >
		    region_area(r))
			return false;
	return hints->regions > 0;
}

/* In a copy text that was there was found before. */
static double box_from(const struct tier_hints *hints)
{
	return BOX_FROM - (hints->masked ? 0 :
			   hints->lossy ? LOSSY : hints->deep ? DEEP : 0);
}

static enum box_tier tier_above(double sure, const struct tier_hints *hints)
{
	return sure > box_from(hints) ? TIER_BOX :
	       sure > CANDIDATE_FROM ? TIER_CANDIDATE : TIER_FAINT;
}

/* A letter or two that say nothing: what the rim of a mask is taken for. */
static bool is_speck(const struct track *t)
{
	return t->judgement.kind == KIND_TEXT &&
	       count_letters(t->reading.text) <= 2;
}

/* How much of the longer sides of r has the edge of mask m beside it, or in
 * its half: [0] above or left of it, [1] below or right. */
static void add_cut(struct region r, struct region m, int cut[2])
{
	bool down = region_height(r) > region_width(r);
	int a0 = down ? r.x0 : r.y0, a1 = down ? r.x1 : r.y1;
	int m0 = down ? m.x0 : m.y0, m1 = down ? m.x1 : m.y1;
	int from = down ? r.y0 : r.x0, to = down ? r.y1 : r.x1;

	if ((down ? m.y0 : m.x0) > from)
		from = down ? m.y0 : m.x0;
	if ((down ? m.y1 : m.x1) < to)
		to = down ? m.y1 : m.x1;
	if (to <= from)
		return;
	if (m1 >= a0 - EDGE && 2 * m1 <= a0 + a1)
		cut[0] += to - from;
	if (m0 <= a1 + EDGE && 2 * m0 >= a0 + a1)
		cut[1] += to - from;
}

/*
 * Does it lie along a mask of what could not be read: the rim of a shape that
 * was cut through?  Where a reviewer drew the mask it may be cut letters.
 */
static bool is_cut(const struct track *t, const struct box_list *masked)
{
	struct region r = t->line.box;
	int w = region_width(r), h = region_height(r), cut[2] = { 0, 0 };

	for (size_t i = 0; i < masked->count; i++) {
		const struct box *m = &masked->box[i];

		if (m->kind == KIND_UNREADABLE && m->source == SOURCE_INK &&
		    m->plane == t->plane && m->frame0 <= t->frame0 &&
		    t->frame0 <= m->frame1)
			add_cut(r, m->region, cut);
	}
	return 2 * (cut[0] > cut[1] ? cut[0] : cut[1]) > (w > h ? w : h);
}

/* What lowers the sureness of a line in a masked copy. */
static double copy_doubt(const struct track *t, const struct box_list *masked)
{
	bool unreadable = t->judgement.kind == KIND_UNREADABLE &&
			  t->reading.confidence < READABLE;

	if (is_speck(t))
		return SPECK;
	if (t->judgement.kind != KIND_IDENTIFIER &&
	    t->reading.confidence < WELL_READ && is_cut(t, masked))
		return CUT;
	return unreadable ? COPY : 0;
}

enum box_tier tier_of(const struct track *t, const struct tier_hints *hints,
		      int frames)
{
	double sure = tier_textness(t);

	if (t->judgement.kind == KIND_BENIGN)
		return TIER_BENIGN;
	if (t->judgement.source == SOURCE_HEADER)
		return TIER_BOX;
	if (hints->raised || beside_data(hints, t->line.box))
		sure += RAISE;
	if (hints->masked)
		sure -= copy_doubt(t, hints->masked);
	if (t->judgement.kind != KIND_UNREADABLE ||
	    t->reading.confidence >= READABLE)
		return tier_above(sure, hints);
	if (frames >= MANY_FRAMES && t->frame0 == t->frame1)
		sure -= GRAIN;
	return tier_above(sure, hints);
}

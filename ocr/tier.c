/* tier.c - from lines to boxes, candidates and faint ink. */
#include "config.h"

#include "ocr/tier.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ocr/letters.h"

enum {
	READABLE = 60,          /* confidence */
	MANY_FRAMES = 8,
};
/*
 * tier_textness() from which a line is masked, or shown: over real and
 * generated pictures .99 of the identifiers, at one line that is no text a
 * picture; .995, at two to three.
 */
#define BOX_FROM (-1.5)
#define CANDIDATE_FROM (-3.4)
#define RAISE (.25 * (BOX_FROM - CANDIDATE_FROM))
/* What a grain of a moving picture loses; what can't be read in a copy. */
#define GRAIN 1.
#define COPY 1.5
#define SPECK 2.2

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

	*hints = (struct tier_hints){ 0 };
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

static enum box_tier tier_above(double sure)
{
	return sure > BOX_FROM ? TIER_BOX :
	       sure > CANDIDATE_FROM ? TIER_CANDIDATE : TIER_FAINT;
}

/* A letter or two that say nothing: what the rim of a mask is taken for. */
static bool is_speck(const struct track *t)
{
	return t->judgement.kind == KIND_TEXT &&
	       count_letters(t->reading.text) <= 2;
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
	if (hints->copy && is_speck(t))
		sure -= SPECK;
	if (t->judgement.kind != KIND_UNREADABLE ||
	    t->reading.confidence >= READABLE)
		return tier_above(sure);
	if (frames >= MANY_FRAMES && t->frame0 == t->frame1)
		sure -= GRAIN;
	if (hints->copy)
		sure -= COPY;
	return tier_above(sure);
}

/* check_tier.c - what raises a line's tier, and which boxes of several frames
 * are one. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ocr/gather.h"
#include "ocr/tier.h"
#include "tests/make_dicom.h"
#include "tests/support.h"

enum { COLUMNS = 64, ROWS = 48 };

/* ---- hints ---- */

struct attributes {
	const char *burned, *conversion, *modality;
	bool capture;                   /* SOP class */
	int region[4];                  /* x0 y0 x1 y1 inclusive; 0: none */
	bool raised;
	int regions;
	const char *lossy;
	int bits;                       /* stored */
};
static const struct attributes hints[] = {
	{ NULL, NULL, "CT", false, { 0 }, false, 0, NULL, 8 },
	{ NULL, NULL, "CT", false, { 0 }, false, 0, "01", 8 },
	{ NULL, NULL, "CT", false, { 0 }, false, 0, NULL, 12 },
	{ "NO", NULL, "CT", false, { 0 }, false, 0, NULL, 8 },
	{ "YES", NULL, "CT", false, { 0 }, true, 0, NULL, 8 },
	{ NULL, NULL, "CT", true, { 0 }, true, 0, NULL, 8 },
	{ NULL, "DF", "CR", false, { 0 }, true, 0, NULL, 8 },
	{ NULL, "WSD", "CR", false, { 0 }, false, 0, NULL, 8 },
	{ NULL, NULL, "OT", false, { 0 }, true, 0, NULL, 8 },
	{ NULL, NULL, "US", false, { 8, 8, 39, 39 }, false, 1, NULL, 8 },
	/* beside the picture, or inside out: no region */
	{ NULL, NULL, "US", false, { 80, 80, 90, 90 }, false, 0, NULL, 8 },
	{ NULL, NULL, "US", false, { 40, 8, 20, 39 }, false, 0, NULL, 8 },
};

static void make_ul(struct dicom_maker *m, uint32_t tag, int value)
{
	unsigned char bytes[4] = { (unsigned char)(value & 0xff),
				   (unsigned char)(value >> 8 & 0xff), 0, 0 };

	make_bytes(m, tag, "UL", bytes, sizeof(bytes));
}

static struct image *open_with(const struct attributes *a, int *fd)
{
	static const unsigned char pixels[2 * ROWS * COLUMNS];
	bool deep = a->bits > 8;
	struct dicom_maker m = { 0 }, item = { 0 };
	struct error err = { 0 };
	struct image *image;

	make_begin(&m, "1.2.840.10008.1.2.1");
	/* the maker's class is Secondary Capture: make it CT */
	for (size_t i = 0; !a->capture && i + 25 < m.out.length; i++)
		if (!memcmp(m.out.data + i, "1.2.840.10008.5.1.4.1.1.7", 25))
			m.out.data[i + 24] = '2';
	make_text(&m, 0x00080060, "CS", a->modality);
	if (a->conversion)
		make_text(&m, 0x00080064, "CS", a->conversion);
	if (a->region[2]) {
		for (int i = 0; i < 4; i++)
			make_ul(&item, 0x00186018 + 2 * (uint32_t)i,
				a->region[i]);
		make_item(&m, 0x00186011, &item);
	}
	make_pixel_module(&m, COLUMNS, ROWS, 1, "MONOCHROME2",
			  deep ? 16 : 8, deep ? a->bits : 8, 0);
	if (a->burned)
		make_text(&m, 0x00280301, "CS", a->burned);
	if (a->lossy)
		make_text(&m, 0x00282110, "CS", a->lossy);
	make_bytes(&m, 0x7fe00010, deep ? "OW" : "OB", pixels,
		   sizeof(pixels) / (deep ? 1 : 2));
	ck_assert(!m.out.failed && !item.out.failed);
	*fd = make_file(m.out.data, m.out.length);
	buffer_done(&m.out);
	buffer_done(&item.out);
	image = image_open(*fd, &err);
	ck_assert_msg(image != NULL, "%s", err.text);
	return image;
}

START_TEST(reads_hints)
{
	const struct attributes *a = &hints[_i];
	struct tier_hints h;
	int fd;
	struct image *image = open_with(a, &fd);

	tier_hints_read(image, &h);
	ck_assert_int_eq(h.raised, a->raised);
	ck_assert_int_eq(h.regions, a->regions);
	ck_assert_int_eq(h.lossy, a->lossy != NULL);
	ck_assert_int_eq(h.deep, a->bits > 8);
	if (h.regions)
		ck_assert(region_equal(h.data[0],
				       (struct region){ 8, 8, 40, 40 }));
	image_close(image);
	close(fd);
}
END_TEST

/* ---- tiers ---- */

static const struct {
	double score;                   /* of the shape */
	enum box_kind kind;
	enum box_source source;
	bool raised;
	int x;                          /* the region of data is 0..100 */
	int frames;
	enum box_tier tier;
	/* a copy: with a mask elsewhere, along it, along but drawn by hand */
	enum { NO_COPY, COPY, CUT, BY_HAND } copy;
} tiers[] = {
	{ 12, KIND_UNREADABLE, SOURCE_INK, false, 10, 1, TIER_BOX, NO_COPY },
	{ 3.9, KIND_UNREADABLE, SOURCE_INK, false, 10, 1, TIER_CANDIDATE,
	  NO_COPY },
	{ 1.8, KIND_UNREADABLE, SOURCE_INK, false, 10, 1, TIER_FAINT, NO_COPY },
	/* raised by the file, or beside the image data */
	{ 3.9, KIND_UNREADABLE, SOURCE_INK, true, 10, 1, TIER_BOX, NO_COPY },
	{ 1.8, KIND_UNREADABLE, SOURCE_INK, true, 10, 1, TIER_CANDIDATE,
	  NO_COPY },
	{ 3.9, KIND_UNREADABLE, SOURCE_INK, false, 200, 1, TIER_BOX, NO_COPY },
	{ 1.8, KIND_UNREADABLE, SOURCE_INK, false, 200, 1, TIER_CANDIDATE,
	  NO_COPY },
	/* never lowered, whatever is said */
	{ 12, KIND_UNREADABLE, SOURCE_INK, true, 10, 1, TIER_BOX, NO_COPY },
	{ 1, KIND_IDENTIFIER, SOURCE_HEADER, false, 10, 60, TIER_BOX, NO_COPY },
	{ 1, KIND_BENIGN, SOURCE_OCR, true, 10, 1, TIER_BENIGN, NO_COPY },
	/* a grain of a moving picture */
	{ 2.8, KIND_UNREADABLE, SOURCE_INK, false, 10, 60, TIER_FAINT, NO_COPY },
	{ 12, KIND_UNREADABLE, SOURCE_INK, false, 10, 60, TIER_BOX, NO_COPY },
	/* grain at the border of a mask, and what the mask left open */
	{ 5, KIND_UNREADABLE, SOURCE_INK, false, 10, 1, TIER_BOX, NO_COPY },
	{ 5, KIND_UNREADABLE, SOURCE_INK, false, 10, 1, TIER_CANDIDATE,
	  COPY },
	{ 8, KIND_UNREADABLE, SOURCE_INK, false, 10, 1, TIER_BOX, COPY },
	{ 8, KIND_TEXT, SOURCE_OCR, false, 10, 1, TIER_BOX, COPY },
	/* a letter or two that say nothing */
	{ 5, KIND_TEXT, SOURCE_OCR, false, 10, 1, TIER_BOX, NO_COPY },
	{ 5, KIND_TEXT, SOURCE_OCR, false, 10, 1, TIER_FAINT, COPY },
	{ 1, KIND_IDENTIFIER, SOURCE_HEADER, false, 10, 1, TIER_BOX, COPY },
	/* rims of what a mask cuts through */
	{ 8, KIND_UNREADABLE, SOURCE_INK, false, 10, 1, TIER_CANDIDATE, CUT },
	{ 8, KIND_UNREADABLE, SOURCE_INK, false, 10, 1, TIER_BOX, BY_HAND },
	{ 12, KIND_UNREADABLE, SOURCE_INK, false, 10, 1, TIER_BOX, CUT },
	{ 5, KIND_IDENTIFIER, SOURCE_OCR, false, 10, 1, TIER_BOX, CUT },
};

START_TEST(gives_tiers)
{
	struct box mask = {
		.region = { 0, tiers[_i].copy == COPY ? 40 : 20, 100, 60 },
		.kind = KIND_UNREADABLE,
		.source = tiers[_i].copy == BY_HAND ? SOURCE_REVIEWER :
						      SOURCE_INK,
	};
	const struct box_list masked = { .box = &mask, .count = 1 };
	const struct tier_hints h = {
		.raised = tiers[_i].raised,
		.masked = tiers[_i].copy != NO_COPY ? &masked : NULL,
		.regions = 1,
		.data = { { 0, 0, 100, 100 } },
	};
	struct track t = {
		.line = { .box = { tiers[_i].x, 10, tiers[_i].x + 80, 26 },
			  .score = tiers[_i].score, .marks = 4 },
		.judgement = { .kind = tiers[_i].kind,
			       .source = tiers[_i].source },
	};

	ck_assert_int_eq((int)tier_of(&t, &h, tiers[_i].frames),
			 (int)tiers[_i].tier);
}
END_TEST

/* A line of a lossy picture, and of one of more than 8 bits, is masked sooner;
 * not in a copy, nor shown. */
static const struct sooner_row {
	double score;
	bool lossy, deep, copy;
	enum box_tier tier;
} sooner_rows[] = {
	{ 3.7, true, false, false, TIER_BOX },
	{ 3.7, false, false, false, TIER_CANDIDATE },
	{ 3.7, true, false, true, TIER_CANDIDATE },
	{ 3.2, true, false, false, TIER_CANDIDATE },
	{ 1.8, true, false, false, TIER_FAINT },
	{ 4.1, false, true, false, TIER_BOX },
	{ 4.1, false, false, false, TIER_CANDIDATE },
	{ 4.1, false, true, true, TIER_CANDIDATE },
	{ 3.7, false, true, false, TIER_CANDIDATE },
	{ 1.8, false, true, false, TIER_FAINT },
	{ 3.7, true, true, false, TIER_BOX },
};

START_TEST(lossy_and_deep_pictures_are_masked_sooner)
{
	const struct box_list none = { 0 };
	const struct tier_hints h = {
		.lossy = sooner_rows[_i].lossy,
		.deep = sooner_rows[_i].deep,
		.masked = sooner_rows[_i].copy ? &none : NULL,
	};
	const struct track t = {
		.line = { .box = { 10, 10, 90, 26 }, .marks = 4,
			  .score = sooner_rows[_i].score },
		.judgement = { .kind = KIND_TEXT, .source = SOURCE_OCR },
		.reading = { .text = "ABC" },
	};

	ck_assert_int_eq((int)tier_of(&t, &h, 1), (int)sooner_rows[_i].tier);
}
END_TEST

/* ---- frames ---- */

struct shown { int frame0, frame1, x; const char *text, *why; };

static const struct {
	int frames;
	enum box_kind kind;
	enum box_tier tier;
	struct shown box[3];
	size_t count;                   /* of boxes that are left */
	int first, last;                /* frames of the first one */
	bool differs;
} runs[] = {
	/* a line that was missed in one frame */
	{ 60, KIND_TEXT, TIER_BOX, { { 0, 9, 0, "ABC", "read" },
				     { 11, 59, 0, "ABC", "read" } },
	  1, 0, 59, false },
	/* a clock */
	{ 60, KIND_IDENTIFIER, TIER_BOX,
	  { { 0, 9, 0, "10:42:09", "pattern:time" },
	    { 10, 19, 1, "10:42:10", "pattern:time" },
	    { 20, 29, 0, "10:42:11", "pattern:time" } }, 1, 0, 29, true },
	/* other words are another line */
	{ 60, KIND_TEXT, TIER_BOX, { { 0, 9, 0, "ABC", "read" },
				     { 10, 19, 0, "XYZ", "read" } },
	  2, 0, 9, false },
	/* what can't be read is one, and said to differ */
	{ 60, KIND_UNREADABLE, TIER_BOX, { { 0, 9, 0, "a;", "ink" },
					   { 10, 19, 0, "~", "ink" } },
	  1, 0, 19, true },
	/* far apart in time, or at another place */
	{ 60, KIND_UNREADABLE, TIER_BOX, { { 0, 9, 0, "", "ink" },
					   { 40, 49, 0, "", "ink" } },
	  2, 0, 9, false },
	{ 60, KIND_TEXT, TIER_BOX, { { 0, 9, 0, "ABC", "read" },
				     { 10, 19, 30, "ABC", "read" } },
	  2, 0, 9, false },
	/* faint ink that touches, whenever */
	{ 60, KIND_UNREADABLE, TIER_FAINT, { { 0, 0, 0, "", "ink" },
					     { 50, 50, 20, "", "ink" } },
	  1, 0, 50, true },
	/* a single frame stays as it is */
	{ 1, KIND_TEXT, TIER_BOX, { { 0, 0, 0, "ABC", "read" },
				    { 0, 0, 0, "ABC", "read" } },
	  2, 0, 0, false },
};

START_TEST(gathers)
{
	struct box_list list = { 0 };

	for (int i = 0; i < 3 && runs[_i].box[i].text; i++) {
		const struct shown *s = &runs[_i].box[i];
		struct box b = {
			.region = { s->x, 10, s->x + 60, 26 },
			.frame0 = s->frame0, .frame1 = s->frame1,
			.kind = runs[_i].kind, .tier = runs[_i].tier,
		};

		snprintf(b.text, sizeof(b.text), "%s", s->text);
		snprintf(b.why, sizeof(b.why), "%s", s->why);
		ck_assert(gather_box(&list, &b, runs[_i].frames));
	}
	ck_assert_uint_eq(list.count, runs[_i].count);
	ck_assert_int_eq(list.box[0].frame0, runs[_i].first);
	ck_assert_int_eq(list.box[0].frame1, runs[_i].last);
	ck_assert_int_eq(list.box[0].differs, runs[_i].differs);
	ck_assert_str_eq(list.box[0].text, runs[_i].box[0].text);
	box_list_done(&list);
}
END_TEST

/* A row of parts, and the candidate in which it lies. */
static const struct part {
	int y, w, h;                    /* of the part; at 20, in 10,10 200x30 */
	enum box_tier part, line;
	enum box_kind kind;             /* of the candidate */
	enum box_tier becomes;
} parts[] = {
	{ 20, 90, 14, TIER_BOX, TIER_CANDIDATE, KIND_UNREADABLE, TIER_BOX },
	/* the whole height, or hardly any; short; beside it */
	{ 10, 90, 29, TIER_BOX, TIER_CANDIDATE, KIND_UNREADABLE,
	  TIER_CANDIDATE },
	{ 20, 90, 8, TIER_BOX, TIER_CANDIDATE, KIND_UNREADABLE,
	  TIER_CANDIDATE },
	{ 20, 40, 14, TIER_BOX, TIER_CANDIDATE, KIND_UNREADABLE,
	  TIER_CANDIDATE },
	{ 34, 90, 14, TIER_BOX, TIER_CANDIDATE, KIND_UNREADABLE,
	  TIER_CANDIDATE },
	/* no mask is there; it was read; it is faint */
	{ 20, 90, 14, TIER_CANDIDATE, TIER_CANDIDATE, KIND_UNREADABLE,
	  TIER_CANDIDATE },
	{ 20, 90, 14, TIER_BOX, TIER_CANDIDATE, KIND_TEXT, TIER_CANDIDATE },
	{ 20, 90, 14, TIER_BOX, TIER_FAINT, KIND_UNREADABLE, TIER_FAINT },
};

START_TEST(gathers_parts)
{
	const struct part *p = &parts[_i];
	struct box box[] = {
		{ .region = { 10, 10, 210, 40 }, .kind = p->kind,
		  .tier = p->line },
		{ .region = { 20, p->y, 20 + p->w, p->y + p->h },
		  .kind = KIND_UNREADABLE, .tier = p->part },
	};
	struct box_list list = { .box = box, .count = 2 };

	gather_parts(&list, NULL);
	ck_assert_int_eq(box[0].tier, p->becomes);
	ck_assert_int_eq(box[1].tier, p->part);
}
END_TEST

/* A letter at 100,y of w x h, and the candidate in which it lies: 100,100
 * 20x120. */
static const struct {
	struct region letter;
	const char *why;
	enum box_tier tier, becomes;
} letters[] = {
	{ { 102, 140, 119, 156 }, "ink", TIER_CANDIDATE, TIER_BOX },
	{ { 99, 100, 120, 121 }, "read", TIER_BOX, TIER_BOX },
	/* narrow, flat, long; beside it; faint, or cleared; a seal */
	{ { 102, 140, 112, 156 }, "ink", TIER_CANDIDATE, TIER_CANDIDATE },
	{ { 102, 140, 119, 150 }, "ink", TIER_CANDIDATE, TIER_CANDIDATE },
	{ { 102, 120, 119, 200 }, "ink", TIER_CANDIDATE, TIER_CANDIDATE },
	{ { 110, 140, 130, 156 }, "ink", TIER_CANDIDATE, TIER_CANDIDATE },
	{ { 102, 140, 119, 156 }, "ink", TIER_FAINT, TIER_CANDIDATE },
	{ { 102, 140, 119, 156 }, "ink", TIER_BENIGN, TIER_CANDIDATE },
	{ { 102, 140, 119, 156 }, "shape:seal", TIER_BOX, TIER_CANDIDATE },
};

START_TEST(a_letter_makes_a_column)
{
	struct box box[] = {
		{ .region = { 100, 100, 120, 220 }, .kind = KIND_TEXT,
		  .tier = TIER_CANDIDATE },
		{ .region = letters[_i].letter, .kind = KIND_UNREADABLE,
		  .tier = letters[_i].tier },
	};
	struct box_list list = { box, 2, 2 };

	snprintf(box[1].why, sizeof(box[1].why), "%s", letters[_i].why);
	gather_parts(&list, NULL);
	ck_assert_int_eq(box[0].tier, letters[_i].becomes);
	/* nor where it runs across */
	box[0].tier = TIER_CANDIDATE;
	box[0].region = (struct region){ 100, 100, 220, 121 };
	box[1].region = (struct region){ 102, 100, 122, 120 };
	gather_parts(&list, NULL);
	ck_assert_int_eq(box[0].tier, TIER_CANDIDATE);
}
END_TEST

/* Two faint letters in a faint line that runs down, 100,100 20x60. */
static const struct {
	int first, second;              /* where they begin */
	int score;                      /* of the second */
	enum box_tier becomes;
} two_letters[] = {
	{ 120, 141, 30, TIER_BOX }, { 141, 120, 30, TIER_BOX },
	/* hardly one; the same letter, seen twice */
	{ 120, 141, 10, TIER_FAINT }, { 120, 125, 30, TIER_FAINT },
};

START_TEST(two_letters_make_a_column)
{
	struct box box[] = {
		{ .region = { 100, 100, 120, 160 }, .score = 10 },
		{ .region = { 102, two_letters[_i].first, 119, 0 },
		  .score = 30 },
		{ .region = { 101, two_letters[_i].second, 118, 0 },
		  .score = two_letters[_i].score },
	};
	struct box_list list = { box, 3, 3 };

	for (int i = 0; i < 3; i++) {
		box[i].kind = KIND_UNREADABLE;
		box[i].tier = TIER_FAINT;
		if (i)
			box[i].region.y1 = box[i].region.y0 + 16;
	}
	gather_parts(&list, NULL);
	ck_assert_int_eq(box[0].tier, two_letters[_i].becomes);
	ck_assert_int_eq(box[1].tier, TIER_FAINT);
}
END_TEST

/* What may go on from 100 to 200, and what is there at 120 to 160. */
static const struct {
	enum box_tier tier;
	struct region there;
	int plane;
	size_t count;                   /* of boxes then */
	bool added;
} fars[] = {
	/* it takes the faint ink in it, and nothing else */
	{ TIER_FAINT, { 120, 50, 160, 60 }, PLANE_PICTURE, 1, true },
	{ TIER_FAINT, { 90, 50, 160, 60 }, PLANE_PICTURE, 2, true },
	{ TIER_FAINT, { 120, 50, 160, 60 }, PLANE_BITS, 2, true },
	{ TIER_BOX, { 120, 50, 160, 60 }, PLANE_PICTURE, 2, true },
	{ TIER_CANDIDATE, { 120, 50, 160, 60 }, PLANE_PICTURE, 2, true },
	{ TIER_BENIGN, { 120, 50, 160, 60 }, PLANE_PICTURE, 2, true },
	/* it is shown anyway; or cleared, but not looked at there */
	{ TIER_BOX, { 90, 40, 210, 70 }, PLANE_PICTURE, 1, false },
	{ TIER_CANDIDATE, { 90, 40, 210, 70 }, PLANE_PICTURE, 1, false },
	{ TIER_BENIGN, { 90, 40, 210, 70 }, PLANE_PICTURE, 2, true },
};

START_TEST(ink_that_goes_on)
{
	const struct region r = { 100, 50, 200, 60 };
	struct box there = { .region = fars[_i].there, .tier = fars[_i].tier,
			     .plane = fars[_i].plane };
	/* twice the same, and a part of it */
	struct box far[] = {
		{ .region = { 120, 50, 200, 60 }, .tier = TIER_FAINT },
		{ .region = r, .tier = TIER_FAINT },
		{ .region = r, .tier = TIER_FAINT },
	};
	const struct box_list fars_list = { far, 3, 3 };
	struct box_list list = { 0 };
	struct error err = { 0 };
	size_t added = 0;

	ck_assert(box_list_add(&list, &there));
	ck_assert(gather_far(&list, &fars_list, &err));
	ck_assert_uint_eq(list.count, fars[_i].count);
	for (size_t i = 0; i < list.count; i++)
		added += region_equal(list.box[i].region, r);
	ck_assert_uint_eq(added, fars[_i].added);
	box_list_done(&list);
}
END_TEST

/* What becomes a box by its letter reaches over its weak end. */
START_TEST(a_column_has_its_ends)
{
	struct box box[] = {
		{ .region = { 100, 100, 120, 220 },
		  .kind = KIND_UNREADABLE, .tier = TIER_CANDIDATE },
		{ .region = { 102, 140, 119, 156 },
		  .kind = KIND_UNREADABLE, .tier = TIER_CANDIDATE },
		{ .region = { 101, 260, 121, 300 },
		  .kind = KIND_UNREADABLE, .tier = TIER_FAINT },
	};
	struct box_list list = { box, 3, 3 };

	gather_lines(&list, _i, NULL);
	ck_assert_int_eq(box[0].tier, _i ? TIER_BOX : TIER_CANDIDATE);
	ck_assert_int_eq(box[0].region.y1, _i ? 300 : 220);
}
END_TEST

/* A letter at 100,100 20x30, and a box across its column, above or below. */
static const struct {
	struct region across;
	enum box_tier tier;
	const char *why;
	int frame, top, bottom;         /* of the letter, afterwards */
} across[] = {
	{ { 60, 150, 260, 180 }, TIER_BOX, "ink", 0, 100, 150 },
	{ { 60, 50, 260, 81 }, TIER_BOX, "ink", 0, 81, 130 },
	{ { 102, 150, 260, 180 }, TIER_BOX, "ink", 0, 100, 150 },
	/* further than it is wide; of a part of it; touching; not masked; a seal;
	   in another frame */
	{ { 60, 151, 260, 180 }, TIER_BOX, "ink", 0, 100, 130 },
	{ { 103, 150, 260, 180 }, TIER_BOX, "ink", 0, 100, 130 },
	{ { 60, 125, 260, 180 }, TIER_BOX, "ink", 0, 100, 130 },
	{ { 60, 150, 260, 180 }, TIER_CANDIDATE, "ink", 0, 100, 130 },
	{ { 60, 150, 260, 180 }, TIER_BOX, "shape:seal", 0, 100, 130 },
	{ { 60, 150, 260, 180 }, TIER_BOX, "ink", 1, 100, 130 },
};

START_TEST(letters_reach_what_runs_across)
{
	struct box box[] = {
		{ .region = { 100, 100, 120, 130 } },
		{ .region = across[_i].across, .tier = across[_i].tier,
		  .frame0 = across[_i].frame, .frame1 = across[_i].frame },
		/* much wider than high: a word */
		{ .region = { 100, 200, 138, 230 } },
		{ .region = { 60, 240, 260, 270 } },
	};
	struct box_list list = { box, 4, 4 };

	snprintf(box[1].why, sizeof(box[1].why), "%s", across[_i].why);
	gather_lines(&list, true, NULL);
	ck_assert_int_eq(box[0].region.y0, across[_i].top);
	ck_assert_int_eq(box[0].region.y1, across[_i].bottom);
	ck_assert(region_equal(box[1].region, across[_i].across));
	ck_assert_int_eq(box[2].region.y1, 230);
}
END_TEST

/* A column or a letter at 100,100, and a box across, below it. */
static const struct {
	int wide, high, gap;
	bool reached;
} longer[] = {
	{ 20, 60, 60, true }, { 20, 60, 61, false },
	/* two letters reach as far as one */
	{ 20, 59, 20, true }, { 20, 59, 21, false },
	/* a kanji that is wider than high */
	{ 20, 16, 20, true }, { 20, 15, 20, false },
};

START_TEST(columns_reach_what_runs_across)
{
	int high = longer[_i].high, wide = longer[_i].wide;
	int below = 100 + high + longer[_i].gap;
	struct box box[] = {
		{ .region = { 100, 100, 100 + wide, 100 + high } },
		{ .region = { 60, below, 300, below + 30 } },
	};
	struct box_list list = { box, 2, 2 };

	gather_lines(&list, true, NULL);
	ck_assert_int_eq(box[0].region.y1,
			 longer[_i].reached ? below : 100 + high);
}
END_TEST

/* Between a letter and what is masked above and below it something may have
 * been cleared. */
static const struct {
	struct region cleared;
	enum box_tier tier;
	int plane, frame;
	int top, bottom;                /* of the letter, afterwards */
} between[] = {
	{ { 20, 130, 120, 142 }, TIER_BENIGN, PLANE_PICTURE, 0, 90, 130 },
	{ { 110, 138, 140, 150 }, TIER_BENIGN, PLANE_PICTURE, 0, 90, 130 },
	{ { 20, 92, 120, 99 }, TIER_BENIGN, PLANE_PICTURE, 0, 100, 145 },
	/* beside it; one letter; not cleared; elsewhere */
	{ { 120, 130, 160, 142 }, TIER_BENIGN, PLANE_PICTURE, 0, 90, 145 },
	{ { 102, 131, 116, 143 }, TIER_BENIGN, PLANE_PICTURE, 0, 90, 145 },
	{ { 20, 130, 120, 142 }, TIER_CANDIDATE, PLANE_PICTURE, 0, 90, 145 },
	{ { 20, 130, 120, 142 }, TIER_BENIGN, 0x6000, 0, 90, 145 },
	{ { 20, 130, 120, 142 }, TIER_BENIGN, PLANE_PICTURE, 1, 90, 145 },
};

START_TEST(columns_leave_what_was_cleared)
{
	struct box box[] = {
		{ .region = { 100, 100, 120, 130 } },
		{ .region = { 60, 145, 260, 170 } },
		{ .region = { 60, 60, 260, 90 } },
		{ .region = between[_i].cleared, .tier = between[_i].tier,
		  .plane = between[_i].plane, .frame0 = between[_i].frame,
		  .frame1 = between[_i].frame },
	};
	struct box_list list = { box, 4, 4 };

	gather_lines(&list, true, NULL);
	ck_assert_int_eq(box[0].region.y0, between[_i].top);
	ck_assert_int_eq(box[0].region.y1, between[_i].bottom);
}
END_TEST

/* Noise over a long cine: no more boxes than the picture has room for. */
START_TEST(bounds_faint_ink)
{
	struct box_list list = { 0 };
	unsigned random = 7;

	for (int frame = 0; frame < 20000; frame++) {
		struct box b = { .tier = TIER_FAINT, .kind = KIND_UNREADABLE,
				 .frame0 = frame, .frame1 = frame };
		int x, y;

		random = random * 1103515245u + 12345u;
		x = (int)(random >> 16) % 700;
		random = random * 1103515245u + 12345u;
		y = (int)(random >> 16) % 500;
		b.region = (struct region){ x, y, x + 40, y + 20 };
		ck_assert(gather_box(&list, &b, 20000));
	}
	ck_assert_uint_lt(list.count, 2000);
	box_list_done(&list);
}
END_TEST

/* ---- columns ---- */

/* Of a third piece, further down or in the lower one; up to five widths may
 * lie between two then, but not six; a benign line is no piece. */
static const struct {
	struct region second, third;
	enum box_tier tier;             /* of the third */
	int bottom;                     /* of the first, afterwards */
} thirds[] = {
	{ { 100, 220, 120, 240 }, { 100, 250, 120, 300 }, TIER_BOX, 220 },
	{ { 100, 220, 120, 240 }, { 102, 330, 120, 350 }, TIER_CANDIDATE,
	  220 },
	/* half as wide again, where the marks were seen smaller */
	{ { 104, 220, 118, 290 }, { 104, 250, 118, 280 }, TIER_CANDIDATE,
	  220 },
	{ { 100, 220, 120, 240 }, { 100, 250, 120, 300 }, TIER_BENIGN, 120 },
	{ { 100, 220, 120, 240 }, { 140, 250, 160, 300 }, TIER_BOX, 120 },
	{ { 100, 220, 120, 240 }, { 100, 350, 120, 370 }, TIER_BOX, 120 },
	{ { 100, 240, 120, 260 }, { 100, 270, 120, 300 }, TIER_BOX, 120 },
};

START_TEST(fills_longer_columns)
{
	struct box box[3] = {
		{ .region = { 100, 100, 120, 120 }, .kind = KIND_TEXT },
		{ .region = thirds[_i].second, .kind = KIND_TEXT },
		{ .region = thirds[_i].third, .kind = KIND_TEXT,
		  .tier = thirds[_i].tier },
	};
	struct box_list list = { box, 3, 3 };

	gather_columns(&list, NULL);
	ck_assert_int_eq(box[0].region.y1, thirds[_i].bottom);
}
END_TEST

static const struct {
	struct region first, second;
	const char *why;                /* of the second; "": read */
	int frame;                      /* of the second */
	int bottom;                     /* of the first, afterwards */
	int weak;                       /* the same, of a candidate's end */
} columns[] = {
	/* 林, a wide space, 正 */
	{ { 652, 17, 688, 48 }, { 652, 80, 687, 112 }, "", 0, 80, 48 },
	/* pieces of a row that runs down; given in either order */
	{ { 437, 571, 455, 647 }, { 437, 665, 453, 683 }, "", 0, 665, 683 },
	/* ﾜﾀﾞ ﾊﾅｺ: a wide space between letters of half its width */
	{ { 147, 115, 163, 170 }, { 147, 213, 165, 281 }, "", 0, 213, 281 },
	/* more than three widths apart; beside; of another width */
	{ { 100, 100, 120, 120 }, { 100, 181, 120, 201 }, "", 0, 120, 120 },
	{ { 100, 100, 120, 160 }, { 100, 221, 120, 261 }, "", 0, 160, 160 },
	/* five, of several letters each; of several and two */
	{ { 100, 100, 120, 160 }, { 100, 260, 120, 320 }, "", 0, 260, 160 },
	{ { 100, 100, 120, 160 }, { 100, 261, 120, 321 }, "", 0, 160, 160 },
	{ { 100, 100, 120, 160 }, { 100, 240, 120, 299 }, "", 0, 160, 160 },
	/* below several letters a part of one; not below two, nor a third */
	{ { 100, 100, 120, 160 }, { 100, 170, 120, 180 }, "", 0, 170, 160 },
	{ { 100, 100, 120, 159 }, { 100, 170, 120, 180 }, "", 0, 159, 159 },
	{ { 100, 100, 120, 160 }, { 100, 170, 120, 179 }, "", 0, 160, 160 },
	{ { 100, 100, 120, 120 }, { 108, 130, 128, 150 }, "", 0, 120, 120 },
	{ { 100, 100, 120, 160 }, { 108, 170, 128, 190 }, "", 0, 160, 160 },
	{ { 100, 100, 120, 120 }, { 100, 130, 130, 160 }, "", 0, 120, 120 },
	/* words across, one below the other */
	{ { 100, 100, 160, 120 }, { 100, 130, 160, 150 }, "", 0, 120, 120 },
	/* in another frame; a code */
	{ { 100, 100, 120, 160 }, { 100, 170, 120, 190 }, "", 1, 160, 160 },
	{ { 100, 100, 120, 160 }, { 100, 170, 120, 190 }, "shape:qr", 0,
	  160, 160 },
};

START_TEST(fills_columns)
{
	struct box box[2] = {
		{ .region = columns[_i].first, .kind = KIND_TEXT },
		{ .region = columns[_i].second, .kind = KIND_TEXT,
		  .frame0 = columns[_i].frame, .frame1 = columns[_i].frame },
	};
	struct box_list list = { box, 2, 2 };

	snprintf(box[1].why, sizeof(box[1].why), "%s", columns[_i].why);
	gather_columns(&list, NULL);
	ck_assert_int_eq(box[0].region.y1, columns[_i].bottom);
	ck_assert(region_equal(box[1].region, columns[_i].second));
	/* the other way round in the list; a candidate; another plane */
	for (int i = 0; i < 3; i++) {
		box[0].region = columns[_i].second;
		box[1].region = columns[_i].first;
		box[0].tier = i == 1 ? TIER_CANDIDATE : TIER_BOX;
		box[0].plane = i == 2 ? 0x6000 : PLANE_PICTURE;
		snprintf(box[0].why, sizeof(box[0].why), "%s",
			 columns[_i].why);
		box[1].why[0] = '\0';
		box[0].frame0 = box[0].frame1 = columns[_i].frame;
		box[1].frame0 = box[1].frame1 = 0;
		gather_columns(&list, NULL);
		ck_assert_int_eq(box[1].region.y1,
				 i == 0 ? columns[_i].bottom :
				 i == 1 ? columns[_i].weak :
					  columns[_i].first.y1);
		box[1].region = columns[_i].first;
	}
}
END_TEST

/* Letters above and below a column that are too weak to be masked: it reaches
 * over them, and no further by what lies beyond them. */
START_TEST(reaches_over_weak_ends)
{
	static const enum box_tier weak[] = { TIER_CANDIDATE, TIER_FAINT };
	struct box box[] = {
		{ .region = { 100, 200, 120, 260 }, .kind = KIND_TEXT },
		{ .region = { 102, 150, 119, 170 } },
		{ .region = { 101, 280, 122, 340 } },
		{ .region = { 100, 360, 120, 380 } },
		/* what was cleared is no end */
		{ .region = { 100, 100, 120, 140 }, .tier = TIER_BENIGN },
	};
	struct box_list list = { box, ARRAY_LENGTH(box), ARRAY_LENGTH(box) };

	for (int i = 1; i < 4; i++)
		box[i].tier = weak[_i];
	gather_columns(&list, NULL);
	ck_assert(region_equal(box[0].region,
			       (struct region){ 100, 150, 122, 340 }));
	ck_assert_int_eq(box[1].tier, weak[_i]);
}
END_TEST

/* Two boxes of one row, and a third one: how far does the first reach? */
static const struct {
	struct region second, third;
	enum box_tier tier;             /* of the third */
	int frame;                      /* of the second */
	int end;                        /* of the first, afterwards */
} rows[] = {
	/* the second number of a date, three heights off; four, alone */
	{ { 176, 100, 196, 120 }, { 0, 300, 10, 320 }, TIER_BOX, 0, 176 },
	{ { 196, 100, 216, 120 }, { 0, 300, 10, 320 }, TIER_BOX, 0, 120 },
	/* between others of the row; beside a candidate; over an initial */
	{ { 196, 100, 216, 120 }, { 240, 100, 260, 120 }, TIER_BOX, 0, 196 },
	{ { 196, 98, 216, 121 }, { 40, 101, 60, 120 }, TIER_CANDIDATE, 0,
	  196 },
	{ { 196, 100, 216, 120 }, { 150, 100, 170, 120 }, TIER_BENIGN, 0,
	  196 },
	/* an initial between words; one too far from the next */
	{ { 210, 98, 400, 121 }, { 160, 102, 172, 120 }, TIER_BENIGN, 0, 210 },
	{ { 242, 98, 400, 121 }, { 160, 102, 172, 120 }, TIER_BENIGN, 0, 120 },
	/* the third is a line, was cleared and is more than a letter, stands
	   lower */
	{ { 196, 100, 216, 120 }, { 240, 100, 340, 120 }, TIER_BOX, 0, 120 },
	{ { 196, 100, 216, 120 }, { 240, 100, 270, 120 }, TIER_BENIGN, 0,
	  120 },
	{ { 196, 100, 216, 120 }, { 240, 130, 260, 150 }, TIER_BOX, 0, 120 },
	/* of another height; lower; in another frame */
	{ { 140, 90, 160, 120 }, { 0, 300, 10, 320 }, TIER_BOX, 0, 120 },
	{ { 140, 108, 160, 128 }, { 0, 300, 10, 320 }, TIER_BOX, 0, 120 },
	{ { 140, 100, 160, 120 }, { 0, 300, 10, 320 }, TIER_BOX, 1, 120 },
};

START_TEST(fills_rows)
{
	struct box box[3] = {
		{ .region = { 100, 100, 120, 120 }, .kind = KIND_TEXT },
		{ .region = rows[_i].second, .kind = KIND_TEXT,
		  .frame0 = rows[_i].frame, .frame1 = rows[_i].frame },
		{ .region = rows[_i].third, .kind = KIND_TEXT,
		  .tier = rows[_i].tier },
	};
	struct box_list list = { box, 3, 3 };

	gather_rows(&list, NULL);
	ck_assert_int_eq(box[0].region.x1, rows[_i].end);
	ck_assert_int_eq(box[0].region.y1, 120);
}
END_TEST

/* A date and a time beside each other are two, however near. */
START_TEST(lines_beside_stay)
{
	struct box box[2] = {
		{ .region = { 100, 100, 200, 120 }, .kind = KIND_TEXT },
		{ .region = { 235, 100, 280, 120 }, .kind = KIND_TEXT },
	};
	struct box_list list = { box, 2, 2 };

	gather_rows(&list, NULL);
	ck_assert_int_eq(box[0].region.x1, 200);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("tier");
	TCase *c = tcase_create("tier");
	struct error err = { 0 };

	if (!image_warm_up(&err))
		return 99;
	add_rows_test(c, reads_hints, hints);
	add_rows_test(c, gives_tiers, tiers);
	add_rows_test(c, lossy_and_deep_pictures_are_masked_sooner, sooner_rows);
	add_rows_test(c, gathers, runs);
	add_rows_test(c, gathers_parts, parts);
	add_rows_test(c, a_letter_makes_a_column, letters);
	add_rows_test(c, two_letters_make_a_column, two_letters);
	add_rows_test(c, fills_columns, columns);
	tcase_add_loop_test(c, reaches_over_weak_ends, 0, 2);
	tcase_add_loop_test(c, a_column_has_its_ends, 0, 2);
	tcase_add_loop_test(c, ink_that_goes_on, 0,
			    sizeof(fars) / sizeof(*fars));
	add_rows_test(c, letters_reach_what_runs_across, across);
	add_rows_test(c, columns_reach_what_runs_across, longer);
	add_rows_test(c, columns_leave_what_was_cleared, between);
	add_rows_test(c, fills_longer_columns, thirds);
	tcase_add_test(c, bounds_faint_ink);
	add_rows_test(c, fills_rows, rows);
	tcase_add_test(c, lines_beside_stay);
	suite_add_tcase(s, c);
	return support_run(s);
}

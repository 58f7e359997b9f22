/* check_residual.c - what is found on a masked copy, and what of it blocks its
 * release. */
#include "config.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "find/detect.h"
#include "ocr/smooth.h"
#include "ocr/text.h"
#include "process/output.h"
#include "samples/draw.h"
#include "tests/make_dicom.h"
#include "tests/support.h"

/* ---- the rule ---- */

/* One mask at 100,100 40x20; what is found where, and whether it blocks. */
static const struct found {
	const char *name;
	int x, y, w, h;
	enum box_kind kind;
	enum box_tier tier;
	int first, last;                /* frames; the mask stands in 0..9 */
	bool blocks;
} rows[] = {
	{ "elsewhere", 10, 10, 40, 20, KIND_UNREADABLE, TIER_BOX, 0, 0, true },
	{ "a candidate", 10, 10, 40, 20, KIND_TEXT, TIER_CANDIDATE, 0, 0,
	  false },
	{ "under the mask", 102, 102, 30, 10, KIND_IDENTIFIER, TIER_BOX, 0, 0,
	  false },
	{ "across the mask", 80, 100, 80, 20, KIND_TEXT, TIER_BOX, 0, 0,
	  true },
	{ "a letter beside it", 85, 100, 55, 20, KIND_UNREADABLE, TIER_BOX, 0,
	  0, true },
	{ "a hair beside it", 94, 96, 46, 28, KIND_UNREADABLE, TIER_BOX, 0, 0,
	  false },
	{ "a bar through it", 95, 93, 50, 34, KIND_TEXT, TIER_BOX, 0, 0, true },
	{ "the whole frame, too much in it", 0, 0, 400, 300, KIND_UNREADABLE,
	  TIER_BOX, 0, 0, true },
	{ "touching it", 50, 100, 50, 20, KIND_UNREADABLE, TIER_BOX, 0, 0,
	  true },
	{ "where the mask no longer stands", 102, 102, 30, 10, KIND_TEXT,
	  TIER_BOX, 5, 12, true },
	{ "in all its frames", 102, 102, 30, 10, KIND_TEXT, TIER_BOX, 0, 9,
	  false },
	{ "beside what was said no-mask", 341, 100, 40, 20, KIND_UNREADABLE,
	  TIER_BOX, 0, 0, true },
	{ "said no-mask", 300, 100, 40, 20, KIND_IDENTIFIER, TIER_BOX, 0, 0,
	  false },
	{ "said no-mask, seen larger", 297, 97, 46, 26, KIND_IDENTIFIER,
	  TIER_BOX, 0, 0, false },
	{ "grown by what stands beside it", 300, 100, 70, 20, KIND_IDENTIFIER,
	  TIER_BOX, 0, 0, true },
	{ "a small line in a large box said no-mask", 304, 105, 30, 8,
	  KIND_TEXT, TIER_BOX, 0, 0, true },
	{ "said no-mask in two runs of frames", 200, 200, 40, 20, KIND_TEXT,
	  TIER_BOX, 0, 9, false },
	{ "a face whose eyes are masked", 70, 60, 100, 60, KIND_FACE, TIER_BOX,
	  0, 0, false },
	{ "a face beside the mask", 150, 100, 90, 90, KIND_FACE, TIER_BOX, 0,
	  0, true },
	{ "high shading from border to border", 230, 0, 70, 300,
	  KIND_UNREADABLE, TIER_BOX, 0, 0, false },
	{ "a line from border to border", 0, 200, 400, 50, KIND_UNREADABLE,
	  TIER_BOX, 0, 0, true },
	{ "a high line that ends", 10, 200, 390, 70, KIND_UNREADABLE, TIER_BOX,
	  0, 0, true },
	{ "a high line that was read", 0, 200, 400, 70, KIND_TEXT, TIER_BOX, 0,
	  0, true },
};

START_TEST(test_rule)
{
	const struct found *row = &rows[_i];
	const struct image_info info = {
		.format = IMAGE_PNG, .columns = 400, .rows = 300, .frames = 20,
		.samples = 1, .mcu_columns = 1, .mcu_rows = 1,
	};
	struct decided_box decision[] = {
		{ .box = { .region = { 100, 100, 140, 120 }, .frame1 = 9 },
		  .decision = DECISION_MASK },
		{ .box = { .region = { 300, 100, 340, 120 }, .frame1 = 9 },
		  .decision = DECISION_NO_MASK },
		{ .box = { .region = { 200, 200, 240, 220 }, .frame1 = 4 },
		  .decision = DECISION_NO_MASK },
		{ .box = { .region = { 200, 200, 241, 220 }, .frame0 = 5,
			   .frame1 = 9 }, .decision = DECISION_NO_MASK },
	};
	const struct masks decided = { .box = decision, .box_count = 4 };
	struct box box = {
		.region = region_from_box(row->x, row->y, row->w, row->h),
		.kind = row->kind, .tier = row->tier, .frame0 = row->first,
		.frame1 = row->last, .text = "SATO",
		.source = row->kind == KIND_UNREADABLE ? SOURCE_INK :
							 SOURCE_OCR,
	};
	const struct box_list found = { .box = &box, .count = 1 };
	struct box_list left = { 0 };

	ck_assert(output_residual(&info, &found, &decided, &left));
	ck_assert_msg(left.count == (row->blocks ? 1 : 0), "%s", row->name);
	if (left.count) {
		ck_assert(region_equal(left.box[0].region, box.region));
		ck_assert_str_eq(left.box[0].text, "");
		ck_assert_str_eq(left.box[0].why, "residual");
	}
	box_list_done(&left);
}
END_TEST

/* What was cleared or faint in the input answers for what is as vague now, not
 * for a name; what was said no-mask answers for both. */
START_TEST(test_vague)
{
	static const struct {
		enum box_tier was;
		enum box_kind now;
		size_t left;
	} rows_vague[] = {
		{ TIER_FAINT, KIND_UNREADABLE, 0 },
		{ TIER_FAINT, KIND_IDENTIFIER, 1 },
		{ TIER_BENIGN, KIND_TEXT, 0 },
		{ TIER_BENIGN, KIND_IDENTIFIER, 1 },
		{ TIER_CANDIDATE, KIND_IDENTIFIER, 0 },
	};
	const struct image_info info = {
		.format = IMAGE_PNG, .columns = 400, .rows = 300, .frames = 1,
		.samples = 1, .mcu_columns = 1, .mcu_rows = 1,
	};
	struct decided_box decision = {
		.box = { .region = { 100, 100, 140, 120 },
			 .tier = rows_vague[_i].was },
		.decision = DECISION_NO_MASK,
	};
	const struct masks decided = { .box = &decision, .box_count = 1 };
	struct box box = {
		.region = { 100, 100, 140, 120 },
		.kind = rows_vague[_i].now, .tier = TIER_BOX,
	};
	const struct box_list found = { .box = &box, .count = 1 };
	struct box_list left = { 0 };

	ck_assert(output_residual(&info, &found, &decided, &left));
	ck_assert_uint_eq(left.count, rows_vague[_i].left);
	box_list_done(&left);
}
END_TEST

/* The mask leaves 10 of 30 rows: a line of small letters, or half a large
 * one. */
START_TEST(test_letters)
{
	static const struct { int letter; size_t left; } heights[] = {
		{ 8, 1 }, { 20, 0 }, { 0, 0 },
	};
	const struct image_info info = {
		.format = IMAGE_PNG, .columns = 400, .rows = 300, .frames = 1,
		.samples = 1, .mcu_columns = 1, .mcu_rows = 1,
	};
	struct decided_box decision = {
		.box = { .region = { 100, 100, 140, 120 } },
		.decision = DECISION_MASK,
	};
	const struct masks decided = { .box = &decision, .box_count = 1 };
	struct box box = {
		.region = { 100, 100, 140, 130 }, .kind = KIND_UNREADABLE,
		.tier = TIER_BOX, .letter_height = heights[_i].letter,
	};
	const struct box_list found = { .box = &box, .count = 1 };
	struct box_list left = { 0 };

	ck_assert(output_residual(&info, &found, &decided, &left));
	ck_assert_uint_eq(left.count, heights[_i].left);
	box_list_done(&left);
}
END_TEST

/* ---- smoothing ---- */

static const enum sample_type types[] = {
	SAMPLE_U8, SAMPLE_U16, SAMPLE_S16, SAMPLE_S32, SAMPLE_F32, SAMPLE_F64,
};

static double sample(const struct frame *f, size_t i)
{
	switch (f->type) {
	case SAMPLE_U8: return ((const uint8_t *)f->sample)[i];
	case SAMPLE_U16: return ((const uint16_t *)f->sample)[i];
	case SAMPLE_S16: return ((const int16_t *)f->sample)[i];
	case SAMPLE_S32: return ((const int32_t *)f->sample)[i];
	case SAMPLE_F32: return (double)((const float *)f->sample)[i];
	default: return ((const double *)f->sample)[i];
	}
}

static void put_sample(struct frame *f, size_t i, int v)
{
	switch (f->type) {
	case SAMPLE_U8: ((uint8_t *)f->sample)[i] = (uint8_t)v; break;
	case SAMPLE_U16: ((uint16_t *)f->sample)[i] = (uint16_t)v; break;
	case SAMPLE_S16: ((int16_t *)f->sample)[i] = (int16_t)v; break;
	case SAMPLE_S32: ((int32_t *)f->sample)[i] = v; break;
	case SAMPLE_F32: ((float *)f->sample)[i] = (float)v; break;
	default: ((double *)f->sample)[i] = v;
	}
}

/* A slope with two masks, one at the edge of the picture: no step is left. */
START_TEST(test_smooth)
{
	enum { W = 97, H = 61 };
	const struct region masks[] = { { 20, 15, 61, 40 }, { 50, 30, 97, 61 } };
	struct error err = { 0 };
	struct frame *f = frame_new(W, H, types[_i], 2, &err);

	ck_assert_ptr_nonnull(f);
	for (int y = 0; y < H; y++)
		for (int x = 0; x < W; x++)
			for (int s = 0; s < 2; s++)
				put_sample(f, (size_t)((y * W + x) * 2 + s),
					   region_hit(masks[0], x, y) ||
					   region_hit(masks[1], x, y) ? 0 :
					   40 + x + y + 10 * s);
	ck_assert(smooth_regions(f, masks, 2, &err));
	for (int y = 0; y < H; y++)
		for (int x = 1; x < W; x++)
			for (int s = 0; s < 2; s++) {
				size_t i = (size_t)((y * W + x) * 2 + s);

				ck_assert(sample(f, i) > 35);
				ck_assert(sample(f, i) - sample(f, i - 2) < 9);
				ck_assert(sample(f, i) - sample(f, i - 2) > -9);
			}
	frame_free(f);
}
END_TEST

/* What is covered wholly stays one constant; tiny frames are no trouble. */
START_TEST(test_smooth_all)
{
	static const int sizes[][2] = { { 1, 1 }, { 1, 9 }, { 9, 1 },
					{ 40, 30 } };
	struct error err = { 0 };
	struct frame *f = frame_new(sizes[_i][0], sizes[_i][1], SAMPLE_U8, 1,
				    &err);
	struct region all = { 0, 0, sizes[_i][0], sizes[_i][1] };

	ck_assert_ptr_nonnull(f);
	memset(f->sample, 7, frame_bytes(f));
	ck_assert(smooth_regions(f, &all, 1, &err));
	for (size_t i = 0; i < frame_bytes(f); i++)
		ck_assert_int_eq(((uint8_t *)f->sample)[i], 7);
	frame_free(f);
}
END_TEST

/* ---- pictures ---- */

enum { COLUMNS = 360, ROWS = 200, TALL = 20 };
enum ground { PLAIN, BRIGHT, SLOPE, NOISE, ANATOMY, GROUNDS };

/* A text, where it is drawn, and where the mask lies (0: over its box + 2). */
static const struct planted {
	const char *name, *text;
	int x, y;
	struct region mask;
	const char *more;               /* a second text, beside */
	int more_x, more_y;
	bool no_mask;                   /* the second was said no-mask */
	bool blocks;
} planted[] = {
	{ "all of it is masked", "SATO HANAKO", 100, 90, { 0 }, NULL, 0, 0,
	  false, false },
	{ "masked at the corner", "SATO HANAKO", 0, 0, { 0 }, NULL, 0, 0,
	  false, false },
	{ "the mask ends in the name", "SATO HANAKO", 100, 90,
	  { 96, 86, 160, 116 }, NULL, 0, 0, false, true },
	{ "the mask lies within the name", "SATO HANAKO", 100, 90,
	  { 145, 86, 190, 116 }, NULL, 0, 0, false, true },
	{ "the mask is a line too high", "SATO HANAKO", 100, 90,
	  { 96, 60, 230, 90 }, NULL, 0, 0, false, true },
	{ "one pixel below the mask", "SATO HANAKO", 100, 90,
	  { 96, 60, 230, 92 }, NULL, 0, 0, false, true },
	{ "beside the mask", "SATO HANAKO", 100, 90, { 0 }, "4839201", 230, 90,
	  false, true },
	{ "said no-mask", "SATO HANAKO", 100, 90, { 0 }, "GAIN 52", 40, 150,
	  true, false },
};

static void draw_ground(struct canvas *c, enum ground ground)
{
	const struct region all = { 0, 0, COLUMNS, ROWS };

	for (int i = 0; i < COLUMNS * ROWS; i++)
		c->value[i] = ground == BRIGHT ? 200 :
			      ground == SLOPE ? 20 + i % COLUMNS / 3 : 25;
	if (ground == NOISE || ground == ANATOMY)
		draw_noise(c, all, 8);
	if (ground == NOISE)            /* noise alone would be stretched */
		draw_ellipse(c, 330, 170, 20, 20, (struct colour){ { 200 } });
	if (ground == ANATOMY)
		draw_ellipsoid(c, 180, 100, 150, 80,
			       (struct colour){ { 120 } });
}

/* A DICOM file of the canvas. */
static struct image *open_canvas(const struct canvas *c, int *fd)
{
	static unsigned char pixels[COLUMNS * ROWS];
	struct dicom_maker m = { 0 };
	struct error err = { 0 };
	struct image *image;

	for (int i = 0; i < COLUMNS * ROWS; i++)
		pixels[i] = (unsigned char)(c->value[i] < 0 ? 0 :
					    c->value[i] > 255 ? 255 :
					    c->value[i]);
	make_begin(&m, "1.2.840.10008.1.2.1");
	make_text(&m, 0x00080060, "CS", "US");
	make_pixel_module(&m, COLUMNS, ROWS, 1, "MONOCHROME2", 8, 8, 0);
	make_bytes(&m, 0x7fe00010, "OB", pixels, sizeof(pixels));
	*fd = make_file(m.out.data, m.out.length);
	buffer_done(&m.out);
	image = image_open(*fd, &err);
	ck_assert_msg(image != NULL, "%s", err.text);
	return image;
}

static struct region draw_planted(struct canvas *c, const struct planted *p,
				  enum ground ground, struct region *more)
{
	const struct colour ink = { { ground == BRIGHT ? 30 : 235 } };
	const struct region none = { 0, 0, 0, 0 };
	struct region name = draw_text(c, p->x, p->y, TALL, ink, p->text);

	*more = p->more ? draw_text(c, p->more_x, p->more_y, TALL, ink,
				    p->more) : none;
	ck_assert(!region_empty(name));
	return region_empty(p->mask) ?
		       region_clip(region_grow(name, 2), COLUMNS, ROWS) :
		       p->mask;
}

START_TEST(test_pictures)
{
	static const struct detector table[] = {
		{ "text", text_load, text_run, text_version },
		{ .name = NULL },
	};
	const struct planted *p = &planted[_i / GROUNDS];
	enum ground ground = (enum ground)(_i % GROUNDS);
	struct detect_options options = { .languages = "eng" };
	struct canvas c;
	struct region more, mask;
	struct decided_box decision[2] = { { .decision = DECISION_MASK } };
	struct masks decided = { .box = decision, .box_count = 1 };
	struct box_list masked = { 0 }, left = { 0 };
	struct proposals found;
	struct error err = { 0 };
	struct image *image;
	int fd;

	ck_assert(canvas_init(&c, COLUMNS, ROWS, 1));
	draw_ground(&c, ground);
	mask = draw_planted(&c, p, ground, &more);
	draw_rectangle(&c, mask, (struct colour){ { 0 } });
	image = open_canvas(&c, &fd);
	decision[0].box.region = mask;
	decision[1] = (struct decided_box){
		.box.region = region_grow(more, 2),
		.decision = DECISION_NO_MASK };
	decided.box_count += p->no_mask;
	ck_assert(box_list_add(&masked, &decision[0].box));
	options.masked = &masked;
	ck_assert(detect_run(table, image, &options, NULL, &found, &err));
	ck_assert(output_residual(image_info(image), &found.boxes, &decided,
				  &left));
	ck_assert_msg((left.count > 0) == p->blocks,
		      "%s, on ground %d: %d boxes, first at %d,%d", p->name,
		      (int)ground, (int)left.count,
		      left.count ? left.box[0].region.x0 : -1,
		      left.count ? left.box[0].region.y0 : -1);
	box_list_done(&left);
	box_list_done(&masked);
	proposals_done(&found);
	image_close(image);
	close(fd);
	canvas_done(&c);
}
END_TEST

/* A word, and behind it what is left of smoothed letters: drawn faint. */
static struct image *open_ghost(int *fd, struct region *word,
				struct region *ghost)
{
	struct image *image;
	struct canvas c;

	ck_assert(canvas_init(&c, COLUMNS, ROWS, 1));
	draw_ground(&c, PLAIN);
	*word = draw_text(&c, 40, 90, TALL, (struct colour){ { 235 } },
			  "SATO");
	*ghost = draw_text(&c, word->x1 + 4, 90, TALL,
			   (struct colour){ { 49 } }, "ILILIL");
	image = open_canvas(&c, fd);
	canvas_done(&c);
	return image;
}

/* In a masked copy a line ends with its letters (trim.h); in the picture
 * itself it reaches over all that may be of it. */
START_TEST(test_ghost)
{
	static const struct detector table[] = {
		{ "text", text_load, text_run, text_version },
		{ .name = NULL },
	};
	struct detect_options options = { .languages = "eng" };
	struct box mask = { .region = { 200, 20, 260, 40 } };
	struct box_list masked = { .box = &mask, .count = 1 };
	struct region word, ghost;
	struct proposals found;
	struct error err = { 0 };
	int fd, end;
	struct image *image = open_ghost(&fd, &word, &ghost);

	options.masked = _i ? &masked : NULL;
	ck_assert(detect_run(table, image, &options, NULL, &found, &err));
	ck_assert_uint_eq(found.boxes.count, 1);
	end = found.boxes.box[0].region.x1;
	ck_assert_int_ge(end, _i ? word.x1 : ghost.x1);
	ck_assert(!_i || end < word.x1 + TALL / 2);
	proposals_done(&found);
	image_close(image);
	close(fd);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("residual");
	TCase *c = tcase_create("residual");
	struct detect_options options = { .languages = "eng" };
	struct error err = { 0 };

	if (!image_warm_up(&err) || !text_load(&options, &err))
		return 99;
	tcase_set_timeout(c, 60);
	tcase_add_checked_fixture(c, support_leave_quietly, NULL);
	add_rows_test(c, test_rule, rows);
	tcase_add_loop_test(c, test_vague, 0, 5);
	tcase_add_loop_test(c, test_letters, 0, 3);
	add_rows_test(c, test_smooth, types);
	tcase_add_loop_test(c, test_smooth_all, 0, 4);
	tcase_add_loop_test(c, test_pictures, 0,
			    (int)ARRAY_LENGTH(planted) * GROUNDS);
	tcase_add_loop_test(c, test_ghost, 0, 2);
	suite_add_tcase(s, c);
	return support_run(s);
}

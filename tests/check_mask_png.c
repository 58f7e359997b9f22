/* check_mask_png.c - masking PNG files of every depth, colour and layout. */
#include "config.h"

#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "image/image.h"
#include "pictures.h"
#include "support.h"
#include "unpng.h"

/* Fill as stored (DESIGN 6); palette: entry 255 - 7 i, 200 - 3 i, 11 i is
 * darkest where its luma is least. */
static const struct {
	struct png_spec spec;
	int fills;
	long long fill[4];
} forms[] = {
	{ { 67, 41, 1, PNG_COLOR_TYPE_GRAY, 0, 0, 0 }, 1, { 0 } },
	{ { 67, 41, 2, PNG_COLOR_TYPE_GRAY, 0, 0, 0 }, 1, { 0 } },
	{ { 67, 41, 4, PNG_COLOR_TYPE_GRAY, 1, 0, 0 }, 1, { 0 } },
	{ { 67, 41, 8, PNG_COLOR_TYPE_GRAY, 0, 0, 1 }, 1, { 0 } },
	{ { 67, 41, 16, PNG_COLOR_TYPE_GRAY, 0, 0, 0 }, 1, { 0 } },
	{ { 67, 41, 16, PNG_COLOR_TYPE_GRAY, 1, 0, 0 }, 1, { 0 } },
	{ { 67, 41, 8, PNG_COLOR_TYPE_RGB, 0, 0, 1 }, 3, { 0 } },
	{ { 67, 41, 8, PNG_COLOR_TYPE_RGB, 1, 0, 0 }, 3, { 0 } },
	{ { 67, 41, 16, PNG_COLOR_TYPE_RGB, 0, 0, 0 }, 3, { 0 } },
	{ { 67, 41, 8, PNG_COLOR_TYPE_GRAY_ALPHA, 0, 1, 0 }, 2, { 0, 255 } },
	{ { 67, 41, 16, PNG_COLOR_TYPE_GRAY_ALPHA, 1, 1, 0 }, 2,
	  { 0, 65535 } },
	{ { 67, 41, 8, PNG_COLOR_TYPE_RGB_ALPHA, 0, 1, 1 }, 4,
	  { 0, 0, 0, 255 } },
	{ { 67, 41, 16, PNG_COLOR_TYPE_RGB_ALPHA, 1, 0, 0 }, 4,
	  { 0, 0, 0, 65535 } },
	{ { 67, 41, 1, PNG_COLOR_TYPE_PALETTE, 0, 0, 0 }, 1, { 1 } },
	{ { 67, 41, 2, PNG_COLOR_TYPE_PALETTE, 1, 1, 0 }, 1, { 3 } },
	{ { 67, 41, 4, PNG_COLOR_TYPE_PALETTE, 0, 1, 1 }, 1, { 15 } },
	{ { 67, 41, 4, PNG_COLOR_TYPE_PALETTE, 1, 0, 0 }, 1, { 15 } },
	{ { 1, 1, 8, PNG_COLOR_TYPE_RGB, 1, 0, 0 }, 3, { 0 } },
};

static const struct noise noise = { .seed = 99 };

static long long sample_at(const struct frame *f, int x, int y, int s)
{
	int i = (y * f->columns + x) * f->samples + s;

	return f->type == SAMPLE_U8 ? ((const uint8_t *)f->sample)[i] :
				      ((const uint16_t *)f->sample)[i];
}

START_TEST(test_forms)
{
	struct box box;
	struct region r = region_clip((struct region){ 13, 5, 50, 30 },
				      forms[_i].spec.columns,
				      forms[_i].spec.rows);
	struct box_list boxes;
	struct mask_report report;
	int in = make_png(&forms[_i].spec, &noise), out;
	struct image *image;
	struct frame *frame;

	if (region_empty(r))
		r = (struct region){ 0, 0, 9, 9 };
	boxes = one_box(&box, r, 1);
	out = mask_and_verify(in, &boxes, &report);
	image = image_open(out, NULL);
	frame = image_frame(image, 0, NULL);
	r = region_clip(r, frame->columns, frame->rows);
	ck_assert_int_eq(report.fills, forms[_i].fills);
	for (int y = r.y0; y < r.y1; y++)
		for (int x = r.x0; x < r.x1; x++)
			for (int s = 0; s < forms[_i].fills; s++)
				ck_assert_int_eq(sample_at(frame, x, y, s),
						 forms[_i].fill[s]);
	ck_assert_int_eq(image_info(image)->interlaced,
			 forms[_i].spec.interlaced);
	frame_free(frame);
	image_close(image);
	close(in);
	close(out);
}
END_TEST

START_TEST(test_carriers_go)
{
	struct box_list none = { 0 };
	struct mask_report report;
	const struct png_spec *spec = &forms[_i].spec;
	int in = make_png(spec, &noise);
	int out = mask_and_verify(in, &none, &report);
	size_t length;
	unsigned char *data = slurp(out, &length);

	ck_assert_ptr_null(memmem(data, length, "PLANTED", 7));
	if (spec->extras) {
		ck_assert_ptr_nonnull(memmem(data, length, "gAMA", 4));
		ck_assert_ptr_nonnull(memmem(data, length, "pHYs", 4));
	}
	ck_assert_int_eq(!!(report.dropped & DROPPED_TEXT_CHUNKS),
			 spec->extras);
	ck_assert_int_eq(!!(report.dropped & DROPPED_CHUNKS), spec->extras);
	ck_assert_int_eq(!!(report.dropped & DROPPED_EXIF), spec->extras);
	ck_assert_int_eq(!!(report.dropped & DROPPED_TRAILER), spec->extras);
	/* depth 1 and 2 have one clear entry: nothing can hide in it */
	ck_assert_int_eq(!!(report.dropped & DROPPED_HIDDEN_COLOUR),
			 spec->clear && spec->depth > 2);
	free(data);
	close(in);
	close(out);
}
END_TEST

START_TEST(test_truncated)
{
	struct box box;
	struct box_list boxes = one_box(&box, (struct region){ 0, 0, 1, 1 }, 1);
	int in = make_png(&forms[_i].spec, &noise);
	/* the trailer may be cut */
	size_t end = (size_t)lseek(in, 0, SEEK_END) -
		     (forms[_i].spec.extras ? 7 : 0);

	check_cuts(in, &boxes, end, 5, 173);
	close(in);
}
END_TEST

/* Each byte changed: refused, or masked and right; never a crash. */
START_TEST(test_damaged)
{
	struct box box;
	struct box_list boxes = one_box(&box, (struct region){ 0, 0, 1, 1 }, 1);
	size_t length;
	int in = make_png(&forms[_i].spec, &noise);
	unsigned char *data = slurp(in, &length);

	for (size_t i = 0; i < length; i += i < 200 ? 1 : 37) {
		struct mask_report report;
		struct error err = { 0 };
		int part, out = memory_file();

		data[i] ^= 0x55;
		part = memory_of(data, length);
		data[i] ^= 0x55;
		if (!mask_run(part, out, &test_job, &boxes, &report, NULL,
			      NULL, &err))
			ck_assert_int_eq(err.code, ERR_REFUSED);
		close(part);
		close(out);
	}
	free(data);
	close(in);
}
END_TEST

/* A full disk: an error to write, at every size. */
START_TEST(test_full_disk)
{
	struct box box;
	struct box_list boxes = one_box(&box, (struct region){ 0, 0, 5, 5 }, 1);
	int in = make_png(&forms[6].spec, &noise);

	check_full_disk(in, &boxes);
	close(in);
}
END_TEST

/* ---- random boxes, by a reader of our own ---- */

static uint32_t seed;

/* Every depth and colour type of table 11.1. */
static const struct { int depth, colour; } layouts[] = {
	{ 1, PNG_COLOR_TYPE_GRAY }, { 2, PNG_COLOR_TYPE_GRAY },
	{ 4, PNG_COLOR_TYPE_GRAY }, { 8, PNG_COLOR_TYPE_GRAY },
	{ 16, PNG_COLOR_TYPE_GRAY },
	{ 8, PNG_COLOR_TYPE_RGB }, { 16, PNG_COLOR_TYPE_RGB },
	{ 1, PNG_COLOR_TYPE_PALETTE }, { 2, PNG_COLOR_TYPE_PALETTE },
	{ 4, PNG_COLOR_TYPE_PALETTE }, { 8, PNG_COLOR_TYPE_PALETTE },
	{ 8, PNG_COLOR_TYPE_GRAY_ALPHA }, { 16, PNG_COLOR_TYPE_GRAY_ALPHA },
	{ 8, PNG_COLOR_TYPE_RGB_ALPHA }, { 16, PNG_COLOR_TYPE_RGB_ALPHA },
};
enum { LAYOUTS = 2 * ARRAY_LENGTH(layouts), BOXES = 4, ROUNDS = 12 };

static struct png_spec random_spec(uint32_t *state, int index)
{
	return (struct png_spec){
		.columns = 1 + random_below(state, 70),
		.rows = 1 + random_below(state, 50),
		.depth = layouts[index / 2].depth,
		.colour = layouts[index / 2].colour,
		.interlaced = index % 2, .clear = random_below(state, 2),
	};
}

static struct region random_region(uint32_t *state, const struct png_spec *s)
{
	int x = random_below(state, s->columns);
	int y = random_below(state, s->rows);

	return (struct region){ x - random_below(state, 3),
				y - random_below(state, 3),
				x + 1 + random_below(state, s->columns),
				y + 1 + random_below(state, s->rows) };
}

/* The pixel of a copy: as before; clear ones black, or the first clear entry. */
static void expect_pixel(const struct unpng *in, const uint16_t *pixel,
			 uint16_t *want)
{
	int last = in->samples - 1, entry = 0;

	memcpy(want, pixel, (size_t)in->samples * sizeof(*want));
	if ((in->samples == 2 || in->samples == 4) && !pixel[last])
		memset(want, 0, (size_t)last * sizeof(*want));
	if (in->colour != PNG_COLOR_TYPE_PALETTE ||
	    in->palette[pixel[0]][3])
		return;
	while (in->palette[entry][3])
		entry++;
	want[0] = (uint16_t)entry;
}

static bool covered(const struct box_list *boxes, int x, int y)
{
	for (size_t i = 0; i < boxes->count; i++)
		if (region_hit(boxes->box[i].region, x, y))
			return true;
	return false;
}

/* Compare every sample, and every entry that pixels have. */
static void compare_pictures(const struct unpng *in, const struct unpng *out,
			     const struct box_list *boxes,
			     const struct mask_report *report)
{
	ck_assert_int_eq(in->depth, out->depth);
	ck_assert_int_eq(in->colour, out->colour);
	ck_assert_int_eq(in->interlaced, out->interlaced);
	ck_assert_int_eq(in->entries, out->entries);
	ck_assert_uint_eq(out->spare_bits, 0);
	ck_assert_uint_eq(out->left_over, 0);
	for (int i = 0; i < in->columns * in->rows; i++) {
		const uint16_t *got = out->sample + i * in->samples;
		uint16_t want[4];

		expect_pixel(in, in->sample + i * in->samples, want);
		if (covered(boxes, i % in->columns, i / in->columns))
			for (int s = 0; s < in->samples; s++)
				want[s] = (uint16_t)report->fill[s];
		ck_assert_mem_eq(got, want,
				 (size_t)in->samples * sizeof(*want));
		if (in->colour != PNG_COLOR_TYPE_PALETTE)
			continue;
		ck_assert_int_eq(in->palette[got[0]][3],
				 out->palette[got[0]][3]);
		if (in->palette[got[0]][3])
			ck_assert_mem_eq(in->palette[got[0]],
					 out->palette[got[0]], 3);
	}
}

START_TEST(test_random_boxes)
{
	for (int round = 0; round < ROUNDS; round++) {
		uint32_t state = (seed + (uint32_t)(round * LAYOUTS + _i)) *
				 2654435761u | 1;
		struct png_spec spec = random_spec(&state, _i);
		struct noise source = { .seed = random_next(&state) };
		struct box box[BOXES];
		struct box_list boxes = { .box = box, .capacity = BOXES };
		struct mask_report report;
		struct unpng in_png, out_png;
		int in = make_png(&spec, &source), out;

		boxes.count = (size_t)(1 + random_below(&state, BOXES));
		for (size_t i = 0; i < boxes.count; i++)
			box[i] = (struct box){ .tier = TIER_BOX,
				.region = random_region(&state, &spec) };
		out = mask_and_verify(in, &boxes, &report);
		unpng_read(in, &in_png);
		unpng_read(out, &out_png);
		compare_pictures(&in_png, &out_png, &boxes, &report);
		unpng_done(&in_png);
		unpng_done(&out_png);
		close(in);
		close(out);
	}
}
END_TEST

/* What lies under a mask does not change a byte of the copy. */
START_TEST(test_twins)
{
	for (int round = 0; round < 4; round++) {
		uint32_t state = (seed + (uint32_t)(round * LAYOUTS + _i)) *
				 2246822519u | 1;
		struct png_spec spec = random_spec(&state, _i);
		struct region r = random_region(&state, &spec);
		struct noise source = { .seed = random_next(&state),
					.twin = r, .twin_seed = 1 };
		struct box box;
		struct box_list boxes = one_box(&box, r, 1);
		struct mask_report report;
		int in = make_png(&spec, &source), other;
		int out = mask_and_verify(in, &boxes, &report), other_out;

		source.twin_seed = random_next(&state);
		other = make_png(&spec, &source);
		other_out = mask_and_verify(other, &boxes, &report);
		ck_assert(same_files(out, other_out));
		close(in);
		close(out);
		close(other);
		close(other_out);
	}
}
END_TEST

/* A palette picture too long to be held: its rows are read twice. */
START_TEST(test_long)
{
	enum { COLUMNS = 4096, ROWS = 4100, PIXELS = COLUMNS * ROWS };
	static const uint8_t palette[9] = { 9, 9, 9, 50, 60, 70, 255, 0, 0 };
	struct box box;
	struct box_list boxes = one_box(&box, (struct region){ 7, 9, 50, 30 },
					1);
	uint8_t *rows = calloc(ROWS, COLUMNS + 1);
	struct mask_report report;
	struct unpng png;
	int bare, in, out, marked = 0;

	/* entry 2 is under the mask only, so it goes */
	rows[10 * (COLUMNS + 1) + 1 + 20] = 2;
	rows[4000 * (COLUMNS + 1) + 1 + 300] = 1;
	bare = unpng_make(COLUMNS, ROWS, 8, PNG_COLOR_TYPE_PALETTE, rows,
			  (size_t)ROWS * (COLUMNS + 1));
	in = unpng_with(bare, "IDAT", "PLTE", palette, sizeof(palette));
	free(rows);
	out = mask_and_verify(in, &boxes, &report);
	unpng_read(out, &png);
	for (int i = 0; i < PIXELS; i++)
		marked += png.sample[i] != 0;
	ck_assert_int_eq(marked, 1);
	ck_assert_int_eq(png.sample[4000 * COLUMNS + 300], 1);
	ck_assert_mem_eq(png.palette[1], palette + 3, 3);
	ck_assert_int_eq(png.palette[2][1], 255);
	unpng_done(&png);
	close(bare);
	close(in);
	close(out);
}
END_TEST

int main(void)
{
	const char *given = getenv("SUMI_SEED");

	Suite *suite = suite_create("mask_png");
	TCase *tcase = tcase_create("mask_png");

	seed = given && *given ? (uint32_t)strtoul(given, NULL, 10) :
				 (uint32_t)time(NULL);
	printf("SUMI_SEED=%u\n", (unsigned)seed);
	add_rows_test(tcase, test_forms, forms);
	add_rows_test(tcase, test_carriers_go, forms);
	add_rows_test(tcase, test_truncated, forms);
	add_rows_test(tcase, test_damaged, forms);
	tcase_add_test(tcase, test_full_disk);
	tcase_add_test(tcase, test_long);
	tcase_add_loop_test(tcase, test_random_boxes, 0, (int)LAYOUTS);
	tcase_add_loop_test(tcase, test_twins, 0, (int)LAYOUTS);
	suite_add_tcase(suite, tcase);
	return support_run(suite);
}

/*
 * check_splice.c - masking sequential JPEG in its bits: what lies outside is
 * the same, what lies inside says nothing, as another reader sees it.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "image/format_jpeg.h"
#include "image/image.h"
#include "image/jpeg_blocks.h"
#include "make_stream.h"
#include "mask/wipe_jpeg.h"
#include "pictures.h"
#include "support.h"

#define ALL(n) { n, n, n, n }
static const struct stream_spec forms[] = {
	{ 8, 93, 61, 1, ALL(1), ALL(1), "0", 0, STREAM_STANDARD, 16, false },
	{ 8, 93, 61, 1, ALL(1), ALL(1), "0", 5, STREAM_STANDARD, 3, false },
	{ 8, 93, 61, 3, ALL(1), ALL(1), "012", 0, STREAM_STANDARD, 8, false },
	{ 8, 93, 61, 3, { 2, 1, 1 }, { 1, 1, 1 }, "012", 0, STREAM_STANDARD,
	  8, false },
	{ 8, 93, 61, 3, { 1, 1, 1 }, { 2, 1, 1 }, "012", 7, STREAM_STANDARD,
	  8, false },
	{ 8, 93, 61, 3, { 2, 1, 1 }, { 2, 1, 1 }, "012", 0, STREAM_STANDARD,
	  1, false },
	{ 8, 93, 61, 3, { 2, 1, 1 }, { 2, 1, 1 }, "012", 1, STREAM_SPARSE, 8,
	  false },
	{ 8, 93, 61, 3, { 4, 1, 1 }, { 1, 1, 1 }, "012", 0, STREAM_SPARSE, 255,
	  false },
	{ 8, 93, 61, 3, { 2, 1, 1 }, { 2, 1, 1 }, "0,1,2", 0, STREAM_STANDARD,
	  8, false },
	{ 8, 93, 61, 3, { 2, 1, 1 }, { 2, 1, 1 }, "0,1,2", 4, STREAM_SPARSE,
	  8, false },
	{ 8, 93, 61, 3, { 2, 1, 1 }, { 1, 1, 1 }, "0,12", 3, STREAM_FLAT, 8,
	  false },
	{ 8, 93, 61, 4, ALL(1), ALL(1), "0123", 0, STREAM_STANDARD, 8, false },
	{ 8, 93, 61, 4, { 2, 1, 1, 2 }, { 2, 1, 1, 2 }, "0123", 2,
	  STREAM_STANDARD, 8, false },
	{ 8, 40, 33, 1, ALL(1), ALL(1), "0", 0, STREAM_FULL, 8, true },
	{ 8, 40, 33, 3, ALL(1), ALL(1), "012", 3, STREAM_FULL, 8, true },
	{ 12, 93, 61, 1, ALL(1), ALL(1), "0", 0, STREAM_FLAT, 16, false },
	{ 12, 93, 61, 1, ALL(1), ALL(1), "0", 6, STREAM_SPARSE, 1, false },
	{ 12, 93, 61, 3, { 2, 1, 1 }, { 2, 1, 1 }, "012", 0, STREAM_FLAT, 5,
	  false },
	{ 12, 93, 61, 3, { 2, 1, 1 }, { 1, 1, 1 }, "0,1,2", 9, STREAM_SPARSE,
	  7, false },
	{ 12, 93, 61, 1, ALL(1), ALL(1), "0", 0, STREAM_FLAT, 65535, false },
};

static const struct region none;

/* Printed by main(), so that a failure can be had again. */
static uint32_t seed_of_run;

static void set_seed(void)
{
	const char *given = getenv("SUMI_SEED");

	seed_of_run = given ? (uint32_t)strtoul(given, NULL, 10) :
			      (uint32_t)time(NULL) | 1;
}

static bool collect(void *self, const void *data, size_t length,
		    struct error *err)
{
	(void)err;
	buffer_append(self, data, length);
	return true;
}

static struct buffer wipe(const struct buffer *in, const struct jpeg_wipe *how,
			  struct jpeg_wiped *done)
{
	struct buffer out = { 0 };
	struct error err = { 0 };

	ck_assert_msg(jpeg_wipe((const uint8_t *)in->data, in->length, how,
				collect, &out, done, &err), "%s", err.text);
	return out;
}

/* ---- blocks ---- */

static bool is_masked(const struct stream *s, const struct jpeg_wipe *how,
		      int component, int x, int y)
{
	int mx = x / s->spec->h[component] * s->mcu_width;
	int my = y / s->spec->v[component] * s->mcu_height;
	struct region mcu = { mx, my, mx + s->mcu_width, my + s->mcu_height };

	for (size_t i = 0; i < how->regions; i++) {
		struct region r = region_clip(how->region[i],
					      s->spec->columns,
					      s->spec->rows);

		if (!region_empty(region_intersect(mcu, r)))
			return true;
	}
	return false;
}

/* Clamped, the level of a component; rounded away from zero, no further. */
static void check_black(const struct stream *s, int component, int level,
			const int16_t *block)
{
	int half = 8 << (s->spec->precision - 1), q = s->spec->quantiser;
	int dc = block[0];

	for (int k = 1; k < STREAM_BLOCK; k++)
		ck_assert_int_eq(block[k], 0);
	if (s->spec->components == 4)   /* no marker: ink is high */
		level = JPEG_HIGH;
	else if (s->spec->components == 3)
		level = component ? JPEG_MIDDLE : JPEG_LOW;
	if (level == JPEG_HIGH)
		half -= 8;
	if (level == JPEG_MIDDLE) {
		ck_assert_int_eq(dc, 0);
		return;
	}
	dc = level == JPEG_LOW ? -dc : dc;
	ck_assert_int_ge(dc * q, half);
	ck_assert_int_lt((dc - 1) * q, half);
}

static void check_part(const struct stream *s, const struct jpeg_wipe *how,
		       const struct jpeg_blocks_row *row, int part)
{
	int c = row->part[part].component;

	for (int y = 0; y < row->part[part].down; y++) {
		for (int x = 0; x < row->part[part].across; x++) {
			const int16_t *got = row->part[part].block +
				(y * row->part[part].across + x) *
				STREAM_BLOCK;
			int by = row->part[part].first_row + y;

			if (is_masked(s, how, c, x, by))
				check_black(s, c, (int)how->level, got);
			else
				ck_assert_mem_eq(got, s->block[c] +
						 (by * s->across[c] + x) *
						 STREAM_BLOCK,
						 STREAM_BLOCK * sizeof(*got));
		}
	}
}

static void check_blocks(const struct stream *s, const struct jpeg_wipe *how,
			 const struct buffer *out)
{
	struct jpeg_blocks *b = jpeg_blocks_open((const uint8_t *)out->data,
						 out->length, NULL);
	struct jpeg_blocks_row row;
	enum jpeg_blocks_got got;

	ck_assert_ptr_nonnull(b);
	while ((got = jpeg_blocks_next(b, &row, NULL)) == JPEG_BLOCKS_ROW)
		for (int i = 0; i < row.parts; i++)
			check_part(s, how, &row, i);
	ck_assert_int_eq(got, JPEG_BLOCKS_END);
	ck_assert_uint_eq(jpeg_blocks_length(b), out->length);
	jpeg_blocks_close(b);
}

/* libjpeg-turbo takes it, without a warning. */
static void check_decodes(const struct stream *s, const struct buffer *out)
{
	struct error err = { 0 };
	struct frame *f;

	if (s->spec->precision != 8)
		return;
	f = jpeg_decode((const uint8_t *)out->data, out->length, false, &err);
	ck_assert_msg(f != NULL, "%s", err.text);
	frame_free(f);
}

/* ---- random boxes ---- */

enum { ROUNDS = 20, BOXES = 3, TWINS = 50 };

static void random_boxes(const struct stream_spec *spec, uint32_t *random,
			 struct region box[BOXES], struct jpeg_wipe *how)
{
	how->region = box;
	how->regions = (size_t)(1 + random_below(random, BOXES));
	how->level = (enum jpeg_level)random_below(random, 3);
	for (int i = 0; i < BOXES; i++)
		box[i] = region_from_box(random_below(random, spec->columns),
					 random_below(random, spec->rows),
					 1 + random_below(random, 40),
					 1 + random_below(random, 30));
}

START_TEST(test_boxes)
{
	const struct stream_spec *spec = &forms[_i];
	uint32_t random = seed_of_run + (uint32_t)_i * 7919;

	for (int round = 0; round < ROUNDS; round++) {
		struct region box[BOXES];
		struct jpeg_wipe how = { .strict = round % 4 == 3 };
		struct jpeg_wiped done;
		struct stream s;
		struct buffer out;
		bool anew;

		random_boxes(spec, &random, box, &how);
		stream_make(&s, spec, random_next(&random), none, 0);
		out = wipe(&s.bytes, &how, &done);
		check_blocks(&s, &how, &out);
		check_decodes(&s, &out);
		anew = how.strict || spec->tables == STREAM_FULL;
		ck_assert_int_eq(done.method, anew ? METHOD_COEFFICIENTS :
						     METHOD_SPLICE);
		ck_assert_int_eq(done.huffman_tables,
				 !anew && spec->tables != STREAM_STANDARD);
		ck_assert_uint_eq(done.dropped, 0);
		buffer_done(&out);
		stream_done(&s);
	}
}
END_TEST

/* Nothing to blank: not a byte changes. */
START_TEST(test_no_box)
{
	struct jpeg_wipe how = { .regions = 0, .strict = true };
	struct jpeg_wiped done;
	struct stream s;
	struct buffer out;

	stream_make(&s, &forms[_i], 5, none, 0);
	out = wipe(&s.bytes, &how, &done);
	ck_assert_uint_eq(out.length, s.bytes.length);
	ck_assert_mem_eq(out.data, s.bytes.data, out.length);
	ck_assert(!done.huffman_tables);
	buffer_done(&out);
	stream_done(&s);
}
END_TEST

static bool same_bytes(const struct buffer *a, const struct buffer *b)
{
	return a->length == b->length && !memcmp(a->data, b->data, a->length);
}

/*
 * A stream and another that differs under the box alone.  Of one block with a
 * coarse quantiser both may be drawn alike: then the next is drawn.
 */
static void make_twins(struct stream *a, struct stream *b,
		       const struct stream_spec *spec, struct region box,
		       uint32_t seed)
{
	uint32_t next = seed + 2;

	stream_make(a, spec, seed, box, seed + 1);
	stream_make(b, spec, seed, box, next);
	while (same_bytes(&a->bytes, &b->bytes)) {
		stream_done(b);
		ck_assert_uint_lt(next - seed, TWINS);
		stream_make(b, spec, seed, box, ++next);
	}
}

/* What differs only under the mask comes out the same, byte by byte. */
START_TEST(test_twins)
{
	uint32_t random = seed_of_run + (uint32_t)_i * 104729;

	for (int round = 0; round < ROUNDS; round++) {
		struct region box[BOXES];
		struct jpeg_wipe how = { .strict = round % 2 };
		struct jpeg_wiped done;
		struct stream a, b;
		struct buffer x, y;
		uint32_t seed = random_next(&random);

		random_boxes(&forms[_i], &random, box, &how);
		how.regions = 1;
		make_twins(&a, &b, &forms[_i], box[0], seed);
		x = wipe(&a.bytes, &how, &done);
		y = wipe(&b.bytes, &how, &done);
		ck_assert(same_bytes(&x, &y));
		buffer_done(&x);
		buffer_done(&y);
		stream_done(&a);
		stream_done(&b);
	}
}
END_TEST

/* ---- damage ---- */

/* Does the other reader take all of it? */
static bool is_whole(const struct buffer *in)
{
	struct jpeg_blocks *b = jpeg_blocks_open((const uint8_t *)in->data,
						 in->length, NULL);
	enum jpeg_blocks_got got = b ? JPEG_BLOCKS_ROW : JPEG_BLOCKS_FAILED;
	struct jpeg_blocks_row row;

	while (got == JPEG_BLOCKS_ROW)
		got = jpeg_blocks_next(b, &row, NULL);
	jpeg_blocks_close(b);
	return got == JPEG_BLOCKS_END;
}

/* Refused, or as whole as it was. */
static void try_damaged(const struct buffer *in, const struct jpeg_wipe *how)
{
	struct buffer out = { 0 };
	struct jpeg_wiped done;
	struct error err = { 0 };

	if (!jpeg_wipe((const uint8_t *)in->data, in->length, how, collect,
		       &out, &done, &err))
		ck_assert_int_eq(err.code, ERR_REFUSED);
	else if (is_whole(in))
		ck_assert(is_whole(&out));
	buffer_done(&out);
}

START_TEST(test_truncated)
{
	struct region box = { 0, 0, 9, 9 };
	struct jpeg_wipe how = { .region = &box, .regions = 1 };
	struct jpeg_wiped done;
	struct error err = { 0 };
	struct buffer out = { 0 };
	struct stream s;

	stream_make(&s, &forms[_i], 9, none, 0);
	for (size_t cut = 0; cut < s.bytes.length; cut += cut < 600 ? 1 : 97) {
		uint8_t *part = malloc(cut ? cut : 1);

		memcpy(part, s.bytes.data, cut);
		err.code = ERR_NONE;
		ck_assert(!jpeg_wipe(part, cut, &how, collect, &out, &done,
				     &err));
		ck_assert_int_eq(err.code, ERR_REFUSED);
		free(part);
	}
	buffer_done(&out);
	stream_done(&s);
}
END_TEST

START_TEST(test_mutated)
{
	uint32_t random = seed_of_run + (uint32_t)_i * 15485863;
	struct stream s;

	stream_make(&s, &forms[_i], 11, none, 0);
	for (int round = 0; round < 300; round++) {
		struct region box[BOXES];
		struct jpeg_wipe how = { .strict = round % 3 == 0 };
		size_t at = (size_t)random_below(&random,
						 (int)s.bytes.length);
		char was = s.bytes.data[at];

		random_boxes(&forms[_i], &random, box, &how);
		s.bytes.data[at] = (char)random_next(&random);
		try_damaged(&s.bytes, &how);
		s.bytes.data[at] = was;
	}
	stream_done(&s);
}
END_TEST

/* A stream whose scan holds more or less than its MCUs is refused, if only
 * its end is read: the box is there. */
START_TEST(test_left_over)
{
	struct region box = { 88, 56, 93, 61 };
	struct jpeg_wipe how = { .region = &box, .regions = 1 };
	struct jpeg_wiped done;
	struct error err = { 0 };
	struct buffer out = { 0 }, more = { 0 };
	struct stream s;

	stream_make(&s, &forms[0], 13, none, 0);
	buffer_append(&more, s.bytes.data, s.bytes.length - 2);
	buffer_append(&more, "PLANTED", 7);
	buffer_append(&more, "\xff\xd9", 2);
	ck_assert(!jpeg_wipe((const uint8_t *)more.data, more.length, &how,
			     collect, &out, &done, &err));
	ck_assert_int_eq(err.code, ERR_REFUSED);
	ck_assert_int_eq(err.reason, REASON_DAMAGED);
	buffer_done(&more);
	buffer_done(&out);
	stream_done(&s);
}
END_TEST

/* ---- real pictures ---- */

/* Random boxes on a file, through mask_run() and verify. */
static void mask_file(const char *path, uint32_t *random)
{
	FILE *file = fopen(path, "rb");
	struct image *image = file ? image_open(fileno(file), NULL) : NULL;

	ck_assert_ptr_nonnull(image);
	for (int i = 0; i < 3; i++) {
		const struct image_info *info = image_info(image);
		struct box box;
		struct region r = region_from_box(
			random_below(random, info->columns),
			random_below(random, info->rows),
			1 + random_below(random, 200),
			1 + random_below(random, 100));
		struct box_list boxes = one_box(&box, r, 1);
		struct mask_report report;

		close(mask_and_verify(fileno(file), &boxes, &report));
		ck_assert_int_eq(report.outside, OUTSIDE_COEFFICIENTS);
	}
	image_close(image);
	fclose(file);
}

static const char *const reals[] = {
	"exif_Canon_40D", "exif_DSCN0010", "exif_landscape_6",
	"iso10918_a1", "jd_16bit-qtables", "jd_jpg-cmyk-1",
	"jd_jpg-gray", "jd_jpg-progressive",
	"jd_non-interleaved-mcu", "jd_restarts", "jd_rgb",
	"pil_hopper_orientation_6", "pil_icc_profile_big",
	"pil_pil_sample_cmyk", "th_cmyk", "th_grayscale-icc",
	"turbo_testimgari", "turbo_testorig",
};

/* The data set lies beside the tree, or where SUMI_DATA says. */
START_TEST(test_real)
{
	const char *data = getenv("SUMI_DATA"), *top = getenv("top_srcdir");
	uint32_t random = seed_of_run + (uint32_t)_i * 32452843;
	char path[4096];

	if (data)
		snprintf(path, sizeof(path), "%s/jpeg/%s.jpg", data,
			 reals[_i]);
	else
		snprintf(path, sizeof(path), "%s/../shared/data/jpeg/%s.jpg",
			 top ? top : ".", reals[_i]);
	if (access(path, R_OK))
		printf("skipped: no data set (SUMI_DATA)\n");
	else
		mask_file(path, &random);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("splice");
	TCase *tcase = tcase_create("splice");

	set_seed();
	printf("SUMI_SEED=%lu\n", (unsigned long)seed_of_run);
	add_rows_test(tcase, test_boxes, forms);
	add_rows_test(tcase, test_no_box, forms);
	add_rows_test(tcase, test_twins, forms);
	add_rows_test(tcase, test_truncated, forms);
	add_rows_test(tcase, test_mutated, forms);
	tcase_add_test(tcase, test_left_over);
	add_rows_test(tcase, test_real, reals);
	suite_add_tcase(suite, tcase);
	return support_run(suite);
}

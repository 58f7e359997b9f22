/* check_stored.c - proposals kept in the worklist: back as they were, without
 * text, and never more than was checked. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "process/stored.h"
#include "tests/support.h"

enum { COLUMNS = 100, ROWS = 60, FRAMES = 9 };

static const struct stored_origin origin = {
	.sha256 = { 1, 2, 3 }, .by = "0.1.0+1f2e3d4c",
	.policy = "0123456789abcdef", .columns = COLUMNS, .rows = ROWS,
	.frames = FRAMES,
};

static void fill(struct proposals *p, struct buffer *blob)
{
	static const int planes[] = { PLANE_PICTURE, PLANE_BITS, 0x6002 };

	*p = (struct proposals){ .text = CHECK_DONE, .faces = CHECK_GATED,
				 .frames_read = FRAMES, .ink_columns = 7,
				 .ink_rows = 4 };
	p->ink = calloc(28, 1);
	ck_assert_ptr_nonnull(p->ink);
	p->ink[5] = 1;
	for (int i = 0; i < 3; i++) {
		struct box b = {
			.region = { i, 2 * i, 40 + i, 20 }, .frame0 = i,
			.frame1 = 8, .plane = planes[i],
			.kind = KIND_TEXT, .class_ = CLASS_OTHER,
			.source = SOURCE_OCR, .tier = (enum box_tier)i,
			.score = 900, .confidence = 77, .latin = true,
			.letter_height = 12, .differs = i == 1,
			.why = "read", .text = "YAMADA TARO",
		};

		ck_assert(box_list_add(&p->boxes, &b));
	}
	ck_assert(stored_pack(&origin, p, blob));
}

START_TEST(comes_back)
{
	struct buffer blob = { 0 };
	struct proposals p, q;
	struct stored_origin o;

	fill(&p, &blob);
	for (size_t i = 0; i + 6 < blob.length; i++)
		ck_assert(memcmp(blob.data + i, "YAMADA", 6) != 0);
	ck_assert(stored_unpack(&blob, &o, &q));
	ck_assert_mem_eq(&o, &origin, sizeof(o));
	ck_assert_uint_eq(q.boxes.count, 3);
	for (size_t i = 0; i < 3; i++) {
		struct box b = p.boxes.box[i];

		memset(b.text, 0, sizeof(b.text));
		ck_assert(region_equal(q.boxes.box[i].region, b.region));
		ck_assert_str_eq(q.boxes.box[i].why, "read");
		ck_assert_str_eq(q.boxes.box[i].text, "");
		ck_assert_int_eq(q.boxes.box[i].plane, b.plane);
		ck_assert_int_eq((int)q.boxes.box[i].tier, (int)b.tier);
		ck_assert_int_eq(q.boxes.box[i].differs, b.differs);
		ck_assert_int_eq(q.boxes.box[i].confidence, 77);
	}
	ck_assert_int_eq(q.frames_read, FRAMES);
	ck_assert_int_eq((int)q.faces, (int)CHECK_GATED);
	ck_assert_int_eq(q.ink_columns, 7);
	ck_assert_mem_eq(q.ink, p.ink, 28);
	proposals_done(&q);
	proposals_done(&p);
	buffer_done(&blob);
}
END_TEST

/* Cut anywhere, it is none. */
START_TEST(cut)
{
	struct buffer blob = { 0 }, part;
	struct stored_origin o;
	struct proposals p, q;

	fill(&p, &blob);
	part = blob;
	for (part.length = 0; part.length < blob.length; part.length++)
		ck_assert(!stored_unpack(&part, &o, &q));
	buffer_puts(&blob, "x");
	ck_assert(!stored_unpack(&blob, &o, &q));
	proposals_done(&p);
	buffer_done(&blob);
}
END_TEST

/* Changed anywhere, it is none or lies within its picture. */
START_TEST(changed)
{
	struct buffer blob = { 0 };
	struct stored_origin o;
	struct proposals p, q;

	fill(&p, &blob);
	for (size_t i = 0; i < blob.length; i++) {
		blob.data[i] = (char)(blob.data[i] ^ 0x5b);
		if (stored_unpack(&blob, &o, &q)) {
			for (size_t k = 0; k < q.boxes.count; k++) {
				const struct box *b = &q.boxes.box[k];

				ck_assert(region_contains((struct region){
					0, 0, o.columns, o.rows }, b->region));
				ck_assert(!region_empty(b->region));
				ck_assert(b->frame0 >= 0 &&
					  b->frame0 <= b->frame1 &&
					  b->frame1 < o.frames);
			}
			proposals_done(&q);
		}
		blob.data[i] = (char)(blob.data[i] ^ 0x5b);
	}
	proposals_done(&p);
	buffer_done(&blob);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("stored");
	TCase *c = tcase_create("stored");

	tcase_add_test(c, comes_back);
	tcase_add_test(c, cut);
	tcase_add_test(c, changed);
	suite_add_tcase(s, c);
	return support_run(s);
}

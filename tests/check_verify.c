/* check_verify.c - what is wrong with a masked copy is found and classed. */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "image/image.h"
#include "pictures.h"
#include "support.h"

enum form { FORM_16, FORM_RGB, FORM_BITS, FORM_PNG, FORM_PALETTE, FORM_JPEG,
	    FORM_PROGRESSIVE, FORMS };

static int make_form(enum form form)
{
	static const struct noise noise = { .seed = 5 };
	static const struct dicom_spec dicom[] = {
		[FORM_16] = { 37, 21, 2, 1, 16, 12, 11, 0, 0, "MONOCHROME2",
			      DICOM_EXPLICIT, .padding = 0 },
		[FORM_RGB] = { 37, 21, 1, 3, 8, 8, 7, 0, 0, "RGB",
			       DICOM_IMPLICIT, .padding = 0 },
		[FORM_BITS] = { 37, 21, 5, 1, 1, 1, 0, 0, 0, "MONOCHROME2",
				DICOM_EXPLICIT, .padding = 0 },
	};
	static const struct png_spec png = { 37, 21, 8, 2, false, false,
					     true };
	static const struct png_spec palette = { 37, 21, 4, 3, true, true,
						 true };
	static const struct jpeg_spec jpeg = { 61, 41, JPEG_YCC, 2, 2, 75,
					       .extras = true };
	static const struct jpeg_spec progressive = {
		61, 41, JPEG_YCC, 1, 1, 75, .progressive = true };

	switch (form) {
	case FORM_PNG: return make_png(&png, &noise);
	case FORM_PALETTE: return make_png(&palette, &noise);
	case FORM_JPEG: return make_jpeg(&jpeg, &noise);
	case FORM_PROGRESSIVE: return make_jpeg(&progressive, &noise);
	default: return make_dicom_picture(&dicom[form], &noise);
	}
}

static const int frames_of[FORMS] = { 2, 1, 5, 1, 1, 1, 1 };
static const struct region masked = { 9, 5, 20, 14 };

/* A masked copy of a form, to be changed. */
struct copy {
	int in;
	struct box box;
	struct box_list boxes;
	unsigned char *data;
	size_t length;
};

static struct copy *make_copy(enum form form)
{
	struct copy *c = calloc(1, sizeof(*c));
	struct mask_report report;
	int out;

	c->in = make_form(form);
	c->boxes = one_box(&c->box, masked, frames_of[form]);
	out = mask_and_verify(c->in, &c->boxes, &report);
	c->data = slurp(out, &c->length);
	/* room for what a test adds */
	c->data = realloc(c->data, c->length + 4096);
	ck_assert_ptr_nonnull(c->data);
	close(out);
	return c;
}

static void free_copy(struct copy *c)
{
	close(c->in);
	free(c->data);
	free(c);
}

static struct verify_result check_copy(const struct copy *c,
				       const struct mask_job *job)
{
	struct verify_result result;
	struct error err = { 0 };
	int out = memory_of(c->data, c->length);

	if (!verify_run(c->in, out, TAGS_MHLW, job, &c->boxes, &result, NULL,
			NULL, &err))
		ck_abort_msg("%s", err.text);
	close(out);
	return result;
}

/*
 * Bytes changed one at a time; SUMI_LONG: all of them.  quiet: how many of all
 * may pass, as they mean nothing: bytes that pad a value, and codes of a
 * Huffman table that no block uses; the log's hash finds those.
 */
static const struct { enum form form; int quiet; } bytes[] = {
	{ FORM_16, 6 }, { FORM_RGB, 6 }, { FORM_BITS, 6 }, { FORM_PNG, 0 },
	{ FORM_PALETTE, 0 }, { FORM_JPEG, 300 }, { FORM_PROGRESSIVE, 12 },
};

/* A prime, so that the bytes of a number take turns. */
static size_t byte_step(void)
{
	return getenv("SUMI_LONG") ? 1 : 13;
}

/* They don't lie evenly: twice as many of those that are tried. */
static int most_quiet(int of_all)
{
	int step = (int)byte_step();

	return step > 1 && of_all ? 1 + 2 * of_all / step : of_all;
}

START_TEST(test_every_byte)
{
	struct copy *c = make_copy(bytes[_i].form);
	int quiet = 0;

	for (size_t i = 0; i < c->length; i += byte_step()) {
		struct verify_result r;

		c->data[i] ^= 0x11;
		r = check_copy(c, &test_job);
		c->data[i] ^= 0x11;
		quiet += r.status == VERIFY_OK;
		ck_assert_int_eq(r.status == VERIFY_OK,
				 r.class_ == VERIFY_NONE);
	}
	ck_assert_int_le(quiet, most_quiet(bytes[_i].quiet));
	free_copy(c);
}
END_TEST

/* Anything after the end. */
START_TEST(test_trailer)
{
	struct copy *c = make_copy((enum form)_i);
	struct verify_result r;

	/* trailing padding of DICOM; the other formats know no more */
	if (_i == FORM_RGB)
		memcpy(c->data + c->length, "\xfc\xff\xfc\xff\4\0\0\0ABCD",
		       12);
	else
		memcpy(c->data + c->length,
		       "\xfc\xff\xfc\xffOB\0\0\4\0\0\0ABCD", 16);
	c->length += _i == FORM_RGB ? 12 : 16;
	r = check_copy(c, &test_job);
	ck_assert_int_eq(r.status, VERIFY_FAILED);
	ck_assert_int_eq(r.class_, VERIFY_TRAILER);
	free_copy(c);
}
END_TEST

/* One stored bit inside and outside, with the place. */
static const struct {
	int frame, x, y;
	enum verify_class class_;
} places[] = {
	{ 0, 9, 5, VERIFY_INSIDE }, { 1, 19, 13, VERIFY_INSIDE },
	{ 0, 8, 5, VERIFY_OUTSIDE }, { 1, 20, 13, VERIFY_OUTSIDE },
	{ 1, 19, 14, VERIFY_OUTSIDE }, { 1, 36, 20, VERIFY_OUTSIDE },
};

START_TEST(test_places)
{
	struct copy *c = make_copy(FORM_16);
	size_t pixels = 37 * 21, at = c->length - 4 * pixels;
	struct verify_result r;

	at += 2 * ((size_t)places[_i].frame * pixels +
		   (size_t)places[_i].y * 37 + (size_t)places[_i].x);
	c->data[at] ^= 1;
	r = check_copy(c, &test_job);
	ck_assert_int_eq(r.status, VERIFY_FAILED);
	ck_assert_int_eq(r.class_, places[_i].class_);
	ck_assert_int_eq(r.frame, places[_i].frame);
	ck_assert_int_eq(r.x, places[_i].x);
	ck_assert_int_eq(r.y, places[_i].y);
	free_copy(c);
}
END_TEST

START_TEST(test_unused_bits)
{
	struct copy *c = make_copy(FORM_16);
	struct verify_result r;

	c->data[c->length - 1] ^= 0x40;
	r = check_copy(c, &test_job);
	ck_assert_int_eq(r.class_, VERIFY_CARRIER);
	free_copy(c);
}
END_TEST

/* The input handed in as the output: nothing was done. */
static const enum verify_class untouched[FORMS] = {
	[FORM_16] = VERIFY_ATTRIBUTE, [FORM_RGB] = VERIFY_ATTRIBUTE,
	[FORM_BITS] = VERIFY_ATTRIBUTE, [FORM_PNG] = VERIFY_CARRIER,
	[FORM_PALETTE] = VERIFY_CARRIER, [FORM_JPEG] = VERIFY_CARRIER,
	[FORM_PROGRESSIVE] = VERIFY_INSIDE,
};

START_TEST(test_untouched)
{
	struct copy *c = make_copy((enum form)_i);
	struct verify_result r;

	free(c->data);
	c->data = slurp(c->in, &c->length);
	r = check_copy(c, &test_job);
	ck_assert_int_eq(r.status, VERIFY_FAILED);
	ck_assert_int_ne(r.class_, VERIFY_NONE);
	if (r.class_ != VERIFY_TRAILER)
		ck_assert_int_eq(r.class_, untouched[_i]);
	free_copy(c);
}
END_TEST

/* Insert bytes at offset. */
static void insert(struct copy *c, size_t offset, const void *data,
		   size_t length)
{
	memmove(c->data + offset + length, c->data + offset,
		c->length - offset);
	memcpy(c->data + offset, data, length);
	c->length += length;
}

/* What must not be in a copy, put in where it belongs. */
static const struct {
	enum form form;
	const char *before;             /* bytes that it is put before */
	size_t before_length;
	const char *bytes;
	size_t length;
	enum verify_class class_;
} planted[] = {
	{ FORM_JPEG, "\xff\xdb", 2, "\xff\xfe\0\6NAME", 8, VERIFY_CARRIER },
	{ FORM_JPEG, "\xff\xdb", 2, "\xff\xe1\0\6NAME", 8, VERIFY_CARRIER },
	{ FORM_JPEG, "\xff\xdb", 2, "\xff\xed\0\6NAME", 8, VERIFY_CARRIER },
	{ FORM_PROGRESSIVE, "\xff\xdb", 2, "\xff\xe0\0\6NAME", 8,
	  VERIFY_CARRIER },
	{ FORM_JPEG, "\xff\xd9", 2, "\xff\xfe\0\6NAME", 8, VERIFY_CARRIER },
	{ FORM_PNG, "\0\0\0\0IEND", 8, "\0\0\0\4tIMEname\x50\x7c\xc1\x7e", 16,
	  VERIFY_FORMAT },              /* a wrong CRC too */
	/* OtherPatientNames, a private group, an overlay, an icon */
	{ FORM_16, "\x10\0\x20\0LO", 6, "\x10\0\x01\0PN\4\0NAME", 12,
	  VERIFY_ATTRIBUTE },
	{ FORM_16, "\x10\0\x20\0LO", 6, "\x0f\0\x10\0LO\4\0NAME", 12,
	  VERIFY_CARRIER },
	{ FORM_16, "\xe0\x7f\x10\0OW", 6, "\0\x60\x22\0LO\4\0NAME", 12,
	  VERIFY_CARRIER },
	{ FORM_16, "\xe0\x7f\x10\0OW", 6, "\x88\0\0\2SQ\0\0\0\0\0\0", 12,
	  VERIFY_CARRIER },
	{ FORM_16, "\xe0\x7f\x10\0OW", 6, "\0\4\x61\5SQ\0\0\0\0\0\0", 12,
	  VERIFY_CARRIER },
};

START_TEST(test_planted)
{
	struct copy *c = make_copy(planted[_i].form);
	unsigned char *at = memmem(c->data, c->length, planted[_i].before,
				   planted[_i].before_length);
	struct verify_result r;

	ck_assert_ptr_nonnull(at);
	insert(c, (size_t)(at - c->data), planted[_i].bytes,
	       planted[_i].length);
	r = check_copy(c, &test_job);
	ck_assert_int_eq(r.status, VERIFY_FAILED);
	ck_assert_str_eq(verify_class_name[r.class_],
			 verify_class_name[planted[_i].class_]);
	free_copy(c);
}
END_TEST

/*
 * Bytes before EOI that no code needs: the picture can't be read strictly.
 * With a box mask refuses it, without one verify does, and a right copy of the
 * sound picture is no copy of it.
 */
START_TEST(test_extraneous)
{
	struct copy *c = make_copy(FORM_JPEG);
	struct box_list none = { 0 };
	struct mask_report report;
	struct verify_result result;
	struct error err = { 0 };
	int in, out = memory_file();

	free(c->data);
	c->data = slurp(c->in, &c->length);
	c->data = realloc(c->data, c->length + 3);
	ck_assert_ptr_nonnull(c->data);
	insert(c, (size_t)((unsigned char *)memmem(c->data, c->length,
						   "\xff\xd9", 2) - c->data),
	       "\x12\x34\x56", 3);
	in = memory_of(c->data, c->length);
	ck_assert(!mask_run(in, out, &test_job, &c->boxes, &report, NULL, NULL,
			    &err));
	ck_assert_int_eq(reason_code(err.reason), REFUSAL_DAMAGED);
	close(out);
	out = memory_file();
	err = (struct error){ 0 };
	if (mask_run(in, out, &test_job, &none, &report, NULL, NULL, &err))
		ck_assert(!verify_run(in, out, TAGS_MHLW, &test_job, &none,
				      &result, NULL, NULL, &err));
	ck_assert_int_eq(reason_code(err.reason), REFUSAL_DAMAGED);
	close(in);
	close(out);
	free_copy(c);
}
END_TEST

/* Values put back, found with and without the key of the writer. */
static const struct {
	const char *now, *put;
	bool keyless;                   /* found without the key */
} put_back[] = {
	{ "DA\010\00020231206", "DA\010\00020240315", false },
	{ "DA\010\00019300501", "DA\010\00019300523", true },
	{ "AS\004\000089Y", "AS\004\000093Y", true },
	{ "LO\020\000P0123456789abcde", "LO\020\000PLANTED1        ", true },
	{ "ST\020\0001 boxes blanked ", "ST\020\000Yamada Taro 1930", true },
	{ "CS\010\000MODIFIED", "CS\010\000REMOVED ", true },
};

START_TEST(test_put_back)
{
	struct copy *c = make_copy(FORM_16);
	size_t length = 4 + (size_t)(unsigned char)put_back[_i].now[2];
	unsigned char *at = memmem(c->data, c->length, put_back[_i].now,
				   length);
	struct verify_result r;

	ck_assert_ptr_nonnull(at);
	memcpy(at, put_back[_i].put, length);
	r = check_copy(c, &test_job);
	ck_assert_int_eq(r.class_, VERIFY_ATTRIBUTE);
	r = check_copy(c, NULL);
	ck_assert_int_eq(r.status == VERIFY_FAILED, put_back[_i].keyless);
	free_copy(c);
}
END_TEST

/* A right copy passes without the key too. */
START_TEST(test_keyless)
{
	struct copy *c = make_copy((enum form)_i);

	ck_assert_int_eq(check_copy(c, NULL).status, VERIFY_OK);
	free_copy(c);
}
END_TEST

/* Other boxes than those masked. */
START_TEST(test_other_boxes)
{
	struct copy *c = make_copy((enum form)_i);
	struct verify_result r;

	c->box.region.x1 += 16;
	r = check_copy(c, &test_job);
	ck_assert_int_eq(r.class_, VERIFY_INSIDE);
	c->box.region = (struct region){ 0, 0, 1, 1 };
	r = check_copy(c, &test_job);
	ck_assert(r.class_ == VERIFY_OUTSIDE || r.class_ == VERIFY_INSIDE);
	free_copy(c);
}
END_TEST

/* Only a lossy JPEG may come out as Explicit VR Little Endian: the same samples
 * in that syntax are no copy of a file in another. */
START_TEST(test_other_syntax)
{
	static const enum dicom_order orders[] = { DICOM_IMPLICIT, DICOM_BIG,
						   DICOM_DEFLATED };
	struct dicom_spec spec = { .columns = 24, .rows = 20, .frames = 1,
				   .samples = 1, .allocated = 8, .stored = 8,
				   .high = 7, .photometric = "MONOCHROME2",
				   .order = DICOM_EXPLICIT };
	const struct noise noise = { .seed = 7 };
	struct box box;
	struct box_list boxes = one_box(&box, (struct region){ 3, 3, 9, 8 },
					1);
	struct mask_report report;
	struct verify_result result;
	struct error err = { 0 };
	int explicit = make_dicom_picture(&spec, &noise), in;
	int out = mask_and_verify(explicit, &boxes, &report);

	spec.order = orders[_i];
	in = make_dicom_picture(&spec, &noise);
	ck_assert_msg(verify_run(in, out, TAGS_MHLW, &test_job, &boxes,
				 &result, NULL, NULL, &err), "%s", err.text);
	ck_assert_int_eq(result.status, VERIFY_FAILED);
	ck_assert_int_eq(result.class_, VERIFY_FORMAT);
	close(explicit);
	close(in);
	close(out);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("verify");
	TCase *tcase = tcase_create("verify");

	image_warm_up(NULL);            /* silences DCMTK */
	tcase_set_timeout(tcase, byte_step() > 1 ? 120 : 900);
	add_rows_test(tcase, test_every_byte, bytes);
	tcase_add_loop_test(tcase, test_trailer, 0, FORMS);
	add_rows_test(tcase, test_places, places);
	tcase_add_test(tcase, test_unused_bits);
	tcase_add_loop_test(tcase, test_untouched, 0, FORMS);
	add_rows_test(tcase, test_planted, planted);
	tcase_add_test(tcase, test_extraneous);
	add_rows_test(tcase, test_put_back, put_back);
	tcase_add_loop_test(tcase, test_keyless, 0, FORMS);
	tcase_add_loop_test(tcase, test_other_boxes, 0, FORMS);
	tcase_add_loop_test(tcase, test_other_syntax, 0, 3);
	suite_add_tcase(suite, tcase);
	return support_run(suite);
}

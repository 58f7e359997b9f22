/* check_mask.c - masking uncompressed DICOM of every pixel form. */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "image/image.h"
#include "pictures.h"
#include "support.h"

/* The fill that DESIGN 6 says for each form. */
static const struct {
	struct dicom_spec spec;
	int fills;
	long long fill[3];
	unsigned dropped;
} forms[] = {
	{ { 37, 21, 1, 1, 8, 8, 7, 0, 0, "MONOCHROME2",
	    DICOM_EXPLICIT, .padding = 0 },
	  1, { 0 }, 0 },
	{ { 37, 21, 3, 1, 8, 8, 7, 0, 0, "MONOCHROME1",
	    DICOM_EXPLICIT, .padding = 0 },
	  1, { 255 }, 0 },
	{ { 37, 21, 3, 1, 16, 12, 11, 0, 0, "MONOCHROME2", DICOM_IMPLICIT,
	    .stray_bits = true }, 1, { 0 }, DROPPED_UNUSED_BITS },
	{ { 37, 21, 1, 1, 16, 12, 11, 0, 0, "MONOCHROME1", DICOM_BIG,
	    .stray_bits = true }, 1, { 4095 }, DROPPED_UNUSED_BITS },
	{ { 37, 21, 1, 1, 16, 12, 15, 0, 0, "MONOCHROME2", DICOM_EXPLICIT,
	    .stray_bits = true }, 1, { 0 }, DROPPED_UNUSED_BITS },
	{ { 37, 21, 2, 1, 16, 12, 11, 1, 0, "MONOCHROME2", DICOM_EXPLICIT,
	    .window = "40" }, 1, { -10 }, 0 },
	{ { 37, 21, 2, 1, 16, 12, 11, 1, 0, "MONOCHROME2", DICOM_EXPLICIT,
	    .window = "40", .stray_bits = true }, 1, { -10 },
	  DROPPED_UNUSED_BITS },
	{ { 37, 21, 2, 1, 16, 16, 15, 1, 0, "MONOCHROME1", DICOM_IMPLICIT,
	    .window = "40" }, 1, { 89 }, 0 },
	{ { 37, 21, 1, 1, 16, 16, 15, 1, 0, "MONOCHROME2", DICOM_BIG,
	    .padding = 0x8001 }, 1, { -32767 }, 0 },
	{ { 37, 21, 1, 1, 16, 12, 11, 0, 0, "MONOCHROME2", DICOM_EXPLICIT,
	    .padding = 77 }, 1, { 77 }, 0 },
	{ { 37, 21, 2, 1, 32, 32, 31, 0, 0, "MONOCHROME2",
	    DICOM_EXPLICIT, .padding = 0 },
	  1, { 0 }, 0 },
	{ { 37, 21, 2, 3, 8, 8, 7, 0, 0, "RGB", DICOM_EXPLICIT, .padding = 0 },
	  3, { 0, 0, 0 }, 0 },
	{ { 37, 21, 2, 3, 8, 8, 7, 0, 1, "RGB", DICOM_IMPLICIT, .padding = 0 },
	  3, { 0, 0, 0 }, 0 },
	{ { 37, 21, 1, 3, 8, 8, 7, 0, 0, "RGB", DICOM_BIG, .padding = 0 },
	  3, { 0, 0, 0 }, 0 },
	{ { 37, 21, 1, 3, 16, 16, 15, 0, 1, "RGB",
	    DICOM_EXPLICIT, .padding = 0 },
	  3, { 0, 0, 0 }, 0 },
	{ { 37, 21, 2, 3, 8, 8, 7, 0, 0, "YBR_FULL",
	    DICOM_EXPLICIT, .padding = 0 },
	  3, { 0, 128, 128 }, 0 },
	{ { 37, 21, 2, 3, 8, 8, 7, 0, 1, "YBR_FULL",
	    DICOM_EXPLICIT, .padding = 0 },
	  3, { 0, 128, 128 }, 0 },
	{ { 38, 21, 2, 3, 8, 8, 7, 0, 0, "YBR_FULL_422",
	    DICOM_EXPLICIT, .padding = 0 },
	  3, { 0, 128, 128 }, 0 },
	{ { 37, 21, 2, 1, 8, 8, 7, 0, 0, "PALETTE COLOR",
	    DICOM_EXPLICIT, .padding = 0 },
	  1, { 96 }, 0 },
	{ { 37, 21, 1, 1, 8, 8, 7, 0, 0, "PALETTE COLOR",
	    DICOM_IMPLICIT, .padding = 0 },
	  1, { 96 }, 0 },
	{ { 37, 21, 5, 1, 1, 1, 0, 0, 0, "MONOCHROME2",
	    DICOM_EXPLICIT, .padding = 0 },
	  1, { 0 }, 0 },
	{ { 37, 21, 2, 1, 32, 32, 31, 0, 0, "MONOCHROME2", DICOM_EXPLICIT,
	    .is_float = true }, 1, { 0 }, 0 },
	{ { 37, 21, 2, 1, 64, 64, 63, 0, 0, "MONOCHROME2", DICOM_EXPLICIT,
	    .is_float = true }, 1, { 0 }, 0 },
	{ { 37, 21, 2, 1, 32, 32, 31, 0, 0, "MONOCHROME2", DICOM_BIG,
	    .is_float = true, .float_padding = -3.5 }, 1, { 0xc0600000 }, 0 },
	{ { 37, 21, 1, 1, 32, 32, 31, 0, 0, "MONOCHROME2", DICOM_EXPLICIT,
	    .is_float = true, .float_padding = (double)INFINITY },
	  1, { 0 }, 0 },
	{ { 37, 21, 1, 1, 64, 64, 63, 0, 0, "MONOCHROME2", DICOM_IMPLICIT,
	    .is_float = true, .float_padding = 0.5 },
	  1, { 0x3fe0000000000000 }, 0 },
	{ { 37, 21, 1, 1, 64, 64, 63, 0, 0, "MONOCHROME2", DICOM_DEFLATED,
	    .is_float = true, .float_padding = (double)NAN }, 1, { 0 }, 0 },
	{ { 37, 21, 3, 1, 16, 12, 11, 0, 0, "MONOCHROME1", DICOM_DEFLATED,
	    .stray_bits = true }, 1, { 4095 }, DROPPED_UNUSED_BITS },
	{ { 37, 21, 3, 3, 8, 8, 7, 0, 1, "RGB", DICOM_DEFLATED,
	    .extras = true }, 3, { 0, 0, 0 },
	  DROPPED_ICON | DROPPED_OVERLAY | DROPPED_PRIVATE |
	  DROPPED_PREAMBLE | DROPPED_PADDING | DROPPED_SIGNATURES },
	{ { 37, 21, 3, 1, 1, 1, 0, 0, 0, "MONOCHROME1", DICOM_DEFLATED,
	    .padding = 0 }, 1, { 1 }, 0 },
	{ { 37, 21, 3, 1, 16, 12, 11, 1, 0, "MONOCHROME2", DICOM_GE,
	    .window = "40", .stray_bits = true }, 1, { -10 },
	  DROPPED_UNUSED_BITS },
	{ { 37, 21, 2, 3, 16, 16, 15, 0, 1, "RGB", DICOM_GE,
	    .extras = true }, 3, { 0, 0, 0 },
	  DROPPED_ICON | DROPPED_OVERLAY | DROPPED_PRIVATE |
	  DROPPED_PREAMBLE | DROPPED_PADDING | DROPPED_SIGNATURES },
	{ { 37, 21, 1, 1, 32, 32, 31, 0, 0, "MONOCHROME1", DICOM_GE,
	    .padding = 0 }, 1, { 4294967295 }, 0 },
	{ { 37, 21, 2, 1, 32, 20, 25, 1, 0, "MONOCHROME2", DICOM_BIG,
	    .window = "40", .stray_bits = true }, 1, { -10 },
	  DROPPED_UNUSED_BITS },
	{ { 37, 21, 3, 1, 1, 1, 0, 0, 0, "MONOCHROME1", DICOM_BIG,
	    .padding = 0 }, 1, { 1 }, 0 },
	{ { 37, 21, 3, 1, 8, 6, 5, 0, 0, "MONOCHROME1", DICOM_BIG,
	    .stray_bits = true }, 1, { 63 }, DROPPED_UNUSED_BITS },
	{ { 37, 21, 2, 1, 16, 16, 15, 0, 0, "PALETTE COLOR", DICOM_EXPLICIT,
	    .palette = PALETTE_16 }, 1, { 1096 }, 0 },
	{ { 37, 21, 2, 1, 16, 16, 15, 0, 0, "PALETTE COLOR", DICOM_BIG,
	    .palette = PALETTE_16 }, 1, { 1096 }, 0 },
	{ { 37, 21, 2, 1, 8, 8, 7, 0, 0, "PALETTE COLOR", DICOM_EXPLICIT,
	    .palette = PALETTE_SEGMENTS }, 1, { 96 }, 0 },
	{ { 38, 21, 2, 3, 8, 8, 7, 0, 1, "YBR_FULL_422", DICOM_BIG,
	    .padding = 0 }, 3, { 0, 128, 128 }, 0 },
	{ { 701, 503, 2, 3, 8, 8, 7, 0, 1, "RGB",
	    DICOM_EXPLICIT, .padding = 0 },
	  3, { 0, 0, 0 }, 0 },
	{ { 1021, 803, 2, 1, 16, 12, 11, 0, 0, "MONOCHROME1",
	    DICOM_EXPLICIT, .padding = 0 }, 1, { 4095 }, 0 },
	{ { 37, 21, 2, 1, 16, 12, 11, 0, 0, "MONOCHROME2", DICOM_EXPLICIT,
	    .extras = true }, 1, { 0 },
	  DROPPED_ICON | DROPPED_OVERLAY | DROPPED_PRIVATE |
	  DROPPED_PREAMBLE | DROPPED_PADDING | DROPPED_SIGNATURES },
	{ { 37, 21, 2, 1, 16, 12, 11, 0, 0, "MONOCHROME2", DICOM_IMPLICIT,
	    .extras = true }, 1, { 0 },
	  DROPPED_ICON | DROPPED_OVERLAY | DROPPED_PRIVATE |
	  DROPPED_PREAMBLE | DROPPED_PADDING | DROPPED_SIGNATURES },
};

static const struct noise noise = { .seed = 4711 };

static double sample_at(const struct frame *f, int x, int y, int s)
{
	size_t i = ((size_t)y * (size_t)f->columns + (size_t)x) *
		   (size_t)f->samples + (size_t)s;

	switch (f->type) {
	case SAMPLE_U8: return ((const uint8_t *)f->sample)[i];
	case SAMPLE_U16: return ((const uint16_t *)f->sample)[i];
	case SAMPLE_S16: return ((const int16_t *)f->sample)[i];
	case SAMPLE_U32: return ((const uint32_t *)f->sample)[i];
	case SAMPLE_S32: return ((const int32_t *)f->sample)[i];
	case SAMPLE_F32: return ((const float *)f->sample)[i];
	case SAMPLE_F64: return ((const double *)f->sample)[i];
	case SAMPLE_TYPES: break;
	}
	return -1;
}

/* Of float pixels the fill is the bits. */
static double fill_value(enum sample_type type, long long fill)
{
	uint32_t low = (uint32_t)fill;
	float single;
	double wide;

	memcpy(&single, &low, sizeof(single));
	memcpy(&wide, &fill, sizeof(wide));
	return type == SAMPLE_F32 ? (double)single :
	       type == SAMPLE_F64 ? wide : (double)fill;
}

START_TEST(test_forms)
{
	struct box box;
	struct region r = { 9, 5, 30, 18 };
	int frames = forms[_i].spec.frames;
	struct box_list boxes = one_box(&box, r, frames);
	struct mask_report report;
	int in = make_dicom_picture(&forms[_i].spec, &noise);
	int out = mask_and_verify(in, &boxes, &report);
	struct image *image = image_open(out, NULL);
	const long long *fill = forms[_i].fill;

	ck_assert_int_eq(report.fills, forms[_i].fills);
	ck_assert_uint_eq(report.dropped, forms[_i].dropped);
	ck_assert_int_eq(report.frames_touched, frames);
	ck_assert_int_eq(report.method, METHOD_STREAM);
	ck_assert_uint_eq(report.overlays, forms[_i].spec.extras ? 2 : 0);
	for (int i = 0; i < frames; i++) {
		struct frame *f = image_frame(image, i, NULL);

		for (int y = r.y0; y < r.y1; y++)
			for (int x = r.x0; x < r.x1; x++)
				for (int s = 0; s < f->samples; s++)
					ck_assert_double_eq(
						sample_at(f, x, y, s),
						fill_value(f->type, fill[s]));
		frame_free(f);
	}
	image_close(image);
	close(in);
	close(out);
}
END_TEST

/* No carrier, no text of the patient; a control on the input. */
START_TEST(test_planted_goes)
{
	struct box_list none = { 0 };
	struct mask_report report;
	int in = make_dicom_picture(&forms[_i].spec, &noise);
	int out = mask_and_verify(in, &none, &report);
	bool deflated = forms[_i].spec.order == DICOM_DEFLATED;
	unsigned char *(*read)(int fd, size_t *length) =
		deflated ? slurp_inflated : slurp;
	size_t length;
	unsigned char *data = read(in, &length);

	ck_assert_ptr_nonnull(memmem(data, length, "PLANTED", 7));
	free(data);
	data = read(out, &length);
	ck_assert_ptr_null(memmem(data, length, "PLANTED", 7));
	ck_assert_ptr_null(memmem(data, length, "20240315", 8));
	ck_assert_ptr_null(memmem(data, length, "1.2.3.4", 7));
	free(data);
	close(in);
	close(out);
}
END_TEST

static const struct {
	const char *path, *value;       /* NULL: absent or empty */
} attributes[] = {
	{ "00100010", NULL }, { "00100020", "P0123456789abcde" },
	{ "00100030", "19300501" }, { "00101010", "089Y" },
	{ "00080020", "20231206" }, { "00080030", "101112" },
	{ "00080050", NULL }, { "00200010", NULL }, { "00081030", NULL },
	{ "00080060", "OT" }, { "00280301", NULL }, { "00280106", NULL },
	{ "00280303", "MODIFIED" }, { "00082111", "1 boxes blanked" },
	{ "00089215[0].00080100", "113047" }, { "00120062", NULL },
	{ "00120064[0].00080100", "113107" }, { "00120064[1].00080100", NULL },
	{ "00120063", NULL },
};

START_TEST(test_attributes)
{
	struct box box;
	struct box_list boxes = one_box(&box, (struct region){ 0, 0, 3, 3 }, 1);
	struct mask_report report;
	int in = make_dicom_picture(&forms[0].spec, &noise);
	int out = mask_and_verify(in, &boxes, &report);
	struct image *image = image_open(out, NULL);
	char *value = image_attribute(image, attributes[_i].path);

	if (attributes[_i].value)
		ck_assert_str_eq(value, attributes[_i].value);
	else
		ck_assert_ptr_null(value);
	free(value);
	image_close(image);
	close(in);
	close(out);
}
END_TEST

/* What a verdict adds. */
static const struct {
	const char *path, *value;
} verdict[] = {
	{ "00280301", "NO" }, { "00120062", "YES" },
	{ "00120063", "suminuri " PACKAGE_VERSION ", profile mhlw" },
	{ "00280303", "MODIFIED" }, { "00120064[0].00080100", "113101" },
	{ "00120064[1].00080100", "113107" },
};

START_TEST(test_verdict)
{
	struct box_list none = { 0 };
	struct mask_job job = test_job;
	struct mask_report report;
	struct verify_result result;
	struct error err = { 0 };
	int in = make_dicom_picture(&forms[0].spec, &noise);
	int out = memory_file();
	struct image *image;
	char *value;

	job.reviewed = true;
	ck_assert(mask_run(in, out, &job, &none, &report, NULL, NULL, &err));
	ck_assert(verify_run(in, out, TAGS_MHLW, &job, &none, &result, NULL,
			     NULL, &err));
	ck_assert_int_eq(result.status, VERIFY_OK);
	/* said without a verdict */
	job.reviewed = false;
	ck_assert(verify_run(in, out, TAGS_MHLW, &job, &none, &result, NULL,
			     NULL, &err));
	ck_assert_int_eq(result.class_, VERIFY_ATTRIBUTE);
	image = image_open(out, NULL);
	value = image_attribute(image, verdict[_i].path);
	ck_assert_str_eq(value, verdict[_i].value);
	free(value);
	image_close(image);
	close(in);
	close(out);
}
END_TEST

/* A verdict is written; the profile keep leaves names and dates alone. */
START_TEST(test_reviewed_and_keep)
{
	struct box_list none = { 0 };
	struct mask_job job = test_job;
	struct mask_report report;
	struct verify_result result;
	struct error err = { 0 };
	int in = make_dicom_picture(&forms[0].spec, &noise);
	int out = memory_file();
	struct image *image;
	char *name, *burned, *code;

	job.profile = TAGS_KEEP;
	job.reviewed = true;
	ck_assert(mask_run(in, out, &job, &none, &report, NULL, NULL, &err));
	ck_assert(verify_run(in, out, TAGS_KEEP, &job, &none, &result, NULL,
			     NULL, &err));
	ck_assert_int_eq(result.status, VERIFY_OK);
	image = image_open(out, NULL);
	name = image_attribute(image, "00100010");
	burned = image_attribute(image, "00280301");
	code = image_attribute(image, "00120064[0].00080100");
	ck_assert_str_eq(name, "PLANTED^TARO");
	ck_assert_str_eq(burned, "NO");
	ck_assert_str_eq(code, "113101");
	free(name);
	free(burned);
	free(code);
	image_close(image);
	close(in);
	close(out);
}
END_TEST

/*
 * What a copy says of its profile after a verdict on a face: the codes of
 * (0012,0064) in order, (0012,0062), (0028,0303), (0028,0302).
 */
static const struct {
	enum tag_profile profile;
	enum box_class class_;
	const char *said;
} statements[] = {
	{ TAGS_MHLW, CLASS_FACE, "113101 113102 113107 YES MODIFIED NO" },
	{ TAGS_MHLW, CLASS_EYES, "113101 113107 YES MODIFIED -" },
	{ TAGS_KEEP, CLASS_FACE, "113101 113102 - - NO" },
	{ TAGS_PS315, CLASS_FACE, "113101 113102 113100 YES REMOVED NO" },
	{ TAGS_PS315 | TAGS_FULL_DATES, CLASS_FACE,
	  "113101 113102 113100 113106 YES UNMODIFIED NO" },
	{ TAGS_PS315 | TAGS_DESCRIPTORS, CLASS_FACE,
	  "113101 113102 113100 113105 YES REMOVED NO" },
	{ TAGS_PS315 | TAGS_PRIVATE, CLASS_FACE,
	  "113101 113102 113100 113111 YES REMOVED NO" },
	{ TAGS_PS315 | TAGS_UIDS | TAGS_DEVICE | TAGS_INSTITUTION |
	  TAGS_PATIENT | TAGS_MODIFIED_DATES, CLASS_FACE,
	  "113101 113102 113100 113107 113108 113109 113110 113112 YES "
	  "MODIFIED NO" },
};

static void say(char *said, size_t size, const struct image *image,
		const char *path, bool all)
{
	char *value = image_attribute(image, path);
	size_t used = strlen(said);

	if (value || all)
		snprintf(said + used, size - used, "%s%s", used ? " " : "",
			 value ? value : "-");
	free(value);
}

START_TEST(test_statements)
{
	struct box box;
	struct box_list boxes = one_box(&box, (struct region){ 0, 0, 3, 3 }, 1);
	struct mask_job job = test_job;
	struct mask_report report;
	struct verify_result result;
	struct error err = { 0 };
	int in = make_dicom_picture(&forms[0].spec, &noise);
	int out = memory_file();
	struct image *image;
	char said[256] = "", path[32];

	box.kind = KIND_FACE;
	box.class_ = statements[_i].class_;
	job.profile = statements[_i].profile;
	job.reviewed = true;
	ck_assert(mask_run(in, out, &job, &boxes, &report, NULL, NULL, &err));
	for (int known = 0; known < 2; known++) {
		ck_assert(verify_run(in, out, job.profile, known ? &job : NULL,
				     &boxes, &result, NULL, NULL, &err));
		ck_assert_int_eq(result.status, VERIFY_OK);
	}
	/* the copy of one profile is none of another */
	ck_assert(verify_run(in, out, job.profile == TAGS_MHLW ? TAGS_PS315 :
			     TAGS_MHLW, NULL, &boxes, &result, NULL, NULL,
			     &err));
	ck_assert_int_eq(result.status, VERIFY_FAILED);
	image = image_open(out, NULL);
	for (int i = 0; i < 9; i++) {
		snprintf(path, sizeof(path), "00120064[%d].00080100", i);
		say(said, sizeof(said), image, path, false);
	}
	say(said, sizeof(said), image, "00120062", true);
	say(said, sizeof(said), image, "00280303", true);
	say(said, sizeof(said), image, "00280302", true);
	ck_assert_str_eq(said, statements[_i].said);
	image_close(image);
	close(in);
	close(out);
}
END_TEST

/* A fill taken from the frame never comes from under a mask. */
START_TEST(test_least_outside)
{
	const struct dicom_spec spec = { 20, 20, 2, 1, 16, 16, 15, 1, 0,
					 "MONOCHROME2", DICOM_EXPLICIT,
					 .padding = 0 };
	struct box box[2];
	struct box_list boxes = { box, 2, 2 };
	long long fill[MASK_FILLS], least = 40000;
	int fills;
	int in = make_dicom_picture(&spec, &noise);
	struct image *image = image_open(in, NULL);
	struct frame *f = image_frame(image, 1, NULL);

	one_box(&box[0], (struct region){ 3, 0, 20, 20 }, 2);
	one_box(&box[1], (struct region){ 0, 7, 9, 20 }, 2);
	box[0].frame0 = box[1].frame0 = 1;
	for (int y = 0; y < 7; y++)
		for (int x = 0; x < 3; x++)
			if (sample_at(f, x, y, 0) < (double)least)
				least = (long long)sample_at(f, x, y, 0);
	ck_assert(mask_fill(image, image_info(image), &boxes, fill,
			    &fills, NULL));
	ck_assert_int_eq(fill[0], least);
	/* all covered: nothing is left to look at */
	box[0].region = (struct region){ 0, 0, 20, 20 };
	ck_assert(mask_fill(image, image_info(image), &boxes, fill,
			    &fills, NULL));
	ck_assert_int_eq(fill[0], -32768);
	frame_free(f);
	image_close(image);
	close(in);
}
END_TEST

/* Boxes that mask nothing are wrong usage (DESIGN 5.2). */
static const struct {
	struct region region;
	int frame0, frame1;
	bool right;
} usage[] = {
	{ { 0, 0, 1, 1 }, 0, 2, true }, { { 36, 20, 99, 99 }, 1, 1, true },
	{ { -5, -5, 1, 1 }, 0, 0, true }, { { 37, 0, 40, 5 }, 0, 0, false },
	{ { -9, 0, 0, 5 }, 0, 0, false }, { { 0, 0, 1, 1 }, 0, 3, false },
	{ { 0, 0, 1, 1 }, 2, 1, false }, { { 0, 0, 1, 1 }, -1, 1, false },
	{ { 5, 5, 5, 9 }, 0, 0, false },
};

START_TEST(test_usage)
{
	struct box box = { .region = usage[_i].region,
			   .frame0 = usage[_i].frame0,
			   .frame1 = usage[_i].frame1, .tier = TIER_BOX };
	struct box_list boxes = { &box, 1, 1 };
	struct mask_report report;
	struct error err = { 0 };
	int in = make_dicom_picture(&forms[1].spec, &noise);
	int out = memory_file();

	ck_assert_int_eq(mask_run(in, out, &test_job, &boxes, &report, NULL,
				  NULL, &err), usage[_i].right);
	ck_assert_int_eq(err.code, usage[_i].right ? ERR_NONE : ERR_USAGE);
	close(in);
	close(out);
}
END_TEST

/* Bytes in the private syntax of GE: nobody knows the order of two. */
START_TEST(test_bytes_of_ge)
{
	const struct dicom_spec spec = { 37, 21, 1, 1, 8, 8, 7, 0, 0,
					 "MONOCHROME2", DICOM_GE,
					 .padding = 0 };
	struct error err = { 0 };
	int in = make_dicom_picture(&spec, &noise);

	ck_assert_ptr_null(image_open(in, &err));
	ck_assert_int_eq(err.reason, REASON_PIXEL_FORM);
	close(in);
}
END_TEST

/* Bytes behind a deflated data set; the one that pads it is none of them. */
START_TEST(test_deflated_trailer)
{
	static const char *const trailers[] = { "", "PLANTED" };
	const struct dicom_spec spec = { 37, 21, 1, 1, 8, 8, 7, 0, 0,
					 "MONOCHROME2", DICOM_DEFLATED,
					 .padding = 0 };
	struct box_list none = { 0 };
	struct mask_report report;
	int in = make_dicom_picture(&spec, &noise), out;
	size_t length = strlen(trailers[_i]), size;
	struct verify_result result;
	unsigned char *data;

	lseek(in, 0, SEEK_END);
	ck_assert(write(in, trailers[_i], length) == (ssize_t)length);
	out = mask_and_verify(in, &none, &report);
	ck_assert_uint_eq(report.dropped, length ? DROPPED_TRAILER : 0);
	data = slurp(out, &size);
	ck_assert_ptr_null(memmem(data, size, "PLANTED", 7));
	free(data);
	/* and none may be put there later */
	lseek(out, 0, SEEK_END);
	ck_assert_int_eq(write(out, "PLANTED!", 8), 8);
	ck_assert(verify_run(in, out, TAGS_MHLW, &test_job, &none, &result,
			     NULL, NULL, NULL));
	ck_assert_int_eq(result.class_, VERIFY_TRAILER);
	close(in);
	close(out);
}
END_TEST

/* Only the frames named are touched. */
START_TEST(test_some_frames)
{
	const struct dicom_spec spec = { 37, 21, 9, 1, 1, 1, 0, 0, 0,
					 "MONOCHROME2", DICOM_EXPLICIT,
					 .padding = 0 };
	struct box box[2];
	struct box_list boxes = { box, 2, 2 };
	struct mask_report report;
	int in = make_dicom_picture(&spec, &noise), out;

	one_box(&box[0], (struct region){ 3, 0, 20, 20 }, 9);
	one_box(&box[1], (struct region){ 0, 7, 9, 20 }, 9);
	box[0].frame0 = 2;
	box[0].frame1 = 4;
	box[1].frame0 = 4;
	box[1].frame1 = 6;
	out = mask_and_verify(in, &boxes, &report);
	ck_assert_int_eq(report.frames_touched, 5);
	close(in);
	close(out);
}
END_TEST

/* The same key gives the same file; another key other UIDs. */
START_TEST(test_repeatable)
{
	struct box_list none = { 0 };
	struct mask_job job = test_job;
	struct mask_report one, two;
	int in = make_dicom_picture(&forms[0].spec, &noise);
	int a = memory_file(), b = memory_file();

	ck_assert(mask_run(in, a, &job, &none, &one, NULL, NULL, NULL));
	ck_assert(mask_run(in, b, &job, &none, &two, NULL, NULL, NULL));
	ck_assert(same_files(a, b));
	ck_assert_mem_eq(one.instance, two.instance, 8);
	job.uid_key[0]++;
	ck_assert_int_eq(ftruncate(b, 0), 0);
	ck_assert_int_eq(lseek(b, 0, SEEK_SET), 0);
	ck_assert(mask_run(in, b, &job, &none, &two, NULL, NULL, NULL));
	ck_assert(!same_files(a, b));
	ck_assert_mem_ne(one.study, two.study, 8);
	close(in);
	close(a);
	close(b);
}
END_TEST

START_TEST(test_truncated)
{
	struct box box;
	struct box_list boxes = one_box(&box, (struct region){ 0, 0, 1, 1 }, 1);
	const struct dicom_spec *spec = &forms[_i].spec;
	int in = make_dicom_picture(spec, &noise);
	/* trailing padding may be cut */
	size_t end = (size_t)lseek(in, 0, SEEK_END) - (spec->extras ? 20 : 0);

	check_cuts(in, &boxes, end, 3, 1 + end / 20);
	close(in);
}
END_TEST

START_TEST(test_full_disk)
{
	struct box box;
	struct box_list boxes = one_box(&box, (struct region){ 0, 0, 5, 5 }, 1);
	int in = make_dicom_picture(&forms[11].spec, &noise);

	check_full_disk(in, &boxes);
	close(in);
}
END_TEST

/* A copy of the file whose SOP class is a text as long. */
static int name_class(int fd)
{
	static const char uid[] = "1.2.840.10008.5.1.4.1.1.7",
			  text[] = "PLANTED^NAME 1951-03-04 M";
	size_t length;
	unsigned char *data = slurp(fd, &length), *at;
	int named;

	while ((at = memmem(data, length, uid, sizeof(uid) - 1)))
		memcpy(at, text, sizeof(text) - 1);
	named = memory_of(data, length);
	free(data);
	return named;
}

/* The SOP class stays as it is: a text there is neither written nor passed. */
START_TEST(test_class_is_no_text)
{
	struct box_list none = { 0 };
	struct mask_report report;
	struct verify_result result;
	struct error err = { 0 };
	int in = make_dicom_picture(&forms[0].spec, &noise);
	int out = mask_and_verify(in, &none, &report);
	int named = name_class(in), copy = name_class(out);

	ck_assert(!mask_run(named, memory_file(), &test_job, &none, &report,
			    NULL, NULL, &err));
	ck_assert_int_eq(err.code, ERR_REFUSED);
	ck_assert(verify_run(named, copy, test_job.profile, &test_job, &none,
			     &result, NULL, NULL, &err));
	ck_assert_int_eq(result.status, VERIFY_FAILED);
	ck_assert_int_eq(result.class_, VERIFY_ATTRIBUTE);
	close(copy);
	close(named);
	close(out);
	close(in);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("mask");
	TCase *tcase = tcase_create("mask");

	image_warm_up(NULL);            /* silences DCMTK */
	add_rows_test(tcase, test_forms, forms);
	add_rows_test(tcase, test_planted_goes, forms);
	add_rows_test(tcase, test_attributes, attributes);
	add_rows_test(tcase, test_verdict, verdict);
	tcase_add_test(tcase, test_reviewed_and_keep);
	add_rows_test(tcase, test_statements, statements);
	tcase_add_test(tcase, test_least_outside);
	add_rows_test(tcase, test_usage, usage);
	tcase_add_test(tcase, test_bytes_of_ge);
	tcase_add_loop_test(tcase, test_deflated_trailer, 0, 2);
	tcase_add_test(tcase, test_some_frames);
	tcase_add_test(tcase, test_repeatable);
	tcase_add_test(tcase, test_class_is_no_text);
	tcase_add_loop_test(tcase, test_truncated, 0, 12);
	tcase_add_test(tcase, test_full_disk);
	suite_add_tcase(suite, tcase);
	return support_run(suite);
}

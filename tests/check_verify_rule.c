/*
 * check_verify_rule.c - verify's own rule of what is blanked and with what:
 * it is that of the writer for every picture, and finds a writer that has
 * another one.
 */
#include "config.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "image/image.h"
#include "make_dicom.h"
#include "mask/verify_rule.h"
#include "mask/wipe_jpeg.h"
#include "pictures.h"
#include "support.h"

static const struct noise noise = { .seed = 99 };

/* ---- both rules say the same ---- */

static struct region random_region(uint32_t *state,
				   const struct image_info *info)
{
	int x = random_below(state, info->columns + 8) - 8;
	int y = random_below(state, info->rows + 8) - 8;

	return (struct region){
		x, y, x + 9 + random_below(state, info->columns),
		y + 9 + random_below(state, info->rows),
	};
}

static void same_regions(const struct image_info *info, struct region box,
			 const char *name)
{
	struct image_info exact = *info;
	struct region a = mask_grown(info, box, NULL);
	struct region b = verify_rule_region(info, false, box);

	ck_assert_msg(region_equal(a, b), "%s: %d %d %d %d", name, box.x0,
		      box.y0, box.x1, box.y1);
	if (!mask_make_exact(&exact))
		return;
	a = mask_grown(&exact, box, NULL);
	b = verify_rule_region(info, true, box);
	ck_assert_msg(region_equal(a, b), "%s, exact: %d %d %d %d", name,
		      box.x0, box.y0, box.x1, box.y1);
}

/* The fill beside boxes that cover much, in frames from the last on. */
static void same_fills(struct image *image, bool exact, uint32_t *state,
		       const char *name)
{
	const struct image_info *info = image_info(image);
	struct image_info changed = *info;
	struct box box[2] = { 0 };
	struct box_list boxes = { box, 2, 2 };
	struct verify_area area[2];
	long long a[MASK_FILLS], b[MASK_FILLS];
	struct error err = { 0 }, other = { 0 };
	int fills = 0;
	bool ok;

	for (int i = 0; i < 2; i++) {
		box[i].region = random_region(state, info);
		box[i].frame0 = random_below(state, info->frames);
		box[i].frame1 = info->frames - 1;
		area[i] = (struct verify_area){
			verify_rule_region(info, exact, box[i].region),
			box[i].frame0, box[i].frame1,
		};
		same_regions(info, box[i].region, name);
	}
	if (exact)
		mask_make_exact(&changed);
	ok = mask_fill(image, &changed, &boxes, a, &fills, &err);
	ck_assert_msg(ok == verify_rule_fill(image, exact, area, 2, b, &other),
		      "%s: %s %s", name, err.text, other.text);
	for (int i = 0; ok && i < fills; i++)
		ck_assert_msg(a[i] == b[i], "%s: %lld is not %lld", name, a[i],
			      b[i]);
}

/* Closes fd. */
static void same_rules(int fd, const char *name, int rounds)
{
	struct image *image = image_open(fd, NULL);
	uint32_t state = 4242;

	for (int i = 0; image && i < rounds; i++)
		same_fills(image, i % 2, &state, name);
	image_close(image);
	close(fd);
}

static const struct { const char *photometric; int samples; } colours[] = {
	{ "MONOCHROME1", 1 }, { "MONOCHROME2", 1 }, { "PALETTE COLOR", 1 },
	{ "RGB", 3 }, { "YBR_FULL", 3 }, { "YBR_FULL_422", 3 },
};
static const struct { int allocated, stored; } depths[] = {
	{ 1, 1 }, { 8, 6 }, { 8, 8 }, { 16, 9 }, { 16, 12 }, { 16, 16 },
	{ 32, 20 }, { 32, 32 },
};

START_TEST(test_dicom)
{
	static const char *const windows[] = { NULL, "40", "-3000", "99999" };
	static const int paddings[] = { 0, 1, 77, 0x8001 };
	char name[100];

	for (int i = 0; i < (int)ARRAY_LENGTH(depths) * 32; i++) {
		struct dicom_spec spec = {
			.columns = 38, .rows = 21, .frames = 3,
			.samples = colours[_i].samples,
			.allocated = depths[i / 32].allocated,
			.stored = depths[i / 32].stored,
			.high = depths[i / 32].stored - 1,
			.is_signed = i % 2 && depths[i / 32].stored > 1,
			.photometric = colours[_i].photometric,
			.window = windows[i / 2 % 4],
			.padding = paddings[i / 8 % 4],
		};

		if (spec.samples == 1 ? _i == 2 && spec.stored != 8 :
					spec.stored != spec.allocated)
			continue;
		snprintf(name, sizeof(name), "%s %d %s %s %d",
			 spec.photometric, spec.stored,
			 spec.is_signed ? "signed" : "unsigned",
			 spec.window ? spec.window : "-", spec.padding);
		same_rules(make_dicom_picture(&spec, &noise), name, 4);
	}
}
END_TEST

static const struct { int colour, depths; } pngs[] = {
	/* depths: bit n stands for 2^n bits */
	{ 0, 0x1f }, { 2, 0x18 }, { 3, 0x0f }, { 4, 0x18 }, { 6, 0x18 },
};

START_TEST(test_png)
{
	char name[100];

	for (int i = 0; i < 5 * 4; i++) {
		struct png_spec spec = { 37, 21, 1 << i / 4, pngs[_i].colour,
					 i & 1, i & 2, false };

		if (!(pngs[_i].depths >> i / 4 & 1))
			continue;
		snprintf(name, sizeof(name), "PNG %d %d", spec.colour,
			 spec.depth);
		same_rules(make_png(&spec, &noise), name, 4);
	}
}
END_TEST

static const struct { int h, v; } samplings[] = {
	{ 1, 1 }, { 2, 1 }, { 1, 2 }, { 2, 2 }, { 4, 1 },
};

START_TEST(test_jpeg)
{
	char name[100];

	for (int kind = JPEG_GREY; kind <= JPEG_CMYK_PLAIN; kind++) {
		struct jpeg_spec spec = { 61, 41, (enum jpeg_kind)kind,
					  samplings[_i].h, samplings[_i].v,
					  75, .progressive = kind % 2 };

		snprintf(name, sizeof(name), "JPEG %d %dx%d", kind, spec.h,
			 spec.v);
		same_rules(make_jpeg(&spec, &noise), name, 20);
	}
}
END_TEST

/* Grey DICOM of one baseline JPEG frame. */
struct grey { const char *photometric; bool is_signed; int padding;
	      const char *window; };

static int make_grey(const struct grey *grey)
{
	static const struct jpeg_spec jpeg = { 37, 21, JPEG_GREY, 1, 1, 80,
					       .optimize = false };
	struct dicom_maker m = { 0 };
	int stream = make_jpeg(&jpeg, &noise), fd;
	size_t length;
	unsigned char *data = slurp(stream, &length);

	make_begin(&m, "1.2.840.10008.1.2.4.50");
	make_text(&m, 0x00080060, "CS", "OT");
	make_pixel_module(&m, jpeg.columns, jpeg.rows, 1, grey->photometric,
			  8, 8, grey->is_signed);
	if (grey->padding >= 0)
		make_us(&m, 0x00280120, grey->padding);
	if (grey->window) {
		make_text(&m, 0x00281050, "DS", grey->window);
		make_text(&m, 0x00281051, "DS", "100");
	}
	make_fragments_begin(&m);
	make_fragment(&m, data, length);
	make_fragments_end(&m);
	fd = make_file(m.out.data, m.out.length);
	buffer_done(&m.out);
	free(data);
	close(stream);
	return fd;
}

static const struct grey greys[] = {
	{ "MONOCHROME2", false, -1, NULL }, { "MONOCHROME2", true, -1, NULL },
	{ "MONOCHROME1", false, -1, NULL }, { "MONOCHROME1", true, -1, NULL },
	{ "MONOCHROME2", false, 128, NULL }, { "MONOCHROME2", false, 77, NULL },
	{ "MONOCHROME2", false, 255, NULL }, { "MONOCHROME1", false, 0, NULL },
	{ "MONOCHROME2", true, 0xffff, NULL }, { "MONOCHROME2", true, 3, NULL },
	{ "MONOCHROME2", true, -1, "40" }, { "MONOCHROME1", true, -1, "40" },
};

/* A box that has to be exact has the fill of uncompressed pixels. */
START_TEST(test_grey)
{
	struct mask_job job = test_job;
	struct box box;
	struct box_list boxes = one_box(&box, (struct region){ 9, 5, 20, 14 },
					1);

	for (int exact = 0; exact < 2; exact++) {
		int in = make_grey(&greys[_i]), out = memory_file();
		struct mask_report report;
		struct verify_result result;
		struct error err = { 0 };

		job.exact = exact;
		if (!mask_run(in, out, &job, &boxes, &report, NULL, NULL,
			      &err) ||
		    !verify_run(in, out, job.profile, &job, &boxes, &result,
				NULL, NULL, &err))
			ck_abort_msg("%s", err.text);
		ck_assert_msg(result.status == VERIFY_OK, "%s: %s, %d %d",
			      exact ? "exact" : "grown",
			      verify_class_name[result.class_], result.x,
			      result.y);
		same_rules(in, greys[_i].photometric, 4);
		close(out);
	}
}
END_TEST

/* The edge of a window where larger stored values are darker. */
static const struct { const char *slope, *intercept, *photometric;
		      long long fill; } slopes[] = {
	/* black ends at centre - width / 2: 40.25 - 50 = -9.75 */
	{ "1", "0", "MONOCHROME2", -10 }, { "2", "0", "MONOCHROME2", -5 },
	{ "-1", "0", "MONOCHROME2", 10 }, { "-2", "1", "MONOCHROME2", 6 },
	/* white ends at 40.25 - 0.5 + 99 / 2 = 89.25 */
	{ "1", "0", "MONOCHROME1", 90 }, { "-1", "0", "MONOCHROME1", -90 },
};

START_TEST(test_slopes)
{
	static uint8_t pixels[2 * 16 * 16];
	struct dicom_maker m = { 0 };
	struct image *image;
	struct verify_area none = { .frame1 = 0 };
	struct box_list boxes = { .count = 0 };
	long long a[MASK_FILLS], b[MASK_FILLS];
	int fd, fills;

	make_begin(&m, "1.2.840.10008.1.2.1");
	make_text(&m, 0x00080060, "CS", "OT");
	make_pixel_module(&m, 16, 16, 1, slopes[_i].photometric, 16, 12, 1);
	make_text(&m, 0x00281050, "DS", "40.25");
	make_text(&m, 0x00281051, "DS", "100");
	make_text(&m, 0x00281052, "DS", slopes[_i].intercept);
	make_text(&m, 0x00281053, "DS", slopes[_i].slope);
	make_bytes(&m, 0x7fe00010, "OW", pixels, sizeof(pixels));
	fd = make_file(m.out.data, m.out.length);
	image = image_open(fd, NULL);
	ck_assert_ptr_nonnull(image);
	ck_assert(mask_fill(image, image_info(image), &boxes, a, &fills,
			    NULL));
	ck_assert(verify_rule_fill(image, false, &none, 0, b, NULL));
	ck_assert_int_eq(a[0], slopes[_i].fill);
	ck_assert_int_eq(b[0], slopes[_i].fill);
	image_close(image);
	buffer_done(&m.out);
	close(fd);
}
END_TEST

/* ---- real pictures ---- */

static const char *const folders[] = {
	"dicom/syntax", "dicom/burned", "dicom/benign_text", "dicom/wsi",
	"dicom/charset", "dicom/fuzz", "png", "jpeg", "photo/face",
	"synth/dicom", "synth/png", "synth/jpeg",
};

START_TEST(test_real)
{
	const char *data = getenv("SUMI_DATA"), *top = getenv("top_srcdir");
	char folder[4096], path[8192];
	struct dirent *entry;
	DIR *dir;

	snprintf(folder, sizeof(folder), "%s%s/%s", data ? data :
		 top ? top : "..", data ? "" : "/../shared/data",
		 folders[_i]);
	dir = opendir(folder);
	if (!dir) {
		printf("skip %s: no real pictures; SUMI_DATA names their "
		       "folder\n", folders[_i]);
		return;
	}
	while ((entry = readdir(dir))) {
		int fd;

		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd >= 0)
			same_rules(fd, path, 2);
	}
	closedir(dir);
}
END_TEST

/* ---- a writer that is wrong ---- */

enum { COLUMNS = 37, ROWS = 21, FRAMES = 2, CELLS = COLUMNS * ROWS };

static const struct region masked = { 9, 5, 20, 14 };

/* What the wrong writer puts where. */
enum paint { RIGHT, OFF_BY_ONE, FROM_UNDER, AS_IT_WAS };
static const struct {
	const char *name;
	int frame0, frame1;
	struct region region;
	enum paint paint;
	enum verify_class class_;       /* and the first place of it */
	int frame, x, y;
} wrongs[] = {
	{ "nothing is wrong", 0, 1, { 9, 5, 20, 14 }, RIGHT, VERIFY_NONE,
	  -1, -1, -1 },
	{ "fill off by one", 0, 1, { 9, 5, 20, 14 }, OFF_BY_ONE,
	  VERIFY_INSIDE, 0, 9, 5 },
	{ "fill taken from under the mask", 0, 1, { 9, 5, 20, 14 },
	  FROM_UNDER, VERIFY_INSIDE, 0, 9, 5 },
	{ "another fill in one frame", 1, 1, { 9, 5, 20, 14 }, OFF_BY_ONE,
	  VERIFY_INSIDE, 1, 9, 5 },
	{ "one column too few", 0, 1, { 19, 5, 20, 14 }, AS_IT_WAS,
	  VERIFY_INSIDE, 0, 19, 5 },
	{ "one row too few", 0, 1, { 9, 5, 20, 6 }, AS_IT_WAS,
	  VERIFY_INSIDE, 0, 9, 5 },
	{ "one column too many", 0, 1, { 20, 5, 21, 14 }, RIGHT,
	  VERIFY_OUTSIDE, 0, 20, 5 },
	{ "one row too many", 1, 1, { 9, 14, 20, 15 }, RIGHT,
	  VERIFY_OUTSIDE, 1, 9, 14 },
	{ "the last frame is left", 1, 1, { 9, 5, 20, 14 }, AS_IT_WAS,
	  VERIFY_INSIDE, 1, 9, 5 },
};

static int get_cell(const unsigned char *cells, int frame, int x, int y)
{
	const unsigned char *p = cells +
				 2 * (frame * CELLS + y * COLUMNS + x);

	return p[0] | (p[1] & 0x0f) << 8;
}

static void put_cell(unsigned char *cells, int frame, int x, int y, int value)
{
	unsigned char *p = cells + 2 * (frame * CELLS + y * COLUMNS + x);

	p[0] = (unsigned char)(value & 0xff);
	p[1] = (unsigned char)((value & 0x0f00) >> 8);
	if (value & 0x0800)             /* signed, 12 bits of 16 */
		p[1] |= 0xf0;
}

/*
 * The input, signed and without a window: its least value is -1500, but for
 * one of -2000 under the mask.
 */
static int make_deep(void)
{
	static const struct dicom_spec spec = {
		COLUMNS, ROWS, FRAMES, 1, 16, 12, 11, 1, 0, "MONOCHROME2",
		DICOM_EXPLICIT, .padding = 0
	};
	int fd = make_dicom_picture(&spec, &noise), deep;
	size_t length;
	unsigned char *data = slurp(fd, &length);
	unsigned char *cells = data + length - FRAMES * CELLS * 2;

	for (int i = 0; i < CELLS * FRAMES; i++)
		put_cell(cells, 0, i, 0, (i * 7 + i / COLUMNS) % 2000 - 1400);
	put_cell(cells, 0, 0, 0, -1500);
	put_cell(cells, 0, 10, 6, -2000);
	deep = memory_of(data, length);
	free(data);
	close(fd);
	return deep;
}

static int paint_value(int row, int frame, int x, int y,
		       const unsigned char *in)
{
	switch (wrongs[row].paint) {
	case OFF_BY_ONE: return -1499;
	case FROM_UNDER: return -2000;
	case AS_IT_WAS: return get_cell(in, frame, x, y);
	default: return -1500;
	}
}

static void paint(int row, unsigned char *out, const unsigned char *in)
{
	struct region r = wrongs[row].region;

	for (int f = wrongs[row].frame0; f <= wrongs[row].frame1; f++)
		for (int y = r.y0; y < r.y1; y++)
			for (int x = r.x0; x < r.x1; x++)
				put_cell(out, f, x, y,
					 paint_value(row, f, x, y, in));
}

START_TEST(test_wrong_writer)
{
	int in = make_deep(), out, wrong;
	struct box box;
	struct box_list boxes = one_box(&box, masked, FRAMES);
	struct mask_report report;
	struct verify_result r;
	size_t before, after, cells = FRAMES * CELLS * 2;
	unsigned char *source = slurp(in, &before), *copy;

	out = mask_and_verify(in, &boxes, &report);
	ck_assert_int_eq(report.fill[0], -1500);
	copy = slurp(out, &after);
	paint(_i, copy + after - cells, source + before - cells);
	wrong = memory_of(copy, after);
	ck_assert(verify_run(in, wrong, TAGS_MHLW, &test_job, &boxes, &r, NULL,
			     NULL, NULL));
	ck_assert_msg(r.class_ == wrongs[_i].class_ &&
		      r.frame == wrongs[_i].frame && r.x == wrongs[_i].x &&
		      r.y == wrongs[_i].y, "%s: %s, frame %d, x %d, y %d",
		      wrongs[_i].name, verify_class_name[r.class_], r.frame,
		      r.x, r.y);
	free(source);
	free(copy);
	close(in);
	close(out);
	close(wrong);
}
END_TEST

/* The same of lossy JPEG: MCUs of 16 by 16 (grey: 8 by 8). */
static const struct {
	const char *name;
	enum jpeg_kind kind;
	enum jpeg_level level;
	struct region wiped;
	enum verify_class class_;
} wrong_jpegs[] = {
	{ "nothing is wrong", JPEG_YCC, JPEG_LOW, { 16, 16, 32, 32 },
	  VERIFY_NONE },
	{ "nothing is wrong", JPEG_GREY, JPEG_LOW, { 16, 16, 24, 32 },
	  VERIFY_NONE },
	{ "grey instead of black", JPEG_GREY, JPEG_MIDDLE, { 16, 16, 24, 32 },
	  VERIFY_INSIDE },
	{ "white instead of black", JPEG_GREY, JPEG_HIGH, { 16, 16, 24, 32 },
	  VERIFY_INSIDE },
	{ "an MCU too few", JPEG_GREY, JPEG_LOW, { 16, 16, 24, 24 },
	  VERIFY_INSIDE },
	{ "an MCU too many", JPEG_GREY, JPEG_LOW, { 16, 16, 32, 32 },
	  VERIFY_OUTSIDE },
	{ "an MCU too many", JPEG_YCC, JPEG_LOW, { 16, 16, 48, 32 },
	  VERIFY_OUTSIDE },
	{ "nothing is blanked", JPEG_YCC, JPEG_LOW, { 0, 0, 0, 0 },
	  VERIFY_INSIDE },
};

static bool put(void *self, const void *data, size_t length,
		struct error *err)
{
	(void)err;
	buffer_append(self, data, length);
	return true;
}

START_TEST(test_wrong_jpeg)
{
	const struct jpeg_spec spec = { 61, 41, wrong_jpegs[_i].kind,
		wrong_jpegs[_i].kind == JPEG_GREY ? 1 : 2,
		wrong_jpegs[_i].kind == JPEG_GREY ? 1 : 2, 75,
		.optimize = false };
	const struct jpeg_wipe how = {
		.region = &wrong_jpegs[_i].wiped,
		.regions = !region_empty(wrong_jpegs[_i].wiped),
		.level = wrong_jpegs[_i].level,
	};
	int in = make_jpeg(&spec, &noise), out;
	struct box box;
	struct box_list boxes = one_box(&box, (struct region){ 17, 20, 22, 30 },
					1);
	struct buffer wiped = { 0 };
	struct jpeg_wiped done;
	struct verify_result r;
	size_t length;
	unsigned char *stream = slurp(in, &length);

	ck_assert(jpeg_wipe(stream, length, &how, put, &wiped, &done, NULL));
	out = memory_of(wiped.data, wiped.length);
	ck_assert(verify_run(in, out, TAGS_MHLW, &test_job, &boxes, &r, NULL,
			     NULL, NULL));
	ck_assert_msg(r.class_ == wrong_jpegs[_i].class_, "%s: %s",
		      wrong_jpegs[_i].name, verify_class_name[r.class_]);
	buffer_done(&wiped);
	free(stream);
	close(in);
	close(out);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("verify_rule");
	TCase *tcase = tcase_create("verify_rule");

	image_warm_up(NULL);            /* silences DCMTK */
	tcase_set_timeout(tcase, 120);
	add_rows_test(tcase, test_dicom, colours);
	add_rows_test(tcase, test_png, pngs);
	add_rows_test(tcase, test_jpeg, samplings);
	add_rows_test(tcase, test_grey, greys);
	add_rows_test(tcase, test_slopes, slopes);
	add_rows_test(tcase, test_real, folders);
	add_rows_test(tcase, test_wrong_writer, wrongs);
	add_rows_test(tcase, test_wrong_jpeg, wrong_jpegs);
	suite_add_tcase(suite, tcase);
	return support_run(suite);
}

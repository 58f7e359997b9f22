/* check_detect.c - tidying what detectors propose; the samples proposed. */
#include "config.h"

#include "find/detect.h"

#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/json.h"
#include "ocr/text.h"
#include "tests/support.h"

static const struct detect_options options = { .languages = "eng+jpn" };

/* The whole of a file of samples/; to free. */
static char *read_sample(const char *folder, const char *name, size_t *length)
{
	const char *top = getenv("top_srcdir");
	char path[512];
	struct stat st;
	char *text;
	int fd;

	snprintf(path, sizeof(path), "%s/samples/%s/%s", top ? top : "..",
		 folder, name);
	fd = open(path, O_RDONLY);
	ck_assert_msg(fd >= 0, "%s", path);
	ck_assert_int_eq(fstat(fd, &st), 0);
	*length = (size_t)st.st_size;
	text = malloc(*length + 1);
	ck_assert_ptr_nonnull(text);
	ck_assert_int_eq(read(fd, text, *length), (ssize_t)*length);
	close(fd);
	return text;
}

static struct image *open_sample(const char *name, int *fd)
{
	const char *top = getenv("top_srcdir");
	struct error err = { 0 };
	struct image *image;
	char path[512];

	snprintf(path, sizeof(path), "%s/samples/pictures/%s",
		 top ? top : "..", name);
	*fd = open(path, O_RDONLY);
	ck_assert_msg(*fd >= 0, "%s", path);
	image = image_open(*fd, &err);
	ck_assert_msg(image != NULL, "%s", err.text);
	return image;
}

/* ---- a detector that proposes a table ---- */

static const struct box *to_propose;
static size_t to_propose_count;

static bool propose_table(struct image *image,
			  const struct detect_options *o,
			  const struct detect_progress *progress,
			  struct proposals *p, struct error *err)
{
	(void)image;
	(void)o;
	(void)progress;
	(void)err;
	for (size_t i = 0; i < to_propose_count; i++)
		ck_assert(box_list_add(&p->boxes, &to_propose[i]));
	p->text = CHECK_DONE;
	return true;
}

static bool refuse(struct image *image, const struct detect_options *o,
		 const struct detect_progress *progress, struct proposals *p,
		 struct error *err)
{
	(void)image;
	(void)o;
	(void)progress;
	(void)p;
	return error_set(err, ERR_MEMORY, "no memory");
}

static const char *version(void)
{
	return "1";
}

static const struct detector table_detector[] = {
	{ "table", NULL, propose_table, version }, { .name = NULL },
};
static const struct detector failing[] = {
	{ "table", NULL, propose_table, version },
	{ "refuse", NULL, refuse, version }, { .name = NULL },
};

static void run_table(const struct box *boxes, size_t count,
		      struct proposals *p)
{
	struct error err = { 0 };
	struct image *image;
	int fd;

	to_propose = boxes;
	to_propose_count = count;
	image = open_sample("us_cine.dcm", &fd);
	ck_assert_int_eq(image_info(image)->frames, 6);
	ck_assert(detect_run(table_detector, image, &options, NULL, p, &err));
	image_close(image);
	close(fd);
}

START_TEST(tidies)
{
	static const struct box boxes[] = {
		{ .region = { 10, 50, 20, 60 }, .frame0 = 2, .frame1 = 9 },
		{ .region = { -5, -5, 20, 9999 }, .frame0 = 0, .frame1 = 0 },
		{ .region = { 900, 50, 920, 60 }, .frame0 = 0, .frame1 = 0 },
		{ .region = { 10, 50, 20, 60 }, .frame0 = 1, .frame1 = 1,
		  .score = 7 },
		{ .region = { 30, 50, 40, 60 }, .frame0 = 1, .frame1 = 1 },
		{ .region = { 30, 50, 40, 60 }, .frame0 = 3, .frame1 = 3 },
	};
	struct proposals p = { 0 };

	run_table(boxes, ARRAY_LENGTH(boxes), &p);
	ck_assert_uint_eq(p.boxes.count, 4);
	/* clipped */
	ck_assert(region_equal(p.boxes.box[0].region,
			       (struct region){ 0, 0, 20, 192 }));
	/* joined over the frames, the higher score kept */
	ck_assert_int_eq(p.boxes.box[1].frame0, 1);
	ck_assert_int_eq(p.boxes.box[1].frame1, 5);
	ck_assert_int_eq(p.boxes.box[1].score, 7);
	/* a gap keeps them apart */
	ck_assert_int_eq(p.boxes.box[2].frame1, 1);
	ck_assert_int_eq(p.boxes.box[3].frame0, 3);
	proposals_done(&p);
}
END_TEST

/* A list is never cut: one box over each frame that has too many. */
START_TEST(too_many)
{
	enum { MANY = BOX_MAX_PER_FRAME };
	struct box *boxes = calloc(MANY + 1, sizeof(*boxes));
	struct proposals p = { 0 };

	ck_assert_ptr_nonnull(boxes);
	for (int i = 0; i < MANY; i++)
		boxes[i] = (struct box){
			.region = region_from_box(i % 250, i / 250, 3, 3),
			.frame0 = 2, .frame1 = 2,
		};
	boxes[MANY] = (struct box){ .region = { 0, 0, 9, 9 }, .frame1 = 5,
				    .score = 3 };
	run_table(boxes, MANY, &p);
	ck_assert_uint_eq(p.boxes.count, MANY);
	proposals_done(&p);
	run_table(boxes, MANY + 1, &p);
	ck_assert_uint_eq(p.boxes.count, 3);
	ck_assert_int_eq(p.boxes.box[0].frame1, 1);
	ck_assert_int_eq(p.boxes.box[1].frame0, 2);
	ck_assert_int_eq(p.boxes.box[1].frame1, 2);
	ck_assert(region_equal(p.boxes.box[1].region,
			       (struct region){ 0, 0, 256, 192 }));
	ck_assert_str_eq(p.boxes.box[1].why, "too-many");
	ck_assert_int_eq(p.boxes.box[2].frame0, 3);
	ck_assert_int_eq(p.boxes.box[2].frame1, 5);
	proposals_done(&p);
	free(boxes);
}
END_TEST

START_TEST(failure_is_told)
{
	static const struct box box = { .region = { 1, 1, 5, 5 } };
	struct error err = { 0 };
	struct proposals p;
	struct image *image;
	int fd;

	to_propose = &box;
	to_propose_count = 1;
	image = open_sample("us_cine.dcm", &fd);
	ck_assert(!detect_run(failing, image, &options, NULL, &p, &err));
	ck_assert_int_eq(err.code, ERR_MEMORY);
	ck_assert_uint_eq(p.boxes.count, 0);
	image_close(image);
	close(fd);
}
END_TEST

START_TEST(by_depends_on_policy)
{
	static const struct detect_options eng = { .languages = "eng" };
	char a[64], b[64], c[64];

	detect_by(table_detector, &options, a, sizeof(a));
	detect_by(table_detector, &options, b, sizeof(b));
	detect_by(table_detector, &eng, c, sizeof(c));
	ck_assert_str_eq(a, b);
	ck_assert_str_ne(a, c);
	ck_assert_uint_eq(strlen(a), strlen(PACKAGE_VERSION) + 9);
}
END_TEST

/* ---- the text detector on the samples ---- */

static const struct detector text_detector[] = {
	{ "text", text_load, text_run, text_version }, { .name = NULL },
};
static const char *const samples[] = {
	"cr_mono1.dcm", "ct_header.dcm", "film_label.png", "form_ja.png",
	"plain.jpg", "slide_label.jpg", "us_banner.dcm", "us_cine.dcm",
};

static bool is_masked(const struct proposals *p, int frame, int x, int y)
{
	for (size_t i = 0; i < p->boxes.count; i++) {
		const struct box *b = &p->boxes.box[i];

		if (b->tier == TIER_BOX && b->frame0 <= frame &&
		    frame <= b->frame1 && region_hit(b->region, x, y))
			return true;
	}
	return false;
}

/* Percent of the area of a truth box that is masked. */
static int covered(const struct proposals *p, const struct json *truth)
{
	long long frame, x, y, w, h;
	int in = 0;

	ck_assert(json_get_integer(truth, "frame", &frame) &&
		  json_get_integer(truth, "x", &x) &&
		  json_get_integer(truth, "y", &y) &&
		  json_get_integer(truth, "w", &w) &&
		  json_get_integer(truth, "h", &h));
	for (long long v = y; v < y + h; v++)
		for (long long u = x; u < x + w; u++)
			in += is_masked(p, (int)frame, (int)u, (int)v);
	return (int)(100 * in / (w * h));
}

static int check_truth(const struct proposals *p, const char *name)
{
	struct error err = { 0 };
	const struct json *boxes;
	struct json *truth;
	char file[64];
	size_t length;
	int checked = 0;
	char *text;

	snprintf(file, sizeof(file), "%s.json", name);
	text = read_sample("truth", file, &length);
	truth = json_read(text, length, &err);
	ck_assert_ptr_nonnull(truth);
	boxes = json_member(truth, "boxes");
	for (size_t i = 0; i < json_count(boxes); i++) {
		const struct json *box = json_at(boxes, i);

		if (strcmp(json_get_string(box, "kind"), "identifier"))
			continue;
		ck_assert_msg(covered(p, box) >= 80, "%s: \"%s\": %d %%",
			      name, json_get_string(box, "text"),
			      covered(p, box));
		checked++;
	}
	json_free(truth);
	free(text);
	return checked;
}

START_TEST(masks_the_samples)
{
	struct error err = { 0 };
	int checked = 0;

	ck_assert(image_warm_up(&err));
	ck_assert(detect_load(text_detector, &options, &err));
	for (size_t i = 0; i < ARRAY_LENGTH(samples); i++) {
		struct proposals p;
		struct image *image;
		int fd;

		image = open_sample(samples[i], &fd);
		ck_assert(detect_run(text_detector, image, &options, NULL, &p,
				     &err));
		ck_assert(p.text == CHECK_DONE);
		ck_assert_int_eq(p.frames_read, image_info(image)->frames);
		checked += check_truth(&p, samples[i]);
		ck_assert_uint_le(p.boxes.count, 60);
		proposals_done(&p);
		image_close(image);
		close(fd);
	}
	ck_assert_int_ge(checked, 27);
}
END_TEST

/* ---- what found it ---- */

static void add_file(struct hasher *h, const char *path)
{
	FILE *file = fopen(path, "rb");
	char some[4096];
	size_t n;

	ck_assert_msg(file, "%s", path);
	while ((n = fread(some, 1, sizeof(some), file)) > 0)
		hasher_add(h, some, n);
	fclose(file);
}

/* The version names the sources, so a change of rules or weights changes it
 * and no stored proposal outlives them. */
START_TEST(version_names_the_rules)
{
	static const char *const finding[] = {
		"ocr/*.[ch]", "src/find/*.[ch]*", "src/image/*.[ch]*",
		"src/base/charset.[ch]", "src/base/kana.[ch]",
		"src/base/vocabulary.[ch]",
	};
	const char *top = getenv("top_srcdir");
	struct hasher *h = hasher_new();
	uint8_t digest[HASH_SIZE];
	char hex[17], want[64], pattern[512];
	struct error err = { 0 };

	ck_assert(h);
	for (size_t i = 0; i < ARRAY_LENGTH(finding); i++) {
		glob_t found;

		snprintf(pattern, sizeof(pattern), "%s/%s", top ? top : "..",
			 finding[i]);
		ck_assert_int_eq(glob(pattern, 0, NULL, &found), 0);
		for (size_t k = 0; k < found.gl_pathc; k++)
			add_file(h, found.gl_pathv[k]);
		globfree(&found);
	}
	ck_assert(hasher_end(h, digest));
	hasher_free(h);
	hash_hex(digest, 8, hex);
	snprintf(want, sizeof(want), " rules %s ", hex);
	ck_assert(text_load(&options, &err));
	ck_assert_msg(strstr(text_version(), want), "%s without %s",
		      text_version(), want);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("detect");
	TCase *tcase = tcase_create("detect");

	tcase_add_test(tcase, tidies);
	tcase_add_test(tcase, too_many);
	tcase_add_test(tcase, failure_is_told);
	tcase_add_test(tcase, by_depends_on_policy);
	tcase_add_test(tcase, masks_the_samples);
	tcase_add_test(tcase, version_names_the_rules);
	suite_add_tcase(suite, tcase);
	return support_run(suite);
}

/* check_exchange.c - boxes as COCO and masks as a DICOM Segmentation. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "exchange/coco.h"
#include "exchange/seg.h"
#include "image/image.h"
#include "pictures.h"
#include "support.h"

/* ---- COCO ---- */

#define IMAGE "{\"id\":7,\"file_name\":\"a.png\",\"width\":100,\"height\":50}"
#define ONE(members) "{\"images\":[" IMAGE "],\"annotations\":[{" \
	"\"image_id\":7," members "}],\"categories\":[{\"id\":3," \
	"\"name\":\"face\"},{\"id\":4,\"name\":\"cat\"}]}"
#define LINE(box) "{\"v\":1,\"file\":\"a.png\",\"refused\":null,\"boxes\":[" \
	box "],\"candidates\":[],\"benign\":[]}\n"
#define TAIL ",\"score\":1000,\"source\":\"import\",\"why\":\"import:coco\"}"

static const struct {
	const char *text, *line;        /* line NULL: refused */
} cocos[] = {
	{ ONE("\"category_id\":4,\"bbox\":[1,2,30,4]"),
	  LINE("{\"x\":1,\"y\":2,\"w\":30,\"h\":4,\"kind\":\"identifier\","
	       "\"class\":\"other\"" TAIL) },
	{ ONE("\"category_id\":3,\"bbox\":[1,2,30,4]"),
	  LINE("{\"x\":1,\"y\":2,\"w\":30,\"h\":4,\"kind\":\"face\","
	       "\"class\":\"face\"" TAIL) },
	/* whole pixels, outward; clipped */
	{ ONE("\"category_id\":4,\"bbox\":[1.5,2.0,3.25,4.5]"),
	  LINE("{\"x\":1,\"y\":2,\"w\":4,\"h\":5,\"kind\":\"identifier\","
	       "\"class\":\"other\"" TAIL) },
	{ ONE("\"category_id\":4,\"bbox\":[-5,40,200,200]"),
	  LINE("{\"x\":0,\"y\":40,\"w\":100,\"h\":10,"
	       "\"kind\":\"identifier\",\"class\":\"other\"" TAIL) },
	{ ONE("\"kind\":\"text\",\"frames\":[2,5],\"bbox\":[1,2,3,4]"),
	  LINE("{\"frame\":2,\"frames\":[2,5],\"x\":1,\"y\":2,\"w\":3,"
	       "\"h\":4,\"kind\":\"text\",\"class\":\"other\"" TAIL) },
	{ "{\"images\":[" IMAGE "]}", LINE("") },
	/* nothing is lost or guessed */
	{ ONE("\"bbox\":[100,0,5,5]"), NULL },
	{ ONE("\"bbox\":[1,2,0,4]"), NULL },
	{ ONE("\"bbox\":[1,2,-3,4]"), NULL },
	{ ONE("\"bbox\":[1,2,3]"), NULL },
	{ ONE("\"bbox\":[1,2,3,\"4\"]"), NULL },
	{ ONE("\"bbox\":[1,2,3,1e300]"), NULL },
	{ ONE("\"bbox\":[1,2,3,4],\"frames\":[5,2]"), NULL },
	{ ONE("\"bbox\":[1,2,3,4],\"frames\":7"), NULL },
	{ ONE("\"segmentation\":[]"), NULL },
	{ "{\"images\":[" IMAGE "],\"annotations\":[{\"image_id\":8,"
	  "\"bbox\":[1,2,3,4]}]}", NULL },
	{ "{\"images\":[" IMAGE "],\"annotations\":[{\"bbox\":[1,2,3,4]}]}",
	  NULL },
	{ "{\"images\":[" IMAGE "," IMAGE "]}", NULL },
	{ "{\"images\":[{\"id\":7,\"width\":100,\"height\":50}]}", NULL },
	{ "{\"images\":[]}", NULL }, { "[]", NULL }, { "{", NULL },
};

START_TEST(test_coco)
{
	char *line = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&line, &length);
	struct error err = { 0 };
	const char *text = cocos[_i].text;
	bool read = coco_import(text, strlen(text), NULL, out, &err);

	ck_assert_int_eq(fclose(out), 0);
	ck_assert_msg(read == (cocos[_i].line != NULL), "%s", err.text);
	if (read)
		ck_assert_str_eq(line, cocos[_i].line);
	else
		ck_assert_int_eq(err.code, ERR_USAGE);
	free(line);
}
END_TEST

/* What comes in can be masked: `mask --boxes` reads the line. */
START_TEST(test_coco_as_boxes)
{
	static const char text[] = ONE("\"category_id\":3,\"frames\":[0,1],"
				       "\"bbox\":[1,2,30,4]");
	const uint8_t none[32] = { 0 };
	struct box_list boxes = { 0 };
	struct error err = { 0 };
	char *line = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&line, &length);

	ck_assert(coco_import(text, strlen(text), "a.png", out, &err));
	ck_assert_int_eq(fclose(out), 0);
	ck_assert_msg(proposal_parse(line, length, none, 100, 50, 3, &boxes,
				     &err), "%s", err.text);
	ck_assert_uint_eq(boxes.count, 1);
	ck_assert_int_eq(boxes.box[0].source, SOURCE_IMPORT);
	ck_assert_int_eq(boxes.box[0].kind, KIND_FACE);
	ck_assert_int_eq(boxes.box[0].frame1, 1);
	ck_assert_int_eq(boxes.box[0].region.x1, 31);
	box_list_done(&boxes);
	free(line);
	out = fopen("/dev/null", "w");
	ck_assert(!coco_import(text, strlen(text), "b.png", out, &err));
	fclose(out);
}
END_TEST

/* ---- segmentations ---- */

static const struct noise noise = { .seed = 4711 };

/* Columns such that no row and no frame ends on a byte, but for one. */
static const struct dicom_spec specs[] = {
	{ 37, 21, 1, 1, 8, 8, 7, 0, 0, "MONOCHROME2", DICOM_EXPLICIT,
	  .padding = 0 },
	{ 37, 21, 3, 1, 16, 12, 11, 0, 0, "MONOCHROME2", DICOM_IMPLICIT,
	  .padding = 0 },
	{ 32, 8, 3, 3, 8, 8, 7, 0, 0, "RGB", DICOM_EXPLICIT, .padding = 0 },
};

static void tell_nobody(void *self, int permille)
{
	(void)self, (void)permille;
}

static bool is_masked(const struct box_list *boxes, enum box_class class_,
		      int frame, int x, int y)
{
	for (size_t i = 0; i < boxes->count; i++) {
		const struct box *b = &boxes->box[i];

		if (b->class_ == class_ && b->plane == PLANE_PICTURE &&
		    b->frame0 <= frame && b->frame1 >= frame &&
		    region_hit(b->region, x, y))
			return true;
	}
	return false;
}

/* Bit n of the pixels, which end the file. */
static int bit_of(const unsigned char *pixels, size_t n)
{
	return pixels[n / 8] >> n % 8 & 1;
}

static void check_text(const struct image *image, const char *path,
		       const char *want)
{
	char *text = image_attribute(image, path);

	ck_assert_msg(text && !strcmp(text, want), "%s is %s", path,
		      text ? text : "not there");
	free(text);
}

START_TEST(test_seg)
{
	const struct dicom_spec *spec = &specs[_i];
	int last = spec->frames - 1;
	struct box box[] = {
		{ .region = { 3, 2, 9, 5 }, .frame1 = last,
		  .class_ = CLASS_NAME },
		{ .region = { 7, 4, 12, 7 }, .frame0 = last, .frame1 = last,
		  .class_ = CLASS_NAME },
		{ .region = { 0, 0, spec->columns, 1 }, .frame0 = last,
		  .frame1 = last, .class_ = CLASS_FACE, .kind = KIND_FACE },
		{ .region = { 1, 1, 4, 4 }, .plane = 0x6000,
		  .class_ = CLASS_DOB },
	};
	const struct box_list boxes = { box, ARRAY_LENGTH(box),
					ARRAY_LENGTH(box) };
	const struct seg_job job = { .boxes = &boxes, .uid_key = { 1 } };
	size_t frames = (size_t)spec->frames + 1, length, n = 0;
	size_t bits = (size_t)spec->columns * (size_t)spec->rows * frames;
	size_t bytes = (bits + 7) / 8 + (bits + 7) / 8 % 2;
	struct error err = { 0 };
	int in = make_dicom_picture(spec, &noise), out = memory_file();
	struct image *image;
	unsigned char *file, *pixels;

	ck_assert_msg(seg_write(in, out, &job, tell_nobody, NULL, &err), "%s",
		      err.text);
	image = image_open(out, &err);
	ck_assert_msg(image != NULL, "%s", err.text);
	ck_assert_int_eq(image_info(image)->frames, (int)frames);
	ck_assert_int_eq(image_info(image)->columns, spec->columns);
	ck_assert_int_eq(image_info(image)->bits_allocated, 1);
	check_text(image, "00080060", "SEG");
	check_text(image, "00620002[0].00620005", "name");
	check_text(image, "00620002[1].00620005", "face");
	check_text(image, "00620002[1].0062000f[0].00080100", "89545001");
	check_text(image, "52009230[0].0062000a[0].0062000b", "1");
	ck_assert_ptr_null(image_attribute(image, "00100010"));
	ck_assert_ptr_null(image_attribute(image, "00620002[2].00620005"));
	file = slurp(out, &length);
	ck_assert_uint_gt(length, bytes);
	pixels = file + length - bytes;
	for (size_t f = 0; f < frames; f++) {
		bool face = f + 1 == frames;

		for (int y = 0; y < spec->rows; y++)
			for (int x = 0; x < spec->columns; x++, n++)
				ck_assert_int_eq(bit_of(pixels, n),
					is_masked(&boxes, face ? CLASS_FACE :
						  CLASS_NAME,
						  face ? last : (int)f, x,
						  y));
	}
	for (; n < bytes * 8; n++)
		ck_assert_int_eq(bit_of(pixels, n), 0);
	free(file);
	image_close(image);
	close(in);
	close(out);
}
END_TEST

/* The same copy gives the same object, byte by byte. */
START_TEST(test_seg_again)
{
	struct box box = { .region = { 3, 2, 9, 5 }, .class_ = CLASS_NAME };
	const struct box_list boxes = { &box, 1, 1 };
	const struct seg_job job = { .boxes = &boxes, .uid_key = { 1 } };
	unsigned char *file[2];
	size_t length[2];
	int in = make_dicom_picture(&specs[0], &noise);

	for (int i = 0; i < 2; i++) {
		int out = memory_file();

		ck_assert(seg_write(in, out, &job, tell_nobody, NULL, NULL));
		file[i] = slurp(out, &length[i]);
		close(out);
	}
	ck_assert_uint_eq(length[0], length[1]);
	ck_assert_mem_eq(file[0], file[1], length[0]);
	free(file[0]);
	free(file[1]);
	close(in);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("exchange");
	TCase *tcase = tcase_create("exchange");
	struct error err = { 0 };

	if (!image_warm_up(&err))
		return 99;
	add_rows_test(tcase, test_coco, cocos);
	tcase_add_test(tcase, test_coco_as_boxes);
	add_rows_test(tcase, test_seg, specs);
	tcase_add_test(tcase, test_seg_again);
	suite_add_tcase(suite, tcase);
	return support_run(suite);
}

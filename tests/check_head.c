/* check_head.c - which slices may belong to a volume that shows a head. */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "image/head.h"
#include "find/proposal.h"
#include "tests/make_dicom.h"
#include "tests/support.h"

static const struct {
	const char *modality;
	char sop;                       /* last digit of the SOP class */
	const char *body, *code, *frame_code;
	enum head_part part;
} rows[] = {
	{ "CT", '2', "HEAD", NULL, NULL, HEAD_PART_SHOWN },
	{ "MR", '4', "BRAIN", NULL, NULL, HEAD_PART_SHOWN },
	{ "CT", '2', "HEADNECK", NULL, NULL, HEAD_PART_SHOWN },
	{ "CT", '2', "CHEST", NULL, NULL, HEAD_PART_NONE },
	{ "CT", '2', NULL, NULL, NULL, HEAD_PART_UNKNOWN },
	/* small letters break the rule of CS, but are written */
	{ "CT", '2', "Head", NULL, NULL, HEAD_PART_SHOWN },
	{ "MR", '4', "t-spine brain", NULL, NULL, HEAD_PART_SHOWN },
	{ "CT", '2', "", NULL, NULL, HEAD_PART_UNKNOWN },
	{ "CT", '2', " ", NULL, NULL, HEAD_PART_UNKNOWN },
	{ "CT", '2', NULL, "", NULL, HEAD_PART_UNKNOWN },
	{ "CT", '2', NULL, "t-d1100", NULL, HEAD_PART_SHOWN },
	{ "CT", '2', NULL, "69536005", NULL, HEAD_PART_SHOWN },
	{ "CT", '2', NULL, "T-D3000", NULL, HEAD_PART_NONE },
	{ "CT", '2', "ABDOMEN", "T-D1100", NULL, HEAD_PART_SHOWN },
	{ "MR", '4', NULL, NULL, "T-A0100", HEAD_PART_SHOWN },
	/* the SOP class tells too; other modalities have no surface */
	{ "OT", '2', "HEAD", NULL, NULL, HEAD_PART_SHOWN },
	{ "CR", '1', "HEAD", NULL, NULL, HEAD_PART_NONE },
	{ "US", '6', NULL, NULL, NULL, HEAD_PART_NONE },
};

static void put_code(struct dicom_maker *m, uint32_t sequence,
		     const char *code)
{
	struct dicom_maker item = { 0 };

	make_text(&item, 0x00080100, "SH", code);
	make_item(m, sequence, &item);
	buffer_done(&item.out);
}

static void put_groups(struct dicom_maker *m, const char *code)
{
	struct dicom_maker anatomy = { 0 }, groups = { 0 };

	put_code(&anatomy, 0x00082218, code);
	make_item(&groups, 0x00209071, &anatomy);
	make_item(m, 0x52009229, &groups);
	buffer_done(&anatomy.out);
	buffer_done(&groups.out);
}

START_TEST(tells_heads)
{
	static const unsigned char pixels[16 * 16];
	struct dicom_maker m = { 0 };
	struct error err = { 0 };
	struct image *image;
	int fd;

	make_begin(&m, "1.2.840.10008.1.2.1");
	for (size_t i = 0; i + 25 < m.out.length; i++)
		if (!memcmp(m.out.data + i, "1.2.840.10008.5.1.4.1.1.7", 25))
			m.out.data[i + 24] = rows[_i].sop;
	make_text(&m, 0x00080060, "CS", rows[_i].modality);
	if (rows[_i].code)
		put_code(&m, 0x00082218, rows[_i].code);
	if (rows[_i].body)
		make_text(&m, 0x00180015, "CS", rows[_i].body);
	make_pixel_module(&m, 16, 16, 1, "MONOCHROME2", 8, 8, 0);
	if (rows[_i].frame_code)
		put_groups(&m, rows[_i].frame_code);
	make_bytes(&m, 0x7fe00010, "OB", pixels, sizeof(pixels));
	ck_assert(!m.out.failed);
	fd = make_file(m.out.data, m.out.length);
	image = image_open(fd, &err);
	ck_assert_msg(image != NULL, "%s", err.text);
	ck_assert_int_eq((int)image_info(image)->head, (int)rows[_i].part);
	image_close(image);
	buffer_done(&m.out);
	close(fd);
}
END_TEST

/* Numbers of the frames of planes: their own, and back. */
static const int planes[] = { PLANE_BITS, 0x6000, 0x6002, 0x60fe };

START_TEST(numbers_planes)
{
	static const int frames[] = { 0, 1, 299, 65534 };

	for (size_t i = 0; i < ARRAY_LENGTH(frames); i++) {
		int number = frame_of_plane(planes[_i], frames[i]), frame;

		ck_assert_int_lt(number, -2);
		ck_assert_int_ge(number, FRAME_LEAST);
		ck_assert_int_eq(plane_of_frame(number, &frame), planes[_i]);
		ck_assert_int_eq(frame, frames[i]);
	}
}
END_TEST

START_TEST(numbers_frames)
{
	int frame;

	for (int i = -2; i < 4; i++) {
		ck_assert_int_eq(plane_of_frame(i, &frame), PLANE_PICTURE);
		ck_assert_int_eq(frame, i);
	}
	ck_assert_int_eq(frame_of_plane(PLANE_PICTURE, 7), 7);
	ck_assert_int_eq(plane_of_frame(FRAME_LEAST, &frame), PLANE_PICTURE);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("head");
	TCase *c = tcase_create("head");
	struct error err = { 0 };

	if (!image_warm_up(&err))
		return 99;
	add_rows_test(c, tells_heads, rows);
	add_rows_test(c, numbers_planes, planes);
	tcase_add_test(c, numbers_frames);
	suite_add_tcase(s, c);
	return support_run(s);
}

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
	/* the head is in a later item, or in a later frame */
	{ "CT", '2', NULL, "T-D3000 T-D4000 69536005", NULL,
	  HEAD_PART_SHOWN },
	{ "CT", '2', NULL, "T-D3000 T-D4000", NULL, HEAD_PART_NONE },
	{ "MR", '4', NULL, NULL, "T-D3000 T-A0100", HEAD_PART_SHOWN },
	{ "MR", '4', NULL, NULL, "T-D3000 T-D3000 T-D3000 53620006",
	  HEAD_PART_SHOWN },
	{ "MR", '4', NULL, NULL, "T-D3000 T-D3000", HEAD_PART_NONE },
	{ "US", '6', NULL, NULL, NULL, HEAD_PART_NONE },
};

/* The next of codes with a space between, into word; where the rest begins. */
static const char *next_code(const char *codes, char word[32])
{
	size_t length = strcspn(codes, " ");

	ck_assert_uint_lt(length, 32);
	memcpy(word, codes, length);
	word[length] = '\0';
	return codes + length + strspn(codes + length, " ");
}

/* An item a code. */
static void put_codes(struct dicom_maker *m, uint32_t sequence,
		      const char *codes)
{
	struct dicom_maker items = { 0 };
	char word[32];

	do {
		struct dicom_maker item = { 0 };

		codes = next_code(codes, word);
		make_text(&item, 0x00080100, "SH", word);
		make_part(&items, &item);
		buffer_done(&item.out);
	} while (*codes);
	make_sequence(m, sequence, &items);
	buffer_done(&items.out);
}

/* The functional groups of all frames, and of each: an item a code. */
static void put_groups(struct dicom_maker *m, uint32_t sequence,
		       const char *codes)
{
	struct dicom_maker items = { 0 };
	char word[32];

	do {
		struct dicom_maker anatomy = { 0 }, groups = { 0 };

		codes = next_code(codes, word);
		put_codes(&anatomy, 0x00082218, word);
		make_item(&groups, 0x00209071, &anatomy);
		make_part(&items, &groups);
		buffer_done(&anatomy.out);
		buffer_done(&groups.out);
	} while (*codes);
	make_sequence(m, sequence, &items);
	buffer_done(&items.out);
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
		put_codes(&m, 0x00082218, rows[_i].code);
	if (rows[_i].body)
		make_text(&m, 0x00180015, "CS", rows[_i].body);
	make_pixel_module(&m, 16, 16, 1, "MONOCHROME2", 8, 8, 0);
	if (rows[_i].frame_code)
		put_groups(&m, strchr(rows[_i].frame_code, ' ') ?
				       0x52009230 : 0x52009229,
			   rows[_i].frame_code);
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

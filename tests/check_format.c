/* check_format.c - the DICOM edit and the place of the pixels. */
#include "config.h"

#include "image/format_dicom.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/make_dicom.h"
#include "tests/support.h"

#define IMPLICIT "1.2.840.10008.1.2"
#define LITTLE "1.2.840.10008.1.2.1"
#define BIG "1.2.840.10008.1.2.2"
#define BASELINE "1.2.840.10008.1.2.4.50"

static const uint8_t pixels[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };

static const struct {
	const char *syntax;
	bool big_endian, implicit;
	uint8_t head[12];
	int head_length;
} syntaxes[] = {
	{ LITTLE, false, false,
	  { 0xe0, 0x7f, 0x10, 0, 'O', 'W', 0, 0, 8, 0, 0, 0 }, 12 },
	{ IMPLICIT, false, true, { 0xe0, 0x7f, 0x10, 0, 8, 0, 0, 0 }, 8 },
	{ BIG, true, false,
	  { 0x7f, 0xe0, 0, 0x10, 'O', 'W', 0, 0, 0, 0, 0, 8 }, 12 },
};

/* A file with names on two levels, 2x2 pixels of 16 bits, and a padding. */
static int sample_file(int i)
{
	struct dicom_maker m = { .big_endian = syntaxes[i].big_endian,
				 .implicit = syntaxes[i].implicit };
	struct dicom_maker item = m;
	int fd;

	make_begin(&m, syntaxes[i].syntax);
	make_text(&m, 0x00100010, "PN", "SECRET^NAME");
	make_text(&item, 0x00080050, "SH", "SECRET2");
	make_text(&item, 0x00400009, "SH", "KEPT");
	make_item(&m, 0x00400275, &item);
	make_pixel_module(&m, 2, 2, 1, "MONOCHROME2", 16, 16, 0);
	make_bytes(&m, 0x7fe00010, "OW", pixels, sizeof(pixels));
	make_bytes(&m, 0xfffcfffc, "OB", "SECRET3!", 8);
	fd = make_file(m.out.data, m.out.length);
	buffer_done(&m.out);
	buffer_done(&item.out);
	return fd;
}

START_TEST(place_of_pixels)
{
	struct error err = { 0 };
	struct dicom_pixels place;
	uint8_t bytes[sizeof(pixels)];
	int fd = sample_file(_i);
	struct image *image = image_open(fd, &err);

	ck_assert_str_eq(err.text, "");
	ck_assert(dicom_find_pixels(image, &place, &err));
	ck_assert_int_eq(place.length, sizeof(pixels));
	ck_assert_int_eq(pread(fd, bytes, sizeof(bytes), place.offset),
			 sizeof(bytes));
	ck_assert_mem_eq(bytes, pixels, sizeof(pixels));
	ck_assert_int_eq(place.big_endian, syntaxes[_i].big_endian);
	ck_assert_int_eq(place.head_length, syntaxes[_i].head_length);
	ck_assert_mem_eq(place.head, syntaxes[_i].head, 12);
	image_close(image);
	close(fd);
}
END_TEST

static enum dicom_action redact(void *self, const struct dicom_element *e,
				char value[DICOM_VALUE])
{
	int *seen = self;

	++*seen;
	if (strcmp(e->path, "00100010") == 0) {
		ck_assert_str_eq(e->vr, "PN");
		ck_assert_str_eq(e->text, "SECRET^NAME");
		return DICOM_EMPTY;
	}
	if (strcmp(e->path, "00400275[0].00080050") == 0) {
		ck_assert_int_eq(e->depth, 1);
		return DICOM_REMOVE;
	}
	if (e->tag == 0x00080018) {
		memcpy(value, "2.25.99", 8);
		return DICOM_SET;
	}
	return DICOM_KEEP;
}

static bool put(void *self, const void *data, size_t length,
		struct error *err)
{
	const int *fd = self;

	(void)err;
	return write(*fd, data, length) == (ssize_t)length;
}

/* A descriptor that is full. */
static bool put_none(void *self, const void *data, size_t length,
		     struct error *err)
{
	(void)self;
	(void)data;
	(void)length;
	return error_set(err, ERR_WRITE, "full");
}

/* Edit the sample, write it out, put the pixels behind. */
static int edited_file(int i)
{
	struct error err = { 0 };
	int in = sample_file(i), out = memfd_create("out", 0), seen = 0;
	struct dicom_edit *edit = dicom_edit_open(in, &err);

	ck_assert_str_eq(err.text, "");
	ck_assert(dicom_edit_walk(edit, redact, &seen, &err));
	ck_assert_int_eq(seen, 2 + 1 + 1 + 2 + 8);
	ck_assert(dicom_edit_set(edit, 0x00120063, "LO", "done", &err));
	ck_assert(dicom_edit_set(edit, 0x00280301, "CS", "NO", &err));
	ck_assert(!dicom_edit_set(edit, 0x00120063, "LO", "\xc3\xa9", &err));
	ck_assert(dicom_edit_add_code(edit, 0x00120064, "113101", "DCM",
				      "Clean Pixel Data", &err));
	ck_assert(dicom_edit_write_meta(edit, syntaxes[i].syntax, put, &out,
					&err));
	ck_assert(dicom_edit_write_data(edit, syntaxes[i].syntax, put, &out,
					&err));
	ck_assert_int_eq(write(out, syntaxes[i].head,
			       (size_t)syntaxes[i].head_length),
			 syntaxes[i].head_length);
	ck_assert_int_eq(write(out, pixels, sizeof(pixels)), sizeof(pixels));
	dicom_edit_close(edit);
	close(in);
	return out;
}

static void check_attribute(const struct image *image, const char *path,
			    const char *expected)
{
	char *value = image_attribute(image, path);

	if (expected) {
		ck_assert_ptr_nonnull(value);
		ck_assert_str_eq(value, expected);
	} else {
		ck_assert_ptr_null(value);
	}
	free(value);
}

START_TEST(edited)
{
	struct error err = { 0 };
	int fd = edited_file(_i);
	struct image *image = image_open(fd, &err);
	char bytes[4096];
	ssize_t length = pread(fd, bytes, sizeof(bytes), 0);

	ck_assert_str_eq(err.text, "");
	ck_assert_int_gt(length, 400);
	ck_assert_ptr_null(memmem(bytes, (size_t)length, "SECRET", 6));
	for (int i = 0; i < 128; i++)
		ck_assert_int_eq(bytes[i], 0);
	check_attribute(image, "00100010", NULL);
	check_attribute(image, "00400275[0].00080050", NULL);
	check_attribute(image, "00400275[0].00400009", "KEPT");
	check_attribute(image, "00080018", "2.25.99");
	check_attribute(image, "00120063", "done");
	check_attribute(image, "00120064[0].00080100", "113101");
	check_attribute(image, "00280301", "NO");
	ck_assert_str_eq(image_info(image)->syntax, syntaxes[_i].syntax);
	image_close(image);
	close(fd);
}
END_TEST

START_TEST(pixels_in_pieces)
{
	struct error err = { 0 };
	uint8_t bytes[3];
	int fd = sample_file(_i);
	struct image *image = image_open(fd, &err);

	for (size_t i = 0; i + sizeof(bytes) <= sizeof(pixels); i++) {
		ck_assert(dicom_read_pixels(image, i, bytes, sizeof(bytes),
					    &err));
		ck_assert_mem_eq(bytes, pixels + i, sizeof(bytes));
	}
	ck_assert(!dicom_read_pixels(image, sizeof(pixels) - 2, bytes, 3,
				     &err));
	ck_assert_int_eq(err.reason, REASON_TRUNCATED);
	image_close(image);
	close(fd);
}
END_TEST

START_TEST(full_disk)
{
	struct error err = { 0 };
	int fd = sample_file(0);
	struct dicom_edit *edit = dicom_edit_open(fd, &err);

	ck_assert(!dicom_edit_write_meta(edit, BASELINE, put_none, NULL,
					 &err));
	ck_assert_int_eq(err.code, ERR_WRITE);
	err = (struct error){ 0 };
	ck_assert(!dicom_edit_write_data(edit, BASELINE, put_none, NULL,
					 &err));
	ck_assert_int_eq(err.code, ERR_WRITE);
	ck_assert_str_eq(err.text, "full");
	dicom_edit_close(edit);
	close(fd);
}
END_TEST

/* The data set of any other syntax is explicit little endian. */
START_TEST(encapsulated_header)
{
	static const uint8_t jpeg[] = { 0xff, 0xd8, 0xff, 0xd9 };
	static const char rows[] = "\x28\0\x10\0US\2\0\2\0";
	struct error err = { 0 };
	struct dicom_maker m = { 0 };
	struct dicom_edit *opened;
	int fd, out = memfd_create("out", 0);
	char bytes[4096];
	ssize_t length;

	make_begin(&m, BASELINE);
	make_text(&m, 0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.7");
	make_text(&m, 0x00080018, "UI", "2.25.1");
	make_pixel_module(&m, 2, 2, 1, "MONOCHROME2", 8, 8, 0);
	make_fragments_begin(&m);
	make_fragment(&m, jpeg, sizeof(jpeg));
	make_fragments_end(&m);
	fd = make_file(m.out.data, m.out.length);
	opened = dicom_edit_open(fd, &err);
	ck_assert_ptr_nonnull(opened);
	ck_assert(dicom_edit_write_meta(opened, BASELINE, put, &out, &err));
	ck_assert(dicom_edit_write_data(opened, BASELINE, put, &out, &err));
	length = pread(out, bytes, sizeof(bytes), 0);
	ck_assert_int_gt(length, 132);
	ck_assert_ptr_nonnull(memmem(bytes, (size_t)length, BASELINE,
				     sizeof(BASELINE) - 1));
	ck_assert_ptr_nonnull(memmem(bytes, (size_t)length, rows,
				     sizeof(rows) - 1));
	ck_assert_ptr_null(memmem(bytes, (size_t)length, "\xe0\x7f", 2));
	dicom_edit_close(opened);
	close(fd);
	close(out);
	buffer_done(&m.out);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("format");
	TCase *tcase = tcase_create("edit");
	struct error err = { 0 };

	if (!image_warm_up(&err))
		return EXIT_FAILURE;
	add_rows_test(tcase, place_of_pixels, syntaxes);
	add_rows_test(tcase, edited, syntaxes);
	add_rows_test(tcase, pixels_in_pieces, syntaxes);
	tcase_add_test(tcase, full_disk);
	tcase_add_test(tcase, encapsulated_header);
	suite_add_tcase(suite, tcase);
	return support_run(suite);
}

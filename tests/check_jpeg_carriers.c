/*
 * check_jpeg_carriers.c - marks planted wherever a JPEG file can hide
 * something, in every process: none is left in the copy, what went is named,
 * and verify finds each that is put into a copy.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "pictures.h"
#include "support.h"

enum { MARK = 32, WINDOW = 8 };
enum { M_EOI = 0xd9, M_SOS = 0xda, M_COM = 0xfe };

/* No byte is 0xff or 0: it may stand in scans and among fill bytes. */
static void make_mark(uint8_t mark[MARK])
{
	uint32_t state = 0x51ed1234;

	for (int i = 0; i < MARK; i++)
		mark[i] = (uint8_t)(1 + random_below(&state, 254));
}

static bool file_has_mark(int fd)
{
	uint8_t mark[MARK];
	size_t length;
	uint8_t *data = slurp(fd, &length);
	bool has = false;

	make_mark(mark);
	for (int i = 0; i + WINDOW <= MARK; i++)
		has = has || memmem(data, length, mark + i, WINDOW);
	free(data);
	return has;
}

/* ---- where ---- */

enum place { AT_START, AT_SCAN, AT_LAST_SCAN, AT_END };

/* The offset of the marker that something is put before. */
static size_t find_place(const uint8_t *data, size_t length, enum place place)
{
	size_t at = 2, found = 0;

	if (place == AT_START)
		return at;
	while (at + 4 <= length && data[at + 1] != M_EOI) {
		bool scan = data[at + 1] == M_SOS;

		ck_assert_int_eq(data[at], 0xff);
		if (scan)
			found = at;
		if (scan && place == AT_SCAN)
			return at;
		at += 2 + ((size_t)data[at + 2] << 8 | data[at + 3]);
		while (scan && (data[at] != 0xff || data[at + 1] == 0 ||
				(data[at + 1] >= 0xd0 && data[at + 1] <= 0xd7)))
			at++;
	}
	return place == AT_END ? at : found;
}

static int insert(int fd, enum place place, const void *what, size_t size)
{
	struct buffer b = { 0 };
	size_t length, at;
	uint8_t *data = slurp(fd, &length);
	int made;

	at = place == AT_END ? length : find_place(data, length, place);
	buffer_append(&b, data, at);
	buffer_append(&b, what, size);
	if (at < length)
		buffer_append(&b, data + at, length - at);
	made = memory_of(b.data, b.length);
	buffer_done(&b);
	free(data);
	return made;
}

/* ---- what ---- */

#define HEAD(text) text, sizeof(text) - 1

/* A segment: marker, head, the mark; marker 0: the bytes as they are. */
static const struct plant {
	int marker;
	const char *head;
	size_t head_length;
	enum place place;
	unsigned dropped;
} plants[] = {
	{ 0xe1, HEAD("Exif\0\0MM\0*\0\0\0\10\0\0\0\0\0\0"), AT_START,
	  DROPPED_EXIF },
	{ 0xe1, HEAD("Exif\0\0II*\0\10\0\0\0\0\0\16\0\0\0\2\0\1\2\4\0\1\0\0\0"
		     "\54\0\0\0\2\2\4\0\1\0\0\0\40\0\0\0\0\0\0\0"), AT_START,
	  DROPPED_EXIF | DROPPED_THUMBNAIL },
	{ 0xe1, HEAD("Exif\0\0"), AT_SCAN, DROPPED_EXIF },
	{ 0xe1, HEAD("Exif\0\0"), AT_LAST_SCAN, DROPPED_EXIF },
	{ 0xe1, HEAD("http://ns.adobe.com/xap/1.0/\0"), AT_START,
	  DROPPED_XMP },
	{ 0xe1, HEAD("http://ns.adobe.com/xmp/extension/\0"), AT_SCAN,
	  DROPPED_XMP },
	{ 0xe1, HEAD("something"), AT_START, DROPPED_APP },
	{ 0xe2, HEAD("MPF\0II*\0"), AT_START, DROPPED_APP },
	{ 0xe2, HEAD("FPXR\0"), AT_SCAN, DROPPED_APP },
	{ 0xe2, HEAD("ICC_PROFILE\0\1\1\0\0\0\200"), AT_START, DROPPED_APP },
	{ 0xe0, HEAD("JFXX\0\20"), AT_START, DROPPED_THUMBNAIL },
	{ 0xe0, HEAD("JFXX\0\23"), AT_SCAN, DROPPED_THUMBNAIL },
	{ 0xe0, HEAD("JFIF\0\1\1\0\0\1\0\1\13\1"), AT_START,
	  DROPPED_THUMBNAIL },
	{ 0xe0, HEAD("AVI1"), AT_START, DROPPED_APP },
	{ M_COM, HEAD(""), AT_START, DROPPED_COMMENT },
	{ M_COM, HEAD("a comment "), AT_SCAN, DROPPED_COMMENT },
	{ M_COM, HEAD(""), AT_LAST_SCAN, DROPPED_COMMENT },
	{ 0xe3, HEAD("Meta"), AT_START, DROPPED_APP },
	{ 0xe4, HEAD(""), AT_START, DROPPED_APP },
	{ 0xe5, HEAD(""), AT_SCAN, DROPPED_APP },
	{ 0xe6, HEAD(""), AT_SCAN, DROPPED_APP },
	{ 0xe7, HEAD(""), AT_LAST_SCAN, DROPPED_APP },
	{ 0xe8, HEAD("SPIFF\0"), AT_START, DROPPED_APP },
	{ 0xe9, HEAD(""), AT_START, DROPPED_APP },
	{ 0xea, HEAD(""), AT_START, DROPPED_APP },
	{ 0xeb, HEAD("JP\0\1\0\0\0\1"), AT_START, DROPPED_APP },
	{ 0xec, HEAD("Ducky"), AT_START, DROPPED_APP },
	{ 0xed, HEAD("Photoshop 3.0\0008BIM"), AT_START, DROPPED_APP },
	{ 0xee, HEAD("NotAdobe"), AT_START, DROPPED_APP },
	{ 0xef, HEAD("Q75"), AT_LAST_SCAN, DROPPED_APP },
	{ 0, HEAD(""), AT_END, DROPPED_TRAILER },
	{ 0, HEAD("\xff\xd8\xff\xe1"), AT_END, DROPPED_TRAILER },
};

static int plant(const struct plant *p, int fd)
{
	size_t size = 2 + p->head_length + MARK;
	const uint8_t marker[4] = { 0xff, (uint8_t)p->marker,
				    (uint8_t)(size >> 8), (uint8_t)size };
	struct buffer b = { 0 };
	uint8_t mark[MARK];
	int made;

	make_mark(mark);
	if (p->marker)
		buffer_append(&b, marker, sizeof(marker));
	if (p->head_length)
		buffer_append(&b, p->head, p->head_length);
	buffer_append(&b, mark, MARK);
	made = insert(fd, p->place, b.data, b.length);
	buffer_done(&b);
	ck_assert(file_has_mark(made));
	return made;
}

/* ---- in which files ---- */

static const struct noise noise = { .seed = 1234 };
static const struct jpeg_spec specs[] = {
	{ 61, 43, JPEG_GREY, 1, 1, 75, 0, 0, 0, 0, 0 },
	{ 61, 43, JPEG_YCC, 2, 2, 75, 0, 0, 2, 0, 0 },
	{ 61, 43, JPEG_YCC, 2, 1, 75, 0, 0, 0, 1, 0 },
	{ 61, 43, JPEG_YCC, 1, 1, 75, 1, 0, 0, 0, 0 },
	{ 61, 43, JPEG_RGB, 1, 1, 75, 0, 1, 0, 0, 0 },
	{ 61, 43, JPEG_YCCK, 2, 2, 75, 0, 0, 0, 0, 0 },
};
enum { CASES = ARRAY_LENGTH(plants) * ARRAY_LENGTH(specs) };

START_TEST(test_gone)
{
	const struct plant *p = &plants[_i % (int)ARRAY_LENGTH(plants)];
	struct box box;
	struct box_list boxes = one_box(&box, (struct region){ 9, 9, 20, 20 },
					1);
	struct mask_report report;
	int plain = make_jpeg(&specs[_i / (int)ARRAY_LENGTH(plants)], &noise);
	int in = plant(p, plain), out, bare;

	out = mask_and_verify(in, &boxes, &report);
	ck_assert(!file_has_mark(out));
	ck_assert_uint_eq(report.dropped & p->dropped, p->dropped);
	bare = mask_and_verify(plain, &boxes, &report);
	ck_assert_uint_eq(report.dropped, 0);
	/* what a JFIF segment says besides its thumbnail stays */
	if (p->dropped != DROPPED_THUMBNAIL || p->head[3] != 'F')
		ck_assert(same_files(out, bare));
	close(plain);
	close(in);
	close(out);
	close(bare);
}
END_TEST

START_TEST(test_found)
{
	const struct plant *p = &plants[_i % (int)ARRAY_LENGTH(plants)];
	struct box_list none = { 0 };
	struct mask_report report;
	struct verify_result result;
	struct error err = { 0 };
	int plain = make_jpeg(&specs[_i / (int)ARRAY_LENGTH(plants)], &noise);
	int in = plant(p, plain);
	int out = mask_and_verify(in, &none, &report), bad = plant(p, out);

	ck_assert(verify_run(in, bad, test_job.profile, &test_job, &none,
			     &result, NULL, NULL, &err));
	ck_assert_int_eq(result.status, VERIFY_FAILED);
	close(plain);
	close(in);
	close(out);
	close(bad);
}
END_TEST

/* Fill bytes before a marker are of one kind, but how many could tell. */
START_TEST(test_fill_bytes)
{
	static const uint8_t fill[MARK] = {
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	};
	static const enum place places[] = { AT_START, AT_SCAN, AT_LAST_SCAN };
	struct box_list none = { 0 };
	struct mask_report report;

	for (size_t i = 0; i < ARRAY_LENGTH(places); i++) {
		int plain = make_jpeg(&specs[_i], &noise);
		int in = insert(plain, places[i], fill, 1 + 5 * i);
		int out = mask_and_verify(in, &none, &report);
		int bare = mask_and_verify(plain, &none, &report);

		ck_assert(same_files(out, bare));
		close(plain);
		close(in);
		close(out);
		close(bare);
	}
}
END_TEST

/* Bytes that belong to nothing: gone, or the file is refused. */
START_TEST(test_strays)
{
	struct box_list none = { 0 };
	struct mask_report report;
	struct error err = { 0 };
	uint8_t mark[MARK];
	int plain = make_jpeg(&specs[_i], &noise), in;
	int out = memory_file();

	make_mark(mark);
	in = insert(plain, AT_SCAN, mark, MARK);
	ck_assert(file_has_mark(in));
	if (mask_run(in, out, &test_job, &none, &report, NULL, NULL, &err))
		ck_assert(!file_has_mark(out));
	else
		ck_assert_int_eq(err.code, ERR_REFUSED);
	close(plain);
	close(in);
	close(out);
}
END_TEST

/* Tables that no component names, alone or beside one that does. */
START_TEST(test_tables)
{
	static const uint8_t dht[] = { 0xff, 0xc4, 0, 2 + 17 + MARK, 0x13, 0,
				       0, 0, 0, 0, MARK };
	uint8_t segment[4 + 17 + MARK + 65] = { 0xff, 0xdb, 0, 67, 3 };
	size_t size = 4 + 65;
	struct box box;
	struct box_list boxes = one_box(&box, (struct region){ 9, 9, 20, 20 },
					1);
	struct mask_report report;
	int plain = make_jpeg(&specs[_i / 2], &noise), in, out, bare;

	if (_i % 2) {
		memcpy(segment, dht, sizeof(dht));
		make_mark(segment + 4 + 17);
		size = 4 + 17 + MARK;
	} else {
		memset(segment + 5, 1, 64);
		make_mark(segment + 5);
	}
	in = insert(plain, AT_START, segment, size);
	ck_assert(file_has_mark(in));
	out = mask_and_verify(in, &boxes, &report);
	bare = mask_and_verify(plain, &boxes, &report);
	ck_assert(!file_has_mark(out));
	ck_assert(same_files(out, bare));
	close(plain);
	close(in);
	close(out);
	close(bare);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("jpeg_carriers");
	TCase *tcase = tcase_create("jpeg_carriers");

	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, test_gone, 0, (int)CASES);
	tcase_add_loop_test(tcase, test_found, 0, (int)CASES);
	add_rows_test(tcase, test_fill_bytes, specs);
	add_rows_test(tcase, test_strays, specs);
	tcase_add_loop_test(tcase, test_tables, 0,
			    2 * (int)ARRAY_LENGTH(specs));
	suite_add_tcase(suite, tcase);
	return support_run(suite);
}

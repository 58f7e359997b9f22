/*
 * check_starved.c - an allocation of ours that fails is an error, or changes
 * nothing: no detection is quieter for it.
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "find/detect.h"
#include "ocr/text.h"
#include "samples/draw.h"
#include "tests/make_dicom.h"
#include "tests/support.h"

/* ---- memory that ends ---- */

/* Allocations of this program's own code until one fails; -1: none does. */
static long left = -1;
static long asked;

#ifndef SUMI_SANITIZERS
/* of the C library, which exports them for this */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void *malloc(size_t size);
void *calloc(size_t count, size_t size);
void *realloc(void *old, size_t size);

/* Where the linker put our code; libraries lie elsewhere. */
extern const char __executable_start, etext;

static bool fails(const void *caller)
{
	const char *from = caller;

	if (left < 0 || from < &__executable_start || from >= &etext)
		return false;
	asked++;
	if (left-- > 0)
		return false;
	errno = ENOMEM;
	return true;
}

void *malloc(size_t size)
{
	return fails(__builtin_return_address(0)) ? NULL :
						    __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	return fails(__builtin_return_address(0)) ? NULL :
						    __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
	return fails(__builtin_return_address(0)) ? NULL :
						    __libc_realloc(old, size);
}
#endif

/* ---- a picture ---- */

enum { COLUMNS = 320, ROWS = 160, TALL = 20, MODULE = 3, MODULES = 24 };

static const struct detector table[] = {
	{ "text", text_load, text_run, text_version },
	{ .name = NULL },
};
static const struct colour ink = { { 230 } }, ground = { { 20 } };

/* A code of square modules, which no sign tells. */
static void draw_code(struct canvas *c, int x, int y)
{
	unsigned random = 4711;

	for (int i = 0; i < MODULES * MODULES; i++) {
		int u = x + i % MODULES * MODULE, v = y + i / MODULES * MODULE;

		random = random * 1103515245u + 12345u;
		draw_rectangle(c, (struct region){ u, v, u + MODULE,
						   v + MODULE },
			       random >> 16 & 1 ? ink : ground);
	}
}

/* A harmless word in a frame, a name, a date and a code. */
static void draw(struct canvas *c)
{
	struct region word;

	draw_rectangle(c, (struct region){ 0, 0, COLUMNS, ROWS }, ground);
	word = draw_text(c, 24, 22, TALL, ground, "PORTABLE");
	ck_assert(!region_empty(word));
	draw_rectangle(c, region_grow(word, 6), ink);
	draw_rectangle(c, region_grow(word, 5), ground);
	draw_text(c, 24, 22, TALL, ink, "PORTABLE");
	draw_text(c, 20, 74, TALL, ink, "SATO HANAKO");
	draw_text(c, 20, 116, TALL, ink, "1958-03-04");
	draw_code(c, 232, 20);
}

static int make_picture(void)
{
	static unsigned char pixels[COLUMNS * ROWS];
	struct dicom_maker m = { 0 };
	struct canvas c;
	int fd;

	ck_assert(canvas_init(&c, COLUMNS, ROWS, 1));
	draw(&c);
	for (int i = 0; i < COLUMNS * ROWS; i++)
		pixels[i] = (unsigned char)c.value[i];
	canvas_done(&c);
	make_begin(&m, "1.2.840.10008.1.2.1");
	make_text(&m, 0x00080060, "CS", "US");
	make_text(&m, 0x00100010, "PN", "SATO^HANAKO");
	make_text(&m, 0x00100030, "DA", "19580304");
	make_pixel_module(&m, COLUMNS, ROWS, 1, "MONOCHROME2", 8, 8, 0);
	make_bytes(&m, 0x7fe00010, "OB", pixels, sizeof(pixels));
	fd = make_file(m.out.data, m.out.length);
	buffer_done(&m.out);
	return fd;
}

/* ---- what is found in it ---- */

/* As a worker does it. */
static bool look(int fd, struct proposals *p, struct error *err)
{
	const struct detect_options options = { .languages = "eng" };
	struct image *image = image_open(fd, err);
	bool ok = image && detect_run(table, image, &options, NULL, p, err);

	if (ok && !image_was_read(image, err)) {
		proposals_done(p);
		ok = false;
	}
	image_close(image);
	return ok;
}

static bool same_box(const struct box *a, const struct box *b)
{
	return region_equal(a->region, b->region) && a->tier == b->tier &&
	       a->kind == b->kind && a->class_ == b->class_ &&
	       a->score == b->score && a->confidence == b->confidence &&
	       !strcmp(a->why, b->why) && !strcmp(a->text, b->text);
}

static bool same(const struct proposals *a, const struct proposals *b)
{
	bool same = a->boxes.count == b->boxes.count && a->text == b->text &&
		    !memcmp(a->ink, b->ink,
			    (size_t)(a->ink_columns * a->ink_rows));

	for (size_t i = 0; same && i < a->boxes.count; i++)
		same = same_box(&a->boxes.box[i], &b->boxes.box[i]);
	return same;
}

enum { PARTS = 8 };                     /* tests, of all allocations */

START_TEST(is_never_quieter)
{
	long count;
	struct proposals whole, found;
	struct error err = { 0 };
	int fd = make_picture();

	asked = 0;
	left = 1 << 30;
	ck_assert_msg(look(fd, &whole, &err), "%s", err.text);
	left = -1;
	count = asked;
#ifndef SUMI_SANITIZERS
	ck_assert_int_gt(count, 500);
#endif
	for (long at = _i; at < count; at += PARTS) {
		bool ok;

		left = at;
		ok = look(fd, &found, &err);
		left = -1;
		ck_assert_msg(!ok || same(&whole, &found),
			      "allocation %ld of %ld: another result", at,
			      count);
		ck_assert(ok || err.code != ERR_NONE);
		if (ok)
			proposals_done(&found);
	}
	proposals_done(&whole);
	close(fd);
}
END_TEST

/* What the picture is for. */
START_TEST(shows_all_kinds)
{
	struct proposals p;
	struct error err = { 0 };
	int fd = make_picture(), benign = 0, known = 0, codes = 0;

	ck_assert_msg(look(fd, &p, &err), "%s", err.text);
	for (size_t i = 0; i < p.boxes.count; i++) {
		const struct box *b = &p.boxes.box[i];

		benign += b->tier == TIER_BENIGN;
		known += b->source == SOURCE_HEADER;
		codes += b->class_ == CLASS_BARCODE;
	}
	ck_assert_int_eq(benign, 1);
	ck_assert_int_eq(known, 2);
	ck_assert_int_eq(codes, 1);
	proposals_done(&p);
	close(fd);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("starved");
	TCase *tcase = tcase_create("starved");
	struct detect_options options = { .languages = "eng" };
	struct error err = { 0 };

	if (!image_warm_up(&err) || !text_load(&options, &err))
		return 99;
	tcase_set_timeout(tcase, 120);
	tcase_add_checked_fixture(tcase, support_leave_quietly, NULL);
	tcase_add_test(tcase, shows_all_kinds);
	tcase_add_loop_test(tcase, is_never_quieter, 0, PARTS);
	suite_add_tcase(suite, tcase);
	return support_run(suite);
}

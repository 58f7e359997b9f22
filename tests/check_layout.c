/* check_layout.c - boxes remembered for a device (find/layout). */
#include "config.h"

#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "find/layout.h"
#include "support.h"

static const uint8_t us[LAYOUT_DEVICE] = { 1, 2, 3 };
static const uint8_t ct[LAYOUT_DEVICE] = { 1, 2, 4 };
static const uint8_t none[LAYOUT_DEVICE];

static struct box make_box(int x, int y, int w, int h, enum box_tier tier)
{
	return (struct box){ .region = region_from_box(x, y, w, h),
			     .frame0 = 3, .frame1 = 4, .tier = tier,
			     .class_ = CLASS_NAME, .text = "SATO",
			     .confidence = 90 };
}

static void add(struct box_list *list, struct box b)
{
	ck_assert(box_list_add(list, &b));
}

/* One layout of two masks; a candidate and a box of an overlay stay out. */
static void remember_two(struct layouts *l)
{
	struct box_list boxes = { 0 };
	struct box overlay = make_box(0, 0, 9, 9, TIER_BOX);
	struct error err = { 0 };

	overlay.plane = 0x6000;
	add(&boxes, make_box(10, 20, 100, 12, TIER_BOX));
	add(&boxes, make_box(10, 40, 60, 12, TIER_BOX));
	add(&boxes, make_box(10, 60, 60, 12, TIER_CANDIDATE));
	add(&boxes, overlay);
	ck_assert(layouts_remember(l, us, 640, 480, &boxes, &err));
	box_list_done(&boxes);
}

START_TEST(remembers_masks_of_the_picture)
{
	struct layouts l = { 0 };
	const struct device_layout *d;

	remember_two(&l);
	d = layouts_find(&l, us, 640, 480);
	ck_assert_ptr_nonnull(d);
	ck_assert_uint_eq(d->boxes.count, 2);
	ck_assert_str_eq(d->boxes.box[0].text, "");
	ck_assert_ptr_null(layouts_find(&l, us, 640, 481));
	ck_assert_ptr_null(layouts_find(&l, ct, 640, 480));
	remember_two(&l);
	ck_assert_uint_eq(l.count, 1);
	layouts_done(&l);
}
END_TEST

START_TEST(nothing_forgets)
{
	struct layouts l = { 0 };
	const struct box_list boxes = { 0 };
	struct error err = { 0 };

	remember_two(&l);
	ck_assert(layouts_remember(&l, us, 640, 480, &boxes, &err));
	ck_assert_uint_eq(l.count, 0);
	ck_assert(!layouts_remember(&l, none, 640, 480, &boxes, &err));
	ck_assert_int_eq(err.code, ERR_USAGE);
	layouts_done(&l);
}
END_TEST

START_TEST(proposes_what_is_not_covered)
{
	struct layouts l = { 0 };
	struct proposals p = { 0 };
	struct box found = make_box(8, 18, 104, 16, TIER_BOX);

	remember_two(&l);
	found.frame0 = 0;
	found.frame1 = 29;
	add(&p.boxes, found);
	ck_assert(layouts_propose(&l, us, 640, 480, 30, &p));
	ck_assert_uint_eq(p.boxes.count, 2);
	ck_assert_int_eq(p.boxes.box[1].source, SOURCE_LAYOUT);
	ck_assert_int_eq(p.boxes.box[1].tier, TIER_BOX);
	ck_assert_int_eq(p.boxes.box[1].region.y0, 40);
	ck_assert_int_eq(p.boxes.box[1].frame0, 0);
	ck_assert_int_eq(p.boxes.box[1].frame1, 29);
	ck_assert_str_eq(p.boxes.box[1].why, "layout:device");
	ck_assert(layouts_propose(&l, us, 640, 480, 30, &p));
	ck_assert_uint_eq(p.boxes.count, 2);
	ck_assert(layouts_propose(&l, ct, 640, 480, 30, &p));
	ck_assert_uint_eq(p.boxes.count, 2);
	proposals_done(&p);
	layouts_done(&l);
}
END_TEST

START_TEST(a_candidate_covers_nothing)
{
	struct layouts l = { 0 };
	struct proposals p = { 0 };
	struct box found = make_box(8, 18, 104, 16, TIER_CANDIDATE);

	remember_two(&l);
	found.frame0 = found.frame1 = 0;
	add(&p.boxes, found);
	ck_assert(layouts_propose(&l, us, 640, 480, 1, &p));
	ck_assert_uint_eq(p.boxes.count, 3);
	proposals_done(&p);
	layouts_done(&l);
}
END_TEST

START_TEST(text_comes_back)
{
	struct layouts l = { 0 }, again = { 0 };
	struct buffer text = { 0 }, second = { 0 };
	struct error err = { 0 };

	remember_two(&l);
	layouts_print(&l, &text);
	ck_assert(!text.failed);
	ck_assert_ptr_null(strstr(text.data, "SATO"));
	ck_assert(layouts_parse(text.data, text.length, &again, &err));
	layouts_print(&again, &second);
	ck_assert_str_eq(text.data, second.data);
	buffer_done(&text);
	buffer_done(&second);
	layouts_done(&l);
	layouts_done(&again);
}
END_TEST

#define HEX "00000000000000000000000000000000000000000000000000000000000000"
static const char *const wrong[] = {
	"x",
	"{}",
	"{\"v\":1,\"device\":\"12\",\"columns\":9,\"rows\":9,\"boxes\":[]}",
	"{\"v\":1,\"device\":\"01" HEX "\",\"columns\":0,\"rows\":9,"
	"\"boxes\":[]}",
	"{\"v\":1,\"device\":\"01" HEX "\",\"columns\":9,\"rows\":65536,"
	"\"boxes\":[]}",
	"{\"v\":1,\"device\":\"01" HEX "\",\"columns\":9,\"rows\":9}",
	"{\"v\":1,\"device\":\"01" HEX "\",\"columns\":9,\"rows\":9,"
	"\"boxes\":[{\"x\":9,\"y\":0,\"w\":1,\"h\":1}]}",
	"{\"v\":1,\"device\":\"00" HEX "\",\"columns\":9,\"rows\":9,"
	"\"boxes\":[{\"x\":1,\"y\":0,\"w\":1,\"h\":1}]}",
};

START_TEST(wrong_lines_are_refused)
{
	struct layouts l = { 0 };
	struct error err = { 0 };

	ck_assert(!layouts_parse(wrong[_i], strlen(wrong[_i]), &l, &err));
	ck_assert_int_eq(err.code, ERR_USAGE);
	ck_assert_uint_eq(l.count, 0);
	layouts_done(&l);
}
END_TEST

/* The device of a sample. */
static void device_of(const char *sample, uint8_t device[LAYOUT_DEVICE])
{
	char path[1024];
	struct error err = { 0 };
	struct image *image;
	int fd;

	snprintf(path, sizeof(path), "%s/samples/pictures/%s",
		 getenv("top_srcdir"), sample);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	ck_assert_int_ge(fd, 0);
	image = image_open(fd, &err);
	ck_assert_ptr_nonnull(image);
	ck_assert(layout_device(image, device, &err));
	image_close(image);
	close(fd);
}

START_TEST(devices_differ)
{
	uint8_t a[LAYOUT_DEVICE], b[LAYOUT_DEVICE];

	device_of("us_banner.dcm", a);
	device_of("ct_header.dcm", b);
	ck_assert(memcmp(a, b, sizeof(a)) != 0);
	ck_assert(memcmp(a, none, sizeof(a)) != 0);
	device_of("us_banner.dcm", b);
	ck_assert(!memcmp(a, b, sizeof(a)));
	device_of("film_label.png", a);
	ck_assert(!memcmp(a, none, sizeof(a)));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("layout");
	TCase *tcase = tcase_create("layout");
	struct error err = { 0 };

	if (!image_warm_up(&err))
		return 99;
	tcase_add_test(tcase, remembers_masks_of_the_picture);
	tcase_add_test(tcase, nothing_forgets);
	tcase_add_test(tcase, proposes_what_is_not_covered);
	tcase_add_test(tcase, a_candidate_covers_nothing);
	tcase_add_test(tcase, text_comes_back);
	add_rows_test(tcase, wrong_lines_are_refused, wrong);
	tcase_add_test(tcase, devices_differ);
	suite_add_tcase(suite, tcase);
	return support_run(suite);
}

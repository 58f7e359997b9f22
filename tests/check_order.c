/* check_order.c - the worklist as it is shown: filters, orders, tags. */
#include "config.h"

#include "ui/order.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support.h"

static const struct {
	const char *name, *why, *modality;
	enum item_state state;
	enum output_state output;
	int boxes, frames, device;      /* device: a byte of it; 0 none */
} rows[] = {
	{ "a/one.dcm", NULL, "US", ITEM_OPEN, OUTPUT_NONE, 3, 1, 9 },
	{ "a/two.dcm", "name", "CT", ITEM_MASKED, OUTPUT_RELEASED, 0, 40, 2 },
	{ "b/three.png", NULL, "", ITEM_LISTED, OUTPUT_NONE, -1, 0, 0 },
	{ "b/four.dcm", NULL, "US", ITEM_CLEAN, OUTPUT_STAGED, 9, 2, 9 },
	{ "b/five.dcm", "name", "MR", ITEM_REFUSED, OUTPUT_NONE, -1, 0, 0 },
};
enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

static char folder[64];
static int dirfd;
static struct worklist *w;
static struct order o;

static void fill(void)
{
	for (int i = 0; i < ROWS; i++) {
		struct worklist_item item;
		struct error err;
		long long row;

		ck_assert(worklist_add(w, rows[i].name, rows[i].name,
				       rows[i].why, NULL, &row, NULL, &err));
		ck_assert(worklist_get(w, row, &item, &err));
		item.state = rows[i].state;
		item.output = rows[i].output;
		item.boxes = rows[i].boxes;
		item.frames = rows[i].frames;
		memset(item.device, rows[i].device, sizeof(item.device));
		snprintf(item.modality, sizeof(item.modality), "%s",
			 rows[i].modality);
		ck_assert(worklist_put(w, &item, &err));
		worklist_item_done(&item);
	}
}

static void setup(void)
{
	struct error err;

	snprintf(folder, sizeof(folder), "/tmp/check_order.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	dirfd = open(folder, O_RDONLY | O_DIRECTORY);
	w = worklist_open(dirfd, false, &err);
	ck_assert_ptr_nonnull(w);
	fill();
	o = (struct order){ 0 };
	order_grow(&o, ROWS);
}

static void teardown(void)
{
	order_done(&o);
	worklist_close(w);
	unlinkat(dirfd, "worklist.db", 0);
	close(dirfd);
	rmdir(folder);
}

static void shown(char text[3 * ROWS + 1])
{
	text[0] = '\0';
	for (long long place = 1; place <= o.count; place++) {
		size_t used = strlen(text);

		snprintf(text + used, 3 * ROWS + 1 - used, "%s%lld",
			 used ? " " : "", order_row(&o, place));
	}
}

static const struct {
	enum list_order by;
	const char *filter, *rows;
} shows[] = {
	{ LIST_BY_LISTING, "", "1 2 3 4 5" },
	{ LIST_BY_STATE, "", "3 1 2 4 5" },
	{ LIST_BY_MODALITY, "", "2 5 1 4 3" },
	{ LIST_BY_BOXES, "", "4 1 2 3 5" },
	{ LIST_BY_FRAMES, "", "2 4 1 3 5" },
	{ LIST_BY_FLAG, "", "2 5 1 3 4" },
	{ LIST_BY_OUTPUT, "", "1 3 5 4 2" },
	{ LIST_BY_DEVICE, "", "1 4 2 3 5" },
	{ LIST_BY_LISTING, "dev:1", "1 4" },
	{ LIST_BY_LISTING, "dev:2", "2" },
	{ LIST_BY_LISTING, "mod:us", "1 4" },
	{ LIST_BY_BOXES, "mod:US", "4 1" },
	{ LIST_BY_LISTING, "st:undecided", "1 3" },
	{ LIST_BY_LISTING, "st:decided", "2 4" },
	{ LIST_BY_LISTING, "flag:1", "2 5" },
	{ LIST_BY_LISTING, "B/ dcm", "4 5" },
	{ LIST_BY_LISTING, "tag:1", "2 3" },
	{ LIST_BY_LISTING, "tag:0 mod:us", "1 4" },
	{ LIST_BY_LISTING, "nothing", "" },
};

START_TEST(filters_and_orders)
{
	char text[3 * ROWS + 1];
	struct error err;

	ck_assert(order_tag(&o, 2, true) && order_tag(&o, 3, true));
	ck_assert(order_make(&o, w, ROWS, shows[_i].filter, shows[_i].by,
			     &err));
	shown(text);
	ck_assert_str_eq(text, shows[_i].rows);
	/* the one that nobody has read yet */
	ck_assert_int_eq(o.unread, !order_plain(&o));
	for (long long place = 1; place <= o.count; place++)
		ck_assert_int_eq(order_place(&o, order_row(&o, place)),
				 place);
	ck_assert_int_eq(order_row(&o, 0), 0);
	ck_assert_int_eq(order_row(&o, o.count + 1), 0);
	ck_assert_int_eq(order_place(&o, ROWS + 1), 0);
	/* back to all */
	ck_assert(order_make(&o, w, ROWS, "", LIST_BY_LISTING, &err));
	ck_assert(order_plain(&o) && o.count == ROWS);
}
END_TEST

/* Made anew from its own filter it follows what changed since. */
START_TEST(renewed)
{
	struct worklist_item item;
	struct error err;

	ck_assert(order_make(&o, w, ROWS, "st:undecided", LIST_BY_LISTING,
			     &err));
	ck_assert_int_eq(o.count, 2);
	ck_assert(worklist_get(w, 1, &item, &err));
	item.state = ITEM_WITHHELD;
	ck_assert(worklist_put(w, &item, &err));
	worklist_item_done(&item);
	ck_assert_int_eq(worklist_state(w, 1), ITEM_WITHHELD);
	ck_assert_int_eq(worklist_state(w, ROWS + 1), ITEM_STATES);
	order_grow(&o, ROWS + 7);               /* not plain: it stays */
	ck_assert_int_eq(o.count, 2);
	ck_assert(order_make(&o, w, ROWS, o.filter, o.by, &err));
	ck_assert_int_eq(o.count, 1);
	ck_assert_str_eq(o.filter, "st:undecided");
}
END_TEST

static const long long tag_rows[] = { 1, 7, 8, 9, 8192, 8193, 999999,
				      1000000 };

START_TEST(tags)
{
	long long at = 0;

	for (size_t i = 0; i < ARRAY_LENGTH(tag_rows); i++) {
		ck_assert(!order_tagged(&o, tag_rows[i]));
		ck_assert(order_tag(&o, tag_rows[i], true));
		ck_assert(order_tag(&o, tag_rows[i], true));
		ck_assert(order_tagged(&o, tag_rows[i]));
		ck_assert_int_eq(o.tagged, (long long)i + 1);
	}
	for (size_t i = 0; i < ARRAY_LENGTH(tag_rows); i++) {
		at = order_next_tagged(&o, at + 1);
		ck_assert_int_eq(at, tag_rows[i]);
	}
	ck_assert_int_eq(order_next_tagged(&o, at + 1), 0);
	ck_assert(order_tag(&o, 8, false) && !order_tagged(&o, 8));
	ck_assert(order_tagged(&o, 7) && order_tagged(&o, 9));
	ck_assert(order_tag(&o, 0, true) && order_tag(&o, -1, true));
	ck_assert_int_eq(o.tagged, (long long)ARRAY_LENGTH(tag_rows) - 1);
	order_untag_all(&o);
	ck_assert_int_eq(order_next_tagged(&o, 1), 0);
	ck_assert(!order_tagged(&o, 7));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("order");
	TCase *c = tcase_create("order");

	tcase_add_checked_fixture(c, setup, teardown);
	tcase_add_loop_test(c, filters_and_orders, 0,
			    (int)ARRAY_LENGTH(shows));
	tcase_add_test(c, renewed);
	tcase_add_test(c, tags);
	suite_add_tcase(s, c);
	return support_run(s);
}

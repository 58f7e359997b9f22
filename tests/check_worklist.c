/* check_worklist.c - the items and how far each one is. */
#include "config.h"

#include "record/worklist.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support.h"

struct place {
	char path[64];
	int fd;
};

static struct place place_new(void)
{
	struct place p = { .path = "/dev/shm/check_worklist.XXXXXX" };

	if (!mkdtemp(p.path)) {
		snprintf(p.path, sizeof(p.path), "check_worklist.XXXXXX");
		ck_assert_ptr_nonnull(mkdtemp(p.path));
	}
	p.fd = open(p.path, O_RDONLY | O_DIRECTORY);
	ck_assert_int_ge(p.fd, 0);
	return p;
}

static void place_done(struct place *p)
{
	unlinkat(p->fd, "worklist.db", 0);
	unlinkat(p->fd, "worklist.db-wal", 0);
	unlinkat(p->fd, "worklist.db-shm", 0);
	close(p->fd);
	ck_assert_int_eq(rmdir(p->path), 0);
}

static struct worklist *start(const struct place *p)
{
	struct error err = { 0 };
	struct worklist *w = worklist_open(p->fd, false, &err);

	ck_assert_msg(w != NULL, "%s", err.text);
	return w;
}

static void add(struct worklist *w, int count)
{
	ck_assert(worklist_begin(w, NULL));
	for (int i = 0; i < count; i++) {
		char path[32];
		long long row;

		snprintf(path, sizeof(path), "/in/%06d.png", i);
		ck_assert(worklist_add(w, path, path + 4, NULL, NULL, &row,
				       NULL, NULL));
	}
	ck_assert(worklist_commit(w, NULL));
}

/* What a damaged file holds is no index, no size and no name of a file. */
static const struct {
	const char *id;                 /* NULL: the right one */
	int state, output, pending, reason, format, columns, rows, frames;
} damaged[] = {
	{ .id = NULL, .state = ITEM_STATES }, { .state = -1 },
	{ .output = OUTPUT_STATES }, { .output = -1 }, { .pending = PENDINGS },
	{ .pending = -1 }, { .reason = REASON_COUNT }, { .reason = -1 },
	{ .format = -1 }, { .columns = -1 }, { .rows = -1 }, { .frames = -1 },
	{ .id = "" }, { .id = "../../../../../../../../etc/pass" },
	{ .id = "00112233445566778899aabbccddee" },
};

START_TEST(damaged_rows)
{
	struct place p = place_new();
	struct worklist *w = start(&p);
	struct worklist_item a = { 0 };
	struct error err = { 0 };
	long long row;

	ck_assert(worklist_add(w, "/in/a", "a", NULL, damaged[_i].id, &row,
			       NULL, NULL));
	if (!damaged[_i].id) {
		ck_assert(worklist_get(w, row, &a, NULL));
		a.state = (enum item_state)damaged[_i].state;
		a.output = (enum output_state)damaged[_i].output;
		a.pending = (enum item_pending)damaged[_i].pending;
		a.reason = damaged[_i].reason;
		a.format = damaged[_i].format;
		a.columns = damaged[_i].columns;
		a.rows = damaged[_i].rows;
		a.frames = damaged[_i].frames;
		ck_assert(worklist_put(w, &a, NULL));
		worklist_item_done(&a);
	}
	ck_assert(!worklist_get(w, row, &a, &err));
	ck_assert_int_eq(err.code, ERR_CHECK);
	ck_assert_int_le(worklist_state(w, row), ITEM_STATES);
	worklist_close(w);
	place_done(&p);
}
END_TEST

/* One whose bytes are no UTF-8. */
#define ODD_PATH "/in/\xe5\xb1\xb1\xff.dcm"
#define AN_ID "00112233445566778899aabbccddeeff"

START_TEST(a_path_and_an_id_are_listed_once)
{
	struct place p = place_new();
	struct worklist *w = start(&p);
	struct worklist_item none;
	struct stat status;
	long long row;
	bool added;

	ck_assert(worklist_add(w, ODD_PATH, "a", NULL, NULL, &row, &added,
			       NULL));
	ck_assert(added);
	ck_assert_int_eq(row, 1);
	ck_assert(worklist_add(w, "/in/b", "b", NULL, AN_ID, &row, NULL, NULL));
	ck_assert_int_eq(row, 2);
	ck_assert(worklist_add(w, ODD_PATH, "x", NULL, NULL, &row, &added,
			       NULL));
	ck_assert(!added);
	ck_assert_int_eq(row, 1);
	/* an id can't name two items */
	ck_assert(!worklist_add(w, "/in/c", "c", NULL, AN_ID, &row, NULL,
				NULL));
	ck_assert(worklist_has_id(w, AN_ID));
	ck_assert(!worklist_has_id(w, "no"));
	ck_assert(!worklist_get(w, 3, &none, NULL));
	ck_assert_int_eq(fstatat(p.fd, "worklist.db", &status, 0), 0);
	ck_assert_int_eq(status.st_mode & 0777, 0600);
	worklist_close(w);
	place_done(&p);
}
END_TEST

START_TEST(a_new_item_is_listed_and_no_more)
{
	struct place p = place_new();
	struct worklist *w = start(&p);
	struct worklist_item item = { 0 };
	long long row;

	ck_assert(worklist_add(w, ODD_PATH, "\xff.dcm", "\u7406\u7531", NULL,
			       &row, NULL, NULL));
	ck_assert(worklist_get(w, row, &item, NULL));
	ck_assert_str_eq(item.path, ODD_PATH);
	ck_assert_str_eq(item.name, "\xff.dcm");
	ck_assert_str_eq(item.why_flagged, "\u7406\u7531");
	ck_assert_uint_eq(strlen(item.id), 32);
	ck_assert_int_eq(item.state, ITEM_LISTED);
	ck_assert_int_eq(item.output, OUTPUT_NONE);
	ck_assert_int_eq(item.boxes, -1);
	ck_assert(!item.has_sha256);
	ck_assert_ptr_null(item.out_name);
	worklist_item_done(&item);
	worklist_close(w);
	place_done(&p);
}
END_TEST

/* Every member gets a value of its own. */
static void fill(struct worklist_item *item)
{
	item->state = ITEM_MASKED;
	item->output = OUTPUT_STAGED;
	item->has_sha256 = true;
	memset(item->in_sha256, 1, 32);
	memset(item->out_sha256, 2, 32);
	memset(item->mask_sha256, 3, 32);
	memset(item->patient, 4, 32);
	memset(item->series, 15, 32);
	memset(item->device, 16, 32);
	item->size = 5000000000;
	item->mtime_ns = 6;
	item->inode = 7;
	item->format = 1;
	item->columns = 8;
	item->rows = 9;
	item->frames = 10;
	snprintf(item->modality, sizeof(item->modality), "US");
	item->boxes = 11;
	item->reason = 12;
	snprintf(item->reason_uid, sizeof(item->reason_uid), "1.2.3");
	item->reason_number = -13;
	item->verdict_seq = 14;
	item->out_name = strdup("pictures/x.png");
	item->pending = PENDING_RELEASE;
}

static void expect_same(const struct worklist_item *a,
			const struct worklist_item *b)
{
	ck_assert_str_eq(b->path, a->path);
	ck_assert_str_eq(b->name, a->name);
	ck_assert_str_eq(b->why_flagged, a->why_flagged);
	ck_assert_str_eq(b->out_name, a->out_name);
	ck_assert(b->has_sha256);
	ck_assert_mem_eq(b->in_sha256, a->in_sha256, 32);
	ck_assert_mem_eq(b->out_sha256, a->out_sha256, 32);
	ck_assert_mem_eq(b->mask_sha256, a->mask_sha256, 32);
	ck_assert_mem_eq(b->patient, a->patient, 32);
	ck_assert_mem_eq(b->series, a->series, 32);
	ck_assert_mem_eq(b->device, a->device, 32);
	ck_assert_int_eq(b->size, a->size);
	ck_assert_int_eq(b->mtime_ns, a->mtime_ns);
	ck_assert_int_eq(b->inode, a->inode);
	ck_assert_int_eq(b->format, a->format);
	ck_assert_int_eq(b->columns, a->columns);
	ck_assert_int_eq(b->rows, a->rows);
	ck_assert_int_eq(b->frames, a->frames);
	ck_assert_str_eq(b->modality, a->modality);
	ck_assert_int_eq(b->boxes, a->boxes);
	ck_assert_int_eq(b->reason, a->reason);
	ck_assert_str_eq(b->reason_uid, a->reason_uid);
	ck_assert_int_eq(b->reason_number, a->reason_number);
	ck_assert_int_eq(b->verdict_seq, a->verdict_seq);
	ck_assert_int_eq(b->state, a->state);
	ck_assert_int_eq(b->output, a->output);
	ck_assert_int_eq(b->pending, a->pending);
}

START_TEST(rows_keep_everything)
{
	struct place p = place_new();
	struct worklist *w = start(&p);
	struct worklist_item a = { 0 }, b = { 0 };
	long long row;

	ck_assert(worklist_add(w, ODD_PATH, "\xff.dcm", "\u7406\u7531", NULL,
			       &row, NULL, NULL));
	ck_assert(worklist_get(w, row, &a, NULL));
	fill(&a);
	ck_assert(worklist_put(w, &a, NULL));
	worklist_close(w);
	w = start(&p);
	ck_assert(worklist_find_id(w, a.id, &b, NULL));
	expect_same(&a, &b);
	worklist_item_done(&a);
	worklist_item_done(&b);
	worklist_close(w);
	place_done(&p);
}
END_TEST

static void set_state(struct worklist *w, long long row,
		      enum item_state state, enum output_state output)
{
	struct worklist_item item;

	ck_assert(worklist_get(w, row, &item, NULL));
	item.state = state;
	item.output = output;
	ck_assert(worklist_put(w, &item, NULL));
	worklist_item_done(&item);
}

START_TEST(next_and_counts)
{
	struct place p = place_new();
	struct worklist *w = start(&p);
	long long states[ITEM_STATES], outputs[OUTPUT_STATES];
	const unsigned open = 1U << ITEM_LISTED | 1U << ITEM_OPEN;

	add(w, 20);
	set_state(w, 3, ITEM_OPEN, OUTPUT_NONE);
	set_state(w, 4, ITEM_MASKED, OUTPUT_STAGED);
	set_state(w, 5, ITEM_MASKED, OUTPUT_RELEASED);
	set_state(w, 5, ITEM_MASKED, OUTPUT_RELEASED);
	set_state(w, 20, ITEM_REFUSED, OUTPUT_NONE);
	set_state(w, 19, ITEM_CLEAN, OUTPUT_NONE);
	ck_assert_int_eq(worklist_count(w), 20);
	ck_assert(worklist_counts(w, states, outputs, NULL));
	ck_assert_int_eq(states[ITEM_LISTED], 15);
	ck_assert_int_eq(states[ITEM_OPEN], 1);
	ck_assert_int_eq(states[ITEM_MASKED], 2);
	ck_assert_int_eq(states[ITEM_CLEAN], 1);
	ck_assert_int_eq(states[ITEM_REFUSED], 1);
	ck_assert_int_eq(outputs[OUTPUT_NONE], 18);
	ck_assert_int_eq(outputs[OUTPUT_STAGED], 1);
	ck_assert_int_eq(outputs[OUTPUT_RELEASED], 1);

	ck_assert_int_eq(worklist_next(w, 1, false, open), 1);
	ck_assert_int_eq(worklist_next(w, 3, false, open), 3);
	ck_assert_int_eq(worklist_next(w, 4, false, open), 6);
	ck_assert_int_eq(worklist_next(w, 5, true, open), 3);
	ck_assert_int_eq(worklist_next(w, 19, false, open), 0);
	ck_assert_int_eq(worklist_next(w, 1, false, 1U << ITEM_CLEAN), 19);
	ck_assert_int_eq(worklist_next(w, 2, true, 1U << ITEM_CLEAN), 0);
	ck_assert_int_eq(worklist_next(w, 1, false, 0), 0);
	worklist_close(w);
	place_done(&p);
}
END_TEST

/* Boxes found on its copy hold an item back while that is staged. */
START_TEST(held_back)
{
	static const struct {
		enum output_state output;
		const char *found;
		bool held;
	} of[] = {
		{ OUTPUT_STAGED, "{}", true }, { OUTPUT_STAGED, "", false },
		{ OUTPUT_STAGED, NULL, false }, { OUTPUT_NONE, "{}", false },
		{ OUTPUT_RELEASED, "{}", false }, { OUTPUT_STAGED, "{}", true },
	};
	struct place p = place_new();
	struct worklist *w = start(&p);
	struct worklist_item item;

	add(w, ARRAY_LENGTH(of));
	for (size_t i = 0; i < ARRAY_LENGTH(of); i++) {
		char name[64];

		set_state(w, (int)i + 1, ITEM_MASKED, of[i].output);
		ck_assert(worklist_get(w, (long long)i + 1, &item, NULL));
		snprintf(name, sizeof(name), WORKLIST_FOUND "%s", item.id);
		worklist_item_done(&item);
		ck_assert(!of[i].found ||
			  worklist_set(w, name, of[i].found, NULL));
	}
	for (size_t i = 0; i < ARRAY_LENGTH(of); i++) {
		ck_assert(worklist_get(w, (long long)i + 1, &item, NULL));
		ck_assert_int_eq(item.held, of[i].held);
		worklist_item_done(&item);
	}
	ck_assert_int_eq(worklist_held(w), 2);
	worklist_close(w);
	place_done(&p);
}
END_TEST

static void set_series(struct worklist *w, long long row, uint8_t series)
{
	struct worklist_item item;
	struct error err = { 0 };

	ck_assert(worklist_get(w, row, &item, &err));
	item.series[0] = series;
	item.device[31] = series;
	ck_assert(worklist_put(w, &item, &err));
	worklist_item_done(&item);
	ck_assert(worklist_get(w, row, &item, &err));
	ck_assert_int_eq(item.series[0], series);
	ck_assert_int_eq(item.device[31], series);
	worklist_item_done(&item);
}

/* Numbers of devices: as they came up, the same ever after. */
START_TEST(devices)
{
	static const struct { int device, number; } rows[] = {
		{ 7, 1 }, { 3, 2 }, { 0, 0 }, { 7, 1 }, { 250, 3 }, { 3, 2 },
	};
	struct place p = place_new();
	struct error err = { 0 };
	struct worklist *w = worklist_open(p.fd, false, &err);
	struct worklist_item item;
	long long row;
	char name[16];

	ck_assert_ptr_nonnull(w);
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		snprintf(name, sizeof(name), "d%zu", i);
		ck_assert(worklist_add(w, name, name, NULL, NULL, &row, NULL,
				       &err));
		ck_assert(worklist_get(w, row, &item, &err));
		ck_assert_int_eq(item.device_number, 0);
		memset(item.device, rows[i].device, 32);
		ck_assert(worklist_put(w, &item, &err));
		ck_assert(worklist_put(w, &item, &err));
		worklist_item_done(&item);
		ck_assert(worklist_get(w, row, &item, &err));
		ck_assert_int_eq(item.device_number, rows[i].number);
		worklist_item_done(&item);
	}
	worklist_close(w);
	place_done(&p);
}
END_TEST

/* Of one device or series, with pictures of one size. */
START_TEST(alike)
{
	static const struct { int key, columns; enum item_state state; }
	rows[] = {
		{ 7, 10, ITEM_OPEN }, { 7, 10, ITEM_PROPOSED },
		{ 7, 11, ITEM_OPEN }, { 8, 10, ITEM_OPEN },
		{ 0, 10, ITEM_OPEN }, { 7, 10, ITEM_MASKED },
	};
	struct place p = place_new();
	struct error err = { 0 };
	struct worklist *w = worklist_open(p.fd, false, &err);
	struct worklist_item item;
	uint8_t key[32];

	ck_assert_ptr_nonnull(w);
	add(w, ARRAY_LENGTH(rows));
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		ck_assert(worklist_get(w, (long long)i + 1, &item, &err));
		memset(item.device, rows[i].key, 32);
		memset(item.series, rows[i].key, 32);
		item.columns = rows[i].columns;
		item.rows = 5;
		item.state = rows[i].state;
		ck_assert(worklist_put(w, &item, &err));
		worklist_item_done(&item);
	}
	memset(key, 7, sizeof(key));
	for (int series = 0; series < 2; series++) {
		struct worklist_alike a = { series, key, 10, 5, 0,
					    1u << ITEM_OPEN |
					    1u << ITEM_PROPOSED };

		ck_assert_int_eq(worklist_count_alike(w, &a), 2);
		a.but = 1;
		ck_assert_int_eq(worklist_count_alike(w, &a), 1);
		a.rows = 6;
		ck_assert_int_eq(worklist_count_alike(w, &a), 0);
	}
	worklist_close(w);
	place_done(&p);
}
END_TEST

START_TEST(members_of_a_series)
{
	struct place p = place_new();
	struct error err = { 0 };
	struct worklist *w = worklist_open(p.fd, false, &err);
	const uint8_t one[32] = { 1 }, other[32] = { 2 }, none[32] = { 0 };
	const unsigned any = (1U << ITEM_STATES) - 1;

	ck_assert_ptr_nonnull(w);
	add(w, 6);
	set_series(w, 2, 1);
	set_series(w, 3, 2);
	set_series(w, 5, 1);
	set_state(w, 5, ITEM_MASKED, OUTPUT_NONE);
	ck_assert_int_eq(worklist_next_in_series(w, one, 1, any), 2);
	ck_assert_int_eq(worklist_next_in_series(w, one, 3, any), 5);
	ck_assert_int_eq(worklist_next_in_series(w, one, 6, any), 0);
	ck_assert_int_eq(worklist_next_in_series(w, other, 1, any), 3);
	ck_assert_int_eq(worklist_next_in_series(w, one, 3, 1U << ITEM_OPEN),
			 0);
	ck_assert_int_eq(worklist_next_in_series(w, one, 1,
						 1U << ITEM_MASKED), 5);
	ck_assert_int_eq(worklist_next_in_series(w, none, 1, any), 0);
	worklist_close(w);
	place_done(&p);
}
END_TEST

START_TEST(settings_and_proposals)
{
	struct place p = place_new();
	struct worklist *w = start(&p);
	struct buffer blob = { 0 };
	char *value;

	add(w, 2);
	ck_assert_ptr_null(worklist_value(w, "reviewer"));
	ck_assert(worklist_set(w, "reviewer", "r-1", NULL));
	ck_assert(worklist_set(w, "reviewer", "r-2", NULL));
	value = worklist_value(w, "reviewer");
	ck_assert_str_eq(value, "r-2");
	free(value);
	ck_assert(worklist_proposals(w, 1, &blob, NULL));
	ck_assert_uint_eq(blob.length, 0);
	ck_assert(worklist_set_proposals(w, 1, "a\0b", 3, NULL));
	ck_assert(worklist_set_proposals(w, 2, NULL, 0, NULL));
	ck_assert(worklist_proposals(w, 1, &blob, NULL));
	ck_assert_uint_eq(blob.length, 3);
	ck_assert_mem_eq(blob.data, "a\0b", 3);
	ck_assert(worklist_proposals(w, 2, &blob, NULL));
	ck_assert_uint_eq(blob.length, 0);
	buffer_done(&blob);
	ck_assert_int_eq(worklist_applied(w), 0);
	ck_assert(worklist_set_applied(w, 123456789012, NULL));
	ck_assert_int_eq(worklist_applied(w), 123456789012);
	worklist_close(w);
	place_done(&p);
}
END_TEST

START_TEST(patients)
{
	struct place p = place_new();
	struct worklist *w = start(&p);
	uint8_t patient[32] = { 1 };
	char first[17], again[17], other[17];
	int offset, same;
	bool drawn;

	ck_assert(worklist_patient(w, patient, first, &offset, &drawn, NULL));
	ck_assert(drawn);
	ck_assert_uint_eq(strlen(first), 16);
	ck_assert_int_lt(offset, 0);
	ck_assert_int_ge(offset, -1826);
	worklist_close(w);
	w = start(&p);
	ck_assert(worklist_patient(w, patient, again, &same, &drawn, NULL));
	ck_assert(!drawn);
	ck_assert_str_eq(first, again);
	ck_assert_int_eq(offset, same);
	patient[31] = 1;
	ck_assert(worklist_patient(w, patient, other, &same, &drawn, NULL));
	ck_assert(drawn);
	ck_assert_str_ne(first, other);
	ck_assert(worklist_set_patient(w, patient, first, -7, NULL));
	ck_assert(worklist_patient(w, patient, other, &same, &drawn, NULL));
	ck_assert_str_eq(first, other);
	ck_assert_int_eq(same, -7);
	worklist_close(w);
	place_done(&p);
}
END_TEST

/* No file is mapped that a full disk could take away, written or read; a
 * folder stands where it would be. */
START_TEST(no_shared_memory)
{
	struct place p = place_new();
	struct worklist *w;

	ck_assert_int_eq(mkdirat(p.fd, "worklist.db-shm", 0700), 0);
	for (int i = 0; i < 2; i++) {
		w = start(&p);
		add(w, 3);
		ck_assert_int_eq(worklist_count(w), 3);
		/* it is ours alone */
		ck_assert(i || !worklist_open(p.fd, false, NULL));
		ck_assert(i || !worklist_open(p.fd, true, NULL));
		worklist_close(w);
		for (int k = 0; k < 2; k++) {
			w = worklist_open(p.fd, true, NULL);
			ck_assert_ptr_nonnull(w);
			ck_assert_int_eq(worklist_count(w), 3);
			worklist_close(w);
		}
	}
	ck_assert_int_eq(unlinkat(p.fd, "worklist.db-shm", AT_REMOVEDIR),
			 0);
	place_done(&p);
}
END_TEST

START_TEST(seed_repeats)
{
	uint8_t key[32] = { 9 }, patient[32] = { 1 };
	char id[2][33], pseudonym[2][17];
	int offset[2];
	bool drawn;

	for (int i = 0; i < 2; i++) {
		struct place p = place_new();
		struct worklist *w = start(&p);
		struct worklist_item item;

		worklist_seed(w, key);
		add(w, 3);
		ck_assert(worklist_get(w, 3, &item, NULL));
		memcpy(id[i], item.id, sizeof(id[i]));
		worklist_item_done(&item);
		ck_assert(worklist_patient(w, patient, pseudonym[i],
					   &offset[i], &drawn, NULL));
		worklist_close(w);
		place_done(&p);
	}
	ck_assert_str_eq(id[0], id[1]);
	ck_assert_str_eq(pseudonym[0], pseudonym[1]);
	ck_assert_int_eq(offset[0], offset[1]);
}
END_TEST

START_TEST(transactions_nest)
{
	struct place p = place_new();
	struct worklist *w = start(&p);
	long long row;

	ck_assert(worklist_begin(w, NULL));
	ck_assert(worklist_begin(w, NULL));
	ck_assert(worklist_add(w, "/a", "a", NULL, NULL, &row, NULL, NULL));
	ck_assert(worklist_commit(w, NULL));
	worklist_rollback(w);
	ck_assert_int_eq(worklist_count(w), 0);
	ck_assert(!worklist_commit(w, NULL));
	ck_assert(worklist_begin(w, NULL));
	ck_assert(worklist_add(w, "/a", "a", NULL, NULL, &row, NULL, NULL));
	worklist_close(w);              /* without commit */
	w = start(&p);
	ck_assert_int_eq(worklist_count(w), 0);
	worklist_close(w);
	place_done(&p);
}
END_TEST

START_TEST(unlogged_and_pending)
{
	struct place p = place_new();
	struct worklist *w = start(&p);
	struct worklist_item item;
	long long rows[2];

	add(w, 10);
	ck_assert_int_eq(worklist_next_unlogged(w, 1), 1);
	ck_assert(worklist_set_logged(w, 4, NULL));
	ck_assert_int_eq(worklist_next_unlogged(w, 1), 5);
	ck_assert_int_eq(worklist_next_unlogged(w, 11), 0);
	ck_assert_int_eq(worklist_next_pending(w, 1), 0);
	ck_assert(worklist_get(w, 7, &item, NULL));
	item.pending = PENDING_STAGE;
	ck_assert(worklist_put(w, &item, NULL));
	worklist_item_done(&item);
	ck_assert_int_eq(worklist_next_pending(w, 1), 7);
	ck_assert_int_eq(worklist_next_pending(w, 8), 0);
	ck_assert(!worklist_same_names(w, rows));
	ck_assert(worklist_add(w, "/other/000002.png", "000002.png", NULL,
			       NULL, &rows[0], NULL, NULL));
	ck_assert(worklist_same_names(w, rows));
	ck_assert_int_eq(rows[0], 3);
	ck_assert_int_eq(rows[1], 11);
	worklist_close(w);
	place_done(&p);
}
END_TEST

START_TEST(reading_changes_nothing)
{
	struct place p = place_new();
	struct worklist *w;
	struct error err = { 0 };
	long long row;

	ck_assert_ptr_null(worklist_open(p.fd, true, &err));
	w = start(&p);
	add(w, 2);
	worklist_close(w);
	w = worklist_open(p.fd, true, &err);
	ck_assert_ptr_nonnull(w);
	ck_assert_int_eq(worklist_count(w), 2);
	ck_assert(!worklist_add(w, "/x", "x", NULL, NULL, &row, NULL, &err));
	ck_assert_int_eq(err.code, ERR_WRITE);
	worklist_close(w);
	place_done(&p);
}
END_TEST

/* May this process mount?  As root, or as root of a space of its own. */
static bool may_mount(void)
{
	return (unshare(CLONE_NEWNS) == 0 ||
		unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0) &&
	       mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
}

enum { NO_MOUNT = 77 };

/* What a read-only medium gives: the exit status tells. */
static int read_medium(const struct place *p)
{
	struct worklist *w;
	struct error err = { 0 };
	int fd, count;

	if (!may_mount() ||
	    mount(p->path, p->path, NULL, MS_BIND, NULL) != 0 ||
	    mount("none", p->path, NULL, MS_BIND | MS_REMOUNT | MS_RDONLY |
		  MS_NOSUID | MS_NODEV, NULL) != 0)
		return NO_MOUNT;
	fd = open(p->path, O_RDONLY | O_DIRECTORY);
	w = worklist_open(fd, true, &err);
	if (!w)
		return 100 + (int)err.code;
	count = (int)worklist_count(w);
	worklist_close(w);
	return worklist_open(fd, false, NULL) ? 99 : count;
}

static int on_medium(const struct place *p)
{
	pid_t child = fork();
	int status;

	if (child == 0)
		_exit(read_medium(p));
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFEXITED(status));
	return WEXITSTATUS(status);
}

START_TEST(reads_a_medium)
{
	struct place p = place_new();
	struct worklist *w = start(&p);
	int closed, killed;
	pid_t child;

	add(w, 3);
	worklist_close(w);
	closed = on_medium(&p);
	child = fork();
	if (child == 0) {
		w = start(&p);
		add(w, 4);
		_exit(0);
	}
	ck_assert_int_eq(waitpid(child, NULL, 0), child);
	/* rows that only the write-ahead log has must not go unseen */
	killed = on_medium(&p);
	if (closed == NO_MOUNT) {
		printf("no mount here: a read-only medium was not tried\n");
	} else {
		ck_assert_int_eq(closed, 3);
		ck_assert_int_eq(killed, 100 + ERR_WRITE);
	}
	place_done(&p);
}
END_TEST

static const char *const rubbish[] = {
	"this is no database, but long enough to look like one ...........",
};

START_TEST(refuses_other_files)
{
	struct place p = place_new();
	struct error err = { 0 };
	int fd = openat(p.fd, "worklist.db", O_WRONLY | O_CREAT, 0600);
	char many[4096];

	memset(many, 'x', sizeof(many));
	memcpy(many, rubbish[_i], strlen(rubbish[_i]));
	ck_assert_int_eq(write(fd, many, sizeof(many)), sizeof(many));
	close(fd);
	ck_assert_ptr_null(worklist_open(p.fd, false, &err));
	ck_assert_int_eq(err.code, ERR_CHECK);
	place_done(&p);
}
END_TEST

/* Rows committed before a SIGKILL are there, and the file opens. */
START_TEST(killed)
{
	struct place p = place_new();
	unsigned seed = 815U + (unsigned)_i;
	int told[2], committed = 0, enough = 1 + rand_r(&seed) % 30;
	struct worklist *w;
	char byte;

	ck_assert_int_eq(pipe(told), 0);
	pid_t child = fork();

	if (child == 0) {
		w = start(&p);
		for (int i = 0;; i++) {
			char path[32];
			long long row;

			snprintf(path, sizeof(path), "/%d", i);
			if (!worklist_add(w, path, path, NULL, NULL, &row,
					  NULL, NULL) ||
			    write(told[1], "x", 1) != 1)
				_exit(2);
		}
	}
	close(told[1]);
	while (committed < enough && read(told[0], &byte, 1) == 1)
		committed++;
	usleep((useconds_t)(rand_r(&seed) % 2000));
	kill(child, SIGKILL);
	ck_assert_int_eq(waitpid(child, NULL, 0), child);
	while (read(told[0], &byte, 1) == 1)
		committed++;
	close(told[0]);
	w = start(&p);
	ck_assert_int_ge(worklist_count(w), committed);
	worklist_close(w);
	place_done(&p);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("worklist");
	TCase *c = tcase_create("worklist");

	add_rows_test(c, damaged_rows, damaged);
	tcase_add_test(c, a_path_and_an_id_are_listed_once);
	tcase_add_test(c, a_new_item_is_listed_and_no_more);
	tcase_add_test(c, rows_keep_everything);
	tcase_add_test(c, next_and_counts);
	tcase_add_test(c, held_back);
	tcase_add_test(c, devices);
	tcase_add_test(c, alike);
	tcase_add_test(c, members_of_a_series);
	tcase_add_test(c, settings_and_proposals);
	tcase_add_test(c, patients);
	tcase_add_test(c, no_shared_memory);
	tcase_add_test(c, seed_repeats);
	tcase_add_test(c, transactions_nest);
	tcase_add_test(c, unlogged_and_pending);
	tcase_add_test(c, reading_changes_nothing);
	tcase_add_test(c, reads_a_medium);
	add_rows_test(c, refuses_other_files, rubbish);
	tcase_add_loop_test(c, killed, 0, 10);
	suite_add_tcase(s, c);
	return support_run(s);
}

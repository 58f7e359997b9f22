/*
 * check_messages.c - the supervisor's reader of what workers say: sound
 * conversations pass, damaged ones end the worker and nothing else.
 *
 * SUMI_FUZZ_RUNS says how many damaged ones of each are tried.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "process/message.h"
#include "tests/fuzz/fuzz_messages.h"
#include "tests/support.h"

enum { RUNS = 20000, RUNS_LONG = 500000, SIDE = 8, TABLE_MAX = 16384 };

/* ---- sound conversations ---- */

static void put(struct buffer *to, enum message_type type, const void *object)
{
	uint8_t bytes[TABLE_MAX] = { 0 };
	size_t length = wire_length(message_table[type]);
	const uint8_t part[FUZZ_PART] = { (uint8_t)type, (uint8_t)length,
					  (uint8_t)(length >> 8) };

	ck_assert_uint_le(length, sizeof(bytes));
	if (length > 0)
		wire_pack(message_table[type], object, bytes);
	buffer_append(to, part, sizeof(part));
	buffer_append(to, bytes, length);
}

static void put_opened(struct buffer *to)
{
	const struct image_info info = {
		.format = IMAGE_PNG, .columns = SIDE, .rows = SIDE,
		.frames = 3, .samples = 1, .type = SAMPLE_U8,
		.bits_allocated = 8, .bits_stored = 8, .high_bit = 7,
		.mcu_columns = 1, .mcu_rows = 1, .modality = "US",
		.exif_orientation = 1,
	};

	put(to, MESSAGE_OPENED, &info);
}

static void put_detection(struct buffer *to)
{
	const struct progress_message half = { 500 };
	const struct result result = { .boxes = 2, .ink_columns = 1,
				       .ink_rows = 1, .frames_read = 3 };
	const struct box box = { .region = { 1, 1, 5, 5 }, .score = 900,
				 .text = "\xe6\xb0\x8f\xe5\x90\x8d A",
				 .why = "header:PatientName" };
	const uint8_t ink[] = { MESSAGE_INK, 1, 0, 7 };

	put_opened(to);
	put(to, MESSAGE_PROGRESS, &half);
	put(to, MESSAGE_RESULT, &result);
	put(to, MESSAGE_BOX, &box);
	put(to, MESSAGE_BOX, &box);
	buffer_append(to, ink, sizeof(ink));
	put(to, MESSAGE_END, NULL);
}

static void put_frames(struct buffer *to)
{
	const struct frame_answer answer = { 0, SIDE, SIDE, 1, SAMPLE_U8 };

	put_opened(to);
	for (int i = 0; i < 3; i++)
		put(to, MESSAGE_FRAME, &answer);
}

static void put_wrote(struct buffer *to)
{
	const struct mask_report report = { .fills = 1, .bytes = 100,
					    .syntax_out = "1.2.840" };

	put_opened(to);
	put(to, MESSAGE_WROTE, &report);
}

static void put_verified(struct buffer *to)
{
	const struct verify_result result = { .frame = -1, .x = -1, .y = -1 };

	put_opened(to);
	put(to, MESSAGE_VERIFIED, &result);
}

static void put_refused(struct buffer *to)
{
	const struct refusal refusal = { .reason = REASON_VIDEO,
					 .uid = "1.2.3" };

	put(to, MESSAGE_REFUSED, &refusal);
}

static void put_failed(struct buffer *to)
{
	const struct failure failure = { ERR_WRITE };

	put_opened(to);
	put(to, MESSAGE_FAILED, &failure);
}

static const struct {
	enum job_kind kind;
	void (*put)(struct buffer *to);
	bool complete;
	enum worker_event_type type;
	int events;
} talks[] = {
	{ JOB_DETECT, put_detection, true, WORKER_DETECTED, 2 },
	{ JOB_SERVE, put_frames, false, WORKER_PROGRESS, 4 },
	{ JOB_WRITE, put_wrote, true, WORKER_WROTE, 0 },
	{ JOB_VERIFY, put_verified, true, WORKER_VERIFIED, 0 },
	{ JOB_DETECT, put_refused, true, WORKER_REFUSED, 0 },
	{ JOB_WRITE, put_failed, true, WORKER_FAILED, 0 },
};

static void make_talk(int row, int flags, int pieces, struct buffer *to)
{
	const uint8_t head[FUZZ_HEAD] = { (uint8_t)talks[row].kind,
					  (uint8_t)(flags | FUZZ_BODIES),
					  (uint8_t)(pieces - 1) };

	buffer_append(to, head, sizeof(head));
	talks[row].put(to);
	ck_assert(!to->failed);
}

/* However the pipe cuts them. */
START_TEST(test_sound)
{
	for (int pieces = 1; pieces <= 64; pieces++) {
		struct buffer talk = { 0 };
		struct fuzz_outcome o;

		make_talk(_i, 0, pieces, &talk);
		o = fuzz_messages((uint8_t *)talk.data, talk.length);
		ck_assert(!o.fault);
		ck_assert_int_eq(o.complete, talks[_i].complete);
		ck_assert_int_eq(o.type, talks[_i].type);
		ck_assert_int_eq(o.events, talks[_i].events);
		buffer_done(&talk);
	}
}
END_TEST

/* A picture in memory that is not as large as its worker says. */
START_TEST(test_short_picture)
{
	struct buffer talk = { 0 };

	make_talk(1, FUZZ_SHORT_PICTURE, 1, &talk);
	ck_assert(fuzz_messages((uint8_t *)talk.data, talk.length).fault);
	buffer_done(&talk);
}
END_TEST

/* ---- damaged ones ---- */

/* A linear congruential generator: the same damage in every run. */
static uint32_t draw(uint64_t *state, uint32_t below)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(*state >> 33) % below;
}

/* One to eight bytes, or a part doubled or taken out. */
static size_t damage(uint8_t *bytes, size_t length, uint64_t *state)
{
	static const uint8_t odd[] = { 0, 1, 7, 0x7f, 0x80, 0xfe, 0xff, 27 };
	uint32_t from = draw(state, (uint32_t)length);
	uint32_t part = draw(state, (uint32_t)length - from) / 2;

	for (uint32_t n = 1 + draw(state, 8); n > 0; n--) {
		uint8_t *at = bytes + draw(state, (uint32_t)length);

		if (draw(state, 2))
			*at = odd[draw(state, sizeof(odd))];
		else
			*at = (uint8_t)(*at ^ 1u << draw(state, 8));
	}
	switch (draw(state, 4)) {
	case 0:
		memmove(bytes + from, bytes + from + part,
			length - from - part);
		return length - part;
	case 1:
		memmove(bytes + from + part, bytes + from, length - from);
		return length + part;
	default:
		return length;
	}
}

static long runs(void)
{
	const char *asked = getenv("SUMI_FUZZ_RUNS");
	const char *by_hand = getenv("SUMI_LONG");

	if (asked && *asked)
		return strtol(asked, NULL, 10);
	return by_hand && *by_hand ? RUNS_LONG : RUNS;
}

START_TEST(test_damaged)
{
	uint64_t state = 20261122 + (uint64_t)_i;
	struct buffer talk = { 0 };
	long faults = 0, count = runs();
	uint8_t *bytes;

	make_talk(_i, 0, 1, &talk);
	bytes = mem_array(2, talk.length);
	ck_assert_ptr_nonnull(bytes);
	for (long i = 0; i < count; i++) {
		size_t length;
		uint8_t *tight;

		memcpy(bytes, talk.data, talk.length);
		length = damage(bytes, talk.length, &state);
		/* nothing behind it that the reader could use unseen */
		tight = malloc(length);
		ck_assert_ptr_nonnull(tight);
		memcpy(tight, bytes, length);
		faults += fuzz_messages(tight, length).fault;
		free(tight);
	}
	ck_assert_int_gt(faults, 0);
	free(bytes);
	buffer_done(&talk);
}
END_TEST

/* ---- records one after another ---- */

struct pair { int small; char word[8]; };
static const struct wire_field pair_fields[] = {
	WIRE_N(struct pair, small, -9, 9),
	WIRE_M(struct pair, word, WIRE_WORD),
};
static const struct wire_table pair_table = WIRE_TABLE(pair_fields);
static const struct pair pairs[] = { { 1, "one" }, { -9, "" }, { 9, "nine" } };
enum { PAIRS = sizeof(pairs) / sizeof(pairs[0]) };

static void put_pairs(struct buffer *out)
{
	for (int i = 0; i < PAIRS; i++)
		ck_assert(wire_append(out, &pair_table, &pairs[i]));
	ck_assert_uint_eq(out->length, PAIRS * wire_length(&pair_table));
}

START_TEST(test_records)
{
	struct buffer b = { 0 };
	struct pair got = { 0 };

	put_pairs(&b);
	struct wire_rest r = { (const uint8_t *)b.data, b.length };

	for (int i = 0; i < PAIRS; i++) {
		ck_assert(wire_take(&r, &pair_table, &got));
		ck_assert_int_eq(got.small, pairs[i].small);
		ck_assert_str_eq(got.word, pairs[i].word);
	}
	ck_assert_uint_eq(r.length, 0);
	ck_assert(!wire_take(&r, &pair_table, &got));
	buffer_done(&b);
}
END_TEST

/* One that is cut or wrong is not taken, and nothing is taken off. */
START_TEST(test_bad_record)
{
	const size_t length = wire_length(&pair_table);
	struct buffer b = { 0 };
	struct pair got;

	put_pairs(&b);
	for (size_t left = 0; left < length; left++) {
		/* nothing behind it that could be read unseen */
		uint8_t *tight = malloc(left ? left : 1);
		struct wire_rest r = { tight, left };

		ck_assert_ptr_nonnull(tight);
		memcpy(tight, b.data, left);
		ck_assert(!wire_take(&r, &pair_table, &got));
		ck_assert_uint_eq(r.length, left);
		free(tight);
	}
	b.data[length] = 10;            /* the second pair: not in -9..9 */
	memset(b.data + length + 1, 0, 7);
	struct wire_rest r = { (const uint8_t *)b.data, b.length };

	ck_assert(wire_take(&r, &pair_table, &got));
	ck_assert(!wire_take(&r, &pair_table, &got));
	ck_assert_uint_eq(r.length, 2 * length);
	buffer_done(&b);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("messages");
	TCase *tcase = tcase_create("messages");

	add_rows_test(tcase, test_sound, talks);
	tcase_add_test(tcase, test_short_picture);
	add_rows_test(tcase, test_damaged, talks);
	tcase_add_test(tcase, test_records);
	tcase_add_test(tcase, test_bad_record);
	suite_add_tcase(suite, tcase);
	return support_run(suite);
}

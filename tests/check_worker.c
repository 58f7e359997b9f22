/*
 * check_worker.c - workers behind the zygote: results, and every way in which
 * a worker can fail.  A detector made for it misbehaves by the width of the
 * picture.
 */
#include "config.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "find/detect.h"
#include "process/message.h"
#include "process/sandbox.h"
#include "process/worker.h"
#include "tests/pictures.h"
#include "tests/support.h"

enum behaviour {
	BEHAVE = 16,            /* the narrowest picture */
	CRASH, ABORT, HANG, SLOW_BUT_ALIVE, TOO_MUCH_MEMORY, REFUSE, FAIL,
	LEAVE_0, LEAVE_3, RUN_OUT_OF_TIME,
	SAY_NOISE, SAY_WRONG_JOB, SAY_WRONG_SEQ, SAY_WRONG_TYPE,
	SAY_WRONG_LENGTH, SAY_LATE_INFO, SAY_HALF,
	TRY_OPEN, TRY_SOCKET, TRY_PRINT, MANY_BOXES, BAD_TEXT,
	BEHAVIOURS
};
enum { ROWS = 8, LARGE_SIDE = 7000 };

/* ---- the detector: runs in the worker ---- */

static int result_pipe(void)
{
	struct stat st;

	for (int fd = 3; fd < 64; fd++)
		if (fstat(fd, &st) == 0 && S_ISFIFO(st.st_mode))
			return fd;
	return -1;
}

/* What a worker that is not itself any more might say. */
static void say(enum behaviour how)
{
	struct message_head h = { .magic = MESSAGE_MAGIC,
				  .type = MESSAGE_PROGRESS, .length = 8,
				  .job = 1, .seq = 1 };
	uint8_t bytes[64] = { 0 };
	size_t length = 48;

	h.job += how == SAY_WRONG_JOB;
	h.seq += how == SAY_WRONG_SEQ;
	if (how == SAY_WRONG_TYPE)
		h.type = MESSAGE_WROTE;
	if (how == SAY_LATE_INFO)
		h.type = MESSAGE_OPENED;
	if (how == SAY_WRONG_LENGTH)
		h.length = 16;
	wire_pack(&head_table, &h, bytes);
	if (how == SAY_NOISE)
		memset(bytes, 0xa5, sizeof(bytes));
	if (how == SAY_HALF)
		length = 45;
	if (write(result_pipe(), bytes, length) < 0)
		_exit(1);
	if (how == SAY_HALF)
		_exit(0);
}

/* No sleep: that is a system call that a worker may not make. */
static void nap(long ms)
{
	struct timespec start, t;

	clock_gettime(CLOCK_MONOTONIC, &start);
	do {
		clock_gettime(CLOCK_MONOTONIC, &t);
	} while ((t.tv_sec - start.tv_sec) * 1000 +
		 (t.tv_nsec - start.tv_nsec) / 1000000 < ms);
}

/* A box whose score is a number to be seen by the test. */
static bool report(struct proposals *p, int number, const char *text)
{
	struct box box = { .region = { 1, 1, 5, 5 }, .score = number };

	/* boxes that are the same in all but the score would be joined */
	snprintf(box.why, sizeof(box.why), "test%zu", p->boxes.count);
	snprintf(box.text, sizeof(box.text), "%s", text);
	return box_list_add(&p->boxes, &box);
}

static bool many_boxes(struct proposals *p)
{
	for (int i = 0; i < BOX_MAX_PER_FRAME + 1; i++)
		if (!report(p, i % 1000, ""))
			return false;
	return true;
}

static void die(enum behaviour how)
{
	switch (how) {
	case CRASH:
		raise(SIGSEGV);
		break;
	case ABORT:
		abort();
	case HANG:
		nap(60000);
		break;
	case RUN_OUT_OF_TIME:           /* as RLIMIT_CPU would have it */
		raise(SIGXCPU);
		break;
	case LEAVE_0:
		_exit(0);
	case LEAVE_3:
		_exit(3);
	default:
		break;
	}
}

/* Writing to 1 and 2 must reach nobody. */
static void print_much(void)
{
	for (int i = 0; i < 1000; i++) {
		puts("CANARY");
		fputs("CANARY", stderr);
	}
	fflush(stdout);
}

static bool misbehave(enum behaviour how, const struct detect_progress *tell,
		      struct proposals *p, struct error *err)
{
	void *volatile block;

	switch (how) {
	case SLOW_BUT_ALIVE:
		for (int i = 0; i < 20; i++) {
			nap(150);
			tell->tell(tell->self, i * 50);
		}
		return true;
	case TOO_MUCH_MEMORY:
		/* volatile: a compiler may take an unused block as given */
		block = calloc(1, 2047u << 20);
		if (block)
			return true;
		return error_set(err, ERR_MEMORY, "none");
	case REFUSE:
		return error_refuse(err, REASON_VIDEO, "1.2.3", 7);
	case FAIL:
		return error_set(err, ERR_INTERNAL, "SECRET");
	case TRY_OPEN:
		return report(p, open("/dev/null", O_RDONLY) < 0, "");
	case TRY_SOCKET:
		return report(p, socket(AF_INET, SOCK_STREAM, 0) < 0, "");
	case TRY_PRINT:
		print_much();
		return true;
	case MANY_BOXES:
		return many_boxes(p);
	case BAD_TEXT:
		return report(p, 1, "A\x1b[2J\xff\x80" "B\xe2\x80\xae");
	default:
		die(how);
		if (how >= SAY_NOISE && how <= SAY_HALF)
			say(how);
		return true;
	}
}

static bool test_run(struct image *image, const struct detect_options *options,
		     const struct detect_progress *progress,
		     struct proposals *p, struct error *err)
{
	const struct image_info *info = image_info(image);

	p->text = CHECK_DONE;
	p->frames_read = info->frames;
	p->ink_columns = (info->columns + INK_CELL - 1) / INK_CELL;
	p->ink_rows = (info->rows + INK_CELL - 1) / INK_CELL;
	p->ink = mem_array((size_t)p->ink_columns, (size_t)p->ink_rows);
	if (!p->ink)
		return error_set(err, ERR_MEMORY, "no memory");
	p->ink[p->ink_columns * p->ink_rows - 1] = 1;
	if (info->columns == LARGE_SIDE)
		nap(60000);
	if (strcmp(options->languages, "test"))
		return error_set(err, ERR_INTERNAL, "no options");
	return misbehave((enum behaviour)info->columns, progress, p, err);
}

static bool test_load(const struct detect_options *options, struct error *err)
{
	if (!strcmp(options->languages, "none"))
		return error_set(err, ERR_INTERNAL, "no such language");
	return true;
}

static const char *test_version(void)
{
	return "1";
}

const struct detector detectors[] = {
	{ "test", test_load, test_run, test_version },
	{ .name = NULL },
};

/* ---- the supervisor ---- */

static struct workers *start(const char *languages)
{
	struct detect_options options = { .faces = FACES_OFF };
	struct error err = { 0 };
	struct workers *w;

	snprintf(options.languages, sizeof(options.languages), "%s",
		 languages);
	w = workers_start(&options, &err);
	ck_assert_msg(w, "%s", err.text);
	return w;
}

static int picture(int columns, int rows, int frames)
{
	const struct dicom_spec spec = {
		.columns = columns, .rows = rows, .frames = frames,
		.samples = 1, .allocated = 8, .stored = 8, .high = 7,
		.photometric = "MONOCHROME2",
	};
	const struct noise noise = { .seed = 42 };

	return make_dicom_picture(&spec, &noise);
}

/* The next event that is no progress. */
static struct worker_event await(struct workers *w)
{
	struct pollfd p = { workers_fd(w), POLLIN, 0 };
	struct worker_event e;

	for (;;) {
		while (workers_next(w, &e)) {
			if (e.type != WORKER_PROGRESS)
				return e;
			worker_event_done(&e);
		}
		ck_assert_int_eq(poll(&p, 1, 60000), 1);
	}
}

/* The event that ends a detection. */
static struct worker_event detect(struct workers *w, int fd)
{
	struct error err = { 0 };
	unsigned long job = workers_detect(w, fd, NULL, NULL, &err);
	struct worker_event e;

	ck_assert_msg(job != 0, "%s", err.text);
	close(fd);
	do {
		e = await(w);
		ck_assert_uint_eq(e.job, job);
	} while (e.type == WORKER_OPENED);
	return e;
}

static const struct {
	enum behaviour how;
	enum worker_event_type type;
	enum reason reason;
	long long number;
} ends[] = {
	{ BEHAVE, WORKER_DETECTED, REASON_NONE, 0 },
	{ CRASH, WORKER_REFUSED, REASON_CRASHED, SIGSEGV },
	{ ABORT, WORKER_REFUSED, REASON_CRASHED, SIGABRT },
	{ HANG, WORKER_REFUSED, REASON_TOO_SLOW, 0 },
	{ SLOW_BUT_ALIVE, WORKER_DETECTED, REASON_NONE, 0 },
	{ RUN_OUT_OF_TIME, WORKER_REFUSED, REASON_TOO_SLOW, 0 },
	{ TOO_MUCH_MEMORY, WORKER_REFUSED, REASON_NO_MEMORY, 0 },
	{ REFUSE, WORKER_REFUSED, REASON_VIDEO, 7 },
	{ FAIL, WORKER_FAILED, REASON_NONE, 0 },
	{ LEAVE_0, WORKER_REFUSED, REASON_PROTOCOL, 0 },
	{ LEAVE_3, WORKER_REFUSED, REASON_PROTOCOL, 0 },
	{ SAY_NOISE, WORKER_REFUSED, REASON_PROTOCOL, 0 },
	{ SAY_WRONG_JOB, WORKER_REFUSED, REASON_PROTOCOL, 0 },
	{ SAY_WRONG_SEQ, WORKER_REFUSED, REASON_PROTOCOL, 0 },
	{ SAY_WRONG_TYPE, WORKER_REFUSED, REASON_PROTOCOL, 0 },
	{ SAY_WRONG_LENGTH, WORKER_REFUSED, REASON_PROTOCOL, 0 },
	{ SAY_LATE_INFO, WORKER_REFUSED, REASON_PROTOCOL, 0 },
	{ SAY_HALF, WORKER_REFUSED, REASON_PROTOCOL, 0 },
	{ TRY_OPEN, WORKER_REFUSED, REASON_CRASHED, SIGSYS },
	{ TRY_SOCKET, WORKER_REFUSED, REASON_CRASHED, SIGSYS },
	{ TRY_PRINT, WORKER_DETECTED, REASON_NONE, 0 },
	{ MANY_BOXES, WORKER_DETECTED, REASON_NONE, 0 },
};

/* Only these two are about silence: the others must end for their own reason,
 * however busy the machine is. */
static int silence_of(enum behaviour how)
{
	return how == HANG ? 1000 : how == SLOW_BUT_ALIVE ? 2500 : 20000;
}

START_TEST(test_ends)
{
	struct workers *w = start("test");
	struct worker_event e;

#ifdef SUMI_SANITIZERS
	/* there is no limit on addresses, no filter, deaths have other codes,
	 * and what a worker says on 2 is shown */
	if (ends[_i].how == TOO_MUCH_MEMORY || ends[_i].how == CRASH ||
	    ends[_i].how == ABORT || ends[_i].how == TRY_OPEN ||
	    ends[_i].how == TRY_SOCKET || ends[_i].how == TRY_PRINT) {
		workers_stop(w);
		return;
	}
#endif
	workers_limit(w, 0, silence_of(ends[_i].how));
	e = detect(w, picture((int)ends[_i].how, ROWS, 1));
	ck_assert_int_eq(e.type, ends[_i].type);
	ck_assert_int_eq(e.reason, ends[_i].reason);
	ck_assert_int_eq(e.number, ends[_i].number);
	ck_assert_ptr_null(strstr(e.error.text, "SECRET"));
	if (e.reason == REASON_VIDEO)
		ck_assert_str_eq(e.uid, "1.2.3");
	worker_event_done(&e);
	/* one bad file costs nobody else */
	workers_limit(w, 0, silence_of(BEHAVE));
	e = detect(w, picture(BEHAVE, ROWS, 1));
	ck_assert_int_eq(e.type, WORKER_DETECTED);
	worker_event_done(&e);
	ck_assert_int_eq(workers_busy(w), 0);
	workers_stop(w);
}
END_TEST

/* A file whose proposals are at hand is only hashed; another is detected. */
static void check_known(struct workers *w, int fd, const uint8_t sha256[32])
{
	uint8_t known[32];

	memcpy(known, sha256, sizeof(known));
	for (int other = 0; other < 2; other++) {
		struct error err = { 0 };
		struct worker_event e;

		known[31] = (uint8_t)(known[31] ^ other);
		ck_assert(workers_detect(w, fd, NULL, known, &err));
		e = await(w);
		ck_assert_int_eq(e.type, WORKER_OPENED);
		worker_event_done(&e);
		e = await(w);
		ck_assert_int_eq(e.type, WORKER_DETECTED);
		ck_assert_int_eq(e.known, !other);
		ck_assert_int_eq(e.proposals.frames_read, other ? 3 : 0);
		ck_assert_mem_eq(e.sha256, sha256, 32);
		worker_event_done(&e);
	}
}

START_TEST(test_result)
{
	static const uint8_t key[32] = { 7 }, zero[32];
	struct workers *w = start("test");
	struct error err = { 0 };
	int fd = picture(BEHAVE, ROWS, 3);
	struct worker_event e;

	ck_assert_uint_eq(workers_detect(w, fd, key, NULL, &err), 1);
	e = await(w);
	ck_assert_int_eq(e.type, WORKER_OPENED);
	ck_assert_int_eq(e.info.columns, BEHAVE);
	ck_assert_int_eq(e.info.frames, 3);
	ck_assert_str_eq(e.info.syntax, "1.2.840.10008.1.2.1");
	worker_event_done(&e);
	e = await(w);
	ck_assert_int_eq(e.type, WORKER_DETECTED);
	ck_assert_int_eq(e.info.rows, ROWS);
	ck_assert_int_eq(e.proposals.frames_read, 3);
	ck_assert_int_eq(e.proposals.ink_columns, 1);
	ck_assert_int_eq(e.proposals.ink[0], 1);
	ck_assert_int_ne(memcmp(e.sha256, zero, 32), 0);
	ck_assert_int_ne(memcmp(e.patient, zero, 32), 0);
	ck_assert(strlen(workers_by(w)) > 8);
	ck_assert(!e.known);
	check_known(w, fd, e.sha256);
	worker_event_done(&e);
	e = detect(w, fd);
	ck_assert_int_eq(memcmp(e.patient, zero, 32), 0);
	worker_event_done(&e);
	workers_stop(w);
}
END_TEST

START_TEST(test_boxes)
{
	struct workers *w = start("test");
	struct worker_event e = detect(w, picture(BAD_TEXT, ROWS, 1));

	ck_assert_uint_eq(e.proposals.boxes.count, 1);
	ck_assert_str_eq(e.proposals.boxes.box[0].text,
			 "A[2J\xef\xbf\xbd\xef\xbf\xbd" "B");
	worker_event_done(&e);
	e = detect(w, picture(MANY_BOXES, ROWS, 1));
	ck_assert_uint_eq(e.proposals.boxes.count, 1);
	ck_assert_str_eq(e.proposals.boxes.box[0].why, "too-many");
	worker_event_done(&e);
	workers_stop(w);
}
END_TEST

/* ---- seen from outside ---- */

/* What /proc/PID/FILE says behind label; "" when it says nothing. */
static void proc_value(int pid, const char *file, const char *label,
		       char value[64])
{
	char path[64], line[256];
	FILE *in;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, file);
	in = fopen(path, "r");
	value[0] = '\0';
	while (in && fgets(line, sizeof(line), in))
		if (!strncmp(line, label, strlen(label)))
			sscanf(line + strlen(label), "%63s", value);
	if (in)
		fclose(in);
}

static long proc_number(int pid, const char *file, const char *label)
{
	char value[64];

	proc_value(pid, file, label, value);
	return value[0] ? strtol(value, NULL, 10) : -1;
}

/* A process that parent has started; 0 when there is none. */
static int child_of(int parent)
{
	DIR *dir = opendir("/proc");
	int child = 0;

	ck_assert_ptr_nonnull(dir);
	for (struct dirent *e = readdir(dir); e; e = readdir(dir)) {
		int pid = (int)strtol(e->d_name, NULL, 10);

		if (pid > 0 && proc_number(pid, "status", "PPid:") == parent)
			child = pid;
	}
	closedir(dir);
	return child;
}

#ifndef SUMI_SANITIZERS
static const struct {
	int columns, rows;
	long long memory;
} classes[] = {
	{ HANG, ROWS, 768LL << 20 },
	{ LARGE_SIDE, LARGE_SIDE, 3072LL << 20 },
};

START_TEST(test_locked)
{
	struct workers *w = start("test");
	struct error err = { 0 };
	int fd = picture(classes[_i].columns, classes[_i].rows, 1);
	int zygote, worker = 0;
	struct worker_event e;

	workers_limit(w, 0, 50000);
	ck_assert(workers_detect(w, fd, NULL, NULL, &err));
	e = await(w);                   /* it is locked and at work */
	ck_assert_int_eq(e.type, WORKER_OPENED);
	worker_event_done(&e);
	zygote = child_of(getpid());
	worker = child_of(zygote);
	ck_assert_int_gt(worker, 0);
	ck_assert_int_eq(proc_number(worker, "limits", "Max address space"),
			 classes[_i].memory);
	ck_assert_int_eq(proc_number(worker, "limits", "Max open files"), 0);
	ck_assert_int_eq(proc_number(worker, "limits", "Max core file size"),
			 0);
	ck_assert_int_eq(proc_number(worker, "limits", "Max file size"), 0);
	ck_assert_int_eq(proc_number(worker, "limits", "Max processes"), 0);
	ck_assert_int_gt(proc_number(worker, "limits", "Max cpu time"), 0);
	ck_assert_int_eq(proc_number(zygote, "limits", "Max core file size"),
			 0);
	for (int i = 0; i < 2; i++) {
		int pid = i ? worker : zygote;

		ck_assert_int_eq(proc_number(pid, "status", "NoNewPrivs:"), 1);
		ck_assert_int_eq(proc_number(pid, "status", "Seccomp:"), 2);
		ck_assert_int_eq(proc_number(pid, "status", "Threads:"), 1);
	}
	close(fd);
	workers_stop(w);
}
END_TEST
#endif

START_TEST(test_not_image)
{
	struct workers *w = start("test");
	struct worker_event e = detect(w, memory_of("hello", 5));

	ck_assert_int_eq(e.type, WORKER_REFUSED);
	ck_assert_int_eq(e.reason, REASON_NOT_IMAGE);
	worker_event_done(&e);
	workers_stop(w);
}
END_TEST

/* How a job ends whose zygote dies under it. */
static struct worker_event lose_zygote(struct workers *w)
{
	int fd = picture(HANG, ROWS, 1);
	struct error err = { 0 };
	struct worker_event e;

	ck_assert(workers_detect(w, fd, NULL, NULL, &err));
	close(fd);
	e = await(w);
	ck_assert_int_eq(e.type, WORKER_OPENED);
	worker_event_done(&e);
	ck_assert_int_eq(kill(child_of(getpid()), SIGKILL), 0);
	return await(w);
}

START_TEST(test_zygote)
{
	struct workers *w = start("test");
	struct error err = { 0 };
	struct worker_event e = lose_zygote(w);
	int fd = picture(BEHAVE, ROWS, 1);

	ck_assert_int_eq(e.type, WORKER_FAILED);
	ck_assert(!workers_given_up(w));
	worker_event_done(&e);
	e = detect(w, picture(BEHAVE, ROWS, 1));
	ck_assert_int_eq(e.type, WORKER_DETECTED);
	worker_event_done(&e);
	e = lose_zygote(w);
	ck_assert_int_eq(e.type, WORKER_FAILED);
	ck_assert(workers_given_up(w));
	worker_event_done(&e);
	ck_assert_uint_eq(workers_detect(w, fd, NULL, NULL, &err), 0);
	ck_assert_int_eq(err.code, ERR_INTERNAL);
	close(fd);
	workers_stop(w);
}
END_TEST

START_TEST(test_unfit)
{
	struct workers *w = start("none");
	struct worker_event e = detect(w, picture(BEHAVE, ROWS, 1));

	ck_assert_int_eq(e.type, WORKER_FAILED);
	ck_assert_str_eq(e.error.text, "no such language");
	ck_assert(workers_given_up(w));
	worker_event_done(&e);
	workers_stop(w);
}
END_TEST

START_TEST(test_cancel)
{
	struct workers *w = start("test");
	struct error err = { 0 };
	int hang = picture(HANG, ROWS, 1);
	unsigned long first, second;
	struct worker_event e;

	workers_limit(w, 1, 0);
	first = workers_detect(w, hang, NULL, NULL, &err);
	second = workers_detect(w, hang, NULL, NULL, &err);
	e = await(w);                   /* the first one is at work */
	ck_assert_int_eq(e.type, WORKER_OPENED);
	worker_event_done(&e);
	workers_cancel(w, second);
	workers_cancel(w, first);
	ck_assert_int_eq(workers_busy(w), 0);
	e = detect(w, picture(BEHAVE, ROWS, 1));
	ck_assert_int_eq(e.type, WORKER_DETECTED);
	worker_event_done(&e);
	close(hang);
	workers_stop(w);
}
END_TEST

/* ---- serving ---- */

static const uint8_t *pixels(const struct worker_event *e)
{
	return e->frame->sample;
}

START_TEST(test_serve)
{
	static const int asked[] = { 2, 0, 1, -1, -2 };
	struct worker_event got[ARRAY_LENGTH(asked)];
	struct workers *w = start("");
	struct error err = { 0 };
	int fd = picture(BEHAVE, ROWS, 3);
	unsigned long job = workers_serve(w, fd, &err);
	struct worker_event e;

	for (size_t i = 0; i < ARRAY_LENGTH(asked); i++)
		ck_assert(workers_ask_frame(w, job, asked[i], &err));
	e = await(w);
	ck_assert_int_eq(e.type, WORKER_OPENED);
	worker_event_done(&e);
	for (size_t i = 0; i < ARRAY_LENGTH(asked); i++) {
		got[i] = await(w);
		ck_assert_int_eq(got[i].type, WORKER_FRAME);
		ck_assert_int_eq(got[i].frame_index, asked[i]);
		ck_assert_int_eq(got[i].frame->columns, BEHAVE);
	}
	for (int i = 0; i < BEHAVE * ROWS; i++) {
		int a = pixels(&got[0])[i], b = pixels(&got[1])[i];
		int c = pixels(&got[2])[i], high = a > b ? a : b;
		int low = a < b ? a : b;

		ck_assert_int_eq(pixels(&got[3])[i], high > c ? high : c);
		ck_assert_int_eq(pixels(&got[4])[i], low < c ? low : c);
	}
	ck_assert(!workers_ask_frame(w, job, 3, &err));
	ck_assert_int_eq(workers_busy(w), 1);
	workers_cancel(w, job);
	ck_assert(!workers_ask_frame(w, job, 0, &err));
	for (size_t i = 0; i < ARRAY_LENGTH(asked); i++)
		worker_event_done(&got[i]);
	close(fd);
	workers_stop(w);
}
END_TEST

/* An overlay has one byte a pixel, the picture two or three: whichever is
 * asked for first, both come. */
START_TEST(test_serve_planes)
{
	static const struct {
		const char *photometric;
		int samples, bits;
	} forms[] = { { "MONOCHROME2", 1, 8 }, { "MONOCHROME2", 1, 16 },
		      { "RGB", 3, 8 } };
	const struct dicom_spec spec = {
		.columns = BEHAVE, .rows = ROWS, .frames = 1, .extras = true,
		.samples = forms[_i / 2].samples,
		.allocated = forms[_i / 2].bits,
		.stored = forms[_i / 2].bits, .high = forms[_i / 2].bits - 1,
		.photometric = forms[_i / 2].photometric,
	};
	const struct noise noise = { .seed = 42 };
	int plane = frame_of_plane(0x6002, 0);
	const int asked[] = { _i % 2 ? plane : 0, _i % 2 ? 0 : plane, 0 };
	struct workers *w = start("");
	struct error err = { 0 };
	int fd = make_dicom_picture(&spec, &noise);
	unsigned long job = workers_serve(w, fd, &err);
	struct worker_event e = await(w);

	ck_assert_int_eq(e.type, WORKER_OPENED);
	worker_event_done(&e);
	for (size_t i = 0; i < ARRAY_LENGTH(asked); i++) {
		bool picture = asked[i] == 0;

		ck_assert(workers_ask_frame(w, job, asked[i], &err));
		e = await(w);
		ck_assert_int_eq(e.type, WORKER_FRAME);
		ck_assert_int_eq(e.frame_index, asked[i]);
		ck_assert_int_eq(e.frame->samples, picture ? spec.samples : 1);
		ck_assert_int_eq(e.frame->type, picture && spec.stored > 8 ?
				 SAMPLE_U16 : SAMPLE_U8);
		ck_assert_int_eq(e.frame->columns, BEHAVE);
		worker_event_done(&e);
	}
	close(fd);
	workers_stop(w);
}
END_TEST

/* ---- writing and verifying ---- */

START_TEST(test_write)
{
	struct workers *w = start("");
	struct error err = { 0 };
	int in = picture(64, 32, 2), out = memory_file();
	const struct region region = { 8, 4, 24, 12 };
	struct box box;
	struct box_list boxes = one_box(&box, region, 2);
	struct worker_event e;

	ck_assert(workers_write(w, in, out, &test_job, &boxes, &err));
	e = await(w);
	ck_assert_int_eq(e.type, WORKER_WROTE);
	ck_assert_int_eq(e.report.frames_touched, 2);
	worker_event_done(&e);
	ck_assert(workers_verify(w, in, out, &test_job, &boxes, &err));
	e = await(w);
	ck_assert_int_eq(e.type, WORKER_VERIFIED);
	ck_assert_int_eq(e.verify.status, VERIFY_OK);
	worker_event_done(&e);
	/* the last sample of the last frame */
	ck_assert_int_eq(pwrite(out, "\xff\x01", 2,
				lseek(out, 0, SEEK_END) - 2), 2);
	ck_assert(workers_verify(w, in, out, &test_job, &boxes, &err));
	e = await(w);
	ck_assert_int_eq(e.verify.status, VERIFY_FAILED);
	ck_assert_int_eq(e.verify.class_, VERIFY_OUTSIDE);
	worker_event_done(&e);
	box.region.x0 = 70;
	box.region.x1 = 80;
	ck_assert(workers_write(w, in, out, &test_job, &boxes, &err));
	e = await(w);
	ck_assert_int_eq(e.type, WORKER_FAILED);
	ck_assert_int_eq(e.error.code, ERR_USAGE);
	worker_event_done(&e);
	close(in);
	close(out);
	workers_stop(w);
}
END_TEST

int main(int argc, char **argv)
{
	Suite *suite = suite_create("worker");
	TCase *tcase = tcase_create("worker");

	/* the zygote is this program, executed again */
	if (argc > 1 && !strcmp(argv[1], WORKER_VERB))
		return worker_zygote_main(argc, argv);
	add_rows_test(tcase, test_ends, ends);
	tcase_add_test(tcase, test_result);
	tcase_add_test(tcase, test_boxes);
#ifndef SUMI_SANITIZERS
	add_rows_test(tcase, test_locked, classes);
#endif
	tcase_add_test(tcase, test_not_image);
	tcase_add_test(tcase, test_zygote);
	tcase_add_test(tcase, test_unfit);
	tcase_add_test(tcase, test_cancel);
	tcase_add_test(tcase, test_serve);
	tcase_add_loop_test(tcase, test_serve_planes, 0, 6);
	tcase_add_test(tcase, test_write);
	suite_add_tcase(suite, tcase);
	return support_run(suite);
}

/*
 * check_output.c - outputs from verdict to out/: made, verified, read again,
 * released; and each way in which that ends otherwise.  The detector made for
 * it finds a box wherever the picture's centre is not black.
 */
#include "config.h"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"
#include "find/detect.h"
#include "process/deliver.h"
#include "process/output.h"
#include "tests/pictures.h"
#include "tests/scratch.h"
#include "tests/support.h"

enum { COLUMNS = 64, ROWS = 48 };

static const struct region centre = { 24, 16, 40, 32 };
static const struct region corner = { 0, 0, 10, 10 };

static bool centre_run(struct image *image,
		       const struct detect_options *options,
		       const struct detect_progress *progress,
		       struct proposals *p, struct error *err)
{
	struct frame *f = image_frame(image, 0, err);
	struct box box = { .region = centre, .why = "test" };
	bool light = false;

	(void)options, (void)progress;
	if (!f)
		return false;
	for (int y = centre.y0; y < centre.y1; y++)
		for (int x = centre.x0; x < centre.x1; x++)
			light = light ||
				((uint8_t *)f->sample)[y * f->columns + x];
	frame_free(f);
	p->text = CHECK_DONE;
	p->frames_read = image_info(image)->frames;
	return !light || box_list_add(&p->boxes, &box);
}

static const char *test_version(void)
{
	return "1";
}

const struct detector detectors[] = {
	{ "test", NULL, centre_run, test_version },
	{ .name = NULL },
};

/* ---- a project with one decided picture ---- */

static char dir[SCRATCH_PATH];

static void setup(void)
{
	scratch_new(dir);
}

static void teardown(void)
{
	scratch_done(dir);
}

static void put_picture(uint32_t seed)
{
	const struct dicom_spec spec = {
		.columns = COLUMNS, .rows = ROWS, .frames = 1, .samples = 1,
		.allocated = 8, .stored = 8, .high = 7,
		.photometric = "MONOCHROME2",
	};
	const struct noise noise = { .seed = seed };
	int fd = make_dicom_picture(&spec, &noise);
	size_t length;
	unsigned char *data = slurp(fd, &length);

	scratch_write(dir, "in.dcm", data, length);
	free(data);
	close(fd);
}

static void decide(struct project *p, struct worklist_item *item,
		   struct region region, enum box_decision decision)
{
	const struct decided_box box = {
		.box = { .region = region, .why = "test" }, .id = 1,
		.decision = decision,
		.reason = decision == DECISION_NO_MASK ? 1 : 0,
	};
	const struct verdict verdict = {
		.verdict = ITEM_MASKED, .boxes = &box, .box_count = 1,
		.active_ms = 1, .view_ms = 1,
	};
	struct error err = { 0 };

	ck_assert_msg(project_verdict(p, item, &verdict, &err), "%s",
		      err.text);
}

/* in.dcm, listed, opened and decided: one box. */
static struct project *decided(struct region region,
			       enum box_decision decision)
{
	struct project *p = scratch_project(dir);
	struct worklist_item item = { 0 };
	struct error err = { 0 };
	char path[2 * SCRATCH_PATH];
	char *data;
	size_t length;
	long long row;

	put_picture(42);
	scratch_join(path, dir, "in.dcm");
	ck_assert(project_list_begin(p, &err));
	ck_assert(project_list(p, path, -1, "in.dcm", NULL, &row, NULL, &err));
	ck_assert(project_list_end(p, &err));
	ck_assert(worklist_get(p->worklist, row, &item, &err));
	data = scratch_read(dir, "in.dcm", &length);
	ck_assert(hash_bytes(data, length, item.in_sha256));
	free(data);
	item.has_sha256 = true;
	item.patient[0] = 9;
	item.format = IMAGE_DICOM;
	item.columns = COLUMNS;
	item.rows = ROWS;
	item.frames = 1;
	ck_assert_msg(project_opened(p, &item, &err), "%s", err.text);
	decide(p, &item, region, decision);
	worklist_item_done(&item);
	return p;
}

static struct workers *start(void)
{
	const struct detect_options options = { .languages = "test" };
	struct error err = { 0 };
	struct workers *w = workers_start(&options, &err);

	ck_assert_msg(w, "%s", err.text);
	return w;
}

static struct output_event await(struct outputs *o, struct workers *w)
{
	struct pollfd p = { workers_fd(w), POLLIN, 0 };
	struct output_event end;
	struct worker_event e;

	while (!outputs_next(o, &end)) {
		while (workers_next(w, &e))
			if (!outputs_event(o, &e))
				worker_event_done(&e);
		if (outputs_next(o, &end))
			break;
		ck_assert_int_eq(poll(&p, 1, 60000), 1);
	}
	return end;
}

/* Something that happens while the output is made. */
static void change_input(struct project *p)
{
	(void)p;
	put_picture(99);
}

static void remove_input(struct project *p)
{
	char path[2 * SCRATCH_PATH];

	(void)p;
	scratch_join(path, dir, "in.dcm");
	ck_assert_int_eq(unlink(path), 0);
}

static void take_back(struct project *p)
{
	struct worklist_item item = { 0 };
	struct error err = { 0 };

	ck_assert(worklist_get(p->worklist, 1, &item, &err));
	ck_assert_msg(project_reopen(p, &item, 0, &err), "%s", err.text);
	worklist_item_done(&item);
}

static const struct {
	const struct region *region;
	enum box_decision decision;
	bool release;
	void (*before)(struct project *p), (*meanwhile)(struct project *p);
	enum output_end end;
	enum reason reason;
	enum output_state state;
} cases[] = {
	{ &centre, DECISION_MASK, true, NULL, NULL, OUTPUT_END_RELEASED,
	  REASON_NONE, OUTPUT_RELEASED },
	{ &centre, DECISION_ADDED, false, NULL, NULL, OUTPUT_END_STAGED,
	  REASON_NONE, OUTPUT_STAGED },
	{ &centre, DECISION_NO_MASK, true, NULL, NULL, OUTPUT_END_RELEASED,
	  REASON_NONE, OUTPUT_RELEASED },
	{ &corner, DECISION_MASK, true, NULL, NULL, OUTPUT_END_BLOCKED,
	  REASON_NONE, OUTPUT_STAGED },
	{ &centre, DECISION_MASK, true, change_input, NULL, OUTPUT_END_FAILED,
	  REASON_CHANGED, OUTPUT_NONE },
	{ &centre, DECISION_MASK, true, remove_input, NULL, OUTPUT_END_FAILED,
	  REASON_UNREADABLE, OUTPUT_NONE },
	{ &centre, DECISION_MASK, true, NULL, take_back, OUTPUT_END_STALE,
	  REASON_NONE, OUTPUT_NONE },
	{ &centre, DECISION_MASK, true, take_back, NULL, OUTPUT_END_STALE,
	  REASON_NONE, OUTPUT_NONE },
};

/* What the residual pass left is known, also to a later session. */
static void check_found(struct project *p, bool blocked)
{
	struct worklist_item item = { 0 };
	struct box_list left = { 0 };
	struct error err = { 0 };

	ck_assert(worklist_get(p->worklist, 1, &item, &err));
	ck_assert(output_found(p, &item, &left, &err));
	ck_assert_uint_eq(left.count, blocked);
	if (blocked) {
		ck_assert(region_equal(left.box[0].region, centre));
		ck_assert_str_eq(left.box[0].why, "residual");
		ck_assert_int_eq((int)left.box[0].tier, (int)TIER_BOX);
	}
	box_list_done(&left);
	worklist_item_done(&item);
}

START_TEST(test_ends)
{
	struct project *p = decided(*cases[_i].region, cases[_i].decision);
	struct workers *w = start();
	struct outputs *o = outputs_new(p, w);
	struct worklist_item item = { 0 };
	struct output_event end;
	struct error err = { 0 };

	if (cases[_i].before)
		cases[_i].before(p);
	ck_assert(outputs_want(o, 1, cases[_i].release, &err));
	if (cases[_i].meanwhile)
		cases[_i].meanwhile(p);
	end = await(o, w);
	ck_assert_msg(end.end == cases[_i].end, "%d: %s", end.end,
		      end.error.text);
	ck_assert_int_eq(end.row, 1);
	ck_assert_int_eq(end.error.reason, cases[_i].reason);
	if (end.end == OUTPUT_END_BLOCKED)
		ck_assert_int_eq(end.residual, 1);
	check_found(p, end.end == OUTPUT_END_BLOCKED);
	ck_assert_int_eq(outputs_busy(o), 0);
	ck_assert(worklist_get(p->worklist, 1, &item, &err));
	ck_assert_int_eq(item.output, cases[_i].state);
	/* the README and, when released, one folder */
	ck_assert_int_eq(scratch_count(dir, "p/out"),
			 1 + (item.output == OUTPUT_RELEASED));
	ck_assert_int_eq(scratch_count(dir, "p/private/staged"),
			 item.output == OUTPUT_STAGED);
	worklist_item_done(&item);
	outputs_free(o);
	workers_stop(w);
	ck_assert(project_close(p, &err));
}
END_TEST

/* What happens to the input after its copy was staged. */
static const struct {
	void (*before)(struct project *p);
	enum output_end end;
	enum reason reason;
	enum output_state state;
} later[] = {
	{ NULL, OUTPUT_END_RELEASED, REASON_NONE, OUTPUT_RELEASED },
	/* another file tells other names: it must not judge the copy */
	{ change_input, OUTPUT_END_FAILED, REASON_CHANGED, OUTPUT_STAGED },
	{ remove_input, OUTPUT_END_RELEASED, REASON_NONE, OUTPUT_RELEASED },
};

START_TEST(test_later)
{
	struct project *p = decided(centre, DECISION_MASK);
	struct workers *w = start();
	struct outputs *o = outputs_new(p, w);
	struct worklist_item item = { 0 };
	struct output_event end;
	struct error err = { 0 };

	ck_assert(outputs_want(o, 1, false, &err));
	ck_assert_int_eq(await(o, w).end, OUTPUT_END_STAGED);
	if (later[_i].before)
		later[_i].before(p);
	ck_assert(outputs_want(o, 1, true, &err));
	end = await(o, w);
	ck_assert_msg(end.end == later[_i].end, "%d: %s", end.end,
		      end.error.text);
	ck_assert_int_eq(end.error.reason, later[_i].reason);
	ck_assert(worklist_get(p->worklist, 1, &item, &err));
	ck_assert_int_eq(item.output, later[_i].state);
	worklist_item_done(&item);
	outputs_free(o);
	workers_stop(w);
	ck_assert(project_close(p, &err));
}
END_TEST

/* Given up half way: nothing stays. */
START_TEST(test_free)
{
	struct project *p = decided(centre, DECISION_MASK);
	struct workers *w = start();
	struct outputs *o = outputs_new(p, w);
	struct error err = { 0 };

	ck_assert(outputs_want(o, 1, true, &err));
	ck_assert_int_eq(outputs_busy(o), 1);
	outputs_free(o);
	workers_stop(w);
	ck_assert_int_eq(scratch_count(dir, "p/private/staged"), 0);
	ck_assert(project_close(p, &err));
}
END_TEST

/* ---- the rule of the residual pass ---- */

static const struct {
	struct region found;
	enum box_decision decision;
	int frame1;                     /* of the decided box (found: 0..1) */
	enum box_tier tier;
	int residual;
} residuals[] = {
	{ { 24, 16, 40, 32 }, DECISION_MASK, 1, TIER_BOX, 0 },
	{ { 24, 16, 40, 32 }, DECISION_NO_MASK, 1, TIER_BOX, 0 },
	{ { 24, 16, 40, 32 }, DECISION_MASK, 0, TIER_BOX, 1 },
	{ { 24, 16, 43, 32 }, DECISION_MASK, 1, TIER_BOX, 0 },
	/* more than half a letter */
	{ { 24, 16, 49, 32 }, DECISION_MASK, 1, TIER_BOX, 1 },
	{ { 24, 16, 49, 32 }, DECISION_NO_MASK, 1, TIER_BOX, 0 },
	{ { 24, 16, 52, 32 }, DECISION_NO_MASK, 1, TIER_BOX, 1 },
	{ { 0, 0, 10, 10 }, DECISION_MASK, 1, TIER_BOX, 1 },
	{ { 0, 0, 10, 10 }, DECISION_MASK, 1, TIER_CANDIDATE, 0 },
	{ { 0, 0, 10, 10 }, DECISION_MASK, 1, TIER_BENIGN, 0 },
};

START_TEST(test_residual)
{
	const struct image_info info = { .columns = COLUMNS, .rows = ROWS,
					 .frames = 2, .mcu_columns = 1,
					 .mcu_rows = 1 };
	struct box found = { .region = residuals[_i].found, .frame1 = 1,
			     .tier = residuals[_i].tier };
	const struct box_list list = { .box = &found, .count = 1 };
	struct decided_box box = {
		.box = { .region = centre, .frame1 = residuals[_i].frame1 },
		.decision = residuals[_i].decision,
	};
	const struct masks decided_boxes = { .box = &box, .box_count = 1 };

	struct box_list left = { 0 };

	ck_assert(output_residual(&info, &list, &decided_boxes, &left));
	ck_assert_uint_eq(left.count, (size_t)residuals[_i].residual);
	box_list_done(&left);
}
END_TEST

/* ---- a whole project ---- */

static void no_say(void *self, const char *which, const char *text)
{
	(void)self, (void)which, (void)text;
}

static void no_progress(void *self, const struct progress *done)
{
	(void)self, (void)done;
}

static const struct batch_talk silent = { no_say, no_progress, NULL, false,
					 false };

/* Run apply or verify; its output must hold the words. */
static void expect(bool apply, int status, const char *words)
{
	const struct detect_options detect = { .faces = FACES_OFF };
	char project[2 * SCRATCH_PATH];
	int fd = memory_file();
	size_t length;
	char *text;

	scratch_join(project, dir, "p");
	ck_assert_int_eq(apply ? deliver_apply(project, &detect, fd, &silent) :
				 deliver_verify(project, false, fd, &silent),
			 status);
	text = (char *)slurp(fd, &length);
	text = realloc(text, length + 1);
	ck_assert_ptr_nonnull(text);
	text[length] = '\0';
	ck_assert_msg(strstr(text, words), "%s", text);
	free(text);
	close(fd);
}

START_TEST(test_project)
{
	struct error err = { 0 };
	struct project *p = decided(centre, DECISION_MASK);
	struct worklist_item item = { 0 };
	char name[2 * SCRATCH_PATH];
	char *data;
	size_t length;

	ck_assert(project_close(p, &err));
	expect(true, 0, "\"summary\":{\"released\":1,\"blocked\":0,"
			"\"failed\":0,\"open\":0,");
	expect(true, 0, "\"summary\":{\"released\":0,");
	expect(false, 0, "\"summary\":{\"ok\":1,\"failed\":0,\"unchecked\":0,"
			 "\"open\":0,\"refused\":0,\"withheld\":0}");
	p = scratch_project(dir);
	ck_assert(worklist_get(p->worklist, 1, &item, &err));
	ck_assert(project_close(p, &err));
	scratch_join(name, "p/out", item.out_name);
	data = scratch_read(dir, name, &length);
	worklist_item_done(&item);
	data[length - 1] ^= 1;
	scratch_write(dir, name, data, length);
	expect(false, 1, "\"status\":\"failed\",\"class\":\"changed\"");
	data[length - 1] ^= 1;
	scratch_write(dir, name, data, length);
	free(data);
	scratch_write(dir, "p/out/more.dcm", "x", 1);
	expect(false, 1, "{\"v\":1,\"file\":\"more.dcm\",\"status\":"
			 "\"failed\",\"class\":\"extra\"}");
	change_input(NULL);
	expect(false, 1, "\"class\":\"changed\"");
	remove_input(NULL);
	expect(false, 1, "\"status\":\"unchecked\"");
}
END_TEST

int main(int argc, char **argv)
{
	Suite *suite = suite_create("output");
	TCase *tcase = tcase_create("output");

	/* the zygote is this program, executed again */
	if (argc > 1 && !strcmp(argv[1], WORKER_VERB))
		return worker_zygote_main(argc, argv);
	tcase_add_checked_fixture(tcase, setup, teardown);
	add_rows_test(tcase, test_ends, cases);
	add_rows_test(tcase, test_later, later);
	tcase_add_test(tcase, test_free);
	add_rows_test(tcase, test_residual, residuals);
	tcase_add_test(tcase, test_project);
	suite_add_tcase(suite, tcase);
	return support_run(suite);
}

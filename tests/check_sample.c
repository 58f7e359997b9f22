/* check_sample.c - draws for second readers, noted in the log and made again;
 * what the readers said. */
#include "config.h"

#include "record/sample.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/scratch.h"
#include "tests/support.h"

static char dir[SCRATCH_PATH];          /* of the running test */

static const struct sample_rule strict = { 10000, 950, 30 };

static void setup(void)
{
	scratch_new(dir);
}

static void teardown(void)
{
	scratch_done(dir);
}

/* A second reader's session. */
static struct project *reader(struct project *p)
{
	char path[2 * SCRATCH_PATH];
	struct project_options o = { .directory = path, .reviewer = "r2",
				     .role = "qa", .has_seed = true,
				     .seed = 7 };
	struct error err = { 0 };

	scratch_join(path, dir, "p");
	ck_assert_msg(project_close(p, &err), "%s", err.text);
	p = project_open(&o, &err);
	ck_assert_msg(p != NULL, "%s", err.text);
	return p;
}

/* How a row of a project was decided. */
struct way {
	int proposed;
	long long active_ms;
	struct box box;                 /* score 0: none */
	enum box_decision decision;
};

static const struct way plain = {
	1, 1000, { .score = 900, .why = "pattern:date" }, DECISION_MASK };
static const struct way removed = {
	1, 1000, { .score = 900, .why = "header:PatientName" },
	DECISION_NO_MASK };
static const struct way face_removed = {
	1, 1000, { .score = 900, .kind = KIND_FACE, .class_ = CLASS_FACE },
	DECISION_NO_MASK };
/* It was a face until the reviewer called it something else. */
static const struct way face_renamed = {
	1, 1000, { .score = 900, .class_ = CLASS_OTHER, .why = "face:find" },
	DECISION_NO_MASK };
static const struct way no_boxes = { 0, 1000, { .score = 0 }, 0 };
static const struct way unsure = {
	1, 1000, { .score = 300, .why = "ink" }, DECISION_MASK };
static const struct way fast = {
	1, 399, { .score = 900, .why = "pattern:date" }, DECISION_MASK };

static void decide(struct project *p, long long row, const struct way *way)
{
	struct decided_box box = { .box = way->box, .id = 1,
				   .decision = way->decision, .reason = 1 };
	struct verdict v = { .verdict = ITEM_MASKED, .boxes = &box,
			     .box_count = way->box.score > 0,
			     .active_ms = way->active_ms, .view_ms = 2000 };
	struct worklist_item item;
	struct error err = { 0 };

	box.box.region = (struct region){ 10, 10, 40, 20 };
	ck_assert(worklist_get(p->worklist, row, &item, NULL));
	ck_assert(project_proposed(p, &item, way->proposed, "", 0, &err));
	ck_assert_msg(project_verdict(p, &item, &v, &err), "%s", err.text);
	worklist_item_done(&item);
	ck_assert_msg(scratch_stage(p, row, &err), "%s", err.text);
}

/* A project with n outputs, those of ways[] first. */
static struct project *make(int n, const struct way *const *ways, int count)
{
	struct project *p = scratch_project(dir);

	scratch_items(p, n);
	for (int i = 1; i <= n; i++)
		decide(p, i, i <= count ? ways[i - 1] : &plain);
	return p;
}

static struct project *again(struct project *p)
{
	struct error err = { 0 };

	ck_assert_msg(project_close(p, &err), "%s", err.text);
	return scratch_project(dir);
}

static struct sample plan(struct project *p, const struct sample_rule *rule)
{
	struct sample s;
	struct error err = { 0 };

	ck_assert_msg(sample_plan(p, rule, &s, &err), "%s", err.text);
	return s;
}

static struct sample read_back(struct project *p)
{
	struct sample s;
	struct error err = { 0 };

	ck_assert_msg(sample_read(p, 0, &s, &err), "%s", err.text);
	return s;
}

static int count_why(const struct sample *s, enum sample_why why)
{
	int count = 0;

	for (size_t i = 0; i < s->count; i++)
		count += s->item[i].why == why;
	return count;
}

static enum sample_why why_of(struct project *p, const struct sample *s,
			      long long row)
{
	enum sample_why why = SAMPLE_WHYS;
	struct worklist_item item;

	ck_assert(worklist_get(p->worklist, row, &item, NULL));
	for (size_t i = 0; i < s->count; i++)
		if (!strcmp(s->item[i].id, item.id))
			why = s->item[i].why;
	worklist_item_done(&item);
	return why;
}

START_TEST(nothing_there)
{
	struct project *p = scratch_project(dir);
	struct sample s = read_back(p);
	struct error err = { 0 };

	ck_assert_int_eq(s.round, 0);
	ck_assert(!sample_plan(p, &strict, &s, &err));
	ck_assert_int_eq(err.code, ERR_USAGE);
	/* decided, but nothing made of it */
	scratch_items(p, 1);
	scratch_verdict(p, 1, ITEM_MASKED);
	ck_assert(!sample_plan(p, &strict, &s, &err));
	ck_assert(project_close(p, NULL));
}
END_TEST

/* Of 40 outputs 1 % is one: 38 must be read to rule it out at 95 %. */
START_TEST(drawn_and_read_back)
{
	struct project *p = make(40, NULL, 0);
	struct sample s = plan(p, &strict), t;

	ck_assert_int_eq(s.round, 1);
	ck_assert_int_eq(s.lot, 40);
	ck_assert_int_eq(s.drawn, 38);
	ck_assert_int_eq(count_why(&s, SAMPLE_DRAWN), 38);
	p = again(p);
	t = read_back(p);
	ck_assert(t.as_keyed);
	ck_assert_int_eq(t.round, 1);
	ck_assert_int_eq(t.lot, 40);
	ck_assert_int_eq(t.rule.rate, strict.rate);
	ck_assert_int_eq(t.rule.confidence, strict.confidence);
	ck_assert_uint_eq(t.count, s.count);
	for (size_t i = 0; i < s.count; i++) {
		ck_assert_str_eq(t.item[i].id, s.item[i].id);
		ck_assert_str_eq(t.item[i].who, "r-7f3a");
		ck_assert(t.item[i].has_output);
		ck_assert(sample_unread(&t, i, SAMPLE_RESIDUAL));
	}
	sample_done(&s);
	sample_done(&t);
	/* another round is another draw, and the last one counts */
	s = plan(p, &(struct sample_rule){ 200000, 950, 30 });
	ck_assert_int_eq(s.round, 2);
	ck_assert_int_lt(s.drawn, 38);
	p = again(p);
	t = read_back(p);
	ck_assert(t.as_keyed);
	ck_assert_int_eq(t.round, 2);
	sample_done(&s);
	sample_done(&t);
	ck_assert(project_close(p, NULL));
}
END_TEST

/* Half may leak: five of sixty suffice for the draw. */
static const struct sample_rule loose = { 500000, 950, 2 };

static const struct way *const risky[] = {
	&removed, &face_removed, &face_renamed, &removed, &no_boxes, &no_boxes,
	&no_boxes, &no_boxes, &unsure, &unsure, &unsure, &unsure, &fast,
	&fast, &fast, &fast,
};

START_TEST(risks)
{
	struct project *p = make(60, risky, ARRAY_LENGTH(risky));
	struct sample s = plan(p, &loose);
	int limited[] = { SAMPLE_NO_BOXES, SAMPLE_LOW_SCORE, SAMPLE_FAST };

	ck_assert_int_le(s.drawn, 6);
	for (int row = 1; row <= 4; row++)
		ck_assert_int_le(why_of(p, &s, row), SAMPLE_REMOVED);
	for (size_t i = 0; i < ARRAY_LENGTH(limited); i++)
		ck_assert_int_le(count_why(&s, (enum sample_why)limited[i]),
				 2);
	ck_assert_int_ge(count_why(&s, SAMPLE_FAST) +
			 count_why(&s, SAMPLE_NO_BOXES) +
			 count_why(&s, SAMPLE_LOW_SCORE), 3);
	sample_done(&s);
	p = again(p);
	s = read_back(p);
	ck_assert(s.as_keyed);
	sample_done(&s);
	ck_assert(project_close(p, NULL));
}
END_TEST

/* Records of a sample that key and log do not give. */
static void forge(struct project *p, const struct sample *s, long long drop)
{
	struct log_record r = LOG_RECORD_EMPTY;

	for (size_t i = 0; i < s->count; i++) {
		r = LOG_RECORD_EMPTY;
		r.item = s->item[i].id;
		r.why = sample_why_name[s->item[i].why];
		r.round = s->round + 1;
		if ((long long)i != drop)
			ck_assert(log_append(p->log, LOG_QA_SAMPLE, &r, NULL,
					     NULL));
	}
	r = LOG_RECORD_EMPTY;
	r.round = s->round + 1;
	r.lot = s->lot;
	r.drawn = s->drawn;
	r.rate = s->rule.rate;
	r.confidence = s->rule.confidence;
	r.risk = s->rule.risk;
	ck_assert(log_append(p->log, LOG_QA_SAMPLE, &r, NULL, NULL));
}

/* -1: the items of another round's draw; else one of them is missing too. */
static const long long drops[] = { -1, 0, 3 };

START_TEST(chosen)
{
	struct project *p = make(60, NULL, 0);
	struct sample s = plan(p, &loose);

	forge(p, &s, drops[_i]);
	sample_done(&s);
	p = again(p);
	s = read_back(p);
	ck_assert_int_eq(s.round, 2);
	ck_assert(!s.as_keyed);
	sample_done(&s);
	ck_assert(project_close(p, NULL));
}
END_TEST

/* A round that is drawn a second time could be chosen from two. */
START_TEST(rounds_count)
{
	struct project *p = make(10, NULL, 0);
	struct sample s = plan(p, &loose);

	s.round = 0;                    /* the same records once more */
	forge(p, &s, -1);
	sample_done(&s);
	p = again(p);
	s = read_back(p);
	ck_assert_int_eq(s.round, 1);
	ck_assert(!s.as_keyed);
	sample_done(&s);
	ck_assert(project_close(p, NULL));
}
END_TEST

/* Items of a plan that was killed before its last record count for nothing. */
START_TEST(killed)
{
	struct project *p = make(10, NULL, 0);
	struct log_record r = LOG_RECORD_EMPTY;
	struct worklist_item item;
	struct sample s;

	ck_assert(worklist_get(p->worklist, 1, &item, NULL));
	r.item = item.id;
	r.why = "drawn";
	r.round = 1;
	ck_assert(log_append(p->log, LOG_QA_SAMPLE, &r, NULL, NULL));
	worklist_item_done(&item);
	project_abandon(p);
	p = scratch_project(dir);
	s = read_back(p);
	ck_assert_int_eq(s.round, 0);
	ck_assert_uint_eq(s.count, 0);
	s = plan(p, &loose);
	sample_done(&s);
	p = again(p);
	s = read_back(p);
	ck_assert_int_eq(s.round, 1);
	ck_assert(s.as_keyed);
	sample_done(&s);
	ck_assert(project_close(p, NULL));
}
END_TEST

static void refused_draw(struct project *p, const struct sample_rule *rule)
{
	struct sample s;
	struct error err = { 0 };

	ck_assert(!sample_plan(p, rule, &s, &err));
	ck_assert_int_eq(err.code, ERR_USAGE);
}

static void read_all(struct project *p, struct sample *s,
		     enum sample_mode mode)
{
	struct verdict v = { .verdict = ITEM_CLEAN };
	struct error err = { 0 };

	for (size_t i = 0; i < s->count; i++)
		ck_assert_msg(sample_verdict(p, s, i, mode, &v, &err), "%s",
			      err.text);
}

/* A round that is not read to its end gives way only to one that is another
 * draw for a reason; it can still be read, and is told of. */
START_TEST(given_up)
{
	struct project *p = make(10, NULL, 0);
	struct sample_rule other = loose;
	struct sample s = plan(p, &loose), first;
	struct error err = { 0 };

	sample_done(&s);
	p = again(p);
	refused_draw(p, &loose);
	s = read_back(p);
	ck_assert_int_eq(s.round, 1);
	sample_done(&s);
	other.risk++;
	s = plan(p, &other);
	ck_assert_int_eq(s.round, 2);
	ck_assert_uint_eq(s.lefts, 1);
	ck_assert_int_eq(s.left[0].round, 1);
	ck_assert_int_eq(s.left[0].unread, s.left[0].items);
	sample_done(&s);
	p = reader(p);
	ck_assert(sample_read(p, 1, &first, &err));
	ck_assert_int_eq(first.round, 1);
	ck_assert(first.as_keyed);
	ck_assert_int_eq(first.rule.risk, loose.risk);
	ck_assert_uint_eq(sample_rest(&first), first.count);
	read_all(p, &first, SAMPLE_RESIDUAL);
	ck_assert_uint_eq(sample_rest(&first), 0);
	sample_done(&first);
	ck_assert(sample_read(p, 1, &first, &err));
	ck_assert_uint_eq(sample_rest(&first), 0);
	sample_done(&first);
	ck_assert(!sample_read(p, 3, &first, &err));
	ck_assert_int_eq(err.code, ERR_USAGE);
	/* the second is as unread as before */
	s = read_back(p);
	ck_assert_int_eq(s.round, 2);
	ck_assert_uint_eq(sample_rest(&s), s.count);
	ck_assert_uint_eq(s.lefts, 1);
	refused_draw(p, &other);
	read_all(p, &s, SAMPLE_BLIND);
	sample_done(&s);
	s = plan(p, &other);
	ck_assert_int_eq(s.round, 3);
	ck_assert_uint_eq(s.lefts, 1);
	sample_done(&s);
	refused_draw(p, &other);
	ck_assert(project_close(p, NULL));
}
END_TEST

/* What is decided since is a reason. */
START_TEST(given_up_for_more)
{
	struct project *p = make(3, NULL, 0);
	struct sample s = plan(p, &loose);
	struct worklist_item item;
	struct error err = { 0 };

	sample_done(&s);
	ck_assert(worklist_get(p->worklist, 2, &item, &err));
	ck_assert(project_reopen(p, &item, 0, &err));
	decide(p, 2, &plain);
	worklist_item_done(&item);
	s = plan(p, &loose);
	ck_assert_int_eq(s.round, 2);
	ck_assert_uint_eq(s.lefts, 1);
	sample_done(&s);
	ck_assert(project_close(p, NULL));
}
END_TEST

static const struct {
	enum sample_mode mode;
	enum item_state verdict;
	const char *word;
} words[] = {
	{ SAMPLE_RESIDUAL, ITEM_CLEAN, "clean" },
	{ SAMPLE_RESIDUAL, ITEM_MASKED, "left" },
	{ SAMPLE_RESIDUAL, ITEM_ESCALATED, "escalated" },
	{ SAMPLE_RESIDUAL, ITEM_WITHHELD, "escalated" },
	{ SAMPLE_BLIND, ITEM_MASKED, "masked" },
	{ SAMPLE_BLIND, ITEM_CLEAN, "clean" },
};

START_TEST(read_by_another)
{
	struct project *p = make(10, NULL, 0);
	struct sample s = plan(p, &loose);
	struct decided_box box = { .box = { .region = { 1, 2, 3, 4 } },
				   .id = 1, .decision = DECISION_ADDED };
	struct verdict v = { .verdict = words[_i].verdict, .boxes = &box,
			     .box_count = words[_i].verdict == ITEM_MASKED };
	struct masks masks = { 0 };
	struct error err = { 0 };
	char name[MASKS_NAME];

	/* whoever decided them all */
	ck_assert(!sample_verdict(p, &s, 1, words[_i].mode, &v, &err));
	ck_assert_int_eq(err.code, ERR_USAGE);
	err.code = ERR_NONE;
	p = reader(p);
	ck_assert_msg(sample_verdict(p, &s, 1, words[_i].mode, &v, &err),
		      "%s", err.text);
	ck_assert_uint_eq(s.readings, 1);
	sample_done(&s);
	p = again(p);
	s = read_back(p);
	/* again() has the reviewer that the project remembers */
	ck_assert_str_eq(log_reviewer(p->log), "r-7f3a");
	ck_assert_uint_eq(s.readings, 1);
	ck_assert_str_eq(s.reading[0].who, "r2");
	ck_assert_uint_eq(s.reading[0].item, 1);
	ck_assert_int_eq(s.reading[0].mode, words[_i].mode);
	ck_assert_str_eq(s.reading[0].verdict, words[_i].word);
	ck_assert_str_eq(s.reading[0].decided_by, "r-7f3a");
	ck_assert(!sample_unread(&s, 1, words[_i].mode));
	ck_assert(sample_unread(&s, 1, words[_i].mode == SAMPLE_BLIND ?
				       SAMPLE_RESIDUAL : SAMPLE_BLIND));
	ck_assert(sample_unread(&s, 0, words[_i].mode));
	masks_name(s.item[1].id, s.reading[0].seq, name);
	ck_assert(masks_load(p->masksfd, name, s.reading[0].mask_sha256,
			     &masks, &err));
	ck_assert_uint_eq(masks.box_count, v.box_count);
	masks_done(&masks);
	sample_done(&s);
	ck_assert(project_close(p, NULL));
}
END_TEST

/* Taken back and decided anew: what was read is not what is there now. */
START_TEST(decided_anew)
{
	struct project *p = make(3, NULL, 0);
	struct sample s = plan(p, &loose);
	struct verdict v = { .verdict = ITEM_CLEAN };
	struct worklist_item item;
	struct error err = { 0 };

	p = reader(p);
	ck_assert(sample_verdict(p, &s, 0, SAMPLE_RESIDUAL, &v, &err));
	ck_assert(worklist_find_id(p->worklist, s.item[0].id, &item, &err));
	ck_assert(project_reopen(p, &item, 0, &err));
	sample_done(&s);
	p = again(p);
	s = read_back(p);
	ck_assert(!s.item[0].has_output);
	sample_done(&s);
	decide(p, item.row, &plain);
	p = again(p);
	s = read_back(p);
	ck_assert(s.item[0].has_output);
	ck_assert(sample_unread(&s, 0, SAMPLE_RESIDUAL));
	sample_done(&s);
	worklist_item_done(&item);
	ck_assert(project_close(p, NULL));
}
END_TEST

/* ---- what is found ---- */

/* A word on the first item of a round, in a session of its own. */
static struct project *said(struct project *p, const char *who,
			    enum sample_mode mode, enum item_state word,
			    struct region mark)
{
	char path[2 * SCRATCH_PATH];
	const struct project_options o = { .directory = path, .reviewer = who,
					   .role = "qa", .has_seed = true,
					   .seed = 7 };
	struct decided_box box = { .id = 1, .decision = DECISION_ADDED,
				   .box.region = mark };
	const struct verdict v = { .verdict = word, .boxes = &box,
				   .box_count = !region_empty(mark) };
	struct sample s;
	struct error err = { 0 };

	scratch_join(path, dir, "p");
	ck_assert_msg(project_close(p, &err), "%s", err.text);
	p = project_open(&o, &err);
	ck_assert_msg(p != NULL, "%s", err.text);
	s = read_back(p);
	ck_assert_msg(sample_verdict(p, &s, 0, mode, &v, &err), "%s",
		      err.text);
	sample_done(&s);
	return p;
}

/* Findings, and of them those of something left. */
static void finds(struct project *p, size_t count, bool left)
{
	struct sample s = read_back(p);

	ck_assert_uint_eq(s.findings.count, count);
	if (count > 0) {
		ck_assert_int_eq(finding_left(&s.findings.item[0]), left);
		ck_assert_str_eq(s.findings.item[0].id, s.item[0].id);
		ck_assert_int_ne(s.findings.item[0].row, 0);
		ck_assert_uint_eq(findings_count(&s.findings, true), 0);
	}
	sample_done(&s);
}

#define NOWHERE { 0, 0, 0, 0 }
/* What decide() masks is 10, 10 to 40, 20. */
static const struct {
	struct { const char *who; enum sample_mode mode;
		 enum item_state word; struct region mark; } said[3];
	size_t count;
	bool left;
} talks[] = {
	{ { { "r2", SAMPLE_RESIDUAL, ITEM_CLEAN, NOWHERE } }, 0, false },
	{ { { "r2", SAMPLE_RESIDUAL, ITEM_MASKED, { 0, 0, 9, 9 } } }, 1,
	  true },
	/* his last word counts, not that of another */
	{ { { "r2", SAMPLE_RESIDUAL, ITEM_MASKED, { 0, 0, 9, 9 } },
	    { "r2", SAMPLE_RESIDUAL, ITEM_CLEAN, NOWHERE } }, 0, false },
	{ { { "r2", SAMPLE_RESIDUAL, ITEM_MASKED, { 0, 0, 9, 9 } },
	    { "r3", SAMPLE_RESIDUAL, ITEM_CLEAN, NOWHERE } }, 1, true },
	{ { { "r2", SAMPLE_RESIDUAL, ITEM_ESCALATED, NOWHERE } }, 1, false },
	{ { { "r2", SAMPLE_RESIDUAL, ITEM_WITHHELD, NOWHERE },
	    { "r3", SAMPLE_RESIDUAL, ITEM_MASKED, { 0, 0, 9, 9 } } }, 1,
	  true },
	/* blind: what the masks cover is no finding */
	{ { { "r2", SAMPLE_BLIND, ITEM_MASKED, { 12, 12, 38, 18 } } }, 0,
	  false },
	{ { { "r2", SAMPLE_BLIND, ITEM_MASKED, { 50, 50, 60, 60 } } }, 1,
	  false },
	{ { { "r2", SAMPLE_RESIDUAL, ITEM_MASKED, { 0, 0, 9, 9 } },
	    { "r2", SAMPLE_BLIND, ITEM_ESCALATED, NOWHERE } }, 2, true },
};

START_TEST(found)
{
	struct project *p = make(3, NULL, 0);
	struct sample s = plan(p, &loose);
	struct worklist_item item;
	struct error err = { 0 };

	for (int i = 0; i < 3 && talks[_i].said[i].who; i++)
		p = said(p, talks[_i].said[i].who, talks[_i].said[i].mode,
			 talks[_i].said[i].word, talks[_i].said[i].mark);
	p = again(p);
	finds(p, talks[_i].count, talks[_i].left);
	/* decided anew, it is another copy */
	ck_assert(worklist_find_id(p->worklist, s.item[0].id, &item, &err));
	ck_assert(project_reopen(p, &item, 0, &err));
	finds(p, 0, false);
	decide(p, item.row, &plain);
	finds(p, 0, false);
	worklist_item_done(&item);
	sample_done(&s);
	ck_assert(project_close(p, NULL));
}
END_TEST

/* A round that is drawn later settles nothing. */
START_TEST(found_before)
{
	struct project *p = make(3, NULL, 0);
	struct sample_rule other = loose;
	struct sample s = plan(p, &loose);

	p = said(p, "r2", SAMPLE_RESIDUAL, ITEM_MASKED,
		 (struct region){ 0, 0, 9, 9 });
	p = again(p);
	ck_assert_uint_eq(sample_awaits(&s), s.count);
	sample_done(&s);
	s = read_back(p);
	ck_assert_uint_eq(sample_awaits(&s), s.count - 1);
	sample_done(&s);
	other.risk++;
	s = plan(p, &other);
	sample_done(&s);
	s = read_back(p);
	ck_assert_int_eq(s.round, 2);
	ck_assert_uint_eq(s.findings.count, 1);
	ck_assert_uint_eq(sample_awaits(&s), s.count);
	sample_done(&s);
	ck_assert(project_close(p, NULL));
}
END_TEST

/* The log alone says what is kept back: here the worklist never heard of it,
 * as after a kill. */
START_TEST(kept_back)
{
	struct project *p = make(3, NULL, 0);
	struct sample s = plan(p, &loose);
	struct verdict v = { .verdict = ITEM_MASKED };
	struct worklist_item item;
	struct error err = { 0 };

	p = reader(p);
	ck_assert(sample_verdict(p, &s, 0, SAMPLE_RESIDUAL, &v, &err));
	ck_assert(worklist_find_id(p->worklist, s.item[0].id, &item, &err));
	ck_assert(!sample_kept_back(p->worklist, &item));
	project_abandon(p);
	p = scratch_project(dir);
	ck_assert(sample_kept_back(p->worklist, &item));
	item.verdict_seq++;             /* decided anew */
	ck_assert(!sample_kept_back(p->worklist, &item));
	worklist_item_done(&item);
	sample_done(&s);
	ck_assert(project_close(p, NULL));
}
END_TEST

/* A log that was changed proves nothing. */
START_TEST(broken_log)
{
	struct project *p = make(3, NULL, 0);
	struct sample s = plan(p, &loose);
	struct project_options o = { .reading = true };
	struct error err = { 0 };
	char path[2 * SCRATCH_PATH];
	size_t length;
	char *text, *at;

	sample_done(&s);
	ck_assert(project_close(p, NULL));
	text = scratch_read(dir, "p/private/log/00000001.jsonl", &length);
	at = strstr(text, "\"why\":\"drawn\"");
	ck_assert_ptr_nonnull(at);
	memcpy(at, "\"why\":\"DRAWN\"", 13);
	scratch_write(dir, "p/private/log/00000001.jsonl", text, length);
	free(text);
	scratch_join(path, dir, "p");
	o.directory = path;
	p = project_open(&o, &err);
	ck_assert_msg(p != NULL, "%s", err.text);
	ck_assert(!sample_read(p, 0, &s, &err));
	ck_assert_int_eq(err.code, ERR_CHECK);
	ck_assert(project_close(p, NULL));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("sample");
	TCase *c = tcase_create("sample");

	tcase_add_checked_fixture(c, setup, teardown);
	tcase_add_test(c, nothing_there);
	tcase_add_test(c, drawn_and_read_back);
	tcase_add_test(c, risks);
	add_rows_test(c, chosen, drops);
	tcase_add_test(c, rounds_count);
	tcase_add_test(c, given_up);
	tcase_add_test(c, given_up_for_more);
	tcase_add_test(c, killed);
	add_rows_test(c, read_by_another, words);
	tcase_add_test(c, decided_anew);
	tcase_add_loop_test(c, found, 0,
			    (int)(sizeof(talks) / sizeof(talks[0])));
	tcase_add_test(c, found_before);
	tcase_add_test(c, kept_back);
	tcase_add_test(c, broken_log);
	suite_add_tcase(s, c);
	return support_run(s);
}

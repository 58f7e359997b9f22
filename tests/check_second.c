/* check_second.c - the second reader that a policy asks for: who may be one,
 * what waits for him, and that log and audit know a release without him. */
#include "config.h"

#include "record/second.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "record/rebuild.h"
#include "tests/scratch.h"
#include "tests/support.h"

enum { OTHER_USER = 4321 };
#define DECIDER "r-7f3a"                /* of scratch_project() */

static char dir[SCRATCH_PATH];

static void setup(void)
{
	scratch_new(dir);
}

static void teardown(void)
{
	scratch_done(dir);
}

static void write_policy(const char *second, const char *apart)
{
	char text[128];

	snprintf(text, sizeof(text), "second = %s\nsecond_apart = %s\n",
		 second, apart);
	scratch_write(dir, "p/private/policy.ini", text, strlen(text));
}

static struct project *open_as(const char *reviewer,
			       const char *qualification)
{
	char path[2 * SCRATCH_PATH];
	const struct project_options o = {
		.directory = path, .reviewer = reviewer, .role = "qa",
		.qualification = qualification,
	};
	struct error err = { 0 };
	struct project *p;

	scratch_join(path, dir, "p");
	p = project_open(&o, &err);
	ck_assert_msg(p != NULL, "%s", err.text);
	return p;
}

/* A project with an output that waits under such a policy. */
static struct project *waiting(const char *second, const char *apart)
{
	struct project *p = scratch_project(dir);

	ck_assert(project_close(p, NULL));
	write_policy(second, apart);
	p = open_as(DECIDER, NULL);
	scratch_items(p, 2);
	scratch_verdict(p, 1, ITEM_MASKED);
	ck_assert(scratch_stage(p, 1, NULL));
	return p;
}

static bool awaited(struct project *p)
{
	struct worklist_item item;
	bool is;

	ck_assert(worklist_get(p->worklist, 1, &item, NULL));
	is = second_awaited(p, &item);
	worklist_item_done(&item);
	return is;
}

static enum item_state state_of(struct project *p)
{
	struct worklist_item item;
	enum item_state state;

	ck_assert(worklist_get(p->worklist, 1, &item, NULL));
	state = item.state;
	worklist_item_done(&item);
	return state;
}

static bool read_as(struct project *p, enum item_state verdict,
		    struct error *err)
{
	struct decided_box box = { .box = { .region = { 1, 2, 3, 4 } },
				   .id = 1, .decision = DECISION_ADDED };
	const struct verdict v = { .verdict = verdict, .boxes = &box,
				   .box_count = verdict == ITEM_MASKED,
				   .active_ms = 5, .view_ms = 6 };
	struct sample s;
	bool good;

	*err = (struct error){ 0 };
	ck_assert_msg(sample_waiting(p, &s, err), "%s", err->text);
	ck_assert_uint_eq(s.count, 1);
	good = sample_verdict(p, &s, 0, SAMPLE_SECOND, &v, err);
	ck_assert(good == !sample_unread(&s, 0, SAMPLE_SECOND));
	sample_done(&s);
	return good;
}

static int give_away(const char *path, const struct stat *status, int type,
		     struct FTW *at)
{
	(void)status, (void)type, (void)at;
	return lchown(path, OTHER_USER, (gid_t)-1);
}

/* The project is handed over to another account, which goes on with it. */
static void become_another(void)
{
	ck_assert_int_eq(nftw(dir, give_away, 8, FTW_PHYS), 0);
	ck_assert_int_eq(setresuid(OTHER_USER, OTHER_USER, OTHER_USER), 0);
}

static const struct {
	const char *second, *apart, *reader, *qualification;
	bool other_user;
	const char *refused;            /* a word of why; NULL: may read */
} readers[] = {
	{ "any", "code", "r2", NULL, false, NULL },
	{ "any", "code", "r2", "radiologist", true, NULL },
	{ "any", "code", DECIDER, NULL, false, "decided" },
	{ "any", "code", DECIDER, NULL, true, "decided" },
	{ "staff", "code", "r2", NULL, false, "staff" },
	{ "staff", "code", "r2", "staff", false, NULL },
	{ "physician", "code", "r2", "technologist", false, "physician" },
	{ "physician", "code", "r2", "physician", false, NULL },
	{ "physician", "code", "r2", "radiologist", false, NULL },
	{ "any", "uid", "r2", NULL, false, "account" },
	{ "any", "uid", "r2", NULL, true, NULL },
	{ "radiologist", "uid", "r2", "physician", true, "radiologist" },
	{ "radiologist", "uid", "r2", "radiologist", true, NULL },
};

START_TEST(who_may)
{
	struct project *p = waiting(readers[_i].second, readers[_i].apart);
	struct error err = { 0 };
	bool good;

	if (readers[_i].other_user && geteuid() != 0) {
		ck_assert(project_close(p, NULL));
		return;                 /* needs root to be somebody else */
	}
	ck_assert(awaited(p));
	ck_assert(!scratch_release(p, 1, &err));
	ck_assert_int_eq(err.code, ERR_USAGE);
	ck_assert_ptr_nonnull(strstr(err.text, "second reader"));
	ck_assert(project_close(p, NULL));
	if (readers[_i].other_user)
		become_another();
	p = open_as(readers[_i].reader, readers[_i].qualification);
	good = read_as(p, ITEM_CLEAN, &err);
	ck_assert_msg(good == !readers[_i].refused, "%s", err.text);
	if (!good) {
		ck_assert_int_eq(err.code, ERR_USAGE);
		ck_assert_msg(strstr(err.text, readers[_i].refused), "%s",
			      err.text);
	}
	ck_assert(awaited(p) == !good);
	ck_assert(scratch_release(p, 1, &err) == good);
	ck_assert(project_close(p, NULL));
	ck_assert_int_eq(scratch_check(dir).audit.log.fault, LOG_OK);
}
END_TEST

/* What does not agree goes up, with what was marked. */
static const enum item_state disagreements[] = {
	ITEM_MASKED, ITEM_WITHHELD, ITEM_ESCALATED };

START_TEST(disagrees)
{
	struct project *p = waiting("any", "code");
	struct worklist_item item;
	struct masks masks = { 0 };
	struct error err = { 0 };
	struct sample s;
	long long count = 0;

	ck_assert(project_close(p, NULL));
	p = open_as("r2", NULL);
	ck_assert(read_as(p, disagreements[_i], &err));
	ck_assert(awaited(p));
	/* as after a kill: somebody who opens it anew settles it */
	project_abandon(p);
	p = open_as("r3", NULL);
	ck_assert_int_eq(state_of(p), ITEM_MASKED);
	ck_assert_msg(second_escalate(p, &count, &err), "%s", err.text);
	ck_assert_int_eq(count, 1);
	ck_assert_int_eq(state_of(p), ITEM_ESCALATED);
	ck_assert(worklist_get(p->worklist, 1, &item, NULL));
	ck_assert(project_decided(p, &item, &masks, &err));
	/* three of the first, and the mark */
	ck_assert_uint_eq(masks.box_count,
			  disagreements[_i] == ITEM_MASKED ? 4 : 3);
	ck_assert_int_eq(masks.box[masks.box_count - 1].id,
			 (int)masks.box_count);
	ck_assert_int_eq(masks.box[masks.box_count - 1].decision,
			 DECISION_ADDED);
	masks_done(&masks);
	worklist_item_done(&item);
	ck_assert(second_escalate(p, &count, &err));
	ck_assert_int_eq(count, 0);
	ck_assert(sample_waiting(p, &s, &err));
	ck_assert_uint_eq(s.count, 0);
	/* decided anew it waits anew */
	scratch_verdict(p, 1, ITEM_MASKED);
	ck_assert(scratch_stage(p, 1, NULL));
	ck_assert(awaited(p));
	ck_assert(project_close(p, NULL));
	ck_assert_int_eq(scratch_check(dir).audit.log.fault, LOG_OK);
}
END_TEST

/* The last word of a reader counts, and only of this verdict. */
START_TEST(last_word)
{
	struct project *p = waiting("any", "code");
	struct worklist_item item;
	struct error err = { 0 };
	long long count = 9;

	ck_assert(project_close(p, NULL));
	p = open_as("r2", NULL);
	ck_assert(read_as(p, ITEM_MASKED, &err));
	ck_assert(read_as(p, ITEM_CLEAN, &err));
	ck_assert(second_escalate(p, &count, &err));
	ck_assert_int_eq(count, 0);
	ck_assert(!awaited(p));
	ck_assert(worklist_get(p->worklist, 1, &item, NULL));
	ck_assert(project_reopen(p, &item, 0, &err));
	worklist_item_done(&item);
	scratch_verdict(p, 1, ITEM_CLEAN);
	ck_assert(scratch_stage(p, 1, NULL));
	ck_assert(awaited(p));
	ck_assert(!scratch_release(p, 1, &err));
	ck_assert(project_close(p, NULL));
}
END_TEST

/* The log alone says who agreed: the worklist had not heard of it. */
START_TEST(replayed)
{
	struct project *p = waiting("staff", "code");
	struct worklist_item item;
	struct error err = { 0 };
	long long before;
	char name[64];

	ck_assert(project_close(p, NULL));
	p = open_as("r2", "staff");
	before = worklist_applied(p->worklist);
	ck_assert(read_as(p, ITEM_CLEAN, &err));
	ck_assert(worklist_get(p->worklist, 1, &item, NULL));
	snprintf(name, sizeof(name), "second.%s", item.id);
	worklist_item_done(&item);
	ck_assert(worklist_set(p->worklist, name, "", NULL));
	ck_assert(awaited(p));
	ck_assert(worklist_set_applied(p->worklist, before, NULL));
	project_abandon(p);
	p = scratch_project(dir);
	ck_assert(!awaited(p));
	ck_assert(scratch_release(p, 1, &err));
	ck_assert(project_close(p, NULL));
}
END_TEST

/* A note that is damaged is nobody's word. */
static const struct {
	const char *note;               /* behind the verdict's number */
	bool awaited;
} notes[] = {
	{ " 3 code", false }, { " 4 uid", false }, { " 0 code", true },
	{ " 99 code", true }, { " -1 code", true }, { " 5 code", true },
	{ " 2147483647 code", true }, { " 3", true }, { "", true },
	{ "1 3 code", true },
};

START_TEST(damaged_note)
{
	struct project *p = waiting("physician", "code");
	struct worklist_item item;
	struct error err = { 0 };
	char name[64], text[64];

	ck_assert(worklist_get(p->worklist, 1, &item, NULL));
	snprintf(name, sizeof(name), "second.%s", item.id);
	snprintf(text, sizeof(text), "%lld%s", item.verdict_seq,
		 notes[_i].note);
	worklist_item_done(&item);
	ck_assert(worklist_set(p->worklist, name, text, NULL));
	ck_assert_int_eq(awaited(p), notes[_i].awaited);
	/* nothing leaves by the note alone that the log does not say too */
	if (scratch_release(p, 1, &err))
		ck_assert(!notes[_i].awaited);
	ck_assert(project_close(p, NULL));
	ck_assert_int_eq(scratch_check(dir).audit.log.fault,
			 notes[_i].awaited ? LOG_OK : LOG_UNREAD);
}
END_TEST

/* A worklist made anew from the log knows what second readers said. */
static const struct {
	const char *qualification;      /* of who reads; NULL: nobody does */
	enum item_state verdict;
	bool escalated, anew, again;    /* what came after */
	bool awaited;
} stories[] = {
	{ NULL, ITEM_CLEAN, false, false, false, true },
	{ "staff", ITEM_CLEAN, false, false, false, false },
	{ "physician", ITEM_CLEAN, false, false, false, false },
	{ "staff", ITEM_MASKED, false, false, false, true },
	{ "staff", ITEM_MASKED, true, false, false, true },
	{ "staff", ITEM_CLEAN, false, true, false, true },
	{ "staff", ITEM_MASKED, true, true, false, true },
	{ "staff", ITEM_MASKED, true, true, true, false },
};

static void lose_worklist(void)
{
	struct rebuild_counts counts;
	struct error err = { 0 };
	char path[2 * SCRATCH_PATH];
	struct rebuild *r;

	scratch_join(path, dir, "p/private/worklist.db");
	ck_assert_int_eq(unlink(path), 0);
	scratch_join(path, dir, "p");
	r = rebuild_begin(path, NULL, false, &err);
	ck_assert_msg(r, "%s", err.text);
	for (int i = 1; i <= 2; i++) {
		char name[16];
		struct rebuild_file file = { .path = name, .name = name };

		snprintf(name, sizeof(name), "/in/%d", i);
		memset(file.sha256, i, sizeof(file.sha256));
		ck_assert(rebuild_file(r, &file, NULL));
	}
	ck_assert_msg(rebuild_end(r, &counts, &err), "%s", err.text);
	ck_assert_int_eq(counts.lost, 0);
}

START_TEST(rebuilt)
{
	struct project *p = waiting("staff", "code");
	struct error err = { 0 };
	enum item_state before;

	ck_assert(project_close(p, NULL));
	p = open_as("r2", stories[_i].qualification);
	if (stories[_i].qualification)
		ck_assert(read_as(p, stories[_i].verdict, &err));
	if (stories[_i].escalated)
		ck_assert(second_escalate(p, NULL, &err));
	if (stories[_i].anew) {
		ck_assert(project_close(p, NULL));
		p = open_as(DECIDER, NULL);
		scratch_verdict(p, 1, ITEM_MASKED);
		ck_assert(scratch_stage(p, 1, NULL));
	}
	if (stories[_i].again) {
		ck_assert(project_close(p, NULL));
		p = open_as("r2", NULL);
		ck_assert(read_as(p, ITEM_CLEAN, &err));
	}
	before = state_of(p);
	ck_assert_int_eq(awaited(p), stories[_i].awaited);
	ck_assert(project_close(p, NULL));
	lose_worklist();
	p = open_as("r3", NULL);
	ck_assert_int_eq(state_of(p), before);
	ck_assert_int_eq(awaited(p), stories[_i].awaited);
	ck_assert_int_eq(scratch_release(p, 1, &err), !stories[_i].awaited);
	ck_assert(project_close(p, NULL));
	ck_assert_int_eq(scratch_check(dir).audit.log.fault, LOG_OK);
}
END_TEST

/* Nothing waits where no policy asks. */
START_TEST(not_asked)
{
	struct project *p = waiting("none", "uid");
	struct error err = { 0 };
	struct sample s;

	ck_assert(!awaited(p));
	ck_assert(sample_waiting(p, &s, &err));
	ck_assert_uint_eq(s.count, 0);
	ck_assert(!second_may_begin(p, &err));
	ck_assert_int_eq(err.code, ERR_USAGE);
	ck_assert(scratch_release(p, 1, &err));
	ck_assert(project_close(p, NULL));
	/* a policy of later does not judge what was before */
	write_policy("any", "code");
	ck_assert_int_eq(scratch_check(dir).audit.log.fault, LOG_OK);
}
END_TEST

/* A release that a sound log should never hold. */
static const struct {
	const char *second, *apart;     /* of the policy */
	bool agreed, anew;              /* by a second code; decided again */
	const char *claims, *claims_apart;
	enum log_fault fault;
} forged[] = {
	{ "any", "code", true, false, "any", "code", LOG_OK },
	{ "any", "code", false, false, "any", "code", LOG_UNREAD },
	{ "any", "code", true, true, "any", "code", LOG_UNREAD },
	{ "any", "code", true, false, NULL, NULL, LOG_UNREAD },
	{ "any", "code", true, false, "staff", "code", LOG_UNREAD },
	{ "staff", "code", true, false, "any", "code", LOG_UNREAD },
	{ "any", "uid", true, false, "any", "uid", LOG_UNREAD },
	{ "any", "uid", true, false, "any", "code", LOG_UNREAD },
	{ "none", "code", false, false, NULL, NULL, LOG_OK },
	{ "none", "code", false, false, "any", "code", LOG_UNREAD },
};

static void put_release(struct project *p, const char *second,
			const char *apart)
{
	struct log_record r = LOG_RECORD_EMPTY;
	struct worklist_item item;

	ck_assert(worklist_get(p->worklist, 1, &item, NULL));
	r.item = item.id;
	r.in_sha256 = item.in_sha256;
	r.out_sha256 = item.out_sha256;
	r.phase = "intent";
	r.second = second;
	r.apart = apart;
	ck_assert(log_append(p->log, LOG_ITEM_RELEASE, &r, NULL, NULL));
	worklist_item_done(&item);
}

START_TEST(forged_release)
{
	/* read under a policy that lets him */
	struct project *p = waiting("any", "code");
	struct error err = { 0 };

	ck_assert(project_close(p, NULL));
	p = open_as("r2", NULL);
	if (forged[_i].agreed)
		ck_assert(read_as(p, ITEM_CLEAN, &err));
	ck_assert(project_close(p, NULL));
	write_policy(forged[_i].second, forged[_i].apart);
	p = scratch_project(dir);
	if (forged[_i].anew) {
		scratch_verdict(p, 1, ITEM_MASKED);
		ck_assert(scratch_stage(p, 1, NULL));
	}
	put_release(p, forged[_i].claims, forged[_i].claims_apart);
	ck_assert(project_close(p, NULL));
	ck_assert_str_eq(log_fault_name[scratch_check(dir).audit.log.fault],
			 log_fault_name[forged[_i].fault]);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("second");
	TCase *c = tcase_create("second");

	tcase_add_checked_fixture(c, setup, teardown);
	add_rows_test(c, who_may, readers);
	add_rows_test(c, disagrees, disagreements);
	tcase_add_test(c, last_word);
	tcase_add_test(c, replayed);
	tcase_add_test(c, not_asked);
	add_rows_test(c, damaged_note, notes);
	add_rows_test(c, rebuilt, stories);
	add_rows_test(c, forged_release, forged);
	suite_add_tcase(s, c);
	return support_run(s);
}

/* check_roles.c - what a reviewer is trained as stands in the log, and a
 * policy may ask for more. */
#include "config.h"

#include "record/project.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/scratch.h"
#include "tests/support.h"

static char dir[SCRATCH_PATH], directory[2 * SCRATCH_PATH];

static void setup(void)
{
	struct project *p;

	scratch_new(dir);
	scratch_join(directory, dir, "p");
	p = scratch_project(dir);
	scratch_items(p, 2);
	ck_assert(project_close(p, NULL));
}

static void teardown(void)
{
	scratch_done(dir);
}

static struct project *open_as(const char *reviewer, const char *qualification,
			       struct error *err)
{
	const struct project_options o = {
		.directory = directory, .reviewer = reviewer,
		.qualification = qualification,
	};

	*err = (struct error){ 0 };
	return project_open(&o, err);
}

static bool decide(struct project *p, enum item_state verdict,
		   struct error *err)
{
	const struct verdict v = { .verdict = verdict, .active_ms = 1,
				   .view_ms = 1 };
	struct worklist_item item;
	bool good;

	ck_assert(worklist_get(p->worklist, 1, &item, NULL));
	good = project_verdict(p, &item, &v, err);
	worklist_item_done(&item);
	return good;
}

static const struct {
	const char *policy, *qualification;     /* NULL: none said */
	bool may;
} rows[] = {
	{ "any", NULL, true }, { "any", "staff", true },
	{ "staff", NULL, false }, { "staff", "any", false },
	{ "staff", "staff", true }, { "physician", "technologist", false },
	{ "physician", "physician", true },
	{ "physician", "radiologist", true },
	{ "radiologist", "physician", false },
};

START_TEST(by_policy)
{
	char text[64];
	struct error err;
	struct project *p;
	size_t length;
	char *log;

	snprintf(text, sizeof(text), "qualification = %s\n", rows[_i].policy);
	scratch_write(dir, "p/private/policy.ini", text, strlen(text));
	p = open_as("r-1", rows[_i].qualification, &err);
	ck_assert_msg(p != NULL, "%s", err.text);
	/* what must not leave, or goes up, anybody may say */
	ck_assert(decide(p, ITEM_ESCALATED, &err));
	ck_assert(decide(p, ITEM_WITHHELD, &err));
	ck_assert(decide(p, ITEM_MASKED, &err) == rows[_i].may);
	if (!rows[_i].may) {
		ck_assert_int_eq(err.code, ERR_USAGE);
		ck_assert_ptr_nonnull(strstr(err.text, rows[_i].policy));
	}
	ck_assert(decide(p, ITEM_CLEAN, NULL) == rows[_i].may);
	ck_assert(project_close(p, NULL));
	ck_assert_int_eq(scratch_check(dir).audit.log.fault, LOG_OK);
	log = scratch_read(dir, "p/private/log/00000001.jsonl", &length);
	snprintf(text, sizeof(text), "\"qual\":\"%s\"",
		 rows[_i].qualification ? rows[_i].qualification : "");
	ck_assert((strstr(log, text) != NULL) ==
		  (rows[_i].qualification &&
		   strcmp(rows[_i].qualification, "any") != 0));
	free(log);
}
END_TEST

/* Remembered of who said it, and of nobody else. */
START_TEST(remembered)
{
	struct error err;
	struct project *p = open_as("r-1", "physician", &err);

	ck_assert_int_eq(p->qualified, QUALIFIED_PHYSICIAN);
	ck_assert(project_close(p, NULL));
	p = open_as(NULL, NULL, &err);
	ck_assert_int_eq(p->qualified, QUALIFIED_PHYSICIAN);
	ck_assert(project_close(p, NULL));
	p = open_as("r-2", NULL, &err);
	ck_assert_int_eq(p->qualified, QUALIFIED_ANY);
	ck_assert(project_close(p, NULL));
	p = open_as("r-1", NULL, &err);
	ck_assert_int_eq(p->qualified, QUALIFIED_PHYSICIAN);
	ck_assert(project_close(p, NULL));
	ck_assert_ptr_null(open_as("r-1", "surgeon", &err));
	ck_assert_int_eq(err.code, ERR_USAGE);
	p = open_as("r-1", "any", &err);
	ck_assert_int_eq(p->qualified, QUALIFIED_ANY);
	ck_assert(project_close(p, NULL));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("roles");
	TCase *c = tcase_create("roles");

	tcase_add_checked_fixture(c, setup, teardown);
	add_rows_test(c, by_policy, rows);
	tcase_add_test(c, remembered);
	suite_add_tcase(s, c);
	return support_run(s);
}

/* journey.c - decisions and outputs in a scratch project. */
#include "config.h"

#include "tests/journey.h"

#include <unistd.h>

#include "record/ledger.h"
#include "tests/scratch.h"
#include "tests/support.h"

void journey_decide(const char *dir, int told, int items)
{
	struct project *p = scratch_project(dir);

	for (long long row = 1;; row = row % items + 1) {
		struct worklist_item item;
		struct error err = { 0 };
		struct verdict v = { .verdict = ITEM_CLEAN };

		if (!worklist_get(p->worklist, row, &item, &err))
			_exit(3);
		if (item.state != ITEM_OPEN &&
		    !project_reopen(p, &item, 9, &err))
			_exit(err.code == ERR_WRITE ? 4 : 5);
		if (!project_verdict(p, &item, &v, &err))
			_exit(err.code == ERR_WRITE ? 4 : 6);
		worklist_item_done(&item);
		if (write(told, &row, sizeof(row)) != sizeof(row))
			_exit(7);
		if (!scratch_stage(p, row, &err) ||
		    (row % 2 && !scratch_release(p, row, &err)))
			_exit(err.code == ERR_WRITE ? 4 : 8);
	}
}

void journey_prepare(const char *dir)
{
	struct project *p = scratch_project(dir);

	scratch_items(p, 2);
	scratch_verdict(p, 1, ITEM_CLEAN);
	ck_assert(scratch_stage(p, 1, NULL));
	ck_assert(scratch_release(p, 1, NULL));
	ck_assert(project_close(p, NULL));
}

/* All steps until one fails.  False: *err must say why. */
static bool full_way(struct project *p, int told, struct error *err)
{
	struct worklist_item decided, taken;
	struct verdict v = { .verdict = ITEM_CLEAN };
	long long row = 2;
	bool good;

	if (!worklist_get(p->worklist, 2, &decided, err))
		return false;
	good = project_verdict(p, &decided, &v, err);
	worklist_item_done(&decided);
	if (!good)
		return false;
	if (write(told, &row, sizeof(row)) != sizeof(row))
		return error_set(err, ERR_WRITE, "the pipe");
	if (!scratch_stage(p, 2, err) || !scratch_release(p, 2, err) ||
	    !worklist_get(p->worklist, 1, &taken, err))
		return false;
	good = project_reopen(p, &taken, 9, err);
	worklist_item_done(&taken);
	return good;
}

void journey_full_way(const char *dir, int told)
{
	struct project *p = scratch_project(dir);
	struct error err = { 0 };

	if (!full_way(p, told, &err)) {
		/* the programs close it then, as well as they can */
		project_close(p, NULL);
		_exit(err.code == ERR_NONE || !*err.text ? 6 : 4);
	}
	_exit(project_close(p, &err) ? 0 : 5);
}

void journey_stubborn(const char *dir, int told)
{
	struct project *p = scratch_project(dir);
	bool good = false;

	for (int i = 0; i < 3 && !good; i++)
		good = full_way(p, told, NULL);
	_exit(good ? 0 : 4);
}

static bool take(void *self, const struct log_entry *e)
{
	return ledger_take(self, e);
}

/* The row of a fact says what the log says. */
static void check_row(struct project *p, const struct fact *f)
{
	struct worklist_item item;
	char id[33];

	hash_hex(f->id, sizeof(f->id), id);
	ck_assert(worklist_find_id(p->worklist, id, &item, NULL));
	ck_assert_int_eq(item.verdict_seq, f->verdict_seq);
	if (f->state != ITEM_LISTED)
		ck_assert_int_eq(item.state, f->state);
	ck_assert_int_eq(item.output == OUTPUT_RELEASED,
			 f->output == OUTPUT_RELEASED);
	worklist_item_done(&item);
}

/* Rows follow the log: none may wait for a thing that was taken back. */
static void check_rows(struct project *p)
{
	struct ledger ledger = { 0 };
	struct log_check found;

	ck_assert(log_check(p->logfd, &found, take, &ledger, NULL));
	for (size_t i = 0; i < ledger.slots; i++)
		if (ledger.fact[i].used)
			check_row(p, &ledger.fact[i]);
	ledger_done(&ledger);
}

void journey_check(const char *dir, const int *acknowledged, int items)
{
	struct project *p = scratch_project(dir);
	struct scratch_audit a;
	int verdicts = 0;

	check_rows(p);
	for (int row = 1; row <= items; row++) {
		struct worklist_item item;

		ck_assert(worklist_get(p->worklist, row, &item, NULL));
		ck_assert_int_eq(item.pending, PENDING_NONE);
		verdicts += item.state == ITEM_CLEAN;
		ck_assert(acknowledged[row] == 0 ||
			  item.verdict_seq > 0);
		/* all can go on */
		if (item.state == ITEM_CLEAN &&
		    (item.output == OUTPUT_NONE ||
		     item.output == OUTPUT_WITHDRAWN))
			ck_assert(scratch_stage(p, row, NULL));
		worklist_item_done(&item);
	}
	ck_assert(project_close(p, NULL));
	a = scratch_check(dir);
	ck_assert_msg(a.audit.log.fault == LOG_OK, "%s line %lld",
		      log_fault_name[a.audit.log.fault], a.audit.log.line);
	ck_assert_int_eq(a.by_fault[OUTPUT_EXTRA], 0);
	ck_assert_int_eq(a.by_fault[OUTPUT_MISSING], 0);
	ck_assert_int_eq(a.by_fault[OUTPUT_CHANGED], 0);
	ck_assert_int_eq(a.by_fault[OUTPUT_ASIDE], 0);
	ck_assert_int_eq(a.by_fault[OUTPUT_UNKNOWN], 0);
	ck_assert_int_eq(a.by_fault[OUTPUT_SOUND], verdicts);
}

void journey_listen(int fd, int *acknowledged, int enough)
{
	long long row;

	while (enough-- != 0 && read(fd, &row, sizeof(row)) == sizeof(row))
		acknowledged[row]++;
}

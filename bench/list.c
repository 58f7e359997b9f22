/*
 * list.c - what a worklist of many items costs: opening it, counting and
 * finding the next undecided; and then showing it under a filter or order.
 *
 * usage: list [ITEMS]          a million unless told
 *
 * Milliseconds of wall and CPU time, medians of 5; no file of an item is
 * read.  The worklist is made in a folder below TMPDIR and removed.
 */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "ui/order.h"

enum { RUNS = 5, ITEMS_MOST = 4000000 };

static double seconds(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int compare(const void *a, const void *b)
{
	const double *p = a, *q = b;

	return (*p > *q) - (*p < *q);
}

/* As a project of some size: a folder a patient, some opened, some decided. */
static bool add_item(struct worklist *w, long long i, struct error *err)
{
	static const char *const modality[] = { "CT", "MR", "US", "CR", "" };
	char path[64];
	long long row;
	struct worklist_item item;

	snprintf(path, sizeof(path), "/data/p%05lld/series%02lld/im%06lld.dcm",
		 i / 200, i / 20 % 10, i);
	if (!worklist_add(w, path, path + 6, i % 97 ? NULL : "reason", NULL,
			  &row, NULL, err))
		return false;
	if (i % 3)
		return true;
	if (!worklist_get(w, row, &item, err))
		return false;
	item.state = (enum item_state)(i / 3 % ITEM_STATES);
	item.boxes = (int)(i % 17);
	item.frames = (int)(1 + i % 31);
	item.columns = item.rows = 512;
	item.has_sha256 = true;
	snprintf(item.modality, sizeof(item.modality), "%s",
		 modality[i / 20 % 5]);
	bool ok = worklist_put(w, &item, err);

	worklist_item_done(&item);
	return ok;
}

static bool fill(int dirfd, long long items, struct error *err)
{
	struct worklist *w = worklist_open(dirfd, false, err);
	bool ok = w && worklist_begin(w, err);

	for (long long i = 0; ok && i < items; i++)
		ok = add_item(w, i, err);
	ok = ok && worklist_commit(w, err);
	worklist_close(w);
	return ok;
}

struct job {
	const char *what, *filter;
	enum list_order by;
};

static const struct job jobs[] = {
	{ "open, count, next undecided", NULL, LIST_BY_LISTING },
	{ "filter st:undecided", "st:undecided", LIST_BY_LISTING },
	{ "filter mod:US flag:1", "mod:US flag:1", LIST_BY_LISTING },
	{ "filter im0099 (a part of names)", "im0099", LIST_BY_LISTING },
	{ "sort by state", "", LIST_BY_STATE },
	{ "sort by modality", "", LIST_BY_MODALITY },
	{ "sort by boxes", "", LIST_BY_BOXES },
	{ "sort by frames", "", LIST_BY_FRAMES },
	{ "filter st:undecided, sort by boxes", "st:undecided",
	  LIST_BY_BOXES },
};

/* Open and show; the places, -1 when it failed. */
static long long run(int dirfd, const struct job *job, struct error *err)
{
	const unsigned undecided = 1u << ITEM_LISTED | 1u << ITEM_PROPOSED |
				   1u << ITEM_OPEN;
	long long state[ITEM_STATES] = { 0 }, output[OUTPUT_STATES] = { 0 };
	long long count = -1;
	struct worklist *w = worklist_open(dirfd, false, err);
	struct order o = { 0 };

	if (w && worklist_counts(w, state, output, err) &&
	    worklist_next(w, 1, false, undecided))
		count = worklist_count(w);
	if (count >= 0 && job->filter)
		count = order_make(&o, w, count, job->filter, job->by, err) ?
			o.count : -1;
	order_done(&o);
	worklist_close(w);
	return count;
}

static bool measure(int dirfd, const struct job *job, struct error *err)
{
	double wall[RUNS], cpu[RUNS];
	long long count = 0;

	for (int i = 0; i < RUNS && count >= 0; i++) {
		wall[i] = seconds(CLOCK_MONOTONIC);
		cpu[i] = seconds(CLOCK_PROCESS_CPUTIME_ID);
		count = run(dirfd, job, err);
		wall[i] = seconds(CLOCK_MONOTONIC) - wall[i];
		cpu[i] = seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu[i];
	}
	if (count < 0)
		return false;
	qsort(wall, RUNS, sizeof(wall[0]), compare);
	qsort(cpu, RUNS, sizeof(cpu[0]), compare);
	printf("%-36s %8lld rows %8.1f ms wall %8.1f ms CPU\n", job->what,
	       count, wall[RUNS / 2] * 1e3, cpu[RUNS / 2] * 1e3);
	return true;
}

int main(int argc, char **argv)
{
	const char *temporary = getenv("TMPDIR");
	long long items = argc > 1 ? strtoll(argv[1], NULL, 10) : 1000000;
	char path[4096];
	struct error err = { 0 };

	snprintf(path, sizeof(path), "%s/list.XXXXXX",
		 temporary ? temporary : "/tmp");
	if (items < 1 || items > ITEMS_MOST || !mkdtemp(path)) {
		fprintf(stderr, "usage: list [ITEMS]\n");
		return 2;
	}
	int dirfd = open(path, O_RDONLY | O_DIRECTORY);
	bool ok = fill(dirfd, items, &err);

	for (size_t i = 0; ok && i < sizeof(jobs) / sizeof(jobs[0]); i++)
		ok = measure(dirfd, &jobs[i], &err);
	unlinkat(dirfd, "worklist.db", 0);
	unlinkat(dirfd, "worklist.db-wal", 0);
	unlinkat(dirfd, "worklist.db-shm", 0);
	close(dirfd);
	rmdir(path);
	if (!ok)
		fprintf(stderr, "list: %s\n", err.text);
	return ok ? 0 : 1;
}

/* scratch.h - a folder for one test, and a project in it. */
#ifndef SUMI_TESTS_SCRATCH_H
#define SUMI_TESTS_SCRATCH_H

#include "record/project.h"

enum { SCRATCH_PATH = 128 };

/* Make an empty folder, in memory where there is such a place (it syncs at
 * once); its path.  scratch_done() removes all of it. */
void scratch_new(char path[SCRATCH_PATH]);
void scratch_done(const char *path);

/* path/name */
void scratch_join(char joined[2 * SCRATCH_PATH], const char *path,
		  const char *name);
char *scratch_read(const char *path, const char *name, size_t *length);
void scratch_write(const char *path, const char *name, const void *data,
		   size_t length);
bool scratch_has(const char *path, const char *name);
/* Number of entries of a folder. */
int scratch_count(const char *path, const char *name);

/* Open path/p (made when missing) with test seed 7; asserts that it works. */
struct project *scratch_project(const char *path);

/* List n items "/in/<i>.png", mark them opened with in_sha256 all i. */
void scratch_items(struct project *p, int n);

/* A verdict on a row: `masked` with two masked boxes and one taken off, or
 * `clean` without any. */
void scratch_verdict(struct project *p, long long row, enum item_state state);
/* Make and stage the output of a row: a small file whose content is its row
 * number. */
bool scratch_stage(struct project *p, long long row, struct error *err);
bool scratch_release(struct project *p, long long row, struct error *err);

/* What project_audit() finds: counts by fault. */
struct scratch_audit {
	struct project_audit audit;
	int by_fault[6];                /* enum output_fault */
	char extra[SCRATCH_PATH];       /* the last extra file */
};
struct scratch_audit scratch_check(const char *path);

#endif

/* scratch.c - a folder for one test, and a project in it. */
#include "config.h"

#include "tests/scratch.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support.h"

void scratch_new(char path[SCRATCH_PATH])
{
	snprintf(path, SCRATCH_PATH, "/dev/shm/suminuri-test.XXXXXX");
	if (mkdtemp(path))
		return;
	snprintf(path, SCRATCH_PATH, "suminuri-test.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(path));
}

static int remove_one(const char *path, const struct stat *status, int flag,
		      struct FTW *ftw)
{
	(void)status;
	(void)flag;
	(void)ftw;
	return remove(path);
}

void scratch_done(const char *path)
{
	ck_assert_int_eq(nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
}

void scratch_join(char joined[2 * SCRATCH_PATH], const char *path,
		  const char *name)
{
	int length = snprintf(joined, 2 * SCRATCH_PATH, "%s/%s", path, name);

	ck_assert_int_lt(length, 2 * SCRATCH_PATH);
}

char *scratch_read(const char *path, const char *name, size_t *length)
{
	char joined[2 * SCRATCH_PATH];
	struct stat status;
	char *text;
	int fd;

	scratch_join(joined, path, name);
	fd = open(joined, O_RDONLY);
	ck_assert_msg(fd >= 0, "%s", name);
	ck_assert_int_eq(fstat(fd, &status), 0);
	*length = (size_t)status.st_size;
	text = calloc(1, *length + 1);
	ck_assert_ptr_nonnull(text);
	ck_assert_int_eq(read(fd, text, *length), (ssize_t)*length);
	close(fd);
	return text;
}

void scratch_write(const char *path, const char *name, const void *data,
		   size_t length)
{
	char joined[2 * SCRATCH_PATH];
	int fd;

	scratch_join(joined, path, name);
	fd = open(joined, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	ck_assert_msg(fd >= 0, "%s", name);
	ck_assert_int_eq(write(fd, data, length), (ssize_t)length);
	close(fd);
}

bool scratch_has(const char *path, const char *name)
{
	char joined[2 * SCRATCH_PATH];

	scratch_join(joined, path, name);
	return access(joined, F_OK) == 0;
}

int scratch_count(const char *path, const char *name)
{
	char joined[2 * SCRATCH_PATH];
	struct dirent *entry;
	int count = 0;
	DIR *folder;

	scratch_join(joined, path, name);
	folder = opendir(joined);
	ck_assert_msg(folder != NULL, "%s", name);
	while ((entry = readdir(folder)))
		count += entry->d_name[0] != '.';
	closedir(folder);
	return count;
}

struct project *scratch_project(const char *path)
{
	char directory[2 * SCRATCH_PATH];
	struct project_options o = { .directory = directory, .create = true,
				     .reviewer = "r-7f3a", .has_seed = true,
				     .seed = 7 };
	struct error err = { 0 };
	struct project *p;

	scratch_join(directory, path, "p");
	p = project_open(&o, &err);
	ck_assert_msg(p != NULL, "%s", err.text);
	return p;
}

static void get(struct project *p, long long row, struct worklist_item *item)
{
	ck_assert(worklist_get(p->worklist, row, item, NULL));
}

void scratch_items(struct project *p, int n)
{
	struct error err = { 0 };
	struct worklist_item item;

	ck_assert(project_list_begin(p, &err));
	for (int i = 1; i <= n; i++) {
		char path[64];
		long long row;

		snprintf(path, sizeof(path), "/in/a/%d.png", i);
		ck_assert(project_list(p, path, -1, path + 4, NULL, &row, NULL,
				       &err));
	}
	ck_assert_msg(project_list_end(p, &err), "%s", err.text);
	for (int i = 1; i <= n; i++) {
		get(p, i, &item);
		item.has_sha256 = true;
		memset(item.in_sha256, i, sizeof(item.in_sha256));
		item.format = IMAGE_PNG;
		item.columns = item.rows = 100;
		item.frames = 1;
		ck_assert_msg(project_opened(p, &item, &err), "%s", err.text);
		worklist_item_done(&item);
	}
}

void scratch_verdict(struct project *p, long long row, enum item_state state)
{
	const struct decided_box boxes[] = {
		{ .box = { .region = { 1, 2, 30, 12 }, .score = 968,
			   .class_ = CLASS_NAME, .source = SOURCE_OCR,
			   .why = "header:PatientName",
			   .text = "YAMADA^TARO" }, .id = 1,
		  .decision = DECISION_MASK },
		{ .box = { .region = { 40, 2, 70, 12 },
			   .class_ = CLASS_OTHER, .kind = KIND_TEXT,
			   .plane = 0x6000 }, .id = 2,
		  .decision = DECISION_NO_MASK, .reason = 1 },
		{ .box = { .region = { 5, 50, 25, 60 }, .frame1 = 3,
			   .class_ = CLASS_FACE, .kind = KIND_FACE,
			   .source = SOURCE_REVIEWER }, .id = 3,
		  .decision = DECISION_ADDED },
	};
	const struct seen seen[] = {
		{ .id = 1, .mode = "sextant", .sub_px = 170, .ms = 900,
		  .region = { 0, 3, 41, 25 }, .letter = 9 },
	};
	struct verdict v = { .verdict = state, .boxes = boxes,
			     .box_count = state == ITEM_MASKED ? 3 : 0,
			     .seen = seen, .seen_count = 1,
			     .faces_by_eye = true, .active_ms = 1500,
			     .view_ms = 1600 };
	struct worklist_item item;
	struct error err = { 0 };

	get(p, row, &item);
	ck_assert_msg(project_verdict(p, &item, &v, &err), "%s", err.text);
	worklist_item_done(&item);
}

bool scratch_stage(struct project *p, long long row, struct error *err)
{
	struct mask_report report = { 0 };
	struct worklist_item item;
	char text[32];
	int fd = project_stage_open(p, err);
	bool good;

	if (fd < 0)
		return false;
	get(p, row, &item);
	snprintf(text, sizeof(text), "output %lld", row);
	memcpy(report.in_sha256, item.in_sha256, sizeof(item.in_sha256));
	good = (write(fd, text, strlen(text)) == (ssize_t)strlen(text) ||
		error_set(err, ERR_WRITE, "the output")) &&
	       (hash_bytes(text, strlen(text), report.out_sha256) ||
		error_set(err, ERR_MEMORY, "the hash")) &&
	       project_stage(p, &item, fd, &report, ".png", err);
	close(fd);
	worklist_item_done(&item);
	return good;
}

bool scratch_release(struct project *p, long long row, struct error *err)
{
	struct worklist_item item;
	bool good;

	get(p, row, &item);
	good = project_release(p, &item, err);
	worklist_item_done(&item);
	return good;
}

static bool count_output(void *self, struct project_output *output)
{
	struct scratch_audit *a = self;

	a->by_fault[output->fault]++;
	if (output->fault == OUTPUT_EXTRA)
		snprintf(a->extra, sizeof(a->extra), "%s", output->file);
	if (output->fault == OUTPUT_SOUND) {
		ck_assert_int_ge(output->fd, 0);
		ck_assert_ptr_nonnull(output->item.path);
	}
	return true;
}

struct scratch_audit scratch_check(const char *path)
{
	char directory[2 * SCRATCH_PATH];
	struct project_options o = { .directory = directory,
				     .reading = true };
	struct scratch_audit a = { 0 };
	struct error err = { 0 };
	struct project *p;

	scratch_join(directory, path, "p");
	p = project_open(&o, &err);
	ck_assert_msg(p != NULL, "%s", err.text);
	ck_assert_msg(project_audit(p, &a.audit, count_output, &a, &err),
		      "%s", err.text);
	ck_assert(project_close(p, NULL));
	return a;
}

/* rebuild.c - the worklist made anew from log, patients and files. */
#include "config.h"

#include "record/rebuild.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "record/ledger.h"
#include "record/table.h"
#include "record/project_parts.h"

#define FOLDER "rebuild"                /* in private/, while it is made */

enum { PATH_MOST = 4096, DEPTH_MOST = 64 };

struct rebuild {
	struct project *p;
	int fd;                         /* of FOLDER */
	char reviewer[33];              /* named, or the last of the log */
	bool named;
	bool keep_names;
	struct ledger ledger;
	struct fact **opened;           /* by hash, then as they were listed */
	size_t count;
	struct rebuild_counts counts;
	struct error *err;              /* of the call under way */
};

/* ---- what the log knows ---- */

static bool take_entry(void *self, const struct log_entry *e)
{
	struct rebuild *r = self;

	if (!r->named)
		memcpy(r->reviewer, e->who, sizeof(r->reviewer));
	return ledger_take(&r->ledger, e) ||
	       error_set(r->err, ERR_MEMORY, _("no memory"));
}

static int by_hash(const void *a, const void *b)
{
	const struct fact *x = *(const struct fact *const *)a;
	const struct fact *y = *(const struct fact *const *)b;
	int order = memcmp(x->in_sha256, y->in_sha256, HASH_SIZE);

	if (order)
		return order;
	return (x->first_seq > y->first_seq) - (x->first_seq < y->first_seq);
}

static bool read_log(struct rebuild *r, struct error *err)
{
	struct error failure = { 0 };
	struct log_check found;

	r->err = &failure;
	if (!log_check(r->p->logfd, &found, take_entry, r, err))
		return false;
	if (failure.code != ERR_NONE)
		return error_set(err, failure.code, "%s", failure.text);
	r->opened = mem_array(r->ledger.used + 1, sizeof(struct fact *));
	if (!r->opened)
		return error_set(err, ERR_MEMORY, _("no memory"));
	for (size_t i = 0; i < r->ledger.slots; i++)
		if (r->ledger.fact[i].used && r->ledger.fact[i].has_in)
			r->opened[r->count++] = &r->ledger.fact[i];
	qsort(r->opened, r->count, sizeof(struct fact *), by_hash);
	return true;
}

/* The first opened item with these bytes that has no file yet, or NULL. */
static struct fact *find_opened(struct rebuild *r, const uint8_t sha256[32])
{
	size_t low = 0, high = r->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (memcmp(r->opened[middle]->in_sha256, sha256,
			   HASH_SIZE) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	while (low < r->count &&
	       (r->opened[low]->row || r->opened[low]->erased) &&
	       !memcmp(r->opened[low]->in_sha256, sha256, HASH_SIZE))
		low++;
	if (low == r->count ||
	    memcmp(r->opened[low]->in_sha256, sha256, HASH_SIZE) != 0)
		return NULL;
	return r->opened[low];
}

/* ---- begin ---- */

static bool remove_entry(void *self, const char *name)
{
	const int *fd = self;

	return unlinkat(*fd, name, 0) == 0;
}

static bool open_fresh(struct rebuild *r, struct error *err)
{
	r->fd = folder_open(r->p->privatefd, FOLDER, true, FOLDER_MODE, err);
	if (r->fd < 0)
		return false;
	if (!folder_each(r->fd, remove_entry, &r->fd, NULL))
		return error_set(err, ERR_WRITE, _("can't write in the "
				 "project: %s: free some space or check the "
				 "permissions"), strerror(errno));
	r->p->worklist = worklist_open(r->fd, false, err);
	return r->p->worklist && worklist_begin(r->p->worklist, err);
}

struct rebuild *rebuild_begin(const char *directory, const char *reviewer,
			      bool keep_names, struct error *err)
{
	const struct project_options o = { .directory = directory,
					   .rebuilding = true };
	struct rebuild *r = calloc(1, sizeof(*r));

	if (!r) {
		error_set(err, ERR_MEMORY, _("no memory"));
		return NULL;
	}
	r->fd = -1;
	r->keep_names = keep_names;
	r->named = reviewer != NULL;
	snprintf(r->reviewer, sizeof(r->reviewer), "%s",
		 reviewer ? reviewer : "");
	if (reviewer && !log_code_valid(reviewer))
		error_set(err, ERR_USAGE, _("a reviewer code has 1 to 32 "
			  "letters, digits, dots, hyphens, underscores"));
	else
		r->p = project_open(&o, err);
	if (r->p && r->p->fresh)
		error_set(err, ERR_USAGE, _("nothing was logged in this "
					    "project yet: open it as usual"));
	else if (r->p && read_log(r, err) && open_fresh(r, err))
		return r;
	rebuild_abandon(r);
	return NULL;
}

/* ---- files ---- */

bool rebuild_file(struct rebuild *r, const struct rebuild_file *file,
		  struct error *err)
{
	struct fact *fact = find_opened(r, file->sha256);
	char id[33];
	long long row;
	bool added;

	if (fact)
		hash_hex(fact->id, sizeof(fact->id), id);
	if (!worklist_add(r->p->worklist, file->path, file->name,
			  file->why_flagged, fact ? id : NULL, &row, &added,
			  err))
		return false;
	if (!added)             /* named twice */
		return true;
	if (!worklist_set_below(r->p->worklist, row, file->below, err))
		return false;
	if (fact)
		fact->row = row;
	r->counts.found += fact != NULL;
	r->counts.added += fact == NULL;
	return true;
}

/* ---- end ---- */

/* An opened item whose file was not among the PATHs: its id is its name. */
static bool add_lost(struct rebuild *r, struct error *err)
{
	char id[33];

	qsort(r->opened, r->count, sizeof(struct fact *),
	      ledger_by_listing);
	for (size_t i = 0; i < r->count; i++) {
		struct fact *f = r->opened[i];

		if (f->row)
			continue;
		hash_hex(f->id, sizeof(f->id), id);
		if (!worklist_add(r->p->worklist, id, id, NULL, id, &f->row,
				  NULL, err))
			return false;
		r->counts.lost++;
	}
	return true;
}

static bool apply(void *self, const struct log_entry *e)
{
	struct rebuild *r = self;

	return project_apply(r->p, e, r->err);
}

static bool follow_log(struct rebuild *r, struct error *err)
{
	struct error failure = { 0 };
	struct log_check found;

	r->err = &failure;
	if (!log_check(r->p->logfd, &found, apply, r, err))
		return false;
	if (failure.code != ERR_NONE)
		return error_set(err, failure.code, "%s", failure.text);
	return worklist_set_applied(r->p->worklist, found.last, err);
}

/* Change the row of an id, if there is one. */
static bool change_row(struct rebuild *r, const char *id,
		       bool (*change)(const void *with,
				      struct worklist_item *item),
		       const void *with)
{
	struct worklist_item item;
	bool good;

	if (!worklist_has_id(r->p->worklist, id))
		return true;
	if (!worklist_find_id(r->p->worklist, id, &item, r->err))
		return false;
	good = change(with, &item) ||
	       error_set(r->err, ERR_MEMORY, _("no memory"));
	good = good && worklist_put(r->p->worklist, &item, r->err);
	worklist_item_done(&item);
	return good;
}

struct belongs {
	const uint8_t *patient;
	int format;
};

static bool set_patient(const void *with, struct worklist_item *item)
{
	const struct belongs *b = with;

	memcpy(item->patient, b->patient, HASH_SIZE);
	item->format = b->format;
	return true;
}

static bool take_item(void *self, const char *item, const uint8_t patient[32],
		      int format)
{
	const struct belongs b = { patient, format };

	return change_row(self, item, set_patient, &b);
}

static bool take_drawn(void *self, const uint8_t patient[32],
		       const char *pseudonym, int days)
{
	struct rebuild *r = self;

	return worklist_set_patient(r->p->worklist, patient, pseudonym, days,
				    r->err);
}

static bool set_name(const void *with, struct worklist_item *item)
{
	char *name = strdup(with ? with : item->name);

	free(item->out_name);
	item->out_name = name;
	return name != NULL;
}

static bool take_name(void *self, const char *item, const char *out_name)
{
	return change_row(self, item, set_name, out_name);
}

static bool take_table(struct rebuild *r, struct error *err)
{
	const struct table_visitor v = { take_item, take_drawn, take_name, r };

	r->err = err;
	for (size_t i = 0; r->keep_names && i < r->count; i++) {
		char id[33];

		hash_hex(r->opened[i]->id, 16, id);
		if (!change_row(r, id, set_name, NULL))
			return false;
	}
	return table_read(r->p->privatefd, &v, err);
}

/* ---- what is in out/ ---- */

static int by_output(const void *a, const void *b)
{
	const struct fact *x = *(const struct fact *const *)a;
	const struct fact *y = *(const struct fact *const *)b;

	return memcmp(x->out_sha256, y->out_sha256, HASH_SIZE);
}

/* Released, or killed between the move and the word that it was done. */
static bool set_output(const void *with, struct worklist_item *item)
{
	if (item->output == OUTPUT_STAGED)
		item->pending = PENDING_RELEASE;
	return set_name(with, item);
}

struct outputs {
	struct rebuild *r;
	struct fact **fact;             /* with an output, by its hash */
	size_t count;
	int fd;                         /* of the folder */
	const char *path;               /* of it below out/, "" at the top */
	int depth;
};

static bool match_output(const struct outputs *o, const char *path)
{
	struct fact key, *wanted = &key, **found;
	char id[33];
	bool there;

	if (!file_hash(o->r->p->outfd, path, &there, key.out_sha256,
		       o->r->err))
		return false;
	found = there ? bsearch(&wanted, o->fact, o->count,
				sizeof(struct fact *), by_output) : NULL;
	if (!found)
		return true;
	hash_hex((*found)->id, sizeof((*found)->id), id);
	return change_row(o->r, id, set_output, path);
}

static bool look_at(void *self, const char *name)
{
	struct outputs *o = self;
	char path[PATH_MOST];
	struct stat status;
	int length = snprintf(path, sizeof(path), "%s%s%s", o->path,
			      *o->path ? "/" : "", name);

	if (length >= PATH_MOST || o->depth > DEPTH_MOST ||
	    fstatat(o->fd, name, &status, AT_SYMLINK_NOFOLLOW) != 0)
		return error_set(o->r->err, ERR_WRITE, _("can't look into "
							 "out/"));
	if (!S_ISDIR(status.st_mode))
		return match_output(o, path);

	struct outputs below = { o->r, o->fact, o->count,
				 folder_open(o->fd, name, false, 0, o->r->err),
				 path, o->depth + 1 };
	bool good = below.fd >= 0 &&
		    folder_each(below.fd, look_at, &below, o->r->err);

	if (below.fd >= 0)
		close(below.fd);
	return good;
}

static bool take_outputs(struct rebuild *r, struct error *err)
{
	struct outputs o = { .r = r, .fd = r->p->outfd, .path = "" };
	bool good;

	r->err = err;
	o.fact = mem_array(r->count + 1, sizeof(struct fact *));
	if (!o.fact)
		return error_set(err, ERR_MEMORY, _("no memory"));
	for (size_t i = 0; i < r->count; i++)
		if (fact_has_output(r->opened[i]))
			o.fact[o.count++] = r->opened[i];
	qsort(o.fact, o.count, sizeof(struct fact *), by_output);
	good = folder_each(o.fd, look_at, &o, err);
	free(o.fact);
	return good;
}

/* ---- in place of the old one ---- */

static bool move_aside(int privatefd)
{
	static const char *const names[][2] = {
		{ "worklist.db-wal", "worklist.db.old-wal" },
		{ "worklist.db", "worklist.db.old" },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (renameat(privatefd, names[i][0], privatefd,
			     names[i][1]) != 0 && !errno_is_absent())
			return false;
	return unlinkat(privatefd, "worklist.db-shm", 0) == 0 ||
	       errno_is_absent();
}

/* Closing folded its write-ahead log into the file. */
static bool put_in_place(struct rebuild *r, struct error *err)
{
	int privatefd = r->p->privatefd;

	worklist_close(r->p->worklist);
	r->p->worklist = NULL;
	if (fsync(r->fd) == 0 && move_aside(privatefd) &&
	    renameat(r->fd, "worklist.db", privatefd, "worklist.db") == 0 &&
	    fsync(privatefd) == 0 &&
	    unlinkat(privatefd, FOLDER, AT_REMOVEDIR) == 0)
		return true;
	return error_set(err, ERR_WRITE, _("can't write in the project: %s: "
					   "free some space or check the "
					   "permissions"), strerror(errno));
}

static bool remember(struct rebuild *r, struct error *err)
{
	return worklist_set(r->p->worklist, "reviewer", r->reviewer, err) &&
	       (!r->keep_names ||
		worklist_set(r->p->worklist, "keep_names", "1", err));
}

bool rebuild_end(struct rebuild *r, struct rebuild_counts *counts,
		 struct error *err)
{
	bool good = add_lost(r, err) && follow_log(r, err) &&
		    take_table(r, err) && take_outputs(r, err) &&
		    remember(r, err) && worklist_commit(r->p->worklist, err) &&
		    put_in_place(r, err);

	*counts = r->counts;
	rebuild_abandon(r);
	return good;
}

void rebuild_abandon(struct rebuild *r)
{
	if (!r)
		return;
	project_abandon(r->p);
	if (r->fd >= 0)
		close(r->fd);
	ledger_done(&r->ledger);
	free(r->opened);
	free(r);
}

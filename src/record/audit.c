/* audit.c - what the log says of each item, compared with the files. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "record/boxes_check.h"
#include "record/ledger.h"
#include "record/project_parts.h"

enum { PATH_MOST = 4096 };

/* ---- through the log ---- */

struct reading {
	struct project *p;
	struct ledger ledger;
	struct boxes_check boxes;
	long long unread;               /* first release that asks for less
					   than its policy */
	bool memory;
	bool (*visit)(void *self, const struct log_entry *entry);
	void *self;
};

/* A release under the policy of now, without what that asks for: a release
 * says what was asked for, and the ledger looks whether it was so. */
static bool asks_too_little(const struct policy *policy,
			    const struct log_entry *e)
{
	return e->event == LOG_ITEM_RELEASE && policy->second &&
	       e->phase && !strcmp(e->phase, "intent") &&
	       !strcmp(e->pol, policy->id) &&
	       (!e->second || qualification_number(e->second) <
			      (int)policy->second_least ||
		(policy->second_uid &&
		 (!e->apart || strcmp(e->apart, "uid") != 0)));
}

static bool take_item(struct reading *r, const struct log_entry *e)
{
	if (!r->unread && asks_too_little(&r->p->policy, e))
		r->unread = e->seq;
	r->memory = ledger_take(&r->ledger, e) &&
		    boxes_take(&r->boxes, r->p->masksfd, e);
	return r->memory;
}

static bool take_entry(void *self, const struct log_entry *e)
{
	struct reading *r = self;

	return take_item(r, e) && (!r->visit || r->visit(r->self, e));
}

static void count_states(const struct ledger *l, struct project_audit *audit)
{
	for (size_t i = 0; i < l->slots; i++) {
		const struct fact *f = &l->fact[i];

		if (!f->used)
			continue;
		if (f->state == ITEM_REFUSED)
			audit->refused++;
		else if (f->state == ITEM_WITHHELD)
			audit->withheld++;
		else if (!fact_has_output(f))
			audit->open++;
		audit->escalated += f->state == ITEM_ESCALATED &&
			!fact_has_output(f);
	}
}

/* ---- outputs ---- */

struct outputs {
	struct project *p;
	bool (*visit)(void *self, struct project_output *output);
	void *self;
	char **name;                    /* of released ones, sorted */
	size_t names, capacity;
	struct error *err;
	bool going;
};

static bool find_row(struct project *p, struct fact *f,
		     struct worklist_item *item, struct error *err)
{
	char id[33];

	hash_hex(f->id, sizeof(f->id), id);
	if (!worklist_has_id(p->worklist, id)) {
		*item = (struct worklist_item){ 0 };
		memcpy(item->id, id, sizeof(id));
		return true;
	}
	return worklist_find_id(p->worklist, id, item, err);
}

/* Put what the log says over what the worklist says. */
static void overlay(const struct fact *f, struct worklist_item *item)
{
	item->state = f->state;
	item->output = f->output;
	item->verdict_seq = f->verdict_seq;
	item->has_sha256 = true;
	memcpy(item->in_sha256, f->in_sha256, HASH_SIZE);
	memcpy(item->out_sha256, f->out_sha256, HASH_SIZE);
	memcpy(item->mask_sha256, f->mask_sha256, HASH_SIZE);
}

/* Open the output and compare its hash; fault says what was found. */
static bool examine(struct project *p, struct project_output *o,
		    struct error *err)
{
	uint8_t digest[HASH_SIZE];
	struct error why = { 0 };

	o->fault = OUTPUT_UNKNOWN;
	if (o->item.row == 0 || !o->item.out_name)
		return true;
	o->fault = OUTPUT_MISSING;
	o->fd = project_output_open(p, &o->item, &why);
	if (o->fd < 0 && why.code == ERR_CHECK)
		return true;
	if (o->fd < 0)
		return error_set(err, why.code, "%s", why.text);
	if (!hash_file(o->fd, digest, NULL, NULL, err))
		return false;
	o->fault = OUTPUT_CHANGED;
	/* boxes that are not the logged ones prove nothing: log.fault tells
	   LOG_CONTENT then */
	if (memcmp(digest, o->item.out_sha256, HASH_SIZE) ||
	    !project_mask_boxes(p, &o->item, &o->boxes, NULL))
		return true;
	o->fault = OUTPUT_SOUND;
	return project_mask_job(p, &o->item, &o->job, err);
}

static void hand_over(struct outputs *all, struct project_output *o)
{
	if (all->going && all->visit)
		all->going = all->visit(all->self, o);
	if (o->fd >= 0)
		close(o->fd);
	box_list_done(&o->boxes);
	hash_wipe(&o->job, sizeof(o->job));
	worklist_item_done(&o->item);
}

static bool keep_name(struct outputs *all, const char *name)
{
	char *copy = strdup(name);

	if (!copy || !mem_grow(&all->name, &all->capacity, all->names,
			       sizeof(*all->name))) {
		free(copy);
		return false;
	}
	all->name[all->names++] = copy;
	return true;
}

static bool take_output(struct outputs *all, struct fact *f)
{
	struct project_output o = { .fd = -1 };

	if (!find_row(all->p, f, &o.item, all->err))
		return false;
	overlay(f, &o.item);
	if (f->output == OUTPUT_RELEASED && o.item.out_name &&
	    !keep_name(all, o.item.out_name)) {
		worklist_item_done(&o.item);
		return error_set(all->err, ERR_MEMORY, _("no memory"));
	}
	bool good = examine(all->p, &o, all->err);

	if (good)
		hand_over(all, &o);
	else
		all->going = false;
	return good;
}

static int by_row(const void *a, const void *b)
{
	const struct fact *const *x = a, *const *y = b;

	if ((*x)->row != (*y)->row)
		return (*x)->row < (*y)->row ? -1 : 1;
	return memcmp((*x)->id, (*y)->id, 16);
}

static bool set_row(struct project *p, struct fact *f, struct error *err)
{
	struct worklist_item item;

	if (!find_row(p, f, &item, err))
		return false;
	/* what the worklist does not know comes last */
	f->row = item.row ? item.row : LLONG_MAX;
	worklist_item_done(&item);
	return true;
}

/* Every output that the log knows, in listing order. */
static bool visit_outputs(struct outputs *all, const struct ledger *l)
{
	struct fact **f = mem_array(l->used + 1, sizeof(struct fact *));
	size_t count = 0;
	bool good = f != NULL;

	if (!good)
		error_set(all->err, ERR_MEMORY, _("no memory"));
	for (size_t i = 0; good && i < l->slots; i++)
		if (fact_has_output(&l->fact[i])) {
			f[count++] = &l->fact[i];
			good = set_row(all->p, &l->fact[i], all->err);
		}
	if (good)
		qsort(f, count, sizeof(struct fact *), by_row);
	for (size_t i = 0; good && all->going && i < count; i++)
		good = take_output(all, f[i]);
	free(f);
	return good;
}

/* ---- what should not be in out/ ---- */

struct walk {
	struct outputs *all;
	int fd;                         /* of the folder */
	const char *path;               /* of it below out/, "" at the top */
	bool good;
};

static int compare_names(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;

	return strcmp(*x, *y);
}

static bool is_known(const struct outputs *all, const char *path)
{
	return !strcmp(path, OUT_README) ||
	       (all->names > 0 &&
		bsearch(&path, all->name, all->names, sizeof(*all->name),
			compare_names));
}

static bool walk_entry(void *self, const char *name)
{
	struct walk *w = self;
	struct project_output o = { .fd = -1, .fault = OUTPUT_EXTRA };
	char path[PATH_MOST];
	struct stat status;
	int length = snprintf(path, sizeof(path), "%s%s%s", w->path,
			      *w->path ? "/" : "", name);

	if (length >= PATH_MOST ||
	    fstatat(w->fd, name, &status, AT_SYMLINK_NOFOLLOW) != 0) {
		w->good = false;
		return error_set(w->all->err, ERR_WRITE, _("can't look into "
							   "out/"));
	}
	if (S_ISDIR(status.st_mode)) {
		struct walk below = { w->all, folder_open(w->fd, name, false,
							  0, w->all->err),
				      path, true };

		w->good = below.fd >= 0 &&
			  (folder_each(below.fd, walk_entry, &below,
				       w->all->err) || !w->all->going) &&
			  below.good;
		if (below.fd >= 0)
			close(below.fd);
		return w->good && w->all->going;
	}
	if (is_known(w->all, path))
		return true;
	o.file = path;
	hand_over(w->all, &o);
	return w->all->going;
}

static bool visit_extras(struct outputs *all)
{
	struct walk top = { all, all->p->outfd, "", true };

	if (all->names > 0)
		qsort(all->name, all->names, sizeof(*all->name),
		      compare_names);
	return (folder_each(top.fd, walk_entry, &top, all->err) ||
		!all->going) && top.good;
}

static bool hand_aside(void *self, const char *name)
{
	struct outputs *all = self;
	struct project_output o = { .fd = -1, .fault = OUTPUT_ASIDE };
	char path[PATH_MOST];

	snprintf(path, sizeof(path), "private/" QUARANTINE "/%s", name);
	o.file = path;
	hand_over(all, &o);
	return all->going;
}

/* What was put aside, until somebody took it away. */
static bool visit_aside(struct outputs *all)
{
	struct error why = { 0 };
	int fd = folder_open(all->p->privatefd, QUARANTINE, false, 0, &why);
	bool good;

	if (fd < 0)
		return errno == ENOENT ||
		       error_set(all->err, why.code, "%s", why.text);
	good = folder_each(fd, hand_aside, all, all->err) || !all->going;
	close(fd);
	return good;
}

/* The log, the masks files and what they come to. */
static bool read_log(struct reading *r, struct project_audit *audit,
		     struct error *err)
{
	/* before the log: a writer moves both on while we read */
	const long long applied = r->p->worklist ?
				  worklist_applied(r->p->worklist) :
				  r->p->applied;

	*audit = (struct project_audit){ 0 };
	r->memory = true;
	if (!log_check(r->p->logfd, &audit->log, take_entry, r, err))
		return false;
	if (!r->memory)
		return error_set(err, ERR_MEMORY, _("no memory"));
	if (audit->log.fault == LOG_OK &&
	    project_log_lacks(&audit->log, applied)) {
		audit->log.fault = LOG_ROLLBACK;
		audit->log.line = audit->log.last_line;
	}
	if (boxes_fault(&r->boxes) && audit->log.fault == LOG_OK) {
		audit->log.fault = LOG_CONTENT;
		audit->log.line = boxes_fault(&r->boxes);
	}
	if (r->unread == 0 ||
	    (r->ledger.unread && r->ledger.unread < r->unread))
		r->unread = r->ledger.unread;
	if (r->unread && audit->log.fault == LOG_OK) {
		audit->log.fault = LOG_UNREAD;
		audit->log.line = r->unread;
	}
	count_states(&r->ledger, audit);
	return true;
}

bool project_audit_log(struct project *p, struct project_audit *audit,
		       bool (*visit)(void *self,
				     const struct log_entry *entry),
		       void *self, struct error *err)
{
	struct reading r = { .p = p, .visit = visit, .self = self };
	bool good = read_log(&r, audit, err);

	boxes_done(&r.boxes);
	ledger_done(&r.ledger);
	return good;
}

bool project_audit(struct project *p, struct project_audit *audit,
		   bool (*visit)(void *self, struct project_output *output),
		   void *self, struct error *err)
{
	struct reading r = { .p = p };
	struct outputs all = { .p = p, .visit = visit, .self = self,
			       .err = err, .going = true };
	bool good = read_log(&r, audit, err) &&
		    visit_outputs(&all, &r.ledger) &&
		    (!all.going || visit_extras(&all)) &&
		    (!all.going || visit_aside(&all));

	for (size_t i = 0; i < all.names; i++)
		free(all.name[i]);
	free(all.name);
	boxes_done(&r.boxes);
	ledger_done(&r.ledger);
	return good;
}

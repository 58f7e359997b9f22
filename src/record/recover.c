/* recover.c - after a kill: the worklist follows the log, what was begun is
 * finished or taken back, what nobody vouches for is removed. */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "record/project_parts.h"
#include "record/sample.h"
#include "record/second.h"

/* ---- rows follow the log ---- */

struct replay {
	struct project *p;
	struct error *err;
	bool good;
};

/* The first reason of a refusal code: the log holds no more than the code. */
static int reason_of(const char *code)
{
	for (int i = 1; i < REASON_COUNT; i++)
		if (!strcmp(refusal_name(reason_code((enum reason)i)), code))
			return i;
	return REASON_NONE;
}

static enum item_state state_of(const char *verdict)
{
	for (int i = 0; i < ITEM_STATES; i++)
		if (!strcmp(item_state_name[i], verdict))
			return (enum item_state)i;
	return ITEM_OPEN;
}

static void apply_opened(const struct log_entry *e,
			 struct worklist_item *item)
{
	if (e->has_in) {
		item->has_sha256 = true;
		memcpy(item->in_sha256, e->in_sha256, HASH_SIZE);
	}
	if (e->refused) {
		item->state = ITEM_REFUSED;
		if (item->reason == REASON_NONE)
			item->reason = reason_of(e->refused);
	} else if (item->state == ITEM_LISTED && e->event == LOG_ITEM_PROPOSE) {
		item->state = ITEM_PROPOSED;
	} else if (item->state <= ITEM_PROPOSED && e->event == LOG_ITEM_OPEN) {
		item->state = ITEM_OPEN;
	}
}

static void apply_verdict(const struct log_entry *e,
			  struct worklist_item *item)
{
	item->state = state_of(e->verdict);
	item->verdict_seq = e->seq;
	memcpy(item->mask_sha256, e->mask_sha256, HASH_SIZE);
	if (e->has_in) {
		item->has_sha256 = true;
		memcpy(item->in_sha256, e->in_sha256, HASH_SIZE);
	}
	item->output = worklist_output_after(item);
	item->pending = PENDING_NONE;
}

static void apply_reopen(const struct log_entry *e,
			 struct worklist_item *item)
{
	item->state = ITEM_OPEN;
	item->reason = REASON_NONE;
	item->pending = e->phase ? PENDING_WITHDRAW : PENDING_NONE;
	if (!e->phase && item->output == OUTPUT_STAGED)
		item->output = OUTPUT_NONE;
}

static void apply_done(const struct log_entry *e, struct worklist_item *item)
{
	static const enum output_state after[LOG_EVENTS] = {
		[LOG_ITEM_OUTPUT] = OUTPUT_STAGED,
		[LOG_ITEM_RELEASE] = OUTPUT_RELEASED,
		[LOG_ITEM_WITHDRAW] = OUTPUT_WITHDRAWN,
	};

	if (!e->phase || strcmp(e->phase, "done"))
		return;
	item->output = after[e->event];
	item->pending = PENDING_NONE;
	memcpy(item->out_sha256, e->out_sha256, HASH_SIZE);
}

static void (*const appliers[LOG_EVENTS])(const struct log_entry *e,
					  struct worklist_item *item) = {
	[LOG_ITEM_OPEN] = apply_opened,
	[LOG_ITEM_PROPOSE] = apply_opened,
	[LOG_ITEM_VERDICT] = apply_verdict,
	[LOG_ITEM_REOPEN] = apply_reopen,
	[LOG_ITEM_OUTPUT] = apply_done,
	[LOG_ITEM_RELEASE] = apply_done,
	[LOG_ITEM_WITHDRAW] = apply_done,
};

/* A second reader of the sample saw something left on the output. */
static bool says_left(const struct log_entry *e)
{
	return e->event == LOG_QA_VERDICT && !second_is(e) &&
	       !strcmp(e->verdict, "left");
}

bool project_apply(struct project *p, const struct log_entry *e,
		   struct error *err)
{
	struct worklist *w = p->worklist;
	struct worklist_item item;
	bool good;

	if (e->event == LOG_ITEM_LISTED &&
	    !worklist_set_logged_id(w, e->item, err))
		return false;
	/* an id without a row: listing was killed before its commit */
	if ((!appliers[e->event] && !says_left(e) && !second_is(e)) ||
	    !worklist_has_id(w, e->item))
		return true;
	if (!worklist_find_id(w, e->item, &item, err))
		return false;
	if (says_left(e)) {
		good = sample_keep_back(w, &item, err);
	} else if (second_is(e)) {
		good = second_note(w, &item, e->verdict, e->qual, e->apart,
				   err);
	} else {
		appliers[e->event](e, &item);
		good = worklist_put(w, &item, err);
	}
	worklist_item_done(&item);
	return good;
}

static bool apply(void *self, const struct log_entry *e)
{
	struct replay *r = self;

	r->good = project_apply(r->p, e, r->err);
	return r->good;
}

static bool follow_log(struct project *p, struct error *err)
{
	long long applied = worklist_applied(p->worklist);
	long long found = log_found_seq(p->log);
	struct replay r = { p, err, true };

	if (applied >= found)
		return true;
	if (!worklist_begin(p->worklist, err))
		return false;
	if (log_replay(p->logfd, applied + 1, apply, &r, err) && r.good &&
	    worklist_set_applied(p->worklist, found, err))
		return worklist_commit(p->worklist, err);
	worklist_rollback(p->worklist);
	return false;
}

/* ---- what was begun ---- */

/* What lies where an output was to be. */
struct found {
	bool there, same;
	uint8_t sha256[HASH_SIZE];
};

static bool look_at(int dirfd, const char *path,
		    const struct worklist_item *item, struct found *f,
		    struct error *err)
{
	*f = (struct found){ 0 };
	if (!path)
		return true;
	if (!file_hash(dirfd, path, &f->there, f->sha256, err))
		return false;
	f->same = f->there && !memcmp(f->sha256, item->out_sha256, HASH_SIZE);
	return true;
}

static bool move_aside(struct project *p, int folder, const char *name,
		       const char *aside, struct error *err)
{
	int to = folder_open(p->privatefd, QUARANTINE, true, FOLDER_MODE, err);
	bool good = to >= 0;

	if (good && renameat2(folder, name, to, aside, RENAME_NOREPLACE) != 0)
		good = error_set(err, ERR_WRITE, _("can't write in the "
				 "project: %s: free some space or check the "
				 "permissions"), strerror(errno));
	good = good && project_sync(p, to, err) &&
	       project_sync(p, folder, err);
	if (to >= 0)
		close(to);
	return good;
}

/*
 * A file that is not the one that was verified neither leaves nor vanishes:
 * it is kept for a person to look at.  Said in the log first, as in drop();
 * the seq of that record makes its name one of its own.
 */
static bool put_aside(struct project *p, int dirfd, const char *path,
		      const struct worklist_item *item, const struct found *f,
		      struct error *err)
{
	struct log_record r = LOG_RECORD_EMPTY;
	char aside[STAGED_NAME];
	const char *name;
	long long seq;
	int folder;
	bool good;

	r.item = item->id;
	r.out_sha256 = f->sha256;
	if (!log_append(p->log, LOG_RECOVER, &r, &seq, err))
		return false;
	snprintf(aside, sizeof(aside), "%s.%lld", item->id, seq);
	folder = folder_of(dirfd, path, false, 0, &name, err);
	good = folder >= 0 && move_aside(p, folder, name, aside, err);
	if (folder >= 0)
		close(folder);
	p->put_aside += good;
	return good;
}

/* What was begun is to be made again. */
static bool begin_anew(struct project *p, struct worklist_item *item,
		       struct error *err)
{
	item->output = OUTPUT_NONE;
	item->pending = PENDING_NONE;
	return project_save(p, item, 0, err);
}

/* The intent was to link a staged file: is it there as intended? */
static bool resolve_stage(struct project *p, struct worklist_item *item,
			  struct error *err)
{
	char name[STAGED_NAME];
	struct found f;

	staged_name(item, name);
	if (!look_at(p->stagedfd, name, item, &f, err))
		return false;
	if (f.same)
		return project_sync(p, p->stagedfd, err) &&
		       stage_done(p, item, err);
	return (!f.there ||
		put_aside(p, p->stagedfd, name, item, &f, err)) &&
	       begin_anew(p, item, err);
}

static bool arrived(struct project *p, struct worklist_item *item,
		    struct error *err)
{
	const char *last;
	int folder = folder_of(p->outfd, item->out_name, false, 0, &last,
			       err);
	bool good = folder >= 0 && project_sync(p, folder, err);

	if (folder >= 0)
		close(folder);
	return good && release_done(p, item, err);
}

/* The intent was to move it out: it is still here, or there, or lost. */
static bool resolve_release(struct project *p, struct worklist_item *item,
			    struct error *err)
{
	char name[STAGED_NAME];
	struct found f;

	staged_name(item, name);
	if (!look_at(p->stagedfd, name, item, &f, err))
		return false;
	if (f.same) {
		item->output = OUTPUT_STAGED;
		item->pending = PENDING_NONE;
		return project_save(p, item, 0, err);
	}
	if (f.there && !put_aside(p, p->stagedfd, name, item, &f, err))
		return false;
	if (!look_at(p->outfd, item->out_name, item, &f, err))
		return false;
	if (f.same)
		return arrived(p, item, err);
	return (!f.there ||
		put_aside(p, p->outfd, item->out_name, item, &f, err)) &&
	       begin_anew(p, item, err);
}

bool pending_resolve(struct project *p, struct worklist_item *item,
		     struct error *err)
{
	if (!project_goes_on(p, err))
		return false;
	switch (item->pending) {
	case PENDING_NONE:
		return true;
	case PENDING_STAGE:
		return resolve_stage(p, item, err);
	case PENDING_RELEASE:
		return resolve_release(p, item, err);
	case PENDING_WITHDRAW:
		return withdraw_finish(p, item, err);
	case PENDINGS:
		break;
	}
	return error_set(err, ERR_CHECK, _("the worklist is damaged"));
}

static bool resolve_all(struct project *p, struct error *err)
{
	struct worklist_item item;
	long long row = 1;

	while ((row = worklist_next_pending(p->worklist, row)) > 0) {
		if (!worklist_get(p->worklist, row, &item, err))
			return false;
		bool good = pending_resolve(p, &item, err);

		worklist_item_done(&item);
		if (!good)
			return false;
		row++;
	}
	return true;
}

/* ---- what nobody vouches for ---- */

struct sweep {
	struct project *p;
	long long last;                 /* seq before this session */
	struct error *err;
};

/* "<item>.<seq>" and what follows; false when it has another form. */
static bool split_name(const char *name, char item[33], long long *seq,
		       const char **rest)
{
	uint8_t id[16];
	char *end;

	if (strlen(name) < 34 || name[32] != '.')
		return false;
	memcpy(item, name, 32);
	item[32] = '\0';
	*seq = strtoll(name + 33, &end, 10);
	*rest = end;
	return hash_from_hex(item, id, sizeof(id)) && end != name + 33;
}

/* A staged file belongs to the last verdict of an item that is staged. */
static bool is_staged(struct worklist *w, const char *id, long long seq)
{
	struct worklist_item item;
	bool is;

	if (!worklist_has_id(w, id) || !worklist_find_id(w, id, &item, NULL))
		return false;
	is = item.output == OUTPUT_STAGED && item.verdict_seq == seq;
	worklist_item_done(&item);
	return is;
}

/* Say in the log that something of this item was left, then remove it: a
 * kill in between says it twice rather than never. */
static bool drop(struct sweep *s, int dirfd, const char *name,
		 const char *item)
{
	struct log_record r = LOG_RECORD_EMPTY;

	r.item = item;
	return log_append(s->p->log, LOG_RECOVER, &r, NULL, s->err) &&
	       unlinkat(dirfd, name, 0) == 0;
}

static bool sweep_staged(void *self, const char *name)
{
	struct sweep *s = self;
	char item[33];
	const char *rest;
	long long seq;

	return !split_name(name, item, &seq, &rest) || *rest ||
	       is_staged(s->p->worklist, item, seq) ||
	       drop(s, s->p->stagedfd, name, item);
}

/* A masks file that was not finished, or of a verdict that never came into
 * the log. */
static bool sweep_masks(void *self, const char *name)
{
	struct sweep *s = self;
	char item[33];
	const char *rest;
	long long seq;

	if (!split_name(name, item, &seq, &rest) ||
	    (strcmp(rest, ".jsonl.new") != 0 &&
	     (strcmp(rest, ".jsonl") != 0 || seq <= s->last)))
		return true;
	return drop(s, s->p->masksfd, name, item);
}

bool project_recover(struct project *p, struct error *err)
{
	struct sweep s = { p, log_found_seq(p->log), err };
	struct error failure = { 0 };

	s.err = &failure;
	if (!follow_log(p, err) || !project_log_listed(p, err) ||
	    !resolve_all(p, err))
		return false;
	if (log_found_clean(p->log))
		return true;
	if (folder_each(p->stagedfd, sweep_staged, &s, &failure) &&
	    folder_each(p->masksfd, sweep_masks, &s, &failure) &&
	    project_sync(p, p->stagedfd, &failure) &&
	    project_sync(p, p->masksfd, &failure))
		return true;
	if (failure.code != ERR_NONE && err)
		*err = failure;
	else
		error_set(err, ERR_WRITE, _("can't remove what an earlier run "
					    "left in the project"));
	return false;
}

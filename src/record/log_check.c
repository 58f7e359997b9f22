/* log_check.c - reads a whole log and says what is wrong with it. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/i18n.h"
#include "record/chain.h"
#include "record/vouch.h"

const char *const log_fault_name[LOG_FAULTS] = {
	[LOG_OK] = "ok", [LOG_EDIT] = "edit", [LOG_GAP] = "gap",
	[LOG_ORDER] = "order", [LOG_TRUNCATED] = "truncated",
	[LOG_FORM] = "form", [LOG_CONTENT] = "content", [LOG_TORN] = "torn",
	[LOG_HEAD] = "head", [LOG_ROLLBACK] = "rollback",
	[LOG_FORK] = "fork", [LOG_BADSIG] = "badsig",
	[LOG_UNREAD] = "unread",
};

/* A line of the log without a look at the chain. */
struct line_facts {
	bool there, parsed, whole;
	struct log_entry entry;         /* leaf is set even if not parsed */
};

/* What a fault is judged by. */
struct scene {
	const struct chain_place *place;        /* the bad line begins here */
	const struct chain_head *head;
	struct line_facts bad, next;
};

/* Does the line after, or head, vouch for the bad line as it is? */
static bool is_vouched(const struct scene *s)
{
	if (s->next.there)
		return s->next.parsed &&
		       !memcmp(s->next.entry.prev, s->bad.entry.leaf,
			       HASH_SIZE);
	return s->head->seq == s->place->seq + 1 &&
	       !memcmp(s->head->leaf, s->bad.entry.leaf, HASH_SIZE);
}

/* The bad line has no form of a record, or no LF. */
static enum log_fault judge_formless(const struct scene *s)
{
	bool known = s->head->seq > s->place->seq;

	if (!known && !s->next.parsed)
		return LOG_TORN;
	if (!s->bad.whole)
		return LOG_TRUNCATED;
	return is_vouched(s) ? LOG_FORM : LOG_EDIT;
}

/* The bad line is a record, but not the one that should stand there. */
static enum log_fault judge_record(const struct scene *s, long long *line)
{
	const struct log_entry *bad = &s->bad.entry;
	long long wanted = s->place->seq + 1;
	bool follows = !memcmp(bad->prev, s->place->leaf, HASH_SIZE);

	if (bad->seq == wanted && follows)      /* its time goes back */
		return is_vouched(s) ? LOG_ORDER : LOG_EDIT;
	if (bad->seq == wanted) {
		/* one of two was changed: this one, or the one before */
		if (s->place->seq > 0 && is_vouched(s))
			(*line)--;
		return LOG_EDIT;
	}
	if (follows)
		return LOG_EDIT;                /* its number was changed */
	if (s->next.there ? s->next.parsed && s->next.entry.seq == wanted + 1 :
	    s->head->seq == wanted)
		return LOG_EDIT;                /* only this one is foreign */
	if (bad->seq < wanted)
		return LOG_ORDER;
	if (s->next.parsed && s->next.entry.seq == wanted)
		return LOG_ORDER;
	return LOG_GAP;
}

static bool read_facts(struct chain *c, struct line_facts *facts,
		       struct error *err)
{
	enum chain_step step = chain_raw(c, &facts->entry, &facts->parsed,
					 &facts->whole, err);

	facts->there = step == CHAIN_RECORD;
	return step != CHAIN_ERROR;
}

/* Look again at the place where reading stopped, and name the fault. */
static bool judge(int dirfd, const struct chain_place *place,
		  const struct chain_head *head, struct log_check *result,
		  struct error *err)
{
	struct chain *c = chain_open(dirfd, place, err);
	struct scene s = { .place = place, .head = head };
	bool good = c && read_facts(c, &s.bad, err) &&
		    read_facts(c, &s.next, err);

	chain_close(c);
	if (!good)
		return false;
	result->line = place->line + 1;
	if (!s.bad.parsed || !s.bad.whole)
		result->fault = judge_formless(&s);
	else
		result->fault = judge_record(&s, &result->line);
	if (result->live && result->fault == LOG_TORN) {
		result->fault = LOG_OK;         /* it is being written */
		result->line = 0;
	}
	return true;
}

/* The chain holds to its end: does head say the same? */
static void compare_head(const struct chain_place *end,
			 const struct chain_head *head, bool leaf_differs,
			 struct log_check *result)
{
	long long behind = end->seq - head->seq;

	if (!head->good || (leaf_differs && behind > 0))
		result->fault = LOG_HEAD;
	else if (behind < 0 || (end->seq == 0 && !result->live))
		result->fault = LOG_TRUNCATED;
	else if (leaf_differs)
		result->fault = LOG_EDIT;
	else if (behind > head->room && !result->live)
		result->fault = LOG_HEAD;
	result->behind = result->fault == LOG_OK && behind > 0;
	result->line = result->fault == LOG_OK ? 0 : end->line;
}

struct reading {
	int dirfd;
	const struct chain_head *head;
	struct log_check *result;
	struct vouch *vouch;            /* NULL: no look at checkpoints */
	bool (*visit)(void *self, const struct log_entry *entry);
	void *self;
};

/* The checkpoints have a word when the chain holds, to its torn end. */
static void take_evidence(struct vouch *v, struct log_check *result)
{
	vouch_end(v);
	if (v->fault == LOG_OK || (result->fault != LOG_OK &&
				   result->fault != LOG_TORN))
		return;
	result->fault = v->fault;
	result->line = v->line;
	result->behind = false;
}

/*
 * Walk from a place to the end, one record behind, so that only what the next
 * line vouches for is handed over.
 */
static bool walk(const struct reading *r, const struct chain_place *from,
		 struct error *err)
{
	struct chain *c = chain_open(r->dirfd, from, err);
	struct log_entry entry[2];
	bool held = false, going = true, leaf_differs = false, good;
	enum chain_step step = CHAIN_ERROR;
	int now = 0;

	while (c && going &&
	       (step = chain_next(c, &entry[now], err)) == CHAIN_RECORD) {
		if (entry[now].seq == r->head->seq)
			leaf_differs = memcmp(entry[now].leaf, r->head->leaf,
					      HASH_SIZE) != 0;
		if (r->vouch)
			vouch_take(r->vouch, &entry[now]);
		if (held && r->visit)
			going = r->visit(r->self, &entry[!now]);
		r->result->records += held;
		held = true;
		now = !now;
	}
	good = step != CHAIN_ERROR;
	if (good) {
		r->result->last = chain_place(c)->seq;
		r->result->last_line = chain_place(c)->line;
	}
	if (good && step == CHAIN_BAD)
		good = judge(r->dirfd, chain_place(c), r->head, r->result,
			     err);
	else if (good && step == CHAIN_END)
		compare_head(chain_place(c), r->head, leaf_differs,
			     r->result);
	if (good && going && held && r->result->fault == LOG_OK) {
		r->result->records++;
		if (r->visit)
			r->visit(r->self, &entry[!now]);
	}
	chain_close(c);
	if (good && going && r->vouch)
		take_evidence(r->vouch, r->result);
	return good;
}

/* log_check() with the lock in its hands; head is read first: a writer moves
 * it on while we read. */
static bool check_all(struct reading *r, struct error *err)
{
	struct chain_head head;
	struct vouch v = { 0 };
	bool good = chain_head_read(r->dirfd, &head, err) &&
		    vouch_begin(&v, r->dirfd, head.seq, err);

	r->head = &head;
	r->vouch = &v;
	good = good && walk(r, NULL, err);
	if (good && v.no_memory)
		good = error_set(err, ERR_MEMORY, _("no memory"));
	r->result->standing = v.standing;
	vouch_done(&v);
	return good;
}

bool log_check(int dirfd, struct log_check *result,
	       bool (*visit)(void *self, const struct log_entry *entry),
	       void *self, struct error *err)
{
	struct reading r = { dirfd, NULL, result, NULL, visit, self };
	int lock = openat(dirfd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool good;

	*result = (struct log_check){ 0 };
	if (lock < 0)
		return error_set(err, ERR_WRITE, _("can't read the log: %s"),
				 strerror(errno));
	result->live = flock(lock, LOCK_SH | LOCK_NB) != 0;
	good = check_all(&r, err);
	close(lock);
	return good;
}

/* The last segment that begins at or before record seq. */
static bool find_segment(int dirfd, long long seq, struct chain_place *place,
			 struct error *err)
{
	*place = (struct chain_place){ .segment = 1 };
	for (int segment = 2;; segment++) {
		struct chain_place at = { .segment = segment };
		struct line_facts first = { 0 };
		struct chain *c = chain_open(dirfd, &at, err);
		bool good = c && read_facts(c, &first, err);

		chain_close(c);
		if (!good)
			return false;
		if (!first.there || !first.parsed || first.entry.seq > seq)
			return true;
		/* what it must follow is taken from the line itself */
		at.seq = first.entry.seq - 1;
		memcpy(at.leaf, first.entry.prev, HASH_SIZE);
		*place = at;
	}
}

struct replay {
	long long seq;
	bool (*visit)(void *self, const struct log_entry *entry);
	void *self;
};

static bool replay_one(void *self, const struct log_entry *entry)
{
	const struct replay *r = self;

	return entry->seq < r->seq || r->visit(r->self, entry);
}

bool log_replay(int dirfd, long long seq,
		bool (*visit)(void *self, const struct log_entry *entry),
		void *self, struct error *err)
{
	struct log_check result = { .live = true };
	struct replay replay = { seq, visit, self };
	struct chain_head head;
	struct chain_place from;

	if (!chain_head_read(dirfd, &head, err) ||
	    !find_segment(dirfd, seq, &from, err))
		return false;
	struct reading r = { dirfd, &head, &result, NULL, replay_one,
			     &replay };

	if (!walk(&r, &from, err))
		return false;
	if (result.fault != LOG_OK)
		return error_set(err, ERR_CHECK, _("line %lld of the log: %s: "
				 "run `suminuri log check`"), result.line,
				 log_fault_name[result.fault]);
	return true;
}

void log_describe(const struct log_entry *entry, char *text, size_t size)
{
	struct buffer line = { 0 };

	buffer_printf(&line, "%6lld  %s  %-13s  %s", entry->seq, entry->t,
		      log_event_name[entry->event], entry->who);
	if (LINE_HAS(entry, LINE_ITEM))
		buffer_printf(&line, "  item %.8s", entry->item);
	if (entry->verdict)
		buffer_printf(&line, "  %s", entry->verdict);
	if (entry->phase)
		buffer_printf(&line, "  %s", entry->phase);
	if (LINE_HAS(entry, LINE_ROUND))
		buffer_printf(&line, "  round %lld", entry->round);
	if (entry->mode)
		buffer_printf(&line, "  %s", entry->mode);
	if (entry->why)
		buffer_printf(&line, "  %s", entry->why);
	if (LINE_HAS(entry, LINE_DRAWN))
		buffer_printf(&line, "  %lld of %lld", entry->drawn,
			      entry->lot);
	else if (LINE_HAS(entry, LINE_LOT))
		buffer_printf(&line, "  outputs %lld", entry->lot);
	if (entry->refused)
		buffer_printf(&line, "  refused %s", entry->refused);
	if (entry->reason)
		buffer_printf(&line, "  reason %s", entry->reason);
	if (LINE_HAS(entry, LINE_BOXES))
		buffer_printf(&line, "  boxes %lld", entry->boxes);
	if (LINE_HAS(entry, LINE_ACTIVE_MS))
		buffer_printf(&line, "  active %lld ms", entry->active_ms);
	if (LINE_HAS(entry, LINE_LENGTH))
		buffer_printf(&line, "  torn %lld bytes at %lld",
			      entry->length, entry->offset);
	if (entry->second)
		buffer_printf(&line, "  second reader %s, other %s",
			      entry->second, entry->apart ? entry->apart : "");
	if (entry->recipient)
		buffer_printf(&line, "  to %s, basis %s", entry->recipient,
			      entry->basis);
	if (entry->result)
		buffer_printf(&line, "  %s", entry->result);
	if (entry->early)
		buffer_printf(&line, "  before retention: %s", entry->early);
	if (entry->qual)
		buffer_printf(&line, "  by %s", entry->qual);
	if (LINE_HAS(entry, LINE_BUNDLE))
		buffer_printf(&line, "  bundle %lld", entry->bundle);
	if (LINE_HAS(entry, LINE_SANDBOX))
		buffer_printf(&line, "  workers: %s", entry->sandbox);
	if (LINE_HAS(entry, LINE_STEP_MS))
		buffer_printf(&line, "  step %lld ms", entry->step_ms);
	snprintf(text, size, "%s", line.data ? line.data : "");
	buffer_done(&line);
}

/* trace.c - from an output back to its decision; an item taken out. */
#include "config.h"

#include "record/trace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/json.h"
#include "record/line.h"
#include "record/project.h"
#include "record/second.h"

enum { ID_LEAST = 8, ID_DIGITS = 32 };

/* A verdict and the last word of a second reader on it; seq 0: none. */
struct decision {
	struct log_entry verdict, second;
};

/* An item whose output had these bytes. */
struct trail {
	char item[ID_DIGITS + 1];
	struct decision now;            /* as the log stands at this record */
	struct decision rests;          /* what the output rests on */
	struct log_entry output;        /* the last record of the output */
	char released[25];              /* when; "" not yet */
};

struct tracing {
	uint8_t sha256[HASH_SIZE];
	struct trail *trail;
	size_t count, capacity;
	bool memory;
};

static struct trail *find(struct tracing *t, const char *item)
{
	for (size_t i = 0; i < t->count; i++)
		if (!strcmp(t->trail[i].item, item))
			return &t->trail[i];
	return NULL;
}

/* First reading: which items? */
static bool note_item(void *self, const struct log_entry *e)
{
	struct tracing *t = self;

	if (!e->has_out || memcmp(e->out_sha256, t->sha256, HASH_SIZE) != 0 ||
	    e->event == LOG_RECOVER || find(t, e->item))
		return true;
	t->memory = mem_grow(&t->trail, &t->capacity, t->count,
			     sizeof(*t->trail));
	if (!t->memory)
		return false;
	t->trail[t->count] = (struct trail){ .released = "" };
	memcpy(t->trail[t->count++].item, e->item, sizeof(e->item));
	return true;
}

/* The output was made or let out: it rests on what is decided now, not on a
 * verdict that was taken back before. */
static void follow_output(struct trail *found, const struct log_entry *e)
{
	if (e->event == LOG_RECOVER || e->event == LOG_ITEM_REOPEN)
		return;
	found->output = *e;
	if (e->event == LOG_ITEM_WITHDRAW)
		return;
	found->rests = found->now;
	if (e->event == LOG_ITEM_OUTPUT)
		*found->released = '\0';
	else if (e->phase && !strcmp(e->phase, "done"))
		memcpy(found->released, e->t, sizeof(e->t));
}

/* Second reading: what was decided on them? */
static bool follow_item(void *self, const struct log_entry *e)
{
	struct tracing *t = self;
	struct trail *found = LINE_HAS(e, LINE_ITEM) ? find(t, e->item) : NULL;

	if (!found)
		return true;
	if (e->event == LOG_ITEM_VERDICT)
		found->now = (struct decision){ .verdict = *e };
	else if (second_is(e))
		found->now.second = *e;
	if (second_is(e) && !*found->released &&
	    found->rests.verdict.seq == found->now.verdict.seq)
		found->rests.second = *e;
	if (e->has_out && !memcmp(e->out_sha256, t->sha256, HASH_SIZE))
		follow_output(found, e);
	return true;
}

static const char *output_word(const struct trail *t)
{
	return t->output.event == LOG_ITEM_WITHDRAW ? "withdrawn" :
	       *t->released ? "released" : "staged";
}

/* Who said what, when, as what; seq 0: nobody. */
static void put_word(struct json_writer *w, const char *name,
		     const struct log_entry *e)
{
	if (!e->seq)
		return;
	json_put_open(w, name, '{');
	json_put_integer(w, "seq", e->seq);
	json_put_string(w, "t", e->t);
	json_put_string(w, "who", e->who);
	if (e->role)
		json_put_string(w, "role", e->role);
	if (e->qual)
		json_put_string(w, "qual", e->qual);
	json_put_integer(w, "uid", e->uid);
	json_put_string(w, "verdict", e->verdict);
	if (e->reason)
		json_put_string(w, "reason", e->reason);
	json_put_integer(w, "boxes", e->boxes);
	json_put_hex(w, "mask_sha256", e->mask_sha256, HASH_SIZE);
	json_put_string(w, "pol", e->pol);
	json_put_string(w, "tool", e->tool);
	json_put_close(w);
}

/* The path stands in the worklist alone. */
static void put_input(struct json_writer *w, struct project *p,
		      const char *id)
{
	struct worklist_item item;

	if (!p->worklist || !worklist_has_id(p->worklist, id) ||
	    !worklist_find_id(p->worklist, id, &item, NULL))
		return;
	if (item.path && !json_put_lossy(w, "input", item.path))
		json_put_base64(w, "input_b64", item.path, strlen(item.path));
	worklist_item_done(&item);
}

/* "item 1f..: masked by r1, 2026-11-22T...Z, boxes: 3; released ...". */
static void say_trail(const struct trail *found, struct buffer *said)
{
	const struct log_entry *v = &found->rests.verdict;
	const struct log_entry *second = &found->rests.second;

	buffer_printf(said, _("item %.8s: %s by %s, %s, boxes: %lld"),
		      found->item, v->verdict ? _(v->verdict) : "-", v->who,
		      v->t, v->boxes);
	if (second->seq)
		buffer_printf(said, _("; second reader %s: %s"), second->who,
			      _(second->verdict));
	if (found->output.event == LOG_ITEM_WITHDRAW)
		buffer_puts(said, _("; withdrawn"));
	else if (*found->released)
		buffer_printf(said, _("; released %s"), found->released);
	else
		buffer_puts(said, _("; not released"));
	buffer_puts(said, "\n");
}

static bool print_trail(struct project *p, const struct tracing *t,
			const struct trail *found, FILE *to)
{
	struct buffer line = { 0 };
	struct json_writer w = json_writer(&line, false);

	json_put_open(&w, NULL, '{');
	json_put_integer(&w, "v", 1);
	json_put_string(&w, "item", found->item);
	if (found->rests.verdict.has_in)
		json_put_hex(&w, "in_sha256", found->rests.verdict.in_sha256,
			     HASH_SIZE);
	json_put_hex(&w, "out_sha256", t->sha256, HASH_SIZE);
	json_put_string(&w, "output", output_word(found));
	put_input(&w, p, found->item);
	if (*found->released)
		json_put_string(&w, "released", found->released);
	put_word(&w, "verdict", &found->rests.verdict);
	put_word(&w, "second", &found->rests.second);
	json_put_close(&w);
	return json_print(&line, to);
}

static bool trace(struct project *p, struct tracing *t, bool in_words,
		  FILE *to, struct buffer *said, struct error *err)
{
	struct project_audit audit;

	t->memory = true;
	if (!project_audit_log(p, &audit, note_item, t, err) ||
	    (t->memory && t->count > 0 &&
	     !project_audit_log(p, &audit, follow_item, t, err)))
		return false;
	for (size_t i = 0; t->memory && i < t->count; i++) {
		t->memory = print_trail(p, t, &t->trail[i], to);
		if (in_words)
			say_trail(&t->trail[i], said);
	}
	if (!p->worklist && t->count > 0)
		buffer_puts(said, _("another suminuri has the project open: "
				    "the path of the input is left out\n"));
	if (!t->memory)
		return error_set(err, ERR_MEMORY, _("no memory"));
	if (audit.log.fault != LOG_OK)
		return error_set(err, ERR_CHECK, _("the log is not sound: run "
						   "`suminuri log check`"));
	return t->count > 0 ||
	       error_set(err, ERR_CHECK, _("this is no output of the "
					   "project"));
}

static bool hash_named(const char *path, uint8_t digest[HASH_SIZE],
		       struct error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	bool good;

	if (fd < 0)
		return error_set(err, ERR_USAGE, _("%s can't be read: %s"),
				 path, strerror(errno));
	good = hash_file(fd, digest, NULL, NULL, err);
	close(fd);
	return good;
}

bool trace_command(const char *out, const char *directory, bool in_words,
		   FILE *to, struct buffer *said, struct error *err)
{
	const struct project_options o = { .directory = directory,
					   .reading = true, .beside = true };
	struct tracing t = { .count = 0 };
	struct project *p;
	bool good;

	if (!hash_named(out, t.sha256, err))
		return false;
	p = project_open(&o, err);
	good = p && trace(p, &t, in_words, to, said, err);
	free(t.trail);
	project_abandon(p);
	return good;
}

/* ---- withdraw ---- */

/* The only row that the word names: an id, the start of one, an output. */
bool trace_row(struct project *p, const char *word, long long *row,
	       struct error *err)
{
	const long long count = worklist_count(p->worklist);
	uint8_t sha256[HASH_SIZE];
	const size_t length = strlen(word);
	const bool id = length >= ID_LEAST && length <= ID_DIGITS &&
			strspn(word, "0123456789abcdef") == length;
	struct worklist_item item;

	if (!id && !hash_named(word, sha256, err))
		return false;
	*row = 0;
	for (long long i = 1; i <= count; i++) {
		if (!worklist_get(p->worklist, i, &item, err))
			return false;
		bool named = id ? !strncmp(item.id, word, length) :
			     (item.output == OUTPUT_RELEASED ||
			      item.output == OUTPUT_STAGED) &&
			     !memcmp(item.out_sha256, sha256, HASH_SIZE);

		worklist_item_done(&item);
		if (named && *row)
			return error_set(err, ERR_USAGE, _("more than one item "
					 "is named by this: give its id"));
		if (named)
			*row = i;
	}
	return *row || error_set(err, ERR_USAGE, _("no item of the project is "
						   "named by this"));
}

static bool is_decided(enum item_state state)
{
	return state == ITEM_MASKED || state == ITEM_CLEAN ||
	       state == ITEM_WITHHELD || state == ITEM_ESCALATED;
}

bool trace_withdraw(struct project *p, struct worklist_item *item, int reason,
		    struct error *err)
{
	const struct verdict v = { .verdict = ITEM_WITHHELD, .reason = reason,
				   .active_ms = -1, .view_ms = -1 };

	if (item->state == ITEM_WITHHELD && item->output != OUTPUT_RELEASED)
		return true;
	return (!is_decided(item->state) ||
		project_reopen(p, item, reason, err)) &&
	       project_verdict(p, item, &v, err);
}

static int reason_number(const char *word)
{
	if (!word)
		word = "other";
	for (int i = 1; i < LOG_REASONS; i++)
		if (!strcmp(log_reason_name[i], word))
			return i;
	return 0;
}

static bool print_item(const struct worklist_item *item, FILE *to,
		       struct error *err)
{
	struct buffer line = { 0 };
	struct json_writer w = json_writer(&line, false);

	json_put_open(&w, NULL, '{');
	json_put_integer(&w, "v", 1);
	json_put_string(&w, "item", item->id);
	json_put_string(&w, "state", item_state_name[item->state]);
	json_put_string(&w, "output", output_state_name[item->output]);
	json_put_close(&w);
	return json_print(&line, to) ||
	       error_set(err, ERR_MEMORY, _("no memory"));
}

bool withdraw_command(const struct withdraw_options *o, FILE *to,
		      struct error *err)
{
	const struct project_options options = { .directory = o->directory,
						 .reviewer = o->reviewer };
	const int reason = reason_number(o->reason);
	struct worklist_item item;
	struct project *p;
	long long row;
	bool good;

	if (!reason)
		return error_set(err, ERR_USAGE, _("--reason: device anatomy "
				 "artefact phantom not-a-face misplaced "
				 "unreadable ask-physician other"));
	p = project_open(&options, err);
	if (!p)
		return false;
	good = trace_row(p, o->item, &row, err) &&
	       worklist_get(p->worklist, row, &item, err);
	if (good) {
		good = trace_withdraw(p, &item, reason, err) &&
		       print_item(&item, to, err);
		worklist_item_done(&item);
	}
	if (!project_close(p, good ? err : NULL))
		good = false;
	return good;
}

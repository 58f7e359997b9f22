/* ledger.c - the log's last word on each item. */
#include "config.h"

#include "record/ledger.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { FIRST_SLOTS = 1024 };

static size_t find_slot(const struct ledger *l, const uint8_t id[16])
{
	uint64_t hash;
	size_t i;

	/* ids are random: any eight bytes of them are a hash */
	memcpy(&hash, id, sizeof(hash));
	i = (size_t)(hash & (l->slots - 1));
	while (l->fact[i].used && memcmp(l->fact[i].id, id, 16))
		i = (i + 1) & (l->slots - 1);
	return i;
}

static bool grow(struct ledger *l)
{
	struct ledger bigger = { .slots = l->slots ? 2 * l->slots :
				 (size_t)FIRST_SLOTS, .used = l->used,
				 .unread = l->unread };

	bigger.fact = mem_array(bigger.slots, sizeof(*bigger.fact));
	if (!bigger.fact)
		return false;
	for (size_t i = 0; i < l->slots; i++)
		if (l->fact[i].used)
			bigger.fact[find_slot(&bigger, l->fact[i].id)] =
				l->fact[i];
	free(l->fact);
	*l = bigger;
	return true;
}

/* The fact of an id, made when there is none.  NULL: no memory. */
static struct fact *ledger_fact(struct ledger *l, const uint8_t id[16])
{
	size_t i;

	if (2 * l->used >= l->slots && !grow(l))
		return NULL;
	i = find_slot(l, id);
	if (!l->fact[i].used) {
		l->fact[i].used = true;
		memcpy(l->fact[i].id, id, 16);
		l->used++;
	}
	return &l->fact[i];
}

struct fact *ledger_find(struct ledger *l, const uint8_t id[16])
{
	size_t i = l->slots ? find_slot(l, id) : 0;

	return l->slots && l->fact[i].used ? &l->fact[i] : NULL;
}

static enum item_state verdict_state(const char *verdict)
{
	enum item_state state = ITEM_OPEN;

	for (int i = 0; i < ITEM_STATES; i++)
		if (!strcmp(item_state_name[i], verdict))
			state = (enum item_state)i;
	return state;
}

/* ---- second readers ---- */

bool second_satisfies(const struct second_word *word,
		      enum qualification least, bool uid)
{
	return word->seq && word->agrees && word->qualified >= least &&
	       (word->uid || !uid);
}

/* qual is a word of the scanner: there is a number. */
static void take_second(struct fact *f, const struct log_entry *e)
{
	if (!e->mode || strcmp(e->mode, "second") || !f->verdict_seq)
		return;
	f->second = (struct second_word){
		.seq = e->seq,
		.agrees = !strcmp(e->verdict, "clean") &&
			  strcmp(e->who, f->who) != 0,
		.qualified = (enum qualification)
			     qualification_number(e->qual),
		.uid = e->uid != f->uid,
	};
	memcpy(f->second.mask_sha256, e->mask_sha256, HASH_SIZE);
}

/* A release that begins: does what it says of a second reader hold? */
static void judge_release(struct ledger *l, const struct fact *f,
			  const struct log_entry *e)
{
	if (e->event == LOG_ITEM_RELEASE && e->second && !l->unread &&
	    !second_satisfies(&f->second,
			      (enum qualification)
			      qualification_number(e->second),
			      e->apart && !strcmp(e->apart, "uid")))
		l->unread = e->seq;
}

/* ---- decisions ---- */

static void take_decision(struct fact *f, const struct log_entry *e)
{
	if (e->refused)
		f->state = ITEM_REFUSED;
	if (e->event == LOG_ITEM_VERDICT) {
		f->state = verdict_state(e->verdict);
		f->verdict_seq = e->seq;
		memcpy(f->mask_sha256, e->mask_sha256, HASH_SIZE);
		f->output = OUTPUT_NONE;
		memcpy(f->who, e->who, sizeof(f->who));
		f->uid = e->uid;
		f->second = (struct second_word){ 0 };
	}
	if (e->event == LOG_ITEM_REOPEN) {
		f->second = (struct second_word){ 0 };
		f->state = ITEM_OPEN;
		f->output = e->phase ? OUTPUT_WITHDRAWN : OUTPUT_NONE;
	}
}

bool ledger_take(struct ledger *l, const struct log_entry *e)
{
	static const enum output_state done[LOG_EVENTS] = {
		[LOG_ITEM_OUTPUT] = OUTPUT_STAGED,
		[LOG_ITEM_RELEASE] = OUTPUT_RELEASED,
		[LOG_ITEM_WITHDRAW] = OUTPUT_WITHDRAWN,
	};
	uint8_t id[16];
	struct fact *f;

	/* a recover record may name an item too: it says nothing of it */
	if (e->event == LOG_RECOVER || !hash_from_hex(e->item, id, sizeof(id)))
		return true;
	f = ledger_fact(l, id);
	if (!f)
		return false;
	if (!f->first_seq)
		f->first_seq = e->seq;
	if (e->has_in) {
		f->has_in = true;
		memcpy(f->in_sha256, e->in_sha256, HASH_SIZE);
	}
	f->erased = f->erased || e->event == LOG_ERASE;
	take_decision(f, e);
	if (e->event == LOG_QA_VERDICT)
		take_second(f, e);
	judge_release(l, f, e);
	if (done[e->event] && e->phase && !strcmp(e->phase, "done")) {
		f->output = done[e->event];
		memcpy(f->out_sha256, e->out_sha256, HASH_SIZE);
	}
	return true;
}

void ledger_done(struct ledger *l)
{
	free(l->fact);
	*l = (struct ledger){ 0 };
}

int ledger_by_listing(const void *a, const void *b)
{
	const struct fact *x = *(const struct fact *const *)a;
	const struct fact *y = *(const struct fact *const *)b;

	return (x->first_seq > y->first_seq) - (x->first_seq < y->first_seq);
}

bool fact_has_output(const struct fact *f)
{
	return f->used && (f->output == OUTPUT_STAGED ||
			   f->output == OUTPUT_RELEASED);
}

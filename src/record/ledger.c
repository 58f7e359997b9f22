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
				 (size_t)FIRST_SLOTS, .used = l->used };

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

static void take_decision(struct fact *f, const struct log_entry *e)
{
	if (e->refused)
		f->state = ITEM_REFUSED;
	if (e->event == LOG_ITEM_VERDICT) {
		f->state = verdict_state(e->verdict);
		f->verdict_seq = e->seq;
		memcpy(f->mask_sha256, e->mask_sha256, HASH_SIZE);
		f->output = OUTPUT_NONE;
	}
	if (e->event == LOG_ITEM_REOPEN) {
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
	take_decision(f, e);
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

bool fact_has_output(const struct fact *f)
{
	return f->used && (f->output == OUTPUT_STAGED ||
			   f->output == OUTPUT_RELEASED);
}

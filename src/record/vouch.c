/* vouch.c - what the checkpoints of a log say of its records. */
#include "config.h"

#include "record/vouch.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "record/line.h"

static void find_fault(struct vouch *v, enum log_fault fault, long long line)
{
	if (v->fault != LOG_OK)
		return;
	v->fault = fault;
	v->line = line;
}

/* ---- keys ---- */

static struct vouch_key *present_key(struct vouch *v)
{
	struct vouch_key *last = v->keys > 0 ? &v->key[v->keys - 1] : NULL;

	return last && last->to == 0 ? last : NULL;
}

static void end_key(struct vouch *v, long long seq)
{
	struct vouch_key *key = present_key(v);

	if (key)
		key->to = seq;
	v->standing.has_key = false;
}

static void take_key(struct vouch *v, const struct log_entry *e)
{
	struct vouch_key key = { .from = e->seq };

	end_key(v, e->seq);
	if (e->event == LOG_KEY_RETIRE) {
		v->wanted = 0;
		return;
	}
	memcpy(key.public, e->key, SIGN_KEY);
	if (!mem_grow(&v->key, &v->capacity, v->keys, sizeof(*v->key))) {
		v->no_memory = true;
		return;
	}
	v->key[v->keys++] = key;
	memcpy(v->standing.key, e->key, SIGN_KEY);
	v->standing.has_key = true;
	v->standing.key_seq = e->seq;
	v->wanted = e->seq;
}

/*
 * Is it signed by a key that may sign a tree of this size?  size 0: by any
 * that the log names.
 */
static bool is_signed(struct vouch *v, const struct signed_checkpoint *s,
		      long long size)
{
	for (size_t i = 0; i < v->keys; i++) {
		struct vouch_key *k = &v->key[i];
		struct note_key key;

		if (size && (size < k->from || (k->to && size > k->to)))
			continue;
		if (!note_key_set(&key, v->origin, NOTE_ED25519, k->public)) {
			v->no_memory = true;
			return false;
		}
		if (strcmp(s->c.origin, v->origin) != 0 ||
		    note_judge(&s->note, &key, NULL) != NOTE_HOLDS)
			continue;
		k->signed_any = true;
		if (size && size == k->to && i + 1 < v->keys)
			v->key[i + 1].handed = v->key[i + 1].from == size;
		return true;
	}
	return false;
}

/* ---- checkpoints ---- */

/* Those of the tree that ends with this record. */
static void judge_size(struct vouch *v, long long size)
{
	uint8_t root[HASH_SIZE];

	if (v->next == v->list.count || v->list.item[v->next].c.size > size)
		return;
	if (!merkle_root(&v->standing.tree, v->hasher, root)) {
		v->no_memory = true;
		return;
	}
	for (; v->next < v->list.count && v->list.item[v->next].c.size <= size;
	     v->next++) {
		const struct signed_checkpoint *s = &v->list.item[v->next];

		if (!is_signed(v, s, size))
			find_fault(v, LOG_BADSIG, size);
		else if (memcmp(s->c.root, root, HASH_SIZE) != 0)
			find_fault(v, LOG_FORK, size);
		else
			v->standing.signed_size = size;
	}
}

/* Events that may stand before the first checkpoint of a session. */
static bool is_prelude(enum log_event event)
{
	return event == LOG_SESSION_OPEN || event == LOG_KEY_NEW ||
	       event == LOG_RECOVER || event == LOG_CLOCK_STEP;
}

/* A session that went on has signed: somebody removed that. */
static void look_for_wanted(struct vouch *v, const struct log_entry *e)
{
	if (!v->wanted || is_prelude(e->event))
		return;
	if (e->seq <= v->head && v->standing.signed_size < v->wanted)
		find_fault(v, LOG_BADSIG, e->seq);
	v->wanted = 0;
}

void vouch_take(struct vouch *v, const struct log_entry *e)
{
	struct log_standing *s = &v->standing;

	if (s->tree.size == 0) {
		memcpy(s->first, e->leaf, HASH_SIZE);
		checkpoint_origin(s->first, v->origin);
	}
	look_for_wanted(v, e);
	if (e->event == LOG_KEY_NEW || e->event == LOG_KEY_RETIRE)
		take_key(v, e);
	else if (e->event == LOG_SESSION_OPEN)
		v->wanted = present_key(v) ? e->seq : 0;
	else if (e->event == LOG_SESSION_CLOSE && present_key(v))
		v->wanted = LLONG_MAX;  /* nothing comes but a session.open */
	if (!merkle_add(&s->tree, v->hasher, e->leaf))
		v->no_memory = true;
	judge_size(v, s->tree.size);
}

void vouch_end(struct vouch *v)
{
	const long long size = v->standing.tree.size;

	bool more = false;

	for (size_t i = v->next; i < v->list.count; i++)
		more = is_signed(v, &v->list.item[i], 0) || more;
	if (v->next < v->list.count)
		find_fault(v, more ? LOG_ROLLBACK : LOG_BADSIG, size);
	if (v->list.damaged)
		find_fault(v, LOG_BADSIG, size);
}

bool vouch_begin(struct vouch *v, int dirfd, long long head,
		 struct error *err)
{
	*v = (struct vouch){ .head = head };
	v->hasher = hasher_new();
	if (!v->hasher)
		return error_set(err, ERR_MEMORY, _("no memory"));
	return checkpoints_read(dirfd, &v->list, err);
}

void vouch_done(struct vouch *v)
{
	checkpoints_done(&v->list);
	hasher_free(v->hasher);
	free(v->key);
	v->hasher = NULL;
	v->key = NULL;
}

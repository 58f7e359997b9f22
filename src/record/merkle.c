/* merkle.c - the Merkle tree over the leaf hashes of the log. */
#include "config.h"

#include "record/merkle.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* Hash of a node over two others: SHA-256(0x01, left, right).  result may be
 * one of them. */
static bool join(struct hasher *h, const uint8_t left[HASH_SIZE],
		 const uint8_t right[HASH_SIZE], uint8_t result[HASH_SIZE])
{
	uint8_t both[1 + 2 * HASH_SIZE] = { 0x01 };

	memcpy(both + 1, left, HASH_SIZE);
	memcpy(both + 1 + HASH_SIZE, right, HASH_SIZE);
	hasher_add(h, both, sizeof(both));
	return hasher_end(h, result);
}

bool merkle_add(struct merkle *m, struct hasher *h,
		const uint8_t leaf[HASH_SIZE])
{
	uint8_t hash[HASH_SIZE];
	int k = 0;

	memcpy(hash, leaf, HASH_SIZE);
	for (; m->size >> k & 1; k++)
		if (!join(h, m->node[k], hash, hash))
			return false;
	memcpy(m->node[k], hash, HASH_SIZE);
	m->size++;
	return true;
}

bool merkle_root(const struct merkle *m, struct hasher *h,
		 uint8_t root[HASH_SIZE])
{
	bool any = false;

	if (m->size == 0)
		return hasher_end(h, root);     /* SHA-256 of nothing */
	for (int k = 0; k < MERKLE_LEVELS; k++) {
		if (!(m->size >> k & 1))
			continue;
		if (!any)
			memcpy(root, m->node[k], HASH_SIZE);
		else if (!join(h, m->node[k], root, root))
			return false;
		any = true;
	}
	return true;
}

/* ---- the whole tree ---- */

bool merkle_tree_add(struct merkle_tree *t, const uint8_t leaf[HASH_SIZE])
{
	uint8_t hash[HASH_SIZE];

	if (!t->hasher)
		t->hasher = hasher_new();
	if (!t->hasher)
		return false;
	memcpy(hash, leaf, HASH_SIZE);
	for (int k = 0;; k++) {
		if (!mem_grow(&t->level[k].hash, &t->level[k].capacity,
			      t->level[k].count, HASH_SIZE))
			return false;
		memcpy(t->level[k].hash[t->level[k].count++], hash, HASH_SIZE);
		if (t->level[k].count % 2)
			break;
		if (!join(t->hasher,
			  t->level[k].hash[t->level[k].count - 2], hash,
			  hash))
			return false;
	}
	t->size++;
	return true;
}

void merkle_tree_done(struct merkle_tree *t)
{
	for (int k = 0; k < MERKLE_LEVELS; k++)
		free(t->level[k].hash);
	hasher_free(t->hasher);
	*t = (struct merkle_tree){ 0 };
}

/* The largest power of two below count, as its exponent; count >= 2. */
static int split_level(size_t count)
{
	int k = 0;

	while ((size_t)2 << k < count)
		k++;
	return k;
}

/*
 * Root of count leaves from begin, which is a multiple of the power of two at
 * or above count: full subtrees from the left, joined from the right.
 */
static bool subtree(const struct merkle_tree *t, size_t begin, size_t count,
		    uint8_t root[HASH_SIZE])
{
	bool any = false;

	for (int k = 0; k < MERKLE_LEVELS; k++) {
		size_t rest = count & (((size_t)2 << k) - 1);
		const uint8_t *node;

		if (!(count >> k & 1))
			continue;
		/* the subtree of this bit ends where the smaller ones begin */
		node = t->level[k].hash[(begin + count - rest) >> k];
		if (!any)
			memcpy(root, node, HASH_SIZE);
		else if (!join(t->hasher, node, root, root))
			return false;
		any = true;
	}
	return any;
}

static void turn_round(struct merkle_proof *proof)
{
	uint8_t kept[HASH_SIZE];

	for (int i = 0; i < proof->count / 2; i++) {
		uint8_t *other = proof->hash[proof->count - 1 - i];

		memcpy(kept, proof->hash[i], HASH_SIZE);
		memcpy(proof->hash[i], other, HASH_SIZE);
		memcpy(other, kept, HASH_SIZE);
	}
}

bool merkle_include(const struct merkle_tree *t, size_t index,
		    struct merkle_proof *proof)
{
	size_t begin = 0, count = t->size;

	proof->count = 0;
	while (count > 1) {
		size_t left = (size_t)1 << split_level(count);
		uint8_t *to = proof->hash[proof->count++];

		if (index - begin < left) {
			if (!subtree(t, begin + left, count - left, to))
				return false;
			count = left;
		} else {
			if (!subtree(t, begin, left, to))
				return false;
			begin += left;
			count -= left;
		}
	}
	turn_round(proof);
	return index < t->size;
}

bool merkle_extend(const struct merkle_tree *t, size_t size,
		   struct merkle_proof *proof)
{
	size_t begin = 0, count = t->size, part = size;
	bool known = true;              /* the subtree is the old tree itself */

	proof->count = 0;
	if (size == 0)
		return true;
	while (part < count) {
		size_t left = (size_t)1 << split_level(count);
		uint8_t *to = proof->hash[proof->count++];

		if (part <= left) {
			if (!subtree(t, begin + left, count - left, to))
				return false;
			count = left;
		} else {
			if (!subtree(t, begin, left, to))
				return false;
			begin += left;
			count -= left;
			part -= left;
			known = false;
		}
	}
	if (!known && !subtree(t, begin, count, proof->hash[proof->count++]))
		return false;
	turn_round(proof);
	return size <= t->size;
}

/* ---- checks ---- */

bool merkle_included(struct hasher *h, long long index, long long size,
		     const uint8_t leaf[HASH_SIZE],
		     const struct merkle_proof *proof,
		     const uint8_t root[HASH_SIZE])
{
	long long fn = index, sn = size - 1;
	uint8_t hash[HASH_SIZE];

	if (index < 0 || index >= size)
		return false;
	memcpy(hash, leaf, HASH_SIZE);
	for (int i = 0; i < proof->count; i++) {
		bool right = fn % 2 || fn == sn;

		if (sn == 0 ||
		    !(right ? join(h, proof->hash[i], hash, hash) :
			      join(h, hash, proof->hash[i], hash)))
			return false;
		for (; right && fn % 2 == 0 && fn > 0; fn >>= 1)
			sn >>= 1;
		fn >>= 1;
		sn >>= 1;
	}
	return sn == 0 && !memcmp(hash, root, HASH_SIZE);
}

/* The steps of RFC 9162 2.1.4.2 from 5 on: fn and sn are shifted already. */
static bool climb(struct hasher *h, long long fn, long long sn,
		  const struct merkle_proof *proof, int from,
		  const uint8_t first[HASH_SIZE], uint8_t fr[HASH_SIZE],
		  uint8_t sr[HASH_SIZE])
{
	memcpy(fr, first, HASH_SIZE);
	memcpy(sr, first, HASH_SIZE);
	for (int i = from; i < proof->count; i++) {
		const uint8_t *c = proof->hash[i];

		if (sn == 0)
			return false;
		if (fn % 2 || fn == sn) {
			if (!join(h, c, fr, fr) || !join(h, c, sr, sr))
				return false;
			for (; fn % 2 == 0 && fn > 0; fn >>= 1)
				sn >>= 1;
		} else if (!join(h, sr, c, sr)) {
			return false;
		}
		fn >>= 1;
		sn >>= 1;
	}
	return sn == 0;
}

bool merkle_extended(struct hasher *h, long long old,
		     const uint8_t old_root[HASH_SIZE], long long now,
		     const uint8_t root[HASH_SIZE],
		     const struct merkle_proof *proof)
{
	long long fn = old - 1, sn = now - 1;
	uint8_t fr[HASH_SIZE], sr[HASH_SIZE];
	const uint8_t *first = old_root;
	int from = 0;

	if (old < 0 || old > now || (old == 0 && proof->count))
		return false;
	if (old == 0)
		return true;
	if (old == now)
		return proof->count == 0 && !memcmp(old_root, root, HASH_SIZE);
	for (; fn % 2; fn >>= 1)
		sn >>= 1;
	/* an old tree that is a full subtree is not in the proof: fn is 0 */
	if (fn > 0) {
		if (proof->count == 0)
			return false;
		first = proof->hash[from++];
	}
	return climb(h, fn, sn, proof, from, first, fr, sr) &&
	       !memcmp(fr, old_root, HASH_SIZE) &&
	       !memcmp(sr, root, HASH_SIZE);
}

/*
 * merkle.h - the Merkle tree of RFC 6962 section 2.1 (RFC 9162 section 2.1)
 * over the leaf hashes of the log: a running one that keeps one hash a level,
 * a whole one that gives proofs, and the checks of proofs.  Knows no files.
 */
#ifndef SUMI_MERKLE_H
#define SUMI_MERKLE_H

#include "base/hash.h"

enum { MERKLE_LEVELS = 53 };            /* sizes up to 2^53 - 1 */

/* A growing tree.  Zeros: an empty one. */
struct merkle {
	long long size;                 /* leaves */
	/* [k]: root of the 2^k leaves that bit k of size stands for */
	uint8_t node[MERKLE_LEVELS][HASH_SIZE];
};

/* A failure to hash is remembered by h: see hasher_end(). */
HASH_CHECKED bool merkle_add(struct merkle *m, struct hasher *h,
			     const uint8_t leaf[HASH_SIZE]);
HASH_CHECKED bool merkle_root(const struct merkle *m, struct hasher *h,
			      uint8_t root[HASH_SIZE]);

/* A tree with all its full subtrees: 64 bytes a leaf. */
struct merkle_tree {
	size_t size;
	struct {
		uint8_t (*hash)[HASH_SIZE];
		size_t count, capacity;
	} level[MERKLE_LEVELS];
	struct hasher *hasher;          /* own */
};

/* Zeros, then merkle_tree_add() for each leaf.  False: no memory. */
HASH_CHECKED bool merkle_tree_add(struct merkle_tree *t,
				  const uint8_t leaf[HASH_SIZE]);
void merkle_tree_done(struct merkle_tree *t);

struct merkle_proof {
	int count;
	uint8_t hash[2 * MERKLE_LEVELS][HASH_SIZE];
};

/* That the leaf of this index is in the tree (RFC 9162 2.1.3.1). */
HASH_CHECKED bool merkle_include(const struct merkle_tree *t, size_t index,
				 struct merkle_proof *proof);
/* That the first `size` leaves are those of a tree of that size: 1 .. t->size
 * (RFC 9162 2.1.4.1).  Of size 0 the proof is empty. */
HASH_CHECKED bool merkle_extend(const struct merkle_tree *t, size_t size,
				struct merkle_proof *proof);

/* RFC 9162 2.1.3.2: does the proof lead from the leaf to the root? */
HASH_CHECKED bool merkle_included(struct hasher *h, long long index,
				  long long size,
				  const uint8_t leaf[HASH_SIZE],
				  const struct merkle_proof *proof,
				  const uint8_t root[HASH_SIZE]);
/* RFC 9162 2.1.4.2: is the tree of `now` leaves the one of `old` leaves and
 * more?  old 0 is the beginning of every tree. */
HASH_CHECKED bool merkle_extended(struct hasher *h, long long old,
				  const uint8_t old_root[HASH_SIZE],
				  long long now,
				  const uint8_t root[HASH_SIZE],
				  const struct merkle_proof *proof);
#endif

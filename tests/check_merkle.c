/* check_merkle.c - the Merkle tree: vectors, proofs of all small trees, and
 * that no wrong proof holds. */
#include "config.h"

#include "record/merkle.h"

#include <stdio.h>
#include <string.h>

#include "tests/support.h"

enum { MOST = 40 };

/* The leaves of the Certificate Transparency reference tests (RFC 6962). */
static const struct {
	const char *data;
	size_t length;
	const char *root;               /* of the leaves up to this one */
} classic[] = {
	{ "", 0, "6e340b9cffb37a989ca544e6bb780a2c"
		 "78901d3fb33738768511a30617afa01d" },
	{ "\0", 1, "fac54203e7cc696cf0dfcb42c92a1d9d"
		   "baf70ad9e621f4bd8d98662f00e3c125" },
	{ "\x10", 1, "aeb6bcfe274b70a14fb067a5e5578264"
		     "db0fa9b51af5e0ba159158f329e06e77" },
	{ "\x20\x21", 2, "d37ee418976dd95753c1c73862b9398f"
			 "a2a2cf9b4ff0fdfe8b30cd95209614b7" },
	{ "\x30\x31", 2, "4e3bbb1f7b478dcfe71fb631631519a3"
			 "bca12c9aefca1612bfce4c13a86264d4" },
	{ "\x40\x41\x42\x43", 4, "76e67dadbcdf1e10e1b74ddc608abd2f"
				 "98dfb16fbce75277b5232a127f2087ef" },
	{ "\x50\x51\x52\x53\x54\x55\x56\x57", 8,
	  "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c" },
	{ "\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
	  16,
	  "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328" },
};

static const char empty_root[] =
	"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/* Their inclusion proofs and consistency proofs in the tree of eight, as RFC
 * 9162 section 2.1.5 composes them for the first of the eight. */
static const char *const first_of_eight[] = {
	"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
	"5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
	"6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
};

static struct hasher *h;
static struct merkle_tree tree;
static struct merkle running;
/* of the leaves so far, by size */
static uint8_t leaf[MOST][HASH_SIZE], root[MOST + 1][HASH_SIZE];

static void add(const void *data, size_t length)
{
	uint8_t *to = leaf[running.size];

	hasher_add(h, "", 1);
	hasher_add(h, data, length);
	ck_assert(hasher_end(h, to));
	ck_assert(merkle_add(&running, h, to));
	ck_assert(merkle_tree_add(&tree, to));
	ck_assert(merkle_root(&running, h, root[running.size]));
}

static void setup(void)
{
	h = hasher_new();
	tree = (struct merkle_tree){ 0 };
	running = (struct merkle){ 0 };
	ck_assert(merkle_root(&running, h, root[0]));
}

static void teardown(void)
{
	merkle_tree_done(&tree);
	hasher_free(h);
}

static void is_hex(const uint8_t hash[HASH_SIZE], const char *wanted)
{
	char hex[HASH_HEX];

	hash_hex(hash, HASH_SIZE, hex);
	ck_assert_str_eq(hex, wanted);
}

START_TEST(classic_roots)
{
	struct merkle_proof proof;

	is_hex(root[0], empty_root);
	for (size_t i = 0; i < ARRAY_LENGTH(classic); i++) {
		add(classic[i].data, classic[i].length);
		is_hex(root[i + 1], classic[i].root);
	}
	ck_assert(merkle_include(&tree, 0, &proof));
	ck_assert_int_eq(proof.count, (int)ARRAY_LENGTH(first_of_eight));
	for (int i = 0; i < proof.count; i++)
		is_hex(proof.hash[i], first_of_eight[i]);
	/* of 1 in 8 it is the same path (RFC 9162 2.1.4.1) */
	ck_assert(merkle_extend(&tree, 1, &proof));
	ck_assert_int_eq(proof.count, (int)ARRAY_LENGTH(first_of_eight));
	for (int i = 0; i < proof.count; i++)
		is_hex(proof.hash[i], first_of_eight[i]);
}
END_TEST

/* The three records of check_log.c. */
START_TEST(three_records)
{
	static const char *const leaves[] = {
		"ee93ff46fa72d0e6344e1c4ab832566501ac3213930e1c096280f8e3a2b4"
		"d19a",
		"a602e690488d3d58cf6dae1dc87344c256a60c8b470a18e91bcb468d3207"
		"933e",
		"9a2ea900559fa09ee064660856ccff925b44f7f5cb675ed97fc0e452ff90"
		"ce05",
	};
	static const char *const roots[] = {
		NULL,
		"3ea0b2903e1a87fe6f92ea3a909af416879815cef14cbdfc06cddab1a65e"
		"fd7e",
		"5dc6839eacf7e9baab0e1ee86da951aeeaa6ebcdd627c79b6885a76e4740"
		"f567",
	};
	uint8_t got[HASH_SIZE], one[HASH_SIZE];

	for (int i = 0; i < 3; i++) {
		ck_assert(hash_from_hex(leaves[i], one, HASH_SIZE));
		ck_assert(merkle_add(&running, h, one));
		ck_assert(merkle_root(&running, h, got));
		if (roots[i])
			is_hex(got, roots[i]);
	}
}
END_TEST

/* Trees of every size up to MOST. */
static void grow_to(int size)
{
	for (int i = (int)running.size; i < size; i++)
		add(&i, sizeof(i));
}

START_TEST(every_inclusion)
{
	struct merkle_proof proof;

	for (int size = 1; size <= MOST; size++) {
		grow_to(size);
		for (int i = 0; i < size; i++) {
			ck_assert(merkle_include(&tree, (size_t)i, &proof));
			ck_assert(merkle_included(h, i, size, leaf[i], &proof,
						  root[size]));
			/* no other place, size, leaf or root */
			for (int k = 0; k <= size; k++)
				ck_assert(k == i ||
					  !merkle_included(h, k, size, leaf[i],
							   &proof,
							   root[size]));
			ck_assert(!merkle_included(h, i, size + 1, leaf[i],
						   &proof, root[size - 1]));
			ck_assert(!merkle_included(h, i, size,
						   leaf[(i + 1) % MOST],
						   &proof, root[size]));
			ck_assert(!merkle_included(h, i, size, leaf[i],
						   &proof, root[size - 1]));
			for (int k = 0; k < proof.count; k++) {
				proof.hash[k][k % HASH_SIZE] ^= 1;
				ck_assert(!merkle_included(h, i, size, leaf[i],
							   &proof,
							   root[size]));
				proof.hash[k][k % HASH_SIZE] ^= 1;
			}
			proof.count++;
			ck_assert(!merkle_included(h, i, size, leaf[i],
						   &proof, root[size]));
			proof.count -= 2;
			if (proof.count >= 0)
				ck_assert(!merkle_included(h, i, size, leaf[i],
							   &proof,
							   root[size]));
		}
		ck_assert(!merkle_include(&tree, (size_t)size, &proof));
	}
}
END_TEST

START_TEST(every_extension)
{
	struct merkle_proof proof;

	for (int size = 1; size <= MOST; size++) {
		grow_to(size);
		for (int old = 0; old <= size; old++) {
			ck_assert(merkle_extend(&tree, (size_t)old, &proof));
			ck_assert_msg(merkle_extended(h, old, root[old], size,
						      root[size], &proof),
				      "%d of %d", old, size);
			if (old == 0)
				continue;
			ck_assert(!merkle_extended(h, old, root[old - 1], size,
						   root[size], &proof));
			ck_assert(!merkle_extended(h, old, root[old], size,
						   root[size - 1], &proof));
			for (int k = 0; k < proof.count; k++) {
				proof.hash[k][k % HASH_SIZE] ^= 1;
				ck_assert(!merkle_extended(h, old, root[old],
							   size, root[size],
							   &proof));
				proof.hash[k][k % HASH_SIZE] ^= 1;
			}
			proof.count++;
			ck_assert(!merkle_extended(h, old, root[old], size,
						   root[size], &proof));
		}
		ck_assert(!merkle_extend(&tree, (size_t)size + 1, &proof));
		/* never back */
		ck_assert(!merkle_extended(h, size, root[size], size - 1,
					   root[size - 1],
					   &(struct merkle_proof){ 0 }));
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("merkle");
	TCase *c = tcase_create("merkle");

	tcase_add_checked_fixture(c, setup, teardown);
	tcase_add_test(c, classic_roots);
	tcase_add_test(c, three_records);
	tcase_add_test(c, every_inclusion);
	tcase_add_test(c, every_extension);
	suite_add_tcase(s, c);
	return support_run(s);
}

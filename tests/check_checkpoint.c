/*
 * check_checkpoint.c - Ed25519, signed notes, checkpoints of a log: what is
 * written when, that a kill costs nothing, and that each way to change a whole
 * log is named.
 */
#include "config.h"

#include "record/checkpoints.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/base64.h"
#include "record/chain.h"
#include "record/line.h"
#include "tests/scratch.h"
#include "tests/support.h"

enum { MANY = 200 };

#define SEGMENT "00000001.jsonl"

static char dir[SCRATCH_PATH];
static int dirfd;
static const uint8_t secret_a[SIGN_KEY] = { 1, 2, 3 };
static const uint8_t secret_b[SIGN_KEY] = { 9, 8, 7 };

static void setup(void)
{
	scratch_new(dir);
	dirfd = open(dir, O_RDONLY | O_DIRECTORY);
	ck_assert_int_ge(dirfd, 0);
}

static void teardown(void)
{
	close(dirfd);
	scratch_done(dir);
}

/* ---- base64, Ed25519, notes ---- */

/* RFC 4648 section 10, and what is not the one form of something. */
static const struct {
	const char *text, *bytes;       /* NULL: refused */
} base64[] = {
	{ "", "" }, { "Zg==", "f" }, { "Zm8=", "fo" }, { "Zm9v", "foo" },
	{ "Zm9vYg==", "foob" }, { "Zm9vYmE=", "fooba" },
	{ "Zm9vYmFy", "foobar" }, { "Zg", NULL }, { "Zg=", NULL },
	{ "Zh==", NULL }, { "Zm9=", NULL }, { "=Zg=", NULL }, { "Z===", NULL },
	{ "Zg==Zg==", NULL }, { "Zm9v\n", NULL }, { "Zm-v", NULL },
	{ "Zm9vYmFyZm9v", NULL },       /* 9 bytes: too many */
};

START_TEST(base64_both_ways)
{
	struct buffer out = { 0 };
	uint8_t bytes[8];
	long got = base64_get(base64[_i].text, strlen(base64[_i].text), bytes,
			      sizeof(bytes));

	if (!base64[_i].bytes) {
		ck_assert_int_eq(got, -1);
		return;
	}
	ck_assert_int_eq(got, (long)strlen(base64[_i].bytes));
	ck_assert_mem_eq(bytes, base64[_i].bytes, (size_t)got);
	base64_put(&out, bytes, (size_t)got);
	ck_assert_str_eq(out.data ? out.data : "", base64[_i].text);
	buffer_done(&out);
}
END_TEST

/* RFC 8032 section 7.1, TEST 1 to 3. */
static const struct {
	const char *secret, *public, *message, *signature;
} signatures[] = {
	{ "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
	  "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
	  "",
	  "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
	  "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b" },
	{ "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
	  "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
	  "72",
	  "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
	  "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00" },
	{ "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
	  "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
	  "af82",
	  "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
	  "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a" },
};

START_TEST(ed25519_vectors)
{
	uint8_t secret[SIGN_KEY], public[SIGN_KEY], wanted[SIGN_KEY],
		message[2], signature[SIGN_SIZE], sound[SIGN_SIZE];
	size_t length = strlen(signatures[_i].message) / 2;

	ck_assert(hash_from_hex(signatures[_i].secret, secret, SIGN_KEY));
	ck_assert(hash_from_hex(signatures[_i].public, wanted, SIGN_KEY));
	ck_assert(hash_from_hex(signatures[_i].message, message, length));
	ck_assert(hash_from_hex(signatures[_i].signature, sound, SIGN_SIZE));
	ck_assert(sign_public(secret, public));
	ck_assert_mem_eq(public, wanted, SIGN_KEY);
	ck_assert(sign_make(secret, message, length, signature));
	ck_assert_mem_eq(signature, sound, SIGN_SIZE);
	ck_assert(sign_holds(public, message, length, signature));
	for (int i = 0; i < SIGN_SIZE; i++) {
		signature[i] ^= 1;
		ck_assert(!sign_holds(public, message, length, signature));
		signature[i] ^= 1;
	}
	ck_assert(!sign_holds(public, "xyz", 3, signature));
}
END_TEST

/* The example of C2SP signed-note: key, text and signature. */
static const char example_key[] =
	"PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/"
	"LDE4izWy10TW";
static const char example_note[] =
	"If you think cryptography is the answer to your problem,\n"
	"then you don't know what your problem is.\n"
	"\n"
	"\xE2\x80\x94 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcEl"
	"ZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

START_TEST(note_example)
{
	struct buffer again = { 0 };
	struct note_key key;
	struct note note;
	size_t length = strlen(example_note);
	char text[sizeof(example_note)];

	ck_assert(note_key_parse(example_key, strlen(example_key), &key));
	note_key_print(&key, &again);
	ck_assert_str_eq(again.data, example_key);
	buffer_done(&again);
	ck_assert(note_parse(example_note, length, &note));
	ck_assert_uint_eq(note.length, length);
	ck_assert_int_eq(note_judge(&note, &key, NULL), NOTE_HOLDS);
	for (size_t i = 0; i < length; i++) {
		memcpy(text, example_note, sizeof(text));
		text[i] ^= 1;
		ck_assert_msg(!note_parse(text, length, &note) ||
			      note_judge(&note, &key, NULL) != NOTE_HOLDS,
			      "byte %zu", i);
	}
}
END_TEST

static const char *const bad_keys[] = {
	"", "a", "a+b+c", "PeterNeumann+c74f20a3",
	"PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
	"PeterNeumanm+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
	"PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10Q=",
	"Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
	"+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
};

START_TEST(note_bad_key)
{
	struct note_key key;

	ck_assert(!note_key_parse(bad_keys[_i], strlen(bad_keys[_i]), &key));
}
END_TEST

/* A cosignature signs its time too. */
START_TEST(cosignature)
{
	static const char text[] = "log.example/7\n3\n"
		"XcaDnqz36bqrDh7obalRruqm683WJ8ebaIWnbkdA9Wc=\n";
	struct buffer out = { 0 };
	uint8_t public[SIGN_KEY];
	struct note_signature s;
	struct note_key key;
	struct note note;
	long long t = 0;

	ck_assert(sign_public(secret_a, public));
	ck_assert(note_key_set(&key, "ward-7", NOTE_COSIGNATURE, public));
	buffer_printf(&out, "%s\n", text);
	ck_assert(note_sign(&out, &key, secret_a, text, strlen(text),
			    1793321000));
	ck_assert(note_parse(out.data, out.length, &note));
	ck_assert_int_eq(note_judge(&note, &key, &t), NOTE_HOLDS);
	ck_assert_int_eq(t, 1793321000);
	ck_assert(note_signature_parse(note.signatures,
				       note.signatures_length - 1, &s));
	ck_assert_uint_eq(s.size, 8 + SIGN_SIZE);
	ck_assert_str_eq(s.name, "ward-7");
	/* the same key as one that signs texts has another id */
	ck_assert(note_key_set(&key, "ward-7", NOTE_ED25519, public));
	ck_assert_int_eq(note_judge(&note, &key, NULL), NOTE_UNKNOWN);
	buffer_done(&out);
}
END_TEST

static const struct {
	const char *text;
	bool good;
} checkpoints[] = {
	{ "a/b\n3\nXcaDnqz36bqrDh7obalRruqm683WJ8ebaIWnbkdA9Wc=\n", true },
	{ "a/b\n0\nXcaDnqz36bqrDh7obalRruqm683WJ8ebaIWnbkdA9Wc=\n", true },
	{ "a/b\n03\nXcaDnqz36bqrDh7obalRruqm683WJ8ebaIWnbkdA9Wc=\n", false },
	{ "a/b\n-3\nXcaDnqz36bqrDh7obalRruqm683WJ8ebaIWnbkdA9Wc=\n", false },
	{ "a/b\n\nXcaDnqz36bqrDh7obalRruqm683WJ8ebaIWnbkdA9Wc=\n", false },
	{ "a b\n3\nXcaDnqz36bqrDh7obalRruqm683WJ8ebaIWnbkdA9Wc=\n", false },
	{ "\n3\nXcaDnqz36bqrDh7obalRruqm683WJ8ebaIWnbkdA9Wc=\n", false },
	{ "a/b\n3\nXcaDnqz36bqrDh7obalRruqm683WJ8ebaIWnbkdA9Wc\n", false },
	{ "a/b\n3\nXcaDnqz36bqrDh7obalRruqm683WJ8ebaIWnbkdA9Wc=", false },
	{ "a/b\n3\nXcaDnqz36bqrDh7obalRruqm683WJ8ebaIWnbkdA9Wc=\nmore\n",
	  false },
	{ "a/b\n9007199254740992\nXcaDnqz36bqrDh7obalRruqm683WJ8ebaIWnbkdA9W"
	  "c=\n", false },
};

START_TEST(checkpoint_form)
{
	const char *text = checkpoints[_i].text;
	struct buffer out = { 0 };
	struct checkpoint c, again;

	ck_assert(checkpoint_parse(text, strlen(text), &c) ==
		  checkpoints[_i].good);
	if (!checkpoints[_i].good)
		return;
	checkpoint_print(&c, &out);
	ck_assert_str_eq(out.data, text);
	buffer_clear(&out);
	checkpoint_print_line(&c, &out);
	ck_assert(checkpoint_parse_line(out.data, out.length, &again));
	ck_assert_mem_eq(&c, &again, sizeof(c));
	buffer_done(&out);
}
END_TEST

/* ---- logs that are signed ---- */

static struct log_who who_with(const uint8_t *secret)
{
	return (struct log_who){
		.reviewer = "r-7f3a", .role = "reviewer", .host = "test",
		.policy = "0123456789abcdef", .test_clock = true,
		.test_seed = 7, .secret = secret,
	};
}

static struct log *start(const uint8_t *secret)
{
	struct log_who who = who_with(secret);
	struct error err = { 0 };
	struct log *log = log_open(dirfd, &who, &err);

	ck_assert_msg(log != NULL, "%s", err.text);
	return log;
}

static bool append(struct log *log, int n)
{
	struct log_record r = LOG_RECORD_EMPTY;
	char item[33];

	snprintf(item, sizeof(item), "%032x", (unsigned)n);
	r.item = item;
	r.verdict = n % 3 ? "masked" : "clean";
	return log_append(log, LOG_ITEM_VERDICT, &r, NULL, NULL);
}

/* A session of `records` records, all counted. */
static void session(const uint8_t *secret, int records)
{
	struct log *log = start(secret);

	for (int i = 2; i < records; i++)
		ck_assert(append(log, i));
	ck_assert(log_close(log, NULL));
}

static struct log_check check(void)
{
	struct log_check result;
	struct error err = { 0 };

	ck_assert_msg(log_check(dirfd, &result, NULL, NULL, &err), "%s",
		      err.text);
	return result;
}

static void expect(enum log_fault fault, const char *what)
{
	struct log_check found = check();

	ck_assert_msg(found.fault == fault, "%s: %s at %lld", what,
		      log_fault_name[found.fault], found.line);
}

/* How many checkpoints there are, and the sizes of the first and last. */
static size_t count_checkpoints(long long *first, long long *last)
{
	struct checkpoints list;
	size_t count;

	ck_assert(checkpoints_read(dirfd, &list, NULL));
	ck_assert(!list.damaged);
	count = list.count;
	*first = count ? list.item[0].c.size : 0;
	*last = count ? list.item[count - 1].c.size : 0;
	checkpoints_done(&list);
	return count;
}

/* The tests' own reading of a log: RFC 6962 over its lines. */
static void root_of_lines(const char *text, size_t length,
			  uint8_t root[HASH_SIZE])
{
	struct hasher *h = hasher_new();
	struct merkle m = { 0 };

	for (size_t at = 0; at < length;) {
		size_t line = strcspn(text + at, "\n");
		uint8_t leaf[HASH_SIZE];

		ck_assert(line_leaf(h, text + at, line, leaf));
		ck_assert(merkle_add(&m, h, leaf));
		at += line + 1;
	}
	ck_assert(merkle_root(&m, h, root));
	hasher_free(h);
}

/* At the begin and the end of a session; what is signed is the tree. */
START_TEST(signed_at_both_ends)
{
	struct checkpoints list;
	uint8_t root[HASH_SIZE];
	long long first, last;
	size_t length;
	char *text;

	session(secret_a, 20);
	/* one of session.open and key.new, one of all; and the latest again */
	ck_assert_uint_eq(count_checkpoints(&first, &last), 3);
	ck_assert_int_eq(first, 2);
	ck_assert_int_eq(last, 21);
	expect(LOG_OK, "sound");
	text = scratch_read(dir, SEGMENT, &length);
	root_of_lines(text, length, root);
	ck_assert(checkpoints_read(dirfd, &list, NULL));
	ck_assert_mem_eq(list.item[2].c.root, root, HASH_SIZE);
	checkpoints_done(&list);
	free(text);
	session(secret_a, 20);
	ck_assert_uint_eq(count_checkpoints(&first, &last), 5);
	ck_assert_int_eq(last, 41);
	ck_assert_int_eq(check().standing.signed_size, 41);
}
END_TEST

/* 256 records in a second each: signed after 256 of them, not after 300 s. */
START_TEST(signed_in_between)
{
	struct log *log = start(secret_a);
	long long first, last;

	for (int i = 1; i < 256; i++)
		ck_assert(append(log, i));
	count_checkpoints(&first, &last);
	ck_assert_int_eq(last, 2);
	ck_assert(append(log, 256));
	count_checkpoints(&first, &last);
	ck_assert_int_eq(last, 258);
	/* a bundle is signed whole */
	ck_assert(log_begin(log, 400, NULL));
	for (int i = 0; i < 400; i++)
		ck_assert(append(log, i));
	count_checkpoints(&first, &last);
	ck_assert_int_eq(last, 258);
	ck_assert(log_commit(log, NULL));
	count_checkpoints(&first, &last);
	ck_assert_int_eq(last, 658);
	log_abandon(log);
	expect(LOG_OK, "killed");
}
END_TEST

/* A kill takes the newest checkpoints along, or half of one: no fault, and
 * the next session signs all.  Cut at every byte. */
START_TEST(kill_costs_nothing)
{
	size_t length, kept, latest;
	char *text, *one, *log_text, *head;
	size_t log_length, head_length;
	struct log *log;

	log = start(secret_a);
	text = scratch_read(dir, "checkpoints.txt", &kept);
	free(text);
	one = scratch_read(dir, "checkpoint", &latest);
	for (int i = 1; i <= 256; i++)
		ck_assert(append(log, i));
	log_abandon(log);
	text = scratch_read(dir, "checkpoints.txt", &length);
	log_text = scratch_read(dir, SEGMENT, &log_length);
	head = scratch_read(dir, "head", &head_length);
	ck_assert_uint_gt(length, kept + 100);
	for (size_t cut = kept; cut <= length; cut++) {
		long long first, last;

		scratch_write(dir, SEGMENT, log_text, log_length);
		scratch_write(dir, "head", head, head_length);
		scratch_write(dir, "checkpoints.txt", text, cut);
		scratch_write(dir, "checkpoint", one, latest);
		expect(LOG_OK, "cut checkpoints");
		session(secret_a, 3);
		expect(LOG_OK, "mended checkpoints");
		count_checkpoints(&first, &last);
		ck_assert_int_eq(last, 258 + 3);
	}
	free(text);
	free(one);
	free(log_text);
	free(head);
}
END_TEST

/* Every byte of both files, in two ways: a checkpoint that does not hold. */
START_TEST(every_byte_of_checkpoints)
{
	static const char *const files[] = { "checkpoints.txt", "checkpoint" };

	session(secret_a, 20);
	for (size_t f = 0; f < ARRAY_LENGTH(files); f++) {
		size_t length;
		char *text = scratch_read(dir, files[f], &length);

		for (size_t i = 0; i < 2 * length; i++) {
			const size_t at = i / 2;
			const char was = text[at];
			struct log_check found;

			text[at] = i % 2 ? was ^ 1 : was == '0' ? '1' : '0';
			scratch_write(dir, files[f], text, length);
			found = check();
			text[at] = was;
			/* the empty line at the end of all only parts them */
			if (f == 0 && at == length - 1)
				continue;
			ck_assert_msg(found.fault == LOG_BADSIG,
				      "%s byte %zu: %s", files[f], at,
				      log_fault_name[found.fault]);
		}
		scratch_write(dir, files[f], text, length);
		expect(LOG_OK, "put back");
		free(text);
	}
}
END_TEST

/* ---- whole-log attacks ---- */

/* The files of a log at one time. */
struct copy {
	char *text[4];
	size_t length[4];
};
static const char *const parts[4] = { SEGMENT, "head", "checkpoints.txt",
				      "checkpoint" };
enum { PART_LOG = 1, PART_HEAD = 2, PART_ALL = 4, PART_LATEST = 8 };

static struct copy take_copy(void)
{
	struct copy c;

	for (int i = 0; i < 4; i++)
		c.text[i] = scratch_read(dir, parts[i], &c.length[i]);
	return c;
}

/* Put the named parts back. */
static void put_copy(const struct copy *c, unsigned which)
{
	for (int i = 0; i < 4; i++)
		if (which >> i & 1U)
			scratch_write(dir, parts[i], c->text[i],
				      c->length[i]);
}

static void free_copy(struct copy *c)
{
	for (int i = 0; i < 4; i++)
		free(c->text[i]);
}

/*
 * An intruder without the key: change record k (0-based) and compute all that
 * needs no key anew, the chain and head.
 */
static void rewrite(int k)
{
	struct hasher *h = hasher_new();
	struct chain_head head = { .room = 1, .good = true };
	struct buffer out = { 0 };
	struct log_entry e;
	size_t length;
	char *text = scratch_read(dir, SEGMENT, &length);
	int n = 0;

	for (char *line = text; *line; n++) {
		size_t size = strcspn(line, "\n");

		ck_assert(line_parse(line, size, &e));
		if (n > k)
			memcpy(e.prev, head.leaf, HASH_SIZE);
		if (n == k)
			e.salt[0] = e.salt[0] == '0' ? '1' : '0';
		size_t start = out.length;

		line_print(&e, &out);
		ck_assert(line_leaf(h, out.data + start, out.length - start,
				    head.leaf));
		buffer_puts(&out, "\n");
		head.seq = e.seq;
		line += size + 1;
	}
	scratch_write(dir, SEGMENT, out.data, out.length);
	ck_assert(chain_head_write(dirfd, &head, NULL));
	buffer_done(&out);
	hasher_free(h);
	free(text);
}

/* Any of 200 records, the chain made anew: the checkpoints say so. */
START_TEST(chain_made_anew)
{
	struct copy sound;

	session(secret_a, MANY - 1);
	sound = take_copy();
	ck_assert_int_eq(check().records, MANY);
	for (int k = 0; k < MANY; k++) {
		struct log_check found;

		put_copy(&sound, PART_LOG | PART_HEAD);
		rewrite(k);
		found = check();
		/* the first two stand in the first checkpoint; another first
		   record is another log, of which nothing here is signed */
		ck_assert_msg(found.fault == (k ? LOG_FORK : LOG_BADSIG),
			      "%d: %s", k, log_fault_name[found.fault]);
		ck_assert_int_eq(found.line, k < 2 ? 2 : MANY);
	}
	free_copy(&sound);
}
END_TEST

/* Log and head put back; also when the latest checkpoint is forgotten. */
START_TEST(put_back)
{
	struct copy before, now;

	session(secret_a, 30);
	before = take_copy();
	session(secret_a, 40);
	now = take_copy();
	put_copy(&before, PART_LOG | PART_HEAD);
	expect(LOG_ROLLBACK, "log and head");
	put_copy(&before, PART_ALL);
	expect(LOG_ROLLBACK, "the latest checkpoint forgotten");
	put_copy(&now, PART_ALL);
	put_copy(&before, PART_LATEST);
	expect(LOG_ROLLBACK, "the list forgotten");
	/* with all of it only somebody elsewhere can know */
	put_copy(&before, PART_ALL);
	expect(LOG_OK, "all of it");
	put_copy(&now, 15);
	expect(LOG_OK, "now");
	free_copy(&before);
	free_copy(&now);
}
END_TEST

/* Two futures of one past, both signed by the key. */
START_TEST(two_branches)
{
	struct copy past, one;

	session(secret_a, 30);
	past = take_copy();
	session(secret_a, 40);
	one = take_copy();
	put_copy(&past, 15);
	session(secret_a, 41);
	expect(LOG_OK, "the second alone");
	put_copy(&one, PART_ALL | PART_LATEST);
	expect(LOG_FORK, "checkpoints of the first");
	put_copy(&past, 15);
	session(secret_a, 41);
	put_copy(&one, PART_LATEST);
	expect(LOG_FORK, "only the latest of the first");
	free_copy(&past);
	free_copy(&one);
}
END_TEST

/* All signed again by a key that the log does not name. */
START_TEST(wrong_key)
{
	struct log_standing standing;
	struct hasher *h = hasher_new();
	char origin[NOTE_NAME];

	session(secret_a, 30);
	standing = check().standing;
	checkpoint_origin(standing.first, origin);
	unlinkat(dirfd, "checkpoints.txt", 0);
	ck_assert(checkpoint_write(dirfd, origin, secret_b, &standing.tree, h,
				   NULL));
	expect(LOG_BADSIG, "another key");
	/* the right key in the name of another log */
	unlinkat(dirfd, "checkpoints.txt", 0);
	ck_assert(checkpoint_write(dirfd, "suminuri/0123456789abcdef",
				   secret_a, &standing.tree, h, NULL));
	expect(LOG_BADSIG, "another name");
	hasher_free(h);
}
END_TEST

/* A retired key that signs on; and its successor. */
START_TEST(old_key)
{
	struct log_standing standing;
	struct hasher *h = hasher_new();
	char origin[NOTE_NAME];
	struct log *log;
	struct copy sound;

	session(secret_a, 30);
	log = start(secret_a);
	ck_assert(append(log, 1));
	ck_assert(log_change_key(log, secret_b, NULL));
	for (int i = 0; i < 10; i++)
		ck_assert(append(log, i));
	ck_assert(log_close(log, NULL));
	expect(LOG_OK, "changed key");
	sound = take_copy();
	standing = check().standing;
	checkpoint_origin(standing.first, origin);
	ck_assert(checkpoint_write(dirfd, origin, secret_a, &standing.tree, h,
				   NULL));
	expect(LOG_BADSIG, "the old key");
	put_copy(&sound, 15);
	session(secret_b, 10);
	expect(LOG_OK, "the new key");
	log = start(secret_b);
	ck_assert(log_change_key(log, NULL, NULL));
	ck_assert(append(log, 1));
	ck_assert(!log_change_key(log, NULL, NULL));
	ck_assert(log_close(log, NULL));
	expect(LOG_OK, "no key any more");
	standing = check().standing;
	ck_assert(!standing.has_key);
	ck_assert(checkpoint_write(dirfd, origin, secret_b, &standing.tree, h,
				   NULL));
	expect(LOG_BADSIG, "the retired key");
	hasher_free(h);
	free_copy(&sound);
}
END_TEST

/* Without its checkpoints a log is not one that was left like that. */
START_TEST(checkpoints_removed)
{
	struct copy first;

	session(secret_a, 30);
	first = take_copy();
	unlinkat(dirfd, "checkpoints.txt", 0);
	expect(LOG_BADSIG, "the list");
	unlinkat(dirfd, "checkpoint", 0);
	expect(LOG_BADSIG, "both");
	rewrite(5);
	expect(LOG_BADSIG, "both, and the chain made anew");
	put_copy(&first, 15);
	session(secret_a, 30);
	put_copy(&first, PART_ALL | PART_LATEST);
	expect(LOG_BADSIG, "those of the last session");
	free_copy(&first);
}
END_TEST

/* Records added by somebody without the key. */
START_TEST(records_added)
{
	struct copy sound;

	session(secret_a, 30);
	sound = take_copy();
	/* a whole session */
	session(NULL, 5);
	expect(LOG_BADSIG, "a session");
	put_copy(&sound, 15);
	/* a record without a session: the session.open taken out */
	session(NULL, 5);
	size_t length;
	char *text = scratch_read(dir, SEGMENT, &length);
	char *open = text + sound.length[0];
	char *rest = strchr(open, '\n') + 1;
	struct buffer out = { 0 };
	struct chain_head head = { .room = 1, .good = true };
	struct hasher *h = hasher_new();
	struct log_entry e;

	ck_assert(line_parse(open, (size_t)(rest - open) - 1, &e));
	memcpy(head.leaf, e.prev, HASH_SIZE);
	head.seq = e.seq - 1;
	buffer_append(&out, text, sound.length[0]);
	for (char *line = rest; *line;) {
		size_t size = strcspn(line, "\n"), start = out.length;

		ck_assert(line_parse(line, size, &e));
		memcpy(e.prev, head.leaf, HASH_SIZE);
		e.seq = ++head.seq;
		line_print(&e, &out);
		ck_assert(line_leaf(h, out.data + start, out.length - start,
				    head.leaf));
		buffer_puts(&out, "\n");
		line += size + 1;
	}
	scratch_write(dir, SEGMENT, out.data, out.length);
	ck_assert(chain_head_write(dirfd, &head, NULL));
	expect(LOG_BADSIG, "records without a session");
	buffer_done(&out);
	hasher_free(h);
	free(text);
	free_copy(&sound);
}
END_TEST

/* Another whole log, and the checkpoint of another log. */
START_TEST(replaced)
{
	struct copy ours, other;
	struct log_who who = who_with(secret_b);
	struct log *log;

	session(secret_a, 30);
	ours = take_copy();
	for (int i = 0; i < 4; i++)
		unlinkat(dirfd, parts[i], 0);
	who.test_seed = 8;
	log = log_open(dirfd, &who, NULL);
	ck_assert_ptr_nonnull(log);
	ck_assert(log_close(log, NULL));
	other = take_copy();
	put_copy(&ours, PART_ALL | PART_LATEST);
	expect(LOG_BADSIG, "another log");
	put_copy(&ours, PART_LOG | PART_HEAD | PART_ALL);
	put_copy(&other, PART_LATEST);
	expect(LOG_BADSIG, "the checkpoint of another log");
	free_copy(&ours);
	free_copy(&other);
}
END_TEST

enum edit { BIT, MISSING, TWICE, SWAPPED, CUT, FOREIGN, EDITS };

/* A log by lines; spare is one of another log. */
struct lines {
	const char *at[MANY + 1];
	const char *spare;
};

static void put_line(struct buffer *out, const struct lines *l, int i)
{
	buffer_append(out, l->at[i], (size_t)(l->at[i + 1] - l->at[i]));
}

/* Line k as the edit leaves it: what takes its place, and the next one's. */
static void put_edited(struct buffer *out, const struct lines *l,
		       enum edit edit, int k)
{
	switch (edit) {
	case BIT:
		put_line(out, l, k);
		out->data[out->length - 4] ^= 1;        /* of its last value */
		break;
	case TWICE:
		put_line(out, l, k);
		put_line(out, l, k);
		break;
	case SWAPPED:
		put_line(out, l, k + 1);
		put_line(out, l, k);
		break;
	case FOREIGN:
		buffer_append(out, l->spare, strcspn(l->spare, "\n") + 1);
		break;
	case MISSING:
	case CUT:
	case EDITS:
		break;
	}
}

static enum log_fault fault_of(const struct lines *l, enum edit edit, int k)
{
	struct buffer out = { 0 };
	int next = edit == SWAPPED ? k + 2 : edit == CUT ? MANY : k + 1;

	for (int i = 0; i < k; i++)
		put_line(&out, l, i);
	put_edited(&out, l, edit, k);
	for (int i = next; i < MANY; i++)
		put_line(&out, l, i);
	scratch_write(dir, SEGMENT, out.data ? out.data : "", out.length);
	buffer_done(&out);
	return check().fault;
}

/* The edits of check_log.c at each of 200 records are named the same whether
 * the log is signed or not: the chain comes first. */
START_TEST(edits_of_a_signed_log)
{
	static const enum log_fault wanted[EDITS] = {
		[BIT] = LOG_EDIT, [MISSING] = LOG_GAP, [TWICE] = LOG_ORDER,
		[SWAPPED] = LOG_ORDER, [CUT] = LOG_TRUNCATED,
		[FOREIGN] = LOG_EDIT,
	};
	struct lines l;
	struct copy sound;
	char *foreign;
	size_t length;

	session(secret_a, MANY - 1);
	sound = take_copy();
	l.at[0] = sound.text[0];
	for (int i = 0; i < MANY; i++)
		l.at[i + 1] = strchr(l.at[i], '\n') + 1;
	for (int i = 0; i < 4; i++)
		unlinkat(dirfd, parts[i], 0);
	session(secret_b, 100);
	foreign = scratch_read(dir, SEGMENT, &length);
	l.spare = foreign;
	for (int i = 0; i < 50; i++)
		l.spare = strchr(l.spare, '\n') + 1;
	put_copy(&sound, PART_LOG | PART_HEAD | PART_ALL | PART_LATEST);
	for (enum edit edit = 0; edit < EDITS; edit++)
		for (int k = 0; k < MANY - 1; k++) {
			enum log_fault found = fault_of(&l, edit, k);

			ck_assert_msg(found == wanted[edit],
				      "edit %d at %d: %s", (int)edit, k,
				      log_fault_name[found]);
		}
	free(foreign);
	free_copy(&sound);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("checkpoint");
	TCase *c = tcase_create("notes");

	add_rows_test(c, base64_both_ways, base64);
	add_rows_test(c, ed25519_vectors, signatures);
	tcase_add_test(c, note_example);
	add_rows_test(c, note_bad_key, bad_keys);
	tcase_add_test(c, cosignature);
	add_rows_test(c, checkpoint_form, checkpoints);
	suite_add_tcase(s, c);
	c = tcase_create("logs");
	tcase_add_checked_fixture(c, setup, teardown);
	tcase_add_test(c, signed_at_both_ends);
	tcase_add_test(c, signed_in_between);
	tcase_add_test(c, kill_costs_nothing);
	tcase_add_test(c, every_byte_of_checkpoints);
	tcase_add_test(c, edits_of_a_signed_log);
	tcase_add_test(c, chain_made_anew);
	tcase_add_test(c, put_back);
	tcase_add_test(c, two_branches);
	tcase_add_test(c, wrong_key);
	tcase_add_test(c, old_key);
	tcase_add_test(c, checkpoints_removed);
	tcase_add_test(c, records_added);
	tcase_add_test(c, replaced);
	suite_add_tcase(s, c);
	return support_run(s);
}

/*
 * vouch.h - what the checkpoints of a log say of its records, found while
 * these are read one after the other.  Trusts the key that the log itself
 * names; trust.h compares with one kept elsewhere.
 */
#ifndef SUMI_VOUCH_H
#define SUMI_VOUCH_H

#include "record/checkpoints.h"
#include "record/log.h"

enum {
	/* A session signs when it begins and when it ends, and in between
	   after so many records or so long (suminuri-log(5)). */
	VOUCH_RECORDS = 256,
	VOUCH_MS = 5 * 60 * 1000
};

/* A signing key, and the sizes of trees that it may sign. */
struct vouch_key {
	uint8_t public[SIGN_KEY];
	long long from, to;             /* seq of its key.new and of the record
					   that ended it; to 0: none yet */
	bool handed;                    /* the key before it signed the tree
					   that ends with its key.new */
	bool signed_any;
};

struct vouch {
	struct checkpoints list;
	size_t next;                    /* first one that is not judged */
	struct hasher *hasher;
	struct log_standing standing;
	char origin[NOTE_NAME];
	struct vouch_key *key;
	size_t keys, capacity;
	long long head;                 /* records up to it were there before
					   the list was read */
	long long wanted;               /* the next record that needs one needs
					   a checkpoint from here on; 0: none */
	enum log_fault fault;           /* the first one */
	long long line;
	bool no_memory;
};

/* Read the checkpoints; head: seq of the record that head names, read before.
 * False with *err; vouch_done() in any case. */
bool vouch_begin(struct vouch *v, int dirfd, long long head,
		 struct error *err);
/* The next record of the log. */
void vouch_take(struct vouch *v, const struct log_entry *e);
/* There are no more.  Sets fault. */
void vouch_end(struct vouch *v);
void vouch_done(struct vouch *v);
#endif

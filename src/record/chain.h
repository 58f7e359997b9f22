/*
 * chain.h - the records of a log directory one after the other, each checked
 * against the one before; the head file.  Reads only, trusts nothing.
 */
#ifndef SUMI_CHAIN_H
#define SUMI_CHAIN_H

#include "record/line.h"

enum { CHAIN_NAME = 24 };
/* "00000001.jsonl" for 1. */
void chain_segment_name(int segment, char name[CHAIN_NAME]);

/*
 * What head says: the last record, and how many more may stand after it (1;
 * more while a bundle is being written).  seq 0: there is no head file.
 */
struct chain_head {
	long long seq, room;
	uint8_t leaf[HASH_SIZE];
	bool good;                      /* false: there is one, but garbled */
};
bool chain_head_read(int dirfd, struct chain_head *head, struct error *err);
/* Replace it atomically and durably. */
bool chain_head_write(int dirfd, const struct chain_head *head,
		      struct error *err);

/* A place between two lines of the log. */
struct chain_place {
	int segment;                    /* 1, 2, 3 ... */
	long long offset;               /* bytes */
	long long line;                 /* lines before it */
	long long seq;                  /* of the record before it; 0 none */
	uint8_t leaf[HASH_SIZE];        /* of that record */
	char t[25];                     /* and its time, "" for none */
};

enum chain_step {
	CHAIN_RECORD,                   /* entry follows the one before */
	CHAIN_END,                      /* nothing more */
	CHAIN_BAD,                      /* a line that does not follow */
	CHAIN_ERROR                     /* *err */
};

struct chain;

/* Start reading at a place (NULL: the beginning).  NULL with *err. */
struct chain *chain_open(int dirfd, const struct chain_place *from,
			 struct error *err);
void chain_close(struct chain *c);              /* NULL does nothing */

/*
 * The next record.  Torn lines that a recover record right after them names
 * by place and hash are passed over.  After CHAIN_BAD, chain_place() is where
 * the first line that does not follow begins; reading is over then.
 */
enum chain_step chain_next(struct chain *c, struct log_entry *entry,
			   struct error *err);
/* The place after the last record given out. */
const struct chain_place *chain_place(const struct chain *c);

/*
 * The next line as it is, without a look at what it says: *parsed tells
 * whether it has the form of a record (entry, leaf set).  leaf is set in any
 * case; *whole: it ends with LF.  CHAIN_RECORD, CHAIN_END or CHAIN_ERROR.
 */
enum chain_step chain_raw(struct chain *c, struct log_entry *entry,
			  bool *parsed, bool *whole, struct error *err);

/* The tree of the first `size` records, or of as many as follow each other.
 * merkle_tree_done() in any case. */
bool chain_tree(int dirfd, long long size, struct merkle_tree *tree,
		struct error *err);

/*
 * The end of the log, to go on from: finds the record that head names from
 * the back, then reads on.
 */
struct chain_end {
	struct chain_place place;       /* after the last sound record */
	long long size;                 /* of the last segment, bytes */
	bool unended;                   /* its last line lacks the LF */
	bool torn;                      /* bytes after place are no records */
	long long behind;               /* records that head does not know */
	bool closed;                    /* the last one is session.close */
};
/* False with ERR_CHECK when head names a record that is not there. */
bool chain_find_end(int dirfd, struct chain_end *end, struct error *err);
#endif

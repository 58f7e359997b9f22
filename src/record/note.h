/*
 * note.h - signed notes and checkpoints (C2SP signed-note, tlog-checkpoint,
 * tlog-cosignature, of 2024): a text, an empty line, a line a signature
 *
 *	— NAME base64(key id, signature)
 *
 * where the key id is the first 4 bytes of SHA-256(name, LF, type, public
 * key).  A verifier key is "NAME+<key id in hex>+base64(type, public key)".
 * Knows no files.
 */
#ifndef SUMI_NOTE_H
#define SUMI_NOTE_H

#include "base/mem.h"
#include "base/sign.h"

enum note_type {
	NOTE_ED25519 = 0x01,            /* signs the text */
	NOTE_COSIGNATURE = 0x04         /* signs a time and the text */
};

enum {
	NOTE_NAME = 64,                 /* with its NUL */
	NOTE_ID = 4,
	NOTE_MOST = 4096                /* bytes of a note of ours, and more */
};

struct note_key {
	char name[NOTE_NAME];
	uint8_t type;                   /* enum note_type */
	uint8_t public[SIGN_KEY];
	uint8_t id[NOTE_ID];
};

/* 1..63 printable ASCII characters without a space or "+"?  (C2SP allows more
 * of Unicode.) */
bool note_name_valid(const char *name);

/* Fill *key; false: name not valid, or no memory. */
HASH_CHECKED bool note_key_set(struct note_key *key, const char *name,
			       enum note_type type,
			       const uint8_t public[SIGN_KEY]);
/* The verifier key, without LF; and read it back. */
void note_key_print(const struct note_key *key, struct buffer *out);
HASH_CHECKED bool note_key_parse(const char *text, size_t length,
				 struct note_key *key);

/*
 * A note in a longer text.  Pieces point into that text.
 */
struct note {
	const char *text;               /* what is signed, with its last LF */
	size_t text_length;
	const char *signatures;         /* whole lines */
	size_t signatures_length;
	size_t length;                  /* of all of it */
};

/*
 * Read the note that text begins with: it ends with the last line that begins
 * with "— ".  False when there is none.
 */
bool note_parse(const char *text, size_t length, struct note *note);

/* One signature line, without LF. */
struct note_signature {
	char name[NOTE_NAME];
	uint8_t id[NOTE_ID];
	uint8_t bytes[8 + SIGN_SIZE];   /* COSIGNATURE: time first */
	size_t size;
};
bool note_signature_parse(const char *line, size_t length,
			  struct note_signature *signature);

/*
 * Append the signature line of text by the holder of secret, whose key is
 * *key.  unix_time: of a cosignature; else not used.
 */
bool note_sign(struct buffer *out, const struct note_key *key,
	       const uint8_t secret[SIGN_KEY], const char *text,
	       size_t length, long long unix_time);

enum note_verdict {
	NOTE_HOLDS,
	NOTE_UNKNOWN,                   /* no line of this key */
	NOTE_FALSE                      /* a line of it that does not hold */
};
/* Did the key sign the note?  *unix_time (may be NULL): of a cosignature. */
enum note_verdict note_judge(const struct note *note,
			     const struct note_key *key,
			     long long *unix_time);

/* ---- checkpoints ---- */

struct checkpoint {
	char origin[NOTE_NAME];         /* which log */
	long long size;                 /* records */
	uint8_t root[HASH_SIZE];        /* of their Merkle tree */
};

/* The three lines that are signed. */
void checkpoint_print(const struct checkpoint *c, struct buffer *out);
/* Back again: exactly three lines. */
bool checkpoint_parse(const char *text, size_t length, struct checkpoint *c);
/* One line to print, read out or type: "ORIGIN SIZE ROOT", no LF. */
void checkpoint_print_line(const struct checkpoint *c, struct buffer *out);
bool checkpoint_parse_line(const char *text, size_t length,
			   struct checkpoint *c);
#endif

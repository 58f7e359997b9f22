/*
 * wire.h - structs as bytes between processes: a table says which members
 * travel and what each may be; unpacking checks every one, as the other side
 * may be under the control of a hostile file.  No pipes, no meaning.
 */
#ifndef SUMI_WIRE_H
#define SUMI_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"

enum wire_kind {
	WIRE_NUMBER,            /* integer, enum or bool of 1, 2, 4, 8 bytes in
				   min..max; signed if min < 0; 8 bytes little
				   endian */
	WIRE_REAL,              /* double, finite; IEEE 754, little endian */
	WIRE_BYTES,             /* as they are */
	WIRE_UID,               /* NUL-terminated digits and dots */
	WIRE_WORD,              /* NUL-terminated printable ASCII */
	WIRE_TEXT,              /* NUL-terminated clean UTF-8 */
	WIRE_STRUCTS,           /* by another table */
};

struct wire_table;

struct wire_field {
	enum wire_kind kind;
	size_t offset, size, count;     /* of one element; elements */
	long long min, max;             /* WIRE_NUMBER */
	const struct wire_table *table; /* WIRE_STRUCTS */
};

struct wire_table {
	const struct wire_field *field;
	size_t fields;
};

#define WIRE_SIZE(type, member) sizeof(((type *)0)->member)
/* One number, from min to max. */
#define WIRE_N(type, member, min, max) \
	{ WIRE_NUMBER, offsetof(type, member), WIRE_SIZE(type, member), 1, \
	  min, max, NULL }
/* An array of numbers. */
#define WIRE_NS(type, member, min, max) \
	{ WIRE_NUMBER, offsetof(type, member), WIRE_SIZE(type, member[0]), \
	  WIRE_SIZE(type, member) / WIRE_SIZE(type, member[0]), min, max, NULL }
#define WIRE_B(type, member) WIRE_N(type, member, 0, 1)
#define WIRE_R(type, member) \
	{ WIRE_REAL, offsetof(type, member), sizeof(double), 1, 0, 0, NULL }
/* Bytes, UIDs, words, texts: the whole member. */
#define WIRE_M(type, member, kind) \
	{ kind, offsetof(type, member), WIRE_SIZE(type, member), 1, 0, 0, NULL }
/* One struct. */
#define WIRE_T(type, member, table) \
	{ WIRE_STRUCTS, offsetof(type, member), WIRE_SIZE(type, member), 1, \
	  0, 0, table }
/* An array of structs. */
#define WIRE_S(type, member, table) \
	{ WIRE_STRUCTS, offsetof(type, member), WIRE_SIZE(type, member[0]), \
	  WIRE_SIZE(type, member) / WIRE_SIZE(type, member[0]), 0, 0, table }
#define WIRE_TABLE(rows) { rows, sizeof(rows) / sizeof((rows)[0]) }

/* Bytes of a packed struct. */
size_t wire_length(const struct wire_table *table);

/* Write object to bytes[wire_length()]. */
void wire_pack(const struct wire_table *table, const void *object,
	       uint8_t *bytes);

/*
 * Read bytes[wire_length()] into object (members outside the table stay).
 * False when a member is outside its range; object is then half filled.
 */
bool wire_unpack(const struct wire_table *table, const uint8_t *bytes,
		 void *object);

/* The same at the end of out; false: no memory. */
bool wire_append(struct buffer *out, const struct wire_table *table,
		 const void *object);

/* Bytes that are left to be read. */
struct wire_rest {
	const uint8_t *at;
	size_t length;
};

/* wire_unpack() from the front of them, which is then taken off; false when
 * they are too few, too. */
bool wire_take(struct wire_rest *rest, const struct wire_table *table,
	       void *object);

/* Make the string in text[size] clean (charset.h); what is too long is cut. */
void wire_scrub(char *text, size_t size);

#endif

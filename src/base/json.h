/*
 * json.h - JSON out through a small writer, JSON in through a strict reader.
 *
 * The writer gives RFC 8785 form restricted to what needs no floats: integers
 * within 2^53 - 1, strings of strict UTF-8, booleans, arrays, objects, no
 * white space.  Sorting the members is up to the caller; a sorted writer
 * checks it.  An unsorted one, whose lines a terminal may show, also escapes
 * DEL and U+0080 to U+009F, which RFC 8785 does not.  The only module that sees Jansson.
 */
#ifndef SUMI_JSON_H
#define SUMI_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/error.h"
#include "base/mem.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { JSON_DEPTH = 16 };               /* nesting, out and in */
#define JSON_INTEGER_MAX 9007199254740991LL     /* 2^53 - 1 (RFC 7493 2.2) */

/* ---- writer ---- */

/*
 * A writer appends to out, which keeps the failure: check out->failed at the
 * end.  It fails on bytes that are not UTF-8 and on integers out of range.
 *
 *	struct json_writer w = json_writer(&out, true);
 *	json_put_open(&w, NULL, '{');
 *	json_put_integer(&w, "boxes", 3);
 *	json_put_open(&w, "list", '[');
 *	json_put_string(&w, NULL, "a");
 *	json_put_close(&w);
 *	json_put_close(&w);
 *
 * name is the member's name (ASCII) in an object, NULL in an array and at the
 * top.  sorted: members come in byte order; asserted.
 */
struct json_writer {
	struct buffer *out;
	bool sorted;
	int depth;
	struct {
		char close;             /* '}' or ']' */
		bool any;
		const char *last;       /* name before */
	} level[JSON_DEPTH];
};
struct json_writer json_writer(struct buffer *out, bool sorted);
void json_put_open(struct json_writer *w, const char *name, char bracket);
void json_put_close(struct json_writer *w);
void json_put_integer(struct json_writer *w, const char *name, long long value);
void json_put_boolean(struct json_writer *w, const char *name, bool value);
void json_put_null(struct json_writer *w, const char *name);
void json_put_string(struct json_writer *w, const char *name, const char *text);
/* Lower-case hex of size bytes (at most 64). */
void json_put_hex(struct json_writer *w, const char *name, const uint8_t *bytes,
	      size_t size);
/* Each byte that is not part of UTF-8 becomes U+FFFD.  True: none was. */
bool json_put_lossy(struct json_writer *w, const char *name, const char *text);
/* RFC 4648 base64 with padding. */
void json_put_base64(struct json_writer *w, const char *name, const void *bytes,
		 size_t size);

/* Print what was written and a LF, and free it.  False when writing failed;
 * then nothing was printed. */
bool json_print(struct buffer *line, FILE *to);

/* Is this UTF-8 (RFC 3629: shortest form, no surrogates, <= U+10FFFF)? */
bool json_utf8(const char *text, size_t length);

/* ---- reader ---- */

enum json_kind { JSON_KIND_ABSENT, JSON_KIND_OBJECT, JSON_KIND_ARRAY,
		 JSON_KIND_STRING, JSON_KIND_INTEGER, JSON_KIND_REAL,
		 JSON_KIND_BOOLEAN, JSON_KIND_NULL };

struct json;

/*
 * Read one value that fills the text (white space around it allowed).
 * Refused: duplicate members, bytes that are not UTF-8, NUL in a string, more
 * than JSON_DEPTH levels.  Free with json_free().  NULL with ERR_USAGE and
 * the byte where it went wrong; never a piece of the text.
 */
struct json *json_read(const char *text, size_t length, struct error *err);
void json_free(struct json *value);             /* NULL does nothing */

/* All take NULL as an absent value; results are borrowed. */
enum json_kind json_kind(const struct json *value);
const struct json *json_member(const struct json *object, const char *name);
size_t json_count(const struct json *array);    /* 0 unless an array */
const struct json *json_at(const struct json *array, size_t index);
/* The value; false or NULL when it is of another kind or out of range. */
bool json_as_integer(const struct json *value, long long *integer);
/* The same of an integer or a real. */
bool json_as_number(const struct json *value, double *number);
const char *json_as_string(const struct json *value);
/* The member of that name and kind; false or NULL when there is none. */
bool json_get_integer(const struct json *object, const char *name,
		      long long *integer);
bool json_get_boolean(const struct json *object, const char *name,
		      bool *boolean);
const char *json_get_string(const struct json *object, const char *name);

/* Append the value in canonical form (members sorted).  False when it holds a
 * real, a null or an integer out of range, or there is no memory. */
bool json_canonical(const struct json *value, struct buffer *out);

#ifdef __cplusplus
}
#endif
#endif

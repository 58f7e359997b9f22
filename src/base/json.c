/* json.c - a small JSON writer, and a strict reader on top of Jansson. */
#include "config.h"

#include "base/json.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/base64.h"
#include "base/hash.h"

enum { HEX_MAX = 64 };

/* ---- UTF-8 ---- */

/* Lead bytes and what may follow (Unicode 15, table 3-7). */
static const struct {
	unsigned char first, last;      /* lead byte */
	unsigned char low, high;        /* second byte */
	int more;                       /* bytes after the lead */
} sequences[] = {
	{ 0x00, 0x7F, 0x00, 0x00, 0 },
	{ 0xC2, 0xDF, 0x80, 0xBF, 1 },
	{ 0xE0, 0xE0, 0xA0, 0xBF, 2 },
	{ 0xE1, 0xEC, 0x80, 0xBF, 2 },
	{ 0xED, 0xED, 0x80, 0x9F, 2 },
	{ 0xEE, 0xEF, 0x80, 0xBF, 2 },
	{ 0xF0, 0xF0, 0x90, 0xBF, 3 },
	{ 0xF1, 0xF3, 0x80, 0xBF, 3 },
	{ 0xF4, 0xF4, 0x80, 0x8F, 3 },
};

/* Bytes of the character at text; 0 when it is no UTF-8. */
static size_t character_length(const unsigned char *text, size_t left)
{
	for (size_t i = 0; i < sizeof(sequences) / sizeof(sequences[0]); i++) {
		if (text[0] < sequences[i].first ||
		    text[0] > sequences[i].last)
			continue;
		size_t more = (size_t)sequences[i].more;

		if (more >= left)
			return 0;
		if (more > 0 && (text[1] < sequences[i].low ||
				 text[1] > sequences[i].high))
			return 0;
		for (size_t j = 2; j <= more; j++)
			if ((text[j] & 0xC0) != 0x80)
				return 0;
		return more + 1;
	}
	return 0;
}

bool json_utf8(const char *text, size_t length)
{
	const unsigned char *p = (const unsigned char *)text;

	while (length > 0) {
		size_t n = character_length(p, length);

		if (n == 0)
			return false;
		p += n;
		length -= n;
	}
	return true;
}

/* ---- writer ---- */

struct json_writer json_writer(struct buffer *out, bool sorted)
{
	return (struct json_writer){ .out = out, .sorted = sorted };
}

/* A character that RFC 8785 3.2.2.2 wants escaped, else false. */
static bool put_escape(struct buffer *out, unsigned char c)
{
	static const char plain[] = "\b\t\n\f\r\"\\", letter[] = "btnfr\"\\";
	const char *at = c ? strchr(plain, c) : NULL;

	if (at)
		buffer_printf(out, "\\%c", letter[at - plain]);
	else if (c < 0x20)
		buffer_printf(out, "\\u%04x", (unsigned)c);
	else
		return false;
	return true;
}

/*
 * Escape what steers a terminal beyond the above: DEL and the controls U+0080
 * to U+009F (ECMA-48 5.3: CSI is one of them).  Canonical text must not.
 */
static bool put_control(struct buffer *out, const unsigned char *p, size_t n)
{
	bool high = n == 2 && p[0] == 0xC2 && p[1] < 0xA0;

	if (high || *p == 0x7F)
		buffer_printf(out, "\\u%04x", (unsigned)p[n - 1]);
	return high || *p == 0x7F;
}

/* The quoted text; bytes that are no UTF-8 become U+FFFD and give false. */
static bool put_text(const struct json_writer *w, const char *text,
		     size_t length)
{
	struct buffer *out = w->out;
	const unsigned char *p = (const unsigned char *)text;
	bool whole = true;

	buffer_append(out, "\"", 1);
	while (length > 0) {
		size_t n = character_length(p, length);

		if (n == 0) {
			whole = false;
			n = 1;
			buffer_puts(out, "\xEF\xBF\xBD");
		} else if (!put_escape(out, *p) &&
			   (w->sorted || !put_control(out, p, n))) {
			buffer_append(out, p, n);
		}
		p += n;
		length -= n;
	}
	buffer_append(out, "\"", 1);
	return whole;
}

/* The comma and the name that come before a value. */
static void start_value(struct json_writer *w, const char *name)
{
	if (w->depth == 0)
		return;
	bool object = w->level[w->depth - 1].close == '}';
	const char *last = w->level[w->depth - 1].last;

	assert(object == (name != NULL));
	if (w->level[w->depth - 1].any)
		buffer_append(w->out, ",", 1);
	w->level[w->depth - 1].any = true;
	if (!object)
		return;
	assert(!w->sorted || !last || strcmp(last, name) < 0);
	w->level[w->depth - 1].last = name;
	put_text(w, name, strlen(name));
	buffer_append(w->out, ":", 1);
}

void json_put_open(struct json_writer *w, const char *name, char bracket)
{
	assert(w->depth < JSON_DEPTH);
	start_value(w, name);
	buffer_append(w->out, &bracket, 1);
	w->level[w->depth].close = bracket == '{' ? '}' : ']';
	w->level[w->depth].any = false;
	w->level[w->depth].last = NULL;
	w->depth++;
}

void json_put_close(struct json_writer *w)
{
	assert(w->depth > 0);
	w->depth--;
	buffer_append(w->out, &w->level[w->depth].close, 1);
}

void json_put_integer(struct json_writer *w, const char *name, long long value)
{
	start_value(w, name);
	if (value > JSON_INTEGER_MAX || value < -JSON_INTEGER_MAX)
		w->out->failed = true;
	buffer_printf(w->out, "%lld", value);
}

void json_put_boolean(struct json_writer *w, const char *name, bool value)
{
	start_value(w, name);
	buffer_puts(w->out, value ? "true" : "false");
}

void json_put_null(struct json_writer *w, const char *name)
{
	start_value(w, name);
	buffer_puts(w->out, "null");
}

void json_put_string(struct json_writer *w, const char *name, const char *text)
{
	if (!json_put_lossy(w, name, text))
		w->out->failed = true;
}

bool json_put_lossy(struct json_writer *w, const char *name, const char *text)
{
	start_value(w, name);
	return put_text(w, text, strlen(text));
}

void json_put_hex(struct json_writer *w, const char *name, const uint8_t *bytes,
	      size_t size)
{
	char hex[2 * HEX_MAX + 1];

	assert(size <= HEX_MAX);
	hash_hex(bytes, size, hex);
	json_put_string(w, name, hex);
}

void json_put_base64(struct json_writer *w, const char *name, const void *bytes,
		 size_t size)
{
	start_value(w, name);
	buffer_append(w->out, "\"", 1);
	base64_put(w->out, bytes, size);
	buffer_append(w->out, "\"", 1);
}

bool json_print(struct buffer *line, FILE *to)
{
	bool good = !line->failed;

	if (good)
		fprintf(to, "%s\n", line->data ? line->data : "");
	buffer_done(line);
	return good;
}

/* ---- reader ---- */

/* struct json is Jansson's json_t under our name. */
static json_t *theirs(const struct json *value)
{
	return (json_t *)(uintptr_t)value;
}

static const struct json *ours(const json_t *value)
{
	return (const struct json *)value;
}

static bool depth_within(json_t *value, int levels)
{
	const char *name;
	json_t *member;

	if (!json_is_array(value) && !json_is_object(value))
		return true;
	if (levels == 0)
		return false;
	for (size_t i = 0; i < json_array_size(value); i++)
		if (!depth_within(json_array_get(value, i), levels - 1))
			return false;
	json_object_foreach(value, name, member)
		if (!depth_within(member, levels - 1))
			return false;
	return true;
}

struct json *json_read(const char *text, size_t length, struct error *err)
{
	json_error_t where;
	json_t *value = json_loadb(text, length,
				   JSON_REJECT_DUPLICATES | JSON_DECODE_ANY,
				   &where);

	if (!value) {
		/* where.text may quote the input: left out */
		error_set(err, ERR_USAGE, "no valid JSON at byte %d",
			  where.position);
		return NULL;
	}
	if (!depth_within(value, JSON_DEPTH)) {
		json_decref(value);
		error_set(err, ERR_USAGE, "JSON nested deeper than %d levels",
			  (int)JSON_DEPTH);
		return NULL;
	}
	return (struct json *)value;
}

void json_free(struct json *value)
{
	json_decref(theirs(value));
}

enum json_kind json_kind(const struct json *value)
{
	static const enum json_kind kinds[] = {
		[JSON_OBJECT] = JSON_KIND_OBJECT,
		[JSON_ARRAY] = JSON_KIND_ARRAY,
		[JSON_STRING] = JSON_KIND_STRING,
		[JSON_INTEGER] = JSON_KIND_INTEGER,
		[JSON_REAL] = JSON_KIND_REAL,
		[JSON_TRUE] = JSON_KIND_BOOLEAN,
		[JSON_FALSE] = JSON_KIND_BOOLEAN,
		[JSON_NULL] = JSON_KIND_NULL,
	};

	return value ? kinds[json_typeof(theirs(value))] : JSON_KIND_ABSENT;
}

const struct json *json_member(const struct json *object, const char *name)
{
	return ours(json_object_get(theirs(object), name));
}

size_t json_count(const struct json *array)
{
	return json_array_size(theirs(array));
}

const struct json *json_at(const struct json *array, size_t index)
{
	return ours(json_array_get(theirs(array), index));
}

bool json_as_integer(const struct json *value, long long *integer)
{
	if (!json_is_integer(theirs(value)))
		return false;
	*integer = json_integer_value(theirs(value));
	return *integer <= JSON_INTEGER_MAX && *integer >= -JSON_INTEGER_MAX;
}

bool json_as_number(const struct json *value, double *number)
{
	if (!json_is_number(theirs(value)))
		return false;
	*number = json_number_value(theirs(value));
	return true;
}

const char *json_as_string(const struct json *value)
{
	return json_string_value(theirs(value));
}

bool json_get_integer(const struct json *object, const char *name,
		      long long *integer)
{
	return json_as_integer(json_member(object, name), integer);
}

bool json_get_boolean(const struct json *object, const char *name,
		      bool *boolean)
{
	const struct json *value = json_member(object, name);

	if (json_kind(value) != JSON_KIND_BOOLEAN)
		return false;
	*boolean = json_is_true(theirs(value));
	return true;
}

const char *json_get_string(const struct json *object, const char *name)
{
	return json_as_string(json_member(object, name));
}

static int compare_names(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;

	return strcmp(*x, *y);
}

static bool put_value(struct json_writer *w, const char *name,
		      const struct json *value);

static bool put_members(struct json_writer *w, const struct json *object)
{
	size_t count = json_object_size(theirs(object)), i = 0;
	const char **names = mem_array(count + 1, sizeof(*names)), *name;
	json_t *member;
	bool good = true;

	if (!names)
		return false;
	json_object_foreach(theirs(object), name, member)
		names[i++] = name;
	qsort(names, count, sizeof(*names), compare_names);
	for (i = 0; good && i < count; i++)
		good = put_value(w, names[i], json_member(object, names[i]));
	free(names);
	return good;
}

static bool put_value(struct json_writer *w, const char *name,
		      const struct json *value)
{
	long long integer;
	bool good = true;

	switch (json_kind(value)) {
	case JSON_KIND_OBJECT:
		json_put_open(w, name, '{');
		good = put_members(w, value);
		json_put_close(w);
		return good;
	case JSON_KIND_ARRAY:
		json_put_open(w, name, '[');
		for (size_t i = 0; good && i < json_count(value); i++)
			good = put_value(w, NULL, json_at(value, i));
		json_put_close(w);
		return good;
	case JSON_KIND_STRING:
		json_put_string(w, name, json_as_string(value));
		return true;
	case JSON_KIND_INTEGER:
		if (!json_as_integer(value, &integer))
			return false;
		json_put_integer(w, name, integer);
		return true;
	case JSON_KIND_BOOLEAN:
		json_put_boolean(w, name, json_is_true(theirs(value)));
		return true;
	case JSON_KIND_ABSENT:
	case JSON_KIND_REAL:
	case JSON_KIND_NULL:
		break;
	}
	return false;
}

bool json_canonical(const struct json *value, struct buffer *out)
{
	struct json_writer w = json_writer(out, true);

	return put_value(&w, NULL, value) && !out->failed;
}

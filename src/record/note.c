/* note.c - signed notes and checkpoints. */
#include "config.h"

#include "record/note.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "base/json.h"

/* U+2014 and a space begin a signature line. */
#define DASH "\xE2\x80\x94 "
enum { DASH_LENGTH = 4, SIZE_DIGITS = 16 };

bool note_name_valid(const char *name)
{
	size_t length = strlen(name);

	if (length < 1 || length >= NOTE_NAME)
		return false;
	for (; *name; name++)
		if (*name <= ' ' || *name > '~' || *name == '+')
			return false;
	return true;
}

bool note_key_set(struct note_key *key, const char *name, enum note_type type,
		  const uint8_t public[SIGN_KEY])
{
	struct buffer text = { 0 };
	uint8_t digest[HASH_SIZE], kind = (uint8_t)type;
	bool good;

	if (!note_name_valid(name))
		return false;
	buffer_printf(&text, "%s\n", name);
	buffer_append(&text, &kind, 1);
	buffer_append(&text, public, SIGN_KEY);
	good = !text.failed && hash_bytes(text.data, text.length, digest);
	buffer_done(&text);
	if (!good)
		return false;
	snprintf(key->name, sizeof(key->name), "%s", name);
	key->type = kind;
	memcpy(key->public, public, SIGN_KEY);
	memcpy(key->id, digest, NOTE_ID);
	return true;
}

void note_key_print(const struct note_key *key, struct buffer *out)
{
	uint8_t bytes[1 + SIGN_KEY] = { key->type };
	char id[2 * NOTE_ID + 1];

	memcpy(bytes + 1, key->public, SIGN_KEY);
	hash_hex(key->id, NOTE_ID, id);
	buffer_printf(out, "%s+%s+", key->name, id);
	base64_put(out, bytes, sizeof(bytes));
}

bool note_key_parse(const char *text, size_t length, struct note_key *key)
{
	const char *plus = memchr(text, '+', length);
	uint8_t bytes[1 + SIGN_KEY], id[NOTE_ID];
	char name[NOTE_NAME], hex[2 * NOTE_ID + 1];
	size_t used = plus ? (size_t)(plus - text) : length;

	if (!plus || used >= sizeof(name) || length - used < 2 + 2 * NOTE_ID ||
	    plus[1 + 2 * NOTE_ID] != '+')
		return false;
	memcpy(name, text, used);
	name[used] = '\0';
	memcpy(hex, plus + 1, 2 * NOTE_ID);
	hex[2 * NOTE_ID] = '\0';
	used += 2 + 2 * NOTE_ID;
	return strlen(name) == (size_t)(plus - text) &&
	       hash_from_hex(hex, id, sizeof(id)) &&
	       base64_get(text + used, length - used, bytes,
			  sizeof(bytes)) == (long)sizeof(bytes) &&
	       (bytes[0] == NOTE_ED25519 || bytes[0] == NOTE_COSIGNATURE) &&
	       note_key_set(key, name, (enum note_type)bytes[0], bytes + 1) &&
	       !memcmp(id, key->id, NOTE_ID);
}

/* ---- notes ---- */

/* Length of the line at text, its LF included; 0: no whole line. */
static size_t line_length(const char *text, size_t length)
{
	const char *lf = memchr(text, '\n', length);

	return lf ? (size_t)(lf - text) + 1 : 0;
}

bool note_parse(const char *text, size_t length, struct note *note)
{
	size_t at = 0, line;

	while ((line = line_length(text + at, length - at)) > 1)
		at += line;
	*note = (struct note){ .text = text, .text_length = at };
	if (line != 1 || at == 0)
		return false;
	at++;
	note->signatures = text + at;
	while (length - at > DASH_LENGTH &&
	       !memcmp(text + at, DASH, DASH_LENGTH) &&
	       (line = line_length(text + at, length - at)) > 0)
		at += line;
	note->length = at;
	note->signatures_length = (size_t)(text + at - note->signatures);
	return note->signatures_length > 0;
}

bool note_signature_parse(const char *line, size_t length,
			  struct note_signature *s)
{
	uint8_t bytes[NOTE_ID + sizeof(s->bytes)];
	const char *name = line + DASH_LENGTH, *space;
	size_t used;
	long got;

	if (length <= DASH_LENGTH || memcmp(line, DASH, DASH_LENGTH))
		return false;
	space = memchr(name, ' ', length - DASH_LENGTH);
	used = space ? (size_t)(space - name) : NOTE_NAME;
	if (used >= NOTE_NAME)
		return false;
	memcpy(s->name, name, used);
	s->name[used] = '\0';
	got = base64_get(space + 1, length - DASH_LENGTH - used - 1, bytes,
			 sizeof(bytes));
	if (strlen(s->name) != used || !note_name_valid(s->name) ||
	    (got != NOTE_ID + SIGN_SIZE && got != NOTE_ID + 8 + SIGN_SIZE))
		return false;
	memcpy(s->id, bytes, NOTE_ID);
	s->size = (size_t)got - NOTE_ID;
	memcpy(s->bytes, bytes + NOTE_ID, s->size);
	return true;
}

/* What is signed: the text, for a cosignature with the time before it. */
static void put_message(struct buffer *out, enum note_type type,
			const char *text, size_t length, long long unix_time)
{
	if (type == NOTE_COSIGNATURE)
		buffer_printf(out, "cosignature/v1\ntime %lld\n", unix_time);
	buffer_append(out, text, length);
}

bool note_sign(struct buffer *out, const struct note_key *key,
	       const uint8_t secret[SIGN_KEY], const char *text,
	       size_t length, long long unix_time)
{
	struct buffer message = { 0 };
	uint8_t bytes[NOTE_ID + 8 + SIGN_SIZE];
	size_t used = NOTE_ID;
	bool good;

	put_message(&message, (enum note_type)key->type, text, length,
		    unix_time);
	memcpy(bytes, key->id, NOTE_ID);
	if (key->type == NOTE_COSIGNATURE)      /* big-endian */
		for (int shift = 56; shift >= 0; shift -= 8)
			bytes[used++] = (uint8_t)(unix_time >> shift);
	good = !message.failed &&
	       sign_make(secret, message.data, message.length, bytes + used);
	buffer_done(&message);
	if (!good)
		return false;
	buffer_printf(out, DASH "%s ", key->name);
	base64_put(out, bytes, used + SIGN_SIZE);
	buffer_puts(out, "\n");
	return !out->failed;
}

static bool signature_holds(const struct note *note,
			    const struct note_key *key,
			    const struct note_signature *s,
			    long long *unix_time)
{
	const bool dated = key->type == NOTE_COSIGNATURE;
	struct buffer message = { 0 };
	uint64_t t = 0;
	bool good = s->size == SIGN_SIZE + (dated ? 8 : 0);

	for (int i = 0; dated && i < 8; i++)
		t = t << 8 | s->bytes[i];
	if (!good || t > (uint64_t)JSON_INTEGER_MAX)
		return false;
	put_message(&message, (enum note_type)key->type, note->text,
		    note->text_length, (long long)t);
	good = !message.failed &&
	       sign_holds(key->public, message.data, message.length,
			  s->bytes + (dated ? 8 : 0));
	buffer_done(&message);
	if (unix_time)
		*unix_time = (long long)t;
	return good;
}

enum note_verdict note_judge(const struct note *note,
			     const struct note_key *key, long long *unix_time)
{
	enum note_verdict verdict = NOTE_UNKNOWN;
	size_t at = 0;

	while (at < note->signatures_length) {
		const char *line = note->signatures + at;
		size_t length = line_length(line,
					    note->signatures_length - at);
		struct note_signature s;

		at += length;
		if (!note_signature_parse(line, length - 1, &s) ||
		    strcmp(s.name, key->name) != 0 ||
		    memcmp(s.id, key->id, NOTE_ID) != 0)
			continue;
		if (signature_holds(note, key, &s, unix_time))
			return NOTE_HOLDS;
		verdict = NOTE_FALSE;
	}
	return verdict;
}

/* ---- checkpoints ---- */

void checkpoint_print(const struct checkpoint *c, struct buffer *out)
{
	buffer_printf(out, "%s\n%lld\n", c->origin, c->size);
	base64_put(out, c->root, HASH_SIZE);
	buffer_puts(out, "\n");
}

void checkpoint_print_line(const struct checkpoint *c, struct buffer *out)
{
	buffer_printf(out, "%s %lld ", c->origin, c->size);
	base64_put(out, c->root, HASH_SIZE);
}

/* Three pieces, each but the last ended by `between`. */
static bool parse_parts(const char *text, size_t length, char between,
			struct checkpoint *c)
{
	const char *end = text + length;
	const char *first = memchr(text, between, length);
	const char *second = first ? memchr(first + 1, between,
					    (size_t)(end - first - 1)) : NULL;
	size_t used = first ? (size_t)(first - text) : 0;
	size_t digits = second ? (size_t)(second - first - 1) : 0;

	*c = (struct checkpoint){ 0 };
	if (!second || used >= NOTE_NAME || digits < 1 ||
	    digits > SIZE_DIGITS || (first[1] == '0' && digits > 1))
		return false;
	memcpy(c->origin, text, used);
	for (const char *p = first + 1; p < second; p++) {
		if (*p < '0' || *p > '9')
			return false;
		c->size = 10 * c->size + (*p - '0');
	}
	return strlen(c->origin) == used && note_name_valid(c->origin) &&
	       c->size <= JSON_INTEGER_MAX &&
	       base64_get(second + 1, (size_t)(end - second - 1), c->root,
			  HASH_SIZE) == HASH_SIZE;
}

bool checkpoint_parse(const char *text, size_t length, struct checkpoint *c)
{
	return length > 0 && text[length - 1] == '\n' &&
	       parse_parts(text, length - 1, '\n', c);
}

bool checkpoint_parse_line(const char *text, size_t length,
			   struct checkpoint *c)
{
	while (length > 0 && (text[length - 1] == '\n' ||
			      text[length - 1] == '\r' ||
			      text[length - 1] == ' '))
		length--;
	return parse_parts(text, length, ' ', c);
}

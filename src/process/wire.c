/* wire.c - structs as bytes between processes, checked on the way in. */
#include "config.h"

#include "process/wire.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/charset.h"

static void put_le(uint8_t *bytes, uint64_t value)
{
	for (int i = 0; i < 8; i++)
		bytes[i] = (uint8_t)(value >> (8 * i));
}

static uint64_t get_le(const uint8_t *bytes)
{
	uint64_t value = 0;

	for (int i = 0; i < 8; i++)
		value |= (uint64_t)bytes[i] << (8 * i);
	return value;
}

/* Read a number of 1, 2, 4 or 8 bytes from memory. */
static long long load(const uint8_t *at, size_t size, bool is_signed)
{
	uint8_t u8;
	uint16_t u16;
	uint32_t u32;
	uint64_t u64;

	switch (size) {
	case 1:
		memcpy(&u8, at, 1);
		return is_signed ? (int8_t)u8 : u8;
	case 2:
		memcpy(&u16, at, 2);
		return is_signed ? (int16_t)u16 : u16;
	case 4:
		memcpy(&u32, at, 4);
		return is_signed ? (int32_t)u32 : (long long)u32;
	default:
		memcpy(&u64, at, 8);
		return (long long)u64;
	}
}

static void store(uint8_t *at, size_t size, long long value)
{
	uint8_t u8 = (uint8_t)value;
	uint16_t u16 = (uint16_t)value;
	uint32_t u32 = (uint32_t)value;

	switch (size) {
	case 1:
		memcpy(at, &u8, 1);
		break;
	case 2:
		memcpy(at, &u16, 2);
		break;
	case 4:
		memcpy(at, &u32, 4);
		break;
	default:
		memcpy(at, &value, 8);
	}
}

/* Bytes of one element of a field. */
static size_t element_length(const struct wire_field *f)
{
	switch (f->kind) {
	case WIRE_NUMBER:
	case WIRE_REAL:
		return 8;
	case WIRE_STRUCTS:
		return wire_length(f->table);
	default:
		return f->size;
	}
}

size_t wire_length(const struct wire_table *table)
{
	size_t length = 0;

	for (size_t i = 0; i < table->fields; i++)
		length += table->field[i].count *
			  element_length(&table->field[i]);
	return length;
}

static void pack_element(const struct wire_field *f, const uint8_t *from,
			 uint8_t *to)
{
	uint64_t bits;

	switch (f->kind) {
	case WIRE_NUMBER:
		put_le(to, (uint64_t)load(from, f->size, f->min < 0));
		break;
	case WIRE_REAL:
		memcpy(&bits, from, 8);
		put_le(to, bits);
		break;
	case WIRE_STRUCTS:
		wire_pack(f->table, from, to);
		break;
	default:
		memcpy(to, from, f->size);
	}
}

void wire_pack(const struct wire_table *table, const void *object,
	       uint8_t *bytes)
{
	for (size_t i = 0; i < table->fields; i++) {
		const struct wire_field *f = &table->field[i];
		const uint8_t *from = (const uint8_t *)object + f->offset;

		for (size_t k = 0; k < f->count; k++) {
			pack_element(f, from + k * f->size, bytes);
			bytes += element_length(f);
		}
	}
}

/* Length of the string in text[size]; size when it has no end. */
static size_t string_length(const char *text, size_t size)
{
	const char *end = memchr(text, '\0', size);

	return end ? (size_t)(end - text) : size;
}

static bool is_uid(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if ((text[i] < '0' || text[i] > '9') && text[i] != '.')
			return false;
	return true;
}

static bool is_word(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (text[i] < ' ' || text[i] > '~')
			return false;
	return true;
}

static bool is_clean(const char *text, size_t length)
{
	struct buffer clean = { 0 };
	bool same;

	charset_clean_append(&clean, text, length);
	same = !clean.failed && clean.length == length &&
	       (length == 0 || !memcmp(clean.data, text, length));
	buffer_done(&clean);
	return same;
}

void wire_scrub(char *text, size_t size)
{
	struct buffer clean = { 0 };
	size_t length;

	charset_clean_append(&clean, text, string_length(text, size));
	length = clean.failed ? 0 : clean.length;
	if (length >= size) {
		length = size - 1;
		while (length > 0 && (clean.data[length] & 0xc0) == 0x80)
			length--;       /* not within a character */
	}
	memset(text, 0, size);
	if (length > 0)
		memcpy(text, clean.data, length);
	buffer_done(&clean);
}

static bool string_ok(enum wire_kind kind, const char *text, size_t size)
{
	size_t length = string_length(text, size);

	if (length == size)
		return false;
	return kind == WIRE_UID ? is_uid(text, length) :
	       kind == WIRE_WORD ? is_word(text, length) :
				   is_clean(text, length);
}

/* Bytes behind the end of a string are not taken over. */
static void store_string(uint8_t *to, const uint8_t *from, size_t size)
{
	size_t length = string_length((const char *)from, size);

	memset(to, 0, size);
	memcpy(to, from, length);
}

static bool unpack_element(const struct wire_field *f, const uint8_t *from,
			   uint8_t *to)
{
	uint64_t bits = 0;
	double real;

	switch (f->kind) {
	case WIRE_NUMBER:
		bits = get_le(from);
		if ((long long)bits < f->min || (long long)bits > f->max)
			return false;
		store(to, f->size, (long long)bits);
		return true;
	case WIRE_REAL:
		bits = get_le(from);
		memcpy(&real, &bits, 8);
		if (!isfinite(real))
			return false;
		memcpy(to, &real, 8);
		return true;
	case WIRE_BYTES:
		memcpy(to, from, f->size);
		return true;
	case WIRE_STRUCTS:
		return wire_unpack(f->table, from, to);
	default:
		if (!string_ok(f->kind, (const char *)from, f->size))
			return false;
		store_string(to, from, f->size);
		return true;
	}
}

bool wire_unpack(const struct wire_table *table, const uint8_t *bytes,
		 void *object)
{
	for (size_t i = 0; i < table->fields; i++) {
		const struct wire_field *f = &table->field[i];
		uint8_t *to = (uint8_t *)object + f->offset;

		for (size_t k = 0; k < f->count; k++) {
			if (!unpack_element(f, bytes, to + k * f->size))
				return false;
			bytes += element_length(f);
		}
	}
	return true;
}

bool wire_append(struct buffer *out, const struct wire_table *table,
		 const void *object)
{
	const size_t length = wire_length(table);
	uint8_t *bytes = malloc(length ? length : 1);

	if (bytes) {
		wire_pack(table, object, bytes);
		buffer_append(out, bytes, length);
	}
	free(bytes);
	return bytes && !out->failed;
}

bool wire_take(struct wire_rest *rest, const struct wire_table *table,
	       void *object)
{
	const size_t length = wire_length(table);

	if (rest->length < length || !wire_unpack(table, rest->at, object))
		return false;
	rest->at += length;
	rest->length -= length;
	return true;
}

/* mem.c - checked size arithmetic, zeroed arrays and a growable byte buffer. */
#include "config.h"

#include "base/mem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 8, FIRST_BYTES = 64 };

bool mem_mul(size_t a, size_t b, size_t *product)
{
	if (b != 0 && a > SIZE_MAX / b)
		return false;
	*product = a * b;
	return true;
}

bool mem_mul3(size_t a, size_t b, size_t c, size_t *product)
{
	size_t ab;

	return mem_mul(a, b, &ab) && mem_mul(ab, c, product);
}

void *mem_array(size_t count, size_t size)
{
	size_t bytes;

	if (!mem_mul(count, size, &bytes) || bytes == 0)
		return NULL;
	return calloc(1, bytes);
}

void *mem_array3(size_t a, size_t b, size_t c, size_t size)
{
	size_t count;

	if (!mem_mul3(a, b, c, &count))
		return NULL;
	return mem_array(count, size);
}

void *mem_room(size_t count, size_t size)
{
	size_t bytes;

	if (!mem_mul(count, size, &bytes) || bytes == 0)
		return NULL;
	return malloc(bytes);
}

void *mem_room3(size_t a, size_t b, size_t c, size_t size)
{
	size_t count;

	if (!mem_mul3(a, b, c, &count))
		return NULL;
	return mem_room(count, size);
}

bool mem_grow(void *items, size_t *capacity, size_t count, size_t size)
{
	size_t wanted = *capacity ? *capacity : FIRST_CAPACITY, bytes;
	void *old, *grown;

	if (count < *capacity)
		return true;
	while (wanted <= count)
		if (!mem_mul(wanted, 2, &wanted))
			return false;
	if (!mem_mul(wanted, size, &bytes))
		return false;
	/* items is the address of a pointer of any type: copy, don't cast */
	memcpy(&old, items, sizeof(old));
	grown = realloc(old, bytes);
	if (!grown)
		return false;
	memcpy(items, &grown, sizeof(grown));
	*capacity = wanted;
	return true;
}

/* Make room for length more bytes and the NUL. */
static bool buffer_room(struct buffer *b, size_t length)
{
	size_t wanted = b->capacity ? b->capacity : FIRST_BYTES;
	char *grown;

	if (b->failed || length > SIZE_MAX - b->length - 1)
		goto fail;
	if (b->length + length < b->capacity)
		return true;
	while (wanted <= b->length + length)
		if (!mem_mul(wanted, 2, &wanted))
			goto fail;
	grown = realloc(b->data, wanted);
	if (!grown)
		goto fail;
	b->data = grown;
	b->capacity = wanted;
	return true;
fail:
	b->failed = true;
	return false;
}

void buffer_append(struct buffer *b, const void *data, size_t length)
{
	if (!buffer_room(b, length))
		return;
	if (length)
		memcpy(b->data + b->length, data, length);
	b->length += length;
	b->data[b->length] = '\0';
}

void buffer_puts(struct buffer *b, const char *text)
{
	buffer_append(b, text, strlen(text));
}

void buffer_printf(struct buffer *b, const char *format, ...)
{
	va_list args;
	int length;

	va_start(args, format);
	length = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (length < 0) {
		b->failed = true;
		return;
	}
	if (!buffer_room(b, (size_t)length))
		return;
	va_start(args, format);
	vsnprintf(b->data + b->length, (size_t)length + 1, format, args);
	va_end(args);
	b->length += (size_t)length;
}

void buffer_clear(struct buffer *b)
{
	b->length = 0;
	b->failed = false;
	if (b->data)
		b->data[0] = '\0';
}

void buffer_done(struct buffer *b)
{
	free(b->data);
	*b = (struct buffer){ 0 };
}

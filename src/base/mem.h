/* mem.h - checked size arithmetic, zeroed arrays and a growable byte buffer. */
#ifndef SUMI_MEM_H
#define SUMI_MEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* *product = a * b (or a * b * c).  Returns false when it does not fit. */
bool mem_mul(size_t a, size_t b, size_t *product);
bool mem_mul3(size_t a, size_t b, size_t c, size_t *product);

/*
 * Zeroed memory for the product of the counts.  NULL when there is none, when
 * a count is 0 or the product does not fit.  Free with free().
 */
void *mem_array(size_t count, size_t size);
void *mem_array3(size_t a, size_t b, size_t c, size_t size);

/* The same, but with any content: for who sets it all. */
void *mem_room(size_t count, size_t size);
void *mem_room3(size_t a, size_t b, size_t c, size_t size);

/*
 * Make room for one more element in a growable array: *items holds count
 * elements of the given size, *capacity has room.  Doubles.  Returns false
 * (all unchanged) when there is no memory.  items is the address of the
 * pointer: mem_grow(&list->box, &list->capacity, list->count, sizeof(...)).
 */
bool mem_grow(void *items, size_t *capacity, size_t count, size_t size);

/*
 * A growable byte buffer, always followed by a NUL that length does not count.
 * Once an append failed, failed stays set and appends do nothing: check it
 * at the end.  Zero-initialise; release with buffer_done().
 */
struct buffer {
	char *data;
	size_t length, capacity;
	bool failed;
};
void buffer_append(struct buffer *b, const void *data, size_t length);
void buffer_puts(struct buffer *b, const char *text);
void buffer_printf(struct buffer *b, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void buffer_clear(struct buffer *b);    /* length 0, memory kept */
void buffer_done(struct buffer *b);

#ifdef __cplusplus
}
#endif
#endif

/* lut.c - the data of look-up tables and palettes, as plain tables. */
#include "config.h"

#include "image/lut.h"

/* PS3.3 C.7.9.2: the opcode of a segment. */
enum { DISCRETE, LINEAR, INDIRECT };

bool lut_take(const uint16_t *words, size_t count, uint16_t *table,
	      size_t entries)
{
	bool packed = count < entries;

	if (packed && count < (entries + 1) / 2)
		return false;
	for (size_t i = 0; i < entries; i++)
		table[i] = !packed ? words[i] :
			   i % 2 ? words[i / 2] >> 8 : words[i / 2] & 0xff;
	return true;
}

/* Segments being read into a table. */
struct expansion {
	const uint16_t *words;
	size_t count;                   /* of words, or of bytes in them */
	bool bytes;
	uint16_t *table;
	size_t entries, done;
};

/* Word or byte i; 0 behind the end, which left() rules out. */
static uint16_t at(const struct expansion *e, size_t i)
{
	if (i >= e->count)
		return 0;
	if (!e->bytes)
		return e->words[i];
	return i % 2 ? e->words[i / 2] >> 8 : e->words[i / 2] & 0xff;
}

/* Are there n words from i on, and room for so many entries? */
static bool left(const struct expansion *e, size_t i, size_t n, size_t room)
{
	return i <= e->count && n <= e->count - i &&
	       room <= e->entries - e->done;
}

/* length values from *next on. */
static bool discrete(struct expansion *e, size_t *next, size_t length)
{
	if (!left(e, *next, length, length))
		return false;
	for (size_t i = 0; i < length; i++)
		e->table[e->done++] = at(e, (*next)++);
	return true;
}

/* length values from the last one, which is not repeated, to that at *next. */
static bool line(struct expansion *e, size_t *next, size_t length)
{
	double from, to;

	if (length == 0 || e->done == 0 || !left(e, *next, 1, length))
		return false;
	from = e->table[e->done - 1];
	to = at(e, (*next)++);
	for (size_t i = 1; i <= length; i++)
		e->table[e->done++] = (uint16_t)(from + (to - from) *
			(double)i / (double)length + 0.5);
	return true;
}

/* The discrete or linear segment at *next. */
static bool plain(struct expansion *e, size_t *next)
{
	uint16_t opcode = at(e, *next), length = at(e, *next + 1);

	if (!left(e, *next, 2, 0))
		return false;
	*next += 2;
	if (opcode == DISCRETE)
		return discrete(e, next, length);
	return opcode == LINEAR && line(e, next, length);
}

/* Opcode, number of segments, offset of the first (low word first). */
static bool again(struct expansion *e, size_t *next)
{
	size_t segments = at(e, *next + 1);
	size_t width = e->bytes ? 8 : 16;
	size_t parts = e->bytes ? 4 : 2, from = 0;

	if (!left(e, *next, 2 + parts, 0))
		return false;
	for (size_t i = 0; i < parts; i++)
		from |= (size_t)at(e, *next + 2 + i) << width * i;
	*next += 2 + parts;
	for (size_t i = 0; i < segments; i++)
		if (!plain(e, &from))
			return false;
	return true;
}

bool lut_expand(const uint16_t *words, size_t count, int bits,
		uint16_t *table, size_t entries)
{
	struct expansion e = {
		.words = words, .count = bits > 8 ? count : count * 2,
		.bytes = bits <= 8, .table = table, .entries = entries,
	};
	size_t next = 0;

	while (e.done < e.entries && next < e.count)
		if (!(at(&e, next) == INDIRECT ? again(&e, &next) :
						 plain(&e, &next)))
			return false;
	return e.done == e.entries;
}

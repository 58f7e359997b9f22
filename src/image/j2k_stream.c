/* j2k_stream.c - the parts of a JPEG 2000 code stream. */
#include "config.h"

#include "image/j2k_stream.h"

#include <string.h>

/* 15444-1 A.4.2; a tile part has at least SOT and SOD */
enum { SOT_BODY = 8, SOT_LENGTH = 12, TILE_PART_MIN = 14 };
/* 15444-1 I.4: length and type of a box, the same with an extended length */
enum { BOX_HEAD = 8, BOX_LONG_HEAD = 16 };

static const uint8_t jp2_signature[12] = { 0, 0, 0, 12, 'j', 'P', ' ', ' ',
					   0x0d, 0x0a, 0x87, 0x0a };

unsigned j2k_u16(const uint8_t *p)
{
	return (unsigned)p[0] << 8 | p[1];
}

uint32_t j2k_u32(const uint8_t *p)
{
	return (uint32_t)j2k_u16(p) << 16 | j2k_u16(p + 2);
}

bool j2k_unwrap(const uint8_t *data, size_t length, size_t *start, size_t *end)
{
	size_t at = 0;

	*start = 0;
	*end = length;
	if (length < sizeof(jp2_signature) ||
	    memcmp(data, jp2_signature, sizeof(jp2_signature)) != 0)
		return true;
	while (length - at >= BOX_HEAD) {
		size_t left = length - at, head = BOX_HEAD;
		uint64_t size = j2k_u32(data + at);

		if (size == 1 && left >= BOX_LONG_HEAD) {
			size = (uint64_t)j2k_u32(data + at + 8) << 32 |
			       j2k_u32(data + at + 12);
			head = BOX_LONG_HEAD;
		} else if (size == 0) {
			size = left;
		}
		if (size < head || size > left)
			return false;
		*start = at + head;
		*end = at + (size_t)size;
		if (memcmp(data + at + 4, "jp2c", 4) == 0)
			return true;
		at = *end;
	}
	return false;
}

static bool damaged(struct j2k_walk *w)
{
	w->damaged = true;
	return false;
}

/* A marker segment; none may reach beyond limit. */
static bool take_segment(struct j2k_walk *w, size_t limit)
{
	size_t length;

	if (limit - w->start < 4)
		return damaged(w);
	length = j2k_u16(w->data + w->start + 2);
	if (length < 2 || length > limit - w->start - 2)
		return damaged(w);
	w->end = w->start + 2 + length;
	w->body = w->data + w->start + 4;
	w->size = length - 2;
	return true;
}

static bool take_sot(struct j2k_walk *w)
{
	size_t length;

	if (w->in_part || !take_segment(w, w->length) || w->size != SOT_BODY)
		return damaged(w);
	length = j2k_u32(w->body + 2);
	if (length != 0 &&
	    (length < TILE_PART_MIN || length > w->length - w->start))
		return damaged(w);
	w->sot = w->start;
	w->part_end = length == 0 ? 0 : w->start + length;
	w->in_part = true;
	w->tile_parts++;
	return true;
}

/* Where a tile part of unknown length ends: no data holds an EOC (B.10.1). */
static bool find_eoc(const struct j2k_walk *w, size_t from, size_t *end)
{
	for (size_t i = from; i + 1 < w->length; i++)
		if (w->data[i] == 0xff && w->data[i + 1] == 0xd9) {
			*end = i;
			return true;
		}
	return false;
}

static bool take_data(struct j2k_walk *w)
{
	size_t from = w->start + 2;

	if (!w->in_part)
		return damaged(w);
	if (w->part_end != 0)
		w->end = w->part_end;
	else if (!find_eoc(w, from, &w->end))
		return damaged(w);
	w->body = w->data + from;
	w->size = w->end - from;
	w->in_part = false;
	return true;
}

static bool take_bare(struct j2k_walk *w)
{
	w->end = w->start + 2;
	w->body = w->data + w->end;
	w->size = 0;
	return true;
}

bool j2k_walk_next(struct j2k_walk *w)
{
	bool first = w->end == 0, over = w->marker == J2K_EOC;
	size_t limit = w->in_part && w->part_end ? w->part_end : w->length;

	if (w->damaged || over)
		return false;
	w->start = w->end;
	/* one byte may pad the fragment */
	if (w->marker == J2K_SOD && w->length - w->start < 2)
		return false;
	if (limit - w->start < 2)
		return damaged(w);
	w->marker = (int)j2k_u16(w->data + w->start);
	if (first != (w->marker == J2K_SOC))
		return damaged(w);
	if (first)
		return take_bare(w);
	if (w->marker == J2K_SOT)
		return take_sot(w);
	if (w->marker == J2K_SOD)
		return take_data(w);
	if (w->marker == J2K_EOC && w->tile_parts > 0 && !w->in_part)
		return take_bare(w);
	if (w->marker < 0xff40 || w->marker == J2K_EOC ||
	    (w->tile_parts > 0 && !w->in_part))
		return damaged(w);
	return take_segment(w, limit);
}

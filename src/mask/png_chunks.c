/*
 * png_chunks.c - walks the chunks of a PNG file.  Sections named here are of
 * the PNG specification, third edition.
 */
#include "config.h"

#include "mask/png_chunks.h"

#include <stdint.h>
#include <string.h>

#include "mask/writer.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Bits of the colour type (11.2.1): 3 is a palette. */
enum { HAS_COLOUR = 2, HAS_ALPHA = 4, PALETTE = 3 };

static uint32_t get_u32(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[2] << 8 | p[3];
}

/* ---- chunks of a few numbers ---- */

static size_t colour_samples(const struct png_chunks *c)
{
	return c->colour & HAS_COLOUR ? 3 : 1;
}

static bool gamma_good(const struct png_chunks *c, const unsigned char *p,
		       size_t length)
{
	(void)c;
	return length == 4 && get_u32(p) > 0;
}

static bool primaries_good(const struct png_chunks *c, const unsigned char *p,
			   size_t length)
{
	(void)c;
	(void)p;
	return length == 32;
}

/* A rendering intent (11.3.2.5). */
static bool srgb_good(const struct png_chunks *c, const unsigned char *p,
		      size_t length)
{
	(void)c;
	return length == 1 && p[0] <= 3;
}

/* Matrix 0: RGB; full range or not (11.3.2.6). */
static bool cicp_good(const struct png_chunks *c, const unsigned char *p,
		      size_t length)
{
	(void)c;
	return length == 4 && p[2] == 0 && p[3] <= 1;
}

/* One number a sample, 1 to its depth (11.3.2.4). */
static bool bits_good(const struct png_chunks *c, const unsigned char *p,
		      size_t length)
{
	int most = c->colour == PALETTE ? 8 : c->depth;

	if (length != colour_samples(c) + (c->colour & HAS_ALPHA ? 1 : 0))
		return false;
	for (size_t i = 0; i < length; i++)
		if (p[i] < 1 || p[i] > most)
			return false;
	return true;
}

/* An entry of the palette, or 16 bits a sample within its depth (11.3.4.1). */
static bool background_good(const struct png_chunks *c, const unsigned char *p,
			    size_t length)
{
	if (c->colour == PALETTE)
		return length == 1 && p[0] >> c->depth == 0;
	if (length != 2 * colour_samples(c))
		return false;
	for (size_t i = 0; i < length; i += 2)
		if ((p[i] << 8 | p[i + 1]) >> c->depth)
			return false;
	return true;
}

/* A unit of 0 or 1 ends it (11.3.4.3). */
static bool density_good(const struct png_chunks *c, const unsigned char *p,
			 size_t length)
{
	(void)c;
	return length == 9 && p[8] <= 1;
}

const char png_plain_type[PNG_PLAINS][5] = {
	[PNG_GAMA] = "gAMA", [PNG_CHRM] = "cHRM", [PNG_SRGB] = "sRGB",
	[PNG_CICP] = "cICP", [PNG_SBIT] = "sBIT", [PNG_BKGD] = "bKGD",
	[PNG_PHYS] = "pHYs",
};
static bool (*const plain_good[PNG_PLAINS])(const struct png_chunks *c,
					    const unsigned char *p,
					    size_t length) = {
	[PNG_GAMA] = gamma_good, [PNG_CHRM] = primaries_good,
	[PNG_SRGB] = srgb_good, [PNG_CICP] = cicp_good,
	[PNG_SBIT] = bits_good, [PNG_BKGD] = background_good,
	[PNG_PHYS] = density_good,
};

static int plain_index(const unsigned char *type)
{
	for (int i = 0; i < PNG_PLAINS; i++)
		if (!memcmp(type, png_plain_type[i], 4))
			return i;
	return -1;
}

/* ---- the walk ---- */

struct walk {
	int fd;
	long long offset;               /* of a chunk */
	size_t length;
	unsigned char type[4];
	bool palette, data;             /* PLTE, IDAT were there */
	bool alpha_twice;               /* a second tRNS */
	unsigned seen;                  /* bits of enum png_plain */
};

/* Kept is the first of its type, in its place (5.6), in range. */
static bool keep_plain(struct png_chunks *c, struct walk *w, int i)
{
	bool first = !(w->seen & 1u << i);
	unsigned char *p = c->plain[i].data;

	w->seen |= 1u << i;
	if (!first || w->data || w->length > PNG_PLAIN_MAX ||
	    (i < PNG_PLAIN_AFTER && w->palette))
		return false;
	if (mask_read(w->fd, p, w->length, w->offset + 8) !=
	    (long long)w->length || !plain_good[i](c, p, w->length))
		return false;
	c->plain[i].length = w->length;
	return true;
}

/* The other chunks, and what to call those that go. */
static const struct {
	char type[5];
	unsigned dropped;               /* 0: libpng judges it */
} chunk_names[] = {
	{ "IHDR", 0 }, { "PLTE", 0 }, { "tRNS", 0 }, { "iCCP", 0 },
	{ "IDAT", 0 }, { "IEND", 0 },
	{ "tEXt", DROPPED_TEXT_CHUNKS }, { "zTXt", DROPPED_TEXT_CHUNKS },
	{ "iTXt", DROPPED_TEXT_CHUNKS }, { "eXIf", DROPPED_EXIF },
	{ "acTL", DROPPED_ANIMATION }, { "fcTL", DROPPED_ANIMATION },
	{ "fdAT", DROPPED_ANIMATION },
};

static unsigned dropped_bit(const unsigned char *type)
{
	for (size_t i = 0; i < COUNT(chunk_names); i++)
		if (!memcmp(type, chunk_names[i].type, 4))
			return chunk_names[i].dropped;
	return DROPPED_CHUNKS;
}

static void list_chunk(struct png_chunks *c, struct walk *w)
{
	int i = plain_index(w->type);

	if (i >= 0) {
		if (!keep_plain(c, w, i))
			c->dropped |= DROPPED_CHUNKS;
		return;
	}
	c->dropped |= dropped_bit(w->type);
	if (!memcmp(w->type, "PLTE", 4)) {
		w->palette = true;
		/* a suggestion only, where pixels are no entries (11.2.2) */
		if (c->colour != PALETTE)
			c->dropped |= DROPPED_CHUNKS;
	}
	if (!memcmp(w->type, "IDAT", 4)) {
		w->data = true;
		if (w->length)
			c->data_end = w->offset + 12 + (long long)w->length;
	}
	if (!memcmp(w->type, "tRNS", 4)) {
		w->alpha_twice = c->has_alpha;
		c->has_alpha = true;
	}
	c->has_profile = c->has_profile || !memcmp(w->type, "iCCP", 4);
}

bool png_chunks_list(int fd, struct png_chunks *c, struct error *err)
{
	struct walk w = { .fd = fd, .offset = 8 };      /* the signature */
	unsigned char head[10];                         /* of IHDR's data */

	*c = (struct png_chunks){ 0 };
	if (mask_read(fd, head, sizeof(head), 16) != (long long)sizeof(head))
		return error_refuse(err, REASON_TRUNCATED, NULL, 0);
	c->depth = head[8];
	c->colour = head[9];
	if (c->depth > 16)
		return error_refuse(err, REASON_DAMAGED, NULL, 0);
	do {
		if (mask_read(fd, head, 8, w.offset) != 8)
			return error_refuse(err, REASON_TRUNCATED, NULL, 0);
		w.length = get_u32(head);
		memcpy(w.type, head + 4, 4);
		list_chunk(c, &w);
		/* which one counts is a guess (5.6) */
		if (w.alpha_twice)
			return error_refuse(err, REASON_DAMAGED, NULL, 0);
		w.offset += 12 + (long long)w.length;
	} while (memcmp(w.type, "IEND", 4) != 0);
	if (w.length || mask_read(fd, head, 1, w.offset) > 0)
		c->dropped |= DROPPED_TRAILER;
	return true;
}

/*
 * verify_png.c - the chunks of a masked PNG: only those that the pixels need,
 * with the content they had (PNG specification 5.3, 11).
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "mask/verify_parts.h"

struct chunk {
	const unsigned char *type, *data;
	size_t length;
	size_t next;                    /* offset of the chunk after it */
};

static uint32_t get_u32(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[2] << 8 | p[3];
}

/* The chunk at offset with a right CRC; false when there is none. */
static bool get_chunk(const unsigned char *file, size_t size, size_t offset,
		      struct chunk *chunk)
{
	size_t left = offset < size ? size - offset : 0;
	size_t length;

	if (left < 12)
		return false;
	length = get_u32(file + offset);
	if (length > left - 12)
		return false;
	*chunk = (struct chunk){ .type = file + offset + 4,
				 .data = file + offset + 8, .length = length,
				 .next = offset + 12 + length };
	return crc32(crc32(0, NULL, 0), chunk->type, (uInt)length + 4) ==
	       get_u32(chunk->data + length);
}

/* The first chunk of a type. */
static bool find_chunk(const unsigned char *file, size_t size,
		       const unsigned char *type, struct chunk *chunk)
{
	for (size_t offset = 8; get_chunk(file, size, offset, chunk);
	     offset = chunk->next)
		if (!memcmp(chunk->type, type, 4))
			return true;
	return false;
}

enum rule { RULE_SAME, RULE_PALETTE, RULE_PROFILE, RULE_EXIF, RULE_DATA };

static const struct {
	char type[5];
	enum rule rule;
} allowed[] = {
	{ "IHDR", RULE_SAME }, { "PLTE", RULE_PALETTE },
	{ "tRNS", RULE_SAME }, { "gAMA", RULE_SAME }, { "cHRM", RULE_SAME },
	{ "sRGB", RULE_SAME }, { "iCCP", RULE_PROFILE },
	{ "sBIT", RULE_SAME }, { "bKGD", RULE_SAME }, { "pHYs", RULE_SAME },
	{ "eXIf", RULE_EXIF }, { "IDAT", RULE_DATA }, { "IEND", RULE_SAME },
};

/* Entries with alpha 0 are black, the others as they were. */
static bool same_palette(const struct verifier *v, const struct chunk *a,
			 const struct chunk *b)
{
	int first, entries = 0;
	const uint8_t *palette = image_palette(v->in, &first, &entries);

	if (a->length != b->length)
		return false;
	for (size_t i = 0; i < a->length / 3; i++) {
		static const unsigned char black[3];
		bool clear = palette && (int)i < entries &&
			     !palette[4 * i + 3];

		if (memcmp(clear ? black : a->data + 3 * i, b->data + 3 * i,
			   3) != 0)
			return false;
	}
	return true;
}

/* A profile is packed anew: its unpacked bytes have to be the same. */
static bool same_profile(const struct chunk *a, const struct chunk *b)
{
	enum { MOST = 16 << 20 };
	const struct chunk *chunk[2] = { a, b };
	unsigned char *plain[2] = { NULL, NULL };
	uLongf length[2] = { 0, 0 };
	bool same = b->length > 5 && !memcmp(b->data, "ICC\0\0", 5);

	for (int i = 0; same && i < 2; i++) {
		const unsigned char *end = memchr(chunk[i]->data, 0,
						  chunk[i]->length);
		size_t head = end ? (size_t)(end - chunk[i]->data) + 2 : 0;

		length[i] = MOST;
		plain[i] = malloc(MOST);
		same = plain[i] && end && head < chunk[i]->length &&
		       uncompress(plain[i], &length[i], chunk[i]->data + head,
				  (uLong)(chunk[i]->length - head)) == Z_OK;
	}
	same = same && length[0] == length[1] &&
	       !memcmp(plain[0], plain[1], length[0]);
	free(plain[0]);
	free(plain[1]);
	return same;
}

static bool same_content(struct verifier *v, enum rule rule,
			 const struct chunk *a, const struct chunk *b)
{
	switch (rule) {
	case RULE_PALETTE:
		return same_palette(v, a, b);
	case RULE_PROFILE:
		return same_profile(a, b);
	case RULE_EXIF:
		return verify_exif(b->data, b->length,
				   v->in_info->exif_orientation);
	case RULE_DATA:
		return true;            /* the frames are compared */
	case RULE_SAME:
		break;
	}
	return a->length == b->length && !memcmp(a->data, b->data, a->length);
}

static bool check_chunk(struct verifier *v, const unsigned char *in,
			size_t in_size, const struct chunk *b, unsigned *seen)
{
	for (size_t i = 0; i < sizeof(allowed) / sizeof(allowed[0]); i++) {
		struct chunk a;

		if (memcmp(b->type, allowed[i].type, 4) != 0)
			continue;
		if (*seen & 1u << i && allowed[i].rule != RULE_DATA)
			return verify_found(v, VERIFY_FORMAT, -1, -1, -1);
		*seen |= 1u << i;
		if (!find_chunk(in, in_size, b->type, &a) ||
		    !same_content(v, allowed[i].rule, &a, b))
			return verify_found(v, VERIFY_FORMAT, -1, -1, -1);
		return true;
	}
	return verify_found(v, VERIFY_CARRIER, -1, -1, -1);
}

static bool check_chunks(struct verifier *v, const unsigned char *in,
			 size_t in_size, const unsigned char *out,
			 size_t out_size)
{
	size_t offset = 8;
	unsigned seen = 0;
	struct chunk b;

	do {
		if (!get_chunk(out, out_size, offset, &b))
			return verify_found(v, VERIFY_FORMAT, -1, -1, -1);
		if (!check_chunk(v, in, in_size, &b, &seen))
			return false;
		offset = b.next;
	} while (memcmp(b.type, "IEND", 4) != 0);
	if (offset != out_size)
		return verify_found(v, VERIFY_TRAILER, -1, -1, -1);
	return true;
}

bool verify_png(struct verifier *v, struct error *err)
{
	size_t in_size, out_size;
	unsigned char *in = verify_read_file(v->in_fd, &in_size, err);
	unsigned char *out = in ? verify_read_file(v->out_fd, &out_size, err) :
				  NULL;
	bool ok = out && check_chunks(v, in, in_size, out, out_size);

	free(in);
	free(out);
	return ok && verify_samples(v, err);
}

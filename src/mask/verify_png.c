/*
 * verify_png.c - the chunks of a masked PNG: only those that the pixels need,
 * with the content they had (PNG specification, third edition, 5.3, 11), and
 * its packed rows.  The input may be a JPEG that was masked exactly.
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

enum rule { RULE_SAME, RULE_PALETTE, RULE_ALPHA, RULE_BACKGROUND, RULE_PROFILE,
	    RULE_EXIF, RULE_DATA, RULE_END };

static const struct {
	char type[5];
	enum rule rule;
	size_t most;                    /* bytes of it (chapter 11) */
} allowed[] = {
	{ "IHDR", RULE_SAME, 13 }, { "PLTE", RULE_PALETTE, 768 },
	{ "tRNS", RULE_ALPHA, 256 }, { "gAMA", RULE_SAME, 4 },
	{ "cHRM", RULE_SAME, 32 }, { "sRGB", RULE_SAME, 1 },
	{ "cICP", RULE_SAME, 4 }, { "iCCP", RULE_PROFILE, UINT32_MAX },
	{ "sBIT", RULE_SAME, 4 }, { "bKGD", RULE_BACKGROUND, 6 },
	{ "pHYs", RULE_SAME, 9 }, { "eXIf", RULE_EXIF, 26 },
	{ "IDAT", RULE_DATA, UINT32_MAX }, { "IEND", RULE_END, 0 },
};

enum { ENTRIES = 256 };

/* What IN's palette has to be in OUT; all 0 when pixels are no entries. */
struct palette {
	int entries;
	unsigned char colour[ENTRIES][4];       /* red, green, blue, alpha */
	int background;                 /* entry of bKGD, or -1 */
};

struct check {
	struct verifier *v;
	const unsigned char *in, *out;
	size_t in_size, out_size;
	struct palette palette;
	unsigned seen;                  /* bits of allowed[] in OUT */
	bool data;                      /* an IDAT of OUT was there */
};

/* ---- the palette ---- */

/* Of the entries with alpha 0 only the first is used. */
static int shown_entry(const struct palette *p, int entry)
{
	int i = 0;

	if (entry >= p->entries || p->colour[entry][3])
		return entry;
	while (p->colour[i][3])
		i++;
	return i;
}

/* Which entries do the pixels of OUT have? */
static bool find_used(struct check *c, bool used[ENTRIES])
{
	struct frame *f = image_frame(c->v->out, 0, NULL);
	const uint8_t *p = f ? f->sample : NULL;

	if (!f)
		return verify_found(c->v, VERIFY_FORMAT, 0, -1, -1);
	for (size_t i = 0, bytes = frame_bytes(f); i < bytes; i++)
		used[p[i]] = true;
	frame_free(f);
	return true;
}

/*
 * Used entries are as they were, black under alpha 0; the others are white
 * and as opaque as the fill, if tRNS reaches them.
 */
static bool expect_palette(struct check *c)
{
	static const unsigned char type[] = "bKGD";
	struct palette *p = &c->palette;
	const uint8_t *in = image_palette(c->v->in, &(int){ 0 }, &p->entries);
	bool used[ENTRIES] = { false };
	long long fill = c->v->fill[0];
	struct chunk b;

	p->background = -1;
	if (!in || p->entries > ENTRIES)
		return !in || verify_found(c->v, VERIFY_FORMAT, -1, -1, -1);
	memcpy(p->colour, in, (size_t)p->entries * 4);
	if (find_chunk(c->in, c->in_size, type, &b) && b.length == 1)
		p->background = shown_entry(p, b.data[0]);
	if (!find_used(c, used))
		return false;
	for (int i = 0; i < p->entries; i++) {
		bool shown = used[i] || i == p->background;

		memset(p->colour[i], shown ? 0 : 255,
		       !shown || !in[4 * i + 3] ? 3 : 0);
		if (!shown && fill < p->entries)
			p->colour[i][3] = in[4 * fill + 3];
	}
	return true;
}

static bool same_palette(const struct check *c, const struct chunk *b)
{
	const struct palette *p = &c->palette;

	if (!p->entries || b->length != 3 * (size_t)p->entries)
		return false;
	for (int i = 0; i < p->entries; i++)
		if (memcmp(p->colour[i], b->data + 3 * i, 3) != 0)
			return false;
	return true;
}

/* The alphas of the palette, or a colour without bits above the depth. */
static bool same_alpha(const struct check *c, const struct chunk *a,
		       const struct chunk *b)
{
	const struct palette *p = &c->palette;
	unsigned most = (1u << c->v->in_info->bits_stored) - 1;
	int samples = c->v->in_info->samples;

	if (a->length != b->length)
		return false;
	for (size_t i = 0; p->entries && i < b->length; i++)
		if ((int)i >= p->entries || b->data[i] != p->colour[i][3])
			return false;
	if (p->entries)
		return true;
	for (size_t i = 0; i + 2 <= b->length; i += 2)
		if (((unsigned)(a->data[i] << 8 | a->data[i + 1]) & most) !=
		    (unsigned)(b->data[i] << 8 | b->data[i + 1]))
			return false;
	return samples % 2 == 1 && b->length == 2 * (size_t)samples;
}

static bool same_background(const struct check *c, const struct chunk *a,
			    const struct chunk *b)
{
	if (c->palette.entries)
		return b->length == 1 &&
		       b->data[0] == c->palette.background;
	return a->length == b->length && !memcmp(a->data, b->data, a->length);
}

/* ---- the profile ---- */

enum { PROFILE_MOST = 16 << 20 };

/* The unpacked profile of an iCCP chunk, *length bytes; NULL when broken. */
static unsigned char *unpack_profile(const struct chunk *chunk, uLongf *length)
{
	const unsigned char *end = memchr(chunk->data, 0, chunk->length);
	size_t head = end ? (size_t)(end - chunk->data) + 2 : 0;
	unsigned char *plain = malloc(PROFILE_MOST);

	*length = PROFILE_MOST;
	if (plain && end && head < chunk->length &&
	    uncompress(plain, length, chunk->data + head,
		       (uLong)(chunk->length - head)) == Z_OK)
		return plain;
	free(plain);
	return NULL;
}

/* The next APP2 segment of a profile at or after *at (ICC.1:2010 B.4). */
static const unsigned char *next_piece(const struct check *c, size_t *at,
				       size_t *length)
{
	while (*at + 18 < c->in_size) {
		const unsigned char *p = c->in + *at;

		if (p[0] == 0xff && p[1] == 0xe2 &&
		    !memcmp(p + 4, "ICC_PROFILE", 12)) {
			size_t size = (size_t)p[2] << 8 | p[3];

			if (size < 16 || size > c->in_size - *at - 2)
				return NULL;
			*length = size - 16;
			*at += 2 + size;
			return p + 18;
		}
		++*at;
	}
	return NULL;
}

/* The pieces that a JPEG file has, one after the other. */
static unsigned char *jpeg_profile(const struct check *c, uLongf *length)
{
	unsigned char *plain = malloc(c->in_size + 1);
	const unsigned char *piece;
	size_t at = 0, size;

	*length = 0;
	while (plain && (piece = next_piece(c, &at, &size))) {
		memcpy(plain + *length, piece, size);
		*length += (uLongf)size;
	}
	return plain;
}

/*
 * A profile is packed anew, as far as its own header says (ICC.1:2010 7.2.2):
 * its unpacked bytes have to be the same.
 */
static bool same_profile(const struct check *c, const struct chunk *a,
			 const struct chunk *b)
{
	uLongf before = 0, after = 0;
	unsigned char *in, *out;
	bool same;

	if (b->length <= 5 || memcmp(b->data, "ICC\0\0", 5) != 0)
		return false;
	in = a ? unpack_profile(a, &before) : jpeg_profile(c, &before);
	out = unpack_profile(b, &after);
	same = in && out && after >= 4 && before >= after &&
	       get_u32(out) == after && !memcmp(in, out, after);
	free(in);
	free(out);
	return same;
}

static bool same_content(const struct check *c, enum rule rule,
			 const struct chunk *a, const struct chunk *b)
{
	switch (rule) {
	case RULE_PALETTE:
		return same_palette(c, b);
	case RULE_ALPHA:
		return same_alpha(c, a, b);
	case RULE_BACKGROUND:
		return same_background(c, a, b);
	case RULE_PROFILE:
		return same_profile(c, a, b);
	case RULE_EXIF:
		return verify_exif(b->data, b->length,
				   c->v->in_info->exif_orientation);
	case RULE_DATA:         /* check_stream() and the frames */
	case RULE_END:
		return true;
	case RULE_SAME:
		break;
	}
	return a->length == b->length && !memcmp(a->data, b->data, a->length);
}

/* IN is a JPEG: its orientation and profile, and a picture without passes. */
static bool exact_content(const struct check *c, enum rule rule,
			  const struct chunk *b)
{
	switch (rule) {
	case RULE_PROFILE:
		return same_profile(c, NULL, b);
	case RULE_EXIF:
		return verify_exif(b->data, b->length,
				   c->v->in_info->exif_orientation);
	case RULE_DATA:
	case RULE_END:
		return true;
	default:                        /* method, filter, interlace (11.2.1) */
		return !memcmp(b->type, "IHDR", 4) && b->length == 13 &&
		       !b->data[10] && !b->data[11] && !b->data[12];
	}
}

static bool content_right(const struct check *c, enum rule rule,
			  const struct chunk *b)
{
	struct chunk a;

	if (c->v->in_info->format == IMAGE_JPEG)
		return exact_content(c, rule, b);
	return find_chunk(c->in, c->in_size, b->type, &a) &&
	       same_content(c, rule, &a, b);
}

/* Known, once, short enough, before the pixels, and as it has to be. */
static bool check_chunk(struct check *c, const struct chunk *b)
{
	for (size_t i = 0; i < sizeof(allowed) / sizeof(allowed[0]); i++) {
		enum rule rule = allowed[i].rule;

		if (memcmp(b->type, allowed[i].type, 4) != 0)
			continue;
		if ((c->seen & 1u << i && rule != RULE_DATA) ||
		    (c->data && rule != RULE_DATA && rule != RULE_END))
			return verify_found(c->v, VERIFY_FORMAT, -1, -1, -1);
		c->seen |= 1u << i;
		c->data = c->data || rule == RULE_DATA;
		if (b->length > allowed[i].most || !content_right(c, rule, b))
			return verify_found(c->v, VERIFY_CARRIER, -1, -1, -1);
		return true;
	}
	return verify_found(c->v, VERIFY_CARRIER, -1, -1, -1);
}

static bool check_chunks(struct check *c)
{
	size_t offset = 8;
	struct chunk b;

	do {
		if (!get_chunk(c->out, c->out_size, offset, &b))
			return verify_found(c->v, VERIFY_FORMAT, -1, -1, -1);
		if (!check_chunk(c, &b))
			return false;
		offset = b.next;
	} while (memcmp(b.type, "IEND", 4) != 0);
	return offset == c->out_size ||
	       verify_found(c->v, VERIFY_TRAILER, -1, -1, -1);
}

/* ---- the packed rows of OUT: nothing but the picture ---- */

/* Adam7 (8.2): first column and row of a pass, and steps; a plain picture is
 * one pass. */
static const struct pass {
	int x, y, step_x, step_y;
} adam7[] = {
	{ 0, 0, 8, 8 }, { 4, 0, 8, 8 }, { 0, 4, 4, 8 }, { 2, 0, 4, 4 },
	{ 0, 2, 2, 4 }, { 1, 0, 2, 2 }, { 0, 1, 1, 2 },
}, whole = { 0, 0, 1, 1 };

struct stream {
	z_stream z;
	struct check *c;
	size_t offset;                  /* of the next chunk */
	unsigned char *row, *above;     /* [1 + bytes], filter type first */
	bool ended;                     /* with its check sum right */
};

/* Have packed bytes at hand.  False: there are no more. */
static bool more_input(struct stream *s)
{
	struct chunk chunk;

	while (!s->z.avail_in) {
		if (!get_chunk(s->c->out, s->c->out_size, s->offset, &chunk) ||
		    !memcmp(chunk.type, "IEND", 4))
			return false;
		s->offset = chunk.next;
		if (memcmp(chunk.type, "IDAT", 4) != 0)
			continue;
		s->z.next_in = (Bytef *)(uintptr_t)chunk.data;
		s->z.avail_in = (uInt)chunk.length;
	}
	return true;
}

/* Unpack up to length bytes.  Returns how many there were. */
static size_t unpack(struct stream *s, unsigned char *to, size_t length)
{
	s->z.next_out = to;
	s->z.avail_out = (uInt)length;
	while (!s->ended && s->z.avail_out && more_input(s)) {
		int status = inflate(&s->z, Z_NO_FLUSH);

		s->ended = status == Z_STREAM_END;
		if (status != Z_OK && !s->ended)
			break;
	}
	return length - s->z.avail_out;
}

/* The predictor of 9.4. */
static int paeth(int a, int b, int c)
{
	int p = a + b - c;
	int pa = abs(p - a), pb = abs(p - b), pc = abs(p - c);

	return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
}

/* Undo the filter of a row whose pixels take a byte or less (9.2). */
static bool unfilter(unsigned char *row, const unsigned char *above,
		     size_t bytes)
{
	int type = row[0], left = 0, corner = 0;

	for (size_t i = 1; i <= bytes; i++) {
		int up = above[i];
		int guess = type == 1 ? left : type == 2 ? up :
			    type == 3 ? (left + up) / 2 :
			    type == 4 ? paeth(left, up, corner) : 0;

		row[i] = (unsigned char)(row[i] + guess);
		left = row[i];
		corner = up;
	}
	return type <= 4;
}

/* The rows of a pass; the bits after the last pixel of each are 0. */
static bool check_pass(struct stream *s, const struct pass *pass)
{
	const struct image_info *info = s->c->v->out_info;
	int bits = info->bits_stored * info->samples;
	long long width = (info->columns - pass->x + pass->step_x - 1) /
			  pass->step_x;
	size_t bytes = (size_t)((width * bits + 7) / 8);
	int spare = (int)((long long)bytes * 8 - width * bits);

	if (width < 1)
		return true;
	memset(s->above, 0, bytes + 1);
	for (int y = pass->y; y < info->rows; y += pass->step_y) {
		unsigned char *row = s->row;

		if (unpack(s, row, bytes + 1) != bytes + 1 || row[0] > 4)
			return false;
		if (!spare)
			continue;
		if (!unfilter(row, s->above, bytes) ||
		    row[bytes] & ((1 << spare) - 1))
			return false;
		s->row = s->above;
		s->above = row;
	}
	return true;
}

static bool check_passes(struct stream *s)
{
	unsigned char more;

	if (!s->c->v->out_info->interlaced) {
		if (!check_pass(s, &whole))
			return false;
	} else {
		for (size_t i = 0; i < sizeof(adam7) / sizeof(adam7[0]); i++)
			if (!check_pass(s, &adam7[i]))
				return false;
	}
	return !unpack(s, &more, 1) && s->ended && !more_input(s);
}

static bool check_stream(struct check *c, struct error *err)
{
	const struct image_info *info = c->v->out_info;
	size_t bytes = ((size_t)info->columns * (size_t)info->samples *
			(size_t)info->bits_stored + 7) / 8 + 1;
	struct stream s = { .c = c, .offset = 8 };
	bool ok = false;

	s.row = malloc(bytes);
	s.above = malloc(bytes);
	if (s.row && s.above && inflateInit(&s.z) == Z_OK) {
		ok = check_passes(&s) ||
		     verify_found(c->v, VERIFY_CARRIER, 0, -1, -1);
		inflateEnd(&s.z);
	} else {
		error_refuse(err, REASON_NO_MEMORY, NULL, 0);
	}
	free(s.row);
	free(s.above);
	return ok;
}

bool verify_png(struct verifier *v, struct error *err)
{
	struct check c = { .v = v };
	unsigned char *in = verify_read_file(v->in_fd, &c.in_size, err);
	unsigned char *out = in ? verify_read_file(v->out_fd, &c.out_size,
						   err) : NULL;
	bool ok;

	c.in = in;
	c.out = out;
	ok = out && expect_palette(&c) && check_chunks(&c) &&
	     check_stream(&c, err);
	free(in);
	free(out);
	return ok && verify_all_samples(v, err);
}

/*
 * verify_jpeg.c - the segments and coefficients of a masked JPEG: no metadata,
 * every block outside the masks as it was, every block inside constant.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "mask/verify_parts.h"
#include "mask/wipe_jpeg.h"

/* Marker bytes (ITU-T T.81 table B.1). */
enum { M_RST0 = 0xd0, M_RST7 = 0xd7, M_SOI = 0xd8, M_EOI = 0xd9, M_SOS = 0xda,
       M_APP0 = 0xe0, M_APP1 = 0xe1, M_APP2 = 0xe2, M_APP14 = 0xee };

struct segment {
	int marker;
	const unsigned char *data;      /* after the length */
	size_t length;
	size_t next;                    /* offset after it, and its scan */
};

static size_t scan_end(const unsigned char *file, size_t size, size_t offset)
{
	for (; offset + 1 < size; offset++) {
		int c = file[offset + 1];

		if (file[offset] == 0xff && c && !(c >= M_RST0 && c <= M_RST7))
			break;
	}
	return offset;
}

/* The segment at offset, where its marker has to stand. */
static bool get_segment(const unsigned char *file, size_t size, size_t offset,
			struct segment *s)
{
	size_t length;

	if (offset + 2 > size || file[offset] != 0xff)
		return false;
	*s = (struct segment){ .marker = file[offset + 1],
			       .data = file + offset + 2,
			       .next = offset + 2 };
	if (s->marker == M_SOI || s->marker == M_EOI)
		return true;
	if (offset + 4 > size)
		return false;
	length = (size_t)file[offset + 2] << 8 | file[offset + 3];
	if (length < 2 || length > size - offset - 2)
		return false;
	s->data += 2;
	s->length = length - 2;
	s->next = offset + 2 + length;
	if (s->marker == M_SOS)
		s->next = scan_end(file, size, s->next);
	return true;
}

/* ---- segments ---- */

enum rule { RULE_CODING, RULE_JFIF, RULE_ADOBE, RULE_ICC, RULE_EXIF };

static const struct {
	int first, last;                /* markers */
	enum rule rule;
} allowed[] = {
	{ 0xc0, 0xcf, RULE_CODING },    /* SOFn, DHT, DAC */
	{ M_SOI, M_SOS, RULE_CODING },
	{ 0xdb, 0xdb, RULE_CODING },    /* DQT */
	{ 0xdd, 0xdd, RULE_CODING },    /* DRI */
	{ M_APP0, M_APP0, RULE_JFIF },
	{ M_APP1, M_APP1, RULE_EXIF },
	{ M_APP2, M_APP2, RULE_ICC },
	{ M_APP14, M_APP14, RULE_ADOBE },
};

static bool starts(const struct segment *s, const char *text, size_t length)
{
	return s->length >= length && !memcmp(s->data, text, length);
}

/* The segment of IN of that marker and start. */
static bool find_segment(const unsigned char *in, size_t size, int marker,
			 const char *text, size_t length, struct segment *s)
{
	size_t offset = 0;

	while (offset < size) {
		const unsigned char *ff = memchr(in + offset, 0xff,
						 size - offset);

		if (!ff)
			return false;
		offset = (size_t)(ff - in);
		if (!get_segment(in, size, offset, s)) {
			offset++;       /* a fill byte */
			continue;
		}
		if (s->marker == M_EOI)
			return false;
		if (s->marker == marker && starts(s, text, length))
			return true;
		offset = s->next;
	}
	return false;
}

/* JFIF 1.x: same version, units and densities, no thumbnail (ITU-T T.871
 * 10.1). */
static bool same_jfif(const unsigned char *in, size_t size,
		      const struct segment *b)
{
	struct segment a;

	return b->length == 14 && starts(b, "JFIF", 5) && !b->data[12] &&
	       !b->data[13] &&
	       find_segment(in, size, M_APP0, "JFIF", 5, &a) &&
	       a.length >= 12 && !memcmp(a.data + 7, b->data + 7, 5) &&
	       b->data[5] == 1 &&
	       (a.data[5] != 1 || a.data[6] == b->data[6]);
}

/* Adobe: the same transform; its version and flags mean nothing to us. */
static bool same_adobe(const unsigned char *in, size_t size,
		       const struct segment *b)
{
	struct segment a;

	return b->length == 12 && starts(b, "Adobe", 5) &&
	       find_segment(in, size, M_APP14, "Adobe", 5, &a) &&
	       a.length >= 12;
}

/* A piece of the profile is the same piece of IN, or its beginning. */
static bool same_profile(const unsigned char *in, size_t size,
			 const struct segment *b)
{
	char start[14] = "ICC_PROFILE";
	struct segment a;

	if (!starts(b, start, 12) || b->length < 14)
		return false;
	memcpy(start, b->data, 13);     /* with its number */
	return find_segment(in, size, M_APP2, start, 13, &a) &&
	       a.length >= b->length && a.length >= 14 &&
	       !memcmp(a.data + 14, b->data + 14, b->length - 14);
}

static bool check_segment(struct verifier *v, const unsigned char *in,
			  size_t size, const struct segment *b)
{
	enum rule rule = RULE_CODING;
	bool found = false, same = true;

	for (size_t i = 0; i < sizeof(allowed) / sizeof(allowed[0]); i++) {
		if (b->marker >= allowed[i].first &&
		    b->marker <= allowed[i].last) {
			rule = allowed[i].rule;
			found = true;
		}
	}
	if (!found)
		return verify_found(v, VERIFY_CARRIER, -1, -1, -1);
	if (rule == RULE_JFIF)
		same = same_jfif(in, size, b);
	if (rule == RULE_ADOBE)
		same = same_adobe(in, size, b);
	if (rule == RULE_ICC)
		same = same_profile(in, size, b);
	if (rule == RULE_EXIF)
		same = starts(b, "Exif\0", 6) &&
		       verify_exif(b->data + 6, b->length - 6,
				   v->in_info->exif_orientation);
	return same || verify_found(v, VERIFY_CARRIER, -1, -1, -1);
}

static bool check_segments(struct verifier *v, const unsigned char *in,
			   size_t in_size, const unsigned char *out,
			   size_t out_size)
{
	struct segment s;
	size_t offset = 0;

	do {
		if (!get_segment(out, out_size, offset, &s))
			return verify_found(v, VERIFY_FORMAT, -1, -1, -1);
		if (!check_segment(v, in, in_size, &s))
			return false;
		offset = s.next;
	} while (s.marker != M_EOI);
	if (offset != out_size)
		return verify_found(v, VERIFY_TRAILER, -1, -1, -1);
	return true;
}

/* ---- coefficients ---- */

static bool same_layout(const struct jpeg_layout *a,
			const struct jpeg_layout *b)
{
	bool same = a->columns == b->columns && a->rows == b->rows &&
		    a->components == b->components &&
		    a->mcu_columns == b->mcu_columns &&
		    a->mcu_rows == b->mcu_rows;

	for (int i = 0; same && i < a->components; i++)
		same = a->component[i].block_columns ==
			       b->component[i].block_columns &&
		       a->component[i].block_rows ==
			       b->component[i].block_rows &&
		       a->component[i].across == b->component[i].across &&
		       a->component[i].down == b->component[i].down &&
		       !memcmp(a->component[i].quant, b->component[i].quant,
			       sizeof(a->component[i].quant));
	return same;
}

/* One block inside: no detail, and the level of all the others. */
static bool is_constant(const int16_t *block, int *level, bool *known)
{
	for (int k = 1; k < JPEG_BLOCK; k++)
		if (block[k])
			return false;
	if (!*known)
		*level = block[0];
	*known = true;
	return block[0] == *level;
}

struct rows {
	struct jpeg_coefficients *in, *out;
	struct jpeg_layout layout;
	int16_t *a, *b;                 /* a row of blocks of each */
};

static bool compare_row(struct verifier *v, const struct rows *rows, int c,
			int y, int *level, bool *known)
{
	const struct jpeg_layout *l = &rows->layout;
	/* pixels of a block of this component */
	int width = l->mcu_columns / l->component[c].across;
	int height = l->mcu_rows / l->component[c].down;

	for (int x = 0; x < l->component[c].block_columns; x++) {
		const int16_t *a = rows->a + x * JPEG_BLOCK;
		const int16_t *b = rows->b + x * JPEG_BLOCK;
		bool inside = verify_covered(v, 0, x * width, y * height);

		if (inside ? is_constant(b, level, known) :
			     !memcmp(a, b, JPEG_BLOCK * sizeof(*a)))
			continue;
		return verify_found(v, inside ? VERIFY_INSIDE : VERIFY_OUTSIDE,
				    0, x * width, y * height);
	}
	return true;
}

static bool compare_blocks(struct verifier *v, struct rows *rows)
{
	const struct jpeg_layout *l = &rows->layout;

	for (int c = 0; c < l->components; c++) {
		bool known = false;
		int level = 0;

		for (int y = 0; y < l->component[c].block_rows; y++) {
			if (!jpeg_coefficients_row(rows->in, c, y, rows->a) ||
			    !jpeg_coefficients_row(rows->out, c, y, rows->b))
				return verify_found(v, VERIFY_FORMAT, 0, -1,
						    -1);
			if (!compare_row(v, rows, c, y, &level, &known))
				return false;
		}
	}
	return true;
}

static bool check_coefficients(struct verifier *v, struct error *err)
{
	struct rows rows = { .in = NULL };
	struct jpeg_layout out;
	size_t widest = 0;
	bool ok = false;

	rows.in = jpeg_coefficients_open(v->in_fd, v->progress, v->self, err);
	if (!rows.in)
		return false;
	rows.out = jpeg_coefficients_open(v->out_fd, v->progress, v->self,
					  NULL);
	if (!rows.out) {
		verify_found(v, VERIFY_FORMAT, -1, -1, -1);
		goto done;
	}
	jpeg_coefficients_layout(rows.in, &rows.layout, false, JPEG_LOW);
	jpeg_coefficients_layout(rows.out, &out, false, JPEG_LOW);
	if (!same_layout(&rows.layout, &out)) {
		verify_found(v, VERIFY_FORMAT, -1, -1, -1);
		goto done;
	}
	for (int i = 0; i < out.components; i++)
		if ((size_t)out.component[i].block_columns > widest)
			widest = (size_t)out.component[i].block_columns;
	rows.a = mem_array3(widest, JPEG_BLOCK, 1, sizeof(*rows.a));
	rows.b = mem_array3(widest, JPEG_BLOCK, 1, sizeof(*rows.b));
	if (!rows.a || !rows.b)
		error_set(err, ERR_MEMORY, _("no memory for a JPEG"));
	else
		ok = compare_blocks(v, &rows);
done:
	jpeg_coefficients_close(rows.in);
	jpeg_coefficients_close(rows.out);
	free(rows.a);
	free(rows.b);
	return ok;
}

bool verify_jpeg(struct verifier *v, struct error *err)
{
	size_t in_size, out_size;
	unsigned char *in = verify_read_file(v->in_fd, &in_size, err);
	unsigned char *out = in ? verify_read_file(v->out_fd, &out_size, err) :
				  NULL;
	bool ok = out && check_segments(v, in, in_size, out, out_size);

	free(in);
	free(out);
	return ok && check_coefficients(v, err) && verify_samples(v, err);
}

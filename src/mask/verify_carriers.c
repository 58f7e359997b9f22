/*
 * verify_carriers.c - what the code stream of one DICOM frame holds besides
 * its samples: nothing.  Every byte is walked over, by coding.
 */
#include "config.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "base/i18n.h"
#include "image/format_j2k.h"
#include "mask/verify_parts.h"

static bool found(struct verifier *v, const struct verify_stream *t,
		  enum verify_class class_)
{
	return verify_found(v, class_, t->frame_index, -1, -1);
}

/* A fragment of odd length ends in one 0 (PS3.5 A.4). */
static bool check_tail(struct verifier *v, const struct verify_stream *t,
		       size_t end)
{
	return t->out_length == end ||
	       (t->out_length == end + 1 && t->out_length % 2 == 0 &&
		!t->out[end]) || found(v, t, VERIFY_TRAILER);
}

/* ---- JPEG 2000 (ISO/IEC 15444-1 Annex A; 15444-15 for CAP and CPF) ---- */

enum { J_SOC = 0xff4f, J_SIZ = 0xff51, J_TLM = 0xff55, J_PLT = 0xff58,
       J_SOT = 0xff90, J_SOD = 0xff93, J_EOC = 0xffd9, SOT_LENGTH = 10 };

/*
 * Of the pointer segments, TLM and PLT may stay, where they are right.  Packed
 * headers (PPM, PPT) and packet lengths of the whole stream (PLM) can't be
 * held against anything without decoding.
 */
static const struct {
	unsigned marker;
	bool main, part;                /* may stand in such a header */
} j2k_allowed[] = {
	{ 0xff50, true, false },        /* CAP */
	{ 0xff52, true, true },         /* COD */
	{ 0xff53, true, true },         /* COC */
	{ 0xff55, true, false },        /* TLM */
	{ 0xff58, false, true },        /* PLT */
	{ 0xff59, true, false },        /* CPF */
	{ 0xff5c, true, true },         /* QCD */
	{ 0xff5d, true, true },         /* QCC */
	{ 0xff5e, true, true },         /* RGN */
	{ 0xff5f, true, true },         /* POC */
};

static unsigned get_u16(const unsigned char *p)
{
	return (unsigned)p[0] << 8 | p[1];
}

/* The marker at an offset; 0 at the end. */
static unsigned marker_at(const struct verify_stream *t, size_t at)
{
	return at + 2 <= t->out_length ? get_u16(t->out + at) : 0;
}

/* Pass the segments of a header up to one of two markers, found at *at. */
static bool pass_header(struct verifier *v, const struct verify_stream *t,
			size_t *at, bool part, unsigned stop)
{
	for (;;) {
		unsigned marker = marker_at(t, *at), length;
		bool known = false;

		if (marker == stop)
			return true;
		for (size_t i = 0; i < sizeof(j2k_allowed) /
		     sizeof(j2k_allowed[0]); i++)
			if (j2k_allowed[i].marker == marker)
				known = part ? j2k_allowed[i].part :
					       j2k_allowed[i].main;
		length = marker_at(t, *at + 2);
		if (length < 2 || t->out_length - *at < 2 + (size_t)length)
			return found(v, t, VERIFY_FORMAT);
		if (!known)
			return found(v, t, VERIFY_CARRIER);
		*at += 2 + (size_t)length;
	}
}

static size_t get_long(const unsigned char *p)
{
	return (size_t)get_u16(p) << 16 | get_u16(p + 2);
}

/* The entries of all TLM segments of the main header, one after the other. */
struct tlm {
	size_t segment, end;            /* the next one; of the header */
	size_t entry, entries_end;      /* in the segment before */
	size_t index, length;           /* bytes of the fields of an entry */
	bool any, wrong;
};

/* Go to the next segment with entries.  False: there is none. */
static bool next_tlm(const struct verify_stream *t, struct tlm *m)
{
	while (m->segment < m->end) {
		const unsigned char *p = t->out + m->segment;
		size_t size = get_u16(p + 2);

		m->segment += 2 + size;
		if (get_u16(p) != J_TLM)
			continue;
		m->any = true;
		/* 15444-1 A.7.1: Ztlm, Stlm with ST and SP */
		m->index = size < 4 ? 3 : p[5] >> 4 & 3;
		m->length = size >= 4 && p[5] & 0x40 ? 4 : 2;
		if (m->index == 3 || (p[5] & 0x8f) ||
		    (size - 4) % (m->index + m->length)) {
			m->wrong = true;
			return false;
		}
		m->entry = m->segment - (size - 4);
		m->entries_end = m->segment;
		if (m->entry < m->entries_end)
			return true;
	}
	return false;
}

/* Does the next entry tell of the tile part at start? */
static bool tlm_tells(const struct verify_stream *t, struct tlm *m,
		      size_t start)
{
	const unsigned char *sot = t->out + start + 4, *p;
	unsigned tile = get_u16(sot);
	size_t told;

	if (m->entry == m->entries_end && !next_tlm(t, m))
		return !m->any;         /* or it lists too few */
	p = t->out + m->entry;
	told = m->length == 4 ? get_long(p + m->index) : get_u16(p + m->index);
	m->entry += m->index + m->length;
	return told == get_long(sot + 2) &&
	       (m->index != 1 || p[0] == tile) &&
	       (m->index != 2 || get_u16(p) == tile);
}

/*
 * The PLT segments between two offsets list packets of so many bytes in all
 * (15444-1 A.7.3: 7 bits a byte, the last one of a number below 0x80).
 */
static bool plt_tells(const struct verify_stream *t, size_t at, size_t end,
		      size_t bytes)
{
	bool any = false, open = false;
	uint64_t sum = 0, packet = 0;

	for (size_t size; at < end; at += 2 + size) {
		size = get_u16(t->out + at + 2);
		if (get_u16(t->out + at) != J_PLT)
			continue;
		any = true;
		for (size_t i = 5; i < 2 + size; i++) {
			unsigned c = t->out[at + i];

			packet = packet << 7 | (c & 0x7f);
			open = c > 0x7f;
			if (packet > bytes)
				return false;
			sum += open ? 0 : packet;
			packet = open ? packet : 0;
		}
	}
	return !any || (!open && sum == bytes);
}

/* A tile part: SOT, its header, SOD, as many bytes as it says. */
static bool pass_part(struct verifier *v, const struct verify_stream *t,
		      size_t *at, struct tlm *m, bool *last)
{
	size_t start = *at, length;

	if (t->out_length - start < SOT_LENGTH + 2 ||
	    marker_at(t, start + 2) != SOT_LENGTH)
		return found(v, t, VERIFY_FORMAT);
	length = get_long(t->out + start + 6);
	*at += SOT_LENGTH + 2;
	if (!pass_header(v, t, at, true, J_SOD))
		return false;
	*last = !length;
	if (!length) {                  /* up to EOC, which ends the stream */
		length = t->out_length - start;
		length -= marker_at(t, t->out_length - 2) == J_EOC ? 2 : 3;
	}
	if (length < *at + 2 - start || length > t->out_length - start)
		return found(v, t, VERIFY_FORMAT);
	if (!tlm_tells(t, m, start) ||
	    !plt_tells(t, start + SOT_LENGTH + 2, *at,
		       start + length - (*at + 2)))
		return found(v, t, VERIFY_CARRIER);
	*at = start + length;
	return true;
}

static bool check_j2k(struct verifier *v, const struct verify_stream *t,
		      struct error *err)
{
	struct tlm m = { 0 };
	size_t at = 4;
	unsigned length;
	bool last = false;

	(void)err;
	if (marker_at(t, 0) != J_SOC || marker_at(t, 2) != J_SIZ)
		return found(v, t, VERIFY_CARRIER);
	length = marker_at(t, at);
	if (length < 41 || length != 38 + 3 * marker_at(t, at + 36))
		return found(v, t, VERIFY_FORMAT);
	at += length;
	m.segment = at;
	if (!pass_header(v, t, &at, false, J_SOT))
		return false;
	m.end = at;
	while (!last && marker_at(t, at) == J_SOT)
		if (!pass_part(v, t, &at, &m, &last))
			return false;
	if (marker_at(t, at) != J_EOC)
		return found(v, t, VERIFY_FORMAT);
	/* it may list no more tile parts than there are */
	if (m.entry < m.entries_end || next_tlm(t, &m) || m.wrong)
		return found(v, t, VERIFY_CARRIER);
	if (j2k_has_slack(t->out, t->out_length))
		return found(v, t, VERIFY_TRAILER);
	return check_tail(v, t, at + 2);
}

/* ---- RLE (PS3.5 Annex G) ---- */

enum { RLE_HEAD = 64, RLE_MOST = 15 };

static size_t get_u32(const unsigned char *p)
{
	return (size_t)p[0] | (size_t)p[1] << 8 | (size_t)p[2] << 16 |
	       (size_t)p[3] << 24;
}

/* Bytes that a segment takes for count bytes of a plane; 0: it can't. */
static size_t rle_used(const unsigned char *p, size_t length, size_t count)
{
	size_t at = 0;

	while (count) {
		size_t n, bytes;

		if (at == length)
			return 0;
		n = p[at++];
		if (n == 128)
			continue;
		bytes = n > 128 ? 1 : n + 1;
		n = n > 128 ? 257 - n : n + 1;
		if (n > count || length - at < bytes)
			return 0;
		at += bytes;
		count -= n;
	}
	return at;
}

/* The segments follow each other and are used up but for a pad byte. */
static bool check_rle(struct verifier *v, const struct verify_stream *t,
		      struct error *err)
{
	struct cell_form form;
	size_t segments, count, at = RLE_HEAD;

	(void)err;
	dicom_cell_form(v->out, &form);
	count = (size_t)form.columns * (size_t)form.rows;
	segments = (size_t)form.samples * (size_t)form.allocated / 8;
	if (form.allocated == 1) {
		count = cells_bytes(&form);
		segments = 1;
	}
	if (t->out_length < RLE_HEAD || get_u32(t->out) != segments ||
	    segments > RLE_MOST)
		return found(v, t, VERIFY_FORMAT);
	for (size_t i = 0; i < RLE_MOST; i++) {
		size_t told = get_u32(t->out + 4 + 4 * i), used;

		if (i >= segments) {
			if (told)
				return found(v, t, VERIFY_CARRIER);
			continue;
		}
		if (told != at && told != at + 1)
			return found(v, t, VERIFY_FORMAT);
		if (told > t->out_length || (told == at + 1 && t->out[at]))
			return found(v, t, VERIFY_CARRIER);
		at = told;
		used = rle_used(t->out + at, t->out_length - at, count);
		if (!used)
			return found(v, t, VERIFY_FORMAT);
		at += used;
	}
	return check_tail(v, t, at);
}

/* ---- deflated frames (PS3.5 A.4.14), and frames of bare cells ---- */

static bool check_deflate(struct verifier *v, const struct verify_stream *t,
			  struct error *err)
{
	unsigned char piece[65536];
	struct cell_form form;
	z_stream z = { 0 };
	size_t bytes, total = 0;
	int status = Z_OK;

	if (t->out_length > UINT_MAX || inflateInit2(&z, -MAX_WBITS) != Z_OK)
		return error_set(err, ERR_MEMORY, _("no memory"));
	dicom_cell_form(v->out, &form);
	bytes = cells_bytes(&form);
	z.next_in = (z_const Bytef *)t->out;
	z.avail_in = (uInt)t->out_length;
	while (status == Z_OK && total <= bytes + 1) {
		z.next_out = piece;
		z.avail_out = sizeof(piece);
		status = inflate(&z, Z_NO_FLUSH);
		total += sizeof(piece) - z.avail_out;
	}
	inflateEnd(&z);
	if (status != Z_STREAM_END || total < bytes ||
	    total > bytes + bytes % 2)
		return found(v, t, VERIFY_FORMAT);
	if (total > bytes && piece[(total - 1) % sizeof(piece)])
		return found(v, t, VERIFY_CARRIER);
	return check_tail(v, t, t->out_length - z.avail_in);
}

static bool check_plain(struct verifier *v, const struct verify_stream *t,
			struct error *err)
{
	struct cell_form form;

	(void)err;
	dicom_cell_form(v->out, &form);
	return t->out_length >= cells_bytes(&form) ?
	       check_tail(v, t, cells_bytes(&form)) :
	       found(v, t, VERIFY_FORMAT);
}

static bool check_jpeg(struct verifier *v, const struct verify_stream *t,
		       struct error *err)
{
	(void)err;
	return verify_segments(v, t);
}

bool verify_carriers(struct verifier *v, const struct verify_stream *t,
		     enum dicom_coding coding, struct error *err)
{
	static bool (*const by_coding[])(struct verifier *v,
					 const struct verify_stream *t,
					 struct error *err) = {
		[DICOM_PLAIN] = check_plain,
		[DICOM_DEFLATE] = check_deflate,
		[DICOM_RLE] = check_rle,
		[DICOM_JPEG] = check_jpeg,
		[DICOM_JPEG_LS] = check_jpeg,
		[DICOM_J2K] = check_j2k,
	};

	return by_coding[coding] ? by_coding[coding](v, t, err) :
				   found(v, t, VERIFY_FORMAT);
}

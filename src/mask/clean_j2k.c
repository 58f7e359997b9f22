/* clean_j2k.c - cuts carriers out of JPEG 2000 code streams. */
#include "config.h"

#include <string.h>

#include "image/j2k_stream.h"
#include "mask/clean_parts.h"
#include "mask/mask.h"

/* 15444-1 A.6: flags and fields of TLM; A.4.2: SOT */
enum { TLM_LONG = 0x40, SOT_PSOT = 6 };

/* What is known before anything is written. */
struct survey {
	bool tlm_wrong, plt_wrong;      /* lengths do not add up */
	bool shorter;                   /* a tile part loses a segment */
};

/* What each marker segment may hold; one with dropped set is cut. */
static const struct {
	int marker;
	bool main, tile;                /* in which headers */
	size_t largest;                 /* body, bytes */
	unsigned dropped;
} segments[] = {
	{ J2K_SIZ, true, false, 65533, 0 },
	{ J2K_CAP, true, false, 4 + 2 * 32, 0 },
	{ J2K_PRF, true, false, 64, 0 },
	{ J2K_CPF, true, false, 64, 0 },
	/* with a precinct size for each of 33 resolutions */
	{ J2K_COD, true, true, 10 + 33, 0 },
	{ J2K_COC, true, true, 8 + 33, 0 },
	/* 1 + 3 * 32 subbands of two bytes */
	{ J2K_QCD, true, true, 1 + 2 * 97, 0 },
	{ J2K_QCC, true, true, 3 + 2 * 97, 0 },
	{ J2K_RGN, true, true, 4, 0 },
	{ J2K_POC, true, true, 65533, 0 },
	{ J2K_PPM, true, false, 65533, 0 },
	{ J2K_PPT, false, true, 65533, 0 },
	{ J2K_TLM, true, false, 65533, 0 },
	{ J2K_PLT, false, true, 65533, 0 },
	{ J2K_PLM, true, false, 65533, DROPPED_APP },
	{ J2K_CRG, true, false, 65533, DROPPED_APP },
	{ J2K_COM, true, true, 65533, DROPPED_COMMENT },
};

/* Which row it is; -1 for what is not known or in the wrong header. */
static int row_of(const struct j2k_walk *w)
{
	for (size_t i = 0; i < sizeof(segments) / sizeof(segments[0]); i++)
		if (segments[i].marker == w->marker &&
		    w->size <= segments[i].largest &&
		    (w->in_part ? segments[i].tile : segments[i].main))
			return (int)i;
	return -1;
}

static bool is_frame(int marker)
{
	return marker == J2K_SOC || marker == J2K_SOT || marker == J2K_SOD ||
	       marker == J2K_EOC;
}

static unsigned dropped_by(const struct survey *s, const struct j2k_walk *w)
{
	if (w->marker == J2K_TLM)
		return s->tlm_wrong || s->shorter ? DROPPED_APP : 0;
	if (w->marker == J2K_PLT)
		return s->plt_wrong ? DROPPED_APP : 0;
	return segments[row_of(w)].dropped;
}

/* ---- do the lengths add up? ---- */

/* A.7.3: lengths of packets in 7 bits a byte, the top bit says "goes on". */
struct packets {
	bool any, open;
	uint64_t sum, length;
};

static void add_packets(struct packets *p, const struct j2k_walk *w)
{
	p->any = true;
	for (size_t i = 1; i < w->size; i++) {
		p->length = (p->length & UINT32_MAX) << 7 |
			    (w->body[i] & 0x7f);
		p->open = w->body[i] & 0x80;
		if (p->open)
			continue;
		p->sum += p->length;
		p->length = 0;
	}
}

/* Go on to the next tile part. */
static bool next_part(struct j2k_walk *parts)
{
	while (j2k_walk_next(parts))
		if (parts->marker == J2K_SOT)
			return true;
	return false;
}

/* Compare the entries of a TLM with the tile parts that `parts` comes to. */
static bool tlm_fits(const struct j2k_walk *w, struct j2k_walk *parts)
{
	size_t index, length, entry;

	if (w->size < 2)
		return false;
	index = w->body[1] >> 4 & 3;
	length = w->body[1] & TLM_LONG ? 4 : 2;
	entry = index + length;
	if (index > 2 || (w->size - 2) % entry != 0)
		return false;
	for (const uint8_t *p = w->body + 2; p < w->body + w->size;
	     p += entry) {
		if (!next_part(parts))
			return false;
		uint32_t said = length == 4 ? j2k_u32(p + index) :
					      j2k_u16(p + index);
		unsigned tile = j2k_u16(parts->body);

		if (said != j2k_u32(parts->body + 2) ||
		    (index == 1 && p[0] != tile) ||
		    (index == 2 && j2k_u16(p) != tile))
			return false;
	}
	return true;
}

/* TLMs that list fewer tile parts than there are, are wrong too. */
static bool check_tlms(const uint8_t *data, size_t length)
{
	struct j2k_walk walk = { .data = data, .length = length };
	struct j2k_walk parts = walk;
	bool any = false;

	while (j2k_walk_next(&walk) && walk.tile_parts == 0) {
		if (walk.marker != J2K_TLM)
			continue;
		any = true;
		if (!tlm_fits(&walk, &parts))
			return false;
	}
	return !any || !next_part(&parts);
}

static bool survey(const uint8_t *data, size_t length, struct survey *s,
		   struct error *err)
{
	struct j2k_walk w = { .data = data, .length = length };
	struct packets packets = { 0 };

	*s = (struct survey){ .tlm_wrong = !check_tlms(data, length) };
	while (j2k_walk_next(&w)) {
		if (!is_frame(w.marker) && row_of(&w) < 0)
			return error_refuse(err, REASON_DAMAGED_MARKER, NULL,
					    w.marker);
		if (w.marker == J2K_PLT)
			add_packets(&packets, &w);
		if (w.marker == J2K_COM && w.in_part)
			s->shorter = true;
		if (w.marker != J2K_SOD)
			continue;
		if (packets.any && (packets.open || packets.sum != w.size))
			s->plt_wrong = s->shorter = true;
		packets = (struct packets){ 0 };
	}
	if (w.damaged || w.tile_parts == 0)
		return error_refuse(err, REASON_DAMAGED, NULL, 0);
	return true;
}

/* ---- the copy ---- */

/* The tile part that stands at `at` in the copy is over: its new length. */
static void set_length(struct buffer *kept, size_t at)
{
	uint8_t *psot = (uint8_t *)kept->data + at + SOT_PSOT;
	size_t length = kept->length - at;

	/* 0 stays: up to EOC */
	if (kept->failed || j2k_u32(psot) == 0)
		return;
	for (int i = 0; i < 4; i++)
		psot[i] = (uint8_t)(length >> (24 - 8 * i));
}

/* Copy what stays.  Returns what does not; *used: bytes of the stream. */
static unsigned copy(const uint8_t *data, size_t length,
		     const struct survey *s, struct buffer *kept,
		     size_t *used)
{
	struct j2k_walk w = { .data = data, .length = length };
	unsigned dropped = 0;
	size_t sot = 0;

	while (j2k_walk_next(&w)) {
		unsigned cut = is_frame(w.marker) ? 0 : dropped_by(s, &w);

		dropped |= cut;
		if (w.marker == J2K_SOT)
			sot = kept->length;
		if (!cut)
			buffer_append(kept, data + w.start, w.end - w.start);
		if (w.marker == J2K_SOD)
			set_length(kept, sot);
		*used = w.end;
	}
	return dropped;
}

bool clean_j2k(const uint8_t *stream, size_t length, struct cleaned *out,
	       struct error *err)
{
	struct buffer kept = { 0 };
	unsigned dropped;
	size_t start, end, used = 0;
	struct survey s;

	*out = (struct cleaned){ 0 };
	if (!j2k_unwrap(stream, length, &start, &end))
		return error_refuse(err, REASON_DAMAGED, NULL, 0);
	if (!survey(stream + start, end - start, &s, err))
		return false;
	dropped = copy(stream + start, end - start, &s, &kept, &used);
	if (start > 0)
		dropped |= DROPPED_APP;
	if (!clean_is_pad(stream + start, used, end - start))
		dropped |= DROPPED_TRAILER;
	return clean_finish(&kept, dropped, out, err);
}

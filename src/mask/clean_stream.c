/* clean_stream.c - cuts carriers out of JPEG Lossless, JPEG-LS, RLE and
 * deflate streams; clean_j2k.c does it for JPEG 2000. */
#include "config.h"

#include "mask/clean_stream.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "image/format_jpeg.h"
#include "image/pack.h"
#include "image/unpack.h"
#include "mask/clean_parts.h"
#include "mask/mask.h"

void cleaned_done(struct cleaned *c)
{
	free(c->data);
	*c = (struct cleaned){ 0 };
}

bool clean_is_pad(const uint8_t *stream, size_t used, size_t length)
{
	return used == length ||
	       (used + 1 == length && used % 2 == 1 && stream[used] == 0);
}

bool clean_finish(struct buffer *kept, unsigned dropped, struct cleaned *out,
		  struct error *err)
{
	*out = (struct cleaned){ 0 };
	if (dropped && kept->length % 2)
		buffer_append(kept, "", 1);
	if (kept->failed) {
		buffer_done(kept);
		return error_set(err, ERR_MEMORY, _("no memory for a picture"));
	}
	if (!dropped) {
		buffer_done(kept);
		return true;
	}
	*out = (struct cleaned){ .data = (uint8_t *)kept->data,
				 .length = kept->length, .dropped = dropped };
	return true;
}

/* ---- JPEG Lossless and JPEG-LS ---- */

/* ITU-T T.81 table B.1, T.87 C.1.1 */
enum { SOI = 0xd8, EOI = 0xd9, SOS = 0xda, DQT = 0xdb, DRI = 0xdd,
       DHT = 0xc4, APP0 = 0xe0, COM = 0xfe, LSE = 0xf8, FILL = 0xff,
       RST0 = 0xd0, RST7 = 0xd7 };

/* A walk over one stream; kept grows as it goes. */
struct jpeg_walk {
	const uint8_t *data;
	size_t length, next;
	int sof;                        /* 0: not seen yet */
	bool huffman;                   /* a DHT was seen */
	int scans;
	struct buffer kept;
	unsigned dropped;
	struct error *err;
};

/* A marker segment: its parameters without the two bytes of length. */
struct segment {
	int marker;
	const uint8_t *body;
	size_t size;
};

static bool bad_marker(const struct jpeg_walk *w, int marker)
{
	return error_refuse(w->err, REASON_DAMAGED_MARKER, NULL,
			    0xff00 | marker);
}

static void keep_segment(struct jpeg_walk *w, const struct segment *s)
{
	uint8_t head[4] = { 0xff, (uint8_t)s->marker,
			    (uint8_t)((s->size + 2) >> 8),
			    (uint8_t)(s->size + 2) };

	buffer_append(&w->kept, head, sizeof(head));
	buffer_append(&w->kept, s->body, s->size);
}

static bool keep(struct jpeg_walk *w, const struct segment *s)
{
	keep_segment(w, s);
	return true;
}

/* Tables of quantisers mean nothing without loss. */
static bool cut_table(struct jpeg_walk *w, const struct segment *s)
{
	(void)s;
	w->dropped |= DROPPED_APP;
	return true;
}

static bool cut_comment(struct jpeg_walk *w, const struct segment *s)
{
	(void)s;
	w->dropped |= DROPPED_COMMENT;
	return true;
}

/* T.81 B.2.2, T.87 C.2.2: precision, lines, columns, three bytes each */
static bool keep_frame(struct jpeg_walk *w, const struct segment *s)
{
	if (w->sof || s->size < 6 || s->size != 6 + 3 * (size_t)s->body[5])
		return bad_marker(w, s->marker);
	w->sof = s->marker;
	return keep(w, s);
}

/* T.81 B.2.4.2: class and number, 16 counts, as many symbols; whole tables. */
static bool keep_huffman(struct jpeg_walk *w, const struct segment *s)
{
	size_t at = 0;

	while (s->size - at > 16) {
		size_t symbols = 0;

		for (int i = 1; i <= 16; i++)
			symbols += s->body[at + (size_t)i];
		at += 17;
		if (symbols > s->size - at)
			return bad_marker(w, s->marker);
		at += symbols;
	}
	w->huffman = true;
	return at == s->size ? keep(w, s) : bad_marker(w, s->marker);
}

static bool keep_restart(struct jpeg_walk *w, const struct segment *s)
{
	return s->size == 2 ? keep(w, s) : bad_marker(w, s->marker);
}

/* T.87 C.2.4.1.1: parameter id 1 and five numbers; mapping tables are not. */
static bool keep_parameters(struct jpeg_walk *w, const struct segment *s)
{
	return s->size == 11 && s->body[0] == 1 ? keep(w, s) :
						  bad_marker(w, s->marker);
}

/* Application data: what stays of it, and what the rest is called. */
static const struct {
	int marker;
	const char *start;              /* of the body */
	size_t length;                  /* of start */
	size_t keep;                    /* bytes that stay; 0: none */
	unsigned dropped;               /* when cut or shortened */
} apps[] = {
	/* T.871 10.1: up to and with the size of the thumbnail */
	{ APP0, "JFIF", 5, 14, DROPPED_THUMBNAIL },
	{ APP0, "JFXX", 5, 0, DROPPED_THUMBNAIL },
	{ APP0 + 1, "Exif\0", 6, 0, DROPPED_EXIF },
	{ APP0 + 1, "http://ns.adobe.com/x", 21, 0, DROPPED_XMP },
	/* HP's colour transforms of JPEG-LS: name and number */
	{ APP0 + 8, "mrfx", 4, 5, DROPPED_APP },
	/* T.872 6.5.3: name, version, two flags, transform */
	{ APP0 + 14, "Adobe", 5, 12, DROPPED_APP },
};

/* Version 1.0 to 1.2 of T.871 and before; no thumbnail. */
static void clean_jfif(uint8_t *body)
{
	if (body[5] != 1 || body[6] > 2)
		body[5] = body[6] = 1;
	body[12] = body[13] = 0;
}

static bool clean_app(struct jpeg_walk *w, const struct segment *s)
{
	for (size_t i = 0; i < sizeof(apps) / sizeof(apps[0]); i++) {
		struct segment bare = { s->marker, s->body, apps[i].keep };
		uint8_t copy[16] = { 0 };

		if (s->marker != apps[i].marker || s->size < apps[i].length ||
		    s->size < apps[i].keep ||
		    memcmp(s->body, apps[i].start, apps[i].length) != 0)
			continue;
		memcpy(copy, s->body, bare.size);
		if (bare.size && s->marker == APP0)
			clean_jfif(copy);
		if (s->size == bare.size && !memcmp(copy, s->body, bare.size))
			return keep(w, s);
		w->dropped |= apps[i].dropped;
		if (!bare.size)
			return true;
		bare.body = copy;
		return keep(w, &bare);
	}
	w->dropped |= DROPPED_APP;
	return true;
}

/*
 * Where entropy-coded data from `at` on ends: at the first marker that is no
 * restart.  After 0xff T.81 B.1.1.5 puts a zero byte, T.87 A.1 a zero bit; in
 * T.87 the last byte of the data may be 0xff itself.
 */
static size_t data_end(const struct jpeg_walk *w, size_t at)
{
	bool ls = w->sof == JPEG_SOF55;

	for (; at + 1 < w->length; at++) {
		const uint8_t *p = memchr(w->data + at, 0xff,
					  w->length - 1 - at);

		if (!p)
			break;
		at = (size_t)(p - w->data);
		if (p[1] >= RST0 && p[1] <= RST7)
			continue;
		if (ls ? p[1] < 0x80 : p[1] == 0)
			continue;
		return ls && p[1] == FILL ? at + 1 : at;
	}
	return w->length;
}

/* T.81 B.2.3: a count, two bytes each, three more; then the data. */
static bool keep_scan(struct jpeg_walk *w, const struct segment *s)
{
	size_t end = data_end(w, w->next);

	if (!w->sof || s->size < 4 || s->size != 4 + 2 * (size_t)s->body[0] ||
	    (w->sof == JPEG_SOF55 && w->huffman))
		return bad_marker(w, s->marker);
	keep_segment(w, s);
	buffer_append(&w->kept, w->data + w->next, end - w->next);
	w->next = end;
	w->scans++;
	return true;
}

static const struct {
	int first, last;
	bool (*take)(struct jpeg_walk *w, const struct segment *s);
} takers[] = {
	{ JPEG_SOF3, JPEG_SOF3, keep_frame },
	{ JPEG_SOF55, JPEG_SOF55, keep_frame },
	{ DHT, DHT, keep_huffman },
	{ DRI, DRI, keep_restart },
	{ LSE, LSE, keep_parameters },
	{ SOS, SOS, keep_scan },
	{ DQT, DQT, cut_table },
	{ COM, COM, cut_comment },
	{ APP0, APP0 + 15, clean_app },
};

static bool is_other_process(int marker)
{
	return marker >= 0xc0 && marker <= 0xcf && marker != DHT &&
	       marker != 0xc8 && marker != 0xcc;
}

static bool take_segment(struct jpeg_walk *w, int marker)
{
	struct segment s = { .marker = marker };
	size_t length;

	if (w->length - w->next < 2)
		return error_refuse(w->err, REASON_TRUNCATED, NULL, 0);
	length = (size_t)w->data[w->next] << 8 | w->data[w->next + 1];
	if (length < 2 || length > w->length - w->next)
		return bad_marker(w, marker);
	s.body = w->data + w->next + 2;
	s.size = length - 2;
	w->next += length;
	for (size_t i = 0; i < sizeof(takers) / sizeof(takers[0]); i++)
		if (marker >= takers[i].first && marker <= takers[i].last)
			return takers[i].take(w, &s);
	if (is_other_process(marker))
		return error_refuse(w->err, REASON_JPEG_PROCESS, NULL,
				    0xff00 | marker);
	return bad_marker(w, marker);
}

/*
 * The next marker; fill bytes before it (T.81 B.1.1.2) are cut.  One may stay:
 * encoders make lengths even by it.  0: none.
 */
static int next_marker(struct jpeg_walk *w)
{
	size_t start = w->next;

	if (w->length - start < 2 || w->data[start] != 0xff)
		return 0;
	while (w->next < w->length && w->data[w->next] == FILL)
		w->next++;
	if (w->next == w->length)
		return 0;
	if (w->next - start > 2)
		w->dropped |= DROPPED_APP;
	return w->data[w->next++];
}

static bool walk_jpeg(struct jpeg_walk *w)
{
	static const uint8_t soi[] = { 0xff, SOI }, eoi[] = { 0xff, EOI };

	if (w->length < 4 || memcmp(w->data, soi, sizeof(soi)) != 0)
		return error_refuse(w->err, REASON_DAMAGED, NULL, 0);
	w->next = sizeof(soi);
	buffer_append(&w->kept, soi, sizeof(soi));
	for (;;) {
		int marker = next_marker(w);

		if (!marker)
			return error_refuse(w->err, REASON_TRUNCATED, NULL, 0);
		if (marker == EOI)
			break;
		if (!take_segment(w, marker))
			return false;
	}
	if (!w->scans)
		return error_refuse(w->err, REASON_DAMAGED, NULL, 0);
	buffer_append(&w->kept, eoi, sizeof(eoi));
	if (!clean_is_pad(w->data, w->next, w->length))
		w->dropped |= DROPPED_TRAILER;
	return true;
}

bool clean_jpeg(const uint8_t *stream, size_t length, struct cleaned *out,
		struct error *err)
{
	struct jpeg_walk w = { .data = stream, .length = length, .err = err };

	*out = (struct cleaned){ 0 };
	if (walk_jpeg(&w))
		return clean_finish(&w.kept, w.dropped, out, err);
	buffer_done(&w.kept);
	return false;
}

/* ---- RLE ---- */

static bool is_zero(const uint8_t *bytes, size_t count)
{
	while (count > 0 && bytes[count - 1] == 0)
		count--;
	return count == 0;
}

/* Do the segments fill the frame, each with one zero byte more at most? */
static bool is_tight(const uint8_t *stream, const struct rle_segment *seg,
		     int count)
{
	size_t listed = 4 + 4 * (size_t)count, next = RLE_HEADER;

	for (int i = 0; i < count; i++) {
		const struct rle_segment *s = &seg[i];
		size_t rest = s->end - s->start - s->used;

		if (s->start != next || rest > 1 ||
		    !is_zero(stream + s->start + s->used, rest))
			return false;
		next = s->end;
	}
	return is_zero(stream + listed, RLE_HEADER - listed);
}

bool clean_rle(const struct cell_form *form, const uint8_t *stream,
	       size_t length, struct cleaned *out, struct error *err)
{
	struct rle_segment seg[RLE_SEGMENTS];
	uint8_t header[RLE_HEADER] = { 0 };
	struct buffer kept = { 0 };
	int count = unpack_rle_segments(form, stream, length, seg, err);

	*out = (struct cleaned){ 0 };
	if (!count)
		return false;
	if (is_tight(stream, seg, count))
		return true;
	header[0] = (uint8_t)count;
	buffer_append(&kept, header, sizeof(header));
	for (int i = 0; i < count; i++) {
		for (int byte = 0; byte < 4; byte++)
			header[4 + 4 * i + byte] =
				(uint8_t)(kept.length >> 8 * byte);
		buffer_append(&kept, stream + seg[i].start, seg[i].used);
		if (kept.length % 2)
			buffer_append(&kept, "", 1);
	}
	if (!kept.failed)
		memcpy(kept.data, header, sizeof(header));
	return clean_finish(&kept, DROPPED_TRAILER, out, err);
}

/* ---- deflate ---- */

/* The byte after the frame is inside the stream: pack it anew. */
static bool repack(size_t bytes, const uint8_t *stream, size_t length,
		   struct cleaned *out, struct error *err)
{
	uint8_t *cells = unpack_deflate(stream, length, bytes, err);

	if (cells)
		out->data = pack_deflate(cells, bytes, &out->length, err);
	free(cells);
	out->dropped = out->data ? DROPPED_TRAILER : 0;
	return out->data;
}

bool clean_deflate(size_t bytes, const uint8_t *stream, size_t length,
		   struct cleaned *out, struct error *err)
{
	struct buffer kept = { 0 };
	bool pad = false;
	size_t used = unpack_deflate_length(stream, length, bytes, &pad, err);

	*out = (struct cleaned){ 0 };
	if (!used)
		return false;
	if (pad)
		return repack(bytes, stream, length, out, err);
	if (clean_is_pad(stream, used, length))
		return true;
	buffer_append(&kept, stream, used);
	return clean_finish(&kept, DROPPED_TRAILER, out, err);
}

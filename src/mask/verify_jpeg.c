/*
 * verify_jpeg.c - the segments of a masked stream of the JPEG family, of a
 * file or of a DICOM frame: JPEG of any process, JPEG Lossless, JPEG-LS.  Only
 * what decoding needs, every byte of it, and one picture.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "mask/verify_parts.h"

/* Marker bytes (ITU-T T.81 table B.1; T.87 C.1.1 for JPEG-LS). */
enum { M_SOF0 = 0xc0, M_DHT = 0xc4, M_JPG = 0xc8, M_DAC = 0xcc,
       M_SOF15 = 0xcf, M_RST0 = 0xd0, M_RST7 = 0xd7, M_SOI = 0xd8,
       M_EOI = 0xd9, M_SOS = 0xda, M_DQT = 0xdb, M_DRI = 0xdd, M_APP0 = 0xe0,
       M_APP1 = 0xe1, M_APP2 = 0xe2, M_APP8 = 0xe8, M_APP14 = 0xee,
       M_SOF55 = 0xf7, M_LSE = 0xf8 };

struct segment {
	int marker;
	const unsigned char *data;      /* after the length */
	size_t length;
	size_t next;                    /* offset after it, and its scan */
};

/*
 * Scan data end at a marker that is no restart.  JPEG-LS stuffs a bit: there
 * 0xff is followed by a byte below 0x80 (T.87 A.1).
 */
static size_t scan_end(const unsigned char *stream, size_t size, size_t offset,
		       bool jpeg_ls)
{
	while (offset < size) {
		const unsigned char *ff = memchr(stream + offset, 0xff,
						 size - offset);
		int c;

		if (!ff || ff + 1 == stream + size)
			return size;
		offset = (size_t)(ff - stream);
		c = ff[1];
		/* 0xff itself: the last byte, or one that fills */
		if (c && c != 0xff && !(c >= M_RST0 && c <= M_RST7) &&
		    !(jpeg_ls && c < 0x80))
			return offset;
		offset++;
	}
	return size;
}

/* The segment at offset, where its marker has to stand. */
static bool get_segment(const unsigned char *stream, size_t size,
			size_t offset, bool jpeg_ls, struct segment *s)
{
	size_t length;

	if (offset + 2 > size || stream[offset] != 0xff)
		return false;
	*s = (struct segment){ .marker = stream[offset + 1],
			       .data = stream + offset + 2,
			       .next = offset + 2 };
	if (s->marker == M_SOI || s->marker == M_EOI)
		return true;
	if (offset + 4 > size)
		return false;
	length = (size_t)stream[offset + 2] << 8 | stream[offset + 3];
	if (length < 2 || length > size - offset - 2)
		return false;
	s->data += 2;
	s->length = length - 2;
	s->next = offset + 2 + length;
	if (s->marker == M_SOS)
		s->next = scan_end(stream, size, s->next, jpeg_ls);
	return true;
}

static bool starts(const struct segment *s, const char *text, size_t length)
{
	return s->length >= length && !memcmp(s->data, text, length);
}

/* The segment of the header of IN with that marker and start. */
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
		if (!get_segment(in, size, offset, false, s)) {
			offset++;       /* a fill byte */
			continue;
		}
		if (s->marker == M_EOI || s->marker == M_SOS)
			return false;
		if (s->marker == marker && starts(s, text, length))
			return true;
		offset = s->next;
	}
	return false;
}

/* ---- segments that decoding needs: nothing stands behind their tables ---- */

/* Tables of 16 counts and as many symbols (T.81 B.2.4.2). */
static bool whole_tables(const struct segment *s)
{
	size_t at = 0;

	while (at < s->length) {
		size_t symbols = 0;

		if (s->length - at < 17)
			return false;
		for (size_t i = 1; i <= 16; i++)
			symbols += s->data[at + i];
		at += 17 + symbols;
	}
	return at == s->length;
}

static bool whole_quantisers(const struct segment *s)
{
	size_t at = 0;

	while (at < s->length)
		at += s->data[at] >> 4 ? 129 : 65;
	return at == s->length;
}

static bool is_whole(const struct segment *s)
{
	switch (s->marker) {
	case M_DHT:
		return whole_tables(s);
	case M_DQT:
		return whole_quantisers(s);
	case M_DRI:
		return s->length == 2;
	case M_DAC:
		return s->length % 2 == 0;
	case M_LSE:                     /* preset parameters (T.87 C.2.4.1) */
		return s->length == 11 && s->data[0] == 1;
	case M_SOS:
		return s->length && s->length == 4 + 2 * (size_t)s->data[0];
	default:                        /* a frame header */
		return s->length >= 6 &&
		       s->length == 6 + 3 * (size_t)s->data[5];
	}
}

/* ---- segments that may stay ---- */

/* JFIF 1.x without thumbnail (ITU-T T.871 10.1); its units and densities are
 * those of IN, or none. */
static bool same_jfif(const struct verify_stream *t, const struct segment *b)
{
	static const unsigned char none[5] = { 0, 0, 1, 0, 1 };
	struct segment a;

	if (b->length != 14 || !starts(b, "JFIF", 5) || b->data[5] != 1 ||
	    b->data[6] > 2 || b->data[12] || b->data[13])
		return false;
	if (!memcmp(b->data + 7, none, sizeof(none)))
		return true;
	return find_segment(t->in, t->in_length, M_APP0, "JFIF", 5, &a) &&
	       a.length >= 12 && !memcmp(a.data + 7, b->data + 7, 5);
}

/* Adobe's version and flags are those of IN, or what libjpeg writes. */
static bool same_adobe(const struct verify_stream *t, const struct segment *b)
{
	static const unsigned char plain[6] = { 0, 100 };
	struct segment a;

	return b->length == 12 && starts(b, "Adobe", 5) &&
	       find_segment(t->in, t->in_length, M_APP14, "Adobe", 5, &a) &&
	       a.length >= 12 &&
	       (!memcmp(b->data + 5, plain, sizeof(plain)) ||
		!memcmp(b->data + 5, a.data + 5, sizeof(plain))) &&
	       (b->data[11] <= 2 || b->data[11] == a.data[11]);
}

/* The pieces of OUT's profile have the length that it says itself (ICC.1:2010
 * 7.2.2). */
static bool is_whole_profile(const struct verify_stream *t)
{
	char start[14] = "ICC_PROFILE";
	size_t length = 0, said = 0;
	struct segment s;

	for (int i = 1; i < 256; i++) {
		start[12] = (char)i;
		if (!find_segment(t->out, t->out_length, M_APP2, start, 13,
				  &s) || s.length < 14)
			break;
		if (i == 1 && s.length >= 18)
			said = (size_t)s.data[14] << 24 |
			       (size_t)s.data[15] << 16 |
			       (size_t)s.data[16] << 8 | s.data[17];
		length += s.length - 14;
	}
	return length >= 128 && length == said;
}

/* A piece of the profile is the same piece of IN, or its beginning. */
static bool same_profile(const struct verify_stream *t,
			 const struct segment *b)
{
	char start[14] = "ICC_PROFILE";
	struct segment a;

	if (!starts(b, start, 12) || b->length < 14)
		return false;
	memcpy(start, b->data, 13);     /* with its number */
	return is_whole_profile(t) &&
	       find_segment(t->in, t->in_length, M_APP2, start, 13, &a) &&
	       a.length >= b->length && a.length >= 14 &&
	       !memcmp(a.data + 14, b->data + 14, b->length - 14);
}

static bool same_exif(const struct verify_stream *t, const struct segment *b)
{
	return starts(b, "Exif\0", 6) &&
	       verify_exif(b->data + 6, b->length - 6, t->orientation);
}

/* HP's colour transform of a JPEG-LS stream: "mrfx" and its number. */
static bool same_transform(const struct verify_stream *t,
			   const struct segment *b)
{
	struct segment a;

	return b->length == 5 && starts(b, "mrfx", 4) &&
	       find_segment(t->in, t->in_length, M_APP8, "mrfx", 4, &a) &&
	       a.length == 5 && a.data[4] == b->data[4];
}

static const struct {
	int first, last;                /* markers */
	bool (*same)(const struct verify_stream *t, const struct segment *b);
					/* NULL: is_whole() */
} allowed[] = {
	{ M_SOF0, M_SOF15, NULL },      /* DHT and DAC too */
	{ M_SOS, M_DQT, NULL },
	{ M_DRI, M_DRI, NULL },
	{ M_SOF55, M_LSE, NULL },
	{ M_APP0, M_APP0, same_jfif },
	{ M_APP1, M_APP1, same_exif },
	{ M_APP2, M_APP2, same_profile },
	{ M_APP8, M_APP8, same_transform },
	{ M_APP14, M_APP14, same_adobe },
};

static bool found_in(struct verifier *v, const struct verify_stream *t,
		     enum verify_class class_)
{
	return verify_found(v, class_, t->fragment ? t->frame_index : -1, -1,
			    -1);
}

static bool check_segment(struct verifier *v, const struct verify_stream *t,
			  const struct segment *b)
{
	for (size_t i = 0; i < sizeof(allowed) / sizeof(allowed[0]); i++) {
		if (b->marker < allowed[i].first ||
		    b->marker > allowed[i].last)
			continue;
		if (!allowed[i].same)
			return is_whole(b) || found_in(v, t, VERIFY_FORMAT);
		return allowed[i].same(t, b) ||
		       found_in(v, t, VERIFY_CARRIER);
	}
	return found_in(v, t, VERIFY_CARRIER);
}

static bool is_frame_header(int marker)
{
	return (marker >= M_SOF0 && marker <= M_SOF15 && marker != M_DHT &&
		marker != M_JPG && marker != M_DAC) || marker == M_SOF55;
}

/* A fragment of odd length ends in one 0 (PS3.5 A.4). */
static bool check_tail(struct verifier *v, const struct verify_stream *t,
		       size_t end)
{
	size_t tail = t->out_length - end;

	if (!tail || (tail == 1 && t->fragment && !t->out[end] &&
		      t->out_length % 2 == 0))
		return true;
	return found_in(v, t, VERIFY_TRAILER);
}

bool verify_segments(struct verifier *v, const struct verify_stream *t)
{
	struct segment s;
	size_t offset = 0;
	int frames = 0;
	bool jpeg_ls = false;

	if (!get_segment(t->out, t->out_length, 0, false, &s) ||
	    s.marker != M_SOI)
		return found_in(v, t, VERIFY_FORMAT);
	do {
		offset = s.next;
		if (!get_segment(t->out, t->out_length, offset, jpeg_ls, &s))
			return found_in(v, t, VERIFY_FORMAT);
		jpeg_ls = jpeg_ls || s.marker == M_SOF55;
		frames += is_frame_header(s.marker);
		if (s.marker != M_EOI && !check_segment(v, t, &s))
			return false;
	} while (s.marker != M_EOI);
	if (frames != 1)
		return found_in(v, t, VERIFY_CARRIER);
	return check_tail(v, t, s.next);
}

/* ---- colour ---- */

/* What libjpeg takes the components for, and every other decoder. */
enum verify_colour verify_colour(const unsigned char *stream, size_t length,
				 const struct jpeg_blocks_head *head, bool rgb)
{
	struct segment s;
	bool jfif = find_segment(stream, length, M_APP0, "JFIF", 5, &s);
	bool adobe = find_segment(stream, length, M_APP14, "Adobe", 5, &s) &&
		     s.length >= 12;
	int transform = adobe ? s.data[11] : -1;

	switch (head->components) {
	case 1:
		return COLOUR_GREY;
	case 3:
		if (jfif)
			return COLOUR_YCC;
		if (adobe)
			return transform ? COLOUR_YCC : COLOUR_RGB;
		return rgb || (head->component[0].id == 'R' &&
			       head->component[1].id == 'G' &&
			       head->component[2].id == 'B') ?
		       COLOUR_RGB : COLOUR_YCC;
	case 4:
		if (!adobe)
			return COLOUR_CMYK;
		return transform ? COLOUR_ADOBE_YCCK : COLOUR_ADOBE_CMYK;
	default:
		return COLOUR_OTHER;
	}
}

/* ---- a file ---- */

bool verify_jpeg(struct verifier *v, struct error *err)
{
	size_t in_size, out_size = 0;
	unsigned char *in = verify_read_file(v->in_fd, &in_size, err);
	unsigned char *out = in ? verify_read_file(v->out_fd, &out_size, err) :
				  NULL;
	struct verify_stream t = {
		.in = in, .in_length = in_size, .out = out,
		.out_length = out_size,
		.orientation = v->in_info->exif_orientation,
	};
	bool ok = out && verify_segments(v, &t) && verify_blocks(v, &t, err);

	free(in);
	free(out);
	return ok;
}

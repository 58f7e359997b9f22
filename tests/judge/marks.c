/*
 * marks.c - plants marks of high entropy wherever a picture can hide bytes,
 * and looks for any 8 bytes of them.
 *
 *   marks dicom high|low OUT MARKS an uncompressed file with all carriers of
 *                                  the data set; unused bits above or below
 *   marks spoil KIND IN OUT MARKS  a code stream or JPEG file with all that
 *                                  its KIND can carry: jpeg, file, jls, j2k,
 *                                  jp2, rle, deflate
 *   marks find FILE MARKS          prints each carrier whose mark is there;
 *                                  1 when there was one
 *   marks stream FILE FRAME OUT    the code stream of a frame
 *
 * MARKS has a line for each: carrier, the word that `dropped` must have (- for
 * none), the mark in hex.  It is appended to.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/judge/sight.h"
#include "tests/make_dicom.h"

enum { MARK = 32, WINDOW = 8, SIDE = 64 };

static FILE *list;
static uint64_t state = 0x5eed0fa112233445u;

/* The next 32 random bytes (xorshift64, Marsaglia 2003), noted in the list.
   None is FF, 00 or 0A: they would be markers, ends or packed runs. */
static const unsigned char *mark(const char *carrier, const char *dropped)
{
	static unsigned char bytes[MARK];

	fprintf(list, "%s %s ", carrier, dropped);
	for (int i = 0; i < MARK; i++) {
		state ^= state << 13;
		state ^= state >> 7;
		state ^= state << 17;
		bytes[i] = (unsigned char)(0x20 + (state >> 32) % 0x5e);
		fprintf(list, "%02x", bytes[i]);
	}
	fprintf(list, "\n");
	return bytes;
}

/* ---- carriers of the data set ---- */

static void put_mark(struct dicom_maker *m, uint32_t tag, const char *vr,
		     const char *carrier, const char *dropped)
{
	make_bytes(m, tag, vr, mark(carrier, dropped), MARK);
}

/* A sequence of one item with a marked element, in a private block or not. */
static void put_nested(struct dicom_maker *m, uint32_t sequence, uint32_t tag,
		       const char *vr, const char *carrier,
		       const char *dropped)
{
	struct dicom_maker item = { 0 };

	if (tag >> 16 & 1)
		make_text(&item, (tag & 0xffff0000) | 0x10, "LO", "MAKER");
	put_mark(&item, tag, vr, carrier, dropped);
	make_item(m, sequence, &item);
	buffer_done(&item.out);
}

static void put_icon(struct dicom_maker *m, const char *carrier)
{
	struct dicom_maker item = { 0 };

	make_pixel_module(&item, 8, 4, 1, "MONOCHROME2", 8, 8, 0);
	put_mark(&item, 0x7fe00010, "OB", carrier, "icon");
	make_item(m, 0x00880200, &item);
	buffer_done(&item.out);
}

static void put_overlay(struct dicom_maker *m, uint32_t group,
			const char *carrier, const char *dropped)
{
	static const char origin[] = { 1, 0, 1, 0 };

	make_us(m, group << 16 | 0x10, 16);
	make_us(m, group << 16 | 0x11, 16);
	make_text(m, group << 16 | 0x40, "CS", "G");
	make_bytes(m, group << 16 | 0x50, "SS", origin, 4);
	make_us(m, group << 16 | 0x100, 1);
	make_us(m, group << 16 | 0x102, 0);
	put_mark(m, group << 16 | 0x3000, "OW", carrier, dropped);
}

static void put_before_pixels(struct dicom_maker *m)
{
	struct dicom_maker item = { 0 };

	put_nested(m, 0x00081140, 0x00091002, "OB", "private-nested",
		   "private");
	make_text(m, 0x00090010, "LO", "MAKER");
	put_mark(m, 0x00091001, "OB", "private", "private");
	put_mark(m, 0x00104000, "LT", "text:comments", "-");
	put_mark(m, 0x00204000, "LT", "text:image-comments", "-");
	put_nested(m, 0x0040a730, 0x0040a160, "UT", "text:content", "-");
	make_text(m, 0x00110010, "LO", "MAKER");
	put_nested(m, 0x00111001, 0x00111002, "UN", "private-sequence",
		   "private");
	put_icon(m, "icon");
	put_icon(&item, "icon-nested");
	make_item(m, 0x00081115, &item);
	buffer_done(&item.out);
	put_mark(m, 0x00284120, "UN", "text:unknown", "-");
	put_nested(m, 0x04000561, 0x00100020, "UN", "original", "-");
	put_nested(m, 0x00700001, 0x00700006, "ST", "text:graphic", "-");
	put_mark(m, 0x22000002, "UT", "text:label", "-");
	put_mark(m, 0x50003000, "OW", "curve", "curves");
	put_overlay(m, 0x6000, "overlay", "overlay:6000");
	put_overlay(m, 0x601e, "overlay-601e", "overlay:601e");
}

/*
 * 8 of 16 bits are stored.  The marks lie in the other byte of the cells, and
 * one in the stored byte of the first cells, which a box of 40 x 3 covers.
 */
static void put_pixels(struct dicom_maker *m, bool high)
{
	unsigned char *cells = need(SIDE * SIDE, 2);
	const unsigned char *p;

	for (size_t i = 0; i < SIDE * SIDE; i++)
		cells[2 * i + (high ? 0 : 1)] =
			(unsigned char)(i % SIDE + i / SIDE);
	p = mark("pixels", "-");
	for (size_t i = 0; i < MARK; i++)
		cells[2 * i + (high ? 0 : 1)] = p[i];
	p = mark("unused-bits", "unused-bits");
	for (size_t i = 0; i < MARK; i++)
		cells[2 * (i + 40 * SIDE) + (high ? 1 : 0)] = p[i];
	p = mark("unused-bits-masked", "unused-bits");
	for (size_t i = 0; i < MARK; i++)
		cells[2 * (i + SIDE) + (high ? 1 : 0)] = p[i];
	make_bytes(m, 0x7fe00010, "OW", cells, SIDE * SIDE * 2);
	free(cells);
}

static void put_after_pixels(struct dicom_maker *m)
{
	make_text(m, 0x7fe10010, "LO", "MAKER");
	put_mark(m, 0x7fe11010, "OB", "after-pixels", "private");
	put_nested(m, 0xfffafffa, 0x04000120, "OB", "signature",
		   "signatures");
	put_mark(m, 0xfffcfffc, "OB", "padding", "padding");
}

static void make_carriers(const char *path, bool high)
{
	struct dicom_maker m = { 0 }, meta = { 0 };
	struct buffer whole = { 0 };
	size_t group = 132;

	make_begin(&m, "1.2.840.10008.1.2.1");
	put_before_pixels(&m);
	make_us(&m, 0x00280002, 1);
	make_text(&m, 0x00280004, "CS", "MONOCHROME2");
	make_us(&m, 0x00280010, SIDE);
	make_us(&m, 0x00280011, SIDE);
	make_us(&m, 0x00280100, 16);
	make_us(&m, 0x00280101, 8);
	make_us(&m, 0x00280102, high ? 7 : 15);
	make_us(&m, 0x00280103, 0);
	put_pixels(&m, high);
	put_after_pixels(&m);
	memcpy(m.out.data, mark("preamble", "preamble"), MARK);
	memcpy(m.out.data + 96, mark("preamble-end", "preamble"), MARK);
	/* private information in the meta header, and its length */
	make_text(&meta, 0x00020100, "UI", "1.2.3");
	put_mark(&meta, 0x00020102, "OB", "meta-private", "-");
	group += 12 + (size_t)(unsigned char)m.out.data[140];
	m.out.data[140] = (char)(m.out.data[140] + (char)meta.out.length);
	buffer_append(&whole, m.out.data, group);
	buffer_append(&whole, meta.out.data, meta.out.length);
	buffer_append(&whole, m.out.data + group, m.out.length - group);
	bytes_to_file(path, whole.data, whole.length);
	buffer_done(&whole);
	buffer_done(&meta.out);
	buffer_done(&m.out);
}

/* ---- carriers of code streams ---- */

/* A marker segment: marker, length, name, mark, and filler after it. */
static void put_segment(struct buffer *out, int marker, const char *name,
			size_t length, const char *carrier,
			const char *dropped)
{
	size_t size = 2 + length + MARK;
	unsigned char head[4] = { 0xff, (unsigned char)marker,
				  (unsigned char)(size >> 8),
				  (unsigned char)size };

	buffer_append(out, head, 4);
	buffer_append(out, name, length);
	buffer_append(out, mark(carrier, dropped), MARK);
}

static void put_exif(struct buffer *out)
{
	/* IFD 1 with a thumbnail of 32 bytes at 56 */
	static const char exif[] = "Exif\0\0MM\0*\0\0\0\10\0\1\1\22\0\3\0\0"
		"\0\1\0\6\0\0\0\0\0\32\0\2\2\1\0\4\0\0\0\1\0\0\0\70\2\2\0\4"
		"\0\0\0\1\0\0\0\40\0\0\0\0";

	put_segment(out, 0xe1, exif, sizeof(exif) - 1, "exif-thumbnail",
		    "exif");
}

/* All that may stand between SOI and the first segment of the stream. */
static void put_jpeg_segments(struct buffer *out, bool file)
{
	static const char icc[] = "ICC_PROFILE\0\1\1";

	if (file) {
		/* tables that no component uses: 64 bytes, 32 symbols */
		put_segment(out, 0xdb, "\x03" "0123456789abcdef0123456789abcdef",
			    33, "quantiser-unused", "-");
		put_segment(out, 0xc4, "\x13\0\0\0\0\0\0\0 \0\0\0\0\0\0\0",
			    17, "huffman-unused", "-");
		put_exif(out);
		put_segment(out, 0xe1, "http://ns.adobe.com/xap/1.0/", 29,
			    "xmp", "xmp");
		put_segment(out, 0xe2, "MPF", 4, "mpf", "app");
		put_segment(out, 0xeb, "JP", 2, "jumbf", "app");
	}
	put_segment(out, 0xe0, "JFXX\0\x13\4\2", 8, "jfxx", "-");
	put_segment(out, 0xe5, "X", 1, "app5", "app");
	put_segment(out, 0xed, "Photoshop 3.0", 14, "app13", "app");
	put_segment(out, 0xe2, icc, sizeof(icc), "icc", "-");
	put_segment(out, 0xee, "Adobe\0\x64\0\0\0\0", 11, "adobe-short", "-");
	put_segment(out, 0xfe, "", 0, "comment", "comment");
}

static void spoil_jpeg(struct bytes in, struct buffer *out, bool file)
{
	size_t i = 2, length = in.length;

	while (length && !in.data[length - 1])  /* the pad byte */
		length--;
	buffer_append(out, in.data, 2);
	/* JFIF with a thumbnail of 3 x 4 pixels; 4 bytes fill it up */
	if (in.data[3] == 0xe0) {
		put_segment(out, 0xe0, "JFIF\0\1\1\0\0\1\0\1\4\3XXXX", 18,
			    "jfif-thumbnail", "thumbnail");
		i += 2 + (size_t)(in.data[4] << 8 | in.data[5]);
	}
	put_jpeg_segments(out, file);
	buffer_append(out, in.data + i, length - i);
	buffer_append(out, mark("trailer", "trailer"), MARK);
	if (file)
		return;
	if (out->length % 2)
		buffer_append(out, "", 1);
}

static void spoil_j2k(struct bytes in, struct buffer *out)
{
	static const unsigned char comment[] = { 0xff, 0x64, 0, MARK + 4, 0, 0 };
	size_t siz = 2 + 2 + (size_t)(in.data[4] << 8 | in.data[5]);

	buffer_append(out, in.data, siz);
	buffer_append(out, comment, sizeof(comment));
	buffer_append(out, mark("j2k-comment", "comment"), MARK);
	buffer_append(out, in.data + siz, in.length - siz);
	buffer_append(out, mark("j2k-trailer", "trailer"), MARK);
}

/* A JP2 file, with a box of its own kind before that of the stream. */
static void spoil_jp2(struct bytes in, struct buffer *out)
{
	size_t at = 0;

	while (at + 8 < in.length && memcmp(in.data + at + 4, "jp2c", 4) != 0)
		at++;
	buffer_append(out, in.data, at);
	buffer_append(out, "\0\0\0\70uuid0123456789abcdef", 24);
	buffer_append(out, mark("jp2-box", "-"), MARK);
	buffer_append(out, in.data + at, in.length - at);
}

/* Of what JPEG-LS may carry, what CharLS reads over. */
static void spoil_jls(struct bytes in, struct buffer *out)
{
	size_t length = in.length;

	while (length && !in.data[length - 1])
		length--;
	buffer_append(out, in.data, 2);
	put_segment(out, 0xe8, "X", 1, "app8", "app");
	put_segment(out, 0xfe, "", 0, "comment", "comment");
	buffer_append(out, in.data + 2, length - 2);
	buffer_append(out, mark("trailer", "trailer"), MARK);
}

static void spoil_rle(struct bytes in, struct buffer *out)
{
	unsigned char *head;
	size_t segments = in.data[0];

	buffer_append(out, in.data, 64);
	buffer_append(out, mark("rle-gap", "-"), MARK);
	buffer_append(out, in.data + 64, in.length - 64);
	buffer_append(out, mark("rle-tail", "-"), MARK);
	head = (unsigned char *)out->data;
	for (size_t i = 1; i <= segments; i++) {
		size_t offset = (head[4 * i] | (size_t)head[4 * i + 1] << 8 |
				 (size_t)head[4 * i + 2] << 16) + MARK;

		for (size_t k = 0; k < 3; k++)
			head[4 * i + k] = (unsigned char)(offset >> 8 * k);
	}
	if (4 + 4 * segments + MARK <= 64)
		memcpy(head + 64 - MARK, mark("rle-header", "-"), MARK);
}

static void spoil_deflate(struct bytes in, struct buffer *out)
{
	buffer_append(out, in.data, in.length);
	buffer_append(out, mark("deflate-tail", "-"), MARK);
}

static void spoil(const char *kind, const char *from, const char *to)
{
	struct bytes in = bytes_of_file(from);
	struct buffer out = { 0 };

	if (!strcmp(kind, "file"))
		spoil_jpeg(in, &out, true);
	else if (!strcmp(kind, "jpeg"))
		spoil_jpeg(in, &out, false);
	else if (!strcmp(kind, "jls"))
		spoil_jls(in, &out);
	else if (!strcmp(kind, "j2k"))
		spoil_j2k(in, &out);
	else if (!strcmp(kind, "jp2"))
		spoil_jp2(in, &out);
	else if (!strcmp(kind, "rle"))
		spoil_rle(in, &out);
	else
		spoil_deflate(in, &out);
	bytes_to_file(to, out.data, out.length);
	buffer_done(&out);
	free(in.data);
}

/* ---- the search ---- */

static bool holds(const unsigned char *data, size_t length, size_t step,
		  const unsigned char window[WINDOW])
{
	size_t span = (WINDOW - 1) * step + 1;

	for (size_t i = 0; i + span <= length; i++) {
		size_t k = 0;

		while (k < WINDOW && data[i + k * step] == window[k])
			k++;
		if (k == WINDOW)
			return true;
	}
	return false;
}

/* In the bytes as they are, every second one, and what is packed in them. */
static bool found_in(struct sight *s, const unsigned char *window)
{
	bool found = holds(s->file.data, s->file.length, 1, window) ||
		     holds(s->file.data, s->file.length, 2, window) ||
		     holds(s->inflated.data, s->inflated.length, 1, window);

	for (int f = 0; !found && s->fragments && f < s->frames; f++) {
		struct bytes stream = sight_stream(s, f);
		struct bytes raw = { 0 };

		if (s->codec == CODEC_DEFLATE)
			raw = bytes_inflate(stream.data, stream.length, -15,
					    NULL);
		found = holds(stream.data, stream.length, 1, window) ||
			holds(raw.data, raw.length, 1, window);
		free(stream.data);
		free(raw.data);
	}
	return found;
}

static int find(const char *path, const char *marks)
{
	struct sight *s = sight_of(path);
	FILE *f = fopen(marks, "r");
	char carrier[64], dropped[64], hex[2 * MARK + 1];
	int found = 0;

	if (!f)
		die("no marks");
	while (fscanf(f, "%63s %63s %64s", carrier, dropped, hex) == 3) {
		unsigned char bytes[MARK];
		bool here = false;

		for (int i = 0; i < MARK; i++) {
			char two[3] = { hex[2 * i], hex[2 * i + 1] };

			bytes[i] = (unsigned char)strtoul(two, NULL, 16);
		}
		for (int i = 0; !here && i + WINDOW <= MARK; i++)
			here = found_in(s, bytes + i);
		if (here) {
			puts(carrier);
			found = 1;
		}
	}
	fclose(f);
	sight_free(s);
	return found;
}

int main(int arguments, char **argument)
{
	const char *what = arguments > 1 ? argument[1] : "";

	if (!strcmp(what, "find") && arguments == 4)
		return find(argument[2], argument[3]);
	if (!strcmp(what, "stream") && arguments == 5) {
		struct sight *s = sight_of(argument[2]);
		struct bytes b = sight_stream(s,
			(int)strtol(argument[3], NULL, 10));

		bytes_to_file(argument[4], b.data, b.length);
		free(b.data);
		sight_free(s);
		return 0;
	}
	if (arguments < 4)
		return 2;
	list = fopen(argument[arguments - 1], "a");
	if (!list)
		die("no file for the marks");
	if (!strcmp(what, "dicom") && arguments == 5)
		make_carriers(argument[3], !strcmp(argument[2], "high"));
	else if (!strcmp(what, "spoil") && arguments == 6)
		spoil(argument[2], argument[3], argument[4]);
	else
		return 2;
	return fclose(list) == 0 ? 0 : 1;
}

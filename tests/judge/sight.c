/* sight.c - DICOM and the rest, read without any code of src/. */
#include "config.h"

#include "tests/judge/sight.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

void die(const char *format, ...)
{
	va_list list;

	va_start(list, format);
	printf("not ok ");
	vprintf(format, list);
	printf("\n");
	va_end(list);
	exit(EXIT_FAILURE);
}

void *need(size_t count, size_t size)
{
	void *p = calloc(count ? count : 1, size);

	if (!p)
		die("no memory");
	return p;
}

struct bytes bytes_of_file(const char *path)
{
	FILE *f = fopen(path, "rb");
	struct bytes b = { 0 };
	long length;

	if (!f || fseek(f, 0, SEEK_END) != 0 || (length = ftell(f)) < 0)
		die("can't read a file");
	rewind(f);
	b.length = (size_t)length;
	b.data = need(b.length + 1, 1);
	if (fread(b.data, 1, b.length, f) != b.length)
		die("can't read a file");
	fclose(f);
	return b;
}

void bytes_to_file(const char *path, const void *data, size_t length)
{
	FILE *f = fopen(path, "wb");

	if (!f || fwrite(data, 1, length, f) != length || fclose(f) != 0)
		die("can't write a file");
}

struct bytes bytes_inflate(const void *data, size_t length, int window,
			   size_t *used)
{
	z_stream z = { .next_in = (Bytef *)(uintptr_t)data,
		       .avail_in = (uInt)length };
	struct bytes b = { 0 };
	int status = inflateInit2(&z, window);

	while (status == Z_OK) {
		if (z.total_out == b.length) {
			b.length = b.length * 2 + 4096;
			b.data = realloc(b.data, b.length + 1);
			if (!b.data)
				die("no memory");
		}
		z.next_out = b.data + z.total_out;
		z.avail_out = (uInt)(b.length - z.total_out);
		status = inflate(&z, Z_NO_FLUSH);
	}
	b.length = status == Z_STREAM_END ? z.total_out : 0;
	if (used)
		*used = length - z.avail_in;
	inflateEnd(&z);
	return b;
}

/* ---- the data set ---- */

struct cursor {
	struct sight *s;
	const unsigned char *p, *end;
	bool big_endian, implicit;
};

static uint32_t number_at(const unsigned char *p, int bytes, bool big_endian)
{
	uint32_t n = 0;

	for (int i = 0; i < bytes; i++)
		n |= (uint32_t)p[big_endian ? bytes - 1 - i : i] << 8 * i;
	return n;
}

static uint32_t take(struct cursor *c, int bytes)
{
	if (c->end - c->p < bytes)
		die("the data set is cut");
	c->p += bytes;
	return number_at(c->p - bytes, bytes, c->big_endian);
}

static uint32_t take_tag(struct cursor *c)
{
	uint32_t group = take(c, 2);

	return group << 16 | take(c, 2);
}

static void add_attribute(struct cursor *c, uint32_t tag, const char *vr,
			  int depth, const unsigned char *value, size_t length)
{
	struct sight *s = c->s;

	if (s->attributes % MAX_ATTRIBUTES == 0) {
		s->attribute = realloc(s->attribute,
			(s->attributes + MAX_ATTRIBUTES) *
			sizeof(*s->attribute));
		if (!s->attribute)
			die("no memory");
	}
	s->attribute[s->attributes] = (struct attribute){
		.tag = tag, .depth = depth, .value = value, .length = length };
	if (vr)
		memcpy(s->attribute[s->attributes].vr, vr, 2);
	s->attributes++;
}

static void take_fragments(struct cursor *c)
{
	struct sight *s = c->s;
	bool table = true;

	for (;;) {
		uint32_t tag = take_tag(c), length = take(c, 4);

		if (tag == 0xfffee0dd)
			return;
		if (tag != 0xfffee000 || length > (size_t)(c->end - c->p))
			die("item tag %08x among the fragments", tag);
		if (table) {
			s->offsets = (struct fragment){ c->p, length };
			table = false;
		} else {
			s->fragment = realloc(s->fragment, (s->fragments + 1) *
					      sizeof(*s->fragment));
			if (!s->fragment)
				die("no memory");
			s->fragment[s->fragments++] =
				(struct fragment){ c->p, length };
		}
		c->p += length;
	}
}

static void walk(struct cursor *c, int depth, bool delimited);

static void walk_items(struct cursor *c, int depth, uint32_t length)
{
	const unsigned char *end = length == UINT32_MAX ? c->end :
							  c->p + length;

	if (depth > 32)
		die("sequences are nested too deeply");
	while (c->p < end) {
		uint32_t tag = take_tag(c), size = take(c, 4);
		struct cursor item = *c;

		if (tag == 0xfffee0dd)
			return;
		if (tag != 0xfffee000)
			die("tag %08x instead of an item", tag);
		if (size != UINT32_MAX) {
			if (size > (size_t)(c->end - c->p))
				die("an item is longer than the file");
			item.end = c->p + size;
		}
		add_attribute(c, tag, NULL, depth, NULL, 0);
		walk(&item, depth, size == UINT32_MAX);
		c->p = item.p;
	}
}

static bool has_long_length(const char *vr)
{
	static const char names[] = "OB OW OF OD OL OV SQ UN UT UC UR SV UV ";

	for (const char *p = names; *p; p += 3)
		if (!memcmp(p, vr, 2))
			return true;
	return false;
}

static void take_pixels(struct cursor *c, uint32_t tag, uint32_t length)
{
	struct sight *s = c->s;

	s->real = tag != 0x7fe00010;
	if (length == UINT32_MAX) {
		take_fragments(c);
	} else {
		s->native = c->p;
		s->native_length = length;
		c->p += length;
	}
}

static void walk_element(struct cursor *c, uint32_t tag, int depth)
{
	const char *vr = NULL;
	uint32_t length;
	bool items, pixels = depth == 0 && (tag == 0x7fe00010 || tag == 0x7fe00008 ||
				     tag == 0x7fe00009);

	if (!c->implicit) {
		vr = (const char *)c->p;
		take(c, 2);
		length = take(c, 2);
		if (has_long_length(vr))
			length = take(c, 4);
	} else {
		length = take(c, 4);
	}
	if (length != UINT32_MAX && length > (size_t)(c->end - c->p))
		die("element %08x is longer than the file", tag);
	/* implicit: a sequence of known length begins with an item */
	items = !vr && length != UINT32_MAX && length >= 8 &&
		!memcmp(c->p, "\xfe\xff\0\xe0", 4);
	if (pixels) {
		add_attribute(c, tag, vr, depth, NULL, 0);
		take_pixels(c, tag, length);
	} else if (length == UINT32_MAX || items ||
		   (vr && !memcmp(vr, "SQ", 2))) {
		bool unknown = vr && !memcmp(vr, "UN", 2), was = c->implicit;

		add_attribute(c, tag, vr, depth, NULL, 0);
		c->implicit = was || unknown;
		walk_items(c, depth + 1, length);
		c->implicit = was;
	} else {
		add_attribute(c, tag, vr, depth, c->p, length);
		c->p += length;
	}
}

static void walk(struct cursor *c, int depth, bool delimited)
{
	while (c->p < c->end) {
		uint32_t tag = take_tag(c);

		if (tag == 0xfffee00d && delimited) {
			take(c, 4);
			return;
		}
		walk_element(c, tag, depth);
	}
}

/* ---- what it says ---- */

const struct attribute *sight_find(const struct sight *s, uint32_t tag,
				   bool anywhere)
{
	for (int depth = 0; depth < (anywhere ? 32 : 1); depth++)
		for (size_t i = 0; i < s->attributes; i++)
			if (s->attribute[i].tag == tag &&
			    s->attribute[i].depth == depth &&
			    (s->attribute[i].value || !anywhere))
				return &s->attribute[i];
	return NULL;
}

/* By the type of the tag, since implicit files don't say it. */
static bool is_text(uint32_t tag)
{
	return tag == 0x00280008 || (tag >= 0x00281050 && tag <= 0x00281053);
}

bool sight_number(const struct sight *s, uint32_t tag, bool anywhere,
		  double *number)
{
	const struct attribute *a = sight_find(s, tag, anywhere);

	if (!a || !a->value || a->length < 1)
		return false;
	if (is_text(tag)) {
		char text[64] = { 0 }, *end;

		memcpy(text, a->value, a->length < 63 ? a->length : 63);
		*number = strtod(text, &end);
		return end != text;
	}
	if (a->length != 2 && a->length != 4)
		return false;
	*number = number_at(a->value, (int)a->length, s->big_endian);
	return true;
}

static int integer(const struct sight *s, uint32_t tag, int otherwise)
{
	double n;

	return sight_number(s, tag, false, &n) ? (int)n : otherwise;
}

static void text_of(const struct sight *s, uint32_t tag, char *text,
		    size_t size)
{
	const struct attribute *a = sight_find(s, tag, false);
	size_t n = a && a->value ? a->length : 0;

	if (n >= size)
		n = size - 1;
	if (n)
		memcpy(text, a->value, n);
	while (n && (text[n - 1] == ' ' || !text[n - 1]))
		n--;
	text[n] = '\0';
}

bool sight_is(const struct sight *s, uint32_t tag, const char *text)
{
	char value[72];

	text_of(s, tag, value, sizeof(value));
	return !strcmp(value, text);
}

static const struct { const char *uid; enum codec codec; } codecs[] = {
	{ "1.2.840.10008.1.2", CODEC_NATIVE },
	{ "1.2.840.10008.1.2.1", CODEC_NATIVE },
	{ "1.2.840.10008.1.2.1.98", CODEC_NATIVE },
	{ "1.2.840.10008.1.2.2", CODEC_NATIVE },
	{ "1.2.840.10008.1.2.1.99", CODEC_NATIVE },
	{ "1.2.840.10008.1.2.8.1", CODEC_DEFLATE },
	{ "1.2.840.10008.1.2.5", CODEC_RLE },
	{ "1.2.840.10008.1.2.4.50", CODEC_JPEG },
	{ "1.2.840.10008.1.2.4.51", CODEC_JPEG },
	{ "1.2.840.10008.1.2.4.53", CODEC_JPEG },
	{ "1.2.840.10008.1.2.4.55", CODEC_JPEG },
	{ "1.2.840.10008.1.2.4.57", CODEC_JPEG_LOSSLESS },
	{ "1.2.840.10008.1.2.4.70", CODEC_JPEG_LOSSLESS },
	{ "1.2.840.10008.1.2.4.80", CODEC_JPEG_LS },
	{ "1.2.840.10008.1.2.4.81", CODEC_JPEG_LS },
	{ "1.2.840.10008.1.2.4.90", CODEC_J2K },
	{ "1.2.840.10008.1.2.4.91", CODEC_J2K },
	{ "1.2.840.10008.1.2.4.201", CODEC_J2K },
	{ "1.2.840.10008.1.2.4.202", CODEC_J2K },
	{ "1.2.840.10008.1.2.4.203", CODEC_J2K },
};

static void read_meta(struct sight *s, struct cursor *c)
{
	while (c->end - c->p >= 8 && c->p[0] == 2 && c->p[1] == 0)
		walk_element(c, take_tag(c), 0);
	text_of(s, 0x00020010, s->syntax, sizeof(s->syntax));
}

static void read_pixel_module(struct sight *s)
{
	s->columns = integer(s, 0x00280011, 0);
	s->rows = integer(s, 0x00280010, 0);
	s->frames = integer(s, 0x00280008, 1);
	s->samples = integer(s, 0x00280002, 1);
	s->allocated = integer(s, 0x00280100, s->real ? 32 : 8);
	s->stored = integer(s, 0x00280101, s->allocated);
	s->high = integer(s, 0x00280102, s->stored - 1);
	s->is_signed = integer(s, 0x00280103, 0) != 0;
	s->planar = integer(s, 0x00280006, 0) == 1;
	text_of(s, 0x00280004, s->photometric, sizeof(s->photometric));
	s->pairs = s->codec == CODEC_NATIVE && s->native && s->samples == 3 &&
		   !strncmp(s->photometric, "YBR_FULL_422", 12);
	if (!s->native && !s->fragments)
		s->columns = 0;
	if (s->frames < 1)
		s->frames = 1;
	if (s->columns && s->samples > 4)
		die("%d samples per pixel", s->samples);
}

static void read_dicom(struct sight *s)
{
	struct cursor c = { s, s->file.data, s->file.data + s->file.length,
			    false, false };

	s->dicom = true;
	if (s->file.length >= 132 && !memcmp(s->file.data + 128, "DICM", 4))
		c.p += 132;
	read_meta(s, &c);
	if (!strcmp(s->syntax, "1.2.840.10008.1.2.1.99")) {
		s->inflated = bytes_inflate(c.p, (size_t)(c.end - c.p), -15,
					    NULL);
		c.p = s->inflated.data;
		c.end = c.p + s->inflated.length;
	}
	/* without a meta header: as the first element looks */
	c.implicit = !strcmp(s->syntax, "1.2.840.10008.1.2") ||
		     (!*s->syntax && c.end - c.p > 6 &&
		      (c.p[4] < 'A' || c.p[4] > 'Z'));
	c.big_endian = !strcmp(s->syntax, "1.2.840.10008.1.2.2");
	s->big_endian = c.big_endian;
	s->implicit = c.implicit;
	walk(&c, 0, false);
	for (size_t i = 0; i < sizeof(codecs) / sizeof(*codecs); i++)
		if (!strcmp(codecs[i].uid, s->syntax))
			s->codec = codecs[i].codec;
	read_pixel_module(s);
}

/* ---- the head of a code stream ---- */

static void read_frame_header(struct sight *s, const unsigned char *p,
			      size_t length)
{
	int least_h = 4, least_v = 4, most_h = 1, most_v = 1;

	s->precision = p[0];
	s->components = p[5];
	if (!s->dicom) {
		s->rows = p[1] << 8 | p[2];
		s->columns = p[3] << 8 | p[4];
		s->samples = p[5];
	}
	for (int i = 0; i < p[5] && 6u + 3 * (unsigned)i + 2 < length; i++) {
		int h = p[7 + 3 * i] >> 4, v = p[7 + 3 * i] & 15;

		s->ids[i < 3 ? i : 3] = (char)p[6 + 3 * i];
		least_h = h < least_h ? h : least_h;
		least_v = v < least_v ? v : least_v;
		most_h = h > most_h ? h : most_h;
		most_v = v > most_v ? v : most_v;
	}
	s->subsampled = most_h > least_h || most_v > least_v;
	/* one component alone is never interleaved (T.81 A.2.2) */
	s->mcu_columns = s->components == 1 ? 8 : 8 * most_h;
	s->mcu_rows = s->components == 1 ? 8 : 8 * most_v;
}

static void read_jpeg_head(struct sight *s, const unsigned char *p,
			   size_t length)
{
	size_t i = 2;

	s->transform = -1;
	while (i + 4 < length) {
		int marker = p[i + 1];
		size_t size = (size_t)(p[i + 2] << 8 | p[i + 3]);

		/* bytes between segments are skipped, as libjpeg does */
		if (p[i] != 0xff || marker == 0xff) {
			i++;
			continue;
		}
		if ((marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 &&
		     marker != 0xc8 && marker != 0xcc) || marker == 0xf7) {
			s->process = marker;
			read_frame_header(s, p + i + 4, size - 2);
			return;
		}
		if (marker == 0xee && size >= 14 &&
		    !memcmp(p + i + 4, "Adobe", 5)) {
			s->adobe = true;
			s->transform = p[i + 15];
		}
		if (marker == 0xe0 && size >= 14 &&
		    !memcmp(p + i + 4, "JFIF", 5))
			s->jfif = true;
		i += 2 + size;
	}
	die("no frame header in a stream");
}

static void read_j2k_head(struct sight *s, const unsigned char *p,
			  size_t length)
{
	for (size_t i = 0; i + 60 < length; i++) {
		if (memcmp(p + i, "\xff\x4f\xff\x51", 4) != 0)
			continue;
		s->components = p[i + 40] << 8 | p[i + 41];
		s->precision = (p[i + 42] & 0x7f) + 1;
		s->stream_signed = p[i + 42] >> 7;
		for (; i + 14 < length; i++) {
			if (!memcmp(p + i, "\xff\x50", 2))
				s->high_throughput = true;
			if (!memcmp(p + i, "\xff\x52", 2)) {
				s->reversible = p[i + 13] == 1;
				return;
			}
		}
	}
	die("no JPEG 2000 code stream in a frame");
}

static void read_stream_head(struct sight *s)
{
	struct bytes stream = { 0 };

	if (!s->columns && s->dicom)
		return;
	if (s->codec >= CODEC_JPEG && s->codec <= CODEC_JPEG_LS) {
		stream = s->dicom ? sight_stream(s, 0) : s->file;
		if (stream.length < 4)
			die("an empty frame");
		read_jpeg_head(s, stream.data, stream.length);
	} else if (s->codec == CODEC_J2K) {
		stream = sight_stream(s, 0);
		read_j2k_head(s, stream.data, stream.length);
	}
	if (s->dicom)
		free(stream.data);
}

struct sight *sight_of(const char *path)
{
	struct sight *s = need(1, sizeof(*s));

	s->file = bytes_of_file(path);
	s->frames = 1;
	if (s->file.length > 8 && !memcmp(s->file.data, "\x89PNG", 4)) {
		s->codec = CODEC_PNG;
		snprintf(s->syntax, sizeof(s->syntax), "png");
		sight_png_header(s);
	} else if (s->file.length > 4 && !memcmp(s->file.data, "\xff\xd8", 2)) {
		s->codec = CODEC_JPEG;
		snprintf(s->syntax, sizeof(s->syntax), "jpeg");
		read_stream_head(s);
		s->stored = s->precision;
	} else {
		read_dicom(s);
		read_stream_head(s);
	}
	return s;
}

void sight_free(struct sight *s)
{
	free(s->file.data);
	free(s->inflated.data);
	free(s->attribute);
	free(s->fragment);
	free(s);
}

/* ---- frames ---- */

static bool starts_stream(const struct sight *s, const struct fragment *f)
{
	if (f->length < 4)
		return false;
	if (s->codec == CODEC_J2K)
		return !memcmp(f->data, "\xff\x4f\xff\x51", 4) ||
		       !memcmp(f->data, "\0\0\0\x0c", 4);
	return f->data[0] == 0xff && f->data[1] == 0xd8;
}

/* The first fragment of a frame; fragments for the one after the last. */
static size_t first_fragment(const struct sight *s, int frame)
{
	size_t wanted = (size_t)frame, i, at = 0, seen = 0;

	if (frame >= s->frames)
		return s->fragments;
	if (s->fragments == (size_t)s->frames || frame == 0)
		return wanted;
	if (s->offsets.length == 4 * (size_t)s->frames) {
		uint32_t offset = number_at(s->offsets.data + 4 * wanted, 4,
					    false);

		for (i = 0; i < s->fragments && at < offset; i++)
			at += 8 + s->fragment[i].length;
		if (at != offset)
			die("an offset points between fragments");
		return i;
	}
	for (i = 0; i < s->fragments; i++)
		if (starts_stream(s, &s->fragment[i]) && seen++ == wanted)
			return i;
	die("no fragment starts frame %d", frame + 1);
}

void sight_fragments(const struct sight *s, int frame, size_t *first,
		     size_t *last)
{
	*first = first_fragment(s, frame);
	*last = first_fragment(s, frame + 1);
}

struct bytes sight_stream(const struct sight *s, int frame)
{
	size_t first = first_fragment(s, frame);
	size_t last = first_fragment(s, frame + 1), length = 0;
	struct bytes b = { 0 };

	for (size_t i = first; i < last; i++)
		length += s->fragment[i].length;
	b.data = need(length + 1, 1);
	for (size_t i = first; i < last; i++) {
		memcpy(b.data + b.length, s->fragment[i].data,
		       s->fragment[i].length);
		b.length += s->fragment[i].length;
	}
	return b;
}

/* A cell of so many bits to the stored value; *stray counts cells with bits
   outside it. */
static uint32_t stored_value(const struct sight *s, uint32_t cell, int bits,
			     size_t *stray)
{
	int low = s->high + 1 - s->stored;
	uint32_t field = UINT32_MAX >> (32 - s->stored);
	uint32_t value = cell >> low & field, whole;
	uint32_t width = UINT32_MAX >> (32 - bits);

	if (s->is_signed && value >> (s->stored - 1))
		value |= ~field;
	whole = (s->is_signed ? value : value & field) << low & width;
	if (stray && cell != whole)
		++*stray;
	return value;
}

/* Cell number index of a frame that starts at frame * cells. */
static uint32_t native_cell(const struct sight *s, const unsigned char *p,
			    size_t length, size_t index)
{
	size_t bytes = (size_t)s->allocated / 8;

	if (s->allocated == 1) {
		if (index / 8 >= length)
			die("the pixels are cut");
		return p[index / 8] >> index % 8 & 1;
	}
	if (s->allocated == 64)
		bytes = 4;
	if ((index + 1) * bytes > length)
		die("the pixels are cut");
	/* 8-bit pixels in big endian words are swapped when they are OW; the
	   files at hand have OB or say so */
	return number_at(p + index * bytes, (int)bytes, s->big_endian);
}

static size_t cell_of(const struct sight *s, size_t pixel, int sample)
{
	size_t area = (size_t)s->columns * (size_t)s->rows;

	if (s->pairs)
		return sample ? pixel / 2 * 4 + 1 + (size_t)sample :
				pixel / 2 * 4 + pixel % 2;
	if (s->planar)
		return (size_t)sample * area + pixel;
	return pixel * (size_t)s->samples + (size_t)sample;
}

static bool words_swapped(const struct sight *s)
{
	const struct attribute *a = sight_find(s, 0x7fe00010, false);

	return s->big_endian && s->allocated <= 8 && a &&
	       !memcmp(a->vr, "OW", 2);
}

static uint32_t *native_frame(const struct sight *s, const unsigned char *p,
			      size_t length, int frame, size_t *stray)
{
	size_t area = (size_t)s->columns * (size_t)s->rows;
	size_t each = s->allocated == 64 ? 2 : 1;
	size_t cells = area * (s->pairs ? 2 : (size_t)s->samples);
	size_t first = cells * (size_t)frame;
	size_t turn = words_swapped(s) ? 1 : 0;
	uint32_t *v = need(area * (size_t)s->samples * each, sizeof(*v)),
		 *next = v;

	for (size_t pixel = 0; pixel < area; pixel++)
		for (int i = 0; i < s->samples; i++) {
			size_t cell = first + cell_of(s, pixel, i);

			for (size_t k = 0; s->real && k < each; k++)
				*next++ = native_cell(s, p, length,
						      cell * each + k);
			if (!s->real && s->allocated == 1)
				*next++ = native_cell(s, p, length, cell);
			else if (!s->real)
				*next++ = stored_value(s, native_cell(s, p,
					length, cell ^ turn), s->allocated,
					stray);
		}
	return v;
}

/* PS3.5 G: segments of bytes, the most significant first, by sample. */
static uint32_t *rle_frame(const struct sight *s, struct bytes stream,
			   size_t *stray)
{
	size_t area = (size_t)s->columns * (size_t)s->rows;
	size_t part = s->allocated == 1 ? (area + 7) / 8 : area;
	size_t bytes = s->allocated == 1 ? 1 : (size_t)s->allocated / 8;
	uint32_t segments = number_at(stream.data, 4, false);
	unsigned char *plane = need(part + 128, 1);
	uint32_t *v = need(area * (size_t)s->samples, sizeof(*v));

	if (stream.length < 64 || segments != bytes * (size_t)s->samples)
		die("%u RLE segments", segments);
	for (uint32_t n = 0; n < segments; n++) {
		size_t i = number_at(stream.data + 4 + 4 * n, 4, false), at = 0;
		size_t sample = n / bytes, shift = 8 * (bytes - 1 - n % bytes);

		while (at < part) {
			int run = i < stream.length ?
				(signed char)stream.data[i++] : -1000;
			size_t many = (size_t)(run >= 0 ? run + 1 : 1 - run);

			if (run == -128)
				continue;
			if (run == -1000 || at + many > part + 127 ||
			    i + (run >= 0 ? many : 1) > stream.length)
				die("an RLE segment is damaged");
			if (run >= 0)
				memcpy(plane + at, stream.data + i, many);
			else
				memset(plane + at, stream.data[i], many);
			i += run >= 0 ? many : 1;
			at += many;
		}
		for (size_t k = 0; k < area; k++)
			v[k * (size_t)s->samples + sample] |=
				s->allocated == 1 ? (uint32_t)plane[k / 8] >> k % 8 & 1u :
				(uint32_t)plane[k] << shift;
	}
	for (size_t k = 0; s->allocated > 1 && k < area * (size_t)s->samples;
	     k++)
		v[k] = stored_value(s, v[k], s->allocated, stray);
	free(plane);
	return v;
}

/*
 * Decoded samples to stored values: those of a signed JPEG 2000 stream have a
 * sign of their own, the others take the bits as they are.
 */
static void stored_values(const struct sight *s, uint32_t *v, size_t *stray)
{
	size_t count = (size_t)s->columns * (size_t)s->rows *
		       (size_t)s->samples;
	uint32_t above = s->precision < 32 ? UINT32_MAX << s->precision : 0;
	int bits = s->precision;

	for (size_t i = 0; i < count; i++) {
		if (s->stream_signed && v[i] >> (s->precision - 1))
			v[i] |= above;
		if (s->stream_signed)
			bits = s->allocated;
		v[i] = stored_value(s, v[i] & UINT32_MAX >> (32 - bits), bits,
				    stray);
	}
}

uint32_t *sight_frame(const struct sight *s, int frame, const char **by,
		      size_t *stray)
{
	struct bytes stream, raw;
	uint32_t *v;

	*by = "own";
	if (s->codec == CODEC_PNG)
		return sight_png(s);
	if (!s->dicom)
		return decode_stream(s, s->file, by);
	if (s->native)
		return native_frame(s, s->native, s->native_length, frame,
				    stray);
	stream = sight_stream(s, frame);
	if (s->codec == CODEC_RLE) {
		v = rle_frame(s, stream, stray);
	} else if (s->codec == CODEC_DEFLATE) {
		raw = bytes_inflate(stream.data, stream.length, -15, NULL);
		v = native_frame(s, raw.data, raw.length, 0, stray);
		free(raw.data);
	} else if (s->codec == CODEC_NATIVE) {
		v = native_frame(s, stream.data, stream.length, 0, stray);
	} else {
		v = decode_stream(s, stream, by);
		stored_values(s, v, stray);
	}
	free(stream.data);
	return v;
}

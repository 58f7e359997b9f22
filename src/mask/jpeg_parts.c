/* jpeg_parts.c - walks the markers of a JPEG code stream. */
#include "config.h"

#include "mask/jpeg_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "image/exif.h"
#include "mask/mask.h"

/* Marker bytes (T.81 table B.1). */
enum { M_SOF0 = 0xc0, M_SOF1 = 0xc1, M_SOF2 = 0xc2, M_SOF3 = 0xc3,
       M_DHT = 0xc4, M_SOF5 = 0xc5, M_JPG = 0xc8, M_SOF9 = 0xc9,
       M_SOF10 = 0xca, M_SOF11 = 0xcb, M_DAC = 0xcc, M_SOF13 = 0xcd,
       M_SOF15 = 0xcf, M_RST0 = 0xd0, M_RST7 = 0xd7, M_SOI = 0xd8,
       M_EOI = 0xd9, M_SOS = 0xda, M_DQT = 0xdb, M_DRI = 0xdd,
       M_APP0 = 0xe0, M_APP1 = 0xe1, M_APP2 = 0xe2, M_APP14 = 0xee,
       M_APP15 = 0xef, M_COM = 0xfe };

enum { JFIF = 14,               /* bytes without thumbnail (T.871 10.1) */
       ADOBE = 12,              /* TN 5116, section 18 */
       ICC_START = 14,          /* name, number, count (ICC.1 B.4) */
       ICC_HEADER = 128,        /* ICC.1:2010 7.2 */
       ICC_MOST = 255, MCU_BLOCKS = 10 /* T.81 B.2.3 */ };

#define NO_TABLE ((size_t)-1)

struct icc_piece {
	const uint8_t *data;            /* after the count */
	size_t length;
};

struct parser {
	struct jpeg_parts *parts;
	size_t next;                    /* offset */
	bool rgb;
	struct error *err;
	int quantiser[4];               /* of DC; 0: none */
	size_t huffman[JPEG_CLASSES][JPEG_TABLE_IDS];
	size_t restart;
	unsigned seen;                  /* components that had a scan */
	const uint8_t *jfif, *adobe;    /* [JFIF], [ADOBE]; NULL */
	struct icc_piece icc[ICC_MOST + 1];
	int icc_count;                  /* -1: broken */
};

struct segment {
	int marker;
	const uint8_t *data;            /* after the length */
	size_t size;
	size_t begin, end;
};

static bool damaged(struct parser *p, int marker)
{
	return error_refuse(p->err, REASON_DAMAGED_MARKER, NULL, marker);
}

static bool no_memory(struct parser *p)
{
	return error_set(p->err, ERR_MEMORY, _("no memory for a JPEG"));
}

static int get_16(const uint8_t *p)
{
	return p[0] << 8 | p[1];
}

static bool starts(const struct segment *s, const char *text, size_t length)
{
	return s->size >= length && !memcmp(s->data, text, length);
}

static bool add_piece(struct parser *p, const struct jpeg_piece *piece)
{
	struct jpeg_parts *parts = p->parts;

	if (!mem_grow(&parts->piece, &parts->piece_capacity, parts->pieces,
		      sizeof(*piece)))
		return no_memory(p);
	parts->piece[parts->pieces++] = *piece;
	return true;
}

static bool copy_segment(struct parser *p, const struct segment *s)
{
	struct jpeg_piece piece = { .what = JPEG_COPY, .begin = s->begin,
				    .end = s->end };

	return add_piece(p, &piece);
}

/* ---- tables ---- */

static bool add_quantiser(struct parser *p, const uint8_t *table,
			  size_t length)
{
	size_t begin = (size_t)(table - p->parts->stream);
	struct jpeg_piece piece = { .what = JPEG_QUANTISER, .begin = begin,
				    .end = begin + length };

	return add_piece(p, &piece);
}

static bool read_dqt(struct parser *p, const struct segment *s)
{
	for (size_t i = 0; i < s->size;) {
		int wide = s->data[i] >> 4, id = s->data[i] & 15;
		size_t length = 1 + 64 * (wide ? 2u : 1u);

		if (wide > 1 || id > 3 || length > s->size - i)
			return damaged(p, s->marker);
		p->quantiser[id] = wide ? get_16(s->data + i + 1) :
					  s->data[i + 1];
		if (!add_quantiser(p, s->data + i, length))
			return false;
		i += length;
	}
	return true;
}

static bool read_dht(struct parser *p, const struct segment *s)
{
	struct jpeg_parts *parts = p->parts;
	struct jpeg_piece piece = { .what = JPEG_TABLES, .begin = s->begin,
				    .end = s->end, .first = parts->tables };
	size_t used;

	for (size_t i = 0; i < s->size; i += used) {
		struct jpeg_huffman table;

		if (!jpeg_huffman_read(&table, s->data + i, s->size - i,
				       &used))
			return damaged(p, s->marker);
		if (!mem_grow(&parts->table, &parts->table_capacity,
			      parts->tables, sizeof(table)))
			return no_memory(p);
		p->huffman[table.class_][table.id] = parts->tables;
		parts->table[parts->tables++] = table;
	}
	piece.count = parts->tables - piece.first;
	return add_piece(p, &piece);
}

static bool read_dri(struct parser *p, const struct segment *s)
{
	if (s->size != 2)
		return damaged(p, s->marker);
	p->restart = (size_t)get_16(s->data);
	return copy_segment(p, s);
}

/* ---- the frame ---- */

static int blocks_of(int pixels, int factor, int most)
{
	return (pixels * factor + 8 * most - 1) / (8 * most);
}

static void measure(struct jpeg_frame *f)
{
	int h_most = 1, v_most = 1;

	for (int i = 0; i < f->components; i++) {
		/* a scan of one has MCUs of one block (T.81 A.2.2) */
		if (f->components == 1)
			f->component[i].h = f->component[i].v = 1;
		if (f->component[i].h > h_most)
			h_most = f->component[i].h;
		if (f->component[i].v > v_most)
			v_most = f->component[i].v;
	}
	f->mcu_width = 8 * h_most;
	f->mcu_height = 8 * v_most;
	f->mcu_columns = blocks_of(f->columns, 1, h_most);
	f->mcu_rows = blocks_of(f->rows, 1, v_most);
	for (int i = 0; i < f->components; i++) {
		f->component[i].block_columns =
			blocks_of(f->columns, f->component[i].h, h_most);
		f->component[i].block_rows =
			blocks_of(f->rows, f->component[i].v, v_most);
	}
}

/* Processes that can be wiped; hierarchical and lossless ones can't. */
static bool is_known_process(const struct jpeg_frame *f)
{
	switch (f->marker) {
	case M_SOF0:
	case M_SOF1:
		return f->precision == 8 || f->precision == 12;
	case M_SOF2:
	case M_SOF9:
	case M_SOF10:
		return f->precision == 8;
	default:
		return false;
	}
}

static bool read_sof(struct parser *p, const struct segment *s)
{
	struct jpeg_frame *f = &p->parts->frame;

	if (f->marker || s->size < 6 || s->size != 6 + 3 * (size_t)s->data[5])
		return damaged(p, s->marker);
	*f = (struct jpeg_frame){
		.marker = s->marker, .precision = s->data[0],
		.rows = get_16(s->data + 1), .columns = get_16(s->data + 3),
		.components = s->data[5],
	};
	if (!is_known_process(f))
		return error_refuse(p->err, REASON_JPEG_PROCESS, NULL,
				    s->marker);
	if (f->components != 1 && f->components != 3 && f->components != 4)
		return error_refuse(p->err, REASON_PIXEL_FORM, NULL,
				    f->components);
	/* rows 0: told by a DNL marker after the first scan */
	if (!f->rows || !f->columns)
		return damaged(p, s->marker);
	for (int i = 0; i < f->components; i++) {
		const uint8_t *c = s->data + 6 + 3 * i;

		f->component[i].id = c[0];
		f->component[i].h = c[1] >> 4;
		f->component[i].v = c[1] & 15;
		f->component[i].quantiser = c[2];
		if (f->component[i].h < 1 || f->component[i].h > 4 ||
		    f->component[i].v < 1 || f->component[i].v > 4 || c[2] > 3)
			return damaged(p, s->marker);
	}
	measure(f);
	p->parts->spliceable = f->marker <= M_SOF1;
	return copy_segment(p, s);
}

/* ---- scans ---- */

/*
 * The marker that ends entropy-coded bytes: its offset, and where its own byte
 * is.  Fill bytes before it are left out.  False: the stream ends first.
 */
static bool find_marker(struct parser *p, size_t from, size_t *at,
			size_t *marker)
{
	const uint8_t *stream = p->parts->stream;
	size_t length = p->parts->length;

	while (from < length) {
		const uint8_t *ff = memchr(stream + from, 0xff, length - from);
		size_t i = ff ? (size_t)(ff - stream) : length;

		*at = i;
		while (i < length && stream[i] == 0xff)
			i++;
		if (i >= length)
			break;
		*marker = i;
		/* a stuffed byte, unless fill bytes make that doubtful */
		if (stream[i] || i > *at + 1)
			return stream[i] ||
			       error_refuse(p->err, REASON_DAMAGED, NULL, 0);
		from = i + 1;
	}
	return error_refuse(p->err, REASON_TRUNCATED, NULL, 0);
}

static bool add_interval(struct parser *p, size_t begin, size_t end)
{
	struct jpeg_parts *parts = p->parts;

	if (!mem_grow(&parts->interval, &parts->interval_capacity,
		      parts->intervals, sizeof(*parts->interval)))
		return no_memory(p);
	parts->interval[parts->intervals++] =
		(struct jpeg_interval){ begin, end };
	return true;
}

/* Intervals with RST0 to RST7 in turn between them (T.81 B.2.1). */
static bool find_intervals(struct parser *p, struct jpeg_scan *scan)
{
	const uint8_t *stream = p->parts->stream;
	size_t due = scan->restart ?
		     (scan->mcus + scan->restart - 1) / scan->restart : 1;
	size_t begin = p->next, at, marker;

	scan->first_interval = p->parts->intervals;
	for (;;) {
		int c;

		if (!find_marker(p, begin, &at, &marker) ||
		    !add_interval(p, begin, at))
			return false;
		c = stream[marker];
		scan->intervals++;
		if (c < M_RST0 || c > M_RST7)
			break;
		if (scan->intervals >= due ||
		    c - M_RST0 != (int)((scan->intervals - 1) % 8))
			return damaged(p, c);
		begin = marker + 1;
	}
	p->next = at;
	return scan->intervals == due ||
	       error_refuse(p->err, REASON_TRUNCATED, NULL, 0);
}

/* To the marker after a scan whose bits are left to the library. */
static bool skip_scan(struct parser *p)
{
	size_t at, marker;
	int c;

	do {
		if (!find_marker(p, p->next, &at, &marker))
			return false;
		c = p->parts->stream[marker];
		p->next = marker + 1;
	} while (c >= M_RST0 && c <= M_RST7);
	p->next = at;
	return true;
}

/* The component with that id that the scan has not named yet. */
static int find_component(const struct jpeg_frame *f,
			  const struct jpeg_scan *scan, int id)
{
	for (int i = 0; i < f->components; i++) {
		bool named = false;

		for (int k = 0; k < scan->components; k++)
			named = named || scan->component[k].index == i;
		if (f->component[i].id == id && !named)
			return i;
	}
	return -1;
}

static bool add_component(struct parser *p, struct jpeg_scan *scan,
			  const uint8_t *spec)
{
	const struct jpeg_frame *f = &p->parts->frame;
	int n = scan->components;
	int index = find_component(f, scan, spec[0]);
	int dc = spec[1] >> 4, ac = spec[1] & 15;

	/* one scan a component (T.81 F.1.1.1), all its tables there */
	if (index < 0 || p->seen & 1u << index || dc >= JPEG_TABLE_IDS ||
	    ac >= JPEG_TABLE_IDS || p->huffman[JPEG_DC][dc] == NO_TABLE ||
	    p->huffman[JPEG_AC][ac] == NO_TABLE ||
	    !p->quantiser[f->component[index].quantiser])
		return damaged(p, M_SOS);
	p->seen |= 1u << index;
	scan->component[n].index = index;
	scan->component[n].dc = p->huffman[JPEG_DC][dc];
	scan->component[n].ac = p->huffman[JPEG_AC][ac];
	scan->component[n].quantiser =
		p->quantiser[f->component[index].quantiser];
	scan->components++;
	return true;
}

/* MCUs of a scan (T.81 A.2). */
static bool count_mcus(struct parser *p, struct jpeg_scan *scan)
{
	const struct jpeg_frame *f = &p->parts->frame;
	int blocks = 0, first = scan->component[0].index;
	int columns = f->mcu_columns, rows = f->mcu_rows;

	if (scan->components == 1) {
		columns = f->component[first].block_columns;
		rows = f->component[first].block_rows;
	}
	for (int i = 0; scan->components > 1 && i < scan->components; i++) {
		int index = scan->component[i].index;

		blocks += f->component[index].h * f->component[index].v;
	}
	scan->mcus = (size_t)columns * (size_t)rows;
	return blocks <= MCU_BLOCKS || damaged(p, M_SOS);
}

static bool read_scan(struct parser *p, const struct segment *s)
{
	struct jpeg_parts *parts = p->parts;
	struct jpeg_piece piece = { .what = JPEG_SCAN, .begin = s->begin,
				    .end = s->end, .first = parts->scans,
				    .count = 1 };
	struct jpeg_scan scan = { .restart = p->restart };

	for (int i = 0; i < s->data[0]; i++)
		if (!add_component(p, &scan, s->data + 1 + 2 * i))
			return false;
	if (!count_mcus(p, &scan) || !find_intervals(p, &scan))
		return false;
	if (!mem_grow(&parts->scan, &parts->scan_capacity, parts->scans,
		      sizeof(scan)))
		return no_memory(p);
	parts->scan[parts->scans++] = scan;
	return add_piece(p, &piece);
}

static bool read_sos(struct parser *p, const struct segment *s)
{
	p->next = s->end;
	if (!p->parts->frame.marker || s->size < 1 || s->data[0] < 1 ||
	    s->data[0] > JPEG_PARTS_COMPONENTS ||
	    s->size != 4 + 2 * (size_t)s->data[0])
		return damaged(p, s->marker);
	if (p->parts->spliceable)
		return read_scan(p, s);
	p->seen = ~0u;
	return skip_scan(p);
}

/* ---- what is no part of the picture ---- */

static const struct {
	int marker;
	const char *start;              /* of its data, with its NUL */
	size_t length;
	unsigned dropped;
} carriers[] = {
	{ M_APP0, "JFXX", 5, DROPPED_THUMBNAIL },
	{ M_APP1, "Exif\0", 6, DROPPED_EXIF },
	{ M_APP1, "http://ns.adobe.com/x", 21, DROPPED_XMP },
	{ M_COM, "", 0, DROPPED_COMMENT },
};

static unsigned carrier_of(const struct segment *s)
{
	for (size_t i = 0; i < sizeof(carriers) / sizeof(carriers[0]); i++)
		if (s->marker == carriers[i].marker &&
		    starts(s, carriers[i].start, carriers[i].length))
			return carriers[i].dropped;
	return DROPPED_APP;
}

static void note_profile(struct parser *p, const struct segment *s)
{
	int number = s->data[12], count = s->data[13];

	if (!p->icc_count)
		p->icc_count = count;
	if (p->icc_count != count || number < 1 || number > count ||
	    p->icc[number].data)
		p->icc_count = -1;
	else
		p->icc[number] = (struct icc_piece){ s->data + ICC_START,
						     s->size - ICC_START };
}

/*
 * APPn and COM.  Of JFIF the first counts, of Adobe the last, as in
 * libjpeg-turbo, and only before the first scan.
 */
static bool read_other(struct parser *p, const struct segment *s)
{
	unsigned *dropped = &p->parts->dropped;
	bool thumbnail = false;
	int orientation;

	if (s->marker == M_APP0 && starts(s, "JFIF", 5) && s->size >= JFIF) {
		thumbnail = s->size > JFIF;
		if (!p->jfif && !p->seen)
			p->jfif = s->data;
	} else if (s->marker == M_APP14 && starts(s, "Adobe", 5) &&
		   s->size >= ADOBE) {
		*dropped |= s->size > ADOBE ? DROPPED_APP : 0;
		if (!p->seen)
			p->adobe = s->data;
	} else if (s->marker == M_APP2 && starts(s, "ICC_PROFILE", 12) &&
		   s->size >= ICC_START) {
		note_profile(p, s);
	} else {
		*dropped |= carrier_of(s);
		if (carrier_of(s) == DROPPED_EXIF)
			exif_read(s->data + 6, s->size - 6, &orientation,
				  &thumbnail);
	}
	*dropped |= thumbnail ? DROPPED_THUMBNAIL : 0;
	return true;
}

static bool skip_segment(struct parser *p, const struct segment *s)
{
	(void)p;
	(void)s;
	return true;
}

/* ---- segments to write ---- */

static void put_segment(struct buffer *b, int marker, const void *start,
			size_t length, const uint8_t *data, size_t size)
{
	size_t all = 2 + length + size;
	const uint8_t head[4] = { 0xff, (uint8_t)marker, (uint8_t)(all >> 8),
				  (uint8_t)all };

	buffer_append(b, head, sizeof(head));
	buffer_append(b, start, length);
	if (size)
		buffer_append(b, data, size);
}

/* Bytes of the profile as its own header says; 0 when it is broken. */
static size_t profile_length(const struct parser *p)
{
	const uint8_t *head = p->icc[1].data;
	size_t length, total = 0;

	if (p->icc_count < 1 || !head || p->icc[1].length < ICC_HEADER ||
	    memcmp(head + 36, "acsp", 4) != 0)
		return 0;
	for (int i = 1; i <= p->icc_count; i++) {
		if (!p->icc[i].data)
			return 0;
		total += p->icc[i].length;
	}
	length = (size_t)get_16(head) << 16 | (size_t)get_16(head + 2);
	return length >= ICC_HEADER && length <= total ? length : 0;
}

/* What follows the profile's own length is no part of it. */
static void put_profile(struct parser *p)
{
	char start[ICC_START] = "ICC_PROFILE";
	size_t left = profile_length(p), covered = 0;
	int count = 0;

	if (p->icc_count && !left)
		p->parts->dropped |= DROPPED_APP;
	while (covered < left)
		covered += p->icc[++count].length;
	start[13] = (char)count;
	for (int i = 1; i <= count; i++) {
		size_t size = p->icc[i].length < left ? p->icc[i].length : left;

		start[12] = (char)i;
		put_segment(&p->parts->segments, M_APP2, start, ICC_START,
			    p->icc[i].data, size);
		left -= size;
	}
}

/* Version 1.x and the densities of JFIF; the transform of Adobe. */
static bool put_segments(struct parser *p)
{
	struct buffer *b = &p->parts->segments;
	uint8_t jfif[JFIF] = "JFIF", adobe[ADOBE] = "Adobe";

	if (p->jfif) {
		memcpy(jfif + 5, p->jfif + 5, 7);
		if (jfif[5] != 1 || jfif[6] > 2)
			jfif[5] = jfif[6] = 1;
		put_segment(b, M_APP0, jfif, JFIF, NULL, 0);
	}
	if (p->adobe) {
		adobe[6] = 100;         /* the version that all write */
		adobe[11] = p->adobe[11];
		put_segment(b, M_APP14, adobe, ADOBE, NULL, 0);
	}
	put_profile(p);
	return !b->failed || no_memory(p);
}

/* ---- colour ---- */

/* As libjpeg-turbo decides (jdapimin.c), and format_jpeg.c with it. */
static enum jpeg_colour find_colour(const struct parser *p)
{
	const struct jpeg_frame *f = &p->parts->frame;
	int transform = p->adobe ? p->adobe[11] : -1;

	if (f->components == 1)
		return JPEG_IS_GREY;
	if (f->components == 4)
		return transform <= 0 ? JPEG_IS_CMYK : JPEG_IS_YCCK;
	if (p->jfif)
		return JPEG_IS_YCC;
	if (p->adobe)
		return transform ? JPEG_IS_YCC : JPEG_IS_RGB;
	if (p->rgb || (f->component[0].id == 'R' && f->component[1].id == 'G' &&
		       f->component[2].id == 'B'))
		return JPEG_IS_RGB;
	return JPEG_IS_YCC;
}

/* ---- the walk ---- */

static const struct {
	int first, last;                /* markers */
	bool (*read)(struct parser *p, const struct segment *s);
} readers[] = {
	{ M_DHT, M_DHT, read_dht },
	{ M_DAC, M_DAC, skip_segment },
	{ M_SOF0, M_SOF3, read_sof },
	{ M_SOF5, M_JPG - 1, read_sof },
	{ M_SOF9, M_SOF11, read_sof },
	{ M_SOF13, M_SOF15, read_sof },
	{ M_SOS, M_SOS, read_sos },
	{ M_DQT, M_DQT, read_dqt },
	{ M_DRI, M_DRI, read_dri },
	{ M_APP0, M_APP15, read_other },
	{ M_COM, M_COM, read_other },
};

static bool read_segment(struct parser *p, const struct segment *s)
{
	for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++)
		if (s->marker >= readers[i].first &&
		    s->marker <= readers[i].last)
			return readers[i].read(p, s);
	return damaged(p, s->marker);
}

/* To the next marker; bytes that belong to none are left out. */
static bool next_segment(struct parser *p, struct segment *s)
{
	const uint8_t *stream = p->parts->stream;
	size_t length = p->parts->length, i = p->next;

	do {
		size_t fill;

		if (i < length && stream[i] != 0xff)
			p->parts->dropped |= DROPPED_APP;
		while (i < length && stream[i] != 0xff)
			i++;
		fill = i;
		while (i < length && stream[i] == 0xff)
			i++;
		/* one of 0xff begins the marker, others fill; one more may
		   stay: encoders make lengths even by it */
		if (i - fill > 2)
			p->parts->dropped |= DROPPED_APP;
	} while (i < length && !stream[i]);
	if (i >= length)
		return error_refuse(p->err, REASON_TRUNCATED, NULL, 0);
	*s = (struct segment){ .marker = stream[i], .begin = i - 1,
			       .end = i + 1 };
	p->next = s->end;
	if (s->marker == M_EOI)
		return true;
	if (s->marker < M_SOF0 ||
	    (s->marker >= M_RST0 && s->marker <= M_SOI))
		return damaged(p, s->marker);
	if (length - s->end < 2)
		return error_refuse(p->err, REASON_TRUNCATED, NULL, 0);
	s->size = (size_t)get_16(stream + s->end);
	if (s->size < 2)
		return damaged(p, s->marker);
	if (s->size > length - s->end)
		return error_refuse(p->err, REASON_TRUNCATED, NULL, 0);
	s->data = stream + s->end + 2;
	s->end += s->size;
	s->size -= 2;
	p->next = s->end;
	return true;
}

/* A single 0 after the end is what pads a DICOM fragment (PS3.5 A.4). */
static void note_trailer(struct parser *p)
{
	size_t left = p->parts->length - p->next;

	if (left > 1 || (left == 1 && p->parts->stream[p->next]))
		p->parts->dropped |= DROPPED_TRAILER;
}

/* Does a component name the table of this piece, before it is another? */
static bool is_dequantised(const struct jpeg_parts *parts, size_t index)
{
	int id = parts->stream[parts->piece[index].begin] & 15;
	bool named = false;

	for (int i = 0; i < parts->frame.components; i++)
		named = named || parts->frame.component[i].quantiser == id;
	for (size_t i = index + 1; i < parts->pieces; i++) {
		const struct jpeg_piece *later = &parts->piece[i];

		if (later->what == JPEG_SCAN)
			break;
		if (later->what == JPEG_QUANTISER &&
		    (parts->stream[later->begin] & 15) == id)
			return false;
	}
	return named;
}

/* A table that nothing uses could hold anything. */
static void drop_quantisers(struct jpeg_parts *parts)
{
	for (size_t i = 0; i < parts->pieces; i++) {
		struct jpeg_piece *piece = &parts->piece[i];

		if (piece->what != JPEG_QUANTISER || is_dequantised(parts, i))
			continue;
		*piece = (struct jpeg_piece){ .what = JPEG_COPY };
		parts->dropped |= DROPPED_APP;
	}
}

bool jpeg_parts_uses(const struct jpeg_parts *parts, size_t table)
{
	for (size_t i = 0; i < parts->scans; i++)
		for (int k = 0; k < parts->scan[i].components; k++)
			if (parts->scan[i].component[k].dc == table ||
			    parts->scan[i].component[k].ac == table)
				return true;
	return false;
}

/* Many encoders write all the tables of Annex K: these tell nothing. */
static void note_tables(struct jpeg_parts *parts)
{
	for (size_t i = 0; i < parts->tables; i++)
		if (parts->spliceable && !jpeg_parts_uses(parts, i) &&
		    !jpeg_huffman_standard(&parts->table[i]))
			parts->dropped |= DROPPED_APP;
}

static bool walk(struct parser *p)
{
	const struct jpeg_parts *parts = p->parts;
	unsigned all;
	struct segment s;

	if (parts->length < 2 || parts->stream[0] != 0xff ||
	    parts->stream[1] != M_SOI)
		return error_refuse(p->err, REASON_DAMAGED, NULL, 0);
	for (p->next = 2;;) {
		if (!next_segment(p, &s))
			return false;
		if (s.marker == M_EOI)
			break;
		if (!read_segment(p, &s))
			return false;
	}
	all = (1u << parts->frame.components) - 1;
	if (!parts->frame.marker || (p->seen & all) != all)
		return damaged(p, M_EOI);
	drop_quantisers(p->parts);
	note_tables(p->parts);
	note_trailer(p);
	return true;
}

bool jpeg_parts_read(struct jpeg_parts *parts, const uint8_t *stream,
		     size_t length, bool rgb, struct error *err)
{
	struct parser p = { .parts = parts, .rgb = rgb, .err = err };

	*parts = (struct jpeg_parts){ .stream = stream, .length = length };
	for (int class_ = 0; class_ < JPEG_CLASSES; class_++)
		for (int id = 0; id < JPEG_TABLE_IDS; id++)
			p.huffman[class_][id] = NO_TABLE;
	if (!walk(&p))
		return false;
	parts->jfif = p.jfif;
	parts->adobe = p.adobe;
	parts->colour = find_colour(&p);
	return put_segments(&p);
}

void jpeg_parts_done(struct jpeg_parts *parts)
{
	free(parts->piece);
	free(parts->table);
	free(parts->scan);
	free(parts->interval);
	buffer_done(&parts->segments);
}

/* hostile_data_sets.c - elements, lengths and parts of DICOM files. */
#include "config.h"

#include "tests/hostile/hostile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "image/pack.h"

enum { SIDE_PIXELS = 64 };
enum { GROUP_LENGTH = 140, META = 144 }; /* of the meta header (PS3.10 7.1) */
static const uint8_t pixels[3 * SIDE_PIXELS];

static void le16(struct dicom_maker *m, unsigned value)
{
	uint8_t b[2] = { (uint8_t)value, (uint8_t)(value >> 8) };

	buffer_append(&m->out, b, sizeof(b));
}

static void le32(struct dicom_maker *m, uint32_t value)
{
	le16(m, value & 0xffff);
	le16(m, value >> 16);
}

/* Tag, VR and a length of four bytes; nothing behind them. */
static void long_head(struct dicom_maker *m, uint32_t tag, const char *vr,
		      uint32_t length)
{
	le16(m, tag >> 16);
	le16(m, tag & 0xffff);
	buffer_append(&m->out, vr, 2);
	le16(m, 0);
	le32(m, length);
}

static void item_head(struct dicom_maker *m, uint32_t length)
{
	le16(m, 0xfffe);
	le16(m, 0xe000);
	le32(m, length);
}

/* ---- dimensions ---- */

static void dimensions(void)
{
	static const struct {
		const char *name;
		int columns, rows, samples, allocated;
		const char *frames, *code;
	} row[] = {
		{ "sides.dcm", 65535, 65535, 1, 8, NULL, "too-large" },
		{ "sides-16.dcm", 65535, 65535, 1, 16, "65535", "too-large" },
		{ "bytes-are-2-32.dcm", 32768, 32768, 1, 32, NULL,
		  "too-large" },
		{ "frames-32-bit.dcm", 8, 8, 1, 8, "4294967297", "too-large" },
		{ "frames-31-bit.dcm", 8, 8, 1, 8, "2147483647", "too-large" },
		{ "frames-65536.dcm", 8, 8, 1, 8, "65536", "too-large" },
		{ "frames-wrap.dcm", 8, 8, 1, 8, "67108865", "too-large" },
		{ "no-rows.dcm", 8, 0, 1, 8, NULL, "inconsistent" },
		{ "no-columns.dcm", 0, 8, 1, 8, NULL, "inconsistent" },
		{ "samples-65535.dcm", 8, 8, 65535, 8, NULL, "unsupported" },
		{ "samples-0.dcm", 8, 8, 0, 8, NULL, "unsupported" },
	};

	hostile_class("dimensions");
	for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		struct dicom_maker m = { 0 };

		make_begin(&m, EXPLICIT);
		make_us(&m, 0x00280002, row[i].samples);
		make_text(&m, 0x00280004, "CS", "MONOCHROME2");
		if (row[i].frames)
			make_text(&m, 0x00280008, "IS", row[i].frames);
		make_us(&m, 0x00280010, row[i].rows);
		make_us(&m, 0x00280011, row[i].columns);
		make_us(&m, 0x00280100, row[i].allocated);
		make_us(&m, 0x00280101, row[i].allocated);
		make_us(&m, 0x00280102, row[i].allocated - 1);
		make_us(&m, 0x00280103, 0);
		make_bytes(&m, 0x7fe00010, "OW", pixels, 64);
		hostile_dicom(row[i].name, &m, row[i].code);
	}
}

/* ---- lengths ---- */

static void frame_numbers(void)
{
	static const struct { const char *name, *frames, *code; } row[] = {
		{ "frames-0.dcm", "0", "inconsistent" },
		{ "frames-negative.dcm", "-1", "inconsistent" },
		{ "frames-2.dcm", "2", "truncated" },
		{ "frames-65535.dcm", "65535", "truncated" },
		{ "frames-word.dcm", "one", "inconsistent" },
		{ "frames-real.dcm", "1e9", "inconsistent" },
		{ "frames-two.dcm", "1\\2", "8x8x1" },
		{ "frames-20-digits.dcm", "99999999999999999999",
		  "inconsistent" },
	};

	for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		struct dicom_maker m = { 0 };

		grey_module(&m, EXPLICIT, 8, 8, row[i].frames);
		make_bytes(&m, 0x7fe00010, "OB", pixels, 64);
		hostile_dicom(row[i].name, &m, row[i].code);
	}
}

static void lengths(void)
{
	static const struct {
		const char *name;
		uint32_t length;
		const char *code;
	} row[] = {
		{ "pixels-65.dcm", 66, "truncated" },
		{ "pixels-31-bit.dcm", 0x7ffffffe, "truncated" },
		{ "pixels-32-bit.dcm", 0xfffffffe, "truncated" },
		{ "pixels-short.dcm", 32, "truncated" },
	};
	struct dicom_maker m = { 0 };

	hostile_class("length");
	for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		grey_module(&m, EXPLICIT, 8, 8, NULL);
		long_head(&m, 0x7fe00010, "OB", row[i].length);
		buffer_append(&m.out, pixels, 64);
		hostile_dicom(row[i].name, &m, row[i].code);
	}
	sound_picture(&m);
	m.out.data[GROUP_LENGTH] = (char)0xff;
	m.out.data[GROUP_LENGTH + 1] = (char)0xff;
	hostile_dicom("meta-header.dcm", &m, "inconsistent");
	make_begin(&m, EXPLICIT);
	long_head(&m, 0x00081140, "SQ", 0x10000000);
	item_head(&m, 0x20000000);
	hostile_dicom("sequence.dcm", &m, "damaged");
	make_begin(&m, EXPLICIT);
	long_head(&m, 0x00091001, "UN", 0xfffffff0);
	hostile_dicom("private.dcm", &m, "truncated");
	frame_numbers();
}

/* ---- parts that disagree ---- */

static void forms(void)
{
	static const struct {
		const char *name, *photometric;
		int samples, allocated, stored, high, is_signed;
		const char *code;
	} row[] = {
		{ "stored-16-of-8.dcm", "MONOCHROME2", 1, 8, 16, 15, 0,
		  "inconsistent" },
		{ "stored-0.dcm", "MONOCHROME2", 1, 8, 0, 0, 0,
		  "inconsistent" },
		{ "high-bit-31.dcm", "MONOCHROME2", 1, 8, 8, 31, 0,
		  "inconsistent" },
		{ "high-bit-below.dcm", "MONOCHROME2", 1, 8, 8, 3, 0,
		  "inconsistent" },
		{ "allocated-0.dcm", "MONOCHROME2", 1, 0, 0, 0, 0,
		  "inconsistent" },
		{ "allocated-7.dcm", "MONOCHROME2", 1, 7, 7, 6, 0,
		  "unsupported" },
		{ "allocated-65535.dcm", "MONOCHROME2", 1, 65535, 8, 7, 0,
		  "inconsistent" },
		{ "signed-7.dcm", "MONOCHROME2", 1, 8, 8, 7, 7,
		  "inconsistent" },
		{ "rgb-of-1.dcm", "RGB", 1, 8, 8, 7, 0, "inconsistent" },
		{ "grey-of-3.dcm", "MONOCHROME2", 3, 8, 8, 7, 0,
		  "inconsistent" },
		{ "palette-missing.dcm", "PALETTE COLOR", 1, 8, 8, 7, 0,
		  "inconsistent" },
		{ "no-photometric.dcm", "NOTHING", 1, 8, 8, 7, 0,
		  "unsupported" },
	};

	for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		struct dicom_maker m = { 0 };

		make_begin(&m, EXPLICIT);
		make_us(&m, 0x00280002, row[i].samples);
		make_text(&m, 0x00280004, "CS", row[i].photometric);
		if (row[i].samples > 1)
			make_us(&m, 0x00280006, 0);
		make_us(&m, 0x00280010, 8);
		make_us(&m, 0x00280011, 8);
		make_us(&m, 0x00280100, row[i].allocated);
		make_us(&m, 0x00280101, row[i].stored);
		make_us(&m, 0x00280102, row[i].high);
		make_us(&m, 0x00280103, row[i].is_signed);
		make_bytes(&m, 0x7fe00010, "OB", pixels,
			   64 * (row[i].samples > 1 ? 3 : 1));
		hostile_dicom(row[i].name, &m, row[i].code);
	}
}

/* A palette whose descriptor and data disagree. */
static void palettes(void)
{
	static const struct {
		const char *name;
		unsigned entries, first, bits;
		size_t bytes;
		const char *code;
	} row[] = {
		{ "palette-short.dcm", 256, 0, 16, 16, "inconsistent" },
		{ "palette-0-of-65536.dcm", 0, 0, 16, 64, "inconsistent" },
		{ "palette-bits-5.dcm", 8, 0, 5, 16, "inconsistent" },
		{ "palette-empty.dcm", 8, 0, 16, 0, "inconsistent" },
	};

	for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		struct dicom_maker m = { 0 };

		make_begin(&m, EXPLICIT);
		make_pixel_module(&m, 8, 8, 1, "PALETTE COLOR", 8, 8, 0);
		for (uint32_t c = 1; c <= 3; c++) {
			le16(&m, 0x0028);
			le16(&m, 0x1100 + c);
			buffer_append(&m.out, "US", 2);
			le16(&m, 6);
			le16(&m, row[i].entries);
			le16(&m, row[i].first);
			le16(&m, row[i].bits);
		}
		for (uint32_t c = 1; c <= 3; c++)
			make_bytes(&m, 0x00281200 + c, "OW", pixels,
				   row[i].bytes);
		make_bytes(&m, 0x7fe00010, "OB", pixels, 64);
		hostile_dicom(row[i].name, &m, row[i].code);
	}
}

static void disagreements(void)
{
	struct dicom_maker m = { 0 };

	hostile_class("inconsistent");
	forms();
	palettes();
	grey_module(&m, EXPLICIT, 8, 8, NULL);
	make_bytes(&m, 0x7fe00010, "OB", pixels, 66);
	hostile_dicom("pixels-too-long.dcm", &m, "inconsistent");
	grey_module(&m, EXPLICIT, 8, 8, NULL);
	make_bytes(&m, 0x7fe00010, "OB", pixels, 62);
	hostile_dicom("pixels-too-short.dcm", &m, "truncated");
	grey_module(&m, EXPLICIT, 8, 8, NULL);
	make_bytes(&m, 0x7fe00010, "OB", pixels, 0);
	hostile_dicom("pixels-empty.dcm", &m, "truncated");
	sound_picture(&m);
	make_bytes(&m, 0x7fe00010, "OB", pixels, 64);
	hostile_dicom("pixels-twice.dcm", &m, "inconsistent");
	make_begin(&m, EXPLICIT);
	make_bytes(&m, 0x7fe00010, "OB", pixels, 64);
	hostile_dicom("no-image-module.dcm", &m, "inconsistent");
	make_begin(&m, "1.2.3.4");
	hostile_dicom("syntax-unknown.dcm", &m, "unsupported");
	make_begin(&m, "../../etc/passwd");
	hostile_dicom("syntax-path.dcm", &m, "unsupported");
}

/* ---- truncated ---- */

/* A deflated file of this data set, whose meta header is m's. */
static void deflate_set(struct dicom_maker *m, const struct dicom_maker *set,
			size_t start)
{
	struct error err = { 0 };
	size_t length;
	uint8_t *packed = pack_deflate((const uint8_t *)set->out.data + start,
				       set->out.length - start, &length, &err);

	if (!packed)
		exit(EXIT_FAILURE);
	m->out.length = start;
	buffer_append(&m->out, packed, length);
	free(packed);
}

/* Where the data set begins: behind a meta header of less than 256 bytes. */
static size_t data_set(const struct dicom_maker *m)
{
	return META + (size_t)(uint8_t)m->out.data[GROUP_LENGTH];
}

/* A picture in this form, whole and cut. */
static void cut_form(const char *form, const char *syntax, bool implicit,
		     bool big)
{
	static const struct { const char *name; long at; const char *code; }
	cut[] = {
		{ "preamble", 131, "not-image" }, { "magic", 132, "truncated" },
		{ "meta", 150, "truncated" }, { "half", 0, "truncated" },
		{ "last-bytes", -2, "truncated" },
	};
	struct dicom_maker m = { 0 };
	char name[64];

	make_begin(&m, syntax);
	m.out.length = data_set(&m);
	m.implicit = implicit;
	m.big_endian = big;
	make_text(&m, 0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.7");
	make_text(&m, 0x00080018, "UI", "2.25.1");
	make_pixel_module(&m, 8, 8, 1, "MONOCHROME2", 8, 8, 0);
	make_bytes(&m, 0x7fe00010, "OW", pixels, 64);
	if (!strcmp(syntax, DEFLATED)) {
		struct dicom_maker set = m;
		size_t start = data_set(&set);

		m = (struct dicom_maker){ 0 };
		buffer_append(&m.out, set.out.data, set.out.length);
		deflate_set(&m, &set, start);
		buffer_done(&set.out);
	}
	snprintf(name, sizeof(name), "%s-whole.dcm", form);
	hostile_put(name, m.out.data, m.out.length, "8x8x1");
	for (size_t i = 0; i < sizeof(cut) / sizeof(cut[0]); i++) {
		size_t length = cut[i].at > 0 ? (size_t)cut[i].at :
				cut[i].at < 0 ? m.out.length - 2 :
						m.out.length - 40;

		snprintf(name, sizeof(name), "%s-%s.dcm", form, cut[i].name);
		hostile_put(name, m.out.data, length, cut[i].code);
	}
	buffer_done(&m.out);
}

static void cuts(void)
{
	hostile_class("truncated");
	cut_form("explicit", EXPLICIT, false, false);
	cut_form("implicit", "1.2.840.10008.1.2", true, false);
	cut_form("big", "1.2.840.10008.1.2.2", false, true);
	cut_form("deflated", DEFLATED, false, false);
}

/* ---- bombs and nests ---- */

/* A deflated file: a value of so many zeros before a sound picture. */
static void deflate_bomb(const char *name, size_t bytes, const char *code)
{
	struct dicom_maker meta = { 0 }, set = { 0 };
	char *zeros = calloc(1, bytes);

	if (!zeros)
		exit(EXIT_FAILURE);
	make_begin(&meta, DEFLATED);
	grey_module(&set, DEFLATED, 8, 8, NULL);
	make_bytes(&set, 0x00291010, "OB", zeros, bytes);
	make_bytes(&set, 0x7fe00010, "OB", pixels, 64);
	deflate_set(&meta, &set, data_set(&set));
	hostile_dicom(name, &meta, code);
	buffer_done(&set.out);
	free(zeros);
}

/* Sequences in items in sequences; closed: with their ends. */
static void nest(const char *name, int depth, bool closed, const char *code)
{
	struct dicom_maker m = { 0 };

	make_begin(&m, EXPLICIT);
	for (int i = 0; i < depth; i++) {
		long_head(&m, 0x00081140, "SQ", 0xffffffff);
		item_head(&m, 0xffffffff);
	}
	for (int i = 0; i < depth && closed; i++) {
		le16(&m, 0xfffe);
		le16(&m, 0xe00d);
		le32(&m, 0);
		le16(&m, 0xfffe);
		le16(&m, 0xe0dd);
		le32(&m, 0);
	}
	if (closed) {
		struct dicom_maker picture = { 0 };
		size_t skip;

		make_begin(&picture, EXPLICIT);
		skip = picture.out.length;
		buffer_done(&picture.out);
		picture = (struct dicom_maker){ 0 };
		sound_picture(&picture);
		buffer_append(&m.out, picture.out.data + skip,
			      picture.out.length - skip);
		buffer_done(&picture.out);
	}
	hostile_dicom(name, &m, code);
}

static void nests(void)
{
	struct dicom_maker m = { 0 };

	hostile_class("nest");
	nest("open-10.dcm", 10, false, "damaged");
	nest("open-1000.dcm", 1000, false, "damaged");
	nest("open-100000.dcm", 100000, false, "damaged");
	nest("closed-32.dcm", 32, true, "8x8x1");
	nest("closed-33.dcm", 33, true, "damaged");
	nest("closed-1000.dcm", 1000, true, "damaged");
	nest("closed-100000.dcm", 100000, true, "damaged");
	make_begin(&m, EXPLICIT);
	long_head(&m, 0x00081140, "SQ", 0xffffffff);
	for (int i = 0; i < 300000; i++)
		item_head(&m, 0);
	hostile_dicom("items-300000.dcm", &m, "damaged");
	make_begin(&m, EXPLICIT);
	for (int i = 0; i < 200000; i++)
		make_text(&m, 0x00091001, "LO", "");
	hostile_dicom("elements-200000.dcm", &m, "no-pixels");
}

void hostile_data_sets(void)
{
	hostile_class("bomb");
	deflate_bomb("deflated-100-mib.dcm", 100 << 20, "8x8x1");
	deflate_bomb("deflated-900-mib.dcm", 900 << 20, "no-memory");
	dimensions();
	lengths();
	disagreements();
	cuts();
	nests();
}

/* make_dicom.c - small DICOM files for the tests, byte by byte. */
#include "config.h"

#include "tests/make_dicom.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { ITEM_START = 0xe000, ITEM_END = 0xe00d, SEQUENCE_END = 0xe0dd };

static void put(struct dicom_maker *m, unsigned long value, int bytes)
{
	for (int i = 0; i < bytes; i++) {
		int shift = 8 * (m->big_endian ? bytes - 1 - i : i);
		unsigned char byte = (unsigned char)(value >> shift);

		buffer_append(&m->out, &byte, 1);
	}
}

static void put_tag(struct dicom_maker *m, uint32_t tag)
{
	put(m, tag >> 16, 2);
	put(m, tag & 0xffff, 2);
}

static void put_head(struct dicom_maker *m, uint32_t tag, const char *vr,
		     size_t length)
{
	static const char *const long_vrs = "OB OW OF OD OV SQ UN UT UC ";

	put_tag(m, tag);
	if (m->implicit) {
		put(m, length, 4);
		return;
	}
	buffer_append(&m->out, vr, 2);
	if (strstr(long_vrs, vr)) {
		put(m, 0, 2);
		put(m, length, 4);
	} else {
		put(m, length, 2);
	}
}

void make_bytes(struct dicom_maker *m, uint32_t tag, const char *vr,
		const void *data, size_t length)
{
	put_head(m, tag, vr, length);
	buffer_append(&m->out, data, length);
}

void make_text(struct dicom_maker *m, uint32_t tag, const char *vr,
	       const char *text)
{
	size_t length = strlen(text);

	put_head(m, tag, vr, length + length % 2);
	buffer_puts(&m->out, text);
	if (length % 2)
		buffer_append(&m->out, strcmp(vr, "UI") == 0 ? "" : " ", 1);
}

void make_us(struct dicom_maker *m, uint32_t tag, int value)
{
	put_head(m, tag, "US", 2);
	put(m, (unsigned long)value, 2);
}

void make_begin(struct dicom_maker *m, const char *syntax)
{
	static const char preamble[128];
	struct dicom_maker meta = { 0 };

	make_text(&meta, 0x00020002, "UI", "1.2.840.10008.5.1.4.1.1.7");
	make_text(&meta, 0x00020003, "UI", "2.25.1");
	make_text(&meta, 0x00020010, "UI", syntax);
	buffer_append(&m->out, preamble, sizeof(preamble));
	buffer_puts(&m->out, "DICM");

	struct dicom_maker length = { 0 };

	put_head(&length, 0x00020000, "UL", 4);
	put(&length, meta.out.length, 4);
	buffer_append(&m->out, length.out.data, length.out.length);
	buffer_append(&m->out, meta.out.data, meta.out.length);
	buffer_done(&length.out);
	buffer_done(&meta.out);
	make_text(m, 0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.7");
	make_text(m, 0x00080018, "UI", "2.25.1");
}

void make_pixel_module(struct dicom_maker *m, int columns, int rows,
		       int samples, const char *photometric, int allocated,
		       int stored, int is_signed)
{
	make_us(m, 0x00280002, samples);
	make_text(m, 0x00280004, "CS", photometric);
	if (samples > 1)
		make_us(m, 0x00280006, 0);
	make_us(m, 0x00280010, rows);
	make_us(m, 0x00280011, columns);
	make_us(m, 0x00280100, allocated);
	make_us(m, 0x00280101, stored);
	make_us(m, 0x00280102, stored - 1);
	make_us(m, 0x00280103, is_signed);
}

void make_part(struct dicom_maker *m, const struct dicom_maker *item)
{
	put_tag(m, 0xfffe0000u | ITEM_START);
	put(m, item->out.length, 4);
	buffer_append(&m->out, item->out.data, item->out.length);
}

void make_sequence(struct dicom_maker *m, uint32_t tag,
		   const struct dicom_maker *items)
{
	put_head(m, tag, "SQ", items->out.length);
	buffer_append(&m->out, items->out.data, items->out.length);
}

void make_item(struct dicom_maker *m, uint32_t tag,
	       const struct dicom_maker *item)
{
	struct dicom_maker items = *m;

	items.out = (struct buffer){ 0 };
	make_part(&items, item);
	make_sequence(m, tag, &items);
	buffer_done(&items.out);
}

void make_fragments_table(struct dicom_maker *m, const uint32_t *offset,
			  size_t offsets)
{
	put_head(m, 0x7fe00010, "OB", 0xffffffff);
	make_fragment(m, NULL, 0);
	if (!offsets)
		return;
	m->out.length -= 4;             /* the length of the empty one */
	put(m, offsets * 4, 4);
	for (size_t i = 0; i < offsets; i++)
		put(m, offset[i], 4);
}

void make_fragments_begin(struct dicom_maker *m)
{
	make_fragments_table(m, NULL, 0);
}

void make_fragment(struct dicom_maker *m, const void *data, size_t length)
{
	put_tag(m, 0xfffe0000u | ITEM_START);
	put(m, length + length % 2, 4);
	if (length)
		buffer_append(&m->out, data, length);
	if (length % 2)
		buffer_append(&m->out, "", 1);
}

void make_fragments_end(struct dicom_maker *m)
{
	put_tag(m, 0xfffe0000u | SEQUENCE_END);
	put(m, 0, 4);
}

int make_file(const void *data, size_t length)
{
	int fd = memfd_create("test", 0);

	if (fd < 0 || write(fd, data, length) != (ssize_t)length ||
	    lseek(fd, 0, SEEK_SET) != 0) {
		perror("make_file");
		exit(EXIT_FAILURE);
	}
	return fd;
}

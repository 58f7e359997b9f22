/*
 * hostile_dicomdir.c - DICOMDIRs whose records lead out of their folder, round
 * in circles or to the terminal.  Each lies in a folder of its own below
 * media/, beside the same few files.
 */
#include "config.h"

#include "tests/hostile/hostile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MEDIA_CLASS "1.2.840.10008.1.3.10"      /* PS3.4 B.5 */
#define PICTURE_CLASS "1.2.840.10008.5.1.4.1.1.7"
#define ODD_NAME "\377\376IMG"
#define TERMINAL_NAME "\033]0;HOSTILE\007"

enum {
	NEXT_RECORD = 0x00041400,       /* offsets: PS3.3 F.3.2.2 */
	LOWER_RECORD = 0x00041420,
	RECORDS = 0x00041220,
	FILE_ID = 0x00041500,
};

static void must(bool holds, const char *what)
{
	if (holds)
		return;
	perror(what);
	exit(EXIT_FAILURE);
}

static void put_file(const char *name, const struct dicom_maker *m)
{
	FILE *file = fopen(name, "wb");

	must(file && fwrite(m->out.data, 1, m->out.length, file) ==
	     m->out.length && fclose(file) == 0, name);
}

static void put_link(const char *name, const char *to)
{
	must(symlink(to, name) == 0, name);
}

/* What lies beside each DICOMDIR: pictures, a folder, links of all kinds. */
static void put_neighbours(void)
{
	struct dicom_maker m = { 0 };

	must(mkdir("A", 0700) == 0, "A");
	sound_picture(&m);
	put_file("IMG", &m);
	put_file("A/IMG", &m);
	put_file("low", &m);
	put_file(ODD_NAME, &m);
	put_file(TERMINAL_NAME, &m);
	buffer_done(&m.out);
	must(mkfifo("FIFO", 0600) == 0, "FIFO");
	put_link("A/UP", "..");
	put_link("LINK", "IMG");
	put_link("OUT", "/etc/passwd");
	put_link("LOOP", "LOOP");
	put_link("B", "A");
	put_link("GONE", "nothing");
}

static void begin(struct dicom_maker *m)
{
	char *uid;

	make_begin(m, EXPLICIT);
	uid = memmem(m->out.data, m->out.length, PICTURE_CLASS,
		     sizeof(PICTURE_CLASS) - 1);
	must(uid != NULL, "make_begin");
	/* a UID is padded with NULs (PS3.5 9.1) */
	memset(uid, 0, sizeof(PICTURE_CLASS) - 1);
	memcpy(uid, MEDIA_CLASS, sizeof(MEDIA_CLASS) - 1);
}

static void add_number(struct dicom_maker *m, uint32_t tag, uint32_t value)
{
	const uint8_t bytes[4] = { (uint8_t)value, (uint8_t)(value >> 8),
				   (uint8_t)(value >> 16),
				   (uint8_t)(value >> 24) };

	make_bytes(m, tag, "UL", bytes, sizeof(bytes));
}

/* A record; its offsets to the next one and the one below. */
static void add_record(struct dicom_maker *dir, const char *file_id,
		       uint32_t next, uint32_t lower)
{
	struct dicom_maker item = { 0 };

	add_number(&item, NEXT_RECORD, next);
	add_number(&item, LOWER_RECORD, lower);
	make_text(&item, 0x00041430, "CS", "IMAGE");
	if (file_id)
		make_text(&item, FILE_ID, "CS", file_id);
	make_item(dir, RECORDS, &item);
	buffer_done(&item.out);
}

/* Write media/NAME/DICOMDIR and its row; m is released. */
static void put(const char *name, struct dicom_maker *m, const char *code)
{
	char path[80];

	snprintf(path, sizeof(path), "media/%s/DICOMDIR", name);
	must(chdir("media") == 0 && mkdir(name, 0700) == 0 &&
	     chdir(name) == 0, path);
	put_neighbours();
	put_file("DICOMDIR", m);
	must(chdir("../..") == 0, path);
	hostile_row(path, code);
	buffer_done(&m->out);
	*m = (struct dicom_maker){ 0 };
}

/* One record, with this file ID. */
static const struct { const char *name, *id, *code; } ids[] = {
	{ "plain", "IMG", "8x8x1/unsupported" },
	{ "below", "A\\IMG", "8x8x1/unsupported" },
	{ "lower-case", "LOW", "8x8x1/unsupported" },
	{ "upwards", "..\\plain\\IMG", "unreadable/unsupported" },
	{ "up-and-back", "A\\..\\IMG", "unreadable/unsupported" },
	{ "upwards-slash", "A/../../plain/IMG", "unreadable/unsupported" },
	{ "dot", ".\\IMG", "unreadable/unsupported" },
	{ "absolute", "\\etc\\passwd", "unreadable/unsupported" },
	{ "absolute-slash", "/etc/passwd", "unreadable/unsupported" },
	{ "empty-part", "A\\\\IMG", "unreadable/unsupported" },
	{ "link", "LINK", "unreadable/unsupported" },
	{ "link-out", "OUT", "unreadable/unsupported" },
	{ "link-loop", "LOOP", "unreadable/unsupported" },
	{ "link-dangling", "GONE", "unreadable/unsupported" },
	{ "link-folder", "B\\IMG", "unreadable/unsupported" },
	{ "link-upwards", "A\\UP\\IMG", "unreadable/unsupported" },
	{ "fifo", "FIFO", "unreadable/unsupported" },
	{ "folder", "A", "unreadable/unsupported" },
	{ "through-a-file", "IMG\\IMG", "unreadable/unsupported" },
	{ "absent", "ABSENT", "unreadable/unsupported" },
	{ "itself", "DICOMDIR", "unsupported/unsupported" },
	{ "not-utf-8", ODD_NAME, "8x8x1/unsupported" },
	{ "terminal", TERMINAL_NAME, "8x8x1/unsupported" },
	/* the second byte of a Shift-JIS character is a backslash */
	{ "shift-jis", "\203\\X", "unreadable/unsupported" },
	{ "blank", "    ", "none/unsupported" },
};

static void file_ids(void)
{
	struct dicom_maker m = { 0 };

	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		begin(&m);
		add_record(&m, ids[i].id, 0, 0);
		put(ids[i].name, &m, ids[i].code);
	}
}

/* Offsets that lead round, back or out: each record is read once. */
static void offsets(void)
{
	struct dicom_maker m = { 0 };
	uint32_t first;

	begin(&m);
	first = (uint32_t)m.out.length;
	add_record(&m, "IMG", first, first);
	put("offset-itself", &m, "8x8x1/unsupported");

	begin(&m);
	add_record(&m, "IMG", first, 0);
	add_record(&m, "A\\IMG", first, first);
	put("offset-circle", &m, "8x8x1,8x8x1/unsupported");

	begin(&m);
	add_record(&m, "IMG", 0xffffffff, 0xfffffff0);
	put("offset-beyond", &m, "8x8x1/unsupported");

	begin(&m);
	add_record(&m, "IMG", 1, 2);
	add_record(&m, "IMG", 131, 133);
	put("offset-before", &m, "8x8x1,8x8x1/unsupported");
}

/* A sequence in an item in a sequence, without an end. */
static void add_nested(struct dicom_maker *m, int levels)
{
	/* (0004,1220) SQ and an item, both of undefined length */
	static const char level[] = "\4\0\x20\x12SQ\0\0\xff\xff\xff\xff"
				    "\xfe\xff\0\xe0\xff\xff\xff\xff";

	for (int i = 0; i < levels; i++)
		buffer_append(&m->out, level, sizeof(level) - 1);
}

static void forms(void)
{
	struct dicom_maker m = { 0 };
	char text[1200];

	begin(&m);
	put("empty", &m, "none/unsupported");

	begin(&m);
	add_record(&m, NULL, 0, 0);
	put("no-file", &m, "none/unsupported");

	begin(&m);
	add_record(&m, "IMG", 0, 0);
	add_record(&m, "A\\IMG", 0, 0);
	m.out.length -= 3;
	put("cut", &m, "8x8x1,damaged/truncated");

	begin(&m);
	memset(text, 'A', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	add_record(&m, text, 0, 0);
	put("long-id", &m, "damaged/unsupported");

	begin(&m);
	make_bytes(&m, FILE_ID, "CS", "I\0MG", 4);
	put("nul-in-id", &m, "damaged/unsupported");

	begin(&m);
	add_record(&m, "IMG", 0, 0);
	buffer_append(&m.out, "\4\0\0\x15""CS\xf0\xff" "IMG", 11);
	put("length-lies", &m, "8x8x1,damaged/truncated");

	begin(&m);
	buffer_append(&m.out, "\4\0\0\x15\0\0\x04\0" "IMG ", 12);
	put("no-vr", &m, "damaged/unsupported");

	begin(&m);
	add_nested(&m, 20000);
	make_text(&m, FILE_ID, "CS", "IMG");
	put("nested", &m, "8x8x1/damaged");

	begin(&m);
	for (int i = 0; i < 200; i++)
		add_record(&m, "FIFO", 0, 0);
	put("many", &m, "unreadable*200/unsupported");
}

void hostile_dicomdir(void)
{
	hostile_class("dicomdir");
	must(mkdir("media", 0700) == 0, "media");
	file_ids();
	offsets();
	forms();
}

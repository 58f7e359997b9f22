/*
 * cine_inputs.c - makes the moving pictures of bench/cine.sh: an ultrasound
 * screen of 800 by 600 whose echo moves in every frame, with lines that stay,
 * a clock, a number that changes in every frame, and one name that stands in
 * few frames only.
 *
 * usage: cine_inputs raw|jpeg FRAMES FIRST LAST OUT [FRAME]
 *
 * FIRST to LAST (0-based) show the name.  FIRST -1: each frame shows a name at
 * a place and in a size and grey of its own instead, also over the echo; lines
 * "FRAME X Y W H" on standard output say where.  With FRAME the file holds
 * that one frame alone.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

#include "samples/draw.h"
#include "tests/make_dicom.h"

enum { COLUMNS = 800, ROWS = 600, QUALITY = 85 };

static const struct {
	int x, y, size;
	const char *text;
} lines[] = {
	{ 12, 8, 20, "SATO HANAKO" }, { 12, 32, 18, "ID 4839201" },
	{ 560, 8, 18, "SAKURA HOSPITAL" }, { 560, 32, 16, "2024/03/18" },
	{ 12, 540, 14, "GAIN 52" }, { 12, 560, 14, "DEPTH 15 CM" },
	{ 120, 560, 14, "TIS 0.4" }, { 700, 560, 14, "MI 1.1" },
};

static void fail(const char *what)
{
	perror(what);
	exit(4);
}

static unsigned scatter(unsigned x, unsigned y, unsigned z)
{
	unsigned h = x * 73856093u ^ y * 19349663u ^ z * 83492791u;

	h ^= h >> 13;
	h *= 0x5bd1e995u;
	return h ^ h >> 15;
}

/* Speckle in a fan, brighter along arcs that move. */
static void draw_echo(struct canvas *c, int frame)
{
	for (int y = 60; y < 530; y++) {
		int half = (y - 40) * 6 / 10;

		for (int x = 400 - half; x < 400 + half; x++) {
			unsigned grain = scatter((unsigned)x / 3,
						 (unsigned)(y + frame * 2) / 2,
						 (unsigned)frame) % 60;
			int d = abs((x - 400) * (x - 400) / 500 + y -
				    200 - frame % 40 * 2);
			int arc = d < 40 ? 40 - d : 0;

			c->value[y * COLUMNS + x] = 20 + (int)grain + 2 * arc;
		}
	}
}

/* A name that stands in this frame alone. */
static void draw_own_name(struct canvas *c, int frame)
{
	static const char *const names[] = {
		"DR MORI KENJI", "KATO YUKI", "ISHII 3382710", "ONO SHIGERU",
		"UEDA AKIKO F", "DR HATA GORO", "1961/07/30", "NISHI REIKO",
	};
	unsigned chance = scatter((unsigned)frame, 17, 4711);
	const char *name = names[chance % 8];
	int size = 10 + (int)(chance / 8 % 5) * 4;
	int grey = 160 + (int)(chance / 64 % 4) * 30;
	int x = 10 + (int)(chance / 256 % 540);
	int y = 70 + (int)(chance / 65536 % 430);
	struct colour colour = { { grey } };
	struct region r = draw_text(c, x, y, size, colour, name);

	printf("%d %d %d %d %d\n", frame, r.x0, r.y0, r.x1 - r.x0,
	       r.y1 - r.y0);
}

static void draw_frame(struct canvas *c, int frame, int first, int last)
{
	const struct colour white = { { 255 } };
	char text[32];

	memset(c->value, 0, sizeof(*c->value) * COLUMNS * ROWS);
	draw_echo(c, frame);
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		draw_text(c, lines[i].x, lines[i].y, lines[i].size, white,
			  lines[i].text);
	snprintf(text, sizeof(text), "10:42:%02d", frame / 10 % 60);
	draw_text(c, 700, 32, 16, white, text);
	snprintf(text, sizeof(text), "HR %d", 60 + frame * 7 % 30);
	draw_text(c, 700, 530, 14, white, text);
	if (first < 0)
		draw_own_name(c, frame);
	else if (frame >= first && frame <= last)
		draw_text(c, 40, 120, 18, white, "DR YAMADA TARO");
}

/* The maker's Secondary Capture would raise the tier of all that is found;
 * the number of Ultrasound Image Storage (retired) is as long. */
static void be_ultrasound(struct dicom_maker *m)
{
	static const char capture[] = "1.2.840.10008.5.1.4.1.1.7";
	size_t n = sizeof(capture) - 1;

	for (size_t i = 0; i + n < m->out.length; i++)
		if (!memcmp(m->out.data + i, capture, n))
			m->out.data[i + n - 1] = '6';
}

static void put_header(struct dicom_maker *m, int frames, const char *syntax)
{
	char text[16];

	make_begin(m, syntax);
	be_ultrasound(m);
	make_text(m, 0x00080060, "CS", "US");
	make_text(m, 0x00100010, "PN", "SATO^HANAKO");
	make_text(m, 0x00100020, "LO", "4839201");
	make_us(m, 0x00280002, 1);
	make_text(m, 0x00280004, "CS", "MONOCHROME2");
	snprintf(text, sizeof(text), "%d", frames);
	make_text(m, 0x00280008, "IS", text);
	make_us(m, 0x00280010, ROWS);
	make_us(m, 0x00280011, COLUMNS);
	make_us(m, 0x00280100, 8);
	make_us(m, 0x00280101, 8);
	make_us(m, 0x00280102, 7);
	make_us(m, 0x00280103, 0);
}

static void compress(struct dicom_maker *m, unsigned char *pixels)
{
	struct jpeg_compress_struct j;
	struct jpeg_error_mgr errors;
	unsigned char *data = NULL;
	unsigned long length = 0;

	j.err = jpeg_std_error(&errors);
	jpeg_create_compress(&j);
	jpeg_mem_dest(&j, &data, &length);
	j.image_width = COLUMNS;
	j.image_height = ROWS;
	j.input_components = 1;
	j.in_color_space = JCS_GRAYSCALE;
	jpeg_set_defaults(&j);
	jpeg_set_quality(&j, QUALITY, TRUE);
	jpeg_start_compress(&j, TRUE);
	while (j.next_scanline < ROWS) {
		JSAMPROW row = pixels + j.next_scanline * COLUMNS;

		jpeg_write_scanlines(&j, &row, 1);
	}
	jpeg_finish_compress(&j);
	jpeg_destroy_compress(&j);
	make_fragment(m, data, length);
	free(data);
}

static void flush(struct dicom_maker *m, FILE *f)
{
	if (m->out.failed ||
	    fwrite(m->out.data, 1, m->out.length, f) != m->out.length)
		fail("cine_inputs");
	m->out.length = 0;
}

/* Pixel Data, explicit VR: OB and a length of 32 bits (PS3.5 7.1.2). */
static void begin_native(struct dicom_maker *m, long frames)
{
	size_t all = (size_t)frames * COLUMNS * ROWS;
	unsigned char head[12] = { 0xe0, 0x7f, 0x10, 0, 'O', 'B' };

	for (int i = 0; i < 4; i++)
		head[8 + i] = (unsigned char)(all >> 8 * i & 0xff);
	buffer_append(&m->out, head, sizeof(head));
}

struct order {
	bool jpeg;
	long begin, end;                /* frames that are written */
	int first, last;                /* that show the name */
};

static void write_frames(FILE *f, const struct order *o)
{
	static unsigned char pixels[COLUMNS * ROWS];
	struct dicom_maker m = { 0 };
	struct canvas c = { 0 };

	if (!canvas_init(&c, COLUMNS, ROWS, 1))
		fail("cine_inputs");
	put_header(&m, (int)(o->end - o->begin), o->jpeg ?
		   "1.2.840.10008.1.2.4.50" : "1.2.840.10008.1.2.1");
	if (o->jpeg)
		make_fragments_begin(&m);
	else
		begin_native(&m, o->end - o->begin);
	for (long i = o->begin; i < o->end; i++) {
		draw_frame(&c, (int)i, o->first, o->last);
		for (int k = 0; k < COLUMNS * ROWS; k++)
			pixels[k] = (unsigned char)(c.value[k] > 255 ? 255 :
						    c.value[k]);
		if (o->jpeg)
			compress(&m, pixels);
		else
			buffer_append(&m.out, pixels, sizeof(pixels));
		flush(&m, f);
	}
	if (o->jpeg)
		make_fragments_end(&m);
	flush(&m, f);
	buffer_done(&m.out);
	canvas_done(&c);
}

int main(int argc, char **argv)
{
	struct order o = { 0 };
	FILE *f;

	if (argc != 6 && argc != 7) {
		fprintf(stderr, "usage: cine_inputs raw|jpeg FRAMES FIRST LAST "
				"OUT [FRAME]\n");
		return 2;
	}
	o.jpeg = !strcmp(argv[1], "jpeg");
	o.end = strtol(argv[2], NULL, 10);
	o.first = (int)strtol(argv[3], NULL, 10);
	o.last = (int)strtol(argv[4], NULL, 10);
	if (argc == 7) {
		o.begin = strtol(argv[6], NULL, 10);
		o.end = o.begin + 1;
	}
	if (o.begin < 0 || o.begin >= o.end || o.end > 65535)
		return 2;
	f = fopen(argv[5], "wb");
	if (!f)
		fail(argv[5]);
	write_frames(f, &o);
	return fclose(f) ? 4 : 0;
}

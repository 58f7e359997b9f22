/*
 * series_pictures.c - makes a series of slices for tests/groups.sh and
 * bench/series.sh: the same lines burned into each, another slice position,
 * and another anatomy below them.
 *
 * usage: series_pictures COUNT OUT [ink=N] [name=N] [other=N] [noise=N]
 *
 * Writes OUT/001.dcm and so on.  Slice N (from 1) of ink has a line that the
 * others have not, of name another name, of other another series number.
 * noise adds grain of that many levels to the body of each.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "samples/draw.h"
#include "tests/make_dicom.h"

enum { COLUMNS = 512, ROWS = 512, PATH = 4096 };

static const struct { int x, y, size; const char *text; } lines[] = {
	{ 8, 6, 20, "SATO HANAKO" }, { 8, 30, 18, "ID 4839201" },
	{ 300, 6, 18, "SAKURA HOSPITAL" }, { 300, 30, 16, "2024/03/18" },
};

static void fail(const char *what)
{
	perror(what);
	exit(4);
}

struct plan { int ink, name, other, noise; };

/* A body with two organs that change from slice to slice: dark, so that
 * without noise nothing in it may pass for ink. */
static void draw_slice(struct canvas *c, int slice, int noise)
{
	struct region body = { 96, 120, 416, 440 };

	draw_ellipsoid(c, 256, 280, 150, 120, (struct colour){ { 30 } });
	draw_ellipsoid(c, 200 + slice % 9, 270, 30 + slice % 17, 40,
		       (struct colour){ { 14 } });
	draw_ellipsoid(c, 310, 290 - slice % 7, 40, 30 + slice % 13,
		       (struct colour){ { 12 } });
	c->noise = 1000u + (unsigned)slice;
	if (noise > 0)
		draw_noise(c, body, noise);
}

/* The maker's Secondary Capture would raise the tier of all that is found;
 * the number of CT Image Storage is as long. */
static void be_ct(struct dicom_maker *m)
{
	static const char capture[] = "1.2.840.10008.5.1.4.1.1.7";
	size_t n = sizeof(capture) - 1;

	for (size_t i = 0; i + n < m->out.length; i++)
		if (!memcmp(m->out.data + i, capture, n))
			m->out.data[i + n - 1] = '2';
}

static void draw(struct canvas *c, int slice, const struct plan *plan)
{
	const struct colour white = { { 255 } };
	char text[32];

	memset(c->value, 0, sizeof(*c->value) * COLUMNS * ROWS);
	draw_slice(c, slice, plan->noise);
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		draw_text(c, lines[i].x, lines[i].y, lines[i].size, white,
			  i == 0 && slice == plan->name ? "SATO HANAYO" :
			  lines[i].text);
	snprintf(text, sizeof(text), "SL %d MM", 100 + slice);
	draw_text(c, 400, 480, 16, white, text);
	if (slice == plan->ink)
		draw_text(c, 40, 460, 18, white, "DR YAMADA TARO");
}

static void put_header(struct dicom_maker *m, int slice,
		       const struct plan *plan)
{
	char text[48];

	make_begin(m, "1.2.840.10008.1.2.1");
	be_ct(m);
	snprintf(text, sizeof(text), "1.2.3.4.%d", slice);
	make_text(m, 0x00080018, "UI", text);
	make_text(m, 0x00080060, "CS", "CT");
	make_text(m, 0x00080070, "LO", "MAKER");
	make_text(m, 0x00081090, "LO", "SCANNER 1");
	make_text(m, 0x00100010, "PN", "SATO^HANAKO");
	make_text(m, 0x00100020, "LO", "4839201");
	make_text(m, 0x00180015, "CS", "ABDOMEN");
	make_text(m, 0x0020000d, "UI", "1.2.3.4");
	make_text(m, 0x0020000e, "UI", slice == plan->other ? "1.2.3.4.6" :
							      "1.2.3.4.5");
	make_pixel_module(m, COLUMNS, ROWS, 1, "MONOCHROME2", 8, 8, 0);
}

static void write_slice(const char *out, int slice, const struct plan *plan)
{
	struct dicom_maker m = { 0 };
	struct canvas c = { 0 };
	unsigned char *pixels = malloc(COLUMNS * ROWS);
	char path[PATH];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%03d.dcm", out, slice);
	f = fopen(path, "wb");
	if (!f || !pixels || !canvas_init(&c, COLUMNS, ROWS, 1))
		fail(path);
	draw(&c, slice, plan);
	for (int i = 0; i < COLUMNS * ROWS; i++)
		pixels[i] = (unsigned char)(c.value[i] < 0 ? 0 :
			    c.value[i] > 255 ? 255 : c.value[i]);
	put_header(&m, slice, plan);
	make_bytes(&m, 0x7fe00010, "OB", pixels, COLUMNS * ROWS);
	if (m.out.failed ||
	    fwrite(m.out.data, 1, m.out.length, f) != m.out.length ||
	    fclose(f) != 0)
		fail(path);
	buffer_done(&m.out);
	canvas_done(&c);
	free(pixels);
}

int main(int argc, char **argv)
{
	struct plan plan = { 0 };
	int count = argc > 2 ? (int)strtol(argv[1], NULL, 10) : 0;

	for (int i = 3; i < argc; i++)
		if (sscanf(argv[i], "ink=%d", &plan.ink) != 1 &&
		    sscanf(argv[i], "name=%d", &plan.name) != 1 &&
		    sscanf(argv[i], "other=%d", &plan.other) != 1 &&
		    sscanf(argv[i], "noise=%d", &plan.noise) != 1)
			count = 0;
	if (count < 1 || count > 999) {
		fputs("usage: series_pictures COUNT OUT [ink=N] [name=N] "
		      "[other=N] [noise=N]\n", stderr);
		return 2;
	}
	for (int i = 1; i <= count; i++)
		write_slice(argv[2], i, &plan);
	return 0;
}

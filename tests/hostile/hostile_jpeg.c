/* hostile_jpeg.c - JPEG files of the hostile set. */
#include "config.h"

#include "tests/hostile/hostile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/pictures.h"

enum { SOF0 = 0xc0, DHT = 0xc4, SOS = 0xda, DQT = 0xdb, APP1 = 0xe1 };

static unsigned char *sound(size_t *length, bool extras)
{
	struct jpeg_spec spec = { .columns = 24, .rows = 16, .kind = JPEG_YCC,
				  .h = 2, .v = 2, .quality = 80,
				  .extras = extras };
	struct noise noise = { .seed = 9 };
	int fd = make_jpeg(&spec, &noise);
	unsigned char *jpeg = slurp(fd, length);

	close(fd);
	return jpeg;
}

/* Where the first marker segment of a kind begins. */
static size_t segment(const unsigned char *jpeg, size_t length, int marker)
{
	size_t at = 2;

	while (at + 4 < length && jpeg[at + 1] != marker)
		at += 2 + (size_t)(jpeg[at + 2] << 8 | jpeg[at + 3]);
	if (at + 4 >= length)
		exit(EXIT_FAILURE);
	return at;
}

/* The sound file with two bytes of a segment set. */
static void changed(const char *name, int marker, size_t offset, int value,
		    const char *code)
{
	size_t length;
	unsigned char *jpeg = sound(&length, marker == APP1);
	size_t at = segment(jpeg, length, marker) + offset;

	jpeg[at] = (unsigned char)(value >> 8);
	jpeg[at + 1] = (unsigned char)value;
	hostile_put(name, jpeg, length, code);
	free(jpeg);
}

/* The sound file with rows and columns set. */
static void resized(const char *name, int rows, int columns, const char *code)
{
	size_t length;
	unsigned char *jpeg = sound(&length, false);
	unsigned char *size = jpeg + segment(jpeg, length, SOF0) + 5;

	size[0] = (unsigned char)(rows >> 8);
	size[1] = (unsigned char)rows;
	size[2] = (unsigned char)(columns >> 8);
	size[3] = (unsigned char)columns;
	hostile_put(name, jpeg, length, code);
	free(jpeg);
}

static void cuts(void)
{
	static const int keep[] = { 3, 4, 20, 100, 200, 400 };
	size_t length, at;
	unsigned char *jpeg = sound(&length, false);
	char name[32];

	hostile_class("truncated");
	for (size_t i = 0; i < sizeof(keep) / sizeof(keep[0]); i++) {
		snprintf(name, sizeof(name), "at-%d.jpg", keep[i]);
		hostile_put(name, jpeg, (size_t)keep[i], "truncated");
	}
	at = segment(jpeg, length, SOS);
	hostile_put("in-scan.jpg", jpeg, at + 20, "truncated");
	hostile_put("before-scan.jpg", jpeg, at, "truncated");
	hostile_put("no-end.jpg", jpeg, length - 2, "truncated");
	free(jpeg);
}

/* 64 times the same progressive scan, over 2000 x 2000. */
static void scan_bomb(void)
{
	static const struct jpeg_spec spec = { .columns = 16, .rows = 16,
		.kind = JPEG_GREY, .h = 1, .v = 1, .quality = 80,
		.progressive = true };
	struct noise noise = { .seed = 9 };
	int fd = make_jpeg(&spec, &noise);
	size_t length, sos;
	unsigned char *jpeg = slurp(fd, &length), *size;
	struct buffer out = { 0 };

	size = jpeg + segment(jpeg, length, 0xc2) + 5;
	size[0] = size[2] = 0x07;
	size[1] = size[3] = 0xd0;
	sos = segment(jpeg, length, SOS);
	buffer_append(&out, jpeg, sos + 10);
	for (int i = 0; i < 64; i++)
		buffer_append(&out, jpeg + sos, 10);
	buffer_append(&out, "\xff\xd9", 2);
	hostile_put("scans.jpg", out.data, out.length, "damaged");
	buffer_done(&out);
	free(jpeg);
	close(fd);
}

void hostile_jpeg(void)
{
	hostile_class("bomb");
	resized("square.jpg", 65535, 65535, "too-large");
	resized("high.jpg", 65535, 4097, "too-large");
	resized("wide.jpg", 4, 65535, "damaged/truncated");
	scan_bomb();
	hostile_class("dimensions");
	resized("no-columns.jpg", 16, 0, "inconsistent");
	resized("no-rows.jpg", 0, 24, "inconsistent");
	resized("larger.jpg", 17, 24, "damaged/truncated");
	
	hostile_class("length");
	changed("segment-0.jpg", DQT, 2, 0, "damaged");
	changed("segment-1.jpg", DHT, 2, 1, "damaged");
	changed("segment-long.jpg", DHT, 2, 65535, "truncated");
	changed("tables-short.jpg", DQT, 2, 40, "damaged");
	changed("head-short.jpg", SOF0, 2, 8, "damaged");
	changed("scan-head-long.jpg", SOS, 2, 40, "damaged");
	changed("exif-long.jpg", APP1, 2, 65000, "truncated");
	hostile_class("inconsistent");
	changed("quantiser-3.jpg", SOF0, 11, 0x2203, "damaged");
	changed("sampling-0.jpg", SOF0, 11, 0x0000, "damaged");
	changed("sampling-15.jpg", SOF0, 11, 0xff00, "damaged");
	changed("components-of-scan.jpg", SOS, 4, 0x0505, "damaged");
	changed("unknown-component.jpg", SOS, 5, 0x7700, "damaged");
	changed("codes.jpg", DHT, 5, 0xffff, "damaged");
	cuts();
}

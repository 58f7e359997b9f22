/*
 * masking_inputs.c - makes the big inputs of bench/masking.sh from a seed.
 *
 * usage: masking_inputs native COLUMNS ROWS FRAMES SAMPLES BITS OUT
 *        masking_inputs photo COLUMNS ROWS OUT
 *        masking_inputs encapsulate JPEG COLUMNS ROWS FRAMES OUT
 *
 * native: uncompressed DICOM of 8 bits, or of BITS in 16.  photo: a PPM of
 * smooth shapes with noise.  encapsulate: a DICOM file with the JPEG, YCbCr
 * 4:2:0, as each of its frames.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/make_dicom.h"

static uint32_t next_random(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

static int number(const char *text)
{
	long value = strtol(text, NULL, 10);

	if (value < 1 || value > 65535) {
		fprintf(stderr, "masking_inputs: %s: not in 1..65535\n", text);
		exit(2);
	}
	return (int)value;
}

static FILE *open_out(const char *path)
{
	FILE *f = fopen(path, "wb");

	if (!f) {
		perror(path);
		exit(4);
	}
	return f;
}

static void put(FILE *f, const void *data, size_t length)
{
	if (fwrite(data, 1, length, f) != length) {
		perror("masking_inputs");
		exit(4);
	}
}

static void put_u32(FILE *f, size_t value)
{
	unsigned char bytes[4];

	for (int i = 0; i < 4; i++)
		bytes[i] = (unsigned char)(value >> 8 * i);
	put(f, bytes, sizeof(bytes));
}

/* A waving plane and noise, a PART-th of top. */
static unsigned shade(int x, int y, int s, unsigned top, unsigned part,
		      uint32_t *state)
{
	unsigned wave = (unsigned)(x * (3 + s) + y * 2 + (x * y >> 9));
	unsigned slope = wave % (2 * top);
	unsigned noise = next_random(state) % (top / part + 1);

	slope = slope > top ? 2 * top - slope : slope;
	return slope > noise ? slope - noise : slope;
}

static void put_module(struct dicom_maker *m, int columns, int rows, int frames,
		       int samples, const char *photometric, int bits)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", frames);
	make_us(m, 0x00280002, samples);
	make_text(m, 0x00280004, "CS", photometric);
	if (samples > 1)
		make_us(m, 0x00280006, 0);
	make_text(m, 0x00280008, "IS", text);
	make_us(m, 0x00280010, rows);
	make_us(m, 0x00280011, columns);
	make_us(m, 0x00280100, bits > 8 ? 16 : 8);
	make_us(m, 0x00280101, bits);
	make_us(m, 0x00280102, bits - 1);
	make_us(m, 0x00280103, 0);
}

/* Frames are the first one, moved by a few bytes each: noise enough. */
static int native(char **a)
{
	int columns = number(a[0]), rows = number(a[1]), frames = number(a[2]);
	int samples = number(a[3]), bits = number(a[4]);
	size_t cell = bits > 8 ? 2 : 1;
	size_t frame = (size_t)columns * (size_t)rows * (size_t)samples * cell;
	unsigned char *data = malloc(frame);
	struct dicom_maker m = { 0 };
	uint32_t state = 20261122;
	FILE *f = open_out(a[5]);

	if (!data || samples > 3 || bits > 16)
		return 2;
	for (size_t i = 0; i < frame / cell; i++) {
		size_t pixel = i / (size_t)samples;
		unsigned v = shade((int)(pixel % (size_t)columns),
				   (int)(pixel / (size_t)columns),
				   (int)(i % (size_t)samples),
				   (1U << bits) - 1, 16, &state);

		data[i * cell] = (unsigned char)v;
		if (cell == 2)
			data[i * 2 + 1] = (unsigned char)(v >> 8);
	}
	make_begin(&m, "1.2.840.10008.1.2.1");
	put_module(&m, columns, rows, frames, samples,
		   samples == 1 ? "MONOCHROME2" : "RGB", bits);
	put(f, m.out.data, m.out.length);
	put(f, cell == 2 ? "\xe0\x7f\x10\0OW\0\0" : "\xe0\x7f\x10\0OB\0\0", 8);
	put_u32(f, frame * (size_t)frames);
	for (int i = 0; i < frames; i++) {
		size_t shift = (size_t)i * 2 * (size_t)samples % frame;

		put(f, data + shift, frame - shift);
		put(f, data, shift);
	}
	buffer_done(&m.out);
	free(data);
	return fclose(f) ? 4 : 0;
}

static int photo(char **a)
{
	int columns = number(a[0]), rows = number(a[1]);
	uint32_t state = 20261122;
	FILE *f = open_out(a[2]);

	fprintf(f, "P6\n%d %d\n255\n", columns, rows);
	for (int y = 0; y < rows; y++) {
		for (int x = 0; x < columns; x++) {
			unsigned char rgb[3];

			for (int s = 0; s < 3; s++)
				rgb[s] = (unsigned char)shade(x / 4, y / 4, s,
							      255, 2,
							      &state);
			put(f, rgb, sizeof(rgb));
		}
	}
	return fclose(f) ? 4 : 0;
}

static unsigned char *read_file(const char *path, size_t *length)
{
	FILE *f = fopen(path, "rb");
	unsigned char *data = malloc(64 << 20);

	if (!f || !data) {
		perror(path);
		exit(2);
	}
	*length = fread(data, 1, 64 << 20, f);
	fclose(f);
	return data;
}

static int encapsulate(char **a)
{
	int columns = number(a[1]), rows = number(a[2]), frames = number(a[3]);
	size_t length;
	unsigned char *jpeg = read_file(a[0], &length);
	struct dicom_maker m = { 0 };
	FILE *f = open_out(a[4]);

	make_begin(&m, "1.2.840.10008.1.2.4.50");
	put_module(&m, columns, rows, frames, 3, "YBR_FULL_422", 8);
	put(f, m.out.data, m.out.length);
	put(f, "\xe0\x7f\x10\0OB\0\0\xff\xff\xff\xff", 12);
	put(f, "\xfe\xff\0\xe0\0\0\0\0", 8);
	for (int i = 0; i < frames; i++) {
		put(f, "\xfe\xff\0\xe0", 4);
		put_u32(f, length + length % 2);
		put(f, jpeg, length);
		put(f, "", length % 2);
	}
	put(f, "\xfe\xff\xdd\xe0\0\0\0\0", 8);
	buffer_done(&m.out);
	free(jpeg);
	return fclose(f) ? 4 : 0;
}

int main(int argc, char **argv)
{
	if (argc == 8 && !strcmp(argv[1], "native"))
		return native(argv + 2);
	if (argc == 5 && !strcmp(argv[1], "photo"))
		return photo(argv + 2);
	if (argc == 7 && !strcmp(argv[1], "encapsulate"))
		return encapsulate(argv + 2);
	fprintf(stderr, "usage: masking_inputs native|photo|encapsulate ...\n");
	return 2;
}

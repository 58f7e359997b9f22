/*
 * png_rival.c - what libpng alone takes to read a PNG, set a rectangle to 0
 * and write it again: the rival of bench/masking.sh.
 *
 * usage: png_rival IN OUT X Y W H
 */
#include "config.h"

#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void blank(png_bytepp rows, png_structp png, png_infop info, char **a)
{
	png_uint_32 at[4];
	size_t pixel = png_get_rowbytes(png, info) /
		       png_get_image_width(png, info);

	for (int i = 0; i < 4; i++)
		at[i] = (png_uint_32)strtoul(a[i], NULL, 10);
	for (png_uint_32 y = at[1]; y < at[1] + at[3]; y++)
		memset(rows[y] + at[0] * pixel, 0, at[2] * pixel);
}

int main(int argc, char **argv)
{
	png_structp in, out;
	png_infop info;
	FILE *from, *to;

	if (argc != 7)
		return 2;
	from = fopen(argv[1], "rb");
	to = fopen(argv[2], "wb");
	in = png_create_read_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
	out = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL,
				      NULL);
	info = in ? png_create_info_struct(in) : NULL;
	if (!from || !to || !info || !out || setjmp(png_jmpbuf(in)) ||
	    setjmp(png_jmpbuf(out))) {
		fprintf(stderr, "png_rival: failed\n");
		return 1;
	}
	png_init_io(in, from);
	png_read_png(in, info, PNG_TRANSFORM_IDENTITY, NULL);
	blank(png_get_rows(in, info), in, info, argv + 3);
	png_init_io(out, to);
	png_write_png(out, info, PNG_TRANSFORM_IDENTITY, NULL);
	png_destroy_write_struct(&out, NULL);
	png_destroy_read_struct(&in, &info, NULL);
	fclose(from);
	return fclose(to) ? 1 : 0;
}

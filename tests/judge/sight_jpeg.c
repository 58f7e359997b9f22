/* sight_jpeg.c - JPEG streams of 8 bits through libjpeg-turbo. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

#include "tests/judge/sight.h"

static void on_error(j_common_ptr j)
{
	char text[JMSG_LENGTH_MAX];

	j->err->format_message(j, text);
	die("libjpeg: %s", text);
}

static void on_message(j_common_ptr j, int level)
{
	if (level < 0)
		j->err->num_warnings++;
}

static void open_stream(struct jpeg_decompress_struct *in,
			struct jpeg_error_mgr *errors, struct bytes stream)
{
	in->err = jpeg_std_error(errors);
	errors->error_exit = on_error;
	errors->emit_message = on_message;
	jpeg_create_decompress(in);
	jpeg_mem_src(in, stream.data, (unsigned long)stream.length);
	jpeg_read_header(in, TRUE);
}

uint32_t *decode_jpeg(struct bytes stream, int *columns, int *rows,
		      int *samples)
{
	struct jpeg_decompress_struct in;
	struct jpeg_error_mgr errors;
	JSAMPROW row;
	size_t width;
	uint32_t *v;

	open_stream(&in, &errors, stream);
	in.do_fancy_upsampling = FALSE;
	in.dct_method = JDCT_ISLOW;
	in.out_color_space = in.jpeg_color_space;
	jpeg_start_decompress(&in);
	*columns = (int)in.output_width;
	*rows = (int)in.output_height;
	*samples = in.output_components;
	width = (size_t)in.output_width * (size_t)in.output_components;
	v = need(width * in.output_height, sizeof(*v));
	row = need(width, 1);
	while (in.output_scanline < in.output_height) {
		size_t at = width * in.output_scanline;

		jpeg_read_scanlines(&in, &row, 1);
		for (size_t i = 0; i < width; i++)
			v[at + i] = row[i];
	}
	jpeg_finish_decompress(&in);
	jpeg_destroy_decompress(&in);
	free(row);
	return v;
}

/* Is the MCU at these pixels inside?  Its first pixel says it for all. */
struct grid {
	const unsigned char *inside;
	int columns, rows;
	int max_h, max_v;               /* 8 pixels each */
	bool alone;                     /* one component: blocks are MCUs */
};

static bool block_inside(const struct grid *g,
			 const jpeg_component_info *c, JDIMENSION bx,
			 JDIMENSION by)
{
	int h = g->alone ? 1 : c->h_samp_factor;
	int v = g->alone ? 1 : c->v_samp_factor;
	int x = (int)bx / h * 8 * (g->alone ? 1 : g->max_h);
	int y = (int)by / v * 8 * (g->alone ? 1 : g->max_v);

	/* blocks that only fill up the last MCU */
	x = x < g->columns ? x : g->columns - 1;
	y = y < g->rows ? y : g->rows - 1;
	return g->inside[(size_t)y * (size_t)g->columns + (size_t)x];
}

static size_t compare_row(const JCOEF (*a)[DCTSIZE2],
			  const JCOEF (*b)[DCTSIZE2],
			  const jpeg_component_info *c, JDIMENSION by,
			  const struct grid *g, size_t *wrong)
{
	static const JCOEF zero[DCTSIZE2 - 1];
	size_t differ = 0;

	for (JDIMENSION bx = 0; bx < c->width_in_blocks; bx++) {
		if (block_inside(g, c, bx, by)) {
			*wrong += memcmp(b[bx] + 1, zero, sizeof(zero)) != 0;
			continue;
		}
		for (int k = 0; k < DCTSIZE2; k++)
			differ += a[bx][k] != b[bx][k];
	}
	return differ;
}

static void check_headers(const struct jpeg_decompress_struct *a,
			  const struct jpeg_decompress_struct *b)
{
	if (a->image_width != b->image_width ||
	    a->image_height != b->image_height ||
	    a->num_components != b->num_components ||
	    a->jpeg_color_space != b->jpeg_color_space)
		die("the JPEG streams have different forms");
	for (int i = 0; i < a->num_components; i++) {
		const jpeg_component_info *p = &a->comp_info[i];
		const jpeg_component_info *q = &b->comp_info[i];

		if (p->h_samp_factor != q->h_samp_factor ||
		    p->v_samp_factor != q->v_samp_factor ||
		    memcmp(p->quant_table->quantval,
			   q->quant_table->quantval,
			   sizeof(p->quant_table->quantval)) != 0)
			die("the JPEG streams have different tables");
	}
	if (b->err->num_warnings > a->err->num_warnings)
		die("libjpeg warns of the output");
}

size_t compare_coefficients(struct bytes in, struct bytes out,
			    const unsigned char *inside, int columns, int rows,
			    size_t *wrong)
{
	struct jpeg_decompress_struct a, b;
	struct jpeg_error_mgr errors[2];
	jvirt_barray_ptr *p, *q;
	size_t differ = 0;

	open_stream(&a, &errors[0], in);
	open_stream(&b, &errors[1], out);
	p = jpeg_read_coefficients(&a);
	q = jpeg_read_coefficients(&b);
	check_headers(&a, &b);
	for (int i = 0; i < a.num_components; i++) {
		jpeg_component_info *c = &a.comp_info[i];
		struct grid g = { inside, columns, rows, a.max_h_samp_factor,
				  a.max_v_samp_factor, a.num_components == 1 };

		for (JDIMENSION y = 0; y < c->height_in_blocks; y++) {
			JBLOCKARRAY r = a.mem->access_virt_barray(
				(j_common_ptr)&a, p[i], y, 1, FALSE);
			JBLOCKARRAY t = b.mem->access_virt_barray(
				(j_common_ptr)&b, q[i], y, 1, FALSE);

			differ += compare_row(
				(const JCOEF (*)[DCTSIZE2])r[0],
				(const JCOEF (*)[DCTSIZE2])t[0], c, y, &g,
				wrong);
		}
	}
	jpeg_destroy_decompress(&a);
	jpeg_destroy_decompress(&b);
	return differ;
}

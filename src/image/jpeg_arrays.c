/* jpeg_arrays.c - the coefficients of a JPEG stream through libjpeg-turbo. */
#include "config.h"

#include "image/jpeg_arrays.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>
#include <jerror.h>

#include "base/i18n.h"

enum { PIECE = 64 * 1024 };

/* On the heap: it crosses setjmp(). */
struct jpeg_arrays {
	struct jpeg_decompress_struct jpeg;
	struct jpeg_error_mgr errors;
	struct jpeg_source_mgr source;
	jmp_buf jump;
	const uint8_t *stream;
	size_t length, done;
	bool strict, warned, ended;
	void (*progress)(void *self, int permille);
	void *self;
	jvirt_barray_ptr *arrays;
};

static void on_error(j_common_ptr common)
{
	struct jpeg_arrays *a = common->client_data;

	longjmp(a->jump, 1);
}

/* Warnings after which no coefficient was guessed. */
static void on_message(j_common_ptr common, int level)
{
	static const int harmless[] = {
		JWRN_EXTRANEOUS_DATA, JWRN_JFIF_MAJOR, JWRN_NOT_SEQUENTIAL,
		JWRN_ADOBE_XFORM, JWRN_BOGUS_ICC,
	};
	struct jpeg_arrays *a = common->client_data;
	bool passes = false;

	if (level >= 0)
		return;
	for (size_t i = 0; i < sizeof(harmless) / sizeof(harmless[0]); i++)
		if (common->err->msg_code == harmless[i])
			passes = !a->strict ||
				 harmless[i] == JWRN_NOT_SEQUENTIAL ||
				 harmless[i] == JWRN_ADOBE_XFORM;
	a->warned = a->warned || !passes;
}

static void on_output(j_common_ptr common)
{
	(void)common;
}

static void source_nothing(j_decompress_ptr jpeg)
{
	(void)jpeg;
}

static boolean source_fill(j_decompress_ptr jpeg)
{
	struct jpeg_arrays *a = jpeg->client_data;
	size_t left = a->length - a->done;

	if (!left) {
		a->ended = true;
		longjmp(a->jump, 1);
	}
	a->source.next_input_byte = a->stream + a->done;
	a->source.bytes_in_buffer = left < PIECE ? left : PIECE;
	a->done += a->source.bytes_in_buffer;
	if (a->progress)
		a->progress(a->self, 0);
	return TRUE;
}

static void source_skip(j_decompress_ptr jpeg, long count)
{
	struct jpeg_arrays *a = jpeg->client_data;
	size_t skip = count > 0 ? (size_t)count : 0;
	size_t left = a->length - a->done;

	if (skip > a->source.bytes_in_buffer) {
		skip -= a->source.bytes_in_buffer;
		a->source.bytes_in_buffer = 0;
		a->done += skip < left ? skip : left;
		return;
	}
	a->source.next_input_byte += skip;
	a->source.bytes_in_buffer -= skip;
}

static bool read_all(struct jpeg_arrays *a)
{
	if (setjmp(a->jump))
		return false;
	jpeg_create_decompress(&a->jpeg);
	a->jpeg.src = &a->source;
	jpeg_read_header(&a->jpeg, TRUE);
	if (a->jpeg.num_components > JPEG_BLOCKS_MOST)
		return false;
	a->arrays = jpeg_read_coefficients(&a->jpeg);
	return !a->warned;
}

struct jpeg_arrays *
jpeg_arrays_open(const uint8_t *stream, size_t length, bool strict,
		 void (*progress)(void *self, int permille), void *self,
		 struct error *err)
{
	struct jpeg_arrays *a = calloc(1, sizeof(*a));

	if (!a) {
		error_set(err, ERR_MEMORY, _("no memory for a JPEG"));
		return NULL;
	}
	a->stream = stream;
	a->length = length;
	a->strict = strict;
	a->progress = progress;
	a->self = self;
	a->jpeg.err = jpeg_std_error(&a->errors);
	a->errors.error_exit = on_error;
	a->errors.emit_message = on_message;
	a->errors.output_message = on_output;
	a->jpeg.client_data = a;
	a->source = (struct jpeg_source_mgr){
		.init_source = source_nothing,
		.fill_input_buffer = source_fill,
		.skip_input_data = source_skip,
		.resync_to_restart = jpeg_resync_to_restart,
		.term_source = source_nothing,
	};
	if (read_all(a))
		return a;
	error_refuse(err, a->ended ? REASON_TRUNCATED :
		     a->errors.msg_code == JERR_OUT_OF_MEMORY ?
		     REASON_NO_MEMORY : REASON_DAMAGED, NULL, 0);
	jpeg_arrays_close(a);
	return NULL;
}

void jpeg_arrays_close(struct jpeg_arrays *a)
{
	if (!a)
		return;
	jpeg_destroy_decompress(&a->jpeg);
	free(a);
}

void jpeg_arrays_head(const struct jpeg_arrays *a,
		      struct jpeg_blocks_head *head)
{
	const struct jpeg_decompress_struct *jpeg = &a->jpeg;
	bool one = jpeg->num_components == 1;

	*head = (struct jpeg_blocks_head){
		.precision = jpeg->data_precision,
		.columns = (int)jpeg->image_width,
		.rows = (int)jpeg->image_height,
		.components = jpeg->num_components,
		.h_max = one ? 1 : jpeg->max_h_samp_factor,
		.v_max = one ? 1 : jpeg->max_v_samp_factor,
	};
	for (int i = 0; i < head->components; i++) {
		const jpeg_component_info *c = &jpeg->comp_info[i];

		head->component[i].id = c->component_id;
		head->component[i].h = one ? 1 : c->h_samp_factor;
		head->component[i].v = one ? 1 : c->v_samp_factor;
		head->component[i].block_columns = (int)c->width_in_blocks;
		head->component[i].block_rows = (int)c->height_in_blocks;
	}
}

void jpeg_arrays_quant(const struct jpeg_arrays *a, int component,
		       uint16_t quant[JPEG_BLOCK_SIZE])
{
	const JQUANT_TBL *table = a->jpeg.comp_info[component].quant_table;

	for (int k = 0; k < JPEG_BLOCK_SIZE; k++)
		quant[k] = table ? table->quantval[k] : 0;
}

bool jpeg_arrays_row(struct jpeg_arrays *a, int component, int block_row,
		     int16_t *blocks)
{
	const jpeg_component_info *c = &a->jpeg.comp_info[component];
	JBLOCKARRAY rows;

	if (setjmp(a->jump))
		return false;
	rows = a->jpeg.mem->access_virt_barray((j_common_ptr)&a->jpeg,
					       a->arrays[component],
					       (JDIMENSION)block_row, 1,
					       FALSE);
	memcpy(blocks, rows[0], (size_t)c->width_in_blocks * sizeof(JBLOCK));
	return true;
}

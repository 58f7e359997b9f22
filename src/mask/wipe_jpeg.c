/*
 * wipe_jpeg.c - blanks blocks of a JPEG stream: sequential Huffman ones in
 * their bits (splice_jpeg.h), the others in their coefficients, through
 * libjpeg-turbo.  These keep process and quantisation; Huffman tables of
 * progressive ones are made anew.
 */
#include "config.h"

#include "mask/wipe_jpeg.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <jpeglib.h>
#include <jerror.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "mask/jpeg_fill.h"
#include "mask/jpeg_parts.h"
#include "mask/splice_jpeg.h"
#include "mask/writer.h"

enum { BUFFER = 64 * 1024, MARKER_APP = JPEG_APP0, MARKERS_APP = 16 };

/* Everything that must outlive a jump of libjpeg. */
struct jpeg_copy {
	struct jpeg_error_mgr errors;   /* shared by both */
	jmp_buf jump;
	struct error *err;
	bool failed;                    /* *err is set */
	int guesses;                    /* warnings that are not harmless */
	const struct jpeg_wipe *how;
	const struct jpeg_parts *parts;
	const struct jpeg_fill *fill;
	bool (*put)(void *self, const void *data, size_t length,
		    struct error *err);
	void *self;
	struct jpeg_decompress_struct in;
	struct jpeg_source_mgr source;
	size_t read;                    /* bytes of the stream */
	jvirt_barray_ptr *arrays;
	JOCTET *profile;
	struct jpeg_compress_struct out;
	struct jpeg_destination_mgr destination;
	JOCTET buffer[BUFFER];
};

/* ---- libjpeg's calls back ---- */

static struct jpeg_copy *of_common(j_common_ptr common)
{
	return common->client_data;
}

static void on_error(j_common_ptr common)
{
	longjmp(of_common(common)->jump, 1);
}

/*
 * A warning means that something was guessed (STYLE 4), but for those on which
 * no coefficient depends; the reader has the same list.
 */
static void on_message(j_common_ptr common, int level)
{
	static const int harmless[] = {
		JWRN_EXTRANEOUS_DATA, JWRN_JFIF_MAJOR, JWRN_NOT_SEQUENTIAL,
		JWRN_ADOBE_XFORM, JWRN_BOGUS_ICC,
	};

	if (level >= 0)
		return;
	for (size_t i = 0; i < sizeof(harmless) / sizeof(harmless[0]); i++)
		if (common->err->msg_code == harmless[i])
			return;
	of_common(common)->guesses++;
}

static void on_output(j_common_ptr common)
{
	(void)common;
}

static void jump_out(struct jpeg_copy *copy)
{
	copy->failed = true;
	longjmp(copy->jump, 1);
}

static void stop(struct jpeg_copy *copy, enum reason reason)
{
	error_refuse(copy->err, reason, NULL, 0);
	jump_out(copy);
}

/* Give out; nothing is a sign of life. */
static void give_out(struct jpeg_copy *copy, size_t length)
{
	if (!copy->put(copy->self, copy->buffer, length, copy->err))
		jump_out(copy);
}

static void source_start(j_decompress_ptr in)
{
	(void)in;
}

static boolean source_fill(j_decompress_ptr in)
{
	struct jpeg_copy *copy = in->client_data;
	size_t left = copy->parts->length - copy->read;
	size_t piece = left < BUFFER ? left : BUFFER;

	if (!piece)
		stop(copy, REASON_TRUNCATED);
	give_out(copy, 0);
	copy->source.next_input_byte = copy->parts->stream + copy->read;
	copy->source.bytes_in_buffer = piece;
	copy->read += piece;
	return TRUE;
}

static void source_skip(j_decompress_ptr in, long count)
{
	struct jpeg_copy *copy = in->client_data;
	size_t skip = count > 0 ? (size_t)count : 0;
	size_t left = copy->parts->length - copy->read;

	if (skip <= copy->source.bytes_in_buffer) {
		copy->source.next_input_byte += skip;
		copy->source.bytes_in_buffer -= skip;
		return;
	}
	skip -= copy->source.bytes_in_buffer;
	copy->source.bytes_in_buffer = 0;
	copy->read += skip < left ? skip : left;
}

static void source_end(j_decompress_ptr in)
{
	(void)in;
}

/* ---- reading ---- */

/* The markers that colour and profile depend on are kept for writing. */
static void read_all(struct jpeg_copy *copy)
{
	struct jpeg_decompress_struct *in = &copy->in;
	const struct jpeg_frame *f = &copy->parts->frame;

	in->err = jpeg_std_error(&copy->errors);
	copy->errors.error_exit = on_error;
	copy->errors.emit_message = on_message;
	copy->errors.output_message = on_output;
	in->client_data = copy;
	jpeg_create_decompress(in);
	copy->source = (struct jpeg_source_mgr){
		.init_source = source_start,
		.fill_input_buffer = source_fill,
		.skip_input_data = source_skip,
		.resync_to_restart = jpeg_resync_to_restart,
		.term_source = source_end,
	};
	in->src = &copy->source;
	jpeg_save_markers(in, MARKER_APP + 2, 0xffff);
	jpeg_read_header(in, TRUE);
	copy->arrays = jpeg_read_coefficients(in);
	if (copy->guesses || (int)in->image_width != f->columns ||
	    (int)in->image_height != f->rows ||
	    in->num_components != f->components)
		stop(copy, REASON_DAMAGED);
}

/* ---- blanking ---- */

/* Blank those of a row of blocks that lie in blanked MCUs. */
static void blank_row(struct jpeg_copy *copy, int component, int block_row,
		      JCOEF dc)
{
	const struct jpeg_frame *f = &copy->parts->frame;
	const uint8_t *mask = copy->fill->mask +
			      (size_t)(block_row / f->component[component].v) *
			      (size_t)f->mcu_columns;
	JBLOCKARRAY rows = copy->in.mem->access_virt_barray(
		(j_common_ptr)&copy->in, copy->arrays[component],
		(JDIMENSION)block_row, 1, TRUE);

	for (int x = 0; x < f->component[component].block_columns; x++) {
		if (mask[x / f->component[component].h]) {
			memset(rows[0][x], 0, sizeof(JBLOCK));
			rows[0][x][0] = dc;
		}
	}
}

static void blank_all(struct jpeg_copy *copy)
{
	const struct jpeg_frame *f = &copy->parts->frame;

	for (int i = 0; i < f->components; i++) {
		const JQUANT_TBL *table = copy->in.comp_info[i].quant_table;

		if (!table || !table->quantval[0])
			stop(copy, REASON_DAMAGED);
		for (int y = 0; y < f->component[i].block_rows; y++)
			blank_row(copy, i, y,
				  (JCOEF)jpeg_fill_dc(copy->fill, i,
						      table->quantval[0]));
	}
}

/* ---- writing ---- */

static void destination_start(j_compress_ptr out)
{
	struct jpeg_copy *copy = out->client_data;

	copy->destination.next_output_byte = copy->buffer;
	copy->destination.free_in_buffer = BUFFER;
}

static boolean destination_flush(j_compress_ptr out)
{
	give_out(out->client_data, BUFFER);
	destination_start(out);
	return TRUE;
}

static void destination_end(j_compress_ptr out)
{
	struct jpeg_copy *copy = out->client_data;

	give_out(copy, BUFFER - copy->destination.free_in_buffer);
}

static void write_orientation(j_compress_ptr out, int orientation)
{
	unsigned char exif[6 + MASK_EXIF] = "Exif\0";

	mask_exif(exif + 6, orientation);
	jpeg_write_marker(out, MARKER_APP + 1, exif, sizeof(exif));
}

/*
 * The colour profile as far as its own header says (ICC.1:2010 7.2): what
 * follows is no part of it.  A broken profile is left out.
 */
static void write_profile(struct jpeg_copy *copy)
{
	const JOCTET *profile;
	unsigned length = 0, size;

	if (!jpeg_read_icc_profile(&copy->in, &copy->profile, &length))
		return;
	profile = copy->profile;
	size = length < 128 ? 0 :
	       (unsigned)profile[0] << 24 | (unsigned)profile[1] << 16 |
	       (unsigned)profile[2] << 8 | profile[3];
	if (size >= 128 && size <= length && !memcmp(profile + 36, "acsp", 4))
		jpeg_write_icc_profile(&copy->out, profile, size);
}

static void set_output(struct jpeg_copy *copy)
{
	struct jpeg_compress_struct *out = &copy->out;
	const struct jpeg_decompress_struct *in = &copy->in;

	out->err = in->err;
	out->client_data = copy;
	jpeg_create_compress(out);
	copy->destination = (struct jpeg_destination_mgr){
		.init_destination = destination_start,
		.empty_output_buffer = destination_flush,
		.term_destination = destination_end,
	};
	out->dest = &copy->destination;
	jpeg_copy_critical_parameters(&copy->in, out);
	/* what that does not copy, or decides anew */
	out->arith_code = in->arith_code;
	out->restart_interval = in->restart_interval;
	out->write_JFIF_header = in->saw_JFIF_marker;
	out->write_Adobe_marker = in->saw_Adobe_marker;
	if (in->progressive_mode)
		jpeg_simple_progression(out);
}

static void write_all(struct jpeg_copy *copy)
{
	set_output(copy);
	jpeg_write_coefficients(&copy->out, copy->arrays);
	if (copy->how->orientation > 1)
		write_orientation(&copy->out, copy->how->orientation);
	write_profile(copy);
	jpeg_finish_compress(&copy->out);
}

/* ---- the run ---- */

static bool run_library(struct jpeg_copy *copy)
{
	if (setjmp(copy->jump)) {
		if (!copy->failed)
			error_refuse(copy->err, copy->errors.msg_code ==
				     JERR_OUT_OF_MEMORY ? REASON_NO_MEMORY :
				     REASON_DAMAGED, NULL, 0);
		return false;
	}
	read_all(copy);
	blank_all(copy);
	write_all(copy);
	return true;
}

/* All of one stream through libjpeg-turbo. */
static bool copy_coefficients(const struct jpeg_parts *parts,
			      const struct jpeg_fill *fill,
			      const struct jpeg_wipe *how,
			      bool (*put)(void *self, const void *data,
					  size_t length, struct error *err),
			      void *self, struct error *err)
{
	struct jpeg_copy *copy = calloc(1, sizeof(*copy));
	bool ok;

	if (!copy)
		return error_set(err, ERR_MEMORY, _("no memory for a JPEG"));
	copy->err = err;
	copy->how = how;
	copy->parts = parts;
	copy->fill = fill;
	copy->put = put;
	copy->self = self;
	ok = run_library(copy);
	jpeg_destroy_compress(&copy->out);
	jpeg_destroy_decompress(&copy->in);
	free(copy->profile);
	free(copy);
	return ok;
}

bool jpeg_wipe(const uint8_t *stream, size_t length,
	       const struct jpeg_wipe *how,
	       bool (*put)(void *self, const void *data, size_t length,
			   struct error *err),
	       void *self, struct jpeg_wiped *done, struct error *err)
{
	struct jpeg_parts parts;
	struct jpeg_fill fill = { .mask = NULL };
	bool ok = false;

	*done = (struct jpeg_wiped){ .method = METHOD_COEFFICIENTS };
	if (jpeg_parts_read(&parts, stream, length, how->rgb, err) &&
	    jpeg_fill_init(&fill, &parts, how, err)) {
		done->dropped = parts.dropped;
		ok = parts.spliceable ?
		     jpeg_splice(&parts, &fill, how, put, self, done, err) :
		     copy_coefficients(&parts, &fill, how, put, self, err);
	}
	jpeg_fill_done(&fill);
	jpeg_parts_done(&parts);
	return ok;
}

/* ---- files ---- */

/* The whole file; free() it. */
static uint8_t *read_stream(int fd, size_t *length, struct error *err)
{
	struct stat st;
	uint8_t *stream = NULL;

	if (fstat(fd, &st) || st.st_size < 1) {
		error_refuse(err, REASON_TRUNCATED, NULL, 0);
		return NULL;
	}
	*length = (size_t)st.st_size;
	stream = mem_array(*length, 1);
	if (!stream) {
		error_refuse(err, REASON_NO_MEMORY, NULL, 0);
	} else if (mask_read(fd, stream, *length, 0) != (long long)*length) {
		error_refuse(err, REASON_UNREADABLE, NULL, 0);
		free(stream);
		stream = NULL;
	}
	return stream;
}

struct file_copy {
	struct mask_plan *plan;
	size_t length, written;
};

static bool put_file(void *self, const void *data, size_t length,
		     struct error *err)
{
	struct file_copy *copy = self;

	copy->written += length;
	mask_progress(copy->plan,
		      (long long)(copy->written < copy->length ?
				  copy->written : copy->length),
		      (long long)copy->length);
	return mask_write(copy->plan->out_fd, data, length, err);
}

static bool wipe_file(struct mask_plan *plan, const uint8_t *stream,
		      size_t length, struct region *region, struct error *err)
{
	const struct image_info *info = plan->info;
	struct mask_report *report = plan->report;
	struct file_copy copy = { .plan = plan, .length = length };
	struct jpeg_wipe how = { .region = region, .regions = plan->areas,
				 .level = mask_jpeg_level(plan),
				 .strict = plan->job->strict_residue,
				 .orientation = info->exif_orientation };
	struct jpeg_wiped done;

	for (size_t i = 0; i < plan->areas; i++)
		region[i] = plan->area[i].region;
	if (!jpeg_wipe(stream, length, &how, put_file, &copy, &done, err))
		return false;
	report->method = done.method;
	report->outside = OUTSIDE_COEFFICIENTS;
	report->huffman_tables = done.huffman_tables;
	report->dropped = done.dropped |
			  (info->has_thumbnail ? DROPPED_THUMBNAIL : 0) |
			  (info->has_trailer ? DROPPED_TRAILER : 0);
	return true;
}

bool mask_jpeg(struct mask_plan *plan, struct error *err)
{
	size_t length = 0;
	uint8_t *stream = read_stream(plan->in_fd, &length, err);
	struct region *region = mem_array(plan->areas + 1, sizeof(*region));
	bool ok = false;

	if (stream && !region)
		error_set(err, ERR_MEMORY, _("no memory for boxes"));
	else if (stream)
		ok = wipe_file(plan, stream, length, region, err);
	free(region);
	free(stream);
	return ok;
}

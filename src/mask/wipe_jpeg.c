/*
 * wipe_jpeg.c - blanks blocks of a JPEG stream in its coefficients, through
 * libjpeg-turbo.  Sequential, progressive and arithmetic files keep their
 * process; quantisation stays, Huffman tables are the standard's or, for
 * progressive files, made anew.
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
#include "image/exif.h"
#include "mask/writer.h"

enum { BUFFER = 64 * 1024, MARKER_APP = JPEG_APP0, MARKERS_APP = 16 };

/* Everything that must outlive a jump of libjpeg. */
struct jpeg_coefficients {
	struct jpeg_error_mgr errors;   /* shared by both, first */
	jmp_buf jump;
	struct error *err;
	bool failed;                    /* *err is set */
	int guesses;                    /* warnings that are not harmless */
	struct jpeg_decompress_struct in;
	struct jpeg_source_mgr source;
	const uint8_t *stream;          /* [length], of which done are read */
	size_t length, done;
	uint8_t *owned;                 /* the stream, or NULL */
	/* told now and then that reading goes on; false stops */
	bool (*beat)(struct jpeg_coefficients *c);
	void *self;
	void (*progress)(void *self, int permille);
	jvirt_barray_ptr *arrays;
};

struct jpeg_copy {
	struct jpeg_destination_mgr destination;        /* first */
	struct jpeg_compress_struct out;
	struct jpeg_coefficients *from;
	const struct jpeg_wipe *how;
	bool (*put)(void *self, const void *data, size_t length,
		    struct error *err);
	void *self;
	JOCTET buffer[BUFFER];
};

/* ---- libjpeg's calls back ---- */

static struct jpeg_coefficients *of_common(j_common_ptr common)
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

static void stop(struct jpeg_coefficients *c, enum reason reason)
{
	error_refuse(c->err, reason, NULL, 0);
	c->failed = true;
	longjmp(c->jump, 1);
}

static void source_start(j_decompress_ptr in)
{
	(void)in;
}

static boolean source_fill(j_decompress_ptr in)
{
	struct jpeg_coefficients *c = in->client_data;
	size_t left = c->length - c->done;
	size_t piece = left < BUFFER ? left : BUFFER;

	if (!piece)
		stop(c, REASON_TRUNCATED);
	if (c->beat && !c->beat(c)) {
		c->failed = true;
		longjmp(c->jump, 1);
	}
	c->source.next_input_byte = c->stream + c->done;
	c->source.bytes_in_buffer = piece;
	c->done += piece;
	return TRUE;
}

static void source_skip(j_decompress_ptr in, long count)
{
	struct jpeg_coefficients *c = in->client_data;
	size_t skip = count > 0 ? (size_t)count : 0;
	size_t left = c->length - c->done;

	if (skip <= c->source.bytes_in_buffer) {
		c->source.next_input_byte += skip;
		c->source.bytes_in_buffer -= skip;
		return;
	}
	skip -= c->source.bytes_in_buffer;
	c->source.bytes_in_buffer = 0;
	c->done += skip < left ? skip : left;
}

static void source_end(j_decompress_ptr in)
{
	(void)in;
}

/* ---- reading ---- */

static bool read_all(struct jpeg_coefficients *c)
{
	if (setjmp(c->jump))
		return false;
	jpeg_create_decompress(&c->in);
	c->in.src = &c->source;
	jpeg_save_markers(&c->in, JPEG_COM, 0xffff);
	for (int i = 0; i < MARKERS_APP; i++)
		jpeg_save_markers(&c->in, MARKER_APP + i, 0xffff);
	jpeg_read_header(&c->in, TRUE);
	c->arrays = jpeg_read_coefficients(&c->in);
	if (c->guesses)
		stop(c, REASON_DAMAGED);
	return true;
}

static struct jpeg_coefficients *open_coefficients(
	const uint8_t *stream, size_t length,
	bool (*beat)(struct jpeg_coefficients *c), void *self,
	struct error *err)
{
	struct jpeg_coefficients *c = calloc(1, sizeof(*c));

	if (!c) {
		error_set(err, ERR_MEMORY, _("no memory for a JPEG"));
		return NULL;
	}
	c->err = err;
	c->stream = stream;
	c->length = length;
	c->beat = beat;
	c->self = self;
	c->in.err = jpeg_std_error(&c->errors);
	c->errors.error_exit = on_error;
	c->errors.emit_message = on_message;
	c->errors.output_message = on_output;
	c->in.client_data = c;
	c->source = (struct jpeg_source_mgr){
		.init_source = source_start,
		.fill_input_buffer = source_fill,
		.skip_input_data = source_skip,
		.resync_to_restart = jpeg_resync_to_restart,
		.term_source = source_end,
	};
	return c;
}

/* Read them all; c is freed when that fails. */
static bool read_coefficients(struct jpeg_coefficients *c)
{
	if (read_all(c))
		return true;
	if (!c->failed && c->errors.msg_code == JERR_OUT_OF_MEMORY)
		error_refuse(c->err, REASON_NO_MEMORY, NULL, 0);
	else if (!c->failed)
		error_refuse(c->err, REASON_DAMAGED, NULL, 0);
	jpeg_coefficients_close(c);
	return false;
}

/* Half of the way is reading. */
static bool tell_progress(struct jpeg_coefficients *c)
{
	if (c->progress)
		c->progress(c->self, (int)(c->done * 500 / (c->length + 1)));
	return true;
}

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

struct jpeg_coefficients *
jpeg_coefficients_open(int fd, void (*progress)(void *self, int permille),
		       void *self, struct error *err)
{
	size_t length = 0;
	uint8_t *stream = read_stream(fd, &length, err);
	struct jpeg_coefficients *c = NULL;

	if (stream)
		c = open_coefficients(stream, length, tell_progress, self, err);
	if (!c) {
		free(stream);
		return NULL;
	}
	c->owned = stream;
	c->progress = progress;
	return read_coefficients(c) ? c : NULL;
}

void jpeg_coefficients_close(struct jpeg_coefficients *c)
{
	if (!c)
		return;
	jpeg_destroy_decompress(&c->in);
	free(c->owned);
	free(c);
}

/* ---- what is black ---- */

/*
 * Black by colour space and component.  Adobe stores CMYK inverted, so that 0
 * is full ink; there the Y of YCCK stands for red, green and blue turned once
 * more (libjpeg-turbo, jdcolor.c).
 */
static const struct black {
	J_COLOR_SPACE space;
	bool adobe;                     /* row holds with this marker only */
	int components;
	enum jpeg_level level[JPEG_COMPONENTS];
} blacks[] = {
	{ JCS_GRAYSCALE, false, 1, { JPEG_LOW } },
	{ JCS_RGB, false, 3, { JPEG_LOW, JPEG_LOW, JPEG_LOW } },
	{ JCS_YCbCr, false, 3, { JPEG_LOW, JPEG_MIDDLE, JPEG_MIDDLE } },
	{ JCS_CMYK, true, 4,
	  { JPEG_LOW, JPEG_LOW, JPEG_LOW, JPEG_LOW } },
	{ JCS_CMYK, false, 4,
	  { JPEG_HIGH, JPEG_HIGH, JPEG_HIGH, JPEG_HIGH } },
	{ JCS_YCCK, true, 4,
	  { JPEG_HIGH, JPEG_MIDDLE, JPEG_MIDDLE, JPEG_LOW } },
	{ JCS_YCCK, false, 4,
	  { JPEG_LOW, JPEG_MIDDLE, JPEG_MIDDLE, JPEG_HIGH } },
};

static const struct black *find_black(const struct jpeg_decompress_struct *in,
				      bool rgb)
{
	bool marked = in->saw_JFIF_marker || in->saw_Adobe_marker;
	J_COLOR_SPACE space = in->num_components == 3 && rgb && !marked ?
			      JCS_RGB : in->jpeg_color_space;

	for (size_t i = 0; i < sizeof(blacks) / sizeof(blacks[0]); i++)
		if (blacks[i].space == space &&
		    blacks[i].components == in->num_components &&
		    (!blacks[i].adobe || in->saw_Adobe_marker))
			return &blacks[i];
	return NULL;
}

/*
 * The DC that decodes to a constant: 8 times the level from the middle
 * (ITU-T T.81 A.3.3), rounded away from zero, so that clamping gives the level
 * for every quantiser.
 */
static int black_dc(enum jpeg_level level, int quantiser)
{
	int full = level == JPEG_HIGH ? 8 * (MAXJSAMPLE - CENTERJSAMPLE) :
					 8 * CENTERJSAMPLE;
	int steps = (full + quantiser - 1) / quantiser;

	return level == JPEG_MIDDLE ? 0 :
	       level == JPEG_LOW ? -steps : steps;
}

static int fill_dc(const jpeg_component_info *info, enum jpeg_level level)
{
	const JQUANT_TBL *table = info->quant_table;

	return table && table->quantval[0] ?
	       black_dc(level, table->quantval[0]) : 0;
}

void jpeg_coefficients_layout(const struct jpeg_coefficients *c,
			      struct jpeg_layout *layout, bool rgb,
			      enum jpeg_level grey)
{
	const struct jpeg_decompress_struct *in = &c->in;
	const struct black *black = find_black(in, rgb);
	/* a scan of one component has MCUs of one block (T.81 A.2.2) */
	bool one = in->num_components == 1;

	*layout = (struct jpeg_layout){
		.columns = (int)in->image_width,
		.rows = (int)in->image_height,
		.components = black ? in->num_components : 0,
		.mcu_columns = DCTSIZE * (one ? 1 : in->max_h_samp_factor),
		.mcu_rows = DCTSIZE * (one ? 1 : in->max_v_samp_factor),
	};
	for (int i = 0; i < layout->components; i++) {
		const jpeg_component_info *info = &in->comp_info[i];
		const JQUANT_TBL *table = info->quant_table;

		layout->component[i].block_columns =
			(int)info->width_in_blocks;
		layout->component[i].block_rows = (int)info->height_in_blocks;
		layout->component[i].across = one ? 1 : info->h_samp_factor;
		layout->component[i].down = one ? 1 : info->v_samp_factor;
		for (int k = 0; table && k < JPEG_BLOCK; k++)
			layout->component[i].quant[k] = table->quantval[k];
		layout->component[i].black =
			fill_dc(info, one ? grey : black->level[i]);
	}
}

bool jpeg_coefficients_row(struct jpeg_coefficients *c, int component,
			   int block_row, int16_t *blocks)
{
	const jpeg_component_info *info = &c->in.comp_info[component];
	JBLOCKARRAY rows;

	if (setjmp(c->jump))
		return false;
	rows = c->in.mem->access_virt_barray((j_common_ptr)&c->in,
					     c->arrays[component],
					     (JDIMENSION)block_row, 1, FALSE);
	memcpy(blocks, rows[0],
	       (size_t)info->width_in_blocks * sizeof(JBLOCK));
	return true;
}

/* ---- blanking ---- */

static void blank_blocks(struct jpeg_coefficients *c, int component,
			 struct region blocks, JCOEF dc)
{
	for (int y = blocks.y0; y < blocks.y1; y++) {
		JBLOCKARRAY rows = c->in.mem->access_virt_barray(
			(j_common_ptr)&c->in, c->arrays[component],
			(JDIMENSION)y, 1, TRUE);

		for (int x = blocks.x0; x < blocks.x1; x++) {
			memset(rows[0][x], 0, sizeof(JBLOCK));
			rows[0][x][0] = dc;
		}
	}
}

/* Grown to whole MCUs here; the picture's edge ends it. */
static void blank_region(struct jpeg_coefficients *c,
			 const struct jpeg_layout *layout, struct region r)
{
	r = region_clip(r, layout->columns, layout->rows);
	r = region_snap(r, layout->mcu_columns, layout->mcu_rows);
	for (int i = 0; i < layout->components; i++) {
		int across = layout->component[i].across;
		int down = layout->component[i].down;
		struct region blocks = {
			r.x0 / layout->mcu_columns * across,
			r.y0 / layout->mcu_rows * down,
			r.x1 / layout->mcu_columns * across,
			r.y1 / layout->mcu_rows * down,
		};

		blank_blocks(c, i,
			     region_clip(blocks,
					 layout->component[i].block_columns,
					 layout->component[i].block_rows),
			     (JCOEF)layout->component[i].black);
	}
}

/* ---- writing ---- */

/*
 * Both sides jump to the same place, so client_data of both is the reader;
 * the copy is found through its destination, which is its first member.
 */
static struct jpeg_copy *of_out(j_compress_ptr out)
{
	return (struct jpeg_copy *)out->dest;
}

static void destination_start(j_compress_ptr out)
{
	struct jpeg_copy *copy = of_out(out);

	copy->destination.next_output_byte = copy->buffer;
	copy->destination.free_in_buffer = BUFFER;
}

static void flush_out(struct jpeg_copy *copy, size_t length)
{
	struct jpeg_coefficients *c = copy->from;

	if (!copy->put(copy->self, copy->buffer, length, c->err)) {
		c->failed = true;
		longjmp(c->jump, 1);
	}
}

static boolean destination_flush(j_compress_ptr out)
{
	flush_out(of_out(out), BUFFER);
	destination_start(out);
	return TRUE;
}

static void destination_end(j_compress_ptr out)
{
	struct jpeg_copy *copy = of_out(out);

	flush_out(copy, BUFFER - copy->destination.free_in_buffer);
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
	JOCTET *profile = NULL;
	unsigned length = 0, size;

	if (!jpeg_read_icc_profile(&copy->from->in, &profile, &length))
		return;
	size = length < 128 ? 0 :
	       (unsigned)profile[0] << 24 | (unsigned)profile[1] << 16 |
	       (unsigned)profile[2] << 8 | profile[3];
	if (size >= 128 && size <= length && !memcmp(profile + 36, "acsp", 4))
		jpeg_write_icc_profile(&copy->out, profile, size);
	free(profile);
}

static void set_output(struct jpeg_copy *copy)
{
	struct jpeg_compress_struct *out = &copy->out;
	const struct jpeg_decompress_struct *in = &copy->from->in;

	out->err = in->err;
	out->client_data = copy->from;
	jpeg_create_compress(out);
	out->dest = &copy->destination;
	jpeg_copy_critical_parameters(&copy->from->in, out);
	/* what that does not copy, or decides anew */
	out->arith_code = in->arith_code;
	out->restart_interval = in->restart_interval;
	out->write_JFIF_header = in->saw_JFIF_marker;
	out->write_Adobe_marker = in->saw_Adobe_marker;
	out->optimize_coding = copy->how->strict && !in->arith_code;
	if (in->progressive_mode)
		jpeg_simple_progression(out);
}

static void write_all(struct jpeg_copy *copy)
{
	set_output(copy);
	jpeg_write_coefficients(&copy->out, copy->from->arrays);
	if (copy->how->orientation > 1)
		write_orientation(&copy->out, copy->how->orientation);
	write_profile(copy);
	jpeg_finish_compress(&copy->out);
}

/* ---- what is dropped ---- */

static const struct {
	int marker;
	const char *start;              /* of its data, with its NUL */
	size_t length;
	unsigned dropped;               /* 0: kept */
} segments[] = {
	{ MARKER_APP, "JFIF", 5, 0 },   /* its thumbnail is seen below */
	{ MARKER_APP, "JFXX", 5, DROPPED_THUMBNAIL },
	{ MARKER_APP + 1, "Exif\0", 6, DROPPED_EXIF },
	{ MARKER_APP + 1, "http://ns.adobe.com/x", 21, DROPPED_XMP },
	{ MARKER_APP + 2, "ICC_PROFILE", 12, 0 },
	{ MARKER_APP + 14, "Adobe", 5, 0 },
	{ JPEG_COM, "", 0, DROPPED_COMMENT },
};

static unsigned segment_dropped(const struct jpeg_marker_struct *m)
{
	for (size_t i = 0; i < sizeof(segments) / sizeof(segments[0]); i++)
		if (m->marker == segments[i].marker &&
		    m->data_length >= segments[i].length &&
		    !memcmp(m->data, segments[i].start, segments[i].length))
			return segments[i].dropped;
	return DROPPED_APP;
}

/* Bytes of a JFIF segment without thumbnail (ITU-T T.871 10.1). */
enum { JFIF_BARE = 14 };

static unsigned dropped_by(const struct jpeg_marker_struct *m)
{
	unsigned dropped = segment_dropped(m);
	bool thumbnail = m->marker == MARKER_APP &&
			 m->data_length > JFIF_BARE &&
			 !memcmp(m->data, "JFIF", 5);
	int orientation;

	if (dropped == DROPPED_EXIF)
		exif_read(m->data + 6, m->data_length - 6, &orientation,
			  &thumbnail);
	return dropped | (thumbnail ? DROPPED_THUMBNAIL : 0);
}

/* A single 0 after the end is what pads a DICOM fragment (PS3.5 A.4). */
static bool has_trailer(const struct jpeg_coefficients *c)
{
	size_t left = c->length - c->done + c->source.bytes_in_buffer;

	return left > 1 || (left == 1 && c->stream[c->length - 1]);
}

static unsigned list_dropped(const struct jpeg_coefficients *c)
{
	unsigned dropped = has_trailer(c) ? DROPPED_TRAILER : 0;

	for (const struct jpeg_marker_struct *m = c->in.marker_list; m;
	     m = m->next)
		dropped |= dropped_by(m);
	return dropped;
}

/* ---- the run ---- */

static bool put_alive(struct jpeg_coefficients *c)
{
	struct jpeg_copy *copy = c->self;

	return copy->put(copy->self, "", 0, c->err);
}

static bool copy_jpeg(struct jpeg_copy *copy)
{
	struct jpeg_coefficients *c = copy->from;
	const struct jpeg_wipe *how = copy->how;
	struct jpeg_layout layout;

	jpeg_coefficients_layout(c, &layout, how->rgb, how->level);
	if (!layout.components)
		return error_refuse(c->err, REASON_PIXEL_FORM, NULL,
				    c->in.num_components);
	if (setjmp(c->jump)) {
		if (!c->failed)
			error_refuse(c->err, REASON_DAMAGED, NULL, 0);
		return false;
	}
	for (size_t i = 0; i < how->regions; i++)
		blank_region(c, &layout, how->region[i]);
	write_all(copy);
	return true;
}

bool jpeg_wipe(const uint8_t *stream, size_t length,
	       const struct jpeg_wipe *how,
	       bool (*put)(void *self, const void *data, size_t length,
			   struct error *err),
	       void *self, struct jpeg_wiped *done, struct error *err)
{
	struct jpeg_copy *copy = calloc(1, sizeof(*copy));
	struct jpeg_coefficients *c = NULL;
	bool ok = false;

	if (!copy)
		return error_set(err, ERR_MEMORY, _("no memory for a JPEG"));
	*copy = (struct jpeg_copy){
		.destination = { .init_destination = destination_start,
				 .empty_output_buffer = destination_flush,
				 .term_destination = destination_end },
		.how = how, .put = put, .self = self,
	};
	c = open_coefficients(stream, length, put_alive, copy, err);
	copy->from = c;
	if (c && read_coefficients(c)) {
		*done = (struct jpeg_wiped){ .method = METHOD_COEFFICIENTS,
					     .dropped = list_dropped(c) };
		ok = copy_jpeg(copy);
		jpeg_destroy_compress(&copy->out);
		jpeg_coefficients_close(c);
	}
	free(copy);
	return ok;
}

/* ---- files ---- */

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

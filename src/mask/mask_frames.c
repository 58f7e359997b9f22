/*
 * mask_frames.c - writes a masked copy of an encapsulated DICOM file: frame by
 * frame, each as it is, wiped in its code stream, or decoded, blanked and
 * encoded without loss; straight to the output, so that memory holds about one
 * frame and masked samples never leave it.
 *
 * Pixel data are (7FE0,0010) OB of undefined length: an item with the Basic
 * Offset Table, one item a fragment, a delimiter (PS3.5 A.4).
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "image/format_dicom.h"
#include "image/format_j2k.h"
#include "image/format_jpeg.h"
#include "image/j2k_stream.h"
#include "image/jpeg_blocks.h"
#include "image/pack.h"
#include "mask/clean_stream.h"
#include "mask/jpeg_parts.h"
#include "mask/mask_header.h"

/* Transfer syntaxes that a writer may have to choose (PS3.6 table A-1). */
#define SYNTAX_LOSSLESS "1.2.840.10008.1.2.4.57"
#define SYNTAX_LOSSLESS_SV1 "1.2.840.10008.1.2.4.70"
#define SYNTAX_JPEG_LS "1.2.840.10008.1.2.4.80"
#define SYNTAX_J2K "1.2.840.10008.1.2.4.90"

enum { ITEM_HEAD = 8, ELEMENT_HEAD = 12, SEQUENCE_SETS = 2 };

struct writer {
	struct mask_plan *plan;
	struct dicom_fragments all;
	struct cell_form form;          /* of decoded cells */
	/* decided before the first byte is written */
	bool convert;                   /* every frame is encoded anew */
	bool *unused;                   /* [frames] with unused bits set, or
					   what hides where it can't be cut */
	bool recoded;                   /* some frame is encoded anew */
	bool colour_transform;          /* of some frame */
	bool one_predictor;             /* all of the output are SV1 */
	const char *syntax;
	bool basic, extended;           /* offset tables of the output */
	/* as it goes on */
	struct region *region;          /* [areas], of one frame */
	uint8_t *plane;                 /* [rows][columns], scratch */
	long long at;                   /* place in the output */
	long long basic_at, offsets_at, lengths_at, items_at;
	uint64_t *offset, *length;      /* [frames] */
	bool spliced, coefficients;     /* what was done */
	int frame_index;
};

/* ---- bytes out ---- */

static void put_number(uint8_t *p, uint64_t value, int bytes)
{
	for (int i = 0; i < bytes; i++)
		p[i] = (uint8_t)(value >> 8 * i);
}

static bool write_bytes(struct writer *w, const void *data, size_t length,
			struct error *err)
{
	if (!mask_write(w->plan->out_fd, data, length, err))
		return false;
	w->at += (long long)length;
	return true;
}

/* Tag and length of an item or a delimiter (PS3.5 7.5). */
static bool write_item_head(struct writer *w, unsigned element,
			    uint32_t length, struct error *err)
{
	uint8_t head[ITEM_HEAD] = { 0xfe, 0xff };

	put_number(head + 2, element, 2);
	put_number(head + 4, length, 4);
	return write_bytes(w, head, sizeof(head), err);
}

static bool write_element_head(struct writer *w, unsigned element,
			       const char *vr, uint32_t length,
			       struct error *err)
{
	uint8_t head[ELEMENT_HEAD] = { 0xe0, 0x7f };

	put_number(head + 2, element, 2);
	memcpy(head + 4, vr, 2);
	put_number(head + 8, length, 4);
	return write_bytes(w, head, sizeof(head), err);
}

static bool write_zeros(struct writer *w, size_t length, struct error *err)
{
	static const uint8_t zeros[4096];

	while (length) {
		size_t n = length < sizeof(zeros) ? length : sizeof(zeros);

		if (!write_bytes(w, zeros, n, err))
			return false;
		length -= n;
	}
	return true;
}

/* Put right what was left open, at a place behind. */
static bool rewrite(const struct writer *w, const uint8_t *data, size_t length,
		    long long at, struct error *err)
{
	while (length) {
		ssize_t n = pwrite(w->plan->out_fd, data, length, (off_t)at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return error_set(err, ERR_WRITE,
				_("can't write: %s"),
				strerror(n < 0 ? errno : ENOSPC));
		data += n;
		at += n;
		length -= (size_t)n;
	}
	return true;
}

/* A fragment of even length. */
static bool write_fragment(struct writer *w, const void *data, size_t length,
			   struct error *err)
{
	size_t even = length + length % 2;

	if (even > UINT32_MAX - 1)
		return error_refuse(err, REASON_DECODED_TOO_LARGE, NULL,
				    (long long)length);
	return write_item_head(w, 0xe000, (uint32_t)even, err) &&
	       write_bytes(w, data, length, err) &&
	       write_zeros(w, length % 2, err);
}

/* ---- which frames, which areas ---- */

/* The areas of a frame into w->region; how many. */
static size_t take_areas(const struct writer *w, int frame_index)
{
	const struct mask_plan *plan = w->plan;
	size_t count = 0;

	for (size_t i = 0; i < plan->areas; i++)
		if (plan->area[i].frame0 <= frame_index &&
		    plan->area[i].frame1 >= frame_index)
			w->region[count++] = plan->area[i].region;
	return count;
}

static bool is_lossy_jpeg(const struct writer *w,
			  const struct dicom_stream *about)
{
	return w->all.coding == DICOM_JPEG && about->sof != JPEG_SOF3;
}

/* A frame that is not what the header says can't be passed on. */
static bool check_frame(const struct writer *w, int frame_index,
			const struct dicom_stream *about, struct error *err)
{
	const struct image_info *info = w->plan->info;

	if (about->precision &&
	    (about->columns != info->columns || about->rows != info->rows ||
	     about->components != info->samples))
		return error_refuse(err, REASON_SIZE_DISAGREES, NULL,
				    frame_index + 1);
	if ((w->all.coding == DICOM_JPEG_LS) != (about->sof == JPEG_SOF55))
		return error_refuse(err, REASON_JPEG_PROCESS, NULL,
				    about->sof);
	return true;
}

static uint8_t *read_frame(const struct writer *w, int frame_index,
			   size_t *length, struct dicom_stream *about,
			   struct error *err)
{
	uint8_t *stream = dicom_frame_stream(w->plan->image, frame_index,
					     length, err);

	if (stream && dicom_stream_read(w->plan->image, stream, *length,
					about, err) &&
	    check_frame(w, frame_index, about, err))
		return stream;
	free(stream);
	return NULL;
}

/* ---- the survey: what is decided for the file as a whole ---- */

/* Does a frame lose, or is it one that can't be written back? */
static void note_coding(struct writer *w, const struct dicom_stream *about,
			bool touched)
{
	bool j2k = w->all.coding == DICOM_J2K;

	w->colour_transform = w->colour_transform || about->colour_transform;
	if ((j2k || w->all.coding == DICOM_JPEG_LS) &&
	    (!about->reversible || about->high_throughput))
		w->convert = true;
	if (about->sof == JPEG_SOF3 && !touched && about->predictor != 1)
		w->one_predictor = false;
	if (touched && !is_lossy_jpeg(w, about))
		w->recoded = true;
}

/* Bits of the last byte of a frame of single bits that stand for no pixel. */
static int spare_bits(const struct writer *w)
{
	const struct cell_form *form = &w->form;

	return form->allocated > 1 ? 0 :
	       (int)(cells_bytes(form) * 8 - (size_t)form->rows *
		     (size_t)form->columns * (size_t)form->samples);
}

static bool has_spare_set(const struct writer *w, const uint8_t *cells)
{
	return cells[cells_bytes(&w->form) - 1] >> (8 - spare_bits(w)) != 0;
}

static bool has_unused(const struct writer *w, int frame_index, bool *any,
		       struct error *err)
{
	struct cell_form form;
	uint8_t *cells;

	*any = false;
	if (!spare_bits(w))
		return image_unused_bits(w->plan->image, frame_index,
					 w->plane, any, err);
	cells = dicom_frame_cells(w->plan->image, frame_index, &form, err);
	*any = cells && has_spare_set(w, cells);
	free(cells);
	return cells;
}

/* Can a frame have bits that stand for nothing? */
static bool may_have_unused(const struct writer *w)
{
	return spare_bits(w) ||
	       (!w->form.is_float && w->form.stored < w->form.allocated);
}

/*
 * Frames with bits outside the stored ones are encoded anew; in a lossy JPEG
 * stream such bits can't be taken out.
 */
static bool note_unused(struct writer *w, int frame_index,
			const struct dicom_stream *about, bool touched,
			struct error *err)
{
	bool lossy = is_lossy_jpeg(w, about), any = false;

	if (!may_have_unused(w) || (touched && !lossy))
		return true;            /* nothing, or seen when it is done */
	if (!has_unused(w, frame_index, &any, err))
		return false;
	if (any && lossy)
		return error_refuse(err, REASON_PIXEL_FORM, NULL,
				    about->precision);
	w->unused[frame_index] = w->unused[frame_index] || any;
	w->recoded = w->recoded || any;
	return true;
}

/* JPEG 2000: packet headers that stand apart from their packets. */
static bool has_packed_headers(const uint8_t *stream, size_t length)
{
	struct j2k_walk walk = { 0 };
	size_t start, end;

	if (!j2k_unwrap(stream, length, &start, &end))
		return false;
	walk.data = stream + start;
	walk.length = end - start;
	while (j2k_walk_next(&walk))
		if (walk.marker == J2K_PPM || walk.marker == J2K_PPT)
			return true;
	return false;
}

/*
 * Bytes behind the last packet of a tile, or of its packed headers, can't be
 * cut without decoding: the frame is encoded anew.
 */
static void note_slack(struct writer *w, int frame_index,
		       const uint8_t *stream, size_t length, bool touched)
{
	bool packed;

	if (w->all.coding != DICOM_J2K || touched || w->convert)
		return;
	packed = has_packed_headers(stream, length);
	if (!packed && !j2k_has_slack(stream, length))
		return;
	w->unused[frame_index] = w->recoded = true;
	w->plan->report->dropped |= packed ? DROPPED_APP : DROPPED_TRAILER;
}

/* Can a code stream tell something that counts for the whole file? */
static bool needs_survey(const struct writer *w)
{
	const struct image_info *info = w->plan->info;

	switch (w->all.coding) {
	case DICOM_JPEG_LS:
	case DICOM_J2K:
		return true;
	case DICOM_JPEG:
		return strcmp(info->syntax, SYNTAX_LOSSLESS) == 0 ||
		       info->planar || may_have_unused(w);
	default:
		return may_have_unused(w);
	}
}

static bool survey(struct writer *w, struct error *err)
{
	const struct mask_plan *plan = w->plan;

	w->one_predictor = true;
	if (!needs_survey(w))
		return true;
	for (int i = 0; i < plan->info->frames; i++) {
		bool touched = take_areas(w, i) > 0;
		struct dicom_stream about;
		size_t length;
		uint8_t *stream = read_frame(w, i, &length, &about, err);

		if (!stream)
			return false;
		note_coding(w, &about, touched);
		note_slack(w, i, stream, length, touched);
		free(stream);
		if (!note_unused(w, i, &about, touched, err))
			return false;
		mask_progress(plan, 0, plan->info->frames);
	}
	w->recoded = w->recoded || w->convert;
	return true;
}

/* One transfer syntax for the file as it comes out. */
static const char *choose_syntax(const struct writer *w)
{
	const char *syntax = w->plan->info->syntax;

	switch (w->all.coding) {
	case DICOM_JPEG_LS:
		return w->convert ? SYNTAX_JPEG_LS : syntax;
	case DICOM_J2K:
		return SYNTAX_J2K;      /* now all streams are reversible */
	case DICOM_JPEG:
		return strcmp(syntax, SYNTAX_LOSSLESS) == 0 &&
		       w->one_predictor ? SYNTAX_LOSSLESS_SV1 : syntax;
	default:
		return syntax;
	}
}

/* At most so many bytes of items come out. */
static uint64_t items_bound(const struct writer *w)
{
	uint64_t total = 0, cells = cells_bytes(&w->form);
	uint64_t frames = (uint64_t)w->plan->info->frames;

	for (size_t i = 0; i < w->all.count; i++)
		total += dicom_fragment_length(w->plan->image, i) + ITEM_HEAD;
	/* an encoder that gains nothing, or new code tables */
	return total * 2 + (cells * 2 + 65536) * frames;
}

static void choose_tables(struct writer *w)
{
	w->extended = w->all.extended &&
		      w->all.count == (size_t)w->plan->info->frames;
	w->basic = w->all.basic > 0 && !w->all.extended &&
		   items_bound(w) <= UINT32_MAX;
}

/* ---- the header and what stands before the items ---- */

static bool write_header(struct writer *w, struct error *err)
{
	const struct image_info *info = w->plan->info;
	struct mask_attribute set[SEQUENCE_SETS];
	struct mask_header header = { .syntax = w->syntax, .set = set };
	bool coded = w->all.coding == DICOM_JPEG_LS ||
		     w->all.coding == DICOM_JPEG || w->all.coding == DICOM_J2K;

	if (w->convert && w->colour_transform)
		set[header.sets++] = (struct mask_attribute){
			0x00280004, "CS", "YBR_RCT" };
	if (w->recoded && coded && info->planar)
		set[header.sets++] = (struct mask_attribute){
			0x00280006, "US", "0" };
	return mask_header_write(w->plan, &header, err);
}

/* Room for the tables, and the head of the pixels. */
static bool write_tables(struct writer *w, struct error *err)
{
	size_t frames = (size_t)w->plan->info->frames;
	uint32_t wide = (uint32_t)frames * 8;
	off_t start = lseek(w->plan->out_fd, 0, SEEK_CUR);

	if (start < 0)
		return error_set(err, ERR_WRITE, _("can't write: %s"),
				 strerror(errno));
	w->at = start;
	if (w->extended) {
		w->offsets_at = w->at + ELEMENT_HEAD;
		w->lengths_at = w->offsets_at + wide + ELEMENT_HEAD;
		if (!write_element_head(w, 1, "OV", wide, err) ||
		    !write_zeros(w, wide, err) ||
		    !write_element_head(w, 2, "OV", wide, err) ||
		    !write_zeros(w, wide, err))
			return false;
	}
	w->basic_at = w->at + ELEMENT_HEAD + ITEM_HEAD;
	if (!write_element_head(w, 0x10, "OB", UINT32_MAX, err) ||
	    !write_item_head(w, 0xe000, w->basic ? (uint32_t)frames * 4 : 0,
			     err) ||
	    !write_zeros(w, w->basic ? frames * 4 : 0, err))
		return false;
	w->items_at = w->at;
	return true;
}

/* values[frames] of width bytes each, where room was left for them. */
static bool fill_table(const struct writer *w, const uint64_t *values,
		       int width, long long at, struct error *err)
{
	size_t frames = (size_t)w->plan->info->frames;
	uint8_t *table = mem_array(frames, (size_t)width);
	bool ok;

	if (!table)
		return error_set(err, ERR_MEMORY, _("no memory for a table"));
	for (size_t i = 0; i < frames; i++)
		put_number(table + i * (size_t)width, values[i], width);
	ok = rewrite(w, table, frames * (size_t)width, at, err);
	free(table);
	return ok;
}

static bool fill_tables(const struct writer *w, struct error *err)
{
	if (w->basic && w->at - w->items_at > (long long)UINT32_MAX)
		return error_set(err, ERR_INTERNAL,
				 _("the offsets of the frames don't fit"));
	return (!w->basic ||
		fill_table(w, w->offset, 4, w->basic_at, err)) &&
	       (!w->extended ||
		(fill_table(w, w->offset, 8, w->offsets_at, err) &&
		 fill_table(w, w->length, 8, w->lengths_at, err)));
}

/* ---- a frame as it is ---- */

/* Can its fragments stand one by one: only the last may need a pad byte. */
static bool keeps_fragments(const struct writer *w, size_t first, size_t count)
{
	for (size_t i = first; i + 1 < first + count; i++)
		if (dicom_fragment_length(w->plan->image, i) % 2)
			return false;
	return true;
}

static bool copy_frame(struct writer *w, const uint8_t *stream, size_t length,
		       struct error *err)
{
	size_t first, count;

	dicom_frame_fragments(w->plan->image, w->frame_index, &first, &count);
	if (!keeps_fragments(w, first, count))
		return write_fragment(w, stream, length, err);
	for (size_t i = first; i < first + count; i++) {
		size_t n = dicom_fragment_length(w->plan->image, i);

		if (!write_fragment(w, stream, n, err))
			return false;
		stream += n;
	}
	return true;
}

/* ---- lossy JPEG ---- */

static bool put_piece(void *self, const void *data, size_t length,
		      struct error *err)
{
	struct writer *w = self;

	mask_progress(w->plan, w->frame_index, w->plan->info->frames);
	return write_bytes(w, data, length, err);
}

static struct jpeg_wipe how_to_wipe(const struct writer *w,
				    const struct dicom_stream *about)
{
	size_t regions = take_areas(w, w->frame_index);

	return (struct jpeg_wipe){
		.region = w->region,
		.regions = regions,
		.level = mask_jpeg_level(w->plan),
		.rgb = about->rgb,
		.strict = regions && w->plan->job->strict_residue,
	};
}

static void note_wiped(struct writer *w, const struct jpeg_wiped *done)
{
	struct mask_report *report = w->plan->report;

	report->dropped |= done->dropped;
	if (done->huffman_tables)
		report->huffman_tables = true;
	if (done->method == METHOD_COEFFICIENTS)
		w->coefficients = true;
	else
		w->spliced = true;
}

/*
 * The boxes were grown, and shown, by the MCUs of the first frame: those of
 * this one may not make more of them.
 */
static bool check_growth(const struct writer *w,
			 const struct dicom_stream *about, struct error *err)
{
	const struct image_info *info = w->plan->info;

	return (info->mcu_columns % about->mcu_columns == 0 &&
		info->mcu_rows % about->mcu_rows == 0) ||
	       error_refuse(err, REASON_SIZE_DISAGREES, NULL,
			    w->frame_index + 1);
}

/* Its length is known only when it is written. */
static bool wipe_frame(struct writer *w, const uint8_t *stream, size_t length,
		       const struct dicom_stream *about, struct error *err)
{
	struct jpeg_wipe how = how_to_wipe(w, about);
	struct jpeg_wiped done;
	long long head = w->at, value;
	uint8_t number[4];

	if (!write_item_head(w, 0xe000, 0, err) ||
	    !jpeg_wipe(stream, length, &how, put_piece, w, &done, err))
		return false;
	value = w->at - head - ITEM_HEAD;
	if (value > (long long)UINT32_MAX - 1)
		return error_refuse(err, REASON_DECODED_TOO_LARGE, NULL,
				    value);
	if (!write_zeros(w, (size_t)value % 2, err))
		return false;
	put_number(number, (uint64_t)(value + value % 2), 4);
	note_wiped(w, &done);
	return rewrite(w, number, sizeof(number), head + 4, err);
}

/*
 * More bits than the blocks need could be rows below the picture: readers stop
 * before them.
 */
static bool is_whole(const uint8_t *stream, size_t length, struct error *err)
{
	struct jpeg_blocks *blocks = jpeg_blocks_open(stream, length, err);
	enum jpeg_blocks_got got = JPEG_BLOCKS_FAILED;
	struct jpeg_blocks_row row;

	if (!blocks)
		return false;
	while ((got = jpeg_blocks_next(blocks, &row, err)) == JPEG_BLOCKS_ROW)
		;
	jpeg_blocks_close(blocks);
	return got == JPEG_BLOCKS_END;
}

/* A pad byte after an end that is even: another one would follow it. */
static bool is_padded_odd(const uint8_t *stream, size_t length)
{
	return length % 2 && !stream[length - 1];
}

/*
 * An untouched frame goes on as it is, but without what hides in it.  What is
 * not sequential is written anew: only so does nothing stay between its scans.
 */
static bool pass_jpeg(struct writer *w, const uint8_t *stream, size_t length,
		      const struct dicom_stream *about, struct error *err)
{
	struct jpeg_parts parts;
	bool ok = jpeg_parts_read(&parts, stream, length, about->rgb, err);
	bool hides = ok && (parts.dropped || !parts.spliceable ||
			    is_padded_odd(stream, length));

	if (ok && parts.spliceable)
		ok = is_whole(stream, length, err);
	jpeg_parts_done(&parts);
	if (!ok)
		return false;
	w->spliced = true;
	return hides ? wipe_frame(w, stream, length, about, err) :
		       copy_frame(w, stream, length, err);
}

/* ---- what hides in the other codings ---- */

/* Cells need no more than one pad byte, and that is 0. */
static void clean_plain(const struct writer *w, uint8_t *stream, size_t length)
{
	size_t bytes = cells_bytes(&w->form);

	if (length <= bytes || !stream[bytes])
		return;
	stream[bytes] = 0;
	w->plan->report->dropped |= DROPPED_TRAILER;
}

static bool clean(const struct writer *w, uint8_t *stream, size_t length,
		  struct cleaned *out, struct error *err)
{
	switch (w->all.coding) {
	case DICOM_DEFLATE:
		return clean_deflate(cells_bytes(&w->form), stream, length,
				     out, err);
	case DICOM_RLE:
		return clean_rle(&w->form, stream, length, out, err);
	case DICOM_J2K:
		return clean_j2k(stream, length, out, err);
	case DICOM_JPEG:
	case DICOM_JPEG_LS:
		return clean_jpeg(stream, length, out, err);
	default:
		clean_plain(w, stream, length);
		return true;
	}
}

/* ---- frames encoded anew ---- */

/* The fill as one pixel of f. */
static void make_pixel(const struct mask_plan *plan, const struct frame *f,
		       uint8_t *pixel)
{
	size_t size = frame_sample_size(f->type);

	for (int s = 0; s < f->samples; s++) {
		int64_t value = plan->fill[s];
		uint8_t v8 = (uint8_t)value;
		uint16_t v16 = (uint16_t)value;
		uint32_t v32 = (uint32_t)value;
		float f32 = (float)value;
		double f64 = (double)value;
		const void *from = f->type == SAMPLE_F32 ? (void *)&f32 :
				   f->type == SAMPLE_F64 ? (void *)&f64 :
				   size == 1 ? (void *)&v8 :
				   size == 2 ? (void *)&v16 : (void *)&v32;

		memcpy(pixel + (size_t)s * size, from, size);
	}
}

static void blank_frame(const struct writer *w, struct frame *f)
{
	uint8_t pixel[MASK_FILLS * sizeof(double)];
	size_t size = frame_sample_size(f->type) * (size_t)f->samples;
	size_t areas = take_areas(w, w->frame_index);

	make_pixel(w->plan, f, pixel);
	for (size_t i = 0; i < areas; i++) {
		struct region r = w->region[i];

		for (int y = r.y0; y < r.y1; y++) {
			uint8_t *p = (uint8_t *)f->sample + size *
				     ((size_t)y * (size_t)f->columns +
				      (size_t)r.x0);

			for (int x = r.x0; x < r.x1; x++, p += size)
				memcpy(p, pixel, size);
		}
	}
}

/* Sample by sample, as (0028,0006) says: cells [pixel][sample] turned. */
static uint8_t *make_planar(const struct cell_form *form, uint8_t *cells,
			    size_t bytes, struct error *err)
{
	size_t width = (size_t)form->allocated / 8;
	size_t samples = (size_t)form->samples;
	size_t pixels = (size_t)form->rows * (size_t)form->columns;
	uint8_t *planar = mem_array(bytes, 1);

	if (!planar)
		error_set(err, ERR_MEMORY, _("no memory for a picture"));
	for (size_t i = 0; planar && i < pixels * samples; i++)
		memcpy(planar + (i % samples * pixels + i / samples) * width,
		       cells + i * width, width);
	free(cells);
	return planar;
}

/* The cells of a frame, blanked and without unused bits; free() them. */
static uint8_t *masked_cells(struct writer *w, struct error *err)
{
	struct cell_form form;
	uint8_t *cells = dicom_frame_cells(w->plan->image, w->frame_index,
					   &form, err);
	struct frame *f;

	if (!cells)
		return NULL;
	if (spare_bits(w) ? has_spare_set(w, cells) :
			    cells_unused_bits(&form, cells, w->plane))
		w->plan->report->dropped |= DROPPED_UNUSED_BITS;
	f = cells_to_frame(&form, cells, err);
	free(cells);
	if (!f)
		return NULL;
	blank_frame(w, f);
	cells = cells_from_frame(&form, f, true, err);
	frame_free(f);
	if (cells && form.planar && form.samples > 1)
		cells = make_planar(&form, cells, cells_bytes(&form), err);
	return cells;
}

static uint8_t *encode_j2k(const struct writer *w, const uint8_t *cells,
			   const struct dicom_stream *about, size_t *length,
			   struct error *err)
{
	const struct j2k_form form = {
		.columns = w->form.columns, .rows = w->form.rows,
		.components = w->form.samples,
		.allocated = w->form.allocated,
		.precision = about->precision,
		.is_signed = about->is_signed,
		.colour_transform = about->colour_transform,
	};

	return j2k_encode(&form, cells, length, err);
}

/* The stream of cells in the coding of the file; cells itself when plain. */
static uint8_t *encode(const struct writer *w, uint8_t *cells,
		       const struct dicom_stream *about, size_t *length,
		       struct error *err)
{
	*length = cells_bytes(&w->form);
	switch (w->all.coding) {
	case DICOM_PLAIN:
		return cells;
	case DICOM_DEFLATE:
		return pack_deflate(cells, *length, length, err);
	case DICOM_RLE:
		return pack_rle(&w->form, cells, length, err);
	case DICOM_J2K:
		return encode_j2k(w, cells, about, length, err);
	default:
		return dicom_encode(w->all.coding, &w->form, cells, length,
				    err);
	}
}

static bool recode_frame(struct writer *w, const struct dicom_stream *about,
			 struct error *err)
{
	uint8_t *cells = masked_cells(w, err);
	uint8_t *stream = NULL;
	size_t length = 0;
	bool ok = false;

	w->recoded = true;
	if (cells)
		stream = encode(w, cells, about, &length, err);
	if (stream)
		ok = write_fragment(w, stream, length, err);
	if (stream != cells)
		free(stream);
	free(cells);
	return ok;
}

/* ---- all frames ---- */

/*
 * Rows below the picture could follow the last that its header tells: decoders
 * of JPEG Lossless and JPEG-LS fail when data are left over.
 */
static bool holds_no_more(const struct writer *w, struct error *err)
{
	struct cell_form form;
	uint8_t *cells;

	if (w->all.coding != DICOM_JPEG && w->all.coding != DICOM_JPEG_LS)
		return true;
	cells = dicom_frame_cells(w->plan->image, w->frame_index, &form, err);
	free(cells);
	return cells;
}

/* A frame that is not lossy JPEG. */
static bool write_lossless(struct writer *w, uint8_t *stream, size_t length,
			   const struct dicom_stream *about, bool touched,
			   struct error *err)
{
	struct cleaned cleaned = { .data = NULL };
	bool ok = clean(w, stream, length, &cleaned, err);

	if (!ok)
		goto done;
	w->plan->report->dropped |= cleaned.dropped;
	if (touched || w->convert || w->unused[w->frame_index])
		ok = recode_frame(w, about, err);
	else if (!holds_no_more(w, err))
		ok = false;
	else if (cleaned.data)
		ok = write_fragment(w, cleaned.data, cleaned.length, err);
	else
		ok = copy_frame(w, stream, length, err);
done:
	cleaned_done(&cleaned);
	return ok;
}

/* What cuts and packs a stream does not know which frame it is. */
static bool refuse_frame(const struct writer *w, struct error *err)
{
	if (err && err->code == ERR_REFUSED &&
	    (err->reason == REASON_DAMAGED ||
	     err->reason == REASON_DAMAGED_FRAME))
		error_refuse(err, REASON_DAMAGED_FRAME, NULL,
			     w->frame_index + 1);
	return false;
}

static bool write_frame(struct writer *w, struct error *err)
{
	bool touched = take_areas(w, w->frame_index) > 0, ok;
	struct dicom_stream about;
	size_t length;
	uint8_t *stream = read_frame(w, w->frame_index, &length, &about, err);

	if (!stream)
		return false;
	if (!is_lossy_jpeg(w, &about))
		ok = write_lossless(w, stream, length, &about, touched, err);
	else if (touched)
		ok = check_growth(w, &about, err) &&
		     wipe_frame(w, stream, length, &about, err);
	else
		ok = pass_jpeg(w, stream, length, &about, err);
	free(stream);
	return ok || refuse_frame(w, err);
}

static bool write_frames(struct writer *w, struct error *err)
{
	int frames = w->plan->info->frames;

	for (int i = 0; i < frames; i++) {
		long long start = w->at;

		w->frame_index = i;
		if (!write_frame(w, err))
			return err && err->code == ERR_REFUSED ? false :
			       error_prefix(err, _("frame %d"), i + 1);
		w->offset[i] = (uint64_t)(start - w->items_at);
		w->length[i] = (uint64_t)(w->at - start) - ITEM_HEAD;
		mask_progress(w->plan, i + 1, frames);
	}
	return write_item_head(w, 0xe0dd, 0, err) && fill_tables(w, err);
}

/* What follows the delimiter of the fragments goes by construction. */
static void see_end(const struct writer *w)
{
	const struct image *image = w->plan->image;
	long long end = dicom_fragment_offset(image, w->all.count - 1);
	uint8_t tag[ITEM_HEAD + 2];
	unsigned group;

	end += (long long)dicom_fragment_length(image, w->all.count - 1);
	if (mask_read(w->plan->in_fd, tag, sizeof(tag), end) != sizeof(tag))
		return;
	group = (unsigned)tag[9] << 8 | tag[8];
	w->plan->report->dropped |= group == 0xfffa ? DROPPED_SIGNATURES :
				    group == 0xfffc ? DROPPED_PADDING :
						      DROPPED_TRAILER;
}

static void say_method(const struct writer *w)
{
	struct mask_report *report = w->plan->report;

	report->method = w->convert ? METHOD_REENCODE :
			 w->recoded ? METHOD_FRAMES :
			 w->coefficients ? METHOD_COEFFICIENTS :
			 w->spliced ? METHOD_SPLICE : METHOD_FRAMES;
	report->outside = w->convert ? OUTSIDE_DECODED :
			  w->coefficients || w->spliced ?
			  OUTSIDE_COEFFICIENTS : OUTSIDE_STORED;
}

bool mask_frames_refuse(struct mask_plan *plan, struct error *err)
{
	struct writer w = { .plan = plan };
	struct dicom_stream about = { .precision = 0 };
	size_t length;

	if (dicom_fragments(plan->image, &w.all))
		free(read_frame(&w, 0, &length, &about, NULL));
	if (is_lossy_jpeg(&w, &about))
		return error_refuse(err, REASON_JPEG_PROCESS, NULL, about.sof);
	if (about.precision)
		return error_refuse(err, REASON_PIXEL_FORM, NULL,
				    about.precision);
	return error_refuse(err, REASON_SYNTAX_NO_WRITE, plan->info->syntax,
			    0);
}

static bool make_room(struct writer *w, struct error *err)
{
	const struct mask_plan *plan = w->plan;
	size_t frames = (size_t)plan->info->frames;

	w->unused = mem_array(frames, sizeof(*w->unused));
	w->offset = mem_array(frames, sizeof(*w->offset));
	w->length = mem_array(frames, sizeof(*w->length));
	w->region = mem_array(plan->areas + 1, sizeof(*w->region));
	w->plane = mem_array((size_t)plan->info->rows,
			     (size_t)plan->info->columns);
	return (w->unused && w->offset && w->length && w->region &&
		w->plane) ||
	       error_set(err, ERR_MEMORY, _("no memory for a picture"));
}

bool mask_frames(struct mask_plan *plan, struct error *err)
{
	struct writer w = { .plan = plan };
	struct mask_report *report = plan->report;
	bool ok;

	if (!dicom_fragments(plan->image, &w.all))
		return error_refuse(err, REASON_SYNTAX_NO_WRITE,
				    plan->info->syntax, 0);
	dicom_cell_form(plan->image, &w.form);
	ok = make_room(&w, err) && survey(&w, err);
	if (ok) {
		w.syntax = choose_syntax(&w);
		choose_tables(&w);
		memcpy(report->syntax_in, plan->info->syntax, IMAGE_UID);
		memcpy(report->syntax_out, w.syntax, strlen(w.syntax) + 1);
		see_end(&w);
		ok = write_header(&w, err) && write_tables(&w, err) &&
		     write_frames(&w, err);
		say_method(&w);
	}
	free(w.unused);
	free(w.offset);
	free(w.length);
	free(w.region);
	free(w.plane);
	return ok;
}

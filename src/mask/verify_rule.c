/*
 * verify_rule.c - the rule of what is blanked and with what value, as verify
 * states it.  Uses the readers and no code of a writer.
 */
#include "config.h"

#include "mask/verify_rule.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"

/* ---- where ---- */

static bool is_lossy_jpeg(const struct image_info *info, bool exact)
{
	return !exact && (info->mcu_columns > 1 || info->mcu_rows > 1);
}

struct span { int from, to; };          /* pixels, the last one excluded */

/* The whole steps that a span touches, inside 0 to size. */
static struct span widen(int from, int to, int step, int size)
{
	struct span s = { from > 0 ? from : 0, to < size ? to : size };

	if (s.from >= s.to)
		return (struct span){ 0, 0 };
	s.from -= s.from % step;
	while (s.to < size && s.to % step)
		s.to++;
	return s;
}

struct region verify_rule_region(const struct image_info *info, bool exact,
				 struct region box)
{
	bool blocks = is_lossy_jpeg(info, exact);
	int across = blocks ? info->mcu_columns : info->ybr_422 ? 2 : 1;
	int down = blocks ? info->mcu_rows : 1;
	struct span x = widen(box.x0, box.x1, across, info->columns);
	struct span y = widen(box.y0, box.y1, down, info->rows);

	if (x.from == x.to || y.from == y.to)
		return (struct region){ 0, 0, 0, 0 };
	return (struct region){ x.from, y.from, x.to, y.to };
}

bool verify_rule_boxes(const struct image_info *info,
		       const struct box_list *boxes, struct error *err)
{
	for (size_t i = 0; i < boxes->count; i++) {
		const struct box *b = &boxes->box[i];
		struct region r = verify_rule_region(info, true, b->region);

		if (b->tier != TIER_BOX)
			continue;
		if (r.x0 == r.x1)
			return error_set(err, ERR_USAGE,
				_("box %zu lies outside the picture"), i + 1);
		if (b->frame0 < 0 || b->frame0 > b->frame1 ||
		    info->frames <= b->frame1)
			return error_set(err, ERR_USAGE,
				_("box %zu: the file has %d frames"), i + 1,
				info->frames);
	}
	return true;
}

/* ---- with what: values that follow from the form alone ---- */

/* Is high dark?  INVERSE is how MONOCHROME1 says so once more (PS3.3
 * C.8.11.1.1.2), it does not turn back. */
static bool is_turned(const struct image_info *info)
{
	return info->photometric == PHOTOMETRIC_MONOCHROME1 || info->inverse;
}

/* Black of the forms with more than one sample: stored values are unsigned. */
enum part { NONE, HALF, FULL };         /* of the range */
static const struct { enum photometric photometric; enum part part[4]; }
black[] = {
	{ PHOTOMETRIC_RGB, { NONE, NONE, NONE, FULL } },        /* alpha */
	{ PHOTOMETRIC_YBR_FULL, { NONE, HALF, HALF, NONE } },
	{ PHOTOMETRIC_GREY_ALPHA, { NONE, FULL, NONE, NONE } },
	{ PHOTOMETRIC_CMYK, { FULL, FULL, FULL, FULL } },       /* all ink */
};

static bool fill_samples(const struct image_info *info,
			 long long fill[MASK_FILLS])
{
	long long range = 1LL << info->bits_stored;

	for (size_t i = 0; i < sizeof(black) / sizeof(black[0]); i++) {
		if (black[i].photometric != info->photometric)
			continue;
		for (int s = 0; s < info->samples; s++)
			fill[s] = black[i].part[s] == FULL ? range - 1 :
				  black[i].part[s] == HALF ? range / 2 : 0;
		return true;
	}
	return false;
}

struct range { long long low, high; };

static struct range stored_range(const struct image_info *info)
{
	long long codes = 1LL << info->bits_stored;

	return info->is_signed ? (struct range){ -codes / 2, codes / 2 - 1 } :
				 (struct range){ 0, codes - 1 };
}

static bool in_range(struct range r, long long value)
{
	return r.low <= value && value <= r.high;
}

/*
 * What a constant block of a lossy JPEG can hold: its codes 0, middle and top
 * as stored values, darkest first where low is dark.
 */
static void block_values(const struct image_info *info, long long value[3])
{
	struct range r = stored_range(info);

	value[0] = r.low;
	value[1] = info->is_signed ? -1 : r.high / 2 + 1;
	value[2] = info->is_signed ? 0 : r.high;
}

static bool is_block_value(const struct image_info *info, long long value)
{
	long long able[3];

	block_values(info, able);
	return value == able[0] || value == able[1] || value == able[2];
}

static long long fill_blocks(const struct image_info *info)
{
	long long able[3];

	if (info->has_padding && is_block_value(info, info->padding))
		return info->padding;
	block_values(info, able);
	return able[is_turned(info) ? 2 : 0];
}

/* ---- palettes ---- */

/* Opaque before clear, then dark before light: the larger is the better. */
static long merit(const uint8_t *rgba)
{
	enum { WHITE = 255 * 1000 };
	/* luma in thousandths (Rec. 601) */
	long luma = 299L * rgba[0] + 587L * rgba[1] + 114L * rgba[2];

	return rgba[3] * (WHITE + 1L) + WHITE - luma;
}

static long long fill_palette(const struct image *image, bool blocks)
{
	const struct image_info *info = image_info(image);
	int first = 0, entries = 0;
	const uint8_t *palette = image_palette(image, &first, &entries);
	long best = -1;
	long long fill = first;

	for (int i = 0; palette && i < entries; i++) {
		long long index = (long long)first + i;
		long m = merit(palette + 4 * (size_t)i);

		if (m <= best || !in_range(stored_range(info), index) ||
		    (blocks && !is_block_value(info, index)))
			continue;
		best = m;
		fill = index;
	}
	return fill;
}

/* ---- signed grey: black depends on how it is displayed ---- */

/*
 * The stored value at or just beyond the dark end of the first window (PS3.3
 * C.11.2.1.2.1 and, with the same ends, C.11.2.1.3.2).  False when there is
 * none, or it says nothing about 32-bit values.
 */
static bool dark_end(const struct image_info *info, long long *value)
{
	bool turned = is_turned(info);
	double reach, end;

	if (!info->windows || info->has_modality_lut || info->slope == 0)
		return false;
	reach = (info->window[0].width - 1) / 2;
	end = info->window[0].centre - 0.5;
	end = turned ? end + reach : end - reach;
	end = (end - info->intercept) / info->slope;
	/* beyond it is upwards where larger stored values are darker */
	end = turned == (info->slope > 0) ? ceil(end) : floor(end);
	if (!(fabs(end) < 4e9))
		return false;
	*value = (long long)end;
	return true;
}

static long long integer_at(const struct frame *f, size_t i)
{
	const void *p = f->sample;

	switch (f->type) {
	case SAMPLE_U8: return ((const uint8_t *)p)[i];
	case SAMPLE_U16: return ((const uint16_t *)p)[i];
	case SAMPLE_S16: return ((const int16_t *)p)[i];
	case SAMPLE_U32: return ((const uint32_t *)p)[i];
	case SAMPLE_S32: return ((const int32_t *)p)[i];
	default: return 0;
	}
}

/* Mark the columns of row y that are blanked in this frame. */
static void mark_row(uint8_t *hidden, int columns, int y, int frame_index,
		     const struct verify_area *area, size_t areas)
{
	memset(hidden, 0, (size_t)columns);
	for (size_t i = 0; i < areas; i++) {
		const struct region *r = &area[i].region;

		if (frame_index >= area[i].frame0 &&
		    frame_index <= area[i].frame1 && y >= r->y0 && y < r->y1)
			memset(hidden + r->x0, 1, (size_t)(r->x1 - r->x0));
	}
}

/* The least and largest value that no area hides; low > high: all hidden. */
static struct range shown_range(const struct frame *f, int frame_index,
				const struct verify_area *area, size_t areas,
				uint8_t *hidden)
{
	struct range shown = { INT64_MAX, INT64_MIN };
	size_t at = 0;

	for (int y = 0; y < f->rows; y++) {
		mark_row(hidden, f->columns, y, frame_index, area, areas);
		for (int x = 0; x < f->columns; x++, at++) {
			long long value = integer_at(f, at);

			if (hidden[x])
				continue;
			if (value < shown.low)
				shown.low = value;
			if (value > shown.high)
				shown.high = value;
		}
	}
	return shown;
}

/* The darkest value beside the masks in the first frame that has one. */
static bool dark_sample(struct image *image, const struct verify_area *area,
			size_t areas, long long *value, struct error *err)
{
	const struct image_info *info = image_info(image);
	int frame_index = areas ? area[0].frame0 : 0;
	struct range shown;
	struct frame *f;
	uint8_t *hidden;

	for (size_t i = 1; i < areas; i++)
		if (area[i].frame0 < frame_index)
			frame_index = area[i].frame0;
	f = image_frame(image, frame_index, err);
	if (!f)
		return false;
	hidden = mem_array((size_t)f->columns, 1);
	if (hidden) {
		shown = shown_range(f, frame_index, area, areas, hidden);
		if (shown.low > shown.high)
			shown = stored_range(info);
		*value = is_turned(info) ? shown.high : shown.low;
	} else {
		error_set(err, ERR_MEMORY, _("no memory"));
	}
	frame_free(f);
	free(hidden);
	return hidden != NULL;
}

static bool fill_grey(struct image *image, const struct verify_area *area,
		      size_t areas, long long *fill, struct error *err)
{
	const struct image_info *info = image_info(image);
	struct range r = stored_range(info);

	if (info->has_padding && in_range(r, info->padding)) {
		*fill = info->padding;
		return true;
	}
	*fill = is_turned(info) ? r.high : r.low;
	if (!info->is_signed)
		return true;
	if (!dark_end(info, fill) &&
	    !dark_sample(image, area, areas, fill, err))
		return false;
	if (!in_range(r, *fill))
		*fill = *fill < r.low ? r.low : r.high;
	return true;
}

/* ---- all forms ---- */

/* PNG: the colour that tRNS makes clear is no fill; its neighbour is. */
static void step_off_key(const struct image_info *info,
			 long long fill[MASK_FILLS])
{
	int last = info->samples - 1, same = 0;

	for (int i = 0; info->has_key && i < info->samples; i++)
		same += fill[i] == info->key[i];
	if (same == info->samples)
		fill[last] += fill[last] % 2 ? -1 : 1;
}

static bool fill_integers(struct image *image, bool exact,
			  const struct verify_area *area, size_t areas,
			  long long fill[MASK_FILLS], struct error *err)
{
	const struct image_info *info = image_info(image);
	bool blocks = is_lossy_jpeg(info, exact);

	if (info->photometric == PHOTOMETRIC_PALETTE)
		fill[0] = fill_palette(image, blocks);
	else if (info->photometric != PHOTOMETRIC_MONOCHROME1 &&
		 info->photometric != PHOTOMETRIC_MONOCHROME2)
		return fill_samples(info, fill) ||
		       error_refuse(err, REASON_PIXEL_FORM, NULL,
				    info->photometric);
	else if (blocks)
		fill[0] = fill_blocks(info);
	else
		return fill_grey(image, area, areas, &fill[0], err);
	return true;
}

bool verify_rule_fill(struct image *image, bool exact,
		      const struct verify_area *area, size_t areas,
		      long long fill[MASK_FILLS], struct error *err)
{
	const struct image_info *info = image_info(image);
	bool integer = info->type != SAMPLE_F32 && info->type != SAMPLE_F64;

	for (int i = 0; i < MASK_FILLS; i++)
		fill[i] = !integer && i < info->samples ? info->float_padding :
			  0;
	if (!integer)
		return true;
	if (info->samples < 1 || info->samples > MASK_FILLS ||
	    info->bits_stored < 1 || info->bits_stored > 32)
		return error_refuse(err, REASON_PIXEL_FORM, NULL,
				    info->bits_stored);
	if (!fill_integers(image, exact, area, areas, fill, err))
		return false;
	step_off_key(info, fill);
	return true;
}

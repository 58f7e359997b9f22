/* voi.c - from stored values to what is displayed. */
#include "config.h"

#include "image/voi.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"

enum { WORDS = 65536, WHITE = 255 };

/* ---- planes ---- */

static struct plane *plane_new(int columns, int rows, int channels,
			       struct error *err)
{
	struct plane *p = mem_array(1, sizeof(*p));

	if (!p)
		goto fail;
	*p = (struct plane){ .columns = columns, .rows = rows,
			     .channels = channels };
	/* who asks sets them all */
	p->pixel = mem_room3((size_t)columns, (size_t)rows, (size_t)channels,
			     1);
	if (!p->pixel)
		goto fail;
	return p;
fail:
	error_set(err, ERR_MEMORY, _("no memory for a picture"));
	plane_free(p);
	return NULL;
}

void plane_free(struct plane *plane)
{
	if (!plane)
		return;
	free(plane->pixel);
	free(plane);
}

static size_t plane_pixels(const struct plane *plane)
{
	return (size_t)plane->columns * (size_t)plane->rows;
}

static uint8_t luma(const uint8_t *rgb)
{
	return (uint8_t)((299 * rgb[0] + 587 * rgb[1] + 114 * rgb[2] + 500) /
			 1000);
}

static uint8_t brightest(const uint8_t *rgb)
{
	uint8_t most = rgb[0] > rgb[1] ? rgb[0] : rgb[1];

	return most > rgb[2] ? most : rgb[2];
}

static struct plane *to_grey(const struct plane *plane,
			     uint8_t (*grey)(const uint8_t *rgb),
			     struct error *err)
{
	struct plane *out = plane_new(plane->columns, plane->rows, 1, err);
	size_t pixels = plane_pixels(plane);

	if (!out)
		return NULL;
	if (plane->channels == 1)
		memcpy(out->pixel, plane->pixel, pixels);
	else
		for (size_t i = 0; i < pixels; i++)
			out->pixel[i] = grey(plane->pixel + 3 * i);
	return out;
}

struct plane *plane_luma(const struct plane *plane, struct error *err)
{
	return to_grey(plane, luma, err);
}

struct plane *plane_brightest(const struct plane *plane, struct error *err)
{
	return to_grey(plane, brightest, err);
}

static uint8_t saturation(const uint8_t *rgb)
{
	uint8_t least = rgb[0] < rgb[1] ? rgb[0] : rgb[1];

	return (uint8_t)(brightest(rgb) - (least < rgb[2] ? least : rgb[2]));
}

struct plane *plane_saturation(const struct plane *plane, struct error *err)
{
	return to_grey(plane, saturation, err);
}

/* ---- grey values ---- */

/* What turns a stored value into a grey one. */
struct curve {
	const struct image_lut *modality, *voi;         /* NULL: none */
	double slope, intercept;
	int function;                   /* image_info.voi_function */
	struct image_window window;
	bool has_window;
	double low, high;               /* black and white without a window */
	bool inverted;
};

static double lut_value(const struct image_lut *lut, double x)
{
	double i = floor(x + 0.5) - lut->first;

	if (!(i > 0))
		return lut->value[0];
	if (i >= lut->entries)
		return lut->value[lut->entries - 1];
	return lut->value[(size_t)i];
}

static double modality(const struct curve *c, double stored)
{
	if (c->modality)
		return lut_value(c->modality, stored);
	return stored * c->slope + c->intercept;
}

/* PS3.3 C.11.2.1.2.1, C.11.2.1.3.1 and .2: the window as 0..1. */
static double windowed(const struct curve *c, double x)
{
	double centre = c->window.centre, width = c->window.width;

	if (c->function == 2)
		return 1 / (1 + exp(-4 * (x - centre) / width));
	if (c->function == 0) {
		centre -= 0.5;
		width -= 1;
		if (width <= 0)
			return x <= centre ? 0 : 1;
	}
	return (x - centre) / width + 0.5;
}

static uint8_t grey_of(const struct curve *c, double stored)
{
	double x = modality(c, stored), grey;

	if (c->voi)
		grey = lut_value(c->voi, x) / ((1 << c->voi->bits) - 1);
	else if (c->has_window)
		grey = windowed(c, x);
	else
		grey = c->high > c->low ? (x - c->low) / (c->high - c->low) :
					  x > 0;
	if (!(grey > 0))
		grey = 0;
	if (grey > 1)
		grey = 1;
	if (c->inverted)
		grey = 1 - grey;
	return (uint8_t)(grey * WHITE + 0.5);
}

static double sample_at(const struct frame *f, size_t i)
{
	switch (f->type) {
	case SAMPLE_U8:
		return ((const uint8_t *)f->sample)[i];
	case SAMPLE_U16:
		return ((const uint16_t *)f->sample)[i];
	case SAMPLE_S16:
		return ((const int16_t *)f->sample)[i];
	case SAMPLE_U32:
		return ((const uint32_t *)f->sample)[i];
	case SAMPLE_S32:
		return ((const int32_t *)f->sample)[i];
	case SAMPLE_F32:
		return (double)((const float *)f->sample)[i];
	default:
		return ((const double *)f->sample)[i];
	}
}

static size_t frame_pixels(const struct frame *f)
{
	return (size_t)f->columns * (size_t)f->rows;
}

/* Types whose values all fit into a table of 65536. */
static bool is_short(const struct frame *f)
{
	return f->type == SAMPLE_U8 || f->type == SAMPLE_U16 ||
	       f->type == SAMPLE_S16;
}

static size_t table_index(const struct frame *f, size_t i)
{
	if (f->type == SAMPLE_U8)
		return ((const uint8_t *)f->sample)[i];
	return ((const uint16_t *)f->sample)[i];        /* S16: its bits */
}

static double table_value(const struct frame *f, size_t index)
{
	return f->type == SAMPLE_S16 && index > INT16_MAX ?
		(double)index - WORDS : (double)index;
}

struct range {
	double low, high;
	bool any;
};

static void widen(struct range *r, const struct curve *c, double stored)
{
	double x = modality(c, stored);

	if (!isfinite(x))
		return;
	r->low = !r->any || x < r->low ? x : r->low;
	r->high = !r->any || x > r->high ? x : r->high;
	r->any = true;
}

/* The smallest and largest value of a frame, padding left out. */
static bool frame_range(const struct image_info *info, const struct frame *f,
			const struct curve *c, struct range *r)
{
	size_t pixels = frame_pixels(f), step = (size_t)f->samples;
	uint8_t *seen;

	*r = (struct range){ 0 };
	if (!is_short(f)) {
		for (size_t i = 0; i < pixels; i++)
			widen(r, c, sample_at(f, i * step));
		return true;
	}
	seen = mem_array(WORDS, 1);
	if (!seen)
		return false;
	if (f->type == SAMPLE_U8 && step == 1)
		for (size_t i = 0; i < pixels; i++)
			seen[((const uint8_t *)f->sample)[i]] = 1;
	else
		for (size_t i = 0; i < pixels; i++)
			seen[table_index(f, i * step)] = 1;
	for (size_t i = 0; i < WORDS; i++)
		if (seen[i] && !(info->has_padding &&
				 table_value(f, i) == (double)info->padding))
			widen(r, c, table_value(f, i));
	free(seen);
	return true;
}

/* What the stored bits can hold. */
static void form_range(const struct image_info *info, const struct curve *c,
		       struct range *r)
{
	double span = ldexp(1, info->bits_stored);
	double low = info->is_signed ? -span / 2 : 0;

	*r = (struct range){ 0 };
	widen(r, c, low);
	widen(r, c, low + span - 1);
}

/* Up to 8 bits and PNG are made for the whole range, more is not.  The screen
 * shows what a PNG of 16 bits has (items_window()); the detectors have that
 * as VOI_FULL. */
static bool is_full_range(const struct image_info *info)
{
	return info->bits_stored <= 8 || info->format != IMAGE_DICOM;
}

static struct curve base_curve(const struct image_info *info)
{
	return (struct curve){
		.slope = info->slope, .intercept = info->intercept,
		.function = info->voi_function,
		.inverted = info->inverse ||
			    info->photometric == PHOTOMETRIC_MONOCHROME1,
	};
}

static bool make_curve(const struct image *image, const struct frame *f,
		       enum voi_view view, struct curve *c, struct error *err)
{
	const struct image_info *info = image_info(image);
	struct range r;

	*c = base_curve(info);
	c->modality = image_modality_lut(image);
	if (view == VOI_FILE) {
		c->voi = image_voi_lut(image);
		c->has_window = !c->voi && info->windows > 0;
		if (c->has_window)
			c->window = info->window[0];
	}
	if (c->voi || c->has_window)
		return true;
	if (view == VOI_FILE && is_full_range(info))
		form_range(info, c, &r);
	else if (!frame_range(info, f, c, &r))
		return error_set(err, ERR_MEMORY, _("no memory for a picture"));
	c->low = r.low;
	c->high = r.high;
	return true;
}

/* Does the table of bytes change none? */
static bool is_identity(const uint8_t table[256])
{
	for (int i = 0; i < 256; i++)
		if (table[i] != i)
			return false;
	return true;
}

static bool draw_grey(const struct frame *f, const struct curve *c,
		      struct plane *plane, struct error *err)
{
	size_t pixels = frame_pixels(f), step = (size_t)f->samples;
	uint8_t *table;

	if (!is_short(f)) {
		for (size_t i = 0; i < pixels; i++)
			plane->pixel[i] = grey_of(c, sample_at(f, i * step));
		return true;
	}
	table = mem_array(WORDS, 1);
	if (!table)
		return error_set(err, ERR_MEMORY, _("no memory for a picture"));
	for (size_t i = 0; i < (f->type == SAMPLE_U8 ? 256 : WORDS); i++)
		table[i] = grey_of(c, table_value(f, i));
	if (f->type == SAMPLE_U8 && step == 1 && is_identity(table))
		memcpy(plane->pixel, f->sample, pixels);
	else if (f->type == SAMPLE_U8 && step == 1)
		for (size_t i = 0; i < pixels; i++)
			plane->pixel[i] =
				table[((const uint8_t *)f->sample)[i]];
	else
		for (size_t i = 0; i < pixels; i++)
			plane->pixel[i] = table[table_index(f, i * step)];
	free(table);
	return true;
}

/* ---- colour ---- */

/* The upper 8 bits of a sample of an unsigned picture. */
static uint8_t narrow(const struct image_info *info, double sample)
{
	double scaled = info->bits_stored < 8 ?
		sample * WHITE / (ldexp(1, info->bits_stored) - 1) :
		ldexp(sample, 8 - info->bits_stored);

	return scaled > 0 ? scaled < 256 ? (uint8_t)scaled : WHITE : 0;
}

/* Sample i as a byte. */
static uint8_t byte_at(const struct image_info *info, const struct frame *f,
		       size_t i)
{
	if (f->type == SAMPLE_U8 && info->bits_stored == 8)
		return ((const uint8_t *)f->sample)[i];
	return narrow(info, sample_at(f, i));
}

static uint8_t clamp(double x)
{
	return x > 0 ? x < 254.5 ? (uint8_t)(x + 0.5) : WHITE : 0;
}

/* YBR_FULL (PS3.3 C.7.6.3.1.2). */
static void ybr_to_rgb(uint8_t *p)
{
	double y = p[0], cb = p[1] - 128.0, cr = p[2] - 128.0;

	p[0] = clamp(y + 1.402 * cr);
	p[1] = clamp(y - 0.344136 * cb - 0.714136 * cr);
	p[2] = clamp(y + 1.772 * cb);
}

static void cmyk_to_rgb(const uint8_t *ink, uint8_t *rgb)
{
	for (int i = 0; i < 3; i++)
		rgb[i] = (uint8_t)((255 - ink[i]) * (255 - ink[3]) / 255);
}

static void draw_colour(const struct image_info *info, const struct frame *f,
			struct plane *plane)
{
	size_t pixels = frame_pixels(f);

	for (size_t i = 0; i < pixels; i++) {
		uint8_t in[4] = { 0 }, *out = plane->pixel + 3 * i;

		for (int s = 0; s < f->samples; s++)
			in[s] = byte_at(info, f, i * (size_t)f->samples +
						 (size_t)s);
		if (info->photometric == PHOTOMETRIC_CMYK) {
			cmyk_to_rgb(in, out);
			continue;
		}
		memcpy(out, in, 3);
		if (info->photometric == PHOTOMETRIC_YBR_FULL)
			ybr_to_rgb(out);
	}
}

static void draw_palette(const struct image *image, const struct frame *f,
			 struct plane *plane)
{
	int first, entries;
	const uint8_t *palette = image_palette(image, &first, &entries);
	size_t pixels = frame_pixels(f), channels = (size_t)plane->channels;

	for (size_t i = 0; i < pixels; i++) {
		double entry = sample_at(f, i) - first;

		entry = entry < 0 ? 0 : entry >= entries ? entries - 1 : entry;
		memcpy(plane->pixel + channels * i,
		       palette + 4 * (size_t)entry, channels);
	}
}

static bool is_grey(const struct image_info *info)
{
	return info->photometric == PHOTOMETRIC_MONOCHROME1 ||
	       info->photometric == PHOTOMETRIC_MONOCHROME2 ||
	       info->photometric == PHOTOMETRIC_GREY_ALPHA;
}

/* ---- transparency ---- */

/* Of pixel i of a picture with has_alpha; 0 is transparent. */
static double alpha_at(const struct image *image, const struct frame *f,
		       size_t i)
{
	const struct image_info *info = image_info(image);
	size_t samples = (size_t)f->samples;

	if (info->photometric == PHOTOMETRIC_PALETTE) {
		int first, entries;
		const uint8_t *palette = image_palette(image, &first,
						       &entries);
		double entry = sample_at(f, i);

		return palette[4 * (size_t)(entry < entries ? entry :
					    entries - 1) + 3];
	}
	if (samples == 2 || samples == 4)
		return sample_at(f, i * samples + samples - 1);
	for (size_t s = 0; s < samples && info->has_key; s++)
		if (sample_at(f, i * samples + s) != info->key[s])
			return 1;
	return info->has_key ? 0 : 1;
}

/* False: all pixels are as transparent as each other. */
static bool alpha_varies(const struct image *image, const struct frame *f,
			 struct range *r)
{
	size_t pixels = frame_pixels(f);

	if (!image_info(image)->has_alpha)
		return false;
	r->low = r->high = alpha_at(image, f, 0);
	for (size_t i = 1; i < pixels; i++) {
		double a = alpha_at(image, f, i);

		r->low = a < r->low ? a : r->low;
		r->high = a > r->high ? a : r->high;
	}
	return r->low < r->high;
}

/*
 * A transparent pixel is shown at half its contrast on a ground that differs
 * by channel: no grey looks like it on any, so text that only transparency
 * draws is seen, and what is hidden below it too.
 */
static const uint8_t ground[3] = { 127, 64, 0 };

static void tint(const struct image *image, const struct frame *f,
		 const struct range *r, struct plane *plane)
{
	size_t pixels = frame_pixels(f);

	for (size_t i = 0; i < pixels; i++) {
		double share = (alpha_at(image, f, i) - r->low) /
			       (r->high - r->low);
		uint8_t *p = plane->pixel + 3 * i;

		for (int c = 0; c < 3; c++)
			p[c] = clamp(share * p[c] +
				     (1 - share) * (p[c] / 2 + ground[c]));
	}
}

/* The same in three channels; frees plane. */
static struct plane *to_colour(struct plane *plane, struct error *err)
{
	struct plane *out;
	size_t pixels = plane_pixels(plane);

	if (plane->channels == 3)
		return plane;
	out = plane_new(plane->columns, plane->rows, 3, err);
	for (size_t i = 0; out && i < pixels; i++)
		memset(out->pixel + 3 * i, plane->pixel[i], 3);
	plane_free(plane);
	return out;
}

/* ---- public ---- */

/* Without regard to transparency. */
static struct plane *draw(const struct image *image, const struct frame *frame,
			  enum voi_view view, struct error *err)
{
	const struct image_info *info = image_info(image);
	struct plane *plane = plane_new(frame->columns, frame->rows,
					info->colour ? 3 : 1, err);
	struct curve curve;

	if (!plane)
		return NULL;
	if (info->photometric == PHOTOMETRIC_PALETTE) {
		draw_palette(image, frame, plane);
		return plane;
	}
	if (!is_grey(info)) {
		draw_colour(info, frame, plane);
		return plane;
	}
	if (make_curve(image, frame, view, &curve, err) &&
	    draw_grey(frame, &curve, plane, err))
		return plane;
	plane_free(plane);
	return NULL;
}

struct plane *voi_render(const struct image *image, const struct frame *frame,
			 enum voi_view view, struct error *err)
{
	struct plane *plane = draw(image, frame, view, err);
	struct range r;

	if (!plane || view != VOI_FILE || !alpha_varies(image, frame, &r))
		return plane;
	plane = to_colour(plane, err);
	if (plane)
		tint(image, frame, &r, plane);
	return plane;
}

struct plane *voi_render_window(const struct image_info *info,
				const struct frame *frame,
				struct image_window window,
				struct error *err)
{
	struct plane *plane = plane_new(frame->columns, frame->rows, 1, err);
	struct curve curve = base_curve(info);

	curve.window = window;
	curve.has_window = true;
	if (plane && draw_grey(frame, &curve, plane, err))
		return plane;
	plane_free(plane);
	return NULL;
}

/* Grey as stored, first sample of each pixel; or scaled to 16 bits. */
static void serve_grey(const struct frame *in, const struct range *r,
		       struct frame *out)
{
	size_t pixels = frame_pixels(in), step = (size_t)in->samples;
	size_t bytes = frame_sample_size(in->type);
	double span = r->high > r->low ? r->high - r->low : 1;

	for (size_t i = 0; i < pixels; i++) {
		if (is_short(in)) {
			memcpy((char *)out->sample + bytes * i,
			       (const char *)in->sample + bytes * step * i,
			       bytes);
			continue;
		}
		double x = (sample_at(in, i * step) - r->low) / span;

		((uint16_t *)out->sample)[i] =
			x > 0 ? x < 1 ? (uint16_t)(x * UINT16_MAX) :
					UINT16_MAX : 0;
	}
}

static struct frame *serve_rendered(const struct image *image,
				    const struct frame *frame,
				    struct error *err)
{
	struct plane *plane = voi_render(image, frame, VOI_FILE, err);
	struct frame *out = NULL;

	if (plane)
		out = frame_new(frame->columns, frame->rows, SAMPLE_U8,
				plane->channels, err);
	if (out)
		memcpy(out->sample, plane->pixel, frame_bytes(out));
	plane_free(plane);
	return out;
}

bool voi_by_table(const struct image_info *info)
{
	return info->has_voi_lut || info->has_modality_lut;
}

struct frame *voi_servable(const struct image *image,
			   const struct frame *frame, bool *scaled,
			   struct error *err)
{
	const struct image_info *info = image_info(image);
	const struct curve as_stored = { .slope = 1 };
	struct range r = { 0 }, alpha;
	struct frame *out;

	*scaled = false;
	if (!is_grey(info) || voi_by_table(info) ||
	    alpha_varies(image, frame, &alpha))
		return serve_rendered(image, frame, err);
	*scaled = !is_short(frame);
	if (*scaled && !frame_range(info, frame, &as_stored, &r)) {
		error_set(err, ERR_MEMORY, _("no memory for a picture"));
		return NULL;
	}
	out = frame_new(frame->columns, frame->rows,
			*scaled ? SAMPLE_U16 : frame->type, 1, err);
	if (out)
		serve_grey(frame, &r, out);
	return out;
}

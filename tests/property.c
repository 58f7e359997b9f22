/*
 * property.c - what holds for every picture and every set of boxes, on random
 * ones.  The seed is printed; SUMI_SEED sets it, SUMI_ROUNDS how many.
 */
#include "config.h"

#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "image/image.h"
#include "pictures.h"
#include "support.h"

static uint32_t seed;

static long number_from(const char *name, long otherwise)
{
	const char *text = getenv(name);

	return text && *text ? strtol(text, NULL, 10) : otherwise;
}

/* ---- random pictures ---- */

struct picture {
	enum image_format format;
	struct dicom_spec dicom;
	struct png_spec png;
	struct jpeg_spec jpeg;
	int columns, rows, frames;
};

static void random_cells(struct dicom_spec *d, uint32_t *state)
{
	static const struct {
		const char *photometric;
		int samples, allocated;
		bool is_float;
	} forms[] = {
		{ "MONOCHROME2", 1, 8, false },
		{ "MONOCHROME1", 1, 8, false },
		{ "MONOCHROME2", 1, 16, false },
		{ "MONOCHROME1", 1, 16, false },
		{ "MONOCHROME2", 1, 32, false },
		{ "MONOCHROME2", 1, 1, false },
		{ "MONOCHROME2", 1, 32, true },
		{ "MONOCHROME2", 1, 64, true },
		{ "RGB", 3, 8, false }, { "RGB", 3, 16, false },
		{ "YBR_FULL", 3, 8, false },
		{ "YBR_FULL_422", 3, 8, false },
		{ "PALETTE COLOR", 1, 8, false },
	};
	int i = random_below(state, (int)ARRAY_LENGTH(forms));

	d->photometric = forms[i].photometric;
	d->samples = forms[i].samples;
	d->allocated = d->stored = forms[i].allocated;
	d->is_float = forms[i].is_float;
	d->order = (enum dicom_order)random_below(state, 3);
	if (d->samples == 1 && !d->is_float && d->allocated == 16) {
		d->stored = 9 + random_below(state, 8);
		d->is_signed = random_below(state, 2);
		d->stray_bits = random_below(state, 2);
		d->window = random_below(state, 2) ? "40" : NULL;
	}
	d->high = d->stored - 1;
	if (d->stored < d->allocated && !random_below(state, 4))
		d->high = d->allocated - 1;
	if (d->samples == 3 && strcmp(d->photometric, "YBR_FULL_422") != 0)
		d->planar = random_below(state, 2);
	/* pairs of bits and of 32 bits have no order that all agree on */
	if (d->order == DICOM_BIG && (d->allocated == 1 || d->is_float))
		d->order = DICOM_EXPLICIT;
}

static struct picture random_picture(uint32_t *state, enum image_format format)
{
	static const struct { int colour, depth; } forms[] = {
		{ PNG_COLOR_TYPE_GRAY, 1 }, { PNG_COLOR_TYPE_GRAY, 2 },
		{ PNG_COLOR_TYPE_GRAY, 4 }, { PNG_COLOR_TYPE_GRAY, 8 },
		{ PNG_COLOR_TYPE_GRAY, 16 }, { PNG_COLOR_TYPE_RGB, 8 },
		{ PNG_COLOR_TYPE_RGB, 16 }, { PNG_COLOR_TYPE_PALETTE, 1 },
		{ PNG_COLOR_TYPE_PALETTE, 2 }, { PNG_COLOR_TYPE_PALETTE, 4 },
		{ PNG_COLOR_TYPE_GRAY_ALPHA, 8 },
		{ PNG_COLOR_TYPE_GRAY_ALPHA, 16 },
		{ PNG_COLOR_TYPE_RGB_ALPHA, 8 },
		{ PNG_COLOR_TYPE_RGB_ALPHA, 16 },
	};
	static const int sampling[][2] = { { 1, 1 }, { 2, 1 }, { 1, 2 },
					   { 2, 2 }, { 4, 1 } };
	struct picture p = { .format = format,
			     .columns = 2 + 2 * random_below(state, 60),
			     .rows = 1 + random_below(state, 90),
			     .frames = 1 };
	int i = random_below(state, (int)ARRAY_LENGTH(forms));
	const int *s = sampling[random_below(state, 5)];

	switch (format) {
	case IMAGE_DICOM:
		p.frames = 1 + random_below(state, 6);
		p.dicom = (struct dicom_spec){ .columns = p.columns,
			.rows = p.rows, .frames = p.frames };
		random_cells(&p.dicom, state);
		p.dicom.extras = random_below(state, 2);
		break;
	case IMAGE_PNG:
		p.png = (struct png_spec){ p.columns, p.rows, forms[i].depth,
			forms[i].colour, random_below(state, 2),
			random_below(state, 2), random_below(state, 2) };
		break;
	default:
		p.jpeg = (struct jpeg_spec){ .columns = p.columns,
			.rows = p.rows,
			.kind = (enum jpeg_kind)random_below(state, 6),
			.h = 1, .v = 1,
			.quality = 1 + random_below(state, 100),
			.progressive = random_below(state, 2),
			.arithmetic = !random_below(state, 3),
			.restart = random_below(state, 9),
			.extras = random_below(state, 2) };
		if (p.jpeg.kind == JPEG_YCC || p.jpeg.kind == JPEG_YCCK) {
			p.jpeg.h = s[0];
			p.jpeg.v = s[1];
		}
		break;
	}
	return p;
}

static int make_picture(const struct picture *p, const struct noise *noise)
{
	switch (p->format) {
	case IMAGE_DICOM: return make_dicom_picture(&p->dicom, noise);
	case IMAGE_PNG: return make_png(&p->png, noise);
	default: return make_jpeg(&p->jpeg, noise);
	}
}

/* Up to 8 boxes, some of them partly outside. */
static struct box_list random_boxes(struct box box[8], uint32_t *state,
				    const struct picture *p)
{
	struct box_list boxes = { box, 1 + (size_t)random_below(state, 8), 8 };

	for (size_t i = 0; i < boxes.count; i++) {
		int x = random_below(state, p->columns);
		int y = random_below(state, p->rows);
		int w = 1 + random_below(state, p->columns);
		int h = 1 + random_below(state, p->rows);

		one_box(&box[i], (struct region){ x - w / 3, y - h / 3, x + w,
						  y + h }, p->frames);
		box[i].frame0 = random_below(state, p->frames);
		box[i].frame1 = box[i].frame0 +
			random_below(state, p->frames - box[i].frame0);
		/* smaller ones too */
		if (random_below(state, 2)) {
			box[i].region.x1 = x + 1 + random_below(state, 9);
			box[i].region.y1 = y + 1 + random_below(state, 9);
		}
	}
	return boxes;
}

/* ---- properties ---- */

static bool covered(const struct image_info *info,
		    const struct box_list *boxes, int frame, int x, int y)
{
	for (size_t i = 0; i < boxes->count; i++)
		if (boxes->box[i].frame0 <= frame &&
		    boxes->box[i].frame1 >= frame &&
		    region_hit(mask_grown(info, boxes->box[i].region, NULL),
			       x, y))
			return true;
	return false;
}

/*
 * Inside all fill, outside equal: by the readers alone, without verify.
 * PNG colours under alpha 0 may change: only opaque ones are compared there.
 */
static void check_samples(int in, int out, const struct box_list *boxes,
			  const struct mask_report *report)
{
	struct image *a = image_open(in, NULL), *b = image_open(out, NULL);
	const struct image_info *info = image_info(a);
	bool png = info->format == IMAGE_PNG;

	for (int n = 0; n < info->frames; n++) {
		struct frame *f = image_frame(a, n, NULL);
		struct frame *g = image_frame(b, n, NULL);
		size_t size = frame_sample_size(f->type);
		size_t pixel = size * (size_t)f->samples;
		const unsigned char *p = f->sample, *q = g->sample;

		for (int y = 0; y < f->rows; y++)
			for (int x = 0; x < f->columns; x++) {
				bool in_mask = covered(info, boxes, n, x, y);
				bool differ = memcmp(p, q, pixel) != 0;

				if (in_mask && info->type == SAMPLE_U8)
					for (int s = 0; s < f->samples; s++)
						ck_assert_int_eq(q[s],
							report->fill[s]);
				if (!in_mask && differ)
					ck_assert(png && info->has_alpha);
				p += pixel;
				q += pixel;
			}
		frame_free(f);
		frame_free(g);
	}
	image_close(a);
	image_close(b);
}

/* Masking the masked copy again changes no sample and drops nothing more. */
static void check_idempotent(int out, const struct box_list *boxes)
{
	struct mask_report again;
	int twice = mask_and_verify(out, boxes, &again);
	struct image *a = image_open(out, NULL), *b = image_open(twice, NULL);

	ck_assert_uint_eq(again.dropped & ~(unsigned)DROPPED_EXIF, 0);
	for (int n = 0; n < image_info(a)->frames; n++) {
		struct frame *f = image_frame(a, n, NULL);
		struct frame *g = image_frame(b, n, NULL);

		ck_assert_mem_eq(f->sample, g->sample, frame_bytes(f));
		frame_free(f);
		frame_free(g);
	}
	image_close(a);
	image_close(b);
	close(twice);
}

/*
 * Twins differ under one mask and nowhere else: their copies are the same
 * bytes, so nothing that was under it can be in them.
 */
static void check_twins(const struct picture *p, struct noise noise,
			struct box_list *boxes)
{
	struct mask_report report;
	int in = make_picture(p, &noise), one, two;
	struct image *image = image_open(in, NULL);

	boxes->box[0].frame0 = 0;
	boxes->box[0].frame1 = p->frames - 1;
	/* whole MCUs: then no block outside holds a pixel of the twin */
	noise.twin = mask_grown(image_info(image), boxes->box[0].region, NULL);
	one = mask_and_verify(in, boxes, &report);
	close(in);
	noise.twin_seed = noise.seed ^ 0x5bd1e995;
	in = make_picture(p, &noise);
	two = mask_and_verify(in, boxes, &report);
	ck_assert(same_files(one, two));
	image_close(image);
	close(in);
	close(one);
	close(two);
}

static void check_round(enum image_format format, uint32_t state)
{
	struct picture p = random_picture(&state, format);
	struct noise noise = { .seed = random_next(&state) };
	struct box box[8];
	struct box_list boxes = random_boxes(box, &state, &p);
	struct mask_report report;
	int in = make_picture(&p, &noise);
	int out = mask_and_verify(in, &boxes, &report);

	check_samples(in, out, &boxes, &report);
	check_idempotent(out, &boxes);
	check_twins(&p, noise, &boxes);
	close(in);
	close(out);
}

START_TEST(test_properties)
{
	long rounds = number_from("SUMI_ROUNDS",
				  number_from("SUMI_LONG", 0) ? 1000 : 60);

	for (long i = 0; i < rounds; i++) {
		uint32_t state = (seed + (uint32_t)i) * 2654435761u | 1;

		/* the last line names the round that failed */
		if (i % 10 == 0 || rounds == 1)
			fprintf(stderr, "%s from SUMI_SEED=%u\n",
				image_format_name[_i],
				(unsigned)(seed + (uint32_t)i));
		check_round((enum image_format)_i, state);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("property");
	TCase *tcase = tcase_create("property");

	image_warm_up(NULL);            /* silences DCMTK */
	seed = (uint32_t)number_from("SUMI_SEED", (long)time(NULL));
	tcase_set_timeout(tcase, 600);
	tcase_add_loop_test(tcase, test_properties, 0, IMAGE_FORMATS);
	suite_add_tcase(suite, tcase);
	return support_run(suite);
}

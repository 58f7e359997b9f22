/* jpeg_fill.c - the MCUs under the boxes, and what black is. */
#include "config.h"

#include "mask/jpeg_fill.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"

/*
 * Black by colour.  Adobe stores CMYK inverted, so that 0 is full ink; there
 * the Y of YCCK stands for red, green and blue turned once more (libjpeg-turbo,
 * jdcolor.c).
 */
static const struct {
	enum jpeg_colour colour;
	bool adobe;                     /* row holds with this marker only */
	enum jpeg_level level[JPEG_PARTS_COMPONENTS];
} blacks[] = {
	{ JPEG_IS_RGB, false, { JPEG_LOW, JPEG_LOW, JPEG_LOW } },
	{ JPEG_IS_YCC, false, { JPEG_LOW, JPEG_MIDDLE, JPEG_MIDDLE } },
	{ JPEG_IS_CMYK, true, { JPEG_LOW, JPEG_LOW, JPEG_LOW, JPEG_LOW } },
	{ JPEG_IS_CMYK, false,
	  { JPEG_HIGH, JPEG_HIGH, JPEG_HIGH, JPEG_HIGH } },
	{ JPEG_IS_YCCK, true,
	  { JPEG_HIGH, JPEG_MIDDLE, JPEG_MIDDLE, JPEG_LOW } },
	{ JPEG_IS_YCCK, false,
	  { JPEG_LOW, JPEG_MIDDLE, JPEG_MIDDLE, JPEG_HIGH } },
};

static void find_levels(struct jpeg_fill *fill, const struct jpeg_parts *parts,
			enum jpeg_level grey)
{
	fill->level[0] = grey;
	for (size_t i = 0; i < sizeof(blacks) / sizeof(blacks[0]); i++) {
		if (blacks[i].colour == parts->colour &&
		    (!blacks[i].adobe || parts->adobe)) {
			memcpy(fill->level, blacks[i].level,
			       sizeof(fill->level));
			return;
		}
	}
}

/* Grown to whole MCUs. */
static void add_region(struct jpeg_fill *fill, struct region r)
{
	const struct jpeg_frame *f = fill->frame;

	r = region_clip(r, f->columns, f->rows);
	if (region_empty(r))
		return;
	r = region_snap(r, f->mcu_width, f->mcu_height);
	for (int y = r.y0 / f->mcu_height; y < r.y1 / f->mcu_height; y++)
		memset(fill->mask + (size_t)y * (size_t)f->mcu_columns +
		       r.x0 / f->mcu_width, 1,
		       (size_t)((r.x1 - r.x0) / f->mcu_width));
}

bool jpeg_fill_init(struct jpeg_fill *fill, const struct jpeg_parts *parts,
		    const struct jpeg_wipe *how, struct error *err)
{
	const struct jpeg_frame *f = &parts->frame;
	size_t mcus = (size_t)f->mcu_columns * (size_t)f->mcu_rows;

	*fill = (struct jpeg_fill){ .frame = f };
	find_levels(fill, parts, how->level);
	fill->mask = mem_array(mcus, 1);
	if (!fill->mask)
		return error_set(err, ERR_MEMORY, _("no memory for a JPEG"));
	for (size_t i = 0; i < how->regions; i++)
		add_region(fill, how->region[i]);
	for (size_t i = 0; i < mcus; i++)
		fill->masked += fill->mask[i];
	return true;
}

void jpeg_fill_done(struct jpeg_fill *fill)
{
	free(fill->mask);
	fill->mask = NULL;
}

int jpeg_fill_dc(const struct jpeg_fill *fill, int component, int quantiser)
{
	int half = 1 << (fill->frame->precision - 1);
	enum jpeg_level level = fill->level[component];
	int full = 8 * (level == JPEG_HIGH ? half - 1 : half);
	int steps = (full + quantiser - 1) / quantiser;

	return level == JPEG_MIDDLE ? 0 : level == JPEG_LOW ? -steps : steps;
}

/* The MCU of the picture in which an MCU of the scan lies. */
static size_t place_of(const struct jpeg_frame *f,
		       const struct jpeg_scan *scan, size_t mcu)
{
	int index = scan->component[0].index;
	size_t columns = (size_t)f->component[index].block_columns;
	size_t h = (size_t)f->component[index].h;
	size_t v = (size_t)f->component[index].v;

	/* a scan of one component goes block by block (T.81 A.2.2) */
	if (scan->components > 1)
		return mcu;
	return mcu / columns / v * (size_t)f->mcu_columns + mcu % columns / h;
}

bool jpeg_fill_masked(const struct jpeg_fill *fill,
		      const struct jpeg_scan *scan, size_t mcu)
{
	return fill->mask[place_of(fill->frame, scan, mcu)];
}

size_t jpeg_fill_end(const struct jpeg_fill *fill,
		     const struct jpeg_scan *scan, size_t begin, size_t end)
{
	while (end > begin && !jpeg_fill_masked(fill, scan, end - 1))
		end--;
	return end;
}

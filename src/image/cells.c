/* cells.c - pixel cells as DICOM stores them to a frame of stored values. */
#include "config.h"

#include "image/cells.h"

#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"

static const uint16_t one = 1;

static bool host_is_big(void)
{
	uint8_t first;

	memcpy(&first, &one, 1);
	return first == 0;
}

static size_t pixel_count(const struct cell_form *form)
{
	return (size_t)form->rows * (size_t)form->columns;
}

static size_t cell_count(const struct cell_form *form)
{
	size_t pixels = pixel_count(form);

	return form->ybr_422 ? pixels * 2 : pixels * (size_t)form->samples;
}

size_t cells_bytes(const struct cell_form *form)
{
	size_t bits;

	if (!mem_mul(cell_count(form), (size_t)form->allocated, &bits) ||
	    bits > SIZE_MAX - 16)
		return 0;
	return (bits + (size_t)form->first_bit + 7) / 8;
}

enum sample_type cells_type(const struct cell_form *form)
{
	if (form->is_float)
		return form->allocated == 64 ? SAMPLE_F64 : SAMPLE_F32;
	if (form->allocated <= 8 && !form->is_signed)
		return SAMPLE_U8;
	if (form->allocated <= 16)
		return form->is_signed ? SAMPLE_S16 : SAMPLE_U16;
	return form->is_signed ? SAMPLE_S32 : SAMPLE_U32;
}

bool cells_plain(const struct cell_form *form)
{
	bool order = form->allocated == 8 ||
		     form->big_endian == host_is_big();
	bool whole = form->is_float || (form->stored == form->allocated &&
					form->high_bit == form->stored - 1);

	return order && whole && !form->ybr_422 && form->allocated > 1 &&
	       (!form->planar || form->samples == 1) &&
	       (size_t)form->allocated / 8 ==
		       frame_sample_size(cells_type(form));
}

/* Where the cell of sample s of pixel p stands among the cells. */
static size_t cell_index(const struct cell_form *form, size_t p, int s)
{
	if (form->ybr_422)
		return p / 2 * 4 + (s == 0 ? p % 2 : (size_t)s + 1);
	if (form->planar)
		return (size_t)s * pixel_count(form) + p;
	return p * (size_t)form->samples + (size_t)s;
}

static uint64_t cell_get(const struct cell_form *form, const uint8_t *cells,
			 size_t index)
{
	size_t width = (size_t)form->allocated / 8;
	uint64_t value = 0;

	if (form->allocated == 1) {
		index += (size_t)form->first_bit;
		return cells[index / 8] >> (index % 8) & 1;
	}
	if (width == 1)
		return cells[index];
	cells += index * width;
	if (width == 2)
		return form->big_endian ? (unsigned)cells[0] << 8 | cells[1] :
					  (unsigned)cells[1] << 8 | cells[0];
	for (size_t i = 0; i < width; i++)
		value = value << 8 |
			cells[form->big_endian ? i : width - 1 - i];
	return value;
}

static uint64_t low_bits(int count)
{
	return count >= 64 ? UINT64_MAX : (UINT64_C(1) << count) - 1;
}

static int64_t stored_value(const struct cell_form *form, uint64_t cell)
{
	uint64_t value = cell >> (form->high_bit + 1 - form->stored);
	uint64_t sign = UINT64_C(1) << (form->stored - 1);

	value &= low_bits(form->stored);
	if (form->is_signed && value & sign)
		return (int64_t)value - (int64_t)sign - (int64_t)sign;
	return (int64_t)value;
}

static void sample_put(struct frame *f, size_t index, int64_t value)
{
	switch (f->type) {
	case SAMPLE_U8:
		((uint8_t *)f->sample)[index] = (uint8_t)value;
		break;
	case SAMPLE_U16:
		((uint16_t *)f->sample)[index] = (uint16_t)value;
		break;
	case SAMPLE_S16:
		((int16_t *)f->sample)[index] = (int16_t)value;
		break;
	case SAMPLE_U32:
		((uint32_t *)f->sample)[index] = (uint32_t)value;
		break;
	default:
		((int32_t *)f->sample)[index] = (int32_t)value;
		break;
	}
}

/* Floats keep their bits; they have no stored bits to pick out. */
static void float_put(struct frame *f, size_t index, uint64_t bits)
{
	uint32_t narrow = (uint32_t)bits;

	if (f->type == SAMPLE_F32)
		memcpy((float *)f->sample + index, &narrow, sizeof(narrow));
	else
		memcpy((double *)f->sample + index, &bits, sizeof(bits));
}

/* The common form, 16 bits in the order of files, has loops of its own. */
static bool is_short(const struct cell_form *form, const struct frame *f)
{
	return form->allocated == 16 && !form->is_float && !form->big_endian &&
	       !form->ybr_422 && (!form->planar || form->samples == 1) &&
	       (f->type == SAMPLE_U16 || f->type == SAMPLE_S16);
}

/* Two's complement in 16 bits is the same for both types of sample. */
static void shorts_to_frame(const struct cell_form *form, const uint8_t *cells,
			    struct frame *f)
{
	size_t count = cell_count(form);
	int low = form->high_bit + 1 - form->stored;
	unsigned mask = (unsigned)low_bits(form->stored);
	unsigned sign = form->is_signed ? 1U << (form->stored - 1) : 0;
	uint16_t *out = f->sample;

	for (size_t i = 0; i < count; i++, cells += 2) {
		unsigned cell = (unsigned)cells[1] << 8 | cells[0];

		out[i] = (uint16_t)(((cell >> low & mask) ^ sign) - sign);
	}
}

static void shorts_from_frame(const struct cell_form *form,
			      const struct frame *f, uint64_t mask,
			      uint8_t *cells)
{
	size_t count = cell_count(form);
	int low = form->high_bit + 1 - form->stored;
	const uint16_t *in = f->sample;

	for (size_t i = 0; i < count; i++, cells += 2) {
		unsigned cell = (unsigned)in[i] << low & (unsigned)mask;

		cells[0] = (uint8_t)cell;
		cells[1] = (uint8_t)(cell >> 8);
	}
}

struct frame *cells_to_frame(const struct cell_form *form,
			     const uint8_t *cells, struct error *err)
{
	struct frame *f = frame_unset(form->columns, form->rows,
				      cells_type(form), form->samples, err);
	size_t pixels = pixel_count(form), out = 0;

	if (!f)
		return NULL;
	if (cells_plain(form)) {
		memcpy(f->sample, cells, frame_bytes(f));
		return f;
	}
	if (is_short(form, f)) {
		shorts_to_frame(form, cells, f);
		return f;
	}
	for (size_t p = 0; p < pixels; p++)
		for (int s = 0; s < form->samples; s++, out++) {
			size_t index = cell_index(form, p, s);
			uint64_t cell = cell_get(form, cells, index);

			if (form->is_float)
				float_put(f, out, cell);
			else
				sample_put(f, out, stored_value(form, cell));
		}
	return f;
}

/* The stored value or, of a float, the bits of a sample. */
static uint64_t sample_get(const struct frame *f, size_t index)
{
	uint32_t narrow;
	uint64_t wide;

	switch (f->type) {
	case SAMPLE_U8:
		return ((const uint8_t *)f->sample)[index];
	case SAMPLE_U16:
		return ((const uint16_t *)f->sample)[index];
	case SAMPLE_S16:
		return (uint64_t)((const int16_t *)f->sample)[index];
	case SAMPLE_S32:
		return (uint64_t)((const int32_t *)f->sample)[index];
	case SAMPLE_F64:
		memcpy(&wide, (const double *)f->sample + index, sizeof(wide));
		return wide;
	default:
		memcpy(&narrow, (const uint32_t *)f->sample + index,
		       sizeof(narrow));
		return narrow;
	}
}

/* Cells are interleaved, least significant byte first; zero as yet. */
static void cell_put(const struct cell_form *form, uint8_t *cells,
		     size_t index, uint64_t cell)
{
	size_t width = (size_t)form->allocated / 8;

	if (form->allocated == 1) {
		index += (size_t)form->first_bit;
		cells[index / 8] |= (uint8_t)((cell & 1) << index % 8);
		return;
	}
	for (size_t i = 0; i < width; i++)
		cells[index * width + i] = (uint8_t)(cell >> 8 * i);
}

static bool is_of_form(const struct frame *f, const struct cell_form *form)
{
	return f->columns == form->columns && f->rows == form->rows &&
	       f->samples == form->samples && f->type == cells_type(form) &&
	       !(form->ybr_422 && f->columns % 2);
}

uint8_t *cells_from_frame(const struct cell_form *form, const struct frame *f,
			  bool extend, struct error *err)
{
	struct cell_form out = *form;
	size_t pixels = pixel_count(form), next = 0;
	int low = form->is_float ? 0 : form->high_bit + 1 - form->stored;
	int top = form->is_float || (form->is_signed && extend) ?
		form->allocated : form->high_bit + 1;
	uint64_t mask = low_bits(top) & ~low_bits(low);
	uint8_t *cells;

	out.planar = out.big_endian = false;
	if (!is_of_form(f, form)) {
		error_set(err, ERR_INTERNAL, _("a frame of another form"));
		return NULL;
	}
	cells = mem_array(cells_bytes(form), 1);
	if (!cells) {
		error_set(err, ERR_MEMORY, _("no memory for a picture"));
		return NULL;
	}
	if (cells_plain(&out)) {
		memcpy(cells, f->sample, frame_bytes(f));
		return cells;
	}
	if (is_short(&out, f)) {
		shorts_from_frame(&out, f, mask, cells);
		return cells;
	}
	for (size_t p = 0; p < pixels; p++)
		for (int s = 0; s < form->samples; s++, next++)
			cell_put(&out, cells, cell_index(&out, p, s),
				 sample_get(f, next) << low & mask);
	return cells;
}

/* Is anything outside the stored bits but copies of the sign? */
static bool has_unused(const struct cell_form *form, uint64_t cell)
{
	int low = form->high_bit + 1 - form->stored;
	uint64_t above = cell >> form->high_bit >> 1;
	uint64_t ones = low_bits(form->allocated - form->high_bit - 1);

	if (cell & low_bits(low))
		return true;
	if (form->is_signed && cell >> form->high_bit & 1 && above == ones)
		return false;
	return above != 0;
}

bool cells_unused_bits(const struct cell_form *form, const uint8_t *cells,
		       uint8_t *plane)
{
	size_t pixels = pixel_count(form);
	bool any = false;

	memset(plane, 0, pixels);
	if (form->is_float || form->stored == form->allocated)
		return false;
	for (size_t p = 0; p < pixels; p++)
		for (int s = 0; s < form->samples; s++) {
			size_t index = cell_index(form, p, s);

			if (!has_unused(form, cell_get(form, cells, index)))
				continue;
			plane[p] = 255;
			any = true;
		}
	return any;
}

void cells_bit_plane(const struct cell_form *form, const uint8_t *cells,
		     int bit, uint8_t *plane)
{
	size_t pixels = pixel_count(form);

	for (size_t p = 0; p < pixels; p++) {
		uint64_t cell = cell_get(form, cells, cell_index(form, p, 0));

		plane[p] = cell >> bit & 1 ? 255 : 0;
	}
}

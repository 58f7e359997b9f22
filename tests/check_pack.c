/* check_pack.c - cells of a frame and back, RLE and deflate and back. */
#include "config.h"

#include "image/pack.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "image/unpack.h"
#include "tests/pictures.h"
#include "tests/support.h"

/* ---- cells ---- */

static const struct cell_form forms[] = {
	{ .allocated = 1, .stored = 1, .high_bit = 0, .samples = 1 },
	{ .allocated = 1, .stored = 1, .high_bit = 0, .samples = 1,
	  .first_bit = 5 },
	{ .allocated = 8, .stored = 8, .high_bit = 7, .samples = 1 },
	{ .allocated = 8, .stored = 8, .high_bit = 7, .samples = 3 },
	{ .allocated = 8, .stored = 8, .high_bit = 7, .samples = 3,
	  .ybr_422 = true },
	{ .allocated = 8, .stored = 7, .high_bit = 7, .samples = 1,
	  .is_signed = true },
	{ .allocated = 8, .stored = 5, .high_bit = 6, .samples = 1,
	  .is_signed = true },
	{ .allocated = 16, .stored = 16, .high_bit = 15, .samples = 1 },
	{ .allocated = 16, .stored = 12, .high_bit = 11, .samples = 1 },
	{ .allocated = 16, .stored = 10, .high_bit = 12, .samples = 3,
	  .is_signed = true },
	{ .allocated = 16, .stored = 16, .high_bit = 15, .samples = 1,
	  .is_signed = true },
	{ .allocated = 32, .stored = 32, .high_bit = 31, .samples = 1 },
	{ .allocated = 32, .stored = 24, .high_bit = 29, .samples = 3,
	  .is_signed = true },
	{ .allocated = 32, .stored = 32, .high_bit = 31, .samples = 1,
	  .is_float = true },
	{ .allocated = 64, .stored = 64, .high_bit = 63, .samples = 1,
	  .is_float = true },
};

static const int sides[][2] = { { 2, 1 }, { 8, 3 }, { 34, 9 }, { 130, 7 } };

/* Random cells without a bit outside the stored ones, but for the sign. */
static uint8_t *clean_cells(const struct cell_form *form, uint32_t *seed,
			    bool extend)
{
	size_t bytes = cells_bytes(form);
	size_t width = (size_t)form->allocated / 8;
	uint8_t *cells = mem_array(bytes, 1);
	int low = form->high_bit + 1 - form->stored;

	ck_assert_ptr_nonnull(cells);
	for (size_t i = 0; i < bytes; i++)
		cells[i] = (uint8_t)random_next(seed);
	if (form->allocated == 1) {
		size_t bits = (size_t)(form->rows * form->columns +
				       form->first_bit);

		cells[0] &= (uint8_t)(0xff << form->first_bit);
		if (bits % 8)
			cells[bytes - 1] &= (uint8_t)((1 << bits % 8) - 1);
		return cells;
	}
	for (size_t i = 0; !form->is_float && i + width <= bytes; i += width) {
		uint64_t cell = 0;

		for (size_t k = 0; k < width; k++)
			cell |= (uint64_t)cells[i + k] << 8 * k;
		bool minus = form->is_signed && cell >> form->high_bit & 1;

		cell &= (UINT64_C(2) << form->high_bit) - 1;
		cell &= ~((UINT64_C(1) << low) - 1);
		if (minus && extend)
			cell |= ~((UINT64_C(2) << form->high_bit) - 1);
		for (size_t k = 0; k < width; k++)
			cells[i + k] = (uint8_t)(cell >> 8 * k);
	}
	return cells;
}

static struct cell_form sized(const struct cell_form *form, int i)
{
	struct cell_form out = *form;

	out.columns = sides[i][0];
	out.rows = sides[i][1];
	return out;
}

/* Cells -> frame -> cells changes nothing. */
START_TEST(cells_and_back)
{
	uint32_t seed = 20260 + (uint32_t)_i;

	for (int i = 0; i < (int)ARRAY_LENGTH(sides) * 2; i++) {
		struct cell_form form = sized(&forms[_i], i / 2);
		uint8_t *cells = clean_cells(&form, &seed, i % 2);
		struct error err = { 0 };
		struct frame *f = cells_to_frame(&form, cells, &err);
		uint8_t *back = cells_from_frame(&form, f, i % 2, &err);

		ck_assert_str_eq(err.text, "");
		ck_assert_mem_eq(back, cells, cells_bytes(&form));
		free(back);
		/* planes and the other byte order are for reading only */
		form.big_endian = true;
		back = cells_from_frame(&form, f, i % 2, &err);
		ck_assert_mem_eq(back, cells, cells_bytes(&form));
		free(back);
		frame_free(f);
		free(cells);
	}
}
END_TEST

/* Bits outside the stored ones do not come back. */
START_TEST(cells_lose_the_rest)
{
	struct cell_form form = { .columns = 2, .rows = 1, .samples = 1,
				  .allocated = 16, .stored = 10,
				  .high_bit = 11, .is_signed = true };
	static const uint8_t dirty[] = { 0xff, 0x7f, 0x05, 0xf2 };
	static const uint8_t cut[] = { 0xfc, 0x0f, 0x04, 0x02 };
	static const uint8_t extended[] = { 0xfc, 0xff, 0x04, 0x02 };
	struct error err = { 0 };
	struct frame *f = cells_to_frame(&form, dirty, &err);
	uint8_t *cells = cells_from_frame(&form, f, false, &err);

	ck_assert_mem_eq(cells, cut, sizeof(cut));
	free(cells);
	cells = cells_from_frame(&form, f, true, &err);
	ck_assert_mem_eq(cells, extended, sizeof(extended));
	free(cells);
	form.is_signed = false;
	ck_assert_ptr_null(cells_from_frame(&form, f, true, &err));
	ck_assert_int_eq(err.code, ERR_INTERNAL);
	frame_free(f);
}
END_TEST

/* ---- RLE ---- */

enum fill { NOISE, FLAT, RUNS, PAIRS, FILLS };

/*
 * Bytes that pack badly or well: noise, one value, runs of random length, or
 * runs of two (the worst for records of two bytes a run).
 */
static void fill_bytes(uint8_t *out, size_t count, enum fill fill,
		       uint32_t *seed)
{
	for (size_t i = 0; i < count;) {
		size_t n = fill == NOISE ? 1 : fill == FLAT ? count :
			   fill == PAIRS ? 2 :
			   1 + (size_t)random_below(seed, 300);
		uint8_t value = (uint8_t)random_next(seed);

		while (n-- > 0 && i < count)
			out[i++] = value;
	}
}

static const struct cell_form rle_forms[] = {
	{ .allocated = 1, .stored = 1, .samples = 1 },
	{ .allocated = 8, .stored = 8, .high_bit = 7, .samples = 1 },
	{ .allocated = 8, .stored = 8, .high_bit = 7, .samples = 3 },
	{ .allocated = 16, .stored = 16, .high_bit = 15, .samples = 1 },
	{ .allocated = 16, .stored = 12, .high_bit = 11, .samples = 3 },
	{ .allocated = 32, .stored = 32, .high_bit = 31, .samples = 1 },
	{ .allocated = 32, .stored = 32, .high_bit = 31, .samples = 3 },
};

static uint32_t get_u32(const uint8_t *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	       (uint32_t)p[3] << 24;
}

/* Header and segments as PS3.5 G.5 wants them. */
static void check_segments(const uint8_t *packed, size_t length,
			   uint32_t count)
{
	ck_assert_uint_eq(length % 2, 0);
	ck_assert_uint_eq(get_u32(packed), count);
	ck_assert_uint_eq(get_u32(packed + 4), 64);
	for (uint32_t i = 1; i < 15; i++) {
		uint32_t offset = get_u32(packed + 4 + 4 * i);

		ck_assert_uint_eq(offset % 2, 0);
		if (i >= count)
			ck_assert_uint_eq(offset, 0);
		else
			ck_assert_uint_gt(offset, get_u32(packed + 4 * i));
	}
}

/*
 * No record crosses the end of a row (PS3.5 G.3.1), and noise grows by no more
 * than one byte in 128, begun.
 */
static void check_rows(const uint8_t *in, const uint8_t *end, size_t rows,
		       size_t row)
{
	for (size_t y = 0; y < rows; y++) {
		const uint8_t *start = in;
		size_t done = 0;

		while (done < row) {
			size_t n = *in > 128 ? 257U - *in : *in + 1U;

			ck_assert_uint_ne(*in, 128);
			in += *in > 128 ? 2 : 1 + n;
			done += n;
		}
		ck_assert_uint_eq(done, row);
		ck_assert_int_le(in - start, (long)(row + (row + 127) / 128));
	}
	ck_assert_int_le(end - in, 1);
}

static void check_rle(const struct cell_form *form, enum fill fill,
		      uint32_t *seed)
{
	size_t bytes = cells_bytes(form), length = 0;
	uint8_t *cells = mem_array(bytes, 1), *packed, *back;
	uint32_t count = form->allocated == 1 ? 1 :
			 (uint32_t)(form->allocated / 8 * form->samples);
	struct error err = { 0 };

	fill_bytes(cells, bytes, fill, seed);
	packed = pack_rle(form, cells, &length, &err);
	ck_assert_ptr_nonnull(packed);
	check_segments(packed, length, count);
	for (uint32_t i = 0; form->allocated > 1 && i < count; i++)
		check_rows(packed + get_u32(packed + 4 + 4 * i),
			   i + 1 < count ? packed + get_u32(packed + 8 + 4 * i)
					 : packed + length,
			   (size_t)form->rows, (size_t)form->columns);
	back = unpack_rle(form, packed, length, &err);
	ck_assert_str_eq(err.text, "");
	ck_assert_mem_eq(back, cells, bytes);
	free(back);
	free(packed);
	free(cells);
}

START_TEST(rle_and_back)
{
	static const int size[][2] = { { 1, 1 }, { 3, 2 }, { 127, 3 },
				       { 128, 2 }, { 129, 3 }, { 200, 17 },
				       { 1024, 5 } };
	uint32_t seed = 977 + (uint32_t)_i;

	for (size_t i = 0; i < ARRAY_LENGTH(size); i++)
		for (enum fill fill = NOISE; fill < FILLS; fill++) {
			struct cell_form form = rle_forms[_i];

			form.columns = size[i][0];
			form.rows = size[i][1];
			check_rle(&form, fill, &seed);
		}
}
END_TEST

/* The example of a stream known by heart: what each record is. */
START_TEST(rle_records)
{
	static const uint8_t cells[] = { 7, 7, 7, 1, 2, 2, 3, 9, 9, 9, 9, 5 };
	static const uint8_t records[] = { 254, 7, 3, 1, 2, 2, 3, 253, 9, 0,
					   5, 0 };
	struct cell_form form = { .columns = 12, .rows = 1, .samples = 1,
				  .allocated = 8, .stored = 8, .high_bit = 7 };
	struct error err = { 0 };
	size_t length = 0;
	uint8_t *packed = pack_rle(&form, cells, &length, &err);

	ck_assert_uint_eq(length, 64 + sizeof(records));
	ck_assert_mem_eq(packed + 64, records, sizeof(records));
	free(packed);
	form.samples = 4;
	form.columns = 3;
	form.allocated = 32;
	ck_assert_ptr_null(pack_rle(&form, cells, &length, &err));
	ck_assert_int_eq(err.code, ERR_INTERNAL);
}
END_TEST

/* ---- deflate ---- */

START_TEST(deflate_and_back)
{
	static const size_t counts[] = { 1, 2, 3, 100, 32768, 100001 };
	uint32_t seed = 31337;

	for (size_t i = 0; i < ARRAY_LENGTH(counts); i++) {
		struct error err = { 0 };
		size_t length = 0;
		uint8_t *cells = mem_array(counts[i], 1), *packed, *back;

		fill_bytes(cells, counts[i], (enum fill)_i, &seed);
		packed = pack_deflate(cells, counts[i], &length, &err);
		ck_assert_ptr_nonnull(packed);
		ck_assert_uint_eq(length % 2, 0);
		back = unpack_deflate(packed, length, counts[i], &err);
		ck_assert_str_eq(err.text, "");
		ck_assert_mem_eq(back, cells, counts[i]);
		free(back);
		free(packed);
		free(cells);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("pack");
	TCase *tcase = tcase_create("pack");

	add_rows_test(tcase, cells_and_back, forms);
	tcase_add_test(tcase, cells_lose_the_rest);
	add_rows_test(tcase, rle_and_back, rle_forms);
	tcase_add_test(tcase, rle_records);
	tcase_add_loop_test(tcase, deflate_and_back, 0, FILLS);
	suite_add_tcase(suite, tcase);
	return support_run(suite);
}

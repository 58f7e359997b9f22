/* check_j2k.c - JPEG 2000 written, read back, and what its headers say. */
#include "config.h"

#include "image/format_j2k.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "image/j2k_stream.h"
#include "tests/pictures.h"
#include "tests/streams.h"
#include "tests/support.h"

/* ---- round trips ---- */

static size_t form_bytes(const struct j2k_form *form)
{
	return (size_t)form->columns * (size_t)form->rows *
	       (size_t)form->components * (size_t)form->allocated / 8;
}

/* Noise over all values of the precision; the worst for a coder. */
static uint8_t *noise_cells(const struct j2k_form *form, uint32_t *seed)
{
	size_t width = (size_t)form->allocated / 8;
	uint8_t *cells = mem_array(form_bytes(form), 1);

	ck_assert_ptr_nonnull(cells);
	for (size_t i = 0; i < form_bytes(form); i += width) {
		uint32_t mask = UINT32_MAX >> (32 - form->precision);
		uint32_t value = random_next(seed) & mask;

		/* both ends, too */
		if (random_below(seed, 8) == 0)
			value = random_below(seed, 2) ? mask : mask / 2;
		if (form->is_signed && value > mask / 2)
			value |= ~mask;
		for (size_t k = 0; k < width; k++)
			cells[i + k] = (uint8_t)(value >> 8 * k);
	}
	return cells;
}

/* Encode, check the head and decode: the same cells. */
static void check_form(const struct j2k_form *form, uint32_t *seed)
{
	uint8_t *cells = noise_cells(form, seed), *stream, *back;
	struct error err = { 0 };
	struct j2k_head head;
	size_t length = 0;

	stream = j2k_encode(form, cells, &length, &err);
	ck_assert_str_eq(err.text, "");
	ck_assert(j2k_head_read(stream, length, &head, &err));
	ck_assert_int_eq(head.columns, form->columns);
	ck_assert_int_eq(head.rows, form->rows);
	ck_assert_int_eq(head.components, form->components);
	ck_assert_int_eq(head.precision, form->precision);
	ck_assert_int_eq(head.is_signed, form->is_signed);
	ck_assert_int_eq(head.colour_transform, form->colour_transform);
	ck_assert(head.uniform && head.reversible);
	ck_assert(!head.high_throughput && !head.wrapped);
	back = j2k_decode(stream, length, form->allocated, &err);
	ck_assert_str_eq(err.text, "");
	ck_assert_mem_eq(back, cells, form_bytes(form));
	free(back);
	free(stream);
	free(cells);
}

START_TEST(precisions)
{
	static const int components[] = { 1, 3, 3, 4 };
	uint32_t seed = 4711 + (uint32_t)_i;

	for (int i = 0; i < 8; i++) {
		struct j2k_form form = {
			.columns = 37, .rows = 29, .precision = _i,
			.components = components[i / 2],
			.allocated = _i <= 8 ? 8 : _i <= 16 ? 16 : 32,
			.is_signed = i % 2, .colour_transform = i / 2 == 2,
		};

		check_form(&form, &seed);
	}
}
END_TEST

static const int sizes[][2] = { { 1, 1 }, { 3, 2 }, { 2, 3 }, { 1, 64 },
				{ 65535, 1 }, { 1, 65535 }, { 130, 3 },
				{ 257, 129 } };

START_TEST(sizes_and_back)
{
	struct j2k_form form = { .columns = sizes[_i][0],
				 .rows = sizes[_i][1], .precision = 12,
				 .components = 1, .allocated = 16 };
	uint32_t seed = 99;

	check_form(&form, &seed);
	form.components = 3;
	form.precision = form.allocated = 8;
	form.colour_transform = true;
	check_form(&form, &seed);
}
END_TEST

/* No comment, and the same bytes each time. */
START_TEST(nothing_but_the_picture)
{
	struct j2k_form form = { .columns = 200, .rows = 100,
				 .precision = 10, .components = 1,
				 .allocated = 16 };
	uint32_t seed = 5;
	uint8_t *cells = noise_cells(&form, &seed), *first, *second;
	struct j2k_walk walk = { 0 };
	struct error err = { 0 };
	size_t length = 0, again = 0;
	int parts = 0;

	first = j2k_encode(&form, cells, &length, &err);
	second = j2k_encode(&form, cells, &again, &err);
	ck_assert_uint_eq(length, again);
	ck_assert_mem_eq(first, second, length);
	walk.data = first;
	walk.length = length;
	while (j2k_walk_next(&walk)) {
		ck_assert_int_ne(walk.marker, J2K_COM);
		parts++;
	}
	ck_assert(!walk.damaged);
	ck_assert_int_eq(walk.marker, J2K_EOC);
	ck_assert_uint_eq(walk.end, length);
	/* SOC SIZ COD QCD SOT SOD EOC */
	ck_assert_int_eq(parts, 7);
	ck_assert_ptr_null(memmem(first, length, "OpenJPEG", 8));
	free(first);
	free(second);
	free(cells);
}
END_TEST

/* ---- what the cells may hold ---- */

static const struct {
	const char *what;
	struct j2k_form form;
	uint8_t cells[4], decoded[4];
	bool fits;
} values[] = {
	{ "sign cut", { 2, 1, 1, 16, 12, true, false },
	  { 0xff, 0x0f, 0x00, 0x08 }, { 0xff, 0xff, 0x00, 0xf8 }, true },
	{ "sign extended, unsigned stream", { 2, 1, 1, 16, 12, false, false },
	  { 0xff, 0xff, 0x00, 0xf8 }, { 0xff, 0x0f, 0x00, 0x08 }, true },
	{ "a bit above", { 2, 1, 1, 16, 12, false, false },
	  { 0x00, 0x10, 0x00, 0x00 }, { 0 }, false },
	{ "a sign above that is none", { 2, 1, 1, 16, 12, true, false },
	  { 0x00, 0xf0, 0x00, 0x00 }, { 0 }, false },
	{ "too large", { 2, 1, 1, 8, 5, true, false },
	  { 0x2f, 0x01 }, { 0 }, false },
	{ "transform of two", { 1, 1, 2, 16, 12, false, true },
	  { 0 }, { 0 }, false },
	{ "no columns", { 0, 1, 1, 16, 12, false, false },
	  { 0 }, { 0 }, false },
	{ "too precise", { 1, 1, 1, 32, J2K_MAX_PRECISION + 1, false, false },
	  { 0 }, { 0 }, false },
	{ "more bits than a cell", { 2, 1, 1, 8, 9, false, false },
	  { 0 }, { 0 }, false },
};

START_TEST(cell_values)
{
	struct error err = { 0 };
	size_t length = 0;
	uint8_t *stream = j2k_encode(&values[_i].form, values[_i].cells,
				     &length, &err);
	uint8_t *cells;

	if (!values[_i].fits) {
		ck_assert_msg(!stream, "%s", values[_i].what);
		ck_assert_int_eq(err.code, ERR_RANGE);
		return;
	}
	ck_assert_msg(stream != NULL, "%s", values[_i].what);
	cells = j2k_decode(stream, length, values[_i].form.allocated, &err);
	ck_assert_mem_eq(cells, values[_i].decoded, 4);
	free(cells);
	free(stream);
}
END_TEST

/* ---- heads ---- */

/* A main header of 3 components, and two tile parts without data. */
static const uint8_t two_tiles[] = {
	0xff, 0x4f,
	0xff, 0x51, 0, 47, 0, 0, 0, 0, 0, 8, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0,
	0, 0, 0, 0, 0, 4, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3,
	7, 1, 1, 7, 1, 1, 7, 1, 1,
	0xff, 0x52, 0, 12, 0, 0, 0, 1, 1, 0, 4, 4, 0, 1,
	0xff, 0x5c, 0, 4, 0x40, 0x40,
	0xff, 0x90, 0, 10, 0, 0, 0, 0, 0, 14, 0, 1, 0xff, 0x93,
	0xff, 0x90, 0, 10, 0, 1, 0, 0, 0, 14, 0, 1, 0xff, 0x93,
	0xff, 0xd9,
};
enum { AT_COD = 51, AT_QCD = 65, AT_SECOND = 85, AT_SECOND_SOD = 97 };

/* Changes of it: bytes put in at a place, and what the head then says. */
static const struct {
	const char *what;
	size_t at, cut;
	uint8_t bytes[16];
	size_t length;
	bool ok, reversible, colour_transform, high_throughput, uniform;
	enum reason reason;
} heads[] = {
	{ "as it is", 0, 0, { 0 }, 0, true, true, true, false, true, 0 },
	{ "9/7", AT_COD + 13, 1, { 0 }, 1, true, false, true, false, true, 0 },
	{ "9/7 in one component", AT_QCD, 0,
	  { 0xff, 0x53, 0, 9, 2, 0, 0, 4, 4, 0, 0 }, 11,
	  true, false, true, false, true, 0 },
	{ "9/7 in the second tile", AT_SECOND_SOD, 0,
	  { 0xff, 0x52, 0, 12, 0, 0, 0, 1, 1, 0, 4, 4, 0, 0 }, 14,
	  true, false, true, false, true, 0 },
	{ "9/7 in a component of the second tile", AT_SECOND_SOD, 0,
	  { 0xff, 0x53, 0, 9, 2, 0, 0, 4, 4, 0, 0 }, 11,
	  true, false, true, false, true, 0 },
	{ "no transform in the second tile", AT_SECOND_SOD, 0,
	  { 0xff, 0x52, 0, 12, 0, 0, 0, 1, 0, 0, 4, 4, 0, 1 }, 14,
	  false, false, false, false, false, REASON_ATTRIBUTES },
	{ "no transform", AT_COD + 8, 1, { 0 }, 1,
	  true, true, false, false, true, 0 },
	{ "HT by CAP", AT_COD, 0, { 0xff, 0x50, 0, 8, 0, 2, 0, 0, 0, 0 }, 10,
	  true, true, true, true, true, 0 },
	{ "HT by block style", AT_COD + 12, 1, { 0x40 }, 1,
	  true, true, true, true, true, 0 },
	{ "HT in the second tile", AT_SECOND_SOD, 0,
	  { 0xff, 0x52, 0, 12, 0, 0, 0, 1, 1, 0, 4, 4, 0x40, 1 }, 14,
	  true, true, true, true, true, 0 },
	{ "components differ", AT_COD - 3, 1, { 0x87 }, 1,
	  true, true, true, false, false, 0 },
	{ "two SIZ", 2, 0, { 0xff, 0x51, 0, 4, 0, 0 }, 6,
	  false, false, false, false, false, REASON_DAMAGED },
	{ "no COD", AT_COD, 14, { 0 }, 0,
	  false, false, false, false, false, REASON_DAMAGED },
	{ "COD too short", AT_COD, 14, { 0xff, 0x52, 0, 3, 0 }, 5,
	  false, false, false, false, false, REASON_DAMAGED },
	{ "COC too short", AT_QCD, 0, { 0xff, 0x53, 0, 8, 2, 0, 0, 4, 4, 0 },
	  10, false, false, false, false, false, REASON_DAMAGED },
	{ "no SOC", 0, 2, { 0xff, 0x40 }, 2,
	  false, false, false, false, false, REASON_DAMAGED },
	{ "a segment too long", AT_QCD, 0, { 0xff, 0x64, 0xff, 0xff }, 4,
	  false, false, false, false, false, REASON_DAMAGED },
	{ "tile part too long", AT_SECOND + 8, 2, { 1, 0 }, 2,
	  false, false, false, false, false, REASON_DAMAGED },
	{ "tile part too short", AT_SECOND + 8, 2, { 0, 12 }, 2,
	  false, false, false, false, false, REASON_DAMAGED },
};

/* The changed stream; its last Psot grows or shrinks with it. */
static size_t change(int i, uint8_t *out)
{
	size_t at = heads[i].at, rest = at + heads[i].cut;

	memcpy(out, two_tiles, at);
	memcpy(out + at, heads[i].bytes, heads[i].length);
	memcpy(out + at + heads[i].length, two_tiles + rest,
	       sizeof(two_tiles) - rest);
	if (at == AT_SECOND_SOD)
		out[AT_SECOND + 9] = (uint8_t)(14 + heads[i].length -
					       heads[i].cut);
	return sizeof(two_tiles) - heads[i].cut + heads[i].length;
}

START_TEST(head)
{
	uint8_t stream[sizeof(two_tiles) + 16];
	size_t length = change(_i, stream);
	struct error err = { 0 };
	struct j2k_head got;
	bool ok = j2k_head_read(stream, length, &got, &err);

	ck_assert_msg(ok == heads[_i].ok, "%s: %s", heads[_i].what, err.text);
	ck_assert_int_eq(err.reason, heads[_i].reason);
	if (!ok)
		return;
	ck_assert_msg(got.reversible == heads[_i].reversible, "%s",
		      heads[_i].what);
	ck_assert_msg(got.colour_transform == heads[_i].colour_transform,
		      "%s", heads[_i].what);
	ck_assert_msg(got.high_throughput == heads[_i].high_throughput, "%s",
		      heads[_i].what);
	ck_assert_msg(got.uniform == heads[_i].uniform, "%s", heads[_i].what);
}
END_TEST

/* Every prefix of a stream is refused; none is read beyond its end. */
START_TEST(prefixes)
{
	for (size_t length = 0; length < sizeof(j2k_rgb) - 2; length++) {
		uint8_t *copy = mem_array(length ? length : 1, 1);
		struct error err = { 0 };
		struct j2k_head got;

		memcpy(copy, j2k_rgb, length);
		ck_assert_msg(!j2k_head_read(copy, length, &got, &err),
			      "%zu bytes", length);
		free(copy);
	}
}
END_TEST

/* ---- bytes behind the last packet ---- */

enum { TILE_SIDE = 512, TILE_ROWS = 8 };

/* Where the first tile part starts. */
static size_t first_part(const uint8_t *stream, size_t length)
{
	struct j2k_walk walk = { .data = stream, .length = length };

	while (j2k_walk_next(&walk) && walk.marker != J2K_SOT)
		continue;
	return walk.start;
}

/* A stream of two tiles with the same picture, beside one another. */
static uint8_t *twin_tiles(uint8_t **cells, size_t *length, size_t *second)
{
	struct j2k_form form = { .columns = TILE_SIDE, .rows = TILE_ROWS,
				 .precision = 8, .components = 1,
				 .allocated = 8 };
	uint32_t seed = 8;
	struct error err = { 0 };
	size_t one = 0, first, part;
	uint8_t *stream, *out;

	*cells = noise_cells(&form, &seed);
	stream = j2k_encode(&form, *cells, &one, &err);
	first = first_part(stream, one);
	part = one - first - 2;
	out = mem_array(one + part, 1);
	memcpy(out, stream, one - 2);
	memcpy(out + one - 2, stream + first, part + 2);
	free(stream);
	out[10] = 2 * TILE_SIDE / 256;          /* Xsiz; XTsiz stays */
	*second = one - 2;
	out[*second + 5] = 1;                   /* Isot */
	*length = one + part;
	return out;
}

/* More bytes at the end of the tile part at `part`. */
static uint8_t *stuff(const uint8_t *stream, size_t *length, size_t part,
		      const char *bytes, size_t count)
{
	uint32_t psot = j2k_u32(stream + part + 6);
	uint8_t *out = mem_array(*length + count, 1);
	size_t end = part + psot;

	memcpy(out, stream, end);
	memcpy(out + end, bytes, count);
	memcpy(out + end + count, stream + end, *length - end);
	psot += (uint32_t)count;
	for (int i = 0; i < 4; i++)
		out[part + 6 + (size_t)i] = (uint8_t)(psot >> (24 - 8 * i));
	*length += count;
	return out;
}

static const struct {
	const char *bytes;
	size_t count;
	bool slack;
} stuffings[] = {
	{ "", 0, false }, { "a", 1, true }, { "YAMADA^TARO", 11, true },
	{ "\0\0\0\0", 4, false }, { "\0\0\0Y\0\0", 6, true },
};

/* Check a sound stream whose tile part stands at `part`. */
static void check_slack(const uint8_t *stream, size_t length, size_t part,
			int i)
{
	uint8_t *more = stuff(stream, &length, part, stuffings[i].bytes,
			      stuffings[i].count);

	ck_assert_msg(j2k_has_slack(more, length) == stuffings[i].slack,
		      "%d bytes at %zu", (int)stuffings[i].count, part);
	free(more);
}

START_TEST(slack)
{
	static const struct j2k_form forms[] = {
		{ 1, 1, 1, 8, 8, false, false },
		{ 200, 100, 1, 16, 12, true, false },
		{ 65, 130, 3, 8, 8, false, true },
	};
	uint32_t seed = 55;

	check_slack(j2k_12, sizeof(j2k_12), 107, _i);
	for (size_t f = 0; f < 2 * ARRAY_LENGTH(forms); f++) {
		const struct j2k_form *form = &forms[f / 2];
		uint8_t *cells = noise_cells(form, &seed), *stream;
		struct error err = { 0 };
		size_t length = 0;

		/* the last packets of a flat picture are but headers */
		if (f % 2)
			memset(cells, 0, form_bytes(form));
		stream = j2k_encode(form, cells, &length, &err);
		check_slack(stream, length, first_part(stream, length), _i);
		free(stream);
		free(cells);
	}
}
END_TEST

START_TEST(slack_in_tiles)
{
	uint8_t *cells, *back;
	size_t length = 0, second = 0;
	uint8_t *stream = twin_tiles(&cells, &length, &second);
	struct error err = { 0 };

	back = j2k_decode(stream, length, 8, &err);
	ck_assert_str_eq(err.text, "");
	for (int y = 0; y < TILE_ROWS; y++)
		for (int tile = 0; tile < 2; tile++)
			ck_assert_mem_eq(back + (2 * y + tile) * TILE_SIDE,
					 cells + y * TILE_SIDE, TILE_SIDE);
	check_slack(stream, length, first_part(stream, length), _i);
	check_slack(stream, length, second, _i);
	free(back);
	free(cells);
	free(stream);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("j2k");
	TCase *tcase = tcase_create("j2k");

	tcase_add_loop_test(tcase, precisions, 1, J2K_MAX_PRECISION + 1);
	add_rows_test(tcase, sizes_and_back, sizes);
	tcase_add_test(tcase, nothing_but_the_picture);
	add_rows_test(tcase, cell_values, values);
	add_rows_test(tcase, head, heads);
	tcase_add_test(tcase, prefixes);
	add_rows_test(tcase, slack, stuffings);
	add_rows_test(tcase, slack_in_tiles, stuffings);
	suite_add_tcase(suite, tcase);
	return support_run(suite);
}
